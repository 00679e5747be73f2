"""Items that say only a part, a stage or a measure of what was counted before them, made whole."""

from __future__ import annotations

import functools
import re
from itertools import pairwise
from typing import TYPE_CHECKING

from ...chinese import HAN
from ...documents import administrative_units, place_names
from .labels import BARE

if TYPE_CHECKING:
    from .mentions import Quantity

# A place, or a kind of place: 罗定市20家, 山区不低于7米, 其他城市达到75%.
_PLACE = re.compile(
    f"(?:全?[市县]域?|其[他它余]|各|一般|重点|中心|建制|地级(?:及以上)?|县级|省会)*(?:"
    f"[{HAN}]{{1,5}}(?:省|市|县|区|自治[州县区]|旗)|[东中西南北]部(?:地区)?|[农乡]村|城[镇市区乡]|县城|市区|郊区|主?城区|"
    f"山区|平原区?|丘陵(?:地区|区)?|牧区|县（市）|县（市、区）|[镇乡县市省]|乡镇)"
)
_NO_PLACE = re.compile(
    "(?:示范|试点|先进|园|社|小|片|灾|库|服务|安置|学|治|通航|校|厂|景|新|开发|功能|保护|保税|实验|试验|工业|特|专|矿|禁养|辖|地|战|街|分|建成|超|夜|上|股|楼|菜|门|都)[区市县]$|[^城]市场"
)
_LEADS_TO = re.compile(
    "(?:不少于|不低于|不超过|不高于|不得[少低高多]于|至少|最[多少高低]|应|力争|要|将|达到?|控制在|占比?|为|有|约|近|超过?|各|分别)+$"
)
# What became of some of it: 已开工2348处, 其中新建3所.
_STAGE = re.compile(
    "(?:目前|已经?|正在|尚|其中|计划|累计|全部|年内|今年|现已|共|向?[^，的]{1,4}(?=转办|移交))*"
    "((?:建成|投入|交付|启动)*(?:新建|新增|新开工|扩建|改建|改扩建|续建|在建|开工|开工建设|建设|修建|正在修建|竣工|完工|建成|投产|投用|"
    "投入使用|投入运营|交付使用|建成投用|建成投产|通车|完成|实施|启动|立项|签约|落地|入库|办结|整改|销号|立案|结案|审结|转办|移交|受理|验收|通过验收))"
    "(?:的|了|有)?"
)
# No more than that it was all of it: 总数达到30万个, 累计5次.
_ALL = re.compile("(?:总数|总量|总规模|总计|合计|共计|累计|数量|规模|总额)(?:达|为)?")
# What is measured of something that was counted: 建成书屋73个，总面积5200平方米.
_MEASURE = re.compile(
    "(?:计划|预计|估算|年度|累计|实际|已|完成|协议|合同|总|概算|平均|年|需|所需|到位|先期|可|项目|工程)*"
    "(?:总?投资额?|完成投资|投资|引资|概算|造价|需资金|所需资金|到位资金|投入资金|投入|占地(?:面积)?|面积|建筑面积|总建筑面积|长里程|全长里程|长度?|全长|"
    "宽度?|高度?|深度?|厚度?|库容|容积|容量|藏书量?|产值|产量|利税|税收|营业收入|销售收入|利润|年龄|床位数?|编制数?|受益人口|受益人数|受益面积|"
    "合格率|优良率|覆盖率|死亡人数|死亡|受伤人数|在校生|教职工|专任教师)"
)
_MEASURE_ALONE = re.compile("(?:年龄|产量|税收|死亡|高)")  # too little to be a measure of what stands before
_GREW = re.compile("(?:年均)?(?:增长率|增速|增幅|升幅|降幅|增长|提高|下降|增加|减少)$")
_NEW = re.compile(
    "^(?:新开通|新建成|新增|新建|新开工|改扩建|扩建|改建|续建|建成|已?建设|计划|开工|提级|修建|完成|实施)+(?=..)"
)
_ENDS = re.compile("(?:占比|数|人数|户数|面积|里程|比例|次数)$")
# A kind of place behind what is measured: 路面宽度平原区不低于7米.
_PLACE_LAST = re.compile(
    "(?<=[度率积量准幅])((?:平原|山|丘陵|牧)区|城市|农村|县城|乡镇|建制镇|重点镇|[东中西]部(?:地区)?)(?:占比)?$"
)
# What is said to be of several places, before any of them: 污水处理率，城市达到95%.
_TOPIC = re.compile(f"([{HAN}]{{2,14}}(?:率|比例|占比|比重))[，：](?:其中)?$")
_YEARLY = re.compile("^每[年月季]度?(?=..)")
_COUNTS = ("thing", "people", "noun")
_RELATIVE = ("ratio", "fold", "point", "rank")
_NEAR = 24  # characters before a clause in which its topic may stand
_FEWEST = 2  # characters of a name
_LONGEST_HEAD = 18  # characters of what is put before a measure


