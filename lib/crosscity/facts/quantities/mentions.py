"""Numbers with their measure words: found in a text, ranges joined, units shared along lists, bounds read."""

from __future__ import annotations

import functools
import re
from itertools import pairwise

from ...chinese import HAN, STATEMENT_ENDS
from .exclusions import BARE, counts_nothing
from .lexicon import units, words
from .numerals import FOLDED, NUMBER, POWERS, Number, read

_MARKS = "；：！？（）"
_FOLDED: dict[int, str | int] = {**FOLDED, **str.maketrans(";:!?()", _MARKS), **{ord(mark): mark for mark in _MARKS}}
_COMMA = re.compile(r"(?<!\d),|,(?!\d{3}(?!\d))")  # of the ASCII ones, those between digits may stay
_THOUSANDS = re.compile("|".join(rf"(?<=(?<!\d){digits})，(?=\d{{3}}(?!\d))" for digits in (r"\d", r"\d\d", r"\d\d\d")))
_QUOTED = re.compile(
    r"“[^“”，。；]{1,24}”|‘[^‘’，。；]{1,24}’|\"[^\"，。；]{1,24}\"|「[^「」，。；]{1,24}」|《[^《》]{1,80}》|〔[^〔〕]{1,12}〕"
)
_RANGE = re.compile("-{1,2}|~|至|到")
_SHARED = re.compile("[、和与或及]")
_PAIRED = re.compile("(?:由|从)[^，。；]{0,16}$")
_SIDES = re.compile("以[上下]的?(?:目标|标准|要求|比例|水平)")
_COUNTED_IN = re.compile(
    "(?P<events>人次)|(?P<people>人口|人数|参保|职工|人员|就业|劳动力)|"
    "(?P<money>报酬|收入|工资|资金|经费|投资|补贴|补助|奖金|基金|产值|支出|贷款|存款|待遇|税)"
)
_PEOPLE_BEHIND = re.compile(
    f"(?:以上|左右|以下)?的?[{HAN}]{{0,6}}?(?:群众|居民|农民|学生|儿童|老人|老年人|人员|人口|市民|职工|劳动者|师生|党员|干部|"
    "教师|纳税人|青年|毕业生|人民|残疾人|游客|观众)"
)
_IMPLIED = {"events": ("人次", "event"), "people": ("人", "people"), "money": ("元", "money")}
_AFTER_BARE = "、和与或至到-~，。；：！？（）\n"  # what a number without a unit stands before, if it may have one
_PER = {"%": 100, "‰": 1000, "成": 10}
_SIGNS = (("atleast", ">="), ("atmost", "<="), ("below", "<"), ("above", ">"), ("about", "~"))


class Found:
    """A number found: where it stands with its unit, what it says, and what is learnt of it on the way.

    `nend` is where the number ends, `cls` the unit's class, `base` the phrase that its item is made of, `per` what the
    sign of a share divides by (1000 of ‰; 0 without one); `sentence` and `clause` are spans of the text.
    """

    __slots__ = (
        *("base", "clause", "cls", "end", "item", "kind", "nend", "number", "per", "period", "qualifier", "scope"),
        *("sentence", "start", "unit", "upper", "vague", "value", "year"),
    )

    sentence: tuple[int, int]
    clause: tuple[int, int]
    value: float
    upper: float | None
    unit: str | None
    cls: str | None
    year: int | None

    def __init__(self, m: re.Match[str], number: Number, unit: str | None, cls: str | None) -> None:
        (self.start, self.end), self.nend, self.number = m.span(), m.end("num"), m["num"]
        self.value, self.upper, self.vague = number
        self.unit, self.cls = unit, cls
        self.qualifier = self.item = self.scope = self.period = self.base = ""
        self.kind, self.year, self.per = "actual", None, 0
        if cls == "ratio" and m["unit"]:
            self.per, self.nend = _PER.get(m["unit"], 100), self.end
            self.number = m["num"] + m["unit"] if m["num"] + m["unit"] in m.group() else m["num"]
            self.value, self.upper = _part(self.value, self.per), self.upper and _part(self.upper, self.per)


def fold(text: str) -> str:
    """The text with full-width forms as ASCII and marks of clauses as Chinese ones, character for character."""
    text = text.translate(_FOLDED)
    if "," in text:
        text = _COMMA.sub("，", text)
    return _THOUSANDS.sub(",", text)


