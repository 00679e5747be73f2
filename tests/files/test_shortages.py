"""What a machine is short of is one line that says what to do, and never a traceback."""

import errno
import os
import subprocess
import sys

import pytest
from crosscity.files import shortages

from tests.conftest import PROJECT

TEXT = "会议强调，要推进乡村振兴战略，改善农村人居环境，扩大有效投资。"


def chained(error, cause):
    error.__cause__ = cause
    return error


class OfAnotherLibraryError(Exception):
    errno = errno.EMFILE


SHORT = {
    "memory": (MemoryError(), "there is not enough memory: make room in memory"),
    "memory, of an array": (MemoryError("Unable to allocate 22 GiB for an array"), "there is not enough memory: make"),
    "memory, in the words of C++": (RuntimeError("std::bad_alloc"), "there is not enough memory: make room"),
    "memory, while a library is loaded": (
        ImportError("libscipy_openblas.so: failed to map segment from shared object"),
        "there is not enough memory: make room",
    ),
    "memory, further down": (chained(ValueError("no table"), MemoryError()), "there is not enough memory: make room"),
    "memory, of the system": (OSError(errno.ENOMEM, "Cannot allocate memory"), "there is not enough memory: make room"),
    "processes": (BlockingIOError(errno.EAGAIN, "x"), "no further process can be started: let this user start more"),
    "threads": (RuntimeError("can't start new thread"), "no further process can be started: let this user start more"),
    "open files, of another library": (OfAnotherLibraryError("Too many open files"), "let this user open more files"),
    "a package": (ModuleNotFoundError("no", name="click"), "has no package click: install the lock by make"),
}


@pytest.mark.parametrize("case", SHORT)
def test_a_shortage_is_one_line(case):
    error, says = SHORT[case]
    line = shortages.describe_shortage(error)
    assert says in line
    assert "\n" not in line


def test_a_library_that_may_not_be_run_where_it_lies(monkeypatch):
    monkeypatch.setattr(shortages, "_is_noexec", lambda path: path == "/x/a.so")
    error = ImportError(["Original error ", "/x/a.so: failed to map segment from shared object"][1])
    assert shortages.describe_shortage(error) == (
        "/x/a.so may not be run where it lies: move the environment to a file system without noexec"
    )
    assert not shortages._is_noexec(__file__ + ".none")


@pytest.mark.parametrize("error", [ValueError("x"), KeyError("memory"), ModuleNotFoundError("x", name="crosscity.x")])
def test_what_is_no_shortage_is_left_as_it_is(error):
    assert shortages.describe_shortage(error) == ""


def test_the_file_that_was_worked_on_is_named():
    error = MemoryError()
    error.add_note("while working on corpus/合肥.txt")
    assert shortages.describe_shortage(error).startswith(
        "there is not enough memory while working on corpus/合肥.txt: make"
    )


@pytest.mark.parametrize(
    ("number", "says"),
    [
        (errno.ENOSPC, "make room there"),
        (errno.EROFS, "let this user write there"),
        (errno.EMFILE, "let this user open more files (ulimit -n 1024)"),
        (errno.ENOMEM, "make room in memory"),
        (errno.EAGAIN, "let this user start more processes"),
    ],
)
def test_an_error_of_the_system_says_what_to_do(number, says):
    assert f"here.csv: {says}" in shortages.describe_error(OSError(number, os.strerror(number), "here.csv"))


def test_no_folder_for_temporary_files():
    error = FileNotFoundError(errno.ENOENT, "No usable temporary directory found in ['/tmp']")
    assert shortages.describe_error(error).endswith("make /tmp writable, or name one: TMPDIR=folder")


@pytest.mark.parametrize(
    ("name", "words"), [("MemoryError", ""), ("ArrowMemoryError", "malloc of size 9"), ("_ArrayMemoryError", "Unable")]
)
def test_a_cell_that_was_short_of_memory(name, words):
    assert shortages.describe_failed_cell(name, words).startswith("there is not enough memory")
    assert shortages.describe_failed_cell("ValueError", "x") == ""


# For real, as far as a limit can be set.


def run(limits, *arguments, python=(), **variables):
    """The status and what was printed by the command line in a process with some limits."""
    command = (
        f"{limits}; exec {' '.join(map(repr, map(str, [sys.executable, *python, '-m', 'crosscity.cli', *arguments])))}"
    )
    environment = {**os.environ, "PYTHONPATH": str(PROJECT / "lib"), "OPENBLAS_NUM_THREADS": "1", **variables}
    done = subprocess.run(
        ["sh", "-c", command], env=environment, capture_output=True, encoding="utf-8", errors="replace", check=False
    )
    return done.returncode, done.stdout + done.stderr


@pytest.fixture
def corpus(tmp_path):
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "甲.txt").write_text(TEXT, encoding="utf-8")
    return tmp_path / "corpus"


@pytest.mark.skipif(sys.platform != "linux", reason="limits of addresses are Linux's")
@pytest.mark.parametrize(
    ("limits", "says"),
    [
        ("ulimit -v 300000", "error: there is not enough memory"),
        (
            "ulimit -v 300000",
            "note: this process may hold 307 MB of memory (ulimit -v), and a study takes 2,000",
        ),
        ("ulimit -n 8", "let this user open more files (ulimit -n 1024)"),
        ("ulimit -n 8", "note: this process may open 8 files (ulimit -n), and a study takes 256: raise the limit"),
        ("ulimit -f 1", "File too large: "),
    ],
)
def test_a_build_that_is_short_of_something(corpus, tmp_path, limits, says):
    status, said = run(limits, "build", corpus, "--out", tmp_path / "out", "--jobs", 1)
    assert status == 2, said
    assert says in said
    assert "Traceback" not in said
    assert not list((tmp_path / "out").glob("*.parquet")) if (tmp_path / "out").exists() else True


def test_open_files_that_one_may_have_are_taken(corpus, tmp_path):
    status, said = run("ulimit -Sn 8", "build", corpus, "--out", tmp_path / "out", "--jobs", 1)
    assert (status, "note: this process" in said) == (0, False), said


def test_a_python_without_packages_names_the_way_to_them():
    status, said = run("true", "version", python=("-S",))
    assert status == 2
    assert "has no package click: install the lock by make" in said
    assert said.count("\n") == 1


def test_no_process_can_be_started(corpus, tmp_path):
    for i in range(4):  # as much as several processes are worth
        (corpus / f"{i}.txt").write_text(f"{i}\n" + f"{TEXT}\n" * 3000, encoding="utf-8")
    code = (
        "import os, sys\n"
        "def fork(): raise BlockingIOError(11, 'Resource temporarily unavailable')\n"
        "os.fork = fork\n"
        f"sys.argv = ['crosscity', 'build', {str(corpus)!r}, '--out', {str(tmp_path / 'out')!r}, '--jobs', '2']\n"
        "from crosscity.cli import main\n"
        "main()\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(PROJECT / "lib"), "PYTHONUTF8": "1"}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 2, done.stderr
    assert done.stderr.startswith("error: no further process can be started: let this user start more processes")
    assert "Traceback" not in done.stderr
