"""What a span of time is set for or is taken by, where the words behind it say so, and whose age it is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ...chinese import HAN
from .phrases import CHANGES, FIGURES, NEAR, trim_left

if TYPE_CHECKING:
    from .mentions import Quantity
    from .phrases import Phrases

_WITHIN = re.compile("(?:左右|以)?(?:内|的时间)，?(?:应当?|须|要|将|力争)?([^，。；、（]{2,14})")
_BEFORE_DUTY = re.compile("^.*(?:之日起|应当?|必须|须)")
_FROM_DAY = re.compile("之?日起[^，。；]{0,6}$|[在于应]$|(?:应|须|当|要)[^，。；]{2,14}后$")
_SENT = re.compile("[^，将]{0,10}将([^，。、；]{2,14}?)(上报|报送|报告|提交|送达|移交|公布|告知)")
# 用三年时间, 经过五年的努力: what it takes; 到期3个月前: what is due; 每6个月: what is done again.
_TAKEN = re.compile("(?:[用花]了?|通过|经过)(?:不[到足]|近|仅|只|大?约|短短)?$")
_TO_DO = re.compile(
    "(?:左右|上下|多)?(?:的?[^，。；]{0,4}?(?:时间|努力|奋斗))+，?(?:（[^（）]*），?)?(?:到[0-9]{4}年[底末]?，?)?"
    "([^。；，（]{2,60})"
)
_DUE = re.compile("(?:之|以)?前，?([^，。；、（]{4,18})(?=[，。；、（]|$)")
_ENDS = re.compile("(?:到期|届满|期满|开始|举行|举办|召开|截止)$")
_AGAIN = re.compile(
    "(?!以[上下]|的)(?:左右|至少)*(?:向[^，。；、]{2,12}(?=提交|报送|报告|汇报|公[布开]))?([^，。；、0-9]{4,14})(?=[，。；、]|$)"
)
_IN_PLACES = re.compile("^在[^，。；]{2,10}?(?=率先|实现|全面|基本|建成|完成|形成)")
_RESULT = re.compile("(?:取得|实现|建成|形成|达到|得到|完成|解决)[^取实建形达得完解]{2,12}$")
_AGED = re.compile(
    "[如若]?(?:(?:现|今|已|未|须)?年(?:满|仅|近|逾|过)?|[已未须]?满)$|^(?:完成|实施|开展|组织)$|[如若]?未$"
)
_AGE = re.compile("^.*(?:年龄|寿命|岁数|[工党团学驾教军骨]龄)")
_DATED = re.compile("(?:从|由|较|比)?(?:[0-9]{4}年|上年|去年).*$")
_AGED_WHO = re.compile(
    f"(?:（?含[^（）]{{1,6}}）?|及?以[上下内])?的?([{HAN}]{{0,8}}?(?:人口|老年?人|人员|儿童|居民|妇女|青年|残疾人|军人|学生|党员|干部|对象|"
    "人群|群众|劳动力|劳动者|职工|农民|村民|幼儿|患者|[女男]性|公民))|"
    f"的([{HAN}]{{2,6}})(?=[，。；、]|$)"
)
_LONGEST, _BARE_VERB = 14, 3  # characters of what is done, and of a verb that lost its number


def term(text: str, q: Quantity) -> str:
    """The item of a span of time, or nothing where the words behind it do not say what it is for."""
    before = text[max(q.sentence[0], q.start - NEAR) : q.start]
    if (m := _WITHIN.match(text, q.end)) and "达到" not in m[1]:
        if text.startswith("内", q.end) or _FROM_DAY.search(before):
            if sent := _SENT.match(text, m.start(1) - text.startswith("将", m.start(1) - 1)):
                return f"{sent[1]}{sent[2]}的期限"
            return f"{_BEFORE_DUTY.sub('', q.phrase) if len(m[1]) == 2 else ''}{m[1]}的期限"  # 简单案件20日内审结
        if before.endswith(("用", "经过")):
            return f"{m[1]}的时间"
    if _TAKEN.search(before) and (m := _TO_DO.match(text, q.end)) and (done := _done(m[1])):
        return f"{done}的时间"
    if _ENDS.search(before) and (m := _DUE.match(text, q.end)):
        return f"{m[1]}的期限"
    if before.endswith("每") and (m := _AGAIN.match(text, q.end)):
        return f"{m[1]}的间隔"
    return ""


def age(text: str, q: Quantity, phrases: Phrases) -> tuple[str, str]:
    """The phrase and the item of years of age: 驾驶人年龄, 老人年龄 (of 60岁以上老人)."""
    before = _DATED.sub("", phrases.before)
    before = "" if CHANGES.fullmatch(before) else before
    if said := _AGE.search(before):
        return said.group(), said.group()
    before = _AGED.sub("", before)
    if len(before) <= 1 and (m := _AGED_WHO.match(text, q.end)):
        before = m[1] or m[2]
    elif not before and (said := _AGE.search(phrases.inherited)):
        return said.group(), said.group()
    return before, f"{before}年龄"


def _done(clause: str) -> str:
    """What a clause says is done, in a few words; nothing if it takes more."""
    figures = FIGURES.search(clause)
    clause = trim_left(_IN_PLACES.sub("", FIGURES.sub("", clause)).lstrip("近约即"))
    if len(clause) <= _LONGEST:
        return "" if figures and len(clause) <= _BARE_VERB else clause  # 投入5亿元
    if m := _RESULT.search(clause):
        return m.group()
    first = re.split("[、和与]", clause, maxsplit=1)[0]
    return first if _RESULT.match(first) and len(first) <= _LONGEST else ""
