"""A study's own dictionary: terms that a researcher accepted, and those rejected."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from .. import CrosscityError, combined_error
from ..chinese import HAN
from ..documents import decode, normalize_term, read_spreadsheet
from ..files import write_text
from .tokens import read_terms

REJECTED = "#reject"  # begins a line of the dictionary; the segmenter passes over lines that begin with #
HEADER = "# term\tgloss\tsource\treason"
MARKS = {"y": True, "yes": True, "1": True, "是": True, "n": False, "no": False, "0": False, "否": False}
_TERM = re.compile(f"[0-9A-Za-z+&._%{HAN}-]{{2,}}")


class Decisions(NamedTuple):
    """Terms on which a researcher has decided."""

    accepted: frozenset[str]
    rejected: frozenset[str]


def read_decisions(dictionary: Path | str | None) -> Decisions:
    """The terms of a study's dictionary, and those on lines that begin with #reject.

    Parameters
    ----------
    dictionary : str or Path
        If it is empty, or the file absent, nothing has been decided yet.
    """
    if not dictionary or not Path(dictionary).is_file():
        return Decisions(frozenset(), frozenset())
    rejected = frozenset(_rejected_term(line) for line in _lines(dictionary) if _is_rejection(line))
    return Decisions(frozenset(read_terms(dictionary)), rejected)


def _is_rejection(line: str) -> bool:
    return line.startswith(f"{REJECTED}\t")


def _rejected_term(line: str) -> str:
    return normalize_term(line.split("\t")[1].strip())


def read_marks(path: Path | str) -> pd.DataFrame:
    """A researcher's marks in a copy of candidates.csv: y or n in the column accept, nothing if undecided.

    Returns
    -------
    DataFrame
        The marked rows; all columns are text but `accept`, which is bool.

    Raises
    ------
    CrosscityError
        If the file is absent, not such a table (see `documents.read_spreadsheet`), or has other marks; all wrong marks
        at once.
    """
    marked = (pair for pair in read_spreadsheet(path, ["term", "accept"]) if pair[1]["accept"])
    rows = [(number, {**row, "term": normalize_term(row["term"])}) for number, row in marked]
    problems = []
    for number, row in rows:
        mark = row["accept"].lower()
        if mark not in MARKS:
            problems.append(f"{path}, row {number}: accept is {mark!r}; give y or n, or leave it empty")
    for number, row in rows:
        if not _TERM.fullmatch(row["term"]):
            reason = "the segmenter ends words at spaces and at marks other than + & . _ % -"
            problems.append(f"{path}, row {number}: {row['term']!r} cannot be one word; {reason}")
    table = pd.DataFrame([row for _, row in rows], columns=None if rows else ["term", "accept"], dtype="str")
    marks = table["accept"].str.lower()
    both = marks.map(MARKS).groupby(table["term"]).nunique()
    problems += [f"{path}: {term!r} is marked both y and n" for term in both.index[both > 1]]
    if problems:
        raise combined_error(problems)
    return table.assign(accept=marks.map(MARKS).astype(bool)).drop_duplicates("term")


def add_terms(dictionary: Path | str, marked: pd.DataFrame) -> tuple[int, int]:
    """Write a researcher's decisions to the study's dictionary, all of them or none.

    Each term is a line of term, gloss, source and reason, separated by tabs; #reject precedes those that were rejected,
    which the segmenter skips and `read_decisions` reads. Known decisions are not repeated; other lines do not change.

    Parameters
    ----------
    dictionary : str or Path
        The file that the parameter `dictionary` names; created if it is absent.
    marked : DataFrame
        Columns term and accept (bool), optionally gloss, count, documents and quoted. See `read_marks`.

    Returns
    -------
    tuple of int
        How many terms were newly accepted, and how many newly rejected.

    Raises
    ------
    CrosscityError
        If no dictionary is named, or a term that it has is rejected.
    """
    if not dictionary:
        msg = "no dictionary is named: set the parameter dictionary, such as dictionary: params/terms.tsv"
        raise CrosscityError(msg)
    accepted, rejected = read_decisions(dictionary)
    if clash := sorted(set(marked["term"][~marked["accept"]]) & accepted):
        msg = f"{dictionary} has the term {clash[0]!r}, which is marked n: take its line out, or mark it y"
        raise CrosscityError(msg)
    new = marked[~marked["term"].isin(accepted | rejected) | (marked["accept"] & marked["term"].isin(rejected))]
    lines = _lines(dictionary) if Path(dictionary).is_file() else [HEADER]
    again = set(new["term"])
    lines = [line for line in lines if not (_is_rejection(line) and _rejected_term(line) in again)]
    for row in new.to_dict("records"):
        counts = [f"{row[c]} {c}" for c in ("count", "documents", "quoted") if row.get(c, "") != ""]
        fields = [row["term"], str(row.get("gloss", "")), "candidates", ", ".join(counts)]
        line = "\t".join(" ".join(field.split()) for field in fields)
        lines.append(line if row["accept"] else f"{REJECTED}\t{line}")
    if len(new):
        write_text(dictionary, "\n".join(lines) + "\n")
    return int(new["accept"].sum()), int((~new["accept"]).sum())


def _lines(path: Path | str) -> list[str]:
    data = Path(path).read_bytes()
    return decode(data, path)[0].splitlines() if data.strip() else []
