"""What a document claims about its quantities: whether they are reached, aimed at, in force or added, and when."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING

from .kinds import kind_by_rule
from .learned import choose, choose_year, kind_features, year_features
from .lexicon import word_patterns
from .mentions import QuantityContext
from .scopes import scope

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .dates import Dates, YearMentions
    from .mentions import Quantity
    from .sections import SectionContext

# Genres in which the rules are right as often as the weights, as they are of what is said on party-building.
_BY_RULES = ("communiqué", "work report", "resolution")
# Genres whose stances decide what their sentences are: what a rule says is a norm, and what a plan says an aim.
_DECIDED = ("regulation", "plan", "notice", "news", "communiqué", "resolution", "feedback", "minutes", "explanation")
# Rules of kind that the weights do not better.
_SURE = ("list", "granted", "each", "aim of", "becomes", "was", "hired", "rate", "size")
_BACK = 120  # characters of a sentence before a number that are looked at

_COMPOSED = re.compile("(?:共|共有|分为|包括|包含|由)[^，。；]{0,40}$")
_PARTS = re.compile("(?:大)?(?:项|个|条|章)?(?:任务|部分|板块|章|条|方面|专栏|附件|篇|节)")
_YEARLY, _OBLIGES = re.compile("每年[^，。；]{2,}$"), re.compile("应当?|须|不得|必须")
_ONE_OF = re.compile("[一二三四五六七八九十]是|[-—]")  # a point of those that a year of aims governs
# What takes so long is no year of it: 用15年左右的时间, 再经过3—5年.
_TAKES = re.compile("(?:经过|用|花|力争|未来|今后|再)(?:近|约)?$")
# What happens as a notice or news is written, and is of its year: 联盟…日在北京召开, 现将…43项…计划公示.
_OF_NOW = re.compile(
    "目前|现有|截至|近日|日前|当前|今年|本年度?|本次|此次|今日|昨日|上午|下午|现将|现对|现予|[0-9]日[，在，]|"
    "会议[由听审指强]|(?:召开|举行|举办|出席|参加了|莅临|与会|揭牌|开幕|闭幕|亮相)"
)

_EVERY = {
    "年": re.compile(
        "每年|年均|年平均|年复合|年度|(?<![上去今明全当前本同一二两三四五六七八九十0-9])年(?:增加|新增)|年(?:报酬|收入|工作|产|培训|供|发|处理|接待)|逐年|每人全年"
    ),
    "月": re.compile("每月|月均|月平均"),
    "": re.compile("每季|每周|每日|每天|每半年"),
}
_THRESHOLD_OF = re.compile("(?:以[上下]|左右)?的")
_PER = re.compile("/(?:人?[·./]?)?(年|月)")
_RUNNING = re.compile("(?:运转|工作|办公|党建|专项|运行|活动)经费")

_LISTED = re.compile("(?:以[上下])?[、和与及]")
_DASHED = re.compile("[-—]{1,2}[^0-9]")  # an aim of a list
_TOLD_OF = re.compile("了|已|同比|上年|累计|目前|以来|去年|其中|[0-9]{4}年")
_TO_DO = re.compile(
    "(?:[^，。；]{0,6}，)?(?:新增|新建|改建|新辟|新改扩建|建成|建设|完成|实施|培育|打造|实现|开展|推进|改造|整治)(?!了)"
)
# What has been reached of a plan, and beside it: 完成年度计划的80.8%, 实际已开工206项.
_OF_A_PLAN = re.compile("(?:完成|占|超额?)(?:了|全年|年度|年初)*(?:投资)?(?:计划|目标|任务)")
_REACHED = re.compile("实际已?|累计完成|^(?:目前|现)已")
_ALREADY = re.compile("(?:目前|现有|已|正在|去年)[^，。；]*$")
# What is there to be made use of, and no aim: 用好43个国家级平台, but not 依托园区引进项目30个.
_MADE_USE_OF = re.compile(
    "(?:用好|发挥好?|依托)[^，。；0-9设建引培打吸带完新实盘]{0,6}(?:[0-9]+[^，。；0-9]{1,12}、)*$"
)
# What has been summed up, or is compared with the end of a plan that is over, has been reached.
_SUMMED_UP = re.compile("累计[^。；]*$|(?:比|较|是)“?十[一二三四五]五”?(?:末|期末|时期|期间)[^。；]*$")
_SINCE_THEN = re.compile("[^。；]{0,12}(?:比|较|是)“?十[一二三四五]五”?(?:末|期末)")
_LASTED = re.compile("连续(?:[^，。；]{1,4}年[^，。；]*)?$")
_SETS_GOALS = re.compile(
    "(?:今年|明年|本年度|全年|20[0-9]{2}年)[^。；]{0,24}(?<!完成)(?<!超额)(?:主要|工作|预期|奋斗|规划|总体)[^。；，]{0,10}目标(?:任务)?(?:是|为|：)[^。；]*$"
)
# What a report of results says was meant: 今年计划建成200公里农村公路，现已完成216公里.
_INTENDS = re.compile(
    "计划(?:新?开工|建成|[新改扩]?建设?|新增|实施|竣工|脱贫|完成|改造|投资|招[生聘]|投入|安排|拆除|搬迁|培训|整治|治理|造林)[^，。；]{0,12}$|"
    "[可有]望[^，。；]{0,12}$"
)
_RESPECTIVELY = re.compile("(?:[12][09][0-9]{2} ?年?[、和]){1,4}[12][09][0-9]{2} ?年[^，。；0-9]{0,12}分别")
_NAMED_YEAR, _ITS_NUMBER, _ENDS_LIST = (
    re.compile("[12][09][0-9]{2}"),
    re.compile("[0-9][0-9.,]*"),
    re.compile("[，；。]"),
)
_HOPES = re.compile("力争|确保|争取|将|要")
_OF_THE_PLACE = re.compile("^(?:的|今年|去年|全市|全年|累计)+(?=..)")
_MEASURED_BY = ("", "里程", "面积", "数", "户数", "人数")
_IS_PLACE = re.compile("[省市县区旗镇乡城]$")


@functools.cache
def _aims() -> re.Pattern[str]:
    """Matches a word of aims, and what follows it up to the end."""
    return re.compile(f"(?:{word_patterns()['target']})[^。；]{{0,60}}$")


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
        Start, end and stance of its sentences.
    """
    previous = base_year = None
    for q in quantities:
        dates = mentions.dates_of(q, text)
        q.said = next((stance for start, end, stance in stances if start <= q.start < end), "")
        q.stance = q.said if section.genre in _DECIDED else ""
        context = _context(text, q, previous, dates, section)
        listed = _ONE_OF.match(text, q.sentence[0]) is not None  # 到2027年，…。一是…
        by_then = dates.is_goal and (dates.stated is not None or dates.full_stops == 0 or listed)
        q.kind = _kind(text, q, context, section, by_then)
        if (
            q.unit_class == "span"
            and q.kind in ("standard", "target")
            and not q.qualifier
            and text.startswith("内", q.end)
        ):
            q.qualifier = "<="  # 两个月内制定整改方案
        q.period = _period(text, q, context)
        if q.kind == "baseline":
            of_aim = dates.is_goal and dates.stated == dates.reference  # 到2027年，由3.6个提高到4.8个
            base_year = base_year if dates.reference is None or of_aim else dates.reference
        q.year = _respective_year(text, q) or _year(text, q, context, section, mentions, dates, base_year)
        q.scope = scope(text, q, context, section.unit, section.place)
        if q.scope == section.place and not section.names_place:
            q.scope = ""
        if not section.names_place:
            q.item = _without_whom(q, section.place, previous)
        previous = q


