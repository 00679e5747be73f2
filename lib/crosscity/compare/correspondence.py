"""Correspondence analysis of groups by terms, with bootstrap ellipses."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from .. import NotEstimableError
from ..words.matrix import group_matrix
from .distances import resampled_sums

if TYPE_CHECKING:
    from typing import Any

    import numpy.typing as npt
    from scipy import sparse


class Correspondence(NamedTuple):
    """Coordinates of groups and terms on the first two axes.

    Attributes
    ----------
    groups : DataFrame
        Sorted: group, mass, x, y (principal coordinates), shown (squared cosine with the plane), contribution_x and
        contribution_y (shares of the axis), far (chi-square distance from the centre).
    terms : DataFrame
        In the vocabulary's order: term, mass, x, y (contribution coordinates: their squares are shares of the axis),
        standard_x, standard_y (a group's coordinates are the means of these over its words), contribution (share of the
        inertia of the plane).
    inertia : DataFrame
        A row an axis: axis (1-based), inertia, share.
    """

    groups: pd.DataFrame
    terms: pd.DataFrame
    inertia: pd.DataFrame


def document_frequency(counts: sparse.csr_array, documents: npt.ArrayLike) -> npt.NDArray[Any]:
    """Number of documents that contain each term, shape (n_terms,).

    Correspondence analysis gives rare terms much weight, since chi-square distances divide by a term's mass: leave out
    those of few documents first.
    """
    members, _ = group_matrix(documents, sort=False)
    return np.asarray(((members @ counts) > 0).sum(axis=0)).ravel()


def correspondence(counts: sparse.csr_array, terms: npt.NDArray[Any], labels: npt.ArrayLike) -> Correspondence:
    """Correspondence analysis of groups by terms (Greenacre 2017, appendix A; contribution biplot: Greenacre 2013).

    With P the counts over their sum, r and c its row and column sums, the singular value decomposition of
    D(r)^-1/2 (P - r c') D(c)^-1/2 is U D V'. Groups have coordinates D(r)^-1/2 U D, terms V. The group that contributes
    most to an axis (ties by name) is on its positive side.

    Parameters
    ----------
    counts : sparse array, shape (n_paragraphs, n_terms)
    terms : ndarray of str, shape (n_terms,)
    labels : sequence of str, length n_paragraphs

    Returns
    -------
    Correspondence
        Without groups that have no words, and terms that do not occur.

    Raises
    ------
    NotEstimableError
        If there are fewer than three groups or terms: there is no plane.
    """
    members, groups = group_matrix(labels)
    table = np.asarray((members @ counts).todense(), dtype=float)
    rows, columns = table.sum(axis=1) > 0, table.sum(axis=0) > 0
    table, groups = table[rows][:, columns], np.array(groups, dtype=object)[rows]
    terms = np.asarray(terms, dtype=object)[columns]
    if min(table.shape) < 3:
        message = (
            f"a map needs three groups and three terms, and there are {len(groups)} and {len(terms)}: add documents"
        )
        raise NotEstimableError(message)
    share = table / table.sum()
    r, c = share.sum(axis=1), share.sum(axis=0)
    expected = np.outer(r, c)
    left, values, right = np.linalg.svd((share - expected) / np.sqrt(expected), full_matrices=False)
    n = min(table.shape) - 1  # the last value is 0: rows sum to the masses
    left, values, right = left[:, :n], values[:n], right[:n].T
    turn = np.sign(left[np.abs(left.round(6)).argmax(axis=0), np.arange(n)])
    left, right, total = left * turn, right * turn, np.square(values).sum()
    coordinates, contributions = left * values / np.sqrt(r)[:, None], np.square(left)
    distance = np.sqrt(np.square(coordinates).sum(axis=1))
    plane = np.square(values[:2]) / max(np.square(values[:2]).sum(), 1e-300)
    group_table = {
        "group": groups,
        "mass": r,
        "x": coordinates[:, 0],
        "y": coordinates[:, 1],
        "shown": np.square(coordinates[:, :2]).sum(axis=1) / np.maximum(np.square(distance), 1e-300),
        "contribution_x": contributions[:, 0],
        "contribution_y": contributions[:, 1],
        "far": distance,
    }
    term_table = {
        "term": terms,
        "mass": c,
        "x": right[:, 0],
        "y": right[:, 1],
        "standard_x": right[:, 0] / np.sqrt(c),
        "standard_y": right[:, 1] / np.sqrt(c),
        "contribution": np.square(right[:, :2]) @ plane,
    }
    inertia = {"axis": range(1, n + 1), "inertia": np.square(values), "share": np.square(values) / max(total, 1e-300)}
    return Correspondence(*(pd.DataFrame(table).round(8) for table in (group_table, term_table, inertia)))


def confidence_ellipses(
    result: Correspondence,
    counts: sparse.csr_array,
    terms: npt.NDArray[Any],
    documents: npt.ArrayLike,
    labels: npt.ArrayLike,
    draws: int = 500,
    seed: int = 1,
    level: float = 0.95,
) -> pd.DataFrame:
    """A confidence ellipse for each group, by a partial bootstrap.

    Samples of a group (`distances.resampled_sums`) are put on the axes as supplementary rows (Lebart 2007). The
    ellipse is that of their covariance around the group's coordinates; its squared radius is that of Hotelling's T²,
    2 (m - 1) / (m - 2) F(2, m - 2), with m documents, or runs of paragraphs of a single one. The axes stay fixed,
    though other documents would turn them as well.

    Parameters
    ----------
    result : Correspondence
    counts, terms, labels : as for `correspondence`
    documents, draws, seed : as for `distances.resampled_sums`
    level : float

    Returns
    -------
    DataFrame, n_groups rows
        group, x, y, major, minor (semi-axes of the ellipse), angle (of the major one, in degrees from x, 0 to 180); NaN
        for fewer than three documents, or a single one of fewer than eight paragraphs.
    """
    from scipy.stats import f

    coordinates = result.groups.set_index("group")[["x", "y"]]
    documents, labels = np.asarray(documents), np.asarray(labels, dtype=object)
    standard = result.terms.set_index("term")[["standard_x", "standard_y"]].reindex(terms).fillna(0).to_numpy()
    used = pd.Index(terms).isin(result.terms["term"])
    lengths = np.asarray(counts[:, used].sum(axis=1)).ravel()
    sums = np.c_[counts @ standard, lengths]
    drawn, units = resampled_sums(sums, documents, labels, draws, seed)
    rows = []
    for g, (group, unit) in enumerate(units.iterrows()):
        if group not in coordinates.index:
            continue
        m, ellipse = unit["units"], [np.nan] * 3
        with_words = drawn[drawn[:, g, 2] > 0, g]
        if m > 2 and not unit["too_short"] and len(with_words) > 2:
            covariance = np.cov((with_words[:, :2] / with_words[:, 2:]).T) * unit["correction"]
            value, axis = np.linalg.eigh(covariance)
            half = np.sqrt(np.maximum(value, 0) * 2 * (m - 1) / (m - 2) * f.ppf(level, 2, m - 2))
            ellipse = [half[1], half[0], np.degrees(np.arctan2(axis[1, 1], axis[0, 1])).round(4) % 180]
        rows.append((group, *coordinates.loc[group], *ellipse))
    return pd.DataFrame(rows, columns=["group", "x", "y", "major", "minor", "angle"]).round(6)
