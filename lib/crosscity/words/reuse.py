"""Text reuse: passages that documents share, how much of each document is template, what comparisons can leave out.

`formulaic` finds formulas: runs of eight words or more that recur word for word in a fifth of the documents. Here any
two documents are enough, and some of the characters may differ, but a passage has thirty of them: shorter ones are
phrases of the genre. `mask` is a mask like that of `formulaic.formulas`; both are for `formulaic.remove_masked`, alone
or joined by |.
"""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd
from rapidfuzz.distance import Indel

from .. import CrosscityError
from .alignment import SHINGLES, shingle_sizes
from .codes import encode, first_lacking, token_starts
from .formulaic import formulas
from .matching import LENGTH, OTHER, PLACE, SIMILARITY, lay_out, matches

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from typing import Any

    import numpy.typing as npt

    from .matching import Layout

    Array = npt.NDArray[Any]

__all__ = [
    "CLASSES",
    "LENGTH",
    "OTHER",
    "PLACE",
    "SHINGLES",
    "SIMILARITY",
    "coverage",
    "date_spans",
    "lay_out",
    "mask",
    "matches",
    "pairwise_reuse",
    "passages",
    "shingle_sizes",
    "strips",
    "template_mask",
]
MIN_OVERLAP = 0.5  # of spans that count as one place
MIN_SIMILARITY = 0.5  # of a place to the one that represents its passage
CLASSES = ("reference", "central", "shared", "own")
_PASSAGES = ["passage", "place", *PLACE, "documents", "references", "earliest", "dating", "text"]


def passages(
    pairs: pd.DataFrame, paragraphs: pd.DataFrame, corpus: pd.DataFrame, references: Collection[str] = ()
) -> pd.DataFrame:
    """Passages: all places at which each occurs, gathered from matches.

    Spans of a document that overlap by half are one place (from the median of their begins to that of their ends).
    A passage grows along matches from the place that has most of them, as long as a place is at least half similar to
    that first one, so that it cannot drift along a chain. A place may belong to several passages, as one may contain
    another.

    Parameters
    ----------
    pairs : DataFrame
        `matches` of these paragraphs.
    paragraphs : DataFrame
    corpus : DataFrame
        Columns doc_id, date and year, of all documents.
    references : collection of str

    Returns
    -------
    DataFrame
        passage (from 1: those of most documents, then the longest first), place (its number in the passage; one that
        runs over the end of a paragraph has several rows), doc_id, paragraph, start, end, documents (how many have it,
        without references), references (how many of these do), earliest (doc_id of the earliest dated of all, empty if
        there is none), dating ("known"; "some undated", if others are later; "tied", if several have the earliest date,
        or one has 2024 and another 2024-08; "undated"), text (of the place that represents the passage).

    Raises
    ------
    CrosscityError
        If the corpus lacks a document, or the paragraphs are not those in which the matches were found.
    """
    text = lay_out(paragraphs, references)
    number, begin, end = _places(_spans(text, pairs))
    document = text.document[text.row(begin)] if len(begin) else begin
    half = len(number) // 2
    links = np.unique(np.r_[np.c_[number[:half], number[half:]], np.c_[number[half:], number[:half]]], axis=0)
    first = np.searchsorted(links[:, 0], np.arange(len(begin) + 1))
    neighbours = [links[a:b, 1].tolist() for a, b in pairwise(first.tolist())]
    everything = "".join(text.rows["text"])
    place_texts = [everything[a:b] for a, b in zip(begin.tolist(), end.tolist(), strict=True)]
    dates, lines = _dates(corpus, text.names), text.rows["text"].tolist()
    unsorted: list[_Passage] = []
    for members in _similar_places(neighbours, place_texts, document):
        leader, places = members[0], sorted(members)
        documents = sorted({int(document[place]) for place in places})
        n_references = sum(d < text.references for d in documents)
        quotation = "\n".join(lines[row][a:b] for row, a, b in text.pieces(int(begin[leader]), int(end[leader])))
        earliest, dating = _earliest(documents, dates, text.names)
        spans = [(int(begin[place]), int(end[place])) for place in places]
        unsorted.append(_Passage(len(documents) - n_references, n_references, earliest, dating, quotation, spans))
    in_order = sorted(
        unsorted, key=lambda passage: (-passage.documents, -len(passage.text), passage.text, passage.spans)
    )
    names, paragraph = text.names[text.document], text.rows["paragraph"].to_numpy()
    table = [
        (number, place, names[row], paragraph[row], start, stop, *passage[:-1])
        for number, passage in enumerate(in_order, 1)
        for place, span in enumerate(passage.spans, 1)
        for row, start, stop in text.pieces(*span)
    ]
    return pd.DataFrame(table, columns=_PASSAGES)


