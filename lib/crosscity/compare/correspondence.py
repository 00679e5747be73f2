"""Groups and their terms in one map: correspondence analysis, and regions for what other documents would change."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from .. import CrosscityError
from ..words.matrix import group_matrix
from .distances import group_draws

if TYPE_CHECKING:
    from typing import Any

    import numpy.typing as npt
    from scipy import sparse


class Correspondence(NamedTuple):
    """Places of groups and terms on the first axes.

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
        A row an axis, all of them: axis (from 1), inertia, share.
    """

    groups: pd.DataFrame
    terms: pd.DataFrame
    inertia: pd.DataFrame


def held_by(counts: sparse.csr_array, documents: npt.ArrayLike) -> npt.NDArray[Any]:
    """Documents that hold each term: shape (n_terms,).

    What is rare outweighs what is common in correspondence analysis: chi-square distances divide by the term's mass. So
    the caller leaves out terms that few documents hold, which no map of many documents should hang on.
    """
    members, _ = group_matrix(documents)
    return np.asarray(((members @ counts) > 0).sum(axis=0)).ravel()


def correspondence(counts: sparse.csr_array, terms: npt.NDArray[Any], labels: npt.ArrayLike) -> Correspondence:
    """Correspondence analysis of groups by terms (Greenacre 2017, appendix A; contribution biplot: Greenacre 2013).

    With P the counts over their sum, r and c its row and column sums, the singular value decomposition of
    D(r)^-1/2 (P - r c') D(c)^-1/2 is U D V'. Groups stand at D(r)^-1/2 U D, terms at V. Signs of axes are such that the
    group which contributes most is on the positive side, ties by name.

    Parameters
    ----------
    counts : sparse array, shape (n_paragraphs, n_terms)
    terms : ndarray of str, shape (n_terms,)
    labels : sequence of str, length n_paragraphs

    Returns
    -------
    Correspondence
        Groups and terms without a word take no part.

    Raises
    ------
    CrosscityError
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
        raise CrosscityError(message)
    share = table / table.sum()
    r, c = share.sum(axis=1), share.sum(axis=0)
    expected = np.outer(r, c)
    left, values, right = np.linalg.svd((share - expected) / np.sqrt(expected), full_matrices=False)
    n = min(table.shape) - 1  # the last value is 0: rows sum to the masses
    left, values, right = left[:, :n], values[:n], right[:n].T
    turn = np.sign(left[np.abs(left.round(6)).argmax(axis=0), np.arange(n)])
    left, right, total = left * turn, right * turn, np.square(values).sum()
    places, square = left * values / np.sqrt(r)[:, None], np.square(left)
    far = np.sqrt(np.square(places).sum(axis=1))
    flat = np.square(values[:2]) / max(np.square(values[:2]).sum(), 1e-300)
    of_groups = {"group": groups, "mass": r, "x": places[:, 0], "y": places[:, 1]}
    of_groups |= {"shown": np.square(places[:, :2]).sum(axis=1) / np.maximum(np.square(far), 1e-300)}
    of_groups |= {"contribution_x": square[:, 0], "contribution_y": square[:, 1], "far": far}
    of_terms = {"term": terms, "mass": c, "x": right[:, 0], "y": right[:, 1]}
    of_terms |= {f"standard_{a}": right[:, i] / np.sqrt(c) for i, a in enumerate("xy")}
    of_terms |= {"contribution": np.square(right[:, :2]) @ flat}
    inertia = {"axis": range(1, n + 1), "inertia": np.square(values), "share": np.square(values) / max(total, 1e-300)}
    return Correspondence(*(pd.DataFrame(part).round(8) for part in (of_groups, of_terms, inertia)))


def regions(
    found: Correspondence,
    counts: sparse.csr_array,
    terms: npt.NDArray[Any],
    documents: npt.ArrayLike,
    labels: npt.ArrayLike,
    draws: int = 500,
    seed: int = 1,
    level: float = 0.95,
) -> pd.DataFrame:
    """An ellipse a group for what other documents like its own would change, on axes that stay (a partial bootstrap).

    Samples of a group (`distances.group_draws`) are put on the axes as supplementary rows (Lebart 2007). The ellipse is
    of their covariance around the group's place; its squared radius is that of Hotelling's T², 2 (m - 1) / (m - 2)
    F(2, m - 2), with m documents, or runs of paragraphs of a single one. That other documents would turn the axes as
    well it does not know.

    Parameters
    ----------
    found : Correspondence
    counts, terms, labels : as for `correspondence`
    documents, draws, seed : as for `distances.group_draws`
    level : float

    Returns
    -------
    DataFrame, n_groups rows
        group, x, y, major, minor (half the lengths of the ellipse's axes), angle (of the major one, in degrees from
        x, 0 to 180); NaN for fewer than three documents, or a single one of fewer than eight paragraphs.
    """
    from scipy.stats import f

    places, documents, labels = found.groups.set_index("group"), np.asarray(documents), np.asarray(labels, dtype=object)
    standard = found.terms.set_index("term")[["standard_x", "standard_y"]].reindex(terms).fillna(0).to_numpy()
    used = pd.Index(terms).isin(found.terms["term"])
    lengths = np.asarray(counts[:, used].sum(axis=1)).ravel()
    sums = np.c_[counts @ standard, lengths]
    weights, units = group_draws(documents, labels, draws, seed)
    drawn = np.asarray(weights @ sums).reshape(draws, len(units), 3)
    rows = []
    for g, (group, unit) in enumerate(units.iterrows()):
        if group not in places.index:
            continue
        m, row = unit["units"], [np.nan] * 3
        with_words = drawn[drawn[:, g, 2] > 0, g]
        if m > 2 and not unit["few"] and len(with_words) > 2:
            cloud = np.cov((with_words[:, :2] / with_words[:, 2:]).T) * unit["short"]
            value, axis = np.linalg.eigh(cloud)
            half = np.sqrt(np.maximum(value, 0) * 2 * (m - 1) / (m - 2) * f.ppf(level, 2, m - 2))
            row = [half[1], half[0], np.degrees(np.arctan2(axis[1, 1], axis[0, 1])).round(4) % 180]
        rows.append((group, *places.loc[group, ["x", "y"]], *row))
    return pd.DataFrame(rows, columns=["group", "x", "y", "major", "minor", "angle"]).round(6)
