"""Named programmes: how far they reach, and which several groups name."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

import pandas as pd

from ...figures import facts as pictures
from ...language import display_name, join_items, tr
from ..result import Result
from .fact_tables import fact_tables, reliability_of, sentences_at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from matplotlib.figure import Figure


_FIRST = 6  # groups that a cell names


@dataclass(frozen=True, eq=False, repr=False)
class Programmes(Result):
    """Named programmes, one a row: how far each reaches, who names it, and where first."""

    name: ClassVar[str] = "programmes-figure"
    columns: ClassVar[tuple[str, ...]] = ("canonical", "reach", "groups", "mentions")

    @property
    def _reach(self) -> str:
        counts = self.rows["reach"].value_counts().items()
        return join_items(f"{n} {display_name('reach', name)}" for name, n in counts) + tr(".")

    def _title(self) -> str:
        return tr("Named programmes by reach (programmes {right})", right=reliability_of(self.study, "programmes"))

    def _alt(self) -> str:
        return self._reach

    def _sentences(self) -> Iterator[str]:
        if len(self.rows) == 1:
            yield tr("One named programme: {said}", said=self._reach)
        elif len(self.rows):
            yield tr("{n} named programmes: {said}", n=len(self.rows), said=self._reach)
        else:
            yield tr("No programme is named.")

    def _draw(self) -> Figure | None:
        groups = {group for names in self.rows["groups"] for group in names}
        return pictures.programmes_by_reach(self.rows, self.study.incomplete()) if len(groups) > 1 else None

    def _shown_rows(self) -> pd.DataFrame:
        groups = [
            tr(", ").join(names[:_FIRST]) + (tr(" and {n} more", n=len(names) - _FIRST) if len(names) > _FIRST else "")
            for names in self.rows["groups"]
        ]
        return self.rows.assign(reach=[display_name("reach", reach) for reach in self.rows["reach"]], groups=groups)

    def _evidence(self, row: pd.Series[Any]) -> pd.DataFrame:
        mentions = fact_tables(self.study).tables["programmes"]
        return sentences_at(self.study, mentions[mentions["canonical"] == row["canonical"]])

    @cached_property
    def _shared(self) -> list[Result]:
        several = (self.rows["groups"].map(len) > 1).any()
        return [SharedProgrammes(self.study, self.rows)] if several else []

    def parts(self) -> list[Result]:
        """The programmes that several groups name, if there are any."""
        return self._shared

    def tables(self) -> dict[str, pd.DataFrame]:
        """All programmes."""
        return {"programmes": self.rows}


@dataclass(frozen=True, eq=False, repr=False)
class SharedProgrammes(Programmes):
    """Programmes that several groups name: the second picture of `Programmes`."""

    name: ClassVar[str] = "shared-programmes"

    def _title(self) -> str:
        return tr("Programmes that several have")

    def _sentences(self) -> list[str]:  # type: ignore[override]  # they stand above
        return []

    def _draw(self) -> Figure | None:
        return pictures.shared_programmes(self.rows)

    def _shown_rows(self) -> pd.DataFrame:
        return self.rows[:0]

    def parts(self) -> list[Result]:
        """None."""
        return []
