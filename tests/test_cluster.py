"""Draws on a cluster are those of one process, to the bit; also if a worker is lost."""

import contextlib
import functools
import signal
import threading
from concurrent.futures import CancelledError

import joblib
import numpy as np
import pytest
from crosscity import CrosscityError, cluster
from crosscity.inference import parallel_map
from crosscity.topics.models import fit
from crosscity.topics.quality import _fit_tops
from scipy.sparse import csr_array

from tests.helpers.clusters import cluster_of_two, tasks_on, wait_until


def refits(jobs):
    """Topics of draws of 80% of some paragraphs, as bytes."""
    rng = np.random.default_rng(1)
    counts, terms = csr_array(rng.poisson(0.1, (1500, 600)).astype(float)), [f"t{i}" for i in range(600)]
    draws = [np.sort(rng.choice(1500, 1200, replace=False)) for _ in range(30)]
    fitted = functools.partial(fit, min_tokens=1, tol=1e-4)
    found = parallel_map(_fit_tops, (fitted, counts, terms, 5), [(rows,) for rows in draws], "refits", jobs)
    return [b"" if tops is None else tops.tobytes() for tops in found]


class Packed:
    """Data that count how often they are packed here to be sent."""

    times = 0

    def __getstate__(self):
        type(self).times += 1
        return {"payload": b"x" * 100_000}


def size_and(data, number):
    return len(data.payload) + number


def test_a_cluster_of_which_a_worker_is_lost(tmp_path, monkeypatch):
    distributed = pytest.importorskip("distributed", reason="the extra `cluster` is not installed")
    alone, found = refits(1), []
    assert sum(map(bool, alone)) > 20, "topics are found"
    with cluster_of_two(tmp_path) as (address, workers), distributed.Client(address, set_as_default=False) as client:
        client.wait_for_workers(2, timeout=600)
        monkeypatch.setenv(cluster.SCHEDULER, address)
        run = threading.Thread(target=lambda: found.extend(refits(-1)))
        run.start()
        wait_until(lambda: min(tasks_on(client)) > 0, "some draws are made and some are not")
        workers[0].send_signal(signal.SIGKILL)
        run.join(timeout=600)
        assert len(client.scheduler_info()["workers"]) == 1
    assert found == alone


@pytest.mark.parametrize("lost", [1, 2, 3])
def test_calls_that_a_cluster_gives_up_are_made_anew(monkeypatch, lost):
    losses = iter([True] * lost + [False])

    class Losing:
        def __init__(self, n_jobs):
            assert n_jobs == -1

        def __call__(self, calls):
            if next(losses):
                raise CancelledError
            return [function(*positional, **named) for function, positional, named in calls]

    monkeypatch.setattr(cluster, "on_cluster", lambda scheduler, shared: contextlib.nullcontext())
    monkeypatch.setattr(joblib, "Parallel", Losing)
    calls = [joblib.delayed(max)(2, n) for n in (1, 4)]
    if lost < 3:
        assert cluster.call_on_cluster("tcp://x", None, calls) == [2, 4]
    else:
        with pytest.raises(CancelledError):
            cluster.call_on_cluster("tcp://x", None, calls)


def test_what_calls_share_is_sent_to_each_worker_once(tmp_path, monkeypatch):
    distributed = pytest.importorskip("distributed", reason="the extra `cluster` is not installed")
    with cluster_of_two(tmp_path) as (address, _), distributed.Client(address, set_as_default=False) as client:
        client.wait_for_workers(2, timeout=600)
        monkeypatch.setenv(cluster.SCHEDULER, address)
        Packed.times = 0
        assert parallel_map(size_and, (Packed(),), [(i,) for i in range(40)], "sizes", 2) == list(
            range(100_000, 100_040)
        )
    assert Packed.times < 5, "for its name and for each worker, and not for each of forty calls"


def test_one_process_is_asked_for_and_no_cluster(monkeypatch):
    monkeypatch.setenv(cluster.SCHEDULER, "tcp://127.0.0.1:9")
    assert parallel_map(max, (), [(1, 2)], "greatest") == [2], "nothing is left for a cluster"
    assert parallel_map(max, (2,), [(1,), (4,)], "greatest", 1) == [2, 4]


def test_a_scheduler_that_does_not_answer(monkeypatch):
    dask = pytest.importorskip("dask", reason="the extra `cluster` is not installed")
    monkeypatch.setenv(cluster.SCHEDULER, "tcp://127.0.0.1:9")
    with (
        dask.config.set({"distributed.comm.timeouts.connect": "1s"}),
        pytest.raises(CrosscityError, match="no Dask scheduler with a worker answers"),
    ):
        parallel_map(max, (), [(1, 2), (4, 3)], "greatest", 2)
