"""Sets with much in common, against every pair compared."""

import numpy as np
import pytest
from crosscity.tables import near_duplicates
from crosscity.tables.near_duplicates import earlier_alike


def _sets(rng, n, pool, size):
    return [np.unique(rng.choice(pool, rng.integers(1, size))).astype(np.uint64) for _ in range(n)]


def _every_pair(sets, least, share):
    found = [[] for _ in sets]
    for j, own in enumerate(sets):
        for i, other in enumerate(sets[:j]):
            both, longer = len(set(own.tolist()) & set(other.tolist())), max(len(own), len(other))
            if both >= max(least, share * longer):
                found[j].append((i, pytest.approx(both / longer)))
    return found


@pytest.mark.parametrize("block", [3, 256])
@pytest.mark.parametrize("columns", [0, 5, 1024])
def test_the_same_pairs_as_each_with_each(monkeypatch, block, columns):
    monkeypatch.setattr(near_duplicates, "_BLOCK", block)
    monkeypatch.setattr(near_duplicates, "_MOST_FREQUENT", columns)
    rng = np.random.default_rng(25)
    sets = _sets(rng, 60, 30, 40)
    expected = _every_pair(sets, 4, 0.5)
    assert sum(map(len, expected)) > 100
    assert earlier_alike(sets, 4, 0.5, 60) == expected


@pytest.mark.parametrize("block", [3, 256])
def test_a_heap_is_compared_with_its_first(monkeypatch, block):
    monkeypatch.setattr(near_duplicates, "_BLOCK", block)
    sets = [np.arange(10, dtype=np.uint64)] * 12
    found = [[i for i, _ in earlier] for earlier in earlier_alike(sets, 4, 0.5, 2)]
    assert found == [[], [0], [0, 1], *[[0, 1, 2]] * 9]


def test_nothing_and_empty_sets():
    assert earlier_alike([], 4, 0.5, 5) == []
    assert earlier_alike([np.zeros(0, dtype=np.uint64)] * 2, 4, 0.5, 5) == [[], []]
