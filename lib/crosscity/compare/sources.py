"""Documents and the sources that they may have something of; how they stand in time."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ..words import reuse

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    Days = tuple[str, str]  # the first and the last day that may be a document's date

ORDERS = ("earlier", "not told", "later")
MEMORY = 10  # years after which what no source has said again is no take-up, but chance, or another thing's name


class Texts(NamedTuple):
    """Documents and sources.

    Attributes
    ----------
    paragraphs : DataFrame
        doc_id, paragraph, text of all.
    corpus : DataFrame
        doc_id, date, year of all.
    sources : sequence of str
        The doc_ids of those that the others may have something of.
    programmes : DataFrame
        doc_id, paragraph, start, end, canonical: what sources and documents name.
    """

    paragraphs: pd.DataFrame
    corpus: pd.DataFrame
    sources: Sequence[str]
    programmes: pd.DataFrame


def known_days(corpus: pd.DataFrame) -> dict[str, Days | None]:
    """The first and the last day that may be each document's date, by doc_id; None if it has none."""
    return dict(zip(corpus["doc_id"], reuse.date_spans(corpus), strict=True))


def order_of(first: Days | None, document: Days | None) -> str:
    """How a source and a document stand in time: one of `ORDERS`."""
    if first is None or document is None:
        return "not told"
    return "earlier" if first[1] < document[0] else "later" if first[0] > document[1] else "not told"


def is_recent(source: Days | None, document: Days | None, year: int = 0) -> bool:
    """Whether a source, or a central document of a year, is less old than `MEMORY` when the document has it."""
    return (
        source is not None and document is not None and int(document[0][:4]) - max(int(source[0][:4]), year) <= MEMORY
    )
