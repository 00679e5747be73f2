"""What documents state: figures, stances, programmes, and how often the machine errs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

import pandas as pd

from ... import NotEstimableError
from ...chinese import STATEMENT_END
from ...compare import arithmetic as implied
from ...compare import programmes as schemes
from ...compare import stances
from ...compare import targets as report_targets
from ...facts import adjudication
from ...facts import coding as people
from ...figures import facts as pictures
from ...figures import indicators as panels
from ...figures import targets as target_pictures
from ...language import display_name, join_items, tr
from ..result import Result, analysis

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from matplotlib.figure import Figure

    from ..study import Study

_COUNTED = ("quantities", "programmes", "citations")  # facts that are counted; themes and stances are of all text
_REPORTS = 10  # work reports, from which results are set against targets
_NAMED = 12  # groups in a sentence
_FIRST = 6  # groups that a cell names
_WRONG = 10  # contradictions that are told
_ALL = "all"  # the theme of a whole group
_PLACE = ["doc_id", "paragraph", "start", "end"]


class FactTables(NamedTuple):
    """The paragraphs of a study, and what was read from them.

    Attributes
    ----------
    paragraphs, body : DataFrame
        All, and those of running text.
    tables : dict of str to DataFrame
        Facts by name.
    """

    paragraphs: pd.DataFrame
    body: pd.DataFrame
    tables: dict[str, pd.DataFrame]


@dataclass(frozen=True, eq=False, repr=False)
class _OfSpans(Result):
    """A result whose rows are spans of text: doc_id, paragraph, start, end."""

    def _evidence(self, row: pd.Series[Any]) -> pd.DataFrame:
        return _sentences_at(self.study, row.to_frame().T)


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
        own = (tables[name].loc[tables[name]["group"] == row["group"], _PLACE] for name in _COUNTED)
        return _sentences_at(self.study, pd.concat(own, ignore_index=True))

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
        part = self.rows[self.rows["label"] == _ALL].drop(columns="label") if self.coded else self.rows
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
class Stances(Result):
    """Shares of text by stance, in each group and theme: what is reached, planned and admitted."""

    name: ClassVar[str] = "stances"
    columns: ClassVar[tuple[str, ...]] = ("group", "theme", "stance", "share", "low", "high", "sentences", "paragraphs")

    @analysis
    def causes(self) -> Causes:
        """The sentences that give a cause."""
        read = fact_tables(self.study)
        return Causes(self.study, stances.causes(read.tables["themes"], read.tables["stances"], read.body))

    @property
    def _whole(self) -> pd.DataFrame:
        return self.rows[self.rows["theme"] == _ALL]

    def _told(self, rows: pd.DataFrame) -> str:
        said = "{group}: {share:.0%} {stance}"
        each = (
            tr(said, group=r.group, share=r.share, stance=display_name("stance", r.stance)) for r in rows.itertuples()
        )
        return tr("; ").join(each) + tr(".")

    def _title(self) -> str:
        right = _right(self.study, "stances")
        return tr("What is reached, planned and admitted, by theme (stances {right})", right=right)

    def _alt(self) -> str:
        return self._told(self._whole[self._whole["stance"] == "problem"])

    def _sentences(self) -> Iterator[str]:
        admitted = self._whole[self._whole["stance"] == "problem"]
        if len(admitted) > _NAMED:
            admitted = admitted[~admitted["group"].isin(set(self.study.incomplete()))]
            admitted = admitted.sort_values("share", ascending=False, kind="stable")
            ends = (admitted.head(_FIRST), admitted.tail(_FIRST))
            most, least = (join_items(f"{r.group} {r.share:.1%}" for r in end.itertuples()) for end in ends)
            yield tr("Share of text that admits a problem: most in {most}; least in {least}.", most=most, least=least)
            return
        said = join_items(f"{r.group} {r.share:.0%}" for r in admitted.itertuples())
        yield tr("Share of text that admits a problem: {said}.", said=said)

    def _draw(self) -> Figure:
        return pictures.theme_by_stance(self.rows)

    def _shown_rows(self) -> pd.DataFrame:
        part = self._whole[self._whole["sentences"] > 0]
        return part.assign(
            theme=[display_name("theme", theme) for theme in part["theme"]],
            stance=[display_name("stance", stance) for stance in part["stance"]],
        )

    def _grouped(self) -> pd.DataFrame:
        """The body, with the groups of these rows."""
        return fact_tables(self.study).body

    def _evidence(self, row: pd.Series[Any]) -> pd.DataFrame:
        tables = fact_tables(self.study).tables
        body, said = self.study.texts.quotable(self._grouped()), tables["stances"]
        lines = stances.body_sentences(body[body["group"] == row["group"]], said[said["stance"] == row["stance"]])
        first = tables["themes"].loc[tables["themes"]["rank"] == 1, ["doc_id", "paragraph", "theme"]]
        lines = lines.merge(first, on=["doc_id", "paragraph"])
        if row["theme"] != _ALL:
            lines = lines[lines["theme"] == row["theme"]]
        return lines[["group", "doc_id", "paragraph", "text"]].reset_index(drop=True)

    def tables(self) -> dict[str, pd.DataFrame]:
        """None: the figure's data are kept."""
        return {}


