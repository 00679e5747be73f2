"""What is cut from a phrase before a number: by hand."""

import pytest
from crosscity.facts.quantities.phrases import phrase, trim_right


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("渔船覆盖率达到", "渔船覆盖率"),
        ("渔船、快艇，", "渔船、快艇"),
        ("渔船和", "渔船"),
        ("渔船“", "渔船"),
        ("渔船及", "渔船"),  # joins what follows
        ("惠及", "惠及"),  # a verb
        ("在册的渔船（含快艇", "在册的渔船"),  # the bracket holds the number
        ("渔船（含快艇）保有量", "渔船（含快艇）保有量"),
        ("渔船（在册）保有量（含快艇", "渔船（在册）保有量"),
        ("含快艇）保有量", "保有量"),  # it was opened in what stands before
    ],
)
def test_what_a_phrase_does_not_end_in(text, left):
    assert trim_right(text) == left


def test_examples_are_left_out():
    assert phrase("渔船、快艇等海上设备") == "海上设备"
    assert phrase("一等奖") == "一等奖"
    assert phrase("三等功获得者") == "三等功获得者"


def test_of_names_in_a_row_the_last_is_counted():
    assert phrase("“渔港”“渔船”保有量") == "“渔船”保有量"
