"""Figures of targets followed into the next report: target and result by year, and the share that was kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator, PercentFormatter

from ..compare.promises import LONG
from ..language import current_language, tr
from .indicators import WIDE, draw_bound, indicator_name, scale_axis
from .style import COLOURS, WIDTH, new_figure
from .text import shorten

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

PANELS = 3  # things of which most results are told
FEWEST = 3  # results of each, unless none has so many
_KEPT, _MISSED, _SILENT = COLOURS[0], COLOURS[1], "#999999"
_SIZE = 7.5


def series(table: pd.DataFrame) -> pd.Series[Any]:
    """What each target is of: its indicator, or its item."""
    return table["indicator"].where(table["indicator"] != "", table["item"])


def leading(table: pd.DataFrame) -> list[str]:
    """The indicators of which most results are told; items, where there are no indicators."""
    told = table[table["outcome"].isin(["kept", "missed"])]
    told = told[told["indicator"] != ""] if (told["indicator"] != "").any() else told
    counts = series(told).value_counts().rename_axis("name").reset_index(name="n")
    counts = counts.sort_values(["n", "name"], ascending=[False, True])
    enough = counts[counts["n"] >= FEWEST]
    return (enough if len(enough) else counts.head(1))["name"].tolist()[:PANELS]


def promises_and_results(table: pd.DataFrame, shares: pd.DataFrame) -> Figure:
    """Left: target and result of the leading indicators by year; right: the share kept, with intervals.

    Parameters
    ----------
    table : DataFrame
        As from `compare.promises.follow`.
    shares : DataFrame
        As from `compare.promises.outcome_shares`; its first column is what is compared.
    """
    names = leading(table)
    tall = max(1.35 * max(len(names), 2) + 0.6, 1.5 + 0.3 * len(shares))
    fig = new_figure((WIDTH, min(tall, 8)))
    grid = fig.add_gridspec(max(1, len(names)), 2, width_ratios=(1.45, 1))
    first: Axes | None = None
    for i, name in enumerate(names):
        ax = fig.add_subplot(grid[i, 0], sharex=first)
        first = first or ax
        _by_year(ax, table[series(table) == name], name)
        if i + 1 < len(names):
            ax.tick_params(axis="x", labelbottom=False)
    if first is not None:
        first.xaxis.set_major_locator(MaxNLocator(6, integer=True))
    draw_shares(fig.add_subplot(grid[:, 1]), shares)
    marks = [_mark(_KEPT), _mark(_MISSED), Line2D([], [], ls="", marker="_", ms=8, mew=1.6, color="#333333")]
    marks += [Line2D([], [], ls="", marker="_", ms=8, mew=1.6, color="#bbbbbb"), _mark("white", _SILENT)]
    words = [tr("result: kept"), tr("result: missed"), tr("target (arrow: at least, at most)")]
    words += [tr("target, no result told"), tr("share kept if all without a result were missed")]
    _ = fig.legend(marks, words, loc="outside upper left", ncols=3, fontsize=7, columnspacing=1.2, handletextpad=0.4)
    return fig


def _mark(face: str, edge: str = "white") -> Line2D:
    return Line2D([], [], ls="", marker="o", ms=5, mfc=face, mec=edge)


def _by_year(ax: Axes, part: pd.DataFrame, name: str) -> None:
    """Draw the targets of a thing as dashes, the results as dots, and a line between them."""
    part = part[part["due"] - part["year"] <= 1]
    told = part[part["result"].notna() & part["outcome"].isin(["kept", "missed"])]
    known = part[["target", "target_upper", "result"]].to_numpy(dtype=float)
    known = known[~np.isnan(known)]
    log = known.min() > 0 and known.max() / known.min() > WIDE
    scale_axis(ax.yaxis, known, log, 0.22)
    for t in part.itertuples(index=False):
        is_told = t.outcome in ("kept", "missed")
        colour = "#333333" if is_told else "#bbbbbb"
        _ = ax.plot([t.due - 0.36, t.due + 0.36], [t.target, t.target], color=colour, lw=1.6, solid_capstyle="butt")
        if not np.isnan(t.target_upper):
            _ = ax.plot([t.due - 0.36, t.due + 0.36], [t.target_upper] * 2, color=colour, lw=1.6)
        draw_bound(ax, t.due, t.target, t.target_qualifier, vertical=True)
    for t in told.itertuples(index=False):
        colour = _KEPT if t.outcome == "kept" else _MISSED
        _ = ax.plot([t.due, t.due], [t.target, t.result], color=colour, lw=0.8, alpha=0.6, zorder=1)
        _ = ax.plot(t.due, t.result, "o", ms=4.5, mfc=colour, mec="white", mew=0.4, zorder=3)
    shown = indicator_name(name)
    gap = "" if current_language() == "zh" else " "
    ax.set_title(shorten(f"{shown}{gap}({part['unit'].iloc[0]})", 44), fontsize=_SIZE, loc="left")
    ax.grid(axis="y", color="#eeeeee", lw=0.8)
    ax.set_axisbelow(True)
    ax.tick_params(labelsize=7)


def draw_shares(ax: Axes, shares: pd.DataFrame, labels: list[str] | None = None) -> None:
    """Draw the share kept of each group with its interval, and what it would be if all without a result were missed."""
    names = labels or period_names(shares.iloc[:, 0])
    y = np.arange(len(shares))
    _ = ax.hlines(y, shares["low"], shares["high"], color=COLOURS[5], lw=2.2, zorder=1)
    _ = ax.plot(shares["least"], y, "o", ms=4.5, mfc="white", mec=_SILENT, zorder=2)
    _ = ax.plot(shares["share"], y, "o", ms=5.5, mfc=_KEPT, mec="white", mew=0.4, zorder=3)
    for i, row in enumerate(shares.itertuples(index=False)):
        told = row.met + row.missed
        said = tr("no result told; {all} followed", all=row.followed)
        if told:
            said = tr("{kept} of {told} kept; {all} followed", kept=row.met, told=told, all=row.followed)
        _ = ax.text(0.01, i - 0.3, said, fontsize=6.5, color="#555555", va="center")
    ax.set_yticks(y, names, fontsize=_SIZE)
    ax.set_ylim(len(shares) - 0.5, -0.7)
    ax.set_xlim(-0.03, 1.03)
    ax.xaxis.set_major_formatter(PercentFormatter(1.0))
    ax.grid(axis="x", color="#eeeeee", lw=0.8)
    ax.set_axisbelow(True)
    ax.tick_params(axis="y", length=0)
    ax.tick_params(axis="x", labelsize=7)
    ax.set_xlabel(tr("share of told results that keep the target, 95% interval"), fontsize=7)


def period_names(periods: Iterable[object]) -> list[str]:
    """Decades or years, as `compare.promises.periods` gives them, as an axis has them: the 1950s, or 2020."""
    years = [int(period) for period in periods]  # type: ignore[call-overload]  # periods are numbers
    are_decades = bool(years) and max(years) - min(years) >= LONG and not any(year % 10 for year in years)
    return [tr("{year}s", year=year) if are_decades else str(year) for year in years]
