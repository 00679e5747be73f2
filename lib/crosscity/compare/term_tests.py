"""Permutation tests of many terms at once: scores of documents, and their sums in every arrangement of the units."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from ..inference import max_t
from ..words.matrix import group_matrix

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    import numpy.typing as npt

    from ..inference import ExchangeableUnits

MAX_CELLS = 1_000_000  # of an array of permuted statistics: 8 MB, what fits a cache
MAX_KEPT = 25_000_000  # scores that are kept for the next group: 200 MB
_FEW = 8  # so many times as many units as a group has, from which its members are picked, not multiplied by 0 and 1


def scores(
    counts: npt.NDArray[Any], sizes: npt.NDArray[Any], strata: npt.NDArray[Any] | None = None
) -> npt.NDArray[Any]:
    """Scores of documents for a term's rate, comparable across document lengths: shape (n_documents, n_terms).

    ((c + a) / (m + a)) ** (2/3), with c the count, m its expectation given the document's size, and a = 1 / φ, where
    m + φ m² is the variance of counts (by moments, over all documents, whatever their group). (c + a) / (m + a) is the
    mean of the relative rate given c, if rates have a gamma distribution; less 1 it is the score of a negative binomial
    regression. A short document, or a rare term, moves it little. The power is that of Anscombe's (1953) residuals:
    with 1, single documents dominate where many terms are tested. bench/keyness.py compares it with root rates.

    With strata (codes from 0) a document's expectation is by the rate of its own stratum, groups taken together.
    """
    if strata is None:
        expected = np.outer(sizes, counts.sum(axis=0) / sizes.sum())
    else:
        members, _ = group_matrix(strata)
        expected = ((members @ counts) / (members @ sizes)[:, None])[strata] * sizes[:, None]
    excess = (np.square(counts - expected) - expected).sum(axis=0)
    a = 1 / np.maximum(excess / np.maximum(np.square(expected).sum(axis=0), 1e-12), 0.05)
    return np.cbrt(np.square((counts + a) / (expected + a)))


class TermScores:
    """Scores of units for the terms that are tested, less their block's mean: kept where they take little room.

    Parameters
    ----------
    counts : sparse array, shape (n_documents, n_terms)
    sizes : ndarray, shape (n_documents,)
    min_documents : int
    units : ExchangeableUnits
    strata : ndarray of int, shape (n_documents,), optional
        Codes from 0 of strata whose rates are taken out of the scores first, whatever the units are.

    Attributes
    ----------
    tested : ndarray of int, shape (n_tested,)
        The terms in `min_documents` documents or more.
    """

    def __init__(
        self,
        counts: sparse.csr_array,
        sizes: npt.NDArray[Any],
        min_documents: int,
        units: ExchangeableUnits,
        strata: npt.NDArray[Any] | None = None,
    ) -> None:
        self.tested = np.flatnonzero(np.bincount(counts.indices, minlength=counts.shape[1]) >= min_documents)
        self._counts, self._sizes, self._units = counts.tocsc()[:, self.tested], sizes, units
        self._strata = strata
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
        of_documents = scores(self._counts[:, terms].toarray().astype(float), self._sizes, self._strata)
        if self._strata is not None:
            members, _ = group_matrix(self._strata)
            of_documents -= ((members @ of_documents) / members.sum(axis=1)[:, None])[self._strata]
        return np.ascontiguousarray(self._units.centred(self._units.means(of_documents)).T)


def permutation_p(
    scored: TermScores, terms: int, units: ExchangeableUnits, drawn: npt.NDArray[Any]
) -> tuple[npt.NDArray[Any], npt.NDArray[Any], npt.NDArray[Any]]:
    """p, p adjusted for all terms tested (`inference.max_t`), and the sign of each of so many terms; NaN if untested.

    Parameters
    ----------
    scored : TermScores
    terms : int
    units : ExchangeableUnits
        Codes are 1 for the group, 0 for the rest.
    drawn : ndarray of int, shape (n_arrangements, n_units)
        Of `inference.group_permutations`.
    """
    p, adjusted, sign = np.full((3, terms), np.nan)
    statistic, null = _statistics(scored, units, drawn)
    at_once = max(MAX_CELLS // (len(drawn) + len(units.unit_of)), 1)
    p[scored.tested], adjusted[scored.tested] = max_t(np.abs(statistic), null, at_once)
    sign[scored.tested] = np.sign(statistic)
    return p, adjusted, sign


def _statistics(
    scored: TermScores, units: ExchangeableUnits, drawn: npt.NDArray[Any]
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
