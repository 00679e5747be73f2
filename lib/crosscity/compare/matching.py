"""Coarsened exact matching: groups made alike in genre, year, level and length before they are compared.

Iacus, King and Porro (2012, Causal inference without balance checking: coarsened exact matching): values are coarsened,
documents with the same coarse values make a stratum, a stratum with documents of both sides is kept, and the documents
of the other side are weighted so that each stratum has the share of them that it has of the group. Nothing is modelled,
and what has no counterpart is left out and said.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from .. import CrosscityError, NotEstimableError
from ..language import display_name, heading, join_items, tr

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Any

    import numpy.typing as npt

COLUMNS = ("genre", "doc_type", "year", "level", "n_chars")  # what documents are matched by, if nothing else is named
_YEARS = 5  # of a stratum: 2016 to 2020, as plans run
_SHORTEST = 250  # characters; shorter documents are of one length
_FEWEST = 3  # matched documents
_MOST_SAID = 3  # values of a column that a sentence names


class Matching(NamedTuple):
    """A group matched with other documents.

    Attributes
    ----------
    documents : DataFrame
        A row a document: doc_id, ours (of the group), stratum (its coarse values), weight (0: unmatched), lacks (of the
        unmatched: the columns in which it differs from the nearest document of the other side); then the coarse values.
    balance : DataFrame
        See `balance`.
    columns : tuple of str
        That documents are matched by.
    """

    documents: pd.DataFrame
    balance: pd.DataFrame
    columns: tuple[str, ...]

    @property
    def matched(self) -> pd.DataFrame:
        """The documents that take part."""
        return self.documents[self.documents["weight"] > 0]

    def sizes(self) -> dict[str, int]:
        """Documents of the group and of the others, matched (a, b) and in all (all_a, all_b), and strata."""
        ours, kept = self.documents["ours"], self.documents["weight"] > 0
        which = {"a": ours & kept, "all_a": ours, "b": ~ours & kept, "all_b": ~ours}
        return {name: int(n.sum()) for name, n in which.items()} | {"strata": self.matched["stratum"].nunique()}


def coarsened(corpus: pd.DataFrame, columns: Iterable[str] = COLUMNS) -> pd.DataFrame:
    """The coarse values by which documents are matched, as text; "" where nothing is stated.

    Years are taken together by five, as plans run (2016–2020); lengths by doublings of 1,000 characters (8,000–16,000);
    of other columns of numbers as many equal parts are made as Sturges' (1926) rule has it; all else must be equal.
    Where no level is stated, it is that of the place: city, or province where no city is stated.

    Parameters
    ----------
    corpus : DataFrame
        Rows of the table corpus.
    columns : sequence of str

    Raises
    ------
    CrosscityError
        If the corpus lacks a column.
    """
    return pd.DataFrame({c: _coarse(corpus, c) for c in columns}, corpus.index, dtype=object)


def _coarse(corpus: pd.DataFrame, column: str) -> pd.Series[Any]:
    numbers = _numbers(corpus, column)
    if numbers is not None:
        return numbers.map(lambda value: "" if np.isnan(value) else _span(column, value, numbers.dropna()))
    values = corpus[column].astype(str).str.strip().where(corpus[column].notna(), "").astype(object)
    if column != "level":
        return values
    places = np.select([corpus["city"] != "", corpus["province"] != ""], ["city", "province"], "")
    return values.where(values != "", pd.Series(places, corpus.index, dtype=object))


def _numbers(corpus: pd.DataFrame, column: str) -> pd.Series[Any] | None:
    """A column as numbers, NaN where nothing is stated; None if it is none of numbers."""
    if column not in corpus:
        msg = f"match names the column {column!r}, which corpus does not have; it has {', '.join(corpus.columns)}"
        raise CrosscityError(msg)
    values = corpus[column]
    stated = values.notna() & (values.astype(str).str.strip() != "")
    numbers = pd.to_numeric(values, errors="coerce").astype(float)
    if not stated.any() or numbers[stated].isna().any() or pd.api.types.is_bool_dtype(values):
        return None
    return numbers


def _span(column: str, value: float, every: pd.Series[Any]) -> str:
    """The part of a column of numbers in which a value lies."""
    if column == "year":
        first = int((value - 1) // _YEARS) * _YEARS + 1
        return f"{first}–{first + _YEARS - 1}"
    if column == "n_chars":
        if value < _SHORTEST:
            return f"0–{_SHORTEST}"
        low = 1000 * 2.0 ** np.floor(np.log2(value / 1000))
        return f"{low:,.0f}–{2 * low:,.0f}"
    parts = int(np.ceil(np.log2(len(every)))) + 1
    edges = np.linspace(every.min(), every.max(), parts + 1)
    i = min(max(int(np.searchsorted(edges, value, side="right")) - 1, 0), parts - 1)
    return f"{edges[i]:g}–{edges[i + 1]:g}"


def cem_weights(strata: npt.ArrayLike, ours: npt.ArrayLike) -> npt.NDArray[Any]:
    """The weight of each document: 1 in the group, 0 if unmatched, else (n / m) (m_s / n_s), shape (n_documents,).

    m_s and n_s are the numbers of documents of the group, and of the others, in the document's stratum; m and n those
    in all strata that have both (Iacus, King and Porro 2012). The weights of the others sum to n.
    """
    codes, ours = pd.factorize(np.asarray(strata))[0], np.asarray(ours, dtype=bool)
    mine, other = np.bincount(codes, ours), np.bincount(codes, ~ours)
    both = (mine > 0) & (other > 0)
    share = np.divide(mine, other, out=np.zeros(len(mine)), where=both)
    total = other[both].sum() / max(mine[both].sum(), 1)
    return np.where(ours, both.astype(float)[codes], total * share[codes])


def match(
    corpus: pd.DataFrame, ours: npt.ArrayLike, columns: Sequence[str] = COLUMNS, name: str = "", rest: str = ""
) -> Matching:
    """A group of documents matched with the others.

    Parameters
    ----------
    corpus : DataFrame
        The documents, a row each, as in the table corpus.
    ours : sequence of bool
        Whether each is of the group.
    columns : sequence of str
        What they are matched by; none: nothing is adjusted for.
    name, rest : str
        What messages call the two sides.

    Raises
    ------
    NotEstimableError
        If no stratum has documents of both sides, or one document matches one other.
    CrosscityError
        As `coarsened`.
    """
    corpus, ours, columns = corpus.reset_index(drop=True), np.asarray(ours, dtype=bool), tuple(columns)
    cells = coarsened(corpus, columns)
    strata = cells.agg(" | ".join, axis=1) if columns else pd.Series("", corpus.index)
    weight = cem_weights(strata, ours)
    if not weight.any():
        raise NotEstimableError(_no_match(cells, ours, name, rest or tr("the others")))
    if (n := np.count_nonzero(weight)) < _FEWEST:
        lack = tr("{a} matches one document: {n} documents are no comparison of groups", a=name, n=n)
        raise NotEstimableError(lack)
    about = {"doc_id": corpus["doc_id"], "ours": ours, "stratum": strata, "weight": weight}
    documents = pd.DataFrame(about).assign(lacks=_lacking(cells, ours, weight)).join(cells)
    return Matching(documents, balance(corpus, ours, weight, columns), columns)


def _lacking(cells: pd.DataFrame, ours: npt.NDArray[Any], weight: npt.NDArray[Any]) -> list[str]:
    """For each unmatched document the columns in which it differs from the nearest of the other side; else ""."""
    kinds = {side: cells[ours == side].drop_duplicates().to_numpy() for side in (True, False)}
    found = []
    for row, mine, matched in zip(cells.to_numpy(), ours, weight > 0, strict=True):
        if matched or not len(kinds[not mine]):
            found.append("")
            continue
        differs = kinds[not mine] != row
        found.append("; ".join(cells.columns[differs[differs.sum(axis=1).argmin()]]))
    return found


def _no_match(cells: pd.DataFrame, ours: npt.NDArray[Any], name: str, rest: str) -> str:
    """Why two sides share no stratum."""
    apart = [c for c in cells if set(cells[c][ours]).isdisjoint(cells[c][~ours])]
    sides = {"a": name, "b": rest}
    if not apart:
        columns = join_items(column_label(c) for c in cells if cells[c].nunique() > 1)
        why = tr("no two of their documents agree in {columns}", columns=columns)
        return tr("{a} and {b} share no stratum: {said}", said=why, **sides)
    said = [
        tr(
            "{column} is {mine} against {other}",
            column=column_label(c),
            mine=_values_said(c, cells[c][ours]),
            other=_values_said(c, cells[c][~ours]),
        )
        for c in apart
    ]
    return tr("{a} and {b} share no stratum: {said}", said=tr("; ").join(said), **sides)


def _values_said(column: str, values: pd.Series[Any]) -> str:
    names = sorted(set(values))
    more = tr(" and {n} more", n=len(names) - _MOST_SAID) if len(names) > _MOST_SAID else ""
    return join_items(value_label(column, value) for value in names[:_MOST_SAID]) + more


def column_label(column: str) -> str:
    """What documents are matched by, in the run's language; "all" is all of it."""
    if column == "all":
        return tr("all together")
    return {"n_chars": tr("length"), "doc_type": tr("type of document")}.get(column) or heading(column)


