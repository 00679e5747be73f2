"""What groups have reached, plan and admit, and the causes that they give."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import pandas as pd

from ... import NotEstimableError
from ...compare import stances
from ...figures import facts as pictures
from ...language import display_name, join_items, tr
from ..result import Result, analysis
from .fact_tables import OfSpans, fact_tables, reliability_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from matplotlib.figure import Figure

    from ..study import Study

_NAMED = 12  # groups in a sentence
_FIRST = 6  # groups that a sentence names of many
ALL = "all"  # the theme of a whole group


@dataclass(frozen=True, eq=False, repr=False)
class Stances(Result):
    """Shares of text by stance, in each group and theme: what is reached, planned and admitted."""

    name: ClassVar[str] = "stances"
    columns: ClassVar[tuple[str, ...]] = ("group", "theme", "stance", "share", "low", "high", "sentences", "paragraphs")

    @analysis
    def causes(self) -> Causes:
        """The sentences that give a cause."""
        read = fact_tables(self.study)
        return Causes(self.study, stances.causes(read.tables["themes"], read.tables["stances"], read.body))

    @property
    def _whole(self) -> pd.DataFrame:
        return self.rows[self.rows["theme"] == ALL]

    def _told(self, rows: pd.DataFrame) -> str:
        said = "{group}: {share:.0%} {stance}"
        each = (
            tr(said, group=r.group, share=r.share, stance=display_name("stance", r.stance)) for r in rows.itertuples()
        )
        return tr("; ").join(each) + tr(".")

    def _title(self) -> str:
        right = reliability_of(self.study, "stances")
        return tr("What is reached, planned and admitted, by theme (stances {right})", right=right)

    def _alt(self) -> str:
        return self._told(self._whole[self._whole["stance"] == "problem"])

    def _sentences(self) -> Iterator[str]:
        admitted = self._whole[self._whole["stance"] == "problem"]
        if len(admitted) > _NAMED:
            admitted = admitted[~admitted["group"].isin(set(self.study.incomplete()))]
            admitted = admitted.sort_values("share", ascending=False, kind="stable")
            ends = (admitted.head(_FIRST), admitted.tail(_FIRST))
            most, least = (join_items(f"{r.group} {r.share:.1%}" for r in end.itertuples()) for end in ends)
            yield tr("Share of text that admits a problem: most in {most}; least in {least}.", most=most, least=least)
            return
        said = join_items(f"{r.group} {r.share:.0%}" for r in admitted.itertuples())
        yield tr("Share of text that admits a problem: {said}.", said=said)

    def _draw(self) -> Figure:
        return pictures.theme_by_stance(self.rows)

    def _shown_rows(self) -> pd.DataFrame:
        part = self._whole[self._whole["sentences"] > 0]
        return part.assign(
            theme=[display_name("theme", theme) for theme in part["theme"]],
            stance=[display_name("stance", stance) for stance in part["stance"]],
        )

    def _grouped(self) -> pd.DataFrame:
        """The body, with the groups of these rows."""
        return fact_tables(self.study).body

    def _evidence(self, row: pd.Series[Any]) -> pd.DataFrame:
        tables = fact_tables(self.study).tables
        body, said = self.study.texts.quotable(self._grouped()), tables["stances"]
        lines = stances.body_sentences(body[body["group"] == row["group"]], said[said["stance"] == row["stance"]])
        first = tables["themes"].loc[tables["themes"]["rank"] == 1, ["doc_id", "paragraph", "theme"]]
        lines = lines.merge(first, on=["doc_id", "paragraph"])
        if row["theme"] != ALL:
            lines = lines[lines["theme"] == row["theme"]]
        return lines[["group", "doc_id", "paragraph", "text"]].reset_index(drop=True)

    def tables(self) -> dict[str, pd.DataFrame]:
        """None: the figure's data are kept."""
        return {}


@dataclass(frozen=True, eq=False, repr=False)
class StancesOfUnits(Stances):
    """Shares of text by stance, in each unit within a document (a county's own report) and theme."""

    name: ClassVar[str] = "stances-units"

    def _title(self) -> str:
        return tr("The same for units within a document (stances {right})", right=reliability_of(self.study, "stances"))

    def _alt(self) -> str:
        return self._told(self._whole[self._whole["stance"].isin(["problem", "cause"])])

    def _sentences(self) -> Iterator[str]:
        yield tr("Units within a document: {said}", said=self._alt())

    def _grouped(self) -> pd.DataFrame:
        return by_unit(fact_tables(self.study).body)


@dataclass(frozen=True, eq=False, repr=False)
class Causes(OfSpans):
    """The causes that documents give, a sentence a row."""

    name: ClassVar[str] = "causes"
    columns: ClassVar[tuple[str, ...]] = ("group", "doc_id", "paragraph", "themes", "text")

    def _title(self) -> str:
        return tr("Causes that the documents give")

    def _sentences(self) -> Iterator[str]:
        if self.rows.empty:
            yield tr("No sentence gives a cause.")
            return
        counts = self.rows["group"].value_counts(sort=False)
        counts = counts.sort_values(ascending=False, kind="stable") if len(counts) > _NAMED else counts
        said = join_items(f"{group} {n}" for group, n in counts.head(_NAMED).items())
        said += tr(" and {n} more", n=len(counts) - _NAMED) if len(counts) > _NAMED else ""
        yield tr("Sentences that give a cause: {said}.", said=said)

    def _shown_rows(self) -> pd.DataFrame:
        themes = ["; ".join(display_name("theme", t) for t in each.split("; ")) for each in self.rows["themes"]]
        return self.rows.assign(themes=themes)


def by_unit(body: pd.DataFrame) -> pd.DataFrame:
    """The paragraphs of units within documents, each unit as a group."""
    parts = body[body["unit"] != ""]
    return parts.assign(group=parts["unit"])


def stance_shares(study: Study, paragraphs: pd.DataFrame) -> pd.DataFrame:
    """Shares of stances; see `compare.stances.stance_shares`.

    Raises
    ------
    NotEstimableError
        If no sentence has a theme and a stance.
    """
    tables = fact_tables(study).tables
    shares = stances.stance_shares(tables["themes"], tables["stances"], paragraphs)
    if shares.empty:
        raise NotEstimableError(tr("no sentence has both a theme and a stance"))
    return shares
