"""Pictures of tables. Each takes a frame and gives a figure; nothing is computed here but where things stand."""

import math
import re
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import text_to_path

from .figures import COLOURS, WIDTH, figure_width, panel_grid, panels_across
from .language import called, gloss, listed, tr
from .layout import ems, shortened, wrapped

NAMED = 45  # topics that the key of their map has room for
MANY = 30  # more rows than this and single labels give way to distributions
PANELS = 16  # small panels in one figure
GREY = "#9a9a9a"  # what is not to be relied on
GLOSS: dict[str, Any] = {"fontsize": 6.5, "color": "#777777"}  # of what stands beside terms


def bars(table, label, value, xlabel, parts=None):
    """Horizontal bars in the table's order; stacked where `parts` names a column of kinds.

    Parameters
    ----------
    table : DataFrame
    label, value : str
        Columns.
    xlabel : str
    parts : str, optional
        Its values are called what `language.called` calls those of a column of this name.
    """
    wide = (
        table.pivot_table(index=label, columns=parts, values=value, sort=False, aggfunc="sum")
        if parts
        else table.set_index(label)[[value]]
    )
    across = panels_across(min(4, len(wide.columns)), 1.7)  # of the legend, which a column gives more lines
    more = math.ceil(len(wide.columns) / across) - math.ceil(len(wide.columns) / 4) if parts else 0
    fig, ax = plt.subplots(figsize=(figure_width(), 1.2 + 0.24 * len(wide) + 0.18 * more))
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
            label=called(parts or "", part),
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
        fig.legend(loc="outside upper left", ncols=across, fontsize=7.5)
    return fig


def distribution(table, label, value, xlabel):
    """Where the values of many rows lie: a histogram, its three smallest and three largest named."""
    fig, ax = plt.subplots(figsize=(figure_width(), 2.8))
    values = table[value].to_numpy(dtype=float)
    _ = ax.hist(values, bins="auto", color=COLOURS[5], edgecolor="white")
    _ = ax.plot(values, np.zeros(len(values)), "|", color="#333333", ms=8, mew=0.8, clip_on=False)
    ordered = table.sort_values([value, label])
    ends = ((tr("smallest"), ordered.head(3)), (tr("largest"), ordered.tail(3).iloc[::-1]))
    lines = [
        tr("{name}: {said}", name=side, said=listed(f"{r[label]} {r[value]:,.0f}" for r in rows.to_dict("records")))
        for side, rows in ends
    ]
    ax.set_title("\n".join(lines), fontsize=8)
    ax.set_xlabel(xlabel)
    ax.xaxis.set_major_formatter("{x:,.0f}")
    ax.set_ylabel(tr("number"))
    return fig


def fitted_glosses(terms, most):
    """Glosses of terms, none wider than so many points, and the width of the widest."""
    said, widest = [], 0.0
    for text in map(gloss, terms):
        while text.strip("…") and (width := _gloss_width(text)) > most:
            text = text.rstrip("…")[:-1].rstrip(" -") + "…"
        text = "" if len(text) < 4 and text.endswith("…") else text
        widest = max(widest, width) if text else widest
        said.append(text)
    return said, widest


def _gloss_width(text):
    """Width of a gloss in points, at any resolution."""
    return text_to_path.get_text_width_height_descent(text, FontProperties(size=GLOSS["fontsize"]), ismath=False)[0]


def glosses_beside(ax, glosses, width):
    """Glosses in a column between an axis and its names, one a tick; `glosses` and `width` of `fitted_glosses`."""
    if not width:
        return
    at = {"xycoords": ax.get_yaxis_transform(), "textcoords": "offset points", "annotation_clip": False}
    for y, text in zip(ax.get_yticks(), glosses, strict=True):
        if text:
            _ = ax.annotate(text, (0, y), (-width - 4, 0), ha="left", va="center_baseline", **GLOSS, **at)
    ax.tick_params(axis="y", pad=width + 8)


