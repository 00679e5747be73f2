"""Terms that no dictionary has: strings of a corpus that behave like words of their own."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from ..chinese import HAN
from .tokens import stop_words

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from typing import Any

    import numpy.typing as npt

OPENING, CLOSING = '“‘「『"', '”’」』"'
_CHINESE = re.compile(f"[{HAN}]")
JOINER = "+"  # jieba takes it for a part of a word, as it does letters and digits, but no other mark that names hold
NUMERALS = "一二三四五六七八九十百千两双"  # stop words with which names begin all the same: 四个一批
COLUMNS = ("term", "count", "documents", "cohesion", "left_entropy", "right_entropy", "quoted", "score", "examples")


class _Units(NamedTuple):
    """A corpus as one row of words, a border wherever something else stands between two; arrays of shape (n,)."""

    word: np.ndarray  # code of the word, -1 for a border
    start: np.ndarray  # where in its paragraph
    end: np.ndarray
    row: np.ndarray  # which paragraph
    opened: np.ndarray  # an opening quotation mark before it
    closed: np.ndarray  # a closing one behind it
    words: list


class _Runs(NamedTuple):
    """Occurrences of candidates: arrays of shape (n_occurrences,), by candidate, then in the corpus's order."""

    terms: np.ndarray  # shape (n_terms,)
    cohesion: np.ndarray  # shape (n_terms,)
    owner: np.ndarray  # which candidate
    first: np.ndarray  # its first unit
    after: np.ndarray  # the unit behind its last


def candidates(
    paragraphs: pd.DataFrame,
    min_count: int = 2,
    longest: int = 10,
    known: Collection[str] = (),
    limit: int | None = None,
) -> pd.DataFrame:
    """Strings that behave like words of their own, but that the segmenter cuts up.

    A candidate is a run of two words or more between which nothing stands but +, has a Chinese character, and is
    nowhere one word. It recurs, with neighbours that change on either side, and neither begins nor ends with a stop
    word or a number; or it stands in quotation marks, once at least, as names do.

    - cohesion: the pointwise mutual information (Church and Hanks 1990) of its weakest cut in two, the least of
      log2(N c(ab) / (c(a) c(b))), where N is the number of all words and c counts runs; what stands once is overrated.
    - entropy: that of the words that stand next to it (Harris 1955; Jin and Tanaka-Ishii 2006); see `border_entropy`.
    - score: cohesion / log2(N / c(ab)) (normalised, so 1 at most: Bouma 2009), times 1 + the lesser entropy, plus
      2 log2(1 + quoted). The sum is our own; weights from 2 to 4 for the quotation marks do equally well.

    Where candidates overlap the better takes the place: another must stand outside it as often as it must stand at all.

    Parameters
    ----------
    paragraphs : DataFrame, shape (n_paragraphs, ...)
        Columns doc_id, text and tokens: the words of the text in order.
    min_count : int
        Occurrences of a candidate that is never quoted; 2 at least.
    longest : int
        Characters at most.
    known : collection of str
        Strings to leave out: what was judged before.
    limit : int, optional
        Candidates at most.

    Returns
    -------
    DataFrame, shape (n_candidates, 9)
        term, count, documents (that hold it), cohesion, left_entropy, right_entropy (bits), quoted (occurrences in
        quotation marks), score, examples (keyword in context, from three documents at most); by score, ties by term.
    """
    paragraphs = paragraphs.sort_values("doc_id", kind="stable")  # the same result whatever the documents' order
    units = _units(paragraphs)
    runs = _runs(units, longest, frozenset(known) | set(units.words))
    table = _measures(runs, units, pd.factorize(paragraphs["doc_id"])[0])
    least = np.where(table["quoted"] > 0, 1, max(min_count, 2))
    table = table[table["count"] >= least]
    table = table.sort_values(["score", "term"], ascending=[False, True])
    table = table.loc[_standing_alone(runs, table.index, least, len(units.word), limit)]
    texts, names = paragraphs["text"].to_numpy(), paragraphs["doc_id"].to_numpy()
    table["examples"] = pd.Series([_examples(runs, i, units, texts, names) for i in table.index], table.index, "str")
    return table.reset_index(drop=True)


