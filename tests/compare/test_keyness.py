"""Keyness: measures against their papers, tests against full enumeration, what n documents cannot tell, its level."""

import importlib.util
import math
import re
from itertools import combinations, product

import numpy as np
import pandas as pd
import pytest
from crosscity import CrosscityError
from crosscity.compare import keyness, term_measures, term_tests
from crosscity.inference import max_t, resample
from scipy import sparse, stats

from tests.conftest import PROJECT

_spec = importlib.util.spec_from_file_location("bench_keyness", PROJECT / "bench" / "keyness.py")
bench = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(bench)

TEXT = "b a m n i b e u p/b a s a t b e w q n/b c a g a b e s t a/b a g h a b e a a t/b a h a a b e a x a t"


def csr(rows):
    return sparse.csr_array(np.array(rows, dtype=np.int64))


def words(n):
    return np.array([f"词{i:03d}" for i in range(n)], dtype=object)


def compared(rows, labels, group="a", rest=None, documents=None, **more):
    """Keyness of counts by document (or by paragraph, if documents are named)."""
    documents = [f"d{i:03d}" for i in range(len(rows))] if documents is None else documents
    return keyness.keyness(csr(rows), words(len(rows[0])), documents, labels, group, rest, **more)


def made(seed, documents=24, terms=40, provinces=8, spread=0.3, alike=0.0):
    """Counts of documents whose rates vary by document, and by province; documents of different lengths."""
    rng = np.random.default_rng(seed)
    rates = rng.gamma(0.5, 20, terms) + 0.5
    province = np.sort(np.arange(documents) % provinces)
    of_province = rng.gamma(1 / alike, alike, (provinces, terms)) if alike else np.ones((provinces, terms))
    sizes = rng.uniform(0.3, 2, documents)
    mean = sizes[:, None] * rates * rng.gamma(1 / spread, spread, (documents, terms)) * of_province[province]
    return bench.Corpus(csr(rng.poisson(mean)), words(terms), np.array([f"p{i}" for i in province]))


# Measures


@pytest.mark.parametrize(
    ("cells", "published"),
    [((110, 2442, 111, 29114), 270.72), ((29, 13, 123, 31612), 263.90), ((31, 23, 139, 31584), 256.84)],
)
def test_g2_as_dunning_has_it(cells, published):
    # Dunning (1993), table of bigrams in a Swiss newspaper: "the swiss", "can be", "previous year".
    a, b, c, d = cells
    assert term_measures.g2(np.array([a]), np.array([c]), a + b, c + d)[0] == pytest.approx(published, abs=0.005)


def test_g2_as_scipy_has_it():
    rng = np.random.default_rng(1)
    ours, theirs = rng.integers(0, 40, 50), rng.integers(0, 90, 50)
    ours[:5], theirs[3:8] = 0, 0
    found = term_measures.g2(ours, theirs, 900, 2100)
    for value, a, b in zip(found, ours, theirs, strict=True):
        table = [[a, b], [900 - a, 2100 - b]]
        expected = stats.chi2_contingency(table, correction=False, lambda_="log-likelihood")[0] if a + b else 0
        assert value == pytest.approx(expected, abs=1e-8)


def test_dispersion_as_its_papers_have_it():
    parts = [part.split() for part in TEXT.split("/")]
    letters = sorted({x for part in parts for x in part})
    counts, sizes = csr([[part.count(x) for x in letters] for part in parts]), np.array([len(p) for p in parts])
    found = dict(zip(letters, term_measures.dispersion(counts, sizes) * (1 - 9 / 50), strict=True))
    # Gries (2008): 9, 10, 10, 10, 11 words; of 15 a, 1, 2, 3, 4, 5: (.1133 + .0667 + 0 + .0667 + .1133) / 2.
    assert found["a"] == pytest.approx(0.18, abs=1e-12)
    assert found["x"] == pytest.approx(0.78, abs=1e-12)  # all in the largest part: 1 - 11 / 50
    # Lijffijt and Gries (2012): three parts alike, with 2/3, 1/3 and none; in one part only; in all alike.
    found = term_measures.dispersion(csr([[2, 1, 1, 0], [1, 0, 1, 0], [0, 0, 1, 0]]), np.array([5, 5, 5]))
    assert found[:3] == pytest.approx([0.5, 1, 0], abs=1e-12)
    assert np.isnan(found[3])
    assert np.isnan(term_measures.dispersion(csr([[2, 1]]), np.array([3]))).all()


