"""How often facts are right in other genres.

    python bench/genres.py TABLES [GOLD ...] [held|open] [-v]
    python bench/genres.py TABLES [GOLD ...] --rates|--types

TABLES holds a folder of tables for each corpus of the gold (policies, province-reports-2026, national-reports, and
restated: tests/facts/restated), as `crosscity build` makes them. tests/facts/genres.jsonl has 290 paragraphs, coded by
two coders apart, in three sets, each before any rule was written for it: where they differ both codes count as right,
and what one coder alone has may be left out. It has places and labels and no sentences; in a long name … stands for
words left out. The second and third set (held) were kept from whoever wrote the rules, and nothing was learned from
them. GOLD may also be tests/facts/paragraphs.jsonl: 436 paragraphs of policies and reports of which stances, and items,
kinds and years of quantities alone are coded (TABLES has city-reports-2024, too); held: 147 by two coders, the others
by one; and tests/facts/sites.jsonl: 227 paragraphs of 32 restated pages (TABLES has sites: tests/facts/sites), coded by
those who wrote them, of which programmes, citations and scopes are not coded; held: half of the pages; and
tests/facts/pages.jsonl, of 102 pages in the same way; bench/coded.jsonl (TABLES has coded: bench/coded) has none held.
With -v each error is printed, with --rates the scores by genre as rows of facts/resources/error-rates.tsv, and
with --types the table of docs/validation.md that holds the types of documents that were found against those that a
reader gave (types.tsv, by coding or by title).
"""

import hashlib
import json
import re
import sys
import unicodedata
from collections import Counter, defaultdict
from pathlib import Path

import pandas as pd
from crosscity.documents.headlines import plain_title

GOLD = Path(__file__).resolve().parents[1] / "tests" / "facts" / "genres.jsonl"
FIELDS = ("value", "unit", "kind", "qualifier", "period", "year")
METADATA = ("city", "province", "year", "title")
TYPES = Path(__file__).with_name("types.tsv")
LEAST = 30  # coded items from which a genre has a rate of its own
ENCLOSED = re.compile("(?:印发|转发|发布)([^《》]{6,60})的通知$")  # a notice that has what it issues as its text
ALIKE = 0.8  # share of characters in which two names of a programme are one


def read_gold(part="", paths=()):
    """Coded paragraphs: all, or those that were held back from the rules (held), or those that were not (open)."""
    paths = paths or [Path(argument) for argument in sys.argv[1:] if argument.endswith(".jsonl")] or [GOLD]
    rows = [json.loads(line) for path in paths for line in path.read_text(encoding="utf-8").splitlines()]
    for row in rows:  # what was not coded
        row.setdefault("id", f"{row['corpus']} {row['doc_id']} {row['paragraph']}")
        for name in ("doc_type", *METADATA):
            row.setdefault(name, [])
        row["quantities"] = [{"optional": False, **quantity} for quantity in row["quantities"]]
    return [row for row in rows if not part or row["held"] == (part == "held")]


def overlap(a, b):
    """Dice's share of characters that two texts have in common."""
    a, b = str(a), str(b)
    return 2 * sum((Counter(a) & Counter(b)).values()) / (len(a) + len(b)) if a and b else 0.0


def plain(value):
    """A cell, with nothing for what is missing."""
    return None if value is None or value is pd.NA or value != value else value


def is_coded(value, codes):
    """Whether a value is one of the coders'."""
    value = plain(value)
    if isinstance(value, int | float):
        return any(code is not None and abs(value - code) <= 1e-6 * max(1, abs(code)) for code in codes if code != "")
    return (value or None) in [code or None for code in codes]


def is_stated(value, codes, place):
    """Whether a guess of metadata is a coder's; a place may lack its 市 or 省."""
    codes = [str(code) for code in codes if code not in (None, "")]
    if place:
        return any(code.startswith(str(value)) or str(value).startswith(code) for code in codes)
    if not isinstance(value, str):
        return str(int(value)) in codes
    return is_titled(value, codes)


