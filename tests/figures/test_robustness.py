"""Figures of robustness: readable, sorted, and what the tables say."""

import itertools

import matplotlib as mpl
import numpy as np
import pytest
from crosscity.figures import robustness

from tests.helpers.figure_tables import (
    error_rates,
    power_table,
    specification_results,
    statement_words,
    survival_summary,
)
from tests.helpers.figures import NOTES, overlaps, sticks_out


def curved(statements, n=40):
    table, specs = specification_results(statements, n)
    return robustness.specification_curve(table, specs, statement_words(statements), "log2 ratio of rates")


DRAWN = {
    "curve": (curved, (1, 2, 3)),
    "curve-many": (lambda n: curved(1, n), (17, 100, 500)),
    "survival": (lambda n: robustness.survival(survival_summary(n)), (1, 5, 40, 60)),
    "power": (lambda n: robustness.power_curves(power_table(n)), (1, 3)),
    "errors": (lambda n: robustness.error_rates(error_rates(n)), (1, 6)),
}


@pytest.mark.parametrize(("name", "n"), [(name, n) for name, (_, sizes) in DRAWN.items() for n in sizes])
def test_drawn_without_a_warning_overlap_or_cut(name, n):
    fig = DRAWN[name][0](n)
    fig.supxlabel(" · ".join(NOTES), x=0.01, ha="left", fontsize=7)  # as save_figure sets them
    assert overlaps(fig) == []
    assert sticks_out(fig) == 0
    renderer = fig.canvas.get_renderer()
    titles = [ax._left_title.get_window_extent(renderer) for ax in fig.axes if ax.get_title(loc="left")]
    boxes = [*titles, *(legend.get_window_extent(renderer) for legend in fig.legends)]
    assert not [1 for a, b in itertools.combinations(boxes, 2) if a.overlaps(b)]
    assert fig.get_size_inches()[1] < 11  # a page
    assert min(label.get_size() for ax in fig.axes for label in ax.get_yticklabels()) >= 7


def test_a_curve_is_sorted_and_marks_what_was_chosen():
    table, specs = specification_results(1, 30)
    above, below = robustness.specification_curve(table, specs, statement_words(1)).axes
    there = table[table["effect"].notna()].sort_values("effect", ignore_index=True)
    dots = {tuple(p) for dots in above.collections[1:] for p in np.asarray(dots.get_offsets()).round(9)}
    assert dots == {(i, round(e, 9)) for i, e in enumerate(there["effect"])}
    ends = np.array([segment[:, 1] for segment in above.collections[0].get_segments()])
    assert ends == pytest.approx(there[["low", "high"]].to_numpy())
    assert above.get_title(loc="left").endswith(f"measured in {len(there)} of {len(specs)}")
    own = there.index[there["specification"] == 0].item()
    assert [line.get_xdata()[0] for line in below.lines] == [own]
    marked = {}
    labels = {
        round(y, 6): label.get_text() for y, label in zip(below.get_yticks(), below.get_yticklabels(), strict=True)
    }
    for marks in below.collections:
        for x, y in np.asarray(marks.get_offsets()) if isinstance(marks, mpl.collections.PathCollection) else ():
            choice, option = labels[round(y, 6)].split(": ")
            marked.setdefault(int(x), {})[choice] = option
    for i, number in enumerate(there["specification"]):
        assert marked[i] == {c: f"{v:g}" if isinstance(v, float) else str(v) for c, v in specs.loc[number].items()}


def test_a_statement_that_no_specification_has_is_drawn_empty():
    table, specs = specification_results(1, 20)
    fig = robustness.specification_curve(table.assign(effect=np.nan, status="lost"), specs, statement_words(1))
    assert fig.axes[0].get_title(loc="left").endswith("measured in 0 of 20")


def test_what_survives_is_on_top_and_bars_add_up():
    table = survival_summary(12)
    (ax,) = robustness.survival(table).axes
    ordered = table.sort_values(["share", "holds", "words"], ascending=[False, False, True])
    ends = {}
    for container in ax.containers:
        for place, bar in enumerate(container):
            ends[place] = ends.get(place, 0) + bar.get_width()
            assert bar.get_x() + bar.get_width() == pytest.approx(ends[place])  # begins where the last part ends
    assert list(ends.values()) == pytest.approx([1] * 12)
    said = [f"{row.share:.0%} of {row.available}" for row in ordered.itertuples()]
    assert [text.get_text() for text in ax.texts] == said
    assert ax.yaxis_inverted()
    held = [bar.get_width() for bar in ax.containers[0]]
    assert held == pytest.approx((ordered["holds"] / ordered["specifications"]).tolist())


def test_bars_of_a_statement_that_is_nowhere_say_so():
    table = survival_summary(2)
    table.loc[1, ["holds", "not clear", "turned", "lost", "available"]] = 0
    table.loc[1, ["not available", "share"]] = [24, np.nan]
    (ax,) = robustness.survival(table).axes
    assert [text.get_text() for text in ax.texts][1] == "nowhere available"


def test_error_rates_stand_on_a_scale_of_roots():
    fig = robustness.error_rates(error_rates(1))
    for ax in fig.axes:
        dots = {line.get_label(): line.get_xdata()[0] ** 2 for line in ax.lines if line.get_marker() in "oD"}
        assert dots == pytest.approx({"ours": 0.05, "G2": 0.98})
        assert ax.lines[0].get_xdata()[0] ** 2 == pytest.approx(0.05)
        assert [t.get_text() for t in ax.texts] == ["not testable: smallest possible p 0.1"]


def test_power_is_a_panel_a_size_and_frequency():
    fig = robustness.power_curves(power_table(2))
    panels = np.array(fig.axes, dtype=object).reshape(3, 3)
    assert panels[1, 2].get_title(loc="left") == "20 v 20 documents, common words"
    ours = panels[0, 0].containers[0].lines[0]
    assert ours.get_ydata().tolist() == pytest.approx([1.25 / 3, 0.5, 2 / 3, 1])
    assert [t.get_text() for t in panels[2, 0].texts] == ["not testable:\nsmallest possible p 0.1"]
    assert [text.get_text() for text in fig.legends[0].get_texts()][1] == "ours, after correction"
    only = robustness.power_curves(power_table(0))
    assert len(only.axes) == 1
    assert only.legends == []
