"""Pages of the report's navigation that gather what several notebooks made: matrix, topics, indicators, concordance."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..language import tr

if TYPE_CHECKING:
    from collections.abc import Sequence

    Page = dict[str, Any]

# By name: title, question, and how the names of pages and figures begin that belong to it.
_HUBS = {
    "matrix": ("Matrix", "What each of them says on each question.", ("matrix", "system")),
    "topics": (
        "Topics",
        "What the documents are about.",
        ("topics", "themes", "topic-terms", "prevalence", "map", "trends"),
    ),
    "indicators": ("Indicators", "The figures that they report, side by side.", ("indicators", "targets", "gaps")),
    "concordance": ("Concordance", "Words in their context.", ("concordance",)),
}
_RUNS = {"topics": ("03-topics",)}  # whose figures belong to it, where others have figures of these names


def hubs(runs: Sequence[Page]) -> dict[str, Page]:
    """The pages by name: title, question, and the runs' pages and figures that belong to each.

    Parameters
    ----------
    runs : list of dict
        Of `report`.
    """
    made = {}
    for name, (title, question, begins) in _HUBS.items():
        pages = [(run, page) for run in runs for page in run["pages"] if page["name"].startswith(begins)]
        figures = [
            (run, figure)
            for run in runs
            for figure in run["figures"]
            if figure["name"].startswith(begins) and run["notebook"] in _RUNS.get(name, (run["notebook"],))
        ]
        made[name] = {"title": tr(title), "question": tr(question), "pages": pages, "figures": figures}
    return made


def leads(made: dict[str, Page]) -> dict[str, str]:
    """Where the navigation leads at once: to the page itself where there is one and no figure stands beside it."""
    from jinja2.filters import do_urlencode as quote

    found = {}
    for name, hub in made.items():
        if hub["pages"] and name != "indicators":
            run, page = hub["pages"][0]
            found[name] = f"{quote(run['id'])}/{quote(page['name'])}.html"
    return found