def term_panels(table, group, term, value, xlabel, low=None, high=None, hollow=None, columns=3, glossed=None):
    """A panel a group with its terms, in the table's order, as dots with intervals; in English, with their glosses.

    Parameters
    ----------
    table : DataFrame
        At most twelve groups are readable.
    group, term, value : str
        Columns.
    xlabel : str
    low, high : str, optional
        Columns of interval ends; NaN for none.
    hollow : str, optional
        Column of truth values: these dots are drawn hollow.
    columns : int
        Panels beside each other at most; two of up to six groups whose terms have glosses.
    glossed : str, optional
        Column of the terms, where `term` has more than they.
    """
    groups, glossed = list(dict.fromkeys(table[group])), glossed or term
    has_gloss = any(map(gloss, table[glossed]))
    most = int(table.groupby(group).size().max())
    columns = min(columns, 2 if has_gloss and len(groups) <= 6 else columns)
    rows, columns, size = panel_grid(len(groups), columns, 0.62 + 0.185 * most, 0.3)
    panel = 72 * size[0] / columns - 12  # points, of which names and glosses take three fifths at most
    room = 0.6 * panel - max(text_width(str(t), 8) for t in table[term]) - 12
    fig, axes = plt.subplots(rows, columns, figsize=size, sharex=True, squeeze=False)
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
        glosses_beside(ax, *fitted_glosses(part[glossed], room))
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


def collocations(table, columns=3):
    """A panel a node: its collocates as dots at log Dice, with intervals, in the table's order.

    Parameters
    ----------
    table : DataFrame
        node, collocate, log_dice, low, high (NaN: no interval); of `compare.collocations.collocations`, cut to what is to be shown.
    columns : int
        Panels beside each other at most.
    """
    fig = term_panels(table, "node", "collocate", "log_dice", "log Dice", "low", "high", columns=columns)
    ends = table[["log_dice", "low", "high"]]
    low, high = ends.min().min(), ends.max().max()  # 0 means nothing on this scale, and is far away
    fig.axes[0].set_xlim(low - 0.05 * (high - low) - 0.1, high + 0.05 * (high - low) + 0.1)
    return fig


def topic_terms(table, grey=(), columns=4):
    """A panel a topic: its first terms, with their glosses, over bars of their weight, in parts of the greatest.

    Parameters
    ----------
    table : DataFrame
        Columns panel (the heading), term, value; in the order of panels and terms.
    grey : collection
        Headings of topics that are drawn in grey.
    columns : int
        Panels beside each other at most.
    """
    panels = list(dict.fromkeys(table["panel"]))
    most = int(table.groupby("panel").size().max())
    rows, columns, size = panel_grid(len(panels), columns, 0.5 + 0.165 * most, least=1.7)
    fig, axes = plt.subplots(rows, columns, figsize=size, squeeze=False)
    for ax, name in zip(axes.flat, panels, strict=False):
        part = table[table["panel"] == name]
        y, width = np.arange(len(part)), part["value"] / part["value"].max()
        _ = ax.barh(y, width, height=0.86, color="#e4e4e4" if name in grey else "#c9e4f6")
        for at, term in zip(y, part["term"], strict=True):
            _ = ax.text(0.02, at, term, va="center", fontsize=8, color="#777777" if name in grey else "#111111")
            beyond = text_width(term, 8) + 4
            said, _width = fitted_glosses([term], 0.97 * (72 * size[0] / columns - 8) - beyond)
            _ = ax.annotate(said[0], (0.02, at), (beyond, 0), textcoords="offset points", va="center", **GLOSS)
        ax.set(xlim=(0, 1), ylim=(most - 0.4, -0.6), xticks=[], yticks=[])
        ax.set_title(folded(name, 15), fontsize=8, **faded(name in grey))
        ax.spines[:].set_visible(False)
    for ax in axes.flat[len(panels) :]:
        ax.set_visible(False)
    return fig


