"""The questions that are put to documents, and what an answer looks like: a data file that a study can replace."""

from __future__ import annotations

import functools
import re
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from .. import CrosscityError, combined_error
from ..documents import decode
from ..facts import read_codebook, split_terms, split_words
from ..files import parse_yaml

if TYPE_CHECKING:
    from collections.abc import Collection
    from typing import Any

    import pandas as pd

STANCES = ("achievement", "problem", "cause", "plan", "norm", "other")
SHIPPED = {"party": "questions-system.yaml", "report": "questions-report.yaml", "policy": "questions-policy.yaml"}
TABLES = {"programmes": "reach", "quantities": "kind"}  # tables that answer, each with the column of its values
_ASSERTED = ("achievement", "plan", "norm")
_WORDS = ("strong", "terms", "not in", "with")
_PATTERNS = ("answers", "partly", "besides", "vague", "never")
_SHARED = ("vague", "not asked of")  # at the top of a file: of each question that has none of its own
_FOR_ALL = ("never",)  # at the top of a file: of each question, with its own
_KEYS = {"question", "gloss", "stances", "themes", "table", "values", "not asked of", "since", "figures"}
_KEYS |= {*_WORDS, *_PATTERNS}
_ANY = re.compile("")  # figures: each answers
_DATE = re.compile(r"\d{4}(-\d{2}){0,2}")


class Question(NamedTuple):
    """A question and what answers it; the comments in resources/questions-system.yaml explain the fields."""

    question: str
    gloss: str
    stances: tuple[str, ...]
    themes: tuple[str, ...]
    strong: tuple[str, ...]
    terms: tuple[str, ...]
    hiding: tuple[str, ...]
    companions: tuple[str, ...]
    table: str
    values: tuple[str, ...]
    answers: tuple[re.Pattern[str], ...] = ()
    partly: tuple[re.Pattern[str], ...] = ()
    besides: tuple[re.Pattern[str], ...] = ()
    vague: tuple[re.Pattern[str], ...] = ()
    never: tuple[re.Pattern[str], ...] = ()
    figures: re.Pattern[str] | None = _ANY
    not_asked_of: tuple[str, ...] = ()
    since: str = ""

    def words(self, text: str, near: Collection[str], first: bool = False) -> tuple[list[str], list[str]]:
        """The strong words of a sentence, and its terms if the paragraph is `near` a theme of the question.

        Both are empty without a companion, unless the paragraph's `first` theme is one of the question's.
        """
        if self.companions and not first and not any(word in text for word in self.companions):
            return [], []
        text = self.without_hiding(text)
        return [w for w in self.strong if w in text], [w for w in self.terms if near and w in text]

    def without_hiding(self, text: str) -> str:
        """A text of the same length, in which words that hide others are blank."""
        for phrase in self.hiding:
            text = text.replace(phrase, "\0" * len(phrase))
        return text


def choose_questions(path: str, corpus: pd.DataFrame, themes: pd.DataFrame) -> str | None:
    """The `path` of the questions of a run, or else the name of the shipped ones that fit; None: on party-building.

    Those for work reports fit if all documents are; else those that are named as the shipped codebook by which most
    paragraphs were coded.

    Parameters
    ----------
    path : str
        As a run gives it; may be empty.
    corpus : DataFrame
        The documents that take part, with the column doc_type.
    themes : DataFrame
        Table of the contract.
    """
    if path or (corpus["doc_type"] == "work report").all():
        return path or "report"
    own = themes[(themes["rank"] == 1) & themes["doc_id"].isin(set(corpus["doc_id"]))]
    held = {name: int(own["leaf"].isin(_leaves(name)).sum()) for name in SHIPPED}
    best = max(held, key=lambda name: held[name])
    return best if held[best] > held["party"] else None


@functools.cache
def _leaves(name: str) -> frozenset[str]:
    """The codes of a shipped codebook but for that of all else, which others have as well."""
    book = read_codebook(name)
    return frozenset(leaf.code for i, leaf in enumerate(book.leaves) if i != book.fallback)


