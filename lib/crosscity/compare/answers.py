"""The matrix of questions by voices: of each, the sentences that answer best, with their figures and programmes.

With the shipped questions on party-building, it describes the system of each city. Each row refers to its document,
paragraph and characters. That a document says nothing on a question does not mean that there is nothing.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd

from ..ordering import sort_rows
from .answer_scores import CLAUSE, announcing, score_by_facts, score_by_words
from .questions import read_questions
from .stances import body_sentences

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from .questions import Question

_KEY = ["doc_id", "paragraph"]
_SPAN = [*_KEY, "start", "end"]
MATRIX_COLUMNS = ["question", "gloss", "group", "rank", *_SPAN, "text", "why", "stance", "figures", "programmes"]
MATRIX_COLUMNS += ["also", "found", "key", "shown"]
_ANSWER_COLUMNS = ["question", *_SPAN, "nth", "score", "why"]
NOT_REPORTED, NOT_ASKED, NOT_YET = "not reported", "not asked of this genre", "not yet current then"
_NEAR = 2  # points by which a sentence that stands in no other cell may be worse
_BEHIND = 4  # points that an answer in words stands behind the rows of a question's table; what is told besides, twice
_WORSE = 9  # points by which one that completes the best may be worse
_FAR_IN = 24  # characters of a clause after which what is shown begins within it
_TWO = 150  # characters of two sentences that stand in a cell together


class _Facts(NamedTuple):
    """Quantities and programmes with `line`, the row of the sentence in which they begin."""

    quantities: pd.DataFrame
    programmes: pd.DataFrame


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
    lines["text"] = lines["text"].astype(object)  # each is read once a question
    lines["codes"] = _codes(lines, themes)
    lines["head"] = announcing(lines)
    facts = _Facts(_in_sentences(quantities, lines), _in_sentences(programmes, lines))
    lines["numbers"] = _starts(facts.quantities, lines)
    lines["names"] = _starts(facts.programmes, lines)
    parts = [pd.DataFrame(columns=_ANSWER_COLUMNS)]
    for question in read_questions(path):
        part = _answering(lines, question, facts)
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
    n: int = 0,
    answers: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """What each voice says on each question: the sentences that answer, the best first.

    A sentence speaks to a question if it is of the question's stances and has a strong word, or a term in a paragraph
    whose first theme is one of the question's, or two terms where the second or third theme is. It answers if it also
    has what an answer has: one of the question's expressions (`answers`: what is done, how, by how much; `partly`: half
    of it), or a figure in a clause with such a word; where the question has no expressions, each that speaks to it
    answers. It scores for these, for a programme in such a clause and a paragraph of the theme, and loses by vague
    phrases, by ending in a colon, by quoting a speech, by speaking of other things for the most part, and by speaking
    of problems; ties go to the one that is earlier in its paragraph. Of a question with a table and words, sentences
    without a row of the table stand behind those with one; last stand those of another stance that have one of its
    expressions for what is told `besides`. The documents of a group take turns. A question without
    words is answered by every sentence of its stances, in paragraphs whose first theme is one of its themes if it has
    any, and its expressions only rank them. Only body paragraphs count: headings say too little, notes are the
    editors'.

    Of two questions that the same sentence answers best, one takes the next best, if that is nearly as good.

    Parameters
    ----------
    paragraphs, themes, stances, quantities, programmes, corpus : DataFrame
        Tables of the contract, paragraphs with the column group; rows of documents that are not in `corpus` are
        ignored. corpus has date, genre and doc_type, by which an empty cell is judged.
    path : str or Path, optional
        See `questions.read_questions`.
    n : int
        Sentences a cell; 0: all.
    answers : DataFrame, optional
        Of `find_answers`, if they are known.

    Returns
    -------
    DataFrame
        question, gloss, group, rank (1-based), doc_id, paragraph, start, end (characters in the paragraph), text, why,
        stance, figures and programmes (of the sentence, with "; " between), also (glosses of other questions whose
        cell begins with this sentence), found (how many sentences answer, listed or not), key (from which
        character of text on it speaks to the question), shown (whether it stands in the cell without
        opening it: the best, and the next if that completes it). A cell without any has one row of rank 0, and why says
        which silence it is: not reported, not asked of this genre, not yet current then.
    """
    questions = read_questions(path)
    lines = body_sentences(paragraphs, stances, corpus)
    if lines.empty:
        return pd.DataFrame(columns=MATRIX_COLUMNS)
    if answers is None:
        answers = find_answers(paragraphs, themes, stances, quantities, programmes, corpus, path)
    place = [*_KEY, "start"]
    ranked = _ranked(answers.merge(lines[[*place, "group"]].assign(line=lines.index), on=place))
    ranked = _spread(ranked, {q.question: q.gloss for q in questions})
    ranked = ranked[ranked["rank"] <= n].reset_index(drop=True) if n else ranked
    said = lines.loc[ranked["line"].unique(), [*_SPAN, "text", "stance"]]
    figures, names = (_in_sentences(table, said) for table in (quantities, programmes))
    said["figures"] = _joined(_figures(figures), said)
    said["programmes"] = _joined(names.assign(said=names["canonical"]), said)
    columns = ["text", "stance", "figures", "programmes"]
    ranked[columns] = said.loc[ranked.pop("line"), columns].set_axis(ranked.index)
    of_name = {question.question: question for question in questions}
    ranked = ranked.assign(
        key=[
            _key(text, of_name[name], why)
            for name, text, why in ranked[["question", "text", "why"]].itertuples(index=False)
        ]
    )
    ranked = ranked.assign(shown=_completing(ranked, of_name))
    silences = _silences(questions, lines, corpus, ranked)
    table = pd.concat([part for part in (ranked, silences) if len(part)] or [silences], ignore_index=True)
    order = {question.question: i for i, question in enumerate(questions)}
    table = table.assign(gloss=table["question"].map({q.question: q.gloss for q in questions}))
    keys = [table["question"].map(order), table["group"], table["rank"]]
    return table.iloc[np.lexsort(keys[::-1])][MATRIX_COLUMNS].reset_index(drop=True)


def _ranked(answers: pd.DataFrame) -> pd.DataFrame:
    """Answers with found, and rank in their cell: the best of each of the group's documents in turn."""
    cell = ["question", "group"]
    keys = [*cell, "score", "nth", *_KEY, "start"]
    answers = sort_rows(answers, keys, [True, True, False, True, True, True, True])
    answers = answers.assign(
        found=answers.groupby(cell)["score"].transform("size"),
        turn=answers.groupby([*cell, "doc_id"]).cumcount(),
    )
    answers = answers.sort_values([*cell, "turn", "score"], ascending=[True, True, True, False], kind="stable")
    return answers.assign(rank=answers.groupby(cell).cumcount() + 1).reset_index(drop=True)


