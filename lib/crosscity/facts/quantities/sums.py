"""What money counts: what it is, or what it is granted for."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ...chinese import HAN
from .phrases import FIGURES, NEAR, Phrases, SentenceMemory, patterns, trim_left

if TYPE_CHECKING:
    from .mentions import Quantity

_BARE_GRANT = re.compile(
    "[^，。；]{0,6}?(?:安排|列支|投入|拿出|筹资|筹集|筹措|拨付|下拨|拨款|出资|捐资|募集|设立|帮扶|(?<![^省市县区镇乡村局司团院校部政共再将拟外])投资)"
    "(?:财政|专项)?(?:资金|经费)?"
)
_OTHERWISE = re.compile("[、（]|[增提上下减扩降升][一-龥]?[到至为]")  # 从600亿元增加到1900亿元
_NO_PURPOSE = re.compile("由|带动|撬动|引导|吸引|同比|占|高于|超过|累计")
_ROUND_SUM = re.compile("^(?:以上|以下|左右)?(?:专项)?(?:资金|经费)?")
_MEASURED_CLAUSE = re.compile("[0-9][十百千万亿]*(?:个百分点|元|%|‰|平方米|公里|米|亩|吨|倍|个月)")
_INVESTED = re.compile("(?:计划|年度)?总?投资额?")
_SPENT = re.compile("^[^，、]{1,10}(?:列支|拨付|下拨)(?=[^，]{4})")  # 区财政2014年列支绩效奖励资金
_MONEY = re.compile("年?(?:[^年每个村的、]{0,4})(?:经费|报酬|收入|资金|补贴|补助|工资|奖金|支出|投资|贷款|余额|产值)$")
_NOT_INVESTED = re.compile("预算|概算|税|造价|资助|补助|贷款|限额|合同")
_MONEY_NOUN = re.compile("(?:基金|资金|经费|贴息|补助|补贴|奖励|投资|贷款|支持|费用|保证金|奖金|资助|补偿)$")
_MEASURED = ("量", "值", "额", "率", "面积", "收入")
# Money by a name of its own.
_TAXES = ("税", "税费", "税金", "税款", "利税")
_OWN_NAME = (*_MEASURED, *_TAXES, "利润", "收益", "净利", "结余", "赤字", "盈余")
_WEAK_GRANT = re.compile("(?:每[个家名人户亩项])?(?:给予|予以|发放|提供|安排|享受|获得|申请)?")
_LEVEL = re.compile("^级(?:以上)?的?")
# What something has so much of, without saying what has it.
_SIZE = re.compile("(?:年|总|计划|首期)*(?:(?:主营业务|营业|销售|经营性)?收入|产值|营收|投资额?|规模|销售额|市值)")
_LONGEST_OWNER = 12  # characters of what has it
# What a budget provides, by which what came in is measured: 为年初预算3.2亿元的48.9%.
BUDGET = "(?:年初|年度|全年|调整|变动|汇总)*预算(?:调整)?(?:数|目标|任务)?"
SHARE_FOLLOWS = re.compile("的[0-9]")
_BY_BUDGET = re.compile(f"(?P<how>为|占|完成)了?{BUDGET}")
_SHARE_OF_BUDGET = {"为": "完成预算比例", "完成": "完成预算比例", "占": "占预算比重"}
# The other side of a fund, named without it, and the side that names it: 基金收入6亿元，支出5亿元.
OTHER_SIDE = re.compile("(?:总|年[度终末底]|当年|本年)?(?:支出|(?:收支)?(?:滚存|累计)?结余)(?:总额|总计)?")
_SIDE = re.compile("(?<=基金|预算|财政|保险|社保)(?P<part>[^，。；]{0,4}?)总?(?:收入|支出)$")
_FIGURE_HEAD = re.compile("^[0-9.]+[余多]?[十百千万亿]*[余多]?[个家项座条处户件]")


def is_weak_grant(phrase: str) -> bool:
    """Whether a phrase says no more than that something is given."""
    return _WEAK_GRANT.fullmatch(phrase) is not None


def of_budget(text: str, previous: Quantity, q: Quantity, left: str) -> str | None:
    """What the item of a number adds that a budget provides, or that says how much of it has come in; None of others.

    收入3亿元，为年初预算6亿元的50%; 收入3亿元，为年初预算的2.3倍.
    """
    if q.unit_class == "money" and _BY_BUDGET.fullmatch(left) and SHARE_FOLLOWS.match(text, q.end):
        return ""
    if q.unit_class == "fold" and _BY_BUDGET.fullmatch(left.removesuffix("的")):
        return "与预算之比"
    if q.unit_class == "ratio" and (m := _BY_BUDGET.fullmatch(left.removesuffix("的"))):
        return _SHARE_OF_BUDGET[m["how"]]  # 收入3亿元，为预算的46.2%
    if q.unit_class == "ratio" and text[previous.end : q.start] == "的":
        m = _BY_BUDGET.fullmatch(text, previous.clause[0], previous.start)
        return _SHARE_OF_BUDGET[m["how"]] if m else None
    return None


def sum_item(text: str, q: Quantity, phrases: Phrases, memory: SentenceMemory) -> tuple[str, str]:
    """The phrase and the item of money: what it is, or what it is for if it is only said to be granted."""
    _, before, noun, predicate, inherited = phrases
    before = _SPENT.sub("", before)
    if OTHER_SIDE.fullmatch(before) and (m := _SIDE.search(inherited)):  # 基金收入6亿元，支出5亿元，结余1亿元
        stem = inherited[: m.end("part")]
        return inherited if before.endswith("结余") else f"{stem}{before}", f"{stem}{before}"
    if inherited and _INVESTED.fullmatch(before) and not inherited.endswith(_MEASURED):
        return inherited, f"{inherited}{before}"
    if patterns()["granted"].match(before):
        memory.fund = re.sub("^(?:安排|列支|投入|拿出|设立|筹集|筹措)(?=..)", "", before)
        is_bare = bool(_BARE_GRANT.fullmatch(before))
        purpose = _purpose(text, q, is_bare)
        ending = memory.fund if memory.fund.endswith(("资金", "党费")) else "资金"
        ending = next((f"{word}额" for word in ("投资", "筹资") if word in before), ending)
        ending = "" if _MONEY_NOUN.search(purpose) else ending
        granted = noun if is_bare and _MONEY_NOUN.search(noun) else before
        return before, f"{purpose}{ending}" if len(purpose) > 2 else granted
    if not before and inherited and text.startswith("的", q.end) and text[q.start - 1 : q.start] in "、和与":
        return inherited, inherited  # the last of a list: 突破10亿元、5亿元的企业
    if len(before) > 1 and noun and text.startswith("的", q.end) and not _WEAK_GRANT.fullmatch(before):
        is_whose = _SIZE.fullmatch(before) and len(noun) <= _LONGEST_OWNER and "、" not in noun
        return before, f"{noun}{before}" if is_whose else before  # 产值过50亿元的企业
    noun = _FIGURE_HEAD.sub("", noun)
    full = f"{noun}{predicate}"
    if noun and re.match(f"以[上下]的?[{HAN}]", text[q.end : q.end + 4]):
        noun = noun.removesuffix("建设") if noun.endswith("项目建设") else noun
        is_invested = not (_MONEY.search(before) or before.endswith(_MEASURED) or _NOT_INVESTED.search(before))
        if noun.endswith("项目") and is_invested:
            lead = before if not re.search("[0-9]", before) else ""
            base = lead if lead.endswith(noun) else f"{lead}{noun}"
            return before or base, f"{base}投资额门槛"  # 引进10亿元以上项目
        base = before if len(before) > 2 else f"{before}{noun}"
        return base, f"{base}门槛"
    if noun and _WEAK_GRANT.fullmatch(before) and _MONEY_NOUN.search(noun):
        return noun, noun  # 每家给予不超过200万元的经费支持
    if not before and noun and len(full) > 3 and memory.fund:
        return full, f"{full}的{'财政资金' if '财政' in memory.fund else '资金'}"
    if not before and inherited and len(full) > 3:
        is_threshold = text[q.start - 1 : q.start] in ("过", "超") or text.startswith("级", q.end)  # 24个过亿元项目
        noun = _LEVEL.sub("", noun)
        noun = f"{noun}投资额" if is_threshold and noun.endswith("项目") else noun
        return inherited, f"{noun}门槛" if is_threshold else f"{full}的资金"
    if len(before) <= 2 and noun and not (inherited and not before):
        return f"{before}{noun}", f"{before}{noun}"
    if 0 < len(before) <= 2 and inherited and not _MONEY.search(inherited) and not inherited.endswith(_MEASURED):
        return f"{inherited}{before}", f"{inherited}{before}"
    is_named = _MONEY.search(before) or before.endswith(_OWN_NAME)
    if 0 < len(before) <= 4 and not memory.fund and not is_named and (m := _MONEY.search(inherited)):
        return f"{before}{m.group()}", f"{before}{m.group()}"
    return before or inherited, before or inherited


def _purpose(text: str, q: Quantity, is_bare: bool) -> str:
    """What money is for: the rest of the clause, or else, of a bare grant, one of the next clauses."""
    rest = re.split("[，。；！？]|、(?=[0-9])", text[q.end : min(q.clause[1], q.end + NEAR)], maxsplit=1)[0]
    rest = "" if _OTHERWISE.match(rest) else FIGURES.sub("", _ROUND_SUM.sub("", rest))
    if len(rest) < 3:
        begin, rest = min(q.clause[1] + 1, q.sentence[1]), ""
        for clause in text[begin : min(q.sentence[1], begin + NEAR)].split("，")[:3] if is_bare else ():
            if _NO_PURPOSE.match(clause):
                break
            purpose = trim_left(FIGURES.sub("", clause))
            if len(purpose) > 4 and not _MEASURED_CLAUSE.search(clause):
                rest = purpose
                break
    return re.sub("^(?:用于|用来|对|为|专项|专门|并|以)|进行|给予|实行|的", "", rest)[:22]