@pytest.mark.parametrize("rest", [None, "b"])
def test_log_odds_and_rates_as_the_formulas_have_them(rest):
    corpus = made(2, documents=12, terms=6)
    rows, labels = corpus.counts.toarray().tolist(), list("aabbccaabbcc")
    table = compared(rows, labels, rest=rest, prior=70)
    mine = [r for r, g in zip(rows, labels, strict=True) if g == "a"]
    other = [r for r, g in zip(rows, labels, strict=True) if g in ("b", "c" if rest is None else "b")]
    n, m = (sum(map(sum, side)) for side in (mine, other))
    for w, row in table.iterrows():
        y, x = sum(r[w] for r in mine), sum(r[w] for r in other)
        alpha = 70 * (y + x) / (n + m)
        delta = math.log((y + alpha) / (n + 70 - y - alpha)) - math.log((x + alpha) / (m + 70 - x - alpha))
        assert row["log_odds"] == pytest.approx(delta, abs=2e-6)
        assert row["z"] == pytest.approx(delta / math.sqrt(1 / (y + alpha) + 1 / (x + alpha)), abs=2e-6)
        assert (row["count"], row["count_rest"]) == (y, x)
        assert row["rate"] == pytest.approx(1e4 * y / n, abs=1e-5)
        assert row["log_ratio"] == pytest.approx(math.log2((y + 0.5) / (n + 0.5) / (x + 0.5) * (m + 0.5)), abs=2e-6)
        assert row["documents"] == sum(r[w] > 0 for r in mine)
        assert row["documents_rest"] == sum(r[w] > 0 for r in other)


def test_rates_and_spread_are_of_the_words_that_are_given():
    # Two of many terms, in documents of 100 and 200 words, the third in two paragraphs.
    rows, documents = [[4, 1], [6, 1], [1, 0], [0, 1], [1, 1]], list("pqrrs")
    table = compared(rows, list("aabbb"), documents=documents, sizes=[100, 100, 150, 50, 200])
    row = table.iloc[0]
    assert row[["rate", "rate_rest"]].tolist() == [500, 50]  # 10 of 200, 2 of 400
    assert row["log_ratio"] == pytest.approx(math.log2(10.5 / 200.5 * 400.5 / 2.5), abs=1e-6)
    expected = stats.chi2_contingency([[10, 2], [190, 398]], correction=False, lambda_="log-likelihood")[0]
    assert row["g2"] == pytest.approx(expected, abs=1e-6)
    # 4/12, 6/12, 1/12, 1/12 of the term in 1/6, 1/6, 1/3, 1/3 of the words; of the group 4/10 and 6/10 in halves.
    assert row["dp"] == pytest.approx((1 / 6 + 1 / 3 + 1 / 4 + 1 / 4) / 2 / (1 - 1 / 6), abs=1e-6)
    assert row["dp_group"] == pytest.approx(0.1 / (1 - 1 / 2), abs=1e-6)
    assert table["documents_rest"].tolist() == [2, 2]
    columns = "term count count_rest rate rate_rest log_ratio low high bound speaks_of log_odds z g2 dp"
    columns += " dp_group documents documents_rest unit units arrangements tests floor p p_adjusted answer"
    assert table.columns.tolist() == columns.split()


# Tests


