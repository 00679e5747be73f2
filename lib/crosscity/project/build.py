"""The tables of a run: built from the documents by the parameters of a file, with a stamp for make."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..files import code_inputs, inputs_of, printable, step, write_text
from ..study import check_parameters, named_paths, notebook_parameters, read_parameters
from ..tables import EDITION, TEXT_RESULTS_FOLDER, build
from .measured import TABLES_STEP, measure

NOTES = "notes.txt"  # of a state: what was passed over, and what else reading the documents brought up

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ..files import Input


def build_tables(
    corpus: Path,
    out: Path,
    names: Sequence[str],
    parameters: Path | None = None,
    state: Path | None = None,
    **settings: Any,
) -> tuple[list[str], list[str]]:
    """Build the tables of a run; with a folder of stamps, leave tables.done, tables.sha256 and notes.txt there.

    Parameters
    ----------
    corpus, out : Path
        See `tables.build`.
    names : sequence of str
        Which tables.
    parameters : Path, optional
        The YAML file.
    state : Path, optional
        The folder of make's stamps.
    **settings
        jobs, scheduler and cache of `tables.build`.

    Returns
    -------
    changed, notes : list of str
        As `tables.build` gives them.
    """
    values = read_parameters(parameters) if parameters else check_parameters({})
    chosen = notebook_parameters("build", values)
    if not state:
        return build(corpus, out, names, **chosen, **settings)
    with step(state / "tables.done", _inputs(corpus, parameters, chosen)) as outputs, measure(state, TABLES_STEP):
        result = build(corpus, out, names, **chosen, **settings)
        outputs += [out / f"{name}.parquet" for name in names]
        outputs += sorted((out / TEXT_RESULTS_FOLDER).glob("*.json"))  # which has the sums of the other files
        sums = "".join(f"{_sha256(path)}  {path.name}\n" for path in outputs)
        write_text(state / "tables.sha256", sums, "surrogateescape")
        notes = [] if (corpus / EDITION).is_file() else result[1]  # of which every page says what it is
        lines = [printable(" ".join(note.split())) for note in notes]
        write_text(state / NOTES, "".join(f"{line}\n" for line in lines), "surrogateescape")
        outputs += [state / "tables.sha256", state / NOTES]
        outputs += sorted((out / TEXT_RESULTS_FOLDER).glob("*.csv"))
    return result


def _inputs(corpus: Path, parameters: Path | None, chosen: Mapping[str, Any]) -> list[Input]:
    """What tables are made of: documents, parameters and the files that they name, and the code."""
    named = named_paths(chosen, parameters.parent if parameters else Path())
    files = [parameters] if parameters else []
    return [*inputs_of(files, folders=[corpus], trees=named), *code_inputs("project.build")]


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
