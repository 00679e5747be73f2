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
    f"(?P<before>^{_BLANKS}{{0,8}}|(?<=[。！？；）”]){_BLANKS}{{1,8}})(?P<number>[一二三四五六七八九十]{{1,3}})、{_BLANKS}{{0,8}}"
    f"(?:(?:[{HAN}]{_BLANKS}{{1,8}}){{1,5}}[{HAN}](?={_BLANKS})|[{HAN}、“”]{{2,20}}(?={_BLANKS}))(?P<behind>{_BLANKS}{{1,8}})"
)
_END = re.compile(f"(?<=[。！？])(?P<blanks>{_BLANKS}{{1,8}})(?=[{HAN}“《（0-9])")


def flattened(text: str) -> list[Edit]:
    """Part a line that holds a whole text: before and behind its numbered headings, and where sentences end in blanks.

    A line is one if it is long and has headings numbered 一, 二, 三 in order; in any other, blanks say nothing.
    """
    edits = []
    for position, line in positioned_lines(text):
        if len(line) < _LONG or "二、" not in line:
            continue
        sections = list(_in_order(line))
        if len(sections) < _FEWEST:
            continue
        spans = [span for m in sections for span in (m.span("before"), m.span("behind")) if span[1]]
        taken = {place for start, end in spans for place in range(start, end)}
        spans += [m.span("blanks") for m in _END.finditer(line) if m.start("blanks") not in taken]
        edits += [Edit(position + start, position + end, "\n", "split") for start, end in sorted(spans)]
    return edits


def _in_order(line: str) -> Iterator[re.Match[str]]:
    """The headings of a line that are numbered from one on, as far as they are."""
    number = 0
    for match in _SECTION.finditer(line):
        if numeral_below_100(match["number"]) == number + 1:
            number += 1
            yield match
