"""Passages that texts have in common, as pairs of places: seeds, chains of seeds, extension by alignment.

What BLAST does with sequences (Altschul et al. 1990, 1997), on characters: shingles that stand in two documents are
seeds; seeds that lie on one diagonal, or nearly, are a chain; from its longest run an alignment grows to both sides as
long as its score rises. The score is 3 e - n, for e equal characters of n on both sides together: it rises as long as
more than two thirds of what is taken in are equal.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    import numpy.typing as npt

SHINGLES = (6, 12)  # characters of seeds: short ones lead to changed passages, long ones to the like in much template
FEW = 9  # places of a shingle up to which each is held against every other
NEXT = 4  # other places that each place of a commoner shingle is held against
BAND = 6  # characters by which two seeds of a chain, or an alignment within a tile, may leave the diagonal
REACH = 30  # characters between two seeds of a chain
SPREAD = 8  # references that each place of such a shingle is held against
SOLID = 10  # characters of seeds that a chain must have
TILE = 32  # characters by which an alignment grows at a time
DROP = 12  # by which a score may fall short of the best before an alignment is given up
FAR = -20000  # below every score
MARGIN = TILE + 2 * BAND  # characters that must lie between documents
ROUNDS = 10  # how often what is left of chains is gone through again


def regions(
    codes: npt.NDArray[Any], document: npt.NDArray[Any], references: int = 0, least: int = 0
) -> npt.NDArray[Any]:
    """Pairs of places that alignments reach from seeds; every document with every other.

    Parameters
    ----------
    codes : ndarray of int, shape (n,)
        Characters of all documents, one after the other; between two documents, before the first and after the last
        are at least MARGIN characters that no other document has.
    document : ndarray of int, shape (n,)
        Number of the document, rising.
    references : int
        The first documents, so many, are not held against each other.
    least : int
        Characters that both places together must have.

    Returns
    -------
    ndarray of int64, shape (n_regions, 5)
        Begin in the earlier document, begin in the later one, characters there and there, equal characters of the
        alignment. No region lies within another of the same two documents.
    """
    (low, high, length), found = seeds(codes, document, references), []
    for _ in range(ROUNDS):
        chain = chains(low, high, length, document)
        low, high, length, chain = (r[chain >= 0] for r in (low, high, length, chain))
        if not len(chain):
            break
        order = np.lexsort((low, -length, chain))
        longest = order[np.r_[True, np.diff(chain[order]) != 0]]
        p, q, m = low[longest], high[longest], length[longest]
        a, b, right = extend(codes, p + m, q + m, 1)
        c, d, left = extend(codes, p - 1, q - 1, -1)
        region = np.stack([p - c, q - d, m + a + c, m + b + d, m + right + left], axis=1)
        found.append(region[region[:, 2] + region[:, 3] >= least])
        mine = region[np.searchsorted(chain[longest], chain)]
        inside = (low >= mine[:, 0]) & (low < mine[:, 0] + mine[:, 2])
        inside &= (high >= mine[:, 1]) & (high < mine[:, 1] + mine[:, 3])
        low, high, length = (r[~inside] for r in (low, high, length))
    return _outermost(np.concatenate(found), document) if found else np.zeros((0, 5), np.int64)


def seeds(
    codes: npt.NDArray[Any],
    document: npt.NDArray[Any],
    references: int = 0,
    sizes: Sequence[int] = SHINGLES,
    few: int = FEW,
    links: int = NEXT,
) -> tuple[npt.NDArray[Any], npt.NDArray[Any], npt.NDArray[Any]]:
    """Runs of shingles that two places share.

    The places of a shingle lie in rounds: the first of each document, the second of each ... If there are more than
    `few`, each is held against the next `links`, and against the first of its round (eight of the references, evenly
    spaced, if there are any): so the number of pairs grows with the text and not with its square, all places of a
    shingle stay connected, and text that repeats itself meets its repetition in step.

    Parameters
    ----------
    codes, document, references
        As for `regions`.
    sizes : sequence of int
        Characters of shingles, rising.
    few, links : int
        Places up to which each is held against every other; others that it is held against beyond.

    Returns
    -------
    low, high, length : ndarrays of int64, shape (n_runs,)
        codes[low : low + length] equals codes[high : high + length], and low is in the earlier document. Runs of one
        size are as long as can be; those of several are not told apart.
    """
    runs, at, last = [], np.arange(len(codes)), 0
    for size in sizes:
        # What is shared with more characters is shared with fewer, from its first and from its last.
        inner = np.zeros(len(codes) + size, bool)
        inner[at] = True
        at = at[inner[at + (size - last if last else 0)] & (at <= len(codes) - size)]
        at, code = _shared_shingles(codes, document, at, size, references)
        runs.append(_runs(len(codes), at, code, document[at], size, references, few, links))
        last = size
    low, high, length = map(np.concatenate, zip(*runs, strict=True))
    return low, high, length


def _shared_shingles(
    codes: npt.NDArray[Any], document: npt.NDArray[Any], at: npt.NDArray[Any], size: int, references: int
) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
    """Of some places those where shingles begin that two documents have, one no reference; numbers of the shingles.

    Sorted by number, then place.
    """
    at = at[document[at] == document[at + size - 1]]
    if not len(at):
        return at, at
    sums = np.zeros(len(at), dtype=np.uint64)
    for i in range(size):  # a polynomial modulo 2 ** 64 with Knuth's factor, mixed so that its high bits vary
        sums *= np.uint64(6364136223846793005)
        sums += codes[at + i].astype(np.uint64)
        sums ^= sums >> np.uint64(29)
    # Sorted with the number of the place in the low bits: faster than to sort places by sums.
    low = np.uint64(len(at).bit_length())
    keys = (sums >> low << low) | np.arange(len(at), dtype=np.uint64)
    keys.sort()
    order = (keys & ((np.uint64(1) << low) - np.uint64(1))).astype(np.int64)
    at, sums = at[order], sums[order]
    new = np.r_[True, sums[1:] != sums[:-1]]
    first = np.flatnonzero(new)
    last = np.r_[first[1:], len(at)] - 1
    several = (document[at[first]] != document[at[last]]) & (document[at[last]] >= references)
    code = np.cumsum(new) - 1
    kept = several[code]
    return at[kept], code[kept]


def _runs(
    n: int,
    at: npt.NDArray[Any],
    code: npt.NDArray[Any],
    doc: npt.NDArray[Any],
    size: int,
    references: int,
    few: int,
    links: int,
) -> tuple[npt.NDArray[Any], npt.NDArray[Any], npt.NDArray[Any]]:
    """Runs of shingles at some places, by their numbers and documents; n is the length of the text."""
    if not len(at):
        return (np.zeros(0, np.int64),) * 3
    start = np.flatnonzero(np.r_[True, (np.diff(code) != 0) | (np.diff(doc) != 0)])
    rounds = np.arange(len(at)) - np.repeat(start, np.diff(np.r_[start, len(at)]))
    if rounds.any():
        order = np.argsort(code * (rounds.max() + 1) + rounds, kind="stable")
        at, code, doc, rounds = at[order], code[order], doc[order], rounds[order]
    place, keys = np.arange(len(at)), []

    def link(one: npt.NDArray[Any], two: npt.NDArray[Any]) -> None:
        ok = (doc[one] != doc[two]) & ((doc[one] >= references) | (doc[two] >= references))
        one, two = at[one[ok]], at[two[ok]]
        # A run of seeds on one diagonal is a run of numbers.
        keys.append(np.abs(two - one) * n + np.minimum(one, two))

    rare = np.bincount(code)[code] <= few
    for step in range(1, min(max(few - 1, links), len(at) - 1) + 1):
        same = code[:-step] == code[step:]
        same = np.flatnonzero(same if step <= links else same & rare[step:])
        link(same, same + step)
    first = np.flatnonzero(np.r_[True, (np.diff(code) != 0) | (np.diff(rounds) != 0)])
    held = np.diff(np.r_[first, len(at)])
    known = np.maximum(np.add.reduceat(doc < references, first, dtype=np.int64), 1)
    known, head = np.repeat(known, held), np.repeat(first, held)
    spread = min(SPREAD, known.max())
    for step in range(spread):
        target = head + step * (known - 1) // max(1, spread - 1)
        link((far := np.flatnonzero(place - target > links)), target[far])
    link(*_alone(first, held, code, doc))
    keys = np.concatenate(keys)
    keys.sort()
    new = np.r_[len(keys) > 0, np.diff(keys) > size]  # shingles on a diagonal that overlap or touch are one run
    begin, end = keys[new], keys[np.r_[new[1:], len(keys) > 0]]
    low = begin % n
    return low, low + begin // n, end - begin + size


def _alone(
    first: npt.NDArray[Any], held: npt.NDArray[Any], code: npt.NDArray[Any], doc: npt.NDArray[Any]
) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
    """Places in rounds with one document alone, and for each a place in one of the rounds with several, in turn."""
    number = np.cumsum(np.r_[False, np.diff(code[first]) != 0])  # of the shingle of each round
    begin = np.searchsorted(number, number)
    several = np.bincount(number, held > 1)[number].astype(np.int64)
    alone = np.flatnonzero(held == 1)
    place = first[alone]
    other = first[begin[alone] + (alone - begin[alone]) % several[alone]]
    return place, other + (doc[other] == doc[place])


def chains(
    low: npt.NDArray[Any], high: npt.NDArray[Any], length: npt.NDArray[Any], document: npt.NDArray[Any]
) -> npt.NDArray[Any]:
    """Number of the chain of each run; -1 for runs in chains of fewer than SOLID characters.

    Two runs are of one chain if they lie in the same two documents, at most REACH characters apart, and on diagonals
    that are at most BAND apart. Each run is compared with the next eight of the two documents.
    """
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    order = np.lexsort((high, low, document[high], document[low]))
    low, high, length = low[order], high[order], length[order]
    end, diagonal, one, two = low + length, high - low, document[low], document[high]
    ones, twos = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    for step in range(1, 9):
        ok = (one[step:] == one[:-step]) & (two[step:] == two[:-step]) & (low[step:] - end[:-step] <= REACH)
        ok = np.flatnonzero(ok & (np.abs(diagonal[step:] - diagonal[:-step]) <= BAND))
        ones.append(ok)
        twos.append(ok + step)
    ones, twos = np.concatenate(ones), np.concatenate(twos)
    links = coo_array((np.ones(len(ones), bool), (ones, twos)), shape=(len(low), len(low)))
    chain = connected_components(links, directed=False)[1] if len(low) else np.zeros(0, np.int64)
    found = np.empty(len(low), np.int64)
    found[order] = np.where(np.bincount(chain, length)[chain] >= SOLID, chain, -1)
    return found


def extend(codes: npt.NDArray[Any], low: npt.NDArray[Any], high: npt.NDArray[Any], step: int) -> npt.NDArray[Any]:
    """How far alignments reach from pairs of places, tile by tile, as long as a tile raises the score.

    Parameters
    ----------
    codes : ndarray of int, shape (n,)
        As for `regions`.
    low, high : ndarrays of int64, shape (m,)
        The first characters to align.
    step : int
        1 to the right, -1 to the left.

    Returns
    -------
    ndarrays of int64, shape (m,)
        Characters taken in on either side, and how many are equal.
    """
    taken = np.zeros((3, len(low)), np.int64)
    active = np.arange(len(low))
    while len(active):
        for part in np.array_split(active, -(-len(active) // 4096)):
            at = step * (np.arange(TILE + 2 * BAND)[:, None] - BAND)
            one, two = low[part] + step * taken[0, part], high[part] + step * taken[1, part]
            one, two = codes[one + at[BAND:-BAND]], codes[np.clip(two + at, 0, len(codes) - 1)]
            taken[:, part] += (grown := _tile(one, two))
            part[:] = np.where(grown[0] > 0, part, -1)
        active = active[active >= 0]
    return taken


def _tile(a: npt.NDArray[Any], b: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Characters of a and b in the best alignment from their beginnings, and how many are equal.

    By Needleman and Wunsch (1970), in a band: after n characters of a, score[d] is that of the best alignment that
    takes in n + d - BAND characters of b. Columns whose scores have fallen far are given up.

    Parameters
    ----------
    a : ndarray of int, shape (TILE, m)
    b : ndarray of int, shape (TILE + 2 * BAND, m)
        Begins BAND characters before the alignment does.

    Returns
    -------
    ndarray of int64, shape (3, m)
    """
    width, m = 2 * BAND + 1, a.shape[1]
    band = np.arange(width, dtype=np.int16)[:, None]
    # Scores are multiplied by 16, so that the four low bits of the greatest one can tell its place in the band.
    gap = np.int16(16)
    score = np.where(band >= BAND, (BAND - band) * gap, FAR).astype(np.int16) + np.zeros(m, np.int16)
    best, where, live = np.zeros(m, np.int16), np.zeros(m, np.int64), np.arange(m)
    for n in range(1, TILE + 1):
        equal = a[n - 1] == b[n - 1 : n - 1 + width]
        new = score + (equal * (3 * gap) - 2 * gap)
        np.maximum(new[:-1], score[1:] - gap, out=new[:-1])
        for k in (1, 2, 4, 8):  # gaps in a: together these are all up to 15
            np.maximum(new[k:], new[:-k] - k * gap, out=new[k:])
        score = new
        top = (score + band).max(axis=0)
        at = np.flatnonzero((top & -16) > best[live])
        best[live[at]], where[live[at]] = top[at] & -16, n * width + (top[at] & 15)
        if n % 8 == 0:
            kept = np.flatnonzero(top > best[live] - DROP * gap)
            if 2 * len(kept) < len(live):  # copying has a price
                live, a, b, score = live[kept], a[:, kept], b[:, kept], score[:, kept]
    n, d = where // width, np.where(where > 0, where % width - BAND, 0)
    return np.stack([n, n + d, (best // gap + 2 * n + d) // 3])


def _outermost(found: npt.NDArray[Any], document: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Regions that lie within no other of the same two documents."""
    pair = document[found[:, 0]].astype(np.int64) * (int(document[-1]) + 1) + document[found[:, 1]]
    low, high, one, two, equal = found.T
    order = np.lexsort((-equal, -two, high, -one, low, pair))
    ends = np.stack([pair, low, low + one, high, high + two], axis=1)[order].tolist()
    kept, last = np.zeros(len(found), bool), None
    around: list[tuple[int, int, int]] = []
    for n, (p, a, b, c, d) in enumerate(ends):
        around = [o for o in around if o[0] > a] if p == last else []
        last = p
        if not any(b <= o[0] and o[1] <= c and d <= o[2] for o in around):
            around.append((b, c, d))
            kept[n] = True
    return found[np.sort(order[kept])]
