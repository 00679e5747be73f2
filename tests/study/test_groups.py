"""Which documents take part, what they are grouped by, and the notes on them."""

import re

import pandas as pd
import pytest
from crosscity import CrosscityError
from crosscity.study.groups import document_label, resolve_by

from tests.helpers.study_tables import CONFOUNDED, TWO, UNITS, document, started

THREE = [
    document("甲", "盐城", year=2014, genre="journal essay"),
    document("乙", "合肥", year=2015, genre="news feature"),
    document("丙", "随州", year=2016, genre="work reports", exclude="a list of names"),
]


@pytest.mark.parametrize(
    ("only", "kept", "reasons"),
    [
        ({}, ["甲", "乙"], {"丙": "a list of names"}),
        ({"city": "盐城"}, ["甲"], {"乙": "city is not 盐城", "丙": "a list of names"}),
        ({"city": ["盐城", "合肥"]}, ["甲", "乙"], {"丙": "a list of names"}),
        ({"year": 2015}, ["乙"], {"甲": "year is not 2015", "丙": "a list of names"}),
        (
            {"year": ["2014", 2015], "genre": "news feature"},
            ["乙"],
            {"甲": "genre is not news feature", "丙": "a list of names"},
        ),
        ({"city": ["盐城", "随州"]}, ["甲"], {"乙": "city is not 盐城 or 随州", "丙": "a list of names"}),
    ],
)
def test_which_documents_take_part_and_why_the_others_do_not(tmp_path, only, kept, reasons):
    run = started(tmp_path, THREE, only=only)
    assert list(run.corpus["doc_id"]) == kept
    assert dict(zip(run.left_out["doc_id"], run.left_out["reason"], strict=True)) == reasons
    assert list(run.corpus.index) == list(range(len(kept)))
    assert set(run.paragraphs()["doc_id"]) == set(run.table("cleaning_log")["doc_id"]) == set(kept)


def test_a_column_that_is_not_there_cannot_select(tmp_path):
    with pytest.raises(CrosscityError, match="only names the column 'town', which corpus does not have"):
        started(tmp_path, THREE, only={"town": "盐城"})


def test_no_document_left(tmp_path):
    with pytest.raises(
        CrosscityError, match=re.escape("no document takes part: only is {'city': '厦门'}, and 3 are left out")
    ):
        started(tmp_path, THREE, only={"city": "厦门"})


SAME = [
    document("甲", "盐城", year=2014),
    document("乙", "合肥", year=2014, duplicate_of="甲"),
    document("丙", "随州", year=2014),
    document("丁", "随州", year=2014, duplicate_of="丙"),
    document("戊", "阳江", year=2014),
]


def test_a_text_under_several_cities_is_left_out_wherever_it_stands(tmp_path):
    run = started(tmp_path, SAME)
    # 丙 and 丁 are one text too, but of one city: it is clear whose it is, and counts once.
    assert list(run.corpus["doc_id"]) == ["丙", "戊"]
    assert list(run.left_out["doc_id"]) == ["甲", "乙", "丁"]
    another = "the same text stands under another city"
    assert list(run.left_out["reason"]) == [another, another, "a copy of 丙"]


def test_a_text_under_several_cities_counts_once_where_cities_are_not_compared(tmp_path):
    documents = [row | {"genre": "essay"} for row in SAME]
    for by in ("genre", "year", "doc_id", "unit"):
        assert list(started(tmp_path, documents, by=by).corpus["doc_id"]) == ["甲", "丙", "戊"]


def test_of_copies_one_that_states_its_group_takes_part(tmp_path):
    run = started(
        tmp_path, [document("甲"), document("乙", "合肥", duplicate_of="甲"), document("丙", "随州")], by="city"
    )
    assert list(run.corpus["doc_id"]) == ["乙", "丙"]
    assert list(run.left_out["reason"]) == ["a copy of 乙"]


def test_a_duplicate_that_the_manifest_excludes_leaves_the_other_in(tmp_path):
    documents = [SAME[0], SAME[1] | {"exclude": "filed under a wrong name"}, *SAME[2:]]
    run = started(tmp_path, documents)
    assert list(run.corpus["doc_id"]) == ["甲", "丙", "戊"]
    assert list(run.left_out["reason"]) == ["filed under a wrong name", "a copy of 丙"]
    first = [SAME[0] | {"exclude": "filed under a wrong name"}, *SAME[1:]]
    assert list(started(tmp_path, first).corpus["doc_id"]) == ["乙", "丙", "戊"]


def test_a_duplicate_under_a_city_that_was_not_asked_for_still_casts_doubt(tmp_path):
    run = started(tmp_path, SAME, by="city", only={"city": ["盐城", "随州"]})
    assert list(run.corpus["doc_id"]) == ["丙"]


@pytest.mark.parametrize(
    ("documents", "only", "by"),
    [
        (TWO, {}, "city"),
        ([document("甲", "盐城", year=2014), document("乙", "盐城", year=2015)], {}, "year"),
        ([document("甲", province="江苏省"), document("乙", province="安徽省", year=2015)], {}, "province"),
        ([document("甲", "盐城", year=2014), document("乙", "", year=2015)], {}, "year"),  # one city is no difference
        ([document("甲"), document("乙")], {}, "doc_id"),
        ([document("甲", "盐城", year=2014)], {}, "doc_id"),
        # Of the documents that take part all are of one city, whatever the others are of.
        ([*TWO, document("丙", "盐城", year=2018)], {"city": "盐城"}, "year"),
        (
            [
                document("甲", "盐城", year=2014),
                document("乙", "盐城", year=2015),
                document("丙", "合肥", exclude="empty"),
            ],
            {},
            "year",
        ),
    ],
)
def test_auto_takes_what_differs_between_the_documents_that_take_part(tmp_path, documents, only, by):
    run = started(tmp_path, documents, by="auto", only=only)
    assert run.by == by
    assert resolve_by("auto", pd.concat([run.corpus, run.left_out]), only) == by


