"""The comparison that adjusts: rates, intervals, p by hand, Mantel and Haenszel's ratio as published, error rates."""

import math
from itertools import combinations, product

import numpy as np
import pandas as pd
import pytest
from crosscity import NotEstimableError
from crosscity.compare import adjusted, keyness, matching, term_tests
from scipy import sparse, stats

from tests.compare.test_keyness import enumerated

GENRES = list("xxxxyyyyyz")
OURS = [True, True, False, False, True, False, False, False, False, True]  # z has the group alone


def csr(rows):
    return sparse.csr_array(np.array(rows, dtype=np.int64))


def terms(n):
    return np.array([f"词{i:02d}" for i in range(n)], dtype=object)


def corpus(genres, **columns):
    about = dict.fromkeys(("doc_type", "level", "city", "province"), "")
    return pd.DataFrame({"doc_id": [f"d{i:03d}" for i in range(len(genres))], "genre": genres} | about | columns)


def compared(rows, genres=GENRES, ours=OURS, by=("genre",), **more):
    rows, of = np.asarray(rows), corpus(list(genres))
    found = matching.match(of, ours, by, "甲")
    return adjusted.adjusted_keyness(csr(rows), terms(rows.shape[1]), of["doc_id"], found, **more)


def made(seed, genres=GENRES, n=6, apart=3.0, spread=0.2):
    """Counts of documents: rates vary by document, and by genre `apart` times and more."""
    rng = np.random.default_rng(seed)
    codes = pd.factorize(np.array(genres))[0]
    of_genre = np.exp(rng.normal(0, math.log(apart), (codes.max() + 1, n)))
    rates = 20 * of_genre[codes] * rng.gamma(1 / spread, spread, (len(codes), n)) * rng.uniform(0.5, 2, (len(codes), 1))
    return rng.poisson(rates)


def test_the_ratio_of_mantel_and_haenszel_is_the_published_one():
    # Admissions to Berkeley in 1973, by six departments: admitted and all, of men and of women (Bickel, Hammel and
    # O'Connell 1975); mantelhaen.test(UCBAdmissions) of R has 0.9046968 for their common odds ratio.
    men = [(512, 825), (353, 560), (120, 325), (138, 417), (53, 191), (22, 373)]
    women = [(89, 108), (17, 25), (202, 593), (131, 375), (94, 393), (24, 341)]
    cells = np.array([*men, *women])
    found = adjusted.mantel_haenszel(
        csr(cells[:, :1]), cells[:, 1].astype(float), np.repeat([True, False], 6), np.tile(np.arange(6), 2)
    )
    assert found[0] == pytest.approx(0.9046968, abs=1e-7)


def test_without_columns_it_is_the_plain_comparison():
    rows = made(1, n=12)
    found = compared(rows, by=(), min_documents=2)
    plain = keyness.keyness(
        csr(rows), terms(12), [f"d{i:03d}" for i in range(10)], ["a" if o else "b" for o in OURS], "a", min_documents=2
    )
    for column in ("count", "count_rest", "rate", "rate_rest", "log_ratio", "low", "high", "bound", "p", "p_adjusted"):
        assert np.allclose(found[column], plain[column], equal_nan=True), column
    assert found[["answer", "speaks_of"]].equals(plain[["answer", "speaks_of"]])


def test_rates_are_of_documents_weighed_to_the_group_s_mixture():
    rows = made(2)
    table = compared(rows)
    # x: two of the group, two others; y: one and four; z is left out. m_T = 3, m_C = 6.
    weights = np.array([1, 1, 2 * 2 / 2, 2 * 2 / 2, 1, *[2 * 1 / 4] * 4, 0])
    ours = np.array(OURS)
    for w in range(6):
        mine, other = (weights * side @ rows for side in (ours, ~ours))
        a, b = mine[w], other[w]
        assert table["rate"][w] == pytest.approx(1e4 * a / mine.sum(), abs=1e-5)
        assert table["rate_rest"][w] == pytest.approx(1e4 * b / other.sum(), abs=1e-5)
        expected = math.log2((a + 0.5) / (mine.sum() + 0.5) / (b + 0.5) * (other.sum() + 0.5))
        assert table["log_ratio"][w] == pytest.approx(expected, abs=2e-6)
    assert table["count"].tolist() == rows[[0, 1, 4]].sum(axis=0).tolist()
    assert table["count_rest"].tolist() == rows[[2, 3, 5, 6, 7, 8]].sum(axis=0).tolist()
    assert set(table["strata"]) == {2}


