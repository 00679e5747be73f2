"""What a document's own numbers imply, held against what it says: arithmetic on quantities that its wording joins.

A rule takes quantities of one sentence with the words that tie them between them (其中, 占, 由…提高到, 总投资); what is
said of each is held against counts of the same document, too. Numbers are intervals (`rounding`): a verdict is whether
two meet.
"""

from __future__ import annotations

import re
from itertools import groupby, pairwise
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

import pandas as pd

from ..chinese import HAN, STATEMENT_END
from ..facts import HALF_WIDTH
from .intervals import Interval, combine, interval, spell, step

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from typing import Any

COLUMNS = ("doc_id", "paragraph", "start", "end", "spans", "rule", "statement")
COLUMNS += ("implied", "low", "high", "unit", "stated", "verdict")
VERDICTS = ("agrees", "contradicts", "derived")
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


class _Q(NamedTuple):
    """A quantity as rules see it: its row, its words, and its interval where it is counted on or held against."""

    paragraph: int
    start: int
    end: int
    value: float
    unit: str
    item: str
    kind: str
    exact: bool
    written: str
    range: Interval
    said: Interval


def implied(quantities: pd.DataFrame, paragraphs: pd.DataFrame) -> pd.DataFrame:
    """What the numbers of each document imply, by the `RULES`, and whether what it says agrees.

    Parts need not be all, and a count elsewhere need not be the one that is meant: `parts`, `rate` and an average that
    is stated make a row only where the numbers fit; these never contradict, and their agreement was searched for.

    Parameters
    ----------
    quantities, paragraphs : DataFrame
        The tables of these names.

    Returns
    -------
    DataFrame
        Columns of `COLUMNS`. start and end take in the quantities of the paragraph named; spans lists all that were
        used, as paragraph:start-end. implied lies between low and high, in the base unit; stated is NaN where nothing
        is. verdict is agrees (the interval of what is implied meets that of what is stated, which may be rounded or cut
        off), contradicts, or derived. Where a bound is given (超, 以上), only a contradiction makes a row.
    """
    keys = zip(paragraphs["doc_id"], paragraphs["paragraph"], strict=True)
    about = dict(zip(keys, zip(paragraphs["unit"], paragraphs["text"], strict=True), strict=True))
    table = quantities[quantities["unit"] != "位"].sort_values(["doc_id", "paragraph", "start"], kind="stable")
    rows = [(doc_id, *row) for (doc_id, n), (_, text) in about.items() for row in _structure(text, n)]
    for doc_id, of in groupby(table.to_dict("records"), key=itemgetter("doc_id")):
        units: dict[str, list[tuple[str, _Q]]] = {}
        for paragraph, part in groupby(of, key=itemgetter("paragraph")):
            unit, text = about[doc_id, paragraph]
            text = text.translate(HALF_WIDTH)
            qs = [_read(row, text) for row in part]
            units.setdefault(unit, []).extend((text, q) for q in qs)
            ends = [m.end() for m in STATEMENT_END.finditer(text)]
            for _, sentence in groupby(qs, key=lambda q, ends=ends: sum(e <= q.start for e in ends)):  # type: ignore[misc]
                sentence = list(sentence)
                gaps = [text[a.end : b.start] for a, b in pairwise(sentence)]
                for i in range(len(gaps)):
                    rows += [(doc_id, *row) for row in _joined(text, sentence, gaps, i)]
        for pairs in units.values():
            rows += [(doc_id, *row) for row in [*_averages(pairs), *_rates(pairs)]]
    table = pd.DataFrame(rows, columns=COLUMNS).astype({"stated": float})
    return table.sort_values(["doc_id", "paragraph", "start"], kind="stable", ignore_index=True)


def checks(table: pd.DataFrame) -> pd.DataFrame:
    """How many rows of `implied` agree, contradict and are derived, by rule; a row each of `RULES`, in their order."""
    counts = pd.crosstab(table["rule"], table["verdict"])
    return counts.reindex(index=list(RULES), columns=list(VERDICTS), fill_value=0).rename_axis(None, axis=1)


def _read(row: Mapping[str, Any], text: str) -> _Q:
    written = text[row["start"] : row["end"]]
    digit = step(written if row["unit"] == "比例" else row["number"], row["unit"])
    given = (row["value"], digit, row["qualifier"], row["upper"])
    exact = not row["qualifier"] and pd.isna(row["upper"])
    fields = {c: row[c] for c in ("paragraph", "start", "end", "value", "unit", "item", "kind")}
    range_, said = interval(*given), interval(*given, slack=1.0)
    return _Q(**fields, exact=exact, written=written, range=range_, said=said)


