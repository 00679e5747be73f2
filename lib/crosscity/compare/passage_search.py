"""Where sources have a passage, word for word or nearly: all of them, whatever their number."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from rapidfuzz import fuzz

if TYPE_CHECKING:
    from typing import Any

    import numpy.typing as npt

    Array = npt.NDArray[Any]

GRAM = 5  # characters that a place and a source must share in a row
MOST_GRAMS = 400  # places at which such a run may stand; commoner ones tell nothing of where a passage is


class Letters(NamedTuple):
    """Documents as the letters, digits and Chinese characters that are compared, and their places in paragraphs.

    Attributes
    ----------
    text : str
        Of all, one after the other.
    places : ndarray of int
        Code points of the whole text of all paragraphs.
    document : ndarray of int
        Number of the document of each character.
    """

    text: str
    places: Array
    document: Array


class Window(NamedTuple):
    """A place in the letters of the sources that has a passage."""

    source: int
    begin: int
    end: int
    similarity: float


class Index:
    """All places of each run of `GRAM` letters in the sources."""

    def __init__(self, letters: Letters) -> None:
        self.letters = letters
        keys = _grams(letters.text)
        inside = letters.document[: len(keys)] == letters.document[len(letters.text) - len(keys) :]
        places = np.flatnonzero(inside)
        order = np.argsort(keys[places], kind="stable")
        self.places, self.keys = places[order], keys[places][order]

    def windows(self, passage: str, least: float) -> list[Window]:
        """Where sources have a passage: the best place of each."""
        keys = _grams(passage)
        low, high = np.searchsorted(self.keys, keys), np.searchsorted(self.keys, keys, side="right")
        use = (high > low) & (high - low <= MOST_GRAMS)
        if not use.any():
            return []
        starts = [self.places[a:b] - i for i, (a, b, ok) in enumerate(zip(low, high, use, strict=True)) if ok]
        where = np.sort(np.concatenate(starts))
        where = where[(where > -len(passage)) & (where < len(self.letters.text))]
        width, size = max(6, len(passage) // 4), len(passage)
        # The bins of beginnings with most runs, for each source.
        bins, first, n = np.unique(where // width, return_index=True, return_counts=True)
        owner = self.letters.document[np.clip(where[first], 0, None)]
        found: dict[int, Window] = {}
        for k in np.lexsort((bins, -n, owner)).tolist():
            source = int(owner[k])
            begin = max(0, int(where[first[k]]) - width)
            end = min(len(self.letters.text), int(where[first[k] + n[k] - 1]) + size + width)
            if source in found and n[k] * 3 < size:
                continue
            aligned = fuzz.partial_ratio_alignment(
                passage, self.letters.text[begin:end], score_cutoff=100 * max(least, 0.01)
            )
            if aligned is None or aligned.dest_end - aligned.dest_start < 0.6 * size:
                continue
            a, b = begin + aligned.dest_start, begin + aligned.dest_end
            source = int(self.letters.document[(a + b) // 2])
            score = aligned.score / 100
            if source not in found or score > found[source].similarity:
                found[source] = Window(source, a, b, score)
        return [found[source] for source in sorted(found)]


def _grams(text: str) -> Array:
    """A number for the run of `GRAM` characters that begins at each place of a text."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.uint64)
    n = max(0, len(codes) - GRAM + 1)
    keys = np.zeros(n, np.uint64)
    for i in range(GRAM):
        keys = keys * np.uint64(6364136223846793005) + codes[i : i + n]
        keys ^= keys >> np.uint64(29)
    return keys


def letters_of(everything: str, layout: Any) -> Letters:
    """The letters of a layout, in lower case."""
    at = np.array([i for i, c in enumerate(everything) if c.isalnum()], np.int64)
    text = "".join(c if len(c) == 1 else everything[i] for i in at.tolist() for c in [everything[i].lower()])
    return Letters(text, at, np.repeat(layout.document, np.diff(layout.starts))[at])
