"""Check a document's numbers against each other: what some imply (a share, a sum, a rate) and what it states.

A rule takes quantities of one sentence and the words that join them (其中, 占, 由…提高到, 总投资). Averages and rates
are also checked against counts elsewhere in the document. Numbers are intervals (`interval_arithmetic`), which agree
where they overlap.
"""

from __future__ import annotations

import re
from itertools import groupby, pairwise
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

import pandas as pd

from ..chinese import HAN, STATEMENT_END
from ..facts import HALF_WIDTH
from ..language import current_language, tr
from ..ordering import sort_rows
from .interval_arithmetic import Interval, apply, format_value, interval_of, resolution

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from typing import Any

COLUMNS = ("doc_id", "paragraph", "start", "end", "spans", "rule", "statement")
COLUMNS += ("implied", "low", "high", "unit", "stated", "verdict")
RULES = {
    "share": "a part of a whole is a stated percentage",
    "base": "a part and its percentage give the whole",
    "parts": "parts add up to their whole",
    "structure": "shares of three industries add up to 100",
    "change": "two levels give the change between them",
    "growth": "a level and its growth give the level before",
    "increase": "a level and its increase give the rate",
    "average": "an amount over a count is so much for each",
    "rate": "so much for each, times a count, is an amount",
}
_RELATIVE = {"比例", "百分点", "倍"}
_REAL = ("生产总值", "增加值", "GDP")  # their growth is in constant prices: levels do not give it
_COUNTS = ("个", "户", "名", "人", "家")
_LISTED = re.compile("[、和及]")
_WAY = "(?:(增加|提高|增长|提升|上升|扩大|增|升)|(降低|下降|减少|缩短|降|减))"
_SINCE = r"(?:同比|[比较](?:上年|去年|20\d\d年)(?:同期)?)?"
_GROWS = re.compile(f"[，、,(]?(?:规模|总量)?{_SINCE}{_WAY}(?:了|幅为|幅达)?")
_MORE = re.compile(f"[，、,(]?{_SINCE}净?{_WAY}了?")
_FROM = re.compile("[由从](?!事)[^，。；:]{0,14}$")
_TO = re.compile(rf"[^，。；、\d]{{0,12}}{_WAY}(?:到|至|为)了?[^，。；、\d]{{0,6}}")
_SHARE = re.compile(
    "(?:、[居排列][^，。；]{2,12})?[，、,(]?(?:约|仅|只)?"
    "占到?(?:比|([^，。；、比]{1,14}?)的?(?:比重|比例|比)?)(?:为|达到|达|约|近|的)*"
)
_OF_WHICH = re.compile("其中|中有|中，")
_WORTH = re.compile(r"[^，。；、\d]{0,6}[，、,(]?(?:计划|项目|协议)?总投资额?(?:约|为|达到|达)?")
_EACH = re.compile(r"(?:([村户人社家组])均|平均每[个家户名]?([村户人社家组]))[^，。；\d]{0,8}$")
_PER = re.compile("每[个名户家]?([村户社镇])")
_PURPOSE = re.compile(f"[{HAN}]{{2}}")
_VAGUE = {"干部", "资金", "经费"}
_THREE = re.compile("三(?:次产业|产业|产)|产业(?:结构|比)")
_RATIO = re.compile(r"(?<![\d.:])(?:\d{1,2}(?:\.\d{1,2})?:){2}\d{1,2}(?:\.\d{1,2})?(?![\d:])")


