"""CSV for spreadsheets: nothing is taken for a formula, everything comes back, and what is harmless stays as it was."""

import csv
import io
import re

import numpy as np
import pandas as pd
import pytest
from crosscity.documents.spreadsheets import read_spreadsheet, spreadsheet_text
from crosscity.files import safe_csv
from crosscity.files.harmless import harmless_lines
from crosscity.files.safe_csv import escape_formula, frame_to_csv, rows_to_csv, unescape_formula
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
PAYLOADS = ["=1+1", "+A1", "-A1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "=cmd|' /C calc'!A0", "-", "-1-1", "－1", " =1"]
PAYLOADS += ["\ufeff=1", "-3.5.1", "+1+cmd|' /C calc'!A0", "'=1", "''=1", "-１", "1\r=1", "=1,=2", '"=1']
TEXTS = st.one_of(st.text(), st.text(alphabet="=+-@\t\r\n' \"'1.5%e,;甲＝\ufeff"), st.sampled_from(PAYLOADS))


def is_number(text):
    """As a spreadsheet reads one, told by another way than the module's."""
    try:
        float(text.removesuffix("%"))
    except ValueError:
        return False
    return text.isascii() and not re.search(r"[a-df-zA-DF-Z_\s]", text)


def cells(text, mark=","):
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=mark))


def harmless(text):
    return not text.lstrip("\ufeff \t\r\n").startswith(DANGEROUS) and not text.startswith(DANGEROUS)


@settings(max_examples=100, derandomize=True, deadline=None)
@given(TEXTS)
def test_a_text_comes_back_and_is_no_formula(text):
    safe = escape_formula(text)
    assert unescape_formula(safe) == text
    assert harmless(safe) or is_number(safe)
    if harmless(text) and not text.startswith("'"):
        assert safe == text


@settings(max_examples=100, derandomize=True, deadline=None)
@given(st.lists(st.tuples(TEXTS, TEXTS), max_size=4), TEXTS, st.sampled_from(",;\t"))
@example([("1\r=1", "a")], "b", ",")
def test_rows_come_back_and_no_cell_is_a_formula(rows, name, mark):
    text = rows_to_csv([(name, "b"), *rows], mark)
    table = cells(text, mark)
    assert [tuple(map(unescape_formula, row)) for row in table] == [(name, "b"), *rows]
    assert all(harmless(cell) or is_number(cell) for row in table for cell in row)
    # What is not in quotes ends a row at \n alone: programs that do not read \r as Python does see the same rows.
    assert "\r" not in re.sub('"[^"]*"', "", text)


@settings(max_examples=100, derandomize=True, deadline=None)
@given(st.lists(st.tuples(TEXTS, TEXTS), min_size=1, max_size=4), TEXTS)
def test_frames_come_back_and_no_cell_is_a_formula(rows, name):
    frame = pd.DataFrame(rows, columns=[name, name + "2"]).assign(n=-1.5, kind=pd.Categorical([r[0] for r in rows]))
    table = cells(frame_to_csv(frame, "%.6g"))
    assert [unescape_formula(cell) for cell in table[0]] == [name, name + "2", "n", "kind"]
    assert [[unescape_formula(c) for c in row] for row in table[1:]] == [[a, b, "-1.5", a] for a, b in rows]
    assert all(harmless(cell) or is_number(cell) for row in table for cell in row)


@settings(max_examples=50, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(TEXTS.map(lambda t: harmless_lines(t).strip()).filter(bool), min_size=1, max_size=4),
    st.sampled_from(",\t"),
)
@example(["=教育", "'=教育", "-3.5", "-教育", "+1", "@a"], ",")
def test_what_people_fill_in_comes_back(tmp_path, texts, mark):
    path = tmp_path / "a.csv"
    path.write_text(
        spreadsheet_text([{"topic": t, "=label": "x"} for t in texts], ["topic", "=label"], mark), "utf-8", newline=""
    )
    assert [row for _, row in read_spreadsheet(path, ["topic", "=label"])] == [
        {"topic": t, "=label": "x"} for t in texts
    ]


