"""A whole study run in one call, as make runs it step by step."""

from __future__ import annotations

import concurrent.futures
import contextlib
import multiprocessing
import os
from typing import TYPE_CHECKING

from .. import PROJECT
from ..tables import TABLES
from .build import build_tables
from .pipeline import plan, run
from .report import make_report

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

_SETTINGS = {
    "PYTHONPATH": str(PROJECT / "lib"),
    "PYTHONHASHSEED": "0",
    "PYTHONUTF8": "1",
    "PYTHONNOUSERSITE": "1",
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "JUPYTER_PREFER_ENV_PATH": "1",
    "JUPYTER_PLATFORM_DIRS": "1",
}
_FOLDERS = ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR", "MPLCONFIGDIR")


def run_study(
    corpus: Path, parameters: Path, work: Path, jobs: int = 1, say: Callable[[str], None] = lambda _: None
) -> tuple[Path, Path]:
    """Run a study: its tables, every notebook, the report.

    Parameters
    ----------
    corpus, parameters : Path
        The folder of documents, or of an edition without text; the YAML file.
    work : Path
        An empty folder, in which answers may lie.
    jobs : int
        Notebooks that run at a time.
    say : callable
        Takes the name of each run that has ended.

    Returns
    -------
    tables, reports : Path

    Raises
    ------
    CrosscityError
        As the steps do.
    """
    tables, reports, state = work / "processed", work / "reports", work / "state"
    with _environment(work):
        build_tables(corpus, tables, TABLES, parameters, state, jobs=jobs)
        runs = plan(parameters, tables, reports, state)
        # A process for each notebook, as make has it: what one leaves behind is not there for the next.
        pool = concurrent.futures.ProcessPoolExecutor(
            jobs, mp_context=multiprocessing.get_context("spawn"), max_tasks_per_child=1
        )
        with pool:
            tasks = {pool.submit(run, planned["id"], state): planned["id"] for planned in runs}
            for task in concurrent.futures.as_completed(tasks):
                task.result()
                say(tasks[task])
        make_report(parameters, tables, reports, state)
    return tables, reports


@contextlib.contextmanager
def _environment(work: Path) -> Iterator[None]:
    """The variables that the Makefile sets; the former ones afterwards."""
    own = _SETTINGS | {name: str(work / name.lower()) for name in _FOLDERS}
    for name in _FOLDERS:
        (work / name.lower()).mkdir(parents=True, exist_ok=True)
    former = {name: os.environ.get(name) for name in own}
    os.environ.update(own)
    try:
        yield
    finally:
        for name, value in former.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
