"""New terms: strings of a corpus that behave like words, but that no dictionary has."""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from ..chinese import HAN_CHARACTER
from .tokens import stop_words

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from typing import Any

    import numpy.typing as npt

    Array = npt.NDArray[Any]

OPENING, CLOSING = '“‘「『"', '”’」』"'
JOINER = "+"  # the only mark in names that jieba takes for part of a word, like letters and digits
_NUMBER_STARTS = "一二三四五六七八九十百千两双"  # stop words with which names may begin: 四个一批
COLUMNS = ("term", "count", "documents", "cohesion", "left_entropy", "right_entropy", "quoted", "score", "examples")


class _Units(NamedTuple):
    """A corpus as a sequence of words, with a border wherever something is between two.

    Attributes
    ----------
    word : ndarray of int, shape (n,)
        Code of the word, -1 for a border.
    start, end : ndarrays of int, shape (n,)
        Span in the paragraph.
    row : ndarray of int, shape (n,)
        Number of the paragraph.
    opened, closed : ndarrays of bool, shape (n,)
        Whether an opening quotation mark precedes it, and a closing one follows.
    words : list of str
        By code.
    """

    word: Array
    start: Array
    end: Array
    row: Array
    opened: Array
    closed: Array
    words: list[str]


class _Runs(NamedTuple):
    """Occurrences of candidates, by candidate, then in the corpus's order.

    Attributes
    ----------
    terms : ndarray of str, shape (n_terms,)
    cohesion : ndarray of float, shape (n_terms,)
    candidate_of : ndarray of int, shape (n_occurrences,)
        Number of the candidate.
    first, after : ndarrays of int, shape (n_occurrences,)
        Its first unit, and the unit behind its last.
    """

    terms: Array
    cohesion: Array
    candidate_of: Array
    first: Array
    after: Array


def candidates(
    paragraphs: pd.DataFrame,
    min_count: int = 2,
    longest: int = 10,
    known: Collection[str] = (),
    limit: int | None = None,
) -> pd.DataFrame:
    """Strings that behave like words, but that the segmenter cuts.

    A candidate is a run of two words or more with nothing but + between them that has a Chinese character and is
    nowhere one word. Either it recurs, with changing neighbours on both sides, and neither begins nor ends with a stop
    word or a number; or it occurs in quotation marks at least once, as names do.

    - cohesion: the pointwise mutual information (Church and Hanks 1990) of its weakest split in two, the least of
      log2(N c(ab) / (c(a) c(b))), where N is the number of all words and c counts runs; single runs are overrated.
    - entropy: that of the words next to it (Harris 1955; Jin and Tanaka-Ishii 2006); see `border_entropy`.
    - score: cohesion / log2(N / c(ab)) (normalised, so 1 at most: Bouma 2009), times 1 + the lesser entropy, plus
      2 log2(1 + quoted). The sum is our own; weights from 2 to 4 for the quotation marks do equally well.

    Where candidates overlap the better takes precedence; the other must occur outside it as often as it must at all.

    Parameters
    ----------
    paragraphs : DataFrame, shape (n_paragraphs, ...)
        Columns doc_id, text and tokens: the words of the text in order.
    min_count : int
        Of occurrences of a candidate that is never quoted; at least 2.
    longest : int
        Maximum of characters.
    known : collection of str
        Strings to leave out, such as those already decided on.
    limit : int, optional
        Maximum of candidates.

    Returns
    -------
    DataFrame, shape (n_candidates, 9)
        term, count, documents, cohesion, left_entropy, right_entropy (bits), quoted (occurrences in quotation marks),
        score, examples (keyword in context, from the first three documents); by score, ties by term.
    """
    units = _units(paragraphs)
    runs = _runs(units, longest, frozenset(known) | set(units.words))
    table = _measures(runs, units, pd.factorize(paragraphs["doc_id"])[0])
    required = np.where(table["quoted"] > 0, 1, max(min_count, 2))
    table = table[table["count"] >= required]
    table = table.sort_values(["score", "term"], ascending=[False, True])
    table = table.loc[_without_overlaps(runs, table.index, required, len(units.word), limit)]
    texts, names = paragraphs["text"].to_numpy(), paragraphs["doc_id"].to_numpy()
    table["examples"] = pd.Series([_examples(runs, i, units, texts, names) for i in table.index], table.index, "str")
    return table.reset_index(drop=True)


