"""What documents state: figures, stances, programmes, and how often the machine errs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import pandas as pd

from ... import NotEstimableError
from ...compare import arithmetic as implied
from ...compare import programmes as schemes
from ...compare import targets as report_targets
from ...facts import adjudication
from ...facts import coding as people
from ...language import display_name, join_items, tr
from ..result import Result, analysis
from .fact_tables import PLACE, OfSpans, fact_tables, sentences_at
from .programmes import Programmes
from .stances import ALL, Stances, StancesOfUnits, by_unit, stance_shares
from .targets import Targets

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ..study import Study

_COUNTED = ("quantities", "programmes", "citations")  # facts that are counted; themes and stances are of all text
_REPORTS = 10  # work reports, from which results are set against targets
_WRONG = 10  # contradictions that are told


@dataclass(frozen=True, eq=False, repr=False)
class FactsRead(Result):
    """How many facts were read from the documents of each group."""

    name: ClassVar[str] = "facts"

    def _title(self) -> str:
        return tr("What was read from the documents")

    def _sentences(self) -> Iterator[str]:
        totals = ((name, int(self.rows[name].sum())) for name in _COUNTED)
        said = join_items(tr("{n:,} {what}", n=n, what=display_name("facts", name)) for name, n in totals)
        n = len(self.study.corpus)
        if n > 1:
            yield tr("{n} documents state {said}.", n=n, said=said)
        else:
            yield tr("One document states {said}.", said=said)

    def _shown_rows(self) -> pd.DataFrame:
        return self.rows.rename(columns={name: display_name("facts", name) for name in _COUNTED})

    def _evidence(self, row: pd.Series[Any]) -> pd.DataFrame:
        tables = fact_tables(self.study).tables
        own = (tables[name].loc[tables[name]["group"] == row["group"], PLACE] for name in _COUNTED)
        return sentences_at(self.study, pd.concat(own, ignore_index=True))

    def tables(self) -> dict[str, pd.DataFrame]:
        """None: the facts are tables of their own."""
        return {}


@dataclass(frozen=True, eq=False, repr=False)
class Reliability(Result):
    """How often the machine is right, a measure a row; with people's answers by label, else on shipped documents.

    Keeping it writes the sheets of a sample to code, unless the text is withheld. Sheets that are there are left alone.

    Attributes
    ----------
    agreement : DataFrame
        Krippendorff's alpha between coders, and with the machine; empty without people's answers.
    disagreements : DataFrame
        Items on which two answers differ; likewise.
    genres : tuple of str
        Of the study's documents; without people's answers the rows are those of them that were measured.
    """

    agreement: pd.DataFrame
    disagreements: pd.DataFrame
    genres: tuple[str, ...] = ()

    name: ClassVar[str] = "reliability"
    prepares: ClassVar[bool] = True
    columns: ClassVar[tuple[str, ...]] = (
        *("task", "measure", "question", "value", "n", "right", "share", "low", "high", "documents", "items", "genre"),
    )

    @property
    def coded(self) -> bool:
        """Whether people's answers are at hand."""
        return "label" in self.rows

    def label(self, task: str) -> str:
        """How often the machine is right in a task, as a caption has it."""
        label = adjudication.error_rate_labels(self.rows).get(task)
        if label is None:
            return tr("not coded")
        if self.coded:
            return label
        measured = self.rows.loc[self.rows["task"] == task, "genre"].unique()
        others = [display_name("doc_type", genre) for genre in self.genres if genre not in measured]
        if len(others) == len(self.genres):
            names = join_items(display_name("doc_type", genre) for genre in measured)
            return tr("{label}, measured on other documents ({genres})", label=label, genres=names)
        return tr("{label}; not coded: {genres}", label=label, genres=join_items(others)) if others else label

    def _title(self) -> str:
        return tr("How often the machine is right")

    def _sentences(self) -> list[str]:
        if self.coded:
            return adjudication.sentences(self.rows, self.agreement)
        return adjudication.shipped_sentences(self.rows)

    def _shown_rows(self) -> pd.DataFrame:
        part = self.rows[self.rows["label"] == ALL].drop(columns="label") if self.coded else self.rows
        measure = "question" if self.coded else "measure"
        names = {"task": [display_name("facts", t) for t in part["task"]]}
        if not self.coded:
            names["genre"] = [display_name("doc_type", g) for g in part["genre"]]
        return part.assign(**names, **{measure: [display_name("measure", m) for m in part[measure]]})

    def _evidence(self, row: pd.Series[Any]) -> pd.DataFrame:
        differ = self.disagreements
        return (
            differ[(differ["task"] == row["task"]) & (differ["question"] == row["question"])] if self.coded else differ
        )

    def tables(self) -> dict[str, pd.DataFrame]:
        """The rates, and how people agree."""
        of_people = {"agreement": self.agreement, "disagreements": self.disagreements} if self.coded else {}
        return {**of_people, "reliability": self.rows}

    def write_more(self, folder: Path) -> None:
        """Write sheets to code into a folder, unless the text is withheld or nothing was read."""
        if self.study.has_text:
            read, seed = fact_tables(self.study), self.study["seed"]
            own = self.study["codebook"]
            book = {"codebook": own if own not in ("", "none") else None, "seed": seed}
            sample = people.draw_sample({"paragraphs": read.paragraphs, **read.tables}, self.study.labels(), **book)
            if len(sample.key):
                people.write_sheets(folder, sample)


