"""Every chart at the sizes that the notebooks call it with: no warning, nothing that overlaps, nothing cut off."""

import itertools

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from crosscity.figures import basic, topics
from crosscity.figures.style import set_notes, use_style

from tests.helpers.figure_tables import (
    changes_by_document,
    collocate_table,
    distance_table,
    document_lengths,
    group_pairs,
    group_terms,
    intruder_precision,
    k_choices,
    kinds_by_document,
    nearest_pairs,
    numbers,
    passages,
    prevalence,
    term_rates,
    topic_shares,
    topic_terms,
    yearly_shares,
)
from tests.helpers.figures import CITIES, NOTES, TERMS, overlaps, sticks_out


def shares_of(n, k=8):
    wide = prevalence(n, k)
    return basic.spread(wide, "share", 2, wide * 0.4, wide * 2, set(wide.columns[::3]), "{x:.0%}")


# What the notebooks draw, by name: a function of the number of groups, and the numbers of groups it is drawn for. Of
# more than twelve groups panels show twelve (Run.shown), a profile's neighbours are twelve at most, and beyond thirty
# documents stacked bars show all of them in one.
DRAWN = {
    "01-lengths": (lambda n: basic.bars(document_lengths(n), "label", "n_chars", "characters"), (1, 5, 12, 30)),
    "01-lengths-many": (
        lambda n: basic.distribution(document_lengths(n), "label", "n_chars", "characters"),
        (31, 60, 113),
    ),
    "01-kinds": (
        lambda n: basic.bars(kinds_by_document(n), "label", "characters", "characters", parts="kind"),
        (1, 5, 12, 60),
    ),
    "01-cleaning": (
        lambda n: basic.bars(changes_by_document(n), "label", "characters", "characters changed", parts="change"),
        (1, 5, 12, 60),
    ),
    "02-common": (lambda n: basic.heat(term_rates(n), "in 1,000 counted words", "{:.1f}"), (1, 5, 12, 60)),
    "02-common-many": (lambda n: basic.spread(term_rates(n), "in 1,000 counted words (line: median)"), (61, 113)),
    "02-frequent": (
        lambda n: basic.term_panels(
            group_terms(CITIES[: min(n, 12)], 10), "group", "term", "value", "in 1,000 counted words"
        ),
        (1, 5, 12),
    ),
    "03-choice": (lambda n: topics.choice(k_choices(n), 8), (1, 3, 10)),
    "03-terms": (lambda k: topics.topic_terms(topic_terms(k), set(topic_terms(k)["panel"][::20])), (2, 5, 20)),
    "03-prevalence": (
        lambda n: basic.interval_panels(topic_shares(n), "name", "group", "share of text"),
        (1, 2, 5, 12),
    ),
    "03-prevalence-topics": (
        lambda k: basic.interval_panels(topic_shares(5, k), "name", "group", "share of text (line: all)", grey=TERMS),
        (2, 3, 16, 40),
    ),
    "03-prevalence-many": (shares_of, (13, 61, 113)),
    "03-prevalence-many-topics": (lambda k: shares_of(60, k), (3, 40)),
    "03-trends": (lambda k: topics.trends(*yearly_shares(k), "share of text"), (2, 5, 16, 30)),
    "03-precision": (lambda k: topics.precision(intruder_precision(k), "name", 1 / 6), (2, 20)),
    "04-terms": (
        lambda n: basic.term_panels(
            group_terms(CITIES[: min(n, 12)], 10, True),
            "group",
            "term",
            "value",
            "log2 ratio of rates",
            "low",
            "high",
            "only_here",
        ),
        (1, 5, 12),
    ),
    "04-distances": (lambda n: basic.heat(distance_table(n), "cosine distance", "{:.2f}"), (2, 5, 12, 60)),
    "04-distances-many": (lambda n: basic.pairs(group_pairs(n), "distance", "cosine distance"), (61, 113)),
    "05-marks": (
        lambda n: basic.term_panels(
            group_terms(CITIES[:1], min(n, 20)),
            "group",
            "term",
            "value",
            "log2 ratio of rates",
            "low",
            "high",
            "only_here",
            columns=1,
        ),
        (1, 5, 20),
    ),
    "strips": (lambda n: basic.strips(passages(n)), (1, 5, 30, 31, 113)),
    "05-neighbours": (lambda n: basic.pairs(nearest_pairs(n), "distance", "cosine distance"), (1, 5, 12)),
}
CASES = [(name, n) for name, (_, sizes) in DRAWN.items() for n in sizes]


