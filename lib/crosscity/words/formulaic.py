"""Formulas of a genre: runs of words that many documents share, so that topics can be modelled on what they do not."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Any

    import numpy.typing as npt

COLUMNS = ("text", "words", "documents", "occurrences", "left_out")


def formulas(
    tokens: Sequence[Sequence[str]], documents: npt.ArrayLike, share: float = 0.2, least: int = 5, length: int = 8
) -> tuple[pd.DataFrame, npt.NDArray[Any]]:
    """Runs of words that stand in many documents, and where they stand.

    A run counts if it stands within paragraphs of `least` documents and of `share` of all, and holds no number written
    in digits. Runs grow word by word as long as they count (a run can count only if its parts do: Agrawal and Srikant
    1994). Left out is every word of every run of `length` words that counts. Listed are the longest runs at each place,
    unless longer or more frequent ones account for all their words.

    Parameters
    ----------
    tokens : sequence of sequences of str, length n_paragraphs
        Words of each paragraph in order; punctuation is none, so a run may reach over a comma.
    documents : sequence of str, length n_paragraphs
        The document of each paragraph. A copy of a document counts as another: leave copies out before.
    share : float
    least : int
        Documents; in a corpus of fewer nothing is found.
    length : int
        Words at least. Read by eye, 6 of 86 runs of eight words or more were no formula but a matter of substance (an
        indicator, a programme), 30 of 89 of six or seven, 37 of 90 of four or five: shorter ones cost content.

    Returns
    -------
    table : DataFrame, shape (n_formulas, 5)
        text; words; documents that hold it; occurrences; left_out: words left out for it, each counted for one formula
        only, so that they add up to those of the mask. The greatest first, ties by text.
    mask : ndarray of bool, shape (n_tokens,)
        Which words, of all paragraphs one after the other, are part of a formula; see `without`.

    Examples
    --------
    >>> said = [list("请予审议谢谢"), list("我们请予审议"), list("请予批准")]
    >>> table, mask = formulas(said, ["甲", "乙", "丙"], least=2, length=4)
    >>> table
       text  words  documents  occurrences  left_out
    0  请予审议      4          2            2         8
    >>> without(said, mask)
    [['谢', '谢'], ['我', '们'], ['请', '予', '批', '准']]
    """
    sizes = np.fromiter(map(len, tokens), np.int64, len(tokens))
    flat = np.fromiter((word for words in tokens for word in words), dtype=object, count=int(sizes.sum()))
    word, vocabulary = pd.factorize(flat)
    document, names = pd.factorize(np.asarray(documents, dtype=object))
    document, paragraph = np.repeat(document, sizes), np.repeat(np.arange(len(sizes)), sizes)
    need = max(least, math.ceil(round(share * len(names), 9)))  # 0.07 * 100 is more than 7
    at = np.flatnonzero(~np.array([w[:1].isdigit() for w in vocabulary], dtype=bool)[word])
    at, code, held = _common(at, word[at], document, need)
    found, k = [], 1
    while len(at):  # runs of k words that count begin at these
        run = np.full(len(word) + 1, -1)
        run[at] = code
        both = at[run[at + 1] >= 0]
        both = both[paragraph[both] == paragraph[both + k]]
        longer = _common(both, run[both] * len(vocabulary) + word[both + k], document, need)
        if k >= length:
            inside = np.zeros(len(word) + 1, dtype=bool)
            inside[longer[0]] = inside[longer[0] + 1] = True
            found += _formulas(at, code, held, at[~inside[at]], k, flat)
        (at, code, held), k = longer, k + 1
    mask, rows = np.zeros(len(word), dtype=bool), []
    for words, holding, times, places in sorted(found, key=lambda f: (-len(f[0]) * len(f[3]), f[0])):
        fresh = np.unique(np.add.outer(places, np.arange(len(words))))
        fresh = fresh[~mask[fresh]]
        mask[fresh] = True
        rows.append(("".join(words), len(words), holding, times, len(fresh)))
    table = pd.DataFrame([row for row in rows if row[-1]], columns=COLUMNS)
    return table.sort_values(["left_out", "text"], ascending=[False, True], ignore_index=True), mask


def without(tokens: Iterable[Sequence[str]], mask: npt.ArrayLike) -> list[list[str]]:
    """The words that are part of no formula, by paragraph: lists of str."""
    kept = iter((~np.asarray(mask)).tolist())
    return [[word for word, keep in zip(words, kept, strict=False) if keep] for words in tokens]


def _common(
    at: npt.NDArray[Any], keys: npt.NDArray[Any], document: npt.NDArray[Any], need: float
) -> tuple[npt.NDArray[Any], npt.NDArray[Any], npt.NDArray[Any]]:
    """Of runs that begin at some words, those in documents enough: where, their codes, how many documents hold each."""
    code, unique = pd.factorize(keys)
    many = int(document.max(initial=0)) + 1
    held = np.bincount(np.unique(code * many + document[at]) // many, minlength=len(unique))
    often = held >= need
    kept = often[code]
    return at[kept], (np.cumsum(often) - 1)[code[kept]], held[often]


def _formulas(
    at: npt.NDArray[Any], code: npt.NDArray[Any], held: npt.NDArray[Any], alone: npt.NDArray[Any], k: int, flat: Any
) -> list[tuple[Any, ...]]:
    """Runs of k words that stand somewhere in no longer one: words, documents, occurrences, and where alone."""
    place = pd.Series(code, at)
    times, first = place.value_counts(), place.drop_duplicates()
    first = dict(zip(first, first.index, strict=True))
    groups = place[alone].groupby(place[alone]).groups
    return [(tuple(flat[first[c] : first[c] + k]), held[c], times[c], np.array(where)) for c, where in groups.items()]
