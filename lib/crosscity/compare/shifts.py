"""Word shifts (Gallagher et al. 2021, EPJ Data Science 10:4): the contribution of each term to a divergence of groups.

The divergence of finite texts is never 0: halves of one text diverge as well. `divergence` says by how much.
"""

from __future__ import annotations

from itertools import pairwise
from math import ceil
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd
from scipy import sparse

from .. import CrosscityError, NotEstimableError
from ..inference import MIN_PARAGRAPHS, TOLERANCE, block_length, exchangeable_units, group_permutations, resample
from ..words.matrix import group_matrix

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    import numpy.typing as npt

MEASURES = ("jsd", "proportion", "entropy")
MAX_CELLS = 4_000_000  # of an array of permuted counts


class Divergence(NamedTuple):
    """The Jensen-Shannon divergence of two groups, in bits, and its values without a difference.

    Attributes
    ----------
    total : float
        0 to 1.
    at_random : float
        Mean for texts of the same lengths whose words are drawn one by one from both groups together.
    expected, expected_high : float
        Mean and 95th percentile where documents (strata) are exchanged between the groups; NaN if that allows no test.
    units, arrangements, unit, floor, p, answer
        As in `keyness.keyness`; answer is "different", "no difference shown" or "not testable with 2 documents".
    """

    total: float
    at_random: float
    expected: float
    expected_high: float
    units: int
    arrangements: int
    unit: str
    floor: float
    p: float
    answer: str


