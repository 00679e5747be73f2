"""Run what is stale of a plan, as many notebooks at a time as there are processors."""

from __future__ import annotations

import json
import os
from multiprocessing import get_context
from multiprocessing.connection import wait
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..files import CAN_FORK, end_with_parent
from .kernels import import_what_notebooks_import
from .pipeline import block_grammar_package, run

if TYPE_CHECKING:
    from collections.abc import Callable

_LONGEST = ("09-robustness", "03-topics", "08-facts", "04-compare", "explore")  # begun first: none is waited for alone
_SMALL = 20_000_000  # bytes of tables up to which one more notebook than there are processors does not want for memory


def stale_runs(state: Path) -> list[str]:
    """Names of the plan's runs without a stamp, in the order in which they are begun."""
    planned = json.loads((state / "plan.json").read_text(encoding="utf-8", errors="surrogateescape"))
    names = [each["id"] for each in planned if not (state / "runs" / f"{each['id']}.done").exists()]
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
        block_grammar_package()
        import papermill  # noqa: F401  # once, like all that kernels import

        import_what_notebooks_import()
    context: Any = get_context("fork" if CAN_FORK else "spawn")
    running: dict[Any, Any] = {}
    failed = 0
    try:
        while names or running:
            while names and len(running) < jobs:
                say(name := names.pop(0))
                process = context.Process(target=_run, args=(name, state, guard))
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


def _size_of_tables(state: Path) -> int:
    """The bytes of the tables of a plan."""
    planned = json.loads((state / "plan.json").read_text(encoding="utf-8", errors="surrogateescape"))
    folders = {tables for each in planned if (tables := each["parameters"].get("tables"))}
    return sum(path.stat().st_size for folder in folders for path in Path(folder).glob("*.parquet"))


def _run(name: str, state: Path, guard: Callable[[Callable[[], None]], None]) -> None:
    end_with_parent(os.getppid())
    guard(lambda: run(name, state))
