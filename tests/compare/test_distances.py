"""How far apart groups are: against scipy and by hand; what chance does to trees and intervals, by simulation."""

import numpy as np
import pandas as pd
import pytest
from crosscity import CrosscityError
from crosscity.compare.distances import (
    cluster_order,
    cluster_tree,
    crown,
    distances,
    equal_distances,
    equal_length_draws,
    neighbours,
    resampled_sums,
    short_groups,
)
from crosscity.inference import block_length
from scipy import sparse
from scipy.spatial.distance import cosine, jensenshannon
from sklearn.feature_extraction.text import TfidfTransformer


def csr(rows):
    return sparse.csr_array(np.array(rows, dtype=np.int64))


def texts(mixtures, paragraphs, seed=0, words=40):
    """Paragraphs of each named mixture of words: counts, and the name of each paragraph."""
    rng = np.random.default_rng(seed)
    counts = np.concatenate([rng.multinomial(words, p, size=paragraphs) for p in mixtures.values()])
    return csr(counts), np.repeat(np.array(list(mixtures), dtype=object), paragraphs)


def mixtures(names, seed=1, terms=30, near=()):
    """A mixture of words for each name; those in `near` differ little from each other."""
    rng = np.random.default_rng(seed)
    base = rng.dirichlet(np.full(terms, 0.5))
    return {
        n: 0.9 * base + 0.1 * rng.dirichlet(np.ones(terms)) if n in near else rng.dirichlet(np.full(terms, 0.5))
        for n in names
    }


def test_cosine_is_that_of_scikit_learn_and_scipy():
    counts, labels = texts(mixtures("甲乙丙丁"), 6)
    table = distances(counts, labels)
    model = TfidfTransformer().fit(counts)
    sums = [np.asarray(counts[labels == g].sum(axis=0)) for g in table.index]
    profile = model.transform(sparse.csr_array(np.array(sums))).toarray()
    expected = [[cosine(a, b) for b in profile] for a in profile]
    np.testing.assert_allclose(table, expected, rtol=0, atol=1e-6)
    assert table.to_numpy().max() > 0.05


def test_jensen_shannon_is_that_of_scipy():
    rng = np.random.default_rng(4)
    counts = rng.poisson(0.15, (24, 50))  # most terms are in one of two groups, or in none
    labels = np.repeat(np.array(list("甲乙丙丁戊己"), dtype=object), 4)
    table = distances(csr(counts), labels, "js")
    sums = {g: counts[labels == g].sum(axis=0) for g in table.index}
    for a in table.index:
        for b in table.index:
            assert table.loc[a, b] == pytest.approx(jensenshannon(sums[a], sums[b], 2), abs=1e-6)
    assert 0.3 < table.loc["甲", "乙"] < 1


def test_jensen_shannon_by_hand():
    # 甲 has one word; 乙 it and another, alike often: m = (3/4, 1/4); the divergence is the mean of log2(4/3) and
    # (log2(2/3) + log2(2)) / 2, which is 0.415037 / 2 + 0.207519 / 2 = 0.311278.
    table = distances(csr([[4, 0, 0], [3, 3, 0], [0, 0, 2], [0, 0, 0]]), list("甲乙丙丁"), "js")
    assert table.loc["甲", "乙"] == pytest.approx(0.311278**0.5, abs=2e-6)
    assert table.loc["甲", "丙"] == 1
    assert table.loc["丁", list("丁丙乙甲")].to_list() == [0, 1, 1, 1]  # no word: far from all but itself
    assert list(table.index) == sorted("甲乙丙丁")


@pytest.mark.parametrize("measure", ["cosine", "js"])
def test_length_changes_no_distance(measure):
    counts = csr([[2, 1, 5], [2, 1, 5], [2, 1, 5], [0, 4, 1]])
    assert distances(counts, ["甲", "甲", "乙", "丙"], measure).loc["甲", "乙"] == 0


def test_an_unknown_measure_is_named():
    with pytest.raises(CrosscityError, match="measure is 'euclid'; known are cosine, js"):
        distances(csr([[1, 2], [2, 1]]), ["a", "b"], "euclid")


def test_near_groups_stand_side_by_side():
    places = {"甲": 6.5, "乙": 1, "丙": 5, "丁": 0, "戊": 9}
    far = [[abs(a - b) / 10 for b in places.values()] for a in places.values()]
    order = cluster_order(pd.DataFrame(far, index=list(places), columns=list(places)))
    assert order in (list("丁乙丙甲戊"), list("戊甲丙乙丁"))


@pytest.mark.parametrize("names", ["", "甲", "甲乙"])
def test_fewer_than_three_groups_have_one_order(names):
    assert cluster_order(pd.DataFrame(1.0, index=list(names), columns=list(names))) == list(names)