def _kind(text: str, q: Quantity, context: QuantityContext, section: SectionContext, by_then: bool) -> str:
    """What a number is: by rule where the rules are right, else by learned weights, which take their answer in.

    Parameters
    ----------
    text, q, context, section
        As `kinds.kind_by_rule` takes them.
    by_then : bool
        Whether a year is stated by which something is to be reached.
    """
    kind, rule = kind_by_rule(text, q, context, section)
    is_sure = rule in _SURE or (rule, kind) == ("else", "standard") or _is_composed(text, q, context)
    is_sure = is_sure or (kind == "target" and by_then)
    is_sure = is_sure or (kind == "target" and q.unit_class == "span" and _TAKES.search(context.clause) is not None)
    is_sure = is_sure or (rule == "aim" and section.genre == "plan" and _YEARLY.search(context.clause) is not None)
    is_sure = is_sure or (rule == "aim" and section.genre == "regulation" and q.stance == "plan")  # a call for projects
    if is_sure or section.genre in _BY_RULES or section.names_place:
        return kind
    return choose("kind", kind_features(text, q, context, section, kind, rule), kind)


def _respective_year(text: str, q: Quantity) -> int | None:
    """The year of a number of a list that gives each year its own: 2024年、2025年分别突破2.2万亿元、2.4万亿元."""
    matches = list(_RESPECTIVELY.finditer(text, q.sentence[0], q.start))
    if not matches:
        return None
    years = _NAMED_YEAR.findall(matches[-1][0])
    between = text[matches[-1].end() : q.start]
    place = len(_ITS_NUMBER.findall(between))
    if place != sum(map(between.count, "、和与")) or "（" in between:  # a year has several numbers, or one in brackets
        return None
    return int(years[place]) if place < len(years) and not _ENDS_LIST.search(between) else None


