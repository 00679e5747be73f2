"""Baselines: their files, which words are cut alike, which documents are their own, and the comparison with them."""

import numpy as np
import pandas as pd
import pytest
from crosscity import CrosscityError
from crosscity.compare import baselines, keyness
from crosscity.words import Tokenizer
from scipy import sparse


def csr(rows):
    return sparse.csr_array(np.array(rows, dtype=np.int64))


def names(*words):
    return np.array(words, dtype=object)


BASELINE = baselines.Baseline(
    "small", "x", csr([[4, 0, 6], [3, 1, 0], [5, 0, 9], [2, 2, 7], [6, 1, 8], [4, 0, 5]]), names("产业", "渔港", "茶山")
)


def test_a_baseline_is_read_as_it_was_written():
    text = baselines.baseline_text(BASELINE.counts, BASELINE.terms, "x")
    # 产业 in all six documents; 渔港 in the second, fourth (twice) and fifth; 茶山 in all but the second.
    assert text == "# 6\tx\n产业\t1:4 1:3 1:5 1:2 1:6 1:4\n渔港\t2 2:2 1\n茶山\t1:6 2:9 1:7 1:8 1:5\n"
    again = baselines.parse_baseline("small", text)
    assert (again.counts != BASELINE.counts).nnz == 0
    assert again.terms.tolist() == BASELINE.terms.tolist()
    assert (again.name, again.dictionary) == ("small", "x")


@pytest.mark.parametrize(
    ("name", "documents"), [("city-reports-2024", 111), ("province-reports-2026", 31), ("national-reports", 52)]
)
def test_what_is_shipped_can_be_read_and_has_no_text(name, documents):
    found = baselines.read_baseline(name)
    assert found.counts.shape == (documents, len(found.terms))
    assert found.counts.data.min() == 1
    assert np.diff(found.counts.indptr).min() > 400  # words of a report
    assert found.terms.tolist() == sorted(set(found.terms))
    assert max(map(len, found.terms)) <= 16
    assert len(found.dictionary) == 16


def test_the_baselines_are_small_and_each_has_a_name():
    assert baselines.baseline_names() == ["city-reports-2024", "national-reports", "province-reports-2026"]
    assert sum(path.stat().st_size for path in baselines.FOLDER.iterdir()) < 600_000
    with pytest.raises(CrosscityError, match="there is no baseline 'cities': there are city-reports-2024, national"):
        baselines.read_baseline("cities")


def test_words_that_are_cut_otherwise_are_found():
    texts = ["渔港的灯塔亮了。", "茶山发了芽。"]
    cut = [Tokenizer().words(text) for text in texts]
    assert baselines.cut_otherwise(texts, cut) == (set(), 0)
    assert "灯塔" in cut[0]
    joined = [["渔港", "的灯塔", "亮", "了"], cut[1]]
    found, share = baselines.cut_otherwise(texts, joined)
    assert found == {"的灯塔", "的", "灯塔"}
    # Three words differ, of as many as both ways of cutting have.
    assert share == pytest.approx(3 / (sum(map(len, joined)) + sum(map(len, cut))))


def test_documents_of_a_baseline_are_known_again():
    # The second document at hand is the baseline's fourth, with a name of its own place that the baseline leaves out.
    here = csr([[1, 9, 1, 0], [2, 2, 7, 3], [0, 5, 1, 0]])
    found = baselines.in_baseline(here, names("产业", "渔港", "茶山", "盐城"), BASELINE)
    assert found.tolist() == [False, False, False, True, False, False]


def test_the_comparison_is_keyness_with_the_baseline_s_documents():
    mine, other = [[2, 9, 1, 3], [1, 8, 0, 2], [3, 9, 2, 1], [9, 9, 9, 9]], names("产业", "渔港", "灯塔", "好事")
    labels = ["甲", "甲", "甲", "乙"]
    found = baselines.against_baseline(
        csr(mine), other, list("pqrs"), labels, "甲", BASELINE, {"好事"}, permutations=199
    )
    # Over 产业, 渔港, 灯塔, 茶山: 好事 is left out on both sides, 乙 takes no part.
    rows = [[2, 9, 1, 0], [1, 8, 0, 0], [3, 9, 2, 0], *[[a, b, 0, c] for a, b, c in BASELINE.counts.toarray().tolist()]]
    words = sorted(("产业", "渔港", "灯塔", "茶山"))
    order = [("产业", "渔港", "灯塔", "茶山").index(w) for w in words]
    expected = keyness.keyness(
        csr(np.array(rows)[:, order]), names(*words), list("abcdefghi"), ["甲"] * 3 + ["x"] * 6, "甲", permutations=199
    )
    pd.testing.assert_frame_equal(found, expected)
    assert found.set_index("term").loc["渔港", ["count", "count_rest", "answer"]].tolist() == [26, 4, "more"]


def test_rare_words_of_the_documents_count_in_rates_and_have_no_row():
    mine, words = [[2, 9, 1], [1, 8, 0]], names("产业", "渔港", "灯塔")
    found = baselines.against_baseline(csr(mine), words, list("pq"), ["甲"] * 2, "甲", BASELINE, min_df=2)
    assert found["term"].tolist() == sorted(("产业", "渔港", "茶山"))
    assert found.set_index("term").loc["渔港", "rate"] == pytest.approx(1e4 * 17 / 21, abs=1e-5)


def test_the_version_of_the_dictionary_tells_one_from_another(monkeypatch):
    before = baselines.dictionary_version()
    assert before == baselines.dictionary_version()
    monkeypatch.setattr(baselines, "domain_terms", lambda: ["渔港"])
    assert baselines.dictionary_version() != before
