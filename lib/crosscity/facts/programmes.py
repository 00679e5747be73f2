"""Named programmes in a document: slogans with a number, projects, methods, platforms and brands."""

from __future__ import annotations

import functools
import re
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ..chinese import HAN
from ..files import read_tsv
from .components import parts_of
from .quantities import small_number

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

_NUM = "一二三四五六七八九十两双0-9"
_BETWEEN = "的了在为是将从到对把等及和与以上中下还处获已被这那"  # not between a quotation and its head
_ONE_FORM = str.maketrans("「」『』„‟＂＋（），：；！？﹢", '“”“”“”"+(),:;!?+')
_QUOTE = re.compile("“([^“”]{1,32})”|‘([^‘’]{1,16})’")
_MARKS = re.compile("[“”‘’\\s]")
_TITLE = re.compile("《[^《》]{1,60}》")
_JOIN = re.compile(f"[和与及,+]?|、[{HAN}]{{0,6}}")

# A slogan with a number: a count and what is counted (七个一, 三大工程, 六建); two counts (三会一课, 双述双评);
# figures (1+6, 3个1+3, 5020, 快反135).
_COUNTED = re.compile(
    f"新?[二三四五六七八九十]+[{HAN}]{{1,2}}|新?[两二三四五六七八九十]+[个大项种条类张件点篇步级好][{HAN}]{{1,6}}|"
    f"[{HAN}]{{1,4}}[二三四五六七八九十]+[条法策招助步问诀]"
)
_TWICE = re.compile(f"[{HAN}]{{0,2}}(?:[{_NUM}]+[^{_NUM}、,]{{1,5}}){{2,5}}")
_FIGURES = re.compile(f"[{HAN}]{{0,6}}\\d[\\d个]*(?:\\+[\\dNnXx]+)+[{HAN}]{{0,8}}|[{HAN}]{{0,3}}\\d{{3,4}}|\\d个\\d+")
# 一肩挑 counts nothing, 十九大 is a congress
_UNCOUNTED = re.compile(f"一[^{_NUM}]*|双[^{_NUM}]*|二?十?[一二三四五六七八九十](?:大(?:代表|报告|精神)?|连[冠丰增胜])")
_MEASURE = re.compile("[二三四五六七八九十]大")

# heads that make a name without quotation marks, and how many characters must stand before them
_PLAIN = {
    "工程": 3, "行动": 3, "计划": 3, "工作法": 2, "专项斗争": 3, "责任制": 3, "负责制": 3, "主题教育": 3,
    "实践活动": 2, "观摩活动": 2, "制度": 4, "机制": 6, "模式": 4, "服务平台": 4, "管理平台": 4, "信息平台": 4,
    "系统": 6, "责任区": 4, "活动日": 3, "长廊": 4, "服务队": 3, "宣讲团": 4, "网格化管理": 0, "活动中心": 4,
    "大赛": 4, "专职化管理": 2, "长制": 1, "党委制": 1, "承诺制": 2, "代办制": 2, "任期制": 2, "销号制": 2, "积分制": 0,
    "清单制": 1, "专员制": 2, "党建联盟": 2,
    "突击队": 3, "小分队": 3, "宣讲队": 3, "先锋队": 3,
}  # fmt: skip
_HEADS = sorted(_PLAIN, key=lambda head: (-len(head), head))
_TYPES = ("project", "method", "platform", "brand")
_BY_VERB = (("project", "enacting"), ("method", "setting"), ("brand", "building"), ("project", "furthering"))


_AGAIN = 400  # names of a document that are looked for without their marks; real ones have at most 250

_RESOURCES = Path(__file__).with_name("resources")


class Mention(NamedTuple):
    """A programme named in a paragraph; start and end count code points of its text, half-open."""

    paragraph: int
    start: int
    end: int
    name: str
    type: str
    components: list


@functools.cache
def cues() -> dict[str, frozenset[str]]:
    """Words of resources/programmes.tsv by cue, as frozensets."""
    return {cue: frozenset(words.split()) for cue, words, _ in read_tsv(_RESOURCES / "programmes.tsv")}


