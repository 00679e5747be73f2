"""What a quantity counts, as a short noun phrase taken from the words around it."""

import functools
import re

from .wording import words

_SUFFIX = {"event": "次数", "people": "人数", "length": "里程", "area": "面积", "span": "时长"}
_OPEN = "，。；：、！？（）“”‘’"


@functools.cache
def _patterns():
    w = words()
    return {
        "light": re.compile(f"(?:{w['light']})$"),
        "opener": re.compile(f"(?:{w['opener']})(?=.)"),
        "predicate": re.compile(f"(?<=..)(?:{w['predicate']})"),
        "grown": re.compile(f"(?:同比|比上年|较上年|平均)?(?P<verb>{w['rise']}|{w['fall']})(?:了|幅度|率)?$"),
    }


def _trim_left(text, find):
    while (m := find["opener"].match(text)) and len(text) > m.end() + 1:
        text = text[m.end() :]
    return text.lstrip("，、：了的")


def _trim_right(text, find):
    """Without the light words at its end: 党员发展到, 覆盖率达到."""
    for _ in range(6):
        m = find["light"].search(text)
        if not m or not m.group():
            break
        text = text[: m.start()]
    return text.rstrip("，、：和及")


def _before(text, left, right, find):
    """The words before a number that say what is counted."""
    piece = text[left:right]
    piece = piece.lstrip("，、；：和及以上下左右")
    return _trim_left(_trim_right(piece, find), find)


def _after(text, q, right, find):
    """The noun phrase behind a number, and what is said of it."""
    piece = re.sub("^(?:以上|以下|左右|以内|上下|余|多)?的?", "", text[q.end : right])
    piece = re.split("[，。；：！？]", piece, maxsplit=1)[0]
    m = find["predicate"].search(piece)
    if not m:
        return piece.rstrip("、和及中"), ""
    return piece[: m.start()].rstrip("、和及"), piece[m.start() :]


def name_items(text, found):
    """Sets the item of each quantity of one paragraph."""
    find = _patterns()
    previous = None
    for i, q in enumerate(found):
        following = found[i + 1] if i + 1 < len(found) else None
        left = q.clause[0]
        if previous is not None and previous.end > left:
            left = previous.end
        right = q.clause[1]
        if following is not None and following.start < right:
            right = following.start
            if (cut := text.rfind("、", q.end, right)) >= 0:
                right = cut
        before = _before(text, left, q.start, find)
        after, said = _after(text, q, right, find)
        q.base, q.item = _item(text, q, before, after, said, previous, find)
        previous = q


def _item(text, q, before, after, said, previous, find):
    carried = previous.base if previous is not None and previous.sentence == q.sentence else ""
    if q.cls == "rank":
        return before, f"{before or carried}排名"
    if q.cls in ("ratio", "fold", "point"):
        return _share_item(text, q, before, after, said, carried, find)
    if q.cls in ("money", "length", "area", "amount", "span"):
        base = before or carried
        if len(before) <= 2 and after:
            base = f"{before}{after}{said}" if q.cls == "money" and said else f"{before}{after}"
        elif after and len(after) > 1 and not before:
            base = after
        return base, base
    if after:
        verb = re.sub("了$", "", before[-8:])
        base = after
        if said and len(said) > 1 and not re.match("[中内]", said):
            base = f"{said}的{after}"
            verb = ""
        name = f"{verb}{base}" if len(verb) <= 6 else base
        return name, name + _suffix(q, name)
    base = before or carried
    return base, base + _suffix(q, base)


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


def _share_item(text, q, before, after, said, carried, find):
    m = find["grown"].search(text[max(q.clause[0], q.start - 30) : q.start].rstrip("约近超过到以上达"))
    if m and not re.search("(?:到|至|为)$", text[max(0, q.start - 2) : q.start]):
        base = find["grown"].sub("", before) or carried
        base = _trim_right(base, find)
        verb = "增长" if m["verb"] in ("增长", "增", "增速", "涨", "上涨") else m["verb"]
        return base, f"{base}{verb}率" if q.cls == "ratio" else f"{base}{verb}"
    if after and text[q.end : q.end + 1] == "的" or re.match("以[上下]的", text[q.end : q.end + 3]):
        base = f"{said}的{after}" if said else after
        return base, f"{base}占比"
    base = before or carried
    if base.endswith(("率", "比例", "比重", "度", "占比", "感")):
        return base, base
    if not before and after:
        base = f"{carried}{after}{said}"
    return base, f"{base}占比"
