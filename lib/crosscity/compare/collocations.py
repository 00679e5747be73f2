"""Words in context: the lines they stand in, and the words that stand near them.

Near is within so many words of a paragraph; no window reaches into another one. All words count as places, those that
are no terms as well, so that a longer stop list does not bring words nearer to each other.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy import sparse

from .. import CrosscityError
from ..inference import MIN_PARAGRAPHS, run_length
from .keyness import g2

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    import numpy.typing as npt

LINES = ("term", "group", "doc_id", "paragraph", "start", "end", "left", "node", "right", "total", "in_group")
COLUMNS = ["node", "collocate", "count", "windows", "expected", "g2", "log_dice", "low", "high", "documents", "f_node"]
COLUMNS += ["f_collocate", "speaks_of"]


def kwic(
    paragraphs: pd.DataFrame, terms: Iterable[str], width: int = 20, most: int | None = None, each_group: bool = False
) -> pd.DataFrame:
    """Key word in context: where terms stand, with the text around them.

    An occurrence is a word of the paragraph that is the term; the same characters inside a longer word are none.

    Parameters
    ----------
    paragraphs : DataFrame
        Columns doc_id, paragraph, group, text, tokens: the words of the text in order.
    terms : sequence of str
    width : int
        Characters on either side, at most: no line leaves its paragraph.
    most : int, optional
        Lines of a term. They are taken from its documents in turn; where the last turn has more documents than lines
        are left, from documents evenly spaced among them.
    each_group : bool
        Whether `most` is of a term in a group.

    Returns
    -------
    DataFrame
        term, group, doc_id, paragraph; start, end (code points in the paragraph's text, half-open); left, node, right;
        total, in_group (occurrences of the term, those that are not shown included). In the order of terms, group,
        doc_id, place.

    Raises
    ------
    CrosscityError
        If width or most is less than 1, or the words of a paragraph are not those of its text.
    """
    if width < 1 or (most is not None and most < 1):
        msg = f"width is {width} and most {most}: give 1 or more"
        raise CrosscityError(msg)
    table = paragraphs.sort_values(["group", "doc_id", "paragraph"], kind="stable")
    terms = list(dict.fromkeys([terms] if isinstance(terms, str) else terms))
    texts, index = table["text"].tolist(), {term: i for i, term in enumerate(terms)}
    found = []
    for row, (text, words) in enumerate(zip(texts, table["tokens"], strict=True)):
        if index.keys().isdisjoint(words):
            continue
        end = 0
        for word in words:
            start = text.find(word, end)
            if start < 0:
                doc_id, paragraph = table[["doc_id", "paragraph"]].iloc[row]
                msg = f"{doc_id}, paragraph {paragraph}: {word!r} is not in its text: build the tables again"
                raise CrosscityError(msg)
            end = start + len(word)
            if word in index:
                found.append((index[word], row, start))
    term, row, start = np.array(found, dtype=np.int64).reshape(-1, 3).T
    group, document = (table.groupby(c, sort=False).ngroup().to_numpy()[row] for c in ("group", ["group", "doc_id"]))
    lines = pd.DataFrame({"term": term, "row": row, "start": start, "document": document})
    lines["cell"] = term * (group.max(initial=0) + 1) + group
    lines["total"], lines["in_group"] = (lines.groupby(key)["row"].transform("size") for key in ("term", "cell"))
    if not each_group:
        lines["cell"] = term
    if most is not None:
        lines = lines[_in_turn(lines, most)]
    lines = lines.sort_values(["cell", "row", "start"], ignore_index=True)
    row, start, node = lines["row"].to_numpy(), lines["start"].to_list(), [terms[t] for t in lines["term"]]
    end = [s + len(n) for s, n in zip(start, node, strict=True)]
    about = table[["group", "doc_id", "paragraph"]].iloc[row].reset_index(drop=True)
    left = [texts[r][max(s - width, 0) : s] for r, s in zip(row, start, strict=True)]
    right = [texts[r][e : e + width] for r, e in zip(row, end, strict=True)]
    made = about.assign(term=node, start=start, end=end, left=left, node=node, right=right)
    return made.assign(total=lines["total"], in_group=lines["in_group"])[list(LINES)]


def around(table: pd.DataFrame, paragraphs: pd.DataFrame, term: str, width: int = 40) -> pd.DataFrame:
    """Places that a table names, with the text around them, as `kwic` has its lines.

    Parameters
    ----------
    table : DataFrame
        Columns doc_id, paragraph, start, end, and `term`, what a line stands under.
    paragraphs : DataFrame
        Columns doc_id, paragraph, group, text.
    term : str
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
    return lines[list(LINES)]


def _in_turn(lines: pd.DataFrame, most: int) -> pd.DataFrame:
    """Which lines stay: of each cell `most`, one from each document in turn."""
    turn = lines.groupby(["cell", "document"]).cumcount().rename("turn")
    held = lines.groupby(["cell", turn]).size()
    left = (most - held.groupby(level=0).cumsum() + held).clip(lower=0)
    at = pd.MultiIndex.from_arrays([lines["cell"], turn])
    n, left = held.reindex(at).to_numpy(), np.minimum(left, held).reindex(at).to_numpy()
    place = lines.groupby(["cell", turn]).cumcount().to_numpy()
    return (2 * (place + 1) * left + n) // (2 * n) > (2 * place * left + n) // (2 * n)


def collocations(
    paragraphs: pd.DataFrame,
    terms: npt.NDArray[Any],
    nodes: Iterable[str],
    window: int = 5,
    fewest: int = 3,
    level: float = 0.95,
) -> pd.DataFrame:
    """Words that stand near some words more often than chance lets expect, how strongly, and how sure that is.

    - count: occurrences of the collocate with the node at most `window` words away, each counted once however many
      nodes are near (surface cooccurrence: Evert 2008, section 4.1). expected: its occurrences, times the share that
      the node's windows have of all words but the node.
    - windows: occurrences of the node that have the collocate near.
    - g2: of the table of words inside and outside the windows, the collocate or not (Dunning 1993). It takes words as
      independent, so that it is large for whatever is frequent: it orders, it does not test.
    - log_dice: 14 + log2(2 f_xy / (f_x + f_y)) of Rychlý (2008), with the lesser of count and windows as f_xy: it
      exceeds neither frequency, so that 14 is the most there can be. It does not depend on how long the corpus is.
    - low, high: log_dice ± t s. s² is the variance of log2 of the ratio between documents by linearisation (between
      circular runs of paragraphs, where there is one document), at least that of 1 / (f_xy + 1/2) of independent
      occurrences; as `keyness.keyness` has it. t has one degree of freedom less than there are documents (runs).

    Parameters
    ----------
    paragraphs : DataFrame
        Columns doc_id, paragraph, tokens.
    terms : collection of str
        What can be a collocate: the terms of `words.matrix.count_matrix`, which leaves stop words and masked names out.
    nodes : str or sequence of str
    window : int
        Words on either side.
    fewest : int
        Documents that must hold the pair (all of them, where there are fewer).
    level : float

    Returns
    -------
    DataFrame
        node, collocate, count, windows, expected, g2, log_dice, low, high (NaN for one document of fewer than eight
        paragraphs), documents (that hold the pair), f_node, f_collocate, speaks_of (what the interval speaks of). In
        the order of nodes, then by log_dice from the largest, ties by collocate.

    Raises
    ------
    CrosscityError
        If the window is less than 1, or a node is no word of the paragraphs.
    """
    if window < 1:
        msg = f"window is {window}: give 1 or more words"
        raise CrosscityError(msg)
    table = paragraphs.sort_values(["doc_id", "paragraph"], kind="stable")
    nodes = list(dict.fromkeys([nodes] if isinstance(nodes, str) else nodes))
    words = np.array(sorted({*terms, *nodes}), dtype=object)
    lengths = np.fromiter(map(len, table["tokens"]), np.int64, len(table))
    code = pd.Index(words).get_indexer(pd.Index(list(chain.from_iterable(table["tokens"])), dtype=object))
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
        of, step = np.nonzero(inside & (row[near] == row[places][:, None]) & (code[near] != own))
        span = np.unique(near[of, step])
        held = span[(code[span] >= 0) & is_term[code[span]]]
        beside = code[near[of, step]]
        kept = (beside >= 0) & is_term[beside]
        of, collocate = np.divmod(np.unique(of[kept] * len(words) + beside[kept]), len(words))
        tokens, windows = by_unit(row[held], code[held]), by_unit(row[places[of]], collocate)
        pairs = np.unique(document[row[held]] * len(words) + code[held])
        documents = np.bincount(pairs % len(words), minlength=len(words))
        at = np.flatnonzero(documents >= max(min(fewest, len(names)), 1))
        cells, near_node, all_ = (m[:, at].toarray() for m in (tokens, windows, total))
        made = _measured(cells, near_node, all_, total[:, [own]].toarray(), len(span), len(code), len(names) > 1, level)
        made = made.assign(node=node, collocate=words[at], documents=documents[at])
        frames.append(made[made["count"] > made["expected"]])
    frames = [f.sort_values(["log_dice", "collocate"], ascending=[False, True]) for f in frames]
    return pd.concat(frames, ignore_index=True)[COLUMNS] if frames else pd.DataFrame(columns=COLUMNS)


def _measured(
    tokens: npt.NDArray[Any],
    windows: npt.NDArray[Any],
    total: npt.NDArray[Any],
    own: npt.NDArray[Any],
    span: int,
    n_words: int,
    many: bool,
    level: float,
) -> pd.DataFrame:
    """Measures and intervals of collocates, from their counts in each unit: documents, or paragraphs of one."""
    from scipy.special import stdtrit

    count, held, f, f_node = (m.sum(axis=0) for m in (tokens, windows, total, own))
    table = pd.DataFrame({"count": count, "windows": held, "f_collocate": f}).astype(int)
    table["f_node"], table["expected"] = int(f_node[0]), f * span / max(n_words - f_node[0], 1)
    table["g2"] = g2(count, f - count, span, n_words - f_node[0] - span)
    parts, sizes = np.where(count <= held, tokens, windows), (own + total) / 2
    ratio, n = parts.sum(axis=0) / sizes.sum(axis=0), len(parts)
    off = parts - ratio * sizes
    if many:
        factor, what = n / (n - 1), "documents like these"
    else:
        run, what = run_length(n), "this document"
        around = np.cumsum(np.vstack([0 * off[:1], off, off[: run - 1]]), axis=0)
        off, factor = around[run:] - around[:-run], n / (n - run) / run if n >= MIN_PARAGRAPHS else np.nan
        n = -(-n // run)
    f = parts.sum(axis=0)
    variance = np.maximum(factor * np.square(off).sum(axis=0) / f**2, 1 / (f + 0.5))
    half = stdtrit(max(n - 1, 1), (1 + level) / 2) * np.sqrt(variance) / np.log(2)
    table["log_dice"] = 14 + np.log2(ratio)
    table["low"], table["high"] = table["log_dice"] - half, (table["log_dice"] + half).clip(upper=14)
    return table.round(6).assign(speaks_of=what)
