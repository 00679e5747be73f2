"""The folder of a study: its documents, its parameters, and the results of its notebooks."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from .. import CrosscityError
from .parameters import notebook_parameters, read_parameters

PARAMS, CORPUS = "params.yaml", "corpus"


def find_study(start: Path | str) -> Path | None:
    """The study that a folder is, or lies in: a folder with params.yaml and a corpus; None where there is none."""
    start = Path(os.path.abspath(start))  # noqa: PTH100
    return next((f for f in (start, *start.parents) if (f / PARAMS).is_file() and (f / CORPUS).is_dir()), None)


def settings(notebook: str, start: Path | str = ".", out: str = "") -> dict[str, Any]:
    """The parameters of a notebook in a study: those of params.yaml, the tables, a folder for what it makes.

    Parameters
    ----------
    notebook : str
        Its name in the suite, such as 04-compare: which parameters it takes.
    start : str or Path
        A folder within the study.
    out : str
        Name of the folder in results/lab; the notebook's, if left out.

    Returns
    -------
    dict
        Names and values, for the notebook's `globals()`.
    """
    home = find_study(start)
    if home is None:
        where = Path(start).absolute()
        msg = f"{where} lies in no study (it would have {PARAMS} and {CORPUS}/): move the notebook there"
        raise CrosscityError(msg)
    values = notebook_parameters(notebook, read_parameters(home / PARAMS))
    results = home / "results"
    return values | {"tables": str(results / "processed"), "out": str(results / "lab" / (out or notebook))}
