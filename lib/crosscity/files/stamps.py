"""Stamps: what each step was made of and what it made, so that make repeats a step only if one of these has changed.

A stamp holds the checksums of all inputs (documents, parameters and the files that they name, the code, the
environment) and of all outputs: content decides, never a time. Standard library alone, since it runs on every call of
make.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from .atomic import FORMER, write_whole
from .code import library_files, source_files
from .owned import settle, sweep_halves
from .shortages import describe_error

STALE = ".stale"  # the suffix of a stamp that was pruned
RUNTIME = "runtime"  # folder in the state: connection files of this run's kernels
MEASUREMENTS = "measured"  # folder in the state: the time and memory that each step took
_SUMS = "sums.json"  # file in the state: checksums taken before
_UNSETTLED = 10**8  # nanoseconds in which a file may change twice at one time on its file system


class Input(NamedTuple):
    """An input of a step: a file, a folder (its files), a tree (those of its folders too) or the environment."""

    kind: str
    path: str = ""


def inputs_of(
    files: Iterable[Path | str] = (), folders: Iterable[Path | str] = (), trees: Iterable[Path | str] = ()
) -> list[Input]:
    """Inputs for `step`, the environment included; a path need not exist."""
    kinds = {"file": files, "folder": folders, "tree": trees}
    return [Input("environment"), *(Input(kind, short_path(path)) for kind, paths in kinds.items() for path in paths)]


def code_inputs(*modules: str) -> list[Input]:
    """The files of the library that modules depend on, as inputs of a step; without a module, all files."""
    files = source_files(*modules) if modules else library_files()
    return [Input("file", short_path(path)) for path in files]


def short_path(path: Path | str) -> str:
    """A path relative to where make runs, so that a suite can be moved."""
    path = os.path.abspath(path)  # noqa: PTH100  # links stay as they were given
    here = os.getcwd() + os.sep  # noqa: PTH109
    return path.removeprefix(here)


class Checksums:
    """SHA-256 of files, remembered while size, inode and both times of change stay the same.

    A copy that preserves the time of modification does not preserve the inode's time of change.

    Parameters
    ----------
    state : str or Path
        The folder that stores them.
    """

    def __init__(self, state: Path | str):
        self._file = Path(state) / _SUMS
        self._known: dict[str, list[Any]] = {}
        self._used: dict[str, list[Any]] = {}
        with contextlib.suppress(OSError, ValueError):
            self._known = dict(json.loads(self._file.read_text(encoding="utf-8", errors="surrogateescape")))

    def of(self, item: Input) -> str:
        """The checksum of an input, "absent", or the reason why it cannot be read."""
        try:
            if item.kind == "environment":
                return _environment()
            if item.kind == "file" or os.path.isfile(item.path):  # noqa: PTH113  # a tree of one
                return self._content(item.path)
            return self._names_and_contents(item.path, item.kind == "tree")
        except (FileNotFoundError, NotADirectoryError):
            return "absent"
        except (OSError, ValueError) as error:
            return f"unreadable: {type(error).__name__}"

    def _content(self, path: str) -> str:
        about = os.stat(path)  # noqa: PTH116  # thousands of them
        key = [about.st_size, about.st_mtime_ns, about.st_ctime_ns, about.st_ino]
        known = self._known.get(path) or self._used.get(path)
        if known and known[:4] == key:
            digest = known[4]
        else:
            with open(path, "rb") as file:  # noqa: PTH123  # thousands of them
                digest = hashlib.file_digest(file, "sha256").hexdigest()
        if time.time_ns() - max(key[1:3]) > _UNSETTLED:
            self._used[path] = [*key, digest]
        return digest

    def _names_and_contents(self, folder: str, deep: bool) -> str:
        lines = []
        for entry in sorted(os.scandir(folder), key=lambda e: e.name):
            if entry.is_dir() and deep and not entry.name.startswith("."):
                lines.append(f"{entry.name}/ {self._names_and_contents(entry.path, deep)}")
            elif entry.is_file() and not (deep and entry.name.startswith(".")):
                lines.append(f"{entry.name} {self.of(Input('file', entry.path))}")
        return hashlib.sha256("\n".join(lines).encode("utf-8", "surrogateescape")).hexdigest()

    def save(self) -> None:
        """Store the checksums that were used, and forget the others; what cannot be stored is computed again."""
        if self._used != self._known:
            text = json.dumps(self._used, ensure_ascii=False)
            with contextlib.suppress(OSError):
                write_whole(self._file, text.encode("utf-8", "surrogateescape"))


def _environment() -> str:
    """Checksum of the version of Python and of the installed packages."""
    packages = set[str]()
    for folder in sys.path:
        with contextlib.suppress(OSError):
            names = os.listdir(folder)  # noqa: PTH208  # of "" there is no folder, of Path("") there is
            packages.update(name for name in names if name.endswith((".dist-info", ".egg-info")))
    return hashlib.sha256("\n".join([sys.version, *sorted(packages)]).encode()).hexdigest()


@contextlib.contextmanager
def step(stamp: Path | str, inputs: Sequence[Input] = ()) -> Iterator[list[Path]]:
    """Run a step and write its stamp: a context manager that gives a list, to which the step appends its outputs.

    Checksums of the inputs are taken first, so that an edit while the step runs makes it stale. An error leaves no
    stamp, or the former one.
    """
    stamp, outputs = Path(stamp), list[Path]()
    sums = Checksums(_state_of(stamp))
    stamp.parent.mkdir(parents=True, exist_ok=True)
    before = [(*item, sums.of(item)) for item in inputs]
    yield outputs
    after = [(short_path(path), sums.of(Input("file", str(path)))) for path in outputs]
    content = json.dumps({"inputs": before, "outputs": after}, ensure_ascii=False)
    write_whole(stamp, content.encode("utf-8", "surrogateescape"))
    stamp.with_suffix(STALE).unlink(missing_ok=True)


def _state_of(stamp: Path) -> Path:
    return stamp.parent.parent if stamp.parent.name == "runs" else stamp.parent


def outputs_of(stamp: Path | str) -> dict[str, str]:
    """Checksums of a step's outputs by path, as its stamp or its stale one has them; empty if there is none."""
    for path in (Path(stamp), Path(stamp).with_suffix(STALE)):
        with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
            return dict(json.loads(_text(path))["outputs"])
    return {}