def _year(
    text: str,
    q: Quantity,
    context: QuantityContext,
    section: SectionContext,
    mentions: YearMentions,
    dates: Dates,
    base_year: int | None,
) -> int | None:
    """The year of a quantity: by rule where the rules are right, else by learned weights, which take theirs in."""
    year, rule = _year_by_rule(text, q, context, section, mentions, dates, base_year)
    governed = rule == "earlier" and dates.is_goal and q.kind == "target"  # 到2027年，…。一是…
    listed = rule == "planned" and (section.listed_goal(text) is not None or section.term is not None)
    listed = listed or (rule == "dated" and q.kind == "target" and section.aims_year is not None)
    if governed or listed or rule == "standard" or section.genre in _BY_RULES or section.names_place:
        return year
    previous = context.previous
    same = previous is not None and previous.sentence == q.sentence
    years = {
        "none": None,
        "rule": year,
        "stated": dates.stated,
        "earlier": dates.earlier,
        "named": dates.named,
        "document": section.year,
        "heading": section.heading_year,
        "listed": section.listed_goal(text),
        "term": section.term,
        "title": section.title_year,
        "told": None if section.genre == "plan" and q.kind == "target" else section.told,  # of lists, the rules know
        "period": mentions.period_before(q.start),
        "last": section.year and section.year - 1,
        "next": section.year and section.year + 1,
        "previous": previous.year if same else None,
        "prior": previous.year if previous is not None and not same else None,
    }
    possible = years
    if q.kind == "baseline" and (stated := _NAMED_YEAR.findall(context.sentence)):
        latest = max(map(int, stated))  # what was before is of no year after that from which it changed
        possible = {name: of for name, of in years.items() if of is None or of <= latest}
    elif q.kind == "baseline":
        possible = {name: of for name, of in years.items() if of is None or of != section.year}
    features = year_features(text, q, context, section, years, rule, dates)
    return choose_year(features, {name: of for name, of in possible.items() if of is not None or name == "none"}, year)


