"""Themes of paragraphs by a codebook: each paragraph's one to three, the most important first."""

from __future__ import annotations

import math
import re
from bisect import bisect_right
from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from ..chinese import SENTENCE_ENDS
from .codebook import occurrences

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from typing import Any

    from .codebook import Codebook, Term

MOST = 3  # themes of a paragraph
LEAD = 2.0  # what a term of the first sentence counts for: official prose states its matter first
HEADING = 0.5  # share of what its heading's terms weigh, and half of that for each heading above
LEAST = 1.0  # weight below which a group is no theme
NEAR = 0.35  # share of the first theme's weight that the second and the third must reach
_CODED = ("heading", "body")
_WIDTH = 200  # characters on either side in which a sentence is looked for
_SENTENCE = re.compile(f"[{SENTENCE_ENDS}]")
_CLAUSE = re.compile("[，。！？；：,!?;:、]")


class Theme(NamedTuple):
    """A theme of a paragraph.

    Attributes
    ----------
    paragraph : int
    theme : str
        The group.
    leaf : str
        Of the group's leaves that which weighs most.
    rank : int
        1 is the most important.
    weight : float
        The group's share of what all groups weigh there, 0 to 1; 0 of the leaf of paragraphs without any other.
    """

    paragraph: int
    theme: str
    leaf: str
    rank: int
    weight: float


def themes(paragraphs: Any, tokens: Any, book: Codebook) -> list[Theme]:
    """Themes of one document's headings and body paragraphs.

    A term is found in the text, the longest first, but not where it straddles two words. Of a leaf with terms j, each
    with weight w_j and found n_j times (counted `LEAD` times in the first sentence), the weight is the sum over j of
    w_j * log2(1 + n_j); a body paragraph takes over `HEADING` of what its heading weighs. A group weighs what its
    leaves do. The second and third theme must reach `NEAR` of the first.

    Parameters
    ----------
    paragraphs : mapping of str to sequences
        Columns paragraph, kind, section and text of the table; a DataFrame is one.
    tokens : sequence of sequences of str, or Arrow array of lists
        Words of each paragraph; where they do not follow the text, words have no borders.
    book : codebook.Codebook

    Returns
    -------
    list of Theme
        In order of paragraph and rank.
    """
    groups = list(book.leaves["group"])
    order = {group: i for i, group in reversed(list(enumerate(groups)))}
    tokens = tokens.to_pylist() if hasattr(tokens, "to_pylist") else tokens
    above, rows = {}, []
    columns = (paragraphs[name] for name in ("paragraph", "kind", "section", "text"))
    for number, kind, section, text, words in zip(*columns, tokens, strict=True):
        if kind not in _CODED:
            continue
        weights, leading = _weights(book, text, words, kind == "body"), set()
        if kind == "body" and section:
            if section not in above:
                above[section] = _heading(book, section)
            for leaf, weight in above[section].items():
                weights[leaf] += weight
            leading = {groups[leaf] for leaf in book.leading & above[section].keys()}
        rows += _ranked(int(number), weights, groups, order, leading, book)
    return rows


def _heading(book: Codebook, section: str) -> dict[int, float]:
    weights: defaultdict[int, float] = defaultdict(float)
    for depth, title in enumerate(reversed(section.split(" / "))):
        for leaf, weight in _weights(book, title, (), False).items():
            weights[leaf] += weight * HEADING / 2**depth
    return weights


def _ranked(
    number: int,
    weights: Mapping[int, float],
    groups: Sequence[str],
    order: Mapping[str, int],
    leading: Collection[str],
    book: Codebook,
) -> Any:
    of: defaultdict[str, float] = defaultdict(float)
    best: dict[str, tuple[float, int]] = {}
    for leaf, weight in sorted(weights.items()):
        group = groups[leaf]
        of[group] += weight
        if group not in best or weight > best[group][0]:
            best[group] = (weight, leaf)
    ranked = sorted((g not in leading, -round(w, 9), order[g], g) for g, w in of.items() if w >= LEAST or g in leading)
    codes = book.leaves["leaf"].array
    if not ranked:
        return [Theme(number, groups[book.fallback], codes[book.fallback], 1, 0.0)] if book.fallback >= 0 else []
    # What leads says nothing of the matter: the others are held against the first of their own.
    bar = next((of[g] for late, *_, g in ranked if late), 0.0)
    kept = [r for r in ranked if of[r[3]] >= NEAR * bar or not r[0]][:MOST]
    total = sum(of.values())
    return [
        Theme(number, group, codes[best[group][1]], rank, round(of[group] / total, 4))
        for rank, (*_, group) in enumerate(kept, start=1)
    ]


def _weights(book: Codebook, text: str, words: Iterable[str], leads: bool) -> dict[int, float]:
    """What each leaf weighs in a text."""
    counts: defaultdict[tuple[int, str, float], float] = defaultdict(float)
    bag, borders = set(words), None
    first = _SENTENCE.search(text) if leads else None
    lead = first.start() if first else 0
    for at, phrase in occurrences(text, book.starts):
        for term, inside in book.within[phrase]:
            start = at + inside
            end = start + len(term)
            if bag and term not in bag:
                borders = _borders(text, words) if borders is None else borders
                if borders and not _whole(borders, start, end):
                    continue
            for entry in book.terms[term]:
                if not (entry.companions or entry.after) or _holds(entry, text, start, end):
                    counts[entry.leaf, term, entry.weight] += LEAD if start < lead else 1.0
    weights: defaultdict[int, float] = defaultdict(float)
    for (leaf, _, weight), n in counts.items():
        weights[leaf] += weight * math.log2(1 + n)
    return weights


def _holds(entry: Term, text: str, start: int, end: int) -> bool:
    """Whether a term has a companion in its sentence, if it needs one, and nothing before it that forbids it."""
    before, behind = text[max(0, start - _WIDTH) : start], text[end : end + _WIDTH]
    if entry.companions:
        sentence = _SENTENCE.split(before)[-1] + text[start:end] + _SENTENCE.split(behind, maxsplit=1)[0]
        if not any(word in sentence for word in entry.companions):
            return False
    clause = _CLAUSE.split(before)[-1] if entry.after else ""
    return not any(word in clause for word in entry.after)


def _borders(text: str, words: Iterable[str]) -> Any:
    """Where words begin and end, in order; empty if the words do not follow the text."""
    borders: list[int] = []
    at = 0
    for word in words:
        start = text.find(word, at)
        if start < 0 or start - at > 200:
            return []
        at = start + len(word)
        borders += (start, at)
    return borders


def _whole(borders: Any, start: int, end: int) -> bool:
    """Whether a span does not straddle: it cuts no word, or lies within one."""
    i, j = bisect_right(borders, start), bisect_right(borders, end - 1)
    if i == j:
        return True
    cuts_first = i % 2 == 1 and borders[i - 1] != start
    cuts_last = j % 2 == 1 and borders[j] != end
    return not (cuts_first or cuts_last)
