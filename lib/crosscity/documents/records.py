"""Tables of documents, one a row: CSV, JSON Lines, JSON, and workbooks of spreadsheets."""

from __future__ import annotations

import csv
import functools
import io
import json
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from .. import CrosscityError
from ..chinese import HAN_CHARACTER
from ..files import read_records
from .decoding import decode
from .formats import UnreadableError
from .formats.extract import counted
from .workbook_cells import workbook_cells

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

UNNAMED = "\0"  # begins the name that a column without one gets
_LEAST_TEXT = 60  # Chinese characters that the cells of a column of text have in the mean
_FULL_CELL = 32_767  # characters that a cell of a workbook holds
MOST_COLUMNS = 20_000  # of a table
_HEADER_ROWS = 10  # in which the names of columns are looked for

csv.field_size_limit(2**31 - 1)


class Records(NamedTuple):
    """Rows of a file, each with its other cells and its text; the encoding; and what was left out, a sentence each."""

    rows: list[tuple[dict[str, Any], str]]
    encoding: str
    notes: list[str]


@functools.cache
def _names() -> dict[str, dict[str, int]]:
    """The names of each column, with their order."""
    names: dict[str, dict[str, int]] = {}
    for row in read_records(Path(__file__).with_name("resources") / "record-columns.tsv"):
        of_column = names.setdefault(row["column"], {})
        of_column[row["name"]] = len(of_column)
    return names


def column_named(name: str) -> str:
    """The suite's name of a column of a table of documents; the name itself if the suite has none for it."""
    folded = name.strip().casefold()
    return next((column for column, names in _names().items() if column != "text" and folded in names), name.strip())


# Bytes that Python takes for what begins or parts cells, lists and objects, at least.
_CSV_COSTS = {b",": 64, b"\n": 300}
_JSON_COSTS = {b",": 64, b"[": 64, b"{": 240}


def least_memory(suffix: str, data: bytes) -> int:
    """Bytes of memory that the rows of a CSV or JSON file take beyond its text, by the marks that it has."""
    costs = _CSV_COSTS if suffix == ".csv" else _JSON_COSTS
    return sum(cost * data.count(mark) for mark, cost in costs.items())


def read_csv(path: Path, data: bytes) -> Records:
    """The rows of a CSV file.

    Raises
    ------
    CrosscityError
        If it has no column of text, two columns of one name that is the text's, a row that is longer than the header,
        or no row; with the file and the line.
    """
    text, encoding = decode(data, path)
    columns, table = csv_rows(text, path)
    rows: list[dict[str, Any]] = [dict(zip(columns, row, strict=False)) for row in table]
    column, notes = _text_column(path, columns, rows)
    if columns.count(column) > 1:
        msg = f"{path} has two columns named {column!r}: rename one"
        raise CrosscityError(msg)
    if long := [number for number, row in enumerate(table, start=1) if len(row) > len(columns)]:
        msg = f"{path}, record {long[0]} has more cells than the {len(columns)} of the header: quote cells with commas"
        raise CrosscityError(msg)
    if not rows:
        msg = f"{path} has a header and no rows: add a record, or remove the file"
        raise CrosscityError(msg)
    notes += left_out_cells(rows)
    return _bounded(path, Records([(row, row.pop(column, "")) for row in rows], encoding, notes))


def _bounded(path: Path, records: Records) -> Records:
    """Records with no more columns than a table of the corpus may have: each document has a cell for each."""
    columns = len(set().union(*(row for row, _ in records.rows)))
    if columns > MOST_COLUMNS:
        msg = f"{path} has {columns:,} columns, more than {MOST_COLUMNS:,}: keep those that describe the documents"
        raise UnreadableError(msg)
    return records


def read_json_lines(path: Path, data: bytes) -> Records:
    """The objects of a file of JSON Lines.

    Raises
    ------
    CrosscityError
        If a line is no JSON object or has no text; with the file and the line.
    """
    text, encoding = decode(data, path)
    rows = []
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            row = _parsed(line, f"{path}, line {number}")
            if not isinstance(row, dict):
                msg = f"{path}, line {number} is not a JSON object: write one object a line"
                raise CrosscityError(msg)
            rows.append((f"{path}, line {number}", row))
    return _of_objects(path, rows, encoding)


