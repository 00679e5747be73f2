"""Figures of nearness: networks of words, trees, maps of groups and terms, nearest neighbours."""

from __future__ import annotations

import itertools
import math
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from matplotlib.patches import Ellipse, FancyBboxPatch
from matplotlib.patheffects import withStroke

from ..language import tr
from .basic import GREY
from .style import COLOURS, WIDTH, figure_width, point_figure, subplots
from .text import ems
from .word_layout import word_layout

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    import numpy.typing as npt
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.text import Text
    from matplotlib.transforms import BboxBase

    from ..compare.distances import ClusterTree

CLEAR = 0.8  # support of a cluster that has a colour
NAMED, TERMS = 25, 20  # on a map: groups with names, and terms


def network(nodes: pd.DataFrame, edges: pd.DataFrame) -> Figure:
    """Terms as words, sized by their frequency, joined by lines as wide as their weights.

    Frames have the colour of the word's community (the smaller ones of more than eight are grey, as are words without
    an edge); a line is dotted if fewer than half of the draws have the edge.

    Parameters
    ----------
    nodes : DataFrame
        term, count, community; of `compare.network.network`. Up to sixty are readable.
    edges : DataFrame
        a, b, weight, kept.
    """
    whole = 72 * WIDTH - 12
    root = np.sqrt(nodes["count"].to_numpy(dtype=float))
    size = np.interp(root, [root.min(), max(root.max(), root.min() + 1e-9)], [7, 12.5])
    boxes = np.array([(ems(t) * s + 8, s + 6) for t, s in zip(nodes["term"], size, strict=True)])
    index = pd.Index(nodes["term"])
    a, b = index.get_indexer(edges["a"]), index.get_indexer(edges["b"])
    centres, height = word_layout(boxes, a, b, whole)
    tall = height + 12 + 30  # below, the key, and 14 points for the notes of `save_figure`
    fig = point_figure(tall)
    ax = fig.add_axes((6 / 72 / WIDTH, 16 / tall, whole / 72 / WIDTH, (height + 20) / tall))
    ax.set(xlim=(0, whole), ylim=(-20, height))
    ax.axis("off")
    weight = edges["weight"].to_numpy(dtype=float)
    strong = np.interp(weight, [0, max(weight.max(initial=0), 1e-9)], [0.4, 3.5])
    for i, j, w, kept in zip(a, b, strong, edges["kept"], strict=True):
        style = "-" if kept >= 0.5 else (0, (1, 1.5))
        _ = ax.plot(*centres[[i, j]].T, ls=style, lw=w, color="#b5b5b5", zorder=1, clip_on=False)
    for term, s, (x, y), (w, h), c in zip(nodes["term"], size, centres, boxes, nodes["community"], strict=True):
        colour = COLOURS[c - 1] if 1 <= c <= len(COLOURS) else GREY
        frame: dict[str, Any] = {"fc": "white", "ec": colour, "lw": 1.1, "zorder": 2, "clip_on": False}
        box = FancyBboxPatch((x - w / 2 + 2, y - h / 2 + 1), w - 4, h - 2, "round,pad=0,rounding_size=3", **frame)
        _ = ax.add_patch(box)
        _ = ax.text(x, y, term, ha="center", va="center_baseline", fontsize=s, zorder=3, parse_math=False)
    key = tr(
        "Size: how often. Frames: communities. Lines: normalised PMI over paragraphs; dotted: not in half of the draws."
    )
    _ = ax.text(0, -15, key, fontsize=7, color="#555555")
    return fig


