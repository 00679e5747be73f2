"""An edition without text: tables that hold no sentence, from which notebooks run where the documents may not go.

In the manner of the extracted features that libraries give of texts in copyright (Jett et al. 2020): words of each
paragraph with their counts, in no order; facts without their sentences; and what only the text could tell (which words
are the genre's template, which passages two documents share), found before and kept. A folder of CSV files with
edition.json, which takes the place of a corpus: `crosscity build` and `make CORPUS=folder` make tables of it, in which
every character of text is withheld.
"""

import hashlib
import io
import json
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from .. import CrosscityError
from ..files import frame_to_csv, unescape_formula, whole_folder
from .contract import EDITION, OF_TEXT, TABLES, WITHHELD, contract, validate
from .store import Writer, read_table

FORMAT = 1

_WHERE = ["doc_id", "paragraph"]
_SPAN = dict.fromkeys(["paragraph", "start", "end"], int)
_SHARED = ("length", "similarity", "references", "kinds")


class Found(NamedTuple):
    """A part of an edition that was found in the text: by which parameters, and the types of what is not text in it."""

    needs: tuple
    types: dict
    whole: bool = False  # found in all documents at once, so that none can be left out of it


FOUND = {
    "left-out": Found(("template", "kinds"), {"paragraph": int, "formulas": int, "template": int}),
    "occurrences": Found(("kinds",), {"paragraph": int, "count": int}),
    "indicators": Found((), {**_SPAN, "value": float, "upper": float, "year": "Int64", "derived": bool}),
    "arithmetic": Found((), _SPAN | dict.fromkeys(["implied", "low", "high", "stated"], float)),
    "answers": Found(("questions",), {**_SPAN, "nth": int, "score": int}),
    "matches": Found(
        _SHARED,
        {**_SPAN, **{f"other_{c}": int for c in _SPAN}, "match": int, "similarity": float, "exact": bool},
        whole=True,
    ),
    "passages": Found(
        _SHARED,
        _SPAN | dict.fromkeys(["passage", "place", "documents", "references", "characters"], int),
        whole=True,
    ),
}


def is_edition(folder):
    """Whether a folder holds an edition without text, in place of documents."""
    return (Path(folder) / EDITION).is_file()


def has_text(tables):
    """Whether the tables of a folder hold the text of the documents."""
    return not (Path(tables) / OF_TEXT).is_dir()


def _put(out, texts):
    """A folder with these files and no others, there as a whole or not at all."""
    with whole_folder(out) as partial:
        for name, text in texts.items():
            (partial / name).write_bytes(text.encode())
    return [out / name for name in texts]


def _setting(name, value):
    """A parameter as an edition keeps it: a checksum in place of a path, which says much and is nobody else's."""
    if name == "references" and value:
        documents = read_table("corpus", value)[["doc_id", "sha256", "exclude"]].sort_values("doc_id")
        return hashlib.sha256(_to_csv(documents).encode()).hexdigest()
    if name == "questions" and value:
        path = Path(value)
        return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else path.name
    return value


def as_csv(name, tables):
    """A table of a folder as CSV: lists as JSON."""
    return _to_csv(read_table(name, tables))


def _to_csv(frame):
    lists = {c: frame[c].map(_as_json) for c in ("tokens", "components") if c in frame}
    return frame_to_csv(frame.assign(**lists), _exact)


def _exact(value):
    """A number in ten digits where these are all of it (5 for 5.0), else in as many as give it again."""
    short = f"{value:.10g}"
    return short if float(short) == value else repr(float(value))


def _as_json(values):
    return json.dumps(list(values), ensure_ascii=False)


def load(folder, out):
    """Make the tables of an edition without text; what was found in the text stands beside them.

    Parameters
    ----------
    folder, out : str or Path
        The edition; the folder for the tables.

    Returns
    -------
    changed : list of str
        The tables whose content differs from what stood there.
    notes : list of str

    Raises
    ------
    CrosscityError
        If a file is absent or not the one that was exported, or breaks the contract; then no table is touched.
    """
    folder, out = Path(folder), Path(out)
    about = _about(folder)
    read = {name: _read(folder, name, about) for name in (*(t for t in TABLES if t != "tokens"), "counts", *FOUND)}
    n = read["paragraphs"].pop("n_chars").astype(int)
    read["paragraphs"]["text"] = [WITHHELD * size for size in n]
    for side in ("before", "after"):
        read["cleaning_log"][side] = [WITHHELD * int(n) for n in read["cleaning_log"].pop(f"n_{side}")]
    counts = read.pop("counts").astype({"count": int})
    words = (
        counts["term"].repeat(counts["count"]).groupby([counts[c].repeat(counts["count"]) for c in _WHERE]).agg(list)
    )
    keys = pd.MultiIndex.from_frame(read["paragraphs"][_WHERE])
    tokens = [of if isinstance(of, list) else [] for of in words.reindex(keys)]
    read["tokens"] = read["paragraphs"][_WHERE].assign(tokens=tokens)
    programmes = read["programmes"]
    parts = pd.Series(list(map(json.loads, programmes["components"])), dtype=object)
    read["programmes"] = programmes.assign(components=parts)
    tables = {name: _typed(name, read[name], folder) for name in TABLES}
    with Writer(out, TABLES) as writer:
        for name, table in tables.items():
            writer.write(name, table)
        changed = writer.commit()
    kept = {f"{name}.csv": (folder / f"{name}.csv").read_bytes().decode() for name in FOUND}
    _put(out / OF_TEXT, kept | {EDITION: (folder / EDITION).read_bytes().decode()})
    note = "an edition without text: what shows or reads text is left out"
    return changed, [note]


