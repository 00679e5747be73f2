"""What a document claims about its quantities: whether they are reached, aimed at, in force or added, and when."""

from __future__ import annotations

import bisect
import functools
import re
from numbers import Real
from typing import TYPE_CHECKING, NamedTuple

from ...documents import full_name
from .lexicon import word_patterns
from .mentions import QuantityContext
from .numerals import HALF_WIDTH, digit_string
from .scopes import scope

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .mentions import Quantity

_BACK = 120  # characters of a sentence before a number that are looked at
_RELATIVE = ("ratio", "point", "fold")

_DIGIT = "[0-9零〇一二三四五六七八九]"
_YEAR = re.compile(
    f"(?P<year>[12一二][09九〇零] ?{_DIGIT} ?{_DIGIT}) ?年(?!代|级)|"
    "(?P<ahead>(?:今后|未来)五年)|(?P<plan>“?十[一二三四五六]五”?(?:末|期末|时期|期间))|"
    "(?P<near>过去的?一年|去年|上年|前年|今年|本年|明年|目前|截至目前|现有)"
)
_NEAR = {"过去一年": -1, "过去的一年": -1, "去年": -1, "上年": -1, "前年": -2, "明年": 1}
_REFERENCE = re.compile("(?:[比较与同自从由以的-])$")
_SINCE = re.compile("以来|起|开始|相比|的基数|开局|为基|至|-")
_MONTH = re.compile(r"\d{4}-(\d{2})")
_SECTION_YEAR = re.compile("([12][0-9]{3}) ?年")
# A year at the head of a paragraph or sentence holds for what follows; 到…年 and …年底前 make it a year of aims.
_LEADS = re.compile(
    "(?:^|[。；！])(?:[（(]?[一二三四五六七八九十0-9]{1,3}[)）、.．]|[一二三四五六七八九十]是)?(?:力争|预计|计划)?$"
)
_BY_THEN = re.compile("(?:^|[。；，：])[^。；，：]{0,8}?(?:力争|确保|争取)?到 ?“?$")
_BEFORE_THEN = re.compile("年?[底末]?前")
_AMONG = re.compile("其中|同期|全年|分[^，。]{1,8}看|按[^，。]{1,8}分")
_FIVE_YEAR_PLANS = {f"十{n}五": 2005 + 5 * k for k, n in enumerate("一二三四五六", 1)}
_COMPOSED = re.compile("(?:共|共有|分为|包括|包含|由)[^，。；]{0,40}$")
_PARTS = re.compile("(?:大)?(?:项|个|条|章)?(?:任务|部分|板块|章|条|方面|专栏|附件|篇|节)")
_OF_A_YEAR = re.compile("工作|任务|目标|安排|重点|部署|打算")
_AIMS = re.compile("主要预期目标|预期目标是|预期目标为|今年[^，。；]{0,10}总体要求")
_TURNS_TO_AIMS = re.compile(
    "(?:今年|新的一年)[^。；]{0,24}(?:总体要求|总体思路|预期目标|主要目标)(?:是|为|：)|"
    "(?:政府工作|经济社会发展)的?(?:主要)?(?:总体要求|预期目标|总体思路)(?:是|为|：)"
)
_GRANTED = re.compile(
    "(?:最高|上限|最多)[^，。；0-9]{0,10}$|(?:给予|予以|奖励|补助|补贴|资助|奖补|兑现)[^，。；]{0,30}$|一次性[^，。；]{0,8}$"
)
_GRANT = re.compile("给予|予以|奖励|补助|补贴|资助|奖补|贴息|配套支持|资金支持|资金扶持")
_FOR_WHOM = re.compile(
    "(?:^|[，。；：])(?:[0-9一二三四五六七八九十]{1,2}(?:[.、．]|是))?(?:鼓励|支持)?(?:对|凡|每[家个项名]|按|单个)[^。；]{2,}"
)
_PAID = re.compile("(?:已|累计|共|去年|全年|发放|拨付|下达|兑现|落实|安排|列支|投入)[^。；]{0,60}$")
_DEADLINE = re.compile("(?:之?日起|应当?|须|后|前|在|于|期限|时限)[^，。；]{0,12}$")
_WITHIN_TIME = re.compile("以?内|之内")
_MEASURED_TIME = ("工作日", "日", "天", "小时", "分钟", "个月", "年")
# Characters; longer headings are slogans, whose words (成效, 特色, 目标) do not say what a section is for.
_SHORT_HEADING = 16

