"""Counts of terms, the commonest and each group's own, and strings that may be terms: by hand on invented text."""

import matplotlib as mpl

mpl.use("Agg")

import matplotlib.pyplot as plt
import pandas as pd
import pytest
from crosscity import CrosscityError
from crosscity.files import write_text
from crosscity.study.opening import open_study
from crosscity.words.dictionary import read_decisions

from tests.helpers.results import check_result
from tests.helpers.study_tables import document, tables, write_table

WORDS = {  # of the paragraphs of a document: a heading, which does not count, and two of body
    "甲": [["建设"], ["渔港", "建设", "渔港"], ["渔港", "灯塔"]],
    "乙": [["建设"], ["茶山", "建设"], ["茶山"]],
    "丙": [["建设"], ["的"], ["好"]],
}
CITIES = {"甲": "盐城", "乙": "合肥", "丙": "随州"}


@pytest.fixture(autouse=True)
def close():
    yield
    plt.close("all")


def opened(tmp_path, names="甲乙", words=WORDS, **parameters):
    folder = tables(tmp_path / "tables", [document(name, CITIES[name]) for name in names])
    rows = [(name, n, row) for name in names for n, row in enumerate(words[name], 1)]
    tokens = pd.DataFrame(rows, columns=["doc_id", "paragraph", "tokens"]).astype({"doc_id": "str"})
    write_table("tokens", tokens, folder)
    settings = {"min_df": 1} | parameters
    return open_study(notebook="02-terms", tables=str(folder), out=str(tmp_path / "out"), **settings)


@pytest.fixture
def study(tmp_path):
    return opened(tmp_path)


def test_every_result_shows_itself_in_both_languages(study):
    counted = study.term_counts()
    for result in (counted, counted.common(), counted.frequent()):
        check_result(result)


def test_occurrences_groups_and_mean_rates(study):
    table = study.term_counts().table.set_index("term")
    assert list(table.columns) == ["count", "groups", "documents", "per_1000"]
    assert table.loc["建设"].tolist() == [2, 2, 2, pytest.approx((1000 / 5 + 1000 / 3) / 2)]
    assert table.loc["茶山"].tolist() == [2, 1, 1, pytest.approx(1000 * 2 / 3 / 2, abs=1e-6)]
    assert list(table.index) == ["茶山", "渔港", "建设", "灯塔"]
    assert study.term_counts().sentences() == [
        "No name of the documents' own places stands in their text.",
        "8 kept words of 4 terms in 4 paragraphs.",
        "25.0% of the terms stand in every one of 2 cities, 75.0% in only one.",
    ]


def test_the_commonest_terms_are_those_of_the_highest_mean_rate(study):
    common = study.term_counts().common(most=2)
    assert common.terms() == ["茶山", "渔港"]
    rates = common.table.set_index(["group", "term"])["per_1000"]
    assert rates["盐城", "渔港"] == 600
    assert rates["合肥", "渔港"] == 0
    assert common.sentences() == ["The commonest terms, by mean rate: 茶山、渔港."]


def test_each_group_has_its_most_frequent_terms_ties_by_code_point(study):
    frequent = study.term_counts().frequent(terms=2)
    rows = frequent.table[["group", "term", "count"]].to_numpy().tolist()
    assert rows == [
        ["合肥", "茶山", 2],
        ["合肥", "建设", 1],
        ["盐城", "渔港", 3],
        ["盐城", "建设", 1],
        ["盐城", "灯塔", 1],
    ]
    assert frequent.data()["term"].tolist() == ["茶山", "建设", "渔港", "建设"]
    assert frequent.title == "The 2 most frequent terms of 2 of 2 cities"
    assert frequent.sentences() == ["Most frequent: 合肥 茶山、建设; 盐城 渔港、建设."]
    assert list(frequent.tables()) == ["terms-by-group"]


def test_a_group_without_a_counted_word_is_left_out_and_named(tmp_path):
    study = opened(tmp_path, "甲乙丙")
    assert study.term_counts().sentences()[-1] == "Left out, since no word of theirs is counted: 随州."
    assert set(study.term_counts().frequent().table["group"]) == {"合肥", "盐城"}
    assert study.term_counts().frequent().title.endswith("2 of 3 cities")
    assert study.term_counts().common().table["per_1000"].notna().all()


def test_of_one_group_no_share_in_all_is_said(tmp_path):
    counted = opened(tmp_path, "甲").term_counts()
    assert counted.sentences()[1:] == ["5 kept words of 3 terms in 2 paragraphs."]
    check_result(counted.common())
    check_result(counted.frequent())


def test_no_counted_word_is_a_reason(tmp_path):
    said = "No term stands in 3 of 2 paragraphs or more: lower min_df, or add text."
    counted = opened(tmp_path, "甲", min_df=3).term_counts()
    assert counted.common().sentences() == [said]
    assert counted.sentences("en") == [said]


