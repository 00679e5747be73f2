"""Pictures of comparisons: word shifts, timelines, rates of terms. Nothing is computed but places."""

from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

from ..inference import answer_label
from ..language import display_name, tr
from .style import COLOURS, WIDTH
from .text import GLOSS, ems, fitted_glosses, glosses_beside, shortened, wrapped

SHIFTED = 36  # terms of a word shift on one page
SIDES = (COLOURS[1], COLOURS[0])  # what the first and what the second of two groups uses more


def word_shift(table, a, b, divergence=None, most=SHIFTED, unit=None):
    """Terms by their contributions to how two groups differ: bars to the left where the first uses them more.

    After the word shift graph of Gallagher et al. (2021): bars with their terms at the ends, whiskers for intervals,
    totals of either side on top; beside them the sizes of the texts and what the first terms add up to. Bars of terms
    that the other group lacks are white. A whisker that ends in an arrow is longer than the picture. In English, terms
    have their glosses.

    Parameters
    ----------
    table : DataFrame
        Of `compare.shifts.shift`, whole: totals are of all rows.
    a, b : str
        What the groups are called.
    divergence : shifts.Divergence, optional
        What is stated beside the bars.
    most : int
        Terms that are drawn.
    unit : str, optional
        Of contributions; left out it is "bits".
    """
    part, unit = table.head(most).reset_index(drop=True), unit or tr("bits")
    n, names, size = len(part), (str(a), str(b)), 7.5
    rows, ends = 0.185 * max(n, 14), part[["low", "high"]].to_numpy(dtype=float)
    value, y = part["signed"].to_numpy(dtype=float), np.arange(n)
    second = value > 0
    alone = (np.where(second, part["count_a"], part["count_b"]) == 0) & (value != 0)
    beside = n >= 30  # otherwise what is said stands below
    said = _shift_said(names, divergence, alone.any(), ends, 36 if beside else 125)
    tall = 1.5 + rows + (0 if beside else 0.12 + 0.141 * len(said))
    fig = plt.figure(figsize=(WIDTH, tall))
    fig.set_layout_engine("none")  # a point is a point

    def axes(left, bottom, width, height):  # inches from the upper left corner
        return fig.add_axes((left / WIDTH, 1 - bottom / tall, width / WIDTH, height / tall))

    main, top = axes(0.12, 0.85 + rows, 4.75, rows), axes(0.12, 0.72, 4.75, 0.42)
    terms = [shortened(term, 12) for term in part["term"]]
    glosses = [fitted_glosses([term], 62) for term in part["term"]]
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
    # The term stands behind its bar and the whisker; where that has no room left, on the whisker.
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
        if its_gloss:  # behind the term, which on the left stands farther out
            of_it = {"ha": align, "va": "center_baseline", "bbox": box, "zorder": 4, **GLOSS}
            _ = main.text(at + (width * (ems(term) * size + 3) if sign > 0 else 0), i, its_gloss, **of_it)
            gap = at + sign * width * (ems(term) * size if sign > 0 else its_width)  # where the whisker would show
            _ = main.plot([gap - width, gap + sign * 4 * width], [i, i], color="white", lw=3, zorder=3.5)
        at -= width * (its_width + 3) if its_gloss and sign < 0 else 0
        _ = main.text(at, i, term, ha=align, va="center_baseline", fontsize=size, parse_math=False, bbox=box, zorder=4)
    main.set(xlim=(-reach, reach), ylim=(max(n, 14) - 0.4, -0.6), yticks=[])
    main.axvline(0, color="#888888", lw=0.8)
    main.spines["left"].set_visible(False)
    main.xaxis.set_major_locator(plt.MaxNLocator(6, steps=[1, 2, 5, 10]))
    digits = max(0, 1 - int(np.floor(np.log10(reach))))
    main.xaxis.set_major_formatter(lambda x, _: f"{abs(x):.{digits}f}".rstrip("0").rstrip(".") if x else "0")
    main.set_xlabel(tr("contribution, {unit}", unit=unit), fontsize=size)
    main.tick_params(labelsize=7)

    sums = np.array([table.loc[table["signed"] < 0, "signed"].sum(), table.loc[table["signed"] > 0, "signed"].sum()])
    all_ = max(np.abs(sums).sum(), 1e-300)
    _ = top.barh([0, 0], sums, height=0.7, color=SIDES)
    top.set(xlim=np.array([-1.75, 1.75]) * np.abs(sums).max(initial=1e-12), ylim=(-0.6, 1.6), yticks=[], xticks=[])
    top.spines[:].set_visible(False)
    top.axvline(0, color="#888888", lw=0.8, ymax=0.6)
    for i, (name, total) in enumerate(zip(names, sums, strict=True)):
        align, at = ("right", "left")[i], top.get_xlim()[i]
        heading = tr("{name} uses more", name=shortened(name, 14))
        heading = f"← {heading}" if i == 0 else f"{heading} →"
        _ = top.text(
            at, 1.05, heading, ha=("left", "right")[i], va="center", fontsize=8.5, color=SIDES[i], parse_math=False
        )
        _ = top.text(total, 0, f" {abs(total):.3f} ({abs(total) / all_:.0%}) ", ha=align, va="center", fontsize=size)

    _shift_sizes(axes(5.35, 1.2, 1.7, 0.42), table, names, size)
    _shift_sum(axes(5.35, 3.15, 1.7, 1.35), table, most, size)
    x, y = (5.35, 3.62) if beside else (0.12, rows + 1.3)
    look: dict[str, Any] = {"fontsize": 7, "color": "#444444", "va": "top", "linespacing": 1.45, "parse_math": False}
    _ = fig.text(x / WIDTH, 1 - y / tall, "\n".join(said), **look)
    return fig


