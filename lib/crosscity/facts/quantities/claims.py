"""What a document says of its quantities: whether they are reached, to be reached, in force or added, and when."""

from __future__ import annotations

import bisect
import functools
import re
from numbers import Real
from typing import TYPE_CHECKING, Any, NamedTuple

from ...documents import full_name
from .lexicon import words
from .numerals import DIGITS, FOLDED
from .scopes import scope

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .mentions import Found

_BACK = 120  # characters of a sentence that are looked at before a number
_RELATIVE = ("ratio", "point", "fold")

_YEAR = re.compile(
    "(?P<year>[12][09][0-9]{2}|[一二][九〇零][零〇一二三四五六七八九]{2})年(?!代|级)|"
    "(?P<near>过去的?一年|去年|上年|前年|今年|本年|明年|目前|截至目前|现有)"
)
_NEAR = {"过去一年": -1, "过去的一年": -1, "去年": -1, "上年": -1, "前年": -2, "明年": 1}
_REFERENCE = re.compile("(?:[比较与同自从由以的-])$")
_SINCE = re.compile("以来|起|开始|相比|的基数|开局|为基|至|-")
_MONTH = re.compile(r"\d{4}-(\d{2})")
_SECTION_YEAR = re.compile("([12][0-9]{3})年")
_OF_A_YEAR = re.compile("工作|任务|目标|安排|重点|部署|打算")
_AIMS = re.compile("主要预期目标|预期目标是|预期目标为|今年[^，。；]{0,10}总体要求")
_SHORT_HEADING = (
    16  # characters; longer ones are slogans, whose words (成效, 特色, 目标) do not say what a section is for
)

