"""Structure: whether a line is headline, byline, heading, note or body, and whose report it belongs to."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from ..chinese import HAN, HAN_CHARACTER
from .characters import line_key

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

_LONGEST_LINE = 100  # characters of a headline or a heading; a longer line is a paragraph, whatever marks it has
KINDS = ("title", "byline", "heading", "body", "note")

_END = ("。", "！", "？", "；", ";", "!", "……", "。”", "！”", "？”", "。）", "：", ":")
_NUMBERED = [
    (1, re.compile("^(?:第?[一二三四五六七八九十]{1,3}、|第[一二三四五六七八九十]{1,3}(?:部分|[章编篇]))")),
    (2, re.compile("^[(（][一二三四五六七八九十]{1,3}[)）]")),
    (3, re.compile("^(?:\\d{1,2}[.．、](?!\\d)|[(（]\\d{1,2}[)）])")),
]
_NUMERALS = frozenset("第一二三四五六七八九十(（0123456789")  # first characters of these
_MARKED = re.compile("^[◎●■◆★▲□☆○]\\s*\\S")
_PERSON = f"(?:[{HAN}]{{1,4}}(?:\\s*[{HAN}]{{1,2}})?|[{HAN}]{{1,6}}(?:[·•][{HAN}]{{1,8}}){{1,3}})"
_OFFICE = re.compile(
    f"^(?:——\\s*)?(?:中共|中国共产党)?[{HAN}()（）、]{{0,24}}(?:书记|部长|市长|县长|区长|省长|州长|盟长|主席|主任|局长|镇长|乡长|总理|秘书长)[\\s:：]+"
    + _PERSON
    + "$"
)
_GLUED = re.compile(f"^[{HAN}]{{0,12}}(?:书记|[省市县区州盟]长|主席)([{HAN}]{{2,3}})$")
_LABEL = (
    "^[(（【\\[□·◇]?\\s*(?:(?:信息|文章|稿件)?来源|稿源|作者|记者|通讯员|编辑|责任?编辑?|责编|本栏编辑|撰稿|图?文|供稿"
    "|时间|日期|(?:发布|发表|发文|成文)(?:时间|日期|机构|机关)|发布者|文号)(?:\\s*[:：/／]|(?<=[间期])\\s+(?=\\d{4}[-年/.]\\d{1,2}[-月/.]\\d{1,2}日?(?:\\s|$)))"
)
_CREDIT = re.compile(
    f"{_LABEL}"
    "|^[(（【].{0,30}(?:供稿|供图|记者|作者|通讯员|编辑|日报|晚报|发布|讯员).{0,20}[)）】]$"
    f"|^[·•].{{2,40}}[·•]$|(?:本报记者|通讯员)[\\s\u3000]*[{HAN}]"
)
_DATED = re.compile(
    "^[(（]?\\d{4}[-年./]\\d{1,2}[-月./]\\d{1,2}日?(?:\\s*\\d{1,2}[:：时]\\d{2}(?:[:：]\\d{2}|分)?)?[)）]?(?:\\s*来源[:：].{0,30}|\\s.{0,20})?$"
)
# Where it appeared and when, an organ's number for it, and who adopted it: 某某新闻网 2019-05-28; 甲政发〔2006〕18号.
_ISSUED = re.compile(
    f"^[{HAN}]{{2,14}}(?:网|日报|晚报|时报|电视台|客户端|融媒体?(?:中心)?|办公室编|编印?)\\s+\\d{{4}}[-年/.]\\d{{1,2}}[-月/.]\\d{{1,2}}日?(?:\\s[^，。]{{0,24}})?$|"
    f"^(?!依据|关于|根据|按照|印发)[{HAN}]{{2,14}}[〔\\[(（]\\d{{4}}[〕\\])）]\\s?第?\\d{{1,4}}号$|"
    "^[(（](?!自)[^()（）。]{0,8}(?:\\d{4}|[一二][〇○零九]..)年.{1,3}月.{1,3}日[^()（）。]{0,50}(?:通过|批准|修正|修订)[)）]$"
)
_APPENDIX = re.compile(
    "^[(（【]?(?:(?:[^，。：]{0,16}的?)?(?:名\\s*词|术\\s*语|用\\s*语)\\s*(?:解\\s*释|注\\s*释|说\\s*明|释\\s*义)|注\\s*释|说\\s*明|附\\s*录|附\\s*件\\s*[\\d一二三四五六七八九十]{0,2}"
    "|附\\s*[表图]\\s*\\d{0,2}|参考文献|摘\\s*要|前\\s*言|引\\s*言|结\\s*语|目\\s*录)[)）】]?$"
)
_NUMERAL_DATE = re.compile(
    "^[一二][〇○零O0一二三四五六七八九]{3}年[一二三四五六七八九十]{1,2}月[一二三四五六七八九十]{1,3}日$"
)
_OCCASION = re.compile(
    "^[—―(（-]{0,3}.{0,12}(?:\\d{4}|[一二][〇○零九]..)年.{1,3}月.{1,3}日.{0,2}在.{4,50}(?:会议|大会)上"
)
_CODE = re.compile("^【[^【】]{0,10}(?:码|号)】")  # a site's code for the document
_ARTICLE = re.compile(
    "^第[一二三四五六七八九十百零\\d]{1,5}条(?:之[一二三四五六七八九十])?[\\s\u3000]*[^\\s\u3000].{5,}"
)
_NOTE = re.compile("^[(（【\\[]?(?:编者按|编者的话|编辑按|按语|编前话|编后)[】\\])）]?\\s*[:：]?")
_UNIT = re.compile(
    f"^(?:中共)?([{HAN}]{{1,7}}?[县市区旗镇乡])[县市区旗镇乡]?(?:党工委|党委|工委|委)(?:[{HAN}、]{{0,8}})?书记[\\s\u3000]+"
    + _PERSON
    + "$"
)
_GENRE = re.compile(
    "(?:报\\s*告|决议|意见|方案|规划|纲要|讲话|致辞|公报|办法|条例|规定|细则|通知|公告|通告|公示|通报|纪要|章程|计划|预案|公约|总结|汇报|倡议书|公开信|一封信)(?:[(（][^()（）]{1,14}[)）])*$"
)
_TABLE = re.compile("(?:表|册|名单|清单|目录|标准|指标|预算|决算|一览|须知|提纲|要点|记录|实录|歌词?|词|诗)$")
# The photographer, at the end of a caption of any length; a paragraph of prose does not end so.
_TAKEN = re.compile("(?:记者|通讯员|[。！？]|[(（])[^。！？]{0,30}(?:(?<![拍统航录])摄(?:影报道)?|供图)[)）]?$")
# The most frequent family names: a line of two or three characters that begins with one is a person's name.
_SURNAMES = set(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛"
    "闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤费温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游"
)

_STATES = re.compile(f"[。！？；]|(?<=[{HAN}])[!?;]")  # a mark behind a Chinese character, and not of an address


class Line(NamedTuple):
    """A classified line: its kind, heading level (0 if none), sub-unit and path of headings."""

    kind: str
    level: int
    unit: str
    section: str


def looks_like_body(line: str) -> bool:
    """Whether a line is a paragraph of prose: long, or a sentence of some length."""
    if is_note(line) or _ARTICLE.match(line):
        return True
    if is_caption(line):
        return False
    if len(line) < 40:
        return len(line) >= 18 and line.endswith("。")
    return bool(_STATES.search(line)) or line.count("，") + line.count(",") >= 2


def is_note(line: str) -> bool:
    """Whether a line is an editor's note."""
    return bool(_NOTE.match(line))


