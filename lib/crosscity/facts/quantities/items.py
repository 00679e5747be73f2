"""What a quantity counts, as a short noun phrase taken from the words around it.

The words before a number, back to the clause's beginning or the quantity before it, and the noun behind it, give the
phrase. What a sentence says once is carried along in it: the subject of a list, the shares that 分别 deals out, the
group that later numbers are part of.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from ...chinese import HAN
from .phrases import NEAR, behind, clause_between, patterns, phrase, subject_before, trim_left, trim_right

if TYPE_CHECKING:
    from .mentions import Found

_LIST = re.compile("(?:以[上下]|左右)?[、和与及]")
_NEXT = re.compile("[^，。；、和与及]{0,3}[、和与及]")
_FIGURES = re.compile("[0-9.]+[余多]?[十百千万亿]*[余多]?[个名家户项件次条人位元%所处]?")
_PLACED = re.compile(
    "(?:跃居|位居|位列|跃升|升至|排名|荣获|获得|[居列排获是为])*(全[国省市区县球州]|世界|[东中西]部|同类)[^，。；、]{0,4}第?$"
)
_MONEY = re.compile("年?(?:[^年每个村的、]{0,4})(?:经费|报酬|收入|资金|补贴|补助|工资|奖金|支出|投资|贷款|余额|产值)$")
_PER = re.compile("([村户人年月])(?:均|平均)(?:达到|达|为|只有|仅|仅为|增加|约|近|超)*$")
_ONLY_CHANGE = re.compile("(?:增长|增加|提高|下降|减少|上升|降|升)?")
_NOBODY = re.compile("(?:人均|同比|平均|年均|比上年)?")
_GROUP = re.compile("[^，。；、]{0,14}中(?:，|[^，。；]{0,12}[占有])")
_SHARE_OF = re.compile("占(?!比)([^，。；、]{1,12}?)的?(?:比重|比例)?(?:超过|超|达到|达|为|约|近|的)*$")
_RATES = ("率", "比例", "比重", "度", "占比", "感", "增速", "幅")
_GROWN = ("增长", "增", "增速", "涨", "上涨", "增幅", "增加")
_EVENTS = {"人次": "人次", "场次": "场次", "场": "场次", "期": "期数", "遍": "遍数"}
_SPANS = {"年": "年数", "天": "天数", "岁": ""}
_STAGE = re.compile("[新续]?(?:开工|竣工|投产|完工|续建|建成|落地|签约|在建|投用)|完成投资")
_DONE = re.compile("(?:实施|推进|安排|谋划|新|续)?(?:开工|建设|推进)?")
_RELATIVE = ("ratio", "fold", "point")
_COUNTS = ("thing", "people", "noun", "event")


class _Context(NamedTuple):
    """What a quantity's item is made of.

    `raw` is the text before it, `before` the phrase in that, `noun` the one behind it, `said` what follows the noun,
    `carried` the phrase of the quantity before in the sentence.
    """

    raw: str
    before: str
    noun: str
    said: str
    carried: str


class _Memory:
    """What a sentence has said for the quantities to come."""

    def __init__(self) -> None:
        self.group, self.frame, self.purse = "", "", ""


def name_items(text: str, found: list[Found]) -> None:
    """Sets the item of each quantity of one paragraph, and the phrase it is made of.

    Parameters
    ----------
    text : str
        Folded.
    found : list of measures.Found
        Of this text, in order.
    """
    memory, previous, used, dealt = _Memory(), None, 0, []
    for i, q in enumerate(found):
        if previous is None or previous.sentence != q.sentence:
            memory, previous = _Memory(), None
        raw = _left_side(text, q, previous, used)
        noun, said, used = _right_side(text, q, found[i + 1] if i + 1 < len(found) else None)
        context = _Context(raw, phrase(raw), noun, said, previous.base if previous else "")
        if previous is None or not _LIST.fullmatch(text[previous.end : q.start]):
            dealt = _deal(text, raw, found, i)
        if dealt:
            q.base, q.item = _dealt_item(q, dealt.pop(0))
        elif q.cls in _RELATIVE:
            q.base, q.item = _share(text, q, context, memory)
        else:
            q.base, q.item = _amount(text, q, context, previous, memory)
        if not q.item:
            q.base = q.item = context.before or noun or q.unit or ""
        if noun and _GROUP.match(text, q.end):
            memory.group = noun
        previous = q


def _left_side(text: str, q: Found, previous: Found | None, used: int) -> str:
    """The text before a quantity, as far as it can say what is counted."""
    left = max(q.clause[0], q.start - NEAR)
    if previous is not None and previous.end > left:
        opened = text.rfind("（", max(q.clause[0], previous.start - NEAR), previous.start)
        if opened >= 0 and (close := text.find("）", previous.end, q.start)) >= 0:  # it stands in brackets
            return text[max(q.clause[0], opened - NEAR) : opened] + text[close + 1 : q.start]
        left = max(used, previous.end)
        threshold = previous.cls not in _COUNTS and re.match("以[上下]|级(?!别)", text[previous.end : q.start])
        if threshold and previous.clause[0] <= previous.start:
            left = previous.start  # a threshold is part of the phrase: 10亿元以上项目25个
    return text[left : q.start].lstrip("，、；：和及左右").rpartition("，")[2]


def _right_side(text: str, q: Found, following: Found | None) -> tuple[str, str, int]:
    right = min(q.clause[1], q.end + NEAR)
    shared = following.start if following is not None and following.start < right else None
    if shared is not None:
        right = shared
        cut = text.rfind("、", q.end, right)
        if cut == q.end or (cut > q.end and not patterns()["predicate"].search(text[cut + 1 : right])):
            right = cut
    noun, said, used = behind(text, q.end, right)
    if shared is not None and used + len(said) >= right == shared:
        if not said and len(noun) > 3:
            noun, used = trim_right(noun), q.end  # it says what the number that follows is of, too
        said = ""  # it belongs to the number that follows
    return noun, said, used


def _deal(text: str, raw: str, found: list[Found], i: int) -> list[str]:
    """What each number of a list after 分别 is of: parts of the subject, or the quantities just before."""
    find = patterns()
    again = find["grown"].search(raw) and (find["than"].fullmatch(raw) or find["grown"].fullmatch(raw))
    if "分别" not in raw and not again:
        return []
    count = 1
    for a, b in zip(found[i:], found[i + 1 :], strict=False):
        if a.cls != b.cls or not _NEXT.fullmatch(text[a.end : b.start]):
            break
        count += 1
    if count < 2:
        return []
    subject, _, tail = raw.rpartition("分别")
    subject = trim_left(trim_right(subject))
    tail = find["above"].sub("", trim_right(tail))
    subject = "" if _NOBODY.fullmatch(subject) else subject
    if parts := _parts(subject, count):
        return [part if tail in part else part + tail for part in parts]
    earlier = [q for q in found[max(0, i - count) : i] if q.sentence == found[i].sentence]
    return [q.base + tail for q in earlier] if len(earlier) == count and not subject else []


def _parts(subject: str, count: int) -> list[str]:
    """The subject of 分别, in as many parts as there are numbers: 主职、副职年平均报酬 gives each the common end."""
    parts = [part for part in re.split("[、和与及]", subject) if part]
    if len(parts) != count:
        return []
    first, middle, last = parts[0], parts[-2], parts[-1]
    end = last[len(middle) :] if count > 2 or len(last) > len(middle) else ""
    if (len(end) > 1 or end in "量率数额值") and end and not first.endswith(last[-1]):
        parts = [part + end for part in parts[:-1]] + [last]
    if count > 2 and len(first) > len(middle):  # 财政用于科技、教育、卫生的支出
        parts = parts[:1] + [first[: -len(middle)] + part for part in parts[1:]]
    return parts


def _dealt_item(q: Found, given: str) -> tuple[str, str]:
    if q.cls in ("ratio", "fold") and (m := patterns()["grown"].search(given)):
        base = given[: m.start()]
        return base, f"{base}{_verb(m)}率"
    return given, given + (_ending(q, given) if q.cls in _COUNTS else "")


def _amount(text: str, q: Found, context: _Context, previous: Found | None, memory: _Memory) -> tuple[str, str]:
    """The phrase and the item of what is no share."""
    raw, before, noun, said, carried = context
    find = patterns()
    if q.cls == "rank":
        if previous is not None and previous.cls == "rank" and raw.strip("、第") == "":
            return previous.base, previous.item  # 分别居第二、第七
        m = _PLACED.search(raw)
        base = phrase(raw[: m.start()] if m else raw) or carried
        return base, f"{base}{m[1] if m else ''}排名"
    grown = find["grown"].search(find["above"].sub("", raw))
    if grown and not (noun and q.cls in _COUNTS):
        if len(before) > 2 and not find["than"].match(before) and not find["grown"].fullmatch(before):
            return before, before + (_ending(q, before) if q.cls in _COUNTS else "")
        return carried, f"{carried}{grown['verb']}" + (_ending(q, carried) if q.cls in _COUNTS else "")
    if find["than"].match(before) or _ONLY_CHANGE.fullmatch(before):
        before = ""
    if not before and previous is not None:
        carried = clause_between(text, previous.end, q.clause[0]) or carried
    if m := _PER.search(raw):
        base = (trim_left(raw[: m.start()]) or carried or subject_before(text, q)).removesuffix("总额")
        return base, f"{base}{m[1]}均" if len(base) > 6 else f"{m[1]}均{base}"
    if carried and not noun and _STAGE.fullmatch(before):  # 实施项目100个，竣工50个，完成投资30亿元
        before = (
            f"{_DONE.sub('', carried, count=1)}{before}"
            if q.cls == "money"
            else f"{before}{_DONE.sub('', carried, count=1)}"
        )
        return carried, before + (_ending(q, before) if q.cls in _COUNTS else "")
    context = context._replace(before=before, carried=carried)
    if q.cls == "money":
        return _sum(text, q, context, memory)
    memory.purse = memory.purse if before else ""
    if q.cls == "event" or (q.unit in _SPANS and raw.endswith("连续")):
        return _times(text, q, context)
    if q.cls in ("length", "area", "amount", "span"):
        base = f"{before}{noun}" if 0 < len(before) <= 2 else before or (noun if len(noun) > 1 else "") or carried
        return base, base + _measure(q, base)
    if noun:
        memory.frame = before.removesuffix("了")
        verb = "" if re.search("[、和及]", memory.frame) else memory.frame
        name = f"{said}的{noun}" if 1 < len(said) <= 12 else f"{verb}{noun}"
        return noun if len(noun) > 1 else name, name + _ending(q, name)
    base = before or (memory.frame if text[q.start - 1 : q.start] not in "，、" else "") or carried
    if memory.group and before:
        trait = before.endswith(("学历", "程度", "以上", "以下"))
        base = f"{before}的{memory.group}" if trait else f"{memory.group}中的{before}"
    return before or base, base + _ending(q, base)


def _times(text: str, q: Found, context: _Context) -> tuple[str, str]:
    """What happens so many times, or for so many years: the rest of the clause says what."""
    stop = min(q.clause[1], q.end + NEAR) if re.match(f"[{HAN}“]", text[q.end : q.end + 1]) else q.end
    rest = re.split("[，。；！？]|、(?=[0-9一两三四五六七八九十])", text[q.end : stop], maxsplit=1)[0]
    rest = re.sub("^(?:以上|以下|左右|的)", "", _FIGURES.sub("", rest))
    rest = f"连续{rest}" if q.cls == "span" else rest
    base = context.before + rest if len(context.before) <= 8 or not rest else rest
    base = base or context.carried
    return base, base + (_ending(q, base) if q.cls == "event" else _SPANS.get(q.unit or "", ""))


def _measure(q: Found, base: str) -> str:
    """What a measure's phrase ends in, where it does not say so: 面积, 里程, 天数."""
    if q.cls == "area":
        return "" if "面积" in base else "面积"
    if q.unit == "公里":
        return "" if base.endswith(("里程", "长度", "距离")) else "里程"
    return "" if q.cls != "span" or base.endswith(("时长", "时间", "期限")) else _SPANS.get(q.unit or "", "时长")


