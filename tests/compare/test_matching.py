"""Matching: strata, weights and distances by hand from the papers' definitions; what has no match, and why."""

import numpy as np
import pandas as pd
import pytest
from crosscity import CrosscityError, NotEstimableError
from crosscity.compare import matching
from crosscity.language import in_language


def corpus(*rows, columns=("genre", "year", "n_chars")):
    """Rows of the table corpus: what a test says of them, all else alike."""
    about = dict.fromkeys(("genre", "doc_type", "level", "city", "province"), "")
    table = pd.DataFrame(
        [about | {"year": 2020, "n_chars": 5000} | dict(zip(columns, row, strict=True)) for row in rows]
    )
    return table.assign(doc_id=[f"d{i}" for i in range(len(rows))])


def test_years_go_by_fives_lengths_by_doublings_and_all_else_by_itself():
    rows = corpus(
        ("news", 2016, 999), ("news", 2020, 1000), ("report", 2021, 15999), ("", 2015, 16000), ("report", None, 90)
    )
    cells = matching.coarsened(rows, ("genre", "year", "n_chars"))
    assert cells["genre"].tolist() == ["news", "news", "report", "", "report"]
    assert cells["year"].tolist() == ["2016–2020", "2016–2020", "2021–2025", "2011–2015", ""]
    assert cells["n_chars"].tolist() == ["500–1,000", "1,000–2,000", "8,000–16,000", "16,000–32,000", "0–250"]


def test_a_level_that_is_not_stated_is_that_of_the_place():
    rows = corpus(("county", "随州", "湖北"), ("", "随州", "湖北"), ("", "", "湖北"), ("", "", ""),
                  columns=("level", "city", "province"))  # fmt: skip
    assert matching.coarsened(rows, ["level"])["level"].tolist() == ["county", "city", "province", ""]


def test_other_numbers_go_by_the_rule_of_sturges():
    # Eight values from 0 to 8: log2 of 8 and one more are four parts, of two each; the last holds its end.
    rows = corpus(*[(v,) for v in (0, 1, 2, 3.5, 4, 6, 7, 8)], columns=("income",))
    found = matching.coarsened(rows, ["income"])["income"].tolist()
    assert found == ["0–2", "0–2", "2–4", "2–4", "4–6", "6–8", "6–8", "6–8"]
    with pytest.raises(CrosscityError, match="match names the column 'wealth', which corpus does not have"):
        matching.coarsened(rows, ["wealth"])


def test_weights_are_those_of_the_paper():
    # Stratum x: 2 of the group, 1 other; y: 1 and 3; z and w have one side only. m_T = 3, m_C = 4.
    strata, ours = list("xxxyyyyzww"), [1, 1, 0, 1, 0, 0, 0, 1, 0, 0]
    expected = [1, 1, 4 / 3 * 2 / 1, 1, *[4 / 3 * 1 / 3] * 3, 0, 0, 0]
    found = matching.cem_weights(strata, ours)
    assert found == pytest.approx(expected)
    assert found[np.array(ours) == 0].sum() == pytest.approx(4)
    # The weighted others have the group's shares of strata: two thirds in x, one in y.
    assert found[2] / 4 == pytest.approx(2 / 3)


def test_l1_is_half_the_sum_of_differences_of_shares():
    # The group: 1/2 a, 1/2 b; the others: 1/4 a, 1/4 b, 1/2 c. (1/4 + 1/4 + 1/2) / 2.
    ours, theirs = np.array([1, 1, 0, 0, 0, 0.0]), np.array([0, 0, 1, 1, 1, 1.0])
    assert matching.l1(ours, theirs, list("ababcc")) == pytest.approx(0.5)
    assert matching.l1(ours, theirs, list("aabbbb")) == 1
    assert matching.l1(ours, np.array([0, 0, 2, 2, 0, 0.0]), list("ababcc")) == 0


def matched():
    rows = corpus(
        ("news", 2020, 5000), ("news", 2018, 7000), ("report", 2020, 5000), ("essay", 2020, 5000),  # the group
        ("news", 2017, 4100), ("report", 2019, 6000), ("report", 2016, 7999), ("report", 2021, 5000),
    )  # fmt: skip
    return matching.match(rows, [True] * 4 + [False] * 4, ("genre", "year", "n_chars"), "甲")


