"""Hard-wrapped text: where lines were broken at the width of a page, and which of them belong together.

A width is one at which a text was wrapped if many more lines have it than have one a little less or more, if few of
these end a sentence, and if the last character of a line and the first of the next go together as characters within
words do. The last tells wrapped prose from lists, tables and verse.
"""

from __future__ import annotations

import re
from collections import Counter
from statistics import fmean
from string import ascii_uppercase
from typing import TYPE_CHECKING, NamedTuple

from ..chinese import HAN_CHARACTER
from .characters import log_frequency, log_probability
from .structure import is_byline, is_heading, is_numbered

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_HALF = re.compile("[\x20-\x7e]")  # characters of half a Chinese character's width
_CODE = re.compile("[0-9A-Z/~.:-]")
_SENTENCE = "。！？；：!?;:"
_OPENS = "《“‘（(【〈，、"
_INNER_END = re.compile("[。；](?!$)")
_CLOSES = "，。、；：！？》”’）】〉…"
# What cannot be broken: a word of Latin letters or a number, with the marks that go with it.
_UNIT = re.compile("[《“‘（(【〈]*(?:[\x21-\x7e]+|.)[，。、；：！？》”’）】〉%…]*", re.DOTALL)
_NARROWEST, _WIDEST = 10, 70  # widths of columns
_LONGEST = 2 * _WIDEST  # characters of a line, if all are of half the width
_HANGING = 2.1  # by which marks and squeezed letters may stand out
_SQUEEZED = 1.6  # by which a full line may be wider or narrower than the page
_NARROW = 16  # below which a third of all lines must have the width
_FEWEST, _MANY = 5, 20  # lines of a width: at least, and where there is no doubt
# 第一章, 附件 1, 图 1; 1.2.3, or 1.2 with a blank that no unit follows; a term of a glossary; a row of a table.
_ITEM = re.compile(
    "第[一二三四五六七八九十百零〇\\d]{1,5}[章节条编](?:[\\s\u3000]|$)|(?:附件|附表|附图|图|表)\\s*\\d|[-—–]{2}"
    "|\\d{1,2}(?:[.．]\\d{1,2}){2,3}\\D|\\d{1,2}[.．]\\d{1,2}\\s+[^\\d\\s万亿个年月日倍元吨公千百平米%]"
    "|[A-Z][\\w-]*[:：]|\\d{1,4}\\s+\\d{1,4}(?:\\s|$)"
)
_INDEX = re.compile("\\d{1,2}(?:\\.\\d)?")
_LEADERS = re.compile("(?:(?:[.·]\\s?){4,}|(?:…\\s?){2,})\\s*[-—–]?\\s*\\d{1,4}\\s*[-—–]?$")
_NUMBER = re.compile("\n([-—–－· \t\u3000]*(?:第 *)?(\\d{1,4})(?: *页)?[-—–－· \t\u3000]*)(?=\n|$)")
_SPARSE, _DENSE = 100, 250  # characters of a page: of any, and of most


class _Row(NamedTuple):
    """A line that is not empty: where its text begins and ends, its text, its indent, and whether one is empty ahead.

    `indent` is in widths of Chinese characters.
    """

    start: int
    end: int
    text: str
    indent: float
    after_blank: bool


class _Page(NamedTuple):
    """A width at which a text was wrapped, how many lines have it, and the widest such width of the text."""

    width: float
    lines: int
    widest: float


class _Style(NamedTuple):
    """How a wrapped text sets its paragraphs off: by an indent that is there, by one that is lost, by empty lines.

    `is_exact`: not at all, but so many lines that have no room left end sentences that few of these end paragraphs.
    """

    is_indented: bool
    lost_indent: bool
    by_blanks: bool
    is_exact: bool


