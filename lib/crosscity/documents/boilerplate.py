"""Which lines of a crawled page are the page's and not the document's.

Decided by where a line stands (before the first paragraph, after the last, between), by its shape, by whether its words
are the text's own, by what other documents of the corpus repeat, and by the share of it that is words of web pages
(resources/page-words.txt). Outside the text a line must belong to it in some way; inside, it is kept unless it shows
that it does not.
"""

import functools
import hashlib
import operator
import re
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from ..chinese import HAN, HAN_CHARACTER
from ..files import read_tsv
from .characters import line_key, log_likelihood
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

# What a page says about itself, whatever it is about: never part of a document.
_PHRASE = re.compile(
    "字号[:：]|字体[:：]|分享(?:到|给)|扫一扫|二维码|手机(?:浏览|打开|阅读|查看|版访问)|收听本文|当前位置|您(?:现在)?的位置|返回(?:顶部|首页)|展开(?:阅读)?全文|网友评论"
    "|(?:发表|查看)评论|更多(?:>>|》)|点击右上角|版权所有|未经(?:授权|许可)[^，。]{0,6}(?:转载|使用|不得)|免责声明|联系我们|网站(?:介绍|地图|声明)|广告服务"
    "|友情链接|诚聘英才|ICP备|公网安备|法律顾问|浏览(?:次数|量)[:：]|点击(?:数|量)[:：]|阅读(?:次数|量)?[:：](?:\\s*\\d|$)|^今天是.{0,12}星期|举报电话[:：]|^阅读\\s*[\\d.]+万?\\+?$"
    "|^索引号[:：]|主题分类[:：]|信息分类[:：]|文件有效性[:：]"
)
_NOTICE = re.compile("转载|版权|侵权|本站|本网|本平台|免责|仅代表|联系我们|用户上传|网友上传|扫码|下载")
_HOST = re.compile("^(?:主办|承办|协办|技术支持|运维|运营)(?:单位)?[:：]")
_FIRST = re.compile(
    "^(?:上|下)一(?:篇|条|页)\\s*[:：]?|^首页\\s*[>》→]|^(?:原文|来源)链接|^\\W*(?:广告|推广|分享|评论)\\W*$"
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
# In the head: below the headline the speaker, at the lectern; or a sentence and who took the picture.
_SPEAKER = re.compile("^.{2,20}(?<!工)作(?:政府)?(?:工作)?报告。?$")
_PICTURED = re.compile(f"[。！？]\\s*\\S{{0,16}}(?:记者|通讯员)\\s?[{HAN}]{{1,4}}(?:\\s[{HAN}]{{1,3}})*$")
# Outside the text: an address of the web, a mark of ownership, the weather.
_ADDRESS = re.compile("https?://|www\\.|©|℃|copyright|powered by|^\\W*(?:前|后|上|下)一[篇条页]", re.IGNORECASE)
_PAIR = re.compile(f"(?:^|\\s)[{HAN}]{{2,5}}[:：]\\s?\\S+")  # 点击:35829 回复:417
_CRUMB = re.compile("^[>》›»|｜]+$")
_EDITOR = re.compile("^[(（【\\[]?(?:责任)?编辑\\s*[:：/][^。]{0,12}$")
_PLACE = re.compile(f"^[{HAN}]{{1,7}}(?:省|市|县|区|州|盟|旗|镇|乡)?$")
_PLACE_SUFFIX = re.compile("[省市县区州盟旗镇乡]$")
# How a document ends besides its last paragraph: whom to ask, what is attached, who signs.
_CLOSING = re.compile(
    "^(?:联系(?:人|电话|方式)|附件|附表|附图|附注?|抄送|主送|此致|敬礼|特此.{1,4}|注)\\s*[:：\\d]?|^\\d{4}年\\d{1,2}月$"
)
_ANNEX = re.compile("^附(?:件|表|图|录|注)?\\s*[\\d一二三四五六七八九十]{0,2}\\s*[:：\\s]|.{2,30}(?:名单|如下)[:：]$")
_OFFICE = re.compile(f"^[{HAN}]{{2,9}}(?:总理|[省市县区州盟]长|自治区主席)$")  # the name stands on the next line
_SIGNED = re.compile("(?:政府|委员会|党委|党组|办公室|[厅局部院会社处]|中心|集团|公司|大学|学校)$")
_ENDS = ("。", "！", "？", "；", "”", "!", "……")
_LETTER = re.compile("[^\\W\\d]")
_BEGINNING = 12  # lines
SHORT = 70  # characters: a longer line is judged as prose
_UNLIKELY = -6.0  # mean log-probability of a line's characters in the reports that the character model was made of
_OWN = 0.34  # of a line's pairs of characters found in the rest of the text: less, and its words are not the text's


class Repeated(NamedTuple):
    """Lines that several documents of a corpus share, as `line_sum` gives them.

    Attributes
    ----------
    tails : frozenset of int
        What many of them end with: a licence, a site's notice.
    lines : frozenset of int
        Short lines anywhere whose words are not the text's.
    """

    tails: frozenset = frozenset()
    lines: frozenset = frozenset()


class Traces(NamedTuple):
    """What is kept of a document's lines until all documents of a corpus have been seen: checksums.

    Attributes
    ----------
    longest : int
        Of the longest line.
    ends : ndarray of int64
        Of those of the last eight lines that have ten letters or more.
    foreign : ndarray of int64
        Of short lines whose words are not the text's.
    short : ndarray of int64
        Of all short lines.
    last : int
        Of the last line.
    """

    longest: int
    ends: np.ndarray
    foreign: np.ndarray
    short: np.ndarray
    last: int

    @classmethod
    def from_lists(cls, values):
        """Traces from what `_asdict` gave with lists for arrays."""
        arrays: dict[str, Any] = {k: np.array(v, dtype=np.int64) for k, v in values.items() if isinstance(v, list)}
        return cls(**(values | arrays))


def furniture(lines, hints=(), repeated=None):
    """The lines to drop, and why.

    Parameters
    ----------
    lines : list of str
        Stripped of indents; empty lines are left to others.
    hints : sequence of str
        Title, publisher and speaker as the manifest has them.
    repeated : Repeated, optional
        What other documents share, as `repeated_in` gives it.

    Returns
    -------
    dict of int to str
        Index of the line: widget, menu, crumb, related, shared, notice, repeated, places, clock, pager, caption,
        credit, short or stamp.
    """
    repeated = repeated or Repeated()
    body = [i for i, line in enumerate(lines) if looks_like_body(line) and not _is_places(line)]
    dropped = _echo(lines, body) | _notices(lines, body)
    body = [i for i in body if i not in dropped]
    if not body:
        return {}
    dropped |= _shared_tail(lines, repeated.tails) | _related_tail(lines, body) | _crumbs(lines[: body[0]])
    body = [i for i in body if i not in dropped]
    first, last = (body[0], body[-1]) if body else (0, len(lines) - 1)
    dropped |= {i: "repeated" for i in _repeated(lines, first, last) if i not in dropped}
    known = {line_key(h) for h in hints if h}
    text = "\n".join(lines[i] for i in body)
    prose = set(body)
    titled = appended = False
    for i, line in enumerate(lines):
        if i in dropped or not line or i in prose:
            continue
        head, tail = i < first, i > last
        appended = (appended or is_appendix(line) or bool(_ANNEX.match(line))) and (head or tail)
        reason = _reason(line, known, head, tail, text, repeated.lines, titled, appended)
        if reason:
            dropped[i] = reason
        titled = titled or (head and not reason and is_genre(line))
    return dropped


def _reason(line, known, head, tail, text, repeated, titled, appended):
    edge = head or tail
    if _CLOCK.search(line) and len(line) < 40:
        return "clock"
    if len(line) <= 40 and _PAGER.match(line):
        return "pager"
    if _is_places(line):
        return "places"
    if line_key(line) in known:
        return None
    if _is_widget(line, edge):
        return "widget"
    if _CAPTION.match(line) or is_caption(line) or (head and _PICTURED.search(line)):
        return "caption"
    if head and titled and _SPEAKER.match(line):
        return "caption"
    if _EDITOR.match(line) and not edge:
        return "credit"
    if _is_menu(line, edge):
        return "menu"
    if "\t" in line or appended:
        return None  # a row of a table, or what stands in an annex
    if not HAN_CHARACTER.search(line):
        # In the tail a stamp such as endprint; in the head a number or a date without a word.
        return "stamp" if edge and not is_byline(line) else None
    if repeated and line_sum(line) in repeated and _is_foreign(line, text):
        return "shared"
    if head and not _belongs_to_head(line):
        return "short"
    if tail and not _belongs_to_tail(line, text):
        return "short"
    return None


def _is_widget(line, edge):
    """Whether a line is a page's by the share of its words: fewer are enough where the text does not stand."""
    if len(line) > 160 or is_appendix(line) or is_label(line) or is_numbered(line):
        return False
    share, sure = page_words(line)
    if share >= 0.6 and sure and len(line) < 40 and (edge or not line.endswith(_ENDS)):
        return True
    if line.endswith(("。", "！", "？", "；")) or is_heading(line):
        return False
    if _PHRASE.search(line) or _FIRST.match(line):
        return True
    if edge and ((len(line) < 40 and _HOST.match(line)) or (len(line) < SHORT and _ADDRESS.search(line))):
        return True
    if is_byline(line):
        return False
    # Ordinary words alone decide only where the text does not stand.
    return share >= (0.3 if edge else 0.4) if sure else edge and share >= 0.5


@functools.cache
def _page_words():
    """A pattern of the words that pages use, and those of them that are ordinary words as well."""
    rows = read_tsv(Path(__file__).with_name("resources") / "page-words.txt", header=False)
    terms = [row[0].strip() for row in rows]
    ordinary = frozenset(t[1:] for t in terms if t.startswith("~"))
    longest = sorted({t.lstrip("~") for t in terms}, key=lambda t: (-len(t), t))
    pattern = "|".join(f"(?<![a-z]){re.escape(t)}(?![a-z])" if t.isascii() else re.escape(t) for t in longest)
    # Where no word begins nothing is tried.
    first = "".join(sorted({re.escape(t[0] + t[0].upper()) for t in longest}))
    return re.compile(f"(?=[{first}])(?:{pattern})", re.IGNORECASE), ordinary


def page_words(line):
    """The share of a line's letters that are words of web pages.

    Parameters
    ----------
    line : str

    Returns
    -------
    share : float
        From 0 to 1; 0 where all there is is one word that is an ordinary one as well, unless it is all of the line.
    sure : bool
        Whether a word is among them that hardly anything but a page says.
    """
    pattern, ordinary = _page_words()
    found = pattern.findall(line)
    sure = any(word not in ordinary for word in found)
    letters = len(_LETTER.findall(line))
    covered = sum(len(_LETTER.findall(word)) for word in found)
    if not found or not letters or (len(found) == 1 and not sure and covered < letters):
        return 0.0, False
    return covered / letters, sure


def _is_menu(line, edge):
    """A row of short entries with gaps or bars between: a site's channels; in the midst of the text only with bars."""
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


def _is_foreign(line, text):
    """Whether a line could be a page's, should other documents have it too.

    Short, no sentence, no numbered heading, no byline; its words are not the text's, and not a report's either.
    """
    return (
        len(line) < SHORT
        and not line.endswith((*_ENDS, "：", ":"))
        and len(han := "".join(HAN_CHARACTER.findall(line))) >= 4
        and not (is_heading(line) or is_byline(line) or is_genre(line) or is_appendix(line) or is_note(line))
        and log_likelihood(han) < _UNLIKELY * len(han)
        and _own_words(line, text) < _OWN
    )


def _own_words(line, text):
    """The share of the pairs of Chinese characters of a line that are in a text too; 1 for a line without a pair."""
    han = "".join(HAN_CHARACTER.findall(line))
    pairs = [a + b for a, b in pairwise(han)]
    return sum(pair in _pairs(text) for pair in pairs) / len(pairs) if pairs else 1.0


@functools.lru_cache(maxsize=2)
def _pairs(text):
    return set(map(operator.add, text, text[1:]))


def _belongs_to_head(line):
    if is_byline(line):
        return True
    if is_heading(line) or is_note(line) or is_appendix(line) or line.endswith(("：", ":", "。", "！")):
        return bool(re.search(f"[{HAN}]{{2}}", line))
    if is_name(line) or is_genre(line) or _OFFICE.match(line):
        return True
    # A headline: long enough to say something, and nearly all of it Chinese.
    letters = re.findall("\\w", line)
    return (
        len(letters) >= 7 and sum(c.isdigit() or bool(HAN_CHARACTER.match(c)) for c in letters) * 10 >= len(letters) * 8
    )


def _belongs_to_tail(line, text):
    return (
        is_byline(line)
        or is_heading(line)
        or is_appendix(line)
        or line.endswith(_ENDS)
        or len(line) > 40
        or bool(_CLOSING.match(line))
        or bool(_SIGNED.search(line))
        or ("，" in line and line.endswith(("：", ":")))
        or _own_words(line, text) >= 0.5
    )


def _echo(lines, body):
    """The last paragraph, where the page begins with the same: what a page says of itself to search engines."""
    half = len(lines) // 2
    if not body or body[-1] < half:
        return {}
    beginning = [line for line in lines[:half] if line][:_BEGINNING]
    if not any(lines[body[-1]][:6] in line for line in beginning):
        return {}
    ahead = next((i for i, line in enumerate(beginning) if looks_like_body(line) or is_heading(line)), 0)
    key = line_key(lines[body[-1]])
    if any(line_key(line) == key for line in beginning):
        return {}  # said twice, and not summed up
    found = any(line_key("".join(beginning[i:])).startswith(key) for i in range(ahead + 1))
    return {body[-1]: "repeated"} if found and len(key) >= 12 else {}


def _notices(lines, body):
    """Long lines at either end that speak of the page: who may reprint it, whose opinion it is, what to download."""
    dropped = {}
    for end in (body, body[::-1]):
        for i in end[:-1][:3]:
            share, sure = page_words(lines[i])
            enough = 0.2 if len(lines[i]) < 120 else 0.3
            if not sure or share < enough or not _NOTICE.search(lines[i]) or is_note(lines[i]) or is_numbered(lines[i]):
                break
            dropped[i] = "notice"
    return dropped


def _related_tail(lines, body):
    """From a heading of related reading to the end of the page, where that is a small part and late."""
    after = total = sum(map(len, lines))
    for i, line in enumerate(lines):
        if len(line) < 40 and _RELATED.match(line) and i > body[0] and after * 4 < total:
            return {j: "related" for j in range(i, len(lines)) if lines[j] and not _signature(lines[j])}
        after -= len(line)
    return {}


def _shared_tail(lines, repeated):
    """Lines at the very end that other documents end with too."""
    dropped = {}
    for i in range(len(lines) - 1, -1, -1) if repeated else ():
        if lines[i] and line_sum(lines[i]) not in repeated:
            break
        if lines[i]:
            dropped[i] = "shared"
    return dropped


def line_sum(line):
    """Checksum of a line's `line_key`: 53 bits, so that a sum is whole in any format."""
    return _sum(line_key(line))


def _sum(key):
    return int.from_bytes(hashlib.blake2b(key.encode("utf-8", "surrogatepass"), digest_size=8).digest()) >> 11


def traces(text):
    """What a cleaned document, one paragraph a line, leaves behind for `repeated_in`."""
    lines = text.split("\n")
    prose = "\n".join(line for line in lines if len(line) >= SHORT or line.endswith(_ENDS))
    short = [line for line in lines if len(line) < SHORT]
    return Traces(
        longest=_sum(max(lines, key=len)),
        ends=_unique(_sum(key) for key in map(line_key, lines[-8:]) if len(key) >= 10),
        foreign=_unique(line_sum(line) for line in short if _is_foreign(line, prose)),
        short=_unique(line_sum(line) for line in short),
        last=line_sum(lines[-1]),
    )


def _unique(sums):
    return np.array(sorted(set(sums)), dtype=np.int64)


def repeated_in(documents):
    """What documents of a corpus share that is not what they say.

    Parameters
    ----------
    documents : sequence of Traces

    Returns
    -------
    Repeated
        tails: among the last eight lines of at least three documents and a tenth of all, of ten letters or more, so
        that a word of thanks is not among them. lines: short ones, no sentence and no numbered heading, in at least
        three documents and a twentieth of all whose other text does not hold their words. Documents whose longest
        line is the same are one document, found several times: its own lines are not a site's.
    """
    return Repeated(
        _often([(d.longest, d.ends) for d in documents], 10, len(documents)),
        _often([(d.longest, d.foreign) for d in documents], 20, len(documents)),
    )


def _often(found, share, total):
    """Sums that stand with three longest lines or more, and with one in `share` of the total."""
    if not found:
        return frozenset()
    keys = np.concatenate([keys for _, keys in found])
    pairs = np.stack([np.repeat([longest for longest, _ in found], [len(k) for _, k in found]), keys])
    sums, n = np.unique(np.unique(pairs, axis=1)[1], return_counts=True)
    return frozenset(sums[(n >= 3) & (n * share >= total)].tolist())


def concerns(repeated, document):
    """What a document has of the lines that others share: the part of `repeated` that its cleaning depends on.

    Parameters
    ----------
    repeated : Repeated
    document : Traces

    Returns
    -------
    Repeated or None
        None where nothing of it would go.
    """
    lines = repeated.lines.intersection(document.short.tolist()) if repeated.lines else frozenset()
    if not lines and document.last not in repeated.tails:
        return None
    return Repeated(repeated.tails.intersection([*document.ends.tolist(), document.last]), lines)


def _crumbs(lines):
    """Where the page stands in its site, broken over lines: marks alone on theirs, and the short names between them.

    Ahead of the text alone: in it, what stands between marks may be a table.
    """
    marks = [i for i, line in enumerate(lines) if _CRUMB.match(line)]
    if len(marks) < 2:
        return {}
    names = (j for i in marks for j in (i - 1, i + 1) if 0 <= j < len(lines) and 0 < len(lines[j]) <= 16)
    return {i: "crumb" for i in [*marks, *names] if not looks_like_body(lines[i])}


def _signature(line):
    return bool(re.match("[(（【](?:责任)?编辑|[(（].{2,20}(?:供稿|作者)", line))


def _repeated(lines, first, last):
    """Short lines of head or tail that stood before: a headline shown once more."""
    seen: dict[str, int] = {}
    for i, line in enumerate(lines):
        if len(line) >= 90:
            continue
        key = line_key(line)
        if len(key) >= 5 and key in seen and (i < first or i > last or seen[key] < first <= i <= first + 1):
            yield i
        seen.setdefault(key, i)


def _is_places(line):
    """A list of place names: eight or more short names between bars or spaces, most with the suffix of a place."""
    if "。" in line:
        return False
    names = [n for n in re.split("[|｜\\s、,，]+", line) if n]
    if len(names) < 8 or not all(_PLACE.match(n) for n in names):
        return False
    return sum(bool(_PLACE_SUFFIX.search(n)) for n in names) * 10 >= len(names) * 7