def _about(folder):
    try:
        about = json.loads((folder / EDITION).read_text(encoding="utf-8"))
        files, number = about["files"], about["format"]
    except (OSError, ValueError, KeyError, TypeError):
        msg = f"{folder / EDITION} is no description of an edition: export it again"
        raise CrosscityError(msg) from None
    if number != FORMAT or not about.get("derived") or not isinstance(files, dict):
        msg = f"{folder / EDITION} is of no edition that this version reads (derived, format {FORMAT}): export it again"
        raise CrosscityError(msg)
    return about


def _read(folder, name, about):
    path = folder / f"{name}.csv"
    try:
        data = path.read_bytes()
    except OSError:
        msg = f"{path} is not there: an edition is whole only with it; get it again"
        raise CrosscityError(msg) from None
    if hashlib.sha256(data).hexdigest() != about["files"].get(path.name):
        msg = f"{path} is not the file that was exported (its SHA-256 is another than in {EDITION}): get it again"
        raise CrosscityError(msg)
    return (
        pd.read_csv(io.BytesIO(data), dtype=str, keep_default_na=False)
        .map(unescape_formula)
        .rename(columns=unescape_formula)
    )


def _typed(name, frame, folder):
    """A table of text as one in the types of the contract."""
    made = {}
    for column in frame:
        told = contract()[name].get(column)
        kind = str(told.type) if told else "string"
        if kind in ("int64", "double"):
            numbers = pd.to_numeric(frame[column].replace("", None), errors="coerce")
            made[column] = numbers.astype("Int64" if kind == "int64" else float)
        else:
            made[column] = frame[column]
    return validate(name, pd.DataFrame(made), folder / f"{name}.csv")


def found(tables, name, documents, values):
    """What was found in the text of an edition, by its name in `FOUND`.

    Parameters
    ----------
    tables : str or Path
        The folder of its tables.
    name : str
    documents : collection of str
        The documents that take part.
    values : dict
        Parameters of the run.

    Returns
    -------
    DataFrame
        As the function that found it gives it, but for withheld text.

    Raises
    ------
    CrosscityError
        If it was found by other parameters, without one of the documents, or of passages in others besides: without
        the text, that is all there is.
    """
    folder = Path(tables) / OF_TEXT
    about, part = _about(folder), FOUND[name]
    for need in part.needs:
        if need in values and _setting(need, values[need]) != about["parameters"][need]:
            msg = f"{need} is {values[need]!r}, but these tables hold no text, and {name} was found with "
            msg += f"{about['parameters'][need]!r}: set that, or use the documents"
            raise CrosscityError(msg)
    if part.whole and sorted(documents) != about["parameters"]["documents"]:
        msg = f"these tables hold no text, and {name} was found in all their documents: let all take part, or use the "
        msg += "documents"
        raise CrosscityError(msg)
    if unknown := sorted(set(documents) - set(about["parameters"]["documents"])):
        msg = f"these tables hold no text, and {name} was found without {unknown[0]!r}, which did not take part when "
        msg += "they were exported: leave it out (only), or use the documents"
        raise CrosscityError(msg)
    table = _read(folder, name, about)
    for column, kind in part.types.items():
        cells = table[column]
        table[column] = cells == "True" if kind is bool else pd.to_numeric(cells.replace("", None)).astype(kind)
    if "characters" in table:
        table["text"] = pd.Series([WITHHELD * n for n in table["characters"]], dtype=str)
    return table if part.whole else table[table["doc_id"].isin(set(documents))].reset_index(drop=True)


def shown(table):
    """A table without the columns that hold nothing but withheld text."""
    texts = [c for c in table if table[c].map(lambda value: isinstance(value, str)).any()]
    return table.drop(
        columns=[c for c in texts if table[c].any() and not table[c].astype(str).str.strip(WITHHELD).any()]
    )


def left_out(paragraphs, table, column):
    """Which words of an edition's paragraphs are left out: the mask that `words.formulaic.remove_masked` takes.

    Parameters
    ----------
    paragraphs : DataFrame
        Columns doc_id, paragraph, tokens (in the order of an edition: by name).
    table : DataFrame
        The part left-out of `found`.
    column : str
        formulas or template.

    Returns
    -------
    ndarray of bool, shape (n_tokens,)
    """
    many = {key[:3]: key[3] for key in table[[*_WHERE, "term", column]].itertuples(index=False, name=None)}
    mask = []
    for doc_id, number, tokens in paragraphs[[*_WHERE, "tokens"]].itertuples(index=False, name=None):
        seen: Counter[str] = Counter()
        for term in tokens:
            seen[term] += 1
            mask.append(seen[term] <= many.get((doc_id, number, term), 0))
    return np.array(mask, dtype=bool)
