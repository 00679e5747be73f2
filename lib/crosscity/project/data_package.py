"""datapackage.json: what every column of a folder's CSV files is, as Frictionless Data Package has it (version 1)."""

from __future__ import annotations

import csv
import hashlib
import io
import re
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from ..files import unescape_formula
from ..tables import contract, edition
from ..tables.contract import descriptions
from .result_tables import column_title, table_title

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

FILE = "datapackage.json"
_INTEGER = re.compile(r"[-+]?[0-9]+")
_NUMBER = re.compile(r"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?")
_BOOLEANS = {"True", "False"}
# Columns of an edition without text, beside those of the contract.
_OF_EDITION = {
    "term": "the word",
    "count": "how often it stands in the paragraph",
    "n_before": "characters before the change",
    "n_after": "characters after it",
    "n_chars": "characters of the paragraph",
    "formulas": "how often the word is part of a formula of the genre there",
    "template": "how often it is part of the template there",
}
_LISTS = ("tokens", "components")  # written as JSON


def data_package(
    folder: Path, names: Iterable[str], about: Mapping[str, Any], tables: Mapping[str, str]
) -> dict[str, Any]:
    """The descriptor of a folder's CSV files.

    Parameters
    ----------
    folder : Path
    names : iterable of str
        The CSV files, by their place in the folder.
    about : dict
        What it says of the whole: name, title, licenses, contributors ...
    tables : dict of str
        By place, the tables of the contract or of an edition among them, and which they are; all others are results.

    Returns
    -------
    dict
        A resource for each file: path, bytes, SHA-256, and a schema with name, type and meaning of each column.
    """
    taken: set[str] = set()
    resources = []
    for name in names:
        data = (folder / name).read_bytes()
        table = tables.get(name)
        title = descriptions()[0].get(table or "", "") or table_title(name.rpartition("/")[2].removesuffix(".csv"))
        resources.append(
            {
                "profile": "tabular-data-resource",
                "name": _resource_name(name, taken),
                "path": name,
                "title": title,
                "format": "csv",
                "mediatype": "text/csv",
                "encoding": "utf-8",
                "bytes": len(data),
                "hash": f"sha256:{hashlib.sha256(data).hexdigest()}",
                "schema": {"fields": _fields(data.decode("utf-8-sig"), table), "missingValues": [""]},
            }
        )
    return {"profile": "tabular-data-package", **about, "resources": resources}


def _resource_name(path: str, taken: set[str]) -> str:
    """A name in small letters and digits, as the standard asks; Chinese ones by their readings."""
    from pypinyin import lazy_pinyin

    base = re.sub("[^a-z0-9]+", "-", "-".join(lazy_pinyin(path.removesuffix(".csv"))).lower()).strip("-")
    name = next(n for n in (base, *(f"{base}-{i}" for i in range(2, 10**6))) if n not in taken)
    taken.add(name)
    return name


def _fields(text: str, table: str | None) -> list[dict[str, Any]]:
    """Name, type and meaning of each column of a CSV file; the type of the contract, or what all its cells are."""
    head, *rows = csv.reader(io.StringIO(text))
    fields = []
    for i, written in enumerate(head):
        column = unescape_formula(written)
        kind, required = _contract_type(table, column)
        field: dict[str, Any] = {"name": written, "type": kind or _type_of([row[i] for row in rows])}
        field["description"] = meaning(column, table)
        if required:
            field["constraints"] = {"required": True}
        fields.append(field)
    return fields


def _contract_type(table: str | None, column: str) -> tuple[str, bool]:
    """The type of a column of a table in the words of the standard, and whether a cell must be filled."""
    known = contract().get(table or "", {}).get(column)
    if known is None:
        return "", False
    if pa.types.is_list(known.type):
        return "array", False
    if pa.types.is_string(known.type):
        return "string", known.check is not None and not known.check.passes("")
    return "integer" if pa.types.is_integer(known.type) else "number", not known.nullable


def _type_of(cells: Iterable[str]) -> str:
    filled = {cell for cell in cells if cell}
    if filled and all(map(_INTEGER.fullmatch, filled)):
        return "integer"
    if filled and all(map(_NUMBER.fullmatch, filled)):
        return "number"
    return "boolean" if filled and filled <= _BOOLEANS else "string"


def meaning(column: str, table: str | None) -> str:
    """What a column holds, from the data dictionary; of one that it does not have, its name in words.

    Parameters
    ----------
    column : str
    table : str or None
        Of the contract, or None for results.
    """
    columns = descriptions()[1]
    if table is not None and table in contract():
        found = columns[table].get(column) or (_OF_EDITION.get(column) if column in _OF_EDITION else None)
        return _plain(found or f"{column}, as it stands in corpus.csv")
    if table is not None and table in {"counts", *edition.TEXT_RESULTS} and column in _OF_EDITION:
        return _OF_EDITION[column]
    other = (columns[name][column] for name in contract() if column in columns[name])
    return _plain(columns["results"].get(column) or next(other, "") or column_title(column))


def _plain(text: str) -> str:
    """A meaning without the links of the documentation."""
    return re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text)