def score(rows):
    """The score of each document for each term, in plain loops."""
    sizes, out = [sum(row) for row in rows], []
    for w in range(len(rows[0])):
        share = sum(row[w] for row in rows) / sum(sizes)
        m = [share * n for n in sizes]
        excess = sum((row[w] - e) ** 2 - e for row, e in zip(rows, m, strict=True)) / sum(e * e for e in m)
        a = 1 / max(excess, 0.05)
        out.append([((row[w] + a) / (e + a)) ** (2 / 3) for row, e in zip(rows, m, strict=True)])
    return np.array(out).T


def enumerated(found, null):
    """p, and p adjusted by step-down max-T, from statistics in all arrangements."""
    order = sorted(range(len(found)), key=lambda j: -found[j])
    p, adjusted, worst = (null >= found - 1e-9).mean(axis=0), np.zeros(len(found)), 0
    for k, j in enumerate(order):
        worst = max(worst, (null[:, order[k:]].max(axis=1) >= found[j] - 1e-9).mean())
        adjusted[j] = worst
    return p, adjusted


def apart(values, labels):
    """The same for units labelled a against the others, whichever they might be."""

    def statistics(chosen):
        here = np.isin(np.arange(len(values)), chosen)
        return np.array([abs(x[here].mean() - x[~here].mean()) / x.std() for x in values.T])

    mine = [i for i, g in enumerate(labels) if g == "a"]
    return enumerated(
        statistics(mine), np.array([statistics(way) for way in combinations(range(len(labels)), len(mine))])
    )


def test_p_is_that_of_all_arrangements_of_documents():
    corpus = made(3, documents=9, terms=7)
    rows, labels = corpus.counts.toarray(), list("abababaab")
    rows[np.array(labels) == "a", 2] += 30
    table = compared(rows, labels, min_documents=1)
    p, adjusted = apart(score(rows.tolist()), labels)
    assert np.allclose(table["p"], p, atol=1e-6)
    assert np.allclose(table["p_adjusted"], adjusted, atol=1e-6)
    assert table["answer"][2] == "more"
    assert (adjusted > p).any()
    assert table[["unit", "units", "arrangements", "tests"]].iloc[0].tolist() == ["document", 9, 126, 7]


def test_groups_of_whole_provinces_are_tested_by_provinces():
    corpus = made(4, documents=24, terms=6, alike=0.4)
    rows, labels = corpus.counts.toarray(), np.where(corpus.provinces < "p3", "a", "b")
    table = compared(rows, labels, strata=corpus.provinces)
    values = pd.DataFrame(score(rows.tolist())).groupby(corpus.provinces).mean().to_numpy()
    p, adjusted = apart(values, "aaabbbbb")
    assert np.allclose(table["p"], p, atol=1e-6)
    assert np.allclose(table["p_adjusted"], adjusted, atol=1e-6)
    assert table["floor"][0] == pytest.approx(1 / 56, abs=1e-6)
    assert table[["unit", "units"]].iloc[0].tolist() == ["stratum", 8]
    assert set(table["speaks_of"]) == {"strata like these"}


def test_documents_within_strata_are_exchanged_within_them():
    # Strata of 2, 3 and 4 documents, of which 1, 2 and 2 are the group's, in no order: 2 * 3 * 6 arrangements.
    strata, labels = list("zyxzyyzxz"), list("abbbaabaa")
    rows = made(5, documents=9, terms=7).counts.toarray()
    rows[np.array(strata) == "z", 2] += 90
    table = compared(rows, labels, strata=strata, min_documents=1)
    values = score(rows.tolist())
    parts = {s: [i for i in range(9) if strata[i] == s] for s in "xyz"}
    inside = {s: values[part] - values[part].mean(axis=0) for s, part in parts.items()}
    # Variance of the sum of g of N without replacement: g (N - g) / N times the variance, with N - 1.
    variance = sum(
        g * (len(x) - g) / len(x) * x.var(axis=0, ddof=1) for g, x in zip((1, 2, 2), inside.values(), strict=True)
    )

    def statistic(chosen):
        return abs(sum(inside[s][parts[s].index(i)] for s in "xyz" for i in chosen if i in parts[s])) / np.sqrt(
            variance
        )

    found = statistic([i for i in range(9) if labels[i] == "a"])
    ways = product(combinations(parts["x"], 1), combinations(parts["y"], 2), combinations(parts["z"], 2))
    null = np.array([statistic(sum(way, ())) for way in ways])
    p, adjusted = enumerated(found, null)
    assert np.allclose(table["p"], p, atol=1e-6)
    assert np.allclose(table["p_adjusted"], adjusted, atol=1e-6)
    assert len(set(adjusted)) > 2
    assert table[["unit", "arrangements"]].iloc[0].tolist() == ["document within stratum", 36]