@dataclass(frozen=True, eq=False, repr=False)
class StancesOfUnits(Stances):
    """Shares of text by stance, in each unit within a document (a county's own report) and theme."""

    name: ClassVar[str] = "stances-units"

    def _title(self) -> str:
        return tr("The same for units within a document (stances {right})", right=_right(self.study, "stances"))

    def _alt(self) -> str:
        return self._told(self._whole[self._whole["stance"].isin(["problem", "cause"])])

    def _sentences(self) -> Iterator[str]:
        yield tr("Units within a document: {said}", said=self._alt())

    def _grouped(self) -> pd.DataFrame:
        return _by_unit(fact_tables(self.study).body)


@dataclass(frozen=True, eq=False, repr=False)
class Causes(_OfSpans):
    """The causes that documents give, a sentence a row."""

    name: ClassVar[str] = "causes"
    columns: ClassVar[tuple[str, ...]] = ("group", "doc_id", "paragraph", "themes", "text")

    def _title(self) -> str:
        return tr("Causes that the documents give")

    def _sentences(self) -> Iterator[str]:
        if self.rows.empty:
            yield tr("No sentence gives a cause.")
            return
        counts = self.rows["group"].value_counts(sort=False)
        counts = counts.sort_values(ascending=False, kind="stable") if len(counts) > _NAMED else counts
        said = join_items(f"{group} {n}" for group, n in counts.head(_NAMED).items())
        said += tr(" and {n} more", n=len(counts) - _NAMED) if len(counts) > _NAMED else ""
        yield tr("Sentences that give a cause: {said}.", said=said)

    def _shown_rows(self) -> pd.DataFrame:
        themes = ["; ".join(display_name("theme", t) for t in each.split("; ")) for each in self.rows["themes"]]
        return self.rows.assign(themes=themes)


@dataclass(frozen=True, eq=False, repr=False)
class Programmes(Result):
    """Named programmes, one a row: how far each reaches, who names it, and where first."""

    name: ClassVar[str] = "programmes-figure"
    columns: ClassVar[tuple[str, ...]] = ("canonical", "reach", "groups", "mentions")

    @property
    def _reach(self) -> str:
        counts = self.rows["reach"].value_counts().items()
        return join_items(f"{n} {display_name('reach', name)}" for name, n in counts) + tr(".")

    def _title(self) -> str:
        return tr("Named programmes by reach (programmes {right})", right=_right(self.study, "programmes"))

    def _alt(self) -> str:
        return self._reach

    def _sentences(self) -> Iterator[str]:
        if len(self.rows) == 1:
            yield tr("One named programme: {said}", said=self._reach)
        elif len(self.rows):
            yield tr("{n} named programmes: {said}", n=len(self.rows), said=self._reach)
        else:
            yield tr("No programme is named.")

    def _draw(self) -> Figure | None:
        groups = {group for names in self.rows["groups"] for group in names}
        return pictures.programmes_by_reach(self.rows, self.study.incomplete()) if len(groups) > 1 else None

    def _shown_rows(self) -> pd.DataFrame:
        groups = [
            tr(", ").join(names[:_FIRST]) + (tr(" and {n} more", n=len(names) - _FIRST) if len(names) > _FIRST else "")
            for names in self.rows["groups"]
        ]
        return self.rows.assign(reach=[display_name("reach", reach) for reach in self.rows["reach"]], groups=groups)

    def _evidence(self, row: pd.Series[Any]) -> pd.DataFrame:
        mentions = fact_tables(self.study).tables["programmes"]
        return _sentences_at(self.study, mentions[mentions["canonical"] == row["canonical"]])

    @cached_property
    def _shared(self) -> list[Result]:
        several = (self.rows["groups"].map(len) > 1).any()
        return [SharedProgrammes(self.study, self.rows)] if several else []

    def parts(self) -> list[Result]:
        """The programmes that several groups name, if there are any."""
        return self._shared

    def tables(self) -> dict[str, pd.DataFrame]:
        """All programmes."""
        return {"programmes": self.rows}


