"""Queries in English, pinyin and traditional characters."""

import pandas as pd
import pytest
from crosscity.explorer.queries import Queries, pinyin

WORDS = Queries(pd.Index(["人工智能", "党员", "乡村振兴", "实践", "时间", "GDP", "茶", "党建"], dtype=object))


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("artificial intelligence", "人工智能"),
        ("Artificial-Intelligence", "人工智能"),
        ("rural revitalization", "乡村振兴"),  # the glossary has revitalisation
        ("party members, GDP", "党员 GDP"),
        ("rengong zhineng", "人工智能"),
        ("RenGongZhiNeng", "人工智能"),
        ("shijian", "实践 时间"),
        ("黨員", "党员"),
        ("鄉村振興 GDP", "乡村振兴 GDP"),
        ("党员", "党员"),
        ("GDP", "GDP"),
        ("渔港", "渔港"),
        ("no such thing", "no such thing"),
        ("dangyuan gdp", "党员 GDP"),
    ],
)
def test_what_is_typed_is_put_into_the_documents_words(query, expected):
    assert WORDS.understood(query, "words") == expected


@pytest.mark.parametrize(
    ("query", "expected"), [("artificial intelligence", "人工智能"), ("黨員之", "党员之"), ("党", "党"), ("xyz", "xyz")]
)
def test_a_string_is_one(query, expected):
    assert WORDS.understood(query, "string") == expected


def test_an_english_word_that_no_document_has_is_its_chinese_one():
    """So that the answer is: none, and not: what?"""
    assert Queries(pd.Index(["茶"], dtype=object)).understood("artificial intelligence", "words") == "人工智能"


def test_pinyin_is_of_chinese_alone():
    assert [pinyin(text) for text in ("重庆", "合肥", "2024", "A市", "")] == ["chongqing", "hefei", "", "", ""]
