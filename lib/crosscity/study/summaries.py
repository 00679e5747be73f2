"""A person's own summaries of the matrix, from answers/matrix.csv: stale where the sentences have changed since."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from .. import combined_error
from ..documents import letter_digest, read_spreadsheet
from ..files import kept_folder
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
    """What each cell (question, voice), row (question, "") and document ("", voice) says, in twelve letters.

    It is of the sentences alone, in any order: neither their places nor how they are ranked. Of very many voices
    the matrix has the best of each cell alone.

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
    return {key: letter_digest("\n".join(sorted(said))) for key, said in texts.items()}


def read_summaries(path: Path, matrix: pd.DataFrame) -> dict[tuple[str, str], Summary]:
    """The summaries of a file by question and voice; none where there is no file.

    A row without a checksum is taken for current. One of another question or voice is passed over: it may be of a run
    with other documents.

    Raises
    ------
    CrosscityError
        If the file is no table, lacks a column, or has two summaries of one cell.
    """
    if not path.is_file():
        return {}
    problems: list[str] = []
    known, found = checksums(matrix), dict[tuple[str, str], Summary]()
    for number, row in read_spreadsheet(path, COLUMNS):
        question, voice, checksum, text = (row[column] for column in COLUMNS)
        if not text or (question, voice) not in known:
            continue
        if (question, voice) in found:
            problems.append(f"{path}, line {number}: {question or '-'}, {voice or '-'} has a summary above: give one")
        found[question, voice] = Summary(text, bool(checksum) and checksum != known[question, voice])
    if problems:
        raise combined_error(problems)
    return found


def summary_sheet(matrix: pd.DataFrame, written: dict[tuple[str, str], Summary]) -> list[dict[str, str]]:
    """Rows to be filled in, of each document, each question and each cell, with what was written already.

    A summary that is stale keeps no checksum of its own: whoever takes this sheet over confirms it.
    """
    sums = checksums(matrix)
    place = {key: i for i, key in enumerate(sums)}
    keys = sorted(sums, key=lambda key: (bool(key[0]), bool(key[0] and key[1]), place[key]))
    return [
        {
            "question": key[0],
            "voice": key[1],
            "checksum": sums[key],
            "summary": written[key].text if key in written else "",
        }
        for key in keys
    ]
