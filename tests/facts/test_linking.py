"""Programmes over a corpus: spellings of one, and how far each reaches."""

import pandas as pd
import pytest
from crosscity.facts.linking import link, spelling_key


def corpus(*cities):
    return pd.DataFrame({"doc_id": [f"d{i}" for i in range(len(cities))], "city": cities, "province": ""})


def mentions(*rows):
    """Of (number of the document, name, parts)."""
    rows = [(f"d{doc}", name, parts, "unknown") for doc, name, *parts in rows]
    return pd.DataFrame(rows, columns=["doc_id", "name", "components", "claimed"])


def reach(table, documents):
    return list(link(table, documents)["reach"])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("4个一批", "四个一批"),
        ("“红雁”工程", "红雁工程"),
        ("紅雁工程", "红雁工程"),
        ("板凳夜话活动", "板凳夜话"),
        ("1＋6", "1+6"),
        ("村社+农场模式", "“村社＋农场”机制"),
    ],
)
def test_spellings_of_one_programme(one, other):
    assert spelling_key(one) == spelling_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("三大工程", "三大行动"), ("1+6", "16"), ("四个一批", "五个一批"), ("红雁工程", "红燕工程"), ("1+6", "一+六")],
)
def test_spellings_of_two(one, other):
    assert spelling_key(one) != spelling_key(other)


def test_the_most_frequent_spelling_stands_for_all():
    table = mentions((0, "板凳夜话活动"), (0, "板凳夜话"), (1, "板凳夜话"), (1, "村晚"), (1, "村晚活动"))
    out = link(table, corpus("甲", "乙"))
    assert list(out["canonical"]) == ["板凳夜话"] * 3 + ["村晚", "村晚"]
    assert list(out["name"]) == list(table["name"])


def test_reach():
    table = mentions((0, "三会一课"), (0, "板凳夜话"), (1, "板凳夜话活动"), (2, "村晚大集"))
    assert reach(table, corpus("甲", "乙", "丙")) == ["central", "shared", "shared", "unknown"]


def issued(*rows):
    columns = ["city", "province", "publisher", "genre", "level", "not_guessed"]
    return pd.DataFrame([dict.fromkeys(columns, "") | {"doc_id": f"d{i}"} | row for i, row in enumerate(rows)])


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ({"publisher": "Ministry of Water Resources"}, "central"),
        ({"publisher": "General Office of the State Council"}, "central"),
        ({"publisher": "水利部"}, "central"),
        ({"publisher": "国家林业局"}, "central"),
        ({"genre": "central policy"}, "central"),
        ({"level": "国家级"}, "central"),
        ({"not_guessed": "city: it is of the state; province: it is of the state"}, "central"),
        ({"province": "山东省"}, "provincial"),
        ({"publisher": "General Office of Shandong Provincial People's Government"}, "provincial"),
        ({"publisher": "山东省人民政府"}, "provincial"),
        ({"publisher": "江苏省水利厅"}, "provincial"),
        ({"level": "省级"}, "provincial"),
        ({"city": "济南", "province": "山东省", "publisher": "水利部"}, "unknown"),
        ({"publisher": "济南市水利局"}, "unknown"),
        ({}, "unknown"),
    ],
)
def test_a_programme_reaches_as_far_as_its_issuer(row, expected):
    assert reach(mentions((0, "碧水长流行动")), issued(row)) == [expected]


def test_who_else_names_a_programme_of_the_state_or_a_province():
    province, city, other = {"province": "山东省"}, {"city": "济南"}, {"city": "南京", "province": "江苏省"}
    two = mentions((0, "碧水长流行动"), (1, "碧水长流行动"))
    assert reach(two, issued(province, city)) == ["provincial"] * 2
    assert reach(two, issued(province, other)) == ["shared"] * 2
    assert reach(two, issued({"publisher": "水利部"}, other)) == ["central"] * 2
    assert reach(mentions((0, "四个一")), issued({"publisher": "水利部"})) == ["unknown"]


def test_a_central_name_with_something_before_it_is_central():
    table = mentions((0, "江州市扫黑除恶专项斗争"), (0, "基层三会一课"))
    assert reach(table, corpus("甲", "乙")) == ["central", "unknown"]


def test_documents_of_one_city_share_nothing():
    assert reach(mentions((0, "板凳夜话"), (1, "板凳夜话")), corpus("甲", "甲")) == ["unknown", "unknown"]


def test_a_duplicate_is_no_second_place():
    documents = corpus("甲", "乙").assign(duplicate_of=["", "d0"])
    assert reach(mentions((0, "板凳夜话"), (1, "板凳夜话")), documents) == ["unknown", "unknown"]


def claims(table, *reaches):
    return table.assign(claimed=reaches)


def test_own_by_name_and_by_what_is_said_of_it():
    table = mentions((0, "留学江州"), (1, "板凳夜话"), (1, "村晚"))
    documents = corpus("江州市", "乙")
    assert reach(table, documents) == ["own", "unknown", "unknown"]
    assert reach(claims(table, "unknown", "own", "unknown"), documents) == ["own", "own", "unknown"]


def test_how_many_documents_lack_a_programme_says_nothing():
    assert reach(mentions((1, "板凳夜话")), corpus(*(f"城{i}" for i in range(200)))) == ["unknown"]


def test_what_most_mentions_say_decides_if_the_documents_allow_it():
    three = mentions(*[(0, "板凳夜话")] * 3)
    assert reach(claims(three, "own", "provincial", "provincial"), corpus("甲")) == ["provincial"] * 3
    assert reach(claims(three, "own", "unknown", "unknown"), corpus("甲")) == ["own"] * 3
    two = mentions((0, "板凳夜话"), (1, "板凳夜话"))
    apart = issued({"city": "济南", "province": "山东省"}, {"city": "南京", "province": "江苏省"})
    assert reach(claims(two, "own", "own"), apart) == ["shared"] * 2  # nobody's own
    assert reach(claims(two, "provincial", "own"), apart) == ["shared"] * 2  # of no one province
    assert reach(claims(two, "central", "own"), apart) == ["central"] * 2
    near = issued({"city": "济南", "province": "山东省"}, {"city": "烟台", "province": "山东省"})
    assert reach(claims(two, "provincial", "own"), near) == ["provincial"] * 2


def test_bare_counts_are_one_only_by_their_parts():
    documents = corpus(*(f"城{i}" for i in range(35)))
    slogans = [(2, "三亮", "亮甲", "亮乙", "亮丙"), (3, "三亮", "亮甲", "亮乙", "亮丁"), (4, "三亮", "亮戊")]
    table = mentions((0, "三大工程"), (1, "三大工程"), *slogans)
    assert reach(table, documents) == ["unknown", "unknown", "shared", "shared", "unknown"]


def test_two_places_do_not_own_a_bare_count():
    table = mentions((0, "三亮"), (1, "三亮")).assign(claimed="own")
    assert reach(table, corpus("甲", "乙")) == ["unknown", "unknown"]
    assert reach(table[:1], corpus("甲", "乙")) == ["own"]


def test_order_of_rows_changes_nothing_and_nothing_is_fine():
    table = mentions((0, "板凳夜话"), (1, "板凳夜话活动"), (1, "三会一课"), (2, "村晚"))
    documents = corpus("甲", "乙", "丙")
    one, other = link(table, documents), link(table[::-1].reset_index(drop=True), documents)
    assert one[["canonical", "reach"]].equals(other[::-1].reset_index(drop=True)[["canonical", "reach"]])
    assert link(table[:0], documents).empty
