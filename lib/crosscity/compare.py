"""What sets groups apart: log-ratios with bootstrap intervals, distances. Tests and log-odds: `keyness`."""

import numpy as np
import pandas as pd

from .keyness import log_odds
from .matrix import group_matrix, tf_idf

__all__ = ["bootstrap_log_ratio", "cluster_order", "distances", "log_odds"]


def bootstrap_log_ratio(counts, terms, labels, table, draws=200, seed=1):
    """Intervals of log-ratios, by resampling the paragraphs of either side.

    Parameters
    ----------
    counts, terms, labels
        As for `log_odds`.
    table : DataFrame
        Columns group and term: which to compute.
    draws : int
    seed : int

    Returns
    -------
    DataFrame
        The table with columns low and high: the 2.5th and 97.5th percentiles. They speak of these documents: what other
        documents of the same group would say, they cannot know. A group of fewer than five paragraphs gets NaN.
    """
    labels = np.asarray(labels, dtype=object)
    where = {term: j for j, term in enumerate(terms)}
    lengths = np.asarray(counts.sum(axis=1)).ravel()
    table = table.assign(low=np.nan, high=np.nan)
    for group, rows in table.groupby("group"):
        columns = [where[t] for t in rows["term"]]
        rng = np.random.default_rng([seed, *str(group).encode()])
        sides = []
        for side in (labels == group, labels != group):
            n = int(side.sum())
            if n < 5:
                break
            drawn = rng.multinomial(n, np.full(n, 1 / n), size=draws)
            hits = np.asarray(drawn @ counts[side][:, columns])
            sides.append(np.log2((hits + 0.5) / (drawn @ lengths[side] + 0.5)[:, None]))
        if len(sides) == 2:
            low, high = np.percentile(sides[0] - sides[1], [2.5, 97.5], axis=0)
            table.loc[rows.index, "low"], table.loc[rows.index, "high"] = low.round(6), high.round(6)
    return table


def distances(counts, labels):
    """Cosine distances between groups, on the tf-idf of all their words.

    Returns
    -------
    DataFrame, shape (n_groups, n_groups)
        0 on the diagonal, at most 1; index and columns: groups, sorted.
    """
    members, groups = group_matrix(labels)
    profile = tf_idf((members @ counts).tocsr(), counts)
    similarity = np.clip(np.asarray((profile @ profile.T).todense()), 0, 1)
    np.fill_diagonal(similarity, 1)
    return pd.DataFrame((1 - similarity).round(6), index=groups, columns=groups)


def cluster_order(table):
    """Groups so ordered that near ones stand side by side: average linkage, optimal leaf order.

    Parameters
    ----------
    table : DataFrame, shape (n_groups, n_groups)
        Distances.
    """
    from scipy.cluster.hierarchy import leaves_list, linkage
    from scipy.spatial.distance import squareform

    if len(table) < 3:
        return list(table.index)
    tree = linkage(squareform(table.to_numpy(), checks=False), "average", optimal_ordering=True)
    return [table.index[i] for i in leaves_list(tree)]
