"""What sets groups apart: what goes together with them, distinctive terms, their neighbours in text."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np
import pandas as pd

from ... import CrosscityError, NotEstimableError
from ...browse import concordance as lines_page
from ...browse import fragments
from ...compare import collocations, confounding, correspondence, keyness, milestones, network
from ...figures import basic, comparison, maps
from ...figures.timeline import NAMED, timeline
from ...inference import answer_label
from ...language import display_name, heading, join_items, tr
from ..result import Page, Result, Unavailable, analysis

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from matplotlib.figure import Figure

    from ..study import Study

_KEPT = 50  # terms of a group in the table of keyness
_DATED = 12  # terms of milestones in a figure


@dataclass(frozen=True, eq=False, repr=False)
class Preparation(Result):
    """What is counted: groups, documents, what was left out as template or name of a place."""

    name: ClassVar[str] = "preparation"
    prepares: ClassVar[bool] = True

    def _title(self) -> str:
        return tr("What is counted")

    def _sentences(self) -> Iterator[str]:
        study, words = self.study, self.study.words()
        sizes = {"n": len(study.groups()), "many": study.plural(), "documents": len(study.corpus)}
        yield tr("; ").join([tr("{n} {many}, {documents} documents", **sizes), *study.display_notes]) + tr(".")
        if words.template:
            yield tr("{share:.1%} of all words are the genre's template, and left out.", share=words.template)
        else:
            yield tr("No words are left out as the genre's template.")
        yield study.masking_sentence(words.paragraphs)
        if said := study.variants_sentence(words.paragraphs):
            yield said
        if words.wordless:
            yield study.wordless_sentence(words.wordless)

    def tables(self) -> dict[str, pd.DataFrame]:
        """None: it has sentences alone."""
        return {}


@dataclass(frozen=True, eq=False, repr=False)
class Confounding(Result):
    """What varies with the groups, a column a row, and the documents by date."""

    name: ClassVar[str] = "timeline"
    prepares: ClassVar[bool] = True
    columns: ClassVar[tuple[str, ...]] = ("column", "values", "association", "verdict")

    def _title(self) -> str:
        return tr("The documents by date, with milestones between them")

    def _alt(self) -> str:
        return tr("Documents by date. {said}", said=" ".join(self._sentences()))

    @property
    def _is_drawn(self) -> bool:
        """Not where more documents than can be named are all of one year: circles would say nothing."""
        return len(self.study.corpus) <= NAMED or self.study.corpus["year"].dropna().nunique() > 1

    def _sentences(self) -> list[str]:
        said = confounding.sentences(self.rows)
        if not self._is_drawn:
            said.append(tr("All {n} documents are of one year: no timeline is drawn.", n=len(self.study.corpus)))
        return said

    def _draw(self) -> Figure | None:
        if not self._is_drawn:
            return None
        return timeline(self.study.corpus, milestones.read_milestones())

    def _shown_rows(self) -> pd.DataFrame:
        return named_associations(self.rows)

    def data(self) -> pd.DataFrame:
        """The documents, as the timeline has them."""
        return self.study.corpus[["doc_id", "group", "date", "year", "genre", "speaker", "doc_type", "n_chars"]]

    def tables(self) -> dict[str, pd.DataFrame]:
        """The associations of columns."""
        return {"confounding": self.rows}


@dataclass(frozen=True, eq=False, repr=False)
class Keyness(Result):
    """The terms that each group uses more, and less, than all others: a term of a group a row.

    Attributes
    ----------
    found : dict of str to DataFrame
        By group, all terms, of `compare.keyness.keyness`.
    terms : int
        How many a figure shows of each group.
    way : str
        more or less: which of the two a figure shows.
    """

    found: dict[str, pd.DataFrame]
    terms: int
    way: str = "more"

    name: ClassVar[str] = "distinctive-terms"
    columns: ClassVar[tuple[str, ...]] = (
        "group",
        "term",
        "count",
        "count_rest",
        "documents",
        "log_ratio",
        "low",
        "high",
    )

    @cached_property
    def top(self) -> pd.DataFrame:
        """The terms that the figure shows."""
        top = self.rows[self.rows["way"] == self.way].groupby("group").head(self.terms)
        top = top.assign(only_here=top["count_rest"] == 0)
        return top.assign(label=top["term"] + (" " + top["documents"].astype(str) if self._several else ""))

    @property
    def _several(self) -> bool:
        return self.study.corpus.groupby("group").size().max() > 1

    @analysis
    def less(self) -> Self:
        """The same, with the terms that each group uses less in the figure."""
        return replace(self, way="less" if self.way == "more" else "more")

    @analysis
    def test(self) -> KeynessTest:
        """Which terms differ by the permutation test, or why none can be tested."""
        rows = [
            (group, t["tests"].iloc[0], t["floor"].iloc[0], t["answer"].isin(("more", "less")).sum())
            for group, t in self.found.items()
        ]
        table = pd.DataFrame(rows, columns=["group", "tests", "floor", "differ"])
        return KeynessTest(
            self.study, table.assign(answer=[t["answer"].iloc[0] for t in self.found.values()]), self.found
        )

    @analysis
    def collocates(self, window: int = 0) -> Collocates:
        """The words beside the first terms of each group, within so many words on either side."""
        words, study = self.study.words(), self.study
        quotable, firsts = (
            study.texts.quotable(words.whole),
            self.rows[self.rows["way"] == self.way].groupby("group").head(2),
        )
        tables = []
        for row in firsts.itertuples():
            own = quotable[quotable["group"] == row.group].reset_index(drop=True)
            if len(own):
                found = collocations.collocations(own, words.terms, [row.term], window or study["window"])
                tables.append(found.assign(group=row.group))
        tables = [table for table in tables if len(table)]
        rows = pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=["group", "node", "collocate"])
        panels = [tr("{name}: {said}", name=g, said=node) for g, node in zip(rows["group"], rows["node"], strict=True)]
        return Collocates(study, rows.assign(panel=panels), len(self.found))

    def _title(self) -> str:
        sizes = {"n": self.top["group"].nunique(), "all": len(self.study.groups()), "many": self.study.plural()}
        if self.way == "less":
            return tr("Terms that {n} of {all} {many} use less, with 95% intervals", **sizes)
        title = tr("Terms that set {n} of {all} {many} apart, with 95% intervals", **sizes)
        return title + tr("; the number: documents") * bool(self._several)

    def _alt(self) -> str:
        named = ((group, join_items(rows["term"][:3])) for group, rows in self.top.groupby("group"))
        said = tr("; ").join(tr("{name}: {said}", name=group, said=terms) for group, terms in named)
        return tr("Distinctive terms with intervals: {said}.", said=said)

    def _sentences(self) -> list[str]:
        return keyness.sentences(self.found)

    def _asides(self) -> list[str]:
        return keyness.sentences(self.found)[:1]  # whether it can be tested

    def _draw(self) -> Figure | None:
        if self.top.empty:
            return None
        label = tr("log2 ratio of rates")
        return basic.term_panels(
            self.top, "group", "label", "log_ratio", label, "low", "high", "only_here", glossed="term"
        )

    def _shown_rows(self) -> pd.DataFrame:
        return self.top.groupby("group").head(2)

    def _evidence(self, row: pd.Series[Any]) -> pd.DataFrame:
        lines = self.study.lines(row["term"])
        return lines[lines["group"] == row["group"]].reset_index(drop=True)

    def data(self) -> pd.DataFrame:
        """The terms of the figure."""
        return self.top

    def tables(self) -> dict[str, pd.DataFrame]:
        """The first terms of each group, more and less."""
        return {"keyness": self.rows[["group", "way", *self.rows.columns.drop(["group", "way"])]]}


@dataclass(frozen=True, eq=False, repr=False)
class KeynessTest(Result):
    """The answer of a permutation test of each group's terms, a group a row."""

    found: dict[str, pd.DataFrame]

    name: ClassVar[str] = "keyness-tests"
    prepares: ClassVar[bool] = True

    def _title(self) -> str:
        return tr("Whether groups differ in single terms")

    def _sentences(self) -> list[str]:
        return keyness.sentences(self.found)[:1]

    def _shown_rows(self) -> pd.DataFrame:
        return self.rows.assign(answer=[answer_label(answer) for answer in self.rows["answer"]])


