"""Last year's results and this year's targets of work reports, and the gaps between them by province."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import t as student

from ..inference import MIN_DOCUMENTS
from ..ordering import sort_rows
from .indicators import read_indicators

_GOAL = "预期目标|主要目标|奋斗目标|目标(?:建议|是|为)"
_LONGER = "五年|以来|累计|年均|十[三四五]五|翻番|比[12][0-9]{3}年"  # growth of more than a year

CUES = f"{_GOAL}|{_LONGER}|力争"  # the words of a sentence that tell a result from a target


def results_and_targets(table: pd.DataFrame, corpus: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Last year's result and this year's target of each document, for the indicators of work reports.

    A report reviews the year before and plans its own: a figure for the report's year, or a target without a year, is
    the target. Of several, a target is taken from a sentence on the expected goals (预期目标) if there is one, a result
    from a sentence that does not speak of several years (“十四五”以来), else the first. A second figure of the same
    sentence (确保…、力争…) is the upper end of the target. Only figures for the document's whole place count.

    Parameters
    ----------
    table : DataFrame
        Of `indicators.indicators`.
    corpus : DataFrame
        Of the documents that take part; year is the year of the report.

    Returns
    -------
    results : DataFrame
        A row a document and indicator that it reports: indicator, doc_id, city, province, year, unit, result,
        result_qualifier, result_sentence, target, target_upper, target_qualifier, target_sentence, gap (target less
        result; NaN where either is absent; a range counts by its midpoint).
    missing : DataFrame
        indicator, part ("result", "target"), n (documents without it), documents (their doc_ids, with commas).
    """
    names = list(dict.fromkeys(r.indicator for r in read_indicators() if r.group == "report"))
    documents = corpus.set_index("doc_id")
    years = pd.to_numeric(documents["year"], errors="coerce").astype(float)
    own = table[table["indicator"].isin(names) & table["doc_id"].isin(documents.index)]
    own = own[own["population"].isin(["全市", "全省", "全域"]) & (own["kind"] != "baseline")]
    year = own["year"].astype(float) - own["doc_id"].map(years).to_numpy()
    target = (year == 0) | (own["year"].isna() & (own["kind"] == "target")).to_numpy()
    goal = own["sentence"].str.contains(_GOAL).to_numpy()
    longer = own["sentence"].str.contains(_LONGER).to_numpy()
    part = np.where(target, "target", np.where(year == -1, "result", ""))
    own = own.assign(part=part, order=np.where(target, ~goal, longer))
    own = sort_rows(own[own["part"] != ""], ["indicator", "doc_id", "part", "order", "paragraph", "start"])
    rows: dict[tuple[str, str], dict[str, Any]] = {}
    for (name, doc_id, part), rows_of_part in own.groupby(["indicator", "doc_id", "part"], sort=False):
        first, *others = rows_of_part.itertuples(index=False)
        upper = first.upper
        if part == "target" and others and others[0].sentence == first.sentence and "力争" in first.sentence:
            upper = others[0].value if np.isnan(upper) and others[0].value > first.value else upper
        row = rows.setdefault((name, doc_id), {"indicator": name, "doc_id": doc_id, "unit": first.unit})
        row |= {part: first.value, f"{part}_upper": upper, f"{part}_qualifier": first.qualifier}
        row[f"{part}_sentence"] = first.sentence
    columns = ["indicator", "doc_id", "unit", *("result", "result_upper", "result_qualifier", "result_sentence")]
    columns += ["target", "target_upper", "target_qualifier", "target_sentence"]
    results = pd.DataFrame(rows.values(), columns=columns)
    texts = [c for c in columns if c.endswith(("qualifier", "sentence"))]
    results[texts] = results[texts].fillna("")
    for column in ("city", "province", "year"):
        results[column] = results["doc_id"].map(documents[column])
    result, target = (results[[part, f"{part}_upper"]].astype(float).mean(axis=1) for part in ("result", "target"))
    results["gap"] = (target - result).where(results["result"].notna() & results["target"].notna()).round(6)
    absent = []
    for name, part in itertools.product(names, ("result", "target")):
        reported = set(results["doc_id"][(results["indicator"] == name) & results[part].notna()])
        without = [d for d in documents.index if d not in reported]
        absent.append((name, part, len(without), ", ".join(without)))
    return results, pd.DataFrame(absent, columns=["indicator", "part", "n", "documents"])


def gaps(results: pd.DataFrame, by: str = "province") -> pd.DataFrame:
    """Mean gap of each province and indicator, with a 95% t interval over documents.

    The interval is mean ± t(0.975, n - 1) s / sqrt(n), NaN for fewer than three documents. Targets of the cities of a
    province depend on each other, so that it is rather too narrow.

    Returns
    -------
    DataFrame
        indicator, province (what `by` names), n, mean, low, high, unit.
    """
    known = results.dropna(subset=["gap"])
    rows = []
    for (name, place), part in known.groupby(["indicator", by], sort=True):
        values = part["gap"].to_numpy(dtype=float)
        n, half = len(values), np.nan
        if n >= MIN_DOCUMENTS:
            half = student.ppf(0.975, n - 1) * values.std(ddof=1) / np.sqrt(n)
        mean = values.mean()
        rows.append((name, place, n, *np.round([mean, mean - half, mean + half], 6), part["unit"].iloc[0]))
    return pd.DataFrame(rows, columns=["indicator", by, "n", "mean", "low", "high", "unit"])