@functools.cache
def central() -> dict[str, list[str]]:
    """Programmes and slogans of the centre by name: (type, year, where, source), as resources/central.tsv has them."""
    return {name: rest for name, *rest in read_tsv(_RESOURCES / "central.tsv")}


def is_numbered(name: str) -> bool:
    """Whether a name is a slogan with a number: 七个一, 三会一课, 1+6; not 一肩挑, 双向代办 or 十九大."""
    return not _UNCOUNTED.fullmatch(name) and any(p.fullmatch(name) for p in (_COUNTED, _TWICE, _FIGURES))


def programmes(paragraphs: Any) -> list[Mention]:
    """Every mention of a named programme in one document.

    Parameters
    ----------
    paragraphs : DataFrame or iterable of mappings
        Rows of `paragraphs` of one document, in order; paragraph and text are read.

    Returns
    -------
    list of Mention
        In order of place; no two overlap. `name` is the spelling without quotation marks that the document uses most
        (the first of equals); mentions of one name share its type and its components.
    """
    rows = paragraphs.to_dict("records") if hasattr(paragraphs, "to_dict") else list(paragraphs)
    rows = [(row["paragraph"], _one_form(row["text"])) for row in rows]
    masked = [_TITLE.sub(lambda title: "○" * len(title.group()), text) for _, text in rows]
    found = [[*_quoted(text), *_unquoted(text), *_listed(text)] for text in masked]
    cores = {core: None for items in found for _, _, core, _ in items if len(core) > 2 and core not in cues()["stock"]}
    if cores:  # named once, a programme is known where it stands without quotation marks
        again = _one_of(list(cores)[:_AGAIN])
        for text, items in zip(masked, found, strict=True):
            items += [(m.start(), m.end(), m.group(), "") for m in again.finditer(text)]
    return _document(rows, [(place, *item) for place, items in enumerate(found) for item in _disjoint(items)])


def _disjoint(candidates: Any) -> list[Any]:
    """Candidates that do not overlap, the longest kept, in order of place."""
    kept, taken = [], set[int]()
    for item in sorted(candidates, key=lambda m: (m[0] - m[1], m[0])):
        span = range(item[0], item[1])
        if taken.isdisjoint(span):
            taken.update(span)
            kept.append(item)
    return sorted(kept)


def _one_form(text: str) -> str:
    """A text of the same length with one form of each mark; straight quotation marks open and close in turn."""
    text = text.translate(_ONE_FORM)
    if '"' in text:
        pieces = text.split('"')
        text = "".join(piece + "“”"[i % 2] for i, piece in enumerate(pieces))[:-1]
    return text


def _any(*names: str, least: int = 1) -> str:
    """An alternation of the words of some cues, or of words themselves, the longest first."""
    words = {word for name in names for word in cues().get(name, [name]) if len(word) >= least}
    return "|".join(re.escape(word) for word in sorted(words, key=lambda w: (-len(w), w)))


