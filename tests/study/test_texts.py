"""Results that need the text, where it is there and where it is withheld; test_edition.py has whole runs."""

import pandas as pd
from crosscity.tables import EDITION, TEXT_RESULTS_FOLDER, WITHHELD

from tests.helpers.study_tables import TWO, started, tables


def test_texts_that_are_there_are_computed_from_quoted_and_saved(tmp_path):
    run = started(tmp_path, TWO)
    paragraphs = run.paragraphs()
    assert run.has_text
    assert run.texts.quotable(paragraphs).equals(paragraphs)
    assert run.texts.compute("matches", max, [3, 1], key=abs) == 3
    assert run.texts.omission("Words in context") == ""
    assert list(run.texts.publishable(pd.DataFrame({"text": ["渔港"], "n": [1]}))) == ["text", "n"]


def test_withheld_texts_are_neither_quoted_nor_saved(tmp_path):
    results = tables(tmp_path / "表 tables", TWO) / TEXT_RESULTS_FOLDER
    results.mkdir()
    (results / EDITION).touch()
    run = started(tmp_path, TWO, name="04-compare", template=0.0)
    paragraphs = run.paragraphs()
    assert not run.has_text
    assert run.texts.quotable(paragraphs).empty
    assert run.texts.omission("Words in context").startswith("Words in context: left out")
    assert list(run.texts.publishable(pd.DataFrame({"text": [WITHHELD * 2], "n": [1]}))) == ["n"]
    words = paragraphs["tokens"].map(len).sum()
    assert run.texts.formulas(paragraphs)[1].tolist() == run.texts.template_mask(paragraphs).tolist() == [False] * words
