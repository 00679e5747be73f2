"""A study with everything hostile at once: it is built and reported, names what is left out, and nothing in it runs."""

import importlib.util
import json
import re
import shutil
import subprocess
import sys
import zipfile

import matplotlib as mpl
import pytest
from crosscity.files import harmless
from crosscity.tables.store import read_table

from tests.conftest import CHROMIUM, PROJECT, SHARED
from tests.helpers import hostile_corpus
from tests.helpers.pages import Page
from tests.project.test_security import DRIVER, SMALL, UNSHARE, guarded, unshared

NOTEBOOKS = ("01-corpus", "08-facts")
# What a terminal obeys, what turns the writing, and what is not seen, but for line ends and tabs.
RAW = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u061c\u200b\u200c\u200e\u200f\u2028-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]"
)
BOMBS = bool(importlib.util.find_spec("crosscity.documents.limits")) and (SHARED / "cases" / "hostile").is_dir()


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    """Where it is, what is read and what is left out, and the status, the output and the log of the run."""
    root = tmp_path_factory.mktemp("hostile")
    for name in ("lib", "notebooks"):
        shutil.copytree(PROJECT / name, root / name, ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
    # Files that take a machine come in with the limits that stop them.
    read, left_out = hostile_corpus.write(root / "documents", bombs=BOMBS)
    (root / "small.yaml").write_text(SMALL, encoding="utf-8")
    command = [*(UNSHARE if unshared() else []), sys.executable, "-c", DRIVER, *NOTEBOOKS]
    environment = {"MPLCONFIGDIR": mpl.get_cachedir(), "PYTHONDONTWRITEBYTECODE": "1", "PYTHONUTF8": "1"}
    found = guarded(command, root / "guard.log", env=environment, path=[str(root / "lib")], cwd=root)
    return root, read, left_out, *found


def outputs(root):
    paths = [p for folder in ("reports", "state") for p in sorted((root / folder).rglob("*")) if p.is_file()]
    return [p for p in paths if p.suffix not in (".png", ".pdf")]


def texts_of(path):
    """What a file says: its text; of JSON and notebooks the strings in it, of a workbook its parts."""
    if path.suffix == ".xlsx":
        with zipfile.ZipFile(path) as package:
            return [package.read(name).decode("utf-8", "replace") for name in package.namelist()]
    text = path.read_bytes().decode("utf-8", "replace").removeprefix("\ufeff")
    return list(strings(json.loads(text))) if path.suffix in (".json", ".ipynb") else [text]


def strings(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield key
            yield from strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from strings(inner)


def test_it_is_built_and_reported(study):
    root, read, left_out, status, output, log = study
    assert status == 0, output
    assert (root / "reports" / "index.html").is_file()
    assert "Traceback" not in output
    assert not RAW.search(output)
    assert [line for line in log if line.startswith("tried")] == []
    files = set(read_table("corpus", root / "tables")["file"].str.partition("/")[0])
    assert files == {harmless(name) for name in read}
    assert len(left_out) >= 15


def test_each_file_that_is_left_out_is_named(study):
    root, _, left_out, _, output, _ = study
    noted = (root / "state" / "notes.txt").read_text(encoding="utf-8")
    manifest = json.loads((root / "reports" / "manifest.json").read_text(encoding="utf-8"))
    page = Page((root / "reports" / "preparation.html").read_text(encoding="utf-8")).text
    for name in [*left_out, "包.zip/坏.pdf"]:
        for where in (output, noted, "\n".join(manifest["reading"])):
            assert re.search(f"left out: documents/{re.escape(name)} ", where), name
        assert f"documents/{name}" in page
    assert "names that look alike in city: ABC (1), abc (1), ＡＢＣ (1)" in noted


def test_what_is_obeyed_turned_or_not_seen_is_in_no_file(study):
    found = {}
    for path in outputs(study[0]):
        for text in texts_of(path):
            if match := RAW.search(text):
                found[str(path)] = ascii(text[max(match.start() - 30, 0) : match.end() + 30])
    assert found == {}
    assert not [p for p in (study[0] / "reports").rglob("*") if RAW.search(p.name) or "\n" in p.name]
    assert len(outputs(study[0])) > 60


def test_names_are_still_recognised(study):
    corpus = read_table("corpus", study[0] / "tables")
    assert {"合肥", "甲 乙 丙"} <= set(corpus["city"])
    of_file = corpus.set_index("file")["city"]
    assert of_file["0合肥.txt"] == of_file["1合肥.txt"] == "合肥", "two that differ in what is not seen alone are one"
    assert {"ＡＢＣ", "ABC", "abc"} <= set(corpus["city"]), "others are not made one"
    assert "红" in corpus["speaker"].to_list()
    assert {"列 turned 甲 乙 丙", "列 unseen 合肥", "region", "甲 乙 丙"} <= set(corpus.columns)
    page = Page((study[0] / "reports" / "01-corpus" / "index.html").read_text(encoding="utf-8")).text
    assert "1合肥" in page


def test_no_page_holds_anything_that_runs(study):
    pages = {p: Page(p.read_text(encoding="utf-8")) for p in sorted((study[0] / "reports").rglob("*.html"))}
    assert {str(p): page.problems for p, page in pages.items() if page.problems} == {}
    assert not [p for p, page in pages.items() if re.search(r"\b1337\b", page.text)], "a template was filled in"
    assert len(pages) > 8
    assert sum("alert(1)" in page.text for page in pages.values()) > 3, "hostile text stands in no page"


def test_no_table_holds_a_formula(study):
    import csv

    for path in sorted((study[0] / "reports").rglob("*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as file:
            cells = [cell for row in csv.reader(file) for cell in row]
        assert not [c for c in cells if re.match(r"[=@\t\r＝＠]|[-+](?![\d.]+(e[-+]?\d+)?%?$)", c)], path


def test_a_browser_has_nothing_to_say(study, tmp_path):
    """Chromium's own console, of every kind of page: no script ran, none was refused, nothing was fetched."""
    if not CHROMIUM:
        pytest.skip("no chromium is on the PATH: pages were read by a parser alone")
    reports = study[0] / "reports"
    for page in ("index.html", "search.html", "gallery.html", "01-corpus/index.html", "08-facts/matrix.html"):
        command = [CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--dump-dom"]
        command += ["--enable-logging=stderr", "--v=0", f"--user-data-dir={tmp_path / 'profile'}", "--timeout=20000"]
        done = subprocess.run([*command, (reports / page).as_uri()], capture_output=True, text=True, check=False)
        if not done.stdout:
            pytest.skip(f"{CHROMIUM} does not start here: {done.stderr[-200:]}")
        console = [line for line in done.stderr.splitlines() if "CONSOLE" in line]
        assert console == [], page
        assert "pwned" not in re.search("<title>(.*?)</title>", done.stdout, re.DOTALL)[1]