@pytest.mark.parametrize("width", ["page", "column"])
@pytest.mark.parametrize(("name", "n"), CASES)
def test_drawn_without_a_warning_overlap_or_cut(name, n, width):
    draw, _ = DRAWN[name]
    use_style(width)
    fig = draw(n)
    set_notes(fig, NOTES)
    assert overlaps(fig) == []
    assert sticks_out(fig) == 0
    sizes = [[label.get_size() for label in labels()] for ax in fig.axes for labels in (ax.get_yticklabels,)]
    assert min(itertools.chain([9], *sizes)) >= 7  # as small as can be printed
    assert min([9, *(label.get_size() for label in fig.axes[0].get_xticklabels())]) > 4.5  # sixty columns leave no more


def test_what_does_not_hold_is_grey_and_nothing_else_is():
    table = topic_shares(5, 4)
    names = list(table["name"].unique())
    fig = basic.interval_panels(table, "name", "group", "share of text", grey={names[1]})
    panels = [ax for ax in fig.axes if ax.get_visible()]
    assert [ax.lines[1].get_color() == basic.GREY for ax in panels] == [False, True, False, False]
    fig = topics.topic_terms(topic_terms(3), {topic_terms(3)["panel"][10]})
    colours = [ax.patches[0].get_facecolor() for ax in fig.axes if ax.get_visible()]
    assert colours[0] == colours[2] != colours[1]


def test_shares_of_many_groups_are_one_panel_with_intervals():
    assert len([ax for ax in basic.shares(topic_shares(12, 4), "name", "group", "share").axes if ax.get_visible()]) == 4
    many = topic_shares(13, 4).assign(low=lambda t: t["share"] / 2, high=lambda t: t["share"] * 1.5)
    (ax,) = basic.shares(many, "name", "group", "share", {many["name"][0]}).axes
    assert len(ax.get_yticks()) == 4
    first = many[many["name"] == many["name"][0]].nlargest(2, "share")
    ends = np.array([segment[:, 0] for segment in ax.collections[0].get_segments()])
    assert ends == pytest.approx(first[["low", "high"]].to_numpy())


def test_a_group_without_an_interval_is_hollow():
    fig = basic.interval_panels(topic_shares(3, 2), "name", "group", "share of text")
    _, sure, hollow = fig.axes[0].lines
    assert list(sure.get_ydata()) == [0, 1]
    assert list(hollow.get_ydata()) == [2]
    assert hollow.get_markerfacecolor() == "white"


def test_the_checks_see_what_overlaps_and_what_sticks_out():
    fig, ax = plt.subplots(figsize=(1.5, 1.5))
    ax.set_xticks(range(6), CITIES[5:11])
    ax.set_xlim(-0.5, 5.5)
    assert (CITIES[5], CITIES[6]) in overlaps(fig)
    ax.tick_params(axis="x", rotation=60, labelsize=5)
    plt.setp(ax.get_xticklabels(), ha="right", rotation_mode="anchor")
    assert overlaps(fig) == []
    assert sticks_out(fig) == 0
    ax.text(1.4, 0.5, "村级集体经济", transform=ax.transAxes)
    fig.set_layout_engine("none")
    fig.canvas.draw()
    assert sticks_out(fig) > 5


@pytest.mark.parametrize("n", [5, 12])
@pytest.mark.parametrize("size", [3, 5, 8])
def test_columns_of_a_heat_map_never_overlap_however_long_their_names(n, size):
    names = ["".join(TERMS)[i : i + size] for i in range(n)]
    table = pd.DataFrame(numbers(n, n), index=names, columns=names)
    fig = basic.heat(table, "share", "{:.2f}")
    assert overlaps(fig) == []
    assert sticks_out(fig) == 0


def test_bars_show_the_values_in_the_order_of_the_table():
    table = pd.DataFrame({"城市": ["盐城", "合肥", "随州"], "n": [1200, 30, 5]})
    (ax,) = basic.bars(table, "城市", "n", "characters").axes
    assert [bar.get_width() for bar in ax.patches] == [1200, 30, 5]
    assert [label.get_text() for label in ax.get_yticklabels()] == ["盐城", "合肥", "随州"]
    assert [text.get_text().strip() for text in ax.texts] == ["1,200", "30", "5"]
    assert ax.yaxis_inverted()  # the first on top
    assert ax.get_xlabel() == "characters"


