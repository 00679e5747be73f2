"""What a higher level says first and documents take up: passages and programmes, with dates and local edits."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

import pandas as pd

from ... import NotEstimableError
from ...chinese import STATEMENT_END
from ...compare import diffusion as spread
from ...compare import take_up
from ...figures import diffusion as pictures
from ...language import display_name, join_items, tr
from ..references import read_references
from ..result import Result, analysis

if TYPE_CHECKING:
    from collections.abc import Iterator

    from matplotlib.figure import Figure

    from ..study import Study

_NAMED = 5  # items in a sentence
_CHANGES = 6  # edits in a sentence
_QUOTED = 200  # characters of a passage in a table that is kept
_SHOWN = 36  # characters of a passage in a display or sentence


@dataclass(frozen=True, eq=False, repr=False)
class Diffusion(Result):
    """Passages and programmes that documents have of texts of a higher level, one a row, the most telling first.

    Attributes
    ----------
    take_ups : DataFrame
        A row for each place at which a document has an item, with the source's wording, its own, and the edits.
    edits : list of tuple of str
        Words of a source and of a document that differ, one for each take-up that has the change.
    levels : dict of str to int
        How many documents of each level may take something up.
    sources : list of str
        Texts of the highest level.
    left_out : dict of str to list of str
        Documents that take no part: copies (of a source), unstated (their level is not known).
    """

    take_ups: pd.DataFrame
    edits: list[tuple[str, str]]
    levels: dict[str, int]
    sources: list[str]
    left_out: dict[str, list[str]]

    name: ClassVar[str] = "diffusion"
    columns: ClassVar[tuple[str, ...]] = (
        *("text", "use", "year", "documents"),
        *(f"{level}_share" for level in spread.LEVELS[1:]),
        "lag",
        "reworded",
    )

    @property
    def _telling(self) -> pd.DataFrame:
        """Items that tell who takes up what: neither formulas nor said by everyone, and of an earlier source."""
        return self.rows[(self.rows["use"] == "distinctive") & (self.rows["earlier"] > 0)]

    @cached_property
    def _drawn_items(self) -> pd.DataFrame:
        return pictures.most_telling(self._telling)

    def of_document(self, doc_id: str) -> pd.DataFrame:
        """What one document has of sources, in its order: item, kind, its words, the source's, the edits, the dates."""
        part = self.take_ups[self.take_ups["doc_id"] == doc_id].sort_values(["paragraph", "start"], ignore_index=True)
        use = self.rows.set_index("item")["use"]
        columns = ["kind", "text", "document_text", "source_text", "edited", "source", "first", "order"]
        return part.assign(use=part["item"].map(use))[[*columns, "use"]]

    def _title(self) -> str:
        return tr("What was taken up from above, level by level")

    def _alt(self) -> str:
        said = (f"{_short(r.text)} ({r.year}, {self._shares(r)})" for r in self._drawn_items.itertuples())
        return tr(
            "A line for each item, with the year of its first source and who has it: {said}.", said="; ".join(said)
        )

    def _shares(self, row: Any) -> str:
        return join_items(
            tr("{n} of {all} {many}", n=getattr(row, level), all=n, many=pictures.level_name(level, n))
            for level, n in self.levels.items()
        )

    def _sentences(self) -> Iterator[str]:
        kinds = self.rows["kind"].value_counts()
        sizes = {"passages": int(kinds.get("passage", 0)), "programmes": int(kinds.get("programme", 0))}
        all_ = sum(self.levels.values())
        who = join_items(tr("{n} {many}", n=n, many=pictures.level_name(level, n)) for level, n in self.levels.items())
        said = "{n} reference texts are held against {all} documents ({who})."
        yield tr(said, n=len(self.sources), all=all_, who=who)
        have = self.take_ups["doc_id"].nunique()
        said = (
            "In {have} of the documents stands what a reference has, too: passages {passages}, programmes and slogans "
            "{programmes}."
        )
        yield tr(said, have=have, **sizes)
        yield from self._said_of_use()
        for kind, said in (
            ("programme", "Programmes and slogans that most have: {named}."),
            ("passage", "Passages that most have: {named}."),
        ):
            first = self._telling[self._telling["kind"] == kind].head(_NAMED)
            if len(first):
                named = tr("; ").join(
                    tr("{text} (since {year}; {shares})", text=_short(r.text), year=r.year, shares=self._shares(r))
                    for r in first.itertuples()
                )
                yield tr(said, named=named)
        yield from self._said_of_edits()
        yield from self._said_of_time()

    def _said_of_use(self) -> Iterator[str]:
        counts = self.rows["use"].value_counts()
        sizes = {use: int(counts.get(use, 0)) for use in spread.USES}
        said = (
            "Of these, {distinctive} tell documents apart. The others are formulas that references have said for years "
            "({formula}), or everyday words and what half of the documents of a level have ({everyday})."
        )
        yield tr(said, **sizes)

    def _said_of_edits(self) -> Iterator[str]:
        passages = self.take_ups[self.take_ups["kind"] == "passage"]
        if passages.empty:
            return
        kept = (passages["changes"] == 0).mean()
        said = "Of {n:,} places at which a document has a passage, {share:.0%} are word for word."
        yield tr(said, share=kept, n=len(passages))
        replaced = Counter((a, b) for a, b in self.edits if a and b)
        if replaced:
            most = sorted(replaced.items(), key=lambda kv: (-kv[1], kv[0]))[:_CHANGES]
            named = join_items(tr("{a}→{b} ({n})", a=a, b=b, n=n) for (a, b), n in most)
            yield tr("Changed most often: {named}.", named=named)

    def _said_of_time(self) -> Iterator[str]:
        single = self.take_ups.drop_duplicates(["item", "doc_id"])
        lag = self._telling["lag"].median()
        if lag == lag:
            said = (
                "From the first reference to the document it takes {lag:g} years (median of those that tell documents "
                "apart)."
            )
            yield tr(said, lag=lag)
        counts = single["order"].value_counts()
        if untold := int(counts.get("not told", 0)):
            said = "Of {n:,} take-ups dates do not tell whether reference or document is earlier."
            yield tr(said, n=untold)
        if late := int(counts.get("later", 0)):
            most = self.rows[self.rows["later"] > 0].nlargest(1, "later").iloc[0]
            said = (
                "{n:,} stand in documents that are earlier than any reference that has them, most often {text} "
                "({most}): they come from elsewhere."
            )
            yield tr(said, n=late, text=_short(most["text"]), most=int(most["later"]))
        older = self.rows[self.rows["known"].notna() & (self.rows["known"] < self.rows["year"])]
        if len(older):
            named = join_items(tr("{name} ({n})", name=r.text, n=r.known) for r in older.head(_NAMED).itertuples())
            said = "{n} programmes are of a central document older than the first reference: {named}."
            yield tr(said, n=len(older), named=named)
        yield from self._asides()

    def _asides(self) -> Iterator[str]:
        if copies := self.left_out["copies"]:
            labels = self.study.labels()
            named = join_items(labels.get(d, d) for d in copies)
            yield tr("Left out, since most of their text is a reference's: {named}.", named=named)
        if unstated := self.left_out["unstated"]:
            yield tr("Left out, since their level is not stated: {n} documents.", n=len(unstated))
        yield tr("Reference and document may both follow a third text; who copied from whom is not said.")

    def _shown_rows(self) -> pd.DataFrame:
        text = self.rows["text"].map(_short)
        use = [display_name("use", use) for use in self.rows["use"]]
        shares = {f"{level}_share": [f"{x:.0%}" for x in self.rows[f"{level}_share"]] for level in self.levels}
        return self.rows.assign(text=text, use=use, reworded=self.rows["reworded"].map(", ".join), **shares)

    def _draw(self) -> Figure | None:
        if self._drawn_items.empty:
            return None
        return pictures.diffusion(self._drawn_items, self.levels)

    def _evidence(self, row: pd.Series[Any]) -> pd.DataFrame:
        part = self.take_ups[self.take_ups["item"] == row["item"]]
        group = part["doc_id"].map(self.study.corpus.set_index("doc_id")["group"])
        lines = part.assign(group=group.fillna(part["doc_id"]), text=part["document_line"])
        columns = ["group", "doc_id", "paragraph", "text", "source", "source_line", "edited", "order"]
        return lines[columns].rename(columns={"source_line": "source_text"}).reset_index(drop=True)

    def data(self) -> pd.DataFrame:
        """The items that are drawn."""
        return self._drawn_items.assign(reworded=self._drawn_items["reworded"].map("; ".join))

    def tables(self) -> dict[str, pd.DataFrame]:
        """All items; and who took up which, with both wordings."""
        items = self.rows.assign(text=self.rows["text"].str[:_QUOTED], reworded=self.rows["reworded"].map("; ".join))
        columns = [
            "item",
            "kind",
            "doc_id",
            "paragraph",
            "start",
            "end",
            "source",
            "first",
            "order",
            "similarity",
            "changes",
        ]
        texts = {c: self.take_ups[c].str[:_QUOTED] for c in ("document_text", "source_text", "edited")}
        return {"diffusion-items": items, "take-ups": self.take_ups[columns].assign(**texts)}


