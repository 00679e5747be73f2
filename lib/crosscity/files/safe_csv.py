"""CSV that is safe to open in a spreadsheet: no text is taken for a formula, and nothing is lost when read back.

Whoever opens a table of documents that others wrote runs what a spreadsheet takes for a formula. As OWASP advises (CSV
Injection), such a text gets an apostrophe before it; `restored` takes it away again.
"""

import csv
import re

# What begins a formula, behind spaces and a byte-order mark too; the wide forms do in Chinese and Japanese settings.
# Tabs and breaks of line may make a cell of what follows. A text that has apostrophes already keeps them: it gets one
# more.
_FORMULA = re.compile("['\\s\ufeff]*[-=+@－＝＋＠]|'*[\t\r\n]")
_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?%?", re.ASCII)


def defused(text):
    """A text with ' before it if a spreadsheet could take it for a formula; plain numbers such as -3.5 stay.

    >>> [defused(text) for text in ("=1+1", "-3.5", "-3.5+A1", "党建", "'=1+1", "'tis")]
    ["'=1+1", '-3.5', "'-3.5+A1", '党建', "''=1+1", "'tis"]
    """
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text


def restored(text):
    """The text that `defused` was given; of one that was not defused, the text itself.

    >>> [restored(text) for text in ("'=1+1", "-3.5", "''=1+1", "'tis")]
    ['=1+1', '-3.5', "'=1+1", "'tis"]
    """
    return text[1:] if text[:1] == "'" and _FORMULA.match(text, 1) else text


def rows_text(rows, mark=","):
    """Rows of cells as CSV, texts defused, with `mark` between cells."""
    lines = _Lines()
    writer = csv.writer(lines, delimiter=mark, lineterminator=_Lines.END)
    writer.writerows([_cell(cell) for cell in row] for row in rows)
    return lines.text()


def frame_text(frame, float_format=None):
    """A DataFrame as CSV without its index: texts and names of columns defused, numbers as `float_format` says."""
    import pandas as pd  # here: much that reads and writes rows has no need of it

    safe = frame.copy(deep=False)
    for i, kind in enumerate(frame.dtypes):
        if isinstance(kind, pd.CategoricalDtype) or pd.api.types.is_string_dtype(kind) or kind.kind == "O":
            safe.isetitem(i, frame.iloc[:, i].astype(object).map(_cell))
    lines = _Lines()
    safe = safe.set_axis([_cell(name) for name in frame.columns], axis=1)
    safe.to_csv(lines, index=False, lineterminator=_Lines.END, float_format=float_format)
    return lines.text()


def _cell(value):
    return defused(value) if isinstance(value, str) else value


class _Lines:
    r"""What a csv.writer writes, a row a call, with \n at the ends of rows.

    Told that rows end in \r\n it puts cells that hold either in quotes. Told \n, Python 3.11 leaves a single \r bare,
    and a spreadsheet begins a row there.
    """

    END = "\r\n"

    def __init__(self):
        self._rows = []

    def write(self, row):
        self._rows.append(row.removesuffix(self.END) + "\n")

    def text(self):
        return "".join(self._rows)
