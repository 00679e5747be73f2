"""The matrix of questions by voices as a page: what each says, with its figures, and where it says nothing.

The page is whole without a script; its own one, which loads nothing, chooses voices and pins rows.
"""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from markupsafe import Markup, escape

from .. import combined_error
from ..compare.answers import MATRIX_COLUMNS, NOT_ASKED, NOT_YET
from ..language import current_language, display_name, glosses_in, tr
from ..pages import standalone
from .fragments import as_list, source

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import pandas as pd

MOST_SHOWN = 8  # voices at once
MOST_VOICES = 150  # on the page: those with the most text
FEW = 12  # voices up to which all sentences stand on the page
_LISTED = 4  # sentences of a cell where voices are many
_CHIPS = 4
_SHORT = 3  # glosses that a chip shows; more stand in its title
_GLOSSES = 5
MARKS = {"achievement": "●", "plan": "○", "norm": "■", "problem": "▲", "cause": "▲", "other": "·"}
# Distinct in print and for the colour-blind as far as a strip of many themes can be.
_THEME_COLOURS = (
    *("#0072B2", "#E69F00", "#009E73", "#D55E00", "#56B4E9", "#CC79A7", "#999933", "#882255", "#44AA99", "#AA4499"),
    *("#DDCC77", "#332288", "#117733", "#661100", "#6699CC", "#888888"),
)
_SILENT = "#dddddd"  # a paragraph without a theme


class Voice(NamedTuple):
    """Who speaks, as the head of a column tells it.

    Attributes
    ----------
    name : str
    about : str
        Date, genre, speaker, length.
    place : str
        The province: voices are listed by it.
    strip : sequence of (int, str)
        The length and the first theme of each paragraph, in order; "" where it has none.
    size : int
        Characters.
    """

    name: str
    about: str
    place: str
    strip: Sequence[tuple[int, str]]
    size: int


class Written(NamedTuple):
    """A person's summary; stale: its sentences have changed since."""

    text: str
    stale: bool


def matrix_page(
    table: pd.DataFrame,
    voices: Sequence[Voice],
    title: str,
    notes: str | Iterable[str] = (),
    summaries: Mapping[tuple[str, str], tuple[str, bool]] | None = None,
    sources: Mapping[str, str] | None = None,
) -> str:
    """The matrix as a self-contained page.

    Parameters
    ----------
    table : DataFrame
        Of `compare.answers.answer_matrix`, groups being voices.
    voices : sequence of Voice
        In the order of the columns; those with the most text if they are more than `MOST_VOICES`.
    title : str
    notes : sequence of str
        Caveats of this corpus; shown first.
    summaries : dict, optional
        A person's text, and whether it is stale, by question and voice; "" for a whole row or document.
    sources : dict, optional
        From when each question is current, by question: what "not yet current then" rests on.

    Raises
    ------
    CrosscityError
        If the table lacks a column.
    """
    if missing := [c for c in MATRIX_COLUMNS if c not in table]:
        raise combined_error([f"table lacks {', '.join(missing)}: give the table of answers.answer_matrix"])
    held = largest(voices, MOST_VOICES)
    listed = len(table) if len(held) <= FEW else _LISTED
    written = {key: Written(*said) for key, said in (summaries or {}).items()}
    themes = _themes(held)
    questions = []
    for (question, gloss), part in table.groupby(["question", "gloss"], sort=False):
        by_voice = dict(list(part.groupby("group", sort=False)))
        cells = [_cell(by_voice[v.name], v.name, question, listed, written, sources or {}) for v in held]
        questions.append(
            {
                "name": question,
                "gloss": display_name("question", gloss),
                "summary": written.get((question, "")),
                "cells": cells,
                "answered": sum(bool(cell["best"]) for cell in cells),
            }
        )
    script = (Path(__file__).with_name("resources") / "matrix.js").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return standalone(
        "matrix.html",
        title=title,
        lang=current_language(),
        notes=as_list(notes),
        voices=[_head(v, i, written.get(("", v.name)), themes) for i, v in enumerate(held)],
        questions=questions,
        left_out=len(voices) - len(held),
        most=MOST_SHOWN,
        themes=[(display_name("theme", theme), colour) for theme, colour in themes.items()],
        marks=_legend(),
        script=Markup(script),
        sum=f"sha256-{digest}",
    )


def largest(voices: Sequence[Voice], most: int) -> list[Voice]:
    """The voices with the most text, in their order."""
    chosen = {id(voice) for voice in sorted(voices, key=lambda v: (-v.size, v.name))[:most]}
    return [voice for voice in voices if id(voice) in chosen]


