"""A Dask cluster on this machine: a scheduler and two workers, which tests may kill."""

import contextlib
import json
import os
import subprocess
import sys
import time

from tests.conftest import PROJECT

ENVIRONMENT = {**os.environ, "PYTHONPATH": str(PROJECT / "lib"), "DASK_DISTRIBUTED__LOGGING__DISTRIBUTED": "error"}


@contextlib.contextmanager
def cluster_of_two(folder):
    """A scheduler and two workers, processes of their own: the address, and the workers."""
    file, started = folder / "scheduler.json", []

    def start(*arguments):
        command = [sys.executable, "-m", *arguments, "--scheduler-file", str(file), "--no-dashboard"]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        started.append(subprocess.Popen(command, env=ENVIRONMENT, **quiet))
        return started[-1]

    try:
        start("distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", "0")
        wait_until(file.is_file, "the scheduler has started")
        worker = ("distributed.cli.dask_worker", "--host", "127.0.0.1", "--no-nanny", "--nthreads", "1")
        workers = [start(*worker) for _ in range(2)]
        yield json.loads(file.read_text(encoding="utf-8"))["address"], workers
    finally:
        for process in reversed(started):
            process.kill()
            process.wait()


def wait_until(condition, what, seconds=600):
    """Wait for an event."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"not within {seconds} s: {what}"
        time.sleep(0.02)


def tasks_on(client):
    """How many tasks are done, and how many are under way."""

    def counted(dask_scheduler):
        states = [task.state for task in dask_scheduler.tasks.values()]
        return states.count("memory"), states.count("processing")

    return client.run_on_scheduler(counted)
