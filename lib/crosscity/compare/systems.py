"""The system that each group's documents describe, question by question, and what their sentences do with a theme.

Each row leads to its document, paragraph and characters. What belongs to a question is data
(resources/questions-system.yaml). That a document says nothing on a question does not mean that there is nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from .. import CrosscityError
from ..inference import MIN_PARAGRAPHS, wilson
from .questions import STANCES, TABLES, read_questions

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path
    from typing import Any

    from .questions import Question

_WHERE = ["doc_id", "paragraph"]
REACHES = ("central", "shared", "own", "unknown")
SYSTEM = ["question", "gloss", "group", "rank", "doc_id", "paragraph", "start", "end", "text", "why", "found"]
ANSWERS = ["question", *_WHERE, "start", "end", "nth", "score", "why"]
PROGRAMMES = ["canonical", "reach", "type", "parts", "documents", "groups", "mentions", *_WHERE, "start", "end"]
NOT_REPORTED = "not reported"


def answers(
    paragraphs: pd.DataFrame,
    themes: pd.DataFrame,
    stances: pd.DataFrame,
    quantities: pd.DataFrame,
    programmes: pd.DataFrame,
    corpus: pd.DataFrame,
    path: Path | str | None = None,
) -> pd.DataFrame:
    """Sentences that answer a question, one a row; see `system`.

    Returns
    -------
    DataFrame
        question, doc_id, paragraph, start, end (characters in the paragraph), nth (of the paragraph's sentences, from
        0), score, why. No text, and of no group: what is known of a corpus whose text is not at hand.
    """
    lines = _sentences(paragraphs, stances, corpus, [""] * len(paragraphs))
    lines["codes"] = _codes(lines, themes)
    facts = {"programmes": _placed(programmes, lines), "quantities": _placed(quantities, lines)}
    lines["numbers"] = lines.index.isin(facts["quantities"]["line"]).astype(int)
    parts = [pd.DataFrame(columns=ANSWERS)]
    for question in read_questions(path):
        part = lines[lines["stance"].isin(question.stances)]
        part = _by_fact(part, question, facts[question.table]) if question.table else _by_words(part, question)
        parts.append(part.assign(question=question.question)[ANSWERS])
    found = pd.concat([p for p in parts if len(p)] or parts, ignore_index=True)
    return found.astype({**dict.fromkeys(["paragraph", "start", "end", "nth", "score"], int), "why": str})


def system(
    paragraphs: pd.DataFrame,
    themes: pd.DataFrame,
    stances: pd.DataFrame,
    quantities: pd.DataFrame,
    programmes: pd.DataFrame,
    corpus: pd.DataFrame,
    labels: Mapping[str, Any] | None = None,
    path: Path | str | None = None,
    most: int = 3,
    found: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """What each group's documents say on each question: the sentences that answer it best.

    A sentence answers if it is of the question's stances and has a strong word, or a term in a paragraph whose first
    theme is one of the question's, or two where the second or third is. Better ones have more such words (strong ones
    count twice), are in a paragraph of the theme and hold a number; of equal ones, those that stand first in their
    paragraph. In a group of several documents they take turns. A question without words is answered by every sentence
    of its stances, in paragraphs whose first theme it has if it has themes.
    Only body paragraphs take part: headings say too little, notes are of editors.

    Parameters
    ----------
    paragraphs, themes, stances, quantities, programmes, corpus : DataFrame
        Tables of the contract; rows of documents that are not in `corpus` take no part.
    labels : sequence of str, length n_paragraphs, optional
        The group of each paragraph; the column `group` of `paragraphs` if left out.
    path : str or Path, optional
        See `questions.read_questions`.
    most : int
        Sentences of a cell.
    found : DataFrame, optional
        Of `answers`, where they were found before.

    Returns
    -------
    DataFrame
        question, gloss, group, rank (from 1), doc_id, paragraph, start, end (characters in the paragraph), text, why,
        found (how many sentences answer, shown or not). A cell without any has one row of rank 0: "not reported".
    """
    questions = read_questions(path)
    lines = _sentences(paragraphs, stances, corpus, labels)
    if found is None:
        found = answers(paragraphs, themes, stances, quantities, programmes, corpus, path)
    found = found.merge(lines[[*_WHERE, "start", "group", "text"]], on=[*_WHERE, "start"])
    groups, parts = sorted(lines["group"].unique()), []
    for question in questions:
        part = found[found["question"] == question.question].assign(gloss=question.gloss)
        part = part.sort_values(
            ["group", "score", "nth", *_WHERE, "start"], ascending=[True, False, True, True, True, True]
        )
        part["found"] = part.groupby("group")["score"].transform("size")
        part["turn"] = part.groupby(["group", "doc_id"]).cumcount()
        part = part.sort_values(["group", "turn", "score"], ascending=[True, True, False], kind="stable")
        part["rank"] = part.groupby("group").cumcount() + 1
        part = part[part["rank"] <= most]
        silent = [g for g in groups if g not in set(part["group"])]
        empty: dict[str, Any] = {
            "question": question.question,
            "gloss": question.gloss,
            "doc_id": "",
            "text": "",
            "why": NOT_REPORTED,
        }
        empty |= dict.fromkeys(["rank", "paragraph", "start", "end", "found"], 0)
        parts += [part[SYSTEM], pd.DataFrame([empty | {"group": g} for g in silent], columns=SYSTEM)]
    order = {q.question: i for i, q in enumerate(questions)}
    table = pd.concat([p for p in parts if len(p)], ignore_index=True) if len(lines) else pd.DataFrame(columns=SYSTEM)
    by = [table["question"].map(order), table["group"], table["rank"]]
    return table.iloc[np.lexsort(by[::-1])].reset_index(drop=True)


def matrix(table: pd.DataFrame) -> pd.DataFrame:
    """How many sentences answer each question in each group: a DataFrame of int, questions' glosses by groups."""
    wide = table.drop_duplicates(["gloss", "group"]).pivot_table(
        index="gloss", columns="group", values="found", aggfunc="sum", sort=False
    )
    return wide.astype(int)[sorted(wide.columns)]


