"""The lock installs in a year as it does now: against an index that has newer versions of what it names.

The index is invented and lies in a folder (small_index.py); the installer is the one that make calls. Each pip is tried
in an environment of its own: the one that this Python brings, the oldest that Python 3.11 came with, the newest.
"""

import json
import os
import shutil
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

from tests.conftest import PROJECT
from tests.helpers import small_index

TOOL = PROJECT / "tools" / "environment.py"
OLDEST = "22.3" if sys.version_info < (3, 12) else "23.2.1"  # of Python 3.11.0, and of 3.12.0, where the former fails
BASE = getattr(sys, "_base_executable", "") or sys.executable
PIPS = ["brought", OLDEST, "newest"]
THERE = "import importlib.metadata as m, json; print(json.dumps({d.name: d.version for d in m.distributions()}))"


def bare(home, **more):
    """The environment without what this machine sets for pip and uv."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PIP_", "UV_", "PYTHON", "VIRTUAL_ENV", "XDG_"))}
    return kept | {"HOME": str(home), "PIP_CONFIG_FILE": os.devnull, "UV_NO_CONFIG": "1"} | more


def called(*command, **more):
    return subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False, **more)


@pytest.fixture(scope="module")
def index(tmp_path_factory):
    """Its address, and the checksums of what it has."""
    return small_index.build(tmp_path_factory.mktemp("an index"))


@pytest.fixture(scope="module")
def pip(tmp_path_factory):
    """A function: a pip as a wheel, by its version; skips where there is no network to fetch it from."""
    folder, known = tmp_path_factory.mktemp("pips"), {}

    def fetch(which):
        said = called(BASE, "-c", WHEELS).stdout
        brought = [wheel for at in json.loads(said or "[]") for wheel in Path(at).glob("pip-*.whl")]
        if which == "brought" or not brought:
            return brought[-1] if brought else None
        into = folder / which
        asked = "pip" if which == "newest" else f"pip=={which}"
        command = ["download", "--quiet", "--no-deps", "--retries", "0", "--timeout", "15", "--dest", into, asked]
        called(BASE, brought[-1] / "pip", *command, env={k: v for k, v in os.environ.items() if k != "PYTHONPATH"})
        return next(into.glob("pip-*.whl"), None) if into.is_dir() else None

    def get(which):
        if which not in known:
            known[which] = fetch(which)
        if not known[which]:
            pytest.skip(f"pip {which} cannot be had here: no index of packages answers, or this Python brings none")
        return known[which]

    return get


WHEELS = """
import ensurepip, json, os
folder = os.path.join(os.path.dirname(ensurepip.__file__), "_bundled")
print(json.dumps([folder, str(getattr(ensurepip, "_WHEEL_PKG_DIR", None) or folder)]))
"""


@pytest.fixture
def suite(tmp_path, index):
    """A project with the lock."""
    return small_index.project(tmp_path / "a suite", small_index.lock(index[1], *small_index.locked()))


def environment(folder, wheel):
    """An environment with that pip and nothing else; its Python."""
    python = folder / "own" / "bin" / "python"
    assert called(BASE, "-m", "venv", "--without-pip", folder / "own", env=bare(folder)).returncode == 0
    done = called(python, "-I", wheel / "pip", "install", "--quiet", "--no-index", wheel, env=bare(folder))
    assert done.returncode == 0, done.stderr
    return python


@pytest.fixture(scope="module")
def first(tmp_path_factory, pip):
    return environment(tmp_path_factory.mktemp("first"), pip("brought"))


@pytest.fixture
def python(tmp_path, first):
    """The Python of an environment with the pip that this Python brings."""
    shutil.copytree(first.parents[1], tmp_path / "own", symlinks=True)
    return tmp_path / "own" / "bin" / "python"


def held(python):
    return json.loads(called(python, "-I", "-c", THERE).stdout)


def install(python, what, suite, index, *more, tool=TOOL, **settings):
    settings = bare(suite.parent, PIP_INDEX_URL=index[0], UV_DEFAULT_INDEX=index[0], **settings)
    done = called(python, tool, what, "--project", suite, *more, env=settings, cwd=suite.parent)
    log = suite / ".make" / "environment" / "install.log"
    return done.returncode, done.stdout + done.stderr, log.read_text(encoding="utf-8")


AS_LOCKED = {"alpha": "1.0", "beta": "1.0", "suite": "0.1", "packaging": version("packaging")}


@pytest.mark.parametrize("by", ["pip", "uv"])
def test_make_installs_what_was_locked(suite, index, pip, by):
    if by == "uv" and not shutil.which("uv"):
        pytest.skip("uv is not on the PATH")
    if by == "pip":
        pip("brought")
    status, said, log = install(BASE, "new", suite, index, "--by", by)
    assert status == 0, said + log
    assert all(" --no-deps " in line for line in log.splitlines() if " install " in line)
    assert said.endswith(f"environment: 3 packages, each as locked, installed by {by}: .venv\n")
    there = held(suite / ".venv" / "bin" / "python")
    assert {k: v for k, v in there.items() if k not in ("pip", "setuptools")} == AS_LOCKED
    assert (suite / ".venv").resolve().parent == suite.resolve() / ".make" / "environment"


@pytest.mark.parametrize("which", PIPS)
def test_every_pip_installs_what_was_locked(tmp_path, suite, index, pip, which):
    wheel = pip(which)
    python = environment(tmp_path, wheel)
    status, said, log = install(python, "here", suite, index)
    assert status == 0, said + log
    assert all(" --no-deps " in line for line in log.splitlines() if line.startswith("$ "))
    assert held(python) == AS_LOCKED | {"pip": wheel.name.split("-")[1]}


def test_where_dependencies_are_looked_for_the_lock_does_not_install(tmp_path, suite, index, pip):
    """What this file is for: without the flag, pip takes the newest for an extra, and refuses it; not since 24."""
    wheel = pip("brought")
    if int(wheel.name.split("-")[1].split(".")[0]) > 23:
        wheel = pip(OLDEST)
    text = TOOL.read_text(encoding="utf-8")
    assert text.count('"--no-deps", ') == 1
    changed = tmp_path / "changed.py"
    changed.write_text(text.replace('"--no-deps", ', ""), encoding="utf-8")
    status, said, log = install(environment(tmp_path, wheel), "here", suite, index, tool=changed)
    assert status == 1
    assert "In --require-hashes mode, all requirements must have their versions pinned with ==" in log
    last = said.splitlines()[-1]
    assert last.startswith("error: pip failed: In --require-hashes mode, ")
    assert ": alpha[toml]>=1.0 from " in last


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        (("beta==1.0",), "beta: needs alpha>=1.0, which the lock does not have"),
        (("alpha==1.0", "beta==1.1"), "beta: needs alpha>=1.1, installed is 1.0"),
        (("alpha==1.1", "beta==1.0"), "alpha: needs gamma, which the lock does not have"),
        (("alpha==1.0",), "suite: needs beta>=1, which the lock does not have"),
    ],
)
def test_a_lock_that_is_not_complete_is_told(suite, index, python, lines, says):
    packaging = small_index.locked()[-1]
    (suite / "requirements.lock").write_text(small_index.lock(index[1], *lines, packaging), encoding="utf-8")
    status, said, _ = install(python, "here", suite, index)
    assert (status, said.splitlines()[-1]) == (1, f"error: what was installed is not what was locked: {says}")


def test_what_is_there_is_held_against_the_lock(tmp_path, suite, index, python):
    assert install(python, "here", suite, index)[0] == 0

    def audit(*more):
        done = called(python, "-I", TOOL, "audit", "--project", suite, *more)
        return json.loads(done.stdout)["problems"]

    assert audit("--alone") == []
    newer = ["--no-deps", "alpha==1.1", "gamma==2.0"]
    settings = bare(tmp_path, PIP_INDEX_URL=index[0])
    assert called(python, "-I", "-m", "pip", "install", *newer, env=settings).returncode == 0
    assert audit() == ["alpha: the lock has ==1.0, installed is 1.1"]
    more = "gamma: installed is 2.0, the lock does not have it"
    assert audit("--alone") == ["alpha: the lock has ==1.0, installed is 1.1", more]
    assert called(python, "-I", "-m", "pip", "uninstall", "--yes", "alpha", "suite", env=settings).returncode == 0
    absent = "beta: needs alpha>=1.0, which the lock does not have"
    assert audit() == ["alpha: the lock has ==1.0, installed is none", "suite: not installed", absent]


def test_another_file_than_was_locked_is_refused(suite, index, python):
    lock = suite / "requirements.lock"
    right = index[1]["alpha-1.0-py3-none-any.whl"]
    lock.write_text(lock.read_text(encoding="utf-8").replace(right, "0" * 64), encoding="utf-8")
    status, said, _ = install(python, "here", suite, index)
    assert status == 1
    assert "; the index gave other files than were locked: use another index. Its output is in " in said


def test_without_an_index_one_line_says_what_to_do(suite, index, python):
    nobody = ("http://127.0.0.1:9/simple", index[1])
    status, said, _ = install(python, "here", suite, nobody, PIP_RETRIES="0")
    assert status == 1
    last = said.splitlines()[-1]
    assert "; no index of packages answers: connect to a network or name another index, then do the same again" in last


def test_no_other_python_than_an_environments_is_written_to(suite, index):
    if (Path(sys.base_prefix) / "conda-meta").is_dir():
        pytest.skip("this Python is of an environment of conda's")
    done = called(BASE, TOOL, "here", "--project", suite, env=bare(suite.parent))
    assert done.returncode == 1
    assert "is no environment's Python: activate the environment first" in done.stderr
