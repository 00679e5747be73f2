"""What sets documents apart from a large corpus whose words are shipped as counts."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, NamedTuple

import numpy as np
import pandas as pd

from ... import CrosscityError, NotEstimableError
from ...compare import baselines, keyness
from ...documents import level_of
from ...language import join_items, tr
from ...words.matrix import count_matrix, group_matrix
from .comparison import Keyness

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from ..study import Study

_KEPT = 50  # terms of a group in the table
_NAMED = 6  # words that a sentence lists
_MOST_OTHERWISE = 0.05  # share of words that may be cut otherwise
_GENRE = "work report"  # of all baselines
AUTO = "auto"
_OF_LEVEL = {"": "city-reports-2024", "provincial": "province-reports-2026", "central": "national-reports"}


class _Notes(NamedTuple):
    """What is to be said of how documents and baseline go together.

    Attributes
    ----------
    documents : of the baseline that take part
    same : of the baseline that are left out, since they are among the documents at hand
    otherwise : words that are cut otherwise here, and left out
    checked : whether that could be checked
    old : whether the baseline was counted with another dictionary than this version's
    """

    documents: int
    same: int
    otherwise: list[str]
    checked: bool
    old: bool


@dataclass(frozen=True, eq=False, repr=False)
class BaselineKeyness(Keyness):
    """The terms that each group uses more, and less, than the documents of a baseline: a term of a group a row.

    Attributes
    ----------
    baseline : str
    notes : _Notes
    """

    baseline: str = ""
    notes: _Notes | None = None

    name: ClassVar[str] = "baseline-terms"

    @property
    def _called(self) -> str:
        assert self.notes
        titles = {
            "city-reports-2024": tr("the work reports of {n} cities of 2024", n=self.notes.documents),
            "province-reports-2026": tr("the work reports of {n} provinces of 2026", n=self.notes.documents),
            "national-reports": tr("{n} national work reports since 1954", n=self.notes.documents),
        }
        return titles[self.baseline]

    def _title(self) -> str:
        sizes = {"n": self.top["group"].nunique(), "all": len(self.study.groups()), "many": self.study.plural()}
        said = "Terms that set {n} of {all} {many} apart from {baseline}, with 95% intervals"
        if self.way == "less":
            said = "Terms that {n} of {all} {many} use less than {baseline}, with 95% intervals"
        return tr(said, baseline=self._called, **sizes) + tr("; the number: documents") * bool(self._several)

    def _sentences(self) -> list[str]:
        return [*self._asides(), *keyness.sentences(_described(self.found))[1:]]

    def _asides(self) -> list[str]:
        return [*self._preparation(), *keyness.sentences(self.found)[:1], *self._of_one_document()]

    def _preparation(self) -> Iterator[str]:
        notes = self.notes
        assert notes
        yield tr("Compared with {baseline}; the template of the genre counts on both sides.", baseline=self._called)
        kinds = self.study.corpus["doc_type"]
        if n := int((kinds != _GENRE).sum()):
            said = "{n} of {all} documents here are no work reports: differences may be of genre."
            yield tr(said, n=n, all=len(kinds))
        if notes.same:
            yield tr("Left out of these, since they are among the documents: {n}.", n=notes.same)
        if not notes.checked:
            yield tr("Whether words are cut alike on both sides cannot be checked: these tables hold no text.")
        if notes.otherwise:
            more = tr(" and {n} more", n=len(notes.otherwise) - _NAMED) if len(notes.otherwise) > _NAMED else ""
            said = "、".join(notes.otherwise[:_NAMED]) + more
            yield tr("Left out, since the baseline's dictionary cuts them otherwise: {said}.", said=said)
        if notes.old:
            yield tr("The baseline was counted with another version of the dictionary; new terms may stand out.")

    def _of_one_document(self) -> Iterator[str]:
        single = [group for group, table in self.found.items() if _is_of_one(table)]
        if len(single) == len(self.found):
            yield tr("Of a single document we list terms whose interval excludes 0: they speak of it alone.")
        elif single:
            said = "Of a single document ({groups}) we list terms whose interval excludes 0: they speak of it alone."
            yield tr(said, groups=join_items(single[:_NAMED]) + "…" * (len(single) > _NAMED))

    def _evidence(self, row: pd.Series[Any]) -> pd.DataFrame:
        lines = self.study.lines(row["term"], most=1000)
        return lines[lines["group"] == row["group"]].head(20).reset_index(drop=True)

    def tables(self) -> dict[str, pd.DataFrame]:
        """The first terms of each group, more and less."""
        return {"baseline-keyness": self.rows[["group", "way", *self.rows.columns.drop(["group", "way"])]]}


def _against(study: Study, name: str, group: str, terms: int) -> BaselineKeyness:
    name = _fitting(study) if name == AUTO else name
    baseline = baselines.read_baseline(name)
    paragraphs = study.paragraphs(study["kinds"])
    masked = study.place_names() if study["mask_places"] else frozenset()
    counts, words = count_matrix(paragraphs["tokens"], study["stopwords"], 1, 1.0, masked)
    documents, groups = study.document_ids(paragraphs), paragraphs["group"]
    held = set(groups[np.asarray(counts.sum(axis=1)) > 0])
    if group and group not in study.groups():
        msg = f"group is {group!r}; by {study.by} there are {', '.join(study.groups()[:20])}"
        raise CrosscityError(msg)
    shown = [g for g in ([group] if group else study.displayed_groups()) if g in held]
    if not shown:
        raise NotEstimableError(tr("{name} has no counted word", name=group or study.plural()))
    otherwise: set[str] = set()
    share = 0.0
    if study.has_text:
        otherwise, share = baselines.cut_otherwise(paragraphs["text"].tolist(), paragraphs["tokens"])
    if share > _MOST_OTHERWISE:
        lack = tr(
            "{share:.0%} of the words are cut otherwise than the baseline's: build the tables without hmm and with the "
            "shipped dictionary",
            share=share,
        )
        raise NotEstimableError(lack)
    members, _ = group_matrix(documents, sort=False)
    same = baselines.in_baseline((members @ counts).tocsr(), words, baseline)
    if same.sum() > len(same) - 2:
        raise NotEstimableError(tr("these documents are the baseline's own"))
    baseline = baseline._replace(counts=baseline.counts[np.flatnonzero(~same)])
    left_out = masked | otherwise | _stopped(study, baseline.terms)
    settings = study.settings("prior", "permutations", "seed", "min_df") | {"comparisons": len(shown)}
    counted = (counts, words, documents, groups)
    found = {g: baselines.against_baseline(*counted, g, baseline, left_out, **settings) for g in shown}
    rows = [
        keyness.top_terms(table, n=_KEPT, less=way == "less").assign(group=g, way=way)
        for g, table in _described(found).items()
        for way in ("more", "less")
    ]
    known = {*words, *baseline.terms} - masked
    notes = _Notes(
        documents=int((~same).sum()),
        same=int(same.sum()),
        otherwise=sorted(otherwise & known),
        checked=study.has_text,
        old=baseline.dictionary != baselines.dictionary_version(),
    )
    return BaselineKeyness(study, pd.concat(rows, ignore_index=True), found, terms, baseline=name, notes=notes)


def _fitting(study: Study) -> str:
    """The baseline of the documents' level, if most of them are work reports, as all baselines are."""
    corpus = study.corpus
    if 2 * (n := int((corpus["doc_type"] != _GENRE).sum())) >= len(corpus):
        said = "{n} of {all} documents are no work reports, as all baselines are; name one to compare all the same"
        raise NotEstimableError(tr(said, n=n, all=len(corpus)))
    levels = Counter(level_of(row) for row in corpus.to_dict("records"))
    return _OF_LEVEL[max(_OF_LEVEL, key=lambda level: levels[level])]


def _is_of_one(table: pd.DataFrame) -> bool:
    """Whether the group of a table of keyness is one document."""
    return bool(table["documents"].max() <= 1)


def _described(found: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """The tables as terms are listed from: those of single documents without p, so that intervals decide.

    The test asks whether the document could be any of the baseline's, and next to nothing in one document can tell.
    """
    return {g: table.assign(p_adjusted=np.nan) if _is_of_one(table) else table for g, table in found.items()}


def _stopped(study: Study, terms: Any) -> set[str]:
    """The words of a baseline that are stop words of this run."""
    from ...words import stop_words

    return set(terms) & stop_words(study["stopwords"] or None)


class BaselineQuestions:
    """What a study can be asked on how its documents differ from a baseline."""

    _keyness_against = _against
