"""How often keyness finds words where there is nothing to find, and how often those that were made more frequent.

    python bench/keyness.py TABLES [DRAWS]    tables of the city reports; 400 draws if left out

Random splits have no difference but chance: of documents, of whole provinces, of documents within provinces. Counted
are the share of tests at a nominal 5%, and splits with any word after correction; beside them G2 on tokens, corrected
by Benjamini and Hochberg. More than 29 of 400 is more than chance. For power, occurrences of words in one side's
documents are each followed by Poisson(m - 1) more, so that the rate is m times as high; beside it Welch's test on root
rates, corrected by Holm. Figures go to docs/keyness.csv.

With 400, of 110 reports (one text under three cities is left out), tests significant (splits with any word; G2's):

    55 v 55 documents             4.9% (21; 9.7%, 400)     whole provinces, 11 v 12      4.9% (21; 17.9%, 400)
    10 v 10                       5.0% (19; 9.4%, 393)     the same, documents permuted  11.9% (397)
    5 v 5                         4.8% (22; 9.2%, 373)     documents within provinces    5.0% (24; 9.1%, 400)
    56 v 57, that text left in    5.0% (25; 9.8%, 400)     3 v 3                         not testable: floor 0.1

Intervals of 95% miss in 2 to 5%, percentiles of the bootstrap in 7 to 16%. Found, of words that most documents have
(after correction), and by Welch. Of words that five documents have, both find fewer: at three times, 10 v 10, 27.4%
(1.4) and 19.8% (1.1); 20 v 20, 30.5% (4.8) and 22.1% (3.2).

    times     10 v 10                                       20 v 20
    1.25      10.0% (0.0)  8.6% (0.0)                       17.8% (0.1)   14.7% (0.0)
    1.5       22.2% (0.2)  18.5% (0.2)                      41.5% (1.7)   32.6% (0.9)
    2         45.4% (1.2)  35.9% (1.0)                      73.6% (11.2)  59.8% (7.8)
    3         73.5% (7.4)  60.5% (5.8)                      94.5% (33.0)  84.6% (23.1)

2,000 permutations of 9,815 terms take 1.0 s, the matrix product alone 0.2 s.
"""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import NamedTuple

import numpy as np
import pandas as pd
from crosscity import open_study
from crosscity.compare import calibration, keyness
from crosscity.files.safe_csv import frame_to_csv
from crosscity.words.matrix import group_matrix
from scipy import sparse

OUT = Path(__file__).resolve().parents[1] / "docs" / "keyness.csv"
LEVEL = calibration.LEVEL


class Corpus(NamedTuple):
    """Counts by document, terms, each document's province."""

    counts: sparse.csr_array
    terms: np.ndarray
    provinces: np.ndarray


def read(tables, by="city"):
    """The corpus in a folder of tables, places masked; copies are left out, unless `by` is doc_id."""
    with TemporaryDirectory() as folder:
        run = open_study(notebook="04-compare", tables=str(Path(tables).resolve()), out=folder, by=by)
    paragraphs = run.paragraphs(["body"])
    counts, terms = run.counts(paragraphs)
    members, names = group_matrix(paragraphs["doc_id"])
    return Corpus((members @ counts).tocsr(), terms, run.corpus.set_index("doc_id")["province"][names].to_numpy(str))


def documents(rng, corpus, a, b):
    """Labels of a random documents against b others; None for the rest. No strata."""
    return calibration.split_documents(rng, len(corpus.provinces), a, b), None


def provinces(rng, corpus, whole=True):
    """Labels where half of the provinces, drawn at random, are on one side; without strata if not `whole`."""
    return calibration.split_strata(rng, corpus.provinces), corpus.provinces if whole else None


def within(rng, corpus):
    """Labels where each province's documents are split at random, and provinces are strata."""
    return calibration.split_within_strata(rng, corpus.provinces), corpus.provinces


def compare(corpus, labels, strata, **more):
    """The keyness of a split, and which documents take part."""
    rows = np.flatnonzero(pd.notna(labels))
    strata = None if strata is None else np.asarray(strata)[rows]
    counts = corpus.counts[rows]
    return keyness.keyness(counts, corpus.terms, rows, labels[rows], "here", strata=strata, **more), rows


def bootstrap(counts, here, draws=200):
    """The usual interval of log-ratios: percentiles over documents drawn again on either side."""
    rng, ends = np.random.default_rng(1), []
    for side in (counts[here], counts[~here]):
        drawn = rng.multinomial(side.shape[0], np.full(side.shape[0], 1 / side.shape[0]), size=draws)
        ends.append(np.log((drawn @ side + 0.5) / (drawn @ side.sum(axis=1) + 0.5)[:, None]))
    return np.percentile(ends[0] - ends[1], [2.5, 97.5], axis=0)