def find_wraps(text: str) -> list[tuple[int, int, str]]:
    """Where a hard-wrapped text is joined: start and end of what stands between two lines, and what replaces it."""
    lines = text.split("\n")
    lengths = Counter(len(line) for line in lines if _NARROWEST <= len(line) <= _LONGEST)
    # A sieve for texts that are not wrapped, before anything is measured.
    if max((sum(lengths[n + k] for k in range(5)) for n in lengths), default=0) < _FEWEST:
        return []
    rows = list(_rows(lines))
    measured = []
    for of in (len, _em):
        widths = [row.indent + of(row.text) if len(row.text) <= _LONGEST else _LONGEST for row in rows]
        measured.append((widths, _wrap_widths(rows, widths)))
    widths, found = max(measured, key=lambda item: max((exact for _, exact in item[1]), default=0))
    joined: set[int] = set()
    for i in range(len(rows) - 2) if found else ():
        # An index, as of PM2.5, stands on a line of its own within the line of the page.
        if _INDEX.fullmatch(rows[i + 1].text) and rows[i].text[-1] in ascii_uppercase:
            joined |= {i, i + 1}
            widths[i + 2] += widths[i] + widths[i + 1]
    for width, n in found:
        joined |= _continued(rows, widths, _Page(width, n, max(found)[0]), joined)
    return [(rows[i].end, rows[i + 1].start, _between(rows[i].text, rows[i + 1].text)) for i in sorted(joined)]


def _rows(lines: Sequence[str]) -> Iterator[_Row]:
    position, is_blank = 0, False
    for line in lines:
        if stripped := line.strip():
            ahead = len(line) - len(line.lstrip())
            indent = _em(line[:ahead].expandtabs(4)) if ahead else 0.0
            yield _Row(position + ahead, position + ahead + len(stripped), stripped, indent, is_blank)
        is_blank = not stripped
        position += len(line) + 1


def _em(text: str) -> float:
    """The width of a text in widths of a Chinese character."""
    return len(text) - len(_HALF.findall(text)) / 2


def _is_prose(line: str) -> bool:
    """Whether no more than two characters in five are figures, capitals and the marks of numbers and addresses."""
    return len(line) >= 2.5 * len(_CODE.findall(line))


def _wrap_widths(rows: Sequence[_Row], widths: Sequence[float]) -> list[tuple[float, int]]:
    """The widths at which a text was wrapped, each with the number of lines that have it exactly."""
    # Rows of tables and addresses, with their figures and Latin letters, tell nothing of a page's width.
    prose = [w for row, w in zip(rows, widths, strict=True) if _NARROWEST <= w <= _WIDEST and _is_prose(row.text)]
    histogram = Counter(round(2 * w) for w in prose)
    found: list[tuple[float, int]] = []
    for _ in range(4):
        if not histogram:
            break
        best = max(histogram, key=lambda k: (sum(histogram[k + j] * (3 - abs(j)) for j in range(-2, 3)), k))
        n, width = sum(histogram[best + j] for j in range(-2, 3)), best / 2
        if n < (_FEWEST if width >= _NARROW else max(2 * _FEWEST, len(rows) / 3)):
            break
        near = sum(histogram[j] for j in (*range(best - 12, best - 7), *range(best + 6, best + 11)))
        if n * 2 >= 3 * near and _is_wrapped_at(rows, widths, width):
            found.append((width, sum(histogram[j] for j in range(best - 1, best + 2))))
        for j in range(best - 4, best + 5):
            histogram.pop(j, None)
    return found


def _is_wrapped_at(rows: Sequence[_Row], widths: Sequence[float], width: float) -> bool:
    """Whether lines of a width break off within sentences and words."""
    here = [i for i in range(len(rows) - 1) if abs(widths[i] - width) <= 1]
    here = [i for i in here if widths[i + 1] <= width + _HANGING]
    open_ended = [i for i in here if rows[i].text[-1] not in _SENTENCE and not _begins_anew(rows[i + 1].text)]
    open_ended = [i for i in open_ended if not _is_numbered_heading(rows[i].text)]
    if len(open_ended) < 3 or 2 * len(open_ended) < len(here):
        return False
    pairs, marks = [], 0
    for i in open_ended:
        line, following = rows[i].text, rows[i + 1].text
        if line[-1] in _OPENS or following[0] in _CLOSES or following[0].islower() or _INNER_END.search(line):
            marks += 1  # broken off, whatever the characters say
        else:
            pairs.append((line[-1], following[0]))
    bound = [_attraction(*pair) for pair in pairs if all(map(HAN_CHARACTER.match, pair))]
    within = _mean_attraction([rows[i].text for i in open_ended])
    told = len(bound) + marks
    return 2 * told >= len(open_ended) and sum(bound) + _USUAL * marks >= (within + _APART) / 2 * told


