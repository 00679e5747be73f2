"""Figures of topics: their terms, the choice of k, trends, the precision of raters, and a map."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

from ..language import tr
from .basic import ACROSS, GREY, PANELS
from .style import COLOURS, WIDTH, ExactTicks, figure_width, panel_grid, point_figure, subplots
from .text import GLOSS, ems, faded_font, fit_glosses, fold_heading, shorten, text_width, wrap

if TYPE_CHECKING:
    from collections.abc import Collection

    import numpy.typing as npt
    from matplotlib.figure import Figure

NAMED = 45  # topics that the key of a map has room for


class MapLayout(NamedTuple):
    """Circles in a box.

    Attributes
    ----------
    centres : ndarray, shape (n, 2)
        From the lower left corner; rounded to two decimals, as are radii.
    radii : ndarray, shape (n,)
    moved : int
        Circles that were moved from their places by more than a hundredth of the box's lesser side.
    """

    centres: npt.NDArray[Any]
    radii: npt.NDArray[Any]
    moved: int


def topic_terms(table: pd.DataFrame, grey: Collection[str] = ()) -> Figure:
    """A panel for each topic: its first terms, with glosses, over bars of their weights relative to the greatest.

    Parameters
    ----------
    table : DataFrame
        Columns panel (the heading), term, value; in the order of panels and terms.
    grey : collection
        Headings of topics to draw in grey.
    """
    panels = list(dict.fromkeys(table["panel"]))
    most = int(table.groupby("panel").size().max())
    rows, columns, size = panel_grid(len(panels), ACROSS, 0.5 + 0.165 * most, least=1.7)
    fig, axes = subplots(rows, columns, figsize=size, squeeze=False)
    for ax, name in zip(axes.flat, panels, strict=False):
        part = table[table["panel"] == name]
        y, width = np.arange(len(part)), part["value"] / part["value"].max()
        _ = ax.barh(y, width, height=0.86, color="#e4e4e4" if name in grey else "#c9e4f6")
        for at, term in zip(y, part["term"], strict=True):
            _ = ax.text(0.02, at, term, va="center", fontsize=8, color="#777777" if name in grey else "#111111")
            beyond = text_width(term, 8) + 4
            (its_gloss,), _ = fit_glosses([term], 0.97 * (72 * size[0] / columns - 8) - beyond)
            _ = ax.annotate(its_gloss, (0.02, at), (beyond, 0), textcoords="offset points", va="center", **GLOSS)
        ax.set(xlim=(0, 1), ylim=(most - 0.4, -0.6), xticks=[], yticks=[])
        ax.set_title(fold_heading(name, 15), fontsize=8, **faded_font(name in grey))
        ax.spines[:].set_visible(False)
    for ax in axes.flat[len(panels) :]:
        ax.set_visible(False)
    return fig


def choice(table: pd.DataFrame, chosen: int) -> Figure:
    """Measures by number of topics, a panel each, from the table of `topics.quality.choose_k`; dashed: the choice."""
    fig, axes = subplots(1, 4, figsize=(WIDTH, 2.3))
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


def trends(table: pd.DataFrame, lines: pd.DataFrame, ylabel: str, grey: Collection[str] = ()) -> Figure:
    """A panel for each topic: shares by year as dots, the least-squares line with the interval of its slope.

    Parameters
    ----------
    table : DataFrame
        Columns name (the topic), year, share.
    lines : DataFrame
        Columns name, slope, low, high (per year; NaN: no interval), answer; of `topics.prevalence.trend`. Lines are
        solid if there is a trend, and dotted if none is shown.
    ylabel : str
    grey : collection
        Topics to draw in grey.
    """
    topics = list(dict.fromkeys(table["name"]))[:PANELS]
    rows, columns, size = panel_grid(len(topics), ACROSS, 1.45, 0.3, least=1.7)
    fig, axes = subplots(rows, columns, figsize=size, sharex=True, squeeze=False)
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
        ax.set_title(fold_heading(topic), fontsize=8, **faded_font(topic in grey))
        ax.set_ylim(bottom=0, top=max(1.05 * np.nanmax(share), 0.01))
        ax.yaxis.set_major_formatter(ExactTicks(percent=True))
        ax.yaxis.set_major_locator(plt.MaxNLocator(4, steps=[1, 2, 5, 10]))
        ax.tick_params(axis="both", labelsize=7, labelbottom=True)
        ax.xaxis.set_major_locator(plt.MaxNLocator(3, integer=True))
    for ax in axes.flat[len(topics) :]:
        ax.set_visible(False)
    for ax in axes[:, 0]:
        ax.set_ylabel(ylabel, fontsize=7)
    return fig


def precision(table: pd.DataFrame, label: str, chance: float) -> Figure:
    """The share of raters who found the intruder, by topic, with intervals, and a line at the level of chance."""
    fig, ax = subplots(figsize=(figure_width(), 1 + 0.24 * len(table)))
    y = np.arange(len(table))
    _ = ax.hlines(y, table["low"], table["high"], color=COLOURS[5], lw=2)
    _ = ax.plot(table["precision"], y, "o", ms=4.5, color=COLOURS[0])
    _ = ax.axvline(chance, color="#888888", lw=0.8, ls=":", zorder=0)
    ax.set_yticks(y, table[label])
    ax.set_ylim(len(table) - 0.5, -0.5)
    ax.set_xlim(-0.02, 1.02)
    ax.tick_params(axis="y", length=0)
    ax.xaxis.set_major_formatter(ExactTicks(percent=True))
    xlabel = tr("raters who found the word that does not belong (dotted: by chance)")
    ax.set_xlabel("\n".join(wrap(xlabel, 24 if figure_width() < WIDTH else 99)))
    return fig


def topic_map(table: pd.DataFrame, share: float | None = None) -> Figure:
    """Topics in a plane as numbered circles whose area is their prevalence, with a key of their names.

    Topics that do not survive resampling are grey and dashed, and have † in the key. The caption in the figure, of
    `map_caption`, belongs in the alt text as well.

    Parameters
    ----------
    table : DataFrame
        A row for each topic, in order: name (as of `topics.models.topic_names`), x, y (of `topics.models.topic_map`),
        prevalence (a share) and, if known, survives. The key has room for 45 names.
    share : float, optional
        Of `topics.models.map_share`.
    """
    size, line, n = 7.5, 11.5, len(table)
    survives = table["survives"].to_numpy(dtype=bool) if "survives" in table else np.ones(n, dtype=bool)
    shares = table["prevalence"].to_numpy(dtype=float)
    key = list(table["name"]) if n <= NAMED else [*table["name"][: NAMED - 1], tr("and {n} more", n=n - NAMED + 1)]
    whole = 72 * WIDTH - 8  # in points, as are all places
    key_width = min(max(map(ems, key)) * size, 0.36 * whole)
    width = whole - key_width - 6.5 * size  # the rest is for the shares
    height = max(np.interp(n, [2, 8], [0.5, 0.9]) * width, line * len(key))
    layout = map_layout(table[["x", "y"]], shares, width, height, 0.8 * size)
    centres, radii = layout.centres, layout.radii
    low, high = (centres[:, 1] - radii).min() - size, (centres[:, 1] + radii).max() + size
    height, centres = max(high - low, line * len(key)), centres - [0, high]
    caption = wrap(map_caption(layout.moved, n, share, not survives.all()), 145)
    below = 10 * len(caption) + 6
    tall = height + below + 20  # 14 of it for the notes of `save_figure`
    fig = point_figure(tall)
    ax = fig.add_axes((4 / 72 / WIDTH, 16 / tall, whole / 72 / WIDTH, (height + below) / tall))
    ax.set(xlim=(0, whole), ylim=(-height - below, 0))
    ax.axis("off")
    _ = ax.add_patch(plt.Rectangle((0, low - high), width, high - low, fc="none", ec="#cccccc", lw=0.8, clip_on=False))
    for t, ((x, y), radius, survived) in enumerate(zip(centres, radii, survives, strict=True), start=1):
        face, edge, dash = ("#cfe5f4", COLOURS[0], "-") if survived else ("#eeeeee", COLOURS[6], (0, (3, 2)))
        _ = ax.add_patch(plt.Circle((x, y), radius, fc=face, ec=edge, ls=dash, lw=1))
        _ = ax.text(x, y, str(t), ha="center", va="center_baseline", fontsize=size, color="#111111", zorder=3)
    for i, text in enumerate(key):
        at, y = width + 1.5 * size, -line * (i + 0.5)
        look: dict[str, Any] = {"va": "center", "fontsize": size, "color": "#111111" if survives[i] else "#555555"}
        _ = ax.text(at, y, shorten(text, key_width / size), parse_math=False, **look)
        if text == table["name"].iloc[i]:
            _ = ax.text(whole - size, y, f"{shares[i]:.1%}", ha="right", **look)
            _ = ax.text(whole, y, "" if survives[i] else "†", ha="right", **look)
    for i, text in enumerate(caption):
        _ = ax.text(0, -height - 10 * (i + 1) - 2, text, fontsize=7, color="#555555")
    return fig


def map_caption(moved: int, n: int, share: float | None = None, has_unstable: bool = False) -> str:
    """The caption of a map of n topics; `moved` is of `map_layout`, `share` of `topics.models.map_share`."""
    caption = tr(
        "The area of a circle is the topic's prevalence. Places are by classical scaling of Jensen-Shannon distances "
        "between the topics' terms"
    )
    if not (share is None or pd.isna(share)):
        caption += tr(", of whose squares the plane shows {share:.0%}", share=share)
    caption += tr("; {n} of {all} circles are moved, so that none overlap.", n=moved, all=n) if moved else tr(".")
    return caption + (tr(" †, grey and dashed: does not survive resampling.") if has_unstable else "")


def map_layout(
    places: npt.ArrayLike, prevalence: npt.ArrayLike, width: float, height: float, least: float
) -> MapLayout:
    """Circles of a map in a box, pushed apart where they would overlap; deterministic.

    Parameters
    ----------
    places : array, shape (n, 2)
        Scaled alike on both axes.
    prevalence : sequence of float, length n
        Areas are proportional to it: together a fifth of the box, each no wider than a quarter of its lesser side, and
        less where they would not fit.
    width, height : float
    least : float
        Half of the room that a circle needs at least, for its number.
    """
    places, share = np.asarray(places, dtype=float), np.nan_to_num(np.asarray(prevalence, dtype=float))
    box, side = np.array([width, height]), min(width, height)
    radii = np.sqrt(share / max(share.sum(), 1e-12) * width * height / 5 / np.pi)
    radii *= min(1, side / 8 / max(radii.max(), 1e-12))
    room = np.maximum(radii, least) + side / 200
    extent = np.ptp(places, axis=0)
    scale = ((box - 2 * room.max()) / np.maximum(extent, 1e-9)).min() if extent.any() else 0
    for _ in range(8):  # if they need more than the box once pushed apart, they start closer together
        true = scale * (places - places.min(axis=0) - extent / 2)
        centres = _push_apart(true, room, side)
        low, high = (centres - room[:, None]).min(axis=0), (centres + room[:, None]).max(axis=0)
        fit = ((box - side / 25) / (high - low)).min()
        if fit >= 1:
            break
        scale *= fit
    fit, middle = min(fit, 1), (low + high) / 2
    moved = int((np.hypot(*(centres - true).T) * fit > side / 100).sum())
    return MapLayout(np.round((centres - middle) * fit + box / 2, 2), np.round(radii * fit, 2), moved)


def _push_apart(centres: npt.NDArray[Any], room: npt.NDArray[Any], side: float) -> npt.NDArray[Any]:
    """Centres of circles with `room` around each, moved by small steps until none overlaps another."""
    turn = np.arange(len(centres)) * np.pi * (3 - np.sqrt(5))  # all differ: directions for circles at one place
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
