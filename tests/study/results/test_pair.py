"""Two groups: sizes, terms of either, the words of their divergence, shared passages."""

import re

import numpy as np
import pandas as pd
import pytest
from crosscity import CrosscityError
from crosscity.compare.shifts import jsd

from tests.helpers.results import check_result
from tests.study.results.conftest import SHARED


@pytest.fixture
def study(asked, of_towns):
    return asked(of_towns)


@pytest.fixture
def two(study):
    return study.sides("盐城", "合肥")


def test_two_groups_with_their_sizes(two):
    check_result(two)
    assert two.table.values.tolist() == [["盐城", 1, 14, 243], ["合肥", 1, 12, two.table["characters"][1]]]
    assert two.sentences()[0] == "盐城: 1 document, 14 paragraphs, 243 characters."
    assert set(two.evidence(1)["group"]) == {"合肥"}


def test_left_out_they_are_those_of_the_run_or_with_the_most_text(asked, of_towns):
    assert (asked(of_towns).sides().a, asked(of_towns).sides().b) == ("盐城", "随州")
    study = asked(of_towns, a="随州")
    assert (study.sides().a, study.sides().b) == ("随州", "盐城")
    assert (study.sides(b="合肥").a, study.sides(b="合肥").b) == ("随州", "合肥")


def test_what_goes_together_with_them(two):
    together = two.confounding()
    check_result(together)
    assert together.table.set_index("column")["verdict"]["n_chars"] == "not separable"
    assert list(together.tables()) == ["confounding"]


def test_terms_of_either(study, two):
    marks = two.keyness()
    check_result(marks)
    assert marks is study.keyness("盐城", "合肥")
    assert marks.rows[["side", "term", "count", "count_rest"]].values.tolist() == [
        ["合肥", "茶农", 0, 10],
        ["合肥", "茶山", 0, 10],
    ]
    assert (marks.rows["log_ratio"] < 0).all()
    assert (marks.top["log_ratio"] > 0).all()  # turned round
    assert (marks.top["from"] == -marks.rows["high"]).all()
    assert marks.top["only_here"].all()
    assert marks.alt == "more in 合肥: 茶农, 茶山."
    assert set(marks.evidence(0)["group"]) == {"合肥"}
    assert set(marks.explain("东边")["group"]) == {"盐城", "合肥"}


def test_the_other_way_round_it_is_the_same(study):
    marks, turned = study.keyness("盐城", "合肥"), study.keyness("合肥", "盐城")
    assert list(turned.rows["side"]) == ["合肥", "合肥"]
    np.testing.assert_allclose(turned.rows["log_ratio"], -marks.rows["log_ratio"])
    assert list(turned.top["from"]) == list(marks.top["from"])


def test_what_the_first_says_less_and_the_test(study):
    marks = study.keyness("合肥", "盐城")
    assert marks.less().top.empty
    assert study.keyness("盐城", "合肥").less().title == "Terms that 盐城 uses less than 合肥, with 95% intervals"
    check_result(study.keyness("盐城", "合肥").less())
    assert marks.test().table["answer"].tolist() == ["not testable with 2 documents"]


def test_beside_what_they_stand_on_either_side(study):
    beside = study.keyness("盐城", "合肥").collocates()
    assert beside.table.empty  # with two documents a pair must stand in both
    assert beside.sentences() == ["No collocations: these tables hold no text, or no term stands out."]
    assert beside.tables() == {}
    assert beside._drawn is None


def test_the_words_of_their_divergence(two):
    shift = two.word_shift()
    check_result(shift)
    counts = shift.table[["count_a", "count_b"]].to_numpy(dtype=float)
    p, q = (counts / counts.sum(axis=0)).T
    assert shift.total == pytest.approx(jsd(p, q).sum(), abs=1e-8)
    assert shift.table["contribution"].sum() == pytest.approx(shift.total, abs=1e-6)
    assert shift.answer == "not testable with 2 documents"
    assert shift.sentences()[0].startswith(f"Divergence {shift.total:.3f} bits (not testable with 2 documents; ")
    assert re.search(r"term +盐城 +合肥 +contribution", repr(shift))
    assert shift.terms()[:2] == ["茶农", "茶山"]
    assert set(shift.evidence(0)["group"]) == {"合肥"}
    assert "-0" not in repr(shift).replace("-0.", "")


def test_the_order_of_the_two_turns_the_signs_alone(study):
    one, other = study.word_shift("盐城", "合肥").table, study.word_shift("合肥", "盐城").table
    merged = one.merge(other, on="term")
    np.testing.assert_allclose(merged["signed_x"], -merged["signed_y"])


def test_words_in_context_on_both_sides(two):
    lines = two.concordance(two.keyness(), two.word_shift())
    assert set(lines.table["group"]) == {"盐城", "合肥"}
    assert lines.heading == "盐城 and 合肥: words in context"
    assert lines.table.groupby(["term", "group"]).size().max() == 10


def test_what_they_share_word_for_word(study, two):
    shared = study.shared_passages("盐城", "随州")
    check_result(shared)
    assert list(shared.table["text"]) == [SHARED]
    assert shared.sentences() == ["盐城 and 随州 have one passage of 30 characters or more in common."]
    assert list(shared.evidence(0)["text"]) == [SHARED] * 2
    assert set(shared.evidence(0)["group"]) == {"盐城", "随州"}
    none = two.shared_passages()
    assert none.sentences() == ["盐城 and 合肥 have no passage of 30 characters or more in common."]
    assert list(none.tables()) == ["passages"]


def test_what_is_kept(study, two):
    shift, shared = two.word_shift(), two.shared_passages()
    study.keep(two, two.confounding(), two.keyness(), shift, shared)
    names = {path.name for path in study.out.iterdir()}
    assert {"confounding.csv", "keyness.csv", "marks-figure.png", "shift.csv", "word-shift.csv"} <= names
    assert "passages.csv" in names
    assert "sides.csv" not in names
    kept = pd.read_csv(study.out / "keyness.csv")
    assert list(kept.columns[:2]) == ["side", "term"]
    assert "way" not in kept
    assert study.findings[-1] == shared.sentences()[0]


def test_wrong_names_are_errors(study):
    for ask in (study.sides, study.keyness, study.word_shift, study.shared_passages, study.pair_confounding):
        with pytest.raises(CrosscityError, match="b is '厦门'; by city there are"):
            ask("盐城", "厦门")
        with pytest.raises(CrosscityError, match="two different groups are needed"):
            ask("盐城", "盐城")


def test_one_group_is_no_pair(asked, of_one):
    two = asked(of_one).sides()
    for result in (two, two.keyness(), two.keyness().collocates(), two.word_shift(), two.shared_passages()):
        assert not result
        assert result.sentences() == ["There is one group, and nothing to compare it with."]


def test_a_group_without_a_counted_word_says_so(asked, of_a_silent_one):
    study = asked(of_a_silent_one)
    for result in (study.sides("盐城", "阳江"), study.keyness("盐城", "阳江"), study.word_shift("阳江", "盐城")):
        assert result.sentences() == ["阳江 has no counted word."]
