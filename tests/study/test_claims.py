"""Claims: which a report begins with, and how they name values and extremes."""

import numpy as np
import pandas as pd
import pytest
from crosscity.language import in_language
from crosscity.study.claims import Claim, amount, best_claims, extremes, number, spread, to_read


def claim(family, topic, score):
    return Claim(family, topic, f"{topic} {score}", "", score)


def test_the_best_come_first_one_a_topic_and_two_a_family():
    claims = [
        claim("indicator", "pay", 0.3),
        claim("indicator", "pay", 0.9),
        claim("target", "pay", 0.85),
        claim("indicator", "rooms", 0.8),
        claim("indicator", "funds", 0.7),
        claim("theme", "themes", 0.2),
        claim("stance", "plan", 0.0),
    ]
    assert [c.text for c in best_claims(claims)] == ["pay 0.9", "rooms 0.8", "themes 0.2"]
    assert len(best_claims(claims, 1)) == 1


def test_what_stands_elsewhere_is_none_of_the_first():
    assert best_claims([claim("own", "a", 4.0), claim("genre", "b", 1.0)]) == []


def test_of_equal_claims_the_first_stays_first_whatever_it_is_called():
    assert [c.topic for c in best_claims([claim("a", "z", 0.5), claim("b", "a", 0.5)])] == ["z", "a"]


@pytest.mark.parametrize(
    ("given", "english", "chinese"),
    [
        ((12.5, "万人"), "125,000 people", "12.5万人"),
        ((34600, "亿元"), "3,460 billion yuan", "34,600亿元"),
        ((0.1, "%"), "0.1%", "0.1%"),
        ((134100, "元/年", 221100), "134,100–221,100 yuan a year", "134,100–221,100元/年"),
        ((8200, "万吨"), "82 million tonnes", "8,200万吨"),
    ],
)
def test_amounts_in_both_languages(given, english, chinese):
    assert amount(*given) == english
    with in_language("zh"):
        assert amount(*given) == chinese


def test_numbers_have_no_noughts_behind_the_point():
    assert [number(v) for v in (82.0000001, 5.5, 1234.5, 6, 0.126)] == ["82", "5.5", "1,234", "6", "0.13"]


def test_extremes_are_by_value_and_of_equals_the_others_are_counted():
    values = pd.Series({"b": 1.0, "a": 5.0, "d": 2.0, "c": 5.0, "f": 3.0, "e": 5.0, "g": 3.5})
    least, greatest, doubtful = extremes(values, str)
    assert least == "b (1.0), d (2.0)"
    assert greatest == "a (5.0), c (5.0) and 1 more"
    assert doubtful == []
    assert extremes(values.head(3), str)[:2] == ("b (1.0)", "a (5.0)")  # of few one is named


def test_a_value_far_off_is_to_be_read_before_it_is_named():
    values = pd.Series([5.0, 5.5, 6, 6, 6.5, 7, 7, 57], index=list("abcdefgh"))
    least, greatest, doubtful = extremes(values, number)
    assert (least, greatest, doubtful) == ("a (5), b (5.5)", "f (7), g (7)", ["h (57)"])
    assert to_read(doubtful) == "Too far off to be named unread: h (57)."
    assert to_read([]) == ""


def test_sizes_that_differ_by_orders_are_no_errors():
    values = pd.Series(2.0 ** np.arange(12), index=list("abcdefghijkl"))
    assert extremes(values, number)[2] == []


def test_spread_is_one_less_the_ratio():
    assert spread(pd.Series([2.0, 4.0])) == 0.5
    assert spread(pd.Series([3.0, 3.0])) == 0
    assert spread(pd.Series([0.0, 1.0])) == 1
