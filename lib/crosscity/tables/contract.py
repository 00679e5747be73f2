"""The data contract: the columns of each table, validated whenever one is written or read.

Validation works on Arrow columns, so that a process that builds tables needs neither pandas nor a schema package, whose
loading would take longer than the work.
"""

from __future__ import annotations

import functools
import itertools
import math
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from .. import CrosscityError
from ..documents import KINDS, METADATA_COLUMNS
from ..files import read_tsv

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy.typing as npt
    import pandas as pd

FACTS = ("quantities", "programmes", "citations", "themes", "stances")
TABLES = ("corpus", "paragraphs", "cleaning_log", "tokens", *FACTS)
EDITION = "edition.json"  # marks a folder that takes the place of documents: an edition without text
TEXT_RESULTS_FOLDER = "of-text"  # beside the tables of an edition: results that need the text
WITHHELD = "\N{WHITE SQUARE}"  # stands for each character of an edition's text, so that lengths and offsets are right
KEYS = {"corpus": ["doc_id"], "paragraphs": ["doc_id", "paragraph"], "tokens": ["doc_id", "paragraph"]}


class Check(NamedTuple):
    """What every value of a column must be, as a message says it and as a predicate; for numbers, a range."""

    rule: str
    passes: Callable[[Any], object]


class Column(NamedTuple):
    """A column of the contract: its Arrow type, its check, and whether a cell may be empty (null).

    `default` is what tables have that were built before there was such a column.
    """

    type: pa.DataType
    check: Check | None = None
    nullable: bool = False
    default: int | None = None


_FILLED = Check("must not be empty", bool)
_FINITE = Check("must be finite", math.isfinite)


def _at_least(low: float) -> Check:
    return Check(f"must be at least {low}", lambda value: value >= low)


def _between(low: float, high: float) -> Check:
    return Check(f"must lie between {low} and {high}", lambda value: low <= value <= high)


def _one_of(values: Sequence[str]) -> Check:
    return Check(f"must be one of {', '.join(values)}", lambda value: value in values)


@functools.cache
def contract() -> dict[str, dict[str, Column]]:
    """The columns of each table, by table and name; `corpus` alone may have further ones."""
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
            "n_unread": number._replace(default=0),
            "duplicate_of": text,
            "guessed": text,
            "not_guessed": text,
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
            "reach": Column(pa.string(), _one_of(["own", "provincial", "shared", "central", "unknown"])),
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
def descriptions() -> tuple[dict[str, str], dict[str, dict[str, str]]]:
    """What tables and columns hold, from resources/columns.tsv.

    Returns
    -------
    rows : dict of str
        What a row of each table of the contract is, by table.
    columns : dict of str to dict of str
        By table and column; under results, the columns of the CSV files that notebooks save.
    """
    rows, columns = dict[str, str](), dict[str, dict[str, str]]()
    for tables, column, description in read_tsv(Path(__file__).with_name("resources") / "columns.tsv"):
        for table in tables.split():
            if column:
                columns.setdefault(table, {})[column] = description
            else:
                rows[table] = description
    return rows, columns


def array(values: Sequence[Any], kind: pa.DataType) -> pa.Array:
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
        data = list(map(str.encode, values))
        ends = np.fromiter(itertools.accumulate(map(len, data), initial=0), np.int32, n + 1)
        return pa.StringArray.from_buffers(n, pa.py_buffer(ends), pa.py_buffer(b"".join(data)))
    dtype = np.float64 if pa.types.is_floating(kind) else np.int64
    if None not in values:
        return pa.Array.from_buffers(kind, n, [None, pa.py_buffer(np.array(values, dtype=dtype))])
    present = np.array([value is not None for value in values], dtype=bool)
    numbers = np.array([0 if value is None else value for value in values], dtype=dtype)
    valid = pa.py_buffer(np.packbits(present, bitorder="little"))
    return pa.Array.from_buffers(kind, n, [valid, pa.py_buffer(numbers)])


@functools.cache
def schema(name: str) -> pa.Schema:
    """The Arrow schema of a table, without columns beyond the contract."""
    return pa.schema([pa.field(c, column.type) for c, column in contract()[name].items()])


