"""Which lines of a crawled page are the page's and not the document's.

Decided by position and shape: before the first and after the last paragraph a line must show that it belongs to the
document (a headline, a byline, a note, a closing formula); between them it is kept unless it shows that it does not.
"""

import re
from collections import Counter

from .structure import is_byline, is_heading, is_name, is_note, looks_like_body

# What a page says about itself, whatever it is about: never part of a document.
_PHRASE = re.compile(
    "字号[:：]|字体[:：]|分享(?:到|给)|扫一扫|二维码|手机(?:浏览|打开|阅读|查看|版访问)|收听本文|当前位置|您(?:现在)?的位置|返回(?:顶部|首页)|展开(?:阅读)?全文|网友评论"
    "|(?:发表|查看)评论|更多(?:>>|》)|点击右上角|版权所有|未经(?:授权|许可)[^，。]{0,6}(?:转载|使用|不得)|免责声明|联系我们|网站(?:介绍|地图|声明)|广告服务"
    "|友情链接|诚聘英才|ICP备|公网安备|法律顾问|浏览(?:次数|量)[:：]|点击(?:数|量)[:：]|阅读(?:次数|量)?[:：]\\d"
)
_FIRST = re.compile("^(?:上|下)一(?:篇|条|页)\\s*[:：]?|^首页\\s*[>》→]|^(?:原文|来源)链接")
# Buttons: a line of nothing but these (and marks) is a widget; in a sentence they are words like any other.
_BUTTON = re.compile(
    "字号|字体|超?大号?|中号?|小号?|默认|加大|还原|减小|放大|缩小|打印(?:本页)?|下载|全屏|收藏|纠错|关闭(?:窗口)?|分享|微信|微博|朋友圈|[Qq]{2}空间|人人网"
    "|手机版|客户端|首页|导航|无障碍|知道了|广告|返回|评论|点赞|转发|举报|登录|注册|搜索|复制链接|endprint|END"
)
_RELATED = re.compile(
    "^[\\W_]*(?:相关(?:阅读|报道|新闻|链接|推荐|文章|附件|稿件|专题)|新闻推荐|推荐阅读|延伸阅读|热点(?:新闻|推荐)|猜你喜欢|精彩推荐|为您推荐|专题推广|更多(?:新闻|内容|推荐))[\\W_]*$"
)
_CLOCK = re.compile("(?:\\d{1,2}:)?\\d{1,2}:\\d{2}\\s*/\\s*(?:\\d{1,2}:)?\\d{1,2}:\\d{2}")
_PAGER = re.compile("^(?:\\[?\\d{1,3}\\]?\\s*)+(?:下一?页|尾页)?$|^第?\\s*\\d+\\s*/\\s*\\d+\\s*页?$")
_CAPTION = re.compile(
    "^[(（]?(?:图为|图片?[:：]|上图|下图|右图|左图|资料图)[^\n]{0,60}[)）]?$|^[(（][^\n]{0,8}(?:摄|供图|资料图片?)[)）]$"
)
_GENRE = re.compile("(?:报\\s*告|决议|意见|方案|规划|纲要|讲话|公报)$")
_EDITOR = re.compile("^[(（【\\[]?(?:责任)?编辑\\s*[:：/][^。]{0,12}$")
_PLACE = re.compile("^[\u4e00-\u9fff]{1,7}(?:省|市|县|区|州|盟|旗|镇|乡)?$")
_PLACE_SUFFIX = re.compile("[省市县区州盟旗镇乡]$")
_HAN = re.compile("[\u4e00-\u9fff]")


def furniture(lines, hints=(), repeated=frozenset()):
    """The lines to drop, and why.

    Parameters
    ----------
    lines : list of str
        Stripped of indents; empty lines are left to others.
    hints : sequence of str
        Title, publisher and speaker as the manifest has them.
    repeated : set of str
        Lines at the end of other documents too, as `repeated_tails` gives them.

    Returns
    -------
    dict of int to str
        Index of the line: widget, related, shared, places, repeated, clock, pager, caption, credit, short or stamp.
    """
    body = [i for i, line in enumerate(lines) if looks_like_body(line) and not _is_places(line)]
    if not body:
        return {}
    dropped = _shared_tail(lines, repeated) | _related_tail(lines, body)
    body = [i for i in body if i not in dropped]
    first, last = (body[0], body[-1]) if body else (0, len(lines) - 1)
    dropped |= {i: "repeated" for i in _repeated(lines, first, last) if i not in dropped}
    known = {line_key(h) for h in hints if h}
    for i, line in enumerate(lines):
        if i in dropped or not line or i in body:
            continue
        reason = _reason(line, known, head=i < first, tail=i > last)
        if reason:
            dropped[i] = reason
    return dropped


