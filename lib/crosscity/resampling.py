"""What is drawn again: paragraphs of a document, documents of a group, orders of labels; topics found again."""

from math import ceil, isqrt

import numpy as np


def run_length(n):
    """Length of a run of n neighbours: sqrt(n), rounded up.

    The order that is best for a variance is n ** (1/3) (Hall, Horowitz and Jing 1995); with the few dozen paragraphs of
    a document its intervals cover too rarely (bench/coverage.py: 0.90 for 0.95, and 0.94 with the root).
    """
    return isqrt(max(n, 1) - 1) + 1


def runs(n, rng):
    """Of 0 .. n - 1, n, in circular runs, so that each is drawn as often (Politis and Romano 1992)."""
    length = run_length(n)
    return ((rng.integers(n, size=ceil(n / length))[:, None] + np.arange(length)) % n).ravel()[:n]


def resample(documents, rng):
    """Paragraphs of a group, drawn again.

    Parameters
    ----------
    documents : list of ndarray of int
        The paragraphs of each document, in order.
    rng : numpy.random.Generator

    Returns
    -------
    ndarray of int
        Of several documents, as many, drawn with replacement and kept whole; of one, as many paragraphs, in runs.
    """
    if len(documents) == 1:
        return documents[0][runs(len(documents[0]), rng)]
    return np.concatenate([documents[i] for i in rng.integers(len(documents), size=len(documents))])


def arrangements(labels):
    """All distinct orders of a list, each once."""
    if not labels:
        yield []
    for i in sorted({x: i for i, x in enumerate(labels)}.values()):
        yield from ([labels[i], *rest] for rest in arrangements(labels[:i] + labels[i + 1 :]))


def match(model, other):
    """Which topic of `other` stands for each of `model`.

    Parameters
    ----------
    model, other : TopicModel
        Of the same terms and number of topics.

    Returns
    -------
    topics : ndarray of int, shape (n_topics,)
        Each once: the assignment of greatest summed cosine of weights (the Hungarian method, Kuhn 1955).
    cosines : ndarray, shape (n_topics,)
    """
    from scipy.optimize import linear_sum_assignment

    one, two = (m.weights / np.maximum(np.linalg.norm(m.weights, axis=1, keepdims=True), 1e-12) for m in (model, other))
    _, topics = linear_sum_assignment(one @ two.T, maximize=True)
    return topics, (one * two[topics]).sum(axis=1)