def is_caption(line: str) -> bool:
    """Whether a line is a picture's caption, which ends in the photographer."""
    return (
        len(line) < 160
        and not is_numbered(line)
        and ("摄" in line[-6:] or "供图" in line[-4:])
        and bool(_TAKEN.search(line))
    )


def is_label(line: str) -> bool:
    """Whether a line is the label of a byline alone; the name or date stands on the next."""
    return line.endswith((":", "：", "/")) and len(line) < 10 and bool(re.match(f"{_LABEL}$", line))


def is_genre(line: str) -> bool:
    """Whether a line ends in the name of a genre: 政府工作报告 and the like."""
    return bool(_GENRE.search(line))


def is_appendix(line: str) -> bool:
    """Whether a line heads a part outside the text: a glossary, notes, an annex, a summary, a foreword."""
    return bool(_APPENDIX.match(line))


def is_byline(line: str) -> bool:
    """Whether a line is author, source, date or credit."""
    if len(line) > 90 or line.endswith("。"):
        return False
    if (office := _GLUED.match(line)) and is_name(office[1]):
        return True
    return bool(
        _CREDIT.search(line)
        or _CODE.match(line)
        or _DATED.match(line)
        or _NUMERAL_DATE.match(line)
        or _OFFICE.match(line)
        or _OCCASION.match(line)
        or _ISSUED.match(line)
    )


