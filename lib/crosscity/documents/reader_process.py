"""Files read in a process apart, under limits: what a file does to its reader happens to that process alone.

A process serves many files in a row. One that is ended by a file, or has grown by one, is replaced. What goes between
the two processes is JSON and bytes: nothing that comes back is run, whatever a file made of its reader.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import struct
import subprocess
import sys
import threading
import time
from multiprocessing.util import Finalize
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from .. import CrosscityError
from ..files import end_with_parent
from .formats import READERS, Extract, UnreadableError
from .formats.package import is_for_memory
from .limits import Limits
from .records import RECORD_READERS, Records

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

_REFUSED = {"SIGABRT", "SIGTRAP", "SIGILL"}  # by which libraries end a process that is refused more memory
_FROM_ELSEWHERE = {"", "SIGKILL", "SIGTERM"}  # signals of a process that may have been ended by something else
_LENGTH = struct.Struct(">Q")
_MEGABYTE = 1_000_000
_GROWN = 200 * _MEGABYTE  # of memory that a process kept, beyond which it is replaced
_BYTES = 6  # of a character in JSON, at most
_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")  # whose stacks count as memory
_LIBRARY = str(Path(__file__).resolve().parents[2])
_START = "import sys; sys.path.insert(0, {!r}); from crosscity.documents.reader_process import serve; serve({})"


class _Death(NamedTuple):
    """How a process ended: the signal or "", and whether from here, for want of an answer."""

    signal: str
    in_vain: bool


def read_apart(path: Path, data: bytes, limits: Limits) -> Extract | Records:
    """What the reader of a file's suffix makes of it, in a process apart.

    Parameters
    ----------
    path : Path
        Its suffix is one of `READERS` or `RECORD_READERS`.
    data : bytes
    limits : Limits

    Raises
    ------
    UnreadableError
        As the reader; and if the file needs more than the limits, or ends its reader.
    CrosscityError
        As the reader; and if no process can be started.
    """
    if not sys.executable:  # Python within another program, which starts no second one
        return _read(path.suffix.lower(), data, path)
    for anew in (False, True):
        reader = _taken(path, anew)
        answer = reader.answer(path, data, limits)
        if not isinstance(answer, _Death):
            _given_back(reader, answer)
            return _understood(answer, path, limits)
        if answer.in_vain:
            raise limits.over_patience(path)
        if answer.signal == "SIGXCPU":
            raise limits.over_time(path)
        if answer.signal in _REFUSED:
            raise limits.over_memory(path, answer.signal)
        if answer.signal not in _FROM_ELSEWHERE:
            break
    how = answer.signal or "it ended"
    msg = f"{path} breaks the program that reads it ({how}): open it and save it again, or leave it out"
    raise UnreadableError(msg)


def _understood(answer: dict[str, Any], path: Path, limits: Limits) -> Extract | Records:
    """The result that an answer holds, or its error raised."""
    if "extract" in answer:
        text, encoding, metadata, notes, unread = answer["extract"]
        return Extract(text, encoding, metadata, tuple(notes), unread)
    if "records" in answer:
        rows, encoding, notes = answer["records"]
        return Records([(row, text) for row, text in rows], encoding, notes)
    if "memory" in answer:
        raise limits.over_memory(path)
    if "slow" in answer:
        raise limits.over_time(path)
    if "characters" in answer:
        raise limits.over_characters(path)
    raise UnreadableError(answer["unreadable"]) if "unreadable" in answer else CrosscityError(answer["error"])


class _Reader:
    """A process that reads files."""

    def __init__(self) -> None:
        command = [sys.executable, "-X", f"utf8={sys.flags.utf8_mode}", "-c", _START.format(_LIBRARY, os.getpid())]
        environment = {**os.environ, **dict.fromkeys(_THREADS, "1")}
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment)
        self.close = Finalize(self, _ended, [self.process], exitpriority=10)

    def answer(self, path: Path, data: bytes, limits: Limits) -> dict[str, Any] | _Death:
        """What the process says of a file."""
        process = self.process
        assert process.stdin is not None
        assert process.stdout is not None
        ended = threading.Event()

        def end() -> None:
            ended.set()
            process.kill()

        watch = threading.Timer(limits.patience, end)
        watch.daemon = True
        watch.start()
        try:
            request = {"path": os.fspath(path), "folder": _folder(), "size": len(data), "limits": limits}
            process.stdin.write(json.dumps(request).encode() + b"\n")
            process.stdin.write(data)
            process.stdin.flush()
            if (head := process.stdout.read(_LENGTH.size)) and len(head) == _LENGTH.size:
                size = _LENGTH.unpack(head)[0]
                body = process.stdout.read(size) if size <= _most(limits) else b""
                if body and len(body) == size:
                    answer: dict[str, Any] = json.loads(body.decode("utf-8", "surrogatepass"))
                    return answer
        except (BrokenPipeError, ConnectionResetError):
            pass  # it has ended
        except BaseException:  # interrupted: what is on its way would be taken for the answer to the next
            self.close()
            raise
        finally:
            watch.cancel()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(5)  # how it ended, before it is ended from here, as one is that goes on writing
        self.close()
        code = process.returncode
        return _Death(signal.Signals(-code).name if -code in set(signal.Signals) else "", ended.is_set())


def _ended(process: subprocess.Popen[bytes]) -> None:
    """End a process that reads files, and wait for it: none is left as a zombie."""
    process.kill()
    process.wait()
    _close(process)


def _close(process: subprocess.Popen[bytes]) -> None:
    for pipe in (process.stdin, process.stdout):
        with contextlib.suppress(OSError):  # what was not sent has nobody to read it
            if pipe:
                pipe.close()


def _folder() -> str:
    try:
        return os.getcwd()  # noqa: PTH109 -- as it is handed on
    except OSError:  # it is gone
        return ""


def _most(limits: Limits) -> int:
    """Bytes of an answer."""
    return _BYTES * limits.characters + 100 * _MEGABYTE


_idle: list[_Reader] = []  # of this process: as many as there were threads that read at a time
_lock = threading.Lock()


def _taken(path: Path, anew: bool = False) -> _Reader:
    """A process that reads files and has nothing to do, or a new one."""
    with _lock:
        if _idle and not anew:
            return _idle.pop()
    try:
        return _Reader()
    except OSError as error:
        msg = f"{path} cannot be read, since no process can be started ({error.strerror}): end other programs first"
        raise CrosscityError(msg) from None


def _given_back(reader: _Reader, answer: dict[str, Any]) -> None:
    """Keep a process for the next file, unless it has said that it ends."""
    if answer.get("last"):
        reader.close()
        return
    with _lock:
        _idle.append(reader)


def _forget() -> None:
    """In a fork: the processes are its parent's, and end with that."""
    global _lock
    _lock = threading.Lock()
    for reader in _idle:
        reader.close.cancel()
        reader.process.returncode = 0  # not a child of this process
        _close(reader.process)
    _idle.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget)


