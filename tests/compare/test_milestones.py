"""Milestones, and words before their time."""

import datetime
import re

import numpy as np
import pandas as pd
import pytest
from crosscity import CrosscityError
from crosscity.compare import milestones
from crosscity.documents.corpus import read_corpus
from crosscity.words.tokens import Tokenizer

from tests.conftest import SHARED

HEAD = "date\tname\tterms\tfield\tsource\n"


def test_the_shipped_milestones_are_in_order_and_hold_each_term_once():
    table = milestones.read_milestones()
    assert len(table) > 80
    assert table["first"].is_monotonic_increasing
    assert datetime.date(1954, 1, 1) <= table["first"].min() < table["last"].max() < datetime.date(2027, 1, 1)
    terms = [t for row in table["terms"] for t in row]
    assert len(set(terms)) == len(terms) > 80
    assert (table["source"] != "").all()
    assert set(table["field"]) == set(milestones.FIELDS)


@pytest.mark.parametrize(
    ("term", "date"),
    [
        ("新质生产力", "2023-09"),
        ("乡村振兴", "2017-10-18"),
        ("三个代表", "2000-02"),
        ("两学一做", "2016-02"),
        ("中国式现代化", "2021-07-01"),
    ],
)
def test_some_dates_that_are_well_known(term, date):
    table = milestones.read_milestones()
    assert table.loc[[term in t for t in table["terms"]], "date"].tolist() == [date]


def test_dates_mean_days():
    day = datetime.date
    assert milestones.date_span("2018-02") == (day(2018, 2, 1), day(2018, 2, 28))
    assert milestones.date_span("2016-12") == (day(2016, 12, 1), day(2016, 12, 31))
    assert milestones.date_span(2018.0) == milestones.date_span("2018") == (day(2018, 1, 1), day(2018, 12, 31))
    assert (
        milestones.date_span("2018-08-09") == milestones.date_span(pd.Timestamp("2018-08-09")) == (day(2018, 8, 9),) * 2
    )
    for nothing in ("", None, np.nan, pd.NA, pd.NaT, "2018-13", "2018-02-30", "八月"):
        assert milestones.date_span(nothing) is None


def test_a_file_of_milestones_is_read(tmp_path):
    path = tmp_path / "m.tsv"
    path.write_text(f"# ours\n{HEAD}2018-12-28\t条例\t\tparty\tx\n2017\t报告\t甲 乙\tpolicy\n", encoding="utf-8")
    table = milestones.read_milestones(path)
    assert table["name"].tolist() == ["报告", "条例"]
    assert table["terms"].tolist() == [("甲", "乙"), ()]
    assert table["precision"].tolist() == ["year", "day"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("date\tname\n", r"m\.tsv, line 1: the first line must name date, name, terms, field, source"),
        ("", r"m\.tsv, line 1: the first line must name"),
        (HEAD + "2018-2-30\t甲\t\tparty\t\n", r"m\.tsv, line 2: '2018-2-30' is no date: give 2018, 2018-12 or"),
        (HEAD + "#\n2018\t\t\tparty\t\n", r"m\.tsv, line 3: the milestone has no name"),
        (HEAD + "2018\t甲\t\tpeople\t\n", r"m\.tsv, line 2: the field is 'people': give party, grassroots, policy"),
        (HEAD + "2018\t甲\t\tparty\t\t\t\n", r"m\.tsv, line 2: 7 cells, not 5"),
        (
            HEAD + "2017\t甲\t词\tparty\t\n2018\t乙\t词\tparty\t\n",
            r"line 3: 词 stands in line 2 already: keep the earlier",
        ),
        (HEAD + "x\t甲\t\tparty\t\ny\t乙\t\tparty\t\n", r"2 problems:\n.*line 2: 'x'.*\n.*line 3: 'y'"),
    ],
)
def test_what_is_no_milestone_is_named_by_file_and_line(tmp_path, text, said):
    path = tmp_path / "m.tsv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CrosscityError, match=said):
        milestones.read_milestones(path)


def test_a_file_that_is_absent_is_named(tmp_path):
    with pytest.raises(CrosscityError, match=r"none\.tsv is not there"):
        milestones.read_milestones(tmp_path / "none.tsv")


@pytest.fixture
def ours(tmp_path):
    path = tmp_path / "m.tsv"
    path.write_text(
        f"{HEAD}2017-10-18\t会\t乡村振兴\tparty\n2021-07\t年\t新词\tparty\n2013\t初\t早词\tparty\n", encoding="utf-8"
    )
    return milestones.read_milestones(path)


