"""The container, Binder and the workflow: they call what the README has, and bring all that it needs."""

import fnmatch
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest
import yaml

from tests.conftest import PROJECT

DOCKERFILE, DEFINITION = PROJECT / "container/Dockerfile", PROJECT / "container/crosscity.def"
WORKFLOW = PROJECT / ".github/workflows/ci.yml"
BINDER = PROJECT / "binder"
README = (PROJECT / "README.md").read_text(encoding="utf-8")
FILES = (DOCKERFILE, DOCKERFILE.with_name("Dockerfile.dockerignore"), DEFINITION, WORKFLOW, *sorted(BINDER.iterdir()))
APT = "apt-get update && apt-get install -y --no-install-recommends make && rm -rf /var/lib/apt/lists/*"


def instructions():
    """Instructions of the Dockerfile: (word, rest)."""
    lines = [line for line in DOCKERFILE.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    return [tuple(line.split(" ", 1)) for line in lines]


def section(name):
    """Lines of a section of the Apptainer definition."""
    text = DEFINITION.read_text(encoding="utf-8")
    part = re.search(rf"^%{name}\n(.*?)(?=^%|\Z)", text, re.MULTILINE | re.DOTALL)[1]
    return [line.strip() for line in part.splitlines() if line.strip()]


def post_build():
    lines = (BINDER / "postBuild").read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith(("#", "set "))]


def make_commands():
    """Every call of make that a container or Binder runs, as words."""
    runs = [rest for word, rest in instructions() if word == "RUN"]
    runs += [" ".join(json.loads(rest)) for word, rest in instructions() if word == "CMD"]
    runs += [*section("post"), *section("runscript"), *post_build()]
    return [line.removeprefix("exec ").split() for line in runs if line.removeprefix("exec ").startswith("make ")]