def _ending(q: Found, base: str) -> str:
    if base.endswith(("数", "人次", "人口", "次数", "率", "量")):
        return ""
    if q.cls == "event":
        return _EVENTS.get(q.unit or "", "次数")
    if q.unit == "户" and not base.endswith("户"):
        return "户数"
    return "人数" if q.unit == "人" else "数"


def _verb(m: re.Match[str]) -> str:
    return "增长" if m["verb"] in _GROWN else m["verb"]


def _purpose(text: str, q: Found) -> str:
    """What money is for: the rest of the clause, or else one of the next clauses, without its numbers."""
    rest = re.split("[，。；！？]|、(?=[0-9])", text[q.end : min(q.clause[1], q.end + NEAR)], maxsplit=1)[0]
    rest = re.sub("^(?:以上|以下|左右)?(?:专项)?(?:资金|经费)?", "", rest)
    if len(rest) < 3:
        begin, rest = min(q.clause[1] + 1, q.sentence[1]), ""
        for clause in text[begin : min(q.sentence[1], begin + NEAR)].split("，")[:3]:
            said = trim_left(_FIGURES.sub("", clause))
            if len(said) > 4 and not re.search("[0-9][十百千万亿]*元", clause):
                rest = said
                break
    return re.sub("^(?:用于|用来|对|为|专项|专门|并|以)|进行|给予|实行|的", "", rest)[:22]


