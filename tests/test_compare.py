"""What sets groups apart, against hand-worked examples and the formulas as the paper writes them."""

import math

import numpy as np
import pandas as pd
import pytest
from crosscity import CrosscityError
from crosscity.compare import bootstrap_log_ratio, cluster_order, distances, log_odds
from scipy import sparse
from scipy.spatial.distance import cosine
from sklearn.feature_extraction.text import TfidfTransformer


def csr(rows):
    return sparse.csr_array(np.array(rows, dtype=np.int64))


def corpus(seed, paragraphs=60, terms=9, groups=("盐城", "合肥", "随州")):
    rng = np.random.default_rng(seed)
    counts = rng.poisson(rng.gamma(1, 1, terms), (paragraphs, terms))
    counts[0] += 1  # no term without a word
    labels = rng.choice(groups, paragraphs)
    return csr(counts), np.array([f"词{i}" for i in range(terms)], dtype=object), labels


def monroe(counts, labels, group, prior):
    """Eqs 16 and 22 of Monroe, Colaresi and Quinn (2008), in plain loops: delta and zeta of each term."""
    rows = np.asarray(counts.todense()).tolist()
    total = [sum(row[w] for row in rows) for w in range(len(rows[0]))]
    out = []
    for w in range(len(total)):
        alpha_w = prior * total[w] / sum(total)
        y_i = sum(row[w] for row, g in zip(rows, labels, strict=True) if g == group)
        y_j = sum(row[w] for row, g in zip(rows, labels, strict=True) if g != group)
        n_i = sum(sum(row) for row, g in zip(rows, labels, strict=True) if g == group)
        n_j = sum(sum(row) for row, g in zip(rows, labels, strict=True) if g != group)
        delta = math.log((y_i + alpha_w) / (n_i + prior - y_i - alpha_w)) - math.log(
            (y_j + alpha_w) / (n_j + prior - y_j - alpha_w)
        )
        variance = 1 / (y_i + alpha_w) + 1 / (y_j + alpha_w)
        out.append((delta, delta / math.sqrt(variance)))
    return out


def test_log_odds_by_hand():
    # 甲 has 灯塔 3 and 渔港 1, 乙 the reverse; either term is half of all, so that a prior of 8 words gives it 4.
    # 甲, 灯塔: ln(7 / 5) - ln(5 / 7) = 2 ln 1.4 = 0.672944; variance 1/7 + 1/5 = 12/35; z = 0.672944 / 0.585540.
    # log_ratio = log2(3.5 / 4.5) - log2(1.5 / 4.5) = log2(7 / 3).
    counts, terms = csr([[2, 1], [1, 0], [1, 3]]), np.array(["灯塔", "渔港"], dtype=object)
    table = log_odds(counts, terms, ["甲", "甲", "乙"], prior=8)
    first = table[(table["group"] == "甲") & (table["term"] == "灯塔")].iloc[0]
    assert (first["count"], first["count_rest"], first["paragraphs"]) == (3, 1, 2)
    assert first["log_odds"] == pytest.approx(0.672944, abs=2e-6)
    assert first["z"] == pytest.approx(1.149272, abs=2e-6)
    assert first["log_ratio"] == pytest.approx(1.222392, abs=2e-6)
    # The other term of the same group is its mirror image: with two terms the odds of one are those against the other.
    second = table[(table["group"] == "甲") & (table["term"] == "渔港")].iloc[0]
    assert (second["count"], second["count_rest"], second["paragraphs"]) == (1, 3, 1)
    assert second["z"] == pytest.approx(-1.149272, abs=2e-6)


@pytest.mark.parametrize("prior", [1.0, 50.0, 500.0])
def test_log_odds_as_the_paper_writes_them(prior):
    counts, terms, labels = corpus(2)
    table = log_odds(counts, terms, labels, prior)
    checked = 0
    for group in set(labels):
        for term, (delta, zeta) in zip(terms, monroe(counts, labels, group, prior), strict=True):
            row = table[(table["group"] == group) & (table["term"] == term)]
            if len(row):
                assert row["log_odds"].item() == pytest.approx(delta, abs=1e-6)
                assert row["z"].item() == pytest.approx(zeta, abs=1e-6)
                checked += 1
    assert checked == len(table) > 20


