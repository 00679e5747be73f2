"""Comparison: two groups side by side, by a word shift, shares of topics or indicators."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import ipywidgets as w

from ... import CrosscityError
from ...figures import comparison, style
from ...language import tr
from .. import displays
from ..answers import call
from .view import WIDE, Answer, View, wrapping_row

if TYPE_CHECKING:
    from matplotlib.figure import Figure


class CompareView(View):
    """Two groups, and what they are compared by."""

    title = "Compare"

    def _controls(self) -> list[w.Widget]:
        groups = self.ask.groups()
        a, b = self.ask.pair() if len(groups) > 1 else (groups[0], groups[0])
        options, layout = self.ask.choices_of_groups(), {"width": "280px"}
        self.a = w.Dropdown(options=options, value=a, description="A", layout=w.Layout(**layout))
        self.b = w.Dropdown(options=options, value=b, description="B", layout=w.Layout(**layout))
        for side in (self.a, self.b):
            side.observe(self._swap, "value")
        ways = [(tr(name), name) for name in ("words", "topics", "indicators")]
        self.what = w.ToggleButtons(options=ways, style={"button_width": "auto"})
        return [wrapping_row(self.observe(a=self.a, b=self.b, what=self.what))]

    def _swap(self, change: Any) -> None:
        """Where one side takes the other's group, the other takes its former one: a group has no other than itself."""
        if not self._is_quiet and self.a.value == self.b.value:
            with self.quiet():
                (self.b if change["owner"] is self.a else self.a).value = change["old"]

    def reorder(self, order: str) -> None:
        """Put the groups into another order."""
        for side in (self.a, self.b):
            self.set_choices(side, self.ask.choices_of_groups(order))

    def _body(self) -> list[w.Widget]:
        self.picture = w.Image(format="png", layout=w.Layout(max_width="100%", width="790px", object_fit="contain"))
        self.html = w.HTML(layout=WIDE)
        return [self.picture, self.html]

    def _clear(self) -> None:
        self.html.value, self.picture.layout.display = "", "none"

    def _show_answer(self) -> None:
        if len(self.ask.groups()) < 2:
            raise CrosscityError(tr("There is one group, and nothing to compare it with; set by to another column."))
        self._clear()
        show = {"words": self._show_words, "topics": self._show_topics, "indicators": self._show_indicators}
        show[self.what.value](self.a.value, self.b.value)

    def _show_picture(self, fig: Figure) -> None:
        self.picture.value, self.picture.layout.display = _png(fig), ""

    def _show_words(self, a: str, b: str) -> None:
        table, code = self.ask.shift(a, b), call("shift", a, b)
        self._show_picture(comparison.word_shift(table, a, b))
        text = tr(
            "Terms that make {a} and {b} differ most; to the left {a} uses them more. The genre's template counts.",
            a=a,
            b=b,
        )
        self.describe(text, code)
        title = tr("Which words make up the divergence of {a} and {b}", a=a, b=b)
        self.answer = Answer("compare-words", table, code, lambda: comparison.word_shift(table, a, b), title)

    def _show_topics(self, a: str, b: str) -> None:
        table, code = self.ask.topic_shares(a, b), call("topic_shares", a, b)
        self._show_picture(displays.sides_figure(table, a, b))
        if self.ask.topics().themes:
            kind = tr("Themes of the codebook")
        else:
            kind = tr("Topics of a quick model, not tested; 03-topics does")
        self.describe(tr("{kind}: their shares of the text of either.", kind=kind), code)
        title = tr("Shares of topics in {a} and {b}", a=a, b=b)
        self.answer = Answer("compare-topics", table, code, lambda: displays.sides_figure(table, a, b), title)

    def _show_indicators(self, a: str, b: str) -> None:
        table, code = self.ask.indicators(a, b), call("indicators", a, b)
        if table.empty:
            self.describe(tr("Neither reports a named indicator; try the quantities."))
            self.answer = None
            return
        years = table.assign(year=table["year"].astype("string"))
        headings = {"a": a, "b": b, "sentence_a": f"{a}: {tr('sentence')}", "sentence_b": f"{b}: {tr('sentence')}"}
        self.html.value = displays.table(years, [headings.get(c, tr(c)) for c in years])
        own = table.assign(both=table[["a", "b"]].notna().all(axis=1)).groupby("indicator")["both"].any()
        sizes = {"n": len(own), "both": int(own.sum())}
        text = tr("{n} indicators, {both} of them reported by both; – is not reported.", **sizes)
        self.describe(text, code)
        self.answer = Answer("compare-indicators", table, code)


def _png(fig: Figure) -> bytes:
    """A picture for the screen: neither frozen nor made smaller, which takes as long again."""
    stream = io.BytesIO()
    style.detached(fig).savefig(stream, format="png", dpi=100)
    return stream.getvalue()
