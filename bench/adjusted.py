"""How often comparisons that adjust err where there is nothing to find, and find what was planted.

    python bench/adjusted.py CITY-REPORTS POLICIES NATIONAL-REPORTS [DRAWS]    folders of tables; 400 draws if left out

Groups are drawn from documents of one corpus, so that no place differs from another: at random; by strata (each stratum
of genre, period and length has a share of its own in the group, so that groups differ in these alone); by mixture of
genres (four of five of one genre in one group, one of five in the other). Counted are tests at a nominal 5%, and draws
with any word, theme or stance after correction; beside them the comparison that does not adjust. More than 29 of 400 is
more than chance. For power, occurrences of words in one side's documents are each followed by Poisson(m - 1) more.
Figures go to docs/adjusted.csv.
"""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import numpy as np
import pandas as pd
from crosscity import NotEstimableError, open_study
from crosscity.compare import calibration, matching
from crosscity.compare.adjusted import adjusted_keyness, adjusted_shares
from crosscity.files.safe_csv import frame_to_csv
from crosscity.words.matrix import group_matrix
from scipy import sparse

OUT = Path(__file__).resolve().parents[1] / "docs" / "adjusted.csv"
LEVEL = calibration.LEVEL
PERMUTATIONS = 499


class Corpus(NamedTuple):
    """Counts of words by document, characters by theme and by stance, and the documents' rows."""

    counts: sparse.csr_array
    terms: np.ndarray
    shares: dict
    documents: pd.DataFrame


def read(tables, by="doc_id"):
    """The corpus in a folder of tables, places masked; copies are left out."""
    with TemporaryDirectory() as folder:
        run = open_study(notebook="04-compare", tables=str(Path(tables).resolve()), out=folder, by=by)
    paragraphs = run.paragraphs(["body"])
    counts, terms = run.counts(paragraphs)
    members, names = group_matrix(paragraphs["doc_id"], sort=False)
    shares = {}
    for name, rows in (("themes", run.coded_themes()), ("stances", run.table("stances"))):
        if rows is None:
            continue
        if name == "themes":
            rows = rows[rows["rank"] == 1].merge(paragraphs[["doc_id", "paragraph", "n_chars"]])
            rows = rows.rename(columns={"theme": "name", "n_chars": "size"})
        else:
            rows = rows.merge(paragraphs[["doc_id", "paragraph"]])
            rows = rows.assign(name=rows["stance"], size=rows["end"] - rows["start"])
        wide = rows.pivot_table(index="doc_id", columns="name", values="size", aggfunc="sum", fill_value=0)
        wide = wide.reindex(names, fill_value=0)
        shares[name] = sparse.csr_array(wide.to_numpy()), wide.columns.to_numpy(object)
    documents = run.corpus.set_index("doc_id").loc[names].reset_index()
    return Corpus((members @ counts).tocsr(), terms, shares, documents)


# Ways to draw a group.