def _spread(ranked: pd.DataFrame, glosses: dict[str, str]) -> pd.DataFrame:
    """Answers with `also`, so ranked that a sentence stands first in one cell of its group, where others will do.

    The question that it answers best, by its score, keeps it; another takes the best of those that stand first nowhere
    if that is worse by few points.
    """
    rank = ranked["rank"].to_numpy().copy()
    first: dict[int, list[int]] = {}  # rows that stand first by the sentence
    spans = ranked.groupby(["group", *_SPAN], sort=False).ngroup().to_numpy()
    scores = ranked["score"].to_numpy()
    cells = {key: rows.to_numpy() for key, rows in ranked.groupby(["group", "question"], sort=False).groups.items()}
    for rows in sorted(cells.values(), key=lambda rows: (-scores[rows[0]], rows[0])):
        best = rows[0]
        free = [r for r in rows if spans[r] not in first and scores[r] >= scores[rows[0]] - _NEAR]
        if spans[best] in first and free:
            best = free[0]
            rank[rows] += rank[rows] < rank[best]
            rank[best] = 1
        first.setdefault(spans[best], []).append(best)
    also = np.full(len(ranked), "", dtype=object)
    names = [glosses[question] for question in ranked["question"]]
    for rows in first.values():
        for row in rows:
            also[row] = "; ".join(names[r] for r in rows if r != row)
    return ranked.assign(rank=rank, also=also)


