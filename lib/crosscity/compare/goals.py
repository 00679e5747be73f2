"""Targets and results as reports state them: what is measured, in which unit, of which year or years."""

from __future__ import annotations

import functools
import itertools
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd

from ..chinese import DIGITS, SENTENCE_ENDS
from ..files import read_records
from ..ordering import sort_rows
from .indicators import indicators
from .outcomes import Figure, base_units

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_DIGIT = "[0-9零〇○一二三四五六七八九]"
_NEAR = {"去年": -1, "上年": -1, "上一年": -1, "过去一年": -1, "过去的一年": -1, "一年来": -1, "前年": -2}
_NEAR |= {"今年": 0, "本年": 0, "本年度": 0, "明年": 1, "下一年": 1}
_ORDINALS = "一二三四五六七八九十"
_TIME = re.compile(
    f"(?P<since>[12一二] ?[09九〇零○] ?{_DIGIT} ?{_DIGIT} ?年(?:以来|(?:底|末)?(?:到|至|—|－|-)))|"
    f"(?P<year>[12一二] ?[09九〇零○] ?{_DIGIT} ?{_DIGIT}) ?年(?!代|级)|"
    "(?P<plan>(?:“?十[一二三四五六七八]五”?|“[一二三四五六七八九]五”)(?:时期|期间|期末|末|计划期)|"
    "第[一二三四五六七八九十]{1,2}个五年(?:计划|规划))|"
    "(?P<ahead>(?:今后|未来|用|再用)(?:的)?(?P<many>[二两三四五六七八十])年(?:左右)?(?:内|间|里|时间|的时间)?)|"
    "(?<![0-9一二三四五六七八九十第续])(?P<within>[二两三四五六七八十])年(?:内|之内|期间|(?=[^0-9，。；年规计级制前后来间]))|"
    "(?P<several>(?:过去|近|这|最近|前)(?:的)?[二两三四五六七八十几]年(?:来|间|里|中)?|"
    "(?<![0-9第])[二两三四五六七八十几]年(?:来|间|中|以来)|年来|以来|累计|年均|平均每年|每年平均|任期内)|"
    f"(?P<near>{'|'.join(sorted(_NEAR, key=len, reverse=True))})"
)
_COMPARED = re.compile("(?:比|较|同|与|跟|和|由|从|自|超过|相当于|达到或超过)$")
_FROM_THEN = re.compile(" ?年?(?:末|底)?(?:的水平|相比|比较|为基数|价格|不变价)")
_BASE_YEAR = re.compile(f"([12一二] ?[09九〇零○] ?{_DIGIT} ?{_DIGIT}) ?年")
_HEAD = re.compile("\\s*([^，。；：、0-9]{2,10})：(?!$)")
_OWN_NAME = 4  # characters of what a clause names, from which an item that shares none of it is another one's
_AHEAD_BY = 40  # characters before a number in which they count
_BEHIND = 8  # characters behind a number that are looked at
_FIVE = 5  # stands for the last of the five years of a plan, until it is known which
_NAMED_OFTEN, _PRESENTED = 3, 10  # times that a document names a five-year plan that runs; that presents it
_LEAD = 16  # characters with which a sentence begins
_LINE_BEFORE = 12  # paragraphs that a list's opening is looked for in
_SPANS = frozenset(
    ["年", "天", "日", "月", "个月", "周", "个星期", "小时", "分钟", "个季度", "岁", "位", "次", "届", "期", "遍", "分"]
)
_CAPACITIES = frozenset(["吨", "千瓦", "立方米", "千瓦时"])  # 年产一百六十万吨钢的联合企业: the size of a plant
_COUNTS = frozenset(
    [
        "人",
        "户",
        "个",
        "台",
        "条",
        "件",
        "套",
        "辆",
        "张",
        "支",
        "门",
        "类",
        "批",
        "道",
        "市",
        "县",
        "村",
        "省",
        "国",
        "倍",
    ]
)
_SENTENCE = re.compile(f"[^{SENTENCE_ENDS}]+[{SENTENCE_ENDS}]*")


@functools.cache
def _words(name: str) -> re.Pattern[str]:
    """An expression of resources/goal-words.tsv."""
    rows = read_records(Path(__file__).with_name("resources") / "goal-words.tsv")
    return re.compile(next(row["words"] for row in rows if row["name"] == name))


