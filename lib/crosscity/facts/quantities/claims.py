"""What a document claims about its quantities: whether they are reached, aimed at, in force or added, and when."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING

from .lexicon import word_patterns
from .mentions import QuantityContext
from .phrases import PER_UNIT
from .scopes import WHO_IS_GRANTED, scope

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .dates import Dates, YearMentions
    from .mentions import Quantity
    from .sections import SectionContext

_BACK = 120  # characters of a sentence before a number that are looked at
_RELATIVE = ("ratio", "point", "fold")

_COMPOSED = re.compile("(?:共|共有|分为|包括|包含|由)[^，。；]{0,40}$")
_PARTS = re.compile("(?:大)?(?:项|个|条|章)?(?:任务|部分|板块|章|条|方面|专栏|附件|篇|节)")
# What takes so long is no year of it: 用15年左右的时间, 再经过3—5年.
_TAKES = re.compile("(?:经过|用|花|力争|未来|今后|再)(?:近|约)?$")
# What happens as a notice or news is written, and is of its year: 联盟…日在北京召开, 现将…43项…计划公示.
_OF_NOW = re.compile(
    "目前|现有|截至|近日|日前|当前|今年|本年度?|本次|此次|今日|昨日|上午|下午|现将|现对|现予|[0-9]日[，在，]|"
    "会议[由听审指强]|(?:召开|举行|举办|出席|参加了|莅临|与会|揭牌|开幕|闭幕|亮相)"
)
_GRANTED = re.compile(
    "(?:最高|上限|最多)[^，。；0-9]{0,10}$|(?:给予|予以|奖励|补助|补贴|资助|奖补|兑现)[^，。；]{0,30}$|一次性[^，。；]{0,8}$"
)
_UP_TO = re.compile(
    "(?:给予|予以|奖励|补助|资助|补贴)[^，。；0-9]{0,4}最高(?:不超过)?$|最高(?:给予|奖励|补助|资助|补贴)[^，。；0-9]{0,4}$"
)
_OUGHT = re.compile("应当?|不得|须|必须")
_GRANT = re.compile("给予|予以|奖励|补助|补贴|资助|奖补|贴息|配套支持|资金支持|资金扶持")
_FOR_WHOM = re.compile(
    "(?:^|[，。；：])(?:[0-9一二三四五六七八九十]{1,2}(?:[.、．]|是))?(?:鼓励|支持)?(?:对|凡|每[家个项名]|按|单个)[^。；]{2,}"
)
_PAID = re.compile("(?:已|累计|共|去年|全年|发放|拨付|下达|兑现|落实|安排|列支|投入)[^。；]{0,60}$")
_DEADLINE = re.compile("(?:之?日起|应当?|须|后|前|在|于|期限|时限)[^，。；]{0,12}$")
_WITHIN_TIME = re.compile("以?内|之内")
_MEASURED_TIME = ("工作日", "日", "天", "小时", "分钟", "个月", "年")

_EVERY = {
    "年": re.compile(
        "每年|年均|年平均|年复合|年度|(?<![上去今明全当前本同一二两三四五六七八九十0-9])年(?:增加|新增)|年(?:报酬|收入|工作|产|培训|供|发|处理|接待)|逐年|每人全年"
    ),
    "月": re.compile("每月|月均|月平均"),
    "": re.compile("每季|每周|每日|每天|每半年"),
}
_PER = re.compile("/(?:人?[·./]?)?(年|月)")
_RUNNING = re.compile("(?:运转|工作|办公|党建|专项|运行|活动)经费")

_LISTED = re.compile("(?:以[上下])?[、和与及]")
_RUN_ON = re.compile("[、和](?!(?:新)?[建改开]|完成|培育|获|实|达|整治|打造|创)[^，。；、]{1,24}")
_GROWTH = re.compile("(?:增速|增长率|递增率|增长速度|增幅|降幅|涨幅)(?:是|达|为|达到|超|超过|保持在?|稳定在)*$")
# Growth that is named behind its rate: 保持10%以上增长.
_GROWS_BY = re.compile("(?:以上|左右|以下|以内)?的?(?:年均|较快|快速)?(?:增长|增速|增幅|下降|降幅)(?![点极的])")
_DASHED = re.compile("[-—]{1,2}[^0-9]")  # an aim of a list
_TOLD_OF = re.compile("了|已|同比|上年|累计|目前|以来|去年|其中|[0-9]{4}年")
_TO_DO = re.compile(
    "(?:[^，。；]{0,6}，)?(?:新增|新建|改建|新辟|新改扩建|建成|建设|完成|实施|培育|打造|实现|开展|推进|改造|整治)(?!了)"
)
# What has been reached of a plan, and beside it: 完成年度计划的80.8%, 实际已开工206项.
_OF_A_PLAN = re.compile("(?:完成|占|超额?)(?:了|全年|年度|年初)*(?:投资)?(?:计划|目标|任务)")
_REACHED = re.compile("实际已?|累计完成|^(?:目前|现)已")
_ALREADY = re.compile("(?:目前|现有|已|正在|去年)[^，。；]*$")
# What has been summed up, or is compared with the end of a plan that is over, has been reached.
_SUMMED_UP = re.compile("累计[^。；]*$|(?:比|较|是)“?十[一二三四五]五”?(?:末|期末|时期|期间)[^。；]*$")
_SINCE_THEN = re.compile("[^。；]{0,12}(?:比|较|是)“?十[一二三四五]五”?(?:末|期末)")
_TOLD = re.compile("(?:[0-9]{4}年|去年|全年|上半年)，")  # 2023年，某局对…开展检查
_ENACTED = re.compile(
    "(?:共|累计)(?:抽|检|查|收|排|走|完)|检出|查出|查处|本次|此次|[一-龥](?<!为)(?<!除)(?<!罢)了[^，。；]{2,}|已(?:经)?[一-龥]"
)
_LASTS = re.compile("(?:以上)?(?:未|没有|无|不|被|达不)[^，。；]{1,20}的")
_LASTED = re.compile("连续(?:[^，。；]{1,4}年[^，。；]*)?$")
_HOPES = re.compile("力争|确保|争取|将|要")
# A bound that a rule sets: 不低于, ≥; and one that it only describes: 超过.
_BOUND = re.compile("(?:不(?:得|应)?(?:低于|少于|小于|超过|高于|大于|多于)|≥|≤|至少|上限为?|下限为?)[^，。；]{0,6}$")
# A size by which things are classed or let in: 30万千瓦级机组, 亿元以上项目, 产值超10亿元的企业.
_SIZE = re.compile(
    "级(?![别联配])|以[上下](?:级)?的?(?:[^，。；、的0-9]{0,6})(?:项目|企业|园区|单位|机构|客户|合同)(?![^，。；、]{0,4}(?:占|比重))"
)
_SIZE_OF = re.compile("的[一-龥、]{0,14}?(?:企业|园区|项目|供应商|集群)(?![一-龥]{0,2}[占率])")
# What is fined, and rates that are set: 处50元以上200元以下罚款, 缴存比例为2%, 从7月1日起…标准提高到550元.
_FINES = re.compile("(?:处以?|罚款)[^，。；]{0,30}$")
_FINED = re.compile("罚款")
# Whoever is above a bound, or below it, of whom a rule speaks: 超过4人的, 超过15立方米的部分.
_CONDITION = re.compile("(?:以上|以下|以内)?的(?:，|部分|，?按)")
_PLANNED = re.compile("(?:年度|投资)计划(?:投资|总投资)?(?:为|是|数为)?$")
_PRESENT = re.compile("(?:应到|实到|出席|列席|缺席|参会|参加)[^，。；]{0,8}$")
_RATE = re.compile("(?:标准|[价费]|价格|费率|利率|税率|额度|比例|基数|限额|补贴|补助|工资|津贴|待遇)")
_RATE_IS = re.compile(
    "(?:标准|价格?|费率?|利率|税率|额度|比例|基数|限额)(?:统一|暂|分别)?(?:定|调整|核定|确定)?(?:为|是|按)[^，。；、]{0,14}$"
)
_FROM_DAY = re.compile("(?:[月日]|之日|即日|年)起|现行")
_OF_RESULTS = ("communiqué", "work report", "congress report", "resolution", "feedback")
_OF_THE_PLACE = re.compile("^(?:的|今年|去年|全市|全年|累计)+(?=..)")
_MEASURED_BY = ("里程", "面积", "数", "户数", "人数")
_IS_PLACE = re.compile("[省市县区旗镇乡城]$")
_AIMED_AT = re.compile("(?:以上|左右|以下)?的(?:年度|预期|奋斗|总体?|既定)?目标")
_BY = re.compile("(?:按照?|给予)[^，。；]{0,24}$")
_BY_NORM = re.compile("按照?[^，。；]{0,16}$")
_NORM = re.compile("[^，。；]{0,22}(?:标准|比例|要求|定额)|[^，。；]{0,6}(?:执行|计收|征收|收取|计费|缴纳|计发|发放)")
_EVERY_TIME = re.compile("(?<!平均)每(?:年|月|季|季度|周)[^，。；]{0,40}$")
_SO_FAR = re.compile("(?:已|累计|共|达到|目前)[^，。；]{0,10}$")
_EACH = re.compile("(?:每[个名位户村家]|每社区|每人(?=[^，。；]{0,40}(?:补|奖|发|标准)))[^。；]{0,40}$")


@functools.cache
def _patterns() -> dict[str, re.Pattern[str]]:
    w = word_patterns()
    change = f"{w['rise']}|{w['fall']}"
    bounds = f"{w['above']}|{w['about']}|{w['atleast']}|{w['atmost']}"
    return {
        "target": re.compile(f"(?:{w['target']})[^。；]{{0,60}}$"),
        "grown": re.compile(f"(?:{change})(?:了|幅度?|率)?(?:{bounds}|为|达)?$"),
        "less": re.compile("(?:减少|下降|降低|压减|减|缩短|少)(?:了|近|约|超|超过)?$"),
        "added": re.compile(f"(?:{w['add']})(?![到至为]|加?值)[^，。；、到至达]{{0,24}}$"),
        "becomes": re.compile(
            f"(?:{PER_UNIT.pattern})?(?:以上|左右|以下|多)?(?:的[^，。；0-9]{{0,6}})?"
            f"(?:{change}|发展|变|升|转|调整?|提|优惠)[^，。；0-9]{{0,4}}(?:到|至|为)"
        ),
        "from": re.compile("[由从自][^，。；]{0,24}$"),
        "than": re.compile("[比较][^，。；0-9]{0,14}$"),
        "rises": re.compile("的?(?:水平)?[增提减下上多高]"),
    }


def classify(
    text: str,
    quantities: list[Quantity],
    section: SectionContext,
    mentions: YearMentions,
    stances: Sequence[tuple[int, int, str]] = (),
) -> None:
    """Set kind, period, year and scope of the quantities of one paragraph, whose items are set.

    Parameters
    ----------
    text : str
        Folded.
    quantities : list of mentions.Quantity
        Of this text, in order.
    section : SectionContext
    mentions : YearMentions
        Of the text.
    stances : sequence of (int, int, str)
        Start, end and stance of its sentences, where the document's genre decides them: what a rule says is a norm, and
        what a plan says an aim.
    """
    previous = base_year = None
    for q in quantities:
        dates = mentions.dates_of(q, text)
        q.stance = next((stance for start, end, stance in stances if start <= q.start < end), "")
        context = _context(text, q, previous, dates, section)
        q.kind = _kind(text, q, context, section)
        q.period = _period(text, q, context)
        is_planned = q.kind == "target" or (q.kind == "change" and context.is_aim)
        year = dates.earlier if dates.stated is None else dates.stated
        if q.kind == "baseline":
            q.year = base_year = base_year if dates.reference is None else dates.reference
        elif q.kind == "standard" or _is_composed(text, q, context):
            q.year = None
        elif q.kind == "target" and q.unit_class == "span" and (year is None or _TAKES.search(context.clause)):
            q.year = None if q.stance or _TAKES.search(context.clause) else section.default_year
        elif q.kind == "target" and year is None and re.search("每[年月季]", context.clause):
            q.year = None  # what is to be done every year has none
        elif (
            q.kind == "target"
            and year is not None
            and section.year is not None
            and year < section.year
            and q.stance != "plan"  # an old plan may be published late
        ):
            q.year = section.default_year
        elif year is not None or section.is_dated:
            q.year = _default_year(q, text, mentions, section) if year is None else year
        elif is_planned:
            q.year = section.heading_year if mentions.goals else section.goal_year(text) or section.heading_year
        else:
            q.year = section.year if _OF_NOW.search(_sentence(text, q)) else section.heading_year
        q.scope = scope(text, q, context, section.unit, section.place)
        if q.scope == section.place and not section.names_place:
            q.scope = ""
        if not section.names_place:
            q.item = _without_whom(q, section.place, previous)
        previous = q


def _without_whom(q: Quantity, place: str, previous: Quantity | None) -> str:
    """The item without whom it is about, which the scope or the document says: the place, each of its parts."""
    item, scope_of = q.item, q.scope
    if scope_of.startswith("每") and (m := re.match(f"每[个家名位户]?{re.escape(scope_of[1:])}(?=[^级].)", item)):
        item = item[m.end() :]
    if previous is not None and previous.unit == q.unit and item.removeprefix(scope_of) in _MEASURED_BY and scope_of:
        return previous.item  # 新建管网700公里，其中深圳300公里
    names = [place, scope_of if _IS_PLACE.search(scope_of) else ""]
    name = next((name for name in names if name and item.startswith(name) and len(item) > len(name) + 1), "")
    return _OF_THE_PLACE.sub("", item[len(name) :]) if name else item


def _default_year(q: Quantity, text: str, mentions: YearMentions, section: SectionContext) -> int | None:
    """The year of what names none in a document that tells of its year."""
    listed = section.listed_goal(text) if q.kind == "target" and not mentions.goals else None
    return listed or (section.aims_year if q.kind == "target" else None) or section.default_year


def _sentence(text: str, q: Quantity) -> str:
    """The sentence of a quantity, as far as it is near it."""
    return text[max(q.sentence[0], q.start - _BACK) : min(q.sentence[1], q.end + _BACK // 2)]


def _context(
    text: str, q: Quantity, previous: Quantity | None, dates: Dates, section: SectionContext
) -> QuantityContext:
    stated_year = dates.stated
    start = max(q.sentence[0], q.start - _BACK)
    sentence, clause = text[start : q.start], text[max(q.clause[0], start) : q.start]
    continues_list = (
        previous is not None and previous.unit == q.unit and _LISTED.fullmatch(text[previous.end : q.start]) is not None
    )
    years_ahead = 0 if stated_year is None or section.year is None else stated_year - section.year
    if years_ahead > 0 or dates.is_goal:
        is_aim = True
    elif _PARTS.match(text, q.end) and _COMPOSED.search(clause):
        is_aim = False
    elif q.stance == "plan":
        summed_up = _SUMMED_UP.search(sentence) or _SINCE_THEN.match(text, q.end)
        lasted = _LASTED.search(clause) and not _HOPES.search(clause.replace("保持", ""))
        is_aim = not (_ALREADY.search(sentence) or summed_up or lasted)
    elif section.genre == "plan" and section.mode != "past" and _DASHED.match(text) and not _TOLD_OF.search(text):
        is_aim = True
    elif q.stance in ("achievement", "problem"):
        is_aim = False
    elif section.mode == "plan":
        is_aim = not _ALREADY.search(sentence)
    elif section.genre == "plan" and q.stance == "other" and ("每" in sentence or _TO_DO.match(sentence)):
        is_aim = True  # every year, of a place that the plan speaks of; what is to be built
    elif section.mode == "" and years_ahead == 0:
        aims = _patterns()["target"].search(_OF_A_PLAN.sub("", sentence))
        goes_on = (
            previous is not None
            and previous.sentence == q.sentence
            and previous.kind == "target"
            and not _TOLD_OF.search(text, previous.end, q.start)
        )
        is_aim = (aims is not None or goes_on) and "每" not in sentence[-30:] and not _REACHED.search(clause)
    else:
        is_aim = False
    return QuantityContext(sentence, clause, text[q.end : q.end + 24], previous, continues_list, stated_year, is_aim)


def _is_composed(text: str, q: Quantity, context: QuantityContext) -> bool:
    """Whether a number is that of a document's parts: 共4项任务, 分为2个部分."""
    return bool(q.stance and _PARTS.match(text, q.end) and _COMPOSED.search(context.clause))


