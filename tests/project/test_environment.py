"""The lock, the files that name it, and what the environment must not do."""

import re

import yaml


def _locked(project):
    text = (project / "requirements.lock").read_text(encoding="utf-8")
    return text, dict(re.findall(r"^([a-z0-9][a-z0-9._-]*)==([^ ;\\]+)", text, re.MULTILINE))


def test_environment_yml_installs_the_lock_and_its_python(project):
    environment = yaml.safe_load((project / "environment.yml").read_text(encoding="utf-8"))
    conda = [d for d in environment["dependencies"] if isinstance(d, str)]
    pip = next(d["pip"] for d in environment["dependencies"] if isinstance(d, dict))
    assert pip == ["-r requirements.lock"]
    assert "python=3.11" in conda
    pyproject = (project / "pyproject.toml").read_text(encoding="utf-8")
    assert 'requires-python = ">=3.11' in pyproject


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
    assert "--no-build-isolation" in (project / "Makefile").read_text(encoding="utf-8")


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
