"""Programmes by document and group."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ..ordering import sort_rows

REACHES = ("central", "provincial", "shared", "own", "unknown")
COLUMNS = ["canonical", "reach", "type", "parts", "documents", "groups", "mentions"]
COLUMNS += ["doc_id", "paragraph", "start", "end"]
_KEY = ["doc_id", "paragraph"]


def programme_table(programmes: pd.DataFrame, corpus: pd.DataFrame) -> pd.DataFrame:
    """A row a programme: its reach and type, the documents and groups that name it, its first mention.

    Parameters
    ----------
    programmes, corpus : DataFrame
        Tables of the contract; corpus with the column `group`, unless `programmes` has one.

    Returns
    -------
    DataFrame
        canonical, reach (of several the first of `REACHES`), type (the most frequent), parts, documents, groups (tuples
        of str), mentions, and doc_id, paragraph, start, end of the first mention. Ordered by the number of groups, then
        of mentions, descending.
    """
    rows = programmes.merge(corpus[["doc_id"] if "group" in programmes else ["doc_id", "group"]], on="doc_id")
    if rows.empty:
        return pd.DataFrame(columns=COLUMNS)
    rows = sort_rows(rows, [*_KEY, "start"]).assign(level=lambda t: t["reach"].map(REACHES.index))
    table = rows.drop_duplicates("canonical").set_index("canonical")[[*_KEY, "start", "end"]]
    by = rows.groupby("canonical")
    table["reach"] = by["level"].min().map(lambda level: REACHES[level])
    kinds = rows.groupby(["canonical", "type"]).size().sort_values(ascending=False, kind="stable").reset_index()
    table["type"] = kinds.drop_duplicates("canonical").set_index("canonical")["type"]
    parts = rows[["canonical", "components"]].explode("components").dropna().drop_duplicates()
    table["parts"] = parts.groupby("canonical")["components"].agg(tuple)
    table["parts"] = table["parts"].map(lambda t: t if isinstance(t, tuple) else ())
    for name, column in (("documents", "doc_id"), ("groups", "group")):
        pairs = sort_rows(rows[["canonical", column]].drop_duplicates(), [column])
        table[name] = pairs.groupby("canonical")[column].agg(tuple)
    table = table.assign(mentions=by.size()).reset_index()
    order = np.lexsort([table["canonical"], -table["mentions"], -table["groups"].map(len)])
    return table.iloc[order].reset_index(drop=True)[COLUMNS]