def _check(
    rule: str, used: Sequence[_Q], words: str, function: Callable[..., float], unit: str, stated: _Q | None = None
) -> Iterator[tuple[Any, ...]]:
    """A row, or none: what `function` makes of the quantities used, held against what is stated."""
    range_ = combine(function, [q.range for q in used])
    if range_ is None or (stated is None and not all(q.exact for q in used)):
        return
    value = function(*(q.value for q in used))
    words += f" is {spell(value, unit)}"
    if stated is None:
        verdict = "derived"
        if range_.high - range_.low > 0.01 * abs(value):
            words += f" ({spell(range_.low, unit)} to {spell(range_.high, unit)})"
    else:
        verdict = "agrees" if range_.meets(stated.said) else "contradicts"
        if verdict == "agrees" and not (range_.bounded() and stated.said.bounded()):
            return  # a bound is met by nearly everything
        words += f"; the text says {stated.written}"
        used = [*used, stated]
    here = [q for q in used if q.paragraph == used[-1].paragraph]
    spans = " ".join(f"{q.paragraph}:{q.start}-{q.end}" for q in used)
    place = (used[-1].paragraph, min(q.start for q in here), max(q.end for q in here), spans)
    figures = (float(f"{x:.6g}") for x in (value, *range_))
    yield (*place, rule, words, *figures, unit, None if stated is None else stated.value, verdict)


def _joined(text: str, of: Sequence[_Q], gaps: Sequence[str], i: int) -> Iterator[tuple[Any, ...]]:
    """Rows of all rules that begin with the i-th quantity of a sentence, by the words up to the next."""
    q, b, gap = of[i], of[i + 1], gaps[i]
    after, c = (gaps[i + 1], of[i + 2]) if i + 2 < len(of) else ("", None)
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
    said, gap_ = (c, after) if grows and c else (b, gap)  # 其中税收80亿元、增长5%，占比60%
    if counted and said.unit == "比例" and (share := _SHARE.fullmatch(gap_)):
        yield from _share(text, of[: i + 1], said, share[1] or "")
    if counted and q.unit == b.unit and _OF_WHICH.search(gap):
        parts = of[i + 1 : i + 8]
        if len(of) - i - 1 == len(parts) > 1 and all(p.unit == q.unit and len(p.written) > 1 for p in parts):
            total = combine(lambda *v: sum(v), [p.range for p in parts])
            if total and total.meets(q.range):  # parts may overlap, or not be all
                yield from _check("parts", parts, " + ".join(p.written for p in parts), lambda *v: sum(v), q.unit, q)
    worth = q.unit in ("个", "项") and b.unit == "元" and q.value > 1 and _WORTH.fullmatch(gap)
    if worth and text[b.end : b.end + 1] != "的" and not (i and len(gaps[i - 1]) < 6):  # of what follows, of several
        yield from _check("average", [b, q], f"{b.written} over {q.written}", lambda a, n: a / n, "元")


def _change(a: _Q, b: _Q, way: re.Match[str], c: _Q | None, real: bool) -> Iterator[tuple[Any, ...]]:
    """Two levels and the change between them, stated or not."""
    sign, words, unit = 1 if way[1] else -1, f"from {a.written} to {b.written}", c.unit if c else ""
    if unit in ("比例", "倍") and a.unit != "比例":
        double = combine(lambda x, y: y / x, [a.range, b.range])  # 增长3倍 is read so, too
        if not real and not (unit == "倍" and c and double and double.meets(c.said)):
            yield from _check("change", [a, b], words, lambda x, y: sign * (y / x - 1), unit, c)
    elif unit == "百分点" and a.unit == "比例":
        yield from _check("change", [a, b], words, lambda x, y: sign * 100 * (y - x), unit, c)
    elif unit == a.unit not in _RELATIVE:
        yield from _check("change", [a, b], words, lambda x, y: sign * (y - x), unit, c)
    elif a.unit == "比例":
        yield from _check("change", [a, b], words, lambda x, y: 100 * (y - x), "百分点")
    elif a.unit not in _RELATIVE:
        yield from _check("change", [a, b], words, lambda x, y: y / x - 1, "比例")


