"""Shares of stances and causes, worked by hand."""

import numpy as np
import pytest
from crosscity.compare import stances as stances_module

from tests.helpers.coded_text import tables


def test_shares_of_stances_by_hand():
    ten, thirty = "灯" * 9 + "。", "塔" * 29 + "。"
    mixed = [("a", n, "港", "body", ["duty"], [(ten, "problem"), (thirty, "plan")]) for n in range(1, 9)]
    text = [*mixed, ("a", 9, "港", "body", ["rooms"], [(ten, "norm")])]
    paragraphs, themes, stances, *_ = tables(text)
    table = stances_module.stance_shares(themes, stances, paragraphs).set_index(["theme", "stance"])
    duty = table.loc[("dutys", "problem")]
    assert (duty["characters"], duty["sentences"], duty["paragraphs"], duty["share"]) == (80, 8, 8, 0.25)
    # Wilson's interval of 2 of 8 as printed in tables: 0.071 to 0.591.
    assert (duty["low"], duty["high"]) == pytest.approx((0.0715, 0.5907), abs=5e-4)
    rooms = table.loc[("roomss", "norm")]
    assert rooms["share"] == 1
    assert np.isnan(rooms["low"])
    assert table.loc[("all", "plan"), "share"] == pytest.approx(240 / 330, abs=1e-6)
    sums = table.groupby("theme")["share"].sum()
    assert sums.to_numpy() == pytest.approx(1, abs=1e-5)


def test_unequal_paragraphs_count_as_fewer():
    sizes = [70, *[10] * 7]  # (70 + 70)² / (4900 + 700) = 3.5
    text = [("a", n, "港", "body", ["duty"], [("塔" * s, "plan" if n > 1 else "norm")]) for n, s in enumerate(sizes, 1)]
    paragraphs, themes, stances, *_ = tables(text)
    row = stances_module.stance_shares(themes, stances, paragraphs).query("theme == 'all' and stance == 'norm'").iloc[0]
    z, n = 1.959964, 3.5
    half = z * np.sqrt(0.25 / n + z * z / (4 * n * n)) / (1 + z * z / n)
    assert (row["low"], row["high"]) == pytest.approx((0.5 - half, 0.5 + half), abs=1e-6)


def test_causes_with_the_themes_of_their_paragraph():
    text = [("a", 2, "港", "body", ["faults", "duty"], [("不好。", "problem"), ("因为不管。", "cause")])]
    paragraphs, themes, stances, *_ = tables(text)
    assert stances_module.causes(themes, stances, paragraphs).to_numpy().tolist() == [
        ["港", "a", 2, 3, 8, "因为不管。", "faultss; dutys"]
    ]
