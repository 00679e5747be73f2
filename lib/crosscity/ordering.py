"""The order of rows: documents stand as tables have them, by content, and never by the names of their files."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Sequence


def sort_rows(table: pd.DataFrame, columns: Sequence[str], ascending: bool | Sequence[bool] = True) -> pd.DataFrame:
    """A table sorted by columns; of doc_id, documents keep the order in which they appear.

    A name of a file, which doc_id is, must decide nothing: not what comes first, and so not which of two equals is
    chosen. Rows that are equal in all columns stay in their order.

    Parameters
    ----------
    table : DataFrame
    columns : sequence of str
    ascending : bool, or a sequence of bool
        As in pandas.

    Examples
    --------
    >>> table = pd.DataFrame({"doc_id": ["b", "a", "b"], "start": [5, 1, 2]})
    >>> sort_rows(table, ["doc_id", "start"])["start"].tolist()
    [2, 5, 1]
    """
    ascending = ascending if isinstance(ascending, bool) else list(ascending)
    return table.sort_values(list(columns), ascending=ascending, kind="stable", key=_order)


def _order(column: pd.Series) -> pd.Series:
    return pd.Series(pd.factorize(column)[0], column.index) if column.name == "doc_id" else column
