"""Programmes by document and group."""

import pandas as pd
from crosscity.compare.programmes import programme_table


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
    table = programme_table(programmes, corpus)
    assert list(table["canonical"]) == ["灯塔计划", "一号码头"]
    first = table.iloc[0].to_dict()
    assert first == {
        "canonical": "灯塔计划", "reach": "shared", "type": "project", "parts": ("建塔", "修路"),
        "documents": ("b", "a"), "groups": ("东港", "西港"), "mentions": 3,
        "doc_id": "b", "paragraph": 1, "start": 5, "end": 9,
    }  # fmt: skip  # documents as the table has them
    assert table.iloc[1]["parts"] == ()


def test_without_programmes_there_is_an_empty_table():
    nothing = pd.DataFrame(columns=["doc_id", "paragraph", "start", "end", "canonical", "reach", "type", "components"])
    table = programme_table(nothing, pd.DataFrame({"doc_id": ["a"], "group": ["东港"]}))
    assert table.empty
    assert {"canonical", "reach", "groups"} <= set(table.columns)
