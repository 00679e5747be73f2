"""What figures claim: targets against results, and indicators that several groups report."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ...compare.indicators import read_indicators
from ...language import current_language, display_name, join_items, tr
from ..claims import Claim, amount, extremes, number, sentences, spread, to_read
from .claim_basis import FEW, of_complete_groups, read_by_rules
from .fact_tables import fact_tables

if TYPE_CHECKING:
    from ..study import Study
    from .indicators import Indicators
    from .targets import Targets

_LEAST = 4  # groups that make a comparison of reports
_VALUED = ("actual", "standard", "target")  # kinds of figures, those that say most first
_MIXED = 0.7  # how comparable what is reached is with a rule or a target
_YEARS_APART = 3  # years between two figures, from which on they are hardly of one time


def claims_of_targets(result: Targets) -> list[Claim]:
    """Of each rate of growth: how many aim above last year's, and who aims farthest above and below."""
    study, claims = result.study, []
    groups = study.corpus.set_index("doc_id")["group"]
    rows = result.rows.assign(group=result.rows["doc_id"].map(groups))
    if rows.duplicated(["indicator", "group"]).any():
        rows = rows.assign(group=rows["doc_id"].map(study.labels()))
    rows = of_complete_groups(study, rows)
    n_reports = len(result.reports) - len(study.incomplete())
    for name, part in rows.groupby("indicator", sort=False):
        values = part.set_index("group")
        if str(name).endswith("growth"):
            known = values.dropna(subset=["gap"])
            if len(known) < _LEAST:
                continue
            claims.append(_growth(study, str(name), known, n_reports))
        else:
            known = values.dropna(subset=["result"])
            if len(known) < _LEAST:
                continue
            claims.append(_level(study, str(name), known["result"], known["unit"].iloc[0], n_reports))
    return claims


def _growth(study: Study, name: str, known: pd.DataFrame, n_reports: int) -> Claim:
    gap = known["gap"]
    least, greatest, doubtful = extremes(gap, _points)
    values = {
        "above": int((gap > 0).sum()),
        "n": len(gap),
        "below": int((gap < 0).sum()),
        "many": study.plural(),
        "indicator": _name(name),
        "aim": number(known[["target", "target_upper"]].astype(float).mean(axis=1).median()),
        "was": number(known["result"].median()),
    }
    text = sentences(
        tr(
            "{above} of {n} {many} aim above last year's {indicator}, {below} below: the median target is {aim}%, "
            "after {was}%.",
            **values,
        ),
        tr("Furthest above: {said}.", said=greatest) if values["above"] else "",
        tr("Furthest below: {said}.", said=least) if values["below"] else "",
    )
    lacking, missing = n_reports - len(gap), ""
    if lacking == 1:
        missing = tr("One report gives only one of the two, or neither.")
    elif lacking > 1:
        missing = tr("{n} reports give only one of the two, or neither.", n=lacking)
    caveat = sentences(read_by_rules(study), missing, to_read(doubtful))
    turned = 2 * min((gap > 0).sum(), (gap < 0).sum()) / len(gap)  # 1: as many above as below
    score = len(gap) / max(n_reports, 1) * (0.6 + 0.4 * turned)
    return Claim("target", name, text, caveat, score, "#figure-targets")


def _points(gap: float) -> str:
    if abs(gap) == 1:
        return tr("{gap:+.3g} point", gap=gap)
    return tr("{gap:+.3g} points", gap=gap)


def _level(study: Study, name: str, values: pd.Series, unit: str, n_reports: int) -> Claim:
    values = values.astype(float)
    least, greatest, doubtful = extremes(values, lambda v: amount(v, unit))
    text = tr(
        "{indicator} last year: {median} in the median of {n} {many} that give it; most: {greatest}; least: {least}.",
        indicator=_capital(_name(name)),
        median=amount(values.median(), unit),
        n=len(values),
        many=study.plural(),
        greatest=greatest,
        least=least,
    )
    # Totals say how large a place is, and little of what it does.
    weight = 0.6 if unit == "%" else 0.25
    score = len(values) / max(n_reports, 1) * spread(values) * weight
    return Claim("indicator", name, text, sentences(read_by_rules(study), to_read(doubtful)), score, "#figure-targets")


