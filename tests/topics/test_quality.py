"""Measures of topics against values worked by hand, brute force, and corpora that are made to be steady or not."""

import itertools
import math

import numpy as np
import pandas as pd
import pytest
from crosscity import CrosscityError
from crosscity.topics import models, quality
from crosscity.topics.models import TopicModel
from crosscity.words.matrix import tf_idf
from scipy import sparse
from scipy.optimize import nnls


def model_of(weights, terms=None):
    weights = np.array(weights, dtype=float)
    terms = [f"词{i:03d}" for i in range(weights.shape[1])] if terms is None else list(terms)
    return TopicModel(np.array(terms, dtype=object), weights, np.full((1, len(weights)), 1 / len(weights)))


def counted(*paragraphs):
    """Counts of the letters a to e in paragraphs."""
    return sparse.csr_array([[p.count(letter) for letter in "abcde"] for p in paragraphs])


def planted(documents=10, same=False, k=4, seed=1):
    """Documents of 8 paragraphs, of one topic each, with 12 terms of its own; or each the same as the first."""
    rng = np.random.default_rng(seed)
    rows = []
    for _ in range(documents):
        for paragraph in range(8):
            chances = np.zeros(12 * k)
            chances[12 * (paragraph % k) :][:12] = 0.8 ** np.arange(12)
            rows.append(rng.multinomial(40, chances / chances.sum()))
    rows = np.tile(rows[:8], (documents, 1)) if same else np.array(rows)
    terms = np.array([f"词{i:03d}" for i in range(12 * k)], dtype=object)
    return sparse.csr_array(rows), terms, np.repeat([f"doc{i:02d}" for i in range(documents)], 8)


def test_top_terms_are_those_of_the_table_of_topics():
    model = model_of([[0.4, 0.4 - 1e-9, 0.1, 0.1], [0.0, 0.3, 0.7, 0.0]], ["丙词", "丁词", "甲词", "乙词"])
    tops = models.top_term_indices(model, 3)
    assert tops.tolist() == [[1, 0, 3], [2, 1, -1]]  # ties by term; the second topic has but two
    table = models.top_terms(model, 3)
    assert [model.terms[j] for j in tops.ravel() if j >= 0] == list(table["term"])
    assert models.top_term_indices(model, 6).shape == (2, 6)  # more than there are terms
    assert (models.top_term_indices(model, 6)[:, 4:] == -1).all()


def test_npmi_by_hand():
    # Of 8 paragraphs a stands in 4, b in 4, both in 2: chance. c and d stand in 2, always together, always with a,
    # never with b: log(1/4 / (1/2 1/4)) / log 4 = 1/2. A second a in a paragraph changes nothing.
    counts = counted("aab", "ab", "acd", "acd", "b", "b", "", "")
    a, b, c, d, e = range(5)
    rows = [[a, b], [a, c], [c, d], [b, c], [a, e], [a, -1]]
    assert quality.coherence(np.array(rows), counts) == pytest.approx(
        [0, 0.5, 1, -1, -1, math.nan], abs=1e-12, nan_ok=True
    )
    # Pairs: ab 0, ac 1/2, ad 1/2, bc -1, bd -1, cd 1.
    assert quality.coherence(np.array([[a, b, c, d], [d, b, a, c]]), counts) == pytest.approx([0, 0], abs=1e-12)
    assert quality.coherence(np.array([[a, b, c], [a, c, d]]), counts) == pytest.approx([-0.5 / 3, 2 / 3], abs=1e-12)


def test_npmi_of_terms_that_stand_in_every_paragraph():
    # a and b together always: 1, the limit. c in half: no more with a than by chance.
    assert quality.coherence(np.array([[0, 1], [0, 2]]), counted("ab", "abc")).tolist() == [1, 0]


def test_npmi_hangs_on_the_paragraphs_it_is_given():
    tops = np.array([[0, 1]])
    assert quality.coherence(tops, counted("ab", "ab", "c", "c")).tolist() == [1]
    assert quality.coherence(tops, counted("a", "b", "c", "c")).tolist() == [-1]