def theme_by_stance(
    themes: pd.DataFrame, stances: pd.DataFrame, paragraphs: pd.DataFrame, labels: Mapping[str, Any] | None = None
) -> pd.DataFrame:
    """What the sentences of each theme do: shares of stances, by characters, in each group and theme.

    A sentence has the first theme of its paragraph. The interval is Wilson's (1927) with n as Kish's (1965) effective
    number of paragraphs, (sum of sizes)² / sum of squared sizes: a paragraph's sentences are no independent witnesses.

    Parameters
    ----------
    themes, stances, paragraphs : DataFrame
    labels : as for `system`

    Returns
    -------
    DataFrame
        group, theme (all: the whole group), stance, characters, sentences, paragraphs (of the theme in the group),
        share (of the theme's characters), low, high (NaN below eight paragraphs).
    """
    lines = _sentences(paragraphs, stances, None, labels)
    first = themes.loc[themes["rank"] == 1, [*_WHERE, "theme"]]
    lines = lines.merge(first, on=_WHERE, how="inner").assign(size=lambda t: t["end"] - t["start"])
    lines = pd.concat([lines, lines.assign(theme="all")])
    cell = ["group", "theme"]
    sizes = lines.groupby([*cell, *_WHERE])["size"].sum().reset_index().assign(square=lambda t: t["size"] ** 2)
    whole = sizes.groupby(cell).agg(total=("size", "sum"), square=("square", "sum"), paragraphs=("size", "size"))
    counts = lines.groupby([*cell, "stance"])["size"].agg(characters="sum", sentences="size").reset_index()
    table = whole.reset_index().merge(pd.DataFrame({"stance": STANCES}), how="cross")
    table = table.merge(counts, on=[*cell, "stance"], how="left").fillna({"characters": 0, "sentences": 0})
    table = table.astype({"characters": int, "sentences": int})
    table["share"] = table["characters"] / table["total"]
    ends = [
        wilson(share * total**2 / square, total**2 / square) if n >= MIN_PARAGRAPHS else (np.nan, np.nan)
        for share, total, square, n in table[["share", "total", "square", "paragraphs"]].itertuples(index=False)
    ]
    table[["low", "high"]] = np.array(ends, dtype=float).reshape(-1, 2)
    return table[[*cell, "stance", "characters", "sentences", "paragraphs", "share", "low", "high"]].round(6)


