"""Quantities of a document: every number with a unit that counts or measures something, and what is said of it.

The grammar goes from left to right: numbers with their measure words (`numerals`, resources/units.tsv), then what of
these counts nothing (ordinals, dates, slogans, names), then what stands around them (`statements`, `counted`). Words
that it goes by are in resources/quantity-words.tsv. Nothing here looks further than a sentence's clauses, so that the
time it takes grows with the length of the text.
"""

import functools
import re
from itertools import pairwise

from .counted import name_items
from .numerals import DIGITS, FOLDED, NUMBER, POWERS, read
from .statements import Setting, judge
from .wording import units, words

COLUMNS = ("paragraph", "start", "end", "number", "value", "upper", "unit")
COLUMNS += ("item", "scope", "kind", "qualifier", "period", "year")
UNREAD = ("byline", "noise")


@functools.cache
def _candidate():
    tail = "(?P<after>多(?![种样元层方面渠次边维点]))?"
    return re.compile(f"(?P<num>{NUMBER.pattern})(?:(?P<more>[多余来]?) ?(?P<unit>{units()[1]}){tail})?")


class Found:
    """A number found: where it stands (with its unit), what it says, and what is learnt of it on the way."""

    __slots__ = ("after", "before", "cls", "clause", "end", "item", "kind", "more", "nend", "number", "period")
    __slots__ += ("qualifier", "scope", "sentence", "start", "unit", "upper", "value", "vague", "year", "tail", "base", "rank")

    def __init__(self, start, end, nend, number, value, upper, unit, cls, vague):
        self.start, self.end, self.nend, self.number = start, end, nend, number
        self.value, self.upper, self.unit, self.cls, self.vague = value, upper, unit, cls, vague
        self.qualifier = self.item = self.scope = self.period = ""
        self.kind, self.year, self.base, self.rank = "actual", None, "", False


_FOLDED = {**FOLDED, **str.maketrans(";:!?()", "；：！？（）")}
_FOLDED |= {full: ord(mark) for full, mark in ((ord(m), m) for m in "；：！？（）")}
_COMMA = re.compile(r"(?<!\d),|,(?!\d{3}(?!\d))")  # of the ASCII ones, those between digits may stay
_THOUSANDS = re.compile(r"(?<=(?<!\d)\d)，(?=\d{3}(?!\d))|(?<=(?<!\d)\d\d)，(?=\d{3}(?!\d))|(?<=(?<!\d)\d\d\d)，(?=\d{3}(?!\d))")
_QUOTED = re.compile(r"“[^“”，。；]{1,24}”|‘[^‘’，。；]{1,24}’|\"[^\"，。；]{1,24}\"|「[^「」，。；]{1,24}」|《[^《》]{1,80}》|〔[^〔〕]{1,12}〕")
_SENTENCE = re.compile("[。！？；\n]|$")
_LETTER = re.compile("[A-Za-z]")
_SMALL = re.compile("[一两二三四五六七八九十]{1,2}$")
_BARE = re.compile("[十百千万亿]+$")
_YEAR = re.compile(r"(?:[12]\d{3}|[一二][零〇一二三四五六七八九]{3}|[一二]九[零〇一二三四五六七八九]{2}|\d{2}|[零〇一二三四五六七八九]{2})$")
_SPAN_BEFORE = re.compile("(?:过去|今后|未来|前|后|近|最近|这|头|首|每|上|下|当|同|本|该|去|今|明|全|哪|那|多|几|至|往|连|若干|第|学)的?$")
_SPAN_AFTER = re.compile(
    "(?:多?来|多?以来|多?间|内|多?中(?!期)|里|期(?!限)|后|前|之[内后前间中]|的?时间里|之久|计划|规划|行动|攻坚|目标|"
    "[^，。；、的]{0,8}(?:行动|计划|规划|攻坚|倍增|方案|提升工程))"
)
_LASTING = re.compile("(?:连续|已|历时|长达|为期|至少|不少于|满|超过|达|快|用|提前|缩短|延长|持续|坚持|仅|第)的?$")


