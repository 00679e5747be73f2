"""Lock a folder, and kill children when their parent dies.

Standard library alone, since make asks before there is an environment.
"""

import os
import signal
import sys
from pathlib import Path

from .. import CrosscityError

_PARENT_DEATH = 1  # PR_SET_PDEATHSIG of prctl(2)


def lock_folder(folder, who, wait=False):
    """Lock a folder until the descriptor is closed, by this process and all that inherit it.

    Parameters
    ----------
    folder : str or Path
        It must be there.
    who : str
        What the message calls the one that has the lock: "another build".
    wait : bool
        Whether to wait until it is free.

    Returns
    -------
    int or None
        The descriptor; None where there are no locks, as on Windows.

    Raises
    ------
    CrosscityError
        If another one has the lock, and there is to be no waiting.
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
            msg = f"{who} is writing into {folder}: wait for it to end, or give another folder"
            raise CrosscityError(msg) from None
        print(f"{who} is at work in {folder}: waiting until it has ended", file=sys.stderr)
        fcntl.flock(descriptor, fcntl.LOCK_EX)
    except OSError:
        pass  # a file system without locks, such as some of networks: as good as it gets
    return descriptor


def end_with_parent(parent=None):
    """Have the system kill this process once its parent is gone, however that ended; on Linux alone.

    Without this, what was killed from outside leaves its kernel writing for a second, and its workers waiting for ever.

    Parameters
    ----------
    parent : int, optional
        Its number; where it is gone already, so is this process.
    """
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(_PARENT_DEATH, int(signal.SIGKILL))
    if parent and not _lives(parent):  # it ended before the system was asked
        os._exit(1)


def _lives(number):
    """Whether a process is there, and is more than an entry that nobody has cleared away yet."""
    try:
        os.kill(number, 0)
        return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except ProcessLookupError:
        return False
    except OSError:
        return True  # another user's, or a system without /proc


def describe_error(error):
    """An OSError as one line that names the file and says what to do."""
    import errno

    full = {errno.ENOSPC, errno.EFBIG, errno.EDQUOT}
    closed = {errno.EACCES, errno.EPERM, errno.EROFS}
    line = f"{error.strerror or error}: {error.filename or 'a temporary file'}"
    if error.errno in full:
        return f"{line}: make room there, then do the same again"
    if error.errno in closed:
        return f"{line}: let this user write there, or give another folder"
    return line


def main(arguments):
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
