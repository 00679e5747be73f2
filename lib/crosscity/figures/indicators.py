"""Panels of named indicators: what documents report of whom, and whether it is reached, planned or a rule."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.axis import XAxis
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, LogLocator, MaxNLocator, NullFormatter

from ..compare.indicators import read_indicators
from ..documents import full_name
from ..language import current_language, display_name, join_items, tr
from .style import COLOURS, WIDTH, figure_width, panels_across, subplots
from .text import wrap

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis
    from matplotlib.figure import Figure

    from ..compare.indicators import Rule

PANELS = 12  # small panels in one figure
ROWS = 16  # rows of a panel; if there are more, a row is a population with all its places
LISTED = 6  # documents named as silent; of more, their number is given
LONG = 20  # characters of a row's name, beyond which names are smaller
WIDE = 100  # ratio of values beyond which the axis is logarithmic
MARKS = {"actual": "reached", "target": "target", "standard": "rule", "baseline": "earlier value", "change": "change"}
_MEASURED = re.compile("%|元|平方|公里|吨|亩|岁|万人")
_STYLE: dict[str, dict[str, Any]] = {
    "actual": {"marker": "o", "mfc": COLOURS[0], "mec": COLOURS[0]},
    "target": {"marker": "o", "mfc": "white", "mec": COLOURS[0]},
    "standard": {"marker": "s", "mfc": "white", "mec": COLOURS[1]},
    "baseline": {"marker": "o", "mfc": COLOURS[5], "mec": COLOURS[5], "ms": 3.5},
    "change": {"marker": "D", "mfc": COLOURS[2], "mec": COLOURS[2], "ms": 4},
}


def pages(table: pd.DataFrame, group: str | None = None) -> list[list[str]]:
    """Indicators that compare places or times, in the order of their file, divided evenly into figures.

    Two places must report one, or one place two kinds of value (an earlier one, a target) of the same population.

    Parameters
    ----------
    table : DataFrame
        As from `compare.indicators.indicators`.
    group : str, optional
        Only indicators of this group: "party" or "report".

    Returns
    -------
    list of list of str
        Empty where no indicator compares anything.
    """
    by = table.assign(where=table["doc_id"] + " " + table["place"]).groupby("indicator")
    places = by["where"].nunique()
    of_one = table.groupby(["indicator", "doc_id", "place", "population"])["kind"].nunique().groupby("indicator").max()
    compared = {*places.index[places > 1], *of_one.index[of_one > 1]}
    names = dict.fromkeys(r.indicator for r in read_indicators() if group in (None, r.group))
    names = [name for name in names if name in compared]
    figures = math.ceil(len(names) / PANELS)
    size = math.ceil(len(names) / figures) if figures else PANELS
    size += size % 2  # panels stand in pairs
    return [names[i : i + size] for i in range(0, len(names), size)]


def indicator_name(indicator: str) -> str:
    """The name of an indicator of the shipped file in the run's language, as its panel has it."""
    rule = next((rule for rule in read_indicators() if rule.indicator == indicator), None)
    if rule is None:
        return indicator
    return rule.gloss if current_language() == "en" else rule.name


def indicator_panels(table: pd.DataFrame, labels: Mapping[str, str], names: Sequence[str] | None = None) -> Figure:
    """A panel for each indicator: what each place reports, of whom, and whether it is reached, planned or a rule.

    Parameters
    ----------
    table : DataFrame
        As from `compare.indicators.indicators`.
    labels : dict
        The name of each document that takes part, by doc_id; those that report nothing are named below a panel.
    names : list of str, optional
        Indicators to show; those of the first page if left out.
    """
    names = names or next(iter(pages(table)), [])
    if not names:
        fig, ax = subplots(figsize=(figure_width(), 1))
        _ = ax.text(0, 0.5, tr("no indicator is reported of two places or times"))
        ax.set_axis_off()
        return fig
    rule_of = {r.indicator: r for r in read_indicators()}
    table = _classify_growth(table, rule_of)
    parts = [_rows(table[table["indicator"] == name], labels) for name in names]
    columns = panels_across(min(2, len(names)), 3.3)
    lines = [max(p[1] for p in parts[i : i + columns]) for i in range(0, len(parts), columns)]
    heights = [1.05 + 0.17 * n for n in lines]
    size = (figure_width(), math.fsum(heights) + 0.4)
    fig, axes = subplots(len(lines), columns, figsize=size, height_ratios=heights, squeeze=False)
    for ax, name, (part, n) in zip(axes.flat, names, parts, strict=False):
        _panel(ax, part, n)
        rule = rule_of[name]
        above = wrap(rule.gloss, 30) if current_language() == "en" else []
        ax.set_title("\n".join([*above, f"{rule.name}（{rule.unit}）"]), fontsize=8)
        silent = [label for doc_id, label in labels.items() if doc_id not in set(part["doc_id"])]
        note = ""
        if silent:
            many = tr("{n} of {all} documents", n=len(silent), all=len(labels))
            note = tr("not reported: {said}", said=join_items(silent) if len(silent) <= LISTED else many)
        across = 34 if figure_width() == WIDTH else 26
        ax.set_xlabel("\n".join(wrap(note, across)), fontsize=7.5)
    for ax in axes.flat[len(names) :]:
        ax.set_axis_off()
    _draw_legend(fig, table[table["indicator"].isin(names)])
    return fig