# What a statement says before its value, as `_check` is given it, and its template in the catalogue.
_WORDS = [
    (re.compile("(?P<a>.+) after growth of (?P<b>.+): the level before"), "{a} after growth of {b}: the level before"),
    (re.compile("(?P<a>.+) after a fall of (?P<b>.+): the level before"), "{a} after a fall of {b}: the level before"),
    (re.compile("(?P<a>.+) more to (?P<b>.+)"), "{a} more to {b}"),
    (re.compile("(?P<a>.+) less to (?P<b>.+)"), "{a} less to {b}"),
    (re.compile("from (?P<a>.+) to (?P<b>.+)"), "from {a} to {b}"),
    (re.compile("(?P<a>.+) at (?P<b>.+) of (?P<c>.+): the whole"), "{a} at {b} of {c}: the whole"),
    (re.compile("(?P<a>.+) for each of (?P<b>.+)"), "{a} for each of {b}"),
    (re.compile("(?P<a>.+) over (?P<b>.+)"), "{a} over {b}"),
    (re.compile("(?P<a>.+) of (?P<b>.+)"), "{a} of {b}"),
]
_VALUE = re.compile(
    r"(?P<words>.+) is (?P<value>\S+)(?: \((?P<low>\S+) to (?P<high>\S+)\))?"
    "(?:; the text says (?P<said>.+)|(?P<parts>; shares of a whole add up to 100))?"
)


class _Quantity(NamedTuple):
    """A quantity as the rules see it.

    `rounded` is the interval with which others are computed; `truncated`, which allows for a number that is cut off, is
    compared with what others imply.
    """

    paragraph: int
    start: int
    end: int
    value: float
    unit: str
    item: str
    kind: str
    exact: bool
    written: str
    rounded: Interval
    truncated: Interval


class _Check(NamedTuple):
    """A row of the table, without its document: see `COLUMNS`."""

    paragraph: int
    start: int
    end: int
    spans: str
    rule: str
    statement: str
    implied: float
    low: float
    high: float
    unit: str
    stated: float | None
    verdict: str


def implied_values(quantities: pd.DataFrame, paragraphs: pd.DataFrame) -> pd.DataFrame:
    """The values that the numbers of each document imply, by the `RULES`, and whether what it states agrees.

    Parts need not be complete, and a count elsewhere need not be the one that is meant: `parts`, `rate` and a stated
    average make a row only where the numbers fit. These never contradict, and their agreement was searched for.

    Parameters
    ----------
    quantities, paragraphs : DataFrame
        The tables of these names.

    Returns
    -------
    DataFrame
        Columns of `COLUMNS`. start and end span the quantities of the paragraph named; spans lists all that were used,
        as paragraph:start-end. implied lies between low and high, in the base unit; stated is NaN where nothing is.
        verdict is agrees (the interval of what is implied overlaps that of what is stated), contradicts, or derived
        (nothing is stated). Where a bound is given (超, 以上), only a contradiction makes a row.
    """
    keys = zip(paragraphs["doc_id"], paragraphs["paragraph"], strict=True)
    unit_and_text = dict(zip(keys, zip(paragraphs["unit"], paragraphs["text"], strict=True), strict=True))
    table = sort_rows(quantities[quantities["unit"] != "位"], ["doc_id", "paragraph", "start"])
    rows = [(doc_id, *row) for (doc_id, n), (_, text) in unit_and_text.items() for row in _structure(text, n)]
    for doc_id, records in groupby(table.to_dict("records"), key=itemgetter("doc_id")):
        by_unit: dict[str, list[tuple[str, _Quantity]]] = {}  # sub-units of the document, with their texts
        for paragraph, part in groupby(records, key=itemgetter("paragraph")):
            unit, text = unit_and_text[doc_id, paragraph]
            text = text.translate(HALF_WIDTH)
            stated = [_read(row, text) for row in part]
            by_unit.setdefault(unit, []).extend((text, q) for q in stated)
            for sentence in _by_sentence(stated, text):
                gaps = [text[a.end : b.start] for a, b in pairwise(sentence)]
                for i in range(len(gaps)):
                    rows += [(doc_id, *row) for row in _sentence_checks(text, sentence, gaps, i)]
        for pairs in by_unit.values():
            rows += [(doc_id, *row) for row in [*_averages(pairs), *_rates(pairs)]]
    number = {doc_id: n for n, doc_id in enumerate(dict.fromkeys(paragraphs["doc_id"]))}
    rows.sort(key=lambda row: (number[row[0]], *row[1:3]))
    return pd.DataFrame(rows, columns=COLUMNS).astype({"stated": float})


