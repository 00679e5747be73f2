"""What make asks before it decides: content, and never a time."""

import json
import os
import shutil
import subprocess
import sys

import pytest
from crosscity.files import stamps
from crosscity.files.code import LIBRARY, library_files, source_files
from crosscity.files.stamps import Checksums, Input

from tests.conftest import PROJECT

OLD = 10**18  # a time, in nanoseconds


@pytest.fixture
def corpus(tmp_path):
    folder = tmp_path / "文件 夹"
    folder.mkdir()
    for name in ("甲.txt", "乙.txt"):
        (folder / name).write_text("渔港修好了。", encoding="utf-8")
        os.utime(folder / name, ns=(OLD, OLD))
    return folder


def write(path, text):
    """Other content under the time that the file has, as a release unpacked over a checkout or cp -p leaves it."""
    about = path.stat()
    path.write_text(text, encoding="utf-8")
    os.utime(path, ns=(about.st_atime_ns, about.st_mtime_ns))


def done(state, name, inputs, outputs=()):
    with stamps.step(state / name, inputs) as made:
        made += outputs
    return state / name


def pruned(state):
    """Names of the stamps that prune takes away."""
    before = {p.name for p in state.rglob("*.done")}
    stamps.prune(state)
    return before - {p.name for p in state.rglob("*.done")}


# What goes in.


def test_a_folder_is_its_files_by_name_and_content(corpus, tmp_path):
    def now():
        return Checksums(tmp_path / "s").of(Input("folder", str(corpus)))

    before = now()
    os.utime(corpus / "甲.txt", ns=(OLD, OLD + 10**9))
    assert now() == before, "a time is not content"
    write(corpus / "甲.txt", "渔港修坏了。")
    changed = now()
    assert changed != before, "of the same size and time"
    write(corpus / "甲.txt", "渔港修好了。")
    assert now() == before
    (corpus / "乙.txt").rename(corpus / "丁.txt")
    assert now() not in (before, changed)
    (corpus / "丁.txt").rename(corpus / "乙.txt")
    (corpus / "丙.txt").write_text("", encoding="utf-8")
    assert now() != before
    (corpus / "丙.txt").unlink()
    (corpus / "sub").mkdir()
    (corpus / "sub" / "x.txt").write_text("x", encoding="utf-8")
    assert now() == before, "folders inside are not read"


def test_a_tree_is_what_is_in_its_folders_too_but_for_what_is_hidden(corpus, tmp_path):
    def now():
        return Checksums(tmp_path / "s").of(Input("tree", str(corpus)))

    before = now()
    (corpus / ".cache").mkdir()
    (corpus / ".cache" / "x").write_text("x", encoding="utf-8")
    assert now() == before
    (corpus / "sub").mkdir()
    empty = now()
    (corpus / "sub" / "x.txt").write_text("x", encoding="utf-8")
    assert now() not in (before, empty)


@pytest.mark.parametrize("kind", ["file", "folder", "tree"])
def test_a_file_is_its_content_whatever_it_is_called(corpus, tmp_path, kind):
    """A parameter names a file or a folder, and only reading it tells which."""
    done(tmp_path / "s", "a.done", [Input(kind, str(corpus / "甲.txt"))])
    assert not pruned(tmp_path / "s")
    write(corpus / "甲.txt", "渔港修坏了。")
    assert pruned(tmp_path / "s") == {"a.done"}


@pytest.mark.parametrize("kind", ["file", "folder", "tree"])
def test_what_is_not_there_is_an_input_too(kind, tmp_path):
    stamp = done(tmp_path / "s", "a.done", [Input(kind, str(tmp_path / "absent"))])
    assert not pruned(tmp_path / "s")
    (tmp_path / "absent").mkdir() if kind != "file" else (tmp_path / "absent").touch()
    assert pruned(tmp_path / "s") == {"a.done"}
    assert not stamp.exists()


def test_another_python_or_another_package_is_another_environment(tmp_path, monkeypatch):
    done(tmp_path / "s", "a.done", stamps.inputs_of())
    assert not pruned(tmp_path / "s")
    monkeypatch.setattr(sys, "version", "3.99.0")
    assert pruned(tmp_path / "s") == {"a.done"}
    done(tmp_path / "s", "a.done", stamps.inputs_of())
    (tmp_path / "site" / "pandas-99.dist-info").mkdir(parents=True)
    monkeypatch.setattr(sys, "path", [*sys.path, str(tmp_path / "site")])
    assert pruned(tmp_path / "s") == {"a.done"}


def test_files_are_read_once_while_they_stay_as_they_are(corpus, tmp_path, monkeypatch):
    read, state = [], tmp_path / "s"
    digest = stamps.hashlib.file_digest
    monkeypatch.setattr(stamps.hashlib, "file_digest", lambda file, name: read.append(file.name) or digest(file, name))
    monkeypatch.setattr(stamps, "_UNSETTLED", 0)  # or a test would have to wait until they are
    for _ in range(2):
        sums = Checksums(state)
        sums.of(Input("folder", str(corpus)))
        sums.save()
    assert len(read) == 2
    write(corpus / "甲.txt", "渔港修坏了。")
    Checksums(state).of(Input("folder", str(corpus)))
    assert read[2:] == [str(corpus / "甲.txt")]


def test_a_file_that_has_just_changed_is_read_again(corpus, tmp_path):
    """It may change once more within one tick of the file system's clock."""
    sums = Checksums(tmp_path / "s")
    sums.of(Input("folder", str(corpus)))
    sums.save()
    assert not (tmp_path / "s" / "sums.json").exists()


