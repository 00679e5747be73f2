"""What a paper cites, as BibTeX and as CSL-JSON, which Zotero, Word and pandoc read: documents, and methods."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd

from .paper_tables import escaped

if TYPE_CHECKING:
    from collections.abc import Sequence

# Place names whose characters are read otherwise elsewhere.
_READINGS = {"朝阳": "chaoyang", "长治": "changzhi", "陕西": "shaanxi", "乐清": "yueqing", "单县": "shanxian"}
_TYPES = {"article": "article-journal", "book": "book", "inproceedings": "paper-conference", "software": "software"}
_FIELD = re.compile(r"(\w+) = \{((?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*)\}")  # with braces two deep in its value
_VARIABLES = {
    "title": "title",
    "journal": "container-title",
    "booktitle": "container-title",
    "volume": "volume",
    "number": "issue",
    "pages": "page",
    "publisher": "publisher",
    "edition": "edition",
    "version": "version",
}


class CitedDocument(NamedTuple):
    """A document of a corpus as it is cited; the key is the reading of its label and the year, in plain letters."""

    key: str
    title: str
    year: str
    genre: str


def cited_documents(documents: pd.DataFrame) -> list[CitedDocument]:
    """The documents of a report's table of documents, each with a key of its own."""
    from pypinyin import lazy_pinyin

    seen: set[str] = set()
    cited = []
    for row in documents.to_dict("records"):
        year = "" if pd.isna(row["year"]) or row["year"] == "" else str(row["year"])
        label = str(row["label"])
        for name, reading in _READINGS.items():
            label = label.replace(name, reading)
        base = re.sub("[^a-z0-9]", "", "".join(lazy_pinyin(label)).lower()) or "document"
        base += year if not base.endswith(year) else ""
        key = next(k for k in (base, *(f"{base}-{n}" for n in range(2, 10**6))) if k not in seen)
        seen.add(key)
        title, genre = ("" if pd.isna(row[column]) else str(row[column]) for column in ("title", "genre"))
        cited.append(CitedDocument(key, title or str(row["doc_id"]), year, genre))
    return cited


def documents_bibtex(documents: Sequence[CitedDocument]) -> str:
    """A BibTeX entry for each document."""
    entries = []
    for document in documents:
        fields = {"title": document.title, "year": document.year, "note": document.genre}
        cells = ", ".join(f"{name} = {{{in_braces(value)}}}" for name, value in fields.items() if value)
        entries.append(f"@misc{{{document.key}, {cells}}}\n")
    return "".join(entries)


def in_braces(value: object) -> str:
    """A value for a field of BibTeX, which counts escaped braces as well: a title with one would end its entry."""
    return escaped(value).replace(r"\{", r"{\textbraceleft}").replace(r"\}", r"{\textbraceright}")


def documents_csl(documents: Sequence[CitedDocument]) -> str:
    """A CSL-JSON item for each document."""
    items: list[dict[str, Any]] = []
    for document in documents:
        item = {"id": document.key, "type": "document", "title": document.title, "language": "zh"}
        item |= _issued(document.year) | ({"genre": document.genre} if document.genre else {})
        items.append(item)
    return _as_json(items)


def bibtex_as_csl(text: str) -> str:
    """The entries of references.bib as CSL-JSON; it is the suite's own file, with an entry a line."""
    items: list[dict[str, Any]] = []
    for kind, key, body in re.findall(r"^@(\w+)\{([^,]+), (.*)\}$", text, re.MULTILINE):
        fields = dict(_FIELD.findall(body))
        item = {"id": key, "type": _TYPES.get(kind, "document")}
        if "author" in fields:
            item["author"] = [_name(name) for name in fields["author"].split(" and ")]
        item |= {_VARIABLES[name]: _unbraced(value) for name, value in fields.items() if name in _VARIABLES}
        items.append(item | _issued(fields.get("year", "")))
    return _as_json(items)


def _name(name: str) -> dict[str, str]:
    """A person by family and given name; what stands in braces, or in one piece, is a name as a whole."""
    family, comma, given = name.partition(", ")
    return {"family": _unbraced(family), "given": _unbraced(given)} if comma else {"literal": _unbraced(name)}


def _unbraced(value: str) -> str:
    """A value without what is there for LaTeX alone."""
    return re.sub(r"\\([&%$#_])", r"\1", value.replace("{", "").replace("}", "").replace("--", "–"))


def _issued(year: str) -> dict[str, Any]:
    return {"issued": {"date-parts": [[int(year)]]}} if year.isdigit() else {}


def _as_json(items: list[dict[str, Any]]) -> str:
    return json.dumps(items, ensure_ascii=False, indent=1) + "\n"
