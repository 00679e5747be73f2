"""Intervals of written numbers, and functions of them, worked by hand."""

import pytest
from crosscity.compare.interval_arithmetic import Interval, apply, format_value, interval_of, resolution


@pytest.mark.parametrize(
    ("number", "unit", "expected"),
    [
        ("1864万", "元", 1e4),
        ("1,864", "元", 1),
        ("3亿5000万", "元", 1e4),
        ("3000多万", "元", 1e4),
        ("52%", "比例", 0.01),
        ("3.5‰", "比例", 0.0001),
        ("百分之五十五点三", "比例", 0.001),
        ("52.5%", "", 0.001),
        ("百分之五十五点三", "", 0.001),
        ("二点一", "倍", 0.1),
        ("四十", "个", 0),
    ],
)
def test_resolution(number, unit, expected):
    assert resolution(number, unit) == pytest.approx(expected, rel=1e-12)


def test_intervals():
    assert interval_of(18640000.0, 1e4) == Interval(18635000.0, 18645000.0)
    assert interval_of(100.0, 0.0, "~") == Interval(90.0, 110.0)
    assert interval_of(100.0, 0.0, ">=") == Interval(100.0, float("inf"))
    assert interval_of(2.0, 0.0, "", 3.0) == Interval(2.0, 3.0)
    assert apply(lambda a, b: a / b, [Interval(1, 2), Interval(4, 8)]) == Interval(0.125, 0.5)
    assert apply(lambda a, b: a / b, [Interval(1, 2), Interval(0, 8)]) is None
    assert [format_value(v, u) for v, u in ((48923.9, "元"), (0.1259, "比例"), (381.0, "个"), (1.05e12, "元"))] == [
        "4.892万元", "12.59%", "381个", "1.05万亿元",
    ]  # fmt: skip
    assert [format_value(1.5e8, "元"), format_value(123.456, "个")] == ["1.5亿元", "123.5个"]
