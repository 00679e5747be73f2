"""Tables for a paper: LaTeX that keeps within the width of the text, and HTML."""

from __future__ import annotations

import re
import unicodedata
from html import escape
from typing import TYPE_CHECKING

from ..language import current_language

if TYPE_CHECKING:
    from collections.abc import Sequence

LONG = 40  # rows from which a table of LaTeX goes over pages
_LINE = 64  # narrow letters in a line of small print, less the space between five columns
_LONG_WORD = re.compile(r"([A-Za-z0-9]{10})(?=[A-Za-z0-9]{4})")  # is broken within
_SHORT = 16  # narrow letters of a cell that stands on one line, where there is room
_LONGEST = 90  # narrow letters of a cell; more are cut
_NUMBER = re.compile(r"[<≤≥−+-]?[\d.,]+%?|–|")
_ESCAPES = {c: rf"\{c}" for c in "&%$#_{}"} | {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "\n": " ",
}


def escaped(text: object) -> str:
    r"""A text as LaTeX sets it.

    >>> print(escaped("50% & a_b"))
    50\% \& a\_b
    """
    return "".join(_ESCAPES.get(c, c) for c in str(text))


def text_width(text: str) -> int:
    """How wide a text is in narrow letters: a Chinese character is two.

    >>> text_width("党建 work")
    9
    """
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def shortened(text: str, most: int = _LONGEST) -> str:
    """A text cut after so many narrow letters, with an ellipsis."""
    if text_width(text) <= most:
        return text
    while text_width(text) > most - 1:
        text = text[:-1]
    return f"{text}…"


def column_widths(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> list[float]:
    """Shares of the width of the text, which add up to 1: what cannot be broken has room, the rest goes by need.

    >>> column_widths(["a", "b"], [["1", "longer words in these cells"]])
    [0.1, 0.9]
    """
    columns = list(map(list, zip(headings, *rows, strict=True)))
    wholes = [max(text_width(word) for cell in column for word in _words(cell)) + 2 for column in columns]
    lines = [max(map(text_width, (c for c in column if text_width(c) <= _SHORT)), default=0) + 2 for column in columns]
    lines = list(map(max, wholes, lines))
    wholes = lines if sum(lines) <= _LINE else wholes
    needs = [max(whole, *map(text_width, column)) for whole, column in zip(wholes, columns, strict=True)]
    over = max(_LINE - sum(wholes), 0)
    wanted = sum(need - whole for need, whole in zip(needs, wholes, strict=True))
    given = min(1, over / wanted) if wanted else 0
    widths = [whole + given * (need - whole) for need, whole in zip(needs, wholes, strict=True)]
    return [round(width / sum(widths), 4) for width in widths]


def _words(text: str) -> list[str]:
    """The parts of a text between which a line may break: at spaces and hyphens, and around Chinese characters."""
    return re.findall(r"[\u2e80-\uffef]|[^\s\u2e80-\uffef_/-]+[_/-]?", _LONG_WORD.sub(r"\1 ", text)) or [""]


def fitting_rows(rows: Sequence[Sequence[str]], widths: Sequence[float], lines: int = 42) -> int:
    """How many first rows take no more than so many lines; one at least."""
    taken = 0
    for n, row in enumerate(rows):
        taken += max(-(-text_width(cell) // max(int(_LINE * w) - 2, 1)) for cell, w in zip(row, widths, strict=True))
        if taken > lines:
            return max(n, 1)
    return len(rows)


def latex_table(name: str, caption: str, headings: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table in LaTeX as wide as the text, with the rules of booktabs; with many rows a longtable.

    Parameters
    ----------
    name : str
        Of its label, tab:NAME.
    caption : str
    headings : sequence of str
    rows : sequence of sequence of str
        Cells as they are shown; not escaped.
    """
    widths = column_widths(headings, rows)
    right = [all(_NUMBER.fullmatch(row[i]) for row in rows) for i in range(len(headings))]
    outer = r"@{}"
    form = "".join(
        rf">{{\{'raggedleft' if r else 'raggedright'}\arraybackslash}}"
        rf"p{{\dimexpr {w:.4f}\linewidth-{2 * (len(widths) - 1) / len(widths):.3f}\tabcolsep\relax}}"
        for w, r in zip(widths, right, strict=True)
    )
    head = " & ".join(map(_cell, headings)) + r" \\"
    body = "\n".join(" & ".join(map(_cell, row)) + r" \\" for row in rows)
    told = rf"\caption{{{escaped(caption)}}}"
    label = rf"\label{{tab:{name}}}"
    if len(rows) > LONG:
        top = f"{told} {label} \\\\\n\\toprule\n{head}\n\\midrule\n\\endhead\n{body}\n\\bottomrule"
        return f"{{\\small\n\\begin{{longtable}}{{{outer}{form}{outer}}}\n{top}\n\\end{{longtable}}}}\n"
    return (
        f"\\begin{{table}}\n\\centering\\small\n{told}\n{label}\n\\begin{{tabular}}{{{outer}{form}{outer}}}\n\\toprule\n"
        f"{head}\n\\midrule\n{body}\n\\bottomrule\n\\end{{tabular}}\n\\end{{table}}\n"
    )


def _cell(text: str) -> str:
    """A cell for LaTeX, which may break it behind underscores, slashes and hyphens, and within very long words."""
    parts = _LONG_WORD.sub("\\1\u200b", text).split("\u200b")
    return r"\allowbreak{}".join(re.sub(r"(\\_|/|(?<=\w)-)(?=\w)", r"\1\\allowbreak{}", escaped(p)) for p in parts)


def html_table(caption: str, headings: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table in HTML."""
    head = "".join(f'<th scope="col">{escape(h)}</th>' for h in headings)
    body = "\n".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    return (
        f'<table lang="{current_language()}">\n<caption>{escape(caption)}</caption>\n<thead><tr>{head}</tr></thead>\n'
        f"<tbody>\n{body}\n</tbody>\n</table>\n"
    )
