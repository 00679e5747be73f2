"""A folder of documents, with or without a manifest, read into sources.

A corpus is a folder of .txt, .html, .docx and .pdf files, of CSV files with a column of text, and of JSON Lines;
`corpus.csv` describes them, a row a file. Nothing outside the folder is ever read on the manifest's word.
"""

import csv
import hashlib
import io
import json
import re
import stat
import unicodedata
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import NamedTuple

from .. import CrosscityError, several
from .decoding import decode
from .formats import READERS, UnreadableError

MANIFEST = "corpus.csv"
_SAID = 50  # problems of a kind that are told one by one
_EMPTY = "\0"  # begins the name of a column that has none
TEXT_COLUMNS = ("full_text", "content", "text")
OF_RECORDS = {".csv", ".jsonl", ".ndjson"}
SUFFIXES = {".txt", *OF_RECORDS, *READERS}
# Columns of corpus.csv and of records that the suite knows; others are carried along as they are.
KNOWN = ("city", "province", "date", "year", "title", "publisher", "genre", "speaker", "level", "edition", "exclude")
_ALIASES = {"publish_date": "date", "source": "publisher", "author": "speaker"}
_FORBIDDEN = {"doc_id", "encoding", "script", "n_chars", "n_paragraphs", "duplicate_of", "guessed", "doc_type"}

# What ends a line or moves what is shown on it: control characters, and marks that turn the direction of writing.
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]+")
_WEB_PAGE = re.compile("\\s*<(?:!doctype html|html|\\?xml)\\b", re.IGNORECASE)

csv.field_size_limit(2**31 - 1)


@dataclass
class Source:
    """One document as found.

    Attributes
    ----------
    doc_id : str
        The file's name without suffix, or name#row (1-based) for a file of several records.
    file : str
    text : str
        As decoded; nothing cleaned.
    encoding : str
    sha256 : str
        Of the file's bytes, or of a record's text in UTF-8.
    metadata : dict of str
        What manifest and record say; empty values are left out.
    """

    doc_id: str
    file: str
    text: str
    encoding: str
    sha256: str
    metadata: dict = field(default_factory=dict)


@dataclass
class Found:
    """A document that a corpus holds, before anything is made of it.

    Attributes
    ----------
    path : Path
    doc_id : str
    data : bytes
        Of the file; of a record, its text in UTF-8.
    metadata : dict of str
        What the manifest says of the file; it goes before what a record says.
    stated : str
        The SHA-256 that the manifest states of the file, or "".
    record : Source or None
        A record of a .csv or .jsonl file, which is read already.
    problem : str
        Why it cannot be read, or "".
    """

    path: Path
    doc_id: str
    data: bytes
    metadata: dict
    stated: str = ""
    record: Source | None = None
    problem: str = ""


def read_corpus(folder):
    """Every document of a folder, in order of file name.

    Returns
    -------
    sources : list of Source
    notes : list of str
        What was passed over, in a sentence each.

    Raises
    ------
    CrosscityError
        With every problem found: an empty or binary file, a file of corpus.csv that is missing, a file that corpus.csv
        does not name, two rows for one file, a name that leads out of the folder, two documents with one doc_id. A
        scan or an encrypted file is none of them: it is left out, and a note says so, unless nothing else is there.
    """
    every, notes = documents(folder)
    outcomes = [read(found) for found in every]
    sources = [o.source for o in outcomes if o.source]
    raise_problems([o.problem for o in outcomes], [o.left_out for o in outcomes], [(s.doc_id, s.file) for s in sources])
    return sources, notes + [note for o in outcomes for note in o.notes]


def documents(folder):
    """What a folder holds, one document after another, in order of file name.

    Returns
    -------
    found : generator of Found
        Files are read as it goes on; one at a time is held.
    notes : list of str
        What was passed over, in a sentence each.

    Raises
    ------
    CrosscityError
        If the folder holds no documents, or corpus.csv cannot be read as a table.
    """
    folder = Path(folder)
    if not folder.is_dir():
        msg = f"{folder} is not a folder: give the folder that holds the documents, as CORPUS=folder"
        raise CrosscityError(msg)
    files, notes = document_files(folder)
    if not files:
        msg = f"{folder} holds no documents: put .txt, .html, .docx, .pdf, .jsonl or .csv (with a column of text) in"
        raise CrosscityError(msg)
    manifest, problems = read_manifest(folder)
    problems += [f"{str(p)!r}: {why}: rename it" for p in files if (why := wrong_name(p.name))]
    problems += [f"{p} {why}" for p in files if not wrong_name(p.name) and (why := no_file(p))]
    files = [p for p in files if not wrong_name(p.name)]
    if manifest is not None:
        names, table = {p.name for p in files}, folder / MANIFEST
        problems += [
            f"{table} names {file}, which is not there: add the file, or remove its row"
            for file in manifest
            if file not in names
        ]
        problems += [
            f"{p} is not named in {MANIFEST}: add a row for it, or take the file out"
            for p in files
            if p.name not in manifest
        ]
    # A manifest of a million files that are not there is one thing to say.
    problems = _told(problems, "problems with its table and names")
    return _documents(files, manifest, [Found(folder, "", b"", {}, problem=p) for p in problems]), notes


