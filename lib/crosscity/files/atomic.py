"""Write files whole or not at all."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable
from pathlib import Path

# Ends of temporary names, which no file of a person's has: what a killed run left is told by them alone.
HALF, FORMER = ".crosscity-half", ".crosscity-former"


def half_path(path: Path) -> Path:
    """The hidden name beside a path under which this process makes it."""
    return path.with_name(f".{path.name}.{os.getpid()}{HALF}")


def write_whole(path: Path | str, data: bytes, place: Callable[[Path, Path], None] = os.replace) -> None:
    """Write a file whole or not at all, through a temporary file beside it.

    Parameters
    ----------
    path : str or Path
    data : bytes
    place : callable
        Puts the finished file in its place: `owned.replace_file` keeps what stands there and is a person's.
    """
    path = Path(path)
    temporary = half_path(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary.write_bytes(data)
        place(temporary, path)
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from None
    finally:
        with contextlib.suppress(OSError):  # without a folder, the error above has named it
            temporary.unlink(missing_ok=True)


def write_text(
    path: Path | str, text: str, errors: str = "strict", place: Callable[[Path, Path], None] = os.replace
) -> None:
    """Write a text file whole, as UTF-8; leave it untouched, with its age, if its content would not change.

    Parameters
    ----------
    path : str or Path
    text : str
    errors : str
        As of `str.encode`: "surrogateescape" for text that may hold names of files.
    place : callable
        As of `write_whole`.
    """
    path, data = Path(path), text.encode("utf-8", errors)
    if not (path.is_file() and path.read_bytes() == data):
        write_whole(path, data, place)
