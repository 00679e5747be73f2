"""Charts that several notebooks share: bars, distributions, panels of terms, heat maps, intervals, strips."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.ticker import MaxNLocator

from ..language import display_name, gloss, join_items, tr
from .style import COLOURS, WIDTH, ExactTicks, digits_of, figure_width, panel_grid, panels_across, subplots
from .text import draw_glosses, faded_font, fit_glosses, fold_heading, shorten, text_width

if TYPE_CHECKING:
    from collections.abc import Collection
    from typing import Any

    import numpy.typing as npt
    from matplotlib.axis import XAxis
    from matplotlib.figure import Figure

MANY = 30  # rows with a label each; of more, their distribution is drawn
PANELS = 16  # small panels in one figure
ACROSS = 4  # and at most side by side
GREY = "#9a9a9a"  # for what is not to be relied on


def bars(
    table: pd.DataFrame, label: str, value: str, xlabel: str, parts: str | None = None, percent: bool = False
) -> Figure:
    """Horizontal bars in the table's order, stacked by the column `parts` if it is given.

    Parameters
    ----------
    table : DataFrame
    label, value : str
        Columns.
    xlabel : str
    parts : str, optional
        A column; the legend has the names that `language.display_name` gives its values.
    percent : bool
        Whether values are shares, to be shown in per cent.
    """
    if parts:
        wide = table.pivot_table(index=label, columns=parts, values=value, sort=False, aggfunc="sum")
    else:
        wide = table.set_index(label)[[value]]
    across = panels_across(min(4, len(wide.columns)), 1.7)  # entries of the legend in a line
    more = math.ceil(len(wide.columns) / across) - math.ceil(len(wide.columns) / 4) if parts else 0  # lines
    fig, ax = subplots(figsize=(figure_width(), 1.2 + 0.24 * len(wide) + 0.18 * more))
    left = np.zeros(len(wide))
    for i, part in enumerate(wide.columns):
        width = wide[part].fillna(0).to_numpy(dtype=float)
        hatch = "" if i < len(COLOURS) - 1 else "//"
        _ = ax.barh(
            range(len(wide)),
            width,
            left=left,
            height=0.72,
            color=COLOURS[i % len(COLOURS)],
            hatch=hatch,
            label=display_name(parts or "", part),
        )
        left += width
    if not parts:
        shown, unit = (100 * left, "%") if percent else (left, "")
        digits = digits_of(shown, 2 if percent else 3)
        for i, width in enumerate(left):
            _ = ax.text(width, i, f" {shown[i]:,.{digits}f}{unit}", va="center", fontsize=7.5, color="#444444")
        ax.margins(x=0.1)
    ax.set_yticks(range(len(wide)), wide.index)
    ax.set_ylim(len(wide) - 0.4, -0.6)
    ax.set_xlabel(xlabel)
    _number_axis(ax.xaxis, left, percent)
    ax.spines["left"].set_visible(False)
    ax.tick_params(axis="y", length=0)
    if parts:
        fig.legend(loc="outside upper left", ncols=across, fontsize=7.5)
    return fig


def _number_axis(axis: XAxis, values: npt.NDArray[Any], percent: bool = False) -> None:
    """Ticks at numbers that the values can have: at whole ones where all are."""
    axis.set_major_formatter(ExactTicks(percent))
    if not percent and (values == np.round(values)).all():
        axis.set_major_locator(MaxNLocator("auto", steps=[1, 2, 2.5, 5, 10], integer=True))


def distribution(table: pd.DataFrame, label: str, value: str, xlabel: str) -> Figure:
    """A histogram of many values, with the names of the three smallest and the three largest."""
    fig, ax = subplots(figsize=(figure_width(), 2.8))
    values = table[value].to_numpy(dtype=float)
    _ = ax.hist(values, bins="auto", color=COLOURS[5], edgecolor="white")
    _ = ax.plot(values, np.zeros(len(values)), "|", color="#333333", ms=8, mew=0.8, clip_on=False)
    ordered, digits = table.sort_values([value, label]), digits_of(values)
    ends = ((tr("smallest"), ordered.head(3)), (tr("largest"), ordered.tail(3).iloc[::-1]))
    lines = [
        tr(
            "{name}: {said}",
            name=side,
            said=join_items(f"{r[label]} {r[value]:,.{digits}f}" for r in rows.to_dict("records")),
        )
        for side, rows in ends
    ]
    ax.set_title("\n".join(lines), fontsize=8)
    ax.set_xlabel(xlabel)
    _number_axis(ax.xaxis, values)
    ax.set_ylabel(tr("number"))
    return fig


def term_panels(
    table: pd.DataFrame,
    group: str,
    term: str,
    value: str,
    xlabel: str,
    low: str | None = None,
    high: str | None = None,
    hollow: str | None = None,
    columns: int = 3,
    glossed: str | None = None,
    beside: str | None = None,
) -> Figure:
    """A panel for each group: its terms in the table's order, as dots with intervals; in English, with glosses.

    Parameters
    ----------
    table : DataFrame
        At most twelve groups are readable.
    group, term, value : str
        Columns.
    xlabel : str
    low, high : str, optional
        Columns of the ends of intervals; NaN for none.
    hollow : str, optional
        Column of booleans: these dots are drawn hollow.
    columns : int
        Maximal number of panels side by side; two for up to six groups whose terms have glosses.
    glossed : str, optional
        Column of the terms to gloss, where the labels in `term` contain more.
    beside : str, optional
        Column of a second value, such as that without adjustment, drawn as a grey cross.
    """
    groups, glossed = list(dict.fromkeys(table[group])), glossed or term
    has_gloss = any(map(gloss, table[glossed]))
    most = int(table.groupby(group).size().max())
    columns = min(columns, 2 if has_gloss and len(groups) <= 6 else columns)
    rows, columns, size = panel_grid(len(groups), columns, 0.62 + 0.185 * most, 0.3)
    panel = 72 * size[0] / columns - 12  # points, at most three fifths of which are for names and glosses
    room = 0.6 * panel - max(text_width(str(t), 8) for t in table[term]) - 12
    fig, axes = subplots(rows, columns, figsize=size, sharex=True, squeeze=False)
    for ax, name in zip(axes.flat, groups, strict=False):
        part = table[table[group] == name]
        y = np.arange(len(part))
        if low:
            ends = part[[low, high]].to_numpy(dtype=float)
            _ = ax.hlines(y, ends[:, 0], ends[:, 1], color=COLOURS[5], lw=2)
        else:
            _ = ax.hlines(y, 0, part[value], color=COLOURS[5], lw=1)
        if beside:
            _ = ax.plot(part[beside], y, "x", ms=4.5, mew=1.1, color="#777777")
        is_hollow = part[hollow].to_numpy(dtype=bool) if hollow else np.zeros(len(part), dtype=bool)
        _ = ax.plot(part[value][~is_hollow], y[~is_hollow], "o", ms=4, color=COLOURS[0])
        _ = ax.plot(part[value][is_hollow], y[is_hollow], "o", ms=4, mec=COLOURS[0], mfc="white")
        ax.set_yticks(y, part[term])
        draw_glosses(ax, *fit_glosses(part[glossed], room))
        ax.set_ylim(most - 0.5, -0.5)
        ax.set_title(str(name))
        ax.tick_params(axis="y", length=0)
        ax.tick_params(axis="x", labelbottom=True)
        ax.axvline(0, color="#bbbbbb", lw=0.8, zorder=0)
    for ax in axes.flat[len(groups) :]:
        ax.set_visible(False)
    for ax in [axes[-1, c] if (rows - 1) * columns + c < len(groups) else axes[-2, c] for c in range(columns)]:
        ax.set_xlabel(xlabel, fontsize=7.5)
    return fig


def collocations(table: pd.DataFrame) -> Figure:
    """A panel for each node: its collocates as dots at log Dice, with intervals, in the table's order.

    Parameters
    ----------
    table : DataFrame
        node, collocate, log_dice, low, high (NaN: no interval): rows of `compare.collocations.collocations`.
    """
    fig = term_panels(table, "node", "collocate", "log_dice", "log Dice", "low", "high")
    ends = table[["log_dice", "low", "high"]]
    low, high = ends.min().min(), ends.max().max()  # without 0, which has no meaning on this scale
    fig.axes[0].set_xlim(low - 0.05 * (high - low) - 0.1, high + 0.05 * (high - low) + 0.1)
    return fig


def heat(table: pd.DataFrame, label: str, annotate: str = "{:.0%}", glossed: bool = False) -> Figure:
    """A matrix as shades, with numbers in the cells if there is room.

    Parameters
    ----------
    table : DataFrame
        Index and columns give the labels.
    label : str
        What the shade means.
    annotate : str
        Format of a number.
    glossed : bool
        Whether the columns are terms, to be glossed below.
    """
    import seaborn as sns  # takes a second to load

    n, m = table.shape
    has_room = m <= 14 and n <= MANY
    row = 0.3 if has_room else min(0.26, 9 / n)
    names = [f"{c} {shorten(gloss(c), 15)}".strip() if glossed else str(c) for c in table.columns]
    longer = max(text_width(c, 8) for c in names) - max(text_width(str(c), 8) for c in table.columns)
    height = max(2.2, 1.3 + row * n) + 0.8 * longer / 72
    column = (
        0.84 * (72 * WIDTH - max(text_width(str(r), 8) for r in table.index)) / m
    )  # points; the rest is for the colour bar
    is_turned = max(text_width(c, 8) for c in names) > column - 5
    fig, ax = subplots(figsize=(WIDTH, height))
    cells = table.map(lambda v: "" if pd.isna(v) else annotate.format(v)) if has_room else False
    _ = sns.heatmap(
        table, ax=ax, cmap="Blues", vmin=0, annot=cells, fmt="", annot_kws={"fontsize": 7},
        linewidths=0.4 if has_room else 0,
        cbar_kws={"label": label, "shrink": 0.7, "aspect": 25}, xticklabels=names, yticklabels=True,
    )  # fmt: skip
    ax.set_facecolor("#eeeeee")
    ax.set_xlabel("")
    ax.set_ylabel("")
    ax.tick_params(axis="x", length=0, rotation=60 if is_turned else 0, labelsize=min(8, 0.7 * column))
    if is_turned:
        plt.setp(ax.get_xticklabels(), ha="right", rotation_mode="anchor")
    ax.tick_params(axis="y", length=0, rotation=0, labelsize=min(8, 0.7 * 72 * row))
    return fig


def spread(
    table: pd.DataFrame,
    xlabel: str,
    named: int = 2,
    low: pd.DataFrame | None = None,
    high: pd.DataFrame | None = None,
    grey: Collection[str] = (),
    form: str = "{x:g}",
    glossed: bool = False,
) -> Figure:
    """A row for each column of the table: a dot for each group, a bar at the median, names at the largest values.

    Parameters
    ----------
    table : DataFrame
        Index: groups; columns: rows of the figure.
    xlabel : str
    named : int
    low, high : DataFrame, optional
        Ends of intervals, drawn for the named groups; the axis ends at twice the largest value.
    grey : collection
        Columns to draw in grey.
    form : str
        Format of the axis.
    glossed : bool
        Whether the columns are terms, to be glossed beside them.
    """
    fig, ax = subplots(figsize=(figure_width(), 1.1 + 0.42 * table.shape[1]))
    for y, column in enumerate(table.columns):
        dot, line = (GREY, "#bbbbbb") if column in grey else (COLOURS[0], COLOURS[1])
        values = table[column].dropna().sort_values(ascending=False, kind="stable")
        _ = ax.plot(values, np.full(len(values), y), "o", ms=3.5, color=dot, alpha=0.35, mec="none")
        _ = ax.plot([values.median()], [y], "|", ms=13, mew=2, color=line)
        first = values.index[:named]
        if low is not None and high is not None:
            at = y + 0.2 + 0.13 * np.arange(len(first))
            _ = ax.hlines(at, low.loc[first, column], high.loc[first, column], color="#b5b5b5", lw=1)
        names, place = "、".join(map(str, first)), (values.iloc[0], y)
        _ = ax.annotate(names, place, (6, 0), textcoords="offset points", fontsize=7, va="center", color="#333333")
    ax.margins(x=0.12)
    if low is not None:
        most = np.nanmax(table.to_numpy())
        ax.set_xlim(0, min(2 * most, 1.02) if form.endswith("%}") and most <= 1 else 2 * most)
    ax.set_yticks(range(table.shape[1]), [fold_heading(column, 16) for column in table.columns])
    for tick, column in zip(ax.get_yticklabels(), table.columns, strict=True):
        tick.set(**faded_font(column in grey))
    if glossed:
        draw_glosses(ax, *fit_glosses(table.columns, 110))
    ax.set_ylim(table.shape[1] - 0.4, -0.7)
    ax.tick_params(axis="y", length=0)
    ax.xaxis.set_major_formatter(ExactTicks(percent=True) if form.endswith("%}") else form)
    ax.set_xlabel(xlabel)
    return fig


def shares(table: pd.DataFrame, panel: str, label: str, xlabel: str, grey: Collection[str] = ()) -> Figure:
    """`interval_panels` for up to twelve groups; for more, `spread` with the intervals of the groups that it names."""
    if table[label].nunique() <= 12:
        return interval_panels(table, panel, label, tr("{label} (line: all documents)", label=xlabel), grey=grey)
    names = list(dict.fromkeys(table[panel]))
    index = {"index": label, "columns": panel, "dropna": False}
    wide, low, high = (table.pivot_table(c, **index)[names] for c in ("share", "low", "high"))
    xlabel = tr("{label} (bar: median; lines: 95% intervals of the two named)", label=xlabel)
    return spread(wide, xlabel, 2, low, high, grey, "{x:.0%}")


def interval_panels(table: pd.DataFrame, panel: str, label: str, xlabel: str, grey: Collection[str] = ()) -> Figure:
    """A panel for each topic, a row for each group: shares as dots with intervals, and a line at the overall share.

    Parameters
    ----------
    table : DataFrame
        Columns `panel`, `label`, share, low, high (NaN: no interval, and the dot is hollow), whole (the share of all
        text).
    panel, label, xlabel : str
    grey : collection
        Panels to draw in grey.
    """
    panels, labels = list(dict.fromkeys(table[panel]))[:PANELS], list(dict.fromkeys(table[label]))
    rows, columns, size = panel_grid(len(panels), ACROSS, 0.55 + 0.19 * len(labels), 0.5, least=1.7)
    fig, axes = subplots(rows, columns, figsize=size, sharex=True, sharey=True, squeeze=False)
    for ax, name in zip(axes.flat, panels, strict=False):
        part = table[table[panel] == name].set_index(label).reindex(labels)
        dot, line = (GREY, "#cccccc") if name in grey else (COLOURS[0], COLOURS[5])
        y, has_interval = np.arange(len(labels)), part["low"].notna().to_numpy()
        _ = ax.axvline(part["whole"].mean(), color="#bbbbbb", lw=0.8, zorder=0)
        _ = ax.hlines(y[has_interval], part["low"][has_interval], part["high"][has_interval], color=line, lw=2)
        _ = ax.plot(part["share"][has_interval], y[has_interval], "o", ms=4, color=dot)
        _ = ax.plot(part["share"][~has_interval], y[~has_interval], "o", ms=4, mec=dot, mfc="white")
        ax.set_title(fold_heading(name), fontsize=8, **faded_font(name in grey))
        ax.tick_params(axis="y", length=0)
        ax.tick_params(axis="x", labelbottom=True, labelsize=7)
        ax.xaxis.set_major_formatter(ExactTicks(percent=True))
    axes[0, 0].set_yticks(range(len(labels)), labels)
    axes[0, 0].set_ylim(len(labels) - 0.5, -0.5)
    for ax in axes.flat[len(panels) :]:
        ax.set_visible(False)
    for i in range(max(0, len(panels) - columns), len(panels)):
        axes.flat[i].set_xlabel(xlabel, fontsize=7)
    return fig


def pairs(table: pd.DataFrame, value: str, xlabel: str) -> Figure:
    """Pairs as dots, in the table's order.

    Parameters
    ----------
    table : DataFrame
        Columns pair, set (the heading of a panel) and `value`.
    value, xlabel : str
    """
    sets = list(dict.fromkeys(table["set"]))
    most = int(table.groupby("set").size().max())
    fig, axes = subplots(1, len(sets), figsize=(WIDTH, 1 + 0.22 * most), sharex=True, squeeze=False)
    for ax, name in zip(axes.flat, sets, strict=True):
        part = table[table["set"] == name]
        _ = ax.plot(part[value], range(len(part)), "o", ms=4.5)
        ax.set_yticks(range(len(part)), part["pair"])
        ax.invert_yaxis()
        ax.set_xlim(0, max(1e-9, table[value].max() * 1.06))
        ax.grid(axis="x", color="#e5e5e5")
        ax.tick_params(axis="y", length=0)
        ax.set_title(name)
        ax.set_xlabel(xlabel)
    return fig


STRIPS = {  # colour and name of the classes of `words.reuse.strips`
    "reference": (COLOURS[7], "in a reference"),
    "central": (COLOURS[0], "in many documents"),
    "shared": (COLOURS[4], "in some"),
    "own": ("#dddddd", "own"),
}


def strips(table: pd.DataFrame, label: str = "doc_id") -> Figure:
    """A thin bar for each document, from its first character to its last, coloured by the class of its text.

    Parameters
    ----------
    table : DataFrame
        Of `words.reuse.strips`; documents are drawn in the table's order, many of them in columns.
    label : str
        Column of the documents' names.
    """
    names = list(dict.fromkeys(table[label]))
    columns = 1 if len(names) <= MANY else max(2, math.ceil(len(names) / 60))
    rows = math.ceil(len(names) / columns)
    row = 0.24 if columns == 1 else 0.16
    fig, axes = subplots(1, columns, figsize=(WIDTH, 1 + row * rows), sharex=True, squeeze=False)
    place = {name: divmod(n, rows) for n, name in enumerate(names)}
    for (name, kind), part in table.groupby([label, "class"], sort=False):
        column, y = place[name]
        spans = np.c_[part["start"], part["end"] - part["start"]]
        # A thin edge, without which passages of long documents would be narrower than a pixel.
        _ = axes[0, column].broken_barh(
            spans, (y - 0.36, 0.72), color=STRIPS[kind][0], lw=0 if kind == "own" else 0.25, zorder=1 + (kind != "own")
        )
    for column, ax in enumerate(axes[0]):
        part = names[column * rows : (column + 1) * rows]
        ax.set_yticks(range(len(part)), part, fontsize=8 if columns == 1 else 7)
        ax.set_ylim(rows - 0.4, -0.6)
        ax.set_xlim(0, max(1, table["end"].max()))
        ax.xaxis.set_major_formatter(ExactTicks())
        ax.locator_params(axis="x", nbins=max(2, 10 // columns))
        ax.set_xlabel(tr("characters"))
        ax.spines["left"].set_visible(False)
        ax.tick_params(axis="y", length=0)
    classes = [kind for kind in STRIPS if (table["class"] == kind).any()]
    handles = [plt.Rectangle((0, 0), 1, 1, color=STRIPS[kind][0], lw=0) for kind in classes]
    fig.legend(
        handles,
        [display_name("class", STRIPS[kind][1]) for kind in classes],
        loc="outside upper left",
        ncols=max(1, len(classes)),
        fontsize=7.5,
    )
    return fig
