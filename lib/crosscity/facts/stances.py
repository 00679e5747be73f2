"""What each sentence does (reports, plans, names a problem or its cause, states a rule) and whose voice it is."""

from __future__ import annotations

import functools
import re
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ..chinese import SENTENCE_ENDS
from ..files import read_tsv

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

STANCES = ("achievement", "problem", "cause", "plan", "norm", "other")
VOICES = ("author", "secretary", "citizen", "central")
_CODED = ("body", "note")
_SENTENCE = re.compile(f"[^{SENTENCE_ENDS}]*(?:[{SENTENCE_ENDS}]+[”’」』）)》]*|$)")
_CLAUSE = re.compile("[，,；;。：:！？!?]")
_LONG = 24  # characters before a word of lack in which a verb of mending counts
_ENOUGH, _SHARE = 4, 0.2  # sentences of a section, and the share of them, that tell what it is
_QUOTED, _SAYING = re.compile("“[^“”]{0,500}”"), re.compile("“[^“”]{1,40}”")
_ITEM = re.compile("^[（(]?(?:[一二三四五六七八九十]|\\d{1,2})(?:是|[)）]|、)")


class Stance(NamedTuple):
    """A sentence.

    Attributes
    ----------
    paragraph : int
    start, end : int
        Code points of the paragraph's text, half-open, without the white space around it.
    stance : str
        Of `STANCES`.
    voice : str
        Of `VOICES`.
    """

    paragraph: int
    start: int
    end: int
    stance: str
    voice: str


def sentences(text: str) -> list[tuple[int, int]]:
    """Start and end of each sentence: up to 。！？ and the closing quotes and brackets behind; ； and …… end none."""
    spans = []
    for match in _SENTENCE.finditer(text):
        inner = match[0].strip()
        if inner:
            start = match.start() + match[0].index(inner)
            spans.append((start, start + len(inner)))
    return spans


def stances(paragraphs: Any, speaker: str = "", genre: str = "") -> list[Stance]:
    """Stance and voice of each sentence of one document's body and notes.

    A sentence takes the stance of its section, which a heading states (存在的问题, 下步打算, 工作回顾), its own
    sentences show, or the one before hands on; or of a turn within the text (总体思路是, 我们也清醒地看到). Against
    that stand the sentence's own cues, listed in resources/stances.tsv: modal verbs, aspect, words of lack that no
    verb of mending governs.

    Parameters
    ----------
    paragraphs : mapping of str to sequences
        Columns paragraph, kind, section and text of the table, and unit if there is one; a DataFrame is one.
    speaker : str
        Who speaks, as `corpus` has it: an office (书记, 市长) makes a text in the first person a secretary's.
    genre : str
        Of no effect: what a document is called decides nothing.

    Returns
    -------
    list of Stance
        In order.
    """
    cues = _cues()
    names = ("paragraph", "kind", "section", "text")
    rows = [dict(zip(names, row, strict=True)) for row in zip(*(paragraphs[name] for name in names), strict=True)]
    units = list(paragraphs["unit"]) if "unit" in paragraphs else [""] * len(rows)
    base, evident = _base_voices(rows, units, speaker, cues), _evident(rows, cues)
    found, section, unit, state, after = [], None, None, "", ""
    for row, of in zip(rows, units, strict=True):
        if of != unit:
            unit, state = of, ""
        if row["section"] != section:
            section = row["section"]
            handed = "" if state in ("problem", "cause") else state
            state = _of_heading(section, cues) or evident.get(section, handed)
        if row["kind"] not in _CODED:
            continue
        text, spans = row["text"], sentences(row["text"])
        pieces = [text[a:b] for a, b in spans]
        voices = _voices(pieces, "author" if row["kind"] == "note" else base[of], cues)
        # An enumeration goes on with what the paragraph before it announced.
        turn = after if _ITEM.match(text) else ""
        for (start, end), piece, (voice, frames) in zip(spans, pieces, voices, strict=True):
            if row["kind"] == "note" or voice == "citizen" or frames:
                stance = "other"
            else:
                stance, turn, state = _stance(piece, turn, state, cues)
            found.append(Stance(int(row["paragraph"]), start, end, stance, voice))
        after = turn if text.rstrip().endswith(("：", ":")) or (turn and _ITEM.match(text)) else ""
    return found


