"""A person's own summaries of the matrix, from answers/matrix.csv: stale where the sentences have changed since."""

from __future__ import annotations

import csv
import hashlib
import io
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from .. import combined_error
from ..documents import decode
from ..files import kept_folder, unescape_formula
from .folder import SUMMARIES

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = ("question", "voice", "checksum", "summary")
_REPORTS = "reports"  # the folder beside which answers/ lies


class Summary(NamedTuple):
    """A person's words on a cell, a row or a document.

    Attributes
    ----------
    text : str
    stale : bool
        Whether the sentences have changed since it was written.
    """

    text: str
    stale: bool


def summaries_file(out: Path) -> Path:
    """Where the summaries of a study lie, by the folder of its results: answers/matrix.csv beside the reports."""
    folder = next((p for p in (out.absolute(), *out.absolute().parents) if p.name == _REPORTS), out.absolute().parent)
    return kept_folder(folder) / SUMMARIES


def checksums(matrix: pd.DataFrame) -> dict[tuple[str, str], str]:
    """What each cell (question, voice), row (question, "") and document ("", voice) says, as twelve hexadecimal digits.

    It is of the sentences alone, in any order: neither their places nor how they are ranked.

    Parameters
    ----------
    matrix : DataFrame
        Of `compare.answers.answer_matrix`.
    """
    texts: dict[tuple[str, str], set[str]] = {}
    for question, voice, text in matrix[["question", "group", "text"]].itertuples(index=False):
        for key in ((question, voice), (question, ""), ("", voice)):
            # A row sums up who says what, and a document on which question.
            texts.setdefault(key, set()).add(f"{'' if key[1] else voice}\t{'' if key[0] else question}\t{text}")
    return {key: hashlib.sha256("\n".join(sorted(said)).encode()).hexdigest()[:12] for key, said in texts.items()}


def read_summaries(path: Path, matrix: pd.DataFrame) -> dict[tuple[str, str], Summary]:
    """The summaries of a file by question and voice; none where there is no file.

    A row without a checksum is taken for current. One of another question or voice is passed over: it may be of a run
    with other documents.

    Raises
    ------
    CrosscityError
        If the file lacks a column, or one cell has two summaries.
    """
    if not path.is_file():
        return {}
    rows = list(csv.DictReader(io.StringIO(decode(path.read_bytes(), path)[0].lstrip("\ufeff"))))
    problems = [f"{path} lacks the column {c}: give {', '.join(COLUMNS)}" for c in COLUMNS if rows and c not in rows[0]]
    if problems:
        raise combined_error(problems)
    known, found = checksums(matrix), dict[tuple[str, str], Summary]()
    for number, row in enumerate(rows, start=2):
        question, voice, checksum, text = (unescape_formula((row[c] or "").strip()) for c in COLUMNS)
        if not text or (question, voice) not in known:
            continue
        if (question, voice) in found:
            problems.append(f"{path}, line {number}: {question or '-'}, {voice or '-'} has a summary above: give one")
        found[question, voice] = Summary(text, bool(checksum) and checksum != known[question, voice])
    if problems:
        raise combined_error(problems)
    return found


def summary_sheet(matrix: pd.DataFrame, written: dict[tuple[str, str], Summary]) -> list[tuple[str, str, str, str]]:
    """Rows of `COLUMNS` to be filled in: each document, each question, each cell, with what was written already."""
    sums = checksums(matrix)
    keys = sorted(sums, key=lambda key: (bool(key[0]), bool(key[0] and key[1]), list(sums).index(key)))
    return [(*key, sums[key], written[key].text if key in written else "") for key in keys]