def test_three_against_three_is_not_testable_but_described():
    rows = [[40, 10, 50], [42, 9, 51], [39, 12, 50], [4, 10, 86], [5, 11, 90], [3, 9, 88]]
    table = compared(rows, list("aaabbb"))
    assert set(table["answer"]) == {"not testable with 6 documents"}
    assert table["floor"].tolist() == [0.1] * 3  # 2 of 20
    assert table[["p", "p_adjusted"]].isna().all(axis=None)
    assert table["low"][0] > 1.5
    assert keyness.top_terms(table)["term"].tolist() == ["词000"]
    four = compared([*rows, [4, 11, 85]], list("aaabbbb"))
    assert four["floor"][0] == pytest.approx(1 / 35, abs=1e-6)
    assert four["answer"].tolist() == ["more", "no difference shown", "less"]
    two = compared([*rows, [4, 11, 85]], list("aaabbbb"), comparisons=2)
    assert two["floor"][0] == pytest.approx(2 / 35, abs=1e-6)
    assert set(two["answer"]) == {"not testable with 7 documents and 2 comparisons"}
    eight = [compared([*rows[:3], *rows], list("aaaaaabbb"), comparisons=n)["p_adjusted"] for n in (1, 2)]
    assert eight[1].tolist() == pytest.approx(np.minimum(2 * eight[0], 1).tolist(), abs=2e-6)


def test_a_rate_that_is_the_same_is_no_difference_whatever_the_lengths():
    rows = np.outer([1, 2, 9, 1, 3, 8, 2, 2], [4, 10, 6])
    table = compared(rows, list("aabbabba"))
    assert table["p"].tolist() == [1, 1, 1]
    assert table["log_ratio"].abs().max() < 0.02


def test_a_term_of_one_document_says_nothing():
    rows = np.full((10, 3), 20)
    rows[:, 2] = 0
    rows[3, 2], rows[3, 1] = 7, 13
    rows[4:9, 0], rows[4:9, 1] = 0, 40
    labels = list("aaaaabbbbb")
    table = compared(rows, labels)
    assert table["answer"].tolist()[2] == "in fewer than 5 documents"
    assert table["p"].isna().tolist() == [False, False, True]
    assert table["tests"].tolist() == [2] * 3
    # Whichever side it is on, it is as far from the other: every arrangement is as extreme.
    assert compared(rows, labels, min_documents=1)["p"][2] == 1
    assert table["documents"].tolist() == [4, 5, 1]
    assert table["documents_rest"].tolist() == [1, 5, 0]
    assert table["dp"][2] == 1


def test_p_is_never_zero_and_drawn_p_come_near_all():
    corpus = made(6, documents=12, terms=30)
    rows = corpus.counts.toarray()
    rows[:6, 0] += 100
    every = compared(rows, list("aaaaaabbbbbb"))
    drawn = compared(rows, list("aaaaaabbbbbb"), permutations=800)
    assert every["arrangements"][0] == 924
    assert drawn["arrangements"][0] == 801
    for column in ("p", "p_adjusted"):
        assert np.allclose(every[column], drawn[column], atol=0.06, equal_nan=True)
    few = compared(rows, list("aaaaaabbbbbb"), permutations=99)
    assert few["p"].min() >= few["floor"][0] == 0.01