# Steps.


def test_a_stamp_says_what_went_in_and_what_came_out(corpus, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "图 1.csv").write_text("x", encoding="utf-8")
    inputs = stamps.inputs_of(["p.yaml"], folders=[corpus])
    stamp = done(tmp_path / "s", "runs/a.done", inputs, [tmp_path / "图 1.csv"])
    about = json.loads(stamp.read_text(encoding="utf-8"))
    assert [item[:2] for item in about["inputs"]] == [["environment", ""], ["file", "p.yaml"], ["folder", "文件 夹"]]
    assert about["inputs"][1][2] == "absent"
    # echo -n x | sha256sum
    assert about["outputs"] == [["图 1.csv", "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881"]]
    assert stamps.outputs_of(stamp) == dict(about["outputs"])


def test_an_output_that_is_gone_or_another_makes_its_step_stale(tmp_path):
    state, files = tmp_path / "state", [tmp_path / "图 1.csv", tmp_path / "b.csv"]
    for path in files:
        path.write_text("x", encoding="utf-8")
    done(state, "runs/whole.done", [], files[:1])
    done(state, "runs/part.done", [], files)
    done(state, "none.done", [])
    assert not pruned(state)
    os.utime(files[1], ns=(OLD, OLD))
    assert not pruned(state), "a copy with another time is as it was made"
    write(files[1], "y")
    assert pruned(state) == {"part.done"}
    files[0].unlink()
    files[0].mkdir()
    assert pruned(state) == {"whole.done"}


@pytest.mark.parametrize("content", [b"", b'["half', b"\xff\xfe", b"[]", b'{"inputs": 3}'])
def test_a_stamp_that_cannot_be_read_goes(tmp_path, content):
    (tmp_path / "a.done").write_bytes(content)
    assert pruned(tmp_path) == {"a.done"}


def test_what_is_edited_while_a_step_runs_makes_it_stale(corpus, tmp_path):
    with stamps.step(tmp_path / "s" / "a.done", [Input("folder", str(corpus))]):
        write(corpus / "甲.txt", "渔港修坏了。")
    assert pruned(tmp_path / "s") == {"a.done"}


def test_a_step_that_fails_leaves_the_former_stamp_or_none(tmp_path):
    def fail(state):
        with stamps.step(state / "a.done"):
            raise ValueError

    with pytest.raises(ValueError):  # noqa: PT011
        fail(tmp_path / "s")
    assert not (tmp_path / "s" / "a.done").exists()
    before = done(tmp_path / "s", "a.done", []).read_bytes()
    with pytest.raises(ValueError):  # noqa: PT011
        fail(tmp_path / "s")
    assert (tmp_path / "s" / "a.done").read_bytes() == before


def test_why_a_step_is_stale_is_said(corpus, tmp_path):
    done(tmp_path / "s", "tables.done", [Input("file", str(corpus / "甲.txt"))])
    write(corpus / "甲.txt", "别的")
    assert stamps.prune(tmp_path / "s") == [f"tables: {corpus / '甲.txt'} has changed"]


# The library.


@pytest.fixture(scope="module")
def copied(tmp_path_factory):
    """A copy of the library, whose files may be spoiled."""
    root = tmp_path_factory.mktemp("copied") / "crosscity"
    shutil.copytree(LIBRARY, root, ignore=shutil.ignore_patterns("__pycache__"))
    return root


def test_a_byte_of_any_module_or_resource_is_seen_under_its_old_time_and_a_new_time_alone_is_not(copied, tmp_path):
    """Tables are made again for what they import, notebooks for everything; nothing is for a time."""
    state, every = tmp_path / "s", library_files(copied)
    of_tables = set(source_files("project.build", root=copied))
    assert len(every) > 150
    assert 50 < len(of_tables) < len(every)
    steps = {"tables.done": of_tables, "notebook.done": every}

    def make():
        for name, files in steps.items():
            if not (state / name).exists():
                done(state, name, [Input("file", str(path)) for path in files])

    make()
    seen, wrong = {}, []
    for path in every:
        whole, about = path.read_bytes(), path.stat()
        path.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]) if whole else b"\n")
        os.utime(path, ns=(about.st_atime_ns, about.st_mtime_ns))
        seen[path] = pruned(state)
        path.write_bytes(whole)
        make()
        if seen[path] != {"notebook.done"} | ({"tables.done"} if path in of_tables else set()):
            wrong.append((path.name, seen[path]))
    assert not wrong
    for path in every:
        os.utime(path, ns=(OLD, OLD))
    assert not pruned(state)
    named = {p.relative_to(copied).as_posix() for p in every}
    # What hand-kept lists had forgotten.
    assert {"cli.py", "__init__.py", "tables/audit.py", "files/stamps.py"} <= named
    assert "resources/fonts/NotoSansSC-crosscity.ttf" in named


def test_it_runs_without_any_package(tmp_path, corpus):
    """It is called on every make: neither the environment's packages nor the time to load them are needed."""
    environment = {"PYTHONPATH": str(PROJECT / "lib")}
    command = [sys.executable, "-S", "-m", "crosscity.files", "scan", str(tmp_path / "s"), str(tmp_path / "reports")]
    found = subprocess.run(command, cwd=PROJECT, env=environment, capture_output=True, text=True, check=False)
    assert (found.returncode, found.stdout, found.stderr) == (0, "", "")
    assert (tmp_path / "s").is_dir()
