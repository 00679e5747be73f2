"""The style of every figure, and saving one: as SVG, PNG and PDF, with its data as CSV and its alt text."""

from __future__ import annotations

import json
import math
import os
import re
import textwrap
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
from matplotlib import font_manager, style
from matplotlib.transforms import Bbox

from ..files import frame_to_csv, write_text
from ..pages import FONT_FILE

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from matplotlib.figure import Figure

FONT = "Crosscity Noto Sans SC"  # as the style file names it
WIDTH = 7.2  # inches: the text width of a page, and the width of figures that do not fit a column
TALL = 9.0  # inches: the text height of a page
WIDTHS = {"page": WIDTH, "column": 3.5}
STYLE_FILE = Path(__file__).with_name("resources") / "crosscity.mplstyle"
# No file records when and by what it was made, so that the same figure gives the same bytes.
_METADATA: dict[str, dict[str, None]] = {
    ".svg": {"Date": None},
    ".png": {"Software": None},
    ".pdf": {"CreationDate": None, "Creator": None, "Producer": None},
}
# Eight colours that are distinct for the colour-blind (Okabe and Ito 2008); the style file repeats them.
COLOURS = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#666666", "#000000"]


class MissingGlyphWarning(UserWarning):
    """A figure has characters that no font of the style covers; they show as boxes."""


def use_style(width: str = "page") -> None:
    """Set matplotlib's style: fonts that cover Chinese, and sizes for print.

    Parameters
    ----------
    width : str
        page; or column: figures that fit one of two columns are drawn for it.
    """
    if FONT not in {f.name for f in font_manager.fontManager.ttflist}:
        font_manager.fontManager.addfont(str(FONT_FILE))
    mpl.rcdefaults()  # keeps the backend and interactive mode, without which a notebook shows no figures
    style.use(STYLE_FILE)
    mpl.rcParams["figure.figsize"] = (WIDTHS[width], mpl.rcParams["figure.figsize"][1])


def figure_width() -> float:
    """The width in inches of a figure that may fit a column, as the style sets it; other figures have WIDTH."""
    return mpl.rcParams["figure.figsize"][0]


def point_figure(height: float) -> Figure:
    """A figure of the page's width, `height` points tall, on which things are placed in points: nothing moves them."""
    fig = plt.figure(figsize=(WIDTH, height / 72))
    fig.set_layout_engine("none")
    return fig


def panels_across(most: int, least: float = 2.3) -> int:
    """How many panels of at least `least` inches fit side by side in a figure that may fit a column; at most `most`."""
    return max(1, min(most, int(figure_width() / least + 1e-9)))


def panel_grid(
    n: int, most: int, tall: float, more: float = 0.0, least: float = 2.3
) -> tuple[int, int, tuple[float, float]]:
    """The layout of n panels in a figure: its rows, columns and size.

    Parameters
    ----------
    n, most : int
        The number of panels, and how many may stand side by side.
    tall, more : float
        Inches of a row, and of the space above and below all rows.
    least : float
        Inches of width that a panel needs.

    Returns
    -------
    rows, columns : int
    size : tuple of float
        In inches. A figure that would be taller than a page in a column takes the width of the page.
    """
    columns = panels_across(min(most, n), least)
    wide, rows = figure_width(), math.ceil(n / columns)
    if rows * tall + more > TALL and wide < WIDTH:
        wide, columns = WIDTH, min(most, n)
        rows = math.ceil(n / columns)
    return rows, columns, (wide, rows * tall + more)


def save_figure(
    fig: Figure, folder: Path | str, name: str, data: pd.DataFrame, title: str, alt: str, notes: Sequence[str] = ()
) -> None:
    """Write name.svg, .png, .pdf, .csv (the data) and .json (title, alt text, notes) into a folder.

    Parameters
    ----------
    fig : Figure
    folder : str or Path
    name : str
    data : DataFrame
        What the figure shows; in the CSV the notes are the last column.
    title, alt : str
    notes : sequence of str
        Caveats of the corpus; drawn at the bottom left.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    set_notes(fig, notes)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        _freeze_layout(fig)
        for suffix, metadata in _METADATA.items():
            temporary = folder / f".{name}.{os.getpid()}{suffix}"
            try:
                fig.savefig(temporary, metadata=metadata)
                os.replace(temporary, folder / f"{name}{suffix}")
            except OSError as error:
                raise OSError(error.errno, error.strerror, str(folder / f"{name}{suffix}")) from None
            finally:
                temporary.unlink(missing_ok=True)
    _report_warnings(caught, name)
    table = data.assign(note="; ".join(notes)) if notes else data
    write_text(folder / f"{name}.csv", frame_to_csv(table, "%.6g"))
    about = {"name": name, "title": title, "alt": alt, "notes": list(notes)}
    write_text(folder / f"{name}.json", json.dumps(about, ensure_ascii=False, indent=1) + "\n")


def set_notes(fig: Figure, notes: Sequence[str]) -> None:
    """Draw the caveats of the corpus at the bottom left of a figure, in as many lines as its width requires."""
    text = "\n".join(textwrap.wrap(" · ".join(notes), int(19 * fig.get_figwidth())))
    if text != fig.get_supxlabel():  # a figure that is saved again has them in place
        fig.supxlabel(text, x=0.01, ha="left", fontsize=7, color="#555555", style="normal")


def _freeze_layout(fig: Figure) -> None:
    """Lay a figure out once, at the resolution that it is saved with, and round its size and the positions of its axes.

    Text is narrower at a coarse resolution, where letters are hinted to pixels. The layout's solver visits its
    constraints in the order of their memory addresses, so that positions differ in the last bits from run to run, and
    sizes are sums that one Python adds up otherwise than another; an SVG derives the names of its clip paths from both.
    """
    if fig.get_layout_engine() is None:
        return
    fig.set_size_inches(*np.round(fig.get_size_inches(), 6))
    coarse = fig.dpi
    fig.set_dpi(mpl.rcParams["savefig.dpi"])
    fig.draw_without_rendering()
    fig.set_dpi(coarse)
    fig.set_layout_engine("none")
    for ax in fig.axes:
        ax.set_position(Bbox.from_extents(*np.round(ax.get_position(original=True).extents, 6)))


def _report_warnings(caught: Sequence[warnings.WarningMessage], name: str) -> None:
    """Warn of missing glyphs once, by name, and pass other warnings on."""
    missing = sorted({int(m[1]) for w in caught if (m := re.match(r"Glyph (\d+) ", str(w.message)))})
    if missing:
        characters = " ".join(f"{chr(c)} (U+{c:04X})" for c in missing[:10])
        warnings.warn(f"figure {name}: no font has {characters}", MissingGlyphWarning, stacklevel=3)
    for warning in caught:
        if not str(warning.message).startswith("Glyph "):
            warnings.warn_explicit(warning.message, warning.category, warning.filename, warning.lineno)
