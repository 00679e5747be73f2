"""Questions that are put to documents, and the words that show an answer: data, in a file that a study can replace."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from .. import CrosscityError, combined_error
from ..documents import decode
from ..facts import split_words
from ..files import parse_yaml

if TYPE_CHECKING:
    from collections.abc import Collection

    import pandas as pd

STANCES = ("achievement", "problem", "cause", "plan", "norm", "other")
SHIPPED = {"party": "questions-system.yaml", "report": "questions-report.yaml"}
TABLES = {"programmes": "reach", "quantities": "kind"}  # tables that answer, each with the column of its values
_ASSERTED = ("achievement", "plan", "norm")
_WORDS = ("strong", "terms", "not in", "with")
_KEYS = {"question", "gloss", "stances", "themes", "table", "values", *_WORDS}


class Question(NamedTuple):
    """A question, and what answers it: see the comments of resources/questions-system.yaml."""

    question: str
    gloss: str
    stances: tuple
    themes: tuple
    strong: tuple
    terms: tuple
    hiding: tuple
    companions: tuple
    table: str
    values: tuple

    def words(self, text: str, near: Collection[str]) -> tuple[list[str], list[str]]:
        """Strong words and, if `near` one of the question's themes, terms that a sentence has; none without companion.

        Returns
        -------
        (list of str, list of str)
        """
        if self.companions and not any(word in text for word in self.companions):
            return [], []
        for phrase in self.hiding:
            text = text.replace(phrase, "\0" * len(phrase))
        return [w for w in self.strong if w in text], [w for w in self.terms if near and w in text]


def of_run(named: str, corpus: pd.DataFrame) -> str | None:
    """What the questions of a run are read from: those named; work reports have their own, others the party's.

    Parameters
    ----------
    named : str
    corpus : DataFrame
        The documents that take part, with their doc_type.
    """
    return named or ("report" if (corpus["doc_type"] == "work report").all() else None)


def read_questions(path: Path | str | None = None) -> list[Question]:
    """Questions from a YAML file, or one of `SHIPPED` by its name; those on party-building if `path` is left out.

    Returns
    -------
    list of Question

    Raises
    ------
    CrosscityError
        If the file is absent or no list of questions; all faults at once, each with the file and the entry.
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
    made: list[Question] = []
    problems = []
    for i, entry in enumerate(entries, start=1):
        name = entry.get("question")
        where = f"{path}: question {name or i}"
        problems += [f"{where} has {k!r}; keys are {', '.join(sorted(_KEYS))}" for k in entry if k not in _KEYS]
        for key in ("question", "gloss"):
            problems += [] if isinstance(entry.get(key), str) and entry[key] else [f"{where} has no {key}: give one"]
        problems += [f"{where} stands twice: name it otherwise"] if name in [q.question for q in made] else []
        lists = {key: split_words(entry.get(key)) for key in (*_WORDS, "stances", "themes", "values")}
        problems += [f"{where}: {k} must be words or a list of texts" for k, words in lists.items() if words is None]
        stances, table = lists["stances"] or _ASSERTED, entry.get("table") or ""
        problems += [f"{where}: {s!r} is no stance: use {', '.join(STANCES)}" for s in stances if s not in STANCES]
        problems += [f"{where}: {table!r} is no table: use programmes or quantities"] * (table not in ("", *TABLES))
        problems += [f"{where}: terms need themes in which they count"] * bool(lists["terms"] and not lists["themes"])
        lists = {key: words or () for key, words in lists.items()}
        themes, strong, terms, hiding, companions = (lists[key] for key in ("themes", *_WORDS))
        gloss, values = entry.get("gloss"), lists["values"]
        made.append(Question(name, gloss, stances, themes, strong, terms, hiding, companions, table, values))
    if problems:
        raise combined_error(problems)
    return made
