"""Topics: planted ones are found again, and what is said of shares and order holds."""

import os
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from crosscity import CrosscityError
from crosscity.topics import models, quality
from crosscity.topics.models import METHODS, TopicModel
from scipy import sparse
from scipy.optimize import linear_sum_assignment

SHARES = (0.35, 0.3, 0.2, 0.15)
WORDS = (30, 4, 10, 10)  # the largest topic has many words and the next few, so that it is not the first that is found


def planted(paragraphs=240, common=6, seed=1):
    """Paragraphs of one topic each, in the proportions of SHARES, with words common to all between.

    The topic with the most paragraphs has the last words, so that an order by words is not one by prevalence. Returns
    counts, terms, the topic of each paragraph, and the true weights of terms in topics.
    """
    rng = np.random.default_rng(seed)
    n_terms = sum(WORDS) + common
    truth = np.zeros((len(SHARES), n_terms))
    last = sum(WORDS)
    for t, words in enumerate(WORDS):
        truth[t, last - words : last] = rng.dirichlet(np.full(words, 3.0))
        last -= words
    background = np.zeros(n_terms)
    background[-common:] = 1 / common
    of = np.repeat(np.arange(len(SHARES)), (np.array(SHARES) * paragraphs).astype(int))
    counts = np.array([rng.multinomial(60, 0.8 * truth[t] + 0.2 * background) for t in of])
    order = rng.permutation(len(of))
    terms = np.array([f"词{i:03d}" for i in range(n_terms)], dtype=object)
    return sparse.csr_array(counts[order]), terms, of[order], truth


@pytest.fixture(scope="module")
def fitted():
    counts, terms, of, truth = planted()
    return models.fit(counts, terms, len(SHARES)), counts, terms, of, truth


def unit(rows):
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def test_planted_topics_are_found(fitted):
    model, _, _, _, truth = fitted
    alike = unit(truth) @ unit(model.weights).T
    rows, columns = linear_sum_assignment(-alike)
    assert alike[rows, columns].min() > 0.9
    # A topic that is not its match is far from it: the match is no accident.
    assert np.delete(alike[0], columns[0]).max() < 0.5


@pytest.fixture(scope="module", params=[m for m in METHODS if m != "nmf"])
def other(request):
    """The planted corpus by another model, fitted twice."""
    if request.param == "gibbs":
        pytest.importorskip("tomotopy", reason="the extra `gibbs` is not installed")
    counts, terms, of, truth = planted(120)
    return [models.fit(counts, terms, len(SHARES), method=request.param) for _ in range(2)], of, truth


def test_every_model_finds_what_was_planted(other):
    (model, _), of, truth = other
    alike = unit(truth) @ unit(model.weights).T
    rows, columns = linear_sum_assignment(-alike)
    assert alike[rows, columns].min() > 0.8
    assert (columns[of] == model.shares.argmax(axis=1)).mean() > 0.95


def test_every_model_is_the_same_twice_and_keeps_the_contract(other):
    (model, again), of, truth = other
    assert model.weights.tobytes() == again.weights.tobytes()
    assert model.shares.tobytes() == again.shares.tobytes()
    assert model.weights.shape == truth.shape
    np.testing.assert_allclose(model.weights.sum(axis=1), 1, atol=1e-6)
    np.testing.assert_allclose(model.shares.sum(axis=1), np.ones(len(of)), atol=1e-5)
    assert (np.diff(model.shares.sum(axis=0)) < 1e-6).all(), "the most prevalent first"


def test_a_model_that_there_is_not():
    counts, terms, *_ = planted(40)
    with pytest.raises(CrosscityError, match="there is no topic model 'bert': it is one of nmf, minibatch, lda, gibbs"):
        models.fit(counts, terms, 2, method="bert")


def test_a_model_that_is_not_installed(monkeypatch):
    monkeypatch.setitem(sys.modules, "tomotopy", None)
    counts, terms, *_ = planted(40)
    with pytest.raises(CrosscityError, match=r"method gibbs needs the extra `gibbs`: pip install"):
        models.fit(counts, terms, 2, method="gibbs")


def test_paragraphs_go_to_their_topics(fitted):
    model, _, _, of, _ = fitted
    # Topics come by prevalence, and were planted in that order: paragraph by paragraph they can be compared directly.
    assert (model.shares.argmax(axis=1) == of).mean() > 0.98