def _year_by_rule(
    text: str,
    q: Quantity,
    context: QuantityContext,
    section: SectionContext,
    mentions: YearMentions,
    dates: Dates,
    base_year: int | None,
) -> tuple[int | None, str]:
    """The year of a quantity by its kind and what the text and the headings state; and the name of the rule."""
    is_planned = q.kind == "target" or (q.kind == "change" and context.is_aim)
    year = dates.earlier if dates.stated is None else dates.stated
    if dates.stated is None and dates.is_goal and q.stance in ("achievement", "problem") and q.kind != "target":
        year = None  # what is told between aims is of no year of theirs
    if q.kind == "baseline":
        return base_year, "baseline"
    if q.kind == "standard" or _is_composed(text, q, context):
        return None, "standard"
    if q.kind == "target" and q.unit_class == "span" and (year is None or _TAKES.search(context.clause)):
        return None if q.stance or _TAKES.search(context.clause) else section.default_year, "span"
    if q.kind == "target" and year is None and re.search("每[年月季]", context.clause):
        return None, "every"  # what is to be done every year has none
    if (
        q.kind == "target"
        and year is not None
        and section.year is not None
        and year < section.year
        and q.stance != "plan"  # an old plan may be published late
    ):
        return section.default_year, "over"
    if year is not None:
        return year, "earlier" if dates.stated is None else "stated"
    if section.is_dated:
        return _default_year(q, text, mentions, section), "dated"
    if is_planned:
        return section.heading_year if mentions.goals else section.goal_year(text) or section.heading_year, "planned"
    if _OF_NOW.search(_sentence(text, q)):
        return section.year, "now"
    return section.heading_year, "heading"


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
    has_told = q.stance in ("achievement", "problem")
    if years_ahead > (has_told and not dates.is_goal) or (dates.is_goal and not has_told):
        is_aim = True  # what is told may be of the year after that which is reported
    elif _SETS_GOALS.search(sentence) or (q.stance == "achievement" and _INTENDS.search(_OF_A_PLAN.sub("", clause))):
        is_aim = True
    elif (_PARTS.match(text, q.end) and _COMPOSED.search(clause)) or (
        q.stance == "plan" and section.genre != "plan" and years_ahead < 0
    ):
        is_aim = False
    elif q.said == "problem" and "目标" not in sentence:
        is_aim = False  # what is wrong is not aimed at, wherever it stands
    elif q.stance == "plan":
        summed_up = _SUMMED_UP.search(sentence) or _SINCE_THEN.match(text, q.end)
        lasted = _LASTED.search(clause) and not _HOPES.search(clause.replace("保持", ""))
        is_aim = not (_ALREADY.search(sentence) or summed_up or lasted)
    elif section.genre == "plan" and section.mode != "past" and _DASHED.match(text) and not _TOLD_OF.search(text):
        is_aim = True
    elif has_told:
        is_aim = False
    elif section.mode == "plan":
        is_there = q.unit_class == "thing" and not q.qualifier and _MADE_USE_OF.search(clause)
        is_aim = not (_ALREADY.search(sentence) or is_there)
    elif section.genre == "plan" and q.stance == "other" and ("每" in sentence or _TO_DO.match(sentence)):
        is_aim = True  # every year, of a place that the plan speaks of; what is to be built
    elif section.genre == "plan" and q.stance == "norm" and _YEARLY.search(clause) and not _OBLIGES.search(sentence):
        is_aim = q.unit_class in ("thing", "event")  # 每年举办活动不少于2场
    elif section.mode == "" and years_ahead == 0:
        aims = _aims().search(_OF_A_PLAN.sub("", sentence))
        goes_on = (
            previous is not None
            and previous.sentence == q.sentence
            and previous.kind == "target"
            and text[previous.end : q.start] != "的"  # 占年度目标132亿元的66%
            and not _TOLD_OF.search(text, previous.end, q.start)
        )
        is_aim = (aims is not None or goes_on) and "每" not in sentence[-30:] and not _REACHED.search(clause)
    else:
        is_aim = False
    return QuantityContext(sentence, clause, text[q.end : q.end + 24], previous, continues_list, stated_year, is_aim)


def _is_composed(text: str, q: Quantity, context: QuantityContext) -> bool:
    """Whether a number is that of a document's parts: 共4项任务, 分为2个部分."""
    return bool(q.stance and _PARTS.match(text, q.end) and _COMPOSED.search(context.clause))


def _period(text: str, q: Quantity, context: QuantityContext) -> str:
    """年 or 月 if the number is per year or month, by the last word before it that says so."""
    if m := _PER.match(text, q.end):
        return m[1]
    last, last_period = -1, ""
    for period, pattern in _EVERY.items():
        for m in pattern.finditer(context.clause):
            if m.start() > last:
                last, last_period = m.start(), period
    previous = context.previous
    if last >= 0:
        of_another = previous is not None and q.start - len(context.clause) + last <= previous.start
        if of_another and q.unit_class in ("thing", "people") and _THRESHOLD_OF.match(text, previous.end):
            return ""  # 年产值500万元以上的企业32家
        return last_period
    if context.continues_list:
        return previous.period
    if q.kind != "standard":
        return ""
    if (
        previous is not None
        and previous.kind == "standard"
        and previous.period
        and previous.sentence == q.sentence
        and q.unit_class in ("money", previous.unit_class)
    ):
        return previous.period
    running = q.unit_class == "money" and "每" in context.sentence and _RUNNING.search(context.clause + context.after)
    return "年" if running else ""
