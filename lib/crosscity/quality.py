"""How good topics are, and how many to look for: coherence, diversity, exclusivity, stability, held-out error.

Every measure looks at the first TOP terms of a topic, of the vocabulary of its model; terms meet in a paragraph; what
is drawn or left out is a document with all its paragraphs, which are alike. Nothing is smoothed. `model` is a
`topics.TopicModel`; `tops` what `top` gives; `counts` a sparse array, shape (n_paragraphs, n_terms).
"""

import functools
import time

import numpy as np
import pandas as pd

from . import CrosscityError, topics
from .matrix import tf_idf

TOP = 10  # terms of a topic that are looked at
TOLERANCE = 1e-3  # of the models that only serve to choose k: a third of the work; at k = 20 stability moves by 0.003


def top(model, n=TOP):
    """Places in `model.terms` of each topic's n terms of greatest weight, ties by term, as in `topics.top_terms`.

    The result is of int, shape (n_topics, n): -1 where a topic has no further term (of a weight of 5e-7).
    """
    rank = np.argsort(np.argsort(model.terms))
    weights = np.round(model.weights, 6)
    order = np.array([np.lexsort((rank, -row))[:n] for row in weights])
    tops = np.where(np.take_along_axis(weights, order, axis=1) > 0, order, -1)
    return np.pad(tops, ((0, 0), (0, n - tops.shape[1])), constant_values=-1)


def npmi(tops, counts):
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


def diversity(tops):
    """Share of distinct terms among all top terms (Dieng, Ruiz and Blei 2020): 1 if no two topics share one."""
    found = tops[tops >= 0]
    return len(np.unique(found)) / len(found) if len(found) else np.nan


def exclusivity(model, tops):
    """How much of its top terms is a topic's own: the mean of w[t, j] / sum over topics s of w[s, j].

    Bischof and Airoldi (2012), the exclusivity of FREX, itself and not its rank. It is 1 if no other topic holds the
    terms, 1 / n_topics if all hold them alike. The result has shape (n_topics,): NaN for a topic without terms.
    """
    total = model.weights.sum(axis=0)
    pairs = [(w, row[row >= 0]) for w, row in zip(model.weights, tops, strict=True)]
    return np.array([(w[j] / total[j]).mean() if len(j) else np.nan for w, j in pairs])


def match(one, other, n=TOP, by="depths"):
    """Pair the topics of two models, of any vocabularies, so that the sum of agreements is greatest (Hungarian).

    Parameters
    ----------
    by : {"depths", "top"}
        Agreement is the Jaccard index of the first n terms ("top"), or the mean of those of the first 1, 2, ..., n
        (average Jaccard: Greene, O'Callaghan and Cunningham 2014), to which early terms matter more.

    Returns
    -------
    pairs : ndarray of int, shape (n_pairs, 2)
        Topics of one, ascending, and of the other; from 0.
    agreement : ndarray, shape (n_pairs,)
    """
    if by not in ("depths", "top"):
        msg = f"by is {by!r}: choose 'depths' or 'top'"
        raise CrosscityError(msg)
    codes = {term: j for j, term in enumerate(dict.fromkeys([*one.terms, *other.terms]))}
    return _matched(*(np.array([*(codes[t] for t in m.terms), -1])[top(m, n)] for m in (one, other)), by)


def _matched(one, other, by="depths"):
    """As `match`, of top terms that are numbered alike."""
    from scipy.optimize import linear_sum_assignment

    same = (one[:, None, :, None] == other[None, :, None, :]) & (one >= 0)[:, None, :, None]
    common = np.diagonal(same.cumsum(axis=2).cumsum(axis=3), axis1=2, axis2=3)  # at each depth
    ours, theirs = ((tops >= 0).cumsum(axis=1) for tops in (one, other))
    jaccard = common / np.maximum(ours[:, None] + theirs[None] - common, 1)
    agreement = jaccard.mean(axis=2) if by == "depths" else jaccard[:, :, -1]
    pairs = np.stack(linear_sum_assignment(-agreement), axis=1)
    return pairs, agreement[pairs[:, 0], pairs[:, 1]]


def stability(fit, counts, terms, documents, k, resamples=20, share=0.8, seed=1):
    """How well topics are found again in a share of the documents (Greene, O'Callaghan and Cunningham 2014).

    Each model starts afresh: started from the model of all, it would find what it was given. Draws, which are without
    replacement, are parts of the whole, so new documents will agree less; and a start from an SVD, as NMF's, hides what
    hangs on the start.

    Parameters
    ----------
    fit : callable
        fit(counts, terms, k) gives a TopicModel.
    documents : sequence of str, length n_paragraphs

    Returns
    -------
    (ndarray, shape (k,), float)
        Agreement of each topic of the model of all with its match, by depths, mean over resamples; the mean of all.
    """
    draws = _draws(documents, counts, resamples, share, seed)
    whole = top(fit(counts, terms, k))
    found = np.array([_matched(whole, top(fit(counts[rows], terms, k)))[1] for rows in draws])
    return found.mean(axis=0), float(found.mean())


