"""Tables redacted so that they quote no document: phrases that make a run of its text lose their middle."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ..chinese import HAN
from ..tables import contract

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

# Chinese characters in a row that tables have in common with no document, but for what is no sentence: numbers that are
# spelled out, names of files, and terms of milestones, which stand in this library.
RUN = 16
# Columns of names and phrases, which are shortened where they make a run: others hold figures, units and codes.
_PHRASES = {"title", "publisher", "speaker", "item", "scope", "name", "canonical", "components", "issuer"}
_PHRASES |= {"place", "population", "why", "statement"}
_NOT_CHINESE = re.compile(f"[^{HAN}]")


def redact_runs(frames: Mapping[str, pd.DataFrame], texts: Iterable[str]) -> dict[str, pd.DataFrame]:
    """Tables with no run of `RUN` Chinese characters in common with some texts.

    Parameters
    ----------
    frames : dict of str to DataFrame
        Names and phrases in them are shortened: of those that make a run together the longest, wherever it stands.
    texts : iterable of str
    """
    runs = text_runs(texts)
    frames, phrases = dict(frames), {name: _phrase_columns(name, frame) for name, frame in frames.items()}
    changed = [name for name in frames if phrases[name]]
    while quoting := {cell for name in changed for cell in _quoting(frames[name], runs, phrases[name])}:
        short = {cell: _shortened(cell) for cell in quoting}
        changed = [name for name in frames if _has_any(frames[name], short, phrases[name])]
        frames |= {name: _replace(frames[name], short, phrases[name]) for name in changed}
    return frames


def text_runs(texts: Iterable[str]) -> set[str]:
    """Every run of `RUN` Chinese characters in some texts, whatever stands between the characters."""
    return {run for text in texts for run in _runs(_NOT_CHINESE.sub("", text))}


def quotes(text: str, runs: Collection[str], least: int = RUN) -> bool:
    """Whether a text has so many Chinese characters in a row in common with what `text_runs` was given."""
    row = 0
    for run in _runs(_NOT_CHINESE.sub("", text)):
        row = row + 1 if run in runs else 0
        if row > least - RUN:
            return True
    return False


def shows_quote(text: str, runs: Collection[str]) -> bool:
    """Whether a line of a file quotes, or its lines do together.

    A picture breaks sentences into lines. Names that it lists may stand in a document in the same order, so that of
    several lines twice as many characters are asked for.
    """
    return any(quotes(line, runs) for line in text.splitlines()) or quotes(text, runs, 2 * RUN)


def without_quotes(cell: str, runs: Collection[str]) -> str:
    """A cell as it is, or without its middle where it has one of the runs of `text_runs`."""
    while quotes(cell, runs):
        cell = _shortened(cell)
    return cell


def _phrase_columns(name: str, frame: pd.DataFrame) -> list[str]:
    """Columns of a table that are shortened; in the corpus further ones as well, which may hold an abstract."""
    further = set(frame) - set(contract()["corpus"]) if name == "corpus" else set()
    return [column for column in frame if column in _PHRASES | further]


def _shortened(cell: str) -> str:
    """A phrase without its middle; one that was shortened before, with less at its ends."""
    n = next((n for n in (7, 3) if len(cell) > 2 * n + 1), 0)
    return f"{cell[:n]}…{cell[len(cell) - n :]}"


def _runs(text: str) -> Iterator[str]:
    return (text[i : i + RUN] for i in range(len(text) - RUN + 1))


def _quoting(frame: pd.DataFrame, runs: Collection[str], phrases: Sequence[str]) -> set[str]:
    """The longest phrase of each place where a table, read row by row, makes one of the runs."""
    kinds = frame.dtypes.map(lambda kind: kind.kind == "O" or pd.api.types.is_string_dtype(kind))
    columns = list(frame.columns[kinds])
    cells = [
        (part, column in phrases)
        for row in frame[columns].itertuples(index=False, name=None)
        for column, cell in zip(columns, row, strict=True)
        for part in _parts(cell)
    ]
    plain = [_NOT_CHINESE.sub("", cell) for cell, _ in cells]
    owner = np.repeat(np.arange(len(cells)), list(map(len, plain)))
    quoting = set()
    for i, run in enumerate(_runs("".join(plain))):
        if run in runs:
            makers = (cells[k] for k in set(owner[i : i + RUN].tolist()))
            quoting.add(max((cell for cell, phrase in makers if phrase), key=lambda c: (len(c), c), default=""))
    return {cell for cell in quoting if len(cell) > 1}


def _parts(cell: Any) -> Iterable[str]:
    """The texts of a cell: one, those of a list, or none."""
    if isinstance(cell, str):
        return [cell]
    return cell if np.iterable(cell) else []


def _has_any(frame: pd.DataFrame, short: Mapping[str, str], phrases: Sequence[str]) -> bool:
    """Whether a phrase that is to be shortened stands in a table: one without need not be read again."""
    return any(part in short for column in phrases for cell in frame[column] for part in _parts(cell))


def _replace(frame: pd.DataFrame, short: Mapping[str, str], phrases: Sequence[str]) -> pd.DataFrame:
    def replaced(cell: Any) -> Any:
        if isinstance(cell, str):
            return short.get(cell, cell)
        return [short.get(part, part) for part in cell] if np.iterable(cell) else cell

    return frame.assign(**{c: frame[c].map(replaced) for c in phrases})