def statement_label(statement: str) -> str:
    """A statement of `implied_values` in the run's language.

    >>> statement_label("3000元 for each of 381个 is 114.3万元; the text says 114万元")
    '3000元 for each of 381个 is 114.3万元; the text says 114万元'
    """
    match = _VALUE.fullmatch(statement)
    if current_language() == "en" or not match:
        return statement
    known = ((pattern.fullmatch(match["words"]), template) for pattern, template in _WORDS)
    words = next((tr(template, **found.groupdict()) for found, template in known if found), match["words"])
    text = tr("{words} is {value}", words=words, value=match["value"])
    if match["low"]:
        text += tr(" ({low} to {high})", low=match["low"], high=match["high"])
    if match["parts"]:
        text += tr("; shares of a whole add up to 100")
    return text + tr("; the text says {said}", said=match["said"]) if match["said"] else text


def _read(row: Mapping[str, Any], text: str) -> _Quantity:
    written = text[row["start"] : row["end"]]
    digit = resolution(written if row["unit"] == "比例" else row["number"], row["unit"])
    bounds = (row["value"], digit, row["qualifier"], row["upper"])
    return _Quantity(
        **{c: row[c] for c in ("paragraph", "start", "end", "value", "unit", "item", "kind")},
        exact=not row["qualifier"] and pd.isna(row["upper"]),
        written=written,
        rounded=interval_of(*bounds),
        truncated=interval_of(*bounds, slack=1.0),
    )


def _by_sentence(quantities: Sequence[_Quantity], text: str) -> list[list[_Quantity]]:
    ends = [m.end() for m in STATEMENT_END.finditer(text)]
    return [list(part) for _, part in groupby(quantities, key=lambda q: sum(end <= q.start for end in ends))]


def _check(
    rule: str,
    used: Sequence[_Quantity],
    words: str,
    function: Callable[..., float],
    unit: str,
    stated: _Quantity | None = None,
) -> Iterator[_Check]:
    """A row, or none: the value of `function` for the quantities used, and whether what is stated agrees."""
    range_ = apply(function, [q.rounded for q in used])
    if range_ is None or (stated is None and not all(q.exact for q in used)):
        return
    value = function(*(q.value for q in used))
    words += f" is {format_value(value, unit)}"
    if stated is None:
        verdict = "derived"
        if range_.high - range_.low > 0.01 * abs(value):
            words += f" ({format_value(range_.low, unit)} to {format_value(range_.high, unit)})"
    else:
        verdict = "agrees" if range_.meets(stated.truncated) else "contradicts"
        if verdict == "agrees" and not (range_.is_bounded() and stated.truncated.is_bounded()):
            return  # a bound agrees with nearly everything
        words += f"; the text says {stated.written}"
        used = [*used, stated]
    here = [q for q in used if q.paragraph == used[-1].paragraph]
    implied, low, high = (float(f"{x:.6g}") for x in (value, *range_))
    yield _Check(
        paragraph=used[-1].paragraph,
        start=min(q.start for q in here),
        end=max(q.end for q in here),
        spans=" ".join(f"{q.paragraph}:{q.start}-{q.end}" for q in used),
        rule=rule,
        statement=words,
        implied=implied,
        low=low,
        high=high,
        unit=unit,
        stated=None if stated is None else stated.value,
        verdict=verdict,
    )


