"""Quantities of a document: every number with a unit that counts or measures something, and what is claimed about it.

The steps are: numbers with their measure words (`mentions`), less those that count nothing (`exclusions`); what is
counted (`items`); whether it is reached, and when (`claims`), and for whom (`scopes`). Measure words are in
resources/units.tsv, the words by which all else is read in resources/quantity-words.tsv. No step looks further than a
fixed number of characters from a number, so that the time taken grows with the length of the text.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from itertools import chain, pairwise
from typing import TYPE_CHECKING

from ...chinese import HAN
from .claims import classify
from .dates import YearMentions
from .items import set_items
from .mentions import find_quantities, fold
from .sections import Paragraph, SectionContext

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from ..stances import Stance


COLUMNS = ("paragraph", "start", "end", "number", "value", "upper", "unit")
COLUMNS += ("item", "scope", "kind", "qualifier", "period", "year")
_MARKS = "，。；：、（）%"
# A run of blanks beside a Chinese character; not before a numeral, which would make one number of two: 图3 十家.
_NUMERALS = "零〇一二两三四五六七八九十百千"
_BLANKS = re.compile(f"(?<! )(?:(?<=[{HAN}{_MARKS}]) +(?![ {_NUMERALS}])| +(?=[{HAN}{_MARKS}])(?![{_NUMERALS}]))")
_SKIPPED_KINDS = ("byline", "noise")
# Types of documents that tell of a place, rather than rule, plan or report for it.
_ABOUT_PLACES = ("", "unknown", "essay", "speech", "news")
_REPORTS_YEAR = re.compile("(20[0-9]{2}|19[0-9]{2}) ?年")
# A month that is told of, and none by which something is due: 于2023年1月反馈了意见, not 到2024年6月底前.
_TOLD_MONTH = re.compile(
    "(?<!(?<!截)[到至前])(20[0-9]{2}) ?年 ?[0-9]{1,2} ?月(?: ?[0-9]{1,2} ?日)?(?![底末]?[之以]?前|[底末])"
)
_COUNTED_ON = re.compile("(20[0-9]{2}|19[0-9]{2}) ?年 ?[0-9]{1,2} ?月 ?[0-9]{1,2} ?日?(?:零|0) ?时")  # of a census
# A report of a year that is over, which plans for the next.
_LOOKS_BACK = re.compile(
    "20[0-9]{2} ?年?度?(?!.*政府工作报告)[^，。]{0,24}(?:述职|述责|工作总结|年度[^，。]{0,8}报告|总结|汇报)"
)
_REPORTS = re.compile(
    "公报|总结|回顾|年报|年度报告|执行情况|决算|统计|发展报告|白皮书|经济运行|(?:运行|进展|完成|收支|办理|落实)情况|"
    "审计(?:工作报告|报告|结果|情况)|述职|年度[^，。]{0,12}(?:报告|汇报)"
)


def quantities(
    paragraphs: Any,
    year: float | None = None,
    place: str = "",
    date: str = "",
    doc_type: str = "",
    stances: Sequence[Stance] = (),
    names_place: bool = True,
) -> list[dict[str, Any]]:
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

    doc_type : str
        Of `documents.DOCUMENT_TYPES`. What an official document (a report, a plan, a rule) says of nobody is about no
        narrower scope than it; in an article, an essay or a speech it is said of its place.
    stances : sequence of stances.Stance
        Of its sentences.
    names_place : bool
        Whether such an article names the place as that which is compared, as one on party-building does.

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
    texts, places = zip(*(_without_blanks(fold(row.text)) for row in rows), strict=True) if rows else ((), ())
    title = next((text for row, text in zip(rows, texts, strict=True) if row.kind == "title"), "")
    if doc_type != "work report" and (reported := _reported_year(title)):
        year, date = reported, ""
    elif year is None or year != year:
        year = _told_year(rows, texts)
    if "普查" in title and (counted := next((m for m in map(_COUNTED_ON.search, texts) if m), None)):
        year = int(counted[1])
    names_place, looks_back = names_place and doc_type in _ABOUT_PLACES, _LOOKS_BACK.search(title) is not None
    section = SectionContext(year, place, date, names_place, doc_type, title, looks_back)
    said: defaultdict[int, list[tuple[int, int, str]]] = defaultdict(list)
    place_of = dict(zip((row.paragraph for row in rows), places, strict=True))
    for stance in stances:
        if (of := place_of.get(stance.paragraph)) is None:
            continue
        span = bisect_left(of, stance.start), bisect_left(of, stance.end)
        said[stance.paragraph].append((*span, stance.stance))
    section.survey(rows, texts)
    out = []
    for i, (row, text, of_text) in enumerate(zip(rows, texts, places, strict=True)):
        section.enter(i, row.section, row.unit)
        if row.kind in _SKIPPED_KINDS:
            continue
        mentions = YearMentions(text, section)
        if found := find_quantities(text):
            set_items(text, found, section.names_place)
            classify(text, found, section, mentions, said.get(row.paragraph, ()))
        section.follow(text, mentions.goals, mentions.last)
        for q in found:
            start, end = of_text[q.start], of_text[q.end - 1] + 1
            number = row.text[start : of_text[q.start + len(q.number) - 1] + 1]
            values = (q.value, q.upper, q.unit, q.item, q.scope, q.kind, q.qualifier, q.period, q.year)
            out.append(dict(zip(COLUMNS, (row.paragraph, start, end, number, *values), strict=True)))
    return out


def _without_blanks(text: str) -> tuple[str, Sequence[int]]:
    """A text without the blanks beside Chinese characters (增长 4.5%), and the place of each of its characters."""
    if " " not in text:
        return text, range(len(text) + 1)
    kept = [range(*span) for span in pairwise([0, *(at for m in _BLANKS.finditer(text) for at in m.span()), len(text)])]
    places = [*chain.from_iterable(kept[::2]), len(text)]
    return _BLANKS.sub("", text), places


def _reported_year(title: str) -> int | None:
    """The year that a title says is reported (2019年…公报), which is not that of publication."""
    years = set(_REPORTS_YEAR.findall(title))
    return int(years.pop()) if len(years) == 1 and _REPORTS.search(title) else None


def _told_year(rows: Sequence[Paragraph], texts: Sequence[str]) -> int | None:
    """The year in which a document that states none was written: that of the last day or month that it tells of."""
    told = (
        int(m[1])
        for row, text in zip(rows, texts, strict=True)
        if row.kind not in _SKIPPED_KINDS
        for m in _TOLD_MONTH.finditer(text)
    )
    return max(told, default=None)


def _rows(paragraphs: Any) -> list[Paragraph]:
    """The paragraphs, whatever form they were given in."""
    names = Paragraph._fields
    if hasattr(paragraphs, "columns"):
        return [Paragraph(*values) for values in zip(*(paragraphs[name].tolist() for name in names), strict=True)]
    return [
        Paragraph(*(row[name] if isinstance(row, dict) else getattr(row, name) for name in names)) for row in paragraphs
    ]
