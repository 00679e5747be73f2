"""Outputs of steps, as stamps list them: `make clean` removes these, and no other file.

Standard library alone, since `make clean` needs no environment.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from .owned import RECORD, printable, remove_own, sweep_halves
from .shortages import describe_error
from .stamps import STALE, Checksums, Input, outputs_of, short_path

CACHE = ".crosscity-cache"  # beside tables, made by their build
_CACHED = re.compile(r"\.?[0-9a-f]{64}(\.[0-9]+)?")


def _outputs(stamps: Iterable[Path]) -> dict[str, str]:
    return {path: digest for stamp in stamps for path, digest in outputs_of(stamp).items()}


def remove_outputs(stamps: Iterable[Path], within: Path | None = None) -> list[str]:
    """Remove the outputs of steps, and folders that are empty then; return the paths of outputs that were edited.

    Edited outputs stay, as does every file that is none.

    Parameters
    ----------
    stamps : iterable of Path
    within : Path, optional
        The folder to which outputs are restricted.
    """
    edited, folders = [], set[Path]()
    sums = Checksums(Path())
    for name, digest in _outputs(stamps).items():
        if within is not None and not Path(name).is_relative_to(short_path(within)):
            continue
        now = sums.of(Input("file", name))
        if now not in (digest, "absent"):
            edited.append(name)
            continue
        Path(name).unlink(missing_ok=True)  # absent, where a removal was interrupted: its folder may be left
        folders.add(Path(name).parent)
    for folder in sorted(folders, key=lambda path: -len(path.parts)):
        _remove_cache(folder / CACHE)
        for place in (folder, folder.parent):
            with contextlib.suppress(OSError):  # not empty, or not there
                if os.listdir(place) == [RECORD]:  # noqa: PTH208
                    (place / RECORD).unlink()
                place.rmdir()
    return sorted(edited)


def _remove_cache(folder: Path) -> None:
    for entry in folder.glob("??/*"):
        if _CACHED.fullmatch(entry.name):  # all else is a person's
            entry.unlink()
    for place in (*folder.glob("??"), folder):
        with contextlib.suppress(OSError):  # not empty, or not there
            place.rmdir()


def begin_anew(arguments: Sequence[str]) -> None:
    """Remove what was made in FOLDER, so that it is empty; end with an error if a person's files are in it."""
    folder = Path(arguments[0])
    try:
        for cache in list(folder.rglob(CACHE)):
            _remove_cache(cache)
        sweep_halves(folder)
        remove_own(folder)
    except OSError as error:
        sys.exit(f"error: {describe_error(error)}")
    if left := sorted(path for path in folder.rglob("*") if path.is_symlink() or not path.is_dir()):
        sys.exit(printable(f"error: {left[0]} is yours, and {folder} has to be empty: move it away"))


def main(arguments: Sequence[str]) -> None:
    """Remove what was built into FOLDER, by the stamps below STATES, with these; name what stays since it was edited.

    A state of which any output lies elsewhere is another's, and stays with all that it made.
    """
    states, folder = Path(arguments[0]), Path(arguments[1]).absolute()
    try:
        for state in sorted(path for path in states.glob("[0-9]*") if path.is_dir()):
            stamps = {p.with_suffix(".done") for kind in (".done", STALE) for p in state.rglob(f"*{kind}")}
            results = [Path(path).absolute() for path in _results(stamps, state)]
            if all(path.is_relative_to(folder) for path in results):
                for name in remove_outputs(sorted(stamps)):
                    print(f"kept, since it was edited: {name}", file=sys.stderr)
                shutil.rmtree(state, ignore_errors=True)
    except OSError as error:
        sys.exit(f"error: {describe_error(error)}")


def _results(stamps: Iterable[Path], state: Path) -> list[str]:
    """Paths of outputs that are not part of the state itself."""
    return [path for path in _outputs(stamps) if not Path(path).is_relative_to(short_path(state))]
