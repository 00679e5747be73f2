"""Intervals of ratios of rates: the variance between documents, between strata, or between runs of paragraphs."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd
from scipy import sparse

from ..inference import MIN_PARAGRAPHS, block_length
from ..words.matrix import group_matrix

if TYPE_CHECKING:
    from typing import Any

    import numpy.typing as npt


class RateVariance(NamedTuple):
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
    df: npt.NDArray[Any] | int
    speaks_of: str


class Side(NamedTuple):
    """The documents of a side: their counts of terms, their words, and which of all documents they are."""

    counts: sparse.csr_array
    sizes: npt.NDArray[Any]
    which: npt.NDArray[Any]


def rate_variance(
    side: Side,
    counts: sparse.csr_array,
    lengths: npt.NDArray[Any],
    members: sparse.csr_array,
    strata: npt.NDArray[Any],
    unit: str,
) -> RateVariance:
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
    return RateVariance(variance, 1 / (total + 0.5), max(n - 1, 1), speaks_of)


def weighted_variance(
    side: Side, weights: npt.NDArray[Any], strata: npt.NDArray[Any], clusters: npt.NDArray[Any] | None = None
) -> RateVariance:
    """Variance of the log rates of weighted documents, by linearisation: within strata, or between whole clusters.

    A stratum with one document has no spread of its own: such strata are collapsed into one (Wolter 2007), whose spread
    is then between them and errs to the wide side. Degrees of freedom are Satterthwaite's, over strata, since one with
    few documents may have most of the weight.

    Parameters
    ----------
    side : Side
        Of two documents or more.
    weights : ndarray, shape (n_documents,)
    strata : ndarray of int, shape (n_documents,)
    clusters : ndarray, shape (n_documents,), optional
        Of documents that are alike; then they are the units, and strata play no part.
    """
    x, z = sparse.csr_array(sparse.diags_array(weights) @ side.counts), weights * side.sizes
    total, least = x.sum(axis=0), sparse.diags_array(weights) @ x
    least = (np.asarray(least.sum(axis=0)) + 0.5) / (total + 0.5) ** 2
    rate, speaks_of = total / z.sum(), "documents like these"
    if clusters is not None and len(set(clusters)) > 1:
        of_units, _ = group_matrix(clusters)
        x, z, speaks_of = sparse.csr_array(of_units @ x), of_units @ z, "strata like these"
        strata = np.zeros(len(z), dtype=int)
    codes = pd.factorize(np.where(np.bincount(strata)[strata] == 1, -1, strata))[0]
    variance, squares = np.zeros((2, x.shape[1]))
    for stratum in range(codes.max() + 1):
        rows = codes == stratum
        n, part, words = int(rows.sum()), x[rows], z[rows]
        spread = part.multiply(part).sum(axis=0) - 2 * rate * (words @ part) + rate**2 * (words @ words)
        if n > 1:
            spread = n / (n - 1) * (spread - np.square(part.sum(axis=0) - rate * words.sum()) / n)
        spread = np.maximum(spread, 0) / (total + 0.5) ** 2
        variance += spread
        squares += spread**2 / max(n - 1, 1)
    freedom = np.where(variance > 0, variance**2 / np.maximum(squares, 1e-300), 1.0)
    return RateVariance(variance, least, np.maximum(freedom, 1.0), speaks_of)


def half_width(ours: RateVariance, theirs: RateVariance, level: float) -> tuple[npt.NDArray[Any], str]:
    """Half of the interval of a difference of two logarithms, and what it speaks of."""
    from scipy.special import stdtrit

    s2 = np.maximum(ours.variance, ours.least) + np.maximum(theirs.variance, theirs.least)
    freedom = s2**2 / np.maximum(ours.variance**2 / ours.df + theirs.variance**2 / theirs.df, 1e-12)
    freedom = np.clip(freedom, 1, 1e9)
    same = ours.speaks_of == theirs.speaks_of
    speaks_of = ours.speaks_of if same else f"{ours.speaks_of}, against {theirs.speaks_of}"
    return stdtrit(freedom, (1 + level) / 2) * np.sqrt(s2), speaks_of


def add_interval(table: pd.DataFrame, ours: RateVariance, theirs: RateVariance, level: float) -> None:
    """Fill in low, high, bound and speaks_of."""
    half, table["speaks_of"] = half_width(ours, theirs, level)
    half = half / np.log(2)
    table["low"], table["high"] = table["log_ratio"] - half, table["log_ratio"] + half
    table["bound"] = np.where(table["low"] > 0, table["low"], np.minimum(table["high"], 0))
