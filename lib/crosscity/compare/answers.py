"""The matrix of questions by groups: the sentences of documents that answer the questions of `questions`.

With the shipped questions on party-building, it describes the system of each city. Each row refers to its document,
paragraph and characters. That a document says nothing on a question does not mean that there is nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ..ordering import sort_rows
from .questions import TABLES, read_questions
from .stances import body_sentences

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any

    from .questions import Question

_KEY = ["doc_id", "paragraph"]
MATRIX_COLUMNS = ["question", "gloss", "group", "rank", *_KEY, "start", "end", "text", "why", "found"]
_ANSWER_COLUMNS = ["question", *_KEY, "start", "end", "nth", "score", "why"]
NOT_REPORTED = "not reported"


def find_answers(
    paragraphs: pd.DataFrame,
    themes: pd.DataFrame,
    stances: pd.DataFrame,
    quantities: pd.DataFrame,
    programmes: pd.DataFrame,
    corpus: pd.DataFrame,
    path: Path | str | None = None,
) -> pd.DataFrame:
    """The sentences that answer a question, one a row; see `answer_matrix` for what answers.

    Returns
    -------
    DataFrame
        question, doc_id, paragraph, start, end (characters in the paragraph), nth (of the paragraph's sentences, from
        0), score, why. It has neither text nor groups, so that it can stand for a corpus whose text is not at hand.
    """
    lines = body_sentences(paragraphs.assign(group=""), stances, corpus)
    lines["codes"] = _codes(lines, themes)
    facts = {"programmes": _in_sentences(programmes, lines), "quantities": _in_sentences(quantities, lines)}
    lines["numbers"] = lines.index.isin(facts["quantities"]["line"]).astype(int)
    parts = [pd.DataFrame(columns=_ANSWER_COLUMNS)]
    for question in read_questions(path):
        part = lines[lines["stance"].isin(question.stances)]
        part = _by_fact(part, question, facts[question.table]) if question.table else _by_words(part, question)
        parts.append(part.assign(question=question.question)[_ANSWER_COLUMNS])
    table = pd.concat([p for p in parts if len(p)] or parts, ignore_index=True)
    return table.astype({**dict.fromkeys(["paragraph", "start", "end", "nth", "score"], int), "why": str})


def answer_matrix(
    paragraphs: pd.DataFrame,
    themes: pd.DataFrame,
    stances: pd.DataFrame,
    quantities: pd.DataFrame,
    programmes: pd.DataFrame,
    corpus: pd.DataFrame,
    path: Path | str | None = None,
    n: int = 3,
    answers: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """What each group's documents say on each question: the sentences that answer it best.

    A sentence answers if it is of the question's stances and has a strong word, or a term in a paragraph whose first
    theme is one of the question's, or two terms where the second or third theme is. It scores for such words (strong
    ones count twice), for a paragraph of the theme, and for a number; ties go to the one that is earlier in its
    paragraph. The documents of a group take turns. A question without words is answered by every sentence of its
    stances, in paragraphs whose first theme is one of its themes if it has any. Only body paragraphs count: headings
    say too little, notes are the editors'.

    Parameters
    ----------
    paragraphs, themes, stances, quantities, programmes, corpus : DataFrame
        Tables of the contract, paragraphs with the column group; rows of documents that are not in `corpus` are
        ignored.
    path : str or Path, optional
        See `questions.read_questions`.
    n : int
        Sentences a cell.
    answers : DataFrame, optional
        Of `find_answers`, if they are known.

    Returns
    -------
    DataFrame
        question, gloss, group, rank (1-based), doc_id, paragraph, start, end (characters in the paragraph), text, why,
        found (how many sentences answer, listed or not). A cell without any has one row of rank 0: "not reported".
    """
    questions = read_questions(path)
    lines = body_sentences(paragraphs, stances, corpus)
    if lines.empty:
        return pd.DataFrame(columns=MATRIX_COLUMNS)
    if answers is None:
        answers = find_answers(paragraphs, themes, stances, quantities, programmes, corpus, path)
    answers = answers.merge(lines[[*_KEY, "start", "group", "text"]], on=[*_KEY, "start"])
    groups, parts = sorted(lines["group"].unique()), []
    for question in questions:
        part = _best(answers[answers["question"] == question.question], n).assign(gloss=question.gloss)
        silent = [group for group in groups if group not in set(part["group"])]
        parts += [
            part[MATRIX_COLUMNS],
            pd.DataFrame([_empty_cell(question, g) for g in silent], columns=MATRIX_COLUMNS),
        ]
    table = pd.concat([p for p in parts if len(p)], ignore_index=True)
    order = {question.question: i for i, question in enumerate(questions)}
    keys = [table["question"].map(order), table["group"], table["rank"]]
    return table.iloc[np.lexsort(keys[::-1])].reset_index(drop=True)


def _best(answers: pd.DataFrame, n: int) -> pd.DataFrame:
    """The n best answers of each group to one question, its documents in turn, with rank and found."""
    keys = ["group", "score", "nth", *_KEY, "start"]
    answers = sort_rows(answers, keys, [True, False, True, True, True, True])
    answers = answers.assign(
        found=answers.groupby("group")["score"].transform("size"),
        turn=answers.groupby(["group", "doc_id"]).cumcount(),
    )
    answers = answers.sort_values(["group", "turn", "score"], ascending=[True, True, False], kind="stable")
    answers["rank"] = answers.groupby("group").cumcount() + 1
    return answers[answers["rank"] <= n]


def _empty_cell(question: Question, group: str) -> dict[str, Any]:
    cell = {"question": question.question, "gloss": question.gloss, "group": group, "why": NOT_REPORTED}
    return cell | {"doc_id": "", "text": ""} | dict.fromkeys(["rank", "paragraph", "start", "end", "found"], 0)


def answer_counts(table: pd.DataFrame) -> pd.DataFrame:
    """How many sentences answer each question in each group: a DataFrame of int, glosses by groups.

    `table` is of `answer_matrix`.
    """
    wide = table.drop_duplicates(["gloss", "group"]).pivot_table(
        index="gloss", columns="group", values="found", aggfunc="sum", sort=False
    )
    return wide.astype(int)[sorted(wide.columns)]


def _codes(lines: pd.DataFrame, themes: pd.DataFrame) -> list[tuple[set[str], ...]]:
    """The codes (leaves and groups) of each sentence's paragraph, by rank."""
    codes: dict[tuple[str, int], list[set[str]]] = {}
    for doc, paragraph, theme, leaf in themes.sort_values("rank")[[*_KEY, "theme", "leaf"]].itertuples(index=False):
        codes.setdefault((doc, paragraph), []).append({theme, leaf})
    return [tuple(codes.get(key, ())) for key in zip(lines["doc_id"], lines["paragraph"], strict=True)]


