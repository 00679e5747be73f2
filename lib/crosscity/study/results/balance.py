"""What became of each document's characters between its file and its paragraphs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import pandas as pd

from ...language import tr
from ..result import Result

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, eq=False, repr=False)
class Balance(Result):
    """Characters of each document: read, removed, changed, put in, kept, left out by the reader; what is odd of it.

    Attributes
    ----------
    rules : DataFrame
        The same by rule of cleaning: doc_id, rule, edits, removed, changed, added.
    """

    rules: pd.DataFrame

    name: ClassVar[str] = "balance"
    columns: ClassVar[tuple[str, ...]] = ("document", "read", "removed", "changed", "remaining", "unread", "odd")

    def _title(self) -> str:
        return tr("What became of the characters of each document")

    def _sentences(self) -> Iterator[str]:
        sums = self.rows[["read", "removed", "changed", "added", "remaining", "unread"]].sum()
        counts = {name: int(n) for name, n in sums.items()}
        yield tr("Of {read:,} characters read (without white space), {remaining:,} remain.", **counts)
        yield tr("Cleaning removed {removed:,}, changed {changed:,} and put in {added:,}.", **counts)
        if sums["unread"]:
            yield tr("{n:,} more could not be read or were left out on reading.", n=int(sums["unread"]))
        odd = self.rows[self.rows["odd"] != ""]
        if odd.empty:
            yield tr("No balance is odd.")
        labels = self.study.labels()
        for row in odd.itertuples():
            yield tr("{document} {problem}", document=labels[row.doc_id], problem=row.odd) + tr(".")

    def _shown_rows(self) -> pd.DataFrame:
        rows = self.rows.sort_values(["odd", "removed"], ascending=False, kind="stable", ignore_index=True)
        return rows.assign(document=rows["doc_id"].map(self.study.labels()))

    def _evidence(self, row: pd.Series[Any]) -> pd.DataFrame:
        log = self.study.texts.quotable(self.study.table("cleaning_log"))
        own = log[(log["doc_id"] == row["doc_id"]) & (log["before"].str.strip() != log["after"].str.strip())]
        return own[["group", "doc_id", "line", "rule", "before", "after"]].reset_index(drop=True)

    def tables(self) -> dict[str, pd.DataFrame]:
        """The balance by document, and by document and rule."""
        return {self.name: self.rows, "balance-by-rule": self.rules}