_EVERY = {
    "年": re.compile("每年|年均|年平均|年度|年(?:报酬|收入|工作|产|培训|供|发|处理|接待)|逐年|每人全年"),
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


class Around(NamedTuple):
    """What stands around a quantity: its sentence and clause up to it, what follows, and the quantity before it.

    `listed` says that the two are of one list (28％、42％); `said` is the year that the sentence names for it.
    """

    sentence: str
    clause: str
    after: str
    previous: Any
    listed: bool
    said: int | None
    aim: bool


@functools.cache
def _patterns() -> dict[str, re.Pattern[str]]:
    w = words()
    change = f"{w['rise']}|{w['fall']}"
    bounds = f"{w['above']}|{w['about']}|{w['atleast']}|{w['atmost']}"
    return {
        **{mode: re.compile(w[f"{mode}_section"]) for mode in ("plan", "past", "problem")},
        **{f"{mode}_heading": re.compile(w[f"{mode}_heading"]) for mode in ("plan", "past", "problem", "other")},
        "target": re.compile(f"(?:{w['target']})[^。；]{{0,60}}$"),
        "grown": re.compile(f"(?:{change})(?:了|幅度?|率)?(?:{bounds}|为|达)?$"),
        "less": re.compile("(?:减少|下降|降低|压减|减|缩短|少)(?:了|近|约|超|超过)?$"),
        "added": re.compile(f"(?:{w['add']})(?![到至为])[^，。；、到至达]{{0,24}}$"),
        "becomes": re.compile(
            f"(?:以上|左右|以下|多)?(?:的[^，。；0-9]{{0,6}})?(?:{change}|发展|变|升|转|调整)[^，。；0-9]{{0,4}}(?:到|至|为)"
        ),
        "from": re.compile("[由从自][^，。；]{0,24}$"),
        "than": re.compile("[比较][^，。；0-9]{0,14}$"),
        "rises": re.compile("的?(?:水平)?[增提减下上多高]"),
    }


class Setting:
    """Where in its document a paragraph stands: what its section is for, and the years that it speaks of."""

    def __init__(self, year: float | None, place: str, date: str | None) -> None:
        self.year = int(float(year)) if isinstance(year, Real) and year == year else None  # a table's gap is NaN
        self.place = full_name(place)
        month = _MONTH.match(date or "")
        self._late = month is not None and int(month[1]) >= 10
        self._last_year = self.year and self.year - (
            not self._late
        )  # what a report of the year's beginning looks back on
        self.mode, self.unit, self.plan_year = "", "", self.year
        self._mode, self._sure = "", False
        self._section: str | None = None
        self._section_year: int | None = None
        self._year: int | None = None
        self._turn: int | None = None

    def survey(self, rows: Sequence[tuple[Any, ...]], texts: Sequence[str]) -> None:
        """Finds out what year the document plans for: the next where it says so, or was written at a year's end."""
        if self.year is None:
            return
        dated = any(f"{self.year}年" in section for _, _, section, _, _ in rows if section)
        turn = next((i for i, text in enumerate(texts) if _AIMS.search(text)), None)
        paths = [_path(section) for _, _, section, _, _ in rows]
        sure = any((self._heading(part) or (0, 0, False))[2] for part in {part for path in paths for part in path})
        if turn is not None and not sure:  # no heading says so: from the section on that sets the year's aims
            top = paths[turn][0]
            self._turn = next(i for i, path in enumerate(paths) if path[0] == top) if top else turn
        if self._late or (not dated and any("明年" in text for text in texts)):
            self.plan_year = self.year + 1

    def enter(self, index: int, section: str | None, unit: str | None) -> None:
        """Takes up the paragraph's section, a path of headings, and its sub-unit.

        A section whose headings do not say what it is for goes on with what the one before it was for.
        """
        if (unit or "") != self.unit:
            self.unit, self._mode, self._section, self._section_year, self._sure = unit or "", "", None, None, False
        if section != self._section:
            self._section = section
            said = [found for part in _path(section) if (found := self._heading(part))]
            said = [found for found in said if found[2]][-1:] or said[:1]
            if said:
                self._mode, self._section_year, self._sure = said[0]
            elif not self._sure or self._mode == "problem":
                self._mode, self._section_year = "", None
        self.mode, self._year = self._mode, self._section_year
        if not self.mode and self._turn is not None:
            self.mode = "plan" if index >= self._turn else "past"
            self._year = self._last_year if self.mode == "past" else None

    def _heading(self, part: str) -> tuple[str, int | None, bool] | None:
        """(mode, year, whether it is sure) of a heading that says what its section is for; None of another."""
        find = _patterns()
        year = int(m[1]) if (m := _SECTION_YEAR.search(part)) else None
        if find["other_heading"].search(part):
            return "", None, True
        if find["past_heading"].search(part):
            return "past", year or self._last_year, True
        if year is not None and self.year is not None and _OF_A_YEAR.search(part):
            return ("plan", year, True) if year >= self.year else ("past", year, True)
        if mode := next((mode for mode in ("problem", "plan") if find[f"{mode}_heading"].search(part)), None):
            return mode, None, True
        if len(part) <= _SHORT_HEADING:
            modes = [mode for mode in ("problem", "past", "plan") if find[mode].search(part)]
            if modes:
                return ("plan" if modes == ["past", "plan"] else modes[0]), None, False
        return None

    @property
    def usual_year(self) -> int | None:
        """The year of what the text dates no closer."""
        return self._year or (self.plan_year if self.mode == "plan" else self.year)


def _path(section: str | None) -> list[str]:
    return (section or "").translate(FOLDED).split(" / ")


class _Years:
    """The years that a paragraph names, to ask for what a place in it is dated by."""

    def __init__(self, text: str, setting: Setting) -> None:
        self._setting, self._named = setting, []
        for m in _YEAR.finditer(text):
            if m["near"]:
                year = None if setting.year is None else setting.year + _NEAR.get(m["near"], 0)
            else:
                year = int("".join(str(DIGITS.get(c, c)) for c in m["year"]))
            usable = not _REFERENCE.search(text[max(0, m.start() - 1) : m.start()])
            usable = usable and not _SINCE.match(text, m.end())
            self._named.append((m.start(), year, usable, bool(m["near"])))
        self._places = [at for at, *_ in self._named]

    def ask(self, q: Found) -> tuple[int | None, int | None, int | None]:
        """(year that the sentence says; year that an earlier one does; the last year it names, if only to compare)."""
        (begin, stop), here = q.sentence, bisect.bisect(self._places, q.start)
        said = later = earlier = reference = None
        for at, year, usable, near in self._named[max(0, here - 6) : here + 3]:
            if begin <= at < q.start:
                reference = year
                said = year if usable else said
            elif q.start <= at < stop and usable and later is None:
                later = year if near or (self._setting.year is not None and year > self._setting.year) else None
            elif at < begin and usable:
                planned = year == self._setting.plan_year != self._setting.year
                earlier = year if planned or (near and year != self._setting.year) else None
        return (later if said is None else said), earlier, reference


def judge(text: str, found: list[Found], setting: Setting) -> None:
    """Sets kind, period, year and scope of the quantities of one paragraph, whose items are set.

    Parameters
    ----------
    text : str
        Folded.
    found : list of measures.Found
        Of this text, in order.
    setting : Setting
    """
    years = _Years(text, setting)
    previous = base_year = None
    for q in found:
        said, earlier, reference = years.ask(q)
        around = _around(text, q, previous, said, setting)
        q.kind = _kind(text, q, around, setting)
        q.period = _period(text, q, around)
        year = earlier if said is None else said
        if q.kind == "baseline":
            q.year = base_year = base_year if reference is None else reference
        elif q.kind == "standard":
            q.year = None
        elif q.kind == "target" and year is None and re.search("每[年月季]", around.clause):
            q.year = None  # what is to be done every year has none
        elif q.kind == "target" and year is not None and setting.year is not None and year < setting.year:
            q.year = setting.usual_year
        else:
            q.year = setting.usual_year if year is None else year
        q.scope = scope(text, q, around, setting.unit, setting.place)
        previous = q


def _around(text: str, q: Found, previous: Found | None, said: int | None, setting: Setting) -> Around:
    start = max(q.sentence[0], q.start - _BACK)
    sentence, clause = text[start : q.start], text[max(q.clause[0], start) : q.start]
    listed = previous is not None and previous.unit == q.unit
    listed = listed and previous is not None and bool(_LISTED.fullmatch(text[previous.end : q.start]))
    after = 0 if said is None or setting.year is None else said - setting.year
    aim = after > 0
    if not aim and setting.mode == "plan":
        aim = not _ALREADY.search(sentence)
    elif not aim and setting.mode == "" and after >= 0:
        aim = "每" not in sentence[-30:] and bool(_patterns()["target"].search(sentence))
    return Around(sentence, clause, text[q.end : q.end + 24], previous, listed, said, aim)


def _kind(text: str, q: Found, around: Around, setting: Setting) -> str:
    find, clause, previous = _patterns(), around.clause, around.previous
    together = previous is not None and previous.sentence == q.sentence
    run_on = together and previous.kind == "change" and previous.unit == q.unit
    run_on = run_on and bool(_RUN_ON.fullmatch(text[previous.end : q.start]))
    if around.listed and previous.kind != "baseline":
        return previous.kind
    if _AIMED_AT.match(around.after):
        return "target"
    if find["becomes"].match(around.after) and find["from"].search(clause[-26:]):
        return "baseline"
    if find["rises"].match(around.after) and find["than"].search(clause[-18:]):
        return "baseline"
    grown = find["grown"].search(clause)
    if q.cls in _RELATIVE and (grown or run_on or (q.cls == "ratio" and _GROWTH.search(clause))):
        return "target" if around.aim else "change"
    added = run_on or find["less"].search(clause) or (grown and q.cls == "money")
    added = added or (q.cls != "span" and find["added"].search(clause))
    if added and q.cls not in (*_RELATIVE, "rank"):
        return "change"
    carried = together and previous.kind == "standard" and {q.cls, previous.cls} <= {"money", "ratio"}
    if _is_norm(text, q, around, setting) or (carried and setting.mode != "plan"):
        return "standard"
    return "target" if around.aim else "actual"


def _is_norm(text: str, q: Found, around: Around, setting: Setting) -> bool:
    """Whether a number is a norm or a threshold in force, rather than what was reached."""
    clause, after = around.clause, around.after
    if q.cls == "ratio" and _BY.search(clause):
        return True
    if _BY_NORM.search(clause) and _NORM.match(after):
        return True
    if q.cls == "span" and clause.endswith("对连续"):
        return True
    if q.cls == "money" and after.startswith(("以下）", "以下的，")):
        return True
    if setting.mode == "plan":
        return False
    if q.cls == "span" and q.unit != "岁" and after.startswith(("以上", "以下")):
        return True
    if setting.mode == "problem" or (around.said is not None and "每" not in clause):
        return False
    if q.cls not in _RELATIVE and _EVERY_TIME.search(clause) and not _SO_FAR.search(around.sentence):
        return True
    return q.cls == "money" and bool(_EACH.search(around.sentence))


def _period(text: str, q: Found, around: Around) -> str:
    """年 or 月 where the number is of each year or month, by the last word before it that says so."""
    if m := _PER.match(text, q.end):
        return m[1]
    last, found = -1, ""
    for period, pattern in _EVERY.items():
        for m in pattern.finditer(around.clause):
            if m.start() > last:
                last, found = m.start(), period
    if last >= 0:
        return found
    previous = around.previous
    if around.listed:
        return previous.period
    if q.kind != "standard":
        return ""
    if previous is not None and previous.kind == "standard" and previous.sentence == q.sentence and previous.period:
        return previous.period
    running = q.cls == "money" and "每" in around.sentence and _RUNNING.search(around.clause + around.after)
    return "年" if running else ""
