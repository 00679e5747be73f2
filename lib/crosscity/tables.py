"""The data contract: what each table holds, checked whenever one is written or read.

Parquet files in one folder. A file is written under a temporary name and renamed, so that a table is whole or absent.
"""

import functools
import os
from pathlib import Path

import numpy as np
import pandas as pd

from . import CrosscityError
from .corpus import KNOWN
from .structure import KINDS

TABLES = ("corpus", "paragraphs", "cleaning_log", "tokens")


@functools.cache
def schemas():
    """The pandera schema of each table, by name; columns beyond those named are allowed in `corpus` alone."""
    import pandera.pandas as pa

    at_least = pa.Check.ge

    def text(*checks):
        return pa.Column("str", list(checks))

    def number(*checks, dtype="int64", **kwargs):
        return pa.Column(dtype, list(checks), **kwargs)

    words = pa.Check(lambda s: s.map(_is_list_of_strings), name="list of strings", error="must be a list of strings")
    filled = pa.Check(lambda s: s.str.len() > 0, name="not empty", error="must not be empty")
    year = pa.Check.in_range(1000, 2999)
    where = {"doc_id": text(filled), "paragraph": number(at_least(1))}
    span = {"start": number(at_least(0)), "end": number(at_least(0))}
    return {
        "corpus": pa.DataFrameSchema(
            {
                "doc_id": pa.Column("str", filled, unique=True),
                "file": text(filled),
                **{name: text() for name in KNOWN if name != "year"},
                "year": number(year, dtype="Int64", nullable=True),
                "doc_type": text(),
                "sha256": text(pa.Check.str_matches("^[0-9a-f]{64}$")),
                "encoding": text(filled),
                "script": text(pa.Check.isin(["hans", "hant"])),
                "n_chars": number(at_least(0)),
                "n_paragraphs": number(at_least(0)),
                "duplicate_of": text(),
                "guessed": text(),
            }
        ),
        "paragraphs": pa.DataFrameSchema(
            {
                **where,
                "line": number(at_least(1)),
                "unit": text(),
                "kind": text(pa.Check.isin(KINDS)),
                "level": number(pa.Check.in_range(0, 3)),
                "section": text(),
                "text": text(filled),
            },
            unique=["doc_id", "paragraph"],
            strict=True,
        ),
        "cleaning_log": pa.DataFrameSchema(
            {
                "doc_id": text(filled),
                "step": number(at_least(1)),
                "line": number(at_least(1)),
                **span,
                "rule": text(filled),
                "before": text(),
                "after": text(),
                "confidence": number(pa.Check.in_range(0, 1), dtype="float64"),
            },
            strict=True,
        ),
        "tokens": pa.DataFrameSchema(
            {**where, "tokens": pa.Column(object, words)}, unique=["doc_id", "paragraph"], strict=True
        ),
    }


def _is_list_of_strings(value):
    return isinstance(value, list | np.ndarray) and all(isinstance(word, str) for word in value)


def validate(name, frame, where):
    """The frame with columns in the contract's order and types, its rows numbered from 0.

    Raises
    ------
    CrosscityError
        Naming `where`, the column and the row (0-based) of the first cell that breaks the contract.
    """
    import pandera.pandas as pa

    schema = schemas()[name]
    missing = [c for c in schema.columns if c not in frame.columns]
    if missing:
        msg = f"{where}: column {missing[0]!r} is missing; build the tables again"
        raise CrosscityError(msg)
    frame = frame.reset_index(drop=True)
    try:
        schema.validate(frame, lazy=True)
    except pa.errors.SchemaErrors as errors:
        first = errors.failure_cases.iloc[0]
        row = "" if pd.isna(first["index"]) else f", row {first['index']}"
        value = first["failure_case"]
        value = value.item() if isinstance(value, np.generic) else value
        message = f"{where}: column {first['column']!r}{row}: {value!r} breaks {first['check']!r}"
        msg = f"{message}; build the tables again"
        raise CrosscityError(msg) from None
    extra = [c for c in frame.columns if c not in schema.columns]
    return frame[[*schema.columns, *extra]]


def write_table(name, frame, folder):
    """Validate a table and write it to folder/name.parquet.

    Returns
    -------
    bool
        Whether the file changed; an identical one is left as it is, with its time stamp.
    """
    path = Path(folder) / f"{name}.parquet"
    frame = validate(name, frame, path)
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        frame.to_parquet(temporary, index=False, compression="zstd")
        if path.exists() and path.read_bytes() == temporary.read_bytes():
            return False
        os.replace(temporary, path)
        return True
    finally:
        temporary.unlink(missing_ok=True)


def read_table(name, folder):
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
        frame = pd.read_parquet(path)
    except (OSError, ValueError) as error:
        msg = f"{path} is no readable table ({type(error).__name__}): remove it and build again"
        raise CrosscityError(msg) from None
    return validate(name, frame, path)
