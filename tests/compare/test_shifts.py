"""Word shifts: contributions against hand and the authors' package, intervals and totals against random halves."""

import itertools

import numpy as np
import pandas as pd
import pytest
from crosscity import CrosscityError
from crosscity.compare import shifts
from scipy import sparse, stats

# 春夏秋冬 in two texts of ten words.
TERMS = np.array(["冬", "夏", "春", "秋"], dtype=object)
TEXTS = [[0, 3, 6, 1], [5, 3, 2, 0]]


def csr(rows):
    return sparse.csr_array(np.array(rows, dtype=np.int64))


def shifted(rows=TEXTS, labels=("a", "b"), documents=None, terms=TERMS, **more):
    documents = [f"d{i:03d}" for i in range(len(rows))] if documents is None else documents
    return shifts.shift(csr(rows), terms, documents, labels, "a", "b", **more)


def words(n):
    return np.array([f"词{i:03d}" for i in range(n)], dtype=object)


def documents(seed, n, shares, spread=1 / 3):
    """Counts of n documents of different lengths, whose rates vary as a gamma distribution."""
    rng = np.random.default_rng(seed)
    sizes = rng.uniform(1500, 5000, (n, 1))
    return rng.poisson(sizes * shares * rng.gamma(1 / spread, spread, (n, len(shares))))


@pytest.mark.parametrize(
    ("measure", "expected"),
    # From the authors' package, shifterator 0.3.0: type2shift_score times norm, of JSDivergenceShift(a, b, base=2),
    # EntropyShift(a, b, base=2) and ProportionShift(a, b).
    [
        ("jsd", {"春": 0.07548875021634678, "秋": 0.05, "冬": 0.25, "夏": 0}),
        ("entropy", {"春": 0.022206262477748928, "秋": -0.33219280948873625, "冬": 0.5, "夏": 0}),
        ("proportion", {"春": -0.4, "秋": -0.1, "冬": 0.5, "夏": 0}),
    ],
)
def test_contributions_are_those_of_the_authors_package(measure, expected):
    found = shifted(measure=measure).set_index("term")["contribution"]
    assert found.to_dict() == pytest.approx(expected, abs=1e-9)


def test_an_example_by_hand():
    # a: 甲 3 of 4, 乙 1 of 4; b: 甲 1 of 4, 丙 3 of 4. 甲: m = 1/2, and 1/2 (3/4 log2 3/2 + 1/4 log2 1/2) = 3/8 log2 3
    # - 1/2; 乙: 1/2 1/4 log2 2 = 1/8; 丙: 3/8.
    table = shifted([[3, 1, 0], [1, 0, 3]], terms=np.array(["甲", "乙", "丙"], dtype=object))
    assert table["term"].tolist() == ["丙", "乙", "甲"]
    by_hand = [3 / 8, 1 / 8, 3 / 8 * np.log2(3) - 1 / 2]
    assert table["contribution"].to_numpy() == pytest.approx(by_hand, abs=1e-9)
    assert table["share"].to_numpy() == pytest.approx(np.array(by_hand) / sum(by_hand), abs=1e-8)
    assert table["cumulative"].to_numpy() == pytest.approx(np.cumsum(by_hand) / sum(by_hand), abs=1e-8)
    assert table["side"].tolist() == ["b", "a", "a"]
    assert np.sign(table["signed"]).tolist() == [1, -1, -1]
    assert table[["count_a", "count_b", "rate_a", "rate_b"]].iloc[2].tolist() == [3, 1, 7500, 2500]


def test_contributions_sum_to_the_divergence_and_texts_without_a_common_term_differ_by_one_bit():
    counts = csr([[2, 3, 0, 0], [0, 0, 1, 4]])
    found = shifts.divergence(counts, ["x", "y"], ["a", "b"], "a", "b")
    assert found.total == 1
    table = shifted()
    assert table["contribution"].sum() == pytest.approx(0.37548875, abs=1e-8)
    total = shifts.divergence(csr(TEXTS), ["x", "y"], ["a", "b"], "a", "b").total
    assert total == pytest.approx(0.3754887502, abs=1e-9)
    entropy = [-sum(c / 10 * np.log2(c / 10) for c in row if c) for row in TEXTS]
    assert shifted(measure="entropy")["contribution"].sum() == pytest.approx(entropy[1] - entropy[0], abs=1e-8)


def test_a_term_of_neither_and_a_group_of_no_interest_take_no_part():
    rows = [[*TEXTS[0], 0, 0], [*TEXTS[1], 0, 0], [9, 9, 9, 9, 9, 0]]
    terms = np.array([*TERMS, "闰", "朔"], dtype=object)
    found = shifted(rows, ["a", "b", "c"], terms=terms)
    pd.testing.assert_frame_equal(found, shifted())


