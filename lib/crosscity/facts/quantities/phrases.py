"""Phrases around a number: where they begin and end, stripped of what does not say what is counted."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, NamedTuple

from ...chinese import HAN
from .lexicon import word_patterns

if TYPE_CHECKING:
    from .mentions import Quantity

# A name that is conferred: 获评卫生城市.
TITLE = re.compile(
    "(?:获评|获批|入选|荣获|晋级|跻身|上榜|(?:被|获)?(?:评为|表彰为|评定为|认定为|命名为|授予)|创成|创建为?|升级为)(?:为|了)?(.+)"
)
_TITLE_BEGINS = "获入荣晋跻上被评表认命授创升"
_HEAD_OF_TITLE = 5  # characters that it has at least, with its verb, where it is all that stands behind a number
LONGEST_TITLE = 20  # characters of it that are part of an item
NEAR = 60  # characters that are looked at, on either side of a number
_MAX_LENGTH = 22  # of a phrase before a number, in characters
_BREAK = re.compile("[、的和与]|及(?!以)|(?<=[一-龥])[在对将为由](?![的])")  # where a long phrase may begin anew
_DATE = re.compile("[到至在]?(?:[0-9零〇一二三四五六七八九]{4}年[底末初内]?|[0-9]{1,2}月[份底]?)")
_SINCE_WHEN = re.compile(
    "已?(?:由|(?<!来)自|从(?![业事]))(?:[^，]{0,6}年)?的?$|自[^，。；自]{2,16}之?日起$|从[^，。；从]{2,12}[年月日]起$"
)
_NAMED = re.compile("^.*[”’](?=[“‘])")
# What a price or a rate is for: 2.78元/立方米, 550元/人·月.
PER_UNIT = re.compile(
    "(?:[/／](?:立方米|平方米|m3|m³|㎡|吨|度|千瓦时|公斤|千克|升|人次?|户|亩|年|月|天|日|次|件|车|辆|小时|个|头|只|生)[·.]?[年月天日]?)+"
)
_ROUND = re.compile(f"(?:{PER_UNIT.pattern})?(?:以上|以下|左右|以内|上下|余|多|及以上)?的?")
_BOUND_OF = re.compile(
    "(?:应当?|须)?不(?:低于|少于|高于|超过|大于|小于)[^，。；]{1,6}的$"
)  # 所占面积应不低于画面的0.5%
_SIGNS = " ≥≤<>±-—"
_AND = re.compile("[、与]|和(?![美谐平睦解田])|(?<![惠普涉波岁上])及(?!以[上下])")
# What parts of a list have in common is not cut within one of these words: 津贴标准 of 孤儿津贴标准.
_COMMON = ("津贴标准", "补贴标准", "补助标准", "保障标准", "人均可支配收入", "可支配收入", "增加值", "总产值", "零售额")
_LABEL_ENDS = re.compile("(?:率|比例|占比|比重|数量?|产量|总量|额|面积|标准|价格|为|达到?|增长|下降|超过?|共)$")
_LABEL = re.compile(
    f"([{HAN}]{{2,16}}(?:率|比例|占比|比重|数量|产量|总量|额|面积|标准|价格))(?:分别)?(?:为|是|达到?)?："
    f"(?:[^。；：]*[、，])?([{HAN}]{{2,12}})$"
)
_HALVES = ("城镇", "农村")  # of 城乡居民人均可支配收入分别增长6%和7%
# What is counted of accidents and the like, and what it is counted by: 火灾事故起数、死亡人数分别下降.
_WHOSE = re.compile(f"([{HAN}]{{2,12}}?(?:事故|案件|灾害|火灾))(?:的?(?:总量|[起宗件次]数))?$")
_OF_IT = re.compile("(?:[死伤受亡]{2}|[伤死]亡|受灾)人数|(?:直接)?经济损失")
_AVERAGES = ("人均", "平均", "年均", "户均")  # of a noun: 农民人均纯收入
# What is done by a standard, and no noun that is counted: 参照每亩2万元的标准执行, 每月20元的标准发放补助.
_BY_STANDARD = re.compile("^标准(?:(?:执行|收取|缴纳|发放|给予|配建|配备|计算|安排|核定|拨付)|$)")
# What leads to a verb behind a noun: 14个镇乡正式就职.
_ADVERBS = re.compile(
    "(?<=[一-龥])(?:正式|优先|顺利|圆满|深入|扎实|成功|逐步|积极|主动|快速|纷纷|持续|共同|一起|专门|相互|首次|随即|立即|继续|也|曾|才|便)+$"
)
_BARE_VERBS = ("实现", "完成", "达到", "获得", "取得", "通过")
_CLOSING = {"“": "”", "《": "》"}
_PLAIN = "[^，。；：！？“”]*"
_PIECE = re.compile(f'{_PLAIN}(?:“[^“”"。；]*[”"]{_PLAIN})*')  # of a clause, up to a mark that ends it


FIGURES = re.compile(  # not of a name: “28+10”
    "(?<![“+0-9.])[0-9.]+(?![0-9+”])[余多]?[十百千万亿]*[余多]?(?:(?:人次|[个名家户项件次条人位元%所处座栋套])(?:以[上下])?)?"
)

ENDS_CLAUSE = re.compile("(?:左右|以[上下])?(?:[，。；：）]|$)")
# What changed, and no noun: 从11件提高到24件.
CHANGES = re.compile(
    "(?:分别|累计|净)?(?:提高|增加|上升|下降|减少|增长|提升|跃升|扩大|降低|发展|缩短|延长|压缩|缩减|精简|简化|压减|放宽|[增降升减缩涨扩])(?:到|至|为|了)?"
)


class Phrases(NamedTuple):
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


class SentenceMemory:
    """What a sentence has said that later quantities are read by.

    Attributes
    ----------
    group : str
        Of which later numbers are part (其中).
    frame : str
        The verb of a list.
    fund : str
        What money is granted from.
    whole : str
        Of which shares are given.
    share : str
        The item of the number before, where that is a share.
    """

    def __init__(self) -> None:
        self.group, self.frame, self.fund, self.whole, self.share = "", "", "", "", ""


@functools.cache
def patterns() -> dict[str, re.Pattern[str]]:
    """Regular expressions of the words that delimit phrases, by what they match."""
    w = word_patterns()
    change = f"{w['rise']}|{w['fall']}"
    bounds = "|".join(w[role] for role in ("above", "about", "atleast", "atmost", "below"))
    return {
        "light": re.compile(f"(?:{w['light']})$"),
        "opener": re.compile(f"(?:{w['opener']})(?=.)"),
        "predicate": re.compile(f"(?:(?<=..)|(?<=[村户人县市镇校区家]))(?:{w['predicate']})"),
        "grown": re.compile(f"(?:同比|[比较]上年(?:同期)?|平均|年均|分别)?(?P<verb>{change})(?:了|幅度|率)?$"),
        "than": re.compile(
            "(?:比|较(?![大小高低好多强重])|同比|环比|由(?![^，。；]{1,8}(?:安排|负责|承担|组织|实施))|从(?![业事]))"
            f"[^，。；]*?(?:{change})?$"
        ),
        "granted": re.compile(f"[^，。；]{{0,6}}?(?:{w['given']})$"),
        "doing": re.compile(
            f"(?:{w['doing']}) ?(?=[^的了]{{3}})(?![或、并者]|单位|主体|[和与及](?:修|制|完|推|运|实|组|开|培|建))"
        ),
        "does": re.compile(f"(?:{w['doing']})$"),
        "above": re.compile(f"(?:{bounds}|为|达到?|在|了)$"),
    }


def trim_left(text: str) -> str:
    """Strip what opens a clause: 其中, 目前, 全市."""
    opener, text = patterns()["opener"], text.lstrip("-—")
    while (m := opener.match(text)) and len(text) > m.end() + 1:
        text = text[m.end() :].lstrip("，、： ")
    return (
        ""
        if _DATE.fullmatch(text) or text in ("今年", "去年", "全年", "当年", "明年")
        else text.lstrip("，、：了的”’）")
    )


def trim_right(text: str) -> str:
    """Strip the light words at the end: 覆盖率达到, 共有, 分别为."""
    light = patterns()["light"]
    text = _BOUND_OF.sub("", text.rstrip(_SIGNS))
    for _ in range(6):
        text = text.rstrip(_SIGNS)
        m = light.search(text)
        if not m or not m.group():
            break
        text = text[: m.start()]
    text = re.sub("(?<![惠普涉波])及$", "", _SINCE_WHEN.sub("", text)).rstrip("，、：“‘（和")
    if "（" in text and "）" not in text[text.rfind("（") :]:
        return text[: text.rfind("（")]
    return text[text.rfind("）") + 1 :] if "）" in text and "（" not in text else text


def phrase(text: str) -> str:
    """What is counted, from the text before a number: without examples (等), and only the end of a long one."""
    text = _NAMED.sub("", trim_left(trim_right(text)))
    if (at := text.rfind("等")) > 2 and len(text) - at > 2 and text[at + 1] not in "级次待于额":
        text = text[at + 1 :]
    if len(text) > _MAX_LENGTH:
        ends = [m.end() for m in _BREAK.finditer(text) if 4 < len(text) - m.end() <= _MAX_LENGTH]
        text = text[ends[0] if ends else -_MAX_LENGTH - 6 :]
    if 0 <= text.find("）") < text.find("（") % (len(text) + 1):
        text = text[text.index("）") + 1 :].lstrip("和与及、")  # not cut within 省（区、市）
    return text


def labelled(text: str, q: Quantity) -> tuple[str, str]:
    """What a list of figures is said to be, and of whom one of them is: 达标率分别为：甲岛42%、乙岛80%."""
    m = _LABEL.search(text[max(q.sentence[0], q.start - 2 * NEAR) : q.start])
    return (trim_left(m[1]), m[2]) if m and not _LABEL_ENDS.search(m[2]) else ("", "")


class NounBehind(NamedTuple):
    """The noun phrase behind a number, its predicate, and where the noun ends in the text."""

    noun: str
    predicate: str
    end: int


def noun_behind(text: str, end: int, right: int) -> NounBehind:
    """The noun phrase behind a number that ends at `end`, and its predicate, up to `right`."""
    more = _ROUND.match(text, end, end + 12)
    begin = more.end() if more else end
    piece = _PIECE.match(text, begin, right).group()  # type: ignore[union-attr]
    if piece.startswith("（") or _AND.match(piece):  # 西部156家和北部146家
        piece = ""
    if "）" in piece and "（" not in piece:
        piece = piece[: piece.index("）")]
    quoted = 0
    if piece[:1] in _CLOSING and (close := text.find(_CLOSING[piece[0]], begin, right + 1)) > 0:
        quoted = close + 1 - begin  # “一站式”救助中心
        piece = text[begin : close + 1] + re.split("[，。；：！？、和与及“《]", text[close + 1 : right], maxsplit=1)[0]
    m = TITLE.match(piece) if piece[:1] in _TITLE_BEGINS and len(piece) > _HEAD_OF_TITLE else None
    m = m or patterns()["predicate"].search(piece, quoted)
    noun, predicate = (piece[: m.start()], piece[m.start() :]) if m else (piece, "")
    noun_end = begin + len(noun)
    if noun in _BARE_VERBS:  # 20个实现摘帽
        noun, predicate = "", f"{noun}{predicate}"
    if noun.endswith("中") or predicate.startswith("全覆盖"):
        predicate = ""
    noun = _BY_STANDARD.sub("", re.sub("(?<![高初其])中$", "", noun))
    noun = _ADVERBS.sub("", noun) if predicate or len(noun) < len(piece) else noun
    return NounBehind(noun.rstrip("、和及与").removesuffix("之一"), predicate, noun_end)


def subject_before(text: str, q: Quantity) -> str:
    """The subject of the clause before a quantity's own."""
    clause = text[max(q.sentence[0], q.start - NEAR) : q.clause[0]].rstrip("，").rpartition("，")[2]
    ends = (m.start() for m in patterns()["predicate"].finditer(clause) if m.group() not in _AVERAGES)
    return phrase(clause[: next(ends, len(clause))])


