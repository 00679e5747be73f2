"""The tables of facts of a study, the sentences that facts stand in, and how often the machine is right."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd

from ...chinese import STATEMENT_END
from ..result import Result

if TYPE_CHECKING:
    from ..study import Study

PLACE = ["doc_id", "paragraph", "start", "end"]


class FactTables(NamedTuple):
    """The paragraphs of a study, and what was read from them.

    Attributes
    ----------
    paragraphs, body : DataFrame
        All, and those of running text.
    tables : dict of str to DataFrame
        Facts by name.
    """

    paragraphs: pd.DataFrame
    body: pd.DataFrame
    tables: dict[str, pd.DataFrame]


def fact_tables(study: Study) -> FactTables:
    """The paragraphs of a study, and the tables of facts that were read from them; read once."""
    if "facts" not in study._results:
        paragraphs = study.paragraphs()
        body = paragraphs[paragraphs["kind"] == "body"].reset_index(drop=True)
        study._results["facts"] = FactTables(paragraphs, body, study.facts(paragraphs))
    return study._results["facts"]


@dataclass(frozen=True, eq=False, repr=False)
class OfSpans(Result):
    """A result whose rows are spans of text: doc_id, paragraph, start, end."""

    def _evidence(self, row: pd.Series[Any]) -> pd.DataFrame:
        return sentences_at(self.study, row.to_frame().T)


def reliability_of(study: Study, task: str) -> str:
    """How often the machine is right in a task, as captions have it."""
    return study.reliability().label(task)


def sentences_at(study: Study, spans: pd.DataFrame) -> pd.DataFrame:
    """The sentences in which spans lie, each once: group, doc_id, paragraph, text; none if the text is withheld."""
    paragraphs = study.texts.quotable(fact_tables(study).paragraphs)
    places = spans[PLACE].astype({"doc_id": "str"} | dict.fromkeys(PLACE[1:], "int64"))
    at = places.merge(paragraphs[["group", "doc_id", "paragraph", "text"]], on=["doc_id", "paragraph"])
    cut = [_sentence(*row) for row in at[["text", "start", "end"]].itertuples(index=False)]
    shown = at.assign(text=cut)[["group", "doc_id", "paragraph", "text"]]
    return shown.drop_duplicates(ignore_index=True)


def _sentence(text: str, start: int, end: int) -> str:
    left = max((m.end() for m in STATEMENT_END.finditer(text, 0, start)), default=0)
    right = next((m.end() for m in STATEMENT_END.finditer(text, max(start, end - 1))), len(text))
    return text[left:right].strip()