def residual(model, counts, base):
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


def choose_k(
    counts, terms, documents, ks, resamples=20, share=0.8, seed=1, fit=None, error=residual, jobs=1, progress=False
):
    """What speaks for each number of topics, with the same draws for all; see also `stability`.

    Parameters
    ----------
    fit, error : callable, optional
        `topics.fit` to TOLERANCE if left out; error(model, held-out counts, counts of the fit), None if there is none.
    jobs, progress
        Fits made side by side (the table is the same, but for seconds); whether to show a bar, on a terminal only.

    Returns
    -------
    DataFrame, a row a k, ascending
        stability, stability_low, stability_high: mean and 2.5th and 97.5th percentiles over resamples. npmi,
        diversity, exclusivity: of the model of all. npmi_held, error_held: mean of the resamples' models on the
        documents they leave out. npmi_held_se: s sqrt(1 / resamples + (1 - share) / share), as resamples overlap
        (Nadeau and Bengio 2003). seconds: of all fits, one by one.
    """
    from joblib import Parallel, delayed
    from tqdm import tqdm

    if not (ks := sorted(set(ks), reverse=True)):  # the longest work first
        msg = "there is no number of topics to choose from: name some (ks)"
        raise CrosscityError(msg)
    fit = fit or functools.partial(topics.fit, tol=TOLERANCE)
    draws = [np.ones(counts.shape[0], dtype=bool), *_draws(documents, counts, resamples, share, seed)]
    work = [delayed(_measured)(fit, counts, terms, k, rows, error) for k in ks for rows in draws]
    made = Parallel(n_jobs=jobs, return_as="generator")(work)
    made = list(tqdm(made, desc="fits", total=len(work), disable=None if progress else True, leave=False))
    table = []
    for i, k in enumerate(ks):
        whole, *parts = made[i * len(draws) : (i + 1) * len(draws)]
        again = [_matched(whole["tops"], part["tops"])[1].mean() for part in parts]
        low, high = np.percentile(again, [2.5, 97.5])
        held = pd.DataFrame(parts).drop(columns="tops")
        se = held["npmi"].std() * np.sqrt(1 / resamples + (1 - share) / share)
        row = {"k": k, "stability": np.mean(again), "stability_low": low, "stability_high": high}
        row |= {name: whole[name] for name in ("npmi", "diversity", "exclusivity")}
        row |= {"npmi_held": held["npmi"].mean(), "npmi_held_se": se, "error_held": held["error"].mean()}
        table.append(row | {"seconds": whole["seconds"] + held["seconds"].sum()})
    return pd.DataFrame(table[::-1]).round(6)


def pick(table):
    """Choose k from the table of `choose_k`, and say why in a sentence.

    The most stable of the k whose held-out coherence is within one standard error of the best (as Breiman et al. 1984
    prune trees), for a few coarse topics are stable whatever they mean; the smallest of those less than 0.005 apart.
    """
    best = table.loc[table["npmi_held"].idxmax()]
    near = table[table["npmi_held"] >= best["npmi_held"] - np.nan_to_num(best["npmi_held_se"])]
    chosen = near[near["stability"] > near["stability"].max() - 0.005].sort_values("k").iloc[0]
    reason = (
        f"k = {chosen['k']:.0f}: with {chosen['stability']:.2f} the most stable of the {len(near)} of {len(table)} k "
        f"whose coherence on documents left out is within one standard error, {best['npmi_held_se']:.3f}, of the best, "
        f"{best['npmi_held']:.3f} at k = {best['k']:.0f}; where stability is the same to 0.005, the smallest."
    )
    return int(chosen["k"]), reason


def _draws(documents, counts, resamples, share, seed):
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


def _measured(fit, counts, terms, k, rows, error):
    """What one fit on some paragraphs gives; coherence and error are on the others, if there are any."""
    start = time.perf_counter()
    model = fit(counts[rows], terms, k)
    tops, held = top(model), counts if rows.all() else counts[~rows]
    found = {"tops": tops, "npmi": np.nanmean(npmi(tops, held)), "exclusivity": np.nanmean(exclusivity(model, tops))}
    found["error"] = error(model, held, counts[rows]) if error and not rows.all() else np.nan
    return found | {"diversity": diversity(tops), "seconds": time.perf_counter() - start}
