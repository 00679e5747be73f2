"""How well a sentence answers a question: points for what an answer has, and for what it lacks."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from .questions import TABLES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .questions import Question

REPORTED = ("problem", "cause")  # stances of what is not done: said where nothing else is
CLAUSE = re.compile("[^，,；;：:。！？!?]+[，,；;：:。！？!?]*")  # with the mark that ends it
_SAYS = re.compile("(说|说道|表示|感慨|道来)[：:]")
_SPEECH = re.compile('“[^”]{12,}”|‘[^’]{12,}’|"[^"]{12,}"')
_CONTINUES = re.compile("平均|达|分别|合计|共|总计|其中|较|比|占|由|从|增长|提高|下降|减少|年均|人均|村均|每")
_UNNAMED = re.compile("(机制|体系)$")
_QUOTED = re.compile('[“”‘’"]')
_FULL, _FIRST, _MORE = 8, 3, 2  # points for an expression of a full answer, for the first of them, for a further one
_PARTLY = 3  # for one of half an answer
_FAR = 24  # characters from a word of the question to a figure that is of it
_NOT_DONE = 5  # points that a problem stands behind what is done
_SHORT = 16  # characters of a motto, such as the heads of paragraphs
_NUMBERED = re.compile("[（(]?[一二三四五六七八九十]+[）)、.．]")  # of a head
_HEAD = 32  # characters of a sentence that announces the next
_WIDE, _ASIDE = 80, 1 / 4  # characters of a sentence that may speak of other things, and the share that is then little
_LONG = 150  # characters of a sentence that says many things
_CAP = 2  # of what counts once more and once again


def score_by_words(part: pd.DataFrame, question: Question) -> pd.DataFrame:
    """The sentences that answer by their words, with score and why.

    Parameters
    ----------
    part : DataFrame
        Sentences with text, head (the sentence before, if it announces this one), codes (of their paragraph's themes,
        by rank), numbers and names (where quantities and programmes begin in them) and stance.
    question : Question
    """
    themes, any_words = set(question.themes), not question.strong and not question.terms
    only_problems = set(question.stances) <= set(REPORTED)
    rows, scores, reasons = [], [], []
    columns = [part.index, *(part[c].tolist() for c in ("text", "head", "codes", "numbers", "names", "stance"))]
    for row, text, head, codes, numbers, names, stance in zip(*columns, strict=True):
        near: set[str] = next((themes & code for code in codes if not themes.isdisjoint(code)), set())
        first = bool(codes and themes & codes[0])
        strong, terms = question.words(text, near, first)
        lent = [] if strong or not question.answers else question.words(head, near, first)[0]
        enough_terms = len(terms) > (0 if first else 1)
        if not ((any_words and (near or not themes)) or strong or lent or enough_terms):
            continue
        if any(pattern.search(text) for pattern in question.never):
            continue
        said = _Said(text, question, [*strong, *terms], numbers)
        judged = bool(question.partly or (question.answers and not any_words))
        if judged and not said.ways and (any_words or lent or not said.figures):
            continue  # it mentions the matter
        if question.answers and not said.full and _is_head(text):
            continue  # it announces what is said on it
        if any_words and themes and not (first or said.full):
            continue  # it stands where other things are spoken of
        score = min(2 * len(strong), 3) + bool(lent) + bool(terms) + first + bool(near)
        score += said.ways + said.figures + 2 * said.holds(names) - _emptiness(text, question) - said.aside
        rows.append(row)
        scores.append(score - _NOT_DONE * (stance in REPORTED and not only_problems))
        why = [", ".join([*strong, *terms, *lent]), f"theme {min(near)}" if near else "", stance]
        reasons.append(" · ".join(filter(None, why)))
    return part.loc[rows].assign(score=scores, why=reasons)


class _Said:
    """What a sentence says of a question: points for expressions of an answer, and for figures beside its words.

    An expression of a full answer weighs most, and the first of them more. A figure counts near a word or an
    expression of the question, in its clause or one that goes on with it (平均达到…); without words, anywhere; and
    never in a speech that is quoted.
    """

    def __init__(self, text: str, question: Question, words: Sequence[str], numbers: Sequence[int]) -> None:
        shown = question.without_hiding(text)
        sides = [pattern.search(shown) for pattern in question.answers]
        full = [m for m in sides if m]
        partly = [m for pattern in (*question.partly, *question.besides) if (m := pattern.search(shown))]
        found = [*full, *partly]
        self.full = bool(full)
        self.ways = _FULL * self.full + _FIRST * bool(sides and sides[0]) + _PARTLY * bool(partly and not full)
        self.ways += _MORE * min(max(len(full) - 1, 0), _CAP)
        clauses = [(m.start(), m.end()) for m in CLAUSE.finditer(shown)]
        self._clauses: list[tuple[int, int]] = []
        spoken_of = 0
        for start, end in clauses:
            spoken = any(w in shown[start:end] for w in words) or any(
                m.start() < end and m.end() > start for m in found
            )
            goes_on = self._clauses and self._clauses[-1][1] == start and _CONTINUES.match(shown, start, end)
            if spoken or goes_on or not (words or found):
                self._clauses.append((start, end))
                spoken_of += end - start
        self.aside = 3 * (len(text) > _WIDE and spoken_of < _ASIDE * len(text))
        self.figures = 0
        if question.figures:
            speeches = [(m.start(), m.end()) for m in _SPEECH.finditer(text)]
            spots = [m.start() for m in found] + [m.start() for w in words for m in re.finditer(re.escape(w), shown)]
            own = [at for at in numbers if question.figures.match(text, at)]
            own = [at for at in own if not any(start <= at < end for start, end in speeches)]
            own = [at for at in own if not spots or min(abs(at - spot) for spot in spots) <= _FAR]
            self.figures = 2 * min(sum(self.holds([at]) for at in own), _CAP)

    def holds(self, places: Sequence[int]) -> bool:
        """Whether one of these places lies in a clause that speaks to the question."""
        return any(start <= at < end for start, end in self._clauses for at in places)


def _emptiness(text: str, question: Question) -> int:
    """Points that a sentence loses by what says little: vague phrases, a speech, a bare motto, many matters."""
    vague = sum(bool(pattern.search(text)) for pattern in question.vague)
    announces = text.rstrip().endswith(("：", ":"))
    spoken, bare = (
        bool(_SPEECH.match(text) or _SAYS.search(text)),
        _is_head(text) or (len(text) < _SHORT and not re.search(r"\d", text)),
    )
    return 3 * min(vague, _CAP) + 4 * announces + 8 * spoken + 5 * bare + (len(text) > _LONG) + (len(text) > 2 * _LONG)


def _is_head(text: str) -> bool:
    return len(text) <= _HEAD and bool(_NUMBERED.match(text))


def announcing(lines: pd.DataFrame) -> list[str]:
    """The sentence before each, if it is of the paragraph, short and without a figure, as one that announces; or ""."""
    own = (lines["doc_id"] == lines["doc_id"].shift()) & (lines["paragraph"] == lines["paragraph"].shift())
    before = lines["text"].shift(fill_value="").where(own, "")
    return [text if len(text) <= _HEAD and not re.search(r"\d", text) else "" for text in before]


def score_by_facts(part: pd.DataFrame, question: Question, facts: pd.DataFrame) -> pd.DataFrame:
    """The sentences that contain rows of a table, with score (the better value, then how many) and why.

    A programme counts by how often its document names it, and for standing at its beginning: what a report returns to
    or begins with leads it. Where the question has expressions, a sentence without one answers only by what it plans,
    and behind those that have one; where the question has words as well, it does not.

    Parameters
    ----------
    part : DataFrame
        As for `score_by_words`.
    question : Question
        With a table.
    facts : DataFrame
        Rows of it with `line`, the sentence in which each begins.
    """
    column = TABLES[question.table]
    values = question.values or tuple(sorted(facts[column].unique()))
    texts, stance = part["text"].to_dict(), part["stance"].to_dict()
    if question.table == "programmes":
        often = facts.groupby(["doc_id", "canonical"])["line"].transform("size")
        facts = facts.assign(fact=facts["canonical"] + " (" + facts["reach"] + " " + facts["type"] + ")", often=often)
        quoted = [_is_quoted(texts.get(r.line, ""), r.at, r.name) for r in facts[["line", "at", "name"]].itertuples()]
        named = [
            q or t != "method" or not _UNNAMED.search(n)
            for q, t, n in zip(quoted, facts["type"], facts["name"], strict=True)
        ]
        facts = facts.assign(quoted=quoted)[np.array(named, dtype=bool)]
    else:
        facts = facts.assign(fact=facts["item"] + " " + facts["number"], often=1, quoted=False)
    facts = facts[facts[column].isin(values) & facts["line"].isin(part.index)]
    never = {line for line in facts["line"] if any(p.search(texts[line]) for p in question.never)}
    meant = {line for line in facts["line"] if any(p.search(texts[line]) for p in question.answers)}
    planned = {line for line in facts["line"] if stance[line] == "plan" and not question.strong}
    if question.answers:
        facts = facts[facts["line"].isin(meant | planned)]
    facts = facts[~facts["line"].isin(never)]
    level = facts[column].map(values.index).astype(int)
    at_first = part["paragraph"] <= part.groupby("doc_id")["paragraph"].transform("min") + 1
    lines = facts.assign(level=level).drop_duplicates(["line", "fact"]).groupby("line")
    size, led = lines.size().clip(upper=3 * _CAP), np.log2(lines["often"].max()).round().astype(int).clip(upper=3)
    empty = {line: _emptiness(texts[line], question) for line in size.index}
    score = 3 * (len(values) - lines["level"].min()) + 2 * size + 3 * led + lines["quoted"].max().astype(int)
    score += pd.Series({line: _FULL * (line in meant) for line in size.index}, dtype=int)
    score += _FIRST * at_first[size.index].astype(int)
    score -= pd.Series(empty, index=size.index, dtype=int)
    return part.loc[score.index].assign(score=score, why=lines["fact"].agg("; ".join))


def _is_quoted(text: str, at: int, name: str) -> bool:
    """Whether a programme stands in quotation marks: a mechanism that does not is described, not named."""
    return bool(_QUOTED.search(text[max(at - 1, 0) : at + len(name) + 1]))
