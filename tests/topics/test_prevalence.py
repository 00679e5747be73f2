"""Shares by hand, intervals that cover, tests against full enumeration, and what n documents cannot tell."""

import importlib.util
import itertools
from itertools import combinations, permutations, product
from types import SimpleNamespace

import joblib
import numpy as np
import pandas as pd
import pytest
import tqdm
from crosscity import CrosscityError, inference, language
from crosscity.inference import block_length, clusters, distinct_permutations, parallel_map, resample, scope_label
from crosscity.topics import models, prevalence
from crosscity.topics.models import TopicModel
from scipy import sparse

from tests.conftest import PROJECT

# By its path: `coverage` is also what measures the lines that tests run.
_spec = importlib.util.spec_from_file_location("bench_coverage", PROJECT / "bench" / "coverage.py")
bench = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(bench)

TERMS = np.array(["甲", "乙", "丙"], dtype=object)


def constant(shares):
    """A fit that always finds the same: each row of counts holds its shares, in hundredths."""

    def fit(counts, terms, k):
        rows = np.asarray(counts.todense(), dtype=float)
        with np.errstate(invalid="ignore"):
            return TopicModel(terms, np.eye(k), rows / rows.sum(axis=1, keepdims=True))

    return fit, sparse.csr_array(np.asarray(shares))


def some(fit, counts, documents, labels, sizes=None, **more):
    sizes = np.ones(len(labels)) if sizes is None else sizes
    return prevalence.intervals(
        fit, counts, TERMS[: counts.shape[1]], documents, labels, sizes, counts.shape[1], **more
    )


@pytest.fixture(scope="module")
def made():
    return bench.corpus(np.random.default_rng(3), groups=3, paragraphs=24)


@pytest.fixture(scope="module")
def table(made):
    return prevalence.intervals(models.fit, *made[:5], k=bench.K, refits=6)


def test_shares_by_hand():
    # (1 * 0.5 + 3 * 1) / 4 of topic 1; the paragraph that took no part counts neither above nor below the line.
    fit, counts = constant([[50, 50], [100, 0], [0, 0], [20, 80]])
    found = some(fit, counts, list("aaab"), list("xxxy"), [1, 3, 9, 2], draws=5, refits=2)
    assert found["share"].tolist() == [0.875, 0.125, 0.2, 0.8]
    assert found["paragraphs"].tolist() == [2, 2, 1, 1]
    both = prevalence.prevalence(fit(counts, TERMS[:2], 2), list("xxxy"), [1, 3, 9, 2])
    assert both.to_numpy().ravel().tolist() == found["share"].tolist()


def test_the_share_of_all_text_stands_beside_each():
    fit, counts = constant([[50, 50], [100, 0], [20, 80]])
    found = some(fit, counts, list("aab"), list("xxy"), [1, 3, 4], draws=5, refits=2)
    assert found["whole"].tolist() == pytest.approx([0.5375, 0.4625] * 2, abs=1e-6)  # (0.5 + 3 + 0.8) / 8


def test_an_interval_is_the_same_with_the_model_given_and_with_two_processes(made, table):
    model = models.fit(made.counts, made.terms, bench.K)
    again = prevalence.intervals(models.fit, *made[:5], k=bench.K, refits=6, model=model, jobs=2)
    pd.testing.assert_frame_equal(again, table, check_exact=True)


def test_statements_are_where_intervals_leave_out_the_whole():
    table = pd.DataFrame({"group": list("aabb"), "topic": [1, 2, 1, 2], "whole": [0.5] * 4})
    table["low"], table["high"] = [0.6, 0.1, 0.4, np.nan], [0.7, 0.4, 0.6, np.nan]
    assert prevalence.differs_from_whole(table).tolist() == [[True, True], [False, False]]


def test_deviations_by_hand():
    model = TopicModel(TERMS, np.eye(2, 3), np.array([[1, 0], [0.5, 0.5], [0, 1]]))
    found = prevalence.deviations(model, ["x", "x", "y"], [10, 10, 20])
    # x: 15 of 20, y: 0 of 20, all: 15 of 40.
    assert found.to_numpy().tolist() == [[0.375, -0.375], [-0.375, 0.375]]