def _reason(line, known, head, tail):
    if _CLOCK.search(line) and len(line) < 40:
        return "clock"
    if _PAGER.match(line):
        return "pager"
    if _is_places(line):
        return "places"
    if line_key(line) in known:
        return None
    if _is_widget(line):
        return "widget"
    if _CAPTION.match(line):
        return "caption"
    if _EDITOR.match(line) and not head and not tail:
        return "credit"
    if line.count("|") + line.count("｜") >= 3 and len(line) < 200:
        return "widget"
    if not _HAN.search(line):
        # In the tail a stamp such as endprint; in the head a number or a date without a word.
        return "stamp" if (head or tail) and not is_byline(line) else None
    if head and not _belongs_to_head(line):
        return "short"
    if tail and not _belongs_to_tail(line):
        return "short"
    return None


def _is_widget(line):
    if line.endswith(("。", "！", "？", "；")) or is_heading(line) or len(line) > 160:
        return False
    if _PHRASE.search(line) or _FIRST.match(line):
        return True
    buttons = len(_BUTTON.findall(line))
    rest = len(re.findall("\\w", _BUTTON.sub("", line)))
    # Two buttons and a site's name beside them, with spaces between, are a toolbar.
    return len(line) <= 60 and ((buttons and not rest) or (buttons >= 2 and rest <= 6 and len(line.split()) > buttons))


def _belongs_to_head(line):
    if is_byline(line) or is_heading(line) or is_note(line) or line.endswith(("：", ":", "。", "！")):
        return bool(re.search("[\u4e00-\u9fff]{2}", line))
    if is_name(line) or _GENRE.search(line):
        return True
    # A headline: long enough to say something, and nearly all of it Chinese.
    letters = re.findall("\\w", line)
    return len(letters) >= 7 and sum(c.isdigit() or bool(_HAN.match(c)) for c in letters) * 10 >= len(letters) * 8


def _belongs_to_tail(line):
    return (
        is_byline(line) or is_heading(line) or line.endswith(("。", "！", "？", "；", "”", "!", "……")) or len(line) > 40
    )


def _related_tail(lines, body):
    """From a heading of related reading to the end of the page, where that is a small part and late."""
    total = sum(map(len, lines))
    for i, line in enumerate(lines):
        if _RELATED.match(line) and i > body[0]:
            after = sum(map(len, lines[i:]))
            if after * 4 < total:
                return {j: "related" for j in range(i, len(lines)) if lines[j] and not _signature(lines[j])}
    return {}


def _shared_tail(lines, repeated):
    """Lines at the very end that other documents end with too."""
    dropped = {}
    for i in range(len(lines) - 1, -1, -1):
        if lines[i] and line_key(lines[i]) not in repeated:
            break
        if lines[i]:
            dropped[i] = "shared"
    return dropped


def repeated_tails(texts):
    """What many documents of a corpus end with: a licence, a site's notice.

    Parameters
    ----------
    texts : sequence of str
        Cleaned, one paragraph a line.

    Returns
    -------
    frozenset of str
        Lines, less all but letters and digits, that stand among the last eight of at least three documents and a tenth
        of all; lines of fewer than ten letters, such as a word of thanks, are not among them. Documents whose longest
        line is the same are one document, found several times: its own last lines are not a site's.
    """
    lines = [[line_key(x) for x in text.split("\n")] for text in texts]
    ends = Counter(
        key for _, key in {(max(keys, key=len), key) for keys in lines for key in keys[-8:] if len(key) >= 10}
    )
    return frozenset(key for key, n in ends.items() if n >= 3 and n * 10 >= len(texts))


def _signature(line):
    return bool(re.match("[(（【](?:责任)?编辑|[(（].{2,20}(?:供稿|作者)", line))


def _repeated(lines, first, last):
    """Short lines of head or tail that stood before: a headline shown once more."""
    seen = {}
    for i, line in enumerate(lines):
        if len(line) >= 90:
            continue
        key = line_key(line)
        if (
            len(key) >= 5
            and key in seen
            and (i < first or i > last or seen[key] < first <= i <= first + 1)
        ):
            yield i
        seen.setdefault(key, i)


def line_key(line):
    """A line less all but letters and digits: equal for lines that differ in marks and spaces alone."""
    return re.sub("\\W", "", line)


def _is_places(line):
    """A list of place names: eight or more short names between bars or spaces, most with the suffix of a place."""
    if "。" in line:
        return False
    names = [n for n in re.split("[|｜\\s、,，]+", line) if n]
    if len(names) < 8 or not all(_PLACE.match(n) for n in names):
        return False
    return sum(bool(_PLACE_SUFFIX.search(n)) for n in names) * 10 >= len(names) * 7