class Frame(NamedTuple):
    """The time that a figure is dated by.

    Attributes
    ----------
    year : int or None
        The year, or the last of several; None if nothing dates it.
    several : bool
        Whether it is of several years.
    """

    year: int | None
    several: bool = False


class Statement(NamedTuple):
    """A figure with what it measures, a target or a result."""

    doc_id: str
    paragraph: int
    start: int
    end: int
    sentence: str
    lead: str  # what stands before the colon of its list
    before: str  # the sentence before the number
    clause: str  # its last clause
    after: str  # behind it
    indicator: str
    item: str
    core: str
    scope: str
    measure: str  # level, share, growth, fall (its number is the size of the fall)
    span: str  # year, several, average
    base: str  # what growth is reckoned from: empty for the year before
    year: int | None
    unit: str
    figure: Figure
    plan: bool  # whether its sentence speaks of what is to be done
    kind: str


def plan_end(words: str) -> int | None:
    """The last year of a five-year plan: 1957 of 第一个五年计划, 1985 of “六五”, 2025 of “十四五”; None of no plan."""
    m = re.search(f"第?([{_ORDINALS}]{{1,2}})(?:个五年|五)", words)
    if m is None:
        return None
    tens, _, ones = m[1].rpartition("十")
    number = (10 * (DIGITS[tens] if tens else 1) if "十" in m[1] else 0) + (DIGITS[ones] if ones else 0)
    return {1: 1957, 2: 1962}.get(number, 1970 + 5 * (number - 3))


def _numerals(year: int) -> str:
    return "".join("〇一二三四五六七八九"[int(c)] for c in str(year)).replace("〇", "[零〇○]")


def _year_of(digits: str) -> int:
    return int("".join(c if c.isdecimal() else str(DIGITS[c]) for c in digits.replace(" ", "")))


def _frames(text: str, low: int, high: int, year: int) -> Iterator[Frame]:
    """The times that a stretch of text names, but for those that it only compares with."""
    for m in _TIME.finditer(text, low, high):
        if m["year"] or m["near"] or m["since"]:
            compared = _COMPARED.search(text[max(low, m.start() - 5) : m.start()])
            if not m["since"] and (compared or _FROM_THEN.match(text, m.end())):
                continue
        if m["since"]:
            yield Frame(None, several=True)
        elif m["year"]:
            yield Frame(_year_of(m["year"]))
        elif m["near"]:
            yield Frame(year + _NEAR[m["near"]])
        elif m["plan"]:
            yield Frame(plan_end(m["plan"]), several=True)
        elif m["ahead"] or m["within"]:
            many = DIGITS.get(m["many"] or m["within"], 10)
            is_plan = many == 5 and not m["many"]
            yield Frame(_FIVE if is_plan else year + many - 1, several=True)
        else:
            yield Frame(None, several=True)


def _leading(text: str, high: int, year: int) -> Iterator[Frame]:
    """The times with which sentences of a text begin."""
    for sentence in _SENTENCE.finditer(text, 0, high):
        yield from itertools.islice(
            _frames(text, sentence.start(), min(sentence.end(), sentence.start() + _LEAD), year), 1
        )


