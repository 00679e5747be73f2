"""What each sentence does (report, plan, name a problem or its cause, state a rule), and in whose voice."""

from __future__ import annotations

from numbers import Real
from typing import TYPE_CHECKING, NamedTuple

from .observations import observe, sentences
from .voices import VOICES
from .weights import STANCES, likeliest

if TYPE_CHECKING:
    from typing import Any

__all__ = ["STANCES", "VOICES", "Stance", "sentences", "stances"]


class Stance(NamedTuple):
    """Stance and voice of a sentence.

    Attributes
    ----------
    paragraph : int
    start, end : int
        Code points of the paragraph's text, half-open, without surrounding white space.
    stance : str
        Of `STANCES`.
    voice : str
        Of `VOICES`.
    """

    paragraph: int
    start: int
    end: int
    stance: str
    voice: str


def stances(paragraphs: Any, speaker: str = "", doc_type: str = "", year: float | None = None) -> list[Stance]:
    """Stance and voice of each sentence of one document's body and notes, in order.

    What is seen of a sentence (`observations`: its words, the headings above it, its place, the type of the document)
    is weighed by what was learned from coded sentences (`weights`), together with what the sentences around it do.

    Parameters
    ----------
    paragraphs : mapping of str to sequences
        Columns paragraph, kind, section and text of the table, and unit if there is one; a DataFrame is one.
    speaker : str
        As in `corpus`; an office (书记, 市长) makes a text in the first person a secretary's.
    doc_type : str
        Of `documents.DOCUMENT_TYPES`, or empty.
    year : int, optional
        The document's; a heading of a work report that names it or a later one (2024年工作) is one of a plan.
    """
    known = int(year) if isinstance(year, Real) and year == year else None
    seen = observe(paragraphs, speaker, doc_type, known)
    return [
        Stance(int(one.paragraph), one.start, one.end, stance, one.voice)
        for one, stance in zip(seen, likeliest(seen, doc_type), strict=True)
    ]
