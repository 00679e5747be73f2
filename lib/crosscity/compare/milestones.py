"""Milestones: dated meetings, rules and slogans, and which terms a document could not yet use at its date."""

from __future__ import annotations

import datetime
import re
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from .. import combined_error
from ..files import headed_rows
from ..words.codes import encode
from ..words.matrix import group_matrix

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Any

    import numpy.typing as npt

COLUMNS = ("date", "name", "terms", "field", "source")  # of a file of milestones
FIELDS = ("party", "grassroots", "policy")
_DATE = re.compile("([12][0-9]{3})(?:-([0-9]{1,2})(?:-([0-9]{1,2}))?)?")
_PRECISION = ("year", "month", "day")


def read_milestones(path: Path | str | None = None) -> pd.DataFrame:
    """Read a table of milestones: columns with tabs between; lines that begin with # are comments.

    Parameters
    ----------
    path : str or Path, optional
        The shipped file if left out.

    Returns
    -------
    DataFrame
        Ordered by date: date (as written), name, terms (tuple of str: not in use before), field (of `FIELDS`), source,
        first, last (datetime.date: the days that the date may mean), precision ("year", "month" or "day").

    Raises
    ------
    CrosscityError
        If the file is absent or has wrong lines, each with the file and line.
    """
    path = Path(path or Path(__file__).with_name("resources") / "milestones.tsv")
    problems, rows = [], []
    owner: dict[str, int] = {}
    for n, cells in headed_rows(path, COLUMNS):
        cells = [cell.strip() for cell in [*cells, *[""] * (5 - len(cells))]]
        days, terms = date_span(cells[0]), tuple(cells[2].split())
        if len(cells) > 5:
            problems.append(f"{path}, line {n}: {len(cells)} cells, not 5")
        elif not days or not _DATE.fullmatch(cells[0]):
            problems.append(f"{path}, line {n}: {cells[0]!r} is no date: give 2018, 2018-12 or 2018-12-28")
        elif not cells[1]:
            problems.append(f"{path}, line {n}: the milestone has no name")
        elif cells[3] not in FIELDS:
            problems.append(f"{path}, line {n}: the field is {cells[3]!r}: give {', '.join(FIELDS)}")
        twice = [term for term in terms if owner.setdefault(term, n) != n]
        problems += [f"{path}, line {n}: {t} stands in line {owner[t]} already: keep the earlier" for t in twice]
        rows.append((*cells[:2], terms, *cells[3:5], *(days or (None, None)), _PRECISION[min(cells[0].count("-"), 2)]))
    if problems:
        raise combined_error(problems)
    table = pd.DataFrame(rows, columns=[*COLUMNS, "first", "last", "precision"])
    return table.sort_values(["first", "last", "name"], kind="stable", ignore_index=True)


def terms_in_use(terms: Iterable[str], dates: Iterable[Any], table: pd.DataFrame | None = None) -> pd.DataFrame:
    """Whether documents of these dates could use terms: not before the milestone of a term, or of its beginning.

    Dates may be years or months: a term was not in use only if the last day that the document's date may mean is before
    the first that the milestone's may.

    Parameters
    ----------
    terms : sequence of str
    dates : sequence
        2018, 2018.0, "2018-08" or "2018-08-09"; anything else rules no term out.
    table : DataFrame, optional
        Of `read_milestones`.

    Returns
    -------
    DataFrame of bool, shape (n_terms, n_dates)
        Index: terms; columns: 0 .. n_dates - 1.
    """
    table = read_milestones() if table is None else table
    first_use = {term: first for terms_, first in zip(table["terms"], table["first"], strict=True) for term in terms_}
    starts = [max((first_use[m] for m in first_use if t.startswith(m)), default=datetime.date.min) for t in terms]
    ends = [span[1] if (span := date_span(d)) else datetime.date.max for d in dates]
    cells = [[end >= start for end in ends] for start in starts]
    return pd.DataFrame(cells, index=list(terms), columns=range(len(ends)), dtype=bool)