def jsd(p: npt.NDArray[Any], q: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Contributions of terms to the Jensen-Shannon divergence (Lin 1991), base 2, both weights 1/2; 0 or more.

    p and q, shape (..., n_terms), are shares of terms in either text.
    """
    return (_plogp(p) + _plogp(q)) / 2 - _plogp((p + q) / 2)


def shift(
    counts: sparse.csr_array,
    terms: npt.NDArray[Any],
    documents: npt.ArrayLike,
    labels: npt.ArrayLike,
    a: Any,
    b: Any,
    measure: str = "jsd",
    draws: int = 200,
    seed: int = 1,
    level: float = 0.95,
) -> pd.DataFrame:
    """What each term contributes to the difference of two groups, with intervals.

    Intervals are on a scale where noise adds no bias. A contribution to the Jensen-Shannon divergence is 0 for equal
    shares, so that any resample is larger; its root with the sign of the difference is about (q - p) / (2 sqrt((p + q)
    ln 2)) for shares near each other: nearly linear, and of the same variance for rare and frequent terms. The interval
    is that of the root, ± t s, squared back with its sign; it contains 0 where it is open who uses the term more. s² is
    the sum of the variances when either group is resampled (`inference.resample`: documents; of one document, runs of
    paragraphs), each at least that of as many words at random, and the sum at least what makes the root as many
    standard deviations long as the logarithm of the ratio of rates (half a count added), which keeps a term that a side
    lacks from looking certain; t has the degrees of freedom of Welch and Satterthwaite. The other measures have the
    same, without the root.

    In random halves of a corpus at most 1 interval in 20 excludes 0; of the terms with the largest contributions half
    do, since they are chosen for it: an interval is valid for a term named beforehand.

    Parameters
    ----------
    counts : sparse array, shape (n_paragraphs, n_terms)
    terms : ndarray of str, shape (n_terms,)
    documents, labels : sequences, length n_paragraphs
        Document and group of each paragraph; those of a document in their order.
    a, b : labels
    measure : str
        "jsd"; "proportion": share in b less share in a; "entropy": -q log2 q + p log2 p, which sums to the Shannon
        entropy of b less that of a.
    draws, seed : int; level : float

    Returns
    -------
    DataFrame, a row for each term that either group has
        The largest contributions first, ties by term. term; count_a, count_b; rate_a, rate_b (per 10,000 words);
        contribution; share (of the sum of sizes of contributions); cumulative; side (the label of the group that uses
        the term more, or ""); signed (the contribution, for "jsd" negative where a uses it more), low, high (of
        signed); speaks_of ("documents like these", "this document", or why there is no interval).

    Raises
    ------
    CrosscityError
        If a measure is unknown, or a group has no words.
    """
    if measure not in MEASURES:
        msg = f"measure is {measure!r}: give one of {', '.join(MEASURES)}"
        raise CrosscityError(msg)
    sides = _sides(counts, documents, labels, a, b)
    counted = [np.asarray(counts[np.concatenate(rows)].sum(axis=0), dtype=float) for rows in sides]
    either = np.flatnonzero(counted[0] + counted[1])
    counted, counts = [c[either] for c in counted], sparse.csr_array(counts)[:, either]
    p, q = (c / c.sum() for c in counted)
    table = pd.DataFrame({"term": np.asarray(terms)[either]})
    for name, c in zip("ab", counted, strict=True):
        table[f"count_{name}"] = c.astype(int)
    table["rate_a"], table["rate_b"] = 1e4 * p, 1e4 * q
    signed = _signed(p, q, measure)
    table["contribution"] = np.abs(signed) if measure == "jsd" else signed
    table["share"] = np.abs(signed) / max(np.abs(signed).sum(), 1e-300)
    table["side"] = np.where(np.isclose(p, q, rtol=1e-12), "", np.where(p > q, a, b))
    table["signed"] = signed
    table["low"], table["high"], table["speaks_of"] = _interval(counts, sides, counted, measure, draws, seed, level)
    order = pd.DataFrame({"by": -np.abs(signed).round(12), "term": table["term"]}).sort_values(["by", "term"]).index
    table = table.loc[order].reset_index(drop=True)
    table.insert(list(table.columns).index("side"), "cumulative", table["share"].cumsum())
    return table.round(9)


def divergence(
    counts: sparse.csr_array,
    documents: npt.ArrayLike,
    labels: npt.ArrayLike,
    a: Any,
    b: Any,
    strata: npt.ArrayLike | None = None,
    permutations: int = 999,
    seed: int = 1,
    level: float = 0.95,
) -> Divergence:
    """The Jensen-Shannon divergence of two groups, with a permutation test.

    Parameters
    ----------
    counts, documents, labels, a, b : as for `shift`
    strata : sequence, length n_paragraphs, optional
        What makes documents alike whatever their group; see `inference.exchangeable_units`.
    permutations, seed : int; level : float

    Returns
    -------
    Divergence
    """
    sides = _sides(counts, documents, labels, a, b)
    by_document = [rows for side in sides for rows in side]
    document = np.repeat(np.arange(len(by_document)), list(map(len, by_document)))
    document_counts = group_matrix(document)[0] @ sparse.csr_array(counts)[np.concatenate(by_document)]
    document_counts = document_counts[:, np.flatnonzero(document_counts.sum(axis=0))].astype(float)
    groups = np.repeat([0, 1], list(map(len, sides)))
    first_rows = [rows[0] for rows in by_document]
    units = exchangeable_units(groups, None if strata is None else np.asarray(strata)[first_rows])
    total = float(_divergences(groups[None] == 1, document_counts)[0])
    drawn, floor = group_permutations(units, permutations, seed)
    null, p, answer = np.full(1, np.nan), np.nan, f"not testable with {units.describe()}"
    if floor <= 1 - level + 1e-12:
        null = _divergences(drawn[:, units.unit_of] == 1, document_counts)
        p = float(np.mean(null >= total - TOLERANCE))
        answer = "different" if p <= 1 - level + 1e-12 else "no difference shown"
    pooled, words = document_counts.sum(axis=0), [int(document_counts[groups == g].sum()) for g in (0, 1)]
    rng = np.random.default_rng(seed)
    texts = [rng.multinomial(n, pooled / pooled.sum(), size=50) / n for n in words]
    return Divergence(
        total=round(total, 9),
        at_random=round(float(jsd(*texts).sum(axis=1).mean()), 9),
        expected=round(float(null.mean()), 9),
        expected_high=round(float(np.percentile(null, 95)), 9),
        units=len(units.codes),
        arrangements=len(drawn),
        unit=units.unit,
        floor=round(floor, 6),
        p=round(p, 6),
        answer=answer,
    )


def _sides(
    counts: sparse.csr_array, documents: npt.ArrayLike, labels: npt.ArrayLike, a: Any, b: Any
) -> list[list[npt.NDArray[Any]]]:
    """The rows of each document with words, for either group."""
    documents, labels = np.asarray(documents, dtype=object), np.asarray(labels, dtype=object)
    words, sides = np.asarray(counts.sum(axis=1)).ravel(), []
    for group in (a, b):
        rows = np.flatnonzero(labels == group)
        of = pd.factorize(documents[rows], sort=True)[0]
        sides.append([part for d in range(of.max(initial=-1) + 1) if words[part := rows[of == d]].any()])
        if not sides[-1] or a == b:
            msg = "a and b are the same group" if a == b else f"no document with words is labelled {group!r}"
            msg += ": name two groups that have text"
            raise CrosscityError(msg) if a == b else NotEstimableError(msg)
    return sides


def _plogp(p: npt.NDArray[Any]) -> npt.NDArray[Any]:
    return p * np.log2(np.where(p > 0, p, 1))


def _signed(p: npt.NDArray[Any], q: npt.NDArray[Any], measure: str) -> npt.NDArray[Any]:
    if measure == "jsd":
        return np.sign(q - p) * np.maximum(jsd(p, q), 0)
    return q - p if measure == "proportion" else _plogp(p) - _plogp(q)


def _interval(
    counts: sparse.csr_array,
    sides: list[list[npt.NDArray[Any]]],
    counted: Sequence[npt.NDArray[Any]],
    measure: str,
    draws: int,
    seed: int,
    level: float,
) -> tuple[npt.ArrayLike, npt.ArrayLike, str]:
    """Ends of the intervals of signed contributions, and what they speak of."""
    from scipy.special import stdtrit

    def scaled(p: npt.NDArray[Any], q: npt.NDArray[Any]) -> npt.NDArray[Any]:  # where variances are taken
        signed = _signed(p, q, measure)
        return np.sign(signed) * np.sqrt(np.abs(signed)) if measure == "jsd" else signed

    rng, shares = np.random.default_rng(seed), [c / c.sum() for c in counted]
    smooth = [(c + 0.5) / c.sum() for c in counted]
    speaks, parts = [], []
    for i, side in enumerate(sides):
        rows, at = np.concatenate(side), np.cumsum([0, *map(len, side)])
        places = [np.arange(*ends) for ends in pairwise(at)]
        n = len(side) if len(side) > 1 else len(rows)
        run = block_length(n) if len(side) == 1 else 1
        speaks.append("documents like these" if len(side) > 1 else "this document")
        if len(side) == 1 and n < MIN_PARAGRAPHS:
            return np.nan, np.nan, f"{n} paragraphs; an interval needs {MIN_PARAGRAPHS}"
        weights = np.array([np.bincount(resample(places, rng), minlength=len(rows)) for _ in range(draws)])
        drawn = np.asarray(weights @ counts[rows], dtype=float)
        drawn = drawn[drawn.sum(axis=1) > 0]
        drawn /= drawn.sum(axis=1)[:, None]
        value = scaled(drawn, shares[1]) if i == 0 else scaled(shares[0], drawn)
        if measure == "jsd":
            slope = 1 / (4 * np.log(2) * sum(smooth))
        elif measure == "proportion":
            slope = 1.0
        else:
            slope = np.square(np.log2(smooth[i]) + 1 / np.log(2))
        v = value.var(axis=0, ddof=1) * n / max(n - run, 1)
        parts.append((v, np.maximum(v, slope * smooth[i] / counted[i].sum()), max(ceil(n / run) - 1, 1)))
    (v, s2, df), (v_b, s2_b, df_b) = parts
    freedom = np.minimum((s2 + s2_b) ** 2 / np.maximum(v**2 / df + v_b**2 / df_b, 1e-300), 1e9)
    middle, s2 = scaled(*shares), s2 + s2_b
    if measure == "jsd":  # of a term that a side lacks, the root is no better known than the logarithm of the ratio
        ratio, (here, there) = np.log(smooth[1] / smooth[0]), counted
        s2 = np.maximum(s2, middle**2 * (1 / (here + 0.5) + 1 / (there + 0.5)) / np.maximum(ratio**2, 1e-12))
    half = stdtrit(freedom, (1 + level) / 2) * np.sqrt(s2)
    ends = np.array([middle - half, middle + half])
    low, high = ends * np.abs(ends) if measure == "jsd" else ends
    return low, high, speaks[0] if speaks[0] == speaks[1] else f"{speaks[0]}, against {speaks[1]}"


def _divergences(second: npt.NDArray[Any], counts: sparse.csr_array) -> npt.NDArray[Any]:
    """The divergence in each arrangement of documents.

    second, shape (n_arrangements, n_documents), says which documents are in the second group.
    """
    total, divergences = counts.sum(axis=0), []
    step = max(MAX_CELLS // len(total), 1)
    for start in range(0, len(second), step):
        there = second[start : start + step].astype(float) @ counts
        here = total - there
        divergences.append(jsd(here / here.sum(axis=1)[:, None], there / there.sum(axis=1)[:, None]).sum(axis=1))
    return np.concatenate(divergences)
