"""Tables as pages and papers show them: titles and headings in words, five columns, rounded numbers."""

import pytest
from crosscity.language import in_language
from crosscity.project.result_tables import column_title, shown_cell, shown_columns, table_forms, table_title


@pytest.mark.parametrize(
    ("column", "cell", "shown"),
    [
        ("share", "0.1234", "12.3%"),
        ("share", "1", "100%"),
        ("share", "0", "0%"),
        ("share", "12", "12"),  # no share
        ("p_adjusted", "0.0002", "<0.001"),
        ("p", "0.05", "0.050"),
        ("year", "2014", "2014"),
        ("n_chars", "8906", "8,906"),
        ("rate", "129.31", "129"),
        ("log_ratio", "-0.123456", "-0.123"),
        ("value", "1e-07", "1e-07"),
        ("groups", "('阳江', '随州')", "阳江, 随州"),
        ("groups", "('阳江',)", "阳江"),
        ("parts", "()", ""),
        ("term", "整合", "整合"),
        ("term", "nan", "nan"),
    ],
)
def test_a_cell_is_rounded_and_a_share_is_a_percentage(column, cell, shown):
    assert shown_cell(column, cell) == shown


def test_titles_and_headings_are_words_in_both_languages():
    assert table_title("keyness") == "Distinctive terms"
    assert table_title("a-table_of mine") == "A table of mine"
    assert column_title("n_chars") == "characters"
    assert column_title("some_column") == "some column"
    with in_language("zh"):
        assert column_title("n_chars") == "字符数"
        for name in table_forms():
            assert not table_title(name).isascii(), name


def test_a_table_shows_five_columns_at_most():
    keyness = ["group", "way", "term", "gloss", "count", "count_rest", "rate", "log_ratio", "low", "high"]
    assert shown_columns("keyness", keyness) == ["group", "term", "count", "count_rest", "log_ratio"]
    assert shown_columns("other", ["start", "a", "b", "low", "c", "d", "e", "f"]) == ["a", "b", "c", "d", "e"]
    assert all(len(form.columns) <= 5 for form in table_forms().values())