def _silences(
    questions: Sequence[Question], lines: pd.DataFrame, corpus: pd.DataFrame, ranked: pd.DataFrame
) -> pd.DataFrame:
    """A row for each cell without an answer, and which silence it is."""
    answered = set(zip(ranked["question"], ranked["group"], strict=True))
    about = corpus.set_index("doc_id")
    documents = lines.groupby("group")["doc_id"].unique()
    rows = []
    for question in questions:
        for group in sorted(documents.index):
            if (question.question, group) not in answered:
                why = silence(question, about.loc[list(documents[group])])
                rows.append({"question": question.question, "group": group, "why": why})
    texts = dict.fromkeys(["doc_id", "text", "stance", "figures", "programmes", "also"], "")
    numbers = dict.fromkeys(["rank", "paragraph", "start", "end", "found", "key"], 0)
    return pd.DataFrame(
        [row | texts | numbers | {"shown": True} for row in rows], columns=[c for c in MATRIX_COLUMNS if c != "gloss"]
    )


def silence(question: Question, documents: pd.DataFrame) -> str:
    """Why documents (rows of corpus) say nothing on a question: `NOT_YET`, `NOT_ASKED` or `NOT_REPORTED`.

    It was not yet current if the question is dated (`since`) and all documents are older; it is not asked of them if
    all are of a genre or type whose name holds a word of `not_asked_of`.
    """
    columns = [c for c in ("genre", "doc_type") if c in documents]
    dates = [str(date) for column in ("date", "year") if column in documents for date in documents[column]]
    dates = dates[: len(documents)] if any(dates[: len(documents)]) else dates[len(documents) :]
    if question.since and all(date and date < question.since[: len(date)] for date in dates) and dates:
        return NOT_YET
    kinds = [" ".join(str(row[c]) for c in columns) for _, row in documents.iterrows()]
    if question.not_asked_of and all(any(word in kind for word in question.not_asked_of) for kind in kinds):
        return NOT_ASKED
    return NOT_REPORTED


def answer_counts(table: pd.DataFrame) -> pd.DataFrame:
    """How many sentences answer each question in each group: a DataFrame of int, glosses by groups.

    `table` is of `answer_matrix`.
    """
    wide = table.drop_duplicates(["gloss", "group"]).pivot_table(
        index="gloss", columns="group", values="found", aggfunc="sum", sort=False
    )
    return wide.astype(int)[sorted(wide.columns)]


def _codes(lines: pd.DataFrame, themes: pd.DataFrame) -> list[tuple[frozenset[str], ...]]:
    """The codes (leaves and groups) of each sentence's paragraph, by rank."""
    pair = functools.cache(lambda theme, leaf: frozenset((theme, leaf)))
    codes: dict[tuple[str, int], list[frozenset[str]]] = {}
    for doc, paragraph, theme, leaf in themes.sort_values("rank")[[*_KEY, "theme", "leaf"]].itertuples(index=False):
        codes.setdefault((doc, paragraph), []).append(pair(theme, leaf))
    listed = {key: tuple(of_paragraph) for key, of_paragraph in codes.items()}
    return [listed.get(key, ()) for key in zip(lines["doc_id"], lines["paragraph"], strict=True)]


def _in_sentences(facts: pd.DataFrame, lines: pd.DataFrame) -> pd.DataFrame:
    """Facts with `line`, the row of the sentence in which they begin, and `at`, where in it; others are left out."""
    facts = facts[facts["doc_id"].isin(set(lines["doc_id"]))].sort_values("start", kind="stable")
    bounds = lines[[*_KEY, "start", "end"]].assign(line=lines.index, begin=lines["start"]).sort_values("start")
    bounds = bounds.rename(columns={"end": "until"})
    placed = pd.merge_asof(facts, bounds, on="start", by=_KEY)
    placed = placed[placed["start"] < placed["until"]].astype({"line": int})
    return placed.assign(at=(placed["start"] - placed["begin"]).astype(int))