def test_topics_come_with_the_most_prevalent_first(fitted):
    model, _, _, _, truth = fitted
    assert (unit(truth) @ unit(model.weights).T).argmax(axis=1).tolist() == [0, 1, 2, 3]
    assert (np.diff(np.nanmean(model.shares, axis=0)) < 0).all()


def test_rows_sum_to_one(fitted):
    model, counts, terms, *_ = fitted
    assert model.weights.shape == (4, len(terms))
    assert model.shares.shape == (counts.shape[0], 4)
    assert np.allclose(model.weights.sum(axis=1), 1, rtol=0, atol=1e-12)
    assert np.allclose(model.shares.sum(axis=1), 1, rtol=0, atol=1e-12)
    assert (model.weights >= 0).all()
    assert (model.shares >= 0).all()


def test_paragraphs_with_too_few_words_are_nan_and_change_nothing(fitted):
    model, counts, terms, *_ = fitted
    few = np.zeros((3, len(terms)), dtype=np.int64)
    few[0, :4] = 1  # four words; the second has five, the third none
    few[1, :5] = 1
    longer = sparse.csr_array(sparse.vstack([few[:1], counts, few[2:]]))
    again = models.fit(longer, terms, 4, min_tokens=5)
    assert np.isnan(again.shares[[0, -1]]).all()
    assert not np.isnan(again.shares[1:-1]).any()
    assert np.allclose(again.shares[1:-1], model.shares, rtol=0, atol=1e-12)
    five = models.fit(sparse.csr_array(sparse.vstack([counts, few[1:2]])), terms, 4, min_tokens=5)
    assert not np.isnan(five.shares[-1]).any()
    six = models.fit(sparse.csr_array(sparse.vstack([counts, few[1:2]])), terms, 4, min_tokens=6)
    assert np.isnan(six.shares[-1]).all()


def test_two_fits_are_the_same_to_the_byte(fitted):
    model, counts, terms, *_ = fitted
    again = models.fit(counts, terms, 4)
    assert again.weights.tobytes() == model.weights.tobytes()
    assert again.shares.tobytes() == model.shares.tobytes()


def test_single_precision_finds_the_same_topics(monkeypatch):
    counts, terms, _, _ = planted()
    double = models.fit(counts, terms, 4)
    monkeypatch.setattr(models, "SINGLE", len(counts.toarray()))
    single = models.fit(counts, terms, 4)
    assert single.weights.dtype == single.shares.dtype == np.float64
    assert not np.array_equal(single.weights, double.weights)  # or it is no other precision
    assert np.allclose(single.weights, double.weights, atol=1e-3)
    assert np.allclose(single.shares, double.shares, atol=1e-2)
    assert (models.top_term_indices(single, 3) == models.top_term_indices(double, 3)).all()
    errors = [quality.reconstruction_error(double, counts, counts)]
    monkeypatch.setattr(models, "SINGLE", 10**9)
    errors.append(quality.reconstruction_error(double, counts, counts))
    assert errors[0] == pytest.approx(errors[1], abs=1e-4)


def test_permuting_paragraphs_permutes_shares(fitted):
    model, counts, terms, *_ = fitted
    order = np.random.default_rng(3).permutation(counts.shape[0])
    again = models.fit(counts[order], terms, 4)
    assert np.allclose(again.shares, model.shares[order], rtol=0, atol=1e-3)
    assert np.allclose(again.weights, model.weights, rtol=0, atol=1e-3)


@pytest.mark.parametrize(
    ("paragraphs", "terms", "k", "found"),
    [
        (4, 30, 8, "4 paragraphs of 5 words or more and 30 terms"),
        (8, 30, 8, "8 paragraphs"),
        (30, 8, 8, "30 paragraphs of 5 words or more and 8 terms"),
        (30, 0, 2, "0 paragraphs of 5 words or more and 0 terms"),
    ],
)
def test_too_little_for_so_many_topics(paragraphs, terms, k, found):
    counts = sparse.csr_array(np.full((paragraphs, terms), 2))
    with pytest.raises(
        CrosscityError, match=f"k is {k}, but there are only {found}.*: choose a smaller k, or more documents"
    ):
        models.fit(counts, np.array([f"词{i}" for i in range(terms)], dtype=object), k)


