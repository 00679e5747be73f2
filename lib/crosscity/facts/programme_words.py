"""Words by which programmes are recognised (resources/programmes.tsv, central.tsv), and expressions made of them."""

from __future__ import annotations

import functools
import re
from pathlib import Path
from typing import NamedTuple

from ..chinese import HAN
from ..files import read_tsv

NUMERALS = "一二三四五六七八九十两双0-9"
_BETWEEN = "的了在为是将从到对把等及和与以上中下还处获已被这那向由给按让使并"  # never between a quotation and its head
# Heads that make a name without quotation marks, and how many characters must precede them.
HEADS = {
    "工程": 3, "行动": 3, "计划": 3, "攻坚战": 2, "保卫战": 2, "大会战": 2,
    "工作法": 2, "专项斗争": 3, "责任制": 3, "负责制": 2, "主题教育": 3,
    "实践活动": 2, "观摩活动": 2, "制度": 4, "机制": 6, "模式": 4, "服务平台": 4, "管理平台": 4, "信息平台": 4,
    "系统": 6, "责任区": 4, "活动日": 3, "长廊": 4, "服务队": 3, "宣讲团": 4, "网格化管理": 0, "活动中心": 4,
    "大赛": 4, "专职化管理": 2, "长制": 1, "党委制": 1, "承诺制": 2, "代办制": 2, "任期制": 2, "销号制": 2, "积分制": 0,
    "清单制": 1, "办结制": 2, "问责制": 2, "专员制": 2, "党建联盟": 2,
    "突击队": 3, "小分队": 3, "宣讲队": 3, "先锋队": 3,
}  # fmt: skip
LONGEST_HEADS = sorted(HEADS, key=lambda head: (-len(head), head))
# In documents on party-building these are inventions of a place, and named ones; elsewhere official prose sets up
# institutions of every kind, and such a word is no name.
INSTITUTIONS = frozenset(
    [
        "制度",
        "机制",
        "模式",
        "系统",
        "服务平台",
        "管理平台",
        "信息平台",
        "责任制",
        "负责制",
        "承诺制",
        "代办制",
        "任期制",
        "销号制",
        "清单制",
        "专员制",
        "责任区",
        "活动中心",
        "专职化管理",
        "网格化管理",
    ]
)
TYPES = ("project", "method", "platform", "brand")
_RESOURCES = Path(__file__).with_name("resources")


class CentralProgramme(NamedTuple):
    """A programme or slogan of the centre; where is any if it is a name without quotation marks, too."""

    type: str
    year: str
    where: str
    source: str


@functools.cache
def cues() -> dict[str, frozenset[str]]:
    """Words of resources/programmes.tsv by cue."""
    return {cue: frozenset(words.split()) for cue, words, _ in read_tsv(_RESOURCES / "programmes.tsv")}


@functools.cache
def central() -> dict[str, CentralProgramme]:
    """Programmes and slogans of the centre by name (resources/central.tsv)."""
    return {name: CentralProgramme(*rest) for name, *rest in read_tsv(_RESOURCES / "central.tsv")}


def alternation(*names: str, min_length: int = 1) -> str:
    """An expression that matches any word of some cues, or words themselves, the longest first."""
    words = {word for name in names for word in cues().get(name, [name]) if len(word) >= min_length}
    return "|".join(re.escape(word) for word in sorted(words, key=lambda w: (-len(w), w)))


