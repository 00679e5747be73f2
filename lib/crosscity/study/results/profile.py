"""One group on a page: its documents, how they are built, the terms that mark it, beside what, and its neighbours."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

import pandas as pd

from ... import CrosscityError, NotEstimableError
from ...compare import collocations, confounding, keyness
from ...compare import distances as apart
from ...figures import basic, maps
from ...language import display_name, join_items, tr
from ..result import Result, analysis
from .comparison import Keyness, quotable_paragraphs
from .distances import draws_of_all

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from matplotlib.figure import Figure

    from ..study import Study

_KEPT = 50  # terms of either way in the table of keyness
_NAMED = 6  # terms of either way in a sentence, and terms whose neighbours are listed
_NEAR = 6  # words beside a term in a figure
_NEAREST = 12  # groups in the figure of neighbours
_WAYS = ("more", "less")


@dataclass(frozen=True, eq=False, repr=False)
class Profile(Result):
    """The documents of one group, a document a row.

    Attributes
    ----------
    group : str
    paragraphs : DataFrame
        All of the group's, headings and notes among them.
    """

    group: str
    paragraphs: pd.DataFrame

    name: ClassVar[str] = "profile"
    columns: ClassVar[tuple[str, ...]] = ("doc_id", "year", "title", "genre", "speaker", "n_chars")

    def _title(self) -> str:
        return tr("The documents of {name}", name=self.group)

    def _sentences(self) -> list[str]:
        corpus, held = self.study.corpus, self.paragraphs
        sizes = {"n": len(self.rows), "all": len(corpus), "characters": held["n_chars"].sum(), "paragraphs": len(held)}
        said = "{n} of {all} documents, {characters:,} characters in {paragraphs} paragraphs."
        return [
            tr(said, **sizes),
            *confounding.sentences(confounding.column_associations(corpus, self.study.by)),
        ]

    def _evidence(self, row: pd.Series[Any]) -> pd.DataFrame:
        return _lines(self.study, self.paragraphs[self.paragraphs["doc_id"] == row["doc_id"]])

    def tables(self) -> dict[str, pd.DataFrame]:
        """None: the table of the corpus has the documents."""
        return {}


@dataclass(frozen=True, eq=False, repr=False)
class Outline(Result):
    """The headings of a group's documents in their order, with the characters of text under each.

    Attributes
    ----------
    group : str
    paragraphs : DataFrame
        The text under headings.
    """

    group: str
    paragraphs: pd.DataFrame

    name: ClassVar[str] = "outline"
    columns: ClassVar[tuple[str, ...]] = ("doc_id", "section", "n_chars")

    def _title(self) -> str:
        return tr("How the documents of {name} are built", name=self.group)

    def _sentences(self) -> list[str]:
        if self.rows.empty:
            return [tr("The documents of {name} have no headings.", name=self.group)]
        longest = self.rows.loc[self.rows["n_chars"].idxmax()]
        said = "{n} sections; the longest, {name}, has {characters:,} characters."
        return [tr(said, n=len(self.rows), name=longest["section"], characters=int(longest["n_chars"]))]

    def _evidence(self, row: pd.Series[Any]) -> pd.DataFrame:
        under = (self.paragraphs["doc_id"] == row["doc_id"]) & (self.paragraphs["section"] == row["section"])
        return _lines(self.study, self.paragraphs[under])


@dataclass(frozen=True, eq=False, repr=False)
class GroupKeyness(Keyness):
    """The terms that one group uses more and less than all others, a term a row.

    Attributes
    ----------
    group : str
    """

    group: str = ""

    name: ClassVar[str] = "marks-figure"
    columns: ClassVar[tuple[str, ...]] = ("way", "term", "count", "count_rest", "documents", "log_ratio", "low", "high")

    @cached_property
    def top(self) -> pd.DataFrame:
        """The terms that the figure shows."""
        part = self.rows if self.way == "both" else self.rows[self.rows["way"] == self.way]
        top = part.groupby("way", sort=False).head(self.terms).assign(only_here=lambda t: t["count_rest"] == 0)
        panels = {
            "more": tr("{name}: more than the others", name=self.group),
            "less": tr("{name}: less than the others", name=self.group),
        }
        return top.assign(panel=top["way"].map(panels)) if len(top) else top

    @analysis
    def less(self) -> GroupKeyness:
        """What it uses less alone."""
        return replace(self, way="less")

    @analysis
    def collocates(self, window: int = 0) -> TermCollocates:
        """The words beside its first terms in its own documents, within so many words on either side."""
        own, way = quotable_paragraphs(self.study, [self.group]), "less" if self.way == "less" else "more"
        held = (self.top["way"] == way) & (self.top["count"] > 0)
        nodes = list(self.top.loc[held, "term"][:_NAMED]) if len(own) else []
        vocabulary = self.study.words().terms
        rows = collocations.collocations(own, vocabulary, nodes, window or self.study["window"])
        return TermCollocates(self.study, rows, (self.group,))

    def _title(self) -> str:
        if self.way == "less":
            return tr("Terms that {name} uses less than the others, with 95% intervals", name=self.group)
        return tr("Terms that mark {name}, with 95% intervals", name=self.group)

    def _alt(self) -> str:
        way = "less" if self.way == "less" else "more"
        said = join_items(self.top.loc[self.top["way"] == way, "term"][:_NAMED])
        if way == "less":
            return tr("Terms that {name} uses less: {said}.", name=self.group, said=said)
        return tr("Terms that {name} uses more: {said}.", name=self.group, said=said)

    def _sentences(self) -> list[str]:
        return keyness.sentences(self.found, n=_NAMED)

    def _draw(self) -> Figure | None:
        if self.top.empty:
            return None
        label = tr("log2 ratio of rates")
        return basic.term_panels(self.top, "panel", "term", "log_ratio", label, "low", "high", "only_here", columns=2)

    def _shown_rows(self) -> pd.DataFrame:
        first = self.top.groupby("way", sort=False).head(4)
        return first.assign(way=[display_name("way", way) for way in first["way"]])

    def _evidence(self, row: pd.Series[Any]) -> pd.DataFrame:
        if row["way"] == "less":  # what it says less the others say
            return self.study.lines(row["term"])
        return collocations.kwic(quotable_paragraphs(self.study, [self.group]), [row["term"]], max_lines=20)

    def data(self) -> pd.DataFrame:
        """The terms of the figure."""
        return self.top.drop(columns="group")

    def tables(self) -> dict[str, pd.DataFrame]:
        """The first terms of either way."""
        return {"keyness": self.rows[["way", *self.rows.columns.drop(["group", "way"])]]}


@dataclass(frozen=True, eq=False, repr=False)
class TermCollocates(Result):
    """Words beside the terms that mark a group, a pair a row, with log Dice and its interval.

    Attributes
    ----------
    groups : tuple of str
        In whose documents they stand.
    """

    groups: tuple[str, ...]

    name: ClassVar[str] = "collocations-figure"
    columns: ClassVar[tuple[str, ...]] = ("node", "collocate", "count", "log_dice", "low", "high", "documents")

    @cached_property
    def near(self) -> pd.DataFrame:
        """The words that the figure shows."""
        return self.rows.groupby("node", sort=False).head(_NEAR)

    def terms(self) -> list[str]:
        """The words of the figure."""
        return list(self.near["collocate"])

    def _title(self) -> str:
        return tr("Words beside the terms that mark {name}", name=self.groups[0])

    def _alt(self) -> str:
        nodes = self.near.groupby("node", sort=False)["collocate"]
        return tr("; ").join(tr("{name}: {said}", name=node, said="、".join(w[:4])) for node, w in nodes) + tr(".")

    def _sentences(self) -> list[str]:
        if self.rows.empty:
            return [tr("No collocations: these tables hold no text, or no term stands out.")]
        nodes = self.near.groupby("node", sort=False)["collocate"]
        said = tr("; ").join(tr("{term} ({said})", term=node, said="、".join(words[:4])) for node, words in nodes)
        return [tr("Beside the first terms: {said}.", said=said)]

    def _draw(self) -> Figure | None:
        return basic.collocations(self.near) if len(self.near) else None

    def _shown_rows(self) -> pd.DataFrame:
        return self.rows.groupby("node", sort=False).head(2)

    def _evidence(self, row: pd.Series[Any]) -> pd.DataFrame:
        lines = collocations.kwic(quotable_paragraphs(self.study, self.groups), [row["node"]])
        beside = [row["collocate"] in left + right for left, right in zip(lines["left"], lines["right"], strict=True)]
        return lines[beside].reset_index(drop=True)

    def data(self) -> pd.DataFrame:
        """The words of the figure."""
        return self.near

    def tables(self) -> dict[str, pd.DataFrame]:
        """All collocations."""
        return {"collocations": self.rows}


@dataclass(frozen=True, eq=False, repr=False)
class Neighbours(Result):
    """The distance of a group from every other, the nearest first.

    Attributes
    ----------
    group, measure : str
    """

    group: str
    measure: str

    name: ClassVar[str] = "neighbours"
    columns: ClassVar[tuple[str, ...]] = ("rank", "group", "distance", "low", "high", "nearest_in")

    def _title(self) -> str:
        return tr("What {name} is nearest to", name=self.group)

    def _alt(self) -> str:
        said = join_items(f"{r.group} {r.distance:.2f}" for r in self.rows.head(5).itertuples())
        return tr("Distances from {name}: {said}.", name=self.group, said=said)

    def _sentences(self) -> Iterator[str]:
        whole = self.rows[~self.rows["group"].isin(set(self.study.incomplete()))]
        first = (whole if len(whole) else self.rows).iloc[0]
        values = {"name": first["group"], "distance": first["distance"], "share": first["nearest_in"]}
        said = "Nearest in words at equal length: {name} ({distance:.2f}; the nearest in {share:.0%} of the draws)."
        yield tr(said, **values)

    def _draw(self) -> Figure:
        xlabel = {"cosine": tr("cosine distance"), "js": tr("Jensen-Shannon distance")}[self.measure]
        return maps.neighbours(self.rows, xlabel, most=_NEAREST)


def _group_keyness(study: Study, group: str, terms: int) -> GroupKeyness:
    name, words = one_group(study, group), study.words()
    check_counted(study, [name])
    settings = study.settings("prior", "permutations", "seed") | {"strata": study.strata(words.paragraphs)}
    counted = (words.counts, words.terms, words.documents, words.groups)
    found = keyness.keyness(*counted, name, comparisons=len(study.displayed_groups()), **settings)
    ways = [keyness.top_terms(found, n=_KEPT, less=way == "less").assign(group=name, way=way) for way in _WAYS]
    return GroupKeyness(study, pd.concat(ways, ignore_index=True), {name: found}, terms, "both", name)


class ProfileQuestions:
    """What a study can be asked of one group."""

    @analysis
    def profile(self: Study, group: str = "") -> Profile:
        """The documents of one group.

        Parameters
        ----------
        group : str
            The run's if left out, else the first.
        """
        name = one_group(self, group)
        everything = self.paragraphs()
        mine = everything[everything["group"] == name]
        documents = self.corpus[self.corpus["doc_id"].isin(mine["doc_id"])].reset_index(drop=True)
        return Profile(self, documents[list(Profile.columns)], name, mine)

    @analysis
    def outline(self: Study, group: str = "") -> Outline:
        """The headings of a group's documents, with the characters of text under each."""
        name = one_group(self, group)
        everything = self.paragraphs()
        text = everything[(everything["group"] == name) & (everything["kind"] != "heading")]
        sections = text.groupby(["doc_id", "section"], sort=False)["n_chars"].sum().reset_index()
        return Outline(self, sections[sections["section"] != ""].reset_index(drop=True), name, text)

    @analysis
    def neighbours(self: Study, group: str = "", measure: str = "") -> Neighbours:
        """How far a group is from every other at equal length, and how often each is the nearest.

        Parameters
        ----------
        group : str
            The run's if left out, else the first.
        measure : str
            cosine (of tf-idf) or js (Jensen-Shannon); the run's if left out.
        """
        name, measure, words = one_group(self, group), measure or self["measure"], self.words()
        check_counted(self, [name])
        drawn = (self["draws"], self["seed"], draws_of_all(self, measure))
        table = apart.neighbours(words.counts, words.groups, name, measure, *drawn)
        return Neighbours(self, table, name, measure)

    _keyness_of_group = _group_keyness


def one_group(study: Study, group: str = "") -> str:
    """A group of the study: that which is named, else the run's, else the first.

    Raises
    ------
    CrosscityError
        If there is no such group.
    """
    name, groups = group or study.group or study.groups()[0], study.groups()
    if name not in groups:
        msg = f"group is {name!r}; by {study.by} there are {', '.join(groups[:20])}"
        raise CrosscityError(msg)
    return name


def check_counted(study: Study, groups: Sequence[str]) -> None:
    """Raise unless groups have counted words, and one of them has others to be compared with.

    Raises
    ------
    NotEstimableError
        If one has none, or there is no other.
    """
    words = study.words()
    held = words.groups[words.counts.sum(axis=1) > 0]
    for name in groups:
        if name not in set(held):
            raise NotEstimableError(tr("{name} has no counted word", name=name))
    if held.nunique() < 2:
        raise NotEstimableError(tr("there is one group, and nothing to compare it with"))


def _lines(study: Study, paragraphs: pd.DataFrame) -> pd.DataFrame:
    """Paragraphs as evidence; none if their text is withheld."""
    return study.texts.quotable(paragraphs)[["group", "doc_id", "paragraph", "text"]].reset_index(drop=True)
