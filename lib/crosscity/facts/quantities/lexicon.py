"""Measure words, and the words by which quantities are read, as regular expressions: the two resource files."""

from __future__ import annotations

import functools
import re
from pathlib import Path

from ...files import read_tsv

_RESOURCES = Path(__file__).with_name("resources")


@functools.cache
def word_patterns() -> dict[str, str]:
    """By role, an expression that matches any of its words (resources/quantity-words.tsv), the longest first."""
    return {
        role: "|".join(sorted(words.split(" "), key=len, reverse=True))
        for role, words in read_tsv(_RESOURCES / "quantity-words.tsv", header=False)
    }


@functools.cache
def units() -> tuple[dict[str, tuple[str, str]], str]:
    """Name and class of each measure word, by its spelling; and an expression that matches any."""
    by_spelling, lookaheads = {}, {}
    for row in read_tsv(_RESOURCES / "units.tsv"):
        spellings, name, unit_class, not_before = (*row, "", "", "")[:4]
        for spelling in spellings.split():
            by_spelling[spelling] = (name or spelling, unit_class)
            lookaheads[spelling] = f"(?!{'|'.join(not_before.split())})" if not_before else ""
            if spelling[-1].isascii() and spelling[-1].isalpha():  # not the beginning of cm3/h or kV/m
                lookaheads[spelling] += "(?![A-Za-z0-9²³]|/[A-Za-z])"
    longest_first = sorted(lookaheads, key=lambda spelling: (-len(spelling), spelling))
    return by_spelling, "|".join(re.escape(spelling) + lookaheads[spelling] for spelling in longest_first)
