"""Tab-separated tables, as the library ships them and people edit them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from .. import CrosscityError

if TYPE_CHECKING:
    from collections.abc import Sequence


def numbered_rows(path: Path | str, comment: str = "#") -> list[tuple[int, list[str]]]:
    """Rows of a tab-separated file, each with its line number, for messages.

    Blank lines and lines that begin with `comment` are skipped; a byte-order mark is not part of the first cell.
    """
    lines = enumerate(Path(path).read_text(encoding="utf-8-sig").splitlines(), start=1)
    return [(n, line.split("\t")) for n, line in lines if line.strip() and not line.startswith(comment)]


def headed_rows(path: Path | str, header: Sequence[str]) -> list[tuple[int, list[str]]]:
    """Rows below the first of a tab-separated file that must have these columns, each with its line number.

    Raises
    ------
    CrosscityError
        If the file is absent or its first row names other columns.
    """
    names = ", ".join(header)
    if not Path(path).is_file():
        msg = f"{path} is not there: give a table with tabs and the columns {names}"
        raise CrosscityError(msg)
    rows = numbered_rows(path)
    if not rows or tuple(rows[0][1]) != tuple(header):
        msg = f"{path}, line {rows[0][0] if rows else 1}: the first line must name {names}, tabs between"
        raise CrosscityError(msg)
    return rows[1:]


def read_tsv(path: Path | str, header: bool = True, comment: str = "#") -> list[list[str]]:
    """Rows of a tab-separated file, as lists of cells.

    Parameters
    ----------
    path : str or Path
    header : bool
        Whether the first row names the columns, and is left out.
    comment : str
        Lines that begin so are skipped.
    """
    rows = [cells for _, cells in numbered_rows(path, comment)]
    return rows[1:] if header else rows


def read_records(path: Path | str) -> list[dict[str, str]]:
    """Rows of a tab-separated file, as dictionaries by the columns of its first row; absent cells are empty."""
    header, *rows = read_tsv(path, header=False)
    return [dict(zip(header, [*cells, *[""] * (len(header) - len(cells))], strict=True)) for cells in rows]
