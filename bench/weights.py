"""Fit the weights by which kinds and years of quantities are chosen: python bench/weights.py CODED... [TABLES] [write]

CODED are files of documents that people coded (JSON Lines; a line is a document: genre, title, rows of [heading,
[[sentence, stance], ...]], quantities with row, start, number, kind and year, these two one or a list of what is right;
year, city, province and date where they are known). They stay outside the repository, as texts do. TABLES, as bench/genres.py
takes them, add the paragraphs of tests/facts/genres.jsonl that are not held back. Prints how often the rules and the
weights are right, by genre, each document left out of what its weights were fitted to; with `write`, fits them to all
and writes facts/quantities/resources/kind-weights.tsv and year-weights.tsv.
"""

import json
import sys
import warnings
from collections import defaultdict
from pathlib import Path

import crosscity.facts.quantities.claims as claims
import numpy as np
from crosscity.documents import describe_document
from crosscity.documents.sources import Source
from crosscity.facts.fields import is_on_party_building
from crosscity.facts.quantities import quantities
from crosscity.facts.stances import stances
from genres import GOLD, Score, plain
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

RESOURCES = Path(claims.__file__).with_name("resources")
KINDS = ("actual", "target", "standard", "change", "baseline")
YEARS = ("rule", "none", "stated", "document", "previous", "earlier", "listed", "term", "heading")
INVERSE_PENALTY = {"kind": 0.3, "year": 0.1}
LEAST = 3  # documents that have a feature
FOLDS = 8
RULED = 0.5  # weight of paragraphs that rules were written with: there they are right more often than elsewhere
HEADER = """\
# Weights of features for each answer, in hundredths; fitted by bench/weights.py to {} quantities of {} documents.
"""


def as_list(value):
    """A value, or several."""
    return value if isinstance(value, list) else [value]


def coded_documents(path):
    """Documents of a coded file, with their rows as `quantities` takes them."""
    for line in path.read_text(encoding="utf-8").splitlines():
        document = json.loads(line)
        rows, place, last = [{"kind": "title", "section": "", "text": document["title"]}], {}, ""
        for i, (heading, sentences) in enumerate(document["rows"]):
            if heading and heading != last:
                rows.append({"kind": "heading", "section": heading, "text": heading})
                last = heading
            rows.append({"kind": "body", "section": heading, "text": "".join(text for text, *_ in sentences)})
            place[i] = len(rows)
        rows = [{"paragraph": i, "unit": "", **row} for i, row in enumerate(rows, 1)]
        text = "\n".join(row["text"] for row in rows)
        said = {name: document[name] for name in ("year", "city", "province", "date") if document.get(name)}
        guessed = describe_document(Source("x", "x.txt", text, "utf-8", ""), text, document["title"])
        coded = [
            (place[q["row"]], q["start"], len(q["number"]), as_list(q["kind"]), as_list(q["year"]))
            for q in document.get("quantities", ())
            if q["row"] in place
        ]
        yield (
            {**{name: guessed[name] for name in ("year", "city", "province", "date")}, **said},
            document["genre"],
            rows,
            coded,
            1.0,
        )


def open_documents(tables):
    """Documents of the paragraphs of the gold that are not held back."""
    score, by_document = Score(tables), defaultdict(list)
    for row in map(json.loads, GOLD.read_text(encoding="utf-8").splitlines()):
        if not row["held"]:
            by_document[row["corpus"], row["doc_id"]].append(row)
    for (corpus, doc_id), coded_rows in by_document.items():
        document = score.rows(corpus, "corpus", doc_id).iloc[0]
        rows = score.rows(corpus, "paragraphs", doc_id).to_dict("records")
        coded = [
            (row["paragraph"], q["start"], len(as_list(q["number"])[0]), q["kind"], q["year"])
            for row in coded_rows
            for q in row["quantities"]
        ]
        metadata = {name: plain(document[name]) for name in ("year", "city", "province", "date")}
        yield metadata, document["doc_type"], rows, coded, RULED


class Samples:
    """Coded quantities, with the features that the library asks its weights with."""

    def __init__(self, documents):
        self.documents, self.kinds = documents, {}  # kinds that the weights have chosen: by document and number
        self.asked, self.at = [], 0
        claims.choose = self._choose

    def _choose(self, name, features, among=()):
        """What the library's own `choose` is asked; the answer of the rules, or the kind that was chosen."""
        self.asked.append((name, features, tuple(among)))
        if name == "year":
            return "rule" if "rule" in among else "none"
        by_rule = next(feature[5:] for feature in features if feature.startswith("kind="))
        return self.kinds.get((self.at, len(self.asked)), by_rule)

    def rows(self):
        """One per coded quantity that is found: document, genre, weight, kind and year asked and right."""
        for at, (metadata, genre, rows, coded, weight) in enumerate(self.documents):
            self.at = at
            said = stances({name: [row[name] for row in rows] for name in rows[0]}, "", genre, metadata["year"])
            self.asked, years = [], []
            original = claims.year_features

            def remember(*arguments, years=years, original=original):
                years.append(dict(arguments[4]))
                return original(*arguments)

            claims.year_features = remember
            place = metadata["city"] or metadata["province"]
            party = is_on_party_building([row["text"] for row in rows])
            found = quantities(rows, metadata["year"], place, metadata["date"], genre, said, party)
            claims.year_features = original
            if not self.asked:
                continue  # of a genre that is read by rule
            asked = self._by_quantity()
            for paragraph, start, length, kinds, right_years in coded:
                for i, q in enumerate(found):
                    if q["paragraph"] == paragraph and q["start"] < start + length and q["end"] > start:
                        yield at, genre, weight, q["kind"], kinds, asked[i], years[i], right_years
                        break

    def _by_quantity(self):
        """What was asked for each quantity: of its kind (none in a list) and of its year."""
        out, kind = [], None
        for number, (name, features, among) in enumerate(self.asked, 1):
            if name == "kind":
                kind = (number, features)
            else:
                out.append((kind, features, among))
                kind = None
        return out