def _in_sentences(facts: pd.DataFrame, lines: pd.DataFrame) -> pd.DataFrame:
    """Facts with `line`, the row of the sentence in which they begin; facts outside of sentences are left out."""
    facts = facts[facts["doc_id"].isin(set(lines["doc_id"]))].sort_values("start", kind="stable")
    bounds = lines[[*_KEY, "start", "end"]].assign(line=lines.index).sort_values("start")
    bounds = bounds.rename(columns={"end": "until"})
    placed = pd.merge_asof(facts, bounds, on="start", by=_KEY)
    return placed[placed["start"] < placed["until"]].astype({"line": int})


def _by_words(part: pd.DataFrame, question: Question) -> pd.DataFrame:
    """The sentences that answer by their words, with score and why."""
    themes, any_words = set(question.themes), not question.strong and not question.terms
    rows, scores, reasons = [], [], []
    columns = [part.index, *(part[c].tolist() for c in ("text", "codes", "numbers", "stance"))]
    for row, text, codes, numbers, stance in zip(*columns, strict=True):
        near: set[str] = next((themes & code for code in codes if themes & code), set())
        strong, terms = question.words(text, near)
        first = bool(codes and themes & codes[0])
        enough_terms = len(terms) > (0 if first else 1)
        if not ((any_words and (first or not themes)) or strong or enough_terms):
            continue
        rows.append(row)
        scores.append(2 * len(strong) + len(terms) + first + bool(near) + (0 if any_words and not themes else numbers))
        why = [", ".join([*strong, *terms]), f"theme {min(near)}" if near else "", stance]
        reasons.append(" · ".join(filter(None, why)))
    return part.loc[rows].assign(score=scores, why=reasons)


def _by_fact(part: pd.DataFrame, question: Question, facts: pd.DataFrame) -> pd.DataFrame:
    """The sentences that contain rows of a table, with score (the better value, then how many) and why."""
    column = TABLES[question.table]
    values = question.values or tuple(sorted(facts[column].unique()))
    facts = facts[facts[column].isin(values) & facts["line"].isin(part.index)]
    if question.table == "programmes":
        text = facts["canonical"] + " (" + facts["reach"] + " " + facts["type"] + ")"
    else:
        text = facts["item"] + " " + facts["number"]
    level = facts[column].map(values.index).astype(int)
    lines = facts.assign(fact=text, level=level).drop_duplicates(["line", "fact"]).groupby("line")
    score = 1000 * (len(values) - lines["level"].min()) + lines.size()
    return part.loc[score.index].assign(score=score, why=lines["fact"].agg("; ".join))