def _told(problems, what, most=_SAID):
    """The first problems, and how many more there are."""
    more = len(problems) - most
    return [*problems[:most], *([f"and {more:,} more {what}"] if more > 0 else [])]


def wrong_name(name):
    """What makes a name one that cannot stand in a table or a message, or ""."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return "the file's name is no text"
    return "the file's name holds control characters" if _CONTROL.search(name) else ""


def no_file(path):
    """Why what stands there is not read, or "": a pipe would be waited for, a link may lead to what is someone else's.

    What a link leads to is asked first, since `resolve` fails where it leads to itself.
    """
    try:
        kind = path.stat().st_mode
    except OSError as error:
        return f"cannot be read ({error.strerror}): put a file there, or remove it"
    if not stat.S_ISREG(kind):
        return "is no file but a pipe, a socket or a device: remove it"
    return "is a link that leads out of the folder: copy the file in" if _leads_out(path) else ""


def _documents(files, manifest, problems):
    yield from problems
    for path in files:
        if not no_file(path):
            row = dict((manifest or {}).get(path.name, {}))
            yield from _in_file(path, row, row.pop("sha256", "").lower())


def _in_file(path, row, stated):
    try:
        data = path.read_bytes()
        if path.suffix.lower() not in OF_RECORDS:
            yield Found(path, path.stem, data, row, stated)
            return
        for n, source in enumerate(read_file(path, row, data)):
            body = source.text.encode("utf-8", "surrogatepass")
            # What is said of a file is said once, with its first record.
            yield Found(path, source.doc_id, body, source.metadata, _unlike(data, stated) if not n else "", source)
    except OSError as error:
        problem = f"{path} cannot be read ({error.strerror}): put a file there, or remove it"
        yield Found(path, path.stem, b"", row, problem=problem)
    except CrosscityError as error:
        yield Found(path, path.stem, b"", row, problem=str(error))


def _unlike(data, stated):
    return stated if stated and stated != hashlib.sha256(data).hexdigest() else ""


class Outcome(NamedTuple):
    """What came of reading a document: a source, or a problem, or the reason why it is left out; and what to note."""

    source: Source | None
    notes: list
    problem: str = ""
    left_out: str = ""


def read(found):
    """Decode a document.

    Returns
    -------
    Outcome
    """
    if found.problem:
        return Outcome(None, [], problem=found.problem)
    name, notes = found.path.name, []
    try:
        source = found.record or read_file(found.path, found.metadata, found.data)[0]
    except UnreadableError as error:
        return Outcome(None, [f"left out: {error}"], left_out=str(error))
    except CrosscityError as error:
        return Outcome(None, [], problem=str(error))
    first = not found.record or source.doc_id in {found.path.stem, f"{found.path.stem}#1"}
    if first and source.encoding.endswith(", cut"):
        notes.append(f"{name} ends in the middle of a character: it was cut off there")
    elif first and source.encoding.endswith("without text"):
        notes.append(f"{name}: {source.encoding.removeprefix('pdf, ')}, which are pictures or empty")
    elif first and "+" in source.encoding:
        notes.append(f"{name} mixes encodings ({source.encoding}) line by line: check its text")
    if found.stated if found.record else _unlike(found.data, found.stated):
        notes.append(f"{name} is not the file whose SHA-256 {MANIFEST} states: it has changed since")
    if found.path.suffix.lower() == ".txt" and _WEB_PAGE.match(source.text):
        notes.append(f"{name} is a web page by its first line: call it .html, or its tags are read as text")
    return Outcome(source, notes)


def raise_problems(problems, left_out, names):
    """One error for all problems, if there are any.

    Parameters
    ----------
    problems, left_out : sequence of str
        As outcomes have them; empty ones are no problems. What is left out is one where nothing else is there.
    names : sequence of (str, str)
        doc_id and file of every document: no two may have one doc_id.
    """
    problems = [p for p in problems if p]
    seen: dict[str, str] = {}
    for doc_id, file in names:
        # Two names may be written alike with other code points, as macOS and Linux do: nobody could tell them apart.
        key = unicodedata.normalize("NFC", doc_id)
        if key in seen:
            problems.append(f"{file} and {seen[key]} would both be {doc_id}: rename one of them")
        seen[key] = file
    if not problems and not seen:
        problems = [p for p in left_out if p]
    if problems:
        raise several(_told(problems, "problems of its files", 2 * _SAID))


def document_files(folder):
    """The files of a folder that are documents by their names, in order of these, and notes on what is passed over."""
    files, notes = [], []
    for path in sorted(folder.iterdir(), key=lambda p: p.name):
        if path.name == MANIFEST or path.name.startswith((".", "~$")) or path.is_dir():
            continue
        if path.suffix.lower() in SUFFIXES:
            files.append(path)
        elif path.suffix.lower() not in {".md", ".sha256"}:
            notes.append(
                f"{_one_line(path.name)} was passed over: {path.suffix or 'no suffix'} is no format that is read here"
            )
    return files, notes


def read_manifest(folder):
    """Rows of corpus.csv by file name.

    Returns
    -------
    manifest : dict of str to dict, or None
        None where there is no corpus.csv. Empty cells are left out. A file whose row has a problem is there, with
        an empty row: it has been named.
    problems : list of str
    """
    path = Path(folder) / MANIFEST
    if not path.exists() and not path.is_symlink():
        return None, []
    if why := "is a folder: put the table there, or remove it" if path.is_dir() else no_file(path):
        msg = f"{path} {why}"
        raise CrosscityError(msg)
    text, _ = decode(path.read_bytes(), path)
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    columns = [c.strip() for c in reader.fieldnames or []]
    # A table that a spreadsheet saved may have empty columns at its end.
    columns = [c or f"{_EMPTY}{i}" for i, c in enumerate(columns)]
    if "file" not in columns:
        message = f"{path} has no column 'file' (it has {_listed(columns)}): name each document's file in it"
        message += ", with commas between the cells" if len(columns) == 1 else ""
        raise CrosscityError(message)
    taken = sorted(set(columns) & _FORBIDDEN)
    if taken:
        msg = f"{path} has a column {taken[0]!r}, which the suite fills itself: rename the column"
        raise CrosscityError(msg)
    twice = sorted({c for c in columns if columns.count(c) > 1})
    if twice:
        msg = f"{path} has two columns named {twice[0]!r}: rename one"
        raise CrosscityError(msg)
    reader.fieldnames = columns
    rows: dict[str, dict[str, str]] = {}
    problems = []
    for number, row in enumerate(_rows(reader, path), start=2):
        if row.get(None) or None in row.values():
            message = (
                f"{path}, row {number}: {len(columns)} cells are expected, as in the header; quote cells with commas"
            )
            problems.append(message)
            if file := (row.get("file") or "").strip():
                rows.setdefault(file, {})
            continue
        file = row.pop("file").strip()
        if not file:
            problems.append(
                f"{path}, row {number}: the cell 'file' is empty: name the document's file, or remove the row"
            )
        elif file in {".", ".."} or "/" in file or "\\" in file:
            problems.append(f"{path}, row {number}: {file!r} must be the name of a file in the folder itself")
        elif file in rows:
            problems.append(f"{path}, row {number}: {file} has a row already: keep one of them")
        else:
            cells = {k: _one_line(v) for k, v in row.items() if not k.startswith(_EMPTY)}
            rows[file] = {k: v for k, v in cells.items() if v}
            problems += cell_problems(f"{path}, row {number}", rows[file])
    return rows, problems


def _leads_out(path):
    return path.is_symlink() and not path.resolve().is_relative_to(path.parent.resolve())


def cell_problems(where, row):
    """What is wrong with the cells of a row, a sentence each."""
    if "year" in row and not re.fullmatch("[12][0-9]{3}", row["year"]):
        yield f"{where}: year is {row['year']!r}; write four digits, or leave it empty"
    if "date" in row and not _is_date(row["date"]):
        yield f"{where}: date is {row['date']!r}; write 2024, 2024-08 or 2024-08-31, or leave it empty"


def _is_date(text):
    if not re.fullmatch("[12][0-9]{3}(-[0-9]{1,2}){0,2}", text):
        return False
    try:
        date(*[*map(int, text.split("-")), 1, 1][:3])
    except ValueError:
        return False
    return True


def read_file(path, metadata, data):
    """The documents of one file: one a record for .csv and .jsonl, else one.

    Parameters
    ----------
    path : Path
    metadata : dict
        What the manifest says of the file; it goes before what a record says.
    data : bytes
    """
    if reader := READERS.get(path.suffix.lower()):
        text, encoding, found = reader(data, path)
        digest = hashlib.sha256(data).hexdigest()
        return [Source(path.stem, path.name, text, encoding, digest, {**found, **metadata})]
    text, encoding = decode(data, path)
    if path.suffix.lower() == ".txt":
        return [Source(path.stem, path.name, text, encoding, hashlib.sha256(data).hexdigest(), metadata)]
    records = _csv_records(path, text) if path.suffix.lower() == ".csv" else _json_records(path, text)
    sources = []
    for number, (row, body) in enumerate(records, start=1):
        if not body.strip():
            msg = f"{path}, record {number} has no text: fill it in, or remove the record"
            raise CrosscityError(msg)
        digest = hashlib.sha256(body.encode("utf-8", "surrogatepass")).hexdigest()
        doc_id = path.stem if len(records) == 1 else f"{path.stem}#{number}"
        sources.append(Source(doc_id, path.name, body, encoding, digest, {**_record_metadata(row), **metadata}))
    return sources


def _csv_records(path, text):
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    columns = reader.fieldnames or []
    column = _text_column(path, columns)
    if columns.count(column) > 1:
        msg = f"{path} has two columns named {column!r}: rename one"
        raise CrosscityError(msg)
    rows = _rows(reader, path)
    if long := [number for number, row in enumerate(rows, start=1) if row.get(None)]:
        msg = f"{path}, record {long[0]} has more cells than the {len(columns)} of the header: quote cells with commas"
        raise CrosscityError(msg)
    if not rows:
        msg = f"{path} has a header and no rows: add a record, or remove the file"
        raise CrosscityError(msg)
    return [(row, row.pop(column) or "") for row in rows]


def _json_records(path, text):
    records = []
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line, object_pairs_hook=_once)
            json.dumps(row, ensure_ascii=False).encode()
        except UnicodeEncodeError:
            message = (
                f"{path}, line {number} holds half of a surrogate pair (\\ud800 to \\udfff): write the character whole"
            )
            raise CrosscityError(message) from None
        except (ValueError, RecursionError) as error:
            msg = f"{path}, line {number} is not JSON ({error}): write one object a line"
            raise CrosscityError(msg) from None
        if not isinstance(row, dict):
            msg = f"{path}, line {number} is not a JSON object: write one object a line"
            raise CrosscityError(msg)
        body = row.pop(_text_column(f"{path}, line {number}", row))
        if not isinstance(body, str):
            msg = f"{path}, line {number}: the text is {type(body).__name__}, not a string"
            raise CrosscityError(msg)
        records.append((row, body))
    return records


def _once(pairs):
    """A JSON object none of whose keys stands twice: one of two texts would be lost."""
    row = dict(pairs)
    if len(row) < len(pairs):
        twice = next(key for key, times in Counter(key for key, _ in pairs).items() if times > 1)
        msg = f"{twice[:40]!r} stands twice in an object"
        raise ValueError(msg)
    return row


def _rows(reader, path):
    try:
        return list(reader)
    except csv.Error as error:
        msg = f"{path}, line {reader.line_num}: {error}: close the quotation mark, or double one within a cell"
        raise CrosscityError(msg) from None


def _text_column(where, columns):
    for column in TEXT_COLUMNS:
        if column in columns:
            return column
    msg = (
        f"{where} has no text in a column named {' or '.join(TEXT_COLUMNS)} (it has {_listed(columns)}): "
        "rename the column that holds the text"
    )
    raise CrosscityError(msg)


def _listed(columns):
    """Names of columns for a message: the first of them, and no more of one than a line takes."""
    names = [str(c).removeprefix(_EMPTY)[:40] for c in columns if not str(c).startswith(_EMPTY)]
    return ", ".join([*names[:20], *(["..."] if len(names) > 20 else [])])


def _record_metadata(row):
    metadata = {}
    for key, value in row.items():
        if value is None or key is None or isinstance(value, list | dict):
            continue
        name = _ALIASES.get(key.strip(), key.strip())
        if name in _FORBIDDEN or name in {"file", "sha256"}:
            name = f"source_{name}"
        if value := _one_line(str(value)):
            metadata[name] = value
    return metadata


def _one_line(cell):
    """A cell as it can be shown: without what ends a line or moves the cursor."""
    return _CONTROL.sub(" ", cell).strip()