def fold(text):
    """The text with full-width forms as ASCII and marks of clauses as Chinese ones, character for character."""
    text = text.translate(_FOLDED)
    if "," in text:
        text = _COMMA.sub("，", text)
    return _THOUSANDS.sub(",", text)


def _masked(text):
    """Spans in which no number counts: titles, and quoted names without a clause of their own."""
    return [m.span() for m in _QUOTED.finditer(text)]


@functools.cache
def _compiled():
    w = words()
    near = {role: re.compile(f"(?:{w[role]})(?:了|到|在|到了|为|达|达到)?$") for role in ("atleast", "atmost", "above", "about", "below")}
    behind = {role: re.compile(w[f"after_{role}"]) for role in ("atleast", "atmost", "about", "above")}
    return {
        "near": near,
        "behind": behind,
        "never": re.compile(w["never"]),
        "rhetoric": re.compile(f"(?:[^，。；、：“”‘’0-9]{{0,6}}?)(?:{w['rhetoric']})(?=$|[，。；、：！？“”‘’（）的上和与及]|是)"),
        "rank": re.compile(f"(?:{w['rank']})[^，。；]{{0,12}}$"),
    }


_SESSION = re.compile("(?:[、和]?[一二三四五六七八九十]次)*(?:会议|全会|全体|代表大会)")
_EVERY = re.compile("(?:每|各|均|至少|不少于|不低于)[^，。；、]{0,10}$")
_ONCE_BEFORE = re.compile("(?:[每年月季周度天]|进行|组织|开展|召开|举办|举行|轮训|走访|回访|集中|至少|不少于|利用|接受|参加|安排|听取|研究|检查|完成|调度|评估|体检|全部|普遍)[^，。；每某任这那第另首]{0,10}$")
_ONCE_NEVER = re.compile("(?:[再又第另每有这那某任哪唯首同上下前后新最末这]|任何|最后|唯一)$")
_APPROX = re.compile("(?:近|上|超|逾|约|过|达|破|达到|超过|突破|接近|迈上|高达|将近|成|几|万|跨越|跨入|新增减税降费超)$")


