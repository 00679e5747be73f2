"""Distances between groups of documents: the matrix, a cluster tree with support, the neighbours of one group.

Uncertainty is by resampling groups. A sample of a group repeats some of its text and lacks other, so that it is farther
from all others than the group is, the more so the shorter the group is; each function says what it makes of that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd
from scipy import sparse

from .. import CrosscityError
from ..inference import MIN_PARAGRAPHS, block_length, resample
from ..words.matrix import group_matrix, tf_idf

if TYPE_CHECKING:
    from typing import Any

    import numpy.typing as npt

MEASURES = ("cosine", "js")


def distances(counts: sparse.csr_array, labels: npt.ArrayLike, measure: str = "cosine") -> pd.DataFrame:
    """Distances between groups, by their words.

    Parameters
    ----------
    counts : sparse array, shape (n_paragraphs, n_terms)
    labels : sequence of str, length n_paragraphs
    measure : str
        "cosine": 1 less the cosine on tf-idf, whose document frequencies are of paragraphs. "js": the root of the
        Jensen-Shannon divergence of shares of words, base 2 (Lin 1991; a metric: Endres and Schindelin 2003).

    Returns
    -------
    DataFrame, shape (n_groups, n_groups)
        0 on the diagonal, at most 1; index and columns: groups, sorted. A group without words is at 1 from all others.

    Raises
    ------
    CrosscityError
        If the measure is unknown.
    """
    members, groups = group_matrix(labels)
    return pd.DataFrame(_distances(members, counts, measure), index=groups, columns=groups)


def cluster_order(table: pd.DataFrame) -> list[Any]:
    """Groups in an order that puts near ones side by side: average linkage, optimal leaf order.

    Parameters
    ----------
    table : DataFrame, shape (n_groups, n_groups)
        Distances.
    """
    from scipy.cluster.hierarchy import leaves_list

    if len(table) < 3:
        return list(table.index)
    return [table.index[i] for i in leaves_list(_linkage(table.to_numpy(), ordered=True))]


def resample_groups(
    documents: npt.ArrayLike, labels: npt.ArrayLike, draws: int, seed: int
) -> tuple[sparse.csr_array, pd.DataFrame]:
    """Bootstrap samples of each group: whole documents or, of a single one, runs of paragraphs (`inference.resample`).

    Parameters
    ----------
    documents, labels : sequences of str, length n_paragraphs
        A document's paragraphs in their order.
    draws, seed : int
        The samples of a group do not depend on other groups.

    Returns
    -------
    weights : sparse array, shape (draws * n_groups, n_paragraphs)
        How often each paragraph is drawn; the rows of a draw's groups, sorted, follow each other.
    units : DataFrame
        By group: units (documents, or runs of a single one); correction (of the samples' variance: d / (d - 1) for d
        documents, n / (n - b) for runs of b of n paragraphs); too_short (a single document of fewer than eight
        paragraphs, whose samples do not show its variance).
    """
    documents, labels = np.asarray(documents, dtype=object), np.asarray(labels, dtype=object)
    groups, rows, columns, units = sorted(set(labels)), [], [], []
    for g, group in enumerate(groups):
        at, rng = np.flatnonzero(labels == group), np.random.default_rng([seed, *str(group).encode()])
        members = [at[documents[at] == d] for d in dict.fromkeys(documents[at])]
        d, n = len(members), len(at)
        b = block_length(n)
        units.append((d, d / (d - 1), False) if d > 1 else (-(-n // b), n / max(n - b, 1), n < MIN_PARAGRAPHS))
        for r in range(draws):
            columns.append(resample(members, rng))
            rows.append(np.full(len(columns[-1]), r * len(groups) + g))
    rows, columns = np.concatenate([*rows, []]).astype(np.int64), np.concatenate([*columns, []]).astype(np.int64)
    shape = (draws * len(groups), len(labels))
    weights = sparse.coo_array((np.ones(len(rows), dtype=np.int64), (rows, columns)), shape=shape).tocsr()
    return weights, pd.DataFrame(units, columns=["units", "correction", "too_short"], index=groups)


class ClusterTree(NamedTuple):
    """Hierarchical clusters of groups.

    Attributes
    ----------
    linkage : ndarray, shape (n_groups - 1, 4)
        As in scipy; a leaf is the position of its group in the sorted groups.
    groups : list of str
        In the order of leaves.
    nodes : DataFrame
        A row a row of linkage: members (joined by 、, in the order of leaves), size, height, support (root: NaN).
    """

    linkage: npt.NDArray[Any]
    groups: list[Any]
    nodes: pd.DataFrame


def cluster_tree(
    counts: sparse.csr_array,
    documents: npt.ArrayLike,
    labels: npt.ArrayLike,
    measure: str = "cosine",
    draws: int = 200,
    seed: int = 1,
) -> ClusterTree:
    """Average linkage of groups, with bootstrap support for each cluster.

    The support of a node is the share of draws in whose tree its groups are a node (Felsenstein 1985, with documents or
    runs of paragraphs in place of sites). It is about the chance that other texts as long give the node again, not that
    it is true: noise separates short groups from all others, so that long ones join first, and halves of one document
    need not be sisters. A group of fewer than eight paragraphs hardly varies.

    Parameters
    ----------
    counts, labels, measure : as for `distances`
    documents, draws, seed : as for `resample_groups`

    Returns
    -------
    ClusterTree

    Raises
    ------
    CrosscityError
        If there are fewer than two groups, or the measure is unknown.
    """
    from scipy.cluster.hierarchy import leaves_list

    members, groups = group_matrix(labels)
    if len(groups) < 2:
        message = (
            f"a tree needs two groups, and there are {len(groups)}: add documents, or compare by another column (by)"
        )
        raise CrosscityError(message)
    linked = _linkage(_distances(members, counts, measure), ordered=True)
    n, nodes = len(groups), _nodes(linked)
    weights, _ = resample_groups(documents, labels, draws, seed)
    times = dict.fromkeys(nodes, 0)
    for r in range(draws):
        for node in _nodes(_linkage(_distances(weights[r * n : (r + 1) * n], counts, measure))):
            if node in times:
                times[node] += 1
    order = leaves_list(linked)
    names = ["、".join(groups[i] for i in order if node >> int(i) & 1) for node in nodes]
    table = pd.DataFrame({"members": names, "size": linked[:, 3].astype(int), "height": linked[:, 2].round(6)})
    table["support"] = [times[node] / draws if draws else np.nan for node in nodes]
    table.loc[n - 2, "support"] = np.nan
    return ClusterTree(linked, [groups[i] for i in order], table.round(6))


def neighbours(
    counts: sparse.csr_array,
    documents: npt.ArrayLike,
    labels: npt.ArrayLike,
    group: str,
    measure: str = "cosine",
    draws: int = 200,
    seed: int = 1,
    level: float = 0.95,
) -> pd.DataFrame:
    """Distances from one group to all others, with intervals, nearest first.

    Noise adds to a distance, and resampling adds to it once more: d* is larger than d. So the interval is that of d*
    shifted to d: d plus the quantiles of d* less its mean. It covers the mean distance of texts as long as these; that
    of endless texts is smaller, and a short group is far from all others. Subtracting the excess of d* from d would not
    do: it is half of what noise adds, or less, since most words are rare.

    Parameters
    ----------
    counts, labels, measure : as for `distances`
    documents, draws, seed : as for `resample_groups`
    group : str
    level : float

    Returns
    -------
    DataFrame, n_groups - 1 rows
        rank, group, distance, low, high (NaN where either group is too short, see `resample_groups`), nearest_in (share
        of draws, shifted likewise, in which it is the nearest: other texts of these groups agree less often, since the
        nearest is chosen by the same texts), reason (why there is no interval).

    Raises
    ------
    CrosscityError
        If there is no such group, or no other, or the measure is unknown.
    """
    members, groups = group_matrix(labels)
    if group not in groups or len(groups) < 2:
        message = f"group is {group!r}, and the groups are {', '.join(map(str, groups[:20]))}: name one of at least two"
        raise CrosscityError(message)
    one, n = groups.index(group), len(groups)
    others = np.delete(np.arange(n), one)
    distance = _distances(members, counts, measure, one)[others]
    weights, units = resample_groups(documents, labels, draws, seed)
    drawn = [_distances(weights[r * n : (r + 1) * n], counts, measure, one)[others] for r in range(draws)]
    table = pd.DataFrame({"group": np.array(groups, dtype=object)[others], "distance": distance})
    table[["low", "high", "nearest_in"]] = np.nan
    if draws:
        shifted = (np.array(drawn) - np.mean(drawn, axis=0) + distance).round(6)
        ends = np.quantile(shifted, [(1 - level) / 2, (1 + level) / 2], axis=0)
        table["low"], table["high"] = np.clip(ends, 0, 1)
        table["nearest_in"] = np.bincount(shifted.argmin(axis=1), minlength=n - 1) / draws
    too_short = units["too_short"].to_numpy()
    if too_short[one]:
        table["nearest_in"] = np.nan
    table["reason"] = np.where(too_short[others] | too_short[one], f"fewer than {MIN_PARAGRAPHS} paragraphs", "")
    table.loc[table["reason"] != "", ["low", "high"]] = np.nan
    table = table.sort_values(["distance", "group"], ignore_index=True).round(6)
    table.insert(0, "rank", range(1, n))
    return table


def _distances(
    weights: sparse.csr_array, counts: sparse.csr_array, measure: str, one: int | None = None
) -> npt.NDArray[Any]:
    """Distances between weighted sums of paragraphs, shape (n_groups, n_groups), or those of the group `one` alone."""
    if measure not in MEASURES:
        message = f"measure is {measure!r}; known are {', '.join(MEASURES)}"
        raise CrosscityError(message)
    grouped = (weights @ counts).tocsr()
    distance = _cosine(tf_idf(grouped, counts), one) if measure == "cosine" else _jensen_shannon(grouped, one)
    if one is None:
        np.fill_diagonal(distance, 0)
    return distance.round(6)


def _cosine(profile: sparse.csr_array, one: int | None) -> npt.NDArray[Any]:
    similarity = profile @ profile.T if one is None else profile @ profile[[one]].T
    similarity = np.asarray(similarity.todense())
    return 1 - np.clip(similarity if one is None else similarity[:, 0], 0, 1)


def _jensen_shannon(counted: sparse.csr_array, one: int | None) -> npt.NDArray[Any]:
    """sqrt(1 - sum over shared terms of m h(p / 2m)), m the mean of both shares, h the entropy of two outcomes in bits.

    A term that only one of two has adds half its share to the divergence, so that only shared terms need logarithms.
    """
    n, totals = counted.shape[0], np.asarray(counted.sum(axis=1), dtype=float).ravel()
    share = sparse.csr_array(counted.multiply(1 / np.maximum(totals, 1)[:, None]))
    share.sort_indices()
    dense = np.ascontiguousarray(share.toarray().T)  # terms by groups: rows of terms are picked fast
    entropy = dense * np.log2(np.where(dense > 0, dense, 1))
    own, divergence = entropy.sum(axis=0), np.zeros((n if one is None else 1, n))
    for row, i in enumerate(range(n) if one is None else [one]):
        span, rest = slice(share.indptr[i], share.indptr[i + 1]), slice(i + 1 if one is None else 0, None)
        terms = share.indices[span]
        both = dense[terms, rest] + share.data[span, None]
        gain = np.log2(both)
        gain *= both  # in place: twice as fast
        gain -= entropy[terms, rest]
        divergence[row, rest] = 1 + (own[i] - gain.sum(axis=0)) / 2
    distance = np.sqrt(np.clip(divergence, 0, 1))
    return distance + distance.T if one is None else distance[0]


def _linkage(distance: npt.NDArray[Any], ordered: bool = False) -> npt.NDArray[Any]:
    from scipy.cluster.hierarchy import linkage
    from scipy.spatial.distance import squareform

    return linkage(squareform(distance, checks=False), "average", optimal_ordering=ordered)


def _nodes(linked: npt.NDArray[Any]) -> list[int]:
    """The groups under each node, as bit sets."""
    sets = [1 << i for i in range(len(linked) + 1)]
    for a, b in linked[:, :2].astype(int):
        sets.append(sets[a] | sets[b])
    return sets[len(linked) + 1 :]
