"""Two groups against each other: their sizes, terms, the words of their divergence, and what they share."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

import numpy as np
import pandas as pd

from ... import NotEstimableError
from ...compare import collocations, confounding, keyness, shifts
from ...figures import basic, comparison
from ...inference import answer_label
from ...language import join_items, tr
from ...words import reuse
from ..result import Result, analysis
from .comparison import Concordance, Keyness, named_associations, quotable_paragraphs
from .profile import TermCollocates

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt
    from matplotlib.figure import Figure

    from ..study import Study

_KEPT = 50  # terms of either side in the table of keyness
_NAMED = 6  # terms in a sentence
_NODES = 3  # first terms of either side whose neighbours are listed
_READ = 30  # terms of a word shift that are listed in context
_LINES = 10  # of a term and group in the concordance
_DRAWN = 100  # terms of a word shift in its figure's data


class PairWords(NamedTuple):
    """The words of two groups, counted among themselves.

    Attributes
    ----------
    whole, paragraphs : DataFrame
        As they stand, and without the genre's template.
    counts : sparse array, shape (n_paragraphs, n_terms)
    terms : ndarray of str
    documents, groups, strata : Series
        Of each paragraph; strata may be None.
    """

    whole: pd.DataFrame
    paragraphs: pd.DataFrame
    counts: Any
    terms: npt.NDArray[Any]
    documents: pd.Series
    groups: pd.Series
    strata: pd.Series | None


@dataclass(frozen=True, eq=False, repr=False)
class Sides(Result):
    """Two groups that are compared, a group a row: documents, paragraphs, characters.

    Attributes
    ----------
    a, b : str
    """

    a: str
    b: str

    name: ClassVar[str] = "sides"

    def confounding(self) -> Associations:
        """What goes together with the two, and cannot be told from them."""
        return self.study.pair_confounding(self.a, self.b)

    def keyness(self) -> Keyness:
        """The terms that each uses more than the other."""
        return self.study.keyness(self.a, self.b)

    def word_shift(self) -> WordShift:
        """Which words make up the divergence of the two."""
        return self.study.word_shift(self.a, self.b)

    def shared_passages(self) -> SharedPassages:
        """What they share word for word."""
        return self.study.shared_passages(self.a, self.b)

    def concordance(self, *of: str | Result) -> Concordance:
        """Words in their context on both sides: those that are named, and the words of results."""
        return self.study.concordance(*of, most=_LINES, per_group=True, within=(self.a, self.b))

    def _title(self) -> str:
        return tr("{a} and {b}", a=self.a, b=self.b)

    def _sentences(self) -> Iterator[str]:
        for row in self.rows.itertuples():
            n = row.documents
            many = tr("{n} documents", n=n) if n > 1 else tr("{n} document", n=n)
            sizes = {"name": row.group, "paragraphs": row.paragraphs, "characters": row.characters}
            said = "{name}: {documents}, {paragraphs} paragraphs, {characters:,} characters."
            yield tr(said, documents=many, **sizes)
        yield self.study.masking_sentence(_words(self.study, self.a, self.b).paragraphs)

    def _asides(self) -> list[str]:
        return [self.study.masking_sentence(_words(self.study, self.a, self.b).paragraphs)]

    def _evidence(self, row: pd.Series[Any]) -> pd.DataFrame:
        own = quotable_paragraphs(self.study, [row["group"]])
        return own[["group", "doc_id", "paragraph", "text"]]

    def tables(self) -> dict[str, pd.DataFrame]:
        """None: its sentences say all."""
        return {}


@dataclass(frozen=True, eq=False, repr=False)
class Associations(Result):
    """What goes together with two groups, a column of the corpus a row.

    Attributes
    ----------
    a, b : str
    """

    a: str
    b: str

    name: ClassVar[str] = "confounding"
    prepares: ClassVar[bool] = True
    columns: ClassVar[tuple[str, ...]] = ("column", "values", "association", "verdict")

    def _title(self) -> str:
        return tr("What varies with {a} and {b}", a=self.a, b=self.b)

    def _sentences(self) -> list[str]:
        return confounding.sentences(self.rows)

    def _shown_rows(self) -> pd.DataFrame:
        return named_associations(self.rows)


@dataclass(frozen=True, eq=False, repr=False)
class PairKeyness(Keyness):
    """The terms that each of two groups uses more than the other, a term a row.

    Attributes
    ----------
    a, b : str
        Counts, rates and ratios are of the first against the second.
    """

    a: str = ""
    b: str = ""

    name: ClassVar[str] = "marks-figure"
    columns: ClassVar[tuple[str, ...]] = ()

    @cached_property
    def top(self) -> pd.DataFrame:
        """The terms that the figure shows; log-ratios of what the second uses more are turned round."""
        part = self.rows if self.way == "both" else self.rows[self.rows["way"] == self.way]
        top = part.drop(columns="way").groupby("side", sort=False).head(self.terms).copy()
        turned = top["side"] == self.b
        top["only_here"] = top["count_rest"].where(~turned, top["count"]) == 0
        top["log_ratio"] = top["log_ratio"].abs()
        top["from"], top["to"] = top["low"].where(~turned, -top["high"]), top["high"].where(~turned, -top["low"])
        return top

    @analysis
    def less(self) -> PairKeyness:
        """What the first uses less, and the second more, alone."""
        return replace(self, way="less")

    @analysis
    def collocates(self, window: int = 0) -> PairCollocates:
        """The words beside the first terms of either, within so many words on either side."""
        own, words = quotable_paragraphs(self.study, (self.a, self.b)), _words(self.study, self.a, self.b)
        nodes = [t for _, rows in self.top.groupby("side", sort=False) for t in rows["term"][:_NODES] if len(own)]
        rows = collocations.collocations(own, words.terms, nodes, window or self.study["window"])
        return PairCollocates(self.study, rows, (self.a, self.b))

    def explain(self, term: str) -> pd.DataFrame:
        """A term in its context on both sides, a line an occurrence; see `Result.explain`."""
        with self.study.own_settings():
            own = quotable_paragraphs(self.study, (self.a, self.b))
            return collocations.kwic(own, [term], max_lines=_LINES, per_group=True)

    def _title(self) -> str:
        if self.way == "less":
            return tr("Terms that {a} uses less than {b}, with 95% intervals", a=self.a, b=self.b)
        return tr("Terms that {a} and {b} use more than the other, with 95% intervals", a=self.a, b=self.b)

    def _alt(self) -> str:
        sides = self.top.groupby("side", sort=False)["term"]
        said = (tr("more in {name}: {said}", name=side, said=join_items(terms[:5])) for side, terms in sides)
        return tr("; ").join(said) + tr(".")

    def _sentences(self) -> list[str]:
        return keyness.sentences(self.found, n=_NAMED)

    def _draw(self) -> Figure | None:
        if self.top.empty:
            return None
        label = tr("log2 ratio of rates")
        return basic.term_panels(self.top, "side", "term", "log_ratio", label, "from", "to", "only_here", columns=2)

    def _shown_rows(self) -> pd.DataFrame:
        first = self.top.groupby("side", sort=False).head(4)
        shown = first[["side", "term", "count", "count_rest", "log_ratio", "from", "to"]]
        return shown.rename(columns={"count": self.a, "count_rest": self.b, "from": "low", "to": "high"})

    def _evidence(self, row: pd.Series[Any]) -> pd.DataFrame:
        return collocations.kwic(quotable_paragraphs(self.study, [row["side"]]), [row["term"]], max_lines=20)

    def data(self) -> pd.DataFrame:
        """The terms of the figure."""
        return self.top

    def tables(self) -> dict[str, pd.DataFrame]:
        """The first terms of either side."""
        return {"keyness": self.rows[["side", *self.rows.columns.drop(["side", "way"])]]}


@dataclass(frozen=True, eq=False, repr=False)
class PairCollocates(TermCollocates):
    """Words beside the first terms of either of two groups, a pair a row, with log Dice and its interval."""

    def _title(self) -> str:
        return tr("Words beside the first terms of either")

    def tables(self) -> dict[str, pd.DataFrame]:
        """None: the figure's data are kept."""
        return {}


