"""Keyness: the terms that a group of documents uses more or less than others, with intervals and permutation tests.

Documents are resampled and permuted, not words: the usual test, G2 on tokens, takes words as independent, and finds
dozens of differences between random halves of one corpus (bench/keyness.py). It is in the table for comparison.
"""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd
from scipy import sparse

from .. import CrosscityError, NotEstimableError
from ..inference import (
    MIN_PARAGRAPHS,
    ExchangeableUnits,
    answer_label,
    block_length,
    exchangeable_units,
    group_permutations,
    is_testable,
    max_t,
    scope_label,
    with_answers,
)
from ..language import display_name, tr
from ..words.matrix import group_matrix

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Mapping
    from typing import Any

    import numpy.typing as npt

MAX_CELLS = 1_000_000  # of an array of permuted statistics: 8 MB, what fits a cache
MAX_KEPT = 25_000_000  # scores that are kept for the next group: 200 MB
_FEW = 8  # so many times as many units as a group has, from which its members are picked, not multiplied by 0 and 1


def _log_odds(
    ours: npt.NDArray[Any], theirs: npt.NDArray[Any], prior: float
) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
    """Log-odds (natural) with an informative Dirichlet prior, and z, of counts of all terms on either side.

    Monroe, Colaresi and Quinn (2008), Fightin' Words, equations 16 and 22: the prior of a term is its share of both
    sides times `prior`; z is the log-odds over its standard deviation, which takes words as independent.
    """
    if len(ours) < 2:  # the odds of the only term are endless
        return np.full(len(ours), np.nan), np.full(len(ours), np.nan)
    alpha = prior * (ours + theirs) / (ours + theirs).sum()
    a, b = ours + alpha, theirs + alpha
    delta = np.log(a / (ours.sum() + prior - a)) - np.log(b / (theirs.sum() + prior - b))
    return delta, delta / np.sqrt(1 / a + 1 / b)


def g2(ours: npt.NDArray[Any], theirs: npt.NDArray[Any], words: float, words_rest: float) -> npt.NDArray[Any]:
    """G2 of counts of terms in two bodies of text: -2 log λ of Dunning (1993), over the four cells.

    Parameters
    ----------
    ours, theirs : ndarrays, shape (n_terms,)
    words, words_rest : int
        Of each body, all terms together.
    """
    cells, total = np.array([[ours, theirs], [words - ours, words_rest - theirs]], dtype=float), 0.0
    rows, columns = cells.sum(axis=1), cells.sum(axis=0)
    for i, row in enumerate(rows):
        for j, column in enumerate(columns):
            expected = row * column / (words + words_rest)
            observed = np.where(cells[i, j] > 0, cells[i, j], 1)
            total = total + cells[i, j] * np.log(observed / np.maximum(expected, 1e-12))
    return np.maximum(2 * np.where(ours + theirs > 0, total, 0), 0)