def test_what_is_held_at_a_time_changes_nothing(monkeypatch):
    rows, labels = made(7).counts.toarray(), list("ab" * 12)
    whole = compared(rows, labels, permutations=99)
    monkeypatch.setattr(term_tests, "MAX_CELLS", 900)
    pd.testing.assert_frame_equal(whole, compared(rows, labels, permutations=99))


@pytest.mark.parametrize(("name", "value"), [("MAX_KEPT", 0), ("_FEW", 0), ("_FEW", 1000)])
@pytest.mark.parametrize("labels", ["abc" * 8, "a" * 3 + "b" * 21, "a" * 21 + "b" * 3])
def test_how_sums_are_made_changes_nothing(monkeypatch, name, value, labels):
    # Scores kept or found anew, members of a group picked or multiplied by 0 and 1, whichever side is the smaller.
    corpus = made(9)
    of = corpus.counts, corpus.terms, np.arange(24), list(labels)
    strata = [None, corpus.provinces, np.arange(24) % 3]
    whole = [keyness.keyness(*of, "a", strata=s, permutations=99) for s in strata]
    monkeypatch.setattr(term_tests, name, value)
    for s, table in zip(strata, whole, strict=True):
        pd.testing.assert_frame_equal(table, keyness.keyness(*of, "a", strata=s, permutations=99))
    assert [t["unit"][0] for t in whole][:1] == ["document"]
    assert whole[0]["p"].nunique() > 5


def test_groups_that_are_compared_one_after_the_other_are_each_compared_as_alone():
    corpus = made(11)
    labels = np.array([*"abcd" * 5, "a", None, "b", None], dtype=object)
    for strata in (None, np.arange(24) // 8, np.where(labels == "d", "x", "y")):
        of = corpus.counts, corpus.terms, np.arange(24), labels
        counted = keyness.CountedDocuments(*of, strata)
        for group in "abcda":
            alone = keyness.keyness(*of, group, strata=strata, permutations=99)
            pd.testing.assert_frame_equal(counted.keyness(group, permutations=99), alone)
            assert alone["p"].notna().any() == alone["p_adjusted"].notna().any() == (alone["floor"][0] <= 0.05)


def test_max_t_as_its_definition_has_it():
    null = np.random.default_rng(8).normal(size=(60, 7)) ** 2
    found = null[0] + [3, 0, 1, 0, 0, 5, 0]
    null[0] = found
    for batch in (1, 3, 100):
        p, adjusted = max_t(found, lambda tests: null.T[tests], batch)
        assert np.allclose(p, [(null[:, j] >= found[j]).mean() for j in range(7)])
        for j in range(7):
            above = [k for k in range(7) if found[k] >= found[j]]
            steps = [(null[:, found <= found[k]].max(axis=1) >= found[k]).mean() for k in above]
            assert adjusted[j] == pytest.approx(max(steps))


# Which documents take part


def test_names_of_documents_change_nothing():
    corpus = made(9)
    rows, labels = corpus.counts.toarray(), np.array(list("aab" * 8))
    names = np.array([f"d{i:02d}" for i in range(24)])
    table = compared(rows, labels, documents=names, strata=corpus.provinces, permutations=199)
    for order in (range(23, -1, -1), np.random.default_rng(1).permutation(24)):
        again = compared(rows, labels, documents=names[order], strata=corpus.provinces, permutations=199)
        pd.testing.assert_frame_equal(table, again)


def test_paragraphs_make_documents_and_those_without_group_or_words_take_no_part():
    rows = made(10, documents=14).counts.toarray()
    labels = list("aaaaaaabbbbbbb")
    table = compared(rows, labels)
    halves = np.vstack([rows // 2, rows - rows // 2])  # each document in two paragraphs
    names = [f"d{i:03d}" for i in range(14)]
    pd.testing.assert_frame_equal(table, compared(halves, labels * 2, documents=names * 2))
    more = np.vstack([rows, rows[:3] * 9, np.zeros((2, 40), dtype=int)])
    pd.testing.assert_frame_equal(table, compared(more, [*labels, None, np.nan, None, "a", "b"]))
    pd.testing.assert_frame_equal(table, compared(more, [*labels, "c", "c", "c", "a", "b"], rest="b"))
    assert compared(more, [*labels, "c", "c", "c", "a", "b"])["units"][0] == 17


def test_terms_of_neither_side_have_no_row():
    rows = made(11, documents=12, terms=5).counts.toarray()
    rows[:8, 3] = 0
    assert compared(rows, list("aaaabbbbcccc"), rest="b")["term"].tolist() == ["词000", "词001", "词002", "词004"]


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"group": "x"}, "no document with words is labelled 'x'"),
        ({"rest": "x"}, "no document with words is labelled 'x'"),
        ({"labels": list("aaaa")}, "no document with words is labelled otherwise"),
        ({"documents": list("ppqp")}, "document 'p' lies in more than one group: name its parts"),
        ({"documents": list("ppqq"), "strata": list("xyzz")}, "document 'p' lies in more than one stratum"),
    ],
)
def test_what_cannot_be_compared_is_said(more, message):
    more = {"labels": list("aabb"), **more}
    with pytest.raises(CrosscityError, match=message):
        compared([[1, 2], [2, 1], [3, 3], [1, 1]], **more)