def model_of(weights, shares=((1.0, 0.0),), terms=("丙词", "丁词", "甲词", "乙词")):
    return TopicModel(np.array(terms, dtype=object), np.array(weights, dtype=float), np.array(shares, dtype=float))


def test_top_terms_with_ties_by_term_and_no_zeros():
    # Code points: 丁 4E01 < 丙 4E19 < 乙 4E59 < 甲 7532. In the first topic 丙词 and 丁词 tie, and 甲词 and 乙词.
    model = model_of([[0.4, 0.4, 0.1, 0.1], [0.0, 0.3, 0.7, 0.0]])
    table = models.top_terms(model, 3)
    assert list(table.itertuples(index=False, name=None)) == [
        (1, 1, "丁词", 0.4),
        (1, 2, "丙词", 0.4),
        (1, 3, "乙词", 0.1),
        (2, 1, "甲词", 0.7),
        (2, 2, "丁词", 0.3),
    ]


def test_weights_that_differ_by_noise_tie():
    noise = 4e-11  # what BLAS kernels and threads change
    model = model_of([[0.25 + noise, 0.25, 0.25 - noise, 0.25]])
    assert list(models.top_terms(model, 4)["term"]) == ["丁词", "丙词", "乙词", "甲词"]


def test_names_of_topics():
    model = model_of([[0.4, 0.4, 0.1, 0.1], [0.0, 0.3, 0.7, 0.0]])
    assert models.topic_names(model) == ["1 丁词·丙词·乙词", "2 甲词·丁词"]


def test_prevalence_by_hand():
    nan = np.nan
    model = model_of([[1, 0, 0, 0], [0, 1, 0, 0]], [[1.0, 0.0], [0.25, 0.75], [nan, nan], [0.5, 0.5], [nan, nan]])
    table = models.prevalence(model, ["盐城", "盐城", "盐城", "合肥", "随州"], [300, 100, 9999, 40, 50])
    # 盐城: (300 * 1 + 100 * 0.25) / 400 = 0.8125; the long paragraph that took no part does not weigh in.
    assert list(table.index) == ["合肥", "盐城", "随州"]
    assert list(table.columns) == [1, 2]
    assert table.loc["盐城"].tolist() == pytest.approx([0.8125, 0.1875], abs=1e-12)
    assert table.loc["合肥"].tolist() == pytest.approx([0.5, 0.5], abs=1e-12)
    assert table.loc["随州"].isna().all()


def test_prevalence_takes_columns_of_a_frame():
    model = model_of([[1, 0, 0, 0], [0, 1, 0, 0]], [[1.0, 0.0], [0.0, 1.0]])
    frame = pd.DataFrame({"group": ["乙", "乙"], "n_chars": [30, 10]}, index=[7, 3])
    assert models.prevalence(model, frame["group"], frame["n_chars"]).loc["乙"].tolist() == [0.75, 0.25]


_EVERYTHING = """
import hashlib, sys
import numpy as np
from crosscity.topics import models, prevalence, quality
from scipy import sparse

rng = np.random.default_rng(1)
counts = sparse.csr_array(rng.poisson(0.4, (400, 300)))
terms = np.array([f"t{i:03d}" for i in range(300)], dtype=object)
documents = np.repeat([f"d{i:02d}" for i in range(20)], 20)
model = models.fit(counts, terms, 6)
shares = prevalence.intervals(models.fit, counts, terms, documents, documents, np.full(400, 100), 6, 50, 5, model=model)
curve = quality.choose_k(counts, terms, documents, [3, 6], resamples=3).drop(columns="seconds")
made = [models.top_terms(model).to_csv(), shares.to_csv(), curve.to_csv(), np.round(model.shares, 6).tobytes().hex()]
print(hashlib.sha256("".join(made).encode()).hexdigest())
"""


def test_one_and_two_threads_give_the_same_bytes():
    found = set()
    for threads, seed in (("1", "0"), ("2", "1")):
        numerics = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
        environment = os.environ | dict.fromkeys(numerics, threads) | {"PYTHONHASHSEED": seed}
        run = subprocess.run([sys.executable, "-c", _EVERYTHING], env=environment, capture_output=True, check=True)
        found.add(run.stdout)
    assert len(found) == 1
    assert len(found.pop()) == 65


