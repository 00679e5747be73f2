"""Coding sheets as a workbook: what a spreadsheet sees in it, and what comes back when people have filled it in."""

import io
import zipfile
from xml.etree import ElementTree

import pandas as pd
import pytest
from crosscity import CrosscityError
from crosscity.facts.adjudication import read_coding
from crosscity.facts.coding import TASKS, WORKBOOK, coding_workbook, write_sheets
from crosscity.files import Sheet, workbook
from python_calamine import CalamineWorkbook

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def sheets(data):
    """The cells of each sheet, as calamine reads them."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def answered(folder, sample, name, change=lambda task, row: row, tasks=tuple(TASKS)):
    """The workbook as a coder sends it back who says what the machine says, but for `change`; columns moved."""
    made = []
    for task, (heading, *rows) in sheets((folder / WORKBOOK).read_bytes()).items():
        if task not in tasks:
            made.append(Sheet(task, [heading, *rows]))
            continue
        key = sample.key[sample.key["task"] == task].pivot_table("machine", "id", "question", aggfunc="first")
        said = [change(task, {**dict(zip(heading, row, strict=True)), **key.loc[row[0]]}) for row in rows]
        order = [*heading[1:], heading[0]]
        said = [[int(c) if str(c).isdigit() else c for c in (row[h] for h in order)] for row in said]
        made.append(Sheet(task, [order, *said]))
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_bytes(workbook(made))


@pytest.fixture
def folder(sample, tmp_path):
    return write_sheets(tmp_path, sample)


def test_the_workbook_has_a_sheet_for_each_task_and_the_codebook(sample, folder):
    found = sheets((folder / WORKBOOK).read_bytes())
    assert list(found) == [*TASKS, "codebook"]
    assert found["stances"][0] == ["id", "text", "stance", "voice", "sheet"]
    assert [row[:2] for row in found["stances"][1:]] == sample.sheets["stances"][["id", "text"]].to_numpy().tolist()
    assert {cell for row in found["stances"][1:] for cell in row[2:4]} == {""}, "the machine's answers are not shown"
    assert coding_workbook(sample) == coding_workbook(sample)


def test_answers_drop_down_from_the_codebook(folder):
    found = sheets((folder / WORKBOOK).read_bytes())
    with zipfile.ZipFile(folder / WORKBOOK) as archive:
        root = ElementTree.fromstring(archive.read(f"xl/worksheets/sheet{list(TASKS).index('stances') + 1}.xml"))
    lists = {v.get("sqref"): v.find(f"{MAIN}formula1").text for v in root.iter(f"{MAIN}dataValidation")}
    assert list(lists) == ["C2:C13", "D2:D13"]  # twelve items
    first, last = (int(cell.split("$")[2]) for cell in lists["C2:C13"].removeprefix("'codebook'!").split(":"))
    labels = [row[2] for row in found["codebook"][first - 1 : last]]
    assert sorted(labels) == ["achievement", "cause", "norm", "other", "plan", "problem"]
    assert {tuple(row[:2]) for row in found["codebook"][first - 1 : last]} == {("stances", "stance")}
    # Before the cells of a sheet come its columns, behind them its lists: another order is no workbook to Excel.
    order = [child.tag.removeprefix(MAIN) for child in root]
    assert order == ["sheetPr", "sheetViews", "cols", "sheetData", "dataValidations", "pageSetup"]
    pane = root.find(f"{MAIN}sheetViews/{MAIN}sheetView/{MAIN}pane")
    assert (pane.get("state"), pane.get("ySplit")) == ("frozen", "1")


@pytest.mark.parametrize("name", ["anna.xlsx", "coding-anna.xlsx", "anna/coding.xlsx"])
def test_a_workbook_comes_back_as_the_answers_of_its_coder(sample, folder, name):
    answered(folder, sample, name, lambda t, row: row | ({"stance": "norm"} if row.get("stance") == "plan" else {}))
    answers, key = read_coding(folder)
    assert set(answers["coder"]) == {"anna"}
    merged = answers.merge(key, on=["task", "id", "question"])
    wrong = merged[merged["answer"] != merged["machine"]]
    assert set(zip(wrong["machine"], wrong["answer"], strict=True)) == {("plan", "norm")}
    assert len(wrong) == (key["machine"] == "plan").sum() > 0
    assert len(answers) == 12 * 9
    assert set(answers.loc[answers["question"] == "year", "answer"]) == {"2020", "none"}


def test_a_coder_may_answer_some_tasks_and_mix_forms(sample, folder):
    answered(folder, sample, "anna.xlsx", tasks=["themes"])
    rows = sample.sheets["stances"].assign(stance="norm", voice="author")
    rows.to_csv(folder / "stances-anna.csv", index=False)
    assert read_coding(folder)[0]["task"].value_counts().to_dict() == {"themes": 12, "stances": 24}


@pytest.mark.parametrize(
    ("name", "change", "message"),
    [
        ("anna.xlsx", {"stance": "joy"}, r"anna\.xlsx, stances, row 2, item S1: stance is 'joy'; give one of achieve"),
        ("anna.xlsx", {"sheet": "other"}, r"anna\.xlsx, themes, row 2, item T1: the key \([a-p]+\) has no such item"),
        ("coding-.xlsx", {}, r"coding-\.xlsx: name it after task and coder"),
    ],
)
def test_what_is_wrong_is_named_with_sheet_and_row(sample, folder, name, change, message):
    answered(folder, sample, name, lambda _, row: row | {k: v for k, v in change.items() if k in row})
    with pytest.raises(CrosscityError, match=message):
        read_coding(folder)


def test_other_workbooks_are_refused(folder):
    (folder / "anna.xlsx").write_bytes(workbook([Sheet("Tabelle1", [["a"], ["b"]])]))
    (folder / "bo.xlsx").write_bytes(b"no workbook")
    (folder / "~$bo.xlsx").write_bytes(b"what Excel leaves beside an open file")
    with pytest.raises(CrosscityError) as caught:
        read_coding(folder)
    assert "anna.xlsx has no sheet of a task" in str(caught.value)
    assert "bo.xlsx cannot be read" in str(caught.value)
    assert "~$" not in str(caught.value)


def test_a_sheet_that_was_renamed_is_not_passed_over(sample, folder):
    answered(folder, sample, "anna.xlsx")
    found = sheets((folder / "anna.xlsx").read_bytes())
    for name, message in (("主题", "the sheet 主题 is named after no task"), ("Themes ", None)):
        renamed = [Sheet(name if task == "themes" else task, rows) for task, rows in found.items()]
        (folder / "anna.xlsx").write_bytes(workbook([*renamed, Sheet("my notes", [["id"], ["1"]])]))
        if message:
            with pytest.raises(CrosscityError, match=message):
                read_coding(folder)
        else:
            assert set(read_coding(folder)[0]["task"]) == set(TASKS)


def test_a_workbook_that_nobody_answered_says_so(sample, folder):
    (folder / "anna.xlsx").write_bytes((folder / WORKBOOK).read_bytes())
    with pytest.raises(CrosscityError, match=r"anna\.xlsx has no answers"):
        read_coding(folder)


def test_texts_that_look_like_formulas_are_texts(sample):
    frame = sample.sheets["themes"].assign(text='=HYPERLINK("http://x")')
    data = coding_workbook(sample._replace(sheets={"themes": frame}))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")
    assert sheets(data)["themes"][1][1] == '=HYPERLINK("http://x")'
    assert isinstance(sample.labels, pd.DataFrame)
