"""Opening a study: from a notebook's parameters, a file of parameters, or a folder."""

from __future__ import annotations

import difflib
import hashlib
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .. import PROJECT, CrosscityError
from ..figures.style import use_style
from ..files import end_with_parent, show_missing_characters
from ..language import use_language
from ..tables import EDITION, build
from .folder import CORPUS, PARAMS, find_study
from .parameters import (
    FILES,
    PARAMETERS,
    SHIPPED,
    check_parameters,
    notebook_parameters,
    parameter_names,
    read_parameters,
)
from .study import Study

_OF_ALL = ("tables", "out", "group")  # what a notebook's cell of parameters may hold besides
_PLAIN = (str, int, float, bool, list, dict, tuple, type(None))
_OF_PYTHON = ("In", "Out")  # and all that begins with an underscore


def open_study(source: Mapping[str, Any] | Path | str | None = None, notebook: str = "", **parameters: Any) -> Study:
    """The study that a notebook, a file or a folder describes: its documents in groups, ready for questions.

    Parameters
    ----------
    source : dict, str or Path, optional
        globals() of a notebook, whose parameters are taken; or a file of parameters in YAML; or a folder: of a study
        (with params.yaml and corpus/), of tables, of documents, or an edition without text. Tables of documents are
        built where they are missing or stale. Left out: the study in which the working folder lies, else the embedded
        documents.
    notebook : str
        The notebook's name, such as 03-topics: which parameters it takes, and where its results go.
    **parameters
        As `parameters.PARAMETERS` describes them, and tables, out and group; they go before those of the source.
        Relative names of files and folders count from the study in which the working folder lies, else from the suite.

    Returns
    -------
    Study

    Raises
    ------
    CrosscityError
        If a parameter is unknown or of the wrong type or range, or documents or tables have a problem.
    """
    home = find_study(Path.cwd()) or PROJECT
    show_missing_characters()  # a study at a prompt prints names and texts, whatever the console has
    if isinstance(source, Mapping):
        values = _of_namespace(source, notebook)
    elif source is None:
        values = _of_folder(home) if home != PROJECT else {}
    else:
        values = _of_path(Path(source).expanduser())
    values |= parameters
    if foreign := sorted(set(values) - _known(notebook)):
        raise _no_parameter(foreign[0], notebook, f"it takes {', '.join(sorted(_known(notebook) - set(_OF_ALL)))}")
    tables, out, group = (values.pop(name, "") for name in _OF_ALL)
    checked = check_parameters(values, notebook or "parameters")
    for file in FILES:
        if checked[file] not in ("", *SHIPPED):
            checked[file] = str(home / checked[file])
    if parent := os.environ.get("CROSSCITY_PARENT"):
        end_with_parent(int(parent))
    use_style(checked["width"])
    use_language(checked["language"])
    place = home / (tables or os.environ.get("CROSSCITY_TABLES") or _default(home, "processed", "data/processed"))
    lab = os.environ.get("CROSSCITY_OUT") or _default(home, "lab", "reports/lab")
    folder = home / (out or f"{lab}/{notebook or 'study'}")
    called = Path(source).absolute().name if isinstance(source, str | Path) else ""
    return Study(notebook or "study", place, folder, checked, group or None, called)


def _default(home: Path, of_study: str, of_suite: str) -> str:
    return of_suite if home == PROJECT else f"results/{of_study}"


def _of_namespace(namespace: Mapping[str, Any], notebook: str) -> dict[str, Any]:
    """The parameters among a notebook's names; one that is none is refused when the study is first opened.

    Later the notebook has names of its own, and those that are no parameters are left alone.
    """
    known = _known(notebook)
    again = any(isinstance(value, Study) for value in namespace.values())
    for name, value in namespace.items():
        if again or name in known or name.startswith("_") or name in _OF_PYTHON or not isinstance(value, _PLAIN):
            continue
        close = difflib.get_close_matches(name, sorted(known), 1, 0.75)
        hint = (
            f"did you mean {close[0]!r}?" if close else "define names of your own below the cell that opens the study"
        )
        msg = f"{notebook or 'a study'} takes no parameter {name!r}: {hint}"
        raise CrosscityError(msg)
    return {name: namespace[name] for name in sorted(known) if name in namespace}


def _known(notebook: str) -> set[str]:
    return {*(parameter_names(notebook) if notebook else PARAMETERS), *_OF_ALL}


def _no_parameter(name: str, notebook: str, else_do: str) -> CrosscityError:
    close = difflib.get_close_matches(name, sorted(_known(notebook)), 1, 0.75)
    hint = f"did you mean {close[0]!r}?" if close else else_do
    return CrosscityError(f"{notebook or 'a study'} takes no parameter {name!r}: {hint}")


def _of_path(path: Path) -> dict[str, Any]:
    """What a file or folder says: parameters, tables, where results go."""
    path = path.absolute()
    if path.suffix.lower() in (".yaml", ".yml"):
        return _of_folder(path.parent) if path.name == PARAMS and (path.parent / CORPUS).is_dir() else _of_file(path)
    if not path.is_dir():
        msg = f"{path} is not there: give a folder of documents, of tables or of a study, or a file of parameters"
        raise CrosscityError(msg)
    if (path / PARAMS).is_file() and (path / CORPUS).is_dir():
        return _of_folder(path)
    if (path / "corpus.parquet").is_file() and not (path / EDITION).is_file():
        return {"tables": str(path), "out": _beside(path)}
    tables = _built(path, path, {})
    return {"tables": str(tables), "out": _beside(path)}


def _of_file(path: Path) -> dict[str, Any]:
    return {n: v for n, v in read_parameters(path).items() if v != PARAMETERS[n].default}


def _of_folder(home: Path) -> dict[str, Any]:
    """A study that was laid out with `crosscity new`."""
    values = _of_file(home / PARAMS)
    tables = _built(home / CORPUS, home, notebook_parameters("build", check_parameters(values)))
    return values | {"tables": str(tables), "out": str(home / "results" / "lab" / "study")}


def _built(corpus: Path, of: Path, settings: Mapping[str, Any]) -> Path:
    """The tables of documents, built where they are missing or stale; in the suite, by a checksum of the path.

    A study's own tables are make's: these are others, so that neither takes the other's for stale.
    """
    tables = _cache(of) / "processed"
    _, notes = build(corpus, tables, **settings)
    for note in notes:
        print(note)
    return tables


def _cache(path: Path) -> Path:
    return PROJECT / ".make" / "open" / hashlib.sha256(str(path).encode("utf-8", "surrogateescape")).hexdigest()[:16]


def _beside(path: Path) -> str:
    return str(_cache(path) / "kept")