def false_positives(corpus, draws, split, seed=1, permutations=999):
    """Of random splits: a row for permutation, G2 and the bootstrap."""
    rng, ours, usual, percentiles = np.random.default_rng(seed), [], [], []
    for i in range(draws):
        labels, strata = split(rng, corpus)
        table, rows = compare(corpus, labels, strata, permutations=permutations, seed=i)
        table = table[table["p"].notna()]
        clear = (table["low"] > 0) | (table["high"] < 0)
        found = calibration.error_counts(table["p"], table["p_adjusted"], table["g2"])
        ours.append((found["tests"], *found["ours"], clear.mean()))
        usual.append((found["tests"], *found["G2"], np.nan))
        if i % 10 == 0:
            columns = np.searchsorted(corpus.terms, table["term"])
            low, high = bootstrap(corpus.counts[rows][:, columns].toarray(), labels[rows] == "here")
            percentiles.append((len(table), np.nan, np.nan, ((low > 0) | (high < 0)).mean()))
    for method, found in (("permutation", ours), ("G2", usual), ("bootstrap percentiles", percentiles)):
        tests, share, words, misses = np.array(found, dtype=float).T
        corrected = np.nan if np.isnan(words).all() else np.sum(words > 0)
        yield {
            "method": method,
            "draws": len(found),
            "tests": tests.mean(),
            "per_test": share.mean(),
            "corrected": corrected,
            "words": words.mean(),
            "intervals_miss": misses.mean(),
        }


def power(corpus, draws, a, times, words=20, seed=1):
    """Of words made `times` as frequent in a of a + a documents: shares found, of any words and of those of most."""
    rng, found = np.random.default_rng(seed), {}
    for i in range(draws):
        labels, _ = documents(rng, corpus, a, a)
        here = labels[pd.notna(labels)] == "here"
        counts = corpus.counts[np.flatnonzero(pd.notna(labels))].toarray()
        held = (counts > 0).sum(axis=0)
        any_words = rng.choice(np.flatnonzero(held >= 5), words, replace=False)
        most = np.setdiff1d(np.flatnonzero(held >= 1.5 * a), any_words)
        most = rng.choice(most, min(words, len(most)), replace=False)
        columns = np.r_[any_words, most]
        tested = calibration.planted_p_values(rng, counts, corpus.terms, here, columns, times, permutations=999, seed=i)
        for method, pair in zip(("permutation", "Welch on root rates"), tested.values(), strict=True):
            for kind, columns in (("any words", any_words), ("words of most documents", most)):
                found.setdefault((kind, method), []).extend(zip(*(x[columns] <= LEVEL for x in pair), strict=True))
    for (kind, method), hits in found.items():
        share = np.mean(hits, axis=0)
        yield {"split": f"{a} v {a}, {kind}", "method": method, "times": times, "planted": len(hits)} | dict(
            zip(("per_test", "corrected"), share, strict=True)
        )


def timing(corpus, repeats=5):
    """Median seconds of 2,000 permutations over all terms, and of the matrix product alone, turn by turn."""
    labels, _ = documents(np.random.default_rng(1), corpus, *_halves(corpus))
    dense = corpus.counts.toarray().astype(float)
    arranged = np.random.default_rng(1).integers(0, 2, (2000, len(dense))).astype(float)
    turns = []
    for _ in range(repeats):
        started = perf_counter()
        arranged @ dense
        between = perf_counter()
        compare(corpus, labels, None, permutations=2000, min_documents=1)
        turns.append((perf_counter() - between, between - started))
    ours, plain = np.median(turns, axis=0)
    return {
        "method": "2,000 permutations",
        "draws": repeats,
        "tests": len(corpus.terms),
        "seconds": ours,
        "plain": plain,
    }


def _halves(corpus):
    n = len(corpus.provinces)
    return n // 2, n - n // 2


def main(arguments):
    """Measure, print, write."""
    draws = int(arguments[1]) if len(arguments) > 1 else 400
    corpus, copies, rows = read(arguments[0]), read(arguments[0], "doc_id"), []

    def record(part, **row):
        rows.append({"part": part, **row})
        line = ", ".join(f"{k} {v:.4g}" if isinstance(v, float) else f"{k} {v}" for k, v in rows[-1].items())
        print(line, flush=True)
        frame = pd.DataFrame(rows)
        OUT.write_text(frame_to_csv(frame, "%.4g"), encoding="utf-8")

    record("timing", split="{} v {} documents".format(*_halves(corpus)), **timing(corpus))
    few, _ = compare(corpus, documents(np.random.default_rng(1), corpus, 3, 3)[0], None)
    record("few", split="3 v 3 documents", method=few["answer"].iloc[0], per_test=few["floor"].iloc[0])
    n = len(np.unique(corpus.provinces))
    for name, of, split in (
        ("{} v {} documents".format(*_halves(corpus)), corpus, lambda r, c: documents(r, c, *_halves(c))),
        (
            "{} v {} documents, copies left in".format(*_halves(copies)),
            copies,
            lambda r, c: documents(r, c, *_halves(c)),
        ),
        ("10 v 10 documents", corpus, lambda r, c: documents(r, c, 10, 10)),
        ("5 v 5 documents", corpus, lambda r, c: documents(r, c, 5, 5)),
        (f"{n // 2} v {n - n // 2} whole provinces", corpus, provinces),
        (f"{n // 2} v {n - n // 2} whole provinces, documents permuted", corpus, lambda r, c: provinces(r, c, False)),
        ("documents within provinces", corpus, within),
    ):
        for row in false_positives(of, draws, split):
            record("random splits", split=name, **row)
    for a in (10, 20):
        for times in (1, 1.25, 1.5, 2, 3):
            for row in power(corpus, draws // 2, a, times):
                record("power", **row)


if __name__ == "__main__":
    main(sys.argv[1:])
