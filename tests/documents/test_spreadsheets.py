"""Tables that people fill in: the same rows, whether saved as CSV or as a workbook."""

import pytest
from crosscity import CrosscityError
from crosscity.documents import read_spreadsheet
from crosscity.files import Sheet, workbook

ROWS = [["term", "accept"], ["三色预警", "y"], ["'=1+1", "n"], ["", ""], ["2020", 3.0]]


def write(path, *sheets):
    path.write_bytes(workbook([Sheet(name, rows) for name, rows in sheets]))
    return path


def test_a_workbook_gives_the_rows_of_the_csv(tmp_path):
    (tmp_path / "a.csv").write_text("term,accept\n三色预警,y\n'=1+1,n\n,\n2020,3\n", encoding="utf-8")
    expected = [
        (2, {"term": "三色预警", "accept": "y"}),
        (3, {"term": "=1+1", "accept": "n"}),
        (5, {"term": "2020", "accept": "3"}),
    ]
    assert read_spreadsheet(tmp_path / "a.csv", ["term"]) == expected
    assert read_spreadsheet(write(tmp_path / "a.xlsx", ("x", ROWS)), ["term"]) == expected


def test_the_sheet_is_the_first_that_has_the_columns_or_the_one_that_is_named(tmp_path):
    path = write(tmp_path / "a.xlsx", ("notes", [["a"], ["b"]]), ("terms", ROWS), ("more", [["term"], ["又一个"]]))
    assert len(read_spreadsheet(path, ["term", "accept"])) == 3
    assert read_spreadsheet(path, ["term"], "more") == [(2, {"term": "又一个"})]


def test_columns_are_known_in_capitals_as_well(tmp_path):
    assert read_spreadsheet(write(tmp_path / "a.xlsx", ("x", [[" Term ", "Note"], ["甲", "b"]])), ["term"]) == [
        (2, {"term": "甲", "Note": "b"})
    ]


@pytest.mark.parametrize(
    ("sheets", "sheet", "message"),
    [
        ([("x", ROWS)], "y", r"a\.xlsx has no sheet y \(it has x\): keep the names of sheets"),
        ([("x", [["name"], ["a"]])], None, r"a\.xlsx has no column term in its first row \(it has name\)"),
        ([("x", ROWS[:1])], None, r"a\.xlsx has no row below its first"),
        ([("x", [["term", "term"], ["a", "b"]])], None, r"a\.xlsx has two columns term"),
    ],
)
def test_what_is_wrong_with_a_workbook_is_told(tmp_path, sheets, sheet, message):
    with pytest.raises(CrosscityError, match=message):
        read_spreadsheet(write(tmp_path / "a.xlsx", *sheets), ["term"], sheet)


def test_a_workbook_that_is_none_is_told(tmp_path):
    (tmp_path / "a.xlsx").write_bytes(b"PK\x03\x04 and no more")
    with pytest.raises(CrosscityError, match=r"a\.xlsx cannot be read .*: open it and save it again"):
        read_spreadsheet(tmp_path / "a.xlsx", ["term"])
