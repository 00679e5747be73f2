"""What is seen of a sentence before anything is decided: its place, the headings above it, who speaks, its words."""

from __future__ import annotations

import bisect
import functools
import re
from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from ..chinese import SENTENCE_ENDS, chinese_marks
from .cues import cues_of
from .voices import base_voices, voices_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

CODED = ("body", "note")
_SENTENCE = re.compile(f"[^{SENTENCE_ENDS}]*(?:[{SENTENCE_ENDS}]+[”’」』）)》]*|$)")
_REPORTS = ("work report", "congress report")  # whose headings name the year ahead
_YEAR, _NUMBER = re.compile("((?:19|20)[0-9]{2})年"), re.compile("[0-9０-９一二三四五六七八九十百千万亿]")
_SHORT_HEADING, _HEADING_END = 24, 10  # characters; of a longer heading its end says what it is for
_ITEM = re.compile("[（(]?(?:[一二三四五六七八九十]|\\d{1,2})(?:是|[)）]|、)")
_LENGTHS = (8, 15, 25, 40, 70, 120)  # characters
_SHARES = (0.05, 0.2, 0.5)  # of a section's sentences
_MIN_SENTENCES = 4  # of a section whose sentences show what it is
_LEAST_LINES = 3  # that show a document to be of a genre


class Observation(NamedTuple):
    """A sentence and what is seen of it.

    Attributes
    ----------
    paragraph : int
    start, end : int
        Code points of the paragraph's text, half-open, without surrounding white space.
    text : str
    voice : str
        Of `voices.VOICES`.
    link : str
        How it follows the sentence before: within a paragraph ("sentence"), as a new "paragraph", as an item of a
        "list" that a colon announces, in a new "section", or not at all (empty).
    marks : tuple of str
        Names of what holds of it alone: cues of its words.
    context : tuple of str
        Names of what holds of where it stands; the weights of both depend on the type of the document.
    heading : str
        The end of the nearest heading above; empty in a report, whose headings may be slogans.
    """

    paragraph: int
    start: int
    end: int
    text: str
    voice: str
    link: str
    marks: tuple[str, ...]
    context: tuple[str, ...]
    heading: str = ""


def sentences(text: str) -> list[tuple[int, int]]:
    """Start and end of each sentence, which ends in 。！？ and any closing quotes and brackets, but not in ； or ……."""
    spans = []
    for match in _SENTENCE.finditer(text):
        inner = match[0].strip()
        if inner:
            start = match.start() + match[0].index(inner)
            spans.append((start, start + len(inner)))
    return spans


def observe(paragraphs: Any, speaker: str = "", doc_type: str = "", year: int | None = None) -> list[Observation]:
    """What is seen of each sentence of one document's body and notes, in order; parameters as in `stances`."""
    names = ("paragraph", "kind", "section", "text")
    rows = [dict(zip(names, row, strict=True)) for row in zip(*(paragraphs[name] for name in names), strict=True)]
    for row in rows:
        row["text"], row["section"] = chinese_marks(row["text"]), chinese_marks(row["section"] or "")
    units = list(paragraphs["unit"]) if "unit" in paragraphs else [""] * len(rows)
    of_units = base_voices(rows, units, speaker)
    heading_year = year if doc_type in _REPORTS else None
    out: list[Observation] = []
    sections: list[str] = []
    section = unit = None
    inherited = stated = purpose = link = heading = ""
    announced = is_list = False
    aims = cues_of("turn")["aims"] if doc_type in _REPORTS else None
    genres = [
        genre
        for genre, cue in cues_of("genre").items()
        if sum(cue.search(row["text"]) is not None for row in rows) >= _LEAST_LINES
    ]
    # Headings over the place where a report turned to its aims: they do not speak of what follows.
    outdated: frozenset[str] = frozenset()
    for row, of_unit in zip(rows, units, strict=True):
        if of_unit != unit:
            unit, inherited, stated, link, section = of_unit, "", "", "", None
        if row["section"] != section:
            section = row["section"]
            inherited = stated or inherited
            stated = heading_stance(" / ".join(t for t in section.split(" / ") if t not in outdated), heading_year)
            stated, purpose = stated or ("plan" if outdated else ""), f"section {_purpose(section)}"
            heading = "" if doc_type in _REPORTS else section.split(" / ")[-1][-_SHORT_HEADING:]
            link = link and "section"
        if row["kind"] not in CODED:
            continue
        text, spans = row["text"], sentences(row["text"])
        pieces = [text[start:end] for start, end in spans]
        base = "author" if row["kind"] == "note" else of_units[of_unit]
        last, labelled = len(pieces) - 1, False
        is_list = announced or (is_list and _ITEM.match(text) is not None)
        link = "list" if link and is_list else link
        for i, ((start, end), piece, said) in enumerate(zip(spans, pieces, voices_of(pieces, base), strict=True)):
            if aims and stated != "plan" and aims.search(piece):
                outdated, stated = outdated.union(row["section"].split(" / ")), "plan"
            context = [f"heading {stated}" if stated else f"after heading {inherited}", purpose]
            context += ["first" if i == 0 else "later", _length(piece), f"ends in {piece[-1]}"]
            context += [
                name
                for name, holds in (
                    ("last", i == last),
                    ("under a heading", bool(section)),
                    ("in a note", row["kind"] == "note"),
                    ("quoted", said.voice == "citizen"),
                    ("frames a quotation", said.is_frame),
                    ("of the centre", said.voice == "central"),
                    ("after a colon", i > 0 and pieces[i - 1].endswith("：")),
                )
                if holds
            ]
            for genre in genres:
                if cues_of("label")[genre].search(piece):
                    labelled, context = True, [*context, f"labelled in a {genre}"]
                elif labelled:
                    context.append(f"below a label in a {genre}")
            marks = _marks(piece, year)
            place = (row["paragraph"], start, end, piece)
            out.append(Observation(*place, said.voice, link, tuple(marks), tuple(context), heading))
            sections.append(f"{unit}\0{section}")
            link = "sentence"
        link = link and "paragraph"
        announced = text.rstrip().endswith("：")
    return _with_shares(out, sections)


