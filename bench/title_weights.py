"""Learn the weights by which a headline is chosen: python bench/title_weights.py TABLES [write]

The pages are those whose titles are coded: tests/documents/heads.jsonl (TABLES has heads: tests/documents/heads), and
the golds of facts, with tables as `bench/genres.py` takes them. Pages that are held back are left out of learning. Of
each page the candidates and "none" share a probability of one (a conditional logit), with a quadratic penalty on the
weights. Prints how many of the headlines that are stated are right and how many pages have one, where each page is left
out of what its weights are learned from, and on the pages held back; with `write`, writes the table of weights.
"""

import json
import sys
from pathlib import Path

import crosscity.documents.headlines as headlines
import numpy as np
import pandas as pd
from crosscity.documents.headlines import SCALE, SURE, candidates, plain_title, seen_of
from genres import is_titled
from scipy.optimize import minimize
from scipy.special import logsumexp
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.model_selection import GroupKFold

TESTS, BENCH = Path(__file__).resolve().parents[1] / "tests", Path(__file__).parent
GOLDS = [BENCH / "coded.jsonl", *(TESTS / "facts" / f"{name}.jsonl" for name in ("pages", "sites", "genres"))]
HEADS = TESTS / "documents" / "heads.jsonl"
TABLE = Path(headlines.__file__).with_name("resources") / "title-weights.tsv"
PENALTY, FOLDS = 1.0, 6
NOTE = """# What speaks for a line being its page's title, and against it (documents/headlines.py), in hundredths.
# Made by bench/title_weights.py from {n} pages.
"""


class Page:
    """A page's candidates, what is seen of each, and which are its title."""

    def __init__(self, texts, kinds, titles):
        self.candidates = candidates(texts)
        self.seen = seen_of(self.candidates, texts, kinds)
        self.is_right = np.array([is_titled(each.text, titles) for each in self.candidates], dtype=bool)


def pages(tables):
    """The pages with coded titles, those to learn from and those held back."""
    titled = {}
    for line in HEADS.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        titled["heads", row["doc_id"]] = row
    for path in GOLDS:
        for line in path.read_text(encoding="utf-8").splitlines():
            if "title" in (row := json.loads(line)):  # which may be that there is none
                titled[row["corpus"], row["doc_id"]] = row
    found = {False: [], True: []}
    for corpus in sorted({corpus for corpus, _ in titled}):
        for doc_id, lines in pd.read_parquet(tables / corpus / "paragraphs.parquet").groupby("doc_id", sort=True):
            if row := titled.get((corpus, doc_id)):
                titles = [title for title in row["title"] if title]
                found[row["held"]].append(Page(list(lines["text"]), list(lines["kind"]), titles))
    return found[False], found[True]


def learned(some, columns):
    """The weights of what is seen."""
    some = [page for page in some if page.candidates]
    seen = columns.transform([names for page in some for names in page.seen])
    ends = np.cumsum([0, *(len(page.candidates) for page in some)])

    def loss(weights):
        scores = seen @ weights
        total, slope = PENALTY / 2 * weights @ weights, np.zeros_like(scores)
        for page, start, end in zip(some, ends, ends[1:], strict=False):
            of = scores[start:end]
            everything = logsumexp([0.0, *of])
            right = of[page.is_right] if page.is_right.any() else np.zeros(1)
            total += everything - logsumexp(right)
            slope[start:end] = np.exp(of - everything)
            if page.is_right.any():
                slope[start:end][page.is_right] -= np.exp(right - logsumexp(right))
        return total, seen.T @ slope + PENALTY * weights

    return minimize(loss, np.zeros(seen.shape[1]), jac=True, method="L-BFGS-B", options={"maxiter": 500}).x


def stated(page, weights, columns):
    """Whether the headline that is stated of a page is right; None where none is."""
    if not page.candidates:
        return None
    scores = columns.transform(page.seen) @ weights
    shares = np.exp(scores - logsumexp([0.0, *scores]))
    of_title = pd.Series(shares).groupby([plain_title(each.text) for each in page.candidates]).sum()
    if of_title.max() < SURE:
        return None
    forms = [k for k, each in enumerate(page.candidates) if plain_title(each.text) == of_title.idxmax()]
    return bool(page.is_right[max(forms, key=lambda k: shares[k])])


def said(name, outcomes):
    """A line on how many headlines are stated, and how many of them are right."""
    given = [outcome for outcome in outcomes if outcome is not None]
    return f"{name}: {sum(given)} of {len(given)} right ({sum(given) / len(given):.3f}), of {len(outcomes)} pages"


def main():
    """Print how good headlines are, and write the weights where asked."""
    known, held = pages(Path(sys.argv[1]))
    columns = CountVectorizer(analyzer=list, binary=True).fit([names for page in known for names in page.seen])
    outcomes = []
    for train, test in GroupKFold(FOLDS).split(known, groups=range(len(known))):
        weights = learned([known[i] for i in train], columns)
        outcomes += [stated(known[i], weights, columns) for i in test]
    weights = learned(known, columns)
    print(said("left out of learning", outcomes))
    print(said("held back", [stated(page, weights, columns) for page in held]))
    if "write" in sys.argv:
        rows = zip(columns.get_feature_names_out(), np.round(SCALE * weights).astype(int), strict=True)
        lines = [f"{name}\t{weight}\n" for name, weight in rows if weight]
        TABLE.write_text(NOTE.format(n=len(known)) + "seen\tweight\n" + "".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
