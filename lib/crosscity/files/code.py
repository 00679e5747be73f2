"""The files of the library that a module depends on, by its imports.

Standard library alone. Imports are read from the source, those inside functions and for types included: nothing is
loaded, and no list of modules has to be maintained.
"""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterator
from pathlib import Path

LIBRARY = Path(__file__).resolve().parents[1]


def library_files(root: Path = LIBRARY) -> list[Path]:
    """Every file of the library: modules and resources, sorted by path."""
    return sorted(p for p in root.rglob("*") if p.is_file() and "__pycache__" not in p.parts)


def source_files(*modules: str, root: Path = LIBRARY) -> list[Path]:
    """Source files of modules and of all that they import, and the resources that these read.

    A module reads the folder `resources` beside it if it names it. An import from a package counts as one of its
    `__init__`; the `__init__` of a module's own package, which Python runs as well, does not count.

    Parameters
    ----------
    *modules : str
        Names within the library, such as "tables.document_rows".
    root : Path
        The library's folder.

    Returns
    -------
    list of Path
        Sorted.

    Raises
    ------
    KeyError
        If there is no such module.
    """
    files: set[Path] = set()
    waiting = []
    for name in modules:
        if not (path := _module_file(name, root)):
            raise KeyError(name)
        waiting.append(path)
    while waiting:
        path = waiting.pop()
        if path in files:
            continue
        files.add(path)
        imported, reads_resources = _imports(path, root)
        waiting += imported
        if reads_resources:
            files.update(p for p in (path.parent / "resources").rglob("*") if p.is_file())
    return sorted(files)


def _module_file(name: str, root: Path) -> Path | None:
    """The file of a module, or the `__init__` of a package."""
    at = root.joinpath(*name.split(".")) if name else root
    return next((p for p in (at.with_suffix(".py") if name else at, at / "__init__.py") if p.is_file()), None)


@functools.cache
def _imports(path: Path, root: Path) -> tuple[list[Path], bool]:
    """The files that a file imports, and whether it names its resources."""
    tree = ast.parse(path.read_bytes(), path.name)
    own = path.relative_to(root).with_suffix("").parts
    imported = {name for node in ast.walk(tree) for name in _names(node, own, root.name)}
    files = {file for name in imported if (file := _module_file(name, root))}
    named = any(isinstance(node, ast.Constant) and node.value == "resources" for node in ast.walk(tree))
    return sorted(files), named


def _names(node: ast.AST, own: tuple[str, ...], library: str) -> Iterator[str]:
    """Names within the library that an import may refer to: the module itself, and what is imported from it."""
    if isinstance(node, ast.Import):
        for alias in node.names:
            if alias.name.partition(".")[0] == library:
                yield alias.name.partition(".")[2]
    elif isinstance(node, ast.ImportFrom):
        if node.level:
            base = [*own[: len(own) - node.level], *(node.module or "").split(".")]
        elif node.module and node.module.partition(".")[0] == library:
            base = node.module.split(".")[1:]
        else:
            return
        module = ".".join(filter(None, base))
        yield module
        # Packages on the way there that the importer is not in itself.
        on_the_way = (tuple(base[:n]) for n in range(1, len(base)))
        yield from (".".join(way) for way in on_the_way if own[: len(way)] != way)
        for alias in node.names:
            yield f"{module}.{alias.name}".lstrip(".")
