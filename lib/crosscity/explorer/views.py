"""The explorer's controls, over the answers of `explore`: what is typed or chosen is asked at once, and shown.

Nothing that goes wrong shows a traceback: it is one line where the answer would stand.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import ipywidgets as w
import matplotlib.pyplot as plt

from .. import CrosscityError
from ..figures import basic, comparison
from ..language import called, tr
from ..study.groups import document_label
from . import fragments
from .answers import QUICK, Explorer, call
from .search import HOW, ORDERS

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

PAGE = 15  # lines of a page
MOST = 300  # lines that are made; of more, documents take turns
ROWS = 500  # of quantities that are sent to the browser
PARAGRAPHS = 12  # of a page of the reader
_WIDE = w.Layout(width="100%")


def interactive() -> bool:
    """Whether controls are shown: where a Jupyter server runs the kernel, and neither make nor papermill does."""
    return bool(os.environ.get("JPY_SESSION_NAME")) and "CROSSCITY_PARENT" not in os.environ


def explorer(ask: Explorer) -> Any:
    """All views, one behind the other; a view asks its first question when it is first seen.

    Parameters
    ----------
    ask : explore.Explorer

    Returns
    -------
    ipywidgets.VBox
    """
    offline_tables()
    search, reader = SearchView(ask), ReaderView(ask)
    views: list[View] = [search, CompareView(ask), QuantitiesView(ask), TopicsView(ask), reader]
    tab = w.Tab([view.box for view in views], titles=[tr(view.title) for view in views], layout=_WIDE)

    def read(doc_id: str, paragraph: int, start: int, end: int) -> None:
        tab.selected_index = len(views) - 1
        reader.go(doc_id, paragraph, start, end)

    def seen(_: Any = None) -> None:
        views[tab.selected_index or 0].first()

    search.read = read
    tab.observe(seen, "selected_index")
    seen()
    notes = [w.HTML(fragments.hint("; ".join(ask.run.display_notes)))] if ask.run.display_notes else []
    made = w.VBox([w.HTML(fragments.STYLE), *notes, tab], layout=_WIDE)
    made.views = views
    return made


def offline_tables() -> None:
    """Have itables load what its tables need from the package, and nothing from the network."""
    import itables

    itables.init_notebook_mode(all_interactive=False, connected=False)


class View:
    """What all views have: controls, a line that says what is seen, what is seen, its code, and an export."""

    title = ""

    def __init__(self, ask: Explorer) -> None:
        self.ask, self._asked = ask, False
        self.said, self.code = w.HTML(layout=_WIDE), w.HTML(layout=w.Layout(flex="1 1 300px"))
        self.save = w.Button(
            description=tr("Export"), icon="download", tooltip=tr("the table, the figure and the code")
        )
        self.save.on_click(lambda _: self._guarded(self._export))
        self.shown: tuple[Any, ...] | None = None  # name, table, code, a call that draws the figure, its title
        foot = w.HBox([self.code, self.save], layout=w.Layout(flex_flow="row wrap", width="100%"))
        self.box = w.VBox([*self._controls(), self.said, *self._body(), foot], layout=_WIDE)

    def _controls(self) -> list[Any]:
        """Widgets above the answer."""
        raise NotImplementedError

    def _body(self) -> list[Any]:
        """Widgets of the answer."""
        raise NotImplementedError

    def _answer(self) -> None:
        """Ask what the controls say, and show it."""
        raise NotImplementedError

    def _clear(self) -> None:
        """Show nothing, where there is no answer."""

    def first(self) -> None:
        """Ask for the first time, if it was not asked before."""
        if not self._asked:
            self.update()

    def update(self, _: Any = None) -> None:
        """Ask anew; of what goes wrong a line is shown."""
        self._asked = True
        self._guarded(self._answer)

    def watch(self, *controls: Any) -> list[Any]:
        """Ask whenever one of these changes."""
        for control in controls:
            control.observe(self.update, "value")
        return list(controls)

    def tell(self, text: str, code: str = "") -> None:
        """Say what is seen, and the code that gives it."""
        self.said.value, self.code.value = fragments.said(text), fragments.code(code) if code else ""

    def _guarded(self, function: Callable[[], None]) -> None:
        try:
            function()
        except Exception as error:  # a view has no room for a traceback, and the reader no use for one
            expected = isinstance(error, CrosscityError | OSError)
            text = str(error) if expected else f"{type(error).__name__}: {error}"
            self.said.value, self.code.value, self.shown = fragments.said(" ".join(text.split()), True), "", None
            self._clear()

    def _export(self) -> None:
        if self.shown is None:
            self.said.value = fragments.said(tr("Nothing to export yet."), True)
            return
        name, table, code, draw, title = self.shown
        fig = draw() if draw else None
        files = self.ask.export(name, table, code, fig, title, title)
        if fig is not None:
            plt.close(fig)
        self.said.value = fragments.said(
            tr("Exported to {folder}: {files}", folder=self.ask.run.out, files=", ".join(files))
        )


class SearchView(View):
    """Words, strings and expressions in their context, and how often by group."""

    title = "Search"

    def _controls(self) -> list[Any]:
        choices, many = (
            self.ask.search.choices,
            w.Layout(width="auto", min_width="150px", flex="1 1 150px", height="130px"),
        )
        self.read: Callable[..., None] = lambda *_: None
        first = self.ask.search.frequent()
        self.query = w.Text(
            first, placeholder=tr("words, and Enter"), continuous_update=False, layout=w.Layout(flex="1 1 260px")
        )
        self.query.description = tr("Find")
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
        self.filters = {
            name: w.SelectMultiple(
                options=[(called(name.removesuffix("s"), v), v) for v in values], description="", layout=many
            )
            for name, values in choices.items()
            if len(values) > 1
        }
        boxes = [
            w.VBox([w.Label(tr(name)), box], layout=w.Layout(flex="1 1 150px")) for name, box in self.filters.items()
        ]
        row = w.HBox(boxes, layout=w.Layout(flex_flow="row wrap"))
        hint = w.HTML(fragments.hint(tr("Ctrl or Shift and click for several; nothing chosen is all.")))
        none = w.Button(description=tr("Choose nothing"), layout=w.Layout(width="auto"))
        none.on_click(lambda _: [box.set_trait("value", ()) for box in self.filters.values()])
        self.restrict = w.Accordion(
            [w.VBox([row, w.HBox([none, hint])])], titles=[""], selected_index=None, layout=_WIDE
        )
        self.lines: pd.DataFrame | None = None
        self.watch(self.query, self.how, self.order, *self.filters.values())
        top = w.HBox([self.query, self.how, self.order], layout=w.Layout(flex_flow="row wrap"))
        return [top, *([self.restrict] if boxes else [])]

    def _body(self) -> list[Any]:
        self.rows = []
        for i in range(PAGE):
            button = w.Button(layout=w.Layout(width="150px"), tooltip=tr("read it in its document"))
            button.on_click(lambda _, i=i: self._open(i))
            self.rows.append(w.HBox([button, w.HTML(layout=w.Layout(flex="1 1 0", min_width="0", overflow="hidden"))]))
        self.back, self.next = (
            w.Button(icon=i, tooltip=tr(t), layout=w.Layout(width="44px"))
            for i, t in (("arrow-left", "earlier lines"), ("arrow-right", "later lines"))
        )
        self.back.on_click(lambda _: self._turn(-1))
        self.next.on_click(lambda _: self._turn(1))
        self.place = w.Label()
        self.pager = w.HBox([self.back, self.place, self.next])
        self.rates = w.HTML(layout=w.Layout(flex="1 1 300px"))
        lines = w.VBox([*self.rows, self.pager], layout=w.Layout(flex="3 1 480px", min_width="0"))
        return [w.HBox([lines, self.rates], layout=w.Layout(flex_flow="row wrap", width="100%"))]

    def _answer(self) -> None:
        given = {name: list(box.value) for name, box in self.filters.items()}
        chosen = [
            f"{tr(name)}: {fragments.listed(values[:4])}{' …' * (len(values) > 4)}"
            for name, values in given.items()
            if values
        ]
        self.restrict.titles = [tr("Restrict to") + " – " + ("; ".join(chosen) or tr("everything"))]
        query, how, run = self.query.value, self.how.value, self.ask.run
        per = tr("words") if how == "words" else tr("characters")
        rates = self.ask.rates(query, how, **given)
        self.lines = self.ask.lines(query, how, order=self.order.value, most=MOST, **given) if run.has_text else None
        n = int(rates["count"].sum())
        of_rates = call("rates", query, how=how, **given)
        code = call("lines", query, how=how, order=self.order.value, **given) if run.has_text else of_rates
        self.rates.value = fragments.rates(rates[rates["count"] > 0] if n else rates.head(0), run.by, per) if n else ""
        self._page = 0
        self._turn(0)
        text = tr(
            "{n} lines in {d} documents; {r} per 10,000 {what}.",
            n=f"{n:,}",
            d=f"{rates['documents'].sum():,}",
            r=f"{1e4 * n / max(rates['size'].sum(), 1):.3g}",
            what=per,
        )
        if run.has_text and n > MOST:
            text += " " + tr("{most} are shown, documents in turn; the export has all.", most=MOST)
        if not run.has_text:
            text += " " + tr("These tables hold no text: counts are all there is.")
        if not n:
            text = self._nothing(query, how, bool(chosen))
        self.tell(text, f"{code}\n{of_rates}" if run.has_text else code)
        title = tr("How often {query} is found", query=query)
        draw = lambda: fragments.rates_figure(rates, run.by, per)  # noqa: E731
        self.shown = ("search", rates, of_rates, draw, title) if n else None
        self._all = (code, {"query": query, "how": how, "order": self.order.value, **given})

    def _export(self) -> None:
        """The rates and their figure; of the lines all, as a table of their own."""
        super()._export()
        if self.shown and self.ask.run.has_text:
            code, given = self._all
            before = self.said.value
            files = self.ask.export("search-lines", self.ask.lines(**given), code)
            self.said.value = before + fragments.said(", ".join(files))

    def _nothing(self, query: str, how: str, restricted: bool) -> str:
        tries = [tr("fewer restrictions")] if restricted else []
        if how == "words":
            like = self.ask.search.like(query)
            tries += [tr("the words {words}", words=fragments.listed(like))] if like else []
            tries += [tr("“string”, which finds parts of words")] if self.ask.run.has_text else []
        else:
            tries.append(tr("a shorter one"))
        return tr("No line; try {tries}.", tries=tr(", or ").join(tries))

    def _turn(self, step: int) -> None:
        lines = self.lines
        pages = max(1, -(-len(lines) // PAGE)) if lines is not None else 1
        self._page = min(max(self._page + step, 0), pages - 1)
        part = (
            []
            if lines is None
            else list(lines.iloc[self._page * PAGE : (self._page + 1) * PAGE].itertuples(index=False))
        )
        for i, row in enumerate(self.rows):
            row.layout.display = "" if i < len(part) else "none"
            if i < len(part):
                row.children[0].description = f"{part[i].group} ¶{part[i].paragraph}"
                row.children[1].value = fragments.line(part[i].left, part[i].node, part[i].right)
        self.place.value = tr("page {n} of {m}", n=self._page + 1, m=pages)
        self.pager.layout.display = "" if pages > 1 else "none"
        self.back.disabled, self.next.disabled = self._page == 0, self._page == pages - 1

    def _open(self, i: int) -> None:
        if self.lines is None:
            return
        row = self.lines.iloc[self._page * PAGE + i]
        self.read(row["doc_id"], int(row["paragraph"]), int(row["start"]), int(row["end"]))

    def _clear(self) -> None:
        self.lines, self._page, self.rates.value = None, 0, ""
        self._turn(0)


class CompareView(View):
    """Two groups side by side: a word shift, shares of topics, indicators."""

    title = "Compare"

    def _controls(self) -> list[Any]:
        groups = self.ask.groups()
        a, b = self.ask.pair() if len(groups) > 1 else (groups[0], groups[0])
        self.a, self.b = (
            w.Dropdown(options=groups, value=g, description=d, layout=w.Layout(width="240px"))
            for g, d in ((a, "A"), (b, "B"))
        )
        self.what = w.ToggleButtons(
            options=[(tr(n), n) for n in ("words", "topics", "indicators")], style={"button_width": "auto"}
        )
        return [w.HBox(self.watch(self.a, self.b, self.what), layout=w.Layout(flex_flow="row wrap"))]

    def _body(self) -> list[Any]:
        self.picture = w.Image(format="png", layout=w.Layout(max_width="100%", width="790px", object_fit="contain"))
        self.html = w.HTML(layout=_WIDE)
        return [self.picture, self.html]

    def _clear(self) -> None:
        self.html.value, self.picture.layout.display = "", "none"

    def _answer(self) -> None:
        a, b, what = self.a.value, self.b.value, self.what.value
        if len(self.ask.groups()) < 2:
            raise CrosscityError(tr("There is one group, and nothing to compare it with; set by to another column."))
        self._clear()
        getattr(self, f"_{what}")(a, b)

    def _words(self, a: str, b: str) -> None:
        table = self.ask.shift(a, b)
        fig = comparison.word_shift(table, a, b)
        self.picture.value, self.picture.layout.display = _png(fig), ""
        text = tr(
            "Terms that make {a} and {b} differ most; to the left {a} uses them more. The genre's template counts.",
            a=a,
            b=b,
        )
        self.tell(text, call("shift", a, b))
        title = tr("Which words make up the divergence of {a} and {b}", a=a, b=b)
        self.shown = ("compare-words", table, call("shift", a, b), lambda: comparison.word_shift(table, a, b), title)

    def _topics(self, a: str, b: str) -> None:
        table = self.ask.topic_shares(a, b)
        self.picture.value, self.picture.layout.display = _png(fragments.sides_figure(table, a, b)), ""
        kind = (
            tr("Themes of the codebook")
            if self.ask.topics().themes
            else tr("Topics of a quick model, not tested; 03-topics does")
        )
        self.tell(tr("{kind}: their shares of the text of either.", kind=kind), call("topic_shares", a, b))
        title = tr("Shares of topics in {a} and {b}", a=a, b=b)
        self.shown = (
            "compare-topics",
            table,
            call("topic_shares", a, b),
            lambda: fragments.sides_figure(table, a, b),
            title,
        )

    def _indicators(self, a: str, b: str) -> None:
        table = self.ask.indicators(a, b)
        if table.empty:
            self.tell(tr("Neither reports a named indicator; try the quantities."))
            self.shown = None
            return
        shown = table.assign(year=table["year"].astype("string"))
        names = {"a": a, "b": b, "sentence_a": f"{a}: {tr('sentence')}", "sentence_b": f"{b}: {tr('sentence')}"}
        self.html.value = fragments.table(shown, [names.get(c, tr(c)) for c in shown])
        both = int(table[["a", "b"]].notna().all(axis=1).sum())
        self.tell(
            tr("{n} indicators, {both} of them reported by both; – is not reported.", n=len(table), both=both),
            call("indicators", a, b),
        )
        self.shown = ("compare-indicators", table, call("indicators", a, b), None, "")


class QuantitiesView(View):
    """The quantities that documents state, as a table that sorts and filters."""

    title = "Quantities"

    def _controls(self) -> list[Any]:
        ask, box = self.ask, w.Layout(width="220px")
        self.item, self.scope = (
            w.Text("", placeholder=tr("any"), description=tr(n), continuous_update=False, layout=box)
            for n in ("item", "scope")
        )
        self.unit, self.kind, self.group = (
            w.Dropdown(options=[(tr("any"), ""), *((called(n, v), v) for v in values)], description=tr(n), layout=box)
            for n, values in (("unit", ask.choices("unit")), ("kind", ask.choices("kind")), ("group", ask.groups()))
        )
        controls = self.watch(self.item, self.scope, self.unit, self.kind, self.group)
        return [w.HBox(controls, layout=w.Layout(flex_flow="row wrap"))]

    def _body(self) -> list[Any]:
        self.out = w.Output(layout=w.Layout(width="100%", min_height="60px", overflow="auto"))
        return [self.out]

    def _clear(self) -> None:
        self.out.outputs = ()

    def _answer(self) -> None:
        given = {"item": self.item.value, "unit": self.unit.value, "kind": self.kind.value, "scope": self.scope.value}
        given["groups"] = [self.group.value] if self.group.value else []
        table, code = self.ask.quantities(**given), call("quantities", **given)
        if table.empty:
            self._clear()
            self.tell(tr("No quantity; try a shorter item, or fewer filters."), code)
            self.shown = None
            return
        text = tr("{n} quantities of {g} groups.", n=f"{len(table):,}", g=table["group"].nunique())
        if len(table) > ROWS:
            text += " " + tr("The first {most} are shown; the export has all.", most=ROWS)
        self.tell(text, code)
        html = quantities_table(table.head(ROWS))
        self.out.outputs = (
            {"output_type": "display_data", "data": {"text/html": html, "text/plain": ""}, "metadata": {}},
        )
        self.shown = ("quantities", table, code, None, "")


def quantities_table(table: pd.DataFrame) -> str:
    """Quantities as a table of itables, which sorts, searches and pages without a network; texts are escaped."""
    import itables

    shown = table.drop(columns=[c for c in ("doc_id", "number", "period") if c in table])
    shown = shown.assign(
        value=[fragments._number(v) for v in table["value"]], upper=[fragments._number(v) for v in table["upper"]]
    )
    shown = shown.drop(columns="upper") if table["upper"].isna().all() else shown
    left = [i for i, name in enumerate(shown) if name not in ("paragraph", "value", "upper", "year")]
    shown = shown.astype({"year": "string"}).fillna("").rename(columns=tr)
    return itables.to_html_datatable(
        shown,
        connected=False,
        showIndex=False,
        maxBytes=0,
        allow_html=False,
        pageLength=10,
        classes="display compact",
        columnDefs=[{"className": "dt-left", "targets": left}],
        style="table-layout:auto;width:100%;margin:0",
    )


class TopicsView(View):
    """The browser of topics, with another number of them where that is asked for."""

    title = "Topics"

    def _controls(self) -> list[Any]:
        self.k = w.BoundedIntText(0, min=0, max=60, description=tr("Topics"), layout=w.Layout(width="170px"))
        hint = w.HTML(fragments.hint(tr("0: {n}, or the themes of a codebook where documents are few", n=QUICK)))
        self.k.continuous_update = False
        return [w.HBox([*self.watch(self.k), hint], layout=w.Layout(flex_flow="row wrap"))]

    def _body(self) -> list[Any]:
        self.html = w.HTML(layout=_WIDE)
        return [self.html]

    def _clear(self) -> None:
        self.html.value = ""

    def _answer(self) -> None:
        k = self.k.value
        if k == 1:
            raise CrosscityError(tr("One topic tells nothing apart: ask for two or more, or 0."))
        self.said.value = fragments.said(tr("Fitting; with a hundred documents some seconds ..."))
        table, code = self.ask.topic_shares(k=k), call("topic_shares", k=k)
        self.html.value = self.ask.browse(k, "explorer-topics")
        found = self.ask.topics(k)
        text = (
            tr("{n} themes of the codebook, fixed before.", n=len(found.names))
            if found.themes
            else tr("{n} topics, fitted once: exploratory. 03-topics says which are found again.", n=len(found.names))
        )
        self.tell(text, code)
        means = table.groupby(["topic", "name"], sort=True)["share"].mean().reset_index()
        title = tr("Mean share of each topic")
        self.shown = (
            "topics",
            table,
            code,
            lambda: basic.bars(means, "name", "share", tr("mean of the groups' shares")),
            title,
        )


class ReaderView(View):
    """A document as it was read, with what cleaning changed."""

    title = "Reader"

    def _controls(self) -> list[Any]:
        corpus = self.ask.run.corpus
        names = zip(document_label(corpus).astype(str), corpus["doc_id"], strict=True)
        options = sorted((f"{n} · {t}"[:60] if t else n, d) for (n, d), t in zip(names, corpus["title"], strict=True))
        self.document = w.Dropdown(
            options=options, description=tr("document"), layout=w.Layout(flex="1 1 320px", max_width="640px")
        )
        self.from_ = w.BoundedIntText(1, min=1, max=1, description=tr("paragraph"), layout=w.Layout(width="180px"))
        self.spaces = w.Checkbox(
            False, description=tr("changes of spaces as well"), indent=False, layout=w.Layout(width="auto")
        )
        self.back, self.next = (
            w.Button(icon=i, tooltip=tr(t), layout=w.Layout(width="44px"))
            for i, t in (("arrow-left", "earlier paragraphs"), ("arrow-right", "later paragraphs"))
        )
        self.back.on_click(lambda _: self._move(-PARAGRAPHS))
        self.next.on_click(lambda _: self._move(PARAGRAPHS))
        self._here: tuple[int, int, int] | None = None
        self._quiet = False
        self.document.observe(self._other, "value")
        self.watch(self.from_, self.spaces)
        return [
            w.HBox(
                [self.document, self.back, self.from_, self.next, self.spaces], layout=w.Layout(flex_flow="row wrap")
            )
        ]

    def _body(self) -> list[Any]:
        self.html = w.HTML(layout=w.Layout(width="100%", max_height="70vh", overflow="auto"))
        return [self.html]

    def _clear(self) -> None:
        self.html.value = ""

    def go(self, doc_id: str, paragraph: int, start: int, end: int) -> None:
        """Show a place in its document."""
        self._quiet = True
        self.document.value, self._here = doc_id, (paragraph, start, end)
        self.from_.max = max(paragraph, self.from_.max)
        self.from_.value = max(paragraph - 1, 1)
        self._quiet = False
        self.update()

    def update(self, _: Any = None) -> None:
        """As of every view, but not while several controls are being set."""
        if not self._quiet:
            super().update()

    def _other(self, _: Any) -> None:
        if not self._quiet:
            self._quiet, self._here = True, None
            self.from_.value, self._quiet = 1, False
            self.update()

    def _move(self, step: int) -> None:
        self.from_.value = min(max(self.from_.value + step, 1), self.from_.max)

    def _answer(self) -> None:
        doc_id = self.document.value
        changed, whole = self.ask.changes(doc_id), self.ask.document(doc_id)
        self._quiet = True
        self.from_.max = max(int(whole["paragraph"].max()), 1)
        self._quiet = False
        first = self.from_.value
        part = whole[(whole["paragraph"] >= first) & (whole["paragraph"] < first + PARAGRAPHS)]
        self.html.value = fragments.document(part, changed, self._here, self.spaces.value)
        self.back.disabled, self.next.disabled = first <= 1, first + PARAGRAPHS > self.from_.max
        counts = changed["change"].value_counts()
        told = ", ".join(f"{tr(name)} {n:,}" for name, n in counts.items()) or tr("nothing")
        text = tr(
            "Paragraphs {a} to {b} of {n}. Cleaning changed: {told}.",
            a=first,
            b=int(part["paragraph"].max()),
            n=len(whole),
            told=told,
        )
        self.tell(text, call("changes", doc_id))
        self.shown = ("reader", changed, call("changes", doc_id), None, "")


def _png(fig: Any) -> bytes:
    import io

    stream = io.BytesIO()
    fig.savefig(stream, format="png", dpi=110)
    plt.close(fig)
    return stream.getvalue()
