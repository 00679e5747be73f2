"""Make documents into rows: in this process, in several, or on a Dask cluster."""

from __future__ import annotations

import collections
import functools
import itertools
import sys
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from .. import CrosscityError
from ..files import end_with_parent
from .document_rows import rows_from_file, to_bytes

if TYPE_CHECKING:
    from ..documents import RawDocument, RepeatedLines
    from .document_rows import Settings

    Task = tuple[
        str, RawDocument, Settings, RepeatedLines | None
    ]  # key, document, settings, lines that others share with it
    Result = tuple[str, bytes, int]  # key, rows as bytes, size of the document
    Pool = Callable[[Iterator[Task]], Iterator[Result]]

_CHUNK = 8  # documents handed to a process at a time
_AHEAD = 4  # chunks for each process that wait or are done while the first is put away
_BATCH = 32  # chunks on a cluster before their results are put away


def worker_pool(jobs: int, scheduler: str | None = None) -> Pool:
    """A function that makes rows from tasks, results in order: here, in processes, or on a cluster.

    Parameters
    ----------
    jobs : int
        How many processes there are; 1: the calling one.
    scheduler : str, optional
        Address of a Dask scheduler, whose workers do the work instead.

    Raises
    ------
    CrosscityError
        If jobs is less than 1.
    """
    if jobs < 1:
        msg = f"jobs is {jobs}: give the number of documents to work on at a time, 1 or more"
        raise CrosscityError(msg)
    if scheduler:
        return functools.partial(_on_cluster, scheduler=scheduler)
    return functools.partial(_in_processes, jobs=jobs) if jobs > 1 else _here


def _process(key: str, file: RawDocument, settings: Settings, repeated: RepeatedLines | None) -> Result:
    try:
        return key, to_bytes(rows_from_file(file, settings, repeated)), len(file.data)
    except Exception as error:
        error.add_note(f"while working on {file.path}")
        raise


def _process_chunk(tasks: list[Task]) -> list[Result]:
    return [_process(*task) for task in tasks]


def _chunks(tasks: Iterator[Task]) -> Iterator[list[Task]]:
    return iter(lambda: list(itertools.islice(tasks, _CHUNK)), [])


def _here(tasks: Iterator[Task]) -> Iterator[Result]:
    return (_process(*task) for task in tasks)


def _in_processes(tasks: Iterator[Task], jobs: int) -> Iterator[Result]:
    # The first one here, so that forks have all that it loads; no fork where there is but one.
    yield from _here(itertools.islice(tasks, 1))
    if not (first := next(chunks := _chunks(tasks), None)):
        return
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool
    from multiprocessing import active_children, get_context

    # A fork starts at once. joblib's own processes take longer to start than a small corpus takes, and its pool of
    # forks waits for ever for one that was killed.
    context = get_context("fork" if sys.platform == "linux" else None)
    before = set(active_children())
    pool = ProcessPoolExecutor(jobs, mp_context=context, initializer=end_with_parent)
    pending: collections.deque[Any] = collections.deque()
    try:
        for chunk in itertools.chain([first], chunks):
            pending.append(pool.submit(_process_chunk, chunk))
            if len(pending) > _AHEAD * jobs:
                yield from pending.popleft().result()
        while pending:
            yield from pending.popleft().result()
    except BrokenProcessPool:
        # One that hands over a result which nobody takes any more would be waited for without end.
        for process in set(active_children()) - before:
            process.kill()
        msg = "a process was killed, most likely for want of memory: build again with fewer --jobs"
        raise CrosscityError(msg) from None
    finally:
        pool.shutdown(cancel_futures=True)


def _on_cluster(tasks: Iterator[Task], scheduler: str) -> Iterator[Result]:
    chunks = _chunks(tasks)
    if not (batch := list(itertools.islice(chunks, _BATCH))):
        return
    import joblib

    from ..cluster import on_cluster  # here: rows do not depend on it, and are kept when it changes

    with on_cluster(scheduler), joblib.Parallel(batch_size=1) as parallel:
        while batch:
            for results in parallel(joblib.delayed(_process_chunk)(chunk) for chunk in batch):
                yield from results
            batch = list(itertools.islice(chunks, _BATCH))
