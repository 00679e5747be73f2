"""A study of one's own: laid out whole, run by the suite's make from any folder, and given documents without a loss."""

import csv
import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import sys

import pytest
from click.testing import CliRunner
from crosscity import CrosscityError
from crosscity.cli import app
from crosscity.documents.corpus import read_corpus, read_manifest
from crosscity.facts.codebook import SHIPPED_CODEBOOKS, read_codebook, shipped_codebook_path
from crosscity.files import step
from crosscity.project import intake, scaffold
from crosscity.project.practice import REGIONS, practice_documents
from crosscity.study.opening import open_study
from crosscity.study.parameters import PARAMETERS, check_parameters, read_parameters

from tests.conftest import PROJECT
from tests.helpers.study_tables import TWO, tables

HOSTILE = '我的 study\'s "one" $x #1 %'
FAKE = """quote = '$(subst ','\\'',$(1))'
SUITE_WAS_CALLED:
all tables figures:
\t@printf '%s\\n' $@ $(call quote,$(CORPUS)) $(call quote,$(OUT)) $(call quote,$(PARAMS)) \\
\t  $(call quote,$(PYTHON)) '$(origin PYTHON)'
"""


def text_of(city, year=2024, more=""):
    return (
        f"{city}市{year}年政府工作报告\n各位代表：下面汇报{city}的工作。\n"
        + f"{city}修了路，办了学校，种了树。{more}\n" * 8
    )


@pytest.fixture
def corpus(tmp_path):
    folder = tmp_path / "corpus"
    folder.mkdir()
    return folder


@pytest.fixture
def incoming(tmp_path):
    folder = tmp_path / "新 files"
    folder.mkdir()
    for city in ("宁波", "南阳"):
        (folder / f"{city}2024.txt").write_text(text_of(city), encoding="utf-8")
    return folder


def held(folder):
    """Every file with its bytes, hidden ones too."""
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def call(*arguments, **settings):
    """The command line, with an error of the user's as it would be told."""
    return CliRunner().invoke(app, list(map(str, arguments)), **settings)


def refused(files, corpus, *words):
    before = held(corpus)
    with pytest.raises(CrosscityError) as error:
        intake.commit(intake.survey(files, corpus))
    for word in words:
        assert word in str(error.value)
    assert held(corpus) == before
    return str(error.value)


# Laying out a study


def test_a_new_study_holds_what_a_run_needs(tmp_path):
    files = scaffold.create_study(tmp_path / HOSTILE / "s", "party")
    assert files == sorted(held(tmp_path / HOSTILE / "s"))
    assert set(files) == {".gitignore", "Makefile", "README.md", "codebook.yaml", "corpus/README.md", "params.yaml"}
    assert not [p for p in (tmp_path / HOSTILE).iterdir() if p.name != "s"]
    assert "@" not in (tmp_path / HOSTILE / "s" / "Makefile").read_text("utf-8").replace("\t@", "").replace("@$", "")


@pytest.mark.parametrize("name", sorted(SHIPPED_CODEBOOKS))
def test_the_codebook_is_a_copy_that_a_run_reads(tmp_path, name):
    scaffold.create_study(tmp_path / "s", name)
    values = read_parameters(tmp_path / "s" / "params.yaml")
    assert values["codebook"] == str(tmp_path / "s" / "codebook.yaml")
    assert (tmp_path / "s" / "codebook.yaml").read_bytes() == shipped_codebook_path(name).read_bytes()
    assert list(read_codebook(values["codebook"]).themes) == list(read_codebook(name).themes)


def test_the_parameter_file_has_every_parameter_with_its_default(tmp_path):
    text = scaffold.parameter_file()
    path = tmp_path / "params.yaml"
    path.write_text(text, encoding="utf-8")
    assert read_parameters(path) == check_parameters({}) | {"codebook": "codebook.yaml"}
    path.write_text(re.sub("(?m)^#(?=[a-z])", "", text), encoding="utf-8")
    assert read_parameters(path) == check_parameters({}) | {"codebook": "codebook.yaml"}
    named = re.findall("(?m)^#?([a-z_]+): ", text)
    assert sorted(named) == sorted(PARAMETERS)
    flat = " ".join(text.replace("\n# ", " ").split())
    assert [n for n, p in PARAMETERS.items() if n != "codebook" and " ".join(p.description.split()) not in flat] == []


