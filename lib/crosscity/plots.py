"""Pictures of tables. Each takes a frame and gives a figure; nothing is computed here but where things stand."""

import math

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

from .figures import COLOURS, WIDTH

MANY = 30  # more rows than this and single labels give way to distributions


def bars(table, label, value, xlabel, parts=None):
    """Horizontal bars in the table's order; stacked where `parts` names a column of kinds.

    Parameters
    ----------
    table : DataFrame
    label, value : str
        Columns.
    xlabel : str
    parts : str, optional
    """
    wide = (
        table.pivot_table(index=label, columns=parts, values=value, sort=False, aggfunc="sum")
        if parts
        else table.set_index(label)[[value]]
    )
    fig, ax = plt.subplots(figsize=(WIDTH, 1.2 + 0.24 * len(wide)))
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
            label=str(part),
        )
        left += width
    if not parts:
        for i, width in enumerate(left):
            _ = ax.text(width, i, f" {width:,.0f}", va="center", fontsize=7.5, color="#444444")
        ax.margins(x=0.1)
    ax.set_yticks(range(len(wide)), wide.index)
    ax.set_ylim(len(wide) - 0.4, -0.6)
    ax.set_xlabel(xlabel)
    ax.xaxis.set_major_formatter("{x:,.0f}")
    ax.spines["left"].set_visible(False)
    ax.tick_params(axis="y", length=0)
    if parts:
        fig.legend(loc="outside upper left", ncols=min(4, len(wide.columns)), fontsize=7.5)
    return fig


def distribution(table, label, value, xlabel):
    """Where the values of many rows lie: a histogram, its three smallest and three largest named."""
    fig, ax = plt.subplots(figsize=(WIDTH, 2.8))
    values = table[value].to_numpy(dtype=float)
    _ = ax.hist(values, bins="auto", color=COLOURS[5], edgecolor="white")
    _ = ax.plot(values, np.zeros(len(values)), "|", color="#333333", ms=8, mew=0.8, clip_on=False)
    ordered = table.sort_values([value, label])
    lines = [
        f"{side}: " + ", ".join(f"{r[label]} {r[value]:,.0f}" for r in rows.to_dict("records"))
        for side, rows in (("smallest", ordered.head(3)), ("largest", ordered.tail(3).iloc[::-1]))
    ]
    ax.set_title("\n".join(lines), fontsize=8)
    ax.set_xlabel(xlabel)
    ax.xaxis.set_major_formatter("{x:,.0f}")
    ax.set_ylabel("number")
    return fig


def term_panels(table, group, term, value, xlabel, low=None, high=None, hollow=None, columns=3):
    """A panel a group with its terms, in the table's order, as dots with intervals.

    Parameters
    ----------
    table : DataFrame
        At most twelve groups are readable.
    group, term, value : str
        Columns.
    low, high : str, optional
        Columns of interval ends; NaN for none.
    hollow : str, optional
        Column of truth values: these dots are drawn hollow.
    """
    groups = list(dict.fromkeys(table[group]))
    columns = min(columns, len(groups))
    rows = math.ceil(len(groups) / columns)
    most = int(table.groupby(group).size().max())
    fig, axes = plt.subplots(
        rows, columns, figsize=(WIDTH, rows * (0.62 + 0.185 * most) + 0.3), sharex=True, squeeze=False
    )
    for ax, name in zip(axes.flat, groups, strict=False):
        part = table[table[group] == name]
        y = np.arange(len(part))
        if low:
            ends = part[[low, high]].to_numpy(dtype=float)
            _ = ax.hlines(y, ends[:, 0], ends[:, 1], color=COLOURS[5], lw=2)
        else:
            _ = ax.hlines(y, 0, part[value], color=COLOURS[5], lw=1)
        open_ = part[hollow].to_numpy(dtype=bool) if hollow else np.zeros(len(part), dtype=bool)
        _ = ax.plot(part[value][~open_], y[~open_], "o", ms=4, color=COLOURS[0])
        _ = ax.plot(part[value][open_], y[open_], "o", ms=4, mec=COLOURS[0], mfc="white")
        ax.set_yticks(y, part[term])
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


def heat(table, label, annotate="{:.0%}", top=None):
    """A matrix as shades, with its numbers in the cells where there is room.

    Parameters
    ----------
    table : DataFrame
        Index and columns give the labels.
    label : str
        What the shade means.
    annotate : str
        Format of a number.
    top : float, optional
        The value of the darkest shade.
    """
    import seaborn as sns  # here, since it takes a second to load

    n, m = table.shape
    room = m <= 14 and n <= MANY
    row = 0.3 if room else min(0.26, 9 / n)
    height = max(2.2, 1.3 + row * n)
    column = (
        0.84 * (72 * WIDTH - max(_text_width(str(r), 8) for r in table.index)) / m
    )  # points; the rest is colour bar
    turned = max(_text_width(str(c), 8) for c in table.columns) > column - 5
    fig, ax = plt.subplots(figsize=(WIDTH, height))
    cells = table.map(lambda v: "" if pd.isna(v) else annotate.format(v)) if room else False
    _ = sns.heatmap(
        table, ax=ax, cmap="Blues", vmin=0, vmax=top, annot=cells, fmt="", annot_kws={"fontsize": 7},
        linewidths=0.4 if room else 0,
        cbar_kws={"label": label, "shrink": 0.7, "aspect": 25}, xticklabels=True, yticklabels=True,
    )  # fmt: skip
    ax.set_facecolor("#eeeeee")
    ax.set_xlabel("")
    ax.set_ylabel("")
    ax.tick_params(axis="x", length=0, rotation=60 if turned else 0, labelsize=min(8, 0.7 * column))
    if turned:
        plt.setp(ax.get_xticklabels(), ha="right", rotation_mode="anchor")
    ax.tick_params(axis="y", length=0, rotation=0, labelsize=min(8, 0.7 * 72 * row))
    return fig


def _text_width(text, size):
    """Width of a text in points, about: a Chinese character is as wide as it is high."""
    return size * sum(1 if c > "\u2e7f" else 0.6 for c in text)


def spread(table, xlabel, named=2):
    """A row a column of the table, a dot a group, the groups with the largest values named."""
    fig, ax = plt.subplots(figsize=(WIDTH, 1.1 + 0.42 * table.shape[1]))
    for y, column in enumerate(table.columns):
        values = table[column].dropna().sort_values(ascending=False, kind="stable")
        _ = ax.plot(values, np.full(len(values), y), "o", ms=3.5, color=COLOURS[0], alpha=0.35, mec="none")
        _ = ax.plot([values.median()], [y], "|", ms=13, mew=2, color=COLOURS[1])
        _ = ax.annotate(
            "、".join(map(str, values.index[:named])),
            (values.iloc[0], y),
            (6, 0),
            textcoords="offset points",
            fontsize=7,
            va="center",
            color="#333333",
        )
    ax.margins(x=0.12)
    ax.set_yticks(range(table.shape[1]), table.columns)
    ax.set_ylim(table.shape[1] - 0.4, -0.7)
    ax.tick_params(axis="y", length=0)
    ax.set_xlabel(xlabel)
    return fig


def pairs(table, value, xlabel):
    """Named pairs as dots in the table's order.

    Parameters
    ----------
    table : DataFrame
        Columns pair, set (the heading of a panel) and `value`.
    """
    sets = list(dict.fromkeys(table["set"]))
    most = int(table.groupby("set").size().max())
    fig, axes = plt.subplots(1, len(sets), figsize=(WIDTH, 1 + 0.22 * most), sharex=True, squeeze=False)
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