def border_entropy(candidate_of: Array, neighbour: Array, n: int) -> Array:
    """Entropy in bits of the neighbours of each candidate.

    Every border (punctuation, the end of a paragraph) counts as a different neighbour, since a word surely ends there:
    H = log2 c - (1 / c) sum over words w of c_w log2 c_w, to which a border, seen once, adds nothing.

    Parameters
    ----------
    candidate_of : ndarray of int, shape (n_occurrences,)
        Candidate of each occurrence; all of 0 to n - 1 occur.
    neighbour : ndarray of int, shape (n_occurrences,)
        Code of the word next to it, -1 for a border.
    n : int

    Returns
    -------
    ndarray, shape (n,)
    """
    count = np.bincount(candidate_of, minlength=n)
    inside = neighbour >= 0
    base = neighbour.max(initial=0) + 1
    pairs, times = np.unique(candidate_of[inside] * np.int64(base) + neighbour[inside], return_counts=True)
    known = np.bincount(pairs // base, weights=times * np.log2(times), minlength=n)
    return np.maximum(np.log2(count) - known / count, 0)


def _units(paragraphs: pd.DataFrame) -> _Units:
    """The words of all paragraphs and their places."""
    codes: dict[str, int] = {}
    columns = tuple(array(kind) for kind in "iiiibb")  # a tuple for each of them would take ten times the room
    word_of, start_of, end_of, row_of, opening, closing = columns

    def add(code: int, start: int, end: int, row: int, opens: bool = False, closes: bool = False) -> None:
        word_of.append(code)
        start_of.append(start)
        end_of.append(end)
        row_of.append(row)
        opening.append(opens)
        closing.append(closes)

    add(-1, 0, 0, 0)
    for i, (text, tokens) in enumerate(zip(paragraphs["text"], paragraphs["tokens"], strict=True)):
        end = 0
        for word in tokens:
            start = text.index(word, end)
            if start > end:
                gap = text[end:start]
                code = codes.setdefault(JOINER, len(codes)) if gap == JOINER else -1
                add(code, end, start, i, gap[-1] in OPENING, gap[0] in CLOSING)
            end = start + len(word)
            add(codes.setdefault(word, len(codes)), start, end, i)
        add(-1, end, len(text), i, False, text[end : end + 1] in tuple(CLOSING))
    word, start_at, end_at, number = (np.frombuffer(column, np.int32) for column in columns[:4])
    opened, closed = (np.frombuffer(column, np.int8).astype(bool) for column in columns[4:])
    return _Units(word, start_at, end_at, number, np.roll(opened, 1), np.roll(closed, -1), list(codes))


def _runs(units: _Units, longest: int, known: Collection[str]) -> _Runs:
    """Runs of words that recur, and neither begin nor end with a word without content, or that are quoted."""
    word, n, m, stop = units.word, len(units.word), len(units.words), stop_words()
    empty = np.array([w in stop or w == JOINER or w.isdigit() for w in units.words], dtype=bool)
    bare = empty & ~np.array([w[0] in _NUMBER_STARTS for w in units.words], dtype=bool)
    size = np.concatenate([[0], np.cumsum(np.where(word >= 0, units.end - units.start, 0))]).astype(np.int32)
    borders = np.concatenate([[0], np.cumsum(word < 0)]).astype(np.int32)
    codes, counts = [word], [np.bincount(word[word >= 0], minlength=m)]
    index: dict[str, int] = {}
    cohesion: dict[str, float] = {}
    of_lengths = [np.zeros((3, 0), dtype=np.int32)]
    for k in range(2, min(longest, n - 2) + 1):
        # A run of k words recurs only where its first and its last k - 1 words do; the code of a single run is -1.
        at = np.flatnonzero((codes[-1][: n - k] >= 0) & (codes[-1][1 : n - k + 1] >= 0))
        at = at[size[at + k] - size[at] <= longest]
        run, runs = pd.factorize(codes[-1][at].astype(np.int64) * m + word[at + k - 1])
        times = np.bincount(run, minlength=len(runs))
        often = (times > 1)[run]
        code = np.full(n, -1, np.int32)
        code[at[often]] = (np.cumsum(times > 1) - 1)[run[often]]
        codes.append(code)
        counts.append(times[times > 1])
        quoted = np.flatnonzero(units.opened[: n - k] & units.closed[k - 1 : n - 1])
        quoted = quoted[(borders[quoted + k] == borders[quoted]) & (size[quoted + k] - size[quoted] <= longest)]
        here = np.union1d(at[often], quoted)
        _, first, run = np.unique(
            np.where(code[here] >= 0, code[here], n + here), return_index=True, return_inverse=True
        )
        place = here[first]
        is_quoted = np.bincount(run[np.isin(here, quoted)], minlength=len(place)) > 0
        is_word = ~(bare[word[place]] | empty[word[place + k - 1]])
        for neighbour in (word[here - 1], word[here + k]):  # always the same: part of something longer
            differs = (neighbour != neighbour[first][run]) | (neighbour < 0)
            is_word &= np.bincount(run[differs], minlength=len(place)) > 0
        count = _run_counts(codes, counts, k, place)
        of_splits = [
            _run_counts(codes, counts, j, place) * _run_counts(codes, counts, k - j, place + j) for j in range(1, k)
        ]
        weakest = np.log2((word >= 0).sum() * count / np.max(of_splits, axis=0))
        candidate_of = np.full(len(place), -1)
        for i in np.flatnonzero(is_quoted | is_word):
            term = "".join([units.words[w] for w in word[place[i] : place[i] + k]])
            if term not in known and HAN_CHARACTER.search(term):
                candidate_of[i] = index.setdefault(term, len(index))
                cohesion[term] = min(weakest[i], cohesion.get(term, np.inf))  # a string may be cut in several ways
        candidate_of = candidate_of[run]
        of_lengths.append(np.stack([candidate_of, here, here + k])[:, candidate_of >= 0].astype(np.int32))
    occurrences = np.concatenate(of_lengths, axis=1)
    candidate_of, first, after = occurrences[:, np.lexsort(occurrences[1::-1])]
    return _Runs(
        np.array(list(index), dtype=object), np.array([cohesion[t] for t in index]), candidate_of, first, after
    )


def _run_counts(codes: Sequence[Array], counts: Sequence[Array], k: int, place: Array) -> Array:
    """How often the runs of k words at some places occur in the corpus."""
    return np.append(counts[k - 1], 1)[codes[k - 1][place]]


def _measures(runs: _Runs, units: _Units, document: Array) -> pd.DataFrame:
    """Count, cohesion, entropies and score of each candidate, unsorted."""
    n = len(runs.terms)
    count = np.bincount(runs.candidate_of, minlength=n)
    documents = int(document.max(initial=0)) + 1
    pairs = np.unique(
        runs.candidate_of * np.int64(documents) + document[units.row[runs.first]]
    )  # of candidates and documents
    quoted = np.bincount(runs.candidate_of[units.opened[runs.first] & units.closed[runs.after - 1]], minlength=n)
    left = border_entropy(runs.candidate_of, units.word[runs.first - 1], n)
    right = border_entropy(runs.candidate_of, units.word[runs.after], n)
    normal = runs.cohesion / np.log2((units.word >= 0).sum() / count)
    score = normal * (1 + np.minimum(left, right)) + 2 * np.log2(1 + quoted)
    values = (
        runs.terms,
        count,
        np.bincount(pairs // documents, minlength=n),
        runs.cohesion,
        left,
        right,
        quoted,
        score,
    )
    return pd.DataFrame(dict(zip(COLUMNS, values, strict=False))).round(4)


def _without_overlaps(runs: _Runs, order: Array, required: Array, n_units: int, limit: int | None) -> list[int]:
    """Candidates, in their order, that occur often enough outside of all those before them."""
    bounds = np.searchsorted(runs.candidate_of, np.arange(len(runs.terms) + 1))
    is_taken, chosen = np.zeros(n_units, dtype=bool), []
    for i in order:
        spans = zip(*(a[bounds[i] : bounds[i + 1]].tolist() for a in (runs.first, runs.after)), strict=True)
        free = [slice(*span) for span in spans if not is_taken[slice(*span)].any()]
        if len(free) >= required[i]:
            chosen.append(i)
            for span in free:
                is_taken[span] = True
            if len(chosen) == limit:
                break
    return chosen


def _examples(runs: _Runs, i: int, units: _Units, texts: Sequence[str], names: Sequence[str]) -> str:
    """A candidate in context, from the first three documents that have it."""
    contexts: dict[str, str] = {}
    for j in range(*np.searchsorted(runs.candidate_of, [i, i + 1])):
        row, start, end = units.row[runs.first[j]], units.start[runs.first[j]], units.end[runs.after[j] - 1]
        if len(contexts) < 3:
            contexts.setdefault(names[row], texts[row][max(start - 12, 0) : end + 12])
    return " | ".join(f"{name}: {text}" for name, text in contexts.items())
