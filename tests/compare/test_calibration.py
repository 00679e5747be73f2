"""Calibration: intervals against tables, splits, planted words, what a small corpus cannot tell, sentences."""

import math

import numpy as np
import pandas as pd
import pytest
from crosscity.compare import calibration
from scipy import sparse


def corpus(documents=24, terms=60, seed=0, spread=1.0):
    """Counts of paragraphs, two a document; rates vary between documents as gamma distributions."""
    rng = np.random.default_rng(seed)
    rates = rng.gamma(1 / spread, spread, (documents, terms)) * rng.choice([0.3, 2, 10], terms)
    counts = sparse.csr_array(rng.poisson(np.repeat(rates, 2, axis=0)))
    return counts, np.array([f"t{i:02}" for i in range(terms)], dtype=object), np.repeat(np.arange(documents), 2)


@pytest.mark.parametrize(
    ("yes", "n", "low", "high"),
    # Clopper and Pearson: of none, 1 - 0.025 ** (1 / n); 5 of 100 as published tables have it.
    [(0, 10, 0, 1 - 0.025**0.1), (10, 10, 0.025**0.1, 1), (5, 100, 0.0164, 0.1128), (1, 2, 0.0126, 0.9874)],
)
def test_intervals_of_shares(yes, n, low, high):
    assert calibration.share_interval(np.arange(n) < yes) == pytest.approx((yes / n, low, high), abs=6e-5)


def test_answers_that_hang_together_count_as_one():
    alone = calibration.share_interval(np.arange(40) < 10)
    together = calibration.share_interval(np.arange(40) < 10, answers=400)  # ten answers a split, all the same
    assert together == pytest.approx(alone)
    apart = np.random.default_rng(1).binomial(10, 0.25, 4000) / 10
    p, low, high = calibration.share_interval(apart, answers=40_000)
    half = 1.96 * math.sqrt(p * (1 - p) / 40_000)
    assert (p - low, high - p) == pytest.approx((half, half), rel=0.05)
    assert calibration.share_interval([0, 0, 0], answers=300)[2] == pytest.approx(1 - 0.025 ** (1 / 3))


def test_holm_by_hand():
    assert calibration.holm(np.array([0.01, 0.04, 0.03, 0.005])).tolist() == pytest.approx([0.03, 0.06, 0.06, 0.02])


def test_splits():
    rng = np.random.default_rng(1)
    labels = calibration.split_documents(rng, 30, 4, 6).tolist()
    assert [labels.count(x) for x in ("here", "there", None)] == [4, 6, 20]
    strata = np.repeat(list("abcde"), [2, 4, 6, 2, 4])
    whole = pd.Series(calibration.split_strata(rng, strata)).groupby(strata)
    assert (whole.nunique() == 1).all()
    assert (whole.first() == "here").sum() == 2
    inside = pd.Series(calibration.split_within_strata(rng, strata) == "here").groupby(strata)
    assert (inside.mean() == 0.5).all()


@pytest.mark.parametrize(
    ("n", "sizes"),
    [
        (110, [(20, 20), (10, 10), (5, 5)]),
        (30, [(15, 15), (10, 10), (5, 5)]),
        (11, [(5, 6), (5, 5)]),
        (5, [(2, 3)]),
        (1, []),
    ],
)
def test_sizes_that_documents_allow(n, sizes):
    assert calibration.split_sizes(n) == sizes
    assert calibration.split_sizes(n, [(1, 4), (60, 60)]) == ([(1, 4)] if n >= 5 else [])


def test_five_documents_are_not_testable_and_nothing_is_run(monkeypatch):
    monkeypatch.setattr(calibration, "counted_split", None)
    counts, terms, documents = corpus(5)
    found = calibration.false_positives(counts, terms, documents)
    assert found["floor"].tolist() == [0.1, 0.1]  # of ten ways to choose two of five
    assert set(found["answer"]) == {"not testable"}
    power = calibration.power(counts, terms, documents)
    assert power[["split", "planted", "answer"]].to_numpy().tolist() == [["2 v 3 documents", 0, "not testable"]]
    (said,) = calibration.sentences(found)
    assert said.startswith("2 v 3 documents: not testable, since the smallest possible p is 0.1.")
    assert "paragraphs of one document are alike, and are not exchangeable" in said
    assert calibration.sentences(found, power) == [said]


def test_ours_errs_in_a_twentieth_and_g2_in_more():
    found = calibration.false_positives(*corpus(), splits=40, sizes=[(8, 8)], permutations=199, jobs=1)
    by = found.set_index("method")
    assert by.loc["ours", "per_test"] == pytest.approx(0.05, abs=0.02)
    assert by.loc["ours", "any"] <= 6  # of 40; binomial, 0.05: more in 1%
    assert by.loc["G2", "per_test"] > 0.3
    assert by.loc["G2", "any"] == 40
    assert by["correction"].to_dict() == {"ours": "Westfall-Young", "G2": "Benjamini-Hochberg"}
    for column in ("per_test", "corrected"):
        assert (by[f"{column}_low"] <= by[column]).all()
        assert (by[column] <= by[f"{column}_high"]).all()
    assert (by["corrected"] * by["splits"]).tolist() == by["any"].tolist()