def test_of_several_documents_whole_ones_are_drawn_of_one_runs():
    documents = np.array(list("aaabbcc" + "d" * 16), dtype=object)
    labels = np.array(["多"] * 7 + ["一"] * 16, dtype=object)
    drawn, units = resampled_sums(np.eye(23), documents, labels, 50, 3)  # how often each is drawn; 一 sorts before 多
    assert (drawn[:, 0, :7] == 0).all()
    assert (drawn[:, 1, 7:] == 0).all()
    assert (drawn[:, 0].sum(axis=1) == 16).all()
    for name in "abc":  # a document's paragraphs are drawn equally often
        assert (np.ptp(drawn[:, 1][:, np.flatnonzero(documents == name)], axis=1) == 0).all()
    per_document = drawn[:, 1][:, [0, 3, 5]]
    assert (per_document.sum(axis=1) == 3).all()
    assert units.loc["多"].to_list() == [3, 1.5, False]
    b = block_length(16)
    assert units.loc["一"].to_list() == [4, 16 / (16 - b), False]


def test_a_group_s_draws_do_not_depend_on_other_groups():
    documents, labels = np.repeat(list("abc"), 9), np.repeat(np.array(list("甲乙丙"), dtype=object), 9)
    drawn, _ = resampled_sums(np.eye(27), documents, labels, 5, 1)
    alone, units = resampled_sums(np.eye(9), documents[:9], labels[:9], 5, 1)
    assert (drawn[:, sorted("甲乙丙").index("甲"), :9] == alone[:, 0]).all()
    assert list(units["too_short"]) == [False]


def test_samples_do_not_depend_on_how_many_are_held_at_a_time(monkeypatch):
    documents, labels = np.repeat(list("abcd"), 9), np.repeat(np.array(list("甲乙"), dtype=object), 18)
    values = np.random.default_rng(1).random((36, 2))
    whole, _ = resampled_sums(values, documents, labels, 7, 1)
    monkeypatch.setattr("crosscity.compare.distances._DRAWN", 40)
    parts, _ = resampled_sums(values, documents, labels, 7, 1)
    assert (parts == whole).all()


def test_a_single_document_of_few_paragraphs_is_marked():
    _, units = resampled_sums(np.eye(15), list("a" * 7 + "b" * 8), ["甲"] * 7 + ["乙"] * 8, 1, 1)
    assert units["too_short"].to_dict() == {"乙": False, "甲": True}
    _, units = resampled_sums(np.eye(3), list("bbb"), list("乙乙乙"), 1, 1)
    assert units.loc["乙"].to_list() == [2, 3, True]  # runs of sqrt(3), rounded up: 3 / (3 - 2)


def test_draws_have_the_same_number_of_words_and_none_twice():
    # Ten, twenty and forty words: four fifths of the shortest are eight.
    counts = csr([[5, 5, 0, 0], [10, 5, 5, 0], [10, 10, 10, 10]])
    draws = [draw.toarray() for draw in equal_length_draws(counts, ["a", "b", "c"], 50, 1)]
    assert len(draws) == 50
    for draw in draws:
        assert draw.sum(axis=1).tolist() == [8, 8, 8]
        assert (draw <= counts.toarray()).all()
    assert len({tuple(draw.ravel()) for draw in draws}) > 20


def test_a_group_far_shorter_than_the_median_sets_no_length_and_is_named():
    # Of 4, 20 and 30 words the median is 20: 4 is below its half, is taken whole, and 16 are drawn of the others.
    counts, labels = csr([[2, 2], [10, 10], [20, 10]]), ["a", "b", "c"]
    draw = next(equal_length_draws(counts, labels, 1, 1)).toarray()
    assert draw[0].tolist() == [2, 2]
    assert draw.sum(axis=1).tolist() == [4, 16, 16]
    assert short_groups(counts, labels) == ["a"]


def test_a_long_text_is_not_nearest_for_its_length():
    # a and b are of one mixture; c is thirty times as long, and of another.
    mixture = mixtures("甲", terms=200)["甲"]
    counts, names = texts({"a": mixture, "b": mixture}, 4, 3)
    long, _ = texts({"c": 0.75 * mixture + 0.25 * mixture[::-1]}, 120, 4)
    both = sparse.vstack([counts, long]).tocsr()
    labels = [*names, *["c"] * 120]
    whole = distances(both, labels, "cosine")
    assert whole.loc["a", "c"] < whole.loc["a", "b"]  # by length alone
    first = equal_distances(both, labels, "cosine", 60).pairs.iloc[0]
    assert (first["a"], first["b"]) == ("a", "b")
    assert first["low"] <= first["distance"] <= first["high"]


def test_pairs_are_the_means_of_draws_by_hand():
    counts, labels = csr([[9, 1, 0], [8, 2, 0], [0, 5, 5]]), ["a", "b", "c"]
    found = equal_distances(counts, labels, "js", 30, 5)
    drawn = [draw.toarray() for draw in equal_length_draws(counts, labels, 30, 5)]
    by_hand = np.array([[jensenshannon(d[0], d[1], 2), jensenshannon(d[0], d[2], 2)] for d in drawn])
    assert found.mean.loc["a", "b"] == pytest.approx(by_hand[:, 0].mean(), abs=2e-6)
    pair = found.pairs.set_index(["a", "b"]).loc[("a", "c")]
    assert pair[["low", "high"]].tolist() == pytest.approx(np.quantile(by_hand[:, 1], [0.025, 0.975]), abs=3e-6)
    assert found.pairs["nearest_in"].tolist() == [1, 0, 0]
    assert found.pairs["farthest_in"].sum() == pytest.approx(1)
    assert np.diag(found.mean).tolist() == [0, 0, 0]