_APART = -1.0  # the mean attraction of a paragraph's last character and the next one's first
_USUAL = 2.3  # and of two characters within a sentence of a report


def _mean_attraction(lines: Sequence[str]) -> float:
    """The mean attraction of two Chinese characters within lines."""
    pairs = [line[n : n + 2] for line in lines for n in range(2, len(line) - 2, 5)]
    found = [_attraction(*pair) for pair in pairs if all(map(HAN_CHARACTER.match, pair))]
    return max(0.5, fmean(found)) if found else _USUAL


def _attraction(a: str, b: str) -> float:
    """How much likelier a character is behind another than anywhere: the log of the ratio."""
    return log_probability(a, b) - log_frequency(b)


def _begins_anew(line: str) -> bool:
    """Whether a line begins with a number of headings or items, or is an entry of a table of contents."""
    return is_numbered(line) or is_heading(line) or bool(_ITEM.match(line) or _LEADERS.search(line))


def _is_numbered_heading(line: str) -> bool:
    """Whether a line begins anew and has no end of a sentence within, as headings have none."""
    return _begins_anew(line) and not re.search("[。；：]", line)


def _are_one_line(rows: Sequence[_Row], widths: Sequence[float], i: int, width: float) -> bool:
    """Whether a line and the next are pieces of one line of the page, broken where the font changes: PM2.5, 18万."""
    line, following = rows[i].text, rows[i + 1].text
    return (
        line[-1] not in _SENTENCE
        and abs(widths[i] + widths[i + 1] - width) <= _SQUEEZED
        and (line[-1].isascii() or following[0].isascii())
        and not _begins_anew(following)
        and not _begins_anew(line)
    )


def _continued(rows: Sequence[_Row], widths: list[float], page: _Page, done: set[int]) -> set[int]:
    """The rows of a width that go on in the next."""
    full = [_is_full(rows, widths, i, page.width) for i in range(len(rows) - 1)]
    style = _style(rows, widths, full, page.width)
    out: set[int] = set()

    def may_be_first(i: int) -> bool:
        """Whether a line may be a paragraph's first, which is shorter by the indent that it lost."""
        line = rows[i]
        return not line.indent and (style.lost_indent or bool(re.search("[，。；：、]", line.text)))

    for i in range(len(rows) - 1):
        is_full, line, following = full[i], rows[i], rows[i + 1]
        # What is left of a paragraph is no wider than the page; where much was wrapped, paragraphs may be run together.
        is_wide = max(widths[i : i + 2]) > page.widest + _HANGING
        is_first = i - 1 not in out and i - 1 not in done
        if not is_full and (not is_first or may_be_first(i)) and _are_one_line(rows, widths, i, page.width):
            out.add(i)
            widths[i + 1] += widths[i]
            full[i + 1 : i + 2] = [i + 2 < len(rows) and _is_full(rows, widths, i + 1, page.width)]
            continue
        if is_wide:
            is_broken = page.lines >= _MANY and (
                line.text[-1] in _OPENS or _goes_together(line.text[-1], following.text[0])
            )
            if not is_broken or line.text[-1] in _SENTENCE or _is_numbered_heading(line.text):
                continue
            if not is_full and widths[i] <= page.widest + _HANGING:
                continue
        elif not is_full and not (is_first and may_be_first(i) and _is_full(rows, widths, i, page.width - 2)):
            continue
        if _begins_anew(following.text) or _LEADERS.search(line.text) or is_byline(line.text):
            continue
        if (style.by_blanks and following.after_blank) or (style.is_indented and following.indent >= 1):
            continue
        is_inner = style.lost_indent and widths[i + 1] > page.width - 1.1
        if line.text[-1] in _SENTENCE:
            is_inner = is_inner or style.is_indented or style.by_blanks
            goes_on = is_full and (is_inner or (style.is_exact and widths[i] == page.width))
        elif _is_numbered_heading(line.text):
            goes_on = is_inner or _goes_together(line.text[-1], following.text[0])
        else:
            goes_on = True
        if goes_on:
            out.add(i)
    return out


