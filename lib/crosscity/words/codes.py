"""Tokens as numbers: a vocabulary, and the number of each token of all paragraphs one after the other."""

from __future__ import annotations

from itertools import chain, pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd
from pandas.api.extensions import ExtensionArray, ExtensionDtype, register_extension_dtype

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence
    from typing import Any, Self

    import numpy.typing as npt
    import pyarrow as pa

    Array = npt.NDArray[Any]

_AT_ONCE = 1 << 20  # characters that are cut at a time


class WordCodes(NamedTuple):
    """The words of paragraphs, in an eighth of the room that lists of them take.

    Attributes
    ----------
    codes : ndarray of int32, shape (n_words,)
        Of all paragraphs one after the other.
    lengths : ndarray of int64, shape (n_paragraphs,)
    vocabulary : ndarray of str
        What the codes stand for; it may have words that do not occur.
    """

    codes: npt.NDArray[np.int32]
    lengths: npt.NDArray[np.int64]
    vocabulary: npt.NDArray[Any]

    def of_paragraphs(self, mask: npt.NDArray[np.bool_]) -> WordCodes:
        """The words of some paragraphs."""
        return WordCodes(self.codes[np.repeat(mask, self.lengths)], self.lengths[mask], self.vocabulary)

    def without(self, mask: npt.NDArray[np.bool_]) -> WordCodes:
        """The words that a mask over all of them does not mark; paragraphs stay, if without words."""
        paragraph = np.repeat(np.arange(len(self.lengths)), self.lengths)[~mask]
        return WordCodes(self.codes[~mask], np.bincount(paragraph, minlength=len(self.lengths)), self.vocabulary)

    def renamed(self, names: Sequence[str]) -> WordCodes:
        """The words by other names, one for each of the vocabulary; two words of one name are one."""
        codes, vocabulary = pd.factorize(np.array(names, dtype=object))
        return WordCodes(codes.astype(np.int32)[self.codes], self.lengths, vocabulary)

    def frequencies(self) -> dict[str, int]:
        """How often each word occurs, of those that do."""
        counts = np.bincount(self.codes, minlength=len(self.vocabulary))
        return {self.vocabulary[i]: int(counts[i]) for i in np.flatnonzero(counts)}


@register_extension_dtype
class TokenDtype(ExtensionDtype):
    """The type of a column of tokens that are held as numbers.

    A file that pandas writes of it names the type, and is read where this module is imported; `astype(object)` gives
    lists, which are read anywhere.
    """

    name = "tokens"
    type: Any = list
    na_value = None

    @classmethod
    def construct_array_type(cls) -> Any:
        """The type of its arrays."""
        return TokenArray

    def __from_arrow__(self, array: Any) -> TokenArray:
        return TokenArray._from_sequence(array.to_pylist())


