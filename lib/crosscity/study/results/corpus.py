"""What a corpus holds, what cleaning did to it, what is odd about it, and what it leaves out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import pandas as pd

from ... import NotEstimableError
from ...browse.fragments import template
from ...figures import basic
from ...files import printable
from ...language import current_language, display_name, join_items, tr
from ...tables import audit, balance, cleaning_summary
from ..groups import exclusion_reasons
from ..result import Result, analysis
from .balance import Balance, balanced

if TYPE_CHECKING:
    from collections.abc import Iterator

    from matplotlib.figure import Figure

    from ..study import Study

_BLANKS = cleaning_summary.CLASSES["blank-line"]  # changes that no figure and no example shows
_NAMED = 5  # oddities of a kind that a sentence names
_FEW = 12  # documents up to which their coverage is no finding: that a handful leaves most out is plain
_SHOWN = 12  # of many documents, those whose changes are shown


@dataclass(frozen=True, eq=False, repr=False)
class Documents(Result):
    """The documents that take part, one a row; what is guessed was read off file names and headings."""

    name: ClassVar[str] = "documents"
    columns: ClassVar[tuple[str, ...]] = (
        "label",
        "group",
        "year",
        "genre",
        "encoding",
        "script",
        "paragraphs",
        "characters",
        "guessed",
    )

    def _title(self) -> str:
        return tr("The documents")

    def _sentences(self) -> Iterator[str]:
        study, n, groups = self.study, len(self.rows), self.rows["group"].nunique()
        sizes = {"n": n, "by": display_name("column", study.by), "groups": groups, "many": study.plural()}
        sizes["characters"] = int(self.rows["n_chars"].sum())
        if n == 1:
            yield tr("1 document of {characters:,} characters.", **sizes)
        elif study.by == "doc_id":
            yield tr("{n} documents, each on its own: {characters:,} characters.", **sizes)
        elif groups == 1:
            yield tr("{n} documents of one {by}: {characters:,} characters.", **sizes)
        else:
            yield tr("{n} documents by {by}: {groups} {many}, {characters:,} characters.", **sizes)
        if len(study.left_out):
            # Anew, since the reasons are sentences too: in the language that is asked for.
            reasons = exclusion_reasons(study._read("corpus"), study["only"], study.by)
            counted = reasons[reasons != ""].value_counts().sort_index()
            said = tr("; ").join(tr("{n} because {reason}", n=n, reason=reason) for reason, n in counted.items())
            yield tr("Left out: {said}.", said=said)
        if guessed := int((self.rows["guessed"] != "").sum()):
            yield tr("Metadata were guessed for {n} of them.", n=guessed)
        else:
            yield tr("The manifest or the records state all metadata used.")

    def _shown_rows(self) -> pd.DataFrame:
        rows = self.rows.rename(columns={"n_chars": "characters", "n_paragraphs": "paragraphs"})
        alike = {"group": rows["label"], "guessed": ""}  # columns that say nothing then
        without = [column for column, value in alike.items() if (rows[column] == value).all()]
        return rows.drop(columns=without)

    def _evidence(self, row: pd.Series[Any]) -> pd.DataFrame:
        return _document_lines(self.study, row["doc_id"])


@dataclass(frozen=True, eq=False, repr=False)
class Lengths(Result):
    """The length of each document in characters, the longest first."""

    name: ClassVar[str] = "lengths"
    columns: ClassVar[tuple[str, ...]] = ("label", "characters")

    @property
    def _ends(self) -> dict[str, Any]:
        longest, shortest = self.rows.iloc[0], self.rows.iloc[-1]
        low, high = int(shortest["n_chars"]), int(longest["n_chars"])
        return {"a": shortest["label"], "low": low, "b": longest["label"], "high": high}

    def _title(self) -> str:
        return tr("Length of the documents")

    def _alt(self) -> str:
        if len(self.rows) == 1:
            return next(self._sentences())
        return tr("Length of each document in characters, from {a} ({low:,}) to {b} ({high:,}).", **self._ends)

    def _sentences(self) -> Iterator[str]:
        ends = self._ends
        if len(self.rows) == 1:
            yield tr("{b} has {high:,} characters.", b=ends["b"], high=ends["high"])
        elif ends["low"] == 0:
            yield tr("The longest ({b}) has {high:,} characters, the shortest ({a}) has none.", **ends)
        else:
            ratio = ends["high"] / ends["low"]
            said = "The longest ({a}) has {ratio:.1f} times the characters of the shortest ({b})."
            yield tr(said, a=ends["b"], ratio=ratio, b=ends["a"])

    def _draw(self) -> Figure | None:
        if len(self.rows) == 1:
            return None  # a single bar says less than its sentence
        draw = basic.bars if len(self.rows) <= basic.MANY else basic.distribution
        return draw(self.rows, "label", "n_chars", tr("characters"))

    def _shown_rows(self) -> pd.DataFrame:
        return self.rows.rename(columns={"n_chars": "characters"})

    def _evidence(self, row: pd.Series[Any]) -> pd.DataFrame:
        return _document_lines(self.study, row["doc_id"])

    def data(self) -> pd.DataFrame:
        """Labels and lengths."""
        return self.rows[["label", "n_chars"]]


@dataclass(frozen=True, eq=False, repr=False)
class Kinds(Result):
    """Lines and characters of each kind: title, byline, heading, editor's note, body; of many documents, of all."""

    name: ClassVar[str] = "kinds"
    prepares: ClassVar[bool] = True

    def _title(self) -> str:
        return tr("Kinds of lines")

    def _alt(self) -> str:
        counted = self.rows.groupby("kind")["characters"].sum()
        said = join_items(f"{display_name('kind', kind)} {n:,}" for kind, n in counted.items())
        return tr("Characters by kind of line: {said}.", said=said)

    def _sentences(self) -> Iterator[str]:
        characters = self.rows["characters"]
        share = characters[self.rows["kind"] == "body"].sum() / characters.sum()
        yield tr("{share:.1%} of the characters are body text.", share=share)

    def _draw(self) -> Figure | None:
        if self.rows["label"].nunique() < 2:
            return None
        return basic.bars(self.rows, "label", "characters", tr("characters"), parts="kind")

    def _evidence(self, row: pd.Series[Any]) -> pd.DataFrame:
        lines = _labelled(self.study, _lines(self.study), row["label"])
        return lines[lines["kind"] == row["kind"]].drop(columns="kind").reset_index(drop=True)