def _sum(text: str, q: Found, context: _Context, memory: _Memory) -> tuple[str, str]:
    """The phrase and the item of money: what it is, or what it is for where it is only said to be given."""
    _, before, noun, said, carried = context
    if patterns()["given"].match(before):
        memory.purse = re.sub("^(?:安排|列支|投入|拿出|设立|筹集|筹措)(?=..)", "", before)
        purpose = _purpose(text, q)
        ending = memory.purse if memory.purse.endswith(("资金", "党费")) else "资金"
        ending = next((f"{word}额" for word in ("投资", "筹资") if word in before), ending)
        return before, f"{purpose}{ending}" if len(purpose) > 2 else before
    full = f"{noun}{said}"
    if noun and re.match(f"以[上下]的?[{HAN}]", text[q.end : q.end + 4]):
        base = before if len(before) > 2 else f"{before}{noun}"
        return base, f"{base}门槛"
    if not before and noun and len(full) > 3 and memory.purse:
        return full, f"{full}的{'财政资金' if '财政' in memory.purse else '资金'}"
    if not before and carried and len(full) > 3:
        return carried, f"{full}的资金"
    if len(before) <= 2 and noun and not (carried and not before):
        return f"{before}{noun}", f"{before}{noun}"
    if 0 < len(before) <= 2 and carried and not _MONEY.search(carried):
        return f"{carried}{before}", f"{carried}{before}"
    if 0 < len(before) <= 4 and not _MONEY.search(before) and (m := _MONEY.search(carried)):
        return f"{before}{m.group()}", f"{before}{m.group()}"
    return before or carried, before or carried


def _share(text: str, q: Found, context: _Context, memory: _Memory) -> tuple[str, str]:
    """The phrase and the item of a share, a multiple, or percentage points."""
    raw, before, noun, said, carried = context
    find = patterns()
    stem = find["above"].sub("", find["above"].sub("", raw.rstrip()))
    if (m := find["grown"].search(stem)) and not raw.endswith(("到", "至", "为")):
        base = phrase(stem[: m.start()])
        base = carried if len(base) < 2 or find["than"].match(base) else base
        return base, f"{base}{_verb(m)}{'率' if q.cls == 'ratio' else ''}"
    if m := _SHARE_OF.search(raw):
        base = phrase(raw[: m.start()]) or carried
        return base, f"{base}占{m[1]}比重"
    if noun and re.match("的|以[上下]的|左右的", text[q.end : q.end + 3]):
        return noun, f"{said}的{noun}占比" if said else f"{noun}占比"
    if memory.group and re.search("占[约近超达到了]*$", raw):
        return before, f"{before.removesuffix('的')}{memory.group}占比"
    base = before or carried
    if base.endswith(_RATES):
        return base, base
    if not before and noun:
        base = carried or subject_before(text, q)
        return base, f"{base}{noun}{said}占比"
    return base, f"{base}占比"
