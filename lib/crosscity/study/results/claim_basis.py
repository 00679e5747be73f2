"""What claims rest on: groups that may be compared, their genres, and how often the machine is right."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from ...facts.adjudication import share_right, were_seen
from ...language import display_name, join_items, tr
from .fact_tables import fact_tables

if TYPE_CHECKING:
    from ..study import Study

FEW = 8  # groups that a sentence has room for
_MEASURES = ("F1 of value and unit", "kind", "year", "stance", "first theme", "F1 of names")  # that claims rest on


def how_often_right(study: Study, task: str) -> str:
    """How often the machine is right in a task, by the measures that matter to a claim; else by all."""
    rates = study.reliability().rows
    if not study.reliability() or "measure" not in rates:
        return study.reliability().label(task) if study.reliability() else tr("not coded")
    rows = rates[(rates["task"] == task) & rates["measure"].isin(_MEASURES)]
    if rows.empty:
        return study.reliability().label(task)
    said = (f"{display_name('measure', r.measure)} {r.value:.0%}" for r in rows.itertuples())
    return share_right(rows["items"].iloc[0], join_items(said), were_seen(rows))


def read_by_rules(study: Study) -> str:
    """That figures are read by rules, and how often these are right."""
    return tr("Figures are read from sentences by rules ({right}).", right=how_often_right(study, "quantities"))


def of_complete_groups(study: Study, rows: pd.DataFrame) -> pd.DataFrame:
    """Rows of groups that are known, and whose documents are whole."""
    return rows[~rows["group"].isin(groups_left_aside(study))].reset_index(drop=True)


def groups_left_aside(study: Study) -> set[str]:
    """Groups that no claim names: not stated, not whole, or, of many, with a quarter of the usual text or less."""
    sizes = fact_tables(study).paragraphs.groupby("group")["n_chars"].sum()
    short = sizes.index[sizes <= sizes.median() / 4] if len(sizes) > FEW else []
    return {*study.incomplete(), tr("not stated"), *short}


def genre_of_groups(study: Study) -> dict[str, str]:
    """The genre of each group, as stated or else by type of document: that of nine tenths of its text, or none."""
    corpus = study.corpus
    genre = corpus["genre"].where(corpus["genre"] != "", corpus["doc_type"])
    sizes = corpus.assign(kind=genre).groupby(["group", "kind"], sort=False)["n_chars"].sum().reset_index()
    sizes["share"] = sizes["n_chars"] / sizes.groupby("group")["n_chars"].transform("sum")
    main = sizes[(sizes["share"] >= 0.9) & ~sizes["kind"].isin(["", "unknown", "other"])]
    return dict(zip(main["group"], main["kind"], strict=True))


def of_main_genre(study: Study, rows: pd.DataFrame) -> pd.DataFrame:
    """Rows of the groups of the commonest genre."""
    genres = genre_of_groups(study)
    counts = pd.Series(list(genres.values())).value_counts()
    return rows[rows["group"].map(genres) == counts.index[0]] if len(counts) else rows[:0]


def theme_name(theme: Any) -> str:
    """A theme in the run's language."""
    return display_name("theme", theme)
