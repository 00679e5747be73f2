"""Panels of indicators: marks, arrows and rows say what the table does, and nothing overlaps."""

import matplotlib as mpl
import numpy as np
import pytest
from crosscity.compare import indicators
from crosscity.figures import indicators as indicators_figures
from crosscity.figures.style import set_notes, use_style

from tests.helpers.figure_tables import FIVE, LABELS, indicator_point, indicator_rows, indicator_table
from tests.helpers.figures import CITIES, NOTES, overlaps, sticks_out


def marks(ax):
    """Markers of a panel: x, y, marker and whether it is filled."""
    shown = [line for line in ax.lines if line.get_linestyle() == "None"]
    return [
        (*line.get_xydata()[0], line.get_marker(), mpl.colors.to_hex(line.get_markerfacecolor()) != "#ffffff")
        for line in shown
    ]


def test_filled_is_reached_hollow_is_planned_and_a_square_is_a_rule():
    kinds = ["actual", "target", "standard"]
    rows = [
        indicator_point("village office funds", d, v, k) for d, v, k in zip(FIVE, [1e4, 2e4, 3e4], kinds, strict=False)
    ]
    fig = indicators_figures.indicator_panels(indicator_table(*rows), LABELS)
    got = {x: (marker, filled) for x, _, marker, filled in marks(fig.axes[0])}
    assert got == {1e4: ("o", True), 2e4: ("o", False), 3e4: ("s", False)}
    assert fig.axes[0].get_xlabel() == "not reported: 随州, 合肥"
    assert [t.get_text() for t in fig.legends[0].get_texts()] == ["reached", "target", "rule"]


def test_an_earlier_value_is_joined_to_the_one_it_was_given_for():
    rows = [
        indicator_point("community rooms", "合肥", 532.0, "baseline", year=2012),
        indicator_point("community rooms", "合肥", 1010.0, start=9, year=2016),
        indicator_point("community rooms", "随州", 300.0, "baseline", paragraph=2),
    ]
    ax = indicators_figures.indicator_panels(indicator_table(*rows), LABELS).axes[0]
    joined = [line.get_xdata().tolist() for line in ax.lines if line.get_linestyle() == "-"]
    assert joined == [[532.0, 1010.0]]
    assert [t.get_text() for t in ax.get_yticklabels()] == ["合肥 每村 2012, 2016", "随州 每村 2014"]


def test_arrows_of_bounds_point_to_where_the_value_may_lie():
    bounds = {200.0: ">=", 201.0: "<", 300.0: "~", 301.0: ""}
    rows = [
        indicator_point("village rooms", d, v, qualifier=q) for d, (v, q) in zip(FIVE, bounds.items(), strict=False)
    ]
    ax = indicators_figures.indicator_panels(indicator_table(*rows), LABELS).axes[0]
    arrows = {a.xy[0]: a.get_position() for a in ax.texts if a.arrow_patch is not None}
    assert {x: np.sign(shift[0]) for x, shift in arrows.items()} == {200.0: 1, 201.0: -1}


def test_a_range_is_a_bar_and_a_derived_value_is_marked():
    rows = [
        indicator_point("field trips", "朝阳", 2.0, upper=3.0),
        indicator_point("field trips", "合肥", 24.0, derived=True),
    ]
    fig = indicators_figures.indicator_panels(indicator_table(*rows), LABELS)
    bars = [s.tolist() for c in fig.axes[0].collections for s in c.get_segments()]
    assert [[p[0] for p in s] for s in bars] == [[2.0, 3.0]]
    assert [t.get_text() for t in fig.axes[0].texts if t.get_text()] == ["†"]
    assert "twelve times a month's" in [t.get_text() for t in fig.legends[0].get_texts()]


