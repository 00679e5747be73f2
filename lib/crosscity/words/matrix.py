"""Counts of terms by paragraph, their weights, and groups of paragraphs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy import sparse

from .codes import encode
from .tokens import stop_words

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from pathlib import Path
    from typing import Any, Literal

    import numpy.typing as npt

    from .codes import WordCodes


_BLOCK = 1 << 21  # words that are counted at a time
_COUNTING = "名个位户件家次场条项支座台"  # measure words that are cut together with the noun behind them
_USUALLY = 0.5
_MEASURE = re.compile(
    "(?:[万亿千百]+[多余]?|[多余][万亿千百]+|余)?"
    "(?:名|个|人次?|次|户|套|公?亩|公?吨级?|件|头|辆|公?斤|[美欧]?元|场次?|台|座|平方(?:米|公里)|立方米?|公里|公顷|千瓦时?|兆瓦|只|株)"
    "|[多余]?[万亿千百]+"
)


def count_matrix(
    tokens: Collection[Sequence[str]] | WordCodes,
    stopwords: Path | str | Literal[False] | None = None,
    min_df: int = 1,
    max_df: float = 1.0,
    masked: Collection[str] = frozenset(),
) -> tuple[sparse.csr_array, npt.NDArray[Any]]:
    """Counts of terms in paragraphs.

    A term is a word of two characters or more, in Chinese or Latin letters, that is no stop word. Numbers are
    quantities, not terms, and years (一九五八年) are dates. What is cut from behind a number is none either: measures
    (万次, 亿元, 多万), and a measure word with the noun after it (17名村干部: 名村) that mostly stands behind numbers.

    Parameters
    ----------
    tokens : sequence of sequences of str, length n_paragraphs, or WordCodes
    stopwords : str or Path, optional
        A file of further stop words. With False no word is one, not even those of the shipped list.
    min_df : int
        Paragraphs that must have a term.
    max_df : float
        Largest share of paragraphs that may have it.
    masked : collection of str
        Words that are no terms here, such as `documents.local_names` the documents' own cities.

    Returns
    -------
    counts : sparse array of int64, shape (n_paragraphs, n_terms)
    terms : ndarray of str, shape (n_terms,)
        In order of code points.
    """
    stop = frozenset(masked)
    if stopwords is not False:
        stop |= stop_words(stopwords or None)
    encoded = encode(tokens)  # each word is looked at once, however often it occurs
    stop |= _behind_numbers(encoded)
    codes, lengths, words = encoded
    column = {term: j for j, term in enumerate(sorted(w for w in words if _is_term(w) and w not in stop))}
    terms = np.array(list(column), dtype=object)
    columns = np.fromiter((column.get(w, -1) for w in words), dtype=np.int32, count=len(words))
    counts, n = counts_of_codes(codes, lengths, columns, len(terms)), len(lengths)
    df = np.bincount(counts.indices, minlength=len(terms))
    selected = (df >= min_df) & (df / max(n, 1) <= max_df)  # 0.29 * 100 is less than 29; 29 / 100 is 0.29
    return counts[:, selected], terms[selected]


def counts_of_codes(
    codes: npt.NDArray[Any], lengths: npt.NDArray[Any], columns: npt.NDArray[np.int32], n_terms: int
) -> sparse.csr_array:
    """How often each term occurs in each paragraph, counted some paragraphs at a time.

    Parameters
    ----------
    codes : array of int, shape (n_words,)
        Of each word, paragraph by paragraph.
    lengths : array of int, shape (n_paragraphs,)
        Words of each paragraph.
    columns : array of int, shape (n_codes,)
        The column of each code; -1 where it is no term.
    n_terms : int

    Returns
    -------
    sparse array of int64, shape (n_paragraphs, n_terms)
        With sorted indices.
    """
    ends = np.cumsum(lengths)
    data, indices, sizes = [], [], [np.zeros(1, dtype=np.int64)]
    first = 0
    while first < len(lengths):
        before = ends[first - 1] if first else 0
        last = max(int(np.searchsorted(ends, before + _BLOCK, side="right")), first + 1)
        part = columns[codes[before : ends[last - 1]]]
        is_term = part >= 0
        rows = np.repeat(np.arange(last - first, dtype=np.int32), lengths[first:last])[is_term]
        ones = np.ones(len(rows), dtype=np.int64)
        block = sparse.coo_array((ones, (rows, part[is_term])), shape=(last - first, n_terms)).tocsr()
        block.sum_duplicates()
        data.append(block.data)
        indices.append(block.indices)
        sizes.append(np.diff(block.indptr))
        first = last
    starts = np.cumsum(np.concatenate(sizes))
    starts = starts.astype(np.int32 if starts[-1] < 1 << 31 else np.int64)  # of both kinds, scipy takes the larger
    # One after the other, so that parts and the whole of only one are held at a time.
    whole = np.concatenate(data) if data else np.zeros(0, dtype=np.int64)
    data.clear()
    of_terms = np.concatenate(indices) if indices else np.zeros(0, dtype=np.int32)
    return sparse.csr_array((whole, of_terms, starts), shape=(len(lengths), n_terms))


def _is_term(word: str) -> bool:
    is_year = word[-1:] == "年" and word[:2].isnumeric()
    return len(word) > 1 and not (word[:1].isdigit() or word.isnumeric() or is_year or _MEASURE.fullmatch(word))


def stand_behind_numbers(words: WordCodes) -> npt.NDArray[np.bool_]:
    """Which words begin with a measure word and stand behind a number of their paragraph.

    Returns
    -------
    ndarray of bool, shape (n_words,)
    """
    codes, lengths, vocabulary = words
    number = np.fromiter((_is_number(w) for w in vocabulary), dtype=bool, count=len(vocabulary))
    behind = np.zeros(len(codes), dtype=bool)
    behind[1:] = number[codes[:-1]]
    ends = np.cumsum(lengths)[:-1]
    behind[ends[ends < len(codes)]] = False  # a paragraph's first word stands behind none
    return behind & _with_measure(vocabulary)[codes]


def in_no_order(words: Sequence[str], behind: Mapping[str, int]) -> list[str]:
    """The words of a paragraph whose order is not known, by name, but for those that stand behind numbers.

    Parameters
    ----------
    words : sequence of str
    behind : dict of int
        How often a word stands behind a number, of those that `stand_behind_numbers` finds.

    Examples
    --------
    >>> in_no_order(["12", "300", "名村", "名村", "修路"], {"名村": 1})
    ['修路', '名村', '12', '300', '名村']
    """
    left = dict(behind)
    numbers, others, measured = list[str](), list[str](), list[str]()
    for word in sorted(words, reverse=True):
        if _is_number(word):
            numbers.append(word)
        elif left.get(word, 0):
            left[word] -= 1
            measured.append(word)
        else:
            others.append(word)
    pairs = list(zip(numbers, measured, strict=False))
    others += measured[len(pairs) :]
    return [*sorted(others), *sorted(numbers[len(pairs) :]), *(word for pair in sorted(pairs) for word in pair)]


def _is_number(word: str) -> bool:
    return word[-1:].isnumeric()


def _with_measure(vocabulary: npt.NDArray[Any]) -> npt.NDArray[np.bool_]:
    """Which words are a measure word with a character behind it."""
    return np.fromiter((len(w) == 2 and w[0] in _COUNTING for w in vocabulary), dtype=bool, count=len(vocabulary))


def _behind_numbers(words: WordCodes) -> frozenset[str]:
    """Words that begin with a measure word and stand behind a number in half of their places or more."""
    codes, n = words.codes, len(words.vocabulary)
    candidate = _with_measure(words.vocabulary)
    if not candidate.any():
        return frozenset()
    share = np.bincount(codes, stand_behind_numbers(words), minlength=n) / np.maximum(
        np.bincount(codes, minlength=n), 1
    )
    return frozenset(words.vocabulary[candidate & (share >= _USUALLY)])


def group_matrix(labels: npt.ArrayLike, sort: bool = True) -> tuple[sparse.csr_array, list[Any]]:
    """Membership of paragraphs in groups.

    Parameters
    ----------
    labels : sequence of str, length n_paragraphs
    sort : bool
        Whether groups are sorted; documents, whose names mean nothing, are better left in the order of appearance.

    Returns
    -------
    members : sparse array, shape (n_groups, n_paragraphs)
        1 if the paragraph belongs to the group.
    groups : list of str
    """
    codes, groups = pd.factorize(np.asarray(labels, dtype=object), sort=sort)
    ones = np.ones(len(codes), dtype=np.int64)
    members = sparse.csr_array((ones, (codes, np.arange(len(codes)))), shape=(len(groups), len(codes)))
    return members, list(groups)


def tf_idf(counts: sparse.csr_array, paragraph_counts: sparse.csr_array | None = None) -> sparse.csr_array:
    """Counts weighted by inverse document frequency, rows of unit length.

    idf = ln((1 + n) / (1 + df)) + 1, as in scikit-learn's TfidfTransformer with smoothing.

    Parameters
    ----------
    counts : sparse array, shape (n_rows, n_terms)
    paragraph_counts : sparse array, shape (n_paragraphs, n_terms), optional
        Source of the document frequencies; `counts` itself by default.

    Returns
    -------
    sparse array, shape (n_rows, n_terms)
        A row without terms stays zero.
    """
    return weighted_rows(counts, inverse_frequencies(counts if paragraph_counts is None else paragraph_counts))


def inverse_frequencies(counts: sparse.csr_array) -> npt.NDArray[Any]:
    """The inverse document frequency of each term, ln((1 + n) / (1 + df)) + 1, over the rows of counts."""
    df = np.bincount(counts.tocsr().indices, minlength=counts.shape[1])
    return np.log((1 + counts.shape[0]) / (1 + df)) + 1


def weighted_rows(counts: sparse.csr_array, weights: npt.NDArray[Any]) -> sparse.csr_array:
    """Counts times the weights of their terms, rows of unit length; a row without terms stays zero."""
    counts = sparse.csr_array(counts)
    counts = counts if counts.has_sorted_indices else counts.sorted_indices()
    places = counts.indices, counts.indptr
    weighted = sparse.csr_array((counts.data * weights[counts.indices], *places), shape=counts.shape)
    norms = np.sqrt(weighted.multiply(weighted).sum(axis=1))
    weighted.data *= np.repeat(1 / np.where(norms > 0, norms, 1), np.diff(counts.indptr))
    return weighted
