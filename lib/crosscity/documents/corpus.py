"""A folder of documents, with or without a manifest, read into sources.

A corpus is a folder of texts, web pages, office documents and PDFs, of tables with a column of text, and of archives
of all these; `corpus.csv` describes them.
"""

from __future__ import annotations

import hashlib
import itertools
import re
import unicodedata
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from .. import CrosscityError, combined_error
from ..files import CONTROL, RECORD, harmless, without_invisible
from .formats import UnreadableError
from .limits import LIMITS, Limits
from .manifest import MANIFEST, composed, file_problem, is_text, read_manifest, read_record_dates
from .sources import RECORD_SUFFIXES, SUFFIXES, Source, read_sources, refusal

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

_MAX_COUNTED = 1000  # files of a folder that is passed over
_MAX_PROBLEMS = 50  # of a kind that are listed
_MOST_NAMED = 5  # files of a kind that a note names
_NO_DOCUMENTS = {MANIFEST, "README.md", RECORD}  # beside documents
_WEB_PAGE = re.compile("\\s*<(?:!doctype html|html|\\?xml)\\b", re.IGNORECASE)


@dataclass
class RawDocument:
    """A document of a corpus before it is decoded: a file, or a record of one.

    Attributes
    ----------
    path : Path
    doc_id : str
    data : bytes
        Of the file; of a record, its text in UTF-8.
    metadata : dict of str
        From the manifest; it overrides what a record says.
    stated_sha256 : str
        The SHA-256 of the file in the manifest, or "".
    record : Source or None
        A record of a .csv or .jsonl file, which is decoded already.
    problem : str
        Why it cannot be read, or "".
    left_out : str
        Why the corpus does without it, or "".
    limits : Limits
        What reading it may take.
    """

    path: Path
    doc_id: str
    data: bytes
    metadata: dict[str, str]
    stated_sha256: str = ""
    record: Source | None = None
    problem: str = ""
    left_out: str = ""
    limits: Limits = LIMITS


class ReadResult(NamedTuple):
    """What reading a document gave: a source, or a problem, or the reason why it is left out; and notes."""

    source: Source | None
    notes: list[str]
    problem: str = ""
    left_out: str = ""


def read_corpus(folder: Path | str, limits: Limits = LIMITS) -> tuple[list[Source], list[str]]:
    """Every document of a folder, in order of file name.

    Parameters
    ----------
    folder : str or Path
    limits : Limits
        What reading one file may take.

    Returns
    -------
    sources : list of Source
    notes : list of str
        What was passed over, a sentence each.

    Raises
    ------
    CrosscityError
        With all problems: an empty or binary file, a file of corpus.csv that is missing, a file that corpus.csv does
        not name, two rows for one file, a name that leads out of the folder, two documents with one doc_id. A scan, an
        encrypted file or one beyond the limits is left out with a note, and is a problem only if nothing else is there.
    """
    raw_documents, notes = iter_documents(folder, limits)
    results = [read_document(raw) for raw in raw_documents]
    sources = [result.source for result in results if result.source]
    raise_problems(
        [result.problem for result in results],
        [result.left_out for result in results],
        [(source.doc_id, source.file) for source in sources],
    )
    return sources, notes + [note for result in results for note in result.notes]


def iter_documents(folder: Path | str, limits: Limits = LIMITS) -> tuple[Iterator[RawDocument], list[str]]:
    """The documents of a folder, in order of file name.

    Parameters
    ----------
    folder : str or Path
    limits : Limits
        What reading one file may take.

    Returns
    -------
    documents : iterator of RawDocument
        Files are read one at a time, as it advances.
    notes : list of str
        What was passed over, a sentence each.

    Raises
    ------
    CrosscityError
        If the folder holds no documents, or corpus.csv cannot be read as a table.
    """
    folder = Path(folder)
    if not folder.is_dir():
        msg = f"{folder} is not a folder: give the folder that holds the documents, as CORPUS=folder"
        raise CrosscityError(msg)
    files, notes = document_files(folder)
    if not files:
        held = "; ".join(notes) or "it is empty"
        msg = f"{folder} holds no documents ({held}): put .txt, .html, .docx, .pdf, .xlsx or .csv with texts in"
        raise CrosscityError(msg)
    manifest, problems = read_manifest(folder)
    problems += [f"{str(p)!r}: the file's name is no text: rename it" for p in files if not is_text(p.name)]
    files = [p for p in files if is_text(p.name)]
    unfit = {p: problem for p in files if (problem := file_problem(p))}
    problems += [f"{p} {problem}" for p, problem in unfit.items()]
    if manifest is not None:
        names, table = {composed(p.name) for p in files}, folder / MANIFEST
        problems += [
            f"{table} names {file}, which is not there: add the file, or remove its row"
            for file in manifest
            if file not in names
        ]
        problems += [
            f"{p} is not named in {MANIFEST}: add a row for it, or take the file out"
            for p in files
            if composed(p.name) not in manifest
        ]
    # Cut here, since a manifest may name a million files that are not there.
    problems = _first_problems(problems, "problems with its table and names")
    return _iter_files(folder, [p for p in files if p not in unfit], manifest or {}, problems, limits), notes


