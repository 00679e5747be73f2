"""Questions: the shipped ones, and the faults of a file."""

import pytest
from crosscity import CrosscityError
from crosscity.compare import questions


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


def test_what_is_never_an_answer_holds_for_each_question_and_figures_are_an_expression(tmp_path):
    path = tmp_path / "q.yaml"
    own = "- {question: a, gloss: a, never: [乙], figures: false}\n- {question: b, gloss: b, figures: '[0-9]元'}\n"
    path.write_text("never: [甲]\nquestions:\n" + own, encoding="utf-8")
    a, b = questions.read_questions(path)
    assert [p.pattern for p in a.never] == ["甲", "乙"]
    assert [p.pattern for p in b.never] == ["甲"]
    assert a.figures is None
    assert b.figures.match("5元")
    path.write_text("questions:\n- {question: a, gloss: a, figures: '['}\n", encoding="utf-8")
    with pytest.raises(CrosscityError, match="no regular expression"):
        questions.read_questions(path)