def test_what_is_there_is_never_written_over(tmp_path):
    place = tmp_path / "s"
    place.mkdir()
    (place / ".hidden").write_text("mine", encoding="utf-8")
    with pytest.raises(CrosscityError, match="is not empty, and nothing is ever written over"):
        scaffold.create_study(place)
    assert held(tmp_path) == {"s/.hidden": b"mine"}
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    with pytest.raises(CrosscityError, match="is there and no folder"):
        scaffold.create_study(tmp_path / "file")
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    with pytest.raises(CrosscityError, match="is there and no folder"):
        scaffold.create_study(tmp_path / "link")


def test_an_empty_folder_is_filled_and_stays_the_same_folder(tmp_path, monkeypatch):
    place = tmp_path / "s"
    place.mkdir()
    monkeypatch.chdir(place)
    number = place.stat().st_ino
    scaffold.create_study(".")
    assert place.stat().st_ino == number
    assert (place / "corpus" / "README.md").is_file()
    assert (place / "README.md").read_text("utf-8").startswith("# s\n")


@pytest.mark.parametrize("there", [True, False], ids=["empty", "absent"])
@pytest.mark.parametrize("failing", [0, 2, 5])
def test_a_failure_in_the_middle_leaves_nothing(tmp_path, monkeypatch, there, failing):
    place, written = tmp_path / "s", []
    if there:
        place.mkdir()

    def full(path, data):
        written.append(path)
        if len(written) > failing:
            raise OSError(28, "No space left on device", str(path))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)

    monkeypatch.setattr(scaffold, "write_whole", full)
    with pytest.raises(OSError, match="No space"):
        scaffold.create_study(place)
    assert list(tmp_path.rglob("*")) == ([place] if there else [])


def test_a_failure_while_an_empty_folder_is_filled_leaves_it_empty(tmp_path, monkeypatch):
    moved = []

    def fails(source, target):
        moved.append(target)
        if len(moved) == 3:
            raise OSError(28, "No space left on device", str(target))
        os.replace(source, target)

    monkeypatch.setattr(scaffold.os, "rename", fails)
    (tmp_path / "s").mkdir()
    with pytest.raises(OSError, match="No space"):
        scaffold.create_study(tmp_path / "s")
    assert list(tmp_path.rglob("*")) == [tmp_path / "s"]


def test_names_that_make_cannot_be_given(tmp_path):
    with pytest.raises(CrosscityError, match="control character"):
        scaffold.create_study(tmp_path / "a\nb")
    with pytest.raises(CrosscityError, match=r"no codebook 'mine': the choices are party, report"):
        scaffold.create_study(tmp_path / "s", "mine")
    assert list(tmp_path.iterdir()) == []


def test_a_library_without_its_suite(tmp_path, monkeypatch):
    monkeypatch.setattr(scaffold, "PROJECT", tmp_path)
    with pytest.raises(CrosscityError, match="no Makefile and notebooks with it"):
        scaffold.create_study(tmp_path / "s")


# Its Makefile


def make(folder, *arguments):
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("MAKE", "PYTHON"))}
    return subprocess.run(
        ["make", *arguments], cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=600
    )


@pytest.fixture
def fake(tmp_path, monkeypatch):
    """A suite that says what it was called with, in a folder with every mark that a shell or make takes for its own."""
    suite = tmp_path / f"suite {HOSTILE}"
    (suite / "notebooks").mkdir(parents=True)
    (suite / "Makefile").write_text(FAKE, encoding="utf-8")
    monkeypatch.setattr(scaffold, "PROJECT", suite)
    return suite


@pytest.mark.parametrize(
    "name", [HOSTILE, "plain", "a  b", "练习", "a'b''c", "$(shell false)", "a,b;c&d", "~tilde", "-dash"]
)
def test_make_gives_the_suite_the_folders_of_the_study(tmp_path, fake, name):
    home = tmp_path / name / "s"
    scaffold.create_study(home)
    done = make(home)
    assert done.stderr == ""
    at = [str(home / "corpus"), str(home / "results"), str(home / "params.yaml")]
    assert done.stdout.splitlines() == ["all", *at, sys.executable, "command line"]


def test_what_is_named_in_the_call_goes_before(tmp_path, fake):
    home = tmp_path / "s s"
    scaffold.create_study(home)
    done = make(home, "figures", "PARAMS=other one.yaml", f"OUT={tmp_path}/o u t", "PYTHON=python", "CORPUS=a $$ b")
    at = [str(home / "a $ b"), f"{tmp_path}/o u t", str(home / "other one.yaml")]
    assert done.stdout.splitlines() == ["figures", *at, "python", "command line"]