def test_steps_install_make_and_call_what_the_readme_has():
    runs = [rest for word, rest in instructions() if word == "RUN"]
    assert runs == [APT, "make install PYTHON=python"]
    assert section("post") == [APT, "cd /crosscity", "make install PYTHON=python"]
    assert post_build() == ["make install PYTHON=python", "make tables PYTHON=python"]
    targets = re.findall(r"^([a-z-]+):.*## ", (PROJECT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert len(make_commands()) == 6
    for command in make_commands():
        words = [w for w in command[1:] if "=" not in w and w != '"$@"']
        assert set(words) <= set(targets), command
        assert {w.partition("=")[0] for w in command if "=" in w} <= {"PYTHON", "OUT"}
    assert "make install PYTHON=python" in README
    assert "make PYTHON=python" in README


def test_bases_are_plain_names_of_a_python_that_the_lock_serves():
    names = [rest for word, rest in instructions() if word == "FROM"]
    text = DEFINITION.read_text(encoding="utf-8")
    names += re.findall("^From: (.*)$", text, re.MULTILINE)
    assert names == ["python:3.11-slim"] * 2
    conda = yaml.safe_load((BINDER / "environment.yml").read_text(encoding="utf-8"))
    assert conda == yaml.safe_load((PROJECT / "environment.yml").read_text(encoding="utf-8"))
    assert os.access(BINDER / "postBuild", os.X_OK)
    for path in FILES:
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"https?://|index-url|extra-index|trusted-host|/(?:home|root|tmp|work|opt)/", text), path


def is_ignored(name):
    """Whether .dockerignore keeps a file out; the last line that fits decides."""
    lines = DOCKERFILE.with_name("Dockerfile.dockerignore").read_text(encoding="utf-8").splitlines()
    found = False
    for line in lines:
        pattern = line.lstrip("!").removeprefix("**/")
        names = [name, *(name.split("/", i)[-1] for i in range(1, name.count("/") + 1))] if "**/" in line else [name]
        if (
            line
            and not line.startswith("#")
            and any(fnmatch.fnmatch(n, pattern) or fnmatch.fnmatch(n, f"{pattern}/*") for n in names)
        ):
            found = not line.startswith("!")
    return found


def test_what_was_made_here_stays_out_of_an_image():
    made = [
        "data/processed/tokens.parquet",
        "data/processed/.crosscity-cache/a.npy",
        ".venv/bin/python",
        "results/a.png",
    ]
    made += [
        "lib/crosscity/__pycache__/cli.cpython-311.pyc",
        "lib/crosscity.egg-info/PKG-INFO",
        ".make/1/tables.done",
        "reports/a.png",
    ]
    assert [name for name in made if not is_ignored(name)] == []
    for name in (
        "data/processed/README.md",
        "data/raw/合肥.txt",
        "Makefile",
        "lib/crosscity/cli.py",
        "params/default.yaml",
    ):
        assert not is_ignored(name), name


def brought_by_docker():
    """What COPY brings into the image: all of the checkout but for what .dockerignore names."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=PROJECT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("no git here")
    return [n for n in listed.stdout.split("\0") if n and not is_ignored(n)]


def brought_by_apptainer():
    for line in section("files"):
        source, target = line.split()
        assert target == f"/crosscity/{source}"
        path = PROJECT / source
        yield from [source] if path.is_file() else (p.relative_to(PROJECT).as_posix() for p in path.rglob("*.*"))


@pytest.mark.parametrize("brought", [brought_by_docker, brought_by_apptainer])
def test_an_image_has_all_that_its_steps_need(brought, tmp_path):
    """In a fresh folder with what is brought: the steps are known to make, and the library builds tables."""
    assert ("COPY", ". .") in instructions()
    for name in brought():
        if Path(name).parts[0] not in ("tests", "docs", "bench") and "__pycache__" not in name:
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(PROJECT / name, tmp_path / name)
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("MAKE", "MFLAGS", "PYTHON"))}

    def run(*command):
        settings = {"cwd": tmp_path, "env": environment, "capture_output": True, "text": True, "timeout": 600}
        return subprocess.run(command, check=False, **settings)

    done = run("make", "-n", "install", f"PYTHON={sys.executable}")
    assert done.returncode == 0, done.stderr
    assert "tools/environment.py here" in done.stdout
    # What the installer reads before it asks for packages: the lock, and the project's own description.
    code = "import sys; sys.path.insert(0, 'tools'); import environment, pathlib; r = pathlib.Path(); "
    done = run(sys.executable, "-c", f"{code}print(len(environment.locked(r)), environment.audit(r, False)[0])")
    assert done.returncode == 0, done.stderr
    assert int(done.stdout.split()[0]) > 100
    assert "crosscity: not installed" not in done.stdout
    for name in ("README.md", "LICENSE"):
        assert (tmp_path / name).is_file(), "pyproject.toml names it"
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "合肥.txt").write_text("合肥市去年修路2公里。", encoding="utf-8")
    code = "import sys; sys.path.insert(0, 'lib'); from crosscity.cli import main; main()"
    done = run(sys.executable, "-X", "utf8", "-c", code, "build", "corpus", "--out", "processed")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "processed/quantities.parquet").is_file()


def test_the_workflow_runs_ci_and_nothing_else():
    workflow = yaml.safe_load(WORKFLOW.read_text(encoding="utf-8"))
    workflow["on"] = workflow.pop(True)  # YAML 1.1 takes `on` for a boolean
    assert set(workflow) == {"name", "on", "permissions", "jobs"}
    assert set(workflow["on"]) == {"push", "pull_request"}
    assert workflow["permissions"] == {"contents": "read"}
    (job,) = workflow["jobs"].values()
    assert set(job) == {"runs-on", "timeout-minutes", "steps"}
    assert [step.get("run") for step in job["steps"] if "run" in step] == ["bash .ci/run"]
    uses = [step["uses"] for step in job["steps"] if "uses" in step]
    assert all(re.fullmatch(r"actions/[a-z-]+@v[0-9]+", name) for name in uses)
    assert all(len({"uses", "run"} & set(step)) == 1 for step in job["steps"])
    assert (PROJECT / ".ci/run").is_file()


def test_the_workflow_is_valid_by_the_published_schema():
    found = importlib.util.find_spec("check_jsonschema")
    if not found:
        pytest.skip("check-jsonschema, which has the schema of GitHub's workflows, is not installed")
    schema = Path(found.origin).parent / "builtin_schemas/vendor/github-workflows.json"
    workflow = yaml.safe_load(WORKFLOW.read_text(encoding="utf-8"))
    workflow["on"] = workflow.pop(True)
    jsonschema.validate(workflow, json.loads(schema.read_text(encoding="utf-8")))
