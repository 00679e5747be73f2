"""Results against targets, and gaps by province: what the tables say, and nothing overlaps."""

import numpy as np
import pytest
from crosscity.compare import targets as targets_compare
from crosscity.figures import targets

from tests.helpers.figure_tables import target_results
from tests.helpers.figures import overlaps, sticks_out


@pytest.mark.parametrize("n", [1, 30])
def test_results_against_targets_show_every_pair_and_name_the_farthest(n):
    results, missing = target_results(n)
    fig = targets.results_against_targets(results, missing, named=3)
    fig.canvas.draw()
    ax = next(ax for ax in fig.axes if ax.get_title(loc="left").startswith("growth of gross"))
    part = results[results["indicator"] == "GDP growth"]
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


def test_documents_that_are_not_whole_are_drawn_and_not_named():
    results, missing = target_results(30)
    part = results[results["indicator"] == "GDP growth"]
    middle = part[["target", "target_upper"]].mean(axis=1)
    farthest = part.loc[(middle - part["result"]).abs().idxmax()]
    fig = targets.results_against_targets(results, missing, named=3, unnamed={farthest["doc_id"]})
    fig.canvas.draw()
    ax = next(ax for ax in fig.axes if ax.get_title(loc="left").startswith("growth of gross"))
    assert farthest["city"] not in [t.get_text() for t in ax.texts]
    assert len(next(line for line in ax.lines if line.get_marker() == "o").get_xdata()) == len(part)


def test_arrows_of_targets_point_up_where_more_is_meant():
    told, missing = target_results(12)
    ax = targets.results_against_targets(told, missing).axes[0]
    part = told[told["indicator"] == "GDP growth"].set_index("result")
    for arrow in (a for a in ax.texts if getattr(a, "arrow_patch", None) is not None):
        up = part["target_qualifier"][arrow.xy[0]] == ">="
        assert (arrow.get_position()[1] > 0) == up


def test_gaps_by_province_are_hollow_without_an_interval():
    told, _ = target_results(10)  # provinces 0 to 2 have two cities, the others one
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