def test_log_odds_rows_are_the_terms_that_a_group_has_in_order():
    counts = csr([[5, 0, 2, 2], [1, 6, 2, 2], [0, 1, 1, 1]])
    terms = np.array(["甲词", "乙词", "丙词", "丁词"], dtype=object)
    table = log_odds(counts, terms, ["b", "a", "a"], 10)
    assert list(table["group"]) == ["a"] * 4 + ["b"] * 3
    # a: 乙词 it has alone; the two terms of equal counts tie, and stand by code point (丁 U+4E01 before 丙 U+4E19).
    assert list(table.loc[table["group"] == "a", "term"]) == ["乙词", "丁词", "丙词", "甲词"]
    assert list(table.loc[table["group"] == "b", "term"]) == ["甲词", "丁词", "丙词"]
    assert table["count"].sum() == counts.sum()
    for _, rows in table.groupby("group"):
        assert (rows["z"].diff().dropna() <= 0).all()


def test_permuting_paragraphs_changes_nothing():
    counts, terms, labels = corpus(4)
    order = np.random.default_rng(9).permutation(len(labels))
    pd.testing.assert_frame_equal(
        log_odds(counts, terms, labels), log_odds(counts[order], terms, labels[order]), check_exact=True
    )


def test_two_groups_mirror_each_other():
    counts, terms, labels = corpus(5, groups=("盐城", "合肥"))
    table = log_odds(counts, terms, labels).set_index(["group", "term"])
    both = [t for t in terms if ("盐城", t) in table.index and ("合肥", t) in table.index]
    assert len(both) > 5
    for column in ("log_odds", "z", "log_ratio"):
        left, right = (table.loc[[(g, t) for t in both], column].to_numpy() for g in ("盐城", "合肥"))
        assert np.allclose(left, -right, rtol=0, atol=1e-12)
        assert np.abs(left).max() > 0.05


@pytest.mark.parametrize(("labels", "message"), [(["合肥"] * 2, "only one group, '合肥'"), ([], "no group")])
def test_one_group_has_nothing_to_be_compared_with(labels, message):
    with pytest.raises(CrosscityError, match=message):
        log_odds(
            csr([[1, 2]] * len(labels)) if labels else sparse.csr_array((0, 2), dtype=np.int64),
            np.array(["词甲", "词乙"]),
            labels,
        )


def asked(terms, groups):
    return pd.DataFrame([(g, t) for g in groups for t in terms], columns=["group", "term"])


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others():
    counts, terms, labels = corpus(6)
    table = asked(terms, ("盐城", "合肥"))
    first, again, other = (bootstrap_log_ratio(counts, terms, labels, table, seed=s).to_csv() for s in (1, 1, 2))
    assert first == again != other


def test_the_table_that_is_given_stays_as_it_is():
    counts, terms, labels = corpus(6)
    table = asked(terms, ("盐城",))
    bootstrap_log_ratio(counts, terms, labels, table)
    assert list(table.columns) == ["group", "term"]


def test_fewer_than_five_paragraphs_on_either_side_have_no_interval():
    rng = np.random.default_rng(1)
    terms = np.array(["灯塔", "渔港"], dtype=object)
    for few, expected in ((4, True), (5, False)):
        labels = np.array(["甲"] * few + ["乙"] * 20)
        counts = csr(rng.poisson(3, (few + 20, 2)) + 1)
        table = bootstrap_log_ratio(counts, terms, labels, asked(terms, ("甲", "乙")))
        # 乙 has twenty paragraphs, but the rest it is held against has too few.
        assert table[["low", "high"]].isna().to_numpy().all() == expected
        assert table[["low", "high"]].isna().to_numpy().any() == expected


def test_intervals_cover_the_point_and_tell_a_clear_difference():
    rng = np.random.default_rng(8)
    terms = np.array(["灯塔", "渔港", "茶山"], dtype=object)
    labels = np.array(["甲"] * 80 + ["乙"] * 80)
    rate = np.where((labels == "甲")[:, None], [8, 2, 4], [2, 8, 4])
    counts = csr(rng.poisson(rate))
    table = log_odds(counts, terms, labels)
    table = bootstrap_log_ratio(counts, terms, labels, table)
    assert ((table["low"] < table["log_ratio"]) & (table["log_ratio"] < table["high"])).all()
    mine = table[table["group"] == "甲"].set_index("term")
    assert mine.loc["灯塔", "low"] > 1.5 > 0 > mine.loc["渔港", "high"]
    assert mine.loc["茶山", "low"] < 0 < mine.loc["茶山", "high"]


