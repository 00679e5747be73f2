"""What groups say on questions: what answers and what does not, where each row leads, shares by hand, a safe page."""

import numpy as np
import pandas as pd
import pytest
from crosscity import CrosscityError
from crosscity.compare import questions, systems
from crosscity.explorer import fragments, systems_page

from tests.helpers.explorer import HOSTILE, Tree

ASKED = """
questions:
  - {question: duty, gloss: who, themes: [duty], strong: 责任制, terms: 分工 值班, not in: [旧责任制], with: 书记}
  - {question: aims, gloss: aims, table: quantities, values: [target]}
  - {question: schemes, gloss: schemes, table: programmes, values: [own, unknown]}
  - {question: faults, gloss: faults, stances: [problem, cause]}
"""
# Of each paragraph: document, number, group, kind, leaf by rank, and its sentences, each with its stance.
TEXT = [
    ("a", 1, "东港", "body", ["duty", "rooms"], [("书记落实责任制。", "achievement"), ("书记分工。", "plan")]),
    ("a", 2, "东港", "body", ["rooms", "duty"], [("书记分工。", "plan"), ("责任制由部门落实。", "achievement")]),
    ("a", 3, "东港", "body", ["rooms"], [("书记废除旧责任制。", "achievement"), ("书记没有责任制。", "problem")]),
    ("a", 4, "东港", "note", ["duty"], [("书记落实责任制。", "achievement")]),
    ("b", 1, "西港", "body", ["rooms"], [("到明年建五个灯塔和九个码头。", "plan"), ("灯塔计划。", "plan")]),
]


def tables(text=TEXT):
    """Paragraphs with groups, themes, stances, quantities, programmes and corpus."""
    paragraphs, themes, stances = [], [], []
    for doc, n, group, kind, leaves, sentences in text:
        joined = "".join(s for s, _ in sentences)
        paragraphs.append({"doc_id": doc, "paragraph": n, "group": group, "kind": kind, "text": joined})
        for rank, leaf in enumerate(leaves, start=1):
            themes.append({"doc_id": doc, "paragraph": n, "theme": f"{leaf}s", "leaf": leaf, "rank": rank})
        at = 0
        for sentence, stance in sentences:
            where = {"doc_id": doc, "paragraph": n, "start": at, "end": at + len(sentence)}
            stances.append({**where, "stance": stance, "voice": "author"})
            at += len(sentence)
    where = {"doc_id": "b", "paragraph": 1}
    quantities = [
        {**where, "start": 4, "end": 6, "item": "灯塔", "number": "五", "kind": "target"},
        {**where, "start": 9, "end": 11, "item": "码头", "number": "九", "kind": "target"},
        {**where, "start": 9, "end": 11, "item": "码头", "number": "九", "kind": "actual"},
        {"doc_id": "a", "paragraph": 4, "start": 0, "end": 2, "item": "书记", "number": "一", "kind": "target"},
    ]
    programme = {"start": 14, "end": 18, "canonical": "灯塔计划", "reach": "own", "type": "project"}
    programmes = [{**where, **programme, "components": []}]
    frames = map(pd.DataFrame, (paragraphs, themes, stances, quantities, programmes))
    return (*frames, pd.DataFrame({"doc_id": ["a", "b"]}))


@pytest.fixture
def asked(tmp_path):
    path = tmp_path / "asked.yaml"
    path.write_text(ASKED, encoding="utf-8")
    return path


def answers(table, question, group):
    part = table[(table["question"] == question) & (table["group"] == group) & (table["rank"] > 0)]
    return list(zip(part["paragraph"], part["start"], part["text"], strict=True))


def test_strong_words_answer_anywhere_and_terms_where_the_first_theme_is_asked(asked):
    table = systems.system(*tables(), path=asked)
    # Not: a term in a paragraph with another first theme, no companion, a hiding phrase, a problem, a note.
    assert answers(table, "duty", "东港") == [(1, 0, "书记落实责任制。"), (1, 8, "书记分工。")]
    assert table.loc[0, "why"] == "责任制 · theme duty · achievement"
    assert answers(table, "faults", "东港") == [(3, 9, "书记没有责任制。")]


def test_two_terms_answer_where_a_later_theme_is_asked_and_nowhere_else(asked):
    two = [("书记分工值班。", "plan")]
    text = [("a", n, "港", "body", leaves, two) for n, leaves in enumerate((["rooms", "duty"], ["rooms"], []), start=1)]
    assert answers(systems.system(*tables(text), path=asked), "duty", "港") == [(1, 0, "书记分工值班。")]


def test_themes_without_words_ask_for_every_sentence_of_their_paragraphs(tmp_path):
    path = tmp_path / "q.yaml"
    path.write_text("questions: [{question: rooms, gloss: r, stances: [plan], themes: [rooms]}]", encoding="utf-8")
    table = systems.system(*tables(), path=path)
    assert answers(table, "rooms", "东港") == [(2, 0, "书记分工。")]
    assert len(answers(table, "rooms", "西港")) == 2


