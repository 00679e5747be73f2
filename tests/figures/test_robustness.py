"""Curves of specifications, survival, power and errors: nothing overlaps or is cut, and what is shown is there."""

import itertools
import warnings

import matplotlib as mpl

mpl.use("Agg")

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from crosscity.compare import multiverse
from crosscity.figures import robustness
from crosscity.figures.style import use_style

from tests.figures.test_basic import CITIES, NOTES, TERMS, overlaps, sticks_out

OPTIONS = {
    "tokenizer": ["as built", "with HMM", "no dictionary", "bigrams"],
    "stop words": ["the run's", "none", "100 more"],
    "places": ["masked", "kept"],
    "formulas": [0.0, 0.2],
    "min_df": [3, 10],
    "kinds": ["body", "body + heading"],
    "k": [8, 5, 12],
}


@pytest.fixture(autouse=True)
def style():
    use_style()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield
    plt.close("all")


def results(statements, n):
    specs, _ = multiverse.specifications(OPTIONS, n)
    rng, rows = np.random.default_rng(2), []
    for s in range(statements):
        for i in range(len(specs)):
            effect = rng.normal(0.5, 1)
            status = "turned" if effect < 0 else "not clear" if effect < 0.4 else "holds"
            status = "not available" if i % 7 == 6 else "lost" if i % 9 == 8 else status
            effect = effect if status in ("turned", "not clear", "holds") else np.nan
            rows.append((s, "keyness", i, effect, effect - 0.4, effect + 0.4, status))
    columns = ["statement", "kind", "specification", "effect", "low", "high", "status"]
    return pd.DataFrame(rows, columns=columns), specs


def words(n):
    kinds = ("{} uses {} more", "{} is nearest to {}", "{} has less of 12 {}·固定资产投资·一般公共预算收入")
    return pd.Series([kinds[i % 3].format(CITIES[i], TERMS[i % 20]) for i in range(n)])


def curved(statements, n=40):
    table, specs = results(statements, n)
    return robustness.specification_curve(table, specs, words(statements), "log2 ratio of rates")


def summary(n):
    table, specs = results(n, 24)
    made = pd.DataFrame({"words": words(n)})
    return multiverse.summary(table, specs, made)


def rates(n):
    rows = []
    for i in range(n):
        split = ("110 v 110 documents", "11 v 12 whole strata", "documents within strata")[i % 3] + " " * (i // 3)
        for method, share in (("ours", 0.05), ("G2", 0.98)):
            row = {"split": split, "method": method, "answer": "tested", "floor": 0.002}
            for column in ("per_test", "corrected"):
                row |= {column: share, f"{column}_low": share * 0.4, f"{column}_high": min(1, share * 2)}
            rows.append(row)
    rows += [{"split": "2 v 3 documents", "method": m, "answer": "not testable", "floor": 0.1} for m in ("ours", "G2")]
    return pd.DataFrame(rows)


def powers(n, frequencies=("rare", "middling", "common")):
    rows = []
    for size, frequency in itertools.product([f"{10 * i} v {10 * i} documents" for i in range(1, n + 1)], frequencies):
        for method, factor in itertools.product(("ours", "Welch on root rates"), (1.25, 1.5, 2, 3)):
            row = {"split": size, "frequency": frequency, "method": method, "factor": factor, "answer": "tested"}
            for column, share in (("per_test", factor / 3), ("corrected", factor / 6)):
                row |= {column: share, f"{column}_low": share * 0.8, f"{column}_high": min(1, share * 1.2)}
            rows.append(row | {"floor": 0.002})
    rows += [{"split": "2 v 3 documents", "answer": "not testable", "floor": 0.1}]
    columns = "split frequency method factor per_test per_test_low per_test_high corrected corrected_low corrected_high"
    return pd.DataFrame(rows, columns=[*columns.split(), "answer", "floor"])


DRAWN = {
    "curve": (curved, (1, 2, 3)),
    "curve-many": (lambda n: curved(1, n), (17, 100, 500)),
    "survival": (lambda n: robustness.survival(summary(n)), (1, 5, 40, 60)),
    "power": (lambda n: robustness.power_curves(powers(n)), (1, 3)),
    "errors": (lambda n: robustness.error_rates(rates(n)), (1, 6)),
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
    table, specs = results(1, 30)
    above, below = robustness.specification_curve(table, specs, words(1)).axes
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
    table, specs = results(1, 20)
    fig = robustness.specification_curve(table.assign(effect=np.nan, status="lost"), specs, words(1))
    assert fig.axes[0].get_title(loc="left").endswith("measured in 0 of 20")


def test_what_survives_is_on_top_and_bars_add_up():
    table = summary(12)
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
    table = summary(2)
    table.loc[1, ["holds", "not clear", "turned", "lost", "available"]] = 0
    table.loc[1, ["not available", "share"]] = [24, np.nan]
    (ax,) = robustness.survival(table).axes
    assert [text.get_text() for text in ax.texts][1] == "nowhere available"


def test_error_rates_stand_on_a_scale_of_roots():
    fig = robustness.error_rates(rates(1))
    for ax in fig.axes:
        dots = {line.get_label(): line.get_xdata()[0] ** 2 for line in ax.lines if line.get_marker() in "oD"}
        assert dots == pytest.approx({"ours": 0.05, "G2": 0.98})
        assert ax.lines[0].get_xdata()[0] ** 2 == pytest.approx(0.05)
        assert [t.get_text() for t in ax.texts] == ["not testable: least p 0.1"]


def test_power_is_a_panel_a_size_and_frequency():
    fig = robustness.power_curves(powers(2))
    panels = np.array(fig.axes, dtype=object).reshape(3, 3)
    assert panels[1, 2].get_title(loc="left") == "20 v 20 documents, common words"
    ours = panels[0, 0].containers[0].lines[0]
    assert ours.get_ydata().tolist() == pytest.approx([1.25 / 3, 0.5, 2 / 3, 1])
    assert [t.get_text() for t in panels[2, 0].texts] == ["not testable:\nleast p 0.1"]
    assert [text.get_text() for text in fig.legends[0].get_texts()][1] == "ours, after correction"
    only = robustness.power_curves(powers(0))
    assert len(only.axes) == 1
    assert only.legends == []
