"""The data contract: what each table holds, checked whenever one is written or read.

Parquet files in one folder, written row group by row group. A file is written under a temporary name and renamed, so
that a table is whole or absent. The contract is held against Arrow's columns, which the files are made of: a process
that builds tables needs neither pandas nor a schema package, whose loading would take longer than the work.
"""

import functools
import math
import re
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from .. import CrosscityError
from ..documents import KINDS, METADATA_COLUMNS
from ..files import read_tsv

FACTS = ("quantities", "programmes", "citations", "themes", "stances")
TABLES = ("corpus", "paragraphs", "cleaning_log", "tokens", *FACTS)
EDITION = "edition.json"  # in a folder that takes the place of documents: an edition without text
OF_TEXT = "of-text"  # beside the tables of one: what those found in the text who had it
WITHHELD = "\N{WHITE SQUARE}"  # there stands for each character, so that lengths and places are those of the text
KEYS = {"corpus": ["doc_id"], "paragraphs": ["doc_id", "paragraph"], "tokens": ["doc_id", "paragraph"]}


class Check(NamedTuple):
    """What must hold of every value of a column, in words and as a predicate; of a number, that it lies in a range."""

    words: str
    holds: object


class Column(NamedTuple):
    """A column of the contract: its Arrow type, what must hold, and whether a cell may be empty (null)."""

    type: pa.DataType
    check: Check | None = None
    nullable: bool = False


_FILLED = Check("must not be empty", bool)
_FINITE = Check("must be finite", math.isfinite)


def _at_least(low):
    return Check(f"must be at least {low}", lambda value: value >= low)


def _between(low, high):
    return Check(f"must lie between {low} and {high}", lambda value: low <= value <= high)


def _one_of(values):
    return Check(f"must be one of {', '.join(values)}", lambda value: value in values)


@functools.cache
def contract():
    """The columns of each table, by table and name; columns beyond those named are allowed in `corpus` alone."""
    text, number = Column(pa.string()), Column(pa.int64(), _at_least(0))
    filled, counted = Column(pa.string(), _FILLED), Column(pa.int64(), _at_least(1))
    where = {"doc_id": filled, "paragraph": counted}
    span, year = {**where, "start": number, "end": counted}, Column(pa.int64(), _between(1, 2999), nullable=True)
    digest = Check("must be a SHA-256", re.compile("[0-9a-f]{64}").fullmatch)
    return {
        "corpus": {
            "doc_id": filled,
            "file": filled,
            **{name: text for name in METADATA_COLUMNS if name != "year"},
            "year": Column(pa.int64(), _between(1000, 2999), nullable=True),
            "doc_type": text,
            "sha256": Column(pa.string(), digest),
            "encoding": filled,
            "script": Column(pa.string(), _one_of(["hans", "hant"])),
            "n_chars": number,
            "n_paragraphs": number,
            "duplicate_of": text,
            "guessed": text,
        },
        "paragraphs": {
            **where,
            "line": counted,
            "unit": text,
            "kind": Column(pa.string(), _one_of(list(KINDS))),
            "level": Column(pa.int64(), _between(0, 3)),
            "section": text,
            "text": filled,
        },
        "cleaning_log": {
            "doc_id": filled,
            "step": counted,
            "line": counted,
            "start": number,
            "end": number,
            "rule": filled,
            "before": text,
            "after": text,
            "confidence": Column(pa.float64(), _between(0, 1)),
        },
        "tokens": {**where, "tokens": Column(pa.list_(pa.string()))},
        "quantities": {
            **span,
            "number": filled,
            "value": Column(pa.float64(), _FINITE),
            "upper": Column(pa.float64(), _FINITE, nullable=True),
            "unit": text,
            "item": text,
            "scope": text,
            "kind": Column(pa.string(), _one_of(["actual", "target", "standard", "change", "baseline"])),
            "qualifier": Column(pa.string(), _one_of(["", ">=", ">", "<=", "<", "~"])),
            "period": text,
            "year": year,
        },
        "programmes": {
            **span,
            "name": filled,
            "canonical": filled,
            "reach": Column(pa.string(), _one_of(["own", "shared", "central", "unknown"])),
            "type": Column(pa.string(), _one_of(["numbered", "project", "method", "platform", "brand"])),
            "components": Column(pa.list_(pa.string())),
        },
        "citations": {**span, "title": filled, "issuer": text, "year": year},
        "themes": {
            **where,
            "theme": filled,
            "leaf": filled,
            "rank": counted,
            "weight": Column(pa.float64(), _between(0, 1)),
        },
        "stances": {
            **span,
            "stance": Column(pa.string(), _one_of(["achievement", "problem", "cause", "plan", "norm", "other"])),
            "voice": Column(pa.string(), _one_of(["author", "secretary", "citizen", "central"])),
        },
    }