def test_the_suites_own_environment_needs_no_name(tmp_path, fake, monkeypatch):
    monkeypatch.setattr(scaffold.sys, "prefix", str(fake / ".venv"))
    scaffold.create_study(tmp_path / "s")
    assert make(tmp_path / "s", "tables").stdout.splitlines()[-1] == "undefined"


def test_the_folder_that_the_suites_own_environment_leads_to_is_not_named(tmp_path, fake, monkeypatch):
    there = fake / ".make" / "environment" / "1"
    (there / "bin").mkdir(parents=True)
    (there / "bin" / "crosscity").touch()
    (fake / ".venv").symlink_to(there)
    monkeypatch.setattr(scaffold.sys, "prefix", str(there))
    scaffold.create_study(tmp_path / "s")
    assert make(tmp_path / "s", "tables").stdout.splitlines()[-1] == "undefined"
    said = (tmp_path / "s" / "README.md").read_text(encoding="utf-8")
    assert ".venv/bin/crosscity" in said
    assert ".make" not in said


def test_a_suite_that_moved_is_named(tmp_path, fake):
    scaffold.create_study(tmp_path / "s")
    fake.rename(tmp_path / "moved it")
    done = make(tmp_path / "s")
    assert done.returncode == 2
    assert "name its folder, make SUITE=folder" in done.stderr
    assert str(fake) in done.stderr
    assert make(tmp_path / "s", "SUITE=../moved it").returncode == 0


def test_clean_takes_what_was_built_and_nothing_else(tmp_path, fake):
    home = tmp_path / HOSTILE
    scaffold.create_study(home)
    before = held(home)

    def built(state):
        with step(fake / ".make" / state / "tables.done") as outputs:
            for name in ("processed", "reports/01-corpus"):
                path = home / "results" / name / "x"
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text("x", encoding="utf-8")
                outputs.append(path)

    built("1")
    done = make(home, "clean")
    assert (done.returncode, done.stderr) == (0, "")
    assert held(home) == before
    assert not (home / "results").exists()
    built("2")
    for name in ("lab/mine.svg", "reports/thesis.txt", "reports/01-corpus/notes.txt"):
        (home / "results" / name).parent.mkdir(parents=True, exist_ok=True)
        (home / "results" / name).write_text("mine", encoding="utf-8")
    mine = {
        f"results/{name}": b"mine" for name in ("lab/mine.svg", "reports/thesis.txt", "reports/01-corpus/notes.txt")
    }
    assert make(home, "clean").returncode == 0
    assert held(home) == before | mine
    # Where results lie among what is one's own, that stays too.
    make(home, "clean", "OUT=.")
    assert held(home) == before | mine


def test_every_target_is_in_its_help(tmp_path, fake):
    scaffold.create_study(tmp_path / "s")
    said = make(tmp_path / "s", "help").stdout
    assert re.findall("^make ([a-z]+):", said, re.MULTILINE) == [
        "all",
        "figures",
        "tables",
        "check",
        "lab",
        "clean",
        "help",
    ]


def test_check_runs_from_the_study(tmp_path, incoming):
    home = tmp_path / HOSTILE
    scaffold.create_study(home)
    assert call("add", incoming, "--corpus", home / "corpus", "--yes").exit_code == 0
    done = make(home, "check")
    assert (done.returncode, done.stderr) == (0, "")
    assert "by province: 2 of 2 documents" in done.stdout


# Its notebooks


