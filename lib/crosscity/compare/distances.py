"""Distances between groups of documents: the matrix, a cluster tree with support, the neighbours of one group.

Noise adds to a distance, the more so the shorter a text is: whole texts are compared with what is long, and the longest
is nearest to all. So groups are compared at equal length, in draws of their words (`equal_length_draws`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd
from scipy import sparse

from .. import CrosscityError
from ..inference import MIN_PARAGRAPHS, block_length, resample
from ..words.matrix import group_matrix, inverse_frequencies, weighted_rows

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    import numpy.typing as npt

MEASURES = ("cosine", "js")
_EQUAL = 0.8  # of the shortest group's words: what is drawn of each, so that draws of the shortest differ as well
MAX_CELLS = 30_000_000  # of the distances of all draws: 240 MB
_LEAST_DRAWS = 20
_DRAWN = 4_000_000  # paragraphs of samples that are held at a time
_SHORT = 0.5  # of the median group's words, below which a group does not set the length for all


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
    weights = inverse_frequencies(counts)
    return pd.DataFrame(_distances((members @ counts).tocsr(), weights, measure), index=groups, columns=groups)


def equal_length_draws(
    counts: sparse.csr_array, labels: npt.ArrayLike, draws: int, seed: int
) -> Iterator[sparse.csr_array]:
    """Draws of equal length: of each group as many words at random, without repetition.

    It is four fifths of the words of the shortest group, those with less than half of the median apart, which are taken
    whole (`short_groups`). Words are drawn, and not paragraphs, since some documents are one paragraph.

    Parameters
    ----------
    counts : sparse array, shape (n_paragraphs, n_terms)
    labels : sequence of str, length n_paragraphs
    draws, seed : int

    Yields
    ------
    sparse array, shape (n_groups, n_terms)
        Counts of a draw; groups sorted. Those of a group depend on other groups by their length alone.
    """
    members, groups = group_matrix(labels)
    grouped = sparse.csr_array(members @ counts)
    words = np.asarray(grouped.sum(axis=1), dtype=np.int64).ravel()
    length = int(_EQUAL * words[~_is_short(words)].min()) if len(groups) else 0
    spans = [slice(*grouped.indptr[g : g + 2]) for g in range(len(groups))]
    sorted_terms = [np.unique(grouped.indices[span], return_inverse=True) for span in spans]
    starts = np.cumsum([0, *(len(of_group) for of_group, _ in sorted_terms)])
    terms = np.concatenate([np.zeros(0, dtype=np.int32), *(of_group for of_group, _ in sorted_terms)])
    texts = [  # of each group: its words, told by their place among the terms of all groups
        np.repeat((start + places).astype(np.int32), grouped.data[span].astype(np.int64))
        for start, (_, places), span in zip(starts, sorted_terms, spans, strict=False)
    ]
    generators = [np.random.default_rng([seed, *str(group).encode()]) for group in groups]
    for _ in range(draws):
        drawn = [
            rng.choice(text, length, replace=False) if len(text) > length else text
            for text, rng in zip(texts, generators, strict=True)
        ]
        times = np.bincount(np.concatenate([np.zeros(0, dtype=np.int32), *drawn]), minlength=len(terms))
        there = np.flatnonzero(times)
        yield sparse.csr_array((times[there], terms[there], np.searchsorted(there, starts)), shape=grouped.shape)


def short_groups(counts: sparse.csr_array, labels: npt.ArrayLike) -> list[Any]:
    """The groups with less than half of the median group's words: at equal length they are still shorter, and farther.

    Parameters
    ----------
    counts, labels : as for `distances`
    """
    members, groups = group_matrix(labels)
    words = np.asarray((members @ counts).sum(axis=1), dtype=np.int64).ravel()
    return [group for group, short in zip(groups, _is_short(words), strict=True) if short]


def _is_short(words: npt.NDArray[Any]) -> npt.NDArray[Any]:
    return words < _SHORT * np.median(words)


def affordable_draws(groups: int, draws: int) -> int:
    """How many of so many draws are made of so many groups: all up to some hundreds, then fewer."""
    return min(draws, max(_LEAST_DRAWS, MAX_CELLS // max(groups**2, 1)))


class EqualDistances(NamedTuple):
    """Distances between groups at equal length.

    Attributes
    ----------
    mean : DataFrame, shape (n_groups, n_groups)
        Over draws; 0 on the diagonal.
    drawn : ndarray, shape (draws, n_groups, n_groups)
    pairs : DataFrame
        A row a pair, the nearest first: a, b, distance (mean), low, high (of 95% of the draws), nearest_in (share of
        draws in which no pair is nearer), farthest_in.
    """

    mean: pd.DataFrame
    drawn: npt.NDArray[Any]
    pairs: pd.DataFrame


def drawn_distances(
    counts: sparse.csr_array,
    labels: npt.ArrayLike,
    measure: str = "cosine",
    draws: int = 200,
    seed: int = 1,
    of: Sequence[Any] | None = None,
) -> npt.NDArray[Any]:
    """Distances between groups in each draw of equal length, shape (draws, n_of, n_groups); groups sorted.

    Parameters
    ----------
    counts, labels, measure : as for `distances`
    draws, seed : as for `equal_length_draws`
    of : sequence of str, optional
        Groups whose distances from all are wanted; all if left out.

    Raises
    ------
    CrosscityError
        If the measure is unknown.
    """
    _, groups = group_matrix(labels)
    rows = None if of is None else np.array([groups.index(group) for group in of], dtype=np.int64)
    weights, equal = inverse_frequencies(counts), equal_length_draws(counts, labels, draws, seed)
    return np.array([_distances(draw, weights, measure, rows) for draw in equal])


def equal_distances(
    counts: sparse.csr_array,
    labels: npt.ArrayLike,
    measure: str = "cosine",
    draws: int = 200,
    seed: int = 1,
    drawn: npt.NDArray[Any] | None = None,
) -> EqualDistances:
    """Distances between groups at equal length: how far apart draws of their words are.

    Parameters
    ----------
    counts, labels, measure : as for `distances`
    draws, seed : as for `equal_length_draws`
    drawn : array, optional
        What `drawn_distances` gives for these, if it is known.

    Raises
    ------
    CrosscityError
        If the measure is unknown.
    """
    _, groups = group_matrix(labels)
    n = len(groups)
    drawn = drawn_distances(counts, labels, measure, draws, seed) if drawn is None else drawn
    mean = pd.DataFrame(drawn.mean(axis=0).round(6), index=groups, columns=groups)
    upper, names = np.triu_indices(n, 1), np.array(groups, dtype=object)
    of_pairs = drawn[:, upper[0], upper[1]]
    pairs = pd.DataFrame({"a": names[upper[0]], "b": names[upper[1]], "distance": mean.to_numpy()[upper]})
    if len(pairs):
        pairs["low"], pairs["high"] = np.quantile(of_pairs, [0.025, 0.975], axis=0).round(6)
        for name, found in (("nearest_in", of_pairs.argmin(axis=1)), ("farthest_in", of_pairs.argmax(axis=1))):
            pairs[name] = np.bincount(found, minlength=len(pairs)) / draws
        pairs = pairs.sort_values(["distance", "a", "b"], ignore_index=True)
    return EqualDistances(mean, drawn, pairs)


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


def resampled_sums(
    values: npt.NDArray[Any], documents: npt.ArrayLike, labels: npt.ArrayLike, draws: int, seed: int
) -> tuple[npt.NDArray[Any], pd.DataFrame]:
    """Sums over bootstrap samples of each group: whole documents or, of a single one, runs of paragraphs.

    Parameters
    ----------
    values : array, shape (n_paragraphs, n_values)
    documents, labels : sequences of str, length n_paragraphs
        A document's paragraphs in their order.
    draws, seed : int
        The samples of a group (`inference.resample`) do not depend on other groups.

    Returns
    -------
    sums : array, shape (draws, n_groups, n_values)
        Groups in ascending order.
    units : DataFrame
        By group: units (documents, or runs of a single one); correction (of the samples' variance: d / (d - 1) for d
        documents, n / (n - b) for runs of b of n paragraphs); too_short (a single document of fewer than eight
        paragraphs, whose samples do not show its variance).
    """
    documents, labels = np.asarray(documents, dtype=object), np.asarray(labels, dtype=object)
    groups, units = sorted(set(labels)), []
    sums = np.zeros((draws, len(groups), values.shape[1]))
    for g, group in enumerate(groups):
        at, rng = np.flatnonzero(labels == group), np.random.default_rng([seed, *str(group).encode()])
        own, (document, _) = values[at], pd.factorize(documents[at])
        members = [np.flatnonzero(document == d) for d in range(document.max() + 1)]
        d, n = len(members), len(at)
        b = block_length(n)
        units.append((d, d / (d - 1), False) if d > 1 else (-(-n // b), n / max(n - b, 1), n < MIN_PARAGRAPHS))
        together = max(_DRAWN // n, 1)  # draws whose paragraphs are held at a time
        for first in range(0, draws, together):
            some = range(first, min(first + together, draws))
            columns = [resample(members, rng).astype(np.int32) for _ in some]
            rows = np.repeat(np.arange(len(some), dtype=np.int32), list(map(len, columns)))
            ones = np.ones(len(rows), dtype=np.int32)
            weights = sparse.coo_array((ones, (rows, np.concatenate(columns))), shape=(len(some), n)).tocsr()
            sums[some.start : some.stop, g] = weights @ own
    return sums, pd.DataFrame(units, columns=["units", "correction", "too_short"], index=groups)


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


def cluster_tree(found: EqualDistances) -> ClusterTree:
    """Average linkage of groups at equal length, with support for each cluster.

    The support of a node is the share of draws in whose tree its groups are a node (as Felsenstein 1985, with words in
    place of sites). It says how far the node hangs on which of the words are read, not that it is true.

    Parameters
    ----------
    found : EqualDistances

    Raises
    ------
    CrosscityError
        If there are fewer than two groups.
    """
    from scipy.cluster.hierarchy import leaves_list

    groups = list(found.mean.index)
    if len(groups) < 2:
        message = (
            f"a tree needs two groups, and there are {len(groups)}: add documents, or compare by another column (by)"
        )
        raise CrosscityError(message)
    linked = _linkage(found.mean.to_numpy(), ordered=True)
    n, nodes = len(groups), _nodes(linked)
    times = dict.fromkeys(nodes, 0)
    for drawn in found.drawn:
        for node in _nodes(_linkage(drawn)):
            if node in times:
                times[node] += 1
    order = leaves_list(linked)
    names = ["、".join(groups[i] for i in order if node >> int(i) & 1) for node in nodes]
    table = pd.DataFrame({"members": names, "size": linked[:, 3].astype(int), "height": linked[:, 2].round(6)})
    table["support"] = [times[node] / len(found.drawn) for node in nodes]
    table.loc[n - 2, "support"] = np.nan
    return ClusterTree(linked, [groups[i] for i in order], table.round(6))


def crown(tree: ClusterTree, leaves: int) -> ClusterTree:
    """The last merges of a tree, with the clusters below them as leaves: "阳江 (+41)" is 阳江 and 41 more groups.

    Parameters
    ----------
    tree : ClusterTree
    leaves : int
        How many there are to be, two or more; the tree itself if it has no more.
    """
    n = len(tree.groups)
    if n <= leaves:
        return tree
    below, linked = n + n - leaves, tree.linkage[n - leaves :].copy()  # nodes from `below` on are the last merges
    at, groups = {group: i for i, group in enumerate(tree.groups)}, sorted(tree.groups)
    members = {i: [i] for i in range(n)}
    for k, (a, b) in enumerate(tree.linkage[: n - leaves, :2].astype(int)):
        members[n + k] = members[a] + members[b]
    own = [int(node) for node in linked[:, :2].ravel() if node < below]
    first = {node: min((groups[i] for i in members[node]), key=at.__getitem__) for node in own}
    label = {c: f"{first[c]} (+{len(members[c]) - 1})" if len(members[c]) > 1 else str(first[c]) for c in own}
    place = {name: i for i, name in enumerate(sorted(label.values()))}
    number = {node: place[label[node]] for node in own} | {below + k: leaves + k for k in range(leaves - 1)}
    linked[:, :2] = [[number[int(node)] for node in pair] for pair in linked[:, :2]]
    in_order = [label[node] for node in sorted(own, key=lambda node: at[first[node]])]
    return ClusterTree(linked, in_order, tree.nodes[n - leaves :].reset_index(drop=True))


def neighbours(
    counts: sparse.csr_array,
    labels: npt.ArrayLike,
    group: str,
    measure: str = "cosine",
    draws: int = 200,
    seed: int = 1,
    drawn: npt.NDArray[Any] | None = None,
) -> pd.DataFrame:
    """Distances from one group to all others at equal length, nearest first.

    Parameters
    ----------
    counts, labels, measure, draws, seed, drawn : as for `equal_distances`
    group : str

    Returns
    -------
    DataFrame, n_groups - 1 rows
        rank, group, distance (mean over draws), low, high (of 95% of the draws), nearest_in (share of draws in which it
        is the nearest).

    Raises
    ------
    CrosscityError
        If there is no such group, or no other, or the measure is unknown.
    """
    _, groups = group_matrix(labels)
    if group not in groups or len(groups) < 2:
        message = f"group is {group!r}, and the groups are {', '.join(map(str, groups[:20]))}: name one of at least two"
        raise CrosscityError(message)
    one, n = groups.index(group), len(groups)
    others = np.delete(np.arange(n), one)
    if drawn is None:
        drawn = drawn_distances(counts, labels, measure, draws, seed, [group])[:, 0, others]
    else:
        drawn = drawn[:, one, others]
    table = pd.DataFrame({"group": np.array(groups, dtype=object)[others], "distance": drawn.mean(axis=0)})
    table["low"], table["high"] = np.quantile(drawn, [0.025, 0.975], axis=0)
    table["nearest_in"] = np.bincount(drawn.argmin(axis=1), minlength=n - 1) / draws
    table = table.round(6).sort_values(["distance", "group"], ignore_index=True)
    table.insert(0, "rank", range(1, n))
    return table


def _distances(
    grouped: sparse.csr_array, weights: npt.NDArray[Any], measure: str, rows: npt.NDArray[np.int64] | None = None
) -> npt.NDArray[Any]:
    """Distances between the counts of groups, shape (n_groups, n_groups), or those of the groups `rows` from all.

    `weights` are the terms' inverse document frequencies.
    """
    if measure not in MEASURES:
        message = f"measure is {measure!r}; known are {', '.join(MEASURES)}"
        raise CrosscityError(message)
    distance = _cosine(weighted_rows(grouped, weights), rows) if measure == "cosine" else _jensen_shannon(grouped, rows)
    distance[np.arange(len(distance)), np.arange(len(distance)) if rows is None else rows] = 0
    return distance.round(6)


def _cosine(profile: sparse.csr_array, rows: npt.NDArray[np.int64] | None) -> npt.NDArray[Any]:
    # Few rows are multiplied faster where they are dense.
    similarity = (profile @ profile.T).toarray() if rows is None else (profile @ profile[rows].toarray().T).T
    return 1 - np.clip(similarity, 0, 1)


def _jensen_shannon(counted: sparse.csr_array, rows: npt.NDArray[np.int64] | None) -> npt.NDArray[Any]:
    """sqrt(1 - sum over shared terms of m h(p / 2m)), m the mean of both shares, h the entropy of two outcomes in bits.

    A term that only one of two has adds half its share to the divergence, so that only shared terms need logarithms.
    """
    n, totals = counted.shape[0], np.asarray(counted.sum(axis=1), dtype=float).ravel()
    share = sparse.csr_array(counted.multiply(1 / np.maximum(totals, 1)[:, None]))
    share.sort_indices()
    dense = np.ascontiguousarray(share.toarray().T)  # terms by groups: rows of terms are picked fast
    entropy = dense * np.log2(np.where(dense > 0, dense, 1))
    of = range(n) if rows is None else rows
    own, divergence = entropy.sum(axis=0), np.zeros((len(of), n))
    for row, i in enumerate(of):
        span, rest = slice(share.indptr[i], share.indptr[i + 1]), slice(i + 1 if rows is None else 0, None)
        terms = share.indices[span]
        both = dense[terms, rest] + share.data[span, None]
        gain = np.log2(both)
        gain *= both  # in place: twice as fast
        gain -= entropy[terms, rest]
        divergence[row, rest] = 1 + (own[i] - gain.sum(axis=0)) / 2
    distance = np.sqrt(np.clip(divergence, 0, 1))
    return distance + distance.T if rows is None else distance


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
