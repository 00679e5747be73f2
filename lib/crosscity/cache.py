"""Rows of documents kept in a folder under a checksum of all that made them, so that nothing is made twice."""

import hashlib
import importlib.metadata
import os
import struct
import zlib
from pathlib import Path

from . import RESOURCES

# What rows depend on besides the document and the settings: these modules, every resource, and these packages.
MODULES = "characters cleaning corpus decoding formats furniture metadata places rows slips structure tables tokens"
_PACKAGES = "jieba rjieba opencc pypinyin lxml trafilatura charset-normalizer python-docx pypdfium2"


def code_digest(settings):
    """Checksum of the code, the resources, the packages' versions and the settings that rows are made with."""
    digest = hashlib.sha256(repr(settings).encode())
    here = Path(__file__).parent
    files = [here / f"{name}.py" for name in MODULES.split()]
    files += sorted(p for p in Path(str(RESOURCES)).iterdir() if p.suffix in {".tsv", ".txt"})
    for path in files:
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    for name in _PACKAGES.split():
        digest.update(f"{name} {_version(name)}\n".encode())
    return digest.digest()


def _version(package):
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return "none"


_PREFIX = struct.Struct(">IQ")  # checksum and length


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
        about = (found.doc_id, found.path.name, found.stated, sorted(found.metadata.items()), encoding)
        shared = repeated and (sorted(repeated.tails), sorted(repeated.lines))
        digest = hashlib.sha256(self._made_by + repr((about, shared)).encode("utf-8", "surrogatepass"))
        digest.update(hashlib.sha256(found.data).digest())
        return digest.hexdigest()

    def _path(self, key):
        self._used.add(key)
        return self.folder / key[:2] / key

    def put(self, key, data):
        """Keep the bytes of `rows.to_bytes` under a key."""
        path = self._path(key)
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_name(f".{key}.{os.getpid()}")
        try:
            temporary.write_bytes(_PREFIX.pack(zlib.crc32(data), len(data)) + data)
            os.replace(temporary, path)
        finally:
            temporary.unlink(missing_ok=True)

    def head(self, key):
        """The first line of what is kept under a key, or None where nothing is, or less than was put there."""
        try:
            with self._path(key).open("rb") as file:
                prefix = file.read(_PREFIX.size)
                whole = len(prefix) == _PREFIX.size and sum(_PREFIX.unpack(prefix)[1:], _PREFIX.size)
                return file.readline() if os.fstat(file.fileno()).st_size == whole else None
        except OSError:
            return None

    def get(self, key):
        """The bytes under a key, or None where they are absent or damaged; then they are removed."""
        path = self._path(key)
        try:
            data = path.read_bytes()
        except OSError:
            return None
        body = memoryview(data)[_PREFIX.size :]
        if data[: _PREFIX.size] == _PREFIX.pack(zlib.crc32(body), len(body)):
            return bytes(body)
        path.unlink(missing_ok=True)
        return None

    def prune(self):
        """Remove what nobody asked for since this object was made, and what an interrupted run left behind."""
        for path in self.folder.glob("??/*") if self.folder.is_dir() else ():
            if path.name not in self._used:
                path.unlink(missing_ok=True)
