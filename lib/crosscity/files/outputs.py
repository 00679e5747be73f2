"""Outputs of steps, as stamps list them: make replaces and removes these, and no other file.

Standard library alone, since `make clean` needs no environment.
"""

from __future__ import annotations

import contextlib
import shutil
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from .locks import describe_error
from .stamps import STALE, Checksums, Input, outputs_of, short_path

CACHE = ".crosscity-cache"  # beside tables, made by their build


def foreign_files(folder: Path, stamps: Iterable[Path]) -> list[Path]:
    """The files below a folder that no step made, or that were edited since; empty if no stamp says what was made.

    Parameters
    ----------
    folder : Path
    stamps : iterable of Path
        Of the steps that write there.
    """
    known = _outputs(stamps)
    if not known:
        return []
    sums = Checksums(folder)
    return [path for path in _files(folder) if known.get(short_path(path)) != sums.of(Input("file", str(path)))]


def _outputs(stamps: Iterable[Path]) -> dict[str, str]:
    return {path: digest for stamp in stamps for path, digest in outputs_of(stamp).items()}


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def keep_foreign_files(folder: Path, successor: Path, stamps: Iterable[Path], answers: Path) -> list[str]:
    """Keep what people put into a folder of results that is about to be replaced.

    A file that no step made moves into the successor, to where it was. An output that was edited is copied into the
    folder of answers, which no command removes, unless the successor has the same.

    Parameters
    ----------
    folder, successor : Path
        The folder, and what will replace it.
    stamps : iterable of Path
        Of the steps that write there.
    answers : Path

    Returns
    -------
    list of str
        A sentence for each file that is kept.
    """
    notes = []
    for path in foreign_files(folder, stamps):
        new = successor / path.relative_to(folder)
        if not new.exists():
            new.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(path, new)
            notes.append(f"{path} is not of this run, and stays")
        elif new.read_bytes() != path.read_bytes():
            kept = _copy_to_free_name(path, answers / path.relative_to(folder))
            notes.append(f"{path} was edited and is made anew: your version is in {short_path(kept)}")
    return notes


def _copy_to_free_name(path: Path, target: Path) -> Path:
    """Copy a file to a path, numbered if another file has it; a copy that is there already is enough."""
    target.parent.mkdir(parents=True, exist_ok=True)
    candidate, number = target, 1
    while candidate.exists():
        if candidate.read_bytes() == path.read_bytes():
            return candidate
        number += 1
        candidate = target.with_stem(f"{target.stem}-{number}")
    shutil.copy2(path, candidate)
    return candidate


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
    for folder in folders:
        shutil.rmtree(folder / CACHE, ignore_errors=True)
    for folder in sorted(folders, key=lambda path: -len(path.parts)):
        for place in (folder, folder.parent):
            with contextlib.suppress(OSError):  # not empty
                place.rmdir()
    return sorted(edited)


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
