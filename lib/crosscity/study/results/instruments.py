"""Ways of working that stand in several documents, whatever each calls them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import pandas as pd

from ... import NotEstimableError
from ...compare import instruments as thesaurus
from ...figures import instruments as pictures
from ...language import join_items, tr
from ..result import analysis
from .fact_tables import OfSpans, fact_tables, sentences_at

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from matplotlib.figure import Figure

    from ..study import Study

_TOLD = 6  # instruments in a sentence
_FIRST = 6  # groups that a cell names


@dataclass(frozen=True, eq=False, repr=False)
class Instruments(OfSpans):
    """Named ways of working, one a row: which groups have each, since when, and the sentences that name it.

    Attributes
    ----------
    mentions : DataFrame
        Where each is named, and how, with its group.
    """

    mentions: pd.DataFrame

    name: ClassVar[str] = "instruments"
    columns: ClassVar[tuple[str, ...]] = ("instrument", "groups", "mentions", "first", "year")

    def worded(self, instrument: str) -> pd.DataFrame:
        """How each group words an instrument: group, doc_id, paragraph, variant, in the order of the documents."""
        part = self.mentions[self.mentions["instrument"] == instrument]
        return part[["group", "doc_id", "paragraph", "variant"]].reset_index(drop=True)

    @property
    def _several(self) -> pd.DataFrame:
        return self.rows[self.rows["groups"].map(len) > 1]

    def _title(self) -> str:
        return tr("Instruments that several have, whatever each calls them")

    def _alt(self) -> str:
        said = ((pictures.instrument_name(r.instrument, r.gloss), r.groups) for r in self._several.itertuples())
        few = [tr("{name}: {n} groups", name=name, n=len(groups)) for name, groups in said][:_TOLD]
        return tr("; ").join(few) + tr(".")

    def _sentences(self) -> Iterator[str]:
        sizes = {"n": len(self.rows), "several": len(self._several), "mentions": int(self.rows["mentions"].sum())}
        yield tr("{n} instruments are named, {several} of them by several groups ({mentions:,} mentions).", **sizes)
        if len(self._several):
            first = self._several.head(_TOLD)
            named = join_items(
                f"{pictures.instrument_name(r.instrument, r.gloss)} ({len(r.groups)})" for r in first.itertuples()
            )
            yield tr("Named by most: {named}.", named=named)
        early = self.rows[(self.rows["first"] != "") & self.rows["year"].notna()]
        early = early[early["first"].str[:4].astype(int) < early["year"].astype(int)]
        if len(early):
            named = join_items(
                f"{pictures.instrument_name(r.instrument, r.gloss)} ({r.first[:4]}, {r.year})"
                for r in early.head(_TOLD).itertuples()
            )
            yield tr(
                "Named before the central document of the thesaurus (first named, document): {named}.", named=named
            )

    def _draw(self) -> Figure | None:
        return pictures.instruments_by_group(self.rows, self.study.groups())

    def _shown_rows(self) -> pd.DataFrame:
        some = [
            tr(", ").join(names[:_FIRST]) + (tr(" and {n} more", n=len(names) - _FIRST) if len(names) > _FIRST else "")
            for names in self.rows["groups"]
        ]
        named = [pictures.instrument_name(r.instrument, r.gloss) for r in self.rows.itertuples()]
        return self.rows.assign(instrument=named, groups=some)

    def _evidence(self, row: pd.Series[Any]) -> pd.DataFrame:
        return sentences_at(self.study, self.mentions[self.mentions["instrument"] == row["instrument"]])

    def tables(self) -> dict[str, pd.DataFrame]:
        """All instruments, and where and how each is named."""
        return {"instruments": self.rows, "instrument-mentions": self.mentions}


class InstrumentQuestions:
    """What a study can be asked on the ways of working that its documents name."""

    @analysis
    def instruments(self: Study) -> Instruments:
        """The named ways of working, matched by a thesaurus: who has each, since when, and how it is worded."""
        paragraphs = fact_tables(self).paragraphs
        found = self.texts.compute("instruments", thesaurus.find_instruments, paragraphs)
        own = paragraphs[["doc_id", "paragraph", "group"]]
        mentions = found.merge(own[own["group"].isin(self.groups())], on=["doc_id", "paragraph"])
        if mentions.empty:
            raise NotEstimableError(tr("the documents name no instrument of the thesaurus"))
        dates = self.corpus.set_index("doc_id").apply(_date, axis=1)
        return Instruments(self, thesaurus.instrument_table(mentions, mentions["group"], dates), mentions)


def _date(document: pd.Series[Any]) -> str:
    """The date of a document, or its year; empty if neither is known."""
    year = document["year"]
    return str(document["date"] or "") or ("" if pd.isna(year) else str(int(year)))