@pytest.mark.parametrize("measure", ["cosine", "js"])
def test_a_tree_finds_what_belongs_together_and_says_so(measure):
    # 甲1 and 甲2 are halves of one text, as are 乙1 and 乙2; the others are each their own.
    words = mixtures(["甲", "乙", "丙", "丁"])
    counts, names = texts({f"{n}{i}": words[n] for n in words for i in (1, 2) if n in "甲乙" or i == 1}, 20)
    found = cluster_tree(equal_distances(counts, names, measure, 40))
    rows = found.nodes.set_index("members")
    halves = {tuple(sorted(m.split("、"))): r for m, r in rows["support"].items()}
    assert halves["甲1", "甲2"] > 0.95
    assert halves["乙1", "乙2"] > 0.95
    assert np.isnan(rows["support"].iloc[-1])
    assert rows["size"].iloc[-1] == 6
    assert sorted(found.groups) == sorted(set(names))
    assert (rows["height"].diff().dropna() >= 0).all()
    assert rows.index[-1].split("、") == found.groups
    places = {g: i for i, g in enumerate(found.groups)}
    for members in rows.index:  # each cluster stands together
        at = sorted(places[m] for m in members.split("、"))
        assert at == list(range(at[0], at[0] + len(at)))


def test_a_tree_is_the_same_whatever_the_order_of_groups_and_needs_two():
    words = mixtures("甲乙丙丁戊")
    counts, names = texts(words, 12)
    order = np.concatenate([np.flatnonzero(names == g) for g in "戊丙甲丁乙"])
    one, other = (
        cluster_tree(equal_distances(*both, draws=15)) for both in ((counts, names), (counts[order], names[order]))
    )
    pd.testing.assert_frame_equal(one.nodes, other.nodes)
    assert one.groups == other.groups
    assert len(cluster_tree(equal_distances(counts[:24], names[:24], draws=3)).nodes) == 1
    with pytest.raises(CrosscityError, match="needs two groups, and there are 1"):
        cluster_tree(equal_distances(counts[:12], names[:12], draws=3))


def test_neighbours_are_a_row_of_the_distances_at_equal_length():
    counts, names = texts(mixtures("甲乙丙丁戊", near="甲乙"), 12)
    table = neighbours(counts, names, "甲", "js", 60)
    far = equal_distances(counts, names, "js", 60).mean.loc["甲"]
    assert table["group"][0] == "乙"
    assert table["rank"].to_list() == [1, 2, 3, 4]
    assert dict(zip(table["group"], table["distance"], strict=True)) == pytest.approx(far.drop("甲").to_dict())
    assert (table["distance"].diff().dropna() >= 0).all()
    assert ((table["low"] < table["distance"]) & (table["distance"] < table["high"])).all()
    assert table["nearest_in"].to_list() == [1, 0, 0, 0]


def test_an_unknown_group_is_named():
    with pytest.raises(CrosscityError, match="group is '己', and the groups are a, b"):
        neighbours(csr([[1, 2], [2, 1]]), ["a", "b"], "己")


@pytest.mark.parametrize("leaves", [2, 3, 6, 11])
def test_the_crown_of_a_tree_is_its_last_merges(leaves):
    from scipy.cluster.hierarchy import fcluster

    rng = np.random.default_rng(3)
    counts, names = texts({f"g{i:02}": rng.dirichlet(np.ones(30)) for i in range(12)}, 6)
    tree = cluster_tree(equal_distances(counts, names, "cosine", 12))
    top = crown(tree, leaves)
    assert np.array_equal(top.linkage[:, 2:], tree.linkage[-(leaves - 1) :, 2:])  # heights, and all groups counted
    assert list(top.nodes["support"].fillna(-1)) == list(tree.nodes["support"].fillna(-1)[-(leaves - 1) :])
    cut = pd.Series(fcluster(tree.linkage, leaves, "maxclust"), sorted(tree.groups))
    said = {name.partition(" ")[0]: int(name.partition("+")[2].rstrip(")") or 0) + 1 for name in top.groups}
    assert sorted(said.values()) == sorted(cut.value_counts())
    assert len({cut[name] for name in said}) == leaves  # one of each
    assert all(said[name] == (cut == cut[name]).sum() for name in said)
    order = [tree.groups.index(name) for name in said]
    assert order == sorted(order)
    sizes = {sorted(top.groups).index(name): said[name.partition(" ")[0]] for name in top.groups}
    for k, (a, b, _, size) in enumerate(top.linkage):  # each merge holds what its two sides hold
        sizes[leaves + k] = sizes[int(a)] + sizes[int(b)]
        assert sizes[leaves + k] == size
    assert crown(tree, 12) is tree
