"""How well planted passages are found, and how time grows: python bench/shared.py FOLDER [write]

Of a corpus (the 113 city reports of 2024), prints a table, and with `write` renews docs/shared-text.csv: ten minutes of
one processor. Passages of 40 to 400 characters are planted in what is left of the reports once shared passages are
removed: by `matches` itself, down to 20 characters; or, independently of it, by cutting out every run of 12 characters
that two documents have, so that what is nearly alike is left and counts as wrong. A passage is copied from one report
into another, and a share of its characters replaced, deleted or followed by another one (a third each). A character is
found if it lies in a match whose other side lies in the same passage.

Larger corpora are made of the paragraphs of all reports, drawn with replacement. "own text anew": characters that no
passage holds are drawn anew in each document, so that as much of it is shared at every size, by more documents. "as it
is": a paragraph stands in nine documents of 1,000, and in one of 125: what can be found grows faster than the text.
"""

import resource
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
from crosscity.documents.corpus import read_corpus
from crosscity.files.safe_csv import rows_to_csv
from crosscity.tables.builder import make_tables
from crosscity.words import reuse

RATES, SEEDS, PER_DOCUMENT = (0, 0.02, 0.05, 0.1, 0.15), (1, 2, 3), 4
SIZES = (125, 250, 500, 1000)
COLUMNS = ("measured", "of", "documents", "changed", "seed", "planted", "recall", "precision")
COLUMNS += ("matches", "passages", "own", "seconds", "processor", "mebibytes")
DOCS = Path(__file__).resolve().parents[1] / "docs"


def texts(paragraphs):
    """Text of each document, its paragraphs a line each, by doc_id."""
    return paragraphs.sort_values(["doc_id", "paragraph"]).groupby("doc_id")["text"].agg("\n".join)


def frame(documents):
    """Paragraphs of texts by doc_id."""
    rows = [(name, n, line) for name, text in documents.items() for n, line in enumerate(text.split("\n"), 1)]
    return pd.DataFrame(rows, columns=["doc_id", "paragraph", "text"])


def without_matches(documents):
    """Texts without what `matches` finds, in rounds, as new neighbours may be alike."""
    while True:
        paragraphs = frame(documents)
        found = reuse.matches(paragraphs, length=20, similarity=0.67)
        if found.empty:
            return documents
        keep = [np.ones(len(line), bool) for line in paragraphs["text"]]
        row = {key: i for i, key in enumerate(zip(paragraphs["doc_id"], paragraphs["paragraph"], strict=True))}
        for columns in (reuse.PLACE, reuse.OTHER):
            for name, number, start, end in found[columns].itertuples(index=False):
                keep[row[name, number]][start:end] = False
        cut = ["".join(np.array(list(line), "U1")[k]) for line, k in zip(paragraphs["text"], keep, strict=True)]
        documents = texts(paragraphs.assign(text=cut)[[bool(line) for line in cut]])


def without_runs(documents, size=12):
    """Texts without any run of characters that two of them have."""
    first, several = {}, set()
    for name, text in documents.items():
        for i in range(len(text) - size + 1):
            if first.setdefault(text[i : i + size], name) != name:
                several.add(text[i : i + size])
    kept = {}
    for name, text in documents.items():
        keep = np.ones(len(text), bool)
        for i in range(len(text) - size + 1):
            if text[i : i + size] in several:
                keep[i : i + size] = False
        kept[name] = "".join(np.array(list(text), "U1")[keep])
    return pd.Series(kept)


def change(passage, rate, rng, letters):
    """A passage with a share of its characters replaced, deleted or followed by another."""
    made = list(passage)
    for i in rng.choice(len(made), round(rate * len(made)), replace=False):
        new = str(rng.choice(letters))
        made[i] = (new, "", made[i] + new)[rng.integers(3)]
    return "".join(made)


