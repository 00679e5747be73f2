"""Counts and weights of terms, against hand-counted paragraphs and scikit-learn."""

import numpy as np
import pytest
from crosscity.words.matrix import count_matrix, group_matrix, tf_idf
from crosscity.words.tokens import read_terms
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse
from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer

from tests.conftest import PROJECT

_RESOURCES = PROJECT / "lib" / "crosscity" / "words" / "resources"

TOKENS = [
    ["渔港", "修缮", "渔港", "书屋"],
    [],
    ["书屋", "茶山", "Wifi"],
    ["茶山", "书屋"],
]


def dense(matrix):
    return np.asarray(matrix.todense())


def test_counts_by_hand_with_terms_in_order_of_code_points():
    counts, terms = count_matrix(TOKENS)
    # W U+0057 < 书 U+4E66 < 修 U+4FEE < 渔 U+6E14 < 茶 U+8336
    assert list(terms) == ["Wifi", "书屋", "修缮", "渔港", "茶山"]
    assert dense(counts).tolist() == [[0, 1, 1, 2, 0], [0, 0, 0, 0, 0], [1, 1, 0, 0, 1], [0, 1, 0, 0, 1]]
    assert counts.dtype == np.int64


def test_stop_words_are_left_out():
    listed = [w for w in read_terms(_RESOURCES / "stopwords.txt") if len(w) > 1]
    assert len(listed) > 50
    counts, terms = count_matrix([[*listed, "灯塔"]])
    assert list(terms) == ["灯塔"]
    assert dense(counts).tolist() == [[1]]


def test_a_file_of_further_stop_words_adds_to_the_list(tmp_path):
    path = tmp_path / "我的 stop.txt"
    path.write_text("# 不计的词\n渔港\nWifi\t说明\n", encoding="utf-8")
    _, terms = count_matrix([*TOKENS, ["因为"]], stopwords=str(path))
    assert list(terms) == ["书屋", "修缮", "茶山"]


@pytest.mark.parametrize(
    "word", ["村", "A", "7", "2019", "12.5", "３０", "3D", "50多", "一百", "二〇", "十九", "二十年", "一九五八年"]
)
def test_single_characters_and_numbers_are_no_terms(word):
    counts, terms = count_matrix([["灯塔", word]])
    assert list(terms) == ["灯塔"]
    assert counts.sum() == 1


@pytest.mark.parametrize("word", ["十九大", "五年", "百年计划", "GDP", "A股", "两委", "一体化", "第一"])
def test_words_with_a_number_inside_are_terms(word, monkeypatch):
    monkeypatch.setattr("crosscity.words.matrix.stop_words", lambda extra=None: frozenset())
    assert list(count_matrix([[word]])[1]) == [word]


def test_min_df_counts_paragraphs_and_not_occurrences():
    # 渔港 stands twice, in one paragraph; 茶山 in two, 书屋 in three.
    assert list(count_matrix(TOKENS, min_df=2)[1]) == ["书屋", "茶山"]
    assert list(count_matrix(TOKENS, min_df=3)[1]) == ["书屋"]
    assert list(count_matrix(TOKENS, min_df=4)[1]) == []


def test_max_df_is_a_share_of_all_paragraphs_with_the_empty_ones():
    # Of four paragraphs 书屋 stands in three (0.75), 茶山 in two (0.5), the others in one (0.25).
    assert "书屋" in count_matrix(TOKENS, max_df=0.75)[1]
    assert list(count_matrix(TOKENS, max_df=0.74)[1]) == ["Wifi", "修缮", "渔港", "茶山"]
    assert list(count_matrix(TOKENS, max_df=0.49)[1]) == ["Wifi", "修缮", "渔港"]


@pytest.mark.parametrize("hundredths", [7, 14, 28, 29, 55, 56, 57, 58])
def test_max_df_holds_at_its_very_limit(hundredths):
    # 0.29 * 100 is 28.999999999999996 in floating point, and yet 29 of 100 paragraphs are not more than 0.29 of them.
    tokens = [["灯塔"] if i < hundredths else ["渔港"] for i in range(100)]
    assert "灯塔" in count_matrix(tokens, max_df=hundredths / 100)[1]
    assert "灯塔" not in count_matrix(tokens, max_df=(hundredths - 1) / 100)[1]


@pytest.mark.parametrize("tokens", [[], [[]], [[], []], [["的", "7"]]])
def test_nothing_to_count(tokens):
    counts, terms = count_matrix(tokens)
    assert counts.shape == (len(tokens), 0)
    assert len(terms) == 0


WORDS = ["渔港", "茶山", "灯塔", "石桥", "Wifi", "稻田", "老街"]