def test_notebooks_of_a_study_take_its_parameters(tmp_path, monkeypatch):
    home = tmp_path / HOSTILE
    scaffold.create_study(home)
    (home / "params.yaml").write_text("terms: 7\nstopwords: mine.txt\n", encoding="utf-8")
    (home / "mine.txt").write_text("工作\n", encoding="utf-8")
    made = scaffold.copy_notebooks(home)
    assert made == [p.name for p in sorted((PROJECT / "notebooks").glob("[!.]*.ipynb"))]
    monkeypatch.chdir(home / "notebooks")
    for name in made:
        cells = [
            c for c in json.loads((home / "notebooks" / name).read_text("utf-8"))["cells"] if c["cell_type"] == "code"
        ]
        assert "parameters" in cells[0]["metadata"]["tags"]
        namespace = {}
        exec("".join(cells[0]["source"]), namespace)
        taken = {n for n, p in PARAMETERS.items() if name.removesuffix(".ipynb") in p.notebooks.split()}
        assert taken <= set(namespace)
        assert namespace.get("terms", 7) == 7
        assert namespace.get("stopwords", "mine.txt") == "mine.txt"
        assert {v for n, v in namespace.items() if n in ("tables", "out")} == {""}
        assert not any(c["outputs"] for c in cells)
    # What is typed into that cell is what counts: k here, which the study's file does not set.
    tables(home / "results" / "processed", TWO)
    study = open_study({**namespace, "stopwords": "mine.txt", "min_df": 2}, "explore")
    assert (study["stopwords"], study["min_df"]) == (str(home / "mine.txt"), 2)
    assert study.tables == home / "results" / "processed"
    assert study.out == home / "results" / "lab" / "explore"


def test_a_notebook_that_is_there_stays(tmp_path):
    scaffold.create_study(tmp_path / "s")
    scaffold.copy_notebooks(tmp_path / "s")
    mine = tmp_path / "s" / "notebooks" / "02-terms.ipynb"
    mine.write_text("mine", encoding="utf-8")
    (tmp_path / "s" / "notebooks" / "04-compare.ipynb").unlink()
    assert scaffold.copy_notebooks(tmp_path / "s") == ["04-compare.ipynb"]
    assert mine.read_text("utf-8") == "mine"


def test_no_study(tmp_path):
    with pytest.raises(CrosscityError, match="is no study"):
        scaffold.copy_notebooks(tmp_path)


# Practice documents


def test_practice_documents_are_thirty_and_say_what_they_are():
    texts = practice_documents()
    assert len(texts) == 30
    for name, text in texts.items():
        assert re.fullmatch("[\u4e00-\u9fff]{2,3}2025\\.txt", name)
        assert "练习文本，内容均为虚构" in text.splitlines()[0]
        assert len(text) >= 800
        assert not re.search(r"[\[\]{}|]|\d-\d", text)
    assert len(set(texts.values())) == 30


def test_practice_documents_are_the_same_everywhere():
    """Under any seed of hashes, and in another process."""
    code = "import hashlib; from crosscity.project.practice import practice_documents as p; t = ''.join(p().values())"
    code += "; print(hashlib.sha256(t.encode()).hexdigest())"
    environment = os.environ | {"PYTHONPATH": str(PROJECT / "lib"), "PYTHONHASHSEED": "7"}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == hashlib.sha256("".join(practice_documents().values()).encode()).hexdigest()


def test_practice_documents_are_registered_as_what_they_are(tmp_path):
    home = tmp_path / "s"
    scaffold.create_study(home, practice=True)
    intake.commit(intake.survey([home / "practice"], home / "corpus"))
    rows = read_manifest(home / "corpus")[0]
    assert len(rows) == 30
    assert {row["edition"] for row in rows.values()} == {"invented"}
    assert {region: sum(r["region"] == region for r in rows.values()) for region in REGIONS} == {
        "east": 8, "central": 8, "west": 8, "northeast": 6
    }  # fmt: skip
    for file, row in rows.items():
        assert row["city"] == file[:-8]
        assert row["province"]


def test_practice_regions_speak_of_different_things():
    texts = practice_documents()
    cities = {city: region for region, (_, names) in REGIONS.items() for city in names.split()}
    assert len(cities) == 30
    for word, region in {"港口": "east", "粮食": "central", "草原": "west", "滑雪": "northeast"}.items():
        found = [cities[name[:-8]] for name, text in texts.items() if word in text]
        assert found.count(region) > len(found) / 2


# Registering documents


def test_documents_are_copied_and_described(corpus, incoming):
    (corpus / "README.md").write_text("what goes in here", encoding="utf-8")
    found = intake.survey([incoming], corpus)
    assert held(corpus).keys() == {"README.md"}
    intake.commit(found)
    rows, problems = read_manifest(corpus)
    assert problems == []
    for city, home in (("南阳", "河南"), ("宁波", "浙江")):
        title = f"{city}市2024年政府工作报告"
        expected = {"city": city, "province": home, "year": "2024", "genre": "work report", "title": title}
        assert rows.pop(f"{city}2024.txt") == expected
    assert not rows
    assert {s.doc_id for s in read_corpus(corpus)[0]} == {"宁波2024", "南阳2024"}
    assert (corpus / "宁波2024.txt").read_bytes() == (incoming / "宁波2024.txt").read_bytes()


