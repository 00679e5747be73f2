"""Learn the weights of stances, kinds and years on from coded paragraphs: python bench/learn_on.py TABLES [write]

The shipped weights are where learning begins: each weight is drawn back to what it is by a quadratic penalty (maximum a
posteriori, as Chelba and Acero 2006 adapt a capitalizer), so that what they learned from texts that are no longer at
hand stays unless the paragraphs speak against it. TABLES holds a folder of tables for each corpus of the gold, as
`bench/genres.py` takes them, and `coded` (bench/coded). Paragraphs that are held back are left out. Prints how often
the shipped weights are right, and those learned on, each document left out of what its weights were learned from; with
`write`, learns on from all and writes the tables of weights. Learn on once for each new set: a second time would count
the same paragraphs twice.
"""

import sys
from collections import defaultdict
from pathlib import Path

import crosscity.facts.quantities.learned as shipped_choice
import numpy as np
import pandas as pd
import train_stances as chain
import weights as choices
from crosscity.facts.observations import observe
from crosscity.facts.weights import STANCES, decoded, likeliest, read_weights, shipped
from crosscity.files import read_tsv
from genres import Score, plain, read_gold
from scipy.optimize import minimize
from scipy.special import logsumexp
from sklearn.model_selection import GroupKFold

TESTS, BENCH = Path(__file__).resolve().parents[1] / "tests" / "facts", Path(__file__).parent
GOLDS = {BENCH / "coded.jsonl": 1.0, TESTS / "pages.jsonl": 1.0}  # and how much a quantity of each counts
GOLDS |= {TESTS / f"{name}.jsonl": 0.5 for name in ("sites", "genres", "paragraphs")}  # which rules were written with
EXAMPLES, OF_EXAMPLES = TESTS / "stance-examples.jsonl", 2.0
OF_STANCES, OF_KINDS, OF_YEARS = 25.0, 10.0, 90.0  # penalties, chosen among some by documents left out
FOLDS, LEAST = 4, 0.04  # and the least weight that a new n-gram or feature is kept with
RESOURCES = Path(shipped_choice.__file__).parents[1] / "resources"


def coded_rows():
    """The coded paragraphs that are not held back, by corpus and document, each with what its quantities count."""
    by_document = defaultdict(list)
    for path, weight in GOLDS.items():
        for row in read_gold("open", [path]):
            by_document[row["corpus"], row["doc_id"]].append((row, weight))
    return by_document


def documents_of_gold(score):
    """Documents with the stances of their coded sentences, and of each labelled sentence all labels that are right."""
    for (corpus, doc_id), rows in coded_rows().items():
        document = score.rows(corpus, "corpus", doc_id).iloc[0]
        paragraphs = score.rows(corpus, "paragraphs", doc_id)
        columns = {name: list(paragraphs[name]) for name in ("paragraph", "kind", "section", "text", "unit")}
        year = None if pd.isna(document["year"]) else int(document["year"])
        seen = observe(columns, document["speaker"], document["doc_type"], year)
        coded = defaultdict(list)
        for row, _ in rows:
            coded[row["paragraph"]] += row["stances"]
        labels, right = [], []
        for one, found in zip(seen, likeliest(seen, document["doc_type"]), strict=True):
            common = [(min(one.end, s["end"]) - max(one.start, s["start"]), s["label"]) for s in coded[one.paragraph]]
            _, allowed = max((pair for pair in common if pair[0] > 0), key=lambda pair: pair[0], default=(0, []))
            labels.append(None if not allowed else found if found in allowed else allowed[0])
            right += [allowed] if allowed else []
        of = [[(label, 1)] if label else [] for label in labels]
        name = f"{corpus}-{doc_id}"
        yield chain.Document(name, document["doc_type"], 1.0, seen, labels, of, corpus), right
    for example in chain.coded_documents(EXAMPLES):
        yield example._replace(weight=OF_EXAMPLES), [[label] for label in example.labels if label]