def test_stacked_bars_begin_where_the_last_part_ends():
    table = pd.DataFrame(
        [("盐城", "body", 10), ("盐城", "note", 4), ("合肥", "note", 7), ("随州", "body", 1)],
        columns=["label", "kind", "n"],
    )
    fig = basic.bars(table, "label", "n", "characters", parts="kind")
    (ax,) = fig.axes
    assert [(bar.get_x(), bar.get_width()) for bar in ax.patches] == [(0, 10), (0, 0), (0, 1), (10, 4), (0, 7), (1, 0)]
    assert [text.get_text() for text in fig.legends[0].get_texts()] == ["body", "note"]


def test_strips_are_as_long_as_the_text_and_in_the_order_of_the_table():
    table = pd.DataFrame(
        [("盐城", 0, 6, "own"), ("盐城", 6, 10, "shared"), ("合肥", 0, 3, "central"), ("盐城", 10, 30, "own")],
        columns=["city", "start", "end", "class"],
    )
    fig = basic.strips(table, "city")
    (ax,) = fig.axes
    assert [label.get_text() for label in ax.get_yticklabels()] == ["盐城", "合肥"]
    assert ax.yaxis_inverted()
    drawn = {}
    for bars in ax.collections:
        boxes = [path.get_extents() for path in bars.get_paths()]
        middle = {round((box.y0 + box.y1) / 2, 6) for box in boxes}
        drawn[middle.pop(), tuple(bars.get_facecolor()[0])] = [(round(b.x0), round(b.x1)) for b in boxes]
        assert middle == set()
    colour = {kind: mpl.colors.to_rgba(basic.STRIPS[kind][0]) for kind in ("own", "shared", "central")}
    own, shared, central = colour["own"], colour["shared"], colour["central"]
    assert drawn == {(0, own): [(0, 6), (10, 30)], (0, shared): [(6, 10)], (1, central): [(0, 3)]}
    assert [text.get_text() for text in fig.legends[0].get_texts()] == ["in many documents", "in some", "own"]


def test_strips_of_many_documents_stand_beside_each_other():
    fig = basic.strips(passages(113))
    shown = [[label.get_text() for label in ax.get_yticklabels()] for ax in fig.axes]
    assert [len(part) for part in shown] == [57, 56]
    assert shown[0] + shown[1] == CITIES[:113]
    assert fig.get_size_inches()[1] < 10.5  # a page


def test_parts_beyond_the_colours_are_told_apart_by_hatching():
    table = pd.DataFrame({"label": "盐城", "part": [f"p{i}" for i in range(10)], "n": 1.0})
    (ax,) = basic.bars(table, "label", "n", "characters", parts="part").axes
    looks = [(bar.get_facecolor(), bar.get_hatch()) for bar in ax.patches]
    assert len(set(looks)) == 10


def test_a_distribution_counts_every_row_and_names_the_ends():
    table = pd.DataFrame({"label": CITIES[:40], "n": range(40)})
    (ax,) = basic.distribution(table, "label", "n", "characters").axes
    assert sum(bar.get_height() for bar in ax.patches) == 40
    assert (
        ax.get_title(loc="left")
        == f"smallest: 朝阳 0, 阳江 1, 盐城 2\nlargest: {CITIES[39]} 39, {CITIES[38]} 38, {CITIES[37]} 37"
    )


def test_panels_hold_each_group_s_terms_in_order_with_intervals_and_hollow_dots():
    table = pd.DataFrame(
        [
            ("盐城", "渔港", 2.0, 1.0, 3.0, False),
            ("盐城", "灯塔", 1.5, np.nan, np.nan, True),
            ("合肥", "茶山", 0.5, -1.0, 1.0, False),
        ],
        columns=["group", "term", "value", "low", "high", "only"],
    )
    fig = basic.term_panels(table, "group", "term", "value", "log2", "low", "high", "only")
    left, right = fig.axes
    assert [ax.get_title(loc="left") for ax in fig.axes] == ["盐城", "合肥"]
    assert [t.get_text() for t in left.get_yticklabels()] == ["渔港", "灯塔"]
    ends = left.collections[0].get_segments()
    assert ends[0][:, 0].tolist() == [1, 3]
    full, hollow = (line for line in left.lines if line.get_marker() == "o")
    assert (full.get_xdata().tolist(), full.get_ydata().tolist()) == ([2.0], [0])
    assert (hollow.get_xdata().tolist(), hollow.get_ydata().tolist()) == ([1.5], [1])
    assert mpl.colors.to_hex(hollow.get_markerfacecolor()) == "#ffffff" != mpl.colors.to_hex(full.get_markerfacecolor())
    assert left.get_ylim()[0] > left.get_ylim()[1]  # the first on top
    assert left.get_xlim() == right.get_xlim()
    assert left.get_ylim() == right.get_ylim()


