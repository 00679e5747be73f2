"""Write tables as Parquet files, row group by row group, and read them; both validate."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

from .. import CrosscityError
from ..files import give_back_free_memory, half_path, replace_file
from .contract import is_numbered, validate

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pandas as pd

_BLOCK = 1 << 20  # bytes that are compared at a time
_LARGE = 16_000_000  # bytes of a table that leaves much behind where it was unpacked
_MOST_UNPACKED = 300  # times the size of the file: of withheld text 21 were seen, and LZ4 gives 255 at most
_OPTIONS = {
    # LZ4 and few statistics: after a small change most of a build is the writing of what did not change.
    "compression": "lz4",
    "write_statistics": ["doc_id"],
    "store_schema": False,
    "write_page_checksum": True,  # so that a bit that was flipped on a disk is found
}


class Writer:
    """Tables of one folder, written row group by row group and put in place together at the end.

    Use it as a context manager; nothing changes in the folder unless the block ends without an error and `commit` was
    called. Each file is written under a temporary name and renamed, so that a table is whole or absent.

    Parameters
    ----------
    folder : str or Path
    names : sequence of str
        The tables.
    """

    def __init__(self, folder: Path | str, names: Sequence[str]) -> None:
        self._paths = {name: Path(folder) / f"{name}.parquet" for name in names}
        self._writers: dict[str, tuple[pq.ParquetWriter, Path]] = {}
        self._stack = contextlib.ExitStack()

    def __enter__(self) -> Writer:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def write(self, name: str, table: pa.Table | pd.DataFrame) -> None:
        """Validate a table, or a part of it with whole documents, and write it as one row group."""
        path = self._paths[name]
        table = validate(name, table, path)
        with _system_errors_of(path):
            self._write(name, path, table)

    def _write(self, name: str, path: Path, table: pa.Table) -> None:
        if path.is_dir():
            msg = f"{path} is a folder: move it away, the table goes there"
            raise CrosscityError(msg)
        if name not in self._writers:
            path.parent.mkdir(parents=True, exist_ok=True)
            temporary = half_path(path)
            self._stack.callback(temporary.unlink, missing_ok=True)
            writer = pq.ParquetWriter(temporary, table.schema, **_OPTIONS)
            self._stack.callback(_close, writer)
            self._writers[name] = writer, temporary
        self._writers[name][0].write_table(table, row_group_size=max(1, table.num_rows))

    def commit(self) -> list[str]:
        """Put the files in place.

        Returns
        -------
        list of str
            Tables whose bytes changed; an identical file is left as it is, with its time stamp.
        """
        for name, (writer, _) in self._writers.items():
            with _system_errors_of(self._paths[name]):
                writer.close()
        written = {name: self._writers[name][1] for name in self._paths if name in self._writers}
        changed = [name for name, temporary in written.items() if not _same_bytes(self._paths[name], temporary)]
        for name in changed:
            replace_file(written[name], self._paths[name])
        return changed


@contextlib.contextmanager
def _system_errors_of(path: Path) -> Iterator[None]:
    """Errors of the system in its own words and with the name of the table; pyarrow's have neither."""
    try:
        yield
    except OSError as error:
        words = os.strerror(error.errno) if error.errno else str(error)
        raise OSError(error.errno, words, str(path)) from None


def _close(writer: pq.ParquetWriter) -> None:
    with contextlib.suppress(OSError):  # what could not be written cannot be ended either
        writer.close()


def _same_bytes(one: Path, two: Path) -> bool:
    if not one.exists() or one.stat().st_size != two.stat().st_size:
        return False
    with one.open("rb") as a, two.open("rb") as b:
        return all(block == b.read(_BLOCK) for block in iter(lambda: a.read(_BLOCK), b""))


def read_table(name: str, folder: Path | str) -> pd.DataFrame:
    """Read folder/name.parquet and validate it.

    Raises
    ------
    CrosscityError
        If the table is absent, unreadable or breaks the contract.
    """
    path = Path(folder) / f"{name}.parquet"
    if not path.is_file():
        msg = f"{path} is not there: build the tables first (make, or crosscity build CORPUS --out DIR)"
        raise CrosscityError(msg)
    try:
        _check_size(path, pq.read_metadata(path))
        # Words as the numbers under which the file has them: most are written many times.
        as_numbers = ["tokens.list.element"] if name == "tokens" else None
        table = pq.read_table(path, page_checksum_verification=True, read_dictionary=as_numbers)
        table.validate(full=True)  # text that is none, offsets that lead out of a buffer
        frame = to_frame(validate(name, table, path))
    except (OSError, ValueError, pa.ArrowException) as error:
        msg = f"{path} is no readable table ({type(error).__name__}): remove it and build again"
        raise CrosscityError(msg) from None
    large = table.nbytes > _LARGE
    del table
    if large:
        give_back_free_memory()
    return frame


def _check_size(path: Path, described: Any) -> None:
    """Refuse a table that unpacks to far more than its file: of those that are built, a row has 3 bytes and more."""
    size = path.stat().st_size
    unpacked = sum(described.row_group(n).total_byte_size for n in range(described.num_row_groups))
    if described.num_rows > size or unpacked > _MOST_UNPACKED * size:
        holds = f"{described.num_rows:,} rows of {unpacked / 1e6:,.0f} MB"
        msg = f"{path} says that {size:,} bytes hold {holds}, more than a table does: remove it and build again"
        raise CrosscityError(msg)


def to_frame(table: pa.Table) -> pd.DataFrame:
    """An Arrow table as a DataFrame: text as str, a year as Int64, tokens as numbers if they are read so."""
    numbered = [field.name for field in table.schema if is_numbered(field.type)]
    frame: Any = table.drop_columns(numbered).to_pandas()
    if numbered:
        from ..words.codes import TokenArray  # which loads pandas: a build need not

        for name in numbered:
            frame.insert(table.column_names.index(name), name, TokenArray.from_arrow(table[name]))
    if "year" in frame:
        frame["year"] = frame["year"].astype("Int64")
    return frame
