"""Pages of other sites: nothing of their text is lost, and facts are as their authors coded them."""

import sys

import pytest
from crosscity.tables import build

from tests.conftest import PROJECT

sys.path.append(str(PROJECT / "bench"))
from genres import Score, read_gold

FOLDER = PROJECT / "tests" / "facts"
LEAST = {  # of pages that were held back from the rules and from what the weights were learned from
    "sites": {
        "stance": 0.91,
        "stance macro-F1": 0.91,
        "value": 0.99,
        "qualifier": 0.97,
        "kind": 0.93,
        "year": 0.85,
        "item": 0.78,
        "quantities found": 0.97,
    },
    "pages": {
        "stance": 0.8,
        "stance macro-F1": 0.8,
        "value": 0.99,
        "qualifier": 0.965,
        "kind": 0.89,
        "year": 0.77,
        "item": 0.65,
        "quantities found": 0.96,
        "document type": 0.75,
    },
}


@pytest.fixture(scope="module")
def scores(tmp_path_factory):
    """The scores of the pages that were held back, by set."""
    out, found = tmp_path_factory.mktemp("tables"), {}
    for name in LEAST:
        build(FOLDER / name, out / name)
        score = Score(out)
        for row in read_gold("held", [FOLDER / f"{name}.jsonl"]):
            score.add(row)
        assert score.absent == []  # all that was coded is still text, word for word
        found[name] = score.summary()
    return found


@pytest.mark.parametrize(("name", "measure"), [(name, measure) for name, of in LEAST.items() for measure in of])
def test_facts_of_pages_that_no_rule_had_seen(scores, name, measure):
    assert scores[name][measure] >= LEAST[name][measure]


@pytest.mark.parametrize(("name", "year", "title"), [("sites", 0.9, 0.98), ("pages", 0.9, 0.75)])
def test_whose_and_when_a_page_is_is_right_or_left_open(scores, name, year, title):
    said = {measure.split(" (")[0]: share for measure, share in scores[name].items() if "guessed)" in measure}
    assert said["city"] == 1
    assert said["year"] >= year
    assert said["title"] >= title
