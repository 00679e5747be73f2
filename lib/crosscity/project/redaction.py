"""What keeps tables from quoting: phrases that would make a run of a document's text lose their middle."""

import re

import numpy as np
import pandas as pd

from ..chinese import HAN
from ..tables import contract

# Chinese characters in a row that tables have in common with no document, but for what is no sentence: numbers that are
# spelled out, names of files, and terms of milestones, which stand in this library.
RUN = 16
# Columns of names and phrases, which are cut where they make a run: others hold figures, units and codes.
_PHRASES = {"title", "publisher", "speaker", "item", "scope", "name", "canonical", "components", "issuer"}
_PHRASES |= {"place", "population", "why", "statement"}
_CHINESE = re.compile(f"[^{HAN}]")


def broken_up(frames, texts):
    """Tables with no run of `RUN` Chinese characters in common with some texts.

    Parameters
    ----------
    frames : dict of str to DataFrame
        Cut are names and phrases: of those that make such a run together the longest, wherever it stands.
    texts : iterable of str

    Returns
    -------
    dict of str to DataFrame
    """
    runs = {code for text in texts for code in _runs(_CHINESE.sub("", text))}
    frames, phrases = dict(frames), {name: _phrases(name, frame) for name, frame in frames.items()}
    changed = [name for name in frames if phrases[name]]
    while cut := {cell for name in changed for cell in _making(frames[name], runs, phrases[name])}:
        short = {cell: _shortened(cell) for cell in cut}
        changed = [name for name in frames if _holds(frames[name], short, phrases[name])]
        frames |= {name: _replaced(frames[name], short, phrases[name]) for name in changed}
    return frames


def _phrases(name, frame):
    """Columns of a table that are cut; in the corpus those of one's own besides, which may hold an abstract."""
    own = set(frame) - set(contract()["corpus"]) if name == "corpus" else set()
    return [column for column in frame if column in _PHRASES | own]


def _shortened(cell):
    """A phrase without its middle; one that was shortened before, with less at its ends."""
    n = next((n for n in (7, 3) if len(cell) > 2 * n + 1), 0)
    return f"{cell[:n]}…{cell[len(cell) - n :]}"


def _runs(text):
    return (text[i : i + RUN] for i in range(len(text) - RUN + 1))


def _making(frame, runs, phrases):
    """The longest phrase of each place where a table, read row by row, makes one of the runs."""
    kinds = frame.dtypes.map(lambda kind: kind.kind == "O" or pd.api.types.is_string_dtype(kind))
    columns = list(frame.columns[kinds])
    cells = [
        (part, column in phrases)
        for row in frame[columns].itertuples(index=False, name=None)
        for column, cell in zip(columns, row, strict=True)
        for part in ([cell] if isinstance(cell, str) else cell if np.iterable(cell) else [])
    ]
    plain = [_CHINESE.sub("", cell) for cell, _ in cells]
    owner = np.repeat(np.arange(len(cells)), list(map(len, plain)))
    found = set()
    for i, run in enumerate(_runs("".join(plain))):
        if run in runs:
            makers = (cells[k] for k in set(owner[i : i + RUN].tolist()))
            found.add(max((cell for cell, phrase in makers if phrase), key=lambda c: (len(c), c), default=""))
    return {cell for cell in found if len(cell) > 1}


def _holds(frame, short, phrases):
    """Whether a phrase that is to be shortened stands in a table: one without need not be read again."""
    for column in phrases:
        for cell in frame[column]:
            if cell in short if isinstance(cell, str) else np.iterable(cell) and not short.keys().isdisjoint(cell):
                return True
    return False


def _replaced(frame, short, phrases):
    def one(cell):
        if isinstance(cell, str):
            return short.get(cell, cell)
        return [short.get(part, part) for part in cell] if np.iterable(cell) else cell

    return frame.assign(**{c: frame[c].map(one) for c in phrases})
