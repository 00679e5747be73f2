"""Old Word documents (.doc, .wps), which LibreOffice turns into .docx where it is on the machine."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

from ...files import end_with_parent
from .extract import Extract, UnreadableError
from .html import read_html
from .plain import read_mhtml, read_rtf
from .word import read_docx

_LONGEST = 120  # seconds, by the clock and of processor time
_LARGEST = 8_000_000_000  # bytes that it may address


def read_with_office(data: bytes, name: Path | str) -> Extract:
    """The text of an old Word document.

    Many files that are called .doc are something else: what they are is told by their first bytes.

    Raises
    ------
    UnreadableError
        If LibreOffice is not on the machine, or cannot read the file.
    """
    start = data.lstrip()[:200].lower()
    if data.startswith(b"PK"):
        return read_docx(data, name)
    if start.startswith(b"{\\rtf"):
        return read_rtf(data, name)
    if start.startswith((b"mime-version", b"from:")):
        return read_mhtml(data, name)
    if b"<html" in start or b"<!doctype html" in start:
        return read_html(data, name)
    office = shutil.which("soffice") or shutil.which("libreoffice")
    suffix = Path(name).suffix
    if office is None:
        msg = f"{name} is an old {suffix}, which LibreOffice would read and is not installed: save it as .docx"
        raise UnreadableError(msg)
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / f"document{suffix}"
        source.write_bytes(data)
        profile = (Path(folder) / "profile").as_uri()
        command = [office, f"-env:UserInstallation={profile}", "--headless", "--convert-to", "docx", "--outdir", folder]
        made = Path(folder) / "document.docx"
        reason = _run([*command, str(source)])
        if reason or not made.is_file():
            msg = f"{name} cannot be read by LibreOffice{reason}: open it and save it as .docx"
            raise UnreadableError(msg)
        data = made.read_bytes()
    return read_docx(data, name)._replace(encoding=f"{suffix[1:]}, by LibreOffice")


def _run(command: list[str]) -> str:
    """Run LibreOffice, within limits and with all that it starts; why it gave nothing, in brackets, or ""."""
    try:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=_limit if os.name == "posix" else None,
        )
    except OSError as error:
        return f" ({error.strerror})"
    try:
        process.wait(_LONGEST)
    except subprocess.TimeoutExpired:
        return f" within {_LONGEST} s"
    finally:
        with contextlib.suppress(OSError):
            if os.name == "posix":  # what soffice starts outlives it otherwise
                os.killpg(process.pid, signal.SIGKILL)
            process.kill()
        process.wait()
    return f" (it ended with status {process.returncode})" if process.returncode else ""


def _limit() -> None:
    """Limits of LibreOffice, which maps more than it uses; it ends with the process that reads the file."""
    import resource

    end_with_parent()
    for kind, most in ((resource.RLIMIT_CPU, _LONGEST), (resource.RLIMIT_AS, _LARGEST)):
        hard = resource.getrlimit(kind)[1]
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(kind, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))