@dataclass(frozen=True, eq=False, repr=False)
class Arithmetic(OfSpans):
    """Values that the numbers of a document imply, one a row, and whether what it states agrees."""

    name: ClassVar[str] = "arithmetic"
    columns: ClassVar[tuple[str, ...]] = ("document", "statement", "verdict")

    def _title(self) -> str:
        return tr("Whether numbers agree with each other")

    def _sentences(self) -> Iterator[str]:
        verdicts, labels = self.rows["verdict"], self.study.labels()
        wrong = self.rows[verdicts == "contradicts"]
        sizes = {"n": len(self.rows), "agree": (verdicts == "agrees").sum(), "wrong": len(wrong)}
        yield tr(
            "{n} figures can be derived from others: {agree} agree with what is stated, {wrong} contradict it, the "
            "rest cannot be checked.",
            **sizes,
        )
        for row in wrong.head(_WRONG).itertuples():
            yield tr("{name}: {said}", name=labels[row.doc_id], said=implied.statement_label(row.statement)) + tr(".")

    def _shown_rows(self) -> pd.DataFrame:
        order = self.rows["verdict"].map({"contradicts": 0, "agrees": 1}).fillna(2).sort_values(kind="stable").index
        rows = self.rows.loc[order]
        return rows.assign(
            document=rows["doc_id"].map(self.study.labels()),
            statement=[implied.statement_label(said) for said in rows["statement"]],
            verdict=[display_name("verdict", verdict) for verdict in rows["verdict"]],
        )

    def _evidence(self, row: pd.Series[Any]) -> pd.DataFrame:
        spans = re.findall(r"(\d+):(\d+)-(\d+)", row["spans"])  # of all numbers that were used
        places = [(row["doc_id"], *map(int, span)) for span in spans]
        return sentences_at(self.study, pd.DataFrame(places, columns=PLACE))


class FactQuestions:
    """What a study can be asked on what its documents state."""

    @analysis
    def facts_read(self: Study) -> FactsRead:
        """How many figures, programmes and citations were read from the documents of each group."""
        tables = fact_tables(self).tables
        counts = {name: tables[name].groupby("group").size() for name in _COUNTED}
        # Facts of those who are no voice (an editor's note) stand below the others, so that none is lost.
        others = sorted(set().union(*(count.index for count in counts.values())) - set(self.groups()))
        rows = pd.DataFrame(counts, index=pd.Index([*self.groups(), *others], name="group")).fillna(0).astype(int)
        return FactsRead(self, rows.reset_index())

    @analysis
    def reliability(self: Study, coding: str = "") -> Reliability:
        """How often the machine is right, and how people agree.

        Parameters
        ----------
        coding : str
            A folder of people's answers; the run's if left out. Without any: scores on shipped documents.
        """
        folder, none = coding or self["coding"], pd.DataFrame()
        if not folder:
            genres = adjudication.genres_of(self.corpus, self.coded_themes())
            return Reliability(self, adjudication.shipped_rates(genres), none, none, tuple(genres))
        answers, key = adjudication.read_coding(folder)
        agreement = adjudication.agreements(answers, key, seed=self["seed"])
        differ = adjudication.disagreements(answers, key)
        return Reliability(self, adjudication.error_rates(answers, key), agreement, differ)

    @analysis
    def stances(self: Study) -> Stances:
        """What is reached, planned and admitted, by group and theme."""
        return Stances(self, stance_shares(self, fact_tables(self).body))

    @analysis
    def stances_of_units(self: Study) -> StancesOfUnits:
        """The same for units within documents, each as a group."""
        parts = by_unit(fact_tables(self).body)
        if self.by == "unit":
            raise NotEstimableError(tr("units are what is compared"))
        if parts["unit"].nunique() < 2:
            raise NotEstimableError(tr("no document has units within it"))
        return StancesOfUnits(self, stance_shares(self, parts))

    @analysis
    def programmes(self: Study) -> Programmes:
        """The named programmes, by how far they reach, and which several groups name."""
        return Programmes(self, schemes.programme_table(fact_tables(self).tables["programmes"], self.corpus))

    @analysis
    def arithmetic(self: Study) -> Arithmetic:
        """Whether the numbers of each document agree with each other."""
        read = fact_tables(self)
        found = self.texts.compute("arithmetic", implied.implied_values, read.tables["quantities"], read.paragraphs)
        return Arithmetic(self, found)

    @analysis
    def targets(self: Study) -> Targets:
        """Last year's results and this year's targets of government work reports."""
        reports = self.corpus[self.corpus["doc_type"] == "work report"]
        if len(reports) < _REPORTS:
            held = {"least": _REPORTS, "n": len(reports)}
            said = "it takes {least} work reports to set results against targets, and here are {n}"
            raise NotEstimableError(tr(said, **held))
        results, missing = report_targets.results_and_targets(self.indicators().rows, reports)
        if results.empty:
            raise NotEstimableError(tr("no work report gives a result or a target"))
        return Targets(self, results, reports, missing)
