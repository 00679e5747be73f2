"""Targets and results as they are stated: of what, of which year, in which unit."""

import numpy as np
import pandas as pd
import pytest
from crosscity.compare import goals


@pytest.mark.parametrize(
    ("words", "year"),
    [
        ("第一个五年计划", 1957),
        ("第二个五年计划", 1962),
        ("“六五”", 1985),
        ("“十五”", 2005),
        ("“十一五”", 2010),
        ("“十四五”", 2025),
        ("规划", None),
    ],
)
def test_a_five_year_plan_ends_in_a_year(words, year):
    assert goals.plan_end(words) == year


@pytest.mark.parametrize(
    ("item", "named"),
    [
        ("全国粮食产量增长率", "粮食产"),
        ("今年拟安排中央财政赤字", "中央财政赤字"),
        ("城镇登记失业率", "城镇登记失业"),
        ("单位国内生产总值能耗降幅", "单位国内生产总值能耗"),
    ],
)
def test_what_an_item_names_is_left_of_it(item, named):
    assert goals.core(item) == named


def read(text, number, value, unit, item, year=2020, stance="plan", kind="target", before=(), **more):
    """The statement of one quantity of a report; `before` are paragraphs that stand above."""
    lines = [*before, text]
    paragraphs = pd.DataFrame(
        [{"doc_id": "a", "paragraph": i, "section": "", "unit": "", "text": t} for i, t in enumerate(lines, start=1)]
    )
    start, n = text.index(number), len(lines)
    row = {"doc_id": "a", "paragraph": n, "start": start, "end": start + len(number), "number": number}
    row |= {"value": value, "upper": np.nan, "unit": unit, "item": item, "scope": "", "kind": kind}
    quantities = pd.DataFrame([row | {"qualifier": "", "period": "", "year": np.nan} | more])
    stances = pd.DataFrame([{"doc_id": "a", "paragraph": n, "start": 0, "end": len(text), "stance": stance}])
    corpus = pd.DataFrame([{"doc_id": "a", "city": "", "province": "", "year": year}])
    (said,) = goals.statements(quantities, paragraphs, stances, corpus)["a"]
    return said


def test_a_year_is_of_the_sentence_the_list_or_the_report():
    one = {"number": "50", "value": 50, "unit": "座", "item": "桥梁"}
    assert read("今年新建桥梁50座。", **one).year == 2020
    assert read("到2025年，建成桥梁50座。", **one).year == 2025
    assert read("比2015年多，新建桥梁50座。", **one).year is None  # compared with, and no date
    assert read("建成桥梁50座；", before=["到2023年的目标是："], **one).year == 2023
    for text, year, due in (("今后三年新建桥梁50座。", 2020, 2022), ("“十四五”时期新建桥梁50座。", 2021, 2025)):
        said = read(text, year=year, **one)
        assert (said.span, said.year) == ("several", due)
    assert goals.of_years(read("新建桥梁50座。", **one), 2020).year == 2020


def test_growth_fall_share_and_level_are_told_apart():
    rate = {"unit": "比例", "kind": "change", "stance": "achievement"}
    assert read("钢产量增长5%。", "5%", 0.05, item="钢产量增长率", **rate).measure == "growth"
    assert read("能耗下降5%。", "5%", 0.05, item="能耗降幅", **rate).measure == "fall"
    assert read("绿化率提高到5%。", "5%", 0.05, item="绿化率", **rate).measure == "share"
    assert read("钢产量达到5万吨。", "5万", 50000, "吨", "钢产量").measure == "level"
    assert read("钢产量增加5万吨。", "5万", 50000, "吨", "钢产量").measure == "growth"
    assert read("钢产量平均每年增长5%。", "5%", 0.05, item="钢产量增长率", **rate).span == "average"
    assert read("钢产量比2010年增长5%。", "5%", 0.05, item="钢产量增长率", **rate).base == "2010"


def test_units_are_converted_and_shares_are_percent():
    said = read("粮食产量达到三千亿斤。", "三千亿", 3e11, "斤", "粮食产量", year=1957)
    assert (said.indicator, said.unit, said.figure.value) == ("grain", "万吨", 15000)
    said = read("棉花达到三千万担。", "三千万", 3e7, "担", "棉花", year=1957)
    assert (said.unit, said.figure.value, said.figure.step) == ("吨", 1.5e6, 5e5)


def is_target(text, number, value, unit, item, year=2020, **more):
    return goals.is_target(read(text, number, value, unit, item, year, **more), year)


def test_what_is_planned_with_a_thing_of_its_own_is_a_target():
    assert is_target("今年新建桥梁50座。", "50", 50, "个", "桥梁")
    assert is_target("计划生产钢材五万吨。", "五万", 5e4, "吨", "钢材", stance="achievement")  # 计划 says so
    assert not is_target("新建了桥梁50座。", "50", 50, "个", "桥梁")
    assert not is_target("去年新建桥梁50座。", "50", 50, "个", "桥梁")
    assert not is_target("如果修桥，新建桥梁50座。", "50", 50, "个", "桥梁")
    assert not is_target("坚持五项原则。", "五", 5, "个", "原则问题")  # brings nothing about
    assert not is_target("今年拟安排5亿元。", "5亿", 5e8, "元", "资金")  # of what it is not said
    assert not is_target("工业部门投资占5%。", "5%", 0.05, "比例", "工业部门投资占比")  # a part of the whole
    assert not is_target("新建桥梁50座。", "50", 50, "个", "桥梁", kind="actual")


def test_a_planned_figure_that_is_told_again_is_no_result():
    said = read("去年计划增长3%，实际增长4%。", "3%", 0.03, "比例", "产值增长率", kind="change", stance="achievement")
    assert goals.is_quoted(said)
    said = read("去年计划增长3%，实际增长4%。", "4%", 0.04, "比例", "产值增长率", kind="change", stance="achievement")
    assert not goals.is_quoted(said)