def test_a_sub_unit_and_another_population_have_a_row_of_their_own():
    rows = [
        indicator_point("village head pay", "随州", 12000.0, place="随县", population="村主职"),
        indicator_point("village head pay", "随州", 10000.0, place="随县", population="村副职"),
        indicator_point("village head pay", "随州", 9000.0, population="村主职"),
    ]
    ax = indicators_figures.indicator_panels(indicator_table(*rows), LABELS).axes[0]
    labels = {t.get_text() for t in ax.get_yticklabels()}
    assert labels == {"随州·随县 村主职 2014", "随州·随县 村副职 2014", "随州 村主职 2014"}
    assert len({y for _, y, *_ in marks(ax)}) == 3


@pytest.mark.parametrize(("values", "scale"), [([1, 99], "linear"), ([1, 101], "log"), ([0, 101], "linear")])
def test_values_far_apart_stand_on_a_logarithmic_axis(values, scale):
    rows = [indicator_point("members", d, float(v)) for d, v in zip(FIVE, values, strict=False)]
    assert indicators_figures.indicator_panels(indicator_table(*rows), LABELS).axes[0].get_xscale() == scale


def test_pages_hold_what_has_two_points_in_the_order_of_the_file():
    told = indicator_table(*indicator_rows(14, 2).to_dict("records"), indicator_point("grain", "合肥", 5.0))
    order = list(dict.fromkeys(r.indicator for r in indicators.read_indicators()))
    got = indicators_figures.pages(told)
    assert [name for page in got for name in page] == order[:14]
    assert [len(page) for page in got] == [8, 6]
    assert indicators_figures.pages(told, group="report") == []
    assert indicators_figures.pages(indicator_table()) == []
    assert len(indicators_figures.indicator_panels(indicator_table(), LABELS).axes) == 1


def test_growth_of_a_planned_year_is_a_target_and_an_increment_stays():
    rows = [
        indicator_point("new urban jobs", "合肥", 5.0, "change", year=2023),
        indicator_point("new urban jobs", "合肥", 6.0, "change", year=2024),
        indicator_point("GDP growth", "合肥", 6.0, "target", year=2024),
        indicator_point("village transfers rise", "合肥", 5000.0, "change", year=2024),
        indicator_point("village transfers rise", "随州", 4000.0, "change", year=2024),
    ]
    fig = indicators_figures.indicator_panels(
        indicator_table(*rows), LABELS, ["new urban jobs", "village transfers rise"]
    )
    assert {x: filled for x, _, _, filled in marks(fig.axes[0])} == {5.0: True, 6.0: False}
    assert {marker for _, _, marker, _ in marks(fig.axes[1])} == {"D"}


@pytest.mark.parametrize("width", ["page", "column"])
@pytest.mark.parametrize(("n_indicators", "n_rows"), [(1, 2), (5, 7), (12, 9), (3, 40)])
def test_panels_are_drawn_without_overlap_or_cut(n_indicators, n_rows, width):
    use_style(width)
    fig = indicators_figures.indicator_panels(indicator_rows(n_indicators, n_rows), {c: c for c in CITIES[:45]})
    set_notes(fig, NOTES)
    assert overlaps(fig) == []
    assert sticks_out(fig) == 0


def test_a_figure_shows_what_compares_places_or_times_on_axes_of_whole_numbers():
    rows = [
        indicator_point("venues built", "合肥", 24.0),
        indicator_point("venues built", "随州", 25.0),
        indicator_point("villages without income", "合肥", 355.0, "baseline"),
        indicator_point("villages without income", "合肥", 245.0, start=9),
        indicator_point("training sessions", "合肥", 3.0, population="学历班"),
        indicator_point("training sessions", "合肥", 258.0, population="培训班", start=9),
    ]
    table = indicator_table(*rows).assign(unit="个")
    assert indicators_figures.pages(table) == [["villages without income", "venues built"]]
    fig = indicators_figures.indicator_panels(table, LABELS, ["venues built", "villages without income"])
    for ax in fig.axes:
        ticks = ax.get_xticks()
        assert (ticks == ticks.round()).all()
        assert ax.get_xlim()[0] > 0
