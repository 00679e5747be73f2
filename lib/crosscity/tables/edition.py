"""An edition without text: tables without sentences, from which notebooks run where the documents may not go.

In the manner of the extracted features that libraries publish of texts in copyright (Jett et al. 2020), it has the
words of each paragraph with their counts, in no order; facts without their sentences; and results that need the text
(which words are the genre's template, which passages two documents share). It is a folder of CSV files with
edition.json, which takes the place of a corpus: `crosscity build` and `make CORPUS=folder` make tables of it, in which
every character of text is withheld.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from .. import NotEstimableError
from ..documents import similar_name_notes
from ..files import check_replaceable, frame_to_csv, whole_folder
from ..words.matrix import in_no_order
from .contract import EDITION, TABLES, TEXT_RESULTS_FOLDER, WITHHELD, validate
from .edition_files import (
    FORMAT,
    PARAGRAPH_KEY,
    TABLE_FILES,
    TEXT_RESULTS,
    check_documents,
    check_frames,
    check_result,
    read_description,
    read_file,
)
from .store import Writer, read_table

__all__ = [
    "FORMAT",
    "MAKER",
    "PARAGRAPH_KEY",
    "TEXT_RESULTS",
    "build_from_edition",
    "csv_text",
    "drop_withheld",
    "has_text",
    "is_edition",
    "parameter_fingerprint",
    "read_result",
    "table_as_csv",
    "word_mask",
    "write_folder",
]

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    import numpy.typing as npt

MAKER = "export"  # of folders of editions


def is_edition(folder: Path | str) -> bool:
    """Whether a folder holds an edition without text, in place of documents."""
    return (Path(folder) / EDITION).is_file()


def has_text(tables: Path | str) -> bool:
    """Whether the tables of a folder hold the text of the documents."""
    return not is_edition(Path(tables) / TEXT_RESULTS_FOLDER)


def write_folder(folder: Path, texts: Mapping[str, str]) -> list[Path]:
    """Write a folder with these files, and a person's that are in it; it is there as a whole or not at all."""
    with whole_folder(folder, MAKER) as partial:
        for name, text in texts.items():
            (partial / name).write_bytes(text.encode())
    return [folder / name for name in texts]


def parameter_fingerprint(name: str, value: Any) -> Any:
    """A parameter as an edition keeps it: for a path the checksum of what it names, which is the same everywhere."""
    if name == "references" and value:
        documents = read_table("corpus", value)[["doc_id", "sha256", "exclude"]].sort_values("doc_id")
        return hashlib.sha256(csv_text(documents).encode()).hexdigest()
    if name == "questions" and value:
        path = Path(value)
        return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else path.name
    return value


def table_as_csv(name: str, tables: Path | str) -> str:
    """A table of a folder as CSV; see `csv_text`."""
    return csv_text(read_table(name, tables))


def csv_text(frame: pd.DataFrame) -> str:
    """A table as CSV: lists as JSON, numbers in as many digits as give them again."""
    lists = {c: frame[c].map(_as_json) for c in ("tokens", "components") if c in frame}
    return frame_to_csv(frame.assign(**lists), _exact)


def _exact(value: float) -> str:
    """A number in ten digits where these are all of it (5 for 5.0), else in as many as give it again."""
    short = f"{value:.10g}"
    return short if float(short) == value else repr(float(value))


def _as_json(values: Collection[str]) -> str:
    return json.dumps(list(values), ensure_ascii=False)


def build_from_edition(folder: Path | str, out: Path | str) -> tuple[list[str], list[str]]:
    """Build the tables of an edition without text, and copy the results that it keeps beside them.

    Parameters
    ----------
    folder, out : str or Path
        The edition; the folder for the tables.

    Returns
    -------
    changed : list of str
        Tables whose content changed.
    notes : list of str

    Raises
    ------
    CrosscityError
        If a file is absent or not the one that was exported, or breaks the contract; then no table is touched.
    """
    folder, out = Path(folder), Path(out)
    check_replaceable(out / TEXT_RESULTS_FOLDER, MAKER)
    description = read_description(folder)
    kept = [f"{name}.csv" for name in TEXT_RESULTS if f"{name}.csv" in description["files"]]
    frames = {name: read_file(folder, name, description) for name in [*TABLE_FILES, *(n[:-4] for n in kept)]}
    check_frames(folder, frames)
    check_documents(folder, description, set(frames["corpus"]["doc_id"]))
    frames = _with_withheld_text(frames)
    with Writer(out, TABLES) as writer:
        for name in TABLES:
            writer.write(name, validate(name, frames[name], folder / f"{name}.csv"))
        changed = writer.commit()
    write_folder(out / TEXT_RESULTS_FOLDER, {file: (folder / file).read_bytes().decode() for file in [*kept, EDITION]})
    alike = similar_name_notes(frames["corpus"].to_dict("records"), "the corpus.csv that it was made of")
    return changed, ["an edition without text: what shows or reads text is left out", *alike]