def test_any_column_can_be_compared_by(tmp_path):
    documents = [document("甲", pilot="yes"), document("乙", pilot="no"), document("丙", pilot="")]
    run = started(tmp_path, documents, by="pilot")
    assert run.groups() == ["no", "not stated", "yes"]
    assert list(run.corpus["group"]) == ["yes", "no", "not stated"]
    assert run.plural() == "values of pilot"


def test_years_that_are_not_known_are_not_stated(tmp_path):
    run = started(tmp_path, [document("甲", year=2014), document("乙"), document("丙", year=1998)], by="year")
    assert run.groups() == ["1998", "2014", "not stated"]
    assert run.plural() == "years"


def test_an_unknown_column_is_an_error_that_lists_the_columns(tmp_path):
    said = "by is 'town', which corpus has no column for; it has voice, unit, doc_id, file, city, province"
    with pytest.raises(CrosscityError, match=said):
        started(tmp_path, TWO, by="town")


@pytest.mark.parametrize("column", ["province", "genre"])
def test_an_empty_column_is_an_error(tmp_path, column):
    with pytest.raises(
        CrosscityError, match=f"by is '{column}', but no document states it: fill the column in corpus.csv"
    ):
        started(tmp_path, TWO, by=column)


def test_a_year_that_no_document_has_is_an_error(tmp_path):
    with pytest.raises(CrosscityError, match="by is 'year', but no document states it"):
        started(tmp_path, [document("甲", "盐城"), document("乙", "合肥")], by="year")


def note(documents, tmp_path, **parameters):
    return started(tmp_path, documents, parameters.pop("units", None), **parameters).notes


def test_a_restated_document_makes_demonstration_text(tmp_path):
    assert note([TWO[0] | {"edition": "restated"}, TWO[1]], tmp_path) == ["demonstration text", "one document a city"]
    assert note([TWO[0] | {"edition": "original"}, TWO[1]], tmp_path) == ["one document a city"]
    # One that takes no part says nothing of those that do.
    assert note([*TWO, document("丙", "随州", edition="restated", exclude="x")], tmp_path) == ["one document a city"]


@pytest.mark.parametrize(
    "about", [{"genre": "essay"}, {"speaker": "市长"}, {"level": "county"}, {"doc_type": "resolution"}, {"year": 2018}]
)
def test_documents_that_differ_in_more_than_the_city_are_not_attributable(tmp_path, about):
    assert note([TWO[0] | about, TWO[1]], tmp_path) == [CONFOUNDED]
    assert CONFOUNDED == "differences between documents; not attributable to cities"


def test_both_notes_in_order(tmp_path):
    documents = [row | {"edition": "restated"} for row in (TWO[0] | {"genre": "essay"}, TWO[1])]
    assert note(documents, tmp_path) == ["demonstration text", CONFOUNDED]


def test_what_is_compared_is_no_confounder_of_itself(tmp_path):
    documents = [document("甲", "盐城", year=2014, genre="essay"), document("乙", "盐城", year=2015, genre="essay")]
    assert note(documents, tmp_path, by="year") == ["one document a year"]
    assert note(documents, tmp_path, by="genre") == []
    mixed = [documents[0], documents[1] | {"speaker": "市长"}]
    assert note(mixed, tmp_path, by="year") == ["differences between documents; not attributable to years"]


def test_several_documents_a_group_bear_no_such_note(tmp_path):
    documents = [document(f"{c}{y}", c, year=y) for c in ("盐城", "合肥") for y in (2014, 2015)]
    assert note(documents, tmp_path, by="city") == []


def test_units_of_several_documents_are_not_attributable(tmp_path):
    expected = "differences between documents; not attributable to units"
    assert note(TWO, tmp_path, units=UNITS, by="unit") == [expected]
    assert note([TWO[0] | {"edition": "restated"}, TWO[1]], tmp_path, units=UNITS, by="unit") == [
        "demonstration text",
        expected,
    ]
    # Within one document they share date, genre and occasion.
    assert note(TWO[:1], tmp_path, units=UNITS, by="unit") == []


@pytest.mark.parametrize(
    ("documents", "labels"),
    [
        (TWO, ["盐城", "合肥"]),
        ([document("甲", "盐城", year=2014), document("乙", "盐城", year=2015)], ["2014", "2015"]),
        ([document("甲", province="江苏省"), document("乙", province="安徽省")], ["江苏省", "安徽省"]),
        (
            [document("甲", "盐城", year=2014), document("乙", "盐城", year=2015), document("丙", "合肥", year=2014)],
            ["盐城 2014", "盐城 2015", "合肥 2014"],
        ),
        # A year that is not known is no label; beside a city it is left away.
        ([document("甲", "盐城", year=2014), document("乙", "盐城")], ["盐城 2014", "盐城"]),
        ([document("甲", year=2014), document("乙")], ["甲", "乙"]),
        ([document("甲"), document("乙")], ["甲", "乙"]),
        # One of twelve that no year names keeps its own name.
        (
            [document(f"文{i}", year=2000 + i) for i in range(1, 12)] + [document("文末")],
            [*(str(2000 + i) for i in range(1, 12)), "文末"],
        ),
        ([document("甲", "盐城", year=2014), document("乙", "盐城", year=2014)], ["甲", "乙"]),
    ],
)
def test_a_short_label_that_tells_documents_apart(tmp_path, documents, labels):
    assert list(document_label(started(tmp_path, documents).corpus)) == labels