def causes(
    themes: pd.DataFrame, stances: pd.DataFrame, paragraphs: pd.DataFrame, labels: Mapping[str, Any] | None = None
) -> pd.DataFrame:
    """Causes that documents give: group, doc_id, paragraph, start, end, text, themes (of the paragraph, in order)."""
    lines = _sentences(paragraphs, stances, None, labels)
    lines = lines[lines["stance"] == "cause"]
    listed = themes.sort_values([*_WHERE, "rank"]).groupby(_WHERE)["theme"].agg("; ".join).reset_index(name="themes")
    found = lines.merge(listed, on=_WHERE, how="left").fillna({"themes": ""})
    found = found.sort_values(["group", *_WHERE, "start"])[["group", *_WHERE, "start", "end", "text", "themes"]]
    return found.reset_index(drop=True)


def programmes_table(programmes: pd.DataFrame, corpus: pd.DataFrame) -> pd.DataFrame:
    """Programmes, one a row: where each first stands, and who has it.

    Parameters
    ----------
    programmes, corpus : DataFrame
        Tables of the contract; corpus with the column `group`, which one of `programmes` overrules.

    Returns
    -------
    DataFrame
        canonical, reach (of several the first of `REACHES`), type (the most frequent), parts, documents, groups (tuples
        of str), mentions, and doc_id, paragraph, start, end of the first mention; by groups and mentions, descending.
    """
    rows = programmes.merge(corpus[["doc_id"] if "group" in programmes else ["doc_id", "group"]], on="doc_id")
    if rows.empty:
        return pd.DataFrame(columns=PROGRAMMES)
    rows = rows.sort_values([*_WHERE, "start"]).assign(level=lambda t: t["reach"].map(REACHES.index))
    table = rows.drop_duplicates("canonical").set_index("canonical")[[*_WHERE, "start", "end"]]
    by = rows.groupby("canonical")
    table["reach"] = by["level"].min().map(lambda level: REACHES[level])
    kinds = rows.groupby(["canonical", "type"]).size().sort_values(ascending=False, kind="stable").reset_index()
    table["type"] = kinds.drop_duplicates("canonical").set_index("canonical")["type"]
    parts = rows[["canonical", "components"]].explode("components").dropna().drop_duplicates()
    table["parts"] = parts.groupby("canonical")["components"].agg(tuple)
    table["parts"] = table["parts"].map(lambda t: t if isinstance(t, tuple) else ())
    for name, column in (("documents", "doc_id"), ("groups", "group")):
        pairs = rows[["canonical", column]].drop_duplicates().sort_values(column)
        table[name] = pairs.groupby("canonical")[column].agg(tuple)
    table = table.assign(mentions=by.size()).reset_index()
    order = np.lexsort([table["canonical"], -table["mentions"], -table["groups"].map(len)])
    return table.iloc[order].reset_index(drop=True)[PROGRAMMES]


