"""The tables of a corpus: its documents made into rows, by as many hands as there are, and written in order."""

from __future__ import annotations

import collections
import contextlib
import functools
import hashlib
import itertools
import os
import shutil
import sys
import tempfile
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pyarrow as pa

from .. import PROJECT, CrosscityError, combined_error
from ..documents import SUFFIXES, LineChecksums, iter_documents, raise_problems, repeated_in_document, repeated_lines
from ..files import end_with_parent, lock_folder
from ..words import read_terms, unsupported_terms
from .contract import EDITION, FACTS, OF_TEXT, TABLES, array, contract, schema
from .document_rows import PARTS, Settings, head_of, rows_of, source_rows, tables_of, to_bytes
from .row_cache import Cache
from .store import Writer, to_frame

_GROUP = 20_000  # paragraphs of a row group, and at most one document more: what is held at a time
_FEW = 1_000_000  # bytes, below which processes take longer to start than they save
_CHUNK = 8  # documents handed to a process at a time
_AHEAD = 4  # chunks for each process that wait or are done while the first is put away
_AT_ONCE = 32  # chunks on a cluster before what came of them is put away
CACHE = ".crosscity-cache"


def build(
    corpus, out, tables=TABLES, dictionary=None, hmm=False, codebook="", jobs=1, scheduler=None, cache=True,
    progress=True,
):  # fmt: skip
    """Build the tables of a corpus into a folder.

    Documents are made into rows one by one and written row group by row group: what is held in memory does not grow
    with their number, but for about a kilobyte each. The rows of each are kept in out/.crosscity-cache under a checksum
    of its bytes, of what the manifest says of it and of the code and settings that made them: what is there is not made
    again.

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
        Whether rows are kept, and former ones used.
    progress : bool
        Whether to show a bar; it is shown on a terminal only.

    Returns
    -------
    changed : list of str
        The tables whose content differs from what stood there.
    notes : list of str

    Raises
    ------
    CrosscityError
        If the corpus has a problem; then no table is touched.
    """
    tables = list(dict.fromkeys(tables))
    if unknown := [t for t in tables or [""] if t not in TABLES]:
        msg = f"there is no table {unknown[0]!r}: the tables are {', '.join(TABLES)}"
        raise CrosscityError(msg)
    out = Path(out)
    if out.exists() and not out.is_dir():
        msg = f"{out} is a file: give a folder for the tables"
        raise CrosscityError(msg)
    if (Path(corpus) / EDITION).is_file():
        from . import edition  # here: it loads pandas, which a build of documents does without

        out.mkdir(parents=True, exist_ok=True)
        with _alone_in(out):
            return edition.load(corpus, out)
    settings = _settings(tables, dictionary, hmm, codebook)
    found, notes = iter_documents(corpus)
    notes += [
        f"{term!r} of the dictionary can be no word: jieba ends words there"
        for term in unsupported_terms(settings.terms)
    ]
    size = sum(p.stat().st_size for p in Path(corpus).iterdir() if p.suffix.lower() in SUFFIXES and p.is_file())
    out.mkdir(parents=True, exist_ok=True)
    with contextlib.ExitStack() as stack:
        stack.enter_context(_alone_in(out))
        folder = out / CACHE
        if folder.exists() and not folder.is_dir():
            msg = f"{folder} is a file: remove it, what is kept between builds goes there"
            raise CrosscityError(msg)
        if not cache:
            folder = Path(tempfile.mkdtemp(prefix=".rows-", dir=out))
            stack.callback(shutil.rmtree, folder, ignore_errors=True)
        bar = stack.enter_context(_bar(size)) if progress and sys.stderr.isatty() else None
        kept = Cache(folder, settings)
        pool = _pool(jobs if size >= _FEW else min(jobs, 1), scheduler)
        briefs = _make(((f, None) for f in found), kept, settings, pool, bar)
        raise_problems([b.problem for b in briefs], [b.left_out for b in briefs], [b.name for b in briefs if b.traces])
        repeated = repeated_lines([b.traces for b in briefs if b.traces])
        again = {b.key: shared for b in briefs if b.traces and (shared := repeated_in_document(repeated, b.traces))}
        if again:
            # From the file once more, since what is kept is rows.
            pairs = ((f, again[key]) for f in iter_documents(corpus)[0] if (key := kept.key(f)) in again)
            made = _make(pairs, kept, settings, pool)
            if len(made) < len(again) or not all(b.traces for b in made):
                msg = f"{corpus} was changed while it was read: build again"
                raise CrosscityError(msg)
            again = dict(zip(again, made, strict=True))
        final = [again.get(b.key, b) for b in briefs if b.traces]
        if empty := [b.name[1] for b in final if not b.paragraphs]:
            message = "holds no text once page furniture is removed: remove the file"
            raise combined_error([f"{Path(corpus) / file} {message}" for file in empty])
        changed = _write(final, kept, out, tables)
        shutil.rmtree(out / OF_TEXT, ignore_errors=True)  # of an edition without text that these tables replace
        if len(tables) == len(TABLES):
            kept.prune()
        if rest := [t for t in TABLES if t not in tables and (out / f"{t}.parquet").exists()]:
            notes.append(f"{', '.join(rest)} in {out} are those of an earlier build")
    return changed, notes + [note for b in briefs for note in b.notes]


