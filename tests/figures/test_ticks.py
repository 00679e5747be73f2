"""The labels of ticks say where the ticks are."""

import matplotlib.pyplot as plt
import pandas as pd
import pytest
from crosscity.figures import basic
from crosscity.figures.style import ExactTicks, digits_of


@pytest.mark.parametrize(
    ("percent", "at", "expected"),
    [
        (True, [0, 0.025, 0.05, 0.075], ["0.0%", "2.5%", "5.0%", "7.5%"]),
        (True, [0, 0.1, 0.2, 0.3], ["0%", "10%", "20%", "30%"]),
        (True, [-0.05, 0.0, 0.05], ["\N{MINUS SIGN}5%", "0%", "5%"]),
        (True, [0, 0.00125, 0.0025], ["0.000%", "0.125%", "0.250%"]),
        (False, [0, 0.25, 0.5], ["0.00", "0.25", "0.50"]),
        (False, [0, 1500, 3000], ["0", "1,500", "3,000"]),
        (False, [0, 2.5, 5.0], ["0.0", "2.5", "5.0"]),
        (False, [], []),
    ],
)
def test_ticks_have_the_digits_that_they_need(percent, at, expected):
    assert ExactTicks(percent).format_ticks(at) == expected


@pytest.mark.parametrize(
    ("values", "figures", "digits"),
    [
        ([12, 3], 3, 0),
        ([41.26, 3.1], 3, 1),
        ([4.126], 3, 2),
        ([412.6], 3, 0),
        ([31.2], 2, 0),
        ([4.21], 2, 1),
        ([], 3, 0),
    ],
)
def test_numbers_have_the_digits_that_they_need(values, figures, digits):
    assert digits_of(values, figures) == digits


def drawn(axis):
    """The labels of the ticks in view, and where these are."""
    axis.figure.draw_without_rendering()
    low, high = sorted(axis.get_view_interval())
    return [(t.get_loc(), t.label1.get_text()) for t in axis.get_major_ticks() if low <= t.get_loc() <= high]


@pytest.mark.parametrize(
    ("values", "percent"),
    [([0.31, 0.12, 0.02], True), ([0.044, 0.021], True), ([41.3, 2.2], False), ([2, 1], False), ([0.31], False)],
)
def test_ticks_and_labels_of_bars_tell_values_apart(values, percent):
    table = pd.DataFrame({"name": [f"n{i}" for i in range(len(values))], "value": values})
    ax = basic.bars(table, "name", "value", "x", percent=percent).axes[0]
    for place, label in drawn(ax.xaxis):
        read = float(label.replace(",", "").rstrip("%")) / (100 if percent else 1)
        assert read == pytest.approx(place, abs=1e-9), label
    said = [float(t.get_text().strip().rstrip("%")) / (100 if percent else 1) for t in ax.texts]
    assert said == pytest.approx(values, rel=0.05)
    plt.close("all")
