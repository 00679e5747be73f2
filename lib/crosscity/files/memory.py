"""Memory that is free goes back to the system, which others on the machine may need."""

from __future__ import annotations

import contextlib
import ctypes
import sys
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_LONG = 1.0  # seconds from which there is enough to give back


def give_back_free_memory() -> None:
    """Give back what is free to the system, where Arrow and the C library can.

    Both keep what was freed for what comes next, so that a process holds what each of its steps held at the most.
    """
    if (arrow := sys.modules.get("pyarrow")) is not None:
        arrow.default_memory_pool().release_unused()
    if sys.platform == "linux":
        with contextlib.suppress(AttributeError, OSError):  # of a C library that has no such function
            ctypes.CDLL(None).malloc_trim(0)


@contextlib.contextmanager
def free_memory_given_back() -> Iterator[None]:
    """Within it, what takes long may take much memory: what is free at its end is given back."""
    begun = time.monotonic()
    try:
        yield
    finally:
        if time.monotonic() - begun > _LONG:
            give_back_free_memory()
