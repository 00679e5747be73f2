"""Tables that people fill in with a spreadsheet: written so that it opens them, read as it saves them."""

from __future__ import annotations

import csv
import hashlib
import io
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .. import CrosscityError
from ..files import harmless, harmless_lines, rows_to_csv, unescape_formula
from .decoding import decode
from .workbook_cells import WORKBOOKS, workbook_cells

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence


def letter_digest(text: str) -> str:
    """A checksum of twelve letters; a spreadsheet would turn one of digits into a number."""
    return hashlib.sha256(text.encode()).hexdigest()[:12].translate(str.maketrans("0123456789", "ghijklmnop"))


def spreadsheet_text(rows: Iterable[Mapping[str, Any]], columns: Sequence[str], delimiter: str = ",") -> str:
    """The text of a table for a spreadsheet: CSV with a byte-order mark, formulas escaped."""
    cells = ([str(row.get(column, "")) for column in columns] for row in rows)
    return "\ufeff" + rows_to_csv([columns, *cells], delimiter)


def read_spreadsheet(
    path: Path | str, columns: Sequence[str], sheet: str | None = None
) -> list[tuple[int, dict[str, str]]]:
    """Rows of a table that a spreadsheet saved: as a workbook, or with commas, semicolons or tabs in any encoding.

    Parameters
    ----------
    path : str or Path
    columns : sequence of str
        Columns that it must have.
    sheet : str, optional
        The sheet of a workbook; its first that has the columns, if left out.

    Returns
    -------
    list of tuple
        Row number and cells by column; empty rows are left out, missing cells are empty.

    Raises
    ------
    CrosscityError
        If the file is absent, empty, no table, or lacks one of `columns`.
    """
    path = Path(path)
    try:
        header, rows = _read_table(path, columns, sheet)
    except ValueError as error:
        msg = f"{path} {error}"
        raise CrosscityError(msg) from None
    rows = [[harmless_lines(unescape_formula(cell.strip())).strip() for cell in row] for row in rows]
    full = ((number, row + [""] * len(header)) for number, row in enumerate(rows, start=2) if any(row))
    return [(number, dict(zip(header, row, strict=False))) for number, row in full]


def sheet_names(path: Path | str) -> list[str]:
    """The names of the sheets of a workbook."""
    return list(workbook_cells(Path(path), Path(path).read_bytes()))


def _read_table(path: Path, columns: Sequence[str], sheet: str | None) -> tuple[list[str], list[list[str]]]:
    """The header and the other rows; a ValueError says what is wrong with the file."""
    if not path.is_file():
        msg = "is not there: give the name of the file that was filled in"
        raise ValueError(msg)
    data = path.read_bytes()
    if not data.strip(b"\xef\xbb\xbf \t\r\n"):
        msg = "is empty: save the table again"
        raise ValueError(msg)
    header, *rows = _workbook_rows(path, data, columns, sheet) if _is_workbook(path) else _text_rows(path, data)
    header = [harmless(unescape_formula(cell.strip())) for cell in header]
    header = [cell if cell in columns or cell.lower() not in columns else cell.lower() for cell in header]
    if absent := [column for column in columns if header.count(column) != 1]:
        count = "two columns" if absent[0] in header else "no column"
        where = f"of sheet {sheet}" if sheet else "in its first row"
        has = ", ".join(filter(None, header))
        msg = f"has {count} {absent[0]} {where} (it has {has}): leave that row as it was, or save it as CSV or .xlsx"
        raise ValueError(msg)
    if not any(cell.strip() for row in rows for cell in row):
        msg = "has no row below its first: save the table again"
        raise ValueError(msg)
    return header, rows


def _is_workbook(path: Path) -> bool:
    return path.suffix.lower() in WORKBOOKS


def _text_rows(path: Path, data: bytes) -> list[list[str]]:
    text = decode(data, path)[0]
    delimiter = max(",;\t", key=text.splitlines()[0].count)
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        msg = f"is no table ({error}): save it as CSV or .xlsx"
        raise ValueError(msg) from None


def _workbook_rows(path: Path, data: bytes, columns: Sequence[str], sheet: str | None) -> list[list[str]]:
    sheets = workbook_cells(path, data)  # its errors name the file
    if sheet is not None and sheet not in sheets:
        msg = f"has no sheet {sheet} (it has {', '.join(sheets)}): keep the names of sheets"
        raise ValueError(msg)
    chosen = [sheets[sheet]] if sheet is not None else [cells for cells in sheets.values() if cells]
    fitting = [cells for cells in chosen if cells and set(columns) <= {cell.strip() for cell in cells[0]}]
    return next(iter(fitting or [cells for cells in chosen if cells]), [[]])