def heat(table, label, annotate="{:.0%}", top=None, glossed=False):
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
    glossed : bool
        Whether columns are terms, which have their glosses below.
    """
    import seaborn as sns  # here, since it takes a second to load

    n, m = table.shape
    room = m <= 14 and n <= MANY
    row = 0.3 if room else min(0.26, 9 / n)
    names = [f"{c} {shortened(gloss(c), 15)}".strip() if glossed else str(c) for c in table.columns]
    longer = max(text_width(c, 8) for c in names) - max(text_width(str(c), 8) for c in table.columns)
    height = max(2.2, 1.3 + row * n) + 0.8 * longer / 72
    column = 0.84 * (72 * WIDTH - max(text_width(str(r), 8) for r in table.index)) / m  # points; the rest is colour bar
    turned = max(text_width(c, 8) for c in names) > column - 5
    fig, ax = plt.subplots(figsize=(WIDTH, height))
    cells = table.map(lambda v: "" if pd.isna(v) else annotate.format(v)) if room else False
    _ = sns.heatmap(
        table, ax=ax, cmap="Blues", vmin=0, vmax=top, annot=cells, fmt="", annot_kws={"fontsize": 7},
        linewidths=0.4 if room else 0,
        cbar_kws={"label": label, "shrink": 0.7, "aspect": 25}, xticklabels=names, yticklabels=True,
    )  # fmt: skip
    ax.set_facecolor("#eeeeee")
    ax.set_xlabel("")
    ax.set_ylabel("")
    ax.tick_params(axis="x", length=0, rotation=60 if turned else 0, labelsize=min(8, 0.7 * column))
    if turned:
        plt.setp(ax.get_xticklabels(), ha="right", rotation_mode="anchor")
    ax.tick_params(axis="y", length=0, rotation=0, labelsize=min(8, 0.7 * 72 * row))
    return fig


def text_width(text, size):
    """Width of a text in points, about: a Chinese character is as wide as it is high."""
    return size * sum(1 if c > "\u2e7f" else 0.6 for c in text)


def faded(is_grey):
    return {"color": "#777777", "style": "italic"} if is_grey else {}


def spread(table, xlabel, named=2, low=None, high=None, grey=(), form="{x:g}", glossed=False):
    """A row a column of the table, a dot a group, a bar at the median; the groups with the largest values named.

    Parameters
    ----------
    table : DataFrame
        Index: groups; columns: rows of the figure.
    xlabel : str
    named : int
    low, high : DataFrame, optional
        Ends of intervals, which are drawn for the named; the axis ends at twice the largest value.
    grey : collection
        Columns that are drawn in grey.
    form : str
        Format of the axis.
    glossed : bool
        Whether columns are terms, which have their glosses beside them.
    """
    fig, ax = plt.subplots(figsize=(figure_width(), 1.1 + 0.42 * table.shape[1]))
    for y, column in enumerate(table.columns):
        dot, line = (GREY, "#bbbbbb") if column in grey else (COLOURS[0], COLOURS[1])
        values = table[column].dropna().sort_values(ascending=False, kind="stable")
        _ = ax.plot(values, np.full(len(values), y), "o", ms=3.5, color=dot, alpha=0.35, mec="none")
        _ = ax.plot([values.median()], [y], "|", ms=13, mew=2, color=line)
        first = values.index[:named]
        if low is not None:
            at = y + 0.2 + 0.13 * np.arange(len(first))
            _ = ax.hlines(at, low.loc[first, column], high.loc[first, column], color="#b5b5b5", lw=1)
        names, place = "、".join(map(str, first)), (values.iloc[0], y)
        _ = ax.annotate(names, place, (6, 0), textcoords="offset points", fontsize=7, va="center", color="#333333")
    ax.margins(x=0.12)
    if low is not None:
        most = np.nanmax(table.to_numpy())
        ax.set_xlim(0, min(2 * most, 1.02) if form.endswith("%}") and most <= 1 else 2 * most)
    ax.set_yticks(range(table.shape[1]), [folded(column, 16) for column in table.columns])
    for tick, column in zip(ax.get_yticklabels(), table.columns, strict=True):
        tick.set(**faded(column in grey))
    if glossed:
        glosses_beside(ax, *fitted_glosses(table.columns, 110))
    ax.set_ylim(table.shape[1] - 0.4, -0.7)
    ax.tick_params(axis="y", length=0)
    ax.xaxis.set_major_formatter(form)
    ax.set_xlabel(xlabel)
    return fig


def shares(table, panel, label, xlabel, grey=()):
    """`interval_panels` of at most twelve groups; of more, `spread`, with the intervals of those that it names."""
    if table[label].nunique() <= 12:
        return interval_panels(table, panel, label, tr("{label} (line: all documents)", label=xlabel), grey=grey)
    names = list(dict.fromkeys(table[panel]))
    index = {"index": label, "columns": panel, "dropna": False}
    wide, low, high = (table.pivot_table(c, **index)[names] for c in ("share", "low", "high"))
    said = tr("{label} (bar: median; lines: 95% intervals of the two named)", label=xlabel)
    return spread(wide, said, 2, low, high, grey, "{x:.0%}")


def interval_panels(table, panel, label, xlabel, columns=4, grey=()):
    """A panel a topic, a row a group: shares as dots with intervals, hollow where there is none, a line at the whole.

    Parameters
    ----------
    table : DataFrame
        Columns `panel`, `label`, share, low, high (NaN: no interval), whole (the share of all text).
    panel, label, xlabel : str
    columns : int
        Panels beside each other at most.
    grey : collection
        Panels that are drawn in grey.
    """
    panels, labels = list(dict.fromkeys(table[panel]))[:PANELS], list(dict.fromkeys(table[label]))
    rows, columns, size = panel_grid(len(panels), columns, 0.55 + 0.19 * len(labels), 0.5, least=1.7)
    fig, axes = plt.subplots(rows, columns, figsize=size, sharex=True, sharey=True, squeeze=False)
    for ax, name in zip(axes.flat, panels, strict=False):
        part = table[table[panel] == name].set_index(label).reindex(labels)
        dot, line = (GREY, "#cccccc") if name in grey else (COLOURS[0], COLOURS[5])
        y, sure = np.arange(len(labels)), part["low"].notna().to_numpy()
        _ = ax.axvline(part["whole"].mean(), color="#bbbbbb", lw=0.8, zorder=0)
        _ = ax.hlines(y[sure], part["low"][sure], part["high"][sure], color=line, lw=2)
        _ = ax.plot(part["share"][sure], y[sure], "o", ms=4, color=dot)
        _ = ax.plot(part["share"][~sure], y[~sure], "o", ms=4, mec=dot, mfc="white")
        ax.set_title(folded(name), fontsize=8, **faded(name in grey))
        ax.tick_params(axis="y", length=0)
        ax.tick_params(axis="x", labelbottom=True, labelsize=7)
        ax.xaxis.set_major_formatter("{x:.0%}")
    axes[0, 0].set_yticks(range(len(labels)), labels)
    axes[0, 0].set_ylim(len(labels) - 0.5, -0.5)
    for ax in axes.flat[len(panels) :]:
        ax.set_visible(False)
    for i in range(max(0, len(panels) - columns), len(panels)):
        axes.flat[i].set_xlabel(xlabel, fontsize=7)
    return fig


def folded(name, width=12):
    """A heading in lines of about `width` Chinese characters (in a column fewer), cut after middle dots and spaces."""
    lines, width = [""], width if figure_width() == WIDTH else 0.75 * width
    for piece in re.findall(r"[^· ]+[· ]*", str(name)):
        if lines[-1] and text_width(lines[-1] + piece.rstrip("· "), 1) > width:
            lines.append("")
        lines[-1] += piece
    return "\n".join(line.rstrip() for line in lines)


def choice(table, chosen):
    """What speaks for each number of topics: the table of `topics.quality.choose_k`, a panel a measure."""
    fig, axes = plt.subplots(1, 4, figsize=(WIDTH, 2.3))
    k = table["k"]
    _ = axes[0].fill_between(k, table["stability_low"], table["stability_high"], color=COLOURS[5], alpha=0.35, lw=0)
    _ = axes[0].plot(k, table["stability"], "o-", ms=3.5)
    _ = axes[1].plot(k, table["surviving"], "o-", ms=3.5, label=tr("found again"))
    _ = axes[1].plot(k, k, ":", color="#888888", label=tr("all"))
    error = table["npmi_held_se"].fillna(0)
    _ = axes[2].errorbar(k, table["npmi_held"], error, fmt="o-", ms=3.5, label=tr("documents left out"), capsize=2)
    _ = axes[2].plot(k, table["npmi"], "s--", ms=3, color=COLOURS[1], label=tr("documents of the fit"))
    _ = axes[3].plot(k, table["diversity"], "o-", ms=3.5, label=tr("diversity"))
    _ = axes[3].plot(k, table["exclusivity"], "s--", ms=3, color=COLOURS[1], label=tr("exclusivity"))
    titles = (tr("Stability in resamples"), tr("Topics found again"), tr("Coherence (NPMI)"), tr("Distinctness"))
    for ax, title in zip(axes, titles, strict=True):
        ax.set_title(title)
        ax.set_xlabel(tr("topics"))
        _ = ax.axvline(chosen, color="#333333", lw=0.8, ls="--", zorder=0)
        if ax.get_legend_handles_labels()[0]:
            ax.legend(fontsize=6.5, loc="best", handlelength=1.6, borderpad=0)
    axes[0].set_ylim(top=1.02)
    axes[3].set_ylim(top=1.02)
    return fig


def trends(table, lines, ylabel, columns=4, grey=()):
    """A panel a topic: shares by year as dots, the line of least squares with the interval of its slope.

    Parameters
    ----------
    table : DataFrame
        Columns name (the topic), year, share.
    lines : DataFrame
        Columns name, slope, low, high (a year; NaN: no interval), answer; of `topics.prevalence.trend`. A line is solid where
        there is a trend, and dotted where none is shown.
    ylabel : str
    columns : int
        Panels beside each other at most.
    grey : collection
        Topics that are drawn in grey.
    """
    topics = list(dict.fromkeys(table["name"]))[:PANELS]
    rows, columns, size = panel_grid(len(topics), columns, 1.45, 0.3, least=1.7)
    fig, axes = plt.subplots(rows, columns, figsize=size, sharex=True, squeeze=False)
    for ax, topic in zip(axes.flat, topics, strict=False):
        part = table[table["name"] == topic]
        line = lines[lines["name"] == topic].iloc[0]
        year, share = part["year"].to_numpy(dtype=float), part["share"].to_numpy(dtype=float)
        dot, stroke = (GREY, GREY) if topic in grey else (COLOURS[5], COLOURS[1])
        _ = ax.plot(year, share, "o", ms=3, color=dot, alpha=0.7, mec="none")
        x = np.array([year.min(), year.max()])
        y = np.nanmean(share) + line["slope"] * (x - year.mean())
        style = "-" if line["answer"] == "trend" else ":"
        _ = ax.plot(x, y, style, color=stroke, lw=1.5)
        if np.isfinite(line["low"]):
            fan = np.linspace(x[0], x[1], 30)
            ends = [np.nanmean(share) + line[end] * (fan - year.mean()) for end in ("low", "high")]
            _ = ax.fill_between(fan, *ends, color=stroke, alpha=0.15, lw=0)
        ax.set_title(folded(topic), fontsize=8, **faded(topic in grey))
        ax.set_ylim(bottom=0, top=max(1.05 * np.nanmax(share), 0.01))
        ax.yaxis.set_major_formatter("{x:.0%}")
        ax.yaxis.set_major_locator(plt.MaxNLocator(4, steps=[1, 2, 5, 10]))
        ax.tick_params(axis="both", labelsize=7, labelbottom=True)
        ax.xaxis.set_major_locator(plt.MaxNLocator(3, integer=True))
    for ax in axes.flat[len(topics) :]:
        ax.set_visible(False)
    for ax in axes[:, 0]:
        ax.set_ylabel(ylabel, fontsize=7)
    return fig


def precision(table, label, chance):
    """How often people found the intruder, a row a topic, with intervals; a line at what chance gives."""
    fig, ax = plt.subplots(figsize=(figure_width(), 1 + 0.24 * len(table)))
    y = np.arange(len(table))
    _ = ax.hlines(y, table["low"], table["high"], color=COLOURS[5], lw=2)
    _ = ax.plot(table["precision"], y, "o", ms=4.5, color=COLOURS[0])
    _ = ax.axvline(chance, color="#888888", lw=0.8, ls=":", zorder=0)
    ax.set_yticks(y, table[label])
    ax.set_ylim(len(table) - 0.5, -0.5)
    ax.set_xlim(-0.02, 1.02)
    ax.tick_params(axis="y", length=0)
    ax.xaxis.set_major_formatter("{x:.0%}")
    xlabel = tr("raters who found the word that does not belong (dotted: by chance)")
    ax.set_xlabel("\n".join(wrapped(xlabel, 24 if figure_width() < WIDTH else 99)))
    return fig


def pairs(table, value, xlabel):
    """Named pairs as dots in the table's order.

    Parameters
    ----------
    table : DataFrame
        Columns pair, set (the heading of a panel) and `value`.
    value, xlabel : str
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


