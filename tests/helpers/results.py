"""What holds of every result."""

import warnings

import matplotlib.pyplot as plt
import pandas as pd

from tests.helpers.chinese import english_left


def check_result(result, terms=()):
    """Its title, alt text and sentences in both languages, its table, its picture at both widths, its display.

    `terms` are Latin words that Chinese keeps.
    """
    assert result, result.sentences()
    assert type(result.table) is pd.DataFrame
    before, mine = result.table, result.table
    mine[mine.columns[0]] = "changed"
    pd.testing.assert_frame_equal(result.table, before)
    english, chinese = (said(result, language) for language in ("en", "zh"))
    assert all(english)
    for language, ends in (("en", (".", "?", "。")), ("zh", ("。", "？"))):
        assert [s for s in result.sentences(language) if not s.endswith(ends)] == []
    for text in chinese:
        assert text
        assert [word for word in english_left(text) if word not in terms] == [], text
    assert len(english) == len(chinese)
    for part in (result, *result.parts()):
        if part._drawn is None:
            continue
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            narrow = part.figure("column").get_figwidth()
        assert narrow <= part._drawn.get_figwidth() == 7.2
        assert len(part.data())
        plt.close("all")
    assert result.title in repr(result)
    assert "<p" in result.to_html()


def said(result, language):
    """All that a result says in a language."""
    values = result.study.values
    before = values["language"]
    try:
        values["language"] = language
        parts = (result, *result.parts())
        return [text for part in parts for text in (part.title, part.alt, *part.sentences())]
    finally:
        values["language"] = before
