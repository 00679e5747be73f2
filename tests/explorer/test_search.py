"""Search, against tables made by hand: every match counts once, and what cannot be asked is said."""

import re

import numpy as np
import pandas as pd
import pytest
from crosscity import CrosscityError
from crosscity.explorer import search

PARAGRAPHS = pd.DataFrame(
    [
        ("乙", 1, "西", "渔港没有GDP增长5%。", ["渔港", "没有", "GDP", "增长", "5%"]),
        ("甲", 1, "东", "渔港修好了。渔港很大。", ["渔港", "修好", "了", "渔港", "很大"]),
        ("甲", 2, "东", "茶山有茶。", ["茶山", "有", "茶"]),
    ],
    columns=["doc_id", "paragraph", "group", "text", "tokens"],
)
THEMES = pd.DataFrame({"doc_id": ["甲", "甲", "乙"], "paragraph": [1, 2, 1], "theme": ["sea", "hill", "sea"]})
STANCES = pd.DataFrame(
    [("甲", 1, 0, 6, "achievement"), ("甲", 1, 6, 11, "plan"), ("甲", 2, 0, 5, "other"), ("乙", 1, 0, 12, "other")],
    columns=["doc_id", "paragraph", "start", "end", "stance"],
)
YEARS = pd.Series({"甲": 2020.0, "乙": 2021.0})


@pytest.fixture
def found():
    return search.Search(PARAGRAPHS, THEMES, STANCES, YEARS)


def rated(table):
    return [tuple(row) for row in table.itertuples(index=False, name=None)]


@pytest.mark.parametrize(
    ("query", "given", "expected"),
    [
        ("渔港", {}, [("东", 2, 1, 8, 2500.0), ("西", 1, 1, 5, 2000.0)]),
        ("渔港 GDP，渔港", {}, [("西", 2, 1, 5, 4000.0), ("东", 2, 1, 8, 2500.0)]),
        ("港", {}, [("东", 0, 0, 8, 0.0), ("西", 0, 0, 5, 0.0)]),  # inside a word it is none
        ("茶", {"how": "string"}, [("东", 2, 1, 16, 1250.0), ("西", 0, 0, 12, 0.0)]),
        (r"\d+%", {"how": "regex"}, [("西", 1, 1, 12, 833.333333), ("东", 0, 0, 16, 0.0)]),
        ("(渔|茶)(港|山)", {"how": "regex"}, [("东", 3, 1, 16, 1875.0), ("西", 1, 1, 12, 833.333333)]),
        ("(?i)gdp", {"how": "regex"}, [("西", 1, 1, 12, 833.333333), ("东", 0, 0, 16, 0.0)]),
        ("G*", {"how": "regex"}, [("西", 1, 1, 12, 833.333333), ("东", 0, 0, 16, 0.0)]),  # not where it is empty
        ("渔港", {"stances": ["plan"]}, [("东", 1, 1, 2, 5000.0)]),
        ("渔", {"how": "string", "stances": ["plan"]}, [("东", 1, 1, 5, 2000.0)]),
        ("渔港", {"stances": ["plan", "other"], "groups": ["西"]}, [("西", 1, 1, 5, 2000.0)]),
        ("渔港", {"themes": ["hill"]}, [("东", 0, 0, 3, 0.0)]),
        ("渔港", {"themes": ["hill", "sea"], "years": [2021]}, [("西", 1, 1, 5, 2000.0)]),
    ],
)
def test_rates_are_those_counted_by_hand(found, query, given, expected):
    assert rated(found.rates(query, **given)) == expected
    n = sum(row[1] for row in expected)
    assert len(found.lines(query, **given)) == n


def test_lines_have_their_context_and_place(found):
    lines = found.lines("渔港", width=3)
    assert list(lines.columns) == search.LINES
    assert lines.drop(columns="term").to_numpy().tolist() == [
        ["东", "甲", 1, 0, 2, "", "渔港", "修好了"],
        ["东", "甲", 1, 6, 8, "好了。", "渔港", "很大。"],
        ["西", "乙", 1, 0, 2, "", "渔港", "没有G"],
    ]
    assert found.lines("很大 茶 渔港")["term"].tolist() == ["渔港", "渔港", "很大", "茶", "渔港"]
    assert found.lines("渔港", order="right", width=3)["right"].tolist() == sorted(lines["right"])
    assert found.lines("渔港", order="left", width=3)["left"].tolist() == ["", "", "好了。"]
    assert found.lines("渔港", most=2)["doc_id"].tolist() == ["甲", "乙"]  # a line of each, not two of the first


