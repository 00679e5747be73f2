"""`make` from a folder of documents to a report, as its users call it."""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import time
from urllib.parse import unquote

import pytest
from crosscity.files import RECORD
from crosscity.project import pipeline
from crosscity.project.measured import MEASURED
from crosscity.project.pipeline import join_streams, notebook_names, run_id
from crosscity.tables.builder import CACHE

from tests.conftest import PROJECT
from tests.helpers.pages import Page

DOCUMENTS = ("朝阳", "合肥")
RUNS = {"01-corpus", "02-terms", "03-topics", "04-compare", "05-profile-朝阳", "06-pair", "07-shared-text"}
RUNS |= {"08-facts", "09-robustness", "explore"}
PARAMETERS = "specifications: 8\nsplits: 20\npermutations: 199\nk: 3\nks: [3, 5]\nresamples: 3\nrefits: 5\ndraws: 50\n"
PARAMETERS += "min_df: 2\nterms: 5\nmax_profiles: 1\n"


def make(*arguments, cwd=PROJECT):
    """Run make with this interpreter; what it printed, and its status."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("MAKE", "MFLAGS", "CROSSCITY"))}
    command = ["make", f"PYTHON={sys.executable}", *arguments]
    done = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, timeout=1800, check=False)
    return done.returncode, done.stdout + done.stderr


def runs_in(output):
    return re.findall(r"^(\d\d-\S+|explore) \.\.\.$", output, re.MULTILINE)


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    """A small corpus in a folder with a space and Chinese characters in its name, built once."""
    root = tmp_path_factory.mktemp("一个 study's")
    corpus = root / "文件 夹"
    corpus.mkdir()
    for name in DOCUMENTS:
        shutil.copy(PROJECT / "data" / "raw" / f"{name}.txt", corpus)
    rows = (PROJECT / "data" / "raw" / "corpus.csv").read_text(encoding="utf-8").splitlines()
    kept = [rows[0], *(r for r in rows[1:] if r.startswith(DOCUMENTS))]
    # A document that is excluded, and a copy of one that is not: neither may be in any finding.
    shutil.copy(PROJECT / "data" / "raw" / "盐城.txt", corpus / "别文.txt")
    shutil.copy(PROJECT / "data" / "raw" / "合肥.txt", corpus / "重复.txt")
    commas = "," * rows[0].count(",")
    kept = [
        f"{kept[0]},exclude",
        *(f"{row}," for row in kept[1:]),
        f"别文.txt{commas},of another kind",
        f"重复.txt,合肥{commas[1:]},",
    ]
    (corpus / "corpus.csv").write_text("\n".join(kept) + "\n", encoding="utf-8")
    parameters = root / "small.yaml"
    parameters.write_text(PARAMETERS, encoding="utf-8")
    arguments = [f"CORPUS={corpus}", f"OUT={root / '结果 out'}", f"PARAMS={parameters}"]
    # Whatever it starts cannot reach the network, and says where it tried.
    guard = os.pathsep.join(str(PROJECT / folder) for folder in ("tests/guard", "lib"))
    arguments += [f"PYTHONPATH={guard}", f"CROSSCITY_GUARD={root / 'guard.log'}"]
    status, output = make("-j2", *arguments)
    assert status == 0, output
    return root, corpus, parameters, arguments, output


def snapshot(root):
    """Every file under the results with its bytes."""
    out = root / "结果 out"
    return {
        p.relative_to(out).as_posix(): p.read_bytes()
        for p in sorted(out.rglob("*"))
        # What was made of a document is kept though another one cannot be read.
        # The record of what the suite made keeps lines of former versions.
        # What was measured is another in every run.
        if CACHE not in p.parts and p.name not in (RECORD, MEASURED) and p.is_file()
    }


def differing(root, before):
    """Names of files that are not as in an earlier snapshot: a comparison of the bytes would print them all."""
    now = snapshot(root)
    return sorted(name for name in now.keys() | before.keys() if now.get(name) != before.get(name))


def test_what_was_printed_in_pieces_is_one():
    """In how many it comes depends on the moment."""

    def printed(text, name="stdout"):
        return {"output_type": "stream", "name": name, "text": text}

    drawn = {"output_type": "display_data", "data": {}}
    pieces = [printed("a"), printed("\n"), printed("b", "stderr"), printed("c"), drawn, printed("d"), printed("e")]
    whole = [printed("a\n"), printed("b", "stderr"), printed("c"), drawn, printed("de")]
    assert join_streams(pieces) == whole


def test_everything_comes_out(study):
    root, _, _, _, output = study
    assert set(runs_in(output)) == RUNS
    files = snapshot(root)
    for table in ("corpus", "paragraphs", "cleaning_log", "tokens"):
        assert f"processed/{table}.parquet" in files
    for run in runs_in(output):
        made = [f for f in files if f.startswith(f"reports/{run}/")]
        figures = {f[:-4] for f in made if f.endswith(".png")}
        # Two documents make no statement that could be tried, and these share no passage.
        assert figures or run in ("07-shared-text", "09-robustness")
        for figure in figures:
            assert {f"{figure}.{kind}" for kind in ("svg", "pdf", "csv", "json")} <= set(made)
            assert "demonstration text" in files[f"{figure}.csv"].decode()
            assert json.loads(files[f"{figure}.json"])["alt"]
        told = json.loads(files[f"reports/{run}/findings.json"])
        assert told["findings"] or told["preparation"]
        assert (root / "结果 out" / "reports" / run / "notebook.ipynb").is_file()
        assert "http" not in re.findall(
            r"<(?:script|link|img)[^>]*>", (root / "结果 out/reports" / run / "notebook.html").read_text()
        )
    page = files["reports/index.html"].decode()
    assert "Demonstration text" in page
    assert "src: url(data:font/woff;base64," in page
    assert not re.search(r'(?:src|href)="(?:https?:)?//', page)
    assert "reports/gallery.html" in files
    for path in (root / "结果 out" / "reports").rglob("*.html"):
        for link in re.findall(r'(?:href|src)="(?!data:)([^"#]+)', path.read_text(encoding="utf-8")):
            assert (path.parent / unquote(link)).is_file(), (path, link)


def test_nothing_reaches_out_and_every_page_is_text_and_pictures(study):
    root = study[0]
    log = (root / "guard.log").read_text(encoding="utf-8").splitlines()
    assert any("'all', " in line for line in log)  # whose forks notebooks and kernels are
    assert [line for line in log if line.startswith("tried")] == []
    pages = {p.relative_to(root).as_posix(): p for p in (root / "结果 out" / "reports").rglob("*.html")}
    assert len(pages) > 2 * len(RUNS)
    found = {name: Page(path.read_text(encoding="utf-8")).problems for name, path in pages.items()}
    assert {name: problems for name, problems in found.items() if problems} == {}


def test_axe_finds_nothing_serious_on_the_pages_of_notebooks(study, violations):
    """Those made by hand are in test_pages_in_browser.py; here, what notebooks really write."""
    reports = study[0] / "结果 out" / "reports"
    names = ("index.html", "03-topics/topics.html", "04-compare/notebook.html", "08-facts/indicators.html")
    assert violations([reports / name for name in names]) == {}


def test_notebooks_say_nothing_on_the_side(study):
    for path in (study[0] / "结果 out" / "reports").glob("*/notebook.ipynb"):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        assert not [o for c in cells for o in c.get("outputs", []) if o.get("name") == "stderr"], path


def test_the_record_holds_the_sum_of_everything(study):
    root, corpus, _, _, _ = study
    reports = root / "结果 out" / "reports"
    about = json.loads((reports / "manifest.json").read_text(encoding="utf-8"))
    noted = {
        (name if run == "report" else f"{run}/{name}"): digest
        for run, files in about["outputs"].items()
        for name, digest in files.items()
    }
    found = {p.relative_to(reports).as_posix(): p for p in reports.rglob("[!.]*") if p.is_file()}
    assert set(noted) == set(found) - {"manifest.json"}
    assert all(hashlib.sha256(found[name].read_bytes()).hexdigest() == digest for name, digest in noted.items())
    for document in about["documents"]:
        data = (corpus / document["file"]).read_bytes()
        assert hashlib.sha256(data).hexdigest() == document["sha256"]
    left_out = {d["file"]: d["left_out"] for d in about["documents"] if d["left_out"]}
    assert left_out == {"别文.txt": "of another kind", "重复.txt": "a copy of 合肥"}
    assert set(about["tables"]) == {p.name for p in (root / "结果 out" / "processed").glob("*.parquet")}
    assert about["parameters"]["k"] == 3
    assert str(root) not in json.dumps(about["runs"])
    methods = (reports / "methods.md").read_text(encoding="utf-8")
    cited = set(re.findall(r"@([a-z]+[0-9]*)", methods))
    assert cited == set(re.findall(r"^@[a-z]+{([^,]+),", (reports / "references.bib").read_text(), re.MULTILINE))


def test_what_is_excluded_and_what_is_a_copy_is_in_no_finding(study):
    root, _, _, _, _ = study
    known = (
        "reports/preparation.html",
        "reports/manifest.json",
        "reports/01-corpus/",
        "processed/",
    )  # what says that they are left out
    for name, data in snapshot(root).items():
        if name.endswith((".csv", ".json", ".html")) and not name.startswith(known):
            assert "重复" not in data.decode(), name
            assert "别文" not in data.decode(), name
    told = json.loads((root / "结果 out/reports/04-compare/findings.json").read_text())["preparation"]
    assert told[0].startswith("2 cities, 2 documents")


def test_a_second_make_runs_nothing_and_changes_nothing(study):
    root, _, _, arguments, _ = study
    times = {p: p.stat().st_mtime_ns for p in (root / "结果 out").rglob("*") if p.is_file()}
    status, output = make(*arguments)
    assert status == 0
    assert runs_in(output) == []
    assert "written" not in output
    assert times == {p: p.stat().st_mtime_ns for p in (root / "结果 out").rglob("*") if p.is_file()}


def test_touching_a_document_without_changing_it_does_nothing(study):
    _, corpus, _, arguments, _ = study
    os.utime(corpus / "朝阳.txt", (time.time(), time.time()))
    status, output = make(*arguments)
    assert status == 0
    assert output.splitlines()[-1].startswith("up to date: ")
    assert "written" not in output
    assert runs_in(output) == []


def test_a_file_that_a_parameter_names_is_seen_when_it_is_edited(study):
    _, _, parameters, arguments, _ = study
    asked = parameters.with_name("asked.yaml")
    shipped = (PROJECT / "lib/crosscity/compare/resources/questions-system.yaml").read_text(encoding="utf-8")
    asked.write_text(shipped, encoding="utf-8")
    about = asked.stat()
    parameters.write_text(PARAMETERS + "questions: asked.yaml\n", encoding="utf-8")
    for text in (shipped, shipped.replace("#", "# ", 1)):
        asked.write_text(text, encoding="utf-8")
        os.utime(asked, ns=(about.st_atime_ns, about.st_mtime_ns))
        status, output = make(*arguments)
        assert status == 0, output
        assert runs_in(output) == ["08-facts"]
    asked.unlink()
    parameters.write_text(PARAMETERS, encoding="utf-8")
    assert make(*arguments)[0] == 0


def test_a_parameter_redoes_what_takes_it_and_nothing_else(study):
    root, _, parameters, arguments, _ = study
    before = snapshot(root)
    # One parameter each of two quick notebooks: topics and robustness, which others would redo, take a minute.
    parameters.write_text(PARAMETERS + "length: 31\na: 合肥\n", encoding="utf-8")
    status, output = make(*arguments)
    assert status == 0, output
    assert sorted(runs_in(output)) == ["06-pair", "07-shared-text", "explore"]
    assert snapshot(root) != before
    parameters.write_text(PARAMETERS, encoding="utf-8")
    status, output = make("-j1", *arguments)
    assert status == 0
    assert sorted(runs_in(output)) == ["06-pair", "07-shared-text", "explore"]
    assert differing(root, before) == []


def test_what_was_removed_is_made_again(study):
    root, _, _, arguments, _ = study
    before = snapshot(root)
    (root / "结果 out" / "reports" / "01-corpus" / "lengths.svg").unlink()
    status, output = make(*arguments)
    assert status == 0, output
    assert runs_in(output) == ["01-corpus"]
    assert differing(root, before) == []


def test_a_notebook_that_fails_stops_neither_the_others_nor_the_report(study):
    root, _, parameters, arguments, _ = study
    before, reports = snapshot(root), root / "结果 out" / "reports"
    # The folder is looked into when findings and the coders' sheets of this run are written already.
    parameters.write_text(PARAMETERS + "coding: nowhere\nlength: 31\n", encoding="utf-8")
    for others in (["07-shared-text"], []):  # and the second call does not take the failed one for done
        status, output = make(*arguments)
        assert status == 2
        assert sorted(runs_in(output)) == [*others, "08-facts"]
        assert "08-facts.ipynb failed" in output
        assert "nowhere has no key.csv" in output
        assert "lib/crosscity/" not in output  # the error's own traceback; kernels at their end may log one of sockets
        changed = {name.split("/")[1] for name in differing(root, before)}
        assert "07-shared-text" in changed
        of_facts = [name for name in differing(root, before) if "/08-facts/" in name]
        assert {name.rpartition(".")[2] for name in of_facts} == {"html"}  # what an earlier run made is there still
        page = (reports / "08-facts" / "index.html").read_text(encoding="utf-8")
        assert "This notebook failed" in page
        assert "nowhere has no key.csv" in page
        assert 'href="matrix.html"' not in page
        assert "This notebook failed" in (reports / "index.html").read_text(encoding="utf-8")
    parameters.write_text(PARAMETERS, encoding="utf-8")
    status, output = make("-j1", *arguments)
    assert status == 0
    assert sorted(runs_in(output)) == ["07-shared-text", "08-facts"]
    assert differing(root, before) == []


BAD = {
    "empty file": (lambda c, p: (c / "空.txt").write_bytes(b""), "空.txt is empty"),
    "binary": (lambda c, p: (c / "合肥.txt").write_bytes(bytes(range(256)) * 40), "合肥.txt"),
    "missing file": (lambda c, p: (c / "合肥.txt").unlink(), "names 合肥.txt, which is not there"),
    "file not named": (
        lambda c, p: (c / "新.txt").write_text("一个没有登记的文件。"),
        "新.txt is not named in corpus.csv",
    ),
    "two rows": (
        lambda c, p: _append(c / "corpus.csv", "合肥.txt,合肥,安徽省,2016,,,,,,,\n"),
        "合肥.txt has a row already",
    ),
    "wrong parameter": (lambda c, p: _append(p, "k: zero\n"), "k is 'zero'; give a whole number"),
    "unknown parameter": (lambda c, p: _append(p, "topics: 5\n"), "there is no parameter 'topics'"),
}


def _append(path, text):
    path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_named_and_harms_nothing(study, tmp_path, case):
    root, corpus, parameters, arguments, _ = study
    before = snapshot(root)
    kept = {p: p.read_bytes() for p in [*corpus.iterdir(), parameters]}
    spoil, message = BAD[case]
    try:
        if case == "wrong parameter":
            parameters.write_text(PARAMETERS.replace("k: 3\n", ""), encoding="utf-8")
        spoil(corpus, parameters)
        status, output = make(*arguments)
        assert status != 0
        assert message in output
        assert "Traceback" not in output
        assert runs_in(output) == []
        assert differing(root, before) == []
    finally:
        for path in corpus.iterdir():
            path.unlink()
        for path, data in kept.items():
            path.write_bytes(data)


def test_after_all_that_make_finds_its_way(study):
    """No failure above left a stamp or a table behind: one run for all, since a step that fails mends no other's."""
    root, _, _, arguments, _ = study
    before = snapshot(root)
    status, output = make(*arguments)
    assert status == 0, output
    assert runs_in(output) == []
    assert differing(root, before) == []