def test_evidence_is_the_lines_of_a_term_in_its_group(tmp_path):
    words = {name: [["渔港"], ["茶山"], ["老街"]] for name in "甲乙"}  # which stand in the text of these tables
    frequent = opened(tmp_path, words=words).term_counts().frequent()
    assert frequent.table.iloc[0][["group", "term"]].tolist() == ["合肥", "老街"]
    lines = frequent.evidence(0)
    assert lines[["group", "doc_id", "paragraph", "node"]].to_numpy().tolist() == [["合肥", "乙", 3, "老街"]]


TEXTS = ["“三帮一带”在春天推开，渔民都来看。", "“三帮一带”让渔民收入增长。"]


@pytest.fixture
def proposing(tmp_path):
    words = {"甲": [["渔港"], ["三帮", "一带", "春天", "渔民"], ["三帮", "一带", "渔民", "收入"]]}
    folder = tables(tmp_path / "tables", [document("甲", "盐城")])
    texts = zip(("heading", "body", "body"), ["渔港", *TEXTS], strict=True)
    rows = [("甲", n, n, "", kind, int(n == 1), "渔港", text) for n, (kind, text) in enumerate(texts, 1)]
    columns = ["doc_id", "paragraph", "line", "unit", "kind", "level", "section", "text"]
    strings = dict.fromkeys(("doc_id", "unit", "kind", "section", "text"), "str")
    write_table("paragraphs", pd.DataFrame(rows, columns=columns).astype(strings), folder)
    tokens = pd.DataFrame(
        [("甲", n, row) for n, row in enumerate(words["甲"], 1)], columns=["doc_id", "paragraph", "tokens"]
    )
    write_table("tokens", tokens.astype({"doc_id": "str"}), folder)

    def again(**parameters):
        return open_study(notebook="02-terms", tables=str(folder), out=str(tmp_path / "out"), min_df=1, **parameters)

    return again


def test_strings_in_quotation_marks_are_proposed_with_their_lines(proposing):
    found = proposing().new_terms()
    check_result(found)
    assert found.table["term"].tolist() == ["三帮一带"]
    assert found.table["accept"].tolist() == [""]
    assert found.sentences() == ["1 string may be a term missing from the dictionary: 三帮一带."]
    assert found.evidence(0)["text"].tolist() == TEXTS
    assert list(found.tables()) == ["candidates"]


def test_nothing_happens_as_long_as_no_marks_are_named(proposing, tmp_path):
    dictionary = tmp_path / "terms.tsv"
    marks = proposing(dictionary=str(dictionary)).new_terms().accept("")
    assert marks.sentences() == ["No decisions are named: the dictionary stays as it is."]
    assert not dictionary.exists()
    check_result(marks)


def test_decisions_go_into_the_dictionary_and_are_not_proposed_again(proposing, tmp_path):
    dictionary, marked = tmp_path / "terms.tsv", tmp_path / "marked.csv"
    marked.write_text("term,accept\n三帮一带,y\n渔民都来,n\n推开,\n", encoding="utf-8")
    marks = proposing(dictionary=str(dictionary)).new_terms().accept(marked)
    assert marks.sentences() == ["1 terms added, 1 rejected: run make to build the tables with them."]
    assert read_decisions(dictionary) == ({"三帮一带"}, {"渔民都来"})
    again = proposing(dictionary=str(dictionary)).new_terms()
    assert again.sentences() == ["No string looks like a term missing from the dictionary."]
    assert again.accept(marked).sentences()[0].startswith("0 terms added, 0 rejected")


def test_wrong_marks_are_errors(proposing, tmp_path):
    found = proposing().new_terms()
    with pytest.raises(CrosscityError, match=r"absent\.csv"):
        found.accept(tmp_path / "absent.csv")
    marked = tmp_path / "marked.csv"
    marked.write_text("term,accept\n三帮一带,maybe\n", encoding="utf-8")
    with pytest.raises(CrosscityError, match="accept is 'maybe'"):
        found.accept(marked)
    marked.write_text("term,accept\n三帮一带,y\n", encoding="utf-8")
    with pytest.raises(CrosscityError, match="no dictionary is named"):
        found.accept(marked)


def test_tables_without_text_propose_nothing_and_say_so(tmp_path):
    folder = tables(tmp_path / "tables", [document("甲", "盐城")])
    write_text(folder / "of-text" / "edition.json", "{}")  # by which tables without text are known
    found = open_study(notebook="02-terms", tables=str(folder), out=str(tmp_path / "out")).new_terms()
    assert found.sentences() == ["Words missing from the dictionary are not looked for: these tables hold no text."]
    assert found.table.empty
    assert "accept" in found.tables()["candidates"]
