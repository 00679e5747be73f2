"""Named programmes in a document: slogans with a number, projects, methods, platforms and brands."""

from __future__ import annotations

import functools
import itertools
import re
from collections import Counter, defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ..chinese import HAN
from ..files import read_tsv
from .components import parts_of
from .fields import is_on_party_building
from .quantities import small_number

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence
    from typing import Any

_NUM = "一二三四五六七八九十两双0-9"
_BETWEEN = "的了在为是将从到对把等及和与以上中下还处获已被这那向由给按让使并"  # never between a quotation and its head
_ONE_FORM = str.maketrans("「」『』„‟＂＋（），：；！？﹢", '“”“”“”"+(),:;!?+')
_QUOTE = re.compile("“([^“”]{1,32})”|‘([^‘’]{1,16})’")
_COUNTRIES = re.compile("”?(?:沿线|沿路|共建)(?:国家|地区|各国)|”?国家")  # “一带一路”沿线国家 are countries
_MARKS = re.compile("[“”‘’\\s]")
_TITLE = re.compile("《[^《》]{1,60}》")
_JOIN = re.compile(f"[和与及,+]?|、[{HAN}]{{0,6}}")

# A numbered slogan: a count and what is counted (七个一, 三大工程, 六建); two counts (三会一课, 双述双评); figures
# (1+6, 3个1+3, 5020, 快反135).
_COUNTED = re.compile(
    f"新?[二三四五六七八九十]+[{HAN}]{{1,2}}|新?[两二三四五六七八九十]+[个大项种条类张件点篇步级好][{HAN}]{{1,6}}|"
    f"[{HAN}]{{1,4}}[二三四五六七八九十]+[条法策招助步问诀]"
)
_TWICE = re.compile(f"[{HAN}]{{0,2}}(?:[{_NUM}]+[^{_NUM}、,]{{1,5}}){{2,5}}")
_FIGURES = re.compile(f"[{HAN}]{{0,6}}\\d[\\d个]*(?:\\+[\\dNnXx]+)+[{HAN}]{{0,8}}|[{HAN}]{{0,3}}\\d{{3,4}}|\\d个\\d+")
# 一肩挑 counts nothing, 十九大 is a congress
_UNCOUNTED = re.compile(f"一[^{_NUM}]*|双[^{_NUM}]*|二?十?[一二三四五六七八九十](?:大(?:代表|报告|精神)?|连[冠丰增胜])")
_MEASURE = re.compile("[二三四五六七八九十]大")

