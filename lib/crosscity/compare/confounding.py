"""Confounding: how the columns of a corpus are associated with the groups that are compared.

A difference between groups may be due to anything else that differs between them. Where that is fixed within groups, no
method can separate the two.
"""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ..documents import METADATA_COLUMNS
from ..language import display_name, join_items, tr
from .milestones import date_span

if TYPE_CHECKING:
    from typing import Any

# Columns that name or describe one document, or come from its cleaning.
NOT_COMPARED = frozenset(
    (
        "doc_id",
        "file",
        "title",
        "sha256",
        "encoding",
        "script",
        "duplicate_of",
        "exclude",
        "guessed",
        "not_guessed",
        "n_paragraphs",
        "n_unread",
    )
)
NOT_SEPARABLE, FIXED, VARIES = "not separable", "the same within a group", "varies within groups"
CONSTANT, NOT_STATED = "the same for all", "not stated"
VERDICTS = (NOT_SEPARABLE, FIXED, VARIES, CONSTANT, NOT_STATED)


def column_associations(corpus: pd.DataFrame, by: str) -> pd.DataFrame:
    """How each column of a corpus is associated with the groups that are compared.

    For a categorical column the association is Cramér's V, corrected for its bias (Bergsma 2013); for a numeric one the
    root of epsilon squared (Kelley 1935), the share of variance between groups, corrected for chance. Both are 0 to
    1, and NaN where each group has one document, or each document a value of its own.

    Parameters
    ----------
    corpus : DataFrame
        A row a document, with the column `group`; others as in the table corpus. Columns that name a document are
        skipped (`NOT_COMPARED`; of further columns addresses, and texts that differ between all documents).
    by : str
        The column of which the groups are values.

    Returns
    -------
    DataFrame, a row a column
        column, stated (documents), values (distinct), association, verdict ("not stated"; "the same for all"; "not
        separable": each group has one value that no other group has, or one document; "the same within a group": each
        has one value, but some share it; "varies within groups"), sentence. Those hardest to separate come first.
    """
    many = {"city": "cities"}.get(by, f"{by}s" if by in ("province", "year", "unit", "voice", "genre") else "groups")
    many = display_name("many", many)
    groups, rows = corpus["group"].astype(str), []
    skipped = NOT_COMPARED | {"group", by} | ({"date"} if by == "year" else {"year"} if "date" in corpus else set())
    for column in [c for c in corpus.columns if c not in skipped]:
        values = _values(corpus, column)
        if column not in METADATA_COLUMNS and _is_name(values, groups):
            continue
        row = {"column": column, "stated": int(values.notna().sum()), "values": values.nunique()}
        rows.append(row | _verdict(column, values.dropna(), groups[values.notna()], len(groups), many))
    order = {verdict: i for i, verdict in enumerate(VERDICTS)}
    table = pd.DataFrame(rows, columns=["column", "stated", "values", "association", "verdict", "sentence"])
    keys = pd.DataFrame({"o": table["verdict"].map(order), "a": -table["association"].fillna(0)})
    keys["n"], keys["c"] = table["column"] == "n_chars", table["column"]
    return table.loc[keys.sort_values(["o", "a", "n", "c"]).index].reset_index(drop=True)


def sentences(table: pd.DataFrame) -> list[str]:
    """Sentences on `column_associations`: what is fixed within groups, what varies, what is constant or not stated."""
    verdicts, name = table["verdict"], table["column"].replace("n_chars", "length").map(_name)
    result = []
    if len(names := name[verdicts.isin((NOT_SEPARABLE, FIXED))]):
        result.append(
            tr("Each group has one {said}: differences between groups may be of these.", said=join_items(names))
        )
    result += table.loc[verdicts == VARIES, "sentence"].str.capitalize().tolist()
    if len(names := name[verdicts == CONSTANT]):
        result.append(tr("The same for all: {said}.", said=join_items(names)))
    if len(names := name[verdicts == NOT_STATED]):
        result.append(tr("Not stated: {said}; groups may differ in it.", said=join_items(names)))
    return result


def _name(column: str) -> str:
    return display_name("column", {"n_chars": "length"}.get(column, column))