def _shift_sizes(ax, table, names, size):
    """Words of either text, as two bars."""
    words = table["count_a"].sum(), table["count_b"].sum()
    _ = ax.barh([0, 1], words, color=SIDES, height=0.62)
    for i, (name, n) in enumerate(zip(names, words, strict=True)):
        inside = n > 0.55 * max(words)
        look = {"color": "white" if inside else "#222222", "va": "center", "fontsize": 7, "parse_math": False}
        _ = ax.text(0 if inside else n, i, f" {shortened(name, 6)} {n:,}", **look)
    ax.set(xticks=[], yticks=[], ylim=(1.5, -0.5))
    ax.spines[:].set_visible(False)
    ax.set_title(tr("Words counted"), fontsize=size, pad=3)


def _shift_sum(ax, table, most, size):
    """What the first terms add up to, over their number."""
    n = len(table)
    _ = ax.plot(np.arange(1, n + 1), table["cumulative"], color="#333333", lw=1.2)
    shown = min(most, n)
    _ = ax.axhline(table["cumulative"].iloc[shown - 1], color="#999999", lw=0.7, ls=":")
    _ = ax.plot([shown], table["cumulative"].iloc[[shown - 1]], "o", ms=3.5, color="#333333")
    ax.set(xscale="log", xlim=(1, max(n, 2)), ylim=(0, 1.02))
    ax.yaxis.set_major_formatter("{x:.0%}")
    ax.xaxis.set_major_formatter("{x:,.0f}")
    ax.xaxis.set_minor_formatter(plt.NullFormatter())
    ax.set_yticks([0, 0.5, 1])
    share = table["cumulative"].iloc[shown - 1]
    ax.set_title(tr("Of the whole, {n} terms: {share:.0%}", n=shown, share=share), fontsize=size, pad=3)
    ax.set_xlabel(tr("terms, largest first"), fontsize=7)
    ax.tick_params(labelsize=7)