@functools.cache
def candidate() -> re.Pattern[str]:
    """The expression that finds a number (group num), perhaps with 多 or 余, its unit, and 多 behind it (after)."""
    tail = "(?P<after>多(?![种样元层方面渠次边维点]))?"
    return re.compile(f"(?P<num>{NUMBER.pattern})(?:(?P<more>[多余来]?) ?(?P<unit>{units()[1]}){tail})?")


@functools.cache
def _patterns() -> tuple[dict[str, re.Pattern[str]], dict[str, re.Pattern[str]], re.Pattern[str]]:
    w = words()
    near = {role: re.compile(f"(?:{w[role]})(?:了|到|在|到了|为|达|达到)?$") for role, _ in _SIGNS}
    behind = {role: re.compile(w[f"after_{role}"]) for role, _ in _SIGNS if f"after_{role}" in w}
    return near, behind, re.compile(f"(?:{w['rank']})[^，。；]{{0,12}}$")


def _part(value: float, by: float) -> float:
    return float(f"{value / by:.12g}")


def _bound(text: str, m: re.Match[str], vague: bool) -> str:
    """How exactly a number holds, by the words behind it and before it."""
    near, behind, _ = _patterns()
    sign = next((sign for role, sign in _SIGNS if role in behind and behind[role].match(text, m.end())), "")
    if m["more"] == "来":
        sign = "~"
    elif m["more"] or m["after"] or (vague and sign in ("", "~")):
        sign = ">"
    if not sign:
        before = text[max(0, m.start() - 8) : m.start()]
        sign = next((sign for role, sign in _SIGNS if near[role].search(before)), "")
        sign = ">=" if not sign and before.endswith("上") and BARE.match(m["num"]) else sign  # 上千名
    return sign


def _powers(number: str) -> int:
    """What the powers at a number's end multiply it by: 10000 of 5万."""
    out = 1
    for c in reversed(number):
        if c not in POWERS:
            break
        out *= POWERS[c]
    return out


def _joined(text: str, low: Found, high: Found) -> bool:
    """Makes one range of two numbers with a sign between; False where they are what was and what is (从5个到8个)."""
    if not _RANGE.fullmatch(text[low.end : high.start]) or high.unit is None or (low.upper, high.upper) != (None, None):
        return False
    if low.unit not in (None, high.unit) or _PAIRED.search(text[max(0, low.start - 20) : low.start]):
        return False
    least = low.value
    if low.unit is None and high.cls == "ratio" and (high.per or least > 1):
        least = _part(least, high.per or 100)
    elif low.unit is None and _powers(low.number) == 1:
        least *= _powers(high.number)
    if least >= high.value:
        return False
    high.start, high.value, high.upper = low.start, least, high.value
    high.number = text[high.start : high.nend]
    high.qualifier = high.qualifier or low.qualifier
    return True


def _ranked(text: str, m: re.Match[str]) -> bool:
    """Whether a number is somebody's place in a ranking: 居全省第4位, 跃居全国第二."""
    start, end = m.start(), m.end()
    if text[start - 1 : start] != "第" or (end < len(text) and text[end] not in "，。；、：！？（）和升跃提进降"):
        return False
    before = text[max(0, start - 16) : start - 1]
    named = re.search("(?:全[国省市区县球州]|世界|城市|同类)[^，。；]{0,2}$", before)
    return m["unit"] in (None, "位", "名") and bool(named or _patterns()[2].search(before))


def _implied(text: str, m: re.Match[str]) -> tuple[str, str] | tuple[None, None]:
    """Unit and class of a number in 万 or 亿 that has none: what was said before (报酬达到2万), or people behind it."""
    if m["num"][-1] not in "万亿" or BARE.match(m["num"]):
        return None, None
    if _PEOPLE_BEHIND.match(text, m.end()):
        return _IMPLIED["people"]
    if text[m.end() : m.end() + 1] not in "，。；、":
        return None, None
    before = text[max(0, m.start() - 40) : m.start()].rpartition("。")[2]
    said = [str(found.lastgroup) for found in _COUNTED_IN.finditer(before)]
    return _IMPLIED[said[-1]] if said else (None, None)