def serve(parent: int) -> None:
    """Read files for another process until it closes the pipe; what a library prints goes nowhere."""
    end_with_parent(parent)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # of the terminal: it is the parent's, who closes the pipe
    incoming, outgoing = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1, 2):
        os.dup2(nothing, number)
    before = _address_space()
    for request, data in _requests(incoming):
        answer = _answered(request, data)
        if "memory" in answer or _address_space() > before + _GROWN:
            answer["last"] = True
        with _within(Limits(3600, request["limits"][1] * 2)):
            try:
                body = json.dumps(answer, ensure_ascii=False).encode("utf-8", "surrogatepass")
            except MemoryError:
                body = b'{"memory": true, "last": true}'
        outgoing.write(_LENGTH.pack(len(body)) + body)
        outgoing.flush()
        if "last" in answer:
            return


def _requests(incoming: BinaryIO) -> Iterator[tuple[dict[str, Any], bytes]]:
    while line := incoming.readline():
        request = json.loads(line)
        yield request, incoming.read(request["size"])


def _answered(request: dict[str, Any], data: bytes) -> dict[str, Any]:
    """What is said of one file."""
    path, limits = Path(request["path"]), Limits(*request["limits"])
    with contextlib.suppress(OSError):
        os.chdir(request["folder"] or "/")
    begun = time.process_time()
    try:
        with _within(limits):
            made = _read(path.suffix.lower(), data, path)
    except MemoryError:
        return {"memory": True}
    except UnreadableError as error:
        return {"unreadable": str(error)}
    except CrosscityError as error:
        return {"error": str(error)}
    except BaseException as error:  # of a library, a panic of one in Rust too: no file ends a build
        if is_for_memory(error):
            return {"memory": True}
        return {"unreadable": f"{path} cannot be read ({_reason(error)}): open it and save it again, or leave it out"}
    if time.process_time() - begun > limits.seconds + 1:  # where the system does not end it
        return {"slow": True}
    if _characters(made) > limits.characters:
        return {"characters": True}
    return {"extract" if isinstance(made, Extract) else "records": made}


def _reason(error: BaseException) -> str:
    return " ".join(f"{type(error).__name__}: {error}".split())[:160].removesuffix(": ")


def _characters(made: Extract | Records) -> int:
    """How many characters a file gives."""
    if isinstance(made, Extract):
        return len(made.text)
    return sum(len(text) + sum(len(str(cell)) for cell in row.values()) for row, text in made.rows)


def _read(suffix: str, data: bytes, path: Path) -> Extract | Records:
    return READERS[suffix](data, path) if suffix in READERS else RECORD_READERS[suffix](path, data)


@contextlib.contextmanager
def _within(limits: Limits) -> Iterator[None]:
    """Limits of this process while a file is read, where the system has such."""
    try:
        import resource
    except ImportError:
        yield
        return
    used = resource.getrusage(resource.RUSAGE_SELF)
    wanted = {
        resource.RLIMIT_CPU: int(used.ru_utime + used.ru_stime) + 1 + limits.seconds,
        resource.RLIMIT_AS: (_address_space() or 500 * _MEGABYTE) + limits.memory * _MEGABYTE,
        resource.RLIMIT_FSIZE: 500 * _MEGABYTE,
        resource.RLIMIT_CORE: 0,
    }
    former = {kind: resource.getrlimit(kind) for kind in wanted}
    for kind, most in wanted.items():
        hard = former[kind][1]
        soft = most if hard == resource.RLIM_INFINITY else min(most, hard)
        with contextlib.suppress(ValueError, OSError):  # where the system knows the name alone
            resource.setrlimit(kind, (soft, hard))
    try:
        yield
    finally:
        for kind, limit in former.items():
            with contextlib.suppress(ValueError, OSError):
                resource.setrlimit(kind, limit)


def _address_space() -> int:
    """Bytes that this process may address; 0 where the system does not say."""
    try:
        return int(Path("/proc/self/statm").read_text().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError):
        return 0