def test_panels_that_are_not_needed_are_not_shown():
    table = group_terms(CITIES[:5], 3)
    wide = basic.term_panels(table, "group", "term", "value", "rate")  # two columns, where terms have glosses
    assert [bool(ax.get_xlabel()) for ax in wide.axes] == [False, False, False, True, True, False]
    fig = basic.term_panels(table.assign(term="甲" + table["term"]), "group", "term", "value", "rate")
    assert [ax.get_visible() for ax in fig.axes] == [True] * 5 + [False]
    assert [bool(ax.get_xlabel()) for ax in fig.axes] == [False, False, True, True, True, False]


def test_a_heat_map_shows_its_numbers_and_leaves_what_is_not_known_empty():
    table = pd.DataFrame([[0.123, np.nan], [0.5, 0.0]], index=["盐城", "合肥"], columns=["1 渔港", "2 茶山"])
    ax = basic.heat(table, "share of text").axes[0]
    assert [text.get_text() for text in ax.texts if text.get_text()] == ["12%", "50%", "0%"]
    assert [t.get_text() for t in ax.get_xticklabels()] == ["1 渔港", "2 茶山"]
    assert [t.get_text() for t in ax.get_yticklabels()] == ["盐城", "合肥"]
    assert ax.collections[0].get_clim()[0] == 0


def test_a_large_heat_map_has_no_numbers():
    assert len(basic.heat(distance_table(60), "distance", "{:.2f}").axes[0].texts) == 0


def test_a_spread_shows_every_group_the_median_and_the_largest():
    table = pd.DataFrame({"渔港": [1.0, 5.0, 2.0], "茶山": [4.0, np.nan, 3.0]}, index=["盐城", "合肥", "随州"])
    (ax,) = basic.spread(table, "rate").axes
    dots = [line.get_xdata().tolist() for line in ax.lines if line.get_marker() == "o"]
    assert [sorted(d) for d in dots] == [[1, 2, 5], [3, 4]]
    assert [line.get_xdata()[0] for line in ax.lines if line.get_marker() == "|"] == [2, 3.5]
    assert [text.get_text() for text in ax.texts] == ["合肥、随州", "盐城、随州"]


def test_pairs_stand_in_the_order_of_the_table_from_zero():
    (ax,) = basic.pairs(nearest_pairs(5), "distance", "cosine distance").axes
    assert [t.get_text() for t in ax.get_yticklabels()] == CITIES[1:6]
    assert ax.get_xlim()[0] == 0
    assert ax.lines[0].get_xdata().tolist() == nearest_pairs(5)["distance"].tolist()
    assert ax.get_title(loc="left") == "nearest to 朝阳"
    assert ax.yaxis_inverted()


def test_pairs_at_distance_zero_are_drawn():
    table = pd.DataFrame({"set": "near", "pair": ["甲 – 乙"], "distance": [0.0]})
    basic.pairs(table, "distance", "cosine distance").canvas.draw()


@pytest.mark.parametrize(("nodes", "each"), [(1, 1), (1, 30), (3, 10), (12, 10)])
def test_collocations_are_drawn_without_overlap_or_cut(nodes, each):
    fig = basic.collocations(collocate_table(nodes, each))
    fig.supxlabel(" · ".join(NOTES), x=0.01, ha="left", fontsize=7)
    assert overlaps(fig) == []
    assert sticks_out(fig) == 0


def test_collocations_show_dots_and_ends_within_the_axis():
    table = collocate_table(2, 4)
    fig = basic.collocations(table)
    for ax, (node, part) in zip(fig.axes, table.groupby("node", sort=False), strict=False):
        assert ax.get_title(loc="left") == node
        assert ax.lines[0].get_xdata().tolist() == part["log_dice"].tolist()
        assert [t.get_text() for t in ax.get_yticklabels()] == part["collocate"].tolist()
        low, high = ax.get_xlim()
        assert low < table["low"].min()
        assert table["high"].max() < high
        assert low > 5  # 0 is far off and means nothing