class _Document:
    """The paragraphs of a document in their order, which date what they list."""

    def __init__(self, paragraphs: pd.DataFrame, year: int) -> None:
        self.texts = list(paragraphs["text"])
        self.sections = list(paragraphs["section"].fillna(""))
        self.places = {number: i for i, number in enumerate(paragraphs["paragraph"])}
        self.year = year
        whole = "".join(self.texts)
        ends = [end for m in _TIME.finditer(whole) if m["plan"] and (end := plan_end(m["plan"])) is not None]
        running = [end for end in ends if end - 5 < year <= end]
        self.plan = running[0] if len(running) >= _NAMED_OFTEN else None
        own = len(re.findall(f"今年|本年|明年|{year} ?年", whole)) + len(re.findall(_numerals(year) + "年", whole))
        # The years of a document that presents a plan are the plan's.
        self.default = self.plan if len(running) > max(_PRESENTED, own) else None

    def _joined(self, frames: Sequence[Frame], planned: bool) -> Frame | None:
        """The last time of a sentence; of several years if it said so last, of the last year that is named."""
        if not frames:
            return None
        year = next((f.year for f in reversed(frames) if f.year is not None), None)
        if year == _FIVE:
            year = self.plan or self.year + 4
        if not planned and year is not None and year > self.year and frames[-1].several:
            year = None  # 五年 of what is past are those that have gone by
        return Frame(year, frames[-1].several)

    def frame(self, paragraph: int, start: int, planned: bool) -> Frame:
        """The time of what stands at a place: of its sentence, else of the paragraph, else of the list's opening."""
        i = self.places[paragraph]
        text = self.texts[i]
        low = max((m.end() for m in re.finditer(f"[{SENTENCE_ENDS}]", text[:start])), default=0)
        several = False
        for frames in self._around(i, low, start, planned):
            if frame := self._joined(frames, planned):
                several = several or frame.several
                if frame.year is not None or not planned:
                    return Frame(frame.year, several)
        return Frame(self.default if planned else None, several or bool(planned and self.default))

    def _around(self, i: int, low: int, start: int, planned: bool) -> Iterator[list[Frame]]:
        """The times of a place's sentence, of its paragraph, of the paragraphs before it, and of its section."""
        text = self.texts[i]
        yield list(_frames(text, low, start, self.year))
        yield list(_leading(text, low, self.year))
        for j in range(i - 1, max(-1, i - 1 - _LINE_BEFORE), -1):
            if self.sections[j] != self.sections[i]:
                break
            opens = self.texts[j].rstrip().endswith(("：", ":"))
            if planned and not opens:
                continue
            stop = len(self.texts[j]) if opens else _LEAD
            yield list(_leading(self.texts[j], stop, self.year))
            if opens:
                break
        yield list(_frames(self.sections[i], 0, len(self.sections[i]), self.year))


def statements(
    quantities: pd.DataFrame, paragraphs: pd.DataFrame, stances: pd.DataFrame, corpus: pd.DataFrame
) -> dict[str, list[Statement]]:
    """The figures of each document with what they measure and of which time.

    Parameters
    ----------
    quantities, paragraphs, stances, corpus : DataFrame
        Tables of the contract; corpus of the documents that take part, each with its year.
    """
    years = {d: int(y) for d, y in corpus[["doc_id", "year"]].itertuples(index=False)}
    own = sort_rows(quantities[quantities["doc_id"].isin(years)], ["doc_id", "paragraph", "start", "end"])
    named = indicators(own, paragraphs, corpus)
    place = ["doc_id", "paragraph", "start", "end"]
    claimed = {
        tuple(row[:4]): row[4:]
        for row in named[[*place, "indicator", "population", "unit", "value", "upper"]].itertuples(
            index=False, name=None
        )
    }
    planned = _stances(stances, years)
    documents = {
        doc_id: _Document(part, years[doc_id])
        for doc_id, part in paragraphs[paragraphs["doc_id"].isin(years)].groupby("doc_id", sort=False)
    }
    found: dict[str, list[Statement]] = {doc_id: [] for doc_id in years}
    for q in own.itertuples(index=False):
        document = documents.get(q.doc_id)
        if document is None or q.paragraph not in document.places or q.unit in _SPANS or q.period == "月":
            continue
        if said := _statement(
            q, document, _stance_at(planned, q) == "plan", claimed.get((q.doc_id, q.paragraph, q.start, q.end))
        ):
            found[q.doc_id].append(said)
    return found


def _stances(stances: pd.DataFrame, years: Mapping[str, int]) -> dict[tuple[str, int], list[tuple[int, int, str]]]:
    spans: dict[tuple[str, int], list[tuple[int, int, str]]] = {}
    columns = ["doc_id", "paragraph", "start", "end", "stance"]
    for doc_id, paragraph, start, end, stance in stances[columns].itertuples(index=False):
        if doc_id in years:
            spans.setdefault((doc_id, paragraph), []).append((start, end, stance))
    return spans


def _stance_at(spans: Mapping[tuple[str, int], Sequence[tuple[int, int, str]]], q: Any) -> str:
    within = spans.get((q.doc_id, q.paragraph), ())
    return next((stance for start, end, stance in within if start <= q.start < end), "")