class TokenArray(ExtensionArray):
    """A column of token lists, held as numbers: a cell is a list of str, and `encode` takes the numbers.

    Parameters
    ----------
    codes : ndarray of int32
    starts, ends : ndarrays of int64, shape (n_paragraphs,)
        Of each paragraph's codes; a start of -1 marks a cell that is missing.
    vocabulary : ndarray of str
        What codes stand for. Parts of a column share it, and the codes.
    """

    def __init__(self, codes: Array, starts: Array, ends: Array, vocabulary: Array) -> None:
        self._codes, self._starts, self._ends, self._vocabulary = codes, starts, ends, vocabulary

    @classmethod
    def from_words(cls, words: WordCodes) -> Self:
        """The array of some words."""
        ends = np.cumsum(words.lengths)
        return cls(words.codes, ends - words.lengths, ends, words.vocabulary)

    @classmethod
    def from_arrow(cls, column: pa.ChunkedArray) -> Self:
        """The array of a column of lists of dictionary-encoded strings, without looking at each string."""
        numbers, codes, lengths = dict[str, int](), [np.zeros(0, np.int32)], [np.zeros(0, np.int64)]
        for chunk in column.chunks:
            values = chunk.flatten()
            own = [numbers.setdefault(word, len(numbers)) for word in values.dictionary.to_pylist()]
            codes.append(np.array(own, np.int32)[values.indices.to_numpy()] if len(values) else codes[0])
            lengths.append(chunk.value_lengths().to_numpy().astype(np.int64))
        words = np.array(list(numbers), dtype=object)
        return cls.from_words(WordCodes(np.concatenate(codes), np.concatenate(lengths), words))

    def words(self) -> WordCodes:
        """The tokens of all cells, in the order of the cells; of a missing one there are none."""
        starts, lengths = self._starts, np.maximum(self._ends - self._starts, 0)
        first, stop = (int(starts[0]), int(self._ends[-1])) if len(starts) else (0, 0)
        if first >= 0 and (starts[1:] == self._ends[:-1]).all():
            return WordCodes(self._codes[first:stop], lengths, self._vocabulary)
        shift = np.repeat(starts - (np.cumsum(lengths) - lengths), lengths)
        return WordCodes(self._codes[np.arange(len(shift)) + shift], lengths, self._vocabulary)

    def __len__(self) -> int:
        return len(self._starts)

    def __getitem__(self, item: Any) -> Any:
        if isinstance(item, int | np.integer):
            start, end = int(self._starts[item]), int(self._ends[item])
            return None if start < 0 else self._vocabulary[self._codes[start:end]].tolist()
        item = pd.api.indexers.check_array_indexer(self, item)
        return type(self)(self._codes, self._starts[item], self._ends[item], self._vocabulary)

    def __iter__(self) -> Iterator[Any]:
        return (self[i] for i in range(len(self)))

    def __setitem__(self, key: Any, value: Any) -> None:
        numbers = np.arange(len(self))
        numbers[key] = -1
        at = np.flatnonzero(numbers < 0)
        cells = value if isinstance(value, TokenArray | np.ndarray | pd.Series) else [value] * len(at)
        if isinstance(value, list) and any(not isinstance(word, str) for word in value):
            cells = value  # of cells, not of words
        given = self._from_sequence(cells)
        numbers[at] = len(self) + np.arange(len(at)) if len(given) == len(at) else len(self)
        both = self._concat_same_type([self, given]).take(numbers)
        self._codes, self._starts, self._ends, self._vocabulary = (
            both._codes,
            both._starts,
            both._ends,
            both._vocabulary,
        )

    def __eq__(self, other: object) -> Any:
        if not isinstance(other, TokenArray | list | np.ndarray) or len(other) != len(self):
            return NotImplemented
        pairs = zip(self, other, strict=True)
        return np.fromiter((_is_list(b) and a == list(b) for a, b in pairs), bool, len(self))

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Array:
        cells = np.empty(len(self), dtype=object)
        cells[:] = list(self)
        return cells

    def __arrow_array__(self, type: Any = None) -> pa.Array:
        import pyarrow as pa

        codes, lengths, vocabulary = self.words()
        ends = pa.array(np.cumsum([0, *lengths]).astype(np.int32))
        values = pa.DictionaryArray.from_arrays(codes, pa.array(vocabulary, pa.string())).dictionary_decode()
        return pa.ListArray.from_arrays(ends, values, mask=pa.array(self.isna()))

    def __reduce__(self) -> Any:
        words = self.words()  # the cells' own, not those of the column that they are part of
        return _restored, (words.codes, words.lengths, self.isna(), words.vocabulary)

    @property
    def dtype(self) -> TokenDtype:
        """`TokenDtype`."""
        return TokenDtype()

    @property
    def nbytes(self) -> int:
        """Bytes of the numbers; the vocabulary, which columns share, does not count."""
        return int(self._codes.nbytes + self._starts.nbytes + self._ends.nbytes)

    def astype(self, dtype: Any, copy: bool = True) -> Any:
        """The same, or an array of lists."""
        if isinstance(dtype, TokenDtype):
            return self.copy() if copy else self
        dtype = pd.api.types.pandas_dtype(dtype)
        if isinstance(dtype, ExtensionDtype):
            return dtype.construct_array_type()._from_sequence(self.__array__(), dtype=dtype)
        return self.__array__().astype(dtype, copy=False)

    def isna(self) -> npt.NDArray[np.bool_]:
        """Which cells are missing."""
        return self._starts < 0

    def take(self, indices: Any, *, allow_fill: bool = False, fill_value: Any = None) -> Self:
        """Cells by number; with allow_fill -1 is a missing one."""
        indices = np.asarray(indices, dtype=np.intp)
        missing = indices < 0
        if not allow_fill or not missing.any():
            if len(indices) and not len(self):
                msg = "cannot do a non-empty take from an empty axes."
                raise IndexError(msg)
            return type(self)(self._codes, self._starts[indices], self._ends[indices], self._vocabulary)
        if (indices < -1).any():
            msg = "a number below -1 is no cell"
            raise ValueError(msg)
        starts, ends = (np.full(len(indices), -1) for _ in range(2))
        starts[~missing], ends[~missing] = self._starts[indices[~missing]], self._ends[indices[~missing]]
        return type(self)(self._codes, starts, ends, self._vocabulary)

    def copy(self) -> Self:
        """An array of its own, with the codes that are shared."""
        return type(self)(self._codes, self._starts.copy(), self._ends.copy(), self._vocabulary)

    def _explode(self) -> tuple[Array, Array]:
        codes, lengths, vocabulary = self.words()
        counts = np.maximum(lengths, 1)  # a cell without tokens is a row without a value
        cells = np.full(int(counts.sum()), np.nan, dtype=object)
        cells[np.repeat(lengths > 0, counts)] = vocabulary[codes]
        return cells, counts

    @classmethod
    def _from_sequence(cls, scalars: Any, *, dtype: Any = None, copy: bool = False) -> Self:
        if isinstance(scalars, TokenArray):
            return cls(scalars._codes, scalars._starts, scalars._ends, scalars._vocabulary)
        cells = list(scalars)
        missing = np.array([not _is_list(cell) and pd.isna(cell) for cell in cells], dtype=bool)
        if wrong := [cell for cell, lacks in zip(cells, missing, strict=True) if not lacks and not _is_list(cell)]:
            msg = f"{wrong[0]!r} is no list of tokens"
            raise TypeError(msg)
        found = cls.from_words(_encode([[] if lacks else cell for cell, lacks in zip(cells, missing, strict=True)]))
        found._starts[missing] = found._ends[missing] = -1
        return found

    @classmethod
    def _concat_same_type(cls, to_concat: Sequence[TokenArray]) -> TokenArray:
        parts, numbers = [array.words() for array in to_concat], dict[str, int]()
        new = [[numbers.setdefault(word, len(numbers)) for word in part.vocabulary] for part in parts]
        codes = [np.array(own, np.int32)[part.codes] for own, part in zip(new, parts, strict=True)]
        lengths, missing = [part.lengths for part in parts], [array.isna() for array in to_concat]
        words = np.array(list(numbers), dtype=object)
        return _restored(np.concatenate(codes), np.concatenate(lengths), np.concatenate(missing), words)