def _stance(piece: str, turn: str, state: str, cues: dict[str, re.Pattern[str]]) -> tuple[str, str, str]:
    """Stance of a sentence; the turn that holds to the end of the paragraph, the state to that of the section."""
    frame = turn or state
    done = cues["done"].search(piece)
    if cues["turn achievement"].search(piece) and frame not in ("problem", "cause", "answer"):
        turn = frame = "achievement"
        state = state or frame
    if frame in ("problem", "cause") or state == "problem":
        if turn and (
            cues["turn answer"].search(piece) or (turn == "cause" and state != "problem" and cues["plan"].search(piece))
        ):
            return "plan", "answer", state
        if cues["turn cause"].search(piece):
            return ("other" if cues["other"].search(piece) else "cause"), "cause", state
        return frame, turn, state
    if turn == "answer":
        return "plan", turn, state
    if cues["other"].search(piece) or cues["question"].search(piece):
        return "other", turn, state
    if cues["turn problem"].search(piece) and not cues["turn answer"].search(piece) and _lacks(piece, cues):
        return "problem", "problem", state
    if cues["turn plan"].search(piece) and frame != "achievement":
        return "plan", turn, "plan"
    if cues["cause"].search(piece):
        return "cause", turn, state
    if frame == "plan":
        norm = cues["norm"].search(piece) and not cues["plan"].search(piece)
        return ("norm" if norm else "plan"), turn, state
    if cues["norm"].search(piece) and not done:
        return "norm", turn, state
    if not done and frame != "achievement" and cues["plan"].search(piece):
        return "plan", turn, state
    lack = _lacks(piece, cues)
    if lack and (not done or lack > 1) and not (state == "achievement" and lack < 2):
        return "problem", turn, state
    return "achievement", turn, state


def _lacks(piece: str, cues: dict[str, re.Pattern[str]]) -> int:
    """How many words of lack a sentence has that no verb of mending governs."""
    spared = {at for match in cues["relief"].finditer(piece) for at in range(*match.span())}
    n = 0
    for match in cues["problem"].finditer(piece):
        before = _CLAUSE.split(piece[max(0, match.start() - _LONG) : match.start()])[-1]
        n += match.start() not in spared and not cues["mending"].search(before)
    return n


def _of_heading(section: str, cues: dict[str, re.Pattern[str]]) -> str:
    """What the nearest of the headings above says, or nothing."""
    for title in reversed(section.split(" / ")):
        for name in ("problem", "cause", "plan", "achievement"):
            match = cues[f"heading {name}"].search(title)
            if match and not (name == "problem" and cues["mending"].search(title, 0, match.start())):
                return name
    return ""


def _evident(rows: Sequence[Mapping[str, Any]], cues: dict[str, re.Pattern[str]]) -> dict[str, str]:
    """Whether sections are plans whose headings do not say it, by the shares of sentences that call and that report."""
    counts: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for row in rows:
        if row["kind"] == "body" and row["section"] and not _of_heading(row["section"], cues):
            count = counts[row["section"]]
            for start, end in sentences(row["text"]):
                piece = row["text"][start:end]
                done = cues["done"].search(piece) is not None
                count[0] += 1
                count[1] += done
                count[2] += not done and cues["plan"].search(piece) is not None
    found = {}
    for section, (n, done, plans) in counts.items():
        if n >= _ENOUGH and max(done, plans) >= _SHARE * n and done != plans:
            found[section] = "" if done > plans else "plan"
    return found


def _base_voices(
    rows: Sequence[Mapping[str, Any]], units: Sequence[str], speaker: str, cues: dict[str, re.Pattern[str]]
) -> dict[str, str]:
    """The voice of each unit's own text: a secretary's where an official is named and says we or I."""
    named, speaks = set(units if cues["office"].search(speaker) else ()), set()
    for row, unit in zip(rows, units, strict=True):
        if row["kind"] == "byline" and cues["office"].search(row["text"]):
            named.add(unit)
        elif row["kind"] == "body" and unit not in speaks and cues["first_person"].search(_QUOTED.sub("", row["text"])):
            speaks.add(unit)
    return {unit: "secretary" if unit in named and unit in speaks else "author" for unit in units}


def _voices(pieces: Sequence[str], base: str, cues: dict[str, re.Pattern[str]]) -> list[tuple[str, bool]]:
    """Voice of each sentence, and whether it only frames: it says who speaks, or is a short quotation of nobody."""
    found: list[tuple[str, bool]] = []
    quote: list[int] = []
    speaker, inside = "", False
    for i, piece in enumerate(pieces):
        announced = not inside and cues["says_before"].search(piece)
        if announced or (not inside and piece.startswith("“")):
            quote, speaker = [], _speaker(piece.split("“")[0], cues) if announced else ""
        elif not inside:
            told = bool(quote) and quote[-1] == i - 1 and not speaker and cues["says"].search(piece)
            for k in quote if told else ():
                found[k] = (_speaker(piece, cues), False)
            found.append(("author", True) if told else ("central" if cues["central"].search(piece) else base, False))
            continue
        quote.append(i)
        inside = piece.count("“") + inside > piece.count("”")
        found.append((speaker or base, not speaker and _SAYING.fullmatch(piece) is not None))
    return found


def _speaker(tag: str, cues: dict[str, re.Pattern[str]]) -> str:
    return "central" if cues["central"].search(tag + "，") else "secretary" if cues["office"].search(tag) else "citizen"


@functools.lru_cache(maxsize=1)
def _cues() -> dict[str, re.Pattern[str]]:
    lists = defaultdict(list)
    for cue, pattern in read_tsv(Path(__file__).with_name("resources") / "stances.tsv"):
        lists[cue].append(f"(?:{pattern})")
    return {cue: re.compile("|".join(patterns)) for cue, patterns in lists.items()}