def test_what_is_matched_is_weighed_and_what_is_not_is_said_with_what_it_lacks():
    found = matched()
    # Two news of the group for one other, one report for two: 3 and 3 documents.
    assert found.documents["weight"].tolist() == [1, 1, 1, 0, 2, 0.5, 0.5, 0]
    assert found.documents["lacks"].tolist() == ["", "", "", "genre", "", "", "", "year"]
    assert found.sizes() == {"a": 3, "all_a": 4, "b": 3, "all_b": 4, "strata": 2}
    assert found.documents["stratum"][0] == "news | 2016–2020 | 4,000–8,000"


def test_balance_is_measured_before_and_after():
    table = matched().balance.set_index("column")
    # Genre: 2, 1, 1 of 4 against 1, 3, 0 of 4; all strata: the same, with the report of 2021 in one of its own.
    assert table.loc["genre", ["measure", "before", "after"]].tolist() == ["L1", 0.5, 0]
    # news 1/2 v 1/4, report 1/4 v 1/2, essay 1/4 v 0, the report of 2021 0 v 1/4: (1/4 + 1/4 + 1/4 + 1/4) / 2.
    assert table.loc["all", ["before", "after"]].tolist() == [0.5, 0]
    years = [2020, 2018, 2020, 2020, 2017, 2019, 2016, 2021]
    spread = np.std(years, ddof=1)
    assert table.loc["year", "measure"] == "d"
    assert table.loc["year", "before"] == pytest.approx((2019.5 - 2018.25) / spread, abs=1e-6)
    # After: 2020, 2018, 2020 against 2017 twice and 2019 and 2016 half a time each.
    assert table.loc["year", "mean_rest_after"] == pytest.approx((2 * 2017 + 0.5 * 2019 + 0.5 * 2016) / 3, abs=1e-6)
    assert table.loc["year", "after"] == pytest.approx((6058 / 3 - 6051.5 / 3) / spread, abs=1e-6)
    logs = np.log2([5000, 7000, 5000, 5000, 4100, 6000, 7999, 5000])
    before = abs(logs[:4].mean() - logs[4:].mean()) / logs.std(ddof=1)
    assert table.loc["n_chars", "before"] == pytest.approx(before, abs=1e-6)


def test_what_all_documents_share_is_no_row_of_the_balance():
    rows = corpus(*[("", 2020, 5000)] * 4)
    assert matching.match(rows, [True, True, False, False], ("genre", "year", "n_chars")).balance.empty


def test_sides_without_a_stratum_in_common_are_refused_with_the_reason():
    rows = corpus(("news", 2020, 5000), ("news", 2018, 900), ("report", 2020, 5000), ("essay", 2018, 900))
    ours = [True, True, False, False]
    with pytest.raises(
        NotEstimableError, match=r"^朝阳 and 阳江 share no stratum: genre is news against essay, report$"
    ):
        matching.match(rows, ours, ("genre", "year"), "朝阳", "阳江")
    rows["genre"] = ["news", "report", "news", "report"]
    said = "^甲 and the others share no stratum: no two of their documents agree in genre, length$"
    rows["n_chars"] = [5000, 900, 900, 5000]
    with pytest.raises(NotEstimableError, match=said):
        matching.match(rows, ours, ("genre", "n_chars", "level"), "甲")
    with (
        in_language("zh"),
        pytest.raises(NotEstimableError, match="没有共同的层：双方没有两份文件在体裁、篇幅上全部相同"),
    ):
        matching.match(rows, ours, ("genre", "n_chars", "level"), "甲")


def test_one_document_against_one_is_no_comparison():
    rows = corpus(("news", 2020, 5000), ("news", 2019, 5000), ("report", 2020, 5000))
    with pytest.raises(NotEstimableError, match="甲 matches one document: 2 documents are no comparison of groups"):
        matching.match(rows, [True, False, False], ("genre",), "甲")
    assert matching.match(rows, [True, False, False], ()).sizes()["b"] == 2


def test_names_and_order_of_documents_change_nothing():
    found, order = matched().documents, [5, 0, 7, 2, 1, 6, 4, 3]
    rows = corpus(
        ("news", 2020, 5000), ("news", 2018, 7000), ("report", 2020, 5000), ("essay", 2020, 5000),
        ("news", 2017, 4100), ("report", 2019, 6000), ("report", 2016, 7999), ("report", 2021, 5000),
    ).iloc[order]  # fmt: skip
    again = matching.match(rows, np.array([True] * 4 + [False] * 4)[order], ("genre", "year", "n_chars"))
    pd.testing.assert_frame_equal(again.documents, found.iloc[order].reset_index(drop=True), check_exact=False)
