"""Positions that other programs count otherwise, as code points of the text that was exported."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from .returned import ReturnedCoding

# How a program may count, as the message has it: whether a character beyond U+FFFF is two, whether \r\n is two, and
# whether the end is the last character, as the standard's words may be read, and not the one behind it.
WAYS = {
    "code points": (False, False, False),
    "units of UTF-16": (True, False, False),
    "two characters at the end of a line": (False, True, False),
    "units of UTF-16, two at the end of a line": (True, True, False),
    "code points, to the last character": (False, False, True),
    "units of UTF-16, to the last character": (True, False, True),
    "two characters at the end of a line, to the last character": (False, True, True),
    "units of UTF-16, two at the end of a line, to the last character": (True, True, True),
}


class Scale(NamedTuple):
    """Positions of one way of counting: the code point of each, and of the text's end; how far an end is off."""

    points: Sequence[int]
    more: int = 0

    def span(self, start: int, end: int) -> tuple[int, int] | None:
        """A span in code points; None if it lies outside the text."""
        end += self.more
        if not 0 <= start < end < len(self.points):
            return None
        return self.points[start], self.points[end]


def unified(text: str) -> str:
    """A text as it was exported: with \\n at the ends of lines."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def scale(text: str, way: str) -> Scale:
    """The scale of a text as it came back, for a way of counting of `WAYS`.

    >>> scale("𠮷a\\r\\nb", "units of UTF-16").points
    [0, 0, 1, 2, 3, 4]
    """
    wide, double, last = WAYS[way]
    points: list[int] = []
    at, i = 0, 0
    while i < len(text):
        crlf = text[i : i + 2] == "\r\n"
        points += [at] * (2 if (crlf and double) or (wide and text[i] > "\uffff") else 1)
        at, i = at + 1, i + (2 if crlf else 1)
    return Scale([*points, at], int(last))


def way_of_counting(
    texts: Sequence[str], codings: Iterable[ReturnedCoding], exported: Mapping[int, set[tuple[int, int]]]
) -> tuple[str, int]:
    """How a program counts: the way by which most codings lie where one was exported, and how many do.

    If several ways fit as well, it is the first of `WAYS`.

    Parameters
    ----------
    texts : sequence of str
        As they came back.
    codings : iterable of ReturnedCoding
    exported : mapping of int to set
        By text, spans that were exported.
    """
    codings = list(codings)
    best, most = "code points", -1
    for way, (wide, double, _) in WAYS.items():
        if (wide and not any(ord(max(text, default="\0")) > 0xFFFF for text in texts)) or (
            double and not any("\r\n" in text for text in texts)
        ):
            continue  # it is the same as one that was tried
        scales: dict[int, Scale] = {}
        fitting = 0
        for coding in codings:
            own = scales.get(coding.text) or scales.setdefault(coding.text, scale(texts[coding.text], way))
            fitting += own.span(coding.start, coding.end) in exported[coding.text]
        if fitting > most:
            best, most = way, fitting
    return best, most
