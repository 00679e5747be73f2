"""Lines that a link or a tag broke within a sentence; what a page's width broke is told in `wrapping`."""

from __future__ import annotations

import re
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


def broken_lines(lines: Sequence[str]) -> list[bool]:
    """Whether each line goes on in the next one that is not empty.

    A line that begins with a closing mark continues the one before it, and so does the link text between. A line that
    ends with an opening mark or a comma goes on in the next, if that is no numbered item. So do the label of a byline
    and the line of the occasion (year, month, day) that breaks off before it names the meeting.
    """
    full = [i for i, line in enumerate(lines) if line]
    continues = [False] * len(full)  # whether the line goes on in the next
    for n in range(len(full) - 2, -1, -1):  # from the end: whether a fragment goes on decides about the line before it
        line, following = lines[full[n]], lines[full[n + 1]]
        fragment = n + 2 < len(full) and continues[n + 1] and len(following) < 40 and not _FINAL.search(following)
        continues[n] = bool(
            (following[0] in _CLOSES and not _FINAL.search(line))
            or (line[-1] in _OPENS and len(line) > 1 and not is_numbered(following))
            or (_ends_with_symbol(line) and _INDEX.match(following))
            or (n and _INDEX.fullmatch(line) and _ends_with_symbol(lines[full[n - 1]]) and not is_heading(following))
            or (len(following) <= 2 and len(line) < 40 and is_genre(line + following) and not is_genre(line))
            or (is_label(line) and len(following) <= 30 and not re.search("[:：。]", following[:12] + following[-1]))
            or (_OCCASION.match(line) and _OCCASION_END.search(following))
            or (fragment and lines[full[n + 2]][0] in _CLOSES and not _FINAL.search(line) and len(line) > 8)
        )
    out = [False] * len(lines)
    for n, goes_on in zip(full, continues, strict=True):
        out[n] = goes_on
    return out


def _ends_with_symbol(line: str) -> bool:
    return len(line) > 12 and bool(_SYMBOL.search(line[-4:]))
