"""One document made into rows of the tables, on its own: what can be done anywhere, and kept."""

import functools
import hashlib
import json
from typing import NamedTuple

import pyarrow as pa

from ..documents import Line, classify, clean, describe_document, line_checksums, read_document
from ..words import Tokenizer
from .contract import FACTS, array, schema

PARTS = ("paragraphs", "cleaning_log", "tokens", *FACTS)


class Settings(NamedTuple):
    """What rows depend on besides the document: what is made, how words are cut, and the codebook with its checksum."""

    tokens: bool = True
    hmm: bool = False
    terms: tuple = ()
    facts: bool = True
    codebook: str = ""
    coded: str = ""


class Document(NamedTuple):
    """A document as rows.

    Attributes
    ----------
    head : dict
        Of plain values: row (the row of `corpus`, but for what only the other documents tell), digest (of the cleaned
        text), traces (see `documents.line_checksums`) and notes; or a problem, or left_out, where there is nothing to make.
    tables : dict of str to pyarrow.Table
        Those of `PARTS`; tokens and facts only if the settings ask for them.
    """

    head: dict
    tables: dict


def rows_of(found, settings, repeated=None):
    """Read, clean, tell apart the kinds of lines, cut into words.

    Parameters
    ----------
    found : documents.RawDocument
    settings : Settings
    repeated : RepeatedLines, optional
        What other documents share with this one.

    Returns
    -------
    Document
    """
    outcome = read_document(found)
    if not outcome.source:
        return Document({"notes": outcome.notes, "problem": outcome.problem, "left_out": outcome.left_out}, {})
    return source_rows(outcome.source, settings, repeated, outcome.notes)


def source_rows(source, settings, repeated=None, notes=()):
    """`rows_of` for a document that has been read."""
    hints = [source.metadata.get(name, "") for name in ("title", "publisher", "speaker")]
    cleaned = clean(source.text, hints, repeated)
    lines = [(n, line) for n, line in zip(cleaned.lines, cleaned.text.split("\n"), strict=True) if line]
    texts = [text for _, text in lines]
    kinds = classify(texts, hints)
    key = {"doc_id": [source.doc_id] * len(lines), "paragraph": range(1, len(lines) + 1)}
    about = {name: [getattr(kind, name) for kind in kinds] for name in Line._fields}
    parts = {
        "paragraphs": {**key, "line": [n for n, _ in lines], **about, "text": texts},
        "cleaning_log": _columns("cleaning_log", source.doc_id, cleaned.log),
    }
    if settings.tokens or settings.facts:
        words = _tokenizer(settings.terms, settings.hmm).word_lists(texts)
        parts |= {"tokens": {**key, "tokens": words}} if settings.tokens else {}
    title = next((text for text, kind in zip(texts, kinds, strict=True) if kind.kind == "title"), "")
    row = {
        **describe_document(source, cleaned.text, title),
        "doc_id": source.doc_id,
        "file": source.file,
        "sha256": source.sha256,
        "encoding": source.encoding,
        "script": cleaned.script,
        "n_chars": sum(map(len, texts)),
        "n_paragraphs": len(texts),
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
    return Document(head, {name: _table(name, columns) for name, columns in parts.items()})


def _table(name, columns):
    arrays = [c if isinstance(c := columns[f.name], pa.Array) else array(c, f.type) for f in schema(name)]
    return pa.Table.from_arrays(arrays, schema=schema(name))


def _columns(name, doc_id, rows):
    """Rows of a document as columns of the table's contract."""
    names = schema(name).names[1:]
    return {"doc_id": [doc_id] * len(rows), **{column: [row[column] for row in rows] for column in names}}


@functools.lru_cache(maxsize=4)
def _tokenizer(terms, hmm):
    return Tokenizer(terms, hmm)


def to_bytes(document):
    """A document as bytes that travel and keep: its head as a line of JSON, then what has rows as Arrow's messages."""
    batches = {name: table.combine_chunks().to_batches() for name, table in document.tables.items()}
    bodies = {name: batch[0].serialize() for name, batch in batches.items() if batch}
    head = {**document.head, "sizes": {name: body.size for name, body in bodies.items()}}
    line = json.dumps(head, ensure_ascii=False).encode("utf-8", "surrogatepass")
    # Spaces, so that Arrow's buffers are aligned.
    return b"".join([line, b" " * (-(len(line) + 1) % 64), b"\n", *bodies.values()])


def head_of(data):
    """The head alone, from the bytes or their first line."""
    return json.loads(data[: data.index(b"\n")])


def tables_of(data, sizes):
    """The tables that have rows, from the bytes and the sizes that their head states; memory is shared with them."""
    start, body, tables = data.index(b"\n") + 1, pa.py_buffer(data), {}
    for name, size in sizes.items():
        batch = pa.ipc.read_record_batch(body.slice(start, size), schema(name))
        tables[name] = pa.Table.from_batches([batch])
        start += size
    return tables