def _text(stamp: Path) -> str:
    return stamp.read_text(encoding="utf-8", errors="surrogateescape")


def prune(state: Path | str) -> list[str]:
    """Mark the stamps of stale steps, which then count as not done, and return the reasons.

    A stale stamp keeps what the step made, so that nothing else is taken for its output.

    Returns
    -------
    list of str
        A line each: the stamp's name, and the first input or output that has changed.
    """
    sums, reasons = Checksums(state), []
    for stamp in sorted(Path(state).rglob("*.done")):
        if reason := _stale_reason(stamp, sums):
            os.replace(stamp, stamp.with_suffix(STALE))
            reasons.append(f"{stamp.stem}: {reason}")
    sums.save()
    return reasons


def _stale_reason(stamp: Path, sums: Checksums) -> str:
    """The first difference from the stamp; empty if there is none."""
    try:
        about = json.loads(_text(stamp))
        for kind, path, digest in about["inputs"]:
            if sums.of(Input(kind, path)) != digest:
                return f"{path or kind} has changed"
        for path, digest in about["outputs"]:
            if sums.of(Input("file", path)) != digest:
                return f"{path} is not as it was made"
    except (ValueError, KeyError, TypeError):
        return "its stamp cannot be read"
    return ""


def kept_folder(reports: Path, name: str = "") -> Path:
    """Where a person's versions of pages, and of a notebook's results, are kept: answers/NAME beside the reports."""
    return reports.parent / "answers" / name


def sweep(state: Path | str, reports: Path | str) -> None:
    """Clean up what a killed run left in the state and the reports; no other run may be at work there.

    A folder of results that was moved aside for a successor that never came is moved back. Folders of unfinished
    notebooks and temporary files are removed.
    """
    state, reports = Path(state), Path(reports)
    for former in reports.glob(f".*{FORMER}"):
        name = former.name[1 : -len(FORMER)]
        settle(reports / name, kept_folder(reports, name))
    runs = [path for path in reports.glob("[!.]*") if path.is_dir() and not path.is_symlink()]
    for folder in (state, state / "runs", state / "parameters", state / MEASUREMENTS, reports, *runs):
        sweep_halves(folder)
    shutil.rmtree(state / RUNTIME, ignore_errors=True)


def main(arguments: Sequence[str]) -> None:
    """Prune the stamps in STATE; where the folder of REPORTS is named, tidy up before after a run that was killed."""
    state, *reports = map(Path, arguments)
    try:
        state.mkdir(parents=True, exist_ok=True)
        for folder in reports:
            sweep(state, folder)
        prune(state)
    except OSError as error:
        sys.exit(f"error: {describe_error(error)}")