class Stances:
    """The model of stances: what is seen of the sentences, and the weights that it begins with."""

    def __init__(self, documents):
        self.documents, self.data = documents, chain.prepared(documents)
        learned, table = read_weights(RESOURCES / "stance-weights.tsv"), shipped()
        row_of = {int(number): i for i, number in enumerate(table.ngrams)} | table.marks
        names = self.data.columns
        is_known = np.array([name in row_of for name in names])
        often = set(chain.common_columns(self.data, documents, chain.LEAST_DOCUMENTS).tolist())
        self.columns = np.array([i for i in range(len(names)) if is_known[i] or i in often])
        self.names = [names[i] for i in self.columns]
        none = np.zeros(len(STANCES))
        self.start = np.array([table.table[row_of[n]] / chain.SCALE if n in row_of else none for n in self.names])
        self.by_hand = np.array([n in table.marks and n not in learned.marks for n in self.names])
        self.links = np.zeros((len(chain.LINKS) + 1, len(STANCES), len(STANCES)))
        for k, link in enumerate(chain.LINKS, 1):
            self.links[k] = np.array(table.links[link]).T / chain.SCALE

    def learned(self, sequences, weights):
        """The weights of what is seen, and of links, after these sequences of sentences."""
        matrix = self.data.seen[:, self.columns].tocsr()
        turned, split = matrix.T.tocsr(), self.start.size
        packed, of_rows = chain.packed_batches(sequences, weights, matrix.shape[0])
        truth = np.eye(len(STANCES))[self.data.labels]

        def loss(moved):
            of_seen, of_links = moved[:split].reshape(self.start.shape), moved[split:].reshape(self.links.shape)
            scores = matrix @ (self.start + of_seen)
            shares, slope = np.zeros_like(scores), np.zeros_like(of_links)
            total = sum(
                chain._batch_loss(places, weight, scores, self.links + of_links, self.data, shares, slope)
                for places, weight in packed
            )
            slope[0] = 0
            gradient = turned @ ((shares - truth) * of_rows[:, None]) + OF_STANCES * of_seen
            gradient[self.by_hand] = 0
            total += OF_STANCES / 2 * ((of_seen**2).sum() + (of_links**2).sum())
            return total, np.concatenate([gradient.ravel(), (slope + OF_STANCES * of_links).ravel()])

        start = np.zeros(split + self.links.size)
        moved = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 100}).x
        return self.start + moved[:split].reshape(self.start.shape), self.links + moved[split:].reshape(
            self.links.shape
        )

    def sequences(self, fold=None):
        """The sequences outside a fold of documents with their weights, and those in it that are no copies."""
        train, weights, test = [], [], []
        for sequence, weight in zip(self.data.sequences, self.data.weights, strict=True):
            here = self.data.documents[sequence[0]] % FOLDS == fold
            if not here:
                train.append(sequence)
                weights.append(weight)
            elif not self.data.is_copy[sequence[0]]:
                test.append(sequence)
        return train, weights, test

    def write(self):
        """Learn from all and write the table."""
        train, weights, _ = self.sequences()
        of_seen, of_links = self.learned(train, weights)
        path = RESOURCES / "stance-weights.tsv"
        rows = {(kind, name): [int(cell or 0) for cell in cells] for kind, name, *cells in read_tsv(path)}
        for name, row, is_fixed in zip(self.names, of_seen, self.by_hand, strict=True):
            key = ("mark", name) if isinstance(name, str) else ("ngram", decoded(int(name)))
            if not is_fixed and (key in rows or np.abs(row).max() >= LEAST):
                rows[key] = np.rint(chain.SCALE * row).astype(int).tolist()
        for k, link in enumerate(chain.LINKS, 1):
            for stance, row in zip(STANCES, of_links[k], strict=True):
                rows[f"next {link}", stance] = np.rint(chain.SCALE * row).astype(int).tolist()
        head = [line for line in path.read_text(encoding="utf-8").split("\n")[:6] if line.startswith(("#", "kind"))]
        body = [
            "\t".join([kind, name, *(str(cell) if cell else "" for cell in row)])
            for (kind, name), row in sorted(rows.items())
            if any(row) or kind.startswith("next")
        ]
        path.write_text("\n".join([*head, *body]) + "\n", encoding="utf-8", newline="")


def stances_left_out(model, right):
    """Print the share of sentences that are right, by corpus: by the shipped weights and by those learned on."""
    data = model.data
    labels = [allowed for document, of in zip(model.documents, right, strict=True) for allowed in _twice(document, of)]
    found = {"shipped": {}, "learned on": {}}
    for fold in range(FOLDS):
        train, weights, test = model.sequences(fold)
        for name, tables in (("shipped", (model.start, model.links)), ("learned on", model.learned(train, weights))):
            found[name] |= chain.decided(data, model.columns, *tables, test)
    for name, by_place in found.items():
        shares = defaultdict(list)
        for i, stance in by_place.items():
            shares[model.documents[data.documents[i]].source].append(STANCES[stance] in labels[i])
        print("stances", name, {source: (round(np.mean(of), 3), len(of)) for source, of in sorted(shares.items())})


def _twice(document, right):
    """The labels of a document's sentences, once more for its copy of no known type, as `train_stances` makes one."""
    return right * (1 if document.genre == chain.UNTYPED_NAME or document.source == "tables" else 2)


def documents_of_quantities(score):
    """Documents as bench/weights.py takes them, with their coded kinds and years."""
    for (corpus, doc_id), rows in coded_rows().items():
        document = score.rows(corpus, "corpus", doc_id).iloc[0]
        coded = [
            (row["paragraph"], q["start"], len(choices.as_list(q["number"])[0]), q["kind"], q["year"])
            for row, _ in rows
            for q in row["quantities"]
            if "kind" in q and "year" in q
        ]
        metadata = {name: plain(document[name]) for name in ("year", "city", "province", "date")}
        metadata["year"] = None if metadata["year"] is None else int(metadata["year"])
        paragraphs = score.rows(corpus, "paragraphs", doc_id).to_dict("records")
        yield choices.Document(metadata, document["doc_type"], paragraphs, coded, rows[0][1], [])


