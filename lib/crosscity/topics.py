"""Topics: models of what paragraphs are about, behind one interface."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from . import CrosscityError
from .matrix import tf_idf

# Non-negative matrix factorisation of tf-idf (Lee and Seung 1999), deterministic; the same in batches, for large
# corpora; latent Dirichlet allocation of counts (Blei, Ng and Jordan 2003) by variational inference, and by Gibbs
# sampling (Griffiths and Steyvers 2004).
METHODS = ("nmf", "minibatch", "lda", "gibbs")
_STEPS = 5000  # of coordinate descent; the six thousand paragraphs of the national reports need over a thousand
_PASSES = 100  # of variational inference
_SWEEPS = 1000  # of the Gibbs sampler


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


def fit(counts, terms, k, min_tokens=5, seed=1, method="nmf", tol=1e-5):
    """Fit a topic model to paragraphs.

    Parameters
    ----------
    counts : sparse array, shape (n_paragraphs, n_terms)
    terms : ndarray of str, shape (n_terms,)
    k : int
        Number of topics.
    min_tokens : int
        Paragraphs with fewer kept words are left out of the fit.
    seed : int
        Of the randomised SVD that NMF starts from; of the draws of the others.
    method : str
        Of `METHODS`. All run in one thread, so that one seed gives one model.
    tol : float
        NMF ends when a step changes this share of what the first did.

    Returns
    -------
    TopicModel

    Raises
    ------
    CrosscityError
        If there are fewer paragraphs or terms than topics, the method is unknown or not installed, or NMF does not
        converge.
    """
    from threadpoolctl import threadpool_limits

    if method not in METHODS:
        msg = f"there is no topic model {method!r}: it is one of {', '.join(METHODS)}"
        raise CrosscityError(msg)
    used = np.asarray(counts.sum(axis=1)).ravel() >= min_tokens
    if used.sum() <= k or len(terms) <= k:
        found = f"{used.sum()} paragraphs of {min_tokens} words or more and {len(terms)} terms"
        msg = f"k is {k}, but there are only {found}: choose a smaller k, or more documents"
        raise CrosscityError(msg)
    with threadpool_limits(limits=1):
        loadings, weights = _FITTERS[method](counts[used], terms, k, seed, tol)
    mass = weights.sum(axis=1)
    totals = (loadings * mass).sum(axis=1, keepdims=True)
    with np.errstate(invalid="ignore"):
        shares = np.where(totals > 0, loadings * mass / totals, np.nan)
    prevalence = np.round(np.nansum(shares, axis=0), 6)
    first = [terms[row.argmax()] for row in weights]
    order = sorted(range(k), key=lambda t: (-prevalence[t], first[t]))
    everyone = np.full((counts.shape[0], k), np.nan)
    everyone[used] = shares[:, order]
    return TopicModel(terms, (weights / np.where(mass > 0, mass, 1)[:, None])[order], everyone)


def _nmf(counts, _, k, seed, tol):
    from sklearn.decomposition import NMF

    model = NMF(k, init="nndsvda", max_iter=_STEPS, tol=tol, random_state=seed)
    loadings = model.fit_transform(tf_idf(counts))
    if model.n_iter_ >= _STEPS:
        msg = f"k is {k}: the model does not converge in {_STEPS:,} steps; choose another k"
        raise CrosscityError(msg)
    return loadings, model.components_


def _minibatch(counts, _, k, seed, __):
    from sklearn.decomposition import MiniBatchNMF

    model = MiniBatchNMF(k, init="nndsvda", batch_size=1024, max_no_improvement=20, random_state=seed)
    return model.fit_transform(tf_idf(counts)), model.components_


def _lda(counts, _, k, seed, __):
    from sklearn.decomposition import LatentDirichletAllocation

    # Another n_jobs gives another model.
    model = LatentDirichletAllocation(k, max_iter=_PASSES, n_jobs=1, random_state=seed)
    loadings = model.fit_transform(counts)
    return loadings, model.components_ / model.components_.sum(axis=1, keepdims=True)


def _gibbs(counts, terms, k, seed, _):
    try:
        import tomotopy
    except ImportError:
        msg = 'method gibbs needs the extra `gibbs`: pip install "crosscity[gibbs]"'
        raise CrosscityError(msg) from None
    model = tomotopy.LDAModel(k=k, seed=seed)
    for row in counts.tocsr():
        model.add_doc(np.repeat(row.indices, row.data).astype(str).tolist())
    model.train(_SWEEPS, workers=1, show_progress=False)
    weights = np.zeros((k, len(terms)))
    weights[:, [int(word) for word in model.used_vocabs]] = [model.get_topic_word_dist(t) for t in range(k)]
    return np.array([document.get_topic_dist() for document in model.docs]), weights


_FITTERS = {"nmf": _nmf, "minibatch": _minibatch, "lda": _lda, "gibbs": _gibbs}


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