def is_titled(title, codes):
    """Whether a title is a coded one: with other blanks or marks, with its subtitle or a bracket, or of the notice."""
    forms = {_plain_title(form) for form in (title, title.split("——")[0])}
    forms |= {enclosed[1] for form in tuple(forms) if (enclosed := ENCLOSED.search(form))}
    return any(_plain_title(code) in forms for code in codes)


def _plain_title(title):
    """A title without blanks, quotation marks of a work, and brackets at its end."""
    return re.sub("[《》]", "", plain_title(unicodedata.normalize("NFKC", title)))


def macro_f1(pairs):
    """The mean over labels of the F1 of pairs (label found, label coded)."""
    scores = []
    for label in sorted({coded for _, coded in pairs}):
        right = sum(found == coded == label for found, coded in pairs)
        wrong = sum((found == label) != (coded == label) for found, coded in pairs)
        scores.append(2 * right / (2 * right + wrong))
    return sum(scores) / len(scores)


class Score:
    """Counts of what is right, as paragraphs are gone through."""

    def __init__(self, tables):
        self.tables, self._read = Path(tables), {}
        self.stances, self.items, self.scopes, self.errors = defaultdict(list), [], [], []
        self.right, self.coded, self.found, self.missed, self.extra = Counter(), Counter(), 0, 0, 0
        self.names = {"programmes": Counter(), "citations": Counter()}
        self.metadata, self.types, self.absent, self.paragraphs = Counter(), [], [], 0

    def rows(self, corpus, name, doc_id, paragraph=None):
        """Rows of a table of a document, or of one of its paragraphs."""
        if (corpus, name) not in self._read:
            self._read[corpus, name] = pd.read_parquet(self.tables / corpus / f"{name}.parquet")
        table = self._read[corpus, name]
        table = table[table["doc_id"] == doc_id]
        return table if paragraph is None else table[table["paragraph"] == paragraph]

    def add(self, row):
        """Score one coded paragraph."""
        self.paragraphs += 1
        document = self.rows(row["corpus"], "corpus", row["doc_id"]).iloc[0]
        if row["doc_type"]:
            self.types.append((document["doc_type"], row["doc_type"]))
        else:  # by the one that was found
            row["doc_type"] = [document["doc_type"]]
        for field in METADATA:
            value = plain(document[field])
            self.metadata[field, "coded"] += any(code not in (None, "") for code in row[field])
            if value not in (None, "") and field in document["guessed"].split():  # not what a manifest states
                right = is_stated(value, row[field], field in ("city", "province"))
                self.metadata[field, "said"] += 1
                self.metadata[field, "right"] += right
                if not right:
                    self.errors.append((row["id"], field, value, row[field]))
        paragraphs = self.rows(row["corpus"], "paragraphs", row["doc_id"])
        sums = [hashlib.sha256(text.encode()).hexdigest()[:16] for text in paragraphs["text"]]
        paragraphs = paragraphs[[s == row["sha256"] for s in sums]]
        if paragraphs.empty:  # cleaned otherwise now
            self.absent.append(row["id"])
            return
        place = (row["corpus"], row["doc_id"], int(paragraphs["paragraph"].iloc[0]))
        text = paragraphs["text"].iloc[0]
        self._add_stances(row, place, text)
        self._add_quantities(row, place, text)
        for name, key in (("programmes", "name"), ("citations", "title")):
            if name in row:
                self._add_names(row, place, name, key)

    def _add_stances(self, row, place, text):
        spans = self.rows(place[0], "stances", *place[1:])
        for sentence in row["stances"]:
            shares = Counter()
            for span in spans.itertuples():
                shares[span.stance] += max(0, min(span.end, sentence["end"]) - max(span.start, sentence["start"]))
            found = max(shares, key=shares.get) if any(shares.values()) else "none"
            coded = found if found in sentence["label"] else sentence["label"][0]
            self.stances[row["doc_type"][0]].append((found, coded))
            if found != coded:
                part = text[sentence["start"] : sentence["end"]]
                self.errors.append((row["id"], row["doc_type"][0], "stance", found, coded, part))

    def _add_quantities(self, row, place, text):
        found, taken = self.rows(place[0], "quantities", *place[1:]), set()
        for coded in row["quantities"]:
            number = coded["number"] if isinstance(coded["number"], str) else coded["number"][0]
            end = coded["start"] + len(number)
            same = [i for i, q in found.iterrows() if i not in taken and q["start"] < end and q["end"] > coded["start"]]
            around = text[max(0, coded["start"] - 20) : end + 10]
            if not same:
                self.missed += not coded["optional"]
                if not coded["optional"]:
                    self.errors.append((row["id"], "missed", around))
                continue
            taken.add(same[0])
            quantity = found.loc[same[0]]
            self.found += 1
            for field in (name for name in FIELDS if name in coded):
                right = is_coded(quantity[field], coded[field])
                self.right[field] += right
                self.coded[field] += 1
                if not right:
                    self.errors.append((row["id"], row["doc_type"][0], field, quantity[field], coded[field], around))
            self.items.append(max(overlap(quantity["item"], item) for item in coded["item"]))
            if "scope" in coded:
                scope = quantity["scope"]
                self.scopes.append(any(scope == s or overlap(scope, s) > 0.7 for s in coded["scope"]))
        self.extra += len(found) - len(taken)

    def _add_names(self, row, place, name, key):
        found = set(self.rows(place[0], name, *place[1:])[key])
        coded = {entry[key]: entry["optional"] for entry in row[name]}

        def same(a, b):
            return a == b or (name == "programmes" and overlap(a, b) > ALIKE)

        right = {n for n in found if any(same(n, c) for c in coded)}
        missed = [c for c, optional in coded.items() if not optional and not any(same(n, c) for n in found)]
        self.names[name] += Counter(right=len(right), wrong=len(found - right), missed=len(missed))
        self.errors += [(row["id"], name, "wrong", n) for n in found - right]
        self.errors += [(row["id"], name, "missed", n) for n in missed]

    def summary(self):
        """Scores by name, each from 0 to 1; counts beside them."""
        pairs = [pair for of_type in self.stances.values() for pair in of_type]
        scores = {"stance": sum(f == c for f, c in pairs) / len(pairs), "stance macro-F1": macro_f1(pairs)}
        for genre, of_type in sorted(self.stances.items()):
            scores[f"stance: {genre} ({len(of_type)})"] = sum(f == c for f, c in of_type) / len(of_type)
        scores |= {field: self.right[field] / self.coded[field] for field in FIELDS if self.coded[field]}
        scores["item"] = sum(self.items) / len(self.items)
        if self.scopes:
            scores["scope"] = sum(self.scopes) / len(self.scopes)
        scores["quantities found"] = self.found / (self.found + self.missed)
        for name, n in self.names.items():
            if not n["right"] + n["missed"]:
                continue
            scores[f"{name} precision"] = n["right"] / max(1, n["right"] + n["wrong"])
            scores[f"{name} recall"] = n["right"] / max(1, n["right"] + n["missed"])
        if self.types:
            scores["document type"] = sum(found in coded for found, coded in self.types) / len(self.types)
        for field in METADATA:
            said = self.metadata[field, "said"]
            if not self.metadata[field, "coded"]:
                continue
            scores[f"{field} ({said} of {self.metadata[field, 'coded']} guessed)"] = (
                self.metadata[field, "right"] / said if said else float("nan")
            )
        return scores


