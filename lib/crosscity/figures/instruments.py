"""Pictures of instruments: which groups have which way of working."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..language import current_language, tr
from .style import COLOURS, figure_width, subplots
from .text import shorten

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from matplotlib.figure import Figure

GROUPS = 12  # side by side as dots; of more, bars say how many have an instrument
ROWS = 40
_NAME = {"en": 40, "zh": 14}  # characters of a name


def instrument_name(name: str, gloss: str) -> str:
    """A row's name in the run's language: in English with its gloss."""
    return f"{gloss} {name}" if gloss and current_language() == "en" else name


def instruments_by_group(table: pd.DataFrame, groups: Sequence[str]) -> Figure | None:
    """Instruments that two groups or more name, a row each: a dot for each group that does.

    Where dates differ, the group of the earliest document is dark. Of more than twelve groups, a bar shows how many
    name each instrument.

    Parameters
    ----------
    table : DataFrame
        As from `compare.instruments.instrument_table`.
    groups : list of str
        All groups, in order.

    Returns
    -------
    Figure or None
        None if no two groups name the same instrument.
    """
    several = table[table["groups"].map(len) > 1]
    shown = several.head(ROWS)
    if shown.empty:
        return None
    room = _NAME["en" if current_language() == "en" else "zh"]
    names = [shorten(instrument_name(r.instrument, r.gloss), room) for r in shown.itertuples(index=False)]
    fig, ax = subplots(figsize=(figure_width(), 1.1 + 0.2 * len(shown)))
    ys = np.arange(len(shown))
    if len(groups) > GROUPS:
        counts = shown["groups"].map(len)
        _ = ax.barh(ys, counts, height=0.7, color=COLOURS[0])
        for y, n in zip(ys, counts, strict=True):
            _ = ax.text(n, y, f" {n}", va="center", fontsize=7)
        ax.set_xlabel(tr("how many of {n} groups name it", n=len(groups)))
        ax.margins(x=0.08)
    else:
        for y, row in zip(ys, shown.itertuples(index=False), strict=True):
            is_dated = 0 < len(row.first_groups) < len(row.groups)
            for x, group in enumerate(groups):
                if group in row.groups:
                    colour = COLOURS[0] if is_dated and group in row.first_groups else COLOURS[5]
                    _ = ax.plot(x, y, "o", ms=6, color=colour)
        _ = ax.set_xticks(range(len(groups)), [shorten(g, 8) for g in groups])
        ax.set_xlim(-0.6, len(groups) - 0.4)
        ax.xaxis.tick_top()
        ax.grid(axis="y", color="#e4e4e4", lw=0.7)
        ax.set_axisbelow(True)
        said = [tr("dark: the earliest document")] if shown["first"].nunique() > 1 else []
        if len(shown) < len(several):
            said.append(tr("{n} of {all} instruments that several name", n=len(shown), all=len(several)))
        ax.set_xlabel(" · ".join(said), fontsize=7.5)
    _ = ax.set_yticks(ys, names, fontsize=7.5)
    ax.set_ylim(len(shown) - 0.4, -0.6)
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
    return fig
