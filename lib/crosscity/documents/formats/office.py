"""Old Word documents (.doc, .wps), which LibreOffice turns into .docx where it is on the machine."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

from .extract import Extract, UnreadableError
from .html import read_html
from .plain import read_mhtml, read_rtf
from .word import read_docx

_LONGEST = 120  # seconds


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
        try:
            subprocess.run([*command, str(source)], check=True, capture_output=True, timeout=_LONGEST)
        except (subprocess.SubprocessError, OSError) as error:
            msg = f"{name} cannot be read by LibreOffice ({type(error).__name__}): open it and save it as .docx"
            raise UnreadableError(msg) from error
        made = Path(folder) / "document.docx"
        if not made.is_file():
            msg = f"{name} cannot be read by LibreOffice: open it and save it as .docx"
            raise UnreadableError(msg)
        return read_docx(made.read_bytes(), name)._replace(encoding=f"{suffix[1:]}, by LibreOffice")
