"""Pictures of indicators: every point is there, bounds point the right way, nothing overlaps or is cut."""

import warnings

import matplotlib as mpl

mpl.use("Agg")

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from crosscity.compare import indicators
from crosscity.compare import targets as targets_compare
from crosscity.compare.indicators import COLUMNS
from crosscity.figures import indicators as indicators_figures
from crosscity.figures import targets
from crosscity.figures.style import set_notes, use_style

from tests.figures.test_basic import CITIES, NOTES, overlaps, sticks_out


@pytest.fixture(autouse=True)
def style():
    use_style()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warnings.filterwarnings("ignore", ".*deprecated", DeprecationWarning)  # an old matplotlib's, of what it uses
        yield
    plt.close("all")


def point(name, doc_id, value, kind="actual", **more):
    rule = next(r for r in indicators.read_indicators() if r.indicator == name)
    row = dict.fromkeys(COLUMNS, "") | {"indicator": name, "doc_id": doc_id, "paragraph": 1, "start": 0, "end": 1}
    row |= {
        "value": value,
        "upper": np.nan,
        "unit": rule.unit,
        "place": f"{doc_id}市",
        "population": "每村",
        "kind": kind,
    }
    return row | {"year": 2014, "derived": False} | more


def table(*rows):
    return pd.DataFrame(rows, columns=COLUMNS).astype({"year": "Int64"})


FIVE = ["朝阳", "阳江", "盐城", "随州", "合肥"]
LABELS = dict(zip(FIVE, FIVE, strict=True))


def many(n_indicators, n_rows):
    rng, rows = np.random.default_rng(3), []
    names = list(dict.fromkeys(r.indicator for r in indicators.read_indicators()))[:n_indicators]
    for name in names:
        for i in range(n_rows):
            kind = ["actual", "target", "standard", "change"][i % 4]
            more = {"qualifier": ["", ">=", "<", "~", ">"][i % 5], "derived": i % 3 == 0}
            more |= {"place": ["曾都区", "广水市"][i % 2], "population": "村（社区）书记、主任"}
            rows.append(point(name, CITIES[i % len(CITIES)], float(rng.lognormal(8, 2)), kind, **more))
    return table(*rows)


def marks(ax):
    """Markers of a panel: x, y, marker and whether it is filled."""
    shown = [line for line in ax.lines if line.get_linestyle() == "None"]
    return [
        (*line.get_xydata()[0], line.get_marker(), mpl.colors.to_hex(line.get_markerfacecolor()) != "#ffffff")
        for line in shown
    ]


def test_filled_is_reached_hollow_is_planned_and_a_square_is_a_rule():
    kinds = ["actual", "target", "standard"]
    rows = [point("village office funds", d, v, k) for d, v, k in zip(FIVE, [1e4, 2e4, 3e4], kinds, strict=False)]
    fig = indicators_figures.indicator_panels(table(*rows), LABELS)
    got = {x: (marker, filled) for x, _, marker, filled in marks(fig.axes[0])}
    assert got == {1e4: ("o", True), 2e4: ("o", False), 3e4: ("s", False)}
    assert fig.axes[0].get_xlabel() == "not reported: 随州, 合肥"
    assert [t.get_text() for t in fig.legends[0].get_texts()] == ["reached", "target", "rule"]


def test_an_earlier_value_is_joined_to_the_one_it_was_given_for():
    rows = [
        point("community rooms", "合肥", 532.0, "baseline", year=2012),
        point("community rooms", "合肥", 1010.0, start=9, year=2016),
        point("community rooms", "随州", 300.0, "baseline", paragraph=2),
    ]
    ax = indicators_figures.indicator_panels(table(*rows), LABELS).axes[0]
    joined = [line.get_xdata().tolist() for line in ax.lines if line.get_linestyle() == "-"]
    assert joined == [[532.0, 1010.0]]
    assert [t.get_text() for t in ax.get_yticklabels()] == ["合肥 每村 2012, 2016", "随州 每村 2014"]