def test_a_term_used_alike_is_on_no_side():
    row = shifted().set_index("term").loc["夏"]
    assert (row["side"], row["contribution"], row["signed"]) == ("", 0, 0)


def test_nine_decimals_are_told():
    table = shifted().select_dtypes("number")
    pd.testing.assert_frame_equal(table, table.round(9), check_exact=True)


def test_ties_go_by_term():
    table = shifted([[1, 1, 2], [1, 1, 2]], terms=np.array(["丙", "乙", "甲"], dtype=object))
    assert table["term"].tolist() == sorted("丙乙甲")


# Intervals


def test_few_paragraphs_of_one_document_have_no_interval():
    rows = [[3, 1], [2, 2], [1, 3], [0, 4]]
    table = shifted(rows, ["a", "a", "b", "b"], ["x", "x", "y", "y"], words(2))
    assert table[["low", "high"]].isna().all(axis=None)
    assert set(table["speaks_of"]) == {"2 paragraphs; an interval needs 8"}


def test_intervals_say_what_they_speak_of():
    rows = documents(0, 20, np.full(4, 0.01))
    kinds = shifted(rows, list("a" * 10 + "b" * 10), ["x"] * 10 + [f"y{i}" for i in range(10)], words(4))["speaks_of"]
    assert set(kinds) == {"this document, against documents like these"}
    one = shifted(rows, list("a" * 10 + "b" * 10), ["x"] * 10 + ["y"] * 10, words(4))["speaks_of"]
    assert set(one) == {"this document"}


def test_of_random_halves_one_interval_in_twenty_leaves_out_no_difference():
    shares, out = np.full(200, 0.005), []
    for seed in range(12):
        table = shifted(documents(seed, 16, shares), ["a"] * 8 + ["b"] * 8, terms=words(200), seed=seed)
        out.append(((table["low"] > 0) | (table["high"] < 0)).mean())
    assert 0.03 < np.mean(out) < 0.07


@pytest.mark.parametrize("n", [3, 8])
def test_intervals_cover_a_known_contribution(n):
    rng = np.random.default_rng(5)
    p = rng.gamma(0.5, 1, 200) + 0.01
    q = p * np.exp(rng.normal(0, 0.8, 200))
    p, q = p / p.sum(), q / q.sum()
    true, hit = pd.Series(np.sign(q - p) * shifts.jsd(p, q), index=words(200)), []
    for seed in range(10):
        rows = np.vstack([documents(2 * seed, n, p), documents(2 * seed + 1, n, q)])
        table = shifted(rows, ["a"] * n + ["b"] * n, terms=words(200), seed=seed).set_index("term")
        inside = (table["low"] <= true[table.index]) & (true[table.index] <= table["high"])
        hit.append(inside[true.abs() > 1e-4].mean())
    assert 0.92 < np.mean(hit) < 0.985


def test_a_term_of_one_document_is_not_certain_and_one_of_all_is():
    rows = np.tile([50, 0, 40], (12, 1))
    rows[6:, 1] = 10  # in each document of b
    rows[0, 2], rows[1:, 2] = 60, 0  # all of one document of a
    table = shifted(rows, ["a"] * 6 + ["b"] * 6, terms=words(3)).set_index("term")
    assert table.loc["词001", "low"] > 0
    assert table.loc["词002", "low"] < 0 < table.loc["词002", "high"]


def test_what_hardly_occurs_is_not_certain_though_each_document_has_it_alike():
    rows = np.tile([500, 0], (6, 1))
    rows[3:, 1] = 1  # three words in all: drawn again, the documents are all the same
    table = shifted(rows, list("aaabbb"), terms=words(2)).set_index("term")
    assert table.loc["词001", "low"] < 0


def test_the_estimate_lies_in_its_interval_and_a_higher_level_widens_it():
    rows = documents(3, 16, np.full(50, 0.01))
    narrow, wide = (shifted(rows, ["a"] * 8 + ["b"] * 8, terms=words(50), level=x) for x in (0.8, 0.99))
    assert ((narrow["low"] <= narrow["signed"]) & (narrow["signed"] <= narrow["high"])).all()
    assert ((wide["low"] < narrow["low"]) & (narrow["high"] < wide["high"])).all()