def test_strata_that_differ_deceive_g2_and_not_ours():
    counts, terms, documents = corpus(24)
    provinces = documents // 3  # eight strata
    far = np.random.default_rng(3).gamma(1.0, 1.0, (8, len(terms)))
    counts = sparse.csr_array(np.random.default_rng(4).poisson(counts.toarray() * far[provinces]))
    found = calibration.false_positives(
        counts, terms, documents, provinces, [(8, 8)], splits=30, permutations=199, jobs=1
    )
    assert found["split"].drop_duplicates().tolist() == [
        "8 v 8 documents",
        "4 v 4 whole strata",
        "documents within strata",
    ]
    whole = found[found["split"] == "4 v 4 whole strata"].set_index("method")
    assert whole["floor"].tolist() == pytest.approx([1 / 35] * 2, abs=1e-6)  # 70 ways, of which two only rename
    assert whole.loc["ours", "per_test"] < 0.09
    assert whole.loc["G2", "per_test"] > 0.4


def test_the_same_seed_draws_the_same_and_processes_make_no_difference():
    given = corpus(12, 20)
    more = {"splits": 4, "sizes": [(6, 6)], "permutations": 99}
    one = calibration.false_positives(*given, **more, jobs=1)
    assert one.equals(calibration.false_positives(*given, **more, jobs=2))
    assert not one.equals(calibration.false_positives(*given, **more, seed=2, jobs=1))


def test_what_is_planted_is_as_many_times_as_frequent():
    rng, counts = np.random.default_rng(1), np.full((400, 3), 10)
    here, seen = np.arange(400) < 200, {}
    original = calibration.counted_split
    calibration.counted_split = lambda counts, *args, **more: (
        seen.update(c=counts.toarray()) or original(counts, *args, **more)
    )
    try:
        terms = np.array(["a", "b", "c"], dtype=object)
        calibration.planted_p_values(rng, counts, terms, here, np.array([0, 2]), np.array([3.0, 1.5]), permutations=19)
    finally:
        calibration.counted_split = original
    assert seen["c"][here].mean(axis=0) == pytest.approx([30, 10, 15], rel=0.03)
    assert (seen["c"][~here] == 10).all()
    assert (counts == 10).all()


def test_power_rises_with_what_is_planted():
    found = calibration.power(
        *corpus(spread=0.1), factors=(1, 3), sizes=[(10, 10), (2, 2)], splits=30, words=3, permutations=199, jobs=1
    )
    assert found["answer"].tolist()[-1] == "not testable"
    ours = found[(found["method"] == "ours") & (found["frequency"] == "common")].set_index("factor")
    assert ours["planted"].tolist() == [90, 90]
    assert ours.loc[1, "per_test"] == pytest.approx(0.05, abs=0.06)
    assert ours.loc[1, "corrected"] <= 0.03
    assert ours.loc[3, "per_test"] > 0.8
    assert 0.3 < ours.loc[3, "corrected"] <= ours.loc[3, "per_test"]
    welch = found[(found["method"] == "Welch on root rates") & (found["frequency"] == "common")].set_index("factor")
    assert welch.loc[3, "per_test"] > 0.8
    assert found["frequency"].dropna().drop_duplicates().tolist() == list(calibration.FREQUENCIES)


def test_sentences():
    row = {"split": "10 v 10 documents", "splits": 100, "floor": 0.002, "answer": "tested"}
    errors = pd.DataFrame(
        [
            row | {"method": "ours", "any": 5, "corrected_low": 0.0164, "corrected_high": 0.1128, "per_test": 0.0502},
            row | {"method": "G2", "any": 98, "corrected_low": 0.93, "corrected_high": 0.998, "per_test": 0.094},
        ]
    )
    assert calibration.sentences(errors) == [
        "Of 100 random splits into 10 and 10 documents, 5 (2 to 11) had any word called different by ours, 98 by G2; "
        "of single tests ours errs in 5.0%, G2 in 9.4%."
    ]
    within = calibration.sentences(errors.assign(split="documents within strata"))
    assert within[0].startswith("Of 100 random splits of documents within strata, 5 (2 to 11)")
    row |= {"method": "ours", "frequency": "common"}
    power = pd.DataFrame(
        [
            row | {"factor": f, "per_test": p, "corrected": q}
            for f, p, q in ((1.5, 0.3, 0.0), (2, 0.81, 0.1), (3, 1, 0.37))
        ]
    )
    assert calibration.sentences(powers=power) == [
        "10 v 10 documents: common words 2 times as frequent are found in 80% of cases by one test; "
        "after correction for all words, 37% of those 3 times as frequent are."
    ]
    assert (
        "3 times as frequent are found in 67% of cases" in calibration.sentences(powers=power.assign(per_test=0.67))[0]
    )
