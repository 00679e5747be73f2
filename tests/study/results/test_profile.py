"""A profile: documents, outline, terms of one group, beside what they stand, neighbours."""

import json

import pandas as pd
import pytest
from crosscity import CrosscityError

from tests.helpers.results import check_result
from tests.study.results.conftest import HARBOUR

HELD = 10  # sentences with 渔港


@pytest.fixture
def study(asked, of_towns):
    return asked(of_towns)


def test_the_documents_of_a_group_with_their_size(study):
    profile = study.profile("盐城")
    check_result(profile)
    mine = study.paragraphs()[study.paragraphs()["group"] == "盐城"]
    assert profile.sentences()[0] == f"1 of 3 documents, {mine['n_chars'].sum()} characters in 16 paragraphs."
    assert list(profile.table["doc_id"]) == ["甲"]
    assert list(profile.evidence(0)["text"])[:2] == ["一、渔港", HARBOUR[0]]


def test_the_group_is_that_of_the_run_else_the_first(asked, of_towns):
    assert asked(of_towns).profile().group == "合肥"
    assert asked(of_towns, group="随州").profile().group == "随州"


def test_an_outline_has_the_text_under_each_heading(study):
    outline = study.outline("盐城")
    check_result(outline)
    assert list(outline.table["section"]) == ["一、渔港", "二、不足"]
    assert outline.sentences() == ["2 sections; the longest, 一、渔港, has 194 characters."]
    assert outline.table["n_chars"].sum() == outline.evidence(0)["text"].str.len().sum() + 49
    assert len(outline.evidence(1)) == 3
    assert study.outline("随州").sentences() == ["The documents of 随州 have no headings."]


def test_terms_of_one_group_are_those_that_the_comparison_of_all_gives_it(study):
    marks, every = study.keyness("盐城"), study.keyness()
    check_result(marks)
    rows = every.rows[every.rows["group"] == "盐城"].reset_index(drop=True)
    pd.testing.assert_frame_equal(marks.rows, rows)
    assert list(marks.rows["term"]) == ["渔港", "渔船", "热闹", "茶农", "茶山"]
    assert list(marks.rows["count"]) == [HELD] * 3 + [0, 0]
    assert list(marks.rows["count_rest"]) == [0] * 3 + [15, 15]
    assert marks.sentences()[1] == "盐城, more: 渔港、渔船、热闹; less: 茶农、茶山."
    assert list(marks.top["panel"].unique()) == ["盐城: more than the others", "盐城: less than the others"]
    assert list(marks.tables()["keyness"])[:2] == ["way", "term"]
    assert "group" not in marks.data()


def test_what_it_says_less_alone(study):
    less = study.keyness("盐城").less()
    check_result(less)
    assert list(less.top["term"]) == ["茶农", "茶山"]
    assert less.title == "Terms that 盐城 uses less than the others, with 95% intervals"
    assert less.alt == "Terms that 盐城 uses less: 茶农, 茶山."
    assert not less.collocates().rows["node"].any()  # they do not stand in its documents


def test_the_test_says_why_there_is_none(study):
    test = study.keyness("盐城").test()
    check_result(test)
    assert test.table["answer"].tolist() == ["not testable with 3 documents and 3 comparisons"]
    assert "仅有 3 个文件" in test.sentences("zh")[0]


def test_evidence_is_the_groups_own_for_more_and_all_lines_for_less(study):
    marks = study.keyness("盐城")
    assert len(marks.evidence(0)) == HELD
    assert set(marks.evidence(0)["group"]) == {"盐城"}
    assert set(marks.evidence(3)["group"]) == {"合肥", "随州"}
    assert set(marks.explain("茶山")["node"]) == {"茶山"}


def test_beside_what_its_terms_stand(study):
    beside = study.keyness("盐城").collocates()
    check_result(beside, terms=("Dice",))
    first = beside.table.iloc[0]
    assert (first["node"], first["collocate"], first["count"], first["log_dice"]) == ("渔港", "渔船", HELD, 14)
    assert beside.sentences()[0].startswith("Beside the first terms: 渔港 (渔船、热闹、")
    lines = beside.evidence(0)
    assert len(lines) == HELD
    assert (lines["left"] + lines["right"]).str.contains("渔船").all()
    adjacent = study.keyness("盐城").collocates(1).table
    assert not ((adjacent["node"] == "渔港") & (adjacent["collocate"] == "渔船")).any()  # it stands farther away


def test_words_in_context_of_one_group(study):
    marks = study.keyness("盐城")
    lines = study.concordance(marks, marks.collocates(), "老街", within=["盐城"])
    assert set(lines.table["group"]) == {"盐城"}
    assert lines.words[:5] == ["渔港", "渔船", "热闹", "茶农", "茶山"]
    assert lines.heading == "盐城: words in context"
    assert "盐城: words in context" in lines.pages()["concordance"].html


def test_its_neighbours_nearest_first(study):
    near = study.neighbours("盐城")
    check_result(near)
    assert list(near.table["group"]) == ["随州", "合肥"]  # they share a sentence
    assert near.sentences()[0].startswith("Nearest in words at equal length: 随州 (")
    assert study.neighbours("盐城", "js").measure == "js"
    assert study.neighbours("盐城", "js").table["distance"][0] != near.table["distance"][0]
    with pytest.raises(CrosscityError, match="rests on counts"):
        near.evidence(0)


def test_what_is_kept(study):
    marks = study.keyness("盐城")
    study.keep(study.profile("盐城"), study.outline("盐城"), marks, marks.collocates(), study.neighbours("盐城"))
    names = {path.name for path in study.out.iterdir()}
    assert {"outline.csv", "keyness.csv", "collocations.csv", "marks-figure.svg", "neighbours.json"} <= names
    assert "profile.csv" not in names
    kept = json.loads((study.out / "findings.json").read_text(encoding="utf-8"))
    assert kept["figures"] == ["marks-figure", "collocations-figure", "neighbours"]


def test_a_group_that_is_not_there_is_an_error(study):
    for ask in (study.profile, study.outline, study.keyness, study.neighbours):
        with pytest.raises(CrosscityError, match="group is '厦门'; by city there are 合肥, 盐城, 随州"):
            ask("厦门")


def test_one_group_has_nothing_to_be_compared_with(asked, of_one):
    study = asked(of_one)
    name = study.groups()[0]
    check_result(study.profile())
    for result in (study.keyness(name), study.keyness(name).collocates(), study.neighbours()):
        assert not result
        assert result.sentences() == ["There is one group, and nothing to compare it with."]


def test_a_group_without_a_counted_word_says_so(asked, of_a_silent_one):
    study = asked(of_a_silent_one)
    assert study.keyness("阳江").sentences() == ["阳江 has no counted word."]
    assert study.neighbours("阳江").sentences() == ["阳江 has no counted word."]
    check_result(study.keyness("盐城"))
