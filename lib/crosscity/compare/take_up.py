"""Take-up: passages and named programmes that documents have of texts of a higher level, each with its first source.

`words.reuse.matches` finds what a document has of any source, a few candidates for each place. Then all sources are
searched for each such place, so that the first text that has it is known, and the one that is nearest in wording.
"""

from __future__ import annotations

import functools
import re
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd
from rapidfuzz import fuzz

from ..facts import central, is_numbered
from ..files import read_tsv
from ..words import reuse

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from typing import Any

    import numpy.typing as npt

    Array = npt.NDArray[Any]

LENGTH = 20  # characters of a passage, without punctuation: a clause or two
SIMILARITY = 0.7
WHOLE, SHORT_SIMILARITY = 30, 0.8  # passages of fewer characters than that must be as similar as this
GRAM = 5  # characters that a place and a source must share in a row
MOST_GRAMS = 400  # places at which such a run may stand; commoner ones tell nothing of where a passage is
OVERLAP = 0.5  # of places that count as one
COPY = 0.5  # share of a document that is one source's text: then it holds that text, and takes nothing up
MEMORY = 10  # years after which what no source has said again is no take-up, but chance, or another thing's name
SHORT_NAME = 4  # characters of a name that is another's as part of a longer one
SHORT = 3  # characters of a name that must stand in quotation marks, unless it is known as the centre's
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
ORDERS = ("earlier", "not told", "later")
NEAR = 4  # characters by which an end of a source's place is moved to a mark
PART = 10  # characters of a clause that are cut off at the ends of a place
_CLAUSE_END = re.compile("[，。；：！？,;:!?\\n]")
_MARK = re.compile("[“”‘’「」『』\"'＂„‟、·\\s]|\\[\\d{1,3}\\]")  # [17] is a note's number
_WIDTH = str.maketrans("（），：；！？＋﹢％", "(),:;!?++%")
_OPENS, _CLOSES = tuple("“‘「『\"'＂„"), re.compile("(?:\\[\\d{1,3}\\])?[”’」』\"'＂‟]")
_QUOTED = re.compile('[“‘「『"＂]([^“”‘’「」『』"＂，。；：？！,;:?!]{2,10})[”’」』"＂]')
_ENGINEER = re.compile("(?<=工程)(?:师|技术)|(?<=计划)生育")


class Texts(NamedTuple):
    """Documents and sources.

    Attributes
    ----------
    paragraphs : DataFrame
        doc_id, paragraph, text of all.
    corpus : DataFrame
        doc_id, date, year of all.
    sources : sequence of str
        The doc_ids of those that the others may have something of.
    programmes : DataFrame
        doc_id, paragraph, start, end, canonical: what sources and documents name.
    """

    paragraphs: pd.DataFrame
    corpus: pd.DataFrame
    sources: Sequence[str]
    programmes: pd.DataFrame


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
    names = _named(texts, dates, set(copies))
    rows = [*passages, *names]
    table = pd.DataFrame(rows, columns=COLUMNS)
    return Found(table, copies)


def known_days(corpus: pd.DataFrame) -> dict[str, tuple[str, str] | None]:
    """The first and the last day that may be each document's date, by doc_id; None if it has none."""
    return dict(zip(corpus["doc_id"], reuse.date_spans(corpus), strict=True))


def order_of(first: tuple[str, str] | None, document: tuple[str, str] | None) -> str:
    """How a source and a document stand in time: one of `ORDERS`."""
    if first is None or document is None:
        return "not told"
    return "earlier" if first[1] < document[0] else "later" if first[0] > document[1] else "not told"


# Passages.


class _Letters(NamedTuple):
    """Documents as the letters, digits and Chinese characters that are compared, and their places in paragraphs.

    Attributes
    ----------
    text : str
        Of all, one after the other.
    places : ndarray of int
        Code points of the whole text of all paragraphs.
    document : ndarray of int
        Number of the document of each character.
    """

    text: str
    places: Array
    document: Array


class _Window(NamedTuple):
    """A place in the letters of the sources that has a passage."""

    source: int
    begin: int
    end: int
    similarity: float


