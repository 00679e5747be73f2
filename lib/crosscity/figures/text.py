"""Where the words of a network stand on a page: near to those they are joined to, and none on another."""

from __future__ import annotations

import re
import textwrap
from typing import TYPE_CHECKING, Any

from matplotlib.font_manager import FontProperties
from matplotlib.textpath import text_to_path

from ..language import current_language, gloss
from .style import WIDTH, figure_width

if TYPE_CHECKING:
    pass


def ems(text: str) -> float:
    """Width of a text in ems, at most: of the font's punctuation, · and … are as wide as a character."""
    return sum(0.6 if c < "\u00a0" else 1 for c in str(text))


def wrapped(text: str, width: int) -> list[str]:
    """A text in lines of about so many Latin letters, of which a Chinese character takes two.

    Chinese is cut anywhere but before what closes, and within no number or Latin word.
    """
    if current_language() == "en":
        return textwrap.wrap(text, width)
    lines = [""]
    for piece in re.findall(r"(?:[!-~]+|[^\s])[，。；：、）」』”％]*|\s", text):
        if lines[-1] and ems(lines[-1] + piece) > width / 2:
            lines.append("")
        lines[-1] += piece if lines[-1] else piece.lstrip()
    return [line.rstrip() for line in lines if line.strip()]


def shortened(text: str, most: float) -> str:
    """A text that is no wider than so many ems."""
    while ems(text) > most:
        text = str(text).rstrip("…")[:-1] + "…"
    return text


GLOSS: dict[str, Any] = {"fontsize": 6.5, "color": "#777777"}  # of what stands beside terms


def fitted_glosses(terms, most):
    """Glosses of terms, none wider than so many points, and the width of the widest."""
    said, widest = [], 0.0
    for text in map(gloss, terms):
        while text.strip("…") and (width := _gloss_width(text)) > most:
            text = text.rstrip("…")[:-1].rstrip(" -") + "…"
        text = "" if len(text) < 4 and text.endswith("…") else text
        widest = max(widest, width) if text else widest
        said.append(text)
    return said, widest


def _gloss_width(text):
    """Width of a gloss in points, at any resolution."""
    return text_to_path.get_text_width_height_descent(text, FontProperties(size=GLOSS["fontsize"]), ismath=False)[0]


def glosses_beside(ax, glosses, width):
    """Glosses in a column between an axis and its names, one a tick; `glosses` and `width` of `fitted_glosses`."""
    if not width:
        return
    at = {"xycoords": ax.get_yaxis_transform(), "textcoords": "offset points", "annotation_clip": False}
    for y, text in zip(ax.get_yticks(), glosses, strict=True):
        if text:
            _ = ax.annotate(text, (0, y), (-width - 4, 0), ha="left", va="center_baseline", **GLOSS, **at)
    ax.tick_params(axis="y", pad=width + 8)


def text_width(text, size):
    """Width of a text in points, about: a Chinese character is as wide as it is high."""
    return size * sum(1 if c > "\u2e7f" else 0.6 for c in text)


def faded(is_grey):
    return {"color": "#777777", "style": "italic"} if is_grey else {}


def folded(name, width=12):
    """A heading in lines of about `width` Chinese characters (in a column fewer), cut after middle dots and spaces."""
    lines, width = [""], width if figure_width() == WIDTH else 0.75 * width
    for piece in re.findall(r"[^· ]+[· ]*", str(name)):
        if lines[-1] and text_width(lines[-1] + piece.rstrip("· "), 1) > width:
            lines.append("")
        lines[-1] += piece
    return "\n".join(line.rstrip() for line in lines)