def _classify_growth(table: pd.DataFrame, rule_of: Mapping[str, Rule]) -> pd.DataFrame:
    """Growth in work reports as a result or, for a year that the document plans, as a target.

    In accounts of party work a change is an amount that was granted, not a level, and remains a change.
    """
    is_growth = (table["kind"] == "change") & table["indicator"].map(lambda name: rule_of[name].group == "report")
    planned = set(zip(*(table.loc[table["kind"] == "target", c] for c in ("doc_id", "year")), strict=True))
    kinds = ["target" if at in planned else "actual" for at in zip(table["doc_id"], table["year"], strict=True)]
    return table.assign(kind=table["kind"].where(~is_growth, kinds))


def _rows(part: pd.DataFrame, labels: Mapping[str, str]) -> tuple[pd.DataFrame, int]:
    """The points of a panel with y, the row of each, and title, the row's name; and the number of rows."""
    part = part.assign(label=[_row_label(r, labels) for r in part.itertuples(index=False)])
    part["row"] = part["label"] + " " + part["population"]
    if part["row"].nunique() > ROWS:
        part["row"] = part["population"] + " " + part["kind"].map(lambda kind: display_name("mark", MARKS[kind]))
        commonest = part["row"].value_counts(sort=True).index[:ROWS]
        part = part[part["row"].isin(commonest)].copy()
        part["title"] = part["row"] + " (" + part["row"].map(part.groupby("row")["label"].nunique()).astype(str) + ")"
    else:
        years = part.dropna(subset=["year"]).groupby("row")["year"].unique()
        dated = {row: join_items(int(y) for y in sorted(values)) for row, values in years.items()}
        part["title"] = [f"{row} {dated.get(row, '')}".strip() for row in part["row"]]
    order = part.sort_values(["population", "label"])["row"].unique()
    return part.assign(y=part["row"].map({row: i for i, row in enumerate(order)})), len(order)


def _row_label(row: Any, labels: Mapping[str, str]) -> str:
    """The name of a document, with the place that a row is about if that is another."""
    label = labels.get(row.doc_id, row.doc_id)
    return label if row.place in (label, full_name(label), "") else f"{label}·{row.place}"


def _panel(ax: Axes, part: pd.DataFrame, n: int) -> None:
    """Draw points, ranges, bounds, and lines from an earlier value to the one that it is compared with."""
    values = part[["value", "upper"]].to_numpy(dtype=float)
    known = values[~np.isnan(values)]
    log = part["unit"].iloc[0] != "%" and known.min() > 0 and known.max() / known.min() > WIDE
    is_crowded = len(part) > 3 * ROWS
    for r in part.itertuples(index=False):
        end = r.value if np.isnan(r.upper) else r.upper
        if end != r.value:
            _ = ax.hlines(r.y, r.value, end, color=COLOURS[0], lw=3, alpha=0.5)
        style = {"ms": 5, "mew": 1.1, "ls": "", "alpha": 0.45 if is_crowded else 1, **_STYLE[r.kind]}
        _ = ax.plot((r.value + end) / 2, r.y, **style, zorder=3)
        draw_bound(ax, (r.value + end) / 2, r.y, "" if is_crowded else r.qualifier)
        if r.derived:
            _ = ax.annotate("†", (end, r.y), (0, 3), textcoords="offset points", ha="center", fontsize=7)
    for _, row in part.groupby("y"):
        for old in row[row["kind"] == "baseline"].itertuples(index=False):
            later = row[(row["kind"] == "actual") & (row["doc_id"] == old.doc_id) & (row["paragraph"] == old.paragraph)]
            later = later[later["start"] > old.start].head(1)
            if n == part["row"].nunique() and len(later) and later["place"].iloc[0] == old.place:
                _ = ax.plot([old.value, later["value"].iloc[0]], [old.y] * 2, color=COLOURS[5], lw=1.4, zorder=1)
    titles = part.drop_duplicates("y").sort_values("y")
    is_long = titles["title"].str.len().max() > LONG
    _ = ax.set_yticks(titles["y"], titles["title"], fontsize=6.5 if is_long else 7.5)
    ax.set_ylim(n - 0.4, -0.6)
    ax.grid(axis="y", color="#eeeeee", lw=0.8, zorder=0)
    ax.set_axisbelow(True)
    ax.tick_params(axis="y", length=0)
    scale_axis(ax.xaxis, known, log, counts=_are_counts(part["unit"].iloc[0], known))


