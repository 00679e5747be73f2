"""What a quantity counts, as a short noun phrase taken from the words around it.

The words before a number, back to the clause's beginning or the quantity before it, and the noun behind it, give the
phrase; what a list says once (分别, 其中, of those) is carried along within the sentence.
"""

import functools
import re

from .wording import words

_NEAR = 60  # characters that are looked at, on either side
_LONG = 18  # characters of a phrase, before its ending
_GROUP = re.compile("[^，。；、]{0,12}?中(?=，|[^，。；]{0,14}$)")
_LIST = re.compile("(?:以[上下]|左右)?[、和与及]")
_FIGURES = re.compile("[0-9.]+[余多]?[十百千万亿]*[余多]?[个名家户项件次条人位元%所处]?")
_RANKED = re.compile(
    "(?:跃居|位居|位列|跃升|升至|排名|荣获|获得|居|列|排|获|是|为)*(全[国省市区县球州]|世界|[东中西]部|同类)[^，。；、]{0,4}第?$"
)
_MONEY = re.compile("年?(?:[^年每个村的、]{0,4})(?:经费|报酬|收入|资金|补贴|补助|工资|奖金|支出|投资|贷款|余额|产值)$")
_DATE = re.compile("(?:到|至|在)?[0-9零〇一二三四五六七八九]{4}年(?:底|末|初|内)?")
_PER = re.compile("([村户人年月])(?:均|平均)(?:达到|达|为|只有|仅|仅为|增加|约|近|超)*$")


@functools.cache
def _patterns():
    w = words()
    change = f"{w['rise']}|{w['fall']}"
    return {
        "light": re.compile(f"(?:{w['light']})$"),
        "opener": re.compile(f"(?:{w['opener']})(?=.)"),
        "predicate": re.compile(f"(?:(?<=..)|(?<=[村户人县市镇校区家]))(?:{w['predicate']})"),
        "grown": re.compile(
            f"(?:同比|比上年|较上年|平均|年均|分别|比?上?年?同?期?)?(?P<verb>{change})(?:了|幅度|率)?$"
        ),
        "than": re.compile(f"^(?:比|较|同比|环比|由|从)[^，。；]*?(?:{change})?$"),
        "given": re.compile(f"^(?:[^，。；]{{0,6}}?)(?:{w['given']})$"),
        "above": re.compile(f"(?:{w['above']}|{w['about']}|{w['atleast']}|{w['atmost']}|{w['below']}|为|达到?|在|了)$"),
    }


def _trim_left(text, find):
    while (m := find["opener"].match(text)) and len(text) > m.end() + 1:
        text = text[m.end() :].lstrip("，、：")
    if _DATE.fullmatch(text):
        return ""
    return text.lstrip("，、：了的”’）")


def _trim_right(text, find):
    """Without the light words at its end: 覆盖率达到, 共有, 分别为."""
    for _ in range(6):
        m = find["light"].search(text)
        if not m or not m.group():
            break
        text = text[: m.start()]
    text = re.sub("(?<![惠普涉波])及$", "", re.sub("已?(?:从|由|自)(?:[^，]{0,6}年)?的?$", "", text))
    return _closed(text.rstrip("，、：“‘（和"))


def _closed(text):
    """Without a bracket that is not closed and what it began, or that was not opened."""
    if "（" in text and "）" not in text[text.rfind("（") :]:
        return text[: text.rfind("（")]
    if "）" in text and "（" not in text:
        return text[text.rfind("）") + 1 :]
    return text


def _short(text):
    """The end of a phrase: after what a list gives as examples (等), and after the last sign that it is another's."""
    text = re.sub("^.*[”’](?=[“‘])", "", text)
    if (at := text.rfind("等")) > 2 and len(text) - at > 2 and text[at + 1] not in "级次待于额":
        text = text[at + 1 :]
    if len(text) > _LONG:
        text = text[-_LONG:]
        if (at := max(text.find("、"), text.find("的"))) >= 0 and len(text) - at > 6:
            text = text[at + 1 :]
    return text


