"""What cleaning did to each document, summed up from the cleaning log."""

from __future__ import annotations

import html
from collections import Counter
from typing import TYPE_CHECKING, Any

import pandas as pd

from ..files import without_invisible
from ..language import display_name, tr
from ..ordering import sort_rows

if TYPE_CHECKING:
    from collections.abc import Mapping

_LONGEST = 36  # characters of an example
# The class of each rule of the log, as a reader would call it; in the order of figures.
CLASSES = {
    "furniture": "page furniture removed",
    "pinyin": "pinyin removed",
    "script": "traditional to simplified",
    "form": "variant characters normalised",
    "blank": "blanks between words removed",
    "entity": "entities and stray marks",
    "backslash": "entities and stray marks",
    "enumerator": "entities and stray marks",
    "end-mark": "entities and stray marks",
    "join": "lines joined",
    "split": "lines parted",
    "slip": "slipped bytes repaired",
    "damaged": "damaged, left as it is",
    "line-end": "spaces and empty lines",
    "indent": "spaces and empty lines",
    "blank-line": "spaces and empty lines",
}


def summary(log: pd.DataFrame) -> pd.DataFrame:
    """How often cleaning changed each document, by class of change.

    Parameters
    ----------
    log : DataFrame
        The table cleaning_log.

    Returns
    -------
    DataFrame
        Columns doc_id, change (a class), changes (their number), characters (that were removed, replaced or, where
        damage was left, concerned); by document and class.
    """
    rule = log["rule"].str.replace(":.*", "", regex=True)
    table = pd.DataFrame(
        {
            "doc_id": log["doc_id"],
            "change": pd.Categorical(rule.map(CLASSES), list(dict.fromkeys(CLASSES.values()))),
            "characters": log["before"].str.len(),
        }
    )
    grouped = table.groupby(["doc_id", "change"], observed=True, sort=False)["characters"]
    counts = grouped.agg(changes="size", characters="sum").reset_index()
    return sort_rows(counts, ["doc_id", "change"]).reset_index(drop=True).astype({"change": "str"})


def dropped_lines(log: pd.DataFrame) -> pd.DataFrame:
    """Lines that were removed as boilerplate: doc_id, line, why, text."""
    rows = log[log["rule"].str.startswith("furniture")]
    why = rows["rule"].str.removeprefix("furniture:")
    return pd.DataFrame(
        {"doc_id": rows["doc_id"], "line": rows["line"], "why": why, "text": rows["before"]}
    ).reset_index(drop=True)


def examples(log: pd.DataFrame, limit: int = 6) -> pd.DataFrame:
    """The commonest changes of each class in each document, before and after.

    Parameters
    ----------
    log : DataFrame
        The table cleaning_log.
    limit : int
        Examples of a class; of slipped bytes and of damage all are given.

    Returns
    -------
    DataFrame
        `summary`, without spaces and empty lines, and a column examples: a list of (before, after, how often), the
        commonest first, then in the order of the text.
    """
    table = summary(log)
    table = table[table["change"] != CLASSES["blank-line"]].reset_index(drop=True)
    changes = log["rule"].str.replace(":.*", "", regex=True).map(CLASSES)
    commonest = {}
    for key, rows in log.groupby([log["doc_id"], changes], sort=False):
        frequency = Counter(zip(rows["before"], rows["after"], strict=True))
        whole = key[1] in (CLASSES["slip"], CLASSES["damaged"])
        commonest[key] = [(before, after, n) for (before, after), n in frequency.most_common(None if whole else limit)]
    keys = zip(table["doc_id"], table["change"], strict=True)
    return table.assign(examples=pd.Series([commonest[key] for key in keys], dtype="object"))


def examples_page(log: pd.DataFrame, names: Mapping[str, str], limit: int = 6) -> str:
    """`examples` as HTML: what was removed is struck out, what came instead is marked.

    Parameters
    ----------
    log : DataFrame
        The table cleaning_log.
    names : dict of str to str
        Names of the documents to show, in order, by doc_id.
    limit : int
        See `examples`.

    Returns
    -------
    str
        Whatever stands in the documents is escaped.
    """
    table = examples(log[log["doc_id"].isin(names)], limit)
    parts = []
    for doc_id, name in names.items():
        cells = "".join(map(_row_html, table[table["doc_id"] == doc_id].itertuples()))
        cells = cells or f"<tr><td>{tr('nothing but spaces and empty lines, at most')}</td></tr>"
        parts.append(f"<h4>{html.escape(name)}</h4><table>{cells}</table>")
    return "".join(parts)


def _row_html(row: Any) -> str:
    pieces = []
    for before, after, n in row.examples:
        piece = _excerpt(before)
        if before != after:
            piece = f"<del style='background:#fbdcd8'>{piece}</del>"
            piece += f"<ins style='background:#d9f0dd;text-decoration:none'>{_excerpt(after)}</ins>"
        pieces.append(piece + (f" ×{n}" if n > 1 else ""))
    rest = row.changes - sum(n for *_, n in row.examples)
    listed = " · ".join(pieces) + (tr(" · and {n:,} more", n=rest) if rest else "")
    change = html.escape(display_name("change", row.change))
    return (
        f"<tr><td>{change}</td><td style='text-align:right'>{row.changes:,}</td>"
        f"<td style='text-align:left'>{listed}</td></tr>"
    )


def _excerpt(text: str) -> str:
    visible = text.strip("\n") if text.strip("\n") else "⏎" * min(1, len(text))
    visible = visible if len(visible) <= _LONGEST else f"{visible[: _LONGEST - 1]}…"
    return html.escape("".join(c if c.isprintable() and without_invisible(c) else "·" for c in visible))
