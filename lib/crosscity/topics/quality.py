"""Quality of topics, and the choice of k: coherence, diversity, exclusivity, stability, held-out error.

Measures look at the first `models.TOP` terms of a topic; terms co-occur in a paragraph; resamples draw whole documents,
since the paragraphs of one are alike. Nothing is smoothed. `tops` is of `models.top_term_indices`; `counts` is a sparse
array, shape (n_paragraphs, n_terms).
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from .. import CrosscityError, NotEstimableError
from ..inference import parallel_map
from ..language import join_items, tr
from ..words.matrix import tf_idf
from . import models
from .models import match_top_terms, top_term_indices

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    import numpy.typing as npt
    from scipy import sparse

    from .models import TopicModel

SURVIVES = 0.6  # stability from which a topic counts as found again: seven of ten terms, in order


def coherence(tops: npt.NDArray[Any], counts: sparse.csr_array) -> npt.NDArray[Any]:
    """Coherence of topics: normalised pointwise mutual information (NPMI) of their top terms, mean over pairs.

    log(p(a, b) / (p(a) p(b))) / -log p(a, b) (Bouma 2009; of topics: Lau, Newman and Baldwin 2014), with p the share of
    paragraphs that contain a term, or both: 1 if two terms only occur together, 0 if by chance, -1 if never (or one
    does not occur). It is in-sample if `counts` are those of the fit, held out if they are of other documents.

    Returns
    -------
    ndarray, shape (n_topics,)
        NaN for a topic of fewer than two terms.
    """
    if not counts.shape[0]:
        msg = "coherence is measured in paragraphs, and there is none: add documents"
        raise CrosscityError(msg)
    used = np.unique(tops[tops >= 0])
    present = (counts.tocsc()[:, used] > 0).astype(float)
    both = np.asarray((present.T @ present).todense()) / counts.shape[0]
    with np.errstate(divide="ignore", invalid="ignore"):
        value = np.log(both / np.outer(both.diagonal(), both.diagonal())) / -np.log(both)
    value[both == 0], value[both == 1] = -1, 1  # the limits
    topics = [np.searchsorted(used, row[row >= 0]) for row in tops]
    pairs = [value[np.ix_(at, at)][np.triu_indices(len(at), 1)] for at in topics]
    return np.array([values.mean() if len(values) else np.nan for values in pairs])


def diversity(tops: npt.NDArray[Any]) -> float:
    """Share of distinct terms among all top terms (Dieng, Ruiz and Blei 2020): 1 if no two topics share one."""
    terms = tops[tops >= 0]
    return len(np.unique(terms)) / len(terms) if len(terms) else np.nan


def exclusivity(model: TopicModel, tops: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Exclusivity of topics: the mean over top terms j of w[t, j] / sum over topics s of w[s, j].

    The exclusivity of FREX (Bischof and Airoldi 2012), its value and not its rank: 1 if no other topic has the terms,
    1 / n_topics if all topics have them alike.

    Returns
    -------
    ndarray, shape (n_topics,)
        NaN for a topic without terms.
    """
    total = model.weights.sum(axis=0)
    pairs = [(w, row[row >= 0]) for w, row in zip(model.weights, tops, strict=True)]
    return np.array([(w[j] / total[j]).mean() if len(j) else np.nan for w, j in pairs])


def stability(
    fit: Callable[..., TopicModel],
    counts: sparse.csr_array,
    terms: npt.NDArray[Any],
    documents: npt.ArrayLike,
    k: int,
    resamples: int = 20,
    share: float = 0.8,
    seed: int = 1,
    model: TopicModel | None = None,
    jobs: int | None = None,
) -> tuple[npt.NDArray[Any], float]:
    """How well topics are found again in a share of the documents (Greene, O'Callaghan and Cunningham 2014).

    Each model is fitted from scratch: started from the model of all documents, it would find what it was given. Draws
    are without replacement and parts of the whole, so new documents will agree less; and NMF's start from an SVD hides
    what depends on the start.

    Parameters
    ----------
    fit : callable
        fit(counts, terms, k) gives a TopicModel.
    counts : sparse array, shape (n_paragraphs, n_terms)
    terms : ndarray of str, shape (n_terms,)
    documents : sequence of str, length n_paragraphs
    k, resamples, seed : int
    share : float
        Of the documents, in each resample.
    model : TopicModel, optional
        What `fit` gives for all documents, if it is known.
    jobs : int, optional
        See `inference.parallel_map`.

    Returns
    -------
    by_topic : ndarray, shape (k,)
        Agreement (average Jaccard) of each topic of the full model with its match, mean over resamples. A resample in
        which no model can be fitted counts as 0.
    mean : float
        Of all topics.
    """
    draws = sample_documents(documents, counts, resamples, share, seed)
    whole = top_term_indices(model or fit(counts, terms, k))
    resampled = parallel_map(_fit_tops, (fit, counts, terms, k), [(rows,) for rows in draws], "stability", jobs)
    agreement = np.array([np.zeros(k) if tops is None else match_top_terms(whole, tops)[1] for tops in resampled])
    return agreement.mean(axis=0), float(agreement.mean())


