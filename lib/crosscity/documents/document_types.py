"""What type of document a text is, by the marks of its title, its structure and its words."""

from __future__ import annotations

import functools
import itertools
import math
import re
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ..files import read_tsv

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

# Values of the column doc_type. "resolution" and "work report" (of a government) are older than the others.
DOCUMENT_TYPES = (
    "regulation",
    "plan",
    "notice",
    "communiqué",
    "work report",
    "resolution",
    "feedback",
    "news",
    "essay",
    "speech",
    "congress report",
    "minutes",
    "explanation",
    "unknown",
)
UNKNOWN = "unknown"

_HEAD, _TEXT = 600, 20_000  # characters that are looked at
_LEAST, _LEAD = 5, 1  # points that a type must have, and have more than the next
_LONG = 500  # characters; what a longer notice encloses (关于印发…方案的通知) is the document
_ENCLOSED = re.compile("(?:印发|转发|发布|公布)[^《]{0,30}《?(?P<inner>[^《》]{2,80}?)》?的(?:通知|公告|通告|函)$")
_BRACKETS = re.compile("[（(〔\\[【][^（）()〔〕\\[\\]【】]{0,30}[）)〕\\]】]\\s*$")
_MARKS = re.compile("[\\s。，、；;：:！!]+$")


class _Mark(NamedTuple):
    """A line of resources/document-types.tsv."""

    type: str
    where: str
    least: int
    points: int
    pattern: re.Pattern[str]


def document_type(title: str, text: str) -> str:
    """One of `DOCUMENT_TYPES`: the type with the most marks, "unknown" where they are few or speak for several.

    Parameters
    ----------
    title : str
        The document's headline, or empty.
    text : str
        Cleaned, a paragraph a line.
    """
    points = _points(title, text)
    (first, most), (_, next_most) = sorted(points.items(), key=lambda item: -item[1])[:2]
    return first if most >= _LEAST and most - next_most >= _LEAD else UNKNOWN


def _points(title: str, text: str) -> dict[str, int]:
    """The points of each type."""
    text = text[:_TEXT]
    title = _bare(title)
    enclosed = _ENCLOSED.search(title) if len(text) > _LONG else None
    if enclosed:
        title = _bare(enclosed["inner"])
    head = text[:_HEAD]
    lines = [line.strip() for line in text.split("\n")]
    points = dict.fromkeys(DOCUMENT_TYPES[:-1], 0)
    for mark in _marks():
        if enclosed and (mark.type, mark.where) == ("notice", "head"):
            continue  # the letter that covers the document
        if mark.where == "title":
            found = title and mark.pattern.search(title)
        elif mark.where == "head":
            found = mark.pattern.search(head)
        elif mark.where == "line":
            found = _reaches(mark.least, map(mark.pattern.fullmatch, lines))
        else:
            least = mark.least if mark.where == "text" else max(2, mark.least * len(text) / 1000)
            found = _reaches(least, mark.pattern.finditer(text))
        if found:
            points[mark.type] += mark.points
    return points


def _reaches(least: float, matches: Iterator[Any]) -> bool:
    """Whether there are so many matches; no more are looked for than it takes."""
    return next(itertools.islice(filter(None, matches), math.ceil(least) - 1, None), None) is not None


def _bare(title: str) -> str:
    """A title without the marks and brackets at its end: （试行）, （2021-2023年）."""
    title = _MARKS.sub("", title.strip())
    while (shorter := _MARKS.sub("", _BRACKETS.sub("", title))) != title:
        title = shorter
    return title


@functools.cache
def _marks() -> list[_Mark]:
    rows = read_tsv(Path(__file__).with_name("resources") / "document-types.tsv")
    return [
        _Mark(kind, where, int(least), int(points), re.compile(pattern, re.MULTILINE))
        for kind, where, least, points, pattern in rows
    ]
