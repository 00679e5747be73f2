"""What became of the targets of a report by the next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import pandas as pd

from ... import NotEstimableError
from ...compare import promises as following
from ...figures import promises as pictures
from ...figures.indicators import indicator_name
from ...figures.style import WIDTH, subplots
from ...language import display_name, join_items, tr
from ..result import Result, analysis
from .fact_tables import fact_tables, reliability_of, sentences_at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from matplotlib.figure import Figure

    from ..study import Study

_SIGNS = {">=": "≥ ", ">": "> ", "<=": "≤ ", "<": "< ", "~": "≈ "}
_NAMED = 6  # missed targets in a sentence
_GROUPS = 12  # groups with a row in a picture
_PLACE = ["doc_id", "paragraph", "start", "end"]


@dataclass(frozen=True, eq=False, repr=False)
class Promises(Result):
    """Targets, one a row, and what became of each by the report that covers its year."""

    name: ClassVar[str] = "promises"
    columns: ClassVar[tuple[str, ...]] = ("place", "year", "due", "target", "result", "outcome", "missed_by")

    @analysis
    def by_decade(self) -> PromiseShares:
        """The share kept by decade of the report; by its year, where reports span less than twenty years."""
        table = self.rows.assign(period=following.periods(self.rows["year"]))
        return PromiseShares(self.study, following.outcome_shares(table, "period"), self.rows)

    @analysis
    def by_indicator(self) -> PromiseShares:
        """The share kept of each named indicator; other targets are one row."""
        named = self.rows["indicator"].where(self.rows["indicator"] != "", _OTHERS)
        shares = following.outcome_shares(self.rows.assign(indicator=named), "indicator")
        order = shares.assign(last=shares["indicator"] == _OTHERS).sort_values(
            ["last", "followed", "indicator"], ascending=[True, False, True]
        )
        return PromiseShares(self.study, order[shares.columns].reset_index(drop=True), self.rows)

    @analysis
    def by_place(self) -> PromiseShares:
        """The share kept of each place."""
        return PromiseShares(self.study, following.outcome_shares(self.rows, "place"), self.rows)

    def _counts(self) -> dict[str, int]:
        counts = self.rows["outcome"].value_counts()
        return {outcome: int(counts.get(outcome, 0)) for outcome in following.OUTCOMES}

    def _title(self) -> str:
        return tr("Targets, and what became of them by the next report (quantities {right})", right=self._right)

    @property
    def _right(self) -> str:
        return reliability_of(self.study, "quantities")

    def _alt(self) -> str:
        return " ".join(self._told())

    def _told(self) -> Iterator[str]:
        n = self._counts()
        told, silent = n["kept"] + n["missed"], sum(n[outcome] for outcome in following.SILENT)
        reports, places = self.rows["doc_id"].nunique(), self.rows["place"].nunique()
        sizes = {"n": len(self.rows), "reports": reports, "places": places}
        if places > 1:
            yield tr("{n:,} targets of {reports} reports of {places} places.", **sizes)
        else:
            yield tr("{n:,} targets of {reports} reports.", **sizes)
        if told:
            low, high = following.wilson_interval(n["kept"], told)
            figures = {"kept": n["kept"], "told": told, "share": n["kept"] / told, "low": low, "high": high}
            yield tr(
                "Of {told} whose result is told {kept} were kept: {share:.0%} (95% interval {low:.0%} to {high:.0%}).",
                **figures,
            )
        else:
            yield tr("The result of none is told in numbers that can be compared.")
        yield tr(
            "No result is told of {silent}: {renewed} are set anew, {moved} moved to a later year, {dropped} dropped.",
            silent=silent,
            **{outcome: n[outcome] for outcome in following.SILENT},
        )
        yield tr(
            "{unsure} are left open; {due} are not due yet, and of {none} the covering report is not here.",
            unsure=n["unsure"],
            due=n["not yet due"],
            none=n["no next report"],
        )

    def _sentences(self) -> Iterator[str]:
        yield from self._told()
        shares = self.by_decade().rows
        shares = shares.assign(period=pictures.period_names(shares["period"]))[shares["share"].notna()]
        if len(shares) > 1:
            said = (
                tr(
                    "{period} {share:.0%} ({kept} of {n})",
                    period=r.period,
                    share=r.share,
                    kept=r.met,
                    n=r.met + r.missed,
                )
                for r in shares.itertuples()
            )
            yield tr("Kept, by the report's time: {said}.", said=join_items(said))
        missed = self.rows[(self.rows["outcome"] == "missed") & (self.rows["indicator"] != "")]
        if len(missed):
            named = (
                f"{indicator_name(r.indicator)} {r.due} ({_figure(r, 'target')}; {_figure(r, 'result')})"
                for r in missed.tail(_NAMED).itertuples()
            )
            yield tr("Missed, the latest: {said}.", said=join_items(named))
        n = self._counts()
        told, silent = n["kept"] + n["missed"], sum(n[outcome] for outcome in following.SILENT)
        if told and silent:
            yield tr(
                "A government reports on itself, and a result that it does not tell is often one that it missed: had "
                "all of these been missed, {share:.0%} would have been kept.",
                share=n["kept"] / (told + silent),
            )

    def _draw(self) -> Figure:
        shares = self.by_decade().rows
        return pictures.promises_and_results(self.rows, shares[shares["followed"] > 0])

    def _first_rows(self, rows: int) -> pd.DataFrame:
        return self._in_words(rows)  # of half a million, those alone

    def _shown_rows(self) -> pd.DataFrame:
        return self._in_words(len(self.rows))

    def _in_words(self, most: int) -> pd.DataFrame:
        order = self.rows["outcome"].map({"missed": 0, "kept": 1}).fillna(2)
        rows = self.rows.assign(order=order, named=self.rows["indicator"] == "")
        rows = rows.sort_values(["order", "named", "year"], ascending=[True, True, False], kind="stable")
        rows = rows.head(most)
        items = [indicator_name(r.indicator) if r.indicator else r.item for r in rows.itertuples()]
        target = [f"{item}: {_figure(r, 'target')}" for item, r in zip(items, rows.itertuples(), strict=True)]
        result = [_figure(r, "result") for r in rows.itertuples()]
        outcome = [display_name("outcome", outcome) for outcome in rows["outcome"]]
        by = [_distance(r.missed_by, r.unit) if r.missed_by > 0 else "" for r in rows.itertuples()]
        shown = rows.assign(target=target, result=result, outcome=outcome, missed_by=by)
        return shown if (rows["place"] != "").any() else shown.drop(columns="place")

    def _evidence(self, row: pd.Series[Any]) -> pd.DataFrame:
        parts = [("target", [row[c] for c in _PLACE])]
        if isinstance(row["result_doc_id"], str):
            parts.append(("result", [row[f"result_{c}"] for c in _PLACE]))
        said = {"target": tr("target"), "result": tr("what the later report says")}
        lines = [sentences_at(self.study, pd.DataFrame([place], columns=_PLACE)) for _, place in parts]
        found = [line.assign(part=said[part]) for (part, _), line in zip(parts, lines, strict=True)]
        return pd.concat(found, ignore_index=True)[["part", "group", "doc_id", "paragraph", "text"]]

    def tables(self) -> dict[str, pd.DataFrame]:
        """All targets, and the shares by time and by indicator."""
        return {
            "targets-followed": self.rows,
            "promises-by-time": self.by_decade().rows,
            "promises-by-indicator": self.by_indicator().rows,
        }

    def data(self) -> pd.DataFrame:
        """The targets whose result is told, and the indicators that are drawn."""
        return self.rows[self.rows["outcome"].isin(["kept", "missed"]) | (self.rows["indicator"] != "")]


_OTHERS = "others"


@dataclass(frozen=True, eq=False, repr=False)
class PromiseShares(Result):
    """What became of the targets of each group, and the share kept, with Wilson's interval.

    Attributes
    ----------
    promises : DataFrame
        The targets.
    """

    promises: pd.DataFrame

    @property
    def _by(self) -> str:
        return str(self.rows.columns[0])

    @property
    def name(self) -> str:  # type: ignore[override]  # each has its own
        """Of its files."""
        return f"promises-of-each-{self._by}"

    def _named(self) -> list[str]:
        if self._by == "period":
            return pictures.period_names(self.rows["period"])
        if self._by == "indicator":
            return [tr("others") if x == _OTHERS else indicator_name(x) for x in self.rows["indicator"]]
        return [str(x) for x in self.rows[self._by]]

    def _title(self) -> str:
        return tr("Share of targets kept, of those whose result is told")

    def _sentences(self) -> Iterator[str]:
        known = self.rows["share"].notna()
        said = (
            tr("{name}: {kept} of {n}", name=name, kept=r.met, n=r.met + r.missed)
            for name, r, told in zip(self._named(), self.rows.itertuples(), known, strict=True)
            if told
        )
        yield tr("Kept, of those whose result is told: {said}.", said=join_items(list(said)[:_GROUPS]) or tr("none"))

    def _draw(self) -> Figure:
        shown = self.rows.head(_GROUPS)
        fig, ax = subplots(figsize=(WIDTH, 1.0 + 0.34 * len(shown)))
        pictures.draw_shares(ax, shown, self._named()[:_GROUPS])
        return fig

    def _shown_rows(self) -> pd.DataFrame:
        return self.rows.assign(**{self._by: self._named()})

    def _evidence(self, row: pd.Series[Any]) -> pd.DataFrame:
        own = self.promises
        key = following.periods(own["year"]) if self._by == "period" else own[self._by].replace("", _OTHERS)
        at = own.loc[key == row[self._by], _PLACE]
        return sentences_at(self.study, at)


def _figure(row: Any, part: str) -> str:
    """A target or result as it is shown: ≥ 900万人; empty if there is none."""
    value, upper = getattr(row, part), getattr(row, f"{part}_upper")
    if value is None or np.isnan(value):
        return ""
    ends = [_number(x, row.unit) for x in (value, upper) if not np.isnan(x)]
    sign = _SIGNS.get(getattr(row, f"{part}_qualifier") or "", "")
    fall = "−" if row.form == "fall" else ""
    return f"{sign}{fall}{'–'.join(ends)}"


def _distance(value: float, unit: str) -> str:
    """By how much a target was missed: of shares, in percentage points."""
    return tr("{n:.3g} points", n=value) if unit == "%" else _number(value, unit)


def _number(value: float, unit: str) -> str:
    """A number with its unit: 8.1亿元, 900万人, 3.5%."""
    size, mark = next(((s, m) for s, m in ((1e8, "亿"), (1e4, "万")) if abs(value) >= s), (1.0, ""))
    return f"{value / size:,.6g}{mark}{unit}"


class PromiseQuestions:
    """What a study can be asked on targets of one year and results of the next."""

    @analysis
    def promises(self: Study) -> Promises:
        """Each target of a report followed into the next report of the same place."""
        if not following.chains(self.corpus):
            said = "no place has documents of one type from two years, so that no target can be followed into the next"
            raise NotEstimableError(tr(said))
        if not self.has_text:
            raise NotEstimableError(tr("these tables hold no text, by which targets are told from results"))
        read = fact_tables(self).tables
        paragraphs = self.paragraphs()
        found = following.follow(read["quantities"], paragraphs, read["stances"], self.corpus)
        if found.empty:
            raise NotEstimableError(tr("no report sets a target that can be followed"))
        return Promises(self, found)