def _with_withheld_text(frames: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Tables of an edition in the columns of the contract: text withheld, tokens by name.

    What stands behind a number does so here as well (`words.matrix.in_no_order`), since it may be no term.
    """
    lengths = frames["paragraphs"].pop("n_chars")
    frames["paragraphs"]["text"] = _withheld(lengths)
    log = frames["cleaning_log"]
    for side in ("before", "after"):
        log[side] = _withheld(log.pop(f"n_{side}"))
    counts = frames.pop("counts")
    words = counts["term"].repeat(counts["count"])
    words = words.groupby([counts[c].repeat(counts["count"]) for c in PARAGRAPH_KEY]).agg(list)
    keys = pd.MultiIndex.from_frame(frames["paragraphs"][PARAGRAPH_KEY])
    tokens = [cell if isinstance(cell, list) else [] for cell in words.reindex(keys)]
    if "behind-numbers" in frames:
        behind: dict[Any, dict[str, int]] = {}
        for doc_id, paragraph, term, count in frames["behind-numbers"].itertuples(index=False, name=None):
            behind.setdefault((doc_id, paragraph), {})[term] = count
        tokens = [in_no_order(own, behind.get(key, {})) for key, own in zip(keys, tokens, strict=True)]
    frames["tokens"] = frames["paragraphs"][PARAGRAPH_KEY].assign(tokens=tokens)
    return frames


def _withheld(lengths: pd.Series) -> pd.Series:
    """Withheld texts of these lengths, as text even where there is none."""
    return pd.Series([WITHHELD * n for n in lengths], index=lengths.index, dtype=str)


def read_result(tables: Path | str, name: str, documents: Collection[str], values: Mapping[str, Any]) -> pd.DataFrame:
    """Read a result that an edition without text keeps.

    Parameters
    ----------
    tables : str or Path
        The folder of its tables.
    name : str
        Of `TEXT_RESULTS`.
    documents : collection of str
        The documents that take part.
    values : dict
        Parameters of the run.

    Returns
    -------
    DataFrame
        As the function that computed it gives it, but for withheld text.

    Raises
    ------
    NotEstimableError
        If it was computed with other parameters, without one of the documents, or, of passages, with further ones:
        without the text it cannot be computed again.
    """
    folder = Path(tables) / TEXT_RESULTS_FOLDER
    description, result = read_description(folder), TEXT_RESULTS[name]
    former = description["parameters"]
    for parameter in result.parameters:
        if parameter in values and parameter_fingerprint(parameter, values[parameter]) != former[parameter]:
            msg = f"{parameter} is {values[parameter]!r}, but these tables hold no text, and {name} was found with "
            msg += f"{former[parameter]!r}: set that, or use the documents"
            raise NotEstimableError(msg)
    if result.whole and sorted(documents) != former["documents"]:
        msg = f"these tables hold no text, and {name} was found in all their documents: let all take part, or use the "
        msg += "documents"
        raise NotEstimableError(msg)
    if unknown := sorted(set(documents) - set(former["documents"])):
        msg = f"these tables hold no text, and {name} was found without {unknown[0]!r}, which did not take part when "
        msg += "they were exported: leave it out (only), or use the documents"
        raise NotEstimableError(msg)
    if f"{name}.csv" not in description["files"]:
        msg = f"these tables hold no text, and were exported before {name} were found: use the documents"
        raise NotEstimableError(msg)
    table = read_file(folder, name, description)
    check_result(folder, name, table, read_table("paragraphs", tables))
    if "characters" in table:
        table["text"] = _withheld(table["characters"])
    return table if result.whole else table[table["doc_id"].isin(set(documents))].reset_index(drop=True)


def drop_withheld(table: pd.DataFrame) -> pd.DataFrame:
    """A table without the columns whose text is all withheld."""
    texts = [c for c in table if table[c].map(lambda value: isinstance(value, str)).any()]
    withheld = [c for c in texts if table[c].any() and not table[c].astype(str).str.strip(WITHHELD).any()]
    return table.drop(columns=withheld)


def word_mask(paragraphs: pd.DataFrame, left_out: pd.DataFrame, column: str) -> npt.NDArray[np.bool_]:
    """Which words of an edition's paragraphs are left out: the mask that `words.formulaic.without` takes.

    Parameters
    ----------
    paragraphs : DataFrame
        Columns doc_id, paragraph, tokens (in the order of an edition: by name).
    left_out : DataFrame
        The result left-out, from `read_result`.
    column : str
        formulas or template.

    Returns
    -------
    ndarray of bool, shape (n_tokens,)
    """
    rows = left_out[[*PARAGRAPH_KEY, "term", column]].itertuples(index=False, name=None)
    limits = {(doc_id, number, term): n for doc_id, number, term, n in rows}
    mask = []
    for doc_id, number, tokens in paragraphs[[*PARAGRAPH_KEY, "tokens"]].itertuples(index=False, name=None):
        seen: Counter[str] = Counter()
        for term in tokens:
            seen[term] += 1
            mask.append(seen[term] <= limits.get((doc_id, number, term), 0))
    return np.array(mask, dtype=bool)