# Intervals


def test_an_interval_is_that_of_welch_on_logarithms():
    # Documents of 100 words: the rate's logarithm varies by that of its mean, s / mean; half a count hardly matters.
    a, b = np.array([400, 700, 300, 900, 600]), np.array([300, 200, 500, 700])
    rows = np.column_stack([np.r_[a, b], 1000 - np.r_[a, b]])
    row = compared(rows, list("aaaaabbbb")).iloc[0]
    v, w = (x.var(ddof=1) / len(x) / x.mean() ** 2 for x in (a, b))
    freedom = (v + w) ** 2 / (v**2 / 4 + w**2 / 3)
    half = stats.t.ppf(0.975, freedom) * math.sqrt(v + w) / math.log(2)
    assert row["high"] - row["log_ratio"] == pytest.approx(half, rel=2e-3)
    assert row["log_ratio"] - row["low"] == pytest.approx(half, rel=2e-3)
    assert row["speaks_of"] == "documents like these"


def test_what_one_side_lacks_is_not_certain():
    # 3 in each document of one side, none of the other: between documents nothing varies.
    rows = [[3, 97]] * 6 + [[0, 100]] * 6
    row = compared(rows, list("aaaaaabbbbbb")).iloc[0]
    half = 1.96 * math.sqrt(1 / 18.5 + 1 / 0.5) / math.log(2)
    assert row["log_ratio"] == pytest.approx(math.log2(18.5 / 0.5), abs=1e-5)
    assert row["high"] - row["log_ratio"] == pytest.approx(half, rel=1e-3)
    assert row["bound"] == row["low"] == pytest.approx(math.log2(37) - half, abs=0.01)
    other = compared(rows, list("aaaaaabbbbbb"), "b").iloc[0]
    assert other["bound"] == other["high"] == pytest.approx(-row["bound"])


def test_one_document_speaks_for_itself_by_its_paragraphs():
    rng = np.random.default_rng(12)
    level = np.repeat(rng.uniform(5, 60, 12), 4)  # paragraphs in runs that are alike
    rows = np.column_stack([rng.poisson(level), rng.poisson(60, 48)])
    rest = np.tile([600, 1000], (30, 1)) + rng.integers(-50, 50, (30, 2))
    documents = ["own"] * 48 + [f"d{i}" for i in range(30)]
    table = compared(np.vstack([rows, rest]), ["a"] * 48 + ["b"] * 30, documents=documents)
    assert set(table["speaks_of"]) == {"this document, against documents like these"}
    # What drawing runs of paragraphs again gives, put right by n / (n - b), with 7 runs of 7.
    logs = []
    for _ in range(4000):
        drawn = rows[resample([np.arange(48)], rng)].sum(axis=0)
        logs.append(math.log(drawn[0] / drawn.sum()))
    expected = stats.t.ppf(0.975, 6) * np.std(logs) * math.sqrt(48 / 41) / math.log(2)
    half = (table["high"] - table["low"])[0] / 2
    assert half == pytest.approx(expected, rel=0.04)
    few = compared(np.vstack([rows[:7], rest]), ["a"] * 7 + ["b"] * 30, documents=documents[:7] + documents[48:])
    assert few[["low", "high", "bound"]].isna().all(axis=None)
    assert few["speaks_of"][0] == "7 paragraphs; an interval needs 8, against documents like these"