def test_the_same_for_the_same_seed_and_a_mirrored_one_for_groups_swapped():
    rows, labels = documents(3, 16, np.full(50, 0.01)), ["a"] * 8 + ["b"] * 8
    pd.testing.assert_frame_equal(*(shifted(rows, labels, terms=words(50)) for _ in range(2)))
    swapped = shifts.shift(csr(rows), words(50), [f"d{i:03d}" for i in range(16)], labels, "b", "a")
    one = shifted(rows, labels, terms=words(50))
    assert swapped["signed"].to_numpy() == pytest.approx(-one["signed"].to_numpy(), abs=1e-9)
    assert swapped["side"].tolist() == one["side"].tolist()


@pytest.mark.parametrize("measure", shifts.MEASURES)
def test_where_documents_are_alike_the_interval_is_that_of_words_at_random(measure):
    # Drawn again, they are all the same: what is left is a variance of p / n for each share (half a count added), by
    # the square of the slope; for the roots, at least that of the logarithm of the ratio of rates.
    rows, n = np.array([[60, 0, 30, 10]] * 2 + [[40, 5, 30, 25]] * 2), 200
    table = shifted(rows, list("aabb"), measure=measure).set_index("term").loc[TERMS]
    a, b = 2 * rows[0], 2 * rows[2]
    p, q = (a + 0.5) / n, (b + 0.5) / n
    if measure == "jsd":
        ratio = np.log((b + 0.5) / (a + 0.5))
        root = np.sqrt(table["contribution"]) * np.sign(b - a)
        words_alone = (p + q) / n / (4 * np.log(2) * (p + q))  # the root is about (q - p) / (2 sqrt((p + q) ln 2))
        of_ratio = np.zeros(4)
        of_ratio[a != b] = (root**2 * (1 / (a + 0.5) + 1 / (b + 0.5)))[a != b] / ratio[a != b] ** 2
        error = np.sqrt(np.maximum(words_alone, of_ratio))
        assert of_ratio[1] > 1.2 * words_alone[1]  # 夏, that a lacks
        expected = [x * np.abs(x) for x in (root - 1.959964 * error, root + 1.959964 * error)]
    else:
        slopes = [np.ones(4)] * 2 if measure == "proportion" else [np.log2(x * np.e) for x in (p, q)]
        error = np.sqrt((slopes[0] ** 2 * p + slopes[1] ** 2 * q) / n)
        expected = [table["signed"] - 1.959964 * error, table["signed"] + 1.959964 * error]
    assert table["low"].to_numpy() == pytest.approx(np.asarray(expected[0]), abs=2e-8)
    assert table["high"].to_numpy() == pytest.approx(np.asarray(expected[1]), abs=2e-8)


def all_drawn(rows):
    """Shares in each way in which documents can be drawn again."""
    sums = np.array([rows[list(at)].sum(axis=0) for at in itertools.product(range(len(rows)), repeat=len(rows))])
    return sums / sums.sum(axis=1)[:, None]


@pytest.mark.parametrize("measure", shifts.MEASURES)
def test_an_interval_is_that_of_all_ways_to_draw_documents_again(measure):
    a = np.array([[300, 100, 20, 580], [200, 180, 60, 560], [420, 60, 10, 510], [280, 190, 40, 490]])
    b = np.array([[100, 300, 90, 510], [150, 410, 20, 420], [40, 260, 60, 640]])
    table = shifted(np.vstack([a, b]), list("aaaabbb"), measure=measure, draws=20_000).set_index("term").loc[TERMS]

    def value(p, q):
        if measure == "proportion":
            return q - p
        if measure == "entropy":
            return p * np.log2(p) - q * np.log2(q)
        m = (p + q) / 2
        return np.sign(q - p) * np.sqrt((p * np.log2(p / m) + q * np.log2(q / m)) / 2)

    p, q = a.sum(axis=0) / a.sum(), b.sum(axis=0) / b.sum()
    of_a = value(all_drawn(a), q).var(axis=0) * 4 / 3
    of_b = value(p, all_drawn(b)).var(axis=0) * 3 / 2
    freedom = (of_a + of_b) ** 2 / (of_a**2 / 3 + of_b**2 / 2)
    half = stats.t.ppf(0.975, freedom) * np.sqrt(of_a + of_b)
    ends = np.array([value(p, q) - half, value(p, q) + half])
    low, high = ends * np.abs(ends) if measure == "jsd" else ends
    found, width = table[["low", "high"]].to_numpy().T, high - low
    assert np.abs(found - [low, high]).max(axis=0) / width == pytest.approx(0, abs=0.02)


# What would be found without a difference