def test_rows_of_tables_answer_by_the_sentence_in_which_they_begin(asked):
    table = systems.system(*tables(), path=asked)
    assert answers(table, "aims", "西港") == [(1, 0, "到明年建五个灯塔和九个码头。")]
    assert answers(table, "schemes", "西港") == [(1, 14, "灯塔计划。")]
    why = dict(zip(zip(table["question"], table["group"], strict=True), table["why"], strict=True))
    assert why["aims", "西港"] == "灯塔 五; 码头 九"
    assert why["schemes", "西港"] == "灯塔计划 (own project)"


def test_silence_is_a_row_and_a_zero(asked):
    table = systems.system(*tables(), path=asked)
    silent = table[table["why"] == systems.NOT_REPORTED]
    assert set(zip(silent["question"], silent["group"], strict=True)) == {
        ("duty", "西港"), ("aims", "东港"), ("schemes", "东港"), ("faults", "西港"),
    }  # fmt: skip
    matrix = systems.matrix(table)
    assert matrix.to_dict("index") == {
        "who": {"东港": 2, "西港": 0}, "aims": {"东港": 0, "西港": 1},
        "schemes": {"东港": 0, "西港": 1}, "faults": {"东港": 1, "西港": 0},
    }  # fmt: skip
    assert list(matrix.index) == ["who", "aims", "schemes", "faults"]


def test_every_row_leads_to_its_characters(asked):
    paragraphs, *rest = tables()
    texts = paragraphs.set_index(["doc_id", "paragraph"])["text"]
    for row in systems.system(paragraphs, *rest, path=asked).query("rank > 0").itertuples():
        assert texts[row.doc_id, row.paragraph][row.start : row.end] == row.text


def test_documents_take_turns_and_most_limits_what_is_shown_not_what_is_found(asked):
    good, fair = [("书记分工落实责任制。", "plan")] * 3, [("书记落实责任制。", "plan")]
    text = [("a", 1, "港", "body", ["duty"], good), ("b", 1, "港", "body", ["rooms"], fair)]
    table = systems.system(*tables(text), path=asked, most=2).query("question == 'duty'")
    assert list(zip(table["doc_id"], table["rank"], table["found"], strict=True)) == [("a", 1, 4), ("b", 2, 4)]


def test_documents_outside_the_corpus_take_no_part_and_labels_overrule_groups(asked):
    paragraphs, *rest, corpus = tables()
    assert set(systems.system(paragraphs, *rest, corpus[:1], path=asked)["group"]) == {"东港"}
    table = systems.system(paragraphs, *rest, corpus, labels=["甲"] * 2 + ["乙"] * 3, path=asked)
    assert set(table["group"]) == {"甲", "乙"}
    with pytest.raises(CrosscityError, match="give labels"):
        systems.system(paragraphs.drop(columns="group"), *rest, corpus, path=asked)


def test_the_order_of_rows_does_not_matter(asked):
    frames, n = tables(), 3
    mixed = [frame.sample(frac=1, random_state=n) for frame in frames]
    pd.testing.assert_frame_equal(systems.system(*frames, path=asked), systems.system(*mixed, path=asked))


def test_shipped_questions_are_read_and_faults_of_a_file_are_named(tmp_path):
    assert [q.question for q in questions.read_questions()][:3] == ["responsible", "assessed", "sanction"]
    assert questions.read_questions("report")[-1].question == "problems"
    path = tmp_path / "q.yaml"
    path.write_text("questions:\n- {question: x, stances: [hope], table: maps, colour: red}\n", encoding="utf-8")
    with pytest.raises(CrosscityError) as error:
        questions.read_questions(path)
    for said in ("x has 'colour'", "x has no gloss", "'hope' is no stance", "'maps' is no table"):
        assert said in str(error.value)
    path.write_text("questions: none\n", encoding="utf-8")
    with pytest.raises(CrosscityError, match="must be a list"):
        questions.read_questions(path)
    with pytest.raises(CrosscityError, match="is not there"):
        questions.read_questions(tmp_path / "absent.yaml")


def test_shares_of_stances_by_hand():
    ten, thirty = "灯" * 9 + "。", "塔" * 29 + "。"
    mixed = [("a", n, "港", "body", ["duty"], [(ten, "problem"), (thirty, "plan")]) for n in range(1, 9)]
    text = [*mixed, ("a", 9, "港", "body", ["rooms"], [(ten, "norm")])]
    paragraphs, themes, stances, *_ = tables(text)
    table = systems.theme_by_stance(themes, stances, paragraphs).set_index(["theme", "stance"])
    duty = table.loc[("dutys", "problem")]
    assert (duty["characters"], duty["sentences"], duty["paragraphs"], duty["share"]) == (80, 8, 8, 0.25)
    # Wilson's interval of 2 of 8 as printed in tables: 0.071 to 0.591.
    assert (duty["low"], duty["high"]) == pytest.approx((0.0715, 0.5907), abs=5e-4)
    rooms = table.loc[("roomss", "norm")]
    assert rooms["share"] == 1
    assert np.isnan(rooms["low"])
    assert table.loc[("all", "plan"), "share"] == pytest.approx(240 / 330, abs=1e-6)
    sums = table.groupby("theme")["share"].sum()
    assert sums.to_numpy() == pytest.approx(1, abs=1e-5)