def test_guesses_are_marked_until_they_are_confirmed(corpus, incoming):
    from crosscity.tables.builder import make_tables

    found = intake.survey([incoming / "宁波2024.txt"], corpus, {"city": "宁波"})
    assert found.entries[0].guessed == ("province", "year", "genre", "title")
    shown = intake.preview_lines(found)[1].split()
    assert shown[:5] == ["宁波2024.txt", "宁波", "浙江?", "2024?", "work"]
    intake.commit(found, confirmed=False)
    assert read_manifest(corpus)[0]["宁波2024.txt"]["unconfirmed"] == "province year genre title"
    made = make_tables(read_corpus(corpus)[0], ("corpus",))["corpus"].iloc[0]
    assert made["guessed"] == "province year genre title"
    text = (corpus / "corpus.csv").read_text("utf-8").replace("province year genre title", "").replace("浙江", "江苏")
    (corpus / "corpus.csv").write_text(text, encoding="utf-8")
    made = make_tables(read_corpus(corpus)[0], ("corpus",))["corpus"].iloc[0]
    assert (made["guessed"], made["province"]) == ("", "江苏")


ROW = '甲.txt ,"手改, 的 ""题"" ",  ,随县,a\r\n'
HEAD = "file,title,note,city,mine\r\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be mark", "gb18030", "big5hkscs"])
@pytest.mark.parametrize("end", ["\r\n", ""])
def test_a_row_that_was_edited_by_hand_keeps_every_byte(corpus, incoming, encoding, end):
    body = HEAD + ROW.removesuffix("\r\n") + end
    if encoding == "big5hkscs":
        body = body.replace("随县", "臺北").replace("题", "字").replace("title", "what")
    data = b"\xfe\xff" + body.encode("utf-16-be") if "mark" in encoding else body.encode(encoding)
    (corpus / "corpus.csv").write_bytes(data)
    (corpus / "甲.txt").write_text(text_of("随州"), encoding="utf-8")
    name = incoming / "台北.txt"
    name.write_text(text_of("台北"), encoding="utf-8")
    intake.commit(intake.survey([name], corpus))
    new = (corpus / "corpus.csv").read_bytes()
    assert new.startswith(data)
    rows, problems = read_manifest(corpus)
    assert problems == []
    assert rows["甲.txt"]["what" if encoding == "big5hkscs" else "title"] == (
        '手改, 的 "字"' if encoding == "big5hkscs" else '手改, 的 "题"'
    )
    assert rows["甲.txt"]["mine"] == "a"
    assert rows["台北.txt"]["city"] == "台北"
    added = new[len(data) :].decode(
        {"utf-8-sig": "utf-8", "utf-16": "utf-16-le", "utf-16-be mark": "utf-16-be"}.get(encoding, encoding)
    )
    assert added.endswith("\r\n")
    assert added.count("\n") == (1 if end else 2)


def test_a_table_without_the_column_gets_no_guess_that_is_not_confirmed(corpus, incoming):
    """It is guessed when tables are built, and marked so then."""
    (corpus / "corpus.csv").write_bytes(b"file,city,year\n")
    found = intake.survey([incoming / "宁波2024.txt"], corpus, {"year": "2024"})
    assert intake.manifest_bytes(found, confirmed=False) == "file,city,year\n宁波2024.txt,,2024\n".encode()
    assert intake.manifest_bytes(found) == "file,city,year\n宁波2024.txt,宁波,2024\n".encode()


def test_a_table_in_an_encoding_that_cannot_hold_the_row(corpus, incoming):
    (corpus / "corpus.csv").write_bytes("file,city\n甲.txt,臺北\n".encode("big5hkscs"))
    (corpus / "甲.txt").write_text(text_of("随州"), encoding="utf-8")
    (incoming / "东𠀀.txt").write_text(text_of("东营"), encoding="utf-8")
    refused([incoming / "东𠀀.txt"], corpus, "big5", "save it as UTF-8")


