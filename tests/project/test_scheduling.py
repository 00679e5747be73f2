"""Notebooks side by side, and kernels that are forked."""

import contextlib
import json
import os
import signal
import sys
from pathlib import Path

import pytest
from crosscity import CrosscityError
from crosscity.cli import guarded
from crosscity.project import kernels, pipeline, scheduling

from tests.project.test_interruption import LIMIT, gone, linux, wait_until


@pytest.fixture
def plan(tmp_path, monkeypatch):
    """Has a run of the plan do what a test says; nothing is imported first, since nothing needs it."""
    monkeypatch.setattr(scheduling, "import_what_notebooks_import", lambda: None)

    def begin(does, names="abcd", done=""):
        runs = tmp_path / "runs"
        runs.mkdir()
        (tmp_path / "plan.json").write_text(json.dumps([{"id": name} for name in names]))
        for name in done:
            (runs / f"{name}.done").touch()
        monkeypatch.setattr(scheduling, "run", lambda name, state: does(name))
        return tmp_path

    return begin


def run(state, jobs=1):
    begun = []
    return scheduling.run_stale(state, jobs, begun.append, guarded), begun


def test_what_has_a_stamp_is_not_run(plan):
    state = plan(lambda name: (state / name).touch(), done="ac")
    assert run(state) == (0, ["b", "d"])
    assert [name for name in "abcd" if (state / name).exists()] == ["b", "d"]


def test_the_longest_begin_first(plan):
    state = plan(lambda name: None, names=["01-corpus", "03-topics", "09-robustness", "explore"])
    assert run(state) == (0, ["09-robustness", "03-topics", "explore", "01-corpus"])


@linux
def test_one_that_fails_stops_no_other_and_says_why(plan, capfd):
    def does(name):
        if name == "a":
            raise CrosscityError("a.ipynb failed in cell 3: no documents")
        if name == "c":
            os.kill(os.getpid(), signal.SIGKILL)

    state = plan(does)
    assert run(state) == (2, ["a", "b", "c", "d"])
    assert capfd.readouterr().err.splitlines() == ["error: a.ipynb failed in cell 3: no documents"]


@linux
@pytest.mark.parametrize(("size", "together"), [(10, 3), (11, 2)])
def test_one_more_than_there_are_cores_runs_while_tables_are_small(plan, tmp_path, monkeypatch, size, together):
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    monkeypatch.setattr(scheduling, "_SMALL", 11)
    (tmp_path / "processed").mkdir()
    (tmp_path / "processed" / "paragraphs.parquet").write_bytes(b"x" * size)

    def does(name):
        (state / f"{name}.begun").touch()
        first = [(state / f"{other}.begun") for other in "abc"[:together]]
        wait_until(lambda: all(path.exists() for path in first))
        if name == "c" and together == 2 and not any((state / f"{other}.ended").exists() for other in "ab"):
            raise CrosscityError("c has begun before a or b ended")
        (state / f"{name}.ended").touch()

    state = plan(does, names="abc")
    planned = [{"id": name, "parameters": {"tables": str(tmp_path / "processed")}} for name in "abc"]
    (state / "plan.json").write_text(json.dumps(planned))
    assert run(state, 0) == (0, ["a", "b", "c"])


@linux
@pytest.mark.parametrize("jobs", [1, 2])
def test_as_many_run_at_a_time_as_are_asked_for(plan, jobs):
    """Two that wait for each other end only if both run; alone, the first one sees that nobody comes."""

    def does(name):
        (state / name).touch()
        other = state / {"a": "b", "b": "a"}[name]
        if jobs == 2:
            wait_until(other.exists)
        elif name == "a" and other.exists():
            raise CrosscityError("b has begun before a ended")

    state = plan(does, names="ab")
    assert run(state, jobs) == (0, ["a", "b"])


class Stages:
    """Stages of a study that leave their stamps, and fail where a test says."""

    def __init__(self, state, fails=(), runs="ab"):
        self.state, self.fails, self.plan = state, fails, [{"id": name} for name in runs]

    def __getitem__(self, name):
        return lambda: self._does(name)

    def __contains__(self, name):
        return name != "report" or "no report" not in self.fails

    def _does(self, name):
        with (self.state / "log").open("a") as log:
            print(name, file=log)
        if name in self.fails:
            raise CrosscityError(f"{name} cannot be made")
        if name == "plan":
            (self.state / "plan.json").write_text(json.dumps(self.plan))
        (self.state / f"{name}.done").write_text(json.dumps({"inputs": [], "outputs": []}))

    def made(self):
        return (self.state / "log").read_text().split()