def _share(text: str, of: Sequence[_Q], share: _Q, target: str) -> Iterator[tuple[Any, ...]]:
    """A part, the last of `of`, and its share: of a whole before it, or to find the whole."""
    part, whole = of[-1], next((q for q in reversed(of[:-1]) if q.unit == of[-1].unit), None)
    joined = whole is not None and _OF_WHICH.search(text[whole.end : part.start])
    if whole and joined and (target[:1] in "总全" or target[-2:] in text[max(0, whole.start - 20) : whole.end + 8]):
        yield from _check(
            "share", [part, whole], f"{part.written} of {whole.written}", lambda a, b: a / b, "比例", share
        )
    elif target and share.value > 0 and not (len(of) > 1 and _LISTED.fullmatch(text[of[-2].end : part.start])):
        words = f"{part.written} at {share.written} of {target}: the whole"
        yield from _check("base", [part, share], words, lambda a, r: a / r, part.unit)


def _structure(text: str, paragraph: int) -> Iterator[tuple[Any, ...]]:
    """Three shares after words for three industries."""
    text = text.translate(HALF_WIDTH).replace("∶", ":")
    for m in _RATIO.finditer(text):
        if _THREE.search(STATEMENT_END.split(text[max(0, m.start() - 30) : m.start()])[-1]):
            shares = m[0].split(":")
            total, slack = sum(map(float, shares)), sum(0.5 * 10.0 ** -len(s.partition(".")[2]) for s in shares)
            verdict = "agrees" if abs(total - 100) <= slack + 1e-9 else "contradicts"
            words = f"{' + '.join(shares)} is {total:.4g}; shares of a whole add up to 100"
            figures = (round(x, 6) for x in (total, total - slack, total + slack))
            yield (
                paragraph,
                *m.span(),
                f"{paragraph}:{m.start()}-{m.end()}",
                "structure",
                words,
                *figures,
                "",
                100.0,
                verdict,
            )


def _averages(pairs: Sequence[tuple[str, _Q]]) -> Iterator[tuple[Any, ...]]:
    """An amount with its average for each (村均): over a count of these, anywhere in the document, or its sub-unit."""
    for (_, total), (text, mean) in pairwise(pairs):
        near = total.paragraph == mean.paragraph and mean.start - total.end <= 14 and total.unit == mean.unit
        if not near or mean.unit in _RELATIVE or not total.exact or not mean.exact or total.value <= mean.value:
            continue
        each = _EACH.search(text[total.end : mean.start])
        of = each and (each[1] or each[2])
        ratio = combine(lambda a, b: a / b, [total.range, mean.range])
        if not of or not ratio:
            continue
        for _, n in pairs:
            if n.unit in _COUNTS and n.exact and n.value >= 10 and of in n.item and n.range.meets(ratio):
                words = f"{total.written} over {n.written}{of}"
                yield from _check("average", [total, n], words, lambda a, n: a / n, mean.unit, mean)
                break


def _rates(pairs: Sequence[tuple[str, _Q]]) -> Iterator[tuple[Any, ...]]:
    """So much for each (每个村3000元), times a count of these, is an amount for the same purpose near it."""
    for text, rate in pairs:
        clause = text[max(0, rate.start - 24) : rate.start]
        each = _PER.search(clause)
        if not each or rate.unit != "元" or not rate.exact or "。" in clause[each.end() :]:
            continue
        purpose = {clause[k : k + 2] for k in range(each.end(), len(clause) - 1)} - _VAGUE
        purpose = [w for w in purpose if _PURPOSE.fullmatch(w)]
        for _, total in pairs:
            near = 0 <= total.paragraph - rate.paragraph <= 2 and total.unit == "元" and total.exact
            figures = re.sub(r"\D", "", total.written).strip("0")
            if (
                not near
                or len(figures) < 3
                or total.value < 10 * rate.value
                or not any(w in total.item for w in purpose)
            ):
                continue
            for _, n in pairs:
                made = combine(lambda r, m: r * m, [rate.range, n.range])
                if (
                    n.unit in _COUNTS
                    and n.exact
                    and n.value >= 10
                    and each[1] in n.item
                    and made
                    and made.meets(total.range)
                ):
                    words = f"{rate.written} for each of {n.written}"
                    yield from _check("rate", [rate, n], words, lambda r, m: r * m, "元", total)
                    break