@functools.cache
def meanings():
    """What tables and columns mean, from resources/columns.tsv.

    Returns
    -------
    rows : dict of str
        What a row of each table of the contract is.
    columns : dict of str to dict of str
        By table and column; under results those of the CSV files that notebooks leave beside figures.
    """
    rows, columns = dict[str, str](), dict[str, dict[str, str]]()
    for tables, column, about in read_tsv(Path(__file__).with_name("resources") / "columns.tsv"):
        for table in tables.split():
            if column:
                columns.setdefault(table, {})[column] = about
            else:
                rows[table] = about
    return rows, columns


def array(values, kind):
    """An Arrow array of a type of the contract.

    Made from buffers: pyarrow's own `array` loads pandas, which would take as long as cleaning twenty documents.

    Parameters
    ----------
    values : sequence
        Of str, of lists of str, or of numbers or None.
    kind : pyarrow.DataType
    """
    n = len(values)
    if pa.types.is_list(kind):
        ends = pa.array(np.cumsum([0, *map(len, values)], dtype=np.int32))
        return pa.ListArray.from_arrays(ends, array([text for texts in values for text in texts], kind.value_type))
    if pa.types.is_string(kind):
        data = [value.encode() for value in values]
        ends = np.cumsum([0, *map(len, data)], dtype=np.int32)
        return pa.StringArray.from_buffers(n, pa.py_buffer(ends), pa.py_buffer(b"".join(data)))
    there = np.array([value is not None for value in values], dtype=bool)
    filled = [0 if value is None else value for value in values]
    numbers = np.array(filled, dtype=np.float64 if pa.types.is_floating(kind) else np.int64)
    valid = None if there.all() else pa.py_buffer(np.packbits(there, bitorder="little"))
    return pa.Array.from_buffers(kind, n, [valid, pa.py_buffer(numbers)])


@functools.cache
def schema(name):
    """The Arrow schema of a table, without columns beyond the contract."""
    return pa.schema([pa.field(c, column.type) for c, column in contract()[name].items()])


def validate(name, table, where):
    """The table with columns in the contract's order and types.

    Parameters
    ----------
    name : str
    table : pyarrow.Table or DataFrame
    where : str or Path
        What a message calls the table.

    Returns
    -------
    pyarrow.Table

    Raises
    ------
    CrosscityError
        Naming `where`, the column and the row (0-based) of the first cell that breaks the contract.
    """
    columns = contract()[name]
    names = list(table.columns) if hasattr(table, "iloc") else table.column_names
    if missing := [c for c in columns if c not in names]:
        msg = f"{where}: column {missing[0]!r} is missing; build the tables again"
        raise CrosscityError(msg)
    extra = [c for c in names if c not in columns]
    if extra and name != "corpus":
        msg = f"{where}: column {extra[0]!r} is not in the contract; build the tables again"
        raise CrosscityError(msg)
    everything = {**columns, **dict.fromkeys(extra, Column(pa.string()))}
    arrays = {c: _typed(table[c], column, f"{where}: column {c!r}") for c, column in everything.items()}
    for c, column in everything.items():
        _hold(arrays[c], column, f"{where}: column {c!r}")
    table = pa.table(arrays)
    _in_order(table, where)
    _unique(table, KEYS.get(name), where)
    return table


