"""What documents report in figures that measure the same thing."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar

from ...browse import concordance as lines_page
from ...browse import fragments
from ...compare import collocations
from ...compare import indicators as named_indicators
from ...figures import indicators as panels
from ...language import display_name, tr
from ..result import Page, Result, analysis
from .fact_tables import OfSpans, fact_tables, reliability_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd
    from matplotlib.figure import Figure

    from ..study import Study

_FEW = 15  # documents whose figures are drawn side by side


@dataclass(frozen=True, eq=False, repr=False)
class Indicators(OfSpans):
    """The quantities that belong to a named indicator, one a row; its parts are pictures of some indicators each."""

    name: ClassVar[str] = "indicators"
    columns: ClassVar[tuple[str, ...]] = ("indicator", "document", "population", "kind", "year", "value", "unit")

    def _title(self) -> str:
        return tr("Named indicators")

    def _sentences(self) -> Iterator[str]:
        sizes = {"n": len(self.rows), "all": len(fact_tables(self.study).tables["quantities"])}
        names = self.rows["indicator"].nunique()
        yield tr("{n:,} of {all:,} quantities belong to {names} named indicators.", names=names, **sizes)

    def _shown_rows(self) -> pd.DataFrame:
        several = self.rows["indicator"].map(self.rows.groupby("indicator")["doc_id"].nunique())
        order = self.rows.assign(several=-several).sort_values(["several", "indicator", "doc_id"], kind="stable")
        return order.assign(
            indicator=[panels.indicator_name(name) for name in order["indicator"]],
            document=order["doc_id"].map(self.study.labels()),
            kind=[display_name("mark", panels.MARKS.get(kind, kind)) for kind in order["kind"]],
        )

    @cached_property
    def _panels(self) -> list[Result]:
        if len(self.study.corpus) > _FEW:
            return []
        party = {r.indicator for r in named_indicators.read_indicators() if r.group == "party"}
        rows, pages = self.rows[self.rows["indicator"].isin(party)], panels.pages(self.rows, group="party")
        return [
            IndicatorPanels(self.study, rows[rows["indicator"].isin(names)], names, number)
            for number, names in enumerate(pages, start=1)
        ]

    def parts(self) -> list[Result]:
        """Pictures of indicators that two documents or more state; none for more than fifteen documents."""
        return self._panels

    def tables(self) -> dict[str, pd.DataFrame]:
        """All figures of named indicators."""
        return {"indicators": self.rows}

    def pages(self) -> dict[str, Page]:
        """The figures in their sentences."""
        read, title = fact_tables(self.study), tr("Figures in their sentences")
        named = self.rows.assign(indicator=self.rows["indicator"].map(panels.indicator_name))
        lines = collocations.spans_in_context(named, read.paragraphs, "indicator", width=24)
        lines = lines.assign(doc_id=lines["doc_id"].map(self.study.labels()))
        about = tr("Each line is a figure in its sentence, with its group, document and paragraph.")
        body = lines_page.concordance(lines, notes=self.study.display_notes, about=about)
        return {"indicators": Page(title, fragments.page(body, title, here="indicators"))}


@dataclass(frozen=True, eq=False, repr=False)
class IndicatorPanels(OfSpans):
    """Some indicators in one picture, a figure a row.

    Attributes
    ----------
    indicators : list of str
    number : int
        Of the picture.
    """

    indicators: list[str]
    number: int

    @property
    def name(self) -> str:  # type: ignore[override]  # each has its own
        """Of its files."""
        return f"indicators-{self.number}"

    def _title(self) -> str:
        right = reliability_of(self.study, "quantities")
        return tr("Indicators {number} (quantities {right})", number=self.number, right=right)

    def _alt(self) -> str:
        by_name = self.rows.groupby("indicator")
        said = (
            tr("{name}: 1 figure", name=panels.indicator_name(str(n)))
            if len(rows) == 1
            else tr("{name}: {n} figures", name=panels.indicator_name(str(n)), n=len(rows))
            for n, rows in by_name
        )
        return tr("; ").join(said) + tr(".")

    def _draw(self) -> Figure:
        return panels.indicator_panels(self.rows, self.study.labels(), self.indicators)

    def _shown_rows(self) -> pd.DataFrame:
        return self.rows[:0]  # the table stands above


class IndicatorQuestions:
    """What a study can be asked on the figures that its documents report."""

    @analysis
    def indicators(self: Study) -> Indicators:
        """The figures that measure the same thing, across groups."""
        read = fact_tables(self)
        found = self.texts.compute(
            "indicators", named_indicators.indicators, read.tables["quantities"], read.paragraphs, self.corpus
        )
        return Indicators(self, found)
