"""What a document states, as rows of five tables: quantities, programmes, citations, themes, stances."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from ..chinese import chinese_marks
from .citations import citations
from .codebook import SHIPPED_CODEBOOKS, read_codebook
from .fields import is_on_party_building
from .programmes import programmes
from .quantities import quantities
from .reach import claimed_reach
from .stances import stances
from .themes import themes

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from typing import Any

OFFICIAL = ("work report", "resolution")  # documents of governments, which have a codebook of their own


def facts_of(
    row: Mapping[str, Any], paragraphs: Mapping[str, Sequence[Any]], tokens: Any, codebook: str = ""
) -> dict[str, list[dict[str, Any]]]:
    """Rows of the five tables for one document, without its doc_id.

    Parameters
    ----------
    row : dict
        The document's row of `corpus`.
    paragraphs : dict of str to sequences
        Columns of its table of paragraphs.
    tokens : sequence of sequences of str, or Arrow array of lists
    codebook : str
        As `read_codebook` takes it; "none"; or empty: the one on government reports for these and for resolutions, that
        on party-building for documents about it, and that of general fields of policy for all others.

    Returns
    -------
    dict of str to list of dict
        By table. Programmes are not linked yet: `canonical` is the name, and `reach` what the words around it say.
    """
    texts = dict(zip(paragraphs["paragraph"], map(chinese_marks, paragraphs["text"]), strict=True))
    rows = [dict(zip(paragraphs, values, strict=True)) for values in zip(*paragraphs.values(), strict=True)]
    said = stances(paragraphs, row["speaker"], row["doc_type"], row["year"])
    place = row["city"] or row["province"]
    mentions = []
    for mention in programmes(rows):
        reach = claimed_reach(texts[mention.paragraph], mention.start, mention.end, mention.components)
        mentions.append({**mention._asdict(), "canonical": mention.name, "reach": reach})
    paragraph_themes = []
    if codebook != "none":
        book = _codebook(codebook or fitting_codebook(row["doc_type"], texts.values()))
        paragraph_themes = themes(paragraphs, tokens, book)
    return {
        "quantities": quantities(
            rows, row["year"], place, row["date"], row["doc_type"], said, is_on_party_building(texts.values())
        ),
        "programmes": mentions,
        "citations": [citation._asdict() for citation in citations(rows)],
        "themes": [theme._asdict() for theme in paragraph_themes],
        "stances": [stance._asdict() for stance in said],
    }


def fitting_codebook(doc_type: str, texts: Iterable[str]) -> str:
    """The shipped codebook whose field a document is of, by its type and its paragraphs."""
    if doc_type in OFFICIAL:
        return "report"
    return "party" if is_on_party_building(texts) else "policy"


def fitted_codebook(coded: Iterable[str], doc_type: str) -> str:
    """The shipped codebook that a document was coded with, by its themes; by its type where they do not tell.

    Parameters
    ----------
    coded : iterable of str
        Themes of its paragraphs.
    doc_type : str
    """
    themes_found = set(coded) - {"general"}
    fitting = [name for name in SHIPPED_CODEBOOKS if themes_found and themes_found <= _theme_names(name)]
    return fitting[0] if len(fitting) == 1 else "report" if doc_type in OFFICIAL else "policy"


@functools.cache
def _theme_names(codebook: str) -> frozenset[str]:
    return frozenset(theme.name for theme in _codebook(codebook).themes)


_codebook = functools.cache(read_codebook)