def dispersion(counts: sparse.csr_array, sizes: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Dispersion of each term: from 0 (as the documents' sizes) to 1 (all in the smallest document).

    Gries' (2008) DP, half the sum of differences between a document's share of the term and its share of all words,
    over 1 less the smallest document's share (Lijffijt and Gries 2012).

    Parameters
    ----------
    counts : sparse array, shape (n_documents, n_terms)
    sizes : ndarray, shape (n_documents,)
        Words of each document.

    Returns
    -------
    ndarray, shape (n_terms,)
        NaN for a term that no document has, and for all terms if there is one document.
    """
    shares, cells = sizes / sizes.sum(), sparse.coo_array(counts)
    total = np.asarray(counts.sum(axis=0), dtype=float)
    rows, columns = cells.coords
    expected = shares[rows]
    # Documents without the term have no cell; their differences sum to the rest of 1.
    differences = np.abs(cells.data / total[columns] - expected) - expected
    dp = (1 + np.bincount(columns, differences, minlength=len(total))) / 2
    return np.where((total > 0) & (len(sizes) > 1), dp / max(1 - shares.min(), 1e-12), np.nan)


def scores(counts: npt.NDArray[Any], sizes: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Scores of documents for a term's rate, comparable across document lengths: shape (n_documents, n_terms).

    ((c + a) / (m + a)) ** (2/3), with c the count, m its expectation given the document's size, and a = 1 / φ, where
    m + φ m² is the variance of counts (by moments, over all documents, whatever their group). (c + a) / (m + a) is the
    mean of the relative rate given c, if rates have a gamma distribution; less 1 it is the score of a negative binomial
    regression. A short document, or a rare term, moves it little. The power is that of Anscombe's (1953) residuals:
    with 1, single documents dominate where many terms are tested. bench/keyness.py compares it with root rates.
    """
    expected = np.outer(sizes, counts.sum(axis=0) / sizes.sum())
    excess = (np.square(counts - expected) - expected).sum(axis=0)
    a = 1 / np.maximum(excess / np.maximum(np.square(expected).sum(axis=0), 1e-12), 0.05)
    return np.cbrt(np.square((counts + a) / (expected + a)))


def keyness(
    counts: sparse.csr_array,
    terms: npt.NDArray[Any],
    documents: npt.ArrayLike,
    labels: npt.ArrayLike,
    group: Hashable,
    rest: Hashable | None = None,
    *,
    strata: npt.ArrayLike | None = None,
    sizes: npt.ArrayLike | None = None,
    prior: float = 500.0,
    min_documents: int = 5,
    permutations: int = 1999,
    comparisons: int = 1,
    seed: int = 1,
    level: float = 0.95,
) -> pd.DataFrame:
    """How a group's use of each term differs from the rest's, or from another group's.

    Differences are tested by permuting the units of `inference.exchangeable_units` (documents; strata, where each is on
    one side; documents within strata). The statistic is the difference of mean `scores`, over its standard deviation
    under permutation; p and p_adjusted are by `inference.max_t`. p_adjusted is corrected for all terms tested: those in
    `min_documents` documents of both sides together, so that the choice of terms does not depend on the groups.

    The interval of log_ratio is ± t s. s² is the variance between documents (between strata, if they are permuted and a
    side has several; between runs of paragraphs, if it has one document), by linearisation, and at least that of as
    many words at random, 1 / (count + 1/2), which keeps a term that one side lacks from looking certain; t has the
    degrees of freedom of Welch and Satterthwaite. It errs in 2 to 5% of random splits, the bootstrap's percentiles in 7
    to 16% (bench/keyness.py).

    Parameters
    ----------
    counts : sparse array, shape (n_paragraphs, n_terms)
        Rows may be whole documents; those of one document are in their order.
    terms : ndarray of str, shape (n_terms,)
    documents : sequence, length n_paragraphs
    labels : sequence, length n_paragraphs
        The group of each; rows without one take no part.
    group, rest : labels
        The groups to compare; all others if `rest` is left out.
    strata : sequence, length n_paragraphs, optional
        What makes documents alike whatever their group: provinces; decades, if years are compared.
    sizes : sequence of int, length n_paragraphs, optional
        Words of each paragraph; the sums of counts if left out.
    prior : float
        Weight of the log-odds' prior, in words.
    min_documents, permutations, seed : int; level : float
    comparisons : int
        The number of such tables that are shown together, by which p_adjusted is multiplied (Bonferroni).

    Returns
    -------
    DataFrame, a row for each term that either side has, in the order of terms
        term; count, count_rest; rate, rate_rest (per 10,000 words); log_ratio (of rates, base 2, half a count added),
        low, high, bound (the end nearest 0; 0 if the interval contains 0), speaks_of (what the interval speaks of);
        log_odds, z (Monroe, Colaresi and Quinn 2008); g2; dp, dp_group (`dispersion` over all documents, and the
        group's); documents, documents_rest (that have it); unit, units (permuted), arrangements (gone through), tests
        (terms tested); floor (the smallest p_adjusted there can be), p, p_adjusted; answer: "more", "less", "no
        difference shown", "in fewer than 5 documents", "not testable with 6 documents".

    Raises
    ------
    NotEstimableError
        If a group has no words.
    CrosscityError
        If a document lies in two groups or strata.
    """
    labels = np.asarray(labels, dtype=object)
    if rest is not None:
        labels = np.where((labels == group) | (labels == rest), labels, np.array(None))
    of = CountedDocuments(counts, terms, documents, labels, strata, sizes)
    settings: dict[str, Any] = {"min_documents": min_documents, "permutations": permutations, "seed": seed}
    return of.keyness(group, rest, prior=prior, level=level, comparisons=comparisons, **settings)


class CountedDocuments:
    """Counts of terms by document, of which one group after another is compared: what all share is found once.

    Parameters
    ----------
    counts, terms, documents, labels, strata, sizes
        As for `keyness`.
    """

    def __init__(
        self,
        counts: sparse.csr_array,
        terms: npt.NDArray[Any],
        documents: npt.ArrayLike,
        labels: npt.ArrayLike,
        strata: npt.ArrayLike | None = None,
        sizes: npt.ArrayLike | None = None,
    ) -> None:
        documents, self._labels = np.asarray(documents), np.asarray(labels, dtype=object)
        lengths = np.asarray(counts.sum(axis=1) if sizes is None else sizes, dtype=float)
        words = pd.Series(lengths).groupby(documents).transform("sum").to_numpy()
        self._kept = pd.notna(self._labels) & (words > 0)  # a document without words has no rate
        counts, self._lengths = sparse.csr_array(counts)[self._kept], lengths[self._kept]
        self._documents = documents[self._kept]
        self._strata = None if strata is None else np.asarray(strata)[self._kept]
        either = np.flatnonzero(counts.sum(axis=0))
        self._counts, self._terms = counts[:, either], np.asarray(terms)[either]
        self._members, _ = group_matrix(self._documents, sort=False)
        self._by_document = (self._members @ self._counts).tocsr()
        self._sizes = self._members @ self._lengths
        self._scores: dict[tuple[int, str], _Scores] = {}

    def keyness(
        self,
        group: Hashable,
        rest: Hashable | None = None,
        *,
        prior: float = 500.0,
        min_documents: int = 5,
        permutations: int = 1999,
        seed: int = 1,
        level: float = 0.95,
        comparisons: int = 1,
    ) -> pd.DataFrame:
        """The table of `keyness` for one group; `rest` is what messages call the others."""
        ours = self._labels == group
        for name, part in ((group, ours), (rest, ~ours)):
            if not (self._kept & part).any():
                label = "otherwise" if name is None else repr(name)
                msg = f"no document with words is labelled {label}: name another group"
                raise NotEstimableError(msg)
        documents, sizes, by_document = self._documents, self._sizes, self._by_document
        strata = None if self._strata is None else _document_values(documents, self._strata, "stratum")
        ours = _document_values(documents, ours[self._kept], "group")
        table = _describe_terms(by_document, self._terms, sizes, ours, prior)

        units = exchangeable_units(ours, strata)
        strata = strata if strata is not None and units.unit == "stratum" else np.arange(len(sizes))
        paragraphs = self._counts, self._lengths, self._members
        sides = [
            _rate_variance(_Side(by_document[rows], sizes[rows], rows), *paragraphs, strata[rows], units.unit)
            for rows in (ours, ~ours)
        ]
        _add_interval(table, sides[0], sides[1], level)

        drawn, floor = group_permutations(units, permutations, seed)
        p, adjusted, sign = np.full((3, len(self._terms)), np.nan)
        scores, floor = self._scores_of(min_documents, units), min(floor * comparisons, 1)
        if is_testable(floor, level):  # else no p is given, and none is worth the time
            statistic, null = _statistics(scores, units, drawn)
            at_once = max(MAX_CELLS // (len(drawn) + len(sizes)), 1)
            p[scores.tested], adjusted[scores.tested] = max_t(np.abs(statistic), null, at_once)
            adjusted, sign[scores.tested] = np.minimum(adjusted * comparisons, 1), np.sign(statistic)
        table["unit"], table["units"], table["arrangements"] = units.unit, len(units.codes), len(drawn)
        table["tests"] = len(scores.tested)
        several = f" and {comparisons} comparisons" if comparisons > 1 else ""
        no = np.where(np.isnan(p), f"in fewer than {min_documents} documents", "no difference shown")
        yes = np.where(sign > 0, "more", "less")
        return with_answers(table, p, adjusted, floor, level, units.describe() + several, yes, no)

    def _scores_of(self, min_documents: int, units: ExchangeableUnits) -> _Scores:
        """The scores of the terms in so many documents; of groups whose units are of one kind they are the same."""
        key = min_documents, units.unit
        if key not in self._scores:
            self._scores[key] = _Scores(self._by_document, self._sizes, min_documents, units)
        return self._scores[key]


class _Scores:
    """Scores of units for the terms that are tested, less their block's mean: kept where they take little room.

    Attributes
    ----------
    tested : ndarray of int, shape (n_tested,)
        The terms in `min_documents` documents or more.
    """

    def __init__(
        self, counts: sparse.csr_array, sizes: npt.NDArray[Any], min_documents: int, units: ExchangeableUnits
    ) -> None:
        self.tested = np.flatnonzero(np.bincount(counts.indices, minlength=counts.shape[1]) >= min_documents)
        self._counts, self._sizes, self._units = counts.tocsc()[:, self.tested], sizes, units
        self._kept: npt.NDArray[Any] | None = None

    def __getitem__(self, terms: npt.NDArray[Any] | slice) -> npt.NDArray[Any]:
        """Scores for some of the terms tested, shape (n_terms, n_units)."""
        if self._kept is None and len(self._units.codes) * len(self.tested) <= MAX_KEPT:
            self._kept = np.empty((len(self.tested), len(self._units.codes)))
            for part in self.parts():
                self._kept[part] = self._made(part)
        return self._made(terms) if self._kept is None else self._kept[terms]

    def parts(self) -> list[slice]:
        """All terms tested, as many at a time as fit a cache."""
        step = max(MAX_CELLS // len(self._sizes), 1)
        return [slice(i, i + step) for i in range(0, len(self.tested), step)]

    def _made(self, terms: npt.NDArray[Any] | slice) -> npt.NDArray[Any]:
        of_documents = scores(self._counts[:, terms].toarray().astype(float), self._sizes)
        return np.ascontiguousarray(self._units.centred(self._units.means(of_documents)).T)


def top_terms(table: pd.DataFrame, by: str = "bound", n: int | None = None, less: bool = False) -> pd.DataFrame:
    """The terms that a group uses more (or less), those that differ most first.

    Where the documents allow a test, only terms that it shows to differ are listed. Where they do not (see `answer`),
    it is those whose interval excludes 0; without intervals, all.

    Parameters
    ----------
    table : DataFrame
        Of `keyness`.
    by : str
        bound, log_ratio, log_odds or z. Ties go by z, then by term.
    n : int, optional
        How many; all if left out.
    less : bool
        Whether to list the terms that the group uses less.
    """
    sign = -1 if less else 1
    keep = sign * table["log_ratio"] > 0
    if table["p_adjusted"].notna().any():
        keep &= table["answer"] == ("less" if less else "more")
    else:
        keep &= table["bound"] != 0
    order = pd.DataFrame({"by": -sign * table[by], "z": -sign * table["z"], "term": table["term"]})[keep]
    return table.loc[order.sort_values(["by", "z", "term"]).index[:n]].reset_index(drop=True)


def sentences(tables: Mapping[Any, pd.DataFrame], n: int = 4) -> list[str]:
    """Sentences: whether the documents allow a test, and which terms each group uses more and less.

    Parameters
    ----------
    tables : dict of str to DataFrame
        By group, of `keyness`.
    n : int
        How many terms are named on either side.

    Returns
    -------
    list of str
        One on the test, then one a group.
    """
    first = {group: table.iloc[0] for group, table in tables.items()}
    not_testable = {group: row["answer"] for group, row in first.items() if row["answer"].startswith("not testable")}
    if len(not_testable) == len(tables):
        answer = tr(" or ").join(dict.fromkeys(map(answer_label, not_testable.values())))
        result = [
            tr(
                "Whether groups differ in single terms is {answer}: the smallest possible p is {floor:.2g}. "
                "We list terms whose interval excludes 0.",
                answer=answer,
                floor=min(row["floor"] for row in first.values()),
            )
        ]
    elif len(tables) > 1:
        result = [tr("Where a term is said to differ, p is below 0.05, corrected for all terms and groups.")]
    else:
        result = [tr("Where a term is said to differ, p is below 0.05, corrected for all terms.")]
    for group, table in tables.items():
        sides = [(way, top_terms(table, n=n, less=way == "less")) for way in ("more", "less")]
        terms = tr("; ").join(
            tr("{name}: {said}", name=display_name("way", way), said="、".join(rows["term"]))
            for way, rows in sides
            if len(rows)
        )
        if table["low"].isna().all():
            terms = tr("no interval ({why}); {named}", why=scope_label(first[group]["speaks_of"]), named=terms)
        if group in not_testable:
            answer = answer_label(not_testable[group])
        else:
            differ = int(table["answer"].isin(("more", "less")).sum())
            answer = tr("{n} of {all} terms tested differ", n=differ, all=first[group]["tests"])
        count = "" if len(not_testable) == len(tables) else tr(" ({said})", said=answer)
        result.append(tr("{group}, {named}{count}.", group=group, named=terms or tr("no term stands out"), count=count))
    return result


def _document_values(documents: npt.NDArray[Any], values: npt.NDArray[Any], what: str) -> npt.NDArray[Any]:
    """The value that all paragraphs of a document share, for each document, in order of appearance."""
    pairs = pd.DataFrame({"document": documents, "value": values}).drop_duplicates()
    if (ambiguous := pairs["document"].duplicated()).any():
        name = pairs["document"][ambiguous].iloc[0]
        msg = f"document {name!r} lies in more than one {what}: name its parts as documents"
        raise CrosscityError(msg)
    return pairs["value"].to_numpy()


def _describe_terms(
    counts: sparse.csr_array, terms: npt.NDArray[Any], sizes: npt.NDArray[Any], ours: npt.NDArray[Any], prior: float
) -> pd.DataFrame:
    """The columns that need no test: counts, rates, effect sizes, dispersion."""
    a, b = (np.asarray(counts[rows].sum(axis=0), dtype=float) for rows in (ours, ~ours))
    here, there = sizes[ours].sum(), sizes[~ours].sum()
    table = pd.DataFrame({"term": terms, "count": a.astype(int), "count_rest": b.astype(int)})
    table["rate"], table["rate_rest"] = 1e4 * a / here, 1e4 * b / there
    table["log_ratio"] = np.log2((a + 0.5) / (here + 0.5)) - np.log2((b + 0.5) / (there + 0.5))
    for column in ("low", "high", "bound", "speaks_of"):
        table[column] = np.nan
    table["log_odds"], table["z"] = _log_odds(a, b, prior)
    table["g2"] = g2(a, b, here, there)
    table["dp"], table["dp_group"] = dispersion(counts, sizes), dispersion(counts[ours], sizes[ours])
    for column, rows in (("documents", ours), ("documents_rest", ~ours)):
        table[column] = np.bincount(counts[rows].indices, minlength=len(terms))
    return table


class _RateVariance(NamedTuple):
    """Variance of the natural logarithm of each rate of a side.

    Attributes
    ----------
    variance : between units
    least : of as many words at random
    df : degrees of freedom
    speaks_of : what the units are
    """

    variance: npt.NDArray[Any]
    least: npt.NDArray[Any]
    df: int
    speaks_of: str


class _Side(NamedTuple):
    """The documents of a side: their counts of terms, their words, and which of all documents they are."""

    counts: sparse.csr_array
    sizes: npt.NDArray[Any]
    which: npt.NDArray[Any]


def _rate_variance(
    side: _Side,
    counts: sparse.csr_array,
    lengths: npt.NDArray[Any],
    members: sparse.csr_array,
    strata: npt.NDArray[Any],
    unit: str,
) -> _RateVariance:
    """Variance of the log rates of a side.

    counts, lengths and members, of shape (n_documents, n_paragraphs), are of both sides; strata is the resampling unit
    of each document of this one.
    """
    of, documents, words = pd.factorize(strata)[0], len(side.sizes), side.sizes
    total, parts, sizes = side.counts.sum(axis=0), side.counts, words
    if of.max() > 0:
        of_units, _ = group_matrix(of)
        parts, sizes, n = of_units @ parts, of_units @ sizes, of.max() + 1
        factor, speaks_of = n / (n - 1), "strata like these" if unit == "stratum" else "documents like these"
    elif documents > 1:
        n, factor, speaks_of = documents, documents / (documents - 1), "documents of this stratum"
    else:
        rows = members[side.which].indices
        p, run = len(rows), block_length(len(rows))
        n, factor, speaks_of = ceil(p / run), p / (p - run) / run if p > run else np.nan, "this document"
        if p < MIN_PARAGRAPHS:
            factor, speaks_of = np.nan, f"{p} paragraphs; an interval needs {MIN_PARAGRAPHS}"
        # All circular runs of neighbours: the limit of resampling such runs.
        near = (np.arange(p)[:, None] + np.arange(run)) % p
        runs = sparse.csr_array((np.ones(near.size), (np.repeat(np.arange(p), run), near.ravel())), shape=(p, p))
        parts, sizes = runs @ counts[rows], runs @ lengths[rows]
    rate = total / words.sum()
    squares = parts.multiply(parts).sum(axis=0) - 2 * rate * (parts.T @ sizes) + rate**2 * (sizes @ sizes)
    variance = factor * np.maximum(squares, 0) / (total + 0.5) ** 2
    return _RateVariance(variance, 1 / (total + 0.5), max(n - 1, 1), speaks_of)


def _add_interval(table: pd.DataFrame, ours: _RateVariance, theirs: _RateVariance, level: float) -> None:
    """Fill in low, high, bound and speaks_of."""
    from scipy.special import stdtrit

    s2 = np.maximum(ours.variance, ours.least) + np.maximum(theirs.variance, theirs.least)
    freedom = s2**2 / np.maximum(ours.variance**2 / ours.df + theirs.variance**2 / theirs.df, 1e-12)
    freedom = np.minimum(freedom, 1e9)
    half = stdtrit(freedom, (1 + level) / 2) * np.sqrt(s2) / np.log(2)
    table["low"], table["high"] = table["log_ratio"] - half, table["log_ratio"] + half
    table["bound"] = np.where(table["low"] > 0, table["low"], np.minimum(table["high"], 0))
    same = ours.speaks_of == theirs.speaks_of
    table["speaks_of"] = ours.speaks_of if same else f"{ours.speaks_of}, against {theirs.speaks_of}"


def _statistics(
    scored: _Scores, units: ExchangeableUnits, drawn: npt.NDArray[Any]
) -> tuple[npt.NDArray[Any], Callable[[npt.NDArray[Any]], npt.NDArray[Any]]]:
    """Signed statistics of the terms tested, and a function that gives their absolute values in all arrangements.

    The sum of a group's scores, less its expectation in its blocks, over its standard deviation: in a block of N units,
    g of them the group's, its variance under permutation is g (N - g) / (N (N - 1)) times the sum of squares. The other
    side's sum is the same with the other sign, so that the smaller one is summed.
    """
    blocks, ours = units.blocks, (units.codes == 1).astype(float)
    size, in_group = np.bincount(blocks), np.bincount(blocks, ours)
    weights = (in_group * (size - in_group) / np.maximum(size * (size - 1), 1))[blocks]
    smaller = int(2 * ours.sum() <= len(ours))
    is_few = _FEW * np.count_nonzero(units.codes == smaller) <= len(ours)
    chosen = drawn == smaller
    arranged = sparse.csr_array(chosen, dtype=float) if is_few else np.ascontiguousarray(chosen.T, dtype=float)

    def values(terms: npt.NDArray[Any] | slice) -> npt.NDArray[Any]:
        x = scored[terms]
        return x / np.sqrt(np.maximum(np.square(x) @ weights, 1e-12))[:, None]

    def null(terms: npt.NDArray[Any]) -> npt.NDArray[Any]:
        x = values(terms)
        sums = np.ascontiguousarray((arranged @ np.ascontiguousarray(x.T)).T) if is_few else x @ arranged
        return np.abs(sums, out=sums)

    return np.concatenate([*(values(part) @ ours for part in scored.parts()), []]), null
