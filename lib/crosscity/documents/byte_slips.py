"""Text that was read one byte out of step, read again from the right byte.

An annotator put pinyin behind pairs of GBK bytes without regard to the borders of characters. Where a pair straddled
two characters, the lead byte before the inserted bracket became an orphan, shown as "?", and what follows was read one
byte late until an ASCII byte, or a pair that is none, ended it. What is shown can be encoded again, so only the bytes
behind each "?" are lost: a lead byte at the beginning, a trail byte at most at the end. Every way to read a run is
tried, the lost bytes are chosen by how likely the text is that they give, and a run that no reading makes likely is
left.
"""

from __future__ import annotations

import functools
import html
import math
import re
from typing import TYPE_CHECKING, NamedTuple

from ..chinese import HAN
from .characters import PINYIN, is_reading, log_frequency, log_likelihood, log_probability

if TYPE_CHECKING:
    from typing import Any

_CLOSED = re.compile(f"({PINYIN})\\)")
_ANNOTATION = re.compile(f"\\(({PINYIN})\\)")
_HAN = re.compile(f"[{HAN}，。、；：！“”《》]")
_ENTITY = re.compile("(ldquo|rdquo|lsquo|rsquo|mdash|hellip|middot);")
_LONGEST = 60  # characters of a run, as shown; longer ones fall back into step before that
_MOST = 6  # question marks in the length of a run; more are a row that someone wrote, or a text beyond repair
_CONTEXT = 6  # characters of context on either side that a reading is judged with
# A reading must be this likely a character (mean natural logarithm), and gain this much over the text as it stands.
_LIKELY = -10.5
_GAIN = 1.5


class Repair(NamedTuple):
    """Replace text[start:end] by `after`; confidence from 0 to 1."""

    start: int
    end: int
    after: str
    confidence: float


def find_repairs(text: str) -> list[Repair]:
    """Repairs of every run of slipped bytes that some reading explains better than the text as it stands.

    Parameters
    ----------
    text : str
        Before conversion to simplified characters, since the bytes are those of the text as annotated.

    Returns
    -------
    list of Repair
        In order, not overlapping.
    """
    found, last = [], 0
    for match in re.finditer("[?]", text):
        # Each question mark doubles the ways to read on: where they stand thick, nobody can tell what was lost.
        if match.start() < last or text.count("?", match.start(), match.start() + _LONGEST) > _MOST:
            continue
        best = _best_reading(text, match.start(), last)
        if best:
            found.append(best)
            last = best.end
    return found


def _best_reading(text: str, start: int, earliest: int) -> Any:
    before = _context(text[max(earliest, start - 40) : start])[-_CONTEXT:]
    best = None
    for end, slots in _parses(text, start):
        after = _context(text[end : end + 30].split("\n")[0])[:_CONTEXT]
        chosen, score, margin = _choose(before, slots, after)
        if chosen is None:
            continue
        shown = before[-1:] + _context(text[start:end]) + after
        # The same bytes can be read in several ways, of several lengths: means decide.
        mean = score / (len(chosen) + len(after) + 1)
        gain = mean - log_likelihood(shown) / len(shown)
        if mean >= _LIKELY and gain >= _GAIN and (best is None or mean > best[0]):
            best = (mean, gain, margin, end, chosen)
    if best is None:
        return None
    _, gain, margin, end, chosen = best
    return Repair(start, end, chosen, round(1 / (1 + math.exp(-min(margin, gain))), 3))


def _parses(text: str, start: int) -> Any:
    """Ways to read the run that begins with the "?" at `start`: (end, slots).

    A slot is a character known, or the set of characters that a lost byte allows.
    """
    position = start + 1
    closed = _CLOSED.match(text, position)
    leads = range(0x81, 0xFF)
    if closed:
        # A straddling pair: its first byte is the trail of the character before, its reading stands in the bracket.
        trail = _bytes(text[start - 1 : start])[-1:] if start else b""
        if len(trail) != 1:
            return
        leads = [b for b in leads if _has_reading(bytes([trail[0], b]), closed[1])]
        position = closed.end()
    yield from _run(text, position, leads, [], start)


