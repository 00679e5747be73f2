"""Comparison that adjusts: words, themes and stances of a group and of documents that are matched with it.

Effects are of the weighted sides of coarsened exact matching: the others' rate is what it would be if they had the
group's mixture of genres, years and lengths. The test needs no weights: documents are permuted within their strata, and
the statistic is the sum of a group's scores less the mean of their stratum, in which a stratum with m and n documents
weighs m n / (m + n), as Mantel and Haenszel (1959) weigh tables: a stratum that tells little cannot drown the others.
Whatever strata have in common, a genre's wording or an era's slogans, is in neither.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd
from scipy import sparse

from .. import NotEstimableError
from ..inference import ExchangeableUnits, exchangeable_units, group_permutations, is_testable, with_answers
from ..language import tr
from ..words.matrix import group_matrix
from .rate_intervals import RateVariance, Side, add_interval, half_width, rate_variance, weighted_variance
from .term_tests import TermScores, permutation_p

if TYPE_CHECKING:
    from typing import Any

    import numpy.typing as npt

    from .matching import Matching


class _Matched(NamedTuple):
    """Amounts of the matched documents, and how they are compared.

    Attributes
    ----------
    names : of what is counted (terms, themes, stances), of those that either side has
    counts, sizes : by document
    ours, weights, strata : of each document; strata as codes from 0
    units : what is permuted
    variances : of the logarithm of each rate, of the group and of the others
    """

    names: npt.NDArray[Any]
    counts: sparse.csr_array
    sizes: npt.NDArray[Any]
    ours: npt.NDArray[Any]
    weights: npt.NDArray[Any]
    strata: npt.NDArray[Any]
    units: ExchangeableUnits
    variances: tuple[RateVariance, RateVariance]

    def totals(self, side: bool) -> tuple[npt.NDArray[Any], float]:
        """Weighted amounts of a side, and all of its words or characters."""
        rows = self.ours == side
        return self.weights[rows] @ self.counts[rows], float(self.weights[rows] @ self.sizes[rows])


def _matched(
    counts: sparse.csr_array,
    names: npt.NDArray[Any],
    documents: npt.ArrayLike,
    matching: Matching,
    clusters: npt.ArrayLike | None,
    sizes: npt.ArrayLike | None,
) -> _Matched:
    documents, about = np.asarray(documents, dtype=object), matching.matched.set_index("doc_id")
    lengths = np.asarray(counts.sum(axis=1) if sizes is None else sizes, dtype=float)
    words = pd.Series(lengths).groupby(documents).transform("sum").to_numpy()
    kept = pd.Index(documents).isin(about.index) & (words > 0)
    counts, lengths, documents = sparse.csr_array(counts)[kept], lengths[kept], documents[kept]
    members, order = group_matrix(documents, sort=False)
    about = about.loc[order]
    ours = about["ours"].to_numpy(dtype=bool)
    if ours.all() or not ours.any():
        raise NotEstimableError(tr("a side has no matched document with words"))
    either = np.flatnonzero(counts.sum(axis=0))
    counts, names = counts[:, either], np.asarray(names)[either]
    by_document, of_documents = (members @ counts).tocsr(), members @ lengths
    strata = pd.factorize(about["stratum"], sort=True)[0]
    firsts = None if clusters is None else pd.Series(np.asarray(clusters)[kept]).groupby(documents, sort=False).first()
    units, whole = _units(ours, strata, None if firsts is None else firsts.to_numpy())
    weights = about["weight"].to_numpy(dtype=float)
    variances = []
    for rows in (ours, ~ours):
        side = Side(by_document[rows], of_documents[rows], rows)
        if rows.sum() == 1:
            paragraphs = counts, lengths, members
            variances.append(rate_variance(side, *paragraphs, np.zeros(1, dtype=int), "document"))
        else:
            of_units = None if whole is None else whole[rows]
            variances.append(weighted_variance(side, weights[rows], strata[rows], of_units))
    return _Matched(names, by_document, of_documents, ours, weights, strata, units, (variances[0], variances[1]))


def _units(
    ours: npt.NDArray[Any], strata: npt.NDArray[Any], clusters: npt.NDArray[Any] | None
) -> tuple[ExchangeableUnits, npt.NDArray[Any] | None]:
    """What is permuted, and the clusters if whole ones are.

    Documents within strata; where clusters (provinces) lie in one group each and hold several documents, whole clusters
    by the means of their scores, since documents of one cluster are alike; where they lie in both, documents within
    strata and clusters.
    """
    blocks = strata
    if clusters is not None and pd.Series(clusters).duplicated().any():
        if pd.Series(ours).groupby(clusters).nunique().max() == 1:
            return exchangeable_units(ours, clusters), clusters
        blocks = pd.factorize(pd.Series(strata).astype(str) + " " + pd.Series(clusters).astype(str), sort=True)[0]
    order = np.argsort(blocks, kind="stable")
    codes = ours.astype(int)[order]
    units = ExchangeableUnits("document within stratum", np.argsort(order), codes, blocks[order], [False, True])
    return units, None


def adjusted_keyness(
    counts: sparse.csr_array,
    terms: npt.NDArray[Any],
    documents: npt.ArrayLike,
    matching: Matching,
    *,
    clusters: npt.ArrayLike | None = None,
    sizes: npt.ArrayLike | None = None,
    min_documents: int = 5,
    permutations: int = 1999,
    comparisons: int = 1,
    seed: int = 1,
    level: float = 0.95,
) -> pd.DataFrame:
    """How a group's use of each term differs from that of the documents that are matched with it.

    Parameters
    ----------
    counts : sparse array, shape (n_paragraphs, n_terms)
    terms : ndarray of str, shape (n_terms,)
    documents : sequence, length n_paragraphs
        As doc_id of the matching has them; paragraphs of one document are in their order.
    matching : Matching
    clusters : sequence, length n_paragraphs, optional
        What makes documents alike whatever their stratum: provinces.
    sizes : sequence of int, length n_paragraphs, optional
        Words of each paragraph; the sums of counts if left out.
    min_documents, permutations, comparisons, seed, level
        As for `keyness.keyness`.

    Returns
    -------
    DataFrame, a row for each term that either side has
        term; count, count_rest (as they stand, in matched documents); rate, rate_rest (weighted, per 10,000 words);
        log_ratio (of these, base 2, half a count added), low, high, bound, speaks_of; mantel_haenszel (log2 of the
        common odds ratio of strata, Mantel and Haenszel 1959; NaN where a side lacks the term); z (of the log-ratio);
        documents, documents_rest; strata; unit, units, arrangements, tests, floor, p, p_adjusted, answer as in
        `keyness.keyness`.

    Raises
    ------
    NotEstimableError
        If no matched document of a side has words.
    """
    of = _matched(counts, terms, documents, matching, clusters, sizes)
    (a, here), (b, there) = of.totals(True), of.totals(False)
    plain = [np.asarray(of.counts[rows].sum(axis=0)).astype(int) for rows in (of.ours, ~of.ours)]
    table = pd.DataFrame({"term": of.names, "count": plain[0], "count_rest": plain[1]})
    table["rate"], table["rate_rest"] = 1e4 * a / here, 1e4 * b / there
    table["log_ratio"] = np.log2((a + 0.5) / (here + 0.5)) - np.log2((b + 0.5) / (there + 0.5))
    for column in ("low", "high", "bound", "speaks_of"):
        table[column] = np.nan
    add_interval(table, *of.variances, level)
    table["mantel_haenszel"] = np.log2(mantel_haenszel(of.counts, of.sizes, of.ours, of.strata))
    half, _ = half_width(*of.variances, 0.6826895)  # one standard error, as its t has it
    table["z"] = table["log_ratio"] * np.log(2) / half
    return _tested(table, of, min_documents, permutations, comparisons, seed, level)


def adjusted_shares(
    amounts: sparse.csr_array,
    names: npt.NDArray[Any],
    documents: npt.ArrayLike,
    matching: Matching,
    sizes: npt.ArrayLike,
    *,
    clusters: npt.ArrayLike | None = None,
    min_documents: int = 5,
    permutations: int = 1999,
    comparisons: int = 1,
    seed: int = 1,
    level: float = 0.95,
) -> pd.DataFrame:
    """How a group's shares of text differ from those of the documents that are matched with it.

    Parameters
    ----------
    amounts : sparse array, shape (n_paragraphs, n_names)
        Characters of each theme or stance.
    names : ndarray of str, shape (n_names,)
    documents, matching, clusters, min_documents, permutations, comparisons, seed, level
        As for `adjusted_keyness`.
    sizes : sequence of int, length n_paragraphs
        All characters of each paragraph.

    Returns
    -------
    DataFrame, a row for each theme or stance that either side has
        name; share, share_rest (weighted); difference, low, high; speaks_of; documents, documents_rest (that have any);
        strata, unit, units, arrangements, tests, floor, p, p_adjusted, answer.
    """
    of = _matched(amounts, names, documents, matching, clusters, sizes)
    (a, here), (b, there) = of.totals(True), of.totals(False)
    table = pd.DataFrame({"name": of.names, "share": a / here, "share_rest": b / there})
    table["difference"] = table["share"] - table["share_rest"]
    squares = [
        np.square(share) * np.maximum(v.variance, 0)
        for share, v in zip((table["share"], table["share_rest"]), of.variances, strict=True)
    ]
    parts = [v._replace(variance=s, least=0 * s) for v, s in zip(of.variances, squares, strict=True)]
    half, table["speaks_of"] = half_width(parts[0], parts[1], level)
    table["low"] = np.maximum(table["difference"] - half, -1)
    table["high"] = np.minimum(table["difference"] + half, 1)
    return _tested(table, of, min_documents, permutations, comparisons, seed, level)


def _tested(
    table: pd.DataFrame,
    of: _Matched,
    min_documents: int,
    permutations: int,
    comparisons: int,
    seed: int,
    level: float,
) -> pd.DataFrame:
    """The table with documents that have each name, and the answer of the permutation test."""
    for column, rows in (("documents", of.ours), ("documents_rest", ~of.ours)):
        table[column] = np.bincount(of.counts[rows].indices, minlength=len(of.names))
    drawn, floor = group_permutations(of.units, permutations, seed)
    floor = min(floor * comparisons, 1)
    p, adjusted, sign = np.full((3, len(of.names)), np.nan)
    scored = TermScores(of.counts, of.sizes, min_documents, of.units, of.strata)
    if is_testable(floor, level):
        p, adjusted, sign = permutation_p(scored, len(of.names), of.units, drawn)
        adjusted = np.minimum(adjusted * comparisons, 1)
    table["strata"] = of.strata.max() + 1
    table["unit"], table["units"], table["arrangements"] = of.units.unit, len(of.units.codes), len(drawn)
    table["tests"] = len(scored.tested)
    several = f" and {comparisons} comparisons" if comparisons > 1 else ""
    no = np.where(np.isnan(p), f"in fewer than {min_documents} documents", "no difference shown")
    yes = np.where(sign > 0, "more", "less")
    return with_answers(table, p, adjusted, floor, level, of.units.describe() + several, yes, no)


def mantel_haenszel(
    counts: sparse.csr_array, sizes: npt.NDArray[Any], ours: npt.NDArray[Any], strata: npt.NDArray[Any]
) -> npt.NDArray[Any]:
    """The common odds ratio of each term over strata (Mantel and Haenszel 1959), shape (n_terms,).

    Σ a d / n over Σ b c / n, with a and b a stratum's counts on either side, c and d its other words, n all of them.
    NaN where a side lacks the term in every stratum.

    Parameters
    ----------
    counts : sparse array, shape (n_documents, n_terms)
    sizes : ndarray, shape (n_documents,)
        Words of each document.
    ours : ndarray of bool, shape (n_documents,)
    strata : ndarray of int, shape (n_documents,)
        Codes from 0.
    """
    top, bottom = np.zeros((2, counts.shape[1]))
    for stratum in range(strata.max() + 1):
        rows = strata == stratum
        a, b = (np.asarray(counts[rows & side].sum(axis=0), dtype=float) for side in (ours, ~ours))
        here, there = sizes[rows & ours].sum(), sizes[rows & ~ours].sum()
        top += a * (there - b) / (here + there)
        bottom += b * (here - a) / (here + there)
    return np.divide(top, bottom, out=np.full(len(top), np.nan), where=(top > 0) & (bottom > 0))
