"""Named indicators: the quantities of documents that measure the same thing.

The rules are data (resources/indicators.tsv): a measure word, words, and a population. An indicator has one unit; the
population is a column, since the pay of heads and that of deputies are no series.
"""

from __future__ import annotations

import functools
import itertools
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd

from .. import combined_error
from ..chinese import SENTENCE_ENDS
from ..documents import full_name
from ..files import headed_rows
from ..ordering import sort_rows

if TYPE_CHECKING:
    from collections.abc import Sequence

HEADER = (
    "indicator",
    "name",
    "gloss",
    "group",
    "unit",
    "units",
    "kinds",
    "words",
    "around",
    "not",
    "population",
    "better",
)
COLUMNS = (
    *("indicator", "doc_id", "paragraph", "start", "end", "value", "upper", "unit", "place", "population", "kind"),
    *("year", "qualifier", "period", "derived", "sentence"),
)
_TYPES: dict[str, Any] = {"year": "Int64", "derived": bool, "value": float, "upper": float}
# Conversions of measure words. A jin is half a kilogram; a mu is not converted, since no indicator needs it.
_FACTORS = {
    ("比例", "%"): 100,
    ("元", "亿元"): 1e-8,
    ("元", "万元"): 1e-4,
    **{(word, "万人"): 1e-4 for word in ("人", "名", "个")},
    **{(word, "万吨"): factor for word, factor in (("吨", 1e-4), ("公斤", 1e-7), ("千克", 1e-7), ("斤", 5e-8))},
}
_SENTENCE = re.compile(f"[^{SENTENCE_ENDS}]+[{SENTENCE_ENDS}]*")
_CLAUSE = re.compile("[，,；;。：:]")
_JOINT = re.compile("(?:以上|以下|左右|以内|多|余)?(?:、|和|与|及|，|,)(?:不低于|超过?)?")
_BROKEN = re.compile(r"[0-9] ?[.．] ?$")  # before the last digit of "5 . 5%", which is no number of its own
# One person's own words: “我已走访群众150户”, “我村…”; an official's 我市, 我们 speak for a place.
_PERSONAL = re.compile("我(?!们|市|县|区|省|国|州|旗|盟|镇|乡|街|委|局|厅|部|院|校)")
_SOMEONE = re.compile("有的(书记|村|干部|人|同志)|有位|有一(位|名)")
_BARE = re.compile("、?(?:元、?)?(?:同比|同口径|可比|比上年|按.{0,6}价格?)?(?:（[^）]*）)?增长")
_MEMBERS = "城镇常住居民|城镇居民|农村常住居民|农村居民|城镇|农村|城乡|社区|村级?|主职|副职"
_COORDINATED = re.compile(f"(?:{_MEMBERS})(?:(?:组织)?[、和与及](?:{_MEMBERS}))*")
_WIDE = (("省", "全省"), ("自治区", "全省"), ("", "全市"))


class Rule(NamedTuple):
    """A line of the file of indicators, its expressions compiled."""

    indicator: str
    name: str
    gloss: str
    group: str
    unit: str
    units: frozenset[str]
    kinds: frozenset[str]
    words: re.Pattern[str]
    around: re.Pattern[str] | None
    excluded: re.Pattern[str] | None
    populations: tuple[tuple[str, re.Pattern[str]], ...]
    better: str


class _Context(NamedTuple):
    """The sentence of a quantity and the parts of it that say what is measured.

    Attributes
    ----------
    sentence : str
    member : str
        What a list that assigns its numbers in turn (城镇、农村居民收入分别…) says of this one; empty if there is none.
    item : str
        The quantity's item.
    clause : str
        The words before it.
    after : str
        The words behind it.
    """

    sentence: str
    member: str
    item: str
    clause: str
    after: str
    here: str


_NO_PLACE = re.compile(
    "(?:企业|单位|机构|人才|团队|个人|平台|项目|主体|公司|高校|院所|家庭|人员|农户|者|学生|教师|职工|集群|合作社|医院)$"
)


def read_indicators(path: Path | str | None = None) -> list[Rule]:
    """Read the rules of indicators: columns with tabs between; lines that begin with # are comments.

    Parameters
    ----------
    path : str or Path, optional
        The shipped file if left out, which explains its columns.

    Returns
    -------
    list of Rule
        Several rules may share an indicator, if they share its name, gloss, group and unit.

    Raises
    ------
    CrosscityError
        If the file is absent or has wrong lines, each with the file and line.
    """
    return _read(str(path or Path(__file__).with_name("resources") / "indicators.tsv"))