_EVERY = {
    "年": re.compile(
        "每年|年均|年平均|年度|(?<![上去今明全当前本同一二两三四五六七八九十0-9])年(?:增加|新增)|年(?:报酬|收入|工作|产|培训|供|发|处理|接待)|逐年|每人全年"
    ),
    "月": re.compile("每月|月均|月平均"),
    "": re.compile("每季|每周|每日|每天|每半年"),
}
_PER = re.compile("/(?:人?[·./]?)?(年|月)")
_RUNNING = re.compile("(?:运转|工作|办公|党建|专项|运行|活动)经费")

_LISTED = re.compile("(?:以[上下])?[、和与及]")
_RUN_ON = re.compile("[、和](?!(?:新)?[建改开]|完成|培育|获|实|达|整治|打造|创)[^，。；、]{1,24}")
_GROWTH = re.compile("(?:增速|增长率|递增率|增长速度|增幅|降幅|涨幅)(?:是|达|为|达到|超|超过|保持在?|稳定在)*$")
_ALREADY = re.compile("(?:目前|现有|已|正在|去年)[^，。；]*$")
_AIMED_AT = re.compile("(?:以上|左右|以下)?的(?:年度|预期|奋斗|总体?|既定)?目标")
_BY = re.compile("(?:按照?|给予)[^，。；]{0,24}$")
_BY_NORM = re.compile("按照?[^，。；]{0,16}$")
_NORM = re.compile("[^，。；]{0,22}(?:标准|比例|要求|定额)")
_EVERY_TIME = re.compile("(?<!平均)每(?:年|月|季|季度|周)[^，。；]{0,40}$")
_SO_FAR = re.compile("(?:已|累计|共|达到|目前)[^，。；]{0,10}$")
_EACH = re.compile("(?:每[个名位户村家]|每社区|每人(?=[^，。；]{0,40}(?:补|奖|发|标准)))[^。；]{0,40}$")


class Paragraph(NamedTuple):
    """A row of the table of paragraphs."""

    paragraph: int
    kind: str
    section: str | None
    unit: str | None
    text: str


class _Purpose(NamedTuple):
    """What a heading says its section is for.

    Attributes
    ----------
    mode : str
        plan, past, problem or nothing.
    year : int or None
    is_certain : bool
    """

    mode: str
    year: int | None
    is_certain: bool


