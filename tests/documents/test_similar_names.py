"""Names that look alike are told, and never made one."""

import pytest
from crosscity.documents.similar_names import similar_name_notes, similar_names


@pytest.mark.parametrize(
    "those",
    [
        ["ABC", "abc", "ＡＢＣ"],
        ["台北", "臺北"],
        ["A1", "Ａ１"],
        ["New York", "NewYork"],
        ["АВС", "ABC"],  # the first in Cyrillic
        ["阿坝·州", "阿坝州"],
        ["\u2f76阳", "米阳"],  # a radical for the character
    ],
)
def test_names_that_look_alike(those):
    assert similar_names([*those, "合肥", "朝阳"]) == [sorted(those)]


def test_names_that_do_not():
    assert similar_names(["合肥", "合肥市", "A1", "A2", "朝阳", "", "·"]) == []
    assert similar_names(["合肥", "合肥"]) == []
    assert similar_names([]) == []
    assert similar_name_notes([{"doc_id": "a", "city": ""}], "corpus.csv") == []


def test_each_column_is_told_by_itself_with_how_many_documents_have_each_name():
    rows = [
        {"doc_id": "a", "city": "ABC", "title": "X", "region": "east"},
        {"doc_id": "A", "city": "abc", "title": "x", "region": "East"},
        {"doc_id": "b", "city": "abc", "title": "", "Region": "west", "remark": "x" * 41},
    ]
    assert similar_name_notes(rows, "corpus.csv") == [
        "2 columns whose names look alike: Region, region; give them one name in corpus.csv",
        "2 names that look alike in city: ABC (1), abc (2); spell them alike in corpus.csv",
        "2 names that look alike in region: East (1), east (1); spell them alike in corpus.csv",
    ]


def test_what_differs_in_more_than_its_look_is_not_told():
    assert similar_names(["1.2", "12", "A-1", "A-1-1", "2024-11", "2024-1-1"]) == []
    codes = [{"code": f"{case}{n}"} for n in range(20) for case in "xX"]
    assert similar_name_notes(codes, "corpus.csv") == [], "each stands once: it names no group"
    assert len(similar_name_notes([{"genre": row["code"]} for row in codes], "corpus.csv")) == 6


def test_of_many_sets_the_first_are_told():
    rows = [{"city": name} for n in range(7) for name in (f"a{n}", f"A{n}")]
    notes = similar_name_notes(rows, "corpus.csv")
    assert len(notes) == 6
    assert notes[-1] == "and 2 more sets of names that look alike in city"
