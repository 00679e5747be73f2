"""Make the rows of one document, which depend on no other, and serialize them."""

from __future__ import annotations

import functools
import hashlib
import json
from typing import TYPE_CHECKING, Any, NamedTuple

import pyarrow as pa

from ..documents import (
    Line,
    UnreadableError,
    classify,
    clean,
    describe_document,
    headline,
    line_checksums,
    read_document,
)
from ..words import Tokenizer
from .contract import FACTS, array, schema

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ..documents import RawDocument, RepeatedLines, Source

PARTS = ("paragraphs", "cleaning_log", "tokens", *FACTS)


class Settings(NamedTuple):
    """What rows depend on besides the document.

    Attributes
    ----------
    tokens, facts : bool
        Whether these are made.
    hmm : bool
    terms : tuple of str
        See `words.tokens.Tokenizer`.
    codebook, codebook_digest : str
        The codebook of themes, and the checksum of its file.
    """

    tokens: bool = True
    hmm: bool = False
    terms: tuple[str, ...] = ()
    facts: bool = True
    codebook: str = ""
    codebook_digest: str = ""


class DocumentRows(NamedTuple):
    """A document as rows.

    Attributes
    ----------
    head : dict
        Plain values: row (the row of `corpus`, but for what depends on the other documents), digest (of the cleaned
        text), traces (see `documents.line_checksums`) and notes; of a document without rows problem, left_out and
        notes.
    tables : dict of str to pyarrow.Table
        Those of `PARTS`; tokens and facts only if the settings ask for them.
    """

    head: dict[str, Any]
    tables: dict[str, pa.Table]


def rows_from_file(file: RawDocument, settings: Settings, repeated: RepeatedLines | None = None) -> DocumentRows:
    """Read, clean, classify and tokenize a document.

    Parameters
    ----------
    file : documents.RawDocument
    settings : Settings
    repeated : documents.RepeatedLines, optional
        The lines that other documents share with this one.
    """
    outcome = read_document(file)
    if not outcome.source:
        return DocumentRows({"notes": outcome.notes, "problem": outcome.problem, "left_out": outcome.left_out}, {})
    try:
        return rows_from_source(outcome.source, settings, repeated, outcome.notes)
    except UnreadableError as error:
        return left_out_rows(file, outcome.source.file, error)


def left_out_rows(raw: RawDocument, file: str, error: UnreadableError) -> DocumentRows:
    """What stands for a document whose text cannot be cleaned."""
    left_out = f"{raw.path.parent / file} {error}"
    return DocumentRows({"notes": [f"left out: {left_out}"], "problem": "", "left_out": left_out}, {})


def rows_from_source(
    source: Source, settings: Settings, repeated: RepeatedLines | None = None, notes: Iterable[str] = ()
) -> DocumentRows:
    """`rows_from_file` for a document that has been read; an UnreadableError if its text cannot be cleaned."""
    hints = [source.metadata.get(name, "") for name in ("title", "publisher", "speaker")]
    cleaned = clean(source.text, hints, repeated)
    lines = [(n, line) for n, line in zip(cleaned.lines, cleaned.text.split("\n"), strict=True) if line]
    texts = [text for _, text in lines]
    kinds = classify(texts, hints)
    key = {"doc_id": [source.doc_id] * len(lines), "paragraph": range(1, len(lines) + 1)}
    classes = {name: [getattr(kind, name) for kind in kinds] for name in Line._fields}
    parts: dict[str, Any] = {
        "paragraphs": {**key, "line": [n for n, _ in lines], **classes, "text": texts},
        "cleaning_log": _columns("cleaning_log", source.doc_id, cleaned.log),
    }
    if settings.tokens or settings.facts:
        words = _tokenizer(settings.terms, settings.hmm).word_lists(texts)
    if settings.tokens:
        parts["tokens"] = {**key, "tokens": words}
    title = headline(texts, classes["kind"])
    row = {
        **describe_document(source, cleaned.text, title),
        "doc_id": source.doc_id,
        "file": source.file,
        "sha256": source.sha256,
        "encoding": source.encoding,
        "script": cleaned.script,
        "n_chars": sum(map(len, texts)),
        "n_paragraphs": len(texts),
        "n_unread": source.n_unread,
    }
    if settings.facts:
        from ..facts import facts_of  # here: a build without facts need not load what they are found with

        facts = facts_of(row, parts["paragraphs"], words, settings.codebook)
        parts |= {name: _columns(name, source.doc_id, rows) for name, rows in facts.items()}
    head = {
        "row": row,
        "digest": hashlib.sha256(cleaned.text.encode("utf-8", "surrogatepass")).hexdigest(),
        "traces": {
            k: v if isinstance(v, int) else v.tolist() for k, v in line_checksums(cleaned.text)._asdict().items()
        },
        "notes": list(notes),
    }
    return DocumentRows(head, {name: _table(name, columns) for name, columns in parts.items()})


def _table(name: str, columns: Mapping[str, Any]) -> pa.Table:
    arrays = [c if isinstance(c := columns[f.name], pa.Array) else array(c, f.type) for f in schema(name)]
    return pa.Table.from_arrays(arrays, schema=schema(name))


def _columns(name: str, doc_id: str, rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Rows of a document as columns of a table."""
    names = schema(name).names[1:]
    return {"doc_id": [doc_id] * len(rows), **{column: [row[column] for row in rows] for column in names}}


@functools.lru_cache(maxsize=4)
def _tokenizer(terms: tuple[str, ...], hmm: bool) -> Tokenizer:
    return Tokenizer(terms, hmm)


def to_bytes(rows: DocumentRows) -> bytes:
    """Serialize the rows of a document: its head as a line of JSON, then each table with rows as an Arrow message."""
    batches = {name: table.combine_chunks().to_batches() for name, table in rows.tables.items()}
    bodies = {name: batch[0].serialize() for name, batch in batches.items() if batch}
    head = {**rows.head, "sizes": {name: body.size for name, body in bodies.items()}}
    line = json.dumps(head, ensure_ascii=False).encode("utf-8", "surrogatepass")
    # Spaces, so that Arrow's buffers are aligned.
    return b"".join([line, b" " * (-(len(line) + 1) % 64), b"\n", *bodies.values()])


def read_head(data: bytes) -> dict[str, Any]:
    """The head alone, from the bytes or their first line."""
    return json.loads(data[: data.index(b"\n")])


def read_tables(data: bytes, sizes: Mapping[str, int]) -> dict[str, pa.Table]:
    """The tables that have rows, from the bytes and the sizes that their head states; memory is shared with them."""
    start, body, tables = data.index(b"\n") + 1, pa.py_buffer(data), dict[str, pa.Table]()
    for name, size in sizes.items():
        batch = pa.ipc.read_record_batch(body.slice(start, size), schema(name))
        tables[name] = pa.Table.from_batches([batch])
        start += size
    return tables
