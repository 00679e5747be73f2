"""What groups say on each question, as a fragment of HTML to be browsed without script or network."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from .. import combined_error
from ..compare.answers import MATRIX_COLUMNS
from ..language import display_name, tr
from .fragments import as_list, input_problems, source, template

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

WIDE = 12  # groups that have a column each; of more, each has a row
SILENCE = (
    "A hatched cell is not reported: the documents at hand say nothing that was found. That is no sign that there is "
    "nothing. Sentences are found by words, themes and stances, and not by understanding them; read them before you "
    "rely on them."
)


class Line(NamedTuple):
    """A sentence, where it comes from, and why it was chosen."""

    text: str
    source: str
    at: str
    why: str


class Cell(NamedTuple):
    """One group's answer to one question; `more` sentences are not shown."""

    group: str
    found: int
    lines: list[Line]
    more: int


def system_page(table: pd.DataFrame, notes: str | Iterable[str] = (), prefix: str = "system") -> str:
    """What each group says on each question, as a fragment for `fragments.page`.

    A table of how many sentences answer, by question and group, links to the answers below it: question by question,
    each group's sentences with document, paragraph and characters, and why they were chosen.

    Parameters
    ----------
    table : DataFrame
        Of `compare.answers.answer_matrix`.
    notes : sequence of str
        Caveats of this corpus; shown first.
    prefix : str
        Of every id: a letter, then letters, digits, - and _.

    Raises
    ------
    CrosscityError
        If the table lacks a column, or the prefix is not an id.
    """
    if problems := input_problems(table, MATRIX_COLUMNS, "table", "systems.system", prefix):
        raise combined_error(problems)
    groups, questions = sorted(set(table["group"])), []
    for number, ((_, gloss), part) in enumerate(table.groupby(["question", "gloss"], sort=False), start=1):
        cells = [_cell(group, part[part["group"] == group]) for group in groups]
        answering = sum(cell.found > 0 for cell in cells)
        question = {"number": number, "gloss": display_name("question", gloss), "cells": cells, "answering": answering}
        questions.append(question)
    return template("system.html").render(
        groups=groups,
        questions=questions,
        notes=as_list(notes),
        prefix=prefix,
        wide=len(groups) <= WIDE,
        about=tr(SILENCE),
    )


def _cell(group: str, part: pd.DataFrame) -> Cell:
    rows = part[part["rank"] > 0].sort_values("rank")
    lines = [
        Line(row.text, source(group, row.doc_id, row.paragraph), f"{row.start}–{row.end}", _reasons(row.why))
        for row in rows[["doc_id", "paragraph", "start", "end", "text", "why"]].itertuples(index=False)
    ]
    found = int(part["found"].max()) if len(part) else 0
    return Cell(group, found, lines, found - len(lines))


def _reasons(why: str) -> str:
    """Why a sentence was chosen, in the run's language: its words, its theme, its stance."""
    reasons = []
    for part in why.split(" · "):
        theme = part.removeprefix("theme ")
        if theme == part:
            reasons.append(display_name("stance", part))
        else:
            reasons.append(tr("theme {name}", name=display_name("theme", display_name("leaf", theme))))
    return " · ".join(reasons)
