"""Fit the weights by which kinds and years of quantities are chosen: python bench/weights.py CODED... [TABLES] [write]

CODED are files of documents that people coded (JSON Lines; a line is a document: genre, title, rows of [heading,
[[sentence, stance], ...]], quantities with row, start, number, kind and year, these two one or a list of what is right;
year, city, province and date where they are known; found: row, start, end and stance of sentences as weights find them
that were fitted to other documents, since those that are shipped know the coded ones by heart). No document of a
paragraph that is held back is among them. They stay outside the repository, as texts do. TABLES, as bench/genres.py
takes them, add the paragraphs of tests/facts/genres.jsonl that are not held back. Prints how often the rules and the
weights are right, by genre, each document left out of what its weights were fitted to; with `write`, fits them to all
and writes facts/quantities/resources/kind-weights.tsv and year-weights.tsv.
"""

import json
import sys
import warnings
from collections import defaultdict
from pathlib import Path
from typing import NamedTuple

import crosscity.facts.quantities.claims as claims
import numpy as np
from crosscity.documents import describe_document
from crosscity.documents.sources import Source
from crosscity.facts.fields import is_on_party_building
from crosscity.facts.quantities import quantities
from crosscity.facts.quantities.learned import MARGIN
from crosscity.facts.stances import Stance, stances
from genres import GOLD, Score, plain
from scipy.optimize import minimize
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

RESOURCES = Path(claims.__file__).with_name("resources")
KINDS = ("actual", "target", "standard", "change", "baseline")
YEARS = ("rule", "none", "stated", "document", "previous", "earlier", "listed", "term", "heading")
YEARS += ("title", "period", "told", "last", "next", "named", "prior")
INVERSE_PENALTY, PENALTY = 0.3, 10.0  # of kinds, of years
LEAST = 3  # documents that have a feature
FOLDS = 8
RULED = 0.5  # weight of paragraphs that rules were written with: there they are right more often than elsewhere
HEADER = """\
# Weights of features for each answer, in hundredths; fitted by bench/weights.py to {} quantities of {} documents.
"""


def as_list(value):
    """A value, or several."""
    return value if isinstance(value, list) else [value]


class Document(NamedTuple):
    """A coded document.

    Attributes
    ----------
    metadata : dict
    genre : str
    rows : list of dict
        As `quantities` takes them.
    coded : list of tuple
        Of each quantity: paragraph, start, length, kinds and years that are right.
    weight : float
    found : list of Stance
        As they are found by weights that were fitted to other documents; empty if those that are shipped were.
    """

    metadata: dict
    genre: str
    rows: list
    coded: list
    weight: float
    found: list


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
        metadata = {**{name: guessed[name] for name in ("year", "city", "province", "date")}, **said}
        found = [Stance(place[row], *span, "author") for row, *span in document.get("found", ())]
        yield Document(metadata, document["genre"], rows, coded, 1.0, found)


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
        yield Document(metadata, document["doc_type"], rows, coded, RULED, [])


class Sample(NamedTuple):
    """A coded quantity: what the library asked its weights of it, if it did, and what is right.

    Attributes
    ----------
    document, number : int
        Of the document, and of the quantity in it.
    genre : str
    weight : float
    found, kinds, years
        The row of the library, and the kinds and years that are right.
    kind, year : list of str or None
        Features.
    among : dict
        The years to choose from.
    """

    document: int
    number: int
    genre: str
    weight: float
    found: dict
    kinds: list
    years: list
    kind: list | None
    year: list | None
    among: dict


class Asking:
    """Stands in for the library's choice by weights: notes what is asked, and answers as told or as the rules do."""

    def __init__(self):
        self.kinds, self.at, self.asked, self.years = {}, 0, [], {}
        self._of_kind = claims._kind
        claims.choose, claims.choose_year = self._choose, self._choose_year
        claims._kind = self._next

    def start(self, document):
        """Begin with a document."""
        self.at, self.asked = document, []

    def _next(self, *arguments):
        self.asked.append({"among": {}})
        return self._of_kind(*arguments)

    def _choose_year(self, features, years, by_rule):
        self.asked[-1].update(year=features, among=years)
        return by_rule

    def _choose(self, name, features, by_rule):
        self.asked[-1][name] = features
        return self.kinds.get((self.at, len(self.asked) - 1), by_rule)


