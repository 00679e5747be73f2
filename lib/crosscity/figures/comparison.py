"""Figures of comparisons: word shifts, rates of terms by group or year, and how alike matched groups are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import matplotlib.pyplot as plt
import numpy as np

from ..inference import answer_label
from ..language import tr
from .style import COLOURS, WIDTH, ExactTicks, figure_width, new_figure, point_figure, subplots
from .text import GLOSS, draw_glosses, ems, fit_glosses, shorten, wrap

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from ..compare.shifts import Divergence

SHIFTED = 36  # terms of a word shift on one page
SIDES = (COLOURS[1], COLOURS[0])  # of the first and the second of two groups


def word_shift(
    table: pd.DataFrame,
    a: str,
    b: str,
    divergence: Divergence | None = None,
    most: int = SHIFTED,
) -> Figure:
    """Terms by their contribution to the divergence of two groups: bars to the left where the first uses them more.

    After the word shift graph of Gallagher et al. (2021): bars with their terms at the ends, whiskers for intervals,
    the totals of both sides on top; beside them the sizes of the texts and the cumulative contribution. Bars of terms
    that the other group lacks are white. A whisker with an arrow goes beyond the figure. In English, terms are glossed.

    Parameters
    ----------
    table : DataFrame
        Of `compare.shifts.shift`, whole: totals are of all rows.
    a, b : str
        Names of the groups.
    divergence : shifts.Divergence, optional
        Stated beside the bars.
    most : int
        Terms that are drawn.
    """
    part = table.head(most).reset_index(drop=True)
    n, names, size = len(part), (str(a), str(b)), 7.5
    rows, ends = 0.185 * max(n, 14), part[["low", "high"]].to_numpy(dtype=float)
    value, y = part["signed"].to_numpy(dtype=float), np.arange(n)
    second = value > 0
    alone = (np.where(second, part["count_a"], part["count_b"]) == 0) & (value != 0)
    has_column = n >= 30  # for the notes, which otherwise stand below
    notes = _shift_notes(divergence, alone.any(), ends, 36 if has_column else 125)
    tall = 1.5 + rows + (0 if has_column else 0.12 + 0.141 * len(notes))
    fig = new_figure((WIDTH, tall))
    fig.set_layout_engine("none")  # a point is a point

    def axes(left: float, bottom: float, width: float, height: float) -> Axes:  # inches from the upper left corner
        return fig.add_axes((left / WIDTH, 1 - bottom / tall, width / WIDTH, height / tall))

    main, top = axes(0.12, 0.85 + rows, 4.75, rows), axes(0.12, 0.72, 4.75, 0.42)
    terms = [shorten(term, 12) for term in part["term"]]
    glosses = [fit_glosses([term], 62) for term in part["term"]]
    wide = [ems(t) * size + (w + 3 if w else 0) for t, (_, w) in zip(terms, glosses, strict=True)]  # points
    room = np.array([1 - (w + 8) / (36 * 4.75) for w in wide])  # of a half, for bar and whisker
    reach = max(1.75 * np.abs(value).max(initial=1e-12), (np.abs(value) / room).max(initial=0))
    shade = [SIDES[int(s)] for s in second]
    face = ["white" if x else c for x, c in zip(alone, shade, strict=True)]
    _ = main.barh(y, value, height=0.72, color=face, edgecolor=shade, linewidth=0.8)
    edge = reach * 0.985
    for i in np.flatnonzero(np.isfinite(ends).all(axis=1)):
        low, high = np.clip(ends[i], -edge, edge)
        tone = "#a8a8a8" if ends[i, 0] <= 0 <= ends[i, 1] else "#333333"
        _ = main.plot([low, high], [i, i], color=tone, lw=0.8, solid_capstyle="butt", zorder=3)
        for end, cut, arrow in ((low, ends[i, 0] < -edge, "<"), (high, ends[i, 1] > edge, ">")):
            _ = main.plot([end], [i], arrow if cut else "|", ms=3, mew=0.8, color=tone, zorder=3)
    # A term stands after its bar and whisker or, without room for that, on the whisker.
    width = 2 * reach / (72 * 4.75)
    for i, term in enumerate(terms):
        sign = 1 if second[i] else -1
        far = max(sign * value[i], np.clip(np.nan_to_num(sign * ends[i]), -edge, edge).max())
        if far + width * (wide[i] + 6) > reach:
            far = sign * value[i]
        box = {"boxstyle": "square,pad=0.08", "fc": "white", "ec": "none"}
        align = "left" if sign > 0 else "right"
        at = sign * (far + 4 * width)
        (its_gloss,), its_width = glosses[i]
        if its_gloss:  # after the term; on the left the term stands farther out
            gloss_font = {"ha": align, "va": "center_baseline", "bbox": box, "zorder": 4, **GLOSS}
            _ = main.text(at + (width * (ems(term) * size + 3) if sign > 0 else 0), i, its_gloss, **gloss_font)
            gap = at + sign * width * (
                ems(term) * size if sign > 0 else its_width
            )  # between term and gloss, where the whisker would show
            _ = main.plot([gap - width, gap + sign * 4 * width], [i, i], color="white", lw=3, zorder=3.5)
        at -= width * (its_width + 3) if its_gloss and sign < 0 else 0
        _ = main.text(at, i, term, ha=align, va="center_baseline", fontsize=size, parse_math=False, bbox=box, zorder=4)
    main.set(xlim=(-reach, reach), ylim=(max(n, 14) - 0.4, -0.6), yticks=[])
    main.axvline(0, color="#888888", lw=0.8)
    main.spines["left"].set_visible(False)
    main.xaxis.set_major_locator(plt.MaxNLocator(6, steps=[1, 2, 5, 10]))
    digits = max(0, 1 - int(np.floor(np.log10(reach))))
    main.xaxis.set_major_formatter(lambda x, _: f"{abs(x):.{digits}f}".rstrip("0").rstrip(".") if x else "0")
    main.set_xlabel(tr("contribution, {unit}", unit=tr("bits")), fontsize=size)
    main.tick_params(labelsize=7)
    _shift_totals(top, table, names, size)
    _shift_sizes(axes(5.35, 1.2, 1.7, 0.42), table, names, size)
    _shift_sum(axes(5.35, 3.15, 1.7, 1.35), table, most, size)
    x, y = (5.35, 3.62) if has_column else (0.12, rows + 1.3)
    look: dict[str, Any] = {"fontsize": 7, "color": "#444444", "va": "top", "linespacing": 1.45, "parse_math": False}
    _ = fig.text(x / WIDTH, 1 - y / tall, "\n".join(notes), **look)
    return fig


def _shift_totals(ax: Axes, table: pd.DataFrame, names: Sequence[str], size: float) -> None:
    """Draw what each group contributes in total, as two bars."""
    sums = np.array([table.loc[table["signed"] < 0, "signed"].sum(), table.loc[table["signed"] > 0, "signed"].sum()])
    all_ = max(np.abs(sums).sum(), 1e-300)
    _ = ax.barh([0, 0], sums, height=0.7, color=SIDES)
    ax.set(xlim=np.array([-1.75, 1.75]) * np.abs(sums).max(initial=1e-12), ylim=(-0.6, 1.6), yticks=[], xticks=[])
    ax.spines[:].set_visible(False)
    ax.axvline(0, color="#888888", lw=0.8, ymax=0.6)
    for i, (name, total) in enumerate(zip(names, sums, strict=True)):
        align, at = ("right", "left")[i], ax.get_xlim()[i]
        heading = tr("{name} uses more", name=shorten(name, 14))
        heading = f"← {heading}" if i == 0 else f"{heading} →"
        _ = ax.text(
            at, 1.05, heading, ha=("left", "right")[i], va="center", fontsize=8.5, color=SIDES[i], parse_math=False
        )
        _ = ax.text(total, 0, f" {abs(total):.3f} ({abs(total) / all_:.0%}) ", ha=align, va="center", fontsize=size)


def _shift_sizes(ax: Axes, table: pd.DataFrame, names: Sequence[str], size: float) -> None:
    """Draw the sizes of both texts, in words, as two bars."""
    words = table["count_a"].sum(), table["count_b"].sum()
    _ = ax.barh([0, 1], words, color=SIDES, height=0.62)
    for i, (name, n) in enumerate(zip(names, words, strict=True)):
        inside = n > 0.55 * max(words)
        look: dict[str, Any] = {
            "color": "white" if inside else "#222222",
            "va": "center",
            "fontsize": 7,
            "parse_math": False,
        }
        _ = ax.text(0 if inside else n, i, f" {shorten(name, 6)} {n:,}", **look)
    ax.set(xticks=[], yticks=[], ylim=(1.5, -0.5))
    ax.spines[:].set_visible(False)
    ax.set_title(tr("Words counted"), fontsize=size, pad=3)


def _shift_sum(ax: Axes, table: pd.DataFrame, most: int, size: float) -> None:
    """Draw the cumulative contribution of the first terms, over their number."""
    n = len(table)
    _ = ax.plot(np.arange(1, n + 1), table["cumulative"], color="#333333", lw=1.2)
    drawn = min(most, n)
    _ = ax.axhline(table["cumulative"].iloc[drawn - 1], color="#999999", lw=0.7, ls=":")
    _ = ax.plot([drawn], table["cumulative"].iloc[[drawn - 1]], "o", ms=3.5, color="#333333")
    ax.set(xscale="log", xlim=(1, max(n, 2)), ylim=(0, 1.02))
    ax.yaxis.set_major_formatter(ExactTicks(percent=True))
    ax.xaxis.set_major_formatter("{x:,.0f}")
    ax.xaxis.set_minor_formatter(plt.NullFormatter())
    ax.set_yticks([0, 0.5, 1])
    share = table["cumulative"].iloc[drawn - 1]
    ax.set_title(tr("Of the whole, {n} terms: {share:.0%}", n=drawn, share=share), fontsize=size, pad=3)
    ax.set_xlabel(tr("terms, largest first"), fontsize=7)
    ax.tick_params(labelsize=7)


def _shift_notes(divergence: Divergence | None, has_white: bool, ends: npt.NDArray[Any], width: int) -> list[str]:
    """The notes of a word shift, in lines."""
    notes = []
    if divergence is not None:
        notes.append(tr("Divergence: {total:.3f} bits.", total=divergence.total))
        notes.append(tr("The words of both, mixed and split: {mean:.3f} on average.", mean=divergence.at_random))
        if np.isfinite(divergence.expected):
            sentence = tr(
                "With {units} exchanged: {mean:.3f} on average, 95% below {high:.3f} (p\u00a0=\u00a0{p:.2g}).",
                units=tr("strata") if divergence.unit == "stratum" else tr("documents"),
                mean=divergence.expected,
                high=divergence.expected_high,
                p=divergence.p,
            )
        else:
            sentence = tr("Whether documents like these differ is {answer}.", answer=answer_label(divergence.answer))
        notes.append(sentence)
    if has_white:
        notes.append(tr("White bars: the other has none."))
    if np.isfinite(ends).all(axis=1).any():
        sentence = tr(
            "Whiskers: 95% intervals, each term by itself; the terms shown are the largest, and of the largest of "
            "random halves many exclude 0."
        )
        notes += [sentence, tr("A grey whisker includes 0: either may use the term more.")]
    is_narrow = width < 100  # then an empty line follows each note
    return [line for note in notes for line in [*wrap(note, width), *([""] if is_narrow else [])]]


def term_rates(table: pd.DataFrame, label: str) -> Figure:
    """Rates of terms by group or year as shades; cells are hatched, and not zero, where a term was not available.

    Parameters
    ----------
    table : DataFrame, shape (n_terms, n_groups)
        NaN: not available, as of `compare.milestones.not_available`.
    label : str
        What the shade means.
    """
    from matplotlib.colors import PowerNorm  # square roots, or one very frequent term would leave the others white

    n, m = table.shape
    names, columns = [shorten(x, 16) for x in table.index], [shorten(x, 10) for x in table.columns]
    glosses, gloss_width = fit_glosses(table.index, 110)
    left, size = 10 + 8 * max(map(ems, names)) + (gloss_width + 6 if gloss_width else 0), 8
    width = 72 * WIDTH - left - 52
    cell = width / m
    is_turned = max(map(ems, columns)) * size > cell - 3
    under = 10 + (size * max(map(ems, columns)) if is_turned else 12)
    tall = 15.5 * n + under + 44
    fig = point_figure(tall)
    box = (left / 72 / WIDTH, (under + 32) / tall, width / 72 / WIDTH, 15.5 * n / tall)
    ax, bar = fig.add_axes(box), fig.add_axes(((left + width + 8) / 72 / WIDTH, box[1], 8 / 72 / WIDTH, box[3]))
    values = table.to_numpy(dtype=float)
    top = np.nanmax(values) if np.isfinite(values).any() else 1
    drawn = ax.pcolormesh(np.ma.masked_invalid(values), cmap="Blues", norm=PowerNorm(0.5, 0, top or 1))
    for i, j in zip(*np.nonzero(np.isnan(values)), strict=True):
        look: dict[str, Any] = {"fc": "#f2f2f2", "ec": "#a5a5a5", "hatch": "////", "lw": 0}
        _ = ax.add_patch(plt.Rectangle((j, i), 1, 1, **look))
    wide = max((0.6 * len(f"{v:.1f}") * 7 for v in values[np.isfinite(values)]), default=0)
    for i, j in zip(*np.nonzero(np.isfinite(values)), strict=True) if wide < cell - 2 else ():
        shade = "white" if values[i, j] > 0.4 * top else "#222222"
        text = f"{values[i, j]:.1f}"
        _ = ax.text(j + 0.5, i + 0.5, text, ha="center", va="center_baseline", fontsize=7, color=shade)
    every = max(1, int(np.ceil(9 / cell)))
    ax.set_xticks(np.arange(m)[::every] + 0.5, columns[::every], rotation=90 if is_turned else 0)
    ax.set_yticks(np.arange(n) + 0.5, names)
    ax.tick_params(length=0, labelsize=size)
    draw_glosses(ax, glosses, gloss_width)
    ax.set(xlim=(0, m), ylim=(n, 0))
    ax.spines[:].set_visible(False)
    _ = fig.colorbar(drawn, cax=bar)
    bar.tick_params(labelsize=7)
    bar.yaxis.set_major_locator(plt.MaxNLocator(4) if n > 5 else plt.FixedLocator([0, top]))
    bar.yaxis.set_major_formatter("{x:.3g}")
    hatched = tr("hatched: no document of the group could use the term yet")
    notes = [label, hatched] if np.isnan(values).any() else [label]
    _ = fig.text(8 / 72 / WIDTH, 18 / tall, " · ".join(notes), fontsize=7, color="#444444", parse_math=False)
    return fig


def balance(table: pd.DataFrame) -> Figure:
    """How far groups and others differ in each column, hollow before matching, filled after, joined by a line.

    Parameters
    ----------
    table : DataFrame
        group, column (as it is labelled), measure, before, after: rows of `compare.matching.balance`.
    """
    columns, groups = list(dict.fromkeys(table["column"])), list(dict.fromkeys(table["group"]))
    places = {column: i for i, column in enumerate(columns)}
    few = len(groups) <= len(COLOURS) - 2
    fig, ax = subplots(figsize=(figure_width(), 1.0 + 0.18 * few * (len(groups) > 1) + 0.42 * len(columns)))
    for i, group in enumerate(groups):
        part = table[table["group"] == group]
        y = part["column"].map(places) + 0.6 * ((i + 0.5) / len(groups) - 0.5)
        colour = COLOURS[i] if few else COLOURS[0]
        _ = ax.hlines(y, part["after"], part["before"], color=colour, lw=0.8, alpha=0.6)
        _ = ax.plot(part["before"], y, "o", ms=4, mec=colour, mfc="white")
        _ = ax.plot(part["after"], y, "o", ms=4, color=colour, label=str(group))
    measures = table.drop_duplicates("column").set_index("column")["measure"]
    ax.set_yticks(range(len(columns)), [f"{column} ({measures[column]})" for column in columns])
    ax.set(ylim=(len(columns) - 0.4, -0.6))
    ax.set_xlim(left=-0.02 * max(1.0, table["before"].max()))
    ax.axvline(0, color="#bbbbbb", lw=0.8, zorder=0)
    ax.tick_params(axis="y", length=0)
    ax.set_xlabel(tr("difference from the others: L1 of shares; d: of means, in standard deviations"), fontsize=7.5)
    if few and len(groups) > 1:
        fig.legend(loc="outside upper left", ncols=min(4, len(groups)), fontsize=7.5)
    return fig
