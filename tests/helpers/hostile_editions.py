"""Editions without text that are wrong or hostile, as a table: see test_hostile.py and test_edition_files.py.

Each case spoils a copy of the shipped edition and states the checksums anew, as whoever makes one can.
"""

import csv
import hashlib
import io
import json
from pathlib import Path
from typing import NamedTuple

EDITION = Path(__file__).resolve().parents[2] / "data" / "derived" / "five-cities"
FIRST = "004_7a1e4c3508e5c20e"  # the document of the first row of each of its files


class Case(NamedTuple):
    """An edition that is spoiled.

    Attributes
    ----------
    spoil : callable
        Spoils the folder that it is given.
    says : str or None
        What the message must hold; None: the edition is taken.
    """

    spoil: object
    says: str | None = None


def rows_of(path):
    return list(csv.reader(io.StringIO(path.read_text(encoding="utf-8"), newline="")))


def write_rows(path, rows):
    lines = io.StringIO(newline="")
    csv.writer(lines, lineterminator="\n").writerows(rows)
    path.write_text(lines.getvalue(), encoding="utf-8")


def seal(folder):
    """State the checksums of the files as they are now."""
    about = json.loads((folder / "edition.json").read_text(encoding="utf-8"))
    present = (folder / name for name in about["files"])
    about["files"] |= {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in present if p.is_file()}
    (folder / "edition.json").write_text(json.dumps(about, ensure_ascii=False), encoding="utf-8")


def cell(name, column, value, row=0):
    """Another value in a cell of a file."""

    def spoil(folder):
        path = folder / f"{name}.csv"
        header, *rows = rows_of(path)
        rows[row][header.index(column)] = value
        write_rows(path, [header, *rows])

    return spoil


def table(name, change):
    """Rows of a file, the header among them, as a function makes them."""
    return lambda folder: write_rows(folder / f"{name}.csv", change(rows_of(folder / f"{name}.csv")))


def content(name, change):
    """Bytes of a file as a function makes them."""

    def spoil(folder):
        path = folder / name
        path.write_bytes(change(path.read_bytes()))

    return spoil


def about(**changes):
    """Other words in edition.json: a value, or a function of what was there."""

    def spoil(folder):
        path = folder / "edition.json"
        told = json.loads(path.read_text(encoding="utf-8"))
        told |= {key: value(told[key]) if callable(value) else value for key, value in changes.items()}
        path.write_text(json.dumps(told), encoding="utf-8")

    return spoil


def parameter(name, value):
    return about(parameters=lambda former: {**former, name: value})


def outside(name):
    """A file that is a link to its like outside of the folder."""

    def spoil(folder):
        path = folder / f"{name}.csv"
        secret = folder.parent / "secret.csv"
        secret.write_bytes(path.read_bytes())
        path.unlink()
        path.symlink_to(secret)

    return spoil


def everywhere(value):
    """Another doc_id for the first document, in every file."""

    def spoil(folder):
        for path in sorted(folder.glob("*.csv")):
            write_rows(path, [[value if c == FIRST else c for c in row] for row in rows_of(path)])
        known = json.loads((folder / "edition.json").read_text(encoding="utf-8"))["parameters"]["documents"]
        parameter("documents", [value if name == FIRST else name for name in known])(folder)

    return spoil


