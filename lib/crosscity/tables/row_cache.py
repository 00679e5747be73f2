"""Rows of documents kept in a folder under a checksum of all that made them, so that nothing is made twice."""

import hashlib
import importlib.metadata
import os
import re
import struct
import zlib
from pathlib import Path

from ..files import source_files

# What rows depend on besides the document, the settings and the library's code: these packages.
_PACKAGES = "jieba rjieba opencc pypinyin lxml trafilatura charset-normalizer python-docx pypdfium2"


def code_digest(settings):
    """Checksum of the code, the resources, the packages' versions and the settings that rows are made with."""
    digest = hashlib.sha256(repr(settings).encode())
    for path in source_files("tables.document_rows"):
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    for name in _PACKAGES.split():
        digest.update(f"{name} {_version(name)}\n".encode())
    return digest.digest()


def _version(package):
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return "none"


_PREFIX = struct.Struct(">IIQ")  # checksums of the first line and of all, each with the key; length
_OURS = re.compile(r"[0-9a-f]{64}|\.[0-9a-f]{64}\.[0-9]+")


class Cache:
    """A folder of documents' rows as bytes, each with its checksum; a damaged entry counts as absent.

    Parameters
    ----------
    folder : str or Path
    settings : rows.Settings
    """

    def __init__(self, folder, settings):
        self.folder = Path(folder)
        self._made_by = code_digest(settings)
        self._used = set()

    def key(self, found, repeated=None):
        """The key of a document: of its bytes, name and row of the manifest, and of what others share with it."""
        encoding = found.record.encoding if found.record else None  # a file's own is told from its bytes
        about = (
            found.doc_id,
            found.path.name,
            found.stated_sha256,
            sorted(found.metadata.items()),
            encoding,
            found.problem,
        )
        shared = repeated and (sorted(repeated.tails), sorted(repeated.lines))
        digest = hashlib.sha256(self._made_by + repr((about, shared)).encode("utf-8", "surrogatepass"))
        digest.update(hashlib.sha256(found.data).digest())
        return digest.hexdigest()

    def _path(self, key):
        self._used.add(key)
        return f"{self.folder}/{key[:2]}/{key}"

    def put(self, key, data):
        """Keep the bytes of `document_rows.to_bytes` under a key."""
        path = Path(self._path(key))
        temporary = path.with_name(f".{key}.{os.getpid()}")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            temporary.write_bytes(_prefix(key, data) + data)
            os.replace(temporary, path)
        except OSError as error:
            raise OSError(error.errno, error.strerror, str(path)) from None
        finally:
            temporary.unlink(missing_ok=True)

    def head(self, key):
        """The first line of what is kept under a key, or None where nothing is, or something damaged."""
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

    def get(self, key):
        """The bytes under a key, or None where they are absent or damaged; then they are removed."""
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

    def prune(self):
        """Remove what nobody asked for since this object was made, and what an interrupted run left behind."""
        for path in self.folder.glob("??/*") if self.folder.is_dir() else ():
            if path.name not in self._used and _OURS.fullmatch(path.name):
                path.unlink(missing_ok=True)


def _remove(path):
    Path(path).unlink(missing_ok=True)


def _sum(key, data):
    return zlib.crc32(data, zlib.crc32(key.encode()))


def _prefix(key, data):
    return _PREFIX.pack(_sum(key, data[: data.index(b"\n") + 1]), _sum(key, data), len(data))