class _Passage(NamedTuple):
    """A passage: the columns that its rows share, and the spans of its places."""

    documents: int
    references: int
    earliest: str
    dating: str
    text: str
    spans: list[tuple[int, int]]


def _similar_places(neighbours: Sequence[Sequence[int]], texts: Sequence[str], document: Array) -> Iterator[list[int]]:
    """Places of each passage, the one that represents it first.

    Parameters
    ----------
    neighbours : sequence of sequences of int, length n_places
        Places that a match links to each.
    texts : sequence of str, length n_places
    document : ndarray of int, shape (n_places,)
    """
    assigned = set[int]()
    for leader in sorted(range(len(texts)), key=lambda place: (-len(neighbours[place]), place)):
        if leader in assigned:
            continue
        members, visited, queue = [leader], {leader}, [leader]
        while queue:
            for place in neighbours[queue.pop()]:
                if place in visited:
                    continue
                visited.add(place)
                if Indel.normalized_similarity(texts[leader], texts[place], score_cutoff=MIN_SIMILARITY):
                    members.append(place)
                    if place not in assigned:
                        queue.append(place)
        if len({int(document[place]) for place in members}) == 1:
            members = list(dict.fromkeys([*members, *neighbours[leader]]))
        assigned.update(members)
        yield members


def _spans(text: Layout, pairs: pd.DataFrame) -> Array:
    """Begin and end of both sides of each match, over all its parts; those of one side first."""
    sides = []
    for columns in (PLACE, OTHER):
        begin, end = text.places(pairs, columns)
        whole = pd.DataFrame({"begin": begin, "end": end}).groupby(pairs["match"].to_numpy(), sort=True)
        sides.append(whole.agg({"begin": "min", "end": "max"}).to_numpy(dtype=np.int64))
    return np.concatenate(sides)


def _places(spans: Array) -> tuple[Array, Array, Array]:
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
            if overlap >= MIN_OVERLAP and overlap > most:
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


def _dates(corpus: pd.DataFrame, names: Array) -> list[tuple[str, str] | None]:
    """The first and the last day that may be each document's date, as strings; None if it has none."""
    if unknown := sorted(set(names) - set(corpus["doc_id"])):
        msg = f"{unknown[0]!r} is not in the corpus table: give the rows of all documents, references too"
        raise CrosscityError(msg)
    return date_spans(corpus.set_index("doc_id").reindex(names))


def date_spans(corpus: pd.DataFrame) -> list[tuple[str, str] | None]:
    """The first and the last day that may be the date of each row (columns date, year), as strings; None: no date."""
    dates = []
    for date, year in zip(corpus["date"].fillna(""), corpus["year"], strict=True):
        date = str(date) or ("" if pd.isna(year) else f"{int(year):04}")
        dates.append((f"{date}-00-00"[:10], f"{date}-99-99"[:10]) if date else None)
    return dates