CELLS = {
    "a paragraph of 7,000,000,000 characters": Case(
        cell("paragraphs", "n_chars", "7000000000"),
        "paragraphs.csv, column 'n_chars', row 2: 7000000000 is more text than files of this size stand for",
    ),
    "a paragraph of no characters": Case(cell("paragraphs", "n_chars", "0"), "row 2: '0' must be at least 1"),
    "a paragraph of fewer than none": Case(cell("paragraphs", "n_chars", "-5"), "row 2: '-5' must be at least 1"),
    "a paragraph longer than its document": Case(
        cell("paragraphs", "n_chars", "20"), "column 'n_chars', row 2: 2804 is not what paragraphs.csv has of it"
    ),
    "a removed line of 9,000,000,000 characters": Case(
        cell("cleaning_log", "n_before", "9000000000"), "cleaning_log.csv, column 'n_before', row 2: 9000000000 is more"
    ),
    "a word that stands 10,000,000,000 times": Case(
        cell("counts", "count", "10000000000"), "row 2: 10000000000 makes words that are longer than their paragraph"
    ),
    "a word that stands half a time": Case(cell("counts", "count", "0.5"), "row 2: '0.5' must be a whole number"),
    "a word without a count": Case(cell("counts", "count", ""), "column 'count', row 2: '' must not be empty"),
    "a word that stands in two rows": Case(
        table("counts", lambda rows: [*rows[:2], *rows[1:]]),
        "row 3: '一片' stands twice in its paragraph",
    ),
    "a number of 5,000 digits": Case(cell("counts", "count", "9" * 5000), "must be a whole number; get the edition"),
    "an endless value": Case(cell("quantities", "value", "inf"), "row 2: 'inf' must be a finite number"),
    "a value that is none": Case(cell("quantities", "value", "nan"), "row 2: 'nan' must be a finite number"),
    "a value beyond numbers": Case(cell("quantities", "value", "1e999"), "row 2: '1e999' must be a finite number"),
    "a value in Chinese digits": Case(cell("quantities", "value", "５"), "row 2: '５' must be a finite number"),
    "a weight above 1": Case(cell("themes", "weight", "1.5"), "row 2: '1.5' must lie between 0 and 1"),
    "a stance of one's own": Case(cell("stances", "stance", "success"), "row 2: 'success' must be one of achievement"),
    "a truth that is none": Case(cell("indicators", "derived", "maybe"), "row 2: 'maybe' must be True or False"),
    "a list that is none": Case(
        cell("programmes", "components", "__import__('os')"), "must be a list of texts as JSON; get the edition"
    ),
    "a list of 100,000 levels": Case(
        cell("programmes", "components", "[" * 100_000), "must be a list of texts as JSON; get the edition"
    ),
    "a fact that ends ahead of its start": Case(cell("quantities", "start", "38"), "row 2: 37 must lie behind start"),
    "a fact behind the end of its paragraph": Case(
        cell("quantities", "end", "99999"), "quantities.csv, column 'end', row 2: 99999 lies behind the end"
    ),
    "a fact of a paragraph that there is not": Case(
        cell("citations", "paragraph", "999"), "citations.csv, column 'paragraph', row 2: 999 is no paragraph"
    ),
    "a fact of a document that there is not": Case(
        cell("themes", "doc_id", "nobody"), "themes.csv, column 'doc_id', row 2: 'nobody' is no document of the edition"
    ),
    "an answer of a document that there is not": Case(
        cell("answers", "doc_id", "../x"), "answers.csv, column 'doc_id', row 2: '../x' is no document of the edition"
    ),
    "a document that stands twice": Case(
        table("corpus", lambda rows: [*rows, rows[1]]), "corpus.csv, column 'doc_id', row 7: '" + FIRST
    ),
    "a paragraph that stands twice": Case(
        table("paragraphs", lambda rows: [*rows, rows[1]]), "row 156: 1 stands twice in its document"
    ),
    "no document": Case(table("corpus", lambda rows: rows[:1]), "corpus.csv has no row"),
    "a document without an id": Case(cell("corpus", "doc_id", ""), "column 'doc_id', row 2: '' must not be empty"),
    "a file's name that climbs out": Case(cell("corpus", "file", "../../etc/passwd"), "must be the name of a file in"),
    "an absolute file's name": Case(cell("corpus", "file", "/etc/passwd"), "must be the name of a file in"),
    "a checksum that is none": Case(cell("corpus", "sha256", "A" * 64), "must be a SHA-256"),
    "a copy of a document that there is not": Case(
        cell("corpus", "duplicate_of", "nobody"), "column 'duplicate_of', row 2: 'nobody' is no doc_id of corpus.csv"
    ),
    "a year of 9999": Case(cell("corpus", "year", "9999"), "row 2: '9999' must lie between 1000 and 2999"),
    "a day that there is not": Case(cell("corpus", "date", "2024-02-30"), "corpus.csv, row 2: date is '2024-02-30'"),
    "a kind of document of one's own": Case(cell("corpus", "doc_type", "novel"), "corpus.csv, row 2: doc_type is"),
    "formulas in cells": Case(cell("corpus", "title", '=HYPERLINK("http://example.org")')),
    "scripts in cells": Case(cell("corpus", "title", "<script>alert(1)</script>")),
    "what a terminal obeys in cells": Case(cell("corpus", "title", "\x1b[2J\x1b[31m题")),
    "turned writing and line breaks in an id": Case(everywhere("x\u202etxt\n\x07y")),
}
FILES = {
    "a file that is not there": Case(lambda folder: (folder / "answers.csv").unlink(), "answers.csv is not there"),
    "a file that is a folder": Case(
        lambda folder: [(folder / "answers.csv").unlink(), (folder / "answers.csv").mkdir()], "answers.csv is a folder"
    ),
    "a file outside of the folder": Case(outside("counts"), "counts.csv is a link that leads out of the folder"),
    "a file that is a device": Case(
        lambda folder: [(folder / "counts.csv").unlink(), (folder / "counts.csv").symlink_to("/dev/zero")],
        "counts.csv is no file but a pipe, a socket or a device",
    ),
    "Parquet for CSV": Case(content("themes.csv", lambda _: b"PAR1\0\0\0\0PAR1"), "themes.csv is binary"),
    "a column that no edition has": Case(
        table("themes", lambda rows: [[*row, "x"] for row in rows]), "themes.csv has a column 'x', which no edition has"
    ),
    "a column without a name": Case(
        table("corpus", lambda rows: [[*row, ""] for row in rows]), "corpus.csv has a column without a name"
    ),
    "a column of one's own": Case(table("corpus", lambda rows: [[*row, "=a\u202eb"] for row in rows])),
    "cut in two within a quoted cell": Case(
        content("answers.csv", lambda data: data[: data.index(b'"') + 10]), "answers.csv, line 2 is no CSV"
    ),
}
DESCRIPTIONS = {
    "no description": Case(content("edition.json", lambda _: b"{}"), "is no description of an edition"),
    "a description of 100,000 levels": Case(content("edition.json", lambda _: b"[" * 100_000), "is no description of"),
    "a description with NaN": Case(content("edition.json", lambda d: d.replace(b"0.7", b"NaN")), "is no description"),
    "a description in Latin-1": Case(content("edition.json", lambda d: d + b"\xe9"), "is no description of an edition"),
    "a description outside of the folder": Case(
        lambda folder: [
            (folder.parent / "secret.json").write_bytes((folder / "edition.json").read_bytes()),
            (folder / "edition.json").unlink(),
            (folder / "edition.json").symlink_to(folder.parent / "secret.json"),
        ],
        "edition.json is a link that leads out of the folder",
    ),
    "another format": Case(about(format=9), "is of no edition that this version reads"),
    "a truth for a format": Case(about(format=True), "is of no edition that this version reads"),
    "a list for files": Case(about(files=[]), "files must be the SHA-256 of each file by its name"),
    "numbers for checksums": Case(about(files=lambda old: {**old, "counts.csv": 1}), "files must be the SHA-256"),
    "a file's path that climbs out": Case(
        about(files=lambda old: {**old, "../secret.csv": "a" * 64}), "'../secret.csv' must be the name of a file in"
    ),
    "no parameters": Case(about(parameters=None), "parameters must be those that the results were found with"),
    "a text for a length": Case(parameter("length", "30"), "length is '30', and must be a number"),
    "a number for kinds": Case(parameter("kinds", 5), "kinds is 5, and must be a list of texts"),
    "documents that there are not": Case(parameter("documents", ["nobody"]), "'nobody' is no doc_id of corpus.csv"),
}
EDITIONS = {**CELLS, **FILES, **DESCRIPTIONS}


