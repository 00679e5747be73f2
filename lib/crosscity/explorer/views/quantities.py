"""Quantities: those that documents state, as a table that sorts and filters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ipywidgets as w

from ...language import display_name, heading, tr
from .. import displays
from ..answers import call
from .view import WIDE, Answer, View, arrow_buttons, wrapping_row

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd
    from markupsafe import Markup

PAGE = 15  # rows of a page
_ORDERS = (("by text", "text"), ("largest value first", "value"), ("by item", "item"), ("by year", "year"))


class QuantitiesView(View):
    """Filters by text and by value, and a table, a page at a time."""

    title = "Quantities"

    def _controls(self) -> list[w.Widget]:
        self.item, self.scope = _text_box("item"), _text_box("scope")
        self.unit = _dropdown("unit", self.ask.choices("unit"))
        self.kind = _dropdown("kind", self.ask.choices("kind"))
        self.group = _dropdown("group", [])
        self.group.options = self._groups("pinyin")
        self.order = w.Dropdown(
            options=[(tr(name), order) for name, order in _ORDERS],
            description=tr("Order"),
            layout=w.Layout(width="220px"),
        )
        boxes = {"item": self.item, "scope": self.scope, "unit": self.unit, "kind": self.kind, "group": self.group}
        return [wrapping_row(self.observe(**boxes, order=self.order))]

    def _groups(self, order: str) -> list[tuple[str, str]]:
        return [(tr("any"), ""), *self.ask.choices_of_groups(order)]

    def reorder(self, order: str) -> None:
        """Put the groups into another order."""
        self.set_choices(self.group, self._groups(order))

    def _body(self) -> list[w.Widget]:
        self.table: pd.DataFrame | None = None
        self._page = 0
        self.html, self.place = w.HTML(layout=WIDE), w.Label()
        self.back, self.next = arrow_buttons(tr("earlier rows"), tr("later rows"), self._turn)
        self.pager = w.HBox([self.back, self.place, self.next])
        return [self.html, self.pager]

    def _clear(self) -> None:
        self.table = None
        self._turn(0)

    def _show_answer(self) -> None:
        filters: dict[str, Any] = {
            "item": self.item.value,
            "unit": self.unit.value,
            "kind": self.kind.value,
            "scope": self.scope.value,
            "groups": [self.group.value] if self.group.value else [],
            "order": self.order.value,
        }
        filters |= {name: self.ask.understood(filters[name], "string") for name in ("item", "scope")}
        table, code = self.ask.stated_rows(**filters), call("quantities", **filters)
        if table.empty:
            self._clear()
            self.describe(tr("No quantity; try a shorter item, or fewer filters."), code)
            self.answer = None
            return
        self.table, self._page = table, 0
        self._turn(0)
        self.describe(tr("{n} quantities of {g} groups.", n=f"{len(table):,}", g=table["group"].nunique()), code)
        self.answer = Answer("quantities", lambda: self.ask.with_sentences(table), code)

    def _turn(self, step: int) -> None:
        """Show another page of rows."""
        pages = max(1, -(-(0 if self.table is None else len(self.table)) // PAGE))
        self._page = min(max(self._page + step, 0), pages - 1)
        self.html.value = ""
        if self.table is not None:
            page = self.table.iloc[self._page * PAGE : (self._page + 1) * PAGE]  # sentences of all would take long
            self.html.value = quantities_table(self.ask.with_sentences(page))
        self.place.value = tr("page {n} of {m}", n=self._page + 1, m=pages)
        self.pager.layout.display = "" if pages > 1 else "none"
        self.back.disabled, self.next.disabled = self._page == 0, self._page == pages - 1


def _text_box(name: str) -> w.Text:
    layout = w.Layout(width="220px")
    return w.Text("", placeholder=tr("any"), description=heading(name), continuous_update=False, layout=layout)


def _dropdown(name: str, values: Iterable[str]) -> w.Dropdown:
    options = [(tr("any"), ""), *((display_name(name, value), value) for value in values)]
    return w.Dropdown(options=options, description=heading(name), layout=w.Layout(width="220px"))


def quantities_table(table: pd.DataFrame) -> Markup:
    """Quantities as a table; what documents hold is shown as text."""
    columns = table.drop(columns=[c for c in ("doc_id", "number", "period") if c in table])
    empty = [c for c in ("scope", "upper", "qualifier") if c in columns and not _any(columns[c])]
    columns = columns.drop(columns=empty).astype({"year": "string"})
    for name in ("kind", "qualifier"):
        if name in columns:
            columns[name] = [display_name(name, value) for value in columns[name]]
    return displays.table(columns.assign(year=columns["year"].fillna("")), [heading(c) for c in columns])


def _any(column: pd.Series[Any]) -> bool:
    return bool((column.notna() & (column.astype("str") != "")).any())