def test_an_interval_has_the_spread_within_strata_alone():
    # Two strata with rates of their own; of the group two and three documents, of the others three and two.
    genres, ours = "xxxxxyyyyy", [True, True, False, False, False, True, True, True, False, False]
    shares = np.array([0.10, 0.14, 0.11, 0.13, 0.09, 0.40, 0.44, 0.36, 0.42, 0.35])
    a = np.round(10000 * shares).astype(int)
    row = compared(np.column_stack([a, 10000 - a]), genres, ours).iloc[0]
    weights = np.array([1, 1, *[5 / 5 * 2 / 3] * 3, 1, 1, 1, *[5 / 5 * 3 / 2] * 2])
    variance, squares = [], []
    for side in (True, False):
        which = np.array(ours) == side
        w, x, strata = weights[which], shares[which], np.array(list(genres))[which]
        rate = w @ x / w.sum()
        u = w * (x - rate) / w.sum() / rate
        for s in "xy":
            part = u[strata == s]
            variance.append(len(part) * part.var(ddof=1))
            squares.append(variance[-1] ** 2 / (len(part) - 1))
    df = sum(variance) ** 2 / sum(squares)
    half = stats.t.ppf(0.975, df) * math.sqrt(sum(variance)) / math.log(2)
    assert row["high"] - row["log_ratio"] == pytest.approx(half, rel=5e-3)
    wide = compared(np.column_stack([a, 10000 - a]), genres, ours, by=()).iloc[0]
    assert wide["high"] - wide["log_ratio"] > 2 * half  # where the spread between genres counts as chance


def strata_scores(rows, codes):
    """The score of each document for each term, in plain loops: expectations by the rate of its own stratum."""
    rows = np.asarray(rows, dtype=float)
    expected = np.empty(rows.shape)
    for s in set(codes):
        which = [i for i, c in enumerate(codes) if c == s]
        for i in which:
            expected[i] = rows[which].sum(axis=0) / rows[which].sum() * rows[i].sum()
    excess = ((rows - expected) ** 2 - expected).sum(axis=0) / (expected**2).sum(axis=0)
    a = 1 / np.maximum(excess, 0.05)
    values = ((rows + a) / (expected + a)) ** (2 / 3)
    for s in set(codes):
        which = [i for i, c in enumerate(codes) if c == s]
        values[which] -= values[which].mean(axis=0)
    return values


def test_p_is_that_of_all_arrangements_within_strata():
    rows = made(3, n=7)
    rows[[0, 1, 4], 2] *= 6
    table = compared(rows, min_documents=1)
    values = strata_scores(rows[:9], GENRES[:9])
    parts = {"x": [0, 1, 2, 3], "y": [4, 5, 6, 7, 8]}
    variance = sum(
        g * (len(p) - g) / len(p) * values[p].var(axis=0, ddof=1) for g, p in zip((2, 1), parts.values(), strict=True)
    )

    def statistic(chosen):
        return np.abs(values[list(chosen)].sum(axis=0)) / np.sqrt(variance)

    ways = product(combinations(parts["x"], 2), combinations(parts["y"], 1))
    null = np.array([statistic(sum(way, ())) for way in ways])
    p, corrected = enumerated(statistic((0, 1, 4)), null)
    assert np.allclose(table["p"], p, atol=1e-6)
    assert np.allclose(table["p_adjusted"], corrected, atol=1e-6)
    assert table[["unit", "units", "arrangements"]].iloc[0].tolist() == ["document within stratum", 9, 30]
    assert table["floor"][0] == pytest.approx(1 / 30, abs=1e-6)
    assert len(set(p)) > 3
    assert (
        compared(rows, min_documents=1, comparisons=2)["answer"].str.startswith("not testable with 9 documents").all()
    )


def test_where_provinces_lie_in_one_group_each_whole_ones_are_exchanged():
    genres, provinces = list("xxxyxyyy" * 2), [f"p{i // 2}" for i in range(16)]
    ours = [i < 8 for i in range(16)]
    rows = made(4, genres, n=5)
    table = compared(rows, genres, ours, clusters=provinces)
    values = strata_scores(rows, genres)
    means = pd.DataFrame(values).groupby(provinces).mean().to_numpy()
    found = [np.abs(means[list(way)].sum(axis=0)) for way in combinations(range(8), 4)]
    scale = np.sqrt((means**2).sum(axis=0))
    p, corrected = enumerated(found[0] / scale, np.array(found) / scale)
    assert np.allclose(table["p"], p, atol=1e-6)
    assert np.allclose(table["p_adjusted"], corrected, atol=1e-6)
    assert table[["unit", "units", "speaks_of"]].iloc[0].tolist() == ["stratum", 8, "strata like these"]
    # Where they cut across groups, only documents of one stratum and one province change places.
    crossed = compared(rows, genres, [i % 4 < 2 for i in range(16)], clusters=[f"p{i // 8}" for i in range(16)])
    assert crossed[["unit", "units"]].iloc[0].tolist() == ["document within stratum", 16]
    assert crossed["arrangements"][0] == 4**4  # one of four x or y, or three of four, in each province
    alone = compared(rows, genres, ours, clusters=[f"p{i}" for i in range(16)])  # of one document each: no clusters
    assert alone["unit"][0] == "document within stratum"


