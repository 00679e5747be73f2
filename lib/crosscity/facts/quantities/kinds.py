"""What a number is by rule: reached, aimed at, in force, added, or earlier than another; and which rule says so."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING

from ...chinese import HAN
from .lexicon import word_patterns
from .phrases import ENDS_CLAUSE, PER_UNIT
from .scopes import WHO_IS_GRANTED
from .sums import BUDGET, SHARE_FOLLOWS

if TYPE_CHECKING:
    from .mentions import Quantity, QuantityContext
    from .sections import SectionContext

_ALREADY = re.compile("(?:目前|现有|已|正在|去年)[^，。；]*$")
_RELATIVE = ("ratio", "point", "fold")
_GRANTED = re.compile(
    "(?:最高|上限|最多)[^，。；0-9]{0,10}$|(?:给予|予以|奖励|补助|补贴|资助|奖补|兑现)[^，。；]{0,30}$|一次性[^，。；]{0,8}$"
)
_UP_TO = re.compile(
    "(?:给予|予以|奖励|补助|资助|补贴)[^，。；0-9]{0,4}最高(?:不超过)?$|最高(?:给予|奖励|补助|资助|补贴)[^，。；0-9]{0,4}$"
)
_OUGHT = re.compile("应当?|不得|须|必须")
# What is paid for each: 一级补助3.5万元/户, 养牛每头补2000元; and what must not be more or less, whoever acts.
_EACH_IS_PAID = re.compile(
    "(?:每[^，。；0-9]{1,6}|[一二三]级|分别|户均|人均|标准)[^，。；]{0,8}?(?:奖励|补[助贴偿]?|奖补?|贴息|资助|发放|慰问金|租金)(?:标准)?(?:为|按|最高|提高[到至])?$"
)
_PAID_FOR = re.compile(
    "(?:补[助贴偿]|奖补?|资助|慰问金|租金|工资|运维费用?)(?:标准)?(?:为|按|最高|提高[到至])?(?:每[^，。；0-9]{1,4})?$"
)
_FORBIDS = re.compile("(?:不得|不应|不能|严禁)(?:小于|低于|超过|少于|高于|大于|多于)[^，。；]{0,4}$")
_ASSIGNED = re.compile("(?<!完成)(?<!超额)(?:目标|任务|计划数|预算数)(?:任务|目标|数|是|为|：)?$")
# A grant to whoever qualifies, which a plan sets: 对新认定的企业，分别给予50万元、20万元奖励.
_GRANTED_TO = re.compile(
    "(?:^|[，。；：、）])(?:[0-9一二三四五六七八九十]{1,2}(?:[.、．]|是))?(?:鼓励|支持)?(?:对|凡)[^。；]{2,}(?:给予|予以|奖励|奖补|补助|补贴|资助|贴息)[^。；]{0,60}$"
)
_GRANT = re.compile("给予|予以|奖励|补助|补贴|资助|奖补|贴息|配套支持|资金支持|资金扶持")
_FOR_WHOM = re.compile(
    "(?:^|[，。；：])(?:[0-9一二三四五六七八九十]{1,2}(?:[.、．]|是))?(?:鼓励|支持)?(?:对|凡|每[家个项名]|按|单个)[^。；]{2,}"
)
_PAID = re.compile("(?:已|累计|共|去年|全年|发放|拨付|下达|兑现|落实|安排|列支|(?<![总际发])投入)[^。；]{0,60}$")
_DEADLINE = re.compile("(?:之?日起|应当?|须|后|前|在|于|期限|时限)[^，。；]{0,12}$")
_WITHIN_TIME = re.compile("以?内|之内")
_MEASURED_TIME = ("工作日", "日", "天", "小时", "分钟", "个月", "年")
_RUN_ON = re.compile("(?:，?其中|[、和])(?!(?:新)?[建改开]|完成|培育|获|实|达|整治|打造|创)[^，。；、]{1,24}")
_GROWTH = re.compile("(?:增速|增长率|递增率|增长速度|增幅|降幅|涨幅)(?:是|达|为|达到|超|超过|保持在?|稳定在)*$")
# Growth that is named behind its rate: 保持10%以上增长.
_GROWS_BY = re.compile("(?:以上|左右|以下|以内)?的?(?:年均|较快|快速)?(?:增长|增速|增幅|下降|降幅)(?![点极的])")
_TOLD = re.compile("(?:[0-9]{4}年|去年|全年|上半年)，")  # 2023年，某局对…开展检查
_ENACTED = re.compile(
    "(?:共|累计)(?:抽|检|查|收|排|走|完)|检出|查出|查处|本次|此次|[一-龥](?<!为)(?<!除)(?<!罢)了[^，。；]{2,}|已(?:经)?[一-龥]"
)
_LASTS = re.compile("(?:以上)?(?:未|没有|无|不|被|达不)[^，。；]{1,20}的")
# A bound that a rule sets: 不低于, ≥; and one that it only describes: 超过.
_BOUND = re.compile("(?:不(?:得|应)?(?:低于|少于|小于|超过|高于|大于|多于)|≥|≤|至少|上限为?|下限为?)[^，。；]{0,6}$")
# A size by which things are classed or let in: 30万千瓦级机组, 亿元以上项目, 产值超10亿元的企业.
_SIZE = re.compile(
    "级(?![别联配])|以[上下](?:级)?的?(?:[^，。；、的0-9]{0,6})(?:项目|企业|园区|单位|机构|客户|合同)(?![^，。；、]{0,4}(?:占|比重))"
)
# A bound by which things are counted: 不足10万元的村还有47个, 低于70分的指标仍有4项.
_COUNTED = re.compile(
    "(?:(?:以[上下内])?的|以[上下])[一-龥]{1,10}?(?:仍|还有|尚|只有|仅|屈指|[有达占共][0-9])|以[上下内]的[一-龥]{1,8}(?=[0-9])"
)
_STAFFED = re.compile("以[上下]的?(?:[小大]规模)?(?:企业|单位|学校|机构|村|班|岗位)")  # 25人以上企业
# A norm that something is measured against: 低于0.9人的标准, 与每名教师350名学生的国家标准相比.
_OF_NORM = re.compile("(?:学生|以[上下])?的[^，。；、]{0,6}(?:标准|要求|规定|红线|底线)")
_AGAINST = re.compile("(?:低于|高于|超过|超出|不足|未达到?|达不到|达到|与|按|对照|符合)[^，。；]{0,12}$")
_COMPARED = re.compile("同比|环比|(?<![可相对评])[较比](?![例重如较赛])")
# A year's jobs are counted by those that are new.
_NEW_JOBS = re.compile("(?:城镇新增|新增(?:城镇)?)就业(?:人数|人口|岗位)?[^，。；增减升降]{0,8}$")
_NEW = re.compile("新增[^，。；、到至达]{0,24}$")
_MOVED = re.compile("(?:前进|后退|上升|下降|提升|跃升|下滑|前移|后移)了?$")
_SIZE_OF = re.compile("的[一-龥、]{0,14}?(?:企业|园区|项目|供应商|集群)(?![一-龥]{0,2}[占率])")
# What is fined, and rates that are set: 处50元以上200元以下罚款, 缴存比例为2%, 从7月1日起…标准提高到550元.
_FINES = re.compile("(?:处以?|罚款)[^，。；]{0,30}$")
_FINED = re.compile("罚款")
# Whoever is above a bound, or below it, of whom a rule speaks: 超过4人的, 超过15立方米的部分.
_CONDITION = re.compile("(?:以上|以下|以内)?的(?:，|部分|，?按)")
_PLANNED = re.compile("(?:年度|投资)计划(?:投资|总投资)?(?:为|是|数为)?$")
_BUDGETED = re.compile(f"(?:[为占超比]|完成)了?{BUDGET}$")
_BRACKETS = re.compile("（[^（）]{1,12}）$")
# A rate of the population, and what is reached, are no growth.
_NO_GROWTH = re.compile("自然增长率(?:为|是|达|(?:控制|稳定|保持)在)?$|增至$|[升降]为$")
_PRESENT = re.compile("(?:应到|实到|出席|列席|缺席|参会|参加)[^，。；]{0,8}$")
_RATE = re.compile("(?:标准|[价费]|价格|费率|利率|税率|额度|比例|基数|限额|补贴|补助|工资|津贴|待遇)")
_RATE_IS = re.compile(
    "(?:标准|价格?|费率?|利率|税率|额度|比例|基数|限额)(?:统一|暂|分别)?(?:(?:定|调整|核定|确定)?(?:为|是|按)|提高[到至])[^，。；、]{0,14}$"
)
_FROM_DAY = re.compile("(?:[月日]|之日|即日|年)起|现行")
_SETS_RULES = ("plan", "notice", "regulation", "minutes", "explanation")
_OF_RESULTS = ("communiqué", "work report", "congress report", "resolution", "feedback")
_AIMED_AT = re.compile("(?:以上|左右|以下)?的(?:年度|预期|奋斗|总体?|既定)?目标")
_BY = re.compile("(?:按照?|给予)[^，。；]{0,24}$")
_BY_NORM = re.compile("按照?[^，。；]{0,16}$")
_NORM = re.compile("[^，。；]{0,22}(?:标准|比例|要求|定额)|[^，。；]{0,6}(?:执行|计收|征收|收取|计费|缴纳|计发|发放)")
_EVERY_TIME = re.compile("(?<!平均)每(?:年|月|季|季度|周)[^，。；]{0,40}$")
_SO_FAR = re.compile("(?:已|累计|共|达到|目前)[^，。；]{0,10}$")
_EACH = re.compile("(?:每[个名位户村家]|每社区|每人(?=[^，。；]{0,40}(?:补|奖|发|标准)))[^。；]{0,40}$")


# What it was before: 人均产值3万元，上年为2.8万元; what is merged to fewer: 把24个群并成3个.
_WAS_BEFORE = re.compile("(?:^|，|（)(?:而)?(?:上年|去年|前年|上月|上季度)(?:同期|同月|底|末)?(?:则|仅|只)?(?:为|是)$")
_MERGED = re.compile("[把将][^，。；]{0,12}$")
_MERGED_TO = re.compile(
    f"[{HAN}（）、]{{0,12}}?(?:整合|归并|合并|压减|精简|优化|缩减|撤并|减|并|缩|拓展|扩)(?:成|为|到|至)了?[0-9]+"
)
# Posts that a notice is to fill.
_HIRES = re.compile("(?:招聘|招录|招收|招考|选聘|选调|遴选|招募)[^；]{0,24}(?:公告|启事|简章|方案|通告)")
_HIRED = re.compile("(?:招聘|招录|招收|招考|选聘|选调|招募)(?!会)[^，。；完]{0,16}$")
_POSTS = re.compile("其中|拟|计划|面向|岗位|^[^，。]{2,8}$")
_HAS_HIRED = re.compile("去年|上年|[0-9]{4}年[^，。；]{0,6}(?:共|已|服务)|现有|已|报名|进入|参加|吸引")
# What every case costs or earns, whoever speaks of it: 缺一次扣20元, 每建一座补800元; and who bears how much of a cost.
_EACH_TIME = re.compile(
    "(?:每|缺|少|多|超|漏|迟到|违反)[^，。；0-9]{0,4}?(?:[一二两三1-3])(?:[次个天处座亩人户件分]|周|小时)[^，。；]{0,6}，?[^，。；]{0,6}?(?:扣减?|补[助贴]?|奖励?|罚|加收?|减免?)$"
)
_BORNE = re.compile("(?:市|区|县|镇|街道?|省|财政|村|个人|单位|企业|业主|政府)(?:承担|分担|负担|自筹)$")


@functools.cache
def _patterns() -> dict[str, re.Pattern[str]]:
    w = word_patterns()
    change = f"{w['rise']}|{w['fall']}"
    bounds = f"{w['above']}|{w['about']}|{w['atleast']}|{w['atmost']}"
    return {
        "grown": re.compile(f"(?:{change})(?:了|幅度?|率)?(?:{bounds}|为|达)?$"),
        "less": re.compile("(?:减少|下降|降低|压减|减|缩短|少)(?:了|近|约|超|超过)?$"),
        "less_money": re.compile(
            "(?:[减短]收|(?<![至最])少收|少支|减支|增支|[降提涨]价|[上下]调)(?:了|近|约|超|超过)?$"
        ),
        "added": re.compile(f"(?:{w['add']})(?![到至为]|加?值)[^，。；、到至达]{{0,24}}$"),
        "becomes": re.compile(
            f"(?:[：、和与][0-9.万亿]{{1,12}}[^，。；、：0-9]{{0,4}}?){{0,5}}(?:{PER_UNIT.pattern})?(?:以上|左右|以下|多)?(?:的[^，。；0-9]{{0,6}}|[一-龥]{{1,8}}?)?"
            f"(?:(?:{change}|发展|延长|放宽|变|升|转|调整?|提|优惠|精简|核[减增定])[^，。；0-9]{{0,4}}(?:到|至|为|成)|"
            "[到至](?:[0-9]{4}年|目前|现在|如今|今年))"
        ),
        "of_before": re.compile("(?<![对相可评])[比较](?:[0-9]{4}年|上年|去年|前年|同期)[^，。；、0-9]{0,4}的$"),
        "from": re.compile("[由从自将把][^，。；]{0,24}$"),
        "than": re.compile("[比较][^，。；0-9]{0,14}$"),
        "rises": re.compile("的?(?:水平)?[增提减下上多高]"),
    }


def kind_by_rule(text: str, q: Quantity, context: QuantityContext, section: SectionContext) -> tuple[str, str]:
    """What a number is: baseline, change, standard, target or actual; and the name of the rule that says so."""
    find, clause, previous = _patterns(), context.clause, context.previous
    same_sentence = previous is not None and previous.sentence == q.sentence
    runs_on = (
        same_sentence
        and previous.kind == "change"
        and previous.unit == q.unit
        and _RUN_ON.fullmatch(text[previous.end : q.start]) is not None
    )
    if context.continues_list and previous.kind != "baseline":
        return previous.kind, "list"
    if find["becomes"].match(context.after) and find["from"].search(clause[-26:]):
        return "baseline", "becomes"
    if context.continues_list:
        return "baseline", "list"
    if find["of_before"].search(clause):
        return "baseline", "than"
    if same_sentence and _WAS_BEFORE.search(clause) and ENDS_CLAUSE.match(text, q.end):
        return "baseline", "was"
    if _MERGED.search(clause) and (m := _MERGED_TO.match(text, q.end)) and text.startswith(q.unit or "\0", m.end()):
        return "baseline", "becomes"
    if q.unit_class == "people" and section.genre == "notice" and _is_to_be_hired(section.title, context):
        return "target", "hired"
    if _is_granted(text, q, context) or _is_deadline(text, q, context, section):
        return "standard", "granted"
    is_borne = (q.unit_class == "ratio" or section.genre in _SETS_RULES) and _BORNE.search(clause)
    if _EACH_TIME.search(clause) or is_borne:
        return "standard", "each"
    if section.genre in _SETS_RULES and _is_paid_for_each(text, q, context):
        return "standard", "each"
    if _FORBIDS.search(clause) and q.stance not in ("achievement", "problem"):
        return "standard", "forbids"
    if _AIMED_AT.match(context.after) or (
        q.unit_class not in _RELATIVE and _ASSIGNED.search(clause) and not re.search("完成|超额", clause[-14:])
    ):
        return "target", "aim of"
    if find["rises"].match(context.after) and find["than"].search(clause[-18:]):
        return "baseline", "than"
    if _is_rate_in_force(text, q, context, section):
        return "standard", "rate"
    if not context.is_aim and _OF_NORM.match(context.after) and _AGAINST.search(clause):
        return "standard", "against"
    if q.unit == "位" and _MOVED.search(clause):
        return "change", "moved"
    may_grow = not _NO_GROWTH.search(clause)
    is_growth = find["grown"].search(_BRACKETS.sub("", clause)) if may_grow else None
    if _is_size(text, q, context.is_aim) or _is_condition(text, q, section):
        return "standard", "size"
    if q.unit_class == "money" and (
        _PLANNED.search(clause) or (_BUDGETED.search(clause) and SHARE_FOLLOWS.match(context.after))
    ):
        return "target", "planned"
    if q.unit_class == "people" and section.genre in ("minutes", "news", "notice") and _PRESENT.search(clause):
        return "actual", "present"
    told = _ENACTED.search(context.sentence) or (_TOLD.match(context.sentence) and not _OUGHT.search(context.sentence))
    if q.stance == "norm" and section.genre == "notice" and told:
        return "actual", "told"
    if q.stance == "norm" and not is_growth and not context.is_aim:
        return "standard", "norm of stance"
    if q.unit_class in _RELATIVE and may_grow:
        is_growth = is_growth or (_GROWS_BY.match(context.after) if q.unit_class == "ratio" else None)
        if is_growth or runs_on or (q.unit_class == "ratio" and _GROWTH.search(clause)):
            return ("target" if context.is_aim else "change"), "growth"
    elif q.unit_class not in ("rank", *_RELATIVE) and (
        runs_on
        or find["less"].search(clause)
        or (q.unit_class == "money" and find["less_money"].search(clause))
        or (is_growth and (q.unit_class == "money" or (q.unit_class != "span" and _COMPARED.search(clause[-24:]))))
        or (find["added"].search(clause) and not _is_level_of_additions(q, context))
    ):
        return "change", "change"
    if _is_norm(text, q, context, section):
        return "standard", "norm"
    continues_norm = same_sentence and previous.kind == "standard" and section.mode != "plan"
    continues_norm = continues_norm and not _is_size(text, previous)
    if continues_norm and {q.unit_class, previous.unit_class} <= {"money", "ratio"}:
        return "standard", "goes on"
    ruled = section.genre == "regulation" and context.stated_year is None
    if context.is_aim and not (ruled and _OUGHT.search(context.sentence)):
        return "target", "aim"
    return ("standard" if _is_ruled(text, q, context, section) else "actual"), "else"


def _is_to_be_hired(title: str, context: QuantityContext) -> bool:
    """Whether people are those whom a notice of posts is to hire."""
    if _HAS_HIRED.search(context.sentence):
        return False
    by_title = _HIRES.search(title) and _POSTS.search(context.sentence)
    return bool(by_title or _HIRED.search(context.clause))


def _is_level_of_additions(q: Quantity, context: QuantityContext) -> bool:
    """Whether a number is no increment of its item: an indicator that counts what is new, or an aim with its bound."""
    is_aim = context.is_aim and q.qualifier != "" and q.unit_class != "money" and _NEW.search(context.clause)
    return bool(is_aim) or q.unit_class == "span" or _NEW_JOBS.search(context.clause) is not None


def _is_rate_in_force(text: str, q: Quantity, context: QuantityContext, section: SectionContext) -> bool:
    """Whether a number is a rate that somebody sets, at a day or by a rule: a price, a fee, a benefit, a fine."""
    if q.unit_class not in ("money", "ratio") or context.is_aim or q.stance in ("achievement", "problem"):
        return False
    if _FINED.search(text, q.end, min(q.clause[1] + 1, q.end + 40)) and _FINES.search(context.clause):
        return True
    is_rule, is_price = section.genre in ("regulation", "notice"), PER_UNIT.match(text, q.end) is not None
    if is_rule and is_price and q.unit_class == "money":
        return True
    if section.genre in _OF_RESULTS or not _RATE.search(context.sentence):
        return False
    sets = _FROM_DAY.search(context.sentence) or (is_price and q.unit_class == "money")
    is_set = section.genre in ("regulation", "notice", "plan") and _RATE_IS.search(context.clause)
    return bool(sets or is_set)


def _is_condition(text: str, q: Quantity, section: SectionContext) -> bool:
    """Whether a number is the bound from which a rule holds."""
    if q.qualifier == "" or q.stance in ("achievement", "problem") or section.genre in _OF_RESULTS:
        return False
    return section.mode == "" and _CONDITION.match(text, q.end) is not None


def _is_size(text: str, q: Quantity, is_aim: bool = False) -> bool:
    """Whether a sum or an amount only says of which size things are that are counted or let in."""
    if q.qualifier and not is_aim and _COUNTED.match(text, q.end) and q.unit_class != "span":
        return True  # whereas what is aimed at may be bounds and shares together: 2万元以上的村达到50%
    if q.unit_class == "people" and _STAFFED.match(text, q.end):
        return True
    if q.unit_class not in ("money", "amount") or q.divisor:
        return False
    if _SIZE.match(text, q.end):
        return True
    return q.qualifier in (">", ">=") and q.unit_class == "money" and _SIZE_OF.match(text, q.end) is not None


def _is_ruled(text: str, q: Quantity, context: QuantityContext, section: SectionContext) -> bool:
    """Whether a number that nobody aims at is one that a rule sets: all of a rule that tells of nothing reached."""
    if section.is_dated and section.genre not in ("unknown", ""):
        return False
    if q.stance in ("achievement", "problem") or _ALREADY.search(context.sentence):
        return False
    if section.genre == "regulation":
        return context.stated_year is None
    return context.stated_year is None and _BOUND.search(context.clause) is not None


def _is_granted(text: str, q: Quantity, context: QuantityContext) -> bool:
    """Whether a sum or share is what is granted to whoever qualifies, or what qualifies for it."""
    if q.unit_class == "money" and _UP_TO.search(context.clause):
        return True
    if q.unit_class not in ("money", "ratio") or _PAID.search(context.sentence):
        return False
    if context.is_aim:
        return q.unit_class == "money" and _GRANTED_TO.search(context.sentence) is not None
    if q.unit_class == "money" and WHO_IS_GRANTED.search(text[q.sentence[0] : q.start]):
        return True
    rest = text[q.end : min(q.sentence[1], q.end + 80)]
    if _GRANTED.search(context.clause) and (
        _GRANT.search(rest[:12])
        or re.search("最高|上限|一次性", context.clause[-16:])
        or _FOR_WHOM.search(context.sentence)
    ):
        return bool(_GRANT.search(context.clause) or _GRANT.search(rest))
    return bool(_FOR_WHOM.search(context.sentence) and re.search("给予|予以|奖励", rest))


def _is_paid_for_each(text: str, q: Quantity, context: QuantityContext) -> bool:
    """Whether a sum is what is paid for each household, head or case that a rule or a plan names."""
    if q.unit_class != "money" or q.stance in ("achievement", "problem") or _PAID.search(context.sentence):
        return False
    if _patterns()["added"].search(context.clause):
        return False
    is_price = PER_UNIT.match(text, q.end) is not None
    return bool(_EACH_IS_PAID.search(context.clause) or (is_price and _PAID_FOR.search(context.clause)))


def _is_deadline(text: str, q: Quantity, context: QuantityContext, section: SectionContext) -> bool:
    """Whether a span is the time within which something must be done: 15个工作日内."""
    if q.unit_class != "span" or q.unit not in _MEASURED_TIME or not _WITHIN_TIME.match(text, q.end):
        return False
    if section.mode == "plan" or context.is_aim or not _DEADLINE.search(context.clause):
        return False
    q.qualifier = q.qualifier or "<="
    return True


def _is_norm(text: str, q: Quantity, context: QuantityContext, section: SectionContext) -> bool:
    """Whether a number is a norm or a threshold in force rather than a result."""
    clause, after = context.clause, context.after
    if q.unit_class == "ratio" and _BY.search(clause):
        return True
    if _BY_NORM.search(clause) and _NORM.match(after):
        return True
    if q.unit_class == "span" and (
        clause.endswith("对连续")
        or (clause.endswith("连续") and q.stance != "achievement" and _LASTS.match(text, q.end))
    ):
        return True
    if q.unit_class == "money" and after.startswith(("以下）", "以下的，")):
        return True
    if section.mode == "plan":
        return False
    if q.unit_class == "span" and q.unit != "岁" and after.startswith(("以上", "以下")):
        return True
    if section.mode == "problem" or (context.stated_year is not None and "每" not in clause):
        return False
    aims = section.genre == "plan" and context.is_aim
    if (
        not aims
        and q.unit_class not in _RELATIVE
        and _EVERY_TIME.search(clause)
        and not _SO_FAR.search(context.sentence)
    ):
        return True
    return q.unit_class == "money" and bool(_EACH.search(context.sentence))
