"""New studies: folders with documents, parameters and a codebook, in which `make` calls the suite."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import sys
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .. import PROJECT, CrosscityError, __version__
from ..documents import MANIFEST
from ..facts import SHIPPED_CODEBOOKS, shipped_codebook_path
from ..files import half_path, write_whole
from ..study import CORPUS, PARAMETERS, PARAMS, Parameter, find_study, own_values
from .practice import practice_documents, practice_table

if TYPE_CHECKING:
    from collections.abc import Mapping

_RESOURCES = Path(__file__).with_name("resources")
CODEBOOK, NOTEBOOKS, PRACTICE = "codebook.yaml", "notebooks", "practice"
_TEMPLATES = {
    "Makefile": "Makefile",
    "README.md": "README.md",
    ".gitignore": "gitignore",
    f"{CORPUS}/README.md": "corpus.md",
}
_UNUSABLE = re.compile("[\x00-\x1f\x7f]")
_WIDTH = 100


def create_study(folder: Path | str, codebook: str = "report", practice: bool = False) -> list[str]:
    """Create the folder of a study; it is there as a whole, or not at all.

    Parameters
    ----------
    folder : str or Path
        New, or empty.
    codebook : str
        Which of `facts.codebook.SHIPPED_CODEBOOKS` is copied, to be edited.
    practice : bool
        Whether practice/ is added, with thirty invented documents to try things with.

    Returns
    -------
    list of str
        The files, relative to the folder.

    Raises
    ------
    CrosscityError
        If something is in the folder, its name is one that make cannot be given, or this library has no notebooks and
        Makefile with it.
    """
    place = Path(os.path.abspath(folder))  # noqa: PTH100  # links stay as they were given
    if not (PROJECT / "Makefile").is_file() or not (PROJECT / NOTEBOOKS).is_dir():
        msg = "this crosscity has no Makefile and notebooks with it: call that of a checkout, .venv/bin/crosscity"
        raise CrosscityError(msg)
    if codebook not in SHIPPED_CODEBOOKS:
        msg = f"there is no codebook {codebook!r}: the choices are {', '.join(SHIPPED_CODEBOOKS)}"
        raise CrosscityError(msg)
    for path in (place, PROJECT):
        if _UNUSABLE.search(str(path)):
            msg = f"{path} has a control character in its name, which make cannot be given: name it otherwise"
            raise CrosscityError(msg)
    if place.is_symlink() or (place.exists() and not place.is_dir()):
        msg = f"{place} is there and no folder: give another name"
        raise CrosscityError(msg)
    if place.is_dir() and any(place.iterdir()):
        msg = f"{place} is not empty, and nothing is ever written over: give a folder that is empty, or not there"
        raise CrosscityError(msg)
    files = _study_files(place.name, codebook)
    if practice:
        texts = practice_documents() | {MANIFEST: practice_table()}
        files |= {f"{PRACTICE}/{name}": text.encode() for name, text in texts.items()}
    _write_study(place, files)
    return sorted(files)


def _study_files(name: str, codebook: str) -> dict[str, bytes]:
    """The files of a study by name: templates with this suite's place in them, the codebook, the parameters."""
    own = PROJECT / ".venv"  # a link, whose target a new environment replaces: files name the link
    prefix = own if Path(sys.prefix).resolve() == own.resolve() else Path(sys.prefix)
    command = prefix / "bin" / "crosscity"
    crosscity = [str(command)] if command.is_file() else [sys.executable, "-m", "crosscity.cli"]
    words = {
        "NAME": name,
        "VERSION": __version__,
        "CROSSCITY": shlex.join(crosscity),
        "SUITE": _for_make(str(PROJECT)),
        # Empty: the suite's own environment, which its Makefile makes.
        "PYTHON": "" if prefix == own else _for_make(shlex.quote(sys.executable)),
    }
    files = {CODEBOOK: shipped_codebook_path(codebook).read_bytes(), PARAMS: parameter_file().encode()}
    for file, template in _TEMPLATES.items():
        text = (_RESOURCES / "study" / template).read_text(encoding="utf-8")
        files[file] = re.sub("@([A-Z]+)@", lambda match: words[match[1]], text).encode()
    return files


