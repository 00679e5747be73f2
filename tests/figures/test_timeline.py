"""A timeline: readable, nothing covers anything, and circles stand at their dates."""

import itertools

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from crosscity.compare import milestones
from crosscity.figures import timeline

from tests.helpers.figure_tables import GENRES, dated_documents
from tests.helpers.figures import check_page


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
    fig = timeline.timeline(dated_documents(n, dates, genres), milestones.read_milestones())
    check_page(fig)
    ax = fig.axes[0]
    numbers = [t for t in ax.texts if t.get_text().isdigit()]
    assert len(numbers) <= timeline.LINES
    assert len(ax.get_yticks()) <= timeline.LANES
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
    circles = list(drawn(timeline.timeline(dated_documents(n, dates)).axes[0]))
    for (x, y, r, _), (u, v, s, _) in itertools.combinations(circles, 2):
        assert np.hypot(x - u, y - v) > r + s - 0.01


def test_circles_have_the_area_of_their_documents_and_stand_in_the_order_of_their_dates():
    table = dated_documents(5, "mixed", 4).assign(n_chars=[1000, 4000, 9000, 2000, 3000])
    circles = {}
    fig = timeline.timeline(table)
    for x, _, r, hollow in drawn(fig.axes[0]):
        circles[round(x, 3)] = (r, hollow)
    ordered = [circles[x] for x in sorted(circles)]
    assert [r**2 / ordered[0][0] ** 2 for r, _ in ordered] == pytest.approx([1, 4, 9, 2, 3])
    assert [hollow for _, hollow in ordered] == [True, True, False, True, True]  # of the third the day is stated
    lanes = [t.get_text() for t in fig.axes[0].get_yticklabels()]
    assert lanes == GENRES[:4]
    assert "Hollow: no day is stated (4 of 5)" in " ".join(t.get_text() for t in fig.texts)


def test_the_rarest_genres_share_a_lane_and_what_is_undated_is_counted():
    table = dated_documents(113, "mixed", 10)
    table.loc[:2, ["date", "year"]] = ["", np.nan]
    fig = timeline.timeline(table)
    lanes = [t.get_text() for t in fig.axes[0].get_yticklabels()]
    assert len(lanes) == 8
    assert lanes[-1] == "other"
    assert "3 documents are undated, and not shown." in [t.get_text() for t in fig.texts]


def test_milestones_stand_at_their_dates_between_the_first_and_the_last_document():
    table = dated_documents(2, "mixed").assign(date=["2015-01-01", "2019-01-01"], year=[2015, 2019])
    ours = milestones.read_milestones()
    ours = ours[ours["name"].isin(["十八大", "两学一做", "十九大", "二十大"])]
    fig = timeline.timeline(table, ours)
    ax = fig.axes[0]
    key = [t.get_text() for t in fig.texts if t.get_text()[:1].isdigit()]
    assert key == ["1  2016-02  两学一做  study campaign 2016", "2  2017-10  十九大"]
    (first, _, _, _), (last, _, _, _) = sorted(drawn(ax))
    lines = sorted(x.get_xdata()[0] for x in ax.lines if len(set(x.get_xdata())) == 1)
    days = [(pd.Timestamp(d) - pd.Timestamp("2015-01-01")).days for d in ("2016-02-01", "2017-10-18", "2019-01-01")]
    assert np.array(lines) == pytest.approx([first + (last - first) * d / days[2] for d in days[:2]], abs=0.5)


def test_of_documents_of_one_year_it_is_not_known_what_was_before_them():
    fig = timeline.timeline(dated_documents(113, "year"), milestones.read_milestones())
    assert [t.get_text() for t in fig.axes[0].get_xticklabels()] == ["2024, no day stated"]
    assert not [x for x in fig.axes[0].lines if len(set(x.get_xdata())) == 1]


def test_of_many_documents_the_years_are_counted(monkeypatch):
    monkeypatch.setattr(timeline, "MANY", 50)
    documents = dated_documents(72, "decades", 2)
    fig = timeline.timeline(documents, milestones.read_milestones())
    check_page(fig)
    ax = fig.axes[0]
    assert not ax.collections  # no circles
    tops = {bar.get_y() for bar in ax.patches}
    assert len(tops) == documents["genre"].nunique()
    # The tallest bar of each lane is as high as the lane, and says how many documents it stands for.
    years = pd.to_datetime(documents["date"]).dt.year if documents["date"].notna().all() else documents["year"]
    most = [str(n) for n in years.groupby(documents["genre"]).value_counts().groupby(level=0).max()]
    assert sorted(most) == sorted(t.get_text() for t in ax.texts if t.get_fontsize() == 6.5)
    for top in tops:
        heights = [bar.get_height() for bar in ax.patches if bar.get_y() == top]
        assert min(heights) == pytest.approx(-(timeline._BARS - 9))