@functools.cache
def _read(path: str) -> list[Rule]:
    rules: list[Rule] = []
    problems = []
    definitions: dict[str, list[str]] = {}
    for n, cells in headed_rows(path, HEADER):
        cells = [*cells, *[""] * (len(HEADER) - len(cells))]
        problem = ""
        if len(cells) > len(HEADER):
            problem = f"{len(cells)} cells, not {len(HEADER)}"
        elif not all((*cells[:6], cells[7])):
            problem = "indicator, name, gloss, group, unit, units and words must be filled"
        elif definitions.setdefault(cells[0], cells[1:5]) != cells[1:5]:
            problem = f"{cells[0]} has another name, gloss, group or unit above: an indicator has one"
        else:
            try:
                rules.append(_parse_rule(cells))
            except re.error as error:
                problem = f"{error.pattern!r} is no regular expression ({error})"
        if problem:
            problems.append(f"{path}, line {n}: {problem}")
    if problems:
        raise combined_error(problems)
    return rules


def _parse_rule(cells: Sequence[str]) -> Rule:
    indicator, name, gloss, group, unit, units, kinds, words, around, excluded, population, better = cells
    # NAME=expression, *=expression for what matched, or =NAME for the rest.
    named = [part.split("=", 1) for part in population.split(";") if "=" in part]
    return Rule(
        indicator=indicator,
        name=name,
        gloss=gloss,
        group=group,
        unit=unit,
        units=frozenset(units.split("|")),
        kinds=frozenset(kinds.split()),
        words=re.compile(words),
        around=re.compile(around) if around else None,
        excluded=re.compile(excluded) if excluded else None,
        populations=tuple((name, re.compile(e)) if name else (e, re.compile("")) for name, e in named),
        better=better,
    )


def indicators(
    quantities: pd.DataFrame, paragraphs: pd.DataFrame, corpus: pd.DataFrame, path: Path | str | None = None
) -> pd.DataFrame:
    """The quantities that belong to a named indicator.

    Parameters
    ----------
    quantities, paragraphs, corpus : DataFrame
        Tables of the contract.
    path : str or Path, optional
        Another file of indicators than the shipped one.

    Returns
    -------
    DataFrame
        A row a quantity, with `COLUMNS`, in the order of the text. value and upper are in the indicator's unit; if that
        is a year's, monthly values are multiplied by twelve and marked derived. place is the county or sub-unit that
        the scope names, or the document's place; population is whom the value is about within it (每村, 村主职, 全市).
    """
    rules_by_unit: dict[str, list[Rule]] = {}
    for rule in read_indicators(path):
        for unit in rule.units:
            rules_by_unit.setdefault(unit, []).append(rule)
    texts = {(r.doc_id, r.paragraph): (r.text, r.unit) for r in paragraphs.itertuples(index=False)}
    cities = {r.doc_id: full_name(r.city or r.province) for r in corpus.itertuples(index=False)}
    ordered = sort_rows(quantities, ["doc_id", "paragraph", "start", "end"])
    rows = []
    for key, part in itertools.groupby(ordered.itertuples(index=False), key=lambda q: (q.doc_id, q.paragraph)):
        if key not in texts or key[0] not in cities:
            continue
        (text, sub_unit), in_paragraph = texts[key], list(part)
        for i, q in enumerate(in_paragraph):
            if q.unit not in rules_by_unit or _BROKEN.search(text, max(0, q.start - 4), q.start):
                continue
            if _is_personal(text, q.start):
                continue
            context = _context(text, in_paragraph, i)
            for rule in rules_by_unit[q.unit]:
                if words := _matching_words(rule, q, context):
                    rows.append(_row(q, rule, words, context, sub_unit, cities[key[0]]))
                    break
    return pd.DataFrame(rows, columns=COLUMNS).astype(_TYPES)


def _context(text: str, quantities: Sequence[Any], i: int) -> _Context:
    q = quantities[i]
    sentence = next(m for m in _SENTENCE.finditer(text) if m.end() > q.start)
    low = max(sentence.start(), quantities[i - 1].end if i and quantities[i - 1].end <= q.start else 0)
    clause = _CLAUSE.split(text[low : q.start])[-1]
    if low > sentence.start() and low + len(clause) == q.start and "、" in clause:
        clause = clause.partition("、")[2]  # the words before belong to what the previous number counts
    after = re.split("[，,；;。、]", text[q.end : q.end + 24])[0]
    first, last = i, i
    while first and _are_listed(text, quantities[first - 1], quantities[first]):
        first -= 1
    while last + 1 < len(quantities) and _are_listed(text, quantities[last], quantities[last + 1]):
        last += 1
    member = ""
    if last > first:
        before, behind = text[sentence.start() : quantities[first].start], text[quantities[last].end : sentence.end()]
        rank, n = i - first, last - first + 1
        member = _member(before, rank, n) or _member(behind, rank, n, ahead=True)
        if not clause.strip("、和与及以上左右"):
            clause = _CLAUSE.split(before)[-1]
    behind = _CLAUSE.split(text[q.end : sentence.end()].rstrip(SENTENCE_ENDS))[0]
    here = f"{_CLAUSE.split(text[sentence.start() : q.start])[-1]}#{behind}"
    item = q.item
    if _BARE.fullmatch(clause):  # 地区生产总值再上新台阶，达到2920亿元、居全省第5位，增长6%
        earlier = [x for x in quantities[:i] if x.start >= sentence.start() and x.unit not in ("位", "百分点")]
        level = earlier[-1] if earlier and earlier[-1].unit != q.unit else None
        ends = [m.end() for m in re.finditer("[；;：:]", text[: q.start])] + [x.end for x in earlier if x is not level]
        item = f"{level.item if level and len(level.item) > 3 else ''}增长"
        clause = text[max([sentence.start(), *ends]) : q.start]
    return _Context(sentence.group(), member, re.sub(r"\s", "", item), re.sub(r"\s", "", clause), after, here)


