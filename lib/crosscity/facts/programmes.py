"""Named programmes in a document: slogans with a number, projects, methods, platforms and brands."""

from __future__ import annotations

import functools
import itertools
import re
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, NamedTuple

from ..chinese import HAN, chinese_marks
from .components import parts_of
from .fields import is_on_party_building
from .programme_words import HEADS, INSTITUTIONS, LONGEST_HEADS, NUMERALS, TYPES, central, cues, name_patterns
from .quantities import small_number

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence
    from typing import Any

_ASCII_MARKS = str.maketrans("＋（），：；！？﹢", "+(),:;!?+")
_QUOTE = re.compile("“([^“”]{1,32})”|‘([^‘’]{1,16})’")
_COUNTRIES = re.compile("”?(?:沿线|沿路|共建)(?:国家|地区|各国)|”?国家")  # “一带一路”沿线国家 are countries
_MARKS = re.compile("[“”‘’\\s]")
_TITLE = re.compile("《[^《》]{1,60}》")
_JOIN = re.compile(f"[和与及,+]?|、[{HAN}]{{0,6}}")

# A numbered slogan: a count and what is counted (七个一, 三大工程, 六建); two counts (三会一课, 双述双评); figures
# (1+6, 3个1+3, 5020, 快反135).
_COUNTED = re.compile(
    f"新?[二三四五六七八九十]+[{HAN}]{{1,2}}|新?[两二三四五六七八九十]+[个大项种条类张件点篇步级好][{HAN}]{{1,6}}|"
    f"[{HAN}]{{1,4}}[二三四五六七八九十]+[条法策招助步问诀]|[{HAN}]{{2,6}}[0-9]{{2,3}}条|"
    f"[两双三四五六七八九多][{HAN}][同联合共][{HAN}]|每[年月周日季]一[{HAN}]|[二三四五六七八九]型[{HAN}]{{2,4}}"
)
_TWICE = re.compile(f"[{HAN}]{{0,2}}(?:[{NUMERALS}]+[^{NUMERALS}、,]{{1,5}}){{2,5}}")
_FIGURES = re.compile(f"[{HAN}]{{0,6}}\\d[\\d个]*(?:\\+[\\dNnXx]+)+[{HAN}]{{0,8}}|[{HAN}]{{0,3}}\\d{{3,4}}|\\d个\\d+")
# 一肩挑 counts nothing, 十九大 is a congress
_UNCOUNTED = re.compile(
    f"一[^{NUMERALS}]*|双[^{NUMERALS}]*|[一二三四五六七八九]五|十[一二三四五六]?五|二?十?[一二三四五六七八九十](?:大(?:代表|报告|精神)?|连[冠丰增胜])|"
    "[两双三四五六七八九十]+(?:[难缺差弱愁怕堵]|多)"
)
_QUALITY = re.compile(f"[{HAN}]{{1,3}}(?:[化型]|(?<!模)式)")  # 生态化, 智能化: how something is, and no name
_BY = re.compile("以[^，,。;]{0,6}$")
# What is counted, and no programme: “三资”合同, “二三一”格局; and what is amiss: “三超一疲劳”、酒驾等问题.
_COUNTED_THINGS = re.compile(
    "(?:产业|格局|结构|合同|资金|人员|群体|行业|领域|家庭|问题|现象|行为|地区|矛盾|管理不|案件|车辆|企业)"
)
_BRIEF = re.compile(f"[{NUMERALS}]+[{HAN}]{{0,2}}")
_ILLS = re.compile("[、和][^。;]{0,20}等[^。,;]{0,6}(?:问题|现象|行为|隐患|乱象)")
_TWO_THINGS = re.compile("(?:[和与]|(?<![普惠涉])及)(?:系统|平台|工程|行动|计划)$")  # 公共交通与工程
_SHORTEST_STRATEGY = 5  # characters that more than 国家战略 has
_NO_STRATEGY = re.compile("[和与及的了是为抓等]|重大|重要|总体|国家|军事|中央|企业|履行|区域发展战略$")
_MEASURE = re.compile("[二三四五六七八九十]大")

_STRONG_MIN = 2  # characters before 工程, 行动 and 计划 behind a verb of enacting
_BY_VERB = (("project", "enacting"), ("method", "setting"), ("brand", "building"), ("project", "furthering"))
_MAX_NAMES = 400  # of a document that are looked for without quotation marks; real ones have at most 250
_OF_ANOTHER = ("机制", "制度", "体系", "办法", "平台")  # what is set up for what a quotation names
_LONGEST_HEAD = 5  # characters of a head that belongs to a name wherever it is mentioned
_TRIES = {"numbered": 8, "": 8}  # mentions by type whose parts are looked for; of other types 2


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
        names, batch = _any_of(again), name_patterns()["batch"]
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
    leads = name_patterns()["adverbial"]
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
    """A text of the same length with one form of each mark: ASCII, and quotation marks as Chinese ones."""
    return chinese_marks(text).translate(_ASCII_MARKS)


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
    patterns, first, last = name_patterns(), group[0].start(), group[-1].end()
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
    patterns, core = name_patterns(), _MARKS.sub("", text[start:end])
    before, behind = text[max(0, first - 18) : first], text[end : end + 24]
    if _TWO_THINGS.search(core):
        return
    if re.search("[。;!?:,…]", core) or (core.isdecimal() and len(core) == 1):
        return
    numbered, tail = is_numbered(core), patterns["tail"].match(behind)
    if core in cues()["stock"] and not (tail and not tail.group(1) and (tail.group(2) in HEADS or tail[2][2:])):
        return
    if tail:
        mid, head = tail.groups()
        if (
            head == "服务"
            and (
                core.endswith(("式", "型", "化", "对点", "距离"))
                or re.match(f"(?![的和与及等])[{HAN}]", behind[tail.end() :])  # “乐购”服务消费券
            )
        ) or (head == "队伍" and mid):
            tail = None
        elif head == "活动" and core.endswith(("派", "党", "分子", "势力", "组织")):  # what they do
            return
    if tail:
        mid, head = tail.groups()
        if head not in cues()["weak"] and head.endswith(tuple(cues()["weak"])):  # “三变”改革试点
            tail = re.compile(f"{re.escape(tail.group()[: -len(head)])}{head[:-2]}").match(behind) or tail
            head = head[:-2]
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
    patterns = name_patterns()
    if core in central():
        return central()[core].type
    if patterns["things"].match(behind) or before.endswith("从"):  # a place of interest, a course; from “A” to “B”
        return None
    if is_numbered(core) or _are_numbered(core.split("、")):
        counts_things = _BRIEF.fullmatch(core) and _COUNTED_THINGS.match(behind)
        return None if counts_things or _ILLS.match(behind) else "numbered"
    if _QUALITY.fullmatch(core):
        return None
    if ("+" in core.strip("+") and not patterns["deny"].match(behind)) or patterns["of"].match(behind):
        return "method"
    if _BY.search(before) and patterns["as"].match(behind):
        return "project"
    if _is_name_by_itself(core) or not (patterns["deny"].match(behind) or patterns["abstract"].fullmatch(core)):
        return _type_by_context(core, before, behind, shared_head)
    return None