def test_slopes_by_hand():
    shares = np.array([[0.1, 0.9], [0.3, 0.7], [0.5, 0.5], [0.9, 0.1]])
    model = TopicModel(TERMS, np.eye(2, 3), shares)
    years = pd.Series({"a": 2000.0, "b": 2001.0, "c": 2002.0, "d": np.nan})
    found = prevalence.slopes(model, list("abcd"), [1] * 4, years)
    assert found.ravel().tolist() == pytest.approx([0.2, -0.2])
    # Two documents of one year are averaged: 0.1 in 2000 and (0.3 + 0.5) / 2 in 2001.
    found = prevalence.slopes(model, list("abcd"), [1] * 4, pd.Series({"a": 2000.0, "b": 2001.0, "c": 2001.0}))
    assert found.ravel().tolist() == pytest.approx([0.3, -0.3])


def test_statements_that_keep_their_sign():
    terms = np.array([f"词{i}" for i in range(30)], dtype=object)

    def with_topics(*tens):
        weights = np.zeros((len(tens), 30))
        for row, ten in zip(weights, tens, strict=True):
            row[10 * ten : 10 * ten + 10] = 0.1
        return TopicModel(terms, weights, None)

    # Topics 0, 1, 2; the one has its topics in another order, the other lacks one.
    model, three, two = with_topics(0, 1, 2), with_topics(2, 0, 1), with_topics(1, 0)
    effects = {id(model): [[1, -1, 1], [1, 1, -1]], id(three): [[2, 3, -1], [1, 1, 1]], id(two): [[-5, 1], [1, 0]]}
    found = prevalence.sign_agreement(
        model, {3: three, 2: two}, lambda m: np.array(effects[id(m)]), [[True, True, True], [True, False, True]]
    )
    # By three: + - + in the first row (+1 -1 +1): all kept; in the second topic 0 kept, topic 2 turns.
    # By two: topic 0: + in the first row, none (0) in the second, which is no kept sign; topic 1 -; topic 2 is lost.
    assert found.to_dict("records") == [
        {"k": 2, "statements": 5, "kept": 2, "turned": 1, "lost": 2},
        {"k": 3, "statements": 5, "kept": 4, "turned": 1, "lost": 0},
    ]


def test_sentences_name_the_largest_and_its_interval():
    table = pd.DataFrame({"group": list("aabb"), "name": ["1 港", "2 书"] * 2, "share": [0.3, 0.7, 0.6, 0.4]})
    table["low"], table["high"] = [0.1, 0.5, np.nan, np.nan], [0.5, 0.8, np.nan, np.nan]
    assert prevalence.sentences(table, "the text") == [
        "a: 70% (50% to 80%) of the text is 2 书.",
        "b: 60% of the text is 1 港.",
    ]
    table.loc[table["group"] == "b", "share"] = np.nan  # no paragraph of b took part
    assert prevalence.sentences(table, "the text") == ["a: 70% (50% to 80%) of the text is 2 书."]


def test_what_tests_found_is_told():
    table = pd.DataFrame(
        {"name": ["1 港", "2 书", "3 茶"], "p_adjusted": [0.04, 0.5, 0.01], "floor": 0.001, "unit": "document"}
    )
    table["answer"] = ["different", "no difference shown", "different"]
    said = prevalence.answer_sentence(table, "between groups by city")
    assert said == "2 of 3 topics differ between groups by city (p below 0.05, corrected for 3 topics): 3 茶, 1 港."
    table["answer"] = ["trend", "no trend shown", "no trend shown"]
    said = prevalence.answer_sentence(table.drop(columns="unit"), "over the years")
    assert said == "1 of 3 topics have a trend over the years (p below 0.05, corrected for 3 topics): 1 港."
    table["answer"], table["floor"] = "not testable with 5 documents", 0.1
    said = prevalence.answer_sentence(table, "between groups by city")
    assert said.endswith("is not testable with 5 documents: the smallest possible p is 0.1.")


def test_few_documents_are_drawn_in_parts():
    labels, unit = clusters(list("aaabbbccc"))
    assert (list(labels), unit) == (list("aaabbbccc"), "documents")
    labels, unit = clusters(["a"] * 20 + ["b"] * 5)
    assert unit == "tenths of a document"
    assert [list(labels).count(f"a {i}") for i in range(10)] == [2] * 10
    assert list(labels[20:]) == ["b 0", "b 2", "b 4", "b 6", "b 8"]


