"""Edits of a text: what a step of cleaning changes, and the text after it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import re
    from collections.abc import Callable, Iterator, Sequence


class Edit(NamedTuple):
    """Replace text[start:end] by `after`; offsets refer to the text before the step."""

    start: int
    end: int
    after: str
    rule: str
    confidence: float = 1.0


def apply_edits(text: str, edits: Sequence[Edit]) -> str:
    """The text after edits, which must be in order and not overlap."""
    out: list[str] = []
    last = 0
    for edit in edits:
        out += text[last : edit.start], edit.after
        last = edit.end
    return "".join(out) + text[last:]


def positioned_lines(text: str) -> Iterator[tuple[int, str]]:
    """Each line with the offset of its first character."""
    position = 0
    for line in text.split("\n"):
        yield position, line
        position += len(line) + 1


def substitutions(
    pattern: re.Pattern[str], text: str, replacement: str | Callable[[re.Match[str]], str | None], rule: str
) -> list[Edit]:
    """Edits for each match of a pattern whose replacement differs from it; None leaves a match alone."""
    edits = []
    for match in pattern.finditer(text):
        after = replacement(match) if callable(replacement) else replacement
        if after is not None and after != match[0]:
            edits.append(Edit(match.start(), match.end(), after, rule))
    return edits