def dendrogram(tree: ClusterTree, xlabel: str) -> Figure:
    """A tree from its root on the left to the names of groups, with the support of nodes in percent.

    Support of a half or more is black. Lower support is grey, and left out for more than forty groups; so is any number
    that would overlap another. The six largest clusters with support of 0.8 or more have a colour each.

    Parameters
    ----------
    tree : distances.ClusterTree
    xlabel : str
    """
    n, support = len(tree.groups), tree.nodes["support"].to_numpy()
    names, size = [str(g) for g in tree.groups], 8 if n <= 45 else 7
    row = min(15, 676 / n)  # points
    second = n > 55  # every other name stands in a second column, since they would touch
    widths = [max((_points(t, size) for t in names[i :: 1 + second]), default=0) for i in range(1 + second)]
    tall, names_width = row * n + 62, sum(widths) + 12 * len(widths)
    fig = point_figure(tall)
    ax = fig.add_axes((8 / 72 / WIDTH, 50 / tall, 1 - (names_width + 12) / 72 / WIDTH, row * n / tall))
    heights, place = tree.linkage[:, 2], {g: i for i, g in enumerate(sorted(tree.groups))}
    y: dict[int, float] = {place[g]: i for i, g in enumerate(tree.groups)}
    colour, end = _cluster_colours(tree.linkage, support), max(heights.max(), 1e-9)
    start = heights.min() - 0.12 * (end - heights.min() + 0.1 * end)
    x = dict.fromkeys(range(n), max(start, 0)) | {n + k: h for k, h in enumerate(heights)}
    texts = []
    for k, (a, b) in enumerate(tree.linkage[:, :2].astype(int)):
        ends = sorted((y[a], y[b]))
        y[n + k] = sum(ends) / 2
        _ = ax.plot([x[n + k]] * 2, ends, color=colour[n + k], lw=1, solid_capstyle="projecting")
        for child in (a, b):
            _ = ax.plot([x[child], x[n + k]], [y[child]] * 2, color=colour[child], lw=1)
    for k in sorted(range(n - 1), key=lambda k: -np.nan_to_num(support[k], nan=-1)):
        is_firm = support[k] >= 0.5
        if is_firm or (n <= 40 and support[k] >= 0.005):
            look: dict[str, Any] = (
                {"color": "#000000", "fontsize": 7} if is_firm else {"color": "#777777", "fontsize": 6}
            )
            percent = f"{100 * support[k]:.0f}"
            at: dict[str, Any] = {"xytext": (-2, 1), "textcoords": "offset points", "ha": "right", "va": "bottom"}
            texts.append(ax.annotate(percent, (x[n + k], y[n + k]), **at, **look, zorder=3))
    ax.set(xlim=(end + 0.06 * (end - max(start, 0)), max(start, 0)), ylim=(n - 0.5, -0.5), yticks=[])
    for i, name in enumerate(names):
        right = 4 + (widths[0] + 12 if second and i % 2 else 0)
        at = {"xycoords": ax.get_yaxis_transform(), "textcoords": "offset points", "va": "center", "fontsize": size}
        if second and i % 2:
            line = {"arrowstyle": "-", "color": "#cccccc", "lw": 0.5, "shrinkA": 0, "shrinkB": 0}
            _ = ax.annotate("", (1, i), (right - 1, 0), arrowprops=line, **at)
        _ = ax.annotate(name, (1, i), (right, 0), annotation_clip=False, **at)
    ax.spines["left"].set_visible(False)
    ax.xaxis.set_major_formatter("{x:g}")
    ax.set_xlabel(tr("{label}; numbers: support in % of draws", label=xlabel))
    _remove_overlapping(fig, texts)
    return fig


def _cluster_colours(linkage: npt.NDArray[Any], support: npt.NDArray[Any]) -> dict[int, str]:
    """A colour for each node of a tree: dark grey, except below the largest clusters with clear support."""
    n = len(linkage) + 1
    under: dict[int, set[int]] = {}
    for k, (a, b) in enumerate(linkage[:, :2].astype(int)):
        under[n + k] = {n + k, a, b} | under.get(a, set()) | under.get(b, set())
    colour = dict.fromkeys(range(2 * n - 1), "#444444")
    coloured: list[int] = []
    for node in sorted(under, key=lambda node: (-len(under[node]), node)):
        if support[node - n] >= CLEAR and len(coloured) < 6 and not any(node in under[other] for other in coloured):
            colour |= dict.fromkeys(under[node], COLOURS[len(coloured)])
            coloured.append(node)
    return colour


