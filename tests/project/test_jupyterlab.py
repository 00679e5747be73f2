"""JupyterLab in a real browser: it starts, every notebook runs by Run All, and nothing is asked of another machine.

It runs on copies of the notebooks, over the tables that `make test` builds. Chromium is the system's; without it these
tests skip.
"""

import json
import os
import socket
import subprocess
import sys
import time
from urllib.parse import urlsplit

import pytest
from crosscity.pages import write_lab_style

from tests.conftest import PROJECT

NOTEBOOKS = sorted(path.stem for path in (PROJECT / "notebooks").glob("*.ipynb"))
LIMIT = 600  # seconds: it ends what hangs, however busy the machine


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """Address and notebooks' folder of a JupyterLab of its own, which reads and writes nobody's settings."""
    if not (PROJECT / "data" / "processed" / "corpus.parquet").is_file():
        pytest.skip("the tables of the embedded corpus are not built: make tables")
    root = tmp_path_factory.mktemp("lab")
    notebooks = root / "notebooks"
    notebooks.mkdir()
    for name in NOTEBOOKS:  # as if never run: what has a number then, has it from here
        notebook = json.loads((PROJECT / "notebooks" / f"{name}.ipynb").read_text(encoding="utf-8"))
        for cell in notebook["cells"]:
            cell |= {"outputs": [], "execution_count": None} if cell["cell_type"] == "code" else {}
        (notebooks / f"{name}.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
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
    command += ["--IdentityProvider.token=t", f"--notebook-dir={notebooks}", "--LabApp.expose_app_in_browser=True"]
    command.append("--custom-css")
    write_lab_style(root / "config")  # as `make lab` does
    log = (root / "lab.log").open("wb")
    server = subprocess.Popen(command, env=environment, cwd=root, stdout=log, stderr=log)
    deadline = time.monotonic() + LIMIT
    while True:
        with socket.socket() as asking:
            if asking.connect_ex(("127.0.0.1", port)) == 0:
                break
        assert server.poll() is None, (root / "lab.log").read_text(encoding="utf-8")
        assert time.monotonic() < deadline, "JupyterLab did not start"
        time.sleep(0.1)
    yield f"http://127.0.0.1:{port}", notebooks
    server.terminate()
    server.wait(LIMIT)
    log.close()


@pytest.fixture(scope="module")
def reader(chromium):
    """One reader's browser, which loads JupyterLab's scripts once."""
    context = chromium.new_context(viewport={"width": 1400, "height": 900})
    context.set_default_timeout(LIMIT * 1000)
    yield context
    context.close()


def watched(reader):
    """A page of the browser that notes what it asks for, and where."""
    page = reader.new_page()
    page.asked = set()
    page.on("request", lambda request: page.asked.add(urlsplit(request.url).netloc))
    return page


# Whether the notebook in front has its kernel, and that has said who it is. JupyterLab shows one as idle before the
# notebook holds it: Run All Cells that is chosen then runs the first cell at most, asks for a kernel in a dialog, and
# lets the other cells be.
READY = """async () => {
    await jupyterapp.restored;
    const panel = jupyterapp.shell.currentWidget;
    if (!panel?.sessionContext) return false;
    await panel.context.ready;
    await panel.revealed;
    await panel.sessionContext.ready;
    const kernel = panel.sessionContext.session?.kernel;
    if (!kernel) return false;
    await kernel.info;
    return kernel.status === "idle" && jupyterapp.commands.isEnabled("runmenu:run-all");
}"""
# Whether every cell has run, or one has failed.
ENDED = """() => {
    const cells = jupyterapp.shell.currentWidget.content.widgets.filter(cell => cell.model.type === "code");
    const outputs = cells.flatMap(cell => cell.model.outputs.toJSON());
    if (outputs.some(output => output.output_type === "error")) return true;
    return cells.every(cell => cell.model.executionCount && cell.model.executionState !== "running");
}"""


def opened(tab, address, name):
    """Open a notebook and wait until its kernel is ready."""
    tab.goto(f"{address}/lab/tree/{name}.ipynb?token=t&reset")
    tab.wait_for_function("() => window.jupyterapp?.shell?.currentWidget?.sessionContext")
    tab.wait_for_function(READY)


def run_all(tab, address, name):
    """Open a notebook and choose Run All Cells from the menu, once."""
    opened(tab, address, name)
    tab.get_by_role("menuitem", name="Run", exact=True).first.click()
    tab.get_by_text("Run All Cells", exact=True).click()


def saved(tab, notebooks, name):
    """The code cells of the notebook as the browser saves it, once all have run or one has failed."""
    tab.wait_for_function(ENDED)
    tab.evaluate("jupyterapp.commands.execute('docmanager:save')")  # whatever has the focus; it answers when it is done
    cells = json.loads((notebooks / f"{name}.ipynb").read_text(encoding="utf-8"))["cells"]
    return [cell for cell in cells if cell["cell_type"] == "code"]


@pytest.fixture(scope="module")
def explorer(lab, reader):
    """The page on which all of the explorer's cells were chosen to run."""
    (PROJECT / "reports" / "lab" / "explore" / "explorer.json").unlink(missing_ok=True)  # what was chosen last
    tab = watched(reader)
    run_all(tab, lab[0], "explore")
    return tab


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_a_notebook_runs_by_run_all(lab, reader, name, request):
    address, notebooks = lab
    if name == "explore":
        tab = request.getfixturevalue("explorer")
    else:
        tab = watched(reader)
        run_all(tab, address, name)
    cells = saved(tab, notebooks, name)
    assert [cell["execution_count"] for cell in cells] == list(range(1, len(cells) + 1))
    errors = [o for cell in cells for o in cell["outputs"] if o["output_type"] == "error"]
    assert errors == []
    assert tab.asked - {""} == {urlsplit(address).netloc}  # "": data the page made itself
    if name != "explore":
        tab.close()


def test_the_explorer_answers_jumps_and_exports(lab, explorer):
    """What a reader does: a word and its export, a bad expression, a line's document, two groups, quantities."""
    address, tab = lab[0], explorer
    exported = PROJECT / "reports" / "lab" / "explore"
    for former in exported.glob("search*"):
        former.unlink()
    find = tab.get_by_label("Find")
    find.wait_for()
    find.scroll_into_view_if_needed()
    find.fill("党员")
    find.press("Enter")
    told = tab.locator(".widget-html", has_text="per 10,000 words.")
    told.first.wait_for()
    assert int(told.first.inner_text().split()[0].replace(",", "")) > 10
    tab.get_by_role("button", name="Export").first.click()
    tab.locator(".widget-html", has_text="Exported to").first.wait_for()
    tab.get_by_role("button", name="regex").click()
    find.fill("(党")
    find.press("Enter")
    message = tab.locator(".widget-html", has_text="missing )")
    message.first.wait_for()
    assert "Traceback" not in tab.locator(".jp-NotebookPanel:not(.lm-mod-hidden)").inner_text()
    find.fill("党[员建]")
    find.press("Enter")
    tab.locator(".widget-html", has_text="per 10,000 characters.").first.wait_for()
    line = tab.get_by_role("button", name="¶").first
    place = line.inner_text()
    line.click()
    paragraph = place.split("¶")[1].strip()
    tab.get_by_role("tab", name="Reader", selected=True).wait_for()
    tab.locator(".cc-where", has_text=f"▶ ¶{paragraph} ").wait_for()
    tab.get_by_role("tab", name="Compare").click()
    tab.locator("img:visible").first.wait_for()
    tab.get_by_role("tab", name="Quantities").click()
    tab.locator("table.cc-table:visible").first.wait_for()
    made = {p.name for p in exported.iterdir()}
    assert {*(f"search-01.{kind}" for kind in ("csv", "svg", "png", "py")), "search-lines-01.csv"} <= made
    assert tab.asked - {""} == {urlsplit(address).netloc}


# Marks visible elements with Chinese text of their own; gives those with any text whose first font is another.
OTHER_FONTS = """() => {
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), other = new Set();
    let n = 0;
    while (walk.nextNode()) {
        const text = walk.currentNode.data, parent = walk.currentNode.parentElement;
        if (!text.trim() || !parent.checkVisibility() || ["SCRIPT", "STYLE"].includes(parent.tagName)) continue;
        if (/[\u2e80-\u9fff]/.test(text)) parent.setAttribute("data-chinese", ++n);
        const family = getComputedStyle(parent).fontFamily;
        if (!family.startsWith("crosscity")) other.add(`${parent.tagName} ${parent.className}: ${family}`);
    }
    return [...other];
}"""


def test_chinese_is_shown_by_the_shipped_font_wherever_it_stands(explorer):
    """Whatever has text names the font first, menus and tabs included; what is Chinese has its glyphs."""
    tab = explorer
    assert tab.evaluate("document.fonts.check('16px crosscity', '合')")
    assert tab.evaluate(OTHER_FONTS) == []
    session = tab.context.new_cdp_session(tab)
    session.send("DOM.enable")
    session.send("CSS.enable")
    root = session.send("DOM.getDocument", {"depth": 0})["root"]["nodeId"]
    found = session.send("DOM.querySelectorAll", {"nodeId": root, "selector": "[data-chinese]"})["nodeIds"]
    assert len(found) > 50
    bare = []
    for node in found[:400]:
        fonts = session.send("CSS.getPlatformFontsForNode", {"nodeId": node})["fonts"]
        if fonts and not any(f["isCustomFont"] and f["familyName"].startswith("Crosscity") for f in fonts):
            bare.append(session.send("DOM.getOuterHTML", {"nodeId": node})["outerHTML"][:200])
    assert bare == []
    for control in ("input", "select", "button"):
        family = tab.evaluate(f"getComputedStyle(document.querySelector('.jupyter-widgets {control}')).fontFamily")
        assert family.startswith("crosscity"), control


def test_saving_puts_no_megabyte_into_the_notebook(lab, explorer):
    saved(explorer, lab[1], "explore")
    assert (lab[1] / "explore.ipynb").stat().st_size < 300_000
