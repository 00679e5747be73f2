"""Add documents to a corpus: copy them, and describe them in its corpus.csv by what they say of themselves.

Nothing is written until everything is known to be right; then all of it is written, or nothing.
"""

from __future__ import annotations

import codecs
import csv
import errno
import hashlib
import io
import os
import shutil
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from .. import CrosscityError, combined_error
from ..documents import (
    MANIFEST,
    METADATA_COLUMNS,
    RECORD_SUFFIXES,
    SUFFIXES,
    RawDocument,
    Source,
    cell_problems,
    composed,
    decode,
    document_files,
    file_problem,
    name_problem,
    prefectures,
    raise_problems,
    read_document,
    read_manifest,
    read_sources,
    short_form,
)
from ..files import escape_formula, half_path, rows_to_csv, without_invisible, write_whole
from ..tables import EDITION, make_tables

if TYPE_CHECKING:
    from collections.abc import Iterable

GUESSED = ("city", "province", "year", "genre", "title")
UNCONFIRMED = "unconfirmed"  # the column that names the cells of a row that were guessed and not confirmed
_WIDEST = 44  # columns of a terminal that a cell takes


class Entry(NamedTuple):
    """A row to be added to corpus.csv.

    Attributes
    ----------
    file : str
    cells : dict of str
        By column, those that are stated and those that are guessed.
    guessed : tuple of str
        Columns of the cells that are guessed.
    records : int
        How many records the file has, which describe themselves; 0: it is one document.
    """

    file: str
    cells: dict[str, str]
    guessed: tuple[str, ...]
    records: int = 0


@dataclass
class Survey:
    """What an intake would do to a corpus.

    Attributes
    ----------
    corpus : Path
    copies : dict of str to bytes
        Files to be written, by name.
    entries : list of Entry
        Rows to be added, in order of file name.
    notes : list of str
        Files that are passed over, are there already, or are copies of others.
    manifest : bytes or None
        corpus.csv as it stands.
    """

    corpus: Path
    copies: dict[str, bytes]
    entries: list[Entry] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    manifest: bytes | None = None


def parse_cells(texts: Iterable[str]) -> dict[str, str]:
    """Cells of every new row, from texts such as year=2024.

    Raises
    ------
    CrosscityError
        If one is of no column that the suite knows, or no value that it may have.
    """
    cells = {}
    for text in texts:
        column, mark, value = (part.strip() for part in text.partition("="))
        if not mark or column not in METADATA_COLUMNS or escape_formula(value) != value or name_problem(value):
            msg = f"--set {text!r}: write COLUMN=VALUE, with a column of {', '.join(METADATA_COLUMNS)}"
            raise CrosscityError(msg)
        cells[column] = value
    if problems := list(cell_problems("--set", cells)):
        raise combined_error(problems)
    return cells


def survey(files: list[Path], corpus: Path | str, stated: dict[str, str] | None = None) -> Survey:
    """Work out what adding documents to a corpus would do; nothing is written.

    Parameters
    ----------
    files : list of Path
        Documents, or folders of documents; of a folder with a corpus.csv, what that states is taken over.
    corpus : str or Path
        An existing folder.
    stated : dict of str, optional
        Cells of each new row, which take precedence over what is guessed.

    Raises
    ------
    CrosscityError
        With every problem: what is no document or cannot be read, another file of the same name, a corpus.csv that
        cannot be read.
    """
    corpus = Path(corpus)
    if not corpus.is_dir():
        msg = f"{corpus} is not a folder: name the one that holds the documents, --corpus FOLDER, or make it"
        raise CrosscityError(msg)
    if (corpus / EDITION).is_file():
        msg = f"{corpus} is an edition without text, which takes no documents: name a folder of documents"
        raise CrosscityError(msg)
    rows, faults = read_manifest(corpus)
    if faults:
        raise combined_error(faults)
    present, _ = document_files(corpus)
    if missing := sorted(set(rows or ()) - {composed(p.name) for p in present}):
        msg = f"{corpus / MANIFEST} names {missing[0]}, which is not there: add the file, or remove its row"
        raise CrosscityError(msg)
    path = corpus / MANIFEST
    result = Survey(corpus, {}, manifest=path.read_bytes() if rows is not None else None)
    paths, described = _collect_paths(files, result.notes)
    if not paths:
        raise combined_error(result.notes or ["no documents are named: give files, or folders that hold some"])
    known = {p.name: p for p in present}
    _read_new(paths, known, result)
    names = sorted({*known, *result.copies})
    raise_problems([], [], [(Path(name).stem, name) for name in names])
    new = [name for name in names if composed(name) not in (rows or {})]
    _describe(new, known, {n: {**described.get(composed(n), {}), **(stated or {})} for n in new}, result)
    return result