def value_label(column: str, value: str) -> str:
    """A coarse value in the run's language."""
    if not value:
        return tr("not stated")
    return tr("{span} characters", span=value) if column == "n_chars" else display_name(column, value)


def l1(ours: npt.NDArray[Any], theirs: npt.NDArray[Any], cells: npt.ArrayLike) -> float:
    """The distance of two weighted sides over cells, half the sum of |f - g|: 0 the same shares, 1 no cell in common.

    L1 of Iacus, King and Porro (2011, Multivariate matching methods that are monotonic imbalance bounding).

    Parameters
    ----------
    ours, theirs : ndarray, shape (n_documents,)
        Weight of each document on either side.
    cells : sequence, length n_documents
    """
    codes = pd.factorize(np.asarray(cells, dtype=object))[0]
    f, g = np.bincount(codes, ours) / ours.sum(), np.bincount(codes, theirs) / theirs.sum()
    return float(np.abs(f - g).sum() / 2)


def balance(
    corpus: pd.DataFrame, ours: npt.NDArray[Any], weight: npt.NDArray[Any], columns: Sequence[str]
) -> pd.DataFrame:
    """How far a group and the others differ in what they are matched by, before and after; what is alike has no row.

    Returns
    -------
    DataFrame, a row a column, and "all" for the strata
        column; measure: "L1" (`l1`), or of numbers "d", how far the means lie apart in standard deviations of all
        documents (of years, of logarithms of length), which tells what is left within strata; before, after; mean,
        mean_rest, mean_after, mean_rest_after (of numbers).
    """
    cells, rows = coarsened(corpus, columns), []
    sides = [(ours.astype(float), (~ours).astype(float)), (np.where(ours, weight, 0), np.where(ours, 0, weight))]
    for column in columns:
        row: dict[str, Any] = {"column": column}
        numbers = _numbers(corpus, column)
        if numbers is None:
            if cells[column].nunique() < 2:
                continue
            found = [l1(a, b, cells[column]) for a, b in sides]
            rows.append(row | {"measure": "L1", "before": found[0], "after": found[1]})
            continue
        scale = np.log2(numbers.clip(lower=1)) if column == "n_chars" else numbers
        if not (spread := scale.std()) > 0:
            continue
        row["measure"] = "d"
        for name, end, (a, b) in zip(("before", "after"), ("", "_after"), sides, strict=True):
            row[name] = abs(_mean(scale, a) - _mean(scale, b)) / spread
            row |= {f"mean{end}": _mean(numbers, a), f"mean_rest{end}": _mean(numbers, b)}
        rows.append(row)
    if rows:
        strata = cells.agg(" | ".join, axis=1)
        before, after = (l1(a, b, strata) for a, b in sides)
        rows.append({"column": "all", "measure": "L1", "before": before, "after": after})
    names = ["before", "after", "mean", "mean_rest", "mean_after", "mean_rest_after"]
    return pd.DataFrame(rows, columns=["column", "measure", *names]).astype(dict.fromkeys(names, float)).round(6)


def _mean(numbers: pd.Series[Any], weights: npt.NDArray[Any]) -> float:
    stated = numbers.notna().to_numpy()
    total = weights[stated].sum()
    return float(weights[stated] @ numbers[stated] / total) if total else np.nan
