"""The style of every figure, and saving one: as SVG, PNG and PDF, with its data as CSV and its alt text."""

from __future__ import annotations

import contextlib
import contextvars
import io
import json
import math
import re
import textwrap
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
from matplotlib import font_manager, style
from matplotlib.backend_bases import FigureCanvasBase
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import SubFigure
from matplotlib.ticker import Formatter
from matplotlib.transforms import Bbox

from .. import CrosscityError
from ..files import frame_to_csv, half_path, replace_file, write_output
from ..pages import FONT_FILE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy.typing as npt
    import pandas as pd
    from matplotlib.axes import Axes
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
# A figure whose layout is frozen has no engine: with any, "none" among them, each saving draws it twice.
_NO_LAYOUT: dict[Any, Any] = {
    "figure.constrained_layout.use": False,
    "figure.autolayout": False,
    "savefig.bbox": None,
}
# Eight colours that are distinct for the colour-blind (Okabe and Ito 2008); the style file repeats them.
COLOURS = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#666666", "#000000"]


_drawn: WeakKeyDictionary[Figure, tuple[bytes, float]] = WeakKeyDictionary()  # figures as PNG, and its resolution


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


@contextlib.contextmanager
def in_width(width: str) -> Iterator[None]:
    """Draw for another width in a block: page or column; "" leaves it as it is."""
    before = mpl.rcParams["figure.figsize"]
    try:
        if width:
            if width not in WIDTHS:
                msg = f"width is {width!r}: give {' or '.join(WIDTHS)}"
                raise CrosscityError(msg)
            mpl.rcParams["figure.figsize"] = (WIDTHS[width], before[1])
        yield
    finally:
        mpl.rcParams["figure.figsize"] = before


@contextlib.contextmanager
def literal_dollars() -> Iterator[None]:
    """Take $ in texts for a dollar in a block: names of documents are no formulas, but labels of a log scale are."""
    try:
        mpl.rcParams["text.parse_math"] = False
        yield
    finally:
        mpl.rcParams["text.parse_math"] = True


_part: contextvars.ContextVar[SubFigure | None] = contextvars.ContextVar("part", default=None)


@contextlib.contextmanager
def drawn_into(ax: Axes | None) -> Iterator[None]:
    """Draw figures of a block into the place of an axes of another figure; None: each is a figure of its own."""
    if ax is None:
        yield
        return
    place, fig = ax.get_subplotspec(), ax.get_figure(root=True)
    if place is None or fig is None:
        msg = "ax has no place in a grid: take one of plt.subplots()"
        raise CrosscityError(msg)
    part = fig.add_subfigure(place)
    token = _part.set(part)
    try:
        yield
    except BaseException:
        part.remove()
        raise
    else:
        ax.remove()
    finally:
        _part.reset(token)


def new_figure(figsize: tuple[float, float]) -> Figure:
    """A figure of a size in inches, or the part of one that is drawn into."""
    part = _part.get()
    return plt.figure(figsize=figsize) if part is None else part  # type: ignore[return-value]  # it is drawn on alike


def subplots(rows: int = 1, columns: int = 1, *, figsize: tuple[float, float], **settings: Any) -> tuple[Figure, Any]:
    """A figure with axes, or the part of one that is drawn into: `matplotlib.pyplot.subplots`."""
    fig = new_figure(figsize)
    return fig, fig.subplots(rows, columns, **settings)


def detached(fig: Figure) -> Figure:
    """The figure, which pyplot no longer shows by itself at the end of a cell."""
    plt.close(fig.figure if isinstance(fig, SubFigure) else fig)
    return fig


def screen_png(fig: Figure) -> bytes:
    """A figure as PNG of 128 colours for the screen, at half the resolution at which `save_figure` saves it."""
    from PIL import Image

    buffer = io.BytesIO()
    with warnings.catch_warnings(record=True) as caught, mpl.rc_context(_NO_LAYOUT):
        warnings.simplefilter("always")
        drawn = _drawn_png(fig)
    _report_warnings(caught, "on the screen")
    picture = Image.open(io.BytesIO(drawn)).convert("RGB").reduce(2)
    picture.quantize(128, dither=Image.Dither.NONE).save(buffer, "PNG")
    return buffer.getvalue()


class ExactTicks(Formatter):
    """Ticks with the fewest digits that say where each stands: 2.5%, and neither 2% nor 3%.

    Parameters
    ----------
    percent : bool
        Whether values are shares, to be shown in per cent.
    """

    _MOST = 6  # digits after the point

    def __init__(self, percent: bool = False) -> None:
        self._percent, self._digits = percent, 0

    def format_ticks(self, values: Sequence[float]) -> list[str]:
        """The labels of all ticks of an axis, with the same number of digits."""
        shown = 100.0 * np.asarray(values, dtype=float) if self._percent else np.asarray(values, dtype=float)
        near = 1e-6 * max(float(np.ptp(shown)), 1e-9) if len(shown) else 0.0
        fits = (d for d in range(self._MOST) if (np.abs(np.round(shown, d) - shown) <= near).all())
        self._digits = next(fits, self._MOST)
        return [self(value) for value in values]

    def __call__(self, x: float, pos: int | None = None) -> str:
        """The label of one tick."""
        value = round(100 * x if self._percent else x, self._digits) + 0.0  # no negative zero
        return self.fix_minus(f"{value:,.{self._digits}f}" + "%" * self._percent)


