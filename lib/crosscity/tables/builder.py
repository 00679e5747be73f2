"""Build the tables of a corpus: make its documents into rows, and write these in order."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import sys
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pyarrow as pa

from .. import PROJECT, CrosscityError, combined_error
from ..documents import (
    LIMITS,
    MANIFEST,
    SUFFIXES,
    Limits,
    LineChecksums,
    RawDocument,
    UnreadableError,
    iter_documents,
    raise_problems,
    repeated_in_document,
    repeated_lines,
    short_names,
    similar_name_notes,
)
from ..files import half_path, lock_folder, remove_own, sweep_halves
from ..words import read_terms, unsupported_terms
from .contract import EDITION, FACTS, TABLES, TEXT_RESULTS_FOLDER, array, contract, schema
from .document_rows import PARTS, DocumentRows, Settings, left_out_rows, read_head, read_tables, rows_from_source
from .row_cache import RowCache
from .store import Writer, to_frame
from .workers import worker_pool

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    import pandas as pd
    from tqdm import tqdm

    from ..documents import RepeatedLines, Source
    from .workers import Pool

_GROUP = 20_000  # paragraphs of a row group, and at most one document more: what is in memory at a time
_SMALL = 1_000_000  # bytes, below which processes take longer to start than they save
CACHE = ".crosscity-cache"


def build(
    corpus: Path | str,
    out: Path | str,
    tables: Iterable[str] = TABLES,
    dictionary: Path | str | None = None,
    hmm: bool = False,
    codebook: str = "",
    jobs: int = 1,
    scheduler: str | None = None,
    cache: bool = True,
    progress: bool = True,
    read_seconds: int = LIMITS.seconds,
    read_memory: int = LIMITS.memory,
) -> tuple[list[str], list[str]]:
    """Build the tables of a corpus into a folder; documents are in `canonical_order`, whatever their files are called.

    Documents are made into rows one by one and written row group by row group: memory does not grow with their number,
    but for about a kilobyte each. Rows are cached in out/.crosscity-cache, under a checksum of the document's bytes,
    its row of the manifest, the code and the settings; only documents without cached rows are processed.

    Parameters
    ----------
    corpus, out : str or Path
        The folder of documents, or an edition without text (see `edition`); the folder for the tables.
    tables : sequence of str
        Which to write, of `contract.TABLES`.
    dictionary : str or Path, optional
    hmm : bool
        See `words.tokens.Tokenizer`.
    codebook : str
        See `facts.extract.facts_of`.
    jobs : int
        How many processes work on documents; a small corpus is done in one all the same.
    scheduler : str, optional
        Address of a Dask scheduler (tcp://host:port), whose workers do the work instead.
    cache : bool
        Whether rows are cached, and cached rows used.
    progress : bool
        Whether to show a bar; it is shown on a terminal only.
    read_seconds, read_memory : int
        Processor time and megabytes that reading one file may take, which is left out otherwise.

    Returns
    -------
    changed : list of str
        Tables whose content changed.
    notes : list of str

    Raises
    ------
    CrosscityError
        If the corpus has a problem; then no table is touched.
    """
    corpus, out, tables = Path(corpus), Path(out), list(dict.fromkeys(tables))
    if unknown := [t for t in tables or [""] if t not in TABLES]:
        msg = f"there is no table {unknown[0]!r}: the tables are {', '.join(TABLES)}"
        raise CrosscityError(msg)
    if out.exists() and not out.is_dir():
        msg = f"{out} is a file: give a folder for the tables"
        raise CrosscityError(msg)
    if (corpus / EDITION).is_file():
        from . import edition  # here: it loads pandas, which a build of documents does without

        out.mkdir(parents=True, exist_ok=True)
        with _lock_tables(out):
            return edition.build_from_edition(corpus, out)
    settings = _settings(tables, dictionary, hmm, codebook)
    limits = LIMITS._replace(seconds=read_seconds, memory=read_memory)
    files, notes = iter_documents(corpus, limits)
    notes += [
        f"{term!r} of the dictionary can be no word: jieba ends words there"
        for term in unsupported_terms(settings.terms)
    ]
    size = sum(p.stat().st_size for p in corpus.iterdir() if p.suffix.lower() in SUFFIXES and p.is_file())
    out.mkdir(parents=True, exist_ok=True)
    with contextlib.ExitStack() as stack:
        stack.enter_context(_lock_tables(out))
        folder = out / CACHE
        if folder.exists() and not folder.is_dir():
            msg = f"{folder} is a file: remove it, what is kept between builds goes there"
            raise CrosscityError(msg)
        if not cache:
            folder = half_path(out / "rows")
            stack.callback(shutil.rmtree, folder, ignore_errors=True)
        bar = stack.enter_context(_progress_bar(size)) if progress and sys.stderr.isatty() else None
        rows = RowCache(folder, settings)
        pool = worker_pool(jobs if size >= _SMALL else min(jobs, 1), scheduler)
        digests = _process(((file, None) for file in files), rows, settings, pool, bar)
        read = [d for d in digests if d.traces]
        raise_problems(
            [d.problem for d in digests], [d.left_out for d in digests], [(d.name[0], d.name[1]) for d in read]
        )
        final = sorted(_process_repeated(read, corpus, limits, rows, settings, pool), key=lambda digest: digest.order)
        if empty := [d.name[1] for d in final if not d.paragraphs]:
            message = "holds no text once page furniture is removed: remove the file"
            raise combined_error([f"{corpus / file} {message}" for file in empty])
        changed = _write(final, rows, out, tables)
        remove_own(out / TEXT_RESULTS_FOLDER)  # of an edition that these tables replace
        if len(tables) == len(TABLES):
            rows.prune()
        if rest := [t for t in TABLES if t not in tables and (out / f"{t}.parquet").exists()]:
            notes.append(f"{', '.join(rest)} in {out} are those of an earlier build")
    alike = similar_name_notes((d.names for d in final), MANIFEST)
    return changed, notes + [note for d in digests for note in d.notes] + alike


@contextlib.contextmanager
def _lock_tables(out: Path) -> Iterator[None]:
    """Lock a folder against other builds, and remove what a killed one left in it."""
    with contextlib.ExitStack() as stack:
        lock = lock_folder(out, "another build")
        if lock is not None:
            stack.callback(os.close, lock)
        sweep_halves(out)
        yield


def make_tables(
    sources: Sequence[Source],
    tables: Iterable[str] = TABLES,
    progress: bool = False,
    jobs: int = 1,
    left_out: list[str] | None = None,
) -> dict[str, pd.DataFrame]:
    """The tables of a list of sources, by name and with the default settings; in memory, and nothing is written.

    Parameters
    ----------
    sources : list of documents.Source
        In any order: documents are in `canonical_order`.
    tables, progress, jobs
        See `build`.
    left_out : list of str, optional
        Takes the file and the reason of each document that cannot be cleaned, and that the tables do without.

    Raises
    ------
    CrosscityError
        If a document cannot be cleaned, and no list takes it or there is no other.
    """
    from tqdm import tqdm

    tables = list(tables)
    settings = _settings(tables)
    if sum(len(source.text) for source in sources) < _SMALL:
        jobs = 1
    made = _rows_of([(source, None) for source in sources], settings, jobs)
    bar = tqdm(made, desc="documents", total=len(sources), disable=None if progress else True, leave=False)
    pairs = list(zip(sources, bar, strict=True))
    reasons = [document.head["left_out"] for _, document in pairs if "row" not in document.head]
    sources = [source for source, document in pairs if "row" in document.head]
    rows = [document for _, document in pairs if "row" in document.head]
    if reasons and (left_out is None or not rows):
        raise combined_error(reasons)
    if left_out is not None:
        left_out += reasons
    traces = [LineChecksums.from_lists(document.head["traces"]) for document in rows]
    repeated = repeated_lines(traces)
    shared = {n: lines for n in range(len(sources)) if (lines := repeated_in_document(repeated, traces[n]))}
    again = _rows_of([(sources[n], lines) for n, lines in shared.items()], settings, jobs)
    for n, document in zip(shared, again, strict=True):
        if "row" not in document.head:
            raise CrosscityError(document.head["left_out"])
        rows[n] = document
    rows.sort(key=lambda document: canonical_order(document.head))
    parts = {name: [d.tables[name] for d in rows if name in d.tables] for name in PARTS}
    parts = {name: part for name, part in parts.items() if part or name in tables}
    whole = {name: pa.concat_tables([schema(name).empty_table(), *part]) for name, part in parts.items()}
    whole["corpus"] = _CorpusRows(c for d in rows for c in d.head["row"]).table([d.head for d in rows])
    if "programmes" in whole:
        whole["programmes"] = _link_programmes(whole["programmes"], whole["corpus"].to_pylist())
    return {name: to_frame(table) for name, table in whole.items()}


def _rows_of(
    sources: Sequence[tuple[Source, RepeatedLines | None]], settings: Settings, jobs: int
) -> Iterator[DocumentRows]:
    """The rows of documents that are read, in order: made here, or in several processes."""
    documents = (
        (RawDocument(Path(Path(source.file).name), source.doc_id, b"", {}, record=source), repeated)
        for source, repeated in sources
    )
    if jobs == 1:
        for (raw, repeated), (source, _) in zip(documents, sources, strict=True):
            try:
                yield rows_from_source(source, settings, repeated)
            except UnreadableError as error:
                yield left_out_rows(raw, source.file, error)
        return
    for _, data, _ in worker_pool(jobs)(("", raw, settings, repeated) for raw, repeated in documents):
        head = read_head(data)
        yield DocumentRows(head, read_tables(data, head["sizes"]))


def _progress_bar(size: int) -> tqdm:
    from tqdm import tqdm

    return tqdm(total=size, desc="documents", unit="B", unit_scale=True, leave=False)


def _settings(
    tables: Sequence[str], dictionary: Path | str | None = None, hmm: bool = False, codebook: str = ""
) -> Settings:
    facts, digest = not set(FACTS).isdisjoint(tables), ""
    if facts and codebook not in ("", "none"):
        from ..facts import SHIPPED_CODEBOOKS, read_codebook

        path = Path(codebook if Path(codebook).name in SHIPPED_CODEBOOKS else PROJECT / codebook)
        read_codebook(path)  # its problems are raised before anything is made
        codebook, digest = str(path), hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
    terms = tuple(read_terms(dictionary)) if dictionary else ()
    return Settings("tokens" in tables, hmm, terms, facts, codebook if facts else "", digest)


class _Digest(NamedTuple):
    """The part of a document that stays in memory while others are processed.

    Attributes
    ----------
    key : str
        Of its rows in the cache.
    name : tuple of str
        doc_id and file; empty if the document has no rows.
    order : tuple of str
        See `canonical_order`.
    columns : tuple of str
        Of its row in `corpus`.
    names : dict of str
        Its `short_names`.
    paragraphs : int
        How many there are.
    traces : Traces or None
        Of its lines; None if the document has no rows.
    notes : list of str
    problem, left_out : str
        Why the document has no rows.
    """

    key: str
    name: tuple[str, ...]
    order: tuple[str, ...]
    columns: tuple[str, ...]
    names: dict[str, str]
    paragraphs: int
    traces: LineChecksums | None
    notes: list[str]
    problem: str
    left_out: str


def _digest(key: str, data: bytes) -> _Digest:
    head = read_head(data)
    if "row" not in head:
        return _Digest(key, (), (), (), {}, 0, None, head["notes"], head["problem"], head["left_out"])
    row = head["row"]
    name, traces = (row["doc_id"], row["file"]), LineChecksums.from_lists(head["traces"])
    order, names, notes = canonical_order(head), short_names(row), head["notes"]
    return _Digest(key, name, order, tuple(row), names, row["n_paragraphs"], traces, notes, "", "")


def canonical_order(head: Mapping[str, Any]) -> tuple[str, ...]:
    """What documents are sorted by: city, province, date, title, the checksum of the text, then all else that is known.

    What is not stated comes last, so that of copies the one of which most is known stands for the others.
    A name of a file says nothing about what is in it, but ties, initial values, draws and the last digits of sums
    follow the order of rows. Names decide only between documents that are the same in everything.

    Parameters
    ----------
    head : dict
        Of `document_rows.DocumentRows`.
    """
    row = head["row"]
    date = row["date"] or ("" if row["year"] is None else f"{row['year']:04}")
    rest = {column: value for column, value in row.items() if column not in ("doc_id", "file")}
    text = json.dumps(rest, ensure_ascii=False, sort_keys=True)
    stated = (row["city"], row["province"], date, row["title"])
    return *(key or "\U0010ffff" for key in stated), head["digest"], text, row["doc_id"]


def _process(
    files: Iterable[tuple[RawDocument, RepeatedLines | None]],
    rows: RowCache,
    settings: Settings,
    pool: Pool,
    bar: tqdm | None = None,
) -> list[_Digest]:
    """Digests of documents, in order; their rows are made where they are not in the cache yet."""
    order: list[str] = []
    digests: dict[str, _Digest] = {}
    columns: dict[tuple[str, ...], tuple[str, ...]] = {}  # one for all documents that have the same

    def missing() -> Iterator[tuple[str, RawDocument, Settings, RepeatedLines | None]]:
        for file, repeated in files:
            key = rows.key(file, repeated)
            order.append(key)
            if head := rows.head(key):
                add(key, head, len(file.data))
            else:
                yield key, file, settings, repeated

    def add(key: str, data: bytes, size: int) -> None:
        digest = _digest(key, data)
        digests[key] = digest._replace(columns=columns.setdefault(digest.columns, digest.columns))
        if bar is not None:
            bar.update(size)

    for key, data, size in pool(missing()):
        add(key, data, size)
        if digests[key].traces:
            rows.put(key, data)
    return [digests[key] for key in order]


def _process_repeated(
    digests: Sequence[_Digest], corpus: Path, limits: Limits, rows: RowCache, settings: Settings, pool: Pool
) -> list[_Digest]:
    """The digests, with documents that share lines with others processed again, without these lines."""
    repeated = repeated_lines([d.traces for d in digests if d.traces])
    shared = {d.key: lines for d in digests if d.traces and (lines := repeated_in_document(repeated, d.traces))}
    if not shared:
        return list(digests)
    # From the file once more, since what is cached is rows.
    files = ((file, shared[key]) for file in iter_documents(corpus, limits)[0] if (key := rows.key(file)) in shared)
    again = _process(files, rows, settings, pool)
    if len(again) < len(shared) or not all(d.traces for d in again):
        msg = f"{corpus} was changed while it was read: build again"
        raise CrosscityError(msg)
    replaced = dict(zip(shared, again, strict=True))
    return [replaced.get(d.key, d) for d in digests]


def _write(digests: Sequence[_Digest], rows: RowCache, out: Path, tables: Sequence[str]) -> list[str]:
    """Write the tables from the cache, a row group at a time, and name those that changed."""
    corpus = _CorpusRows(c for d in digests for c in d.columns)
    documents: list[dict[str, Any]] = []
    programmes: list[pa.Table] = []
    with Writer(out, tables) as writer, ThreadPoolExecutor(len(tables)) as threads:
        pending: list[Future[None]] = []
        for group in _row_groups(digests, rows):
            whole = {"corpus": corpus.table([head for head, _ in group])}
            documents += whole["corpus"].select(_LINKED_BY).to_pylist()
            for name in PARTS:
                parts = [made[name] for _, made in group if name in made]
                whole[name] = pa.concat_tables(parts) if parts else schema(name).empty_table()
            programmes.append(whole.pop("programmes"))  # what is one programme depends on all documents
            # One group is written while the next is read.
            _wait(pending)
            pending = [threads.submit(writer.write, name, whole[name]) for name in tables if name in whole]
        _wait(pending)
        if "programmes" in tables:
            writer.write("programmes", _link_programmes(pa.concat_tables(programmes), documents))
        return writer.commit()


def _row_groups(
    digests: Sequence[_Digest], rows: RowCache
) -> Iterator[list[tuple[dict[str, Any], dict[str, pa.Table]]]]:
    """Heads and tables of documents, from the cache, as many at a time as make a row group."""
    group, paragraphs = [], 0
    for n, digest in enumerate(digests, start=1):
        data = rows.get(digest.key)
        if not data:
            for other in digests:
                rows.get(other.key)  # what else is damaged goes now: the next build makes all of it again
            msg = f"{rows.folder}: what was kept of {digest.name[1]} is damaged or gone: build again"
            raise CrosscityError(msg)
        head = read_head(data)
        group.append((head, read_tables(data, head["sizes"])))
        paragraphs += digest.paragraphs
        if paragraphs >= _GROUP or n == len(digests):
            yield group
            group, paragraphs = [], 0


def _wait(pending: Iterable[Future[None]]) -> None:
    for future in pending:
        future.result()


class _CorpusRows:
    """Rows of `corpus` from heads in order, with what depends on other documents: the first one with the same text.

    Parameters
    ----------
    columns : iterable of str
        Every column that some document has; those beyond the contract come last, in order of appearance.
    """

    def __init__(self, columns: Iterable[str]) -> None:
        known = contract()["corpus"]
        self._columns = [*known, *(c for c in dict.fromkeys(columns) if c not in known)]
        self._originals = known_originals()
        self._first_with: dict[str, str] = {}

    def table(self, heads: Iterable[Mapping[str, Any]]) -> pa.Table:
        rows = []
        for head in heads:
            row = dict(head["row"])
            row["edition"] = row.get("edition") or self._originals.get(row["sha256"], "")
            row["duplicate_of"] = self._first_with.get(head["digest"], "")
            self._first_with.setdefault(head["digest"], row["doc_id"])
            rows.append(row)
        kinds = {c: column.type for c, column in contract()["corpus"].items()}
        return pa.table({c: array([row.get(c, "") for row in rows], kinds.get(c, pa.string())) for c in self._columns})


def known_originals() -> dict[str, str]:
    """Editions of documents that are known by their SHA-256: the originals that the embedded corpus restates."""
    path = PROJECT / "data" / "raw" / "originals.sha256"
    if not path.is_file():
        return {}
    rows = [line.split() for line in path.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    return {row[0]: "original" for row in rows}


# Columns of `corpus` that tell whose programmes a document's are.
_LINKED_BY = ["doc_id", "city", "province", "level", "genre", "publisher", "not_guessed", "duplicate_of"]


def _link_programmes(mentions: pa.Table, documents: Sequence[Mapping[str, Any]]) -> pa.Table:
    """The table of programmes with one canonical name for each programme, and how far it reaches.

    Parameters
    ----------
    mentions : pyarrow.Table
        The table of programmes, not linked yet.
    documents : list of dict
        Rows of `corpus`.
    """
    import pandas as pd  # here: a build without facts does without

    from ..facts import link

    if not len(mentions):
        return mentions
    frame = pd.DataFrame({name: mentions[name].to_pylist() for name in ("doc_id", "name", "components")})
    frame["claimed"] = mentions["reach"].to_pylist()
    linked = link(frame, pd.DataFrame(documents))
    for name in ("canonical", "reach"):
        column = mentions.schema.get_field_index(name)
        mentions = mentions.set_column(column, name, pa.array(linked[name].tolist(), pa.string()))
    return mentions
