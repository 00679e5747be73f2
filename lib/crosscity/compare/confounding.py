"""What goes together with what is compared.

A difference between groups may be of anything that differs between them. Where it goes together with the groups, no
method can part the two; `together` says so for each column of a corpus.
"""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ..documents import METADATA_COLUMNS
from ..language import display_name, join_items, tr
from .milestones import span

if TYPE_CHECKING:
    from typing import Any

# What names or describes one document, and what cleaning made of it.
NOT_COMPARED = frozenset(
    ("doc_id", "file", "title", "sha256", "encoding", "script", "duplicate_of", "exclude", "guessed", "n_paragraphs")
)
APART, FIXED, VARIES = "not separable", "the same within a group", "varies within groups"


def together(corpus: pd.DataFrame, by: str) -> pd.DataFrame:
    """What each column of a corpus has to do with the groups that are compared.

    The association of a column of kinds is Cramér's V, corrected for its bias (Bergsma 2013); of numbers, the root of
    epsilon squared (Kelley 1935), which is the share of variance between groups, less what chance gives. Both are 0 to
    1. Where each group has one document, or each document a value of its own, they say nothing, and are NaN.

    Parameters
    ----------
    corpus : DataFrame
        A row a document, with the column `group`; others as the table corpus has them. What names a document
        (`NOT_COMPARED`; of further columns addresses, and texts of which each document has another) is passed over.
    by : str
        The column that the groups are of.

    Returns
    -------
    DataFrame, a row a column
        column, stated (documents), values (distinct), association, verdict ("not stated", "the same for all", "not
        separable": each group has one value, and no other group's, or one document; "the same within a group": each has
        one value, but some share it; "varies within groups"), sentence. What is hardest to part comes first.
    """
    many = {"city": "cities"}.get(by, f"{by}s" if by in ("province", "year", "unit", "genre") else "groups")
    many = display_name("many", many)
    groups, rows = corpus["group"].astype(str), []
    passed = NOT_COMPARED | {"group", by} | ({"date"} if by == "year" else {"year"} if "date" in corpus else set())
    for column in [c for c in corpus.columns if c not in passed]:
        values = _values(corpus, column)
        if column not in METADATA_COLUMNS and _is_name(values, groups):
            continue
        row = {"column": column, "stated": int(values.notna().sum()), "values": values.nunique()}
        rows.append(row | _judged(column, values.dropna(), groups[values.notna()], len(groups), many))
    order = {verdict: i for i, verdict in enumerate((APART, FIXED, VARIES, "the same for all", "not stated"))}
    table = pd.DataFrame(rows, columns=["column", "stated", "values", "association", "verdict", "sentence"])
    keys = pd.DataFrame({"o": table["verdict"].map(order), "a": -table["association"].fillna(0)})
    keys["n"], keys["c"] = table["column"] == "n_chars", table["column"]
    return table.loc[keys.sort_values(["o", "a", "n", "c"]).index].reset_index(drop=True)


def told(table: pd.DataFrame) -> list[str]:
    """Sentences on `together`: one on what cannot be told from the groups, one on what is the same, one on the rest."""
    verdicts, name = table["verdict"], table["column"].replace("n_chars", "length").map(_name)
    fixed, sentences = name[verdicts.isin((APART, FIXED))], []
    if len(fixed):
        sentences.append(
            tr("Each group has one {said}: differences between groups may be of these.", said=join_items(fixed))
        )
    sentences += table.loc[verdicts == VARIES, "sentence"].str.capitalize().tolist()
    if len(names := name[verdicts == "the same for all"]):
        sentences.append(tr("The same for all: {said}.", said=join_items(names)))
    if len(names := name[verdicts == "not stated"]):
        sentences.append(tr("Not stated: {said}; groups may differ in it.", said=join_items(names)))
    return sentences


def _name(column: str) -> str:
    return display_name("column", {"n_chars": "length"}.get(column, column))


def _values(corpus: pd.DataFrame, column: str) -> pd.Series[Any]:
    """A column with what is not stated as missing; a date as a year with its fraction."""
    values = corpus[column]
    if column == "date":
        years = pd.to_numeric(corpus["year"], errors="coerce") if "year" in corpus else np.nan
        ends = [span(v) for v in values]
        if not any(e and e[1] - e[0] < datetime.timedelta(300) for e in ends):
            return pd.Series(years, corpus.index).fillna(pd.Series([e and e[0].year for e in ends], corpus.index))
        days = [e[0].year + (e[0].timetuple().tm_yday - 1) / 366 if e else np.nan for e in ends]
        return pd.Series(days, corpus.index, dtype=float).fillna(years).round(4)
    if pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values):
        return values.astype(float)
    return values.astype(str).astype(object).where(values.notna() & (values.astype(str).str.strip() != ""))


def _is_name(values: pd.Series[Any], groups: pd.Series[Any]) -> bool:
    """Addresses, and texts of which every document has another though its group has several."""
    if pd.api.types.is_numeric_dtype(values) or values.notna().sum() < 2:
        return False
    stated = values.dropna().astype(str)
    if stated.str.contains("://", regex=False).any() or stated.str.len().mean() > 40:
        return True
    return stated.is_unique and groups[values.notna()].duplicated().any()


def _judged(column: str, values: pd.Series[Any], groups: pd.Series[Any], n: int, many: str) -> dict[str, Any]:
    """Association, verdict and sentence of one column; values and groups of the documents that state it."""
    name, found = _name(column), {"association": np.nan}
    lacking = tr(" (stated by {n} of {all} documents)", n=len(values), all=n) if len(values) < n else ""
    if values.empty:
        text = tr("{name}: not stated; {many} may differ in it.", name=name, many=many)
        return found | {"verdict": "not stated", "sentence": text}
    if values.nunique() == 1:
        text = tr("{name}: the same for all{lacking}.", name=name, lacking=lacking)
        return found | {"verdict": "the same for all", "sentence": text}
    of, alone = values.groupby(groups).nunique(), groups.nunique() == len(groups)
    if groups.nunique() < 2:
        verdict = FIXED if of.max() == 1 else VARIES
        text = tr("{name}: stated in one group only{lacking}; not compared.", name=name, lacking=lacking)
        return found | {"verdict": verdict, "sentence": text}
    found["association"] = association(values, groups)
    if of.max() > 1:
        known = np.isfinite(found["association"])
        strength = tr(", association {v:.2f}", v=found["association"]) if known else ""
        counted = {"n": (of > 1).sum(), "all": len(of), "many": many, "more": strength + lacking}
        text = tr("{name}: varies within {n} of {all} {many}{more}.", name=name, **counted)
        return found | {"verdict": VARIES, "sentence": text}
    values_of = {"name": name, "all": len(of), "many": many, "lacking": lacking, "n": values.nunique()}
    end = tr("differences between {many} may be of {name}.", many=many, name=name)
    if values.nunique() == len(of):
        text = tr("{name}: each of {all} {many} has another{lacking}; ", **values_of) + end
        return found | {"verdict": APART, "sentence": text}
    if alone:
        text = tr("{name}: {n} values among {all} {many} of one document each{lacking}; ", **values_of) + end
    else:
        text = tr("{name}: {n} values among {all} {many} of one value each{lacking}; ", **values_of) + end
    return found | {"verdict": APART if alone else FIXED, "sentence": text}


def association(values: pd.Series[Any], groups: pd.Series[Any]) -> float:
    """How strongly a column goes with groups, 0 to 1: Cramér's V corrected for bias, or the root of epsilon squared.

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