def _is_none(text, m, value, unit, cls):
    """Whether a number with a unit counts nothing, by what it is and what stands around it."""
    start, nend, end = m.start(), m.end("num"), m.end()
    number, before = m["num"], text[max(0, start - 12) : start]
    last, following = before[-1:], text[end : end + 14]
    rules = _compiled()
    if last in ("第", "届") or rules["never"].match(text, start):
        return True
    if unit == "次" and not number[0].isdigit() and _SESSION.match(following):
        return "全会" in following or bool(re.search("届[^，。；]{0,8}$", before))
    if number == "二" and cls in ("thing", "people", "event"):
        return True  # 两 counts, 二 orders
    if unit in ("方", "里", "口", "眼", "棵") and _SMALL.match(number) and not re.match("[，。；、多以]|$", following):
        return True
    if unit == "期" and _SMALL.match(number):
        return not re.search("(?:举办|共|办|开办|培训|完成)$", before)
    if cls == "fold" and _BARE.match(number):
        return True
    if cls in ("ratio", "point", "fold"):
        return unit == "比例" and m["unit"] == "成" and not (number[0] in DIGITS and len(number) <= 2 and value < 10)
    if cls == "span" and unit == "年":
        if _YEAR.match(number) and (len(number) == 4 or len(number) == 2 and (number[0] in "09零〇" or last in "、和至到-" and last)):
            return True
        if len(number) == 4 and number.isdigit() and 1000 <= value < 3000:
            return True
        if number == "一" and not re.search("(?:至少|不少于|满|为期|不低于|不超过|提前|缩短)$", before):
            return True
        if _LASTING.search(before):
            return bool(re.match("(?:计划|规划|行动)", following))
        if _BARE.match(number) or last == "近" and not re.match("了|的历史", following):
            return True
        if _SPAN_BEFORE.search(before) or _SPAN_AFTER.match(following) or last == "年":
            return True
        if m["after"]:
            return bool(re.match("来|以来|间", following))
        if re.match("以[上下]|左右|以内|的?历史|之久", following):
            return False
        return not (number[0].isdigit() and re.match("[，。；、）的]|$", following))
    if unit == "岁":
        return not re.search("(?:年龄|寿命|平均|达|达到|到|为|提高)[^，。；]{0,3}$", before) and not re.match("提高|上升|增", following)
    if cls == "span" and re.match("[^，。；、0-9]{0,8}圈|达|(?:内)?(?:可|直)达", following) and not re.search("压缩|缩短|缩减", before):
        return True
    if cls == "money" and number in ("一", "二", "多", "两", "三"):
        return True
    if cls == "noun" and (_SMALL.match(number) and value <= 12 or _BARE.match(number)):
        return True
    if _BARE.match(number) and "十" not in number:
        if not (_APPROX.search(before) or m["more"] or (cls == "money" and re.match("以上|级|以下", following))):
            return True
        return cls == "money" and len(number) == 1 and not (_APPROX.search(before) or m["more"])
    if number == "一":
        if _ONCE_NEVER.search(before) or re.search("一天(?:接着)?$", before) or following.startswith("一天"):
            return True
        if cls in ("event", "span"):
            return not _ONCE_BEFORE.search(before) or following[:1] in ("个",)
        if cls in ("length", "area", "amount"):
            return not _EVERY.search(before)
        return not (cls in ("thing", "people") and re.search("[每]([^，。；、]{0,8})$", before) and unit not in ("批", "类", "种", "代", "对", "双", "条", "件"))
    if _SMALL.match(number) and cls in ("thing", "people", "event"):
        if following[:1] in "“‘\"《（" and following:
            return True
        if last in "这那哪此前后头上下每本该第首" and last:
            return True
        return bool(rules["rhetoric"].match(text, end))
    if cls in ("thing", "people") and following.startswith("方面") and (_SMALL.match(number) or end + 2 == len(text) or text[end + 2] in "，。；：、"):
        return True
    return False


def _qualifier(text, m, lasting):
    """How exactly a number holds, by the words before it and behind it."""
    rules = _compiled()
    if m["more"] and m["more"] in "多余来" or m["after"]:
        return "~" if m["more"] == "来" else ">"
    for role, sign in (("atleast", ">="), ("atmost", "<="), ("about", "~"), ("above", ">")):
        if rules["behind"][role].match(text, m.end()):
            return sign
    before = text[max(0, m.start() - 8) : m.start()]
    for role, sign in (("atleast", ">="), ("atmost", "<="), ("below", "<"), ("above", ">"), ("about", "~")):
        if rules["near"][role].search(before):
            return sign
    return ""


_BETWEEN = re.compile("(?:-{1,2}|~|至|到)$")
_SHARED = re.compile("[、和与或及]$")
_PAIRED = re.compile("(?:由|从)[^，。；]{0,16}$")
_COUNTED_IN = re.compile(
    "(?P<events>人次)|(?P<people>人口|人数|参保|职工|人员|就业|劳动力)|"
    "(?P<money>报酬|收入|工资|资金|经费|投资|补贴|补助|奖金|基金|产值|支出|贷款|存款|待遇|税)"
)


