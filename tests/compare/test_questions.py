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
