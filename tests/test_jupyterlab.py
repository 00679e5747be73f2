"""JupyterLab in a real browser: it starts, every notebook runs by Run All, and nothing is asked of another machine.

It runs on copies of the notebooks, over the tables that `make test` builds. Chromium is the system's; without it these
tests skip.
"""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from urllib.parse import urlsplit

import pytest
from conftest import PROJECT

NOTEBOOKS = sorted(path.stem for path in (PROJECT / "notebooks").glob("*.ipynb"))
IDLE = '.jp-NotebookPanel:not(.lm-mod-hidden) .jp-Notebook-ExecutionIndicator[data-status="idle"]'
MINUTES = 6 * 60_000  # milliseconds, for the slowest notebook on a busy machine


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """Address and notebooks' folder of a JupyterLab of its own, which reads and writes nobody's settings."""
    if not (PROJECT / "data" / "processed" / "corpus.parquet").is_file():
        pytest.skip("the tables of the embedded corpus are not built: make tables")
    root = tmp_path_factory.mktemp("lab")
    notebooks = root / "notebooks"
    shutil.copytree(PROJECT / "notebooks", notebooks, ignore=shutil.ignore_patterns(".*"))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    folders = {"CONFIG": "config", "DATA": "data", "RUNTIME": "runtime"}
    environment = os.environ | {f"JUPYTER_{name}_DIR": str(root / folder) for name, folder in folders.items()}
    environment |= {"JUPYTER_PREFER_ENV_PATH": "1", "IPYTHONDIR": str(root / "ipython")}
    environment |= {
        "JUPYTERLAB_SETTINGS_DIR": str(root / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(root / "spaces"),
    }
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", f"--ServerApp.port={port}"]
    command += ["--IdentityProvider.token=t", f"--notebook-dir={notebooks}"]
    log = (root / "lab.log").open("wb")
    server = subprocess.Popen(command, env=environment, cwd=root, stdout=log, stderr=log)
    deadline = time.monotonic() + 120
    while True:
        with socket.socket() as asking:
            if asking.connect_ex(("127.0.0.1", port)) == 0:
                break
        assert server.poll() is None, (root / "lab.log").read_text(encoding="utf-8")
        assert time.monotonic() < deadline, "JupyterLab did not start"
        time.sleep(0.3)
    yield f"http://127.0.0.1:{port}", notebooks
    server.terminate()
    server.wait(30)
    log.close()


@pytest.fixture
def tab(chromium):
    """A page of the browser that notes what it asks for, and where."""
    context = chromium.new_context(viewport={"width": 1400, "height": 900})
    page = context.new_page()
    page.asked = set()
    page.on("request", lambda request: page.asked.add(urlsplit(request.url).netloc))
    yield page
    context.close()


def run_all(tab, address, name):
    """Open a notebook and choose Run All Cells; back when it is done."""
    tab.goto(f"{address}/lab/tree/{name}.ipynb?token=t&reset", timeout=MINUTES)
    tab.wait_for_selector(IDLE, timeout=MINUTES)
    tab.locator(".jp-NotebookPanel:not(.lm-mod-hidden) .jp-Cell").first.click()
    tab.get_by_role("menuitem", name="Run", exact=True).first.click()
    tab.get_by_text("Run All Cells", exact=True).click()
    busy = IDLE.replace('"idle"', '"busy"')
    tab.wait_for_selector(busy, timeout=30_000)
    tab.wait_for_selector(IDLE, timeout=MINUTES)


def saved(tab, notebooks, name):
    """The notebook as the browser's save leaves it."""
    path = notebooks / f"{name}.ipynb"
    before = path.stat().st_mtime_ns
    tab.keyboard.press("Control+s")
    deadline = time.monotonic() + 30
    while path.stat().st_mtime_ns == before:
        assert time.monotonic() < deadline, "it was not saved"
        tab.wait_for_timeout(200)
    tab.wait_for_timeout(300)
    return json.loads(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_a_notebook_runs_by_run_all(lab, tab, name):
    address, notebooks = lab
    run_all(tab, address, name)
    cells = [cell for cell in saved(tab, notebooks, name)["cells"] if cell["cell_type"] == "code"]
    assert [cell["execution_count"] for cell in cells] == list(range(1, len(cells) + 1))
    errors = [o for cell in cells for o in cell["outputs"] if o["output_type"] == "error"]
    assert errors == []
    assert tab.asked - {""} == {urlsplit(address).netloc}  # "": data the page made itself
