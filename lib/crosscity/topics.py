"""Topics: non-negative matrix factorisation of the tf-idf of paragraphs."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from . import CrosscityError
from .matrix import tf_idf

_STEPS = 5000  # of coordinate descent; the six thousand paragraphs of the national reports need over a thousand


class TopicModel(NamedTuple):
    """A fitted model, topics in canonical order: the most prevalent first, ties by first term.

    Attributes
    ----------
    terms : ndarray of str, shape (n_terms,)
    weights : ndarray, shape (n_topics, n_terms)
        Weight of each term in each topic; rows sum to 1.
    shares : ndarray, shape (n_paragraphs, n_topics)
        Share of each topic in each paragraph: rows sum to 1; a paragraph that took no part, or in which no topic is
        found, is all NaN, never uniform.
    """

    terms: np.ndarray
    weights: np.ndarray
    shares: np.ndarray


def fit(counts, terms, k, min_tokens=5, seed=1):
    """Fit NMF to the tf-idf of paragraphs (Lee and Seung 1999; started from a truncated SVD, so it is deterministic).

    Parameters
    ----------
    counts : sparse array, shape (n_paragraphs, n_terms)
    terms : ndarray of str, shape (n_terms,)
    k : int
        Number of topics.
    min_tokens : int
        Paragraphs with fewer kept words are left out of the fit.
    seed : int
        Of the randomised SVD.

    Returns
    -------
    TopicModel

    Raises
    ------
    CrosscityError
        If there are fewer paragraphs or terms than topics.
    """
    from sklearn.decomposition import NMF
    from threadpoolctl import threadpool_limits

    used = np.asarray(counts.sum(axis=1)).ravel() >= min_tokens
    if used.sum() <= k or len(terms) <= k:
        found = f"{used.sum()} paragraphs of {min_tokens} words or more and {len(terms)} terms"
        msg = f"k is {k}, but there are only {found}: choose a smaller k, or more documents"
        raise CrosscityError(msg)
    matrix = tf_idf(counts[used])
    with threadpool_limits(limits=1):
        model = NMF(k, init="nndsvda", max_iter=_STEPS, tol=1e-5, random_state=seed)
        loadings = model.fit_transform(matrix)
    if model.n_iter_ >= _STEPS:
        msg = f"k is {k}: the model does not converge in {_STEPS:,} steps; choose another k"
        raise CrosscityError(msg)
    weights, mass = model.components_, model.components_.sum(axis=1)
    loadings = loadings * mass
    totals = loadings.sum(axis=1, keepdims=True)
    with np.errstate(invalid="ignore"):
        shares = np.where(totals > 0, loadings / totals, np.nan)
    prevalence = np.round(np.nansum(shares, axis=0), 6)
    first = [terms[row.argmax()] for row in weights]
    order = sorted(range(k), key=lambda t: (-prevalence[t], first[t]))
    everyone = np.full((counts.shape[0], k), np.nan)
    everyone[used] = shares[:, order]
    safe = np.where(mass > 0, mass, 1)
    return TopicModel(terms, (weights / safe[:, None])[order], everyone)


def top_terms(model, n=10):
    """The n terms of greatest weight of each topic, ties by term.

    Returns
    -------
    DataFrame
        Columns topic (1-based), rank, term, weight.
    """
    rows = []
    for topic, weights in enumerate(np.round(model.weights, 6), start=1):
        order = sorted(range(len(model.terms)), key=lambda j: (-weights[j], model.terms[j]))[:n]
        rows += [(topic, rank, model.terms[j], weights[j]) for rank, j in enumerate(order, start=1) if weights[j] > 0]
    return pd.DataFrame(rows, columns=["topic", "rank", "term", "weight"])


def topic_names(model, n=3):
    """A name a topic, from its first terms: "1 村干部·报酬·补贴"."""
    table = top_terms(model, n)
    return [f"{t} {'·'.join(table.loc[table['topic'] == t, 'term'])}" for t in range(1, len(model.weights) + 1)]


def prevalence(model, labels, sizes):
    """Share of each topic in each group, paragraphs weighted by their length.

    Parameters
    ----------
    model : TopicModel
    labels : sequence of str, length n_paragraphs
        The group of each paragraph.
    sizes : sequence of int, length n_paragraphs
        Length of each paragraph in characters.

    Returns
    -------
    DataFrame, shape (n_groups, n_topics)
        Rows sum to 1; index: groups, sorted; columns: topics, 1-based. A group of which no paragraph took part is NaN.
    """
    weighted = pd.DataFrame(model.shares * np.asarray(sizes)[:, None])
    weighted.columns = range(1, model.shares.shape[1] + 1)
    sums = weighted.groupby(np.asarray(labels, dtype=object)).sum(min_count=1)
    return sums.div(sums.sum(axis=1, min_count=1), axis=0)