def samples(documents, asking):
    """A `Sample` of each coded quantity that is found."""
    for at, document in enumerate(documents):
        metadata, genre, rows = document.metadata, document.genre, document.rows
        columns = {name: [row[name] for row in rows] for name in rows[0]}
        said = document.found or stances(columns, "", genre, metadata["year"])
        place = metadata["city"] or metadata["province"]
        party = is_on_party_building(columns["text"])
        asking.start(at)
        found = quantities(rows, metadata["year"], place, metadata["date"], genre, said, party)
        for paragraph, start, length, kinds, years in document.coded:
            for number, q in enumerate(found):
                if q["paragraph"] == paragraph and q["start"] < start + length and q["end"] > start:
                    asked = asking.asked[number]
                    features = asked.get("kind"), asked.get("year"), asked["among"]
                    yield Sample(at, number, genre, document.weight, q, kinds, years, *features)
                    break


def matrix_of(features, documents, always=()):
    """How features that are in several documents, or always kept, are made a matrix, and that matrix."""
    having = defaultdict(set)
    for of_sample, document in zip(features, documents, strict=True):
        for feature in of_sample:
            having[feature].add(document)
    known = {feature for feature, of in having.items() if feature in always or len(of) >= LEAST}
    vectors = DictVectorizer()
    matrix = vectors.fit_transform([{f: 1 for f in of_sample if f in known} for of_sample in features])
    return vectors, matrix


def fit_kinds(features, right, weights, documents):
    """A logistic regression of kinds, and how features are made a matrix."""
    vectors, matrix = matrix_of(features, documents)
    model = LogisticRegression(C=INVERSE_PENALTY, max_iter=1000, tol=1e-6)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model.fit(matrix, right, sample_weight=weights)
    return model, vectors


def chosen(model, vectors, features, by_rule):
    """As the library: the answer with the greatest sum, or that of the rules."""
    sums = dict(
        zip(model.classes_, model.decision_function(vectors.transform([dict.fromkeys(features, 1)]))[0], strict=True)
    )
    best = max(sums, key=lambda answer: sums[answer])
    return str(best if 100 * (sums[best] - sums.get(by_rule, 0)) >= MARGIN else by_rule)


def left_out(features, right, weights, documents, by_rule):
    """The kind of each sample by weights fitted to other documents."""
    out = [""] * len(features)
    for train, test in GroupKFold(FOLDS).split(features, groups=documents):
        model, vectors = fit_kinds(*([of[i] for i in train] for of in (features, right, weights, documents)))
        for i in test:
            out[i] = chosen(model, vectors, features[i], by_rule[i])
    return out


def places_of(rows):
    """Of each sample and each of its years: the places where it is stated, whether it is right; and the years."""
    n, width = len(rows), len(YEARS)
    stated, right, years = np.zeros((n, width, width)), np.zeros((n, width), bool), []
    for i, row in enumerate(rows):
        years.append(list(dict.fromkeys(row.among.values())))
        for j, year in enumerate(years[-1]):
            right[i, j] = year in row.years
            stated[i, j] = [name in row.among and row.among[name] == year for name in YEARS]
    return stated, right, years


def fit_years(rows, start=None, penalty=PENALTY):
    """A conditional logit of years, and how features are made a matrix: places that state the same year add up.

    The penalty draws the weights to those of `start` (features to arrays), or to zero.
    """
    start = start or {}
    stated, right, _ = places_of(rows)
    known = np.flatnonzero(right.any(axis=1))
    rows, stated, right = [rows[i] for i in known], stated[known], right[known]
    vectors, matrix = matrix_of([row.year for row in rows], [row.document for row in rows], start)
    begin = beginning(vectors, start, len(YEARS))
    absent, weights = ~stated.any(axis=2), np.array([row.weight for row in rows])
    turned = matrix.T.tocsr()

    def loss(flat):
        moved = flat.reshape(begin.shape)
        sums = np.einsum("iyn,in->iy", stated, matrix @ (begin + moved))
        sums[absent] = -np.inf
        odds = np.exp(sums - sums.max(axis=1, keepdims=True))
        shares = odds / odds.sum(axis=1, keepdims=True)
        of_right = np.where(right, shares, 0)
        total = of_right.sum(axis=1) + 1e-12
        slope = weights[:, None] * (shares - of_right / total[:, None])
        gradient = turned @ np.einsum("iy,iyn->in", slope, stated) + penalty * moved
        return -(weights * np.log(total)).sum() + penalty / 2 * (moved**2).sum(), gradient.ravel()

    found = minimize(loss, np.zeros(begin.size), jac=True, method="L-BFGS-B", options={"maxiter": 300}).x
    return begin + found.reshape(begin.shape), vectors


