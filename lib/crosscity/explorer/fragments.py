"""Answers of the explorer as HTML and figures: whatever comes from documents is text, and escaped."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from markupsafe import Markup

from ..figures import basic
from ..figures.style import COLOURS, WIDTH
from ..language import display_name, heading, tr
from .cleaning_changes import key, marked

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

MOST = 20  # bars that are shown
STYLE = """<style>
.cc-line { display: grid; grid-template-columns: 1fr auto 1fr; gap: .35em; line-height: 28px; white-space: pre; }
.cc-line > span { overflow: hidden; }
.cc-line > .cc-left { display: flex; justify-content: flex-end; }
.cc-line > .cc-node { font-weight: bold; color: var(--jp-brand-color1, #0072B2); max-width: 16em; }
.cc-table { border-collapse: collapse; font-size: 13px; line-height: 1.45; width: 100%; }
.cc-table td, .cc-table th { padding: 2px 8px 2px 0; text-align: left; vertical-align: top; }
.cc-table th { border-bottom: 1px solid var(--jp-border-color1, #999); }
.cc-table td { border-bottom: 1px solid var(--jp-border-color3, #ddd); }
.cc-table .cc-number { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
.cc-table .cc-bar { width: 35%; min-width: 60px; }
.cc-bar > div { background: #0072B2; height: 10px; margin-top: 5px; }
.cc-document p { margin: 0 0 .6em; line-height: 1.75; max-width: 60em; overflow-wrap: anywhere; }
.cc-document .cc-where { color: var(--jp-ui-font-color2, #666); font-size: 12px; margin-right: .6em; }
.cc-document h4 { margin: .9em 0 .3em; }
.cc-code { background: var(--jp-layout-color2, #f2f2f2); padding: 3px 8px; font-size: 12px; margin: 0; }
.cc-code { white-space: pre-wrap; }
.cc-said { min-height: 1.6em; line-height: 1.6; }
.cc-hint { color: var(--jp-ui-font-color2, #666); line-height: 1.6; }
.cc-wide { overflow-x: auto; }
</style>"""


def line(left: str, node: str, right: str) -> Markup:
    """One line of words in context, the node in the middle."""
    made = Markup('<div class="cc-line"><span class="cc-left"><span>{}</span></span><span class="cc-node">{}</span>')
    return made.format(left, node) + Markup("<span>{}</span></div>").format(right)


def table(frame: pd.DataFrame, headings: Sequence[str] | None = None, bar: str | None = None) -> Markup:
    """A table; numbers to the right, empty cells and NaN as "–"; a column of numbers may have bars beside it."""
    headings = list(headings or frame.columns)
    numeric = [pd.api.types.is_numeric_dtype(kind) for kind in frame.dtypes]
    head = Markup("").join(
        Markup('<th scope="col"{}>{}</th>').format(Markup(' class="cc-number"') if n else "", h)
        for h, n in zip(headings, numeric, strict=True)
    )
    longest = max(frame[bar].abs().max(), 1e-12) if bar and len(frame) else 1
    rows = []
    for values in frame.itertuples(index=False, name=None):
        cells = [
            Markup('<td class="cc-number">{}</td>').format(_number(v)) if n else Markup("<td>{}</td>").format(_text(v))
            for v, n in zip(values, numeric, strict=True)
        ]
        if bar:
            share = abs(values[list(frame.columns).index(bar)]) / longest
            cells.append(Markup('<td class="cc-bar"><div style="width:{}%"></div></td>').format(f"{100 * share:.1f}"))
        rows.append(Markup("<tr>{}</tr>").format(Markup("").join(cells)))
    head += Markup("<th></th>") if bar else Markup("")
    made = Markup(
        '<div class="cc-wide"><table class="cc-table"><thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>'
    )
    return made.format(head, Markup("").join(rows))


def _text(value: Any) -> str:
    return "–" if value is None or value is pd.NA or (isinstance(value, float) and math.isnan(value)) else str(value)


def _number(value: Any) -> str:
    if pd.isna(value):
        return "–"
    return f"{value:,.0f}" if float(value).is_integer() and abs(value) >= 1 else f"{value:,.4g}"


def rates(found: pd.DataFrame, by: str, per: str, most: int = MOST) -> Markup:
    """Rates by group with bars: the highest, of years all in their order."""
    shown = _ordered(found, by, most)[["group", "count", "rate"]].round({"rate": 2})
    made = table(shown, [heading(by), tr("count"), tr("per 10,000 {what}", what=per)], "rate")
    if len(shown) < len(found):
        made += Markup("<p>{}</p>").format(tr("and {n} more, in the export", n=len(found) - len(shown)))
    return made


def _ordered(found: pd.DataFrame, by: str, most: int) -> pd.DataFrame:
    return found.sort_values("group", kind="stable") if by == "year" else found.head(most)


def rates_figure(found: pd.DataFrame, by: str, per: str) -> Any:
    """The same as a figure: bars of the highest rates, or a line over the years."""
    part, label = _ordered(found, by, MOST), tr("per 10,000 {what}", what=per)
    if by != "year" or len(part) <= 12:
        return basic.bars(part, "group", "rate", label)
    fig, ax = plt.subplots(figsize=(WIDTH, 2.6))
    years = pd.to_numeric(part["group"], errors="coerce")
    ax.plot(years, part["rate"], marker="o", ms=3, lw=1)
    ax.set_ylabel(label)
    ax.set_ylim(bottom=0)
    plt.close(fig)
    return fig


def sides_figure(shares: pd.DataFrame, a: str, b: str) -> Any:
    """Shares of topics in two groups: a line leads from the one (hollow) to the other (filled)."""
    part = shares.iloc[::-1]
    y = np.arange(len(part))
    fig, ax = plt.subplots(figsize=(WIDTH, 0.9 + 0.24 * len(part)))
    ax.hlines(y, part["a"], part["b"], color="#999999", lw=1)
    ax.plot(part["a"], y, "o", mfc="white", mec=COLOURS[0], label=a)
    ax.plot(part["b"], y, "o", color=COLOURS[1], label=b)
    ax.set_yticks(y, part["name"])
    ax.xaxis.set_major_formatter("{x:.0%}")
    ax.set_xlabel(tr("share of text"))
    fig.legend(loc="outside upper right", ncols=2)
    plt.close(fig)
    return fig


def document(
    paragraphs: pd.DataFrame,
    changed: pd.DataFrame,
    here: tuple[int, int, int] | None = None,
    spaces: bool = False,
) -> Markup:
    """Paragraphs of a document with what cleaning changed in them, and what the signs mean.

    Parameters
    ----------
    paragraphs : DataFrame
        Columns paragraph, kind, text.
    changed : DataFrame
        Of `cleaning_changes.placed`.
    here : tuple of int, optional
        Paragraph, start and end of what is looked for.
    spaces : bool
        Whether changes of spaces are shown.
    """
    of = dict(list(changed.groupby("paragraph")))
    parts = []
    for row in paragraphs[["paragraph", "kind", "text"]].itertuples(index=False):
        span = here[1:] if here and here[0] == row.paragraph else None
        text = marked(row.text, of.get(row.paragraph, changed.head(0)), span, spaces)
        where = Markup('<span class="cc-where">{}¶{} {}</span>').format(
            "▶ " if span else "", row.paragraph, display_name("kind", row.kind)
        )
        frame = "<h4>{}{}</h4>" if row.kind in ("title", "heading") else "<p>{}{}</p>"
        parts.append(Markup(frame).format(where, text))
    made = Markup('<div class="cc-document"><p>{}</p>{}</div>')
    return made.format(key(), Markup("").join(parts))


def said(text: str, problem: bool = False) -> Markup:
    """A line that says what is seen, or what is wrong: with a sign, not by colour alone."""
    sign = "⚠ " if problem else ""
    return Markup('<div class="cc-said" role="status" aria-live="polite">{}{}</div>').format(sign, text)


def hint(text: str) -> Markup:
    """A line that says how, and never changes."""
    return Markup('<div class="cc-hint">{}</div>').format(text)


def code(text: str) -> Markup:
    """A line of code, to be copied."""
    return Markup('<pre class="cc-code">{}</pre>').format(text)


def listed(words: Iterable[str]) -> str:
    """Words with commas between them."""
    return "、".join(map(str, words))


def plain(frame: pd.DataFrame, most: int = 12) -> pd.DataFrame:
    """The first rows of a table, for a notebook: numbers with few digits, since the last are the machine's."""
    return frame.head(most).map(lambda v: _number(v) if isinstance(v, float) else v)