def _starts(facts: pd.DataFrame, lines: pd.DataFrame) -> list[tuple[int, ...]]:
    """Where the facts of each sentence begin in it."""
    by_line = facts.groupby("line")["at"].agg(tuple).to_dict()
    return [by_line.get(line, ()) for line in lines.index]


def _figures(quantities: pd.DataFrame) -> pd.DataFrame:
    """Quantities with `said`: number, unit and item, as a chip has them."""
    ratio = quantities["unit"] == "比例"
    unit = quantities["unit"].where(~ratio, "")
    number = quantities["number"] + unit.where(
        [not n.endswith(u) for n, u in zip(quantities["number"], unit, strict=True)], ""
    )
    return quantities.assign(said=(number + " " + quantities["item"]).str.strip())


def _joined(facts: pd.DataFrame, lines: pd.DataFrame) -> list[str]:
    """What the facts of each sentence say, each once, in their order."""
    by_line = facts.groupby("line")["said"].agg(lambda said: "; ".join(dict.fromkeys(said))).to_dict()
    return [by_line.get(line, "") for line in lines.index]


def _answering(lines: pd.DataFrame, question: Question, facts: _Facts) -> pd.DataFrame:
    """The sentences that answer, with score and why: rows of the question's table first, what is told besides last."""
    of_stance = lines["stance"].isin(question.stances)
    part = lines[of_stance]
    if question.table:
        found = [score_by_facts(part, question, getattr(facts, question.table))]
        if question.strong:
            said = score_by_words(part.drop(index=found[0].index), question)
            found.append(said.assign(score=said["score"] - _BEHIND))
    else:
        found = [score_by_words(part, question)]
    if question.besides:
        told = np.array(
            [any(pattern.search(text) for pattern in question.besides) for text in lines["text"]], dtype=bool
        )
        said = score_by_words(lines[~of_stance & told], question)
        found.append(said.assign(score=said["score"] - 2 * _BEHIND))
    return pd.concat([table for table in found if len(table)] or found[:1])


def _key(text: str, question: Question, why: str) -> int:
    """Where the clause begins in which a sentence first answers or speaks to a question: 0 if it does at once."""
    words = why.split(" · ")[0].split(", ") if not question.table else []
    shown = question.without_hiding(text)
    places = [m.start() for p in question.answers if (m := p.search(shown))]
    places = places or [m.start() for p in question.partly if (m := p.search(shown))]
    places = places or [shown.find(w) for w in words if w and w in shown]
    first = min(places, default=0)
    begins = next((m.start() for m in CLAUSE.finditer(shown) if m.start() <= first < m.end()), 0)
    return shown.rfind("、", begins, first) + 1 if first - begins > _FAR_IN else begins


def _completing(ranked: pd.DataFrame, of_name: Mapping[str, Question]) -> list[bool]:
    """Whether a sentence stands in its cell unopened: the best, and the next if it says what the best does not.

    It does if it is nearly as good, both are short, and it has an expression of a full answer of which the best has
    none, or other programmes where programmes are asked for.
    """
    columns = ["text", "score", "programmes"]
    best = ranked[ranked["rank"] == 1].set_index(["question", "group"])[columns]
    firsts = dict(zip(best.index, best.itertuples(index=False, name=None), strict=True))
    shown = []
    rows = ranked[["question", "group", "rank", *columns]].itertuples(index=False)
    for name, group, rank, text, score, programmes in rows:
        (first, top, named), question = firsts[name, group], of_name[name]
        adds: set[Any] = _ways(text, question) - _ways(first, question)
        if question.table == "programmes":
            adds = set(programmes.split("; ")) - set(named.split("; "))
        shown.append(rank == 1 or bool(rank == 2 and score >= top - _WORSE and len(text) + len(first) <= _TWO and adds))
    return shown


def _ways(text: str, question: Question) -> set[int]:
    shown = question.without_hiding(text)
    return {i for i, pattern in enumerate(question.answers) if pattern.search(shown)}