def topic_map(table, shown=None):
    """Topics in a plane as numbered circles, whose area is their prevalence, and a key of their names beside.

    Topics that do not survive resampling are grey and dashed, in the key with †. What the picture says of itself
    (circles moved apart, how much of the distances the plane shows) stands in it; an alt text should say it as well.

    Parameters
    ----------
    table : DataFrame
        A row a topic, in their order: name (such as `topics.models.topic_names` give), x, y (of `topics.models.topic_map`),
        prevalence (a share), and, if it is known, survives. The key has room for 45 names.
    shown : float, optional
        Of `topics.models.map_share`.
    """
    size, line, n = 7.5, 11.5, len(table)
    survives = table["survives"].to_numpy(dtype=bool) if "survives" in table else np.ones(n, dtype=bool)
    shares = table["prevalence"].to_numpy(dtype=float)
    key = list(table["name"]) if n <= NAMED else [*table["name"][: NAMED - 1], tr("and {n} more", n=n - NAMED + 1)]
    whole = 72 * WIDTH - 8  # points, which are the axes' unit
    beside = min(max(map(ems, key)) * size, 0.36 * whole)
    width = whole - beside - 6.5 * size  # the rest is for the shares
    height = max(np.interp(n, [2, 8], [0.5, 0.9]) * width, line * len(key))
    centres, radii, moved = map_layout(table[["x", "y"]], shares, width, height, 0.8 * size)
    low, high = (centres[:, 1] - radii).min() - size, (centres[:, 1] + radii).max() + size
    height, centres = max(high - low, line * len(key)), centres - [0, high]
    said = wrapped(map_caption(moved, n, shown, not survives.all()), 145)
    below = 10 * len(said) + 6
    tall = height + below + 20  # 14 of it for the notes of `save_figure`
    fig = plt.figure(figsize=(WIDTH, tall / 72))
    fig.set_layout_engine("none")  # a point is a point
    ax = fig.add_axes((4 / 72 / WIDTH, 16 / tall, whole / 72 / WIDTH, (height + below) / tall))
    ax.set(xlim=(0, whole), ylim=(-height - below, 0))
    ax.axis("off")
    _ = ax.add_patch(plt.Rectangle((0, low - high), width, high - low, fc="none", ec="#cccccc", lw=0.8, clip_on=False))
    for t, ((x, y), radius, kept) in enumerate(zip(centres, radii, survives, strict=True), start=1):
        face, edge, dash = ("#cfe5f4", COLOURS[0], "-") if kept else ("#eeeeee", COLOURS[6], (0, (3, 2)))
        _ = ax.add_patch(plt.Circle((x, y), radius, fc=face, ec=edge, ls=dash, lw=1))
        _ = ax.text(x, y, str(t), ha="center", va="center_baseline", fontsize=size, color="#111111", zorder=3)
    for i, text in enumerate(key):
        at, y = width + 1.5 * size, -line * (i + 0.5)
        look: dict[str, Any] = {"va": "center", "fontsize": size, "color": "#111111" if survives[i] else "#555555"}
        _ = ax.text(at, y, shortened(text, beside / size), parse_math=False, **look)
        if text == table["name"].iloc[i]:
            _ = ax.text(whole - size, y, f"{shares[i]:.1%}", ha="right", **look)
            _ = ax.text(whole, y, "" if survives[i] else "†", ha="right", **look)
    for i, text in enumerate(said):
        _ = ax.text(0, -height - 10 * (i + 1) - 2, text, fontsize=7, color="#555555")
    return fig


