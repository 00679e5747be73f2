"""Text that documents share: passages, how much of a document is template, what comparisons can leave out.

`template` finds formulas: runs of eight words or more that recur word for word in a fifth of the documents. Here any
two documents are enough, and part of the characters may differ, but a passage has thirty of them: shorter ones are
phrases of the genre. `mask` gives what `formulaic.formulas` gives; both go to `formulaic.without`, alone or joined by |.
"""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from rapidfuzz.distance import Indel

from .. import CrosscityError
from .formulaic import formulas
from .matching import LENGTH, OTHER, PLACE, SIMILARITY, lay_out, matches

if TYPE_CHECKING:
    from collections.abc import Collection
    from typing import Any

    import numpy.typing as npt

    from .matching import Layout

__all__ = ["LENGTH", "OTHER", "PLACE", "SIMILARITY", "coverage", "mask", "matches", "passages", "strips", "taken_up"]
__all__ += ["template_words"]
SAME = 0.5  # overlap of spans that are one place; likeness of a place and the one that stands for its passage
CLASSES = ("reference", "central", "shared", "own")
_PASSAGES = ["passage", "place", *PLACE, "documents", "references", "earliest", "dating", "text"]


def passages(
    found: pd.DataFrame, paragraphs: pd.DataFrame, corpus: pd.DataFrame, references: Collection[str] = ()
) -> pd.DataFrame:
    """Matches gathered to passages: all places at which each stands.

    Spans of a document that overlap by half are one place (from the median of their begins to that of their ends).
    A passage grows from the place with the most matches along matches, as long as a place is at least half like that
    first one: so it cannot drift along a chain. A place may be of several passages, as one may hold another.

    Parameters
    ----------
    found : DataFrame
        `matches` of these paragraphs.
    paragraphs : DataFrame
    corpus : DataFrame
        Columns doc_id, date and year, of all documents.
    references : collection of str

    Returns
    -------
    DataFrame
        passage (from 1: the most widely held, then the longest first), place (its number in the passage; one that runs
        over the end of a paragraph has several rows), doc_id, paragraph, start, end, documents (how many hold it,
        references apart), references (how many of these do), earliest (doc_id of the earliest dated of all, empty if
        there is none), dating ("known"; "some undated", others are later; "tied", as several are of the earliest date,
        or 2024 is not told from 2024-08; "undated"), text (of the place that stands for the passage).

    Raises
    ------
    CrosscityError
        If the corpus lacks a document, or the paragraphs are not those in which the matches were found.
    """
    text = lay_out(paragraphs, references)
    spans = _spans(text, found)
    number, begin, end = _places(spans)
    whole = "".join(text.rows["text"])
    alone: dict[int, str] = {}
    document = text.document[text.row(begin)] if len(begin) else begin
    half = len(number) // 2
    links = np.unique(np.r_[np.c_[number[:half], number[half:]], np.c_[number[half:], number[:half]]], axis=0)
    first = np.searchsorted(links[:, 0], np.arange(len(begin) + 1))
    neighbours = [links[a:b, 1].tolist() for a, b in pairwise(first.tolist())]

    def words(place: int) -> str:
        return alone.setdefault(place, whole[begin[place] : end[place]])

    taken, gathered = set[int](), []
    for leader in sorted(range(len(begin)), key=lambda p: (-len(neighbours[p]), p)):
        if leader in taken:
            continue
        members, seen, queue = [leader], {leader}, [leader]
        while queue:
            for place in neighbours[queue.pop()]:
                if place in seen:
                    continue
                seen.add(place)
                if Indel.normalized_similarity(words(leader), words(place), score_cutoff=SAME):
                    members.append(place)
                    if place not in taken:
                        queue.append(place)
        if len({int(document[p]) for p in members}) == 1:
            members = sorted({*members, *neighbours[leader]})
        taken.update(members)
        gathered.append((leader, sorted(members)))
    dates, lines, rows = _dates(corpus, text.names), text.rows["text"].tolist(), []
    for leader, members in gathered:
        documents = sorted({int(document[p]) for p in members})
        known = sum(d < text.references for d in documents)
        shown = "\n".join(lines[row][a:b] for row, a, b in text.pieces(int(begin[leader]), int(end[leader])))
        about = len(documents) - known, known, *_earliest(documents, dates, text.names), shown
        rows.append((about, [(int(begin[p]), int(end[p])) for p in members]))
    rows.sort(key=lambda r: (-r[0][0], -len(r[0][-1]), r[0][-1], r[1]))
    names, paragraph = text.names[text.document], text.rows["paragraph"].to_numpy()
    table = [
        (number, place, names[row], paragraph[row], start, stop, *about)
        for number, (about, members) in enumerate(rows, 1)
        for place, member in enumerate(members, 1)
        for row, start, stop in text.pieces(*member)
    ]
    return pd.DataFrame(table, columns=_PASSAGES)