# Heads that make a name without quotation marks, and how many characters must precede them.
_HEADS = {
    "工程": 3, "行动": 3, "计划": 3, "工作法": 2, "专项斗争": 3, "责任制": 3, "负责制": 3, "主题教育": 3,
    "实践活动": 2, "观摩活动": 2, "制度": 4, "机制": 6, "模式": 4, "服务平台": 4, "管理平台": 4, "信息平台": 4,
    "系统": 6, "责任区": 4, "活动日": 3, "长廊": 4, "服务队": 3, "宣讲团": 4, "网格化管理": 0, "活动中心": 4,
    "大赛": 4, "专职化管理": 2, "长制": 1, "党委制": 1, "承诺制": 2, "代办制": 2, "任期制": 2, "销号制": 2, "积分制": 0,
    "清单制": 1, "专员制": 2, "党建联盟": 2,
    "突击队": 3, "小分队": 3, "宣讲队": 3, "先锋队": 3,
}  # fmt: skip
_LONGEST_HEADS = sorted(_HEADS, key=lambda head: (-len(head), head))
# In documents on party-building these are inventions of a place, and named ones; elsewhere official prose sets up
# institutions of every kind, and such a word is no name.
_INSTITUTIONS = frozenset(
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
_STRONG_MIN = 2  # characters before 工程, 行动 and 计划 behind a verb of enacting
_TYPES = ("project", "method", "platform", "brand")
_BY_VERB = (("project", "enacting"), ("method", "setting"), ("brand", "building"), ("project", "furthering"))
_MAX_NAMES = 400  # of a document that are looked for without quotation marks; real ones have at most 250
_LONGEST_HEAD = 5  # characters of a head that belongs to a name wherever it is mentioned
_TRIES = {"numbered": 8, "": 8}  # mentions by type whose parts are looked for; of other types 2
_RESOURCES = Path(__file__).with_name("resources")


class Mention(NamedTuple):
    """A programme named in a paragraph.

    Attributes
    ----------
    paragraph : int
    start, end : int
        Code points of the paragraph's text, half-open.
    name : str
    type : str
        numbered, project, method, platform or brand.
    components : list of str
        The parts that the text spells out.
    """

    paragraph: int
    start: int
    end: int
    name: str
    type: str
    components: list[str]


class _Candidate(NamedTuple):
    """What may be a name: its span in the text, its core (without quotation marks and weak heads), and its type.

    The type is empty for a name that is only recognized from elsewhere in the document.
    """

    start: int
    end: int
    core: str
    type: str


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


def is_numbered(name: str) -> bool:
    """Whether a name is a numbered slogan: 七个一, 三会一课, 1+6; not 一肩挑, 双向代办 or 十九大."""
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
        In order, without overlap. `name` is the spelling without quotation marks that the document uses most (the
        first of equals); mentions of one name share its type and its components.
    """
    rows = paragraphs.to_dict("records") if hasattr(paragraphs, "to_dict") else list(paragraphs)
    texts = [_with_uniform_marks(row["text"]) for row in rows]
    masked = [_TITLE.sub(lambda title: "○" * len(title.group()), text) for text in texts]
    institutions = is_on_party_building(texts)
    quoted = [[*_quoted(text)] for text in masked]
    spelled = {  # 头雁工程, whose core is 头雁
        _MARKS.sub("", text[c.start : c.end]): c.core
        for text, of_paragraph in zip(masked, quoted, strict=True)
        for c in of_paragraph
    }
    known = {name for name in (*spelled, *spelled.values()) if len(name) > 2}
    candidates = [
        [*of_paragraph, *(c for c in _unquoted(text, institutions) if not _ends_with(c.core, known)), *_listed(text)]
        for text, of_paragraph in zip(masked, quoted, strict=True)
    ]
    cores = dict.fromkeys(
        candidate.core
        for of_paragraph in candidates
        for candidate in of_paragraph
        if len(candidate.core) > 2 and candidate.core not in cues()["stock"]
    )
    again = [
        *list(cores)[:_MAX_NAMES],
        *[name for name, core in spelled.items() if len(core) < 3 < len(name)][:_MAX_NAMES],
    ]
    if again:  # named once, a programme is recognized without quotation marks
        names, batch = _any_of(again), _patterns()["batch"]
        for text, of_paragraph in zip(masked, candidates, strict=True):
            of_paragraph += [
                _Candidate(*m.span(), spelled.get(m.group(), m.group()), "")
                for m in names.finditer(text)
                if text[m.start() - 1 : m.start()] in ("“", "‘")
                or not batch.search(text, max(0, m.start() - 16), m.start())
            ]
    for text, of_paragraph in zip(masked, candidates, strict=True):
        of_paragraph[:] = [c for c in of_paragraph if not _COUNTRIES.match(text, c.end)]
    return _mentions([row["paragraph"] for row in rows], texts, [_disjoint(of) for of in candidates])


def _ends_with(core: str, known: Collection[str]) -> bool:
    """Whether a name has words before one that the document quotes: 此后头雁工程 where it has “头雁工程”."""
    leads = _patterns()["adverbial"]
    return any(core[i:] in known and leads.fullmatch(core, 0, i) for i in range(1, len(core) - 2))


def _disjoint(candidates: Iterable[_Candidate]) -> list[_Candidate]:
    """Candidates that do not overlap, the longest preferred, in order."""
    chosen: list[_Candidate] = []
    taken = set[int]()
    for candidate in sorted(candidates, key=lambda c: (c.start - c.end, c.start)):
        span = range(candidate.start, candidate.end)
        if taken.isdisjoint(span):
            taken.update(span)
            chosen.append(candidate)
    return sorted(chosen)


def _with_uniform_marks(text: str) -> str:
    """A text of the same length with one form of each mark; straight quotation marks open and close in turn."""
    text = text.translate(_ONE_FORM)
    if '"' in text:
        pieces = text.split('"')
        text = "".join(piece + "“”"[i % 2] for i, piece in enumerate(pieces))[:-1]
    return text


def _alternation(*names: str, min_length: int = 1) -> str:
    """An expression that matches any word of some cues, or words themselves, the longest first."""
    words = {word for name in names for word in cues().get(name, [name]) if len(word) >= min_length}
    return "|".join(re.escape(word) for word in sorted(words, key=lambda w: (-len(w), w)))


@functools.cache
def _patterns() -> dict[str, re.Pattern[str]]:
    heads = _alternation(*_TYPES, min_length=2)
    verbs = _alternation("enacting", "setting", "building", "furthering")
    ends = f"(?!{_alternation('longer')})"
    moving = _alternation("enacting", "setting", "building", "furthering", "moving")
    leading = _alternation("enacting", "setting", "building", "moving", "leading", "adverbs", "acts")
    body = f"(?:[{HAN}]{{1,3}}、){{0,3}}[{HAN}A-Za-z0-9+·—()-]{{2,30}}?"
    subject = f"(?:[{HAN}]、)?[{HAN}]{{2,24}}?(?:{_alternation('subject')})"
    sources = {
        # a digit of 5G may stand between a quotation and its head, and none that counts: “A节”6个全国性活动
        "tail": f"(?!.{{0,8}}列入|{_alternation('verbs')})"
        f"((?:[^\\W\\d{_BETWEEN}]|\\d(?=[A-Z])|为民){{0,9}}?)((?:{heads}){{1,2}}){ends}",
        "list": f"[{HAN}]{{0,6}}?等[^\\W的]{{0,12}}({heads}|{_alternation('listed')}){ends}",
        "of": f"的[^\\W的]{{0,6}}?(?:{_alternation('of')}){ends}",
        "parts": "(?:等的?[^\\W的、]{0,6}|的)[“‘]([^“”‘’]{1,8})[”’]",
        "before": f"(?:{_alternation('before')})$",
        "verb": f"({verbs})[了好]?([^\\W的]{{0,14}})$",
        "as": f"(?:{_alternation('as')})",
        "praise": f"(?:{_alternation('praise')})",
        "deny": f"(?:{_alternation('deny')})|等(?:主要|重要)?(?:目标|要求|原则|思想|意识|领域|企业|人员|问题|现象)",
        "adverbial": f"(?:{_alternation('adverbial')}|\\d{{4}}年)+",
        "things": f"(?:等[{HAN}]{{0,4}})?(?:景区|线路|产品|剧目|作品|专业|课程|药品)",
        "edge": f"[^{HAN}A-Za-z]|[和与及等]|以及|[^\\W的]{{0,12}}建设|$",
        "plain": f"(?:(?:{moving})的?|(?<=[度制法划程动台理统”])[和与及、])({body}(?:{_alternation(*_HEADS)})){ends}",
        "longer": f"(?![和与及等的])([{HAN}]{{1,10}}?)({_alternation('strong')}){ends}",
        "subject": f"(?:(?<=[。;,:])|^)({subject})(?:{_alternation('done')})",
        "act": f"{moving}|{_alternation('acts')}",
        "lead": f"(?:{leading}|第[一二三四五六七八九十\\d]+[轮批]|\\d+[个家所项条座处])+",
        # 科技创新能力 is one word
        "cut": f"的|(?!(?<=[{HAN}])创新|创新发展)(?:{_alternation('enacting', 'setting')})",
        "listed": f"(?<=[{HAN}])([二三四五六七八九十])[大项个](?:{_alternation('counted')})",
        "works": f"(?:{_alternation('works')})(?:工程|系统)$|体制机制$|"
        f"(?:复杂|大型|典型|一般|普通)(?:工程|系统|行动|计划)$|[{HAN}]电[入送][{HAN}]+工程$",
        "short": f"(?:{_alternation('enacting')})[好了]?([{HAN}]{{2}}(?:{_alternation('strong')})){ends}",
        "common": f"(?:{_alternation('common')})",
        "titled": f"(?:^|(?<=[。;:]))(?:\\(?[{_NUM}]{{1,3}}[)、.．]|专栏\\s?\\d{{1,2}}|[-—]{{1,2}})\\s?[:]?\\s?"
        f"([{HAN}A-Za-z0-9+·]{{4,26}}?(?:{_alternation('strong')}))(?=[。:]|$)",
        "batch": f"(?:{_alternation('several')})[^。,;]{{0,12}}$",
        "state": f"(?:{_alternation('state')})(?![级局])(?:(?!关于|实施|建立|设置|组织|支持|推动|加快)[{HAN}]){{2,16}}?"
        f"(?:平台|系统|工程)(?=[^{HAN}]|[和及与等的]|建设|上线|$)",
        "generic": f"(?:{_alternation('generic')})|.*(?:(?<![高中初平同])等(?![级效次])|\\d[个项场次家条座处])|"
        f"[^、]*(?:{_alternation(*_HEADS)})、|.*(?:方案|内容|措施)[和与及]",
        "several": f"(?:{_alternation('several')})$",
        "vague": f"(?:{_alternation('vague')})*$",
        "abstract": f".*(?:{_alternation('abstract')})|.+之[^城都家窗]",
    }
    return {name: re.compile(source) for name, source in sources.items()}


def _quoted(text: str) -> Iterator[_Candidate]:
    """Names in quotation marks, with the heads behind them."""
    group: list[re.Match[str]] = []
    for match in _QUOTE.finditer(text):
        if group and not _JOIN.fullmatch(text, group[-1].end(), match.start()):
            yield from _group(text, group)
            group = []
        group.append(match)
    if group:
        yield from _group(text, group)


def _group(text: str, group: list[re.Match[str]]) -> Iterator[_Candidate]:
    """Names among quotations in a row (“A”、“B”等活动): what precedes the first and follows the last applies to all."""
    patterns, first, last = _patterns(), group[0].start(), group[-1].end()
    behind = text[last : last + 24]
    if len(group) > 1 and text[group[0].end()] == "+" and (whole := re.compile("“.*”").match(text, first, last)):
        group = [whole]  # “A”+“B”
    slogan = patterns["parts"].match(behind)
    if slogan and is_numbered(slogan.group(1)):  # its parts, and no names themselves
        return
    tail = patterns["list"].match(behind) or (patterns["tail"].match(behind) if len(group) > 1 else None)
    head = tail.group(tail.lastindex or 0) if tail else ""
    names = [[*_quotation(text, match.start(), match.end(), first, head)] for match in group]
    if len(group) > 2 and 2 * sum(map(bool, names)) >= len(group):  # most are names, so all are
        names = [
            of_quotation or [*_quotation(text, match.start(), match.end(), first, "、")]
            for of_quotation, match in zip(names, group, strict=True)
        ]
    yield from itertools.chain.from_iterable(names)


def _quotation(text: str, start: int, end: int, first: int, shared_head: str) -> Iterator[_Candidate]:
    """The name in a quotation, if it is one: by its form, the verb before it, the head behind it.

    Parameters
    ----------
    text : str
    start, end : int
        Of the quotation.
    first : int
        Where the first of the quotations in its row begins.
    shared_head : str
        The head that follows all of the row, or empty.
    """
    patterns, core = _patterns(), _MARKS.sub("", text[start:end])
    before, behind = text[max(0, first - 18) : first], text[end : end + 24]
    if re.search("[。;!?:,…]", core) or (core.isdecimal() and len(core) == 1):
        return
    numbered, tail = is_numbered(core), patterns["tail"].match(behind)
    if core in cues()["stock"] and not (tail and not tail.group(1) and (tail.group(2) in _HEADS or tail[2][2:])):
        return
    if tail:
        mid, head = tail.groups()
        if head == "服务" and (
            core.endswith(("式", "型", "化", "对点", "距离"))
            or re.match(f"(?![的和与及等])[{HAN}]", behind[tail.end() :])  # “乐购”服务消费券
        ):
            tail = None
        elif head == "活动" and core.endswith(("派", "党", "分子", "势力", "组织")):  # what they do
            return
    if tail:
        mid, head = tail.groups()
        slogan = _MEASURE.fullmatch(mid[-2:]) or (numbered and not _is_project(core, head))
        type_ = "numbered" if slogan else _type_of_head(head)
        quoted_start, quoted_core = start, core
        if len(core) == 1:  # 暖“新”行动: the name begins before the quotation
            run = re.split(f"[^{HAN}]", before[-3:])[-1]
            start -= len(run[_lead(run) :])
            core = _MARKS.sub("", text[start:end])
        bare = head in cues()["weak"] or (numbered and not mid and head in ("活动", "制度", "体系", "模式", "机制"))
        if bare:
            yield _Candidate(quoted_start + 1, end - 1, quoted_core, type_)
        else:
            yield _Candidate(start, end + tail.end(), core, type_)
    elif len(core) < 2 and core not in central():
        lead = re.search(f"(?<=、)[{HAN}]{{1,6}}$", text[max(0, start - 7) : start]) if shared_head else None
        if lead:  # A、盐阜快递先“蜂”等品牌
            name = _MARKS.sub("", lead.group() + text[start:end])
            yield _Candidate(start - len(lead.group()), end, name, _type_of_head(shared_head))
    elif type_ := _type_by_form(core, before, behind, shared_head):
        yield _Candidate(start + 1, end - 1, core, type_)


def _type_by_form(core: str, before: str, behind: str, shared_head: str) -> str | None:
    """The type of a quotation without a head of its own, None if nothing shows that it is a name."""
    patterns = _patterns()
    if core in central():
        return central()[core].type
    if patterns["things"].match(behind) or before.endswith("从"):  # a place of interest, a course; from “A” to “B”
        return None
    if is_numbered(core) or _are_numbered(core.split("、")):
        return "numbered"
    if ("+" in core.strip("+") and not patterns["deny"].match(behind)) or patterns["of"].match(behind):
        return "method"
    if before.endswith("以") and patterns["as"].match(behind):
        return "project"
    if _is_name_by_itself(core) or not (patterns["deny"].match(behind) or patterns["abstract"].fullmatch(core)):
        return _type_by_context(core, before, behind, shared_head)
    return None


def _are_numbered(names: Sequence[str]) -> bool:
    """Whether a list consists of numbered slogans: 八小、五无; 一枢纽、四中心."""
    return any(map(is_numbered, names)) and all(name[:1] in _NUM for name in names)


def _type_by_context(core: str, before: str, behind: str, shared_head: str) -> str | None:
    """The type of a quotation by the words around it, None if they do not show that it is a name."""
    patterns, verb = _patterns(), _patterns()["verb"].search(before)
    ending = _type_of_ending(core)
    if shared_head:
        return _type_of_head(shared_head)
    head = patterns["before"].search(before)
    if head:
        return _type_of_head(head.group())
    if verb and (patterns["edge"].match(behind) or (ending and not verb.group(2))):
        return ending or next(type_ for type_, cue in _BY_VERB if verb.group(1) in cues()[cue])
    if ending and _is_name_by_itself(core):
        return ending
    is_praised = patterns["praise"].match(behind) and re.search("(?:^|[。;,])[^。;,]{0,4}$", before)
    return (ending or "method") if is_praised else None


def _is_name_by_itself(core: str) -> bool:
    """Whether the end of a quotation makes it a name by itself: 云端夜校, 双向代办制度."""
    year = len(core) > 4 and re.search("[^周度\\d]年$", core)  # 营商环境提升年
    return bool(year) or any(core.endswith(word) and len(core) > len(word) + 1 for word in cues()["self"])


def _type_of_head(head: str) -> str:
    """The type of a head, or of its end: 计划 of 三年行动计划."""
    ends = (head[i:] for i in range(len(head)))
    return next((type_ for end in ends for type_ in _TYPES if end in cues()[type_]), "project")


def _is_project(core: str, head: str) -> bool:
    """Whether a numbered name is that of a project and no slogan, with one count and no measure word: 三民工程."""
    return head == "工程" and len(re.findall(f"[{_NUM}]", core)) == 1 and not _MEASURE.match(core)


def _type_of_ending(core: str) -> str | None:
    """The type by the end of a quotation, if it shows one: 创业支书培育计划, 云端课堂."""
    sizes = (size for size in (4, 3, 2, 1) if len(core) > size + 1)
    return next((type_ for size in sizes for type_ in _TYPES if core[-size:] in cues()[type_]), None)


def _lead(text: str) -> int:
    """Where the name begins in the words behind a verb, past adverbs and verbs."""
    lead = _patterns()["lead"].match(text)
    return lead.end() if lead else 0


def _unquoted(text: str, institutions: bool) -> Iterator[_Candidate]:
    """Names without quotation marks: those of the centre, and what is between a verb and a head.

    Parameters
    ----------
    text : str
    institutions : bool
        Whether an institution (`_INSTITUTIONS`) may be a name without quotation marks.
    """
    patterns = _patterns()
    matches = [*patterns["plain"].finditer(text)]
    titled = [*patterns["titled"].finditer(text)]  # （一）智慧林业建设工程。
    matches += titled
    matches += [m for m in patterns["subject"].finditer(text) if not patterns["act"].search(m.group(1))]
    for match in patterns["short"].finditer(text):  # 实施头雁工程
        name = match.group(1)
        if not patterns["common"].match(name) and not patterns["lead"].match(name):
            yield _Candidate(match.start(1), match.end(1), name, _type_of_head(name[_STRONG_MIN:]))
    for match in matches:
        body, end = match.group(1), match.end(1)
        head = next(head for head in _LONGEST_HEADS if body.endswith(head))
        longer = None if head in cues()["strong"] else patterns["longer"].match(text, end)
        if longer and not patterns["cut"].search(longer.group(1)):  # 慢行系统品质提升行动
            body, end, head = text[match.start(1) : longer.end()], longer.end(), longer.group(2)
        if head in ("工程", "行动") and text.startswith("计划", end):  # 教育强市行动计划 is one name
            body, end, head = f"{body}计划", end + 2, "计划"
        name = _without_lead(body, head)
        if (head in _INSTITUTIONS and not institutions) or patterns["generic"].match(name):
            continue
        if not institutions and patterns["several"].search(text, max(0, end - len(name) - 4), end - len(name)):
            continue
        drawn_up = text[: end - len(name)].endswith(tuple(cues()["setting"]))
        if head == "计划" and drawn_up and not (institutions or name.endswith("行动计划")):
            continue  # whoever plans anything draws up a plan of it: 制定精准销售计划
        stem = name[: len(name) - len(head)]
        built = name.replace("建设工程", "工程") if match in titled else name
        if name and not patterns["vague"].fullmatch(stem) and not patterns["works"].search(built):
            numbered = _FIGURES.fullmatch(stem) or re.search(f"[二三四五六七八九十]大[{HAN}]{{0,4}}{head}$", name)
            yield _Candidate(end - len(name), end, name, "numbered" if numbered else _type_of_head(head))
    for match in patterns["state"].finditer(text):
        if not patterns["generic"].match(match.group()) and not re.search("[的和与及等]", match.group()):
            yield _Candidate(*match.span(), match.group(), _type_of_head(match.group()))
    for match in _central_names().finditer(text):
        start, name = match.start(), _MARKS.sub("", match.group())
        opening = int("”" in match.group() and text[start - 1 : start] == "“")  # “八五”普法: the mark is its own
        yield _Candidate(start - opening, match.end(), name, central()[name].type)


def _without_lead(body: str, head: str) -> str:
    """A name without the words that lead to it (全面推行村务协理员制度); empty if it is too short or a clause."""
    min_length = len(head) + _HEADS[head]
    cuts = (cut.end() for cut in _patterns()["cut"].finditer(body))
    name = body[next((cut for cut in cuts if len(body) - cut >= min_length), 0) :]
    name = name[_lead(name) :]
    is_clause = re.search("^[以按并及与到对向]|[的了把将从使让其这该在是]|没有|达到|纳入|符合", name) or _half_bracket(
        name
    )
    return name if len(name) >= min_length and not is_clause else ""


def _half_bracket(name: str) -> bool:
    return name.count("(") != name.count(")")


def _listed(text: str) -> Iterator[_Candidate]:
    """Counts behind the list of what they count: A、B、C三大工程."""
    for match in _patterns()["listed"].finditer(text):
        run = re.split("[,。;:!?]", text[max(0, match.start() - 120) : match.start()])[-1]
        if run.count("、") + 1 == small_number(match.group(1)) > 1:
            yield _Candidate(match.start(), match.end(), match.group(), "numbered")


@functools.cache
def _central_names() -> re.Pattern[str]:
    """Matches the central programmes that are recognized anywhere, with quotation marks within the name or without."""
    names = sorted((n for n, programme in central().items() if programme.where == "any"), key=lambda n: (-len(n), n))
    spellings = "|".join("”?“?".join(map(re.escape, name)) for name in names)
    return re.compile(f"(?=[{''.join(sorted({name[0] for name in names}))}])(?:{spellings})")


def _any_of(names: Iterable[str]) -> re.Pattern[str]:
    """Matches any of some names, the longest first; fast where a character begins none of them."""
    names = sorted(names, key=lambda name: (-len(name), name))
    first = "".join(sorted({re.escape(name[0]) for name in names}))
    # 123 is not named in 1239, nor in 0123
    return re.compile(f"(?=[{first}])(?<!\\d(?=\\d))(?:{'|'.join(map(re.escape, names))})(?!(?<=\\d)\\d)")


def _mentions(
    paragraphs: Sequence[int], texts: Sequence[str], candidates: Sequence[Sequence[_Candidate]]
) -> list[Mention]:
    """Mentions of a document: one spelling, one type and one list of parts for each programme."""
    names: defaultdict[str, Counter[str]] = defaultdict(Counter)
    types: defaultdict[str, Counter[str]] = defaultdict(Counter)
    parts: dict[str, list[str]] = {}
    bare: Counter[str] = Counter()  # quoted without what follows it elsewhere
    tries: Counter[str] = Counter()
    for i, text in enumerate(texts):
        for start, end, core, type_ in candidates[i]:
            if type_:  # what is only recognized has no say in the spelling
                names[core][_MARKS.sub("", text[start:end])] += 1
                types[core][type_] += 1
            elif text[start - 1 : start] in ("“", "‘") and text[end : end + 1] in ("”", "’"):
                bare[core] += 1
            if not parts.get(core) and tries[core] < _TRIES.get(type_, 2):
                tries[core] += 1
                inside = int(text[start - 1 : start] in ("“", "‘"))  # the quotation marks count as the name's
                parts[core] = parts_of(texts[i : i + 9], start - inside, end + inside, core)
    for core, spellings in names.items():
        # “丝路电商” is no 地方合作品牌 for having that behind it once; “金芙蓉”跃升行动 stays whole
        weak = all(s.endswith(("管理", "服务", "改革")) for s in spellings)
        if bare[core] > spellings.total() - weak and not any(s.endswith(tuple(cues()["strong"])) for s in spellings):
            spellings[core] += bare[core]

    def is_another(start: int, end: int, text: str, core: str) -> bool:
        # A quotation by itself is not the mechanism that another sentence names after it: “十强产业”协调推进机制.
        name = _most_common(names[core])
        stands_alone = text[start - 1 : start] in ("“", "‘") and text[end : end + 1] in ("”", "’")
        is_longer = len(name) - len(core) > _LONGEST_HEAD and _MARKS.sub("", text[start:end]) == core
        return stands_alone and is_longer

    return [
        Mention(paragraph, start, end, _most_common(names[core]), _most_common(types[core]), list(parts[core]))
        for paragraph, text, of_paragraph in zip(paragraphs, texts, candidates, strict=True)
        for start, end, core, _ in of_paragraph
        if core in names
        and not is_another(start, end, text, core)  # not what was within a longer name, and is no name by itself
    ]


def _most_common(counter: Counter[str]) -> str:
    """The key with the greatest count, the first of equals."""
    return max(counter, key=lambda name: counter[name])
