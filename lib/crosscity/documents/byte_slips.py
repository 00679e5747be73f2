"""Byte slips: text that was read one byte out of step, repaired.

An annotator put pinyin behind pairs of GBK bytes without regard to the borders of characters. Where a pair straddled
two characters, the lead byte before the inserted bracket became an orphan, shown as "?", and the text after it was read
one byte late up to the next ASCII byte or invalid pair. The characters shown can be encoded again, so that only the
bytes behind each "?" are lost: a lead byte at the beginning and at most a trail byte at the end. Every reading of a run
is tried, with the lost bytes that make its text likeliest; a run without a likely reading stays as it is.
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
    from collections.abc import Iterable, Iterator, Sequence

_CLOSED = re.compile(f"({PINYIN})\\)")
_ANNOTATION = re.compile(f"\\(({PINYIN})\\)")
_HAN = re.compile(f"[{HAN}，。、；：！“”《》]")
_ENTITY = re.compile("(ldquo|rdquo|lsquo|rsquo|mdash|hellip|middot);")
_LONGEST = 60  # characters of a run, as shown; a longer one would have fallen back into step
_MAX_MARKS = 6  # question marks in the length of a run; more are a row that someone wrote, or beyond repair
_CONTEXT = 6  # characters of context on either side of a reading
# Mean log-probability of a character that a reading needs, and its gain over the text as it stands.
_MIN_LIKELIHOOD = -10.5
_MIN_GAIN = 1.5
_MAX_OPTIONS = 400  # characters that are tried for a slot
_BEAM = 40  # paths that are followed
_LEADS, _TRAILS = range(0x81, 0xFF), (*range(0x40, 0x7F), *range(0x80, 0xFF))  # bytes of GBK


Slot = frozenset[str]  # characters that the bytes of one place in a run allow


class Repair(NamedTuple):
    """Replace text[start:end] by `after`; confidence from 0 to 1."""

    start: int
    end: int
    after: str
    confidence: float


def find_repairs(text: str) -> list[Repair]:
    """Repairs of all runs of slipped bytes that have a reading likelier than the text as it stands.

    Parameters
    ----------
    text : str
        Before conversion to simplified characters, since the bytes are those of the annotated text.

    Returns
    -------
    list of Repair
        In order, not overlapping.
    """
    repairs, last = [], 0
    for match in re.finditer("[?]", text):
        # Each question mark doubles the readings: where there are many, nobody can tell what was lost.
        if match.start() < last or text.count("?", match.start(), match.start() + _LONGEST) > _MAX_MARKS:
            continue
        if repair := _best_repair(text, match.start(), last):
            repairs.append(repair)
            last = repair.end
    return repairs


def _best_repair(text: str, start: int, earliest: int) -> Repair | None:
    """The likeliest repair of the run that begins with the "?" at `start`; text before `earliest` is no context."""
    before = _without_annotations(text[max(earliest, start - 40) : start])[-_CONTEXT:]
    best, best_mean = None, -math.inf
    for end, slots in _parses(text, start):
        if not all(slots):
            continue
        after = _without_annotations(text[end : end + 30].split("\n")[0])[:_CONTEXT]
        chosen, score, margin = _likeliest(before, slots, after)
        unrepaired = before[-1:] + _without_annotations(text[start:end]) + after
        # Readings of the same bytes differ in length, so their means are compared.
        mean = score / (len(chosen) + len(after) + 1)
        gain = mean - log_likelihood(unrepaired) / len(unrepaired)
        if mean >= _MIN_LIKELIHOOD and gain >= _MIN_GAIN and mean > best_mean:
            best_mean = mean
            best = Repair(start, end, chosen, round(1 / (1 + math.exp(-min(margin, gain))), 3))
    return best


def _parses(text: str, start: int) -> Iterator[tuple[int, list[Slot]]]:
    """Readings of the run that begins with the "?" at `start`: where each ends, and its slots."""
    position = start + 1
    closed = _CLOSED.match(text, position)
    leads: Sequence[int] = _LEADS
    if closed:
        # A straddling pair: its first byte is the trail of the character before, its reading stands in the bracket.
        trail = _bytes(text[start - 1 : start])[-1:] if start else b""
        if len(trail) != 1:
            return
        leads = _leads_read(trail[0], closed[1])
        position = closed.end()
    yield from _run(text, position, leads, [], start)


def _run(
    text: str, position: int, leads: Sequence[int], slots: list[Slot], start: int
) -> Iterator[tuple[int, list[Slot]]]:
    """Continue a run: `leads` are the possible lead bytes of the next character."""
    while True:
        if position >= len(text) or position - start > _LONGEST:
            return
        character = text[position]
        code = ord(character)
        if 0x40 <= code <= 0x7E:
            # A single lost character is no evidence: only where the text runs on without a gap.
            if slots or _HAN.match(text, position + 1):
                yield position + 1, [*slots, _characters(leads, [code])]
            return
        if character == "?":
            closed = _CLOSED.match(text, position + 1)
            if closed:
                # The next character of the text was annotated: its trail byte went with the bracket.
                yield closed.end(), [*slots, frozenset(c for c in _characters(leads, _TRAILS) if _reads(c, closed[1]))]
                return
            # An invalid pair: a trail byte and the ASCII byte behind it, of which an entity tells that it was "&".
            if entity := _ENTITY.match(text, position + 1):
                mark = frozenset({html.unescape(f"&{entity[0]}")})
                yield entity.end(), [*slots, _characters(leads, _TRAILS), mark]
            elif slots and position + 1 == len(text):
                yield position + 1, [*slots, _characters(leads, _TRAILS)]
            elif slots:
                # A digit or another ASCII mark is lost for good: the "?" stays in its place.
                yield position + 1, [*slots, _characters(leads, _TRAILS), frozenset("?")]
            # Or the trail byte 0x80 with the next lead byte: the run goes on.
            yield from _run(text, position + 1, _LEADS, [*slots, _characters(leads, [0x80])], start)
            pair = b"\xa3\xbf"  # or a full-width question mark that was stored as this one
        else:
            annotation = _ANNOTATION.match(text, position)
            if annotation and position > start + 1 and _reads(text[position - 1], annotation[1]):
                position = annotation.end()
                continue
            pair = _bytes(character)
            if len(pair) != 2:
                return
        slots = [*slots, _characters(leads, [pair[0]])]
        if not slots[-1] or pair[1] < 0x81:
            return
        leads = [pair[1]]
        position += 1


def _characters(leads: Iterable[int], trails: Iterable[int]) -> Slot:
    """Characters of GBK that have one of these lead bytes and one of these trail bytes."""
    return _characters_cached(tuple(leads), tuple(trails))


@functools.lru_cache(maxsize=4096)
def _characters_cached(leads: tuple[int, ...], trails: tuple[int, ...]) -> Slot:
    characters = set()
    for lead in leads:
        for trail in trails:
            try:
                character = bytes([lead, trail]).decode("gb18030")
            except UnicodeDecodeError:
                continue
            if len(character) == 1 and not "\ue000" <= character <= "\uf8ff":
                characters.add(character)
    return frozenset(characters)


def _bytes(character: str) -> bytes:
    """The two GBK bytes of a character, those of the user area of GB 18030 included; empty if it has no two."""
    try:
        encoded = character.encode("gb18030")
    except UnicodeEncodeError:
        return b""
    return encoded if len(encoded) == 2 else b""


@functools.lru_cache(maxsize=4096)
def _leads_read(trail: int, pinyin: str) -> tuple[int, ...]:
    """Those of `_LEADS` that make a character with this reading, as the second byte behind a first one."""
    return tuple(b for b in _LEADS if _has_reading(bytes([trail, b]), pinyin))


def _has_reading(pair: bytes, pinyin: str) -> bool:
    try:
        return _reads(pair.decode("gb18030"), pinyin)
    except UnicodeDecodeError:
        return False


def _reads(character: str, pinyin: str) -> bool:
    return len(character) == 1 and "\u3400" <= character <= "\u9fff" and is_reading(character, pinyin)


def _likeliest(before: str, slots: list[Slot], after: str) -> tuple[str, float, float]:
    """The likeliest characters for the slots (Viterbi over pairs), their score, and its margin over the second best."""
    paths = [(0.0, before[-1:], "")]
    for slot in slots:
        extended: dict[str, tuple[float, str, str]] = {}
        options: Iterable[str] = slot
        if len(slot) >= _MAX_OPTIONS:
            options = sorted(slot, key=lambda c: (-log_frequency(c), c))[:_MAX_OPTIONS]
        for score, last, chosen in paths:
            for c in options:
                total = score + log_probability(last, c)
                if c not in extended or total > extended[c][0]:
                    extended[c] = (total, c, chosen + c)
        paths = sorted(extended.values(), key=lambda p: (-p[0], p[2]))[:_BEAM]
    readings = [(score + log_likelihood(last + after), chosen) for score, last, chosen in paths]
    readings.sort(key=lambda r: (-r[0], r[1]))
    margin = readings[0][0] - readings[1][0] if len(readings) > 1 else 10.0
    return readings[0][1], readings[0][0], margin


def _without_annotations(text: str) -> str:
    """The text without bracketed pinyin."""
    return _ANNOTATION.sub("", text)
