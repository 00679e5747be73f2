"""The tables of a corpus: read, clean, tell apart the kinds of lines, cut into words."""

import hashlib
from pathlib import Path

import pandas as pd

from . import CrosscityError, metadata, several
from .audit import coverage_sentences, oddities, sampled_shingles
from .characters import line_key
from .cleaning import clean
from .corpus import MANIFEST, read_corpus
from .furniture import SHORT, repeated_lines
from .structure import classify
from .tables import TABLES, validate, write_table
from .tokens import Tokenizer

_PROJECT = Path(__file__).resolve().parents[2]


def build(corpus, out, tables=TABLES, dictionary=None, hmm=False, progress=True):
    """Build the tables of a corpus into a folder.

    Parameters
    ----------
    corpus, out : str or Path
        The folder of documents; the folder for the tables.
    tables : sequence of str
        Which to write, of `tables.TABLES`.
    dictionary : str or Path, optional
    hmm : bool
        See `tokens.Tokenizer`.
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
    unknown = [t for t in tables if t not in TABLES]
    if unknown:
        msg = f"there is no table {unknown[0]!r}: the tables are {', '.join(TABLES)}"
        raise CrosscityError(msg)
    sources, notes = read_corpus(corpus)
    frames = make_tables(sources, tables, dictionary, hmm, progress)
    empty = frames["corpus"].query("n_paragraphs == 0")
    if len(empty):
        raise several(
            [
                f"{Path(corpus) / file} holds no text once page furniture is removed: remove the file"
                for file in empty["file"]
            ]
        )
    for name in tables:
        validate(name, frames[name], Path(out) / f"{name}.parquet")
    changed = [name for name in tables if write_table(name, frames[name], out)]
    return changed, notes


def make_tables(sources, tables=TABLES, dictionary=None, hmm=False, progress=False):
    """The tables of a list of sources, as frames by name.

    Parameters
    ----------
    sources : list of corpus.Source
    tables, dictionary, hmm, progress
        See `build`.
    """
    from tqdm import tqdm

    tokenizer = Tokenizer(dictionary, hmm) if "tokens" in tables else None
    originals = known_originals()
    rows = {name: [] for name in ("corpus", "paragraphs", "cleaning_log", "tokens")}
    first_with = {}
    bar = tqdm(total=2 * len(sources), desc="documents", disable=None if progress else True, leave=False)
    for source, hints, cleaned in _cleaned(sources, bar):
        lines = [(n, line) for n, line in zip(cleaned.lines, cleaned.text.split("\n"), strict=True) if line]
        kinds = classify([line for _, line in lines], hints)
        for number, ((line, text), kind) in enumerate(zip(lines, kinds, strict=True), start=1):
            key = {"doc_id": source.doc_id, "paragraph": number}
            rows["paragraphs"].append({**key, "line": line, **kind._asdict(), "text": text})
            if tokenizer:
                rows["tokens"].append({**key, "tokens": tokenizer.words(text)})
        rows["cleaning_log"] += [{"doc_id": source.doc_id, **row} for row in cleaned.log]
        title = next((text for (_, text), kind in zip(lines, kinds, strict=True) if kind.kind == "title"), "")
        described = metadata.describe(source, cleaned.text, title)
        digest = hashlib.sha256(cleaned.text.encode("utf-8", "surrogatepass")).digest()
        rows["corpus"].append(
            {
                **described,
                "doc_id": source.doc_id,
                "file": source.file,
                "edition": described["edition"] or originals.get(source.sha256, ""),
                "sha256": source.sha256,
                "encoding": source.encoding,
                "script": cleaned.script,
                "n_chars": sum(len(text) for _, text in lines),
                "n_paragraphs": len(lines),
                "duplicate_of": first_with.get(digest, ""),
            }
        )
        first_with.setdefault(digest, source.doc_id)
        bar.update()
    bar.close()
    return {name: _frame(name, rows[name]) for name in rows}


def _cleaned(sources, bar):
    """Sources with what the manifest knows of them and their cleaned text; what many share counts as furniture."""
    cleaned = []
    for source in sources:
        hints = [source.metadata.get(name, "") for name in ("title", "publisher", "speaker")]
        cleaned.append((source, hints, clean(source.text, hints)))
        bar.update()
    repeated = repeated_lines([result.text for _, _, result in cleaned])
    for source, hints, result in cleaned:
        lines = result.text.split("\n")
        again = line_key(lines[-1]) in repeated.tails or any(
            line_key(x) in repeated.lines for x in lines if len(x) < SHORT
        )
        yield source, hints, clean(source.text, hints, repeated) if again else result


def _frame(name, rows):
    frame = pd.DataFrame(rows, columns=_COLUMNS.get(name))
    for column in frame.columns:
        if column == "year":
            frame[column] = frame[column].astype("Int64")
        elif (column != "tokens" and frame[column].dtype.kind in "OU") or frame[column].dtype == "str":
            frame[column] = frame[column].fillna("").astype("str")
    if name != "corpus":
        for column, dtype in (
            ("step", "int64"),
            ("line", "int64"),
            ("start", "int64"),
            ("end", "int64"),
            ("level", "int64"),
        ):
            if column in frame:
                frame[column] = frame[column].astype(dtype)
    if "confidence" in frame:
        frame["confidence"] = frame["confidence"].astype("float64")
    return frame


_COLUMNS = {
    "paragraphs": ["doc_id", "paragraph", "line", "unit", "kind", "level", "section", "text"],
    "cleaning_log": ["doc_id", "step", "line", "start", "end", "rule", "before", "after", "confidence"],
    "tokens": ["doc_id", "paragraph", "tokens"],
}


def known_originals():
    """Editions of documents that are known by their SHA-256: those that the embedded corpus restates."""
    path = _PROJECT / "data" / "raw" / "originals.sha256"
    if not path.is_file():
        return {}
    rows = [line.split() for line in path.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    return {row[0]: "original" for row in rows}


def check(corpus, against=()):
    """What there is to say about a corpus before anything is built from it.

    Parameters
    ----------
    corpus : str or Path
    against : sequence of str or Path
        Further corpora, none of whose documents should be in this one.

    Returns
    -------
    list of str
        Sentences: what was passed over, and what `audit.oddities` finds, document by document; then what was guessed,
        and what the corpus holds of the country, of the years and of genres.
        Problems that keep a corpus from being read are raised as by `read_corpus`.
    """
    sources, said = read_corpus(corpus)
    frames = make_tables(sources, tables=("corpus", "paragraphs", "cleaning_log"), progress=True)
    others = {}
    for folder in map(Path, against):
        paragraphs = make_tables(read_corpus(folder)[0], tables=("corpus", "paragraphs"), progress=True)["paragraphs"]
        text = paragraphs.groupby("doc_id", sort=False)["text"].agg("\n".join)
        others |= {f"{folder / name}": sampled_shingles(t) for name, t in text.items()}
    found = oddities(frames["corpus"], frames["paragraphs"], frames["cleaning_log"], others)
    said += [f"{row.doc_id} {row.problem}" for row in found.itertuples()]
    guessed = frames["corpus"].query("guessed != ''").groupby("guessed", sort=True)["doc_id"].agg(list)
    for columns, names in guessed.items():
        which = ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")
        said.append(f"{columns.replace(' ', ', ')} guessed for {which}: state it in {MANIFEST} to be sure")
    return said + coverage_sentences(frames["corpus"])
