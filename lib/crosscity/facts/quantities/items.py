"""What a quantity counts, as a short noun phrase taken from the words around it.

The phrase is made of the words before a number, back to the beginning of the clause or the quantity before it, and the
noun behind it. What a sentence says once is remembered within it: the subject of a list, what 分别 distributes, the
group that later numbers are part of.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from ...chinese import HAN
from .exclusions import BARE_POWER
from .labels import BARE, PEOPLE, SPANS, ending, label, measure
from .mentions import SECOND_BOUND
from .parts import LEVEL_HEAD, make_whole, name_parts
from .phrases import (
    CHANGES,
    ENDS_CLAUSE,
    FIGURES,
    LONGEST_TITLE,
    NEAR,
    PER_UNIT,
    TITLE,
    NounBehind,
    Phrases,
    SentenceMemory,
    clause_between,
    labelled,
    noun_behind,
    parts_of_subject,
    patterns,
    phrase,
    subject_before,
    trim_left,
    trim_right,
)
from .shares import THAN_WHEN, share_item, verb
from .standalone import stand_alone
from .sums import OTHER_SIDE, is_weak_grant, of_budget, sum_item
from .terms import age, term

if TYPE_CHECKING:
    from .mentions import Quantity

_BETWEEN = re.compile("^(?:[，、；：]|大关|台阶|关口|和(?![美谐平睦解田])|及(?!时)|左右)+")
_LIST = re.compile("(?:以[上下]|左右)?[、和与及]")
_SECTORS = ("一", "二", "三")
_OF_SECTORS = re.compile(
    "一、(?:第?)二(?:、|和)(?:第?)三(?:次)?产业([一-龥]{0,8}?)(?:占[^，。；]{0,12})?(?:年均|比例|同比)?分别"
)
_MARKS_OF_SIZE = ("大关", "台阶", "关口")  # behind a sum, and no noun that has it
_LIST_IN = re.compile("[、和]|(?<![惠普涉波])及")
_NEXT = re.compile("[^，。；、和与及]{0,3}[、和与及]")
_PLACED = re.compile(
    "(?:跃居|位居|位列|跃升|升至|排名|荣获|获得|[居列排获是为])*(全[国省市区县球州]|世界|[东中西]部|同类|(?:副省级|省会|地级)城?市|[省市县]内|国内)[^，。；、]{0,4}第?$"
)
_TO = re.compile(
    "(?:左右|以[上下])?(?:提高|上升|提升|增长|增加|下降|降低|回落|减少|扩大|缩小|升|降)了?[到至为]"
    "(?:[0-9]{4}年[底末]?的?)?约?"
)
_COUNT_TO = re.compile(  # 由10个(县扩大到)25个
    f"(?:[{HAN}（）]{{1,6}}?)?(?:扩大|增加|增长|提高|减少|下降|缩减|压缩|简化|精简|降低|上升|发展|[增减升降涨缩扩])了?[到至为]"
    "(?:年[末初底]|[今去上]年|现在|目前)?的?约?"
)
_GROWTH = re.compile("(?:增长率|增速|增幅|升幅|降幅)$")
_CHANGE_LAST = re.compile("(?<=..)(?:增加|减少|增长|下降|提高)$")
_GROUPS = ("村民小组", "村民组", "居民小组", "组数", "小组")  # which nobody counts the houses of
_HOUSES_OR_PEOPLE = re.compile("(?:[一-龥]{2,4})?[、，]?共?")
_PER = re.compile("([村户人年月])(?:均|平均)(?:达到|达|为|只有|仅|仅为|增加|约|近|超)*$")
# No more than that something changed, and to when: 增加到2005年(的144万人).
_ONLY_CHANGE = re.compile(
    "(?:又|再|分别|累计|净)*(?:增长|增加|提高|下降|降低|减少|上升|回落|发展|扩大|缩小|缩短|跃升|攀升|增|降|升|减|少|多)?"
    "(?:了|[到至为](?:[0-9]{4}年[底末初]?)?)?的?|(?:[^，]{0,8}基础上)?再?翻[一两]番(?:多|以上)?"
)
_YEARLY_EACH = re.compile("年均分别(?:增长|增|递增|下降)了?$")
_NOBODY = re.compile("(?:人均|同比|平均|年均|年|比上年)?")
_AWARD = re.compile("奖励|补助|补贴|资助|奖补|支持|扶持|给予")
_NAMED = re.compile("“[^“”]{1,20}”")
_REACHES = re.compile("(?:首次)?(?:突破|超过|达到|满)")
_FOR_WHOM = re.compile("(?:^|(?<=[。；，：、]))(?:[^，。；]{0,4})?对([^，。；对]{2,30})，([^，。；]*)$")
_GIVEN_TO = re.compile(
    "(?:^|[。；：、，]|对)(?:每[个家名项户])?((?!按)[^，。；对]{3,24}?)，?(?:再|另|一次性|可)?(?:给予|予以)(?:每[个家名项户]|最高|不超过|一次性|的)*$"
)
_AWARDED = re.compile("的?(?:一次性)?((?:资金)?(?:奖励|补助|补贴|资助|奖补|扶持))(?=[，。；、（]|$)")
_LISTED_AS = re.compile("^(?:新?(?:列入|入选|获得|获评|评为|认定)为?的?)")
_GROUP = re.compile("[^，。；、]{0,14}中(?:，|[^，。；]{0,12}[占有])")
_OF_GROUP = re.compile("[^，。；]{0,14}中[，有已仅只]*|[，有已仅只]+")
_STATE = re.compile("未|没有|不|被|已|无|仍|正在|存在")
_OF_RATES = re.compile("(?:实现|推动|带动|促进|推进)(?=[^的了率]{3})")
_WEAK_AWARD = re.compile("(?:最高|另|再|一次性|给予|予以|资助|补助|奖励|支持|扶持|补贴|奖补)+$")
_LASTS = re.compile("(?:[^，。；]{0,4}?为期|历时|[利使]?用)")
_EXPERIENCE = re.compile("(?:以上|及以上)的?([^，。；、]{0,16}(?:经历|经验|工龄))")
_FINES = re.compile("处(?!理)以?[^，。；]{0,30}$")  # 处50元以上200元以下罚款
_FINED = re.compile("[^，。；]{0,36}罚款")
_AT_MOST = re.compile("最高|最低|不得?超过|不少于")
_FOR_WHOM_BEFORE = re.compile("(?:^|[。；：、])(?:[^，。；]{0,4})?对([^，。；对]{2,16}(?<![0-9%元]))，[^。；]*$")
_EACH_HEAD = re.compile(f"^每[个家名位户]?[{HAN}]{{1,4}}?每[年月](?:最高|最多)?(?=..)")
_ROUND = re.compile("^(?:以[上下内]|左右)的?")
_WHICH = re.compile("(?:以上)?(?:的)?[一-龥]{2,10}(?<![元额率量])")  # 投资过10亿元项目100个
_OF_WHICH = re.compile(f"的[{HAN}]{{2,10}}")
_OVER = re.compile("(?:年?[一-龥]{0,4}(?:投资|产值|收入|营收|规模|出口额?|估值|市值))?(?:过|超过?|突破|达到?)")
_THRESHOLD = re.compile("以[上下]")
_LEVEL = re.compile("(国家级|[省市县区]级|自治区级)数$")
_RANKED = re.compile("(?:连续)?(?:保持|稳居|位居|排名)?[在居]?(?:世界|全[国球省市区])?第[一二三四五六七八九十0-9]+位?$")
_CHANGED_TO = re.compile("(?:提高|增加|上升|下降|减少|增长|提升|增|降)[到至为]")
_BARE_COUNT = ("数量", "总量", "规模", "总数", "增速", "增幅", "增量", "均")
_FRAME_ENDS = re.compile(
    "(?:[细划]分|(?<![部得评积水成养学均总加扣记处])(?<!最[高低])分|加快|设|含|选派|进行|举行|共有|有)了?$"
)
_STAGE = re.compile("[新续]?(?:开工|竣工|投产|完工|完建|续建|建成|落地|签约|在建|投用)|完成投资")
_DONE = re.compile("(?:改?扩|改|新|续)建(?!筑|材)|(?:实施|推进|安排|谋划|新|续)?(?:开工|建设|推进)?")
# What was done with all of it: 12件实事全部兑现.
_DONE_AS_SAID = re.compile(
    "(?:全部|均|都|已经?|如期|圆满|顺利|基本|按期|全面|深入|扎实|高质量|加快|稳步|有序|持续)*(?:完成|兑现|落实|落地|实施|推进|开展|见效)+"
)
_NO_TRAIT = (
    "是",
    "对",
    "逐",
    "面对面",
    "成了",
    "变成",
    "变身",
    "从",
    "离",
    "去了",
    "来了",
    "跑",
    "仍",
    "还",
    "也",
    "鱼贯",
)
_SHORT = 6  # characters of what says no more than for whom: 单个项目
_GRANTED_RATE = re.compile("(.+(奖励|补助|补贴|资助|奖补|贴息))比例$")
_LONGEST_TRAIT = 8  # characters of what a threshold is of
_RELATIVE = ("ratio", "fold", "point")
_MEASURES = ("length", "area", "amount")
_NO_SPAN = re.compile("时间|[了就才]")  # what a span lasts follows none: 用一天时间开了会, 入职20年了
_ADDED = re.compile("新增加?了?$")
_HAS = re.compile("(?:有|着|(?<![平])均|完成了|建成了|种植了|流转了|修建了|修了)[约近超]?$")
_NO_NOUN = re.compile("[×*@者]|按照?|就|处(?!理)")  # what is said, and names nothing
_AND_MORE = re.compile("[、和与及]")
_MEASURED = re.compile("(?:[宽长高深厚]度?|面积|量|距离|里程|半径|容|水平|率)$")
_NUMBER_OF = re.compile("(?:[人户件次个]|总|数)(?:数量?|量)$|数$")
_COMPOSED = re.compile("([^，。；：、]{2,24})由$")
_PARTS = re.compile(f"([{HAN}]{{2,12}}?)(?:组成|构成)")
_AS_MANY = re.compile("(?<![迈跃跨赶登线海路网会村街地身])上$")  # 上万人次
_SITE = re.compile("((?:规划)?总?占地)(?:面积)?$")
_DIMENSION = re.compile("[长宽高深厚]")
_OF_DIMENSION = re.compile(f"([{HAN}“”]{{1,12}})[长宽高深厚]度?$")
_WAS = re.compile("(?:而)?(?:上年|去年|前年|上月|上季度)(?:同期|同月|底|末)?(?:则|仅|只)?(?:为|是)?")
_ENDING = re.compile("(?<=..)(?:人数|户数|数)$")
_AGED_ONES = re.compile(f"([{HAN}]{{1,8}}?[员师生工人者])(?:的?平均)?年龄$")
_BOUNDED = re.compile(f"以[上下]的?([{HAN}]{{2,14}})，$")
_WHICH_ONES = re.compile(
    "(?:其中|^|，)([^，。；的其]{2,10})的(?:只有|仅有|仅|有|就有|才|达到?|超过|不到|占|为|约|近|共)*$"
)
_ADVERB = re.compile("(?:其中|目前|今年|去年|当前|全[市县区镇村]).*|.*[年月日]")
_DONE_WITH = re.compile(
    "(?:其中|已经?|新|累计|共|又|再|先后|陆续|另有?|并)*(?:清退|退出|纳入|整改|办结|查处|转化|销号|拆除|取消|立案|处理|化解|答复|回复|关停|取缔|注销|吊销|迁出|"
    "搬迁|录取|录用|核查|兑现|入库|获批|淘汰|表彰|立项|入选|受理|移交|移送|培训|分流|安置|救助|结对|走访|慰问)(?:了|完毕)?"
)
_LASTING = re.compile(
    "(?:合同|协议|租约|期|龄|经历|经验|历史|服务|贷款|课程|培训|学习|保险|承诺|规划|资格|居住证|社保)$"
)
_CHANGE_WORDS = {"少": "减少", "减": "减少", "降": "下降", "多": "增加", "增": "增加", "高于": "高于", "涨": "上涨"}
_COUNTS = ("thing", "people", "noun", "event")


def set_items(text: str, quantities: list[Quantity], counts: bool = True) -> None:
    """Set the item of each quantity of one paragraph, and the phrase it is made of.

    Parameters
    ----------
    text : str
        Folded.
    quantities : list of mentions.Quantity
        Of this text, in order.
    counts : bool
        As `labels.label` takes it.
    """
    memory, previous, used = SentenceMemory(), None, 0
    distributed: list[str] = []
    for i, q in enumerate(quantities):
        if previous is None or previous.sentence != q.sentence:
            memory, previous = SentenceMemory(), None
        left = _left_side(text, q, previous, used)
        left = "" if left.endswith(("把", "将")) else left  # 把41间空置农房改成民宿
        left = _AS_MANY.sub("", left) if BARE_POWER.match(q.number) else left
        noun, predicate, used = _right_side(text, q, quantities[i + 1] if i + 1 < len(quantities) else None)
        if CHANGES.fullmatch(noun) or (q.unit_class == "span" and _NO_SPAN.match(noun)):  # 从11件提高到24件
            noun = predicate = ""
        phrases = Phrases(left, phrase(left), noun, predicate, previous.phrase if previous else "")
        if (
            previous is None
            and i
            and OTHER_SIDE.fullmatch(phrases.before)
            and text[quantities[i - 1].sentence[1]] == "；"
        ):
            phrases = phrases._replace(inherited=quantities[i - 1].phrase)  # 收入…；支出…
        changed = previous is not None and (
            (previous.unit_class == q.unit_class == "ratio" and _TO.fullmatch(text, previous.end, q.start))
            or (
                previous.unit == q.unit
                and (
                    SECOND_BOUND.fullmatch(text, previous.end, q.start)
                    or (q.unit_class in _COUNTS and _COUNT_TO.fullmatch(text, previous.end, q.start))
                )
            )
        )
        if previous is None or not _LIST.fullmatch(text[previous.end : q.start]):
            distributed = _distribute(text, left, quantities, i)
        if distributed:
            q.phrase, q.item = _distributed_item(q, distributed.pop(0))
        elif previous is not None and (said := of_budget(text, previous, q, left)) is not None:
            q.phrase, q.item = previous.phrase, previous.item + said
        elif (
            previous is not None and previous.unit == q.unit and _WAS.fullmatch(left) and ENDS_CLAUSE.match(text, q.end)
        ):
            q.phrase, q.item = previous.phrase, previous.item  # 人均产值3万元，上年为2.8万元
        elif previous is not None and changed:
            q.phrase, q.item = previous.phrase, previous.item  # 由92%提高到97%
        elif (
            q.unit_class in _RELATIVE
            and previous is not None
            and previous.unit == q.unit
            and _LIST.fullmatch(text[previous.end : q.start])
        ):
            q.phrase, q.item = previous.phrase, previous.item
        elif q.unit_class in _RELATIVE:
            q.phrase, q.item = share_item(text, q, phrases, memory)
        else:
            q.phrase, q.item = _amount(text, q, phrases, previous, memory)
        q.item = _condition(text, q) or _without_verb(q)
        if previous is not None and q.unit_class == "money" and _AT_MOST.search(left):
            before = phrases.before
            if previous.item == "罚款":
                q.item = previous.item
            elif len(before) <= _SHORT and "的" not in q.item and (m := _GRANTED_RATE.match(previous.item)):
                for_whom = before.removesuffix(m[2])  # 按10%给予补助，最高20万元
                q.item = m[1] if is_weak_grant(for_whom) else f"{for_whom}{m[2]}"
        if not q.item:
            q.phrase = q.item = phrases.before or noun or subject_before(text, q) or q.unit or ""
        q.item = _EACH_HEAD.sub("", q.item).lstrip("或、 ")
        if noun and _GROUP.match(text, q.end):
            memory.group = noun.removesuffix("中")
        previous, memory.share = q, "" if q.unit_class != "ratio" or _GROWTH.search(q.item) else q.item
    for a, b in pairwise(quantities):  # 90名国家级、150名省级科技人才
        if (
            a.unit == b.unit
            and (level := _LEVEL.search(a.item))
            and _LIST.fullmatch(LEVEL_HEAD.sub("", text[a.end : b.start]))
        ):
            a.item = a.item[: level.end(1)] + LEVEL_HEAD.sub("", b.item)
    name_parts(text, quantities)
    for q in quantities:
        q.item = label(text, q, counts)
    if not counts:
        make_whole(text, quantities)
    stand_alone(text, quantities, counts)
    for a, b in zip(quantities[-2::-1], quantities[:0:-1], strict=True):  # 分别给予20万元、10万元奖励
        if a.unit_class == b.unit_class == "money" and is_weak_grant(a.item) and _LIST.fullmatch(text[a.end : b.start]):
            a.item = b.item


def _left_side(text: str, q: Quantity, previous: Quantity | None, used: int) -> str:
    """The text before a quantity, as far as it can say what is counted."""
    left = max(q.clause[0], q.start - NEAR)
    if previous is not None and previous.end > left:
        opened = text.rfind("（", max(q.clause[0], previous.start - NEAR), previous.start)
        if (
            opened >= 0 and (close := text.find("）", previous.end, q.start)) >= 0
        ):  # the previous quantity is in brackets
            return text[max(q.clause[0], opened - NEAR) : opened] + text[close + 1 : q.start]
        left = max(used, previous.end)
        between = text[previous.end : q.start]
        threshold = (
            previous.unit_class not in _COUNTS
            and re.match("以[上下](?![、，；])|级(?!别)", between)
            and not _LIST.fullmatch(between)
        )
        threshold = threshold or (
            previous.unit_class == "money"
            and (
                (previous.qualifier and _OF_WHICH.fullmatch(between))
                or (text[previous.start - 1] in "过超" and _WHICH.fullmatch(between))
            )
        )
        if threshold and previous.clause[0] <= previous.start:
            left = previous.start  # a threshold is part of the phrase: 10亿元以上项目25个
            if (
                not re.search("[0-9、]", text[previous.clause[0] : left])
                and left - previous.clause[0] <= _LONGEST_TRAIT
            ):
                left = previous.clause[0]  # 年收入100万元以上村40个
    before = text[left : q.start]
    per = PER_UNIT.match(before) if left else None
    return _BETWEEN.sub("", before[per.end() if per else 0 :]).rpartition("，")[2]


def _right_side(text: str, q: Quantity, following: Quantity | None) -> NounBehind:
    """The noun behind a quantity and its predicate, as far as they do not belong to the quantity that follows."""
    right = min(q.clause[1], q.end + NEAR)
    if following is not None and following.start <= right:
        joined = following.start == q.end and _THRESHOLD.match(text, following.end)
        over = following.unit_class == "money" and _OVER.fullmatch(text, q.end, following.start)
        behind = noun_behind(text, following.end, right) if joined or over else None
        if behind and behind.noun:  # 1.2万个亿元以上项目, 24个过亿元项目
            noun = _ROUND.sub("", text[q.end : behind.end])
            return behind._replace(noun=noun, predicate="")
    shared = following.start if following is not None and following.start < right else None
    if shared is not None:
        right = shared
        cut = text.rfind("、", q.end, right)
        if cut == q.end or (
            cut > q.end
            and not text.count("（", q.end, cut) > text.count("）", q.end, cut)
            and (
                patterns()["predicate"].search(text[q.end : cut])
                or not patterns()["predicate"].search(text[cut + 1 : right])
            )
        ):
            right = cut
    noun, predicate, used = noun_behind(text, q.end, right)
    if shared is not None and used + len(predicate) >= right == shared:
        if not predicate and len(noun) > 3 and text[used - 1] not in "、和及与":
            noun, used = trim_right(noun), q.end  # the number that follows counts it, too
        elif noun.startswith(_MARKS_OF_SIZE):  # 30亿元大关、人均收入不足2万元
            noun, used = "", q.end
        predicate = ""  # it belongs to the number that follows
    return NounBehind(noun, predicate, used)


def _distribute(text: str, left: str, quantities: list[Quantity], i: int) -> list[str]:
    """What each number of a list after 分别 is about: parts of the subject, or the quantities just before."""
    find = patterns()
    again = find["grown"].search(left) and (
        find["than"].fullmatch(left) or find["grown"].fullmatch(left.removeprefix("实际"))
    )
    if "分别" not in left and not again:
        return []
    count = 1
    for a, b in zip(quantities[i:], quantities[i + 1 :], strict=False):
        if a.unit_class != b.unit_class or not _NEXT.fullmatch(text[a.end : b.start]):
            break
        count += 1
    if count < 2:
        return []
    subject, _, tail = left.rpartition("分别")
    subject = trim_left(trim_right(THAN_WHEN.sub("", subject)))
    tail = find["above"].sub("", trim_right(tail))
    tail = f"年均{tail}" if _YEARLY_EACH.search(left) else tail
    subject = "" if _NOBODY.fullmatch(subject) else subject
    if count >= len(_SECTORS) and (sectors := _OF_SECTORS.search(left)):
        return [f"第{sector}产业{sectors[1]}" for sector in _SECTORS]
    if parts := parts_of_subject(subject, count):
        return [part if tail in part else part + tail for part in parts]
    earlier = [q for q in quantities[max(0, i - count) : i] if q.sentence == quantities[i].sentence]
    if quantities[i].unit_class == "money" and (award := _AWARD.match(tail or subject)):
        named = _NAMED.findall(
            text, max(quantities[i].sentence[0], quantities[i].start - 3 * NEAR), quantities[i].start
        )
        if len(earlier) == count and not subject.strip("，"):
            words = _REACHES.search(text, max(earlier[0].sentence[0], earlier[0].start - 12), earlier[0].start)
            verb = words.group() if words else "达到"
            what = award.group().replace("给予", "奖励")
            return [f"{a.phrase}{verb}{a.number}{a.unit}的{what}" for a in earlier]
        if who := _FOR_WHOM.search(text, quantities[i].sentence[0], quantities[i].start):
            last = quantities[i + count - 1]
            parts = parts_of_subject(_LISTED_AS.sub("", who[1].removesuffix("的")), count)
            award = _AWARD.search(text, last.end, last.end + 10) or award
            if parts:
                return [f"{part}的{award.group().replace('给予', '奖励')}" for part in parts]
        if len(named) == count:
            return [f"入选{name}的{award.group().replace('给予', '奖励')}" for name in named]
    return (
        [(_CHANGE_LAST.sub("", q.phrase) if tail else q.phrase) + tail for q in earlier]
        if len(earlier) == count and not subject
        else []
    )


def _condition(text: str, q: Quantity) -> str:
    """What a sum is granted for, or a term is set for, where the words at the number do not say it.

    对获得认定的企业，给予80万元奖励; 自…之日起15日内提交.
    """
    if q.unit_class == "money" and (m := _FOR_WHOM.search(text[max(q.sentence[0], q.start - NEAR) : q.start])):
        award = _AWARD.search(text, q.end, min(q.sentence[1], q.end + 10)) or _AWARD.search(m[2])
        if award and "安排" not in m[2] and "分别" not in m[2] and len(m[2]) <= 16:
            return f"{m[1].removesuffix('的')}的{award.group().replace('给予', '奖励')}"
    if q.unit_class == "money" and _WEAK_AWARD.fullmatch(q.item):  # 对设备投资，给予不超过15%的补助，最高资助200万元
        m = _FOR_WHOM_BEFORE.search(text[max(q.sentence[0], q.start - 2 * NEAR) : q.start])
        if m and (award := _AWARD.search(q.item)):
            return f"{m[1].removesuffix('的')}的{award.group().replace('给予', '奖励')}"
    award = _AWARDED.match(text, q.end, q.end + 12) if q.unit_class == "money" else None
    if award and (m := _GIVEN_TO.search(text[max(q.sentence[0], q.start - NEAR) : q.start])):
        return f"{m[1].removesuffix('的')}的{award[1]}"  # 新认定的示范企业给予10万元奖补
    label, _ = labelled(text, q)
    if label:
        return label
    if q.unit_class in ("money", "fold") and _FINED.match(text, q.end) and _FINES.search(text[q.clause[0] : q.start]):
        return "罚款"
    if q.unit_class == "span":
        return term(text, q)
    return ""


def _distributed_item(q: Quantity, part: str) -> tuple[str, str]:
    """The phrase and the item of a quantity, from the part of a list that belongs to it."""
    if q.unit_class in ("ratio", "fold") and (m := patterns()["grown"].search(part)):
        base = part[: m.start()]
        return base, f"{base}{'年均' if '年均' in m.group() else ''}{verb(m)}率"
    return part, part + (ending(q, part) if q.unit_class in _COUNTS else "")


def _amount(
    text: str, q: Quantity, phrases: Phrases, previous: Quantity | None, memory: SentenceMemory
) -> tuple[str, str]:
    """The phrase and the item of a quantity that is no share."""
    left, before, noun, predicate, inherited = phrases
    find = patterns()
    if q.unit_class == "rank":
        if previous is not None and previous.unit_class == "rank" and left.strip("、第") == "":
            return previous.phrase, previous.item  # 分别居第二、第七
        m = _PLACED.search(left)
        base = phrase(left[: m.start()] if m else left) or inherited
        base = _RANKED.sub("", base) or base
        if base in _BARE_COUNT and inherited:
            base = f"{inherited}{base}"
        return base, f"{base}{m[1] if m else ''}排名"
    grown = find["grown"].search(find["above"].sub("", left))
    if grown and len(noun) > 1 and q.unit_class in _MEASURES and _ADDED.search(left):
        return noun, f"新增{noun}"  # 播种面积稳定，新增5亿公斤粮食生产能力
    if grown and not (noun and q.unit_class in _COUNTS):
        if len(before) > 2 and not find["than"].match(before) and not find["grown"].fullmatch(before):
            return before, before + (ending(q, before) if q.unit_class in _COUNTS else "")
        return inherited, f"{inherited}{_CHANGE_WORDS.get(grown['verb'], grown['verb'])}" + (
            ending(q, inherited) if q.unit_class in _COUNTS else ""
        )
    if find["than"].match(before) or _ONLY_CHANGE.fullmatch(before):
        before = ""
    if not before and previous is not None:
        bounded = _BOUNDED.match(text, previous.end, q.clause[0])  # 收入2万元以下的空壳村，由355个减到245个
        inherited = bounded[1] if bounded else clause_between(text, previous.end, q.clause[0]) or inherited
    if m := _PER.search(left):
        base = (trim_left(left[: m.start()]) or inherited or subject_before(text, q)).removesuffix("总额")
        return base, f"{base}{m[1]}均" if len(base) > 6 else f"{m[1]}均{base}"
    if inherited and not noun and _STAGE.fullmatch(before):  # 实施项目100个，竣工50个，完成投资30亿元
        subject = _DONE.sub("", inherited, count=1)
        before = f"{subject}{before}" if q.unit_class == "money" else f"{before}{subject}"
        return inherited, before + (ending(q, before) if q.unit_class in _COUNTS else "")
    phrases = phrases._replace(before=before, inherited=inherited)
    if q.unit_class == "money":
        return sum_item(text, q, phrases, memory)
    memory.fund = memory.fund if before else ""
    if q.unit_class == "event" or (q.unit in SPANS and left.endswith("连续")):
        return _times(text, q, phrases)
    if q.unit_class == "length" and noun and left.endswith("时速"):
        return noun, f"{noun}时速"
    if q.unit_class == "amount" and noun.startswith("级") and len(noun) > 2:
        kind = re.split("[“”‘’]", noun[1:])[0]
        return kind, f"{kind}等级"
    if q.unit == "年" and (m := _EXPERIENCE.match(text, q.end)):
        return m[1], f"{m[1]}年限"
    if q.unit_class == "area" and (m := _SITE.search(before)):  # 总投资3亿元，占地85亩，年产值5亿元
        whole = before[: m.start()]
        return whole or inherited, f"{whole}{m[1]}面积"
    if q.unit in ("岁", "周岁"):
        return age(text, q, phrases)
    if q.unit_class in ("length", "area", "amount", "span"):
        if _DIMENSION.fullmatch(before) and (m := _OF_DIMENSION.search(inherited)):
            return inherited, f"{m[1]}{before}"  # 路长5公里、宽6米
        if q.unit_class == "span" and text.startswith("的", q.end) and _LASTING.search(noun) and "的" not in noun:
            return noun, noun + measure(q, noun)  # 提交3年的租赁合同
        if q.unit_class == "span" and _LASTS.fullmatch(before):  # 为期20天的排查
            before, noun = "", "时间" if noun.startswith("时间") else noun
        doing = find["doing"].match(before)  # 完成营造林
        before = before[doing.end() :] if doing else before
        noun = "" if _NO_NOUN.match(noun) else noun
        if q.unit_class == "area" and left.endswith("的") and 1 < len(noun) <= _LONGEST_TRAIT:
            return noun, noun + measure(q, noun)  # 村民家的12亩稻田
        if len(noun) > 1 and q.unit_class != "span":
            if _HAS.search(left):
                return noun, noun + measure(q, noun)  # 本县有90公里海岸线
            if (
                len(before) <= _LONGEST_TRAIT
                and _MEASURED.search(before)
                and text.startswith("的", q.end)
                and not _AND_MORE.search(noun)
            ):
                return noun, f"{noun}{before}"  # 面积超5000亩的茶园
        longest = 2 if _MEASURED.search(before) else 4
        noun = noun if len(before) <= 2 or len(noun) <= _LONGEST_TRAIT else ""
        base = (
            f"{before}{noun}" if 0 < len(before) <= longest else before or (noun if len(noun) > 1 else "") or inherited
        )
        return base, base + measure(q, base)
    if noun and q.qualifier and text.startswith("的", q.end) and _NUMBER_OF.search(before):
        return before, before  # 报名人数不足3人的岗位
    if (
        noun
        and (m := _COMPOSED.search(text[max(q.clause[0], q.start - NEAR) : q.start]))
        and (parts := _PARTS.match(text, q.end))
    ):
        whose = trim_left(m[1])
        whole = whose if len(whose) <= _LONGEST_TRAIT and not whose.endswith(parts[1]) else ""
        return parts[1], f"{whole}{parts[1]}" + ending(q, parts[1])  # 委员会由7名专家组成
    if noun:
        if memory.group and _OF_GROUP.fullmatch(left) and _STATE.match(noun):
            return noun, f"{noun}{predicate}的{memory.group}" + ending(q, memory.group)  # 10座站点中有4座未运行
        memory.frame = before.removesuffix("了")
        said = patterns()["doing"].match(f"{memory.frame}{noun}") if len(noun) > 2 else None
        is_doing = said is not None and said.end() >= len(memory.frame) > 0
        ends = patterns()["does"].search(memory.frame) or _FRAME_ENDS.search(memory.frame)
        ends = ends or left.endswith("等")
        verb = "" if is_doing or ends or _LIST_IN.search(memory.frame) else memory.frame
        name = _predicated(noun, predicate) or f"{verb}{noun}"
        return noun if len(noun) > 1 else name, name + ending(q, name)
    if q.unit_class in _COUNTS and (title := TITLE.match(predicate)):
        name = predicate if predicate.startswith(("入选", "上榜", "跻身")) else title[1]
        name = name if q.unit_class != "people" or PEOPLE.search(name.strip("“”")) else predicate
        return name, name + ending(q, name) if name == predicate else name  # 3人获评技术能手
    if previous is not None and not before and _HOUSES_OR_PEOPLE.fullmatch(text, previous.end, q.start):
        if q.unit == "户" and previous.item.endswith(_GROUPS):
            return "", "户数"  # 5个村民小组、528户1548人
        if q.unit == "人" and previous.item == "户数":
            return "", "人口"
    if previous is not None and (said := _of_the_same(left, before, q, previous)):
        return before or said, said + ending(q, said)
    base = before or (memory.frame if text[q.start - 1 : q.start] not in "，、" else "") or inherited
    base = base or subject_before(text, q)
    if memory.group and before:
        trait = before.endswith(("学历", "程度", "以上", "以下"))
        base = f"{before}的{memory.group}" if trait else f"{memory.group}中的{before}"
    return before or base, base + ending(q, base)


def _of_the_same(left: str, before: str, q: Quantity, previous: Quantity) -> str:
    """The item of a number that says only which of those just counted it is, or what was done with them; else "".

    核查低保家庭300户，清退21户; 老人193位，其中独居的47位.
    """
    owner = _ENDING.sub("", previous.phrase or previous.item).rpartition("的")[2]
    if previous.unit_class == "span":  # 护理员平均年龄54岁，持证的37人
        m = _AGED_ONES.match(previous.item)
        owner = m[1] if m and q.unit_class == "people" else ""
    elif previous.unit_class not in _COUNTS or (previous.unit != q.unit and q.unit_class != "people"):
        return ""
    if not 1 < len(owner) <= _LONGEST_TRAIT or owner in before:
        return ""
    if (m := _WHICH_ONES.search(left)) and not _ADVERB.fullmatch(m[1]):
        return f"{m[1]}的{owner}"
    done = _DONE_WITH.match(owner)
    cut = done.end() if done and len(owner) - done.end() > 1 else 0
    return f"{before}{owner[cut:]}" if _DONE_WITH.fullmatch(before) else ""


def _predicated(noun: str, predicate: str) -> str:
    """A noun behind a number by what is said of it (通车的公路), or nothing if that is long or does not say which."""
    title = TITLE.match(predicate)
    named = title[1].replace("“", "").replace("”", "") if title else ""
    if len(named) > len(noun) and named.endswith(noun if len(noun) < _SHORT else noun[-2:]):
        return named  # 5座城市获评国家卫生城市
    if (_DONE_AS_SAID.fullmatch(predicate) and len(noun) > 3) or predicate.startswith(_NO_TRAIT):
        return ""
    return f"{predicate}的{noun}" if 1 < len(predicate) <= (LONGEST_TITLE if title or noun in BARE else 12) else ""


def _without_verb(q: Quantity) -> str:
    """The item without the verbs of doing that lead to it (组织开展培训); a clause stays whole (实施转型的企业)."""
    item, doing = q.item, _OF_RATES if q.unit_class in _RELATIVE else patterns()["doing"]
    for _ in range(3):
        m = doing.match(item)
        if not m or "的" in item[m.end() :]:
            break
        if item[m.end() :].removesuffix("数") in BARE:  # 实施项目
            break
        item = item[m.end() :]
    return item


def _times(text: str, q: Quantity, phrases: Phrases) -> tuple[str, str]:
    """The phrase and the item of what happens so many times, or for so many years; the rest of the clause says it."""
    stop = min(q.clause[1], q.end + NEAR) if re.match(f"[{HAN}“]", text[q.end : q.end + 1]) else q.end
    rest = re.split("[，。；！？]|、(?=[0-9一两三四五六七八九十])", text[q.end : stop], maxsplit=1)[0]
    rest = re.sub("^(?:以上|以下|左右|的|大关|台阶|关口)", "", FIGURES.sub("", rest))
    rest = "" if _CHANGED_TO.match(rest) else rest  # 从28万人次增长到2020年的36万人次
    rest = f"连续{rest}" if q.unit_class == "span" else rest
    base = phrases.before + rest if len(phrases.before) <= 8 or not rest else rest
    base = base or phrases.inherited
    return base, base + (ending(q, base) if q.unit_class == "event" else SPANS.get(q.unit or "", ""))
