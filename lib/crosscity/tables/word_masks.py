"""Masks of words, kept beside the tables: found by the first notebook of a study, read by the others."""

from __future__ import annotations

import contextlib
import hashlib
import importlib.metadata
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ..files import source_files
from ..words.codes import encode
from .builder import CACHE
from .row_cache import Entries

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt
    import pandas as pd

    Found = tuple[list[list[Any]], npt.NDArray[np.bool_]]

_TABLES = ("corpus", "paragraphs", "tokens")  # what masks depend on
_PACKAGES = ("numpy", "pandas", "rapidfuzz", "scipy")


class WordMasks:
    """Masks of the words of paragraphs, each under a checksum of all that it depends on.

    They are kept where the build keeps its rows, and a build removes them with what it does not use; where it keeps
    none (`--no-cache`), or the folder cannot be written to, each is found anew.

    Parameters
    ----------
    tables : Path
        The folder of the tables.
    """

    def __init__(self, tables: Path) -> None:
        self._tables, self._entries = tables, Entries(tables / CACHE)

    def kept(self, name: str, paragraphs: pd.DataFrame, find: Callable[[], Found]) -> Found:
        """Rows and a mask that were found in these tables before, or that `find` gives now.

        Parameters
        ----------
        name : str
            What they are, with the settings.
        paragraphs : DataFrame
            Columns doc_id, paragraph and tokens: of these tables.
        find : callable
            Gives rows, a list of lists of text and numbers, and the mask, an array of bool.
        """
        if not self._entries.folder.is_dir():
            return find()
        key = self._key(name, paragraphs)
        if data := self._entries.get(key):
            line, _, bits = data.partition(b"\n")
            about = json.loads(line)
            return about["rows"], np.unpackbits(np.frombuffer(bits, np.uint8), count=about["words"]).astype(bool)
        rows, mask = find()
        about = {"rows": rows, "words": len(mask)}
        with contextlib.suppress(OSError):  # to read is enough
            self._entries.put(key, f"{json.dumps(about, default=int)}\n".encode() + np.packbits(mask).tobytes())
        return rows, mask

    def _key(self, name: str, paragraphs: pd.DataFrame) -> str:
        digest = hashlib.sha256(name.encode())
        for path in (self._tables / f"{table}.parquet" for table in _TABLES):
            with path.open("rb") as file:
                digest.update(hashlib.file_digest(file, "sha256").digest())
        digest.update("\0".join(paragraphs["doc_id"]).encode("utf-8", "surrogatepass"))
        digest.update(paragraphs["paragraph"].to_numpy(dtype=np.int64).tobytes())
        digest.update(encode(paragraphs["tokens"]).lengths.tobytes())
        for path in source_files("words.reuse"):
            digest.update(hashlib.sha256(path.read_bytes()).digest())
        for package in _PACKAGES:
            digest.update(f"{package} {importlib.metadata.version(package)}\n".encode())
        return digest.hexdigest()