@functools.cache
def _patterns() -> dict[str, re.Pattern[str]]:
    heads = _any(*_TYPES, least=2)
    verbs = _any("enacting", "setting", "building", "furthering")
    ends = f"(?!{_any('longer')})"
    moving = _any("enacting", "setting", "building", "furthering", "moving")
    leading = _any("enacting", "setting", "building", "moving", "leading", "adverbs", "acts")
    body = f"(?:[{HAN}]{{1,3}}、)?[{HAN}A-Za-z0-9+·—()-]{{2,30}}?"
    sources = {
        "tail": f"(?!.{{0,8}}列入)((?:[^\\W{_BETWEEN}]|为民){{0,9}}?)((?:{heads}){{1,2}}){ends}",
        "list": f"[{HAN}]{{0,6}}?等[^\\W的]{{0,12}}({heads}|{_any('listed')}){ends}",
        "of": f"的[^\\W的]{{0,6}}?(?:{_any('of')}){ends}",
        "parts": "(?:等的?[^\\W的、]{0,6}|的)[“‘]([^“”‘’]{1,8})[”’]",
        "before": f"(?:{_any('before')})$",
        "verb": f"({verbs})[了好]?([^\\W的]{{0,14}})$",
        "as": f"(?:{_any('as')})",
        "praise": f"(?:{_any('praise')})",
        "deny": _any("deny"),
        "edge": f"[^{HAN}A-Za-z]|[和与及等]|以及|[^\\W的]{{0,12}}建设|$",
        "plain": f"(?:(?:{moving})的?|(?<=[度制法划程动台理统”])[和与及、])({body}(?:{_any(*_PLAIN)})){ends}",
        "longer": f"(?![和与及等的])([{HAN}]{{1,10}}?)({_any('strong')}){ends}",
        "subject": f"(?:(?<=[。;,:])|^)((?:[{HAN}]、)?[{HAN}]{{2,24}}?(?:{_any('subject')}))(?:{_any('done')})",
        "act": f"{moving}|{_any('acts')}",
        "lead": f"(?:{leading}|\\d+[个家所项条座处])+",
        "cut": f"的|(?!创新发展)(?:{_any('enacting', 'setting')})",
        "listed": f"(?<=[{HAN}])([二三四五六七八九十]|\\d)[大项个](?:{_any('counted')})",
        "works": f"(?:{_any('works')})(?:工程|系统)$|体制机制$",
        "vague": f"(?:{_any('vague')})*$",
        "abstract": f".*(?:{_any('abstract')})|.+之[^城都家窗]",
    }
    return {name: re.compile(source) for name, source in sources.items()}


def _quoted(text: str) -> Iterator[Any]:
    """Names in quotation marks, with the head behind them: start, end, core, type."""
    group: list[re.Match[str]] = []
    for match in _QUOTE.finditer(text):
        if group and not _JOIN.fullmatch(text, group[-1].end(), match.start()):
            yield from _group(text, group)
            group = []
        group.append(match)
    if group:
        yield from _group(text, group)


def _group(text: str, group: list[re.Match[str]]) -> Iterator[Any]:
    """Quotations in a row, such as “A”、“B”等活动: what stands before the first and behind the last holds for all."""
    patterns, first, last = _patterns(), group[0].start(), group[-1].end()
    behind = text[last : last + 24]
    if len(group) > 1 and text[group[0].end()] == "+" and (whole := re.compile("“.*”").match(text, first, last)):
        group = [whole]  # “A”+“B”
    slogan = patterns["parts"].match(behind)
    if slogan and is_numbered(slogan.group(1)):  # its parts, and not names themselves
        return
    shared = patterns["list"].match(behind) or (len(group) > 1 and patterns["tail"].match(behind))
    shared = shared and shared.group(shared.lastindex or 0)
    judged = [[*_judge(text, match.start(), match.end(), first, shared)] for match in group]
    if len(group) > 2 and 2 * sum(map(bool, judged)) >= len(group):  # most are names, so all are
        shared = "、"
    for match, names in zip(group, judged, strict=True):
        yield from names or (_judge(text, match.start(), match.end(), first, shared) if shared == "、" else ())


