"""How good topics are, and how many to look for: coherence, diversity, exclusivity, stability, held-out error.

Every measure looks at the first `models.TOP` terms of a topic, of its model's vocabulary; terms meet in a paragraph;
what is drawn or left out is a document with all its paragraphs, which are alike. Nothing is smoothed. `model` is a
`models.TopicModel`; `tops` what `top` gives; `counts` a sparse array, shape (n_paragraphs, n_terms).
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from .. import CrosscityError
from ..inference import parallel_map
from ..language import join_items, tr
from ..words.matrix import tf_idf
from . import models
from .models import match_tops, top

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    import numpy.typing as npt
    from scipy import sparse

    from .models import TopicModel

SURVIVES = 0.6  # least agreement over resamples of a topic that counts as found again: seven of ten terms, in order


def npmi(tops: npt.NDArray[Any], counts: sparse.csr_array) -> npt.NDArray[Any]:
    """Coherence: normalised pointwise mutual information of a topic's top terms, mean over pairs.

    log(p(a, b) / (p(a) p(b))) / -log p(a, b) (Bouma 2009; of topics: Lau, Newman and Baldwin 2014), p the share of the
    paragraphs that hold a term, or both: 1 if two terms only come together, 0 if by chance, -1 if never, as when one
    does not occur. It is in-sample if `counts` are those of the fit, held out if they are of other documents. The
    result has shape (n_topics,): NaN for a topic of fewer than two terms.
    """
    if not counts.shape[0]:
        msg = "coherence is measured in paragraphs, and there is none: add documents"
        raise CrosscityError(msg)
    used = np.unique(tops[tops >= 0])
    holds = (counts.tocsc()[:, used] > 0).astype(float)
    both = np.asarray((holds.T @ holds).todense()) / counts.shape[0]
    with np.errstate(divide="ignore", invalid="ignore"):
        value = np.log(both / np.outer(both.diagonal(), both.diagonal())) / -np.log(both)
    value[both == 0], value[both == 1] = -1, 1  # the limits
    rows = [np.searchsorted(used, row[row >= 0]) for row in tops]
    pairs = [value[np.ix_(at, at)][np.triu_indices(len(at), 1)] for at in rows]
    return np.array([of.mean() if len(of) else np.nan for of in pairs])


def diversity(tops: npt.NDArray[Any]) -> float:
    """Share of distinct terms among all top terms (Dieng, Ruiz and Blei 2020): 1 if no two topics share one."""
    found = tops[tops >= 0]
    return len(np.unique(found)) / len(found) if len(found) else np.nan


def exclusivity(model: TopicModel, tops: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """How much of its top terms is a topic's own: the mean of w[t, j] / sum over topics s of w[s, j].

    Bischof and Airoldi (2012), the exclusivity of FREX, itself and not its rank. It is 1 if no other topic holds the
    terms, 1 / n_topics if all hold them alike. The result has shape (n_topics,): NaN for a topic without terms.
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

    Each model starts afresh: started from the model of all, it would find what it was given. Draws, which are without
    replacement, are parts of the whole, so new documents will agree less; and a start from an SVD, as NMF's, hides what
    hangs on the start.

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
        What `fit` gives for all, if it is there already.
    jobs : int, optional
        See `inference.parallel_map`.

    Returns
    -------
    (ndarray, shape (k,), float)
        Agreement of each topic of the model of all with its match, by depths, mean over resamples; the mean of all. A
        resample in which no model can be fitted counts as 0.
    """
    draws = _draws(documents, counts, resamples, share, seed)
    whole = top(model or fit(counts, terms, k))
    again = parallel_map(_tops, [(fit, counts[rows], terms, k) for rows in draws], "stability", jobs)
    found = np.array([np.zeros(k) if tops is None else match_tops(whole, tops)[1] for tops in again])
    return found.mean(axis=0), float(found.mean())


def _tops(
    fit: Callable[..., TopicModel], counts: sparse.csr_array, terms: npt.NDArray[Any], k: int
) -> npt.NDArray[Any] | None:
    try:
        return top(fit(counts, terms, k))
    except CrosscityError:
        return None


def summary(
    model: TopicModel, names: Sequence[str], sizes: npt.ArrayLike, found: npt.ArrayLike, counts: sparse.csr_array
) -> pd.DataFrame:
    """A row a topic: topic, name, prevalence (its share of all text, by `sizes` in characters), stability (`found`),
    survives, npmi, exclusivity, x and y (on the map); see `stability`, `npmi`, `exclusivity`, `models.topic_map`.
    """
    tops, whole = top(model), np.full(len(model.shares), "all")
    table = pd.DataFrame({"topic": range(1, len(names) + 1), "name": names})
    table["prevalence"] = models.prevalence(model, whole, sizes).to_numpy()[0]
    table["stability"], table["survives"] = found, np.asarray(found) >= SURVIVES
    table["npmi"], table["exclusivity"] = npmi(tops, counts), exclusivity(model, tops)
    table[["x", "y"]] = models.topic_map(model)
    return table.round(6)


def residual(model: TopicModel, counts: sparse.csr_array, base: sparse.csr_array) -> float:
    """Relative error |X - W H| / |X| (Frobenius) of held-out tf-idf X as sums of the topics H: 0, all is said, to 1.

    W is by non-negative least squares (scikit-learn's coordinate descent, H kept). Document frequencies come from
    `base`, the counts of the fit; terms that only held-out paragraphs hold are in no topic, and count in full.
    """
    from sklearn.decomposition import non_negative_factorization as factorise
    from threadpoolctl import threadpool_limits

    x, h = tf_idf(counts, base), model.weights
    with threadpool_limits(limits=1):
        w = factorise(x, H=h, n_components=len(h), init="custom", update_H=False, max_iter=1000)[0]
        norm = (x.data**2).sum()
        rest = norm - 2 * (w * (x @ h.T)).sum() + ((w.T @ w) * (h @ h.T)).sum()
    return float(np.sqrt(max(rest, 0) / norm)) if norm else np.nan


def perplexity(
    model: TopicModel, counts: sparse.csr_array, base: sparse.csr_array | None = None, steps: int = 100, seed: int = 1
) -> float:
    """Held-out perplexity of a model of counts: exp of minus the mean log-likelihood of a word.

    By document completion (Wallach et al. 2009): a paragraph's shares are estimated by maximum likelihood (EM, `steps`
    steps, topics kept) from one random half of its words, and the other half is scored. `base` has no part.
    """
    counts = counts.tocsr()
    given = counts.copy()
    given.data = np.random.default_rng(seed).binomial(counts.data, 0.5)
    scored, weights = counts - given, np.maximum(model.weights, 1e-12)
    share = np.full((counts.shape[0], len(weights)), 1 / len(weights))
    rows, columns = np.repeat(np.arange(counts.shape[0]), np.diff(counts.indptr)), counts.indices

    def likelihood() -> npt.NDArray[Any]:
        return np.einsum("ij,ij->i", share[rows], weights.T[columns])

    ratio = given.copy().astype(float)
    for _ in range(steps):
        ratio.data = given.data / likelihood()
        share *= ratio @ weights.T
        share = (share + 1e-12) / (share + 1e-12).sum(axis=1, keepdims=True)
    ratio.data = np.log(likelihood())
    return float(np.exp(-scored.multiply(ratio).sum() / scored.sum())) if scored.sum() else np.nan


def held_error(method: str) -> Callable[..., float]:
    """What is measured on documents left out, for a method of `models.fit`: `residual` or, of counts, `perplexity`."""
    return perplexity if method in ("lda", "gibbs") else residual


def choose_k(
    counts: sparse.csr_array,
    terms: npt.NDArray[Any],
    documents: npt.ArrayLike,
    ks: Sequence[int],
    resamples: int = 20,
    share: float = 0.8,
    seed: int = 1,
    fit: Callable[..., TopicModel] | None = None,
    error: Callable[..., float] | None = residual,
    jobs: int | None = None,
) -> pd.DataFrame:
    """What speaks for each number of topics, with the same draws for all; see also `stability`.

    Parameters
    ----------
    counts, terms, documents, resamples, share, seed
        As for `stability`.
    ks : sequence of int
        The numbers of topics that are tried.
    fit, error : callable, optional
        `models.fit` if left out; error(model, held-out counts, counts of the fit), None if there is none.
    jobs : int, optional
        See `inference.parallel_map`; the table is the same, but for seconds.

    Returns
    -------
    DataFrame, a row a k, ascending
        stability, stability_low, stability_high: mean and 2.5th and 97.5th percentiles over resamples. surviving:
        topics of the model of all whose mean agreement is SURVIVES or more. npmi, diversity, exclusivity: of the model
        of all. npmi_held, error_held: mean of the resamples' models on the documents they leave out. npmi_held_se:
        s sqrt(1 / resamples + (1 - share) / share), as resamples overlap (Nadeau and Bengio 2003). seconds: of all
        fits, one by one.

    Raises
    ------
    CrosscityError
        If there is no k, or too few documents to draw from, or no k for which every model can be fitted; other k are
        not in the table.
    """
    if not (ks := sorted(set(ks), reverse=True)):  # the longest work first
        msg = "there is no number of topics to choose from: name some (ks)"
        raise CrosscityError(msg)
    fit = fit or models.fit
    draws = [np.ones(counts.shape[0], dtype=bool), *_draws(documents, counts, resamples, share, seed)]
    work = [(fit, counts, terms, k, rows, error) for k in ks for rows in draws]
    made, table = parallel_map(_measured, work, "choice of k", jobs), []
    for i, k in enumerate(ks):
        whole, *parts = made[i * len(draws) : (i + 1) * len(draws)]
        if whole is None or any(part is None for part in parts):
            continue
        again = np.array([match_tops(whole["tops"], part["tops"])[1] for part in parts])
        low, high = np.percentile(again.mean(axis=1), [2.5, 97.5])
        held = pd.DataFrame(parts).drop(columns="tops")
        se = held["npmi"].std() * np.sqrt(1 / resamples + (1 - share) / share)
        row = {"k": k, "stability": again.mean(), "stability_low": low, "stability_high": high}
        row |= {"surviving": int((again.mean(axis=0) >= SURVIVES).sum())}
        row |= {name: whole[name] for name in ("npmi", "diversity", "exclusivity")}
        row |= {"npmi_held": held["npmi"].mean(), "npmi_held_se": se, "error_held": held["error"].mean()}
        table.append(row | {"seconds": whole["seconds"] + held["seconds"].sum()})
    if not table:
        msg = f"no model of {' or '.join(map(str, ks[::-1]))} topics can be fitted: name smaller ones (ks), or add text"
        raise CrosscityError(msg)
    return pd.DataFrame(table[::-1]).round(6)


def pick(table: pd.DataFrame) -> tuple[int, str]:
    """Choose k from the table of `choose_k`, and say why in a sentence.

    Of the k whose held-out coherence is within one standard error of the best (as Breiman et al. 1984 prune trees), the
    one with most topics that survive resampling, the smallest of these: the finest view that the documents support.
    """
    best = table.loc[table["npmi_held"].idxmax()]
    near = table[table["npmi_held"] >= best["npmi_held"] - np.nan_to_num(best["npmi_held_se"])]
    chosen = near.sort_values(["surviving", "k"], ascending=[False, True]).iloc[0]
    values = {"k": chosen["k"], "best": best["npmi_held"], "error": best["npmi_held_se"], "n": chosen["surviving"]}
    if len(near) == 1:
        reason = tr(
            "k = {k:.0f}: its coherence on what is left out, {best:.3f}, is the best, and no other is within a "
            "standard error, {error:.3f}, with {n:.0f} topics that are found again in resamples.",
            **values,
        )
    else:
        reason = tr(
            "k = {k:.0f}: of those whose coherence on what is left out is within a standard error, {error:.3f}, of the "
            "best, {best:.3f} at k = {at:.0f} ({others}), with {n:.0f} topics that are found again in resamples, the "
            "most; of several k with as many the smallest.",
            at=best["k"],
            others=join_items(f"{k:.0f}" for k in sorted(near["k"])),
            **values,
        )
    return int(chosen["k"]), reason


def neighbours(table: pd.DataFrame, k: int) -> list[int]:
    """The next smaller and the next larger k of the table of `choose_k`, where there are such: a list of int."""
    ks = sorted(int(x) for x in table["k"])
    return [x for x in (max((x for x in ks if x < k), default=0), min((x for x in ks if x > k), default=0)) if x]


def _draws(
    documents: npt.ArrayLike, counts: sparse.csr_array, resamples: int, share: float, seed: int
) -> list[npt.NDArray[Any]]:
    """Which paragraphs each resample holds, as arrays of bool."""
    names, codes = np.unique(np.asarray(documents, dtype=object), return_inverse=True)
    drawn = round(share * len(names))
    if len(codes) != counts.shape[0]:
        msg = f"documents has {len(codes)} entries for {counts.shape[0]} paragraphs: name the document of each"
        raise CrosscityError(msg)
    if resamples < 1 or not 0 < drawn < len(names):
        msg = f"{resamples} draws of {drawn} of {len(names)} documents: change resamples or share, or add documents"
        raise CrosscityError(msg)
    return [np.isin(codes, np.random.default_rng([seed, i]).permutation(len(names))[:drawn]) for i in range(resamples)]


def _measured(
    fit: Callable[..., TopicModel],
    counts: sparse.csr_array,
    terms: npt.NDArray[Any],
    k: int,
    rows: npt.NDArray[Any],
    error: Callable[..., float] | None,
) -> dict[str, Any] | None:
    """What one fit on some paragraphs gives, None if there is none; coherence and error are on the others, if any."""
    start = time.perf_counter()
    try:
        model = fit(counts[rows], terms, k)
    except CrosscityError:
        return None
    tops, held = top(model), counts if rows.all() else counts[~rows]
    found = {"tops": tops, "npmi": np.nanmean(npmi(tops, held)), "exclusivity": np.nanmean(exclusivity(model, tops))}
    found["error"] = error(model, held, counts[rows]) if error and not rows.all() else np.nan
    return found | {"diversity": diversity(tops), "seconds": time.perf_counter() - start}
