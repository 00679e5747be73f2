"""Tables of results as pages and papers show them: titles and headings in words, few columns, rounded numbers."""

from __future__ import annotations

import functools
import re
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ..compare.indicators import read_indicators
from ..files import read_records
from ..language import current_language, heading, join_items, tr

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST_COLUMNS = 5
_RESOURCES = Path(__file__).with_name("resources")
_LIST = re.compile(r"\((?:'[^']*',? ?)*\)")
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e[-+]?\d+)?", re.IGNORECASE)
# Places and marks, which a reader of a table does not need.
_UNSHOWN = {
    "note",
    "start",
    "end",
    "other_start",
    "other_end",
    "fingerprint",
    "sha256",
    "bound",
    "low",
    "high",
    "match",
}


class TableForm(NamedTuple):
    """How a table is shown: its title, the columns in their order (none: the first), whether pages fold it."""

    title: str
    columns: tuple[str, ...]
    diagnostic: bool


@functools.cache
def table_forms() -> dict[str, TableForm]:
    """The tables that resources/result-tables.tsv describes, by name."""
    rows = read_records(_RESOURCES / "result-tables.tsv")
    return {r["table"]: TableForm(r["title"], tuple(r["columns"].split(",")), r["diagnostic"] == "yes") for r in rows}


@functools.cache
def _column_forms() -> dict[str, tuple[str, str]]:
    """Title and form of the columns that resources/result-columns.tsv describes."""
    return {r["column"]: (r["title"], r["form"]) for r in read_records(_RESOURCES / "result-columns.tsv")}


def table_title(name: str) -> str:
    """The title of a table in the run's language; of one that is not described, its name in words."""
    form = table_forms().get(name)
    if form is None:
        words = name.replace("-", " ").replace("_", " ")
        return words[:1].upper() + words[1:]
    return tr(form.title)


def column_title(column: str) -> str:
    """The heading of a column in the run's language, in words."""
    if current_language() == "en":
        return _column_forms().get(column, (column, ""))[0].replace("_", " ")
    return heading(column).replace("_", " ")


@functools.cache
def _indicators() -> dict[str, tuple[str, str]]:
    """The English and Chinese titles of the panels of named indicators."""
    return {rule.indicator: (rule.gloss, rule.name) for rule in read_indicators()}


def indicator_titles() -> list[tuple[str, str]]:
    """The English and Chinese titles of the panels of all named indicators."""
    return list(_indicators().values())


def indicator_title(indicator: str) -> str:
    """What the panel of a named indicator is called, in the run's language; of another, its name."""
    titles = _indicators().get(indicator)
    return titles[current_language() != "en"] if titles else indicator


def shown_columns(name: str, columns: Sequence[str]) -> list[str]:
    """The columns of a table that are shown, five at most.

    Parameters
    ----------
    name : str
        Of the table.
    columns : sequence of str
        That it has.
    """
    form = table_forms().get(name)
    chosen = [c for c in form.columns if c in columns] if form else []
    if len(chosen) < 2:  # another table of that name
        chosen = [c for c in columns if c not in _UNSHOWN]
    return chosen[:MOST_COLUMNS]


def shown_cell(column: str, cell: str) -> str:
    """A cell of a CSV file as it is shown: shares as percentages, else three digits, thousands apart, but for years.

    >>> shown_cell("share", "0.1234"), shown_cell("log_ratio", "3.62297"), shown_cell("year", "2014")
    ('12.3%', '3.62', '2014')
    >>> shown_cell("n_chars", "8906"), shown_cell("rate", "129.31"), shown_cell("p", "0.00021"), shown_cell("a", "三亚")
    ('8,906', '129', '<0.001', '三亚')
    """
    if column == "column":
        return column_title(cell)
    if _LIST.fullmatch(cell):
        return join_items(re.findall("'([^']*)'", cell))
    form = _column_forms().get(column, ("", ""))[1]
    if form == "plain" or not _NUMBER.fullmatch(cell):
        return cell
    number = float(cell)
    if form == "percent" and 0 <= number <= 1:
        return f"{number:.1%}" if 0 < number < 0.995 else f"{number:.0%}"
    if form == "p":
        return "<0.001" if number < 0.001 else f"{number:.3f}"
    if number == int(number):
        return f"{int(number):,}"
    return f"{number:,.0f}" if abs(number) >= 100 else f"{number:.3g}"
