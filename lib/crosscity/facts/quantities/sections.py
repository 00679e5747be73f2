"""Where in its document a quantity stands: what its section is for, and the years that the document speaks of."""

from __future__ import annotations

import functools
import re
from numbers import Real
from typing import TYPE_CHECKING, NamedTuple

from ...documents import full_name
from .lexicon import word_patterns
from .numerals import HALF_WIDTH

if TYPE_CHECKING:
    from collections.abc import Sequence

# The last year of each five-year plan.
FIVE_YEAR_PLANS = {f"十{n}五": 2005 + 5 * k for k, n in enumerate("一二三四五六", 1)}
_MONTH = re.compile(r"\d{4}-(\d{2})")
_SECTION_YEAR = re.compile("([12][0-9]{3}) ?年")
_NAMED = re.compile("(?<![0-9])((?:19|20)[0-9]{2})(?![0-9])")
_OF_A_YEAR = re.compile("工作|任务|目标|安排|重点|部署|打算|实事")
_AIMS = re.compile("主要预期目标|预期目标是|预期目标为|今年[^，。；]{0,10}总体要求")
_TURNS_TO_AIMS = re.compile(
    "(?:今年|新的一年)[^。；]{0,24}(?:总体要求|总体思路|预期目标|主要目标)(?:是|为|：)|"
    "(?:政府工作|经济社会发展)的?(?:主要)?(?:总体要求|预期目标|总体思路)(?:是|为|：)"
)
# Genres whose sentences hold for no year unless they say so: rules stand, plans aim, and news and notices tell of much
# that was there before. A report, a speech or an essay tells of its year.
_UNDATED = ("regulation", "plan", "notice")
# The years that a plan is for, by its title or by what it says of itself.
_TITLE_SPAN = re.compile("20[0-9]{2} ?年? ?[-~至到]{1,2} ?(20[0-9]{2}) ?年")
_TITLE_FIVE_YEARS = re.compile("十([一二三四五六])五[^，。；]{0,24}(?:规划|计划|纲要|方案)")
_FIVE_YEARS = re.compile("十([一二三四五六])五")
_YEARS_AHEAD = re.compile("(?:今后|未来)五年")
_SETS_AIMS = re.compile("目标|总体要求|总体思路|奋斗方向")
_TITLE_YEAR = re.compile("(?<![0-9])(20[0-9]{2}) ?年?度?(?![0-9])[^，。；]{0,24}(?:要点|计划|方案|任务|安排|分工|清单)")
_OWN_TERM = re.compile(
    "(?:本(?:规划|计划|方案)|(?:规划|计划|方案|行动|实施)期)[^，。；]{0,8}?(?:为|是|：|自|从)[^，。；]{0,4}?"
    "20[0-9]{2} ?年?[^，。；]{0,6}?[-~至到]{1,2} ?(20[0-9]{2}) ?年"
)
_OPENING = 12  # paragraphs in which a plan says what years it is for
# A year of aims holds for the paragraphs that list them, too.
_OF_A_LIST = re.compile(
    "[-·●]|[0-9一二三四五六七八九十]{1,2}[.．、]|[（(][0-9一二三四五六七八九十]{1,2}[)）]|[一二三四五六七八九十]是"
)
_DASHED = re.compile("[-—]{1,2}[^0-9]")
# An aim of a list that opens with what will be better: 数字化普及率显著提升。…
_BETTER = re.compile(
    "[^，。；0-9]{4,20}(?:提[升高]|增强|完善|壮大|突破|优化|夯实|健全|改善|提速|凸显|成熟|普及|深化|拓展|增加|建成|形成)[^，。；0-9]{0,4}。"
)
_AIMS_HEADING = re.compile("目标")
_SETS_WORK = re.compile("工作|安排|20[0-9]{2}")  # 目标任务和2026年工作安排: of a year's work as well
_SETS_PERIOD = re.compile("“?十([一二三四五六])五”?(?:时期|期间)[^。；]{0,24}(?:目标|要求)")
_ANOTHER_PERIOD = re.compile("“[六七八九十][一二三四五六]?五?”(?:计划|期间|时期)|今后五年|未来五年")
# Characters; longer headings are slogans, whose words (成效, 特色, 目标) do not say what a section is for.
_SHORT_HEADING = 16


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


