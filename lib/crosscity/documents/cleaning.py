"""From crawled text to the text that was written, by a fixed order of steps, each of which logs its changes.

A step takes the whole text and returns edits; `clean` applies and logs them, and `replay` applies the log to the
source. A step leaves alone what it cannot be sure of.
"""

from __future__ import annotations

import html
import itertools
import operator
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from ..chinese import HAN, HAN_CHARACTER
from .boilerplate import boilerplate_lines
from .byte_slips import find_repairs
from .character_forms import blanks, forms, full_stops
from .characters import PINYIN, count_traditional, is_reading, simplify
from .edits import Edit, apply_edits, positioned_lines, substitutions
from .flattened import flattened
from .formats import UnreadableError
from .line_breaks import broken_lines
from .repetition import RepeatedLines
from .structure import is_appendix, is_heading
from .wrapping import contents_entries, find_wraps, page_numbers

MOST_CHANGES = 1_000_000  # of a document; each is a row of the log

_Step = tuple[str, Callable[..., list[Edit]]]


class Cleaned(NamedTuple):
    """A document's text after cleaning.

    Attributes
    ----------
    text : str
        One paragraph a line.
    lines : list of int
        For each line of `text`, the line of the source (1-based) that it came from.
    script : str
        hant or hans: of the source.
    log : list of dict
        Rows of the table cleaning_log, without doc_id.
    """

    text: str
    lines: list[int]
    script: str
    log: list[dict[str, Any]]


def clean(source: str, hints: Sequence[str] = (), repeated: RepeatedLines | None = None) -> Cleaned:
    """Clean one document.

    Parameters
    ----------
    source : str
    hints : sequence of str
        Title, publisher and speaker from the manifest: a short line that is one of them is kept.
    repeated : RepeatedLines, optional
        Lines that other documents of the corpus share.

    Raises
    ------
    UnreadableError
        If a text needs more than `MOST_CHANGES` changes; without its name, which is not known here.
    """
    text = source
    log: list[dict[str, Any]] = []
    lines = list(range(1, source.count("\n") + 2))
    script = detect_script(source)
    unchanged: dict[str, str | None] = {}  # by step, the text in which it found nothing to change
    every: list[_Step] = [*STEPS * _ROUNDS, ("blank lines", blank_lines)]
    for number, (name, step) in enumerate(every, start=1):
        if number % len(STEPS) == 1 and number > 1 and not _has_changed(log, number - len(STEPS)):
            break
        if unchanged.get(name) is text or (name == "script" and detect_script(text) == "hans"):
            continue
        edits = step(text, hints, repeated) if name == "boilerplate" else step(text)
        if name == "damage" and number > len(STEPS):
            edits = []
        if len(log) + len(edits) > MOST_CHANGES:
            msg = f"needs more than {MOST_CHANGES:,} changes in cleaning: take out what is no text"
            raise UnreadableError(msg)
        unchanged[name] = None if edits else text
        if edits:
            log += _log_rows(text, lines, number, edits)
            text, lines = apply_edits(text, edits), _source_lines(text, lines, edits)
    return Cleaned(text, lines, script, log)


def _has_changed(log: list[dict[str, Any]], since: int) -> bool:
    """Whether the steps from this number on changed the text so that another round may find more.

    Forms of characters give the steps before them nothing to do.
    """
    rules = (row["rule"] for row in log if row["step"] >= since)
    return any(rule != "damaged" and not rule.startswith("form:") for rule in rules)


def replay(source: str, log: Sequence[Mapping[str, Any]]) -> str:
    """The cleaned text, from the source and its rows of cleaning_log.

    Raises
    ------
    ValueError
        If a row's `before` is not what stands there.
    """
    text = source
    for step in sorted({row["step"] for row in log}):
        rows = [row for row in log if row["step"] == step]
        for row in rows:
            if text[row["start"] : row["end"]] != row["before"]:
                msg = f"step {step}: {row['before']!r} does not stand at {row['start']}"
                raise ValueError(msg)
        text = apply_edits(text, [Edit(r["start"], r["end"], r["after"], r["rule"]) for r in rows])
    return text


def _log_rows(text: str, lines: list[int], step: int, edits: Sequence[Edit]) -> list[dict[str, Any]]:
    rows, line, position = [], 0, 0
    for edit in edits:
        line += text.count("\n", position, edit.start)
        position = edit.start
        rows.append(
            {
                "step": step,
                "line": lines[line],
                "start": edit.start,
                "end": edit.end,
                "rule": edit.rule,
                "before": text[edit.start : edit.end],
                "after": edit.after,
                "confidence": edit.confidence,
            }
        )
    return rows