@dataclass(frozen=True, eq=False, repr=False)
class Cleaning(Result):
    """What cleaning changed: how often, and how many characters, by document (of many, in all) and kind of change."""

    name: ClassVar[str] = "cleaning"
    prepares: ClassVar[bool] = True

    @analysis
    def examples(self) -> CleaningExamples:
        """The commonest changes in each document, before and after."""
        study, log = self.study, _shown_log(self.study)
        of = cleaning_summary.summary(log).query("change != @_BLANKS").groupby("doc_id")["characters"].sum()
        first = set(of.nlargest(_SHOWN).index)
        few = len(study.corpus) <= basic.MANY
        shown = {name: label for name, label in study.labels().items() if few or name in first}
        return CleaningExamples(study, cleaning_summary.examples(log), log, shown)

    @analysis
    def dropped_lines(self) -> DroppedLines:
        """Every line that was removed as page furniture, to be read."""
        return DroppedLines(self.study, cleaning_summary.dropped_lines(_shown_log(self.study)))

    @property
    def _visible(self) -> pd.DataFrame:
        return self.rows[self.rows["change"] != _BLANKS]

    def _title(self) -> str:
        return tr("What cleaning changed (without spaces and empty lines)")

    def _alt(self) -> str:
        counted = self._visible.groupby("change")["characters"].sum()
        said = join_items(f"{display_name('change', change)} {n:,}" for change, n in counted.items())
        return tr("Characters changed or removed: {said}.", said=said)

    def _sentences(self) -> Iterator[str]:
        counted = self.rows.groupby("change")["changes"].sum()
        said = join_items(f"{display_name('change', change)} {n:,}" for change, n in counted.items())
        yield tr("Changes: {said}.", said=said or tr("none"))

    def _draw(self) -> Figure | None:
        if self._visible["label"].nunique() < 2:
            return None
        return basic.bars(self._visible, "label", "characters", tr("characters changed or removed"), parts="change")

    def _evidence(self, row: pd.Series[Any]) -> pd.DataFrame:
        return _changes(_labelled(self.study, _log(self.study), row["label"]), row["change"])


