"""Lock a folder; kill children when their parent dies.

Standard library alone, since make asks before there is an environment.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from .. import CrosscityError
from .shortages import describe_error

CAN_FORK = sys.platform == "linux"  # elsewhere a system's own libraries may not survive it
_PR_SET_PDEATHSIG = 1  # of prctl(2)


def lock_folder(folder: Path | str, owner: str, wait: bool = False) -> int | None:
    """Lock a folder until this process, and all that inherit the descriptor, have closed it.

    Parameters
    ----------
    folder : str or Path
        It must exist.
    owner : str
        What messages call the holder of the lock: "another build".
    wait : bool
        Whether to wait until it is free.

    Returns
    -------
    int or None
        The descriptor; None on a system without locks, such as Windows.

    Raises
    ------
    CrosscityError
        If the folder is locked and `wait` is false.
    """
    try:
        import fcntl
    except ImportError:
        return None
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        if not wait:
            os.close(descriptor)
            msg = f"{owner} is writing into {folder}: wait for it to end, or give another folder"
            raise CrosscityError(msg) from None
        print(f"{owner} is at work in {folder}: waiting until it has ended", file=sys.stderr)
        fcntl.flock(descriptor, fcntl.LOCK_EX)
    except OSError:
        pass  # a file system without locks, such as some network ones: go on without
    return descriptor


def end_with_parent(parent: int | None = None) -> None:
    """Have the kernel kill this process once its parent is gone, however that ended; on Linux alone.

    Otherwise a run that is killed leaves its kernel writing for a second, and its workers waiting for ever.

    Parameters
    ----------
    parent : int, optional
        Its process id; if it is gone already, this process exits.
    """
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, int(signal.SIGKILL))
    if parent and not _is_alive(parent):  # it ended before the kernel was asked
        os._exit(1)


def _is_alive(process: int) -> bool:
    """Whether a process exists and is no zombie."""
    try:
        os.kill(process, 0)
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except ProcessLookupError:
        return False
    except OSError:
        return True  # another user's, or a system without /proc


def main(arguments: Sequence[str]) -> None:
    """Lock a folder, and become the command that follows it: `[--wait] FOLDER COMMAND ...`."""
    wait = arguments[0] == "--wait"
    folder, *command = arguments[wait:]
    try:
        Path(folder).mkdir(parents=True, exist_ok=True)
        descriptor = lock_folder(folder, "another make", wait)
        if descriptor is not None:
            os.set_inheritable(descriptor, True)
        os.execvp(command[0], command)
    except CrosscityError as error:
        sys.exit(f"error: {error}")
    except FileExistsError:
        sys.exit(f"error: {folder} is a file: give a folder")
    except OSError as error:
        sys.exit(f"error: {describe_error(error)}")
