"""Texts in figures: their widths, line breaks, shortening, and the glosses of Chinese terms."""

from __future__ import annotations

import math
import re
import textwrap
from typing import TYPE_CHECKING, Any

from matplotlib.font_manager import FontProperties
from matplotlib.textpath import text_to_path

from ..language import current_language, gloss
from .style import WIDTH, figure_width

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from matplotlib.axes import Axes

GLOSS: dict[str, Any] = {"fontsize": 6.5, "color": "#777777"}  # font of glosses


def ems(text: str) -> float:
    """Upper bound of a text's width in ems: · and …, too, are as wide as a Chinese character in this font."""
    return math.fsum(0.6 if c < "\u00a0" else 1 for c in str(text))  # sum adds otherwise since Python 3.12


def wrap(text: str, width: int) -> list[str]:
    """A text in lines of about `width` Latin letters; a Chinese character counts as two.

    Chinese is broken anywhere except before closing punctuation and within numbers and Latin words.
    """
    if current_language() == "en":
        return textwrap.wrap(text, width)
    lines = [""]
    for piece in re.findall(r"(?:[!-~]+|[^\s])[，。；：、）」』”％]*|\s", text):
        if lines[-1] and ems(lines[-1] + piece) > width / 2:
            lines.append("")
        lines[-1] += piece if lines[-1] else piece.lstrip()
    return [line.rstrip() for line in lines if line.strip()]


def shorten(text: object, most: float) -> str:
    """A text cut, with an ellipsis, to no more than `most` ems."""
    text = str(text)
    while ems(text) > most:
        text = text.rstrip("…")[:-1] + "…"
    return text


def fit_glosses(terms: Iterable[str], most: float) -> tuple[list[str], float]:
    """Glosses of terms, cut to no more than `most` points each, and the width of the widest."""
    glosses, widest = [], 0.0
    for text in map(gloss, terms):
        while text.strip("…") and (width := _gloss_width(text)) > most:
            text = text.rstrip("…")[:-1].rstrip(" -") + "…"
        if len(text) < 4 and text.endswith("…"):
            text = ""
        if text:
            widest = max(widest, width)
        glosses.append(text)
    return glosses, widest


def _gloss_width(text: str) -> float:
    """Width of a gloss in points, whatever the resolution."""
    return text_to_path.get_text_width_height_descent(text, FontProperties(size=GLOSS["fontsize"]), ismath=False)[0]


def draw_glosses(ax: Axes, glosses: Sequence[str], width: float) -> None:
    """Draw the glosses of `fit_glosses` in a column between an axis and its tick labels, one for each tick."""
    if not width:
        return
    at: dict[str, Any] = {"xycoords": ax.get_yaxis_transform(), "textcoords": "offset points", "annotation_clip": False}
    for y, text in zip(ax.get_yticks(), glosses, strict=True):
        if text:
            _ = ax.annotate(text, (0, y), (-width - 4, 0), ha="left", va="center_baseline", **GLOSS, **at)
    ax.tick_params(axis="y", pad=width + 8)


def text_width(text: str, size: float) -> float:
    """Approximate width of a text in points: a Chinese character is as wide as it is high."""
    return size * sum(1 if c > "\u2e7f" else 0.6 for c in text)


def faded_font(is_grey: bool) -> dict[str, Any]:
    """Font properties of a text that is drawn in grey, in italics as well; of others none."""
    return {"color": "#777777", "style": "italic"} if is_grey else {}


def fold_heading(name: object, width: float = 12) -> str:
    """A heading in lines of about `width` Chinese characters, broken after middle dots and spaces.

    In a figure that fits a column, lines are a quarter shorter.
    """
    lines = [""]
    if figure_width() < WIDTH:
        width *= 0.75
    for piece in re.findall(r"[^· ]+[· ]*", str(name)):
        if lines[-1] and text_width(lines[-1] + piece.rstrip("· "), 1) > width:
            lines.append("")
        lines[-1] += piece
    return "\n".join(line.rstrip() for line in lines)
