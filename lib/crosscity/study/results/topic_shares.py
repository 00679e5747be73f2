"""Who speaks of what: shares of themes and topics in groups, tests, trends, and other numbers of topics."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import pandas as pd

from ... import NotEstimableError
from ...figures import basic
from ...figures import topics as drawings
from ...inference import FEW_DOCUMENTS
from ...language import display_name, tr
from ..result import Result, analysis

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from matplotlib.figure import Figure

    from ...topics.models import TopicModel
    from .topic_words import FittedTopics, TopicWords

_FEW_YEARS = 10  # below which no trend is sought
_WIDE = 0.5  # median width of intervals from which shares are not drawn
_NAMED = 12  # groups that the alt text of shares names


@dataclass(frozen=True, eq=False, repr=False)
class _Shares(Result):
    """Shares of topics in groups, with intervals: a topic of a group a row.

    Attributes
    ----------
    words : TopicWords
    model : TopicModel
    """

    words: TopicWords
    model: TopicModel

    columns: ClassVar[tuple[str, ...]] = ("group", "name", "share", "low", "high", "whole")

    def _evidence(self, row: pd.Series[Any]) -> pd.DataFrame:
        return self.words.lines(self.model, row["topic"], row["group"])

    def _shown_rows(self) -> pd.DataFrame:
        """Those that differ most from all text."""
        away = (self.rows["share"] - self.rows["whole"]).abs().round(6)
        return self.rows.loc[away.sort_values(ascending=False, kind="stable").index]


@dataclass(frozen=True, eq=False, repr=False)
class Themes(_Shares):
    """The share of each theme of a codebook in each group.

    Attributes
    ----------
    themes : list of str
    """

    themes: list[str]

    name: ClassVar[str] = "themes"

    def _said(self) -> list[str]:
        from ...topics import prevalence

        named = self.rows.assign(name=np.resize([display_name("theme", t) for t in self.themes], len(self.rows)))
        return prevalence.sentences(named, tr("the weight of theme terms"), _NAMED)

    def _title(self) -> str:
        return tr("Themes of the codebook, with 95% intervals")

    def _alt(self) -> str:
        return tr("Share of each theme. {said}", said=" ".join(self._said()))

    def _sentences(self) -> Iterator[str]:
        if (n := len(self.study.corpus)) < FEW_DOCUMENTS:
            yield tr(
                "No topic model of {n} documents is stable: themes of a codebook lead, topics are exploratory.", n=n
            )
        yield from self._said()

    def _asides(self) -> list[str]:
        said = set(self._said())
        return [sentence for sentence in self._sentences() if sentence not in said]

    def _draw(self) -> Figure:
        return basic.shares(self.rows, "name", "group", tr("share"))


@dataclass(frozen=True, eq=False, repr=False)
class Prevalence(_Shares):
    """The share of each topic in each group's text, with intervals."""

    topics: FittedTopics

    name: ClassVar[str] = "prevalence"

    @analysis
    def test(self) -> TopicTests:
        """Whether groups differ in their shares of topics, by permutation of documents; or why that cannot be said."""
        from ...topics import prevalence

        design = self.study.permutation_design()
        if self._over_years() and design.column == "year":
            raise NotEstimableError(tr("years follow one another, and are not exchanged: see the trend"))
        tests = prevalence.compare_groups(self._of_documents(), design.groups, design.strata, seed=self.study["seed"])
        return TopicTests(self.study, tests.assign(name=self.topics.names, by=design.column), self, design.column)

    @analysis
    def trend(self) -> TopicTrends:
        """Which topics rise or fall over the years, of the commonest type of document."""
        from ...topics import prevalence

        years, usual = self.study.years()
        if not self._over_years():
            n = years[usual].nunique()
            raise NotEstimableError(
                tr("a trend needs {least} years, and the documents cover {n}", least=_FEW_YEARS, n=n)
            )
        shares, names = self._of_documents(), self.topics.names
        lines = prevalence.trend(shares, years, usual, seed=self.study["seed"]).assign(name=names)
        yearly = prevalence.yearly_means(shares[usual].set_axis(names, axis=1), years[usual])
        return TopicTrends(self.study, lines, self, yearly)

    @analysis
    def at(self, ks: Sequence[int] = ()) -> OtherNumbers:
        """Whether the same is said with other numbers of topics.

        A statement is that a group has more, or less, of a topic than all text; of ten years or more, that a topic
        rises or falls. It is made again of the topic that has most terms in common.

        Parameters
        ----------
        ks : sequence of int
            The numbers; the next smaller and the next larger one of the run if left out.
        """
        from ...topics import prevalence

        study, words, topics = self.study, self.words, self.topics
        if not ks:
            if not (choice := study.choose_k()):
                raise NotEstimableError(choice.reason)
            ks = choice.beside(topics.k)
        near = {k: topics.fit(*words.counted, k) for k in ks}
        if self._over_years():
            years, usual = study.years()
            stated = (self.trend().rows[["answer"]] == "trend").to_numpy().T
            effect = partial(
                prevalence.slopes, documents=words.documents, sizes=words.sizes.to_numpy(), years=years[usual]
            )
        else:
            effect = partial(prevalence.deviations, labels=words.groups, sizes=words.sizes)
            stated = prevalence.differs_from_whole(self.rows)
        return OtherNumbers(study, prevalence.sign_agreement(self.model, near, effect, stated), self)

    def _of_documents(self) -> pd.DataFrame:
        from ...topics import prevalence

        shares = prevalence.prevalence(self.model, self.words.documents, self.words.sizes)
        return shares.reindex(self.study.corpus["doc_id"])

    def _over_years(self) -> bool:
        years, usual = self.study.years()
        return years[usual].nunique() >= _FEW_YEARS

    def _title(self) -> str:
        n = self.rows["group"].nunique()
        return tr("Prevalence of the topics in {n} {many}", n=n, many=self.study.plural())

    def _alt(self) -> str:
        from ...topics import prevalence

        return tr("Share of each topic. {said}", said=" ".join(prevalence.sentences(self.rows, tr("the text"), _NAMED)))

    def _sentences(self) -> list[str]:
        from ...topics import prevalence

        if self._width > _WIDE:
            said = "The intervals of these shares are {width:.0%} wide (median): they tell no group from another."
            return [tr(said, width=self._width)]
        shown = self.rows[self.rows["group"].isin(self.study.displayed_groups())]
        return prevalence.sentences(shown, tr("the text"))

    @property
    def _width(self) -> float:
        """The median width of the intervals; 0 where there is none."""
        width = (self.rows["high"] - self.rows["low"]).median()
        return 0.0 if np.isnan(width) else float(width)

    def _draw(self) -> Figure | None:
        if self._width > _WIDE:
            return None
        return basic.shares(self.rows, "name", "group", tr("share of text"), self.topics.unstable)