def test_arrows_of_bounds_point_to_where_the_value_may_lie():
    bounds = {200.0: ">=", 201.0: "<", 300.0: "~", 301.0: ""}
    rows = [point("village rooms", d, v, qualifier=q) for d, (v, q) in zip(FIVE, bounds.items(), strict=False)]
    ax = indicators_figures.indicator_panels(table(*rows), LABELS).axes[0]
    arrows = {a.xy[0]: a.get_position() for a in ax.texts if a.arrow_patch is not None}
    assert {x: np.sign(shift[0]) for x, shift in arrows.items()} == {200.0: 1, 201.0: -1}


def test_a_range_is_a_bar_and_a_derived_value_is_marked():
    rows = [point("field trips", "朝阳", 2.0, upper=3.0), point("field trips", "合肥", 24.0, derived=True)]
    fig = indicators_figures.indicator_panels(table(*rows), LABELS)
    bars = [s.tolist() for c in fig.axes[0].collections for s in c.get_segments()]
    assert [[p[0] for p in s] for s in bars] == [[2.0, 3.0]]
    assert [t.get_text() for t in fig.axes[0].texts if t.get_text()] == ["†"]
    assert "twelve times a month's" in [t.get_text() for t in fig.legends[0].get_texts()]


def test_a_sub_unit_and_another_population_have_a_row_of_their_own():
    rows = [
        point("village head pay", "随州", 12000.0, place="随县", population="村主职"),
        point("village head pay", "随州", 10000.0, place="随县", population="村副职"),
        point("village head pay", "随州", 9000.0, population="村主职"),
    ]
    ax = indicators_figures.indicator_panels(table(*rows), LABELS).axes[0]
    labels = {t.get_text() for t in ax.get_yticklabels()}
    assert labels == {"随州·随县 村主职 2014", "随州·随县 村副职 2014", "随州 村主职 2014"}
    assert len({y for _, y, *_ in marks(ax)}) == 3


@pytest.mark.parametrize(("values", "scale"), [([1, 99], "linear"), ([1, 101], "log"), ([0, 101], "linear")])
def test_values_far_apart_stand_on_a_logarithmic_axis(values, scale):
    rows = [point("members", d, float(v)) for d, v in zip(FIVE, values, strict=False)]
    assert indicators_figures.indicator_panels(table(*rows), LABELS).axes[0].get_xscale() == scale


def test_pages_hold_what_has_two_points_in_the_order_of_the_file():
    told = table(*many(14, 2).to_dict("records"), point("grain", "合肥", 5.0))
    order = list(dict.fromkeys(r.indicator for r in indicators.read_indicators()))
    got = indicators_figures.pages(told)
    assert [name for page in got for name in page] == order[:14]
    assert [len(page) for page in got] == [8, 6]
    assert indicators_figures.pages(told, group="report") == []
    assert indicators_figures.pages(table()) == []
    assert len(indicators_figures.indicator_panels(table(), LABELS).axes) == 1


def test_growth_of_a_planned_year_is_a_target_and_an_increment_stays():
    rows = [
        point("new urban jobs", "合肥", 5.0, "change", year=2023),
        point("new urban jobs", "合肥", 6.0, "change", year=2024),
        point("GDP growth", "合肥", 6.0, "target", year=2024),
        point("village transfers rise", "合肥", 5000.0, "change", year=2024),
        point("village transfers rise", "随州", 4000.0, "change", year=2024),
    ]
    fig = indicators_figures.indicator_panels(table(*rows), LABELS, ["new urban jobs", "village transfers rise"])
    assert {x: filled for x, _, _, filled in marks(fig.axes[0])} == {5.0: True, 6.0: False}
    assert {marker for _, _, marker, _ in marks(fig.axes[1])} == {"D"}