@dataclass(frozen=True, eq=False, repr=False)
class TermRates(Result):
    """Rates of terms that milestones brought, and of each group's first; empty where one was not yet current."""

    name: ClassVar[str] = "term-rates"

    def _title(self) -> str:
        return tr("Rates of terms that milestones brought, and of the first that marks each")

    def _sentences(self) -> Iterator[str]:
        rates = self.rows.set_index("term")
        if len(rates):
            sizes = {"terms": len(rates), "n": rates.shape[1], "many": self.study.plural()}
            cells = int(rates.isna().sum().sum())
            yield tr("Rates of {terms} terms in {n} {many}; {cells} cells are not available.", cells=cells, **sizes)

    def _draw(self) -> Figure | None:
        return (
            comparison.term_rates(self.rows.set_index("term"), tr("occurrences in 10,000 counted words"))
            if len(self.rows)
            else None
        )


@dataclass(frozen=True, eq=False, repr=False)
class Collocates(Result):
    """Words beside terms that mark each group, a pair a row, with log Dice and its interval."""

    groups: int

    name: ClassVar[str] = "collocations-figure"
    columns: ClassVar[tuple[str, ...]] = ("group", "node", "collocate", "count", "log_dice", "low", "high")

    @cached_property
    def near(self) -> pd.DataFrame:
        """The words that the figure shows: five beside the first term of each group."""
        first = self.rows.drop_duplicates("group")["panel"]
        return self.rows[self.rows["panel"].isin(first)].groupby("panel", sort=False).head(5)

    def terms(self) -> list[str]:
        """The words of the figure."""
        return list(self.near["collocate"])

    def _title(self) -> str:
        return tr("Words beside a term that marks each of {n} {many}", n=self.groups, many=self.study.plural())

    def _alt(self) -> str:
        panels = self.near.groupby("panel", sort=False)["collocate"]
        return tr("; ").join(tr("{name}: {said}", name=p, said="、".join(words[:4])) for p, words in panels) + tr(".")

    def _sentences(self) -> list[str]:
        if self.rows.empty:
            return [tr("No collocations: these tables hold no text, or no term stands out.")]
        return [self._alt()]

    def _draw(self) -> Figure | None:
        return basic.collocations(self.near.assign(node=self.near["panel"])) if len(self.rows) else None

    def data(self) -> pd.DataFrame:
        """The words of the figure."""
        return self.near

    def tables(self) -> dict[str, pd.DataFrame]:
        """All collocations."""
        return {"collocations": self.rows} if len(self.rows) else {}


