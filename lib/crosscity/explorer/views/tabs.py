"""The explorer: a tab for each view, below the name of what is explored."""

from __future__ import annotations

import html
import os
import sys
from typing import TYPE_CHECKING, Any

import ipywidgets as w

from ...language import display_name, tr
from .. import displays
from .compare import CompareView
from .memory import Memory
from .quantities import QuantitiesView
from .reader import ReaderView
from .search import SearchView
from .topics import TopicsView
from .view import WIDE, View

if TYPE_CHECKING:
    from ..results import FirstAnswers

MEMORY = "explorer.json"  # in the study's folder: what was chosen last


def interactive() -> bool:
    """Whether somebody can use controls: a front end asks for the cell that is run.

    JupyterLab, Notebook and VS Code say which cell they ask for; papermill, nbconvert and make's runs do not. How the
    kernel was started says nothing: VS Code starts kernels without a server, a kernel that is joined later or runs
    elsewhere does not know its server, and one that papermill starts from a notebook takes over that one's environment.
    """
    if "CROSSCITY_PARENT" in os.environ or "IPython" not in sys.modules:
        return False
    from IPython import get_ipython

    kernel = getattr(get_ipython(), "kernel", None)
    request: dict[str, Any] = getattr(kernel, "get_parent", dict)() or {}
    return "cellId" in request.get("metadata", {})


def show(ask: FirstAnswers) -> None:
    """Display the explorer's controls, or, where nobody can use them, what would be there."""
    from IPython.display import display, publish_display_data

    if interactive():
        display(explorer(ask))
        return
    with ask.study.own_settings():
        text = f"{ask!r} " + tr("In JupyterLab, Notebook or VS Code its controls stand here.")
    publish_display_data({"text/plain": text, "text/html": f"<p>{html.escape(text)}</p>"})


def explorer(ask: FirstAnswers) -> w.VBox:
    """All views in tabs; a view asks its first question when it is first opened.

    Parameters
    ----------
    ask : FirstAnswers

    Returns
    -------
    ipywidgets.VBox
        Its attribute `views` lists the views, `tabs` are theirs.
    """
    with ask.study.own_settings():
        return _explorer(ask)


def _explorer(ask: FirstAnswers) -> w.VBox:
    search, reader = SearchView(ask), ReaderView(ask)
    views: list[View] = [search, CompareView(ask), QuantitiesView(ask), TopicsView(ask), reader]
    tabs = w.Tab([view.box for view in views], titles=[tr(view.title) for view in views], layout=WIDE)
    order = w.Dropdown(
        options=[(tr("by pinyin"), "pinyin"), (tr("by province"), "province")],
        description=display_name("many", ask.study.plural()),
        layout=w.Layout(width="220px"),
    )
    choice = w.IntText(0)  # the tab, which has no value of its own
    memory = Memory(
        ask.study.out / MEMORY,
        {"explorer": {"order": order, "tab": choice}} | {view.title.lower(): view.kept for view in views},
    )

    def read(doc_id: str, paragraph: int, start: int, end: int) -> None:
        reader.go_to(doc_id, paragraph, start, end)
        tabs.selected_index = len(views) - 1

    def open_selected(_: Any = None) -> None:
        choice.value = tabs.selected_index or 0
        memory.save()
        views[choice.value].open()

    def reorder(_: Any = None) -> None:
        for view in views:
            view.reorder(order.value)
        memory.save()

    search.read = read
    reader.from_.max = sys.maxsize  # until a document is opened, so that its place can be set
    for view in views:
        with view.quiet():
            memory.restore_into(view.title.lower())
        view.changed = memory.save
    memory.restore_into("explorer")
    for view in views:
        view.reorder(order.value)
    tabs.selected_index = choice.value if 0 <= choice.value < len(views) else 0
    tabs.observe(open_selected, "selected_index")
    order.observe(reorder, "value")
    views[tabs.selected_index].open()
    head = w.HTML(displays.heading_of(ask.study.source, next(iter(ask.extent().sentences()))))
    top = w.HBox([head, *([order] if ask.has_provinces() else [])], layout=w.Layout(flex_flow="row wrap"))
    notes = [w.HTML(displays.hint("; ".join(ask.study.display_notes)))] if ask.study.display_notes else []
    box = w.VBox([w.HTML(displays.style()), top, *notes, tabs], layout=WIDE)
    box.views, box.tabs, box.order = views, tabs, order
    return box