def ca_map(groups: pd.DataFrame, terms: pd.DataFrame, inertia: pd.DataFrame, unnamed: Collection[str] = ()) -> Figure:
    """Groups as dots with ellipses, and the terms that contribute most, on the first two axes.

    Of more than 25 groups, those farthest from the centre have names and ellipses, and the others are grey. A
    label stands at the first free place around its dot, groups before terms, and is left out if there is none. Terms
    (+) are scaled by a common factor. (adjustText leaves labels on dots, and takes seconds.)

    Parameters
    ----------
    groups : DataFrame
        Columns group, x, y, major, minor, angle: of `compare.correspondence.confidence_ellipses`.
    terms : DataFrame
        Columns term, x, y, contribution: of `compare.correspondence.correspondence`.
    inertia : DataFrame
        Columns axis, share.
    unnamed : collection of str
        Groups that are not among those farthest from the centre, since their documents are not whole.
    """
    far = np.hypot(groups["x"], groups["y"])
    aside = groups["group"].isin(list(unnamed)) & (len(groups) > NAMED)
    order = groups.assign(far=far.round(6), aside=aside)
    order = order.sort_values(["aside", "far", "group"], ascending=[True, False, True])
    labelled, rest = order.head(NAMED), order.iloc[NAMED:]
    ranked = terms.assign(c=terms["contribution"].round(8)).sort_values(["c", "term"], ascending=[False, True])
    chosen = ranked.head(TERMS)
    reach = np.abs(groups[["x", "y"]].to_numpy()).max()
    stretch = 0.9 * reach / max(np.abs(chosen[["x", "y"]].to_numpy()).max(), 1e-12)
    points = np.r_[groups[["x", "y"]].to_numpy(), chosen[["x", "y"]].to_numpy() * stretch, [[0, 0]]]
    turn, axes = np.radians(labelled["angle"].fillna(0)), labelled[["major", "minor"]].fillna(0).to_numpy().T
    half = [
        np.hypot(axes[0] * np.cos(turn), axes[1] * np.sin(turn)),
        np.hypot(axes[0] * np.sin(turn), axes[1] * np.cos(turn)),
    ]
    half = np.minimum(
        np.transpose(half), 0.6 * reach
    )  # an ellipse of few paragraphs may be ten times as wide as the map
    ends = np.r_[points, labelled[["x", "y"]] - half, labelled[["x", "y"]] + half]
    low, high = ends.min(axis=0), ends.max(axis=0)
    low, high = low - 0.06 * (high - low), high + 0.06 * (high - low)
    width = 72 * WIDTH - 62
    height = np.clip((high - low)[1] / (high - low)[0], 0.55, 1) * width
    scale = max((high - low)[0] / width, (high - low)[1] / height)
    middle, tall = (low + high) / 2, height + 70
    fig = point_figure(tall)
    ax = fig.add_axes((50 / 72 / WIDTH, 52 / tall, width / 72 / WIDTH, height / tall))
    box = np.c_[middle - scale * np.array([width, height]) / 2, middle + scale * np.array([width, height]) / 2]
    ax.set(xlim=box[0], ylim=box[1])
    ax.axhline(0, color="#dddddd", lw=0.8, zorder=0)
    ax.axvline(0, color="#dddddd", lw=0.8, zorder=0)
    for r in labelled.dropna(subset="major").itertuples():
        look = {"fc": "none" if len(groups) > 12 else "#56B4E922", "ec": COLOURS[5], "lw": 0.6, "zorder": 1}
        _ = ax.add_patch(Ellipse((r.x, r.y), 2 * r.major, 2 * r.minor, angle=r.angle, **look))
    spots = chosen[["x", "y"]].to_numpy() * stretch
    _ = ax.plot(rest["x"], rest["y"], "o", ms=2.5, color="#bbbbbb", zorder=2)
    _ = ax.plot(*spots.T, "+", ms=3.5, mew=0.6, color="#777777", zorder=2)
    _ = ax.plot(labelled["x"], labelled["y"], "o", ms=4, color=COLOURS[0], zorder=3)
    at = np.r_[labelled[["x", "y"]].to_numpy(), spots]
    looks = [("#000000", 8)] * len(labelled) + [("#666666", 7)] * len(chosen)
    halo = [withStroke(linewidth=1.5, foreground="white")]
    texts = [
        ax.text(0, 0, str(text), color=colour, fontsize=size, zorder=4, path_effects=halo, va="center", ha="center")
        for text, (colour, size) in zip([*labelled["group"], *chosen["term"]], looks, strict=True)
    ]
    place_labels(ax, texts, at, np.r_[at, rest[["x", "y"]]])
    for axis, share in zip("xy", inertia["share"], strict=False):
        ax.set(**{f"{axis}label": tr("axis {n} ({share:.1%} of inertia)", n=1 + (axis == "y"), share=share)})
    return fig


