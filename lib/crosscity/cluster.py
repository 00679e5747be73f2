"""Work on a Dask cluster, by joblib: documents that are built, and draws of the analyses."""

from __future__ import annotations

import contextlib
import os
from typing import TYPE_CHECKING, Any

from . import CrosscityError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

SCHEDULER = "CROSSCITY_SCHEDULER"  # the environment variable with the address of the scheduler for draws


def scheduler_of_draws() -> str:
    """The address of the Dask scheduler whose workers make draws, or "" where this machine makes them."""
    return os.environ.get(SCHEDULER, "").strip()


@contextlib.contextmanager
def on_cluster(scheduler: str, shared: Sequence[object] = ()) -> Iterator[None]:
    """Within it `joblib.Parallel` works on the cluster of a scheduler.

    Parameters
    ----------
    scheduler : str
        Its address, such as tcp://host:8786.
    shared : sequence of object
        What many calls are given: each worker gets it once, so that none is lost with a worker.

    Raises
    ------
    CrosscityError
        If the extra `cluster` is not installed, or no scheduler with a worker answers there.
    """
    import joblib

    with _client(scheduler), joblib.parallel_config(backend="dask", scatter=list(shared)):
        yield


def call_on_cluster(scheduler: str, shared: object, calls: Sequence[Any], tries: int = 3) -> list[Any]:
    """Results of calls, in order, from the workers of a cluster.

    A worker may be lost before what was sent to it stands elsewhere; then Dask gives the calls up. They are made anew
    by the workers that are left, which gives the same, since each call has all that it depends on.

    Parameters
    ----------
    scheduler, shared
        As for `on_cluster`; what many calls are given is one object.
    calls : list
        Of `joblib.delayed`.
    tries : int
        How often they are made at most.
    """
    from concurrent.futures import CancelledError

    import joblib

    try:
        with on_cluster(scheduler, [shared]):
            return list(joblib.Parallel(n_jobs=-1)(calls))
    except CancelledError:
        if tries == 1:
            raise
        return call_on_cluster(scheduler, shared, calls, tries - 1)


def _client(scheduler: str) -> Any:
    try:
        from distributed import Client
    except ImportError:
        msg = 'a cluster needs the extra `cluster`: pip install "crosscity[cluster]"'
        raise CrosscityError(msg) from None
    try:
        client = Client(scheduler)
        client.wait_for_workers(1, timeout=30)
    except (OSError, ValueError) as error:
        reason = str(error).partition("\n")[0]
        msg = f"no Dask scheduler with a worker answers at {scheduler} ({reason}): start them, or name no scheduler"
        raise CrosscityError(msg) from None
    return client
