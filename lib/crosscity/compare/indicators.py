"""Named indicators: which quantities measure the same thing of the same population.

What a quantity must be is data (resources/indicators.tsv): a measure word, words, and a population. An indicator has
one unit; populations are a column, since the pay of heads and of deputies is no series.
"""

import functools
import itertools
import re
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from .. import CrosscityError, combined_error
from ..chinese import SENTENCE_ENDS
from ..documents import full_name
from ..files import numbered_rows

HEADER = ("indicator", "name", "gloss", "group", "unit", "units", "kinds", "words", "around", "not", "population")
COLUMNS = (
    *("indicator", "doc_id", "paragraph", "start", "end", "value", "upper", "unit", "place", "population", "kind"),
    *("year", "qualifier", "period", "derived", "sentence"),
)
_TYPES: dict[str, Any] = {"year": "Int64", "derived": bool, "value": float, "upper": float}
# What one measure word is in another. A jin is half a kilogram; a mu is not converted, since no indicator asks for it.
_FACTORS = {
    ("比例", "%"): 100,
    ("元", "亿元"): 1e-8,
    **{(word, "万人"): 1e-4 for word in ("人", "名", "个")},
    **{(word, "万吨"): factor for word, factor in (("吨", 1e-4), ("公斤", 1e-7), ("千克", 1e-7), ("斤", 5e-8))},
}
_SENTENCE = re.compile(f"[^{SENTENCE_ENDS}]+[{SENTENCE_ENDS}]*")
_CLAUSE = re.compile("[，,；;。：:]")
_JOINT = re.compile("(?:以上|以下|左右|以内|多|余)?(?:、|和|与|及|，|,)(?:不低于|超过?)?")
_TORN = re.compile(r"[0-9] ?[.．] ?$")  # of "5 . 5%" the last digit is no figure
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
    units: frozenset
    kinds: frozenset
    words: re.Pattern
    around: re.Pattern | None
    excluded: re.Pattern | None
    populations: tuple


def read_indicators(path=None):
    """Named indicators: columns with tabs between, lines that begin with # are comments.

    Parameters
    ----------
    path : str or Path, optional
        The shipped file if left out, which says what its columns mean.

    Returns
    -------
    list of Rule
        Several rules may share an indicator, if they share its name, gloss, group and unit.

    Raises
    ------
    CrosscityError
        With every line that is no rule, by file and line.
    """
    return _read(str(path or Path(__file__).with_name("resources") / "indicators.tsv"))


@functools.cache
def _read(path):
    if not Path(path).is_file():
        msg = f"{path} is not there: give a table with tabs and the columns {', '.join(HEADER)}"
        raise CrosscityError(msg)
    lines = numbered_rows(path)
    if not lines or tuple(lines[0][1]) != HEADER:
        msg = f"{path}, line {lines[0][0] if lines else 1}: the first line must name {', '.join(HEADER)}, tabs between"
        raise CrosscityError(msg)
    rules, problems = [], []
    said: dict[str, list[str]] = {}
    for n, cells in lines[1:]:
        cells = [*cells, *[""] * (len(HEADER) - len(cells))]
        problem = f"{len(cells)} cells, not {len(HEADER)}" if len(cells) > len(HEADER) else ""
        if not problem and not all((*cells[:6], cells[7])):
            problem = "indicator, name, gloss, group, unit, units and words must be filled"
        elif not problem and said.setdefault(cells[0], cells[1:5]) != cells[1:5]:
            problem = f"{cells[0]} has another name, gloss, group or unit above: an indicator has one"
        try:
            rules += [] if problem else [_rule(cells)]
        except re.error as error:
            problem = f"{error.pattern!r} is no regular expression ({error})"
        problems += [f"{path}, line {n}: {problem}"] if problem else []
    if problems:
        raise combined_error(problems)
    return rules


def _rule(cells):
    indicator, name, gloss, group, unit, units, kinds, *expressions, population = cells
    words, *others = expressions
    around, excluded = (re.compile(e) if e else None for e in others)
    named = [part.split("=", 1) for part in population.split(";") if "=" in part]
    # NAME=expression, *=expression for what matched, or =NAME for the rest.
    populations = tuple((name, re.compile(e)) if name else (e, re.compile("")) for name, e in named)
    kinds, units = frozenset(kinds.split()), frozenset(units.split("|"))
    return Rule(indicator, name, gloss, group, unit, units, kinds, re.compile(words), around, excluded, populations)


def indicators(quantities, paragraphs, corpus, path=None):
    """Quantities that belong to a named indicator.

    Parameters
    ----------
    quantities, paragraphs, corpus : DataFrame
        As in the data contract; further columns do no harm.
    path : str or Path, optional
        A file of indicators other than the shipped one.

    Returns
    -------
    DataFrame
        A row a quantity, with `COLUMNS`, in the order of the text. value and upper are in the indicator's unit: of a
        year, where the unit is a year's; what was given by the month is multiplied by twelve and marked derived. place
        is the county or sub-unit that the scope names, or the document's place; population is whom the figure speaks
        of within it (每村, 村主职, 全市 ...). An empty table is one without rows.
    """
    by_unit: dict[str, list[Rule]] = {}
    for rule in read_indicators(path):
        for unit in rule.units:
            by_unit.setdefault(unit, []).append(rule)
    texts = {(r.doc_id, r.paragraph): (r.text, r.unit) for r in paragraphs.itertuples(index=False)}
    cities = {r.doc_id: full_name(r.city or r.province) for r in corpus.itertuples(index=False)}
    rows = []
    ordered = quantities.sort_values(["doc_id", "paragraph", "start", "end"], kind="stable")
    ordered = itertools.groupby(ordered.itertuples(index=False), key=lambda q: (q.doc_id, q.paragraph))
    for (doc_id, number), part in ordered:
        if (doc_id, number) not in texts or doc_id not in cities:
            continue
        (text, sub_unit), found = texts[doc_id, number], list(part)
        for i, q in enumerate(found):
            if q.unit in by_unit and not _TORN.search(text, max(0, q.start - 4), q.start):
                said = _said(text, found, i)
                rule, words = next(((r, w) for r in by_unit[q.unit] if (w := _belongs(r, q, said))), (None, ""))
                if rule:
                    rows.append(_row(q, rule, words, said, sub_unit, cities[doc_id]))
    return pd.DataFrame(rows, columns=COLUMNS).astype(_TYPES)