def test_diversity_by_hand():
    assert quality.diversity(np.array([[0, 1, 2], [3, 4, 5]])) == 1
    assert quality.diversity(np.array([[0, 1, 2], [0, 1, 3]])) == pytest.approx(4 / 6)
    assert quality.diversity(np.array([[0, 1, 2], [0, -1, -1]])) == pytest.approx(3 / 4)  # no term is no term twice


def test_exclusivity_by_hand():
    model = model_of([[0.6, 0.2, 0.2, 0.0], [0.2, 0.2, 0.0, 0.6]])
    # First topic: 0.6 / 0.8 and 0.2 / 0.4; second: 0.6 / 0.6 and 0.2 / 0.8.
    assert quality.exclusivity(model, np.array([[0, 1], [3, 0]])) == pytest.approx([0.625, 0.625])
    assert quality.exclusivity(model, np.array([[0, -1], [3, 2]])) == pytest.approx([0.75, 0.5])


def test_match_by_hand():
    # In order of weight, one is abc and def, the other edf and axb: the topics change places.
    one = model_of([[3, 2, 1, 0, 0, 0], [0, 0, 0, 3, 2, 1]], "abcdef")
    other = model_of([[0, 3, 2, 1, 0, 0], [2, 0, 0, 0, 3, 1]], "xabzef")
    other = other._replace(terms=np.array(list("xedfab"), dtype=object))
    pairs, agreement = models.match_topics(one, other, n=3, by="top")
    assert pairs.tolist() == [[0, 1], [1, 0]]
    assert agreement == pytest.approx([2 / 4, 1])  # abc, axb: a and b of four; def, edf: all
    pairs, agreement = models.match_topics(one, other, n=3)
    assert pairs.tolist() == [[0, 1], [1, 0]]
    # a | a: 1; ab | ax: 1/3; abc | axb: 1/2. d | e: 0; de | ed: 1; def | edf: 1.
    assert agreement == pytest.approx([(1 + 1 / 3 + 1 / 2) / 3, 2 / 3])


def test_terms_are_matched_by_what_they_are_not_by_where_they_stand():
    one = model_of([[3, 2, 0], [0, 0, 1]], "abc")
    other = model_of([[3, 2, 0], [0, 0, 1]], "xyc")
    assert models.match_topics(one, other)[1].tolist() == [0, 1]


@pytest.mark.parametrize("by", ["depths", "top"])
@pytest.mark.parametrize("sizes", [(5, 5), (3, 5), (5, 3)])
def test_matching_against_all_permutations(by, sizes):
    rng = np.random.default_rng(sum(sizes))
    for _ in range(20):
        one, other = (model_of(rng.dirichlet(np.full(12, 0.5), size=k)) for k in sizes)
        other = other._replace(terms=other.terms[rng.permutation(12)])
        lists = [[[m.terms[j] for j in row if j >= 0] for row in models.top_term_indices(m, 4)] for m in (one, other)]
        depths = range(1, 5) if by == "depths" else [4]

        def agree(s, t, lists=lists, depths=depths):
            both = [(set(lists[0][s][:d]), set(lists[1][t][:d])) for d in depths]
            return np.mean([len(x & y) / len(x | y) for x, y in both])

        few, many = sorted(sizes)
        best = max(
            sum(agree(i, t) if sizes[0] == few else agree(t, i) for i, t in enumerate(chosen))
            for chosen in itertools.permutations(range(many), few)
        )
        pairs, agreement = models.match_topics(one, other, n=4, by=by)
        assert len(pairs) == few
        assert agreement == pytest.approx([agree(*pair) for pair in pairs])
        assert agreement.sum() == pytest.approx(best)


def test_repeated_documents_give_stable_topics():
    counts, terms, documents = planted(same=True)
    each, mean = quality.stability(models.fit, counts, terms, documents, 4, resamples=4)
    assert each.tolist() == [1] * 4
    assert mean == 1