def test_intervals_as_a_plain_bootstrap_gives_them():
    """Resampling paragraph by paragraph, with other random numbers: the percentiles agree within their noise."""
    counts, terms, labels = corpus(11, paragraphs=120, terms=4, groups=("盐城", "合肥"))
    table = bootstrap_log_ratio(counts, terms, labels, asked(terms, ("盐城",)), draws=4000).set_index("term")
    rows, rng, ratios = np.asarray(counts.todense()), np.random.default_rng(99), []
    for _ in range(4000):
        sides = []
        for side in (rows[labels == "盐城"], rows[labels != "盐城"]):
            drawn = side[rng.integers(0, len(side), len(side))]
            sides.append(np.log2((drawn.sum(axis=0) + 0.5) / (drawn.sum() + 0.5)))
        ratios.append(sides[0] - sides[1])
    low, high = np.percentile(ratios, [2.5, 97.5], axis=0)
    wide = high - low
    assert wide.min() > 0.1
    assert (np.abs(table["low"].to_numpy() - low) < 0.08 * wide).all()
    assert (np.abs(table["high"].to_numpy() - high) < 0.08 * wide).all()


def test_intervals_do_not_depend_on_the_order_or_the_company_of_groups():
    counts, terms, labels = corpus(12)
    table = asked(terms, ("盐城", "合肥", "随州"))
    whole = bootstrap_log_ratio(counts, terms, labels, table).set_index(["group", "term"])
    turned = bootstrap_log_ratio(counts, terms, labels, table.iloc[::-1].reset_index(drop=True)).set_index(
        ["group", "term"]
    )
    alone = bootstrap_log_ratio(counts, terms, labels, asked(terms, ("随州",))).set_index(["group", "term"])
    assert whole["low"].notna().all()
    pd.testing.assert_frame_equal(whole.sort_index(), turned.sort_index(), check_exact=True)
    pd.testing.assert_frame_equal(whole.loc[["随州"]], alone.loc[["随州"]], check_exact=True)


def test_distances_are_symmetric_with_zeros_on_the_diagonal():
    counts, _, labels = corpus(13)
    table = distances(counts, labels)
    assert list(table.index) == list(table.columns) == sorted(set(labels))
    assert (table.to_numpy() == table.to_numpy().T).all()
    assert (np.diag(table) == 0).all()
    assert ((table.to_numpy() >= 0) & (table.to_numpy() <= 1)).all()


def test_distances_as_scipy_and_scikit_learn_have_them():
    counts, _, labels = corpus(14)
    weights = TfidfTransformer(smooth_idf=True, norm=None).fit(counts)
    groups = sorted(set(labels))
    profile = [weights.transform(csr([counts[labels == g].sum(axis=0)])).toarray().ravel() for g in groups]
    table = distances(counts, labels)
    found = [table.loc[a, b] for a in groups for b in groups]
    assert np.allclose(found, [cosine(x, y) for x in profile for y in profile], rtol=0, atol=1e-6)
    assert max(found) > 0.005


def test_the_same_words_are_at_distance_zero_and_other_words_at_one():
    counts = csr([[2, 1, 0, 0], [1, 3, 0, 0], [1, 3, 0, 0], [2, 1, 0, 0], [0, 0, 4, 1]])
    table = distances(counts, ["甲", "甲", "乙", "乙", "丙"])
    assert table.loc["甲", "乙"] == 0
    assert table.loc["甲", "丙"] == table.loc["乙", "丙"] == 1


def test_a_group_without_words_is_far_from_all_but_itself():
    table = distances(csr([[2, 1], [0, 0], [1, 1]]), ["甲", "乙", "丙"])
    assert table.loc["乙"].to_dict() == {"甲": 1, "乙": 0, "丙": 1}


def test_twice_the_text_is_the_same_mixture():
    counts = csr([[2, 1, 5], [2, 1, 5], [2, 1, 5], [0, 4, 1]])
    assert distances(counts, ["甲", "甲", "乙", "丙"]).loc["甲", "乙"] == 0


def line_of(places):
    names = list(places)
    far = [[abs(places[a] - places[b]) / 10 for b in names] for a in names]
    return pd.DataFrame(far, index=names, columns=names)


def test_near_groups_stand_side_by_side():
    # On a line: 丁 0, 乙 1, 丙 5, 甲 6.5, 戊 9: read off in that order, or the other way round.
    order = cluster_order(line_of({"甲": 6.5, "乙": 1, "丙": 5, "丁": 0, "戊": 9}))
    assert order in (list("丁乙丙甲戊"), list("戊甲丙乙丁"))


@pytest.mark.parametrize("names", ["", "甲", "甲乙"])
def test_fewer_than_three_groups_have_one_order(names):
    assert cluster_order(line_of({n: i for i, n in enumerate(names)})) == list(names)
