"""Who takes up what, level by level: levels, shares, years, and what tells documents apart; by hand."""

import pandas as pd
import pytest
from crosscity.compare import diffusion
from crosscity.compare.take_up import take_ups

from .test_take_up import EDITED, PASSAGE, texts

FORMULA = "让我们把江河两岸的堤坝修得更高更牢，让孩子们在新盖的学校里安心读书"


@pytest.mark.parametrize(
    ("row", "level"),
    [
        ({"city": "合肥", "province": "安徽省"}, "city"),
        ({"city": "重庆", "province": "重庆市"}, "province"),
        ({"province": "安徽省"}, "province"),
        ({"title": "2023年国务院政府工作报告"}, "state"),
        ({"genre": "central policy"}, "state"),
        ({"publisher": "Ministry of Commerce"}, "state"),
        ({"title": "工作报告"}, ""),
        ({"city": "合肥", "level": "county"}, "county"),
        ({"city": "合肥", "level": "县"}, "county"),
        ({"level": "中央"}, "state"),
        ({"city": "临夏", "province": "甘肃省", "level": "自治州"}, "city"),
    ],
)
def test_levels(row, level):
    assert diffusion.levels(pd.DataFrame([row])).tolist() == [level]


@pytest.fixture(scope="module")
def table():
    held = texts(
        ("国一", "2009", f"{FORMULA}。"),
        ("国二", "2015", f"{FORMULA}。"),
        ("国三", "2023", f"要{PASSAGE}。\n{FORMULA}。\n实施清泉入户提升行动。"),
        ("省", "2024", f"我省{PASSAGE}。\n清泉入户提升行动开工。"),
        ("甲", "2025", f"我市要{EDITED}。"),
        ("乙", "2025", f"{FORMULA}。"),
        ("丙", "2022", f"我市{PASSAGE}。"),
        sources=["国一", "国二", "国三"],
        programmes=[("国三", 3, 2, 10, "清泉入户提升行动")],
    )
    rows, edits = diffusion.with_edits(take_ups(held).rows, held)
    level = pd.Series({"省": "province", "甲": "city", "乙": "city", "丙": "city"})
    return diffusion.items(rows, edits, held.corpus, level).set_index("text", drop=False)


def test_a_passage_level_by_level(table):
    row = table[table["text"].str.contains("茶水站")].iloc[0]
    assert (row["kind"], row["use"], row["first"], row["year"]) == ("passage", "distinctive", "国三", 2023)
    assert (row["documents"], row["province"], row["city"]) == (3, 1, 2)
    assert (row["province_share"], row["city_share"]) == (1.0, 0.6667)
    assert (row["province_year"], row["city_year"]) == (2024, 2022)
    assert (row["earlier"], row["not_told"], row["later"]) == (2, 0, 1)
    assert row["lag"] == 1.0  # of 1, 2 and -1 years
    assert row["reworded"] == ["+坐得稳", "书→医"]


def test_an_old_formula_is_told_apart(table):
    row = table[table["text"].str.contains("堤坝")].iloc[0]
    assert (row["use"], row["year"], row["sources"], row["lag"]) == ("formula", 2009, 3, 16.0)


def test_a_programme(table):
    row = table.loc["清泉入户提升行动"]
    assert (row["kind"], row["year"], row["province"], row["city"], row["city_share"]) == ("programme", 2023, 1, 0, 0)
    assert pd.isna(row["known"])
    assert pd.isna(row["city_year"])


def test_the_most_telling_first(table):
    assert table["use"].tolist() == sorted(table["use"], key=diffusion.USES.index)


def items_of(*documents, sources=("国",)):
    held = texts(*documents, sources=list(sources))
    rows, edits = diffusion.with_edits(take_ups(held).rows, held)
    level = pd.Series({name: "city" for name, *_ in documents if name not in sources})
    return diffusion.items(rows, edits, held.corpus, level)


def test_what_half_of_many_documents_have_is_said_by_everyone():
    few = [(f"市{n}", "2024", f"我市{PASSAGE}。") for n in range(4)]
    source = ("国", "2023", f"要{PASSAGE}。")
    assert items_of(source, *few)["use"].tolist() == ["distinctive"]
    assert items_of(source, *few, ("市4", "2024", f"我市{PASSAGE}。"))["use"].tolist() == ["everyday"]


def test_everyday_words_tell_nothing():
    plain = "不断加强和改进工作，全面推进经济社会发展，提高人民生活水平"
    rows = items_of(("国", "2023", f"要{plain}。"), ("市", "2024", f"我市{plain}。"))
    assert rows["use"].tolist() == ["everyday"]


def test_a_passage_in_which_each_reports_its_own_figures_is_a_form():
    source = ("国", "2023", "茶园面积达到120万亩，采茶机械化率提高到45%，炒制车间新建3座。")
    other = "茶园面积达到7万亩，采茶机械化率提高到31%，炒制车间新建1座。"
    assert items_of(source, ("市", "2024", other))["use"].tolist() == ["formula"]
    same = "茶园面积达到120万亩，采茶机械化率提高到45%，炒制车间新建3座。"
    assert items_of(source, ("市", "2024", same))["use"].tolist() == ["distinctive"]