def test_noise_gives_unstable_topics():
    rng = np.random.default_rng(2)
    counts = sparse.csr_array(rng.poisson(0.1, size=(160, 200)))
    terms = np.array([f"词{i:03d}" for i in range(200)], dtype=object)
    each, mean = quality.stability(models.fit, counts, terms, np.repeat(np.arange(20), 8), 6, resamples=4)
    assert each.shape == (6,)
    assert mean == pytest.approx(each.mean())
    assert mean < 0.4


def test_stability_is_of_each_topic_of_the_whole():
    # The second topic is another in every part of the documents, the first always the same.
    def fit(counts, terms, k):
        second = [0, 0, 1, 0] if counts.shape[0] == 10 else [0, 0, 0, 1]
        return model_of([second, [0.6, 0.4, 0, 0]] if counts.shape[0] < 10 else [[0.6, 0.4, 0, 0], second])

    each, mean = quality.stability(fit, sparse.csr_array(np.ones((10, 4))), None, list("abcdefghij"), 2)
    assert each.tolist() == [1, 0]
    assert mean == 0.5


def test_documents_are_drawn_whole_and_without_replacement():
    seen = []

    def fit(counts, terms, k):
        seen.append(counts.toarray().ravel().tolist())
        return model_of(np.eye(2))

    sizes = [1, 2, 3, 4, 5]  # the paragraphs of a document hold its number
    counts = sparse.csr_array(np.repeat(sizes, sizes)[:, None])
    quality.stability(fit, counts, None, np.repeat(list("abcde"), sizes), 2, resamples=30, share=0.6)
    assert seen.pop(0) == np.repeat(sizes, sizes).tolist()
    drawn = [tuple(dict.fromkeys(rows)) for rows in seen]
    assert [np.repeat(names, names).tolist() for names in drawn] == seen
    assert {len(names) for names in drawn} == {3}
    assert {name for names in drawn for name in names} == set(sizes)
    assert len(set(drawn)) > 5
    first, seen[:] = list(seen), []
    quality.stability(fit, counts, None, np.repeat(list("abcde"), sizes), 2, resamples=30, share=0.6, seed=2)
    assert seen[1:] != first


def test_residual_by_hand_and_against_scipy():
    model = model_of([[0.5, 0.5, 0, 0], [0, 0, 1, 0]])
    base = sparse.csr_array(np.ones((4, 4), dtype=int))  # all terms weigh alike
    assert quality.reconstruction_error(model, sparse.csr_array([[2, 2, 0, 0], [1, 1, 5, 0]]), base) == pytest.approx(
        0, abs=1e-3
    )
    assert quality.reconstruction_error(model, sparse.csr_array([[0, 0, 0, 3]]), base) == pytest.approx(1)
    # (1, 1, 0, 1) / sqrt 3: the last is not said, a third of the square.
    assert quality.reconstruction_error(model, sparse.csr_array([[1, 1, 0, 1]]), base) == pytest.approx(
        math.sqrt(1 / 3)
    )
    rng = np.random.default_rng(1)
    model, counts = model_of(rng.dirichlet(np.full(15, 0.3), size=4)), sparse.csr_array(rng.poisson(1, (12, 15)))
    base = sparse.csr_array(rng.poisson(0.5, (30, 15)))
    rest = [nnls(model.weights.T, row)[1] for row in tf_idf(counts, base).toarray()]
    assert quality.reconstruction_error(model, counts, base) == pytest.approx(
        math.sqrt(np.square(rest).mean()), rel=1e-3
    )
    assert quality.reconstruction_error(model, counts, counts) != pytest.approx(
        quality.reconstruction_error(model, counts, base), rel=1e-3
    )


@pytest.fixture(scope="module")
def table():
    counts, terms, documents = planted()
    return quality.choose_k(counts, terms, documents, [6, 2, 4, 4], resamples=3)