def _values(corpus: pd.DataFrame, column: str) -> pd.Series[Any]:
    """A column with missing values where nothing is stated; a date as a year with a fraction."""
    values = corpus[column]
    if column == "date":
        years = pd.to_numeric(corpus["year"], errors="coerce") if "year" in corpus else np.nan
        ends = [date_span(v) for v in values]
        if not any(e and e[1] - e[0] < datetime.timedelta(300) for e in ends):
            return pd.Series(years, corpus.index).fillna(pd.Series([e and e[0].year for e in ends], corpus.index))
        days = [e[0].year + (e[0].timetuple().tm_yday - 1) / 366 if e else np.nan for e in ends]
        return pd.Series(days, corpus.index, dtype=float).fillna(years).round(4)
    if pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values):
        return values.astype(float)
    return values.astype(str).astype(object).where(values.notna() & (values.astype(str).str.strip() != ""))


def _is_name(values: pd.Series[Any], groups: pd.Series[Any]) -> bool:
    """Whether a column has addresses, long texts, or values that differ between all documents of a group."""
    if pd.api.types.is_numeric_dtype(values) or values.notna().sum() < 2:
        return False
    stated = values.dropna().astype(str)
    if stated.str.contains("://", regex=False).any() or stated.str.len().mean() > 40:
        return True
    return stated.is_unique and groups[values.notna()].duplicated().any()


def _verdict(column: str, values: pd.Series[Any], groups: pd.Series[Any], n: int, many: str) -> dict[str, Any]:
    """Association, verdict and sentence of one column; values and groups of the documents that state it."""
    name = _name(column)
    lacking = tr(" (stated by {n} of {all} documents)", n=len(values), all=n) if len(values) < n else ""
    if values.empty:
        text = tr("{name}: not stated; {many} may differ in it.", name=name, many=many)
        return {"association": np.nan, "verdict": NOT_STATED, "sentence": text}
    if values.nunique() == 1:
        text = tr("{name}: the same for all{lacking}.", name=name, lacking=lacking)
        return {"association": np.nan, "verdict": CONSTANT, "sentence": text}
    values_by_group = values.groupby(groups).nunique()
    n_groups = len(values_by_group)
    if n_groups < 2:
        verdict = FIXED if values_by_group.max() == 1 else VARIES
        text = tr("{name}: stated in one group only{lacking}; not compared.", name=name, lacking=lacking)
        return {"association": np.nan, "verdict": verdict, "sentence": text}
    strength = association(values, groups)
    if values_by_group.max() > 1:
        more = (tr(", association {v:.2f}", v=strength) if np.isfinite(strength) else "") + lacking
        counts = {"n": (values_by_group > 1).sum(), "all": n_groups, "many": many, "more": more}
        text = tr("{name}: varies within {n} of {all} {many}{more}.", name=name, **counts)
        return {"association": strength, "verdict": VARIES, "sentence": text}
    fields = {"name": name, "all": n_groups, "many": many, "lacking": lacking, "n": values.nunique()}
    if values.nunique() == n_groups:
        verdict, text = NOT_SEPARABLE, tr("{name}: each of {all} {many} has another{lacking}; ", **fields)
    elif n_groups == len(groups):
        verdict = NOT_SEPARABLE
        text = tr("{name}: {n} values among {all} {many} of one document each{lacking}; ", **fields)
    else:
        verdict, text = FIXED, tr("{name}: {n} values among {all} {many} of one value each{lacking}; ", **fields)
    text += tr("differences between {many} may be of {name}.", many=many, name=name)
    return {"association": strength, "verdict": verdict, "sentence": text}


def association(values: pd.Series[Any], groups: pd.Series[Any]) -> float:
    """Cramér's V corrected for bias, or for numbers the root of epsilon squared: 0 to 1.

    NaN where every document has a group or a value of its own.
    """
    codes, k = pd.factorize(groups)[0], groups.nunique()
    n = len(values)
    if pd.api.types.is_float_dtype(values):
        total = np.square(values - values.mean()).sum()
        within = np.square(values - values.groupby(codes).transform("mean").to_numpy()).sum()
        return round(float(np.sqrt(max(0, 1 - within / total * (n - 1) / (n - k)))), 4) if n > k and total else np.nan
    table = pd.crosstab(codes, pd.factorize(values)[0]).to_numpy(dtype=float)
    expected = np.outer(table.sum(axis=1), table.sum(axis=0)) / n
    rows, columns = table.shape
    phi = max(0, (np.square(table - expected) / expected).sum() / n - (rows - 1) * (columns - 1) / (n - 1))
    least = min(m - (m - 1) ** 2 / (n - 1) for m in (rows, columns)) - 1
    return round(min(1, float(np.sqrt(phi / least))), 4) if least > 1e-9 else np.nan