def _noun_behind(text, q, right, find):
    """The noun phrase behind a number, what is said of it, and where it ends."""
    begin = q.end
    if m := re.match("(?:以上|以下|左右|以内|上下|余|多|及以上)?的?", text[begin : begin + 4]):
        begin += m.end()
    piece = re.split("[，。；：！？”]", text[begin:right], maxsplit=1)[0]
    if "）" in piece and "（" not in piece:
        piece = piece[: piece.index("）")]
    if piece.startswith(("“", "《")) and (close := text.find({"“": "”", "《": "》"}[piece[0]], begin, right + 1)) > 0:
        piece = text[begin : close + 1]
    m = find["predicate"].search(piece)
    noun, said = (piece[: m.start()], piece[m.start() :]) if m else (piece, "")
    if (m := re.search("中$", noun)) or said.startswith("全覆盖"):
        said = ""
    noun = re.sub("之一$", "", noun)
    return re.sub("中$", "", noun.rstrip("、和及与")), said, begin + len(noun)


def _parts(subject, count):
    """The subject of 分别, in as many parts as there are numbers: 主职、副职年平均报酬 gives each the common end."""
    parts = [p for p in re.split("[、和与及]", subject) if p]
    if len(parts) != count:
        return None
    last, first = parts[-1], parts[0]
    if len(last) > max(len(p) for p in parts[:-1]):
        common = last[max(len(p) for p in parts[:-1]) :]
        if not first.endswith(last[-1]) and len(common) > 1:
            parts = [p + common for p in parts[:-1]] + [last]
    return parts


def name_items(text, found):
    """Sets the item of each quantity of one paragraph."""
    find = _patterns()
    state = {"group": "", "frame": "", "purse": ""}
    previous, used, dealt = None, 0, []
    for i, q in enumerate(found):
        if previous is None or previous.sentence != q.sentence:
            state = {"group": "", "frame": "", "purse": ""}
        following = found[i + 1] if i + 1 < len(found) else None
        left = max(q.clause[0], q.start - _NEAR)
        if previous is not None and previous.end > left:
            left = max(used, previous.end)
            opened = text.rfind("（", max(q.clause[0], previous.start - _NEAR), previous.start)
            if opened >= 0 and (close := text.find("）", left, q.start)) >= 0:
                left, bracketed = None, text[max(q.clause[0], opened - _NEAR) : opened] + text[close + 1 : q.start]
            elif re.match("以[上下]|级(?!别)", text[previous.end : q.start]) and previous.clause[0] <= previous.start:
                left = previous.start
        raw = bracketed if left is None else text[left : q.start].lstrip("，、；：和及左右")
        if "，" in raw:
            raw = raw[raw.rfind("，") + 1 :]
        right = min(q.clause[1], q.end + _NEAR)
        if following is not None and following.start < right:
            right = following.start
            if (cut := text.rfind("、", q.end, right)) >= 0 and not (
                cut > q.end and find["predicate"].search(text[cut + 1 : right])
            ):
                right = cut
        noun, said, used = _noun_behind(text, q, right, find)
        if said and following is not None and used + len(said) >= right == following.start:
            said = ""  # it belongs to the number that follows
        listed = (
            previous is not None and previous.sentence == q.sentence and _LIST.fullmatch(text[previous.end : q.start])
        )
        if not listed:
            dealt = _deal(text, raw, found, i, find)
        given = dealt.pop(0) if dealt else None
        q.base, q.item = _item(
            text,
            q,
            raw,
            noun,
            said,
            previous if previous and previous.sentence == q.sentence else None,
            given,
            state,
            find,
        )
        if not q.item:
            q.base = q.item = _short(_trim_left(_trim_right(raw, find), find)) or noun or q.unit
        if noun and re.match("[^，。；、]{0,14}中(?:，|[^，。；]{0,12}(?:占|有))", text[q.end : q.end + 24]):
            state["group"] = noun
        previous = q


def _deal(text, raw, found, i, find):
    """What each number of a list after 分别 is of: parts of the subject, or the quantities just before."""
    if "分别" not in raw:
        return []
    count = 1
    while (
        i + count < len(found)
        and found[i + count].cls == found[i].cls
        and re.fullmatch("[^，。；、和与及]{0,3}[、和与及]", text[found[i + count - 1].end : found[i + count].start])
    ):
        count += 1
    if count < 2:
        return []
    subject, tail = raw.rsplit("分别", 1)
    subject = _trim_left(_trim_right(subject, find), find)
    tail = re.sub(f"(?:{find['above'].pattern})", "", _trim_right(tail, find))
    if re.fullmatch("(?:人均|同比|平均|年均|比上年)?", subject):
        subject = ""
    if parts := _parts(subject, count):
        return [p + tail if tail and tail not in p else p for p in parts]
    earlier = [q for q in found[max(0, i - count) : i] if q.sentence == found[i].sentence]
    if len(earlier) == count and not subject:
        return [q.base + tail for q in earlier]
    return []