def _found(text):
    """The quantities of a folded text, in order; ranges joined, units shared along lists."""
    known, masks = units()[0], _masked(text)
    rules = _compiled()
    out, pending, at = [], [], 0
    for m in _candidate().finditer(text):
        start, end = m.span()
        while at < len(masks) and masks[at][1] <= start:
            at += 1
        masked = at < len(masks) and masks[at][0] <= start
        number = read(m["num"])
        if number is None or masked:
            pending.clear()
            continue
        unit, cls = known.get(m["unit"], (None, None))
        if unit is None and ("分之" in m["num"] or "/" in m["num"]):
            unit, cls = "比例", "ratio"
        value, upper = number.value, number.upper
        if cls == "ratio" and m["unit"]:
            by = {"‰": 1000, "成": 10}.get(m["unit"], 100)
            value, upper = _share(value, by), None if upper is None else _share(upper, by)
        here = Found(start, end, m.end("num"), m["num"], value, upper, unit, cls, number.vague)
        here.qualifier = _qualifier(text, m, None)
        if here.vague and here.qualifier in ("", "~"):
            here.qualifier = ">"
        if (previous := pending[-1] if pending else None) is not None:
            between = text[previous.end : start]
            if _BETWEEN.fullmatch(between) and previous.upper is None and upper is None and _joins(text, previous, here):
                pending.pop()
                if previous in out:
                    out.remove(previous)
                low = previous.value
                if previous.unit is None and cls in ("ratio",) and previous.value > 1:
                    low = _share(previous.value, 100)
                if previous.unit is None and (powers := _powers(here.number)) and not _powers(previous.number):
                    low *= powers
                here.start, here.value, here.upper = previous.start, low, value
                here.qualifier = here.qualifier or previous.qualifier
                here.number = text[here.start : here.nend]
                start = here.start
        if unit is None:
            if _ranked(text, m, rules):
                here.unit, here.cls, here.rank = "位", "rank", True
                here.qualifier = ""
                out.append(here)
                pending.clear()
            elif m["num"][-1] in "万亿" and not _BARE.match(m["num"]) and text[end : end + 1] in "，。；、" and _in_words(text, start, here):
                out.append(here)
                pending = [here]
            else:
                pending = [*pending[-3:], here] if text[end : end + 1] in "、和与或至到-~" else []
            continue
        if _is_none(text, m, value, unit, cls) and not (here.upper is not None and cls != "span"):
            if text[m.start() - 1 : m.start()] == "第" and cls == "people" and _ranked(text, m, rules):
                here.unit, here.cls, here.rank = "位", "rank", True
                out.append(here)
            pending.clear()
            continue
        if here.upper is not None and cls == "span" and unit == "年" and here.upper >= 1000:
            pending.clear()
            continue
        run, follower = [], here
        for earlier in reversed(pending):
            if earlier.unit is None and _SHARED.fullmatch(text[earlier.end : follower.start]) and not earlier.vague:
                run.append(earlier)
                follower = earlier
            else:
                break
        for earlier in reversed(run):
            if cls == "ratio" and earlier.value <= 1:
                continue
            earlier.unit, earlier.cls, earlier.qualifier = unit, cls, earlier.qualifier or here.qualifier
            if cls == "ratio":
                earlier.value = _share(earlier.value, 100)
            out.append(earlier)
        out.append(here)
        pending = [here]
    return out


def _share(value, by):
    return float(f"{value / by:.12g}")


def _powers(number):
    out = 1
    for c in reversed(number):
        if c not in POWERS:
            break
        out *= POWERS[c]
    return out


def _joins(text, low, high):
    """Whether two numbers, one sign apart, are the ends of one range rather than what was and what is."""
    if low.unit is not None and low.unit != high.unit:
        return False
    if low.unit is not None and _PAIRED.search(text[max(0, low.start - 20) : low.start]):
        return False
    if _PAIRED.search(text[max(0, low.start - 6) : low.start]):
        return False
    low_value = low.value * (_powers(high.number) if low.unit is None else 1)
    return high.unit is not None and (low.unit is None or low.value < high.value) and (low_value < high.value * 100 + 1)


def _ranked(text, m, rules):
    """Whether a number is somebody's place in a ranking: 居全省第4位, 跃居全国第二."""
    start, end = m.start(), m.end()
    if text[start - 1 : start] != "第" or end < len(text) and text[end] not in "，。；、：！？（）和":
        return False
    if m["unit"] not in (None, "位", "名"):
        return False
    before = text[max(0, start - 16) : start - 1]
    return bool(rules["rank"].search(before) or re.search("(?:全[国省区市球县]|世界|城市|同类)[^，。；]{0,2}$", before))


