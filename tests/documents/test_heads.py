"""Heads of 80 pages of other sites: titles, years and places that are guessed are right, and others are left open."""

import json
import sys

import pyarrow.parquet as pq
import pytest
from crosscity.tables import build

from tests.conftest import PROJECT

sys.path.append(str(PROJECT / "bench"))
from genres import is_stated, plain

FOLDER = PROJECT / "tests" / "documents"


@pytest.fixture(scope="module")
def guesses(tmp_path_factory):
    """Of each column whether each guess is right; columns that are left open are not there."""
    out = tmp_path_factory.mktemp("tables")
    build(FOLDER / "heads", out)
    found = {row["doc_id"]: row for row in pq.read_table(out / "corpus.parquet").to_pylist()}
    right = {"title": [], "year": [], "city": [], "doc_type": []}
    for line in (FOLDER / "heads.jsonl").read_text(encoding="utf-8").splitlines():
        coded = json.loads(line)
        for column, of in right.items():
            value = plain(found[coded["doc_id"]][column])
            if value not in (None, "", "unknown"):
                of.append(is_stated(value, coded[column], column == "city"))
    return right


@pytest.mark.parametrize(
    ("column", "least", "guessed"), [("title", 0.9, 65), ("year", 0.97, 75), ("city", 1, 35), ("doc_type", 0.84, 60)]
)
def test_what_is_guessed_of_a_page_is_right(guesses, column, least, guessed):
    assert len(guesses[column]) >= guessed
    assert sum(guesses[column]) / len(guesses[column]) >= least
