"""Sets of checksums that have much in common, found without comparing each with each."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt
    from scipy.sparse import csr_matrix

_BLOCK = 256  # sets that are compared with the earlier ones at a time
_FREQUENT = 32  # a checksum that one in so many sets has is counted in a full matrix, which is faster there
_MOST_FREQUENT = 1024  # columns of the full matrix


def earlier_alike(
    sets: Sequence[npt.NDArray[np.uint64]], least: int, share: float, most: int
) -> list[list[tuple[int, float]]]:
    """For each set the earlier ones that it resembles, with the share of the longer one that they have in common.

    A set with more than `most` of them has the first `most` + 1, and later ones are not compared with it: they resemble
    those. So 20,000 copies are compared with a few each, and a corpus without such heaps has every pair.

    Parameters
    ----------
    sets : sequence of ndarray
        Each sorted and without repetition.
    least : int
        Checksums in common, below which likeness is chance.
    share : float
        Of the longer set, that must be in common.
    most : int
    """
    found: list[list[tuple[int, float]]] = []
    if not sets:
        return found
    sizes = np.array([len(own) for own in sets])
    rare, frequent = _incidence(sets, sizes)
    kept = np.zeros(0, dtype=np.int64)
    for start in range(0, len(sets), _BLOCK):
        rows = np.arange(start, min(start + _BLOCK, len(sets)))
        others = np.concatenate([kept, rows])
        shared = (rare[rows] @ rare[others].T).toarray() + frequent[rows] @ frequent[others].T
        longer = np.maximum.outer(sizes[rows], sizes[others])
        alike = shared >= np.maximum(least, share * longer)
        compared = np.ones(len(others), dtype=bool)
        for n, earlier in enumerate(range(len(kept), len(others))):
            hits = np.flatnonzero(alike[n, :earlier] & compared[:earlier])[: most + 1]
            found.append([(int(others[i]), float(shared[n, i] / longer[n, i])) for i in hits])
            compared[earlier] = len(hits) <= most
        kept = others[compared]
    return found


def _incidence(
    sets: Sequence[npt.NDArray[np.uint64]], sizes: npt.NDArray[np.int64]
) -> tuple[csr_matrix, npt.NDArray[np.float32]]:
    """Which set has which checksum: of those that several have, and, full, of those that very many have."""
    from scipy.sparse import csr_matrix

    _, columns, counts = np.unique(np.concatenate(sets), return_inverse=True, return_counts=True)
    rows = np.repeat(np.arange(len(sets)), sizes)
    order = np.argsort(-counts, kind="stable")[:_MOST_FREQUENT]
    order = order[counts[order] * _FREQUENT > max(len(sets), _BLOCK * _FREQUENT)]
    place = np.full(len(counts), -1)
    place[order] = np.arange(len(order))
    at = place[columns]
    frequent = np.zeros((len(sets), len(order)), dtype=np.float32)
    frequent[rows[at >= 0], at[at >= 0]] = 1
    several = (at < 0) & (counts[columns] > 1)
    rows, columns = rows[several], columns[several]
    shape = len(sets), len(counts)
    return csr_matrix((np.ones(len(rows), dtype=np.float32), (rows, columns)), shape=shape), frequent