def _collect_paths(files: list[Path], notes: list[str]) -> tuple[list[Path], dict[str, dict[str, str]]]:
    """Every document that is named, those of folders too, and the cells that a corpus.csv beside it has of each."""
    paths, described, problems = list[Path](), dict[str, dict[str, str]](), []
    for file in files:
        if file.is_dir():
            inner, passed = document_files(file)
            rows, faults = read_manifest(file)
            paths += inner
            notes += passed
            problems += faults
            described |= {n: {c: v for c, v in row.items() if c != "sha256"} for n, row in (rows or {}).items()}
            if not inner:
                notes.append(f"{file} holds no documents: {', '.join(sorted(SUFFIXES))} are read")
        elif not file.exists() and not file.is_symlink():
            problems.append(f"{file} is not there: give a document, or a folder of documents")
        elif file.name == MANIFEST:
            problems.append(f"{file} describes documents and is none: give its folder, or the documents")
        elif file.suffix.lower() not in SUFFIXES or file.name.startswith((".", "~$")):
            problems.append(f"{file} is no document that is read here: give {', '.join(sorted(SUFFIXES))}")
        else:
            paths.append(file)
    if problems:
        raise combined_error(problems)
    return paths, described


def _read_new(paths: list[Path], known: dict[str, Path], result: Survey) -> None:
    """Add the bytes of new files to a survey, and notes on those that are there already."""
    sums = {hashlib.sha256(p.read_bytes()).hexdigest(): name for name, p in known.items() if not file_problem(p)}
    problems = []
    for path in paths:
        name = path.name
        if problem := _name_problem(path):
            problems.append(problem)
            continue
        try:
            if not path.is_file():
                problems.append(f"{path} is no file that can be read: give a document")
                continue
            data = path.read_bytes()
        except OSError as error:
            problems.append(f"{path} cannot be read ({error.strerror}): let this user read it, or leave it out")
            continue
        other = result.copies.get(name)
        if other is None and name in known:
            other = data if known[name].samefile(path) else known[name].read_bytes()
        if other is not None and other != data:
            problems.append(f"{name} is there already with other content: rename {path}, or remove the other")
        elif other is not None:
            result.notes.append(f"{name} is there already")
        else:
            digest = hashlib.sha256(data).hexdigest()
            if digest in sums:
                result.notes.append(f"{name} is a copy of {sums[digest]}: one of them takes part in comparisons")
            sums.setdefault(digest, name)
            result.copies[name] = data
    if problems:
        raise combined_error(problems)


def _name_problem(path: Path) -> str:
    """Why a document cannot be added under its name; empty if it can."""
    if why := name_problem(path.name):
        return f"{str(path)!r}: {why}: rename it"
    if without_invisible(path.name) != path.name:
        return f"{path.name!a}: the file's name holds marks that are not seen: rename it"
    if escape_formula(path.name) != path.name:
        return f"{path.name}: a spreadsheet would take the name for a formula: rename the file"
    return ""


def _describe(names: list[str], known: dict[str, Path], stated: dict[str, dict[str, str]], result: Survey) -> None:
    """Add entries of the documents without a row, guesses included, to a survey."""
    problems, sources, entries = [], list[Source](), dict[str, Entry]()
    names_of: dict[str, str] = {}  # the names that tables show leave out what is not seen
    for name in names:
        path = known.get(name, result.corpus / name)
        data = result.copies[name] if name in result.copies else path.read_bytes()
        cells = {c: v for c, v in stated[name].items() if v}
        if path.suffix.lower() in RECORD_SUFFIXES:
            try:
                records = read_sources(path, {}, data)
                entries[name] = Entry(name, cells, (), len(records))
                result.notes += records[0].notes
            except CrosscityError as error:
                problems.append(str(error))
            continue
        outcome = read_document(RawDocument(path, path.stem, data, cells))
        if outcome.source is None:
            problems.append(outcome.problem or outcome.left_out)
            continue
        result.notes += outcome.notes
        sources.append(outcome.source)
        names_of[outcome.source.file] = name
        entries[name] = Entry(name, cells, ())
    if problems:
        raise combined_error(problems)
    if sources:
        for row in make_tables(sources, ("corpus",))["corpus"].to_dict("records"):
            name = names_of[row["file"]]
            entries[name] = _entry({**row, "file": name}, entries[name].cells)
    result.entries = [entries[name] for name in sorted(entries)]


