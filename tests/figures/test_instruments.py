"""Pictures of instruments: a dot a group, the earliest dark; bars where groups are many."""

import matplotlib as mpl
import pandas as pd
from crosscity.figures import instruments as pictures
from crosscity.figures.style import use_style
from crosscity.language import in_language

from tests.helpers.figures import overlaps, sticks_out


def table(*rows):
    made = [
        {"instrument": name, "gloss": gloss, "groups": groups, "first": first, "first_groups": early, "mentions": 1}
        for name, gloss, groups, first, early in rows
    ]
    return pd.DataFrame(made)


TWO = table(
    ("约谈", "summoning for a talk", ("甲", "乙"), "2014", ("乙",)),
    ("河长制", "river chiefs", ("甲", "丙"), "2016", ("甲", "丙")),
    ("观摩", "tours", ("丙",), "2016", ("丙",)),
)


def test_a_dot_a_group_and_the_earliest_dark():
    use_style()
    fig = pictures.instruments_by_group(TWO, ["甲", "乙", "丙"])
    [ax] = fig.axes
    assert [t.get_text() for t in ax.get_yticklabels()] == ["summoning for a talk 约谈", "river chiefs 河长制"]
    dots = {(int(x), int(y)): mpl.colors.to_hex(line.get_color()) for line in ax.lines for x, y in line.get_xydata()}
    assert set(dots) == {(0, 0), (1, 0), (0, 1), (2, 1)}
    assert dots[1, 0] != dots[0, 0] == dots[0, 1] == dots[2, 1]  # all of 河长制 are of one date: none is the earliest
    assert overlaps(fig) == []
    assert sticks_out(fig) == 0
    with in_language("zh"):
        fig = pictures.instruments_by_group(TWO, ["甲", "乙", "丙"])
        assert [t.get_text() for t in fig.axes[0].get_yticklabels()] == ["约谈", "河长制"]


def test_of_many_groups_bars_say_how_many_and_of_none_there_is_no_picture():
    fig = pictures.instruments_by_group(TWO, [f"城{i}" for i in range(13)])
    assert [bar.get_width() for bar in fig.axes[0].patches] == [2, 2]
    assert fig.axes[0].get_xlabel() == "how many of 13 groups name it"
    assert pictures.instruments_by_group(TWO[2:], ["甲", "丙"]) is None
