"""Words: jieba's segmentation with a domain dictionary, by one of two engines; and the stop list."""

from __future__ import annotations

import functools
import importlib.util
import itertools
import logging
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from .. import CrosscityError
from ..documents import decode, normalize_term, place_names

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence, Set
    from typing import Any

    import numpy.typing as npt

ENGINES = ("rjieba", "jieba")
_WORD = re.compile("[\u4e00-\u9fd5a-zA-Z0-9+#&._%-]+")  # what jieba takes for part of a word
# Words, numbers and codes in ASCII, which are one token each: PM2.5, 5G-A, K-12, C919, 3.2, 6.5%, 1,200. A hyphen joins
# where a letter stands before it or behind it, so that 10-15 stays two numbers.
_WHOLE = re.compile(
    r"(?<![A-Za-z0-9])(?:\d{1,3}(?:,\d{3})+(?![\d])(?:\.\d+)?%?"
    r"|\d+(?:\.\d+)+%?(?![A-Za-z0-9-])|\d+%"
    r"|[A-Za-z0-9]+(?:(?:\.(?=\d)|(?<=[A-Za-z])\.|[_&]|(?<=[A-Za-z])['-]|-(?=[A-Za-z]))[A-Za-z0-9]+)*)"
)
_ASCII = re.compile("[A-Za-z0-9][A-Za-z0-9.,_&'%-]+")  # where one of these may be
_IS_ALPHANUMERIC = np.array([chr(i).isalnum() for i in range(128)] + [False])  # by code point; 128 stands for others
_RESOURCES = Path(__file__).with_name("resources")


class Tokenizer:
    """jieba's segmentation with the domain dictionary, place names, and a study's own terms if it has any.

    jieba is the reference. rjieba, the same algorithm and dictionary in Rust, returns the same words about twenty times
    as fast; tests check that it does. A term that jieba does not cut is left as it is; any other gets the frequency
    that jieba suggests, the least that keeps it in one piece.

    Parameters
    ----------
    dictionary : str or Path or sequence of str, optional
        Further terms, or a file of them (see `read_terms`).
    hmm : bool
        Whether jieba may guess words that no dictionary has, by its hidden Markov model. Off by default: on public test
        sets it costs more words than it finds. rjieba's own model guesses differently, so that jieba's is asked.
    engine : str
        Of `ENGINES`.
    domain : bool
        Whether the shipped domain dictionary is used; place names always are.

    Raises
    ------
    CrosscityError
        If the engine is unknown, or the file of terms cannot be read.
    """

    def __init__(
        self,
        dictionary: Path | str | Sequence[str] | None = None,
        hmm: bool = False,
        engine: str = "rjieba",
        domain: bool = True,
    ) -> None:
        if engine not in ENGINES:
            msg = f"there is no tokenizer {engine!r}: it is one of {', '.join(ENGINES)}"
            raise CrosscityError(msg)
        if isinstance(dictionary, str | Path):
            further = read_terms(dictionary)
        else:
            further = [normalize_term(term) for term in dictionary or ()]
        load = _jieba if engine == "jieba" else _rjieba
        terms = [*(domain_terms() if domain else ()), *place_names(), *further]
        self.cut = load([term for term in terms if _WORD.fullmatch(term)], hmm)

    def words(self, text: str) -> list[str]:
        """Words of a text in order: segments of two characters or more, and single letters, digits and Chinese ones.

        Words, numbers and codes in ASCII are one each (PM2.5, 5G-A, 6.5%), whatever the engine makes of them.
        Punctuation and spaces are left out.
        """
        bounds = self._bounds(text).tolist()
        segments = [text[start:end] for start, end in itertools.pairwise(bounds)]
        return [w for w in segments if len(w) > 1 or "\u3400" <= w <= "\u9fff" or (w.isascii() and w.isalnum())]

    def _bounds(self, text: str) -> npt.NDArray[np.int64]:
        """Where segments of a text begin, and its end: those of the engine, but none within what is whole in ASCII."""
        lengths = np.fromiter(map(len, self.cut(text)), np.int64)
        bounds = np.concatenate([[0], np.cumsum(lengths)])
        assert bounds[-1] == len(text), "a segmenter leaves no character out"
        runs = (run.span() for run in _ASCII.finditer(text))
        found = [match.span() for run in runs for match in _WHOLE.finditer(text, *run)]
        spans = np.array(found, np.int64).reshape(-1, 2)
        last = np.searchsorted(spans[:, 0], bounds) - 1  # the last span that begins before a bound
        return bounds[(last < 0) | (bounds >= spans[last, 1])] if len(spans) else bounds

    def word_lists(self, texts: Sequence[str]) -> pa.ListArray:
        """`words` of each of several texts without line ends, in one call.

        Returns
        -------
        pyarrow.ListArray of str, length len(texts)
        """
        text = "\n".join(texts)
        bounds = self._bounds(text)
        lengths = np.diff(bounds)
        # A line end is always a segment of its own, and separates the texts.
        first = np.frombuffer(text.encode("utf-32-le"), np.uint32)[bounds[:-1]]
        is_word = (lengths > 1) | ((first >= 0x3400) & (first <= 0x9FFF)) | _IS_ALPHANUMERIC[np.minimum(first, 128)]
        before = np.concatenate([[0], np.cumsum(is_word)])
        ends = before[np.flatnonzero(first == ord("\n"))]
        offsets = np.concatenate([[0], ends, before[-1:]]) if texts else before
        data = text.encode()
        starts = np.flatnonzero((np.frombuffer(data, np.uint8) & 0xC0) != 0x80)
        starts = np.append(starts, len(data)).astype(np.int32)[bounds]
        words = pa.StringArray.from_buffers(len(lengths), pa.py_buffer(starts), pa.py_buffer(data))
        mask = pa.py_buffer(np.packbits(is_word, bitorder="little"))
        words = words.filter(pa.Array.from_buffers(pa.bool_(), len(is_word), [None, mask]))
        offsets = pa.py_buffer(offsets.astype(np.int32))
        return pa.Array.from_buffers(pa.list_(pa.string()), len(texts), [None, offsets], children=[words])


