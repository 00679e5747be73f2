"""The documents in a file: one in a text, page, Word document or PDF, one a row in a table of documents."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from .. import CrosscityError
from ..files import harmless
from .decoding import decode
from .formats import READERS, REFUSED, Extract, UnreadableError
from .formats.package import Package
from .limits import LIMITS, Limits, OverLimitsError
from .reader_process import read_apart
from .records import RECORD_READERS, TABULAR, UNNAMED, column_named, least_memory

if TYPE_CHECKING:
    from collections.abc import Mapping
    from zipfile import ZipInfo

ARCHIVE = ".zip"
_MOST_OVER = 3  # files of an archive that go beyond the limits, after which no other of it is read
_MOST_NOTES = 50  # on files of an archive
RECORD_SUFFIXES = {*RECORD_READERS, ARCHIVE}  # of files that may hold several documents
SUFFIXES = {".txt", *RECORD_SUFFIXES, *READERS}
# Columns of corpus.csv and of records that the suite knows; others are carried along as they are.
METADATA_COLUMNS = (
    "city",
    "province",
    "date",
    "year",
    "title",
    "publisher",
    "genre",
    "speaker",
    "level",
    "edition",
    "exclude",
)
# Columns that the suite fills itself.
RESERVED_COLUMNS = {
    "doc_id",
    "encoding",
    "script",
    "n_chars",
    "n_paragraphs",
    "n_unread",
    "duplicate_of",
    "guessed",
    "not_guessed",
    "doc_type",
}


@dataclass
class Source:
    """A document as it was read.

    Attributes
    ----------
    doc_id : str
        The file's name without suffix, or name#row (1-based) for a file of several records.
    file : str
    text : str
        Decoded, not cleaned.
    encoding : str
    sha256 : str
        Of the file's bytes, or of a record's text in UTF-8.
    metadata : dict of str
        From manifest and record; empty values are left out.
    notes : list of str
        Of a file's first record: which cells of its records were left out.
    n_unread : int
        Characters that the reader of the format left out or could not read.
    """

    doc_id: str
    file: str
    text: str
    encoding: str
    sha256: str
    metadata: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    n_unread: int = 0


def read_sources(path: Path, metadata: Mapping[str, str], data: bytes, limits: Limits = LIMITS) -> list[Source]:
    """The documents of a file: one a row of a table, one a file of an archive, else one.

    What a library takes apart (pages, office documents, PDFs, workbooks) is read in a process apart; texts, CSV and
    JSON, which cost no more than their length, are read here.

    Parameters
    ----------
    path : Path
    metadata : dict of str
        From the manifest; it overrides what the file says.
    data : bytes
        The file's content.
    limits : Limits
        What reading the file may take.

    Raises
    ------
    CrosscityError
        If the file cannot be read: an `UnreadableError` for a scan, an encrypted or a broken file, and for one that
        needs more than the limits.
    """
    if path.suffix.lower() == ARCHIVE:
        return _archived_sources(path, metadata, data, limits)
    suffix, digest = path.suffix.lower(), hashlib.sha256(data).hexdigest()
    if suffix in READERS or suffix in TABULAR:
        made = read_apart(path, data, limits)
    elif suffix in RECORD_READERS:
        if least_memory(suffix, data) > limits.memory * 1_000_000:
            raise limits.over_memory(path)
        made = RECORD_READERS[suffix](path, data)
        if any(len(body) > limits.characters for _, body in made.rows):
            raise limits.over_characters(path)
    else:
        text, encoding = decode(data, path)
        if len(text) > limits.characters:
            raise limits.over_characters(path)
        return [Source(path.stem, path.name, text, encoding, digest, dict(metadata))]
    if isinstance(made, Extract):
        said = [f"{path.name} {note}" for note in made.notes]
        about = {**made.metadata, **metadata}
        return [Source(path.stem, path.name, made.text, made.encoding, digest, about, said, made.unread)]
    records, sources = made, []
    for number, (row, body) in enumerate(records.rows, start=1):
        if not body.strip():
            msg = f"{path}, record {number} has no text: fill it in, or remove the record"
            raise CrosscityError(msg)
        digest = hashlib.sha256(body.encode("utf-8", "surrogatepass")).hexdigest()
        doc_id = path.stem if len(records.rows) == 1 else f"{path.stem}#{number}"
        sources.append(Source(doc_id, path.name, body, records.encoding, digest, {**_record_metadata(row), **metadata}))
    sources[0].notes += [f"{path.name}: {harmless(note)}" for note in records.notes]
    return sources


def _archived_sources(path: Path, metadata: Mapping[str, str], data: bytes, limits: Limits) -> list[Source]:
    """The documents of the files in an archive; the first one's notes say which files are passed over, and why."""
    package = Package(data, path, "an archive")
    sources: list[Source] = []
    notes: list[str] = []
    over = 0
    for part, member in package.parts.items():
        name = PurePosixPath(_member_name(part, member))
        if member.is_dir() or name.name.startswith((".", "~$")) or "__MACOSX" in name.parts:
            continue
        where = Path(path, harmless(name.name))
        if where.suffix.lower() not in SUFFIXES or where.suffix.lower() == ARCHIVE:
            notes.append(f"{path.name}: {where.name} was passed over: {refusal(where.name)}")
            continue
        try:
            found = read_sources(where, metadata, package.read(part) or b"", limits)
        except CrosscityError as error:
            notes.append(f"{path.name}: left out: {error}")
            over += isinstance(error, OverLimitsError)
            if over == _MOST_OVER:
                notes.append(f"{path.name}: no more of its files were read: take out those that are named here")
                break
            continue
        for source in found:
            source.file = f"{path.name}/{source.file}"
        sources += found
    if not sources:
        why = "; ".join(notes[:_MOST_NOTES]) or "it is empty"
        msg = f"{path} holds no documents ({why}): put some in, or remove it"
        raise UnreadableError(msg)
    if (more := len(notes) - _MOST_NOTES) > 0:
        notes = [*notes[:_MOST_NOTES], f"{path.name}: {more:,} more of its files were left out or passed over"]
    sources[0].notes += notes
    return sources


def _member_name(name: str, member: ZipInfo) -> str:
    """The name of a file in an archive; archives that do not say that theirs is UTF-8 are most often in GBK."""
    if member.flag_bits & 0x800 or name.isascii():
        return name
    try:
        raw = name.encode("cp437")
    except UnicodeEncodeError:
        return name
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return name


def refusal(name: str) -> str:
    """Why a file of no format that is read here is passed over, and what to do if that is known."""
    suffix = PurePosixPath(name).suffix
    known = REFUSED.get(suffix.lower())
    return f"it {known}" if known else f"{suffix or 'no suffix'} is no format that is read here"


def _record_metadata(row: Mapping[Any, Any]) -> dict[str, str]:
    """Scalar cells of a record by the suite's names of columns; one that has a reserved name gets a prefix."""
    metadata = {}
    for key, value in row.items():
        if value is None or key is None or key.startswith(UNNAMED) or isinstance(value, list | dict):
            continue
        name = column_named(harmless(key))
        if not name:
            continue
        if name == "exclude" and value is False:  # not a reason to leave the document out
            continue
        if name in RESERVED_COLUMNS or name in {"file", "sha256"}:
            name = f"source_{name}"
        if (cell := harmless(str(value))) and not (name in metadata and name != harmless(key)):
            metadata[name] = cell
    return metadata
