"""The paragraphs whose statements are checked under other choices."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ...words import formulaic

if TYPE_CHECKING:
    import pandas as pd

    from ..study import Study


_MOST_WORDS = 2_000_000  # of a larger text a part is checked: each statement is made some thirty times


class CheckedWords:
    """The paragraphs of a study as its statements are made from them, and as other choices take them.

    Parameters
    ----------
    study : Study

    Attributes
    ----------
    everything : DataFrame
        Paragraphs of all kinds that a specification may ask for, with the column stratum if documents have any; of an
        edition without text, without the column text, and formulas left out.
    paragraphs : DataFrame
        Those of the run's kinds, without formulas.
    counts : sparse array, shape (n_paragraphs, n_terms)
    terms : ndarray of str
    part : str
        A sentence, where they are of a part of the documents.
    """

    def __init__(self, study: Study) -> None:
        kinds = [*dict.fromkeys([*study["kinds"], "body", "heading"])]
        everything, _, self.part = study.in_part(study.paragraphs(kinds), _MOST_WORDS)
        strata = study.strata(everything)
        everything = everything.assign(doc_id=study.document_ids(everything))
        everything = everything if strata is None else everything.assign(stratum=strata)
        paragraphs = everything[everything["kind"].isin(study["kinds"])].reset_index(drop=True)
        if paragraphs.empty:
            study.paragraphs(study["kinds"])  # says that there is none
        self.paragraphs = paragraphs.assign(tokens=_without_formulas(study, paragraphs))
        if not study.has_text:
            everything = everything.assign(tokens=_without_formulas(study, everything)).drop(columns="text")
        self.everything = everything
        self.counts, self.terms = study.counts(self.paragraphs, apart=True)

    @property
    def strata(self) -> pd.Series | None:
        """The stratum of each paragraph's document."""
        return self.paragraphs.get("stratum")

    def groups_with_words(self) -> set[str]:
        """The groups that hold a counted word."""
        return set(self.paragraphs["group"][np.asarray(self.counts.sum(axis=1)).ravel() > 0])


def _without_formulas(study: Study, paragraphs: pd.DataFrame) -> pd.Series[Any]:
    return formulaic.remove_masked(paragraphs["tokens"], study.texts.formulas(paragraphs)[1])