@dataclass(frozen=True, eq=False, repr=False)
class Network(Result):
    """Words that most documents hold, a pair that stands together a row.

    Attributes
    ----------
    nodes : DataFrame
    """

    nodes: pd.DataFrame

    name: ClassVar[str] = "network"

    def terms(self) -> list[str]:
        """The words."""
        return list(self.nodes["term"])

    def _title(self) -> str:
        return tr("Words that most documents share, and which occur together")

    def _alt(self) -> str:
        joined = self.nodes[self.nodes["community"] > 0].groupby("community")["term"]
        said = tr("; ").join("、".join(terms[:4]) for _, terms in joined)
        return tr("Words that most documents share, joined where they occur in the same paragraphs: {said}.", said=said)

    def _draw(self) -> Figure:
        return maps.network(self.nodes, self.rows)


@dataclass(frozen=True, eq=False, repr=False)
class Concordance(Result):
    """Words in their context, a line an occurrence, and a page of them.

    Attributes
    ----------
    words : list of str
        In the order of the page.
    heading : str
        Of the page.
    """

    words: list[str]
    heading: str

    name: ClassVar[str] = "concordance"
    columns: ClassVar[tuple[str, ...]] = ("group", "left", "node", "right")

    def _title(self) -> str:
        return tr("Words in context")

    def tables(self) -> dict[str, pd.DataFrame]:
        """None: the page has the lines."""
        return {}

    def pages(self) -> dict[str, Page]:
        """The lines of each word."""
        named = self.rows.assign(doc_id=self.rows["doc_id"].map(self.study.labels()))
        body = lines_page.concordance(named, self.words, self.study.display_notes)
        return {"concordance": Page(tr("Words in context"), fragments.page(body, self.heading, here="concordance"))}


