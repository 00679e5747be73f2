"""Workbooks: what a spreadsheet reads from them, and the same bytes for the same content."""

import io
import zipfile
from xml.etree import ElementTree

import numpy as np
import pandas as pd
from crosscity.files import zip_archive
from crosscity.files.workbooks import RowsOfFrame, Sheet, workbook

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def cells(data, number=1):
    """The values of a sheet by the names of their cells."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        root = ElementTree.fromstring(archive.read(f"xl/worksheets/sheet{number}.xml"))
    found = {}
    for cell in root.iter(f"{MAIN}c"):
        value = cell.find(f"{MAIN}v")
        found[cell.get("r")] = float(value.text) if value is not None else "".join(cell.itertext())
    return found


def test_texts_and_numbers_come_back_and_a_formula_is_text():
    data = workbook([Sheet("一", [["问题", "合肥"], ["who", "=1+1"], ["n", 3.5], ["<&>", "行\n二\x00"]])])
    assert cells(data) == {
        "A1": "问题", "B1": "合肥", "A2": "who", "B2": "=1+1", "A3": "n", "B3": 3.5, "A4": "<&>", "B4": "行\n二",
    }  # fmt: skip
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")


def test_columns_beyond_z_have_two_letters_and_long_texts_are_cut():
    found = cells(workbook([Sheet("x", [["a"] * 28, ["长" * 40_000]])]))
    assert [name for name in found if name.endswith("1") and len(name) == 3] == ["AA1", "AB1"]
    assert len(found["A2"]) == 32_767


def test_sheets_have_names_that_are_allowed():
    data = workbook([Sheet("a/b:c*[d]" + "e" * 40, [["x"]]), Sheet("二", [["y"]])])
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        book = ElementTree.fromstring(archive.read("xl/workbook.xml"))
    names = [sheet.get("name") for sheet in book.iter(f"{MAIN}sheet")]
    assert names == ["a b c  d " + "e" * 22, "二"]
    assert cells(data, 2) == {"A1": "y"}


def test_the_same_content_gives_the_same_bytes():
    sheets = [Sheet("x", [["a", 1], ["b", 2]])]
    assert workbook(sheets) == workbook(sheets)


def test_rows_are_as_high_as_their_texts():
    rows = [["id", "text"], ["a", "字" * 20], ["b", "字" * 21 + "\nx"], ["c", "字" * 9000]]
    with zipfile.ZipFile(io.BytesIO(workbook([Sheet("x", rows, [6, 44], fitted=True)]))) as archive:
        root = ElementTree.fromstring(archive.read("xl/worksheets/sheet1.xml"))
    # One line; 40 of 44 columns, a tenth to spare: one; 42 columns are two lines, and the x a third; the most.
    assert [float(row.get("ht")) for row in root.iter(f"{MAIN}row")] == [15.5, 15.5, 42.5, 409]


def test_a_part_of_an_archive_in_pieces_is_that_part():
    text = "".join(f"<row>{i}行</row>" for i in range(20_000))
    pieces = (text[i : i + 7] for i in range(0, len(text), 7))
    assert zip_archive({"a.xml": pieces, "b": b"\0"}) == zip_archive({"a.xml": text, "b": b"\0"})


def test_rows_that_are_made_as_they_are_read_are_written_as_lists_are(monkeypatch):
    frame = pd.DataFrame({"a": [1, 2, 3, 4], "b": ["甲", "=乙", None, "丁"]})
    monkeypatch.setattr(RowsOfFrame, "_AT_ONCE", 2)
    rows = RowsOfFrame(frame, np.array([0, 1, 3]), lambda part: part.rename(columns={"b": "c"}))
    assert (len(rows), rows[0], rows[3]) == (4, ["a", "c"], [4, "丁"])
    listed = [["a", "c"], [1, "甲"], [2, "=乙"], [4, "丁"]]
    assert workbook([Sheet("x", rows)]) == workbook([Sheet("x", listed)])