def _are_counts(unit: str, values: npt.NDArray[Any]) -> bool:
    """Whether values count things, so that an axis needs whole numbers: not shares, money or measures."""
    return not _MEASURED.search(unit) and bool((values == values.round()).all())


def scale_axis(axis: Axis, known: npt.NDArray[Any], log: bool, room: float = 0.14, counts: bool = False) -> None:
    """Set limits with room for arrows, few ticks, and numbers as people write them; whole ones, of counts."""
    low, high = known.min(), known.max()
    ax, is_x = axis.axes, isinstance(axis, XAxis)
    set_limits, set_scale = (ax.set_xlim, ax.set_xscale) if is_x else (ax.set_ylim, ax.set_yscale)
    if log:
        set_scale("log")
        wide = (high / low) ** room
        set_limits(low / wide, high * wide)
        axis.set_major_locator(LogLocator(numticks=5))
        axis.set_minor_formatter(NullFormatter())
    else:
        wide = (high - low or abs(high) or 1) * room
        first = max(low - wide, -wide / 2) if counts else low - wide  # nothing is counted below 0
        set_limits(first, max(high + wide, first + 1) if counts else high + wide)
        axis.set_major_locator(MaxNLocator(4, integer=counts))
    axis.set_major_formatter(FuncFormatter(_format_tick))


def _format_tick(x: float, _: int) -> str:
    """A number in units of the run's language: k, m, bn, or 万 and 亿."""
    steps = ((1e9, "bn"), (1e6, "m"), (1e4, "k")) if current_language() == "en" else ((1e8, "亿"), (1e4, "万"))
    scale, mark = next(((s, m) for s, m in steps if abs(x) >= s), (1, ""))
    return f"{x / (1e3 if mark == 'k' else scale):,.10g}{mark}"


def draw_bound(ax: Axes, x: float, y: float, qualifier: str, vertical: bool = False) -> None:
    """Draw an arrow at a value that is a bound: right (or up) from at least, left (or down) from at most."""
    if qualifier in ("", "~"):
        return
    length = 11 if qualifier.startswith(">") else -11
    arrow = {"arrowstyle": "<-", "lw": 0.9, "color": "#444444", "shrinkA": 0, "shrinkB": 2.5, "mutation_scale": 7}
    shift = (0, length) if vertical else (length, 0)
    _ = ax.annotate("", (x, y), shift, textcoords="offset points", arrowprops=arrow)


def _draw_legend(fig: Figure, table: pd.DataFrame) -> None:
    """Draw a legend of the marks that the panels have."""
    kinds = [k for k in MARKS if (table["kind"] == k).any()]
    marks = [Line2D([], [], ls="", ms=5, **{k: v for k, v in _STYLE[kind].items() if k != "ms"}) for kind in kinds]
    words = [display_name("mark", MARKS[kind]) for kind in kinds]
    if table["qualifier"].isin([">=", ">", "<=", "<"]).any():
        marks.append(Line2D([], [], ls="", marker="$→$", color="#444444", ms=8))
        words.append(tr("at least, more than (left: at most)"))
    if table["derived"].any():
        marks.append(Line2D([], [], ls="", marker="$†$", color="black", ms=6))
        words.append(tr("twelve times a month's"))
    columns = panels_across(len(words) if len(words) < 6 else 3, 1.2)
    layout: dict[str, Any] = {"loc": "outside upper left", "ncols": columns, "columnspacing": 1, "handletextpad": 0.3}
    _ = fig.legend(marks, words, fontsize=7.5 if figure_width() == WIDTH else 6.5, **layout)
