"""One style for every figure, and saving: SVG, PNG and PDF, the data as CSV, a text for those who do not see it."""

import json
import os
import re
import warnings
from pathlib import Path

import matplotlib as mpl
import numpy as np
from matplotlib import font_manager
from matplotlib.transforms import Bbox

from . import RESOURCES
from .spreadsheet import frame_text
from .state import write_whole

FONT_FILE = Path(str(RESOURCES / "fonts" / "NotoSansSC-crosscity.ttf"))
FONT = "Crosscity Noto Sans SC"
WIDTH = 7.2  # inches: the text width of a page
# What each kind of file would say of the moment it was made and of what made it: nothing, so that bytes stay the same.
_METADATA: dict[str, dict[str, None]] = {
    ".svg": {"Date": None},
    ".png": {"Software": None},
    ".pdf": {"CreationDate": None, "Creator": None, "Producer": None},
}
# Eight colours that the colour-blind can tell apart (Okabe and Ito 2008).
COLOURS = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#666666", "#000000"]


class MissingGlyphWarning(UserWarning):
    """A figure holds characters that no font of the style has; they show as boxes."""


def use_style():
    """Set the style: fonts that have Chinese, sizes for print, no dates in files."""
    if FONT not in {f.name for f in font_manager.fontManager.ttflist}:
        font_manager.fontManager.addfont(str(FONT_FILE))
    mpl.rcdefaults()  # spares the backend and whether it is interactive, without which a notebook shows no figures
    mpl.rcParams.update(
        {
            "font.family": [FONT, "DejaVu Sans"],
            "font.size": 8.5,
            "axes.titlesize": 9,
            "axes.titlelocation": "left",
            "axes.labelsize": 8.5,
            "axes.spines.top": False,
            "axes.spines.right": False,
            "axes.edgecolor": "#888888",
            "axes.prop_cycle": mpl.cycler(color=COLOURS),  # type: ignore[attr-defined]
            "axes.unicode_minus": True,
            "xtick.labelsize": 8,
            "ytick.labelsize": 8,
            "legend.frameon": False,
            "legend.fontsize": 8,
            "figure.dpi": 110,
            "figure.figsize": (WIDTH, 4),
            "figure.constrained_layout.use": True,
            "savefig.dpi": 200,
            "text.parse_math": False,  # a dollar in a name is a dollar; two of them are no formula to be set
            "svg.hashsalt": "crosscity",
            "svg.fonttype": "path",
            # Outlines of the glyphs used. TrueType (42) would be half the size, but cutting it out of the whole font
            # takes fontTools a quarter of a second a figure; text can be selected and searched in both.
            "pdf.fonttype": 3,
        }
    )


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
    said = " · ".join(notes)
    if said != fig.get_supxlabel():  # a figure that is saved again has its place
        fig.supxlabel(said, x=0.01, ha="left", fontsize=7, color="#555555", style="normal")
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
    write_text(folder / f"{name}.csv", frame_text(table, "%.6g"))
    about = {"name": name, "title": title, "alt": alt, "notes": list(notes)}
    write_text(folder / f"{name}.json", json.dumps(about, ensure_ascii=False, indent=1) + "\n")


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


def write_text(path, text):
    """Write a text file whole: under a temporary name first, and not at all where it would not change."""
    path = Path(path)
    data = text.encode("utf-8")
    if path.is_file() and path.read_bytes() == data:
        return
    write_whole(path, data)
