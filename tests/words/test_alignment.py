"""Seeds, chains and alignments, held to plain algorithms."""

import importlib.util
import itertools

import numpy as np
import pytest
from crosscity.words import alignment
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import Indel

from tests.conftest import PROJECT

_spec = importlib.util.spec_from_file_location("bench_shared", PROJECT / "bench" / "shared.py")
bench = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(bench)


def brute_runs(codes, document, size):
    """Maximal equal runs of two documents, by looking at every pair of places."""
    n, runs = len(codes), set()
    for p, q in itertools.combinations(range(n), 2):
        if document[p] == document[q] or (p and codes[p - 1] == codes[q - 1]):
            continue
        m = 0
        while q + m < n and codes[p + m] == codes[q + m]:  # documents end with what no other has
            m += 1
        if m >= size:
            runs.add((p, q, m))
    return runs


TEXTS = st.lists(st.text("甲乙", max_size=25), min_size=1, max_size=5)


def numbered(texts):
    """Codes and documents of texts, each behind four characters that no other has."""
    codes = [code for d, t in enumerate(texts) for code in (*[-1 - d] * 4, *map(ord, t))]
    return np.array(codes, dtype=np.int32), np.repeat(np.arange(len(texts)), [4 + len(t) for t in texts])


@given(TEXTS)
@settings(max_examples=150, deadline=None)
def test_seeds_are_all_runs_that_two_documents_share(texts):
    codes, document = numbered(texts)
    found = alignment.seeds(codes, document, sizes=(3,), max_all_pairs=1000)
    assert set(zip(*(x.tolist() for x in found), strict=True)) == brute_runs(codes, document, 3)


@given(TEXTS, st.integers(1, 9))
@settings(max_examples=60, deadline=None)
def test_what_is_held_at_a_time_changes_no_seed(texts, at_once):
    codes, document = numbered(texts)
    whole = alignment.seeds(codes, document, sizes=(2, 3))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(alignment, "AT_ONCE", at_once)
        patch.setattr(alignment, "_BLOCK", at_once)
        parts = alignment.seeds(codes, document, sizes=(2, 3))
    assert [x.tolist() for x in parts] == [x.tolist() for x in whole]


def copies(n, seed=5):
    """Codes and documents of n texts, of which each shares a passage, with changes, with two others."""
    rng = np.random.default_rng(seed)
    passages = [rng.integers(0x4E00, 0x4E00 + 900, 60) for _ in range(n)]
    codes, document = [], []
    for d in range(n):
        parts = [rng.integers(0x5E00, 0x5E00 + 900, 80), passages[d], passages[(d + 1) % n].copy(), passages[d]]
        parts[2][::17] = 0x7000 + d
        text = np.concatenate(parts)
        codes += [[-1 - d] * alignment.MARGIN, text]
        document += [[d] * (alignment.MARGIN + len(text))]
    codes.append([-1 - n] * alignment.MARGIN)
    document.append([n - 1] * alignment.MARGIN)
    return np.concatenate(codes).astype(np.int32), np.concatenate(document).astype(np.int32)


@pytest.mark.parametrize("at_once", [1, 7, 100])
def test_regions_are_those_of_all_runs_at_once(monkeypatch, at_once):
    codes, document = copies(12)
    whole = alignment.regions(codes, document)
    monkeypatch.setattr(alignment, "RUNS_AT_ONCE", at_once)
    parts = alignment.regions(codes, document)
    assert len(whole) >= 24
    assert sorted(parts.tolist()) == sorted(whole.tolist())


def test_of_much_text_long_seeds_find_what_is_shared_word_for_word():
    codes, document = copies(12)
    whole = alignment.regions(codes, document)
    long = alignment.shingle_sizes(alignment.MANY)
    assert (alignment.shingle_sizes(alignment.MANY - 1), long) == (alignment.SHINGLES, (10,))
    assert sorted(alignment.regions(codes, document, sizes=long).tolist()) == sorted(whole.tolist())
    assert len(alignment.regions(codes, document, sizes=(61,))) < len(whole)


@given(TEXTS, st.integers(1, 3))
@settings(max_examples=150, deadline=None)
def test_few_links_leave_all_places_of_a_shingle_connected(texts, links):
    codes, document = numbered(texts)
    low, high, length = alignment.seeds(codes, document, sizes=(3,), max_all_pairs=0, links=links)
    joined = {}

    def root(x):
        while joined.setdefault(x, x) != x:
            x = joined[x]
        return x

    for p, q, m in zip(low.tolist(), high.tolist(), length.tolist(), strict=True):
        for k in range(m - 2):
            joined[root(p + k)] = root(q + k)
    held = {}
    for t, begin in zip(texts, itertools.accumulate((4 + len(t) for t in texts), initial=4), strict=False):
        for i in range(len(t) - 2):
            held.setdefault(t[i : i + 3], []).append(begin + i)
    for shingle, where in held.items():
        if len({int(document[p]) for p in where}) > 1:
            assert len({root(p) for p in where}) == 1, (shingle, where)


def best_score(a, b, band):
    """Greatest score of alignments from the beginnings of two texts within a band, by the plain recurrence."""
    score = {(0, 0): 0}
    for i in range(len(a) + 1):
        for j in range(max(0, i - band), min(len(b), i + band) + 1):
            ways = [score[i - 1, j] - 1] if (i - 1, j) in score else []
            ways += [score[i, j - 1] - 1] if (i, j - 1) in score else []
            if (i - 1, j - 1) in score:
                ways.append(score[i - 1, j - 1] + (1 if a[i - 1] == b[j - 1] else -2))
            score[i, j] = max([score.get((i, j), -(10**6)), *ways])
    return max(score.values())


@given(
    st.text("甲乙丙", min_size=1, max_size=24),
    st.text("甲乙丙", max_size=24),
    st.integers(0, 2**32),
    st.sampled_from([1, -1]),
)
@settings(max_examples=100, deadline=None)
def test_an_alignment_grows_to_the_best_score(one, other, seed, step):
    changed = bench.change(one, 0.2, np.random.default_rng(seed), np.array(["甲", "乙", "丙"]))
    two = changed if seed % 2 else other
    gap = np.full(alignment.MARGIN, -1, np.int32)
    codes = np.concatenate([gap, [ord(c) for c in one], gap - 1, [ord(c) for c in two], gap - 2]).astype(np.int32)
    begin, end = alignment.MARGIN, 2 * alignment.MARGIN + len(one)
    if step == -1:
        begin, end, one, two = begin + len(one) - 1, end + len(two) - 1, one[::-1], two[::-1]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(alignment, "X_DROP", 1000)
        (a,), (b,), (equal,) = alignment.extend(codes, np.array([begin]), np.array([end]), step)
    # What one tile reaches; a second one, from where it ends, may leave its band.
    assert best_score(one, two, alignment.BAND) <= 3 * equal - a - b <= best_score(one, two, 99)
    assert Indel.similarity(one[:a], two[:b]) == 2 * equal
