"""Terms in context as a fragment of HTML, to be browsed without script or network."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .. import combined_error
from ..compare.collocations import KWIC_COLUMNS
from ..language import tr
from .fragments import as_list, input_problems, source, template

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd


def concordance(
    lines: pd.DataFrame,
    terms: Iterable[str] | None = None,
    notes: str | Iterable[str] = (),
    prefix: str = "lines",
    about: str | None = None,
) -> str:
    """Terms, each with its lines, as a fragment for `fragments.page`: the term in the middle, the source before it.

    Parameters
    ----------
    lines : DataFrame
        Of `compare.collocations.kwic`.
    terms : sequence of str, optional
        Their order; a term without lines is listed as such. Left out: the order of the table.
    notes : sequence of str
        Caveats of this corpus; shown first.
    prefix : str
        Of every id: a letter, then letters, digits, - and _.
    about : str, optional
        Replaces the explanation above the lines, which is of words.

    Raises
    ------
    CrosscityError
        If the table lacks a column, or the prefix is not an id.
    """
    if problems := input_problems(lines, KWIC_COLUMNS, "lines", "collocations.kwic", prefix):
        raise combined_error(problems)
    lines_of = dict(list(lines.groupby("term", sort=False)))
    order = dict.fromkeys(lines["term"] if terms is None else terms)
    sections = [_section(term, lines_of.get(term, lines.head(0))) for term in order]
    if not about:
        about = tr(
            "Each line names its group, document and paragraph. A term is a word as it is cut; inside a longer word it "
            "does not count."
        )
        if any(len(part) < part["total"].iloc[0] for part in lines_of.values()):
            about += tr(" Where there are more lines than shown, documents take turns.")
    return template("concordance.html").render(terms=sections, notes=as_list(notes), prefix=prefix, about=about)


def _section(term: str, lines: pd.DataFrame) -> dict[str, object]:
    """One term as the template shows it."""
    total = int(lines["total"].max()) if len(lines) else 0
    columns = ["group", "doc_id", "paragraph", "left", "node", "right"]
    widest = max((len(node) for node in lines["node"]), default=len(term))
    return {
        "term": term,
        "extent": _extent(len(lines), total, lines["doc_id"].nunique()),
        "lines": [(source(*row[:3]), *row[3:]) for row in lines[columns].itertuples(index=False)],
        "ems": round(1.05 * widest + 0.6, 2),
    }


def _extent(n: int, total: int, documents: int) -> str:
    """How many lines of a term are shown, and from how many documents they come."""
    if not total:
        return tr("no line")
    lines = tr("{n:,} of {total:,} lines", n=n, total=total) if total > 1 else tr("1 of 1 line")
    if documents > 1:
        return tr("{lines}, from {n:,} documents", lines=lines, n=documents)
    return tr("{lines}, from 1 document", lines=lines)