class _Dates(NamedTuple):
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
    """

    stated: int | None
    earlier: int | None
    reference: int | None
    is_goal: bool = False


class _YearMention(NamedTuple):
    """A year that a paragraph names; it is no date if it only compares, or begins a period."""

    start: int
    year: int | None
    is_date: bool
    is_relative: bool
    leads: bool = False
    is_goal: bool = False


@functools.cache
def _patterns() -> dict[str, re.Pattern[str]]:
    w = word_patterns()
    change = f"{w['rise']}|{w['fall']}"
    bounds = f"{w['above']}|{w['about']}|{w['atleast']}|{w['atmost']}"
    return {
        **{mode: re.compile(w[f"{mode}_section"]) for mode in ("plan", "past", "problem")},
        **{f"{mode}_heading": re.compile(w[f"{mode}_heading"]) for mode in ("plan", "past", "problem", "other")},
        "target": re.compile(f"(?:{w['target']})[^。；]{{0,60}}$"),
        "grown": re.compile(f"(?:{change})(?:了|幅度?|率)?(?:{bounds}|为|达)?$"),
        "less": re.compile("(?:减少|下降|降低|压减|减|缩短|少)(?:了|近|约|超|超过)?$"),
        "added": re.compile(f"(?:{w['add']})(?![到至为]|加?值)[^，。；、到至达]{{0,24}}$"),
        "becomes": re.compile(
            f"(?:以上|左右|以下|多)?(?:的[^，。；0-9]{{0,6}})?(?:{change}|发展|变|升|转|调整)[^，。；0-9]{{0,4}}(?:到|至|为)"
        ),
        "from": re.compile("[由从自][^，。；]{0,24}$"),
        "than": re.compile("[比较][^，。；0-9]{0,14}$"),
        "rises": re.compile("的?(?:水平)?[增提减下上多高]"),
    }


class SectionContext:
    """Where in its document a paragraph is: what its section is for, and the years that it speaks of.

    Attributes
    ----------
    year : int or None
        The document's.
    place : str
        Full name.
    names_place : bool
        Whether what is said of nobody else is said of the place, or of nobody.
    plan_year : int or None
        The year that the document plans for.
    mode : str
        Of the current paragraph: plan, past, problem or nothing.
    unit : str
        The sub-unit to whose report the current paragraph belongs.
    """

    def __init__(self, year: float | None, place: str, date: str | None, names_place: bool = True) -> None:
        self.year = int(float(year)) if isinstance(year, Real) and year == year else None  # a table's gap is NaN
        self.place, self.names_place = full_name(place), names_place
        month = _MONTH.match(date or "")
        self._is_late = month is not None and int(month[1]) >= 10
        # A report from the beginning of a year looks back on the year before.
        self._last_year = self.year and self.year - (not self._is_late)
        self.mode, self.unit, self.plan_year = "", "", self.year
        self._purpose = _Purpose("", None, False)
        self._section: str | None = None
        self._year: int | None = None
        self._plan_start: int | None = None
        self._aims: int | None = None
        self._outdated: set[str] = set()  # headings over the aims that speak of what was before them

    def survey(self, rows: Sequence[Paragraph], texts: Sequence[str]) -> None:
        """Find out what year the document plans for: the next if it says so, or was written at the end of a year."""
        if self.year is None:
            return
        is_dated = any(f"{self.year}年" in row.section for row in rows if row.section)
        aims = next((i for i, text in enumerate(texts) if _AIMS.search(text)), None)
        paths = [_headings(row.section) for row in rows]
        turn = next((i for i, text in enumerate(texts) if _TURNS_TO_AIMS.search(text)), None)
        if turn is not None:
            purpose = [p for heading in paths[turn] if (p := self._purpose_of(heading))]
            if purpose and all(p.mode == "past" for p in purpose):
                self._aims, self._outdated = turn, set(paths[turn])
        purposes = (self._purpose_of(heading) for heading in {heading for path in paths for heading in path})
        if aims is not None and not any(purpose and purpose.is_certain for purpose in purposes):
            # No heading says so: the plan begins with the section that sets the year's aims.
            top = paths[aims][0]
            self._plan_start = next(i for i, path in enumerate(paths) if path[0] == top) if top else aims
        if self._is_late or (not is_dated and any("明年" in text for text in texts)):
            self.plan_year = self.year + 1

    def enter(self, index: int, section: str | None, unit: str | None) -> None:
        """Move on to a paragraph, by its section (a path of headings) and its sub-unit.

        A section whose headings do not say what it is for continues what the one before it was for.
        """
        if (unit or "") != self.unit:
            self.unit = unit or ""
            self._purpose, self._section = _Purpose("", None, False), None
        if section != self._section:
            self._section = section
            headings = [
                h for h in _headings(section) if self._aims is None or index < self._aims or h not in self._outdated
            ]
            purposes = [purpose for heading in headings if (purpose := self._purpose_of(heading))]
            certain = [purpose for purpose in purposes if purpose.is_certain]
            if purposes:
                self._purpose = certain[-1] if certain else purposes[0]
            elif not self._purpose.is_certain or self._purpose.mode == "problem":
                self._purpose = self._purpose._replace(mode="", year=None)
        if index == self._aims:
            self._purpose = _Purpose("plan", None, True)
        self.mode, self._year = self._purpose.mode, self._purpose.year
        if not self.mode and self._plan_start is not None:
            self.mode = "plan" if index >= self._plan_start else "past"
            self._year = self._last_year if self.mode == "past" else None

    def _purpose_of(self, heading: str) -> _Purpose | None:
        """What a heading says its section is for; None if it does not say."""
        find = _patterns()
        year = int(m[1]) if (m := _SECTION_YEAR.search(heading)) else None
        if find["other_heading"].search(heading):
            return _Purpose("", None, True)
        if find["past_heading"].search(heading):
            return _Purpose("past", year or self._last_year, True)
        if year is not None and self.year is not None and _OF_A_YEAR.search(heading):
            return _Purpose("plan" if year >= self.year else "past", year, True)
        if mode := next((mode for mode in ("problem", "plan") if find[f"{mode}_heading"].search(heading)), None):
            return _Purpose(mode, None, True)
        if len(heading) <= _SHORT_HEADING:
            modes = [mode for mode in ("problem", "past", "plan") if find[mode].search(heading)]
            if modes:
                return _Purpose("plan" if modes == ["past", "plan"] else modes[0], None, False)
        return None

    @property
    def default_year(self) -> int | None:
        """The year of what the text dates no closer."""
        return self._year or (self.plan_year if self.mode == "plan" else self.year)


def _headings(section: str | None) -> list[str]:
    return (section or "").translate(HALF_WIDTH).split(" / ")


class _YearMentions:
    """The years that a paragraph names."""

    def __init__(self, text: str, section: SectionContext) -> None:
        self._section = section
        self._mentions: list[_YearMention] = []
        for m in _YEAR.finditer(text):
            before = text[max(0, m.start() - 16) : m.start()]
            by_then = bool(_BY_THEN.search(before)) or bool(m["year"] and _BEFORE_THEN.match(text, m.end()))
            if m["near"]:
                year = None if section.year is None else section.year + _NEAR.get(m["near"], 0)
            elif m["year"]:
                year = int(digit_string(m["year"].replace(" ", "")))
            else:
                year = self._planned(m)
                # Of a plan that runs, or is over, the text does not say which year it means.
                if year is None or section.mode == "past" or not (by_then or _LEADS.search(before)):
                    continue
                by_then = True
            compares = _REFERENCE.search(before[-1:]) and not by_then
            is_date = not compares and not _SINCE.match(text, m.end())
            is_goal = by_then and (section.year is None or year is None or year >= section.year)
            leads = by_then or bool(_LEADS.search(before))
            self._mentions.append(_YearMention(m.start(), year, is_date, bool(m["near"]), leads, is_goal))
        self._starts = [mention.start for mention in self._mentions]

    def _planned(self, m: re.Match[str]) -> int | None:
        """The last year of the five years to come, or of a five-year plan that is not over."""
        year = self._section.year
        if m["ahead"]:
            return None if year is None else year + 4
        end = _FIVE_YEAR_PLANS[m["plan"].lstrip("“")[:3]]
        return end if year is None or end >= year else None

    def dates_of(self, q: Quantity, text: str) -> _Dates:
        """The years by which a quantity is dated."""
        (begin, stop), here = q.sentence, bisect.bisect(self._starts, q.start)
        document_year, plan_year = self._section.year, self._section.plan_year
        before = after = earlier = reference = None
        aims = goal = False
        for start, year, is_date, is_relative, leads, is_goal in self._mentions[max(0, here - 6) : here + 3]:
            if begin <= start < q.start:
                reference = year
                before, goal = (year, is_goal) if is_date else (before, goal)
            elif q.start <= start < stop and is_date and after is None:
                is_later = document_year is not None and year is not None and year > document_year
                after = year if is_relative or is_later else None
            elif start < begin and is_date:
                is_planned = year == plan_year != document_year
                governs = is_goal or (leads and bool(_AMONG.match(text, begin)))
                earlier = year if is_planned or governs or (is_relative and year != document_year) else None
                aims = is_goal
        if before is not None:
            return _Dates(before, earlier, reference, goal)
        return _Dates(after, earlier, reference, after is None and earlier is not None and aims)


def classify(
    text: str, quantities: list[Quantity], section: SectionContext, stances: Sequence[tuple[int, int, str]] = ()
) -> None:
    """Set kind, period, year and scope of the quantities of one paragraph, whose items are set.

    Parameters
    ----------
    text : str
        Folded.
    quantities : list of mentions.Quantity
        Of this text, in order.
    section : SectionContext
    stances : sequence of (int, int, str)
        Start, end and stance of its sentences, where the document's genre decides them: what a rule says is a norm, and
        what a plan says an aim.
    """
    mentions = _YearMentions(text, section)
    previous = base_year = None
    for q in quantities:
        dates = mentions.dates_of(q, text)
        q.stance = next((stance for start, end, stance in stances if start <= q.start < end), "")
        context = _context(text, q, previous, dates, section)
        q.kind = _kind(text, q, context, section)
        q.period = _period(text, q, context)
        year = dates.earlier if dates.stated is None else dates.stated
        if q.kind == "baseline":
            q.year = base_year = base_year if dates.reference is None else dates.reference
        elif q.kind == "standard" or _is_composed(text, q, context):
            q.year = None
        elif q.kind == "target" and year is None and q.stance and q.unit_class == "span":
            q.year = None  # within fifteen years of what is left open
        elif q.kind == "target" and year is None and re.search("每[年月季]", context.clause):
            q.year = None  # what is to be done every year has none
        elif (
            q.kind == "target"
            and year is not None
            and section.year is not None
            and year < section.year
            and q.stance != "plan"  # an old plan may be published late
        ):
            q.year = section.default_year
        else:
            q.year = section.default_year if year is None else year
        q.scope = scope(text, q, context, section.unit, section.place)
        if q.scope == section.place and not section.names_place:
            q.scope = ""
        previous = q


def _context(
    text: str, q: Quantity, previous: Quantity | None, dates: _Dates, section: SectionContext
) -> QuantityContext:
    stated_year = dates.stated
    start = max(q.sentence[0], q.start - _BACK)
    sentence, clause = text[start : q.start], text[max(q.clause[0], start) : q.start]
    continues_list = (
        previous is not None and previous.unit == q.unit and _LISTED.fullmatch(text[previous.end : q.start]) is not None
    )
    years_ahead = 0 if stated_year is None or section.year is None else stated_year - section.year
    if years_ahead > 0 or dates.is_goal:
        is_aim = True
    elif _PARTS.match(text, q.end) and _COMPOSED.search(clause):
        is_aim = False
    elif q.stance == "plan":
        is_aim = not _ALREADY.search(sentence)
    elif q.stance in ("achievement", "problem"):
        is_aim = False
    elif section.mode == "plan":
        is_aim = not _ALREADY.search(sentence)
    elif section.mode == "" and years_ahead == 0:
        is_aim = "每" not in sentence[-30:] and _patterns()["target"].search(sentence) is not None
    else:
        is_aim = False
    return QuantityContext(sentence, clause, text[q.end : q.end + 24], previous, continues_list, stated_year, is_aim)


def _is_composed(text: str, q: Quantity, context: QuantityContext) -> bool:
    """Whether a number is that of a document's parts: 共4项任务, 分为2个部分."""
    return bool(q.stance and _PARTS.match(text, q.end) and _COMPOSED.search(context.clause))