AWKWARD = [
    "随 州", "a/b", "..", ".", "/etc/passwd", "it's", 'so "named"', "50%", "$(HOME)", "$HOME",
    "两\n行", "两\r行", "tab\t", "a:b", "a;b", "a#b", "a\\b",
    "a*?", "~", "-n", "名" * 200, "a\u3000b", "\u2028", "（甲）", "a=b", "|&<>", "`id`", "\x00", "é e\u0301",
]  # fmt: skip


@pytest.mark.parametrize("group", AWKWARD)
def test_a_run_s_name_is_taken_by_make_and_by_every_file_system(group):
    name = run_id("05-profile", group)
    assert re.fullmatch(r"05-profile-[\w-]+", name)
    assert not re.search(r"\s", name)
    assert len(f".{name}.4194304.partial".encode()) <= 255
    assert name == run_id("05-profile", group)


def test_groups_that_look_alike_have_different_names():
    alike = ["a b", "a/b", "a_b", "a'b", "a%b", "a$b", "a\nb", "a\\b", "a:b"]
    different = {*alike, *AWKWARD}
    assert len({run_id("05-profile", g) for g in different}) == len(different) > 30
    assert run_id("05-profile", "名" * 200) != run_id("05-profile", "名" * 201)


@pytest.mark.parametrize(
    ("group", "name"),
    [
        (None, "05-profile"),
        ("合肥", "05-profile-合肥"),
        ("2014", "05-profile-2014"),
        ("a_b-c", "05-profile-a_b-c"),
        # What is replaced is told apart by the first six digits of the SHA-256 (here from sha256sum).
        ("a b", "05-profile-a_b-c8687a"),
        ("50%", "05-profile-50_-28fdae"),
    ],
)
def test_names_of_runs(group, name):
    assert run_id("05-profile", group) == name


def test_notebooks_run_in_the_order_of_their_numbers_and_explore_last(tmp_path, monkeypatch):
    assert notebook_names()[:2] == ["01-corpus", "02-terms"]
    assert notebook_names()[-1] == "explore"
    for name in ("explore", "02-b", "10-c", "01-a", "mine"):
        (tmp_path / f"{name}.ipynb").touch()
    monkeypatch.setattr(pipeline, "NOTEBOOKS_FOLDER", tmp_path)
    assert notebook_names() == ["01-a", "02-b", "10-c", "explore"]


def test_a_document_that_changes_under_its_old_time_is_seen(study):
    _, corpus, _, arguments, _ = study
    path = corpus / "朝阳.txt"
    whole, about = path.read_bytes(), path.stat()
    changed = whole.replace("。".encode(), "！".encode(), 1)
    assert len(changed) == len(whole) != 0
    assert changed != whole
    for content in (changed, whole):  # as a release that is unpacked over another, or cp -p
        path.write_bytes(content)
        os.utime(path, ns=(about.st_atime_ns, about.st_mtime_ns))
        status, output = make("tables", *arguments)
        assert status == 0
        assert "paragraphs" in output
        assert "written" in output