def fit(name, samples, right, weights, documents):
    """A model of features and the features that it knows."""
    having = defaultdict(set)
    for features, document in zip(samples, documents, strict=True):
        for feature in features:
            having[feature].add(document)
    known = {feature for feature, of in having.items() if len(of) >= LEAST}
    vectors = DictVectorizer()
    matrix = vectors.fit_transform([{f: 1 for f in features if f in known} for features in samples])
    model = LogisticRegression(C=INVERSE_PENALTY[name], max_iter=1000, tol=1e-6)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model.fit(matrix, right, sample_weight=weights)
    return model, vectors


def chosen(model, vectors, features, among):
    """The answer with the greatest sum of weights among some."""
    sums = model.decision_function(vectors.transform([dict.fromkeys(features, 1)]))[0]
    return max(
        (a for a in model.classes_ if not among or a in among), key=lambda a: sums[list(model.classes_).index(a)]
    )


def left_out(name, samples, right, weights, documents, among):
    """What is chosen for each sample by weights fitted to other documents."""
    out = [None] * len(samples)
    for train, test in GroupKFold(FOLDS).split(samples, groups=documents):
        train = [i for i in train if right[i]]
        parts = ([of[i] for i in train] for of in (samples, right, weights, documents))
        model, vectors = fit(name, *parts)
        for i in test:
            out[i] = chosen(model, vectors, samples[i], among[i])
    return out


def write(name, answers, model, vectors, n, n_documents):
    """Write the table of weights, in hundredths; rows of zeros are left out."""
    columns = [list(model.classes_).index(answer) for answer in answers if answer in model.classes_]
    table = np.rint(model.coef_[columns] * 100).astype(int)
    lines = ["\t".join(["feature", *(a for a in answers if a in model.classes_)])]
    constant = np.rint(model.intercept_[columns] * 100).astype(int)
    for feature, weights in sorted(zip(vectors.get_feature_names_out(), table.T, strict=True)):
        if feature == "always":
            weights = weights + constant
        if weights.any():
            lines.append("\t".join([feature, *map(str, weights)]))
    text = HEADER.format(n, n_documents) + "\n".join(lines) + "\n"
    (RESOURCES / f"{name}-weights.tsv").write_text(text, encoding="utf-8", newline="")


def report(title, genres, right):
    """Print how often something is right, in all and by genre."""
    by_genre = defaultdict(list)
    for genre, is_right in zip(genres, right, strict=True):
        by_genre[genre].append(is_right)
    shares = ", ".join(f"{genre} {np.mean(of):.2f} ({len(of)})" for genre, of in sorted(by_genre.items()))
    print(f"{title}: {np.mean(right):.3f}; {shares}")


def main():
    """Fit, print and write."""
    paths = [Path(argument) for argument in sys.argv[1:] if argument != "write"]
    documents = [d for path in paths if path.suffix == ".jsonl" for d in coded_documents(path)]
    for path in paths:
        documents += open_documents(path) if path.is_dir() else []
    samples = Samples(documents)
    rows = list(samples.rows())
    genres = [row[1] for row in rows]
    report("kind by rule", genres, [row[3] in row[4] for row in rows])
    asked = [(row, row[5][0]) for row in rows if row[5][0] is not None]
    parts = (
        [features for _, (_, features) in asked],
        [row[3] if row[3] in row[4] else row[4][0] for row, _ in asked],
        [row[2] for row, _ in asked],
        [row[0] for row, _ in asked],
    )
    kinds = left_out("kind", *parts, [()] * len(asked))
    samples.kinds = {(row[0], number): kind for (row, (number, _)), kind in zip(asked, kinds, strict=True)}
    kind_model = fit("kind", *parts)
    rows = list(samples.rows())  # years depend on kinds
    report("kind by weights", genres, [row[3] in row[4] for row in rows])
    report("year by rule", genres, [row[6]["rule"] in row[7] for row in rows])
    right = [next((n for n in YEARS if n in row[5][2] and row[6][n] in row[7]), None) for row in rows]
    parts = ([row[5][1] for row in rows], right, [max(row[2], 1.0) for row in rows], [row[0] for row in rows])
    years = left_out("year", *parts, [row[5][2] for row in rows])
    report("year by weights", genres, [row[6][year] in row[7] for row, year in zip(rows, years, strict=True)])
    if "write" in sys.argv:
        known = [i for i, answer in enumerate(right) if answer]
        year_model = fit("year", *([of[i] for i in known] for of in parts))
        write("kind", KINDS, *kind_model, len(asked), len(documents))
        write("year", YEARS, *year_model, len(known), len(documents))


if __name__ == "__main__":
    main()
