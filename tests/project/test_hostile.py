"""Input that is wrong or hostile, end to end: the tables of cases stand in hostile_*.py; docs/bad-input.md shows them.

Each case spoils a folder of two good documents, or a file that a run reads. What must hold of all: the exit status is
as promised, the message names what is wrong, and no traceback is shown; rows of the good documents are the same as
without the bad one; where the build is refused, nothing that was built before is touched.
"""

import contextlib
import re
import shutil
import signal
import sys
from types import SimpleNamespace

import pytest
import renew_bad_input
from crosscity import CrosscityError
from crosscity.cli import main
from crosscity.tables.contract import TABLES, contract
from crosscity.tables.store import read_table

from tests.helpers.hostile_documents import CODE, ENCODINGS, GOOD, PAGES, RECORDS, SIZES
from tests.helpers.hostile_editions import EDITION, EDITIONS, seal
from tests.helpers.hostile_files import READERS, write
from tests.helpers.hostile_folders import CACHES, LINKS, MANIFESTS, NAMES

FOLDERS = {
    "encodings": ENCODINGS, "sizes": SIZES, "text that is code": CODE, "formats": PAGES, "records": RECORDS,
    "names": NAMES, "manifests": MANIFESTS, "links and special files": LINKS,
}  # fmt: skip
CASES = [(table, name, case) for table, cases in FOLDERS.items() for name, case in cases.items()]
CONTROL = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


@pytest.fixture
def command(monkeypatch, capsys):
    """Run the command line in this process; its exit status and what it says."""
    monkeypatch.setattr(signal, "signal", lambda *_: None)

    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["crosscity", *map(str, arguments)])
        capsys.readouterr()
        with pytest.raises(SystemExit) as caught:
            main()
        said = capsys.readouterr()
        return caught.value.code or 0, said.out + said.err

    return run


