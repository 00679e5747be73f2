"""Terms that stand in the same paragraphs, as a graph that can be read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy import sparse

from .. import CrosscityError
from ..inference import clusters
from ..words.matrix import group_matrix

if TYPE_CHECKING:
    from typing import Any

    import numpy.typing as npt


def network(
    counts: sparse.csr_array,
    terms: npt.NDArray[Any],
    documents: npt.ArrayLike,
    chosen: Any,
    neighbours: int = 2,
    fewest: int = 3,
    draws: int = 200,
    seed: int = 1,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Which terms stand in the same paragraphs more than by chance: a graph that can be read.

    The weight of a pair is its normalised pointwise mutual information over paragraphs (Bouma 2009): 0 where they are
    independent, 1 where neither stands without the other. An edge stays if it is above 0, if enough documents have a
    paragraph with both, and if it is among the strongest of either of its terms. A threshold for all would leave the
    rarer half of the terms alone and draw the rest as a tangle; this is at most `neighbours` edges a term, and each
    term keeps its nearest. Long paragraphs raise all weights: what they are good for is their order.

    Parameters
    ----------
    counts : sparse array, shape (n_paragraphs, n_terms)
    terms : ndarray of str, shape (n_terms,)
    documents : sequence of str, length n_paragraphs
    chosen : sequence of str
        The terms of the network, a hundred or so at most; of `terms`.
    neighbours : int
        Edges that a term asks for; with those that others ask for it may have more.
    fewest : int
        Documents with a paragraph that holds both (all of them, where there are fewer).
    draws, seed : int

    Returns
    -------
    nodes : DataFrame
        term, count, paragraphs and documents (that hold it), community (from 1, by size; by Louvain's method, Blondel
        et al. 2008; 0 for a term without an edge), degree; by community, then count.
    edges : DataFrame
        a, b, paragraphs and documents (with both), weight, kept (in which share of draws of as many documents, with
        replacement, the edge is there again; of fewer than three, their tenths are drawn); by weight.

    Raises
    ------
    CrosscityError
        If a chosen term is not among the terms.
    """
    chosen = sorted(set(chosen))
    if absent := [term for term in chosen if term not in set(terms)]:
        msg = f"{absent[0]!r} is not among the {len(terms)} terms that are counted: choose of those"
        raise CrosscityError(msg)
    counts = sparse.csc_array(counts)[:, pd.Index(terms).get_indexer(chosen)]
    holds = (counts > 0).astype(np.int64)
    a, b = np.triu_indices(len(chosen), 1)
    both = holds[:, a].multiply(holds[:, b]).tocsr()
    (units, _), (members, names) = group_matrix(clusters(documents)[0]), group_matrix(documents)
    parts = [(units @ m).toarray() for m in (both, holds)] + [np.asarray(units.sum(axis=1))[:, None]]
    together, alone, n = (part.sum(axis=0) for part in parts)
    held = np.bincount((members @ both).tocsr().indices, minlength=len(a))
    possible = held >= max(min(fewest, len(names)), 1)
    weight = npmi(together, alone[a], alone[b], n)
    shown = _nearest(np.where(possible, weight, -1), a, b, neighbours)
    drawn = np.random.default_rng(seed).multinomial(len(parts[0]), np.full(len(parts[0]), 1 / len(parts[0])), draws)
    kept = np.zeros(len(a))
    for times in drawn:
        x, y, m = (times @ part for part in parts)
        kept += _nearest(np.where(possible, npmi(x, y[a], y[b], m), -1), a, b, neighbours)
    names = np.array(chosen, dtype=object)
    edges = pd.DataFrame({"a": names[a], "b": names[b], "paragraphs": together, "documents": held, "weight": weight})
    edges = edges.assign(kept=kept / max(draws, 1))[shown]
    nodes = pd.DataFrame({"term": names, "count": counts.sum(axis=0), "paragraphs": alone})
    nodes["documents"] = np.bincount((members @ holds).tocsr().indices, minlength=len(names))
    nodes["community"] = _communities(len(names), a[shown], b[shown], weight[shown], nodes["count"], seed)
    nodes["degree"] = np.bincount(np.r_[a[shown], b[shown]], minlength=len(names))
    nodes["last"] = nodes["community"] == 0
    nodes = nodes.sort_values(["last", "community", "count", "term"], ascending=[True, True, False, True])
    edges = edges.sort_values(["weight", "a", "b"], ascending=[False, True, True], ignore_index=True)
    return nodes.drop(columns="last").reset_index(drop=True), edges


def npmi(together: npt.NDArray[Any], a: npt.NDArray[Any], b: npt.NDArray[Any], n: float) -> npt.NDArray[Any]:
    """Normalised pointwise mutual information, ln(p_ab / (p_a p_b)) / -ln p_ab; -1 for a pair that never meets.

    Bouma (2009). Two that stand everywhere are independent: 0.
    """
    together, chance = np.asarray(together, dtype=float), np.asarray(a, dtype=float) * b / n
    known = np.where(together > 0, together, 1)
    bits = np.where(known < n, -np.log(known / n), 1)
    return np.where(together > 0, np.log(known / np.maximum(chance, 1e-12)) / bits, -1).round(6)


def _nearest(weight: npt.NDArray[Any], a: npt.NDArray[Any], b: npt.NDArray[Any], neighbours: int) -> npt.NDArray[Any]:
    """Which pairs are among the strongest of either side, and above 0; ties by place."""
    n = b.max(initial=0) + 1
    square = np.full((n, n), -1.0)
    square[a, b] = square[b, a] = weight
    first = np.argsort(-square, axis=1, kind="stable")[:, :neighbours]
    asked = np.zeros(square.shape, dtype=bool)
    np.put_along_axis(asked, first, True, axis=1)
    return (asked[a, b] | asked[b, a]) & (weight > 0)


def _communities(
    n: int, a: npt.NDArray[Any], b: npt.NDArray[Any], weight: npt.NDArray[Any], size: npt.NDArray[Any], seed: int
) -> npt.NDArray[Any]:
    """Communities of a graph, from 1 by number of terms, then by their counts; 0 for terms without an edge."""
    import networkx as nx

    graph: nx.Graph[int] = nx.Graph()
    graph.add_nodes_from(range(n))  # numbers: sets of words have another order in each process
    graph.add_weighted_edges_from(zip(a.tolist(), b.tolist(), weight.tolist(), strict=True))
    found = [sorted(c) for c in nx.community.louvain_communities(graph, seed=seed) if len(c) > 1]
    found.sort(key=lambda c: (-len(c), -size[c].sum(), c))
    labels = np.zeros(n, dtype=np.int64)
    for i, community in enumerate(found, start=1):
        labels[community] = i
    return labels