def _is_full(rows: Sequence[_Row], widths: Sequence[float], i: int, width: float) -> bool:
    """Whether a line has no room for what the next begins with."""
    unit = _UNIT.match(rows[i + 1].text)
    needed = min(12.0, max(1.0, _em(unit[0]))) if unit else 1.0
    return widths[i] <= width + _HANGING and widths[i] + needed > width - 0.6


def _goes_together(a: str, b: str) -> bool:
    return bool(HAN_CHARACTER.match(a) and HAN_CHARACTER.match(b)) and _attraction(a, b) > 0


def _style(rows: Sequence[_Row], widths: Sequence[float], full: Sequence[bool], width: float) -> _Style:
    """How paragraphs are set off, by the lines behind one that is short and ends a sentence."""
    ends = [i for i in range(len(rows) - 1) if not full[i] and rows[i].text[-1] in "。！？" and widths[i] < width - 2]
    inner = [i for i in range(len(rows) - 1) if full[i] and rows[i].text[-1] not in _SENTENCE]
    firsts = [i + 1 for i in ends if i + 2 < len(rows) and not _begins_anew(rows[i + 1].text)]
    enough = max(2, 0.6 * len(firsts))
    indented = sum(rows[i].indent >= 1 for i in firsts)
    level = [i for i in inner if rows[i + 1].indent < 1]
    lost = [i for i in firsts if widths[i] > width - 4]
    blanks = sum(rows[i + 1].after_blank for i in ends)
    exact = sum(w == width and row.text[-1] in "。！？" for w, row in zip(widths, rows, strict=True))
    return _Style(
        is_indented=indented >= enough and 10 * len(level) >= 7 * len(inner),
        lost_indent=len(lost) >= 3 and sum(abs(widths[i] - width + 2) <= 1 for i in lost) * 10 >= 7 * len(lost),
        by_blanks=bool(ends)
        and 10 * blanks >= 8 * len(ends)
        and sum(rows[i + 1].after_blank for i in inner) * 20 <= len(inner),
        # Ends of paragraphs are spread over all widths, and one in `width` has this one.
        is_exact=exact >= 3 and exact * width >= 4 * len(ends) and max(widths[i] for i in inner) <= width,
    )


def _between(line: str, following: str) -> str:
    """What stands between two joined lines: a space between words of Latin letters, else nothing."""
    pair = line[-1] + following[0]
    return " " if pair.isascii() and (pair[0].isalpha() or pair[0] in ",.;:)") and pair[1].isalpha() else ""


def page_numbers(text: str) -> list[tuple[int, int]]:
    """Start and end of the lines that are page numbers: bare numbers that grow by one, a page apart.

    The text may have lost its form feeds. Numbers that follow each other closely are a list or a table.
    """
    found = [(m.start(1), m.end(1), int(m[2])) for m in _NUMBER.finditer(f"\n{text}")]
    if len(found) < 3:
        return []
    best: list[int] = []
    chains: dict[int, list[int]] = {}  # by their last number, indices of `found`
    for i, (start, _, number) in enumerate(found):
        earlier = max((chains.get(number - step, []) for step in (1, 2)), key=len)
        is_apart = earlier and start - found[earlier[-1]][0] >= _SPARSE
        chain = [*earlier, i] if is_apart else [i]
        if len(chain) >= len(chains.get(number, ())):
            chains[number] = chain
        best = max(best, chain, key=len)
    if len(best) < 3 or 2 * len(best) < len(found) or found[best[-1]][0] - found[best[0]][0] < _DENSE * (len(best) - 1):
        return []
    return [(found[i][0] - 1, found[i][1] - 1) for i in best]  # less the line end that was put ahead


def contents_entries(text: str) -> list[tuple[int, int]]:
    """Start and end of the entries of a table of contents, by their leaders and page numbers, if there are three."""
    if not any(leaders in text for leaders in ("....", "……", "····", ". . .", "… …", "· · ·")):
        return []
    entries, position = [], 0
    for line in text.split("\n"):
        if len(line) < 200 and _LEADERS.search(line.rstrip()):
            entries.append((position, position + len(line)))
        position += len(line) + 1
    return entries if len(entries) >= 3 else []
