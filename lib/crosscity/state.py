"""What make asks before it decides: did the corpus or the parameters change, and is what was built still there?

Standard library alone, since it runs on every call of make. Files of the state are rewritten only when their content
changes, so that make sees by their age what is out of date.
"""

import json
import os
import re
import sys
from pathlib import Path


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


def write_if_changed(path, text):
    """Write a file of the state whole, or leave it with its age where nothing changed."""
    path, data = Path(path), text.encode("utf-8", "surrogateescape")
    if path.is_file() and path.read_bytes() == data:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    temporary.write_bytes(data)
    os.replace(temporary, path)
    return True


def write_stamp(path, outputs):
    """Say that a step is done, and which files it made."""
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    temporary.write_text(json.dumps([str(p) for p in outputs], ensure_ascii=False), encoding="utf-8")
    os.replace(temporary, path)


def prune(state):
    """Remove the stamp of every step whose outputs are not all there any more."""
    for stamp in Path(state).rglob("*.done"):
        try:
            outputs = json.loads(stamp.read_text(encoding="utf-8"))
        except ValueError:
            outputs = [""]
        if not all(Path(output).is_file() for output in outputs):
            stamp.unlink()


def named_files(parameters):
    """Name, size and time of the study's own lists of words that a file of parameters names: a line each."""
    lines = []
    for name in re.findall(r"^(?:dictionary|stopwords)\s*:\s*(.*?)\s*(?:\s#.*)?$", parameters, re.MULTILINE):
        path = Path(name.strip("\"'"))
        if path.is_file():
            about = path.stat()
            lines.append(f"\n# {path}\t{about.st_size}\t{about.st_mtime_ns}")
    return "".join(lines)


def main(state, corpus, parameters):
    """Bring the state up to date with the files: corpus.list, parameters.list, stamps."""
    state = Path(state)
    state.mkdir(parents=True, exist_ok=True)
    write_if_changed(state / "corpus.list", f"{corpus}\n{fingerprint(corpus)}")
    path = Path(parameters)
    content = path.read_bytes().decode("utf-8", "replace") if path.is_file() else f"{path} is not there"
    write_if_changed(state / "parameters.list", content + named_files(content))
    prune(state)


if __name__ == "__main__":
    main(*sys.argv[1:4])