@dataclass(frozen=True, eq=False, repr=False)
class SharedProgrammes(Programmes):
    """Programmes that several groups name: the second picture of `Programmes`."""

    name: ClassVar[str] = "shared-programmes"

    def _title(self) -> str:
        return tr("Programmes that several have")

    def _sentences(self) -> list[str]:  # type: ignore[override]  # they stand above
        return []

    def _draw(self) -> Figure | None:
        return pictures.shared_programmes(self.rows)

    def _shown_rows(self) -> pd.DataFrame:
        return self.rows[:0]

    def parts(self) -> list[Result]:
        """None."""
        return []


@dataclass(frozen=True, eq=False, repr=False)
class Arithmetic(_OfSpans):
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
        return _sentences_at(self.study, pd.DataFrame(places, columns=_PLACE))


@dataclass(frozen=True, eq=False, repr=False)
class Targets(Result):
    """Last year's result and this year's target of work reports, a report and indicator a row.

    Attributes
    ----------
    reports : DataFrame
        Of the corpus.
    missing : DataFrame
        How many do not give an indicator.
    """

    reports: pd.DataFrame
    missing: pd.DataFrame

    name: ClassVar[str] = "targets"
    columns: ClassVar[tuple[str, ...]] = ("document", "indicator", "unit", "result", "target", "target_upper", "gap")

    @analysis
    def gaps(self) -> Gaps:
        """Target less result by province."""
        table = report_targets.gaps(self.rows)
        if table.empty:
            raise NotEstimableError(tr("no report of a known province gives a result and a target"))
        return Gaps(self.study, table, self.rows)

    @property
    def _growth(self) -> pd.DataFrame:
        return self.rows[self.rows["indicator"] == "GDP growth"]

    def _title(self) -> str:
        right = _right(self.study, "quantities")
        return tr("Last year's result and this year's target (quantities {right})", right=right)

    def _alt(self) -> str:
        some = self._growth[["result", "target"]].notna().any(axis=1).sum()
        said = "{n} of {all} reports give last year's growth of GDP or this year's target."
        return tr(said, n=some, all=len(self.reports))

    def _sentences(self) -> Iterator[str]:
        yield self._alt()
        labels, known = self.study.labels(), set(self._growth["doc_id"])
        lacking = [labels[d] for d in self.reports["doc_id"] if d not in known]
        if len(lacking) > _NAMED:
            yield tr("Neither is found for {n} reports; the table of what is not reported names them.", n=len(lacking))
        else:
            yield tr("Neither is found for: {said}.", said="、".join(lacking) or tr("none"))

    def _draw(self) -> Figure:
        return target_pictures.results_against_targets(self.rows, self.missing, unnamed=self.study.incomplete_ids())

    def _shown_rows(self) -> pd.DataFrame:
        far = self.rows.assign(far=self.rows["gap"].abs()).sort_values("far", ascending=False, kind="stable")
        first = far[far["indicator"] == "GDP growth"]
        shown = first if len(first) else far
        return shown.assign(
            document=shown["doc_id"].map(self.study.labels()),
            indicator=[panels.indicator_name(name) for name in shown["indicator"]],
        )

    def _evidence(self, row: pd.Series[Any]) -> pd.DataFrame:
        return _stated(self.study, row.to_frame().T)

    def tables(self) -> dict[str, pd.DataFrame]:
        """The reports, and how many do not give an indicator."""
        return {"results-and-targets": self.rows, "not-reported": self.missing}