@functools.cache
def name_patterns() -> dict[str, re.Pattern[str]]:
    """Expressions for what may be a name and for what stands around one, by what they match."""
    heads = alternation(*TYPES, min_length=2)
    verbs = alternation("enacting", "setting", "building", "furthering")
    ends = f"(?!{alternation('longer')})"
    moving = alternation("enacting", "setting", "building", "furthering", "moving")
    leading = alternation("enacting", "setting", "building", "moving", "leading", "adverbs", "acts")
    body = f"(?:[{HAN}]{{1,3}}、){{0,3}}[{HAN}A-Za-z0-9+·—()-]{{2,30}}?"
    subject = f"(?:[{HAN}]、)?[{HAN}]{{2,24}}?(?:{alternation('subject')})"
    sources = {
        # a digit of 5G may stand between a quotation and its head, and none that counts: “A节”6个全国性活动
        "tail": f"(?!.{{0,8}}列入|{alternation('verbs')})"
        f"((?:[^\\W\\d{_BETWEEN}]|\\d(?=[A-Z])|为民|集中){{0,9}}?)((?:{heads}){{1,2}}){ends}",
        "list": f"[{HAN}]{{0,6}}?等[^\\W的]{{0,12}}({heads}|{alternation('listed')}){ends}",
        "of": f"的[^\\W的]{{0,6}}?(?:{alternation('of')}){ends}",
        "parts": "(?:等的?[^\\W的、]{0,6}|的)[“‘]([^“”‘’]{1,8})[”’]",
        "before": f"(?:{alternation('before')})$",
        "verb": f"({verbs})[了好]?([^\\W的]{{0,14}})$",
        "as": f"(?:{alternation('as')})",
        "praise": f"(?:{alternation('praise')})",
        "deny": f"(?:{alternation('deny')})|等(?:主要|重要)?(?:目标|要求|原则|思想|意识|领域|企业|人员|问题|现象)",
        "adverbial": f"(?:{alternation('adverbial')}|\\d{{4}}年)+",
        "things": f"(?:等[{HAN}]{{0,4}})?(?:景区|线路|产品|剧目|作品|专业|课程|药品)",
        "edge": f"[^{HAN}A-Za-z]|[和与及等]|以及|[^\\W的]{{0,12}}建设|$",
        "plain": f"(?:(?:{moving})的?|(?<=[度制法划程动台理统”])[和与及、])({body}(?:{alternation(*HEADS)})){ends}",
        "longer": f"(?![和与及等的])([{HAN}]{{1,10}}?)({alternation('strong')}){ends}",
        "subject": f"(?:(?<=[。;,:])|^)({subject})(?:{alternation('done')})",
        "act": f"{moving}|{alternation('acts')}",
        "lead": f"(?:{leading}|第[一二三四五六七八九十\\d]+[轮批]|\\d+[个家所项条座处])+",
        # 科技创新能力 is one word
        "cut": f"的|(?!(?<=[{HAN}])创新|创新发展)(?:{alternation('enacting', 'setting')})",
        "listed": f"(?<=[{HAN}])([二三四五六七八九十])[大项个](?:{alternation('counted')})",
        "works": f"(?:{alternation('works')})(?:工程|系统)$|体制机制$|"
        f"(?:复杂|大型|典型|一般|普通)(?:工程|系统|行动|计划)$|[{HAN}]电[入送][{HAN}]+工程$",
        # 实施创新驱动发展战略, which is no 战略性 industry and no strategy of somebody's
        "strategy": f"(?:{alternation('enacting', 'furthering')})的?([{HAN}]{{4,12}}战略)(?=[^{HAN}]|[和与及等]|$)",
        "short": f"(?:{alternation('enacting')})[好了]?([{HAN}]{{2}}(?:{alternation('strong')})){ends}",
        "common": f"(?:{alternation('common')})",
        "titled": f"(?:^|(?<=[。;:]))(?:\\(?[{NUMERALS}]{{1,3}}[)、.．]|专栏\\s?\\d{{1,2}}|[-—]{{1,2}})\\s?[:]?\\s?"
        f"([{HAN}A-Za-z0-9+·]{{4,26}}?(?:{alternation('strong')}))(?=[。:]|$)",
        "batch": f"(?:{alternation('several')})[^。,;]{{0,12}}$",
        "state": f"(?:{alternation('state')})(?![级局])(?:(?!关于|实施|建立|设置|组织|支持|推动|加快)[{HAN}]){{2,16}}?"
        f"(?:平台|系统|工程)(?=[^{HAN}]|[和及与等的]|建设|上线|$)",
        "generic": f"(?:{alternation('generic')})|.*(?:(?<![高中初平同])等(?![级效次])|\\d[个项场次家条座处])|"
        f"[^、]*(?:{alternation(*HEADS)})、|.*(?:方案|内容|措施)[和与及]",
        "several": f"(?:{alternation('several')})$",
        "vague": f"(?:{alternation('vague')})*$",
        "abstract": f".*(?:{alternation('abstract')})|.+之[^城都家窗]",
    }
    return {name: re.compile(source) for name, source in sources.items()}
