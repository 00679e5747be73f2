"""A timeline of documents and milestones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from matplotlib.dates import date2num, num2date

from ..compare.milestones import date_span
from ..language import display_name, tr
from .style import COLOURS, WIDTH, point_figure
from .text import ems, fit_glosses, shorten

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

LANES = 8
NAMED = 40  # documents that have their names
LINES = 15  # milestones
MANY = 1_000  # documents from which the years of each lane are counted, and circles are not drawn
_BARS = 34.0  # points of a lane of counts
_OTHER = "other"  # the lane of the rarest values


def timeline(
    corpus: pd.DataFrame, milestones: pd.DataFrame | None = None, lane: str | None = None, label: str | None = None
) -> Figure:
    """Documents by date, in lanes by their kind, with the milestones between the first and the last of them.

    The area of a circle is the length of its document. Documents with only a year or month are hollow, and stand side
    by side within it. Of more than a thousand documents the years are counted instead, in bars. At most fifteen
    milestones are drawn, with their names below: those nearest to documents, and those of the party and its grassroots
    before others. None are drawn where one year or month is all that is known, since then no milestone is known to
    precede a document.

    Parameters
    ----------
    corpus : DataFrame
        Columns date (as in the table corpus), year, n_chars; undated documents are counted below the figure.
    milestones : DataFrame, optional
        Of `compare.milestones.read_milestones`.
    lane : str, optional
        Column of the lanes; left out, the first of genre, speaker and doc_type with more than one value. Of more than
        eight values the rarest are "other".
    label : str, optional
        Column of the documents' names, drawn for at most forty; left out: group, city or doc_id.
    """
    table = _date_documents(corpus, label)
    undated, table = table["first"].isna().sum(), table[table["first"].notna()].reset_index(drop=True)
    lanes = _lanes(corpus, lane)
    table["lane"] = pd.Series(lanes, corpus.index).reset_index(drop=True)[table["row"]].to_numpy()
    order = [x for x in dict.fromkeys(sorted(table["lane"], key=str)) if x != _OTHER]
    order = sorted(order, key=lambda x: table.loc[table["lane"] == x, "first"].min())
    if _OTHER in set(table["lane"]):
        order.append(_OTHER)
    n, size = len(table), 7.5
    lane_names = [shorten(display_name("lane", x), 16) for x in order]
    left = 8 + (max(map(ems, lane_names), default=0) * size + 6) * (len(order) > 1)
    width = 72 * WIDTH - left - 14
    low, high = (table["first"].min(), table["last"].max() + 1) if n else (0, 1)
    pad = max(0.03 * (high - low), 1)
    low, high = low - pad, high + pad
    is_named = n <= NAMED
    if is_named:  # room for the last name
        high += (high - low) * max(ems(x) for x in [*table["label"], ""]) * size / width
    points = width / (high - low)
    largest = 9 if n <= 12 else 6 if is_named else 4.5
    table["x"] = (table["first"] + table["share"] * (table["last"] + 1 - table["first"]) - low) * points
    is_counted = n > MANY
    while not is_counted:  # until all fit on a page
        table["radius"] = np.maximum(largest * np.sqrt(table["n_chars"] / max(table["n_chars"].max(), 1)), 1.2)
        row = max(2 * largest + 1.5, 11 if is_named else 0)
        table["row"], heights = _pack_rows(table, order, is_named, size)
        body = max(sum(heights) * row + 10 * len(heights), 20)
        if body <= 450 or largest < 2:
            break
        largest *= 0.8
    if is_counted:
        row, heights = _BARS, [1] * len(order)
        body = (row + 10) * len(order)
    marks = _select_milestones(milestones, table, low, high, points)
    columns = 3 if len(marks) > 4 else 1
    lines = -(-len(marks) // columns)
    notes = _timeline_notes(table, undated, is_counted)
    below = 30 + 11 * lines + 10 * len(notes) + 20 + 0.01 * body
    tall = 14 + body + below
    fig = point_figure(tall)
    ax = fig.add_axes((left / 72 / WIDTH, below / tall, width / 72 / WIDTH, body / tall))
    top, middles = 0.0, []
    for i, (name, height) in enumerate(zip(order, heights, strict=True)):
        part = table[table["lane"] == name]
        colour = COLOURS[(i + 1) % 7 - 1]
        if is_counted:
            _draw_counts(ax, part["first"], top + 5 + row, (low, points), colour)
        else:
            _draw_lane(ax, part, top + 5 + (part["row"] + 0.5) * row, colour, size if is_named else None)
        middles.append(top + 5 + height * row / 2)
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
    if n and _is_one_period(table):
        ax.set_xticks([width / 2], [tr("{year}, no day stated", year=num2date(table["first"][0]).year)])
    else:
        _date_axis(ax, low, high, points)
    _draw_milestone_names(fig, marks, columns, lines, below, tall)
    for i, text in enumerate(notes):
        y = below - 36 - 11 * lines - 10 * i
        _ = fig.text(8 / 72 / WIDTH, y / tall, text, fontsize=7, va="top", color="#666666")
    return fig


def _draw_lane(ax: Axes, part: pd.DataFrame, y: pd.Series, colour: str, size: float | None) -> None:
    """Draw the documents of a lane as circles, hollow without a day, with their names unless `size` is None."""
    is_exact = (part["last"] == part["first"]).to_numpy()
    _ = ax.scatter(
        part["x"], y, s=(2 * part["radius"]) ** 2, linewidths=0.9, edgecolors=colour, zorder=3,
        facecolors=[colour if e else "white" for e in is_exact], alpha=0.9,
    )  # fmt: skip
    if size is None:
        return
    box = {"boxstyle": "square,pad=0.05", "fc": "white", "ec": "none", "alpha": 0.8}
    look: dict[str, Any] = {"fontsize": size, "va": "center", "parse_math": False, "bbox": box, "zorder": 4}
    for x, at, r, text in zip(part["x"], y, part["radius"], part["label"], strict=True):
        _ = ax.text(x + r + 2, at, shorten(text, 14), **look)


def _draw_counts(ax: Axes, days: pd.Series, bottom: float, scale: tuple[float, float], colour: str) -> None:
    """Draw how many documents of a lane are of each year, the most of them as high as the lane, with their number."""
    low, points = scale
    counts = pd.Series([num2date(day).year for day in days]).value_counts().sort_index()
    starts = [(date2num(np.datetime64(f"{year}-01-01")) - low) * points for year in counts.index]
    heights, wide = (_BARS - 9) * counts / counts.max(), 366 * points
    _ = ax.bar(starts, -heights, 0.85 * wide, bottom, align="edge", color=colour, alpha=0.9, zorder=3)
    most = int(counts.to_numpy().argmax())
    look: dict[str, Any] = {"ha": "center", "va": "bottom", "fontsize": 6.5, "color": "#333333"}
    _ = ax.text(starts[most] + 0.42 * wide, bottom - heights.iloc[most] - 0.5, f"{counts.iloc[most]:,}", **look)


def _draw_milestone_names(
    fig: Figure, marks: pd.DataFrame, columns: int, lines: int, below: float, tall: float
) -> None:
    """Draw the numbers, dates and names of milestones in columns below the axis, with glosses."""
    for i, (date, name) in enumerate(zip(marks["date"], marks["name"], strict=True)):
        column, line = divmod(i, max(lines, 1))
        x, y = 8 + column * (72 * WIDTH - 8) / columns, below - 34 - 11 * line
        room = 72 * WIDTH / columns - 14
        text = shorten(f"{i + 1}  {date[:7]}  {name}", room / 7)
        (its_gloss,), _width = fit_glosses([name], room - 7 * ems(text) - 5)
        text = f"{text}  {its_gloss}".rstrip()
        _ = fig.text(x / 72 / WIDTH, y / tall, text, fontsize=7, va="top", color="#333333", parse_math=False)


def _date_documents(corpus: pd.DataFrame, label: str | None) -> pd.DataFrame:
    """Documents by date: row (in the corpus), label, n_chars, first and last day, share.

    Days are matplotlib's numbers, NaN if undated; share is the place of a document within its period, 0 to 1.
    """
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


def _lanes(corpus: pd.DataFrame, lane: str | None) -> list[str]:
    """The lane of each document."""
    known = [c for c in ("genre", "speaker", "doc_type") if c in corpus and corpus[c].replace("", np.nan).nunique() > 1]
    lane = lane or next(iter(known), None)
    if lane is None:
        return ["documents"] * len(corpus)
    values = corpus[lane].astype(object).where(corpus[lane].notna() & (corpus[lane].astype(str) != ""), "not stated")
    counts = values.astype(str).value_counts()
    commonest = sorted(counts.index, key=lambda x: (-counts[x], x))
    lanes = set(commonest if len(commonest) <= LANES else commonest[: LANES - 1])
    return [x if x in lanes else _OTHER for x in values.astype(str)]


def _pack_rows(table: pd.DataFrame, order: Sequence[str], is_named: bool, size: float) -> tuple[pd.Series, list[int]]:
    """The row of each document in its lane, so that no circle or name covers another, and the rows of each lane."""
    rows, heights = pd.Series(0, table.index), []
    for name in order:
        ends: list[float] = []
        part = table[table["lane"] == name].sort_values(["x", "label"])
        for i, x, r, text in zip(part.index, part["x"], part["radius"], part["label"], strict=True):
            free = [k for k, end in enumerate(ends) if end <= x - r]
            at = free[0] if free else len(ends)
            ends[at : at + 1] = [x + r + 1 + (6 + ems(shorten(text, 14)) * size if is_named else 0)]
            rows[i] = at
        heights.append(max(len(ends), 1))
    return rows, heights


def _select_milestones(
    milestones: pd.DataFrame | None, table: pd.DataFrame, low: float, high: float, points: float
) -> pd.DataFrame:
    """The milestones to draw, by date, with their place `at` in points: near documents, and apart from one another."""
    if milestones is None or table.empty or _is_one_period(table):
        return pd.DataFrame({"date": [], "name": [], "at": []})
    marks = milestones.assign(when=[date2num(d) for d in milestones["first"]])
    marks = marks[(marks["when"] >= table["first"].min()) & (marks["when"] <= table["last"].max())]
    when = marks["when"].to_numpy()[:, None]
    distance = np.maximum(np.maximum(table["first"].to_numpy() - when, when - table["last"].to_numpy()), 0).min(axis=1)
    marks = marks.assign(distance=distance, far=distance > 366, other=marks["field"] == "policy")
    marks = marks.assign(few=[-len(t) for t in marks["terms"]], at=(marks["when"] - low) * points)
    selected: list[int] = []
    for i, at in marks.sort_values(["far", "other", "distance", "few", "when"], kind="stable")["at"].items():
        if len(selected) < LINES and all(abs(at - marks["at"][k]) >= (high - low) * points / 24 for k in selected):
            selected.append(i)
    return marks.loc[sorted(selected, key=lambda i: marks["when"][i])]


def _is_one_period(table: pd.DataFrame) -> bool:
    """Whether one year or month is all that is known of every document."""
    return len(table[["first", "last"]].drop_duplicates()) == 1 and (table["last"] > table["first"]).all()


def _timeline_notes(table: pd.DataFrame, undated: int, is_counted: bool) -> list[str]:
    """The notes below a timeline."""
    vague, n = int((table["last"] > table["first"]).sum()), len(table)
    lines = [tr("Area: length of the document.")]
    if is_counted:
        lines = [tr("Bars: documents of a year, each lane to its own scale; the number is that of its tallest.")]
    elif vague:
        aside = tr(" Hollow: no day is stated ({n} of {all}); side by side within their year or month.", n=vague, all=n)
        lines[0] += aside
    if undated == 1:
        lines.append(tr("1 document is undated, and not shown."))
    elif undated:
        lines.append(tr("{n} documents are undated, and not shown.", n=undated))
    return lines


def _date_axis(ax: Axes, low: float, high: float, points: float) -> None:
    """Set ticks at years; at months or days where the span is short."""
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
