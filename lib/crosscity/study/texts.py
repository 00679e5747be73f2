"""Results that need the text of documents: computed from it, or read from an edition that withholds it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ..language import tr
from ..tables import edition
from ..tables.kept_results import KeptResults
from ..words.codes import encode
from ..words.formulaic import COLUMNS, formulas
from .groups import WITHIN

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    import numpy.typing as npt


class Texts:
    """The texts of a corpus: results are computed from them.

    Parameters
    ----------
    tables : Path
        The folder of the tables.
    corpus : DataFrame
        The documents that take part.
    values : dict
        Parameters of the run.
    by : str
        What is compared.
    """

    withheld = False

    def __init__(self, tables: Path, corpus: pd.DataFrame, values: Mapping[str, Any], by: str) -> None:
        self._tables, self._corpus, self._values, self._by = tables, corpus, values, by

    def quotable(self, paragraphs: pd.DataFrame) -> pd.DataFrame:
        """The paragraphs that may be quoted, or whose order of words may be used."""
        return paragraphs

    def compute(self, name: str, function: Callable[..., Any], *arguments: Any, **settings: Any) -> Any:
        """The result of a function of the text.

        Parameters
        ----------
        name : str
            Of the result in an edition without text; see `tables.edition.TEXT_RESULTS`.
        function : callable
        *arguments, **settings
            Of the function, which is called unless the text is withheld.
        """
        return function(*arguments, **settings)

    def formulas(self, paragraphs: pd.DataFrame) -> tuple[pd.DataFrame, npt.NDArray[np.bool_]]:
        """The genre's formulas and the mask of their words, by the run's template; see `words.formulaic.formulas`."""
        share = self._values["template"] or 1.1

        def find() -> tuple[list[list[Any]], npt.NDArray[np.bool_]]:
            table, mask = formulas(paragraphs["tokens"], paragraphs["doc_id"], share)
            return table.to_numpy(dtype=object).tolist(), mask

        rows, mask = KeptResults(self._tables).mask(f"formulas {share}", paragraphs, find)
        return pd.DataFrame(rows, columns=COLUMNS), mask

    def template_mask(self, paragraphs: pd.DataFrame) -> npt.NDArray[np.bool_]:
        """The mask of the words that are the genre's template; see `words.reuse.template_mask`."""
        from ..words.reuse import template_mask

        share = self._values["template"]

        def find() -> tuple[list[list[Any]], npt.NDArray[np.bool_]]:
            return [], template_mask(paragraphs, self._corpus, share)

        return KeptResults(self._tables).mask(f"template {share}", paragraphs, find)[1]

    def publishable(self, table: pd.DataFrame) -> pd.DataFrame:
        """The columns of a table that may be saved."""
        return table

    def omission(self, title: str) -> str:
        """Why a page that quotes the text is left out; empty if it is not."""
        return ""


class WithheldTexts(Texts):
    """The withheld texts of an edition: results are those that were computed when it was made."""

    withheld = True

    def quotable(self, paragraphs: pd.DataFrame) -> pd.DataFrame:
        """No paragraph at all."""
        return paragraphs[:0]

    def compute(self, name: str, function: Callable[..., Any], *arguments: Any, **settings: Any) -> Any:
        """The result that the edition keeps under a name."""
        return edition.read_result(self._tables, name, self._corpus["doc_id"], self._values)

    def formulas(self, paragraphs: pd.DataFrame) -> tuple[pd.DataFrame, npt.NDArray[np.bool_]]:
        """No formula, and the mask of the words that were part of one."""
        return pd.DataFrame(columns=COLUMNS), self._mask(paragraphs, "formulas")

    def template_mask(self, paragraphs: pd.DataFrame) -> npt.NDArray[np.bool_]:
        """The mask of the words that were the genre's template."""
        return self._mask(paragraphs, "template")

    def _mask(self, paragraphs: pd.DataFrame, column: str) -> npt.NDArray[np.bool_]:
        if not self._values["template"]:
            return np.zeros(len(encode(paragraphs["tokens"]).codes), dtype=bool)
        if self._by in WITHIN:  # then `Run.document_ids` may have made each unit a document of its own
            own = [d.removesuffix(f" {u}") for d, u in zip(paragraphs["doc_id"], paragraphs["unit"], strict=True)]
            known = paragraphs["doc_id"].isin(self._corpus["doc_id"])
            paragraphs = paragraphs.assign(doc_id=paragraphs["doc_id"].where(known, own))
        left_out = edition.read_result(self._tables, "left-out", self._corpus["doc_id"], self._values)
        return edition.word_mask(paragraphs, left_out, column)

    def publishable(self, table: pd.DataFrame) -> pd.DataFrame:
        """The table without columns of withheld text."""
        return edition.drop_withheld(table)

    def omission(self, title: str) -> str:
        """That the page is left out, since the tables hold no text."""
        return tr("{title}: left out, since these tables hold no text.", title=title)


def open_texts(tables: Path, corpus: pd.DataFrame, values: Mapping[str, Any], by: str) -> Texts:
    """`Texts` or `WithheldTexts`, as the tables of a folder are; see `Texts` for the parameters."""
    return (Texts if edition.has_text(tables) else WithheldTexts)(tables, corpus, values, by)