def _fit_tops(
    fit: Callable[..., TopicModel],
    counts: sparse.csr_array,
    terms: npt.NDArray[Any],
    k: int,
    rows: npt.NDArray[np.bool_],
) -> npt.NDArray[Any] | None:
    try:
        return top_term_indices(fit(counts[rows], terms, k))
    except CrosscityError:
        return None


def summary(
    model: TopicModel, names: Sequence[str], sizes: npt.ArrayLike, stability: npt.ArrayLike, counts: sparse.csr_array
) -> pd.DataFrame:
    """The measures of each topic in one table.

    Parameters
    ----------
    model : TopicModel
    names : sequence of str, length n_topics
    sizes : sequence of int, length n_paragraphs
        In characters.
    stability : ndarray, shape (n_topics,)
        Of `stability`.
    counts : sparse array

    Returns
    -------
    DataFrame, n_topics rows
        topic (1-based), name, prevalence (share of all text), stability, survives (whether it is at least `SURVIVES`),
        npmi, exclusivity, x, y (of `models.topic_map`).
    """
    tops, whole = top_term_indices(model), np.full(len(model.shares), "all")
    table = pd.DataFrame({"topic": range(1, len(names) + 1), "name": names})
    table["prevalence"] = models.prevalence(model, whole, sizes).to_numpy()[0]
    table["stability"], table["survives"] = stability, np.asarray(stability) >= SURVIVES
    table["npmi"], table["exclusivity"] = coherence(tops, counts), exclusivity(model, tops)
    table[["x", "y"]] = models.topic_map(model)
    return table.round(6)


def reconstruction_error(model: TopicModel, counts: sparse.csr_array, base: sparse.csr_array) -> float:
    """Relative error |X - W H| / |X| (Frobenius) of held-out tf-idf X as sums of the topics H: 0 to 1.

    W is fitted by non-negative least squares (scikit-learn's coordinate descent with H fixed). Document frequencies
    come from `base`, the counts of the fit; terms that only held-out paragraphs contain are in no topic, and count in
    full.
    """
    from sklearn.decomposition import non_negative_factorization as factorise
    from threadpoolctl import threadpool_limits

    x, h = tf_idf(counts, base), model.weights
    given = models.in_precision(x, base.shape[0])
    settings = {"n_components": len(h), "init": "custom", "update_H": False, "max_iter": 1000}
    with threadpool_limits(limits=1):
        w = factorise(given, H=h.astype(given.dtype), **settings)[0].astype(float)
        norm = (x.data**2).sum()
        rest = norm - 2 * (w * (x @ h.T)).sum() + ((w.T @ w) * (h @ h.T)).sum()
    return float(np.sqrt(max(rest, 0) / norm)) if norm else np.nan