def test_one_province_against_others_speaks_of_its_documents():
    corpus = made(13, documents=32, provinces=8)
    labels = np.where(corpus.provinces == "p0", "a", "b")
    table = compared(corpus.counts.toarray(), labels, strata=corpus.provinces)
    assert set(table["speaks_of"]) == {"documents of this stratum, against strata like these"}
    assert table["floor"][0] == 0.125
    assert set(table["answer"]) == {"not testable with 8 strata"}


def test_ranked_are_those_that_differ_most_for_certain():
    table = pd.DataFrame(
        {
            "term": list("戊丁丙乙甲"),
            "bound": [0, 1.5, 1.5, 3, -2],
            "log_ratio": [1, 2, 2, 4, -3],
            "z": [1, 2.5, 2.5, 1, -4],
            "p_adjusted": [0.01, 0.01, 0.02, 0.3, 0.01],
            "answer": ["more"] * 3 + ["no difference shown", "less"],
        }
    )
    assert keyness.top_terms(table)["term"].tolist() == ["丁", "丙", "戊"]  # U+4E01 before U+4E19
    assert keyness.top_terms(table, "z", 1)["term"].tolist() == ["丁"]
    assert keyness.top_terms(table, less=True)["term"].tolist() == ["甲"]
    # Where there is no test, the interval decides, if there is one.
    untested = table.assign(p_adjusted=np.nan, answer="not testable with 6 documents")
    assert keyness.top_terms(untested)["term"].tolist() == ["乙", "丁", "丙"]
    untested["bound"] = np.nan
    assert keyness.top_terms(untested)["term"].tolist() == ["丁", "丙", "乙", "戊"]


# What bench/keyness.py measures with 400 splits of real reports, with fewer of made ones.


def test_nothing_is_found_between_random_halves():
    corpus = made(14, documents=40, terms=120, alike=0.3)
    ours, usual, percentiles = bench.false_positives(
        corpus, 60, lambda r, c: bench.documents(r, c, 10, 10), permutations=199
    )
    assert 0.03 < ours["per_test"] < 0.07
    assert ours["corrected"] <= 8  # one in twenty: more than 8 of 60 happen once in two hundred
    assert usual["per_test"] > 0.2
    assert usual["corrected"] == 60
    assert ours["intervals_miss"] < 0.06 < percentiles["intervals_miss"]


def test_nothing_is_found_between_random_provinces_if_provinces_are_permuted():
    corpus = made(15, documents=60, terms=120, provinces=12, spread=0.2, alike=0.3)
    ours, *_ = bench.false_positives(corpus, 40, bench.provinces, permutations=199)
    assert 0.03 < ours["per_test"] < 0.07
    assert ours["corrected"] <= 6
    single, *_ = bench.false_positives(corpus, 20, lambda r, c: bench.provinces(r, c, whole=False), permutations=199)
    assert single["per_test"] > 0.15
    assert single["corrected"] >= 8
    inside, *_ = bench.false_positives(corpus, 30, bench.within, permutations=199)
    assert 0.03 < inside["per_test"] < 0.07
    assert inside["corrected"] <= 5


