"""What an analysis gives: a table, a picture, sentences and evidence, computed once."""

from __future__ import annotations

import base64
import functools
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

import pandas as pd

from .. import CrosscityError, NotEstimableError
from ..browse.fragments import template
from ..figures import style
from ..files import free_memory_given_back, write_output
from ..language import heading, in_language, tr

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from .study import Study

_HEAD = 8  # rows that a display shows
_DPI = 100  # of a picture on the screen: 720 pixels for the width of a page


class Page(NamedTuple):
    """A page of HTML to browse, kept beside a result.

    Attributes
    ----------
    title : str
    html : str
    quotes : bool
        Whether it quotes documents: then it is left out where their text is withheld.
    """

    title: str
    html: str
    quotes: bool = True


def analysis(method: Callable[..., Any]) -> Callable[..., Any]:
    """A method of a study or of a result, called once for the same arguments.

    It runs in the language and style of the study. Where the documents do not allow it (`NotEstimableError`), it gives
    an `Unavailable`, which says why.
    """

    @functools.wraps(method)
    def computed(self: Any, *positional: Any, **named: Any) -> Any:
        study = getattr(self, "study", self)
        given = [id(value) if isinstance(value, Result) else repr(value) for value in positional]
        key = (method.__qualname__, *given, repr(sorted(named.items())))
        results = self.__dict__.setdefault("_results", {})
        if key not in results:
            with study.own_settings(), free_memory_given_back():
                try:
                    results[key] = method(self, *positional, **named)
                except NotEstimableError as error:
                    results[key] = Unavailable(study, pd.DataFrame(), method.__name__, str(error))
        return results[key]

    return computed


