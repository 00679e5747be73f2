"""Co-occurrence networks of terms."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy import sparse

from .. import CrosscityError
from ..inference import clusters
from ..words.matrix import group_matrix

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    import numpy.typing as npt


def network(
    counts: sparse.csr_array,
    terms: npt.NDArray[Any],
    documents: npt.ArrayLike,
    chosen: Iterable[str],
    neighbours: int = 2,
    min_documents: int = 3,
    draws: int = 200,
    seed: int = 1,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The network of terms that occur in the same paragraphs more often than by chance.

    The weight of a pair is its normalised pointwise mutual information over paragraphs (Bouma 2009): 0 where the terms
    are independent, 1 where neither occurs without the other. A pair is an edge if its weight is above 0, enough
    documents have a paragraph with both, and it is among the strongest of either term. A threshold for all would
    isolate the rarer half of the terms and tangle the rest; so each term keeps its `neighbours` nearest. Long
    paragraphs raise all weights: only their order means something.

    Parameters
    ----------
    counts : sparse array, shape (n_paragraphs, n_terms)
    terms : ndarray of str, shape (n_terms,)
    documents : sequence of str, length n_paragraphs
    chosen : sequence of str
        The terms of the network, a hundred or so at most; of `terms`.
    neighbours : int
        Edges that a term asks for; with those that others ask for it may have more.
    min_documents : int
        Documents with a paragraph that has both (all of them, where there are fewer).
    draws, seed : int

    Returns
    -------
    nodes : DataFrame
        term, count, paragraphs and documents (that have it), community (1-based, by size; by Louvain's method, Blondel
        et al. 2008; 0 for a term without an edge), degree. Ordered by community, then count.
    edges : DataFrame
        a, b, paragraphs and documents (with both), weight, kept (share of bootstrap samples of the documents that have
        the edge; of fewer than three documents, their tenths are drawn). Ordered by weight.

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
    present = (counts > 0).astype(np.int64)
    a, b = np.triu_indices(len(chosen), 1)
    (units, _), (members, names) = (group_matrix(x, sort=False) for x in (clusters(documents)[0], documents))
    of_pairs, in_documents = [np.zeros((units.shape[0], 0), np.int64)], [np.zeros(0, np.int64)]
    for i in range(len(chosen) - 1):  # term by term: all pairs of all paragraphs would take much room
        both = present[:, i + 1 :].multiply(present[:, [i]]).tocsr()
        of_pairs.append((units @ both).toarray())
        in_documents.append(np.bincount((members @ both).tocsr().indices, minlength=both.shape[1]))
    parts = [np.hstack(of_pairs), (units @ present).toarray(), np.asarray(units.sum(axis=1))[:, None]]
    together, alone, n = (part.sum(axis=0) for part in parts)
    documents_with_both = np.concatenate(in_documents)
    possible = documents_with_both >= max(min(min_documents, len(names)), 1)
    weight = npmi(together, alone[a], alone[b], n)
    is_edge = _nearest(np.where(possible, weight, -1), a, b, neighbours)
    drawn = np.random.default_rng(seed).multinomial(len(parts[0]), np.full(len(parts[0]), 1 / len(parts[0])), draws)
    kept = np.zeros(len(a))
    for times in drawn:
        x, y, m = (times @ part for part in parts)
        kept += _nearest(np.where(possible, npmi(x, y[a], y[b], m), -1), a, b, neighbours)
    names = np.array(chosen, dtype=object)
    edges = pd.DataFrame({"a": names[a], "b": names[b], "paragraphs": together, "documents": documents_with_both})
    edges = edges.assign(weight=weight, kept=kept / max(draws, 1))[is_edge]
    nodes = pd.DataFrame({"term": names, "count": counts.sum(axis=0), "paragraphs": alone})
    nodes["documents"] = np.bincount((members @ present).tocsr().indices, minlength=len(names))
    nodes["community"] = _communities(len(names), a[is_edge], b[is_edge], weight[is_edge], nodes["count"], seed)
    nodes["degree"] = np.bincount(np.r_[a[is_edge], b[is_edge]], minlength=len(names))
    nodes["last"] = nodes["community"] == 0
    nodes = nodes.sort_values(["last", "community", "count", "term"], ascending=[True, True, False, True])
    edges = edges.sort_values(["weight", "a", "b"], ascending=[False, True, True], ignore_index=True)
    return nodes.drop(columns="last").reset_index(drop=True), edges


def npmi(together: npt.NDArray[Any], a: npt.NDArray[Any], b: npt.NDArray[Any], n: float) -> npt.NDArray[Any]:
    """Normalised pointwise mutual information, ln(p_ab / (p_a p_b)) / -ln p_ab; -1 for a pair that never co-occurs.

    Bouma (2009). Two terms that occur in every paragraph are independent: 0.
    """
    together, chance = np.asarray(together, dtype=float), np.asarray(a, dtype=float) * b / n
    known = np.where(together > 0, together, 1)
    bits = np.where(known < n, -np.log(known / n), 1)
    return np.where(together > 0, np.log(known / np.maximum(chance, 1e-12)) / bits, -1).round(6)


def _nearest(weight: npt.NDArray[Any], a: npt.NDArray[Any], b: npt.NDArray[Any], neighbours: int) -> npt.NDArray[Any]:
    """Which pairs are among the strongest of either term, and above 0; ties by position."""
    n = b.max(initial=0) + 1
    square = np.full((n, n), -1.0)
    square[a, b] = square[b, a] = weight
    strongest = np.argsort(-square, axis=1, kind="stable")[:, :neighbours]
    near = np.zeros(square.shape, dtype=bool)
    np.put_along_axis(near, strongest, True, axis=1)
    return (near[a, b] | near[b, a]) & (weight > 0)


def _communities(
    n: int, a: npt.NDArray[Any], b: npt.NDArray[Any], weight: npt.NDArray[Any], size: npt.NDArray[Any], seed: int
) -> npt.NDArray[Any]:
    """Communities of a graph, from 1 by number of terms, then by their counts; 0 for terms without an edge."""
    import networkx as nx

    graph: nx.Graph[int] = nx.Graph()
    graph.add_nodes_from(range(n))  # numbers, since sets of words have another order in each process
    graph.add_weighted_edges_from(zip(a.tolist(), b.tolist(), weight.tolist(), strict=True))
    communities = [sorted(c) for c in nx.community.louvain_communities(graph, seed=seed) if len(c) > 1]
    communities.sort(key=lambda c: (-len(c), -size[c].sum(), c))
    labels = np.zeros(n, dtype=np.int64)
    for i, community in enumerate(communities, start=1):
        labels[community] = i
    return labels
