"""The lock, the files that name it, and what the environment must not do."""

import json
import os
import re
import shutil
import subprocess

import pytest
import yaml

from tests.helpers import small_index


def _locked(project):
    text = (project / "requirements.lock").read_text(encoding="utf-8")
    return text, dict(re.findall(r"^([a-z0-9][a-z0-9._-]*)==([^ ;\\]+)", text, re.MULTILINE))


def test_environment_yml_leaves_packages_to_the_lock(project):
    """conda's pip would resolve, and takes no hashes beside the project: a second command installs the lock."""
    text = (project / "environment.yml").read_text(encoding="utf-8")
    assert yaml.safe_load(text)["dependencies"] == ["python=3.11", "pip", "make"]
    pyproject = (project / "pyproject.toml").read_text(encoding="utf-8")
    assert 'requires-python = ">=3.11' in pyproject
    command = "conda env create -f environment.yml && conda activate crosscity && make install PYTHON=python"
    assert f"#   {command}\n" in text
    assert f"\n{command} " in (project / "README.md").read_text(encoding="utf-8")


def test_lock_holds_every_dependency_with_hashes_and_no_address(project):
    text, locked = _locked(project)
    assert not re.search(r"https?://|--(?:extra-)?index-url|--find-links", text)
    pyproject = (project / "pyproject.toml").read_text(encoding="utf-8")
    asked = re.findall(r'"([A-Za-z0-9_.-]+)(?:\[[a-z]+\])?[<>=]=?[^"]*"', pyproject.split("[project.scripts]")[0])
    names = {a.lower().replace("_", "-") for a in asked} - {"crosscity"}
    assert {"jupyterlab", "pandas", "jieba", "matplotlib", "seaborn", "scikit-learn", "papermill", "nbval"} <= names
    # Second opinions on topics are compiled packages, which not every Python that the lock serves has ready-made.
    assert names - set(locked) == {"gensim", "tomotopy"}
    blocks = re.split(r"\n(?=[a-z0-9])", text.strip())
    assert all("--hash=sha256:" in block for block in blocks), [b[:40] for b in blocks if "--hash" not in b]


def test_lock_holds_what_jieba_is_built_with(project):
    _, locked = _locked(project)
    assert "setuptools" in locked
    assert "--no-build-isolation" in (project / "tools" / "environment.py").read_text(encoding="utf-8")


def test_makefile_keeps_to_the_project(project):
    text = (project / "Makefile").read_text(encoding="utf-8")
    for name in ("JUPYTER_PREFER_ENV_PATH", "IPYTHONDIR", "MPLCONFIGDIR", "JUPYTER_RUNTIME_DIR", "JUPYTER_CONFIG_DIR"):
        assert f"export {name} :=" in text


