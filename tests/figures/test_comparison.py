"""Word shifts and rates of terms: readable, and what the tables say."""

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from crosscity.figures import comparison
from crosscity.figures.text import GLOSS

from tests.helpers.figure_tables import UNTESTED, divergence, shift_table
from tests.helpers.figures import CITIES, TERMS, check_page


@pytest.mark.parametrize("intervals", ["narrow", "wide", "none"])
@pytest.mark.parametrize("n", [1, 5, 36, 900])
def test_a_word_shift_is_readable(n, intervals):
    check_page(comparison.word_shift(shift_table(n, intervals), "随州", "合肥", divergence()))


@pytest.mark.parametrize("negative", [True, False])
def test_a_word_shift_of_one_side_and_of_long_names_and_terms(negative):
    table = shift_table(40, negative=negative, longest="习近平新时代中国特色社会主义思想")
    check_page(
        comparison.word_shift(table, "新疆维吾尔自治区人民政府工作报告", "Inner Mongolia, all of it", UNTESTED, most=40)
    )


def test_bars_are_the_contributions_and_white_where_the_other_has_none():
    table = shift_table(30)
    main = comparison.word_shift(table, "随州", "合肥").axes[0]
    bars = main.patches
    assert [b.get_width() for b in bars] == pytest.approx(table["signed"].tolist())
    left = table["signed"] < 0  # of which the other has none, in this table
    assert [mpl.colors.to_hex(b.get_facecolor()) == "#ffffff" for b in bars] == left.tolist()
    edges = [mpl.colors.to_hex(b.get_edgecolor()).upper() for b in bars]
    assert edges == [comparison.SIDES[0] if x else comparison.SIDES[1] for x in left]
    assert main.yaxis_inverted()


def test_terms_stand_on_the_side_of_their_bars_behind_them():
    table = shift_table(30, "wide")
    main = comparison.word_shift(table, "随州", "合肥").axes[0]
    named = [t for t in main.texts if t.get_color() != GLOSS["color"]]
    assert [t.get_text() for t in named] == table["term"].tolist()
    assert len(main.texts) > len(named)
    for text, value in zip(named, table["signed"], strict=True):
        assert np.sign(text.get_position()[0]) == np.sign(value)
        assert abs(text.get_position()[0]) > abs(value)


def test_whiskers_end_where_intervals_do_or_in_an_arrow_and_are_grey_if_they_hold_zero():
    table = shift_table(3, negative=False).assign(low=[0.001, -0.001, -9.0], high=[0.002, 0.002, 9.0])
    table["signed"] = [0.0015, 0.0012, 0.001]
    main = comparison.word_shift(table, "随州", "合肥").axes[0]
    lines = [
        x for x in main.lines if len(x.get_xdata()) == 2 and x.get_linestyle() == "-" and x.get_ydata()[0] in (0, 1, 2)
    ]
    lines = [x for x in lines if x.get_ydata()[0] == x.get_ydata()[1]]
    assert [x.get_xdata().tolist() if isinstance(x.get_xdata(), np.ndarray) else x.get_xdata() for x in lines[:2]] == [
        pytest.approx([0.001, 0.002]),
        pytest.approx([-0.001, 0.002]),
    ]
    assert lines[2].get_xdata()[1] < main.get_xlim()[1]
    assert len({x.get_color() for x in lines} - {"white"}) == 2  # white: between a term and its gloss
    assert lines[0].get_color() != lines[1].get_color() == lines[2].get_color()
    assert [x.get_marker() for x in main.lines if x.get_marker() not in ("None", "")] == ["|"] * 4 + ["<", ">"]


def test_totals_are_of_all_terms_and_texts_have_their_sizes():
    table = shift_table(900)
    fig = comparison.word_shift(table, "随州", "合肥", divergence())
    _, top, sizes, cumulative = fig.axes
    sums = [table["signed"][table["signed"] < 0].sum(), table["signed"][table["signed"] > 0].sum()]
    assert [b.get_width() for b in top.patches] == pytest.approx(sums)
    assert [b.get_width() for b in sizes.patches] == [table["count_a"].sum(), table["count_b"].sum()]
    assert cumulative.lines[0].get_ydata()[-1] == pytest.approx(1)
    assert cumulative.get_title(loc="left") == f"Of the whole, 36 terms: {table['cumulative'][35]:.0%}"
    said = " ".join(t.get_text() for t in fig.texts).replace("\n", " ").replace("\u00a0", " ")
    assert "0.205 on average, 95% below 0.226 (p = 0.022)" in said.replace("  ", " ")
    assert "not testable with 2 documents" in " ".join(
        t.get_text() for t in comparison.word_shift(table, "a", "b", UNTESTED).texts
    ).replace("\n", " ")


@pytest.mark.parametrize(("n", "m"), [(1, 1), (3, 5), (14, 8), (20, 54), (30, 12)])
def test_rates_are_readable(n, m):
    values = np.random.default_rng(n).gamma(1, 5, (n, m))
    values[np.triu_indices(min(n, m), 1)] = np.nan
    names = [*TERMS, *(f"{t}战略" for t in TERMS)][:n]
    columns = [str(1954 + i) for i in range(m)] if m > 12 else CITIES[4 : 4 + m]
    check_page(comparison.term_rates(pd.DataFrame(values, names, columns), "in 10,000 counted words"))


def test_what_was_not_available_is_hatched_and_a_zero_is_not():
    table = pd.DataFrame([[np.nan, 0.0, 2.5], [1.0, np.nan, 0.0]], index=["渔港", "茶山"], columns=["甲", "乙", "丙"])
    fig = comparison.term_rates(table, "in 10,000 counted words")
    ax = fig.axes[0]
    assert [(p.get_xy(), p.get_hatch()) for p in ax.patches] == [((0, 0), "////"), ((1, 1), "////")]
    assert [t.get_text() for t in ax.texts] == ["0.0", "2.5", "1.0", "0.0", "fishing port"]
    assert "hatched" in " ".join(t.get_text() for t in fig.texts)
    whole = comparison.term_rates(table.fillna(1), "in 10,000 counted words")
    assert "hatched" not in " ".join(t.get_text() for t in whole.texts)
