"""Crawled text to the text that was written: a fixed order of steps, each of which says what it changed.

A step looks at the whole text and returns edits; `clean` applies them and logs them. Applying the log to the source
gives the text again (`replay`). What a step cannot be sure of it leaves alone.
"""

import html
import itertools
import re
from collections import Counter
from collections.abc import Callable
from typing import Any, NamedTuple

from ..chinese import HAN, HAN_CHARACTER
from .boilerplate import boilerplate_lines
from .byte_slips import find_repairs
from .characters import PINYIN, count_traditional, is_reading, simplify
from .structure import is_appendix, is_genre, is_heading, is_label


class Edit(NamedTuple):
    """Replace text[start:end] by `after`; offsets are those of the text before the step."""

    start: int
    end: int
    after: str
    rule: str
    confidence: float = 1.0


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
    lines: list
    script: str
    log: list


def clean(source, hints=(), repeated=None):
    """Clean one document.

    Parameters
    ----------
    source : str
    hints : sequence of str
        What the manifest knows of the document (title, publisher, speaker): a short line that is one of them is kept.

    repeated : RepeatedLines, optional
        What other documents of the corpus share, as `repeated_lines` gives it.

    Returns
    -------
    Cleaned
    """
    text = source
    log: list[dict[str, Any]] = []
    lines = list(range(1, source.count("\n") + 2))
    script = detect_script(source)
    settled: dict[str, str | None] = {}  # by step, the text in which it found nothing to do
    every: list[tuple[str, Callable[..., list[Edit]]]] = [*STEPS * _ROUNDS, ("blank lines", blank_lines)]
    for number, (name, step) in enumerate(every, start=1):
        if number % len(STEPS) == 1 and number > 1 and not _changed(log, number - len(STEPS)):
            break
        if settled.get(name) is text or (name == "script" and detect_script(text) == "hans"):
            continue
        edits = step(text, hints, repeated) if name == "furniture" else step(text)
        if name == "damage" and number > len(STEPS):
            edits = []
        settled[name] = None if edits else text
        if edits:
            log += _log_rows(text, lines, number, edits)
            text, lines = apply_edits(text, edits), _follow_lines(text, lines, edits)
    return Cleaned(text, lines, script, log)


def _changed(log, since):
    """Whether a round changed the text: then another may find more to do."""
    return any(row["step"] >= since and row["rule"] != "damaged" for row in reversed(log))


def apply_edits(text, edits):
    """The text with edits carried out; they must be in order and must not overlap."""
    out: list[str] = []
    last = 0
    for edit in edits:
        out += text[last : edit.start], edit.after
        last = edit.end
    return "".join(out) + text[last:]


def replay(source, log):
    """Apply rows of cleaning_log to the source: step by step, within a step from the front.

    Raises
    ------
    ValueError
        If a row's `before` is not what stands there.
    """
    text = source
    steps = sorted({row["step"] for row in log})
    for step in steps:
        rows = [row for row in log if row["step"] == step]
        for row in rows:
            if text[row["start"] : row["end"]] != row["before"]:
                msg = f"step {step}: {row['before']!r} does not stand at {row['start']}"
                raise ValueError(msg)
        text = apply_edits(text, [Edit(r["start"], r["end"], r["after"], r["rule"]) for r in rows])
    return text


def _log_rows(text, lines, step, edits):
    rows, line, position = [], 0, 0
    for e in edits:
        line += text.count("\n", position, e.start)
        position = e.start
        row = {"step": step, "line": lines[line], "start": e.start, "end": e.end, "rule": e.rule}
        rows.append({**row, "before": text[e.start : e.end], "after": e.after, "confidence": e.confidence})
    return rows


def _follow_lines(text, lines, edits):
    """The source line of each line after the edits: a line begins where its first character came from."""
    if not any("\n" in e.after or "\n" in text[e.start : e.end] for e in edits):
        return lines
    out, line, position = [lines[0]], 0, 0
    fresh = True  # nothing is on the new line yet: it takes the number of the first that is put there
    for e in [*edits, Edit(len(text), len(text), "", "")]:
        for piece, moves in ((text[position : e.start], True), (e.after, False)):
            if not moves:
                line += text.count("\n", e.start, e.end)
            for i, part in enumerate(piece.split("\n")):
                if i:
                    line += moves
                    out.append(lines[line])
                    fresh = True
                if part and fresh:
                    out[-1] = lines[line]
                    fresh = False
        position = e.end
    return out


