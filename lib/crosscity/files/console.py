"""The encoding of names and messages: UTF-8 for whatever starts on its own, in any locale.

Python takes the encoding of file names, arguments and output from the locale, unless it is in its UTF-8 mode, which can
only be set before it starts. Standard library alone.
"""

from __future__ import annotations

import codecs
import io
import os
import sys
from pathlib import Path


def restart_in_utf8() -> None:
    """Start this process once more in Python's UTF-8 mode, unless it is in it: with the same number and arguments.

    What it starts in its turn, such as kernels and workers, is in that mode, too. For the doors of the suite alone: who
    imports it keeps the mode they have.
    """
    os.environ["PYTHONUTF8"] = "1"
    if sys.flags.utf8_mode or "utf8" in sys._xoptions:  # who asks for the other mode by -X utf8=0 has it
        show_all_characters()
        return
    executable, *arguments = _arguments()
    os.execv(sys.executable, [executable, b"-X", b"utf8", *arguments])


def _arguments() -> list[bytes]:
    """How this process was called, as the system has it: what the locale made of it may not lead back to that."""
    try:
        given = Path("/proc/self/cmdline").read_bytes().split(b"\0")[:-1]
    except OSError:  # not on Linux
        given = []
    return given if len(given) == len(sys.orig_argv) else [os.fsencode(argument) for argument in sys.orig_argv]


def show_missing_characters() -> None:
    """Have output that is not in UTF-8 show characters that its encoding lacks by their number."""
    for stream in (sys.stdout, sys.stderr):
        if not isinstance(stream, io.TextIOWrapper) or stream.errors != "strict":
            continue  # a notebook's, or one that has been told
        if codecs.lookup(stream.encoding).name != "utf-8":
            stream.reconfigure(errors="backslashreplace")


def show_all_characters() -> None:
    """Have output show characters that its encoding lacks by their number, such as \\u5408, and never fail for them."""
    for stream in (sys.stdout, sys.stderr):
        # Of UTF-8, lone surrogates alone are lacking: the bytes of a name that is none go out as they are.
        utf8 = isinstance(stream, io.TextIOWrapper) and codecs.lookup(stream.encoding).name == "utf-8"
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="surrogateescape" if utf8 else "backslashreplace")
