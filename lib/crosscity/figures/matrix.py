"""The matrix of questions by voices as a picture: a sentence a cell, with its figures, or hatching."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import matplotlib.pyplot as plt

from ..compare.answers import NOT_ASKED, NOT_YET
from ..language import display_name, tr
from .style import WIDTH, point_figure
from .text import ems, shorten

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping, Sequence

    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MOST = 7  # voices with a legible column each
ROWS = 8  # questions of a picture, which then fits a page
MARKS = {"achievement": "●", "plan": "○", "norm": "■", "problem": "▲", "cause": "▲", "other": "·"}
_SIZE = 6.6  # points
_LEADING = 1.32  # of a line, in sizes
_HEAD, _ASKED = 2, 0.86  # lines of a head; inches of the column of questions
_PAD = 0.045  # inches
_LONGEST, _TWO = 48, 40  # characters of a sentence, and of each of two
_NOTES = 24  # points at the bottom, for the notes of `style.save_figure`
_CHIPS = 3
_CLOSING = "，。；：、）」』”’％,.;:)%!?！？"
_FIGURE, _TEXT, _SOFT = "#0b4f86", "#1d2329", "#666666"
_SILENT: dict[str, Any] = {"fc": "#f7f7f7", "ec": "#c4c4c4", "hatch": "////", "lw": 0}
_UNASKED: dict[str, Any] = {"fc": "#f0f0f0", "ec": "#f0f0f0", "lw": 0}
_EARLY: dict[str, Any] = {"fc": "#f7f7f7", "ec": "#c4c4c4", "hatch": "..", "lw": 0}


def matrix_figure(table: pd.DataFrame, voices: Sequence[str], heads: Sequence[str]) -> Figure:
    """Questions by voices: of each cell the stance as a mark, the best sentence, and its first figures.

    A second sentence that completes a short one stands in place of the figures.

    Parameters
    ----------
    table : DataFrame
        Of `compare.answers.answer_matrix`.
    voices : sequence of str
        Columns, `MOST` of them at most.
    heads : sequence of str
        What stands below each voice: its date and genre.
    """
    best = table[table["rank"] <= 1].set_index(["question", "group"])
    second = table[(table["rank"] == 2) & table["shown"].astype(bool)].set_index(["question", "group"])
    more = dict(zip(second.index, second.to_dict("records"), strict=True))
    asked = list(table.drop_duplicates("question")[["question", "gloss"]].itertuples(index=False, name=None))
    wide = (WIDTH - _ASKED) / len(voices)
    room = int((wide - 2 * _PAD) * 72 / _SIZE)  # ems of a line
    labels = [_lines(display_name("question", gloss), int((_ASKED - 2 * _PAD) * 72 / _SIZE)) for _, gloss in asked]
    cells = [
        [_cell(best.loc[(question, voice)], more.get((question, voice)), room) for voice in voices]
        for question, _ in asked
    ]
    tops = [_lines(head, room)[:4] for head in heads]
    line = _SIZE * _LEADING / 72
    heights = [
        max(len(label), *(len(text) + len(chips) for _, text, chips in row)) * line + 2.4 * _PAD
        for label, row in zip(labels, cells, strict=True)
    ]
    head = (1.6 + max(map(len, tops))) * line + 2 * _PAD
    height = sum(heights) + head + 2 * line + _NOTES / 72
    fig = point_figure(72 * height)
    ax = fig.add_axes((0, 0, 1, 1))
    ax.set(xlim=(0, WIDTH), ylim=(height, 0))
    ax.axis("off")
    for i, (voice, top) in enumerate(zip(voices, tops, strict=True)):
        x = _ASKED + i * wide + _PAD
        _ = ax.text(x, _PAD, shorten(voice, room), fontsize=_SIZE + 1.2, va="top", color=_TEXT)
        _write(ax, x, _PAD + 1.55 * line, top, _SOFT)
    y = head
    for label, row, tall in zip(labels, cells, heights, strict=True):
        _ = ax.plot([0, WIDTH], [y, y], color="#c9ced4", lw=0.5)
        _write(ax, _PAD, y + _PAD, label, _TEXT)
        for i, (kind, text, chips) in enumerate(row):
            x = _ASKED + i * wide
            if kind is not None:
                _ = ax.add_patch(plt.Rectangle((x + 0.01, y + 0.015), wide - 0.02, tall - 0.03, **kind))
                _write(ax, x + _PAD, y + _PAD, text, _SOFT, boxed=True)
                continue
            _write(ax, x + _PAD, y + _PAD, text, _TEXT)
            _write(ax, x + _PAD, y + _PAD + len(text) * line, chips, _FIGURE)
        y += tall
    _ = ax.plot([0, WIDTH], [y, y], color="#c9ced4", lw=0.5)
    legend = tr("● in force or reached   ○ planned   ■ rule   ▲ problem   hatched: not reported")
    _ = ax.text(_PAD, y + 0.5 * line, legend, fontsize=_SIZE, va="top", color=_SOFT)
    return fig


def _write(ax: Axes, x: float, y: float, lines: Sequence[str], colour: str, boxed: bool = False) -> None:
    """Lines of text, each placed by itself: a font's own leading differs with its characters."""
    box = {"bbox": {"fc": "#f7f7f7", "ec": "none", "pad": 0.6}} if boxed else {}
    for i, text in enumerate(lines):
        place = y + i * _SIZE * _LEADING / 72
        _ = ax.text(x, place, text, fontsize=_SIZE, va="top", color=colour, **box)


def _cell(
    row: pd.Series[Any], second: Mapping[Hashable, Any] | None, room: int
) -> tuple[dict[str, Any] | None, list[str], list[str]]:
    """How a silence is drawn (None where there is an answer), the lines of the sentence, and those of its figures."""
    if row["rank"] == 0:
        kind = {NOT_ASKED: _UNASKED, NOT_YET: _EARLY}.get(row["why"], _SILENT)
        return kind, _lines(display_name("silence", row["why"]), room), []
    if second is not None and len(row["text"]) <= _LONGEST:
        return None, [*_lines(_said(row, _TWO), room), *_lines(_said(second, _TWO), room)], []
    said = _said(row, _LONGEST)
    figures = [f for f in row["figures"].split("; ") if f and f.split(" ")[0] not in said][:_CHIPS]
    names = [n for n in row["programmes"].split("; ") if n and n not in said.replace("“", "").replace("”", "")][:_CHIPS]
    chips = [shorten(chip, room) for chip in [*figures, *names][:_CHIPS]]
    return None, _lines(said, room), chips


def _said(row: Mapping[Hashable, Any] | pd.Series[Any], longest: int) -> str:
    """The mark of a sentence and as much of it as fits, from where it speaks to the question."""
    text = row["text"][row["key"] :] if len(row["text"]) > longest else row["text"]
    begin = "…" if len(text) < len(row["text"]) else ""
    cut = text[:longest] + "…" if len(text) > longest else text
    return f"{MARKS.get(row['stance'], '·')} {begin}{cut}"


def _lines(text: str, room: int) -> list[str]:
    """A text in lines of `room` ems, broken anywhere in Chinese, but not within numbers and Latin words."""
    lines = [""]
    for piece in re.findall(rf"(?:[A-Za-z0-9.+%-]+|[^\s])[{_CLOSING}]*|\s", text):
        if lines[-1] and ems(lines[-1] + piece) > room:
            lines.append("")
        lines[-1] += piece if lines[-1] else piece.lstrip()
    return [line.rstrip() for line in lines if line.strip()]
