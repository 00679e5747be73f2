"""Text that documents share: pairs of places, passages, how much of a document is template, what to leave out.

`template` finds formulas: runs of eight words or more that recur word for word in a fifth of the documents. Here any
two documents are enough, and part of the characters may differ, but a passage has thirty of them: shorter ones are
phrases of the genre. `mask` gives what `template.formulas` gives; both go to `template.without`, alone or joined by |.
"""

import math
import unicodedata
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import pandas as pd
from rapidfuzz.distance import Indel

from . import CrosscityError
from .alignment import MARGIN, regions

LENGTH = 30  # characters of a passage, without punctuation: fewer are phrases of the genre
SIMILARITY = 0.7
SAME = 0.5  # overlap of spans that are one place; likeness of a place and the one that stands for its passage
CLASSES = ("reference", "central", "shared", "own")
PLACE = ["doc_id", "paragraph", "start", "end"]
_ABOUT = 3  # characters by which the ends of paragraphs may differ that are the same
OTHER = ["other_doc", "other_paragraph", "other_start", "other_end"]
_PASSAGES = ["passage", "place", *PLACE, "documents", "references", "earliest", "dating", "text"]


class _Layout(NamedTuple):
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


def _lay_out(paragraphs, references):
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
    return _Layout(rows.reset_index(drop=True), starts, document, np.asarray(names, object), len(references))


def matches(paragraphs, references=(), length=LENGTH, similarity=SIMILARITY):
    """Pairs of places in two documents that hold one passage, word for word or nearly.

    Letters, digits and Chinese characters are compared, without regard to punctuation, spaces, width and case. What
    more than a dozen documents have is held against a dozen of its places only (see `alignment.seeds`): `passages`
    brings all together. A copy of a document counts as another: leave copies out before.

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
    0      乙      2   21         甲            2         21         1.0
    """
    if length < 12 or not 0.67 <= similarity <= 1:
        msg = f"length is {length}, similarity {similarity}: give a length from 12 and a similarity from 0.67 to 1"
        raise CrosscityError(msg)
    text = _lay_out(paragraphs, references)
    raw = np.frombuffer("".join(text.rows["text"]).encode("utf-32-le", "surrogatepass"), np.uint32)
    value, n = _values(raw), len(text.names)
    if not n or not (value > 0).any():
        return _match_table(text, [])
    at = np.flatnonzero(value > 0)
    document = np.repeat(text.document, np.diff(text.starts))[at]
    blocks = np.r_[MARGIN + np.bincount(document, minlength=n), MARGIN]
    codes = np.repeat(-1 - np.arange(n + 1, dtype=np.int32), blocks)
    where = np.arange(len(at)) + MARGIN * (document + 1)
    codes[where] = value[at]
    back = np.full(len(codes), -1)
    back[where] = at
    found = regions(codes, np.repeat(np.minimum(np.arange(n + 1), n - 1), blocks), text.references, 2 * length)
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