def test_a_word_is_current_from_its_milestone_as_far_as_dates_tell(ours):
    dates = [2016, "2017", "2017-09", "2017-10", "2017-10-17", "2017-10-18", 2018.0, "", np.nan]
    found = milestones.terms_in_use(["乡村振兴", "乡村振兴战略", "全面乡村振兴", "基层"], dates, ours)
    expected = [False, True, False, True, False, True, True, True, True]
    assert found.loc["乡村振兴"].tolist() == expected
    assert found.loc["乡村振兴战略"].tolist() == expected
    assert found.loc["全面乡村振兴"].all()  # begins with another word
    assert found.loc["基层"].all()
    assert milestones.terms_in_use(["早词"], [2012, 2013], ours).loc["早词"].tolist() == [False, True]


def test_zeros_of_groups_that_could_not_use_a_term_are_not_available(ours):
    rates = pd.DataFrame({"a": [0, 0, 3], "b": [0, 0, 0], "c": [0.0, 2, 0]}, index=["乡村振兴", "新词", "基层"])
    labels, dates = ["a", "a", "b", "c"], ["2014", "2018", "2016", "2020"]
    mask = milestones.unavailable(rates, labels, dates, ours)
    assert mask.loc["乡村振兴"].tolist() == [False, True, False]  # of a one document could
    assert mask.loc["新词"].tolist() == [True, True, False]  # c has it, before its milestone: what is there counts
    assert not mask.loc["基层"].any()
    assert np.isnan(rates.mask(mask).loc["乡村振兴", "b"])


def test_no_national_report_uses_a_word_before_its_milestone():
    folder = SHARED / "corpora" / "national-reports"
    if not folder.is_dir():
        pytest.skip("national-reports does not stand beside this checkout (../shared/corpora)")
    table, used, early, cut = milestones.read_milestones(), set(), [], Tokenizer().cut

    def starts(text, at):
        before = text[max(at.start() - 15, 0) : at.start()]
        return len(before) in np.cumsum([0, *map(len, cut(before + text[at.start() : at.end() + 5]))])

    for source in read_corpus(folder)[0]:
        days = milestones.date_span(str(source.metadata.get("year") or source.metadata.get("date") or "")[:4])
        for milestone in table.itertuples() if days else ():
            for term in milestone.terms:
                if term not in source.text:
                    continue
                used.add(term)
                if days[1] < milestone.first:  # 创新发展理念 is not 新发展理念: words count
                    early += [(term, days[0].year) for at in re.finditer(term, source.text) if starts(source.text, at)]
    assert len(used) > 60
    assert early == []


ROWS = [("甲", "甲", 1, "贯彻科学发展观", ["贯彻", "科学", "发展观"]), ("甲", "甲", 2, "渔港", ["渔港"])]
ROWS += [("乙", "乙", 1, "茶山渔港渔港", ["茶山", "渔港", "渔港"])]


def test_terms_are_found_as_characters_whatever_the_words_and_words_as_they_were_cut():
    paragraphs = pd.DataFrame(ROWS, columns=["doc_id", "group", "paragraph", "text", "tokens"])
    found = milestones.rates(paragraphs, ["科学发展观", "渔", "发展观"], ["渔港", "发展观"])
    assert found.index.tolist() == ["科学发展观", "渔", "发展观", "渔港"]
    assert found.columns.tolist() == ["乙", "甲"]
    assert found.loc["科学发展观"].tolist() == [0, 2500]
    assert found.loc["发展观"].tolist() == [0, 0]  # inside the longer one
    assert found.loc["渔"].tolist() == [6666.666667, 2500]
    assert found.loc["渔港"].tolist() == [6666.666667, 2500]


def test_rates_from_occurrences_found_before_are_the_same():
    paragraphs = pd.DataFrame(ROWS, columns=["doc_id", "group", "paragraph", "text", "tokens"])
    found = milestones.occurrences(paragraphs, ["渔", "茶", "无"])
    assert found.values.tolist() == [["甲", 2, "渔", 1], ["乙", 1, "渔", 2], ["乙", 1, "茶", 1]]
    direct = milestones.rates(paragraphs, ["渔", "茶"], ["贯彻"])
    kept = milestones.rates(paragraphs.drop(columns="text"), ["渔", "茶"], ["贯彻"], found)
    pd.testing.assert_frame_equal(direct, kept)
