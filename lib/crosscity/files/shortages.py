"""What a machine is short of, as one line that says what to do: memory, processes, open files, disk, permissions.

Standard library alone, since make asks before there is an environment.
"""

from __future__ import annotations

import contextlib
import errno
import os
import re
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_FEWER = "work on fewer at a time (make -j1, build --jobs 1)"
_MEMORY = f"make room in memory: close other programs, {_FEWER}, or take a machine that has more"
_ADVICE = (
    ("make room there, then do the same again", {errno.ENOSPC, errno.EFBIG, errno.EDQUOT}),
    ("let this user write there, or give another folder", {errno.EACCES, errno.EPERM, errno.EROFS}),
    ("let this user open more files (ulimit -n 1024), then do the same again", {errno.EMFILE, errno.ENFILE}),
    (f"let this user start more processes (ulimit -u), end others, or {_FEWER}", {errno.EAGAIN}),
    (_MEMORY, {errno.ENOMEM}),
)
_LEAST_MEMORY = 2 * 10**9  # bytes of addresses, of which libraries take more than they fill
_LEAST_FILES = 256  # open at once, by a notebook and its kernel
_NO_TEMPORARY = re.compile("No usable temporary directory")
# How libraries say that there is no room for them, or no further thread.
_NO_ROOM = re.compile(
    r"cannot allocate memory|failed to map segment|out of memory|not enough memory|unable to allocate|std::bad_alloc",
    re.IGNORECASE,
)
_NO_THREAD = re.compile(r"can't start new thread|resource temporarily unavailable|pthread_create", re.IGNORECASE)
_MAPPED = re.compile(r"(/[^\n:]+): failed to map segment", re.IGNORECASE)  # for want of memory, or of leave


def describe_error(error: OSError) -> str:
    """An OSError as one line that names the file and says what to do."""
    what = error.strerror or str(error)
    if _NO_TEMPORARY.search(what):
        return "there is no folder for temporary files: make /tmp writable, or name one: TMPDIR=folder"
    if error.errno == errno.EAGAIN and not error.filename:
        line = "no further process can be started"
    elif error.errno == errno.ENOMEM and not error.filename:
        line = "there is not enough memory"
    else:
        line = f"{what}: {error.filename or 'a temporary file'}"
    advice = next((said for said, numbers in _ADVICE if error.errno in numbers), "")
    return f"{line}: {advice}" if advice else line


def describe_shortage(error: BaseException) -> str:
    """What a machine is short of, where that is the cause of an error, as one line that says what to do; else "".

    Parameters
    ----------
    error : BaseException
        Of any kind; what it came from is looked at as well.
    """
    at = "".join(f" {note}" for note in getattr(error, "__notes__", [])[:1])
    seen: set[int] = set()
    cause: BaseException | None = error
    while cause is not None and id(cause) not in seen:
        seen.add(id(cause))
        if said := _of_one(cause):
            what, _, advice = said.partition(": ")
            return f"{what}{at}: {advice}"
        cause = cause.__cause__ or cause.__context__
    return ""


def describe_failed_cell(name: str, value: str) -> str:
    """As `describe_shortage`, of an error in another process, of which its name and its words are known."""
    kinds = {"MemoryError": MemoryError, "ImportError": ImportError, "OSError": OSError, "RuntimeError": RuntimeError}
    if name == "ArrowMemoryError" or name.endswith("ArrayMemoryError"):
        name = "MemoryError"
    return describe_shortage(kinds.get(name, Exception)(value))


def limit_notes() -> Iterator[str]:
    """What this process is limited to below what a study takes, a sentence each: libraries may then end it unasked.

    The limit of open files is raised first, as far as that is allowed.
    """
    try:
        import resource
    except ImportError:  # a system without limits
        return
    limit = resource.getrlimit(resource.RLIMIT_AS)[0]
    if limit != resource.RLIM_INFINITY and limit < _LEAST_MEMORY:
        has, takes = f"{limit / 1e6:,.0f} MB", f"{_LEAST_MEMORY / 1e6:,.0f}"
        yield f"this process may hold {has} of memory (ulimit -v), and a study takes {takes}: raise the limit"
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and soft < _LEAST_FILES:
        if hard == resource.RLIM_INFINITY or hard > soft:
            soft = _LEAST_FILES if hard == resource.RLIM_INFINITY else min(hard, _LEAST_FILES)
            with contextlib.suppress(OSError, ValueError):
                resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        if soft < _LEAST_FILES:
            yield f"this process may open {soft:,} files (ulimit -n), and a study takes {_LEAST_FILES}: raise the limit"


def _of_one(error: BaseException) -> str:
    words = str(error)
    if isinstance(error, ImportError) and (mapped := _MAPPED.search(words)) and _is_noexec(mapped[1]):
        return f"{mapped[1]} may not be run where it lies: move the environment to a file system without noexec"
    if isinstance(error, MemoryError) or (_NO_ROOM.search(words) and not isinstance(error, OSError)):
        return f"there is not enough memory: {_MEMORY}"
    number = getattr(error, "errno", None)  # ZeroMQ's errors have one, too
    if number in (errno.ENOMEM, errno.EAGAIN) or (number in (errno.EMFILE, errno.ENFILE)):
        return describe_error(error if isinstance(error, OSError) else OSError(number, words))
    if isinstance(error, RuntimeError | ImportError) and _NO_THREAD.search(words):
        return describe_error(OSError(errno.EAGAIN, words))
    if isinstance(error, ModuleNotFoundError) and error.name and not error.name.startswith("crosscity"):
        what = f"{sys.executable} has no package {error.name.partition('.')[0]}"
        return f"{what}: install the lock by make, or into an environment of yours by make install PYTHON=python"
    return ""


def _is_noexec(path: str) -> bool:
    """Whether a file lies where none may be run."""
    try:
        return bool(os.statvfs(path).f_flag & os.ST_NOEXEC)
    except (OSError, AttributeError):  # not on every system
        return False
