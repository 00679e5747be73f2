"""Topic models behind one interface: fitting, top terms, matching, prevalence, and the map of topics."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from .. import CrosscityError, NotEstimableError
from ..language import tr
from ..words.matrix import tf_idf

if TYPE_CHECKING:
    from typing import Any

    import numpy.typing as npt
    from scipy import sparse

# nmf: non-negative matrix factorisation of tf-idf (Lee and Seung 1999), deterministic; minibatch: the same in batches,
# for large corpora; lda: latent Dirichlet allocation of counts (Blei, Ng and Jordan 2003) by variational inference;
# gibbs: by Gibbs sampling (Griffiths and Steyvers 2004).
METHODS = ("nmf", "minibatch", "lda", "gibbs")
TOP = 10  # leading terms by which topics are described and compared
_NMF_STEPS = 5000  # of coordinate descent; the six thousand paragraphs of the national reports need over a thousand
_LDA_PASSES = 100
_GIBBS_SWEEPS = 1000
# Paragraphs from which NMF reckons in single precision, in two thirds to four fifths of the time: of 57,000 with 8 and
# with 20 topics all first ten terms are the same and coherence to the fourth decimal; so they are of 7,400 with eight
# numbers of topics, coherence and stability of resamples to 0.0001.
SINGLE = 5_000


class TopicModel(NamedTuple):
    """A fitted model, topics in canonical order: the most prevalent first, ties by first term.

    Attributes
    ----------
    terms : ndarray of str, shape (n_terms,)
    weights : ndarray, shape (n_topics, n_terms)
        Weight of each term in each topic; rows sum to 1.
    shares : ndarray, shape (n_paragraphs, n_topics)
        Share of each topic in each paragraph; rows sum to 1. A paragraph that took no part, or in which no topic was
        found, is all NaN, never uniform.
    """

    terms: npt.NDArray[Any]
    weights: npt.NDArray[Any]
    shares: npt.NDArray[Any]


def fit(
    counts: sparse.csr_array,
    terms: npt.NDArray[Any],
    k: int,
    min_tokens: int = 5,
    seed: int = 1,
    method: str = "nmf",
    tol: float = 1e-3,
) -> TopicModel:
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
        Of the randomised SVD from which NMF starts, or of the sampler.
    method : str
        Of `METHODS`. All run in one thread, so that one seed gives one model.
    tol : float
        NMF stops when a step changes less than this share of what the first step changed. At k = 20 on 110 reports
        1e-5 takes twice the time for the same coherence and stability (docs/topic-models.md).

    Returns
    -------
    TopicModel

    Raises
    ------
    NotEstimableError
        If there are not more paragraphs and terms than topics, or NMF does not converge.
    CrosscityError
        If the method is unknown or not installed, or k is below 2.
    """
    from threadpoolctl import threadpool_limits

    if method not in METHODS:
        msg = f"there is no topic model {method!r}: it is one of {', '.join(METHODS)}"
        raise CrosscityError(msg)
    if k < 2:
        msg = f"k is {k}: a model has two topics or more"
        raise CrosscityError(msg)
    used = np.asarray(counts.sum(axis=1)).ravel() >= min_tokens
    if used.sum() <= k or len(terms) <= k:
        lack = tr(
            "k is {k}, but there are only {n} paragraphs of {least} words or more and {terms} terms: choose a smaller "
            "k, or more documents",
            k=k,
            n=used.sum(),
            least=min_tokens,
            terms=len(terms),
        )
        raise NotEstimableError(lack)
    with threadpool_limits(limits=1):
        loadings, weights = _FITTERS[method](counts[used], terms, k, seed, tol)
    mass = weights.sum(axis=1)
    totals = (loadings * mass).sum(axis=1, keepdims=True)
    with np.errstate(invalid="ignore"):
        shares = np.where(totals > 0, loadings * mass / totals, np.nan)
    totals_by_topic = np.round(np.nansum(shares, axis=0), 6)
    first_terms = [terms[row.argmax()] for row in weights]
    order = sorted(range(k), key=lambda t: (-totals_by_topic[t], first_terms[t]))
    all_shares = np.full((counts.shape[0], k), np.nan)
    all_shares[used] = shares[:, order]
    return TopicModel(terms, (weights / np.where(mass > 0, mass, 1)[:, None])[order], all_shares)


def _nmf(counts: sparse.csr_array, _: Any, k: int, seed: int, tol: float) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
    from sklearn.decomposition import NMF

    model = NMF(k, init="nndsvda", max_iter=_NMF_STEPS, tol=tol, random_state=seed)
    loadings = model.fit_transform(in_precision(tf_idf(counts), counts.shape[0]))
    if model.n_iter_ >= _NMF_STEPS:
        lack = tr("k is {k}: the model does not converge in {n:,} steps; choose another k", k=k, n=_NMF_STEPS)
        raise NotEstimableError(lack)
    return loadings.astype(float), model.components_.astype(float)


def in_precision(matrix: sparse.csr_array, paragraphs: int) -> sparse.csr_array:
    """The matrix in the precision in which NMF of so many paragraphs reckons."""
    return matrix.astype(np.float32) if paragraphs >= SINGLE else matrix


