"""A person's summaries of the matrix: where they lie, what is stale, what is refused."""

import pandas as pd
import pytest
from crosscity import CrosscityError
from crosscity.documents import spreadsheet_text
from crosscity.study.summaries import COLUMNS, checksums, read_summaries, summaries_file, summary_sheet

ROWS = [
    ("pay", "合肥", "甲。"),
    ("pay", "合肥", "乙。"),
    ("pay", "朝阳", "丙。"),
    ("rooms", "合肥", "丁。"),
    ("rooms", "朝阳", ""),
]
MATRIX = pd.DataFrame(ROWS, columns=["question", "group", "text"])


def written(path, *rows):
    path.write_text(spreadsheet_text([dict(zip(COLUMNS, row, strict=True)) for row in rows], COLUMNS), encoding="utf-8")
    return path


def test_they_lie_beside_the_reports_of_the_run(tmp_path):
    assert summaries_file(tmp_path / "study" / "reports" / "08-facts") == tmp_path / "study" / "answers" / "matrix.csv"
    # A run writes into a folder that takes its place, and notebooks in JupyterLab into one below.
    assert summaries_file(tmp_path / "reports" / ".08-facts.half") == tmp_path / "answers" / "matrix.csv"
    assert summaries_file(tmp_path / "reports" / "lab" / "08-facts") == tmp_path / "answers" / "matrix.csv"
    assert summaries_file(tmp_path / "results" / "lab" / "study") == tmp_path / "results" / "answers" / "matrix.csv"


def test_cells_rows_and_documents_have_summaries_which_are_stale_when_sentences_change(tmp_path):
    sums = checksums(MATRIX)
    path = written(
        tmp_path / "matrix.csv",
        ("pay", "合肥", sums["pay", "合肥"], "两项"),
        ("pay", "", sums["pay", ""], "合肥较多"),
        ("", "朝阳", sums["", "朝阳"], "少言"),
        ("rooms", "合肥", "", "没有校验"),
        ("pay", "朝阳", sums["pay", "朝阳"], ""),
        ("pay", "扬州", "abc", "别处"),
    )
    found = read_summaries(path, MATRIX)
    assert {key: (s.text, s.stale) for key, s in found.items()} == {
        ("pay", "合肥"): ("两项", False), ("pay", ""): ("合肥较多", False), ("", "朝阳"): ("少言", False),
        ("rooms", "合肥"): ("没有校验", False),
    }  # fmt: skip
    changed = MATRIX.assign(text=MATRIX["text"].replace("乙。", "戊。"))
    stale = {key for key, summary in read_summaries(path, changed).items() if summary.stale}
    assert stale == {("pay", "合肥"), ("pay", "")}
    # The order of sentences is no change.
    assert checksums(MATRIX.iloc[::-1]) == sums


def test_what_one_cell_says_does_not_pass_for_another(tmp_path):
    moved = MATRIX.assign(group=["合肥", "朝阳", "朝阳", "合肥", "朝阳"])
    assert checksums(moved)["pay", ""] != checksums(MATRIX)["pay", ""]


def test_without_a_file_there_is_none_and_two_of_one_cell_are_refused(tmp_path):
    assert read_summaries(tmp_path / "matrix.csv", MATRIX) == {}
    path = written(tmp_path / "matrix.csv", ("pay", "合肥", "", "一"), ("pay", "合肥", "", "二"))
    with pytest.raises(CrosscityError, match="line 3: pay, 合肥 has a summary above: give one"):
        read_summaries(path, MATRIX)
    path.write_text("question,voice\npay,合肥\n", encoding="utf-8")
    with pytest.raises(CrosscityError, match="no column checksum"):
        read_summaries(path, MATRIX)


def test_the_sheet_has_a_row_for_each_and_keeps_what_was_written(tmp_path):
    path = written(tmp_path / "matrix.csv", ("pay", "合肥", "", "两项"))
    sheet = summary_sheet(MATRIX, read_summaries(path, MATRIX))
    keys = [(row["question"], row["voice"]) for row in sheet]
    assert keys == [
        ("", "合肥"), ("", "朝阳"), ("pay", ""), ("rooms", ""),
        ("pay", "合肥"), ("pay", "朝阳"), ("rooms", "合肥"), ("rooms", "朝阳"),
    ]  # fmt: skip
    assert sheet[4]["summary"] == "两项"
    assert {row["checksum"] for row in sheet} == set(checksums(MATRIX).values())
