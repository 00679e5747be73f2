"""Last year's results, this year's targets, and the gap between them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import pandas as pd

from ... import NotEstimableError
from ...compare import targets as report_targets
from ...figures import indicators as panels
from ...figures import targets as target_pictures
from ...language import tr
from ..result import Result, analysis
from .fact_tables import reliability_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from matplotlib.figure import Figure

    from ..study import Study

_NAMED = 12  # reports in a sentence


@dataclass(frozen=True, eq=False, repr=False)
class Targets(Result):
    """Last year's result and this year's target of work reports, a report and indicator a row.

    Attributes
    ----------
    reports : DataFrame
        Of the corpus.
    missing : DataFrame
        How many do not give an indicator.
    """

    reports: pd.DataFrame
    missing: pd.DataFrame

    name: ClassVar[str] = "targets"
    columns: ClassVar[tuple[str, ...]] = ("document", "indicator", "unit", "result", "target", "target_upper", "gap")

    @analysis
    def gaps(self) -> Gaps:
        """Target less result by province."""
        table = report_targets.gaps(self.rows)
        if table.empty:
            raise NotEstimableError(tr("no report of a known province gives a result and a target"))
        return Gaps(self.study, table, self.rows)

    @property
    def _growth(self) -> pd.DataFrame:
        return self.rows[self.rows["indicator"] == "GDP growth"]

    def _title(self) -> str:
        right = reliability_of(self.study, "quantities")
        return tr("Last year's result and this year's target (quantities {right})", right=right)

    def _alt(self) -> str:
        some = self._growth[["result", "target"]].notna().any(axis=1).sum()
        said = "{n} of {all} reports give last year's growth of GDP or this year's target."
        return tr(said, n=some, all=len(self.reports))

    def _sentences(self) -> Iterator[str]:
        yield self._alt()
        labels, known = self.study.labels(), set(self._growth["doc_id"])
        lacking = [labels[d] for d in self.reports["doc_id"] if d not in known]
        if len(lacking) > _NAMED:
            yield tr("Neither is found for {n} reports; the table of what is not reported names them.", n=len(lacking))
        else:
            yield tr("Neither is found for: {said}.", said="、".join(lacking) or tr("none"))

    def _draw(self) -> Figure:
        return target_pictures.results_against_targets(self.rows, self.missing, unnamed=self.study.incomplete_ids())

    def _shown_rows(self) -> pd.DataFrame:
        far = self.rows.assign(far=self.rows["gap"].abs()).sort_values("far", ascending=False, kind="stable")
        first = far[far["indicator"] == "GDP growth"]
        shown = first if len(first) else far
        return shown.assign(
            document=shown["doc_id"].map(self.study.labels()),
            indicator=[panels.indicator_name(name) for name in shown["indicator"]],
        )

    def _evidence(self, row: pd.Series[Any]) -> pd.DataFrame:
        return _stated(self.study, row.to_frame().T)

    def tables(self) -> dict[str, pd.DataFrame]:
        """The reports, and how many do not give an indicator."""
        return {"results-and-targets": self.rows, "not-reported": self.missing}


@dataclass(frozen=True, eq=False, repr=False)
class Gaps(Result):
    """Mean of target less result by province and indicator, with t intervals over reports.

    Attributes
    ----------
    results : DataFrame
        The reports.
    """

    results: pd.DataFrame

    name: ClassVar[str] = "gaps"
    columns: ClassVar[tuple[str, ...]] = ("indicator", "province", "n", "mean", "low", "high", "unit")

    def _title(self) -> str:
        return tr("Target less result by province, with 95% intervals")

    def _alt(self) -> str:
        return tr("Mean gaps of {n} provinces.", n=self.rows["province"].nunique())

    def _draw(self) -> Figure:
        return target_pictures.gaps_by_province(self.rows)

    def _sentences(self) -> Iterator[str]:
        growth = self.rows[self.rows["indicator"] == "GDP growth"].dropna(subset=["low"]).sort_values("mean")
        above, below = (growth["low"] > 0).sum(), (growth["high"] < 0).sum()
        if len(growth):
            yield tr(
                "Growth of GDP: the mean target lies above the mean result in {above} of {n} provinces with three "
                "reports or more, and below it in {below}; elsewhere the interval contains 0.",
                above=above,
                below=below,
                n=len(growth),
            )
        else:
            yield self._alt()

    def _shown_rows(self) -> pd.DataFrame:
        named = self.rows.assign(indicator=[panels.indicator_name(name) for name in self.rows["indicator"]])
        growth = self.rows["indicator"] == "GDP growth"
        return named[growth].sort_values("mean", ascending=False) if growth.any() else named

    def _evidence(self, row: pd.Series[Any]) -> pd.DataFrame:
        of_row = (self.results["province"] == row["province"]) & (self.results["indicator"] == row["indicator"])
        return _stated(self.study, self.results[of_row & self.results["gap"].notna()])

    def tables(self) -> dict[str, pd.DataFrame]:
        """None: the figure's data are kept."""
        return {}


def _stated(study: Study, results: pd.DataFrame) -> pd.DataFrame:
    """The sentences of results and targets: doc_id, part, text; none if the text is withheld."""
    parts = [
        results[["doc_id", f"{part}_sentence"]].set_axis(["doc_id", "text"], axis=1).assign(part=part)
        for part in ("result", "target")
    ]
    parts_said = {"result": tr("last year's result"), "target": tr("this year's target")}
    lines = pd.concat(parts, ignore_index=True)[["doc_id", "part", "text"]]
    lines = lines[lines["text"] != ""] if study.has_text else lines[:0]
    return lines.assign(part=[parts_said[part] for part in lines["part"]]).reset_index(drop=True)
