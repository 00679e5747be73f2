"""The headline of a document, chosen among the first lines of a page by what is seen of each.

A page begins with whatever its site puts there: crumbs, channels, an index, mastheads, a title broken over lines. Each
line, part of a line and run of lines is a candidate; what is seen of it has a weight (resources/title-weights.tsv), and
the candidates of a page and "none of them" share a probability of one: a conditional logit (McFadden 1974), learned by
bench/title_weights.py from pages whose titles are known.
"""

from __future__ import annotations

import functools
import math
import re
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ..chinese import HAN, HAN_CHARACTER
from ..files import read_tsv
from .structure import is_byline, is_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

SCALE = 100  # weights are kept in hundredths, so that the same sums come out everywhere
SURE = 0.7  # of a headline that is stated
_LIKELY = 0.3  # of one that tells a document's type and city, and is not stated
_FORM = 0.1  # of the probability of all forms of a title
_HEAD = 16  # lines that may have a title, or be part of it
_MOST_LINES = 4  # of one title
_LONGEST, _LONGEST_LINE = 120, 70  # characters of a title, and of a line of one that is broken
_SEEN = 200  # characters of a line that are looked at
_SHORTEST, _LONG = 4, 16
_BODY = 4000  # characters of text whose words a title shares

_PARTED = re.compile(
    "\\s*[|｜_»›>\\\\·•]+\\s*|\\s*(?<!\\d)/(?!\\d)\\s*|\\s{2,}|\\s(?=关于)|\\s+[-–—]+\\s+|"
    "(?<=[网府站局会])\\s*[-－–—]+\\s*"
)
_LABEL = re.compile(
    "[\\[【〔(（][^\\[\\]【】〔〕()（）]{1,12}[\\]】〕)）]\\s*|(?:信息|文件|公文|公开)?(?:名\\s*称|标\\s*题)\\s*[:：]\\s*|"
    "[^:：]{2,12}[:：]\\s*(?=.{8})"
)
_TAIL = re.compile("\\s*[-_|—－]+\\s*[^-_|—－]{2,20}$|\\s*[(（\\[【][^()（）\\[\\]【】]{1,20}[)）\\]】]$")
_SPACED = re.compile(f"[{HAN}](?:[ \u3000]+[{HAN}])+(?:[(（].*)?")
_WORDS_OF_SPACED = 6  # characters of a word, from which a line is of words and not of letters set apart

