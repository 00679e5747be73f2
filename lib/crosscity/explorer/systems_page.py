"""A page of what groups say on questions, each answer with its sentences, without script or network."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .. import combined_error
from ..compare.answers import MATRIX_COLUMNS
from ..language import display_name, tr
from .concordance import source
from .topics_page import fragment_problems, template

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    import pandas as pd

SILENCE = (
    "A hatched cell is not reported: the documents at hand say nothing that was found. That is no sign that there is "
    "nothing. Sentences are found by words, themes and stances, and not by understanding them; read them before you "
    "rely on them."
)


def system_page(table: pd.DataFrame, notes: Iterable[str] = (), prefix: str = "system") -> str:
    """What each group says on each question, as a fragment of HTML for `topics_page.page`.

    First questions by groups with how many sentences answer, each a link; then, a question at a time, every group's
    sentences with document, paragraph and characters, and why they were chosen. Of more than twelve groups the first
    table has a row a group.

    Parameters
    ----------
    table : DataFrame
        Of `compare.answers.answer_matrix`.
    notes : sequence of str
        What the figures of this corpus must say; shown first.
    prefix : str
        Of every id: a letter, then letters, digits, - and _.

    Returns
    -------
    str

    Raises
    ------
    CrosscityError
        If the table lacks a column, or the prefix is no id.
    """
    if problems := fragment_problems(prefix, table, MATRIX_COLUMNS, "table", "answers.answer_matrix"):
        raise combined_error(problems)
    groups, questions = sorted(set(table["group"])), []
    for number, ((_, gloss), part) in enumerate(table.groupby(["question", "gloss"], sort=False), start=1):
        cells = [_cell(group, part[part["group"] == group]) for group in groups]
        told = sum(bool(cell["found"]) for cell in cells)
        questions.append({"number": number, "gloss": display_name("question", gloss), "cells": cells, "told": told})
    notes = [notes] if isinstance(notes, str) else list(notes)
    parts = {"groups": groups, "questions": questions, "notes": notes, "prefix": prefix, "wide": len(groups) <= 12}
    return template("system.html").render(**parts, said=tr(SILENCE))


def _cell(group: Any, part: pd.DataFrame) -> Any:
    rows = part[part["rank"] > 0].sort_values("rank")
    lines = [
        {"source": source(group, doc, paragraph), "at": f"{start}–{end}", "text": text, "why": _why_told(why)}
        for doc, paragraph, start, end, text, why in rows[
            ["doc_id", "paragraph", "start", "end", "text", "why"]
        ].itertuples(index=False)
    ]
    found = int(part["found"].max()) if len(part) else 0
    return {"group": group, "found": found, "lines": lines, "more": found - len(lines)}


def _why_told(why: str) -> str:
    """Why a sentence was chosen, in the run's language: its words, its theme, its stance."""
    said = []
    for part in why.split(" · "):
        theme = part.removeprefix("theme ")
        said.append(
            display_name("stance", part)
            if theme == part
            else tr("theme {name}", name=display_name("theme", display_name("leaf", theme)))
        )
    return " · ".join(said)