_PART = re.compile(
    f"(?!示范|先进|试点|重点|优秀|文明)[{HAN}]{{1,3}}[省市县州旗盟]|国家级|[省市县区]级|[省市县区]本级|城区|城[市镇]|[农乡]村|乡镇"
)
_COUNTED = re.compile("(?:[人户]?数|[场人]?次|次数|里程|面积)$")
_LONGEST_PART = 12  # characters between two numbers of a list of parts
LEVEL_HEAD = re.compile("^.*?(?:国家|[省市县区])级")


@functools.cache
def places() -> frozenset[str]:
    """Names of places, long and short."""
    return frozenset(place_names())


@functools.cache
def _administrative_units() -> frozenset[str]:
    """Full names of provinces, prefectures and counties, today's and former."""
    return frozenset(unit.name for unit in administrative_units())


def name_parts(text: str, quantities: list[Quantity]) -> None:
    """Give what is counted to numbers that have only the place or level they are for: 书屋9家，其中甲县6家、乙县3家."""
    whole = ""
    for a, b in pairwise(quantities):
        between = text[a.end : b.start]
        if a.sentence != b.sentence or a.unit != b.unit or len(between) > _LONGEST_PART:
            whole = ""
            continue
        name = between.strip("（，、：和与及有")
        of_which, name = name.startswith("其中"), name.removeprefix("其中").lstrip("，：")
        if not (_PART.fullmatch(name) or name in places()) or _COUNTED.sub("", b.item) != name:
            whole = ""
            continue
        level = LEVEL_HEAD.match(a.item)
        whole = whole or (a.item if of_which else a.item[level.end() :] if level else "")
        b.item = f"{name}{whole}" if whole else b.item


def make_whole(text: str, quantities: list[Quantity]) -> None:
    """Give what was counted before to items that name only a place, a stage, a total or a measure of it.

    Parameters
    ----------
    text : str
        Folded.
    quantities : list of mentions.Quantity
        Of this text, in order, with their items as labels.
    """
    head, sentence = "", None
    by_unit: dict[str, Quantity] = {}
    earlier: dict[str, Quantity] = {}  # of the sentence before
    for q in quantities:
        if q.sentence != sentence:
            head, sentence, earlier, by_unit = "", q.sentence, by_unit, {}
        if m := _PLACE_LAST.search(q.item):
            q.item, q.whose = q.item[: m.start()], m[1]
        before = by_unit.get(q.unit or "", earlier.get(q.unit or ""))
        core = _LEADS_TO.sub("", _ENDS.sub("", q.item))
        if before is not None and (whole := _of_place(q, core, before.item, before.whose) or _of_stage(core, before)):
            q.item = whole
        elif q.unit_class == "ratio" and (m := _TOPIC.search(text, max(sentence[0], q.clause[0] - _NEAR), q.clause[0])):
            q.item = _of_place(q, core, m[1]) or q.item
        elif before is not None and _ALL.fullmatch(q.item):
            named = _GREW.sub("", _NEW.sub("", before.item.removesuffix("户数")))
            q.item = f"{named}{q.item.rstrip('达为')}" if named and not named.endswith(q.item) else q.item
        elif (
            head and q.unit_class not in _COUNTS and _MEASURE.fullmatch(q.item) and not _MEASURE_ALONE.fullmatch(q.item)
        ):
            q.item = f"{head}{q.item.removeprefix(head[-2:])}" if q.item not in head else q.item
            continue
        by_unit[q.unit or ""] = q
        if q.unit_class in _COUNTS and q.unit_class != "people":
            head = q.item.lstrip("“") if _FEWEST <= len(q.item) <= _LONGEST_HEAD and q.item not in BARE else ""
        elif q.unit_class not in _RELATIVE:
            head = ""


def _of_place(q: Quantity, core: str, whole: str, whose: str = "") -> str:
    """The item of a number that has only the place that it is for, from that of the number before in the same unit."""
    if not _PLACE.fullmatch(core) or _NO_PLACE.search(core):
        return ""
    # Where things are counted, they may be places themselves: 乡镇20个.
    if q.unit_class in _COUNTS and core not in _administrative_units():
        return ""
    if whose:
        whole = whole.removeprefix(whose)
    elif (m := _PLACE.match(whole)) and len(whole) - m.end() >= _FEWEST and not _NO_PLACE.search(m.group()):
        whole = whole[m.end() :].lstrip("的")
    if _PLACE.fullmatch(_ENDS.sub("", whole)):
        return ""
    q.whose = core
    return _YEARLY.sub("", whole)


def _of_stage(core: str, before: Quantity) -> str:
    """The item of a number that has only what became of some of what was counted before."""
    m = _STAGE.fullmatch(core)
    named = _NEW.sub("", before.item)
    if m is None or before.unit_class not in _COUNTS or named == m[1] or _STAGE.fullmatch(named):
        return ""
    return f"{m[1]}{named}"