_BRACKETS = "(?:[(（][^()（）]{1,16}[)）])*"
_GENRE = re.compile(
    "(?:办法|条例|规定|细则|规范|标准|指南|规划|计划|方案|意见|措施|通知|公告|通报|公报|报告|决议|决定|批复|函|纲要|要点|建议|答复|通告|公示|启事|"
    "解读|问答|预案|公约|清单|目录|说明|讲话|致辞|纪要|要求|政策|体系|守则|章程|规则|导则|白皮书|总结|分解表)"
    f"{_BRACKETS}$"
)
_MAY_GO_ON = re.compile("(?:标准|体系|政策|规划|要求)$")  # 某某标准体系 | 建设指南
_FURNITURE = re.compile(
    "首页|当前位置|您(?:的|现在)|来源|发布(?:时间|日期|机构)|字[号体]|打印|浏览|点击|阅读|责任编辑|责编|编辑|作者|记者|通讯员|网站|门户|频道|栏目|版权|主办|"
    "Copyright|ICP|索引号|扫一扫|分享|收藏|关闭|上一[篇条]|下一[篇条]|导航|搜索|登录|手机版|无障碍|繁體|ENGLISH|微信|公众号|刊号|邮发|内部|注意保存|"
    "签发人|全宗|印数|定价|电话|邮编"
)
_SITE = re.compile(
    "(?:网|网站|门户|平台|日报|晚报|时报|商报|数字报|电子报|电子版|频道|在线|客户端|公众号|发布|之窗|新闻|要闻|动态|公告栏|信息公开|专栏|副刊)(?:$|[-_|—·\\s])"
)
_NUMBERED_DOCUMENT = re.compile(
    "[〔\\[（(]\\s?(?:19|20)\\d\\d\\s?[〕\\]）)]\\s?第?\\s?\\d{1,6}\\s?号|第\\s?\\d{1,6}\\s?[号期版]"
)
_DATE = re.compile("(?:19|20)\\d\\d\\s*[-./年]\\s*\\d{1,2}\\s*[-./月]\\s*\\d{1,2}|\\d{1,2}:\\d{2}")
_DATES_A_PAGE = re.compile(
    "^(?:来源|发布|时间|日期|作者|文号|字号|□|■|\\(|（|本报|新华)|记者|通讯员|来源|浏览|点击|发布时间|发布日期|字号"
)
_NUMBERED = re.compile("[（(]?[一二三四五六七八九十\\d]+[、.．）)]|第[一二三四五六七八九十百\\d]+[章节条部篇]")
ORGAN = re.compile(
    f"[{HAN}（）()]{{2,30}}(?:人民政府|委员会|常委会|办公[厅室]|[局厅委部处科所]|中心|[大支]队|医院|学校|[中小大]学|学院|[法检察]院|党组|党委|公司|"
    "[协工联合]会|大会|指挥部|小组)"
)
_ISSUES = ("关于", "印发", "转发", "批转")
_DASHES = ("——", "──", "―")
_GOES_ON = re.compile("[暨及与的、”]|和(?!平|谐)|问题的")
_IS_OPEN = re.compile("[和与及暨的对为在、“《]$")
_UNFINISHED = re.compile("(?:[和与及暨对为在、“《]|会议上|的)$")
_KEEPS_LABEL = re.compile("【[^】]*】|\\[[^\\]]*\\]|(?:主题|题|标题|[^:：]{0,3}名称)\\s*[:：]")
_BEGINS_TEXT = re.compile(
    "(?:为[了进贯深加]|根据|按照|遵照|依据|经|现将|近年来|近日|当前|我们|各位|同志们|一年来|去年|今年|本[办条规细]|过去)"
)
_PREDICATE = re.compile("(?<![于但还就可总如若凡即只老])是(?!否|非|什么)|，.{2,}，")
_RUN_ON = ("的", "、", "，")
_RUNS_ON = re.compile(f"[的和与及、，]|[{HAN}]{{1,16}}[，。；]")
_MARKED = frozenset("-—―─·•□■●◆○（([【〔《”")


class Headline(NamedTuple):
    """A title, or "" where no line is likely to be one, and whether it is sure enough to be stated."""

    text: str
    is_sure: bool


class Candidate(NamedTuple):
    """What may be a title: the first and the last of its lines, and its text."""

    first: int
    last: int
    text: str


def headline(texts: Sequence[str], kinds: Sequence[str]) -> Headline:
    """The title of a document, and whether it is sure: with a probability of at least `SURE`.

    Parameters
    ----------
    texts, kinds : sequence of str
        Its lines, and what each is (`structure.Line.kind`).
    """
    found = candidates(texts)
    weights = _weights()
    seen = seen_of(found, texts, kinds)
    scores = [sum(weights.get(name, 0) for name in names) / SCALE for names in seen]
    most = max([0.0, *scores])
    shares = [math.exp(score - most) for score in scores]
    total = sum(shares) + math.exp(-most)
    # A title is in several lines of a page, or in one with a bracket and without.
    of_title: dict[str, list[tuple[float, int]]] = defaultdict(list)
    for k, (share, candidate) in enumerate(zip(shares, found, strict=True)):
        of_title[plain_title(candidate.text)].append((share / total, -k))
    likeliest = max(of_title.values(), key=lambda forms: sum(share for share, _ in forms), default=[])
    probability = sum(share for share, _ in likeliest)
    if probability < _LIKELY:
        return Headline("", is_sure=False)
    # Of its forms the longest that is not far less likely: a bracket has the years of a plan, or "on trial".
    forms = [found[-k].text for share, k in likeliest if share >= _FORM * probability]
    return Headline(max(forms, key=lambda form: (not _NUMBERED_DOCUMENT.search(form), len(form))), probability >= SURE)


def plain_title(title: str) -> str:
    """A title without blanks and without brackets at its end: by which two are one."""
    title = re.sub("\\s", "", title)
    return re.sub("(?<=.)(?:[(（][^()（）]{1,20}[)）])+$", "", title)


