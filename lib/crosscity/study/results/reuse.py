"""What documents share word for word, with each other and with references."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

import pandas as pd

from ... import NotEstimableError
from ...figures import basic
from ...language import display_name, join_items, tr
from ...words import reuse
from ..result import Result, analysis

if TYPE_CHECKING:
    from collections.abc import Iterator

    from matplotlib.figure import Figure

    from ..study import Study

_QUOTED = 200  # characters of a passage in the table that is kept
_PAIRS = 12  # in a figure
_REFERENCES = 20  # in a figure
_BARS = 240  # documents in a figure: four columns of sixty


@dataclass(frozen=True, eq=False, repr=False)
class TextReuse(Result):
    """Passages that two documents or more share, one a row: those of most documents, then the longest first.

    Attributes
    ----------
    found : DataFrame
        Pairs of places that are alike, of `words.matching.matches`.
    places : DataFrame
        All places of each passage, of `words.reuse.passages`.
    texts : DataFrame
        The paragraphs that were held against each other, with those of references.
    references : list of str
        Their names.
    length : int
        Characters of a passage at least.
    """

    found: pd.DataFrame
    places: pd.DataFrame
    texts: pd.DataFrame
    references: list[str]
    length: int

    name: ClassVar[str] = "passages"
    columns: ClassVar[tuple[str, ...]] = ("passage", "documents", "references", "earliest", "characters", "text")

    @property
    def passages(self) -> pd.DataFrame:
        """The passages, as `table` has them."""
        return self.table

    @analysis
    def strips(self) -> Strips:
        """What is shared along each document, from the first character to the last."""
        rows = self._strips.sort_values(["document", "start"], key=self._order, ignore_index=True)
        return Strips(self.study, rows, self._shares)

    @analysis
    def coverage(self) -> ReuseCoverage:
        """How much of each document stands in references, in many documents, in some, or nowhere else."""
        return ReuseCoverage(self.study, self._shares)

    @analysis
    def pairs(self) -> Pairs:
        """Who shares how much with whom."""
        label = self.study.labels()
        pairs = reuse.pairwise_reuse(self.found, self.texts)
        pairs = pairs[pairs["doc_id"].isin(label) & pairs["other_doc"].isin(label)]
        if pairs.empty:
            raise NotEstimableError(_no_passage(self.length))
        pairs = pairs.sort_values("share", ascending=False, kind="stable")
        named = pairs["doc_id"].map(label) + " – " + pairs["other_doc"].map(label)
        return Pairs(self.study, pairs.assign(pair=named, set=tr("share of the first that the second has")), self)

    @analysis
    def taken_up(self) -> TakenUp:
        """How much was taken up from each reference."""
        if not self.references:
            return TakenUp(self.study, pd.DataFrame(columns=["doc_id", "other_doc", "characters", "share"]), self)
        return TakenUp(self.study, reuse.pairwise_reuse(self.found, self.texts, self.references), self)

    def between(self, doc_id: str, other: str) -> pd.DataFrame:
        """What a document shares with another, or with a reference.

        Returns
        -------
        DataFrame
            doc_id, paragraph, text, and other_doc, other_paragraph, other_text; empty if the tables hold no text.
        """
        sides = [reuse.PLACE, reuse.OTHER]
        swapped = self.found.rename(columns=dict(zip([*sides[0], *sides[1]], [*sides[1], *sides[0]], strict=True)))
        both = pd.concat([self.found, swapped], ignore_index=True)
        both = both[(both["doc_id"] == doc_id) & (both["other_doc"] == other)]
        texts = self.study.texts.quotable(self.texts)[["doc_id", "paragraph", "text"]]
        rows = both.merge(texts, on=["doc_id", "paragraph"])
        rows = rows.merge(texts.add_prefix("other_").rename(columns={"other_doc_id": "other_doc"}), on=reuse.OTHER[:2])
        for prefix in ("", "other_"):
            rows[f"{prefix}text"] = _cut(rows[f"{prefix}text"], rows[f"{prefix}start"], rows[f"{prefix}end"])
        rows = rows.sort_values(["paragraph", "start"], ignore_index=True)
        return rows[["doc_id", "paragraph", "text", "other_doc", "other_paragraph", "other_text"]]

    @cached_property
    def _strips(self) -> pd.DataFrame:
        label = self.study.labels()
        share = self.study["template"] or 1.1
        strips = reuse.strips(self.found, self.places, self.texts, self.references, share)
        strips = strips[strips["doc_id"].isin(label)]
        return strips.assign(document=strips["doc_id"].map(label))

    @cached_property
    def _shares(self) -> pd.DataFrame:
        shares = reuse.coverage(self._strips)
        shares = shares.assign(document=shares["doc_id"].map(self.study.labels()))
        return shares.sort_values(["own", "document"], ignore_index=True)

    def _order(self, column: pd.Series[Any]) -> pd.Series[Any]:
        """The documents with the least text of their own first."""
        order = {document: i for i, document in enumerate(self._shares["document"])}
        return column.map(order) if column.name == "document" else column

    def _title(self) -> str:
        return tr("Passages that documents share")

    def _sentences(self) -> Iterator[str]:
        further = tr(", and against {n} references", n=len(self.references)) if self.references else ""
        yield tr("{n} documents are compared with each other{further}.", n=len(self.study.corpus), further=further)
        if (size := min(reuse.shingle_sizes(int(self.texts["text"].str.len().sum())))) > min(reuse.SHINGLES):
            yield tr(
                "In a text this long, passages are found by runs of {n} identical characters: some that were reworded "
                "throughout are missed.",
                n=size,
            )
        if self.rows.empty:
            yield _no_passage(self.length)
            return
        sizes = {"n": len(self.rows), "length": self.length, "exact": self.found["exact"].mean()}
        said = (
            "{n:,} passages of {length} characters or more occur in at least two documents; "
            "{exact:.0%} of the matching pairs are identical."
        )
        one = (
            "One passage of {length} characters or more occurs in at least two documents; "
            "{exact:.0%} of the matching pairs are identical."
        )
        yield tr(one, **sizes) if len(self.rows) == 1 else tr(said, **sizes)
        label = self.study.labels()
        early = self.rows.loc[self.rows["dating"] == "known", "earliest"].map(lambda d: label.get(d, d)).value_counts()
        if len(early):
            said = join_items(tr("{name} ({n})", name=d, n=n) for d, n in early.head(3).items())
            n = int(early.sum())
            if n == 1:
                yield tr(
                    "One passage stands in documents that are all dated; it is earliest in {said}.", said=early.index[0]
                )
                return
            yield tr("Of {n} passages whose documents are all dated, most stand earliest in {said}.", n=n, said=said)

    def _shown_rows(self) -> pd.DataFrame:
        label = self.study.labels()
        short = self.rows["text"].where(self.rows["characters"] <= 40, self.rows["text"].str[:39] + "…")
        return self.rows.assign(earliest=self.rows["earliest"].map(lambda d: label.get(d, d)), text=short)

    def _evidence(self, row: pd.Series[Any]) -> pd.DataFrame:
        places = self.places.loc[self.places["passage"] == row["passage"], ["doc_id", "paragraph", "start", "end"]]
        texts = self.study.texts.quotable(self.texts)[["doc_id", "paragraph", "text"]]
        lines = places.merge(texts, on=["doc_id", "paragraph"], how="inner")
        return lines.assign(text=_cut(lines["text"], lines["start"], lines["end"]))

    def tables(self) -> dict[str, pd.DataFrame]:
        """The passages, and their places."""
        passages = self.rows.assign(text=self.rows["text"].str[:_QUOTED])
        return {"places": self.places.drop(columns="text"), "passages": passages}


@dataclass(frozen=True, eq=False, repr=False)
class Strips(Result):
    """The class of each stretch of each document, one a row; the documents with the least of their own first.

    Attributes
    ----------
    shares : DataFrame
        Of each class in each document.
    """

    shares: pd.DataFrame

    name: ClassVar[str] = "strips"
    columns: ClassVar[tuple[str, ...]] = ("document", "start", "end", "class")

    @property
    def _seen(self) -> list[str]:
        """The documents that a figure has room for."""
        return list(dict.fromkeys(self.rows["document"]))[:_BARS]

    def _title(self) -> str:
        if (n := self.rows["document"].nunique()) > _BARS:
            return tr("Shared passages along the {n} of {all} documents that share most", n=_BARS, all=n)
        return tr("Shared passages along each document, the most shared first")

    def _alt(self) -> str:
        said = join_items(f"{r.document} {r.own:.0%}" for r in self.shares.head(5).itertuples())
        return tr("One bar for each document. Least text of its own: {said}.", said=said)

    def _sentences(self) -> Iterator[str]:
        sizes = self.shares["characters"]
        of_all = self.shares[list(reuse.CLASSES)].mul(sizes, axis=0).sum() / sizes.sum()
        said = join_items(
            tr("{share:.1%} are {kind}", share=share, kind=display_name("class", kind))
            for kind, share in of_all.items()
            if share or kind != "reference"
        )
        yield tr("Of all characters {said}.", said=said)

    def _draw(self) -> Figure | None:
        """None where each document is all its own: its bars would be grey."""
        if not (self.rows["class"] != "own").any():
            return None
        return basic.strips(self.rows[self.rows["document"].isin(self._seen)], "document")

    def _evidence(self, row: pd.Series[Any]) -> pd.DataFrame:
        lines = self.study.texts.quotable(self.study.paragraphs(self.study["kinds"]))
        lines = lines[lines["doc_id"] == row["doc_id"]].sort_values("paragraph")
        begin = lines["n_chars"].cumsum() - lines["n_chars"]
        text = _cut(lines["text"], (row["start"] - begin).clip(lower=0), (row["end"] - begin).clip(lower=0))
        lines = lines.assign(text=text)
        return lines.loc[lines["text"] != "", ["group", "doc_id", "paragraph", "text"]].reset_index(drop=True)


@dataclass(frozen=True, eq=False, repr=False)
class ReuseCoverage(Result):
    """The share of each class in each document, a document a row; the least of its own first."""

    name: ClassVar[str] = "coverage"
    columns: ClassVar[tuple[str, ...]] = ("document", "characters", *reuse.CLASSES)

    @cached_property
    def _ends(self) -> dict[str, dict[str, Any]]:
        """By class that is found: the median of its shares, and the document with most of it."""
        wide = self.rows.set_index("document")
        kinds = [kind for kind in reuse.CLASSES if kind != "own" and wide[kind].any()]
        cut = self.rows["doc_id"].isin(self.study.incomplete_ids()).to_numpy()
        whole = wide[~cut] if not cut.all() else wide
        return {k: {"median": wide[k].median(), "name": whole[k].idxmax(), "most": whole[k].max()} for k in kinds}

    def _title(self) -> str:
        return tr("How much of each document is shared")

    def _alt(self) -> str:
        said = "{kind}: median {median:.1%}, most {name} {most:.0%}"
        named = (tr(said, kind=display_name("class", kind), **ends) for kind, ends in self._ends.items())
        return tr("; ").join(named) + tr(".")

    def _sentences(self) -> Iterator[str]:
        said = "{kind}: {median:.1%} of a document (median), most in {name} ({most:.0%})."
        for kind, ends in self._ends.items():
            name = display_name("class", kind)
            yield tr(said, kind=name[:1].upper() + name[1:], **ends)

    def _draw(self) -> Figure | None:
        if not self._ends:
            return None
        wide = self.rows.set_index("document")[list(self._ends)]
        wide = wide.rename(columns=lambda kind: display_name("class", kind))
        return basic.spread(wide, tr("share of a document's characters"), 2, form="{x:.0%}")

    def _evidence(self, row: pd.Series[Any]) -> pd.DataFrame:
        lines = self.study.texts.quotable(self.study.paragraphs(self.study["kinds"]))
        lines = lines.loc[lines["doc_id"] == row["doc_id"], ["group", "doc_id", "paragraph", "text"]]
        return lines.reset_index(drop=True)

    def tables(self) -> dict[str, pd.DataFrame]:
        """None: where nothing is shared, the strips say so."""
        return {}


@dataclass(frozen=True, eq=False, repr=False)
class Pairs(Result):
    """Of the document named first, the share that the other has as well: a pair a row, the greatest share first.

    Attributes
    ----------
    reuse : TextReuse
    """

    reuse: TextReuse

    name: ClassVar[str] = "pairs"
    columns: ClassVar[tuple[str, ...]] = ("pair", "characters", "share")

    @property
    def _drawn_pairs(self) -> pd.DataFrame:
        return self.rows.drop_duplicates("doc_id").head(_PAIRS)

    def _title(self) -> str:
        return tr("Who shares most with whom")

    def _alt(self) -> str:
        said = join_items(f"{r.pair} {r.share:.0%}" for r in self._drawn_pairs.head(5).itertuples())
        return tr("Pairs that share most: {said}.", said=said)

    def _sentences(self) -> Iterator[str]:
        first = self._drawn_pairs.iloc[0]
        said = "Nearest in wording: {pair}; {share:.0%} of the first occurs in the second."
        yield tr(said, pair=first["pair"], share=first["share"])

    def _draw(self) -> Figure:
        return basic.pairs(self._drawn_pairs, "share", tr("share of characters"))

    def _evidence(self, row: pd.Series[Any]) -> pd.DataFrame:
        return self.reuse.between(row["doc_id"], row["other_doc"])


@dataclass(frozen=True, eq=False, repr=False)
class TakenUp(Result):
    """What each document has of each reference, a pair a row.

    Attributes
    ----------
    reuse : TextReuse
    """

    reuse: TextReuse

    name: ClassVar[str] = "taken-up-figure"

    @cached_property
    def by_reference(self) -> pd.DataFrame:
        """Characters of all documents, by reference, the most first."""
        summed = self.rows.groupby("other_doc", as_index=False)["characters"].sum()
        return summed.sort_values(["characters", "other_doc"], ascending=[False, True])

    def _title(self) -> str:
        if not self.reuse.references:
            return tr("No references are named (see the parameter references)")
        return tr("Which references are borrowed from")

    def _alt(self) -> str:
        said = join_items(f"{r.other_doc} {r.characters:,}" for r in self.by_reference.head(5).itertuples())
        return tr("Characters borrowed: {said}.", said=said)

    def _sentences(self) -> Iterator[str]:
        if not self.reuse.references:
            return
        if self.by_reference.empty:
            yield tr("Nothing is borrowed from the references.")
            return
        first = self.by_reference.iloc[0]
        said = "Most is borrowed from {name}: {n:,} characters."
        yield tr(said, name=first["other_doc"], n=first["characters"])

    def _draw(self) -> Figure | None:
        if self.by_reference.empty:
            return None
        shown, label = self.by_reference.head(_REFERENCES), tr("characters of all documents")
        return basic.bars(shown, "other_doc", "characters", label)

    def _evidence(self, row: pd.Series[Any]) -> pd.DataFrame:
        return self.reuse.between(row["doc_id"], row["other_doc"])

    def data(self) -> pd.DataFrame:
        """The references, and how much was taken up of each."""
        return self.by_reference

    def tables(self) -> dict[str, pd.DataFrame]:
        """What each document has of each reference, where there are any."""
        return {"taken-up": self.rows} if self.reuse.references else {}


class ReuseQuestions:
    """What a study can be asked on the text that its documents share."""

    @analysis
    def text_reuse(self: Study, *, length: int = 0, similarity: float = 0.0) -> TextReuse:
        """Passages that documents share, exactly or with some characters changed.

        Parameters
        ----------
        length : int
            Characters of a passage at least; the run's if left out.
        similarity : float
            Share of its characters that are equal; the run's if left out.
        """
        length, similarity = length or self["length"], similarity or self["similarity"]
        if not self.has_text and (length, similarity) != (self["length"], self["similarity"]):
            raise NotEstimableError(tr("these tables hold no text, in which other passages could be looked for"))
        texts, corpus, references = self.with_references(self.paragraphs(self["kinds"]))
        if len(self.corpus) == 1 and not references:
            raise NotEstimableError(tr("there is one document, and no other to compare it with"))
        found = self.texts.compute("matches", reuse.matches, texts, references, length, similarity)
        places = self.texts.compute("passages", reuse.passages, found, texts, corpus, references)
        passages = places.drop_duplicates("passage").drop(columns=["place", *reuse.PLACE]).reset_index(drop=True)
        passages["characters"] = passages["text"].str.len()
        return TextReuse(self, passages, found, places, texts, references, length)


def _no_passage(length: int) -> str:
    return tr("No passage of {length} characters or more occurs in two documents.", length=length)


def _cut(texts: pd.Series[Any], starts: pd.Series[Any], ends: pd.Series[Any]) -> pd.Series[Any]:
    """The part of each text between two places."""
    parts = [text[a:b] for text, a, b in zip(texts, starts, ends, strict=True)]
    return pd.Series(parts, texts.index, dtype="str")
