"""Numbers with a unit that count nothing: ordinals, dates, slogans, outlines, names, and look-alikes."""

from __future__ import annotations

import functools
import re

from ...chinese import HAN
from .lexicon import word_patterns

_N = "[0-9一二三四五六七八九十]"
_ORDINALS = re.compile(
    "第[0-9一二三四五六七八九十]{1,3}(?:[、和至到及与][0-9一二三四五六七八九十]{1,3})*[、和至到及与]$"
)
_SMALL = re.compile("[一两二三四五六七八九十]{1,2}$")
BARE_POWER = re.compile("[十百千万亿]+$")  # a power without a digit: 百万, but not 一百万
_THINGS = ("thing", "people", "event")
_ROUGHLY = re.compile("(?:近|上|超|逾|约|过|达|破|接近|成|几|跨越|跨入)$")
_SESSION = re.compile("(?:[、和]?[一二三四五六七八九十]次)*(?:会议|全会|全体|代表大会)")
_CALENDAR = re.compile("(?:[12][0-9]{3}|[一二][零〇一二三四五六七八九]{3})$")
_SHORT_YEAR = re.compile("(?:[0-9]{2}|[零〇一二三四五六七八九]{2})$")
_TIME_BEFORE = re.compile(
    "(?:过去|今后|未来|前|后|近|最近|这|头|首|每|上|下|当|同|本|该|去|今|明|全|哪|那|多|几|至|往|连|若干|学|年)的?$"
)
_TIME_BEHIND = re.compile(
    "多?来|多?以来|多?间|内|多?中(?!期)|里|期(?!限)|后|前|之[内后前间中]|的?时间里|目标|"
    "[^，。；、的]{0,8}(?:行动|计划|规划|攻坚|倍增|方案|提升工程)"
)
_LASTING = re.compile(
    "(?:(?:连续|持续|坚持)(?:[^，。；0-9]{0,5}了)?|已|历时|长达|为期|至少|不少于|满|超过|达|快|用|提前|缩短|延长|仅|经过|历经|短短)的?$"
)
# What has lasted since then (改革开放40年来), but not a record (创5年来新高).
_SINCE = re.compile(f"(?!创)[{HAN}》”]$")
_LASTING_ONE = re.compile("(?:至少|不少于|满|为期|不低于|不超过|提前|缩短)$")
# What a rule sets in years: 有效期为一年, 任期最长五年.
_TERM = re.compile(
    "(?:有效期|期限|任期|聘期|届期|试用期|见习期|服务期|保质期|质保期|保修期|养护期|过渡期|建设期|学制|年限|工期|周期|期为)"
    "(?:[为是均]|一般|最[长短]|不[超少低][过于]|不得[超少低][过于]){0,3}$"
)
_WITHIN = re.compile("[之以]?内(?![外乱部])")  # a limit of time: 三年内, but not of the past (近三年内)
# 五年内 is the term of a five-year plan, unless words set it as a limit.
_LIMIT_OF_FIVE = re.compile("(?:[起期后且][，]?|争取?|要求|应当?|须)在?$")
# Where half a year or a day is a measure (每满半年), and where a half is a share (占一半): not 上半年, 另一半.
_HALF_OF = re.compile(
    "(?:满|不足|不到|不满|少于|低于|至少|超过?|累计|为期|延长|提前|缩短|扣罚?|扣发|请假|长达|期限为?|期为|约|近|过|[过了]近|达到?)$"
)
_SHARE_OF = re.compile(
    "(?:便宜了|还掉|砍掉|减去|占去|刚过|只剩下?|占了?|占到|[超达]过?|不[足到]|[近约]|达到|[少低多高]了?|[^，。；]的|[到至])$"
)
# What one of something costs or earns by a rule: 迟到一次扣5元.
_FINED = re.compile(
    "[^，。；：“”]{0,10}?(?:(?:扣[除罚发减]?|罚款?|奖励?|缴[纳费]|交纳|收取|补[贴助])[^，。；：]{0,6}?|(?<![增追添获取赢共总合累0-9])[加减得记计-])"
    "[0-9一两二三四五六七八九十百半]"
)
# One as a limit, before and behind it: 限报一个, 一日内.
_LIMITED = re.compile(
    "(?:不足|不满|不到|超过|不[得能可]?多于|不[得能可]?少于|至少|最多|至多|只[准能可许]|仅限|限)[^，。；、每第这那某任一是跑]{0,3}$"
)
_LIMITS = re.compile("(?:[及含]?以[上下]|[之以]?内(?![部在外容涵])|范围)")
_MEASURED = ("span", "length", "area", "amount")
# What is made longer or shorter, behind and before it: 由5年延长至10年.
_EXTENDED = re.compile("延长|缩短|放宽|压缩")
_EXTENDED_TO = re.compile("(?:延长|缩短|放宽|压缩|提高|增加|减少)[到至为]$")
_NEIGHBOURS = re.compile("(?:一两|[两二]三|三[四五]|四五|五六|六七|七八|八九)$")  # 两三户
_CLOCK = re.compile("[0-9]{1,2}[时点：]$")  # before minutes
_LONGEST = 200  # years that anything lasts; more are a date
_CIRCLE = re.compile("[^，。；、0-9]{0,8}圈|内?[可直]?达")  # 15分钟生活圈, 1小时直达
_AGE = re.compile(
    "(?:(?:年龄|寿命|平均|达|到|为|提高|最[大小高低])[^，。；]{0,3}|[年未不已]满|[降提][低高]了?|增加了?|推迟|延长)$"
)
# How long something lasted, whatever numerals say it: 做了六年, 空置超过一年.
_LASTED_FOR = re.compile("(?:[一-龥](?<![过为除到])了|长达|超过|不到|将近|整整|足足)(?:近|将近|约|整整|足足)?$")
_ENDS_CLAUSE = re.compile("[多余半]?(?:[，。；]|$)")
_EACH = re.compile("(?:每|各|均|至少|不少于|不低于)[^，。；、]{0,10}$")
_EACH_HAS = re.compile("每(?!一[个位名])[^，。；、]{0,8}$")
_ONCE = re.compile(
    "(?:[每年月季周度天]|进行|组织|开展|召开|举办|举行|轮训|走访|回访|集中|至少|不少于|利用|接受|参加|安排|听取|研究|"
    "检查|完成|调度|评估|体检|全部|普遍|可(?!能|谓|见|观|喜|靠|贵|多))[^，。；每某任这那第另首]{0,10}$"
)
# Words before one month or day that make it a measure.
_GROWN = re.compile("(?:增加|延长|减少|缩短|超过|累计|请假|共|推迟|扣除)了?$")
_NOT_ONCE = re.compile("(?:[再又第另每有这那某任哪唯首同上下前后最末]|(?<!更)新|任何|最后|唯一|一天(?:接着)?)$")