def _kind(text: str, q: Quantity, context: QuantityContext, section: SectionContext) -> str:
    """What a number is: baseline, change, standard, target or actual."""
    find, clause, previous = _patterns(), context.clause, context.previous
    same_sentence = previous is not None and previous.sentence == q.sentence
    runs_on = (
        same_sentence
        and previous.kind == "change"
        and previous.unit == q.unit
        and _RUN_ON.fullmatch(text[previous.end : q.start]) is not None
    )
    if context.continues_list and previous.kind != "baseline":
        return previous.kind
    if _is_granted(text, q, context) or _is_deadline(text, q, context, section):
        return "standard"
    if _AIMED_AT.match(context.after):
        return "target"
    if find["becomes"].match(context.after) and find["from"].search(clause[-26:]):
        return "baseline"
    if find["rises"].match(context.after) and find["than"].search(clause[-18:]):
        return "baseline"
    is_growth = find["grown"].search(clause)
    if q.stance == "norm" and not is_growth and not context.is_aim:
        return "standard"
    if q.unit_class in _RELATIVE:
        if is_growth or runs_on or (q.unit_class == "ratio" and _GROWTH.search(clause)):
            return "target" if context.is_aim else "change"
    elif q.unit_class != "rank" and (
        runs_on
        or find["less"].search(clause)
        or (is_growth and q.unit_class == "money")
        or (q.unit_class != "span" and find["added"].search(clause))
    ):
        return "change"
    if _is_norm(text, q, context, section):
        return "standard"
    continues_norm = same_sentence and previous.kind == "standard" and section.mode != "plan"
    if continues_norm and {q.unit_class, previous.unit_class} <= {"money", "ratio"}:
        return "standard"
    return "target" if context.is_aim else "actual"


