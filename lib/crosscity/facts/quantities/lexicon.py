"""Measure words, and the words that quantities are read by: what the two resource files say, as expressions."""

from __future__ import annotations

import functools
import re
from pathlib import Path

from ...files import read_tsv

_RESOURCES = Path(__file__).with_name("resources")


@functools.cache
def words() -> dict[str, str]:
    """The words of resources/quantity-words.tsv: an expression that matches any of a role's, the longest first."""
    return {
        role: "|".join(sorted(listed.split(" "), key=len, reverse=True))
        for role, listed in read_tsv(_RESOURCES / "quantity-words.tsv", header=False)
    }


@functools.cache
def units() -> tuple[dict[str, tuple[str, str]], str]:
    """Measure words as written, each with its name in the table and its class; an expression that matches any."""
    known, parts = {}, []
    for row in read_tsv(_RESOURCES / "units.tsv"):
        listed, means, kind, other = (*row, "", "", "")[:4]
        for unit in listed.split():
            known[unit] = (means or unit, kind)
            parts.append((unit, f"(?!{'|'.join(other.split())})" if other else ""))
    parts.sort(key=lambda part: (-len(part[0]), part[0]))
    return known, "|".join(re.escape(unit) + ahead for unit, ahead in parts)
