"""What every result of a study must do, whatever it is of."""

import matplotlib.pyplot as plt
import pandas as pd
import pytest
from crosscity import CrosscityError

from tests.helpers.chinese import english_left


def check_result(result, terms=()):
    """A result shows itself in both languages, its table is a copy, its picture fits both widths.

    Parameters
    ----------
    result : Result
    terms : collection of str
        English words that its sentences may have in Chinese: names that the test itself gave.
    """
    assert result.title
    assert result.title in repr(result)
    assert "crosscity-result" in result.to_html()
    assert result.alt
    for sentence in result.sentences("en"):
        assert sentence.endswith((".", "?", "。")), sentence
    for sentence in result.sentences("zh"):
        assert sentence.endswith(("。", "？")), sentence
        assert set(english_left(sentence)) <= set(terms), sentence
    assert len(result.sentences("en")) == len(result.sentences("zh"))
    table = result.table
    assert type(table) is pd.DataFrame
    if len(table.columns):
        table[table.columns[0]] = 0
        assert not result.table.equals(table) or table.empty
    if result._drawn is None:
        with pytest.raises(CrosscityError, match="nothing to draw"):
            result.figure()
    else:
        for width in ("page", "column"):
            fig = result.figure(width)
            assert fig.get_figwidth() <= 7.3
            fig.canvas.draw()
            plt.close(fig)