def test_distances_between_topics_by_hand():
    # Halves on 甲 and 乙 against halves on 甲 and 丙: m is .5, .25, .25, and each lies half a bit from it.
    model = model_of([[0.5, 0.5, 0, 0], [0.5, 0, 0.5, 0], [0, 0, 0, 1]])
    distances = models.topic_distances(model)
    assert distances.tolist() == [[0, 0.707106781, 1], [0.707106781, 0, 1], [1, 1, 0]]


def test_a_map_of_two_topics_is_a_line():
    places = models.topic_map(model_of([[0.5, 0.5, 0, 0], [0.5, 0, 0.5, 0]]))
    assert places.tolist() == [[0.353553, 0], [-0.353553, 0]]
    assert not np.signbit(places[:, 1]).any()
    assert models.map_share(model_of([[0.5, 0.5, 0, 0], [0.5, 0, 0.5, 0]])) == 1


def test_topics_without_a_common_term_are_as_far_from_each_other_as_can_be():
    model = model_of([[1, 0, 0, 0], [0, 0.5, 0.5, 0], [0, 0, 0, 0]])  # the third has no term at all
    places = models.topic_map(model)
    sides = [np.linalg.norm(places[i] - places[j]) for i, j in ((0, 1), (0, 2), (1, 2))]
    assert sides == pytest.approx([1, 1, 1], abs=2e-6)
    # Four of them are a tetrahedron, of whose three equal axes a plane shows two.
    assert models.map_share(model_of(np.eye(4))) == pytest.approx(2 / 3, abs=1e-6)


def test_a_map_of_topics_that_are_all_the_same():
    model = model_of([[0.25] * 4] * 3)
    assert not models.topic_map(model).any()
    assert np.isnan(models.map_share(model))
    assert models.topic_map(model_of([[0.25] * 4])).tolist() == [[0, 0]]


def test_equal_axes_are_turned_alike_whatever_basis_a_solver_gives(monkeypatch):
    model, eigh = model_of(np.eye(7)), np.linalg.eigh
    places = models.topic_map(model)
    np.testing.assert_allclose(np.hypot(*places.T), np.sqrt(1 / 7), atol=2e-6)  # a circle, in the order of the topics
    steps = np.diff(np.unwrap(np.arctan2(places[:, 1], places[:, 0])))
    np.testing.assert_allclose(np.abs(steps), 2 * np.pi / 7, atol=1e-5)

    def other(matrix):
        values, vectors = eigh(matrix)
        turn, _ = np.linalg.qr(np.random.default_rng(8).normal(size=(6, 6)))
        return values, np.column_stack([vectors[:, 0], vectors[:, 1:] @ turn])

    monkeypatch.setattr(np.linalg, "eigh", other)
    assert models.topic_map(model).tolist() == places.tolist()
    assert models.map_share(model) == pytest.approx(2 / 6, abs=1e-6)


def test_the_map_against_kernel_principal_components():
    from scipy.stats import entropy
    from sklearn.decomposition import KernelPCA

    weights = np.random.default_rng(4).dirichlet(np.full(40, 0.1), 9)
    weights[weights < 0.01] = 0  # as NMF has them
    weights /= weights.sum(axis=1, keepdims=True)
    model = model_of(weights, terms=[f"词{i}" for i in range(40)])
    squares = np.array(
        [[(entropy(p, m, 2) + entropy(q, m, 2)) / 2 for q in weights for m in [(p + q) / 2]] for p in weights]
    )
    reference = KernelPCA(kernel="precomputed", eigen_solver="dense").fit(-squares / 2)
    expected = reference.transform(-squares / 2)[:, :2]
    places = models.topic_map(model)
    np.testing.assert_allclose(np.abs(places), np.abs(expected), atol=2e-6)
    assert (np.abs(places) > 0.01).sum() > 12  # or there would be little to compare
    np.testing.assert_allclose(places, expected * np.sign((places * expected).sum(axis=0)), atol=2e-6)
    assert (places[np.abs(places).argmax(axis=0), [0, 1]] > 0).all()
    share = reference.eigenvalues_[:2].sum() / reference.eigenvalues_.sum()
    assert models.map_share(model) == pytest.approx(share, abs=1e-6)
    order = np.random.default_rng(5).permutation(40)
    assert models.topic_map(model_of(weights[:, order], terms=model.terms[order])).tolist() == places.tolist()
