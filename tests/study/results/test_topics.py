"""Results on topics: two planted ones are found, told in both languages, and kept; or it is said why they are not."""

import json
import re

import matplotlib as mpl

mpl.use("Agg")

import matplotlib.pyplot as plt
import numpy as np
import pytest
from crosscity.study.opening import open_study

from tests.helpers.results import check_result
from tests.helpers.study_tables import PLANTED, SIX, document, started, tables

QUICK = {"ks": [2, 3], "resamples": 5, "refits": 5, "draws": 50, "max_df": 1.0, "min_df": 2}
YEARS = [document(f"{y}", year=y, doc_type="work report", n_chars=204) for y in range(2001, 2013)]


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    """Two provinces: 安徽 has the first topic in ten of twelve paragraphs, 江苏 in two."""
    yield started(tmp_path_factory.mktemp("six"), SIX, name="03-topics", texts=PLANTED, by="province", **QUICK)
    plt.close("all")


@pytest.fixture(scope="module")
def topics(study):
    return study.topics(2)


def test_each_result_is_whole(study, topics):
    drawn = [study.themes("party"), study.choose_k(), topics, topics.by_group()]
    others = [
        study.formulas(),
        topics.by_group().test(),
        topics.by_group().at([3]),
        topics.paragraphs(),
        topics.review(),
    ]
    for result in (*drawn, *others):
        check_result(result, re.findall("[a-z]+", topics.review().title))  # names of its folders
        assert (result._drawn is not None) is (result in drawn)
    # Of two topics a map says nothing, and that is said.
    assert topics.map()._drawn is None
    assert topics.map().sentences() == ["With 2 topics a map shows nothing that their table does not."]
    assert "<input" in topics.browser().to_html()


def test_shares_are_those_that_were_planted(topics):
    shares = topics.by_group().table
    first = shares[shares["topic"] == topics.table.loc[topics.table["name"].str.contains("头雁"), "topic"].iloc[0]]
    assert first.set_index("group")["share"].to_dict() == pytest.approx({"安徽": 10 / 12, "江苏": 2 / 12}, abs=0.01)
    assert first["whole"].tolist() == pytest.approx([0.5, 0.5], abs=0.01)
    assert topics.table["survives"].all()
    assert topics.unstable == set()


def test_what_a_share_rests_on_is_of_its_group_and_topic(topics):
    shares = topics.by_group()
    row = next(i for i, r in enumerate(shares.table.itertuples()) if r.group == "江苏" and "头雁" in r.name)
    lines = shares.evidence(row)
    assert set(lines["doc_id"]) <= {"盐城", "徐州", "南通"}
    assert lines["share"].iloc[0] > 0.9
    assert set("头雁支书能人书记换届配强班子选举选优选派。") >= set(lines["text"].iloc[0])
    assert set(topics.paragraphs(topic=1, most=2).table["rank"]) == {1, 2}
    assert len(topics.paragraphs(topic=1).table) == len(topics.paragraphs().table) / 2


def test_statements_are_made_again_with_other_numbers(topics):
    again = topics.by_group().at([3])
    assert again.table[["k", "statements", "kept", "turned"]].to_numpy().tolist() == [[3, 4, 4, 0]]
    assert again.sentences() == ["4 of 4 statements keep their sign with 3 topics; 0 turn, 0 have no like topic."]
    assert topics.by_group().at().table["k"].tolist() == [3]  # the next of the run's


def test_six_documents_cannot_be_tested_and_one_year_has_no_trend(topics):
    (sentence,) = topics.by_group().test().sentences()
    assert sentence.endswith("is not testable with 6 documents: the smallest possible p is 0.1.")
    assert topics.by_group().trend().sentences() == ["A trend needs 10 years, and the documents cover 1."]


def test_k_is_that_of_the_run_or_the_rules_or_anothers(study, tmp_path):
    choice = study.choose_k()
    assert (choice.k, study.topics().k, study.topics(2).k) == (3, 3, 2)
    assert (choice.neighbours, choice.beside(2)) == ([2], [3])
    assert choice.sentences()[0].startswith("The rule chooses k = 3: ")
    given = open_study(notebook="03-topics", tables=str(study.tables), out=str(tmp_path), k=2, by="province", **QUICK)
    assert given.choose_k().k == given.topics().k == 2
    assert given.choose_k().sentences()[0].startswith("k = 2 was set; the rule would choose k = 3: ")


def test_topics_are_as_stable_as_the_choice_of_their_number_found(study, tmp_path):
    study.choose_k()
    alone = open_study(notebook="03-topics", tables=str(study.tables), out=str(tmp_path), by="province", **QUICK)
    for k in (2, 3):  # those that were compared
        assert study.topics(k).table["stability"].tolist() == alone.topics(k).table["stability"].tolist()


