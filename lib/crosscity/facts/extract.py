"""What a document states, as rows of five tables: quantities, programmes, citations, themes, stances."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from .citations import citations
from .programmes import programmes
from .quantities import quantities
from .stances import stances

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from .codebook import Codebook

OFFICIAL = ("work report", "resolution")  # documents of governments, which the codebook of party-building is not about


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
        As `codebook.read_codebook` takes it; "none"; or empty: that of government reports for these and resolutions,
        that of party-building for all others.

    Returns
    -------
    dict of str to list of dict
        By table. Programmes are not linked yet: `canonical` is the name, and `reach` is own where the words
        before it say so, else unknown.
    """
    from .linking import is_own

    texts = dict(zip(paragraphs["paragraph"], paragraphs["text"], strict=True))
    rows = [dict(zip(paragraphs, values, strict=True)) for values in zip(*paragraphs.values(), strict=True)]
    return {
        "quantities": quantities(rows, row["year"], row["city"] or row["province"], row["date"]),
        "programmes": [
            {**m._asdict(), "canonical": m.name, "reach": "own" if is_own(texts[m.paragraph], m.start) else "unknown"}
            for m in programmes(rows)
        ],
        "citations": [c._asdict() for c in citations(rows)],
        "themes": _themes(row, paragraphs, tokens, codebook),
        "stances": [s._asdict() for s in stances(paragraphs, row["speaker"], row["genre"])],
    }


def _themes(row: Mapping[str, Any], paragraphs: Mapping[str, Sequence[Any]], tokens: Any, codebook: str) -> Any:
    from .themes import themes

    if codebook == "none":
        return []
    book = _book(codebook or ("report" if row["doc_type"] in OFFICIAL else "party"))
    return [theme._asdict() for theme in themes(paragraphs, tokens, book)]


@functools.cache
def _book(name: str) -> Codebook:
    from .codebook import read_codebook

    return read_codebook(name)
