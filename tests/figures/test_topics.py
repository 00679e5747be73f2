"""Figures of topics: what they show, and a map on which nothing overlaps."""

import itertools

import matplotlib as mpl
import numpy as np
import pytest
from crosscity.figures import topics

from tests.helpers.figure_tables import topic_places, yearly_shares
from tests.helpers.figures import NOTES, sticks_out


def test_a_line_of_years_is_solid_where_there_is_a_trend():
    fig = topics.trends(*yearly_shares(2), "share of text")
    styles = [ax.lines[1].get_linestyle() for ax in fig.axes]
    assert styles == ["-", ":"]
    # The line goes through the middle: mean year, mean share.
    x, y = fig.axes[0].lines[1].get_data()
    dots = fig.axes[0].lines[0]
    assert np.interp(dots.get_xdata().mean(), x, y) == pytest.approx(dots.get_ydata().mean())


def circles(fig):
    (ax,) = fig.axes
    return [p for p in ax.patches if isinstance(p, mpl.patches.Circle)]


@pytest.mark.parametrize("n", [1, 2, 8, 25, 40, 60, 100])
def test_a_map_of_topics_is_readable(n):
    fig = topics.topic_map(topic_places(n, fallen=(1,)), 0.2)
    fig.supxlabel(" · ".join(NOTES), x=0.01, ha="left", fontsize=7)
    fig.canvas.draw()
    (ax,), found = fig.axes, circles(fig)
    assert len(found) == n
    for a, b in itertools.combinations(found, 2):
        assert np.hypot(*np.subtract(a.center, b.center)) > a.radius + b.radius
    assert sticks_out(fig) == 0
    renderer = fig.canvas.get_renderer()
    texts = [t for t in [*ax.texts, fig._supxlabel] if t.get_text()]
    boxes = [t.get_window_extent(renderer) for t in texts]
    frame = ax.patches[0].get_window_extent()
    for (one, a), (other, b) in itertools.combinations(zip(texts, boxes, strict=True), 2):
        assert min(a.x1, b.x1) - max(a.x0, b.x0) < 1 or min(a.y1, b.y1) - max(a.y0, b.y0) < 1, (one, other)
    assert all(frame.x0 < p.get_window_extent().x0 and p.get_window_extent().x1 < frame.x1 for p in found)
    assert all(b.x0 > frame.x1 or b.y1 < frame.y0 for b in boxes[n:]), "the key and the caption stand outside"
    assert min(t.get_size() for t in texts) >= 7
    assert fig.get_size_inches()[1] < 8


def test_circles_of_a_map_have_the_area_of_their_prevalence():
    table = topic_places(8)
    radii = np.array([p.radius for p in circles(topics.topic_map(table))])
    ratio = radii**2 / table["prevalence"]
    np.testing.assert_allclose(ratio, ratio[0], rtol=5e-3)


def test_topics_that_do_not_survive_are_grey_and_dashed_and_have_a_mark():
    fig = topics.topic_map(topic_places(8, fallen=(3, 7)), 0.193)
    looks = {(p.get_linestyle() != "-" and p.get_linestyle() != "solid", p.get_edgecolor()) for p in circles(fig)}
    assert [p.get_linestyle() not in ("-", "solid") for p in circles(fig)] == [t in (3, 7) for t in range(1, 9)]
    assert len(looks) == 2
    said = [t.get_text() for t in fig.axes[0].texts]
    assert said.count("†") == 2
    assert said[8] == topic_places(8)["name"][0]
    assert said[9] == f"{topic_places(8)['prevalence'][0]:.1%}"
    assert "the plane shows 19%" in " ".join(said)
    assert "†, grey and dashed: does not survive resampling." in " ".join(said)
    plain = " ".join(t.get_text() for t in topics.topic_map(topic_places(8).drop(columns="survives")).axes[0].texts)
    assert "†" not in plain
    assert "plane" not in plain


def test_a_map_says_how_many_circles_are_moved():
    places = [[0, 0], [0.001, 0], [5, 5]]  # two on one place, the third far off
    centres, radii, moved = topics.map_layout(places, [0.4, 0.4, 0.2], 100, 80, 3)
    assert moved == 2
    assert np.hypot(*(centres[0] - centres[1])) >= 2 * radii[0]
    assert "; 2 of 3 circles are moved, so that none overlap." in topics.map_caption(moved, 3)
    assert "moved" not in topics.map_caption(0, 3)
    alone, _, moved = topics.map_layout([[0, 0], [4, 0], [0, 3]], [0.4, 0.4, 0.2], 100, 80, 1)
    assert moved == 0  # and the distances are as they were
    sides = [np.hypot(*(alone[i] - alone[j])) for i, j in ((0, 1), (0, 2), (1, 2))]
    assert np.array(sides) / sides[2] == pytest.approx([0.8, 0.6, 1], abs=0.01)


def test_a_small_push_is_no_move():
    # Equal circles, as wide as they may be: a radius of 80 / 8, and 80 / 200 of room, so 0.6 more than the 20.2 between
    # the first two, of 79.2 between the outer ones.
    places = [[0, 0], [20.2 / 79.2, 0], [1, 0]]
    centres, radii, moved = topics.map_layout(places, [1, 1, 1], 100, 80, 1)
    assert radii.tolist() == [10, 10, 10]
    assert 20.6 < centres[1, 0] - centres[0, 0] < 21
    assert moved == 0


@pytest.mark.parametrize("far", [0, 1, 5])
def test_circles_that_need_more_than_the_box_begin_nearer_to_each_other(far):
    places = np.random.default_rng(8).normal(0, 1, (40, 2)) * [1, 0.1]
    places[0] = far
    shares = np.random.default_rng(9).dirichlet(np.full(40, 3.0))
    centres, radii, _ = topics.map_layout(places, shares, 100, 80, 1)
    assert (centres - radii[:, None] > 0).all()
    assert (centres + radii[:, None] < [100, 80]).all()
    assert np.pi * (radii**2).sum() == pytest.approx(100 * 80 / 5, rel=0.01)  # and are not made smaller


def test_circles_on_one_place_are_pushed_apart_the_same_way_each_time():
    one = topics.map_layout(np.zeros((30, 2)), np.full(30, 1 / 30), 100, 80, 3)
    again = topics.map_layout(np.zeros((30, 2)), np.full(30, 1 / 30), 100, 80, 3)
    assert one[0].tobytes() == again[0].tobytes()
    for (a, p), (b, q) in itertools.combinations(zip(*one[:2], strict=True), 2):
        assert np.hypot(*(a - b)) > p + q


def test_names_in_the_key_are_no_formulas_and_have_room():
    table = topic_places(2).assign(name=["1 $x^2$ 与 $", "2 " + "长" * 80])
    written = topics.topic_map(table).axes[0].texts
    texts = [t.get_text() for t in written]
    assert not written[texts.index("1 $x^2$ 与 $")].get_parse_math()
    assert any(t.startswith("2 长") and t.endswith("…") for t in texts)
    many = [t.get_text() for t in topics.topic_map(topic_places(60)).axes[0].texts]
    assert "and 16 more" in many
    assert topic_places(60)["name"][43] in many
    assert topic_places(60)["name"][44] not in many
