"""Changes of cleaning where they stand in the text that came of it, and that text with them marked."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from markupsafe import Markup, escape

from ..language import tr

if TYPE_CHECKING:
    from typing import Any

    import numpy.typing as npt

COLUMNS = ["paragraph", "start", "end", "change", "rule", "before", "after", "confidence", "stands"]
# Told apart by a sign and a line, not by colour alone.
_STYLE = {
    "deletion": ("−", "del", "background:#d55e0029;text-decoration:line-through"),
    "insertion": ("+", "ins", "background:#009e732e;text-decoration:underline"),
    "damage": ("?", "span", "border:1px dashed currentColor;padding:0 2px"),
}
_LONGEST = 80  # characters of what went that are shown in place


def placed(log: pd.DataFrame, paragraphs: pd.DataFrame) -> pd.DataFrame:
    """Where the changes of one document stand in its paragraphs.

    An offset of a step is followed through the steps after it: it moves by what edits before it added or took away.
    What was changed and then removed with more around it, as a line of page furniture is, stands nowhere any more.

    Parameters
    ----------
    log : DataFrame
        Rows of cleaning_log, of one document.
    paragraphs : DataFrame
        All its paragraphs: columns paragraph, text.

    Returns
    -------
    DataFrame
        Columns `COLUMNS`, in the order of the text: paragraph (the one that a place is in, or before), start, end
        (code points of its text; of a deletion equal), change (insertion, deletion, repair, which is one thing for
        another, damage, which was left, or spaces), rule, before, after, confidence, stands. Of what a later step
        changed once more, start and end are those of what came of it.
    """
    steps = [rows.sort_values("start", kind="stable") for _, rows in log.groupby("step", sort=True)]
    texts = paragraphs["text"].tolist()
    first = np.cumsum([0, *(len(t) + 1 for t in texts)])[:-1]
    parts = []
    for i, rows in enumerate(steps):
        added, taken = rows["after"].str.len().to_numpy(), rows["before"].str.len().to_numpy()
        start = rows["start"].to_numpy() + np.cumsum(np.r_[0, added - taken])[:-1]
        end, stands = start + added, np.ones(len(rows), dtype=bool)
        for later in steps[i + 1 :]:
            start, end, gone = _followed(start, end, later)
            stands &= ~gone
        parts.append(rows.assign(start=start, end=end, stands=stands))
    if not parts or not texts:
        return pd.DataFrame(columns=COLUMNS)
    table = pd.concat(parts, ignore_index=True).sort_values(["start", "end", "step"], kind="stable", ignore_index=True)
    of = np.clip(np.searchsorted(first, table["start"], side="right") - 1, 0, len(texts) - 1)
    long = np.array([len(t) for t in texts])[of]
    for side in ("start", "end"):
        table[side] = np.clip(table[side].to_numpy() - first[of], 0, long)
    table["paragraph"] = paragraphs["paragraph"].to_numpy()[of]
    table["change"] = [_kind(b, a) for b, a in zip(table["before"], table["after"], strict=True)]
    return table[COLUMNS]


def _followed(
    start: npt.NDArray[Any], end: npt.NDArray[Any], later: pd.DataFrame
) -> tuple[npt.NDArray[Any], npt.NDArray[Any], npt.NDArray[Any]]:
    """Places after a further step of edits, which do not overlap; and which lay wholly within one of them."""
    low, high = later["start"].to_numpy(), later["end"].to_numpy()
    moved = np.r_[0, np.cumsum(later["after"].str.len().to_numpy() - (high - low))]
    size = later["after"].str.len().to_numpy()
    before = np.searchsorted(high, start, side="right")  # edits that end at or before the place's start
    begun = np.searchsorted(low, end, side="left")  # edits that begin before its end
    i, j = np.minimum(before, len(low) - 1), np.maximum(begun - 1, 0)
    inside_start = (before < len(low)) & (low[i] < start)
    inside_end = (begun > 0) & (high[j] > end)
    empty = start == end
    gone = (before < len(low)) & (high[i] >= end) & np.where(empty, low[i] < start, low[i] <= start)
    gone &= low[i] < high[i]
    new_start = np.where(inside_start, low[i] + moved[i], start + moved[before])
    new_end = np.where(inside_end, low[j] + moved[j] + size[j], end + moved[begun])
    new_start = np.where(empty & (begun < before), new_end, new_start)  # an insertion right there comes behind
    return new_start, np.maximum(np.where(gone, new_start, new_end), new_start), gone


def _kind(before: str, after: str) -> str:
    if before == after:
        return "damage"
    if not before.strip() and not after.strip():
        return "spaces"
    return "repair" if before and after else "deletion" if before else "insertion"


def marked(
    text: str, changes: pd.DataFrame, here: tuple[int, int] | None = None, spaces: bool = False, most: int = _LONGEST
) -> Markup:
    """A paragraph's text as HTML, with its changes: −what went, +what came, −one thing→+for another, ?damage.

    Parameters
    ----------
    text : str
        Escaped, as is what stands in the table.
    changes : DataFrame
        Rows of `placed`, of this paragraph.
    here : tuple of int, optional
        Start and end of what is to be seen first.
    spaces : bool
        Whether changes of spaces and line ends are shown.
    most : int
        Characters shown of what went; of more, the first.
    """
    low, high = here or (0, 0)

    def plain(start: int, end: int) -> Markup:
        cuts = [min(max(c, start), end) for c in (start, low, high, end)]
        a, b, c = (escape(text[s:e]) for s, e in pairwise(cuts))
        style = "outline:2px solid #0072B2;font-weight:bold;background:#0072b226"
        return a + (Markup('<mark style="{}">{}</mark>').format(style, b) if b else b) + c

    parts, at = [], 0
    rows = changes[changes["stands"] & (spaces | (changes["change"] != "spaces"))]
    for row in rows[["start", "end", "change", "rule", "before", "after", "confidence"]].itertuples(index=False):
        if row.start < at:
            continue
        parts.append(plain(at, row.start))
        said = f"{tr(row.change)}: {row.rule}, {tr('confidence')} {row.confidence:.2g}"
        if row.change == "damage":
            parts.append(_sign("damage", plain(row.start, row.end), said))
        else:
            gone = [_sign("deletion", escape(_visible(row.before, most)), said)] if row.before else []
            came = [_sign("insertion", plain(row.start, row.end) or escape(_visible(row.after)), said)]
            parts += [*gone, *([Markup("→")] if row.before and row.after else []), *(came if row.after else [])]
        at = row.end
    return Markup("").join([*parts, plain(at, len(text))])


def _sign(kind: str, inside: Markup, said: str) -> Markup:
    sign, tag, style = _STYLE[kind]
    made = Markup('<{tag} title="{said}" style="{style}">{sign}{inside}</{tag}>')
    return made.format(tag=tag, said=said, style=style, sign=sign, inside=inside)


def _visible(text: str, most: int = _LONGEST) -> str:
    text = text if len(text) <= most else f"{text[:most]}…({len(text) - most:,})"
    return "".join("⏎" if c == "\n" else c if c.isprintable() or c == "\u3000" else "·" for c in text)


def key() -> Markup:
    """What the signs of `marked` mean."""
    said = [
        _sign("deletion", escape(tr("taken out")), ""),
        _sign("insertion", escape(tr("put in")), ""),
        _sign("deletion", escape(tr("was")), "") + "→" + _sign("insertion", escape(tr("repaired or replaced by")), ""),
        _sign("damage", escape(tr("damaged, left as it is")), ""),
    ]
    return Markup(" &nbsp; ").join(said)
