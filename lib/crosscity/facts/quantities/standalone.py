"""The last step of an item: freed of what leads to it, completed where it is a bare head, and not too long."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING

from ...chinese import HAN
from .labels import BARE
from .lexicon import word_patterns
from .phrases import LONGEST_TITLE, NEAR, parts_of_subject, patterns, subject_before, trim_left

if TYPE_CHECKING:
    from .mentions import Quantity

# What leads to an item; but not the first character of a word: 及时率, 与会代表, 和静县.
_LEAD = re.compile(
    "^(?:[-—@#/*·.,;&\\s]|（[一二三四五六七八九十0-9]{1,2}）|(?:级别|等)的|的(?![士确])|与(?![会时民众])|及(?![时格第早])|"
    "和(?![静睦美谐平睦解田政顺县龙硕布林])|及?以[上下](?!海|市公|饶)(?=..)|而且|且(?!末)|而(?![立今])(?=.{3}))+"
    f"(?=[{HAN}A-Z“《])"
)
# What it leads to; but not 得分, 平均分, 成分.
_TAIL = re.compile(
    f"(?:(?<=[{HAN}]{{2}})(?:[细划]?分为|(?<![部得评积水成养学均总加扣记处盐糖满身股细划])(?<!最[高低])分|每|少于|多于|"
    "[跨跃迈站登]上|双双|继续|首次|[尽加]快|(?:在[^，在]{1,5})?率先)|[@×,;；])+$"
)
_TAIL_ENDS = "分为每于上双续次快先@×,;；"
_TWICE = re.compile("(?<=年)年(?=均)|(天数|投资|增加)(?=\\1$)")
# How a rank is held, before whose it is: 稳居全国第2位.
_RANKED = re.compile(
    f"(?:连续(?:多年)?)?(?:双双|均)?(?:稳居?|跃升至?|跃居?|进位至|升至|位[列居]|名列|排名(?:提(?:升至)?)?|居(?![民住家]))(?=[{HAN}]{{0,12}}排名$)|第(?=排名$)"
)
_YEARS = re.compile("连续.*年数$")
_SAME_PLACE = re.compile("(全[国省市区州县球]|世界)第?[一二三四五六七八九十]?(?=\\1排名$)")
_RANK_ALONE = re.compile("(?:全[国省市区州县盟球]|世界|国内)?排名")
_BRACKET = re.compile("（(?![省市区县旗州、]+）)[^（）]{2,}）")  # but not of 县（市、区）
_AWARD = "(?:财政|资金|经费)?(?:补助|补贴|资助|奖励|奖补|扶持|贴息|奖金)(?:资金|经费)?"
# What is granted, and no more than to each of whom or how often.
_AWARD_ALONE = re.compile(
    f"(?:每[年个家名户项]?(?:每年|单位|企业|项目)?|单个(?:企业|项目)(?:年度)?|最高|给予|予以|再|另|一定的|一次性|分别|实行|累计)*+({_AWARD})(比例)?"
)
_OF_AWARD = re.compile(f"(.*)的((?:一次性)?{_AWARD})")
_FOR_WHOM = re.compile(
    "(?:^|[。；：、，）])[^，。；：]{0,2}对[于经]?((?!口|外|标)[^，。；：给按]{3,48}?)(?:分别)?[，按给]"
)
_MORE = re.compile("(?:[、和][0-9.]+[十百千万亿]*元)*")
_NEWLY = re.compile(
    "^(?:首次|新)?(?:认定|获批|评定|备案|引进|获得|评为|命名|授予|通过|列入|进入)(?:名单|名录|目录|[或和、][^的为]{2})?(?:的|为)|"
    "^新(?:认定|获批|评定|备案|引进|获评)(?=.{4})"
)
_OF_FIRM = re.compile("(?:承担|实施|开展|获批|拥有|建成|参与)?(.{4,})的(?:企业|单位|机构)")  # 承担攻关项目的企业
# A share of what is spent, which says less of a grant than whom it is for: 实际投入补助比例.
_OF_SPENT = re.compile(f".{{0,12}}(?:投资额|投入|金额|到账额|合同额|费用)({_AWARD})(比例)")
_SUPPORTED = re.compile("(?:^|[。；])(?:重点|大力|积极)?(?:支持|鼓励|培育|推动|建设)([^，。；0-9]{4,24})，[按给最]")
_CLAUSE = re.compile(
    "[0-9一二三四五六七八九十]+[强个万亿]|突破|首次|超过|达到?|入选|新增|形成|但|不|的|^(?:获得|通过|取得|符合)"
)
_LONG = 14  # characters of an item that is shortened
_LONGEST_HEAD = 10  # characters of a bare head with the verb that leads to it: 归纳了环节
_HEAD = 4  # characters of a noun that says what is counted without what stands before it
# What is divided, or has so many parts: 网络架构分为3个部分, 指南包括6个方面.
_DIVIDED = re.compile(
    "(?:^|，)((?:(?!主要|具体)[^，。；：、]){2,16}?)(?:主要|具体|大致|可|共)*"
    "(?:[细划]?分[为成]?$|[细划]?分[为成]|包括|包含|涵盖|涉及|(?<![自理])由(?!衷)|(?<=层)为)"
)
_TOPIC = re.compile(
    f"(?:^|[，。；：])(?:在)?([{HAN}“”]{{2,10}})方面[，：]|(?:围绕|聚焦|针对)([{HAN}“”]{{2,10}})，[^，。；]{{0,6}}$"
)
_DIVIDES = re.compile(
    "，(?:主要|具体|共)*(?:[细划]?分为|包括|包含|涵盖)[^，。；]*$"
)  # in a clause behind its subject's
_OF_NEXT = re.compile(
    f"(?:的|，)?[0-9一二两三四五六七八九十]+[余多]?[个项类种条]([{HAN}]{{4,12}}?)(?<![组构]成)(?=[，。；、]|$)"
)
_THING = re.compile(
    f"([{HAN}A-Za-z0-9-]{{0,14}}(?:[器机仪膜车]|系统|平台|装置|设备|装备|软件|模块|网络|材料|电池|部件|构件|终端|产品))(?=[{HAN}]{{2}})"
)
# What is done with what is counted, as a noun behind it: 12项标准的研究制定.
_DOING = "(?:立项|预研|制定|修订|落实|落细|落地|实施|推进)"
_PROCESS = re.compile(
    f"(?<=[^，]项目)建设$|(?:(?<=[{HAN}]{{2}})的(?:研究|{_DOING})+|(?<=[{HAN}]{{4}})(?<!的)(?:{_DOING}|研究(?={_DOING}))+)"
    "(?:[和与、](?:立项|预研|研究|制定|修订|落实))?(?:工作|情况)?$"
)
_PROCESS_ENDS = "设项研究定订实细地施进作况"
_GIFTED = re.compile(
    f"^(?:具有|具备|富有|拥有)[{HAN}、]{{2,12}}?(?:效应|作用|能力|优势|影响力|水平|意义|特色|潜力)的?(?=[{HAN}]{{4}})"
)
_DATE = re.compile("(?:到|至|截至)?[0-9]{4}年(?:[0-9]{1,2}月)?[底末初]?前?")
_PER = re.compile("每[车船辆台套件座栋宗笔]")
_OF_IT = re.compile(f"的([{HAN}]{{4,12}}?)(?=[，。；、或和]|$)")
# A rate or a change that does not say of what; and a share as it is said of what it is of.
_BARE = re.compile(
    "(?:实际|平均|每年|年均|[两三四五六七八九十]年|累计|预计|计划)*(?:增长率|递增率|降幅|升幅|涨幅|占比)"
)
_SHARE = re.compile("(?:所占)?的?(?:比重|比例)$")
_IN_WHOLE = re.compile("^在(?:[^，]{2,12}中(?=..))?")
_NOUN = re.compile(
    "(?:[值额量率数力费品]|比重|比例|收入|支出|投资|[产工农商行]业|贸易|储蓄|[存贷]款|水平|价格|资产|人口|标准)$"
)
_NO_TOPIC = re.compile("^(?:这|就|由|按|其|包括)|[0-9）]|(?:逐|跨越|扩大)|中$")
_RATED = ("率", "速度", "幅度", "增速")
_DATED = re.compile("^(?:到|至)?[一二三四五六七八九〇零○0-9]{4}年(?:度)?|^[今去明上]年(?:度)?")
_NEW = re.compile(
    "^(?:(?:新开工|新设立?|新登记|新增加?|新建|净增|累计|建成|改造|改建|提升|收集|办理|推动|支持|促进|打造|加快|做[大强优]|建设|发展|培育|壮大|新(?![型能材兴一]))[和及、]?)+(?=..)"
)
# What a clause before is about, if it is something that has an output or a size.
_HOLDER = re.compile(
    f"[{HAN}“”]*(?:[产企行工农商林牧渔]业|经济|园区|项目|基地|平台|市场|工程|集群|主体|基金|贷款|产品)"
)
# The same behind a verb: 大力发展绿色食品产业，产值达到50亿元.
_OBJECT = re.compile(
    f"(?:^|[，；])(?:[{HAN}]{{2}})?(?:发展|打造|培育|壮大|做[大强优]|推进|建设)([{HAN}“”]{{2,10}}(?:产业|企业|园区|集群|基地|市场|产品))，$"
)
_GROWTH = re.compile("(?:年均|实际)?(?:增长率|降幅|升幅|涨幅)$")
_TOTALS = ("总量", "总数", "规模")
_INSURED = re.compile("^参加|(?:参保|参加|覆盖|采集)?(?:[人户]?数|人口)$")
# The verb of a list that names only some of what is counted: 新开工纸业园等20个项目.
_LED = re.compile(
    "(?:加快|积极|全力|累计|力争|全年|年内)*(新?开工(?:建设)?|竣工(?:投产)?|投产|建成|新?签约|引进|落地|续建|储备|谋划|实施|推进|建设|举办|改造)[^，。；]{2,}等$"
)
_SHORTEST_OWNER, _LONGEST_OWNER = 2, 14  # characters of it
_LONGEST_WHOM, _LONGEST_GRANT = 16, 23  # characters of those to whom something is granted, and with what is
_LISTED = re.compile("、[^、的]{2,}(?<![一二三四五高中初同平优])等(?!领域|方面|[级奖次待于额地院教])([^的等]{4,})$")
_FIGURE = re.compile("[0-9一二三四五六七八九十][强个万亿千百]|以[上下]")
_AND, _NOT = re.compile("[、和与及]"), re.compile("未|没有|不(?!断)|无(?!人机)")
_COUNTS = ("thing", "noun", "event")
_COUNTED = ("thing", "noun", "people")
_FARTHEST = 30  # characters from the quantity whose subject is taken


@functools.cache
def _find() -> dict[str, re.Pattern[str]]:
    w = word_patterns()
    rates = "年均|增长率|降幅|升幅|涨幅|占比"
    return {
        "head": re.compile(f"(?:主要|重点|具体|核心|不同的?)?(?:{w['heads']})$"),
        "measure": re.compile(f"(?:总|年|年均|平均)?(?:{w['measured']})(?:{rates})*"),
        "measured": re.compile(f"(?:的?(?:总|种植|播种|养殖|建筑|占地|年))*(?:{w['measured']})(?:{rates})*$"),
    }


def stand_alone(text: str, quantities: list[Quantity], counts: bool = False) -> None:
    """Make each item one that can stand alone at the head of a column.

    Parameters
    ----------
    text : str
        Folded.
    quantities : list of mentions.Quantity
        Of this text, in order, with their items as labels.
    counts : bool
        As `labels.label` takes it: those items say at length what is counted, and are not shortened.
    """
    last = previous = None
    for q in quantities:
        previous = last if last is not None and last.sentence == q.sentence else None
        q.item = _trimmed(q)
        if last is not None and last.unit == q.unit and _DATE.fullmatch(q.item):  # 机架3万个；2030年底前超过6万个
            q.item = last.item
        if len(q.item) <= _LONG:
            q.item = _completed(text, q, previous)
        if q.unit == "字" and not counts:  # （300字以内）
            q.item = f"{_BRACKET.sub('', q.item).removesuffix('数').removesuffix('字')}字数"
        if not counts and q.unit_class == "money" and "的" in q.item and (m := _OF_AWARD.fullmatch(q.item)):
            q.item = _award(m[1], m[2])
        elif not counts and q.unit_class in _COUNTED and len(q.item) > _LONG:
            q.item = _shortened(text, q.item)
        last = q


def _trimmed(q: Quantity) -> str:
    """An item without marks, particles and numbers of an outline around it, nor what is done with what is counted."""
    item = _LEAD.sub("", q.item)
    if item[-1:] in _TAIL_ENDS:  # which costs less than to search each item
        item = _TAIL.sub("", item)
    if "年年" in item or item[-2:] == item[-4:-2]:
        item = _TWICE.sub("", item)
    if q.unit_class == "rank":
        return _SAME_PLACE.sub("", _RANKED.sub("", item))
    if q.unit_class in _COUNTED:
        item = _GIFTED.sub("", item)
        if item[-1:] in _PROCESS_ENDS:
            item = _PROCESS.sub("", item)
    return item


def _completed(text: str, q: Quantity, previous: Quantity | None) -> str:
    """An item with its subject, where it is a bare head or measure and the text has one."""
    item, find = q.item, _find()
    if q.unit_class in ("money", "ratio") and (m := _AWARD_ALONE.fullmatch(item) or _OF_SPENT.fullmatch(item)):
        return _granted(text, q, f"{m[1]}{m[2] or ''}") or item
    if _PER.fullmatch(item) and (m := _OF_IT.match(text, q.end)):  # 每车不低于50万元的责任保险
        return m[1]
    if (
        q.unit_class in _COUNTS
        and len(item) <= _LONGEST_HEAD
        and (m := find["head"].search(item))
        and m.start() <= _HEAD
    ):
        if of_next := _OF_NEXT.match(text, q.end + len(m.group())):
            return f"{of_next[1]}{m.group()}"
        subject = "" if m.start() else _divided(text, q)
    elif previous is not None and _RANK_ALONE.fullmatch(item):
        return previous.item if previous.unit_class == "rank" else f"{_YEARS.sub('', previous.item)}{item}"
    elif (
        q.unit_class in _COUNTED and item in BARE and (m := _LED.match(text[q.clause[0] : q.start].removesuffix(item)))
    ):
        return f"{m[1]}{item}"
    elif q.unit_class == "ratio" and _BARE.fullmatch(item):
        return _rate(text, q, previous)
    elif find["measure"].fullmatch(item):
        subject = _owner(text, q, previous)
    else:
        return item
    return f"{subject}{item}" if subject and item not in subject else item


def _granted(text: str, q: Quantity, award: str) -> str:
    """What is granted by whom it is granted: 对示范项目，按投资额的5%给予补助，最高补助20万元."""
    said = _BRACKET.sub("", text[max(q.sentence[0], q.start - 3 * NEAR) : q.start])
    found = [*_FOR_WHOM.finditer(said)] or [*_SUPPORTED.finditer(said)]
    if not found:
        return ""
    whom = _NEWLY.sub("", found[-1][1].removesuffix("的"))
    if "分别" in said[found[-1].start() :]:
        before, after = said[found[-1].end() :].count("元"), _MORE.match(text, q.end)
        parts = parts_of_subject(whom, before + 1 + (after.group().count("元") if after else 0))
        whom = parts[before] if parts else whom
    granted = _award(whom, award)
    return granted if len(granted) <= _LONGEST_GRANT else ""


def _award(whom: str, award: str) -> str:
    """What is granted to somebody, in as few words as say to whom."""
    whom = _NEWLY.sub("", _BRACKET.sub("", whom))
    if (m := _OF_FIRM.fullmatch(whom)) and not _CLAUSE.search(m[1]):
        whom = m[1]
    room, head = _LONGEST_WHOM - len(award), whom.rpartition("的")[2]
    if head not in BARE and len(whom) > (room if len(head) >= _HEAD else room + _HEAD):
        whom = head
    return f"{whom}的{award}" if _CLAUSE.search(whom) else f"{whom}{award}"


def _divided(text: str, q: Quantity) -> str:
    """What has so many parts, aspects or the like."""
    if m := _DIVIDED.search(text[q.clause[0] : q.start]):
        return trim_left(m[1])
    sentence = text[q.sentence[0] : q.start]
    if _DIVIDES.search(sentence) and (m := patterns()["predicate"].search(sentence, 2)):
        subject = trim_left(sentence[: m.start()]).removesuffix("主要")
        return subject if len(subject) <= _LONGEST_OWNER and "，" not in subject else ""
    m = _TOPIC.search(text[max(q.sentence[0], q.start - NEAR) : q.start])
    return (m[1] or m[2]) if m else ""


def _owner(text: str, q: Quantity, previous: Quantity | None) -> str:
    """What is measured, where only its measure is named: of the quantity before, or of the clause before."""
    owner = ""
    if previous is not None and q.start - previous.end <= _FARTHEST:
        owner = _of_previous(q, previous)
    elif _HOLDER.fullmatch(subject := subject_before(text, q)):
        owner = subject
    else:
        m = _THING.match(text, q.sentence[0], q.start) if q.unit_class != "money" else None
        m = m or _OBJECT.search(text[max(q.sentence[0], q.clause[0] - NEAR) : q.clause[0]])
        owner = m[1] if m else ""
    owner = _NEW.sub("", owner).removesuffix(q.item[:-1])
    return owner if _SHORTEST_OWNER <= len(owner) <= _LONGEST_OWNER else ""


def _of_previous(q: Quantity, previous: Quantity) -> str:
    """What the quantity before is of, without its own measure."""
    owner, is_count = _GROWTH.sub("", previous.item), previous.unit_class in (*_COUNTS, "people")
    if previous.unit_class in ("people", "event") and not q.item.endswith(("率", *_TOTALS)):
        return ""  # 培训农民5000人，面积20万亩
    if not is_count and (m := _THING.match(owner)):
        return m[1]
    if m := _find()["measured"].search(owner):
        owner = owner[: m.start()]
    elif not is_count and (owner == previous.item or not q.item.startswith(_TOTALS)):
        return ""
    return _INSURED.sub("", owner) if is_count else owner


def _rate(text: str, q: Quantity, previous: Quantity | None) -> str:
    """A rate or a share with what it is of: the noun phrase that is a clause before, or what the rate before is of."""
    end = q.clause[0] - 1
    if end > q.sentence[0] and (previous is None or previous.end < end) and text[end] in "，：":
        begin = max(q.sentence[0], *(text.rfind(mark, q.sentence[0], end) + 1 for mark in "，：；"))
        clause = trim_left(_DATED.sub("", text[begin:end])).removesuffix("方面")
        topic = _IN_WHOLE.sub("", _SHARE.sub("", clause) if q.item.endswith("占比") else clause)
        is_noun = (topic != clause or _NOUN.search(topic)) and not _NO_TOPIC.search(topic)
        if is_noun and 1 < len(topic) <= LONGEST_TITLE and not patterns()["predicate"].search(topic):
            return topic if topic.endswith(_RATED) else f"{topic}{q.item}"
    if previous is not None and previous.unit_class == "ratio" and previous.item.endswith(q.item[-2:]):
        return previous.item
    return q.item


def _shortened(text: str, item: str) -> str:
    """A long item without brackets and without what stands before its head and what classifies that."""
    is_quoted = item in text  # and not made of a noun and what is said of it
    item = _BRACKET.sub("", item)
    if len(item) > _LONG and (m := _LISTED.search(item)):  # 设计、测试等行业标准
        return m[1]
    before, _, head = item.rpartition("的")
    if not (before and is_quoted) or len(item) <= (LONGEST_TITLE if _FIGURE.search(before) else _LONG):
        return item
    if len(head) < _HEAD:
        before, _, middle = before.rpartition("的")
        head = f"{middle}的{head}" if before else item
    return item if _AND.search(head) or _NOT.search(before) else head
