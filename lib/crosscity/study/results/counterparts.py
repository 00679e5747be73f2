"""What the other voices say on the same as a sentence or paragraph."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import pandas as pd

from ... import CrosscityError, NotEstimableError
from ...compare import counterparts as matching
from ...figures.indicators import indicator_name
from ...language import join_items, tr
from ..result import Result, analysis
from .fact_tables import fact_tables

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from ..study import Study

_STOCKS = ("members", "organisations", "villages", "communities")  # how many there are: no topic of their own
_MARKS = ("instrument", "indicator")
_QUOTED = 60  # characters of the sentence that a caption has


@dataclass(frozen=True, eq=False, repr=False)
class Counterparts(Result):
    """What each other voice says on the same, a sentence a row, the voice that says most on it first.

    Attributes
    ----------
    asked : str
        The sentence or paragraph.
    voice : str
        Whose it is.
    silent : list of str
        Voices that say nothing on it, or nothing that was found.
    part : str
        A sentence, where a part of the documents was looked at.
    """

    asked: str
    voice: str
    silent: list[str]
    part: str = ""

    name: ClassVar[str] = "counterparts"
    columns: ClassVar[tuple[str, ...]] = ("voice", "score", "shared", "text")

    @property
    def key(self) -> str:
        """The sentence that is asked about."""
        return f"{self.name} {self.asked}"

    def _title(self) -> str:
        text = self.asked[:_QUOTED] + ("…" if len(self.asked) > _QUOTED else "")
        return tr("What others say on the same as {voice}: {text}", voice=self.voice, text=text)

    def _sentences(self) -> Iterator[str]:
        n = self.rows["voice"].nunique()
        yield tr("{n} of {all} other voices say something on it.", n=n, all=n + len(self.silent))
        if self.silent and n:
            more = tr(" and {n} more", n=len(self.silent) - 8) if len(self.silent) > 8 else ""
            yield tr("Nothing was found for: {said}.", said=join_items(self.silent[:8]) + more)
        if self.part:
            yield self.part

    def _shown_rows(self) -> pd.DataFrame:
        shared = [join_items(indicator_name(word) for word in words) for words in self.rows["shared"]]
        return self.rows.assign(score=self.rows["score"].round(2), shared=shared)

    def _evidence(self, row: pd.Series[Any]) -> pd.DataFrame:
        return self.study.paragraph_text(row["doc_id"], row["paragraph"])

    def tables(self) -> dict[str, pd.DataFrame]:
        """The sentences."""
        return {"counterparts": self.rows.assign(shared=[" ".join(words) for words in self.rows["shared"]])}


class CounterpartQuestions:
    """What a study can be asked on one sentence or paragraph."""

    @analysis
    def counterparts(
        self: Study, doc_id: str = "", paragraph: int = 0, sentence: int = 0, most: int = 2
    ) -> Counterparts:
        """What each other voice says on the same: units of a document (a county's own report) are voices, too.

        Parameters
        ----------
        doc_id : str
            If left out, the sentence of all documents on which most voices say something.
        paragraph : int
        sentence : int
            Of the paragraph, from 1; 0 for all of it.
        most : int
            Sentences of each voice.
        """
        if not self.has_text:
            raise NotEstimableError(tr("these tables hold no text"))
        said, part = _sentences_of(self)
        rows = said.rows
        voices = list(dict.fromkeys(rows["voice"]))
        if len(voices) < 2:
            raise NotEstimableError(tr("there are no two voices"))
        if doc_id:
            of = rows.index[(rows["doc_id"] == doc_id) & (rows["paragraph"] == paragraph)].tolist()
            of = of[sentence - 1 : sentence] if sentence else of
            if not of:
                msg = f"there is no such sentence of running text: doc_id {doc_id!r}, paragraph {paragraph}, "
                msg += f"sentence {sentence or 'any'}"
                raise CrosscityError(msg)
        elif (found := matching.widest(said)) is None:
            raise NotEstimableError(tr("no two voices say something on the same"))
        else:
            of = [found]
        own = rows["voice"].iloc[of[0]]
        table = matching.counterparts(said, of, most)
        silent = [v for v in voices if v != own and v not in set(table["voice"])]
        return Counterparts(self, table, "".join(rows["text"].iloc[of]), own, silent, part)


def _sentences_of(study: Study) -> tuple[matching.Sentences, str]:
    """The sentences of running text with their weights, and what part of it they are of; computed once."""
    if "sentences" not in study._results:
        body, _, part = study.in_part(study.texts.quotable(fact_tables(study).body))
        labels = study.labels()
        voices = [unit or labels[doc_id] for unit, doc_id in zip(body["unit"], body["doc_id"], strict=True)]
        named = study.instruments(), study.indicators()
        marks = [r.rows if column == "indicator" else r.mentions for r, column in zip(named, _MARKS, strict=True) if r]
        marks = [m.rename(columns={c: "mark" for c in _MARKS if c in m}) for m in marks]
        empty = pd.DataFrame(columns=["doc_id", "paragraph", "start", "mark"])
        table = pd.concat([m[list(empty)] for m in marks]) if marks else empty
        table = table[~table["mark"].isin(_STOCKS)]
        study._results["sentences"] = matching.weigh(body.assign(voice=voices), table), part
    return study._results["sentences"]
