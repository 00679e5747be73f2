"""A page of terms in context, to be browsed without script or network."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .. import combined_error
from ..compare.collocations import KWIC_COLUMNS
from ..language import tr
from .topics_page import fragment_problems, template

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    import pandas as pd


def concordance(
    lines: pd.DataFrame,
    terms: Iterable[str] | None = None,
    notes: Iterable[str] = (),
    prefix: str = "lines",
    about: Any | None = None,
) -> str:
    """Terms, each with its lines, as a fragment of HTML for `topics_page.page`: the term in the middle, its source before.

    Parameters
    ----------
    lines : DataFrame
        Of `compare.collocations.kwic`.
    terms : sequence of str, optional
        Their order; one without lines is said to have none. Left out: as they come in the table.
    notes : sequence of str
        What the figures of this corpus must say; shown first.
    prefix : str
        Of every id: a letter, then letters, digits, - and _.
    about : str, optional
        What is said above the lines, where they are not those of words.

    Returns
    -------
    str

    Raises
    ------
    CrosscityError
        If the table lacks a column, or the prefix is no id.
    """
    if problems := fragment_problems(prefix, lines, KWIC_COLUMNS, "lines", "context.kwic"):
        raise combined_error(problems)
    parts = dict(list(lines.groupby("term", sort=False)))
    shown = []
    for term in dict.fromkeys(lines["term"] if terms is None else terms):
        part = parts.get(term, lines.head(0))
        total = int(part["total"].max()) if len(part) else 0
        said = _extent(len(part), total, part["doc_id"].nunique())
        rows = [
            (source(*row[:3]), *row[3:])
            for row in part[["group", "doc_id", "paragraph", "left", "node", "right"]].itertuples(index=False)
        ]
        wide = max((len(node) for node in part["node"]), default=len(term))
        shown.append({"term": term, "said": said, "lines": rows, "ems": round(1.05 * wide + 0.6, 2)})
    cut_short = any(len(part) < part["total"].iloc[0] for part in parts.values())
    said = tr(
        "Each line names its group, document and paragraph. A term is a word as it is cut; inside a longer word it "
        "does not count."
    )
    said += tr(" Where there are more lines than shown, documents take turns.") if cut_short else ""
    notes = [notes] if isinstance(notes, str) else list(notes)
    return template("concordance.html").render(terms=shown, notes=notes, prefix=prefix, said=about or said)


def _extent(n: int, total: int, documents: int) -> str:
    """How many lines of a term are shown, and from how many documents they are."""
    if not total:
        return tr("no line")
    lines = tr("{n:,} of {total:,} lines", n=n, total=total) if total > 1 else tr("1 of 1 line")
    if documents > 1:
        return tr("{lines}, from {n:,} documents", lines=lines, n=documents)
    return tr("{lines}, from 1 document", lines=lines)


def source(group: Any, doc_id: str, paragraph: int) -> str:
    """Where a line is from; a group of one document has often its name."""
    return f"{doc_id} ¶{paragraph}" if str(group) == str(doc_id) else f"{group} · {doc_id} ¶{paragraph}"
