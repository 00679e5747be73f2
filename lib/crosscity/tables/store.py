import contextlib
import os
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from .. import CrosscityError
from .contract import validate


class Writer:
    """Tables of one folder, written row group by row group and put in place together at the end.

    Use it as a context manager; nothing changes in the folder unless the block ends without an error and `commit` was
    called.

    Parameters
    ----------
    folder : str or Path
    names : sequence of str
    """

    def __init__(self, folder, names):
        self._paths = {name: Path(folder) / f"{name}.parquet" for name in names}
        self._writers, self._rows, self._stack = {}, dict.fromkeys(names, 0), contextlib.ExitStack()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._stack.close()

    def write(self, name, table):
        """Validate a table, or a part of it, and write it as one row group; parts hold documents whole."""
        path = self._paths[name]
        table = validate(name, table, path)
        with _named(path):
            self._write(name, path, table)

    def _write(self, name, path, table):
        if path.is_dir():
            msg = f"{path} is a folder: move it away, the table goes there"
            raise CrosscityError(msg)
        if name not in self._writers:
            path.parent.mkdir(parents=True, exist_ok=True)
            temporary = path.with_name(f".{path.name}.{os.getpid()}")
            self._stack.callback(temporary.unlink, missing_ok=True)
            # LZ4 and few statistics: after a small change most of a build is the writing of what did not change.
            told = {"compression": "lz4", "write_statistics": ["doc_id"], "store_schema": False}
            told["write_page_checksum"] = True  # so that a bit that was flipped on a disk is found
            writer = pq.ParquetWriter(temporary, table.schema, **told)
            self._stack.callback(_closed, writer)
            self._writers[name] = writer, temporary
        self._writers[name][0].write_table(table, row_group_size=max(1, table.num_rows))

    def commit(self):
        """Put the files in place.

        Returns
        -------
        list of str
            The tables whose bytes differ from what stood there; an identical file is left, with its time stamp.
        """
        for name, (writer, _) in self._writers.items():
            with _named(self._paths[name]):
                writer.close()
        written = {name: self._writers[name][1] for name in self._paths if name in self._writers}
        changed = [name for name, temporary in written.items() if not _same_bytes(self._paths[name], temporary)]
        for name in changed:
            os.replace(written[name], self._paths[name])
        return changed


@contextlib.contextmanager
def _named(path):
    """Errors of the system in its own words and with the name of the table; pyarrow's have neither."""
    try:
        yield
    except OSError as error:
        words = os.strerror(error.errno) if error.errno else str(error)
        raise OSError(error.errno, words, str(path)) from None


def _closed(writer):
    with contextlib.suppress(OSError):  # what could not be written cannot be ended either
        writer.close()


def _same_bytes(one, two):
    if not one.exists() or one.stat().st_size != two.stat().st_size:
        return False
    with one.open("rb") as a, two.open("rb") as b:
        return all(x == b.read(1 << 20) for x in iter(lambda: a.read(1 << 20), b""))


def write_table(name, table, folder):
    """Validate a table (Arrow's, or a frame) and write it to folder/name.parquet.

    Returns
    -------
    bool
        Whether the file changed; an identical one is left as it is, with its time stamp.
    """
    with Writer(folder, [name]) as writer:
        writer.write(name, table)
        return bool(writer.commit())


def read_table(name, folder):
    """Read folder/name.parquet and validate it.

    Returns
    -------
    DataFrame

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
        table = pq.read_table(path, page_checksum_verification=True)
        table.validate(full=True)  # text that is none, offsets that lead out of a buffer
        return to_frame(validate(name, table, path))
    except (OSError, ValueError, pa.ArrowException) as error:
        msg = f"{path} is no readable table ({type(error).__name__}): remove it and build again"
        raise CrosscityError(msg) from None


def to_frame(table):
    """An Arrow table as a DataFrame: text as str, a year as Int64."""
    frame = table.to_pandas()
    if "year" in frame:
        frame["year"] = frame["year"].astype("Int64")
    return frame
