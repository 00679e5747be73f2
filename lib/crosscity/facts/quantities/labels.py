"""Items as labels: without the words that lead to what is counted, and without endings that the unit says already."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING

from ...chinese import HAN
from .lexicon import word_patterns
from .phrases import parts_of_subject, patterns

if TYPE_CHECKING:
    from .mentions import Quantity

_NEAR = 60  # characters around a quantity in which its item may stand
_SHORTEST = 2  # characters of an item
_NO_BEGINNING = "的率额数量以及和与"  # characters that no item begins with
_ENUMERATED = re.compile("[一二三四五六七八九十]{1,2}、|[0-9]{1,2}[、.．]|[一二三四五六七八九十]是")
_MEETING = re.compile(
    "(?:会议|大会|会上)(?:听取|讨论|研究|原则)?(?:同意|决定|明确|要求|强调|指出|通报|议定|认为|提出|分析|审议通过)(?:了|将|由|对|为)?"
)
_WHEN = re.compile(
    "(?:[^，的、]{0,8}(?:以来|期间)|(?:项目)?(?:全部)?(?:建成|投产|达产|完工|竣工|投用|投入使用|运营)+后(?:预计|可|将|能|每年)*|年[初中末底]前?|[上下]半年|[前一二三四]{1,2}季度|当[日天年月]|(?:截至)?报告日|去[冬秋]|今[春夏秋冬]|"
    "入[春夏秋冬汛]后|“?十[一二三四五]五”?(?:期?末|期间|时期|以来)?|[0-9]{1,2}年内|近[一二三四五六七八九十两几]+[年月天]来?|(?:[12][0-9]{3}[-—~至到])?(?:[12][0-9]{3}|20[Xx0-9]{2})年(?:度|[0-9]{1,2}月|[底末初])?|[0-9]{1,2}月(?:份|底|[0-9]{1,2}日)?|前期|"
    "本(?:学期|季度|月|周|年度)|全年|年内|每[年月日天周季]度?)(?:我|全)?[国省市县区]?"
)
# Of a place; but not of a name or a rank: 全国政协, 全国文明城市.
_LOCAL = re.compile(
    "(?:我[国省市县区们]|[该本][省市县区镇]|全[省市县区州镇乡村](?!政协|人大|性|总?工会)|"
    "全国(?!政协|人大|人民代表|总?工会|性|百强|文明|先进|示范|重点|优秀|劳模|五一|一流|十[佳大强]))(?!级)(?:[共现]?有(?![效机关限利力色害毒序志]))?"
)
_DONE_TO = re.compile("(?:了|过)?(?:进行|予以|给予)(?:了|过)?(?=[^的]{2,}的)")
# A clause that counts what somebody does: 督导组先后召开座谈会, 检察机关共办理案件.
_ALL_OF_IT = re.compile("^(?:全部|全面|基本|均|都)实现(?=[^的]{3})")
_WHO = re.compile(
    f"(?:具备|具有|拥有|掌握|熟悉|懂得?|擅长|善于)[^。；：]{{2,60}}?的([{HAN}]{{2,8}})(?=[，。；]|[到赴任]|担任)"
)
_FUND = re.compile("(?:经费|资金|补贴|补助|津贴|奖金|基金|报酬|奖励|工资|保险|投入|投资|收入|费|款|额|值|债)$")
_FUND_BEHIND = re.compile(f"的?([{HAN}]{{3,12}}(?:经费|资金|补贴|津贴|基金|报酬))(?=[，。；、]|$)")
_BY_STANDARD = re.compile(
    f"[^。；，]{{0,24}}的标准，?[^。；，]{{0,6}}?(?:加强|推进|推动|抓好|完善|新建|改造|建设)([{HAN}、]{{2,20}}?)(?:的?(?:建设|改造|升级))?(?=[，。；])"
)
# What is granted: 给予1万元一次性开办补助.
_GRANT = "补助|补贴|奖励|资助|奖补|津贴|补偿|扶持"
_GRANTED_BEHIND = re.compile(
    f"(?:以[上下]|以内|左右)?的?((?:一次性)?[一-龥]{{0,6}}?(?:{_GRANT}|奖金|罚款))(?=[，。；、）]|$)"
)
# What another number is of, before what this one is of: 学校347所、在校生.
_FIGURE_BEFORE = re.compile(
    "^.*[0-9][十百千万亿]*[多余]?(?:[个家名所户人项件条座处套元%]|公里|平方米|亩|吨)(?:以[上下]|左右|以内)?、(?=[一-龥]{2})"
)
_YEARLY = re.compile("(?<=[省市县区镇乡])每[年月季]度?(?=[一-龥]{3})")  # 乙县每年培训教师
# Between a subject and what of it is measured: 民营经济实现增加值.
_REACHED = re.compile(
    "(?<=[一-龥]{2})(?:累计|预计|已)*(?:实现|完成)(?!投资|率|额|度|情况|数|时|任务|目标|预算|计划|全|年度)(?=[一-龥]{2})(?!.*的)"
)
# Particles and dates, which the table has elsewhere: 成立了合作社, 甲市于2025年5月发放的补贴.
_CLUTTER = re.compile(
    "的$|(?<=[一-龥]的)有(?=[一-龥]{2})(?![效机关限利力色害毒序])|(?<=[一-龥])(?<!除)了(?![解望结])|(?<![比较与是0-9—-])(?:于|在|自|从|到|至|截至)?(?:[12][0-9]{3}|20[Xx]{2})年(?:度|[0-9]{1,2}月份?)?"
    "(?:[0-9]{1,2}日)?[底末初前]?(?!产)|(?<=[一-龥]{2})(?<!其他)各类(?=[一-龥]{2})|(?<![唯统第同单专])一[支座批](?=[一-龥“])"
)
# Whoever did so much in all: 全院共制作横幅, 高校共招生.
_ALTOGETHER = re.compile(f"([{HAN}]{{1,10}}?)(?<![公中总一国])共(?![同享建性产青和振治识富管生赢育计有鸣体])")
# Whom something is given, and what it is, behind the sums: 运动员分别给予50万元、36万元的一次性奖励.
_GIVES = re.compile("(?:分别|各|再|另)*(?:给予|予以|发给)$")
_GRANTED_AFTER = re.compile(
    f"(?:[、和至]?[0-9.]+[十百千万亿]*元|人民币|以[上下]|以内|不等|（[^（）]{{1,8}}）|的)*((?:一次性)?[一-龥]{{0,6}}?(?:{_GRANT}|奖金))(?=[，。；、）]|$)"
)
_LONGEST_WHO = 24  # characters of whom something is given
# What is fined, whoever it is: 并处罚款, 每处罚款, 不按规定报告的罚款.
_FINE = re.compile("(?:^[^，]{0,4}|的|处|不[^，]{2,12}|罚|[人员者])罚款$|(?:^|[的者])罚(?:[^，款]{0,6}[人员导])?$")
_EACH = re.compile("^(?:每(?:[个家名户亩人次处件只头床项]|平方米|公里))+(?:每[年月日天])?(?=奖|补|资助|罚|扣)")
_BOUNDS = re.compile(
    "^(?:最长|最短|最高(?!气温|峰)|最多|最低(?!生活|工资|气温)|至少|不得?(?:超过|少于|低于|高于|多于))+"
)
_MODAL = re.compile("^(?:要?确保|只能|应当|必须|可以|能够|力争|要(?=确保|力争))+(?=[^的]{3})")
_OF_MATTERS = re.compile("^方面的?(?=[一-龥]{2,6}$)")
_AMONG = re.compile(f"(?<=[{HAN}]{{2}})(?<![高初集其家])(?:中有?|里)$")  # 抽查的站点中有
_UNMET = re.compile("^(?:没有?|未)(?:能)?(?:达到|完成|要求)")
# Where a noun ends and what it did begins: 公交车依次驶出.
_DID = re.compile("(?<=[一-龥]{2})(?:依次|逐一|逐个|陆续|相继|分批|先后|悉数|顺利|如期)(?=[一-龥]{2})")
# A bracket that explains: 地区生产总值（GDP）, 排放总量（含工业、生活）.
_ABBREVIATION = re.compile(
    "(?<=..)（(?:[A-Za-z0-9.]+|(?:以下)?简称[^（）]*)）|(?<=[量额值积入资])（(?:不?含|不?包括)[^（）]*）"
)
# A place or a time that is left blank: XX县, **年.
_BLANK = re.compile("(?:[Xx]{2,}|[*]{2,}|某)(?:[省市县区镇乡村局]|年[底末初]?)?")
BARE = ("资金", "经费", "项目", "企业", "单位", "人员", "问题", "活动", "任务", "产品")  # no label alone: 安排资金
_OF_PEOPLE = ("户", "人", "名")
# Who is counted, and gets or does something: 为12户困难家庭发放补助.
_GETS = re.compile(
    f"^([{HAN}]{{2,8}}?(?:家庭|农户|群众|居民|村民|老人|学生|职工|户|员|者))(?:发放|提供|解决|送去|办理|落实).*$"
)
_LATER_ENDS = re.compile("率|额|时间|占比|比例|比重|标准|价格|期限|数量|水平|度")
_FALLS = {"下降率": "降幅", "降低率": "降幅", "减少率": "降幅", "回落率": "降幅", "少率": "降幅", "压减率": "压减幅度"}
_FALLS |= {"上升率": "升幅", "提高率": "升幅", "提升率": "升幅"}
_VERB = re.compile(
    "(?:合格|完成|负责|开工|竣工|减少|增加|转化|整改|办结|对应|使用|建成|落地|新增|投产|入库|签约|销号|移交|下降|立案|结案)$"
)
# What is held or done so many times by its name; a verb needs the ending (巡查次数).
_EVENT = re.compile(
    "(?:会|会议|活动|检查|培训|班|讲座|演练|行动|执法|巡察|调研|课|座谈|测评|抽检|党日|航班|列车|竞赛|比赛|大赛)$"
)
# Nouns of people, who need no 人数.
PEOPLE = re.compile(
    "(?:[^人]人|员|[护博硕院战]士|教授|讲师|选手|[游旅乘顾]客|专家|[校园]长|官兵|民警|者|学生|[小中]学生|[初高]中生|[普职]高学?生|在[校园]生|幼儿|考生|师生|毕业生|医生|新生|研究生|大学生|群众|观众|居民|农民|村民|市民|牧民|移民|职工|员工|农民工|儿童|教师|律师|"
    "医师|工程师|技师|干部|代表|模范|标兵|能手|劳模|对象|劳动力|青年|骨干|书记|人才)$"
)
_HOUSEHOLDS = re.compile("(?:户|群众|居民|农民|村民|牧民|移民|家庭|对象|茶农|果农)$")
_EVENTS = {"人次": "人次", "批次": "批次", "场次": "场次", "场": "场次", "期": "期数", "遍": "遍数"}
SPANS = {"年": "年数", "天": "天数", "岁": "", "周岁": ""}
_TIMES = (
    "时长",
    "时间",
    "期限",
    "时效",
    "年限",
    "周期",
    "寿命",
    "时延",
    "延迟",
    "误差",
    "偏差",
    "工期",
    "期",
    "龄",
    "长",
    "时",
)


@functools.cache
def _patterns() -> dict[str, re.Pattern[str]]:
    w = word_patterns()
    return {
        "vague": re.compile(f"(?:{w['vague']})(?=.)"),
        "acts": re.compile(
            f"(?:{w['acts']})了?(?!的|率|量|额|数|和|及|与|、|或|者|人员|部门|单位|工作|方案|办法|制度|标准|情况)(?=..)"
        ),
        "actor": re.compile(
            f"[^，的、“”（）]{{1,10}}?(?:已|共|先后|累计|随机|当场|现场|组织|每[年月日天周])*(?:{w['acted']})了?(?=[^的了、]{{2}})"
        ),
    }


def measure(q: Quantity, base: str) -> str:
    """What the item of a measure ends in, unless its phrase does: 面积, 里程, 天数."""
    if q.unit_class == "area":
        return "" if "面积" in base else "面积"
    if q.unit == "公里":
        return "" if base.endswith(("里程", "长度", "距离")) else "里程"
    return "" if q.unit_class != "span" or base.endswith(_TIMES) else SPANS.get(q.unit or "", "时间")


def ending(q: Quantity, base: str) -> str:
    """What the item of a count ends in, unless its phrase does: 数, 人数, 户数, 场次."""
    if base.endswith(("数", "人次", "人口", "次数", "率", "量")):
        return ""
    if q.unit_class == "event":
        return _EVENTS.get(q.unit or "", "次数")
    if q.unit == "户" and not base.endswith("户"):
        return "户数"
    return "人数" if q.unit == "人" else "数"


def label(text: str, q: Quantity, counts: bool) -> str:
    """The item of a quantity as a label.

    Parameters
    ----------
    text : str
        Folded.
    q : mentions.Quantity
        With its item.
    counts : bool
        Whether the item of a count says so (社区数), as where one place is compared with another.
    """
    if behind := _said_behind(text, q):
        return behind
    q.item = _ALL_OF_IT.sub("", q.item)
    if q.unit in _OF_PEOPLE and text.startswith(q.item[:_SHORTEST], q.end):
        q.item = _GETS.sub(lambda m: m[1], q.item)
    if counts:
        return q.item
    item = _without_ending(text, q)
    if q.unit_class == "ratio":
        fall = next((fall for fall in _FALLS if item.endswith(fall)), "")
        if fall and len(item) > len(fall) + 1:
            item = item[: -len(fall)] + _FALLS[fall]
    return _tidied(text, q, _without_lead(q, item))


def _tidied(text: str, q: Quantity, item: str) -> str:
    """An item without bounds, modal verbs and what was done with it; what is granted by its name."""
    if q.unit_class == "money":
        behind = _GRANTED_BEHIND.match(text, q.end, q.clause[1])
        if "罚" in item and _FINE.search(item):
            return "罚款"
        item = _EACH.sub("", item)
        if (m := _GIVES.search(item)) and (grant := _GRANTED_AFTER.match(text, q.end, q.end + _NEAR)):
            who = item[: m.start()].rstrip("的，")
            named = _SHORTEST < len(who) <= _LONGEST_WHO and not who.startswith("每")
            return f"{who}的{grant[1]}" if named else grant[1]
        if behind and not item.endswith("门槛") and not _FUND.search(item) and (len(item) <= 4 or "的" not in item):
            return behind[1]
    if q.unit_class == "span" and _BOUNDS.fullmatch(item):
        return "期限"
    for lead in (_BOUNDS, _OF_MATTERS, _UNMET, _MODAL, _WHEN, _LOCAL):  # 确保2020年全省覆盖率
        m = lead.match(item)
        rest = item[m.end() :] if m else item
        item = rest if len(rest) >= _SHORTEST and rest[0] not in _NO_BEGINNING else item
    for clutter in (_ABBREVIATION, _REACHED, _CLUTTER, _AMONG):
        rest = clutter.sub("", item)
        item = rest if len(rest) >= _SHORTEST else item
    if "（" in item and "）" not in item:
        item = item[: item.index("（")]
    did = _DID.search(item) if q.unit_class in ("thing", "people") else None
    return item[: did.start()] if did and "的" not in item[did.end() :] else item


def _said_behind(text: str, q: Quantity) -> str:
    """What a number is about where that is said behind it, in the ways that a verb's recipient is taken for it.

    遴选103名具有…经验的党员能人; 落实各村每年20万元为民服务专项经费; 按600和200平方米的标准，加强社区和村级场所建设.
    """
    if q.unit_class == "people" and (m := _WHO.match(text, q.end)):
        return m[1]
    if q.unit_class == "money" and not _FUND.search(q.item) and (m := _FUND_BEHIND.match(text, q.end)):
        return m[1]
    if q.unit_class == "area" and (m := _BY_STANDARD.match(text, q.end)):
        others = text[q.clause[0] : q.start].count(q.unit or "平方米")
        number = others + 1 + text[q.end : m.start(1)].count(q.unit or "平方米")
        parts = parts_of_subject(m[1], number) if number > 1 else [m[1]]
        return f"{parts[others] if parts else m[1]}面积"
    return ""


def _without_lead(q: Quantity, item: str) -> str:
    """An item without what leads to it: 会议同意, 年末全县, 督导组先后召开."""
    find = _patterns()
    item = _FIGURE_BEFORE.sub("", item) if "、" in item else item
    item = _YEARLY.sub("", item) if "每" in item else item
    if "共" in item and (m := _ALTOGETHER.match(item)) and "的" not in m[1]:
        verb = find["acts"].match(item, m.end()) or patterns()["doing"].match(item, m.end())
        item = item[m.end() :] if verb else m[1] + item[m.end() :]
    leads = [_ENUMERATED, _BLANK, _MEETING, _WHEN, _LOCAL, find["vague"], _DONE_TO]
    if q.unit_class not in ("ratio", "fold", "point"):
        leads += [find["acts"]]
        if not _LATER_ENDS.search(item[-4:]):
            leads += [find["actor"]]
    verbs = (find["acts"], find["actor"])
    for _ in range(4):
        rest = item
        for lead in leads:
            if lead in verbs and "的" in rest:
                continue  # of a clause that says which: 提供教科书的学生
            if m := lead.match(rest):
                cut = rest[m.end() :].lstrip("，、： ")
                if lead in verbs and cut in BARE:
                    continue
                rest = cut if len(cut) >= _SHORTEST and cut[0] not in _NO_BEGINNING else rest
        if rest == item:
            break
        item = rest
    return item


def _without_ending(text: str, q: Quantity) -> str:
    """An item without the ending that only says that it is counted, where the text has it without."""
    item, said_by_unit = q.item, ""
    if q.unit_class in ("thing", "noun") or q.unit == "名":
        said_by_unit = "数"
    elif q.unit_class == "event":
        said_by_unit = _EVENTS.get(q.unit or "", "次数" if _EVENT.search(q.item.removesuffix("次数")) else "")
    elif q.unit == "公里":
        said_by_unit = "里程"
    elif q.unit == "户" and q.qualifier not in (">=", "<=") and _HOUSEHOLDS.search(q.item.removesuffix("户数")):
        said_by_unit = "户数"
    elif q.unit == "人" and q.qualifier not in (">=", "<=") and PEOPLE.search(q.item.removesuffix("人数")):
        said_by_unit = "人数"
    rest = item.removesuffix(said_by_unit)
    said = text[max(q.sentence[0], q.start - _NEAR) : q.end + _NEAR]
    return item if len(rest) < _SHORTEST or item[-3:] in said or _VERB.search(rest) else rest
