"""The matrix of questions by voices: what each says, best answers first."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import pandas as pd

from ... import CrosscityError, NotEstimableError
from ...browse.matrix_page import FEW, MOST_VOICES, Voice, largest, matrix_page
from ...compare import answers as answering
from ...compare import questions as asking
from ...documents import spreadsheet_text
from ...figures import facts as pictures
from ...figures import matrix as drawing
from ...figures.style import WIDTH, figure_width
from ...files import RowsOfFrame, Sheet, replace_file, workbook, write_output, write_whole
from ...language import display_name, tr
from ..result import Page, Result, analysis
from ..summaries import COLUMNS, Summary, read_summaries, summaries_file, summary_sheet
from .fact_tables import fact_tables

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from matplotlib.figure import Figure

    from ..study import Study

_FACTS = ("themes", "stances", "quantities", "programmes")
_BEST = 10  # sentences of a cell that are kept where voices are many
_OTHERS = 3  # sentences that a cell of the workbook holds
_CSV = "matrix-sentences.csv"
_IN_WORKBOOK = 1_000  # voices of the workbook: a sheet has 16,384 columns, and a million rows
_NAMED = 6  # voices in a sentence


@dataclass(frozen=True, eq=False, repr=False)
class Matrix(Result):
    """The matrix of questions by voices: the sentences that answer, one a row, best first; rank 0: none was found.

    Attributes
    ----------
    voices : list of Voice
        Who speaks: the columns, in order.
    written : dict
        A person's summaries, by question and voice.
    questions : list of Question
        That were asked.
    """

    voices: list[Voice]
    written: dict[tuple[str, str], Summary]
    questions: list[asking.Question]

    name: ClassVar[str] = "matrix"
    columns: ClassVar[tuple[str, ...]] = ("question", "voice", "found", "stance", "text", "figures", "programmes")

    @cached_property
    def counts(self) -> pd.DataFrame:
        """How many sentences answer each question of each voice."""
        return answering.answer_counts(self.rows)[[voice.name for voice in self.voices]]

    @cached_property
    def silences(self) -> pd.DataFrame:
        """The cells without an answer: question, group, why."""
        return self.rows.loc[self.rows["rank"] == 0, ["question", "group", "why"]].reset_index(drop=True)

    def _title(self) -> str:
        right = self.study.reliability().label("themes")
        return tr("What the documents say on each question (themes {right})", right=right)

    def _alt(self) -> str:
        return " ".join(self._sentences())

    def _sentences(self) -> Iterator[str]:
        answered, grades = int((self.counts > 0).sum().sum()), self.silences["why"].value_counts()
        sizes = {"n": answered, "all": self.counts.size, "questions": len(self.counts), "voices": len(self.voices)}
        yield tr("{questions} questions by {voices} voices: {n} of {all} cells are answered.", **sizes)
        grades = grades.reindex([answering.NOT_REPORTED, answering.NOT_ASKED, answering.NOT_YET]).dropna().astype(int)
        if len(grades):
            said = tr("; ").join(f"{display_name('silence', why)} {n}" for why, n in grades.items())
            yield tr("Of the others: {said}.", said=said)
        shared = self.rows[(self.rows["rank"] == 1) & (self.rows["also"] != "")]
        if n := len(shared.drop_duplicates(["doc_id", "paragraph", "start"])):
            yield tr("{n} sentences stand first in two cells, and are marked.", n=n)
        if stale := sum(summary.stale for summary in self.written.values()):
            yield tr("{n} of your summaries are stale: their sentences have changed.", n=stale)

    @property
    def _asked(self) -> list[str]:
        return list(self.rows["question"].unique())

    def _draw(self) -> Figure:
        if not self.study.has_text or len(self.voices) > drawing.MOST or figure_width() < WIDTH:
            return pictures.presence(self.counts)
        return self._drawn_of(self._asked[: drawing.ROWS])

    def _drawn_of(self, asked: Sequence[str]) -> Figure:
        """The questions of these names as a picture with sentences."""
        heads = [" · ".join(voice.about.split(" · ")[:2]) for voice in self.voices]
        names = [voice.name for voice in self.voices]
        return drawing.matrix_figure(self.rows[self.rows["question"].isin(asked)], names, heads)

    @cached_property
    def _parts(self) -> list[Result]:
        rest = self._asked[drawing.ROWS :]
        if not self.study.has_text or len(self.voices) > drawing.MOST or self.study["width"] != "page" or not rest:
            return []
        steps = range(0, len(rest), drawing.ROWS)
        return [MatrixPart(self.study, self.rows, self, rest[i : i + drawing.ROWS], n) for n, i in enumerate(steps, 2)]

    def parts(self) -> list[Result]:
        """The further questions, where sentences are drawn."""
        return self._parts

    def _shown_rows(self) -> pd.DataFrame:
        first = self.rows[self.rows["rank"] <= 1]
        silent = first["rank"] == 0
        return first.assign(
            question=[display_name("question", gloss) for gloss in first["gloss"]],
            voice=first["group"],
            stance=[display_name("stance", stance) if stance else "" for stance in first["stance"]],
            text=first["text"].where(~silent, [display_name("silence", why) for why in first["why"]]),
        )

    def _evidence(self, row: pd.Series[Any]) -> pd.DataFrame:
        """The cell's sentences, best first."""
        own = (
            (self.rows["question"] == row["question"]) & (self.rows["group"] == row["group"]) & (self.rows["rank"] > 0)
        )
        return self.study.texts.publishable(self.rows.loc[own, ["group", "doc_id", "paragraph", "text"]]).reset_index(
            drop=True
        )

    def of(self, *voices: str) -> Matrix:
        """The same of some voices alone, in this order; of very many, the best sentences of each cell are at hand.

        Raises
        ------
        CrosscityError
            If there is no such voice.
        """
        known = {voice.name: voice for voice in self.voices}
        if unknown := [name for name in voices if name not in known]:
            msg = f"there is no voice {unknown[0]!r}: there are {', '.join(list(known)[:20])}"
            raise CrosscityError(msg)
        rows = self.rows[self.rows["group"].isin(voices)].reset_index(drop=True)
        return Matrix(self.study, rows, [known[name] for name in voices], self.written, self.questions)

    def data(self) -> pd.DataFrame:
        """How many sentences answer, questions by voices."""
        return self.counts.reset_index()

    def tables(self) -> dict[str, pd.DataFrame]:
        """The sentences: all of few voices, the best of each cell of many."""
        return {Path(_CSV).stem: self._kept.drop(columns=["key", "shown"])}

    @property
    def _kept(self) -> pd.DataFrame:
        return self.rows if len(self.voices) <= FEW else self.rows[self.rows["rank"] <= _BEST]

    def pages(self) -> dict[str, Page]:
        """The matrix to browse."""
        title = tr("What the documents say on each question")
        since = {question.question: question.since for question in self.questions if question.since}
        page = matrix_page(self.rows, self.voices, title, self.study.display_notes, self.written, since)
        return {"matrix": Page(title, page)}

    def write_more(self, folder: Path) -> None:
        """Write the matrix as a workbook, and the sheet in which a person sums it up, unless the text is withheld."""
        if not self.study.has_text:
            return
        write_whole(folder / "matrix.xlsx", workbook(self._sheets()), functools.partial(replace_file, kept=None))
        sheet = spreadsheet_text(summary_sheet(self.rows, self.written), COLUMNS)
        write_output(folder / "summaries" / "matrix.csv", sheet)

    def _sheets(self) -> list[Sheet]:
        voices = largest(self.voices, _IN_WORKBOOK)
        names, first = [voice.name for voice in voices], self.rows.drop_duplicates("question")
        head = [[tr("question"), *names], ["", *(voice.about for voice in voices)]]
        if len(names) < len(self.voices):
            sizes = {"n": len(names), "all": len(self.voices)}
            said = tr("The {n:,} of {all:,} voices with the most text; all stand in {file}.", file=_CSV, **sizes)
            head.append([said, *[""] * len(names)])
        if any(("", name) in self.written for name in names):
            head.append([tr("your summary"), *(self._own("", name) for name in names)])
        cells: dict[tuple[str, str], list[Any]] = {}
        is_listed = self.rows["rank"] <= (_BEST if len(self.voices) > FEW else len(self.rows))
        is_listed &= self.rows["group"].isin(names)
        best = self.rows[is_listed & (self.rows["rank"] <= _OTHERS)]
        for row in best.sort_values("rank", kind="stable").itertuples():
            cells.setdefault((row.question, row.group), []).append(row)
        rows = [
            [
                _joined(display_name("question", gloss), self._own(question, "")),
                *(self._said(cells[question, n], question, n) for n in names),
            ]
            for question, gloss in first[["question", "gloss"]].itertuples(index=False)
        ]
        listed = RowsOfFrame(self.rows, np.flatnonzero(is_listed & (self.rows["rank"] > 0)), self._shown_rows_of_all)
        widths = (18, 16, 8, 14, 80, 40, 40, 24, 12, 12)
        return [Sheet(tr("matrix"), [*head, *rows], (22, 44)), Sheet(tr("all sentences"), listed, widths)]

    def _own(self, question: str, voice: str) -> str:
        summary = self.written.get((question, voice))
        if summary is None:
            return ""
        stale = " [" + tr("stale: the sentences have changed since") + "]" if summary.stale else ""
        return f"{tr('your summary')}: {summary.text}{stale}"

    def _said(self, cell: Sequence[Any], question: str, voice: str) -> str:
        if cell[-1].rank == 0:
            return _joined(self._own(question, voice), display_name("silence", cell[0].why))
        best = cell[:_OTHERS]
        said = [f"{drawing.MARKS.get(row.stance, '·')} {row.text} (¶{row.paragraph})" for row in best]
        more = int(max(row.found for row in cell)) - len(said)
        return _joined(self._own(question, voice), *said, tr("{n} more", n=more) if more else "")

    def _shown_rows_of_all(self, rows: pd.DataFrame) -> pd.DataFrame:
        return pd.DataFrame(
            {
                tr("question"): [display_name("question", gloss) for gloss in rows["gloss"]],
                display_name("column", "voice"): rows["group"],
                display_name("column", "rank"): rows["rank"],
                display_name("column", "stance"): [display_name("stance", stance) for stance in rows["stance"]],
                display_name("column", "text"): rows["text"],
                display_name("column", "figures"): rows["figures"],
                display_name("column", "programmes"): rows["programmes"],
                display_name("column", "doc_id"): rows["doc_id"],
                display_name("column", "paragraph"): rows["paragraph"],
            }
        )


