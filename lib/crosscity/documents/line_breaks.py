"""Lines that were broken within a paragraph: by a link, a tag, or the fixed width of a page."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING

from .structure import is_genre, is_heading, is_label, is_numbered

if TYPE_CHECKING:
    from collections.abc import Sequence

_OPENS = "《“‘（(【〈，、"
_CLOSES = "，。、；：！？》”’）】〉…"
_SYMBOL = re.compile("[^A-Za-z][A-Z]{1,3}$")
_INDEX = re.compile("[0-9]{1,2}(?:\\.[0-9])?(?![0-9.、．])")  # the subscript of M2, PM2.5, CO2, broken off
_OCCASION = re.compile("[—―-]{0,3}.{0,12}年.{1,3}月.{1,3}日在[^。，]{4,40}(?<![上。])$")
_OCCASION_END = re.compile("^[^。，]{2,30}(?:会议|大会)上[)）]?$")
_FINAL = re.compile("[。！？；：!?;:…”’）)】》]$")
_PROSE = re.compile("[，。；、]")
_INDENT = re.compile("(?:\u3000{1,4}|[ \xa0]{2,8}|\t)(?=[^\u3000\\s])")
_NARROW = re.compile("[ -~]")
_NARROWER = 3  # characters that a line of full width may lack: an indent of two, or a mark that may not begin a line
_A_PAGE, _A_FEW = 12, 6  # lines: of a page whose width speaks for itself, and of a short text of prose


def broken_lines(lines: Sequence[str]) -> list[bool]:
    """Whether each line goes on in the next one that is not empty.

    A line that begins with a closing mark continues the one before it, and so does the link text between. A line that
    ends with an opening mark or a comma goes on in the next, and so do the label of a byline and the line of the
    occasion (year, month, day) that breaks off before it names the meeting. Where many lines have the full width of a
    page and no final mark, the page was wrapped, and such a line goes on too.
    """
    full = [i for i, line in enumerate(lines) if line]
    least, most = _page_width([lines[i] for i in full])
    continues = [False] * len(full)  # whether the line goes on in the next
    for n in range(len(full) - 2, -1, -1):  # from the end: whether a fragment goes on decides about the line before it
        line, following = lines[full[n]], lines[full[n + 1]]
        fragment = n + 2 < len(full) and continues[n + 1] and len(following) < 40 and not _FINAL.search(following)
        fragment = fragment and not least <= len(following) <= most
        is_full = least <= len(line) <= most or least <= _breadth(line) <= most
        is_full = is_full and not _FINAL.search(line) and not is_heading(following)
        continues[n] = bool(
            (following[0] in _CLOSES and not _FINAL.search(line))
            or (line[-1] in _OPENS and len(line) > 1)
            or (_ends_with_symbol(line) and _INDEX.match(following))
            or (n and _INDEX.fullmatch(line) and _ends_with_symbol(lines[full[n - 1]]) and not is_heading(following))
            or (len(following) <= 2 and len(line) < 40 and is_genre(line + following) and not is_genre(line))
            or (is_label(line) and len(following) <= 30 and not re.search("[:：。]", following[:12] + following[-1]))
            or (_OCCASION.match(line) and _OCCASION_END.search(following))
            or (fragment and lines[full[n + 2]][0] in _CLOSES and not _FINAL.search(line) and len(line) > 8)
            or (is_full and not (is_heading(line) and len(line) < most - 4 and not _PROSE.search(line)))
        )
    out = [False] * len(lines)
    for n, goes_on in zip(full, continues, strict=True):
        out[n] = goes_on
    return out


def _ends_with_symbol(line: str) -> bool:
    return len(line) > 12 and bool(_SYMBOL.search(line[-4:]))


def _breadth(line: str) -> float:
    """The breadth of a line in print, where Latin letters and digits take half the room."""
    return len(line) - len(_NARROW.findall(line)) / 2


def _page_width(lines: Sequence[str]) -> tuple[int, int]:
    """The least and most characters of a line of full width on a wrapped page; (0, -1) if the page was not wrapped.

    At least half of all lines of a page have its width, within three characters. A few lines do so by chance: they
    must be prose that breaks off, too.
    """
    if len(lines) < _A_FEW:
        return 0, -1
    width, _ = Counter(map(len, lines)).most_common(1)[0]
    near = [line for line in lines if width - _NARROWER <= len(line) <= width + 3]
    if not 18 <= width <= 60 or len(near) * 2 < len(lines):
        return 0, -1
    if len(lines) < _A_PAGE:
        prose = [line for line in near if _PROSE.search(line[:-1]) and not is_numbered(line)]
        broken = [line for line in prose if not _FINAL.search(line) and line[-1] not in _OPENS]
        if len(prose) * 4 < len(near) * 3 or len(broken) < max(3, len(near) // 2):
            return 0, -1
    return width - _NARROWER, width + 3


def wrapped_by_indents(lines: Sequence[str]) -> list[bool]:
    """Whether each line goes on in the next one, on a wrapped page whose paragraphs begin with an indent.

    There a line of full width goes on wherever the next one has no indent, even if it happens to end a sentence.
    """
    none = [False] * len(lines)
    full = [i for i, line in enumerate(lines) if line.strip()]
    indented = {i for i in full if _INDENT.match(lines[i])}
    if len(full) < _A_PAGE or not 2 <= len(indented) <= len(full) * 2 // 3:
        return none
    widths = Counter(len(lines[i].rstrip()) for i in full)
    width, _ = widths.most_common(1)[0]
    near = [i for i in full if width - _NARROWER <= len(lines[i].rstrip()) <= width + 1]
    if not 18 <= width <= 60 or len(near) * 2 < len(full):
        return none
    for here, behind in pairwise(full):
        follows = behind == here + 1 and behind not in indented and not is_heading(lines[behind].strip())
        none[here] = follows and here in near and not is_heading(lines[here].strip())
    return none
