"""What must hold of every result."""

import pandas as pd
from crosscity import CrosscityError

from tests.helpers.chinese import english_left


def complaints(result, drawn=True, names=()):
    """What a result lacks: title, alt text, sentences in both languages, a table that is a copy, a picture.

    Parameters
    ----------
    result : Result
    drawn : bool
        Whether it has a picture.
    names : sequence of str
        Names of its documents, in Latin letters, that Chinese keeps.
    """
    found = []
    if not result.title or not isinstance(result.alt, str) or (drawn and not result.alt):
        found.append("it has no title, or no alt text")
    for sentence in result.sentences("zh"):
        left = set(english_left(sentence)) - set(names)
        found += [f"{sentence!r} has English words: {left}"] if left else []
    english, chinese = result.sentences("en"), result.sentences("zh")
    if len(english) != len(chinese) or any(e == c for e, c in zip(english, chinese, strict=False)):
        found.append(f"{english} and {chinese} do not say the same in two languages")
    table = result.table
    table["new"] = 1
    if type(table) is not pd.DataFrame or "new" in result.table:
        found.append("its table is no copy")
    widths = {}
    for width in ("page", "column"):
        try:
            widths[width] = result.figure(width).get_figwidth()
        except CrosscityError:
            widths[width] = 0
    if bool(widths["page"]) != drawn:
        found.append(f"it has a picture where it should have none, or none where it should: {widths}")
    if "<table" in result.to_html() and "None" in result.to_html():
        found.append("it shows None")
    return found


def check_result(result, terms=()):
    """A result has what `complaints` looks for; `terms` are English words that the test itself gave.

    Its sentences end as sentences do.
    """
    assert complaints(result, result._drawn is not None, terms) == []
    assert result.title in repr(result)
    assert "crosscity-result" in result.to_html()
    for language, ends in (("en", (".", "?", "。")), ("zh", ("。", "？"))):
        assert [s for s in result.sentences(language) if not s.endswith(ends)] == []
