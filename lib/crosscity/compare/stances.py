"""Sentences by theme and stance: what is reached, planned and admitted, and which causes are given."""

from __future__ import annotations

import numpy as np
import pandas as pd

from .. import CrosscityError
from ..inference import MIN_PARAGRAPHS, wilson_interval
from ..ordering import sort_rows
from .questions import STANCES

_KEY = ["doc_id", "paragraph"]


def body_sentences(paragraphs: pd.DataFrame, stances: pd.DataFrame, corpus: pd.DataFrame | None = None) -> pd.DataFrame:
    """The sentences of body paragraphs, in order: the columns of stances, group, text, nth (in the paragraph, from 0).

    Parameters
    ----------
    paragraphs, stances : DataFrame
        Tables of the contract, paragraphs with the column group.
    corpus : DataFrame, optional
        The documents to keep; all if left out.

    Raises
    ------
    CrosscityError
        If the paragraphs have no group.
    """
    if "group" not in paragraphs:
        msg = "paragraphs lack the column group: add one, with the group of each paragraph"
        raise CrosscityError(msg)
    frame = paragraphs.loc[paragraphs["kind"] == "body", [*_KEY, "group", "text"]]
    if corpus is not None:
        frame = frame[frame["doc_id"].isin(set(corpus["doc_id"]))]
    # Joined by the number of the row: each sentence with all of its paragraph's text would be four times the text.
    texts, rows = frame["text"].tolist(), frame[[*_KEY, "group"]].assign(text=range(len(frame)))
    lines = stances.drop(columns=["group"], errors="ignore").merge(rows, on=_KEY, how="inner")
    lines = sort_rows(lines, [*_KEY, "start"]).reset_index(drop=True)
    spans = zip(lines["text"], lines["start"], lines["end"], strict=True)
    lines["text"] = pd.Series([texts[row][start:end] for row, start, end in spans], lines.index, dtype="str")
    return lines.assign(nth=lines.groupby(_KEY).cumcount())


def stance_shares(themes: pd.DataFrame, stances: pd.DataFrame, paragraphs: pd.DataFrame) -> pd.DataFrame:
    """Shares of stances, by characters, in each group and theme.

    A sentence has the first theme of its paragraph. The interval is Wilson's (1927) with n as Kish's (1965) effective
    number of paragraphs, (sum of sizes)² / sum of squared sizes, since the sentences of a paragraph are dependent.

    Parameters
    ----------
    themes, stances, paragraphs : DataFrame
        Tables of the contract; paragraphs with the column group.

    Returns
    -------
    DataFrame
        group, theme (all: the whole group), stance, characters, sentences, paragraphs (of the theme in the group),
        share (of the theme's characters), low, high (NaN below eight paragraphs).
    """
    lines = body_sentences(paragraphs.assign(text=""), stances)  # what is counted needs no text
    first = themes.loc[themes["rank"] == 1, [*_KEY, "theme"]]
    lines = lines.merge(first, on=_KEY, how="inner").assign(size=lambda t: t["end"] - t["start"])
    lines = pd.concat([lines, lines.assign(theme="all")])
    cell = ["group", "theme"]
    sizes = lines.groupby([*cell, *_KEY])["size"].sum().reset_index().assign(square=lambda t: t["size"] ** 2)
    whole = sizes.groupby(cell).agg(total=("size", "sum"), square=("square", "sum"), paragraphs=("size", "size"))
    counts = lines.groupby([*cell, "stance"])["size"].agg(characters="sum", sentences="size").reset_index()
    table = whole.reset_index().merge(pd.DataFrame({"stance": STANCES}), how="cross")
    table = table.merge(counts, on=[*cell, "stance"], how="left").fillna({"characters": 0, "sentences": 0})
    table = table.astype({"characters": int, "sentences": int})
    table["share"] = table["characters"] / table["total"]
    ends = [
        wilson_interval(share * total**2 / square, total**2 / square) if n >= MIN_PARAGRAPHS else (np.nan, np.nan)
        for share, total, square, n in table[["share", "total", "square", "paragraphs"]].itertuples(index=False)
    ]
    table[["low", "high"]] = np.array(ends, dtype=float).reshape(-1, 2)
    return table[[*cell, "stance", "characters", "sentences", "paragraphs", "share", "low", "high"]].round(6)


def causes(themes: pd.DataFrame, stances: pd.DataFrame, paragraphs: pd.DataFrame) -> pd.DataFrame:
    """The causes that documents give.

    Columns group, doc_id, paragraph, start, end, text, themes (of the paragraph, by rank).
    """
    lines = body_sentences(paragraphs, stances[stances["stance"] == "cause"])
    by_paragraph = sort_rows(themes, [*_KEY, "rank"]).groupby(_KEY)["theme"]
    joined = by_paragraph.agg("; ".join).reset_index(name="themes")
    table = lines.merge(joined, on=_KEY, how="left").fillna({"themes": ""})
    table = sort_rows(table, ["group", *_KEY, "start"])[["group", *_KEY, "start", "end", "text", "themes"]]
    return table.reset_index(drop=True)