def measure(tables, part="", genre=""):
    """The `Score` of tables on the gold, or a part of it, or what it has of a genre."""
    score = Score(tables)
    for row in read_gold(part):
        if genre in ("", *row["doc_type"][:1]):
            score.add(row)
    return score


def rates(tables, part=""):
    """Lines of error-rates.tsv: each genre of the gold with its measures, and the documents that they are of."""
    score, lines = Score(tables), []
    rows = read_gold(part)
    for row in rows:  # of those whose type nobody coded, that which was found
        row["genre"] = (
            row["doc_type"][0]
            if row["doc_type"]
            else score.rows(row["corpus"], "corpus", row["doc_id"])["doc_type"].iloc[0]
        )
    for genre in sorted({row["genre"] for row in rows}):
        score, whole = Score(tables), Score(tables)  # whole: where all quantities are coded, and not only those found
        own = [row for row in rows if row["genre"] == genre]
        for row in own:
            score.add(row)
            if all("value" in quantity for quantity in row["quantities"]):
                whole.add(row)
        of = len({(row["corpus"], row["doc_id"]) for row in own})
        pairs = [pair for of_type in score.stances.values() for pair in of_type]
        found, value = whole.found, whole.right["value"]
        measured = []
        if found:
            wrong = found - value + whole.extra
            f1 = 2 * value / (2 * value + wrong + found - value + whole.missed)
            measured += [("quantities", "F1 of value", f1, found + whole.missed, "")]
        fields = [("kind", "kind"), ("year", "year"), ("qualifier", "bound"), ("period", "period")]
        for field, name in fields:
            if n := score.coded[field]:
                measured += [("quantities", name, score.right[field] / n, n, "share of matched")]
        for name, shares, note in (("item", score.items, "mean Dice of characters"), ("scope", score.scopes, "")):
            if shares:
                measured += [("quantities", name, sum(shares) / len(shares), len(shares), note)]
        for task, name in (("programmes", "F1 of names"), ("citations", "F1 of titles")):
            n = score.names[task]
            if coded := n["right"] + n["missed"]:
                f1 = 2 * n["right"] / (2 * n["right"] + n["wrong"] + n["missed"])
                measured += [(task, name, f1, coded, "")]
        if pairs:
            right = sum(f == c for f, c in pairs) / len(pairs)
            measured += [("stances", "stance", right, len(pairs), "share of sentences")]
            measured += [("stances", "macro-F1 of stance", macro_f1(pairs), len(pairs), "")]
        lines += [
            "\t".join([task, name, f"{share:.4f}", str(of), str(items), genre, note])
            for task, name, share, items, note in measured
            if items >= LEAST
        ]
    return lines