def _jieba(terms: Sequence[str], hmm: bool) -> Callable[[str], list[str]]:
    import jieba

    jieba.setLogLevel(logging.WARNING)
    tokenizer = jieba.Tokenizer()
    # Built from the dictionary each time: jieba's own cache is in a temporary folder that others can write to.
    tokenizer.FREQ, tokenizer.total = tokenizer.gen_pfdict(tokenizer.get_dict_file())
    tokenizer.initialized = True
    for term in terms:
        if tokenizer.lcut(term, HMM=False) != [term]:
            # add_word adds the frequency of a word that jieba has, but cuts, to the total a second time.
            tokenizer.total -= tokenizer.FREQ.get(term, 0)
            tokenizer.add_word(term)
    return functools.partial(tokenizer.lcut, HMM=hmm)


def _rjieba(terms: Sequence[str], hmm: bool) -> Callable[[str], list[str]]:
    tokenizer, added = _rjieba_class()(), set()
    for term in terms:
        if tokenizer.cut(term, hmm=False) != [term]:
            tokenizer.add_word(term, None, None)
            added.add(term)
    cut = functools.partial(tokenizer.cut, hmm=False)
    return functools.partial(_cut_and_guess, cut, _jieba_words() | added) if hmm else cut


@functools.cache
def _jieba_words() -> frozenset[str]:
    """The words of jieba's dictionary."""
    import jieba

    with jieba.get_module_res("dict.txt") as file:
        return frozenset(line.split(" ", 1)[0] for line in file.read().decode().splitlines())


_JOINED = re.compile("[a-zA-Z0-9]{2,}")


def _cut_and_guess(cut: Callable[[str], list[str]], known: Set[str], text: str) -> list[str]:
    """jieba's words with its hidden Markov model, which it asks where single characters follow one another."""
    words: list[str] = []
    singles = ""
    for word in (*cut(text), ""):
        # Letters and digits are single ones here; without the model jieba joins them.
        if (len(word) == 1 and _WORD.match(word)) or (_JOINED.fullmatch(word) and word not in known):
            singles += word
            continue
        if singles:
            words += [*singles] if len(singles) == 1 or singles in known else _guessed(singles)
            singles = ""
        words.append(word)
    return words[:-1]


@functools.lru_cache(maxsize=100_000)
def _guessed(singles: str) -> tuple[str, ...]:
    from jieba import finalseg

    return tuple(finalseg.cut(singles))


@functools.cache
def _rjieba_class() -> Any:
    """rjieba's class, without importing its package, which loads the dictionary for a tokenizer of its own."""
    if "rjieba" in sys.modules:
        return sys.modules["rjieba"].Jieba
    if (spec := importlib.util.find_spec("rjieba")) is None:
        msg = "rjieba is not installed: install the locked environment"
        raise ModuleNotFoundError(msg, name="rjieba")
    sys.modules["rjieba"] = importlib.util.module_from_spec(spec)
    try:
        return importlib.import_module("rjieba.rjieba").Jieba
    finally:
        del sys.modules["rjieba"]


def unsupported_terms(terms: Iterable[str]) -> list[str]:
    """Terms that jieba cannot return as a word, since they have a character at which it ends words."""
    return [term for term in terms if not _WORD.fullmatch(term)]


def domain_terms() -> list[str]:
    """Terms of the shipped domain dictionary, in order."""
    _, *terms = read_terms(_RESOURCES / "dictionary.tsv")  # the first line names the columns
    return terms


_TAG = re.compile("[a-z]{1,4}")
_CELLS = re.compile(r"(?<=.)[,，;；](?=.)")  # of a table saved with commas; a stop list may have the mark itself


def read_terms(path: Path | str) -> list[str]:
    """Terms of a file, one a line, in order and each once, as cleaned text has them.

    They may be in traditional characters, in any encoding, with any line ends, and with jieba's frequency and tag
    behind them. What follows a tab or a comma is ignored, as are lines that begin with #.

    Raises
    ------
    CrosscityError
        If the file is absent or unreadable.
    """
    path = Path(str(path))
    if not path.is_file():
        msg = f"{path} is not there: give the file of terms, one a line"
        raise CrosscityError(msg)
    data = path.read_bytes()
    lines = decode(data, path)[0].splitlines() if data.strip() else []
    terms = [_term(line.partition("\t")[0]) for line in lines if not line.startswith("#")]
    return [term for term in dict.fromkeys(normalize_term("\n".join(terms)).split("\n")) if term]


def _term(cell: str) -> str:
    """The term of a line, without the frequency and the tag that jieba's own dictionaries have behind it."""
    parts = _CELLS.split(cell, maxsplit=1)[0].split()
    if len(parts) > 1 and _TAG.fullmatch(parts[-1]):
        parts.pop()
    if len(parts) > 1 and parts[-1].isdecimal():
        parts.pop()
    return " ".join(parts).strip('"')


def stop_words(extra: Path | str | None = None) -> frozenset[str]:
    """The shipped stop list and a study's own."""
    return frozenset([*read_terms(_RESOURCES / "stopwords.txt"), *(read_terms(extra) if extra else [])])