def _entry(row: dict[str, Any], stated: dict[str, str]) -> Entry:
    """The entry of a document from its row of the table corpus and the cells that are stated."""
    guesses = {c: str(row[c] or "") for c in GUESSED if c not in stated}
    year = row["year"]
    if "year" in guesses:
        guesses["year"] = str(int(year)) if year == year and year is not None else ""
    city = stated.get("city") or guesses.get("city", "")
    if not (stated.get("province") or guesses.get("province")):
        guesses["province"] = province_of(city)
    if not (stated.get("genre") or guesses.get("genre")) and row["doc_type"] != "unknown":
        guesses["genre"] = row["doc_type"]
    guesses = {c: v for c, v in guesses.items() if v and escape_formula(v) == v}
    date = {"date": str(row["date"])} if row["date"] and "date" not in stated else {}
    return Entry(row["file"], {**date, **guesses, **stated}, tuple(c for c in GUESSED if c in guesses))


def province_of(city: str) -> str:
    """The province of a prefecture or municipality, by its short or full name; "" if none or several have one."""
    homes = [p for p, below in prefectures().items() if city and {city, short_form(city)} & set(below)]
    return homes[0] if len(homes) == 1 else ""


def manifest_bytes(survey: Survey, confirmed: bool = True) -> bytes:
    """corpus.csv with the new rows appended; what stands there keeps every byte.

    Parameters
    ----------
    survey : Survey
    confirmed : bool
        Whether guesses were confirmed. Else the column `unconfirmed` names them; in a table without that column their
        cells stay empty, so that they are guessed, and marked as guessed, whenever tables are built.

    Raises
    ------
    CrosscityError
        If the table's encoding has no room for a character, or is a mixture.
    """
    if survey.manifest is None:
        further = dict.fromkeys(c for e in survey.entries for c in e.cells if c not in GUESSED)
        columns, end, encoding = ["file", *GUESSED, *further, UNCONFIRMED], "\n", "utf-8"
        head = _lines([columns], end)
    else:
        text, encoding = decode(survey.manifest, survey.corpus / MANIFEST)
        columns = [c.strip() for c in next(csv.reader(io.StringIO(text, newline="")))]
        end = next((e for e in ("\r\n", "\n", "\r") if e in text), "\n")
        head = "" if text.endswith(("\n", "\r")) else end
    rows = []
    for entry in survey.entries:
        cells = {"file": entry.file, **entry.cells}
        if not confirmed and UNCONFIRMED in columns:
            cells[UNCONFIRMED] = " ".join(entry.guessed)
        elif not confirmed:
            cells = {c: v for c, v in cells.items() if c not in entry.guessed}
        rows.append([cells.get(c, "") for c in columns])
    # With a byte-order mark: a spreadsheet misreads Chinese without one.
    return (codecs.BOM_UTF8 if survey.manifest is None else survey.manifest) + _encoded(
        head + _lines(rows, end), encoding, survey
    )


def _encoded(text: str, encoding: str, survey: Survey) -> bytes:
    path = survey.corpus / MANIFEST
    if encoding == "utf-8-sig":
        encoding = "utf-8"
    elif encoding in ("utf-16", "utf-32"):  # with a mark of the order of bytes
        big = (survey.manifest or b"")[:4].startswith((b"\xfe\xff", b"\0\0\xfe\xff"))
        encoding += "-be" if big else "-le"
    try:
        return text.encode(encoding)
    except (UnicodeEncodeError, LookupError):
        msg = f"{path} is in {encoding}, which cannot hold the new rows: save it as UTF-8, then do the same again"
        raise CrosscityError(msg) from None


def _lines(rows: list[list[str]], end: str) -> str:
    return "".join(rows_to_csv([row])[:-1] + end for row in rows)