@dataclass(frozen=True, eq=False, repr=False)
class _OfTopics(Result):
    """A result on the shares of topics, a topic a row."""

    shares: Prevalence

    def _evidence(self, row: pd.Series[Any]) -> pd.DataFrame:
        return self.shares.topics._evidence(row)


@dataclass(frozen=True, eq=False, repr=False)
class TopicTests(_OfTopics):
    """Whether groups of documents differ in each topic."""

    column: str

    name: ClassVar[str] = "tests"
    columns: ClassVar[tuple[str, ...]] = ("name", "spread", "units", "p", "p_adjusted", "answer")

    def _title(self) -> str:
        return tr("Whether groups differ in topics")

    def _sentences(self) -> list[str]:
        from ...topics import prevalence

        where = tr("between groups by {column}", column=display_name("column", self.column))
        return [prevalence.answer_sentence(self.rows, where)]

    def _asides(self) -> list[str]:
        not_testable = self.rows["answer"].str.startswith("not testable").all()
        return self._sentences() if not_testable else []

    def _shown_rows(self) -> pd.DataFrame:
        """Without those that nothing can be said of."""
        from ...inference import answer_label

        rows = self.rows[~self.rows["answer"].str.startswith("not testable")]
        return rows.assign(answer=rows["answer"].map(answer_label)).sort_values("p_adjusted", kind="stable")


@dataclass(frozen=True, eq=False, repr=False)
class TopicTrends(_OfTopics):
    """The slope of each topic's share over the years.

    Attributes
    ----------
    yearly : DataFrame
        Mean shares by year and topic.
    """

    yearly: pd.DataFrame

    name: ClassVar[str] = "trends-figure"
    columns: ClassVar[tuple[str, ...]] = ("name", "slope", "low", "high", "p", "p_adjusted", "answer")

    def _title(self) -> str:
        return tr("Prevalence over the years")

    def _sentences(self) -> list[str]:
        from ...topics import prevalence

        return [prevalence.answer_sentence(self.rows, tr("over the years"))]

    def _draw(self) -> Figure:
        return drawings.trends(self.yearly, self.rows, tr("share of text"), grey=self.shares.topics.unstable)

    def _shown_rows(self) -> pd.DataFrame:
        from ...inference import answer_label

        return self.rows.assign(answer=self.rows["answer"].map(answer_label))

    def data(self) -> pd.DataFrame:
        """Mean shares by year."""
        return self.yearly

    def tables(self) -> dict[str, pd.DataFrame]:
        """The slopes."""
        return {"trends": self.rows}


@dataclass(frozen=True, eq=False, repr=False)
class OtherNumbers(Result):
    """How many statements on topics stand with other numbers of topics, a number a row."""

    shares: Prevalence

    name: ClassVar[str] = "neighbouring-k"

    def _title(self) -> str:
        return tr("Statements on topics with other numbers of topics")

    def _sentences(self) -> Iterable[str]:
        made = self.rows[self.rows["statements"] > 0]
        if made.empty:
            return [tr("No statement on topics is clear enough to be made again with another number of them.")]
        return [
            tr(
                "{kept} of {statements} statements keep their sign with {k} topics; {turned} turn, {lost} have no like "
                "topic.",
                **row,
            )
            for row in made.to_dict("records")
        ]

    def _shown_rows(self) -> pd.DataFrame:
        return self.rows[self.rows["statements"] > 0]
