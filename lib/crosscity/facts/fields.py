"""What field a document is about, by the words that it uses most."""

from __future__ import annotations

import functools
import re
from pathlib import Path
from typing import TYPE_CHECKING

from ..files import read_tsv

if TYPE_CHECKING:
    from collections.abc import Iterable


@functools.cache
def _signs() -> dict[str, tuple[re.Pattern[str], float]]:
    """The words of each field of resources/fields.tsv, and how many of them 1,000 characters have at least."""
    rows = read_tsv(Path(__file__).with_name("resources") / "fields.tsv")
    return {field: (re.compile("|".join(words.split())), float(least)) for field, words, least in rows}


def is_on_party_building(texts: Iterable[str]) -> bool:
    """Whether a document is about the party's own organization, which other official documents only touch on.

    Parameters
    ----------
    texts : iterable of str
        Its paragraphs.
    """
    words, least = _signs()["party"]
    found = length = 0
    for text in texts:
        found += len(words.findall(text))
        length += len(text)
    return 1000 * found >= least * max(length, 1)
