"""Documents of other corpora that those of a study are held against."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pandas as pd

from ..tables import read_table
from .groups import document_label

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence


class References(NamedTuple):
    """Documents of other corpora; doc_id is a reference's label (city, province, year ...) and "(reference)".

    Attributes
    ----------
    corpus, paragraphs, programmes : DataFrame
        Their rows; programmes is empty where tables were built without it.
    """

    corpus: pd.DataFrame
    paragraphs: pd.DataFrame
    programmes: pd.DataFrame

    @property
    def ids(self) -> list[str]:
        """The names of those that have text, in order."""
        return sorted(set(self.paragraphs["doc_id"]))


def read_references(folders: Sequence[str], kinds: Collection[str]) -> References:
    """The documents in folders of tables, without those that their corpora leave out.

    Parameters
    ----------
    folders : sequence of str
        Of two references with the same label the later has the name of its folder as well.
    kinds : collection of str
        Of paragraphs.
    """
    corpora, texts, named = list[pd.DataFrame](), list[pd.DataFrame](), list[pd.DataFrame]()
    taken = set[str]()
    for folder in folders:
        corpus = read_table("corpus", folder)
        corpus = corpus[corpus["exclude"] == ""]
        labels = [f"{label} (reference)" for label in document_label(corpus).astype(str)]
        labels = [f"{label} {Path(folder).name}" if label in taken else label for label in labels]
        taken.update(labels)
        names = dict(zip(corpus["doc_id"], labels, strict=True))
        paragraphs = read_table("paragraphs", folder)
        paragraphs = paragraphs[paragraphs["kind"].isin(set(kinds))]
        programmes = [read_table("programmes", folder)] if (Path(folder) / "programmes.parquet").is_file() else []
        for tables, found in ((corpora, [corpus]), (texts, [paragraphs]), (named, programmes)):
            tables += [t[t["doc_id"].isin(names)].assign(doc_id=lambda t, n=names: t["doc_id"].map(n)) for t in found]
    if not named:
        named = [pd.DataFrame(columns=["doc_id", "canonical"])]
    return References(*(pd.concat(tables, ignore_index=True) for tables in (corpora, texts, named)))
