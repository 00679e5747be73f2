"""What a share, a multiple or percentage points are of."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from .phrases import Phrases, SentenceMemory, patterns, phrase, subject_before

if TYPE_CHECKING:
    from .mentions import Quantity

THAN_WHEN = re.compile(
    "[比较与](?:[0-9]{4}年|上年|去年|“?十[一二三四五]五”?期?末)[^，。、]{0,4}$"
)  # 能耗较2015年累计(下降17%)
_SHARE_OF = re.compile(
    "(?<!所)占(?!比|有|用|地面)([^，。；、]{1,12}?)的?(?:比重|比例)?"
    "(?:(?:提高|上升|提升|增加|下降|降低|升|降|保持|稳定|控制|达|增)?[到至在]|分别|超过?|达|为|约|近|的|从|由|不[低高]于)*$"
)
# What is said of growth behind its rate: 均保持10%以上增长.
_GROWS_BY = re.compile(
    "(?:以上|左右|以下|以内)?的?(?:年均|较快|快速)?(?P<verb>增长|增速|增幅|下降|降幅)(?![点极的到至为])"
)
_SHARE = re.compile("占[约近超达到了]*$")
_HIGHER = re.compile("[比较]([^，。；、0-9]{2,10}?)(?:略|仅|还|要)?([高低多少快慢])出?了?$")
_WHEN = re.compile("[上去前今]年|同期|上[月季届]|年[初末底]|期初|[0-9]年")
_ONLY_WHEN = re.compile("年(?:内|底前?)|[今明去]年|[全当]年|目前")
_TIMES_OF = re.compile("(?:是|相当于)([^，。；是]{2,14})$")  # 生产总值是“十五”末的2倍
_AHEAD_OF = re.compile("(?:高于|低于|快于|慢于|高出|好于|优于)[^，。；、0-9]{1,10}$")
# 按50%的比例给予补助, 按照合同额的5%给予奖励
_AT_THE_RATE = re.compile(
    "(?:的(?:比例|标准))?(?:给予|予以)(?:(?:最高|不超过)[0-9.]+[十百千万亿]*元的?)?(?:一次性)?([^，。；、（0-9]{2,6})"
)
_GRANTED_SHARE = re.compile(
    "^(?:[一-龥]{0,6}?)(?:奖励|补助|补贴|贴息|资助|补偿|优惠|折扣|比例|权重|罚款|违约金|滞纳金)$"
)
_BARE_RATE = re.compile("(?:年均?)?(?:复合)?(?:增长率|增速|占比|比重|增幅)$")
# What a share is reckoned by: 完成预算的90%, 超标准12.9倍.
_RELATION = re.compile("(?:完成|超过|超(?=[^，。；]{0,8}标准)|高于|低于|相当于|不到|不足|覆盖|是)(?=..)")
_COMPARED = re.compile("(?:高于|低于|超过?|相当于|[是为])[^，。；]{2,14}$")
_BY = re.compile("^.*(?:按照|按(?![期时揭需比劳质月年季日]))(?=..)")  # 按照实际融资额的2‰
_BARE_VERB = re.compile("(?:各|全部|力争|确保|基本)*(?:实现|完成|消除|消化|确保|覆盖|解决|推动|推进|促进)")
_RATES = re.compile(
    "(?:率|比例|比重|度|占比|感|增速|幅|性|误差|偏差|损耗|限|系数|水平|指数|权重|额|功耗|面|分辨力|湿|比|产出|规模)$"
)
_GROWN = ("增长", "增", "增速", "涨", "上涨", "增幅", "增加")
_YEARLY = re.compile("年均(?:分别)?(?:复合)?(?:递增|增长|增|增速|下降|递减)(?:率|幅度|了)?$")
_ON_TOP_OF = re.compile("在[^，。；在]{1,16}基础上$")  # 标准在…的基础上增加30%
_STEPS = re.compile(
    "([^，。；：]{2,16}?)(?:先后|接连|连续|连|成功|再|又|已)*[跨跃迈登站][过上越]?[^，。；]{0,12}(?:台阶|关口|大关)，$"
)
_NEAR = 24  # characters in which the clause before stands
_AT_PRICES = re.compile("按?(?:可比|不变|现行|当年)价格?(?:计算|算)?$")  # by which growth is reckoned

_ON_BASIS = re.compile(
    "(?:按)?(?:同|自然|可比)口径(?:（[^（）]*）?)?(?:比较|计算)?$|(?:扣除|剔除)[^，。；]{2,20}(?:因素|影响)后?$"
)


def verb(m: re.Match[str]) -> str:
    """What is said to have grown or fallen, in one word."""
    return "增长" if m["verb"] in _GROWN else m["verb"]


def share_item(text: str, q: Quantity, phrases: Phrases, memory: SentenceMemory) -> tuple[str, str]:
    """The phrase and the item of a share, a multiple, or percentage points."""
    left, before, noun, predicate, inherited = phrases
    before = "" if _ONLY_WHEN.fullmatch(before) else before
    if q.unit_class == "point" and memory.share:
        inherited = memory.share  # 占全市比重62%，提高1个百分点
    find = patterns()
    stem = find["above"].sub("", find["above"].sub("", left.rstrip()))
    if (m := find["grown"].search(stem)) and not left.endswith(("到", "至", "为")):
        base = _AT_PRICES.sub("", _ON_BASIS.sub("", phrase(_ON_TOP_OF.sub("", THAN_WHEN.sub("", stem[: m.start()])))))
        base = inherited if len(base) < 2 or find["than"].match(base) else base
        if not base and (of := _STEPS.search(text[max(q.sentence[0], q.clause[0] - _NEAR) : q.clause[0]])):
            base = phrase(of[1])  # 生产总值连跨两个万亿元台阶，年均增长5.7%
        yearly = "年均" if q.unit_class == "ratio" and _YEARLY.search(stem[-8:]) else ""
        base = base.removesuffix("年") if yearly else base  # 年均分别增长
        return base, f"{base}{yearly}{verb(m)}{'率' if q.unit_class == 'ratio' else ''}"
    if q.unit_class == "ratio" and before and (m := _GROWS_BY.match(text, q.end)):
        return before, f"{before}{verb(m)}率"
    if m := _SHARE_OF.search(left):
        base, memory.whole = phrase(left[: m.start()]) or inherited, m[1]
        return base, f"{base}占{m[1]}比重"
    if q.unit_class == "point" and (m := _HIGHER.search(left)) and _WHEN.search(m[1]):
        base = phrase(left[: m.start()]) or inherited or memory.share
        return base, f"{base}{'升幅' if m[2] in '高多快' else '降幅'}"  # 返岗率为91.5%，比去年同期低1.3个百分点
    if q.unit_class == "point" and (m := _HIGHER.search(left)) and not _WHEN.search(m[1]):
        base = phrase(left[: m.start()]) or inherited
        return base, f"{base}{'高于' if m[2] in '高多快' else '低于'}{m[1]}"  # 比全省平均水平高3个百分点
    if q.unit_class == "point" and (m := _AHEAD_OF.search(left)):
        base = phrase(left[: m.start()]) or inherited
        base = f"{inherited}{base}" if inherited and _BARE_RATE.fullmatch(base) else base
        return base, f"{base}{m.group()}"  # 规上工业增加值高于全国
    if m := _AT_THE_RATE.match(text, q.end):
        return before, f"{_BY.sub('', before)}{m[1]}比例"
    if noun and re.match("的|以[上下]的|左右的", text[q.end : q.end + 3]):
        if _GRANTED_SHARE.search(noun):  # 给予10%的奖励
            return noun, noun if noun.endswith(("比例", "权重", "折扣")) else f"{noun}比例"
        return noun, f"{predicate}的{noun}占比" if predicate else f"{noun}占比"
    if memory.whole and before and _SHARE.search(left):
        return before, f"{before}占{memory.whole}比重"  # 林地占全县面积的50%，耕地占20%
    if memory.group and _SHARE.search(left):
        return before, f"{before.removesuffix('的')}{memory.group}占比"
    base = _BY.sub("", before) or inherited
    if inherited and _BARE_RATE.fullmatch(before):
        base = f"{inherited}{before}"
    relation = _RELATION.match(before)
    if inherited and relation and inherited not in base:
        base = f"{inherited}{base}"
    if _RATES.search(base):
        return base, base
    if noun and _BARE_VERB.fullmatch(before):
        return noun, f"{noun}{predicate}占比"  # 实现90%以上乡镇建有广场
    if not before and noun:
        base = inherited or subject_before(text, q)
        return base, f"{base}{noun}{predicate}占比"
    if q.unit_class == "fold" and (m := _TIMES_OF.search(base)) and m.start():
        return base[: m.start()], f"{base[: m.start()]}与{m[1]}之比"
    if q.unit_class != "ratio" and _COMPARED.search(base):
        return base, base
    return base, f"{base}{'比例' if relation else '占比'}"