def occurrences(paragraphs: pd.DataFrame, terms: Sequence[str]) -> pd.DataFrame:
    """Count terms in paragraphs, as strings of characters: 科学发展观 would be segmented into several words.

    An occurrence inside a longer one of the terms counts for that alone.

    Parameters
    ----------
    paragraphs : DataFrame
        Columns doc_id, paragraph, text.
    terms : sequence of str

    Returns
    -------
    DataFrame
        doc_id, paragraph, term, count (1 or more), in the order of the text, then of the terms.
    """
    pattern = re.compile("|".join(map(re.escape, sorted(set(terms), key=len, reverse=True))) or "(?!)")
    columns = (paragraphs[name] for name in ("doc_id", "paragraph", "text"))
    rows = [
        (doc_id, number, term, count)
        for doc_id, number, text in zip(*columns, strict=True)
        for term, count in sorted(Counter(pattern.findall(text)).items())
    ]
    return pd.DataFrame(rows, columns=["doc_id", "paragraph", "term", "count"]).astype({"paragraph": int, "count": int})


def rates(
    paragraphs: pd.DataFrame,
    terms: Sequence[str],
    words: Sequence[str] = (),
    counts: pd.DataFrame | None = None,
    sizes: pd.Series | None = None,
) -> pd.DataFrame:
    """Occurrences per 10,000 words of each group: of terms by `occurrences`, of words by tokens.

    Parameters
    ----------
    paragraphs : DataFrame
        Columns group, tokens; doc_id, paragraph and text if there are terms.
    terms, words : sequences of str
    counts : DataFrame, optional
        `occurrences` of the terms, if they are known.
    sizes : Series, optional
        Words of each group, by group: those that are counted elsewhere, so that a rate is the same there; all tokens if
        left out.

    Returns
    -------
    DataFrame, shape (n_terms + n_words, n_groups)
        A word that is also a term has the row of the term.
    """
    members, groups = group_matrix(paragraphs["group"])
    tokens = encode(paragraphs["tokens"])
    lengths, terms = members @ tokens.lengths, list(dict.fromkeys(terms))
    lengths = lengths if sizes is None else sizes.reindex(groups).to_numpy()
    words = [word for word in dict.fromkeys(words) if word not in terms]
    counts = occurrences(paragraphs, terms) if counts is None else counts
    counts = counts[counts["term"].isin(terms)].merge(paragraphs[["doc_id", "paragraph", "group"]])
    found = pd.Index(tokens.vocabulary).isin(words)[tokens.codes]
    said = {"group": paragraphs["group"].repeat(tokens.lengths)[found], "term": tokens.vocabulary[tokens.codes[found]]}
    rows = pd.concat([counts[["group", "term", "count"]], pd.DataFrame(said).assign(count=1)])
    table = rows.pivot_table(index="term", columns="group", values="count", aggfunc="sum")
    table = table.reindex(index=[*terms, *words], columns=groups).fillna(0).astype(float)
    table = table.rename_axis(index=None, columns=None)
    return (1e4 * table / np.maximum(lengths, 1)).round(6)


def unavailable(
    rates: pd.DataFrame, labels: npt.ArrayLike, dates: Iterable[Any], table: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Which zeros of a table of terms by groups mean nothing, since no document of the group could use the term.

    Parameters
    ----------
    rates : DataFrame, shape (n_terms, n_groups)
        Index: terms; columns: groups. A rate above 0 is available whatever its date.
    labels, dates : sequences, length n_documents
        Group and date of each document; dates as for `terms_in_use`.
    table : DataFrame, optional
        Of `read_milestones`.

    Returns
    -------
    DataFrame of bool, shape (n_terms, n_groups)
        For rates.mask(...), which makes these NaN.
    """
    could = terms_in_use(rates.index, dates, table).T.groupby(np.asarray(labels, dtype=object)).any().T
    return ~could.reindex(columns=rates.columns, fill_value=True).astype(bool) & (rates.fillna(0) == 0)


def date_span(value: Any) -> tuple[datetime.date, datetime.date] | None:
    """The first and last day that a date may mean; None if it is not a date."""
    if value is None or (isinstance(value, float) and np.isnan(value)) or value is pd.NA or value is pd.NaT:
        return None
    text = str(value)[:10] if isinstance(value, datetime.date) else str(value).strip().removesuffix(".0")
    if not (match := _DATE.fullmatch(text)):
        return None
    year, month, day = (int(x or 0) for x in match.groups())
    try:
        first = datetime.date(year, month or 1, day or 1)
    except ValueError:
        return None
    if day:
        return first, first
    after = datetime.date(year + (not month or month == 12), (month or 12) % 12 + 1, 1)
    return first, after - datetime.timedelta(1)
