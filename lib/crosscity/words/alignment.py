"""Passages that texts have in common, as pairs of places: seeds, chains of seeds, extension by alignment.

What BLAST does with sequences (Altschul et al. 1990, 1997), on characters: shingles that occur in two documents are
seeds; seeds on one diagonal, or nearly, are a chain; from its longest run an alignment grows to both sides as long as
its score rises. The score is 3 e - n, for e equal characters among n on both sides together: it rises as long as more
than two thirds of the added characters are equal.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    import numpy.typing as npt

    Array = npt.NDArray[Any]

SHINGLES = (6, 12)  # characters of seeds: short ones lead to changed passages, long ones to the like in much template
MANY = 1 << 25  # characters of text from which short seeds meet by chance too often to be held
LONG_SHINGLES = (10,)  # then; of 113 and 1,130 reports they find 98% and all of the text that SHINGLES find
MAX_ALL_PAIRS = 9  # places of a shingle up to which each is linked to every other
LINKS = 4  # other places to which each place of a commoner shingle is linked
MAX_REFERENCE_LINKS = 8  # references to which each place of such a shingle is linked
BAND = 6  # characters by which two seeds of a chain, or an alignment within a tile, may leave the diagonal
MAX_GAP = 30  # characters between two seeds of a chain
MIN_SEEDED = 10  # characters of the seeds of a chain
TILE = 32  # characters by which an alignment grows at a time
X_DROP = 12  # by which a score may fall below the best before an alignment is given up (as in BLAST)
MINUS_INFINITY = -20000  # below every score
MARGIN = TILE + 2 * BAND  # characters that must separate documents
AT_ONCE = 1 << 21  # places that are sorted or linked at a time, at most about twice as many
RUNS_AT_ONCE = 1 << 20  # runs whose chains are looked for at a time
_GIVEN_BACK = 1 << 23  # keys in a block: smaller ones the system does not take back when they are freed
_BLOCK = 1 << 16  # places whose checksums are made at a time: what fits a cache
MAX_ROUNDS = 10  # of extending what is left of the chains


class Runs(NamedTuple):
    """Runs of characters that two places share: codes[low : low + length] equals codes[high : high + length].

    Arrays of int, shape (n_runs,); low is in the earlier document.
    """

    low: Array
    high: Array
    length: Array

    def where(self, mask: Array) -> Runs:
        """Some of the runs."""
        return Runs(self.low[mask], self.high[mask], self.length[mask])


def regions(
    codes: Array, document: Array, references: int = 0, min_characters: int = 0, sizes: Sequence[int] = SHINGLES
) -> Array:
    """Pairs of places that alignments reach from seeds, for every two documents.

    Parameters
    ----------
    codes : ndarray of int, shape (n,)
        Characters of all documents, one after the other; between two documents, before the first and after the last
        are at least MARGIN characters that no other document has.
    document : ndarray of int, shape (n,)
        Number of the document, rising.
    references : int
        So many of the first documents are not compared with each other.
    min_characters : int
        Of both places together.
    sizes : sequence of int
        Characters of the shingles that lead to them; see `shingle_sizes`.

    Returns
    -------
    ndarray of int64, shape (n_regions, 5)
        Begin in the earlier document, begin in the later one, characters in the one and the other, equal characters of
        the alignment. No region is within another of the same two documents.
    """
    runs = seeds(codes, document, references, sizes)
    parts = (Runs(*(places.astype(np.int64) for places in part)) for part in _by_earlier_document(runs, document))
    return np.concatenate([_regions(codes, document, part, min_characters) for part in parts])


def shingle_sizes(characters: int) -> tuple[int, ...]:
    """Characters of the seeds by which passages are found in a text of so many."""
    return SHINGLES if characters < MANY else LONG_SHINGLES


def _by_earlier_document(runs: Runs, document: Array) -> Iterator[Runs]:
    """The runs in parts of about `RUNS_AT_ONCE`, those of an earlier document all in one: what is held has a bound."""
    earlier = document[runs.low]
    last = np.searchsorted(np.cumsum(np.bincount(earlier)), np.arange(RUNS_AT_ONCE, len(earlier), RUNS_AT_ONCE))
    bounds = np.unique(np.r_[-1, last, document[-1:]])
    if len(bounds) == 2:
        yield runs
        return
    order = np.argsort(earlier, kind="stable")
    for places in np.split(order, np.searchsorted(earlier[order], bounds[1:-1], side="right")):
        yield runs.where(places)


def _regions(codes: Array, document: Array, runs: Runs, min_characters: int) -> Array:
    """`regions` that runs lead to."""
    rounds = []
    for _ in range(MAX_ROUNDS):
        chain = chains(runs, document)
        runs, chain = runs.where(chain >= 0), chain[chain >= 0]
        if not len(chain):
            break
        order = np.lexsort((runs.low, -runs.length, chain))
        longest = order[np.r_[True, np.diff(chain[order]) != 0]]
        low, high, length = runs.where(longest)
        right_low, right_high, right_equal = extend(codes, low + length, high + length, 1)
        left_low, left_high, left_equal = extend(codes, low - 1, high - 1, -1)
        sizes = length + right_low + left_low, length + right_high + left_high
        region = np.stack([low - left_low, high - left_high, *sizes, length + right_equal + left_equal], axis=1)
        rounds.append(region[region[:, 2] + region[:, 3] >= min_characters])
        own = region[np.searchsorted(chain[longest], chain)]  # the region of the chain of each run
        inside = (runs.low >= own[:, 0]) & (runs.low < own[:, 0] + own[:, 2])
        inside &= (runs.high >= own[:, 1]) & (runs.high < own[:, 1] + own[:, 3])
        runs = runs.where(~inside)
    return _outermost(np.concatenate(rounds), document) if rounds else np.zeros((0, 5), np.int64)


def seeds(
    codes: Array,
    document: Array,
    references: int = 0,
    sizes: Sequence[int] = SHINGLES,
    max_all_pairs: int = MAX_ALL_PAIRS,
    links: int = LINKS,
) -> Runs:
    """Runs of shingles that two places share.

    The places of a shingle come in rounds: the first of each document, the second of each ... If there are more than
    `max_all_pairs`, each is linked to the next `links`, and to the first of its round (eight of the references, evenly
    spaced, if there are any): so the number of pairs grows with the text and not with its square, all places of a
    shingle stay connected, and text that repeats itself meets its repetition in step.

    Parameters
    ----------
    codes, document, references
        As for `regions`.
    sizes : sequence of int
        Characters of shingles, rising.
    max_all_pairs : int
        Places of a shingle up to which each is linked to every other.
    links : int
        Others to which each is linked if there are more.

    Returns
    -------
    Runs
        Maximal for each size of shingles; those of several sizes may coincide.
    """
    of_sizes, at, last = [], np.zeros(0, dtype=_whole(len(codes))), 0
    for size in sizes:
        if not last:
            at = _within_documents(document, size)
        else:  # what is shared with more characters is shared with fewer, from its first and from its last
            inner = np.zeros(len(codes) + size, bool)
            inner[at] = True
            at = at[inner[at + (size - last)] & (at <= len(codes) - size)]
            at = at[document[at] == document[at + size - 1]]
        at, code = _shared_shingles(codes, document, at, size, references)
        of_sizes.append(_runs(len(codes), at, code, document[at], size, references, max_all_pairs, links))
        last = size
    return Runs(*map(np.concatenate, zip(*of_sizes, strict=True)))


def _within_documents(document: Array, size: int) -> Array:
    """The places from which so many characters are of one document."""
    n, found = len(document) - size + 1, [np.zeros(0, dtype=_whole(len(document)))]
    for start in range(0, n, AT_ONCE):
        stop = min(start + AT_ONCE, n)
        same = document[start:stop] == document[start + size - 1 : stop + size - 1]
        found.append((start + np.flatnonzero(same)).astype(found[0].dtype))
    return np.concatenate(found)


def _whole(n: int) -> Any:
    """The type of places in a text of n characters: half the room where that is enough."""
    return np.int32 if 2 * n < 1 << 31 else np.int64


def _shared_shingles(codes: Array, document: Array, at: Array, size: int, references: int) -> tuple[Array, Array]:
    """Places, out of some, of shingles that two documents share (not both references), and the shingles' numbers.

    Sorted by number, then place.
    """
    if not len(at):
        return at, at
    found, n = [], 0
    # Sorted with the number of the place in the low bits, which is faster than sorting places by sums; part by part, by
    # the high bits, so that what is held at a time has a bound. Of a large text, checksums are made once a quarter.
    low = np.uint64(len(at).bit_length())
    bits = (len(at) // AT_ONCE).bit_length()
    quarters = min(2, bits) if len(at) > MANY else 0
    for quarter in range(1 << quarters):
        places, sums = _checksums(codes, at, size, quarter, quarters)
        for part in range(1 << (bits - quarters)):
            own, where = sums, places
            if bits > quarters:
                chosen = np.flatnonzero((sums << np.uint64(quarters)) >> np.uint64(64 - bits + quarters) == part)
                own, where = sums[chosen], places[chosen]
            if not len(where):
                continue
            keys = (own >> low << low) | np.arange(len(where), dtype=np.uint64)
            keys.sort()
            order = (keys & ((np.uint64(1) << low) - np.uint64(1))).astype(np.int64)
            where, own = where[order], own[order]
            new = np.r_[True, own[1:] != own[:-1]]
            first, code = np.flatnonzero(new), np.cumsum(new) - 1
            last = np.r_[first[1:], len(own)] - 1
            of_first, of_last = document[where[first]], document[where[last]]
            mask = ((of_first != of_last) & (of_last >= references))[code]
            found.append((where[mask], (code[mask] + n).astype(at.dtype)))
            n += len(first)
    of_shared, numbers = map(np.concatenate, zip(*found, strict=True))
    return of_shared, numbers


def _checksums(codes: Array, at: Array, size: int, high: int = 0, bits: int = 0) -> tuple[Array, Array]:
    """The places, out of some, of shingles whose checksum has these high bits, and the checksums.

    A polynomial modulo 2 ** 64 with Knuth's factor, mixed so that its high bits vary.
    """
    found = []
    for start in range(0, len(at), _BLOCK):
        part = at[start : start + _BLOCK]
        own = np.zeros(len(part), dtype=np.uint64)
        for i in range(size):
            own *= np.uint64(6364136223846793005)
            own += codes[part + i].astype(np.uint64)
            own ^= own >> np.uint64(29)
        if bits:
            mask = own >> np.uint64(64 - bits) == high
            part, own = part[mask], own[mask]
        found.append((part, own))
    places, sums = map(np.concatenate, zip(*found, strict=True))
    return places, sums


def _runs(
    n: int,
    at: Array,
    code: Array,
    doc: Array,
    size: int,
    references: int,
    max_all_pairs: int,
    links: int,
) -> Runs:
    """Runs of shingles at some places, by their numbers and documents; n is the length of the text."""
    whole = _whole(n)
    if not len(at):
        return Runs(*[np.zeros(0, whole)] * 3)
    last = np.flatnonzero(np.diff(code, append=code[-1] + 1))  # place of each shingle
    bounds = [0, *last[np.unique(np.searchsorted(last, np.arange(AT_ONCE, len(at), AT_ONCE)))] + 1, len(at)]
    blocks: list[Array] = []
    of_parts: list[Array] = []
    for start, end in pairwise(bounds):
        if start < end:
            part = slice(start, end)
            of_parts += _keys(n, at[part], code[part], doc[part], references, max_all_pairs, links)
        if sum(map(len, of_parts)) > _GIVEN_BACK or end == len(at):
            blocks.append(_join(of_parts))
    keys = _join(blocks)
    keys.sort()
    new = np.ones(len(keys), bool)  # shingles on a diagonal that overlap or touch are one run
    for start in range(1, len(keys), AT_ONCE):
        part = slice(start, start + AT_ONCE)
        new[part] = keys[part] - keys[start - 1 : len(keys) - 1][:AT_ONCE] > size
    begin, ends, k = keys[new], np.r_[new[1:], len(keys) > 0], 0
    for start in range(0, len(keys), AT_ONCE):  # the last keys of runs, in the place of the first keys
        part = keys[start : start + AT_ONCE][ends[start : start + AT_ONCE]]
        keys[k : k + len(part)], k = part, k + len(part)
    keys[:k] -= begin
    keys[:k] += size
    length = keys[:k].astype(whole)
    del keys, new, ends
    parts = ((begin[start : start + AT_ONCE] % n).astype(whole) for start in range(0, k, AT_ONCE))
    low = np.concatenate([np.zeros(0, whole), *parts])
    begin //= n
    return Runs(low, low + begin.astype(whole), length)


def _keys(n: int, at: Array, code: Array, doc: Array, references: int, max_all_pairs: int, links: int) -> list[Array]:
    """Linked places of some shingles, as numbers: a run of shingles on one diagonal is a run of consecutive numbers.

    Each is the distance of the two places times n, plus the place in the earlier document.
    """
    code = code - code[0]
    start = np.flatnonzero(np.r_[True, (np.diff(code) != 0) | (np.diff(doc) != 0)])
    rounds = np.arange(len(at)) - np.repeat(start, np.diff(np.r_[start, len(at)]))
    if rounds.any():
        order = np.argsort(code.astype(np.int64) * (rounds.max() + 1) + rounds, kind="stable")
        at, code, doc, rounds = at[order], code[order], doc[order], rounds[order]
    place, keys = np.arange(len(at)), []

    def link(one: Array, two: Array) -> None:
        ok = (doc[one] != doc[two]) & ((doc[one] >= references) | (doc[two] >= references))
        one, two = at[one[ok]].astype(np.int64), at[two[ok]].astype(np.int64)
        keys.append(np.abs(two - one) * n + np.minimum(one, two))

    rare = np.bincount(code)[code] <= max_all_pairs
    for step in range(1, min(max(max_all_pairs - 1, links), len(at) - 1) + 1):
        same = code[:-step] == code[step:]
        same = np.flatnonzero(same if step <= links else same & rare[step:])
        link(same, same + step)
    first = np.flatnonzero(np.r_[True, (np.diff(code) != 0) | (np.diff(rounds) != 0)])
    sizes = np.diff(np.r_[first, len(at)])  # of the rounds
    n_references = np.maximum(np.add.reduceat(doc < references, first, dtype=np.int64), 1)
    n_references, head = np.repeat(n_references, sizes), np.repeat(first, sizes)
    spread = min(MAX_REFERENCE_LINKS, n_references.max())
    for step in range(spread):
        target = head + step * (n_references - 1) // max(1, spread - 1)
        link((far := np.flatnonzero(place - target > links)), target[far])
    link(*_links_of_single_rounds(first, sizes, code, doc))
    return keys


def _join(parts: list[Array]) -> Array:
    """The parts one after the other; each is given up as soon as it is copied, so that little is held twice."""
    joined, end = np.empty(sum(map(len, parts)), np.int64), 0
    parts.reverse()
    while parts:
        part = parts.pop()
        joined[end : end + len(part)], end = part, end + len(part)
    return joined


def _links_of_single_rounds(first: Array, sizes: Array, code: Array, doc: Array) -> tuple[Array, Array]:
    """Places in rounds of a single document, and for each a place in one of the rounds of several, in turn."""
    number = np.cumsum(np.r_[False, np.diff(code[first]) != 0])  # of the shingle of each round
    begin = np.searchsorted(number, number)
    n_several = np.bincount(number, sizes > 1)[number].astype(np.int64)
    single = np.flatnonzero(sizes == 1)
    place = first[single]
    other = first[begin[single] + (single - begin[single]) % n_several[single]]
    return place, other + (doc[other] == doc[place])


def chains(runs: Runs, document: Array) -> Array:
    """Number of the chain of each run; -1 for runs in chains of fewer than MIN_SEEDED characters.

    Two runs are of one chain if they are in the same two documents, at most MAX_GAP characters apart, and on diagonals
    that are at most BAND apart. Each run is compared with the next eight of the two documents.
    """
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    order = np.lexsort((runs.high, runs.low, document[runs.high], document[runs.low]))
    low, high, length = runs.where(order)
    end, diagonal, one, two = low + length, high - low, document[low], document[high]
    ones, twos = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    for step in range(1, 9):
        ok = (one[step:] == one[:-step]) & (two[step:] == two[:-step]) & (low[step:] - end[:-step] <= MAX_GAP)
        ok = np.flatnonzero(ok & (np.abs(diagonal[step:] - diagonal[:-step]) <= BAND))
        ones.append(ok)
        twos.append(ok + step)
    ones, twos = np.concatenate(ones), np.concatenate(twos)
    links = coo_array((np.ones(len(ones), bool), (ones, twos)), shape=(len(low), len(low)))
    chain = connected_components(links, directed=False)[1] if len(low) else np.zeros(0, np.int64)
    numbers = np.empty(len(low), np.int64)
    numbers[order] = np.where(np.bincount(chain, length)[chain] >= MIN_SEEDED, chain, -1)
    return numbers


def extend(codes: Array, low: Array, high: Array, step: int) -> Array:
    """How far alignments reach from pairs of places; they grow tile by tile, as long as a tile raises the score.

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
    ndarray of int64, shape (3, m)
        Characters of the alignment on the one side and the other, and how many are equal.
    """
    reach = np.zeros((3, len(low)), np.int64)
    active = np.arange(len(low))
    while len(active):
        for part in np.array_split(active, -(-len(active) // 4096)):
            at = step * (np.arange(TILE + 2 * BAND)[:, None] - BAND)
            one, two = low[part] + step * reach[0, part], high[part] + step * reach[1, part]
            one, two = codes[one + at[BAND:-BAND]], codes[np.clip(two + at, 0, len(codes) - 1)]
            reach[:, part] += (growth := _tile(one, two))
            part[:] = np.where(growth[0] > 0, part, -1)
        active = active[active >= 0]
    return reach


def _tile(a: Array, b: Array) -> Array:
    """Characters of a and b in the best alignment from their beginnings, and how many are equal.

    By Needleman and Wunsch (1970), in a band: after n characters of a, score[d] is that of the best alignment with n +
    d - BAND characters of b. Columns whose scores have fallen far are given up.

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
    # Scores are multiplied by 16, so that the four low bits of the greatest can hold its place in the band.
    gap = np.int16(16)
    score = np.where(band >= BAND, (BAND - band) * gap, MINUS_INFINITY).astype(np.int16) + np.zeros(m, np.int16)
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
            left = np.flatnonzero(top > best[live] - X_DROP * gap)
            if 2 * len(left) < len(live):  # copying is not free
                live, a, b, score = live[left], a[:, left], b[:, left], score[:, left]
    n, d = where // width, np.where(where > 0, where % width - BAND, 0)
    return np.stack([n, n + d, (best // gap + 2 * n + d) // 3])


def _outermost(regions: Array, document: Array) -> Array:
    """Regions that are within no other of the same two documents."""
    pair = document[regions[:, 0]].astype(np.int64) * (int(document[-1]) + 1) + document[regions[:, 1]]
    low, high, one, two, equal = regions.T
    order = np.lexsort((-equal, -two, high, -one, low, pair))
    spans = np.stack([pair, low, low + one, high, high + two], axis=1)[order].tolist()
    is_outermost, last = np.zeros(len(regions), bool), None
    open_regions: list[tuple[int, int, int]] = []  # of this pair, that end behind the region's begin
    for n, (of, begin, end, other_begin, other_end) in enumerate(spans):
        open_regions = [r for r in open_regions if r[0] > begin] if of == last else []
        last = of
        if not any(end <= r[0] and r[1] <= other_begin and other_end <= r[2] for r in open_regions):
            open_regions.append((end, other_begin, other_end))
            is_outermost[n] = True
    return regions[np.sort(order[is_outermost])]