def _source_lines(text: str, lines: list[int], edits: Sequence[Edit]) -> list[int]:
    """The source line of each line after the edits: that of its first character."""
    if not any("\n" in edit.after or "\n" in text[edit.start : edit.end] for edit in edits):
        return lines
    out, line, position = [lines[0]], 0, 0
    empty = True  # the new line has no character yet
    for edit in [*edits, Edit(len(text), len(text), "", "")]:
        for piece, is_kept in ((text[position : edit.start], True), (edit.after, False)):
            if not is_kept:
                line += text.count("\n", edit.start, edit.end)
            for i, part in enumerate(piece.split("\n")):
                if i:
                    line += is_kept
                    out.append(lines[line])
                    empty = True
                if part and empty:
                    out[-1] = lines[line]
                    empty = False
        position = edit.end
    return out


_SPACES = " \t\u3000\xa0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f"
_BREAKS = "\r\n\u2028\u2029\x85\v\f"
# Controls, zero-width characters, marks of the direction of writing, fillers and marks of annotations.
_INVISIBLE = (
    "\x00-\x08\x0e-\x1f\x7f\u00ad\u034f\u061c\u115f\u1160\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\u3164\ufeff\uffa0\ufff9-\ufffb"
)
_UNWANTED = re.compile(f"[\r{_BREAKS[2:]}{_INVISIBLE}]")
_CONTROL = re.compile(f"\r\n?|[{_BREAKS[2:]}]+|[{_INVISIBLE}]+")


def line_ends(text: str) -> list[Edit]:
    """Make all line ends \\n; remove control characters, zero-width ones and marks of the direction of writing."""
    if not _UNWANTED.search(text):
        return []
    return substitutions(_CONTROL, text, _line_end, "line-end")


def _line_end(match: re.Match[str]) -> str:
    """What stays of a match of `_CONTROL`."""
    return "\n" if match[0][0] in _BREAKS else ""


def running_heads(text: str) -> list[Edit]:
    """Remove page numbers, and lines at the top or bottom of at least three pages and half of all.

    Pages are separated by form feeds, as `formats.read_pdf` has them. Words at the top of the first page stay, since
    they are the headline, and so do numbered headings. A number is a page's if it grows with the pages.
    """
    pages = text.split("\f")
    if len(pages) < 3:
        return []
    edges, position = [], 0
    for number, page in enumerate(pages):
        lines = [m.span() for m in re.finditer("[^\n\r]+", page) if m[0].strip()]
        for start, end in sorted({*lines[:2], *lines[-2:]}):
            line = page[start:end]
            if not is_heading(line) and not is_appendix(line):
                edges.append(_EdgeLine(number, position + start, position + end, _without_page_number(line, number)))
        position += len(page) + 1
    pages_with = Counter(key for _, key in {(edge.page, edge.key) for edge in edges})
    needed = max(3, len(pages) / 2)
    title = next((edge.start for edge in edges if not edge.page and HAN_CHARACTER.search(edge.key)), None)
    return [
        Edit(edge.start, edge.end, "", "furniture:running-head")
        for edge in edges
        if pages_with[edge.key] >= needed and edge.start != title
    ]


class _EdgeLine(NamedTuple):
    """A line at the top or bottom of a page; its key is the same on all pages for a running head."""

    page: int
    start: int
    end: int
    key: str


def _without_page_number(line: str, page: int) -> str:
    """A line whose first number is given as its distance from the page's, which is constant for a page number."""
    relative = re.sub("\\d{1,4}", lambda m: f"#{int(m[0]) - page}", line, count=1)
    return re.sub("\\s+", "", relative)


# Where a font of its own set the dot behind an item's number, there is a character of private use: 1\ue010加强统筹.
_PRIVATE = re.compile("[\ue000-\uf8ff]")
_PRIVATE_DOT = re.compile(
    f"(?m)(?:(?<=^\\d)|(?<=^\\d\\d)|(?<=[{_SPACES}。；：]\\d)|(?<=[{_SPACES}]\\d\\d))[\ue000-\uf8ff](?=[{HAN}“])"
)


def private_dots(text: str) -> list[Edit]:
    """Put a dot for a character of private use between an item's number and its text."""
    return substitutions(_PRIVATE_DOT, text, ".", "enumerator") if _PRIVATE.search(text) else []


def slips(text: str) -> list[Edit]:
    """Repair runs of bytes that were read out of step; see `byte_slips`."""
    return [Edit(r.start, r.end, r.after, "slip", r.confidence) for r in find_repairs(text)]


