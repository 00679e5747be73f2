"""The year in which a document says that it was made: in lines that date it, and not in its prose."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from ..chinese import DIGITS

if TYPE_CHECKING:
    from collections.abc import Sequence

HEAD, TAIL = 8, 4  # lines in which a document says whose it is and when it was made
_SHORT, _SHORT_AT_THE_END = 80, 40  # characters of a line that is no prose
_YEAR = "((?:19|20)\\d\\d)"
_DAY = f"{_YEAR}\\s?(?:年|[-./])\\s?\\d{{1,2}}\\s?(?:月|[-./])\\s?\\d{{1,2}}\\s?日?"
# 2024年1月16日在…会议上, 发布时间：2024-01, 甲政发〔2021〕13号
_DATED = re.compile(
    f"^[-—―－–(（\\s]*(?:[^，。；]{{0,8}}[:：]\\s*)?{_YEAR}\\s?(?:年|[-./])\\s?\\d{{1,2}}\\s?(?:月|[-./])|"
    f"^.{{0,12}}[〔\\[(（]{_YEAR}[〕\\])）]\\s?第?\\d+号"
)
_DATED_IN_NUMERALS = re.compile("^[-—―－–(（\\s]*([一二][九〇○零][〇○零一二三四五六七八九]{2})年.{1,3}月")
# A line of a site or a paper: 市政府网 2024-01-16 10:30 来源：…; 甲市日报（2024年1月16日）
_OF_A_SITE = re.compile(
    f"(?<![至到自从截在于])(?<![至到自从截在于]\\s){_DAY}(?=\\s|$|[)\\]】|/]|来源|作者|编辑|记者|星期|周[一二三四五六日]|第)"
)
_YEAR_ALONE = re.compile(f"{_YEAR}\\s?年(?:\\s[^,。;]{{0,16}})?")  # 2009年 民生新闻
_LABELLED = re.compile(f"(?:发布|发表|更新|成文|印发|公布|刊发|发文)(?:时间|日期)\\s?[】\\]|]?\\s?[:：]?\\s?{_DAY}")
# A day and, behind it, what a site puts there: 2022-07-21 来源：某局 【字体：大 中 小】
_PUBLISHED = re.compile(
    f"^\\W{{0,2}}{_DAY}\\s*(?:\\d{{1,2}}:\\d{{2}}(?::\\d{{2}})?)?\\s*\\W{{0,2}}(?:(?:信息)?来源|稿源|作者|编辑|字[体号]|大\\s*中\\s*小|"
    "(?:浏览|阅读|点击|访问)(?:次数|人数|数|量)?)\\s*[:】\\]]"
)
_ANY_DAY = _DAY.replace("(", "(?:", 1)
# Any day in a line of a page's head that names its source, its reporter or its buttons.
_OF_A_PAGE = re.compile(
    "(?:来源|稿源)\\s?[:：]|(?:阅读|浏览|点击|访问)(?:量|数|次数)?\\s?[:：]|字[号体]\\s?[:：]|https?:|"
    f"(?:^|\\s)(?:时间|日期|公开日期|录入时间|上传时间)\\s?[:：]\\s?{_ANY_DAY}|"
    f"^[^\\W\\d]{{2,14}}(?:网|中心|报|局|委|办)(?:\\s[^\\W\\d]{{2,8}}){{0,2}}\\s{_ANY_DAY}(?:\\s|$)|"
    f"(?:记者|通讯员)\\s?[^\\W\\d]{{2,4}}(?:\\s[^\\W\\d]{{2,4}})*\\s{_ANY_DAY}$"
)
_DAY_LINE = re.compile(f"^[-—―－–(（\\s]*{_DAY}(?=\\s|$|[)）】])|^.{{0,12}}[〔\\[(（]{_YEAR}[〕\\])）]\\s?第?\\d+号")
# The day on which an organ made a document, and that on which a site entered or renewed its page.
_MADE_ON = re.compile("(?:成文|印发|发文|签发|制定|签署)(?:时间|日期)[^0-9]{0,6}[0-9]")
_KEPT_ON = re.compile("(?:更新|录入|公开|生成|归档|上传|上网|下载|打印|抓取)(?:时间|日期)?[^0-9]{0,6}[0-9]")
_DAY_ALONE = re.compile(f"(?<![至到自从截在于0-9]){_DAY}(?![0-9])")
# Who signs, and when, above a text: 某公司党委 2012年6月; （某地现场会发言摘要，2024年5月）.
_SIGNED_ABOVE = re.compile(
    f"(?:(?:党委|党组|政府|课题组|调研组|研究[室院]|公司|学校|[部委局办厅院会站])\\s[(（]?|[(（][^()（）]{{4,40}}[,，]){_YEAR}\\s?年\\s?\\d{{1,2}}\\s?月(?:\\s?\\d{{1,2}}\\s?日)?[)）]?$"
)
_NUMERALS_ABOVE = re.compile(
    "(?:^|\\s)[(（]?([一二][九〇○零][〇○零一二三四五六七八九]{2})年.{1,3}月(?:.{1,3}日)?[)）]?$"
)
_LABEL_AT = re.compile(f"(?:^|\\s|\\|){_LABELLED.pattern}")
# A page of a paper has its day in any form: 某报 20180321 第3版; but 2015年第1版 is of a book.
_OF_A_PAPER = re.compile(
    f"^[^，。；]{{0,24}}?(?<![0-9]){_YEAR}(?!\\s?年?\\s?第?\\s?[0-9]{{1,2}}\\s?版)[^，。；]{{0,24}}?"
    "(?:第?\\s?[A-Z]?[0-9]{1,2}\\s?版(?:\\s|$|[:：])|\\s[A-Z][0-9]{2}(?![0-9]))"
)
_ISSUE = re.compile(f"{_YEAR}\\s?年\\s?(?:第\\s?\\d{{1,3}}\\s?期|\\d{{1,2}}月[上下]?刊?\\s?第\\s?\\d{{1,3}}\\s?期)")
# (甲市人民政府令第1号，2010年12月8日公布)
_PROMULGATED = re.compile(f"{_DAY}[^,。;]{{0,40}}?(?:公布|发布|颁布|印发)")
# At the end an organ signs and dates: 某局 2020年8月4日; 某办公厅2019年1月3日印发.
_SIGNED = re.compile(
    f"(?:办公[厅室]|政府|委员会|[部委局厅署院会])[，\\s]{{0,4}}{_YEAR}\\s?年\\s?\\d{{1,2}}\\s?月\\s?\\d{{1,2}}\\s?日?\\s?(?:印发?)?$"
)
_DATELINE = re.compile(f"{_YEAR}年\\d{{1,2}}月\\d{{1,2}}日?(?:[-－—至]\\d{{1,2}}日?)?(?:上午|下午|晚)?[，,]")
_VISITED = re.compile(  # of a visit: 今天是2009年4月18日, 2025年4月11日 星期五
    "(?:今天|今日|现在|当前)(?:是|时间|日期)|欢迎(?:访问|光临|您)|农历|^(?!.*(?:报|(?<!星)期|版|来源|记者)).{0,30}[0-9]日?\\s*星期[一二三四五六日天](?:\\s|$)"
)
_FROM_NUMERALS = str.maketrans({c: str(d) for c, d in DIGITS.items()})


def year_made(lines: Sequence[str], ends: Sequence[str], is_news: bool) -> str:
    """The year by the first line that dates a document, or "" where none does.

    Parameters
    ----------
    lines : sequence of str
        All lines with text.
    ends : sequence of str
        The last lines of the file, before cleaning: it drops the line by which an office prints what it issues.
    is_news : bool
        News begin with the day on which something happened.
    """
    head = [_folded(line) for line in lines[:HEAD] if len(line) < _SHORT]
    tail = [_folded(line) for line in lines[-TAIL:] if len(line) < _SHORT_AT_THE_END]
    for line in (*head, *(line for line in tail if len(line) < 24)):
        if (match := _DATED.match(line)) and "。" not in line[match.end() :]:
            return match[1] or match[2]
        if match := _DATED_IN_NUMERALS.match(line):
            return numerals_to_digits(match[1])
        if year := _year_in_fields(line):
            return year
    if signed := next((match for line in (*tail, *ends) if (match := _SIGNED.search(line))), None):
        return signed[1]
    if is_news and (dated := next((m for line in lines[:2] if (m := _DATELINE.match(_folded(line)))), None)):
        return dated[1]
    return ""


def year_published(lines: Sequence[str]) -> str:
    """The year in which a site says that it published a document, or "" where it does not.

    Parameters
    ----------
    lines : sequence of str
        The first of the file, before cleaning, which drops those with buttons and counters.
    """
    head = [_folded(line) for line in lines[: 3 * HEAD] if len(line) < 2 * _SHORT and not re.search("[。《]", line)]
    dated = (_dated_by_page(line) for line in head if _LABEL_AT.search(line) or not _VISITED.search(line))
    found = [of for of in dated if of]
    return min(found, key=lambda of: of[0])[1] if found else ""


def _dated_by_page(line: str) -> tuple[int, str] | None:
    """How little a line of a page's head says of when a document was made (0 to 2), and the year; None of others."""
    match = _LABEL_AT.search(line) or _PUBLISHED.match(line) or _OF_A_PAPER.match(line)
    if (
        not match and "," not in line and (made := _DAY_LINE.match(line))
    ):  # which prose has that a site broke into lines
        return 0, made[1] or made[2]
    if numerals := _NUMERALS_ABOVE.search(line):
        return 0, numerals_to_digits(numerals[1])
    if signed := None if match else _SIGNED_ABOVE.search(line):
        return 0, signed[1]
    if not match and _OF_A_PAGE.search(line):
        match = _DAY_ALONE.search(line)
    if not match:
        return None
    is_made, is_kept = _MADE_ON.search(line[: match.end()]), _KEPT_ON.search(line[: match.end()])
    return 0 if is_made else 2 if is_kept else 1, match[1]


def _folded(line: str) -> str:
    return unicodedata.normalize("NFKC", line).strip()


def _year_in_fields(line: str) -> str:
    """The year of a line that a site or a gazette puts above a text, or "" if it is none."""
    if "。" in line or _VISITED.search(line):
        return ""
    for pattern in (_LABELLED, _ISSUE, _PROMULGATED):
        if match := pattern.search(line):
            return match[1]
    match = None if "," in line else _YEAR_ALONE.fullmatch(line) or _OF_A_SITE.search(line)  # NFKC has made it of ，
    return match[1] if match else ""


def numerals_to_digits(year: str) -> str:
    """A year in Chinese numerals, digit by digit: 二〇二四 is 2024."""
    return year.translate(_FROM_NUMERALS).replace("一", "1")
