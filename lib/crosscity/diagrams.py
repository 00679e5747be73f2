"""Pictures of comparisons: maps, trees, word shifts, networks, curves of specifications. Nothing is computed here."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.patches import FancyBboxPatch

from .figures import COLOURS, WIDTH
from .layout import word_layout
from .plots import GREY, _wide, term_panels


def network(nodes, edges):
    """Terms as words, larger the more often they stand, joined by lines as wide as their weights.

    Words of one community have a frame of one colour (of more than eight communities, the smaller ones grey, as are
    words without an edge); a line is dotted where fewer than half of the draws have the edge.

    Parameters
    ----------
    nodes : DataFrame
        term, count, community; of `network.network`. Sixty can be read.
    edges : DataFrame
        a, b, weight, kept.
    """
    whole = 72 * WIDTH - 12
    root = np.sqrt(nodes["count"].to_numpy(dtype=float))
    size = np.interp(root, [root.min(), max(root.max(), root.min() + 1e-9)], [7, 12.5])
    boxes = np.array([(_wide(t) * s + 8, s + 6) for t, s in zip(nodes["term"], size, strict=True)])
    index = pd.Index(nodes["term"])
    a, b = index.get_indexer(edges["a"]), index.get_indexer(edges["b"])
    centres, height = word_layout(boxes, a, b, whole)
    tall = height + 12 + 30  # below, the key, and 14 points for the notes of `save_figure`
    fig = plt.figure(figsize=(WIDTH, tall / 72))
    fig.set_layout_engine("none")  # a point is a point
    ax = fig.add_axes([6 / 72 / WIDTH, 16 / tall, whole / 72 / WIDTH, (height + 20) / tall])
    ax.set(xlim=(0, whole), ylim=(-20, height))
    ax.axis("off")
    weight = edges["weight"].to_numpy(dtype=float)
    strong = np.interp(weight, [0, max(weight.max(initial=0), 1e-9)], [0.4, 3.5])
    for i, j, w, kept in zip(a, b, strong, edges["kept"], strict=True):
        style = "-" if kept >= 0.5 else (0, (1, 1.5))
        _ = ax.plot(*centres[[i, j]].T, ls=style, lw=w, color="#b5b5b5", zorder=1, clip_on=False)
    for term, s, (x, y), (w, h), c in zip(nodes["term"], size, centres, boxes, nodes["community"], strict=True):
        colour = COLOURS[c - 1] if 1 <= c <= len(COLOURS) else GREY
        frame = {"fc": "white", "ec": colour, "lw": 1.1, "zorder": 2, "clip_on": False}
        box = FancyBboxPatch((x - w / 2 + 2, y - h / 2 + 1), w - 4, h - 2, "round,pad=0,rounding_size=3", **frame)
        _ = ax.add_patch(box)
        _ = ax.text(x, y, term, ha="center", va="center_baseline", fontsize=s, zorder=3, parse_math=False)
    said = (
        "Size: how often. Frames: communities. Lines: normalised PMI over paragraphs; dotted: not in half of the draws."
    )
    _ = ax.text(0, -15, said, fontsize=7, color="#555555")
    return fig


def collocations(table, columns=3):
    """A panel a node: its collocates as dots at log Dice, with intervals, in the table's order.

    Parameters
    ----------
    table : DataFrame
        node, collocate, log_dice, low, high (NaN: no interval); of `context.collocations`, cut to what is to be shown.
    """
    fig = term_panels(table, "node", "collocate", "log_dice", "log Dice", "low", "high", columns=columns)
    ends = table[["log_dice", "low", "high"]]
    low, high = ends.min().min(), ends.max().max()  # 0 means nothing on this scale, and is far away
    fig.axes[0].set_xlim(low - 0.05 * (high - low) - 0.1, high + 0.05 * (high - low) + 0.1)
    return fig
