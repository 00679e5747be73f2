"""Numbers with their measure words: found in a text, joined to ranges, their units shared along lists, bounds read."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, NamedTuple

from ...chinese import DIGITS, HAN, STATEMENT_ENDS, chinese_marks
from .exclusions import BARE_POWER, counts_nothing, is_dated
from .lexicon import units, word_patterns
from .numerals import HALF_WIDTH, HALVES, NUMBER, POWERS, Number, read_number
from .proportions import find_proportions

_FOLDING = {code: ascii_form for code, ascii_form in HALF_WIDTH.items() if chr(code) not in "；：！？（）"}
_THOUSANDS = re.compile("|".join(rf"(?<=(?<!\d){digits})，(?=\d{{3}}(?!\d))" for digits in (r"\d", r"\d\d", r"\d\d\d")))
_POINT = re.compile("(?<=[0-9])[•·](?=[0-9]{1,2}元)")  # 0·50元, but not 3·15
_QUOTED = re.compile(r"“[^“”，。；]{1,24}”|‘[^‘’，。；]{1,24}’|《[^《》]{1,80}》|〔[^〔〕]{1,12}〕")
_RANGE = re.compile("-{1,2}|~|至|到")
_NEGATIVE = re.compile("(?:[为是达到至：（，由从约仅温低]|(?<![0-9.])[a-zA-Zμ℃°%] )-$")  # 0-1MHz -21dBm
_PER_TIME = re.compile("/(?:天|日|小时|分钟|分|秒)(?![一-龥]?均)")  # 50台/天
_SHARED = re.compile("[、和与或及]")
_PAIRED = re.compile("(?:由|从)[^，。；]{0,16}$")
_FROM_THERE = re.compile("(?:由|从)[^，。；0-9]{0,4}$")
_MADE_OF = re.compile(f"的?[{HAN}]{{0,12}}?(?:组成|构成|担任|参加)")  # 由5至11名委员组成
# What a number changed from, whose unit stands at the other alone: 贫困人口从28万减到1.3万人.
_CHANGED_FROM = re.compile(
    f"(?:由|从)(?:[0-9]{{4}}年)?[^，。；0-9]{{0,10}}?(?P<num>{NUMBER.pattern})(?:扩大|增加|增长|提高|减少|下降|缩减|压缩|精简|降低|上升|发展|[增减升降涨缩扩])了?[到至为]"
    "(?:(?:现在|目前|[0-9]{4}年[底末]?)的?)?约?$"
)
_ENDS_CHANGE = ("到", "至", "为", "的", "约")
_SIDES = re.compile("以[上下]的?(?:目标|标准|要求|比例|水平)")
_COUNTED_IN = re.compile(
    "(?P<events>人次)|(?P<people>人口|人数|参保|职工|人员|就业|劳动力)|"
    "(?P<money>报酬|收入|工资|资金|经费|投资|补贴|补助|奖金|基金|产值|支出|贷款|存款|待遇|税|负债|债务|欠款|生产总值|经济总量|集群总量|产业规模|产业总量|"
    "营收|销售额|成交额|利润|罚款|罚金)"
)
_PEOPLE_BEHIND = re.compile(
    f"(?:以上|左右|以下)?的?[{HAN}]{{0,8}}?(?:群众|居民|农民|村民|乡亲|学生|儿童|老人|老年人|人员|人口|市民|职工|劳动者|师生|党员|干部|"
    "教师|纳税人|青年|毕业生|人民|残疾人|游客|观众|劳动力|带头人|农民工)"
)
_AFTER_RATIO = "以左缩降扩升提下减上"  # what may follow a ratio without a sign besides marks
# A ratio to one that has no sign: 城乡居民收入比缩小到1.68以内.
_IS_RATIO = re.compile(
    "(?:收入|男女|性别)(?:倍差|比值?(?!上年|去年|上月|同期|例|重|较|[0-9]))[^，。；0-9]{0,6}?(?:[0-9]{4}年)?"
    "(?:[由从](?:上年|去年|[0-9]{4}年[末底]?)?的?|(?:[由从][^，。；]{1,10})?[缩降扩升减下上小低大高少]*[为到至](?:[0-9]{4}年的)?|低于|控制在|小于)$"
)
_SUM_BEHIND = re.compile("(?:以上|左右|以下)?的?(?:规模|大关|台阶|关口)")  # 产业总量超过五千亿规模
SECOND_BOUND = re.compile("[及含]?以[上下](?:至|到|且)?[、，]?")  # between 3000元 and 5000 of 3000元以上5000以下
_IMPLIED = {"events": ("人次", "event"), "people": ("人", "people"), "money": ("元", "money")}
_CONTINUES = "、和与或至到-~"  # what joins a number without a unit to one that has it
_AFTER_BARE = f"{_CONTINUES}，。；：！？（）\n"  # what may follow a number without a unit
_TENTHS = re.compile("[一二三四五六七八九半](?=[，。；、：！？）]|的|以[上下]|左右|$)")  # behind 成
_DIVISORS = {"%": 100, "‰": 1000, "成": 10}
_CLAUSE_END = re.compile("，|(?<![0-9])：|：(?![0-9])")  # and not within a proportion
_SENTENCE_END = re.compile(f"[{STATEMENT_ENDS}]|$")
_ENDS_MEASURE = ("的", "入", "资", "准")
_SIGNS = (("atleast", ">="), ("atmost", "<="), ("below", "<"), ("above", ">"), ("about", "~"))


@dataclass(slots=True, eq=False)
class Quantity:
    """A number with its unit, and what the steps of the reader find out about it.

    Attributes
    ----------
    start, end : int
        Span of number and unit in the text.
    number : str
        As written.
    number_end : int
        Where the number ends.
    value, upper : float
        `upper` is None unless it is a range.
    vague : bool
        Whether the number is at least the value.
    unit, unit_class : str
        As in resources/units.tsv; None as long as they are not known.
    divisor : int
        What the sign of a share divides by: 1000 of ‰; 0 without one.
    sentence, clause : (int, int)
        Spans of the text that the quantity is part of.
    phrase : str
        The phrase from which the item is made.
    whose : str
        The place of a list of places that the number is for, as far as it has no other item.
    qualifier, item, scope, kind, period, year
        Columns of the table of quantities.
    stance : str
        Of its sentence, where the document's genre decides it.
    said : str
        The stance of its sentence, whatever decides it.
    """

    start: int
    end: int
    number: str
    number_end: int
    value: float
    upper: float | None
    vague: bool
    unit: str | None
    unit_class: str | None
    divisor: int = 0
    sentence: tuple[int, int] = (0, 0)
    clause: tuple[int, int] = (0, 0)
    phrase: str = ""
    whose: str = ""
    qualifier: str = ""
    item: str = ""
    scope: str = ""
    kind: str = "actual"
    period: str = ""
    year: int | None = None
    stance: str = ""
    said: str = ""


class QuantityContext(NamedTuple):
    """What surrounds a quantity.

    Attributes
    ----------
    sentence, clause : str
        Up to the quantity.
    after : str
        The text behind it.
    previous : Quantity or None
        The quantity before it.
    continues_list : bool
        Whether the two are of one list (28％、42％).
    stated_year : int or None
        The year that the sentence states for it.
    is_aim : bool
        Whether the sentence or its section speaks of what is to be reached.
    """

    sentence: str
    clause: str
    after: str
    previous: Any  # read only where continues_list says that it is there
    continues_list: bool
    stated_year: int | None
    is_aim: bool


def fold(text: str) -> str:
    """Full-width forms as ASCII, and marks that end clauses as Chinese ones; a text of the same length."""
    text = chinese_marks(text.translate(_FOLDING))
    if "·" in text or "•" in text:
        text = _POINT.sub(".", text)
    return _THOUSANDS.sub(",", text)


@functools.cache
def number_with_unit() -> re.Pattern[str]:
    """Matches a number (group num), 多 or 余 behind it (more), its unit (unit), and 多 or 半 behind that (after)."""
    tail = "(?P<after>多(?![种样元层方面渠次边维点])|(?<=[年天月时亩里斤倍])半(?![价年天月个径]))?"
    return re.compile(f"(?P<num>{NUMBER.pattern})(?:(?P<more>[多余来]?) ?(?P<unit>{units()[1]}){tail})?")


class _Patterns(NamedTuple):
    """Words of bounds, by role: before a number, before what is measured, behind a number; and words before a rank."""

    near: dict[str, re.Pattern[str]]
    far: dict[str, re.Pattern[str]]
    behind: dict[str, re.Pattern[str]]
    rank: re.Pattern[str]


@functools.cache
def _patterns() -> _Patterns:
    w = word_patterns()
    near, far = {}, {}
    for role, _ in _SIGNS:
        # Between a bound and its number may stand what is measured: 不低于画面的0.5%, but not 低于全省3个百分点.
        measured = "(?:(?<=[于过])[一-龥]{1,6})?" if role in ("atleast", "atmost") else ""
        near[role] = re.compile(f"(?:{w[role]})(?:了|到|在|到了|为|达|达到)?{measured} ?±?$")
        if measured:  # the longer it is, the surer it ends so: 不低于当地上年度农民人均纯收入的2倍
            far[role] = re.compile(f"(?:{w[role]})(?<=[于过])[一-龥（）、]{{2,24}}(?:的|收入|工资|标准)$")
    behind = {role: re.compile(w[f"after_{role}"]) for role, _ in _SIGNS if f"after_{role}" in w}
    return _Patterns(near, far, behind, re.compile(f"(?:{w['rank']})[^，。；]{{0,12}}$"))


def _quantity(m: re.Match[str], number: Number, unit: str | None, unit_class: str | None) -> Quantity:
    """The quantity of a match of `number_with_unit`."""
    q = Quantity(m.start(), m.end(), m["num"], m.end("num"), *number, unit, unit_class)
    if m["num"] in HALVES:  # 一半人口
        q.end = q.number_end
        return q
    if m["after"] == "半":  # 2天半
        q.value += 0.5
    if m["unit"] == "成" and (tenths := _TENTHS.match(m.string, q.end)):  # 九成五
        q.value += 0.5 if tenths[0] == "半" else DIGITS[tenths[0]] / 10
        q.end = tenths.end()
    if unit_class == "ratio" and m["unit"]:
        q.divisor, q.number_end = _DIVISORS.get(m["unit"], 100), q.end
        if m["num"] + m["unit"] in m.group():
            q.number = m["num"] + m["unit"] + m.string[m.end() : q.end]
        q.value, q.upper = _divided(q.value, q.divisor), q.upper and _divided(q.upper, q.divisor)
    return q


def _divided(value: float, by: float) -> float:
    return float(f"{value / by:.12g}")  # 0.07, not 0.07000000000000001


def _qualifier(text: str, m: re.Match[str], vague: bool) -> str:
    """How exactly a number holds (>=, <=, <, >, ~ or nothing), by the words behind it and before it."""
    sign = _bound_behind(text, m.end())
    if m["more"] == "来":
        sign = "~"
    elif m["more"] or m["after"] == "多" or (vague and sign in ("", "~")):
        sign = ">"
    if not sign:
        sign = _bound_before(text, m.start())
        if not sign and text[m.start() - 1 : m.start()] == "上" and BARE_POWER.match(m["num"]):  # 上千名
            sign = ">="
    return sign


def _bound_behind(text: str, end: int) -> str:
    """The bound that stands behind a number (以上), or nothing."""
    behind = _patterns().behind
    return next((sign for role, sign in _SIGNS if role in behind and behind[role].match(text, end)), "")


def _bound_before(text: str, start: int) -> str:
    """The bound that stands before a number (不超过), or nothing."""
    find, before = _patterns(), text[max(0, start - 16) : start]
    sign = next((sign for role, sign in _SIGNS if find.near[role].search(before)), "")
    if not sign and text[start - 1 : start] in _ENDS_MEASURE:
        before = text[max(0, start - 36) : start]
        sign = next((sign for role, sign in _SIGNS if role in find.far and find.far[role].search(before)), "")
    return sign


def _multiplier(number: str) -> int:
    """What the powers at a number's end multiply it by: 10000 of 5万."""
    product = 1
    for c in reversed(number):
        if c not in POWERS:
            break
        product *= POWERS[c]
    return product