def _minibatch(
    counts: sparse.csr_array, _: Any, k: int, seed: int, __: Any
) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
    from sklearn.decomposition import MiniBatchNMF

    model = MiniBatchNMF(k, init="nndsvda", batch_size=1024, max_no_improvement=20, random_state=seed)
    return model.fit_transform(tf_idf(counts)), model.components_


def _lda(counts: sparse.csr_array, _: Any, k: int, seed: int, __: Any) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
    from sklearn.decomposition import LatentDirichletAllocation

    # Another n_jobs would give another model.
    model = LatentDirichletAllocation(k, max_iter=_LDA_PASSES, n_jobs=1, random_state=seed)
    loadings = model.fit_transform(counts)
    return loadings, model.components_ / model.components_.sum(axis=1, keepdims=True)


def _gibbs(
    counts: sparse.csr_array, terms: npt.NDArray[Any], k: int, seed: int, _: Any
) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
    try:
        import tomotopy
    except ImportError:
        msg = 'method gibbs needs the extra `gibbs`: pip install "crosscity[gibbs]"'
        raise CrosscityError(msg) from None
    model = tomotopy.LDAModel(k=k, seed=seed)
    for row in counts.tocsr():
        model.add_doc(np.repeat(row.indices, row.data).astype(str).tolist())
    model.train(_GIBBS_SWEEPS, workers=1, show_progress=False)
    weights = np.zeros((k, len(terms)))
    weights[:, [int(word) for word in model.used_vocabs]] = [model.get_topic_word_dist(t) for t in range(k)]
    return np.array([document.get_topic_dist() for document in model.docs]), weights


_FITTERS = {"nmf": _nmf, "minibatch": _minibatch, "lda": _lda, "gibbs": _gibbs}


def top_term_indices(model: TopicModel, n: int = TOP) -> npt.NDArray[Any]:
    """Indices in `model.terms` of each topic's n terms of greatest weight, ties by term.

    Returns
    -------
    ndarray of int, shape (n_topics, n)
        -1 where a topic has no further term (with a weight of 5e-7 or more).
    """
    rank = np.argsort(np.argsort(model.terms))
    weights = np.round(model.weights, 6)
    order = np.array([np.lexsort((rank, -row))[:n] for row in weights])
    tops = np.where(np.take_along_axis(weights, order, axis=1) > 0, order, -1)
    return np.pad(tops, ((0, 0), (0, n - tops.shape[1])), constant_values=-1)


def top_terms(model: TopicModel, n: int = TOP) -> pd.DataFrame:
    """The n terms of greatest weight of each topic, ties by term.

    Returns
    -------
    DataFrame
        Columns topic (1-based), rank, term, weight.
    """
    rows = [
        (topic, rank, model.terms[j], round(weights[j], 6))
        for topic, (weights, tops) in enumerate(zip(model.weights, top_term_indices(model, n), strict=True), start=1)
        for rank, j in enumerate(tops[tops >= 0], start=1)
    ]
    return pd.DataFrame(rows, columns=["topic", "rank", "term", "weight"])


def match_topics(
    one: TopicModel, other: TopicModel, n: int = TOP, by: str = "depths"
) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
    """Pair the topics of two models so that the sum of agreements is greatest (the Hungarian method, Kuhn 1955).

    Parameters
    ----------
    one, other : TopicModel
        Vocabularies and numbers of topics may differ; agreement by cosine needs the same vocabulary.
    n : int
        How many first terms of a topic are compared; not for cosine.
    by : {"depths", "top", "cosine"}
        Agreement is the Jaccard index of the first n terms ("top"); the mean of those of the first 1, 2, ..., n
        (average Jaccard: Greene, O'Callaghan and Cunningham 2014), to which early terms matter more; or the cosine of
        the weights.

    Returns
    -------
    pairs : ndarray of int, shape (n_pairs, 2)
        Topics of `one`, ascending, and of `other`; 0-based.
    agreement : ndarray, shape (n_pairs,)
    """
    if by == "cosine":
        a, b = (m.weights / np.maximum(np.linalg.norm(m.weights, axis=1, keepdims=True), 1e-12) for m in (one, other))
        return _assign(a @ b.T)
    if by not in ("depths", "top"):
        msg = f"by is {by!r}: choose 'depths', 'top' or 'cosine'"
        raise CrosscityError(msg)
    codes = {term: j for j, term in enumerate(dict.fromkeys([*one.terms, *other.terms]))}
    tops = [np.array([*(codes[t] for t in m.terms), -1])[top_term_indices(m, n)] for m in (one, other)]
    return match_top_terms(tops[0], tops[1], by)


def match_top_terms(
    one: npt.NDArray[Any], other: npt.NDArray[Any], by: str = "depths"
) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
    """`match_topics` for arrays of `top_term_indices` that refer to one vocabulary."""
    same = (one[:, None, :, None] == other[None, :, None, :]) & (one >= 0)[:, None, :, None]
    common = np.diagonal(same.cumsum(axis=2).cumsum(axis=3), axis1=2, axis2=3)  # at each depth
    ours, theirs = ((tops >= 0).cumsum(axis=1) for tops in (one, other))
    jaccard = common / np.maximum(ours[:, None] + theirs[None] - common, 1)
    return _assign(jaccard.mean(axis=2) if by == "depths" else jaccard[:, :, -1])