def _said(text, found, i):
    """The sentence of a quantity, and what is said of it: by a list that shares out its members, its item, its clause,
    and what follows it.
    """
    q = found[i]
    sentence = next(m for m in _SENTENCE.finditer(text) if m.end() > q.start)
    low = max(sentence.start(), found[i - 1].end if i and found[i - 1].end <= q.start else 0)
    clause = _CLAUSE.split(text[low : q.start])[-1]
    if low > sentence.start() and low + len(clause) == q.start:  # what the number before it counts is not its own
        clause = clause.partition("、")[2] if "、" in clause else clause
    after = re.split("[，,；;。、]", text[q.end : q.end + 24])[0]
    first, last = i, i
    while first and _alike(text, found[first - 1], found[first]):
        first -= 1
    while last + 1 < len(found) and _alike(text, found[last], found[last + 1]):
        last += 1
    member = ""
    if last > first:
        before, behind = text[sentence.start() : found[first].start], text[found[last].end : sentence.end()]
        rank, n = i - first, last - first + 1
        member = _member(before, rank, n) or _member(behind, rank, n, ahead=True)
        clause = _CLAUSE.split(before)[-1] if not clause.strip("、和与及以上左右") else clause
    item = q.item
    if _BARE.fullmatch(clause):  # 地区生产总值再上新台阶，达到2920亿元、居全省第5位，增长6%
        earlier = [x for x in found[:i] if x.start >= sentence.start() and x.unit not in ("位", "百分点")]
        level = earlier[-1] if earlier and earlier[-1].unit != q.unit else None
        ends = [m.end() for m in re.finditer("[；;：:]", text[: q.start])] + [x.end for x in earlier if x is not level]
        item = f"{level.item if level and len(level.item) > 3 else ''}增长"
        clause = text[max([sentence.start(), *ends]) : q.start]
    return sentence.group(), member, re.sub(r"\s", "", item), re.sub(r"\s", "", clause), after


def _alike(text, a, b):
    return a.unit == b.unit and bool(_JOINT.fullmatch(text, a.end, b.start))


def _member(text, rank, n, ahead=False):
    """What is said of the one of n that share a head: of 城镇、农村居民收入 the second is 农村居民收入; or empty."""
    for m in list(_COORDINATED.finditer(text))[:: 1 if ahead else -1]:
        names = re.sub("城乡", "城镇、农村", m.group())
        names = re.split("(?:组织)?[、和与及]", names)
        if len(names) == n and (ahead or "分别" in text[m.end() :] or "城乡" in m.group()):
            return names[rank] + text[m.end() :]
    left, shared, rest = text.rpartition("分别")
    names = re.split("[、和与及]", _CLAUSE.split(left)[-1])
    return names[rank] + rest if shared and not ahead and len(names) == n else ""


def _belongs(rule, q, said):
    """The words by which a quantity belongs to an indicator, or empty; a list's own words rule out its item."""
    sentence, member, item, clause, after = said
    if rule.kinds and q.kind not in rule.kinds:
        return ""
    if rule.around and not rule.around.search(f"{sentence} scope={q.scope}"):
        return ""
    told = [member] if member else [item, clause]
    if q.unit == "元" and not member:
        told.append(f"{clause}{after}")  # 每年20万元专项经费: what money is for may stand behind it
    words = next((w for w in told if w and rule.words.search(w)), "")
    if words and rule.excluded and rule.excluded.search(f"{words}|{'' if member else item}|{after}"):
        return ""
    return words


def _row(q, rule, words, said, sub_unit, city):
    derived = rule.unit.endswith("/年") and q.period == "月"
    factor = _FACTORS.get((q.unit, rule.unit), 1) * (12 if derived else 1)
    place = re.sub("每.*|(?<=[县区市旗州])(?:村|社区)?(?:主职|副职|干部).*", "", q.scope) or sub_unit or city
    # A share's base is often named earlier in the sentence.
    near = ["|".join((words, q.scope)), "|".join((*said[3:], said[0] if rule.unit == "%" else ""))]
    found = ((name, e.search(text)) for text in near for name, e in rule.populations if e.pattern)
    population = next((m.group() if name == "*" else name for name, m in found if m), "")
    population = population or next((name for name, e in rule.populations if not e.pattern), "")
    if not population and (each := re.search("每.+", q.scope)):
        population = each.group()
    whole = "全县（市、区）" if place != city else next(w for end, w in _WIDE if place.endswith(end))
    whole = whole if place else "全域"  # of a document whose place is not stated
    value, upper = (round(x * factor, 6) if x is not None else np.nan for x in (q.value, q.upper))
    return (
        *(rule.indicator, q.doc_id, q.paragraph, q.start, q.end, value, upper, rule.unit, place, population or whole),
        *(q.kind, q.year, q.qualifier, q.period, derived, said[0].strip()),
    )