def all_rates(tables):
    """Lines of error-rates.tsv: of paragraphs that were held back where these have enough items, and else of all."""
    lines, seen = rates(tables, "held"), "with paragraphs that the rules had seen"
    held = {(genre, task, name) for task, name, *_, genre, _ in (line.split("\t") for line in lines)}
    for line in rates(tables):
        task, name, *_, genre, note = line.split("\t")
        if (genre, task, name) not in held:
            lines.append(line.removesuffix(note) + (f"{note}; {seen}" if note else seen))
    return sorted(lines, key=lambda line: line.split("\t")[5])


def read_types():
    """The types that a reader gave documents: of (corpus, doc_id) those that are right."""
    lines = TYPES.read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if not line.startswith("#")][1:]
    return {(corpus, doc_id): types.split("|") for corpus, doc_id, types in rows}


def type_table(tables):
    """The types found (columns) against those that a reader gave (rows), in Markdown."""
    found = {}
    for corpus in sorted({corpus for corpus, _ in read_types()}):
        table = pd.read_parquet(Path(tables) / corpus / "corpus.parquet")
        found |= {(corpus, doc): kind for doc, kind in zip(table["doc_id"], table["doc_type"], strict=True)}
    pairs = Counter()
    for place, coded in read_types().items():
        pairs[found[place] if found[place] in coded else coded[0], found[place]] += 1
    given = sorted({coded for coded, _ in pairs})
    shown = sorted({kind for _, kind in pairs})
    lines = ["| read as | " + " | ".join(shown) + " | right |", "|---" * (len(shown) + 2) + "|"]
    for coded in given:
        n = [pairs[coded, kind] for kind in shown]
        cells = " | ".join(str(k) if k else "" for k in n)
        lines.append(f"| {coded} | {cells} | {pairs[coded, coded]} of {sum(n)} |")
    return lines


if __name__ == "__main__":
    part = next((argument for argument in sys.argv[2:] if argument in ("held", "open")), "")
    if "--rates" in sys.argv or "--types" in sys.argv:
        print(*(all_rates(sys.argv[1]) if "--rates" in sys.argv else type_table(sys.argv[1])), sep="\n")
        sys.exit()
    score = measure(sys.argv[1], part)
    for name, value in score.summary().items():
        print(f"{name}: {value:.3f}")
    print(f"{score.paragraphs} paragraphs, {score.extra} quantities that nobody coded, not there now: {score.absent}")
    if "-v" in sys.argv:
        for error in score.errors:
            print(*error, sep=" | ")
