"""Lines in which a site put a whole text, with blanks where its paragraphs ended."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ..chinese import HAN, numeral_below_100
from .edits import Edit, positioned_lines

if TYPE_CHECKING:
    from collections.abc import Iterator

_LONG = 300  # characters of a line that may be a text
_FEWEST = 3  # numbered headings in it, in order from the first
_BLANKS = "[ \t\u3000\xa0\u2000-\u200a]"
# 。 二、农 业 全年…: a numeral behind the end of a sentence, and words up to a blank; these may be set apart.
_SECTION = re.compile(
    f"(?P<before>^{_BLANKS}{{0,8}}|(?<=[。！？；）”】]){_BLANKS}{{1,8}})(?P<number>[一二三四五六七八九十]{{1,3}})、{_BLANKS}{{0,8}}"
    f"(?:(?:[{HAN}]{_BLANKS}{{1,8}}){{1,5}}[{HAN}](?={_BLANKS})|[{HAN}、“”]{{2,20}}(?={_BLANKS}))(?P<behind>{_BLANKS}{{1,8}})"
)
_END = re.compile(f"(?<=[。！？])(?P<blanks>{_BLANKS}{{1,8}})(?=[{HAN}“《（0-9])")
# 。 二、封闭期间，公交车除外: an item, which is no heading; only what stands before it parts it.
_ITEM = re.compile(
    f"(?P<before>(?<=[。！？；：】]){_BLANKS}{{1,8}})(?P<number>[一二三四五六七八九十]{{1,3}})、(?P<behind>)"
)
_WORDS = re.compile(f"(?:(?!{_BLANKS}).)+")
_WHOLE = 0.6  # of a text that a line is which has the page's head, too
_HEAD = 400  # characters of that line in which its head is looked for
_TITLE = 8  # characters of a headline
# What a site writes below a headline, with a blank before it: 发布时间：2022-08-19, 来源：区财政局, 【字号：大 中 小】.
_BELOW = re.compile(
    "[（(【\\[]?(?:(?:发布|发文|成文|更新|公开|录入|印发)?(?:时间|日期)|(?:信息|文章|稿件)?(?:来源|作者)(?=[:：])|字[号体](?=[:：]|$)|(?:浏览|点击|阅读)(?:量|数|次数)?(?=[:：]))|[（(【\\[]?(?:19|20)[0-9]{2}[-年/.][0-9]{1,2}[-月/.]"
)
_DATED = re.compile(
    "[（(【\\[]?(?:(?:发布|发文|成文|更新|公开|录入|印发|时间|日期)(?:时间|日期)?[:：]|(?:信息|文章|稿件)?来源[:：]|(?:19|20)[0-9]{2}[-年/.][0-9]{1,2}[-月/.])"
)
_GOES_ON = re.compile("[起止至前后召在，。；、]|[^\\W\\d]{0,4}，")
_ABOVE = re.compile("[>»|｜]|字[号体]|https?:|www\\.|[:：]$")
_DASHES = ("–", "-", "—", "_", "|", "--", "——")
_MOST_WORDS, _SHORTEST = 3, 5  # of a headline; characters of one that is no channel
_FURNITURE = re.compile(
    f"[^。，；]{{0,40}}[:：][^。，；]{{0,24}}|[0-9:：/年月日.-]+|[{HAN}A-Za-z0-9+-]{{1,3}}[】\\])）]?|[^\\w。，；]+|[【\\[（(][^。，；]{{0,20}}[】\\]）)]|(?:打印|关闭|分享|收藏).{{0,12}}"
)


def flattened(text: str) -> list[Edit]:
    """Part a line that holds a whole text: at its numbered headings, where sentences end in blanks, and at its head.

    A line is one if it is long and has headings numbered 一, 二, 三 in order; in any other, blanks say nothing.
    """
    edits = []
    for position, line in positioned_lines(text):
        if len(line) < _LONG:
            continue
        is_numbered = "二、" in line
        sections = list(_in_order(_SECTION, line)) if is_numbered else []
        if is_numbered and len(sections) < _FEWEST:
            sections = list(_in_order(_ITEM, line))
        spans = [span for m in sections for span in (m.span("before"), m.span("behind")) if span[1] > span[0]]
        if len(sections) < _FEWEST:
            spans = []
        if len(line) >= _WHOLE * len(text):
            spans += _head(line)
        if not spans:
            continue
        taken = {place for start, end in spans for place in range(start, end)}
        spans += [m.span("blanks") for m in _END.finditer(line) if m.start("blanks") not in taken]
        edits += [Edit(position + start, position + end, "\n", "split") for start, end in sorted(set(spans))]
    return edits


def _head(line: str) -> list[tuple[int, int]]:
    """The blanks around the headline of a page in one line, and behind what stands below it; none without a date."""
    words = list(_WORDS.finditer(line, 0, _HEAD))
    said = [word[0] for word in words]
    below = next((i for i, word in enumerate(said) if i and _DATED.match(word)), None)
    below = below or next((i for i, word in enumerate(said) if i and _BELOW.match(word)), None)
    if below is None or not _is_head(line, words, below):
        return []
    last = below
    while last + 1 < len(words) and _FURNITURE.fullmatch(said[last + 1]):
        last += 1
    cuts = [below, last + 1]
    again = said[last + 1] if last + 1 < len(words) else ""
    if len(again) >= _TITLE and any(name.endswith(again) for name in said[:below]):
        cuts.append(last + 2)  # the headline stands once more below the date
    else:
        end = below - 2 if below > 2 and said[below - 2] in _DASHES else below  # 紧急通知 – 某局 2013-07-05
        first = end
        while first > 1 and end - first < _MOST_WORDS and not _ABOVE.search(said[first - 1]):
            if said[first - 2] in (">", ">>", "»") or (first < end and len(said[first - 1]) < _SHORTEST):
                break
            first -= 1
        if sum(map(len, said[first:end])) >= _TITLE:
            cuts += [first, end]
    return [(words[i - 1].end(), words[i].start()) for i in sorted(set(cuts)) if 0 < i < len(words)]


def _is_head(line: str, words: list[re.Match[str]], below: int) -> bool:
    """Whether what stands before a date is furniture and a headline, and no prose that the date is part of."""
    said, behind = words[below][0], words[below + 1][0] if below + 1 < len(words) else ""
    is_open = said[0] in "（(【[" and not re.search("[）)】\\]]", said)
    if is_open or re.search("[。，；]", line[: words[below].start()]) or _GOES_ON.match(behind):
        return False
    return not words[below - 1][0].endswith(("截至", "截止", "自", "于", "从", "至", "到", "在"))


def _in_order(pattern: re.Pattern[str], line: str) -> Iterator[re.Match[str]]:
    """The headings of a line that are numbered from one on, as far as they are."""
    number = 0
    for match in pattern.finditer(line):
        if numeral_below_100(match["number"]) == number + 1:
            number += 1
            yield match
