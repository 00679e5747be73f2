"""What all views share: controls, a message, an answer, its code and its export; an error becomes one line."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any, NamedTuple

import ipywidgets as w
import matplotlib.pyplot as plt

from ... import CrosscityError
from ...language import tr
from .. import displays

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import pandas as pd
    from matplotlib.figure import Figure

    from ..answers import Explorer

WIDE = w.Layout(width="100%")


class Answer(NamedTuple):
    """What a view displays, as its export writes it; a table that takes long is made when it is."""

    name: str
    table: pd.DataFrame | Callable[[], pd.DataFrame]
    code: str
    draw: Callable[[], Figure] | None = None
    title: str = ""


class View:
    """A tab of the explorer.

    Attributes
    ----------
    box : ipywidgets.VBox
    answer : Answer or None
        None where there is nothing to export.
    kept : dict of str to Widget
        Controls whose values outlast the kernel.
    changed : callable
        Told whenever one of these changes.
    """

    title = ""

    def __init__(self, ask: Explorer) -> None:
        self.ask = ask
        self.answer: Answer | None = None
        self.kept: dict[str, w.Widget] = {}
        self.changed: Callable[[], None] = lambda: None
        self._is_open = self._is_quiet = False
        self.message = w.HTML(layout=WIDE)
        self.code = w.HTML(layout=w.Layout(flex="1 1 300px"))
        tooltip = tr("the table, the figure and the code")
        self.save = w.Button(description=tr("Export"), icon="download", tooltip=tooltip)
        self.save.on_click(lambda _: self._guard(self._export))
        foot = w.HBox([self.code, self.save], layout=w.Layout(flex_flow="row wrap", width="100%"))
        foot.add_class("cc-foot")
        self.box = w.VBox([*self._controls(), self.message, *self._body(), foot], layout=WIDE)

    def _controls(self) -> list[w.Widget]:
        """Widgets above the answer."""
        raise NotImplementedError

    def _body(self) -> list[w.Widget]:
        """Widgets of the answer."""
        raise NotImplementedError

    def _show_answer(self) -> None:
        """Ask what the controls say, and show the answer."""
        raise NotImplementedError

    def _clear(self) -> None:
        """Show no answer."""

    def open(self) -> None:
        """Ask the first question, unless one was asked."""
        if not self._is_open:
            self.update()

    def update(self, _: Any = None) -> None:
        """Ask again."""
        self._is_open = True
        self._guard(self._show_answer)

    def observe(self, **controls: w.Widget) -> list[w.Widget]:
        """Ask again whenever one of these controls changes, once the view is open."""
        for name, control in controls.items():
            self.kept[name] = control
            control.observe(self._on_change, "value")
        return list(controls.values())

    def _on_change(self, _: Any) -> None:
        if not self._is_quiet:
            self.changed()
            if self._is_open:
                self.update()

    @contextlib.contextmanager
    def quiet(self) -> Iterator[None]:
        """Change controls in a block without asking again."""
        before, self._is_quiet = self._is_quiet, True
        try:
            yield
        finally:
            self._is_quiet = before

    def reorder(self, order: str) -> None:
        """Put groups into another order, where the view has a list of them."""

    def set_choices(self, box: w.Dropdown | w.SelectMultiple, options: list[tuple[str, str]]) -> None:
        """Give a list other labels or another order; what is chosen stays."""
        chosen = box.value
        with self.quiet():
            box.options = options
            box.value = chosen

    def describe(self, text: str, code: str = "") -> None:
        """Describe the answer, and show the code that gives it."""
        self.message.value, self.code.value = displays.message(text), displays.code(code) if code else ""

    def _guard(self, function: Callable[[], None]) -> None:
        """Call a function; an error becomes a message, since a view has no room for a traceback."""
        try:
            with self.ask.study.own_settings():
                function()
        except Exception as error:
            is_expected = isinstance(error, CrosscityError | OSError)
            text = str(error) if is_expected else f"{type(error).__name__}: {error}"
            self.message.value = displays.message(" ".join(text.split()), problem=True)
            self.code.value, self.answer = "", None
            self._clear()

    def _export(self) -> None:
        if self.answer is None:
            self.message.value = displays.message(tr("Nothing to export yet."), problem=True)
            return
        name, table, code, draw, title = self.answer
        fig = draw() if draw else None
        files = self.ask.export(name, table() if callable(table) else table, code, fig, title, title)
        if fig is not None:
            plt.close(fig)
        text = tr("Exported to {folder}: {files}", folder=self.ask.study.out, files=", ".join(files))
        self.message.value = displays.message(text)


def wrapping_row(widgets: list[w.Widget]) -> w.HBox:
    """Widgets side by side, in more lines where there is no room."""
    return w.HBox(widgets, layout=w.Layout(flex_flow="row wrap"))


def arrow_buttons(earlier: str, later: str, turn: Callable[[int], None], step: int = 1) -> tuple[w.Button, w.Button]:
    """Two buttons, with their tooltips, that turn pages back and forth by so many."""
    layout = {"width": "44px"}
    back = w.Button(icon="arrow-left", tooltip=earlier, layout=w.Layout(**layout))
    forth = w.Button(icon="arrow-right", tooltip=later, layout=w.Layout(**layout))
    back.on_click(lambda _: turn(-step))
    forth.on_click(lambda _: turn(step))
    return back, forth
