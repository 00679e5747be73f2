"""No regular expression of the library runs away: time grows no worse than about the square of the length.

Users give none: words of codebooks, questions, dictionaries and lists are looked for as they stand (test_hostile.py).
Times are held against each other and against that of a linear pattern in the same run, never against a clock.
"""

import re
import time

import pytest

from tests.helpers.growth import grows_with_the_length
from tests.helpers.patterns import patterns, texts

LENGTHS = (8, 12, 16, 20, 25, 50, 100, 200, 400)  # from few on: what doubles with every character is soon found out
LONG = (150, 900)
LINEAR = re.compile("[\U00010000-\U00010002]")
PATTERNS = patterns()


def clock(pattern, text, tries=1):
    best = float("inf")
    for _ in range(tries):
        start = time.process_time_ns()
        pattern.search(text)
        best = min(best, time.process_time_ns() - start)
    return best


def runs_away(pattern, made=texts):
    """The text on which a pattern runs away, or None; and the slowest text, by its number.

    A step to twice the length may take four times as long, and as it is measured once up to twelve; from 150 to
    900 characters 36 times, and up to 80: the cube takes 216, and a machine that does something else besides bends
    neither so far. What takes less than fifty times as long as a linear pattern is not asked.
    """
    linear = {n: clock(LINEAR, "一" * n, 5) for n in {*LENGTHS, *LONG}}
    slowest, number = 0, 0
    by_length = {n: list(made(pattern, n)) for n in LENGTHS}
    for i in range(len(by_length[LENGTHS[-1]])):
        before, last, steep = None, LENGTHS[0], 0
        for n in LENGTHS:
            text = by_length[n][i]
            took = clock(pattern, text)
            if before and took > 50 * linear[n] and took > (most := 1.5 * (n / last) ** 3) * before:
                before, took = clock(pattern, by_length[last][i], 3), clock(pattern, text, 3)
                steep = steep + 1 if took > most * before else 0
                if steep == 2:  # one steep step is that of a repetition that has an end
                    return text
            before, last = max(took, 1), n
        if took > slowest:
            slowest, number = took, i
    short, long = (list(made(pattern, n))[number] for n in LONG)
    took = clock(pattern, long)
    if took > 50 * linear[LONG[1]] and took > 80 * clock(pattern, short, 3):
        return long if clock(pattern, long, 3) > 80 * clock(pattern, short, 5) else None
    return None


def test_patterns_are_found_wherever_they_stand():
    names = " ".join(PATTERNS)
    known = ("metadata._YEAR", "programme_words.name_patterns[", "mentions.", "cleaning:", "numerals.", "indicators.")
    for one in known:
        assert one in names
    assert len(PATTERNS) > 300


@pytest.mark.parametrize("part", range(8))
def test_no_pattern_runs_away(part):
    away = {name: text[:40] for name in list(PATTERNS)[part::8] if (text := runs_away(PATTERNS[name]))}
    assert not away


@pytest.mark.parametrize("bad", ["(a+)+$", "(?:一|一)*二", "(?:第?.{1,4}版)+$"])
def test_what_runs_away_is_found(bad):
    assert runs_away(re.compile(bad))


@pytest.mark.parametrize("good", ["[一二]+三", "a+b", ".*x", "(?:甲|乙)*丙", r"^\s*x", "(?:第[^版]{1,4}版)+$"])
def test_what_is_linear_or_quadratic_passes(good):
    assert runs_away(re.compile(good)) is None


def test_the_cube_is_told_from_the_square():
    one = lambda _, n: ["a" * n]  # noqa: E731
    assert runs_away(re.compile("(.*)(.*)x$"), one)
    assert runs_away(re.compile(".*x$"), one) is None


def test_growth_tells_the_square_from_the_line():
    assert grows_with_the_length(lambda text: [text.count(c) for c in "xyz" * 100], "a")
    assert not grows_with_the_length(re.compile("(?:ab|a)*x").search, "a", 500)