def _earliest(documents: Sequence[int], dates: Sequence[tuple[str, str] | None], names: Array) -> tuple[str, str]:
    """The document that is earlier than all others with a date, or nothing; and how far that is known."""
    dated = sorted((date, d) for d in documents if (date := dates[d]))
    if not dated:
        return "", "undated"
    (_, last), first = dated[0]
    if any(date[0] <= last for date, _ in dated[1:]):
        return "", "tied"
    return names[first], "known" if len(dated) == len(documents) else "some undated"


def strips(
    pairs: pd.DataFrame,
    places: pd.DataFrame,
    paragraphs: pd.DataFrame,
    references: Collection[str] = (),
    share: float = 0.2,
    min_documents: int = 5,
) -> pd.DataFrame:
    """Class of each document's text, from its first character to its last.

    Parameters
    ----------
    pairs, places : DataFrame
        `matches` and `passages` of these paragraphs.
    paragraphs : DataFrame
    references : collection of str
    share : float
        Of the documents; a passage is central if so many of them and `min_documents` have it, as in
        `formulaic.formulas`.
    min_documents : int

    Returns
    -------
    DataFrame
        doc_id, start, end (code points of its paragraphs one after the other, half-open), class: reference (a reference
        has it), central, shared (another document has it), own. The first that applies; text of references is never of
        the first.
    """
    text = lay_out(paragraphs, references)
    need = max(min_documents, math.ceil(round(share * (len(text.names) - text.references), 9)))
    of_reference = [text.places(places[places["references"] > 0])]
    if text.references:
        of_reference.append(text.places(pairs[pairs["other_doc"].isin(set(references))]))
    layers = [
        of_reference,
        [text.places(places[places["documents"] >= need])],
        [text.places(pairs), text.places(pairs, OTHER), text.places(places)],
    ]
    class_ = np.full(int(text.starts[-1]), len(CLASSES) - 1, np.int8)
    begins = text.starts[np.searchsorted(text.document, np.arange(len(text.names) + 1))]
    for number in (2, 1, 0):
        depth = np.zeros(len(class_) + 1, np.int64)
        for begin, end in layers[number]:
            depth += np.bincount(begin, minlength=len(depth)) - np.bincount(end, minlength=len(depth))
        is_covered = np.cumsum(depth[:-1]) > 0
        if number == 0:
            is_covered[: begins[text.references]] = False
        class_[is_covered] = number
    cuts = np.unique(np.r_[begins[:-1], np.flatnonzero(np.diff(class_)) + 1])
    cuts = cuts[cuts < len(class_)]
    document = np.searchsorted(begins, cuts, side="right") - 1
    ends = np.r_[cuts[1:], len(class_)] if len(cuts) else cuts
    table = pd.DataFrame({"doc_id": text.names[document], "start": cuts - begins[document]})
    table["end"], table["class"] = ends - begins[document], np.array(CLASSES, object)[class_[cuts]]
    return table


def coverage(strips: pd.DataFrame) -> pd.DataFrame:
    """Share of each class in each document.

    Returns
    -------
    DataFrame
        doc_id, characters, and a column for each of `CLASSES`: shares that sum to 1. The template of a document is what
        is reference or central.
    """
    sizes = strips.assign(size=strips["end"] - strips["start"])
    sizes = sizes.pivot_table("size", "doc_id", "class", aggfunc="sum", fill_value=0)
    sizes = sizes.reindex(index=strips["doc_id"].unique(), columns=list(CLASSES), fill_value=0)
    total = sizes.sum(axis=1).astype("int64")
    table = sizes.div(total, axis=0).round(6).rename_axis(columns=None)
    table.insert(0, "characters", total)
    return table.reset_index()