def validate(name: str, table: pa.Table | pd.DataFrame, where: Path | str) -> pa.Table:
    """Validate a table against the contract, and give it with columns in its order and types.

    Parameters
    ----------
    name : str
    table : pyarrow.Table or DataFrame
    where : str or Path
        What messages call the table.

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
    if missing := [c for c, column in columns.items() if c not in names and column.default is None]:
        msg = f"{where}: column {missing[0]!r} is missing; build the tables again"
        raise CrosscityError(msg)
    extra = [c for c in names if c not in columns]
    if extra and name != "corpus":
        msg = f"{where}: column {extra[0]!r} is not in the contract; build the tables again"
        raise CrosscityError(msg)
    everything = {**columns, **dict.fromkeys(extra, Column(pa.string()))}
    values = {c: table[c] if c in names else _defaults(column, len(table)) for c, column in everything.items()}
    arrays = {c: _to_type(values[c], column, f"{where}: column {c!r}") for c, column in everything.items()}
    for c, column in everything.items():
        _check_column(arrays[c], column, f"{where}: column {c!r}")
    table = pa.table(arrays)
    _check_spans(table, where)
    _check_unique(table, KEYS.get(name), where)
    return table


def _defaults(column: Column, n: int) -> pa.ChunkedArray:
    return pa.chunked_array([array([column.default] * n, column.type)])


def _to_type(values: Any, column: Column, where: str) -> pa.ChunkedArray:
    """A column in the type of the contract: text that is text already, numbers that are whole."""
    rule = "must be a list of strings" if pa.types.is_list(column.type) else f"must be of dtype {column.type}"
    try:
        if not isinstance(values, pa.ChunkedArray):
            values = pa.Array.from_pandas(values)
            values = values if isinstance(values, pa.ChunkedArray) else pa.chunked_array([values])
        if values.type != column.type and not any(is_(values.type) for is_ in _castable(column.type)):
            raise _violation(where, None, str(values.type), rule)
        as_is = values.type == column.type or (pa.types.is_list(column.type) and is_numbered(values.type))
        return values if as_is else values.cast(column.type)
    except (pa.ArrowException, TypeError, ValueError):
        wrong = ((row, value) for row, value in enumerate(values) if not _has_type(value, column.type))
        row, value = next(wrong, (None, str(type(values))))
        raise _violation(where, row, value, rule) from None


def is_numbered(kind: pa.DataType) -> bool:
    """Whether a type is one of lists of strings that are held as numbers."""
    return (
        pa.types.is_list(kind)
        and pa.types.is_dictionary(kind.value_type)
        and pa.types.is_string(kind.value_type.value_type)
    )


def _castable(kind: pa.DataType) -> tuple[Callable[[pa.DataType], bool], ...]:
    """Predicates of the types that are cast to a type of the contract: a frame or another writer may call it so."""
    if pa.types.is_string(kind):
        return pa.types.is_large_string, pa.types.is_dictionary, pa.types.is_null
    if pa.types.is_list(kind):
        return pa.types.is_list, pa.types.is_large_list, pa.types.is_null
    return (pa.types.is_integer,)


def _has_type(value: Any, kind: pa.DataType) -> bool:
    try:
        pa.array([value], kind)
    except (pa.ArrowException, TypeError, ValueError):
        return False
    return pa.types.is_list(kind) is isinstance(value, list | tuple)


def _check_column(values: pa.ChunkedArray, column: Column, where: str) -> None:
    if values.null_count and not column.nullable:
        raise _violation(where, _first_row(values, lambda value: value is None), None, "must not be null")
    if pa.types.is_list(column.type):
        if any(chunk.values.null_count for chunk in values.chunks):
            row = _first_row(values, lambda value: None in value)
            raise _violation(where, row, values[row].as_py(), "must be a list of strings")
        return
    check = column.check
    if check is None:
        return
    decisive = _decisive_values(pc.binary_length(values) if check is _FILLED else values)
    if not all(map(check.passes, decisive)):
        row = _first_row(values, lambda value: value is not None and not check.passes(value))
        raise _violation(where, row, values[row].as_py(), check.rule)


def _decisive_values(values: pa.ChunkedArray) -> Sequence[Any]:
    """Values of a column that pass a check only if all do: the least and greatest number, every distinct text."""
    if pa.types.is_string(values.type):
        return pc.unique(values).to_pylist()
    numbers = np.concatenate([np.zeros(0), *(_numbers(chunk) for chunk in values.chunks)])
    return [numbers.min(), numbers.max()] if len(numbers) else []


def _numbers(array: pa.Array) -> npt.NDArray[Any]:
    """The numbers of an array, without nulls; pyarrow's own conversion loads pandas."""
    array = array.drop_null()
    kind = str(array.type).replace("double", "float64")
    if not len(array):
        return np.zeros(0, kind)
    return np.frombuffer(array.buffers()[1], kind)[array.offset : array.offset + len(array)]


def _first_row(values: pa.ChunkedArray, matches: Callable[[Any], object]) -> int:
    return next(row for row, value in enumerate(values.to_pylist()) if matches(value))


def _check_spans(table: pa.Table, where: Path | str) -> None:
    """A span ends behind its start; that of a change may be empty."""
    if not {"start", "end"} <= set(table.column_names) or not len(table):
        return
    start, end = (np.concatenate([np.zeros(0), *map(_numbers, table[c].chunks)]) for c in ("start", "end"))
    wrong = start > end if "rule" in table.column_names else start >= end
    if wrong.any():
        row = int(wrong.argmax())
        rule = f"must lie behind start, which is {start[row]:.0f}"
        column = f"{where}: column 'end'"
        raise _violation(column, row, int(end[row]), rule)


def _check_unique(table: pa.Table, key: list[str] | None, where: Path | str) -> None:
    if not key or not len(table):
        return
    columns = [table[c] for c in key]
    # Texts by the number of their first appearance, beside whole numbers: rows that sort together are compared.
    codes = [_codes(c) if pa.types.is_string(c.type) else np.concatenate([*map(_numbers, c.chunks)]) for c in columns]
    order = np.lexsort(codes)
    same = np.all([np.diff(c[order]) == 0 for c in codes], axis=0)
    if same.any():
        row = int(order[1:][same].min())
        rule = f"must be unique (with {', '.join(key)})"
        column = f"{where}: column {key[0]!r}"
        raise _violation(column, row, columns[0][row].as_py(), rule)


def _codes(values: pa.ChunkedArray) -> npt.NDArray[Any]:
    return _numbers(values.combine_chunks().dictionary_encode().indices)


def _violation(where: str, row: int | None, value: object, rule: str) -> CrosscityError:
    at = "" if row is None else f", row {row}"
    return CrosscityError(f"{where}{at}: {value!r} breaks {rule!r}; build the tables again")
