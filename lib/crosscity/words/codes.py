"""Words as numbers: a vocabulary, and the number of each word of all paragraphs one after the other."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from typing import Any

    import numpy.typing as npt


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


def encode(tokens: Collection[Sequence[str]] | WordCodes) -> WordCodes:
    """The words of paragraphs as numbers; what is so already is given back.

    Parameters
    ----------
    tokens : sequence of sequences of str, length n_paragraphs

    Examples
    --------
    >>> encode([["修路", "建桥"], [], ["修路"]]).codes.tolist()
    [0, 1, 0]
    """
    if isinstance(tokens, WordCodes):
        return tokens
    lengths = np.fromiter(map(len, tokens), dtype=np.int64, count=len(tokens))
    flat = np.fromiter(chain.from_iterable(tokens), dtype=object, count=int(lengths.sum()))
    codes, vocabulary = pd.factorize(flat)
    return WordCodes(codes.astype(np.int32), lengths, vocabulary)
