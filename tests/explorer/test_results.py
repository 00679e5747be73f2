"""The first answers: table, picture, sentences in both languages, and why there is none."""

import pandas as pd
import pytest
from crosscity.explorer.results import Cleaned
from crosscity.study.result import Result, Unavailable
from crosscity.tables.builder import build

from tests.helpers.chinese import english_left
from tests.helpers.explorer import open_explorer

QUESTIONS = ("extent", "use", "context", "divergence", "topics_of", "reported", "stated", "themes", "cleaned")
DRAWN = {"use", "divergence", "topics_of", "themes"}


@pytest.mark.parametrize("question", QUESTIONS)
def test_each_answer_is_a_result(ask, question):
    result = getattr(ask, question)()
    assert isinstance(result, Result)
    assert result, repr(result)
    assert result is getattr(ask, question)()  # computed once
    table = result.table
    assert type(table) is pd.DataFrame
    table["own"] = 1
    assert "own" not in result.table  # a copy
    assert result.title
    assert result.title in repr(result)
    if question in DRAWN:
        assert result.alt
        for width in ("page", "column"):
            assert result.figure(width).axes
    for sentence in result.sentences("en"):
        assert sentence.endswith((".", "spaces 59"))
    assert "<table" in result.to_html()


@pytest.mark.parametrize("question", QUESTIONS)
def test_answers_are_in_chinese(folders, tmp_path, question):
    ask = open_explorer(folders / "embedded", tmp_path, language="zh")
    result = getattr(ask, question)()
    for text in (result.title, *result.sentences()):
        assert not english_left(text), text


def test_what_is_asked_in_english_is_answered(ask):
    result = ask.use("Party members")
    assert result.query.startswith("党员")
    assert set(result.table["group"]) == set(ask.groups())
    assert ask.context("Party members").table["node"].iloc[0] in result.query.split()


def test_one_side_of_a_pair_may_be_named(ask):
    a, b = ask.pair()
    other = next(g for g in ask.groups() if g not in (a, b))
    assert ask.reported(other).pair == (other, b)
    assert ask.reported(b=a).pair == (b, a)


def test_a_document_shows_itself_with_its_changes(ask):
    result = ask.cleaned("合肥")
    assert isinstance(result, Cleaned)
    assert '<div class="cc-document">' in result.to_html()
    assert result.to_html().startswith("<div")
    assert len(result.table) == len(ask.changes("合肥"))


def test_what_cannot_be_answered_says_why(folders, tmp_path):
    shut = open_explorer(folders / "derived", tmp_path)
    for question in ("context", "cleaned"):
        assert isinstance(result := getattr(shut, question)(), Unavailable)
        assert "These tables hold no text" in result.sentences()[0]
    alone = open_explorer(folders / "embedded", tmp_path, only={"city": "合肥"})
    for question in ("divergence", "topics_of", "reported"):
        assert getattr(alone, question)().sentences() == ["There is one group, and nothing to compare it with."]
    for question in ("extent", "use", "context", "stated", "themes", "cleaned"):
        assert getattr(alone, question)()


def test_what_is_kept(ask):
    study = ask.study
    study.keep(*(getattr(ask, q)() for q in QUESTIONS if q not in ("context", "stated")))
    made = {p.name for p in study.out.iterdir()}
    assert {"search.csv", "shift.svg", "sides.json", "indicators.csv", "topics.html", "changes.csv"} <= made
    assert not [name for name in made if name.startswith(("extent", "lines", "quantities"))]
    assert len(study.findings) == 7


@pytest.mark.parametrize(
    "texts", [["渔港修好了三个码头。"], ["今年投入5万元。", "今年投入5万元。"], ["茶。", "渔港修好了。"]]
)
@pytest.mark.parametrize("min_df", [1, 3])
def test_a_few_words_are_no_fault(tmp_path, texts, min_df):
    for i, text in enumerate(texts):
        (tmp_path / "raw").mkdir(exist_ok=True)
        (tmp_path / "raw" / f"{i}.txt").write_text(text + "\n", encoding="utf-8")
    build(tmp_path / "raw", tmp_path / "tables", progress=False)
    ask = open_explorer(tmp_path / "tables", tmp_path / "out", min_df=min_df)
    for question in QUESTIONS:
        result = getattr(ask, question)()
        assert "<div" in result.to_html()
        if not result:
            assert len(result.sentences()[0]) > 20
