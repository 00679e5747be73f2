"""Results that notebooks of a study share, kept beside the tables: found by the first, read by the others."""

from __future__ import annotations

import contextlib
import hashlib
import importlib.metadata
import io
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


class KeptResults:
    """Results of the paragraphs of tables, each under a checksum of all that it depends on.

    They are kept where the build keeps its rows, and a build removes them with what it does not use; where it keeps
    none (`--no-cache`), or the folder cannot be written to, each is found anew.

    Parameters
    ----------
    tables : Path
        The folder of the tables.
    """

    def __init__(self, tables: Path) -> None:
        self._tables, self._entries = tables, Entries(tables / CACHE)

    @property
    def keeps(self) -> bool:
        """Whether results are kept."""
        return self._entries.folder.is_dir()

    def mask(self, name: str, paragraphs: pd.DataFrame, find: Callable[[], Found]) -> Found:
        """Rows and a mask of words that were found in these tables before, or that `find` gives now.

        Parameters
        ----------
        name : str
            What they are, with the settings.
        paragraphs : DataFrame
            Columns doc_id, paragraph and tokens: of these tables.
        find : callable
            Gives rows, a list of lists of text and numbers, and the mask, an array of bool.
        """

        def packed() -> dict[str, npt.NDArray[Any]]:
            rows, mask = find()
            text = json.dumps(rows, default=int).encode()
            return {"rows": np.frombuffer(text, np.uint8), "mask": np.packbits(mask), "words": np.array(len(mask))}

        if not self.keeps:
            return find()
        sums = []
        for path in (self._tables / f"{table}.parquet" for table in _TABLES):
            with path.open("rb") as file:
                sums.append(hashlib.file_digest(file, "sha256").hexdigest())
        of = (*sums, *_texts(paragraphs["doc_id"]), paragraphs["paragraph"], encode(paragraphs["tokens"]).lengths)
        found = self.arrays(name, "crosscity.words.reuse", of, packed)
        mask = np.unpackbits(found["mask"], count=int(found["words"])).astype(bool)
        return json.loads(found["rows"].tobytes()), mask

    def arrays(
        self, name: str, module: str, of: tuple[Any, ...], find: Callable[[], dict[str, npt.NDArray[Any]]]
    ) -> dict[str, npt.NDArray[Any]]:
        """Arrays of numbers that were found before, or that `find` gives now.

        Parameters
        ----------
        name : str
            What they are, with the settings.
        module : str
            The module of the library that they depend on, such as "crosscity.compare.distances".
        of : tuple of str, or of sequences of numbers
            All else that they depend on.
        find : callable
            Gives the arrays by name.
        """
        if not self.keeps:
            return find()
        key = _key(name, module, of)
        if data := self._entries.get(key):
            names, _, packed = data.partition(b"\n")
            with np.load(io.BytesIO(packed), allow_pickle=False) as file:
                return dict(zip(json.loads(names), file.values(), strict=True))
        found, buffer = find(), io.BytesIO()
        np.savez(buffer, *found.values())
        with contextlib.suppress(OSError):  # to read is enough
            self._entries.put(key, json.dumps([*found]).encode() + b"\n", buffer.getbuffer())
        return found


def _texts(column: pd.Series) -> tuple[str, npt.NDArray[np.int64]]:
    """What a column of text depends on: all of it, and where each begins."""
    return "".join(column), np.array([len(text) for text in column], dtype=np.int64)


def _key(name: str, module: str, of: tuple[Any, ...]) -> str:
    digest = hashlib.sha256(name.encode("utf-8", "surrogatepass"))
    for part in of:
        data = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else np.asarray(part)
        if not isinstance(data, bytes):
            assert data.dtype != object, "pointers say nothing of what is there"
            digest.update(f"{data.dtype} {data.shape}".encode())
            data = np.ascontiguousarray(data).tobytes()
        digest.update(len(data).to_bytes(8, "little") + data)
    for path in source_files(module.removeprefix("crosscity.")):
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    for package in _PACKAGES:
        digest.update(f"{package} {importlib.metadata.version(package)}\n".encode())
    return digest.hexdigest()
