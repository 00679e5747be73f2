"""Formulas of a genre: runs of words that many documents share, to be left out of comparisons."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from .codes import as_tokens, encode

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from typing import Any

    import numpy.typing as npt

    from .codes import WordCodes

    Array = npt.NDArray[Any]

_AT_ONCE = 1 << 22  # words whose runs are counted at a time
COLUMNS = ("text", "words", "documents", "occurrences", "left_out")


def formulas(
    tokens: Collection[Sequence[str]] | WordCodes,
    documents: npt.ArrayLike,
    share: float = 0.2,
    min_documents: int = 5,
    min_words: int = 8,
) -> tuple[pd.DataFrame, Array]:
    """Runs of words that occur in many documents, and where they occur.

    A run is frequent if it occurs within paragraphs of `min_documents` documents and of `share` of all, and contains no
    number written in digits. Runs grow word by word as long as they are frequent (which they can be only if their parts
    are: Agrawal and Srikant 1994). Every word of every frequent run of `min_words` words is masked. The table has the
    longest runs at each place, unless longer or more frequent ones account for all their words.

    Parameters
    ----------
    tokens : sequence of sequences of str, length n_paragraphs, or WordCodes
        Words of each paragraph in order; without punctuation, so a run may extend over a comma.
    documents : sequence of str, length n_paragraphs
        The document of each paragraph. A copy of a document counts as another: leave copies out before.
    share : float
        Of the documents.
    min_documents : int
        A smaller corpus has no formulas.
    min_words : int
        Read by eye, 6 of 86 runs of eight words or more were no formula but a matter of substance (an indicator, a
        programme), 30 of 89 of six or seven, 37 of 90 of four or five: shorter ones cost content.

    Returns
    -------
    table : DataFrame, shape (n_formulas, 5)
        text; words; documents; occurrences; left_out: words masked for it, each counted for one formula only, so that
        they add up to those of the mask. The greatest first, ties by text.
    mask : ndarray of bool, shape (n_tokens,)
        Which words, of all paragraphs one after the other, are part of a formula; see `remove_masked`.

    Examples
    --------
    >>> tokens = [list("请予审议谢谢"), list("我们请予审议"), list("请予批准")]
    >>> table, mask = formulas(tokens, ["甲", "乙", "丙"], min_documents=2, min_words=4)
    >>> table
       text  words  documents  occurrences  left_out
    0  请予审议      4          2            2         8
    >>> remove_masked(tokens, mask).tolist()
    [['谢', '谢'], ['我', '们'], ['请', '予', '批', '准']]
    """
    codes, sizes, vocabulary = encode(tokens)
    word = codes
    document, names = pd.factorize(np.asarray(documents, dtype=object))
    document = np.repeat(document.astype(np.int32), sizes)
    paragraph = np.repeat(np.arange(len(sizes), dtype=np.int32), sizes)
    need = max(min_documents, math.ceil(round(share * len(names), 9)))  # 0.07 * 100 is more than 7
    at = np.flatnonzero(~np.array([w[:1].isdigit() for w in vocabulary], dtype=bool)[word]).astype(np.int32)
    runs = _frequent_runs(at, word[at], document, need)
    longest: list[_Formula] = []
    k = 1  # words of the runs
    while len(runs.starts):
        code_at = np.full(len(word) + 1, -1, dtype=np.int32)
        code_at[runs.starts] = runs.codes
        both = runs.starts[code_at[runs.starts + 1] >= 0]
        both = both[paragraph[both] == paragraph[both + k]]
        keys = code_at[both].astype(np.int64) * len(vocabulary) + word[both + k]
        longer = _frequent_runs(both, keys, document, need)
        if k >= min_words:
            within_longer = np.zeros(len(word) + 1, dtype=bool)
            within_longer[longer.starts] = within_longer[longer.starts + 1] = True
            longest += _longest_runs(runs, runs.starts[~within_longer[runs.starts]], k, vocabulary, word)
        runs, k = longer, k + 1
    mask, rows = np.zeros(len(word), dtype=bool), []
    for formula in sorted(longest, key=lambda f: (-len(f.words) * len(f.starts), f.words)):
        n_words = len(formula.words)
        added = np.unique(np.add.outer(formula.starts, np.arange(n_words)))
        added = added[~mask[added]]
        mask[added] = True
        rows.append(("".join(formula.words), n_words, formula.documents, formula.occurrences, len(added)))
    table = pd.DataFrame([row for row in rows if row[-1]], columns=COLUMNS)
    return table.sort_values(["left_out", "text"], ascending=[False, True], ignore_index=True), mask


def remove_masked(tokens: Collection[Sequence[str]], mask: npt.ArrayLike) -> pd.Series[Any]:
    """The words of each paragraph that a mask (over all of them, one after the other) does not mark."""
    index = tokens.index if isinstance(tokens, pd.Series) else None
    return as_tokens(encode(tokens).without(np.asarray(mask, dtype=bool)), index)


class _Runs(NamedTuple):
    """Frequent runs of one length.

    Attributes
    ----------
    starts : ndarray of int, shape (n_occurrences,)
        First words.
    codes : ndarray of int, shape (n_occurrences,)
        Numbers of the runs.
    documents : ndarray of int, shape (n_runs,)
        How many documents have each.
    """

    starts: Array
    codes: Array
    documents: Array


class _Formula(NamedTuple):
    """A run, and where it occurs within no longer one."""

    words: tuple[str, ...]
    documents: int
    occurrences: int
    starts: Array


def _frequent_runs(starts: Array, keys: Array, document: Array, need: float) -> _Runs:
    """The runs, out of those that begin at some words and are identified by keys, that enough documents have."""
    code, unique = pd.factorize(keys)
    code, documents = code.astype(np.int32), np.zeros(len(unique), dtype=np.int64)
    # Some documents at a time, so that what is held has a bound.
    often = (np.bincount(code, minlength=len(unique)) >= need)[code]  # what is rarer is in fewer documents, too
    own, often_code = document[starts][often], code[often]
    order = np.argsort(own, kind="stable") if (np.diff(own) < 0).any() else slice(None)
    own, of_own = own[order], often_code[order]
    n = int(document.max(initial=0)) + 1
    cuts = np.searchsorted(own, own[_AT_ONCE::_AT_ONCE])
    for start, end in pairwise([0, *cuts.tolist(), len(own)]):
        pairs = np.unique(of_own[start:end].astype(np.int64) * n + own[start:end])
        documents += np.bincount(pairs // n, minlength=len(unique))
    is_frequent = documents >= need
    mask = is_frequent[code]
    return _Runs(starts[mask], (np.cumsum(is_frequent, dtype=np.int32) - 1)[code[mask]], documents[is_frequent])


def _longest_runs(runs: _Runs, alone: Array, k: int, vocabulary: Array, word: Array) -> list[_Formula]:
    """Runs of k words that occur somewhere within no longer one: at `alone`."""
    code = pd.Series(runs.codes, runs.starts)
    occurrences, first = code.value_counts(), code.drop_duplicates()
    first = dict(zip(first, first.index, strict=True))
    return [
        _Formula(tuple(vocabulary[word[first[c] : first[c] + k]]), runs.documents[c], occurrences[c], np.array(starts))
        for c, starts in code[alone].groupby(code[alone]).groups.items()
    ]