def _substitutions(pattern, text, replacement, rule):
    """Edits for each match of a pattern whose replacement differs from it."""
    edits = []
    for match in pattern.finditer(text):
        after = replacement(match) if callable(replacement) else replacement
        if after is not None and after != match[0]:
            edits.append(Edit(match.start(), match.end(), after, rule))
    return edits


_BREAKS = "\r\n\u2028\u2029\x85\v\f"
_INVISIBLE = "\x00-\x08\x0e-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad"
_UNWANTED = re.compile(f"[\r{_BREAKS[2:]}{_INVISIBLE}]")
_CONTROL = re.compile(f"\r\n?|[{_BREAKS[2:]}]+|[{_INVISIBLE}]+")


def line_ends(text):
    """One kind of line end; control characters, zero-width ones and those that turn the direction of writing go."""
    if not _UNWANTED.search(text):
        return []
    return _substitutions(_CONTROL, text, lambda m: "\n" if m[0][0] in _BREAKS else "", "line-end")


def running_heads(text):
    """What stands at the top or the bottom of at least three pages and half of all goes, and so do page numbers.

    Pages are told apart by form feeds, as a PDF's are. Words at the top of the first page stay, since they are the
    headline, and so do headings with a number. A number is a page's where it grows with the pages.
    """
    pages = text.split("\f")
    if len(pages) < 3:
        return []
    edges, position = [], 0
    for number, page in enumerate(pages):
        lines = [m.span() for m in re.finditer("[^\n\r]+", page) if m[0].strip()]
        edges += [
            (number, position + a, position + b, _masked(page[a:b], number))
            for a, b in sorted({*lines[:2], *lines[-2:]})
            if not is_heading(page[a:b]) and not is_appendix(page[a:b])
        ]
        position += len(page) + 1
    often = Counter(key for _, key in {(number, key) for number, *_, key in edges})
    needed = max(3, len(pages) / 2)
    title = next((start for number, start, _, key in edges if not number and HAN_CHARACTER.search(key)), None)
    return [
        Edit(start, end, "", "furniture:running-head")
        for _, start, end, key in edges
        if often[key] >= needed and start != title
    ]


def _masked(line, page):
    """A line with its first number as the distance from the page's: the same throughout where it counts the pages."""
    counted = re.sub("\\d{1,4}", lambda m: f"#{int(m[0]) - page}", line, count=1)
    return re.sub("\\s+", "", counted)


def slips(text):
    """Runs of bytes that were read out of step are read again; see `slips`."""
    return [Edit(r.start, r.end, r.after, "slip", r.confidence) for r in find_repairs(text)]


# Names that stand without & and ; as often as with them, once a careless reader has been there.
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
    # What opens does not follow a letter; what closes may: “1+10rdquo;.
    "|(?<!&)(?:(?<![A-Za-z0-9])(?=l[ds]quo)|(?!l[ds]quo))(" + "|".join(_HALF) + ");"
)


def entities(text):
    """&ldquo; and &#8220; become the characters they name, half-decoded ldquo; as well; an unknown name is left."""
    if not _ENTITY_END.search(text):
        return []

    def decoded(match):
        if match[2]:
            return _HALF[match[2]]
        character = html.unescape(f"&{match[1]};")
        if (len(character) > 1 and character.startswith("&")) or (character and character in _BREAKS):
            return None
        return _CONTROL.sub("", character)

    return _substitutions(_ENTITY, text, decoded, "entity")


_BACKSLASH = re.compile(r"(?<!\\)\\+(?=[“”‘’\"'「」『』])")


def backslashes(text):
    r"""A backslash that escaped a quotation mark goes, and so do several of them; any other stays."""
    return _substitutions(_BACKSLASH, text, "", "backslash") if "\\" in text else []


_SPACES = " \t\u3000\xa0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f"


def indents(text):
    """Spaces at the beginning and end of a line go; within a line they stay."""
    edits, position = [], 0
    for line in text.split("\n"):
        start, end = position, position + len(line)
        position = end + 1
        if line and (line[0] in _SPACES or line[-1] in _SPACES):
            inner = start + len(line) - len(line.lstrip(_SPACES))
            if inner > start:
                edits.append(Edit(start, inner, "", "indent"))
            outer = max(inner, start + len(line.rstrip(_SPACES)))
            if outer < end:
                edits.append(Edit(outer, end, "", "indent"))
    return edits