@pytest.mark.parametrize("width", ["page", "column"])
@pytest.mark.parametrize(("n_indicators", "n_rows"), [(1, 2), (5, 7), (12, 9), (3, 40)])
def test_panels_are_drawn_without_overlap_or_cut(n_indicators, n_rows, width):
    use_style(width)
    fig = indicators_figures.indicator_panels(many(n_indicators, n_rows), {c: c for c in CITIES[:45]})
    set_notes(fig, NOTES)
    assert overlaps(fig) == []
    assert sticks_out(fig) == 0


def results(n):
    rng, rows, absent = np.random.default_rng(5), [], []
    for name, unit, scale in (("GDP growth", "%", 6), ("new urban jobs", "万人", 20), ("retail growth", "%", 7)):
        for i in range(n):
            result, target = np.round(scale * rng.lognormal(0, [0.3, 2][unit != "%"], 2), 1) + 0.1 + i / 1000
            row = {"indicator": name, "doc_id": CITIES[i], "city": CITIES[i], "province": f"第{i % 7}省", "unit": unit}
            upper = target + 1 if i % 5 == 0 else np.nan
            row |= {"result": result, "target": target, "target_upper": upper, "gap": np.round(target - result, 6)}
            rows.append(row | {"target_qualifier": ["", ">=", "<="][i % 3]})
        absent += [(name, "result", 3, ""), (name, "target", 4, "")]
    return pd.DataFrame(rows), pd.DataFrame(absent, columns=["indicator", "part", "n", "documents"])


@pytest.mark.parametrize("n", [1, 30])
def test_results_against_targets_show_every_pair_and_name_the_farthest(n):
    told, missing = results(n)
    fig = targets.results_against_targets(told, missing, named=3)
    fig.canvas.draw()
    ax = next(ax for ax in fig.axes if ax.get_title(loc="left").startswith("growth of gross"))
    part = told[told["indicator"] == "GDP growth"]
    dots = next(line for line in ax.lines if line.get_marker() == "o")
    middle = part[["target", "target_upper"]].mean(axis=1)
    np.testing.assert_allclose(dots.get_xydata(), np.column_stack([part["result"], middle]))
    assert ax.get_title(loc="left").endswith(f"n = {n}\nwithout: result 3, target 4")
    farthest = (middle - part["result"]).abs().sort_values().index[-1]
    assert part["city"][farthest] in [t.get_text() for t in ax.texts]
    names = [t.get_window_extent() for t in ax.texts if t.get_text()]
    assert not any(a.overlaps(b) for i, a in enumerate(names) for b in names[:i])
    assert overlaps(fig) == []
    assert sticks_out(fig) == 0


def test_arrows_of_targets_point_up_where_more_is_meant():
    told, missing = results(12)
    ax = targets.results_against_targets(told, missing).axes[0]
    part = told[told["indicator"] == "GDP growth"].set_index("result")
    for arrow in (a for a in ax.texts if getattr(a, "arrow_patch", None) is not None):
        up = part["target_qualifier"][arrow.xy[0]] == ">="
        assert (arrow.get_position()[1] > 0) == up


def test_gaps_by_province_are_hollow_without_an_interval():
    told, _ = results(10)  # provinces 0 to 2 have two cities, the others one
    told.loc[told["province"].isin(["第3省", "第4省", "第5省"]), "province"] = "大省"
    gaps = targets_compare.gaps(told)
    fig = targets.gaps_by_province(gaps)
    assert len(fig.axes) == 2  # per cent alone
    ax = fig.axes[0]
    full, hollow = (line for line in ax.lines if line.get_marker() == "o")
    part = gaps[gaps["indicator"] == "GDP growth"].set_index("province")
    assert full.get_xdata().tolist() == [part.loc["大省", "mean"]]
    assert sorted(hollow.get_xdata()) == sorted(part["mean"].drop("大省"))
    assert overlaps(fig) == []
    assert sticks_out(fig) == 0
