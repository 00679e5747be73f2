"""What a document is: stated by the manifest, else guessed and said to be."""

import pytest
from crosscity.documents.metadata import describe_document, document_type
from crosscity.documents.sources import Source


def described(file="a.txt", text="", headline="", **metadata):
    return describe_document(Source(file.rpartition(".")[0], file, text, "utf-8", "0" * 64, metadata), text, headline)


def test_what_the_manifest_says_is_not_guessed():
    stated = {"city": "扬州", "province": "江苏省", "year": "2019", "title": "水利", "mood": "calm"}
    found = described("苏州2020.txt", "苏州市委要求，苏州市政府安排。2021年3月", "别的题目", **stated)
    assert {k: found[k] for k in ("city", "province", "title", "mood")} == {
        k: stated[k] for k in ("city", "province", "title", "mood")
    }
    assert found["year"] == 2019
    assert found["guessed"] == ""


def test_every_known_column_is_there():
    found = described()
    assert found == {
        **dict.fromkeys(
            [
                "city",
                "province",
                "date",
                "title",
                "publisher",
                "genre",
                "speaker",
                "level",
                "edition",
                "exclude",
                "guessed",
            ],
            "",
        ),
        "year": None,
        "doc_type": "unknown",
    }


# File, text, title; the guesses that are to be made.
GUESSES = {
    "city and year in the name": ("扬州2019.txt", "", "", {"city": "扬州", "year": 2019}),
    "city with its suffix": ("扬州市.txt", "", "", {"city": "扬州"}),
    "what else a name holds": ("2019年扬州市政府工作报告(全文).txt", "", "", {"city": "扬州", "year": 2019}),
    "province": ("江苏省.txt", "", "", {"province": "江苏省"}),
    "city and province": ("扬州_江苏.txt", "", "", {"province": "江苏", "city": "扬州"}),
    "a municipality is a city": ("北京.txt", "", "", {"city": "北京"}),
    "a city whose name ends in 市 alone": ("沙市.txt", "", "", {"city": "沙市"}),
    "city in the text": ("003.txt", "去年，扬州市委开了三次会。扬州市人民政府照办，扬州人称好。", "", {"city": "扬州"}),
    "a city named once is no guess": ("003.txt", "去年，扬州市委开了三次会。", "", {}),
    "year in the title": ("003.txt", "写于1998年。", "2019年的水利", {"title": "2019年的水利", "year": 2019}),
    "year in numerals": ("003.txt", "写于二〇一九年五月。", "", {"year": 2019}),
    "year in numerals with a circle": ("003.txt", "写于一九九八年。", "", {"year": 1998}),
    "a number that is no year": ("003.txt", "修路20190米，打井12019口。", "", {}),
    "a year too early": ("003.txt", "始建于1921年。", "", {}),
}


@pytest.mark.parametrize(("file", "text", "title", "expected"), GUESSES.values(), ids=GUESSES)
def test_guess(file, text, title, expected):
    found = described(file, text, title)
    assert {name: found[name] for name in ("city", "province", "title", "year") if found[name]} == expected
    assert sorted(found["guessed"].split()) == sorted(expected)


@pytest.mark.parametrize(
    ("metadata", "year", "guessed"),
    [
        ({"date": "2018-08-09"}, 2018, ""),
        ({"date": "2018-08-09", "year": "2017"}, 2017, ""),
        ({"year": "2018.0"}, 2018, ""),
        ({"year": "2018年"}, 2018, ""),
        ({"date": "9 August 2018"}, 2021, "year"),
        ({"year": "20189"}, 2021, "year"),
        ({"year": "²²²²"}, 2021, "year"),
        ({"year": "0018"}, 2021, "year"),
    ],
)
def test_year_of_a_record(metadata, year, guessed):
    found = described("a.txt", "写于2021年。", **metadata)
    assert (found["year"], found["guessed"]) == (year, guessed)


@pytest.mark.parametrize(
    ("title", "text", "expected"),
    [
        ("关于水利工作报告的决议", "", "resolution"),
        ("政府工作报告", "", "work report"),
        ("", "各位代表：现在，我代表市人民政府向大会报告政府工作。", "work report"),
        ("水利", "我们代表政府看望大家。", "unknown"),
        ("", "会议听取了工作报告，通过决议。", "resolution"),
    ],
)
def test_document_type(title, text, expected):
    assert document_type(title, text) == expected


def test_the_type_that_the_manifest_states_goes_before_the_text():
    assert described(text="", headline="甲市养犬管理办法")["doc_type"] == "regulation"
    assert described(text="", headline="甲市养犬管理办法", doc_type="essay")["doc_type"] == "essay"
