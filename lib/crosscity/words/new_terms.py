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
_AT_ONCE = 1 << 20  # keys that are looked up at a time
COLUMNS = ("term", "count", "documents", "cohesion", "left_entropy", "right_entropy", "quoted", "score", "examples")


class _Units(NamedTuple):
    """A corpus as a sequence of words, with a border wherever something is between two.

    Attributes
    ----------
    word : ndarray of int, shape (n,)
        Code of the word, -1 for a border.
    start : ndarray of int, shape (n,)
        Place in the paragraph.
    first : ndarray of int, shape (n_paragraphs,)
        The first unit of each paragraph.
    opened, closed : ndarrays of bool, shape (n,)
        Whether an opening quotation mark precedes it, and a closing one follows.
    words : list of str
        By code.
    """

    word: Array
    start: Array
    first: Array
    opened: Array
    closed: Array
    words: list[str]

    def row(self, at: Array) -> Array:
        """The numbers of the paragraphs in which some units are."""
        return np.searchsorted(self.first, at, side="right") - 1


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
    # A tuple for each of them would take ten times the room.
    word_of, start_of, first_of, opening, closing = (array(kind) for kind in "iiibb")

    def add(code: int, start: int, opens: bool = False, closes: bool = False) -> None:
        word_of.append(code)
        start_of.append(start)
        opening.append(opens)
        closing.append(closes)

    add(-1, 0)
    for text, tokens in zip(paragraphs["text"], paragraphs["tokens"], strict=True):
        first_of.append(len(word_of))
        end = 0
        for word in tokens:
            start = text.index(word, end)
            if start > end:
                gap = text[end:start]
                code = codes.setdefault(JOINER, len(codes)) if gap == JOINER else -1
                add(code, end, gap[-1] in OPENING, gap[0] in CLOSING)
            end = start + len(word)
            add(codes.setdefault(word, len(codes)), start)
        add(-1, end, False, text[end : end + 1] in tuple(CLOSING))
    word, start_at, first = (np.frombuffer(column, np.int32) for column in (word_of, start_of, first_of))
    opened, closed = (np.frombuffer(column, bool) for column in (opening, closing))
    return _Units(word, start_at, first, np.roll(opened, 1), np.roll(closed, -1), list(codes))


def _runs(units: _Units, longest: int, known: Collection[str]) -> _Runs:
    """Runs of words that recur, and neither begin nor end with a word without content, or that are quoted."""
    word, n = units.word, len(units.word)
    lengths = np.array([len(w) for w in units.words] + [0], dtype=np.int32)[word]  # the last is that of a border
    size = np.concatenate([[0], np.cumsum(lengths, dtype=np.int32)], dtype=np.int32)
    del lengths
    codes, counts = [word], [np.bincount(word[word >= 0], minlength=len(units.words))]
    index: dict[str, int] = {}
    cohesion = array("d")  # of each, by its number
    found = [np.zeros((2, 0), dtype=np.int32)]
    spans = [0]
    for k in range(2, min(longest, n - 2) + 1):
        here, run = _runs_of_length(units, k, size, longest, codes, counts)
        _, first, run = np.unique(run, return_index=True, return_inverse=True)
        place, run = here[first], run.astype(np.int32)
        weakest = _weakest_splits(codes, counts, k, place)
        candidate_of = np.full(len(place), -1, np.int32)
        for i in np.flatnonzero(_is_possible(units, k, here, first, run)):
            term = "".join([units.words[w] for w in word[place[i] : place[i] + k]])
            if term not in known and HAN_CHARACTER.search(term):
                candidate_of[i] = number = index.setdefault(term, len(index))
                if number == len(cohesion):
                    cohesion.append(weakest[i])
                cohesion[number] = min(weakest[i], cohesion[number])  # a string may be cut in several ways
        is_candidate = candidate_of[run] >= 0
        found.append(np.stack([candidate_of[run[is_candidate]], here[is_candidate]]))
        spans.append(k)
        del here, run, is_candidate  # which the next length need not hold beside its own
    del codes, counts, size  # what follows takes as much again
    after = np.concatenate([at + k for (_, at), k in zip(found, spans, strict=True)])
    candidate_of, first = np.concatenate(found, axis=1)
    del found
    order = np.lexsort([first, candidate_of])
    terms = np.array(list(index), dtype=object)
    return _Runs(terms, np.array(cohesion), candidate_of[order], first[order], after[order])


