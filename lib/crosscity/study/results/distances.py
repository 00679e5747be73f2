"""Groups as wholes: distances at equal length, clusters, and a map of groups and terms."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import pandas as pd

from ... import NotEstimableError
from ...compare import correspondence
from ...compare import distances as apart
from ...figures import basic, maps
from ...inference import FEW_DOCUMENTS
from ...language import join_items, tr
from ...tables.kept_results import KeptResults
from ..result import Result, analysis

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt
    from matplotlib.figure import Figure

    from ..study import Study

_MATRIX = 30  # groups whose distances are drawn as a matrix
_LEAVES, _BRANCHES = 200, 60  # groups up to which a tree is drawn to its leaves; branches of one that is not
_MOST_KEPT = 5_000_000  # distances of all draws that are kept: 40 MB
_COMPARED = 1_000  # groups that are compared with each other: half a million pairs


@dataclass(frozen=True, eq=False, repr=False)
class Distances(Result):
    """The distance of each pair of groups at equal length, the nearest first.

    Attributes
    ----------
    found : compare.distances.EqualDistances
    measure : str
    shorter : list of str
        Groups that are named in no extreme: they are shorter than what is drawn of the others, or not whole.
    part : str
        A sentence on which groups were compared, if not all.
    """

    found: apart.EqualDistances
    measure: str
    shorter: list[str]
    part: str = ""

    name: ClassVar[str] = "distances-figure"
    columns: ClassVar[tuple[str, ...]] = ("a", "b", "distance", "low", "high", "nearest_in", "farthest_in")

    @property
    def matrix(self) -> pd.DataFrame:
        """The distances, groups by groups."""
        return self.found.mean

    @property
    def label(self) -> str:
        """The measure, as an axis has it."""
        return {"cosine": tr("cosine distance"), "js": tr("Jensen-Shannon distance")}[self.measure]

    @analysis
    def tree(self) -> Tree:
        """Which groups join first, and in how many draws of equal length the same do."""
        if len(self.matrix) < 3:
            raise NotEstimableError(tr("a tree joins three groups or more"))
        tree = apart.cluster_tree(self.found)
        return Tree(self.study, tree.nodes, tree, self.label)

    def _title(self) -> str:
        return tr("Distances between {many}", many=self.study.plural())

    def _alt(self) -> str:
        return next(iter(self._sentences()))

    def _sentences(self) -> Iterator[str]:
        aside = self.rows[["a", "b"]].isin(self.shorter).any(axis=1)
        rows = self.rows[~aside] if not aside.all() else self.rows
        near, far = rows.iloc[0], rows.iloc[-1]
        nearest = {"a": near["a"], "b": near["b"], "low": near["distance"], "share": near["nearest_in"]}
        farthest = {"c": far["a"], "d": far["b"], "high": far["distance"]}
        yield tr(
            "At equal length {a} and {b} are nearest ({low:.2f}; of all pairs in {share:.0%} of the draws), {c} and "
            "{d} farthest ({high:.2f}).",
            **nearest,
            **farthest,
        )
        if self.part:
            yield self.part
        if self.shorter:
            yield tr("Too short or not whole, and named in no extreme: {said}.", said=join_items(self.shorter))
        if (draws := len(self.found.drawn)) < self.study["draws"]:
            sizes = {"n": len(self.matrix), "many": self.study.plural(), "draws": draws, "usual": self.study["draws"]}
            yield tr("Of {n} {many}, {draws} draws are made, not {usual}: there are many pairs.", **sizes)
        if (n := len(self.study.corpus)) < FEW_DOCUMENTS:
            yield tr(
                "Trees and maps of {n} documents show genre, date and length as much as places: read the tables first.",
                n=n,
            )

    def _asides(self) -> list[str]:
        return list(self._sentences())[1:]  # who is left out of it, and how to read it

    def _draw(self) -> Figure | None:
        if len(self.matrix) > _MATRIX:
            return None
        order = list(self.matrix.index) if self.study.by == "year" else apart.cluster_order(self.matrix)
        return basic.heat(self.matrix.loc[order, order], self.label, "{:.2f}")

    def tables(self) -> dict[str, pd.DataFrame]:
        """The pairs."""
        return {"distances": self.rows}


@dataclass(frozen=True, eq=False, repr=False)
class Tree(Result):
    """Clusters of groups, a cluster a row, with the share of draws in which it comes again.

    Attributes
    ----------
    tree : compare.distances.ClusterTree
    label : str
        Of the axis.
    """

    tree: apart.ClusterTree
    label: str

    name: ClassVar[str] = "tree"
    columns: ClassVar[tuple[str, ...]] = ("members", "height", "support")

    def _title(self) -> str:
        return tr("Clusters, with their support in per cent")

    def _sentences(self) -> list[str]:
        firm = self.rows[self.rows["support"] >= maps.CLEAR]
        drawn = {"n": _BRANCHES, "many": self.study.plural()}
        sizes = {"n": len(firm), "all": len(self.rows) - 1}
        said = tr("{n} of {all} clusters come again in {share:.0%} of the draws", share=maps.CLEAR, **sizes)
        names = tr("; ").join(firm.sort_values("height")["members"].head(5))
        found = [said + tr(": ") * bool(len(firm)) + names + tr(".")]
        if len(self.tree.groups) > _LEAVES:
            found.append(
                tr("The picture has the last {n} branches: the number of further {many} is in brackets.", **drawn)
            )
        return found

    def _draw(self) -> Figure:
        tree = self.tree if len(self.tree.groups) <= _LEAVES else apart.crown(self.tree, _BRANCHES)
        return maps.dendrogram(tree, self.label)

    def tables(self) -> dict[str, pd.DataFrame]:
        """The clusters."""
        return {"clusters": self.rows}


@dataclass(frozen=True, eq=False, repr=False)
class TermMap(Result):
    """Groups and terms on a map of correspondence analysis: a group a row, with the ellipse of its draws.

    Attributes
    ----------
    terms : DataFrame
    inertia : DataFrame
    """

    terms: pd.DataFrame
    inertia: pd.DataFrame

    name: ClassVar[str] = "map"

    def _title(self) -> str:
        return tr("Map of {many} and terms", many=self.study.plural())

    def _sentences(self) -> list[str]:
        share = self.inertia["share"].head(2).sum()
        said = "、".join(self.terms.nlargest(6, "contribution")["term"])
        return [tr("The first two axes show {share:.0%} of the inertia, by {said}.", share=share, said=said)]

    def _draw(self) -> Figure:
        return maps.ca_map(self.rows, self.terms, self.inertia, self.study.incomplete())

    def tables(self) -> dict[str, pd.DataFrame]:
        """The terms that make the axes."""
        return {"map-terms": self.terms.nlargest(100, "contribution")}


class DistanceQuestions:
    """What a study can be asked on its groups as wholes."""

    @analysis
    def distances(self: Study, measure: str = "") -> Distances:
        """How far apart groups are as wholes, at equal length: a long text is near to all.

        Parameters
        ----------
        measure : str
            cosine (of tf-idf) or js (Jensen-Shannon); the run's if left out.
        """
        words, measure = self.words(), measure or self["measure"]
        if words.groups.nunique() < 2:
            raise NotEstimableError(tr("there is one group, and nothing to compare it with"))
        names = np.sort(words.groups.unique())
        some = names[np.linspace(0, len(names) - 1, min(len(names), _COMPARED)).round().astype(int)]
        counts, groups, incomplete = words.counts, words.groups, [*self.incomplete()]
        if len(some) < len(names):
            own = words.groups.isin(some).to_numpy()
            counts, groups = words.counts[own], words.groups[own]
            incomplete = [group for group in incomplete if group in some]
        draws = apart.affordable_draws(len(some), self["draws"])
        drawn = draws_of_all(self, measure) if len(some) == len(names) and draws == self["draws"] else None
        found = apart.equal_distances(counts, groups, measure, draws, self["seed"], drawn)
        shorter = [*dict.fromkeys([*apart.short_groups(counts, groups), *incomplete])]
        sizes, part = {"n": len(some), "all": len(names), "many": self.plural()}, ""
        if len(some) < len(names):
            part = tr("Based on {n:,} of {all:,} {many}, taken at even intervals.", **sizes)
        return Distances(self, found.pairs, found, measure, shorter, part)

    @analysis
    def map(self: Study) -> TermMap:
        """Groups and terms on a map: near groups have like words, and a term lies where the groups are that use it."""
        words = self.words()
        if words.groups.nunique() < 3:
            raise NotEstimableError(tr("a map needs three groups or more"))
        least = 2 if len(self.corpus) < FEW_DOCUMENTS else max(3, np.ceil(len(self.corpus) / 20))
        usual = correspondence.document_frequency(words.counts, words.documents) >= least
        counts, terms = words.counts[:, usual], words.terms[usual]
        found = correspondence.correspondence(counts, terms, words.groups)
        if found.inertia["inertia"].sum() < 1e-9:
            raise NotEstimableError(tr("all groups use the same words alike: there is no map of them"))
        drawn = self.settings("draws", "seed")
        places = correspondence.confidence_ellipses(found, counts, terms, words.documents, words.groups, **drawn)
        return TermMap(self, places, found.terms, found.inertia)


def draws_of_all(study: Study, measure: str) -> npt.NDArray[Any] | None:
    """What `compare.distances.drawn_distances` gives for the groups of a study, found once for its notebooks.

    None where nothing is kept, or so many draws of so many groups take too much room.
    """
    words, draws, kept = study.words(), study.settings("draws", "seed"), KeptResults(study.tables)
    counts, groups = words.counts, words.groups
    if not kept.keeps or groups.nunique() ** 2 * draws["draws"] > _MOST_KEPT:
        return None
    of = ("\0".join(map(str, groups)), counts.indptr, counts.indices, counts.data, counts.shape)

    def find() -> dict[str, npt.NDArray[Any]]:
        return {"drawn": apart.drawn_distances(counts, groups, measure, **draws)}

    return kept.arrays(f"distances {measure} {draws}", apart.__name__, of, find)["drawn"]
