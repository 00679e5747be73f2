"""The documents in a file: one in a text, page, Word document or PDF, one a record in CSV and JSON Lines."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .. import CrosscityError
from .decoding import decode
from .formats import READERS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

TEXT_COLUMNS = ("full_text", "content", "text")
RECORD_SUFFIXES = {".csv", ".jsonl", ".ndjson"}
SUFFIXES = {".txt", *RECORD_SUFFIXES, *READERS}
# Columns of corpus.csv and of records that the suite knows; others are carried along as they are.
METADATA_COLUMNS = (
    "city",
    "province",
    "date",
    "year",
    "title",
    "publisher",
    "genre",
    "speaker",
    "level",
    "edition",
    "exclude",
)
# Columns that the suite fills itself.
RESERVED_COLUMNS = {
    "doc_id",
    "encoding",
    "script",
    "n_chars",
    "n_paragraphs",
    "duplicate_of",
    "guessed",
    "not_guessed",
    "doc_type",
}
UNNAMED = "\0"  # begins the name that a column without one gets
# Control characters, line separators and marks that turn the direction of writing.
CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]+")
_ALIASES = {"publish_date": "date", "source": "publisher", "author": "speaker"}

csv.field_size_limit(2**31 - 1)


@dataclass
class Source:
    """A document as it was read.

    Attributes
    ----------
    doc_id : str
        The file's name without suffix, or name#row (1-based) for a file of several records.
    file : str
    text : str
        Decoded, not cleaned.
    encoding : str
    sha256 : str
        Of the file's bytes, or of a record's text in UTF-8.
    metadata : dict of str
        From manifest and record; empty values are left out.
    notes : list of str
        Of a file's first record: which cells of its records were left out.
    """

    doc_id: str
    file: str
    text: str
    encoding: str
    sha256: str
    metadata: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def read_sources(path: Path, metadata: Mapping[str, str], data: bytes) -> list[Source]:
    """The documents of a file: one a record for .csv and .jsonl, else one.

    Parameters
    ----------
    path : Path
    metadata : dict of str
        From the manifest; it overrides what the file says.
    data : bytes
        The file's content.

    Raises
    ------
    CrosscityError
        If the file cannot be read: an `UnreadableError` for a scan, an encrypted or a broken file.
    """
    suffix = path.suffix.lower()
    if reader := READERS.get(suffix):
        text, encoding, own = reader(data, path)
        return [Source(path.stem, path.name, text, encoding, hashlib.sha256(data).hexdigest(), {**own, **metadata})]
    text, encoding = decode(data, path)
    if suffix == ".txt":
        return [Source(path.stem, path.name, text, encoding, hashlib.sha256(data).hexdigest(), dict(metadata))]
    records = _csv_records(path, text) if suffix == ".csv" else _json_records(path, text)
    sources = []
    for number, (row, body) in enumerate(records, start=1):
        if not body.strip():
            msg = f"{path}, record {number} has no text: fill it in, or remove the record"
            raise CrosscityError(msg)
        digest = hashlib.sha256(body.encode("utf-8", "surrogatepass")).hexdigest()
        doc_id = path.stem if len(records) == 1 else f"{path.stem}#{number}"
        sources.append(Source(doc_id, path.name, body, encoding, digest, {**_record_metadata(row), **metadata}))
    sources[0].notes += _left_out_cells(path, [row for row, _ in records])
    return sources


def _left_out_cells(path: Path, rows: Iterable[Mapping[Any, Any]]) -> Iterator[str]:
    """A sentence for each column that holds lists or objects, which no cell of a table takes."""
    nested = Counter(key for row in rows for key, value in row.items() if key and isinstance(value, list | dict))
    for key, n in nested.items():
        records = "1 record" if n == 1 else f"{n:,} records"
        cell = f"{one_line(key)[:40]!r} of {records}"
        yield f"{path.name}: {cell} is a list or an object and was left out: write it as text"


def _csv_records(path: Path, text: str) -> list[tuple[dict[str, Any], str]]:
    """Rows of a CSV file, each with its text."""
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    columns = list(reader.fieldnames or [])
    column = _text_column(path, columns)
    if columns.count(column) > 1:
        msg = f"{path} has two columns named {column!r}: rename one"
        raise CrosscityError(msg)
    rows = csv_rows(reader, path)
    if long := [number for number, row in enumerate(rows, start=1) if row.get(None)]:
        msg = f"{path}, record {long[0]} has more cells than the {len(columns)} of the header: quote cells with commas"
        raise CrosscityError(msg)
    if not rows:
        msg = f"{path} has a header and no rows: add a record, or remove the file"
        raise CrosscityError(msg)
    return [(row, row.pop(column) or "") for row in rows]


def _json_records(path: Path, text: str) -> list[tuple[dict[str, Any], str]]:
    """Objects of a file of JSON Lines, each with its text."""
    records = []
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line, object_pairs_hook=_unique_keys)
            json.dumps(row, ensure_ascii=False).encode()
        except UnicodeEncodeError:
            msg = (
                f"{path}, line {number} holds half of a surrogate pair (\\ud800 to \\udfff): write the character whole"
            )
            raise CrosscityError(msg) from None
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


def _unique_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A JSON object; a duplicate key is an error, since one of two texts would be lost."""
    row = dict(pairs)
    if len(row) < len(pairs):
        duplicate = next(key for key, times in Counter(key for key, _ in pairs).items() if times > 1)
        msg = f"{duplicate[:40]!r} stands twice in an object"
        raise ValueError(msg)
    return row


def csv_rows(reader: csv.DictReader[str], path: Path) -> list[dict[Any, Any]]:
    """All rows of a reader; an error of the csv module names the file and the line."""
    try:
        return list(reader)
    except csv.Error as error:
        msg = f"{path}, line {reader.line_num}: {error}: close the quotation mark, or double one within a cell"
        raise CrosscityError(msg) from None


def _text_column(where: Path | str, columns: Iterable[str]) -> str:
    for column in TEXT_COLUMNS:
        if column in columns:
            return column
    msg = (
        f"{where} has no text in a column named {' or '.join(TEXT_COLUMNS)} (it has {column_list(columns)}): "
        "rename the column that holds the text"
    )
    raise CrosscityError(msg)


def column_list(columns: Iterable[str]) -> str:
    """Names of columns for a message: the first twenty, each cut to what fits a line."""
    names = [str(c).removeprefix(UNNAMED)[:40] for c in columns if not str(c).startswith(UNNAMED)]
    if len(names) > 20:
        names = [*names[:20], "..."]
    return ", ".join(names)


def _record_metadata(row: Mapping[Any, Any]) -> dict[str, str]:
    """Scalar cells of a record by the suite's names of columns; one that has a reserved name gets a prefix."""
    metadata = {}
    for key, value in row.items():
        if value is None or key is None or isinstance(value, list | dict):
            continue
        name = _ALIASES.get(key.strip(), key.strip())
        if name == "exclude" and value is False:  # not a reason to leave the document out
            continue
        if name in RESERVED_COLUMNS or name in {"file", "sha256"}:
            name = f"source_{name}"
        if cell := one_line(str(value)):
            metadata[name] = cell
    return metadata


def one_line(cell: str) -> str:
    """A cell without what ends a line or moves the cursor."""
    return CONTROL.sub(" ", cell).strip()
