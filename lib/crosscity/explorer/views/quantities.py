"""Quantities: those that documents state, as a table that sorts and filters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ipywidgets as w

from ...language import display_name, tr
from .. import displays
from ..answers import call
from .view import Answer, View, wrapping_row

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

ROWS = 500  # that are sent to the browser


class QuantitiesView(View):
    """Filters by text and by value, and a table."""

    title = "Quantities"

    def _controls(self) -> list[w.Widget]:
        self.item, self.scope = _text_box("item"), _text_box("scope")
        self.unit = _dropdown("unit", self.ask.choices("unit"))
        self.kind = _dropdown("kind", self.ask.choices("kind"))
        self.group = _dropdown("group", self.ask.groups())
        return [wrapping_row(self.observe(self.item, self.scope, self.unit, self.kind, self.group))]

    def _body(self) -> list[w.Widget]:
        self.out = w.Output(layout=w.Layout(width="100%", min_height="60px", overflow="auto"))
        return [self.out]

    def _clear(self) -> None:
        self.out.outputs = ()

    def _show_answer(self) -> None:
        filters: dict[str, Any] = {
            "item": self.item.value,
            "unit": self.unit.value,
            "kind": self.kind.value,
            "scope": self.scope.value,
            "groups": [self.group.value] if self.group.value else [],
        }
        table, code = self.ask.quantities(**filters), call("quantities", **filters)
        if table.empty:
            self._clear()
            self.describe(tr("No quantity; try a shorter item, or fewer filters."), code)
            self.answer = None
            return
        text = tr("{n} quantities of {g} groups.", n=f"{len(table):,}", g=table["group"].nunique())
        if len(table) > ROWS:
            text += " " + tr("The first {most} are shown; the export has all.", most=ROWS)
        self.describe(text, code)
        data = {"text/html": quantities_table(table.head(ROWS)), "text/plain": ""}
        self.out.outputs = ({"output_type": "display_data", "data": data, "metadata": {}},)
        self.answer = Answer("quantities", table, code)


def _text_box(name: str) -> w.Text:
    layout = w.Layout(width="220px")
    return w.Text("", placeholder=tr("any"), description=tr(name), continuous_update=False, layout=layout)


def _dropdown(name: str, values: Iterable[str]) -> w.Dropdown:
    options = [(tr("any"), ""), *((display_name(name, value), value) for value in values)]
    return w.Dropdown(options=options, description=tr(name), layout=w.Layout(width="220px"))


def quantities_table(table: pd.DataFrame) -> str:
    """Quantities as a table of itables, which sorts, searches and pages without a network; texts are escaped."""
    import itables

    columns = table.drop(columns=[c for c in ("doc_id", "number", "period") if c in table])
    columns = columns.assign(
        value=[displays.format_number(v) for v in table["value"]],
        upper=[displays.format_number(v) for v in table["upper"]],
    )
    if table["upper"].isna().all():
        columns = columns.drop(columns="upper")
    left = [i for i, name in enumerate(columns) if name not in ("paragraph", "value", "upper", "year")]
    return itables.to_html_datatable(
        columns.astype({"year": "string"}).fillna("").rename(columns=tr),
        connected=False,
        showIndex=False,
        maxBytes=0,
        allow_html=False,
        pageLength=10,
        classes="display compact",
        columnDefs=[{"className": "dt-left", "targets": left}],
        style="table-layout:auto;width:100%;margin:0",
    )