def _assign(agreement: npt.NDArray[Any]) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
    from scipy.optimize import linear_sum_assignment

    pairs = np.stack(linear_sum_assignment(agreement, maximize=True), axis=1)
    return pairs, agreement[pairs[:, 0], pairs[:, 1]]


def topic_names(model: TopicModel, n: int = 3) -> list[str]:
    """Names of topics, from their numbers and first terms: "1 村干部·报酬·补贴"."""
    table = top_terms(model, n)
    return [f"{t} {'·'.join(table.loc[table['topic'] == t, 'term'])}" for t in range(1, len(model.weights) + 1)]


def prevalence(model: TopicModel, labels: npt.ArrayLike, sizes: npt.ArrayLike) -> pd.DataFrame:
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
        Rows sum to 1; index: groups, sorted; columns: topics, 1-based. A group whose paragraphs took no part is NaN.
    """
    weighted = pd.DataFrame(model.shares * np.asarray(sizes)[:, None])
    weighted.columns = pd.RangeIndex(1, model.shares.shape[1] + 1)
    sums = weighted.groupby(np.asarray(labels, dtype=object)).sum(min_count=1)
    return sums.div(sums.sum(axis=1, min_count=1), axis=0)


def topic_distances(model: TopicModel) -> npt.NDArray[Any]:
    """Jensen-Shannon distances between the term distributions of topics: 0 (the same) to 1 (no term in common).

    The square root of the divergence, with logarithms to base 2 (Endres and Schindelin 2003). A topic without terms is
    at 1 from all others.

    Returns
    -------
    ndarray, shape (n_topics, n_topics)
        Rounded to nine decimals.
    """
    from scipy.spatial.distance import pdist, squareform

    distances = squareform(pdist(model.weights, "jensenshannon") / np.sqrt(np.log(2)))
    return np.round(np.clip(np.nan_to_num(distances, nan=1.0), 0, 1), 9)


def topic_map(model: TopicModel) -> npt.NDArray[Any]:
    """Coordinates of topics in a plane, by classical scaling of `topic_distances` (Torgerson 1952).

    These distances embed in a Euclidean space (Fuglede and Topsøe 2004), of which the plane has the first two principal
    axes. On each axis the topic farthest from 0 (the first of equals) is on the positive side. Where axes are equally
    long, as for topics without a common term, the rotation of the plane means nothing: the topics are then laid as
    nearly as possible along a circle, in their order.

    Returns
    -------
    ndarray, shape (n_topics, 2)
        Rounded to six decimals; the second column is 0 if there are two topics.
    """
    values, vectors = _principal_axes(topic_distances(model))
    coordinates = np.zeros((len(vectors), 2))
    for axis, (value, vector) in enumerate(zip(values[:2], vectors.T[:2], strict=True)):
        coordinates[:, axis] = np.round(vector * np.sqrt(value), 6)
        coordinates[:, axis] *= np.sign(coordinates[np.abs(coordinates[:, axis]).argmax(), axis])
    return coordinates + 0.0  # no minus zero


def map_share(model: TopicModel) -> float:
    """Share of the squared distances between topics that the plane of `topic_map` shows; NaN if all are 0."""
    values, _ = _principal_axes(topic_distances(model))
    return round(float(values[:2].sum() / values.sum()), 6) if values.any() else np.nan


def _principal_axes(distances: npt.NDArray[Any]) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
    """Eigenvalues, descending, and eigenvectors of the inner products of centred points at these distances."""
    squares = distances**2
    means = squares.mean(axis=0)
    values, vectors = np.linalg.eigh(-0.5 * (squares - means - means[:, None] + means.mean()))
    values, vectors = np.maximum(values[::-1], 0), vectors[:, ::-1].copy()
    ends = np.flatnonzero(values[:-1] - values[1:] > 1e-6 * values[0]) + 1
    for group in np.split(np.arange(len(values)), ends):
        if len(group) > 1 and values[group[0]] > 1e-6 * values[0]:
            vectors[:, group] = _canonical_basis(vectors[:, group])
    return values, vectors


def _canonical_basis(vectors: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """An orthonormal basis of the same space that depends on the space alone: waves, projected into it.

    The basis that a solver gives where eigenvalues are equal is a matter of rounding, and differs between machines.
    """
    n, size = vectors.shape
    angles = 2 * np.pi * np.arange(n) / n
    waves = [wave(k * angles) for k in range(1, n) for wave in (np.cos, np.sin)]
    basis: list[npt.NDArray[Any]] = []
    for wave in [*waves, *np.eye(n)]:
        rest = vectors @ (vectors.T @ wave)
        for vector in basis:
            rest -= vector * (vector @ rest)
        if np.linalg.norm(rest) > 1e-3:  # less is what rounding leaves of a wave that the basis spans already
            basis.append(rest / np.linalg.norm(rest))
        if len(basis) == size:
            break
    return np.column_stack(basis)
