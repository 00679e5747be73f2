"""What became of each document's characters between its file and its paragraphs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import pandas as pd

from ...language import current_language, tr
from ...tables import balance
from ..result import Result

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..study import Study


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
        # Anew in another language, since what is odd is a sentence too.
        rows = self.rows if current_language() == self.study["language"] else balanced(self.study)
        odd = rows[rows["odd"] != ""]
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


def balanced(study: Study) -> pd.DataFrame:
    """The balance of each document that takes part, with what is odd of it in a column `odd`; empty: nothing."""
    log = study.table("cleaning_log")
    tables = study.corpus, study.paragraphs(), log[log["doc_id"].isin(study.corpus["doc_id"])]
    problems: dict[str, list[str]] = {}
    for doc_id, problem in balance.odd_balances(*tables):
        problems.setdefault(doc_id, []).append(problem)
    rows = balance.balance(*tables)
    odd = [tr("; ").join(problems.get(doc_id, [])) for doc_id in rows["doc_id"]]
    return rows.assign(odd=pd.Series(odd, dtype="str"))
