"""Pictures of diffusion: who took up what, since when, and how it was worded anew."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from ..language import display_name, tr
from .style import COLOURS, WIDTH, figure_width, subplots
from .text import ems, shorten

if TYPE_CHECKING:
    from collections.abc import Mapping

    from matplotlib.figure import Figure

PROGRAMMES, PASSAGES = 8, 7  # that a figure has; more of the one where there are fewer of the other
_LINE = 0.148  # inches of a line of text
_EMS = {True: 30, False: 20}  # of a line of text, on a page and in a column
_LINES = 2  # of an item
_MARKERS = {"province": "D", "city": "s", "county": "^"}
_COLOURS = {"state": COLOURS[7], "province": COLOURS[1], "city": COLOURS[0], "county": COLOURS[2]}
_NAMES = {
    "state": ("text of the state", "texts of the state"),
    "province": ("provincial document", "provincial documents"),
    "city": ("city document", "city documents"),
    "county": ("county document", "county documents"),
}


def level_name(level: str, n: int) -> str:
    """What n documents of a level are called: provincial document, provincial documents ..."""
    return display_name("level", _NAMES[level][n != 1])


def most_telling(items: pd.DataFrame) -> pd.DataFrame:
    """The items that a figure has: those of most documents, programmes first; each kind by year.

    Parameters
    ----------
    items : DataFrame
        Of `compare.diffusion.items`, in its order.
    """
    named, passages = (items[items["kind"] == kind] for kind in ("programme", "passage"))
    n = min(len(named), PROGRAMMES + max(0, PASSAGES - len(passages)))
    chosen = named.head(n), passages.head(PROGRAMMES + PASSAGES - n)
    return pd.concat([part.sort_values("year", kind="stable") for part in chosen], ignore_index=True)


def diffusion(items: pd.DataFrame, levels: Mapping[str, int]) -> Figure:
    """A table-like picture: each item with its commonest edits, the years in which levels have it, and their shares.

    Parameters
    ----------
    items : DataFrame
        Of `most_telling`.
    levels : dict of str to int
        How many documents each level has.
    """
    is_page = figure_width() >= WIDTH
    room = _EMS[is_page]
    texts = [_fold(row, room) for row in items.itertuples(index=False)]
    heads = [i == 0 or items["kind"].iloc[i] != items["kind"].iloc[i - 1] for i in range(len(items))]
    sizes = [max(len(t[0]) + len(t[1]), 0.75 * len(levels)) + 0.7 for t in texts]
    tops, y = [], 0.0
    for size, head in zip(sizes, heads, strict=True):
        y += 1.3 * head
        tops.append(y)
        y += size
    fig, (words, time, share) = subplots(
        1, 3, figsize=(figure_width(), _LINE * y + 0.85), width_ratios=[2.6, 1.3, 1.1] if is_page else [1.9, 1, 0.9]
    )
    for ax in (words, time, share):
        ax.set_ylim(y, -0.4)
        _ = ax.set_yticks([])
        ax.spines[:].set_visible(False)
    words.set_xlim(0, 1)
    _ = words.set_xticks([])
    point = 7.5 if is_page else 6
    for i, row in enumerate(items.itertuples(index=False)):
        top, (lines, edits) = tops[i], texts[i]
        if heads[i]:
            name = tr("Programmes and slogans") if row.kind == "programme" else tr("Passages")
            _ = words.text(0, top - 0.35, name, fontsize=point + 0.5, color=COLOURS[0], va="bottom")
        _ = words.text(0, top, "\n".join(lines), fontsize=point, va="top", linespacing=1.25)
        if edits:
            at = top + len(lines)
            _ = words.text(0, at, "\n".join(edits), fontsize=point - 1, va="top", color="#777777", linespacing=1.35)
        middle = top + (sizes[i] - 0.7) / 2
        _draw_years(time, row, levels, middle)
        _draw_shares(share, row, levels, middle, point)
        for ax in (words, time, share):
            _ = ax.axhline(top + sizes[i] - 0.25, color="#e4e4e4", lw=0.6)
    time.xaxis.tick_top()
    time.xaxis.set_major_locator(MaxNLocator(3, integer=True, min_n_ticks=2))
    time.tick_params(length=0, labelsize=point)
    time.margins(x=0.12)
    _ = time.set_title(tr("first year"), fontsize=point, loc="left")
    _ = share.set_title(tr("share"), fontsize=point, loc="left")
    share.set_xlim(0, 1.45)
    _ = share.set_xticks([])
    handles = [Line2D([], [], marker="o", ls="", color=_COLOURS["state"], ms=4, label=tr("first reference"))]
    handles += [
        Line2D([], [], marker=_MARKERS[name], ls="", color=_COLOURS[name], ms=4, label=level_name(name, 2))
        for name in levels
    ]
    _ = fig.legend(handles=handles, loc="outside lower center", ncols=len(handles), fontsize=point)
    return fig


def _fold(row: Any, room: int) -> tuple[list[str], list[str]]:
    """The lines of an item's text, and of its edits."""
    text, lines = " ".join(str(row.text).split()), list[str]()
    while text and len(lines) < _LINES:
        n = len(text)
        while ems(text[:n]) > room:
            n -= 1
        if len(lines) == _LINES - 1:
            lines.append(shorten(text, room))
            break
        lines.append(text[:n])
        text = text[n:]
    said = shorten(" · ".join(row.reworded), room * 1.15) if len(row.reworded) else ""
    return lines, [said] if said else []


def _draw_years(ax: Any, row: Any, levels: Mapping[str, int], y: float) -> None:
    years = {name: getattr(row, f"{name}_year") for name in levels}
    known = [int(year) for year in (row.year, *years.values()) if not pd.isna(year)]
    if known:
        _ = ax.plot([min(known), max(known)], [y, y], color="#bbbbbb", lw=0.9, zorder=1)
    for k, (name, year) in enumerate(years.items()):
        if not pd.isna(year):
            at = y + 0.34 * (k - (len(levels) - 1) / 2)  # levels that begin in the same year stay apart
            _ = ax.plot(int(year), at, _MARKERS[name], color=_COLOURS[name], ms=3.6, zorder=2)
    if not pd.isna(row.year):
        _ = ax.plot(int(row.year), y, "o", color=_COLOURS["state"], ms=4, zorder=3)
        _ = ax.annotate(
            str(row.year), (int(row.year), y), (0, 3.5), textcoords="offset points", ha="center", fontsize=5.5
        )


def _draw_shares(ax: Any, row: Any, levels: Mapping[str, int], y: float, point: float) -> None:
    height = 0.8 if len(levels) < 2 else 0.75
    for k, (name, n) in enumerate(levels.items()):
        at, share = y + (k - (len(levels) - 1) / 2) * height, getattr(row, f"{name}_share")
        _ = ax.barh(at, share, height=height * 0.9, color=_COLOURS[name])
        said = tr("{n} of {all}", n=getattr(row, name), all=n)
        _ = ax.text(share + 0.03, at, said, va="center", fontsize=point - (1 if len(levels) < 2 else 2))