def _typed(values, column, where):
    """A column in the type of the contract: text that is text already, numbers that are whole."""
    words = "must be a list of strings" if pa.types.is_list(column.type) else f"must be of dtype {column.type}"
    try:
        if not isinstance(values, pa.ChunkedArray):
            values = pa.Array.from_pandas(values)
            values = values if isinstance(values, pa.ChunkedArray) else pa.chunked_array([values])
        if values.type != column.type and not any(is_(values.type) for is_ in _alike(column.type)):
            raise _broken(where, None, str(values.type), words)
        return values if values.type == column.type else values.cast(column.type)
    except (pa.ArrowException, TypeError, ValueError):
        wrong = ((row, value) for row, value in enumerate(values) if not _is_typed(value, column.type))
        row, value = next(wrong, (None, str(type(values))))
        raise _broken(where, row, value, words) from None


def _alike(kind):
    """What a column of a type may be made from, since a frame or another writer calls it so."""
    if pa.types.is_string(kind):
        return pa.types.is_large_string, pa.types.is_dictionary, pa.types.is_null
    lists = pa.types.is_list, pa.types.is_large_list, pa.types.is_null
    return lists if pa.types.is_list(kind) else (pa.types.is_integer,)


def _is_typed(value, kind):
    try:
        return pa.types.is_list(kind) is isinstance(value, list | tuple) and pa.array([value], kind)
    except (pa.ArrowException, TypeError, ValueError):
        return False


def _hold(values, column, where):
    if values.null_count and not column.nullable:
        raise _broken(where, _first(values, lambda value: value is None), None, "must not be null")
    if pa.types.is_list(column.type):
        if any(chunk.values.null_count for chunk in values.chunks):
            row = _first(values, lambda value: None in value)
            raise _broken(where, row, values[row].as_py(), "must be a list of strings")
    elif column.check and not all(
        map(column.check.holds, _extremes(pc.binary_length(values) if column.check is _FILLED else values))
    ):
        row = _first(values, lambda value: value is not None and not column.check.holds(value))
        raise _broken(where, row, values[row].as_py(), column.check.words)


def _extremes(values):
    """Values of a column that keep a check only if all do: of numbers the least and the greatest, else every one."""
    if pa.types.is_string(values.type):
        return pc.unique(values).to_pylist()
    numbers = np.concatenate([np.zeros(0), *(_numbers(chunk) for chunk in values.chunks)])
    return [numbers.min(), numbers.max()] if len(numbers) else []


def _numbers(array):
    """The numbers of an array, without nulls; pyarrow's own conversion loads pandas."""
    array = array.drop_null()
    kind = str(array.type).replace("double", "float64")
    return np.frombuffer(array.buffers()[1], kind)[array.offset : array.offset + len(array)] if len(array) else []


def _first(values, found):
    return next(row for row, value in enumerate(values.to_pylist()) if found(value))


def _in_order(table, where):
    """A span ends behind its start; that of a change may be empty."""
    if not {"start", "end"} <= set(table.column_names) or not len(table):
        return
    start, end = (np.concatenate([np.zeros(0), *map(_numbers, table[c].chunks)]) for c in ("start", "end"))
    wrong = start > end if "rule" in table.column_names else start >= end
    if wrong.any():
        row = int(wrong.argmax())
        at, words = f"{where}: column 'end'", f"must lie behind start, which is {start[row]:.0f}"
        raise _broken(at, row, int(end[row]), words)


def _unique(table, key, where):
    if not key or not len(table):
        return
    columns = [table[c] for c in key]
    # Texts by the number of their first appearance, beside whole numbers: rows that sort together are compared.
    coded = [
        _codes(c) if pa.types.is_string(c.type) else np.concatenate(list(map(_numbers, c.chunks))) for c in columns
    ]
    order = np.lexsort(coded)
    same = np.all([np.diff(c[order]) == 0 for c in coded], axis=0)
    if same.any():
        row = int(order[1:][same].min())
        where = f"{where}: column {key[0]!r}"
        raise _broken(where, row, columns[0][row].as_py(), f"must be unique (with {', '.join(key)})")


def _codes(values):
    return _numbers(values.combine_chunks().dictionary_encode().indices)


def _broken(where, row, value, words):
    at = "" if row is None else f", row {row}"
    msg = f"{where}{at}: {value!r} breaks {words!r}; build the tables again"
    return CrosscityError(msg)