class ComparisonQuestions:
    """What a study can be asked on what sets its groups apart."""

    @analysis
    def preparation(self: Study) -> Preparation:
        """What is counted, and what was left out."""
        self.words()  # here, so that it says why there are none
        return Preparation(self, pd.DataFrame())

    @analysis
    def confounding(self: Study) -> Confounding:
        """What varies with the groups, and cannot be told from them."""
        return Confounding(self, confounding.column_associations(self.corpus, self.by))

    @analysis
    def keyness(self: Study, group: str = "", other: str = "", *, terms: int = 0, against: str = "") -> Keyness:
        """The terms that set each group apart from all others, or one group, or one from another.

        Parameters
        ----------
        group : str
            What one group uses more and less than the others; each group against the others if left out.
        other : str
            What one group uses more and less than this one.
        terms : int
            How many a figure shows of each group; the run's if left out.
        against : str
            A baseline that takes the place of the other groups: city-reports-2024, province-reports-2026 or
            national-reports (`compare.baselines`); auto: that of the documents' level, for work
            reports. Its words and those of these documents are to be cut alike.
        """
        if against:
            return self._keyness_against(against, group, terms or self["terms"])
        if other:
            return self._keyness_of_pair(group, other, terms or self["terms"])
        if group:
            return self._keyness_of_group(group, terms or self["terms"])
        words, shown = self.words(), self.displayed_groups()
        settings = self.settings("prior", "permutations", "seed")
        shown = [group for group in shown if group not in words.wordless]
        if words.groups.nunique() < 2:
            raise NotEstimableError(tr("there is one group, and nothing to compare it with"))
        counted = (words.counts, words.terms, words.documents, words.groups, self.strata(words.paragraphs))
        of = keyness.CountedDocuments(*counted)
        found = {g: of.keyness(g, comparisons=len(shown), **settings) for g in shown}
        ways = [
            keyness.top_terms(table, n=_KEPT, less=way == "less").assign(group=group, way=way)
            for group, table in found.items()
            for way in ("more", "less")
        ]
        return Keyness(self, pd.concat(ways, ignore_index=True), found, terms or self["terms"])

    @analysis
    def dated_terms(self: Study) -> TermRates:
        """How often each group uses the terms that milestones brought, and the first that marks each."""
        words, marked = self.words(), self.keyness()
        if isinstance(marked, Unavailable):
            raise NotEstimableError(marked.reason)
        dated = [term for terms in milestones.read_milestones()["terms"] for term in terms]
        found = self.texts.compute("occurrences", milestones.occurrences, words.whole, dated)
        firsts = marked.rows[marked.rows["way"] == "more"].groupby("group").head(1)["term"]
        # By the words that are counted, as keyness has it: one term has one rate.
        sizes = pd.Series(np.asarray(words.counts.sum(axis=1)).ravel()).groupby(words.groups.to_numpy()).sum()
        rates = milestones.rates(words.paragraphs, dated, firsts, found, sizes)[list(marked.found)]
        common = rates.loc[dated].gt(0).sum(axis=1).sort_values(ascending=False, kind="stable")
        rates = rates.drop(common[(common == 0) | (np.arange(len(common)) >= _DATED)].index)
        dates = self.corpus["date"].where(self.corpus["date"] != "", self.corpus["year"])
        rates = rates.mask(milestones.unavailable(rates, self.corpus["group"], dates))
        return TermRates(self, rates.rename_axis("term").reset_index())

    @analysis
    def network(self: Study, words: int = 50) -> Network:
        """Which of the words that most documents hold stand in the same paragraphs more than by chance."""
        counted, drawn = self.words(), self.settings("draws", "seed")
        held = correspondence.document_frequency(counted.counts, counted.documents)
        common = counted.terms[np.argsort(-held, kind="stable")[:words]]
        nodes, edges = network.network(counted.counts, counted.terms, counted.documents, common, **drawn)
        return Network(self, edges, nodes)

    @analysis
    def concordance(
        self: Study, *of: str | Result, most: int = 20, per_group: bool = False, within: Sequence[str] = ()
    ) -> Concordance:
        """Words in their context: those that are named, and the words of results.

        Parameters
        ----------
        *of : str or Result
        most : int
            Lines of a word.
        per_group : bool
            Whether these are of each group.
        within : sequence of str
            Groups whose lines are listed; all if left out.
        """
        words = list(dict.fromkeys(word for one in of for word in _words_of(one)))
        lines = collocations.kwic(quotable_paragraphs(self, within), words, max_lines=most, per_group=per_group)
        whose = tr("{name}: words in context", name=tr(" and ").join(within)) if within else tr("Words in context")
        return Concordance(self, lines, words, whose)


def quotable_paragraphs(study: Study, groups: Sequence[str] = ()) -> pd.DataFrame:
    """The paragraphs of groups (all if left out) that may be quoted, as they stand."""
    whole = study.words().whole
    part = whole[whole["group"].isin(list(groups))].reset_index(drop=True) if groups else whole
    return study.texts.quotable(part)


def named_associations(table: pd.DataFrame) -> pd.DataFrame:
    """The table of `confounding.column_associations`, its values in the run's language."""
    verdicts = [display_name("verdict", verdict) for verdict in table["verdict"]]
    return table.assign(column=[heading(column) for column in table["column"]], verdict=verdicts)


def _words_of(one: str | Result) -> Iterable[str]:
    if isinstance(one, str):
        return [one]
    if isinstance(one, Keyness):
        return one.top["term"]
    if not one:
        return []
    if callable(terms := getattr(one, "terms", None)):
        return terms()
    msg = f"{one.name} has no words: name words, or results that have some"
    raise CrosscityError(msg)
