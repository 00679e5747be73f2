"""Tables that people fill in with a spreadsheet: written so that it opens them, read as it saves them."""

from __future__ import annotations

import csv
import hashlib
import io
from pathlib import Path
from typing import TYPE_CHECKING

from .. import CrosscityError
from ..files import restored, rows_text
from .decoding import decode

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from typing import Any


def fingerprint(text: str) -> str:
    """Twelve letters that tell whether a text is as it was written; no digits, of which a spreadsheet makes numbers."""
    return hashlib.sha256(text.encode()).hexdigest()[:12].translate(str.maketrans("0123456789", "ghijklmnop"))


def sheet(rows: Iterable[Mapping[str, Any]], columns: Sequence[str], mark: str = ",") -> str:
    """The text of a table for a spreadsheet: with a byte-order mark, and safe to open there (see `spreadsheet`)."""
    return "\ufeff" + rows_text([columns, *([str(row.get(c, "")) for c in columns] for row in rows)], mark)


def read_sheet(path: Path | str, columns: Sequence[str]) -> list[tuple[int, dict[str, str]]]:
    """Rows of a table that a spreadsheet saved: with commas, semicolons or tabs, in any encoding that has Chinese.

    Returns
    -------
    list of tuple
        Row number and cells by column; empty rows are left out, cells that are missing are empty.

    Raises
    ------
    CrosscityError
        If the file is absent, empty, no table, or lacks one of `columns`.
    """
    path = Path(path)
    data = path.read_bytes() if path.is_file() else None
    problem = "is not there: give the name of the file that was filled in" if data is None else ""
    if data is not None and not data.strip(b"\xef\xbb\xbf \t\r\n"):
        problem = "is empty: save the table again"
    if not problem:
        text = decode(data, path)[0]
        mark = max(",;\t", key=text.splitlines()[0].count)
        try:
            header, *rows = csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True)
        except csv.Error as error:
            problem = f"is no table ({error}): save it as CSV"
    if not problem:
        header = [restored(c.strip()) for c in header]
        if absent := [c for c in columns if header.count(c) != 1]:
            what = "two columns" if absent[0] in header else "no column"
            problem = f"has {what} {absent[0]} in its first row (it has {', '.join(header)}): save the table as CSV"
        elif not any(c.strip() for row in rows for c in row):
            problem = "has no row below its first: save the table again"
    if problem:
        msg = f"{path} {problem}"
        raise CrosscityError(msg)
    rows = [[restored(cell.strip()).strip() for cell in row] for row in rows]
    full = ((number, row + [""] * len(header)) for number, row in enumerate(rows, start=2) if any(row))
    return [(number, dict(zip(header, row, strict=False))) for number, row in full]