def _for_make(text: str) -> str:
    """A text as the value of a variable of make; blanks at its ends would be lost, so they stand before nothing."""
    text = text.replace("$", "$$").replace("#", "\\#")
    return f"{text}$()" if text.endswith((" ", "\\")) else text


def _write_study(place: Path, files: dict[str, bytes]) -> None:
    partial = half_path(place)
    exists, placed = place.is_dir(), list[Path]()
    try:
        for name, data in files.items():
            write_whole(partial / name, data)
        if not exists:
            os.rename(partial, place)  # noqa: PTH104  # fails where files came meanwhile
            return
        # An empty folder is filled and not replaced: a shell may stand in it.
        for path in sorted(partial.iterdir()):
            os.rename(path, place / path.name)  # noqa: PTH104
            placed.append(place / path.name)
    except BaseException:
        for path in placed:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        raise
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def parameter_file() -> str:
    """A file of parameters: each with its meaning, its limits and its default, commented out.

    The codebook alone is set: to the study's own.
    """
    lines = [
        "# What a run sets. Each line below has a parameter's default; take the # before it away to set another value.",
        "# Relative names of files and folders count from this folder.",
        "",
        "# themes: this study's own, to edit; party or report: those that crosscity comes with; none: no themes",
        f"codebook: {CODEBOOK}",
    ]
    for name, parameter in PARAMETERS.items():
        if name != "codebook":
            description = textwrap.wrap(_meaning(parameter), _WIDTH, break_long_words=False, break_on_hyphens=False)
            value = json.dumps(parameter.default, ensure_ascii=False)
            lines += ["", *(f"# {line}" for line in description), f"#{name}: {value}"]
    return "\n".join(lines) + "\n"


def _meaning(parameter: Parameter) -> str:
    if parameter.choices:
        return f"{parameter.description} (of {', '.join(map(str, parameter.choices))})"
    if parameter.low is None:
        return parameter.description
    low, high = (
        f"{limit:,}" if isinstance(limit, int) else f"{limit:,.10g}" for limit in (parameter.low, parameter.high)
    )
    return f"{parameter.description} ({low} to {high})"


def copy_notebooks(folder: Path | str) -> list[str]:
    """Copy the suite's notebooks into a study, with the study's values in their cells of parameters.

    A notebook that is there stays as it is.

    Parameters
    ----------
    folder : str or Path
        Of the study.

    Returns
    -------
    list of str
        Names of those that were copied.
    """
    import nbformat

    home = find_study(folder)
    if home is None:
        msg = f"{folder} is no study (it has no {PARAMS} and {CORPUS}/): lay one out with `crosscity new`"
        raise CrosscityError(msg)
    values = {name: value for name, value in own_values(home / PARAMS).items() if value != PARAMETERS[name].default}
    copied = []
    for source in sorted((PROJECT / NOTEBOOKS).glob("[!.]*.ipynb")):
        target = home / NOTEBOOKS / source.name
        if target.exists() or target.is_symlink():
            continue
        notebook = nbformat.read(source, as_version=4)
        for cell in notebook.cells:
            if "parameters" in cell.metadata.get("tags", []):
                cell.source = _with_values(cell.source, values)
            if cell.cell_type == "code":
                cell.outputs, cell.execution_count = [], None
        write_whole(target, (nbformat.writes(notebook) + "\n").encode())
        copied.append(source.name)
    return copied


def _with_values(cell: str, values: Mapping[str, Any]) -> str:
    """A cell of parameters with other values; what stands beside a value stays."""
    lines = []
    for line in cell.splitlines():
        name, equals, rest = line.partition(" = ")
        if equals and name in values:
            _, mark, comment = rest.partition("  # ")
            line = f"{name} = {values[name]!r}{mark}{comment}"
        lines.append(line)
    return "\n".join(lines)