@functools.cache
def _patterns() -> dict[str, re.Pattern[str]]:
    w = word_patterns()
    return {
        "never": re.compile(w["never"]),
        "outline": re.compile(
            f"(?:[^，。；、：“”‘’0-9]{{0,6}}?)(?:{w['rhetoric']})(?=$|[，。；、：！？“”‘’（）的上和与及]|是|实现|明确|开展|推进|入手|出发|发力|着手|进行|提出|展开|切入|综合|系统)"
        ),
    }


def counts_nothing(text: str, m: re.Match[str], value: float, unit: str | None, unit_class: str | None) -> bool:
    """Whether a number with a unit counts nothing, by its form and the words around it.

    Parameters
    ----------
    text : str
        Folded (`mentions.fold`).
    m : re.Match
        Of `mentions.number_with_unit`.
    value : float
    unit, unit_class : str
        As resources/units.tsv has them.
    """
    number, end = m["num"], m.end()
    before, behind = text[max(0, m.start() - 12) : m.start()], text[end : end + 22]
    find = _patterns()
    if number in ("零", "〇"):
        return True  # 零件, 零部件, 零距离
    if "半" in number:
        return not (_SHARE_OF if unit == "比例" else _HALF_OF).search(before) or behind.startswith(("来", "以来"))
    if (unit == "分" or (before.endswith("：") and len(number) == 2)) and _CLOCK.search(before):
        return True  # 8时30分, 18：00起
    if before.endswith(("第", "届", "7×", "7*")) or _ORDINALS.search(before) or find["never"].match(text, m.start()):
        return True
    if (
        unit == "所"
        and behind.startswith(("示", "列", "述"))
        and before.rstrip().endswith(("图", "表", "式", "件", "例"))
    ):
        return True  # 如图4所示
    if unit_class in ("ratio", "point"):
        return m["unit"] == "成" and not (value < 1 and len(number) <= 2)
    if unit_class == "span":
        return _is_time(number, value, unit, before, behind, m["after"])
    if unit_class == "noun" and _SMALL.match(number) and value <= 12:
        return True
    if BARE_POWER.match(number) and "十" not in number:
        rough = _ROUGHLY.search(before) or m["more"]
        threshold = (
            unit_class == "money" and (len(number) > 1 or number == "亿") and behind.startswith(("以上", "级", "以下"))
        ) or (unit_class in ("area", "thing", "people") and behind.startswith("以上"))  # 百亩以上
        return unit_class in ("fold", "noun") or not (rough or threshold)
    if unit_class == "money":
        return number in ("一", "二", "两", "三")
    if number == "一":
        return _is_article(unit, unit_class, before, behind)
    return bool(_SMALL.match(number)) and _is_outline(text, end, number, unit, unit_class, before, behind, find)


def is_dated(text: str, start: int) -> bool:
    """Whether words before a number of years say when they are: 今后三至五年."""
    return bool(_TIME_BEFORE.search(text, max(0, start - 12), start))