class _Index:
    """All places of each run of `GRAM` letters in the sources."""

    def __init__(self, letters: _Letters) -> None:
        self.letters = letters
        keys = _grams(letters.text)
        inside = letters.document[: len(keys)] == letters.document[len(letters.text) - len(keys) :]
        places = np.flatnonzero(inside)
        order = np.argsort(keys[places], kind="stable")
        self.places, self.keys = places[order], keys[places][order]

    def windows(self, passage: str, least: float) -> list[_Window]:
        """Where sources have a passage: the best place of each."""
        keys = _grams(passage)
        low, high = np.searchsorted(self.keys, keys), np.searchsorted(self.keys, keys, side="right")
        use = (high > low) & (high - low <= MOST_GRAMS)
        if not use.any():
            return []
        starts = [self.places[a:b] - i for i, (a, b, ok) in enumerate(zip(low, high, use, strict=True)) if ok]
        where = np.sort(np.concatenate(starts))
        where = where[(where > -len(passage)) & (where < len(self.letters.text))]
        width, size = max(6, len(passage) // 4), len(passage)
        # The bins of beginnings with most runs, for each source.
        bins, first, n = np.unique(where // width, return_index=True, return_counts=True)
        owner = self.letters.document[np.clip(where[first], 0, None)]
        found: dict[int, _Window] = {}
        for k in np.lexsort((bins, -n, owner)).tolist():
            source = int(owner[k])
            begin = max(0, int(where[first[k]]) - width)
            end = min(len(self.letters.text), int(where[first[k] + n[k] - 1]) + size + width)
            if source in found and n[k] * 3 < size:
                continue
            aligned = fuzz.partial_ratio_alignment(
                passage, self.letters.text[begin:end], score_cutoff=100 * max(least, 0.01)
            )
            if aligned is None or aligned.dest_end - aligned.dest_start < 0.6 * size:
                continue
            a, b = begin + aligned.dest_start, begin + aligned.dest_end
            source = int(self.letters.document[(a + b) // 2])
            score = aligned.score / 100
            if source not in found or score > found[source].similarity:
                found[source] = _Window(source, a, b, score)
        return [found[source] for source in sorted(found)]


def _grams(text: str) -> Array:
    """A number for the run of `GRAM` characters that begins at each place of a text."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.uint64)
    n = max(0, len(codes) - GRAM + 1)
    keys = np.zeros(n, np.uint64)
    for i in range(GRAM):
        keys = keys * np.uint64(6364136223846793005) + codes[i : i + n]
        keys ^= keys >> np.uint64(29)
    return keys


def _passages(
    texts: Texts, dates: Mapping[str, tuple[str, str] | None], length: int, similarity: float
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
    letters = _letters(everything, layout)
    n = int(np.searchsorted(letters.document, layout.references))  # sources stand first
    index = _Index(_Letters(letters.text[:n], letters.places[:n], letters.document[:n]))
    names = [str(name) for name in layout.names]
    rows: list[tuple[Any, ...]] = []
    keys: list[tuple[int, int, int]] = []
    for place in _places(pairs, layout, dates, length):
        begin, end = _whole_clauses(everything, *_to_marks(everything, *place), length)
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
        if before and not _is_recent(max(dates[names[w.source]] or ("", "") for w in before), dates[document]):
            continue
        order = order_of(dates[names[first.source]], dates[document])
        span = int(letters.places[nearest.begin]), int(letters.places[nearest.end - 1]) + 1
        source_begin, source_end = span if nearest.similarity == 1 else _to_marks(everything, *span)
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


def _letters(everything: str, layout: Any) -> _Letters:
    """The letters of a layout, in lower case."""
    at = np.array([i for i, c in enumerate(everything) if c.isalnum()], np.int64)
    text = "".join(c if len(c) == 1 else everything[i] for i in at.tolist() for c in [everything[i].lower()])
    return _Letters(text, at, np.repeat(layout.document, np.diff(layout.starts))[at])


def _copies(pairs: pd.DataFrame, layout: Any) -> list[str]:
    """Documents that are for the most part the text of one source."""
    share = reuse.pairwise_reuse(pairs, layout.rows, list(layout.names[: layout.references]))
    return sorted(set(share.loc[share["share"] > COPY, "doc_id"]))


def _places(
    pairs: pd.DataFrame, layout: Any, dates: Mapping[str, tuple[str, str] | None], length: int
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


# Names.


class _Name(NamedTuple):
    """A name that is looked for.

    Attributes
    ----------
    written : str
    is_open : bool
        Whether it counts without quotation marks, which short and numbered ones need, as others may have one like it.
    year : int
        Of the central document that it is known from; 0 if none is.
    """

    written: str
    is_open: bool
    year: int


class _Names:
    """Names that are looked for: of sources' programmes, what they put in quotation marks, facts/resources/central.tsv.

    Parameters
    ----------
    programmes : DataFrame
        Column canonical.
    texts : iterable of str
        Of sources.
    """

    def __init__(self, programmes: pd.DataFrame, texts: Iterable[str]) -> None:
        self.known: dict[str, _Name] = {}
        for name, programme in central().items():
            self.known[_plain(name)] = _Name(name, programme.where == "any", int(programme.year or 0))
        for written in sorted(set(programmes["canonical"])):
            name = _plain(written)
            if len(name) > 1 and name not in self.known and not _no_programme().fullmatch(name):
                is_brief = is_numbered(name) or len(name) <= SHORT
                self.known[name] = _Name(written, not is_brief, 0)
        for written in sorted({m.group(1) for text in texts for m in _QUOTED.finditer(text)}):
            name = _plain(written)
            if len(name) > 1 and name not in self.known and not _no_programme().fullmatch(name):
                self.known[name] = _Name(written, False, 0)
        lengths: defaultdict[str, set[int]] = defaultdict(set)
        for name in self.known:
            lengths[name[:2]].add(len(name))
        self.lengths = {head: sorted(sizes, reverse=True) for head, sizes in lengths.items()}

    def mentions(self, text: str) -> Iterator[tuple[str, int, int]]:
        """Names in a text and their places, none within another; of those that begin alike the longest."""
        marks = {i for m in _MARK.finditer(text) for i in range(*m.span())}
        at = [i for i in range(len(text)) if i not in marks]
        plain = "".join(text[i] for i in at).translate(_WIDTH)
        end_of_last = 0
        for i in range(len(plain) - 1):
            sizes = self.lengths.get(plain[i : i + 2], ()) if i >= end_of_last else ()
            for size in sizes:
                name = plain[i : i + size]
                if len(name) < size or name not in self.known or _ENGINEER.match(plain, i + size):
                    continue
                start, end = at[i], at[i + size - 1] + 1
                quoted = text[start - 1 : start] in _OPENS and bool(_CLOSES.match(text, end))
                if self.known[name].is_open or quoted:
                    yield name, start, end
                    end_of_last = i + size
                    break


def _plain(text: str) -> str:
    return _MARK.sub("", text.translate(_WIDTH))


def _named(texts: Texts, dates: Mapping[str, tuple[str, str] | None], copies: Collection[str]) -> list[tuple[Any, ...]]:
    """Rows of programmes that sources name and documents do."""
    sources = set(texts.sources)
    of_sources = texts.paragraphs.loc[texts.paragraphs["doc_id"].isin(sources), "text"]
    names = _Names(texts.programmes[texts.programmes["doc_id"].isin(sources)], of_sources)
    mentions: defaultdict[str, list[tuple[str, int, int, int]]] = defaultdict(list)
    longer = _longer_names(texts.programmes)
    for row in texts.paragraphs[["doc_id", "paragraph", "text"]].itertuples(index=False):
        others = longer.get((row.doc_id, row.paragraph), [])
        for name, start, end in names.mentions(row.text):
            if not any(a <= start and end <= b and _is_another(name, other) for a, b, other in others):
                mentions[name].append((row.doc_id, row.paragraph, start, end))
    rows = []
    for name in sorted(mentions):
        first_of: dict[str, tuple[str, int, int, int]] = {}
        for place in mentions[name]:
            first_of.setdefault(place[0], place)
        have = [d for d in texts.sources if d in first_of]
        dated = sorted((span, d) for d in have if (span := dates[d]))
        if not have:
            continue
        first = dated[0][1] if dated else have[0]
        for doc_id, place in first_of.items():
            if doc_id in sources or doc_id in copies:
                continue
            before = [d for _, d in dated if order_of(dates[d], dates[doc_id]) == "earlier"]
            if before and not _is_recent(dates[before[-1]], dates[doc_id], names.known[name].year):
                continue
            source = before[-1] if before else first
            order = order_of(dates[first], dates[doc_id])
            written = names.known[name].written
            rows.append(("n" + name, "programme", written, *place, *first_of[source], first, tuple(have), 1.0, order))
    return rows


def _is_another(name: str, longer: str) -> bool:
    """Whether a longer name is another programme's: 抗震安居工程 is no 安居工程, but 河湖长制+六水共治 is 河湖长制."""
    before, found, behind = longer.partition(name)
    return bool(found) and len(name) <= SHORT_NAME and any(map(str.isalnum, (before[-1:], behind[:1])))


def _longer_names(programmes: pd.DataFrame) -> dict[tuple[str, int], list[tuple[int, int, str]]]:
    """What documents name, by paragraph: the places, with a margin for quotation marks, and the names."""
    found: defaultdict[tuple[str, int], list[tuple[int, int, str]]] = defaultdict(list)
    columns = ["doc_id", "paragraph", "start", "end", "canonical"]
    for row in programmes.reindex(columns=columns).itertuples(index=False):
        found[row.doc_id, row.paragraph].append((row.start - 1, row.end + 1, _plain(row.canonical)))
    return found


def _is_recent(source: tuple[str, str] | None, document: tuple[str, str] | None, year: int = 0) -> bool:
    """Whether a source, or a central document of a year, is less old than `MEMORY` when the document has it."""
    return (
        source is not None and document is not None and int(document[0][:4]) - max(int(source[0][:4]), year) <= MEMORY
    )


@functools.cache
def _no_programme() -> re.Pattern[str]:
    """What is no programme, whatever its form (resources/no-programmes.tsv)."""
    rows = read_tsv(Path(__file__).with_name("resources") / "no-programmes.tsv")
    return re.compile("|".join(f"(?:{expression})" for expression, _ in rows))
