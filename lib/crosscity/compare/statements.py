"""Statements of a comparison, as rows that `multiverse` can check under other choices."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ..language import tr
from ..topics.prevalence import differs_from_whole
from .keyness import top_terms

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

# subject is a group; object a term, group or topic; sign that of the effect; basis "test" or "interval", for keyness.
COLUMNS = ["kind", "subject", "object", "sign", "basis", "words"]


def in_words(kind: str, subject: str, other: str, sign: int) -> str:
    """A statement in words: of a group, and of a term, a group or the name of a topic."""
    if kind == "keyness":
        return tr("{group} uses {term} more", group=subject, term=other)
    if kind == "nearest":
        return tr("{a} is nearest to {b}", a=subject, b=other)
    if sign > 0:
        return tr("{group} has more of {name}", group=subject, name=other)
    return tr("{group} has less of {name}", group=subject, name=other)


def keyness_statements(tables: Mapping[str, pd.DataFrame], n: int = 3) -> pd.DataFrame:
    """Statements that a group uses a term more than the rest: the first terms of `keyness.top_terms`.

    Where the documents allow a test, a statement holds if the test confirms it; otherwise if its interval excludes 0.

    Parameters
    ----------
    tables : dict of str to DataFrame
        By group, of `keyness.keyness`.
    n : int
        Terms a group.
    """
    rows = []
    for group, table in tables.items():
        basis = "test" if table["p_adjusted"].notna().any() else "interval"
        table = table if basis == "test" else table[table["bound"].notna()]  # no interval, no statement
        rows += [
            ("keyness", group, t, 1, basis, in_words("keyness", group, t, 1)) for t in top_terms(table, n=n)["term"]
        ]
    return pd.DataFrame(rows, columns=COLUMNS)


def nearest_statements(distances: pd.DataFrame, n: int = 40, aside: Collection[str] = ()) -> pd.DataFrame:
    """Statements on the nearest group of a group: the n clearest.

    `distances` is of `distances.distances`. Nothing is stated of groups `aside`, whose documents are not whole.
    """
    if len(distances) < 3:  # each of two is the other's nearest, whatever is chosen
        return pd.DataFrame(columns=COLUMNS)
    others = distances.mask(np.eye(len(distances), dtype=bool))
    nearest, two = others.idxmin(axis=1), np.sort(others.to_numpy(), axis=1)[:, :2]
    lead = pd.Series(two[:, 1] - two[:, 0], distances.index).sort_values(ascending=False, kind="stable")
    stated = [a for a in lead.index if a not in aside and nearest[a] not in aside][:n]
    rows = [("nearest", a, nearest[a], 1, "", in_words("nearest", a, nearest[a], 1)) for a in stated]
    return pd.DataFrame(rows, columns=COLUMNS)


def topic_statements(shares: pd.DataFrame, n: int = 40) -> pd.DataFrame:
    """Statements that a group has more, or less, of a topic than all text: of the clear ones the n that differ most.

    `shares` is of `topics.prevalence.intervals`, with the column `name` of names of topics.
    """
    table = shares[differs_from_whole(shares).ravel()]  # not groups whose text took no part: they have no share
    difference = table["share"] - table["whole"]
    table = table.assign(sign=np.sign(difference).astype(int), size=difference.abs().round(9))
    table = table.sort_values(["size", "group", "topic"], ascending=[False, True, True]).head(n)
    rows = [
        ("topic", row.group, row.topic, row.sign, "", in_words("topic", row.group, row.name, row.sign))
        for row in table.itertuples(index=False)
    ]
    return pd.DataFrame(rows, columns=COLUMNS)