def _runs_of_length(
    units: _Units, k: int, size: Array, longest: int, codes: list[Array], counts: list[Array]
) -> tuple[Array, Array]:
    """Where runs of k words are that recur or are quoted, and which each is; codes and counts get those of k words."""
    word, n, shorter = units.word, len(units.word), codes[-1]
    # A run of k words recurs only where its first and its last k - 1 words do; the code of a single run is -1.
    at = np.flatnonzero((shorter[: n - k] >= 0) & (shorter[1 : n - k + 1] >= 0)).astype(np.int32)
    at = at[size[at + k] - size[at] <= longest]
    number, times = _recurring(shorter[at].astype(np.int64) * len(units.words) + word[at + k - 1])
    at, number = at[number >= 0], number[number >= 0]
    code = np.full(n, -1, np.int32)
    code[at] = number
    codes.append(code)
    counts.append(times)
    quoted = np.flatnonzero(units.opened[: n - k] & units.closed[k - 1 : n - 1]).astype(np.int32)
    quoted = quoted[size[quoted + k] - size[quoted] <= longest]
    quoted = quoted[np.all([word[quoted + i] >= 0 for i in range(k)], axis=0)]
    here = np.union1d(at, quoted)
    return here, np.where(code[here] >= 0, code[here], n + here)


def _is_possible(units: _Units, k: int, here: Array, first: Array, run: Array) -> Array:
    """Which runs are quoted somewhere, or have changing neighbours and words with content at both ends."""
    word, words, stop = units.word, units.words, stop_words()
    place, n = here[first], len(first)
    empty = np.array([w in stop or w == JOINER or w.isdigit() for w in words], dtype=bool)
    bare = empty & ~np.array([w[0] in _NUMBER_STARTS for w in words], dtype=bool)
    is_word = ~(bare[word[place]] | empty[word[place + k - 1]])
    for beside in (-1, k):  # always the same: part of something longer
        neighbour = word[here + beside]
        differs = (neighbour != neighbour[first][run]) | (neighbour < 0)
        is_word &= np.bincount(run[differs], minlength=n) > 0
    is_quoted = units.opened[here] & units.closed[here + k - 1]
    return is_word | (np.bincount(run[is_quoted], minlength=n) > 0)


def _weakest_splits(codes: Sequence[Array], counts: Sequence[Array], k: int, place: Array) -> Array:
    """The pointwise mutual information of the weakest split in two of the runs of k words at some places."""
    count = _run_counts(codes, counts, k, place)
    of_splits = [
        _run_counts(codes, counts, j, place) * _run_counts(codes, counts, k - j, place + j) for j in range(1, k)
    ]
    return np.log2((codes[0] >= 0).sum() * count / np.max(of_splits, axis=0))


def _recurring(keys: Array) -> tuple[Array, Array]:
    """The number of each key among those that recur, -1 of a single one, and how often each of those occurs.

    By sorting, since a hash table of millions of keys would take several times their room.
    """
    ordered = np.sort(keys)
    starts = np.flatnonzero(np.concatenate([[True], ordered[1:] != ordered[:-1]])) if len(ordered) else ordered
    times = np.diff(np.append(starts, len(ordered)))
    recurring, times = ordered[starts[times > 1]], times[times > 1]
    del ordered, starts
    number = np.full(len(keys), -1, np.int32)
    for i in range(0, len(keys) if len(recurring) else 0, _AT_ONCE):
        part = keys[i : i + _AT_ONCE]
        found = np.minimum(np.searchsorted(recurring, part), len(recurring) - 1)
        number[i : i + _AT_ONCE] = np.where(recurring[found] == part, found, -1)
    return number, times


def _run_counts(codes: Sequence[Array], counts: Sequence[Array], k: int, place: Array) -> Array:
    """How often the runs of k words at some places occur in the corpus."""
    return np.append(counts[k - 1], 1)[codes[k - 1][place]]


def _measures(runs: _Runs, units: _Units, document: Array) -> pd.DataFrame:
    """Count, cohesion, entropies and score of each candidate, unsorted."""
    n = len(runs.terms)
    count = np.bincount(runs.candidate_of, minlength=n)
    documents = int(document.max(initial=0)) + 1
    pairs = np.unique(
        runs.candidate_of * np.int64(documents) + document[units.row(runs.first)]
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
        row, start, last = int(units.row(runs.first[j])), units.start[runs.first[j]], runs.after[j] - 1
        end = units.start[last] + len(units.words[units.word[last]])
        if len(contexts) < 3:
            contexts.setdefault(names[row], texts[row][max(start - 12, 0) : end + 12])
    return " | ".join(f"{name}: {text}" for name, text in contexts.items())