def _in_words(text, start, here):
    """A number that ends in 万 or 亿 and stands without a unit, its unit being said before: 报酬分别达到2万、3.7万."""
    before = text[max(0, start - 40) : start].rpartition("。")[2]
    said = [m.lastgroup for m in _COUNTED_IN.finditer(before)]
    if not said:
        return False
    here.unit, here.cls = {"events": ("人次", "event"), "people": ("人", "people"), "money": ("元", "money")}[said[-1]]
    return True


def _bounds(text, found):
    """Sets the sentence and the clause of each quantity, as spans."""
    stops = [m.start() for m in _SENTENCE.finditer(text)]
    commas = [m.start() for m in re.finditer("[，：]", text)]
    at = left = 0
    begin = begin_clause = 0
    for q in found:
        while stops[at] < q.start:
            begin, at = stops[at] + 1, at + 1
        while left < len(commas) and commas[left] < q.start:
            begin_clause, left = commas[left] + 1, left + 1
        stop = stops[at]
        q.sentence = (begin, stop)
        q.clause = (max(begin, begin_clause), min(stop, commas[left]) if left < len(commas) else stop)


def _spread(text, found):
    """Bounds said once for a list hold for all of it: 不低于600平方米和200平方米; 200平方米、400平方米以上的目标."""
    for a, b in pairwise(found):
        if a.unit == b.unit and a.qualifier and not b.qualifier and a.qualifier in (">=", "<=") and _SHARED.fullmatch(text[a.end : b.start]):
            b.qualifier = a.qualifier
    for a, b in zip(found[-2::-1], found[:0:-1], strict=True):
        if a.unit == b.unit and b.qualifier and not a.qualifier and a.sentence == b.sentence and re.match("以[上下]的?(?:目标|标准|要求|比例|水平)", text[b.end : b.end + 6]) and re.fullmatch("、[^，；]{0,14}", text[a.end : b.start]):
            a.qualifier = b.qualifier


def quantities(paragraphs, year=None, place="", date=""):
    """The quantities of one document.

    Parameters
    ----------
    paragraphs : DataFrame, or sequence of mappings or named tuples
        Rows of the table of paragraphs, in order: paragraph, kind, section, unit, text.
    year : int, optional
        The document's year; without one, a quantity has a year only where the text says it.
    place : str
        Whom the document is about: what is reported of nobody else is reported of it.
    date : str
        The document's date, as far as it is known (2014-12-29): what a report of the year's end plans is for the next.

    Returns
    -------
    list of dict
        One a quantity, in order of the text, with the keys of `COLUMNS`; start and end count code points of the text
        of the paragraph, half-open, from the number to its unit.
    """
    setting = Setting(year, place, date)
    out = []
    rows = _rows(paragraphs)
    folded = [fold(text) for *_, text in rows]
    setting.survey(rows, folded)
    for (number, kind, section, unit, _), text in zip(rows, folded, strict=True):
        setting.enter(kind, section, unit, text)
        if kind in UNREAD:
            continue
        found = _found(text)
        if not found:
            continue
        _bounds(text, found)
        _spread(text, found)
        name_items(text, found)
        judge(text, found, setting)
        for q in found:
            out.append(
                {
                    "paragraph": number, "start": q.start, "end": q.end, "number": q.number, "value": q.value,
                    "upper": q.upper, "unit": q.unit, "item": q.item, "scope": q.scope, "kind": q.kind,
                    "qualifier": q.qualifier, "period": q.period, "year": q.year,
                }
            )  # fmt: skip
    return out


def _rows(paragraphs):
    """(paragraph, kind, section, unit, text) of each row of what was given."""
    names = ("paragraph", "kind", "section", "unit", "text")
    if hasattr(paragraphs, "columns"):
        return list(zip(*(paragraphs[name].tolist() for name in names), strict=True))
    return [tuple(row[n] if isinstance(row, dict) else getattr(row, n) for n in names) for row in paragraphs]