@pytest.mark.parametrize(
    ("table", "words"),
    [
        (b"name\n", "no column 'file'"),
        (b"file\nlost.txt\n", "lost.txt"),
        (b'file,city\n"a.txt,b\n', "close the quotation mark"),
        (b"file;city\na.txt;b\n", "with commas between the cells"),
        (b"\0\1\2", "binary"),
        (b"file,city\n../a.txt,b\n", "in the folder itself"),
    ],
)
def test_a_table_that_cannot_be_read(corpus, incoming, table, words):
    (corpus / "corpus.csv").write_bytes(table)
    refused([incoming], corpus, words)


def test_a_file_twice(corpus, incoming):
    intake.commit(intake.survey([incoming, incoming / "宁波2024.txt"], corpus))
    before = held(corpus)
    found = intake.survey([incoming, corpus / "南阳2024.txt"], corpus)
    assert (found.copies, found.entries) == ({}, [])
    assert sum("is there already" in n for n in found.notes) == 3
    intake.commit(found)
    assert held(corpus) == before


def test_another_file_of_the_same_name(corpus, incoming, tmp_path):
    intake.commit(intake.survey([incoming], corpus))
    (tmp_path / "宁波2024.txt").write_text(text_of("宁波", more="不一样。"), encoding="utf-8")
    refused([tmp_path / "宁波2024.txt"], corpus, "宁波2024.txt is there already with other content")
    (corpus / "宁波2024.txt").unlink()
    (corpus / "corpus.csv").unlink()
    refused([incoming / "宁波2024.txt", tmp_path / "宁波2024.txt"], corpus, "already with other content")


def test_a_copy_under_another_name_is_said(corpus, incoming):
    shutil.copy(incoming / "宁波2024.txt", incoming / "又一份.txt")
    found = intake.survey([incoming], corpus)
    assert "宁波2024.txt is a copy of 又一份.txt: one of them takes part in comparisons" in found.notes


def test_two_documents_of_one_name_but_for_the_suffix(corpus, incoming):
    (incoming / "宁波2024.html").write_text("<html><body><p>宁波</p></body></html>", encoding="utf-8")
    refused([incoming], corpus, "would both be 宁波2024: rename one")


def test_documents_that_were_there_get_their_row_too(corpus, incoming):
    (corpus / "苏州.txt").write_text(text_of("苏州"), encoding="utf-8")
    intake.commit(intake.survey([incoming / "宁波2024.txt"], corpus))
    assert sorted(read_manifest(corpus)[0]) == ["宁波2024.txt", "苏州.txt"]
    read_corpus(corpus)


def test_files_of_records_describe_themselves(corpus, incoming):
    (incoming / "many.csv").write_text("city,year,text\n宁波,2023,一段话。\n南阳,2024,又一段话。\n", encoding="utf-8")
    (incoming / "one.jsonl").write_text('{"city": "苏州", "text": "一段话。"}\n', encoding="utf-8")
    found = intake.survey([incoming / "many.csv", incoming / "one.jsonl"], corpus)
    assert [(e.file, e.cells, e.records) for e in found.entries] == [("many.csv", {}, 2), ("one.jsonl", {}, 1)]
    assert "2, which describe themselves" in intake.preview_lines(found)[1]
    intake.commit(found)
    sources, _ = read_corpus(corpus)
    assert [s.metadata["city"] for s in sources] == ["宁波", "南阳", "苏州"]


def test_web_pages_and_word_files(corpus, incoming):
    docx = pytest.importorskip("docx")
    document = docx.Document()
    for line in text_of("泉州", 2023).splitlines():
        document.add_paragraph(line)
    document.save(incoming / "泉州.docx")
    page = "".join(f"<p>{line}</p>" for line in text_of("青岛", 2022).splitlines())
    (incoming / "青岛.html").write_text(
        f"<html><head><title>报告</title></head><body><article>{page}</article></body></html>", "utf-8"
    )
    found = intake.survey([incoming / "泉州.docx", incoming / "青岛.html"], corpus)
    assert [(e.cells["city"], e.cells["province"], e.cells["year"]) for e in found.entries] == [
        ("泉州", "福建", "2023"),
        ("青岛", "山东", "2022"),
    ]