def _spans(text: Layout, found: pd.DataFrame) -> Any:
    """Both sides of each match, over all its parts: begins and ends, those of one side first."""
    sides = []
    for columns in (PLACE, OTHER):
        begin, end = text.places(found, columns)
        whole = pd.DataFrame({"begin": begin, "end": end}).groupby(found["match"].to_numpy(), sort=True)
        sides.append(whole.agg({"begin": "min", "end": "max"}).to_numpy(dtype=np.int64))
    return np.concatenate(sides)


def _places(spans: npt.NDArray[Any]) -> Any:
    """Number of the place of each span; begins and ends of the places."""
    single, which = np.unique(spans, axis=0, return_inverse=True)
    number, leaders = np.zeros(len(single), np.int64), 0
    active: list[tuple[int, int, int]] = []
    order = np.lexsort((-single[:, 1], single[:, 0]))
    for s, (begin, end) in zip(order.tolist(), single[order].tolist(), strict=True):
        active = [a for a in active if a[1] > begin]
        best, most = leaders, 0
        for a, b, place in active:
            overlap = (min(end, b) - begin) / (max(end, b) - a)
            if overlap >= SAME and overlap > most:
                best, most = place, overlap
        if best == leaders:
            active.append((begin, end, leaders))
            leaders += 1
        number[s] = best
    number = number[which.ravel()]
    sizes = np.bincount(number, minlength=leaders)
    first = np.cumsum(sizes) - sizes
    begin = spans[np.lexsort((spans[:, 0], number))[first + (sizes - 1) // 2], 0]
    return number, begin, spans[np.lexsort((spans[:, 1], number))[first + sizes // 2], 1]


def _dates(corpus: pd.DataFrame, names: Any) -> Any:
    """First and last day that each document may be of, as strings; None where it has no date."""
    if unknown := sorted(set(names) - set(corpus["doc_id"])):
        msg = f"{unknown[0]!r} is not in the corpus table: give the rows of all documents, references too"
        raise CrosscityError(msg)
    rows = corpus.set_index("doc_id").reindex(names)
    dates = []
    for date, year in zip(rows["date"].fillna(""), rows["year"], strict=True):
        date = str(date) or ("" if pd.isna(year) else f"{int(year):04}")
        dates.append((f"{date}-00-00"[:10], f"{date}-99-99"[:10]) if date else None)
    return dates


def _earliest(documents: Any, dates: Any, names: Any) -> Any:
    """The document that is earlier than all others that are dated, or none, and how far that is known."""
    dated = sorted((dates[d], d) for d in documents if dates[d])
    if not dated:
        return "", "undated"
    (_, last), first = dated[0]
    if any(date[0] <= last for date, _ in dated[1:]):
        return "", "tied"
    return names[first], "known" if len(dated) == len(documents) else "some undated"


def strips(
    found: pd.DataFrame,
    gathered: pd.DataFrame,
    paragraphs: pd.DataFrame,
    references: Collection[str] = (),
    share: float = 0.2,
    least: int = 5,
) -> pd.DataFrame:
    """What each document's text is, from its first character to its last.

    Parameters
    ----------
    found, gathered : DataFrame
        `matches` and `passages` of these paragraphs.
    paragraphs : DataFrame
    references : collection of str
    share : float
    least : int
        Documents: a passage is central if `least` of them and `share` of all have it, as in `formulaic.formulas`.

    Returns
    -------
    DataFrame
        doc_id, start, end (code points of its paragraphs one after the other, half-open), class: reference (a reference
        has it), central, shared (another document has it), own. The first that fits; of a reference, no first.
    """
    text = lay_out(paragraphs, references)
    need = max(least, math.ceil(round(share * (len(text.names) - text.references), 9)))
    known = gathered["references"] > 0
    of_reference = [text.places(gathered[known])]
    if text.references:
        of_reference.append(text.places(found[found["other_doc"].isin(set(references))]))
    layers = [
        of_reference,
        [text.places(gathered[gathered["documents"] >= need])],
        [text.places(found), text.places(found, OTHER), text.places(gathered)],
    ]
    kind = np.full(int(text.starts[-1]), len(CLASSES) - 1, np.int8)
    begins = text.starts[np.searchsorted(text.document, np.arange(len(text.names) + 1))]
    for number in (2, 1, 0):
        painted = np.zeros(len(kind) + 1, np.int64)
        for begin, end in layers[number]:
            painted += np.bincount(begin, minlength=len(painted)) - np.bincount(end, minlength=len(painted))
        painted = np.cumsum(painted[:-1]) > 0
        if number == 0:
            painted[: begins[text.references]] = False
        kind[painted] = number
    cuts = np.unique(np.r_[begins[:-1], np.flatnonzero(np.diff(kind)) + 1])
    cuts = cuts[cuts < len(kind)]
    document = np.searchsorted(begins, cuts, side="right") - 1
    ends = np.r_[cuts[1:], len(kind)] if len(cuts) else cuts
    table = pd.DataFrame({"doc_id": text.names[document], "start": cuts - begins[document]})
    table["end"], table["class"] = ends - begins[document], np.array(CLASSES, object)[kind[cuts]]
    return table.sort_values(["doc_id", "start"], ignore_index=True)


def coverage(strips: pd.DataFrame) -> pd.DataFrame:
    """How much of each document is of which class.

    Returns
    -------
    DataFrame
        doc_id, characters, and a column a class of `CLASSES`: shares that sum to 1. The template of a document is what
        is reference or central.
    """
    sizes = strips.assign(size=strips["end"] - strips["start"])
    sizes = sizes.pivot_table("size", "doc_id", "class", aggfunc="sum", fill_value=0)
    sizes = sizes.reindex(columns=list(CLASSES), fill_value=0)
    total = sizes.sum(axis=1).astype("int64")
    table = sizes.div(total, axis=0).round(6).rename_axis(columns=None)
    table.insert(0, "characters", total)
    return table.reset_index()


def mask(
    strips: pd.DataFrame, paragraphs: pd.DataFrame, classes: Collection[str] = ("reference", "central")
) -> npt.NDArray[Any]:
    """Which words are of some classes with all their characters; for `formulaic.without`.

    Parameters
    ----------
    strips : DataFrame
        `strips` of these paragraphs.
    paragraphs : DataFrame
        With a column tokens.
    classes : collection of str

    Returns
    -------
    ndarray of bool, shape (n_tokens,)
        Of all paragraphs one after the other, in the order given.

    Raises
    ------
    CrosscityError
        If the strips or the tokens are of another text.
    """
    text = lay_out(paragraphs, ())
    begins = dict(zip(text.rows["doc_id"][::-1], text.starts[:-1][::-1].tolist(), strict=True))
    sizes = paragraphs["text"].map(len).groupby(paragraphs["doc_id"]).sum()
    if not strips.groupby("doc_id")["end"].max().equals(sizes[sizes > 0].rename_axis("doc_id").rename("end")):
        msg = "the strips are of other paragraphs: give those from which they were made"
        raise CrosscityError(msg)
    inside = np.zeros(int(text.starts[-1]) + 1, np.int64)
    chosen = strips[strips["class"].isin(classes)]
    for name, start, end in zip(chosen["doc_id"], chosen["start"], chosen["end"], strict=True):
        inside[begins[name] + start + 1 : begins[name] + end + 1] = 1
    inside = np.cumsum(inside)
    rows = zip(text.rows["doc_id"], text.rows["paragraph"], text.starts.tolist(), strict=False)
    places = {(name, number): start for name, number, start in rows}
    masked = []
    for row in paragraphs.itertuples():
        first, at = places[row.doc_id, row.paragraph], 0
        for word in row.tokens:
            at = row.text.find(word, at)
            if at < 0:
                msg = f"{row.doc_id}, paragraph {row.paragraph} has no {word!r}: the tokens are of another text"
                raise CrosscityError(msg)
            masked.append(inside[first + at + len(word)] - inside[first + at] == len(word))
            at += len(word)
    return np.array(masked, dtype=bool)


def template_words(
    paragraphs: pd.DataFrame, corpus: pd.DataFrame, share: float = 0.2, least: int = 5
) -> npt.NDArray[Any]:
    """Which words are the genre's template: those of `formulaic.formulas`, and of passages that so many documents have.

    Parameters
    ----------
    paragraphs : DataFrame
        Columns doc_id, paragraph, text, tokens.
    corpus : DataFrame
        Columns doc_id, date, year.
    share : float
        Of the documents; 0: nothing is.
    least : int
        Documents; in a corpus of fewer nothing is.

    Returns
    -------
    ndarray of bool, shape (n_tokens,)
        For `formulaic.without`.
    """
    tokens, documents = paragraphs["tokens"], paragraphs["doc_id"]
    if not share or documents.nunique() < least:
        return np.zeros(sum(map(len, tokens)), dtype=bool)
    found = matches(paragraphs)
    central = strips(found, passages(found, paragraphs, corpus), paragraphs, share=share, least=least)
    return formulas(tokens, documents, share, least)[1] | mask(central, paragraphs)


def taken_up(found: pd.DataFrame, paragraphs: pd.DataFrame, references: pd.DataFrame | None = None) -> pd.DataFrame:
    """How much of each document stands in each other one, or in each reference.

    Parameters
    ----------
    found : DataFrame
        `matches` of these paragraphs. What stands at more than nine places they do not list for each pair.
    paragraphs : DataFrame
    references : collection of str, optional
        Only these are the other one, and never the document itself; every document if left out.

    Returns
    -------
    DataFrame
        doc_id, other_doc, characters (of the document), share (of it): the greatest first. What several others have
        counts for each of them; `coverage` has the whole.
    """
    text = lay_out(paragraphs, references or ())
    if references is None:
        turned = dict(zip([*PLACE, *OTHER], [*OTHER, *PLACE], strict=True))
        found = pd.concat([found, found.rename(columns=turned)], ignore_index=True)
    else:
        found = found[found["other_doc"].isin(set(references))]
    begin, end = text.places(found)
    levels = ["doc_id", "other_doc"]
    spans = pd.DataFrame({"begin": begin, "end": end}).set_index(pd.MultiIndex.from_frame(found[levels]))
    spans = spans.sort_values([*levels, "begin"])
    before = spans.groupby(levels)["end"].cummax().groupby(levels).shift(fill_value=0)
    fresh = (spans["end"] - np.maximum(spans["begin"], before)).clip(lower=0)
    table = fresh.groupby(levels).sum().rename("characters").reset_index()
    sizes = paragraphs["text"].map(len).groupby(paragraphs["doc_id"]).sum()
    table["share"] = (table["characters"] / table["doc_id"].map(sizes).astype(float)).round(6)
    return table.sort_values(["characters", *levels], ascending=[False, True, True], ignore_index=True)