@dataclass(frozen=True, eq=False, repr=False)
class MatrixPart(Result):
    """Further questions of a matrix as a picture.

    Attributes
    ----------
    whole : Matrix
    asked : list of str
    number : int
        Of the picture.
    """

    whole: Matrix
    asked: list[str]
    number: int

    @property
    def name(self) -> str:  # type: ignore[override]  # each has its own
        """Of its files."""
        return f"matrix-{self.number}"

    def _title(self) -> str:
        return tr("What the documents say on each question ({number})", number=self.number)

    def _alt(self) -> str:
        return self.whole._alt()

    def _draw(self) -> Figure:
        return self.whole._drawn_of(self.asked)

    def _shown_rows(self) -> pd.DataFrame:
        return self.rows[:0]  # the table stands above

    def data(self) -> pd.DataFrame:
        """How many sentences answer these questions, by voices."""
        glosses = self.rows.loc[self.rows["question"].isin(self.asked), "gloss"]
        return self.whole.counts.loc[list(dict.fromkeys(glosses))].reset_index()

    def tables(self) -> dict[str, pd.DataFrame]:
        """None: they are the whole matrix's."""
        return {}


class MatrixQuestions:
    """What a study can be asked question by question."""

    @analysis
    def matrix(self: Study, questions: str = "", by: str = "voice", voices: Sequence[str] = ()) -> Matrix:
        """The matrix: what each voice says on each question.

        Parameters
        ----------
        questions : str
            A file of questions, party, policy or report; the run's if left out, else as the documents are.
        by : str
            voice: who speaks, whatever the study compares; group: what the study compares.
        voices : sequence of str
            Some of them, in this order; all if left out.

        Raises
        ------
        CrosscityError
            If by is something else, or there is no such voice.
        """
        if by not in ("voice", "group"):
            msg = f"by is {by!r}: give voice, or group for what the study compares ({self.by})"
            raise CrosscityError(msg)
        read = fact_tables(self)
        body = self.voices(read.body) if by == "voice" else read.body
        asked = asking.choose_questions(questions or self["questions"], self.corpus, read.tables["themes"])
        facts: dict[str, Any] = {name: read.tables[name] for name in _FACTS}
        facts |= {"corpus": self.corpus, "path": asked}
        found = self.texts.compute("answers", answering.find_answers, body, **facts)
        many = body["group"].nunique() > MOST_VOICES and not 0 < len(voices) <= FEW
        matrix = answering.answer_matrix(body, **facts, n=_BEST if many else 0, answers=found)
        if matrix.empty:
            raise NotEstimableError(tr("the documents have no sentence of running text"))
        written = read_summaries(summaries_file(self.out), matrix)
        result = Matrix(self, matrix, _voices(self, body), written, asking.read_questions(asked))
        return result.of(*voices) if voices else result


