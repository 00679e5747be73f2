"""Write files and folders whole or not at all, whatever happens meanwhile."""

import contextlib
import os
import shutil
from pathlib import Path


def write_whole(path, data):
    """Write bytes to a file whole or not at all: under a temporary name first, which an error takes away again."""
    path = Path(path)
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary.write_bytes(data)
        os.replace(temporary, path)
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from None
    finally:
        with contextlib.suppress(OSError):  # where there is no such folder, what is wrong has been said
            temporary.unlink(missing_ok=True)


def write_if_changed(path, text):
    """Write a file of the state whole, or leave it with its age where nothing changed."""
    path, data = Path(path), text.encode("utf-8", "surrogateescape")
    if path.is_file() and path.read_bytes() == data:
        return False
    write_whole(path, data)
    return True


def put_in_place(partial, place):
    """Put a folder in the place of another, as a whole or not at all; a kill between the renamings leaves .NAME.old."""
    old = place.with_name(f".{place.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    if place.exists():
        os.replace(place, old)
    try:
        os.replace(partial, place)
    except OSError:
        if old.exists():
            os.replace(old, place)
        raise
    shutil.rmtree(old, ignore_errors=True)


@contextlib.contextmanager
def whole_folder(place):
    """A folder to fill, put in the place of another when the block ends without an error; else nothing is left."""
    place = Path(os.path.abspath(place))  # noqa: PTH100  # "." has no name; links stay as they were given
    partial = place.with_name(f".{place.name}.{os.getpid()}.partial")
    try:
        partial.mkdir(parents=True)
        yield partial
        put_in_place(partial, place)
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def write_text(path, text):
    """Write a text file whole: under a temporary name first, and not at all where it would not change."""
    path = Path(path)
    data = text.encode("utf-8")
    if path.is_file() and path.read_bytes() == data:
        return
    write_whole(path, data)
