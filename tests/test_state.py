"""What make asks before it decides."""

import json
import os
import subprocess
import sys

import pytest
from conftest import PROJECT
from crosscity.files import atomic, stamps


@pytest.fixture
def corpus(tmp_path):
    folder = tmp_path / "文件 夹"
    folder.mkdir()
    for name in ("甲.txt", "乙.txt"):
        (folder / name).write_text("渔港修好了。", encoding="utf-8")
        os.utime(folder / name, ns=(10**18, 10**18))
    return folder


def test_a_fingerprint_is_a_line_a_file_by_name(corpus):
    # Six characters of three bytes each; 乙 (U+4E59) before 甲 (U+7532).
    assert stamps.fingerprint(corpus) == "乙.txt\t18\t1000000000000000000\n甲.txt\t18\t1000000000000000000\n"
    assert stamps.fingerprint(corpus) == stamps.fingerprint(str(corpus))


def test_touching_a_file_changes_the_fingerprint(corpus):
    before = stamps.fingerprint(corpus)
    os.utime(corpus / "甲.txt", ns=(10**18, 10**18 + 1))
    assert stamps.fingerprint(corpus) != before


def test_another_size_of_the_same_age_changes_the_fingerprint(corpus):
    before = stamps.fingerprint(corpus)
    (corpus / "甲.txt").write_text("渔港修好了！！", encoding="utf-8")
    os.utime(corpus / "甲.txt", ns=(10**18, 10**18))
    assert stamps.fingerprint(corpus) != before


def test_adding_and_removing_a_file_changes_the_fingerprint(corpus):
    before = stamps.fingerprint(corpus)
    (corpus / "丙.txt").write_text("", encoding="utf-8")
    added = stamps.fingerprint(corpus)
    assert added != before
    (corpus / "丙.txt").unlink()
    assert stamps.fingerprint(corpus) == before
    (corpus / "乙.txt").unlink()
    assert stamps.fingerprint(corpus) not in (before, added)


def test_renaming_a_file_changes_the_fingerprint(corpus):
    before = stamps.fingerprint(corpus)
    (corpus / "乙.txt").rename(corpus / "丁.txt")
    assert stamps.fingerprint(corpus) != before


def test_folders_inside_and_a_folder_that_is_not_there(corpus):
    before = stamps.fingerprint(corpus)
    (corpus / "sub").mkdir()
    assert stamps.fingerprint(corpus) == before
    assert stamps.fingerprint(corpus / "absent") == f"{corpus / 'absent'} is no folder\n"


def age(path):
    return path.stat().st_mtime_ns


@pytest.mark.parametrize("text", ["k: 8\n", "k: 8\r\nby: city\r\n", "一\r二\n", "", "\udcff名.txt\t3\n"])
def test_what_does_not_change_keeps_its_age(tmp_path, text):
    path = tmp_path / "deep" / "parameters.list"
    assert atomic.write_if_changed(path, text)
    os.utime(path, ns=(10**18, 10**18))
    assert not atomic.write_if_changed(path, text)
    assert age(path) == 10**18
    assert atomic.write_if_changed(path, text + "k: 9\n")
    assert age(path) > 10**18
    assert path.read_bytes() == (text + "k: 9\n").encode("utf-8", "surrogateescape")
    assert [p.name for p in path.parent.iterdir()] == ["parameters.list"]


def test_prune_removes_the_stamps_of_what_is_not_all_there(tmp_path):
    folder, made = tmp_path / "state", [tmp_path / "图 1.csv", tmp_path / "b.csv"]
    for path in made:
        path.write_text("x", encoding="utf-8")
    whole, part, none = folder / "runs" / "whole.done", folder / "runs" / "part.done", folder / "none.done"
    stamps.write_stamp(whole, made[:1])
    stamps.write_stamp(part, made)
    stamps.write_stamp(none, [])
    assert json.loads(part.read_text(encoding="utf-8")) == [[str(p), 1, age(p)] for p in made]
    stamps.prune(folder)
    assert whole.exists()
    assert part.exists()
    made[1].unlink()
    stamps.prune(folder)
    assert whole.exists()
    assert not part.exists()
    assert none.exists()


def test_a_folder_in_the_place_of_an_output_is_no_output(tmp_path):
    (tmp_path / "out").mkdir()
    stamps.write_stamp(tmp_path / "s" / "a.done", [tmp_path / "out"])
    stamps.prune(tmp_path / "s")
    assert not (tmp_path / "s" / "a.done").exists()


