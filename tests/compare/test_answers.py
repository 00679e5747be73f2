"""What groups say on questions: what answers and what does not, where each row leads, a safe page."""

import pandas as pd
import pytest
from crosscity import CrosscityError
from crosscity.browse import fragments, systems_page
from crosscity.compare.answers import NOT_REPORTED, answer_counts, answer_matrix

from tests.browse.test_topics_page import HOSTILE, Tree
from tests.helpers.coded_text import TEXT, tables

ASKED = """
questions:
  - {question: duty, gloss: who, themes: [duty], strong: 责任制, terms: 分工 值班, not in: [旧责任制], with: 书记}
  - {question: aims, gloss: aims, table: quantities, values: [target]}
  - {question: schemes, gloss: schemes, table: programmes, values: [own, unknown]}
  - {question: faults, gloss: faults, stances: [problem, cause]}
"""


@pytest.fixture
def asked(tmp_path):
    path = tmp_path / "asked.yaml"
    path.write_text(ASKED, encoding="utf-8")
    return path


def answers(table, question, group):
    part = table[(table["question"] == question) & (table["group"] == group) & (table["rank"] > 0)]
    return list(zip(part["paragraph"], part["start"], part["text"], strict=True))


def test_strong_words_answer_anywhere_and_terms_where_the_first_theme_is_asked(asked):
    table = answer_matrix(*tables(), path=asked)
    # Not: a term in a paragraph with another first theme, no companion, a hiding phrase, a problem, a note.
    assert answers(table, "duty", "东港") == [(1, 0, "书记落实责任制。"), (1, 8, "书记分工。")]
    assert table.loc[0, "why"] == "责任制 · theme duty · achievement"
    assert answers(table, "faults", "东港") == [(3, 9, "书记没有责任制。")]


def test_two_terms_answer_where_a_later_theme_is_asked_and_nowhere_else(asked):
    two = [("书记分工值班。", "plan")]
    text = [("a", n, "港", "body", leaves, two) for n, leaves in enumerate((["rooms", "duty"], ["rooms"], []), start=1)]
    assert answers(answer_matrix(*tables(text), path=asked), "duty", "港") == [(1, 0, "书记分工值班。")]


def test_themes_without_words_ask_for_every_sentence_of_their_paragraphs(tmp_path):
    path = tmp_path / "q.yaml"
    path.write_text("questions: [{question: rooms, gloss: r, stances: [plan], themes: [rooms]}]", encoding="utf-8")
    table = answer_matrix(*tables(), path=path)
    assert answers(table, "rooms", "东港") == [(2, 0, "书记分工。")]
    assert len(answers(table, "rooms", "西港")) == 2


def test_rows_of_tables_answer_by_the_sentence_in_which_they_begin(asked):
    table = answer_matrix(*tables(), path=asked)
    assert answers(table, "aims", "西港") == [(1, 0, "到明年建五个灯塔和九个码头。")]
    assert answers(table, "schemes", "西港") == [(1, 14, "灯塔计划。")]
    why = dict(zip(zip(table["question"], table["group"], strict=True), table["why"], strict=True))
    assert why["aims", "西港"] == "灯塔 五; 码头 九"
    assert why["schemes", "西港"] == "灯塔计划 (own project)"


def test_silence_is_a_row_and_a_zero(asked):
    table = answer_matrix(*tables(), path=asked)
    silent = table[table["why"] == NOT_REPORTED]
    assert set(zip(silent["question"], silent["group"], strict=True)) == {
        ("duty", "西港"), ("aims", "东港"), ("schemes", "东港"), ("faults", "西港"),
    }  # fmt: skip
    matrix = answer_counts(table)
    assert matrix.to_dict("index") == {
        "who": {"东港": 2, "西港": 0}, "aims": {"东港": 0, "西港": 1},
        "schemes": {"东港": 0, "西港": 1}, "faults": {"东港": 1, "西港": 0},
    }  # fmt: skip
    assert list(matrix.index) == ["who", "aims", "schemes", "faults"]


