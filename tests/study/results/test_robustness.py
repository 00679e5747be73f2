"""How far to believe a comparison: planted differences hold under other choices, and few documents are not tested."""

import matplotlib as mpl

mpl.use("Agg")

import matplotlib.pyplot as plt
import pytest
from crosscity.study.results import robustness

from tests.helpers.results import check_result
from tests.helpers.study_tables import PLANTED, SIX, started

QUICK = {"specifications": 8, "splits": 20, "refits": 5, "draws": 50, "min_df": 2, "permutations": 199}


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    """Two provinces, which differ in all their words."""
    yield started(tmp_path_factory.mktemp("six"), SIX, name="09-robustness", texts=PLANTED, by="province", **QUICK)
    plt.close("all")


def test_statements_are_the_first_terms_of_each_group(study):
    stated = study.statements()
    check_result(stated)
    assert stated._drawn is None
    assert stated.sentences() == ["6 statements on words, 0 on nearest groups."]  # of two, each is the other's nearest
    assert stated.table["subject"].tolist() == ["安徽"] * 3 + ["江苏"] * 3
    assert set("".join(stated.table["object"][:3])) <= set("头雁支书能人书记换届配强班子选举选优选派")
    assert stated.in_words()[0] == f"安徽 uses {stated.table['object'][0]} more"
    assert set(stated.evidence(0)["group"]) == {"安徽"}


def test_planted_differences_hold(study):
    held = study.statements().under_other_choices()
    check_result(held)
    assert len(held.outcomes) == 6 * len(held.specifications)
    assert (held.table["share"] > 0.8).all()
    assert (held.table["turned"] == 0).all()
    said = " of 6 statements on words hold in 90% of the specifications or more, 0 in fewer than half."
    assert any(said in sentence for sentence in held.sentences())
    assert sorted(held.tables()) == ["outcomes", "specifications"]
    assert len(study.statements().under_other_choices(20).specifications) > len(held.specifications)


def test_of_a_long_text_fewer_specifications_are_gone_through_unless_a_number_was_asked_for(study, monkeypatch):
    stated = study.statements()
    words = int(stated.words.counts.sum())
    monkeypatch.setattr(robustness, "_BUDGET", 10 * words + 1)
    assert stated._within_budget() == 8  # was asked for
    monkeypatch.setitem(study.values, "specifications", 32)  # the default
    assert stated._within_budget() == 10
    said = f"For {words:,} words they are 10, not 32: set specifications to go through more."
    assert said in stated._specifications(10)[2]
    assert said not in stated._specifications(12)[2]
    monkeypatch.setattr(robustness, "_BUDGET", 1)
    assert stated._within_budget() == 8  # the run's own and all that change one choice are always there
    monkeypatch.setattr(robustness, "_BUDGET", 32 * words)
    assert stated._within_budget() == 32
    assert not any("specifications to go" in note for note in stated._specifications(32)[2])


def test_the_curve_is_of_the_statements_that_hold_least_and_most(study):
    held = study.statements().under_other_choices()
    curve = held.curve()
    check_result(curve)
    assert set(curve.table["statement"]) == {curve.statements[0], curve.statements[-1]}
    # A word of ten paragraphs in twelve against two is five times as frequent: log2 of 5 is 2.32, less half a count.
    own = curve.table[curve.table["specification"] == 0]
    assert own["effect"].between(2.2, 2.6).all()


def test_topics_under_other_choices(study, monkeypatch):
    monkeypatch.setattr(robustness, "default_max_df", lambda _: 1.0)  # a third of the paragraphs have each word
    stated = study.topic_statements(2)
    check_result(stated)
    assert stated._drawn is None
    assert stated.sentences() == ["4 statements on 2 topics."]
    assert "basis" not in stated.to_html()  # all rest on intervals
    assert len([s for s in stated.in_words() if " has more of " in s]) == 2
    held = stated.under_other_choices()
    check_result(held)
    assert (held.name, held.tables()) == ("topics-survival", {})
    assert set(held.specifications["k"]) == {2}


def test_six_documents_are_too_few_to_test(study):
    errors, power = study.error_rates(), study.power()
    check_result(errors)
    assert errors._drawn is None
    assert errors.sentences()[0].startswith("3 v 3 documents: not testable, since the smallest possible p is 0.1.")
    assert power.sentences() == errors.sentences()[:1]
    assert sorted(errors.tables()) == ["error-rates"]
    assert power.tables() == {}


@pytest.mark.parametrize("documents", [SIX[:1], SIX[:2]])
def test_what_few_words_do_not_allow_is_said(tmp_path, documents):
    texts = {d["doc_id"]: PLANTED[d["doc_id"]][:1] for d in documents}
    study = started(tmp_path, documents, name="09-robustness", texts=texts, **QUICK)
    results = [study.statements(), study.topic_statements(), study.error_rates(), study.power()]
    results += [results[0].under_other_choices(), results[0].under_other_choices().curve()]
    for result in results:
        assert all((s[0].isupper() or s[0].isdigit()) and s.endswith(".") for s in result.sentences())
    study.keep(*results)


def test_one_group_is_not_compared_with_itself(tmp_path):
    study = started(tmp_path, SIX[:1], name="09-robustness", texts=PLANTED, **QUICK)
    assert study.statements().sentences() == ["Statements compare two groups with words or more."]
    assert study.power().sentences() == ["Documents cannot be split: there is one."]


def test_of_a_large_text_a_part_is_checked_and_said_so(tmp_path, monkeypatch):
    monkeypatch.setattr("crosscity.study.results.checked_words._MOST_WORDS", 300)
    monkeypatch.setattr("crosscity.study.grouped_corpus._LEAST_DOCUMENTS", 4)
    run = started(tmp_path, SIX, name="09-robustness", texts=PLANTED, by="province", **QUICK)
    stated = run.statements()
    assert stated.words.paragraphs["doc_id"].nunique() < 6
    assert stated.sentences()[-1].startswith("Based on ")
    assert stated.part in stated.under_other_choices().sentences()
    assert stated.part == run.error_rates().sentences()[-1] == run.power().sentences()[-1]
