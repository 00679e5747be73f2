"""Titles of documents that a text names in 《》, and who issued them and when, if the text says so."""

from __future__ import annotations

import functools
import re
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ..chinese import HAN
from ..files import read_tsv

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

_FORMS = str.maketrans("（）［］【】，：；", "()〔〕〔〕,:;")
_TITLE = re.compile("《((?:[^《》]{0,80}《[^《》]{1,80}》)?[^《》]{0,120})》")
_BROKEN = re.compile("([^《》。;!?]{0,60})》")
# An unclosed title ends before a stop, if possible right after the kind of document that it is.
_NORMS = "意见|办法|方案|规定|条例|通知|决定|规划|纲要|细则|准则|章程|规则|标准|法"
_KINDS = f"{_NORMS}|计划|指南|公告|决议|建议|报告|要点|清单|协定"
_OPEN = re.compile(
    f"《([^《》,。;!?“”]{{1,60}}?(?:{_KINDS})(?:\\([^()]{{1,8}}\\))?(?=[,。;!?“”的]|$)|[^《》,。;!?]{{2,40}}(?=[,。;!?]|$))"
)
_NEWS_BEHIND = re.compile(
    "杂志|周刊|报纸|头版|刊物|期刊|学刊|等(?:学术)?(?:期刊|刊物|报刊|媒体)|编辑部|记者|报道|上?(?:刊文|撰文|发文|发表)|刊发|刊登|刊载|\\s*\\(?\\d{4}年?第?\\s?\\d*\\s?期|\\s*\\d{4}年\\d+月\\d+日"
)
# Behind the last of several: 《清溪》《山路》等期刊
_NEWS_BEHIND_ALL = re.compile("(?:》?[、和与及]?《[^《》]{1,20}》?)*等[^,。;]{0,4}(?:期刊|刊物|报刊|报纸|杂志|媒体)")
_LONGEST_PERIODICAL = 8  # characters of a title that only the words around it show to be one
_NEWS_BEFORE = re.compile(
    "(?:期刊|杂志|报纸|报刊|媒体|来源|转自|摘自|原载|载于|载|刊于|刊登在|发表在|发表于|登上)[:于在]?$"
)
_PARTY = "办公[厅室]|组织部|宣传部|统战部|委员会|党组|纪委|党委|委"
_OFFICE = (
    f"{_PARTY}|人大|人大常委会|人民政府|政府|总?局|厅|总?署|法院|检察院|网信办|[证银保]监会|人民银行|总工会|妇联|科协|工商联|"
    "协会|学会|联合会|研究院|(?<!首)(?<!一)(?<!\\d)(?<!内)部"
)
_CENTRE = "中共中央|党中央|中央|国务院"
_BODY = f"(?:[{HAN}]{{0,8}}?(?:{_CENTRE})|证监会|银保监会|网信办|[{HAN}]{{1,16}}?(?:{_OFFICE}))(?:{_OFFICE})?"
_ISSUES = (
    "(?:联合|共同|相继|先后|研究|正式|专门|已经|已|也|又|还)?(?:制定|印发|出台|下发|发布|颁布|通过|批准|转发|编制|公布|签发|"
    "审议通过|制发|颁发|修订|批复|实施|推出|提出)"
)
_ISSUER = re.compile(
    f"(?:[^{HAN}、]|^)({_BODY}(?:[、和]{_BODY}){{0,3}})(?:等[{HAN}\\d]{{0,4}}(?:部门|部委|单位|机构))?"
    f"(?:{_ISSUES}){{0,3}}[了的]?$"
)
_ISSUER_IN_TITLE = re.compile(f"({_BODY}(?:[、 ]?{_BODY}){{0,3}})(?:等[{HAN}\\d]{{0,4}}(?:部门|部委|单位|机构))?关于")
# What precedes an issuer in the same clause: 深入落实省委《…》
_LEAD = re.compile(
    ".*(?:落实|贯彻|执行|根据|依据|按照|遵照|围绕|提请|完善|用好|争取到|获得|认真|严格|深入|对照|结合|年|月|日|与|由|经|报|对|我们|现行|实施|体现了|推动|贯彻了)(?=.)"
)
_ISSUED = re.compile(
    f"((?:19|20)\\d\\d)年(?:\\d{{1,2}}月)?(?:\\d{{1,2}}日)?,?[^,。;]{{0,24}}?(?:{_ISSUES}){{1,3}}[了的]?$"
)
_NUMBER = re.compile("(?:\\([^()〔〕《》,。;]{0,12})?[(〔]((?:19|20)\\d\\d)(?:年?[修制]订|年|〕\\d+号)?[)〕]")
_EDITION = re.compile("[(〔]((?:19|20)\\d\\d)年?(?:修订|版|修正|本)?[)〕]$")
# A paper: 经济参考报; and what else ends so: 公报, 通报
_PAPER = re.compile(f"[{HAN}]{{2,7}}(?<![公通简年月季预专情汇申上海快捷])报")
# A licence that a page or a firm states is none that the text is about
_LICENCE = re.compile("(?:许可证|执照|备案证)$")
_LICENCE_LINE = re.compile("编号|证号|备案|ICP|\\d{6}|字第|持有|取得|办理")
# 《智能制造 射频识别系统 通用技术要求》: names of standards have parts with blanks between
_STANDARD = re.compile(
    f"[{HAN}A-Za-z0-9()]{{4,}}(?: [{HAN}A-Za-z0-9():第]{{4,}}){{1,3}}"
    "(?<=要求|规范|通则|指南|导则|条件|方法|规程|标准|框架|术语|部分|模型|准则|规则)"
)
_JOIN = re.compile("[》、和及与]|以及|\\([^()]{0,12}\\)")