def _sentences(paragraphs: pd.DataFrame, stances: pd.DataFrame, corpus: pd.DataFrame, labels: Any) -> pd.DataFrame:
    """Sentences of body paragraphs: the columns of stances, group, text, nth (in the paragraph, from 0)."""
    frame = paragraphs if labels is None else paragraphs.assign(group=np.asarray(labels))
    if "group" not in frame:
        msg = "paragraphs lack the column group: give labels, one a paragraph"
        raise CrosscityError(msg)
    frame = frame.loc[frame["kind"] == "body", [*_WHERE, "group", "text"]]
    if corpus is not None:
        frame = frame[frame["doc_id"].isin(set(corpus["doc_id"]))]
    lines = stances.drop(columns=["group"], errors="ignore").merge(frame, on=_WHERE, how="inner")
    lines = lines.sort_values([*_WHERE, "start"]).reset_index(drop=True)
    spans = zip(lines["text"], lines["start"], lines["end"], strict=True)
    lines["text"] = [text[start:end] for text, start, end in spans]
    return lines.assign(nth=lines.groupby(_WHERE).cumcount())


def _codes(lines: pd.DataFrame, themes: pd.DataFrame) -> list[tuple[set[str], ...]]:
    """Codes of each sentence's paragraph, leaves and groups, by rank: a list of tuples of sets."""
    found: dict[tuple[str, int], list[set[str]]] = {}
    for doc, paragraph, theme, leaf in themes.sort_values("rank")[[*_WHERE, "theme", "leaf"]].itertuples(index=False):
        found.setdefault((doc, paragraph), []).append({theme, leaf})
    return [tuple(found.get(key, ())) for key in zip(lines["doc_id"], lines["paragraph"], strict=True)]


def _placed(facts: pd.DataFrame, lines: pd.DataFrame) -> pd.DataFrame:
    """Facts with `line`, the row of the sentence in which they begin; those outside of sentences are left out."""
    kept = facts[facts["doc_id"].isin(set(lines["doc_id"]))].sort_values("start", kind="stable")
    borders = lines[[*_WHERE, "start", "end"]].assign(line=lines.index, at=lines["start"]).sort_values("start")
    borders = borders.rename(columns={"end": "until"}).drop(columns="at")
    placed = pd.merge_asof(kept, borders, on="start", by=_WHERE)
    return placed[placed["start"] < placed["until"]].astype({"line": int})


def _by_words(part: pd.DataFrame, question: Question) -> Any:
    """Sentences that answer by their words, with score and why."""
    asked, every, kept = set(question.themes), not question.strong and not question.terms, []
    columns = [part.index, *(part[c].tolist() for c in ("text", "codes", "numbers", "stance"))]
    for row, text, codes, numbers, stance in zip(*columns, strict=True):
        near: set[str] = next((asked & code for code in codes if asked & code), set())
        cues, also = question.words(text, near)
        first = bool(codes and asked & codes[0])
        if (every and (first or not asked)) or cues or len(also) > (0 if first else 1):
            score = 2 * len(cues) + len(also) + first + bool(near) + (0 if every and not asked else numbers)
            why = [", ".join([*cues, *also]), f"theme {min(near)}" if near else "", stance]
            kept.append((row, score, " · ".join(filter(None, why))))
    rows = [row for row, *_ in kept]
    return part.loc[rows].assign(score=[score for _, score, _ in kept], why=[why for *_, why in kept])


def _by_fact(part: pd.DataFrame, question: Question, facts: Any) -> Any:
    """Sentences that hold rows of a table, with score (the better value, then how many) and why."""
    column, values = TABLES[question.table], question.values or tuple(sorted(facts[TABLES[question.table]].unique()))
    facts = facts[facts[column].isin(values) & facts["line"].isin(part.index)]
    if question.table == "programmes":
        said = facts["canonical"] + " (" + facts["reach"] + " " + facts["type"] + ")"
    else:
        said = facts["item"] + " " + facts["number"]
    facts = facts.assign(said=said, level=facts[column].map(values.index).astype(int)).drop_duplicates(["line", "said"])
    by = facts.groupby("line")
    score = 1000 * (len(values) - by["level"].min()) + by.size()
    return part.loc[score.index].assign(score=score, why=by["said"].agg("; ".join))
