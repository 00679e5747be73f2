"""What groups say on questions: what answers and what does not, where each row leads."""

import pandas as pd
import pytest
from crosscity import CrosscityError
from crosscity.compare.answers import NOT_ASKED, NOT_REPORTED, NOT_YET, answer_counts, answer_matrix

from tests.helpers.coded_text import tables

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


ANSWERS = """
vague: [提供保障]
questions:
  - question: assessed
    gloss: how assessed
    themes: [duty]
    stances: achievement plan problem
    strong: 考核
    answers: ["考核[^。]*占", "每年[^，。]*考核"]
  - {question: duty, gloss: who, themes: [duty], stances: achievement plan problem, strong: 责任 考核}
  - {question: later, gloss: later, themes: [duty], strong: 减负, since: "2019-03"}
  - {question: faults, gloss: faults, stances: [problem], not asked of: [news]}
"""


@pytest.fixture
def judged(tmp_path):
    path = tmp_path / "judged.yaml"
    path.write_text(ANSWERS, encoding="utf-8")
    return path


def coded(*sentences, numbers=()):
    """Tables of one paragraph on duty; numbers are texts in it that are quantities."""
    text = [("a", 1, "港", "body", ["duty"], list(sentences))]
    paragraphs, themes, stances, quantities, programmes, corpus = tables(text)
    whole = paragraphs.loc[0, "text"]
    rows = [
        {"doc_id": "a", "paragraph": 1, "start": whole.index(n), "end": whole.index(n) + len(n), "item": "项",
         "number": n, "unit": "个", "kind": "actual"}
        for n in numbers
    ]  # fmt: skip
    quantities = pd.DataFrame(rows, columns=quantities.columns) if rows else quantities[:0]
    about = {"date": "2016", "genre": "news feature", "doc_type": "unknown", "year": "2016"}
    return paragraphs, themes, stances, quantities, programmes[:0], corpus[:1].assign(**about)


def best(frames, path, question="assessed"):
    table = answer_matrix(*frames, path=path)
    return table.loc[(table["question"] == question) & (table["rank"] <= 1), ["text", "why"]].iloc[0].tolist()


def test_a_sentence_that_only_mentions_the_matter_does_not_answer(judged):
    mention = ("我们重视考核，提高了认识。", "achievement")
    assert best(coded(mention), judged) == ["", NOT_REPORTED]
    # A figure beside the word answers, and one in another clause does not.
    assert best(coded(("考核了12个村，有收获。", "achievement"), numbers=["12"]), judged)[0] == "考核了12个村，有收获。"
    assert best(coded(("重视考核，建了12座桥。", "achievement"), numbers=["12"]), judged)[1] == NOT_REPORTED
    # One that goes on with the clause does.
    assert best(coded(("按考核发放，平均12个。", "achievement"), numbers=["12"]), judged)[0] == "按考核发放，平均12个。"


def test_the_sentence_that_says_how_stands_before_those_that_mention_more(judged):
    long = ("考核责任、考核落实，考核成效3个，为发展提供保障。", "achievement")
    how = ("党建在考核中占一半。", "achievement")
    assert best(coded(long, how, numbers=["3"]), judged)[0] == "党建在考核中占一半。"
    # The first expression weighs more than the second with a figure beside it.
    yearly = ("每年考核12个村。", "achievement")
    half = ("党建工作情况在年度考核总分中占到一半。", "achievement")
    assert best(coded(yearly, half, numbers=["12"]), judged)[0] == half[0]
    # What is planned or done stands before a problem; a problem stands where there is nothing else.
    fault = ("每年考核流于形式。", "problem")
    assert best(coded(fault, ("每年年终考核。", "plan")), judged)[0] == "每年年终考核。"
    assert best(coded(fault), judged)[0] == "每年考核流于形式。"


def test_figures_in_a_speech_that_is_quoted_do_not_count(judged):
    speech = ("“我村考核帮助群众解决难题19个真不少”，他在考核会上说。", "achievement")
    assert best(coded(speech, numbers=["19"]), judged)[1] == NOT_REPORTED


def test_a_sentence_that_answers_two_questions_best_leaves_one_to_the_next_or_is_marked(judged):
    one = ("每年考核，责任考核占一半。", "achievement")
    table = answer_matrix(*coded(one), path=judged)
    first = table[table["rank"] == 1].set_index("question")
    assert first.loc["assessed", "also"] == "who"
    assert first.loc["duty", "also"] == "how assessed"
    table = answer_matrix(*coded(one, ("责任到人，层层落实，不留死角。", "achievement")), path=judged)
    first = table[table["rank"] == 1].set_index("question")
    assert first.loc["assessed", "text"] == one[0]
    assert first.loc["duty", "text"] == "责任到人，层层落实，不留死角。"
    assert set(first["also"]) == {""}
    assert sorted(table.loc[table["question"] == "duty", "rank"]) == [1, 2]