def _join_range(text: str, low: Quantity, high: Quantity) -> bool:
    """Make `high` the range from `low` to it if a sign joins them, but not if something changes (从5个到8个)."""
    if not _RANGE.fullmatch(text[low.end : high.start]) or high.unit is None or (low.upper, high.upper) != (None, None):
        return False
    # 从5个到8个; but 从能人中选3至5名, where the unit stands once.
    is_changed = _PAIRED.search(text[max(0, low.start - 20) : low.start]) and not _MADE_OF.match(text, high.end)
    is_changed = is_changed and (
        low.unit is not None
        or text[low.end : high.start] != "至"
        or _FROM_THERE.search(text, max(0, low.start - 8), low.start)
    )
    if low.unit not in (None, high.unit) or is_changed:
        return False
    least = low.value
    if low.unit is None and high.unit_class == "ratio" and (high.divisor or least > 1):
        least = _divided(least, high.divisor or 100)
    elif low.unit is None and _multiplier(low.number) == 1:
        least *= _multiplier(high.number)
    if least >= high.value:
        return False
    high.start, high.value, high.upper = low.start, least, high.value
    high.number = text[high.start : high.number_end]
    high.qualifier = high.qualifier or low.qualifier
    return True


def _is_rank(text: str, m: re.Match[str]) -> bool:
    """Whether a number is a place in a ranking: 居全省第4位, 跃居全国第二."""
    start, end = m.start(), m.end()
    if text[start - 1 : start] != "第" or (end < len(text) and text[end] not in "，。；、：！？（）和升跃提进降"):
        return False
    before = text[max(0, start - 16) : start - 1]
    named = re.search("(?:全[国省市区县球州]|世界|城市|同类)[^，。；]{0,2}$", before)
    return m["unit"] in (None, "位", "名") and bool(named or _patterns().rank.search(before))