def fill(folder, files):
    folder.mkdir(exist_ok=True)
    for name, content in files.items():
        (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """The tables of the good documents alone, with their cache: a folder to copy."""
    from crosscity.tables.builder import build

    folder = tmp_path_factory.mktemp("built")
    build(fill(folder / "corpus", GOOD), folder / "out", progress=False)
    return SimpleNamespace(out=folder / "out", files=bytes_of(folder / "out"), rows=rows_of_good(folder / "out"))


def bytes_of(folder):
    return {p.name: p.read_bytes() for p in folder.iterdir() if p.is_file()}


def rows_of_good(folder):
    rows = {}
    for name in TABLES:
        table = read_table(name, folder)[list(contract()[name])]
        rows[name] = table[table["doc_id"].isin(n.removesuffix(".txt") for n in GOOD)].astype(str).values.tolist()
    return rows


@pytest.mark.parametrize("case", [pytest.param(c, id=f"{t}: {n}") for t, n, c in CASES])
def test_a_folder_that_is_spoiled(case, command, built, tmp_path):
    corpus, out = fill(tmp_path / "corpus", GOOD), tmp_path / "out"
    shutil.copytree(built.out, out)
    case.files(corpus) if callable(case.files) else fill(corpus, case.files)
    limits = tmp_path / "limits.yaml"
    limits.write_text(case.limits or "seed: 1\n", encoding="utf-8")
    before = sorted(p.name for p in tmp_path.iterdir())
    status, said = command("build", corpus, "--out", out, "--jobs", 1, "--params", limits)
    assert "Traceback" not in said
    assert not CONTROL.search(said)
    assert case.says in said
    assert len(said) < 12_000
    assert sorted(p.name for p in tmp_path.iterdir()) == before, "nothing was run or written beside"
    made = {".crosscity-cache", ".crosscity.sums", *(f"{t}.parquet" for t in TABLES)}
    assert {p.name for p in out.iterdir()} == made
    if case.then == "refused":
        assert (status, said.count("error: ")) == (2, 1 + said.count("\\nerror: "))
        assert re.search(r"(?m)^error: (\d+ problems:$|.+: .+)", said), "what is wrong, and what to do"
        assert bytes_of(out) == built.files
        return
    assert status == 0, said
    assert (f"note: left out: {corpus}" in said) == (case.then == "left out")
    assert ("note: " in said) == (case.then != "read")
    assert rows_of_good(out) == built.rows
    paragraphs = read_table("paragraphs", out)
    for doc_id, texts in (case.gives or {}).items():
        assert paragraphs.loc[paragraphs["doc_id"] == doc_id, "text"].tolist() == texts
    assert not paragraphs["text"].str.contains(CONTROL).any()
    spans(out, paragraphs)


def spans(out, paragraphs):
    """Every fact lies within its paragraph's text."""
    length = paragraphs.set_index(["doc_id", "paragraph"])["text"].str.len()
    for name in ("quantities", "programmes", "citations", "stances"):
        rows = read_table(name, out)
        assert (rows["end"].to_numpy() <= length[list(zip(rows["doc_id"], rows["paragraph"], strict=True))]).all()


@pytest.mark.parametrize("case", [pytest.param(c, id=n) for n, c in CACHES.items()])
def test_a_cache_that_is_spoiled(case, command, built, tmp_path):
    corpus, out = fill(tmp_path / "corpus", GOOD), tmp_path / "out"
    shutil.copytree(built.out, out)
    case.files(out / ".crosscity-cache")
    status, said = command("build", corpus, "--out", out, "--jobs", 1)
    assert "Traceback" not in said
    assert case.says in said
    assert status == (2 if case.then == "refused" else 0)
    assert {name: data for name, data in bytes_of(out).items() if name != ".crosscity-cache"} == built.files
    if case.says.endswith("build again"):
        assert command("build", corpus, "--out", out, "--jobs", 1)[0] == 0, "the second time it is made anew"


@pytest.fixture(scope="module")
def whole_edition(tmp_path_factory):
    """An edition without text as it was exported, with its folder of tables."""
    from crosscity.tables.builder import build

    folder = tmp_path_factory.mktemp("whole")
    build(EDITION, folder, progress=False)
    return folder


@pytest.mark.parametrize("case", [pytest.param(c, id=n) for n, c in EDITIONS.items()])
def test_an_edition_that_is_spoiled(case, command, whole_edition, tmp_path):
    edition, out = tmp_path / "edition", tmp_path / "out"
    shutil.copytree(EDITION, edition)
    shutil.copytree(whole_edition, out)
    before = bytes_of(out)
    case.spoil(edition)
    if '"counts.csv": 1' not in (edition / "edition.json").read_text(encoding="utf-8", errors="replace"):
        with contextlib.suppress(Exception):  # of a description that is none
            seal(edition)
    there = sorted(p.name for p in tmp_path.iterdir())
    status, said = command("build", edition, "--out", out, "--jobs", 1)
    assert "Traceback" not in said
    assert not CONTROL.search(said)
    assert len(said) < 2000
    assert sorted(p.name for p in tmp_path.iterdir()) == there, "nothing was written beside"
    assert status == (0 if case.says is None else 2), said
    if case.says is not None:
        assert case.says in said
        assert said.startswith(f"error: {edition}")
        assert bytes_of(out) == before
        return
    corpus = read_table("corpus", out)
    assert not any(corpus[c].astype(str).str.contains(CONTROL).any() for c in corpus)
    assert not any(CONTROL.search(c) for c in corpus)


FILES = [(kind, name, reader, case) for kind, (reader, cases) in READERS.items() for name, case in cases.items()]


@pytest.mark.parametrize(("kind", "reader", "case"), [pytest.param(k, r, c, id=f"{k}: {n}") for k, n, r, c in FILES])
def test_a_file_that_is_spoiled(kind, reader, case, command, built, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    name = {"tables": "quantities.parquet", "coding": "coding"}.get(kind, f"x.{'csv' if callable(reader) else 'yaml'}")
    path = tmp_path / name
    if kind == "tables":
        path.write_bytes(built.files[name])
    write(path, case.content)
    if callable(reader):
        said, refused = "", False
        try:
            reader(path)
        except CrosscityError as error:
            said, refused = str(error), True
    else:
        corpus, out, params = fill(tmp_path / "corpus", GOOD), tmp_path / "out", path
        if reader != "params":
            params = tmp_path / "params.yaml"
            params.write_text(f"{reader}: '{path}'\n", encoding="utf-8")
        status, said = command("build", corpus, "--out", out, "--jobs", 1, "--params", params)
        refused = status == 2
        assert status == (2 if case.says is not None else 0), said
        assert out.exists() == (case.says is None), "nothing is begun before all files are read"
    assert refused == (case.says is not None), said
    assert not (tmp_path / "ran").exists()
    if refused:
        assert case.says in said
        assert name in said
        assert "Traceback" not in said
        assert not CONTROL.search(said)
        assert len(said) < 5000


def test_the_page_shows_these_cases():
    page = renew_bad_input.DOCS.read_text(encoding="utf-8")
    shown = page.partition(renew_bad_input.BEGIN)[2].partition(renew_bad_input.END)[0]
    assert shown == renew_bad_input.tables(), "run python tools/renew_bad_input.py"
    assert shown.count("\n| ") - 2 * shown.count("### ") + shown.count("### ") == len(CASES) + len(EDITIONS) + len(
        CACHES
    ) + len(FILES)
