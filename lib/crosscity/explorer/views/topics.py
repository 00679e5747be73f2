"""Topics: their browser, for any number of topics."""

from __future__ import annotations

import ipywidgets as w

from ... import CrosscityError
from ...figures import basic
from ...language import tr
from .. import displays
from ..answers import QUICK, call
from .view import WIDE, Answer, View, wrapping_row


class TopicsView(View):
    """The number of topics, and the browser of the model with so many."""

    title = "Topics"

    def _controls(self) -> list[w.Widget]:
        self.k = w.BoundedIntText(0, min=0, max=60, description=tr("Topics"), layout=w.Layout(width="170px"))
        self.k.continuous_update = False
        hint = w.HTML(displays.hint(tr("0: {n}, or the themes of a codebook where documents are few", n=QUICK)))
        return [wrapping_row([*self.observe(k=self.k), hint])]

    def _body(self) -> list[w.Widget]:
        self.html = w.HTML(layout=WIDE)
        return [self.html]

    def _clear(self) -> None:
        self.html.value = ""

    def _show_answer(self) -> None:
        k = self.k.value
        if k == 1:
            raise CrosscityError(tr("One topic tells nothing apart: ask for two or more, or 0."))
        self.message.value = displays.message(tr("Fitting; with a hundred documents some seconds ..."))
        table, code = self.ask.topic_shares(k=k), call("topic_shares", k=k)
        self.html.value = self.ask.topic_browser(k, "explorer-topics")
        topics = self.ask.topics(k)
        n = len(topics.names)
        if topics.themes:
            text = tr("{n} themes of the codebook, fixed before.", n=n)
        else:
            text = tr("{n} topics, fitted once: exploratory. 03-topics says which are found again.", n=n)
        self.describe(text, code)
        means = table.groupby(["topic", "name"], sort=True)["share"].mean().reset_index()
        draw = lambda: basic.bars(  # noqa: E731
            means, "name", "share", tr("mean of the groups' shares"), percent=True
        )
        self.answer = Answer("topics", table, code, draw, tr("Mean share of each topic"))