@pytest.mark.parametrize(("min_df", "max_df"), [(1, 1.0), (2, 1.0), (3, 0.5), (1, 0.4)])
def test_as_scikit_learn_counts(min_df, max_df):
    rng = np.random.default_rng(3)
    tokens = [list(rng.choice(WORDS, rng.integers(0, 6), p=np.arange(7, 0, -1) / 28)) for _ in range(40)]
    reference = CountVectorizer(analyzer=list, min_df=min_df, max_df=max_df)
    expected = reference.fit_transform(tokens)
    counts, terms = count_matrix(tokens, min_df=min_df, max_df=max_df)
    assert list(terms) == list(reference.get_feature_names_out())
    assert (dense(counts) == expected.toarray()).all()


@settings(max_examples=50, deadline=None)
@given(
    st.lists(st.lists(st.sampled_from(WORDS), max_size=6), min_size=1, max_size=12), st.randoms(use_true_random=False)
)
def test_permuting_paragraphs_permutes_rows(tokens, random):
    order = list(range(len(tokens)))
    random.shuffle(order)
    counts, terms = count_matrix(tokens)
    shuffled, same = count_matrix([tokens[i] for i in order])
    assert list(terms) == list(same)
    assert (dense(shuffled) == dense(counts)[order]).all()


def test_groups_are_sorted_and_each_paragraph_is_in_one():
    members, groups = group_matrix(["盐城", "合肥", "盐城", "not stated"])
    assert groups == ["not stated", "合肥", "盐城"]
    assert dense(members).tolist() == [[0, 0, 0, 1], [0, 1, 0, 0], [1, 0, 1, 0]]


def test_counts_of_groups_by_hand():
    counts, terms = count_matrix(TOKENS)
    members, groups = group_matrix(["乙", "乙", "甲", "乙"])
    assert groups == ["乙", "甲"]
    assert list(terms) == ["Wifi", "书屋", "修缮", "渔港", "茶山"]
    assert dense(members @ counts).tolist() == [[0, 2, 1, 2, 1], [1, 1, 0, 0, 1]]


def test_tf_idf_by_hand():
    # Two rows, the first term in both: idf = ln(3/3) + 1 = 1; the second in one: ln(3/2) + 1 = 1.4054651.
    counts = sparse.csr_array(np.array([[3, 0], [1, 2]]))
    length = np.hypot(1, 2 * 1.4054651081081644)
    expected = [[1, 0], [1 / length, 2 * 1.4054651081081644 / length]]
    assert np.allclose(dense(tf_idf(counts)), expected, rtol=0, atol=1e-12)


def random_counts(rows, columns, seed):
    rng = np.random.default_rng(seed)
    return sparse.csr_array(rng.poisson(0.6, (rows, columns)))


def test_tf_idf_as_scikit_learn_has_it():
    counts = random_counts(30, 12, 5)
    expected = TfidfTransformer(smooth_idf=True, norm="l2").fit_transform(counts)
    assert np.allclose(dense(tf_idf(counts)), expected.toarray(), rtol=0, atol=1e-12)


def test_tf_idf_with_document_frequencies_from_elsewhere():
    paragraphs, groups = random_counts(30, 12, 5), random_counts(4, 12, 6)
    expected = TfidfTransformer(smooth_idf=True, norm="l2").fit(paragraphs).transform(groups)
    result = dense(tf_idf(groups, paragraphs))
    assert np.allclose(result, expected.toarray(), rtol=0, atol=1e-12)
    assert not np.allclose(result, dense(tf_idf(groups)), atol=1e-3)


def test_a_row_without_terms_stays_zero_and_no_nan_comes_of_it():
    counts = sparse.csr_array(np.array([[0, 0, 0], [1, 0, 2]]))
    with np.errstate(all="raise"):
        result = dense(tf_idf(counts))
    assert (result[0] == 0).all()
    assert np.isfinite(result).all()
    assert np.linalg.norm(result[1]) == pytest.approx(1, abs=1e-12)


def test_measures_and_what_is_cut_behind_a_number_are_no_terms():
    words = ["万次", "多万", "亿元", "余名", "多元", "万众", "余额", "个人", "名城", "次元"]
    assert count_matrix([words], False)[1].tolist() == sorted(["多元", "万众", "余额", "个人", "名城", "次元"])
    # 名村 stands behind a number in two of three places, 名城 in one of three.
    tokens = [["17", "名村", "干部"], ["三", "名村", "名城"], ["名村", "5", "名城", "名城"]]
    assert count_matrix(tokens, False)[1].tolist() == ["名城", "干部"]
    # The first word of a paragraph stands behind none.
    assert count_matrix([["17"], ["名村"]], False)[1].tolist() == ["名村"]