def test_what_a_folders_own_table_states_is_taken_over(corpus, incoming):
    (incoming / "corpus.csv").write_text("file,city,region\n宁波2024.txt,宁海,东\n南阳2024.txt,,中\n", encoding="utf-8")
    intake.commit(intake.survey([incoming], corpus))
    rows = read_manifest(corpus)[0]
    assert (rows["宁波2024.txt"]["city"], rows["宁波2024.txt"]["region"]) == ("宁海", "东")
    assert (rows["南阳2024.txt"]["city"], rows["南阳2024.txt"]["region"]) == ("南阳", "中")


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("photo.txt", b"\x89PNG\r\n\x1a\n\0\0", "PNG picture"),
        ("empty.txt", b"  \n", "is empty"),
        ("broken.txt", bytes(range(128, 256)) * 4, "save it as UTF-8"),
        ("sheet.xlsx", b"PK\x03\x04", "sheet.xlsx cannot be read"),
        ("fake.docx", b"not a zip", "fake.docx"),
        ("fake.pdf", b"no pdf", "fake.pdf"),
        ("table.csv", b"a,b\n1,2\n", "no text in a column"),
        ("lines.jsonl", b"{", "is not JSON"),
        ("corpus.csv", b"file\n", "describes documents and is none"),
        (".hidden.txt", b"text", "no document that is read here"),
        ("=cmd().txt", "一段话。".encode(), "for a formula"),
        ("a\nb.txt", "一段话。".encode(), "control characters"),
        ("a\u202etxt.txt", "一段话。".encode(), "control characters"),
        ("a\u200btxt.txt", "一段话。".encode(), "marks that are not seen"),
    ],
)
def test_what_is_no_document_is_one_line_and_nothing_is_done(corpus, incoming, name, data, words):
    (incoming / name).write_bytes(data)
    said = refused([incoming / "宁波2024.txt", incoming / name], corpus, words)
    assert "\n" not in said


def test_pipes_links_to_nowhere_and_files_that_are_not_there(corpus, incoming):
    os.mkfifo(incoming / "pipe.txt")
    refused([incoming / "pipe.txt"], corpus, "is no file that can be read")
    (incoming / "link.txt").symlink_to(incoming / "nowhere")
    refused([incoming / "link.txt"], corpus, "is no file that can be read")
    refused([incoming / "absent.txt"], corpus, "absent.txt is not there")
    (incoming / "inner").mkdir()
    refused([incoming / "inner"], corpus, "inner holds no documents")
    with pytest.raises(CrosscityError, match=r"is not a folder: name the one"):
        intake.survey([incoming], corpus / "absent")


@pytest.mark.parametrize("failing", ["first copy", "second copy", "table"])
@pytest.mark.parametrize(
    "error", [OSError(28, "No space left on device", "x"), KeyboardInterrupt()], ids=["full", "stopped"]
)
def test_a_failure_in_the_middle_leaves_all_as_it_was(corpus, incoming, monkeypatch, failing, error):
    (corpus / "苏州.txt").write_text(text_of("苏州"), encoding="utf-8")
    (corpus / "corpus.csv").write_bytes("file,city\n苏州.txt,苏州\n".encode())
    found, before, moved = intake.survey([incoming], corpus), held(corpus), []

    def moves(source, target):
        moved.append(target)
        if failing == "first copy" or (failing == "second copy" and len(moved) == 2):
            raise error
        os.link(source, target)

    def writes(path, data):
        raise error

    monkeypatch.setattr(intake, "_move_new", moves)
    if failing == "table":
        monkeypatch.setattr(intake, "write_whole", writes)
    with pytest.raises(type(error)):
        intake.commit(found)
    assert held(corpus) == before
    assert [p.name for p in corpus.iterdir() if p.is_dir()] == []


def test_what_came_meanwhile_is_not_written_over(corpus, incoming):
    found = intake.survey([incoming], corpus)
    (corpus / "宁波2024.txt").write_text("theirs", encoding="utf-8")
    with pytest.raises(CrosscityError, match=r"宁波2024.txt has come: do the same again"):
        intake.commit(found)
    assert held(corpus) == {"宁波2024.txt": b"theirs"}
    (corpus / "corpus.csv").write_text("file\n", encoding="utf-8")
    with pytest.raises(CrosscityError, match=r"corpus.csv was changed meanwhile"):
        intake.commit(found)


# The command


def test_without_a_terminal_guesses_stay_marked(corpus, incoming, monkeypatch):
    monkeypatch.chdir(corpus.parent)
    done = call("add", incoming)
    assert done.exit_code == 0
    assert "2 documents copied, 2 rows in corpus.csv" in done.stdout
    rows = list(csv.DictReader(io.StringIO((corpus / "corpus.csv").read_text("utf-8"))))
    assert {row["unconfirmed"] for row in rows} == {"city province year genre title"}


