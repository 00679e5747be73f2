"""Which words documents use, and strings that may be terms that no dictionary has."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import pandas as pd

from ...figures import basic
from ...language import join_items, tr
from ...words.matrix import group_matrix
from ..result import Result, analysis

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from matplotlib.figure import Figure

    from ..study import Study

_MATRIX = 60  # groups whose rates are drawn as a matrix; of more, their spread
_OF_GROUP = 50  # terms of a group in the table
_CANDIDATES = 2000


@dataclass(frozen=True, eq=False, repr=False)
class TermCounts(Result):
    """How often each term occurs, one a row: those of the highest mean rate over groups first.

    Attributes
    ----------
    by_group : DataFrame
        Occurrences, groups by terms; groups without a counted word are not among them.
    paragraphs : DataFrame
        In which they were counted.
    wordless : list of str
        Groups without a counted word.
    """

    by_group: pd.DataFrame
    paragraphs: pd.DataFrame
    wordless: list[str]

    name: ClassVar[str] = "term-counts"

    @analysis
    def common(self, *, most: int = 14) -> CommonTerms:
        """The commonest terms of all groups, by mean rate: a group with much text does not outvote the others.

        Parameters
        ----------
        most : int
            How many.
        """
        rates = self._rates[list(self.rows["term"].head(most))].rename_axis("group")
        rows = rates.reset_index().melt("group", var_name="term", value_name="per_1000")
        return CommonTerms(self.study, rows, rates)

    @analysis
    def frequent(self, *, terms: int = 0) -> FrequentTerms:
        """The most frequent terms of each group.

        Parameters
        ----------
        terms : int
            How many a figure shows of each group; the run's if left out.
        """
        frames, rates = [], self._rates
        for group, counts in self.by_group.iterrows():
            # The columns are in order of code points, which breaks ties.
            first = counts[counts > 0].sort_values(ascending=False, kind="stable").head(_OF_GROUP)
            values = {"group": group, "term": first.index, "count": first, "per_1000": rates.loc[group, first.index]}
            frames.append(pd.DataFrame(values).reset_index(drop=True))
        rows = pd.concat(frames, ignore_index=True)
        return FrequentTerms(self.study, rows, terms or self.study["terms"])

    @cached_property
    def _rates(self) -> pd.DataFrame:
        return _rates(self.by_group)

    def _title(self) -> str:
        return tr("How often each term occurs")

    def _sentences(self) -> Iterator[str]:
        study, n = self.study, len(self.by_group)
        yield study.masking_sentence(self.paragraphs)
        if said := study.variants_sentence(self.paragraphs):
            yield said
        sizes = {"n": int(self.rows["count"].sum()), "terms": len(self.rows), "paragraphs": len(self.paragraphs)}
        yield tr("{n:,} kept words of {terms:,} terms in {paragraphs:,} paragraphs.", **sizes)
        if n > 1:
            shares = {"every": (self.rows["groups"] == n).mean(), "one": (self.rows["groups"] == 1).mean()}
            said = "{every:.1%} of the terms stand in every one of {n} {many}, {one:.1%} in only one."
            yield tr(said, n=n, many=study.plural(), **shares)
        if self.wordless:
            yield study.wordless_sentence(self.wordless)

    def _asides(self) -> Iterator[str]:
        yield self.study.masking_sentence(self.paragraphs)
        if self.wordless:
            yield self.study.wordless_sentence(self.wordless)

    def _evidence(self, row: pd.Series[Any]) -> pd.DataFrame:
        return self.study.lines(row["term"])

    def tables(self) -> dict[str, pd.DataFrame]:
        """None: `frequent` and `common` have the terms that are kept."""
        return {}


@dataclass(frozen=True, eq=False, repr=False)
class CommonTerms(Result):
    """The rates of the commonest terms, a term of a group a row.

    Attributes
    ----------
    rates : DataFrame
        Groups by terms, the commonest first.
    """

    rates: pd.DataFrame

    name: ClassVar[str] = "common-terms"

    def terms(self) -> list[str]:
        """The terms, the commonest first."""
        return list(self.rates.columns)

    def _title(self) -> str:
        return tr("The commonest terms")

    def _alt(self) -> str:
        terms, (groups, _) = self.terms(), self.rates.shape
        sizes = {"n": len(terms), "all": groups, "many": self.study.plural(), "said": join_items(terms[:5])}
        return tr("Rates of the {n} commonest terms in each of {all} {many}; the commonest are {said}.", **sizes)

    def _sentences(self) -> Iterator[str]:
        yield tr("The commonest terms, by mean rate: {said}.", said="、".join(self.terms()[:8]))

    def _draw(self) -> Figure:
        if len(self.rates) <= _MATRIX:
            return basic.heat(self.rates, tr("in 1,000 counted words"), "{:.1f}", glossed=True)
        return basic.spread(self.rates, tr("in 1,000 counted words (line: median)"), glossed=True)

    def _evidence(self, row: pd.Series[Any]) -> pd.DataFrame:
        return _lines(self.study, row)


@dataclass(frozen=True, eq=False, repr=False)
class FrequentTerms(Result):
    """The most frequent terms of each group, a term of a group a row.

    Attributes
    ----------
    shown : int
        How many a figure shows of each group.
    """

    shown: int

    name: ClassVar[str] = "frequent-terms"

    def terms(self) -> list[str]:
        """The terms of the figure."""
        return list(dict.fromkeys(self.data()["term"]))

    def _title(self) -> str:
        sizes = {"terms": self.shown, "n": self.data()["group"].nunique(), "all": len(self.study.groups())}
        said = "The {terms} most frequent terms of {n} of {all} {many}"
        return tr(said, many=self.study.plural(), **sizes)

    def _alt(self) -> str:
        named = ((group, join_items(rows["term"][:3])) for group, rows in self.data().groupby("group"))
        said = tr("; ").join(tr("{name}: {said}", name=group, said=terms) for group, terms in named)
        return tr("Most frequent terms: {said}.", said=said)

    def _sentences(self) -> Iterator[str]:
        first = self.data().groupby("group").head(3).groupby("group")["term"].agg("、".join)
        said = tr("; ").join(f"{group} {terms}" for group, terms in first.items())
        yield tr("Most frequent: {said}.", said=said)

    def _draw(self) -> Figure | None:
        if self.data().empty:
            return None
        return basic.term_panels(self.data(), "group", "term", "per_1000", tr("in 1,000 counted words"))

    def _shown_rows(self) -> pd.DataFrame:
        return self.data().groupby("group").head(2)

    def _evidence(self, row: pd.Series[Any]) -> pd.DataFrame:
        return _lines(self.study, row)

    def data(self) -> pd.DataFrame:
        """The terms of the figure."""
        shown = self.rows[self.rows["group"].isin(self.study.displayed_groups())]
        return shown.groupby("group").head(self.shown)

    def tables(self) -> dict[str, pd.DataFrame]:
        """The first terms of all groups."""
        return {"terms-by-group": self.rows}


@dataclass(frozen=True, eq=False, repr=False)
class NewTerms(Result):
    """Strings that may be terms that no dictionary has, one a row, the likeliest first; people decide on them.

    Attributes
    ----------
    part : str
        A sentence, where a part of the documents was looked at.
    """

    part: str = ""

    name: ClassVar[str] = "candidates"
    filled_in: ClassVar[tuple[str, ...]] = ("candidates",)
    columns: ClassVar[tuple[str, ...]] = ("term", "count", "documents", "cohesion", "entropy", "quoted", "examples")

    def accept(self, marked: Path | str = "") -> Marks:
        """Write decisions to the study's dictionary: accepted terms, and those rejected, on lines of their own.

        Parameters
        ----------
        marked : str or Path
            A copy of candidates.csv with y or n in the column accept; as long as none is named, nothing happens.

        Returns
        -------
        Marks
            How many were added.

        Raises
        ------
        CrosscityError
            As `words.dictionary.read_marks` and `add_terms`, if the file or the dictionary is absent or has a problem.
        """
        from ...words.dictionary import add_terms, read_marks

        if not marked:
            return Marks(self.study, pd.DataFrame(columns=["term", "accept"]))
        marks = read_marks(marked)
        added, rejected = add_terms(self.study["dictionary"], marks)
        return Marks(self.study, marks[["term", "accept"]].reset_index(drop=True), added, rejected)

    def _title(self) -> str:
        return tr("Strings that may be terms")

    def _sentences(self) -> Iterator[str]:
        if not self.study.has_text:
            yield tr("Words missing from the dictionary are not looked for: these tables hold no text.")
            return
        if self.part:
            yield self.part
        n, first = len(self.rows), self.rows["term"].head(8)
        if n < 2:
            none = tr("No string looks like a term missing from the dictionary.")
            yield tr("1 string may be a term missing from the dictionary: {said}.", said=first[0]) if n else none
            return
        said = tr("{n} strings may be terms missing from the dictionary", n=_or_more(n))
        yield said + tr("; the likeliest: {said}.", said="、".join(first))

    def _shown_rows(self) -> pd.DataFrame:
        rows = self.rows.assign(entropy=self.rows[["left_entropy", "right_entropy"]].min(axis=1))
        return rows.assign(examples=rows["examples"].str.split(" | ", regex=False).str[0])

    def _evidence(self, row: pd.Series[Any]) -> pd.DataFrame:
        lines = self.study.texts.quotable(self.study.paragraphs(self.study["kinds"]))
        holds = lines["text"].str.contains(row["term"], regex=False)
        return lines.loc[holds, ["group", "doc_id", "paragraph", "text"]].reset_index(drop=True)


@dataclass(frozen=True, eq=False, repr=False)
class Marks(Result):
    """Decisions on strings that may be terms, one a row.

    Attributes
    ----------
    added, rejected : int
        How many the dictionary did not have.
    """

    added: int = 0
    rejected: int = 0

    name: ClassVar[str] = "marks"

    def _title(self) -> str:
        return tr("Terms that were decided on")

    def _sentences(self) -> Iterator[str]:
        if self.rows.empty:
            yield tr("No decisions are named: the dictionary stays as it is.")
        else:
            said = "{added} terms added, {rejected} rejected: run make to build the tables with them."
            yield tr(said, added=self.added, rejected=self.rejected)

    def tables(self) -> dict[str, pd.DataFrame]:
        """None: the dictionary has them."""
        return {}


class TermQuestions:
    """What a study can be asked on the words of its documents."""

    @analysis
    def term_counts(self: Study) -> TermCounts:
        """How often terms occur, by group: in kept words, the genre's template included."""
        paragraphs = self.paragraphs(self["kinds"])
        counts, terms = self.counts(paragraphs)
        members, groups = group_matrix(paragraphs["group"])
        by_group = pd.DataFrame((members @ counts).toarray(), index=groups, columns=terms)
        has_words = by_group.sum(axis=1) > 0
        wordless = sorted({*self.groups()} - {*by_group.index[has_words]})
        by_group = by_group[has_words]
        values = {
            "count": by_group.sum(),
            "groups": (by_group > 0).sum(),
            "documents": pd.Series(_document_frequency(counts, self.document_ids(paragraphs)), terms),
            "per_1000": _rates(by_group).mean().round(6),
        }
        rows = pd.DataFrame(values).rename_axis("term").reset_index()
        rows = rows.sort_values(["per_1000", "term"], ascending=[False, True], ignore_index=True)
        return TermCounts(self, rows, by_group, paragraphs, wordless)

    @analysis
    def new_terms(self: Study) -> NewTerms:
        """Strings that behave like words and that no dictionary has; those that were decided on are left out."""
        from ...words.dictionary import read_decisions
        from ...words.new_terms import candidates

        accepted, rejected = read_decisions(self["dictionary"])
        paragraphs = self.texts.quotable(self.paragraphs(self["kinds"]))
        part = self.in_part(paragraphs)
        found = candidates(part.paragraphs, known=accepted | rejected, limit=_CANDIDATES)
        found.insert(1, "accept", "")
        return NewTerms(self, found, part.sentence)


def _rates(by_group: pd.DataFrame) -> pd.DataFrame:
    """Occurrences in a thousand counted words of each group."""
    return (1000 * by_group).div(by_group.sum(axis=1), axis=0)


def _document_frequency(counts: Any, documents: pd.Series) -> np.ndarray[Any, Any]:
    """How many documents have each term."""
    members, _ = group_matrix(documents)
    return np.asarray(((members @ counts) > 0).sum(axis=0)).ravel()


def _lines(study: Study, row: pd.Series[Any]) -> pd.DataFrame:
    """The term of a row in its context, in the row's group."""
    lines = study.lines(row["term"], most=1000)
    return lines[lines["group"] == row["group"]].head(20).reset_index(drop=True)


def _or_more(n: int) -> str:
    return tr("{n:,} or more", n=n) if n == _CANDIDATES else f"{n:,}"