def digits_of(values: Sequence[float] | npt.NDArray[Any], figures: int = 3) -> int:
    """How many digits after the point show these numbers: none if they are whole, else so many figures of the largest.

    Parameters
    ----------
    values : sequence of float
    figures : int
    """
    known = np.asarray(values, dtype=float)
    known = known[np.isfinite(known)]
    if not len(known) or (known == np.round(known)).all():
        return 0
    return int(max(0, figures - 1 - math.floor(math.log10(np.abs(known).max()))))


def figure_width() -> float:
    """The width in inches of a figure that may fit a column, as the style sets it; other figures have WIDTH."""
    return mpl.rcParams["figure.figsize"][0]


def point_figure(height: float) -> Figure:
    """A figure of the page's width, `height` points tall, on which things are placed in points: nothing moves them."""
    if _part.get() is not None:
        msg = "this picture is placed to the point, and cannot be a part of another: draw it by itself"
        raise CrosscityError(msg)
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
    with warnings.catch_warnings(record=True) as caught, mpl.rc_context(_NO_LAYOUT):
        warnings.simplefilter("always")
        drawn = _drawn_png(fig)
        for suffix, metadata in _METADATA.items():
            target = folder / f"{name}{suffix}"
            temporary = half_path(target)
            try:
                if suffix == ".png":
                    temporary.write_bytes(drawn)
                else:
                    fig.savefig(temporary, format=suffix[1:], metadata=metadata)
                replace_file(temporary, target)
            except OSError as error:
                raise OSError(error.errno, error.strerror, str(target)) from None
            finally:
                temporary.unlink(missing_ok=True)
    _report_warnings(caught, name)
    table = data.assign(note="; ".join(notes)) if notes else data
    write_output(folder / f"{name}.csv", frame_to_csv(table, "%.6g"))
    about = {"name": name, "title": title, "alt": alt, "notes": list(notes)}
    write_output(folder / f"{name}.json", json.dumps(about, ensure_ascii=False, indent=1) + "\n")


def set_notes(fig: Figure, notes: Sequence[str]) -> None:
    """Draw the caveats of the corpus at the bottom left of a figure, in as many lines as its width requires."""
    text = "\n".join(textwrap.wrap(" · ".join(notes), int(19 * fig.get_figwidth())))
    if text != fig.get_supxlabel():  # a figure that is saved again has them in place
        fig.supxlabel(text, x=0.01, ha="left", fontsize=7, color="#555555", style="normal")


def _drawn_png(fig: Figure) -> bytes:
    """A figure as PNG, drawn anew only where something of it has changed since; within `_NO_LAYOUT`.

    Right after its layout, for which its texts were measured at the same resolution: measuring them is most of drawing.
    """
    # Labels of axes and backgrounds tell only themselves, and not their figure, that they have changed.
    parts, dpi = fig.findobj(), mpl.rcParams["savefig.dpi"]
    if fig not in _drawn or _drawn[fig][1] != dpi or any(part.stale for part in parts):
        buffer, canvas = io.BytesIO(), fig.canvas
        if type(canvas) is FigureCanvasBase:  # of a figure that is closed: each drawing would make another
            FigureCanvasAgg(fig)
        try:
            _freeze_layout(fig)
            fig.savefig(buffer, format="png", metadata=_METADATA[".png"])
        finally:
            fig.set_canvas(canvas)
        _drawn[fig] = buffer.getvalue(), dpi
        for part in fig.findobj():
            part.stale = False
    return _drawn[fig][0]


def _freeze_layout(fig: Figure) -> None:
    """Lay a figure out once, at the resolution that it is saved with, and round its size and the positions of its axes.

    Text is narrower at a coarse resolution, where letters are hinted to pixels. The layout's solver visits its
    constraints in the order of their memory addresses, so that positions differ in the last bits from run to run, and
    sizes are sums that one Python adds up otherwise than another; an SVG derives the names of its clip paths from both.
    Called, like what is saved after it, within `_NO_LAYOUT`, to which matplotlib sets the engine back.
    """
    if fig.get_layout_engine() is None:
        return
    fig.set_size_inches(*np.round(fig.get_size_inches(), 6))
    coarse = fig.dpi
    fig.set_dpi(mpl.rcParams["savefig.dpi"])
    fig.draw_without_rendering()
    fig.set_dpi(coarse)
    fig.set_layout_engine(None)
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
