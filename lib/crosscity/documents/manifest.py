"""corpus.csv, which describes the files of a corpus, a row each; nothing outside the folder is read on its word."""

from __future__ import annotations

import csv
import io
import re
import stat
import unicodedata
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from .. import CrosscityError
from .decoding import decode
from .document_types import DOCUMENT_TYPES, UNKNOWN
from .records import UNNAMED, column_list, csv_rows
from .sources import CONTROL, RESERVED_COLUMNS, one_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

MANIFEST = "corpus.csv"
_RECORD_YEAR = re.compile(r"([12]\d{3})(?:\.0)?\s*年?$")
_RECORD_DATE = re.compile(
    r"([12]\d{3})(?:(\d{2})(\d{2})(?!\d)|(?!\d)(?:\s*[-/.年]\s*(\d{1,2})(?!\d)(?:\s*[-/.月]\s*(\d{1,2})(?!\d))?)?)"
)


def read_manifest(folder: Path | str) -> tuple[dict[str, dict[str, str]] | None, list[str]]:
    """Rows of corpus.csv by file name.

    Returns
    -------
    manifest : dict of str to dict, or None
        None without a corpus.csv. Empty cells are left out. A file whose row has a problem is in it, with an empty row.
    problems : list of str
    """
    path = Path(folder) / MANIFEST
    if not path.exists() and not path.is_symlink():
        return None, []
    if problem := "is a folder: put the table there, or remove it" if path.is_dir() else file_problem(path):
        msg = f"{path} {problem}"
        raise CrosscityError(msg)
    text, _ = decode(path.read_bytes(), path)
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    columns = _column_names(path, [c.strip() for c in reader.fieldnames or []])
    reader.fieldnames = columns
    rows: dict[str, dict[str, str]] = {}
    problems = []
    for number, row in enumerate(csv_rows(reader, path), start=2):
        where = f"{path}, row {number}"
        if row.get(None) or None in row.values():
            problems.append(f"{where}: {len(columns)} cells are expected, as in the header; quote cells with commas")
            if file := (row.get("file") or "").strip():
                rows.setdefault(file, {})
            continue
        file = row.pop("file").strip()
        if not file:
            problems.append(f"{where}: the cell 'file' is empty: name the document's file, or remove the row")
        elif file in {".", ".."} or "/" in file or "\\" in file:
            problems.append(f"{where}: {file!r} must be the name of a file in the folder itself")
        elif file in rows:
            problems.append(f"{where}: {file} has a row already: keep one of them")
        else:
            cells = {column: one_line(cell) for column, cell in row.items() if not column.startswith(UNNAMED)}
            rows[file] = {column: cell for column, cell in cells.items() if cell}
            problems += cell_problems(where, rows[file])
    return rows, problems


def _column_names(path: Path, columns: list[str]) -> list[str]:
    """Names of the columns, each once; those that a spreadsheet left empty at the end get one."""
    columns = [c or f"{UNNAMED}{i}" for i, c in enumerate(columns)]
    if "file" not in columns:
        msg = f"{path} has no column 'file' (it has {column_list(columns)}): name each document's file in it"
        if len(columns) == 1:
            msg += ", with commas between the cells"
        raise CrosscityError(msg)
    if reserved := sorted(set(columns) & RESERVED_COLUMNS - {"doc_type"}):  # whose cells go before the suite's own
        msg = f"{path} has a column {reserved[0]!r}, which the suite fills itself: rename the column"
        raise CrosscityError(msg)
    if duplicates := sorted({c for c in columns if columns.count(c) > 1}):
        msg = f"{path} has two columns named {duplicates[0]!r}: rename one"
        raise CrosscityError(msg)
    return columns


def cell_problems(where: str, row: Mapping[str, str]) -> Iterator[str]:
    """What is wrong with the year, the date and the type of a row, a sentence each."""
    if "year" in row and not re.fullmatch("[12][0-9]{3}", row["year"]):
        yield f"{where}: year is {row['year']!r}; write four digits, or leave it empty"
    if "date" in row and not _is_date(row["date"]):
        yield f"{where}: date is {row['date']!r}; write 2024, 2024-08 or 2024-08-31, or leave it empty"
    if row.get("doc_type", UNKNOWN) not in DOCUMENT_TYPES:
        yield f"{where}: doc_type is {row['doc_type']!r}; write one of {', '.join(DOCUMENT_TYPES)}, or leave it empty"


def drop_unreadable_cells(row: Mapping[str, str]) -> tuple[dict[str, str], list[str]]:
    """A record's metadata without a year or a date that cannot be one, and a sentence on each that was dropped.

    Records come from crawlers: 2024.0, 20240305 and 2024/3/5 10:00 pass; 99999, soon and 2024-13-45 do not.
    """
    kept, notes = dict(row), []
    for column, example in (("year", "2024"), ("date", "2024-08-31")):
        if not (cell := unicodedata.normalize("NFKC", row.get(column, ""))):
            continue
        match = _RECORD_YEAR.match(cell) or _RECORD_DATE.match(cell)
        if match and _is_date("-".join(part for part in match.groups() if part)):
            kept[column] = cell
        else:
            del kept[column]
            notes.append(f"{column} {cell[:40]!r} was left out, since it is no {column}: write it as {example}")
    return kept, notes


def _is_date(text: str) -> bool:
    if not re.fullmatch("[12][0-9]{3}(-[0-9]{1,2}){0,2}", text):
        return False
    year, month, day = [*map(int, text.split("-")), 1, 1][:3]
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def name_problem(name: str) -> str:
    """Why a file's name cannot stand in a table or a message, or ""."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return "the file's name is no text"
    return "the file's name holds control characters" if CONTROL.search(name) else ""


def file_problem(path: Path) -> str:
    """Why a file is not read, or "": a pipe would block, and a link may lead to someone else's file."""
    try:
        mode = path.stat().st_mode  # before `resolve`, which fails on a link to itself
    except OSError as error:
        return f"cannot be read ({error.strerror}): put a file there, or remove it"
    if not stat.S_ISREG(mode):
        return "is no file but a pipe, a socket or a device: remove it"
    if path.is_symlink() and not path.resolve().is_relative_to(path.parent.resolve()):
        return "is a link that leads out of the folder: copy the file in"
    return ""