def _implied_unit(text: str, m: re.Match[str]) -> tuple[str, str] | tuple[None, None]:
    """Unit and class of a number in 万 or 亿 without one, by the words before it (报酬达到2万) or people behind it."""
    if "." in m["num"] and m["num"][-1].isdigit() and _IS_RATIO.search(text, max(0, m.start() - 30), m.start()):
        return "比例", "ratio"
    if m["num"][-1] not in "万亿" or BARE_POWER.match(m["num"]):
        return None, None
    if _PEOPLE_BEHIND.match(text, m.end()):
        return _IMPLIED["people"]
    if text[m.end() : m.end() + 1] not in "，。；、（" and not _SUM_BEHIND.match(text, m.end()):
        return None, None
    before = text[max(0, m.start() - 40) : m.start()].rpartition("。")[2]
    roles = [str(word.lastgroup) for word in _COUNTED_IN.finditer(before)]
    return _IMPLIED[roles[-1]] if roles else (None, None)


def _share_unit(text: str, waiting: list[Quantity], here: Quantity) -> list[Quantity]:
    """Give a number's unit to those of the list that it ends (100、200元), and return these in order."""
    run: list[Quantity] = []
    follower = here
    for earlier in reversed(waiting):
        if earlier.unit is not None or not _SHARED.fullmatch(text[earlier.end : follower.start]) or earlier.vague:
            break
        run.append(earlier)
        follower = earlier
    for earlier in run:
        earlier.unit, earlier.unit_class, earlier.qualifier = (
            here.unit,
            here.unit_class,
            earlier.qualifier or here.qualifier,
        )
        if here.unit_class == "ratio":
            earlier.value = _divided(earlier.value, here.divisor or 100)
    return run[::-1]


