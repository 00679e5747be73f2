"""Pairs of places in two documents that have the same passage, each by document, paragraph and characters."""

from __future__ import annotations

import unicodedata
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd
from rapidfuzz.distance import Indel

from .. import CrosscityError
from ..ordering import sort_rows
from .alignment import MARGIN, regions, shingle_sizes

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from typing import Any

    import numpy.typing as npt

    Array = npt.NDArray[Any]

LENGTH = 30  # characters of a passage, without punctuation; shorter ones are phrases of the genre
SIMILARITY = 0.7
PLACE = ["doc_id", "paragraph", "start", "end"]
OTHER = ["other_doc", "other_paragraph", "other_start", "other_end"]
_BLOCK = 1 << 20  # characters looked at at a time
_CUT_TOLERANCE = 3  # characters between ends of paragraphs that count as one


class Layout(NamedTuple):
    """The text of all documents in sequence, references first; places are code points of the whole.

    Attributes
    ----------
    rows : DataFrame
        doc_id, paragraph, text.
    starts : ndarray of int, shape (n_rows + 1,)
        Of the rows, and the end of the last.
    document : ndarray of int, shape (n_rows,)
        Number of each row's document.
    names : ndarray of str, shape (n_documents,)
    references : int
        How many of the documents are references.
    """

    rows: pd.DataFrame
    starts: Array
    document: Array
    names: Array
    references: int

    def row(self, places: Array) -> Array:
        """Number of the row that has the character at each place."""
        return np.searchsorted(self.starts, places, side="right") - 1

    def places(self, table: pd.DataFrame, columns: Sequence[str] = PLACE) -> tuple[Array, Array]:
        """Begins and ends of the places in a table.

        Raises
        ------
        CrosscityError
            If they are not places in these rows.
        """
        known = pd.MultiIndex.from_frame(self.rows[["doc_id", "paragraph"]])
        row = known.get_indexer(pd.MultiIndex.from_frame(table[list(columns[:2])]))
        sizes = np.diff(self.starts)
        if (wrong := (row < 0) | (table[columns[3]].to_numpy() > sizes[row])).any():
            name, number, *_ = table[list(columns)].iloc[int(wrong.argmax())]
            msg = f"paragraph {number} of {name} is not what it was: give the paragraphs in which matches were found"
            raise CrosscityError(msg)
        begin, end = (self.starts[row] + table[c].to_numpy(dtype=np.int64) for c in columns[2:])
        return begin, end

    def pieces(self, begin: int, end: int) -> Iterator[tuple[int, int, int]]:
        """Row, start and end of the piece of each row between two places."""
        one, last = self.row(np.array([begin, end - 1])).tolist()
        for row, (a, b) in enumerate(pairwise(self.starts[one : last + 2].tolist()), one):
            if a < b:
                yield row, max(begin, a) - a, min(end, b) - a


class _Side(NamedTuple):
    """One side of a match: the characters that are compared, and their places in the text."""

    codes: Array
    places: Array


class _Spans(NamedTuple):
    """The two places of a match, or of a part of one."""

    begin: int
    end: int
    other_begin: int
    other_end: int


class _Match(NamedTuple):
    """A match, or a part of one."""

    match: int
    similarity: float
    exact: bool
    begin: int
    end: int
    other_begin: int
    other_end: int


def lay_out(paragraphs: pd.DataFrame, references: Collection[str]) -> Layout:
    """The layout of paragraphs: documents in the order in which they appear, each by the numbers of its paragraphs.

    Of a passage that is at many places not every pair is looked at, and which are depends on the order of documents. So
    this must be the order of the tables, which is by content, and not that of names.

    Raises
    ------
    CrosscityError
        If a paragraph occurs twice, or a reference has none.
    """
    rows = paragraphs[["doc_id", "paragraph", "text"]]
    if unknown := sorted(set(references) - set(rows["doc_id"])):
        msg = f"{unknown[0]!r} is to be a reference, but has no paragraph: add those of references to the others"
        raise CrosscityError(msg)
    if (twice := rows.duplicated(["doc_id", "paragraph"])).any():
        name, number, _ = rows[twice].iloc[0]
        msg = f"{name} has two paragraphs {number}: documents of two corpora need different doc_ids"
        raise CrosscityError(msg)
    rows = sort_rows(rows.assign(late=~rows["doc_id"].isin(set(references))), ["late", "doc_id", "paragraph"])
    document, names = pd.factorize(rows["doc_id"])
    starts = np.cumsum([0, *map(len, rows["text"])])
    return Layout(rows.reset_index(drop=True), starts, document, np.asarray(names, object), len(set(references)))