def _legend() -> list[tuple[str, str]]:
    """The marks of stances and what they mean."""
    return [
        ("●", tr("in force or reached")),
        ("○", tr("planned")),
        ("■", tr("rule")),
        ("▲", tr("problem or cause")),
    ]


def _themes(voices: Sequence[Voice]) -> dict[str, str]:
    """The colour of each theme, the ones with the most text first."""
    sizes: dict[str, int] = {}
    for voice in voices:
        for size, theme in voice.strip:
            if theme:
                sizes[theme] = sizes.get(theme, 0) + size
    order = sorted(sizes, key=lambda theme: (-sizes[theme], theme))
    return dict(zip(order, _THEME_COLOURS, strict=False))


def _head(voice: Voice, number: int, summary: Written | None, themes: Mapping[str, str]) -> dict[str, Any]:
    whole = max(sum(size for size, _ in voice.strip), 1)
    sizes: dict[str, int] = {}
    for size, theme in voice.strip:
        sizes[theme] = sizes.get(theme, 0) + size
    most = sorted((t for t in sizes if t), key=lambda t: (-sizes[t], t))[:3]
    said = tr(", ").join(f"{display_name('theme', theme)} {sizes[theme] / whole:.0%}" for theme in most)
    return {
        "name": voice.name,
        "number": number,
        "about": voice.about,
        "place": voice.place,
        "summary": summary,
        "strip": [
            (f"{100 * size / whole:.2f}", themes.get(theme, _SILENT), display_name("theme", theme) if theme else "–")
            for size, theme in voice.strip
        ],
        "strip_alt": tr("Themes by paragraph: most text on {said}", said=said) if said else "",
    }


def _cell(
    part: pd.DataFrame,
    voice: str,
    question: str,
    listed: int,
    written: Mapping[tuple[str, str], Written],
    sources: Mapping[str, str],
) -> dict[str, Any]:
    rows = part[part["rank"] > 0].sort_values("rank").head(listed).to_dict("records")
    lines = [_line(row, voice) for row in rows]
    silence = "" if lines else str(part["why"].iloc[0])
    found = int(part["found"].max())
    open_lines = 1 + bool(len(rows) > 1 and rows[1]["shown"])
    return {
        "best": lines[:open_lines],
        "others": lines[open_lines:],
        "more": found - open_lines if lines else 0,
        "unlisted": found - len(lines) if lines else 0,
        "silence": display_name("silence", silence) if silence else "",
        "grade": {NOT_ASKED: "unasked", NOT_YET: "early"}.get(silence, "silent"),
        "since": tr("current since {date}", date=sources[question])
        if silence == NOT_YET and question in sources
        else "",
        "summary": written.get((question, voice)),
    }


def _line(row: Mapping[str, Any], voice: str) -> dict[str, Any]:
    figures = [_chip(text) for text in filter(None, row["figures"].split("; "))]
    names = [_chip(text) for text in filter(None, row["programmes"].split("; "))]
    also = [display_name("question", gloss) for gloss in filter(None, row["also"].split("; "))]
    return {
        "mark": MARKS.get(row["stance"], "·"),
        "stance": display_name("stance", row["stance"] or "other"),
        "text": _glossed(row["text"]),
        "source": source(voice, row["doc_id"], row["paragraph"]),
        "place": f"¶{row['paragraph']}",
        "at": f"{row['start']}–{row['end']}",
        "figures": figures[:_CHIPS],
        "names": names[:_CHIPS],
        "more_chips": max(len(figures) - _CHIPS, 0) + max(len(names) - _CHIPS, 0),
        "also": tr(", ").join(also),
    }


def _chip(text: str) -> dict[str, str]:
    """A figure or a name, and for English readers what its words mean."""
    found = glosses_in(text)
    covered = sum(len(term) for term, _ in found)
    han = sum(c >= "\u4e00" for c in text)
    whole = " ".join(gloss for _, gloss in found) if 2 * covered >= han else ""
    return {"text": text, "gloss": whole if len(found) <= _SHORT else "", "title": whole}


def _glossed(text: str) -> Markup:
    """A sentence, the first terms of which that the glossary knows carry their gloss."""
    parts, at, seen = [], 0, set[str]()
    for term, meaning in glosses_in(text):
        if term in seen or len(seen) == _GLOSSES:
            continue
        start = text.find(term, at)
        if start < 0:
            continue
        seen.add(term)
        parts += [escape(text[at:start]), Markup('<abbr title="{}">{}</abbr>').format(meaning, term)]
        at = start + len(term)
    return Markup("").join([*parts, escape(text[at:])])