def is_name(line: str) -> bool:
    """Whether a line is a person's name: two or three characters, the first a family name."""
    name = re.sub("[\\s\u3000]", "", line)
    return bool(re.fullmatch(f"[{HAN}]{{2,3}}", name)) and name[0] in _SURNAMES


def is_heading(line: str) -> bool:
    """Whether a line is a numbered or marked heading."""
    return len(line) <= 60 and not line.endswith(("。", "；", ";")) and (_marked_level(line) > 0)


def is_numbered(line: str) -> bool:
    """Whether a line begins with a heading's or an item's number."""
    return line[:1] in _NUMERALS and any(pattern.match(line) for _, pattern in _NUMBERED)


def _marked_level(line: str) -> int:
    """The level of a line's number or mark: 1 to 3; 0 without one."""
    if line[:1] in _NUMERALS:
        for level, pattern in _NUMBERED:
            if pattern.match(line):
                return level
    return 1 if _MARKED.match(line) else 0


def classify(lines: Sequence[str], hints: Collection[str] = ()) -> list[Line]:
    """Kind, level, unit and section of each line of a cleaned document.

    Parameters
    ----------
    lines : list of str
        Without boilerplate and empty lines.
    hints : sequence of str
        Title, publisher and speaker from the manifest.
    """
    # Page furniture, which may be as long, is gone by now.
    prose = [looks_like_body(line) or len(line) >= _LONGEST_LINE for line in lines]
    body = [i for i, line in enumerate(lines) if prose[i] and not is_heading(line)]
    first = next((i for i in body if not is_note(lines[i])), len(lines))
    last = body[-1] if body else -1
    known = {line_key(h) for h in hints if h}
    ahead = _Ahead(
        note=_first_index(lines[:first], is_note),
        title=_first_index(lines[:first], _is_long),
        genre=_first_index(lines[:first], is_genre),
    )
    kinds = [_kind(i, lines, first, last, known, ahead) for i in range(len(lines))]
    if not _is_prose(lines, kinds):
        kinds = _kinds_without_prose(lines, known)
    units = _units(lines, kinds)
    levels = _levels(lines, kinds, units)
    out: list[Line] = []
    path: dict[int, str] = {}
    for kind, level, unit in zip(kinds, levels, units, strict=True):
        if kind == "heading":
            path = {k: v for k, v in path.items() if k < level} | {level: lines[len(out)]}
        out.append(Line(kind, level, unit, " / ".join(path[k] for k in sorted(path))))
    return out


def _is_prose(lines: Sequence[str], kinds: Sequence[str]) -> bool:
    """Whether most of a document is prose, by whose marks its lines were told apart."""
    sizes: dict[str, int] = {}
    for line, kind in zip(lines, kinds, strict=True):
        sizes[kind] = sizes.get(kind, 0) + len(line)
    text = sizes.get("body", 0) + sizes.get("note", 0)
    heads = [kind in ("title", "heading") for kind in kinds]
    return not lines or (text > 0 and (2 * text >= sum(sizes.values()) or sum(heads) < max(4, len(lines) / 2)))


def _kinds_without_prose(lines: Sequence[str], known: Collection[str]) -> list[str]:
    """Kinds of the lines of a transcript, a poem, a list, a form or a table, in which no mark ends a sentence.

    All are body but for the headline, bylines below it, and headings: a number or mark that the next line does not
    continue. Of a list each line has one.
    """
    kinds = ["body"] * len(lines)
    top = 0  # lines of the headline and below it, so far
    for i, line in enumerate(lines):
        marked = _marked_level(line)
        behind = lines[i + 1] if i + 1 < len(lines) else ""
        ahead = lines[i - 1] if i else ""
        if is_note(line):
            kinds[i] = "note"
        elif i == top and len(line) <= _LONGEST_TITLE and len(lines) > 1 and _is_headline(line, behind, known):
            kinds[i], top = "title", i + 1
        elif i == top and i and (is_byline(line) or is_name(line) or line_key(line) in known):
            kinds[i], top = "byline", i + 1
        elif (i and is_appendix(line) and behind) or (
            marked and is_heading(line) and behind and marked not in (_marked_level(behind), _marked_level(ahead))
        ):
            kinds[i] = "heading"
    return kinds


_LONGEST_TITLE = 60