@dataclass(frozen=True, eq=False, repr=False)
class CleaningExamples(Result):
    """The commonest changes of each kind in each document, which show themselves struck out and marked.

    Attributes
    ----------
    log : DataFrame
        The changes of all documents.
    shown : dict of str to str
        Labels of the documents that a display shows, by doc_id.
    """

    log: pd.DataFrame
    shown: dict[str, str]

    name: ClassVar[str] = "before-after"
    columns: ClassVar[tuple[str, ...]] = ("document", "change", "changes", "examples")

    def _title(self) -> str:
        if len(self.shown) == len(self.study.corpus):
            return tr("What cleaning changed, before and after")
        return tr("What cleaning changed, before and after, in the {n} documents with most changes", n=len(self.shown))

    def _alt(self) -> str:
        return self._title()

    def _html(self, picture: str) -> str:
        with self.study.own_settings():
            about = {"picture": picture, "title": self._title(), "alt": "", "sentences": list(self._sentences())}
            head = template("result.html").render(columns=[], numbers=[], rows=[], more=0, **about)
            return head + cleaning_summary.examples_page(self.log, self.shown)

    def _shown_rows(self) -> pd.DataFrame:
        said = [" · ".join(_pair(*one) for one in some[:2]) for some in self.rows["examples"]]
        return _named(self.study, self.rows.assign(examples=pd.Series(said, self.rows.index, dtype="str")))

    def _evidence(self, row: pd.Series[Any]) -> pd.DataFrame:
        return _changes(self.log[self.log["doc_id"] == row["doc_id"]], row["change"])

    def tables(self) -> dict[str, pd.DataFrame]:
        """The examples of all documents."""
        return {self.name: self.rows.assign(examples=self.rows["examples"].map(printable))}


@dataclass(frozen=True, eq=False, repr=False)
class DroppedLines(Result):
    """Lines that were removed as page furniture, one a row, and why."""

    name: ClassVar[str] = "dropped-lines"
    prepares: ClassVar[bool] = True
    columns: ClassVar[tuple[str, ...]] = ("document", "line", "why", "text")

    def _title(self) -> str:
        return tr("Lines that were removed as page furniture")

    def _sentences(self) -> Iterator[str]:
        sizes = {"n": len(self.rows), "some": self.rows["doc_id"].nunique(), "all": len(self.study.corpus)}
        if self.rows.empty:
            yield tr("No line was removed as page furniture.")
        else:
            yield tr("Lines removed as page furniture: {n:,}, in {some} of {all} documents.", **sizes)

    def _shown_rows(self) -> pd.DataFrame:
        return _named(self.study, self.rows)

    def _evidence(self, row: pd.Series[Any]) -> pd.DataFrame:
        log = _log(self.study)
        return _changes(log[(log["doc_id"] == row["doc_id"]) & (log["line"] == row["line"])])