def _judge(text: str, start: int, end: int, first: int, shared: Any) -> Iterator[Any]:
    """Whether a quotation names a programme: by its form, the verb before it, the head behind it."""
    patterns, core = _patterns(), _MARKS.sub("", text[start:end])
    before, behind = text[max(0, first - 18) : first], text[end : end + 24]
    if re.search("[。;!?:,…]", core):
        return
    numbered, tail = is_numbered(core), patterns["tail"].match(behind)
    if core in cues()["stock"] and not (tail and not tail.group(1) and (tail.group(2) in _PLAIN or tail[2][2:])):
        return
    inside = (start + 1, end - 1, core)
    if tail:
        mid, head = tail.groups()
        if head == "服务" and core.endswith(("式", "型", "化", "对点", "距离")):
            return
        slogan = _MEASURE.fullmatch(mid[-2:]) or (numbered and not _is_project(core, head))
        kind = "numbered" if slogan else _kind(head)
        if len(core) == 1:  # 暖“新”行动: the name begins before the quotation
            run = re.split(f"[^{HAN}]", before[-3:])[-1]
            start -= len(run[_lead(run) :])
            core = _MARKS.sub("", text[start:end])
        bare = head in cues()["weak"] or (numbered and not mid and head in ("活动", "制度", "体系", "模式", "机制"))
        yield (*(inside if bare else (start, end + tail.end(), core)), kind)
    elif core in central():
        yield (*inside, central()[core][0])
    elif len(core) < 2:
        lead = re.search(f"(?<=、)[{HAN}]{{1,6}}$", text[max(0, start - 7) : start]) if shared else None
        if lead:  # A、盐阜快递先“蜂”等品牌
            yield start - len(lead.group()), end, _MARKS.sub("", lead.group() + text[start:end]), _kind(shared)
    elif numbered or _are_numbered(core.split("、")):
        yield (*inside, "numbered")
    elif "+" in core.strip("+") or patterns["of"].match(behind):
        yield (*inside, "method")
    elif before.endswith("以") and patterns["as"].match(behind):
        yield (*inside, "project")
    elif _telling(core) or not (patterns["deny"].match(behind) or patterns["abstract"].fullmatch(core)):
        kind = _by_context(core, before, behind, shared)
        if kind:
            yield (*inside, kind)


def _are_numbered(names: Any) -> bool:
    """Whether a list is one of slogans: 八小、五无; 一枢纽、四中心."""
    return any(map(is_numbered, names)) and all(name[:1] in _NUM for name in names)


def _by_context(core: str, before: str, behind: str, shared: Any) -> Any:
    """The type of a quotation without a head behind it, None where nothing shows that it is a name."""
    patterns, verb = _patterns(), _patterns()["verb"].search(before)
    ending = _ending(core)
    if shared:
        return _kind(shared)
    head = patterns["before"].search(before)
    if head:
        return _kind(head.group())
    if verb and (patterns["edge"].match(behind) or (ending and not verb.group(2))):
        return ending or next(kind for kind, cue in _BY_VERB if verb.group(1) in cues()[cue])
    if ending and _telling(core):
        return ending
    praised = patterns["praise"].match(behind) and re.search("(?:^|[。;,])[^。;,]{0,4}$", before)
    return (ending or "method") if praised else None


def _telling(core: str) -> Any:
    """Whether the end of a quotation makes it a name by itself: 云端夜校, 双向代办制度."""
    year = len(core) > 4 and re.search("[^周度\\d]年$", core)  # 营商环境提升年
    return bool(year) or any(core.endswith(word) and len(core) > len(word) + 1 for word in cues()["self"])


def _kind(head: str) -> str:
    """The type of a head, or of its end: 计划 of 三年行动计划."""
    ends = (head[i:] for i in range(len(head)))
    return next((kind for end in ends for kind in _TYPES if end in cues()[kind]), "project")


def _is_project(core: str, head: str) -> bool:
    """三民工程 is a project and no slogan: one count, and no measure word."""
    return head == "工程" and len(re.findall(f"[{_NUM}]", core)) == 1 and not _MEASURE.match(core)


def _ending(core: str) -> Any:
    """The type that the end of a quotation tells, if it has one: 创业支书培育计划, 云端课堂."""
    sizes = (size for size in (4, 3, 2, 1) if len(core) > size + 1)
    return next((kind for size in sizes for kind in _TYPES if core[-size:] in cues()[kind]), None)


def _lead(text: str) -> int:
    """Where the name begins in what stands behind a verb: past adverbs, and past verbs."""
    lead = _patterns()["lead"].match(text)
    return lead.end() if lead else 0


