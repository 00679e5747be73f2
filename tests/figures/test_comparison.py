"""Word shifts, timelines and tables of rates as pictures: nothing overlaps, nothing is cut off, and what they show."""

import itertools
import warnings

import matplotlib as mpl

mpl.use("Agg")

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from crosscity.compare import milestones, shifts
from crosscity.figures import comparison
from crosscity.figures.style import use_style
from crosscity.figures.text import GLOSS

from tests.figures.test_basic import CITIES, NOTES, TERMS, overlaps, sticks_out


@pytest.fixture(autouse=True)
def style():
    use_style()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield
    plt.close("all")


def shifted(n, intervals="narrow", negative=None, longest=""):
    """A table as shifts.shift gives it, of n terms."""
    rng = np.random.default_rng(n)
    size = np.sort(rng.gamma(1.0, 1e-3, n))[::-1]
    sign = np.where(rng.random(n) < 0.5, -1, 1) if negative is None else np.full(n, -1 if negative else 1)
    names = [TERMS[i % 20] + (str(i // 20) if i >= 20 else "") for i in range(n)]
    table = pd.DataFrame({"term": [*([longest] if longest else []), *names][:n], "signed": sign * size})
    table["count_a"], table["count_b"] = np.where(sign < 0, 40, 3), np.where(sign < 0, 0, 20)
    table["contribution"] = size
    table["share"] = size / size.sum()
    table["cumulative"] = table["share"].cumsum()
    half = {"narrow": 0.3, "wide": 40.0, "none": np.nan}[intervals] * size
    return table.assign(low=table["signed"] - half, high=table["signed"] + half)


def found(**changed):
    values = {"total": 0.235, "at_random": 0.143, "expected": 0.205, "expected_high": 0.226, "units": 10}
    values |= {"arrangements": 45, "unit": "document", "floor": 0.02, "p": 0.022, "answer": "different"}
    return shifts.Divergence(**(values | changed))


UNTESTED = found(expected=np.nan, expected_high=np.nan, p=np.nan, answer="not testable with 2 documents")


def texts(fig):
    """All texts but tick labels, with the boxes that they are drawn in."""
    renderer = fig.canvas.get_renderer()
    every = [t for ax in fig.axes for t in [*ax.texts, ax.title, ax._left_title, ax.xaxis.label]] + list(fig.texts)
    return [(t.get_text(), t.get_window_extent(renderer)) for t in every if t.get_text() and t.get_visible()]


def covering(fig):
    """Pairs of texts that cover each other by more than a pixel."""
    pairs = itertools.combinations(texts(fig), 2)
    return [
        (one, other)
        for (one, a), (other, b) in pairs
        if min(a.x1, b.x1) - max(a.x0, b.x0) > 1 and min(a.y1, b.y1) - max(a.y0, b.y0) > 1
    ]


def check(fig):
    fig.supxlabel(" · ".join(NOTES), x=0.01, ha="left", fontsize=7)  # as save_figure sets them
    assert overlaps(fig) == []
    assert covering(fig) == []
    assert sticks_out(fig) == 0
    assert fig.get_size_inches()[0] == pytest.approx(7.2)
    assert fig.get_size_inches()[1] < 10  # a page


@pytest.mark.parametrize("intervals", ["narrow", "wide", "none"])
@pytest.mark.parametrize("n", [1, 5, 36, 900])
def test_a_word_shift_is_readable(n, intervals):
    check(comparison.word_shift(shifted(n, intervals), "随州", "合肥", found()))


@pytest.mark.parametrize("negative", [True, False])
def test_a_word_shift_of_one_side_and_of_long_names_and_terms(negative):
    table = shifted(40, negative=negative, longest="习近平新时代中国特色社会主义思想")
    check(
        comparison.word_shift(table, "新疆维吾尔自治区人民政府工作报告", "Inner Mongolia, all of it", UNTESTED, most=40)
    )


def test_bars_are_the_contributions_and_white_where_the_other_has_none():
    table = shifted(30)
    main = comparison.word_shift(table, "随州", "合肥").axes[0]
    bars = main.patches
    assert [b.get_width() for b in bars] == pytest.approx(table["signed"].tolist())
    left = table["signed"] < 0  # of which the other has none, in this table
    assert [mpl.colors.to_hex(b.get_facecolor()) == "#ffffff" for b in bars] == left.tolist()
    edges = [mpl.colors.to_hex(b.get_edgecolor()).upper() for b in bars]
    assert edges == [comparison.SIDES[0] if x else comparison.SIDES[1] for x in left]
    assert main.yaxis_inverted()


def test_terms_stand_on_the_side_of_their_bars_behind_them():
    table = shifted(30, "wide")
    main = comparison.word_shift(table, "随州", "合肥").axes[0]
    named = [t for t in main.texts if t.get_color() != GLOSS["color"]]
    assert [t.get_text() for t in named] == table["term"].tolist()
    assert len(main.texts) > len(named)
    for text, value in zip(named, table["signed"], strict=True):
        assert np.sign(text.get_position()[0]) == np.sign(value)
        assert abs(text.get_position()[0]) > abs(value)


def test_whiskers_end_where_intervals_do_or_in_an_arrow_and_are_grey_if_they_hold_zero():
    table = shifted(3, negative=False).assign(low=[0.001, -0.001, -9.0], high=[0.002, 0.002, 9.0])
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
    table = shifted(900)
    fig = comparison.word_shift(table, "随州", "合肥", found())
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


# Timelines

GENRES = ["experience report", "news feature", "journal essay", "government work report", "speech", "plan", "notice"]
GENRES += ["opinion", "regulation", "interview"]


def documents(n, dates, genres=1):
    rng = np.random.default_rng(n)
    table = pd.DataFrame({"doc_id": [f"d{i}" for i in range(n)], "group": (CITIES * 2)[:n]})
    table["n_chars"] = (rng.gamma(2.0, 4000, n) + 300).astype(int)
    table["genre"] = [GENRES[i % genres] for i in range(n)]
    every = {
        "year": ["2024"] * n,
        "days": [f"2026-{1 + int(d) // 28:02}-{1 + int(d) % 28:02}" for d in rng.normal(36, 6, n).clip(0, 56)],
        "decades": [str(1954 + i * 71 // max(n - 1, 1)) for i in range(n)],
        "mixed": [f"{2014 + i % 10}" + ("", "-08", "-08-09")[i % 3] for i in range(n)],
        "none": [""] * n,
    }[dates]
    return table.assign(date=every, year=[float(d[:4]) if d else np.nan for d in every])


@pytest.mark.parametrize(
    ("n", "dates", "genres"),
    [
        (1, "year", 1),
        (1, "days", 1),
        (5, "mixed", 4),
        (31, "days", 1),
        (40, "mixed", 3),
        (72, "decades", 2),
        (113, "year", 1),
        (113, "mixed", 10),
        (3, "none", 1),
        (24, "days", 10),
    ],
)
def test_a_timeline_is_readable(n, dates, genres):
    fig = comparison.timeline(documents(n, dates, genres), milestones.read_milestones())
    check(fig)
    ax = fig.axes[0]
    numbers = [t for t in ax.texts if t.get_text().isdigit()]
    assert len(numbers) <= comparison.LINES
    assert len(ax.get_yticks()) <= comparison.LANES
    circles = sum(len(c.get_offsets()) for c in ax.collections)
    assert circles == (0 if dates == "none" else n)


def drawn(ax):
    """Circles of a timeline: x, y, radius in points, whether hollow."""
    for collection in ax.collections:
        for (x, y), s, face in zip(
            collection.get_offsets(), collection.get_sizes(), collection.get_facecolors(), strict=True
        ):
            yield x, y, np.sqrt(s) / 2, mpl.colors.to_hex(face) == "#ffffff"


@pytest.mark.parametrize(("n", "dates"), [(31, "days"), (72, "decades"), (113, "year"), (113, "days")])
def test_no_circle_covers_another(n, dates):
    circles = list(drawn(comparison.timeline(documents(n, dates)).axes[0]))
    for (x, y, r, _), (u, v, s, _) in itertools.combinations(circles, 2):
        assert np.hypot(x - u, y - v) > r + s - 0.01


def test_circles_have_the_area_of_their_documents_and_stand_in_the_order_of_their_dates():
    table = documents(5, "mixed", 4).assign(n_chars=[1000, 4000, 9000, 2000, 3000])
    circles = {}
    fig = comparison.timeline(table)
    for x, _, r, hollow in drawn(fig.axes[0]):
        circles[round(x, 3)] = (r, hollow)
    ordered = [circles[x] for x in sorted(circles)]
    assert [r**2 / ordered[0][0] ** 2 for r, _ in ordered] == pytest.approx([1, 4, 9, 2, 3])
    assert [hollow for _, hollow in ordered] == [True, True, False, True, True]  # of the third the day is stated
    lanes = [t.get_text() for t in fig.axes[0].get_yticklabels()]
    assert lanes == GENRES[:4]
    assert "Hollow: no day is stated (4 of 5)" in " ".join(t.get_text() for t in fig.texts)


def test_the_rarest_genres_share_a_lane_and_what_is_undated_is_counted():
    table = documents(113, "mixed", 10)
    table.loc[:2, ["date", "year"]] = ["", np.nan]
    fig = comparison.timeline(table)
    lanes = [t.get_text() for t in fig.axes[0].get_yticklabels()]
    assert len(lanes) == 8
    assert lanes[-1] == "other"
    assert "3 documents are undated, and not shown." in [t.get_text() for t in fig.texts]


def test_milestones_stand_at_their_dates_between_the_first_and_the_last_document():
    table = documents(2, "mixed").assign(date=["2015-01-01", "2019-01-01"], year=[2015, 2019])
    ours = milestones.read_milestones()
    ours = ours[ours["name"].isin(["十八大", "两学一做", "十九大", "二十大"])]
    fig = comparison.timeline(table, ours)
    ax = fig.axes[0]
    key = [t.get_text() for t in fig.texts if t.get_text()[:1].isdigit()]
    assert key == ["1  2016-02  两学一做  study campaign 2016", "2  2017-10  十九大"]
    (first, _, _, _), (last, _, _, _) = sorted(drawn(ax))
    lines = sorted(x.get_xdata()[0] for x in ax.lines if len(set(x.get_xdata())) == 1)
    days = [(pd.Timestamp(d) - pd.Timestamp("2015-01-01")).days for d in ("2016-02-01", "2017-10-18", "2019-01-01")]
    assert np.array(lines) == pytest.approx([first + (last - first) * d / days[2] for d in days[:2]], abs=0.5)


def test_of_documents_of_one_year_it_is_not_known_what_was_before_them():
    fig = comparison.timeline(documents(113, "year"), milestones.read_milestones())
    assert [t.get_text() for t in fig.axes[0].get_xticklabels()] == ["2024, no day stated"]
    assert not [x for x in fig.axes[0].lines if len(set(x.get_xdata())) == 1]


# Rates


@pytest.mark.parametrize(("n", "m"), [(1, 1), (3, 5), (14, 8), (20, 54), (30, 12)])
def test_rates_are_readable(n, m):
    values = np.random.default_rng(n).gamma(1, 5, (n, m))
    values[np.triu_indices(min(n, m), 1)] = np.nan
    names = [*TERMS, *(f"{t}战略" for t in TERMS)][:n]
    columns = [str(1954 + i) for i in range(m)] if m > 12 else CITIES[4 : 4 + m]
    check(comparison.term_rates(pd.DataFrame(values, names, columns), "in 10,000 words"))


def test_what_was_not_available_is_hatched_and_a_zero_is_not():
    table = pd.DataFrame([[np.nan, 0.0, 2.5], [1.0, np.nan, 0.0]], index=["渔港", "茶山"], columns=["甲", "乙", "丙"])
    fig = comparison.term_rates(table, "in 10,000 words")
    ax = fig.axes[0]
    assert [(p.get_xy(), p.get_hatch()) for p in ax.patches] == [((0, 0), "////"), ((1, 1), "////")]
    assert [t.get_text() for t in ax.texts] == ["0.0", "2.5", "1.0", "0.0", "fishing port"]
    assert "hatched" in " ".join(t.get_text() for t in fig.texts)
    whole = comparison.term_rates(table.fillna(1), "in 10,000 words")
    assert "hatched" not in " ".join(t.get_text() for t in whole.texts)