@dataclass(frozen=True, eq=False, repr=False)
class Oddities(Result):
    """What is odd about documents: a reason to look at one, a row."""

    name: ClassVar[str] = "oddities"
    prepares: ClassVar[bool] = True
    columns: ClassVar[tuple[str, ...]] = ("document", "kind", "problem")

    def _title(self) -> str:
        return tr("Oddities in the documents")

    def _sentences(self) -> Iterator[str]:
        study, label = self.study, self.study.labels()
        # Anew in another language, since the problems are sentences too.
        odd = self.rows if current_language() == study["language"] else _oddities(study)
        if odd.empty:
            yield tr("No oddities were found.")
        for kind, rows in odd.groupby("kind"):
            first = rows.head(_NAMED).itertuples()
            said = tr("; ").join(tr("{document} {problem}", document=label[r.doc_id], problem=r.problem) for r in first)
            said += tr(" and {n} more", n=len(rows) - _NAMED) if len(rows) > _NAMED else ""
            name = display_name("kind", kind)
            yield tr("{name}: {said}", name=name[:1].upper() + name[1:], said=said) + (
                "" if said.endswith(("?", "？")) else tr(".")
            )

    def _shown_rows(self) -> pd.DataFrame:
        return _named(self.study, self.rows)

    def _evidence(self, row: pd.Series[Any]) -> pd.DataFrame:
        return _document_lines(self.study, row["doc_id"])


@dataclass(frozen=True, eq=False, repr=False)
class Coverage(Result):
    """Documents by province, year and genre, with those of which there is none."""

    name: ClassVar[str] = "provinces"

    @property
    def _provinces(self) -> pd.DataFrame:
        of = self.rows[(self.rows["by"] == "province") & (self.rows["of"] > 0)]
        return of.sort_values("documents", ascending=False, kind="stable")

    @property
    def _is_drawn(self) -> bool:
        return len(self.study.corpus) > basic.MANY and bool(self._provinces["cities"].any())

    def _title(self) -> str:
        return tr("Documents by province") if self._is_drawn else tr("Documents by province, year and genre")

    def _alt(self) -> str:
        said = join_items(f"{r.value} {r.documents}" for r in self._provinces.itertuples())
        return tr("Documents by province: {said}.", said=said)

    def _sentences(self) -> Iterator[str]:
        if self.rows.empty:
            yield tr("No document states a province, a year or a genre.")
        for sentence in audit.coverage_sentences(self.study.corpus) if len(self.study.corpus) > _FEW else ():
            yield sentence[0].upper() + sentence[1:] + tr(".")

    def _draw(self) -> Figure | None:
        if not self._is_drawn:
            return None
        label = tr("documents (and cities named, of those that the province has)")
        return basic.bars(self.data(), "province", "documents", label)

    def _shown_rows(self) -> pd.DataFrame:
        rows = self.rows[self.rows["documents"] > 0]
        return rows.assign(cities=rows["cities"].astype("Int64").where(rows["by"] == "province"))

    def _evidence(self, row: pd.Series[Any]) -> pd.DataFrame:
        documents = self.study.corpus
        if row["by"] == "province":
            here = np.array([audit.province_of(d) == row["value"] for d in documents.itertuples()])
        else:
            here = (documents[row["by"]].astype("str") == row["value"]).to_numpy()
        return documents.loc[here, ["group", "doc_id", "title"]].reset_index(drop=True)

    def data(self) -> pd.DataFrame:
        """The provinces, with their labels in the figure."""
        labels = [
            tr("{province} ({n} of {all})", province=r.value, n=r.cities, all=r.of)
            for r in self._provinces.itertuples()
        ]
        return self._provinces.assign(province=labels)

    def tables(self) -> dict[str, pd.DataFrame]:
        """The documents by province, year and genre."""
        return {"coverage": self.rows}


