"""Do what is stale of a study, as many notebooks at a time as there are processors."""

from __future__ import annotations

import functools
import json
import os
import signal
from multiprocessing import get_context
from multiprocessing.connection import wait
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .. import CrosscityError
from ..files import CAN_FORK, end_with_parent, prune
from .kernels import import_what_notebooks_import
from .pipeline import block_grammar_package, run

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_LONGEST = ("09-robustness", "03-topics", "08-facts", "04-compare", "explore")  # begun first: none is waited for alone
_TO_CLEAN_UP = 60  # seconds that a stage has, once it is told to end
_SMALL = 20_000_000  # bytes of tables up to which one more notebook than there are processors does not want for memory


def run_all(
    state: Path,
    stages: Mapping[str, Callable[[], None]],
    jobs: int,
    say: Callable[[str], None],
    guard: Callable[[Callable[[], None]], None],
) -> int:
    """Do what is stale of a study: its tables, its plan, its notebooks, its report.

    Each stage is a fork of this process, which imports what notebooks need while the first stages are at work: it has
    no threads by then, and what it holds no notebook imports anew.

    Parameters
    ----------
    state : Path
        The folder of make's stamps.
    stages : mapping of str to callable
        By the name of its stamp, what makes tables, plan and, unless it is left out, report.
    jobs, say, guard
        See `run_stale`.

    Returns
    -------
    int
        0, or the status with which a stage ended; 2 if a notebook failed, which the report says.
    """
    for name in ("tables", "plan"):
        if not (state / f"{name}.done").exists():
            if status := _apart(stages[name], guard, meanwhile=_import_once):
                return status
            prune(state)
    failed = run_stale(state, jobs, say, guard)
    prune(state)
    status = 0
    if "report" in stages and not (state / "report.done").exists():
        status = _apart(stages["report"], guard)
    return status or 2 * bool(failed)


def _apart(
    stage: Callable[[], None], guard: Callable[[Callable[[], None]], None], meanwhile: Callable[[], None] | None = None
) -> int:
    """The status of a stage, done in a fork of this process while this one does something else.

    Raises
    ------
    CrosscityError
        If the stage was killed.
    """
    if not CAN_FORK:
        stage()
        return 0
    process = get_context("fork").Process(target=_guarded, args=(stage, guard, os.getpid()))
    process.start()
    failed = None
    try:
        try:
            if meanwhile:
                meanwhile()
        except Exception as error:
            failed = error  # what the stage makes is of use to the next call
        process.join()
    except BaseException:
        process.terminate()
        process.join(_TO_CLEAN_UP)
        process.kill()
        process.join()
        raise
    if failed:
        raise failed
    status = process.exitcode or 0
    if status < 0:
        msg = f"a stage was ended by signal {-status}, most likely for want of memory: free some, and run it again"
        raise CrosscityError(msg)
    return status


def _guarded(stage: Callable[[], None], guard: Callable[[Callable[[], None]], None], parent: int) -> None:
    end_with_parent(parent)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # which all of a terminal's processes get: the parent ends this one
    guard(stage)


@functools.cache
def _import_once() -> None:
    """Import papermill and all that kernels import, so that forks have it."""
    block_grammar_package()
    import papermill  # noqa: F401

    import_what_notebooks_import()


def stale_runs(state: Path) -> list[str]:
    """Names of the plan's runs without a stamp, in the order in which they are begun."""
    names = [each["id"] for each in _planned(state) if not (state / "runs" / f"{each['id']}.done").exists()]
    return sorted(names, key=lambda name: _LONGEST.index(name) if name in _LONGEST else len(_LONGEST))


def run_stale(state: Path, jobs: int, say: Callable[[str], None], guard: Callable[[Callable[[], None]], None]) -> int:
    """Run each stale notebook of a plan in a process of its own; one that fails stops no other.

    Parameters
    ----------
    state : Path
        The folder of make's stamps.
    jobs : int
        Notebooks at a time; 0: as many as there are processors, and one more for the half a second in which a kernel
        that starts leaves its processor idle, unless the tables are large.
    say : callable
        Told the name of each as it begins.
    guard : callable
        Calls a function, and ends the process with the message and the status that its error has at the command line.

    Returns
    -------
    int
        How many failed.
    """
    names = stale_runs(state)
    jobs = jobs or (os.cpu_count() or 1) + (_size_of_tables(state) < _SMALL)
    if CAN_FORK and names:
        _import_once()
    context: Any = get_context("fork" if CAN_FORK else "spawn")
    running: dict[Any, Any] = {}
    failed = 0
    try:
        while names or running:
            while names and len(running) < jobs:
                say(name := names.pop(0))
                process = context.Process(target=_run, args=(name, state, guard, os.getpid()))
                process.start()
                running[process.sentinel] = process
            for ended in wait(list(running)):
                process = running.pop(ended)
                process.join()
                failed += process.exitcode != 0
    finally:
        for process in running.values():
            process.terminate()
        for process in running.values():
            process.join()
    return failed


def _planned(state: Path) -> Any:
    """The runs of a plan."""
    return json.loads((state / "plan.json").read_text(encoding="utf-8", errors="surrogateescape"))


def _size_of_tables(state: Path) -> int:
    """The bytes of the tables of a plan."""
    folders = {tables for each in _planned(state) if (tables := each["parameters"].get("tables"))}
    return sum(path.stat().st_size for folder in folders for path in Path(folder).glob("*.parquet"))


def _run(name: str, state: Path, guard: Callable[[Callable[[], None]], None], parent: int) -> None:
    _guarded(lambda: run(name, state), guard, parent)
