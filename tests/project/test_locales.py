"""Every door of the suite works in UTF-8, whatever the locale says and the console shows."""

import os
import shutil
import subprocess
import sys

import pytest

from tests.conftest import PROJECT

CHARMAPS = {"zh_CN": "GB18030", "en_US": "ISO-8859-1"}
CLI = [sys.executable, "-m", "crosscity.cli"]


@pytest.fixture(scope="module")
def locales(tmp_path_factory):
    """Settings of the environment by locale; without localedef those that every system has."""
    folder = tmp_path_factory.mktemp("locales")
    known = {"C without UTF-8": {"LC_ALL": "C", "PYTHONUTF8": "0"}, "C": {"LC_ALL": "C"}, "POSIX": {"LC_ALL": "POSIX"}}
    known["a console of ASCII"] = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii"}
    for language, charmap in CHARMAPS.items():
        name = f"{language}.{charmap}"
        made = ["localedef", "-f", charmap, "-i", language, folder / name]
        if shutil.which("localedef") and subprocess.run(made, capture_output=True, check=False).returncode == 0:
            known[name] = {"LC_ALL": name, "LOCPATH": str(folder)}
    return known


def called(settings, *command, **more):
    """What a command prints and its status, without what the tests' own process was started with."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("LC_", "LANG", "PYTHONUTF8", "PYTHONIO"))}
    environment = {**kept, "PYTHONPATH": str(PROJECT / "lib"), **settings}
    done = subprocess.run(command, env=environment, capture_output=True, check=False, **more)
    return done.returncode, (done.stdout + done.stderr).decode("utf-8", "backslashreplace")


def test_names_arguments_and_status_are_the_same_in_every_locale(locales, tmp_path):
    (tmp_path / "语料 1").mkdir()
    (tmp_path / "语料 1" / "合肥市2024年工作报告.txt").write_text(
        "合肥市建成党群服务中心12个。\n" * 9, encoding="utf-8"
    )
    calls = (["check", "语料 1"], ["build", "没有的文件夹", "--out", "x"], ["version"])
    expected = [called({"PYTHONUTF8": "1"}, *CLI, *call, cwd=tmp_path) for call in calls]
    assert [status for status, _ in expected] == [0, 2, 0]
    assert "没有的文件夹 is not a folder" in expected[1][1]
    for name, settings in locales.items():
        found = [called(settings, *CLI, *call, cwd=tmp_path) for call in calls]
        # A console that is said to be ASCII gets numbers for what it cannot show, and no error.
        if name != "a console of ASCII":
            assert found == expected, name
        assert [status for status, _ in found] == [0, 2, 0], name
        assert "UnicodeEncodeError" not in str(found), name


def test_what_a_door_starts_is_in_utf8_as_well(locales, tmp_path):
    say = "import sys; print(sys.flags.utf8_mode); sys.exit(3)"
    for name, settings in locales.items():
        command = ["-m", "crosscity.files", "lock", str(tmp_path / "合肥"), sys.executable, "-c", say]
        assert called(settings, sys.executable, *command) == (3, "1\n"), name


def test_importing_leaves_the_mode_as_it_is():
    say = "import crosscity.cli, crosscity.files.console, sys; print(sys.flags.utf8_mode)"
    assert called({"LC_ALL": "C", "PYTHONUTF8": "0"}, sys.executable, "-c", say) == (0, "0\n")


def test_the_other_mode_can_be_asked_for_and_starts_no_circle():
    assert called({"LC_ALL": "C"}, sys.executable, "-X", "utf8=0", "-m", "crosscity.cli", "version")[0] == 0


def test_a_console_that_lacks_characters_gets_their_numbers():
    say = "from crosscity.files.console import restart_in_utf8 as r; r(); print('合肥')"
    settings = {"PYTHONUTF8": "1", "PYTHONIOENCODING": "ascii"}
    assert called(settings, sys.executable, "-c", say) == (0, "\\u5408\\u80a5\n")


def test_the_environment_is_found_again_in_every_locale(locales, tmp_path):
    """The look at it is python -I, which leaves PYTHONUTF8 aside."""
    suite = tmp_path / "合肥"
    shutil.copytree(PROJECT / "tools", suite / "tools", ignore=shutil.ignore_patterns("__pycache__"))
    for settings in locales.values():
        command = [sys.executable, "-I", "-S", "tools/environment.py", "check", "--project", suite]
        assert called(settings, *command, cwd=suite) == (1, "environment: there is none yet\n")
    makefile = (PROJECT / "Makefile").read_text(encoding="utf-8")
    assert "-X utf8 -I -S tools/environment.py check" in makefile


def test_every_door_sets_it():
    """The Makefiles, CI, and whatever runs on its own."""
    files = ["Makefile", "lib/crosscity/project/resources/study/Makefile", ".ci/run"]
    assert [name for name in files if "PYTHONUTF8" not in (PROJECT / name).read_text(encoding="utf-8")] == []
    doors = [
        *(PROJECT / "tools").glob("*.py"),
        *(PROJECT / "lib").rglob("__main__.py"),
        PROJECT / "lib/crosscity/cli.py",
    ]
    without = [p.name for p in doors if "utf8" not in p.read_text(encoding="utf-8").partition("if __name__")[2]]
    assert without == ["cli.py"]  # by its console
    assert 'crosscity = "crosscity.cli:console"' in (PROJECT / "pyproject.toml").read_text(encoding="utf-8")