@pytest.mark.parametrize("content", [b"", b'["half', b"\xff\xfe"])
def test_a_stamp_that_cannot_be_read_goes(tmp_path, content):
    stamp = tmp_path / "a.done"
    stamp.write_bytes(content)
    stamps.prune(tmp_path)
    assert not stamp.exists()


def test_main_brings_the_state_up_to_date_and_then_leaves_it(tmp_path, corpus):
    parameters, folder = tmp_path / "p.yaml", tmp_path / "state"
    parameters.write_bytes(b"k: 8\r\n")  # as an editor on Windows leaves it
    stamps.main(folder, corpus, parameters)
    files = [folder / "corpus.list", folder / "parameters.list"]
    assert files[0].read_text(encoding="utf-8") == f"{corpus}\n{stamps.fingerprint(corpus)}"
    for path in files:
        os.utime(path, ns=(10**18, 10**18))
    stamps.main(folder, corpus, parameters)
    assert [age(p) for p in files] == [10**18, 10**18]
    parameters.write_bytes(b"k: 9\r\n")
    stamps.main(folder, corpus, parameters)
    assert age(files[0]) == 10**18
    assert age(files[1]) > 10**18
    (corpus / "乙.txt").unlink()
    stamps.main(folder, corpus, parameters)
    assert age(files[0]) > 10**18


def test_main_says_so_where_there_are_no_parameters(tmp_path, corpus):
    stamps.main(tmp_path / "s", corpus, tmp_path / "absent.yaml")
    assert (tmp_path / "s" / "parameters.list").read_text(
        encoding="utf-8"
    ) == f"{tmp_path / 'absent.yaml'} is not there"


@pytest.mark.parametrize("name", ["dictionary", "stopwords", "codebook"])
def test_a_list_beside_the_parameters_is_seen(tmp_path, name):
    """Counted from the file's folder, and not from where make runs."""
    (tmp_path / "我的 study").mkdir()
    words, parameters = tmp_path / "我的 study" / "words.txt", tmp_path / "我的 study" / "p.yaml"
    words.write_text("春苗课堂\n", encoding="utf-8")
    parameters.write_text(f"{name}: words.txt  # ours\n", encoding="utf-8")
    stamps.main(tmp_path / "s", tmp_path, parameters)
    before = (tmp_path / "s" / "parameters.list").read_text(encoding="utf-8")
    words.write_text("春苗课堂\n走出去\n", encoding="utf-8")
    stamps.main(tmp_path / "s", tmp_path, parameters)
    assert (tmp_path / "s" / "parameters.list").read_text(encoding="utf-8") != before


def test_it_runs_without_any_package(tmp_path, corpus):
    """It is called on every make: neither the environment's packages nor the time to load them are needed."""
    environment = {"PYTHONPATH": str(PROJECT / "lib")}
    command = [
        sys.executable,
        "-S",
        "-m",
        "crosscity.files.stamps",
        str(tmp_path / "s"),
        str(corpus),
        "params/default.yaml",
    ]
    done = subprocess.run(command, cwd=PROJECT, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "s" / "corpus.list").is_file()


@pytest.mark.parametrize("line", ["dictionary: {}", "dictionary : '{}'  # ours", 'stopwords: "{}"'])
def test_a_list_of_words_that_was_edited_is_seen(tmp_path, line):
    words, parameters = tmp_path / "my terms.tsv", tmp_path / "p.yaml"
    words.write_text("春苗课堂\n", encoding="utf-8")
    parameters.write_text(f"k: 8\n{line.format(words)}\nseed: 1\n", encoding="utf-8")
    stamps.main(tmp_path / "s", tmp_path, parameters)
    seen = tmp_path / "s" / "parameters.list"
    before = seen.read_text(encoding="utf-8")
    assert before.startswith(parameters.read_text(encoding="utf-8"))
    words.write_text("春苗课堂\n走出去\n", encoding="utf-8")
    stamps.main(tmp_path / "s", tmp_path, parameters)
    assert seen.read_text(encoding="utf-8") != before
    words.unlink()
    stamps.main(tmp_path / "s", tmp_path, parameters)
    assert seen.read_text(encoding="utf-8") == parameters.read_text(encoding="utf-8")