def read_json(path: Path, data: bytes) -> Records:
    """The objects of a JSON file: of a list, of an object that has a list of objects in it, or the object itself.

    Raises
    ------
    UnreadableError
        If it holds no object with a text: it is no table of documents.
    CrosscityError
        If it is no JSON; with the file and the line.
    """
    text, encoding = decode(data, path)
    content = _parsed(text, str(path))
    if isinstance(content, dict):
        lists = [value for value in content.values() if isinstance(value, list) and value and _are_objects(value)]
        content = max(lists, key=len, default=[content])
    if not isinstance(content, list) or not _are_objects(content) or not content:
        msg = f"{path} holds no documents: write a list of objects, each with its text under content"
        raise UnreadableError(msg)
    rows = [(f"{path}, object {number}", row) for number, row in enumerate(content, start=1)]
    try:
        return _of_objects(path, rows, encoding)
    except CrosscityError as error:
        raise UnreadableError(str(error)) from None


def _are_objects(values: Sequence[Any]) -> bool:
    return all(isinstance(value, dict) for value in values)


def _of_objects(path: Path, rows: list[tuple[str, dict[str, Any]]], encoding: str) -> Records:
    """Objects with where they stand, as records."""
    records, notes = [], []
    for where, row in rows:
        column, found = _text_column(where, row, [row])
        notes += [note for note in found if note not in notes]
        body = row.pop(column)
        if not isinstance(body, str):
            msg = f"{where}: the text is {type(body).__name__}, not a string"
            raise CrosscityError(msg)
        records.append((row, body))
    notes = [*notes[:1], *left_out_cells(row for row, _ in records)]
    return _bounded(path, Records(records, encoding, notes))


