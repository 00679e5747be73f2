"""Places in two documents that hold one passage, as rows that lead to document, paragraph and characters."""

import unicodedata
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import pandas as pd
from rapidfuzz.distance import Indel

from .. import CrosscityError
from .alignment import MARGIN, regions

LENGTH = 30  # characters of a passage, without punctuation: fewer are phrases of the genre
SIMILARITY = 0.7
PLACE = ["doc_id", "paragraph", "start", "end"]
OTHER = ["other_doc", "other_paragraph", "other_start", "other_end"]
_ABOUT = 3  # characters by which the ends of paragraphs may differ that are the same


class Layout(NamedTuple):
    """The text of all documents in a row, references first; places are counted in code points of the whole."""

    rows: pd.DataFrame  # doc_id, paragraph, text
    starts: np.ndarray  # of the rows, and the end of the last
    document: np.ndarray  # number of each row's document
    names: np.ndarray  # of the documents
    references: int  # how many of them, the first, are references

    def row(self, places):
        """Number of the row in which the character at a place stands."""
        return np.searchsorted(self.starts, places, side="right") - 1

    def places(self, table, columns=PLACE):
        """Begins and ends of a table's places."""
        known = pd.MultiIndex.from_frame(self.rows[["doc_id", "paragraph"]])
        row = known.get_indexer(pd.MultiIndex.from_frame(table[columns[:2]]))
        sizes = np.diff(self.starts)
        if (wrong := (row < 0) | (table[columns[3]].to_numpy() > sizes[row])).any():
            name, number, *_ = table[columns].iloc[int(wrong.argmax())]
            msg = f"paragraph {number} of {name} is not what it was: give the paragraphs in which matches were found"
            raise CrosscityError(msg)
        return [self.starts[row] + table[c].to_numpy(dtype=np.int64) for c in columns[2:]]

    def pieces(self, begin, end):
        """What lies in each row of the text from begin to end: row, start, end."""
        one, last = self.row(np.array([begin, end - 1])).tolist()
        for row, (a, b) in enumerate(pairwise(self.starts[one : last + 2].tolist()), one):
            if a < b:
                yield row, max(begin, a) - a, min(end, b) - a


def lay_out(paragraphs, references):
    """The layout of paragraphs, whatever their order."""
    rows, references = paragraphs[["doc_id", "paragraph", "text"]], set(references)
    if unknown := sorted(references - set(rows["doc_id"])):
        msg = f"{unknown[0]!r} is to be a reference, but has no paragraph: add those of references to the others"
        raise CrosscityError(msg)
    if (twice := rows.duplicated(["doc_id", "paragraph"])).any():
        name, number, _ = rows[twice].iloc[0]
        msg = f"{name} has two paragraphs {number}: documents of two corpora need different doc_ids"
        raise CrosscityError(msg)
    rows = rows.assign(late=~rows["doc_id"].isin(references)).sort_values(["late", "doc_id", "paragraph"])
    document, names = pd.factorize(rows["doc_id"])
    starts = np.cumsum([0, *map(len, rows["text"])])
    return Layout(rows.reset_index(drop=True), starts, document, np.asarray(names, object), len(references))


def matches(paragraphs, references=(), length=LENGTH, similarity=SIMILARITY):
    """Pairs of places in two documents that hold one passage, word for word or nearly.

    Letters, digits and Chinese characters are compared, without regard to punctuation, spaces, width and case. What
    stands at more than nine places is not listed for each pair of them (see `alignment.seeds`), but each place is, and
    `passages` brings them together. A copy of a document counts as another: leave copies out before.

    Parameters
    ----------
    paragraphs : DataFrame
        Columns doc_id, paragraph, text.
    references : collection of str
        Documents that are held against the others and not against one another.
    length : int
        Characters that are compared; the mean of the two places is no less.
    similarity : float

    Returns
    -------
    DataFrame
        match (a number; a passage that runs over the end of a paragraph is several rows of one match), doc_id,
        paragraph, start, end, other_doc, other_paragraph, other_start, other_end (code points of the paragraph's text,
        half-open), similarity (2 e / (a + b), where e characters of a and of b are equal in their alignment), exact
        (all are). Sorted; the documents of a row are in order, but a reference is always the other one.

    Raises
    ------
    CrosscityError
        If a paragraph is there twice, a reference has none, or length or similarity is out of range.

    Examples
    --------
    >>> said = ["全市修路八百公里，建桥二十座，通车里程全省第一。", "我县修路八百公里、建桥二十座，通车里程全市第二。"]
    >>> found = matches(pd.DataFrame({"doc_id": ["甲", "乙"], "paragraph": 1, "text": said}), length=15)
    >>> found[["doc_id", "start", "end", "other_doc", "other_start", "other_end", "similarity"]]
      doc_id  start  end other_doc  other_start  other_end  similarity
    0      乙      2   20         甲            2         20         1.0
    """
    if length < 12 or not 0.67 <= similarity <= 1:
        msg = f"length is {length}, similarity {similarity}: give a length from 12 and a similarity from 0.67 to 1"
        raise CrosscityError(msg)
    text = lay_out(paragraphs, references)
    raw = np.frombuffer("".join(text.rows["text"]).encode("utf-32-le", "surrogatepass"), np.uint32)
    value, n = _values(raw), len(text.names)
    if not n or not (value > 0).any():
        return _match_table(text, [])
    at = np.flatnonzero(value > 0)
    document = np.repeat(text.document.astype(np.int32), np.diff(text.starts))[at]
    blocks = np.r_[MARGIN + np.bincount(document, minlength=n), MARGIN]
    codes = np.repeat(-1 - np.arange(n + 1, dtype=np.int32), blocks)
    where = np.arange(len(at)) + MARGIN * (document + 1)
    codes[where] = value[at]
    back = np.full(len(codes), -1)
    back[where] = at
    owner = np.repeat(np.minimum(np.arange(n + 1, dtype=np.int32), n - 1), blocks)
    found = regions(codes, owner, text.references, 2 * length)
    low, high, a, b, equal = found[2 * found[:, 4] >= similarity * (found[:, 2] + found[:, 3]) - 1e-9].T
    spans = _with_marks(text, raw, value, back[low], back[low + a - 1] + 1, back[high], back[high + b - 1] + 1)
    cross = (text.row(spans[0]) != text.row(spans[1] - 1)) | (text.row(spans[2]) != text.row(spans[3] - 1))
    rows = []
    for m, (span, e, both, crosses) in enumerate(zip(spans.T.tolist(), equal, a + b, cross, strict=True)):
        about = m, round(2 * int(e) / int(both), 4), bool(2 * e == both)
        if crosses:
            one, two = (slice(p[m], p[m] + k[m]) for p, k in ((low, a), (high, b)))
            parts = _parts(text, span, (codes[one], back[one]), (codes[two], back[two]))
            rows += [(*about, *part) for part in parts]
        else:
            rows.append((*about, *span))
    return _match_table(text, rows)