def border_entropy(owner: npt.NDArray[Any], neighbour: npt.NDArray[Any], n: int) -> npt.NDArray[Any]:
    """Entropy in bits of what stands next to each candidate.

    Every border (punctuation, a paragraph's end) counts as a neighbour of its own, since a word surely ends there:
    H = log2 c - (1 / c) sum over words w of c_w log2 c_w, to which a border, seen once, adds nothing.

    Parameters
    ----------
    owner : ndarray of int, shape (n_occurrences,)
        Candidate of each occurrence; all of 0 to n - 1 occur.
    neighbour : ndarray of int, shape (n_occurrences,)
        Code of the word next to it, -1 for a border.
    n : int

    Returns
    -------
    ndarray, shape (n,)
    """
    count = np.bincount(owner, minlength=n)
    inside = neighbour >= 0
    base = neighbour.max(initial=0) + 1
    pairs, times = np.unique(owner[inside] * base + neighbour[inside], return_counts=True)
    known = np.bincount(pairs // base, weights=times * np.log2(times), minlength=n)
    return np.maximum(np.log2(count) - known / count, 0)


def _units(paragraphs: pd.DataFrame) -> _Units:
    """The words of all paragraphs, with where they stand."""
    codes: dict[str, int] = {}
    rows = [(-1, 0, 0, 0, False, False)]
    for i, (text, tokens) in enumerate(zip(paragraphs["text"], paragraphs["tokens"], strict=True)):
        end = 0
        for word in tokens:
            start = text.index(word, end)
            if start > end:
                gap = text[end:start]
                code = codes.setdefault(JOINER, len(codes)) if gap == JOINER else -1
                rows.append((code, end, start, i, gap[-1] in OPENING, gap[0] in CLOSING))
            end = start + len(word)
            rows.append((codes.setdefault(word, len(codes)), start, end, i, False, False))
        rows.append((-1, end, len(text), i, False, text[end : end + 1] in tuple(CLOSING)))
    word, start, end, row, opening, closing = (np.array(c) for c in zip(*rows, strict=True))
    return _Units(word, start, end, row, np.roll(opening, 1), np.roll(closing, -1), list(codes))


def _runs(units: _Units, longest: int, known: Collection[str]) -> _Runs:
    """Runs of words that recur or stand in quotation marks, and neither begin nor end with a word that says nothing."""
    word, n, m, stop = units.word, len(units.word), len(units.words), stop_words()
    empty = np.array([w in stop or w == JOINER or w.isdigit() for w in units.words], dtype=bool)
    bare = empty & ~np.array([w[0] in NUMERALS for w in units.words], dtype=bool)
    size = np.concatenate([[0], np.cumsum(np.where(word >= 0, units.end - units.start, 0))])
    borders = np.concatenate([[0], np.cumsum(word < 0)])
    codes, counts = [word], [np.bincount(word[word >= 0], minlength=m)]
    index: dict[str, int] = {}
    cohesion: dict[str, float] = {}
    found = [np.zeros((3, 0), dtype=int)]
    for k in range(2, min(longest, n - 2) + 1):
        # A run of k recurs only where its first and its last k - 1 words do; code is -1 where it stands there alone.
        at = np.flatnonzero((codes[-1][: n - k] >= 0) & (codes[-1][1 : n - k + 1] >= 0))
        at = at[size[at + k] - size[at] <= longest]
        _, run, times = np.unique(codes[-1][at] * m + word[at + k - 1], return_inverse=True, return_counts=True)
        often = (times > 1)[run]
        code = np.full(n, -1)
        code[at[often]] = (np.cumsum(times > 1) - 1)[run[often]]
        codes.append(code)
        counts.append(times[times > 1])
        marked = np.flatnonzero(units.opened[: n - k] & units.closed[k - 1 : n - 1])
        marked = marked[(borders[marked + k] == borders[marked]) & (size[marked + k] - size[marked] <= longest)]
        here = np.union1d(at[often], marked)
        _, first, run = np.unique(
            np.where(code[here] >= 0, code[here], n + here), return_index=True, return_inverse=True
        )
        place = here[first]
        named = np.bincount(run[np.isin(here, marked)], minlength=len(place)) > 0
        whole = ~(bare[word[place]] | empty[word[place + k - 1]])
        for beside in (word[here - 1], word[here + k]):  # one word on all occasions: a part of something longer
            differs = (beside != beside[first][run]) | (beside < 0)
            whole &= np.bincount(run[differs], minlength=len(place)) > 0
        held = _times(codes, counts, k, place)
        cuts = [_times(codes, counts, j, place) * _times(codes, counts, k - j, place + j) for j in range(1, k)]
        weakest = np.log2((word >= 0).sum() * held / np.max(cuts, axis=0))
        owner = np.full(len(place), -1)
        for i in np.flatnonzero(named | whole):
            term = "".join([units.words[w] for w in word[place[i] : place[i] + k]])
            if term not in known and _CHINESE.search(term):
                owner[i] = index.setdefault(term, len(index))
                cohesion[term] = min(weakest[i], cohesion.get(term, np.inf))  # a string may be cut in two ways
        owner = owner[run]
        found.append(np.stack([owner, here, here + k])[:, owner >= 0])
    occurrences = np.concatenate(found, axis=1)
    owner, first, after = occurrences[:, np.lexsort(occurrences[1::-1])]
    return _Runs(np.array(list(index), dtype=object), np.array([cohesion[t] for t in index]), owner, first, after)


def _times(
    codes: Sequence[npt.NDArray[Any]], counts: Sequence[npt.NDArray[Any]], k: int, place: npt.NDArray[Any]
) -> npt.NDArray[Any]:
    """How often the runs of k words at some places stand in the corpus."""
    return np.append(counts[k - 1], 1)[codes[k - 1][place]]


def _measures(runs: _Runs, units: _Units, document: npt.NDArray[Any]) -> pd.DataFrame:
    """Count, cohesion, entropies and score of each candidate, unsorted."""
    n = len(runs.terms)
    count = np.bincount(runs.owner, minlength=n)
    held = np.unique(np.stack([runs.owner, document[units.row[runs.first]]]), axis=1)[0]
    quoted = np.bincount(runs.owner[units.opened[runs.first] & units.closed[runs.after - 1]], minlength=n)
    left = border_entropy(runs.owner, units.word[runs.first - 1], n)
    right = border_entropy(runs.owner, units.word[runs.after], n)
    normal = runs.cohesion / np.log2((units.word >= 0).sum() / count)
    score = normal * (1 + np.minimum(left, right)) + 2 * np.log2(1 + quoted)
    values = (runs.terms, count, np.bincount(held, minlength=n), runs.cohesion, left, right, quoted, score)
    return pd.DataFrame(dict(zip(COLUMNS, values, strict=False))).round(4)


def _standing_alone(
    runs: _Runs, order: npt.NDArray[Any], least: npt.NDArray[Any], n_units: int, limit: int | None
) -> list[Any]:
    """Candidates, in their order, that stand often enough outside of all those before them."""
    bounds = np.searchsorted(runs.owner, np.arange(len(runs.terms) + 1))
    taken, kept = np.zeros(n_units, dtype=bool), []
    for i in order:
        spans = zip(*(a[bounds[i] : bounds[i + 1]].tolist() for a in (runs.first, runs.after)), strict=True)
        free = [slice(*span) for span in spans if not taken[slice(*span)].any()]
        if len(free) >= least[i]:
            kept.append(i)
            for span in free:
                taken[span] = True
            if len(kept) == limit:
                break
    return kept


def _examples(runs: _Runs, i: int, units: _Units, texts: Sequence[str], names: Sequence[str]) -> str:
    """A candidate in context, from the first three documents that hold it."""
    shown: dict[str, str] = {}
    for j in range(*np.searchsorted(runs.owner, [i, i + 1])):
        row, start, end = units.row[runs.first[j]], units.start[runs.first[j]], units.end[runs.after[j] - 1]
        if len(shown) < 3:
            shown.setdefault(names[row], texts[row][max(start - 12, 0) : end + 12])
    return " | ".join(f"{name}: {text}" for name, text in shown.items())