def _statement(q: Any, document: _Document, planned: bool, claimed: tuple[Any, ...] | None) -> Statement | None:
    text = document.texts[document.places[q.paragraph]]
    if re.search("[0-9] ?[.．]? ?$", text[max(0, q.start - 3) : q.start]):
        return None  # the end of a number that was torn apart
    item = re.sub(r"\s", "", q.item)
    if text[: q.start].endswith("每") or q.number.startswith(("几", "数")):
        return None  # a measure that something is reckoned by; no number
    sentence = next((m for m in _SENTENCE.finditer(text) if m.end() > q.start), None)
    if sentence is None:
        return None
    before = text[sentence.start() : q.start]
    clause = re.split("[，,；;：:]", before)[-1]
    lead = before.rpartition("：")[0][-_LEAD:]
    item = _whole_item(item, clause, sentence.group() if "；" not in before else "")
    after = text[q.end : min(sentence.end(), q.end + _BEHIND)]
    told_ahead = (
        bool(_words("ahead").search(before[-_AHEAD_BY:]) or _words("laid down").search(before))
        and not _words("past").search(clause)
        and "预计" not in before
    )
    is_planned = q.kind == "target" or (q.kind == "change" and bool(_words("laid down").search(before)))
    planned = planned or (is_planned and told_ahead)
    frame = document.frame(q.paragraph, q.start, planned)
    unit, factor = base_units().get(q.unit, (q.unit, 1.0))
    value, upper = q.value * factor, (np.nan if pd.isna(q.upper) else q.upper * factor)
    indicator = ""
    if claimed is not None and claimed[1] in ("全市", "全省", "全域"):
        indicator, _, unit, value, upper = claimed
        factor = value / q.value if q.value else 1.0
    if q.unit == "倍" and "增" not in clause:
        return None
    measure = _measure(q, item, clause, unit)
    span = (
        "average"
        if _words("average").search(clause) or _words("average").search(item)
        else "several"
        if frame.several
        else "year"
    )
    flows = bool(_words("sum").search(clause)) or _is_flow(item, clause)
    if span == "several" and measure in ("level", "share") and _words("stock").search(clause) and not flows:
        span = "year"  # what there is at the end of the years
    if span == "several" and re.search("[比较](?:上年|去年|上一年)|同比", clause):
        span = "year"
    base = _base(before, frame.year) if measure in ("growth", "fall") and span != "average" else ""
    figure = Figure(value, upper, q.qualifier, _step(q.number, q.value, unit) * abs(factor))
    year = frame.year
    if year is None and not planned and not pd.isna(q.year):
        # A report tells what has grown by the year before, and a target that is none is of what is over.
        is_late = q.year == document.year and (q.kind == "target" or measure in ("growth", "fall"))
        year = document.year - 1 if is_late else int(q.year)
    return Statement(
        doc_id=q.doc_id,
        paragraph=int(q.paragraph),
        start=int(q.start),
        end=int(q.end),
        sentence=sentence.group().strip(),
        lead=lead,
        before=before,
        clause=clause,
        after=after,
        indicator=indicator,
        item=item,
        core=core(item),
        scope=_whose(q.scope, item),
        measure=measure,
        span=span,
        base=base,
        year=year,
        unit=unit,
        figure=figure,
        plan=bool(planned) and (year is None or year >= document.year),  # of a year that is over nothing is planned
        kind=q.kind,
    )


def _whose(scope: str, item: str) -> str:
    """Whom a figure is about, if not the whole place."""
    return (
        ""
        if re.fullmatch("(?:全[国省市县区]|我[国省市县区]|.*(?:国家|全国))?", scope or "") or scope in item
        else scope
    )


def _whole_item(item: str, clause: str, sentence: str) -> str:
    """An item with the head of its list (油料作物：…); or what the clause names, if it was taken from behind."""
    named = core(clause)
    payer = _words("payer").search(clause)
    if len(named) >= _OWN_NAME and not payer and not _share_pairs(core(item), named):
        return named[-_LEAD:]
    head = _HEAD.match(sentence)
    return head[1] + item if head and head[1] not in item and not _words("no head").search(head[1]) else item


def _share_pairs(a: str, b: str) -> bool:
    return any(a[i : i + 2] in b for i in range(len(a) - 1))