def _unquoted(text: str) -> Iterator[Any]:
    """Names without quotation marks: of the centre, and what stands between a verb and a head that tells."""
    patterns = _patterns()
    matches = [*patterns["plain"].finditer(text)]
    matches += [m for m in patterns["subject"].finditer(text) if not patterns["act"].search(m.group(1))]
    for match in matches:
        body, end = match.group(1), match.end(1)
        head = next(head for head in _HEADS if body.endswith(head))
        longer = None if head in cues()["strong"] else patterns["longer"].match(text, end)
        if longer and not patterns["cut"].search(longer.group(1)):  # 慢行系统品质提升行动
            body, end, head = text[match.start(1) : longer.end()], longer.end(), longer.group(2)
        name = _bare(body, head)
        stem = name[: len(name) - len(head)]
        if name and not patterns["vague"].fullmatch(stem) and not patterns["works"].search(name):
            numbered = _FIGURES.fullmatch(stem) or re.search(f"[二三四五六七八九十]大[{HAN}]{{0,4}}{head}$", name)
            yield end - len(name), end, name, "numbered" if numbered else _kind(head)
    for match in _known().finditer(text):
        start, name = match.start(), _MARKS.sub("", match.group())
        opening = int("”" in match.group() and text[start - 1 : start] == "“")  # “八五”普法: the mark is its own
        yield start - opening, match.end(), name, central()[name][0]


def _bare(body: str, head: str) -> Any:
    """A name less what leads to it: 村务协理员制度 of 全面推行村务协理员制度; "" where it is too short or a clause."""
    least = len(head) + _PLAIN[head]
    for cut in _patterns()["cut"].finditer(body):
        if len(body) - cut.end() >= least:
            start = cut.end()
            break
    else:
        start = 0
    name = body[start:]
    lead = _lead(name)
    name = name[lead:]
    return name if len(name) >= least and not re.search("^[以按并及与]|[的了把将从使让其这该在是]", name) else ""


def _listed(text: str) -> Any:
    """A number of things behind their list: A、B、C三大工程."""
    for match in _patterns()["listed"].finditer(text):
        run = re.split("[,。;:!?]", text[max(0, match.start() - 120) : match.start()])[-1]
        if run.count("、") + 1 == small_number(match.group(1)) > 1:
            yield *match.span(), match.group(), "numbered"


@functools.cache
def _known() -> Any:
    names = sorted((n for n, (_, _, where, _) in central().items() if where == "any"), key=lambda n: (-len(n), n))
    spelt = "|".join("”?“?".join(map(re.escape, name)) for name in names)
    return re.compile(f"(?=[{''.join(sorted({name[0] for name in names}))}])(?:{spelt})")


def _one_of(names: Any) -> re.Pattern[str]:
    """A pattern for any of some names, the longest first; a character that none begins with costs next to nothing."""
    names = sorted(names, key=lambda name: (-len(name), name))
    first = "".join(sorted({re.escape(name[0]) for name in names}))
    return re.compile(f"(?=[{first}])(?:{'|'.join(map(re.escape, names))})")


def _document(rows: Any, found: Any) -> Any:
    """Mentions of a document: one spelling, one type and one list of parts for what is one programme."""
    names: dict[str, Counter[str]] = {}
    kinds: dict[str, Counter[str]] = {}
    parts: dict[str, list[str]] = {}
    tries: Counter[str] = Counter()
    for place, start, end, core, kind in found:
        text = rows[place][1]
        if kind:  # what is only known again has no say in how it is spelt
            names.setdefault(core, Counter())[_MARKS.sub("", text[start:end])] += 1
            kinds.setdefault(core, Counter())[kind] += 1
        if not parts.get(core) and tries[core] < (8 if kind in ("numbered", "") else 2):
            tries[core] += 1
            inside = int(text[start - 1 : start] in ("“", "‘"))  # the quotation marks count as the name's
            parts[core] = parts_of([text for _, text in rows[place : place + 9]], start - inside, end + inside, core)
    return [
        Mention(rows[place][0], start, end, _most(names[core]), _most(kinds[core]), list(parts.get(core, [])))
        for place, start, end, core, _ in found
        if core in names  # not what lay within a longer name, and is no name by itself
    ]


def _most(counter: Counter[str]) -> str:
    """What was counted most; of equals what came first."""
    return max(counter, key=lambda name: counter[name])
