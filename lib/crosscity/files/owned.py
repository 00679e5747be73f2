"""What the suite made in a folder, and what is a person's: no command removes or overwrites the latter.

Folders that the suite writes into have a hidden record of checksums, as `sha256sum -c` reads it: of what stands in the
folder, or in the folders below it. A file is the suite's while a record has its name with its checksum. Every other
file is a person's, an edited output included: it stays where it is, or, where an output takes its place, is kept under
another name.

A line is added before its file is put in place, and those of former versions stay: at whatever moment a run is killed,
nothing of the suite's is taken for a person's.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import itertools
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from .. import CrosscityError
from .atomic import FORMER, HALF, half_path, write_text
from .harmless import printable

RECORD = ".crosscity.sums"
KEPT = "kept"  # the folder for versions of a person's, beside the output that took their place


def is_own(path: Path) -> bool:
    """Whether a file is as the suite made it."""
    if path.is_symlink() or not path.is_file():
        return False
    digest = _sha256(path)
    return any(_line(digest, path, folder) in _record(folder) for folder in path.parents)


def own_files(folder: Path) -> list[Path]:
    """The files below a folder that are as the suite made them, sorted."""
    return sorted(path for path in folder.rglob("*") if is_own(path))


def _record(folder: Path) -> set[str]:
    try:
        return set((folder / RECORD).read_bytes().decode("utf-8", "surrogateescape").split("\n"))
    except OSError:
        return set()


def _line(digest: str, path: Path, folder: Path) -> str:
    return f"{digest}  {path.relative_to(folder).as_posix()}"


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _add_to_record(folder: Path, line: str) -> None:
    if line in _record(folder):
        return
    flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_NOFOLLOW", 0)
    descriptor = os.open(folder / RECORD, flags, 0o644)
    try:
        os.write(descriptor, f"\n{line}\n".encode("utf-8", "surrogateescape"))  # a line that was cut short ends here
    finally:
        os.close(descriptor)


def replace_file(finished: Path, path: Path, kept: Path | None = None) -> None:
    """Put a finished file in its place; what stands there and is a person's is kept, and a line says where.

    Parameters
    ----------
    finished, path : Path
    kept : Path, optional
        The folder for a person's version; `KEPT` beside it, if left out.
    """
    if os.path.lexists(path) and not is_own(path):
        _keep(path, path, finished, (kept or path.parent / KEPT) / path.name)
    _add_to_record(path.parent, _line(_sha256(finished), path, path.parent))
    os.replace(finished, path)


def write_output(path: Path | str, text: str, kept: Path | None = None) -> None:
    """Write a text file as `write_text` does, and keep what stands there if it is a person's; see `replace_file`."""
    write_text(path, text, place=functools.partial(replace_file, kept=kept))


def _keep(path: Path, place: Path, instead: Path, target: Path) -> None:
    """Move a person's file to a free name, numbered if need be; a version that is kept already is enough.

    Parameters
    ----------
    path, place : Path
        Where it is, and where it was put: these differ in a folder that was moved aside.
    instead : Path
        What takes its place.
    target : Path
    """
    if _same(path, instead):
        path.unlink()
        return
    folder = next(f for f in _numbered(target.parent) if f.is_dir() or not os.path.lexists(f))
    target = next(t for t in _numbered(folder / target.name) if _same(path, t) or not os.path.lexists(t))
    if _same(path, target):
        path.unlink()
    else:
        target.parent.mkdir(parents=True, exist_ok=True)
        _move(path, place, target)
    print(printable(f"note: {place} is yours, and is made anew: your version is in {target}"), file=sys.stderr)


def _numbered(path: Path) -> Iterator[Path]:
    return (path.with_stem(f"{path.stem}-{n}") if n > 1 else path for n in itertools.count(1))


def _same(one: Path, other: Path) -> bool:
    """Whether two are files of the same content; a link is the same as nothing else."""
    if any(path.is_symlink() or not path.is_file() for path in (one, other)):
        return False
    return one.stat().st_size == other.stat().st_size and one.read_bytes() == other.read_bytes()


