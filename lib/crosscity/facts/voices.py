"""In whose voice a sentence speaks: the author's, a named official's, a citizen's, or the central leadership's."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from .cues import cues_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

VOICES = ("author", "secretary", "citizen", "central")
_QUOTED, _SAYING = re.compile("“[^“”]{0,500}”"), re.compile("“[^“”]{1,40}”")


class Voice(NamedTuple):
    """The voice of a sentence, and whether it only frames: says who speaks, or is a short quotation of nobody."""

    voice: str
    is_frame: bool


def base_voices(rows: Sequence[Mapping[str, Any]], units: Sequence[str], speaker: str) -> dict[str, str]:
    """The voice of each unit's own text: a secretary's if an official is named and says we or I."""
    cues = cues_of("voice")
    named, speaks = set(units if cues["office"].search(speaker) else ()), set()
    for row, unit in zip(rows, units, strict=True):
        if row["kind"] == "byline" and cues["office"].search(row["text"]):
            named.add(unit)
        elif row["kind"] == "body" and unit not in speaks and cues["first_person"].search(_QUOTED.sub("", row["text"])):
            speaks.add(unit)
    return {unit: "secretary" if unit in named and unit in speaks else "author" for unit in units}


def voices_of(pieces: Sequence[str], base: str) -> list[Voice]:
    """The voice of each sentence of a paragraph."""
    cues = cues_of("voice")
    voices: list[Voice] = []
    quotation: list[int] = []
    speaker, is_inside = "", False
    for i, piece in enumerate(pieces):
        announces = not is_inside and cues["says_before"].search(piece)
        if announces or (not is_inside and piece.startswith("“")):
            quotation, speaker = [], _speaker(piece.split("“")[0]) if announces else ""
        elif not is_inside:
            follows = bool(quotation) and quotation[-1] == i - 1
            if follows and not speaker and cues["says"].search(piece):  # it names the speaker afterwards
                for k in quotation:
                    voices[k] = Voice(_speaker(piece), False)
                voices.append(Voice("author", True))
            else:
                voices.append(Voice("central" if cues["central"].search(piece) else base, False))
            continue
        quotation.append(i)
        is_inside = piece.count("“") + is_inside > piece.count("”")
        voices.append(Voice(speaker or base, not speaker and _SAYING.fullmatch(piece) is not None))
    return voices


def _speaker(tag: str) -> str:
    """The voice of a quotation, from the words that name its speaker."""
    cues = cues_of("voice")
    if cues["central"].search(tag + "，"):
        return "central"
    return "secretary" if cues["office"].search(tag) else "citizen"