def test_a_silence_has_three_grades(judged):
    table = answer_matrix(*coded(("书记讲话。", "achievement")), path=judged).set_index("question")
    assert table["why"].to_dict() == {
        "assessed": NOT_REPORTED, "duty": NOT_REPORTED, "later": NOT_YET, "faults": NOT_ASKED,
    }  # fmt: skip
    *frames, corpus = coded(("书记讲话。", "achievement"))
    later = corpus.assign(date="2019-04", genre="", doc_type="work report")
    table = answer_matrix(*frames, later, path=judged).set_index("question")
    assert set(table["why"]) == {NOT_REPORTED}
    # A document without a date may know everything.
    table = answer_matrix(*frames, corpus.assign(date="", year=None), path=judged).set_index("question")
    assert table.loc["later", "why"] == NOT_REPORTED


def test_a_cell_says_where_its_sentence_begins_to_answer_and_what_it_holds(judged):
    frames = coded(("春天来了，村里热闹，每年考核12个村。", "achievement"), numbers=["12"])
    row = answer_matrix(*frames, path=judged).iloc[0]
    assert row["text"][row["key"] :] == "每年考核12个村。"
    assert row["figures"] == "12个 项"
    assert row["programmes"] == ""


SIDES = """
never: [方面入手]
questions:
  - question: paid
    gloss: how paid
    themes: [pay]
    stances: achievement plan problem
    strong: 报酬
    figures: \\d+元
    answers: ["报酬[^，。]*达", "报酬[^，。]*按"]
    partly: ["报酬[^，。]*提高"]
  - {question: faults, gloss: faults, stances: [problem], partly: [不足], besides: ["解决[^。]*难"]}
  - {question: aims, gloss: aims, table: quantities, values: [target], strong: 目标, answers: [到明年, 目标]}
"""


@pytest.fixture
def sided(tmp_path):
    path = tmp_path / "sided.yaml"
    path.write_text(SIDES, encoding="utf-8")
    return path


def cell(frames, path, question):
    table = answer_matrix(*frames, path=path)
    return table[(table["question"] == question) & (table["rank"] > 0)]


def test_half_an_answer_stands_behind_a_full_one_and_what_is_none_answers_nothing(sided):
    half, full = ("村里报酬提高，报酬问题。", "achievement"), ("报酬达千元。", "achievement")
    assert list(cell(coded(half, full), sided, "paid")["text"]) == [full[0], half[0]]
    assert list(cell(coded(half), sided, "paid")["text"]) == [half[0]]
    topics = ("从教育、考核、报酬达标等方面入手。", "achievement")
    assert cell(coded(topics), sided, "paid").empty


def test_only_figures_of_the_questions_unit_answer(sided):
    sums, counts = ("报酬为300元。", "achievement"), ("报酬事项180件。", "achievement")
    assert list(cell(coded(sums, numbers=["300"]), sided, "paid")["text"]) == [sums[0]]
    assert cell(coded(counts, numbers=["180"]), sided, "paid").empty


def test_a_second_sentence_completes_a_cell_if_it_has_another_side(sided):
    level, rule, same = ("报酬达千元。", "plan"), ("报酬按公务员定。", "plan"), ("副职报酬也达千元。", "plan")
    assert list(cell(coded(level, rule), sided, "paid")["shown"]) == [True, True]
    assert list(cell(coded(level, same), sided, "paid")["shown"]) == [True, False]
    far = ("报酬按公务员定，" + "这一条说得很长" * 25 + "。", "plan")
    assert list(cell(coded(level, far), sided, "paid")["shown"]) == [True, False]


def test_a_sentence_that_announces_lends_its_word_to_the_next(tmp_path):
    path = tmp_path / "lent.yaml"
    path.write_text("questions: [{question: paid, gloss: p, strong: 报酬, answers: [按公务员]}]", encoding="utf-8")
    head, rule = ("一是抓好报酬。", "achievement"), ("按公务员的标准发。", "achievement")
    assert list(cell(coded(head, rule), path, "paid")["text"]) == [rule[0]]
    assert cell(coded(rule, head), path, "paid").empty
    said = ("一是抓好12个村的报酬。", "achievement")  # says something itself
    assert cell(coded(said, rule), path, "paid").empty


def test_problems_need_an_expression_and_those_told_as_solved_come_last(sided):
    pressure, lack = ("肩上压力很大。", "problem"), ("人手不足。", "problem")
    solved, done = ("解决办事难。", "achievement"), ("修了路。", "achievement")
    assert list(cell(coded(pressure, solved, lack, done), sided, "faults")["text"]) == [lack[0], solved[0]]


def test_an_aim_without_a_figure_answers_behind_those_with_one(sided):
    words = ("以人人满意为工作目标。", "plan")
    text = [("b", 1, "西港", "body", ["rooms"], [("到明年建五个灯塔和九个码头。", "plan"), words])]
    assert list(cell(tables(text), sided, "aims")["text"]) == ["到明年建五个灯塔和九个码头。", words[0]]
    # An outlay that is planned is no aim.
    outlay = [("b", 1, "西港", "body", ["rooms"], [("到今年建五个灯塔和九个码头。", "plan"), words])]
    assert list(cell(tables(outlay), sided, "aims")["text"]) == [words[0]]