def plant(documents, rate, seed, longest=400, per_document=PER_DOCUMENT):
    """Texts with passages of 40 characters or more planted; the passage of each of their characters, 0 for none."""
    rng = np.random.default_rng([seed, round(1000 * rate)])
    letters = np.array(sorted({c for text in documents for c in text if c.isalnum()}))
    names = list(documents.index)
    label = [np.zeros(len(text), np.int64) for text in documents]
    planted = [[] for _ in names]
    number = 0
    for d, text in enumerate(documents):
        for _ in range(per_document):
            size = int(rng.integers(40, longest + 1))
            start = int(rng.integers(0, max(1, len(text) - size)))
            if label[d][max(0, start - 1) : start + size + 1].any() or len(text) < size:
                continue
            number += 1
            label[d][start : start + size] = number
            target = (d + int(rng.integers(1, len(names)))) % len(names)
            planted[target].append((number, change(text[start : start + size], rate, rng, letters)))
    made = {}
    for d, name in enumerate(names):
        free = np.flatnonzero(np.r_[True, label[d][1:] * (label[d][1:] == label[d][:-1]) == 0])
        places = np.sort(rng.choice(free, len(planted[d]), replace=False))[::-1]
        text, numbers = documents.iloc[d], label[d]
        for place, (n, passage) in zip(places, planted[d], strict=True):
            text = text[:place] + passage + text[place:]
            numbers = np.r_[numbers[:place], np.full(len(passage), n), numbers[place:]]
        made[name] = text, numbers
    return pd.Series({k: v[0] for k, v in made.items()}), {k: v[1] for k, v in made.items()}, number


def score(documents, numbers, found):
    """Recall and precision of matches, by characters."""
    start = {}  # of each paragraph in its document
    for name, text in documents.items():
        lengths = [len(line) + 1 for line in text.split("\n")]
        start |= {(name, n): s for n, s in enumerate(np.cumsum([0, *lengths[:-1]]).tolist(), 1)}
    said, right = ({name: np.zeros(len(n), bool) for name, n in numbers.items()} for _ in range(2))
    for _, rows in found.groupby("match"):
        sides = []
        for columns in (reuse.PLACE, reuse.OTHER):
            places = [(n, start[n, p] + a, start[n, p] + b) for n, p, a, b in rows[columns].itertuples(index=False)]
            sides.append((places, {int(x) for n, a, b in places for x in np.unique(numbers[n][a:b])} - {0}))
        common = list(sides[0][1] & sides[1][1])
        for places, _ in sides:
            for n, a, b in places:
                said[n][a:b] = True
                right[n][a:b] |= np.isin(numbers[n][a:b], common)
    # Line ends are no characters of a paragraph.
    true = {name: (n > 0) & (np.array(list(documents[name]), "U1") != "\n") for name, n in numbers.items()}
    hit, all_said, all_true = (sum(int(x.sum()) for x in part.values()) for part in (right, said, true))
    return hit / max(1, all_true), hit / max(1, all_said)


def quality(documents, way, longest=400):
    """Rows of recall and precision, a change rate and a seed each."""
    for rate in RATES:
        for seed in SEEDS:
            made, numbers, n = plant(documents, rate, seed, longest)
            recall, precision = score(made, numbers, reuse.matches(frame(made)))
            about = {"measured": "planted", "of": way, "documents": len(made), "changed": rate, "seed": seed}
            yield about | {"planted": n, "recall": recall, "precision": precision}


