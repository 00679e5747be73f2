"""Write files and folders whole or not at all."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path


def write_whole(path: Path | str, data: bytes) -> None:
    """Write a file whole or not at all, through a temporary file beside it."""
    path = Path(path)
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary.write_bytes(data)
        os.replace(temporary, path)
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from None
    finally:
        with contextlib.suppress(OSError):  # without a folder, the error above has named it
            temporary.unlink(missing_ok=True)


def write_text(path: Path | str, text: str, errors: str = "strict") -> None:
    """Write a text file whole, as UTF-8; leave it untouched, with its age, if its content would not change.

    Parameters
    ----------
    path : str or Path
    text : str
    errors : str
        As of `str.encode`: "surrogateescape" for text that may hold names of files.
    """
    path, data = Path(path), text.encode("utf-8", errors)
    if not (path.is_file() and path.read_bytes() == data):
        write_whole(path, data)


def replace_folder(partial: Path, target: Path) -> None:
    """Put one folder in the place of another, whole or not at all; a kill between the two renames leaves .NAME.old."""
    old = target.with_name(f".{target.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    if target.exists():
        os.replace(target, old)
    try:
        os.replace(partial, target)
    except OSError:
        if old.exists():
            os.replace(old, target)
        raise
    shutil.rmtree(old, ignore_errors=True)


@contextlib.contextmanager
def whole_folder(target: Path | str) -> Iterator[Path]:
    """Give a temporary folder to fill; it replaces `target` at the end of the block, and is removed on an error."""
    target = Path(os.path.abspath(target))  # noqa: PTH100  # "." has no name; links stay as they were given
    partial = target.with_name(f".{target.name}.{os.getpid()}.partial")
    try:
        partial.mkdir(parents=True)
        yield partial
        replace_folder(partial, target)
    finally:
        shutil.rmtree(partial, ignore_errors=True)
