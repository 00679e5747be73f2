"""Changes of cleaning: where they lie in the cleaned paragraphs, and these paragraphs with the changes marked."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from markupsafe import Markup, escape

from ..files import without_invisible
from ..language import tr

if TYPE_CHECKING:
    from typing import Any

    import numpy.typing as npt

COLUMNS = ["paragraph", "start", "end", "change", "rule", "before", "after", "confidence", "stands"]
# A sign, a tag and a style for each: a sign and a line, since colour alone is not seen by all.
_STYLE = {
    "deletion": ("−", "del", "background:#d55e0029;text-decoration:line-through"),
    "insertion": ("+", "ins", "background:#009e732e;text-decoration:underline"),
    "damage": ("?", "span", "border:1px dashed currentColor;padding:0 2px"),
}
_LONGEST = 80  # characters of a deletion that are shown


def locate_changes(log: pd.DataFrame, paragraphs: pd.DataFrame) -> pd.DataFrame:
    """Where the changes of one document lie in its paragraphs.

    An offset of a step is carried through the later steps: it moves by what the edits before it added or removed. What
    was changed and later removed with more around it, such as a line of boilerplate, no longer stands in the text.

    Parameters
    ----------
    log : DataFrame
        Rows of cleaning_log, of one document.
    paragraphs : DataFrame
        All its paragraphs: columns paragraph, text.

    Returns
    -------
    DataFrame
        Columns `COLUMNS`, in the order of the text: paragraph (that of the change, or before it), start, end (code
        points of its text; equal for a deletion), change (insertion, deletion, repair, damage that was left, or
        spaces), rule, before, after, confidence, stands. Where a later step changed the text once more, start and end
        are those of the later text.
    """
    steps = [rows.sort_values("start", kind="stable") for _, rows in log.groupby("step", sort=True)]
    texts = paragraphs["text"].tolist()
    first = np.cumsum([0, *(len(t) + 1 for t in texts)])[:-1]  # of each paragraph's characters in the whole text
    parts = []
    for i, rows in enumerate(steps):
        added, removed = rows["after"].str.len().to_numpy(), rows["before"].str.len().to_numpy()
        start = rows["start"].to_numpy() + np.cumsum(np.r_[0, added - removed])[:-1]
        end, stands = start + added, np.ones(len(rows), dtype=bool)
        for later in steps[i + 1 :]:
            start, end, is_gone = _carry_offsets(start, end, later)
            stands &= ~is_gone
        parts.append(rows.assign(start=start, end=end, stands=stands))
    if not parts or not texts:
        return pd.DataFrame(columns=COLUMNS)
    table = pd.concat(parts, ignore_index=True).sort_values(["start", "end", "step"], kind="stable", ignore_index=True)
    of = np.clip(np.searchsorted(first, table["start"], side="right") - 1, 0, len(texts) - 1)
    long = np.array([len(t) for t in texts])[of]
    for side in ("start", "end"):
        table[side] = np.clip(table[side].to_numpy() - first[of], 0, long)
    table["paragraph"] = paragraphs["paragraph"].to_numpy()[of]
    table["change"] = [_change(b, a) for b, a in zip(table["before"], table["after"], strict=True)]
    return table[COLUMNS]


def _carry_offsets(
    start: npt.NDArray[Any], end: npt.NDArray[Any], later: pd.DataFrame
) -> tuple[npt.NDArray[Any], npt.NDArray[Any], npt.NDArray[Any]]:
    """Offsets after a further step of edits, which do not overlap; and which places lay wholly within one of them."""
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


def restore_original(log: pd.DataFrame, paragraphs: pd.DataFrame) -> pd.DataFrame:
    """The text as it was read: each step of cleaning undone, the last one first.

    Parameters
    ----------
    log : DataFrame
        Rows of cleaning_log, of one document.
    paragraphs : DataFrame
        All its paragraphs: columns paragraph, text.

    Returns
    -------
    DataFrame
        Columns paragraph, text: what stood from where the paragraph begins to where the next one does. What was taken
        out before the first belongs to it.
    """
    texts = paragraphs["text"].tolist()
    text, cuts = "\n".join(texts), np.cumsum([0, *(len(t) + 1 for t in texts)])[:-1]
    for _, rows in reversed(list(log.groupby("step", sort=True))):
        rows = rows.sort_values("start", kind="stable")
        start, added = rows["start"].to_numpy(), rows["after"].str.len().to_numpy()
        moved = np.r_[0, np.cumsum(rows["before"].str.len().to_numpy() - added)]
        low = start - moved[:-1]  # where each edit stands in the text that the step gave
        pieces, at = [], 0
        for place, before, after in zip(low.tolist(), rows["before"], rows["after"], strict=True):
            pieces += [text[at:place], before]
            at = place + len(after)
        text = "".join([*pieces, text[at:]])
        begun = np.searchsorted(low, cuts, side="left")  # edits that begin before a paragraph does
        last = np.maximum(begun - 1, 0)
        within = (begun > 0) & (low[last] + added[last] > cuts)
        cuts = np.where(within, start[last], cuts + moved[begun])
    ends = [*cuts[1:].tolist(), len(text)]
    starts = [0, *cuts[1:].tolist()]
    own = [text[s:e] for s, e in zip(starts, ends, strict=True)] if texts else []
    return pd.DataFrame({"paragraph": paragraphs["paragraph"].to_numpy(), "text": own})


def _change(before: str, after: str) -> str:
    """Which change turns the one text into the other."""
    if before == after:
        return "damage"
    if not before.strip() and not after.strip():
        return "spaces"
    if before and after:
        return "repair"
    return "deletion" if before else "insertion"


def mark_changes(text: str, changes: pd.DataFrame, here: tuple[int, int] | None = None, spaces: bool = False) -> Markup:
    """A paragraph's text as HTML with its changes marked: −deleted, +inserted, −one→+for another, ?damaged.

    Parameters
    ----------
    text : str
        Escaped, as are the texts in the table.
    changes : DataFrame
        Rows of `locate_changes`, of this paragraph.
    here : tuple of int, optional
        Start and end of a place to point out.
    spaces : bool
        Whether changes of spaces and line ends are shown.
    """
    low, high = here or (0, 0)

    def unchanged(start: int, end: int) -> Markup:
        cuts = [min(max(c, start), end) for c in (start, low, high, end)]
        before, inside, after = (escape(text[s:e]) for s, e in pairwise(cuts))
        if inside:
            style = "outline:2px solid #0072B2;font-weight:bold;background:#0072b226"
            inside = Markup('<mark style="{}">{}</mark>').format(style, inside)
        return before + inside + after

    parts, at = [], 0
    rows = changes[changes["stands"] & (spaces | (changes["change"] != "spaces"))]
    for row in rows[["start", "end", "change", "rule", "before", "after", "confidence"]].itertuples(index=False):
        if row.start < at:
            continue
        parts.append(unchanged(at, row.start))
        title = f"{tr(row.change)}: {row.rule}, {tr('confidence')} {row.confidence:.2g}"
        deleted = escape(_visible(row.before))
        inserted = unchanged(row.start, row.end) or escape(_visible(row.after))
        if row.change == "damage":
            parts.append(_sign("damage", unchanged(row.start, row.end), title))
        elif row.before and row.after:
            parts += [_sign("deletion", deleted, title), Markup("→"), _sign("insertion", inserted, title)]
        elif row.before:
            parts.append(_sign("deletion", deleted, title))
        elif row.after:
            parts.append(_sign("insertion", inserted, title))
        at = row.end
    return Markup("").join([*parts, unchanged(at, len(text))])


def legend() -> Markup:
    """What the signs of `mark_changes` mean."""
    repair = _sign("deletion", escape(tr("was"))) + "→" + _sign("insertion", escape(tr("repaired or replaced by")))
    signs = [
        _sign("deletion", escape(tr("taken out"))),
        _sign("insertion", escape(tr("put in"))),
        repair,
        _sign("damage", escape(tr("damaged, left as it is"))),
    ]
    return Markup(" &nbsp; ").join(signs)


def _sign(kind: str, inside: Markup, title: str = "") -> Markup:
    sign, tag, style = _STYLE[kind]
    html = Markup('<{tag} title="{title}" style="{style}">{sign}{inside}</{tag}>')
    return html.format(tag=tag, title=title, style=style, sign=sign, inside=inside)


def _visible(text: str) -> str:
    """A text with marks for line ends and other characters that do not show; of a long one, the beginning."""
    if len(text) > _LONGEST:
        text = f"{text[:_LONGEST]}…({len(text) - _LONGEST:,})"
    return "".join(map(_shown, text))


def _shown(character: str) -> str:
    if character == "\n":
        return "⏎"
    is_seen = character.isprintable() and without_invisible(character)
    return character if is_seen or character == "\u3000" else "·"
