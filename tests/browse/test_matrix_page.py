"""The page of the matrix: what a cell shows, which silence it is, and what a person wrote."""

import pytest
from crosscity import CrosscityError
from crosscity.browse.matrix_page import MOST_SHOWN, Voice, matrix_page
from crosscity.compare.answers import answer_matrix
from crosscity.language import in_language

from tests.helpers.coded_text import tables
from tests.helpers.pages import Page

ASKED = """
questions:
  - {question: duty, gloss: who, themes: [duty], strong: 责任制, terms: 分工}
  - {question: aims, gloss: aims, table: quantities, values: [target]}
  - {question: later, gloss: later, themes: [duty], strong: 减负, since: "2019-03"}
"""


@pytest.fixture
def matrix(tmp_path):
    path = tmp_path / "asked.yaml"
    path.write_text(ASKED, encoding="utf-8")
    *frames, corpus = tables()
    return answer_matrix(*frames, corpus.assign(date="2016", genre="", doc_type=""), path=path)


def voices(names=("东港", "西港")):
    return [Voice(name, "2016 · news", "", [(8, "duties"), (4, "")], 12) for name in names]


def cells(page, name):
    """The text of each cell of a question's row."""
    row = page.split(f'data-question="{name}"')[1].split("</tr>")[0]
    return [Page(f"<td{cell}", policy=False).text for cell in row.split("<td")[1:]]


def test_a_cell_shows_its_sentence_with_place_figures_and_the_others_behind_it(matrix):
    html = matrix_page(matrix, voices(), "Matrix", ["one document a group"], sources={"later": "2019-03"})
    page = Page(html)
    assert page.problems == []
    first, second = cells(html, "duty")
    assert "●" in first
    assert "¶1" in first
    assert "3 more" in first  # of four that answer
    assert second.strip() == "not reported"
    assert "五个 灯塔" in cells(html, "aims")[1]
    assert "not yet current then" in cells(html, "later")[0]
    assert "current since 2019-03" in cells(html, "later")[0]
    assert "one document a group" in page.text


def test_a_persons_words_stand_in_cell_row_and_head_and_say_when_they_are_stale(matrix):
    written = {("duty", "东港"): ("一人负责", False), ("duty", ""): ("各不相同", True), ("", "西港"): ("少言", False)}
    html = matrix_page(matrix, voices(), "Matrix", summaries=written)
    assert "一人负责" in cells(html, "duty")[0]
    assert "stale" not in cells(html, "duty")[0]
    row = html.split('data-question="duty"')[1].split("<td")[0]
    assert "各不相同" in row
    assert "stale: the sentences have changed since" in row
    assert "少言" in html.split("<tbody>")[0]


def test_of_many_voices_eight_are_shown_and_all_can_be_chosen(tmp_path):
    path = tmp_path / "asked.yaml"
    path.write_text(ASKED, encoding="utf-8")
    names = [f"港{n:02}" for n in range(20)]
    text = [(n, 1, n, "body", ["duty"], [("书记落实责任制。", "plan")]) for n in names]
    *frames, corpus = tables(text)
    corpus = frames[0][["doc_id"]].assign(date="", genre="", doc_type="")
    html = matrix_page(answer_matrix(*frames, corpus, path=path), voices(names), "Matrix")
    page = Page(html)
    assert page.problems == []
    heads = [dict(a) for tag, a in page.elements if tag == "th" and "data-voice" in dict(a)]
    assert len(heads) == 20
    assert sum("hidden" not in head for head in heads) == MOST_SHOWN
    boxes = [dict(a) for tag, a in page.elements if tag == "input" and dict(a).get("type") == "checkbox"]
    assert len(boxes) == 20
    assert sum("checked" in box for box in boxes) == MOST_SHOWN


def test_english_readers_get_glosses_and_chinese_ones_none(matrix):
    assert "<abbr" in matrix_page(matrix, voices(), "Matrix")
    with in_language("zh"):
        html = matrix_page(matrix, voices(), "矩阵")
    assert "<abbr" not in html
    assert "未见表述" in html


def test_a_table_that_lacks_a_column_is_refused(matrix):
    with pytest.raises(CrosscityError, match="table lacks why: give the table of"):
        matrix_page(matrix.drop(columns="why"), voices(), "Matrix")


def test_a_sentence_that_completes_a_cell_stands_in_it_and_not_among_the_others(matrix):
    second = (matrix["question"] == "duty") & (matrix["rank"] == 2)
    html = matrix_page(matrix.assign(shown=matrix["shown"] | second), voices(), "Matrix")
    cell = cells(html, "duty")[0]
    assert cell.split("2 more")[0].count("¶") == 2
    assert cell.count("¶") == 4
    assert cells(matrix_page(matrix, voices(), "Matrix"), "duty")[0].split("3 more")[0].count("¶") == 1