def _item(text, q, raw, noun, said, previous, given, state, find):
    before = _short(_trim_left(_trim_right(raw, find), find))
    carried = previous.base if previous is not None else ""
    if given:
        if q.cls in ("ratio", "fold") and (m := find["grown"].search(given)):
            base = given[: m.start()]
            return base, f"{base}{_verb(m)}率"
        return given, given + _suffix(q, given) if q.cls in ("people", "thing", "event") else given
    if q.cls == "rank":
        m = _RANKED.search(raw)
        base = _short(_trim_left(raw[: m.start()] if m else raw, find)) or carried
        return base, f"{base}{m[1] if m else ''}排名"
    if q.cls in ("ratio", "fold", "point"):
        return _share(text, q, raw, before, noun, said, carried, state, find)
    if not before and q.cls != "money":
        state["purse"] = ""
    if (m := find["grown"].search(find["above"].sub("", raw))) and not (noun and q.cls in ("thing", "people", "noun")):
        base = (
            before
            if len(before) > 2 and not find["than"].match(before) and not find["grown"].fullmatch(before)
            else f"{carried}{m['verb']}"
        )
        return carried if base.startswith(carried) else base, base + (
            _suffix(q, base) if q.cls in ("people", "thing") else ""
        )
    if find["than"].match(before) or re.fullmatch("(?:增长|增加|提高|下降|减少|上升|降|升)?", before):
        before = ""
    if not before and previous is not None and (between := _between(text, previous.end, q.clause[0], find)):
        carried = between
    if m := _PER.search(raw):
        subject = (_trim_left(raw[: m.start()], find) or carried or _subject(text, q, find)).removesuffix("总额")
        return subject, f"{subject}{m[1]}均" if len(subject) > 6 else f"{m[1]}均{subject}"
    if q.cls == "money":
        return _sum(text, q, before, noun, said, carried, state, find)
    if q.cls == "event":
        stop = min(q.clause[1], q.end + _NEAR) if re.match("[一-龥]", text[q.end : q.end + 1]) else q.end
        rest = re.split("[，。；！？]|、(?=[0-9一两三四五六七八九十])", text[q.end : stop], maxsplit=1)[0]
        rest = re.sub("^(?:以上|以下|左右|的)", "", _FIGURES.sub("", rest)) if not rest.startswith(("、", "）")) else ""
        base = before + rest if len(before) <= 8 or not rest else rest
        return base or carried, (base or carried) + _suffix(q, base or carried)
    if q.cls in ("length", "area", "amount", "span"):
        base = before or (noun if len(noun) > 1 else "") or carried
        if 0 < len(before) <= 2 and noun:
            base = before + noun
        return base, base + ("面积" if q.cls == "area" and noun and not before else "")
    if noun:
        verb = re.sub("了$", "", before)
        verb = verb if len(verb) <= 18 and not re.search("[、和及]", verb) else ""
        state["frame"] = verb
        name = f"{said}的{noun}" if len(said) > 1 and len(said) <= 12 else f"{verb}{noun}"
        return noun if len(noun) > 1 else name, name + _suffix(q, name)
    base = before or (state["frame"] if text[q.start - 1 : q.start] not in "，、" else "") or carried
    if state["group"] and before:
        base = (
            f"{before}的{state['group']}"
            if before.endswith(("学历", "程度", "以上", "以下"))
            else f"{state['group']}中的{before}"
        )
    return before or base, base + _suffix(q, base)


def _between(text, begin, end, find):
    """The clause before a number's own, where it has no number itself."""
    clauses = text[max(begin, end - 2 * _NEAR) : end].rstrip("，").split("，")[1:]
    return _short(_trim_left(clauses[-1], find)) if len(clauses) == 1 and 3 < len(clauses[0]) <= 24 else ""


def _subject(text, q, find):
    """What the clause before is about, up to what it says of it."""
    clause = text[max(q.sentence[0], q.start - 40) : q.clause[0]].rstrip("，").rpartition("，")[2]
    m = find["predicate"].search(clause)
    return _short(clause[: m.start()] if m else clause)