def _run(text: str, position: int, leads: Any, slots: list[Any], start: int) -> Any:
    """Continue a run: `leads` are the possible lead bytes of the character that comes next."""
    while True:
        if position >= len(text) or position - start > _LONGEST:
            return
        character = text[position]
        code = ord(character)
        if 0x40 <= code <= 0x7E:
            # One lost character and nothing else to go by: only where the text runs on without a gap.
            if slots or _HAN.match(text, position + 1):
                yield position + 1, [*slots, _readings(leads, [code])]
            return
        if character == "?":
            closed = _CLOSED.match(text, position + 1)
            if closed:
                # The next character of the text was annotated: its trail byte went with the bracket.
                trails = [*range(0x40, 0x7F), *range(0x80, 0xFF)]
                options = {c for c in _readings(leads, trails) if _reads(c, closed[1])}
                yield closed.end(), [*slots, options]
                return
            # A pair that is none: a trail byte and the ASCII byte behind it, of which "&" can be known by what follows.
            if entity := _ENTITY.match(text, position + 1):
                options = _readings(leads, [*range(0x40, 0x7F), *range(0x80, 0xFF)])
                yield entity.end(), [*slots, options, {html.unescape(f"&{entity[0]}")}]
            elif slots and position + 1 == len(text):
                yield position + 1, [*slots, _readings(leads, [*range(0x40, 0x7F), *range(0x80, 0xFF)])]
            elif slots:
                # A digit or another mark went with it, and cannot be had back: a "?" stays where it stood.
                yield position + 1, [*slots, _readings(leads, [*range(0x40, 0x7F), *range(0x80, 0xFF)]), {"?"}]
            # Or the trail byte 0x80 with the next lead byte: the run goes on.
            yield from _run(text, position + 1, range(0x81, 0xFF), [*slots, _readings(leads, [0x80])], start)
            pair = b"\xa3\xbf"  # or a full-width question mark that was stored as this one
        else:
            annotation = _ANNOTATION.match(text, position)
            if annotation and position > start + 1 and _reads(text[position - 1], annotation[1]):
                position = annotation.end()
                continue
            pair = _bytes(character)
            if len(pair) != 2:
                return
        slots = [*slots, _readings(leads, [pair[0]])]
        if not slots[-1]:
            return
        leads = [pair[1]] if pair[1] >= 0x81 else []
        if not leads:
            return
        position += 1


@functools.lru_cache(maxsize=4096)
def _readings_cached(leads: Any, trails: Any) -> Any:
    found = set()
    for lead in leads:
        for trail in trails:
            try:
                character = bytes([lead, trail]).decode("gb18030")
            except UnicodeDecodeError:
                continue
            if len(character) == 1 and not "\ue000" <= character <= "\uf8ff":
                found.add(character)
    return frozenset(found)


def _readings(leads: Any, trails: Any) -> Any:
    return _readings_cached(tuple(leads), tuple(trails))


def _bytes(character: str) -> Any:
    """The GBK bytes of a character, the user area of GB 18030 included; empty where it has no two."""
    try:
        encoded = character.encode("gb18030")
    except UnicodeEncodeError:
        return b""
    return encoded if len(encoded) == 2 else b""


def _has_reading(pair: bytes, pinyin: str) -> bool:
    try:
        return _reads(pair.decode("gb18030"), pinyin)
    except UnicodeDecodeError:
        return False


def _reads(character: str, pinyin: str) -> bool:
    return len(character) == 1 and "\u3400" <= character <= "\u9fff" and is_reading(character, pinyin)


def _choose(before: str, slots: list[Any], after: str) -> Any:
    """The likeliest character for each slot (Viterbi over pairs), its score, and its lead over the runner-up."""
    if not all(slots):
        return None, 0.0, 0.0
    paths = [(0.0, before[-1:], "")]
    for slot in slots:
        extended: dict[str, tuple[float, str, str]] = {}
        options = slot if len(slot) < 400 else sorted(slot, key=log_frequency, reverse=True)[:400]
        for score, last, chosen in paths:
            for c in options:
                total = score + log_probability(last, c)
                if c not in extended or total > extended[c][0]:
                    extended[c] = (total, c, chosen + c)
        paths = sorted(extended.values(), key=lambda p: (-p[0], p[2]))[:40]
    tails = [(score + log_likelihood(last + after), chosen) for score, last, chosen in paths]
    tails.sort(key=lambda t: (-t[0], t[1]))
    margin = tails[0][0] - tails[1][0] if len(tails) > 1 else 10.0
    return tails[0][1], tails[0][0], margin


def _context(text: str) -> str:
    """What a reader reads: without bracketed pinyin."""
    return _ANNOTATION.sub("", text)
