"""What topics are of: the words of paragraphs, without formulas of the genre; and a model that is fitted to them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import pandas as pd

from ...language import tr
from ...words import formulaic
from ..result import Result

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    from ...topics.models import TopicModel
    from ..study import Study

_LINES = 5  # paragraphs that a share is shown to rest on


class TopicWords:
    """The paragraphs of a study without the genre's formulas, and their terms counted.

    Parameters
    ----------
    study : Study

    Attributes
    ----------
    paragraphs : DataFrame
        Their tokens are those outside formulas.
    documents, groups, sizes : Series
        Of each paragraph; sizes are in characters.
    formulas : DataFrame
    left_out : float
        The share of words that are part of one.
    """

    def __init__(self, study: Study) -> None:
        paragraphs = study.paragraphs(study["kinds"])
        self.formulas, mask = study.texts.formulas(paragraphs)
        self.paragraphs = paragraphs.assign(tokens=formulaic.remove_masked(paragraphs["tokens"], mask))
        self.documents, self.groups = self.paragraphs["doc_id"], self.paragraphs["group"]
        self.sizes, self.left_out = self.paragraphs["n_chars"], float(mask.mean()) if len(mask) else 0.0
        self._study = study

    @cached_property
    def counted(self) -> tuple[Any, npt.NDArray[Any]]:
        """Counts of the terms of topic models, and the terms."""
        return self._study.counts(self.paragraphs, self._study["max_df"])

    @cached_property
    def counted_all(self) -> tuple[Any, npt.NDArray[Any]]:
        """The same, of terms however common."""
        return self._study.counts(self.paragraphs, 1.0)

    def lines(self, model: TopicModel, topic: int, group: str = "", most: int = _LINES) -> pd.DataFrame:
        """The paragraphs, of a group or of all, in which a topic has the greatest share."""
        from ...topics import labels

        part = (self.groups == group).to_numpy() if group else np.ones(len(self.groups), dtype=bool)
        column = model.shares[part][:, [topic - 1]]
        best = labels.representative_paragraphs(
            model._replace(shares=column), self.paragraphs[part], self.sizes[part], most, one_a_document=False
        )
        text = self._study.texts.quotable(self.paragraphs)[["doc_id", "paragraph", "text"]]
        return best.merge(text, on=["doc_id", "paragraph"])[["group", "doc_id", "paragraph", "share", "text"]]


@dataclass(frozen=True, eq=False, repr=False)
class FittedTopics(Result):
    """A fitted model of topics: what shares and reviews of topics rest on.

    Attributes
    ----------
    words : TopicWords
    model : TopicModel
    fit : callable
        fit(counts, terms, k) gives a TopicModel.
    names : list of str
    notes : dict of str to list of str
        By language, sentences on labels that were given.
    unit : str
        What is drawn for stability.
    """

    words: TopicWords
    model: TopicModel
    fit: Callable[..., TopicModel]
    names: list[str]
    notes: dict[str, list[str]]
    unit: str

    @property
    def k(self) -> int:
        """The number of topics."""
        return len(self.names)

    @property
    def unstable(self) -> set[str]:
        """The names of topics that are not found again."""
        return set(self.rows.loc[~self.rows["survives"], "name"])

    def _evidence(self, row: pd.Series[Any]) -> pd.DataFrame:
        return self.words.lines(self.model, row["topic"])


@dataclass(frozen=True, eq=False, repr=False)
class Formulas(Result):
    """Runs of words that many documents share, and that are left out; one a row."""

    share: float

    name: ClassVar[str] = "formulas"
    prepares: ClassVar[bool] = True
    columns: ClassVar[tuple[str, ...]] = ("text", "words", "documents", "occurrences")

    def _title(self) -> str:
        return tr("Formulas of the genre")

    def _sentences(self) -> list[str]:
        if self.rows.empty:
            return [tr("No formula of the genre is left out.")]
        said = tr("; ").join(self.rows["text"].head(3))
        sizes = {"n": len(self.rows), "share": self.share}
        return [tr("{n} formulas of the genre are left out, {share:.1%} of all words: {said}.", said=said, **sizes)]

    def _evidence(self, row: pd.Series[Any]) -> pd.DataFrame:
        part = self.study.texts.quotable(self.study.paragraphs(self.study["kinds"]))
        part = part[["".join(words).find(row["text"]) >= 0 for words in part["tokens"]]]
        return part[["group", "doc_id", "paragraph", "text"]].reset_index(drop=True)


def words_of(study: Study) -> TopicWords:
    """The words of a study that topics are of; counted once."""
    if "topic words" not in study._results:
        study._results["topic words"] = TopicWords(study)
    return study._results["topic words"]