def _is_list(cell: object) -> bool:
    return isinstance(cell, list | tuple | np.ndarray)


def _restored(codes: Array, lengths: Array, missing: Array, vocabulary: Array) -> TokenArray:
    """The array of cells of these lengths, some of them missing."""
    ends = np.cumsum(lengths)
    starts = ends - lengths
    return TokenArray(codes, np.where(missing, -1, starts), np.where(missing, -1, ends), vocabulary)


def encode(tokens: Collection[Sequence[str]] | WordCodes) -> WordCodes:
    """The words of paragraphs as numbers; what is so already is given back.

    Parameters
    ----------
    tokens : sequence of sequences of str, length n_paragraphs, or WordCodes

    Examples
    --------
    >>> encode([["修路", "建桥"], [], ["修路"]]).codes.tolist()
    [0, 1, 0]
    """
    if isinstance(tokens, WordCodes):
        return tokens
    array = getattr(tokens, "array", tokens)
    return array.words() if isinstance(array, TokenArray) else _encode(tokens)


def cut(cut_texts: Callable[[Sequence[str]], pa.ListArray], texts: Sequence[str]) -> WordCodes:
    """The words of texts as numbers, some texts at a time.

    Parameters
    ----------
    cut_texts : callable
        Such as `tokens.Tokenizer.word_lists`.
    texts : sequence of str, length n_paragraphs
        Without line ends.
    """
    import pyarrow as pa

    numbered, sizes = [], np.cumsum(np.fromiter(map(len, texts), np.int64, len(texts)))
    cuts = np.searchsorted(sizes, np.arange(_AT_ONCE, sizes[-1:].sum(), _AT_ONCE), side="right")
    bounds = np.unique(np.r_[0, cuts])
    for start, end in pairwise([*bounds.tolist(), len(texts)]):
        lists = cut_texts(texts[start:end])
        numbered.append(pa.ListArray.from_arrays(lists.offsets, lists.values.dictionary_encode()))
    return TokenArray.from_arrow(pa.chunked_array(numbered, pa.list_(pa.dictionary(pa.int32(), pa.string())))).words()


def _encode(tokens: Collection[Sequence[str]]) -> WordCodes:
    lengths = np.fromiter(map(len, tokens), dtype=np.int64, count=len(tokens))
    flat = np.fromiter(chain.from_iterable(tokens), dtype=object, count=int(lengths.sum()))
    codes, vocabulary = pd.factorize(flat)
    if (codes < 0).any():
        msg = "a token is missing: give a str"
        raise TypeError(msg)
    return WordCodes(codes.astype(np.int32), lengths, vocabulary)


def token_starts(texts: Sequence[str], words: WordCodes) -> npt.NDArray[np.int32]:
    """Where each token begins in the text of its paragraph; -1 for what is not in it, behind the one before.

    Parameters
    ----------
    texts : sequence of str, length n_paragraphs
    words : WordCodes

    Examples
    --------
    >>> token_starts(["修路、建桥", "修路"], encode([["修路", "建桥"], ["修路"]])).tolist()
    [0, 3, 0]
    """
    starts, names, at = np.zeros(len(words.codes), np.int32), words.vocabulary.tolist(), 0
    for text, length in zip(texts, words.lengths.tolist(), strict=True):
        end, find, found = 0, text.find, []
        for code in words.codes[at : at + length].tolist():  # a number of Python takes eight times as much
            word = names[code]
            found.append(start := find(word, end))
            if start >= 0:
                end = start + len(word)
        starts[at : at + length] = found
        at += length
    return starts


def first_lacking(starts: npt.NDArray[Any], words: WordCodes) -> tuple[int, str] | None:
    """The paragraph and the word of the first token that `token_starts` has not found; None if all were."""
    if not (lacks := starts < 0).any():
        return None
    at = int(lacks.argmax())
    return int(np.searchsorted(np.cumsum(words.lengths), at, side="right")), words.vocabulary[words.codes[at]]


def as_tokens(words: WordCodes, index: pd.Index[Any] | None = None) -> pd.Series[Any]:
    """A column of the tokens of paragraphs, held as numbers."""
    return pd.Series(TokenArray.from_words(words), index=index)