def claims_of_indicators(result: Indicators) -> list[Claim]:
    """Of each indicator and population that two groups or more report: who has most and least, and the others."""
    study, claims = result.study, []
    groups = fact_tables(study).paragraphs.drop_duplicates(["doc_id", "paragraph"])
    rows = result.rows.merge(groups[["doc_id", "paragraph", "group"]], on=["doc_id", "paragraph"])
    party = {r.indicator for r in read_indicators() if r.group == "party"}
    rows = of_complete_groups(study, rows[rows["indicator"].isin(party) & rows["kind"].isin(_VALUED)])
    for (name, population), part in rows.groupby(["indicator", "population"], sort=False):
        if part["group"].nunique() > 1:
            claims.append(_comparison(study, str(name), str(population), part))
    return claims


def _comparison(study: Study, name: str, population: str, part: pd.DataFrame) -> Claim:
    first = part.assign(order=part["kind"].map(_VALUED.index), late=-part["year"].fillna(0))
    first = first[first["order"] == first.groupby("group")["order"].transform("min")]
    first = first[first["late"] == first.groupby("group")["late"].transform("min")]
    ends = first.assign(top=first["upper"].fillna(first["value"])).groupby("group", sort=False)
    ends = ends.agg(low=("value", "min"), high=("top", "max"), kind=("kind", "first"), year=("year", "first"))
    ends = ends.assign(middle=(ends["low"] + ends["high"]) / 2).sort_values("middle", ascending=False, kind="stable")
    unit = part["unit"].iloc[0]
    said = [_one_value(group, row, unit) for group, row in ends.head(FEW).iterrows()]
    named = bool(population) and not population.startswith("每")  # the name of the indicator says it
    whom = f" ({population})" if named and current_language() == "en" else f"（{population}）" * named
    values = {
        "indicator": _capital(_name(name)) + whom,
        "n": len(ends),
        "all": len(study.groups()),
        "many": study.plural(),
        "said": tr("; ").join(said),
    }
    if len(ends) > FEW:
        least, greatest, _ = extremes(ends["middle"], lambda v: amount(v, unit))
        values["said"] = tr("most in {greatest}, least in {least}", greatest=greatest, least=least)
    text = tr("{indicator}, in {n} of {all} {many}: {said}.", **values)
    ratio = ends["middle"].iloc[0] / ends["middle"].iloc[-1] if ends["middle"].iloc[-1] > 0 else np.inf
    mixed = ends["kind"].nunique() > 1
    if 1.05 <= ratio < 100 and not mixed:  # what is reached is no multiple of a rule or a target
        text = tr(
            "{indicator}: {ratio}-fold difference, reported by {n} of {all} {many}: {said}.",
            ratio=f"{ratio:.2g}",
            **values,
        )
    years = ends["year"].dropna()
    apart = bool(len(years)) and int(years.max()) - int(years.min()) >= _YEARS_APART
    caveat = sentences(
        tr("Rules, targets and what was reached stand side by side.") if mixed else "",
        tr("The figures are of different years.") if apart else "",
        read_by_rules(study),
    )
    comparable = (_MIXED if mixed else 1) * (0.85 if apart else 1)
    share = len(ends) / len(study.groups())
    score = (1 - 1 / ratio) * comparable * (0.5 + 0.5 * share if len(study.groups()) <= FEW else share)
    return Claim("indicator", name, text, caveat, min(score, 1), "indicators.html")


def _one_value(group: Any, row: pd.Series[Any], unit: str) -> str:
    """A group's figure, and whether it is a rule or a target and of which year."""
    about = (
        [display_name("mark", {"standard": "rule"}.get(row["kind"], row["kind"]))] if row["kind"] != "actual" else []
    )
    about += [str(int(row["year"]))] if pd.notna(row["year"]) else []
    value = amount(row["low"], unit, row["high"])
    if not about:
        return f"{group} {value}"
    return tr("{name} ({said})", name=f"{group} {value}", said=join_items(about))


def _name(indicator: str) -> str:
    """An indicator as a sentence has it."""
    rule = next((r for r in read_indicators() if r.indicator == indicator), None)
    if rule is None:
        return indicator
    return rule.gloss if current_language() == "en" else rule.name


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