@pytest.mark.parametrize(
    ("fails", "status", "made"),
    [
        ((), 0, ["tables", "plan", "a", "b", "report"]),
        (("no report",), 0, ["tables", "plan", "a", "b"]),
        (("tables",), 2, ["tables"]),
        (("plan",), 2, ["tables", "plan"]),
        (("a",), 2, ["tables", "plan", "a", "b", "report"]),
        (("report",), 2, ["tables", "plan", "a", "b", "report"]),
    ],
)
@linux
def test_all_stages_of_a_study_in_turn(plan, tmp_path, capfd, fails, status, made):
    stages = Stages(tmp_path, fails)
    plan(stages._does)
    (tmp_path / "plan.json").unlink()
    assert scheduling.run_all(tmp_path, stages, 1, lambda name: None, guarded) == status
    assert stages.made() == made
    assert capfd.readouterr().err == "".join(f"error: {name} cannot be made\n" for name in fails if " " not in name)


@linux
def test_a_stage_that_is_killed_is_named(plan, tmp_path):
    plan(lambda name: None)
    stages = {"tables": lambda: os.kill(os.getpid(), signal.SIGKILL)}
    with pytest.raises(CrosscityError, match="signal 9"):
        scheduling.run_all(tmp_path, stages, 1, lambda name: None, guarded)


def test_without_forks_stages_are_done_here(plan, tmp_path, monkeypatch):
    stages = Stages(tmp_path)
    plan(stages._does, names="")
    monkeypatch.setattr(scheduling, "CAN_FORK", False)
    stages.plan = []
    assert scheduling.run_all(tmp_path, stages, 1, lambda name: None, guarded) == 0
    assert stages.made() == ["tables", "plan", "report"]


@linux
def test_what_is_done_of_a_study_is_not_done_again(plan, tmp_path, monkeypatch):
    stages = Stages(tmp_path)

    def does(name):
        stages._does(name)
        (tmp_path / "runs" / f"{name}.done").write_text(json.dumps({"inputs": [], "outputs": []}))

    plan(does)
    assert scheduling.run_all(tmp_path, stages, 1, lambda name: None, guarded) == 0
    first = stages.made()
    monkeypatch.setattr(scheduling, "_import_once", lambda: pytest.fail("nothing is stale, and it imports"))
    assert scheduling.run_all(tmp_path, stages, 1, lambda name: None, guarded) == 0
    assert stages.made() == first
    (tmp_path / "report.done").unlink()
    assert scheduling.run_all(tmp_path, stages, 1, lambda name: None, guarded) == 0
    assert stages.made() == [*first, "report"]


@linux
@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_all_end_with_the_one_that_began_them(plan, how):
    def does(name):
        (state / "part").write_text(str(os.getpid()))
        os.replace(state / "part", state / name)
        wait_until(lambda: False)

    state = plan(does, names="ab")
    number = os.fork()
    if not number:
        status = 1
        try:
            signal.alarm(LIMIT)
            guarded(lambda: run(state, 2))
        except SystemExit as end:
            status = end.code
        finally:
            os._exit(status)
    wait_until(lambda: (state / "a").exists() and (state / "b").exists())
    children = [int((state / name).read_text()) for name in "ab"]
    os.kill(number, how)
    assert os.waitstatus_to_exitcode(os.waitpid(number, 0)[1]) == {signal.SIGTERM: 143, signal.SIGKILL: -9}[how]
    assert all(gone(child) for child in children)


@linux
def test_a_kernel_that_nobody_asks_for_ends_with_the_run():
    with kernels.forked_kernel():
        (kernel,) = kernels._waiting
        assert kernel.poll() is None
    assert kernel.wait() == 0
    assert not kernels._waiting


@linux
def test_a_kernel_holds_what_was_imported_before_it_and_leads_a_group_of_its_own(tmp_path, monkeypatch):
    import nbformat

    source = "import os, sys; print('marked' in sys.modules, os.getpgid(0) == os.getpid(), os.getcwd())"
    (tmp_path / "notebooks").mkdir()
    cell = nbformat.v4.new_code_cell(source)
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    nbformat.write(nbformat.v4.new_notebook(cells=[cell], metadata=kernel), tmp_path / "notebooks" / "01-corpus.ipynb")
    monkeypatch.setattr(pipeline, "NOTEBOOKS_FOLDER", tmp_path / "notebooks")
    monkeypatch.setitem(sys.modules, "marked", contextlib)
    planned = {"id": "01-corpus", "notebook": "01-corpus", "parameters": {}, "out": str(tmp_path / "out")}
    (tmp_path / "state" / "parameters").mkdir(parents=True)
    (tmp_path / "state" / "parameters" / "01-corpus.json").write_text(json.dumps(planned))
    (tmp_path / "state" / "tables.sha256").touch()
    pipeline.run("01-corpus", tmp_path / "state")
    (shown,) = [
        output.text.strip()
        for made in nbformat.read(tmp_path / "out" / "notebook.ipynb", 4).cells
        for output in made.get("outputs", [])
    ]
    assert shown == f"True True {Path.cwd()}"