class CorpusQuestions:
    """What a study can be asked on its documents as such."""

    @analysis
    def documents(self: Study) -> Documents:
        """The documents that take part, and why others do not."""
        documents = self.corpus.assign(label=self.corpus["doc_id"].map(self.labels()))
        columns = ["group", "year", "genre", "edition", "encoding", "script", "n_chars", "n_paragraphs", "guessed"]
        return Documents(self, documents[["doc_id", "title", "label", *columns]])

    @analysis
    def lengths(self: Study) -> Lengths:
        """How long the documents are."""
        lengths = self.documents().rows[["doc_id", "label", "n_chars"]]
        return Lengths(self, lengths.sort_values("n_chars", ascending=False, kind="stable", ignore_index=True))

    @analysis
    def kinds(self: Study) -> Kinds:
        """What the lines of the documents are."""
        if self.table("paragraphs").empty:
            raise NotEstimableError(tr("no document has a line of text"))
        paragraphs = self.paragraphs()
        named = _with_labels(self, paragraphs[["doc_id", "kind", "n_chars"]])
        counted = named.groupby(["label", "kind"], sort=True)["n_chars"].agg(lines="size", characters="sum")
        return Kinds(self, counted.reset_index())

    @analysis
    def cleaning(self: Study) -> Cleaning:
        """What cleaning changed, by the log of its changes."""
        changes = _with_labels(self, cleaning_summary.summary(self.table("cleaning_log")))
        summed = changes.groupby(["label", "change"], sort=False)[["changes", "characters"]].sum()
        return Cleaning(self, summed.reset_index())

    @analysis
    def balance(self: Study) -> Balance:
        """What became of each document's characters: read, removed, changed, kept, and what is odd about that."""
        log = _shown_log(self)
        return Balance(self, balanced(self), balance.by_rule(log[log["doc_id"].isin(self.corpus["doc_id"])]))

    @analysis
    def oddities(self: Study) -> Oddities:
        """What is odd about single documents: the same text twice, one that is short, broken off or misplaced."""
        if not self.has_text:
            raise NotEstimableError(tr("these tables hold no text, in which oddities could be looked for"))
        return Oddities(self, _oddities(self))

    @analysis
    def coverage(self: Study) -> Coverage:
        """Which provinces, years and genres the documents are of, and which are absent."""
        return Coverage(self, audit.coverage(self.corpus))


def _oddities(study: Study) -> pd.DataFrame:
    return audit.oddities(study.corpus, study.table("paragraphs"), study.table("cleaning_log"))


def _log(study: Study) -> pd.DataFrame:
    """The changes of cleaning that may be quoted."""
    return study.texts.quotable(study.table("cleaning_log"))


def _shown_log(study: Study) -> pd.DataFrame:
    """The changes of cleaning, of tables that hold them."""
    if not study.has_text:
        raise NotEstimableError(tr("These tables hold no text: what cleaning changed is counted, and not shown."))
    return study.table("cleaning_log")


def _lines(study: Study) -> pd.DataFrame:
    """All lines that may be quoted."""
    return study.texts.quotable(study.paragraphs())[["group", "doc_id", "paragraph", "kind", "text"]]


def _document_lines(study: Study, doc_id: str) -> pd.DataFrame:
    """The lines of a document."""
    lines = _lines(study)
    return lines[lines["doc_id"] == doc_id].reset_index(drop=True)


def _with_labels(study: Study, table: pd.DataFrame) -> pd.DataFrame:
    """A table with the label of each row's document; of many documents, one for all."""
    few = len(study.corpus) <= basic.MANY
    return table.assign(label=table["doc_id"].map(study.labels()) if few else tr("all documents"))


def _named(study: Study, table: pd.DataFrame) -> pd.DataFrame:
    """A table with the label of each row's document, as a display has it."""
    return table.assign(document=table["doc_id"].map(study.labels()))


def _labelled(study: Study, table: pd.DataFrame, label: str) -> pd.DataFrame:
    """The rows of a document by its label, or of all."""
    names = [doc_id for doc_id, own in study.labels().items() if own == label]
    return table[table["doc_id"].isin(names)] if names else table


def _changes(log: pd.DataFrame, change: str = "") -> pd.DataFrame:
    """Changes of cleaning (of a kind), one a row, with what stood before and after."""
    of = log["rule"].str.replace(":.*", "", regex=True).map(cleaning_summary.CLASSES)
    part = log[of == change] if change else log
    return part[["group", "doc_id", "line", "before", "after"]].reset_index(drop=True)


def _pair(before: str, after: str, times: int) -> str:
    """A change as text."""
    said = before if before == after else f"{before} → {after or '∅'}"
    return printable(said) + (f" ×{times}" if times > 1 else "")
