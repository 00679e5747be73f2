"""The cells of workbooks as texts, read by calamine."""

from __future__ import annotations

import datetime as dt
import io
from typing import TYPE_CHECKING, Any

from .. import CrosscityError
from .formats import UnreadableError
from .formats.extract import EXTRA

if TYPE_CHECKING:
    from pathlib import Path

WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".ods")


def workbook_cells(path: Path, data: bytes) -> dict[str, list[list[str]]]:
    """The cells of each sheet of a workbook, by its name, as they would be written.

    A cell that spans rows is each row's.

    Raises
    ------
    UnreadableError
        If the workbook is encrypted or broken.
    CrosscityError
        If python-calamine is not installed.
    """
    try:
        from python_calamine import CalamineError, CalamineWorkbook
    except ImportError as error:
        msg = f"{path} is a workbook, and python-calamine, which reads it, is not installed: {EXTRA}"
        raise CrosscityError(msg) from error
    sheets: dict[str, list[list[str]]] = {}
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(data))
        for name in workbook.sheet_names:
            sheet = workbook.get_sheet_by_name(name)
            cells = [[_cell(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]
            for (top, left), (bottom, right) in getattr(sheet, "merged_cell_ranges", None) or []:
                _fill(cells, top, left, bottom, right)
            sheets[name] = cells
    except (CalamineError, OSError, ValueError) as error:
        reason = "is encrypted: save it without a password" if "assword" in str(error) else "cannot be read"
        msg = f"{path} {reason} ({error}): open it and save it again, or leave it out"
        raise UnreadableError(msg) from error
    return sheets


def _cell(value: Any) -> str:
    """A cell of a workbook as it would be written."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(" ")
    # Excel writes control characters as _x000D_.
    return str(value).replace("_x000D_", "")


def _fill(cells: list[list[str]], top: int, left: int, bottom: int, right: int) -> None:
    """Give every row of a merged range its first cell's value, in the first column."""
    if top >= len(cells) or left >= len(cells[top]):
        return
    for row in cells[top + 1 : bottom + 1]:
        if left < len(row) and not row[left]:
            row[left] = cells[top][left]
