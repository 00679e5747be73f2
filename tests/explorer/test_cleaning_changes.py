"""Changes of cleaning: located in the cleaned paragraphs, and marked by signs."""

import html
import re

import pandas as pd
import pytest
from crosscity.documents import cleaning
from crosscity.documents.corpus import read_corpus
from crosscity.explorer import cleaning_changes

from tests.conftest import PROJECT

LOG = pd.DataFrame(
    [  # 广&告 / 甲己丙 / (empty) / 丁□戊, and what becomes of it step by step
        (1, 1, 2, "entity", "&", "＆"),
        (1, 5, 6, "slip", "己", "乙"),
        (2, 0, 3, "furniture:advertisement", "广＆告", ""),
        (3, 7, 8, "damaged", "□", "□"),
        (4, 0, 1, "blank-line", "\n", ""),
        (4, 4, 5, "blank-line", "\n", ""),
        (5, 7, 7, "joined", "", "庚"),
    ],
    columns=["step", "start", "end", "rule", "before", "after"],
).assign(confidence=1.0)


def test_changes_stand_where_they_were_made():
    table = cleaning_changes.locate_changes(LOG, pd.DataFrame({"paragraph": [1, 2], "text": ["甲乙丙", "丁□戊庚"]}))
    got = {(r.rule, r.before): (r.paragraph, r.start, r.end, r.change, r.stands) for r in table.itertuples()}
    assert got.pop(("entity", "&"))[3:] == ("repair", False)  # gone with the line that it stood in
    assert got.pop(("slip", "己")) == (1, 1, 2, "repair", True)
    assert got.pop(("furniture:advertisement", "广＆告")) == (1, 0, 0, "deletion", True)
    assert got.pop(("damaged", "□")) == (2, 1, 2, "damage", True)
    assert got.pop(("joined", "")) == (2, 3, 4, "insertion", True)
    assert {v[3] for v in got.values()} == {"spaces"}


def test_signs_tell_changes_apart_without_colour():
    paragraphs = pd.DataFrame({"paragraph": [1, 2], "text": ["甲乙丙", "丁□戊庚"]})
    table = cleaning_changes.locate_changes(LOG, paragraphs)
    first, second = (
        cleaning_changes.mark_changes(t, table[table["paragraph"] == n])
        for n, t in enumerate(paragraphs["text"], start=1)
    )
    plain = [re.sub("<[^>]*>", "", text) for text in (first, second)]
    assert plain == ["−广＆告甲−己→+乙丙", "丁?□戊+庚"]
    assert first.count("<del") == 2
    assert "line-through" in first
    assert "dashed" in second
    assert 'title="repair: slip, confidence 1"' in first


def test_the_original_is_what_was_read():
    paragraphs = pd.DataFrame({"paragraph": [1, 2], "text": ["甲乙丙", "丁□戊庚"]})
    assert cleaning_changes.restore_original(LOG, paragraphs)["text"].tolist() == ["广&告\n甲己丙\n\n", "丁□戊"]


@pytest.mark.parametrize("number", range(5))
def test_marked_text_is_the_text_again(number):
    """Of documents with all kinds of damage: without what went and without signs, the paragraph is left."""
    cleaned = cleaning.clean(read_corpus(PROJECT / "data" / "raw")[0][number].text)
    texts = [line for line in cleaned.text.split("\n") if line]
    paragraphs = pd.DataFrame({"paragraph": range(1, len(texts) + 1), "text": texts})
    table = cleaning_changes.locate_changes(pd.DataFrame(cleaned.log), paragraphs)
    assert len(table) == len(cleaned.log) > 10
    original = cleaning_changes.restore_original(pd.DataFrame(cleaned.log), paragraphs)
    assert "".join(original["text"]) == read_corpus(PROJECT / "data" / "raw")[0][number].text
    for number, kept in zip(paragraphs["paragraph"], texts, strict=True):
        shown = cleaning_changes.mark_changes(kept, table[table["paragraph"] == number], spaces=True)
        shown = re.sub("<del.*?</del>→?", "", shown)
        shown = re.sub("(<(?:ins|span) [^>]*>)[+?]", r"\1", shown)
        assert html.unescape(re.sub("<[^>]*>", "", shown)).replace("⏎", "") == kept