def _is_flow(item: str, clause: str) -> bool:
    """Whether what is counted comes about within a time (新增, 新建), and is no stock at its end."""
    return bool(re.search("新增|新建|改建|建成|完成|投资|投入|安排|解决|减少|培训|增加(?!到)|总量", f"{item}|{clause}"))


def _measure(q: Any, item: str, clause: str, unit: str) -> str:
    end = clause[-12:]
    if re.search("[到至达为](?:了|约|近)?$", end) and unit != "%":
        return "level"
    if _words("fall").search(end) or (unit == "%" and _words("falling item").search(item)):
        return "fall"
    if unit == "%":
        if re.search("(?:提高|上升|增加|扩大|下降|降低|降|减少)[到至为]", end):
            return "share"
        return "growth" if _words("growth").search(end) or _words("growing item").search(item) else "share"
    return "growth" if _words("growth").search(end) and "新增" not in end else "level"


def _base(before: str, year: int | None) -> str:
    """What growth is reckoned from: a year that is not the one before, or a plan; empty for the year before."""
    compared = list(re.finditer("[比较同与跟](?=[^，。；]{0,14}$)|[比较同与跟](?=[12一二][^，；。]{0,14}年)", before))
    years = _BASE_YEAR.findall(before[compared[-1].start() :]) if compared else []
    if years:
        named = _year_of(years[0])
        return "" if year is not None and named == year - 1 else str(named)
    return "plan" if compared and "计划" in before[compared[-1].start() :] else ""


def _step(number: str, value: float, unit: str) -> float:
    """The value of the last digit that is written; 0 for shares, whose zeros are left out."""
    if unit == "%" or not value:
        return 0.0
    if m := re.fullmatch(r"[\d,]+(?:\.(\d+))?([十百千万亿]*)[多余]?", number.replace(" ", "")):
        powers = {"十": 1, "百": 2, "千": 3, "万": 4, "亿": 8}
        return float(10.0 ** (sum(powers[c] for c in m[2]) - len(m[1] or "")))
    whole, step = round(value), 1
    while whole and whole % (10 * step) == 0:
        step *= 10
    return float(step)


@functools.lru_cache(maxsize=100_000)
def core(item: str) -> str:
    """What an item names, without places, times, verbs and measures: 粮食 of 全国粮食产量增长率."""
    named = _words("filler").sub("", item)
    return _words("edge").sub("", named)


def is_target(said: Statement, year: int) -> bool:
    """Whether a statement sets a target: a figure that is planned, for the report's year or a later one.

    Figures that describe (of a condition, of what is already so, the share that a part has, the size of what a noun
    names) are none, nor are counts of what is not brought about (两个特别行政区).
    """
    is_set = said.kind == "target" or (said.kind == "change" and not re.search("[比较]", said.clause))
    if not is_set or not said.plan or (said.year is not None and said.year < year):
        return False
    if not said.indicator and (
        len(said.core) < 2 or _words("empty").match(said.core) or _words("vague").search(said.item)
    ):
        return False
    if (
        _words("past").search(said.clause[-16:])
        or _words("condition").search(said.before[-_AHEAD_BY:])
        or _words("attribute").match(said.after)
    ):
        return False
    if said.unit in _CAPACITIES and _words("capacity").match(said.after):
        return False
    if said.measure == "share" and _words("part").search(said.clause):
        return False
    if said.base and "预计" in said.before and said.year == year:
        return False  # what a year that is ending is expected to have brought
    if said.unit in _COUNTS and (said.clause.endswith("的") or _words("abstract").match(said.after)):
        return False
    return said.unit not in _COUNTS or bool(_words("brought about").search(said.clause[-14:]))


def of_years(said: Statement, year: int) -> Statement:
    """A target with the year and span that it has in a report of a year: growth to a year far ahead is of several."""
    due = said.year if said.year is not None else year
    flows = said.measure in ("growth", "fall") or _is_flow(said.item, said.clause)
    far = due > year + 1 and said.span == "year" and flows and not said.base
    return said._replace(year=due, span="several" if far else said.span)


def is_quoted(said: Statement) -> bool:
    """Whether a figure is a planned one that is only told again: 计划为3.7%，实际达到4.6%."""
    return bool(_words("quoted").search(said.clause))