@contextlib.contextmanager
def _alone_in(out):
    """Lock a folder against other builds, and remove what one that was killed left in it."""
    with contextlib.ExitStack() as stack:
        lock = lock_folder(out, "another build")
        if lock is not None:
            stack.callback(os.close, lock)
        for path in (*out.glob(".rows-*"), *out.glob(f".{OF_TEXT}.*")):
            shutil.rmtree(path, ignore_errors=True)
        for name in TABLES:
            for path in out.glob(f".{name}.parquet.*"):
                path.unlink(missing_ok=True)
        yield


def make_tables(sources, tables=TABLES, dictionary=None, hmm=False, codebook="", progress=False):
    """The tables of a list of sources, as frames by name; in memory, and nothing is kept.

    Parameters
    ----------
    sources : list of corpus.Source
    tables, dictionary, hmm, codebook, progress
        See `build`.
    """
    from tqdm import tqdm

    settings = _settings(tables, dictionary, hmm, codebook)
    bar = tqdm(sources, desc="documents", disable=None if progress else True, leave=False)
    made = [source_rows(source, settings) for source in bar]
    traces = [LineChecksums.from_lists(document.head["traces"]) for document in made]
    repeated = repeated_lines(traces)
    for n, source in enumerate(sources):
        if shared := repeated_in_document(repeated, traces[n]):
            made[n] = source_rows(source, settings, shared)
    parts = {name: [d.tables[name] for d in made if name in d.tables] for name in PARTS}
    parts = {name: found for name, found in parts.items() if found or name in tables}
    whole = {name: pa.concat_tables([schema(name).empty_table(), *found]) for name, found in parts.items()}
    whole["corpus"] = _Rows(c for d in made for c in d.head["row"]).table([d.head for d in made])
    if "programmes" in whole:
        whole["programmes"] = linked(whole["programmes"], whole["corpus"].to_pylist())
    return {name: to_frame(table) for name, table in whole.items()}


def _bar(size):
    from tqdm import tqdm

    return tqdm(total=size, desc="documents", unit="B", unit_scale=True, leave=False)


def _settings(tables, dictionary, hmm, codebook):
    facts, digest = not set(FACTS).isdisjoint(tables), ""
    if facts and codebook not in ("", "none"):
        from ..facts import SHIPPED_CODEBOOKS, read_codebook

        path = Path(codebook if Path(codebook).name in SHIPPED_CODEBOOKS else PROJECT / codebook)
        read_codebook(path)  # what is wrong with it is said before anything is made
        codebook, digest = str(path), hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
    terms = tuple(read_terms(dictionary)) if dictionary else ()
    return Settings("tokens" in tables, hmm, terms, facts, codebook if facts else "", digest)


class _Brief(NamedTuple):
    """What is held of each document while others are worked on."""

    key: str
    name: tuple
    columns: tuple
    paragraphs: int
    traces: LineChecksums | None
    notes: list
    problem: str
    left_out: str


