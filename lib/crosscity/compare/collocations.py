"""Concordances (key word in context) and collocations of words.

A window is a number of words on either side, within the paragraph. All words count as positions, whether they are terms
or not, so that a longer stop list does not bring words nearer to each other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd
from scipy import sparse

from .. import CrosscityError
from ..documents import normalize_term
from ..inference import MIN_PARAGRAPHS, block_length
from ..ordering import sort_rows
from ..words.codes import encode, first_lacking, token_starts
from .term_measures import g2

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

    import numpy.typing as npt

    from ..words.codes import WordCodes

KWIC_COLUMNS = ("term", "group", "doc_id", "paragraph", "start", "end", "left", "node", "right", "total", "in_group")
COLUMNS = ["node", "collocate", "count", "windows", "expected", "g2", "log_dice", "low", "high", "documents", "f_node"]
COLUMNS += ["f_collocate", "speaks_of"]


def kwic(
    paragraphs: pd.DataFrame,
    terms: str | Iterable[str],
    width: int = 20,
    max_lines: int | None = None,
    per_group: bool = False,
) -> pd.DataFrame:
    """Key word in context: the occurrences of terms, with the text around them.

    An occurrence is a word of the paragraph that is the term; the same characters inside a longer word are not.

    Parameters
    ----------
    paragraphs : DataFrame
        Columns doc_id, paragraph, group, text, tokens: the words of the text in order.
    terms : str or sequence of str
        In traditional or full-width characters as well.
    width : int
        Characters on either side, at most: no line leaves its paragraph.
    max_lines : int, optional
        Lines a term. They are taken from its documents in turn; where the last turn has more documents than lines are
        left, from documents evenly spaced among them.
    per_group : bool
        Whether `max_lines` is the number of lines a term and group.

    Returns
    -------
    DataFrame
        term, group, doc_id, paragraph; start, end (code points in the paragraph's text, half-open); left, node, right;
        total, in_group (all occurrences of the term, whether listed or not). Ordered by term, group, doc_id, place.

    Raises
    ------
    CrosscityError
        If width or max_lines is less than 1, or the words of a paragraph are not those of its text.
    """
    if width < 1 or (max_lines is not None and max_lines < 1):
        msg = f"width is {width} and max_lines {max_lines}: give 1 or more"
        raise CrosscityError(msg)
    terms = list(dict.fromkeys(map(normalize_term, [terms] if isinstance(terms, str) else terms)))
    index = {term: i for i, term in enumerate(terms)}
    keys = ["group", "doc_id", "paragraph"]
    table = sort_rows(paragraphs.loc[_have_any(paragraphs["tokens"], index), [*keys, "text", "tokens"]], keys)
    words = encode(table["tokens"])
    row = np.repeat(np.arange(len(table), dtype=np.int32), words.lengths)
    start, term = token_starts(table["text"].tolist(), words), _terms_of(words, index)[words.codes]
    if lacking := first_lacking(start, words):
        doc_id, paragraph = table[["doc_id", "paragraph"]].iloc[lacking[0]]
        msg = f"{doc_id}, paragraph {paragraph}: {lacking[1]!r} is not in its text: build the tables again"
        raise CrosscityError(msg)
    term, row, start = (values[term >= 0] for values in (term, row, start))
    group, document = (table.groupby(c, sort=False).ngroup().to_numpy()[row] for c in ("group", ["group", "doc_id"]))
    both, of_both = np.unique(term * np.int64(group.max(initial=0) + 1) + group, return_inverse=True)
    total, in_group = np.bincount(term, minlength=len(terms)), np.bincount(of_both, minlength=len(both))
    cell = of_both if per_group else term
    kept = np.arange(len(term)) if max_lines is None else np.flatnonzero(_take_turns(cell, document, max_lines))
    kept = kept[np.lexsort([start[kept], row[kept], cell[kept]])]
    lines = pd.DataFrame({"term": term[kept], "row": row[kept], "start": start[kept]})
    lines["total"], lines["in_group"] = total[term[kept]], in_group[of_both[kept]]
    row, start, node = lines["row"].to_numpy(), lines["start"].to_list(), [terms[t] for t in lines["term"]]
    end = [s + len(n) for s, n in zip(start, node, strict=True)]
    places = table[["group", "doc_id", "paragraph"]].iloc[row].reset_index(drop=True)
    used = np.unique(row)
    texts = dict(zip(used.tolist(), table["text"].iloc[used], strict=True))
    left = [texts[r][max(s - width, 0) : s] for r, s in zip(row, start, strict=True)]
    right = [texts[r][e : e + width] for r, e in zip(row, end, strict=True)]
    result = places.assign(term=node, start=start, end=end, left=left, node=node, right=right)
    return result.assign(total=lines["total"], in_group=lines["in_group"])[list(KWIC_COLUMNS)]


def _terms_of(words: WordCodes, index: Mapping[str, int]) -> npt.NDArray[np.int32]:
    """The number of the term that each word of a vocabulary is; -1 for none."""
    return np.array([index.get(word, -1) for word in words.vocabulary], dtype=np.int32)


def _have_any(tokens: pd.Series, index: Mapping[str, int]) -> npt.NDArray[np.bool_]:
    """Which paragraphs have any of the terms."""
    words = encode(tokens)
    row = np.repeat(np.arange(len(tokens), dtype=np.int32), words.lengths)
    holds = np.zeros(len(tokens), dtype=bool)
    holds[row[_terms_of(words, index)[words.codes] >= 0]] = True
    return holds


def spans_in_context(table: pd.DataFrame, paragraphs: pd.DataFrame, term: str, width: int = 40) -> pd.DataFrame:
    """Spans of text that a table refers to, with the text around them, in the columns of `kwic`.

    Parameters
    ----------
    table : DataFrame
        Columns doc_id, paragraph, start, end, and `term`.
    paragraphs : DataFrame
        Columns doc_id, paragraph, group, text.
    term : str
        The column that heads the lines, as a term does.
    width : int
        Characters on either side, at most.
    """
    columns = ["doc_id", "paragraph", "start", "end"]
    lines = table[[*columns, term]].merge(paragraphs[["doc_id", "paragraph", "group", "text"]], on=columns[:2])
    spans = list(zip(lines["text"], lines["start"], lines["end"], strict=True))
    lines = lines.assign(term=lines[term], left=[t[max(0, s - width) : s] for t, s, _ in spans])
    lines = lines.assign(node=[t[s:e] for t, s, e in spans], right=[t[e : e + width] for t, _, e in spans])
    lines["total"] = lines.groupby("term")["doc_id"].transform("size")
    lines["in_group"] = lines.groupby(["term", "group"])["doc_id"].transform("size")
    return lines[list(KWIC_COLUMNS)]


def _take_turns(cell: npt.NDArray[Any], document: npt.NDArray[Any], n: int) -> npt.NDArray[np.bool_]:
    """Which lines to keep: n of each cell, one from each document in turn."""
    turn = _place_in(cell * np.int64(document.max(initial=0) + 1) + document)
    turns, of_turn, size = np.unique(
        cell * np.int64(turn.max(initial=0) + 1) + turn, return_inverse=True, return_counts=True
    )
    in_cell = turns // (turn.max(initial=0) + 1)
    before = np.cumsum(size) - size  # of the turns before, and less that of the cells before
    before -= before[np.searchsorted(in_cell, in_cell)]
    taken = np.clip(n - before, 0, size)[of_turn]
    place, size = _place_in(of_turn), size[of_turn]
    return (2 * (place + 1) * taken + size) // (2 * size) > (2 * place * taken + size) // (2 * size)


def _place_in(group: npt.NDArray[Any]) -> npt.NDArray[np.int64]:
    """The place of each row among those of its group, from 0."""
    order = np.argsort(group, kind="stable")
    ordered = group[order]
    place = np.empty(len(group), dtype=np.int64)
    place[order] = np.arange(len(group)) - np.searchsorted(ordered, ordered)
    return place


def collocations(
    paragraphs: pd.DataFrame,
    terms: npt.NDArray[Any],
    nodes: str | Iterable[str],
    window: int = 5,
    min_documents: int = 3,
    level: float = 0.95,
) -> pd.DataFrame:
    """Words that occur near some words (nodes) more often than by chance, how strongly, and how sure that is.

    - count: occurrences of the collocate with the node at most `window` words away, each counted once however many
      nodes are near (surface cooccurrence: Evert 2008, section 4.1). expected: its occurrences, times the share of the
      node's windows in all words but the node.
    - windows: occurrences of the node that have the collocate near.
    - g2: of the table of words inside and outside the windows, the collocate or not (Dunning 1993). It takes words as
      independent, so that it is large for whatever is frequent: it ranks, it does not test.
    - log_dice: 14 + log2(2 f_xy / (f_x + f_y)) of Rychlý (2008), with the lesser of count and windows as f_xy: it
      exceeds neither frequency, so that 14 is the maximum. It does not depend on the length of the corpus.
    - low, high: log_dice ± t s. s² is the variance of log2 of the ratio between documents by linearisation (between
      circular runs of paragraphs, where there is one document), at least that of 1 / (f_xy + 1/2) of independent
      occurrences; as `keyness.keyness` has it. t has one degree of freedom less than there are documents (runs).

    Parameters
    ----------
    paragraphs : DataFrame
        Columns doc_id, paragraph, tokens.
    terms : collection of str
        The possible collocates: the terms of `words.matrix.count_matrix`, which leaves out stop words and masked names.
    nodes : str or sequence of str
    window : int
        Words on either side.
    min_documents : int
        Documents in which the pair must occur (all of them, where there are fewer).
    level : float

    Returns
    -------
    DataFrame
        node, collocate, count, windows, expected, g2, log_dice, low, high (NaN for one document of fewer than eight
        paragraphs), documents (with the pair), f_node, f_collocate, speaks_of (what the interval speaks of). Ordered by
        node, then by log_dice, the largest first, ties by collocate.

    Raises
    ------
    CrosscityError
        If the window is less than 1, or a node is not a word of the paragraphs.
    """
    if window < 1:
        msg = f"window is {window}: give 1 or more words"
        raise CrosscityError(msg)
    table = sort_rows(paragraphs, ["doc_id", "paragraph"])
    nodes = list(dict.fromkeys([nodes] if isinstance(nodes, str) else nodes))
    words = np.array(sorted({*terms, *nodes}), dtype=object)
    codes, lengths, vocabulary = encode(table["tokens"])
    code = pd.Index(words).get_indexer(pd.Index(vocabulary, dtype=object))[codes] if len(codes) else codes
    row, is_term = np.repeat(np.arange(len(table)), lengths), pd.Index(words).isin(list(terms))
    document, names = pd.factorize(table["doc_id"])
    unit = document if len(names) > 1 else np.arange(len(table))
    shape = unit.max(initial=0) + 1, len(words)

    def by_unit(rows: npt.NDArray[Any], codes: npt.NDArray[Any]) -> sparse.csr_array:
        return sparse.coo_array((np.ones(len(rows)), (unit[rows], codes)), shape=shape).tocsc()

    total = by_unit(row[code >= 0], code[code >= 0])
    steps = np.r_[-window:0, 1 : window + 1]
    frames = []
    for node in nodes:
        own = int(np.searchsorted(words, node))
        places = np.flatnonzero(code == own)
        if not len(places):
            msg = f"{node!r} is no word of these paragraphs: give a word as it is cut"
            raise CrosscityError(msg)
        near = places[:, None] + steps
        inside = (near >= 0) & (near < len(code))
        near = np.where(inside, near, 0)
        occurrence, step = np.nonzero(inside & (row[near] == row[places][:, None]) & (code[near] != own))
        span = np.unique(near[occurrence, step])
        in_span = span[(code[span] >= 0) & is_term[code[span]]]
        neighbour = code[near[occurrence, step]]
        counted = (neighbour >= 0) & is_term[neighbour]
        pairs = np.unique(occurrence[counted] * len(words) + neighbour[counted])
        occurrence, collocate = np.divmod(pairs, len(words))
        tokens, windows = by_unit(row[in_span], code[in_span]), by_unit(row[places[occurrence]], collocate)
        in_documents = np.unique(document[row[in_span]] * len(words) + code[in_span])
        documents = np.bincount(in_documents % len(words), minlength=len(words))
        at = np.flatnonzero(documents >= max(min(min_documents, len(names)), 1))
        inside, near_node, everywhere = (m[:, at].toarray() for m in (tokens, windows, total))
        unit_counts = _UnitCounts(inside, near_node, everywhere, total[:, [own]].toarray())
        measures = _measure(unit_counts, len(span), len(code), len(names) > 1, level)
        measures = measures.assign(node=node, collocate=words[at], documents=documents[at])
        frames.append(measures[measures["count"] > measures["expected"]])
    frames = [f.sort_values(["log_dice", "collocate"], ascending=[False, True]) for f in frames]
    return pd.concat(frames, ignore_index=True)[COLUMNS] if frames else pd.DataFrame(columns=COLUMNS)


class _UnitCounts(NamedTuple):
    """Counts by unit (documents, or the paragraphs of a single one): rows are units, columns collocates.

    Attributes
    ----------
    tokens : occurrences of the collocate inside the node's windows
    windows : occurrences of the node that have the collocate near
    collocate, node : all occurrences of either; node has one column
    """

    tokens: npt.NDArray[Any]
    windows: npt.NDArray[Any]
    collocate: npt.NDArray[Any]
    node: npt.NDArray[Any]


def _measure(counts: _UnitCounts, span: int, n_words: int, several: bool, level: float) -> pd.DataFrame:
    """Measures and intervals of collocates; span: words inside the windows; several: whether units are documents."""
    from scipy.special import stdtrit

    count, windows, f_collocate, f_node = (m.sum(axis=0) for m in counts)
    table = pd.DataFrame({"count": count, "windows": windows, "f_collocate": f_collocate}).astype(int)
    table["f_node"], table["expected"] = int(f_node[0]), f_collocate * span / max(n_words - f_node[0], 1)
    table["g2"] = g2(count, f_collocate - count, span, n_words - f_node[0] - span)
    joint, sizes = np.where(count <= windows, counts.tokens, counts.windows), (counts.node + counts.collocate) / 2
    f_joint, n = joint.sum(axis=0), len(joint)
    ratio = f_joint / sizes.sum(axis=0)
    residuals = joint - ratio * sizes
    if several:
        factor, speaks_of = n / (n - 1), "documents like these"
    else:
        run, speaks_of = block_length(n), "this document"
        sums = np.cumsum(np.vstack([0 * residuals[:1], residuals, residuals[: run - 1]]), axis=0)
        residuals, factor = sums[run:] - sums[:-run], n / (n - run) / run if n >= MIN_PARAGRAPHS else np.nan
        n = -(-n // run)
    variance = np.maximum(factor * np.square(residuals).sum(axis=0) / f_joint**2, 1 / (f_joint + 0.5))
    half = stdtrit(max(n - 1, 1), (1 + level) / 2) * np.sqrt(variance) / np.log(2)
    table["log_dice"] = 14 + np.log2(ratio)
    table["low"], table["high"] = table["log_dice"] - half, (table["log_dice"] + half).clip(upper=14)
    return table.round(6).assign(speaks_of=speaks_of)