@dataclass(frozen=True, eq=False, repr=False)
class WordShift(Result):
    """What each term adds to the Jensen-Shannon divergence of two groups, the largest first.

    Attributes
    ----------
    divergence : compare.shifts.Divergence
        The whole, what chance gives, and the test.
    a, b : str
    """

    divergence: shifts.Divergence
    a: str
    b: str

    name: ClassVar[str] = "word-shift"

    @property
    def total(self) -> float:
        """The divergence, in bits: 0 to 1."""
        return self.divergence.total

    @property
    def answer(self) -> str:
        """Whether the two differ more than exchanged documents would, or why that cannot be tested."""
        with self.study.own_settings():
            return answer_label(self.divergence.answer)

    def terms(self) -> list[str]:
        """The terms that contribute most."""
        return list(self.rows["term"][:_READ])

    def explain(self, term: str) -> pd.DataFrame:
        """A term in its context on both sides, a line an occurrence; see `Result.explain`."""
        with self.study.own_settings():
            own = quotable_paragraphs(self.study, (self.a, self.b))
            return collocations.kwic(own, [term], max_lines=_LINES, per_group=True)

    def _title(self) -> str:
        return tr("Which words make up the divergence of {a} and {b}", a=self.a, b=self.b)

    def _alt(self) -> str:
        first = self.rows.head(_NAMED).itertuples()
        said = join_items(tr("{term} ({side} more)", term=r.term, side=r.side) for r in first)
        return tr("Largest contributions: {said}.", said=said)

    def _sentences(self) -> Iterator[str]:
        total, exchanged = self.divergence, self.divergence.expected
        known = "" if np.isnan(exchanged) else tr("; {expected:.3f} if documents are exchanged", expected=exchanged)
        values = {"total": total.total, "answer": answer_label(total.answer), "mixed": total.at_random, "known": known}
        yield tr("Divergence {total:.3f} bits ({answer}; {mixed:.3f} if words are mixed at random{known}).", **values)
        yield self._alt()

    def _draw(self) -> Figure:
        return comparison.word_shift(self.rows, self.a, self.b, self.divergence)

    def _shown_rows(self) -> pd.DataFrame:
        shown = self.rows[["term", "count_a", "count_b", "signed", "low", "high", "cumulative"]]
        small = {c: shown[c].round(4) + 0.0 for c in ("signed", "low", "high")}  # 0 for -0
        named = {"count_a": self.a, "count_b": self.b, "signed": "contribution"}
        return shown.assign(**small).rename(columns=named)

    def _evidence(self, row: pd.Series[Any]) -> pd.DataFrame:
        return self.explain(row["term"])

    def data(self) -> pd.DataFrame:
        """The first hundred terms."""
        return self.rows.head(_DRAWN)

    def tables(self) -> dict[str, pd.DataFrame]:
        """All terms."""
        return {"shift": self.rows}