def _shift_said(names, divergence, alone, ends, width):
    """What stands beside a word shift, in lines."""
    lines = []
    if divergence is not None:
        lines += [tr("Divergence: {total:.3f} bits.", total=divergence.total)]
        lines += [tr("The words of both, mixed and split: {mean:.3f} on average.", mean=divergence.at_random)]
        if np.isfinite(divergence.expected):
            units = tr("strata") if divergence.unit == "stratum" else tr("documents")
            end = {"mean": divergence.expected, "high": divergence.expected_high, "p": divergence.p}
            words = tr(
                "With {units} exchanged: {mean:.3f} on average, 95% below {high:.3f} (p\u00a0=\u00a0{p:.2g}).",
                units=units,
                **end,
            )
            lines += [words]
        else:
            lines += [tr("Whether documents like these differ is {answer}.", answer=answer_label(divergence.answer))]
    if alone:
        lines += [tr("White bars: the other has none.")]
    if np.isfinite(ends).all(axis=1).any():
        lines += [
            tr(
                "Whiskers: 95% intervals, each term by itself; the terms shown are the largest, and of the largest of "
                "random halves many exclude 0."
            )
        ]
        lines += [tr("A grey whisker holds 0: it is open who uses the term more.")]
    return [line for text in lines for line in [*wrapped(text, width), *([""] if width < 100 else [])]]


LANES, NAMED, LINES = 8, 40, 15  # of a timeline: lanes; documents that are named; milestones