def _changed_from(text: str, here: Quantity, found: list[Quantity]) -> list[Quantity]:
    """The number that a number changed from, if that has no unit of its own: the 28万 of 从28万减到1.3万人."""
    if text[here.start - 1 : here.start] not in _ENDS_CHANGE:
        return []
    m = _CHANGED_FROM.search(text, max(found[-1].end if found else 0, here.start - 40), here.start)
    if m and text[m.start("num") - 1] == "第":
        return []
    number = read_number(m["num"]) if m and _multiplier(here.number) <= _multiplier(m["num"]) else None
    if m is None or number is None:
        return []
    value = _divided(number.value, here.divisor or 100) if here.unit_class == "ratio" else number.value
    low = Quantity(
        m.start("num"), m.end("num"), m["num"], m.end("num"), value, None, number.vague, here.unit, here.unit_class
    )
    return [low]


def _is_second_bound(text: str, waiting: list[Quantity], m: re.Match[str]) -> bool:
    """Whether a number is the second bound of two that share a unit: 3000元以上5000以下."""
    return bool(waiting and waiting[-1].unit and SECOND_BOUND.fullmatch(text[waiting[-1].end : m.start()]))


def _counts_nothing(text: str, m: re.Match[str], here: Quantity, is_range: bool) -> bool:
    """Whether a number with a unit counts nothing; for a range of things it does not matter what follows."""
    if here.unit == "年" and here.upper is not None and here.upper >= 1000:
        return True  # 2018-2020年
    if is_range and here.unit == "年":  # 三至五年, but not 今后三至五年
        return is_dated(text, here.start)
    return not (is_range and here.unit_class != "span") and counts_nothing(
        text, m, here.value, here.unit, here.unit_class
    )