def _brief(key, data):
    head = head_of(data)
    if "row" not in head:
        return _Brief(key, (), (), 0, None, head["notes"], head["problem"], head["left_out"])
    row = head["row"]
    name = row["doc_id"], row["file"]
    return _Brief(
        key, name, tuple(row), row["n_paragraphs"], LineChecksums.from_lists(head["traces"]), head["notes"], "", ""
    )


def _make(pairs, kept, settings, pool, bar=None):
    """Briefs of documents, in order; their rows are made where they are not kept yet."""
    order, briefs = [], {}

    def missing():
        for found, repeated in pairs:
            key = kept.key(found, repeated)
            order.append(key)
            if head := kept.head(key):
                note(key, head, len(found.data))
            else:
                yield key, found, settings, repeated

    def note(key, data, size):
        briefs[key] = _brief(key, data)
        if bar is not None:
            bar.update(size)

    for key, data, size in pool(missing()):
        note(key, data, size)
        if briefs[key].traces:
            kept.put(key, data)
    return [briefs[key] for key in order]


def _work(key, found, settings, repeated):
    try:
        return key, to_bytes(rows_of(found, settings, repeated)), len(found.data)
    except Exception as error:
        error.add_note(f"while working on {found.path}")
        raise


def _work_on(tasks):
    return [_work(*task) for task in tasks]


def _pool(jobs, scheduler):
    """What maps `_work` over tasks, results in order: here, in processes of this machine, or on a cluster."""
    if jobs < 1:
        msg = f"jobs is {jobs}: give the number of documents to work on at a time, 1 or more"
        raise CrosscityError(msg)
    if scheduler:
        return functools.partial(_on_cluster, scheduler=scheduler)
    return functools.partial(_in_processes, jobs=jobs) if jobs > 1 else lambda tasks: (_work(*task) for task in tasks)


def _chunks(tasks):
    return iter(lambda: list(itertools.islice(tasks, _CHUNK)), [])


def _in_processes(tasks, jobs):
    # The first one here, so that forks have all that it loads; no fork where there is but one.
    yield from (_work(*task) for task in itertools.islice(tasks, 1))
    if not (first := next(chunks := _chunks(tasks), None)):
        return
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool
    from multiprocessing import get_context

    # A fork starts at once. joblib's own processes take longer to start than a small corpus takes, and its pool of
    # forks waits for ever for one that was killed.
    context = get_context("fork" if sys.platform == "linux" else None)
    pool = ProcessPoolExecutor(jobs, mp_context=context, initializer=end_with_parent)
    pending: collections.deque[Any] = collections.deque()
    try:
        for chunk in itertools.chain([first], chunks):
            pending.append(pool.submit(_work_on, chunk))
            if len(pending) > _AHEAD * jobs:
                yield from pending.popleft().result()
        while pending:
            yield from pending.popleft().result()
    except BrokenProcessPool:
        msg = "a process was killed, most likely for want of memory: build again with fewer --jobs"
        raise CrosscityError(msg) from None
    finally:
        pool.shutdown(cancel_futures=True)


def _on_cluster(tasks, scheduler):
    chunks = _chunks(tasks)
    if not (batch := list(itertools.islice(chunks, _AT_ONCE))):
        return
    import joblib

    with _client(scheduler), joblib.parallel_config(backend="dask"), joblib.Parallel(batch_size=1) as parallel:
        while batch:
            for made in parallel(joblib.delayed(_work_on)(chunk) for chunk in batch):
                yield from made
            batch = list(itertools.islice(chunks, _AT_ONCE))


def _client(scheduler):
    try:
        from distributed import Client
    except ImportError:
        msg = '--scheduler needs the extra `cluster`: pip install "crosscity[cluster]"'
        raise CrosscityError(msg) from None
    try:
        client = Client(scheduler)
        client.wait_for_workers(1, timeout=30)
    except (OSError, ValueError) as error:
        reason = str(error).partition("\n")[0]
        msg = f"no Dask scheduler with a worker answers at {scheduler} ({reason}): start them, or leave --scheduler out"
        raise CrosscityError(msg) from None
    return client