def map_caption(moved, n, shown=None, fallen=False):
    """What a map of n topics must say of itself; `moved` as of `map_layout`, `shown` of `topics.models.map_share`."""
    said = tr(
        "The area of a circle is the topic's prevalence. Places are by classical scaling of Jensen-Shannon distances "
        "between the topics' terms"
    )
    if not (shown is None or pd.isna(shown)):
        said += tr(", of whose squares the plane shows {share:.0%}", share=shown)
    said += tr("; {n} of {all} circles are moved, so that none overlap.", n=moved, all=n) if moved else tr(".")
    return said + (tr(" †, grey and dashed: does not survive resampling.") if fallen else "")


def map_layout(places, prevalence, width, height, least):
    """Circles of a map in a box, pushed apart where they would overlap; the same for the same input.

    Parameters
    ----------
    places : array, shape (n, 2)
        Scaled alike on both axes.
    prevalence : sequence of float, length n
        Areas are proportional to it: together a fifth of the box, and none wider than a quarter of its lesser side;
        less where they would not fit.
    width, height : float
    least : float
        Half of the room that a circle needs at least, for its number.

    Returns
    -------
    centres : ndarray, shape (n, 2)
        From the lower left corner; as radii, rounded to two decimals.
    radii : ndarray, shape (n,)
    moved : int
        Circles that stand elsewhere than their places by more than a hundredth of the box's lesser side.
    """
    places, share = np.asarray(places, dtype=float), np.nan_to_num(np.asarray(prevalence, dtype=float))
    box, side = np.array([width, height]), min(width, height)
    radii = np.sqrt(share / max(share.sum(), 1e-12) * width * height / 5 / np.pi)
    radii *= min(1, side / 8 / max(radii.max(), 1e-12))
    room = np.maximum(radii, least) + side / 200
    extent = np.ptp(places, axis=0)
    scale = ((box - 2 * room.max()) / np.maximum(extent, 1e-9)).min() if extent.any() else 0
    for _ in range(8):  # pushed apart they may need more than the box: then they begin nearer to each other
        true = scale * (places - places.min(axis=0) - extent / 2)
        centres = _pushed(true, room, side)
        low, high = (centres - room[:, None]).min(axis=0), (centres + room[:, None]).max(axis=0)
        fit = ((box - side / 25) / (high - low)).min()
        if fit >= 1:
            break
        scale *= fit
    fit, middle = min(fit, 1), (low + high) / 2
    moved = int((np.hypot(*(centres - true).T) * fit > side / 100).sum())
    return np.round((centres - middle) * fit + box / 2, 2), np.round(radii * fit, 2), moved


