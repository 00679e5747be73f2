"""One make at a time in a folder, and no process that outlives the one that started it.

Standard library alone, since make asks before there is an environment.
"""

import os
import signal
import sys
from pathlib import Path

from .. import CrosscityError

_PARENT_DEATH = 1  # PR_SET_PDEATHSIG of prctl(2)


def hold(folder, who, wait=False):
    """Hold a folder against others until the descriptor is closed, by this process and all that inherit it.

    Parameters
    ----------
    folder : str or Path
        It must be there.
    who : str
        What the message calls the one that holds it: "another build".
    wait : bool
        Whether to wait until it is free.

    Returns
    -------
    int or None
        The descriptor; None where there are no locks, as on Windows.

    Raises
    ------
    CrosscityError
        If another one holds the folder, and there is to be no waiting.
    """
    try:
        import fcntl
    except ImportError:
        return None
    held = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        if not wait:
            os.close(held)
            msg = f"{who} is writing into {folder}: wait for it to end, or give another folder"
            raise CrosscityError(msg) from None
        print(f"{who} is at work in {folder}: waiting until it has ended", file=sys.stderr)
        fcntl.flock(held, fcntl.LOCK_EX)
    except OSError:
        pass  # a file system without locks, such as some of networks: as good as it gets
    return held


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


def told(error):
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
    """Hold a folder, and become the command that follows it: `[--wait] FOLDER COMMAND ...`."""
    wait = arguments[0] == "--wait"
    folder, *command = arguments[wait:]
    try:
        Path(folder).mkdir(parents=True, exist_ok=True)
        held = hold(folder, "another make", wait)
        if held is not None:
            os.set_inheritable(held, True)
        os.execvp(command[0], command)
    except CrosscityError as error:
        sys.exit(f"error: {error}")
    except FileExistsError:
        sys.exit(f"error: {folder} is a file: give a folder")
    except OSError as error:
        sys.exit(f"error: {told(error)}")


if __name__ == "__main__":
    main(sys.argv[1:])