def test_every_row_leads_to_its_characters(asked):
    paragraphs, *rest = tables()
    texts = paragraphs.set_index(["doc_id", "paragraph"])["text"]
    for row in answer_matrix(paragraphs, *rest, path=asked).query("rank > 0").itertuples():
        assert texts[row.doc_id, row.paragraph][row.start : row.end] == row.text


def test_documents_take_turns_and_n_limits_what_is_shown_not_what_is_found(asked):
    good, fair = [("书记分工落实责任制。", "plan")] * 3, [("书记落实责任制。", "plan")]
    text = [("a", 1, "港", "body", ["duty"], good), ("b", 1, "港", "body", ["rooms"], fair)]
    table = answer_matrix(*tables(text), path=asked, n=2).query("question == 'duty'")
    assert list(zip(table["doc_id"], table["rank"], table["found"], strict=True)) == [("a", 1, 4), ("b", 2, 4)]


def test_documents_outside_the_corpus_take_no_part_and_groups_are_needed(asked):
    paragraphs, *rest, corpus = tables()
    assert set(answer_matrix(paragraphs, *rest, corpus[:1], path=asked)["group"]) == {"东港"}
    with pytest.raises(CrosscityError, match="lack the column group"):
        answer_matrix(paragraphs.drop(columns="group"), *rest, corpus, path=asked)


def test_the_order_of_rows_does_not_matter(asked):
    frames, n = tables(), 3
    mixed = [frame.sample(frac=1, random_state=n) for frame in frames]
    pd.testing.assert_frame_equal(answer_matrix(*frames, path=asked), answer_matrix(*mixed, path=asked))


def page(asked, text=TEXT, **options):
    return fragments.page(systems_page.system_page(answer_matrix(*tables(text), path=asked), **options), "System")


def test_a_page_shows_every_sentence_with_its_place_and_says_where_there_is_none(asked):
    tree = Tree(page(asked, notes=["one document a group"]))
    items = [item["text"] for item in tree.get("li")]
    assert any(i.startswith("书记落实责任制。") and "东港 · a ¶1, characters 0–8" in i for i in items)
    assert sum(cell["text"] == "not reported" for cell in tree.get("td")) == 4
    ids = {e["@id"] for e in tree.all if "@id" in e}
    within = [a["@href"] for a in tree.get("a")]
    assert "../index.html" in within
    links = [link for link in within if link.startswith("#") and link != "#main"]
    assert len(links) == 4 + 4
    assert {link[1:] for link in links} <= ids
    assert tree.get("p", class_="notes")[0]["text"] == "one document a group"


@pytest.mark.parametrize("groups", [2, 13])
def test_a_page_escapes_all_and_has_no_script(asked, groups):
    text = [
        (f"{HOSTILE}{n}", 1, f"{HOSTILE}{n}", "body", ["duty"], [(f"书记责任制{HOSTILE}", "plan")])
        for n in range(groups)
    ]
    paragraphs, themes, stances, quantities, programmes, _ = tables(text)
    facts = (q.assign(doc_id=text[0][0], paragraph=1) for q in (quantities, programmes))
    corpus = paragraphs[["doc_id"]]
    table = answer_matrix(paragraphs, themes, stances, *facts, corpus, path=asked)
    made = systems_page.system_page(table, notes=HOSTILE)
    tree = Tree(made)
    assert not tree.get("script")
    assert not tree.get("img")
    assert not [k for e in tree.all for k in e if k.startswith("@on")]
    assert sum(HOSTILE in item["text"] for item in tree.get("li")) >= groups


def test_a_page_needs_a_whole_table_and_an_id(asked):
    table = answer_matrix(*tables(), path=asked)
    with pytest.raises(CrosscityError, match="table lacks why"):
        systems_page.system_page(table.drop(columns="why"))
    with pytest.raises(CrosscityError, match="prefix is '1x'"):
        systems_page.system_page(table, prefix="1x")