def perplexity(
    model: TopicModel, counts: sparse.csr_array, base: sparse.csr_array | None = None, steps: int = 100, seed: int = 1
) -> float:
    """Held-out perplexity of a model of counts: exp of minus the mean log-likelihood of a word.

    By document completion (Wallach et al. 2009): a paragraph's shares are estimated by maximum likelihood (`steps`
    steps of EM with the topics fixed) from a random half of its words, and the other half is scored. `base` is ignored:
    it is there so that the signature is that of `reconstruction_error`.
    """
    counts = counts.tocsr()
    observed = counts.copy()
    observed.data = np.random.default_rng(seed).binomial(counts.data, 0.5)
    scored, weights = counts - observed, np.maximum(model.weights, 1e-12)
    share = np.full((counts.shape[0], len(weights)), 1 / len(weights))
    rows, columns = np.repeat(np.arange(counts.shape[0]), np.diff(counts.indptr)), counts.indices

    def likelihood() -> npt.NDArray[Any]:
        return np.einsum("ij,ij->i", share[rows], weights.T[columns])

    ratio = observed.copy().astype(float)
    for _ in range(steps):
        ratio.data = observed.data / likelihood()
        share *= ratio @ weights.T
        share = (share + 1e-12) / (share + 1e-12).sum(axis=1, keepdims=True)
    ratio.data = np.log(likelihood())
    return float(np.exp(-scored.multiply(ratio).sum() / scored.sum())) if scored.sum() else np.nan


def held_out_error(method: str) -> Callable[..., float]:
    """The held-out error for a method of `models.fit`: `perplexity` for LDA, else `reconstruction_error`."""
    return perplexity if method in ("lda", "gibbs") else reconstruction_error


def choose_k(
    counts: sparse.csr_array,
    terms: npt.NDArray[Any],
    documents: npt.ArrayLike,
    ks: Sequence[int],
    resamples: int = 20,
    share: float = 0.8,
    seed: int = 1,
    fit: Callable[..., TopicModel] | None = None,
    error: Callable[..., float] | None = reconstruction_error,
    jobs: int | None = None,
) -> pd.DataFrame:
    """Measure models of several numbers of topics on the same resamples of the documents.

    Parameters
    ----------
    counts, terms, documents, resamples, share, seed
        As for `stability`.
    ks : sequence of int
        The numbers of topics to try.
    fit : callable, optional
        `models.fit` if left out.
    error : callable, optional
        error(model, held-out counts, counts of the fit) gives a float; None to measure none.
    jobs : int, optional
        See `inference.parallel_map`; it changes nothing but the column seconds.

    Returns
    -------
    DataFrame, a row a k, ascending
        stability, stability_low, stability_high: mean and 2.5th and 97.5th percentiles over resamples. surviving:
        topics of the full model whose stability is `SURVIVES` or more. npmi, diversity, exclusivity: of the full model.
        npmi_held, error_held: mean of the resamples' models on the documents they leave out. npmi_held_se:
        s sqrt(1 / resamples + (1 - share) / share), since resamples overlap (Nadeau and Bengio 2003). by_topic: a
        tuple, the stability of each topic of the full model, as `stability` gives it. seconds: of all fits, one after
        the other. A k for which some model cannot be fitted has no row.

    Raises
    ------
    CrosscityError
        If there is no k.
    NotEstimableError
        If there are too few documents to draw from, or no k for which every model can be fitted.
    """
    if not (ks := sorted(set(ks), reverse=True)):  # the longest work first
        msg = "there is no number of topics to choose from: name some (ks)"
        raise CrosscityError(msg)
    fit = fit or models.fit
    draws = [np.ones(counts.shape[0], dtype=bool), *sample_documents(documents, counts, resamples, share, seed)]
    arguments = [(k, rows) for k in ks for rows in draws]
    measured, table = parallel_map(_measure, (fit, error, counts, terms), arguments, "choice of k", jobs), []
    for i, k in enumerate(ks):
        whole, *parts = measured[i * len(draws) : (i + 1) * len(draws)]
        if whole is None or any(part is None for part in parts):
            continue
        agreement = np.array([match_top_terms(whole["tops"], part["tops"])[1] for part in parts])
        low, high = np.percentile(agreement.mean(axis=1), [2.5, 97.5])
        held_out = pd.DataFrame(parts).drop(columns="tops")
        table.append(
            {
                "k": k,
                "stability": agreement.mean(),
                "stability_low": low,
                "stability_high": high,
                "surviving": int((agreement.mean(axis=0) >= SURVIVES).sum()),
                "npmi": whole["npmi"],
                "diversity": whole["diversity"],
                "exclusivity": whole["exclusivity"],
                "npmi_held": held_out["npmi"].mean(),
                "npmi_held_se": held_out["npmi"].std() * np.sqrt(1 / resamples + (1 - share) / share),
                "error_held": held_out["error"].mean(),
                "by_topic": tuple(agreement.mean(axis=0).tolist()),
                "seconds": whole["seconds"] + held_out["seconds"].sum(),
            }
        )
    if not table:
        which = tr(" or ").join(map(str, ks[::-1]))
        lack = tr("no model of {which} topics can be fitted: name smaller ones (ks), or add text", which=which)
        raise NotEstimableError(lack)
    return pd.DataFrame(table[::-1]).round(6)