def test_work_done_many_times_comes_back_in_order(monkeypatch, capsys):
    work = [(i, 1) for i in range(7)]
    expected = [i + 1 for i in range(7)]
    assert (
        parallel_map(int.__add__, (), work, "sums") == parallel_map(int.__add__, (), work, "sums", jobs=2) == expected
    )
    assert parallel_map(int.__add__, (), work[:1], "sums") == [1]
    assert parallel_map(int.__add__, (), [], "sums") == []
    assert capsys.readouterr().err == ""
    monkeypatch.setenv("CROSSCITY_PROGRESS", "1")
    parallel_map(int.__add__, (), work, "sums")
    assert "sums" in capsys.readouterr().err


def test_the_bar_counts_each_call_and_is_gone_at_the_end(monkeypatch, capsys):
    told = []

    class Bar(tqdm.tqdm):
        def close(self):
            told.append((self.n, self.total))
            super().close()

    monkeypatch.setattr(tqdm, "tqdm", Bar)
    monkeypatch.setenv("CROSSCITY_PROGRESS", "1")
    for jobs in (None, 1):
        parallel_map(int.__add__, (), [(i, 1) for i in range(7)], "sums", jobs)
    assert set(told) == {(7, 7)}
    assert capsys.readouterr().err.endswith("\r")  # nothing left on the line, and no new one


@pytest.mark.parametrize(
    ("calls", "seconds", "jobs", "processes"),
    [(7, 1.9, None, 1), (7, 2.1, None, -1), (7, 2.1, 2, 2), (7, 0.1, 2, 2), (1, 60, None, 1), (2, 60, None, 1)],
)
def test_processes_are_started_for_what_takes_ten_seconds_or_more(monkeypatch, calls, seconds, jobs, processes):
    started = []

    def parallel(n_jobs, **more):
        started.append(n_jobs)
        return joblib.parallel.Parallel(n_jobs=1, **more)

    clock = SimpleNamespace(perf_counter=itertools.count(0, seconds).__next__)  # each call takes as long
    monkeypatch.setattr(joblib, "Parallel", parallel)
    monkeypatch.setattr(inference, "time", clock)
    work = [(i, 1) for i in range(calls)]
    assert parallel_map(int.__add__, (), work, "sums", jobs) == list(range(1, calls + 1))
    assert started == [processes]


def test_what_an_interval_speaks_of_is_told_in_the_runs_language():
    few, like = "7 paragraphs; an interval needs 8", "documents like these"
    said = ["this document", few, f"this document, against {like}", f"{few}, against {like}", "my own words"]
    assert [scope_label(one) for one in said] == said
    with language.in_language("zh"):
        told = [scope_label(one) for one in said]
    alone, none = "本文件", "7 个段落，区间至少需要 8 个"
    assert told == [alone, none, f"{alone}，对比此类文件", f"{none}，对比此类文件", "my own words"]


def test_match_finds_topics_that_changed_places():
    weights = np.array([[0.7, 0.3, 0], [0, 0.2, 0.8], [0.1, 0.9, 0]])
    other = TopicModel(TERMS, weights[[2, 0, 1]], None)
    pairs, cosine = models.match_topics(TopicModel(TERMS, weights, None), other, by="cosine")
    assert pairs.tolist() == [[0, 1], [1, 2], [2, 0]]
    assert np.allclose(cosine, 1)


def test_match_is_one_to_one_even_where_one_topic_is_the_nearest_of_two():
    one = TopicModel(TERMS, np.array([[1, 0, 0], [0.8, 0.6, 0]]), None)
    other = TopicModel(TERMS, np.array([[1, 0, 0.0], [0, 0, 1]]), None)
    pairs, cosine = models.match_topics(one, other, by="cosine")
    assert pairs.tolist() == [[0, 0], [1, 1]]
    assert cosine.tolist() == [1, 0]


def test_several_documents_are_drawn_whole():
    parts = [np.arange(0, 5), np.arange(5, 7), np.arange(7, 16)]
    seen = set()
    for seed in range(40):
        drawn = resample(parts, np.random.default_rng(seed)).tolist()
        whole = []
        while drawn:
            part = next(p.tolist() for p in parts if p[0] == drawn[0])
            assert drawn[: len(part)] == part
            whole.append(part[0])
            drawn = drawn[len(part) :]
        assert len(whole) == 3
        seen.add(tuple(sorted(whole)))
    assert len(seen) > 5  # of ten


