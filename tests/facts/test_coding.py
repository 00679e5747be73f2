"""Samples for people to code: drawn evenly, and without the machine's answers."""

import numpy as np
import pandas as pd
import pytest
from crosscity import CrosscityError
from crosscity.documents.spreadsheets import read_spreadsheet
from crosscity.facts.coding import KEY_COLUMNS, TASKS, _stratified_sample, definitions, draw_sample, write_sheets

TEXT = "甲区推进先锋工程。新建社区30个。下一步要补短板。"


def test_rare_labels_are_drawn_and_weighted(sample):
    key = sample.key[sample.key["task"] == "themes"]
    assert (key["machine"] == "service").sum() == 1  # 1 of 20 paragraphs
    assert key.groupby("machine")["weight"].sum().round(4).to_dict() == {"service": 1, "economy": 19}
    assert len(key) == 12


def test_groups_have_their_share(tables):
    ids = [f"文{i:02d}" for i in range(40)]
    where = pd.DataFrame({"doc_id": ids, "paragraph": 1})
    many = {"paragraphs": where.assign(text=TEXT), "themes": where.assign(theme="economy", rank=1)}
    drawn = draw_sample(many, {i: "东" if i < "文30" else "西" for i in ids}, n=8).key["doc_id"]
    assert drawn.nunique() == 8
    assert (drawn < "文30").sum() == 6  # of 30 in 40
    key = draw_sample(tables, {"甲": "东", "乙": "西"}, n=6, seed=1).key.drop_duplicates(["task", "id"])
    assert key.groupby("task")["doc_id"].value_counts().loc["quantities"].tolist() == [3, 3]


def test_each_item_of_a_label_is_as_likely():
    groups, labels = pd.Series(["东"] * 13 + ["西"] * 7), pd.Series(["a"] * 18 + ["b"] * 2)
    rng, times, weight = np.random.default_rng(7), np.zeros(20), np.zeros(20)
    for _ in range(1000):
        for at, stands_for in _stratified_sample(groups, labels, 8, rng):
            times[at] += 1
            weight[at] += stands_for
    assert times[18:].tolist() == [1000, 1000]  # both of the rare ones
    assert times[:18] / 1000 == pytest.approx(6 / 18, abs=0.06)  # 4 standard errors
    assert weight / 1000 == pytest.approx(1, abs=0.18)


def test_sheets_are_blind_and_the_same_again(sample, tables):
    again = draw_sample(tables, {"甲": "东", "乙": "西"}, n=12, seed=4)
    assert again.key.equals(sample.key)
    assert (
        not draw_sample(tables, {"甲": "东", "乙": "西"}, n=12, seed=5).key["paragraph"].equals(sample.key["paragraph"])
    )
    for task, frame in sample.sheets.items():
        assert list(frame.columns) == ["sheet", "id", "text", *TASKS[task]]
        assert (frame[list(TASKS[task])] == "").all(axis=None)
    assert set(sample.sheets["quantities"]["text"]) == {"新建社区【30】个。"}
    assert set(sample.sheets["programmes"]["text"]) == {"甲区推进【先锋工程】。"}
    assert "甲区推进先锋工程。【新建社区30个。】下一步要补短板。" in set(sample.sheets["stances"]["text"])
    order = sample.key[sample.key["task"] == "stances"].drop_duplicates("id")["machine"].tolist()
    assert order != sorted(order)


def test_files_open_and_are_not_lost(sample, tmp_path):
    folder = write_sheets(tmp_path, sample)
    assert folder.parent == tmp_path / "coding"
    assert (folder / "themes.csv").read_bytes()[:3] == b"\xef\xbb\xbf"
    assert [row for _, row in read_spreadsheet(folder / "key.csv", KEY_COLUMNS)]
    page = (folder / "stances.html").read_text(encoding="utf-8")
    assert "【新建社区30个。】" in page
    assert "a shortcoming, a difficulty or a risk" in page
    (folder / "themes.csv").write_text("answered", encoding="utf-8")
    assert write_sheets(tmp_path, sample) == folder
    assert (folder / "themes.csv").read_text(encoding="utf-8") == "answered"


def test_documents_of_no_group_take_no_part(tables):
    sample = draw_sample(tables, {"乙": "西"}, n=99)
    assert set(sample.key["doc_id"]) == {"乙"}
    with pytest.raises(CrosscityError, match="there is nothing to code"):
        write_sheets("nowhere", draw_sample(tables, {}, n=5))


def test_the_codebook_must_have_the_themes(tables):
    themes = tables["themes"].assign(theme="astrology")
    with pytest.raises(CrosscityError, match=r"theme 'astrology' is not in the codebook"):
        draw_sample({**tables, "themes": themes}, {"甲": "东"})
    assert {"general", "economy"} <= set(definitions("party")["label"])