# What may befall every file, and what the message must hold beside the file's name.
OF_EVERY_FILE = {
    "its first column is gone": (lambda rows: [row[1:] for row in rows], "has no column"),
    "its last column is gone": (lambda rows: [row[:-1] for row in rows], "has no column"),
    "two columns of one name": (lambda rows: [[*row, row[0]] for row in rows], "has two columns named"),
    "a row too long": (lambda rows: [*rows, [*rows[0], "x"]], "cells, and the header"),
    "a row too short": (lambda rows: [*rows, rows[0][:-1]], "cells, and the header"),
    "the header once more": (lambda rows: [*rows, rows[0]], ", row "),
}
BYTES_OF_EVERY_FILE = {
    "nothing in it": (lambda _: b"", "is empty"),
    "zero bytes": (lambda data: data + b"\0\0", "is binary"),
    "UTF-16": (lambda data: data.decode().encode("utf-16"), "is not valid UTF-8"),
    "GB18030": (lambda data: data + "合肥朝阳".encode("gb18030") + b"\n", "is not valid UTF-8"),
    "cut off in a character": (lambda data: data + "合".encode()[:2], "is not valid UTF-8"),
    "a quotation mark that is not closed": (lambda data: data + b'"a', "is no CSV"),
    "the file of another table": (lambda _: b"name,size\nx,1\n", "has no column"),
}
