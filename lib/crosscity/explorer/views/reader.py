"""The reader: a document as it was read, with the changes that cleaning made."""

from __future__ import annotations

from typing import Any

import ipywidgets as w

from ...language import tr
from ...study.groups import document_label
from .. import displays
from ..answers import call
from ..queries import pinyin
from .view import Answer, View, arrow_buttons, wrapping_row

PARAGRAPHS = 12  # of a page


class ReaderView(View):
    """A document and its paragraphs, a page at a time."""

    title = "Reader"

    def _controls(self) -> list[w.Widget]:
        self.document = w.Dropdown(
            options=self._documents(),
            description=tr("document"),
            layout=w.Layout(flex="1 1 320px", max_width="640px"),
        )
        layout = w.Layout(width="180px")
        self.from_ = w.BoundedIntText(1, min=1, max=1, description=tr("paragraph"), layout=layout)
        layout = w.Layout(width="auto")
        layout = w.Layout(width="auto")
        self.spaces = w.Checkbox(False, description=tr("changes of spaces as well"), indent=False, layout=layout)
        ways = {
            "changes marked": tr("what cleaning changed"),
            "clean": tr("the text that is counted"),
            "original": tr("the text as it was read"),
        }
        options = [(tr(name), name) for name in ways]
        self.shown = w.ToggleButtons(options=options, style={"button_width": "auto"}, tooltips=list(ways.values()))
        self.back, self.next = arrow_buttons(tr("earlier paragraphs"), tr("later paragraphs"), self._turn, PARAGRAPHS)
        self._here: tuple[int, int, int] | None = None
        self.document.observe(self._start_document, "value")
        self.observe(document=self.document, from_=self.from_, spaces=self.spaces, shown=self.shown)
        return [
            wrapping_row([self.document, self.back, self.from_, self.next]),
            wrapping_row([self.shown, self.spaces]),
        ]

    def _documents(self) -> list[tuple[str, str]]:
        """A label of each document, with its title, and its doc_id."""
        corpus, options = self.ask.study.corpus, []
        for label, doc_id, title in zip(document_label(corpus), corpus["doc_id"], corpus["title"], strict=True):
            name = " ".join(filter(None, (pinyin(str(label)).capitalize(), str(label))))
            options.append((f"{name} · {title}"[:60] if title else name, doc_id))
        return sorted(options)

    def _body(self) -> list[w.Widget]:
        self.html = w.HTML(layout=w.Layout(width="100%", max_height="70vh", overflow="auto"))
        return [self.html]

    def _clear(self) -> None:
        self.html.value = ""

    def go_to(self, doc_id: str, paragraph: int, start: int, end: int) -> None:
        """Show a place in its document."""
        with self.quiet():
            self.document.value, self._here = doc_id, (paragraph, start, end)
            self.from_.max = max(paragraph, self.from_.max)
            self.from_.value = max(paragraph - 1, 1)
        self.changed()
        self.update()

    def _start_document(self, _: Any) -> None:
        """Show another document from its first paragraph."""
        if not self._is_quiet:
            with self.quiet():
                self._here, self.from_.value = None, 1

    def _turn(self, step: int) -> None:
        self.from_.value = min(max(self.from_.value + step, 1), self.from_.max)

    def _show_answer(self) -> None:
        doc_id = self.document.value
        changes, paragraphs = self.ask.changes(doc_id), self.ask.document(doc_id)
        with self.quiet():
            self.from_.max = max(int(paragraphs["paragraph"].max()), 1)
        first = self.from_.value
        page = paragraphs[paragraphs["paragraph"].between(first, first + PARAGRAPHS - 1)]
        self.spaces.layout.display = "" if self.shown.value == "changes marked" else "none"
        code = call("changes", doc_id)
        if self.shown.value == "original":
            whole, code = self.ask.original(doc_id), call("original", doc_id)
            self.html.value = displays.original(whole[whole["paragraph"].isin(page["paragraph"])])
        elif self.shown.value == "clean":
            self.html.value, code = displays.clean(page, self._here), call("document", doc_id)
        else:
            self.html.value = displays.document(page, changes, self._here, self.spaces.value)
        self.back.disabled, self.next.disabled = first <= 1, first + PARAGRAPHS > self.from_.max
        counts = changes["change"].value_counts()
        text = tr(
            "Paragraphs {a} to {b} of {n}. Cleaning changed: {told}.",
            a=first,
            b=int(page["paragraph"].max()),
            n=len(paragraphs),
            told=", ".join(f"{tr(name)} {n:,}" for name, n in counts.items()) or tr("nothing"),
        )
        self.describe(text, code)
        table = {"original": self.ask.original, "clean": self.ask.document}.get(self.shown.value)
        self.answer = Answer("reader", table(doc_id) if table else changes, code)