def document_files(folder: Path) -> tuple[list[Path], list[str]]:
    """The files of a folder that are documents by their names, sorted, and notes on what is passed over."""
    files, notes, hidden, unknown = [], [], [], []
    for path in sorted(folder.iterdir(), key=lambda p: p.name):
        name = harmless(path.name)
        if name in _NO_DOCUMENTS or path.suffix.lower() == ".sha256":
            continue
        if name.startswith((".", "~$")):
            hidden.append(name)
        elif path.is_dir():
            if path.is_symlink():
                notes.append(f"{name} was passed over: it is a link to a folder: copy its files in")
            elif page := _page_of(path):
                notes.append(f"the folder {name} was passed over: it holds the pictures and frames of {page}")
            elif n := _files_within(path):
                count = "1 file" if n == 1 else f"{n} files" if n < _MAX_COUNTED else f"{n} or more files"
                notes.append(f"the folder {name} was passed over with {count}: move them up, or give {name} itself")
        elif path.suffix.lower() in SUFFIXES:
            files.append(path)
        else:
            unknown.append(name)
    if len(unknown) > _MOST_NAMED:
        notes.append(
            f"{len(unknown):,} files were passed over, of no format that is read here: {_first_names(unknown)}"
        )
    else:
        notes += [f"{name} was passed over: {refusal(name)}" for name in unknown]
    if hidden:
        what = "1 hidden file was" if len(hidden) == 1 else f"{len(hidden):,} hidden files were"
        notes.append(f"{what} passed over: {_first_names(hidden)}")
    return files, notes


def _page_of(folder: Path) -> str:
    """The name of the web page that a browser saved together with a folder; "" if there is none."""
    stem = re.sub(r"(?:_files|\.files|_文件|\.fld)$", "", folder.name)
    pages = [folder.with_name(stem + suffix) for suffix in (".html", ".htm", ".xhtml", ".shtml", ".mht")]
    return next((harmless(page.name) for page in pages if stem != folder.name and page.is_file()), "")


def _first_names(names: Sequence[str]) -> str:
    more = len(names) - _MOST_NAMED
    return ", ".join(names[:_MOST_NAMED]) + (f" and {more:,} more" if more > 0 else "")


def _files_within(folder: Path) -> int:
    """The number of files in a folder and its folders but for hidden ones, counted up to `_MAX_COUNTED`."""
    files = (path for path in folder.rglob("[!.]*") if path.is_file())
    return sum(1 for _ in itertools.islice(files, _MAX_COUNTED))


def _first_problems(problems: list[str], kind: str, most: int = _MAX_PROBLEMS) -> list[str]:
    """The first problems, and how many more there are."""
    more = len(problems) - most
    return [*problems[:most], f"and {more:,} more {kind}"] if more > 0 else problems


def _iter_files(
    folder: Path, files: list[Path], manifest: Mapping[str, dict[str, str]], problems: list[str], limits: Limits
) -> Iterator[RawDocument]:
    for problem in problems:
        yield RawDocument(folder, "", b"", {}, problem=problem)
    for path in files:
        row = dict(manifest.get(composed(path.name), {}))
        if problem := file_problem(path):  # since the folder was listed
            yield RawDocument(path, path.stem, b"", row, problem=f"{path} {problem}")
        else:
            yield from _iter_file(path, row, row.pop("sha256", "").lower(), limits)


def _iter_file(path: Path, row: dict[str, str], stated_sha256: str, limits: Limits) -> Iterator[RawDocument]:
    try:
        data = path.read_bytes()
        if path.suffix.lower() not in RECORD_SUFFIXES:
            yield RawDocument(path, path.stem, data, row, stated_sha256, limits=limits)
            return
        mismatch = stated_sha256 if _differs(data, stated_sha256) else ""
        for n, source in enumerate(read_sources(path, row, data, limits)):
            body = source.text.encode("utf-8", "surrogatepass")
            # A note on the file goes with its first record alone.
            yield RawDocument(path, source.doc_id, body, source.metadata, "" if n else mismatch, source)
    except OSError as error:
        problem = f"{path} cannot be read ({error.strerror}): put a file there, or remove it"
        yield RawDocument(path, path.stem, b"", row, problem=problem)
    except UnreadableError as error:
        yield RawDocument(path, path.stem, b"", row, left_out=str(error))
    except CrosscityError as error:
        yield RawDocument(path, path.stem, b"", row, problem=str(error))