@dataclass(frozen=True, eq=False, repr=False)
class Result:
    """One result of a study.

    Subclasses define what is theirs: `_title`, `_alt`, `_sentences`, `_draw`, `_evidence`, and the tables and pages
    that are kept beside the picture.

    Attributes
    ----------
    study : Study
        It was computed from, and whose language and style it has.
    rows : DataFrame
        Its table; `table` gives a copy.
    """

    study: Study
    rows: pd.DataFrame

    name: ClassVar[str] = ""  # of its files
    columns: ClassVar[tuple[str, ...]] = ()  # that a display shows; none: the first ones
    filled_in: ClassVar[tuple[str, ...]] = ()  # names of tables that people fill in with a spreadsheet
    prepares: ClassVar[bool] = False  # whether all that it says is of preparation, and no finding

    # What others call.

    @property
    def table(self) -> pd.DataFrame:
        """The numbers, as a plain DataFrame of one's own."""
        return self.rows.copy()

    @property
    def key(self) -> str:
        """What tells it from the other results that are kept."""
        return self.name

    @property
    def title(self) -> str:
        """What it shows, as a caption has it."""
        with self.study.own_settings():
            return self._title()

    @property
    def alt(self) -> str:
        """The picture in words, for those who do not see it."""
        with self.study.own_settings():
            return self._alt()

    def sentences(self, language: str = "") -> list[str]:
        """What it says, in sentences.

        Parameters
        ----------
        language : str
            en or zh; the study's if left out.
        """
        with self.study.own_settings(), in_language(language or self.study["language"]):
            return list(self._sentences())

    def asides(self) -> list[str]:
        """Those of its sentences that tell of preparation, defaults and what could not be tested."""
        with self.study.own_settings():
            return list(self._asides())

    def figure(self, width: str = "", ax: Axes | None = None) -> Figure:
        """A picture, drawn anew: change it as you like; of several, the first (`parts` has all).

        Parameters
        ----------
        width : str
            page or column; the study's if left out.
        ax : Axes, optional
            Of a figure of your own: the picture takes its place there.

        Raises
        ------
        CrosscityError
            If there is nothing to draw, or it cannot be drawn into a part of a figure.
        """
        with self.study.own_settings(width), style.drawn_into(ax):
            fig = self._draw()
        if fig is None and (parts := self.parts()):
            return parts[0].figure(width, ax)
        if fig is None:
            msg = f"{self.name}: there is nothing to draw; see its sentences"
            raise CrosscityError(msg)
        return style.detached(fig)

    def evidence(self, row: int = 0) -> pd.DataFrame:
        """The lines of text that a row of the table rests on.

        Parameters
        ----------
        row : int
            Its place in the table, from 0.

        Returns
        -------
        DataFrame
            group, doc_id, paragraph and text, or its parts; empty if the tables hold no text.

        Raises
        ------
        CrosscityError
            If there is no such row, or the result rests on no single lines.
        """
        if not -len(self.rows) <= row < len(self.rows):
            msg = f"{self.name} has {len(self.rows)} rows: give one of them, from 0"
            raise CrosscityError(msg)
        with self.study.own_settings():
            return self._evidence(self.rows.iloc[row])

    def explain(self, term: str) -> pd.DataFrame:
        """A term in its context, a line an occurrence.

        Parameters
        ----------
        term : str
            A word as it is cut.

        Returns
        -------
        DataFrame
            group, doc_id, paragraph, left, node, right; empty if the tables hold no text.
        """
        with self.study.own_settings():
            return self.study.lines(term)

    def to_csv(self, path: Path | str) -> None:
        """Write the table as CSV in UTF-8, without columns of withheld text."""
        self.study.write_table(Path(path), self.rows, filled_in=self.name in self.filled_in)

    def to_latex(self, path: Path | str | None = None, rows: int = 20) -> str:
        """The head of the table as it is displayed, in LaTeX (needs booktabs); written to a file if one is named."""
        with self.study.own_settings():
            head = self._head(rows)
        lines = ["\\begin{tabular}{" + "".join("r" if _is_number(head[c]) else "l" for c in head) + "}", "\\toprule"]
        lines += [" & ".join(_latex(c) for c in head) + r" \\", "\\midrule"]
        lines += [" & ".join(_latex(cell) for cell in row) + r" \\" for row in _cells(head)]
        text = "\n".join([*lines, "\\bottomrule", "\\end{tabular}"]) + "\n"
        if path is not None:
            write_output(Path(path), text)
        return text

    def to_html(self) -> str:
        """Picture, caption, sentences and the head of the table as HTML that loads nothing; then those of its parts."""
        picture = self._picture
        shown = "" if picture is None else base64.b64encode(picture[0]).decode()
        return "\n".join([self._html(shown), *(part.to_html() for part in self.parts())])

    # How it shows itself.

    def _repr_html_(self) -> str:
        return self.to_html()

    def __repr__(self) -> str:
        return "\n".join([self._plain_text(), *map(repr, self.parts())])

    def _plain_text(self) -> str:
        with self.study.own_settings():
            head = self._head(_HEAD)
            text = [self._title(), *self._sentences()]
            if len(head):
                text += ["", _plain(head)]
                if (more := len(self.rows) - len(head)) > 0:
                    text.append(tr("... and {n:,} more rows", n=more) if more > 1 else tr("... and 1 more row"))
        return "\n".join(text)

    def _ipython_display_(self) -> None:
        """Show the picture, then caption, sentences and table: apart, so that any front end shows the picture."""
        from IPython.display import publish_display_data

        plain, picture = self._plain_text(), self._picture
        if picture is not None:
            data = {"image/png": picture[0], "text/plain": f"[{self.title}]"}
            publish_display_data(data, {"image/png": {"alt": self.alt, "width": picture[1]}})
        publish_display_data({"text/plain": plain, "text/html": self._html("")})
        for part in self.parts():
            part._ipython_display_()

    @functools.cached_property
    def _drawn(self) -> Figure | None:
        """The picture as it is shown and saved; drawn once."""
        with self.study.own_settings():
            fig = self._draw()
        return None if fig is None else style.detached(fig)

    @functools.cached_property
    def _picture(self) -> tuple[bytes, int] | None:
        """The picture as PNG, and its width in pixels."""
        if self._drawn is None:
            return None
        with self.study.own_settings():
            style.set_notes(self._drawn, self.study.display_notes)
            return style.screen_png(self._drawn), round(self._drawn.get_figwidth() * _DPI)

    def _html(self, picture: str) -> str:
        with self.study.own_settings():
            head = self._head(_HEAD)
            return template("result.html").render(
                picture=picture,
                title=self._title(),
                alt=self._alt() if picture else "",
                sentences=list(self._sentences()),
                columns=list(head.columns),
                numbers=[_is_number(head[c]) for c in head],
                rows=_cells(head),
                more=len(self.rows) - len(head),
            )

    def _head(self, rows: int) -> pd.DataFrame:
        """The rows and columns that a display shows, under headings of the run's language."""
        part = self._first_rows(rows)
        part = part[[c for c in self.columns if c in part] or list(part.columns[:8])]
        return self.study.texts.publishable(part).rename(columns=lambda c: heading(c).replace("_", " "))

    # What subclasses define.

    def _title(self) -> str:
        return self.name

    def _alt(self) -> str:
        return " ".join(self._sentences())

    def _sentences(self) -> Iterable[str]:
        return []

    def _asides(self) -> Iterable[str]:
        return self._sentences() if self.prepares else []

    def _draw(self) -> Figure | None:
        return None

    def _evidence(self, row: pd.Series[Any]) -> pd.DataFrame:
        if not {"doc_id", "paragraph"} <= set(row.index):
            msg = f"{self.name} rests on counts, not on single lines: ask it to explain a term"
            raise CrosscityError(msg)
        return self.study.paragraph_text(row["doc_id"], row["paragraph"])

    def _shown_rows(self) -> pd.DataFrame:
        return self.rows

    def _first_rows(self, rows: int) -> pd.DataFrame:
        return self._shown_rows().head(rows)

    def data(self) -> pd.DataFrame:
        """The numbers behind the picture, as the file beside it has them."""
        return self.rows

    def parts(self) -> list[Result]:
        """Further pictures, each with its name, caption and data, which are shown and kept with it."""
        return []

    def tables(self) -> dict[str, pd.DataFrame]:
        """Tables that are kept beside the picture, by name; without a picture, its own."""
        return {self.name: self.rows} if self._drawn is None and len(self.rows.columns) else {}

    def pages(self) -> dict[str, Page]:
        """Pages that are kept beside the picture, by name."""
        return {}

    def write_more(self, folder: Path) -> None:
        """Write what is kept of it besides pictures, tables and pages; as a rule nothing."""


