"""The files of an edition without text, read as what a stranger wrote: every cell is checked before it is used.

`LAYOUT` has the columns of each file, in types of the contract. Numbers are no greater than the edition's own size
allows, rows name documents and paragraphs that there are, and no file leads out of the folder.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import math
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd
import pyarrow as pa

from .. import CrosscityError
from ..documents import cell_problems, file_problem, name_problem
from ..files import harmless, unescape_formula
from .contract import EDITION, TABLES, Column, contract

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

FORMAT = 1
_REFERENCE = " (reference)"  # ends the doc_id of a document that others are held against
REMEDY = "get the edition again, or ask who made it"
TABLE_FILES = (*(name for name in TABLES if name != "tokens"), "counts")
PARAGRAPH_KEY = ["doc_id", "paragraph"]
_LONGEST_DESCRIPTION = 50_000_000  # bytes of edition.json
# Characters of text that an edition stands for: of real ones a byte of its files stands for a tenth of a character.
_LEAST_TEXT, _TEXT_PER_BYTE = 1_000_000, 20
_WHOLE = re.compile(r"-?[0-9]{1,18}")
_DECIMAL = re.compile(r"-?[0-9]{1,400}(?:\.[0-9]{1,400})?(?:[eE][-+]?[0-9]{1,3})?")
_TRUTHS = {"True": True, "False": False}
_MESSAGE = 60  # characters of a cell that a message shows


class TextResult(NamedTuple):
    """A result that needs the text, as an edition keeps it.

    Attributes
    ----------
    parameters : tuple of str
        Parameters of the run that it depends on.
    columns : tuple of str
        Its columns, in their order; types are those of `_TYPES`.
    whole : bool
        Whether it is of all documents at once, so that none can be left out of it.
    """

    parameters: tuple[str, ...]
    columns: tuple[str, ...]
    whole: bool = False


_SPAN = (*PARAGRAPH_KEY, "start", "end")
_OTHER = tuple(f"other_{name}" for name in ("doc", *_SPAN[1:]))
_OF_REUSE = ("length", "similarity", "references", "kinds")
TEXT_RESULTS = {
    "left-out": TextResult(("template", "kinds"), (*PARAGRAPH_KEY, "term", "formulas", "template")),
    "behind-numbers": TextResult((), (*PARAGRAPH_KEY, "term", "count")),
    "occurrences": TextResult(("kinds",), (*PARAGRAPH_KEY, "term", "count")),
    "indicators": TextResult(
        (),
        (
            *("indicator", *_SPAN, "value", "upper", "unit", "place", "population", "kind"),
            *("year", "qualifier", "period", "derived", "sentence"),
        ),
    ),
    "instruments": TextResult((), ("instrument", *_SPAN, "variant")),
    "arithmetic": TextResult(
        (), (*_SPAN, "spans", "rule", "statement", "implied", "low", "high", "unit", "stated", "verdict")
    ),
    "answers": TextResult(("questions",), ("question", *_SPAN, "nth", "score", "why")),
    "matches": TextResult(_OF_REUSE, ("match", *_SPAN, *_OTHER, "similarity", "exact"), whole=True),
    "passages": TextResult(
        _OF_REUSE,
        ("passage", "place", *_SPAN, "documents", "references", "earliest", "dating", "characters"),
        whole=True,
    ),
}


def _types() -> dict[str, Column]:
    """The type of each column of `TEXT_RESULTS` that is not text; a cell that is no number may be empty."""
    of_facts = contract()["quantities"]
    number = contract()["corpus"]["n_chars"]
    counted = of_facts["paragraph"]
    decimal = of_facts["upper"]
    truth = Column(pa.bool_())
    return {
        "doc_id": of_facts["doc_id"],
        **{name: of_facts[name] for name in ("paragraph", "start", "end", "value", "upper", "year")},
        **{f"other_{name}": of_facts[name] for name in ("paragraph", "start", "end")},
        **dict.fromkeys(["formulas", "template", "nth", "references"], number),
        "score": Column(pa.int64()),
        **dict.fromkeys(["count", "match", "passage", "documents", "characters"], counted),
        **dict.fromkeys(["implied", "low", "high", "stated"], decimal),
        "similarity": contract()["themes"]["weight"],
        **dict.fromkeys(["derived", "exact"], truth),
    }


def layout(name: str) -> dict[str, Column]:
    """The columns of a file of an edition: those of a table with lengths for texts, words with counts, or a result."""
    text, number, counted = Column(pa.string()), contract()["corpus"]["n_chars"], contract()["tokens"]["paragraph"]
    if name == "counts":
        return {**{c: contract()["tokens"][c] for c in PARAGRAPH_KEY}, "term": text, "count": counted}
    if name in TEXT_RESULTS:
        of_result = {column: _types().get(column, text) for column in TEXT_RESULTS[name].columns}
        return of_result | ({"place": counted} if name == "passages" else {})  # elsewhere a place is where it is true
    columns = dict(contract()[name])
    if name == "paragraphs":
        del columns["text"]
        return {**columns, "n_chars": counted}
    if name == "cleaning_log":
        rest = {c: column for c, column in columns.items() if c not in ("before", "after")}
        return {**rest, "n_before": number, "n_after": number}
    return columns


def read_description(folder: Path) -> dict[str, Any]:
    """What edition.json says: its checksums of files, and the parameters of results.

    Raises
    ------
    CrosscityError
        If it is absent or no description of an edition, or one of another format.
    """
    path = folder / EDITION
    data = read_bytes(path, _LONGEST_DESCRIPTION)
    try:
        description = json.loads(data.decode("utf-8"), parse_constant=_no_number)
        files, number = description["files"], description["format"]
    except (ValueError, KeyError, TypeError, RecursionError):
        msg = f"{path} is no description of an edition: export it again"
        raise CrosscityError(msg) from None
    if type(number) is not int or number != FORMAT or description.get("derived") is not True:
        msg = f"{path} is of no edition that this version reads (derived, format {FORMAT}): export it again"
        raise CrosscityError(msg)
    if not isinstance(files, dict) or not all(isinstance(digest, str) for digest in files.values()):
        msg = f"{path}: files must be the SHA-256 of each file by its name; {REMEDY}"
        raise CrosscityError(msg)
    if outside := [name for name in files if Path(name).name != name or "\\" in name or name_problem(name)]:
        msg = f"{path}: {_shown(outside[0])} must be the name of a file in the folder itself; {REMEDY}"
        raise CrosscityError(msg)
    _check_parameters(path, description.get("parameters"))
    documents = [_text(name) for name in description["parameters"]["documents"]]
    return {**description, "parameters": {**description["parameters"], "documents": documents}}


def _no_number(name: str) -> None:
    raise ValueError(name)


def _check_parameters(path: Path, parameters: Any) -> None:
    """Every parameter that a result depends on is there and of its kind."""
    text, texts, number = _is_text, _are_texts, _is_number
    kinds = {"kinds": texts, "documents": texts, "length": number, "similarity": number, "template": number}
    kinds |= {"questions": text, "references": text}
    if not isinstance(parameters, dict):
        msg = f"{path}: parameters must be those that the results were found with; {REMEDY}"
        raise CrosscityError(msg)
    for name, is_right in kinds.items():
        if name not in parameters or not is_right(parameters[name]):
            said = f"is {_shown(parameters[name])}" if name in parameters else "is missing"
            what = {texts: "a list of texts", number: "a number", text: "a text"}[is_right]
            msg = f"{path}: parameters: {name} {said}, and must be {what}; {REMEDY}"
            raise CrosscityError(msg)


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _are_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def read_bytes(path: Path, most: int | None = None) -> bytes:
    """The bytes of a file of an edition, which must be a file in the folder itself and no longer than `most`."""
    if not path.is_symlink() and not path.exists():
        msg = f"{path} is not there: an edition is whole only with it; get it again"
        raise CrosscityError(msg)
    if problem := "is a folder: put the file there" if path.is_dir() else file_problem(path):
        msg = f"{path} {problem}"
        raise CrosscityError(msg)
    if most is not None and path.stat().st_size > most:
        msg = f"{path} has {path.stat().st_size / 1e6:,.0f} MB, more than {most / 1e6:,.0f}; {REMEDY}"
        raise CrosscityError(msg)
    return path.read_bytes()


def read_file(folder: Path, name: str, description: Mapping[str, Any]) -> pd.DataFrame:
    """A file of an edition, in the types of its `layout`; its checksum must be the one of the description.

    Returns
    -------
    DataFrame
        Text as str, whole numbers as int64 (Int64 where a cell may be empty), others as float64, truths as bool.

    Raises
    ------
    CrosscityError
        Naming the file, and the row (the header's is 1) and column of the first cell that is wrong.
    """
    path = folder / f"{name}.csv"
    data = read_bytes(path)
    if hashlib.sha256(data).hexdigest() != description["files"].get(path.name):
        msg = f"{path} is not the file that was exported (its SHA-256 is another than in {EDITION}): get it again"
        raise CrosscityError(msg)
    header, rows = _rows(path, data)
    columns = layout(name)
    header = [harmless(unescape_formula(column)) for column in header]
    if doubled := [c for c in header if header.count(c) > 1]:
        msg = f"{path} has two columns named {_shown(doubled[0])}; {REMEDY}"
        raise CrosscityError(msg)
    if absent := [c for c, column in columns.items() if c not in header and column.default is None]:
        msg = f"{path} has no column {absent[0]!r} (it has {', '.join(map(_shown, header[:30]))}); {REMEDY}"
        raise CrosscityError(msg)
    if (extra := [c for c in header if c not in columns]) and name != "corpus":
        msg = f"{path} has a column {_shown(extra[0])}, which no edition has; {REMEDY}"
        raise CrosscityError(msg)
    if "" in extra:
        msg = f"{path} has a column without a name; {REMEDY}"
        raise CrosscityError(msg)
    text = Column(pa.string())
    cells = zip(*rows, strict=True) if rows else [[]] * len(header)
    frame = {
        column: _typed(list(values), columns.get(column, text), f"{path}, column {column!r}")
        for column, values in zip(header, cells, strict=True)
    }
    return pd.DataFrame(frame, columns=header)


def _rows(path: Path, data: bytes) -> tuple[list[str], list[list[str]]]:
    """The header and the rows of a CSV file in UTF-8, each as long as the header."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        msg = f"{path} is not valid UTF-8 (byte {error.start + 1:,}), as an edition is; {REMEDY}"
        raise CrosscityError(msg) from None
    if "\0" in text:
        msg = f"{path} is binary (it holds zero bytes), not CSV; {REMEDY}"
        raise CrosscityError(msg)
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
    try:
        header, *rows = reader
    except csv.Error as error:
        msg = f"{path}, line {reader.line_num} is no CSV ({error}); {REMEDY}"
        raise CrosscityError(msg) from None
    except ValueError:
        msg = f"{path} is empty; {REMEDY}"
        raise CrosscityError(msg) from None
    for number, row in enumerate(rows, start=2):
        if len(row) != len(header):
            msg = f"{path}, row {number} has {len(row)} cells, and the header {len(header)}; {REMEDY}"
            raise CrosscityError(msg)
    return header, rows


def _typed(cells: list[str], column: Column, where: str) -> pd.Series:
    """Cells in the type of a column; the first that is none of it is an error."""
    kind = str(column.type)
    if kind in ("int64", "double"):
        return _numbers(cells, column, where)
    if kind == "bool":
        _check(cells, [cell in _TRUTHS for cell in cells], "must be True or False", where)
        return pd.Series([_TRUTHS[cell] for cell in cells], dtype=bool)
    if kind.startswith("list"):
        return pd.Series([_list(cell, row, where) for row, cell in enumerate(cells, start=2)], dtype=object)
    texts = [_text(cell) for cell in cells]
    if column.check:
        distinct = {text: bool(column.check.passes(text)) for text in set(texts)}
        _check(texts, [distinct[text] for text in texts], column.check.rule, where)
    return pd.Series(texts, dtype=str)


def _text(cell: str) -> str:
    """A cell as it was exported, but for what ends a line, turns the writing or moves the cursor."""
    cell = unescape_formula(cell)
    return cell if cell.isprintable() else harmless(cell) if harmless(cell) != cell.strip() else cell


def _numbers(cells: list[str], column: Column, where: str) -> pd.Series:
    is_whole = str(column.type) == "int64"
    pattern, rule = (_WHOLE, "must be a whole number") if is_whole else (_DECIMAL, "must be a finite number")
    empty = [not cell for cell in cells]
    if not column.nullable:
        _check(cells, [not is_empty for is_empty in empty], "must not be empty", where)
    _check(cells, [not cell or bool(pattern.fullmatch(cell)) for cell in cells], rule, where)
    numbers = [None if not cell else int(cell) if is_whole else float(cell) for cell in cells]
    finite = [number is None or math.isfinite(number) for number in numbers]
    _check(cells, finite, rule, where)
    if column.check:
        passes = [number is None or bool(column.check.passes(number)) for number in numbers]
        _check(cells, passes, column.check.rule, where)
    return pd.Series(numbers, dtype=("Int64" if column.nullable else "int64") if is_whole else "float64")


def _list(cell: str, row: int, where: str) -> list[str]:
    try:
        values = json.loads(unescape_formula(cell))
    except (ValueError, RecursionError):
        values = None
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise _wrong(cell, row, "must be a list of texts as JSON", where)
    return [_text(value) for value in values]


def _check(cells: Sequence[object], passes: Sequence[bool], rule: str, where: str) -> None:
    if not all(passes):
        row = passes.index(False)
        raise _wrong(cells[row], row + 2, rule, where)


def _wrong(cell: object, row: int, rule: str, where: str) -> CrosscityError:
    return CrosscityError(f"{where}, row {row}: {_shown(cell)} {rule}; {REMEDY}")


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= _MESSAGE else f"{text[:_MESSAGE]}... ({len(text):,} characters)"


def check_frames(folder: Path, frames: Mapping[str, pd.DataFrame]) -> None:
    """Check what the files of an edition say of each other, and that its text is no greater than they allow.

    Parameters
    ----------
    folder : Path
    frames : dict of str to DataFrame
        Of `read_file`; `corpus`, `paragraphs`, `counts` and `cleaning_log` are among them.

    Raises
    ------
    CrosscityError
        Naming the file, and the row and column of the first cell that is wrong.
    """
    _check_corpus(folder, frames["corpus"])
    _check_lengths(folder, frames)
    paragraphs = frames["paragraphs"]
    lengths = paragraphs.set_index(PARAGRAPH_KEY)["n_chars"].to_dict()
    documents = set(frames["corpus"]["doc_id"])
    for name, frame in frames.items():
        if name != "corpus":
            _check_places(folder / f"{name}.csv", frame, documents, lengths)
    _check_words(folder, frames, lengths)


def check_result(folder: Path, name: str, frame: pd.DataFrame, paragraphs: pd.DataFrame) -> None:
    """Check a result against the table of paragraphs that it lies beside, as `check_frames` does against a file."""
    _check_lengths(folder, {name: frame})
    sizes = paragraphs["text"].str.len()
    lengths = dict(zip(zip(paragraphs["doc_id"], paragraphs["paragraph"], strict=True), sizes, strict=True))
    _check_places(folder / f"{name}.csv", frame, set(paragraphs["doc_id"]), lengths)


def _check_places(
    path: Path, frame: pd.DataFrame, documents: Collection[str], lengths: Mapping[tuple[str, int], int]
) -> None:
    """Rows name documents and paragraphs that there are, and lie within these."""
    ids = frame["doc_id"].tolist()
    of_reference = path.stem == "passages"  # where a passage may be one of a document of reference, too
    is_known = [doc_id in documents or (of_reference and doc_id.endswith(_REFERENCE)) for doc_id in ids]
    _check(ids, is_known, "is no document of the edition", f"{path}, column 'doc_id'")
    if "start" in frame:
        starts, ends = frame["start"].tolist(), frame["end"].tolist()
        is_change = "rule" in frame and "n_after" in frame  # which may put something in
        ordered = [start < end or (is_change and start == end) for start, end in zip(starts, ends, strict=True)]
        _check(ends, ordered, "must lie behind start", f"{path}, column 'end'")
    if "paragraph" not in frame or path.stem == "paragraphs":
        return
    keys = list(zip(ids, frame["paragraph"].tolist(), strict=True))
    known = [key in lengths or key[0] not in documents for key in keys]
    _check([n for _, n in keys], known, "is no paragraph of that document", f"{path}, column 'paragraph'")
    if "end" in frame:
        inside = [end <= lengths.get(key, end) for end, key in zip(ends, keys, strict=True)]
        _check(ends, inside, "lies behind the end of its paragraph", f"{path}, column 'end'")


def _check_corpus(folder: Path, corpus: pd.DataFrame) -> None:
    """The rows of documents: each doc_id once, names of files that lead nowhere, years and dates that there are."""
    path = folder / "corpus.csv"
    if corpus.empty:
        msg = f"{path} has no row: an edition has a document at least; {REMEDY}"
        raise CrosscityError(msg)
    first = [not again for again in corpus["doc_id"].duplicated()]
    _check(corpus["doc_id"].tolist(), first, "stands twice", f"{path}, column 'doc_id'")
    files = corpus["file"].tolist()
    plain = [not set(file.split("/")) & {"", ".", ".."} and "\\" not in file for file in files]
    _check(files, plain, "must be the name of a file in the folder itself", f"{path}, column 'file'")
    known = {"", *corpus["doc_id"]}
    copies = corpus["duplicate_of"].tolist()
    _check(copies, [copy in known for copy in copies], "is no doc_id of corpus.csv", f"{path}, column 'duplicate_of'")
    for number, row in enumerate(corpus.to_dict("records"), start=2):
        cells = {name: str(row[name]) for name in ("date", "doc_type") if row[name]}
        if problem := next(cell_problems(f"{path}, row {number}", cells), ""):
            raise CrosscityError(problem)


def _check_lengths(folder: Path, frames: Mapping[str, pd.DataFrame]) -> None:
    """Every length of withheld text, which is made as long as that, taken together."""
    most = _LEAST_TEXT + _TEXT_PER_BYTE * sum(path.stat().st_size for path in folder.glob("*.csv"))
    columns = {"paragraphs": ["n_chars"], "cleaning_log": ["n_before", "n_after"], "passages": ["characters"]}
    for name, of in columns.items():
        for column in of if name in frames else ():
            rest = most
            for row, n in enumerate(frames[name][column].tolist(), start=2):
                rest -= n
                if rest < 0:
                    rule = f"is more text than files of this size stand for ({most:,} characters in all)"
                    raise _wrong(n, row, rule, f"{folder / name}.csv, column {column!r}")


def _check_words(folder: Path, frames: Mapping[str, pd.DataFrame], lengths: Mapping[tuple[str, int], int]) -> None:
    """Paragraphs stand once and number as many as their document has; their words are not longer than they are."""
    path, paragraphs, counts = folder / "paragraphs.csv", frames["paragraphs"], frames["counts"]
    numbers = paragraphs["paragraph"].tolist()
    once = [not again for again in paragraphs.duplicated(PARAGRAPH_KEY)]
    _check(numbers, once, "stands twice in its document", f"{path}, column 'paragraph'")
    corpus = frames["corpus"]
    totals = paragraphs.groupby("doc_id")["n_chars"].agg(["size", "sum"])
    for column, total in (("n_paragraphs", "size"), ("n_chars", "sum")):
        stated, found = corpus[column].tolist(), corpus["doc_id"].map(totals[total]).fillna(0).tolist()
        same = [n == m for n, m in zip(stated, found, strict=True)]
        _check(stated, same, "is not what paragraphs.csv has of it", f"{folder / 'corpus.csv'}, column {column!r}")
    used = dict.fromkeys(lengths, 0)
    seen = set()
    where = f"{folder / 'counts.csv'}, column"
    rows = counts[[*PARAGRAPH_KEY, "term", "count"]].itertuples(index=False, name=None)
    for row, (doc_id, paragraph, term, count) in enumerate(rows, start=2):
        key = doc_id, paragraph
        used[key] += count * max(len(term), 1)
        if used[key] > lengths[key]:
            raise _wrong(count, row, "makes words that are longer than their paragraph", f"{where} 'count'")
        if (*key, term) in seen:
            raise _wrong(term, row, "stands twice in its paragraph", f"{where} 'term'")
        seen.add((*key, term))
    if "left-out" in frames:
        words = frames["left-out"][[*PARAGRAPH_KEY, "term"]].itertuples(index=False, name=None)
        for row, word in enumerate(words, start=2):
            if word not in seen:
                rule = "is no word of that paragraph in counts.csv"
                raise _wrong(word[-1], row, rule, f"{folder / 'left-out.csv'}, column 'term'")


def check_documents(folder: Path, description: Mapping[str, Any], documents: Collection[str]) -> None:
    """The documents that results were found in are documents of the edition."""
    unknown: Iterator[str] = (name for name in description["parameters"]["documents"] if name not in documents)
    if (name := next(unknown, None)) is not None:
        msg = f"{folder / EDITION}: parameters: documents: {_shown(name)} is no doc_id of corpus.csv; {REMEDY}"
        raise CrosscityError(msg)
