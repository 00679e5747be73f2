"""What make asks before it decides: did the corpus or the parameters change, and is what was built still there?

Standard library alone, since it runs on every call of make. Files of the state are rewritten only when their content
changes, so that make sees by their age what is out of date.
"""

import contextlib
import json
import os
import re
import shutil
import sys
from pathlib import Path

from .atomic import write_if_changed

RUNTIME = "runtime"  # in the state: how kernels of this run are reached


def fingerprint(folder):
    """Name, size and time of every file of a folder: a line each."""
    folder = Path(folder)
    if not folder.is_dir():
        return f"{folder} is no folder\n"
    lines = []
    for path in sorted(folder.iterdir(), key=lambda p: p.name):
        if path.is_file():
            about = path.stat()
            lines.append(f"{path.name}\t{about.st_size}\t{about.st_mtime_ns}\n")
    return "".join(lines)


@contextlib.contextmanager
def step(stamp):
    """Do a step, and say in its stamp that it is done and which files it made: name, size and time of each.

    Use it as a context manager that gives a list, to which the step adds its files. The stamp is as old as the
    beginning of the step, so that what is edited while it runs is newer, and the step is done again. An error leaves
    no stamp, or the former one.
    """
    stamp, outputs = Path(stamp), list[Path]()
    temporary = stamp.with_name(f".{stamp.name}.{os.getpid()}")
    try:
        stamp.parent.mkdir(parents=True, exist_ok=True)
        temporary.write_bytes(b"")
        begun = temporary.stat().st_mtime_ns  # the time of a file, since make compares those
        yield outputs
        content = json.dumps([_as_it_is(output) for output in outputs], ensure_ascii=False)
        try:
            temporary.write_text(content, encoding="utf-8", errors="surrogateescape")
        except OSError as error:
            raise OSError(error.errno, error.strerror, str(stamp)) from None
        os.utime(temporary, ns=(begun, begun))
        os.replace(temporary, stamp)
    finally:
        with contextlib.suppress(OSError):  # where there is no such folder, what is wrong has been said
            temporary.unlink(missing_ok=True)


def write_stamp(path, outputs):
    """Say that a step is done, and which files it made; see `step`."""
    with step(path) as made:
        made += outputs


def _as_it_is(path):
    about = Path(path).stat()
    return str(path), about.st_size, about.st_mtime_ns


def _stands(output):
    try:
        path, *rest = output
        return Path(path).is_file() and [path, *rest] == list(_as_it_is(path))
    except (OSError, TypeError, ValueError):
        return False


def prune(state):
    """Remove the stamp of every step whose outputs are not all there any more as the step left them.

    So no step counts as done whose files another run has since written over, or that were cut short.
    """
    for stamp in Path(state).rglob("*.done"):
        try:
            outputs = json.loads(stamp.read_text(encoding="utf-8", errors="surrogateescape"))
        except ValueError:
            outputs = [""]
        if not all(map(_stands, outputs)):
            stamp.unlink()


_TEMPORARY = re.compile(r"\..+\.[0-9]+")
_RUN = "[0-9]{2}-.+?|explore"  # names of runs
_FOLDER = re.compile(rf"\.({_RUN})\.(old|(?:[0-9]+\.)?partial)")


def sweep(state, reports):
    """Put right what a run that was killed left in the state and the reports; nobody else may be at work there.

    A folder of results that was moved aside for its successor, which never came, is moved back; all else goes: folders
    of notebooks that did not end, and files under their temporary names.
    """
    state, reports = Path(state), Path(reports)
    for folder in reports.glob(".*"):
        if not (name := _FOLDER.fullmatch(folder.name)):
            continue
        place = reports / name[1]
        if name[2] == "old" and not place.exists():
            os.replace(folder, place)
        else:
            shutil.rmtree(folder, ignore_errors=True)
    runs = [path for path in reports.glob("*") if re.fullmatch(_RUN, path.name)]
    for folder in (state, state / "runs", state / "parameters", reports, *runs):
        for path in folder.glob(".*"):
            if _TEMPORARY.fullmatch(path.name) and path.is_file():
                path.unlink(missing_ok=True)
    shutil.rmtree(state / RUNTIME, ignore_errors=True)


def named_files(parameters, folder="."):
    """Name, size and time of the files that tables depend on and a file of parameters names: a line each.

    They count from its folder if they are there, else from here; see `study.parameters.read_parameters`.
    """
    lines = []
    for name in re.findall(r"^(?:dictionary|stopwords|codebook)\s*:\s*(.*?)\s*(?:\s#.*)?$", parameters, re.MULTILINE):
        name = name.strip("\"'")
        path = Path(folder, name) if name and Path(folder, name).exists() else Path(name)
        if path.is_file():
            about = path.stat()
            lines.append(f"\n# {path}\t{about.st_size}\t{about.st_mtime_ns}")
    return "".join(lines)


def main(state, corpus, parameters, reports=None):
    """Bring the state up to date with the files: corpus.list, parameters.list, stamps; tidy up after one killed."""
    state = Path(state)
    state.mkdir(parents=True, exist_ok=True)
    if reports:
        sweep(state, reports)
    write_if_changed(state / "corpus.list", f"{corpus}\n{fingerprint(corpus)}")
    path = Path(parameters)
    content = path.read_bytes().decode("utf-8", "replace") if path.is_file() else f"{path} is not there"
    write_if_changed(state / "parameters.list", content + named_files(content, path.parent))
    prune(state)


if __name__ == "__main__":
    try:
        main(*sys.argv[1:5])
    except OSError as error:
        from .locks import told

        sys.exit(f"error: {told(error)}")
