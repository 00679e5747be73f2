"""Targets and results as reports state them: what is measured, in which unit, of which year or years."""

from __future__ import annotations

import functools
import itertools
import re
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd

from ..chinese import DIGITS, SENTENCE_ENDS
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
_NO_HEAD = re.compile("例如|比如|如下|目标|要求|任务|其中|因此|[是为有]$|[一二三四五六七八九十]是|注")
_PAYER = re.compile("财政|政府|国家|安排|投入|支出")
_OWN_NAME = 4  # characters of what a clause names, from which an item that shares none of it is another one's
_AHEAD = re.compile("将(?![近军士])|计划|规定|[要拟应]|力争|争取|任务|打算")
_LAID_DOWN = re.compile("草案|计划(?:中)?规定|规划(?:中)?规定")
_AHEAD_BY = 40  # characters before a number in which they count
_BEHIND = 8  # characters behind a number that are looked at
_FIVE = 5  # stands for the last of the five years of a plan, until it is known which
_NAMED_OFTEN, _PRESENTED = 3, 10  # times that a document names a five-year plan that runs; that presents it
_LEAD = 16  # characters with which a sentence begins
_LINE_BEFORE = 12  # paragraphs that a list's opening is looked for in
_SPANS = frozenset(
    ["年", "天", "日", "月", "个月", "周", "个星期", "小时", "分钟", "个季度", "岁", "位", "次", "届", "期", "遍", "分"]
)
_PAST = re.compile("(?<!为)(?<!除)了(?!解)|已经?(?!有的)|曾|原计划|原来|现在|目前|现有|当前")
_CONDITION = re.compile(
    "(?:建成|完成)(?:以)?后|可以|可使|可望|能够|就能|如果|假如|即使|只要|就可以?|要是|每(?:下降|降低|提高|增长|增加)"
)
_VAGUE = re.compile(  # says of what by pointing, or is a number itself
    "^(?:这|其中|此|那|些|上述|以上)|[二三四五六七八九十百千万亿]{3,}(?:亩|吨|匹|千瓦|元|人|公里|斤|担)|[0-9.]+[万亿]+(?:元|吨|亩)"
)
_ATTRIBUTE = re.compile("(?:以上|以下|左右|以内)?的(?!水平|目标|增长|幅度|规模)")
_CAPACITIES = frozenset(["吨", "千瓦", "立方米", "千瓦时"])  # 年产一百六十万吨钢的联合企业: the size of a plant
_CAPACITY_OF = re.compile("[^，。；、的]{0,4}的")
_PART = re.compile("占[^到达为]{0,6}$")
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
_BROUGHT_ABOUT = re.compile(
    "新建|建设|建成|建立|完成|实施|启动|开展|培育|创建|打造|增加|新增|改造|达到?|解决|取消|下放|减少|扩大|生产|制造|"
    "淘汰|新开工|开工|推广|修建|改建|扩建|施工|投产|试点|安排|购置|装备|增长|控制|培训|培养|招生|招收|吸收|增设|"
    "脱贫|搬迁|落户|覆盖|就业|减轻|降到?|退出|转移"
)
_ABSTRACT = re.compile(
    "指标|方面|问题|因素|重点|特点|环节|关键|目标|积极性|大局|原则|基本|特别行政区|联合公报|文明|转变|百年"
)
_QUOTED = re.compile(
    "(?:计划|预算|原定|预定|目标|要求|指标|提出|确定的)[^，。；]{0,8}$|(?:没有|未能?)(?:实现|完成|达到)|(?:要|拟|应)[把使将]|努力[把使将]"
)
_GROWTH = re.compile(
    "(?:增长|增加|增产|增收|上涨|上升|递增|提高|多产|扩大|增幅|涨幅|增速|加快|增)[^，。；到至达为]{0,6}$"
)
_FALL = re.compile("(?:下降|降低|减少|减产|降幅|压缩|压减|缩减|削减|下浮|减)[^，。；到至达为]{0,6}$")
_GROWS = re.compile("增长率|增长幅度|增幅|涨幅|增长|增速|递增|上升率|速度")
_FALLS = re.compile("降幅|下降率|降低率|减少率|下降|降低")
_AVERAGE = re.compile("年均|平均每年|每年平均|逐年|每年(?:平均)?(?:递增|增长)|递增|年平均增长")
_STOCK = re.compile("[到达至为]|超过|突破|余额|总[数额]?$|保有量|里程")
_SUM = re.compile("累计|合计|共计|总计|[三四五六七八]年(?:共|内|间|来)")
# What says nothing of what is measured: places and times in front, verbs and measures behind.
_FILLER = re.compile(
    "预算|拟定|我国|全国|我省|我市|全省|全市|全区|全县|全年|今年|去年|明年|本年|当年|上年|年底|年末|其中|预计|计划|规划|预期|目标|"
    "力争|争取|确保|努力|初步|基本|大约|大概|左右|以上|以内|同比|环比|平均|每年|年均|分别|再次|进一步|继续|"
    "比上年|比去年|控制在?|保持在?|稳定在?|达到|完成|实现|安排|为了|增长率|增长幅度|增长速度|增长|增幅|涨幅|上涨|"
    "递增率|递增|增速|增加到?|提高到?|上升到?|扩大到?|下降到?|降低到?|减少到?|降幅|降占比|占比|比重|人数|户数|"
    f"[12一二][09九〇零]{_DIGIT}{{2}}年|[第一二三四五六七八九十]{{1,4}}个五年|在?[二两三四五六七八九十]年(?:内|间)|[0-9.,%]+|[\\s“”‘’（）()《》，、：]"
)
_EDGE = re.compile(
    "^[将要拟使把再还也又都共约近达的使在为是至到从由内比则而并其这些仅]+|[将要拟使把再还也又都共约近达的在为是至到从由数率额量]+$"
)
_EMPTY = re.compile(  # names no thing of its own: 资金, 中央财政拟安排
    "(?:公里|先?发行|生产|就业|增长|速度|产值|总产值|竣工|资金|投资|支出|数|总数|总额|合计|面积|投入|全长|产量|项目|企业|单位|规模|"
    "水平|人口|时间|收入|部门|补贴|补助)?$|(?:中央|地方|各级|国家)?(?:财政|政府|预算)?"
    "(?:[将拟用于]|为此|相应|投入|支出|新增|增加|资金|补助|补贴|专项|规模)*$"
)
_SENTENCE = re.compile(f"[^{SENTENCE_ENDS}]+[{SENTENCE_ENDS}]*")


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
        bool(_AHEAD.search(before[-_AHEAD_BY:]) or _LAID_DOWN.search(before))
        and not _PAST.search(clause)
        and "预计" not in before
    )
    is_planned = q.kind == "target" or (q.kind == "change" and bool(_LAID_DOWN.search(before)))
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
    span = "average" if _AVERAGE.search(clause) or _AVERAGE.search(item) else "several" if frame.several else "year"
    flows = bool(_SUM.search(clause)) or _is_flow(item, clause)
    if span == "several" and measure in ("level", "share") and _STOCK.search(clause) and not flows:
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
    payer = _PAYER.search(clause)
    if len(named) >= _OWN_NAME and not payer and not _share_pairs(core(item), named):
        return named[-_LEAD:]
    head = _HEAD.match(sentence)
    return head[1] + item if head and head[1] not in item and not _NO_HEAD.search(head[1]) else item


