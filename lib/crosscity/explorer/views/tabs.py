"""The explorer: a tab for each view."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import ipywidgets as w

from ...language import tr
from .. import displays
from .compare import CompareView
from .quantities import QuantitiesView
from .reader import ReaderView
from .search import SearchView
from .topics import TopicsView
from .view import WIDE, View

if TYPE_CHECKING:
    from ..answers import Explorer


def interactive() -> bool:
    """Whether to show controls: a Jupyter server runs the kernel, and neither make nor papermill does."""
    return bool(os.environ.get("JPY_SESSION_NAME")) and "CROSSCITY_PARENT" not in os.environ


def explorer(ask: Explorer) -> w.VBox:
    """All views in tabs; a view asks its first question when it is first opened.

    Parameters
    ----------
    ask : Explorer

    Returns
    -------
    ipywidgets.VBox
        Its attribute `views` lists the views.
    """
    load_tables_offline()
    search, reader = SearchView(ask), ReaderView(ask)
    views: list[View] = [search, CompareView(ask), QuantitiesView(ask), TopicsView(ask), reader]
    tabs = w.Tab([view.box for view in views], titles=[tr(view.title) for view in views], layout=WIDE)

    def read(doc_id: str, paragraph: int, start: int, end: int) -> None:
        tabs.selected_index = len(views) - 1
        reader.go_to(doc_id, paragraph, start, end)

    def open_selected(_: Any = None) -> None:
        views[tabs.selected_index or 0].open()

    search.read = read
    tabs.observe(open_selected, "selected_index")
    open_selected()
    notes = [w.HTML(displays.hint("; ".join(ask.run.display_notes)))] if ask.run.display_notes else []
    box = w.VBox([w.HTML(displays.style()), *notes, tabs], layout=WIDE)
    box.views = views
    return box


def load_tables_offline() -> None:
    """Have itables load what its tables need from the package, and nothing from the network."""
    import itables

    itables.init_notebook_mode(all_interactive=False, connected=False)
