"""Years that a paragraph names, and which of them dates a quantity."""

from __future__ import annotations

import bisect
import re
from typing import TYPE_CHECKING, NamedTuple

from .numerals import digit_string
from .sections import FIVE_YEAR_PLANS

if TYPE_CHECKING:
    from .mentions import Quantity
    from .sections import SectionContext

_DIGIT = "[0-9零〇一二三四五六七八九]"
_YEAR = re.compile(
    f"(?P<year>[12一二][09九〇零] ?{_DIGIT} ?{_DIGIT}) ?年(?!代|级)|"
    "(?P<ahead>(?:今后|未来)五年)|(?P<plan>“?十[一二三四五六]五”?(?:末|期末|时期|期间))|"
    "(?P<near>过去的?一年|去年|上年|前年|今年|本年|明年|(?<![0-9一二两三四五六七八九十几])年内|目前|截至目前|现有)"
)
_PERIOD = re.compile("十([一二三四五六])五”?(?:时期|期间|以来|末|期末|收官|各项|规划|计划)")
_NEAR = {"过去一年": -1, "过去的一年": -1, "去年": -1, "上年": -1, "前年": -2, "明年": 1}
_REFERENCE = re.compile("(?:[比较与同自从由以的-]|[高低多少优好快慢大小强]于)$")
# 产值52亿元，是2010年的1.9倍; 人均28614元，上年为25733元: a year of the number it stands at alone.
_IS_OF = re.compile("(?:是|为|相当于|达到)$")
_TIMES_OF = re.compile("[^，。；]{2,5}年[底末]?的[0-9.]+(?:倍|%)")
_WAS = re.compile("(?:同期|同月|底|末)?(?:则|仅|只)?(?:为|是|有)(?=[0-9])")
# Next year's work that is thought of now; a year that is stated right before a number.
_THOUGHT_OF = re.compile("的(?:工作(?:思路|计划|打算|意见|安排)?|思路|打算)(?!目标|是|为|：)")
_ATTACHED = re.compile("([12][09][0-9]{2}) ?年[底末]?(?:的|为|是)?(?:近|约|超|超过)?$")
_SINCE = re.compile("(?:[0-9]{1,2}月(?:[0-9]{1,2}日)?)?(?:以来|起|开始)|至|-|相比|的基数|开局|为基")
# A year at the head of a paragraph or sentence holds for what follows; 到…年 and …年底前 make it a year of aims.
_LEADS = re.compile(
    "(?:^|[。；！])(?:[（(]?[一二三四五六七八九十0-9]{1,3}[)）、.．]|[一二三四五六七八九十]是)?"
    "(?:[^，。；]{1,8}(?:说|表示|介绍|指出|称|透露|获悉)，)?(?:力争|预计|计划|截[至止]到?)?$"
)
_WITHIN = re.compile("，“?$")  # …，“十三五”期间硬化240公里
_BY_THEN = re.compile("(?:^|[。；，：])[^。；，：]{0,8}?(?:力争|确保|争取)?到 ?“?$")
_BEFORE_THEN = re.compile("年?[底末]?前")
_DAY = re.compile("[^年]{2,5}年(?:[0-9一二三四五六七八九十]{1,3}月|[初春夏秋冬])")
_AFTERWARDS = re.compile("此后|随后|之后|后来|近年来|如今")
_SPAN = re.compile("(?:^|[。；：])20[0-9]{2}年?[-—~至]{1,2}$")
# The day from which something holds is no year of what was before: 从2015年10月1日起由480元提高到530元.
_FROM_THEN = re.compile("[^年，。；]{2,5}年[0-9]{1,2}月(?:[0-9]{1,2}日)?起")
# A point of its own, for which the year of another does not hold: 到2025年，…。2.深化改革。
_NEW_POINT = re.compile(
    "。(?:[0-9]{1,2}[.．、](?![0-9])|[（(][一二三四五六七八九十]{1,2}[)）]|[一二三四五六七八九十]{1,2}、)"
)
_QUOTED_THERE = re.compile("[^“”]{1,200}”")  # what somebody says of last year ends with the quotation
_AMONG = re.compile("其中|同期|全年|分[^，。]{1,8}看|按[^，。]{1,8}分")


class Dates(NamedTuple):
    """Years around a quantity.

    Attributes
    ----------
    stated : int or None
        The year that its sentence states.
    earlier : int or None
        The year that an earlier sentence states.
    reference : int or None
        The last year that its sentence names before it, if only to compare.
    is_goal : bool
        Whether the year is that by which something is to be reached (到2027年).
    full_stops : int
        Sentences that end between the earlier year and the quantity.
    named : int or None
        The year that an earlier sentence names last, whether it holds for this one or not.
    """

    stated: int | None
    earlier: int | None
    reference: int | None
    is_goal: bool = False
    full_stops: int = 0
    named: int | None = None


class _YearMention(NamedTuple):
    """A year that a paragraph names; it is no date if it only compares, or begins a period."""

    start: int
    year: int | None
    is_date: bool
    is_relative: bool
    leads: bool = False
    is_goal: bool = False