# Entities of which crawlers often leave the name alone, without &.
_HALF = {
    "ldquo": "“",
    "rdquo": "”",
    "lsquo": "‘",
    "rsquo": "’",
    "mdash": "—",
    "hellip": "…",
    "middot": "·",
    "nbsp": "\xa0",
}
_ENTITY_END = re.compile("[A-Za-z0-9];")
_ENTITY = re.compile(
    "&(?:(?:amp|AMP|#0*38|#[xX]0*26);)*(#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]{2,8}[0-9]{0,2});"
    # An opening mark does not follow a letter; a closing one may: “1+10rdquo;.
    "|(?<!&)(?:(?<![A-Za-z0-9])(?=l[ds]quo)|(?!l[ds]quo))(" + "|".join(_HALF) + ");"
)


def entities(text: str) -> list[Edit]:
    """Decode &ldquo;, &#8220; and the half-decoded ldquo;; an unknown name stays, and a control character goes."""
    if not _ENTITY_END.search(text):
        return []

    def decoded(match: re.Match[str]) -> str | None:
        if match[2]:
            return _HALF[match[2]]
        character = html.unescape(f"&{match[1]};")
        if len(character) > 1 and character.startswith("&"):
            return None
        if re.fullmatch("#[xX]?0+", match[1]):
            return ""
        return "\n" if character == "\n" else _CONTROL.sub(_line_end, character)

    return substitutions(_ENTITY, text, decoded, "entity")


_BACKSLASH = re.compile(r"(?<!\\)\\+(?=[“”‘’\"'「」『』])")


def backslashes(text: str) -> list[Edit]:
    r"""Remove backslashes before a quotation mark; any other stays."""
    return substitutions(_BACKSLASH, text, "", "backslash") if "\\" in text else []


def contents(text: str) -> list[Edit]:
    """Remove the entries of a table of contents, whose headings the text has, and page numbers within the text."""
    found = [(*span, "furniture:running-head") for span in page_numbers(text)]
    found += [(*span, "furniture:contents") for span in contents_entries(text)]
    return [Edit(start, end, "", rule) for start, end, rule in sorted(found)]


def wraps(text: str) -> list[Edit]:
    """Join lines that were broken at the width of a page; see `wrapping`."""
    return [Edit(start, end, between, "join") for start, end, between in find_wraps(text)]


def indents(text: str) -> list[Edit]:
    """Remove spaces at the beginning and end of lines."""
    edits = []
    for start, line in positioned_lines(text):
        if line and (line[0] in _SPACES or line[-1] in _SPACES):
            end = start + len(line)
            first = end - len(line.lstrip(_SPACES))
            if first > start:
                edits.append(Edit(start, first, "", "indent"))
            last = max(first, start + len(line.rstrip(_SPACES)))
            if last < end:
                edits.append(Edit(last, end, "", "indent"))
    return edits


def detect_script(text: str) -> str:
    """hant if conversion to simplified would change more than one Chinese character in twenty, else hans."""
    changed, characters = count_traditional(text)
    return "hant" if changed * 20 > characters else "hans"


# 著 as itself, not as the traditional form of the particle 着.
_ZHU = re.compile("(?<![讨争谈议辩]论)(?<=[名原专论编巨土卓昭译遗拙显所])著(?![力重眼手])|著(?=[名作述称书录者]|有《)")


def simplified(text: str) -> list[Edit]:
    """Convert traditional characters to simplified ones, and the particle 著 to 着; an edit a run of changes."""
    lines = text.split("\n")
    converted = simplify(text).split("\n")  # at once, which is faster by far
    if len(converted) != len(lines):
        converted = [simplify(line) for line in lines]
    edits, position = [], 0
    for line, after in zip(lines, converted, strict=True):
        if "著" in after:
            stays = {m.start() for m in _ZHU.finditer(after)}
            after = "".join("着" if c == "著" and i not in stays else c for i, c in enumerate(after))
        if len(after) != len(line):
            edits.append(Edit(position, position + len(line), after, "script"))
        elif after != line:
            for match in re.finditer(b"\1+", bytes(map(operator.ne, line, after))):
                i, j = match.span()
                edits.append(Edit(position + i, position + j, after[i:j], "script"))
        position += len(line) + 1
    return edits


_BRACKETED = re.compile(f"[(（]({PINYIN})[)）]")
_ANNOTATION = re.compile(f"(?<=[{HAN}])(?:{_BRACKETED.pattern})+")


def pinyin_annotations(text: str) -> list[Edit]:
    """Remove bracketed pinyin that is a reading of the character before it.

    Of several brackets in a row one is removed if all before it are.
    """
    if not _BRACKETED.search(text):
        return []

    def without_readings(match: re.Match[str]) -> str:
        brackets = _BRACKETED.finditer(match[0])
        stay = itertools.dropwhile(lambda m: is_reading(text[match.start() - 1], m[1]), brackets)
        return "".join(m[0] for m in stay)

    return substitutions(_ANNOTATION, text, without_readings, "pinyin")