class _Goal(NamedTuple):
    """A year by which a paragraph says that something is to be reached; its section; whether a list follows."""

    year: int
    section: str | None
    announces_list: bool


@functools.cache
def _patterns() -> dict[str, re.Pattern[str]]:
    w = word_patterns()
    return {
        **{mode: re.compile(w[f"{mode}_section"]) for mode in ("plan", "past", "problem")},
        **{f"{mode}_heading": re.compile(w[f"{mode}_heading"]) for mode in ("plan", "past", "problem", "other")},
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
    genre : str
        The document's type.
    term : int or None
        The last year that a plan is for.
    has_years : bool
        Whether it is for several.
    title : str
        The document's headline.
    now : int or None
        The year from which it says 今年 and 去年.
    title_year : int or None
        The only year that the title names.
    told : int or None
        The year that an earlier paragraph of the same section named last.
    month : int or None
        Of the document's date.
    is_dated : bool
        Whether what names no year is of the document's: not in a plan, a rule, a notice or news.
    """

    def __init__(
        self,
        year: float | None,
        place: str,
        date: str | None,
        names_place: bool = True,
        genre: str = "",
        title: str = "",
        looks_back: bool = False,
    ) -> None:
        self.year = int(float(year)) if isinstance(year, Real) and year == year else None  # a table's gap is NaN
        self.place, self.names_place = full_name(place), names_place
        self.genre, self.is_dated = genre, genre not in _UNDATED
        month = _MONTH.match(date or "")
        self.month = int(month[1]) if month is not None else None
        self._is_late = self.month is not None and self.month >= 10
        # A report from the beginning of a year looks back on the year before.
        self._last_year = self.year and self.year - (not self._is_late)
        self.mode, self.unit, self.plan_year = "", "", self.year
        self._purpose = _Purpose("", None, False)
        self._section: str | None = None
        self._year: int | None = None
        self._plan_start: int | None = None
        self._aims: int | None = None
        self._outdated: set[str] = set()  # headings over the aims that speak of what was before them
        self.term: int | None = None
        self.has_years = False
        self.title = title
        self._looks_back, self.now = looks_back, self.year
        self.title_year: int | None = None
        self.told: int | None = None
        self._goal: _Goal | None = None

    def survey(self, rows: Sequence[Paragraph], texts: Sequence[str]) -> None:
        """Find out what year the document plans for: the next if it says so, or was written at the end of a year."""
        named = {
            int(year)
            for row, text in zip(rows, texts, strict=True)
            if row.kind == "title"
            for year in _NAMED.findall(text)
        }
        # A report is given in the year of its title, or of what that tells of: the document's says which.
        self.title_year = named.pop() if len(named) == 1 and self.genre != "work report" else None
        if self.genre == "plan":
            self.term, self.has_years = _term_of(rows, texts)
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
        if self._is_late or self._looks_back or (not is_dated and any("明年" in text for text in texts)):
            self.plan_year = self.year + 1
        if self._looks_back and any("去年" in text for text in texts) and not any("今年" in text for text in texts):
            self.now = self.year + 1

    def enter(self, index: int, section: str | None, unit: str | None) -> None:
        """Move on to a paragraph, by its section (a path of headings) and its sub-unit.

        A section whose headings do not say what it is for continues what the one before it was for.
        """
        if (unit or "") != self.unit:
            self.unit = unit or ""
            self._purpose, self._section = _Purpose("", None, False), None
        if section != self._section:
            self._section, self.told = section, None
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

    def follow(self, text: str, goals: set[int], told: int | None = None) -> None:
        """Remember the year of aims that a paragraph states, for those that list these aims; and the last it tells of.

        Parameters
        ----------
        text : str
        goals : set of int
            The years by which it says that something is to be reached; of several, none holds for the list.
        told : int or None
            The last year that it names, if it names one.
        """
        self.told = self.told if told is None else told
        if goals:
            self._goal = _Goal(goals.pop(), self._section, text.endswith("：")) if len(goals) == 1 else None
        elif (m := _SETS_PERIOD.search(text)) and self.year is not None and self.year <= FIVE_YEAR_PLANS[f"十{m[1]}五"]:
            self._goal = _Goal(FIVE_YEAR_PLANS[f"十{m[1]}五"], self._section, text.endswith("："))
        elif self._goal is not None and not self._is_listed(text):
            self._goal = None

    def _is_listed(self, text: str) -> bool:
        goal = self._goal
        if goal is None or goal.section != self._section:
            return False
        heading = _headings(self._section)[-1]
        is_list = _DASHED.match(text) or _BETTER.match(text) or (goal.announces_list and _OF_A_LIST.match(text))
        sets_aims = _AIMS_HEADING.search(heading) and not _SETS_WORK.search(heading)
        return bool(is_list or sets_aims) and not _ANOTHER_PERIOD.search(text)

    def listed_goal(self, text: str) -> int | None:
        """The year of the aims that a paragraph lists without naming it, if it lists any."""
        return self._goal.year if self._goal is not None and self._is_listed(text) else None

    def goal_year(self, text: str) -> int | None:
        """The year of the aims that a paragraph lists without naming it, else the last that the plan is for."""
        return self.listed_goal(text) or self.term

    def _purpose_of(self, heading: str) -> _Purpose | None:
        """What a heading says its section is for; None if it does not say."""
        find = _patterns()
        year = int(m[1]) if (m := _SECTION_YEAR.search(heading)) else None
        if find["other_heading"].search(heading):
            return _Purpose("", None, True)
        if find["past_heading"].search(heading):
            return _Purpose("past", year or self._last_year, True)
        if year is not None and self.year is not None and _OF_A_YEAR.search(heading):
            is_ahead = year >= self.year and not find["past"].search(heading)  # 2015年工作情况
            return _Purpose("plan" if is_ahead else "past", year, True)
        if (m := _FIVE_YEARS.search(heading)) and _SETS_AIMS.search(heading):
            end = FIVE_YEAR_PLANS[f"十{m[1]}五"]
            if self.year is None or end >= self.year:
                return _Purpose("plan", end, True)
        if mode := next((mode for mode in ("problem", "plan") if find[f"{mode}_heading"].search(heading)), None):
            return _Purpose(mode, None, True)
        if len(heading) <= _SHORT_HEADING:
            modes = [mode for mode in ("problem", "past", "plan") if find[mode].search(heading)]
            if modes:
                return _Purpose("plan" if modes == ["past", "plan"] else modes[0], None, False)
        return None

    @property
    def heading(self) -> str:
        """The heading right above the current paragraph."""
        return _headings(self._section)[-1]

    @property
    def heading_year(self) -> int | None:
        """The year that the headings state, if they do."""
        return self._year

    @property
    def aims_year(self) -> int | None:
        """The last of the five years to come, if a heading sets aims for them."""
        ahead = any(_YEARS_AHEAD.search(h) and _SETS_AIMS.search(h) for h in _headings(self._section))
        return self.year + 4 if ahead and self.year is not None and self.genre != "work report" else None

    @property
    def default_year(self) -> int | None:
        """The year of what the text dates no closer."""
        return self._year or (self.plan_year if self.mode == "plan" else self.year)


def _headings(section: str | None) -> list[str]:
    return (section or "").translate(HALF_WIDTH).split(" / ")


def _term_of(rows: Sequence[Paragraph], texts: Sequence[str]) -> tuple[int | None, bool]:
    """The last year that a plan is for, by its title or what it says of itself at the beginning; if it has others."""
    for row, text in zip(rows[:_OPENING], texts, strict=False):
        title = text.replace("”", "").replace("“", "") if row.kind == "title" else ""
        if m := _OWN_TERM.search(text) or _TITLE_SPAN.search(title):
            return int(m[1]), True
        if m := _TITLE_YEAR.search(title):
            return int(m[1]), False
        if m := _TITLE_FIVE_YEARS.search(title):
            return FIVE_YEAR_PLANS[f"十{m[1]}五"], True
    return None, False
