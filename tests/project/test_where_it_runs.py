"""Consoles that are not UTF-8, a suite that is someone else's, a umask for oneself alone, and no home."""

import os
import shutil
import subprocess
import sys

import pytest

from tests.conftest import PROJECT

TEXT = "会议强调，要推进乡村振兴战略，改善农村人居环境，扩大有效投资。"
NOBODY = 65534


@pytest.fixture
def corpus(tmp_path):
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "𬭊元素·한국報告2025.txt").write_text(TEXT, encoding="utf-8")
    (folder / "临海2025.txt").write_text(f"临海市2025年政府工作报告\n{TEXT}", encoding="utf-8")
    return folder


def run(*arguments, without=(), **variables):
    """What a process of this Python printed, as bytes, and its status."""
    environment = {k: v for k, v in os.environ.items() if k not in {"PYTHONUTF8", "PYTHONIOENCODING", *without}}
    environment |= {"PYTHONPATH": str(PROJECT / "lib"), **variables}
    done = subprocess.run(
        [sys.executable, *map(str, arguments)], env=environment, stdout=-1, stderr=subprocess.STDOUT, check=False
    )
    return done.stdout, done.returncode


@pytest.mark.parametrize("encoding", ["gbk", "gb18030", "cp1252", "big5", "utf-8"])
def test_a_console_of_any_encoding_shows_what_it_can(corpus, encoding):
    said, status = run("-m", "crosscity.cli", "check", corpus, PYTHONIOENCODING=encoding, PYTHONUTF8="1")
    assert status == 0, said
    text = said.decode(encoding)
    assert "Traceback" not in text
    assert ("한국" if encoding in ("utf-8", "gb18030") else "\\ud55c\\uad6d") in text


def test_a_study_at_a_prompt_is_printed_on_a_console_that_lacks_its_characters(corpus, tmp_path):
    assert run("-m", "crosscity.cli", "build", corpus, "--out", tmp_path / "out")[1] == 0
    code = f"from crosscity import open_study; s = open_study({str(tmp_path / 'out')!r}); print(s); print(s.corpus)"
    said, status = run("-c", code, PYTHONIOENCODING="gbk")
    assert status == 0, said.decode("gbk", "replace")
    assert "\\ud55c\\uad6d" in said.decode("gbk")


def test_a_umask_for_oneself_alone(corpus, tmp_path):
    code = (
        "import os, sys; os.umask(0o077); from crosscity.cli import app; "
        f"app(['build', {str(corpus)!r}, '--out', {str(tmp_path / 'out')!r}], standalone_mode=False)"
    )
    for _ in range(2):  # the second one reads what the first wrote
        assert run("-c", code, PYTHONUTF8="1")[1] == 0
    assert (tmp_path / "out" / "corpus.parquet").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("home", [None, "/nonexistent", ""])
def test_no_home_is_needed(corpus, tmp_path, home):
    variables = {} if home is None else {"HOME": home}
    without = ("HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "MPLCONFIGDIR", "IPYTHONDIR")
    build = ("-m", "crosscity.cli", "build", corpus, "--out", tmp_path / "out")
    assert run(*build, without=without, **variables)[1] == 0
    code = f"from crosscity import open_study; s = open_study({str(tmp_path / 'out')!r}); print(len(s.corpus))"
    said, status = run("-c", code, without=without, **variables)
    assert (said.split()[-1:], status) == ([b"2"], 0), said


@pytest.mark.parametrize("target", ["all", "tables", "environment", "scan", "lab"])
def test_a_suite_of_another_user_says_what_to_do(tmp_path, target):
    suite = tmp_path / "suite"
    suite.mkdir()
    shutil.copy(PROJECT / "Makefile", suite)
    for folder in (suite, *suite.parents):
        if folder.is_relative_to(tmp_path.parent.parent):
            folder.chmod(0o755)
    suite.chmod(0o555)
    someone = {"user": NOBODY, "group": NOBODY, "extra_groups": []} if os.getuid() == 0 else {}
    command = ["make", "OUT=/tmp/somewhere else", target]
    done = subprocess.run(command, cwd=suite, capture_output=True, text=True, check=False, **someone)
    assert done.returncode == 2
    (message,) = [line for line in done.stderr.splitlines() if line.startswith("error:")]
    assert "is not yours to write in" in message
    assert "copy the suite into a folder of your own" in message


@pytest.fixture
def suite(tmp_path):
    """A folder with the suite's Makefile and library, and no environment."""
    folder = tmp_path / "a suite"
    folder.mkdir()
    shutil.copy(PROJECT / "Makefile", folder)
    (folder / "lib").symlink_to(PROJECT / "lib")
    return folder


def make(suite, *arguments):
    done = subprocess.run(["make", *arguments], cwd=suite, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def named(folder, *flags):
    """A Python whose path has a blank."""
    python = folder / "my python" / f"python{''.join(flags)}"
    python.parent.mkdir(exist_ok=True)
    python.write_text(f'#!/bin/sh\nexec "{sys.executable}" {" ".join(flags)} "$@"\n', encoding="utf-8")
    python.chmod(0o755)
    return f"PYTHON={python}"


def test_a_python_whose_path_has_a_blank(suite):
    (suite / "corpus").mkdir()
    (suite / "corpus" / "甲.txt").write_text(TEXT, encoding="utf-8")
    (suite / "p.yaml").write_text("k: 3\n", encoding="utf-8")
    status, said = make(suite, "tables", "CORPUS=corpus", "PARAMS=p.yaml", "OUT=out", named(suite))
    assert status == 0, said
    assert (suite / "out" / "processed" / "corpus.parquet").is_file()
    assert make(suite, "clean", "PYTHONS=none", named(suite))[0] == 0


@pytest.mark.parametrize(
    ("target", "package"),
    [("tables", "click"), ("lint", "ruff"), ("coverage", "pytest_cov")],
)
def test_a_python_that_lacks_a_package_names_it(suite, target, package):
    status, said = make(suite, target, named(suite, "-S"))
    assert status == 2
    (message,) = [line for line in said.splitlines() if line.startswith("error:")]
    assert f"has no package {package}: install the lock by make" in message
    assert "Traceback" not in said


@pytest.mark.parametrize("python", ["no-python", "/bin/false"])
@pytest.mark.parametrize("target", ["all", "tables", "install", "coverage", "lint"])
def test_a_python_that_does_not_start_is_said(suite, target, python):
    status, said = make(suite, target, f"PYTHON={python}")
    assert status == 2
    assert said.startswith(f"error: PYTHON={python} does not start: name a Python that does")


def test_coverage_begins_with_the_environment(suite):
    status, said = make(suite, "coverage", "PYTHONS=no-python")
    assert status == 2
    assert "error: no Python 3.11 or newer is on the PATH" in said
    assert "No such file" not in said


def test_oldest_without_uv_says_so(suite, tmp_path):
    tools = tmp_path / "tools"
    tools.mkdir()
    for tool in ("make", "sh", "mkdir", "printf", "cksum", "cut", "awk"):
        (tools / tool).symlink_to(shutil.which(tool))
    done = subprocess.run(
        [tools / "make", "oldest"], cwd=suite, env={"PATH": str(tools)}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "error: make oldest calls uv, which is not on the PATH" in done.stderr
