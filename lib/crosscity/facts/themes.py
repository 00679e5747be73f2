"""Themes of paragraphs by a codebook: one to three each, the most important first."""

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

MAX_THEMES = 3  # of a paragraph
LEAD_FACTOR = 2.0  # what a term of the first sentence counts for: official prose states its matter first
HEADING_SHARE = 0.5  # of what its heading's terms weigh; halved for each heading further up
MIN_WEIGHT = 1.0  # of a group that is a theme
MIN_RELATIVE_WEIGHT = 0.35  # of the second and third theme, against the first
_CODED = ("heading", "body")
_WIDTH = 200  # characters on either side in which a sentence is looked for
_SENTENCE = re.compile(f"[{SENTENCE_ENDS}]")
_CLAUSE = re.compile("[，。！？；：,!?;:、]")


class ParagraphTheme(NamedTuple):
    """A theme of a paragraph.

    Attributes
    ----------
    paragraph : int
    theme : str
        The group.
    leaf : str
        The leaf of that group with the greatest weight.
    rank : int
        1 is the most important.
    weight : float
        The group's share of the weight of all groups there, 0 to 1; 0 for the fallback.
    """

    paragraph: int
    theme: str
    leaf: str
    rank: int
    weight: float


def themes(paragraphs: Any, tokens: Any, book: Codebook) -> list[ParagraphTheme]:
    """Themes of one document's headings and body paragraphs.

    A term is found in the text, the longest first, but not where it straddles two words. A leaf with terms j, each of
    weight w_j and found n_j times (counted `LEAD_FACTOR` times in the first sentence), weighs the sum over j of
    w_j * log2(1 + n_j); a body paragraph inherits `HEADING_SHARE` of what its heading weighs. A group weighs what its
    leaves do. The second and third theme must reach `MIN_RELATIVE_WEIGHT` of the first.

    Parameters
    ----------
    paragraphs : mapping of str to sequences
        Columns paragraph, kind, section and text of the table; a DataFrame is one.
    tokens : sequence of sequences of str, or Arrow array of lists
        Words of each paragraph; where they do not follow the text, words have no borders.
    book : codebook.Codebook

    Returns
    -------
    list of ParagraphTheme
        In order of paragraph and rank.
    """
    tokens = tokens.to_pylist() if hasattr(tokens, "to_pylist") else tokens
    order = {leaf.group: i for i, leaf in reversed(list(enumerate(book.leaves)))}
    section_weights: dict[str, dict[int, float]] = {}
    rows: list[ParagraphTheme] = []
    columns = (paragraphs[name] for name in ("paragraph", "kind", "section", "text"))
    for number, kind, section, text, words in zip(*columns, tokens, strict=True):
        if kind not in _CODED:
            continue
        weights = _leaf_weights(book, text, words, kind == "body")
        leading = set()
        if kind == "body" and section:
            if section not in section_weights:
                section_weights[section] = _section_weights(book, section)
            for leaf, weight in section_weights[section].items():
                weights[leaf] += weight
            leading = {book.leaves[leaf].group for leaf in book.leading & section_weights[section].keys()}
        rows += _ranked_themes(int(number), weights, leading, order, book)
    return rows


def _section_weights(book: Codebook, section: str) -> dict[int, float]:
    """What the leaves weigh in a path of headings."""
    weights: defaultdict[int, float] = defaultdict(float)
    for depth, title in enumerate(reversed(section.split(" / "))):
        for leaf, weight in _leaf_weights(book, title, (), False).items():
            weights[leaf] += weight * HEADING_SHARE / 2**depth
    return weights


def _ranked_themes(
    paragraph: int,
    weights: Mapping[int, float],
    leading: Collection[str],
    order: Mapping[str, int],
    book: Codebook,
) -> list[ParagraphTheme]:
    """The themes of a paragraph from the weights of its leaves."""
    totals: defaultdict[str, float] = defaultdict(float)
    heaviest: dict[str, int] = {}
    for leaf, weight in sorted(weights.items()):
        group = book.leaves[leaf].group
        totals[group] += weight
        if group not in heaviest or weight > weights[heaviest[group]]:
            heaviest[group] = leaf
    ranked = sorted(
        (group for group, weight in totals.items() if weight >= MIN_WEIGHT or group in leading),
        key=lambda group: (group not in leading, -round(totals[group], 9), order[group]),
    )
    if not ranked:
        if book.fallback < 0:
            return []
        return [ParagraphTheme(paragraph, book.leaves[book.fallback].group, book.leaves[book.fallback].code, 1, 0.0)]
    # A leading group does not say what the paragraph is about: the others are compared with the first of their own.
    first = next((totals[group] for group in ranked if group not in leading), 0.0)
    main = [group for group in ranked if group in leading or totals[group] >= MIN_RELATIVE_WEIGHT * first]
    total = math.fsum(totals.values())  # sum adds otherwise since Python 3.12
    return [
        ParagraphTheme(paragraph, group, book.leaves[heaviest[group]].code, rank, round(totals[group] / total, 4))
        for rank, group in enumerate(main[:MAX_THEMES], start=1)
    ]


def _leaf_weights(book: Codebook, text: str, words: Sequence[str], has_lead: bool) -> defaultdict[int, float]:
    """What each leaf weighs in a text."""
    counts: defaultdict[tuple[int, str, float], float] = defaultdict(float)
    vocabulary, borders = set(words), None
    first = _SENTENCE.search(text) if has_lead else None
    lead = first.start() if first else 0
    for at, phrase in occurrences(text, book.by_start):
        for term, offset in book.terms_within[phrase]:
            start = at + offset
            end = start + len(term)
            if vocabulary and term not in vocabulary:
                borders = _word_borders(text, words) if borders is None else borders
                if borders and _straddles(borders, start, end):
                    continue
            for entry in book.terms[term]:
                if not (entry.companions or entry.after) or _counts(entry, text, start, end):
                    counts[entry.leaf, term, entry.weight] += LEAD_FACTOR if start < lead else 1.0
    weights: defaultdict[int, float] = defaultdict(float)
    for (leaf, _, weight), n in counts.items():
        weights[leaf] += weight * math.log2(1 + n)
    return weights


def _counts(entry: Term, text: str, start: int, end: int) -> bool:
    """Whether a term has a companion in its sentence, if it needs one, and nothing before it that forbids it."""
    before, behind = text[max(0, start - _WIDTH) : start], text[end : end + _WIDTH]
    if entry.companions:
        sentence = _SENTENCE.split(before)[-1] + text[start:end] + _SENTENCE.split(behind, maxsplit=1)[0]
        if not any(word in sentence for word in entry.companions):
            return False
    clause = _CLAUSE.split(before)[-1] if entry.after else ""
    return not any(word in clause for word in entry.after)


def _word_borders(text: str, words: Iterable[str]) -> list[int]:
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


def _straddles(borders: Sequence[int], start: int, end: int) -> bool:
    """Whether a span cuts a word and is not within one."""
    i, j = bisect_right(borders, start), bisect_right(borders, end - 1)
    if i == j:
        return False
    cuts_first = i % 2 == 1 and borders[i - 1] != start
    cuts_last = j % 2 == 1 and borders[j] != end
    return cuts_first or cuts_last