def _are_numbered(names: Sequence[str]) -> bool:
    """Whether a list consists of numbered slogans: 八小、五无; 一枢纽、四中心."""
    return any(map(is_numbered, names)) and all(name[:1] in NUMERALS for name in names)


def _type_by_context(core: str, before: str, behind: str, shared_head: str) -> str | None:
    """The type of a quotation by the words around it, None if they do not show that it is a name."""
    patterns, verb = name_patterns(), name_patterns()["verb"].search(before)
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
    if "的" in core:  # a figure of speech: 看不见的地下工程
        return False
    year = len(core) > 4 and re.search("[^周度\\d]年$", core)  # 营商环境提升年
    return bool(year) or any(core.endswith(word) and len(core) > len(word) + 1 for word in cues()["self"])


def _type_of_head(head: str) -> str:
    """The type of a head, or of its end: 计划 of 三年行动计划."""
    ends = (head[i:] for i in range(len(head)))
    return next((type_ for end in ends for type_ in TYPES if end in cues()[type_]), "project")


def _is_project(core: str, head: str) -> bool:
    """Whether a numbered name is that of a project and no slogan, with one count and no measure word: 三民工程."""
    return head == "工程" and len(re.findall(f"[{NUMERALS}]", core)) == 1 and not _MEASURE.match(core)


def _type_of_ending(core: str) -> str | None:
    """The type by the end of a quotation, if it shows one: 创业支书培育计划, 云端课堂."""
    sizes = (size for size in (4, 3, 2, 1) if len(core) > size + 1)
    return next((type_ for size in sizes for type_ in TYPES if core[-size:] in cues()[type_]), None)


def _lead(text: str) -> int:
    """Where the name begins in the words behind a verb, past adverbs and verbs."""
    lead = name_patterns()["lead"].match(text)
    return lead.end() if lead else 0


def _unquoted(text: str, institutions: bool) -> Iterator[_Candidate]:
    """Names without quotation marks: those of the centre, and what is between a verb and a head.

    Parameters
    ----------
    text : str
    institutions : bool
        Whether an institution (`INSTITUTIONS`) may be a name without quotation marks.
    """
    patterns = name_patterns()
    matches = [*patterns["plain"].finditer(text)]
    titled = [*patterns["titled"].finditer(text)]  # （一）智慧林业建设工程。
    matches += titled
    matches += [m for m in patterns["subject"].finditer(text) if not patterns["act"].search(m.group(1))]
    for match in patterns["short"].finditer(text):  # 实施头雁工程
        name = match.group(1)
        if not patterns["common"].match(name) and not patterns["lead"].match(name):
            yield _Candidate(match.start(1), match.end(1), name, _type_of_head(name[_STRONG_MIN:]))
    for match in patterns["strategy"].finditer(text):
        name = match.group(1)[_lead(match.group(1)) :]
        if len(name) > _SHORTEST_STRATEGY and not _NO_STRATEGY.search(name):
            yield _Candidate(match.end(1) - len(name), match.end(1), name, "project")
    for match in matches:
        body, end = match.group(1), match.end(1)
        head = next(head for head in LONGEST_HEADS if body.endswith(head))
        longer = None if head in cues()["strong"] else patterns["longer"].match(text, end)
        if longer and not patterns["cut"].search(longer.group(1)):  # 慢行系统品质提升行动
            body, end, head = text[match.start(1) : longer.end()], longer.end(), longer.group(2)
        if head in ("工程", "行动") and text.startswith("计划", end):  # 教育强市行动计划 is one name
            body, end, head = f"{body}计划", end + 2, "计划"
        name = _without_lead(body, head)
        if _TWO_THINGS.search(name) or (head in INSTITUTIONS and not institutions) or patterns["generic"].match(name):
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
    min_length = len(head) + HEADS[head]
    cuts = (cut.end() for cut in name_patterns()["cut"].finditer(body))
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
    for match in name_patterns()["listed"].finditer(text):
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
        if any(len(spelling) - len(core) > _LONGEST_HEAD and spelling.endswith(_OF_ANOTHER) for spelling in spellings):
            continue  # of another thing, see is_another
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
