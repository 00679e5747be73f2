"""Where a study is: a folder with documents, parameters, and the results of notebooks."""

from __future__ import annotations

import os
from pathlib import Path

PARAMS, CORPUS = "params.yaml", "corpus"
SUMMARIES = "matrix.csv"  # a person's summaries of the matrix, among the answers


def find_study(start: Path | str) -> Path | None:
    """The study that a folder is, or lies in: a folder with params.yaml and a corpus; None where there is none."""
    start = Path(os.path.abspath(start))  # noqa: PTH100
    return next((f for f in (start, *start.parents) if (f / PARAMS).is_file() and (f / CORPUS).is_dir()), None)
