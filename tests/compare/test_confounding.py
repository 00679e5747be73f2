"""What goes together with groups, against hand and other implementations."""

import numpy as np
import pandas as pd
import pytest
from crosscity.compare import confounding
from scipy.stats.contingency import association as cramer


def corpus(groups, **columns):
    names = [f"d{i:03d}" for i in range(len(groups))]
    return pd.DataFrame({"doc_id": names, "group": groups} | columns)


def row(table, column):
    return table.set_index("column").loc[column]


def test_with_one_document_a_group_nothing_that_differs_is_separable_and_no_number_is_shown():
    table = corpus(
        list("abcde"),
        city=list("abcde"),
        genre=["essay", "news", "news", "report", "speech"],
        date=["2014", "2018-08-09", "2023-08", "2015", ""],
        year=[2014, 2018, 2023, 2015, 2016],
        n_chars=[3068, 3659, 3750, 9000, 4000],
        level=["city"] * 5,
        speaker=[""] * 5,
    )
    found = confounding.column_associations(table, "city")
    assert set(found["column"]) == {"genre", "date", "n_chars", "level", "speaker"}
    verdicts = found.set_index("column")["verdict"].to_dict()
    assert verdicts == {
        "genre": "not separable",
        "date": "not separable",
        "n_chars": "not separable",
        "level": "the same for all",
        "speaker": "not stated",
    }
    assert found["association"].isna().all()
    text = "genre: 4 values among 5 cities of one document each; differences between cities may be of genre."
    assert row(found, "genre")["sentence"] == text
    assert row(found, "date")["sentence"].startswith("date: each of 5 cities has another;")
    assert row(found, "date")["stated"] == 5  # the year of the last is stated


def test_cramers_v_is_corrected_as_bergsma_has_it():
    # 2 x 2, counts 8 2 / 3 7: phi2 = (8 * 7 - 2 * 3)^2 / (10 * 10 * 11 * 9) = 2500 / 9900; less 1 / 19; over
    # 2 - 1 / 19 - 1.
    groups, values = pd.Series(["a"] * 10 + ["b"] * 10), pd.Series(["x"] * 8 + ["y"] * 2 + ["x"] * 3 + ["y"] * 7)
    by_hand = np.sqrt((2500 / 9900 - 1 / 19) / (1 - 1 / 19))
    assert confounding.association(values, groups) == pytest.approx(by_hand, abs=1e-4)
    plain = cramer(pd.crosstab(groups, values), method="cramer")
    assert confounding.association(values, groups) < plain


def test_what_has_nothing_to_do_with_groups_has_an_association_near_zero():
    rng = np.random.default_rng(2)
    groups = pd.Series(rng.integers(20, size=60).astype(str))
    kinds = [confounding.association(pd.Series(rng.choice(list("wxyz"), 60)), groups) for _ in range(40)]
    assert np.mean(kinds) < 0.12  # 0.56, uncorrected
    numbers = [confounding.association(pd.Series(rng.normal(size=60)), groups) for _ in range(40)]
    assert np.mean(np.square(numbers)) < 0.08  # 0.32, uncorrected


def test_association_of_numbers_by_hand():
    # Groups 1 2 3 and 5 6 7: within 4, total 28; epsilon squared 1 - 4 / 28 * 5 / 4.
    found = confounding.association(pd.Series([1.0, 2, 3, 5, 6, 7]), pd.Series(list("aaabbb")))
    assert found == pytest.approx(np.sqrt(1 - 5 / 28), abs=1e-4)


def test_what_varies_within_groups_and_what_is_one_value_a_group():
    table = corpus(
        ["a", "a", "b", "b", "c", "c"],
        genre=["x", "x", "x", "x", "y", "y"],
        speaker=["p", "q"] * 3,
        publisher=["甲", "甲", "乙", "乙", "丙", "丙"],
        n_chars=[1, 2, 1, 2, 1, 2],
    )
    found = confounding.column_associations(table, "city")
    assert found["column"].tolist() == ["publisher", "genre", "speaker", "n_chars"]
    verdicts = ["not separable", "the same within a group", "varies within groups", "varies within groups"]
    assert found["verdict"].tolist() == verdicts
    assert row(found, "publisher")["association"] == 1
    assert row(found, "speaker")["association"] == 0
    assert row(found, "speaker")["sentence"] == "speaker: varies within 3 of 3 cities, association 0.00."
    assert "2 values among 3 cities of one value each" in row(found, "genre")["sentence"]


def test_what_is_missing_is_no_value():
    table = corpus(list("aabbc"), genre=["x", None, "", "y", np.nan], level=["p", None, None, None, None])
    found = confounding.column_associations(table, "city")
    assert (row(found, "genre")["stated"], row(found, "genre")["values"]) == (2, 2)
    assert "(stated by 2 of 5 documents)" in row(found, "genre")["sentence"]
    assert row(found, "level")["sentence"] == "level: the same for all (stated by 1 of 5 documents)."
    one = confounding.column_associations(corpus(list("aab"), genre=["x", "y", ""]), "city")
    assert row(one, "genre")["sentence"].startswith("genre: stated in one group only")


def test_names_addresses_and_the_groups_themselves_are_passed_over():
    n = 12
    table = corpus(
        ["a"] * 6 + ["b"] * 6,
        title=["报告"] * n,
        sha256=[f"{i}" for i in range(n)],
        url=[f"https://example.org/{i % 3}" for i in range(n)],
        number=[f"文{i}" for i in range(n)],
        province=["a"] * 6 + ["b"] * 6,
        region=["东"] * n,
    )
    assert confounding.column_associations(table, "province")["column"].tolist() == ["region"]


def test_years_are_not_held_against_years():
    table = corpus(
        ["2001", "2001", "2002"], year=[2001, 2001, 2002], date=["2001-03", "2001-04", ""], genre=list("xyx")
    )
    assert confounding.column_associations(table, "year")["column"].tolist() == ["genre"]


def test_of_many_documents_what_is_told_is_short():
    n = 113
    table = corpus(
        [f"城{i}" for i in range(n)], province=[f"省{i % 23}" for i in range(n)], n_chars=range(9000, 9000 + n)
    )
    table = table.assign(year=2024, date="2024", genre="", speaker="", level="", doc_type="work report")
    told = confounding.sentences(confounding.column_associations(table, "city"))
    assert told == [
        "Each group has one province, length: differences between groups may be of these.",
        "The same for all: date, doc_type.",
        "Not stated: genre, level, speaker; groups may differ in it.",
    ]