def read_questions(path: Path | str | None = None) -> list[Question]:
    """Read questions from a YAML file, or from one of `SHIPPED` by its name; on party-building if `path` is left out.

    Raises
    ------
    CrosscityError
        If the file is absent or not a list of questions; all faults at once, each with the file and the entry.
    """
    path = Path(str(path or "party"))
    if path.name in SHIPPED and not path.exists():
        path = Path(__file__).with_name("resources") / SHIPPED[path.name]
    if not path.is_file():
        msg = f"{path} is not there: give a YAML file of questions, or one of {', '.join(SHIPPED)}"
        raise CrosscityError(msg)
    content = parse_yaml(decode(path.read_bytes(), path)[0], path)
    entries = content.get("questions") if isinstance(content, dict) else None
    if not entries or not isinstance(entries, list) or not all(isinstance(e, dict) for e in entries):
        msg = f"{path}: questions must be a list of mappings with question and gloss"
        raise CrosscityError(msg)
    questions: list[Question] = []
    problems: list[str] = []
    for i, entry in enumerate(entries, start=1):
        name = entry.get("question")
        where = f"{path}: question {name or i}"
        if name in [q.question for q in questions]:
            problems.append(f"{where} stands twice: name it otherwise")
        shared = {key: content[key] for key in _SHARED if key in content}
        for key in _FOR_ALL:
            if isinstance(content.get(key), list) and isinstance(entry.get(key, []), list):
                entry = entry | {key: [*content[key], *entry.get(key, [])]}
        question, faults = _read_entry(shared | entry)
        questions.append(question)
        problems += [f"{where}{fault}" for fault in faults]
    if problems:
        raise combined_error(problems)
    return questions


def _read_entry(entry: dict[str, Any]) -> tuple[Question, list[str]]:
    """A question from an entry of the file, and what is wrong with it."""
    faults = [f" has {key!r}; keys are {', '.join(sorted(_KEYS))}" for key in entry if key not in _KEYS]
    absent = [key for key in ("question", "gloss") if not isinstance(entry.get(key), str) or not entry[key]]
    faults += [f" has no {key}: give one" for key in absent]
    lists = {key: split_terms(entry.get(key)) for key in (*_WORDS, "values")}
    lists |= {key: split_words(entry.get(key)) for key in ("stances", "themes", "not asked of")}
    faults += [f": {key} must be words or a list of texts" for key, words in lists.items() if words is None]
    stances, table = lists["stances"] or _ASSERTED, entry.get("table") or ""
    faults += [f": {stance!r} is no stance: use {', '.join(STANCES)}" for stance in stances if stance not in STANCES]
    if table not in ("", *TABLES):
        faults.append(f": {table!r} is no table: use programmes or quantities")
    if lists["terms"] and not lists["themes"]:
        faults.append(": terms need themes in which they count")
    patterns = {key: _read_patterns(entry.get(key), key, faults) for key in _PATTERNS}
    since = str(entry.get("since") or "")
    if since and not _DATE.fullmatch(since):
        faults.append(f": since is {since!r}: give a year, month or day, as 2019-03-11")
    figures = None if entry.get("figures") is False else _ANY
    if entry.get("figures"):
        figures = next(iter(_read_patterns([entry["figures"]], "figures", faults)), None)
    words = {key: value or () for key, value in lists.items()}
    question = Question(
        question=entry.get("question", ""),
        gloss=entry.get("gloss", ""),
        stances=stances,
        themes=words["themes"],
        strong=words["strong"],
        terms=words["terms"],
        hiding=words["not in"],
        companions=words["with"],
        table=table,
        values=words["values"],
        answers=patterns["answers"],
        partly=patterns["partly"],
        besides=patterns["besides"],
        vague=patterns["vague"],
        never=patterns["never"],
        figures=figures,
        not_asked_of=words["not asked of"],
        since=since,
    )
    return question, faults


def _read_patterns(value: Any, key: str, faults: list[str]) -> tuple[re.Pattern[str], ...]:
    """Regular expressions of a list; what is none is added to the faults."""
    if value is None:
        return ()
    if not isinstance(value, list) or not all(isinstance(v, str) and v for v in value):
        faults.append(f": {key} must be a list of regular expressions")
        return ()
    patterns = []
    for expression in value:
        try:
            patterns.append(re.compile(expression))
        except re.error as error:
            faults.append(f": {expression!r} is no regular expression ({error})")
    return tuple(patterns)