def find_quantities(text: str) -> list[Quantity]:
    """The quantities of a text, in order, with their sentences and clauses.

    What `items` and `claims` find out about them is not set yet.

    Parameters
    ----------
    text : str
        Folded, see `fold`.
    """
    by_spelling = units()[0]
    quotations = [m.span() for m in _QUOTED.finditer(text)]
    quantities: list[Quantity] = []
    waiting: list[Quantity] = []  # numbers that may share the unit of one to come, or be the lower end of a range
    proportions, proportion_end = find_proportions(text), 0
    at = 0
    for m in number_with_unit().finditer(text):
        if m.start() < proportion_end or (quantities and m.start() < quantities[-1].end):
            continue
        if (proportion := proportions.get(m.start())) is not None:
            proportion_end = proportion.end
            number_text = text[m.start() : proportion.end]
            here = Quantity(
                m.start(), proportion.end, number_text, proportion.end, proportion.value, None, False, "比例", "ratio"
            )
            here.qualifier = _bound_behind(text, proportion.end) or _bound_before(text, m.start())
            quantities.append(here)
            waiting = []
            continue
        while at < len(quotations) and quotations[at][1] <= m.start():
            at += 1
        is_quoted = at < len(quotations) and quotations[at][0] <= m.start()
        is_fraction = m["num"] in HALVES or (m["unit"] is None and ("分之" in m["num"] or "/" in m["num"]))
        following = text[m.end() : m.end() + 1]
        is_bare = m["unit"] is None and not is_fraction and following not in _AFTER_BARE and m["num"][-1] not in "万亿"
        if is_bare and following in _AFTER_RATIO and _implied_unit(text, m)[1] == "ratio":
            is_bare = False
        is_second = is_bare and following == "以" and _is_second_bound(text, waiting, m)
        number = None if (is_bare and not is_second) or is_quoted else read_number(m["num"])
        if number is None:
            waiting = []
            continue
        unit, unit_class = ("比例", "ratio") if is_fraction else by_spelling.get(m["unit"], (None, None))
        here = _quantity(m, number, unit, unit_class)
        here.qualifier = _qualifier(text, m, number.vague)
        if unit_class in ("thing", "people", "amount", "event") and (per := _PER_TIME.match(text, here.end)):
            here.unit, here.end = f"{unit}{per.group()}", per.end()
        if _NEGATIVE.search(text, max(0, m.start() - 3), m.start()):  # below zero: 增长率为-2.1‰
            here.start, here.number = here.start - 1, f"-{here.number}"
            here.value = -here.value
        is_range = bool(waiting) and _join_range(text, waiting[-1], here)
        if is_range and quantities and quantities[-1] is waiting[-1]:
            quantities.pop()
        if unit in (None, "位", "名") and _is_rank(text, m):
            here.unit, here.unit_class, here.qualifier = "位", "rank", ""
            quantities.append(here)
            waiting = []
        elif unit is None:
            shared = (waiting[-1].unit, waiting[-1].unit_class) if is_second else None
            here.unit, here.unit_class = shared or _implied_unit(text, m)
            if here.unit:
                quantities += [*_changed_from(text, here, quantities), here]
            waiting = [*waiting[-3:], here] if here.unit or following in _CONTINUES else []
        elif _counts_nothing(text, m, here, is_range):
            waiting = []
        else:
            if not is_range:
                quantities += _share_unit(text, waiting, here) or _changed_from(text, here, quantities)
            quantities.append(here)
            waiting = [here]
    _set_spans(text, quantities)
    _spread_qualifiers(text, quantities)
    return quantities