def pick_k(table: pd.DataFrame) -> tuple[int, str]:
    """Choose k from the table of `choose_k`, and give the reason in a sentence.

    Among the k whose held-out coherence is within one standard error of the best (as Breiman et al. 1984 prune trees),
    it is the one with the most topics that survive resampling, and the smallest of several: the finest view that the
    documents support.
    """
    best = table.loc[table["npmi_held"].idxmax()]
    near = table[table["npmi_held"] >= best["npmi_held"] - np.nan_to_num(best["npmi_held_se"])]
    chosen = near.sort_values(["surviving", "k"], ascending=[False, True]).iloc[0]
    values = {"k": chosen["k"], "best": best["npmi_held"], "error": best["npmi_held_se"], "n": chosen["surviving"]}
    if len(near) == 1:
        reason = tr(
            "k = {k:.0f}: its held-out coherence, {best:.3f}, is the best, and no other is within a "
            "standard error, {error:.3f}, with {n:.0f} topics that are found again in resamples.",
            **values,
        )
    else:
        reason = tr(
            "k = {k:.0f}: of those whose held-out coherence is within a standard error, {error:.3f}, of the "
            "best, {best:.3f} at k = {at:.0f} ({others}), with {n:.0f} topics that are found again in resamples, the "
            "most; of several k with as many the smallest.",
            at=best["k"],
            others=join_items(f"{k:.0f}" for k in sorted(near["k"])),
            **values,
        )
    return int(chosen["k"]), reason


def neighbouring_k(table: pd.DataFrame, k: int) -> list[int]:
    """The next smaller and the next larger k in the table of `choose_k`, where there are any."""
    ks = sorted(int(x) for x in table["k"])
    return [*[x for x in ks if x < k][-1:], *[x for x in ks if x > k][:1]]


def sample_documents(
    documents: npt.ArrayLike, counts: sparse.csr_array, resamples: int, share: float, seed: int
) -> list[npt.NDArray[Any]]:
    """The paragraphs of a share of the documents, drawn `resamples` times: arrays of bool, shape (n_paragraphs,)."""
    codes, names = pd.factorize(np.asarray(documents, dtype=object))
    drawn = round(share * len(names))
    if len(codes) != counts.shape[0]:
        msg = f"documents has {len(codes)} entries for {counts.shape[0]} paragraphs: name the document of each"
        raise CrosscityError(msg)
    if resamples < 1 or not 0 < drawn < len(names):
        lack = tr(
            "{resamples} draws of {drawn} of {n} documents: change resamples or share, or add documents",
            resamples=resamples,
            drawn=drawn,
            n=len(names),
        )
        raise NotEstimableError(lack)
    return [np.isin(codes, np.random.default_rng([seed, i]).permutation(len(names))[:drawn]) for i in range(resamples)]


def _measure(
    fit: Callable[..., TopicModel],
    error: Callable[..., float] | None,
    counts: sparse.csr_array,
    terms: npt.NDArray[Any],
    k: int,
    rows: npt.NDArray[Any],
) -> dict[str, Any] | None:
    """Fit and measure one model, if it can be fitted; coherence and error are of the other paragraphs, if any."""
    start = time.perf_counter()
    try:
        model = fit(counts[rows], terms, k)
    except CrosscityError:
        return None
    tops, others = top_term_indices(model), counts if rows.all() else counts[~rows]
    return {
        "tops": tops,
        "npmi": np.nanmean(coherence(tops, others)),
        "exclusivity": np.nanmean(exclusivity(model, tops)),
        "error": error(model, others, counts[rows]) if error and not rows.all() else np.nan,
        "diversity": diversity(tops),
        "seconds": time.perf_counter() - start,
    }