def _differs(data: bytes, stated_sha256: str) -> bool:
    return bool(stated_sha256) and stated_sha256 != hashlib.sha256(data).hexdigest()


def read_document(raw: RawDocument) -> ReadResult:
    """Decode a document."""
    if raw.problem:
        return ReadResult(None, [], problem=raw.problem)
    if raw.left_out:
        return ReadResult(None, [f"left out: {raw.left_out}"], left_out=raw.left_out)
    name, notes = raw.path.name, []
    try:
        source = raw.record or read_sources(raw.path, raw.metadata, raw.data, raw.limits)[0]
    except UnreadableError as error:
        return ReadResult(None, [f"left out: {error}"], left_out=str(error))
    except CrosscityError as error:
        return ReadResult(None, [], problem=str(error))
    if raw.record:
        metadata, said = read_record_dates(source.metadata)
        source = replace(source, metadata=metadata)
        notes += [f"{source.doc_id}: {sentence}" for sentence in said]
    notes += source.notes
    first = not raw.record or source.doc_id in {raw.path.stem, f"{raw.path.stem}#1"}
    if first and source.encoding.endswith(", cut"):
        notes.append(f"{name} ends in the middle of a character: it was cut off there")
    elif first and source.encoding.endswith("without text"):
        notes.append(f"{name}: {source.encoding.removeprefix('pdf, ')}, which are pictures or empty")
    elif first and " read as " in source.encoding:
        lost = source.encoding.partition(", ")[2].removesuffix(" lost")
        said = f": {lost} characters were lost by it and are shown as \ufffd: get the file anew" if lost else ""
        notes.append(f"{name} is UTF-8 that was once read as GBK and saved so; that was undone{said}")
    elif first and "+" in source.encoding:
        notes.append(f"{name} mixes encodings ({source.encoding}) line by line: check its text")
    if raw.stated_sha256 if raw.record else _differs(raw.data, raw.stated_sha256):
        notes.append(f"{name} is not the file whose SHA-256 {MANIFEST} states: it has changed since")
    if raw.path.suffix.lower() == ".txt" and _WEB_PAGE.match(source.text):
        notes.append(f"{name} is a web page by its first line: call it .html, or its tags are read as text")
    if (shown := _shown_name(source.file)) != source.file:
        notes.append(f"the file {source.file!r} is called {shown} here: its name holds what is not shown")
    return ReadResult(_with_shown_names(source), notes)


def _with_shown_names(source: Source) -> Source:
    """A source whose names, columns and cells hold nothing that is obeyed, turns the writing or is not seen."""
    metadata = {harmless(name): harmless(cell) for name, cell in source.metadata.items()}
    metadata = {name: cell for name, cell in metadata.items() if name and cell}
    return replace(source, doc_id=_shown_name(source.doc_id), file=_shown_name(source.file), metadata=metadata)


def _shown_name(name: str) -> str:
    """The name of a file as tables and pages show it."""
    shown = harmless(name) if CONTROL.search(name) else without_invisible(name)
    return shown or ascii(name)[1:-1]


def raise_problems(problems: Sequence[str], left_out: Sequence[str], names: Iterable[tuple[str, str]]) -> None:
    """Raise one error for all problems, if there are any.

    Parameters
    ----------
    problems, left_out : sequence of str
        Of each `ReadResult`; empty ones are no problems. What is left out is a problem only if nothing else is there.
    names : sequence of (str, str)
        doc_id and file of every document: no two may have one doc_id.
    """
    problems = [problem for problem in problems if problem]
    files: dict[str, str] = {}
    for doc_id, file in names:
        # Names that differ only in normalization, as on macOS and Linux, look alike: nobody could tell them apart.
        key = unicodedata.normalize("NFC", doc_id)
        if key in files:
            problems.append(f"{file} and {files[key]} would both be {doc_id}: rename one of them")
        files[key] = file
    if not problems and not files:
        problems = [reason for reason in left_out if reason]
    if problems:
        raise combined_error(_first_problems(problems, "problems of its files", 2 * _MAX_PROBLEMS))
