"""The matrix of questions by voices as a result: its table, pictures, page, workbook, and a person's summaries."""

import json

import pandas as pd
import pytest
from crosscity import CrosscityError
from crosscity.study.results import matrix as module
from crosscity.study.summaries import COLUMNS, checksums

from tests.files.test_workbooks import cells
from tests.helpers.results import check_result

MEASURES = ("F",)  # F1 is a measure's name


@pytest.fixture
def study(asked, of_towns):
    return asked(of_towns)


def test_the_matrix(study):
    matrix = study.matrix()
    check_result(matrix, MEASURES)
    assert matrix.counts.shape == (15, 3)
    n = int((matrix.counts > 0).sum().sum())
    assert matrix.sentences()[0] == f"15 questions by 3 voices: {n} of 45 cells are answered."
    rows = matrix.table
    said = rows.index[(rows["gloss"] == "who is responsible") & (rows["group"] == "随州")][0]
    assert list(matrix.evidence(said)["text"]) == [rows["text"][said]]
    assert rows["text"][said] == "深入实施“头雁工程”，党委书记是第一责任人。"
    silent = rows.index[rows["rank"] == 0][0]
    assert matrix.evidence(silent).empty
    assert list(matrix.tables()) == ["matrix-sentences"]
    assert "第一责任人" in matrix.pages()["matrix"].html
    assert study.matrix("report").counts.index[0] != matrix.counts.index[0]
    assert [part.name for part in matrix.parts()] == ["matrix-2"]


def test_of_many_voices_the_best_sentences_are_kept_and_the_workbook_has_the_longest(study, monkeypatch):
    whole = study.matrix()
    monkeypatch.setattr(module, "MOST_VOICES", 2)
    monkeypatch.setattr(module, "_BEST", 1)
    monkeypatch.setattr(module, "_IN_WORKBOOK", 2)
    study._results.clear()
    matrix = study.matrix()
    assert matrix.rows["rank"].max() == 1 < whole.rows["rank"].max()
    pd.testing.assert_frame_equal(matrix.counts, whole.counts)  # however many are listed
    first = whole.rows[whole.rows["rank"] <= 1].reset_index(drop=True)
    pd.testing.assert_frame_equal(matrix.rows, first)
    few = study.matrix(voices=("盐城",))  # of few that are asked for, all are there
    assert len(few.rows) == (whole.rows["group"] == "盐城").sum()
    study.keep(matrix)
    book = cells((study.out / "matrix.xlsx").read_bytes())
    longest = sorted(matrix.voices, key=lambda voice: -voice.size)[:2]
    named = [voice for voice in matrix.voices if voice in longest]
    assert [(book[f"{c}1"], book[f"{c}2"]) for c in "BC"] == [(voice.name, voice.about) for voice in named]
    assert "D1" not in book
    assert book["A3"] == "The 2 of 3 voices with the most text; all stand in matrix-sentences.csv."


def test_some_voices_alone(study):
    some = study.matrix(voices=("随州", "合肥"))
    check_result(some, MEASURES)
    assert list(some.counts.columns) == ["随州", "合肥"]
    assert set(some.table["group"]) == {"随州", "合肥"}
    with pytest.raises(CrosscityError, match="there is no voice '扬州': there are 合肥, "):
        study.matrix(voices=("扬州",))
    with pytest.raises(CrosscityError, match="by is 'city': give voice, or group for what the study compares"):
        study.matrix(by="city")


def test_a_document_of_several_reports_is_several_voices_whatever_is_compared(study):
    paragraphs = study._with_tokens()
    own = paragraphs["doc_id"] == "甲"
    assert own.sum() > 2
    units = ["随县" if n % 2 else "广水市" for n in paragraphs["paragraph"]]
    paragraphs["unit"] = [unit if of_it else "" for unit, of_it in zip(units, own, strict=True)]
    study._results.clear()
    [city] = study.corpus.loc[study.corpus["doc_id"] == "甲", "city"]
    assert study.by == "city"
    by_voice, by_city = study.matrix(), study.matrix(by="group")
    assert set(by_voice.counts.columns) == set(by_city.counts.columns) - {city} | {"随县", "广水市"}
    # Nothing is lost: what answers is the same, whoever is said to speak.
    spans = ["question", "doc_id", "paragraph", "start"]
    found = [{*m.table.loc[m.table["rank"] > 0, spans].itertuples(index=False, name=None)} for m in (by_voice, by_city)]
    assert found[0] == found[1]


def test_what_is_kept(study):
    matrix = study.matrix()
    study.keep(matrix)
    kept = {path.name for path in study.out.iterdir()}
    assert {"matrix.svg", "matrix-2.svg", "matrix.csv", "matrix-sentences.csv", "matrix.html", "matrix.xlsx"} <= kept
    assert (study.out / "summaries" / "matrix.csv").is_file()
    book = cells((study.out / "matrix.xlsx").read_bytes())
    assert [book["B1"], book["C1"], book["D1"]] == list(matrix.counts.columns)
    assert book["A3"] == "who is responsible"
    assert any("第一责任人" in str(value) for value in book.values())
    pages = json.loads((study.out / "findings.json").read_text(encoding="utf-8"))["pages"]
    assert [page["name"] for page in pages] == ["matrix"]


def test_a_persons_summaries_are_read_from_the_answers_and_survive(study):
    sums = checksums(study.matrix().table)
    folder = study.out.parent / "reports" / "08-facts"
    object.__setattr__(study, "out", folder)
    answers = folder.parents[1] / "answers" / "matrix.csv"
    answers.parent.mkdir(parents=True)
    lines = [("assessed", "合肥", "abc", "旧的话"), ("", "合肥", sums["", "合肥"], "合肥讲考核")]
    answers.write_text("\n".join([",".join(COLUMNS), *map(",".join, lines)]) + "\n", encoding="utf-8")
    study._results.clear()
    matrix = study.matrix()
    html = matrix.pages()["matrix"].html
    assert "旧的话" in html
    assert "合肥讲考核" in html
    assert matrix.sentences()[-1] == "1 of your summaries are stale: their sentences have changed."
    before = answers.read_bytes()
    study.keep(matrix)
    assert answers.read_bytes() == before
    assert "旧的话" in (folder / "summaries" / "matrix.csv").read_text(encoding="utf-8")