def _pushed(centres, room, side):
    """Circles that need so much room each, moved by small steps until none overlaps another."""
    turn = np.arange(len(centres)) * np.pi * (3 - np.sqrt(5))  # no two alike: a way to go for those on one place
    nudge = 1e-3 * side * np.stack([np.cos(turn), np.sin(turn)], axis=1)
    for _ in range(2000):
        away = centres[:, None] - centres[None]
        far = np.hypot(away[..., 0], away[..., 1])
        lacking = np.maximum(room[:, None] + room - far, 0)
        np.fill_diagonal(lacking, 0)
        if lacking.max() < 1e-3 * side:
            break
        away = np.where(far[..., None] > 1e-3 * side, away, nudge[:, None] - nudge)
        away = away / np.maximum(np.hypot(away[..., 0], away[..., 1]), 1e-12)[..., None]
        step = 0.4 * (away * lacking[..., None]).sum(axis=1)
        centres = centres + step * np.minimum(1, side / 50 / np.maximum(np.hypot(*step.T), 1e-12))[:, None]
    return centres


STRIPS = {  # classes of `words.reuse.strips` as the legend has them; own text stays in the background
    "reference": (COLOURS[7], "in a reference"),
    "central": (COLOURS[0], "in many documents"),
    "shared": (COLOURS[4], "in some"),
    "own": ("#dddddd", "own"),
}