def test_themes_are_measured_before_topics(study):
    themes = study.themes("party")
    found = themes.table.set_index(["group", "name"])["share"]
    assert found["安徽", "leadership"] == pytest.approx(10 / 12, abs=0.05)
    assert found["江苏", "service"] == pytest.approx(10 / 12, abs=0.05)
    assert themes.sentences()[0].startswith("No topic model of 6 documents is stable")
    assert themes.sentences("zh")[1].endswith("属于“干部与班子”。")
    none = study.themes("none")
    assert none.sentences() == ["No codebook was named, and there are documents enough for topics."]


def test_files_that_people_fill_in_are_kept_and_not_lost(study, topics):
    study.keep(topics, topics.map(), topics.by_group(), topics.review(), topics.browser())
    names = {path.name for path in study.out.iterdir()}
    assert {"topic-terms.csv", "representatives.csv", "labels.csv", "topics.html", "map.csv", "prevalence.png"} <= names
    labels = study.out / "labels.csv"
    text = labels.read_text(encoding="utf-8-sig").replace("1,,", "1,干部,", 1)
    labels.write_text(text, encoding="utf-8-sig")
    (sheet,) = (study.out / "validation").iterdir()
    answered = sheet / "questions" / "questions.csv"
    answered.write_text(answered.read_text(encoding="utf-8-sig") + "# mine", encoding="utf-8-sig")
    study.keep(topics, topics.review())
    assert "1,干部," in labels.read_text(encoding="utf-8-sig")
    assert answered.read_text(encoding="utf-8-sig").endswith("# mine")
    kept = json.loads((study.out / "findings.json").read_text(encoding="utf-8"))
    assert kept["figures"] == ["topic-terms-figure", "prevalence"]
    assert kept["pages"] == [{"name": "topics", "title": "topics to browse"}]
    named = open_study(
        notebook="03-topics", tables=str(study.tables), out=str(study.out), labels=str(labels), by="province", **QUICK
    )
    assert named.topics(2).names[0] == "1 干部"


def test_raters_are_scored(study, topics, tmp_path):
    topics.review().write_more(tmp_path)
    (sheet,) = (tmp_path / "validation").iterdir()
    key = topics.review().tasks.key
    right = key[key["intruder"]]
    rows = [f"{sheet.name},{q},{a}" for q, a in zip(right["question"], right["option"], strict=True)]
    (sheet / "anna.csv").write_text("\n".join(["sheet,question,answer", *rows]), encoding="utf-8")
    again = open_study(
        notebook="03-topics", tables=str(study.tables), out=str(tmp_path), answers=str(sheet), by="province", **QUICK
    )
    review = again.topics(2).review()
    check_result(review)
    assert (review.data()["precision"] == 1).all()
    assert review.sentences()[-1].startswith("The word that does not belong to a topic is found in 100% ")
    assert review.tables()["raters"]["value"].iloc[0] == 1
    other = again.topics(3).review()
    assert other.sentences()[-1].endswith("are to questions on another model, and not shown: send out the new ones.")
    assert other.tables() == {}


def test_years_have_a_trend_and_no_exchange(tmp_path):
    texts = {d["doc_id"]: PLANTED["合肥"][: 11 - i // 2] + PLANTED["盐城"][: 1 + i // 2] for i, d in enumerate(YEARS)}
    study = started(tmp_path, YEARS, name="03-topics", texts=texts, by="year", codebook="none", **QUICK)
    shares = study.topics(2).by_group()
    trend = shares.trend()
    check_result(trend)
    assert np.sign(trend.table["slope"]).sum() == 0  # one rises, one falls
    assert sorted(trend.tables()) == ["trends"]
    assert len(trend.data()) == 24
    assert shares.test().sentences() == ["Years follow one another, and are not exchanged: see the trend."]


@pytest.mark.parametrize("documents", [SIX[:1], SIX[:2]])
def test_what_few_words_do_not_allow_is_said(tmp_path, documents):
    texts = {d["doc_id"]: PLANTED[d["doc_id"]][:1] for d in documents}
    study = started(tmp_path, documents, name="03-topics", texts=texts, **QUICK)
    choice = study.choose_k()
    topics = study.topics(choice.k)
    assert not choice
    assert not topics
    for result in (topics, topics.map(), topics.by_group().at(choice.neighbours), topics.browser(), study.topics(2)):
        (sentence,) = result.sentences()
        assert sentence[0].isupper() or sentence[0].isdigit()
        assert sentence.endswith(".")
    study.keep(choice, topics, topics.by_group())


def test_an_edition_without_text_asks_no_raters(tmp_path, topics, monkeypatch):
    monkeypatch.setattr(type(topics.study), "has_text", False)
    assert topics.study.topics(3).review().sentences() == ["These tables hold no text that raters could read."]


def test_tables_of_the_test_are_as_planted(tmp_path):
    assert {len(texts) for texts in PLANTED.values()} == {12}
    assert tables(tmp_path, SIX, texts=PLANTED).is_dir()