def _is_granted(text: str, q: Quantity, context: QuantityContext) -> bool:
    """Whether a sum or share is what is granted to whoever qualifies, or what qualifies for it."""
    if q.unit_class not in ("money", "ratio") or context.is_aim or _PAID.search(context.sentence):
        return False
    rest = text[q.end : min(q.sentence[1], q.end + 80)]
    if _GRANTED.search(context.clause) and (
        _GRANT.search(rest[:12])
        or re.search("最高|上限|一次性", context.clause[-16:])
        or _FOR_WHOM.search(context.sentence)
    ):
        return bool(_GRANT.search(context.clause) or _GRANT.search(rest))
    return bool(_FOR_WHOM.search(context.sentence) and re.search("给予|予以|奖励", rest))


def _is_deadline(text: str, q: Quantity, context: QuantityContext, section: SectionContext) -> bool:
    """Whether a span is the time within which something must be done: 15个工作日内."""
    if q.unit_class != "span" or q.unit not in _MEASURED_TIME or not _WITHIN_TIME.match(text, q.end):
        return False
    if section.mode == "plan" or context.is_aim or not _DEADLINE.search(context.clause):
        return False
    q.qualifier = q.qualifier or "<="
    return True


def _is_norm(text: str, q: Quantity, context: QuantityContext, section: SectionContext) -> bool:
    """Whether a number is a norm or a threshold in force rather than a result."""
    clause, after = context.clause, context.after
    if q.unit_class == "ratio" and _BY.search(clause):
        return True
    if _BY_NORM.search(clause) and _NORM.match(after):
        return True
    if q.unit_class == "span" and clause.endswith("对连续"):
        return True
    if q.unit_class == "money" and after.startswith(("以下）", "以下的，")):
        return True
    if section.mode == "plan":
        return False
    if q.unit_class == "span" and q.unit != "岁" and after.startswith(("以上", "以下")):
        return True
    if section.mode == "problem" or (context.stated_year is not None and "每" not in clause):
        return False
    if q.unit_class not in _RELATIVE and _EVERY_TIME.search(clause) and not _SO_FAR.search(context.sentence):
        return True
    return q.unit_class == "money" and bool(_EACH.search(context.sentence))


def _period(text: str, q: Quantity, context: QuantityContext) -> str:
    """年 or 月 if the number is per year or month, by the last word before it that says so."""
    if m := _PER.match(text, q.end):
        return m[1]
    last, last_period = -1, ""
    for period, pattern in _EVERY.items():
        for m in pattern.finditer(context.clause):
            if m.start() > last:
                last, last_period = m.start(), period
    if last >= 0:
        return last_period
    previous = context.previous
    if context.continues_list:
        return previous.period
    if q.kind != "standard":
        return ""
    if previous is not None and previous.kind == "standard" and previous.sentence == q.sentence and previous.period:
        return previous.period
    running = q.unit_class == "money" and "每" in context.sentence and _RUNNING.search(context.clause + context.after)
    return "年" if running else ""