def candidates(texts: Sequence[str]) -> list[Candidate]:
    """What may be the title among the first lines: each line, its parts, and runs of up to four lines."""
    head = list(texts[:_HEAD])
    found: dict[str, Candidate] = {}
    forms_of = [list(_forms(line)) if len(line) <= _LONGEST else [] for line in head]
    whole = [_without_blanks(line.strip()) for line in head]
    for i, forms in enumerate(forms_of):  # a line of its own before a part of another that says the same
        if forms and forms[0] == whole[i]:
            found.setdefault(forms[0], Candidate(i, i, forms[0]))
    for i, forms in enumerate(forms_of):
        for text in forms:
            found.setdefault(text, Candidate(i, i, text))
    for i in range(len(head)):
        for last in range(i + 1, min(i + _MOST_LINES, len(head))):
            if any(len(line) > _LONGEST_LINE for line in head[i : last + 1]) or _repeats(whole[last], whole[i:last]):
                break
            parts = [form for form in forms_of[i][-1:] if len(HAN_CHARACTER.findall(form)) >= _SHORTEST]
            for beginning in dict.fromkeys([whole[i], *parts]):
                text = "".join([beginning, *whole[i + 1 : last + 1]])
                if _SHORTEST <= len(text) <= _LONGEST:
                    found.setdefault(text, Candidate(i, last, text))
    behind = [*head[1:], ""]
    return [each for each in found.values() if not _is_text(each.text, behind[each.last])]


def _repeats(line: str, lines: Sequence[str]) -> bool:
    """Whether a line says what one of others does: the name of the page, and the headline."""
    return any(line in other or other in line for other in lines if line and other)


def _is_text(line: str, behind: str) -> bool:
    """Whether a line is the beginning of a text, or of a sentence or title that the next line ends."""
    ends_it = len(behind) <= _LONG // 2 and _GENRE.search(behind) and _MAY_GO_ON.search(line)
    if _UNFINISHED.search(line) or ends_it:
        return True
    if _GENRE.search(line):  # 为民服务中心建设方案
        return False
    goes_on = len(line) >= _LONG and (
        behind.startswith(_RUN_ON) or (bool(_PREDICATE.search(line)) and bool(_RUNS_ON.match(behind)))
    )
    return goes_on or bool(_BEGINS_TEXT.match(line))


def _forms(line: str) -> Iterator[str]:
    """A line, its parts between marks, and each of these without a label ahead or a bracket behind."""
    line = line.strip()
    found: list[str] = []
    for text in dict.fromkeys([_without_blanks(line), line]):
        marks = list(_PARTED.finditer(text))
        found.append(text)
        if marks:
            found += _PARTED.split(text)
            for mark in marks[:2]:
                found.append(text[mark.end() :])
            for mark in marks[-2:]:
                found.append(text[: mark.start()])
    for text in tuple(found):
        if label := _LABEL.match(text):
            found.append(text[label.end() :])
        if tail := _TAIL.search(text):
            found.append(text[: tail.start()])
    return (text for text in dict.fromkeys(text.strip() for text in found) if _SHORTEST <= len(text) <= _LONGEST)


def seen_of(found: Sequence[Candidate], texts: Sequence[str], kinds: Sequence[str]) -> list[list[str]]:
    """The names of what is seen of each candidate; each has a weight.

    Parameters
    ----------
    found : sequence of Candidate
        See `candidates`.
    texts, kinds : sequence of str
        See `headline`.
    """
    texts = [line[:_SEEN] for line in texts[: _HEAD + 2]] + [line[:_BODY] for line in texts[_HEAD + 2 :]]
    text = " ".join(line for line, kind in zip(texts, kinds, strict=True) if kind in ("body", "heading", "note"))
    if len(text) < _LONGEST_LINE:
        text = " ".join(texts[1:])
    page = _Page(texts, kinds, _pairs(text[:_BODY]))
    return [
        [
            *(name for name, is_so in _of_text(each.text).items() if is_so),
            *(name for name, is_so in _of_place(each, page).items() if is_so),
        ]
        for each in found
    ]


class _Page(NamedTuple):
    """The lines of a page, what each is, and the pairs of characters of its text."""

    texts: Sequence[str]
    kinds: Sequence[str]
    pairs: set[str]

    def at(self, i: int) -> tuple[str, str]:
        """A line and its kind; empty where there is none."""
        return (self.texts[i], self.kinds[i]) if 0 <= i < len(self.texts) else ("", "")