def _voices(study: Study, body: pd.DataFrame) -> list[Voice]:
    """Who speaks in these paragraphs, in the order of the documents and of the text."""
    themes = fact_tables(study).tables["themes"]
    place = ["doc_id", "paragraph"]
    first = themes.loc[themes["rank"] == 1, [*place, "theme"]]
    body = body[[*place, "group", "n_chars"]].merge(first, on=place, how="left").fillna({"theme": ""})
    about, found = study.corpus.set_index("doc_id"), []
    for name, part in body.groupby("group", sort=False):
        documents = about.loc[list(dict.fromkeys(part["doc_id"]))]
        stated = [_stated(documents, column) for column in ("date", "genre", "speaker")]
        if not stated[1]:
            stated[1] = "; ".join(
                display_name("doc_type", t) for t in dict.fromkeys(documents["doc_type"]) if t != "unknown"
            )
        size = int(part["n_chars"].sum())
        said = " · ".join([*filter(None, stated), tr("{n:,} characters", n=size)])
        strip = list(zip(part["n_chars"].astype(int), part["theme"], strict=True))
        found.append(Voice(str(name), said, _stated(documents, "province"), strip, size))
    return found


def _stated(documents: pd.DataFrame, column: str) -> str:
    """What documents state in a column, each once; dates of several from the first to the last."""
    values = [str(v) for v in dict.fromkeys(documents[column].fillna("").astype(str)) if v]
    if column == "date":
        values = values or [str(v) for v in dict.fromkeys(documents["year"].dropna().astype(str)) if v]
        return values[0] if len(values) == 1 else f"{min(values)}–{max(values)}" if values else ""
    return "; ".join(values[:_NAMED])


def _joined(*parts: str) -> str:
    return "\n".join(filter(None, parts))