class YearMentions:
    """The years that a paragraph names."""

    def __init__(self, text: str, section: SectionContext) -> None:
        self._section = section
        self._mentions: list[_YearMention] = []
        for m in _YEAR.finditer(text):
            before = text[max(0, m.start() - 20) : m.start()]
            by_then = bool(_BY_THEN.search(before)) or bool(m["year"] and _BEFORE_THEN.match(text, m.end()))
            if m["year"] and section.genre == "plan":  # 2018年底，…; 2009-2012年，…
                by_then = by_then or text.startswith(("底，", "末，"), m.end()) or bool(_SPAN.search(before))
                by_then = by_then and not before.endswith(("截至", "截止", "截至到", "截止到"))
            only_compares = False
            if m["near"]:
                year = None if section.now is None else section.now + _NEAR.get(m["near"], 0)
            elif m["year"]:
                year = int(digit_string(m["year"].replace(" ", "")))
            else:
                year = self._planned(m)
                over = year is None and (m["plan"] or "").endswith("末")
                # Of a plan that runs, or is over, the text does not say which year it means, but for its end.
                if not over and (year is None or section.mode == "past" or not _opens(by_then, before)):
                    continue
                year = FIVE_YEAR_PLANS[m["plan"].lstrip("“")[:3]] if over else year
                by_then, only_compares = not over, over and not before.endswith(("到", "至"))
            compares = _REFERENCE.search(before[-2:]) and not by_then
            compares = compares or (m["near"] == "目前" and before.endswith(("至", "到")))  # 下降至目前80%的水平
            compares = compares or (m["near"] == "明年" and _THOUGHT_OF.match(text, m.end()))
            compares = compares or (_IS_OF.search(before[-3:]) and _TIMES_OF.match(text, m.start()))
            is_date = not compares and not only_compares and not _SINCE.match(text, m.end())
            is_goal = by_then and (section.year is None or year is None or year >= section.year)
            leads = by_then or bool(_LEADS.search(before))
            is_relative = bool(m["near"]) and not text.startswith("同期", m.end())
            self._mentions.append(_YearMention(m.start(), year, is_date, is_relative, leads, is_goal))
        self._starts = [mention.start for mention in self._mentions]
        self._periods = [(m.start(), FIVE_YEAR_PLANS[f"十{m[1]}五"]) for m in _PERIOD.finditer(text)]

    @property
    def goals(self) -> set[int]:
        """The years by which the paragraph says that something is to be reached."""
        return {mention.year for mention in self._mentions if mention.is_goal and mention.year is not None}

    @property
    def last(self) -> int | None:
        """The year that the paragraph names last."""
        return self._mentions[-1].year if self._mentions else None

    def period_before(self, at: int) -> int | None:
        """The last year of the five-year plan that is named last before a place, if one is."""
        return next((year for start, year in reversed(self._periods) if start < at), None)

    def _planned(self, m: re.Match[str]) -> int | None:
        """The last year of the five years to come, or of a five-year plan that is not over."""
        year = self._section.year
        if m["ahead"]:
            return None if year is None else year + 4
        end = FIVE_YEAR_PLANS[m["plan"].lstrip("“")[:3]]
        return end if year is None or end >= year else None

    def dates_of(self, q: Quantity, text: str) -> Dates:
        """The years by which a quantity is dated."""
        (begin, stop), here = q.sentence, bisect.bisect(self._starts, q.start)
        document_year, plan_year = self._section.year, self._section.plan_year
        before = after = earlier = named = reference = None
        aims = goal = False
        full_stops = 0
        for start, year, is_date, is_relative, leads, is_goal in self._mentions[max(0, here - 6) : here + 3]:
            if begin <= start < q.start:
                reference = reference if _FROM_THEN.match(text, start) else year
                before, goal = (year, is_goal) if is_date else (before, goal)
            elif q.start <= start < stop and is_date and after is None:
                if is_relative and year != document_year and _WAS.match(text, _end_of_mention(text, start)):
                    continue
                is_later = document_year is not None and year is not None and year > document_year
                after = year if is_relative or is_later else None
            elif start < begin and is_date:
                is_planned = year == plan_year != document_year
                # What a paragraph tells of a year that is over, it tells of until it names another.
                dated = _DAY.match(text, start) or _AFTERWARDS.search(text, start, q.start)
                is_over = (
                    leads and not dated and year is not None and document_year is not None and year < document_year
                )
                governs = (
                    (is_goal and not _NEW_POINT.search(text, start, q.start))
                    or is_over
                    or (leads and bool(_AMONG.match(text, begin)))
                )
                if is_relative and _QUOTED_THERE.match(text, start, q.start):
                    continue
                is_other = is_relative and year != document_year
                earlier = year if is_planned or governs or is_other else None
                aims, full_stops, named = is_goal, text.count("。", start, q.start), year
        if m := _ATTACHED.search(text, max(begin, q.start - 12), q.start):
            before, goal = int(m[1]), goal and before == int(m[1])
        if before is not None:
            return Dates(before, earlier, reference, goal, full_stops, named)
        is_goal = after is None and earlier is not None and aims
        return Dates(after, earlier, reference, is_goal, full_stops, named)


def _end_of_mention(text: str, start: int) -> int:
    """Where a year that a text names ends."""
    m = _YEAR.match(text, start)
    return m.end() if m else start


def _opens(by_then: bool, before: str) -> bool:
    """Whether what stands before a five-year plan lets it hold for what follows."""
    return by_then or bool(_LEADS.search(before) or _WITHIN.search(before))
