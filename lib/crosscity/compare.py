"""What sets groups apart: log-odds with a prior, log-ratios with bootstrap intervals, distances."""

import numpy as np
import pandas as pd

from . import CrosscityError
from .matrix import group_matrix, tf_idf


def log_odds(counts, terms, labels, prior=500.0):
    """Log-odds of each term in each group against all others, with an informative Dirichlet prior.

    Monroe, Colaresi and Quinn (2008), Fightin' Words, equations 16 and 22: the prior of a term is its share of the
    whole corpus times `prior`; z is the log-odds over its standard deviation, which takes words as independent.

    Parameters
    ----------
    counts : sparse array, shape (n_paragraphs, n_terms)
    terms : ndarray of str, shape (n_terms,)
    labels : sequence of str, length n_paragraphs
    prior : float
        Weight of the prior, in words.

    Returns
    -------
    DataFrame
        A row a group and term that the group has: group, term, count, count_rest, log_odds (natural), z, log_ratio (of
        rates, base 2, with half a count added to each), paragraphs (of the group that hold the term); sorted by group,
        then by z from the largest, ties by term.

    Raises
    ------
    CrosscityError
        If there are fewer than two groups: there is nothing to compare with.
    """
    members, groups = group_matrix(labels)
    if len(groups) < 2:
        found = f"only one group, {groups[0]!r}" if groups else "no group"
        message = f"there is {found}: add documents, or compare by another column (by)"
        raise CrosscityError(message)
    counted = np.asarray((members @ counts).todense(), dtype=float)
    holding = np.asarray((members @ (counts > 0).astype(np.int64)).todense())
    total = counted.sum(axis=0)
    alpha = prior * total / total.sum()
    frames = []
    for i, group in enumerate(groups):
        ours, theirs = counted[i], total - counted[i]
        n, m = ours.sum(), theirs.sum()
        a, b = ours + alpha, theirs + alpha
        delta = np.log(a / (n + prior - a)) - np.log(b / (m + prior - b))
        z = delta / np.sqrt(1 / a + 1 / b)
        ratio = np.log2((ours + 0.5) / (n + 0.5)) - np.log2((theirs + 0.5) / (m + 0.5))
        frame = pd.DataFrame(
            {"group": group, "term": terms, "count": ours.astype(int), "count_rest": theirs.astype(int)}
        )
        frame["log_odds"], frame["z"], frame["log_ratio"] = delta.round(6), z.round(6), ratio.round(6)
        frame["paragraphs"] = holding[i]
        frames.append(frame[frame["count"] > 0].sort_values(["z", "term"], ascending=[False, True]))
    return pd.concat(frames, ignore_index=True)


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