@dataclass(frozen=True, eq=False, repr=False)
class SharedPassages(Result):
    """Passages that two groups share nearly word for word, a place a row.

    Attributes
    ----------
    a, b : str
    """

    a: str
    b: str

    name: ClassVar[str] = "passages"
    columns: ClassVar[tuple[str, ...]] = ("match", "doc_id", "other_doc", "similarity", "text")

    def _title(self) -> str:
        return tr("What {a} and {b} share word for word", a=self.a, b=self.b)

    def _sentences(self) -> Iterator[str]:
        values = {"a": self.a, "b": self.b, "n": self.rows["match"].nunique(), "length": reuse.LENGTH}
        if values["n"] == 1:
            yield tr("{a} and {b} have one passage of {length} characters or more in common.", **values)
        elif values["n"]:
            yield tr("{a} and {b} have {n} passages of {length} characters or more in common.", **values)
        else:
            yield tr("{a} and {b} have no passage of {length} characters or more in common.", **values)

    def _evidence(self, row: pd.Series[Any]) -> pd.DataFrame:
        here = self.study.paragraph_text(row["doc_id"], row["paragraph"])
        there = self.study.paragraph_text(row["other_doc"], row["other_paragraph"])
        spans = ((row["start"], row["end"]), (row["other_start"], row["other_end"]))
        cut = [t.assign(text=t["text"].str[s:e]) for t, (s, e) in zip((here, there), spans, strict=True)]
        return pd.concat(cut, ignore_index=True)