def matches(
    paragraphs: pd.DataFrame,
    references: Collection[str] = (),
    length: int = LENGTH,
    similarity: float = SIMILARITY,
) -> pd.DataFrame:
    """Pairs of places in two documents that have the same passage, word for word or nearly.

    Letters, digits and Chinese characters are compared, regardless of punctuation, spaces, width and case. If a passage
    occurs at more than nine places, not every pair of them is listed (see `alignment.seeds`), but every place is, and
    `passages` brings them together. A copy of a document counts as another document: leave copies out before.

    Parameters
    ----------
    paragraphs : DataFrame
        Columns doc_id, paragraph, text.
    references : collection of str
        Documents that are compared with the others, but not with each other.
    length : int
        Minimum of compared characters, as the mean of the two places.
    similarity : float
        Minimum.

    Returns
    -------
    DataFrame
        match (a number; a passage that runs over the end of a paragraph is several rows of one match), doc_id,
        paragraph, start, end, other_doc, other_paragraph, other_start, other_end (code points of the paragraph's text,
        half-open), similarity (2 e / (a + b), where e characters among a and b are equal in their alignment), exact
        (all are). In the order of documents, that of a row first which comes
        first in the paragraphs; a reference is always the other one.

    Raises
    ------
    CrosscityError
        If a paragraph occurs twice, a reference has none, or length or similarity is out of range.

    Examples
    --------
    >>> texts = ["全市修路八百公里，建桥二十座，通车里程全省第一。", "我县修路八百公里、建桥二十座，通车里程全市第二。"]
    >>> pairs = matches(pd.DataFrame({"doc_id": ["甲", "乙"], "paragraph": 1, "text": texts}), length=15)
    >>> pairs[["doc_id", "start", "end", "other_doc", "other_start", "other_end", "similarity"]]
      doc_id  start  end other_doc  other_start  other_end  similarity
    0      甲      2   20         乙            2         20         1.0
    """
    if length < 12 or not 0.67 <= similarity <= 1:
        msg = f"length is {length}, similarity {similarity}: give a length from 12 and a similarity from 0.67 to 1"
        raise CrosscityError(msg)
    text = lay_out(paragraphs, references)
    value, n = _comparable(_characters(text)), len(text.names)
    if not n or not (value > 0).any():
        return _match_table(text, [])
    at = _compared(value)
    document = np.repeat(text.document.astype(np.int16 if n < 1 << 15 else np.int32), np.diff(text.starts))[at]
    blocks = np.r_[MARGIN + np.bincount(document, minlength=n), MARGIN]
    codes = np.repeat(-1 - np.arange(n + 1, dtype=np.int32), blocks)
    where = np.arange(len(at), dtype=at.dtype) + MARGIN * (document.astype(at.dtype) + 1)
    codes[where] = value[at]
    owner = np.repeat(np.minimum(np.arange(n + 1), n - 1).astype(document.dtype), blocks)
    del at, where, document, value  # found again below: together they are what limits the length of a text
    region = regions(codes, owner, text.references, 2 * length, shingle_sizes(int(text.starts[-1])))
    low, high, a, b, equal = region[2 * region[:, 4] >= similarity * (region[:, 2] + region[:, 3]) - 1e-9].T
    # Without the margins, the codes of what is compared are in the order of the text.
    one, two = (places - MARGIN * (owner[places].astype(np.int64) + 1) for places in (low, high))
    del owner
    raw = _characters(text)
    value = _comparable(raw)
    at = _compared(value)
    spans = _with_marks(text, raw, value, at[one], at[one + a - 1] + 1, at[two], at[two + b - 1] + 1)
    cross = (text.row(spans[0]) != text.row(spans[1] - 1)) | (text.row(spans[2]) != text.row(spans[3] - 1))
    rows: list[_Match] = []
    for m, (span, e, both, crosses) in enumerate(zip(spans.T.tolist(), equal, a + b, cross, strict=True)):
        parts = [_Spans(*span)]
        if crosses:
            here = _Side(codes[low[m] : low[m] + a[m]], at[one[m] : one[m] + a[m]])
            there = _Side(codes[high[m] : high[m] + b[m]], at[two[m] : two[m] + b[m]])
            parts = _parts(text, span, here, there)
        rows += [_Match(m, round(2 * int(e) / int(both), 4), bool(2 * e == both), *part) for part in parts]
    return _match_table(text, rows)


def _characters(text: Layout) -> Array:
    return np.frombuffer("".join(text.rows["text"]).encode("utf-32-le", "surrogatepass"), np.uint32)


def _compared(value: Array) -> Array:
    """The places of what is compared: a block at a time, since places of 64 bits would take twice the room."""
    whole = np.int32 if len(value) < 1 << 30 else np.int64  # margins are added
    blocks = range(0, len(value), _BLOCK)
    found = ((start + np.flatnonzero(value[start : start + _BLOCK] > 0)).astype(whole) for start in blocks)
    return np.concatenate([*found])


def _comparable(raw: Array) -> Array:
    """What is compared of characters: folded code points; 0 for marks, -1 for those that open, -2 for spaces."""
    present = np.flatnonzero(np.bincount(raw)) if len(raw) else np.zeros(0, np.int64)
    table = np.zeros(int(present.max(initial=0)) + 1, np.int32)
    for code in present.tolist():
        plain = unicodedata.normalize("NFKC", chr(code)).lower()
        plain = plain if len(plain) == 1 else chr(code)
        other = {"Ps": -1, "Pi": -1, "Zs": -2, "Zl": -2, "Zp": -2, "Cc": -2}.get(unicodedata.category(chr(code)), 0)
        table[code] = ord(plain) if plain.isalnum() else other
    return table[raw]