def _set_spans(text: str, quantities: list[Quantity]) -> None:
    """Set the sentence and the clause of each quantity."""
    stops = [m.start() for m in _SENTENCE_END.finditer(text)]
    commas = [m.start() for m in _CLAUSE_END.finditer(text)]
    at = comma = begin = begin_clause = 0
    for q in quantities:
        while stops[at] < q.start:
            begin, at = stops[at] + 1, at + 1
        while comma < len(commas) and commas[comma] < q.start:
            begin_clause, comma = commas[comma] + 1, comma + 1
        stop = stops[at]
        q.sentence = (begin, stop)
        q.clause = (max(begin, begin_clause), min(stop, commas[comma]) if comma < len(commas) else stop)


def _spread_qualifiers(text: str, quantities: list[Quantity]) -> None:
    """Apply a bound that is stated once for a list to all of it: 不低于60米和20米的标准; 村20米、社区40米以上的目标."""
    near = _patterns().near
    ahead = None  # the last quantity whose bound stands before it (超过70%、85%), or that has it of such a one
    for a, b in pairwise(quantities):
        if a.qualifier in (">", "<") and a is not ahead:
            before = text[max(0, a.start - 16) : a.start]
            ahead = a if any(near[role].search(before) for role in ("above", "below")) else None
        alike = a.unit == b.unit or text[a.end : b.start] == "或"
        if alike and not b.qualifier and (a.qualifier in (">=", "<=") or a is ahead):
            b.qualifier = a.qualifier if _SHARED.fullmatch(text[a.end : b.start]) else ""
            ahead = b if b.qualifier and a is ahead else ahead
    for a, b in zip(quantities[-2::-1], quantities[:0:-1], strict=True):
        alike = a.unit == b.unit and b.qualifier and not a.qualifier and a.sentence == b.sentence
        if alike and _SIDES.match(text, b.end) and re.fullmatch("、[^，；]{0,14}", text[a.end : b.start]):
            a.qualifier = b.qualifier
