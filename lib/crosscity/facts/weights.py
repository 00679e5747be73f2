"""Weights learned from coded sentences, and the sequence of stances that they make most likely.

A linear-chain conditional random field (Lafferty, McCallum and Pereira 2001): each thing that is seen of a sentence
adds its weights to the stances of that sentence, and each stance its weight to that of the next sentence. The weights
are whole numbers, so that every machine decides alike.
"""

from __future__ import annotations

import functools
import re
from itertools import chain
from operator import add
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ..files import read_tsv

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from .observations import Observation

STANCES = ("achievement", "problem", "cause", "plan", "norm", "other")
LONGEST = 3  # characters of an n-gram
_DIGITS, _SPACE = re.compile("[0-9０-９]+"), re.compile("\\s+")
_CLOSING = re.compile("(?<![。！？；，：、”’」』）)》…])[。！？；，：、”’」』）)》…]*\0")
_BITS = 21  # of a code point
_HASHES = 1 << 18


class Weights(NamedTuple):
    """The table resources/stance-weights.tsv.

    Attributes
    ----------
    table : array of int
        A row for each n-gram and each mark, a column for each stance.
    ngrams : array of int
        N-grams as `encoded`, in ascending order: those of the first rows.
    hashes : array of bool
        Whether any of them has this hash: most n-grams of a text are none of them.
    marks : dict of str to int
        Rows of marks, and of what depends on the type of the document (mark|type).
    links : dict of str to list of tuples of int
        By link and stance of a sentence: its weights after each stance of the sentence before.
    """

    table: NDArray[np.int64]
    ngrams: NDArray[np.int64]
    hashes: NDArray[np.bool_]
    marks: dict[str, int]
    links: dict[str, list[tuple[int, ...]]]


def encoded(ngram: str) -> int:
    """An n-gram of at most `LONGEST` characters as a number."""
    number = 0
    for character in ngram:
        number = number << _BITS | ord(character)
    return number


def decoded(number: int) -> str:
    """The n-gram that a number stands for."""
    ngram = ""
    while number:
        ngram, number = chr(number & ((1 << _BITS) - 1)) + ngram, number >> _BITS
    return ngram


