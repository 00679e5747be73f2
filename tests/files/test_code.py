"""What a module depends on, as its imports say; held against what Python loads."""

import json
import shutil
import subprocess
import sys

import pytest
from crosscity.files.code import LIBRARY, library_files, source_files

from tests.conftest import PROJECT


@pytest.fixture
def library(tmp_path):
    """A small library: a package, a module that reads resources, one imported in a function, a cycle, an outsider."""
    files = {
        "__init__.py": "",
        "a.py": "from .rooms import door\n",
        "rooms/__init__.py": "from .inner import door\n",
        "rooms/inner.py": "door = __file__ and 'resources'\ndef later():\n    from .. import b\n",
        "rooms/resources/words.tsv": "x",
        "rooms/resources/deep/page.html": "x",
        "rooms/stranger.py": "",
        "b.py": "import small.c as c\n",
        "c.py": "from small import b\nif 0:\n    from .rooms.none import x\n",
        "__pycache__/c.pyc": "x",
    }
    for name, text in files.items():
        path = tmp_path / "small" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path / "small"


def names(files, root):
    return [path.relative_to(root).as_posix() for path in files]


def test_a_module_depends_on_what_it_imports_wherever_it_does_and_on_the_resources_that_are_read(library):
    found = names(source_files("a", root=library), library)
    resources = ["rooms/resources/deep/page.html", "rooms/resources/words.tsv"]
    # __init__.py of the library itself: `from .. import b` takes b from it.
    assert found == ["__init__.py", "a.py", "b.py", "c.py", "rooms/__init__.py", "rooms/inner.py", *resources]
    of_c = ["__init__.py", "b.py", "c.py", "rooms/__init__.py", "rooms/inner.py"]
    assert names(source_files("c", root=library), library) == [*of_c, *resources]


def test_a_module_that_is_not_there_is_an_error(library):
    with pytest.raises(KeyError, match="nowhere"):
        source_files("nowhere", root=library)


def test_all_of_the_library_is_all_but_what_python_compiled(library):
    rooms = ["__init__.py", "inner.py", "resources/deep/page.html", "resources/words.tsv", "stranger.py"]
    expected = ["__init__.py", "a.py", "b.py", "c.py", *(f"rooms/{name}" for name in rooms)]
    assert names(library_files(library), library) == expected


def test_topics_are_no_part_of_what_documents_are_made_by():
    """A change in topics threw every kept document away once, since the codebook imported them."""
    found = names(source_files("tables.document_rows"), LIBRARY)
    rooms = {name.split("/")[0] for name in found}
    assert rooms == {"__init__.py", "chinese.py", "documents", "facts", "files", "tables", "words"}


@pytest.mark.parametrize("modules", [["tables.document_rows"], ["project.build"]])
def test_python_loads_nothing_else_to_make_tables(modules, tmp_path):
    """Every module and resource that a build in a process of its own opens is among the files that are watched.

    Python runs the `__init__` of a package before any module of it, whatever that module imports: these are left out
    where only a module of it was asked for.
    """
    shutil.copyfile(PROJECT / "data/raw/盐城.txt", tmp_path / "盐城.txt")
    script = """
import json, sys
opened = set()
sys.addaudithook(lambda event, args: event == "open" and opened.add(str(args[0])))
from crosscity.tables import build
build(sys.argv[1], sys.argv[2], progress=False, jobs=1)
modules = {m.__file__ for n, m in sys.modules.items() if n.startswith("crosscity") and getattr(m, "__file__", None)}
print(json.dumps(sorted(modules | {p for p in opened if "/resources/" in p and "/crosscity/" in p})))
"""
    command = [sys.executable, "-c", script, str(tmp_path), str(tmp_path / "out")]
    loaded = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()[-1])
    watched = {str(path) for path in source_files(*modules)}
    rows_alone = modules == ["tables.document_rows"]
    made_of = {"builder", "row_cache", "store", "workers", "__init__"} if rows_alone else set()
    unseen = [p for p in loaded if p not in watched and not ("/tables/" in p and p.split("/")[-1][:-3] in made_of)]
    assert len(loaded) > 40
    assert not unseen