class Citation(NamedTuple):
    """A title named in a paragraph.

    Attributes
    ----------
    paragraph : int
    start, end : int
        Code points of the paragraph's text, half-open, without the brackets.
    title : str
    issuer : str
        Empty if the text does not say.
    year : int or None
    """

    paragraph: int
    start: int
    end: int
    title: str
    issuer: str
    year: int | None


@functools.cache
def _periodicals() -> tuple[frozenset[str], tuple[str, ...]]:
    """Names of periodicals, and the ends of such names, from resources/periodicals.tsv."""
    names = [name for name, *_ in read_tsv(Path(__file__).with_name("resources") / "periodicals.tsv")]
    return frozenset(n for n in names if n[0] != "*"), tuple(n[1:] for n in names if n[0] == "*")


def citations(paragraphs: Any) -> list[Citation]:
    """Every title in 《》 of one document, except journals and newspapers.

    Parameters
    ----------
    paragraphs : DataFrame or iterable of mappings
        Rows of `paragraphs` of one document, in order; paragraph and text are read.

    Returns
    -------
    list of Citation
        In order. A title within a title is part of it. One that continues in the next paragraph is complete in
        `title`, but its span ends with its paragraph; one that is never closed ends at the next stop.
    """
    rows = paragraphs.to_dict("records") if hasattr(paragraphs, "to_dict") else list(paragraphs)
    texts = [row["text"].translate(_FORMS) for row in rows]
    found = []
    for row, text, following in zip(rows, texts, [*texts[1:], ""], strict=False):
        before, at = "", 0
        for start, end, rest in _titles(text, following):
            title = _without_wraps(row["text"][start:end] + rest)
            # Titles that are joined share an issuer: the words before the first apply to all.
            if not before or _JOIN.sub("", text[at : start - 1]):
                before = text[max(0, start - 61) : start - 1]
            at, behind = end, text[end : end + 30].removeprefix("》")
            around = text[max(0, start - 30) : end + 30]
            if title and not (
                _is_periodical(title, text[max(0, start - 13) : start - 1], behind)
                or (_LICENCE.search(title) and _LICENCE_LINE.search(around))
            ):
                issuer, year = _issuer_and_year(title, before, behind)
                found.append(Citation(row["paragraph"], start, end, title, issuer, year))
    return found


def _without_wraps(title: str) -> str:
    """A title without the blanks that a broken line left between its characters."""
    title = re.sub("\\s+", " ", title).strip()
    return title if _STANDARD.fullmatch(title.translate(_FORMS)) else re.sub(f"(?<=[{HAN}]) (?=[{HAN}])", "", title)


def _titles(text: str, following: str) -> Iterator[tuple[int, int, str]]:
    """Start and end of each title without its brackets, and the rest of one that the next paragraph continues."""
    at = text.find("《")
    while at >= 0:
        broken = None if "《" in text[at + 1 : at + 82] or len(text) - at > 80 else _BROKEN.match(following)
        if match := _TITLE.match(text, at):
            yield *match.span(1), ""
        elif broken and at + 1 < len(text):
            yield at + 1, len(text), broken.group(1)
        elif match := _OPEN.match(text, at):
            yield *match.span(1), ""
        at = text.find("《", match.end() if match else at + 1)


def _is_periodical(title: str, before: str, behind: str) -> bool:
    """Whether a title is that of a journal or a newspaper, by its name or the words around it."""
    names, ends = _periodicals()
    if title in names or (title.endswith(ends) and len(title) <= 10) or _PAPER.fullmatch(title):
        return True
    if len(title) > _LONGEST_PERIODICAL:
        return False
    return bool(_NEWS_BEHIND.match(behind) or _NEWS_BEHIND_ALL.match(behind) or _NEWS_BEFORE.search(before))


def _issuer_and_year(title: str, before: str, behind: str) -> tuple[str, int | None]:
    """Who issued a document and when, by the words right before its title, right behind it or at its end."""
    issuer = _ISSUER_IN_TITLE.match(title) or _ISSUER.search(before)
    year = _EDITION.search(title.translate(_FORMS)) or _NUMBER.match(behind) or _ISSUED.search(before)
    return _LEAD.sub("", issuer.group(1)) if issuer else "", int(year.group(1)) if year else None
