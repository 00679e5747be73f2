"""Figures of results and targets: each document against the line of equality, and gaps by province."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from ..compare.indicators import read_indicators
from ..language import current_language, tr
from .indicators import WIDE, draw_bound, scale_axis
from .maps import place_labels
from .style import COLOURS, WIDTH, subplots
from .text import wrap

if TYPE_CHECKING:
    from collections.abc import Collection

    import numpy.typing as npt
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.text import Text

PANELS, GAP_PANELS = 6, 4  # indicators of which most documents give result and target
FEWEST = 10  # documents that give both, unless no indicator has so many


class Labels(NamedTuple):
    """The labels of a scatter, the points that they name, and what they must not cover.

    Attributes
    ----------
    texts : list of Text
    at : list of tuple of float
        The point of each text.
    dots : ndarray, shape (n_documents, 2)
    arrows : ndarray, shape (n_documents, 2)
        From each dot to the head of its arrow, in points.
    """

    texts: list[Text]
    at: list[tuple[float, float]]
    dots: npt.NDArray[Any]
    arrows: npt.NDArray[Any]


def paired_indicators(results: pd.DataFrame) -> list[str]:
    """Indicators by how many documents give result and target: those with at least ten, or else the first."""
    pairs = results.dropna(subset=["gap"]).groupby("indicator").size().reset_index(name="n")
    pairs = pairs.sort_values(["n", "indicator"], ascending=[False, True])
    is_enough = pairs["n"] >= FEWEST
    chosen = pairs[is_enough] if is_enough.any() else pairs.head(1)
    return chosen["indicator"].tolist()[:PANELS]


def results_against_targets(
    results: pd.DataFrame, missing: pd.DataFrame, named: int = 4, unnamed: Collection[str] = ()
) -> Figure:
    """Last year's result and this year's target of each document, and the line where they are equal.

    Parameters
    ----------
    results, missing : DataFrame
        As from `compare.targets.results_and_targets`.
    named : int
        How many documents, the farthest from the line, are named if there is room.
    unnamed : collection of str
        Documents (doc_id) that are not named, since they are not whole.
    """
    names = paired_indicators(results)
    rule_of = {r.indicator: r for r in read_indicators()}
    absent = missing.set_index(["indicator", "part"])["n"]
    columns = min(2, max(1, len(names)))
    rows = math.ceil(len(names) / columns) or 1
    fig, axes = subplots(rows, columns, figsize=(WIDTH, 3.35 * rows), squeeze=False)
    labels = {}
    for ax, name in zip(axes.flat, names, strict=False):
        part = results[(results["indicator"] == name) & results["gap"].notna()]
        labels[ax] = _scatter(ax, part, named, unnamed)
        rule = rule_of[name]
        lacking = {"result": absent[name, "result"], "target": absent[name, "target"]}
        lines = [rule.gloss] if current_language() == "en" else []
        lines += [f"{rule.name} · n = {len(part)}", tr("without: result {result}, target {target}", **lacking)]
        ax.set_title("\n".join(lines), fontsize=7.5)
        ax.set_xlabel(tr("last year's result ({unit})", unit=rule.unit))
        ax.set_ylabel(tr("this year's target ({unit})", unit=rule.unit))
    for ax in axes.flat[len(names) :]:
        ax.set_axis_off()
    fig.get_layout_engine().set(rect=(0, 0.025, 1, 0.975))  # type: ignore[union-attr, call-arg]  # room for the notes
    fig.canvas.draw()
    fig.set_layout_engine("none")  # texts are placed by pixels: axes must stay
    for ax, (texts, at, dots, arrows) in labels.items():
        if texts:
            heads = ax.transData.inverted().transform(ax.transData.transform(dots) + arrows * fig.dpi / 72)
            place_labels(ax, texts, at, np.vstack([dots, heads]))
    return fig


def _scatter(ax: Axes, part: pd.DataFrame, named: int, unnamed: Collection[str]) -> Labels:
    """Draw the points of a panel, and the names of the farthest, which are to be placed."""
    ends = part[["target", "target_upper"]].to_numpy(dtype=float)
    x, y = part["result"].to_numpy(dtype=float), np.nanmean(ends, axis=1)
    known = np.concatenate([x, ends[~np.isnan(ends)]])
    log = part["unit"].iloc[0] != "%" and known.min() > 0 and known.max() / known.min() > WIDE
    scale_axis(ax.xaxis, known, log, 0.06)
    scale_axis(ax.yaxis, known, log, 0.06)
    low, high = ax.get_xlim()
    _ = ax.plot([low, high], [low, high], color="#bbbbbb", lw=1, zorder=0)
    _ = ax.vlines(x, ends[:, 0], np.fmax(ends[:, 0], ends[:, 1]), color=COLOURS[0], lw=2, alpha=0.5)
    for at, height, qualifier in zip(x, y, part["target_qualifier"], strict=True):
        draw_bound(ax, at, height, qualifier, vertical=True)
    _ = ax.plot(x, y, "o", ms=4, mfc=COLOURS[0], mec="white", mew=0.3, alpha=0.65, ls="", zorder=3)
    far = np.abs(np.log(y / x) if log else y - x).round(9)
    whole = ~part["doc_id"].isin(list(unnamed)).to_numpy()
    order = sorted(np.flatnonzero(whole), key=lambda i: (-far[i], i))[:named]
    texts = [ax.text(x[i], y[i], part["city"].iloc[i], fontsize=7.5, ha="center", va="center") for i in order]
    signs = part["target_qualifier"].map({">=": 1, ">": 1, "<=": -1, "<": -1}).fillna(0).to_numpy(dtype=float)
    arrows = np.column_stack([0 * signs, 8 * signs])
    return Labels(texts, [(x[i], y[i]) for i in order], np.column_stack([x, y]), arrows)


def gaps_by_province(table: pd.DataFrame) -> Figure:
    """Mean of target less result by province: dots with intervals; hollow, without one, for under three documents.

    Parameters
    ----------
    table : DataFrame
        As from `compare.targets.gaps`.
    """
    counts = table[table["unit"] == "%"].groupby("indicator")["n"].sum().reset_index()
    names = counts.sort_values(["n", "indicator"], ascending=[False, True])["indicator"].tolist()[:GAP_PANELS]
    rule_of = {r.indicator: r for r in read_indicators()}
    table = table[table["indicator"].isin(names)]
    first = table[table["indicator"] == names[0]] if names else table
    places = first.sort_values(["mean", "province"])["province"].tolist()
    places += sorted(set(table["province"]) - set(places))
    fig, axes = subplots(1, max(1, len(names)), figsize=(WIDTH, 1.5 + 0.17 * len(places)), sharey=True, squeeze=False)
    for ax, name in zip(axes.flat, names, strict=False):
        part = table[table["indicator"] == name].set_index("province")
        y = np.array([places.index(p) for p in part.index])
        few = part["low"].isna().to_numpy()
        _ = ax.hlines(y, part["low"], part["high"], color=COLOURS[5], lw=2)
        _ = ax.plot(part["mean"][~few], y[~few], "o", ms=4.5, color=COLOURS[0])
        _ = ax.plot(part["mean"][few], y[few], "o", ms=4.5, mec=COLOURS[0], mfc="white")
        ax.axvline(0, color="#bbbbbb", lw=0.8, zorder=0)
        ax.grid(axis="y", color="#eeeeee", lw=0.8)
        ax.set_axisbelow(True)
        ax.xaxis.set_major_locator(MaxNLocator(4))
        ax.tick_params(axis="y", length=0)
        above = wrap(rule_of[name].gloss, 20) if current_language() == "en" else []
        ax.set_title("\n".join([*above, rule_of[name].name]), fontsize=7.5)
        ax.set_xlabel(tr("percentage points"), fontsize=7.5)
    if places:
        axes[0, 0].set_yticks(range(len(places)), places, fontsize=7.5)
        axes[0, 0].set_ylim(len(places) - 0.4, -0.6)
    marks = [Line2D([], [], ls="", marker="o", color=COLOURS[0]), Line2D([], [], ls="", marker="o", mfc="white")]
    marks[1].set_markeredgecolor(COLOURS[0])
    words = [tr("mean of target less result, t interval of 0.95"), tr("under three documents; no dot: not reported")]
    fig.legend(marks, words, loc="outside upper left", ncols=2, fontsize=7.5)
    return fig