def test_unequal_paragraphs_count_as_fewer():
    sizes = [70, *[10] * 7]  # (70 + 70)² / (4900 + 700) = 3.5
    text = [("a", n, "港", "body", ["duty"], [("塔" * s, "plan" if n > 1 else "norm")]) for n, s in enumerate(sizes, 1)]
    paragraphs, themes, stances, *_ = tables(text)
    row = systems.theme_by_stance(themes, stances, paragraphs).query("theme == 'all' and stance == 'norm'").iloc[0]
    z, n = 1.959964, 3.5
    half = z * np.sqrt(0.25 / n + z * z / (4 * n * n)) / (1 + z * z / n)
    assert (row["low"], row["high"]) == pytest.approx((0.5 - half, 0.5 + half), abs=1e-6)


def test_causes_with_the_themes_of_their_paragraph():
    text = [("a", 2, "港", "body", ["faults", "duty"], [("不好。", "problem"), ("因为不管。", "cause")])]
    paragraphs, themes, stances, *_ = tables(text)
    assert systems.causes(themes, stances, paragraphs).to_numpy().tolist() == [
        ["港", "a", 2, 3, 8, "因为不管。", "faultss; dutys"]
    ]


def test_programmes_are_joined_by_their_canonical_name():
    rows = [
        ("b", 1, 5, "灯塔计划", "shared", "project", ["建塔"]),
        ("a", 2, 0, "灯塔计划", "shared", "project", ["修路", "建塔"]),
        ("a", 1, 7, "灯塔计划", "shared", "method", []),
        ("c", 1, 0, "一号码头", "own", "numbered", []),
        ("x", 1, 0, "别处", "own", "numbered", []),
    ]
    columns = ["doc_id", "paragraph", "start", "canonical", "reach", "type", "components"]
    programmes = pd.DataFrame(rows, columns=columns).assign(end=lambda t: t["start"] + 4)
    corpus = pd.DataFrame({"doc_id": ["a", "b", "c"], "group": ["东港", "西港", "西港"]})
    table = systems.programmes_table(programmes, corpus)
    assert list(table["canonical"]) == ["灯塔计划", "一号码头"]
    first = table.iloc[0].to_dict()
    assert first == {
        "canonical": "灯塔计划", "reach": "shared", "type": "project", "parts": ("修路", "建塔"),
        "documents": ("a", "b"), "groups": ("东港", "西港"), "mentions": 3,
        "doc_id": "a", "paragraph": 1, "start": 7, "end": 11,
    }  # fmt: skip
    assert table.iloc[1]["parts"] == ()


def page(asked, text=TEXT, **options):
    return fragments.page(systems_page.system_page(systems.system(*tables(text), path=asked), **options), "System")


def test_a_page_shows_every_sentence_with_its_place_and_says_where_there_is_none(asked):
    tree = Tree(page(asked, notes=["one document a group"]))
    items = [item["text"] for item in tree.get("li")]
    assert any(i.startswith("书记落实责任制。") and "东港 · a ¶1, characters 0–8" in i for i in items)
    assert sum(cell["text"] == "not reported" for cell in tree.get("td")) == 4
    ids = {e["@id"] for e in tree.all if "@id" in e}
    back, *links = [a["@href"] for a in tree.get("a")]
    assert back == "index.html"
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
    table = systems.system(paragraphs, themes, stances, *facts, corpus, path=asked)
    made = systems_page.system_page(table, notes=HOSTILE)
    tree = Tree(made)
    assert not tree.get("script")
    assert not tree.get("img")
    assert not [k for e in tree.all for k in e if k.startswith("@on")]
    assert sum(HOSTILE in item["text"] for item in tree.get("li")) >= groups


def test_a_page_needs_a_whole_table_and_an_id(asked):
    table = systems.system(*tables(), path=asked)
    with pytest.raises(CrosscityError, match="table lacks why"):
        systems_page.system_page(table.drop(columns="why"))
    with pytest.raises(CrosscityError, match="prefix is '1x'"):
        systems_page.system_page(table, prefix="1x")


def test_without_programmes_there_is_an_empty_table():
    nothing = pd.DataFrame(columns=["doc_id", "paragraph", "start", "end", "canonical", "reach", "type", "components"])
    table = systems.programmes_table(nothing, pd.DataFrame({"doc_id": ["a"], "group": ["东港"]}))
    assert table.empty
    assert {"canonical", "reach", "groups"} <= set(table.columns)