def _parsed(text: str, where: str) -> Any:
    """JSON from text; an error says where it stands."""
    try:
        content = json.loads(text, object_pairs_hook=_unique_keys)
        json.dumps(content, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        msg = f"{where} holds half of a surrogate pair (\\ud800 to \\udfff): write the character whole"
        raise CrosscityError(msg) from None
    except (ValueError, RecursionError) as error:
        msg = f"{where} is not JSON ({error}): write one object a line"
        raise CrosscityError(msg) from None
    return content


def _unique_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A JSON object; a duplicate key is an error, since one of two texts would be lost."""
    row = dict(pairs)
    if len(row) < len(pairs):
        duplicate = next(key for key, times in Counter(key for key, _ in pairs).items() if times > 1)
        msg = f"{duplicate[:40]!r} stands twice in an object"
        raise ValueError(msg)
    return row


def read_workbook(path: Path, data: bytes) -> Records:
    """The rows of all sheets of a workbook that have a column of text, by calamine.

    The names of columns stand in the first of the rows that has the most cells filled. A cell that spans rows is each
    row's. The sheet of a row is in its cells under "sheet" if several have documents.

    Raises
    ------
    UnreadableError
        If the workbook is encrypted or broken, or no sheet has a column of text.
    CrosscityError
        If python-calamine is not installed.
    """
    tables: list[tuple[str, list[tuple[dict[str, Any], str]]]] = []
    notes: list[str] = []
    for name, cells in workbook_cells(path, data).items():
        rows, said = _sheet_records(cells)
        tables += [(name, rows)] if rows else []
        notes += [f"sheet {name!r} {sentence}" for sentence in said]
    if not tables:
        said = "; ".join(notes) or "it is empty"
        msg = f"{path} has no sheet with a column of text ({said}): name the column content"
        raise UnreadableError(msg)
    several = len(tables) > 1
    records = [({**row, "sheet": name} if several else row, body) for name, rows in tables for row, body in rows]
    return _bounded(path, Records(records, path.suffix[1:].lower(), notes))


def _sheet_records(cells: list[list[str]]) -> tuple[list[tuple[dict[str, Any], str]], list[str]]:
    """The rows of a sheet with their texts, and what is to be said of the sheet; no rows if it has no texts."""
    filled = [sum(bool(cell.strip()) for cell in row) for row in cells[:_HEADER_ROWS]]
    if not any(filled):
        return [], []
    top = filled.index(max(filled))
    names = [name.strip() or f"{UNNAMED}{i}" for i, name in enumerate(cells[top])]
    rows = [dict(zip(names, row, strict=False)) for row in cells[top + 1 :] if any(cell.strip() for cell in row)]
    try:
        column, notes = _text_column("", names, rows)
    except CrosscityError:
        return [], [f"was passed over: none of its {len(names)} columns is one of text"]
    records = [(row, row.pop(column)) for row in rows]
    if empty := sum(not body.strip() for _, body in records):
        notes.append(f"has {counted(empty, 'row')} without text, which {'is' if empty == 1 else 'are'} left out")
    if full := sum(len(body) == _FULL_CELL for _, body in records):
        notes.append(
            f"has {counted(full, 'text')} of {_FULL_CELL:,} characters, the most that a cell holds: cut off there"
        )
    return [(row, body) for row, body in records if body.strip()], notes


def left_out_cells(rows: Iterable[Mapping[Any, Any]]) -> Iterator[str]:
    """A sentence for each column that holds lists or objects, which no cell of a table takes."""
    nested = Counter(key for row in rows for key, value in row.items() if key and isinstance(value, list | dict))
    for key, n in nested.items():
        yield f"{key[:40]!r} of {counted(n, 'record')} is a list or an object and was left out: write it as text"


def csv_rows(text: str, path: Path) -> tuple[list[str], list[list[str]]]:
    """The header and the other rows of a CSV, but for empty lines; an error names the file and the line."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = next(reader, [])
        return header, [row for row in reader if row]
    except csv.Error as error:
        msg = f"{path}, line {reader.line_num}: {error}: close the quotation mark, or double one within a cell"
        raise CrosscityError(msg) from None


def _text_column(where: Path | str, columns: Iterable[str], rows: Sequence[Mapping[Any, Any]]) -> tuple[str, list[str]]:
    """The column of the text: one that is called so, or else the only one that holds texts, which a note names."""
    columns = list(columns)
    names = _names()["text"]
    called = [column for column in columns if column and column.strip().casefold() in names]
    if called:
        return min(called, key=lambda column: names[column.strip().casefold()]), []
    lengths = _mean_lengths(columns, rows)
    best = max(lengths, key=lambda column: lengths[column], default="")
    if best and lengths[best] >= _LEAST_TEXT and sum(2 * n > lengths[best] for n in lengths.values()) == 1:
        return best, [f"was read by its column {best.removeprefix(UNNAMED)!r}, which holds the longest texts"]
    msg = (
        f"{where} has no text in a column named {', '.join(list(names)[:3])} or 正文 (it has {column_list(columns)}): "
        "rename the column that holds the text"
    )
    raise CrosscityError(msg)


def _mean_lengths(columns: Iterable[str], rows: Iterable[Mapping[str, Any]]) -> dict[str, float]:
    """The mean number of Chinese characters in the cells of each column that are not empty."""
    lengths: dict[str, list[int]] = {column: [] for column in columns if column}
    for row in rows:
        for column, cell in row.items():
            if column in lengths and isinstance(cell, str) and cell.strip():
                lengths[column].append(len(HAN_CHARACTER.findall(cell)))
    return {column: sum(found) / len(found) if found else 0.0 for column, found in lengths.items()}


def column_list(columns: Iterable[str]) -> str:
    """Names of columns for a message: the first twenty, each cut to what fits a line."""
    names = [str(c).removeprefix(UNNAMED)[:40] for c in columns if not str(c).startswith(UNNAMED)]
    if len(names) > 20:
        names = [*names[:20], "..."]
    return ", ".join(names)


TABULAR = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods", ".et")
RECORD_READERS: dict[str, Callable[[Path, bytes], Records]] = {
    ".csv": read_csv,
    ".jsonl": read_json_lines,
    ".ndjson": read_json_lines,
    ".json": read_json,
    **dict.fromkeys(TABULAR, read_workbook),
}
