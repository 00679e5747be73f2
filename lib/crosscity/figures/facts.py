"""Figures of facts by group: questions, themes by stance, and programmes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

from ..compare.questions import STANCES
from ..inference import MIN_PARAGRAPHS
from ..language import display_name, tr
from .style import COLOURS, WIDTH, point_figure, subplots
from .text import ems, shorten

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MOST = 12  # groups with a column or a panel each
SHARED = (25, 12)  # programmes and groups of the dot matrix
SIZE = 8  # points of names
NOTES = 20  # points at the bottom, for the notes of `style.save_figure`
_HATCHED: dict[str, Any] = {"fc": "#f5f5f5", "ec": "#b0b0b0", "hatch": "////", "lw": 0}
# Colours that differ in lightness as well, so that neighbours remain distinct in a grey print.
_STANCES = dict(zip(STANCES, ["#0072B2", "#D55E00", "#E69F00", "#56B4E9", "#999999", "#dddddd"], strict=True))
_REACHES = {
    "own": "#0072B2",
    "provincial": "#009E73",
    "shared": "#56B4E9",
    "central": "#E69F00",
    "unknown": "#dddddd",
}


def presence(matrix: pd.DataFrame) -> Figure:
    """Questions by groups: the number of sentences that answer, as shades and numbers; hatched where there is none.

    For more than twelve groups, a bar for each question: how many groups answer it.

    Parameters
    ----------
    matrix : DataFrame of int, shape (n_questions, n_groups)
        Of `compare.answers.answer_counts`.
    """
    n, m = matrix.shape
    if m > MOST:
        return _answer_counts(matrix)
    values = matrix.to_numpy(dtype=float)
    note = tr("hatched: not reported, which does not mean absent")
    fig, ax = _cells([display_name("question", q) for q in matrix.index], matrix.columns, note)
    # A shade for each doubling: one sentence and two differ more than 20 and 21.
    level = np.where(values > 0, np.log2(np.maximum(values, 1)) + 1, 0)
    top = max(level.max(), 4)
    for i, j in np.ndindex(n, m):
        if not values[i, j]:
            _ = ax.add_patch(plt.Rectangle((j + 0.04, i + 0.06), 0.92, 0.88, **_HATCHED))
            continue
        shade = plt.get_cmap("Blues")(0.12 + 0.78 * level[i, j] / top)
        _ = ax.add_patch(plt.Rectangle((j + 0.04, i + 0.06), 0.92, 0.88, fc=shade, lw=0))
        dark = level[i, j] > 0.55 * top
        text = f"{values[i, j]:,.0f}"
        _ = ax.text(j + 0.5, i + 0.5, text, ha="center", va="center", fontsize=SIZE, color="w" if dark else "#222222")
    return fig


def _answer_counts(matrix: pd.DataFrame) -> Figure:
    counts = (matrix > 0).sum(axis=1)
    fig, ax = subplots(figsize=(WIDTH, 0.9 + 0.26 * len(counts)))
    _ = ax.barh(range(len(counts)), matrix.shape[1], height=0.72, **_HATCHED)
    _ = ax.barh(range(len(counts)), counts, height=0.72, color=COLOURS[0])
    for i, count in enumerate(counts):
        _ = ax.text(matrix.shape[1], i, f"  {count}", va="center", fontsize=SIZE, color="#333333")
    ax.set_yticks(range(len(counts)), [shorten(display_name("question", q), 26) for q in counts.index])
    ax.set(xlim=(0, 1.06 * matrix.shape[1]), ylim=(len(counts) - 0.5, -0.5))
    ax.set_xlabel(tr("groups that answer, of {n} (hatched: not reported)", n=matrix.shape[1]))
    ax.xaxis.set_major_locator(plt.MaxNLocator(integer=True))
    ax.tick_params(axis="y", length=0)
    return fig


def theme_by_stance(table: pd.DataFrame) -> Figure:
    """The stances of each theme's sentences, as bars stacked to 100%, a panel for each group; many groups are pooled.

    Parameters
    ----------
    table : DataFrame
        Of `compare.systems.theme_by_stance`. The number of paragraphs follows each bar; bars of fewer than eight
        paragraphs are thin.
    """
    groups = sorted(set(table["group"]))
    if len(groups) > MOST:
        key = ["theme", "stance"]
        counts = table.drop_duplicates(["group", "theme"]).groupby("theme")["paragraphs"].sum()
        table = table.groupby(key)[["characters"]].sum().reset_index()
        everyone = tr("all {n} groups", n=len(groups))
        table = table.assign(paragraphs=table["theme"].map(counts), group=everyone)
        table["share"] = table["characters"] / table.groupby("theme")["characters"].transform("sum")
        groups = [everyone]
    size = table.drop_duplicates(["group", "theme"]).groupby("theme")["paragraphs"].sum()
    themes = ["all", *sorted(set(size.index) - {"all"}, key=lambda t: (-size[t], t))]
    columns = min(len(groups), 1 if len(groups) == 1 else 2 if len(groups) in (2, 4) else 3)
    rows = -(-len(groups) // columns)
    height = rows * (0.42 + 0.17 * len(themes)) + 0.62
    fig, axes = subplots(rows, columns, figsize=(WIDTH, height), sharey=True, squeeze=False)
    for ax, group in zip(axes.flat, groups, strict=False):
        part = table[table["group"] == group]
        wide = part.pivot_table(index="theme", columns="stance", values="share").reindex(themes)
        numbers = part.drop_duplicates("theme").set_index("theme")["paragraphs"].reindex(themes).fillna(0)
        left, height = np.zeros(len(themes)), np.where(numbers < MIN_PARAGRAPHS, 0.34, 0.8)
        for stance, colour in _STANCES.items():
            width = wide[stance].fillna(0).to_numpy() if stance in wide else np.zeros(len(themes))
            _ = ax.barh(range(len(themes)), width, left=left, height=height, color=colour, ec="white", lw=0.4)
            left += width
        for i, number in enumerate(numbers):
            text = f"{number:,.0f}" if number else "–"
            _ = ax.text(1.03 if number else 0.01, i, text, va="center", fontsize=7, color="#555555")
        ax.set_title(shorten(group, 16))
        ax.set(xlim=(0, 1.18 if columns > 1 else 1.08), ylim=(len(themes) - 0.5, -0.6))
        ax.set_xticks([0, 0.5, 1], ["0%", "50%", "100%"], fontsize=7)
        ax.spines[["left", "bottom"]].set_visible(False)
        ax.tick_params(axis="y", length=0)
        ax.axhline(0.5, color="#888888", lw=0.6)
    axes[0, 0].set_yticks(range(len(themes)), [display_name("theme", theme) for theme in themes])
    for ax in axes.flat[len(groups) :]:
        ax.set_visible(False)
    note = tr("share of characters; behind: paragraphs; thin: fewer than {n}", n=MIN_PARAGRAPHS)
    _draw_legend(fig, "stance", _STANCES, note)
    return fig


def programmes_by_reach(table: pd.DataFrame, unnamed: Collection[str] = ()) -> Figure:
    """Programmes of each group as bars stacked by reach; of more than thirty groups, those with most and with fewest.

    Parameters
    ----------
    table : DataFrame
        Of `compare.programmes.programme_table`. A programme of several groups counts in each.
    unnamed : collection of str
        Groups that are not among those with most or fewest, since their documents are not whole.
    """
    rows = table[["canonical", "reach", "groups"]].explode("groups").dropna().reset_index(drop=True)
    # Corpora without a document of a province have no programme of one.
    reaches = {reach: c for reach, c in _REACHES.items() if reach != "provincial" or (rows["reach"] == reach).any()}
    wide = pd.crosstab(rows["groups"], rows["reach"]).reindex(columns=list(reaches), fill_value=0)
    wide = wide.assign(total=wide.sum(axis=1)).rename_axis("group").reset_index()
    wide = wide.sort_values(["total", "group"], ascending=[False, True])
    left_out = max(len(wide) - 30, 0)
    if left_out:
        whole = wide[~wide["group"].isin(list(unnamed))]
        wide = pd.concat([whole.head(25), whole.tail(5)])
    fig, ax = subplots(figsize=(WIDTH, 1.1 + 0.22 * len(wide)))
    left, y = np.zeros(len(wide)), np.arange(len(wide), dtype=float)
    if left_out:
        y[25:] += 0.7
    for reach, colour in reaches.items():
        _ = ax.barh(y, wide[reach], left=left, height=0.74, color=colour, ec="white", lw=0.5)
        left += wide[reach].to_numpy()
    for at, total in zip(y, left, strict=True):
        _ = ax.text(total, at, f" {total:,.0f}", va="center", fontsize=7.5, color="#444444")
    ax.set_yticks(y, [shorten(g, 14) for g in wide["group"]])
    ax.set_ylim(y.max() + 0.6, -0.6)
    ax.margins(x=0.08)
    xlabel = tr("named programmes, not per length of text")
    if left_out:
        xlabel += tr(" ({n} groups between are left out)", n=left_out)
    ax.set_xlabel(xlabel)
    ax.xaxis.set_major_locator(plt.MaxNLocator(integer=True))
    ax.xaxis.set_major_formatter("{x:,.0f}")
    ax.spines["left"].set_visible(False)
    ax.tick_params(axis="y", length=0)
    _draw_legend(fig, "reach", reaches, "")
    return fig


def shared_programmes(table: pd.DataFrame) -> Figure | None:
    """Programmes that several groups have, as dots: at most 25 of them, and 12 groups.

    The centre's come last, since what the centre asks of all is no sign of exchange; within both parts, those that most
    groups have come first.

    Parameters
    ----------
    table : DataFrame
        Of `compare.programmes.programme_table`.

    Returns
    -------
    Figure or None
        None if no two groups share a programme.
    """
    both = table[table["groups"].map(len) > 1]
    both = both.assign(n=both["groups"].map(len), last=both["reach"] == "central").sort_values(
        ["last", "n", "mentions", "canonical"], ascending=[True, False, False, True]
    )
    first, pairs = both.head(SHARED[0]), both[["canonical", "groups"]].explode("groups")
    if first.empty:
        return None
    counts = pairs["groups"].value_counts()
    groups = sorted(sorted(counts.index, key=lambda g: (-counts[g], g))[: SHARED[1]])
    notes, many = [], len(groups) < len(counts)
    if len(first) < len(both):
        notes.append(tr("{n} of {all} programmes that several groups have", n=len(first), all=len(both)))
    if many:
        note = tr("{n} of {all} groups, those with most; last column: how many have it", n=len(groups), all=len(counts))
        notes.append(note)
    names = [*groups, tr("all")] if many else groups
    key = {reach: colour for reach, colour in _REACHES.items() if reach in set(first["reach"])}
    fig, ax = _cells(first["canonical"], names, " · ".join(notes), key)
    for i, row in enumerate(first.to_dict("records")):
        ax.axhline(i + 0.5, color="#e4e4e4", lw=0.7, zorder=0)
        at = [j for j, group in enumerate(groups) if group in row["groups"]]
        edge: dict[str, Any] = {"color": _REACHES[row["reach"]], "mec": "#777777", "mew": 0.5}
        _ = ax.plot([j + 0.5 for j in at], [i + 0.5] * len(at), "o", ms=6.5, **edge)
        if len(names) > len(groups):
            _ = ax.text(len(groups) + 0.5, i + 0.5, f"{row['n']}", ha="center", va="center", fontsize=7.5)
    return fig


def _cells(
    rows: Iterable[str], columns: Iterable[str], note: str, key: Mapping[str, str] | None = None
) -> tuple[Figure, Axes]:
    """A figure with axes of unit cells, the first row on top, names on the left and above, and a note below."""
    names, heads = [shorten(r, 18) for r in rows], [shorten(c, 9) for c in columns]
    left = 12 + SIZE * max(map(ems, names))
    width = 72 * WIDTH - left - 8
    cell = min(width / len(heads), 90)
    is_turned = max(map(ems, heads)) * SIZE > cell - 4
    above = 12 + (SIZE * max(map(ems, heads)) if is_turned else SIZE + 4)
    under = NOTES + 6 + 13 * bool(note) + 18 * bool(key)
    row = 19 if len(names) <= MOST else 15.5
    tall = above + under + row * len(names)
    fig = point_figure(tall)
    ax = fig.add_axes((left / 72 / WIDTH, under / tall, cell * len(heads) / 72 / WIDTH, row * len(names) / tall))
    ax.set(xlim=(0, len(heads)), ylim=(len(names), 0))
    ax.set_xticks(np.arange(len(heads)) + 0.5, heads, rotation=90 if is_turned else 0)
    ax.set_yticks(np.arange(len(names)) + 0.5, names)
    ax.xaxis.tick_top()
    ax.tick_params(length=0, labelsize=SIZE)
    ax.spines[:].set_visible(False)
    if note:
        at = NOTES + 18 * bool(key)
        _ = fig.text(8 / 72 / WIDTH, at / tall, note, fontsize=7, color="#444444", parse_math=False)
    if key:
        _draw_legend(fig, "reach", key, "", loc=(6 / 72 / WIDTH, (NOTES - 4) / tall))
    return fig, ax


def _draw_legend(
    fig: Figure, kind: str, colours: Mapping[str, str], title: str, loc: Any = "outside upper left"
) -> None:
    """Draw a legend of colours, by the names that `language.called` gives the values of a kind."""
    patches = [plt.Rectangle((0, 0), 1, 1, fc=c, ec="#777777", lw=0.4) for c in colours.values()]
    about = {"ncols": len(colours), "fontsize": 7.5, "title": title or None, "title_fontsize": 7.5, "handlelength": 1.2}
    names = [display_name(kind, value) for value in colours]
    _ = fig.legend(patches, names, loc=loc, columnspacing=1.2, alignment="left", **about)