@pytest.mark.parametrize("text", ["-3.5", "+2", "-0", "1e-5", "-1E+5", "-.5", "-12.", "+3%", "党建", "", "a=b", "'tis"])
def test_numbers_and_plain_text_stay(text):
    assert escape_formula(text) == text


@pytest.mark.parametrize("text", PAYLOADS[:17])
def test_formulas_get_an_apostrophe(text):
    assert escape_formula(text) == f"'{text}"


def test_what_is_harmless_is_written_as_pandas_writes_it():
    frame = pd.DataFrame(
        {
            "甲": ["一，二", 'says "a"', "a,b", "line\nbreak", "", None, "'tis"],
            "x": [-1.5, 1 / 3, np.nan, -np.inf, 1e-9, 123456789.0, 0.0],
            "n": pd.array([1, -2, None, 4, 5, 6, 7], dtype="Int64"),
            "b": [True, False] * 3 + [True],
            "day": pd.to_datetime(["2024-01-05"] * 7),
            "list": [["=1", 2], ("-a",), {}, None, 2.5, -3, "x"],
            "str": pd.Series(["a", "b", None, "", "-1", "d", "e"], dtype="str"),
            "kind": pd.Categorical(["a", "b", "a", None, "b", "a", "b"]),
            2024: range(7),
        }
    )
    for form in (None, "%.6g"):
        assert frame_to_csv(frame, form) == frame.to_csv(index=False, lineterminator="\n", float_format=form)
    empty = frame.head(0)
    assert frame_to_csv(empty) == empty.to_csv(index=False, lineterminator="\n")
    double = pd.DataFrame([["=1", "b"]], columns=["a", "a"])
    assert frame_to_csv(double) == "a,a\n'=1,b\n"


def test_the_frame_that_is_given_stays_as_it_is():
    frame = pd.DataFrame({"=a": ["=1", "+2"], "b": pd.Categorical(["@", "c"])})
    before = frame.copy(deep=True)
    assert frame_to_csv(frame) == "'=a,b\n'=1,'@\n+2,c\n"
    pd.testing.assert_frame_equal(frame, before)


def test_the_tests_can_fail(monkeypatch):
    monkeypatch.setattr(safe_csv, "_FORMULA", re.compile("[-=+]"))
    assert not harmless(escape_formula("@SUM(A1)"))


def test_a_table_that_is_written_in_parts_is_the_same(monkeypatch):
    frame = pd.DataFrame({"=a": ["=1", "二", None, "x,y", "z"], "n": [1.5, np.nan, 3, 4, 5], "i": range(5)})
    frame["kind"] = pd.Categorical(["+a", "b", "+a", "b", None])
    frame["mixed"] = pd.Series([0.123456, 1, 2, "=x", None], dtype=object)
    frame["whole"] = pd.Series([1, 2, 3, np.nan, 4], dtype=object)
    frame["code"] = pd.Categorical([1, 2, 1, 2, None])
    whole, none = frame_to_csv(frame, "%.2f"), frame_to_csv(frame[:0])
    assert whole.splitlines()[:2] == ["'=a,n,i,kind,mixed,whole,code", "'=1,1.50,0,'+a,0.123456,1.00,1.00"]
    monkeypatch.setattr(safe_csv, "_AT_ONCE", 2)
    assert frame_to_csv(frame, "%.2f") == whole
    assert frame_to_csv(frame[:0]) == none == "'=a,n,i,kind,mixed,whole,code\n"
    times = pd.DataFrame({"t": pd.to_datetime(["2020-01-01 00:00", "2020-01-02 00:00", "2020-01-03 12:00"])})
    assert frame_to_csv(times) == "t\n2020-01-01 00:00:00\n2020-01-02 00:00:00\n2020-01-03 12:00:00\n"