def _kind(text: str, q: Quantity, context: QuantityContext, section: SectionContext) -> str:
    """What a number is: baseline, change, standard, target or actual."""
    find, clause, previous = _patterns(), context.clause, context.previous
    same_sentence = previous is not None and previous.sentence == q.sentence
    runs_on = (
        same_sentence
        and previous.kind == "change"
        and previous.unit == q.unit
        and _RUN_ON.fullmatch(text[previous.end : q.start]) is not None
    )
    if context.continues_list and previous.kind != "baseline":
        return previous.kind
    if _is_granted(text, q, context) or _is_deadline(text, q, context, section):
        return "standard"
    if _AIMED_AT.match(context.after):
        return "target"
    if find["becomes"].match(context.after) and find["from"].search(clause[-26:]):
        return "baseline"
    if find["rises"].match(context.after) and find["than"].search(clause[-18:]):
        return "baseline"
    if _is_rate_in_force(text, q, context, section):
        return "standard"
    is_growth = find["grown"].search(clause)
    if _is_size(text, q) or _is_condition(text, q, section):
        return "standard"
    if q.unit_class == "money" and _PLANNED.search(clause):
        return "target"
    if q.unit_class == "people" and section.genre in ("minutes", "news", "notice") and _PRESENT.search(clause):
        return "actual"
    told = _ENACTED.search(context.sentence) or (_TOLD.match(context.sentence) and not _OUGHT.search(context.sentence))
    if q.stance == "norm" and section.genre == "notice" and told:
        return "actual"
    if q.stance == "norm" and not is_growth and not context.is_aim:
        return "standard"
    if q.unit_class in _RELATIVE:
        is_growth = is_growth or (_GROWS_BY.match(context.after) if q.unit_class == "ratio" else None)
        if is_growth or runs_on or (q.unit_class == "ratio" and _GROWTH.search(clause)):
            return "target" if context.is_aim else "change"
    elif q.unit_class != "rank" and (
        runs_on
        or find["less"].search(clause)
        or (is_growth and q.unit_class == "money")
        or (q.unit_class != "span" and find["added"].search(clause))
    ):
        return "change"
    if _is_norm(text, q, context, section):
        return "standard"
    continues_norm = same_sentence and previous.kind == "standard" and section.mode != "plan"
    continues_norm = continues_norm and not _is_size(text, previous)
    if continues_norm and {q.unit_class, previous.unit_class} <= {"money", "ratio"}:
        return "standard"
    ruled = section.genre == "regulation" and context.stated_year is None
    if context.is_aim and not (ruled and _OUGHT.search(context.sentence)):
        return "target"
    return "standard" if _is_ruled(text, q, context, section) else "actual"


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


def _is_size(text: str, q: Quantity) -> bool:
    """Whether a sum or an amount only says of which size things are that are counted or let in."""
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
    if q.unit_class not in ("money", "ratio") or context.is_aim or _PAID.search(context.sentence):
        return False
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


def _period(text: str, q: Quantity, context: QuantityContext) -> str:
    """年 or 月 if the number is per year or month, by the last word before it that says so."""
    if m := _PER.match(text, q.end):
        return m[1]
    last, last_period = -1, ""
    for period, pattern in _EVERY.items():
        for m in pattern.finditer(context.clause):
            if m.start() > last:
                last, last_period = m.start(), period
    if last >= 0:
        return last_period
    previous = context.previous
    if context.continues_list:
        return previous.period
    if q.kind != "standard":
        return ""
    if previous is not None and previous.kind == "standard" and previous.sentence == q.sentence and previous.period:
        return previous.period
    running = q.unit_class == "money" and "每" in context.sentence and _RUNNING.search(context.clause + context.after)
    return "年" if running else ""