def _is_time(number: str, value: float, unit: str | None, before: str, behind: str, more: str | None) -> bool:
    """Whether a span is a date, dates something (五年来), or is part of a name (三年行动)."""
    if unit == "日" and before.endswith("月"):
        return True
    if unit == "周岁":
        return False
    if unit == "岁":
        return "." not in number and not _AGE.search(before) and not behind.startswith(("提高", "上升", "增", "的"))
    if unit in ("年", "个月", "天", "个小时") and _LASTED_FOR.search(before) and _ENDS_CLAUSE.match(behind):
        return _CALENDAR.match(number) is not None
    if unit != "年":
        if number == "一":
            return _is_article(unit, "span", before, behind)
        return bool(_CIRCLE.match(behind)) and not re.search("压缩|缩短|缩减", before)
    if not _CALENDAR.match(number) and (_EXTENDED_TO.search(before) or _EXTENDED.match(behind)):
        return False  # 由5年延长至10年
    if _CALENDAR.match(number) or (
        _SHORT_YEAR.match(number) and (number[0] in "09零〇" or before.endswith(tuple("、和至到-")))
    ):
        return True
    if _TERM.search(before):
        return False
    if number == "一" and not _LASTING_ONE.search(before):
        return not (before.endswith(("日起", "之后")) and _WITHIN.match(behind))
    if before.endswith("每"):
        return False  # 每两年
    if _LASTING.search(before):
        return behind.startswith(("计划", "规划", "行动"))
    if BARE_POWER.match(number) and number != "十":
        return True
    if before.endswith("近") and behind.startswith(("了", "的历史")):
        return False
    if not _TIME_BEFORE.search(before) and _WITHIN.match(behind):
        return number in ("五", "5") and not _LIMIT_OF_FIVE.search(before)
    if _TIME_BEFORE.search(before):
        return True
    if number[0] != "几" and re.match("的?时间", behind):
        return False
    if (
        number[0].isdigit()
        and re.match("多?[来间]", behind)
        and (_SINCE.search(before) or (value >= 10 and not before.endswith("创")))
    ):
        return False  # 改革开放40年来
    if _TIME_BEHIND.match(behind):
        return True
    if more or re.match("以[上下]|左右|以内|的?历史|之久", behind):
        return bool(re.match("来|以来|间", behind))
    lasts = number[0].isdigit() and value < _LONGEST and not behind[:1].isdigit()
    return not lasts or before.endswith((" ", "新", "代"))  # 1 9 9 7年, 新时代10年


def _is_article(unit: str | None, unit_class: str | None, before: str, behind: str) -> bool:
    """Whether 一 with a classifier is an indefinite article: 走出一条, but not 每年一次 or 每人一个."""
    if _FINED.match(behind) or (_LIMITED.search(before) and not before.endswith(("任何", "每"))):
        return False  # 迟到一次扣5元, 不足一名
    if before.endswith(("每有", "每满")) or (before.endswith(("只有", "仅有")) and unit in ("名", "人", "户")):
        return False
    if _NOT_ONCE.search(before) or behind.startswith("一天"):
        return True
    if unit_class in _MEASURED and _LIMITS.match(behind):
        return False  # 一日内, 一公里范围
    if unit_class == "span" and (_TERM.search(before) or _GROWN.search(before)):
        return False  # 期限为一个月
    if before.endswith("按") and behind.startswith(("计", "算")):
        return False
    if unit_class in ("event", "span"):
        return not _ONCE.search(before) or behind.startswith("个")
    if unit_class in ("length", "area", "amount"):
        return not _EACH.search(before)
    if unit_class == "fold":
        return False
    return not _EACH_HAS.search(before) or unit in ("批", "类", "种", "对", "双", "条", "件")


def _is_outline(
    text: str,
    end: int,
    number: str,
    unit: str | None,
    unit_class: str | None,
    before: str,
    behind: str,
    find: dict[str, re.Pattern[str]],
) -> bool:
    """Whether a small numeral announces a list, orders, or is part of a name: 三个方面, 二期, 四方, 四个“…”."""
    if unit in ("方", "里", "口", "眼", "棵"):
        return not re.match("[，。；、多以]|$", behind)
    if unit == "次" and _SESSION.match(behind):
        return "全会" in behind or bool(re.search("届[^，。；]{0,8}$", before))
    if unit == "期":
        return not re.search("(?:举办|共|办|开办|培训|完成)$", before)
    if unit_class not in _THINGS or _NEIGHBOURS.match(number) or behind.startswith(("以上", "以下", "左右")):
        return False
    if number == "二" or behind.startswith(("“", "‘", '"', "《", "（", "方面")):
        return True  # 两 counts, 二 orders
    if before.endswith(tuple("这那哪此前后头上下每本该首")):
        return True
    return unit not in ("名", "位", "户") and bool(find["outline"].match(text, end))