def _is_headline(line: str, behind: str, known: Collection[str]) -> bool:
    """Whether a line at the top of a text without prose is its headline, or goes on with it."""
    if line_key(line) in known:
        return True
    named = bool(_GENRE.search(line) or _TABLE.search(line)) or (line.startswith("《") and line.endswith("》"))
    return not line.endswith(_END) and (named or is_byline(behind) or is_name(behind))


class _Ahead(NamedTuple):
    """Indices of lines ahead of the text: the first note, the first possible headline and the first genre."""

    note: int
    title: int
    genre: int


def _first_index(lines: Sequence[str], condition: Callable[[str], bool]) -> int:
    """The index of the first line that meets a condition; the number of lines if there is none."""
    return next((i for i, line in enumerate(lines) if condition(line)), len(lines))


def _is_long(line: str) -> bool:
    """Whether a line has the Chinese characters of a headline: more than five."""
    return len(HAN_CHARACTER.findall(line)) > 5


def _kind(i: int, lines: Sequence[str], first: int, last: int, known: set[str], ahead: _Ahead) -> str:
    """The kind of a line, where the text's first and last paragraphs are those of `first` and `last`."""
    line = lines[i]
    if is_note(line):
        return "note"
    if is_appendix(line) and i:
        return "heading"
    if i < first and known and line_key(line) in known:
        return "title" if _is_long(line) else "byline"
    if is_byline(line):
        return "byline"
    if _marked_level(line) and is_heading(line) and not (len(line) > 40 and looks_like_body(line)):
        return "heading"
    if i < first and not line.endswith(_END):
        # Ahead of the text: the headline, then who and where from.
        subtitle = line.startswith(("—", "―")) and not is_name(line.lstrip("—―"))
        if (
            ahead.title < i <= ahead.note
            and not subtitle
            and len(line) <= 12
            and len(HAN_CHARACTER.findall(line)) <= 8
            and ahead.genre != i
        ):
            return "byline"
        if ahead.genre == i:
            return "title"
        following = lines[i + 1 : i + 3]
        if i and (ahead.note < i or (_names_unit(following) and len(lines) > 20)):
            return "heading"
        return "title"
    if first < i < last and is_short_heading(line, lines, i):
        return "heading"
    return "body"


def _names_unit(lines: Sequence[str]) -> bool:
    return bool(lines) and bool(_UNIT.match(lines[0]))


def is_short_heading(line: str, lines: Sequence[str], i: int) -> bool:
    """Whether a line is an unnumbered heading: short, without a full stop, before a paragraph."""
    if len(line) > 36 or line.endswith(_END) or not HAN_CHARACTER.search(line):
        return False
    return any(len(following) > 36 for following in lines[i + 1 : i + 4])


def _units(lines: Sequence[str], kinds: Sequence[str]) -> list[str]:
    """The sub-unit of each line in a document that holds the reports of several; else "" throughout."""
    starts = []
    for i, line in enumerate(lines):
        match = _UNIT.match(line) if kinds[i] == "byline" else None
        if match:
            j = i
            while j > 0 and kinds[j - 1] in ("heading", "title") and i - j < 2 and len(lines[j - 1]) <= 40:
                j -= 1
            starts.append((j, match[1]))
    units = [""] * len(lines)
    if len({name for _, name in starts}) < 2:
        return units
    for (start, name), (end, _) in zip(starts, [*starts[1:], (len(lines), "")], strict=True):
        for i in range(start, end):
            units[i] = name
    # Credits at the end are those of the whole page.
    for i in range(len(lines) - 1, -1, -1):
        if kinds[i] != "byline":
            break
        units[i] = ""
    return units


def _levels(lines: Sequence[str], kinds: Sequence[str], units: Sequence[str]) -> list[int]:
    """Heading levels: numbered by their numbers, unnumbered above or below them, a sub-unit's own headline first."""
    levels = [0] * len(lines)
    has_units = any(units)
    numbered = {
        _marked_level(x) for x, k in zip(lines, kinds, strict=True) if k == "heading" and not _MARKED.match(x)
    } - {0}
    for i, kind in enumerate(kinds):
        if kind != "heading":
            continue
        line = lines[i]
        if units[i] and (i == 0 or units[i - 1] != units[i]):
            levels[i] = 1
        elif has_units:
            levels[i] = 1 + (_marked_level(line) or 1)
        elif _MARKED.match(line) or is_appendix(line):
            levels[i] = 1
        elif _marked_level(line):
            levels[i] = 1 + sorted(numbered).index(_marked_level(line))
        else:
            levels[i] = min(3, 1 + len(numbered)) if numbered else 1
    return [min(3, level) for level in levels]
