"""The matrix of questions by voices: of each, the sentences that answer best, with their figures and programmes.

With the shipped questions on party-building, it describes the system of each city. Each row refers to its document,
paragraph and characters. That a document says nothing on a question does not mean that there is nothing.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from ..ordering import sort_rows
from .questions import TABLES, read_questions
from .stances import body_sentences

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from .questions import Question

_KEY = ["doc_id", "paragraph"]
_SPAN = [*_KEY, "start", "end"]
MATRIX_COLUMNS = ["question", "gloss", "group", "rank", *_SPAN, "text", "stance", "figures", "programmes"]
MATRIX_COLUMNS += ["also", "why", "found", "key"]
_ANSWER_COLUMNS = ["question", *_SPAN, "nth", "score", "why"]
NOT_REPORTED, NOT_ASKED, NOT_YET = "not reported", "not asked of this genre", "not yet current then"
_CLAUSE = re.compile("[^，,；;：:。！？!?]+[，,；;：:。！？!?]*")  # with the mark that ends it
_REPORTED = ("problem", "cause")  # stances of what is not done: said where nothing else is
_SPEECH = re.compile('“[^”]{12,}”|‘[^’]{12,}’|"[^"]{12,}"')
_CONTINUES = re.compile("平均|达|分别|合计|共|总计|其中|较|比|占|由|从|增长|提高|下降|减少|年均|人均|村均|每")
_FAR = 24  # characters from a word of the question to a figure that is of it
_NOT_DONE = 3  # points that a problem stands behind what is done
_SHORT = 16  # characters of a motto, such as the heads of paragraphs
_LONG = 150  # characters of a sentence that says many things
_NEAR = 2  # points by which a sentence that stands in no other cell may be worse
_CAP = 2  # of what counts once more and once again


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
    lines["codes"] = _codes(lines, themes)
    facts = _Facts(_in_sentences(quantities, lines), _in_sentences(programmes, lines))
    lines["numbers"] = _starts(facts.quantities, lines)
    lines["names"] = _starts(facts.programmes, lines)
    parts = [pd.DataFrame(columns=_ANSWER_COLUMNS)]
    for question in read_questions(path):
        part = lines[lines["stance"].isin(question.stances)]
        part = _by_words(part, question) if not question.table else _by_fact(part, question, facts)
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
    has what an answer has: one of the question's expressions (`answers`: what is done, how, by how much), or a figure
    in a clause with such a word; where the question has no expressions, each that speaks to it answers. It scores for
    these, for a programme in such a clause and a paragraph of the theme, and loses by vague phrases, by ending in a
    colon, by quoting a speech, and by speaking of problems; ties go to the one that is earlier in its paragraph. The
    documents of a group take turns. A question without words is answered by every sentence of its stances, in
    paragraphs whose first theme is one of its themes if it has any, and its expressions only rank them. Only body
    paragraphs count: headings say too little, notes are the editors'.

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
        question, gloss, group, rank (1-based), doc_id, paragraph, start, end (characters in the paragraph), text,
        stance, figures and programmes (of the sentence, with "; " between), also (glosses of other questions whose
        cell begins with this sentence), why, found (how many sentences answer, listed or not), key (from which
        character of text on it speaks to the question). A cell without any has
        one row of rank 0, and why says which silence it is: not reported, not asked of this genre, not yet current
        then.
    """
    questions = read_questions(path)
    lines = body_sentences(paragraphs, stances, corpus)
    if lines.empty:
        return pd.DataFrame(columns=MATRIX_COLUMNS)
    if answers is None:
        answers = find_answers(paragraphs, themes, stances, quantities, programmes, corpus, path)
    facts = _Facts(_in_sentences(quantities, lines), _in_sentences(programmes, lines))
    lines["figures"] = _joined(_figures(facts.quantities), lines)
    lines["programmes"] = _joined(facts.programmes.assign(said=facts.programmes["canonical"]), lines)
    kept = [*_KEY, "start", "group", "text", "stance", "figures", "programmes"]
    answers = answers.merge(lines[kept], on=[*_KEY, "start"])
    ranked = _ranked(answers)
    ranked = _spread(ranked, {q.question: q.gloss for q in questions})
    ranked = ranked[ranked["rank"] <= n] if n else ranked
    of_name = {question.question: question for question in questions}
    ranked = ranked.assign(
        key=[
            _key(text, of_name[name], why)
            for name, text, why in ranked[["question", "text", "why"]].itertuples(index=False)
        ]
    )
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
    return pd.DataFrame([row | texts | numbers for row in rows], columns=[c for c in MATRIX_COLUMNS if c != "gloss"])


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


def _codes(lines: pd.DataFrame, themes: pd.DataFrame) -> list[tuple[set[str], ...]]:
    """The codes (leaves and groups) of each sentence's paragraph, by rank."""
    codes: dict[tuple[str, int], list[set[str]]] = {}
    for doc, paragraph, theme, leaf in themes.sort_values("rank")[[*_KEY, "theme", "leaf"]].itertuples(index=False):
        codes.setdefault((doc, paragraph), []).append({theme, leaf})
    return [tuple(codes.get(key, ())) for key in zip(lines["doc_id"], lines["paragraph"], strict=True)]


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