def _marks(piece: str, year: int | None) -> list[str]:
    """Cues of a sentence's own words, with the time that it names."""
    lead, marks = cues_of("lead"), []
    enumerator = lead["enumerator"].match(piece)
    bare = piece[enumerator.end() :] if enumerator else piece
    if enumerator and enumerator.end():
        marks.append("enumerated")
    opening = lead["opening"].match(bare)
    if lead["imperative"].match(bare[opening.end() :] if opening else bare):
        marks.append("imperative")
    marks += [name for name, cue in cues_of("start").items() if cue.match(piece)]
    marks += [name for name, cue in cues_of("words").items() if cue.search(piece)]
    if _NUMBER.search(piece):
        marks.append("number")
    if year and (named := [int(number) for number in _YEAR.findall(piece)]):
        latest = max(named)
        marks.append("year ahead" if latest > year else "this year" if latest == year else "year past")
    return marks


def _with_shares(seen: Sequence[Observation], sections: Sequence[str]) -> list[Observation]:
    """The observations with what the sentences of their section show: how many tell of the past, call, or order."""
    of_sections: defaultdict[str, list[frozenset[str]]] = defaultdict(list)
    for one, section in zip(seen, sections, strict=True):
        of_sections[section].append(frozenset(one.marks))
    shown = {}
    for section, marked in of_sections.items():
        if len(marked) >= _MIN_SENTENCES:
            told = _share([not marks.isdisjoint(("past", "done")) for marks in marked])
            called = _share(["modal" in marks for marks in marked])
            ordered = _share(["imperative" in marks and "past" not in marks for marks in marked])
            shown[section] = (f"told {told}", f"called {called}", f"ordered {ordered}")
    return [
        one._replace(context=one.context + shown.get(section, ())) for one, section in zip(seen, sections, strict=True)
    ]


def _share(of: Sequence[bool]) -> int:
    return sum(sum(of) > share * len(of) for share in _SHARES)


def _length(piece: str) -> str:
    return f"length {bisect.bisect(_LENGTHS, len(piece))}"


@functools.lru_cache(maxsize=4096)
def heading_stance(section: str, year: int | None = None) -> str:
    """The stance that the nearest heading above states, or nothing; in a report of a year, by the year it names.

    Under a heading that names the year ahead a result is one to come: 三、2026年重点工作 / 释放改革成效.
    """
    cues = cues_of("heading")
    titles = section.split(" / ")[::-1]
    is_ahead = any(_dated_stance(title, year) == "plan" for title in titles)
    for title in titles:
        if dated := _dated_stance(title, year):
            return dated
        for name in ("problem", "cause", "plan", "achievement"):
            match = cues[name].search(title)
            if match and name == "problem" and cues["achievement"].search(title):
                return ""  # 总结成绩，正视不足: each sentence says for itself
            if match and not (name == "problem" and cues["mending"].search(title, 0, match.start())):
                return "plan" if is_ahead and name == "achievement" else name
    return ""


def _dated_stance(title: str, year: int | None) -> str:
    """The stance of a heading that names a year and its work or tasks, or nothing."""
    named = _YEAR.search(title) if year is not None and len(title) <= _SHORT_HEADING else None
    if named and cues_of("dated")["plan"].search(title) and not cues_of("heading")["achievement"].search(title):
        return "plan" if int(named[1]) >= (year or 0) else "achievement"
    return ""


@functools.lru_cache(maxsize=4096)
def _purpose(section: str) -> str:
    """What the nearest heading that says so is for; of a long one only the end says it."""
    for title in reversed(section.split(" / ")):
        if len(title) > _SHORT_HEADING and "，" in title:  # a slogan
            continue
        for purpose, cue in cues_of("section").items():
            if cue.search(title if len(title) <= _SHORT_HEADING else title[-_HEADING_END:]):
                return purpose
    return ""
