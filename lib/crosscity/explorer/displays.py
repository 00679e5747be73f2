"""How answers of the explorer look: HTML, in which whatever comes from documents is escaped, and figures."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

from ..browse.fragments import template
from ..figures import basic
from ..figures.style import COLOURS, WIDTH, ExactTicks
from ..language import display_name, heading, tr
from .cleaning_changes import COLUMNS, legend, mark_changes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markupsafe import Markup
    from matplotlib.figure import Figure

MOST = 20  # bars that are shown
NO_CHANGES = pd.DataFrame(columns=COLUMNS).astype({"stands": bool})
YEARS = 12  # bars of years; more are a line


def _macro(name: str, *values: object) -> Markup:
    """What a macro of resources/displays.html makes of its values."""
    return getattr(template("displays.html").module, name)(*values)


def style() -> Markup:
    """The style of all that this module shows."""
    return _macro("style")


def line(left: str, node: str, right: str) -> Markup:
    """A line of words in context, the node in the middle."""
    return _macro("line", left, node, right)


def table(frame: pd.DataFrame, headings: Sequence[str] | None = None, bar: str | None = None, more: str = "") -> Markup:
    """A table: numbers right-aligned, missing values as "–".

    Parameters
    ----------
    frame : DataFrame
    headings : sequence of str, optional
        The columns' names if left out.
    bar : str, optional
        A column of numbers that bars beside the table show, in proportion to the largest.
    more : str
        A sentence below the table.
    """
    numeric = [pd.api.types.is_numeric_dtype(kind) for kind in frame.dtypes]
    rows = [
        [(format_number(v) if n else _format_text(v), n) for v, n in zip(values, numeric, strict=True)]
        for values in frame.itertuples(index=False, name=None)
    ]
    shares = None
    if bar:
        longest = max(frame[bar].abs().max(), 1e-12)
        shares = [f"{100 * abs(value) / longest:.1f}" for value in frame[bar]]
    named = list(zip(headings or list(frame.columns), numeric, strict=True))
    return _macro("table", named, rows, shares, more)


def _format_text(value: Any) -> str:
    return "–" if value is None or value is pd.NA or (isinstance(value, float) and math.isnan(value)) else str(value)


def format_number(value: Any) -> str:
    """A number as people write it: whole, or with four digits; "–" where it is missing."""
    if pd.isna(value):
        return "–"
    return f"{value:,.0f}" if float(value).is_integer() and abs(value) >= 1 else f"{value:,.4g}"


def rates(found: pd.DataFrame, by: str, per: str) -> Markup:
    """Rates by group with bars: the highest, or all years in order."""
    first = _first_groups(found, by)[["group", "count", "rate"]].round({"rate": 2})
    left_out = len(found) - len(first)
    more = tr("and {n} more, in the export", n=left_out) if left_out else ""
    return table(first, [heading(by), tr("count"), tr("per 10,000 {what}", what=per)], "rate", more)


def rates_figure(found: pd.DataFrame, by: str, per: str) -> Figure:
    """Rates by group as a figure: bars of the highest, or a line over the years."""
    first, label = _first_groups(found, by), tr("per 10,000 {what}", what=per)
    if by != "year" or len(first) <= YEARS:
        return basic.bars(first, "group", "rate", label)
    fig, ax = plt.subplots(figsize=(WIDTH, 2.6))
    years = pd.to_numeric(first["group"], errors="coerce")
    ax.plot(years, first["rate"], marker="o", ms=3, lw=1)
    ax.set_ylabel(label)
    ax.set_ylim(bottom=0)
    plt.close(fig)
    return fig


def _first_groups(found: pd.DataFrame, by: str) -> pd.DataFrame:
    return found.sort_values("group", kind="stable") if by == "year" else found.head(MOST)


def sides_figure(shares: pd.DataFrame, a: str, b: str) -> Figure:
    """Shares of topics in two groups: a line from the one (hollow) to the other (filled)."""
    part = shares.iloc[::-1]
    y = np.arange(len(part))
    fig, ax = plt.subplots(figsize=(WIDTH, 0.9 + 0.24 * len(part)))
    ax.hlines(y, part["a"], part["b"], color="#999999", lw=1)
    ax.plot(part["a"], y, "o", mfc="white", mec=COLOURS[0], label=a)
    ax.plot(part["b"], y, "o", color=COLOURS[1], label=b)
    ax.set_yticks(y, part["name"])
    ax.xaxis.set_major_formatter(ExactTicks(percent=True))
    ax.set_xlabel(tr("share of text"))
    fig.legend(loc="outside upper right", ncols=2)
    plt.close(fig)
    return fig


def document(
    paragraphs: pd.DataFrame,
    changes: pd.DataFrame,
    here: tuple[int, int, int] | None = None,
    spaces: bool = False,
) -> Markup:
    """Paragraphs of a document with the changes of cleaning marked, below a legend.

    Parameters
    ----------
    paragraphs : DataFrame
        Columns paragraph, kind, text.
    changes : DataFrame
        Of `cleaning_changes.locate_changes`.
    here : tuple of int, optional
        Paragraph, start and end of a place to point out.
    spaces : bool
        Whether changes of spaces are shown.
    """
    by_paragraph = dict(list(changes.groupby("paragraph")))
    rows = []
    for row in paragraphs[["paragraph", "kind", "text"]].itertuples(index=False):
        span = here[1:] if here and here[0] == row.paragraph else None
        text = mark_changes(row.text, by_paragraph.get(row.paragraph, changes.head(0)), span, spaces)
        tag = "h4" if row.kind in ("title", "heading") else "p"
        rows.append((tag, span is not None, row.paragraph, display_name("kind", row.kind), text))
    return _macro("document", legend(), rows)


def original(paragraphs: pd.DataFrame) -> Markup:
    """Paragraphs of a document as they were read: columns paragraph, text."""
    return _macro("original", list(paragraphs[["paragraph", "text"]].itertuples(index=False, name=None)))


def clean(paragraphs: pd.DataFrame, here: tuple[int, int, int] | None = None) -> Markup:
    """Paragraphs of a document as they are after cleaning, without marks; see `document` for the parameters."""
    rows = []
    for row in paragraphs[["paragraph", "kind", "text"]].itertuples(index=False):
        span = here[1:] if here and here[0] == row.paragraph else None
        tag = "h4" if row.kind in ("title", "heading") else "p"
        text = mark_changes(row.text, NO_CHANGES, span)
        rows.append((tag, span is not None, row.paragraph, display_name("kind", row.kind), text))
    return _macro("document", "", rows)


def heading_of(name: str, text: str) -> Markup:
    """What is explored: a name, and a sentence on it."""
    return _macro("head", name, text)


def message(text: str, problem: bool = False) -> Markup:
    """A line that describes an answer or, with a sign, a problem."""
    return _macro("message", text, problem)


def hint(text: str) -> Markup:
    """A line of help that never changes."""
    return _macro("hint", text)


def code(text: str) -> Markup:
    """Code to be copied."""
    return _macro("code", text)