def _verb(m):
    return "增长" if m["verb"] in ("增长", "增", "增速", "涨", "上涨", "增幅", "增加") else m["verb"]


def _suffix(q, base):
    if base.endswith(("数", "人次", "人口", "次数", "率", "量")):
        return ""
    if q.cls == "event":
        return {"人次": "人次", "场次": "场次", "场": "场次", "期": "期数", "遍": "遍数"}.get(q.unit, "次数")
    if q.unit == "户":
        return "数" if base.endswith("户") else "户数"
    if q.unit == "人":
        return "人数"
    return "数"


def _purpose(text, q, find):
    """What money is for: the rest of the clause, or the next clause up to a number."""
    rest = re.split("[，。；！？]|、(?=[0-9])", text[q.end : min(q.clause[1], q.end + _NEAR)], maxsplit=1)[0]
    rest = re.sub("^(?:以上|以下|左右)?(?:专项)?(?:资金|经费)?", "", rest)
    if len(rest) < 3:
        at = min(q.clause[1] + 1, q.sentence[1])
        for clause in text[at : min(q.sentence[1], at + 80)].split("，")[:3]:
            if (
                not re.search("[0-9][十百千万亿]*元", clause)
                and len(rest := _trim_left(_FIGURES.sub("", clause), find)) > 4
            ):
                break
        else:
            rest = ""
    rest = re.sub("^(?:用于|用来|对|为|专项|专门|并|以)", "", rest)
    rest = re.sub("(?:进行|给予|实行|的)", "", rest)
    return rest[:22]


def _sum(text, q, before, noun, said, carried, state, find):
    if find["given"].match(before):
        state["purse"] = re.sub("^(?:安排|列支|投入|拿出|设立|筹集|筹措)(?=..)", "", before)
        purpose = _purpose(text, q, find)
        ending = (
            "投资额"
            if "投资" in before
            else "筹资额"
            if "筹资" in before
            else state["purse"]
            if state["purse"].endswith(("资金", "党费"))
            else "资金"
        )
        if len(purpose) > 2:
            return before, f"{purpose}{ending}"
        return before, before
    if not before and noun:
        full = f"{noun}{said}"
        if state["purse"] and len(full) > 3:
            return full, f"{full}的{'财政资金' if '财政' in state['purse'] else '资金'}"
        if re.match("以[上下]", text[q.end : q.end + 2]):
            return noun, f"{noun}门槛"
        if carried and len(full) > 3:
            return carried, f"{full}的资金"
        return noun if not carried else carried, noun if not carried else carried
    base = before or carried
    if len(before) <= 2 and noun:
        base = f"{before}{noun}"
    elif 0 < len(before) <= 2 and carried:
        base = f"{carried}{before}"
    elif 0 < len(before) <= 4 and not _MONEY.search(before) and (m := _MONEY.search(carried)):
        base = f"{before}{m.group()}"
    return base, base


def _share(text, q, raw, before, noun, said, carried, state, find):
    stem = find["above"].sub("", find["above"].sub("", raw.rstrip()))
    if (m := find["grown"].search(stem)) and not re.search("[到至为]$", raw):
        base = _short(_trim_left(_trim_right(stem[: m.start()], find), find))
        if not base or find["than"].match(base) or len(base) < 2:
            base = carried
        return base, f"{base}{_verb(m)}率" if q.cls == "ratio" else f"{base}{_verb(m)}"
    if m := re.search("占(?!比)([^，。；、]{1,12}?)(?:的)?(?:比重|比例)?(?:超过|超|达到|达|为|约|近|的)*$", raw):
        subject = _short(_trim_left(_trim_right(raw[: m.start()], find), find)) or carried
        return subject, f"{subject}占{m[1]}比重"
    if noun and (text[q.end : q.end + 1] == "的" or re.match("以[上下]的|左右的", text[q.end : q.end + 3])):
        base = f"{said}的{noun}" if said else noun
        return noun, f"{base}占比"
    if re.search("占[约近超达到了]*$", raw) and state["group"]:
        base = f"{before.removesuffix('的')}{state['group']}"
        return before, f"{base}占比"
    base = before or carried
    if base.endswith(("率", "比例", "比重", "度", "占比", "感")):
        return base, base
    if not before and noun:
        subject = carried
        if not subject:
            subject = _subject(text, q, find)
        return subject, f"{subject}{noun}{said}占比"
    return base, f"{base}占比"