def _write(briefs, kept, out, tables):
    """Write the tables from what is kept, a row group at a time; which of them changed."""
    rows, documents, programmes = _Rows(c for b in briefs for c in b.columns), [], []
    with Writer(out, tables) as writer, ThreadPoolExecutor(len(tables)) as threads:
        group, paragraphs = [], 0
        pending: list[Future[None]] = []
        for n, brief in enumerate(briefs, start=1):
            data = kept.get(brief.key)
            if not data:
                for other in briefs:
                    kept.get(other.key)  # what else is damaged goes now: the next build makes all of it again
                msg = f"{kept.folder}: what was kept of {brief.name[1]} is damaged or gone: build again"
                raise CrosscityError(msg)
            head = head_of(data)
            group.append((head, tables_of(data, head["sizes"])))
            paragraphs += brief.paragraphs
            if paragraphs >= _GROUP or n == len(briefs):
                whole = {"corpus": rows.table([head for head, _ in group])}
                documents += whole["corpus"].select(["doc_id", "city", "province", "duplicate_of"]).to_pylist()
                for name in PARTS:
                    parts = [made[name] for _, made in group if name in made]
                    whole[name] = pa.concat_tables(parts) if parts else schema(name).empty_table()
                programmes.append(whole.pop("programmes"))  # what is one programme only all documents tell
                # One group is written while the next is read.
                _wait(pending)
                pending = [threads.submit(writer.write, name, whole[name]) for name in tables if name in whole]
                group, paragraphs = [], 0
        _wait(pending)
        if "programmes" in tables:
            writer.write("programmes", linked(pa.concat_tables(programmes), documents))
        return writer.commit()


def _wait(pending):
    for future in pending:
        future.result()


class _Rows:
    """Rows of `corpus` from heads in order, with what only the other documents tell: which come before with one text.

    Parameters
    ----------
    columns : iterable of str
        Every column that some document has; those beyond the contract come last, as they are met.
    """

    def __init__(self, columns):
        known = contract()["corpus"]
        self._columns = [*known, *(c for c in dict.fromkeys(columns) if c not in known)]
        self._first_with, self._originals = {}, known_originals()

    def table(self, heads):
        rows = []
        for head in heads:
            row = {**dict.fromkeys(self._columns, ""), **head["row"]}
            row["edition"] = row["edition"] or self._originals.get(row["sha256"], "")
            row["duplicate_of"] = self._first_with.get(head["digest"], "")
            self._first_with.setdefault(head["digest"], row["doc_id"])
            rows.append(row)
        kinds = {c: column.type for c, column in contract()["corpus"].items()}
        return pa.table({c: array([row[c] for row in rows], kinds.get(c, pa.string())) for c in self._columns})


def known_originals():
    """Editions of documents that are known by their SHA-256: those that the embedded corpus restates."""
    path = PROJECT / "data" / "raw" / "originals.sha256"
    if not path.is_file():
        return {}
    rows = [line.split() for line in path.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    return {row[0]: "original" for row in rows}


if TYPE_CHECKING:
    from typing import Any

    import pyarrow as pa


def linked(mentions: pa.Table, documents: Any) -> pa.Table:
    """Programmes of all documents with what is one programme under one name, and how far it reaches; see `linking`.

    Parameters
    ----------
    mentions : pyarrow.Table
        The table of programmes, before.
    documents : list of dict
        Rows of `corpus`.

    Returns
    -------
    pyarrow.Table
    """
    import pandas as pd
    import pyarrow as pa

    from ..facts import link

    if not len(mentions):
        return mentions
    frame = pd.DataFrame({name: mentions[name].to_pylist() for name in ("doc_id", "name", "components")})
    frame["marked"] = [reach == "own" for reach in mentions["reach"].to_pylist()]
    found = link(frame, pd.DataFrame(documents))
    for name in ("canonical", "reach"):
        column = mentions.schema.get_field_index(name)
        mentions = mentions.set_column(column, name, pa.array(found[name].tolist(), pa.string()))
    return mentions
