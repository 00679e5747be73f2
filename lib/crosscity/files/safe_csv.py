"""CSV that is safe to open in a spreadsheet, and is read back unchanged.

A spreadsheet runs what it takes for a formula, whoever wrote the text. As OWASP advises (CSV Injection), such a text
is written with an apostrophe before it, which `unescape_formula` takes away again.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

# What begins a formula, behind spaces and a byte-order mark too; the wide forms do in Chinese and Japanese settings.
# Tabs and line breaks may begin a new cell. A text that begins with apostrophes before these gets one more.
_FORMULA = re.compile("['\\s\ufeff]*[-=+@－＝＋＠]|'*[\t\r\n]")
_AT_ONCE = 20_000  # rows
_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?%?", re.ASCII)


def escape_formula(text: str) -> str:
    """The text with ' before it if a spreadsheet could take it for a formula; plain numbers such as -3.5 stay.

    >>> [escape_formula(text) for text in ("=1+1", "-3.5", "-3.5+A1", "党建", "'=1+1", "'tis")]
    ["'=1+1", '-3.5', "'-3.5+A1", '党建', "''=1+1", "'tis"]
    """
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text


def unescape_formula(text: str) -> str:
    """The text before `escape_formula`; one that it left alone is returned as it is.

    >>> [unescape_formula(text) for text in ("'=1+1", "-3.5", "''=1+1", "'tis")]
    ['=1+1', '-3.5', "'=1+1", "'tis"]
    """
    return text[1:] if text[:1] == "'" and _FORMULA.match(text, 1) else text


def rows_to_csv(rows: Iterable[Iterable[Any]], delimiter: str = ",") -> str:
    """Rows of cells as CSV, formulas escaped."""
    lines = _Lines()
    writer = csv.writer(lines, delimiter=delimiter, lineterminator=_Lines.END)
    writer.writerows([_escape_cell(cell) for cell in row] for row in rows)
    return lines.text()


def frame_to_csv(frame: pd.DataFrame, float_format: Any = None) -> str:
    """A DataFrame as CSV without its index: formulas escaped in texts and column names, numbers by `float_format`."""
    import pandas as pd  # here: much that reads and writes rows has no need of it

    frame, texts = frame.copy(deep=False), []
    for i, dtype in enumerate(frame.dtypes):
        if not (isinstance(dtype, pd.CategoricalDtype) or pd.api.types.is_string_dtype(dtype) or dtype.kind == "O"):
            continue
        if pd.api.types.infer_dtype(frame.iloc[:, i], skipna=True) in ("string", "empty"):
            texts.append(i)
        else:  # how its numbers are written goes by the whole column
            frame.isetitem(i, frame.iloc[:, i].astype(object).map(_escape_cell))
    columns, pieces = [_escape_cell(name) for name in frame.columns], []
    step = max(len(frame), 1) if (frame.dtypes.map(lambda dtype: dtype.kind) == "M").any() else _AT_ONCE  # so do times
    for start in range(0, max(len(frame), 1), step):  # cells of all rows as objects would take much room
        safe = frame.iloc[start : start + step].copy(deep=False)
        for i in texts:
            safe.isetitem(i, safe.iloc[:, i].astype(object).map(_escape_cell))
        lines, how = _Lines(), {"index": False, "lineterminator": _Lines.END, "float_format": float_format}
        safe = safe.set_axis(columns, axis=1)
        safe.to_csv(lines, header=start == 0, **how)
        pieces.append(lines.text())
    return "".join(pieces)


def _escape_cell(value: Any) -> Any:
    return escape_formula(value) if isinstance(value, str) else value


class _Lines:
    r"""A file for csv.writer that ends rows with \n.

    With the line end \r\n, csv.writer quotes cells that hold \r or \n. With \n, that of Python 3.11 leaves a single \r
    unquoted, and a spreadsheet begins a row there.
    """

    END = "\r\n"

    def __init__(self) -> None:
        self._rows: list[str] = []

    def write(self, row: str) -> None:
        self._rows.append(row.removesuffix(self.END) + "\n")

    def text(self) -> str:
        return "".join(self._rows)