def _values(raw):
    """What is compared of characters: code points above 0; 0 for marks, -1 for those that open, -2 for spaces."""
    present = np.flatnonzero(np.bincount(raw)) if len(raw) else np.zeros(0, np.int64)
    table = np.zeros(int(present.max(initial=0)) + 1, np.int32)
    for code in present.tolist():
        plain = unicodedata.normalize("NFKC", chr(code)).lower()
        plain = plain if len(plain) == 1 else chr(code)
        other = {"Ps": -1, "Pi": -1, "Zs": -2, "Zl": -2, "Zp": -2, "Cc": -2}.get(unicodedata.category(chr(code)), 0)
        table[code] = ord(plain) if plain.isalnum() else other
    return table[raw]


def _with_marks(text, raw, value, one, to_one, two, to_two):
    """Spans with the marks that both places have around them, up to three: behind, and those that open before."""

    def alike(p, q, kind, row, other):
        inside = (p >= 0) & (q >= 0) & (p < len(raw)) & (q < len(raw))
        p, q = p * inside, q * inside
        return inside & (raw[p] == raw[q]) & (value[p] == kind) & (text.row(p) == row) & (text.row(q) == other)

    first, second, last, final = text.row(one), text.row(two), text.row(to_one - 1), text.row(to_two - 1)
    for _ in range(3):
        behind, before = alike(to_one, to_two, 0, last, final), alike(one - 1, two - 1, -1, first, second)
        one, to_one, two, to_two = one - before, to_one + behind, two - before, to_two + behind
    return np.stack([one, to_one, two, to_two])


def _parts(text, span, one, two):
    """A match cut where either place runs over the end of a paragraph: begins and ends of its parts.

    Where the alignment has, at a cut, characters that only one place has, these are left out.
    """
    (codes, at), (other, there) = one, two
    blocks = Indel.opcodes("".join(map(chr, codes)), "".join(map(chr, other)))
    blocks = np.array([(b.src_start, b.src_end, b.dest_start, b.dest_end) for b in blocks])
    mine, theirs = (np.flatnonzero(np.diff(text.row(places))) + 1 for places in (at, there))
    cuts = [(u, v, 0) for u, v in zip(mine.tolist(), _follow(blocks[:, [0, 2, 3]], mine), strict=True)]
    cuts += [(u, v, 1) for u, v in zip(_follow(blocks[:, [2, 0, 1]], theirs), theirs.tolist(), strict=True)]
    kept = [(0, 0, 2)]
    for u, v, side in sorted(cuts):
        # Where both paragraphs end at about the same character, the two cuts are one.
        if {kept[-1][2], side} == {0, 1} and u - kept[-1][0] <= _ABOUT and abs(v - kept[-1][1]) <= _ABOUT:
            kept[-1] = (kept[-1][0], v, 2) if side else (u, kept[-1][1], 2)
        else:
            kept.append((u, v, side))
    kept.append((len(at), len(there), 2))
    for (u, v, _), (w, x, _) in pairwise(kept):
        if u < w and v < x:
            begins = [span[0] if u == 0 else int(at[u]), span[2] if v == 0 else int(there[v])]
            ends = [span[1] if w == len(at) else int(at[w]), span[3] if x == len(there) else int(there[x])]
            limits = text.starts[text.row(np.array(begins)) + 1].tolist()
            yield begins[0], min(ends[0], limits[0]), begins[1], min(ends[1], limits[1])


def _follow(blocks, places):
    """Where an alignment leads from places; blocks of begin here, begin and end there."""
    begin, there, to = blocks[np.maximum(0, np.searchsorted(blocks[:, 0], places, side="right") - 1)].T
    return np.minimum(there + places - begin, to).tolist()


def _match_table(text, rows):
    """Rows of match, similarity, exact, begin, end, other begin and end as the table."""
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
    table = table.sort_values([*PLACE, *OTHER])
    order = table["match"].drop_duplicates()
    table["match"] = table["match"].map(pd.Series(np.arange(1, len(order) + 1), order)).astype("int64")
    return table.sort_values(["match", *PLACE, *OTHER], ignore_index=True)
