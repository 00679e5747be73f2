"""Work by several processes and by a cluster gives the tables of one, to the byte; also if a worker is lost."""

import os
import random
import signal
import subprocess
import sys
import traceback
from pathlib import Path

import pytest
from crosscity import CrosscityError
from crosscity.tables import workers
from crosscity.tables.builder import build
from crosscity.tables.contract import TABLES

from tests.helpers.clusters import ENVIRONMENT, cluster_of_two, tasks_on, wait_until

SENTENCES = [
    "去年秋天，镇里修通了到山上的公路，三个寨子的苹果当天就能运到县城。",
    "老支书说，路通以前，果子要靠人背下山（shān），背到集上已经碰坏了一半。",
    "今年春天，合作社又添了冷库，果农可以等到春节前后再卖，一斤能多挣一块多钱。",
    "全县实现地区生产总值345.6亿元，增长7.8%，其中工业占42%。",
    "推进乡村振兴，实行一网通办，落實三會一課，村級事務由四議兩公開決定。",
]


def tables(out):
    return {path.name: path.read_bytes() for path in sorted(Path(out).glob("*.parquet"))}


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    """Documents that share a last line, are large enough for more than one process, and take a while."""
    rng, folder = random.Random(1), tmp_path_factory.mktemp("corpus")
    for n in range(60):
        paragraphs = ["".join(rng.choices(SENTENCES, k=rng.randint(2, 6))) for _ in range(50)]
        text = "\n".join([f"第{n}个村的工作报告", *paragraphs, "本页文字可以自由取用，请注明水利网及日期。"])
        (folder / f"{n:03d}.txt").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def alone(corpus, tmp_path_factory):
    """The tables that one process makes."""
    out = tmp_path_factory.mktemp("alone")
    build(corpus, out, progress=False, cache=False)
    found = tables(out)
    assert len(found) == len(TABLES)
    return found


def test_two_processes(corpus, alone, tmp_path, monkeypatch):
    """The first document is done here, the others elsewhere."""
    here, rows_from_file = [], workers.rows_from_file
    monkeypatch.setattr(
        workers, "rows_from_file", lambda found, *a: here.append(found.doc_id) or rows_from_file(found, *a)
    )
    build(corpus, tmp_path, jobs=2, progress=False)
    assert here == ["000", "000"], "once alone, and once as the others' last line is known"
    assert tables(tmp_path) == alone


@pytest.mark.skipif(sys.platform != "linux", reason="only a fork has what is planted here")
def test_a_process_that_is_killed(corpus, tmp_path, monkeypatch):
    parent, rows_from_file = os.getpid(), workers.rows_from_file

    def killed(found, *args):
        if found.doc_id == "017" and os.getpid() != parent:
            os.kill(os.getpid(), signal.SIGKILL)
        return rows_from_file(found, *args)

    monkeypatch.setattr(workers, "rows_from_file", killed)
    with pytest.raises(
        CrosscityError, match="a process was killed, most likely for want of memory: build again with f"
    ):
        build(corpus, tmp_path, jobs=2, progress=False)
    assert tables(tmp_path) == {}


@pytest.mark.skipif(sys.platform != "linux", reason="only a fork has what is planted here")
def test_a_process_that_is_killed_while_another_hands_over_what_fills_a_pipe(monkeypatch):
    parent = os.getpid()

    def process(key, *_):
        if os.getpid() != parent and key == "9":
            while True:
                signal.pause()
        if os.getpid() != parent and key == "1":
            os.kill(os.getpid(), signal.SIGKILL)
        return key, b"", 0

    def stubborn(*_):
        signal.signal(signal.SIGTERM, lambda *_: None)  # as one that writes into a full pipe and tries again

    monkeypatch.setattr(workers, "_process", process)
    monkeypatch.setattr(workers, "end_with_parent", stubborn)
    monkeypatch.setattr(workers, "_CHUNK", 1)
    tasks = ((key, None, None, None) for key in ("0", "9", "1", "2"))
    with pytest.raises(CrosscityError, match="a process was killed"):
        list(workers._in_processes(tasks, 2))


@pytest.mark.parametrize("jobs", [1, 2])
def test_what_nobody_foresaw_names_the_document(corpus, tmp_path, monkeypatch, jobs):
    rows_from_file = workers.rows_from_file

    def broken(found, *args):
        if found.doc_id == "017":
            raise ZeroDivisionError
        return rows_from_file(found, *args)

    monkeypatch.setattr(workers, "rows_from_file", broken)
    with pytest.raises(ZeroDivisionError) as caught:
        build(corpus, tmp_path, jobs=jobs, progress=False)
    assert f"while working on {corpus / '017.txt'}" in "".join(traceback.format_exception(caught.value))
    assert tables(tmp_path) == {}


def test_no_process_at_all(corpus, tmp_path):
    with pytest.raises(CrosscityError, match="jobs is -1: give the number of documents to work on at a time, 1 or mo"):
        build(corpus, tmp_path, jobs=-1)


def test_a_problem_is_told_from_another_process_as_well(tmp_path):
    folder = tmp_path / "corpus"
    folder.mkdir()
    for n in range(12):
        (folder / f"{n}.txt").write_text("".join(SENTENCES) * 250, encoding="utf-8")
    (folder / "5.txt").write_bytes(b"")
    (folder / "7.txt").write_bytes(b"PK\x03\x04")
    with pytest.raises(CrosscityError, match=r"(?s)2 problems:.*5.txt is empty.*7.txt is a zip archive"):
        build(folder, tmp_path / "out", jobs=2, progress=False)
    assert tables(tmp_path / "out") == {}


@pytest.fixture
def cluster(tmp_path):
    pytest.importorskip("distributed", reason="the extra `cluster` is not installed")
    with cluster_of_two(tmp_path) as started:
        yield started


def test_a_cluster_of_which_a_worker_is_lost(corpus, alone, cluster, tmp_path):
    """One of two workers is killed once some of the work is done and some is not."""
    from distributed import Client

    address, workers = cluster
    command = [sys.executable, "-m", "crosscity.cli", "build", str(corpus), "--scheduler", address, "--out"]
    with Client(address, set_as_default=False) as client:
        client.wait_for_workers(2, timeout=600)
        subprocess.run([*command, str(tmp_path / "whole")], env=ENVIRONMENT, check=True, capture_output=True)
        assert tables(tmp_path / "whole") == alone

        def in_the_middle():
            seen.append(tasks_on(client))
            return seen[-1][0] > 0 and seen[-1][1] > 1

        seen = []
        with subprocess.Popen([*command, str(tmp_path / "lost")], env=ENVIRONMENT, stderr=subprocess.PIPE) as run:
            wait_until(in_the_middle, f"some tasks are done and some are not: {seen[-5:]}")
            workers[0].send_signal(signal.SIGKILL)
            assert run.poll() is None, "the build goes on"
            said = run.communicate(timeout=600)[1]
        assert run.returncode == 0, said.decode()
        assert len(client.scheduler_info()["workers"]) == 1
    assert tables(tmp_path / "lost") == alone


def test_a_scheduler_that_does_not_answer(corpus, tmp_path):
    pytest.importorskip("distributed", reason="the extra `cluster` is not installed")
    command = [sys.executable, "-m", "crosscity.cli", "build", str(corpus), "--out", str(tmp_path)]
    done = subprocess.run(
        [*command, "--scheduler", "tcp://127.0.0.1:9"],
        env={**ENVIRONMENT, "DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT": "1s"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert done.stderr.startswith("error: no Dask scheduler with a worker answers at tcp://127.0.0.1:9")
    assert tables(tmp_path) == {}
