"""The parts of a named programme that the text spells out: in its name, before or behind it, or as 一是 … 二是 …"""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING

from ..chinese import HAN
from .quantities import small_number

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_QUOTES = re.compile("[“”‘’]")
_COUNT = re.compile("[一二三四五六七八九十两双]{1,3}|\\d{1,2}")
_FIRST = re.compile("(?:一是|一要|\\(?一\\)|第一[,是]|其一[,是]|1[.、])")
_LATER = "二三四五六七八九十"
_NAMING = re.compile(
    "(?:即|就是|也就是|分别是|分别为|具体为|具体是|包括|包含|:|——|\\()(?:通过|采取)?|,(?:即|包括|分别是|也就是|就是|具体为|具体是|通过)(?:通过|采取)?"
)
_MEANS = re.compile("[^,。;]*?等(?:多种)?(?:方式|手段|措施|办法|形式|渠道|途径)")
_OF_MEANS = re.compile("方式|手段|措施|办法|形式|渠道|途径|举措|路径|法$")
_LEAD = re.compile(
    "^.*?(?:通过|采取|采用|实现|围绕|构建|建立|坚持|推动|推进|形成|明确|确定|突出|深化|实施|开展|推行|推广|实行|落实|打造|做好|抓好|加快|"
    "着力|强化|用好|聚焦|健全|完善|建设|统筹|促进|启动|践行|牢记|依托|抓实|提升)(?:了|好)?"
)


def parts_of(texts: Sequence[str], start: int, end: int, core: str) -> list[str]:
    """The parts of the programme that is named at texts[0][start:end].

    Parameters
    ----------
    texts : list of str
        The paragraph and those after it, marks in one form.
    start, end : int
        Span of the name with its quotation marks.
    core : str
        The name within the quotation marks, or all of it.

    Returns
    -------
    list of str
        In order, without quotation marks; empty if the text spells none out.
    """
    text, count = texts[0], _promised_count(core)
    if within := _parts_within(core):
        return within
    options = [
        _parts_behind(text[end : end + 300], count, core),
        _parts_before(text[max(0, start - 200) : start], count),
    ]
    if count > 1:
        options.append(_enumerated_parts(texts, end, core, count))
    options = [parts for parts in options if parts]
    return next((parts for parts in options if len(parts) == count), options[0] if options else [])


def _promised_count(core: str) -> int:
    """How many parts a name promises, or 0: 4 of 四个一批, 3 of 三分三提, 0 of 1+6."""
    match = _COUNT.search(core)
    return small_number(match.group()) if match and "+" not in core else 0


def _counted_noun(core: str) -> str:
    """What a slogan counts: 转变 of 四个转变, 一批 of 四个一批."""
    return re.sub(f"^.*?[一{_LATER}两双\\d]+[个大项种条]?", "", core, count=1)


def _clean(items: Iterable[str]) -> list[str]:
    """Items without quotation marks, final stops and unpaired brackets."""
    items = [_QUOTES.sub("", item).strip("。;:") for item in items]
    whole = (item.strip("()") if item.count("(") != item.count(")") else item for item in items)
    return [item for item in whole if item]


def _parts_within(core: str) -> list[str]:
    """The parts within a name: 大学习、深调研; 支部+合作社+基地; 蓝黄红三色预警; 联述联评联考."""
    if "、" in core:
        items = _clean(core.split("、"))
        return items if len({len(item) > 1 for item in items}) == 1 or len(items) > 2 else []
    if "+" in core.strip("+") and not re.search("\\d|[A-Z]", core):
        return _clean(core.split("+"))
    listed = re.match(f"([{HAN}]{{2,6}}?)([二三四五六七八九])[色步字]", core)
    if listed and len(listed.group(1)) == small_number(listed.group(2)):
        return list(listed.group(1))
    listed = re.match("((.).(?:\\2.){2,})", core)
    if listed:
        return [listed.group(1)[i : i + 2] for i in range(0, len(listed.group(1)), 2)]
    return []


def _fits(items: list[str], count: int, is_open: bool = False) -> bool:
    """Whether a list has as many items as a slogan promises, or fewer if it ends in 等."""
    many = len(items) > 1 and all(len(item) <= 40 for item in items)
    return many and (not count or len(items) == count or (is_open and 1 < len(items) < count))


def _parts_behind(text: str, count: int, core: str) -> list[str]:
    """The parts behind a name: “四个一批”,即…,…; “X”(…、…); the next clause, if it lists as many as promised."""
    sentence = re.split("[。;!?]", text, maxsplit=1)[0]
    naming = _NAMING.search(sentence[:40])
    if naming and (naming.start() == 0 or "、" not in sentence[: naming.start()]):
        listed = sentence[naming.end() :]
        if count > 1 and naming.group() == ",通过" and _MEANS.match(listed) and not _OF_MEANS.search(core):
            return []  # “三个清单”,通过A、B等方式: how it is done, not what it holds
        if naming.group().startswith("("):
            listed = listed.partition(")")[0]
        items, is_open = _leading_list(listed, count, _counted_noun(core))
        if _fits(items, count, is_open):
            return items
    clauses = sentence.split(",")[1:]
    if not count and len(clauses) > 2 and len({c[:1] for c in clauses[:3]}) == 1:  # 每月…,每季…,每年…
        first = clauses[0][:1]
        return _clean([clause for clause in clauses if clause.startswith(first)])
    items = _split_items(clauses[0], count) if clauses and count > 2 else []
    if len(items) == count > 2 and len({item[:1] for item in items[1:]}) == 1 and items[1][0] in items[0]:
        return _trim_first(_clean(items))
    return []


