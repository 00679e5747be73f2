"""Whether intervals cover, tests keep their level and topics are found again, on corpora of known topics and shares.

    python bench/coverage.py [CORPORA]    400 if left out: some ten minutes of one processor

Every word of a paragraph is drawn from one topic; the true share of a topic in a group is the share of words drawn from
it, were the group written again and again. A document's paragraphs come in runs about one subject, so that neighbours
are alike. One interval a corpus is counted (one topic of one group, each in turn), so that counts are of independent
draws, and all are, for comparison.

With 400, seed 1: cosine 0.986; 377 intervals cover (94%; 95% of all) with one document a group, 384 (96%) with five,
and 91 of 100 where neighbours are more alike (0.6). Significant where there is no difference: 23 (groups of documents),
25 (of whole provinces; 205 if documents are permuted); where there is no trend: 21, 20 and 33 at an autocorrelation of
0, 0.5 and 0.8, where 388, 373 and 334 intervals of the slope cover. More than 29 of 400 is more than chance.
"""

import sys
from typing import NamedTuple

import numpy as np
from crosscity.topics import models
from crosscity.topics.prevalence import compare_groups, intervals, trend
from scipy import sparse

K, TERMS = 4, 80


class Corpus(NamedTuple):
    """Counts, terms, each paragraph's document, group and length; the truth: weights (K, TERMS) and shares by group."""

    counts: sparse.csr_array
    terms: np.ndarray
    documents: np.ndarray
    labels: np.ndarray
    sizes: np.ndarray
    weights: np.ndarray
    shares: np.ndarray


def corpus(rng, groups=6, documents=1, paragraphs=30, stay=0.3, between=30.0, same=False):
    """A corpus: `stay` is how often a paragraph has its predecessor's mixture, `between` how alike documents are."""
    weights = np.vstack([rng.dirichlet(np.full(TERMS, 0.1)) for _ in range(K)])
    truth = np.repeat(rng.dirichlet(np.full(K, 4.0), size=1), groups, axis=0) if same else None
    truth = rng.dirichlet(np.full(K, 4.0), size=groups) if truth is None else truth
    counts, of, label = [], [], []
    for g in range(groups):
        for d in range(documents):
            mean = truth[g] if documents == 1 else rng.dirichlet(between * truth[g])
            for p in range(paragraphs):
                if p == 0 or rng.random() >= stay:
                    mixture = rng.dirichlet(np.maximum(mean, 1e-3))
                words = rng.multinomial(20 + rng.poisson(40), mixture)
                counts.append(sum(rng.multinomial(n, w) for n, w in zip(words, weights, strict=True)))
                of.append(f"d{g:02d}-{d:02d}")
                label.append(f"g{g:02d}")
    terms = np.array([f"t{i:03d}" for i in range(TERMS)], dtype=object)
    counts = np.array(counts)
    return Corpus(sparse.csr_array(counts), terms, np.array(of), np.array(label), counts.sum(axis=1), weights, truth)


def truth_of(made, model):
    """Which true topic each of the model's is, and the cosines."""
    pairs, cosine = models.match_topics(model, models.TopicModel(made.terms, made.weights, None), by="cosine")
    return pairs[:, 1], cosine


def coverage(corpora, seed=1, draws=200, refits=20, **kinds):
    """Of `corpora`: mean cosine, intervals that cover (one a corpus), share of all that do, their mean width."""
    rng = np.random.default_rng(seed)
    cosines, hits, every, widths = [], 0, [], []
    for i in range(corpora):
        made = corpus(rng, **kinds)
        model = models.fit(made.counts, made.terms, K)
        topic, cosine = truth_of(made, model)
        table = intervals(models.fit, *made[:5], k=K, draws=draws, refits=refits, seed=i)
        true = made.shares[:, topic].ravel()
        inside = ((table["low"] <= true) & (true <= table["high"])).to_numpy()
        hits += inside[i % len(inside)]
        every.append(inside.mean())
        widths.append((table["high"] - table["low"]).mean())
        cosines.append(cosine.mean())
    return np.mean(cosines), int(hits), np.mean(every), np.mean(widths)


def groups_alike(corpora, seed=1, **kinds):
    """Corpora in which some topic sets apart two groups of six documents, though there is no difference."""
    rng = np.random.default_rng(seed)
    found = 0
    for i in range(corpora):
        made = corpus(rng, groups=2, documents=6, paragraphs=20, between=10.0, same=True)
        shares = models.prevalence(models.fit(made.counts, made.terms, K), made.documents, made.sizes)
        table = compare_groups(shares, [name[:3] for name in shares.index], permutations=999, seed=i)
        found += (table["answer"] == "different").any()
    return int(found)


def provinces_alike(corpora, seed=1, whole=True):
    """The same with twelve provinces of four documents that are alike, six a group; by documents if not whole."""
    rng = np.random.default_rng(seed)
    found = 0
    for i in range(corpora):
        shares = np.vstack([rng.dirichlet(40 * rng.dirichlet(np.full(K, 3.0)), size=4) for _ in range(12)])
        province = np.repeat(np.arange(12), 4)
        table = compare_groups(shares, province < 6, province if whole else None, permutations=999, seed=i)
        found += (table["answer"] == "different").any()
    return int(found)


def series(rng, n, memory, slope=0.0):
    """n years of shares of K topics, of autocorrelation `memory`, the first topic's logit rising by `slope` a year."""
    noise = rng.normal(size=(n + 50, K))
    for i in range(1, n + 50):
        noise[i] = memory * noise[i - 1] + np.sqrt(1 - memory**2) * noise[i]
    logits = 0.5 * noise[50:]
    logits[:, 0] += slope * np.arange(n)
    return np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)


def no_trend(corpora, seed=1, years=40, memory=0.5, slope=0.0):
    """Series without trend in which some topic has one, and of how many the first topic's interval has 0 in it."""
    rng = np.random.default_rng(seed)
    found = covered = 0
    for i in range(corpora):
        table = trend(series(rng, years, memory, slope), np.arange(years), permutations=199, draws=199, seed=i)
        found += (table["answer"] == "trend").any()
        covered += table["low"][0] <= 0 <= table["high"][0]
    return int(found), int(covered)


def main(arguments):
    """Print the figures."""
    n = int(arguments[0]) if arguments else 400
    for name, of, kinds in (
        ("one document a group, 30 paragraphs", n, {}),
        ("five documents a group, 12 paragraphs", n, {"groups": 4, "documents": 5, "paragraphs": 12}),
        ("one document, paragraphs more alike (0.6) than runs allow for", (n + 3) // 4, {"stay": 0.6}),
    ):
        cosine, hits, every, width = coverage(of, **kinds)
        print(
            f"{name}: cosine {cosine:.3f}; {hits} of {of} intervals cover; of all {every:.3f}; width {width:.3f}",
            flush=True,
        )
    print(f"two groups of six documents that are alike: {groups_alike(n)} of {n} significant", flush=True)
    whole, single = provinces_alike(n), provinces_alike(n, whole=False)
    print(
        f"groups of whole provinces that are alike: {whole} of {n} significant ({single} if documents are permuted)",
        flush=True,
    )
    for memory in (0.0, 0.5, 0.8):
        found, covered = no_trend(n, memory=memory)
        print(
            f"40 years, autocorrelation {memory}: {found} of {n} with a trend; {covered} intervals of the slope cover"
        )
    found, _ = no_trend(n, slope=0.03)
    print(f"40 years, a logit that rises by 1.2 in all, autocorrelation 0.5: {found} of {n} with a trend", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