def joins(text: str) -> list[Edit]:
    """Join lines that a link or a tag broke within a sentence (`line_breaks.broken_lines`)."""
    lines = text.split("\n")
    return _joined(lines, broken_lines(lines))


def _joined(lines: Sequence[str], goes_on: Sequence[bool]) -> list[Edit]:
    """The edits that join each line that goes on with the next one that is not empty."""
    edits: list[Edit] = []
    starts = [0, *itertools.accumulate(len(line) + 1 for line in lines)]
    full = [i for i, line in enumerate(lines) if line.strip(_SPACES)]
    for here, behind in itertools.pairwise(full):
        if goes_on[here]:
            line, following = lines[here].rstrip(_SPACES), lines[behind].lstrip(_SPACES)
            # Between Latin letters the line end was a space.
            letters = line[-1] + following[0]
            space = " " if letters.isascii() and letters.isalpha() else ""
            end = starts[behind] + len(lines[behind]) - len(following)
            edits.append(Edit(starts[here] + len(line), end, space, "join"))
    return edits


_END_MARK = re.compile(f"(?<=[{HAN}。！？”）)])(?:[{_SPACES}]*(?:endprint|END|[（(]完[)）]|【完】))+$")


def end_marks(text: str) -> list[Edit]:
    """Remove the mark that a page sets behind an article's last word."""
    edits = []
    for position, line in positioned_lines(text):
        if line.endswith(("endprint", "END", "完)", "完）", "【完】")) and (match := _END_MARK.search(line)):
            edits.append(Edit(position + match.start(), position + len(line), "", "end-mark"))
    return edits


_SUSPECT = re.compile("[\ue000-\uf8ff\ufffd?]")


def damage(text: str) -> list[Edit]:
    """Mark runs that look like text read one byte out of step: edits that change nothing, with confidence 0.

    A question mark is suspect only near a character that GB 2312 lacks; one that someone wrote is not.
    """
    edits, last = [], 0
    for match in _SUSPECT.finditer(text):
        start, end = max(last, match.start() - 8), match.end() + 12
        start = max(start, text.rfind("\n", start, match.start()) + 1)
        end = end if "\n" not in text[match.start() : end] else text.index("\n", match.start())
        around = text[max(start, match.start() - 3) : end]
        if match.start() >= last and (match[0] != "?" or any(map(_is_rare, around))):
            edits.append(Edit(start, min(end, len(text)), text[start:end], "damaged", 0.0))
            last = end
    return edits


def _is_rare(character: str) -> bool:
    """Whether a character is of the private use area, or Chinese and not in GB 2312."""
    if not "\u3400" <= character <= "\u9fff":
        return "\ue000" <= character <= "\uf8ff"
    try:
        return not character.encode("gb2312")
    except UnicodeEncodeError:
        return True


def blank_lines(text: str) -> list[Edit]:
    """Remove empty lines, and the line end at the end of the file."""
    edits = []
    lines = list(positioned_lines(text))
    last = max((i for i, (_, line) in enumerate(lines) if line.strip()), default=0)
    for i, (position, line) in enumerate(lines):
        if line.strip():
            continue
        # An empty line goes with its own line end; after the last paragraph, with the one before it.
        if i < last:
            edits.append(Edit(position, position + len(line) + 1, "", "blank-line"))
        elif i:
            edits.append(Edit(position - 1, position + len(line), "", "blank-line"))
    return edits


def boilerplate(text: str, hints: Sequence[str] = (), repeated: RepeatedLines | None = None) -> list[Edit]:
    """Remove lines that belong to the page and not to the document; the rule names the reason."""
    dropped = boilerplate_lines(text.split("\n"), hints, repeated)
    return [
        Edit(position, position + len(line), "", f"furniture:{dropped[i]}")
        for i, (position, line) in enumerate(positioned_lines(text))
        if i in dropped
    ]


# At most so many rounds: a step may give an earlier one more to do. Cleaning a clean text then changes nothing.
_ROUNDS = 4

STEPS: list[_Step] = [
    ("running heads", running_heads),
    ("line ends", line_ends),
    ("private dots", private_dots),
    ("slips", slips),
    ("forms", forms),
    ("entities", entities),
    ("backslashes", backslashes),
    ("contents", contents),
    ("one line", flattened),
    ("wraps", wraps),
    ("full stops", full_stops),
    ("indents", indents),
    ("blanks", blanks),
    ("annotations", pinyin_annotations),
    ("script", simplified),
    ("end marks", end_marks),
    ("blank lines", blank_lines),
    ("joins", joins),
    ("damage", damage),
    ("boilerplate", boilerplate),
]