def test_groups_that_differ_in_genre_alone_are_told_apart_by_the_plain_comparison_only():
    # Twenty news and twenty work reports of one place: a group has 16 news and 4 reports, the other the reverse.
    genres = ["news"] * 20 + ["report"] * 20
    ours = [i < 16 or i >= 36 for i in range(40)]
    plain, like = [], []
    for seed in range(20):
        rows = made(100 + seed, genres, n=30, apart=3)
        plain.append(compared(rows, genres, ours, by=(), permutations=199)["answer"].isin(["more", "less"]).sum())
        like.append(compared(rows, genres, ours, permutations=199)["answer"].isin(["more", "less"]).sum())
    assert np.mean(plain) > 10
    assert np.mean(np.array(like) > 0) <= 0.2  # of 20, at 5%: 4 or more would be one case in sixty
    rows = made(7, genres, n=30, apart=3)
    rows[ours, 3] *= 3  # a difference within genres is found
    found = compared(rows, genres, ours)
    assert found["answer"][3] == "more"
    assert found["low"][3] < math.log2(3) < found["high"][3]


def test_five_of_a_hundred_tests_err_where_there_is_nothing():
    rng, shares, some, misses = np.random.default_rng(5), [], [], []
    genres = list("xxxxxxxxyyyyyyyyzzzzzzzz")
    for seed in range(120):
        rows, likely = made(200 + seed, genres, n=40), {"x": 0.8, "y": 0.5, "z": 0.2}
        ours = [rng.random() < likely[g] for g in genres]
        table = compared(rows, genres, ours, permutations=199, seed=seed)
        shares.append((table["p"] <= 0.05).mean())
        some.append((table["p_adjusted"] <= 0.05).any())
        misses.append(((table["low"] > 0) | (table["high"] < 0)).mean())
    assert 0.035 < np.mean(shares) < 0.065
    assert np.mean(some) <= 0.1
    assert np.mean(misses) < 0.08


def test_shares_differ_by_points_and_are_tested_by_documents():
    genres, ours = "xxxxyyyy", [True, True, False, False, True, True, False, False]
    amounts = [[10, 90], [20, 80], [30, 70], [50, 50], [60, 40], [70, 30], [60, 40], [90, 10]]
    of = corpus(list(genres))
    found = matching.match(of, ours, ("genre",))
    table = adjusted.adjusted_shares(
        csr(amounts), np.array(["a", "b"], object), of["doc_id"], found, [100] * 8, min_documents=1
    )
    row = table.iloc[0]
    assert row[["share", "share_rest", "difference"]].tolist() == pytest.approx([0.4, 0.575, -0.175])
    # Within strata: (.1, .2) and (.6, .7) against (.3, .5) and (.6, .9), each mean over four documents.
    parts = [2 * np.var(p, ddof=1) / 16 for p in ((0.1, 0.2), (0.6, 0.7), (0.3, 0.5), (0.6, 0.9))]
    half = stats.t.ppf(0.975, sum(parts) ** 2 / sum(v**2 for v in parts)) * math.sqrt(sum(parts))
    assert [row["low"], row["high"]] == pytest.approx([-0.175 - half, -0.175 + half], rel=0.02)
    assert row["arrangements"] == 36
    assert table["documents"].tolist() == [4, 4]
    assert list(table.columns)[:6] == ["name", "share", "share_rest", "difference", "speaks_of", "low"]


def test_a_side_without_words_is_refused():
    rows = made(9)
    rows[[0, 1, 4, 9]] = 0
    with pytest.raises(NotEstimableError, match="a side has no matched document with words"):
        compared(rows)


def test_expectations_are_by_the_rate_of_the_stratum():
    counts, sizes = np.array([[2.0], [4.0], [30.0], [50.0]]), np.array([100.0, 100.0, 100.0, 100.0])
    found = term_tests.scores(counts, sizes, np.array([0, 0, 1, 1]))
    # Expected 3, 3, 40, 40: the excess is ((1 - 3) + (1 - 3) + (100 - 40) + (100 - 40)) / (9 + 9 + 1600 + 1600).
    a = 1 / max(116 / 3218, 0.05)
    expected = [((c + a) / (m + a)) ** (2 / 3) for c, m in ((2, 3), (4, 3), (30, 40), (50, 40))]
    assert found.ravel() == pytest.approx(expected)