@dataclass(frozen=True, eq=False, repr=False)
class Unavailable(Result):
    """A result that these documents do not allow: it says why, and so does whatever is asked of it.

    Attributes
    ----------
    what : str
        The name of the analysis.
    reason : str
    """

    what: str = ""
    reason: str = ""

    prepares: ClassVar[bool] = True

    @property
    def key(self) -> str:
        """The name of the analysis."""
        return self.what

    def _title(self) -> str:
        return tr("Not available: {what}", what=self.what)

    def _sentences(self) -> Iterable[str]:
        return [tr("{reason}.", reason=self.reason[:1].upper() + self.reason[1:].rstrip(".。"))]

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return self

    def __call__(self, *_positional: Any, **_named: Any) -> Unavailable:
        return self

    def __bool__(self) -> bool:
        return False


def _is_number(column: pd.Series[Any]) -> bool:
    return pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column)


def _cell(value: Any) -> str:
    """A value as a display has it: three digits after the point at most, nothing where nothing is known."""
    if value is None or value is pd.NA or value != value:
        return ""
    if isinstance(value, float):
        return f"{value:,.0f}" if abs(value) >= 100 or (value == round(value) and value) else f"{value:.3g}"
    if isinstance(value, int):
        return f"{value:,}"
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def _cells(table: pd.DataFrame) -> list[list[str]]:
    plain = {c: _is_year(table[c]) for c in table}
    rows = table.astype(object).itertuples(index=False, name=None)
    return [
        [_cell(v).replace(",", "") if plain[c] else _cell(v) for c, v in zip(table, row, strict=True)] for row in rows
    ]


def _is_year(column: pd.Series[Any]) -> bool:
    """Whether whole numbers all lie where years do: they take no comma."""
    return _is_number(column) and column.dropna().between(1900, 2100).all()


def _plain(table: pd.DataFrame) -> str:
    """A table as text: columns apart by two spaces, Chinese characters counted as two wide."""
    columns = list(map(str, table.columns))
    rows = [columns, *_cells(table)]
    widths = [max(_width(row[i]) for row in rows) for i in range(len(columns))]
    right = [_is_number(table.iloc[:, i]) for i in range(len(columns))]
    lines = []
    for row in rows:
        cells = (
            " " * (w - _width(c)) + c if r else c + " " * (w - _width(c))
            for c, w, r in zip(row, widths, right, strict=True)
        )
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines)


def _width(text: str) -> int:
    return sum(2 if c >= "\u2e80" else 1 for c in text)


_LATEX = {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"} | {
    c: f"\\{c}" for c in "&%$#_{}"
}


def _latex(value: object) -> str:
    return "".join(_LATEX.get(c, c) for c in str(value))