def strips(table, label="doc_id"):
    """A thin bar a document, from its first character to its last, coloured by what its text is.

    Parameters
    ----------
    table : DataFrame
        As `words.reuse.strips` gives it; documents are drawn in the table's order, of many some beside the others.
    label : str
        Column of the documents' names.
    """
    names = list(dict.fromkeys(table[label]))
    columns = 1 if len(names) <= MANY else max(2, math.ceil(len(names) / 60))
    rows = math.ceil(len(names) / columns)
    row = 0.24 if columns == 1 else 0.16
    fig, axes = plt.subplots(1, columns, figsize=(WIDTH, 1 + row * rows), sharex=True, squeeze=False)
    place = {name: divmod(n, rows) for n, name in enumerate(names)}
    for (name, kind), part in table.groupby([label, "class"], sort=False):
        column, y = place[name]
        spans = np.c_[part["start"], part["end"] - part["start"]]
        # A hair of an edge, or passages of long documents would be thinner than a dot of the picture.
        _ = axes[0, column].broken_barh(
            spans, (y - 0.36, 0.72), color=STRIPS[kind][0], lw=0 if kind == "own" else 0.25, zorder=1 + (kind != "own")
        )
    for column, ax in enumerate(axes[0]):
        part = names[column * rows : (column + 1) * rows]
        ax.set_yticks(range(len(part)), part, fontsize=8 if columns == 1 else 7)
        ax.set_ylim(rows - 0.4, -0.6)
        ax.set_xlim(0, max(1, table["end"].max()))
        ax.xaxis.set_major_formatter("{x:,.0f}")
        ax.locator_params(axis="x", nbins=max(2, 10 // columns))
        ax.set_xlabel(tr("characters"))
        ax.spines["left"].set_visible(False)
        ax.tick_params(axis="y", length=0)
    shown = [kind for kind in STRIPS if (table["class"] == kind).any()]
    handles = [plt.Rectangle((0, 0), 1, 1, color=STRIPS[kind][0], lw=0) for kind in shown]
    fig.legend(
        handles,
        [called("class", STRIPS[kind][1]) for kind in shown],
        loc="outside upper left",
        ncols=max(1, len(shown)),
        fontsize=7.5,
    )
    return fig