def detect_script(text):
    """hant if more than one Han character in twenty would change on conversion to simplified, else hans."""
    changed, characters = count_traditional(text)
    return "hant" if changed * 20 > characters else "hans"


# Where 著 is itself and not the traditional form of the particle 着.
_ZHU = re.compile("(?<![讨争谈议辩]论)(?<=[名原专论编巨土卓昭译遗拙显所])著(?![力重眼手])|著(?=[名作述称书录者]|有《)")


def simplified(text):
    """Traditional to simplified, with 著 as 着 where it is the particle; what changed is logged run by run."""
    edits, position = [], 0
    for line in text.split("\n"):
        after = simplify(line)
        spared = {m.start() for m in _ZHU.finditer(after)}
        after = "".join("着" if c == "著" and i not in spared else c for i, c in enumerate(after))
        if len(after) == len(line):
            for match in re.finditer("1+", "".join("01"[a != b] for a, b in zip(line, after, strict=True))):
                i, j = match.span()
                edits.append(Edit(position + i, position + j, after[i:j], "script"))
        elif after != line:
            edits.append(Edit(position, position + len(line), after, "script"))
        position += len(line) + 1
    return edits


_BRACKETED = re.compile(f"[(（]({PINYIN})[)）]")
_ANNOTATION = re.compile(f"(?<=[{HAN}])(?:{_BRACKETED.pattern})+")


def annotations(text):
    """Bracketed pinyin goes where it is a reading of the character before it; other brackets stay.

    Of several brackets in a row each goes as long as those before it do.
    """
    if not _BRACKETED.search(text):
        return []

    def removed(match):
        bracketed = list(_BRACKETED.finditer(match[0]))
        stays = itertools.dropwhile(lambda m: is_reading(text[match.start() - 1], m[1]), bracketed)
        return "".join(m[0] for m in stays)

    return _substitutions(_ANNOTATION, text, removed, "pinyin")


_OPENS = "《“‘（(【〈，、"
_CLOSES = "，。、；：！？》”’）】〉…"
_SYMBOL = re.compile("[^A-Za-z][A-Z]{1,3}$")
_INDEX = re.compile("[0-9]{1,2}(?:\\.[0-9])?(?![0-9.、．])")  # of M2, PM2.5, CO2, set lower and broken off
_OCCASION = re.compile("[—―-]{0,3}.{0,12}年.{1,3}月.{1,3}日在[^。，]{4,40}(?<![上。])$")
_OCCASION_END = re.compile("^[^。，]{2,30}(?:会议|大会)上[)）]?$")
_FINAL = re.compile("[。！？；：!?;:…”’）)】》]$")


def _names_symbol(line):
    return len(line) > 12 and bool(_SYMBOL.search(line[-4:]))


def joins(text):
    """Lines that a link, a tag or a fixed width broke within a sentence are joined again.

    A line that begins with a closing mark belongs to the one before it, and so does the link text between; a line that
    ends with an opening mark or a comma goes on in the next, and so do the label of a byline and the line of the
    occasion (year, month, day, at which meeting) that breaks off before it says which. Where many lines have the full
    width of a page and no end, the page was wrapped: such a line goes on too.
    """
    lines = text.split("\n")
    full = [i for i, line in enumerate(lines) if line]
    width = _page_width([lines[i] for i in full])
    edits, starts = [], [0]
    for line in lines:
        starts.append(starts[-1] + len(line) + 1)
    continues = [False] * len(full)  # whether the line goes on in the next
    for n in range(len(full) - 2, -1, -1):
        line, following = lines[full[n]], lines[full[n + 1]]
        fragment = n + 2 < len(full) and continues[n + 1] and len(following) < 40 and not _FINAL.search(following)
        continues[n] = bool(
            (following[0] in _CLOSES and not _FINAL.search(line))
            or (line[-1] in _OPENS and len(line) > 1)
            or (_names_symbol(line) and _INDEX.match(following))
            or (n and _INDEX.fullmatch(line) and _names_symbol(lines[full[n - 1]]) and not is_heading(following))
            or (len(following) <= 2 and len(line) < 40 and is_genre(line + following) and not is_genre(line))
            or (is_label(line) and len(following) <= 30 and not re.search("[:：。]", following[:12] + following[-1]))
            or (_OCCASION.match(line) and _OCCASION_END.search(following))
            or (fragment and lines[full[n + 2]][0] in _CLOSES and not _FINAL.search(line) and len(line) > 8)
            or (width and width - 3 <= len(line) <= width + 1 and not _FINAL.search(line) and not is_heading(following))
        )
    for n, joined in enumerate(continues):
        if joined:
            # Words of Latin letters keep the space that the line end was.
            ends = lines[full[n]][-1] + lines[full[n + 1]][0]
            space = " " if ends.isascii() and ends.isalpha() else ""
            edits.append(Edit(starts[full[n] + 1] - 1, starts[full[n + 1]], space, "join"))
    return edits


