"""Figures of facts: cells, bars and dots that say what the tables do, and nothing that overlaps."""

import itertools
import json

import numpy as np
import pandas as pd
import pytest
from crosscity.compare.questions import STANCES
from crosscity.figures import facts
from crosscity.figures.style import save_figure

from tests.helpers.figure_tables import LONG_NAMES, answer_matrix, programme_table, stance_table
from tests.helpers.figures import NOTES, covering, overlaps, sticks_out

DRAWN = {
    "presence": lambda n: facts.presence(answer_matrix(n)),
    "stance": lambda n: facts.theme_by_stance(stance_table(n)),
    "reach": lambda n: facts.programmes_by_reach(programme_table(n)),
    "shared": lambda n: facts.shared_programmes(programme_table(n)),
}


@pytest.mark.parametrize(("name", "n"), [*itertools.product(DRAWN, [2, 7, 12, 31])])
def test_nothing_overlaps_or_is_cut(name, n):
    fig = DRAWN[name](n)
    fig.supxlabel(" · ".join(NOTES), x=0.01, ha="left", fontsize=7)  # as save_figure sets them
    assert overlaps(fig) == []
    assert covering(fig) == []
    assert sticks_out(fig) == 0
    boxes = [ax.get_window_extent() for ax in fig.axes if ax.get_visible()]
    around = [t.get_window_extent() for t in [*fig.texts, *fig.legends]]
    assert not [a for a, b in itertools.product(around, boxes) if a.overlaps(b)]


def test_a_cell_has_its_number_or_is_hatched():
    table = pd.DataFrame({"东": [1, 0], "西": [40, 3]}, index=["who", "how"])
    ax = facts.presence(table).axes[0]
    numbers = {(int(t.get_position()[0]), int(t.get_position()[1])): t.get_text() for t in ax.texts}
    assert numbers == {(0, 0): "1", (1, 0): "40", (1, 1): "3"}
    hatched = [(int(p.get_x()), int(p.get_y())) for p in ax.patches if p.get_hatch()]
    assert hatched == [(0, 1)]
    shade = {(int(p.get_x()), int(p.get_y())): sum(p.get_facecolor()[:3]) for p in ax.patches}
    assert shade[1, 0] < shade[1, 1] < shade[0, 0]  # more sentences, darker


def test_of_many_groups_it_is_counted_how_many_answer():
    table = answer_matrix(20)
    ax = facts.presence(table).axes[0]
    assert [int(t.get_text()) for t in ax.texts] == list((table > 0).sum(axis=1))


def test_stances_are_stacked_in_parts_and_few_paragraphs_are_thin():
    table = stance_table(2, themes=2).assign(paragraphs=lambda t: np.where(t["theme"] == "theme0", 7, 8))
    ax = facts.theme_by_stance(table).axes[0]
    themes = [t.get_text() for t in ax.get_yticklabels()]
    part = table[table["group"] == min(LONG_NAMES[:2])].set_index(["theme", "stance"])["share"]
    for bars, stance in zip(ax.containers, STANCES, strict=True):
        assert [bar.get_width() for bar in bars] == pytest.approx([part[t, stance] for t in themes])
        thin = [bar.get_height() < 0.5 for bar in bars]
        assert thin == [t == "theme0" for t in themes]


def test_of_many_groups_stances_are_summed_by_characters():
    table = stance_table(13, themes=1)
    ax = facts.theme_by_stance(table).axes[0]
    all_ = table[table["theme"] == "all"].groupby("stance")["characters"].sum()
    assert [bars[0].get_width() for bars in ax.containers] == pytest.approx([all_[s] / all_.sum() for s in STANCES])


def test_programmes_count_in_each_group_that_has_them():
    table = pd.DataFrame({"canonical": ["甲", "乙"], "reach": ["central", "own"], "groups": [("东", "西"), ("东",)]})
    ax = facts.programmes_by_reach(table).axes[0]
    assert [t.get_text() for t in ax.get_yticklabels()] == ["东", "西"]
    assert [t.get_text().strip() for t in ax.texts] == ["2", "1"]
    assert [[bar.get_width() for bar in bars] for bars in ax.containers] == [[1, 0], [0, 0], [1, 1], [0, 0]]


def test_of_many_groups_one_that_is_not_whole_has_neither_most_nor_fewest():
    names = [f"港{n:02}" for n in range(32)]
    rows = [(f"计划{n}-{i}", "own", [name]) for n, name in enumerate(names) for i in range(n + 1)]
    table = pd.DataFrame(rows, columns=["canonical", "reach", "groups"])
    ticks = [t.get_text() for t in facts.programmes_by_reach(table).axes[0].get_yticklabels()]
    assert "港00" in ticks
    ticks = [t.get_text() for t in facts.programmes_by_reach(table, {"港00"}).axes[0].get_yticklabels()]
    assert "港00" not in ticks
    assert len(ticks) == 30


def test_programmes_of_provinces_have_a_colour_where_there_are_any():
    rows = [("甲", "central", ("东",)), ("乙", "provincial", ("东",)), ("丙", "provincial", ("西",))]
    ax = facts.programmes_by_reach(pd.DataFrame(rows, columns=["canonical", "reach", "groups"])).axes[0]
    assert [[bar.get_width() for bar in bars] for bars in ax.containers] == [[0, 0], [1, 1], [0, 0], [1, 0], [0, 0]]


def test_what_is_shared_stands_before_what_the_centre_asks_of_all():
    every = ("东", "南", "西")
    rows = [("中", "central", every), ("甲", "shared", ("东", "西")), ("丙", "unknown", every), ("乙", "own", ("东",))]
    table = pd.DataFrame(rows, columns=["canonical", "reach", "groups"]).assign(mentions=1)
    ax = facts.shared_programmes(table).axes[0]
    assert [t.get_text() for t in ax.get_yticklabels()] == ["丙", "甲", "中"]
    heads = [t.get_text() for t in ax.get_xticklabels()]
    dots = [[heads[int(x)] for x in line.get_xdata()] for line in ax.lines if line.get_marker() == "o"]
    assert dots == [["东", "南", "西"], ["东", "西"], ["东", "南", "西"]]
    assert facts.shared_programmes(table[3:]) is None


def test_notes_fit_below_what_the_picture_says(tmp_path):
    fig = facts.shared_programmes(programme_table(31))
    save_figure(fig, tmp_path, "shared", pd.DataFrame({"x": [1]}), "t", "a", NOTES)
    fig.canvas.draw()  # saving was at another resolution
    assert covering(fig) == []
    assert json.loads((tmp_path / "shared.json").read_text(encoding="utf-8"))["notes"] == list(NOTES)