def _of_text(text: str) -> dict[str, bool]:
    """What is seen of the words of a candidate."""
    size, letters = len(text), len(HAN_CHARACTER.findall(text))
    genre, about = bool(_GENRE.search(text)), bool(re.search("关于.*的|^关于", text))
    pairs_of_marks = (("（(", "）)"), ("“", "”"), ("《", "》"))
    return {
        "each": True,
        "under 6 characters": size < 6,
        "6 or 7": 6 <= size < 8,
        "8 to 11": 8 <= size < 12,
        "12 to 39": 12 <= size < 40,
        "40 to 59": 40 <= size < 60,
        "60 or more": size >= 60,
        "little Chinese": letters < 0.6 * size,
        "genre": genre,
        "about": about,
        "genre and about": genre and about,
        "long with genre": genre and size >= 10,
        "furniture": bool(_FURNITURE.search(text)),
        "site": bool(_SITE.search(text)),
        "document number": bool(_NUMBERED_DOCUMENT.search(text)),
        "date": bool(_DATE.search(text)),
        "marks between": bool(re.search("[|｜_>»›\\\\]|\\s[-–—]\\s|\\s{2,}", text)),
        "blank within": bool(re.search("\\s", text)),
        "ends with a stop": text[-1] in "。；;，,、",
        "ends with a colon": text[-1] in ":：",
        "asks or calls": text[-1] in "？！?!",
        "comma": bool(re.search("[，,]", text)),
        "stop within": "。" in text[:-1],
        "begins with a mark": text[0] in _MARKED,
        "begins with a dash": text.startswith(_DASHES),
        "numbered": bool(_NUMBERED.match(text)),
        "half a bracket": any(
            sum(map(text.count, opens)) != sum(map(text.count, closes)) for opens, closes in pairs_of_marks
        ),
        "names a work": "《" in text,
        "keeps its label": bool(_KEEPS_LABEL.match(text)),
        "byline or name": is_byline(text) or is_name(text),
        "name and bracket": bool(re.match(f"[{HAN}·]{{2,4}}(?:[（(]|\u3000| {{2}})", text)),
        "has a predicate": bool(_PREDICATE.search(re.sub("[“‘《〈][^”’》〉]*[”’》〉]", "", text))),
        "organ": bool(ORGAN.fullmatch(text)),
    }