def clause_between(text: str, begin: int, end: int) -> str:
    """The only clause, without a number, between those of two quantities; empty if there is none, or several."""
    clauses = text[max(begin, end - 2 * NEAR) : end].rstrip("，").split("，")[1:]
    return phrase(clauses[0]) if len(clauses) == 1 and 3 < len(clauses[0]) <= 24 else ""


def parts_of_subject(subject: str, count: int) -> list[str]:
    """The subject of 分别 in as many parts as there are numbers, each with the common end: 主职、副职年平均报酬."""
    parts = [part for part in _AND.split(subject) if part]
    if count == len(_HALVES) == len(parts) + 1 and "城乡" in subject:
        return [subject.replace("城乡", half, 1) for half in _HALVES]
    if len(parts) != count:
        return []
    first, middle, last = parts[0], parts[-2], parts[-1]
    end = last[len(middle) :] if count > 2 or len(last) > len(middle) else ""
    end = max((tail for tail in _COMMON if last.endswith(tail) and tail.endswith(end or " ")), key=len, default=end)
    if (len(end) > 1 or end in "量率数额值") and end and not first.endswith(last[-1]):
        parts = [part + end for part in parts[:-1]] + [last]
    if count > 2 and len(first) > len(middle) + 1 and "”" not in first:  # 财政用于科技、教育、卫生的支出
        parts = parts[:1] + [first[: -len(middle)] + part for part in parts[1:]]
    if (whose := _WHOSE.match(parts[0])) and all(_OF_IT.fullmatch(part) for part in parts[1:]):
        parts[1:] = [whose[1] + part for part in parts[1:]]
    return parts