def test_words_that_were_made_more_frequent_are_found():
    corpus = made(16, documents=40, terms=120, spread=0.15)
    ours, ours_of_most, usual, usual_of_most = bench.power(corpus, 12, 10, 3, words=3)
    assert ours["per_test"] > 0.6
    assert ours_of_most["per_test"] > 0.9
    assert ours_of_most["corrected"] > 0.35
    assert ours["per_test"] + ours_of_most["per_test"] > usual["per_test"] + usual_of_most["per_test"] - 0.05
    assert ours["corrected"] + ours_of_most["corrected"] >= usual["corrected"] + usual_of_most["corrected"]
    assert next(bench.power(corpus, 12, 10, 1, words=3))["per_test"] < 0.17  # 36 words: 7 are more than chance


def test_figures_are_printed_and_written(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(bench, "OUT", tmp_path / "keyness.csv")
    monkeypatch.setattr(bench, "read", lambda *_: made(17, documents=44, terms=60))
    bench.main(["tables", "2"])
    rows = pd.read_csv(tmp_path / "keyness.csv")
    assert len(capsys.readouterr().out.splitlines()) == len(rows) == 2 + 7 * 3 + 2 * 5 * 4
    assert rows["method"][1] == "not testable with 6 documents"
    assert rows[rows["split"] == "documents within provinces"]["tests"].notna().all()


def of_two_sides(documents, seed=1):
    """Counts of five terms: the first more frequent in the first half of the documents, the second in the other."""
    half = documents // 2
    counts = np.random.default_rng(seed).poisson(20, (documents, 5))
    counts[:half, 0] += 60
    counts[half:, 1] += 60
    names = ["渔港", "书屋", "灯塔", "老街", "茶山"]
    labels = ["甲"] * half + ["乙"] * (documents - half)
    return sparse.csr_array(counts), np.array(names, dtype=object), list(range(documents)), labels


def test_what_is_told_names_terms_and_says_what_was_tested():
    table = keyness.keyness(*of_two_sides(20), "甲")
    said = keyness.sentences({"甲": table})
    assert said[0] == "Where a term is said to differ, p is below 0.05, corrected for all terms."
    assert re.fullmatch(r"甲, more: 渔港; less: 书屋(、\w+)* \([2-5] of 5 terms tested differ\)\.", said[1])
    both = keyness.sentences({g: keyness.keyness(*of_two_sides(20), g, comparisons=2) for g in "甲乙"})
    assert both[0].endswith("corrected for all terms and groups.")
    assert len(both) == 3


def test_what_cannot_be_tested_is_told_with_the_floor():
    # Two of four documents: 4! / (2! 2!) = 6 arrangements, of which two only rename the groups.
    (first, second) = keyness.sentences({"甲": keyness.keyness(*of_two_sides(4), "甲")})
    assert first.startswith(
        "Whether groups differ in single terms is not testable with 4 documents: the smallest possible p"
    )
    assert " 0.33." in first
    assert second.startswith("甲, more: 渔港")
    assert "tested" not in second


def test_a_group_without_intervals_is_told_to_have_none():
    counts, terms, _, _ = of_two_sides(9)
    labels = ["甲"] * 3 + ["乙"] * 6  # one document of three paragraphs
    table = keyness.keyness(counts, terms, labels, labels, "甲")
    assert "甲, no interval (3 paragraphs; an interval needs 8" in keyness.sentences({"甲": table})[1]


def test_tests_alone_are_those_of_the_table():
    corpus = made(3)
    labels = np.where(np.arange(24) < 9, "a", "b")
    documents = [f"d{i}" for i in range(24)]
    counted = keyness.CountedDocuments(corpus.counts, corpus.terms, documents, labels)
    table, tests = counted.keyness("a", comparisons=2), counted.tests("a", comparisons=2)
    pd.testing.assert_series_equal(table["p_adjusted"], pd.Series(tests.p_adjusted), check_names=False)
    assert (table["floor"] == tests.floor).all()
    assert (table["tests"] == tests.tested).all()
    assert counted.g2("a") == pytest.approx(table["g2"], abs=1e-5)
