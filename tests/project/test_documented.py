"""Every public name is documented, and a docstring speaks of the parameters that there are."""

import ast
import doctest
import importlib
import inspect
import re

import pytest

from tests.conftest import PROJECT

PACKAGE = PROJECT / "lib/crosscity"
MODULES = sorted(path for path in PACKAGE.rglob("*.py") if path.name not in ("__init__.py", "__main__.py"))


def _dotted(path):
    return ".".join(path.relative_to(PACKAGE).with_suffix("").parts)


# `a, b : int; c : str` names a, b and c; a type may hold commas, but nothing stands before it that is no name.
_NAMED = re.compile(r"(\*{0,2}\w+(?:, \*{0,2}\w+)*) : ")


def public(tree):
    """Public functions and classes of a module, and public methods and properties of these: (name, node)."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            yield node.name, node
            if isinstance(node, ast.ClassDef):
                inner = [m for m in node.body if isinstance(m, ast.FunctionDef) and not m.name.startswith("_")]
                yield from ((f"{node.name}.{method.name}", method) for method in inner)


def taken(node):
    """Names of the parameters of a function, but for self and cls."""
    a = node.args
    names = [x.arg for x in (*a.posonlyargs, *a.args, *a.kwonlyargs)] + [x.arg for x in (a.vararg, a.kwarg) if x]
    return names[names[:1] in (["self"], ["cls"]) :]


def section(doc, title):
    """Lines of a section of a NumPy docstring that are not indented; None where it has no such section."""
    match = re.search(rf"^{title}\n-+\n(.*?)(?=^\w[\w ]*\n-+\n|\Z)", doc, re.MULTILINE | re.DOTALL)
    return match and [line for line in match[1].splitlines() if line and not line.startswith(" ")]


def described(lines):
    """Names that the lines of a section speak of: "a, b : int; c : str", or "a, b" alone."""
    names = []
    for line in lines:
        for part in line.split("; "):
            left = match[1] if (match := _NAMED.match(part)) else part
            names += [name.strip().lstrip("*") for name in left.split(",")] if match or part == line else []
    return names


@pytest.mark.parametrize("path", MODULES, ids=_dotted)
def test_every_public_name_is_documented(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert ast.get_docstring(tree), "the module has no docstring"
    bare = []
    for name, node in public(tree):
        words = re.findall(r"\w+", (ast.get_docstring(node) or "").lower())
        said = set(words) - set(re.findall("[a-z0-9]+", name.lower())) - {"a", "an", "the", "of"}
        if not said:
            bare.append(name)
    assert not bare


@pytest.mark.parametrize("path", MODULES, ids=_dotted)
def test_parameters_are_those_there_are(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    wrong = {}
    for name, node in public(tree):
        lines = section(inspect.cleandoc(ast.get_docstring(node) or ""), "Parameters")
        if lines is None or isinstance(node, ast.ClassDef):
            continue
        if sorted(described(lines)) != sorted(taken(node)):
            wrong[name] = (described(lines), taken(node))
    assert not wrong


@pytest.mark.parametrize("path", MODULES, ids=_dotted)
def test_attributes_are_those_there_are(path):
    """Of classes with fields: each is there, in the section or in the class's own words; constants need not be."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    wrong = {}
    for name, node in public(tree):
        if isinstance(node, ast.ClassDef):
            stated = [x for x in node.body if isinstance(x, ast.AnnAssign) and isinstance(x.target, ast.Name)]
            fields = [x.target.id for x in stated if not ast.unparse(x.annotation).startswith("ClassVar")]
            lines = section(inspect.cleandoc(ast.get_docstring(node) or ""), "Attributes")
            if lines is not None and fields and sorted(described(lines)) != sorted(fields):
                wrong[name] = (described(lines), fields)
    assert not wrong


@pytest.mark.parametrize("path", [p for p in MODULES if ">>> " in p.read_text("utf-8")], ids=_dotted)
def test_examples_of_docstrings_give_what_they_say(path):
    found = doctest.testmod(importlib.import_module(f"crosscity.{_dotted(path)}"))
    assert found.attempted
    assert not found.failed


def test_what_a_section_names():
    doc = "Words.\n\nParameters\n----------\na, b : int; c : {1, 2}\n    More, of it.\n*rest\n\nReturns\n-------\nint\n"
    assert described(section(doc, "Parameters")) == ["a", "b", "c", "rest"]
    assert section(doc, "Attributes") is None