def _sentence_checks(text: str, sentence: Sequence[_Quantity], gaps: Sequence[str], i: int) -> Iterator[_Check]:
    """Rows of all rules that begin with the i-th quantity of a sentence, by the words up to the next."""
    q, b, gap = sentence[i], sentence[i + 1], gaps[i]
    after, c = (gaps[i + 1], sentence[i + 2]) if i + 2 < len(sentence) else ("", None)
    before, counted = text[max(0, q.start - 24) : q.start], q.unit not in _RELATIVE
    real = any(w in q.item + b.item for w in _REAL)
    grows, again = _GROWS.fullmatch(gap) if b.unit == "比例" else None, c and _GROWS.fullmatch(after)
    if _FROM.search(before) and q.unit == b.unit and (way := _TO.fullmatch(gap)):
        if not (i and _LISTED.fullmatch(gaps[i - 1])) and not _LISTED.fullmatch(after):
            yield from _change(q, b, way, c if again and bool(again[1]) == bool(way[1]) else None, real)
    elif counted and grows and q.kind == "actual" and not real and not re.search("增[加长]|净|减|降", before[-4:]):
        sign = 1 if grows[1] else -1
        words = f"{q.written} after {'growth' if grows[1] else 'a fall'} of {b.written}: the level before"
        yield from _check("growth", [q, b], words, lambda level, rate: level / (1 + sign * rate), q.unit)
    elif counted and q.unit == b.unit and again and c and c.unit == "比例" and (way := _MORE.fullmatch(gap)):
        sign, words = 1 if way[1] else -1, f"{b.written} {'more' if way[1] else 'less'} to {q.written}"
        if bool(again[1]) == bool(way[1]) and not real and not re.search("[比较][^，。；]{0,12}$", before):
            yield from _check("increase", [q, b], words, lambda level, by: by / (level - sign * by), "比例", c)
    percentage, before_it = (c, after) if grows and c else (b, gap)  # 其中税收80亿元、增长5%，占比60%
    if counted and percentage.unit == "比例" and (share := _SHARE.fullmatch(before_it)):
        yield from _share(text, sentence[: i + 1], percentage, share[1] or "")
    if counted and q.unit == b.unit and _OF_WHICH.search(gap):
        parts = sentence[i + 1 : i + 8]
        if len(sentence) - i - 1 == len(parts) > 1 and all(p.unit == q.unit and len(p.written) > 1 for p in parts):
            total = apply(lambda *v: sum(v), [p.rounded for p in parts])
            if total and total.meets(q.rounded):  # parts may overlap, or be incomplete
                yield from _check("parts", parts, " + ".join(p.written for p in parts), lambda *v: sum(v), q.unit, q)
    worth = q.unit in ("个", "项") and b.unit == "元" and q.value > 1 and _WORTH.fullmatch(gap)
    if worth and text[b.end : b.end + 1] != "的" and not (i and len(gaps[i - 1]) < 6):  # of what follows, of several
        yield from _check("average", [b, q], f"{b.written} over {q.written}", lambda a, n: a / n, "元")


def _change(a: _Quantity, b: _Quantity, way: re.Match[str], c: _Quantity | None, real: bool) -> Iterator[_Check]:
    """Two levels and the change between them, stated or not."""
    sign, words, unit = 1 if way[1] else -1, f"from {a.written} to {b.written}", c.unit if c else ""
    if unit in ("比例", "倍") and a.unit != "比例":
        ratio = apply(lambda x, y: y / x, [a.rounded, b.rounded])  # 增长3倍 may mean this, too
        if not real and not (unit == "倍" and c and ratio and ratio.meets(c.truncated)):
            yield from _check("change", [a, b], words, lambda x, y: sign * (y / x - 1), unit, c)
    elif unit == "百分点" and a.unit == "比例":
        yield from _check("change", [a, b], words, lambda x, y: sign * 100 * (y - x), unit, c)
    elif unit == a.unit not in _RELATIVE:
        yield from _check("change", [a, b], words, lambda x, y: sign * (y - x), unit, c)
    elif a.unit == "比例":
        yield from _check("change", [a, b], words, lambda x, y: 100 * (y - x), "百分点")
    elif a.unit not in _RELATIVE:
        yield from _check("change", [a, b], words, lambda x, y: y / x - 1, "比例")


