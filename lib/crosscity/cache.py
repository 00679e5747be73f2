"""Rows of documents kept in a folder under a checksum of all that made them, so that nothing is made twice."""

import hashlib
import importlib.metadata
import os
import zlib
from pathlib import Path

from . import RESOURCES

# What rows depend on besides the document and the settings: these modules, every resource, and these packages.
MODULES = "characters cleaning corpus decoding formats furniture metadata rows slips structure tables tokens"
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
        about = (found.doc_id, found.path.name, found.stated, sorted(found.metadata.items()), bool(found.record))
        shared = repeated and (sorted(repeated.tails), sorted(repeated.lines))
        digest = hashlib.sha256(self._made_by + repr((about, shared)).encode("utf-8", "surrogatepass"))
        digest.update(hashlib.sha256(found.data).digest())
        return digest.hexdigest()

    def _path(self, key):
        self._used.add(key)
        return self.folder / key[:2] / key

    def __contains__(self, key):
        return self._path(key).is_file()

    def put(self, key, data):
        """Keep the bytes of `rows.to_bytes` under a key."""
        path = self._path(key)
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_name(f".{key}.{os.getpid()}")
        try:
            temporary.write_bytes(zlib.crc32(data).to_bytes(4, "big") + data)
            os.replace(temporary, path)
        finally:
            temporary.unlink(missing_ok=True)

    def get(self, key):
        """The bytes under a key, or None where they are absent or damaged."""
        try:
            data = self._path(key).read_bytes()
        except OSError:
            return None
        return data[4:] if zlib.crc32(data[4:]).to_bytes(4, "big") == data[:4] else None

    def prune(self):
        """Remove what nobody asked for since this object was made, and what an interrupted run left behind."""
        for path in self.folder.glob("??/*") if self.folder.is_dir() else ():
            if path.name not in self._used:
                path.unlink(missing_ok=True)