def test_the_table_of_numbers_of_topics(table):
    assert table["k"].tolist() == [2, 4, 6]
    true = table.loc[1]
    assert true["stability"] > 0.9
    assert table["stability"].idxmax() == 1
    assert (table["stability_low"] < table["stability"]).all()
    assert (table["stability"] < table["stability_high"]).all()
    assert true["diversity"] == 1
    assert true["exclusivity"] > 0.99
    assert table["error_held"].idxmax() == 0
    assert true["npmi"] > 0.8
    assert (table["seconds"] > 0).all()
    assert not table.isna().any(axis=None)


def test_the_table_is_what_the_measures_give(table):
    counts, terms, documents = planted()
    fit = models.fit
    row = table.set_index("k").loc[6]
    model = fit(counts, terms, 6)
    tops = models.top_term_indices(model)
    expected = [
        quality.coherence(tops, counts).mean(),
        quality.diversity(tops),
        quality.exclusivity(model, tops).mean(),
    ]
    assert row[["npmi", "diversity", "exclusivity"]].tolist() == pytest.approx(expected, abs=1e-6)
    assert row["stability"] == pytest.approx(
        quality.stability(fit, counts, terms, documents, 6, resamples=3)[1], abs=1e-6
    )
    held = []

    def watch(model, left_out, base):
        assert left_out.shape[0] == 16  # two of ten documents
        assert base.shape[0] == 64
        held.append(quality.coherence(models.top_term_indices(model), left_out).mean())
        return len(held)

    again = quality.choose_k(counts, terms, documents, [6], resamples=3, error=watch).loc[0]
    assert again["error_held"] == 2  # the mean of 1, 2, 3
    assert again["npmi_held"] == row["npmi_held"] == pytest.approx(np.mean(held), abs=1e-6)
    assert row["npmi_held_se"] == pytest.approx(np.std(held, ddof=1) * math.sqrt(1 / 3 + 0.2 / 0.8), abs=1e-6)
    none = quality.choose_k(counts, terms, documents, [6], resamples=3, error=None).loc[0]
    assert math.isnan(none["error_held"])


def test_two_jobs_give_the_same_table_in_silence(table, capfd):
    counts, terms, documents = planted()
    two = quality.choose_k(counts, terms, documents, [2, 4, 6], resamples=3, jobs=2)
    pd.testing.assert_frame_equal(two.drop(columns="seconds"), table.drop(columns="seconds"), check_exact=True)
    assert capfd.readouterr().err == ""


def test_a_bar_where_it_is_asked_for(monkeypatch, capsys):
    monkeypatch.setenv("CROSSCITY_PROGRESS", "1")
    counts, terms, documents = planted()
    quality.choose_k(counts, terms, documents, [2], resamples=3)
    assert "choice of k" in capsys.readouterr().err


def test_numbers_of_topics_that_cannot_be_fitted_are_left_out(table):
    counts, terms, documents = planted()
    part = quality.choose_k(counts, terms, documents, [2, 45, 47, 60], resamples=3)
    assert part["k"].tolist()[0] == 2
    assert 60 not in part["k"].tolist()  # there are 48 terms


def test_topics_that_survive_are_those_found_again(table):
    # Four topics are planted: none of the four is lost, and of six the two that are made up are.
    assert table["surviving"].tolist()[1] == 4
    assert table["surviving"].tolist()[2] < 6


def test_a_summary_of_topics():
    model = model_of([[0.5, 0.5, 0, 0], [0, 0, 0.5, 0.5]])._replace(shares=np.array([[1, 0], [0.5, 0.5], [np.nan] * 2]))
    table = quality.summary(model, ["one", "two"], [30, 10, 99], [0.59, 0.6], counted("ab", "ab", "cd", "e"))
    assert table["prevalence"].tolist() == [0.875, 0.125]  # (30 + 5) / 40
    assert table["survives"].tolist() == [False, True]
    assert table["npmi"].tolist() == table["exclusivity"].tolist() == [1, 1]
    assert table["name"].tolist() == ["one", "two"]


def test_neighbours_of_k(table):
    assert quality.neighbouring_k(table, 4) == [2, 6]
    assert quality.neighbouring_k(table, 2) == [4]
    assert quality.neighbouring_k(table, 5) == [4, 6]  # k need not be of the table
    assert quality.neighbouring_k(table, 9) == [6]