class DiffusionQuestions:
    """What a study can be asked on what its documents take up from above."""

    @analysis
    def diffusion(self: Study, *references: str, length: int = take_up.LENGTH, similarity: float = 0.0) -> Diffusion:
        """Passages and programmes that documents take up from texts of a higher level: who, when, and how edited.

        Levels (state, province, city, county) are decided by what the corpora state of each document. The highest among
        the references is the source; all others, in the study and in the references, may take something up.

        Parameters
        ----------
        *references : str
            Folders with the tables of other corpora; the run's if left out.
        length : int
            Characters of a passage at least.
        similarity : float
            Share of its characters that are equal; the run's if left out.
        """
        if not self.has_text:
            raise NotEstimableError(tr("these tables hold no text"))
        folders = list(references) or [f for f in [self["references"]] if f]
        if not folders:
            raise NotEstimableError(tr("no references are named (see the parameter references)"))
        own = self.paragraphs(self["kinds"])
        other = read_references(folders, self["kinds"])
        corpus = pd.concat([self.corpus, other.corpus], ignore_index=True)
        level = spread.levels(corpus).set_axis(corpus["doc_id"])
        above = next((name for name in spread.LEVELS if name in set(level[other.ids])), "")
        below = [name for name in spread.LEVELS if name in set(level)][1:] if above else []
        ids = set(corpus["doc_id"])
        sources = [d for d in corpus["doc_id"] if level[d] == above and d in set(other.ids) | set(own["doc_id"])]
        takers = level[level.isin([name for name in below if spread.LEVELS.index(name) > spread.LEVELS.index(above)])]
        if not above or takers.empty:
            raise NotEstimableError(tr("no document is of a lower level than the references"))
        columns = ["doc_id", "paragraph", "text"]
        paragraphs = pd.concat([own[columns], other.paragraphs[columns]], ignore_index=True)
        paragraphs = paragraphs[paragraphs["doc_id"].isin({*sources, *takers.index})].reset_index(drop=True)
        programmes = pd.concat([self.table("programmes"), other.programmes], ignore_index=True)
        texts = take_up.Texts(paragraphs, corpus, sources, programmes)
        found = take_up.take_ups(texts, length, similarity or self["similarity"])
        if found.rows.empty:
            raise NotEstimableError(tr("the documents take nothing up from the references"))
        rows, edits = spread.with_edits(found.rows, texts)
        takers = takers[~takers.index.isin(found.copies)]
        items = spread.items(rows, edits, corpus, takers)
        known = {(d, p): t for d, p, t in paragraphs[columns].itertuples(index=False)}
        lines = {
            "document_line": rows[["doc_id", "paragraph", "start", "end"]],
            "source_line": rows[["source", "source_paragraph", "source_start", "source_end"]],
        }
        rows = rows.assign(
            **{c: [_sentence(known[d, p], a, b) for d, p, a, b in t.itertuples(index=False)] for c, t in lines.items()}
        )
        sizes = {name: int((takers == name).sum()) for name in below if (takers == name).any()}
        unstated = sorted(ids & set(level.index[level == ""]))
        changed = [(e.source, e.document) for found_ in edits for e in set(found_)]
        return Diffusion(self, items, rows, changed, sizes, sources, {"copies": found.copies, "unstated": unstated})


def _sentence(text: str, start: int, end: int) -> str:
    left = max((m.end() for m in STATEMENT_END.finditer(text, 0, start)), default=0)
    right = next((m.end() for m in STATEMENT_END.finditer(text, max(start, end - 1))), len(text))
    return text[left:right].strip()


def _short(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= _SHOWN else plain[: _SHOWN - 1] + "…"
