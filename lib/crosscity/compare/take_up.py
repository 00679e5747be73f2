"""Take-up: passages and named programmes that documents have of texts of a higher level, each with its first source.

`words.reuse.matches` finds what a document has of any source, a few candidates for each place. Then all sources are
searched for each such place, so that the first text that has it is known, and the one that is nearest in wording.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from ..words import reuse
from .passage_search import Index, Letters, letters_of
from .source_names import named_programmes
from .sources import Texts, is_recent, known_days, order_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from .sources import Days

LENGTH = 20  # characters of a passage, without punctuation: a clause or two
SIMILARITY = 0.7
WHOLE, SHORT_SIMILARITY = 30, 0.8  # passages of fewer characters than that must be as similar as this
OVERLAP = 0.5  # of places that count as one
COPY = 0.5  # share of a document that is one source's text: then it holds that text, and takes nothing up
NEAR = 4  # characters by which an end of a place is moved to a mark
PART = 10  # characters of a clause that are cut off at the ends of a place
COLUMNS = [
    "item",
    "kind",
    "text",
    "doc_id",
    "paragraph",
    "start",
    "end",
    "source",
    "source_paragraph",
    "source_start",
    "source_end",
    "first",
    "sources",
    "similarity",
    "order",
]
_CLAUSE_END = re.compile("[，。；：！？,;:!?\\n]")


class Found(NamedTuple):
    """What documents have of sources.

    Attributes
    ----------
    rows : DataFrame
        A row a place, with `COLUMNS`: source is the text before the document that is nearest in wording (of equals the
        last; if none is before it, the nearest of all), first the first text that has it, sources all that have it;
        order is how first and document stand in time: one of `ORDERS`.
    copies : list of str
        Documents that are for the most part the text of one source, and are left out.
    """

    rows: pd.DataFrame
    copies: list[str]


def take_ups(texts: Texts, length: int = LENGTH, similarity: float = SIMILARITY) -> Found:
    """What documents have of sources: passages, nearly word for word, and programmes by name.

    Parameters
    ----------
    texts : Texts
    length : int
        Characters of a passage at least.
    similarity : float
        Share of its characters that are equal.
    """
    dates = known_days(texts.corpus)
    passages, copies = _passages(texts, dates, length, similarity)
    names = named_programmes(texts, dates, set(copies))
    rows = [*passages, *names]
    table = pd.DataFrame(rows, columns=COLUMNS)
    return Found(table, copies)


def _passages(
    texts: Texts, dates: Mapping[str, Days | None], length: int, similarity: float
) -> tuple[list[tuple[Any, ...]], list[str]]:
    """Rows of passages that documents have of sources; and the documents that are copies of a source."""
    pairs = reuse.matches(texts.paragraphs, texts.sources, length, similarity)
    pairs = pairs[pairs["other_doc"].isin(set(texts.sources))]
    layout = reuse.lay_out(texts.paragraphs, texts.sources)
    copies = _copies(pairs, layout)
    pairs = pairs[~pairs["doc_id"].isin(copies)]
    if pairs.empty:
        return [], copies
    everything = "".join(layout.rows["text"])
    letters = letters_of(everything, layout)
    n = int(np.searchsorted(letters.document, layout.references))  # sources stand first
    index = Index(Letters(letters.text[:n], letters.places[:n], letters.document[:n]))
    names = [str(name) for name in layout.names]
    rows: list[tuple[Any, ...]] = []
    keys: list[tuple[int, int, int]] = []
    for place in _places(pairs, layout, dates, length):
        begin, end = _whole_clauses(everything, *_in_one_paragraph(layout, *_whole_words(everything, *place)), length)
        a, b = np.searchsorted(letters.places, [begin, end]).tolist()
        passage, document = letters.text[a:b], names[layout.document[layout.row(np.array([begin]))[0]]]
        if b - a < length:
            continue
        least = similarity if b - a >= WHOLE else max(similarity, SHORT_SIMILARITY)
        windows = index.windows(passage, least)
        if not windows:
            continue
        first = min(windows, key=lambda w: (dates[names[w.source]] or ("~", "~"), -w.similarity))
        before = [w for w in windows if order_of(dates[names[w.source]], dates[document]) == "earlier"]
        nearest = max(before or windows, key=lambda w: (w.similarity, dates[names[w.source]] or ("", "")))
        if before and not is_recent(max(dates[names[w.source]] or ("", "") for w in before), dates[document]):
            continue
        order = order_of(dates[names[first.source]], dates[document])
        span = int(letters.places[nearest.begin]), int(letters.places[nearest.end - 1]) + 1
        whole = span if nearest.similarity == 1 else _to_marks(everything, *span)
        source_begin, source_end = _in_one_paragraph(layout, *_whole_words(everything, *whole))
        here = next(layout.pieces(begin, end))
        there = next(layout.pieces(source_begin, source_end))
        row_here, row_there = layout.rows.iloc[here[0]], layout.rows.iloc[there[0]]
        said = everything[source_begin:source_end]
        where = (row_here["doc_id"], row_here["paragraph"], *here[1:])
        source = (row_there["doc_id"], row_there["paragraph"], *there[1:])
        sources = tuple(names[w.source] for w in windows)
        rows.append(("", "passage", said, *where, *source, names[first.source], sources, nearest.similarity, order))
        keys.append((first.source, first.begin, first.end))
    return _with_items(rows, keys), copies


def _in_one_paragraph(layout: Any, begin: int, end: int) -> tuple[int, int]:
    """The longest part of a place that lies in one paragraph."""
    parts = [(int(layout.starts[row]) + a, int(layout.starts[row]) + b) for row, a, b in layout.pieces(begin, end)]
    return max(parts, key=lambda part: part[1] - part[0])


def _whole_words(text: str, begin: int, end: int) -> tuple[int, int]:
    """A place with the figures that its ends would cut, and the quotation marks that open or close there."""
    while begin > 0 and text[begin - 1].isdecimal() and text[begin : begin + 1].isdecimal():
        begin -= 1
    while end < len(text) and text[end].isdecimal() and text[end - 1].isdecimal():
        end += 1
    begin -= text[begin - 1 : begin] in tuple("“‘「『《")
    end += text[end : end + 1] in tuple("”’」』》")
    return begin, end


def _whole_clauses(text: str, begin: int, end: int, length: int) -> tuple[int, int]:
    """A place without parts of clauses of up to `PART` characters at its ends, if what is left has the length."""
    marks = [m.end() for m in _CLAUSE_END.finditer(text, max(0, begin - 1), end)]
    first = next((m for m in marks if m >= begin), begin)
    last = end if not marks or _CLAUSE_END.match(text, end) else marks[-1]
    first, last = (first if first - begin <= PART else begin), (last if end - last <= PART else end)
    for a, b in ((first, last), (first, end), (begin, last)):
        if sum(c.isalnum() for c in text[a:b]) >= length:
            return a, b
    return begin, end


def _to_marks(text: str, begin: int, end: int) -> tuple[int, int]:
    """A place whose ends are moved to marks or ends of paragraphs that are at most `NEAR` characters off."""
    for step in range(NEAR + 1):
        if begin - step <= 0 or _CLAUSE_END.match(text, begin - step - 1):
            begin -= step
            break
        if begin + step < end and _CLAUSE_END.match(text, begin + step - 1):
            begin += step
            break
    for step in range(NEAR + 1):
        if end + step >= len(text) or _CLAUSE_END.match(text, end + step):
            end += step
            break
        if end - step > begin and _CLAUSE_END.match(text, end - step):
            end -= step
            break
    return begin, end


def _copies(pairs: pd.DataFrame, layout: Any) -> list[str]:
    """Documents that are for the most part the text of one source."""
    share = reuse.pairwise_reuse(pairs, layout.rows, list(layout.names[: layout.references]))
    return sorted(set(share.loc[share["share"] > COPY, "doc_id"]))


def _places(
    pairs: pd.DataFrame, layout: Any, dates: Mapping[str, Days | None], length: int
) -> Iterator[tuple[int, int]]:
    """Places of documents that a source has, none over another; those of earlier sources and the longest first."""
    begin, end = layout.places(pairs)
    orders = [order_of(dates[o], dates[d]) for d, o in zip(pairs["doc_id"], pairs["other_doc"], strict=True)]
    is_late = np.array([o != "earlier" for o in orders])
    equal = (end - begin) * pairs["similarity"].to_numpy()
    taken: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
    document = layout.document[layout.row(begin)]
    kept = []
    for k in np.lexsort((end, begin, -equal, is_late)).tolist():
        a, b = int(begin[k]), int(end[k])
        others = taken[int(document[k])]
        if b - a < length or any(min(b, d) - max(a, c) > 0.2 * (b - a) for c, d in others):
            continue
        others.append((a, b))
        kept.append((a, b))
    yield from sorted(kept)


def _with_items(rows: list[tuple[Any, ...]], keys: list[tuple[int, int, int]]) -> list[tuple[Any, ...]]:
    """The rows with their item: passages whose first places overlap by half are one, under its commonest wording."""
    items: list[tuple[int, int, int]] = []
    number = np.zeros(len(rows), np.int64)
    by_source: defaultdict[int, list[int]] = defaultdict(list)
    counts: defaultdict[tuple[int, int, int], int] = defaultdict(int)
    for key in keys:
        counts[key] += 1
    known: dict[tuple[int, int, int], int] = {}
    for key in sorted(counts, key=lambda k: (-counts[k], k)):
        source, a, b = key
        for item in by_source[source]:
            _, c, d = items[item]
            if min(b, d) - max(a, c) >= OVERLAP * min(b - a, d - c):
                known[key] = item
                break
        else:
            known[key] = len(items)
            by_source[source].append(len(items))
            items.append(key)
    number = np.array([known[key] for key in keys])
    wordings: defaultdict[int, defaultdict[str, int]] = defaultdict(lambda: defaultdict(int))
    for item, row in zip(number.tolist(), rows, strict=True):
        wordings[item][row[2]] += 1
    best = {i: max(w, key=lambda t: (w[t], len(t), t)) for i, w in wordings.items()}
    return [(f"p{i + 1}", row[1], best[i], *row[3:]) for i, row in zip(number.tolist(), rows, strict=True)]
