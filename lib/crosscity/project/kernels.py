"""Kernels that are forked from a process which holds what notebooks import, so that no kernel imports it anew."""

from __future__ import annotations

import contextlib
import os
import pkgutil
import signal
import sys
from importlib import import_module
from importlib.metadata import EntryPoint
from multiprocessing import get_context
from typing import TYPE_CHECKING, Any

from jupyter_client.provisioning import KernelProvisionerFactory, LocalProvisioner

from ..files import CAN_FORK, source_files

if TYPE_CHECKING:
    from collections.abc import Iterator
    from multiprocessing.connection import Connection

    from jupyter_client.connect import KernelConnectionInfo

_NAME = "crosscity-forked"
_KEPT = ("words.reuse", "compare.distances")  # whose source files tell kept results apart: parsed once, for all forks
_waiting: list[_ForkedKernel] = []


def import_what_notebooks_import() -> None:
    """Import the kernel and all that results need, so that forks have it."""
    # As a kernel does before matplotlib is imported.
    os.environ.setdefault("MPLBACKEND", "module://matplotlib_inline.backend_inline")
    from ..study import results

    of_results = (module.name for module in pkgutil.iter_modules(results.__path__, f"{results.__name__}."))
    for name in ("ipykernel.kernelapp", "scipy.stats", "sklearn.decomposition", *of_results):
        import_module(name)
    for name in _KEPT:
        source_files(name)


@contextlib.contextmanager
def forked_kernel() -> Iterator[None]:
    """Within it, the next kernel of this process is a fork of it as it was at the beginning, without threads."""
    if not CAN_FORK:
        yield
        return
    factory = KernelProvisionerFactory.instance()
    factory.provisioners[_NAME] = EntryPoint(_NAME, f"{__name__}:ForkedProvisioner", factory.GROUP_NAME)
    factory.default_provisioner_name = _NAME
    _waiting.append(kernel := _ForkedKernel())
    try:
        yield
    finally:
        _waiting.clear()
        kernel.told.close()  # one that still waits ends


class _ForkedKernel:
    """A fork that waits to be told how it is reached, and then serves as a kernel: what Popen is of a new process."""

    stdin = stdout = stderr = None

    def __init__(self) -> None:
        context = get_context("fork")
        heard, self.told = context.Pipe(duplex=False)
        self._process = context.Process(target=_serve, args=(heard, self.told))
        self._process.start()
        heard.close()
        assert self._process.pid is not None
        self.pid: int = self._process.pid

    def poll(self) -> int | None:
        """Its status, or None while it runs."""
        return self._process.exitcode

    def wait(self) -> int | None:
        """Its status, once it has ended."""
        self._process.join()
        return self._process.exitcode

    def send_signal(self, number: int) -> None:
        """Send it a signal, unless it has ended."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        """End it."""
        self._process.kill()

    def terminate(self) -> None:
        """Ask it to end."""
        self._process.terminate()


class ForkedProvisioner(LocalProvisioner):
    """Where jupyter_client gets a kernel: the fork that waits; where none does, a new process."""

    process: Any
    pid: Any
    pgid: Any

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Start the kernel, and return how it is reached."""
        if not _waiting:
            return await super().launch_kernel(cmd, **kwargs)
        kernel = _waiting.pop()
        environment = dict(kwargs.get("env") or os.environ)
        kernel.told.send((cmd[cmd.index("-f") :], environment, str(kwargs.get("cwd") or "")))
        self.process, self.pid, self.pgid = kernel, kernel.pid, kernel.pid  # it leads a group of its own
        return self.connection_info


def _serve(heard: Connection, told: Connection) -> None:
    """Be a kernel, once told how."""
    told.close()
    os.setsid()
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    try:
        options, environment, folder = heard.recv()
    except EOFError:  # the run ended before it had a need of one
        return
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder or ".")
    sys.argv = ["ipykernel_launcher", *options]
    from ipykernel.kernelapp import IPKernelApp

    IPKernelApp.launch_instance(argv=[*options, f"--IPKernelApp.parent_handle={os.getppid()}"])