def _share(text: str, quantities: Sequence[_Quantity], share: _Quantity, target: str) -> Iterator[_Check]:
    """The last quantity as a part, and its share: of a whole before it, or to derive the whole."""
    *earlier, part = quantities
    whole = next((q for q in reversed(earlier) if q.unit == part.unit), None)
    joined = whole is not None and _OF_WHICH.search(text[whole.end : part.start])
    if whole and joined and (target[:1] in "总全" or target[-2:] in text[max(0, whole.start - 20) : whole.end + 8]):
        yield from _check(
            "share", [part, whole], f"{part.written} of {whole.written}", lambda a, b: a / b, "比例", share
        )
    elif target and share.value > 0 and not (earlier and _LISTED.fullmatch(text[earlier[-1].end : part.start])):
        words = f"{part.written} at {share.written} of {target}: the whole"
        yield from _check("base", [part, share], words, lambda a, r: a / r, part.unit)


def _structure(text: str, paragraph: int) -> Iterator[_Check]:
    """Three shares after words for three industries: whether they add up to 100."""
    text = text.translate(HALF_WIDTH).replace("∶", ":")
    for m in _RATIO.finditer(text):
        if _THREE.search(STATEMENT_END.split(text[max(0, m.start() - 30) : m.start()])[-1]):
            shares = m[0].split(":")
            total, slack = sum(map(float, shares)), sum(0.5 * 10.0 ** -len(s.partition(".")[2]) for s in shares)
            verdict = "agrees" if abs(total - 100) <= slack + 1e-9 else "contradicts"
            words = f"{' + '.join(shares)} is {total:.4g}; shares of a whole add up to 100"
            implied, low, high = (round(x, 6) for x in (total, total - slack, total + slack))
            span = f"{paragraph}:{m.start()}-{m.end()}"
            yield _Check(paragraph, *m.span(), span, "structure", words, implied, low, high, "", 100.0, verdict)


def _averages(pairs: Sequence[tuple[str, _Quantity]]) -> Iterator[_Check]:
    """An amount and its average (村均), checked with a count of these anywhere in the document or its sub-unit."""
    for (_, total), (text, mean) in pairwise(pairs):
        near = total.paragraph == mean.paragraph and mean.start - total.end <= 14 and total.unit == mean.unit
        if not near or mean.unit in _RELATIVE or not total.exact or not mean.exact or total.value <= mean.value:
            continue
        each = _EACH.search(text[total.end : mean.start])
        of = each and (each[1] or each[2])
        ratio = apply(lambda a, b: a / b, [total.rounded, mean.rounded])
        if not of or not ratio:
            continue
        for _, n in pairs:
            if n.unit in _COUNTS and n.exact and n.value >= 10 and of in n.item and n.rounded.meets(ratio):
                words = f"{total.written} over {n.written}{of}"
                yield from _check("average", [total, n], words, lambda a, n: a / n, mean.unit, mean)
                break


def _rates(pairs: Sequence[tuple[str, _Quantity]]) -> Iterator[_Check]:
    """A rate (每个村3000元), checked with a count of these and an amount for the same purpose near it."""
    for text, rate in pairs:
        clause = text[max(0, rate.start - 24) : rate.start]
        each = _PER.search(clause)
        if not each or rate.unit != "元" or not rate.exact or "。" in clause[each.end() :]:
            continue
        bigrams = {clause[k : k + 2] for k in range(each.end(), len(clause) - 1)} - _VAGUE
        purpose = [word for word in bigrams if _PURPOSE.fullmatch(word)]
        for _, total in pairs:
            near = 0 <= total.paragraph - rate.paragraph <= 2 and total.unit == "元" and total.exact
            digits = re.sub(r"\D", "", total.written).strip("0")
            if not near or len(digits) < 3 or total.value < 10 * rate.value:
                continue
            if not any(word in total.item for word in purpose):
                continue
            for _, n in pairs:
                if n.unit not in _COUNTS or not n.exact or n.value < 10 or each[1] not in n.item:
                    continue
                product = apply(lambda r, m: r * m, [rate.rounded, n.rounded])
                if product and product.meets(total.rounded):
                    words = f"{rate.written} for each of {n.written}"
                    yield from _check("rate", [rate, n], words, lambda r, m: r * m, "元", total)
                    break