def neighbours(table: pd.DataFrame, xlabel: str, most: int = 30) -> Figure:
    """The nearest groups as dots with intervals, and the share of draws in which each is the nearest.

    Parameters
    ----------
    table : DataFrame
        Columns group, distance, low, high, nearest_in: of `compare.distances.neighbours`.
    xlabel : str
    most : int
        Rows that are drawn; the label says of how many.
    """
    part = table.head(most)
    y = np.arange(len(part))
    fig, ax = subplots(figsize=(figure_width(), 0.9 + 0.2 * len(part)))
    _ = ax.hlines(y, part["low"], part["high"], color=COLOURS[5], lw=2)
    _ = ax.plot(part["distance"], y, "o", ms=4, color=COLOURS[0])
    for i, share in enumerate(part["nearest_in"]):
        percent = "" if share < 0.005 else f"{share:.0%}"
        _ = ax.text(1.06, i, percent, transform=ax.get_yaxis_transform(), ha="right", va="center", fontsize=7.5)
    above = tr("nearest in") + "\n"
    _ = ax.text(1.06, 1, above, transform=ax.transAxes, ha="right", va="bottom", fontsize=7, color="#555555")
    ax.set_yticks(y, part["group"].astype(str))
    ax.set_ylim(len(part) - 0.5, -0.5)
    ax.tick_params(axis="y", length=0)
    if len(table) > most:
        xlabel = tr("{label}; the {n} nearest of {all}", label=xlabel, n=most, all=len(table))
    ax.set_xlabel(xlabel)
    return fig


def _points(text: str, size: float) -> float:
    """Upper bound of a text's width in points: a Chinese character is as wide as it is high."""
    return size * math.fsum(0.62 if c < "\u00a0" else 1 for c in text)


def place_labels(ax: Axes, texts: Sequence[Text], at: npt.ArrayLike, dots: npt.ArrayLike) -> None:
    """Move each text to the first place around its dot that is free of dots and texts; remove it if there is none."""
    fig, unit = ax.figure, ax.figure.dpi / 72  # pixels per point
    fig.canvas.draw()
    frame, back = ax.get_window_extent(), ax.transData.inverted()
    taken = [(*dot - 2.5 * unit, *dot + 2.5 * unit) for dot in ax.transData.transform(dots)]
    angles = np.radians([0, 180, 90, 270, 45, 135, 315, 225])
    for text, place in zip(texts, ax.transData.transform(at), strict=True):
        box = text.get_window_extent()
        size = np.array([box.width, box.height]) / 2
        for gap, angle in itertools.product((4, 9, 16, 24), angles):
            way = np.array([np.cos(angle), np.sin(angle)])
            middle = place + way * (gap * unit + size * (np.abs(way) > 0.1))
            low, high, others = middle - size - unit / 2, middle + size + unit / 2, np.array(taken)
            if (low < frame.min).any() or (high > frame.max).any():
                continue
            if ((low < others[:, 2:]) & (others[:, :2] < high)).all(axis=1).any():
                continue
            taken.append((*low, *high))
            text.set_position(tuple(back.transform(middle)))
            if gap > 9:
                line = back.transform([place, np.clip(place, low, high)])
                _ = ax.plot(*line.T, color="#aaaaaa", lw=0.5, zorder=1)
            break
        else:
            text.remove()


def _remove_overlapping(fig: Figure, texts: Sequence[Text]) -> None:
    """Remove texts that overlap an earlier one."""
    fig.canvas.draw()
    boxes: list[BboxBase] = []
    for text in texts:
        box = text.get_window_extent()
        if any(box.overlaps(other) for other in boxes):
            text.remove()
        else:
            boxes.append(box)
