"""Trees, maps and neighbours at the sizes of the corpora: nothing overlaps, and what is drawn is what was measured."""

import itertools

import matplotlib as mpl
import numpy as np
import pytest
from crosscity.figures import maps

from tests.helpers.figure_tables import cluster_tree, correspondence_map, neighbour_table
from tests.helpers.figures import CITIES, NOTES, overlaps, sticks_out, tick_labels

DRAWN = {
    "tree": (lambda n: maps.dendrogram(cluster_tree(n), "Jensen-Shannon distance"), (2, 5, 23, 40, 56, 113)),
    "ca-map": (lambda n: maps.ca_map(*correspondence_map(n)), (3, 5, 31, 113)),
    "neighbours": (lambda n: maps.neighbours(neighbour_table(n), "cosine distance"), (1, 4, 30, 112)),
}
CASES = [(name, n) for name, (_, sizes) in DRAWN.items() for n in sizes]


def texts(fig):
    found = [t for ax in fig.axes for t in [*ax.texts, ax.xaxis.label, ax.yaxis.label] if t.get_text().strip()]
    return found + [label for labels in tick_labels(fig) for label, _ in labels]


@pytest.mark.parametrize(("name", "n"), CASES)
def test_drawn_without_a_warning_overlap_or_cut(name, n):
    fig = DRAWN[name][0](n)
    fig.supxlabel(" · ".join(NOTES), x=0.01, ha="left", fontsize=7)  # as save_figure sets them
    assert overlaps(fig) == []
    assert sticks_out(fig) == 0
    boxes = [(t.get_text(), mpl.text.Text.get_window_extent(t)) for t in [*texts(fig), fig._supxlabel]]
    for (one, a), (other, b) in itertools.combinations(boxes, 2):
        assert min(a.x1, b.x1) - max(a.x0, b.x0) < 1.5 or min(a.y1, b.y1) - max(a.y0, b.y0) < 1.5, (one, other)
    assert min(t.get_size() for t in texts(fig)) >= 6
    assert fig.get_size_inches()[1] < 10.3


def test_a_tree_has_every_name_and_the_support_that_is_firm():
    found = cluster_tree(5, [0.9, 0.62, 0.31, np.nan])
    fig = maps.dendrogram(found, "distance")
    said = [t.get_text() for t in fig.axes[0].texts]
    assert [s for s in said if s in CITIES] == found.groups
    assert set(said) - set(CITIES) == {"90", "62", "31"}
    colours = {t.get_text(): t.get_color() for t in fig.axes[0].texts if t.get_text().isdigit()}
    assert colours == {"90": "#000000", "62": "#000000", "31": "#777777"}
    many = maps.dendrogram(cluster_tree(60, np.r_[np.full(58, 0.4), np.nan]), "distance")
    assert {t.get_text() for t in many.axes[0].texts} - {""} == set(CITIES[:60])


def test_only_clear_clusters_are_coloured_the_outermost_whole():
    # 0 and 1 join, then 2, then 3, then 4: the cluster of three is clear and holds that of two.
    linked = np.array([[0, 1, 0.1, 2], [2, 5, 0.2, 3], [3, 6, 0.3, 4], [4, 7, 0.5, 5]])
    found = maps._cluster_colours(linked, np.array([0.95, 0.85, 0.79, np.nan]))
    assert {node for node, colour in found.items() if colour != "#444444"} == {0, 1, 2, 5, 6}
    assert len(set(found.values())) == 2


def test_lines_of_a_tree_meet_at_their_heights():
    found = cluster_tree(6)
    (ax,) = maps.dendrogram(found, "distance").axes
    upright = sorted(line.get_xdata()[0] for line in ax.lines if line.get_xdata()[0] == line.get_xdata()[1])
    assert upright == pytest.approx(sorted(found.linkage[:, 2]))
    ends = [line.get_xdata()[0] for line in ax.lines if len(set(line.get_xdata())) == 2]
    assert len(ends) == 10  # a line to each node but the root
    assert ax.xaxis_inverted()


def test_a_map_of_few_groups_names_all_and_of_many_the_farthest():
    groups, terms, inertia = correspondence_map(5)
    (ax,) = maps.ca_map(groups, terms, inertia).axes
    assert set(CITIES[:5]) <= {t.get_text() for t in ax.texts}
    assert ax.get_xlabel() == "axis 1 (30.0% of inertia)"
    assert len(ax.patches) == groups["major"].notna().sum() == 3
    groups, terms, inertia = correspondence_map(113)
    (ax,) = maps.ca_map(groups, terms, inertia).axes
    named = {t.get_text() for t in ax.texts} & set(CITIES)
    farthest = groups.assign(far=np.hypot(groups["x"], groups["y"])).nlargest(25, "far")
    assert named <= set(farthest["group"])
    assert len(named) >= 20
    assert len(ax.patches) == farthest["major"].notna().sum()
    dots = np.concatenate([line.get_xydata() for line in ax.lines if line.get_marker() == "o"])
    assert sorted(map(tuple, dots)) == sorted(map(tuple, groups[["x", "y"]].to_numpy()))


def test_a_unit_is_as_long_on_both_axes_of_a_map():
    (ax,) = maps.ca_map(*correspondence_map(12)).axes
    box = ax.get_window_extent()
    assert box.width / np.ptp(ax.get_xlim()) == pytest.approx(box.height / np.ptp(ax.get_ylim()))


def test_labels_of_a_map_stand_on_no_dot():
    fig = maps.ca_map(*correspondence_map(31))
    (ax,) = fig.axes
    fig.canvas.draw()
    dots = np.concatenate([ax.transData.transform(line.get_xydata()) for line in ax.lines if line.get_marker() in "o+"])
    for text in ax.texts:
        box = text.get_window_extent()
        assert not any(box.contains(*dot) for dot in dots), text.get_text()


def test_the_nearest_neighbours_alone_are_shown_each_with_its_range():
    (ax,) = maps.neighbours(neighbour_table(112), "cosine distance").axes
    assert len(ax.get_yticks()) == 30
    assert ax.get_xlabel() == "cosine distance; the 30 nearest of 112"
    [dots] = (line for line in ax.lines if line.get_marker() == "o")
    assert dots.get_ydata().tolist() == list(range(30))
    assert len(ax.collections[0].get_segments()) == 30
    assert ax.yaxis_inverted()
