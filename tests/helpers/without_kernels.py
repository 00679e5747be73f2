"""Every step of a run, without the kernels, which take long: a notebook leaves a table, findings and itself."""

import json
import signal
import sys
from pathlib import Path

import nbformat
import pytest
from crosscity import cli
from crosscity.files.atomic import write_text


def execute(source, executed, parameters, **_):
    """What stands in for papermill's."""
    out = Path(parameters["out"])
    for name in ("a.csv", "labels.csv", "coding/sheet/themes.csv"):
        write_text(out / name, "k\n8\n")
    about = {"findings": ["k is 8"], "figures": [], "pages": []}
    write_text(out / "findings.json", json.dumps(about))
    nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("k")]), executed)


def call(*arguments):
    """The command line; its status."""
    former = signal.getsignal(signal.SIGTERM)
    try:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(sys, "argv", ["crosscity", *map(str, arguments)])
            cli.main()
    except SystemExit as end:
        return end.code or 0
    finally:
        signal.signal(signal.SIGTERM, former)
    return 0


def steps_of_make(root):
    """The arguments of the steps before and after those of notebooks, by name."""
    tables, reports, state, parameters = root / "processed", root / "reports", root / "state", root / "p.yaml"
    shared = ("--tables", tables, "--reports", reports, "--state", state, "--params", parameters)
    build = ("build", root / "corpus", "--out", tables, "--jobs", "1", "--params", parameters, "--state", state)
    return {"build": build, "plan": ("plan", *shared), "report": ("report", *shared)}
