"""A cache of documents' rows, keyed by a checksum of everything they depend on."""

from __future__ import annotations

import functools
import hashlib
import importlib.metadata
import os
import re
import struct
import zlib
from pathlib import Path
from typing import TYPE_CHECKING

from ..files import source_files

if TYPE_CHECKING:
    from ..documents import RawDocument, RepeatedLines
    from .document_rows import Settings

# What rows depend on besides the document, the settings and the library's code: these packages.
_PACKAGES = (
    "jieba rjieba opencc pypinyin lxml trafilatura charset-normalizer pypdfium2 mistune python-calamine striprtf"
)


def code_digest(settings: Settings) -> bytes:
    """Checksum of what makes rows: code, resources, versions of packages, settings."""
    digest = hashlib.sha256(repr(settings).encode())
    for path in source_files("tables.document_rows"):
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    for name in _PACKAGES.split():
        digest.update(f"{name} {_version(name)}\n".encode())
    return digest.digest()


def _version(package: str) -> str:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return "none"


_PREFIX = struct.Struct(">IIQ")  # checksums of the first line and of all, each with the key; length
_ENTRY = re.compile(r"[0-9a-f]{64}|\.[0-9a-f]{64}\.[0-9]+")


class Entries:
    """A folder of bytes under keys (64 hexadecimal digits), each with its checksum; a damaged entry counts as absent.

    Parameters
    ----------
    folder : str or Path
    """

    def __init__(self, folder: Path | str) -> None:
        self.folder = Path(folder)
        self._used: set[str] = set()

    def _path(self, key: str) -> str:
        self._used.add(key)
        return f"{self.folder}/{key[:2]}/{key}"

    def put(self, key: str, data: bytes, *more: bytes | memoryview) -> None:
        """Store bytes under a key, in pieces if they are many; the first has a line end, up to which `head` reads."""
        path = Path(self._path(key))
        temporary = path.with_name(f".{key}.{os.getpid()}")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with temporary.open("wb") as file:
                for piece in (_prefix(key, data, *more), data, *more):
                    file.write(piece)
            os.replace(temporary, path)
        except OSError as error:
            raise OSError(error.errno, error.strerror, str(path)) from None
        finally:
            temporary.unlink(missing_ok=True)

    def head(self, key: str) -> bytes | None:
        """The first line of the bytes under a key, or None where they are absent or damaged."""
        path = self._path(key)
        try:
            with open(path, "rb") as file:  # noqa: PTH123 -- thousands of them: a Path each takes as long as the reading
                prefix, line = file.read(_PREFIX.size), file.readline()
                size = os.fstat(file.fileno()).st_size - _PREFIX.size
        except OSError:
            return None
        if len(prefix) == _PREFIX.size and _PREFIX.unpack(prefix)[::2] == (_sum(key, line), size):
            return line
        _remove(path)
        return None

    def get(self, key: str) -> bytes | None:
        """The bytes under a key, or None where they are absent or damaged; damaged ones are removed."""
        path = self._path(key)
        try:
            with open(path, "rb") as file:  # noqa: PTH123 -- thousands of them: a Path each takes as long as the reading
                data = file.read()
        except OSError:
            return None
        body = data[_PREFIX.size :]
        if b"\n" in body and data[: _PREFIX.size] == _prefix(key, body):
            return body
        _remove(path)
        return None

    def prune(self) -> None:
        """Remove entries that were not used through this object, and temporary files of interrupted runs."""
        for path in self.folder.glob("??/*") if self.folder.is_dir() else ():
            if path.name not in self._used and _ENTRY.fullmatch(path.name):
                path.unlink(missing_ok=True)


class RowCache(Entries):
    """Documents' rows as bytes, by keys of all that they depend on.

    Parameters
    ----------
    folder : str or Path
    settings : document_rows.Settings
    """

    def __init__(self, folder: Path | str, settings: Settings) -> None:
        super().__init__(folder)
        self._code_digest = code_digest(settings)

    def key(self, file: RawDocument, repeated: RepeatedLines | None = None) -> str:
        """The key of a document: of its bytes, name and row of the manifest, and of what others share with it."""
        # What a file's own are follows from its bytes.
        encoding, notes = (file.record.encoding, file.record.notes) if file.record else (None, [])
        description = (
            file.doc_id,
            file.path.name,
            file.stated_sha256,
            sorted(file.metadata.items()),
            encoding,
            notes,
            file.problem,
        )
        shared = repeated and (sorted(repeated.tails), sorted(repeated.lines))
        digest = hashlib.sha256(self._code_digest + repr((description, shared)).encode("utf-8", "surrogatepass"))
        digest.update(hashlib.sha256(file.data).digest())
        return digest.hexdigest()


def _remove(path: Path | str) -> None:
    Path(path).unlink(missing_ok=True)


def _sum(key: str, *pieces: bytes | memoryview) -> int:
    return functools.reduce(lambda crc, piece: zlib.crc32(piece, crc), pieces, zlib.crc32(key.encode()))


def _prefix(key: str, data: bytes, *more: bytes | memoryview) -> bytes:
    head = _sum(key, data[: data.index(b"\n") + 1])
    return _PREFIX.pack(head, _sum(key, data, *more), sum(map(len, (data, *more))))