def _page_width(lines):
    """The width at which a page was wrapped, or 0: at least half of all lines have it, within three characters."""
    if len(lines) < 12:
        return 0
    width, _ = Counter(map(len, lines)).most_common(1)[0]
    wrapped = sum(width - 3 <= len(line) <= width + 3 for line in lines)
    return width + 2 if 18 <= width <= 60 and wrapped * 2 >= len(lines) else 0


_END_MARK = re.compile(f"(?<=[{HAN}。！？”）)])(?:[{_SPACES}]*(?:endprint|END|[（(]完[)）]|【完】))+$")


def end_marks(text):
    """The mark that a page sets behind an article's last word goes."""
    edits, position = [], 0
    for line in text.split("\n"):
        if line.endswith(("endprint", "END", "完)", "完）", "【完】")) and (match := _END_MARK.search(line)):
            edits.append(Edit(position + match.start(), position + len(line), "", "end-mark"))
        position += len(line) + 1
    return edits


_SUSPECT = re.compile("[\ue000-\uf8ff\ufffd?]")


def damage(text):
    """Runs that look like text read one byte out of step: marked in the log with confidence 0, and left.

    A question mark is suspect only with a character beside it that GB 2312 lacks; one that someone wrote is not.
    """
    edits, last = [], 0
    for match in _SUSPECT.finditer(text):
        start, end = max(last, match.start() - 8), match.end() + 12
        start = max(start, text.rfind("\n", 0, match.start()) + 1)
        end = end if "\n" not in text[match.start() : end] else text.index("\n", match.start())
        around = text[max(start, match.start() - 3) : end]
        if match.start() >= last and (match[0] != "?" or any(_rare(c) for c in around)):
            edits.append(Edit(start, min(end, len(text)), text[start:end], "damaged", 0.0))
            last = end
    return edits


def _rare(character):
    if not "\u3400" <= character <= "\u9fff":
        return "\ue000" <= character <= "\uf8ff"
    try:
        return not character.encode("gb2312")
    except UnicodeEncodeError:
        return True


def blank_lines(text):
    """Empty lines go, and the line end at the end of the file."""
    edits, position = [], 0
    lines = text.split("\n")
    last = max((i for i, line in enumerate(lines) if line.strip()), default=0)
    for i, line in enumerate(lines):
        if not line.strip():
            # The line end that goes with an empty line is its own; after the last paragraph, the one before it.
            if i < last:
                edits.append(Edit(position, position + len(line) + 1, "", "blank-line"))
            elif i:
                edits.append(Edit(position - 1, position + len(line), "", "blank-line"))
        position += len(line) + 1
    return edits


def boilerplate(text, hints=(), repeated=None):
    """Lines that belong to the page and not to the document go, each with the reason as its rule."""
    dropped = boilerplate_lines(text.split("\n"), hints, repeated)
    edits, position = [], 0
    for i, line in enumerate(text.split("\n")):
        if i in dropped:
            edits.append(Edit(position, position + len(line), "", f"furniture:{dropped[i]}"))
        position += len(line) + 1
    return edits


# Steps are repeated while they move lines, so that cleaning what is clean changes nothing; this many times at most.
_ROUNDS = 4

STEPS = [
    ("running heads", running_heads),
    ("line ends", line_ends),
    ("slips", slips),
    ("entities", entities),
    ("backslashes", backslashes),
    ("indents", indents),
    ("annotations", annotations),
    ("script", simplified),
    ("end marks", end_marks),
    ("blank lines", blank_lines),
    ("joins", joins),
    ("damage", damage),
    ("furniture", boilerplate),
]
