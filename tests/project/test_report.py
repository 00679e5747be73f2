"""Notebooks as pages of the report."""

import os
import signal

import nbformat
import pytest
from crosscity.project import report

from tests.project.test_interruption import linux

_HERE, _EXECUTED = os.getpid(), report._executed


def _killed_elsewhere(path):
    """The page of a notebook, but for other processes, which are killed."""
    if os.getpid() != _HERE:
        os.kill(os.getpid(), signal.SIGKILL)
    return _EXECUTED(path)


@pytest.fixture
def notebooks(tmp_path):
    """Three notebooks, of which the second is not there."""
    paths = [tmp_path / f"{name}.ipynb" for name in "abc"]
    for path in (paths[0], paths[2]):
        outputs = [
            nbformat.v4.new_output("display_data", {"text/html": f"<table><tr><td>{path.stem}</td></tr></table>"})
        ]
        cells = [nbformat.v4.new_markdown_cell(f"# {path.stem}"), nbformat.v4.new_code_cell("s", outputs=outputs)]
        nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
    return paths


@linux
def test_pages_that_are_made_beside_other_work_are_the_same(notebooks, monkeypatch):
    monkeypatch.setattr(report.os, "cpu_count", lambda: 2)
    beside = report._notebooks_as_run(notebooks)()
    monkeypatch.setattr(report, "CAN_FORK", False)
    alone = report._notebooks_as_run(notebooks)()
    assert beside == alone
    assert [page["body"].count("<td>") for page in alone] == [1, 0, 1]
    assert "Table 1" in alone[0]["body"]


@linux
def test_pages_of_a_process_that_is_killed_are_made_here(notebooks, monkeypatch):
    monkeypatch.setattr(report.os, "cpu_count", lambda: 2)
    monkeypatch.setattr(report, "_executed", _killed_elsewhere)
    assert [page["body"].count("<td>") for page in report._notebooks_as_run(notebooks)()] == [1, 0, 1]


@linux
def test_a_notebook_that_cannot_be_read_is_an_error_here(notebooks, monkeypatch):
    monkeypatch.setattr(report.os, "cpu_count", lambda: 2)
    notebooks[1].write_text("{")
    with pytest.raises(Exception, match="JSON"):
        report._notebooks_as_run(notebooks)()
