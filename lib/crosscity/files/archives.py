"""Zip archives that are the same bytes for the same content."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_WHEN = (1980, 1, 1, 0, 0, 0)  # the same bytes at any time


def zip_archive(parts: Mapping[str, str | bytes | Iterable[str]]) -> bytes:
    """The bytes of a zip archive of these parts, in their order; texts, whole or in pieces, are written as UTF-8."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            entry = zipfile.ZipInfo(name, _WHEN)
            entry.compress_type, entry.external_attr, entry.create_system = zipfile.ZIP_DEFLATED, 0o644 << 16, 3
            if isinstance(content, str | bytes):  # whose size is known, and may be beyond two gigabytes
                archive.writestr(entry, content)
                continue
            with archive.open(entry, "w") as file:
                for piece in content:
                    file.write(piece.encode())
    return buffer.getvalue()