def test_what_is_expected_is_of_all_exchanges_where_they_are_few():
    rows = documents(1, 6, np.array([0.01, 0.02, 0.03, 0.04]))
    found = shifts.divergence(csr(rows), list("uvwxyz"), list("aaabbb"), "a", "b", level=0.85)
    totals = []
    for first in itertools.combinations(range(6), 3):
        here = np.isin(np.arange(6), first)
        a, b = rows[here].sum(axis=0), rows[~here].sum(axis=0)
        p, q = a / a.sum(), b / b.sum()
        m = (p + q) / 2
        totals.append((p @ np.log2(p / m) + q @ np.log2(q / m)) / 2)
    assert found.arrangements == 20
    assert found.floor == pytest.approx(0.1)  # two of twenty: the groups and the groups renamed
    assert found.expected == pytest.approx(np.mean(totals), abs=1e-8)
    assert found.expected_high == pytest.approx(np.percentile(totals, 95), abs=1e-8)
    assert found.p == pytest.approx(np.mean(np.array(totals) >= totals[0] - 1e-9))


def test_two_documents_are_not_testable():
    found = shifts.divergence(csr(TEXTS), ["x", "y"], ["a", "b"], "a", "b")
    assert found.answer == "not testable with 2 documents"
    assert np.isnan([found.p, found.expected, found.expected_high]).all()
    assert 0 < found.at_random < found.total


def test_words_at_random_give_about_what_theory_says():
    # In large samples the divergence is the sum of (p - q)^2 / (16 m ln 2) / (1/2), and of n words each the variance of
    # p - q is 2 m (1 - m) / n: a mean of (k - 1) / (4 n ln 2).
    k, n = 50, 5000
    found = shifts.divergence(csr([[n // k] * k] * 2), ["x", "y"], ["a", "b"], "a", "b")
    assert found.total == 0
    assert found.at_random == pytest.approx((k - 1) / (4 * n * np.log(2)), rel=0.1)


def test_paragraphs_of_a_document_stay_together():
    rows = documents(4, 24, np.full(30, 0.01))
    held = [f"d{i // 4}" for i in range(24)]
    found = shifts.divergence(csr(rows), held, ["a"] * 12 + ["b"] * 12, "a", "b", level=0.8)
    assert found.units == 6
    whole = rows.reshape(6, 4, -1).sum(axis=1)
    assert found == shifts.divergence(csr(whole), list("uvwxyz"), list("aaabbb"), "a", "b", level=0.8)


def test_strata_that_lie_in_one_group_are_exchanged():
    rows = documents(6, 12, np.full(30, 0.01))
    strata = [f"s{i // 2}" for i in range(12)]
    found = shifts.divergence(csr(rows), list("abcdefghijkl"), ["a"] * 6 + ["b"] * 6, "a", "b", strata, level=0.8)
    assert (found.unit, found.units, found.arrangements) == ("stratum", 6, 20)


def test_exchanges_are_drawn_by_the_seed():
    rows, labels = documents(6, 16, np.full(30, 0.01)), ["a"] * 8 + ["b"] * 8  # 12,870 exchanges
    one, again, other = (
        shifts.divergence(csr(rows), words(16), labels, "a", "b", permutations=99, seed=seed) for seed in (1, 1, 2)
    )
    assert one == again
    assert one.expected != other.expected


def test_a_real_difference_is_found_and_random_halves_seldom_differ():
    p, q = np.full(60, 1 / 60), np.r_[np.full(30, 1.5 / 60), np.full(30, 0.5 / 60)]
    rows = np.vstack([documents(0, 6, p), documents(1, 6, q)])
    names, labels = [f"d{i:02d}" for i in range(12)], ["a"] * 6 + ["b"] * 6
    assert shifts.divergence(csr(rows), names, labels, "a", "b").answer == "different"
    yes = [
        shifts.divergence(csr(documents(s, 12, p)), names, labels, "a", "b", permutations=199, seed=s).answer
        for s in range(60)
    ]
    assert yes.count("different") <= 8  # 3 are to be expected, and more than 8 in one of 300 such tests


@pytest.mark.parametrize(
    ("a", "b", "measure", "said"),
    [
        ("a", "c", "jsd", r"no document with words is labelled 'c': name two groups"),
        ("a", "a", "jsd", r"a and b are the same group"),
        ("a", "b", "kld", r"measure is 'kld': give one of jsd, proportion, entropy"),
    ],
)
def test_what_cannot_be_compared_is_said(a, b, measure, said):
    with pytest.raises(CrosscityError, match=said):
        shifts.shift(csr(TEXTS), TERMS, ["x", "y"], ["a", "b"], a, b, measure)
