"""Search: words, strings and expressions in their context, and their rates by group."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ipywidgets as w

from ...language import display_name, tr
from .. import displays
from ..answers import call
from ..search import HOW, ORDERS
from .view import WIDE, Answer, View, arrow_buttons, wrapping_row

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

PAGE = 15  # lines of a page
MOST = 300  # lines that are fetched; of more, documents take turns


class SearchView(View):
    """Matches with a button that opens each in the reader, and rates by group beside them."""

    title = "Search"

    def _controls(self) -> list[w.Widget]:
        self.read: Callable[[str, int, int, int], None] = lambda *_: None
        self.lines: pd.DataFrame | None = None
        self._page = 0
        self.query = w.Text(
            self.ask.search.commonest_word(),
            description=tr("Find"),
            placeholder=tr("words, and Enter"),
            continuous_update=False,
            layout=w.Layout(flex="1 1 260px"),
        )
        self.how = w.ToggleButtons(options=[(tr(h), h) for h in HOW], style={"button_width": "auto"})
        self.how.tooltips = [
            tr("words as they are cut; any of several"),
            tr("characters as they stand"),
            tr("a regular expression (RE2)"),
        ]
        self.order = w.Dropdown(
            options=[(tr(t), o) for t, o in zip(("by text", "by left", "by right"), ORDERS, strict=True)],
            description=tr("Order"),
            layout=w.Layout(width="190px"),
        )
        self.filters = self._filters()
        self.observe(query=self.query, how=self.how, order=self.order, **self.filters)
        top = wrapping_row([self.query, self.how, self.order])
        self.restrict = self._restrictions()
        return [top, self.restrict] if self.filters else [top]

    def _filters(self) -> dict[str, w.SelectMultiple]:
        """A list of values for each restriction that leaves a choice."""
        layout = w.Layout(width="auto", min_width="150px", flex="1 1 150px", height="130px")
        filters = {}
        for name, values in self.ask.search.choices.items():
            if len(values) > 1:
                options = [(display_name(name.removesuffix("s"), v), v) for v in values]
                if name == "groups":
                    options = self.ask.choices_of_groups()
                filters[name] = w.SelectMultiple(options=options, description="", layout=layout)
        return filters

    def reorder(self, order: str) -> None:
        """Put the groups that one can restrict to into another order."""
        if "groups" in self.filters:
            self.set_choices(self.filters["groups"], self.ask.choices_of_groups(order))

    def _restrictions(self) -> w.Accordion:
        """The filters, to be unfolded; its title says what is chosen."""
        layout = w.Layout(flex="1 1 150px")
        row = wrapping_row([w.VBox([w.Label(tr(name)), box], layout=layout) for name, box in self.filters.items()])
        hint = w.HTML(displays.hint(tr("Ctrl or Shift and click for several; nothing chosen is all.")))
        none = w.Button(description=tr("Choose nothing"), layout=w.Layout(width="auto"))
        none.on_click(lambda _: [box.set_trait("value", ()) for box in self.filters.values()])
        return w.Accordion([w.VBox([row, w.HBox([none, hint])])], titles=[""], selected_index=None, layout=WIDE)

    def _body(self) -> list[w.Widget]:
        self.rows = []
        for i in range(PAGE):
            button = w.Button(layout=w.Layout(width="150px"), tooltip=tr("read it in its document"))
            button.on_click(lambda _, i=i: self._open_line(i))
            text = w.HTML(layout=w.Layout(flex="1 1 0", min_width="0"))
            self.rows.append(w.HBox([button, text]))
        self.back, self.next = arrow_buttons(tr("earlier lines"), tr("later lines"), self._turn)
        self.place = w.Label()
        self.pager = w.HBox([self.back, self.place, self.next])
        self.rates = w.HTML(layout=w.Layout(flex="1 1 320px", min_width="0"))
        lines = w.VBox([*self.rows, self.pager], layout=w.Layout(flex="3 1 860px", min_width="0"))
        return [w.HBox([lines, self.rates], layout=w.Layout(flex_flow="row wrap", width="100%"))]

    def _show_answer(self) -> None:
        chosen: dict[str, Any] = {name: list(box.value) for name, box in self.filters.items()}
        self.restrict.titles = [tr("Restrict to") + " – " + _describe_choice(chosen)]
        how, study = self.how.value, self.ask.study
        query = self.ask.understood(self.query.value, how)
        per = tr("words") if how == "words" else tr("characters")
        rates = self.ask.rates(query, how, **chosen)
        self.lines = None
        if study.has_text:
            self.lines = self.ask.lines(query, how, order=self.order.value, most=MOST, **chosen)
        n = int(rates["count"].sum())
        rates_code = call("rates", query, how=how, **chosen)
        lines_code = call("lines", query, how=how, order=self.order.value, **chosen) if study.has_text else ""
        self.rates.value = displays.rates(rates[rates["count"] > 0], study.by, per) if n else ""
        self._page = 0
        self._turn(0)
        text = self._summary(rates, per) if n else self._advice(query, how, any(chosen.values()))
        if query != self.query.value:
            text = tr("“{typed}” is looked for as {query}.", typed=self.query.value, query=query) + " " + text
        self.describe(text, f"{lines_code}\n{rates_code}" if lines_code else rates_code)
        self.answer = None
        if n:
            title = tr("How often {query} is found", query=query)
            draw = lambda: displays.rates_figure(rates, study.by, per)  # noqa: E731
            self.answer = Answer("search", rates, rates_code, draw, title)
        self._lines_code = lines_code
        self._all_lines = {"query": query, "how": how, "order": self.order.value, **chosen}

    def _summary(self, rates: pd.DataFrame, per: str) -> str:
        """How many lines there are, and whether all are shown."""
        n, has_text = int(rates["count"].sum()), self.ask.study.has_text
        text = tr(
            "{n} lines in {d} documents; {r} per 10,000 {what}.",
            n=f"{n:,}",
            d=f"{rates['documents'].sum():,}",
            r=f"{1e4 * n / max(rates['size'].sum(), 1):.3g}",
            what=per,
        )
        if has_text and n > MOST:
            text += " " + tr("{most} are shown, documents in turn; the export has all.", most=MOST)
        if not has_text:
            text += " " + tr("These tables hold no text: counts are all there is.")
        return text

    def _advice(self, query: str, how: str, is_restricted: bool) -> str:
        """What to try where nothing was found."""
        tries = [tr("fewer restrictions")] if is_restricted else []
        if how == "words":
            if similar := self.ask.search.similar_words(query):
                tries.append(tr("the words {words}", words="、".join(similar)))
            if self.ask.study.has_text:
                tries.append(tr("“string”, which finds parts of words"))
        else:
            tries.append(tr("a shorter one"))
        return tr("No line; try {tries}.", tries=tr(", or ").join(tries))

    def _export(self) -> None:
        """Export the rates and their figure and, as a table of their own, all lines."""
        super()._export()
        if self.answer and self.ask.study.has_text:
            before = self.message.value
            files = self.ask.export("search-lines", self.ask.lines(**self._all_lines), self._lines_code)
            self.message.value = before + displays.message(", ".join(files))

    def _turn(self, step: int) -> None:
        """Show another page of lines."""
        n = 0 if self.lines is None else len(self.lines)
        pages = max(1, -(-n // PAGE))
        self._page = min(max(self._page + step, 0), pages - 1)
        page: list[Any] = []
        if self.lines is not None:
            page = list(self.lines.iloc[self._page * PAGE : (self._page + 1) * PAGE].itertuples(index=False))
        for i, row in enumerate(self.rows):
            row.layout.display = "" if i < len(page) else "none"
            if i < len(page):
                row.children[0].description = f"{page[i].group} ¶{page[i].paragraph}"
                row.children[1].value = displays.line(page[i].left, page[i].node, page[i].right)
        self.place.value = tr("page {n} of {m}", n=self._page + 1, m=pages)
        self.pager.layout.display = "" if pages > 1 else "none"
        self.back.disabled, self.next.disabled = self._page == 0, self._page == pages - 1

    def _open_line(self, i: int) -> None:
        """Read a line of the page in its document."""
        if self.lines is None:
            return
        row = self.lines.iloc[self._page * PAGE + i]
        self.read(row["doc_id"], int(row["paragraph"]), int(row["start"]), int(row["end"]))

    def _clear(self) -> None:
        self.lines, self._page, self.rates.value = None, 0, ""
        self._turn(0)


def _describe_choice(chosen: dict[str, list[Any]]) -> str:
    """The restrictions that are chosen, with the first values of each."""
    parts = []
    for name, values in chosen.items():
        if values:
            parts.append(f"{tr(name)}: {'、'.join(map(str, values[:4]))}{' …' if len(values) > 4 else ''}")
    return "; ".join(parts) or tr("everything")