def table_of(name, answers):
    """The shipped weights of kinds or years by feature, in the order of the answers."""
    (_, *columns), *rows = read_tsv(choices.RESOURCES / f"{name}-weights.tsv", header=False)
    order = [columns.index(answer) for answer in answers]
    return {feature: np.array([int(cells[i]) for i in order]) / 100 for feature, *cells in rows}


def learned_kinds(rows, start):
    """How features of kinds are made a matrix, and weights after these samples."""
    vectors, matrix = choices.matrix_of([row.kind for row in rows], [row.document for row in rows], start)
    begin = choices.beginning(vectors, start, len(choices.KINDS))
    right = [choices.KINDS.index(row.found["kind"] if row.found["kind"] in row.kinds else row.kinds[0]) for row in rows]
    weights, truth, turned = np.array([row.weight for row in rows]), np.eye(len(choices.KINDS))[right], matrix.T.tocsr()

    def loss(flat):
        moved = flat.reshape(begin.shape)
        sums = matrix @ (begin + moved)
        whole = logsumexp(sums, axis=1, keepdims=True)
        of_right = (whole - sums)[np.arange(len(rows)), right]
        gradient = turned @ ((np.exp(sums - whole) - truth) * weights[:, None]) + OF_KINDS * moved
        return float(weights @ of_right) + OF_KINDS / 2 * (moved**2).sum(), gradient.ravel()

    found = minimize(loss, np.zeros(begin.size), jac=True, method="L-BFGS-B", options={"maxiter": 200}).x
    return begin + found.reshape(begin.shape), vectors


def kind_by(table, vectors, row):
    """The kind of a sample, as the library chooses it."""
    sums = (vectors.transform([dict.fromkeys(row.kind, 1)]) @ table)[0]
    best, by_rule = int(np.argmax(sums)), choices.KINDS.index(row.found["kind"])
    return choices.KINDS[best if 100 * (sums[best] - sums[by_rule]) >= choices.MARGIN else by_rule]


def parts_left_out(rows):
    """Samples to learn from and samples to look at, by documents left out in turn."""
    for train, test in GroupKFold(FOLDS).split(rows, groups=[row.document for row in rows]):
        yield [rows[i] for i in train], [rows[i] for i in test]


def write_choices(name, answers, table, vectors, start):
    """Write a table of weights of kinds or years; features that are new are kept if they matter."""
    learned = zip(vectors.get_feature_names_out(), table, strict=True)
    rows = start | {feature: row for feature, row in learned if feature in start or np.abs(row).max() >= LEAST}
    path = choices.RESOURCES / f"{name}-weights.tsv"
    lines = [path.read_text(encoding="utf-8").split("\n")[0], "\t".join(["feature", *answers])]
    for feature, row in sorted(rows.items()):
        whole = np.rint(100 * row).astype(int)
        lines += ["\t".join([feature, *map(str, whole)])] if whole.any() else []
    path.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="")


def main(tables, writes):
    """Print how often weights are right, and learn on."""
    score = Score(tables)
    documents, right = zip(*documents_of_gold(score), strict=True)
    model = Stances(list(documents))
    stances_left_out(model, right)
    asking = choices.Asking()
    coded = list(documents_of_quantities(score))
    rows = list(choices.samples(coded, asking))
    of_kinds, of_years = table_of("kind", choices.KINDS), table_of("year", choices.YEARS)
    asked = [row for row in rows if row.kind is not None]
    kinds = {}
    for train, test in parts_left_out(asked):
        chosen = learned_kinds(train, of_kinds)
        kinds |= {(row.document, row.number): kind_by(*chosen, row) for row in test}
    before = {(row.document, row.number): shipped_choice.choose("kind", row.kind, row.found["kind"]) for row in asked}
    for name, by in (("shipped", before), ("learned on", kinds)):
        shares = [by.get((row.document, row.number), row.found["kind"]) in row.kinds for row in rows]
        print("kinds", name, round(np.mean(shares), 3), len(shares))
    kind_model = learned_kinds(asked, of_kinds)
    asking.kinds = kinds  # years depend on kinds
    rows = list(choices.samples(coded, asking))
    asked = [row for row in rows if row.year is not None]
    found = choices.years_left_out(asked, of_years, OF_YEARS)
    years = {(row.document, row.number): year for row, year in zip(asked, found, strict=True)}
    before = {
        (row.document, row.number): shipped_choice.choose_year(row.year, row.among, row.found["year"]) for row in asked
    }
    for name, by in (("shipped", before), ("learned on", years)):
        shares = [by.get((row.document, row.number), row.found["year"]) in row.years for row in rows]
        print("years", name, round(np.mean(shares), 3), len(shares))
    if writes:
        model.write()
        write_choices("kind", choices.KINDS, *kind_model, of_kinds)
        write_choices("year", choices.YEARS, *choices.fit_years(asked, of_years, OF_YEARS), of_years)


if __name__ == "__main__":
    main(sys.argv[1], "write" in sys.argv)
