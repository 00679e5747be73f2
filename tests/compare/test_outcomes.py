"""Whether a target was kept: bounds, directions and tolerances."""

import math

import pytest
from crosscity.compare.outcomes import Figure, base_units, direction, judge, tolerance


@pytest.mark.parametrize(
    ("target", "result", "better", "expected"),
    [
        (Figure(8), Figure(7.8), "higher", ("missed", 0.2)),  # 增长8%; 7.8%
        (Figure(8), Figure(8), "higher", ("kept", 0)),
        (Figure(7, qualifier="~"), Figure(6.9), "higher", ("kept", 0)),  # 7%左右
        (Figure(7, qualifier="~"), Figure(6.5), "higher", ("kept", 0)),  # half a point is around
        (Figure(7, qualifier="~"), Figure(6.4), "higher", ("missed", 0.6)),  # told from 7, not from 6.5
        (Figure(7, qualifier="~"), Figure(9), "higher", ("kept", 0)),
        (Figure(3, qualifier="~"), Figure(2.0), "lower", ("kept", 0)),  # CPI 3%左右
        (Figure(3, qualifier="~"), Figure(4.8), "lower", ("missed", 1.8)),
        (Figure(3, qualifier="~"), Figure(2.0), "near", ("missed", 1.0)),
        (Figure(4.6, qualifier="<="), Figure(4.3), "lower", ("kept", 0)),  # 4.6%以内
        (Figure(4.6, qualifier="<="), Figure(4.7), "higher", ("missed", 0.1)),  # a bound needs no direction
        (Figure(900, qualifier=">="), Figure(1184), "lower", ("kept", 0)),
        (Figure(900, qualifier=">="), Figure(859), "higher", ("missed", 41)),
        (Figure(6.5, 7.0), Figure(6.7), "higher", ("kept", 0)),
        (Figure(6.5, 7.0), Figure(7.4), "higher", ("kept", 0)),
        (Figure(6.5, 7.0), Figure(7.4), "near", ("missed", 0.4)),
        (Figure(6.5, 7.0), Figure(6.2), "higher", ("missed", 0.3)),
        (Figure(6.5, 7.0), Figure(7.4), "lower", ("missed", 0.4)),
    ],
)
def test_a_target_is_kept_or_missed_by_so_much(target, result, better, expected):
    outcome, by = judge(target, result, "%", better)
    assert (outcome, round(by, 6)) == expected


def test_a_result_that_is_a_bound_decides_only_where_all_that_it_may_be_does():
    assert judge(Figure(600), Figure(600, qualifier=">"), "万套", "higher").outcome == "kept"
    assert judge(Figure(600), Figure(500, qualifier=">"), "万套", "higher").outcome == "unsure"
    assert judge(Figure(600), Figure(500, qualifier="<="), "万套", "higher") == ("missed", 100)
    assert judge(Figure(3, qualifier="<="), Figure(2.8, qualifier=">"), "%", "lower").outcome == "unsure"
    assert judge(Figure(5, qualifier="<="), Figure(8, qualifier=">="), "%", "lower") == ("missed", 3)


def test_fewer_digits_of_a_result_miss_nothing_and_more_digits_do():
    target = Figure(1.93e8, step=1e6)  # 1.93亿吨
    assert judge(target, Figure(1.9e8, step=1e7), "吨", "higher").outcome == "kept"
    assert judge(target, Figure(1.85e8, step=1e6), "吨", "higher") == ("missed", 8e6)
    assert judge(target, Figure(1.929e8, step=1e5), "吨", "higher").outcome == "missed"


def test_around_is_half_a_point_of_a_rate_or_a_twentieth():
    assert tolerance(Figure(7, qualifier="~"), "%") == 0.5
    assert tolerance(Figure(13, qualifier="~"), "%") == pytest.approx(0.65)
    assert tolerance(Figure(1000, qualifier="~"), "万人") == 50
    assert tolerance(Figure(1000, qualifier=">="), "万人") == 0


@pytest.mark.parametrize(
    ("item", "better"),
    [
        ("居民消费价格涨幅", "lower"),
        ("城镇登记失业率", "lower"),
        ("中央财政赤字", "lower"),
        ("单位国内生产总值能耗降幅", "lower"),  # the use; its fall is turned round where it is followed
        ("为企业减税", "reduction"),
        ("广义货币M2增长率", "near"),
        ("森林覆盖率", "higher"),
        ("钢产量", "higher"),
    ],
)
def test_which_way_is_better_is_data(item, better):
    assert direction(item) == better


def test_units_of_the_planned_economy_are_converted():
    tonnes = {word: factor for word, (base, factor) in base_units().items() if base == "吨"}
    assert (tonnes["斤"], tonnes["担"], tonnes["公斤"]) == (0.0005, 0.05, 0.001)
    assert base_units()["亩"][0] == "公顷"
    assert math.isclose(15 * base_units()["亩"][1], 1, rel_tol=1e-6)
