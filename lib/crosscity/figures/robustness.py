"""Figures of robustness: specification curves, survival of statements, power and error rates of tests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

from ..compare.calibration import split_name
from ..language import display_name, tr
from .style import COLOURS, WIDTH, ExactTicks, subplots
from .text import fold_heading

if TYPE_CHECKING:
    from collections.abc import Mapping

    from matplotlib.figure import Figure

# What becomes of a statement in other specifications: colour, and hatching, which a grey print keeps.
STANDS = {
    "holds": (COLOURS[0], ""),
    "not clear": ("#b7d5ec", ""),
    "turned": (COLOURS[1], "////"),
    "lost": ("#f0c9a8", "...."),
    "not available": ("#ececec", ""),
}


def specification_curve(
    table: pd.DataFrame, specs: pd.DataFrame, words: Mapping[Any, str], effect: str = "effect"
) -> Figure:
    """Effects of one to three statements in all specifications, sorted, above the choices of each.

    Parameters
    ----------
    table : DataFrame
        Of `compare.multiverse.run`, these statements alone. Specifications in which a statement is not available are
        left out, and counted in its heading.
    specs : DataFrame
        Of `compare.multiverse.specifications`; row 0, the run's own, is marked.
    words : mapping of statement to str
        Headings.
    effect : str
        Label of the effect.
    """
    statements = list(dict.fromkeys(table["statement"]))[:3]
    options = [(choice, option) for choice in specs for option in dict.fromkeys(specs[choice])]
    gaps = np.cumsum([i > 0 and options[i][0] != options[i - 1][0] for i in range(len(options))])
    y = np.arange(len(options)) + 0.6 * gaps
    fig, axes = subplots(
        2, len(statements), sharex="col", squeeze=False,
        figsize=(WIDTH, 3.0 + 0.165 * y[-1]), height_ratios=[2.0, 0.165 * y[-1] + 0.3],
    )  # fmt: skip
    for (above, below), statement in zip(axes.T, statements, strict=True):
        part = table[table["statement"] == statement]
        available = part[pd.notna(part["effect"])].sort_values(["effect", "specification"], ignore_index=True)
        x, n = available.index.to_numpy(), len(available)
        colours = [STANDS[status][0] for status in available["status"]]
        size = min(16, max(5, 400 / max(n, 1)))
        _ = above.vlines(x, available["low"], available["high"], color="#c4c4c4", lw=min(1.5, 90 / max(n, 1)))
        for status in dict.fromkeys(available["status"]):
            at = available["status"] == status
            _ = above.scatter(
                x[at],
                available["effect"][at],
                s=9,
                color=STANDS[status][0],
                label=display_name("status", status),
                zorder=3,
            )
        _ = above.axhline(0, color="#888888", lw=0.8, zorder=0)
        chosen = specs.loc[available["specification"]].reset_index(drop=True)
        for place, (choice, option) in zip(y, options, strict=True):
            at = np.flatnonzero(chosen[choice] == option)
            _ = below.hlines(place, -0.5, max(n, 1) - 0.5, color="#efefef", lw=4, zorder=0)
            _ = below.scatter(at, np.full(len(at), place), s=size, marker="s", lw=0, color=[colours[i] for i in at])
        for ax in (above, below):
            for own in x[available["specification"] == 0]:
                _ = ax.axvline(own, color="#111111", lw=0.8, ls="--", zorder=1)
            ax.spines["bottom"].set_visible(False)
            ax.tick_params(axis="x", length=0, labelbottom=False)
        measured = tr("measured in {n} of {all}", n=n, all=len(part))
        above.set_title(f"{fold_heading(words[statement], 40 // len(statements))}\n{measured}", fontsize=8)
        below.set(ylim=(y[-1] + 0.7, -0.7), yticks=[], xlim=(-1, max(n, 1)))
        xlabel = tr("specifications, by effect (dashed: this run's)")
        below.set_xlabel(xlabel if statement == statements[0] else "")
    axes[0, 0].set_ylabel(effect)
    axes[1, 0].set_yticks(y, [_option_name(*pair) for pair in options], fontsize=7)
    axes[1, 0].tick_params(axis="y", length=0)
    named = {name: dot for ax in axes[0] for dot, name in zip(*ax.get_legend_handles_labels(), strict=True)}
    named = {name: named[name] for name in (display_name("status", status) for status in STANDS) if name in named}
    fig.legend(named.values(), named.keys(), loc="outside upper right", ncols=5, fontsize=7.5)
    return fig


def _option_name(choice: str, option: float | str) -> str:
    """The name of a choice and of one of its options."""
    if isinstance(option, float):
        name = f"{option:g}"
    elif choice == "kinds":
        name = " + ".join(display_name("kind", kind) for kind in option.split(" + "))
    else:
        name = display_name("option", option)
    return tr("{name}: {said}", name=display_name("choice", choice), said=name)


def survival(summary: pd.DataFrame, most: int = 40) -> Figure:
    """The share of specifications in which each statement holds, the firmest first, and what becomes of it elsewhere.

    Parameters
    ----------
    summary : DataFrame
        Of `compare.multiverse.summary`: a column for each of `STANDS`, words, specifications, available, share.
    most : int
        Maximal number of statements; the first are drawn.
    """
    part = summary.head(most).sort_values(
        ["share", "holds", "words"], ascending=[False, False, True], na_position="last"
    )
    names = [fold_heading(name, 22) for name in part["words"]]
    lines = np.array([max(name.count("\n") + 1, 1.25) for name in names])
    y, left = np.cumsum(lines) - lines / 2, np.zeros(len(part))
    fig, ax = subplots(figsize=(WIDTH, 0.9 + 0.15 * lines.sum()))
    for status, (colour, hatch) in STANDS.items():
        width = (part[status] / part["specifications"]).to_numpy()
        if width.any():
            look: dict[str, Any] = {"color": colour, "hatch": hatch, "edgecolor": "white", "lw": 0}
            _ = ax.barh(y, width, left=left, height=0.85 * lines.min(), label=display_name("status", status), **look)
        left += width
    for place, row in zip(y, part.itertuples(), strict=True):
        text = tr("{share:.0%} of {n}", share=row.share, n=row.available) if row.available else tr("nowhere available")
        _ = ax.text(1.01, place, text, va="center", fontsize=7, color="#444444")
    ax.set_yticks(y, names, fontsize=7.5)
    ax.set(
        xlim=(0, 1),
        ylim=(lines.sum() + 0.2, -0.2),
        xlabel=tr("share of the specifications (right: holds, of those available)"),
    )
    ax.xaxis.set_major_formatter(ExactTicks(percent=True))
    ax.spines["left"].set_visible(False)
    ax.tick_params(axis="y", length=0)
    fig.legend(loc="outside upper left", ncols=5, fontsize=7.5)
    return fig


def power_curves(table: pd.DataFrame) -> Figure:
    """Share of planted words that are found, by their ratio of rates: a row for each size, a column for each frequency.

    Lines, with 95% intervals, are of our test, alone and corrected, and of Welch's test alone.

    Parameters
    ----------
    table : DataFrame
        Of `compare.calibration.power`.
    """
    sizes = list(dict.fromkeys(table["split"]))
    frequencies = list(dict.fromkeys(table["frequency"].dropna())) or [""]
    fig, axes = subplots(
        len(sizes), len(frequencies), sharex=True, sharey=True, squeeze=False, figsize=(WIDTH, 0.9 + 1.55 * len(sizes))
    )
    lines = (
        (tr("ours, one test"), "ours", "per_test", COLOURS[0], "o-", 1.0),
        (tr("ours, after correction"), "ours", "corrected", COLOURS[0], "s--", 1.025),
        (tr("Welch, one test"), "Welch on root rates", "per_test", COLOURS[1], "^:", 0.975),
    )
    factors = sorted(table["factor"].dropna().unique()) or [1, 2]
    for row, size in zip(axes, sizes, strict=True):
        for ax, frequency in zip(row, frequencies, strict=True):
            part = table[(table["split"] == size) & (table["frequency"] == frequency)]
            for label, method, column, colour, style, shift in lines:
                rows = part[part["method"] == method].sort_values("factor")
                if len(rows):
                    ends = np.abs(rows[[f"{column}_low", f"{column}_high"]].to_numpy().T - rows[column].to_numpy())
                    look = {"color": colour, "ms": 3.5, "lw": 1.2, "elinewidth": 0.7, "label": label}
                    _ = ax.errorbar(rows["factor"] * shift, rows[column], ends, fmt=style, **look)
            if part.empty:
                floor = table.loc[table["split"] == size, "floor"].iloc[0]
                is_untestable = table.loc[table["split"] == size, "answer"].eq("not testable").any()
                least = tr("not testable:") + "\n" + tr("smallest possible p {p:.2g}", p=floor)
                text = least if is_untestable else tr("no such words")
                _ = ax.text(
                    0.5, 0.5, text, transform=ax.transAxes, ha="center", va="center", fontsize=7.5, color="#666666"
                )
            _ = ax.axhline(0.05, color="#bbbbbb", lw=0.8, zorder=0)
            many = display_name("frequency", f"{frequency} words") if frequency else ""
            ax.set_title(tr(", ").join(filter(None, (split_name(size), many))), fontsize=8)
    axes[0, 0].set(xscale="log", ylim=(-0.02, 1.02))
    axes[0, 0].set_xticks(factors, [f"{factor:g}" for factor in factors])
    axes[0, 0].xaxis.set_minor_locator(plt.NullLocator())
    axes[0, 0].yaxis.set_major_formatter(ExactTicks(percent=True))
    for ax in axes[-1]:
        ax.set_xlabel(tr("times as frequent"))
    for ax in axes[:, 0]:
        ax.set_ylabel(tr("found"))
    handles, labels = next((pair for ax in axes.flat if (pair := ax.get_legend_handles_labels())[0]), ((), ()))
    if labels:
        fig.legend(handles, labels, loc="outside upper left", ncols=3, fontsize=7.5)
    return fig


def error_rates(table: pd.DataFrame) -> Figure:
    """How often our test and G2 are wrong in random splits, with 95% intervals and a line at 5%.

    Left, single tests at a nominal 5%; right, splits with any significant word after correction. The scale is of square
    roots, so that both 5% and 100% are readable.

    Parameters
    ----------
    table : DataFrame
        Of `compare.calibration.false_positives`.
    """
    splits = list(dict.fromkeys(table["split"]))
    titles = {"per_test": tr("Single tests, at 5%"), "corrected": tr("Splits with any word, corrected")}
    fig, axes = subplots(1, 2, sharey=True, figsize=(WIDTH, 1.25 + 0.36 * len(splits)))
    looks = {"ours": ("o", COLOURS[0], -0.14), "G2": ("D", COLOURS[1], 0.14)}
    for ax, (column, title) in zip(axes, titles.items(), strict=True):
        _ = ax.axvline(np.sqrt(0.05), color="#888888", lw=0.9, ls="--", zorder=0)
        for method, (marker, colour, shift) in looks.items():
            part = table[(table["method"] == method) & table[column].notna()]
            y = np.array([splits.index(split) for split in part["split"]]) + shift
            _ = ax.hlines(y, np.sqrt(part[f"{column}_low"]), np.sqrt(part[f"{column}_high"]), color=colour, lw=1.6)
            _ = ax.plot(np.sqrt(part[column]), y, marker, ms=5, color=colour, label=display_name("method", method))
        for y, split in enumerate(splits):
            row = table[table["split"] == split].iloc[0]
            if row["answer"] == "not testable":
                text = tr("not testable:") + " " + tr("smallest possible p {p:.2g}", p=row["floor"])
                _ = ax.text(0.5, y, text, ha="center", va="center", fontsize=7.5)
        ticks = (0, 0.01, 0.05, 0.1, 0.25, 0.5, 1)
        ax.set_xticks(np.sqrt(ticks), ["0", "1%", "5%", "10%", "25%", "50%", "100%"], fontsize=7.5)
        ax.set(xlim=(-0.02, 1.03), title=title, xlabel=tr("share, on a scale of square roots; dashed: 5%"))
        ax.tick_params(axis="y", length=0)
    axes[0].set_yticks(range(len(splits)), list(map(split_name, splits)))
    axes[0].set_ylim(len(splits) - 0.5, -0.5)
    handles, labels = axes[0].get_legend_handles_labels()
    fig.legend(handles, labels, loc="outside upper left", ncols=2, fontsize=7.5)
    return fig