def test_one_document_is_drawn_in_runs_of_neighbours():
    drawn = resample([np.arange(100, 127)], np.random.default_rng(1))
    assert len(drawn) == 27
    steps = np.diff(drawn) % 27 == 1
    run = block_length(27)
    assert steps.reshape(-1)[np.arange(26) % run != run - 1].all()
    counts = sum(np.bincount(resample([np.arange(27)], np.random.default_rng(i)), minlength=27) for i in range(600))
    assert counts.min() > 480  # the first and the last as often as the rest
    assert counts.max() < 720


def test_an_interval_has_the_width_that_theory_gives():
    # 400 independent paragraphs of one document, no uncertainty of the model: share 0.5, standard error 0.5 / 20.
    values = np.random.default_rng(2).permutation(np.repeat([0, 1], 200))
    fit, counts = constant(np.column_stack([values, 1 - values]))
    found = some(fit, counts, ["a"] * 400, ["a"] * 400, draws=400, refits=2)
    width = (found["high"] - found["low"])[0]
    assert 0.8 < width / (2 * 1.96 * 0.025) < 1.25
    # Nine documents of one paragraph: t of 8 degrees of freedom, 2.306, and the standard error with n - 1.
    values = np.array([30, 35, 40, 45, 50, 55, 60, 65, 70])
    fit, counts = constant(np.column_stack([values, 100 - values]))
    found = some(fit, counts, range(9), ["g"] * 9, draws=2000, refits=2)
    expected = 2 * 2.306 * values.std(ddof=1) / 3 / 100
    assert 0.93 < (found["high"] - found["low"])[0] / expected < 1.07


def test_runs_of_a_short_document_vary_as_its_mean_does():
    # 300 documents of 16 independent paragraphs: what runs of 4 fall short of, a quarter of the variance, is made good.
    values = np.random.default_rng(9).integers(30, 71, size=4800)
    fit, counts = constant(np.column_stack([values, 100 - values]))
    of = [f"{i // 16:03d}" for i in range(4800)]
    found = some(fit, counts, of, of, draws=60, refits=2).query("topic == 1")
    half = np.arcsin(np.sqrt(found["high"])) - np.arcsin(np.sqrt(found["low"]))
    variance = np.square(half / 2 / 3.1824).mean()
    expected = (41**2 - 1) / 12 / 16 / 100**2  # of a mean of 16; at shares near a half, the scale is that of shares
    assert 0.88 < variance / expected < 1.12


def test_the_model_widens_intervals(made, table):
    assert (table["high"] - table["low"] > 0.02).all()
    calls = []

    def fit(counts, terms, k):
        """The first model for all paragraphs, whatever the sample: nothing comes from the model."""
        if not calls:
            calls.append(models.fit(counts, terms, k))
            calls.append({row.tobytes(): s for row, s in zip(counts.toarray(), calls[0].shares, strict=True)})
        return calls[0]._replace(shares=np.array([calls[1][row.tobytes()] for row in counts.toarray()]))

    narrow = prevalence.intervals(fit, *made[:5], k=bench.K, refits=6)
    assert (narrow["share"] == table["share"]).all()
    assert ((table["high"] - table["low"]) > (narrow["high"] - narrow["low"])).mean() > 0.7
    assert (narrow["cosine"] == 1).all()
    assert (table["cosine"] < 1).all()


def test_what_an_interval_speaks_of_and_why_there_is_none():
    fit, counts = constant([[i, 10] for i in range(1, 25)])
    documents = ["a"] * 7 + ["b"] * 8 + ["c"] * 4 + ["d"] * 5
    labels = ["a"] * 7 + ["b"] * 8 + ["z"] * 9
    found = some(fit, counts, documents, labels, draws=50, refits=2).query("topic == 1").set_index("group")
    assert found["low"].isna().tolist() == found["high"].isna().tolist() == [True, False, False]
    assert found["reason"].tolist() == ["7 paragraphs; an interval needs 8", "", ""]
    assert found["speaks_of"].tolist() == ["this document", "this document", "documents like these"]
    assert found["documents"].tolist() == [1, 1, 2]