def _leading_list(text: str, count: int, noun: str) -> tuple[list[str], bool]:
    """The list with which a text begins (clauses that begin alike, or items between 、), and whether it ends in 等."""
    clauses = _split_outside(text, ",")
    flat = [item for clause in clauses for item in _split_outside(clause, "、")]
    if count > 1 and noun and len(clauses) >= count and all(clause.endswith(noun) for clause in clauses[:count]):
        items = [re.sub("^[先再又还也](?=通过)", "", clause) for clause in clauses[:count]]
        means = items[1].startswith("通过") and not items[0].startswith("通过")  # read as part of 即通过
        return _clean([f"通过{items[0]}" if means else items[0], *items[1:]]), False
    if count > 2 and (len(flat) == count or (len(flat) > count and "、" in clauses[0] and "等" not in clauses[0])):
        return _clean(flat[:count]), False
    similar = [c for c in clauses if c[:2] == clauses[0][:2]]
    if len(similar) > 1 and len(similar) == len(clauses):
        return _clean(clauses), False
    if count > 1 and len(clauses) == count and "、" not in clauses[0]:
        return _clean(clauses), False
    head = re.match("(.*?)等(?=[^、]{0,12}$)", clauses[0])
    return _clean(_split_items(head.group(1) if head else clauses[0], count)), bool(head)


def _split_outside(text: str, mark: str) -> list[str]:
    """A text split at a mark, except inside quotation marks and brackets."""
    pieces, depth = [""], 0
    for char in text:
        depth += (char in "“(") - (char in "”)")
        if char == mark and depth <= 0:
            pieces.append("")
        else:
            pieces[-1] += char
    return pieces


def _split_items(text: str, count: int = 0) -> list[str]:
    """A list split at 、 and between adjacent quotations; its last item also at 和 or 与, if one is missing."""
    items = [part for piece in _split_outside(text, "、") for part in piece.replace("”“", "”、“").split("”、“")]
    if len(items) > 1 and len(items) != count:
        last = re.match("(.+?)(?:以及|及|和|与)(.+)", items[-1])
        items[-1:] = last.groups() if last else items[-1:]
    return items


def _parts_before(text: str, count: int) -> list[str]:
    """The parts before a name: A、B、C等“六建”; A、B和C“四位一体”; “有…、有…”的“五有”; “A”“B”等“六学”."""
    text = text.removesuffix("“")
    run = re.split("[。;!?:]", text)[-1]
    match = re.search("(.*?)(等|的|等[^、]{0,8}的|等[^、]{0,3})?$", run)
    assert match  # the expression matches any text
    listed, is_open = match.group(1), bool(match.group(2)) and match.group(2) != "的"
    if not match.group(2) and listed.endswith(("、", "”", "和", "与")):
        return []  # neighbours of the name, not its parts
    quoted = re.search("“([^“”]*、[^“”]*)”$", listed)
    if quoted:
        items = _clean(quoted.group(1).split("、"))
        return items if _fits(items, count, is_open) else []
    listed = _split_outside(listed, ",")[-1]
    items = _clean(_split_items(listed, count))
    if len(items) < 2:
        return []
    if count > 1 and len(items) > count:  # only as many as promised
        items = items[-count:]
    lead = _LEAD.match(items[0])
    items[0] = items[0][lead.end() :] if lead and len(items[0]) > lead.end() + 1 else items[0]
    items = _trim_first(items)
    loose = match.group(2) == "的" and not count and not listed.endswith("”")
    if loose or (not match.group(2) and (count < 3 or len(items) != count)):
        return []
    return items if _fits(items, count, is_open) else []


def _trim_first(items: list[str]) -> list[str]:
    """Trim the first of items that begin alike to 进村居 in 推动理论进村居、进农户、进企业."""
    first = items[1][0]
    if len(items) > 2 and all(item[0] == first for item in items[1:]) and first in items[0]:
        items[0] = items[0][items[0].rfind(first) :]
    return items


def _enumerated_parts(texts: Sequence[str], end: int, core: str, count: int) -> list[str]:
    """一是 … 二是 … behind a name, in its paragraph or those that follow, as many as promised."""
    text = texts[0][end : end + 1200]
    start = re.match(f"[^。;:]{{0,30}}[。:](?:{_FIRST.pattern})", text)
    if start:
        pieces = _steps(text)
    else:
        if not re.match("[^。;,]{0,12}[:。]?$", text):
            return []
        later = [(t, _FIRST.match(t)) for t in texts[1:]]
        if not any(match for _, match in later[:2]):
            return []
        pieces = [t[:200] for t, _ in later if re.match(f"\\(?[一{_LATER}]+(?:是|要|\\))", t)]
    if len(pieces) < count:
        return []
    return [part for piece in pieces[:count] if (part := _step_name(piece, _counted_noun(core)))]


def _steps(text: str) -> list[str]:
    """A text split at 一是, 二是 and so on."""
    cuts: list[int] = []
    at = 0
    for numeral in "一" + _LATER:
        match = re.compile(f"{numeral}[是要]|\\({numeral}\\)").search(text, at)
        if not match:
            break
        cuts.append(match.start())
        at = match.end()
    return [text[a:b] for a, b in itertools.pairwise([*cuts, len(text)])]


def _step_name(text: str, noun: str) -> str:
    """The name of a step: the clause that ends in the slogan's noun, else the first clause."""
    text = re.sub(f"^(?:\\(?[一{_LATER}]+(?:是|要|\\))|第.[,是])(?:着力|要|大力)?", "", text)
    clauses = [c for c in re.split("[,。;:!?]", text)[:3] if c]
    named = [c for c in clauses if noun and c.endswith(noun)]
    return _QUOTES.sub("", (named or clauses or [""])[0])
