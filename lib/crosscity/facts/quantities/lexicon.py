"""Measure words, and the words that quantities are read by: what the two resource files say, as expressions."""

from __future__ import annotations

import functools
import re

from ... import RESOURCES


def _rows(name: str) -> list[list[str]]:
    lines = (RESOURCES / name).read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if line and not line.startswith("#")]


@functools.cache
def words() -> dict[str, str]:
    """The words of resources/quantity-words.tsv: an expression that matches any of a role's, the longest first."""
    return {
        role: "|".join(sorted(listed.split(" "), key=len, reverse=True)) for role, listed in _rows("quantity-words.tsv")
    }


@functools.cache
def units() -> tuple[dict[str, tuple[str, str]], str]:
    """Measure words as written, each with its name in the table and its class; an expression that matches any."""
    known, parts = {}, []
    for row in _rows("units.tsv")[1:]:
        listed, means, kind, other = (*row, "", "", "")[:4]
        for unit in listed.split():
            known[unit] = (means or unit, kind)
            parts.append((unit, f"(?!{'|'.join(other.split())})" if other else ""))
    parts.sort(key=lambda part: (-len(part[0]), part[0]))
    return known, "|".join(re.escape(unit) + ahead for unit, ahead in parts)
