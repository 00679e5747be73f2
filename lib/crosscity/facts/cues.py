"""The expressions of resources/stances.tsv, by what they are used for."""

from __future__ import annotations

import functools
import re
from collections import defaultdict
from pathlib import Path

from ..files import read_tsv


@functools.cache
def cues_of(use: str) -> dict[str, re.Pattern[str]]:
    """The expressions of a use, such as heading or words, by the names of their cues."""
    patterns = defaultdict(list)
    for of, cue, pattern in read_tsv(Path(__file__).with_name("resources") / "stances.tsv"):
        if of == use:
            patterns[cue].append(pattern)
    return {cue: re.compile("|".join(alternatives)) for cue, alternatives in patterns.items()}