@pytest.mark.parametrize(
    ("documents", "most", "kept"),
    [
        ([0, 0, 0, 1, 2], 4, [0, 1, 3, 4]),
        ([0, 1, 2, 3], 2, [0, 2]),
        ([0, 0, 0], 2, [0, 1]),
        ([0, 0, 1, 1, 2, 2], 3, [0, 2, 4]),
    ],
)
def test_documents_take_turns(documents, most, kept):
    assert search._take_turns(np.array(documents), most).tolist() == kept


@pytest.mark.parametrize(
    ("query", "given", "words"),
    [
        ("(", {"how": "regex"}, r"'\(' is no regular expression of RE2: missing \): \("),
        ("(?=a)b", {"how": "regex"}, "no regular expression of RE2: invalid perl operator"),
        (r"(a)\1", {"how": "regex"}, "no regular expression of RE2: invalid escape sequence"),
        ("((a{1000}){1000}){1000}", {"how": "regex"}, "no regular expression of RE2"),
        ("  ", {}, "has 0 characters: give 1 to 1000"),
        ("茶" * 1001, {"how": "string"}, "has 1001 characters"),
        ("茶", {"how": "like"}, "how is 'like': give one of words, string, regex"),
        ("茶", {"themes": ["sky"]}, "themes has 'sky', which these tables do not have: there are hill, sea"),
        ("茶", {"years": [1999]}, "years has 1999, .* there are 2020, 2021"),
    ],
)
def test_what_cannot_be_asked_is_said(found, query, given, words):
    with pytest.raises(CrosscityError, match=words):
        found.rates(query, **given)


def test_an_expression_that_would_hang_others_does_not(found):
    long = PARAGRAPHS.assign(
        text=["a" * 30_000 + "b", *PARAGRAPHS["text"][1:]], tokens=[["a"], *PARAGRAPHS["tokens"][1:]]
    )
    table = search.Search(long, THEMES, STANCES.iloc[:3], YEARS)
    for query in ("(a+)+$", "(a|aa)*$", "(a*)*c", "(.*)*x$"):
        assert table.rates(query, "regex")["count"].sum() == 0


def test_marks_of_the_search_may_stand_in_the_text():
    text = "甲\ufdd0茶\ufdd1乙茶"
    table = search.Search(
        PARAGRAPHS.head(1).assign(text=text, tokens=[["甲", "茶", "乙", "茶"]]), THEMES, STANCES[:0], YEARS
    )
    assert table.lines("茶", "string")[["start", "end"]].to_numpy().tolist() == [[2, 3], [5, 6]]


@pytest.mark.parametrize("wide", ["", "\U00020000"])
@pytest.mark.parametrize("query", ["茶", "茶茶", "茶山", "山茶山", "茶\n茶", "\U00020000", "山\U00020000", "没有"])
def test_a_string_is_found_where_python_finds_it(query, wide):
    texts = ["茶茶茶茶山茶山茶山", "茶", "茶山" + wide + "茶茶茶", "\n茶\n茶", "山"]
    rows = pd.DataFrame({"doc_id": "a", "paragraph": range(5), "group": "东", "text": texts, "tokens": [[]] * 5})
    table = search.Search(rows, THEMES[:0], STANCES[:0], YEARS)
    hits = table.find(query, "string")
    expected = [
        (row, m.start(), m.end()) for row, text in enumerate(texts) for m in re.finditer(re.escape(query), text)
    ]
    assert list(zip(hits.row.tolist(), hits.start.tolist(), hits.end.tolist(), strict=True)) == expected


def test_like_words_are_offered(found):
    assert found.similar_words("渔港修好") == ["渔港", "修好"]
    assert found.similar_words("茶") == ["茶山"]
    assert found.commonest_word() == "渔港"


def test_without_text_words_are_counted_and_nothing_else():
    shut = PARAGRAPHS.assign(text=["□" * 12, "□" * 11, "□" * 5], tokens=PARAGRAPHS["tokens"].map(sorted))
    table = search.Search(shut, THEMES, STANCES, YEARS, has_text=False)
    assert rated(table.rates("渔港")) == [("东", 2, 1, 8, 2500.0), ("西", 1, 1, 5, 2000.0)]
    for asked in (lambda: table.lines("渔港"), lambda: table.rates("港", "string"), lambda: table.rates("港", "regex")):
        with pytest.raises(CrosscityError, match="these tables hold no text"):
            asked()
    with pytest.raises(CrosscityError, match="stances are of sentences"):
        table.rates("渔港", stances=["plan"])