def _by_words(part: pd.DataFrame, question: Question) -> pd.DataFrame:
    """The sentences that answer by their words, with score and why."""
    themes, any_words = set(question.themes), not question.strong and not question.terms
    only_problems = set(question.stances) <= set(_REPORTED)
    rows, scores, reasons = [], [], []
    columns = [part.index, *(part[c].tolist() for c in ("text", "codes", "numbers", "names", "stance"))]
    for row, text, codes, numbers, names, stance in zip(*columns, strict=True):
        near: set[str] = next((themes & code for code in codes if themes & code), set())
        strong, terms = question.words(text, near)
        first = bool(codes and themes & codes[0])
        enough_terms = len(terms) > (0 if first else 1)
        if not ((any_words and (first or not themes)) or strong or enough_terms):
            continue
        said = _Said(text, question, [*strong, *terms], numbers)
        if question.answers and not any_words and not said.ways and not said.figures:
            continue  # it mentions the matter
        score = min(2 * len(strong), 3) + bool(terms) + first + bool(near)
        score += said.ways + said.figures + said.holds(names) - _emptiness(text, question)
        rows.append(row)
        scores.append(score - _NOT_DONE * (stance in _REPORTED and not only_problems))
        why = [", ".join([*strong, *terms]), f"theme {min(near)}" if near else "", stance]
        reasons.append(" · ".join(filter(None, why)))
    return part.loc[rows].assign(score=scores, why=reasons)


class _Said:
    """What a sentence says of a question: points for expressions of an answer, and for figures beside its words.

    The first expression weighs most. A figure counts near a word or an expression of the question, in its clause or one
    that goes on with it (平均达到…); without words, anywhere; and never in a speech that is quoted.
    """

    def __init__(self, text: str, question: Question, words: Sequence[str], numbers: Sequence[int]) -> None:
        shown = question.without_hiding(text)
        found = [(i, m) for i, pattern in enumerate(question.answers) if (m := pattern.search(shown))]
        self.ways = 3 * min(len(found), _CAP) + 5 * any(i == 0 for i, _ in found)
        clauses = [(m.start(), m.end()) for m in _CLAUSE.finditer(shown)]
        self._clauses: list[tuple[int, int]] = []
        for start, end in clauses:
            spoken = any(w in shown[start:end] for w in words) or any(
                m.start() < end and m.end() > start for _, m in found
            )
            goes_on = self._clauses and self._clauses[-1][1] == start and _CONTINUES.match(shown, start, end)
            if spoken or goes_on or not (words or found):
                self._clauses.append((start, end))
        speeches = [(m.start(), m.end()) for m in _SPEECH.finditer(text)]
        spots = [m.start() for _, m in found] + [m.start() for w in words for m in re.finditer(re.escape(w), shown)]
        own = [at for at in numbers if not any(start <= at < end for start, end in speeches)]
        own = [at for at in own if not spots or min(abs(at - spot) for spot in spots) <= _FAR]
        self.figures = 2 * min(sum(self.holds([at]) for at in own), _CAP)

    def holds(self, places: Sequence[int]) -> bool:
        """Whether one of these places lies in a clause that speaks to the question."""
        return any(start <= at < end for start, end in self._clauses for at in places)


def _key(text: str, question: Question, why: str) -> int:
    """Where the clause begins in which a sentence first speaks to a question: 0 where it does so from its start."""
    words = why.split(" · ")[0].split(", ") if not question.table else []
    shown = question.without_hiding(text)
    places = [m.start() for p in question.answers if (m := p.search(shown))]
    places = places or [shown.find(w) for w in words if w and w in shown]
    first = min(places, default=0)
    return next((m.start() for m in _CLAUSE.finditer(shown) if m.start() <= first < m.end()), 0)


def _emptiness(text: str, question: Question) -> int:
    """Points that a sentence loses by what says little: vague phrases, a speech, a bare motto, many matters."""
    vague = sum(bool(pattern.search(text)) for pattern in question.vague)
    announces = text.rstrip().endswith(("：", ":"))
    spoken, bare = bool(_SPEECH.match(text)), len(text) < _SHORT and not re.search(r"\d", text)
    return 3 * min(vague, _CAP) + 4 * announces + 5 * spoken + 3 * bare + (len(text) > _LONG) + (len(text) > 2 * _LONG)


def _by_fact(part: pd.DataFrame, question: Question, known: _Facts) -> pd.DataFrame:
    """The sentences that contain rows of a table, with score (the better value, then how many) and why.

    Where the question has expressions, a sentence without one answers only by what it plans.
    """
    column, facts = TABLES[question.table], getattr(known, question.table)
    values = question.values or tuple(sorted(facts[column].unique()))
    texts, stance = part["text"].to_dict(), part["stance"].to_dict()
    facts = facts[facts[column].isin(values) & facts["line"].isin(part.index)]
    if question.answers:
        meant = {
            line
            for line, text in texts.items()
            if stance[line] == "plan" or any(p.search(text) for p in question.answers)
        }
        facts = facts[facts["line"].isin(meant)]
    if question.table == "programmes":
        text = facts["canonical"] + " (" + facts["reach"] + " " + facts["type"] + ")"
    else:
        text = facts["item"] + " " + facts["number"]
    level = facts[column].map(values.index).astype(int)
    lines = facts.assign(fact=text, level=level).drop_duplicates(["line", "fact"]).groupby("line")
    size = lines.size().clip(upper=3 * _CAP)
    said = {line: sum(bool(pattern.search(texts[line])) for pattern in question.answers) for line in size.index}
    empty = {line: _emptiness(texts[line], question) for line in size.index}
    score = 3 * (len(values) - lines["level"].min()) + 2 * size
    score += 2 * pd.Series(said, index=size.index, dtype=int) - pd.Series(empty, index=size.index, dtype=int)
    return part.loc[score.index].assign(score=score, why=lines["fact"].agg("; ".join))