@dataclass(frozen=True, eq=False, repr=False)
class Gaps(Result):
    """Mean of target less result by province and indicator, with t intervals over reports.

    Attributes
    ----------
    results : DataFrame
        The reports.
    """

    results: pd.DataFrame

    name: ClassVar[str] = "gaps"
    columns: ClassVar[tuple[str, ...]] = ("indicator", "province", "n", "mean", "low", "high", "unit")

    def _title(self) -> str:
        return tr("Target less result by province, with 95% intervals")

    def _alt(self) -> str:
        return tr("Mean gaps of {n} provinces.", n=self.rows["province"].nunique())

    def _draw(self) -> Figure:
        return target_pictures.gaps_by_province(self.rows)

    def _sentences(self) -> Iterator[str]:
        growth = self.rows[self.rows["indicator"] == "GDP growth"].dropna(subset=["low"]).sort_values("mean")
        above, below = (growth["low"] > 0).sum(), (growth["high"] < 0).sum()
        if len(growth):
            yield tr(
                "Growth of GDP: the mean target lies above the mean result in {above} of {n} provinces with three "
                "reports or more, and below it in {below}; elsewhere the interval contains 0.",
                above=above,
                below=below,
                n=len(growth),
            )
        else:
            yield self._alt()

    def _shown_rows(self) -> pd.DataFrame:
        named = self.rows.assign(indicator=[panels.indicator_name(name) for name in self.rows["indicator"]])
        growth = self.rows["indicator"] == "GDP growth"
        return named[growth].sort_values("mean", ascending=False) if growth.any() else named

    def _evidence(self, row: pd.Series[Any]) -> pd.DataFrame:
        of_row = (self.results["province"] == row["province"]) & (self.results["indicator"] == row["indicator"])
        return _stated(self.study, self.results[of_row & self.results["gap"].notna()])

    def tables(self) -> dict[str, pd.DataFrame]:
        """None: the figure's data are kept."""
        return {}


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
        return Stances(self, _stance_shares(self, fact_tables(self).body))

    @analysis
    def stances_of_units(self: Study) -> StancesOfUnits:
        """The same for units within documents, each as a group."""
        parts = _by_unit(fact_tables(self).body)
        if self.by == "unit":
            raise NotEstimableError(tr("units are what is compared"))
        if parts["unit"].nunique() < 2:
            raise NotEstimableError(tr("no document has units within it"))
        return StancesOfUnits(self, _stance_shares(self, parts))

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


def fact_tables(study: Study) -> FactTables:
    """The paragraphs of a study, and the tables of facts that were read from them; read once."""
    if "facts" not in study._results:
        paragraphs = study.paragraphs()
        body = paragraphs[paragraphs["kind"] == "body"].reset_index(drop=True)
        study._results["facts"] = FactTables(paragraphs, body, study.facts(paragraphs))
    return study._results["facts"]


def _right(study: Study, task: str) -> str:
    """How often the machine is right in a task, as captions have it."""
    return study.reliability().label(task)


def _by_unit(body: pd.DataFrame) -> pd.DataFrame:
    """The paragraphs of units within documents, each unit as a group."""
    parts = body[body["unit"] != ""]
    return parts.assign(group=parts["unit"])


def _stance_shares(study: Study, paragraphs: pd.DataFrame) -> pd.DataFrame:
    """Shares of stances; see `compare.stances.stance_shares`.

    Raises
    ------
    NotEstimableError
        If no sentence has a theme and a stance.
    """
    tables = fact_tables(study).tables
    shares = stances.stance_shares(tables["themes"], tables["stances"], paragraphs)
    if shares.empty:
        raise NotEstimableError(tr("no sentence has both a theme and a stance"))
    return shares


def _sentences_at(study: Study, spans: pd.DataFrame) -> pd.DataFrame:
    """The sentences in which spans lie, each once: group, doc_id, paragraph, text; none if the text is withheld."""
    paragraphs = study.texts.quotable(fact_tables(study).paragraphs)
    places = spans[_PLACE].astype({"doc_id": "str"} | dict.fromkeys(_PLACE[1:], "int64"))
    at = places.merge(paragraphs[["group", "doc_id", "paragraph", "text"]], on=["doc_id", "paragraph"])
    cut = [_sentence(*row) for row in at[["text", "start", "end"]].itertuples(index=False)]
    shown = at.assign(text=cut)[["group", "doc_id", "paragraph", "text"]]
    return shown.drop_duplicates(ignore_index=True)


def _sentence(text: str, start: int, end: int) -> str:
    left = max((m.end() for m in STATEMENT_END.finditer(text, 0, start)), default=0)
    right = next((m.end() for m in STATEMENT_END.finditer(text, max(start, end - 1))), len(text))
    return text[left:right].strip()


def _stated(study: Study, results: pd.DataFrame) -> pd.DataFrame:
    """The sentences of results and targets: doc_id, part, text; none if the text is withheld."""
    parts = [
        results[["doc_id", f"{part}_sentence"]].set_axis(["doc_id", "text"], axis=1).assign(part=part)
        for part in ("result", "target")
    ]
    parts_said = {"result": tr("last year's result"), "target": tr("this year's target")}
    lines = pd.concat(parts, ignore_index=True)[["doc_id", "part", "text"]]
    lines = lines[lines["text"] != ""] if study.has_text else lines[:0]
    return lines.assign(part=[parts_said[part] for part in lines["part"]]).reset_index(drop=True)