def _pair_keyness(study: Study, a: str, b: str, terms: int) -> PairKeyness:
    a, b = study.pair(a, b)
    words = _words(study, a, b)
    settings = study.settings("prior", "permutations", "seed") | {"strata": words.strata}
    found = keyness.keyness(words.counts, words.terms, words.documents, words.groups, a, b, **settings)
    sides = [
        keyness.top_terms(found, n=_KEPT, less=way == "less").assign(side=side, way=way)
        for side, way in ((a, "more"), (b, "less"))
    ]
    return PairKeyness(study, pd.concat(sides, ignore_index=True), {a: found}, terms, "both", a, b)


class PairQuestions:
    """What a study can be asked of two groups; where they are left out, those of the run, else those with most text."""

    @analysis
    def sides(self: Study, a: str = "", b: str = "") -> Sides:
        """Two groups, and how much text each has."""
        a, b = self.pair(a, b)
        held = _words(self, a, b).paragraphs.groupby("group")
        sizes = held.agg(documents=("doc_id", "nunique"), paragraphs=("doc_id", "size"), characters=("n_chars", "sum"))
        return Sides(self, sizes.loc[[a, b]].reset_index(), a, b)

    @analysis
    def pair_confounding(self: Study, a: str = "", b: str = "") -> Associations:
        """What goes together with two groups, and cannot be told from them."""
        a, b = self.pair(a, b)
        both = self.corpus[self.corpus["doc_id"].isin(_words(self, a, b).paragraphs["doc_id"])]
        return Associations(self, confounding.column_associations(both, self.by), a, b)

    @analysis
    def word_shift(self: Study, a: str = "", b: str = "") -> WordShift:
        """What each term adds to the divergence of two groups, and whether exchanged documents diverge as much."""
        a, b = self.pair(a, b)
        words = _words(self, a, b)
        sides = (words.documents, words.groups, a, b)
        table = shifts.shift(words.counts, words.terms, *sides, **self.settings("draws", "seed"))
        total = shifts.divergence(words.counts, *sides, words.strata, self["permutations"], self["seed"])
        return WordShift(self, table, total, a, b)

    @analysis
    def shared_passages(self: Study, a: str = "", b: str = "") -> SharedPassages:
        """The passages that documents of one group share with those of another."""
        a, b = self.pair(a, b)
        whole = _words(self, a, b).whole
        found = self.texts.compute("matches", reuse.matches, whole)
        found = found[found["doc_id"].isin(whole["doc_id"]) & found["other_doc"].isin(whole["doc_id"])]
        sides = whole.set_index("doc_id")["group"].groupby(level=0).first()
        found = found[found["doc_id"].map(sides) != found["other_doc"].map(sides)]
        pieces = found.merge(whole[["doc_id", "paragraph", "text"]], on=["doc_id", "paragraph"])
        spans = zip(pieces["text"], pieces["start"], pieces["end"], strict=True)
        return SharedPassages(self, pieces.assign(text=[text[start:end] for text, start, end in spans]), a, b)

    _keyness_of_pair = _pair_keyness


def _words(study: Study, a: str, b: str) -> PairWords:
    """The words of two groups; counted once.

    Raises
    ------
    NotEstimableError
        If either has no counted word.
    """
    key = ("words of two", a, b)
    if key not in study._results:
        both = study.words()
        whole, paragraphs = (
            frame[frame["group"].isin([a, b])].reset_index(drop=True) for frame in (both.whole, both.paragraphs)
        )
        counts, terms = study.counts(paragraphs)
        documents, groups = study.document_ids(paragraphs), paragraphs["group"]
        held = set(groups[counts.sum(axis=1) > 0])
        for name in (a, b):
            if name not in held:
                raise NotEstimableError(tr("{name} has no counted word", name=name))
        strata = study.strata(paragraphs)
        study._results[key] = PairWords(whole, paragraphs, counts, terms, documents, groups, strata)
    return study._results[key]