def mask(strips: pd.DataFrame, paragraphs: pd.DataFrame, classes: Collection[str] = ("reference", "central")) -> Array:
    """Which words belong to some classes with all their characters; for `formulaic.remove_masked`.

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
        Of all paragraphs one after the other, in their order.

    Raises
    ------
    CrosscityError
        If the strips or the tokens are those of another text.
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
    words = encode(paragraphs["tokens"])
    starts, row = token_starts(paragraphs["text"].tolist(), words), np.repeat(np.arange(len(paragraphs)), words.lengths)
    if lacking := first_lacking(starts, words):
        name, number = paragraphs[["doc_id", "paragraph"]].iloc[lacking[0]]
        msg = f"{name}, paragraph {number} has no {lacking[1]!r}: the tokens are of another text"
        raise CrosscityError(msg)
    of_text, own = (pd.MultiIndex.from_frame(t[["doc_id", "paragraph"]]) for t in (text.rows, paragraphs))
    first = text.starts[of_text.get_indexer(own)][row] + starts
    length = np.fromiter(map(len, words.vocabulary), np.int64, len(words.vocabulary))[words.codes]
    return inside[first + length] - inside[first] == length


def template_mask(paragraphs: pd.DataFrame, corpus: pd.DataFrame, share: float = 0.2, min_documents: int = 5) -> Array:
    """Which words are the genre's template: those of formulas, and of passages that as many documents have.

    Parameters
    ----------
    paragraphs : DataFrame
        Columns doc_id, paragraph, text, tokens.
    corpus : DataFrame
        Columns doc_id, date, year.
    share : float
        Of the documents; with 0 nothing is.
    min_documents : int
        In a smaller corpus nothing is.

    Returns
    -------
    ndarray of bool, shape (n_tokens,)
        For `formulaic.remove_masked`.
    """
    tokens, documents = paragraphs["tokens"], paragraphs["doc_id"]
    if not share or documents.nunique() < min_documents:
        return np.zeros(len(encode(tokens).codes), dtype=bool)
    pairs = matches(paragraphs)
    places = passages(pairs, paragraphs, corpus)
    central = strips(pairs, places, paragraphs, share=share, min_documents=min_documents)
    return formulas(tokens, documents, share, min_documents)[1] | mask(central, paragraphs)


def pairwise_reuse(
    pairs: pd.DataFrame, paragraphs: pd.DataFrame, references: Collection[str] | None = None
) -> pd.DataFrame:
    """How much of each document is in each other one, or in each reference.

    Parameters
    ----------
    pairs : DataFrame
        `matches` of these paragraphs, which do not list every pair of more than nine places.
    paragraphs : DataFrame
    references : collection of str, optional
        If given, only these are the other document, and never the document itself.

    Returns
    -------
    DataFrame
        doc_id, other_doc, characters (of the document), share (of it): the greatest first. Text that several others
        have counts for each of them; `coverage` has the whole.
    """
    text = lay_out(paragraphs, references or ())
    if references is None:
        swapped = dict(zip([*PLACE, *OTHER], [*OTHER, *PLACE], strict=True))
        pairs = pd.concat([pairs, pairs.rename(columns=swapped)], ignore_index=True)
    else:
        pairs = pairs[pairs["other_doc"].isin(set(references))]
    begin, end = text.places(pairs)
    levels = ["doc_id", "other_doc"]
    spans = pd.DataFrame({"begin": begin, "end": end}).set_index(pd.MultiIndex.from_frame(pairs[levels]))
    spans = spans.sort_values([*levels, "begin"])
    covered = spans.groupby(levels)["end"].cummax().groupby(levels).shift(fill_value=0)
    added = (spans["end"] - np.maximum(spans["begin"], covered)).clip(lower=0)
    table = added.groupby(levels, sort=False).sum().rename("characters").reset_index()
    sizes = paragraphs["text"].map(len).groupby(paragraphs["doc_id"]).sum()
    table["share"] = (table["characters"] / table["doc_id"].map(sizes).astype(float)).round(6)
    number = dict(zip(text.names, range(len(text.names)), strict=True))
    one, other = (table[name].map(number) for name in levels)
    return table.iloc[np.lexsort([other, one, -table["characters"]])].reset_index(drop=True)