def _of_place(each: Candidate, page: _Page) -> dict[str, bool]:
    """What is seen of where a candidate stands: its lines, those around them, and the text."""
    first, last, text = each
    lines = [_without_blanks(line.strip()) for line in page.texts[first : last + 1]]
    whole, kinds = "".join(lines), page.kinds[first : last + 1]
    several = last > first
    part = not several and whole != text
    (behind, kind_behind), (ahead, kind_ahead) = page.at(last + 1), page.at(first - 1)
    genre = bool(_GENRE.search(text))
    pairs = _pairs(text)
    shared = len(pairs & page.pairs)
    share = shared / len(pairs) if pairs else 0.0
    rest = whole.replace(text, "", 1)
    others = [line for i, line in enumerate(page.texts[:_HEAD]) if not first <= i <= last]
    pairs_next = not several and not part and kind_behind == "title" and abs(len(text) - len(behind)) <= 3
    ends_next = not genre and kind_behind in ("title", "heading") and len(behind) < 40 and bool(_GENRE.search(behind))
    return {
        "in the text": share > 0.5,
        "nearly all in the text": share > 0.8,
        "hardly in the text": share < 0.15,
        "some words in the text": shared > 3,
        "many words in the text": shared > 8,
        "a title's lines": all(kind == "title" for kind in kinds),
        "alone ahead of the text": first == 0 and kind_behind == "body" and not part,
        **{f"has {kind}": kind in kinds for kind in ("title", "byline", "heading", "body")},
        f"line {min(first, 6)}": True,
        "two lines": last - first == 1,
        "three lines": last - first == 2,
        "four lines": last - first == 3,
        "part of lines": several and whole != text,
        "part of a line": part,
        "part: its end": part and whole.endswith(text),
        "part: its beginning": part and whole.startswith(text),
        "part: rest is the site's": part and bool(_FURNITURE.search(rest) or _SITE.search(rest)),
        "part: behind a label": part and bool(_LABEL.match(whole)),
        "part: rest is longer": part and len(rest) > len(text),
        "behind: byline": kind_behind == "byline" or (bool(_DATES_A_PAGE.search(behind)) and len(behind) < 90),
        "behind: date": bool(_DATE.search(behind)) and len(behind) < 60,
        "behind: text": kind_behind == "body" and len(behind) > 40,
        "behind: colon": behind.endswith((":", "：")),
        "behind: title": kind_behind == "title",
        "behind: dash": behind.startswith(("—", "─", "―")),
        "behind: bracket": behind.startswith(("(", "（")),
        "behind: document number": bool(_NUMBERED_DOCUMENT.search(behind)) and len(behind) < 40,
        "behind: numbered": bool(_NUMBERED.match(behind)),
        "behind: first article": bool(re.match("第一[章条]", behind)),
        "genre, a title's lines": genre and all(kind == "title" for kind in kinds),
        "behind: genre": kind_behind == "title" and len(behind) < 50 and bool(_GENRE.search(behind)),
        "behind: issues": behind.startswith(_ISSUES),
        "behind: short": len(behind) <= 12 and kind_behind in ("title", "byline"),
        "behind: goes on": kind_behind == "title" and bool(_GOES_ON.match(behind) or _IS_OPEN.search(text)),
        "behind: runs on": len(text) >= _LONG
        and kind_behind == "body"
        and not genre
        and bool(_RUNS_ON.match(behind))
        and len(behind) <= 2 * len(text),
        "behind: pairs": pairs_next and len(text) <= 20,
        "behind: pairs, then a dash": pairs_next
        and len(text) <= 20
        and page.at(last + 2)[0].startswith(("—", "─", "（", "(")),
        "behind: ends it": ends_next and not behind.startswith(text[:4]),
        "behind: ends it, short": ends_next and not behind.startswith(text[:4]) and len(behind) <= 8,
        "ahead: the site's": bool(_FURNITURE.search(ahead) or _SITE.search(ahead)),
        "ahead: organ": bool(ORGAN.fullmatch(_without_blanks(ahead.strip()))),
        "ahead: organ, which issues": bool(ORGAN.fullmatch(_without_blanks(ahead.strip())))
        and text.startswith(_ISSUES),
        "ahead: document number": bool(_NUMBERED_DOCUMENT.search(ahead)),
        "ahead: title": kind_ahead == "title",
        "ahead: genre": bool(_GENRE.search(ahead)) and len(ahead) < 50,
        "ahead: text": kind_ahead == "body" and len(ahead) > 30,
        "in another line": any(text in line or (line in text and len(line) > 5) for line in others),
        "in a line ahead": any(text in line and text != line for line in page.texts[: min(first, _HEAD)]),
        "joined: genre first": several and bool(_GENRE.search(lines[0])),
        "joined: genre last": several and bool(_GENRE.search(lines[-1])),
        "joined: organ first": several and bool(ORGAN.fullmatch(lines[0])),
        "joined: issues": several and lines[1].startswith(_ISSUES),
        "joined: dash": several and lines[-1].startswith(_DASHES),
        "joined: bracket": several and lines[-1].startswith(("(", "（")),
        "joined: first is open": several and bool(_IS_OPEN.search(lines[0])),
        "joined: byline": several and "byline" in kinds,
        "joined: short first": several and len(lines[0]) <= 6,
        "joined: long first": several and len(lines[0]) >= 18,
        "joined: short last": several and len(lines[-1]) <= 6,
        "joined: a pair": last - first == 1 and abs(len(lines[0]) - len(lines[1])) <= 3 and len(lines[0]) <= 20,
    }


def _without_blanks(line: str) -> str:
    """A line whose characters are set apart, without the blanks: 政 府 工 作 报 告."""
    if _SPACED.fullmatch(line) and max(map(len, line.split())) < _WORDS_OF_SPACED:
        return re.sub("[ \u3000]", "", line)
    return line


def _pairs(text: str) -> set[str]:
    """The pairs of neighbouring Chinese characters of a text."""
    letters = "".join(HAN_CHARACTER.findall(text))
    return {letters[i : i + 2] for i in range(len(letters) - 1)}


@functools.cache
def _weights() -> dict[str, int]:
    rows = read_tsv(Path(__file__).with_name("resources") / "title-weights.tsv")
    return {name: int(weight) for name, weight in rows}
