"""Words of a network: none lies on another, and few lines run behind words."""

import itertools

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from crosscity.figures import maps
from crosscity.figures.style import COLOURS
from crosscity.figures.word_layout import _lines_behind_words, word_layout
from matplotlib.patches import FancyBboxPatch

from tests.helpers.figure_tables import NAMES, word_graph
from tests.helpers.figures import NOTES, sticks_out


def frames(fig):
    fig.canvas.draw()
    (ax,) = fig.axes
    return [p.get_window_extent(fig.canvas.get_renderer()) for p in ax.patches if isinstance(p, FancyBboxPatch)]


def lie_on_each_other(boxes):
    return [(i, j) for (i, a), (j, b) in itertools.combinations(enumerate(boxes), 2) if a.overlaps(b)]


CHAIN = [(i, i + 1) for i in range(29)]
STAR = [(0, i) for i in range(1, 40)]
FULL = list(itertools.combinations(range(12), 2))
SHAPES = [(1, None), (2, None), (2, [(0, 1)]), (5, None), (30, None), (60, None), (60, [])]
SHAPES += [(30, CHAIN), (40, STAR), (12, FULL), (30, [(0, 1), (2, 3), (4, 5), (5, 6)])]


@pytest.mark.parametrize(("n", "edges"), SHAPES)
def test_no_word_lies_on_another_and_nothing_is_cut_off(n, edges):
    fig = maps.network(*word_graph(n, edges))
    fig.supxlabel(" · ".join(NOTES), x=0.01, ha="left", fontsize=7)  # as save_figure sets them
    boxes = frames(fig)
    assert len(boxes) == n
    assert lie_on_each_other(boxes) == []
    assert sticks_out(fig) == 0
    assert fig.get_size_inches()[0] == pytest.approx(7.2)
    assert fig.get_size_inches()[1] <= 9.5
    texts = [t for t in fig.axes[0].texts if t.get_text() in NAMES]
    renderer = fig.canvas.get_renderer()
    for text, box in zip(texts, boxes, strict=True):
        inner = text.get_window_extent(renderer)
        assert box.x0 <= inner.x0
        assert inner.x1 <= box.x1
        assert text.get_size() >= 7
    below = [*fig.axes[0].texts[-1:], fig._supxlabel]
    lines = [t.get_window_extent(renderer) for t in below]
    assert lie_on_each_other([*boxes, *lines]) == []


def test_the_check_sees_words_that_lie_on_each_other(monkeypatch):
    monkeypatch.setattr(maps, "word_layout", lambda sizes, a, b, width: (np.full((len(sizes), 2), 50.0), 100.0))
    assert len(lie_on_each_other(frames(maps.network(*word_graph(3))))) == 3


def test_a_network_draws_what_the_tables_say():
    nodes = pd.DataFrame({"term": ["渔港", "灯塔", "学校"], "count": [900, 100, 9], "community": [1, 2, 0]})
    edges = pd.DataFrame({"a": ["渔港", "渔港"], "b": ["灯塔", "学校"], "weight": [0.8, 0.2], "kept": [0.5, 0.4]})
    (ax,) = maps.network(nodes, edges).axes
    strong, weak = ax.lines
    assert strong.get_linewidth() > weak.get_linewidth()
    assert (strong.get_linestyle(), weak.get_linestyle()) == ("-", "--")  # dashes of our own are called --
    places = {t.get_text(): t.get_position() for t in ax.texts}
    assert np.c_[strong.get_data()].tolist() == [list(places["渔港"]), list(places["灯塔"])]
    sizes = [t.get_size() for t in ax.texts[:3]]
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[0] > sizes[2]
    colours = [mpl.colors.to_hex(p.get_edgecolor()) for p in ax.patches]
    assert colours == [c.lower() for c in (COLOURS[0], COLOURS[1], maps.GREY)]


def test_few_lines_run_behind_words_and_the_layout_is_the_same_again():
    nodes, edges = word_graph(60)
    index = pd.Index(nodes["term"])
    a, b = index.get_indexer(edges["a"]), index.get_indexer(edges["b"])
    sizes = np.array([(9 * len(t) + 8, 15) for t in nodes["term"]])
    centres, height = word_layout(sizes, a, b, 500)
    again, _ = word_layout(sizes, a, b, 500)
    assert (centres == again).all()
    assert ((centres - sizes / 2) >= -0.01).all()
    assert ((centres + sizes / 2) <= [500.01, height + 0.01]).all()
    joined = np.hypot(*(centres[a] - centres[b]).T).mean()
    anyhow = np.hypot(*(centres[:, None] - centres[None]).reshape(-1, 2).T).mean()
    assert joined < 0.75 * anyhow
    assert _lines_behind_words(centres, sizes, np.c_[a, b]).sum() <= len(edges) / 10


def test_a_line_behind_a_word_is_seen():
    places, sizes = np.array([[0, 0], [100, 0], [50, 0], [50, 30]]), np.full((4, 2), 10)
    assert np.argwhere(_lines_behind_words(places, sizes, np.array([[0, 1]]))).tolist() == [[0, 2]]