def test_a_topic_that_a_document_never_has_may_yet_be_there():
    fit, counts = constant([[0, 7]] * 27)
    found = some(fit, counts, ["a"] * 27, ["a"] * 27, draws=20, refits=2)
    runs = -(-27 // block_length(27))
    assert found["share"].tolist() == [0, 1]
    assert found["low"].tolist() == pytest.approx([0, 0.025 ** (1 / runs)], abs=1e-6)
    assert found["high"].tolist() == pytest.approx([1 - 0.025 ** (1 / runs), 1], abs=1e-6)


def test_a_group_without_shares_is_nan():
    fit, counts = constant([[1, 7]] * 9 + [[0, 0]] * 9)
    found = some(fit, counts, ["a"] * 9 + ["b"] * 9, ["a"] * 9 + ["b"] * 9, draws=20, refits=2)
    assert found.loc[2:, ["share", "low", "high"]].isna().all(axis=None)
    assert found.loc[:1, "low"].notna().all()


def test_intervals_are_the_same_again_and_differ_by_seed(made, table):
    pd.testing.assert_frame_equal(table, prevalence.intervals(models.fit, *made[:5], k=bench.K, refits=6))
    other = prevalence.intervals(models.fit, *made[:5], k=bench.K, refits=6, seed=2)
    assert (other["share"] == table["share"]).all()
    assert (other["low"] != table["low"]).all()


def test_refits_that_do_not_converge():
    fit, counts = constant([[i, 10] for i in range(1, 25)])
    calls = []

    def at_times(*arguments, bad=frozenset()):
        calls.append(1)
        if len(calls) in bad:
            raise CrosscityError("no")
        return fit(*arguments)

    found = some(lambda *a: at_times(*a, bad={3}), counts, ["a"] * 24, ["a"] * 24, draws=9, refits=4)
    assert found["low"].notna().all()
    calls.clear()
    with pytest.raises(CrosscityError, match="only 1 of 4"):
        some(lambda *a: at_times(*a, bad={3, 4, 5}), counts, ["a"] * 24, ["a"] * 24, draws=9, refits=4)


def between(values, labels):
    """Share of the sum of squares between groups, the long way."""
    values, labels = np.asarray(values, dtype=float), np.asarray(labels)
    grand = values.mean()
    return (
        sum((labels == g).sum() * (values[labels == g].mean() - grand) ** 2 for g in set(labels.tolist()))
        / np.square(values - grand).sum()
    )


def test_p_is_that_of_full_enumeration():
    rng = np.random.default_rng(4)
    shares = rng.dirichlet([1, 2, 3], size=9)
    shares[:4] = 0.5 * shares[:4] + [0.4, 0.1, 0]
    groups = np.array(list("aaaabbbbb"))
    found = prevalence.compare_groups(shares, groups)
    null = []
    for chosen in combinations(range(9), 4):
        labels = np.where(np.isin(np.arange(9), chosen), "a", "b")
        null.append([between(shares[:, t], labels) for t in range(3)])
    null, observed = np.array(null), np.array([between(shares[:, t], groups) for t in range(3)])
    assert found["arrangements"].tolist() == [126] * 3
    assert found["floor"].tolist() == pytest.approx([1 / 126] * 3, abs=1e-6)
    assert np.allclose(found["statistic"], observed, atol=1e-6)
    assert np.allclose(found["p"], (null >= observed - 1e-9).mean(axis=0), atol=1e-6)
    # Step-down: the largest against the largest of all, the next against the largest of the rest, never smaller again.
    order, adjusted, last = np.argsort(-observed), np.zeros(3), 0
    for i, t in enumerate(order):
        last = max(last, (null[:, order[i:]].max(axis=1) >= observed[t] - 1e-9).mean())
        adjusted[t] = last
    assert np.allclose(found["p_adjusted"], adjusted, atol=1e-6)
    assert (found["p_adjusted"] > found["p"]).any()


def test_documents_are_permuted_within_strata_that_hold_both_groups():
    rng = np.random.default_rng(5)
    values, strata, groups = rng.random(9), np.array(list("xxxyyyzzz")), np.array(list("abbaabbbb"))
    values[strata == "y"] += 5
    found = prevalence.compare_groups(np.column_stack([values, 1 - values]), groups, strata)
    centred = values - pd.Series(values).groupby(strata).transform("mean").to_numpy()
    null = set()
    for orders in product(*(permutations(range(3 * s, 3 * s + 3)) for s in range(3))):
        null.add(tuple(groups[list(sum(orders, ()))]))
    assert len(null) == 9
    p = np.mean([between(centred, labels) >= between(centred, groups) - 1e-9 for labels in null])
    assert found["unit"][0] == "document within stratum"
    assert found["arrangements"][0] == 9
    assert found["floor"][0] == pytest.approx(1 / 9, abs=1e-6)
    assert found["answer"][0] == "not testable with 9 documents"
    loose = prevalence.compare_groups(np.column_stack([values, 1 - values]), groups, strata, level=0.8)
    assert loose["p"][0] == pytest.approx(p, abs=1e-6)


def test_groups_of_whole_provinces_are_tested_by_provinces():
    # Forty documents, but eight provinces: 70 ways to choose four, two of which say the same.
    rng = np.random.default_rng(6)
    province = np.repeat(np.arange(8), 5)
    values = rng.random(8)[province] + 0.01 * rng.random(40)
    shares, groups = np.column_stack([values, 2 - values]) / 2, np.where(province < 4, "south", "north")
    found = prevalence.compare_groups(shares, groups, province)
    assert found["unit"].tolist() == ["stratum"] * 2
    assert found["units"].tolist() == [8] * 2
    means = pd.Series(values).groupby(province).mean().to_numpy()
    labels = [np.isin(np.arange(8), c) for c in combinations(range(8), 4)]
    p = np.mean([between(means, x) >= between(means, np.arange(8) < 4) - 1e-9 for x in labels])
    assert found["p"][0] == pytest.approx(p, abs=1e-6)
    assert found["floor"][0] == pytest.approx(2 / 70, abs=1e-6)
    assert prevalence.compare_groups(shares, groups)["p"][0] < p / 3


def test_three_against_three_is_not_testable_and_three_against_four_is():
    far = np.column_stack([[0.9, 0.91, 0.92, 0.1, 0.11, 0.12, 0.13]])
    three = prevalence.compare_groups(far[:6], list("aaabbb"))
    assert three["floor"][0] == 0.1  # 2 of 20
    assert three["answer"][0] == "not testable with 6 documents"
    assert three[["p", "p_adjusted"]].isna().all(axis=None)
    four = prevalence.compare_groups(far, list("aaabbbb"))
    assert four["answer"][0] == "different"
    assert four["p"][0] == four["floor"][0] == pytest.approx(1 / 35, abs=1e-6)


def test_city_against_city_is_never_testable():
    found = prevalence.compare_groups(np.random.default_rng(1).random((30, 2)), range(30))
    assert found["floor"].tolist() == [1, 1]
    assert set(found["answer"]) == {"not testable with 30 documents"}
    two = prevalence.compare_groups([[0.9], [0.1]], ["x", "y"])
    assert two["answer"][0] == "not testable with 2 documents"
    with pytest.raises(CrosscityError, match="two groups are needed to compare, not 1"):
        prevalence.compare_groups([[0.9], [0.1]], ["x", "x"])


def test_drawn_permutations_come_near_all_and_are_never_zero():
    rng = np.random.default_rng(7)
    values = rng.random(12)
    values[:6] += 0.25
    shares, groups = np.column_stack([values, np.repeat([0, 1], 6)]), list("aaaaaabbbbbb")
    every = prevalence.compare_groups(shares, groups)
    drawn = prevalence.compare_groups(shares, groups, permutations=800)
    assert every["arrangements"][0] == 924
    assert drawn["arrangements"][0] == 801
    assert drawn["p"][0] == pytest.approx(every["p"][0], abs=0.05)
    assert every["p"][1] == pytest.approx(2 / 924, abs=1e-6)
    few = prevalence.compare_groups(shares, groups, permutations=99)
    assert few["p"][1] >= few["floor"][1] == 0.01
    pd.testing.assert_frame_equal(drawn, prevalence.compare_groups(shares, groups, permutations=800))


def test_documents_without_shares_or_group_are_left_out_and_no_stratum_is_one():
    far = np.array([[0.9], [0.91], [0.92], [np.nan], [0.1], [0.11], [0.12], [0.13]])
    assert prevalence.compare_groups(far, list("aaabbbbb"))["units"][0] == 7
    assert prevalence.compare_groups(far, [*"aaabbbb", None])["units"][0] == 6
    found = prevalence.compare_groups(far, list("aaabbbbb"), [*"xyzwvut", None])
    assert found[["unit", "units"]].to_numpy().tolist() == [["stratum", 7]]


@pytest.mark.parametrize("labels", [[], [1], [0, 1], [0, 0, 1, 1, 1], [0, 1, 2, 0]])
def test_arrangements_are_all_distinct_orders(labels):
    found = [tuple(x) for x in distinct_permutations(labels)]
    assert len(found) == len(set(found))
    assert set(found) == set(permutations(labels))


def test_a_trend_has_its_slope_and_an_interval():
    years = np.array([1980, *range(1980, 2004)])
    values = np.r_[0.1, 0.3, 0.2 + 0.01 * np.arange(1, 24)]  # the two of 1980 have 0.2 between them
    found = prevalence.trend(np.column_stack([values, 1 - values]), years)
    assert found["slope"].tolist() == [0.01, -0.01]
    assert found["years"].tolist() == [24, 24]
    noisy = values + 0.05 * np.random.default_rng(1).normal(size=25)
    found = prevalence.trend(np.column_stack([noisy, 1 - noisy]), years)
    assert found["low"][0] < 0.01 < found["high"][0]
    # Least squares with independent errors: 0.05 / sqrt(sum of squares of years); t of 4 degrees of freedom.
    expected = 2 * 2.776 * 0.05 / np.sqrt(np.square(np.arange(24) - 11.5).sum())
    assert 0.5 < (found["high"] - found["low"])[0] / expected < 1.6
    assert found["answer"][0] == "trend"


def test_p_of_a_trend_is_that_of_all_orders_of_blocks():
    rng = np.random.default_rng(8)
    values = rng.random(20) + 0.03 * np.arange(20)
    found = prevalence.trend(values[:, None], np.arange(20))
    assert found["block"][0] == 5
    assert found["floor"][0] == pytest.approx(1 / 24, abs=1e-6)

    def statistic(y):
        x = np.arange(20) - 9.5
        y = y - y.mean()
        slope = x @ y / (x @ x)
        scores = x * (y - slope * x)
        s = sum((1 - abs(i - j) / 6) * scores[i] * scores[j] for i in range(20) for j in range(20) if abs(i - j) < 6)
        return abs(slope) / np.sqrt(s)

    orders = [np.concatenate([values.reshape(4, 5)[b] for b in order]) for order in permutations(range(4))]
    p = np.mean([statistic(order) >= statistic(values) - 1e-9 for order in orders])
    assert found["p"][0] == pytest.approx(p, abs=1e-6)


def test_a_trend_of_few_years_is_not_testable_and_resolutions_are_no_reports():
    values = np.linspace(0, 1, 12)
    few = prevalence.trend(values[:, None], np.arange(12))
    assert few["answer"][0] == "not testable with 12 years"
    assert few["floor"][0] == pytest.approx(1 / 6, abs=1e-6)
    both = np.r_[values, 0.5, 0.1]
    reports = np.r_[np.full(12, True), False, False]
    apart = prevalence.trend(both[:, None], [*range(12), 3, 30], reports)
    pd.testing.assert_frame_equal(few, apart)
    pd.testing.assert_frame_equal(few, prevalence.trend(both[:, None], [*range(12), np.nan, np.nan]))
    with pytest.raises(CrosscityError, match="2 years"):
        prevalence.trend(values[:2, None], [1, 2])


# What bench/coverage.py measures with 400 corpora, with fewer: bounds that an interval of half the width, and a test by
# documents where provinces are what is drawn, do not keep.


@pytest.mark.parametrize("kinds", [{}, {"groups": 3, "documents": 5, "paragraphs": 10}])
def test_topics_are_found_and_intervals_cover(kinds):
    cosine, _, every, _ = bench.coverage(6, seed=2, draws=100, refits=6, **kinds)
    assert cosine >= 0.9
    assert every >= 0.85  # half as wide: 0.67 at most, of 95


def test_no_difference_is_found_where_there_is_none():
    assert bench.provinces_alike(60) <= 8  # one in twenty: more than 8 of 60 happen once in two hundred
    assert bench.provinces_alike(60, whole=False) > 15
    assert bench.groups_alike(20) <= 4


def test_no_trend_is_found_where_there_is_none_and_one_where_there_is():
    found, covered = bench.no_trend(60)
    assert found <= 8
    assert covered >= 50
    assert bench.no_trend(20, slope=0.06)[0] >= 10


def test_figures_are_printed(capsys):
    bench.main(["1"])
    assert len(capsys.readouterr().out.splitlines()) == 9