def test_yes_keeps_them_and_a_dry_run_does_nothing(corpus, incoming):
    assert call("add", incoming, "--corpus", corpus, "--dry-run").exit_code == 0
    assert held(corpus) == {}
    call("add", incoming, "--corpus", corpus, "--yes")
    assert "unconfirmed" not in read_manifest(corpus)[0]["宁波2024.txt"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_guesses_are_confirmed_later(corpus, incoming, encoding):
    intake.commit(intake.survey([incoming], corpus), confirmed=False)
    table = corpus / "corpus.csv"
    before = table.read_bytes().decode("utf-8-sig")
    table.write_bytes(before.encode(encoding))
    assert intake.confirm_guesses(corpus, write=False) == 10
    assert table.read_bytes() == before.encode(encoding)
    assert "10 guesses taken as right" in call("add", "--corpus", corpus, "--yes").stdout
    rows = list(csv.DictReader(io.StringIO(before)))
    after = list(csv.DictReader(io.StringIO(table.read_bytes().decode(encoding))))
    assert after == [{**row, "unconfirmed": ""} for row in rows]
    assert intake.confirm_guesses(corpus) == 0


def test_nothing_to_add_and_nothing_to_confirm_is_said(corpus):
    assert call("add", "--corpus", corpus).exit_code != 0
    with pytest.raises(CrosscityError, match=r"corpus.csv is not there: add documents first"):
        intake.confirm_guesses(corpus)


def test_a_new_table_is_one_that_a_spreadsheet_reads(corpus, incoming):
    call("add", incoming, "--corpus", corpus, "--yes")
    assert (corpus / "corpus.csv").read_bytes().startswith("\ufefffile,".encode())


@pytest.mark.parametrize(("answer", "rows"), [("", 2), ("n", 0), ("e", 2)])
def test_on_a_terminal_it_asks(corpus, incoming, answer, rows):
    pty = pytest.importorskip("pty")
    parent, child = pty.openpty()
    command = [sys.executable, "-m", "crosscity.cli", "add", str(incoming), "--corpus", str(corpus)]
    environment = os.environ | {"PYTHONPATH": str(PROJECT / "lib")}
    with subprocess.Popen(command, stdin=child, stdout=child, stderr=child, env=environment) as running:
        os.close(child)
        os.write(parent, f"{answer}\n".encode())
        said = b""
        try:
            while part := os.read(parent, 1 << 16):
                said += part
        except OSError:  # the other end is closed
            pass
        assert running.wait(60) == 0
    os.close(parent)
    assert "10 cells with ? are guesses" in said.decode()
    manifest = read_manifest(corpus)[0] or {}
    assert len(manifest) == rows
    assert all(("unconfirmed" in row) == (answer == "e") for row in manifest.values())


def test_the_folder_of_documents_is_that_of_the_study(tmp_path, incoming, monkeypatch):
    scaffold.create_study(tmp_path / "s")
    (tmp_path / "s" / "inner").mkdir()
    monkeypatch.chdir(tmp_path / "s" / "inner")
    assert call("add", incoming, "--yes").exit_code == 0
    assert len(read_manifest(tmp_path / "s" / "corpus")[0]) == 2
    monkeypatch.chdir(tmp_path)
    done = call("add", incoming)
    assert isinstance(done.exception, CrosscityError)
    assert "there is no folder corpus here" in str(done.exception)


@pytest.mark.parametrize("stated", ["year=24", "nothing", "mine=1", "city==1+1", "date=2024-13", "file=x"])
def test_a_cell_that_cannot_be_set(corpus, incoming, stated):
    done = call("add", incoming, "--corpus", corpus, "--set", stated)
    assert isinstance(done.exception, CrosscityError)
    assert "--set" in str(done.exception)
    assert held(corpus) == {}


def test_a_file_whose_name_holds_what_is_not_seen_gets_a_row_of_its_own(corpus, incoming):
    (corpus / "合\u200b肥2024.txt").write_text(text_of("合肥"), encoding="utf-8")
    intake.commit(intake.survey([incoming], corpus))
    rows, problems = read_manifest(corpus)
    assert problems == []
    assert sorted(rows) == ["南阳2024.txt", "合肥2024.txt", "宁波2024.txt"]
    assert rows["合肥2024.txt"]["city"] == "合肥"
    assert len(read_corpus(corpus)[0]) == 3