def test_ci_runs_the_readme_commands(project):
    script = (project / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    readme = (project / "README.md").read_text(encoding="utf-8")
    for command in ("make", "make test"):
        assert command in script
        assert re.search(rf"^{command}\b", readme, re.MULTILINE), command


# It is looked at by every make, and made anew beside the former one


class Suite:
    """A project with a Makefile and a lock, and a stand-in for uv that installs it."""

    def __init__(self, project, folder):
        self.at = folder
        _, sums = small_index.build(folder / "index")
        self.lock = small_index.lock(sums, *small_index.locked())
        small_index.project(folder, self.lock)
        shutil.copy(project / "Makefile", folder)
        for name in ("lib", "tools"):
            (folder / name).symlink_to(project / name)
        self.settings = small_index.stand_in(folder)

    def make(self, *more, **settings):
        done = subprocess.run(
            ["make", *(more or [".venv/.ready"])], cwd=self.at, env=self.settings | settings, capture_output=True,
            text=True, check=False,
        )  # fmt: skip
        return done.returncode, done.stdout, done.stderr

    def python(self, what="import beta; print(beta.version)"):
        return subprocess.check_output([self.at / ".venv" / "bin" / "python", "-I", "-c", what], text=True).strip()

    def environments(self):
        return sorted(path.name for path in (self.at / ".make" / "environment").iterdir() if path.name.isdigit())


@pytest.fixture
def suite(tmp_path, project):
    suite = Suite(project, tmp_path / "a_suite")
    status, said, error = suite.make()
    assert (status, error) == (0, "")
    assert said.splitlines()[0].startswith("environment: there is none yet: installing requirements.lock for Python 3.")
    assert said.splitlines()[1] == "environment: 3 packages, each as locked, installed by uv: .venv"
    return suite


def test_what_is_as_locked_is_left(suite):
    os.utime(suite.at / "requirements.lock")
    assert suite.make(NOTHING_ANSWERS="1") == (0, "", "")
    assert suite.environments() == ["1"]


def test_a_new_lock_takes_the_place_of_the_former_once_it_is_installed(suite):
    (suite.at / "requirements.lock").write_text("# a change\n" + suite.lock, encoding="utf-8")
    status, said, error = suite.make(NOTHING_ANSWERS="1", PIP_NO_INDEX="1", PIP_CONFIG_FILE=os.devnull)
    assert status == 2
    assert said.startswith("environment: requirements.lock has changed: installing requirements.lock ")
    assert "environment: uv failed: dns error; no index of packages answers: connect to a network" in error
    assert error.partition("\nmake")[0].endswith("; the former environment is as it was")
    assert (suite.environments(), suite.python()) == (["1"], "1.0")
    status, _, error = suite.make()
    assert (status, error) == (0, "")
    assert (suite.environments(), suite.python()) == (["2"], "1.0")
    assert suite.make() == (0, "", "")


def _without_mark(suite):
    (suite.at / ".venv" / ".ready").unlink()


def _half_a_mark(suite):
    (suite.at / ".venv" / ".ready").write_text("{}")


def _without_link(suite):
    (suite.at / ".venv").unlink()


def _without_target(suite):
    shutil.rmtree(suite.at / ".make")


def _without_interpreter(suite):
    python = suite.at / ".venv" / "bin" / "python"
    for name in python.parent.glob("python*"):
        name.unlink()
        name.symlink_to(suite.at / "nowhere")


def _without_module(suite):
    suite.python("import beta, os; os.unlink(beta.__file__)")


def _other_version(suite):
    suite.python("import beta, os; os.chdir(os.path.dirname(beta.__file__)); os.rename('beta-1.0.dist-info', 'b')")


def _moved(suite):
    suite.at = suite.at.rename(suite.at.with_name("moved"))


def _other_python(suite):
    mark = suite.at / ".venv" / ".ready"
    mark.write_text(json.dumps(json.loads(mark.read_text()) | {"python": "cpython-310"}))


def _of_a_former_version(suite):
    """Before it was a link, it was a folder with an empty mark."""
    there = (suite.at / ".venv").resolve()
    (suite.at / ".venv").unlink()
    there.rename(suite.at / ".venv")
    (suite.at / ".venv" / ".ready").write_text("")


@pytest.mark.parametrize(
    ("harm", "says"),
    [
        (_without_mark, "the one in .venv is incomplete"),
        (_half_a_mark, "the one in .venv is incomplete"),
        (_without_link, "there is none yet"),
        (_without_target, "the one in .venv is incomplete"),
        (_without_interpreter, "the Python that it was made with does not start any more"),
        (_without_module, "beta.py is missing from the one in .venv"),
        (_other_version, "beta-1.0.dist-info is missing from the one in .venv"),
        (_moved, "this folder was moved or copied since it was made"),
        (_other_python, "the Python that it was made with is another version now"),
        (_of_a_former_version, "the one in .venv is incomplete"),
    ],
)
def test_what_is_broken_is_said_and_made_again(project, suite, harm, says):
    harm(suite)
    if harm is _moved:
        shutil.rmtree(suite.at / "bin")
        suite.settings = small_index.stand_in(suite.at)
    status, said, error = suite.make()
    assert (status, error) == (0, "")
    assert said.startswith(f"environment: {says}: installing requirements.lock ")
    assert suite.python() == "1.0"
    assert (suite.at / ".venv").is_symlink()
    assert len(suite.environments()) == 1
    assert suite.make() == (0, "", "")


def test_a_folder_that_was_moved_takes_its_link_along(suite):
    _moved(suite)
    assert (suite.at / ".venv").resolve().is_relative_to(suite.at.resolve())


def test_clean_leaves_the_environment(suite):
    (suite.at / ".make" / "123").mkdir()
    assert suite.make("clean")[0] == 0
    assert [path.name for path in (suite.at / ".make").iterdir()] == ["environment"]
    assert suite.make() == (0, "", "")


def test_without_a_python_that_is_new_enough_it_says_so(suite):
    shutil.rmtree(suite.at / ".make")
    status, said, error = suite.make(".venv/.ready", "PYTHONS=no-python")
    assert (status, said) == (2, "")
    assert error.startswith("error: no Python 3.11 or newer is on the PATH: install one")


def test_install_wants_the_name_of_an_environment(suite):
    status, _, error = suite.make("install")
    assert status == 2
    assert error.startswith("error: name your environment's Python: make install PYTHON=python\n")