def timeline(corpus, milestones=None, lane=None, label=None):
    """Documents by date, in lanes of what they are, with milestones between the first and the last of them.

    The area of a circle is the length of its document. Documents of which only the year (the month) is stated are
    hollow, and stand side by side within it. Of many milestones at most fifteen are drawn, no two at one place: those
    near documents, of the party and its grassroots before others; their names stand below. Where all that is known is
    one year, none are, as it is not known what was before them.

    Parameters
    ----------
    corpus : DataFrame
        Columns date (as in the table corpus), year, n_chars; what is undated is counted below the picture.
    milestones : DataFrame, optional
        Of `compare.milestones.read_milestones`.
    lane : str, optional
        Column of the lanes; left out, the first of genre, speaker and doc_type that differs. Of more than eight values
        the rarest are "other".
    label : str, optional
        Column of the documents' names, drawn for at most forty; left out, it is group, city or doc_id.
    """
    from matplotlib.dates import num2date

    table = _dated(corpus, label)
    undated, table = table["first"].isna().sum(), table[table["first"].notna()].reset_index(drop=True)
    lanes = _lanes(corpus, lane)
    table["lane"] = pd.Series(lanes, corpus.index).reset_index(drop=True)[table["row"]].to_numpy()
    order = [x for x in dict.fromkeys(sorted(table["lane"], key=str)) if x != "other"]
    order = sorted(order, key=lambda x: table.loc[table["lane"] == x, "first"].min())
    order += ["other"] if "other" in set(table["lane"]) else []
    n, size = len(table), 7.5
    lane_names = [shortened(display_name("lane", x), 16) for x in order]
    left = 8 + (max(map(ems, lane_names), default=0) * size + 6) * (len(order) > 1)
    width = 72 * WIDTH - left - 14
    low, high = (table["first"].min(), table["last"].max() + 1) if n else (0, 1)
    pad = max(0.03 * (high - low), 1)
    low, high = low - pad, high + pad
    named = n <= NAMED
    if named:  # room for the last name
        high += (high - low) * max(ems(x) for x in [*table["label"], ""]) * size / width
    points = width / (high - low)
    largest = 9 if n <= 12 else 6 if named else 4.5
    table["x"] = (table["first"] + table["share"] * (table["last"] + 1 - table["first"]) - low) * points
    while True:
        table["radius"] = np.maximum(largest * np.sqrt(table["n_chars"] / max(table["n_chars"].max(), 1)), 1.2)
        row = max(2 * largest + 1.5, 11 if named else 0)
        table["row"], heights = _packed(table, order, named, size)
        body = max(sum(heights) * row + 10 * len(heights), 20)
        if body <= 450 or largest < 2:
            break
        largest *= 0.8  # so that all fit on a page
    marks = _chosen(milestones, table, low, high, points)
    columns = 3 if len(marks) > 4 else 1
    lines = -(-len(marks) // columns)
    said = _timeline_said(table, undated)
    below = 30 + 11 * lines + 10 * len(said) + 20 + 0.01 * body
    tall = 14 + body + below
    fig = plt.figure(figsize=(WIDTH, tall / 72))
    fig.set_layout_engine("none")  # a point is a point
    ax = fig.add_axes((left / 72 / WIDTH, below / tall, width / 72 / WIDTH, body / tall))
    top, middles = 0.0, []
    for name, height in zip(order, heights, strict=True):
        part = table[table["lane"] == name]
        y = top + 5 + (part["row"] + 0.5) * row
        middles.append(top + 5 + height * row / 2)
        colour, exact = COLOURS[len(middles) % 7 - 1], (part["last"] == part["first"]).to_numpy()
        _ = ax.scatter(
            part["x"], y, s=(2 * part["radius"]) ** 2, linewidths=0.9, edgecolors=colour, zorder=3,
            facecolors=[colour if e else "white" for e in exact], alpha=0.9,
        )  # fmt: skip
        for x, at, r, text in zip(part["x"], y, part["radius"], part["label"], strict=True) if named else ():
            box = {"boxstyle": "square,pad=0.05", "fc": "white", "ec": "none", "alpha": 0.8}
            look: dict[str, Any] = {"fontsize": size, "va": "center", "parse_math": False, "bbox": box, "zorder": 4}
            _ = ax.text(x + r + 2, at, shortened(text, 14), **look)
        top += height * row + 10
        if name != order[-1]:
            _ = ax.axhline(top, color="#dddddd", lw=0.7)
    for i, at in enumerate(marks["at"], start=1):
        _ = ax.axvline(at, color="#999999", lw=0.6, zorder=1)
        _ = ax.text(at, -2, str(i), ha="center", va="bottom", fontsize=7, color="#555555")
    ax.set(xlim=(0, width), ylim=(body, 0))
    ax.set_yticks(middles if len(order) > 1 else [], lane_names if len(order) > 1 else [])
    ax.tick_params(axis="y", length=0, labelsize=size)
    ax.spines["left"].set_visible(False)
    if n and _one_period(table):
        ax.set_xticks([width / 2], [tr("{year}, no day stated", year=num2date(table["first"][0]).year)])
    else:
        _date_axis(ax, low, high, points)
    for i, (date, name) in enumerate(zip(marks["date"], marks["name"], strict=True)):
        column, line = divmod(i, max(lines, 1))
        x, y = 8 + column * (72 * WIDTH - 8) / columns, below - 34 - 11 * line
        room = 72 * WIDTH / columns - 14
        text = shortened(f"{i + 1}  {date[:7]}  {name}", room / 7)
        (its_gloss,), _width = fitted_glosses([name], room - 7 * ems(text) - 5)
        text = f"{text}  {its_gloss}".rstrip()
        _ = fig.text(x / 72 / WIDTH, y / tall, text, fontsize=7, va="top", color="#333333", parse_math=False)
    for i, text in enumerate(said):
        y = below - 36 - 11 * lines - 10 * i
        _ = fig.text(8 / 72 / WIDTH, y / tall, text, fontsize=7, va="top", color="#666666")
    return fig


def _dated(corpus, label):
    """Documents by date: row, label, n_chars, first and last day (matplotlib's numbers; NaN: undated), share of it."""
    from matplotlib.dates import date2num

    from ..compare.milestones import date_span

    label = label or next((c for c in ("group", "city", "doc_id") if c in corpus), None)
    years = corpus["year"] if "year" in corpus else [None] * len(corpus)
    dates = corpus["date"] if "date" in corpus else [None] * len(corpus)
    spans = [date_span(d) or date_span(y) for d, y in zip(dates, years, strict=True)]
    table = pd.DataFrame({"row": range(len(corpus)), "label": list(map(str, corpus[label]))})
    table["n_chars"] = corpus["n_chars"].to_numpy(dtype=float)
    table["first"] = [date2num(s[0]) if s else np.nan for s in spans]
    table["last"] = [date2num(s[1]) if s else np.nan for s in spans]
    table = table.sort_values(["first", "last", "label"], kind="stable")
    same = table.groupby(["first", "last"])
    table["share"] = (same.cumcount() + 0.5) / same["row"].transform("size")
    table.loc[table["first"] == table["last"], "share"] = 0.5
    return table


def _lanes(corpus, lane):
    """The lane of each document."""
    known = [c for c in ("genre", "speaker", "doc_type") if c in corpus and corpus[c].replace("", np.nan).nunique() > 1]
    lane = lane or next(iter(known), None)
    if lane is None:
        return ["documents"] * len(corpus)
    values = corpus[lane].astype(object).where(corpus[lane].notna() & (corpus[lane].astype(str) != ""), "not stated")
    often = values.astype(str).value_counts()
    kept = sorted(often.index, key=lambda x: (-often[x], x))
    kept = set(kept if len(kept) <= LANES else kept[: LANES - 1])
    return [x if x in kept else "other" for x in values.astype(str)]


def _packed(table, order, named, size):
    """Rows within lanes such that no circle (with its name) covers another: the row of each; rows of each lane."""
    rows, heights = pd.Series(0, table.index), []
    for name in order:
        ends: list[float] = []
        part = table[table["lane"] == name].sort_values(["x", "label"])
        for i, x, r, text in zip(part.index, part["x"], part["radius"], part["label"], strict=True):
            free = [k for k, end in enumerate(ends) if end <= x - r]
            at = free[0] if free else len(ends)
            ends[at : at + 1] = [x + r + 1 + (6 + ems(shortened(text, 14)) * size if named else 0)]
            rows[i] = at
        heights.append(max(len(ends), 1))
    return rows, heights


def _chosen(milestones, table, low, high, points):
    """The milestones that are drawn, by date, with `at`, where they stand in points."""
    from matplotlib.dates import date2num

    if milestones is None or table.empty or _one_period(table):
        return pd.DataFrame({"date": [], "name": [], "at": []})
    marks = milestones.assign(when=[date2num(d) for d in milestones["first"]])
    marks = marks[(marks["when"] >= table["first"].min()) & (marks["when"] <= table["last"].max())]
    when = marks["when"].to_numpy()[:, None]
    apart = np.maximum(np.maximum(table["first"].to_numpy() - when, when - table["last"].to_numpy()), 0).min(axis=1)
    marks = marks.assign(apart=apart, far=apart > 366, other=marks["field"] == "policy")
    marks = marks.assign(few=[-len(t) for t in marks["terms"]], at=(marks["when"] - low) * points)
    kept: list[int] = []
    for i, at in marks.sort_values(["far", "other", "apart", "few", "when"], kind="stable")["at"].items():
        if len(kept) < LINES and all(abs(at - marks["at"][k]) >= (high - low) * points / 24 for k in kept):
            kept.append(i)
    return marks.loc[sorted(kept, key=lambda i: marks["when"][i])]


def _one_period(table):
    """Whether all documents are of one year or month, of which no day is stated."""
    return len(table[["first", "last"]].drop_duplicates()) == 1 and (table["last"] > table["first"]).all()


def _timeline_said(table, undated):
    """What stands below a timeline."""
    vague, n = int((table["last"] > table["first"]).sum()), len(table)
    lines = [tr("Area: length of the document.")]
    if vague:
        aside = tr(" Hollow: no day is stated ({n} of {all}); side by side within their year or month.", n=vague, all=n)
        lines[0] += aside
    if undated == 1:
        lines.append(tr("1 document is undated, and not shown."))
    elif undated:
        lines.append(tr("{n} documents are undated, and not shown.", n=undated))
    return lines


def _date_axis(ax, low, high, points):
    """Ticks at years, or at months where there are less than three years."""
    from matplotlib.dates import date2num, num2date

    start, end = num2date(low), num2date(high)
    if high - low > 3 * 366:
        step = next(s for s in (1, 2, 5, 10, 20, 50) if (end.year - start.year) / s <= 14)
        ticks = [
            (date2num(np.datetime64(f"{y}-01-01")), str(y)) for y in range(start.year, end.year + 1) if y % step == 0
        ]
    else:
        months = [divmod(start.year * 12 + start.month - 1 + i, 12) for i in range(40)]
        step = 1 if high - low < 430 else 3
        ticks = [(date2num(np.datetime64(f"{y}-{m + 1:02}-01")), f"{y}-{m + 1:02}") for y, m in months if m % step == 0]
    if high - low < 100:
        days = range(int(np.ceil(low)), int(high) + 1, max(1, int((high - low) // 6)))
        ticks = [(d, f"{num2date(d):%Y-%m-%d}") for d in days]
    wide = max([len(text) for _, text in ticks] or [0]) * 5.5
    room = max(wide / 2 - 8, 0) / points  # half a label, less the margin of the page
    ticks = [(at, text) for at, text in ticks if low + room <= at <= high - room]
    keep = max(1, int(np.ceil(len(ticks) * wide / ((high - low) * points))))
    ax.set_xticks([(at - low) * points for at, _ in ticks[::keep]], [text for _, text in ticks[::keep]])
    ax.tick_params(axis="x", labelsize=7.5)


def term_rates(table, label, form="{:.1f}"):
    """Rates of terms by group or year as shades; where a term was not available the cell is hatched, and not zero.

    Parameters
    ----------
    table : DataFrame, shape (n_terms, n_groups)
        NaN: not available, as `compare.milestones.unavailable` tells.
    label : str
        What a shade means.
    form : str
        Of the numbers in the cells, where there is room for them.
    """
    from matplotlib.colors import PowerNorm  # roots: one very frequent term would else leave the others white

    n, m = table.shape
    names, columns = [shortened(x, 16) for x in table.index], [shortened(x, 10) for x in table.columns]
    glosses, beside = fitted_glosses(table.index, 110)
    left, size = 10 + 8 * max(map(ems, names)) + (beside + 6 if beside else 0), 8
    width = 72 * WIDTH - left - 52
    cell = width / m
    turned = max(map(ems, columns)) * size > cell - 3
    under = 10 + (size * max(map(ems, columns)) if turned else 12)
    tall = 15.5 * n + under + 44
    fig = plt.figure(figsize=(WIDTH, tall / 72))
    fig.set_layout_engine("none")  # a point is a point
    box = (left / 72 / WIDTH, (under + 32) / tall, width / 72 / WIDTH, 15.5 * n / tall)
    ax, bar = fig.add_axes(box), fig.add_axes(((left + width + 8) / 72 / WIDTH, box[1], 8 / 72 / WIDTH, box[3]))
    values = table.to_numpy(dtype=float)
    top = np.nanmax(values) if np.isfinite(values).any() else 1
    drawn = ax.pcolormesh(np.ma.masked_invalid(values), cmap="Blues", norm=PowerNorm(0.5, 0, top or 1))
    for i, j in zip(*np.nonzero(np.isnan(values)), strict=True):
        look: dict[str, Any] = {"fc": "#f2f2f2", "ec": "#a5a5a5", "hatch": "////", "lw": 0}
        _ = ax.add_patch(plt.Rectangle((j, i), 1, 1, **look))
    wide = max((0.6 * len(form.format(v)) * 7 for v in values[np.isfinite(values)]), default=0)
    for i, j in zip(*np.nonzero(np.isfinite(values)), strict=True) if wide < cell - 2 else ():
        shade = "white" if values[i, j] > 0.4 * top else "#222222"
        text = form.format(values[i, j])
        _ = ax.text(j + 0.5, i + 0.5, text, ha="center", va="center_baseline", fontsize=7, color=shade)
    every = max(1, int(np.ceil(9 / cell)))
    ax.set_xticks(np.arange(m)[::every] + 0.5, columns[::every], rotation=90 if turned else 0)
    ax.set_yticks(np.arange(n) + 0.5, names)
    ax.tick_params(length=0, labelsize=size)
    glosses_beside(ax, glosses, beside)
    ax.set(xlim=(0, m), ylim=(n, 0))
    ax.spines[:].set_visible(False)
    _ = fig.colorbar(drawn, cax=bar)
    bar.tick_params(labelsize=7)
    bar.yaxis.set_major_locator(plt.MaxNLocator(4) if n > 5 else plt.FixedLocator([0, top]))
    bar.yaxis.set_major_formatter("{x:.3g}")
    hatched = tr("hatched: no document of the group could use the term yet")
    said = [label, hatched] if np.isnan(values).any() else [label]
    _ = fig.text(8 / 72 / WIDTH, 18 / tall, " · ".join(said), fontsize=7, color="#444444", parse_math=False)
    return fig


# What becomes of a statement in other specifications: colour, and hatching, which a print in grey keeps.