def _share_pairs(a: str, b: str) -> bool:
    return any(a[i : i + 2] in b for i in range(len(a) - 1))


def _is_flow(item: str, clause: str) -> bool:
    """Whether what is counted comes about within a time (新增, 新建), and is no stock at its end."""
    return bool(re.search("新增|新建|改建|建成|完成|投资|投入|安排|解决|减少|培训|增加(?!到)|总量", f"{item}|{clause}"))


def _measure(q: Any, item: str, clause: str, unit: str) -> str:
    end = clause[-12:]
    if re.search("[到至达为](?:了|约|近)?$", end) and unit != "%":
        return "level"
    if _FALL.search(end) or (unit == "%" and _FALLS.search(item)):
        return "fall"
    if unit == "%":
        if re.search("(?:提高|上升|增加|扩大|下降|降低|降|减少)[到至为]", end):
            return "share"
        return "growth" if _GROWTH.search(end) or _GROWS.search(item) else "share"
    return "growth" if _GROWTH.search(end) and "新增" not in end else "level"


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
    named = _FILLER.sub("", item)
    return _EDGE.sub("", named)


def is_target(said: Statement, year: int) -> bool:
    """Whether a statement sets a target: a figure that is planned, for the report's year or a later one.

    Figures that describe (of a condition, of what is already so, the share that a part has, the size of what a noun
    names) are none, nor are counts of what is not brought about (两个特别行政区).
    """
    is_set = said.kind == "target" or (said.kind == "change" and not re.search("[比较]", said.clause))
    if not is_set or not said.plan or (said.year is not None and said.year < year):
        return False
    if not said.indicator and (len(said.core) < 2 or _EMPTY.match(said.core) or _VAGUE.search(said.item)):
        return False
    if _PAST.search(said.clause[-16:]) or _CONDITION.search(said.before[-_AHEAD_BY:]) or _ATTRIBUTE.match(said.after):
        return False
    if said.unit in _CAPACITIES and _CAPACITY_OF.match(said.after):
        return False
    if said.measure == "share" and _PART.search(said.clause):
        return False
    if said.base and "预计" in said.before and said.year == year:
        return False  # what a year that is ending is expected to have brought
    if said.unit in _COUNTS and (said.clause.endswith("的") or _ABSTRACT.match(said.after)):
        return False
    return said.unit not in _COUNTS or bool(_BROUGHT_ABOUT.search(said.clause[-14:]))


def of_years(said: Statement, year: int) -> Statement:
    """A target with the year and span that it has in a report of a year: growth to a year far ahead is of several."""
    due = said.year if said.year is not None else year
    flows = said.measure in ("growth", "fall") or _is_flow(said.item, said.clause)
    far = due > year + 1 and said.span == "year" and flows and not said.base
    return said._replace(year=due, span="several" if far else said.span)


def is_quoted(said: Statement) -> bool:
    """Whether a figure is a planned one that is only told again: 计划为3.7%，实际达到4.6%."""
    return bool(_QUOTED.search(said.clause))
