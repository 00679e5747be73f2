"""Pages of other sites: nothing of their text is lost, and facts are as their authors coded them."""

import sys

import pytest
from crosscity.tables import build

from tests.conftest import PROJECT

sys.path.append(str(PROJECT / "bench"))
from genres import Score, read_gold

FOLDER = PROJECT / "tests" / "facts"


@pytest.fixture(scope="module")
def scores(tmp_path_factory):
    """The scores of the pages that were held back from the rules."""
    out = tmp_path_factory.mktemp("tables")
    build(FOLDER / "sites", out / "sites")
    score = Score(out)
    for row in read_gold("held", [FOLDER / "sites.jsonl"]):
        score.add(row)
    assert score.absent == []  # all that was coded is still text, word for word
    return score.summary()


@pytest.mark.parametrize(
    ("measure", "least"),
    [
        ("stance", 0.88),
        ("stance macro-F1", 0.88),
        ("value", 0.99),
        ("qualifier", 0.96),
        ("kind", 0.93),
        ("item", 0.78),
        ("quantities found", 0.965),
    ],
)
def test_facts_of_pages_that_no_rule_had_seen(scores, measure, least):
    assert scores[measure] >= least


def test_whose_and_when_a_page_is_is_right_or_left_open(scores):
    said = {name.split(" (")[0]: share for name, share in scores.items() if "guessed)" in name}
    assert said["city"] == said["province"] == 1
    assert said["year"] >= 0.89
