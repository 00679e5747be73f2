"""Quantities of a document: every number with a unit that counts or measures something, and what is said of it.

The grammar goes from left to right: numbers with their measure words (`measures`), without what counts nothing
(`uncounted`), then what is counted (`counted`), then whether it is reached, for whom, and when (`statements`). Measure
words are in resources/units.tsv, the words it goes by in resources/quantity-words.tsv. No step looks further than a
fixed number of characters from a number, so that the time taken grows with the length of the text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .claims import Setting, judge
from .items import name_items
from .mentions import find, fold

if TYPE_CHECKING:
    from typing import Any


COLUMNS = ("paragraph", "start", "end", "number", "value", "upper", "unit")
COLUMNS += ("item", "scope", "kind", "qualifier", "period", "year")
_UNREAD = ("byline", "noise")
_ASKED = ("paragraph", "kind", "section", "unit", "text")


def quantities(paragraphs: Any, year: float | None = None, place: str = "", date: str = "") -> list[dict[str, Any]]:
    """The quantities of one document.

    Parameters
    ----------
    paragraphs : DataFrame, or sequence of mappings or named tuples
        Rows of the table of paragraphs, in order: paragraph, kind, section, unit, text.
    year : int, optional
        The document's year; without one, a quantity has a year only where the text says it.
    place : str
        Whom the document is about, a city's short name for instance: what is reported of nobody else is reported of it.
    date : str
        The document's date, as far as it is known (2014-12-29): what is planned at a year's end is for the next.

    Returns
    -------
    list of dict
        One a quantity, in order of the text, with the keys of `COLUMNS`. start and end count code points of the
        paragraph's text, half-open, from the number to its unit; upper and year are None where there is none.

    Examples
    --------
    >>> rows = [{"paragraph": 1, "kind": "body", "section": "", "unit": "", "text": "全市共有120多个社区"}]
    >>> found = quantities(rows, year=2020, place="甲市")
    >>> [(q["number"], q["value"], q["unit"], q["qualifier"], q["item"], q["scope"], q["year"]) for q in found]
    [('120', 120.0, '个', '>', '社区数', '甲市', 2020)]
    """
    rows = _rows(paragraphs)
    texts = [fold(text) for *_, text in rows]
    setting = Setting(year, place, date)
    setting.survey(rows, texts)
    out = []
    for i, ((paragraph, kind, section, unit, original), text) in enumerate(zip(rows, texts, strict=True)):
        setting.enter(i, section, unit)
        if kind in _UNREAD or not (found := find(text)):
            continue
        name_items(text, found)
        judge(text, found, setting)
        for q in found:
            number = original[q.start : q.start + len(q.number)]
            values = (q.value, q.upper, q.unit, q.item, q.scope, q.kind, q.qualifier, q.period, q.year)
            out.append(dict(zip(COLUMNS, (paragraph, q.start, q.end, number, *values), strict=True)))
    return out


def _rows(paragraphs: Any) -> list[tuple[Any, ...]]:
    """(paragraph, kind, section, unit, text) of each row of what was given."""
    if hasattr(paragraphs, "columns"):
        return list(zip(*(paragraphs[name].tolist() for name in _ASKED), strict=True))
    return [tuple(row[n] if isinstance(row, dict) else getattr(row, n) for n in _ASKED) for row in paragraphs]