def _share_unit(text: str, waiting: list[Found], here: Found) -> list[Found]:
    """The numbers of a list before this one that have its unit too (100、200元), in order."""
    run, follower = [], here
    for earlier in reversed(waiting):
        if earlier.unit is not None or not _SHARED.fullmatch(text[earlier.end : follower.start]) or earlier.vague:
            break
        run.append(earlier)
        follower = earlier
    for earlier in run:
        earlier.unit, earlier.cls, earlier.qualifier = here.unit, here.cls, earlier.qualifier or here.qualifier
        if here.cls == "ratio":
            earlier.value = _part(earlier.value, here.per or 100)
    return run[::-1]


def _is_nothing(text: str, m: re.Match[str], here: Found, joined: bool) -> bool:
    """Whether a number with a unit counts nothing; of a range of things, what stands behind it does not matter."""
    if here.unit == "年" and here.upper is not None and here.upper >= 1000:
        return True  # 2018-2020年
    return not (joined and here.cls != "span") and counts_nothing(text, m, here.value, here.unit, here.cls)


def find(text: str) -> list[Found]:
    """The quantities of a text.

    Parameters
    ----------
    text : str
        Folded, see `fold`.

    Returns
    -------
    list of Found
        In order, with sentences and clauses, without what `counted` and `statements` say of them.
    """
    known, masks = units()[0], [m.span() for m in _QUOTED.finditer(text)]
    out: list[Found] = []
    waiting: list[Found] = []
    at = 0
    for m in candidate().finditer(text):
        while at < len(masks) and masks[at][1] <= m.start():
            at += 1
        fraction = m["unit"] is None and ("分之" in m["num"] or "/" in m["num"])
        alone = (
            m["unit"] is None
            and not fraction
            and text[m.end() : m.end() + 1] not in _AFTER_BARE
            and m["num"][-1] not in "万亿"
        )
        number = None if alone or (at < len(masks) and masks[at][0] <= m.start()) else read(m["num"])
        if number is None:
            waiting = []
            continue
        unit, cls = ("比例", "ratio") if fraction else known.get(m["unit"], (None, None))
        here = Found(m, number, unit, cls)
        here.qualifier = _bound(text, m, number.vague)
        joined = bool(waiting) and _joined(text, waiting[-1], here)
        if joined and out and out[-1] is waiting[-1]:
            out.pop()
        if unit in (None, "位", "名") and _ranked(text, m):
            here.unit, here.cls, here.qualifier = "位", "rank", ""
            out.append(here)
            waiting = []
        elif unit is None:
            here.unit, here.cls = _implied(text, m)
            out += [here] if here.unit else []
            more = here.unit or text[m.end() : m.end() + 1] in "、和与或至到-~"
            waiting = [*waiting[-3:], here] if more else []
        elif _is_nothing(text, m, here, joined):
            waiting = []
        else:
            out += [] if joined else _share_unit(text, waiting, here)
            out.append(here)
            waiting = [here]
    _place(text, out)
    _spread(text, out)
    return out


_SENTENCE = re.compile(f"[{STATEMENT_ENDS}]|$")


def _place(text: str, found: list[Found]) -> None:
    """Sets the sentence and the clause of each quantity, as spans."""
    stops = [m.start() for m in _SENTENCE.finditer(text)]
    commas = [m.start() for m in re.finditer("[，：]", text)]
    at = left = begin = begin_clause = 0
    for q in found:
        while stops[at] < q.start:
            begin, at = stops[at] + 1, at + 1
        while left < len(commas) and commas[left] < q.start:
            begin_clause, left = commas[left] + 1, left + 1
        stop = stops[at]
        q.sentence = (begin, stop)
        q.clause = (max(begin, begin_clause), min(stop, commas[left]) if left < len(commas) else stop)


def _spread(text: str, found: list[Found]) -> None:
    """Bounds said once for a list hold for all of it: 不低于60米和20米的标准; 村20米、社区40米以上的目标."""
    for a, b in pairwise(found):
        if a.unit == b.unit and a.qualifier in (">=", "<=") and not b.qualifier:
            b.qualifier = a.qualifier if _SHARED.fullmatch(text[a.end : b.start]) else ""
    for a, b in zip(found[-2::-1], found[:0:-1], strict=True):
        alike = a.unit == b.unit and b.qualifier and not a.qualifier and a.sentence == b.sentence
        if alike and _SIDES.match(text, b.end) and re.fullmatch("、[^，；]{0,14}", text[a.end : b.start]):
            a.qualifier = b.qualifier
