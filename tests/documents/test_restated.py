"""The embedded corpus: what the script writes, and how much of the damage is undone."""

import hashlib
import importlib.util
import json
import re
import unicodedata

import pytest
from crosscity.documents.corpus import read_corpus
from crosscity.tables.builder import make_tables
from rapidfuzz.distance import Levenshtein

from tests.conftest import PROJECT

NAMES = ("朝阳", "阳江", "盐城", "随州", "合肥")
RAW = PROJECT / "data" / "raw"
GOLD = PROJECT / "tests" / "restated"


def gold(name, what="clean"):
    text = (GOLD / f"{name}.{what}.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines() if line.strip()]


def canonical(text):
    text = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))
    return re.sub('[“”"]', '"', text)


@pytest.fixture(scope="module")
def tables():
    sources, notes = read_corpus(RAW)
    assert notes == []
    return make_tables(sources)


def test_the_script_writes_what_is_committed(tmp_path):
    spec = importlib.util.spec_from_file_location("damage", GOLD / "damage.py")
    damage = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(damage)
    damage.main(tmp_path)
    for path in sorted(tmp_path.iterdir()):
        assert path.read_bytes() == (RAW / path.name).read_bytes(), path.name
    assert {f"{n}.txt" for n in NAMES} <= {p.name for p in tmp_path.iterdir()}


@pytest.mark.parametrize("name", NAMES)
def test_annotations_stand_in_the_text(name):
    text = {r["n"]: r["text"] for r in gold(name)}
    for row in gold(name, "quantities"):
        assert row["quote"] in text[row["n"]]
        assert row["number"] in row["quote"]
    for row in gold(name, "programmes"):
        assert row["name"]
    for row in gold(name, "documents"):
        assert f"《{row['title']}》" in text[row["n"]]
    for row in gold(name, "stances"):
        assert 0 <= row["start"] < row["end"] <= len(text[row["n"]])


@pytest.mark.parametrize("name", NAMES)
def test_length_and_kinds(name):
    rows = gold(name)
    assert 1500 <= sum(len(r["text"]) for r in rows) <= (8000 if name == "随州" else 3500)
    assert "noise" not in {r["kind"] for r in rows}


# One lead byte of 朝阳 is guessed wrong: 一打折扣 for 不打折扣.
@pytest.mark.parametrize(("name", "wrong"), [("阳江", 0), ("随州", 0), ("合肥", 0), ("朝阳", 1), ("盐城", 0)])
def test_cleaning_recovers_the_text(tables, name, wrong):
    rows = tables["paragraphs"].query("doc_id == @name")
    found, truth = canonical("".join(rows["text"])), canonical("".join(r["text"] for r in gold(name)))
    assert Levenshtein.distance(found, truth) <= wrong


@pytest.mark.parametrize("name", ["阳江", "随州", "合肥"])
def test_kinds_levels_and_units_are_right(tables, name):
    rows = tables["paragraphs"].query("doc_id == @name")
    found = [(r.kind, r.level, r.unit, canonical(r.text)) for r in rows.itertuples()]
    assert found == [(r["kind"], r["level"], r["unit"], canonical(r["text"])) for r in gold(name)]


def test_metadata_and_edition(tables):
    corpus = tables["corpus"].set_index("doc_id")
    assert set(corpus["edition"]) == {"restated"}
    assert set(corpus["city"]) == set(NAMES)
    assert set(corpus["guessed"]) <= {"", "title"}
    for name in NAMES:
        assert corpus.loc[name, "sha256"] == hashlib.sha256((RAW / f"{name}.txt").read_bytes()).hexdigest()
    units = tables["paragraphs"].query("doc_id == '随州'")["unit"]
    assert set(units) == {"", "随县", "广水市", "曾都区"}


def test_originals_are_known(real_corpus):
    if real_corpus.name != "five-cities":
        pytest.skip("only the five originals are known by their SHA-256")
    sources, _ = read_corpus(real_corpus)
    assert set(make_tables(sources, tables=("corpus",))["corpus"]["edition"]) == {"original"}