def _move(path: Path, place: Path, target: Path) -> None:
    """Move a file, folder or link to a free name; a link goes on leading to where it led from its place."""
    if path.is_symlink() and place.parent != target.parent and not (leads := path.readlink()).is_absolute():
        target.symlink_to(os.path.relpath(place.parent / leads, target.parent))
        path.unlink()
    else:
        os.rename(path, target)  # noqa: PTH104  # fails where a folder came meanwhile


def check_replaceable(folder: Path, maker: str) -> None:
    """Raise if a folder is there that is not empty, and that no `whole_folder` of this maker made."""
    if not os.path.lexists(folder) or (
        folder.is_dir() and (not any(folder.iterdir()) or f"# {maker}" in _record(folder))
    ):
        return
    msg = f"{folder} is there, and crosscity {maker} did not make it: move it away, or give another folder"
    raise CrosscityError(msg)


@contextlib.contextmanager
def whole_folder(target: Path | str, maker: str, kept: Path | None = None) -> Iterator[Path]:
    """Give a temporary folder to fill, which replaces `target` at the end of the block; an error changes nothing.

    A person's files in `target` move into the new folder.

    Parameters
    ----------
    target : str or Path
        Absent, empty, or made by the same maker.
    maker : str
        The command.
    kept : Path, optional
        The folder for a person's versions of outputs; `KEPT` in the target, if left out.

    Raises
    ------
    CrosscityError
        If something else is in the target.
    """
    place = Path(os.path.realpath(target))  # a link stays, and leads to the new folder
    check_replaceable(place, maker)
    settle(place, kept)
    partial, former = half_path(place), _former(place)
    try:
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir(parents=True)
        yield partial
        _record_all(partial, maker)
        if place.exists():
            os.replace(place, former)
        try:
            os.replace(partial, place)
        except OSError:
            if former.exists():
                os.replace(former, place)
            raise
        settle(place, kept)
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def _former(place: Path) -> Path:
    return place.with_name(f".{place.name}{FORMER}")


def _record_all(folder: Path, maker: str) -> None:
    """Record all files below a folder, in one list."""
    for record in list(folder.rglob(RECORD)):
        record.unlink()
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    lines = [f"# {maker}", *(_line(_sha256(path), path, folder) for path in paths)]
    write_text(folder / RECORD, "\n".join([*lines, ""]), "surrogateescape")


def settle(place: Path, kept: Path | None = None) -> None:
    """Complete the replacement of a folder, which a kill may have cut short at any point.

    Without a new folder the former one moves back; else a person's files move into the new one, and the rest goes.
    """
    former = _former(place)
    if not former.is_dir():
        return
    if not place.exists():
        os.replace(former, place)
        return
    versions = kept or place / KEPT
    _clear(former, lambda inside: _bring(former / inside, place / inside, versions / inside))


def _bring(path: Path, target: Path, kept: Path) -> None:
    """Move a person's file, or an empty folder, to where it was; if something of the suite's is in its way, aside."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        free = not os.path.lexists(target)
    except (FileExistsError, NotADirectoryError):
        free = False
    if free:
        _move(path, target, target)
    elif path.is_symlink() or not path.is_dir():
        _keep(path, target, target, kept)


def remove_own(folder: Path) -> None:
    """Remove what the suite made below a folder, and folders that are empty then."""
    if folder.is_dir() and not folder.is_symlink():
        _clear(folder)


def _clear(folder: Path, bring: Callable[[Path], None] = lambda _: None) -> None:
    """Remove the suite's files below a folder, records last, and empty folders; all else is brought away."""
    for name, folders, files in os.walk(folder, topdown=False):
        place = Path(name)
        links = [file for file in folders if (place / file).is_symlink()]
        for path in (place / file for file in (*files, *links) if file != RECORD):
            if is_own(path):
                path.unlink()
            else:
                bring(path.relative_to(folder))
        (place / RECORD).unlink(missing_ok=True)
        if not (files or folders or place == folder):
            bring(place.relative_to(folder))
        with contextlib.suppress(OSError):  # gone, or not empty
            place.rmdir()


def sweep_halves(folder: Path) -> None:
    """Remove what killed processes were making in a folder; no other process may be at work there."""
    for path in folder.glob(f".*{HALF}"):
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
