"""The first answers of an explorer as results: words in context, two groups, quantities, topics, a document."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import pandas as pd

from .. import NotEstimableError
from ..browse import fragments
from ..figures import basic, comparison
from ..language import join_items, tr
from ..study.result import Page, Result, analysis
from . import displays
from .answers import Explorer
from .search import PER

if TYPE_CHECKING:
    from collections.abc import Iterator

    from matplotlib.figure import Figure

    from .answers import Topics

_SHIFT = 100  # terms that are kept
_PARAGRAPHS = 6  # of a document that are displayed


@dataclass(frozen=True, eq=False, repr=False)
class Extent(Result):
    """How much there is to search: a group a row."""

    name: ClassVar[str] = "extent"

    def _title(self) -> str:
        return tr("What can be searched")

    def _sentences(self) -> Iterator[str]:
        sizes = {name: int(self.rows[name].sum()) for name in ("paragraphs", "words", "quantities")}
        counted = {"n": len(self.study.corpus), "groups": len(self.rows), "many": self.study.plural()}
        yield tr(
            "{n} documents, {groups} {many}: {paragraphs:,} paragraphs, {words:,} words, {quantities:,} quantities.",
            **counted,
            **sizes,
        )

    def tables(self) -> dict[str, pd.DataFrame]:
        """None: its sentence is kept."""
        return {}


@dataclass(frozen=True, eq=False, repr=False)
class TermUse(Result):
    """How often a query is found, a group a row, the highest rate first.

    Attributes
    ----------
    query : str
    """

    query: str

    name: ClassVar[str] = "search"
    columns: ClassVar[tuple[str, ...]] = ("group", "count", "documents", "rate")

    def _title(self) -> str:
        return tr("How often {query} is found", query=self.query)

    def _sentences(self) -> Iterator[str]:
        first = {"group": self.rows["group"].iloc[0], "rate": self.rows["rate"].iloc[0]}
        said = "{query}: {n:,} times, the most in {group}, {rate:.1f} per {per:,} words."
        yield tr(said, query=self.query, n=self.rows["count"].sum(), per=PER, **first)

    def _draw(self) -> Figure:
        return displays.rates_figure(self.rows, self.study.by, tr("words"))


@dataclass(frozen=True, eq=False, repr=False)
class Lines(Result):
    """A query in its context, a line an occurrence."""

    query: str

    name: ClassVar[str] = "lines"
    columns: ClassVar[tuple[str, ...]] = ("group", "paragraph", "left", "node", "right")

    def _title(self) -> str:
        return tr("{query} in context", query=self.query)

    def tables(self) -> dict[str, pd.DataFrame]:
        """None: an export has all lines."""
        return {}


@dataclass(frozen=True, eq=False, repr=False)
class Divergence(Result):
    """The words that make up the divergence of two groups, a word a row, the largest contribution first."""

    pair: tuple[str, str]

    name: ClassVar[str] = "shift"
    columns: ClassVar[tuple[str, ...]] = ("term", "side", "contribution", "count_a", "count_b")

    def _title(self) -> str:
        return tr("Which words make up the divergence of {a} and {b}", a=self.pair[0], b=self.pair[1])

    def _sentences(self) -> Iterator[str]:
        words = self.rows.head(6)[["term", "side"]].itertuples(index=False)
        said = join_items(tr("{term} ({side} more)", term=term, side=side) for term, side in words)
        yield tr("Largest contributions: {said}.", said=said)

    def _draw(self) -> Figure:
        return comparison.word_shift(self.rows, *self.pair)

    def data(self) -> pd.DataFrame:
        """The first hundred words."""
        return self.rows.head(_SHIFT)


@dataclass(frozen=True, eq=False, repr=False)
class TopicSides(Result):
    """The shares of topics in two groups, a topic a row, the largest difference first."""

    pair: tuple[str, str]

    name: ClassVar[str] = "sides"
    columns: ClassVar[tuple[str, ...]] = ("name", "a", "b", "difference")

    def _title(self) -> str:
        return tr("Shares of topics in {a} and {b}", a=self.pair[0], b=self.pair[1])

    def _sentences(self) -> Iterator[str]:
        first = self.rows.head(3)[["name", "a", "b"]].itertuples(index=False)
        yield tr("; ").join(tr("{name} {a:.0%}, {b:.0%}", name=name, a=a, b=b) for name, a, b in first) + tr(".")

    def _draw(self) -> Figure:
        return displays.sides_figure(self.rows, *self.pair)


@dataclass(frozen=True, eq=False, repr=False)
class Reported(Result):
    """Named indicators that two groups report, an indicator a row."""

    pair: tuple[str, str]

    name: ClassVar[str] = "indicators"
    columns: ClassVar[tuple[str, ...]] = ("indicator", "population", "kind", "year", "unit", "a", "b")

    def _title(self) -> str:
        return tr("What {a} and {b} report", a=self.pair[0], b=self.pair[1])

    def _sentences(self) -> Iterator[str]:
        reported = self.rows.groupby("indicator")[["a", "b"]].agg(lambda values: values.notna().any())
        counted = {"n": len(reported), "both": int(reported.all(axis=1).sum()), "a": self.pair[0], "b": self.pair[1]}
        yield tr("{n} indicators are reported by {a} or {b}, {both} by both.", **counted)


@dataclass(frozen=True, eq=False, repr=False)
class Stated(Result):
    """Quantities that documents state, each in its sentence."""

    name: ClassVar[str] = "quantities"
    columns: ClassVar[tuple[str, ...]] = ("group", "item", "value", "unit", "kind", "year", "sentence")

    def _title(self) -> str:
        return tr("Quantities that documents state")

    def tables(self) -> dict[str, pd.DataFrame]:
        """None: 08-facts keeps them."""
        return {}


@dataclass(frozen=True, eq=False, repr=False)
class QuickTopics(Result):
    """The mean share of each topic, or of each theme of a codebook.

    Attributes
    ----------
    topics : answers.Topics
    page : str
        The topics to browse, as HTML.
    """

    topics: Topics
    page: str

    name: ClassVar[str] = "topics"

    def _title(self) -> str:
        return tr("Mean share of each topic")

    def _alt(self) -> str:
        rows = self.rows[["name", "share"]].itertuples(index=False)
        return join_items(f"{name} {share:.0%}" for name, share in rows) + tr(".")

    def _sentences(self) -> Iterator[str]:
        n = len(self.topics.names)
        name = tr("{n} themes of the codebook", n=n) if self.topics.themes else tr("{n} topics of a quick model", n=n)
        yield tr("{name}: {said}", name=name, said=self._alt())

    def _draw(self) -> Figure:
        return basic.bars(self.rows, "name", "share", tr("mean of the groups' shares"), percent=True)

    def pages(self) -> dict[str, Page]:
        """The topics to browse."""
        return {
            "topics": Page(tr("topics to browse"), fragments.page(self.page, tr("Topics"), here="topics"), quotes=False)
        }


@dataclass(frozen=True, eq=False, repr=False)
class Cleaned(Result):
    """The changes that cleaning made in a document, in the order of the text.

    Attributes
    ----------
    doc_id : str
    document : DataFrame
        Its paragraphs.
    """

    doc_id: str
    document: pd.DataFrame

    name: ClassVar[str] = "changes"
    columns: ClassVar[tuple[str, ...]] = ("paragraph", "change", "rule", "before", "after", "confidence")

    def _title(self) -> str:
        return tr("What cleaning changed in {name}", name=self.doc_id)

    def _sentences(self) -> Iterator[str]:
        counted: dict[str, int] = self.rows["change"].value_counts().to_dict()
        said = join_items(f"{tr(name)} {n:,}" for name, n in counted.items())
        yield tr("{name}: {n} paragraphs. {said}", name=self.doc_id, n=len(self.document), said=said)

    def _html(self, picture: str) -> str:
        with self.study.own_settings():
            marked = displays.document(self.document.head(_PARAGRAPHS), self.rows)
            return "\n".join([super()._html(picture), displays.style(), marked])


class FirstAnswers(Explorer):
    """An explorer that can be asked for results."""

    @analysis
    def extent(self) -> Extent:
        """How much there is to search."""
        stated = self.quantities_of_groups()
        table = pd.DataFrame({"paragraphs": self.search.table.groupby("group").size()})
        table["words"] = self.search.words_of_groups().reindex(table.index, fill_value=0)
        table["quantities"] = stated.reindex(table.index, fill_value=0)
        elsewhere = sorted(set(stated.index) - set(table.index))  # groups without text of these kinds
        for group in elsewhere:
            table.loc[group] = [0, 0, int(stated[group])]
        return Extent(self.study, table.rename_axis("group").reset_index())

    @analysis
    def use(self, query: str = "") -> TermUse:
        """How often each group uses a word.

        Parameters
        ----------
        query : str
            Words, also in English or pinyin; the commonest word that most groups use if left out.
        """
        query = self._query(query)
        return TermUse(self.study, self.rates(query), query)

    def _query(self: Any, query: str) -> str:
        """What is looked for: what was typed, in the documents' words, or else the commonest word."""
        if query := self.understood(query) or self.search.commonest_word():
            return query
        raise NotEstimableError(tr("no word of these documents is counted: there is nothing to look for"))

    @analysis
    def context(self, query: str = "", most: int = 8) -> Lines:
        """Lines in which a word stands; documents take turns.

        Parameters
        ----------
        query : str
            As of `use`.
        most : int
        """
        if not self.study.has_text:
            raise NotEstimableError(tr("These tables hold no text: counts are all there is.").rstrip(".。"))
        query = self._query(query)
        return Lines(self.study, self.lines(query, most=most), query)

    @analysis
    def divergence(self, a: str = "", b: str = "") -> Divergence:
        """Which words make up the divergence of two groups; the study's pair if left out.

        The template of the genre counts here: 06-pair leaves it out, and tests.
        """
        pair = self.pair(a, b)
        return Divergence(self.study, self.shift(*pair), pair)

    @analysis
    def topics_of(self, a: str = "", b: str = "") -> TopicSides:
        """The shares of topics, or of themes of a codebook, in two groups; the study's pair if left out."""
        pair = self.pair(a, b)
        return TopicSides(self.study, self.topic_shares(*pair), pair)

    @analysis
    def reported(self, a: str = "", b: str = "") -> Reported:
        """Named indicators of two groups, side by side; the study's pair if left out."""
        pair = self.pair(a, b)
        return Reported(self.study, self.indicators(*pair), pair)

    @analysis
    def stated(self, item: str = "", most: int = 8, **filters: Any) -> Stated:
        """Quantities that documents state: `Explorer.quantities`, with its parameters."""
        return Stated(self.study, self.quantities(item, most=most, **filters))

    @analysis
    def themes(self, k: int = 0) -> QuickTopics:
        """Themes of the codebook where documents are few, else topics of one quick model; k topics if it is given."""
        shares = self.topic_shares(k=k)
        means = shares.groupby(["topic", "name"], sort=True)["share"].mean().reset_index()
        return QuickTopics(self.study, means, self.topics(k), self.topic_browser(k))

    @analysis
    def cleaned(self, doc_id: str = "") -> Cleaned:
        """What cleaning changed in a document: the one in which it changed most, if none is named."""
        if not self.study.has_text:
            said = tr(
                "These tables hold no text: documents cannot be read, and lines not shown. Counts, shares and figures "
                "are all there."
            )
            raise NotEstimableError(said.rstrip(".。"))
        log = self.study.table("cleaning_log")
        if not doc_id:
            most = log["doc_id"].value_counts().sort_index()
            doc_id = most.idxmax() if len(log) else self.study.corpus["doc_id"].iloc[0]
        return Cleaned(self.study, self.changes(doc_id), doc_id, self.document(doc_id))