def commit(survey: Survey, confirmed: bool = True) -> None:
    """Copy the documents and write corpus.csv: all of it, or nothing, whatever goes wrong on the way.

    Parameters
    ----------
    survey : Survey
    confirmed : bool
        See `manifest_bytes`.

    Raises
    ------
    CrosscityError
        If corpus.csv was changed since the survey, or a file of the same name was added.
    """
    path = survey.corpus / MANIFEST
    new = manifest_bytes(survey, confirmed)
    if (path.read_bytes() if path.exists() else None) != survey.manifest:
        msg = f"{path} was changed meanwhile: do the same again"
        raise CrosscityError(msg)
    placed, partial = list[Path](), half_path(survey.corpus / "add")
    try:
        partial.mkdir()
        for n, data in enumerate(survey.copies.values()):
            (partial / str(n)).write_bytes(data)
        for n, name in enumerate(survey.copies):
            target = survey.corpus / name
            _move_new(partial / str(n), target)
            placed.append(target)
        if survey.entries:
            write_whole(path, new)
    except BaseException as error:
        for target in placed:
            target.unlink(missing_ok=True)
        if isinstance(error, FileExistsError):
            name = Path(error.filename2 or error.filename).name
            msg = f"{survey.corpus} was changed meanwhile: {name} has come: do the same again"
            raise CrosscityError(msg) from None
        raise
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def confirm_guesses(corpus: Path | str, write: bool = True) -> int:
    """The number of cells of corpus.csv that were guessed and are taken as right now: none is unconfirmed any more.

    Raises
    ------
    CrosscityError
        If there is no corpus.csv, or it has a problem.
    """
    path = Path(corpus) / MANIFEST
    rows, faults = read_manifest(corpus) if Path(corpus).is_dir() else (None, [])
    if rows is None:
        msg = f"{path} is not there: add documents first"
        raise CrosscityError(msg)
    if faults:
        raise combined_error(faults)
    data = path.read_bytes()
    text, encoding = decode(data, path)
    cells = list(csv.reader(io.StringIO(text, newline="")))
    if not write or UNCONFIRMED not in (columns := [c.strip() for c in cells[0]]):
        return sum(len(row.get(UNCONFIRMED, "").split()) for row in rows.values())
    at = columns.index(UNCONFIRMED)
    n = sum(len(row[at].split()) for row in cells[1:])
    if n:
        out = io.StringIO(newline="")
        end = next((e for e in ("\r\n", "\n", "\r") if e in text), "\n")
        csv.writer(out, lineterminator=end).writerows([cells[0], *([*r[:at], "", *r[at + 1 :]] for r in cells[1:])])
        mark = data[: len(data) - len(data.lstrip(b"\xef\xbb\xbf\xfe\xff"))] if encoding.startswith("utf-") else b""
        write_whole(path, mark + _encoded(out.getvalue(), encoding, Survey(Path(corpus), {}, manifest=data)))
    return n


def _move_new(partial: Path, target: Path) -> None:
    """Put a file in its place, unless one is there: a link fails then, as renaming would not."""
    try:
        os.link(partial, target)
    except FileExistsError:
        raise
    except OSError:  # a file system without links
        if target.exists() or target.is_symlink():
            raise FileExistsError(errno.EEXIST, "is there", str(target)) from None
        os.replace(partial, target)


def preview_lines(survey: Survey) -> list[str]:
    """The new rows as lines of a table; a guess has a question mark behind it."""
    if not survey.entries:
        return []
    columns = ["file", *(c for c in GUESSED if any(c in e.cells for e in survey.entries))]
    columns += [c for c in dict.fromkeys(c for e in survey.entries for c in e.cells) if c not in columns]
    if any(e.records for e in survey.entries):
        columns.append("records")
    rows = [columns]
    for entry in survey.entries:
        cells = {"file": entry.file, **{c: v + "?" * (c in entry.guessed) for c, v in entry.cells.items()}}
        if entry.records:
            cells["records"] = f"{entry.records}, which describe themselves"
        rows.append([_cut(cells.get(c, "")) for c in columns])
    widths = [max(_width(row[i]) for row in rows) for i in range(len(columns))]
    return ["  ".join(c + " " * (w - _width(c)) for c, w in zip(row, widths, strict=True)).rstrip() for row in rows]


def _width(text: str) -> int:
    """Columns of a terminal that a text takes."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def _cut(text: str) -> str:
    """A cell no wider than a terminal has room for, with the mark of a guess."""
    while _width(text) > _WIDEST:
        mark = "…?" if text.endswith("?") else "…"
        text = text.removesuffix("?").removesuffix("…")[:-1] + mark
    return text
