"""The tables of a corpus: its documents made into rows, by as many hands as there are, and written in order."""

import contextlib
import functools
import itertools
import shutil
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa

from . import CrosscityError, several
from .cache import Cache
from .corpus import SUFFIXES, documents, raise_problems
from .furniture import Traces, concerns, repeated_in
from .rows import PARTS, Settings, head_of, rows_of, source_rows, tables_of, to_bytes
from .tables import TABLES, Writer, array, contract, schema, to_frame
from .tokens import read_terms

PROJECT = Path(__file__).resolve().parents[2]
_GROUP = 20_000  # paragraphs of a row group, and at most one document more: what is held at a time
_FEW = 1_000_000  # bytes, below which processes take longer to start than they save
_CHUNK, _CHUNKS = 8, 32  # documents handed to a process at a time; how often, before what came of them is put away
# A fork starts at once, with all that is loaded; where the system has none, joblib's own processes.
_BACKEND = "multiprocessing" if sys.platform == "linux" else "loky"


def build(corpus, out, tables=TABLES, dictionary=None, hmm=False, jobs=1, scheduler=None, cache=True, progress=True):
    """Build the tables of a corpus into a folder.

    Documents are made into rows one by one and written row group by row group: what is held in memory does not grow
    with their number, but for about a kilobyte each. The rows of each are kept in out/.cache under a checksum of its
    bytes, of what the manifest says of it and of the code and settings that made them, and are not made again.

    Parameters
    ----------
    corpus, out : str or Path
        The folder of documents; the folder for the tables.
    tables : sequence of str
        Which to write, of `tables.TABLES`.
    dictionary : str or Path, optional
    hmm : bool
        See `tokens.Tokenizer`.
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
    if unknown := [t for t in tables if t not in TABLES]:
        msg = f"there is no table {unknown[0]!r}: the tables are {', '.join(TABLES)}"
        raise CrosscityError(msg)
    settings = _settings(tables, dictionary, hmm)
    found, notes = documents(corpus)
    size = sum(p.stat().st_size for p in Path(corpus).iterdir() if p.suffix.lower() in SUFFIXES and p.is_file())
    Path(out).mkdir(parents=True, exist_ok=True)
    with contextlib.ExitStack() as stack:
        folder = Path(out) / ".cache"
        if not cache:
            folder = Path(tempfile.mkdtemp(prefix=".rows-", dir=out))
            stack.callback(shutil.rmtree, folder, ignore_errors=True)
        bar = stack.enter_context(_bar(size)) if progress and sys.stderr.isatty() else None
        kept = Cache(folder, settings)
        pool = _pool(jobs if size >= _FEW else min(jobs, 1), scheduler)
        briefs = _make(((f, None) for f in found), kept, settings, pool, bar)
        raise_problems([b.problem for b in briefs], [b.left_out for b in briefs], [b.name for b in briefs if b.traces])
        repeated = repeated_in([b.traces for b in briefs if b.traces])
        again = {b.key: shared for b in briefs if b.traces and (shared := concerns(repeated, b.traces))}
        if again:
            # From the file once more, since what is kept is rows.
            pairs = ((f, again[key]) for f in documents(corpus)[0] if (key := kept.key(f)) in again)
            made = _make(pairs, kept, settings, pool)
            if len(made) < len(again) or not all(b.traces for b in made):
                msg = f"{corpus} was changed while it was read: build again"
                raise CrosscityError(msg)
            again = dict(zip(again, made, strict=True))
        final = [again.get(b.key, b) for b in briefs if b.traces]
        if empty := [b.name[1] for b in final if not b.paragraphs]:
            message = "holds no text once page furniture is removed: remove the file"
            raise several([f"{Path(corpus) / file} {message}" for file in empty])
        changed = _write(final, kept, out, tables)
        kept.prune()
    return changed, notes + [note for b in briefs for note in b.notes]


def make_tables(sources, tables=TABLES, dictionary=None, hmm=False, progress=False):
    """The tables of a list of sources, as frames by name; in memory, and nothing is kept.

    Parameters
    ----------
    sources : list of corpus.Source
    tables, dictionary, hmm, progress
        See `build`.
    """
    from tqdm import tqdm

    settings = _settings(tables, dictionary, hmm)
    bar = tqdm(sources, desc="documents", disable=None if progress else True, leave=False)
    made = [source_rows(source, settings) for source in bar]
    traces = [Traces.from_lists(document.head["traces"]) for document in made]
    repeated = repeated_in(traces)
    for n, source in enumerate(sources):
        if shared := concerns(repeated, traces[n]):
            made[n] = source_rows(source, settings, shared)
    parts = {name: [d.tables[name] for d in made] for name in PARTS if name != "tokens" or settings.tokens}
    whole = {name: pa.concat_tables([schema(name).empty_table(), *found]) for name, found in parts.items()}
    whole["corpus"] = _Rows(c for d in made for c in d.head["row"]).table([d.head for d in made])
    return {name: to_frame(table) for name, table in whole.items()}


def _bar(size):
    from tqdm import tqdm

    return tqdm(total=size, desc="documents", unit="B", unit_scale=True, leave=False)


def _settings(tables, dictionary, hmm):
    return Settings("tokens" in tables, hmm, tuple(read_terms(dictionary)) if dictionary else ())


class _Brief(NamedTuple):
    """What is held of each document while others are worked on."""

    key: str
    name: tuple
    columns: tuple
    paragraphs: int
    traces: Traces | None
    notes: list
    problem: str
    left_out: str


def _brief(key, data):
    head = head_of(data)
    if "row" not in head:
        return _Brief(key, (), (), 0, None, head["notes"], head["problem"], head["left_out"])
    row = head["row"]
    name = row["doc_id"], row["file"]
    return _Brief(key, name, tuple(row), row["n_paragraphs"], Traces.from_lists(head["traces"]), head["notes"], "", "")


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
    return key, to_bytes(rows_of(found, settings, repeated)), len(found.data)


def _pool(jobs, scheduler):
    """What maps `_work` over tasks: here, or as joblib has it, in processes or on a cluster."""
    if jobs < 1:
        msg = f"jobs is {jobs}: give the number of documents to work on at a time, 1 or more"
        raise CrosscityError(msg)
    if jobs == 1 and not scheduler:
        return lambda tasks: (_work(*task) for task in tasks)
    return functools.partial(_side_by_side, jobs=jobs, scheduler=scheduler)


def _side_by_side(tasks, jobs, scheduler):
    if not scheduler:
        # Here, so that forks have all that the first document loads.
        yield from (_work(*task) for task in itertools.islice(tasks, 1))
    chunks = iter(lambda: list(itertools.islice(tasks, _CHUNK)), [])
    if not (batch := list(itertools.islice(chunks, _CHUNKS))):
        return
    import joblib

    with contextlib.ExitStack() as stack:
        if scheduler:
            stack.enter_context(_client(scheduler))
        config = {"backend": "dask"} if scheduler else {"backend": _BACKEND, "n_jobs": jobs}
        stack.enter_context(joblib.parallel_config(**config))
        parallel = stack.enter_context(joblib.Parallel(max_nbytes=None, batch_size=1))
        while batch:
            for made in parallel(joblib.delayed(_work_on)(chunk) for chunk in batch):
                yield from made
            batch = list(itertools.islice(chunks, _CHUNKS))


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


def _work_on(tasks):
    return [_work(*task) for task in tasks]


def _write(briefs, kept, out, tables):
    """Write the tables from what is kept, a row group at a time; which of them changed."""
    rows = _Rows(c for b in briefs for c in b.columns)
    with Writer(out, tables) as writer, ThreadPoolExecutor(len(tables)) as threads:
        group, paragraphs, pending = [], 0, []
        for n, brief in enumerate(briefs, start=1):
            data = kept.get(brief.key)
            if not data:
                msg = f"{kept.folder}: what was kept of {brief.name[1]} is damaged or gone: build again"
                raise CrosscityError(msg)
            group.append((head_of(data), tables_of(data)))
            paragraphs += brief.paragraphs
            if paragraphs >= _GROUP or n == len(briefs):
                whole = {"corpus": rows.table([head for head, _ in group])}
                for name in PARTS:
                    parts = [made[name] for _, made in group if name in made]
                    whole[name] = pa.concat_tables(parts) if parts else schema(name).empty_table()
                # One group is written while the next is read.
                _wait(pending)
                pending = [threads.submit(writer.write, name, whole[name]) for name in tables]
                group, paragraphs = [], 0
        _wait(pending)
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
