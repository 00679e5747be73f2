"""A study's own dictionary: what a researcher decided about candidate terms is kept in it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from .. import CrosscityError, combined_error
from ..chinese import HAN
from ..documents import decode, read_spreadsheet
from ..files import write_text
from .tokens import read_terms

if TYPE_CHECKING:
    pass

REJECTED = "#reject"  # begins a line of the dictionary; the segmenter passes over lines that begin with #
HEADER = "# term\tgloss\tsource\treason"
MARKS = {"y": True, "yes": True, "1": True, "是": True, "n": False, "no": False, "0": False, "否": False}
_TERM = re.compile(f"[0-9A-Za-z+{HAN}]{{2,}}")


def judged(dictionary: Path | str | None) -> tuple[frozenset[str], frozenset[str]]:
    """All strings that a study's dictionary has judged: its terms, and those on lines that begin with #reject.

    Parameters
    ----------
    dictionary : str or Path
        Empty, or a file that is not there: nothing was judged yet.

    Returns
    -------
    tuple of frozenset of str
        Accepted, rejected.
    """
    if not dictionary or not Path(dictionary).is_file():
        return frozenset(), frozenset()
    return frozenset(read_terms(dictionary)), frozenset(
        line.split("\t")[1].strip() for line in _lines(dictionary) if line.startswith(f"{REJECTED}\t")
    )


def read_marks(path: Path | str) -> pd.DataFrame:
    """The marks of a researcher in a copy of candidates.csv: y or n in the column accept, nothing where undecided.

    Returns
    -------
    DataFrame
        The rows that are marked, all columns text but `accept`, which is bool.

    Raises
    ------
    CrosscityError
        If the file is absent, no such table (see `documents.read_spreadsheet`), or holds other marks; all wrong marks at once.
    """
    rows = [
        (number, row["term"], row["accept"].lower(), row) for number, row in read_spreadsheet(path, ["term", "accept"])
    ]
    rows = [row for row in rows if row[2]]
    problems = [
        f"{path}, row {number}: accept is {mark!r}; give y or n, or leave it empty"
        for number, _, mark, _ in rows
        if mark not in MARKS
    ]
    problems += [
        f"{path}, row {number}: {term!r} cannot be one word; the segmenter ends words at spaces and marks other than +"
        for number, term, _, _ in rows
        if not _TERM.fullmatch(term)
    ]
    table = pd.DataFrame([row for *_, row in rows], columns=None if rows else ["term", "accept"], dtype="str")
    marks = table["accept"].str.lower()
    both = marks.map(MARKS).groupby(table["term"]).nunique()
    problems += [f"{path}: {term!r} is marked both y and n" for term in both.index[both > 1]]
    if problems:
        raise combined_error(problems)
    return table.assign(accept=marks.map(MARKS).astype(bool)).drop_duplicates("term")


def add_terms(dictionary: Path | str, marked: pd.DataFrame) -> tuple[int, int]:
    """Write a researcher's decisions into the study's dictionary, whole or not at all.

    A line a term: term, gloss, source, reason, with tabs between; #reject before it where it was rejected, which the
    segmenter skips and `judged` reads. What the file says already is not said twice, other lines stay as they are.

    Parameters
    ----------
    dictionary : str or Path
        The file that the parameter `dictionary` names; made where it is not there.
    marked : DataFrame
        Columns term and accept (bool); gloss, count, documents and quoted where there are any. See `read_marks`.

    Returns
    -------
    tuple of int
        How many terms were added, how many rejected, that were not so before.

    Raises
    ------
    CrosscityError
        If no dictionary is named, or a term that it has is rejected.
    """
    if not dictionary:
        msg = "no dictionary is named: set the parameter dictionary, such as dictionary: params/terms.tsv"
        raise CrosscityError(msg)
    accepted, rejected = judged(dictionary)
    if clash := sorted(set(marked["term"][~marked["accept"]]) & accepted):
        msg = f"{dictionary} has the term {clash[0]!r}, which is marked n: take its line out, or mark it y"
        raise CrosscityError(msg)
    new = marked[~marked["term"].isin(accepted | rejected) | (marked["accept"] & marked["term"].isin(rejected))]
    lines = _lines(dictionary) if Path(dictionary).is_file() else [HEADER]
    again = set(new["term"])
    lines = [x for x in lines if not (x.startswith(f"{REJECTED}\t") and x.split("\t")[1].strip() in again)]
    for row in new.to_dict("records"):
        counts = [f"{row[c]} {c}" for c in ("count", "documents", "quoted") if row.get(c, "") != ""]
        fields = [row["term"], str(row.get("gloss", "")), "candidates", ", ".join(counts)]
        lines.append("\t".join([*([] if row["accept"] else [REJECTED]), *(" ".join(f.split()) for f in fields)]))
    if len(new):
        write_text(dictionary, "\n".join(lines) + "\n")
    return int(new["accept"].sum()), int((~new["accept"]).sum())


def _lines(path: Path | str) -> list[str]:
    data = Path(path).read_bytes()
    return decode(data, path)[0].splitlines() if data.strip() else []
