"""Quantities of a document: every number with a unit that counts or measures something, and what is claimed about it.

The steps are: numbers with their measure words (`mentions`), less those that count nothing (`exclusions`); what is
counted (`items`); whether it is reached, and when (`claims`), and for whom (`scopes`). Measure words are in
resources/units.tsv, the words by which all else is read in resources/quantity-words.tsv. No step looks further than a
fixed number of characters from a number, so that the time taken grows with the length of the text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .claims import Paragraph, SectionContext, classify
from .items import set_items
from .mentions import find_quantities, fold

if TYPE_CHECKING:
    from typing import Any


COLUMNS = ("paragraph", "start", "end", "number", "value", "upper", "unit")
COLUMNS += ("item", "scope", "kind", "qualifier", "period", "year")
_SKIPPED_KINDS = ("byline", "noise")


def quantities(paragraphs: Any, year: float | None = None, place: str = "", date: str = "") -> list[dict[str, Any]]:
    """The quantities of one document.

    Parameters
    ----------
    paragraphs : DataFrame, or sequence of mappings or named tuples
        Rows of the table of paragraphs, in order: paragraph, kind, section, unit, text.
    year : int, optional
        The document's year; without one, a quantity has a year only if the text states it.
    place : str
        Whom the document is about, such as the short name of a city: what is reported of nobody else is reported of it.
    date : str
        The document's date, as far as it is known (2014-12-29): plans made at the end of a year are for the next.

    Returns
    -------
    list of dict
        One per quantity, in order of the text, with the keys of `COLUMNS`. start and end count code points of the
        paragraph's text, half-open, from the number to its unit; upper and year are None if there is none.

    Examples
    --------
    >>> rows = [{"paragraph": 1, "kind": "body", "section": "", "unit": "", "text": "全市共有120多个社区"}]
    >>> found = quantities(rows, year=2020, place="甲市")
    >>> [(q["number"], q["value"], q["unit"], q["qualifier"], q["item"], q["scope"], q["year"]) for q in found]
    [('120', 120.0, '个', '>', '社区数', '甲市', 2020)]
    """
    rows = _rows(paragraphs)
    texts = [fold(row.text) for row in rows]
    section = SectionContext(year, place, date)
    section.survey(rows, texts)
    out = []
    for i, (row, text) in enumerate(zip(rows, texts, strict=True)):
        section.enter(i, row.section, row.unit)
        if row.kind in _SKIPPED_KINDS or not (found := find_quantities(text)):
            continue
        set_items(text, found)
        classify(text, found, section)
        for q in found:
            number = row.text[q.start : q.start + len(q.number)]
            values = (q.value, q.upper, q.unit, q.item, q.scope, q.kind, q.qualifier, q.period, q.year)
            out.append(dict(zip(COLUMNS, (row.paragraph, q.start, q.end, number, *values), strict=True)))
    return out


def _rows(paragraphs: Any) -> list[Paragraph]:
    """The paragraphs, whatever form they were given in."""
    names = Paragraph._fields
    if hasattr(paragraphs, "columns"):
        return [Paragraph(*values) for values in zip(*(paragraphs[name].tolist() for name in names), strict=True)]
    return [
        Paragraph(*(row[name] if isinstance(row, dict) else getattr(row, name) for name in names)) for row in paragraphs
    ]
