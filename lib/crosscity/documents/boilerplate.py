"""Boilerplate: the lines of a crawled page that are the page's and not the document's.

A line is judged by its position (head, before the first paragraph; tail, after the last; or between), its shape,
whether its words are the text's own, what other documents of the corpus repeat, and its share of words of web pages
(resources/page-words.txt). In head and tail a line must show that it belongs to the text; between, that it does not.
"""

from __future__ import annotations

import functools
import itertools
import re
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ..chinese import HAN, HAN_CHARACTER
from ..files import read_tsv
from .characters import line_key
from .repetition import ENDS, SHORT, RepeatedLines, is_foreign, line_checksum, share_in_text
from .structure import (
    is_appendix,
    is_byline,
    is_caption,
    is_genre,
    is_heading,
    is_label,
    is_name,
    is_note,
    is_numbered,
    looks_like_body,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

# Phrases of web pages: never part of a document.
_PHRASE = re.compile(
    "字号[:：]|字体[:：]|分享(?:到|给)|扫一扫|二维码|手机(?:浏览|打开|阅读|查看|版访问)|收听本文|当前位置|您(?:现在)?的位置|返回(?:顶部|首页)|展开(?:阅读)?全文|网友评论"
    "|(?:发表|查看)评论|更多(?:>>|》)|点击右上角|版权所有|未经(?:授权|许可)[^，。]{0,6}(?:转载|使用|不得)|免责声明|联系我们|网站(?:介绍|地图|声明)|广告服务"
    "|友情链接|诚聘英才|ICP备|公网安备|法律顾问|浏览(?:次数|量)[:：]|点击(?:数|量)[:：]|阅读(?:次数|量)?[:：](?:\\s*\\d|$)|^今天是.{0,12}星期|(?:今天|现在)是\\D{0,2}\\d{4}.{0,14}星期|举报电话[:：]|^阅读\\s*[\\d.]+万?\\+?$"
    "|^索引号[:：]|主题分类[:：]|信息分类[:：]|文件有效性[:：]"
)
_NOTICE = re.compile("转载|版权|侵权|本站|本网|本平台|免责|仅代表|联系我们|用户上传|网友上传|扫码|下载")
_HOST = re.compile("^(?:主办|承办|协办|技术支持|运维|运营)(?:单位)?[:：]")
_FIRST = re.compile(
    "^(?:上|下)一(?:篇|条|页)\\s*[:：]?|^首页\\s*[>》→]|^(?:原文|来源)链接|^\\W*(?:广告|推广|分享|评论)\\W*$"
    # Where in the site the page is: 政策平台 / 政策详情.
    f"|^(?=.*(?:首页|正文|详情|平台|栏目|列表|频道|公开|专栏))[{HAN}]{{2,8}}(?:\\s+[/>»›]\\s+[{HAN}]{{2,8}}){{1,6}}$"
)
_RELATED = re.compile(
    "^[\\W_]*(?:相关(?:阅读|报道|新闻|链接|推荐|文章|附件|稿件|专题)|新闻推荐|推荐阅读|延伸阅读|热点(?:新闻|推荐)|猜你喜欢|精彩推荐|为您推荐|专题推广|更多(?:新闻|内容|推荐)"
    "|(?:网友|网民|全部|最新|热门|精彩|读者)(?:评论|留言|跟帖)|(?:我要|发表|查看)?(?:评论|跟帖)(?:列表|区)?)[\\W_]*(?:\\d+\\s*条?)?[\\W_]*$"
)
_CLOCK = re.compile("(?:\\d{1,2}:)?\\d{1,2}:\\d{2}\\s*/\\s*(?:\\d{1,2}:)?\\d{1,2}:\\d{2}")
_PAGER = re.compile(
    "^[-—– ]*第?\\s*\\d{1,3}\\s*页?(?:[ /，,]*共\\s*\\d{1,3}\\s*页|\\s*/\\s*\\d{1,3}\\s*页?|\\s*页)[-—– ]*$"
    "|^(?:\\[?\\d{1,3}\\]?\\s+)*\\[?\\d{1,3}\\]?\\s*(?:下一?页|尾页)$|^(?:\\[\\d{1,3}\\]\\s*)+$|^[-—–]\\s*\\d{1,3}\\s*[-—–]$"
    "|^[(（▶▲]?(?:(?:[上下][接转]|详见)(?:第[^版页]{1,4}|[^第版页][^版页]{0,3})[版页][(（)）、，\\s]*)+$|^-+\\s*分页\\s*-+$|^[▲▼△▽▶◀►◄↑↓☞]+$"
)
_CAPTION = re.compile(
    "^[(（]?(?:图为|图片?[:：]|上图|下图|右图|左图|资料图)[^\n]{0,60}[)）]?$|^[(（][^\n]{0,8}(?:摄|供图|资料图片?)[)）]$"
)
# In the head: below the headline the speaker at the lectern, or a sentence and the photographer.
_SPEAKER = re.compile("^.{2,20}(?<!工)作(?:政府)?(?:工作)?报告。?$")
_PICTURED = re.compile(f"[。！？]\\s*\\S{{0,16}}(?:记者|通讯员)\\s?[{HAN}]{{1,4}}(?:\\s[{HAN}]{{1,3}})*$")
# In head and tail: a web address, a copyright mark, the weather.
_ADDRESS = re.compile("https?://|www\\.|©|℃|copyright|powered by|^\\W*(?:前|后|上|下)一[篇条页]", re.IGNORECASE)
_PAIR = re.compile(f"(?:^|\\s)[{HAN}]{{2,5}}[:：]\\s?\\S+")  # 点击:35829 回复:417
_CRUMB = re.compile("^[>》›»|｜]+$")
# Where in its site a page is, in one line; its last name is a channel's, and no headline: 首页 > 统计信息 > 普查公报.
_CRUMBS = re.compile(
    "^(?=.*(?:首页|位置|政府|公开|中心|网|平台|新闻|动态|栏目|专栏|频道|要闻))[^>»›。]{2,30}?(?:\\s*(?:>{1,2}|»|›)\\s*[^>»›。]{2,16}?){1,6}\\s*(?:>{1,2}|»|›)\\s*[^>»›。]{2,8}$"
)
# A cell of an index, in a page's head or tail; in a text it may be a line of a form.
_INDEX = re.compile(
    "^(?:(?:信息)?索\\s?引\\s?号|体裁|解读形式|关联阅读|生成日期|效用状态|公开(?:时限|范围|类别|方式|形式))[:：\\s]"
)
# A site's name and the day on which it was visited: 甲市人民政府 2025年4月11日 星期五.
_VISITED = re.compile(
    f"^[{HAN}·]{{3,24}}(?:政府|网|网站|平台|门户)\\s+\\d{{4}}年\\d{{1,2}}月\\d{{1,2}}日\\s*星期[一二三四五六日天]$"
)
_EDITOR = re.compile("^[(（【\\[]?(?:责任)?编辑\\s*[:：/][^。]{0,12}$")
_PLACE = re.compile(f"^[{HAN}]{{1,7}}(?:省|市|县|区|州|盟|旗|镇|乡)?$")
_PLACE_SUFFIX = re.compile("[省市县区州盟旗镇乡]$")
# How a document may end besides its last paragraph: contacts, attachments, signatures.
_CLOSING = re.compile(
    "^(?:联系(?:人|电话|方式|地址)|电子邮[箱件]|邮箱|电话|传真|通讯地址|地址|邮编|邮政编码|附件|附表|附图|附注?|抄送|主送|此致|敬礼|特此.{1,4}|注)\\s*[:：\\d]?|^\\d{4}年\\d{1,2}月$"
)
_ITEM = re.compile(
    "[(（]?[a-zA-Z\\d]{1,2}[)）、.．]\\s*[\u4e00-\u9fff]|第[一二三四五六七八九十百零〇\\d]{1,5}[章节条款]"
)
_ENDS_IN_ASCII = re.compile(f"[{HAN}”’）)][.;?]$")  # as on sites that write half-width marks
_ISSUED = re.compile("\\d{4}年\\d{1,2}月\\d{1,2}日印发$")
_ANNEX = re.compile("^附(?:件|表|图|录|注)?\\s*[\\d一二三四五六七八九十]{0,2}\\s*[:：\\s]|.{2,30}(?:名单|如下)[:：]$")
_OFFICE = re.compile(f"^[{HAN}]{{2,9}}(?:总理|[省市县区州盟]长|自治区主席)$")  # the name stands on the next line
_SIGNED = re.compile("(?:政府|委员会|党委|党组|办公室|[厅局部院会社处]|中心|集团|公司|大学|学校)$")
_LETTER = re.compile("[^\\W\\d]")
_BEGINNING = 12  # lines
_ANNEX_HEADING = re.compile("附(?:件|表|录)\\s*[\\d一二三四五六七八九十]{0,2}\\s*(?:[:：]|$)")
_SERIAL = re.compile("(\\d{1,4})(?=\\s|$)")
_AUTHOR = re.compile("[□■○●◎◇◆]")
_DATED = re.compile("(?:19|20)\\d\\d[-./年]")
_SUBTITLE = re.compile("——|──|―")
_GENRE = re.compile("(?:办法|方案|指南|意见|规划|计划|细则|规定|总结|要点|条例|标准|纲要)$")
_CHANNEL = re.compile(
    "(?:风采|快讯|动态|信箱|论坛|园地|之窗|专栏|专题|公告|新闻|要闻|公开|频道|栏目|简介|发布|导航|服务|文件)$"
)
_ENDS_TITLE = re.compile(f"[{HAN}]{{0,4}}{_GENRE.pattern}")
_SHORT_HEADLINE = re.compile(f"[“‘《]?[{HAN}][{HAN}“”‘’《》、，！？A-Za-z\\d.]{{3,}}")
_SHORTEST_HEADLINE = re.compile(f"[“‘《]?[{HAN}][{HAN}“”‘’《》、，！？A-Za-z\\d.]+")  # above a subtitle
_LEAST_ROWS = 8  # serial numbers of an annex that each are one more than the one before
_BY_SHAPE = {"stamp", "short", "repeated", "menu", "widget"}


def boilerplate_lines(
    lines: Sequence[str], hints: Iterable[str] = (), repeated: RepeatedLines | None = None
) -> dict[int, str]:
    """The lines to drop, each with the reason.

    Parameters
    ----------
    lines : list of str
        Stripped of indents. Empty lines are not dropped here.
    hints : sequence of str
        Title, publisher and speaker from the manifest.
    repeated : RepeatedLines, optional
        Lines that other documents share.

    Returns
    -------
    dict of int to str
        Index of the line: widget, menu, crumb, related, shared, notice, repeated, places, clock, pager, caption,
        credit, short or stamp.
    """
    repeated = repeated or RepeatedLines()
    body = [i for i, line in enumerate(lines) if looks_like_body(line) and not _lists_places(line)]
    dropped = _echo(lines, body) | _notices(lines, body)
    body = [i for i in body if i not in dropped]
    if not body:
        return {}
    dropped |= _shared_tail(lines, repeated.tails) | _related_tail(lines, body) | _crumbs(lines[: body[0]])
    body = [i for i in body if i not in dropped]
    first, last = (body[0], body[-1]) if body else (0, len(lines) - 1)
    dropped |= {i: "repeated" for i in _repeated_headlines(lines, first, last) if i not in dropped}
    page = _Page("\n".join(lines[i] for i in body), {line_key(h) for h in hints if h}, repeated.lines)
    prose = set(body)
    titled = annexed = False
    for i, line in enumerate(lines):
        head, tail = i < first, i > last
        if not line or i in prose:
            continue
        annexed = (annexed or is_appendix(line) or bool(_ANNEX.match(line))) and (head or tail)
        if i in dropped:
            continue
        reason = _reason(line, page, _Position(head, tail, titled, annexed))
        if reason:
            dropped[i] = reason
        titled = titled or (head and not reason and is_genre(line))
    for i in _short_headlines(lines[:first], dropped):
        del dropped[i]
    table = _annexed_table(lines)
    return {i: why for i, why in dropped.items() if i < table or why not in _BY_SHAPE or _PHRASE.search(lines[i])}


def _short_headlines(head: Sequence[str], dropped: Mapping[int, str]) -> set[int]:
    """Lines that are a headline although they are short.

    One above a subtitle (老街 | ——记…), one that ends a broken title (标准体系 | 建设指南), or the only one ahead of a
    text. Where a longer headline stands, a short line above it is a channel.
    """
    there = [i for i, line in enumerate(head) if line]
    short = {i for i in there if dropped.get(i) == "short"}
    found = set()
    for i, behind in itertools.pairwise(there):
        if i in short and _SUBTITLE.match(head[behind]) and _is_headline(head[i], _SHORTEST_HEADLINE):
            found.add(i)
        elif behind in short and i not in dropped and _ENDS_TITLE.fullmatch(head[behind]) and _is_open(head[i]):
            found.add(behind)
    kept = [head[i] for i in there if i not in dropped]
    if found or not all(is_byline(line) or is_name(line) or _SIGNED.search(line) for line in kept):
        return found
    for i in reversed(there):
        said = "".join(head[i].split())
        if i in short and not _AUTHOR.match(said):
            return {i} if _is_headline(said, _SHORT_HEADLINE) else found
        if dropped.get(i, "short") not in ("short", "credit", "stamp", "clock") and not _DATED.search(head[i]):
            break  # a menu, or buttons of the page: what stands above them is not the text's
    return found


def _is_headline(line: str, form: re.Pattern[str]) -> bool:
    """Whether a short line has the form of a headline, and is no name, and no channel of a site."""
    return bool(form.fullmatch(line)) and not (is_name(line) or _CHANNEL.search(line) or page_word_share(line)[1])


def _is_open(line: str) -> bool:
    """Whether a line may be the beginning of a title: it names no genre, no organ and no date."""
    return not (_GENRE.search(line) or _SIGNED.search(line) or is_byline(line) or is_name(line))


def _annexed_table(lines: Sequence[str]) -> int:
    """The line from which an annex is a table, by the serial numbers of its rows; the number of lines if none is.

    Cells of tables look like menus: short, alike, without a full stop.
    """
    serials: list[tuple[int, int]] = []
    for i, line in enumerate(lines):
        if match := _SERIAL.match(line):
            serials.append((i, int(match[1])))
    grown = [at for (at, a), (_, b) in itertools.pairwise(serials) if b == a + 1]
    # Behind a heading that comes before the last so many of these are enough of them.
    last = grown[-_LEAST_ROWS] if len(grown) >= _LEAST_ROWS else 0
    return next((i for i, line in enumerate(lines[:last]) if _ANNEX_HEADING.match(line)), len(lines))


class _Page(NamedTuple):
    """What a page's lines are judged by: its prose, keys of lines that the manifest names, repeated short lines."""

    prose: str
    hints: set[str]
    repeated: frozenset[int]


class _Position(NamedTuple):
    """Where a line stands: in the head, in the tail, below a headline of the head, below the heading of an annex."""

    head: bool
    tail: bool
    titled: bool
    annexed: bool


def _reason(line: str, page: _Page, at: _Position) -> str | None:
    """Why a line is dropped, or None."""
    edge = at.head or at.tail
    if _CLOCK.search(line) and len(line) < 40:
        return "clock"
    if len(line) <= 40 and _PAGER.match(line):
        return "pager"
    if _lists_places(line):
        return "places"
    if line_key(line) in page.hints:
        return None
    if _is_widget(line, edge):
        return "widget"
    if _CAPTION.match(line) or is_caption(line) or (at.head and _PICTURED.search(line)):
        return "caption"
    if at.head and at.titled and _SPEAKER.match(line):
        return "caption"
    if _EDITOR.match(line) and not edge:
        return "credit"
    if _is_menu(line, edge):
        return "menu"
    if "\t" in line or at.annexed:
        return None  # a row of a table, or a line of an annex
    if not HAN_CHARACTER.search(line):
        # In the tail a stamp such as endprint; in the head a number or a date without a word.
        return "stamp" if edge and not is_byline(line) else None
    if page.repeated and line_checksum(line) in page.repeated and is_foreign(line, page.prose):
        return "shared"
    if at.head and not _belongs_to_head(line):
        return "short"
    if at.tail and not _belongs_to_tail(line, page.prose):
        return "short"
    return None


def _is_widget(line: str, edge: bool) -> bool:
    """Whether a line is a page's by its phrases or its share of page words; at the edge (head or tail) less will do."""
    if len(line) > 160 or is_appendix(line) or is_label(line) or is_numbered(line):
        return False
    share, sure = page_word_share(line)
    if share >= 0.6 and sure and len(line) < 40 and (edge or not line.endswith(ENDS)):
        return True
    if line.endswith(("。", "！", "？", "；")) or is_heading(line):
        return False
    if _PHRASE.search(line) or _FIRST.match(line) or (edge and (_VISITED.match(line) or _INDEX.match(line))):
        return True
    if edge and ((len(line) < 40 and _HOST.match(line)) or (len(line) < SHORT and _ADDRESS.search(line))):
        return True
    if is_byline(line):
        return False
    if sure:
        return share >= (0.3 if edge else 0.4)
    return edge and share >= 0.5  # ordinary words alone decide only at the edge


@functools.cache
def _page_words() -> tuple[re.Pattern[str], frozenset[str]]:
    """A pattern of the words of web pages, and those of them that are ordinary words as well."""
    rows = read_tsv(Path(__file__).with_name("resources") / "page-words.txt", header=False)
    terms = [row[0].strip() for row in rows]
    ordinary = frozenset(t[1:] for t in terms if t.startswith("~"))
    longest = sorted({t.lstrip("~") for t in terms}, key=lambda t: (-len(t), t))
    pattern = "|".join(f"(?<![a-z]){re.escape(t)}(?![a-z])" if t.isascii() else re.escape(t) for t in longest)
    # A lookahead for the first characters, so that nothing is tried where no word begins.
    first = "".join(sorted({re.escape(t[0] + t[0].upper()) for t in longest}))
    return re.compile(f"(?=[{first}])(?:{pattern})", re.IGNORECASE), ordinary


def page_word_share(line: str) -> tuple[float, bool]:
    """The share of a line's letters that are words of web pages.

    Returns
    -------
    share : float
        From 0 to 1; 0 for a single ordinary word, unless it is all of the line.
    sure : bool
        Whether one of the words hardly occurs outside web pages.
    """
    pattern, ordinary = _page_words()
    words = pattern.findall(line)
    sure = any(word not in ordinary for word in words)
    letters = len(_LETTER.findall(line))
    covered = sum(len(_LETTER.findall(word)) for word in words)
    if not words or not letters or (len(words) == 1 and not sure and covered < letters):
        return 0.0, False
    return covered / letters, sure


def _is_menu(line: str, edge: bool) -> bool:
    """Whether a line is a row of short entries, as of a site's channels; between paragraphs only with bars."""
    if edge and (">" in line or "»" in line or "›" in line) and _CRUMBS.match(line):
        return True
    if len(line) > 200 or any(mark in line for mark in "。；！？，\t") or is_genre("".join(line.split())):
        return False
    if edge and len(_PAIR.findall(line)) >= 2 and not (_CLOSING.match(line) or is_byline(line)):
        return True
    entries = [e for e in re.split("[|｜\\s·>»/]+", line) if e]
    if 3 * sum(any(c.isdigit() for c in e) for e in entries) >= len(entries):
        return False  # a row of a table
    if line.count("|") + line.count("｜") >= 3:
        return True
    if not edge or is_byline(line) or 2 * sum(map(is_name, entries)) > len(entries):
        return False
    if len(re.findall("[>›»→]+", line)) >= 2:
        return True
    return len(entries) >= 4 and 2 * len(entries) <= sum(map(len, entries)) <= 6 * len(entries) and not is_heading(line)


def _belongs_to_head(line: str) -> bool:
    """Whether a line is a headline, a byline, a heading, a note or a sentence."""
    if is_byline(line):
        return True
    if is_heading(line) or is_note(line) or is_appendix(line) or line.endswith(("：", ":", "。", "！")):
        return bool(re.search(f"[{HAN}]{{2}}", line))
    if is_name(line) or is_genre("".join(line.split())) or _OFFICE.match(line):
        return True
    # A headline: long enough to say something, and nearly all of it Chinese.
    letters = re.findall("\\w", line)
    chinese = sum(c.isdigit() or bool(HAN_CHARACTER.match(c)) for c in letters)
    return len(letters) >= 7 and chinese * 10 >= len(letters) * 8


def _belongs_to_tail(line: str, text: str) -> bool:
    """Whether a line is a closing, a signature or a sentence, or has the words of the text."""
    return (
        is_byline(line)
        or is_heading(line)
        or is_appendix(line)
        or bool(_ITEM.match(line))
        or line.endswith(ENDS)
        or bool(_ENDS_IN_ASCII.search(line))
        or len(line) > 40
        or bool(_CLOSING.match(line) or _CLOSING.match("".join(line.split())))
        or bool(_ISSUED.search(line))
        or bool(_SIGNED.search(line))
        or ("，" in line and line.endswith(("：", ":")))
        or share_in_text(line, text) >= 0.5
    )


def _echo(lines: Sequence[str], body: list[int]) -> dict[int, str]:
    """The last paragraph, where it repeats the page's beginning: a summary for search engines."""
    half = len(lines) // 2
    if not body or body[-1] < half:
        return {}
    beginning = [line for line in lines[:half] if line][:_BEGINNING]
    if not any(lines[body[-1]][:6] in line for line in beginning):
        return {}
    ahead = next((i for i, line in enumerate(beginning) if looks_like_body(line) or is_heading(line)), 0)
    key = line_key(lines[body[-1]])
    if any(line_key(line) == key for line in beginning):
        return {}  # a line that stands twice, not a summary
    repeats = any(line_key("".join(beginning[i:])).startswith(key) for i in range(ahead + 1))
    return {body[-1]: "repeated"} if repeats and len(key) >= 12 else {}


def _notices(lines: Sequence[str], body: list[int]) -> dict[int, str]:
    """Long lines at either end about the page: who may reprint it, whose opinion it is, what to download."""
    dropped = {}
    for end in (body, body[::-1]):
        for i in end[:-1][:3]:
            if not _NOTICE.search(lines[i]) or is_note(lines[i]) or is_numbered(lines[i]):
                break
            share, sure = page_word_share(lines[i])
            if not sure or share < (0.2 if len(lines[i]) < 120 else 0.3):
                break
            dropped[i] = "notice"
    return dropped


def _related_tail(lines: Sequence[str], body: list[int]) -> dict[int, str]:
    """Lines from a heading of related reading to the end of the page, where these are the last quarter at most."""
    after = total = sum(map(len, lines))
    for i, line in enumerate(lines):
        if len(line) < 40 and _RELATED.match(line) and i > body[0] and after * 4 < total:
            return {j: "related" for j in range(i, len(lines)) if lines[j] and not _is_signature(lines[j])}
        after -= len(line)
    return {}


def _shared_tail(lines: Sequence[str], tails: frozenset[int]) -> dict[int, str]:
    """Lines at the very end that other documents end with too."""
    dropped = {}
    for i in range(len(lines) - 1, -1, -1) if tails else ():
        if lines[i] and line_checksum(lines[i]) not in tails:
            break
        if lines[i]:
            dropped[i] = "shared"
    return dropped


def _crumbs(lines: Sequence[str]) -> dict[int, str]:
    """Breadcrumbs broken over several lines: marks alone on theirs, and the short names between them.

    For lines ahead of the text only: in it, what stands between marks may be a table.
    """
    marks = [i for i, line in enumerate(lines) if _CRUMB.match(line)]
    if len(marks) < 2:
        return {}
    names = (j for i in marks for j in (i - 1, i + 1) if 0 <= j < len(lines) and 0 < len(lines[j]) <= 16)
    return {i: "crumb" for i in [*marks, *names] if not looks_like_body(lines[i])}


def _is_signature(line: str) -> bool:
    return bool(re.match("[(（【](?:责任)?编辑|[(（].{2,20}(?:供稿|作者)", line))


def _repeated_headlines(lines: Sequence[str], first: int, last: int) -> Iterator[int]:
    """Short lines of head or tail that occur before: a headline shown once more."""
    seen: dict[str, int] = {}
    for i, line in enumerate(lines):
        if len(line) >= 90:
            continue
        key = line_key(line)
        if len(key) >= 5 and key in seen and (i < first or i > last or seen[key] < first <= i <= first + 1):
            yield i
        seen.setdefault(key, i)


def _lists_places(line: str) -> bool:
    """Whether a line lists place names: eight or more between bars or spaces, most with the suffix of a place."""
    if "。" in line:
        return False
    names = [n for n in re.split("[|｜\\s、,，]+", line) if n]
    if len(names) < 8 or not all(_PLACE.match(n) for n in names):
        return False
    return sum(bool(_PLACE_SUFFIX.search(n)) for n in names) * 10 >= len(names) * 7