def _is_personal(text: str, start: int) -> bool:
    """Whether a place is of what one person, not the document's place, has done: in their own words, or as 有的书记."""
    opened = text.rfind("“", 0, start)
    closed = text.find("”", opened)
    if opened >= 0 and start < closed and _PERSONAL.search(text, opened, closed):
        return True
    return bool(_SOMEONE.match(re.split("[，,；;。：:]", text[:start])[-1]))


def _are_listed(text: str, a: Any, b: Any) -> bool:
    """Whether two quantities of one unit follow each other in a list."""
    return a.unit == b.unit and bool(_JOINT.fullmatch(text, a.end, b.start))


def _member(text: str, rank: int, n: int, ahead: bool = False) -> str:
    """The words on one of n list members: of 城镇、农村居民收入 the second is 农村居民收入; empty if there are none."""
    for m in list(_COORDINATED.finditer(text))[:: 1 if ahead else -1]:
        names = re.sub("城乡", "城镇、农村", m.group())
        members = re.split("(?:组织)?[、和与及]", names)
        if len(members) == n and (ahead or "分别" in text[m.end() :] or "城乡" in m.group()):
            rest = text[m.end() :]
            return members[rank] + (_CLAUSE.split(rest)[0] if ahead else rest)
    left, shared, rest = text.rpartition("分别")
    members = re.split("[、和与及]", _CLAUSE.split(left)[-1])
    return members[rank] + rest if shared and not ahead and len(members) == n else ""


def _matching_words(rule: Rule, q: Any, context: _Context) -> str:
    """The words by which a quantity belongs to an indicator, or empty; a member's words take the item's place."""
    if rule.kinds and q.kind not in rule.kinds:
        return ""
    candidates = [context.member] if context.member else [context.item, context.clause, f"{context.item}数"]
    if q.unit == "元" and not context.member:
        candidates.append(f"{context.clause}{context.after}")  # 每年20万元专项经费: the purpose may stand behind
    words = next((w for w in candidates if w and rule.words.search(w)), "")
    near = words if context.member else f"{words}|{context.item}|{context.after}"
    if not words or (rule.excluded and rule.excluded.search(near)):
        return ""
    # Last, since a sentence may be long.
    around = f"{context.sentence} scope={q.scope} period={q.period} here={context.here}"
    return "" if rule.around and not rule.around.search(around) else words


def _row(q: Any, rule: Rule, words: str, context: _Context, sub_unit: str, city: str) -> tuple[Any, ...]:
    derived = rule.unit.endswith("/年") and q.period == "月"
    factor = _FACTORS.get((q.unit, rule.unit), 1) * (12 if derived else 1)
    value, upper = (round(x * factor, 6) if x is not None else np.nan for x in (q.value, q.upper))
    place = re.sub("每.*|(?<=[县区市旗州])(?:村|社区)?(?:主职|副职|干部).*", "", q.scope)
    # What is said of nobody is said of the document's place, as is a rule for those who are no place (企业).
    place = place if place and not _NO_PLACE.search(place) else sub_unit or city
    population = _population(q, rule, words, context) or _whole(place, city)
    return (
        *(rule.indicator, q.doc_id, q.paragraph, q.start, q.end, value, upper, rule.unit, place, population),
        *(q.kind, q.year, q.qualifier, q.period, derived, context.sentence.strip()),
    )


def _population(q: Any, rule: Rule, words: str, context: _Context) -> str:
    """Whom a value is about, by the words near it; empty if they do not say."""
    wider = context.sentence if rule.unit == "%" else ""  # the base of a share is often named earlier
    for text in (f"{words}|{q.scope}", f"{context.clause}|{context.after}|{wider}"):
        for name, expression in rule.populations:
            if expression.pattern and (match := expression.search(text)):
                return match.group() if name == "*" else name
    if rest := next((name for name, expression in rule.populations if not expression.pattern), ""):
        return rest
    each = re.search("每.+", q.scope)
    return each.group() if each else ""


def _whole(place: str, city: str) -> str:
    """The population of a whole place."""
    if not place:  # the document's place is not stated
        return "全域"
    return "全县（市、区）" if place != city else next(name for end, name in _WIDE if place.endswith(end))