def ngrams_of(texts: Sequence[str]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The n-grams of sentences: the index of the sentence, and the number of the n-gram.

    ^ stands for the start of a sentence and $ for its end before the closing marks; digits are one 0.
    """
    joined = "\0".join(text.replace("\0", "") for text in texts) + "\0"
    joined = _CLOSING.sub("$\0", _SPACE.sub("", _DIGITS.sub("0", joined)))
    codes = np.frombuffer(("^" + joined.replace("\0", "\0^")).encode("utf-32-le", "surrogatepass"), dtype="<u4")
    codes = codes[:-1].astype(np.int64)
    is_text = codes > 0
    of = np.cumsum(~is_text)
    numbers, owners, grown, whole = [codes[is_text]], [of[is_text]], codes, is_text
    for n in range(1, LONGEST):
        grown = grown[:-1] << _BITS | codes[n:]
        whole = whole[:-1] & is_text[n:]
        numbers.append(grown[whole])
        owners.append(of[:-n][whole])
    return np.concatenate(owners), np.concatenate(numbers)


def names_of(seen: Observation, doc_type: str) -> list[str]:
    """The names under which the table weighs a sentence's marks, context and heading in a type of document."""
    doc_type = doc_type or "unknown"
    names = [*seen.marks, *seen.context]
    return [f"type {doc_type}", *names, *(f"{name}|{doc_type}" for name in names), *_names_of_heading(seen.heading)]


@functools.lru_cache(maxsize=4096)
def _names_of_heading(heading: str) -> tuple[str, ...]:
    """Pairs of characters of a heading, ^ at its start and $ at its end; digits are one 0."""
    framed = f"^{_DIGITS.sub('0', heading)}$" if heading else ""
    return tuple(f"in {framed[i : i + 2]}" for i in range(len(framed) - 1))


def likeliest(seen: Sequence[Observation], doc_type: str = "", weights: Weights | None = None) -> list[str]:
    """The stances of a document's sentences, in order, that together have the greatest weight (Viterbi)."""
    if not seen:
        return []
    weights = weights or shipped()
    scores = _scores(seen, doc_type, weights).tolist()
    unlinked = [(0,) * len(STANCES)] * len(STANCES)
    best, back = scores[0], []
    for one, here in zip(seen[1:], scores[1:], strict=True):
        came, grown = [], []
        for score, column in zip(here, weights.links.get(one.link, unlinked), strict=True):
            sums = list(map(add, best, column))
            most = max(sums)
            came.append(sums.index(most))
            grown.append(most + score)
        back.append(came)
        best = grown
    path = [best.index(max(best))]
    for came in reversed(back):
        path.append(came[path[-1]])
    return [STANCES[k] for k in reversed(path)]


def _scores(seen: Sequence[Observation], doc_type: str, weights: Weights) -> NDArray[np.int64]:
    """For each sentence (rows) the weight of each stance (columns)."""
    from scipy.sparse import csr_array  # here, since the command line starts without it

    owners, numbers = ngrams_of([one.text for one in seen])
    may_be = weights.hashes[_hash(numbers)]
    owners, numbers = owners[may_be], numbers[may_be]
    at = np.searchsorted(weights.ngrams, numbers)
    at[at == len(weights.ngrams)] = 0
    is_known = weights.ngrams[at] == numbers
    doc_type = doc_type or "unknown"
    rows_of: dict[str, list[int]] = {}
    of_headings: dict[str, list[int]] = {}
    of_marks: list[int] = []
    counts = []
    for one in seen:
        before = len(of_marks)
        if one.heading not in of_headings:
            in_heading = set(_names_of_heading(one.heading))
            of_headings[one.heading] = [weights.marks[name] for name in sorted(in_heading) if name in weights.marks]
        of_marks += of_headings[one.heading]
        for name in (f"type {doc_type}", *one.marks, *one.context):
            if name not in rows_of:
                both = (name, f"{name}|{doc_type}")
                rows_of[name] = [weights.marks[form] for form in both if form in weights.marks]
            of_marks += rows_of[name]
        counts.append(len(of_marks) - before)
    owners = np.concatenate([owners[is_known], np.repeat(np.arange(len(seen)), counts)])
    at = np.concatenate([at[is_known], np.array(of_marks, dtype=np.int64)])
    holds = csr_array((np.ones(len(at), dtype=np.int64), (owners, at)), shape=(len(seen), len(weights.table)))
    holds.data[:] = 1  # however often a sentence has it
    total: NDArray[np.int64] = holds @ weights.table
    return total


def _hash(numbers: NDArray[np.int64]) -> NDArray[np.int64]:
    return (numbers ^ numbers >> 19 ^ numbers >> 38) & (_HASHES - 1)


def read_weights(*paths: Path | str) -> Weights:
    """The weights that files hold, a row a thing: its kind (ngram, mark or next), its name, and a column a stance."""
    marks: dict[str, tuple[int, ...]] = {}
    grams: dict[int, tuple[int, ...]] = {}
    links: dict[str, dict[str, tuple[int, ...]]] = {}
    for kind, name, *cells in chain.from_iterable(map(read_tsv, paths)):
        row = tuple(int(cell or 0) for cell in cells)
        if kind == "mark":
            marks[name] = row
        elif kind == "ngram":
            grams[encoded(name)] = row
        else:
            links.setdefault(kind.removeprefix("next "), {})[name] = row
    ordered = sorted(grams)
    numbers, hashes = np.array(ordered, dtype=np.int64), np.zeros(_HASHES, dtype=bool)
    hashes[_hash(numbers)] = True
    return Weights(
        np.array([*(grams[number] for number in ordered), *marks.values()], dtype=np.int64),
        numbers,
        hashes,
        {name: len(ordered) + n for n, name in enumerate(marks)},
        {link: list(zip(*(rows[stance] for stance in STANCES), strict=True)) for link, rows in links.items()},
    )


@functools.cache
def shipped() -> Weights:
    """The weights that come with the package."""
    resources = Path(__file__).with_name("resources")
    return read_weights(resources / "stance-weights.tsv", resources / "stance-weights-by-hand.tsv")