def passages(found, paragraphs, corpus, references=()):
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
    """
    text = _lay_out(paragraphs, references)
    spans = _spans(text, found)
    number, begin, end = _places(text, spans)
    whole, alone = "".join(text.rows["text"]), {}
    document = text.document[text.row(begin)] if len(begin) else begin
    half = len(number) // 2
    links = np.unique(np.r_[np.c_[number[:half], number[half:]], np.c_[number[half:], number[:half]]], axis=0)
    first = np.searchsorted(links[:, 0], np.arange(len(begin) + 1))
    neighbours = [links[a:b, 1].tolist() for a, b in zip(first[:-1], first[1:], strict=True)]

    def words(place):
        return alone.setdefault(place, whole[begin[place] : end[place]])

    taken, gathered = set(), []
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
    dates = _dates(corpus, text.names)
    rows = []
    for leader, members in gathered:
        documents = sorted({int(document[p]) for p in members})
        known = sum(d < text.references for d in documents)
        shown = "\n".join(text.rows["text"].iat[r][a:b] for r, a, b in text.pieces(int(begin[leader]), int(end[leader])))
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


def _spans(text, found):
    """Both sides of each match, over all its parts: begins and ends, those of one side first."""
    sides = []
    for columns in (PLACE, OTHER):
        begin, end = text.places(found, columns)
        whole = pd.DataFrame({"begin": begin, "end": end}).groupby(found["match"].to_numpy(), sort=True)
        sides.append(whole.agg({"begin": "min", "end": "max"}).to_numpy(dtype=np.int64))
    return np.concatenate(sides)


def _places(text, spans):
    """Number of the place of each span; begins and ends of the places, in order."""
    number, members, active = np.zeros(len(spans), np.int64), [], []
    for s in np.lexsort((-spans[:, 1], spans[:, 0])).tolist():
        begin, end = spans[s].tolist()
        active = [a for a in active if a[1] > begin]
        shared = [((min(end, b) - begin) / (max(end, b) - a), -p) for a, b, p in active]
        best, place = max(shared, default=(0, 0))
        if best >= SAME:
            number[s] = -place
        else:
            number[s] = len(members)
            active.append((begin, end, len(members)))
            members.append([])
        members[number[s]].append(s)
    ends = [np.median(spans[m], axis=0).astype(np.int64) for m in members]
    begin, end = np.array(ends, dtype=np.int64).reshape(-1, 2).T
    return number, begin, end


def _dates(corpus, names):
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


def _earliest(documents, dates, names):
    """The document that is earlier than all others that are dated, or none, and how far that is known."""
    dated = sorted((dates[d], d) for d in documents if dates[d])
    if not dated:
        return "", "undated"
    (_, last), first = dated[0]
    if any(date[0] <= last for date, _ in dated[1:]):
        return "", "tied"
    return names[first], "known" if len(dated) == len(documents) else "some undated"


def strips(found, gathered, paragraphs, references=(), share=0.2, least=5):
    """What each document's text is, from its first character to its last.

    Parameters
    ----------
    found, gathered : DataFrame
        `matches` and `passages` of these paragraphs.
    paragraphs : DataFrame
    references : collection of str
    share : float
    least : int
        Documents: a passage is central if `least` of them and `share` of all have it, as in `template.formulas`.

    Returns
    -------
    DataFrame
        doc_id, start, end (code points of its paragraphs one after the other, half-open), class: reference (a reference
        has it), central, shared (another document has it), own. The first that fits; of a reference, no first.
    """
    text = _lay_out(paragraphs, references)
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


def coverage(strips):
    """How much of each document is of which class.

    Returns
    -------
    DataFrame
        doc_id, characters, and a column a class of `CLASSES`: shares that sum to 1. The template of a document is what
        is reference or central.
    """
    sizes = (strips["end"] - strips["start"]).groupby([strips["doc_id"], strips["class"]]).sum().unstack(fill_value=0)
    sizes = sizes.reindex(columns=list(CLASSES), fill_value=0)
    total = sizes.sum(axis=1)
    table = sizes.div(total, axis=0).round(6).rename_axis(columns=None)
    table.insert(0, "characters", total)
    return table.reset_index()


def mask(strips, paragraphs, classes=("reference", "central")):
    """Which words are of some classes with all their characters; for `template.without`.

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
    text = _lay_out(paragraphs, ())
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
    places = dict(zip(zip(text.rows["doc_id"], text.rows["paragraph"], strict=True), text.starts.tolist(), strict=False))
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


def taken_up(found, paragraphs, references):
    """How much of each document stands in each reference as well.

    Returns
    -------
    DataFrame
        doc_id, reference, characters (of the document), share (of it): the greatest first. What several references
        have counts for each of them; `coverage` has the whole.
    """
    text = _lay_out(paragraphs, references)
    part = found[found["other_doc"].isin(set(references))]
    begin, end = text.places(part)
    sizes = paragraphs["text"].map(len).groupby(paragraphs["doc_id"]).sum()
    spans = pd.DataFrame({"doc_id": part["doc_id"], "reference": part["other_doc"], "begin": begin, "end": end})
    spans = spans.sort_values(["doc_id", "reference", "begin"])
    before = spans.groupby(["doc_id", "reference"])["end"].cummax().groupby([spans["doc_id"], spans["reference"]]).shift(fill_value=0)
    spans["characters"] = (spans["end"] - np.maximum(spans["begin"], before)).clip(lower=0)
    table = spans.groupby(["doc_id", "reference"], as_index=False)["characters"].sum()
    table["share"] = (table["characters"] / table["doc_id"].map(sizes)).round(6)
    return table.sort_values(["characters", "doc_id", "reference"], ascending=[False, True, True], ignore_index=True)
