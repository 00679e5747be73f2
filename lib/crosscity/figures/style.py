"""One style for every figure, and saving: SVG, PNG and PDF, the data as CSV, a text for those who do not see it."""

import json
import math
import os
import re
import textwrap
import warnings
from pathlib import Path

import matplotlib as mpl
import numpy as np
from matplotlib import font_manager, style
from matplotlib.transforms import Bbox

from ..files import frame_to_csv, write_text
from ..pages import FONT_FILE

FONT = "Crosscity Noto Sans SC"
WIDTH = 7.2  # inches: the text width of a page, and of what does not fit a column
TALL = 9.0  # inches of a page
WIDTHS = {"page": WIDTH, "column": 3.5}
STYLE_FILE = Path(__file__).with_name("resources") / "crosscity.mplstyle"
# What each kind of file would say of the moment it was made and of what made it: nothing, so that bytes stay the same.
_METADATA: dict[str, dict[str, None]] = {
    ".svg": {"Date": None},
    ".png": {"Software": None},
    ".pdf": {"CreationDate": None, "Creator": None, "Producer": None},
}
# Eight colours that the colour-blind can tell apart (Okabe and Ito 2008); the style has them as well.
COLOURS = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#666666", "#000000"]


class MissingGlyphWarning(UserWarning):
    """A figure holds characters that no font of the style has; they show as boxes."""


def use_style(width="page"):
    """Set the style: fonts that have Chinese, sizes for print, no dates in files.

    Parameters
    ----------
    width : str
        page, or column: what fits one column of a page of two is drawn for it.
    """
    if FONT not in {f.name for f in font_manager.fontManager.ttflist}:
        font_manager.fontManager.addfont(str(FONT_FILE))
    mpl.rcdefaults()  # spares the backend and whether it is interactive, without which a notebook shows no figures
    style.use(STYLE_FILE)
    mpl.rcParams["figure.figsize"] = (WIDTHS[width], mpl.rcParams["figure.figsize"][1])


def figure_width():
    """Inches of a figure that fits a column: as wide as the style says; others take WIDTH."""
    return mpl.rcParams["figure.figsize"][0]


def panels_across(most, least=2.3):
    """How many panels of so many inches at least stand beside each other in a figure that fits a column."""
    return max(1, min(most, int(figure_width() / least + 1e-9)))


def panel_grid(n, most, tall, more=0.0, least=2.3):
    """How n panels stand in a figure: rows, columns and its size.

    Parameters
    ----------
    n, most : int
        Panels; beside each other at most.
    tall, more : float
        Inches of a row, and of what is above and below all.
    least : float
        Inches that a panel needs across.

    Returns
    -------
    rows, columns : int
    size : tuple of float
        In inches. What would be taller in a column than a page is takes the width of the page.
    """
    columns = panels_across(min(most, n), least)
    wide, rows = figure_width(), math.ceil(n / columns)
    if rows * tall + more > TALL and wide < WIDTH:
        wide, columns = WIDTH, min(most, n)
        rows = math.ceil(n / columns)
    return rows, columns, (wide, rows * tall + more)


def save_figure(fig, folder, name, data, title, alt, notes=()):
    """Write name.svg, .png, .pdf, .csv (what it shows) and .json (title, alt text, notes) into a folder.

    Parameters
    ----------
    fig : Figure
    folder : str or Path
    name : str
    data : DataFrame
        What the figure shows; its CSV gets the notes as a last column.
    title, alt : str
    notes : sequence of str
        Set in the picture's bottom left.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    set_notes(fig, notes)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        _settle(fig)
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


def set_notes(fig, notes):
    """Set what a figure must say of its corpus in its bottom left, in as many lines as it is narrow."""
    said = "\n".join(textwrap.wrap(" · ".join(notes), int(19 * fig.get_figwidth())))
    if said != fig.get_supxlabel():  # a figure that is saved again has its place
        fig.supxlabel(said, x=0.01, ha="left", fontsize=7, color="#555555", style="normal")


def _settle(fig):
    """Lay a figure out once, as finely as it is saved, and round where its axes stand.

    Text is narrower on a coarse screen, where its letters are fitted to dots. The layout's solver goes through its
    constraints in the order of their addresses in memory, so that places differ in the last bits from run to run; an
    SVG names what it clips by them.
    """
    if fig.get_layout_engine() is None:
        return
    coarse = fig.dpi
    fig.set_dpi(mpl.rcParams["savefig.dpi"])
    fig.draw_without_rendering()
    fig.set_dpi(coarse)
    fig.set_layout_engine("none")
    for ax in fig.axes:
        ax.set_position(Bbox.from_extents(*np.round(ax.get_position(original=True).extents, 6)))


def _report_warnings(caught, name):
    missing = sorted({int(m[1]) for w in caught if (m := re.match(r"Glyph (\d+) ", str(w.message)))})
    if missing:
        shown = " ".join(f"{chr(c)} (U+{c:04X})" for c in missing[:10])
        warnings.warn(f"figure {name}: no font has {shown}", MissingGlyphWarning, stacklevel=3)
    for warning in caught:
        if not str(warning.message).startswith("Glyph "):
            warnings.warn_explicit(warning.message, warning.category, warning.filename, warning.lineno)
