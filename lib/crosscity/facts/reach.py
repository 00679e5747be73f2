"""How far a programme reaches by what its sentence says: the centre's, a province's, or the speaker's own."""

from __future__ import annotations

import functools
import re
from pathlib import Path
from typing import TYPE_CHECKING

from ..files import read_tsv

if TYPE_CHECKING:
    from collections.abc import Collection

_NEAR = 24  # characters before a name, of its own clause, in which it may be claimed
_BEHIND = 16
_CLAUSE = re.compile("[,。;:!?，；：！？\\n]")
# Other names, in a list with this one.
_LISTED = re.compile("(?:[“‘][^“”‘’、]{1,24}[”’][^“”‘’、，。和与及]{0,6}[、和与及])+$")
_SPELLING = re.compile("[\\W_]+")


@functools.cache
def _cues() -> dict[tuple[str, str], re.Pattern[str]]:
    """Expressions of resources/reach.tsv by reach and side."""
    rows = read_tsv(Path(__file__).with_name("resources") / "reach.tsv")
    return {(reach, side): re.compile(expression) for reach, side, expression in rows}


def claimed_reach(text: str, start: int, end: int, parts: Collection[str] = ()) -> str:
    """What the words around a name say of how far its programme reaches.

    Parameters
    ----------
    text : str
        Of the paragraph, with Chinese marks (`chinese.chinese_marks`).
    start, end : int
        Of the name.
    parts : list of str
        The parts of the programme. Where a text spells out what the name does not hold, it explains a thing of its own.

    Returns
    -------
    str
        own, provincial, central, or unknown if they do not say.
    """
    cues = _cues()
    before = text[max(0, start - 3 * _NEAR) : start].rstrip("“‘ ")
    before = _CLAUSE.split(_LISTED.sub("", before))[-1].rstrip("“‘ 、和与及")[-_NEAR:]
    behind = re.split("[。；;！!？?]", text[end : end + _BEHIND])[0]
    if cues["provincial", "first"].search(before):
        return "provincial"
    if cues["own", "first"].search(before):
        return "own"
    above = {reach: list(cues[reach, "before"].finditer(before)) for reach in ("central", "provincial")}
    nearest = {reach: found[-1].end() for reach, found in above.items() if found}
    if nearest:
        return max(nearest, key=lambda reach: nearest[reach])
    if cues["own", "before"].search(before) or cues["own", "behind"].search(behind):
        return "own"
    name = _SPELLING.sub("", text[start:end])
    spelled = [part for part in parts if _SPELLING.sub("", part) not in name]
    return "own" if len(spelled) > 1 else "unknown"