def at_random(rng, corpus):
    """Half of the documents."""
    n = len(corpus.documents)
    return np.isin(np.arange(n), rng.permutation(n)[: n // 2])


def by_strata(rng, corpus):
    """Each stratum's documents with a probability of its own."""
    cells = matching.coarsened(corpus.documents, matching.COLUMNS).agg(" | ".join, axis=1)
    codes = pd.factorize(cells)[0]
    return rng.random(len(codes)) < rng.beta(0.5, 0.5, codes.max() + 1)[codes]


def by_length(rng, corpus):
    """The longer a document the likelier, by its length itself: odds three times as high for twice the length."""
    length = np.log2(corpus.documents["n_chars"].to_numpy(dtype=float))
    return rng.random(len(length)) < 1 / (1 + np.exp(-np.log(3) * (length - np.median(length))))


def by_genre(first):
    """Four of five documents of one type, one of five of the others."""

    def draw(rng, corpus):
        of_first = (corpus.documents["doc_type"] == first).to_numpy()
        return rng.random(len(of_first)) < np.where(of_first, 0.8, 0.2)

    return draw


# What is measured.


def errors(table):
    """Tests, share of them at a nominal 5%, how many are left after correction, share of intervals that miss."""
    tested = table[table["p"].notna()]
    misses = ((tested["low"] > 0) | (tested["high"] < 0)).mean()
    return len(tested), (tested["p"] <= LEVEL).mean(), (tested["p_adjusted"] <= LEVEL).sum(), misses


def compare(counts, terms, ours, matched, seed, shares=False, **more):
    """The adjusted table of documents (rows of counts)."""
    names = matched.documents["doc_id"].to_numpy(object)
    of = adjusted_shares if shares else adjusted_keyness
    sizes = {"sizes": np.asarray(counts.sum(axis=1))} if shares else {}
    return of(counts, terms, names, matched, permutations=PERMUTATIONS, seed=seed, **sizes, **more)


def false_positives(corpus, draw, draws, what="words", seed=1):
    """A row for the comparison that adjusts, and one for that which does not."""
    rng, found, refused, kept = np.random.default_rng(seed), {"adjusted": [], "plain": []}, 0, []
    counts, names = (corpus.counts, corpus.terms) if what == "words" else corpus.shares[what]
    for i in range(draws):
        ours = draw(rng, corpus)
        try:
            matched = matching.match(corpus.documents, ours)
            tables = {"adjusted": compare(counts, names, ours, matched, i, what != "words")}
        except NotEstimableError:
            refused += 1
            continue
        plain = matching.match(corpus.documents, ours, ())
        tables["plain"] = compare(counts, names, ours, plain, i, what != "words")
        if not tables["adjusted"]["p"].notna().any():
            refused += 1
            continue
        kept.append(len(matched.matched))
        for name, table in tables.items():
            found[name].append(errors(table))
    for method, rows in found.items():
        tests, share, some, misses = np.array(rows, dtype=float).T
        columns = calibration.share_columns("per_test", share, tests.sum())
        columns |= calibration.share_columns("corrected", some > 0)
        row = {"what": what, "method": method, "draws": len(rows), "refused": refused, "tests": tests.mean()}
        row |= {"documents": np.mean(kept) if method == "adjusted" else len(corpus.documents)}
        yield row | columns | {"any": int((some > 0).sum()), "named": some.mean(), "intervals_miss": misses.mean()}


def power(corpus, draw, draws, times, words=20, seed=1):
    """Of words made `times` as frequent in the group: shares found by one test, and after correction."""
    rng, found = np.random.default_rng(seed), {"adjusted": [], "plain": []}
    for i in range(draws):
        ours = draw(rng, corpus)
        counts = corpus.counts.toarray()
        matched = matching.match(corpus.documents, ours)
        which = np.isin(corpus.documents["doc_id"], matched.matched["doc_id"])
        held = (counts[which] > 0).sum(axis=0)
        columns = rng.choice(np.flatnonzero(held >= 0.5 * which.sum()), words, replace=False)
        at = np.ix_(ours, columns)
        counts[at] += rng.poisson((times - 1) * counts[at])
        counts = sparse.csr_array(counts)
        for name, of in (("adjusted", matched), ("plain", matching.match(corpus.documents, ours, ()))):
            table = compare(counts, corpus.terms, ours, of, i).set_index("term").reindex(corpus.terms[columns])
            found[name].append(((table["p"] <= LEVEL).mean(), (table["answer"] == "more").mean()))
    for method, rows in found.items():
        single, corrected = np.array(rows).T
        yield {"what": "words", "method": method, "draws": draws, "times": times} | {
            "per_test": single.mean(),
            "corrected": corrected.mean(),
        }


def main(arguments):
    """Measure, print, write."""
    draws = int(arguments[3]) if len(arguments) > 3 else 400
    cities, policies, national = (read(folder) for folder in arguments[:3])
    rows = []

    def record(part, **row):
        rows.append({"part": part, **row})
        line = ", ".join(f"{k} {v:.4g}" if isinstance(v, float) else f"{k} {v}" for k, v in rows[-1].items())
        print(line, flush=True)
        frame = pd.DataFrame(rows)
        OUT.write_text(frame_to_csv(frame, "%.4g"), encoding="utf-8")

    for name, corpus, draw in (
        ("city reports, at random", cities, at_random),
        ("policies, at random", policies, at_random),
        ("national reports and resolutions, at random", national, at_random),
        ("policies, by strata", policies, by_strata),
        ("national reports and resolutions, by strata", national, by_strata),
        ("city reports, by length", cities, by_length),
        ("policies, by length", policies, by_length),
        ("policies, by genre (plans)", policies, by_genre("plan")),
        ("national reports and resolutions, by genre", national, by_genre("work report")),
    ):
        for what in ("words", *corpus.shares):
            for row in false_positives(corpus, draw, draws, what):
                record("nothing to find", groups=name, **row)
    for name, corpus, draw in (
        ("city reports, at random", cities, at_random),
        ("policies, by genre (plans)", policies, by_genre("plan")),
    ):
        for times in (1.5, 2, 3):
            for row in power(corpus, draw, draws // 4, times):
                record("power", groups=name, **row)


if __name__ == "__main__":
    main(sys.argv[1:])