def _with_marks(text: Layout, raw: Array, value: Array, one: Array, to_one: Array, two: Array, to_two: Array) -> Array:
    """Spans with the marks that both places have around them, up to three: behind, and before if they open."""

    def is_shared(p: Array, q: Array, kind: int, row: Array, other: Array) -> Array:
        inside = (p >= 0) & (q >= 0) & (p < len(raw)) & (q < len(raw))
        p, q = p * inside, q * inside
        return inside & (raw[p] == raw[q]) & (value[p] == kind) & (text.row(p) == row) & (text.row(q) == other)

    first, second, last, final = text.row(one), text.row(two), text.row(to_one - 1), text.row(to_two - 1)
    for _ in range(3):
        behind, before = is_shared(to_one, to_two, 0, last, final), is_shared(one - 1, two - 1, -1, first, second)
        one, to_one, two, to_two = one - before, to_one + behind, two - before, to_two + behind
    return np.stack([one, to_one, two, to_two])


def _parts(text: Layout, span: Sequence[int], one: _Side, two: _Side) -> list[_Spans]:
    """Begins and ends, here and there, of the parts of a match that runs over the end of a paragraph.

    If the alignment has, at a cut, characters that only one place has, these are left out.
    """
    here, there = one.places, two.places
    opcodes = Indel.opcodes("".join(map(chr, one.codes)), "".join(map(chr, two.codes)))
    blocks = np.array([(b.src_start, b.src_end, b.dest_start, b.dest_end) for b in opcodes])
    ends_here, ends_there = (np.flatnonzero(np.diff(text.row(places))) + 1 for places in (here, there))
    # Index here, index there, and where the paragraph ends: here (0), there (1) or in both (2).
    cuts = [(u, v, 0) for u, v in zip(ends_here.tolist(), _follow(blocks[:, [0, 2, 3]], ends_here), strict=True)]
    cuts += [(u, v, 1) for u, v in zip(_follow(blocks[:, [2, 0, 1]], ends_there), ends_there.tolist(), strict=True)]
    merged = [(0, 0, 2)]
    for u, v, side in sorted(cuts):
        last_u, last_v, last_side = merged[-1]
        # Where both paragraphs end at about the same character, the two cuts are one.
        is_near = u - last_u <= _CUT_TOLERANCE and abs(v - last_v) <= _CUT_TOLERANCE
        if {last_side, side} == {0, 1} and is_near:
            merged[-1] = (last_u, v, 2) if side else (u, last_v, 2)
        else:
            merged.append((u, v, side))
    merged.append((len(here), len(there), 2))
    parts = []
    for (u, v, _), (w, x, _) in pairwise(merged):
        if u < w and v < x:
            begins = [span[0] if u == 0 else int(here[u]), span[2] if v == 0 else int(there[v])]
            ends = [span[1] if w == len(here) else int(here[w]), span[3] if x == len(there) else int(there[x])]
            limits = text.starts[text.row(np.array(begins)) + 1].tolist()
            parts.append(_Spans(begins[0], min(ends[0], limits[0]), begins[1], min(ends[1], limits[1])))
    return parts


def _follow(blocks: Array, places: Array) -> list[int]:
    """Where an alignment leads from places; blocks have their begin here, and their begin and end there."""
    begin, there, to = blocks[np.maximum(0, np.searchsorted(blocks[:, 0], places, side="right") - 1)].T
    return np.minimum(there + places - begin, to).tolist()


def _match_table(text: Layout, rows: Sequence[_Match]) -> pd.DataFrame:
    """The table that `matches` returns."""
    match, similarity, exact, *spans = zip(*rows, strict=True) if rows else [()] * 7
    spans = np.array(spans, dtype=np.int64)
    known = text.document[text.row(spans[0])] < text.references
    spans[:, known] = spans[:, known][[2, 3, 0, 1]]
    table = pd.DataFrame({"match": np.array(match, dtype=np.int64)})
    for (name, number, start, stop), (begin, end) in ((PLACE, spans[:2]), (OTHER, spans[2:])):
        row = text.row(begin)
        table[name] = pd.Series(text.names[text.document[row]], dtype="str")
        table[number] = text.rows["paragraph"].to_numpy()[row].astype(np.int64)
        table[start], table[stop] = begin - text.starts[row], end - text.starts[row]
    table["similarity"], table["exact"] = np.array(similarity, dtype=float), np.array(exact, dtype=bool)
    # By places in the layout, where documents are in their order.
    table = table.iloc[np.lexsort(spans[::-1])]
    order = table["match"].drop_duplicates()
    table["match"] = table["match"].map(pd.Series(np.arange(1, len(order) + 1), order)).astype("int64")
    return table.sort_values("match", kind="stable", ignore_index=True)