def beginning(vectors, start, width):
    """The weights with which learning begins: those of features that have some, else zero."""
    none = np.zeros(width)
    return np.array([start.get(feature, none) for feature in vectors.get_feature_names_out()])


def years_by(table, vectors, rows):
    """The years of samples, as the library chooses them."""
    stated, _, years = places_of(rows)
    sums = vectors.transform([dict.fromkeys(row.year, 1) for row in rows]) @ table
    for i, (row, of) in enumerate(zip(rows, sums, strict=True)):
        by_year = dict(zip(years[i], 100 * stated[i] @ of, strict=False))
        by_rule = row.found["year"]
        best = max(by_year, key=by_year.get)
        yield best if by_year[best] - by_year.get(by_rule, 0) >= MARGIN else by_rule


def years_left_out(rows, start=None, penalty=PENALTY):
    """The year of each sample by weights fitted to other documents."""
    out = [None] * len(rows)
    for train, test in GroupKFold(FOLDS).split(rows, groups=[row.document for row in rows]):
        model = fit_years([rows[i] for i in train], start, penalty)
        for i, year in zip(test, years_by(*model, [rows[i] for i in test]), strict=True):
            out[i] = year
    return out


def write(name, answers, table, vectors, header):
    """Write the table of weights, in hundredths; rows of zeros are left out."""
    lines = ["\t".join(["feature", *answers])]
    table = np.rint(np.asarray(table) * 100).astype(int)
    for feature, weights in sorted(zip(vectors.get_feature_names_out(), table, strict=True)):
        if weights.any():
            lines.append("\t".join([feature, *map(str, weights)]))
    (RESOURCES / f"{name}-weights.tsv").write_text(header + "\n".join(lines) + "\n", encoding="utf-8", newline="")


def report(title, rows, right):
    """Print how often something is right, in all and by genre."""
    by_genre = defaultdict(list)
    for row, is_right in zip(rows, right, strict=True):
        by_genre[row.genre].append(is_right)
    shares = ", ".join(f"{genre} {np.mean(of):.2f} ({len(of)})" for genre, of in sorted(by_genre.items()))
    print(f"{title}: {np.mean(right):.3f}; {shares}")


def fitted_kinds(rows):
    """By document and number, kinds that weights fitted to other documents choose; and weights fitted to all."""
    asked = [row for row in rows if row.kind is not None]
    right = [row.found["kind"] if row.found["kind"] in row.kinds else row.kinds[0] for row in asked]
    parts = [row.kind for row in asked], right, [row.weight for row in asked], [row.document for row in asked]
    kinds = left_out(*parts, [row.found["kind"] for row in asked])
    by_place = {(row.document, row.number): kind for row, kind in zip(asked, kinds, strict=True)}
    model, vectors = fit_kinds(*parts)
    table = model.coef_.T.copy()
    table[list(vectors.get_feature_names_out()).index("always")] += model.intercept_
    return by_place, (table[:, [list(model.classes_).index(kind) for kind in KINDS]], vectors)


def fitted_years(rows):
    """By document and number, years that weights fitted to other documents choose; and weights fitted to all."""
    asked = [row for row in rows if row.year is not None]
    years = {(row.document, row.number): year for row, year in zip(asked, years_left_out(asked), strict=True)}
    return years, fit_years(asked)


def main():
    """Fit, print and write."""
    paths = [Path(argument) for argument in sys.argv[1:] if argument != "write"]
    documents = [d for path in paths if path.suffix == ".jsonl" for d in coded_documents(path)]
    for path in paths:
        documents += open_documents(path) if path.is_dir() else []
    asking = Asking()
    rows = list(samples(documents, asking))
    report("kind by rule", rows, [row.found["kind"] in row.kinds for row in rows])
    kinds, kind_model = fitted_kinds(rows)
    asking.kinds = kinds
    rows = list(samples(documents, asking))  # years depend on kinds
    report("kind by weights", rows, [row.found["kind"] in row.kinds for row in rows])
    report("year by rule", rows, [row.found["year"] in row.years for row in rows])
    years, year_model = fitted_years(rows)
    chosen_years = [years.get((row.document, row.number), row.found["year"]) for row in rows]
    report("year by weights", rows, [year in row.years for row, year in zip(rows, chosen_years, strict=True)])
    if "write" in sys.argv:
        header = HEADER.format(len(rows), len({row.document for row in rows}))
        write("kind", KINDS, *kind_model, header)
        write("year", YEARS, *year_model, header)


if __name__ == "__main__":
    main()
