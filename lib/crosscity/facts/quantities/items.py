"""What a quantity counts, as a short noun phrase taken from the words around it.

The phrase is made of the words before a number, back to the beginning of the clause or the quantity before it, and the
noun behind it. What a sentence says once is remembered within it: the subject of a list, what 分别 distributes, the
group that later numbers are part of.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from ...chinese import HAN
from .labels import SPANS, ending, label, measure
from .phrases import (
    NEAR,
    PER_UNIT,
    NounBehind,
    clause_between,
    labelled,
    noun_behind,
    parts_of_subject,
    patterns,
    phrase,
    subject_before,
    trim_left,
    trim_right,
)

if TYPE_CHECKING:
    from .mentions import Quantity

_LIST = re.compile("(?:以[上下]|左右)?[、和与及]")
_THAN_WHEN = re.compile("[比较与](?:[0-9]{4}年|上年|去年)[^，。、]{0,4}$")
_NEXT = re.compile("[^，。；、和与及]{0,3}[、和与及]")
_FIGURES = re.compile("[0-9.]+[余多]?[十百千万亿]*[余多]?[个名家户项件次条人位元%所处]?")
_PLACED = re.compile(
    "(?:跃居|位居|位列|跃升|升至|排名|荣获|获得|[居列排获是为])*(全[国省市区县球州]|世界|[东中西]部|同类)[^，。；、]{0,4}第?$"
)
_MONEY = re.compile("年?(?:[^年每个村的、]{0,4})(?:经费|报酬|收入|资金|补贴|补助|工资|奖金|支出|投资|贷款|余额|产值)$")
_PER = re.compile("([村户人年月])(?:均|平均)(?:达到|达|为|只有|仅|仅为|增加|约|近|超)*$")
_ONLY_CHANGE = re.compile("(?:增长|增加|提高|下降|减少|上升|降|升)?")
_NOBODY = re.compile("(?:人均|同比|平均|年均|比上年)?")
_AWARD = re.compile("奖励|补助|补贴|资助|奖补|支持|扶持|给予")
_NAMED = re.compile("“[^“”]{1,20}”")
_REACHES = re.compile("(?:首次)?(?:突破|超过|达到|满)")
_FOR_WHOM = re.compile("(?:^|(?<=[。；，：、]))(?:[^，。；]{0,4})?对([^，。；对]{2,30})，([^，。；]*)$")
_WITHIN = re.compile("(?:左右|以)?(?:内|的时间)，?(?:应当?|须|要|将|力争)?([^，。；、（]{2,14})")
_FROM_DAY = re.compile("之?日起[^，。；]{0,6}$|[在于应]$|(?:应|须|当|要)[^，。；]{2,14}后$")
_GROUP = re.compile("[^，。；、]{0,14}中(?:，|[^，。；]{0,12}[占有])")
_SHARE_OF = re.compile("(?<!所)占(?!比)([^，。；、]{1,12}?)的?(?:比重|比例)?(?:超过|超|达到|达|为|约|近|的|从|由)*$")
# What is said of growth behind its rate: 均保持10%以上增长.
_GROWS_BY = re.compile("(?:以上|左右|以下|以内)?的?(?:年均|较快|快速)?(?P<verb>增长|增速|增幅|下降|降幅)(?![点极的])")
_OF_RATES = re.compile("(?:实现|推动|带动|促进|推进)(?=[^的了率]{3})")
_WEAK_AWARD = re.compile("(?:最高|另|再|一次性|给予|予以|资助|补助|奖励|支持|扶持|补贴|奖补)+$")
_MONEY_NOUN = re.compile("(?:基金|资金|经费|贴息|补助|补贴|奖励|投资|贷款|支持|费用|保证金|奖金|资助|补偿)$")
_AHEAD_OF = re.compile("(?:高于|低于|快于|慢于|高出|好于|优于)[^，。；、0-9]{1,10}$")
_AT_THE_RATE = re.compile("的比例(?:给予|予以)([^，。；、]{2,6})")  # 按50%的比例给予补助
_EXPERIENCE = re.compile("(?:以上|及以上)的?([^，。；、]{0,8}(?:经历|经验|工龄))")
_MEASURED = ("量", "值", "额", "率", "面积", "收入")
_GRANTED_SHARE = re.compile(
    "^(?:[一-龥]{0,6}?)(?:奖励|补助|补贴|贴息|资助|补偿|优惠|折扣|比例|权重|罚款|违约金|滞纳金)$"
)
_WEAK_GRANT = re.compile("(?:每[个家名人户亩项])?(?:给予|予以|发放|提供|安排|享受|获得|申请)?")
_FINES = re.compile("处(?!理)以?[^，。；]{0,30}$")  # 处50元以上200元以下罚款
_FINED = re.compile("[^，。；]{0,36}罚款")
_AT_MOST = re.compile("最高|最低|不得?超过|不少于")
_FOR_WHOM_BEFORE = re.compile("(?:^|[。；：、])(?:[^，。；]{0,4})?对([^，。；对]{2,16}(?<![0-9%元]))，[^。；]*$")
_INVESTED = re.compile("(?:计划|年度)?总?投资额?")
_SPENT = re.compile("^[^，、]{1,10}(?:列支|拨付|下拨)(?=[^，]{4})")  # 区财政2014年列支绩效奖励资金
_EACH_HEAD = re.compile(f"^每[个家名位户]?[{HAN}]{{1,4}}?每[年月](?:最高|最多)?(?=..)")
_OF_WHICH = re.compile(f"的[{HAN}]{{2,10}}")
_THRESHOLD = re.compile("以[上下]")
_LEVEL = re.compile("(国家级|[省市县区]级|自治区级)数$")
_LEVEL_HEAD = re.compile("^.*?(?:国家|[省市县区])级")
_BARE_RATE = re.compile("(?:年均?)?(?:复合)?(?:增长率|增速|占比|比重|增幅)$")
_BY = re.compile("^.*(?:按照|按(?![期时揭需比劳质月年季日]))(?=..)")  # 按照实际融资额的2‰
_RANKED = re.compile("(?:连续)?(?:保持|稳居|位居|排名)?[在居]?(?:世界|全[国球省市区])?第[一二三四五六七八九十0-9]+位?$")
_CHANGES = re.compile("(?:提高|增加|上升|下降|减少|增长|提升|跃升|扩大|降低|发展|增|降|升)(?:到|至|为)?")
_BARE_COUNT = ("数量", "总量", "规模", "总数", "增速", "增量", "均")
_FIGURE_HEAD = re.compile("^[0-9.]+[余多]?[十百千万亿]*[余多]?[个家项座条处户件]")
_FRAME_ENDS = re.compile("(?:设|含|选派|进行|举行|共有|有)了?$")
_RATES = (
    "率",
    "比例",
    "比重",
    "度",
    "占比",
    "感",
    "增速",
    "幅",
    "性",
    "误差",
    "偏差",
    "损耗",
    "限",
    "系数",
    "强度",
    "水平",
    "浓度",
    "指数",
)
_RATES += ("强度", "水平", "浓度", "指数", "额", "效率", "功耗", "面", "分辨力", "湿", "比", "缩率", "产出", "规模")
_GROWN = ("增长", "增", "增速", "涨", "上涨", "增幅", "增加")
_STAGE = re.compile("[新续]?(?:开工|竣工|投产|完工|续建|建成|落地|签约|在建|投用)|完成投资")
_DONE = re.compile("(?:实施|推进|安排|谋划|新|续)?(?:开工|建设|推进)?")
_AT_PRICES = re.compile("按?(?:可比|不变|现行|当年)价格?(?:计算|算)?$")  # by which growth is reckoned
_LONGEST_TRAIT = 8  # characters of what a threshold is of
_RELATIVE = ("ratio", "fold", "point")
_COUNTS = ("thing", "people", "noun", "event")


class _Phrases(NamedTuple):
    """The phrases that a quantity's item is made of.

    Attributes
    ----------
    left : str
        The text before the quantity.
    before : str
        The phrase in that.
    noun : str
        The noun phrase behind the quantity.
    predicate : str
        What follows the noun.
    inherited : str
        The phrase of the preceding quantity of the sentence.
    """

    left: str
    before: str
    noun: str
    predicate: str
    inherited: str


class _SentenceMemory:
    """What a sentence has said that later quantities are read by.

    Attributes
    ----------
    group : str
        Of which later numbers are part (其中).
    frame : str
        The verb of a list.
    fund : str
        What money is granted from.
    """

    def __init__(self) -> None:
        self.group, self.frame, self.fund = "", "", ""


def set_items(text: str, quantities: list[Quantity], counts: bool = True) -> None:
    """Set the item of each quantity of one paragraph, and the phrase it is made of.

    Parameters
    ----------
    text : str
        Folded.
    quantities : list of mentions.Quantity
        Of this text, in order.
    counts : bool
        As `labels.label` takes it.
    """
    memory, previous, used = _SentenceMemory(), None, 0
    distributed: list[str] = []
    for i, q in enumerate(quantities):
        if previous is None or previous.sentence != q.sentence:
            memory, previous = _SentenceMemory(), None
        left = _left_side(text, q, previous, used)
        noun, predicate, used = _right_side(text, q, quantities[i + 1] if i + 1 < len(quantities) else None)
        phrases = _Phrases(left, phrase(left), noun, predicate, previous.phrase if previous else "")
        if previous is None or not _LIST.fullmatch(text[previous.end : q.start]):
            distributed = _distribute(text, left, quantities, i)
        if distributed:
            q.phrase, q.item = _distributed_item(q, distributed.pop(0))
        elif q.unit_class in _RELATIVE:
            q.phrase, q.item = _share(text, q, phrases, memory)
        else:
            q.phrase, q.item = _amount(text, q, phrases, previous, memory)
        q.item = _condition(text, q) or _without_verb(q)
        if previous is not None and previous.item == "罚款" and q.unit_class == "money" and _AT_MOST.search(left):
            q.item = previous.item
        if not q.item:
            q.phrase = q.item = phrases.before or noun or subject_before(text, q) or q.unit or ""
        q.item = _EACH_HEAD.sub("", q.item).lstrip("或、 ")
        if noun and _GROUP.match(text, q.end):
            memory.group = noun
        previous = q
    for a, b in pairwise(quantities):  # 90名国家级、150名省级科技人才
        if (
            a.unit == b.unit
            and (level := _LEVEL.search(a.item))
            and _LIST.fullmatch(_LEVEL_HEAD.sub("", text[a.end : b.start]))
        ):
            a.item = a.item[: level.end(1)] + _LEVEL_HEAD.sub("", b.item)
    for q in quantities:
        q.item = label(text, q, counts)


def _left_side(text: str, q: Quantity, previous: Quantity | None, used: int) -> str:
    """The text before a quantity, as far as it can say what is counted."""
    left = max(q.clause[0], q.start - NEAR)
    if previous is not None and previous.end > left:
        opened = text.rfind("（", max(q.clause[0], previous.start - NEAR), previous.start)
        if (
            opened >= 0 and (close := text.find("）", previous.end, q.start)) >= 0
        ):  # the previous quantity is in brackets
            return text[max(q.clause[0], opened - NEAR) : opened] + text[close + 1 : q.start]
        left = max(used, previous.end)
        between = text[previous.end : q.start]
        threshold = previous.unit_class not in _COUNTS and re.match("以[上下]|级(?!别)", between)
        threshold = threshold or (
            previous.qualifier and previous.unit_class == "money" and _OF_WHICH.fullmatch(between)
        )
        if threshold and previous.clause[0] <= previous.start:
            left = previous.start  # a threshold is part of the phrase: 10亿元以上项目25个
            if (
                not re.search("[0-9、]", text[previous.clause[0] : left])
                and left - previous.clause[0] <= _LONGEST_TRAIT
            ):
                left = previous.clause[0]  # 年收入100万元以上村40个
    before = text[left : q.start]
    per = PER_UNIT.match(before) if left else None
    return before[per.end() if per else 0 :].lstrip("，、；：和及左右").rpartition("，")[2]


def _right_side(text: str, q: Quantity, following: Quantity | None) -> NounBehind:
    """The noun behind a quantity and its predicate, as far as they do not belong to the quantity that follows."""
    right = min(q.clause[1], q.end + NEAR)
    if following is not None and following.start == q.end and _THRESHOLD.match(text, following.end):
        behind = noun_behind(text, following.end, right)  # 1.2万个亿元以上项目
        return behind._replace(noun=text[following.start : behind.end], predicate="")
    shared = following.start if following is not None and following.start < right else None
    if shared is not None:
        right = shared
        cut = text.rfind("、", q.end, right)
        if cut == q.end or (cut > q.end and not patterns()["predicate"].search(text[cut + 1 : right])):
            right = cut
    noun, predicate, used = noun_behind(text, q.end, right)
    if shared is not None and used + len(predicate) >= right == shared:
        if not predicate and len(noun) > 3 and text[used - 1] not in "、和及与":
            noun, used = trim_right(noun), q.end  # the number that follows counts it, too
        predicate = ""  # it belongs to the number that follows
    return NounBehind(noun, predicate, used)


def _distribute(text: str, left: str, quantities: list[Quantity], i: int) -> list[str]:
    """What each number of a list after 分别 is about: parts of the subject, or the quantities just before."""
    find = patterns()
    again = find["grown"].search(left) and (find["than"].fullmatch(left) or find["grown"].fullmatch(left))
    if "分别" not in left and not again:
        return []
    count = 1
    for a, b in zip(quantities[i:], quantities[i + 1 :], strict=False):
        if a.unit_class != b.unit_class or not _NEXT.fullmatch(text[a.end : b.start]):
            break
        count += 1
    if count < 2:
        return []
    subject, _, tail = left.rpartition("分别")
    subject = trim_left(trim_right(_THAN_WHEN.sub("", subject)))
    tail = find["above"].sub("", trim_right(tail))
    subject = "" if _NOBODY.fullmatch(subject) else subject
    if parts := parts_of_subject(subject, count):
        return [part if tail in part else part + tail for part in parts]
    earlier = [q for q in quantities[max(0, i - count) : i] if q.sentence == quantities[i].sentence]
    if quantities[i].unit_class == "money" and (award := _AWARD.match(tail or subject)):
        named = _NAMED.findall(
            text, max(quantities[i].sentence[0], quantities[i].start - 3 * NEAR), quantities[i].start
        )
        if len(earlier) == count and not subject.strip("，"):
            words = _REACHES.search(text, max(earlier[0].sentence[0], earlier[0].start - 12), earlier[0].start)
            verb = words.group() if words else "达到"
            what = award.group().replace("给予", "奖励")
            return [f"{a.phrase}{verb}{a.number}{a.unit}的{what}" for a in earlier]
        if len(named) == count:
            return [f"入选{name}的{award.group().replace('给予', '奖励')}" for name in named]
    return [q.phrase + tail for q in earlier] if len(earlier) == count and not subject else []


def _condition(text: str, q: Quantity) -> str:
    """What a sum is granted for, or a term is set for, where the words at the number do not say it.

    对获得认定的企业，给予80万元奖励; 自…之日起15日内提交.
    """
    if q.unit_class == "money" and (m := _FOR_WHOM.search(text[max(q.sentence[0], q.start - NEAR) : q.start])):
        award = _AWARD.search(text, q.end, min(q.sentence[1], q.end + 10)) or _AWARD.search(m[2])
        if award and "安排" not in m[2] and "分别" not in m[2] and len(m[2]) <= 16:
            return f"{m[1].removesuffix('的')}的{award.group().replace('给予', '奖励')}"
    if q.unit_class == "money" and _WEAK_AWARD.fullmatch(q.item):  # 对设备投资，给予不超过15%的补助，最高资助200万元
        m = _FOR_WHOM_BEFORE.search(text[max(q.sentence[0], q.start - 2 * NEAR) : q.start])
        if m and (award := _AWARD.search(q.item)):
            return f"{m[1].removesuffix('的')}的{award.group().replace('给予', '奖励')}"
    label, _ = labelled(text, q)
    if label:
        return label
    if q.unit_class in ("money", "fold") and _FINED.match(text, q.end) and _FINES.search(text[q.clause[0] : q.start]):
        return "罚款"
    if q.unit_class == "span" and (m := _WITHIN.match(text, q.end)) and "达到" not in m[1]:
        if text.startswith("内", q.end) or _FROM_DAY.search(text[max(q.sentence[0], q.start - NEAR) : q.start]):
            return f"{q.phrase if len(m[1]) == 2 else ''}{m[1]}的期限"  # 简单案件20日内审结
        if text.endswith(("用", "经过"), 0, q.start):
            return f"{m[1]}的时间"
    return ""


def _distributed_item(q: Quantity, part: str) -> tuple[str, str]:
    """The phrase and the item of a quantity, from the part of a list that belongs to it."""
    if q.unit_class in ("ratio", "fold") and (m := patterns()["grown"].search(part)):
        base = part[: m.start()]
        return base, f"{base}{_verb(m)}率"
    return part, part + (ending(q, part) if q.unit_class in _COUNTS else "")


def _amount(
    text: str, q: Quantity, phrases: _Phrases, previous: Quantity | None, memory: _SentenceMemory
) -> tuple[str, str]:
    """The phrase and the item of a quantity that is no share."""
    left, before, noun, predicate, inherited = phrases
    find = patterns()
    if _CHANGES.fullmatch(noun):  # 从11件提高到24件
        noun = ""
    if q.unit_class == "rank":
        if previous is not None and previous.unit_class == "rank" and left.strip("、第") == "":
            return previous.phrase, previous.item  # 分别居第二、第七
        m = _PLACED.search(left)
        base = phrase(left[: m.start()] if m else left) or inherited
        base = _RANKED.sub("", base) or base
        if base in _BARE_COUNT and inherited:
            base = f"{inherited}{base}"
        return base, f"{base}{m[1] if m else ''}排名"
    grown = find["grown"].search(find["above"].sub("", left))
    if grown and not (noun and q.unit_class in _COUNTS):
        if len(before) > 2 and not find["than"].match(before) and not find["grown"].fullmatch(before):
            return before, before + (ending(q, before) if q.unit_class in _COUNTS else "")
        return inherited, f"{inherited}{grown['verb']}" + (ending(q, inherited) if q.unit_class in _COUNTS else "")
    if find["than"].match(before) or _ONLY_CHANGE.fullmatch(before):
        before = ""
    if not before and previous is not None:
        inherited = clause_between(text, previous.end, q.clause[0]) or inherited
    if m := _PER.search(left):
        base = (trim_left(left[: m.start()]) or inherited or subject_before(text, q)).removesuffix("总额")
        return base, f"{base}{m[1]}均" if len(base) > 6 else f"{m[1]}均{base}"
    if inherited and not noun and _STAGE.fullmatch(before):  # 实施项目100个，竣工50个，完成投资30亿元
        subject = _DONE.sub("", inherited, count=1)
        before = f"{subject}{before}" if q.unit_class == "money" else f"{before}{subject}"
        return inherited, before + (ending(q, before) if q.unit_class in _COUNTS else "")
    phrases = phrases._replace(before=before, inherited=inherited)
    if q.unit_class == "money":
        return _sum(text, q, phrases, memory)
    memory.fund = memory.fund if before else ""
    if q.unit_class == "event" or (q.unit in SPANS and left.endswith("连续")):
        return _times(text, q, phrases)
    if q.unit_class == "length" and noun and left.endswith("时速"):
        return noun, f"{noun}时速"
    if q.unit_class == "amount" and noun.startswith("级") and len(noun) > 2:
        kind = re.split("[“”‘’]", noun[1:])[0]
        return kind, f"{kind}等级"
    if q.unit == "年" and (m := _EXPERIENCE.match(text, q.end)):
        return m[1], f"{m[1]}年限"
    if q.unit_class in ("length", "area", "amount", "span"):
        before = _without_doing(before)
        base = f"{before}{noun}" if 0 < len(before) <= 2 else before or (noun if len(noun) > 1 else "") or inherited
        return base, base + measure(q, base)
    if noun:
        memory.frame = before.removesuffix("了")
        said = patterns()["doing"].match(f"{memory.frame}{noun}") if len(noun) > 2 else None
        is_doing = said is not None and said.end() >= len(memory.frame) > 0
        ends = patterns()["does"].search(memory.frame) or _FRAME_ENDS.search(memory.frame)
        ends = ends or left.endswith("等")
        verb = "" if is_doing or ends or re.search("[、和及]", memory.frame) else memory.frame
        name = f"{predicate}的{noun}" if 1 < len(predicate) <= 12 else f"{verb}{noun}"
        return noun if len(noun) > 1 else name, name + ending(q, name)
    base = before or (memory.frame if text[q.start - 1 : q.start] not in "，、" else "") or inherited
    if memory.group and before:
        trait = before.endswith(("学历", "程度", "以上", "以下"))
        base = f"{before}的{memory.group}" if trait else f"{memory.group}中的{before}"
    return before or base, base + ending(q, base)


def _without_verb(q: Quantity) -> str:
    """The item without the verbs of doing that lead to it (组织开展培训); a clause stays whole (实施转型的企业)."""
    item, doing = q.item, _OF_RATES if q.unit_class in _RELATIVE else patterns()["doing"]
    for _ in range(3):
        m = doing.match(item)
        if not m or "的" in item[m.end() :]:
            break
        item = item[m.end() :]
    return item


def _without_doing(base: str) -> str:
    """A phrase without the verb of doing that it begins with: 完成营造林."""
    m = patterns()["doing"].match(base)
    return base[m.end() :] if m else base


def _times(text: str, q: Quantity, phrases: _Phrases) -> tuple[str, str]:
    """The phrase and the item of what happens so many times, or for so many years; the rest of the clause says it."""
    stop = min(q.clause[1], q.end + NEAR) if re.match(f"[{HAN}“]", text[q.end : q.end + 1]) else q.end
    rest = re.split("[，。；！？]|、(?=[0-9一两三四五六七八九十])", text[q.end : stop], maxsplit=1)[0]
    rest = re.sub("^(?:以上|以下|左右|的)", "", _FIGURES.sub("", rest))
    rest = f"连续{rest}" if q.unit_class == "span" else rest
    base = phrases.before + rest if len(phrases.before) <= 8 or not rest else rest
    base = base or phrases.inherited
    return base, base + (ending(q, base) if q.unit_class == "event" else SPANS.get(q.unit or "", ""))


def _verb(m: re.Match[str]) -> str:
    return "增长" if m["verb"] in _GROWN else m["verb"]


def _purpose(text: str, q: Quantity) -> str:
    """What money is for: the rest of the clause, or else one of the next clauses, without numbers."""
    rest = re.split("[，。；！？]|、(?=[0-9])", text[q.end : min(q.clause[1], q.end + NEAR)], maxsplit=1)[0]
    rest = "" if rest.startswith("、") else re.sub("^(?:以上|以下|左右)?(?:专项)?(?:资金|经费)?", "", rest)
    if len(rest) < 3:
        begin, rest = min(q.clause[1] + 1, q.sentence[1]), ""
        for clause in text[begin : min(q.sentence[1], begin + NEAR)].split("，")[:3]:
            purpose = trim_left(_FIGURES.sub("", clause))
            if len(purpose) > 4 and not clause.startswith("由") and not re.search("[0-9][十百千万亿]*(?:元|%)", clause):
                rest = purpose
                break
    return re.sub("^(?:用于|用来|对|为|专项|专门|并|以)|进行|给予|实行|的", "", rest)[:22]


def _sum(text: str, q: Quantity, phrases: _Phrases, memory: _SentenceMemory) -> tuple[str, str]:
    """The phrase and the item of money: what it is, or what it is for if it is only said to be granted."""
    _, before, noun, predicate, inherited = phrases
    before = _SPENT.sub("", before)
    if inherited and _INVESTED.fullmatch(before) and not inherited.endswith(_MEASURED):
        return inherited, f"{inherited}{before}"
    if patterns()["granted"].match(before):
        memory.fund = re.sub("^(?:安排|列支|投入|拿出|设立|筹集|筹措)(?=..)", "", before)
        purpose = _purpose(text, q)
        ending = memory.fund if memory.fund.endswith(("资金", "党费")) else "资金"
        ending = next((f"{word}额" for word in ("投资", "筹资") if word in before), ending)
        ending = "" if _MONEY_NOUN.search(purpose) else ending
        return before, f"{purpose}{ending}" if len(purpose) > 2 else before
    if not before and inherited and text.startswith("的", q.end) and text[q.start - 1 : q.start] in "、和与":
        return inherited, inherited  # the last of a list: 突破10亿元、5亿元的企业
    if len(before) > 1 and noun and text.startswith("的", q.end) and not _WEAK_GRANT.fullmatch(before):
        return before, before  # 产值过50亿元的企业
    noun = _FIGURE_HEAD.sub("", noun)
    full = f"{noun}{predicate}"
    if noun and re.match(f"以[上下]的?[{HAN}]", text[q.end : q.end + 4]):
        base = before if len(before) > 2 else f"{before}{noun}"
        return base, f"{base}门槛"
    if noun and _WEAK_GRANT.fullmatch(before) and _MONEY_NOUN.search(noun):
        return noun, noun  # 每家给予不超过200万元的经费支持
    if not before and noun and len(full) > 3 and memory.fund:
        return full, f"{full}的{'财政资金' if '财政' in memory.fund else '资金'}"
    if not before and inherited and len(full) > 3:
        return inherited, f"{full}的资金"
    if len(before) <= 2 and noun and not (inherited and not before):
        return f"{before}{noun}", f"{before}{noun}"
    if 0 < len(before) <= 2 and inherited and not _MONEY.search(inherited) and not inherited.endswith(_MEASURED):
        return f"{inherited}{before}", f"{inherited}{before}"
    if 0 < len(before) <= 4 and not memory.fund and not _MONEY.search(before) and (m := _MONEY.search(inherited)):
        return f"{before}{m.group()}", f"{before}{m.group()}"
    return before or inherited, before or inherited


def _share(text: str, q: Quantity, phrases: _Phrases, memory: _SentenceMemory) -> tuple[str, str]:
    """The phrase and the item of a share, a multiple, or percentage points."""
    left, before, noun, predicate, inherited = phrases
    find = patterns()
    stem = find["above"].sub("", find["above"].sub("", left.rstrip()))
    if (m := find["grown"].search(stem)) and not left.endswith(("到", "至", "为")):
        base = _AT_PRICES.sub("", phrase(stem[: m.start()]))
        base = inherited if len(base) < 2 or find["than"].match(base) else base
        return base, f"{base}{_verb(m)}{'率' if q.unit_class == 'ratio' else ''}"
    if q.unit_class == "ratio" and before and (m := _GROWS_BY.match(text, q.end)):
        return before, f"{before}{_verb(m)}率"
    if m := _SHARE_OF.search(left):
        base = phrase(left[: m.start()]) or inherited
        return base, f"{base}占{m[1]}比重"
    if q.unit_class == "point" and (m := _AHEAD_OF.search(left)):
        base = phrase(left[: m.start()]) or inherited
        return base, f"{base}{m.group()}"  # 规上工业增加值高于全国
    if m := _AT_THE_RATE.match(text, q.end):
        return before, f"{m[1]}比例"
    if noun and re.match("的|以[上下]的|左右的", text[q.end : q.end + 3]):
        if _GRANTED_SHARE.search(noun):  # 给予10%的奖励
            return noun, noun if noun.endswith(("比例", "权重", "折扣")) else f"{noun}比例"
        return noun, f"{predicate}的{noun}占比" if predicate else f"{noun}占比"
    if memory.group and re.search("占[约近超达到了]*$", left):
        return before, f"{before.removesuffix('的')}{memory.group}占比"
    base = _BY.sub("", before) or inherited
    if inherited and _BARE_RATE.fullmatch(before):
        base = f"{inherited}{before}"
    if base.endswith(_RATES):
        return base, base
    if not before and noun:
        base = inherited or subject_before(text, q)
        return base, f"{base}{noun}{predicate}占比"
    return base, f"{base}占比"
