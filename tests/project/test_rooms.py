"""The library's packages: imports run upward, nothing goes round, and a package is entered by its door."""

import ast
import shutil
import subprocess
import sys

import pytest
from crosscity.files.code import LIBRARY

from tests.conftest import PROJECT

ROOMS = sorted(path.parent.name for path in LIBRARY.glob("*/__init__.py"))
SOURCES = sorted(path for path in LIBRARY.rglob("*.py"))


def door(room):
    """Names that a package hands on: its `__all__`."""
    tree = ast.parse((LIBRARY / room / "__init__.py").read_text(encoding="utf-8"))
    for node in tree.body:
        if isinstance(node, ast.Assign) and [t.id for t in node.targets if isinstance(t, ast.Name)] == ["__all__"]:
            return set(ast.literal_eval(node.value))
    return set()


def imports(path, text):
    """What a module takes of other packages: (package, module in it or none, name)."""
    own = path.relative_to(LIBRARY).parts
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ImportFrom) and node.level:
            base = [*own[: len(own) - node.level], *(node.module or "").split(".")]
            room, *rest = [part for part in base if part] or [""]
            if room in ROOMS and own[0] != room:
                yield from ((room, ".".join(rest), alias.name) for alias in node.names)


def trespasses(path, text):
    """Imports of a module that do not go through a door."""
    return [
        f"{room}.{module}.{name}".replace("..", ".")
        for room, module, name in imports(path, text)
        if name.startswith("_") or (module or name).partition(".")[0] not in door(room)
    ]


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.relative_to(LIBRARY).as_posix())
def test_other_packages_are_entered_by_their_doors(path):
    assert not trespasses(path, path.read_text(encoding="utf-8"))


def test_a_way_past_a_door_is_seen():
    at = LIBRARY / "facts" / "extract.py"
    assert not trespasses(at, "from ..documents import clean\nfrom .citations import citations")
    assert trespasses(at, "from ..documents.cleaning import clean") == ["documents.cleaning.clean"]
    assert trespasses(at, "from ..documents import _clean") == ["documents._clean"]
    assert not trespasses(at, "from ..compare.keyness import keyness"), "the door hands on the module"
    assert trespasses(at, "from ..compare.keyness import _g2") == ["compare.keyness._g2"]


def entered():
    """What the library takes of each package from outside it, and all other text that may take something."""
    used = {room: set() for room in ROOMS}
    for path in SOURCES:
        for room, module, name in imports(path, path.read_text(encoding="utf-8")):
            used[room].add((module or name).partition(".")[0])
    outside = [*PROJECT.glob("notebooks/*.ipynb"), *PROJECT.glob("bench/*.py"), *PROJECT.glob("docs/**/*.md")]
    text = "\n".join(path.read_text(encoding="utf-8") for path in [*outside, *PROJECT.glob("tests/**/*.py")])
    return used, text


def test_a_door_hands_on_nothing_that_nobody_takes():
    used, outside = entered()
    idle = {room: sorted(n for n in door(room) - used[room] if n not in outside) for room in ROOMS}
    assert {room: names for room, names in idle.items() if names} == {}


@pytest.mark.parametrize("room", ROOMS)
def test_what_a_door_hands_on_is_there(room):
    code = f"from crosscity.{room} import *; from crosscity.{room} import {', '.join(sorted(door(room)))}"
    subprocess.run([sys.executable, "-c", code], check=True, cwd=PROJECT)


def test_doors_of_what_make_starts_load_neither_pandas_nor_what_draws():
    heavy = "pandas scipy sklearn matplotlib seaborn papermill"
    code = "import sys, crosscity.cli, crosscity.tables, crosscity.facts, crosscity.words, crosscity.documents\n"
    code += f"print([name for name in '{heavy}'.split() if name in sys.modules])"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=PROJECT)
    assert loaded.stdout == "[]\n"


def test_files_takes_the_standard_library_alone():
    code = "import sys, crosscity.files\n"
    code += "print(sorted({n.partition('.')[0] for n in sys.modules} - sys.stdlib_module_names))"
    found = subprocess.run([sys.executable, "-S", "-c", code], capture_output=True, text=True, check=True,
                           env={"PYTHONPATH": str(LIBRARY.parent)})  # fmt: skip
    assert set(ast.literal_eval(found.stdout)) <= {"crosscity", "__main__"}


# import-linter holds the storeys in `make lint`: planted, to see it fail.


def linted(root):
    pytest.importorskip("importlinter", reason="import-linter is not installed")
    code = "from importlinter.cli import lint_imports; import sys; sys.exit(lint_imports(no_cache=True))"
    environment = {"PYTHONPATH": str(root / "lib"), "PATH": ""}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=root, env=environment, capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout


@pytest.fixture
def copied(tmp_path):
    shutil.copytree(LIBRARY, tmp_path / "lib" / "crosscity", ignore=shutil.ignore_patterns("__pycache__", "resources"))
    shutil.copyfile(PROJECT / "pyproject.toml", tmp_path / "pyproject.toml")
    return tmp_path


def test_imports_run_upward_and_nothing_goes_round(copied):
    status, said = linted(copied)
    assert status == 0, said


@pytest.mark.parametrize(
    ("module", "line", "broken"),
    [
        ("documents/places.py", "from ..compare import keyness", "imports run upward"),
        ("files/atomic.py", "def f():\n    from ..tables import read_table", "imports run upward"),
        ("compare/keyness.py", "from . import multiverse", "no circles"),
    ],
)
def test_an_import_that_climbs_or_goes_round_is_seen(copied, module, line, broken):
    with (copied / "lib" / "crosscity" / module).open("a", encoding="utf-8") as file:
        file.write(f"\n{line}\n")
    status, said = linted(copied)
    assert status == 1
    assert f"{broken} BROKEN" in said


def test_a_new_room_has_its_storey(copied):
    (copied / "lib" / "crosscity" / "attic.py").write_text('"""."""\n', encoding="utf-8")
    status, said = linted(copied)
    assert status == 1
    assert "attic" in said


# What was written for the version before, which had all modules in one folder.


BEFORE = """from crosscity import keyness
from crosscity.notebook import begin
import crosscity.plots
from crosscity import nothing"""


@pytest.mark.parametrize("line", BEFORE.splitlines())
def test_an_import_of_the_version_before_says_what_to_do(line):
    done = subprocess.run([sys.executable, "-c", line], capture_output=True, text=True, check=False, cwd=PROJECT)
    last = done.stderr.splitlines()[-1]
    assert last.startswith(("ImportError: ", "ModuleNotFoundError: "))
    name = line.split()[-1].split(".")[-1] if "notebook" not in line else "notebook"
    assert f"crosscity.{name}" in last
    assert "`crosscity notebooks .`" in last
    assert "docs/api.md" in last


def test_what_is_asked_of_the_library_and_is_no_import_is_answered_as_ever():
    import crosscity

    assert not hasattr(crosscity, "__wrapped__")
    with pytest.raises(ModuleNotFoundError, match=r"^No module named 'crosscity\.files\.nothing'$"):
        __import__("crosscity.files.nothing")