def test_a_resample_without_a_model_counts_as_no_agreement():
    counts, terms, documents = planted()
    whole, calls = models.fit(counts, terms, 4), []

    def fails_once(counts, terms, k):
        calls.append(k)
        if len(calls) == 1:
            raise CrosscityError("no")
        return models.fit(counts, terms, k)

    found, mean = quality.stability(fails_once, counts, terms, documents, 4, resamples=4, model=whole)
    again, _ = quality.stability(models.fit, counts, terms, documents, 4, resamples=4)
    assert len(calls) == 4
    assert mean <= 0.75
    assert (found <= again).all()


def test_perplexity_is_that_of_the_distribution_the_words_come_from():
    # Each paragraph has words of one of two topics, each of four equally likely words: 4 from the first half on; 8 for
    # one topic of all eight words.
    weights = np.kron(np.eye(2), np.full((1, 4), 0.25))
    counts = sparse.csr_array(np.kron(np.tile(np.eye(2), (30, 1)), np.full((1, 4), 50)).astype(int))
    assert quality.perplexity(model_of(weights), counts) == pytest.approx(4, rel=1e-3)
    assert quality.perplexity(model_of(np.full((1, 8), 0.125)), counts) == pytest.approx(8, rel=1e-6)


def row(k, surviving, npmi, se=0.01):
    return {"k": k, "surviving": surviving, "npmi_held": npmi, "npmi_held_se": se}


@pytest.mark.parametrize(
    ("rows", "k"),
    [
        ([row(5, 5, 0.40), row(10, 9, 0.395), row(20, 18, 0.30)], 10),  # 20 has more, but is far less coherent
        ([row(5, 5, 0.40), row(10, 9, 0.385), row(20, 18, 0.30)], 5),
        ([row(5, 5, 0.40, se=0.02), row(10, 9, 0.385), row(20, 18, 0.30)], 10),  # the error is that of the best
        ([row(20, 9, 0.401), row(10, 9, 0.4)], 10),  # a tie, whatever the order of rows
        ([row(10, 9, 0.4), row(20, 8, 0.40)], 10),
        ([row(10, 9, 0.4, math.nan), row(20, 20, 0.39, math.nan)], 10),  # of one resample
    ],
)
def test_pick(rows, k):
    chosen, reason = quality.pick_k(pd.DataFrame(rows))
    assert chosen == k
    assert reason.startswith(f"k = {k}: ")
    assert f"with {next(r['surviving'] for r in rows if r['k'] == k)} topics that are found again" in reason


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"ks": []}, r"no number of topics.*: name some \(ks\)"),
        ({"share": 1.0}, "3 draws of 10 of 10 documents: change resamples or share, or add documents"),
        ({"share": 0.01}, "3 draws of 0 of 10 documents: change"),
        ({"resamples": 0}, "0 draws of 8 of 10 documents: change"),
        ({"documents": ["a", "b"]}, "documents has 2 entries for 80 paragraphs: name the document of each"),
        ({"documents": ["a"] * 80}, "of 1 documents: .* add documents"),
        ({"ks": [60, 70]}, r"no model of 60 or 70 topics .*: name smaller ones \(ks\), or add text"),
    ],
)
def test_errors_of_choosing_say_what_to_do(change, message):
    counts, terms, documents = planted()
    given = {"documents": documents, "ks": [2], "resamples": 3, **change}
    with pytest.raises(CrosscityError, match=message):
        quality.choose_k(counts, terms, **given)


def test_errors_of_measures_say_what_to_do():
    with pytest.raises(CrosscityError, match="there is none: add documents"):
        quality.coherence(np.array([[0, 1]]), sparse.csr_array((0, 2)))
    with pytest.raises(CrosscityError, match="by is 'rank': choose 'depths', 'top' or 'cosine'"):
        models.match_topics(model_of(np.eye(2)), model_of(np.eye(2)), by="rank")