def mixed(paragraphs, n, own=None, seed=1):
    """n documents of about the usual length, of paragraphs drawn from all.

    Parameters
    ----------
    paragraphs : DataFrame
    n, seed : int
    own : DataFrame, optional
        `words.reuse.strips` of these paragraphs: characters that are own are replaced, in each document by others.

    Returns
    -------
    DataFrame
        Paragraphs.
    """
    rng = np.random.default_rng([seed, n])
    lines = paragraphs.sort_values(["doc_id", "paragraph"])
    size = lines["text"].map(len).groupby(lines["doc_id"]).sum().mean()
    anew = [np.zeros(len(line), bool) for line in lines["text"]]
    letters = np.array([c for line in lines["text"] for c in line if c.isalnum()])
    if own is not None:
        whole = {name: np.zeros(int(end), bool) for name, end in own.groupby("doc_id")["end"].max().items()}
        for name, start, end in own.loc[own["class"] == "own", ["doc_id", "start", "end"]].itertuples(index=False):
            whole[name][start:end] = True
        first = lines["text"].map(len).groupby(lines["doc_id"]).cumsum().tolist()
        anew = [whole[d][e - len(t) : e] for d, e, t in zip(lines["doc_id"], first, lines["text"], strict=True)]
        anew = [a & np.array([c.isalnum() for c in t], bool) for a, t in zip(anew, lines["text"], strict=True)]
    stock = [np.array(list(line), "U1") for line in lines["text"]]
    rows = []
    for d in range(n):
        length = number = 0
        while length < size:
            i = int(rng.integers(len(stock)))
            line = stock[i].copy()
            line[anew[i]] = rng.choice(letters, int(anew[i].sum()))
            length, number = length + len(line), number + 1
            rows.append((f"{d:04}", number, "".join(line)))
    return pd.DataFrame(rows, columns=["doc_id", "paragraph", "text"])


def timed(paragraphs, of):
    """A row: how long everything takes in one process; and the strips."""
    corpus = pd.DataFrame({"doc_id": paragraphs["doc_id"].unique(), "date": "", "year": 2024})
    begin, worked = time.perf_counter(), time.process_time()
    found = reuse.matches(paragraphs)
    gathered = reuse.passages(found, paragraphs, corpus)
    strips = reuse.strips(found, gathered, paragraphs)
    row = {"measured": "time", "of": of, "documents": len(corpus), "matches": found["match"].nunique()}
    row |= {"passages": gathered["passage"].nunique(), "own": reuse.coverage(strips)["own"].mean()}
    row |= {"seconds": time.perf_counter() - begin, "processor": time.process_time() - worked}
    return row | {"mebibytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}, strips


def main(folder, *what):
    """Measure, print, and with `write` keep."""
    tables = make_tables(read_corpus(Path(folder))[0], ("corpus", "paragraphs"))
    kept = tables["corpus"].query("duplicate_of == '' and exclude == ''")["doc_id"]
    paragraphs = tables["paragraphs"]
    paragraphs = paragraphs[paragraphs["doc_id"].isin(kept)]
    rows = []

    def add(row):
        rows.append(row)
        print("  ".join(f"{k} {v:.4g}" if isinstance(v, float) else f"{k} {v}" for k, v in row.items()), flush=True)

    first, strips = timed(paragraphs, "the corpus")
    add(first)
    for of, own in (("own text anew", strips), ("as it is", None)):
        for n in SIZES:
            add(timed(mixed(paragraphs, n, own), of)[0])
    documents = texts(paragraphs)
    rest = without_matches(documents)
    for way, cut, longest in (
        ("without matches", rest, 400),
        ("without matches, 40 to 60 characters", rest, 60),
        ("without runs of 12", without_runs(documents), 400),
    ):
        for row in quality(cut, way, longest):
            add(row)
    table = pd.DataFrame(rows)
    found = table[table["measured"] == "planted"].groupby(["of", "changed"])[["recall", "precision"]]
    print(found.agg(["mean", "min"]).round(4).to_string())
    took = table.loc[
        table["measured"] == "time", ["of", "documents", "matches", "own", "seconds", "processor", "mebibytes"]
    ]
    print(took.assign(milliseconds_each=1000 * took["processor"] / took["documents"]).round(3).to_string(index=False))
    if "write" in what:
        cells = [[f"{v:.4g}" if isinstance(v := row.get(c, ""), float) else v for c in COLUMNS] for row in rows]
        (DOCS / "shared-text.csv").write_text(rows_to_csv([COLUMNS, *cells]), encoding="utf-8", newline="")


if __name__ == "__main__":
    main(*sys.argv[1:])
