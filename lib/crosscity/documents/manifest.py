"""corpus.csv, which describes the files of a corpus, a row each; nothing outside the folder is read on its word."""

from __future__ import annotations

import re
import stat
import unicodedata
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from .. import CrosscityError
from ..files import CONTROL, harmless, without_invisible
from .dates import read_date
from .decoding import decode
from .document_types import DOCUMENT_TYPES, UNKNOWN
from .records import MOST_COLUMNS, UNNAMED, column_list, csv_rows
from .sources import RESERVED_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

MANIFEST = "corpus.csv"


def read_manifest(folder: Path | str) -> tuple[dict[str, dict[str, str]] | None, list[str]]:
    """Rows of corpus.csv by file name, which is composed (NFC): systems differ in how they write ü.

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
    header, table = csv_rows(text, path)
    columns = _column_names(path, [harmless(c) for c in header])
    rows: dict[str, dict[str, str]] = {}
    problems = []
    for number, line in enumerate(table, start=2):
        where, row = f"{path}, row {number}", dict(zip(columns, line, strict=False))
        if len(line) != len(columns):
            problems.append(f"{where}: {len(columns)} cells are expected, as in the header; quote cells with commas")
            if file := composed((row.get("file") or "").strip()):
                rows.setdefault(file, {})
            continue
        file = composed(row.pop("file").strip())
        if not file:
            problems.append(f"{where}: the cell 'file' is empty: name the document's file, or remove the row")
        elif file in {".", ".."} or "/" in file or "\\" in file:
            problems.append(f"{where}: {file!r} must be the name of a file in the folder itself")
        elif file in rows:
            problems.append(f"{where}: {file} has a row already: keep one of them")
        else:
            cells = {column: harmless(cell) for column, cell in row.items() if not column.startswith(UNNAMED)}
            rows[file] = _with_iso_dates({column: cell for column, cell in cells.items() if cell})
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
    if len(columns) > MOST_COLUMNS:
        msg = f"{path} has {len(columns):,} columns, more than {MOST_COLUMNS:,}: keep those that describe the documents"
        raise CrosscityError(msg)
    if duplicates := sorted(c for c, n in Counter(columns).items() if n > 1):
        msg = f"{path} has two columns named {duplicates[0]!r}: rename one"
        raise CrosscityError(msg)
    return columns


def _with_iso_dates(row: dict[str, str]) -> dict[str, str]:
    """A row with its year and date in ISO 8601, where they are in another form and can be one only."""
    for column, length in (("year", 4), ("date", 10)):
        date = read_date(row.get(column, ""))
        if date.iso and not date.said and (column == "date" or len(date.iso) == 4):
            row[column] = date.iso[:length]
    return row


def cell_problems(where: str, row: Mapping[str, str]) -> Iterator[str]:
    """What is wrong with the year, the date and the type of a row, a sentence each."""
    if "year" in row and not re.fullmatch("[12][0-9]{3}", row["year"]):
        yield f"{where}: year is {row['year']!r}; write four digits, or leave it empty"
    if "date" in row and not _is_date(row["date"]):
        said = read_date(row["date"]).said
        reason = f", and {said}" if said else ""
        yield f"{where}: date is {row['date']!r}{reason}; write 2024, 2024-08 or 2024-08-31, or leave it empty"
    if row.get("doc_type", UNKNOWN) not in DOCUMENT_TYPES:
        yield f"{where}: doc_type is {row['doc_type']!r}; write one of {', '.join(DOCUMENT_TYPES)}, or leave it empty"


def read_record_dates(row: Mapping[str, str]) -> tuple[dict[str, str], list[str]]:
    """A record's metadata with its year and date in ISO 8601, and a sentence on what is not certain, or was left out.

    Records come from crawlers: 2024.0, 20240305, 2024/3/5 10:00 and 民国113年3月 pass; 99999, soon and 2024-13-45 do
    not, and of 05/03/2024 the year alone does.
    """
    kept, notes = dict(row), []
    for column, length, example in (("year", 4, "2024"), ("date", 10, "2024-08-31")):
        if not (cell := row.get(column, "")):
            continue
        date = read_date(cell)
        if date.iso:
            kept[column] = date.iso[:length]
            notes += [f"{column} {cell[:40]!r} was read as {kept[column]}: {date.said}"] if date.said else []
        else:
            del kept[column]
            reason = date.said or f"it is no {column}"
            notes.append(f"{column} {cell[:40]!r} was left out, since {reason}: write it as {example}")
    return kept, notes


def _is_date(text: str) -> bool:
    return bool(re.fullmatch("[12][0-9]{3}(-[0-9]{1,2}){0,2}", text)) and bool(read_date(text).iso)


def composed(name: str) -> str:
    """A name in Unicode's normal form C, without what is not seen: by it names of files and rows are matched."""
    return unicodedata.normalize("NFC", harmless(name) if CONTROL.search(name) else without_invisible(name))


def is_text(name: str) -> bool:
    """Whether a file's name is text, and not bytes that are none."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def name_problem(name: str) -> str:
    """Why a new file's name is not taken into a corpus, or ""."""
    if not is_text(name):
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
