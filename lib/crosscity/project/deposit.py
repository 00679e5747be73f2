"""A deposit: a folder to upload as it is, from which others run a study again and get the same bytes.

It has the tables and figures of a run, the code that made them, what went in, and what describes it to people
(README.md) and to machines. Documents go along where their rights are stated. Else an edition without text takes their
place, and the study is run on that edition, so that all that is deposited comes from what is deposited; figures that
need the text are added as the documents gave them, if they quote nothing.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from .. import CrosscityError
from ..compare import milestones
from ..documents import decode
from ..files import RECORD, check_replaceable, frame_to_csv, rows_to_csv, unescape_formula, whole_folder
from ..language import heading, tr, use_language
from ..study import read_parameters
from ..tables import read_table
from . import deposit_source as source
from .data_package import FILE as DATA_PACKAGE
from .data_package import data_package
from .deposit_metadata import (
    CITATION,
    CODEMETA,
    CRATE,
    ZENODO,
    Action,
    Description,
    citation,
    codemeta,
    crate,
    zenodo,
)
from .deposit_readme import exhibits, readme
from .export import document_texts, export
from .measured import read_measured
from .pipeline import MANIFEST
from .redaction import quotes, shows_quote, text_runs, without_quotes
from .rerun import run_study

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    import pandas as pd

MAKER = "deposit"
SUMS = "SHA256SUMS"
_PAGES = {".html", ".ipynb"}  # made anew by whoever runs it: they name the folders that they were made in
_UNLIKE = {".pdf", ".md"}  # of other bytes where fonts lie elsewhere or Python is another, though they say the same
_TEXTS = {".csv", ".json", ".svg", ".md", ".bib", ".txt"}
_FIGURE = (".png", ".svg", ".pdf", ".csv", ".json")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_SPDX = re.compile(r"[A-Za-z0-9][A-Za-z0-9.+-]*")
_DOCUMENT = ("doc_id", "title", "city", "province", "year", "date", "publisher", "genre", "url", "left_out", "sha256")


class Stated(NamedTuple):
    """What only its authors can say of a deposit.

    Attributes
    ----------
    authors : tuple of str
        Such as "Li, Na (0000-0002-1825-0097)".
    date : str
        Of publication: 2026-12-31.
    title, licence, rights : str
        Its title; the licence of tables and figures, by its SPDX identifier; under what the documents may be passed
        on. Title and rights may be empty.
    source : str
        How the documents were obtained, and how others can obtain them; may be empty.
    """

    authors: tuple[str, ...]
    date: str
    title: str = ""
    licence: str = "CC-BY-4.0"
    rights: str = ""
    source: str = ""


def write_deposit(
    results: Path | str,
    out: Path | str,
    stated: Stated,
    corpus: Path | str | None = None,
    jobs: int = 1,
    say: Callable[[str], None] = lambda _: None,
) -> list[Path]:
    """Write a deposit of a run; it is there as a whole or not at all.

    Parameters
    ----------
    results : str or Path
        The folder of a run: that of a study, of its results, or of its reports.
    out : str or Path
        A folder that is new, or was written by this function before.
    stated : Stated
    corpus : str or Path, optional
        The documents of the run, to go along; or its edition without text. Left out: no text goes along.
    jobs : int
        Notebooks that run at a time, where an edition without text takes the place of documents.
    say : callable
        Takes a line on what is being done.

    Returns
    -------
    list of Path
        The files.

    Raises
    ------
    CrosscityError
        If the run is unfinished, stale or of another version of the code, if the documents are not those of the run or
        nothing says that they may be passed on, or if another folder stands in the way.
    """
    out = Path(out)
    authors = _checked(stated)
    check_replaceable(out, MAKER)
    finished = source.find_run(results)
    use_language(finished.manifest["parameters"].get("language", "en"))
    with tempfile.TemporaryDirectory() as work, whole_folder(out, MAKER) as partial:
        for name, path in source.code_files().items():
            _copy(path, partial / "code" / name)
        again = _Again(Path(work), jobs, say)
        parts = _parts(finished, Path(corpus) if corpus else None, stated, partial, again)
        _write_results(parts, partial)
        _remove_records(partial)
        _describe(parts, stated, authors, partial)
    return sorted(path for path in out.rglob("*") if path.is_file())


def _checked(stated: Stated) -> tuple[tuple[str, str, str], ...]:
    if not _DATE.fullmatch(stated.date):
        msg = f"the date is {stated.date!r}: give the day of publication as in 2026-12-31"
        raise CrosscityError(msg)
    if not _SPDX.fullmatch(stated.licence):
        msg = f"the licence is {stated.licence!r}: give its SPDX identifier, such as CC-BY-4.0"
        raise CrosscityError(msg)
    if not stated.authors:
        msg = 'name at least one author: --author "Family, Given"'
        raise CrosscityError(msg)
    return tuple(map(source.checked_author, stated.authors))


class _Again(NamedTuple):
    """How a study is run again: in which folder, so many notebooks at a time, and who is told."""

    work: Path
    jobs: int
    say: Callable[[str], None]


class _Parts(NamedTuple):
    """What a deposit has, before it is described.

    Attributes
    ----------
    kind : str
        What went in: documents or edition.
    reports : Path
        Of the run whose results are deposited.
    manifest : dict
        Its record.
    first : Run
        The run that was given.
    corpus : DataFrame
        The documents, with the column rights.
    of_text, withheld : list of str
        Figures that only the documents give, such as 04-compare/collocations-figure: those that go along, and those
        that quote.
    study : Study
    """

    kind: str
    reports: Path
    manifest: dict[str, Any]
    first: source.Run
    corpus: pd.DataFrame
    of_text: list[str]
    withheld: list[str]
    study: source.Study

    @property
    def fresh(self) -> bool:
        """Whether the study was run again, on an edition without text."""
        return self.reports != self.first.reports


def _parts(finished: source.Run, corpus: Path | None, stated: Stated, partial: Path, again: _Again) -> _Parts:
    """Write what went in, below data/ and study/, and gather what came of it."""
    study, table = source.study_of(finished), read_table("corpus", finished.tables)
    reports, manifest, of_text, withheld = finished.reports, finished.manifest, list[str](), list[str]()
    kind = "documents" if finished.manifest["text"] and corpus else "edition"
    runs = set[str]()
    if kind == "documents" and corpus:
        source.check_rights(table, stated.rights)
        for path in source.corpus_files(corpus, finished):
            _copy(path, partial / "data" / kind / path.name)
        export(finished.tables, partial / "data" / "tables", derived=False)
    elif not finished.manifest["text"]:
        for name, text in source.edition_texts(finished, corpus).items():
            _write(partial / "data" / kind / name, text)
    else:
        runs = _runs(finished)
    for name, path in study.files.items():
        _copy_without_quotes(path, partial / "study" / name, runs)
    _write(partial / "study" / "params.yaml", study.parameters)
    if runs:
        again.say(tr("an edition without text ..."))
        parameters = partial / "study" / "params.yaml"
        export(finished.tables, partial / "data" / kind, parameters=read_parameters(parameters))
        if (answers := partial / "study" / "answers").is_dir():
            shutil.copytree(answers, again.work / "answers")
        edition = partial / "data" / kind
        tables, reports = run_study(edition, parameters, again.work, again.jobs, again.say)
        manifest = json.loads((reports / MANIFEST).read_text(encoding="utf-8"))
        table = read_table("corpus", tables)
        of_text, withheld = _only_of_text(finished, reports, manifest, runs)
    table = table.assign(rights=source.stated_rights(table, stated.rights))
    return _Parts(kind, reports, manifest, finished, table, of_text, withheld, study)


def _runs(finished: source.Run) -> set[str]:
    """What of the documents' text may stand nowhere: but for names of files, and terms that this library lists."""
    frames = {name: read_table(name, finished.tables) for name in ("paragraphs", "cleaning_log")}
    documents = finished.manifest["documents"]
    public = [d[key] for d in documents for key in ("doc_id", "file")]
    public += [term for terms in milestones.read_milestones()["terms"] for term in terms]
    return text_runs(document_texts(frames)) - text_runs(public)


def _only_of_text(
    finished: source.Run, reports: Path, manifest: Mapping[str, Any], runs: Collection[str]
) -> tuple[list[str], list[str]]:
    """Figures that come out otherwise, or not at all, without the text: those that quote nothing, and others."""
    free, quoting = list[str](), list[str]()
    for part in finished.manifest["runs"]:
        files = finished.manifest["outputs"][part["id"]]
        new = manifest["outputs"].get(part["id"], {})
        for name in _figure_names(finished.reports / part["id"]):
            if files[f"{name}.png"] == new.get(f"{name}.png"):
                continue
            said = [finished.reports / part["id"] / f"{name}{s}" for s in (".csv", ".json", ".svg")]
            quoted = any(shows_quote(path.read_text(encoding="utf-8"), runs) for path in said if path.is_file())
            (quoting if quoted else free).append(f"{part['id']}/{name}")
    return free, quoting


def _figure_names(folder: Path) -> list[str]:
    return list(json.loads((folder / "findings.json").read_text(encoding="utf-8"))["figures"])


def _copy_without_quotes(path: Path, target: Path, runs: Collection[str]) -> None:
    """Copy what a parameter names; in a table, cells that quote a document lose their middle.

    Raises
    ------
    CrosscityError
        If something else quotes.
    """
    data = path.read_bytes()
    if runs:
        try:
            text = decode(data, path)[0]
        except CrosscityError:
            text = None
        if text is None or (quotes(text, runs) and path.suffix != ".csv"):
            msg = f"{path} may quote the documents, whose text is not deposited: take it out of the parameters, or "
            msg += "deposit the documents as well (--corpus)"
            raise CrosscityError(msg)
        if quotes(text, runs):
            rows = csv.reader(io.StringIO(text.removeprefix("\ufeff")))
            cells = [[without_quotes(unescape_formula(cell), runs) for cell in row] for row in rows]
            data = rows_to_csv(cells).encode()
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(data)


def _write_results(parts: _Parts, partial: Path) -> None:
    """Copy tables, figures and the record, with the checksums that a second run is held against."""
    places = [
        name if part == "report" else f"{part}/{name}"
        for part, files in parts.manifest["outputs"].items()
        for name in files
        if Path(name).suffix not in _PAGES
    ]
    if parts.fresh:
        runs = _runs(parts.first)
        texts = {p: parts.reports / p for p in places if Path(p).suffix in _TEXTS}
        # What a figure says stands in its SVG and its data; its PNG and PDF show the same.
        quoting = {_stem(p) for p, path in texts.items() if shows_quote(path.read_text(encoding="utf-8"), runs)}
        parts.withheld.extend(sorted(quoting - set(parts.withheld)))
        places = [place for place in places if _stem(place) not in quoting]
    for place in places:
        _copy(parts.reports / place, partial / "results" / place)
    compared = [place for place in places if Path(place).suffix not in _UNLIKE]
    lines = [f"{_sha256(parts.reports / place)}  {place}\n" for place in compared]
    _write(partial / SUMS, "".join(sorted(lines, key=lambda line: line[64:])))
    for name in parts.of_text:
        for suffix in _FIGURE:
            path = parts.first.reports / f"{name}{suffix}"
            if path.is_file():
                _copy(path, partial / "results-of-text" / f"{name}{suffix}")
    _write(partial / "results" / MANIFEST, _json(_record(parts)))


def _stem(place: str) -> str:
    """What the files of a figure have in common: 04-compare/tree."""
    return place.removesuffix(Path(place).suffix)


def _record(parts: _Parts) -> dict[str, Any]:
    """The record of the run, with the places that files have in the deposit."""
    places = {name: f"study/{place}" for name, place in parts.study.places.items()}

    def placed(values: Mapping[str, Any]) -> dict[str, Any]:
        return {name: places.get(name, value) for name, value in values.items()}

    manifest = parts.manifest | {"parameters": placed(parts.manifest["parameters"])}
    manifest["runs"] = [r | {"parameters": placed(r["parameters"])} for r in manifest["runs"]]
    return manifest | ({} if parts.kind == "documents" else {"reading": []})


def _remove_records(partial: Path) -> None:
    """Remove the hidden lists of what other commands made: the deposit gets one of its own."""
    for record in list(partial.rglob(RECORD)):
        record.unlink()


def _describe(parts: _Parts, stated: Stated, authors: tuple[tuple[str, str, str], ...], partial: Path) -> None:
    """Write what describes the deposit."""
    about = _description(parts, stated, authors)
    left_out = {d["doc_id"]: d["left_out"] for d in parts.manifest["documents"]}
    corpus = parts.corpus.assign(left_out=parts.corpus["doc_id"].map(left_out))
    columns = [*(c for c in _DOCUMENT if c in corpus), source.RIGHTS]
    _write(partial / "data" / "documents.csv", frame_to_csv(corpus[columns]))
    listed = exhibits(partial / "results", parts.manifest)
    of_text = exhibits(partial / "results-of-text", parts.first.manifest, parts.of_text, listed)
    text = readme(
        about,
        parts.manifest,
        kind=parts.kind,
        fresh=parts.fresh,
        documents=corpus[columns].astype(object).fillna("").to_dict("records"),
        exhibits=listed,
        of_text=of_text,
        withheld=parts.withheld,
        measured=read_measured(parts.first.reports),
        named=sorted(set(parts.study.places.values())),
        answers=any(name.startswith("answers/") for name in parts.study.files),
        n_files=len((partial / SUMS).read_text(encoding="utf-8").splitlines()),
        megabytes=round(sum(p.stat().st_size for p in partial.rglob("*") if p.is_file()) / 10**6),
        source=stated.source.rstrip(".。"),
    )
    _write(partial / "README.md", text)
    _write(partial / CITATION, citation(about))
    _write(partial / CODEMETA, _json(codemeta(parts.manifest)))
    _write(partial / ZENODO, _json(zenodo(about)))
    places = [p.relative_to(partial).as_posix() for p in sorted(partial.rglob("*")) if p.is_file()]
    tables = {
        place: place.rpartition("/")[2].removesuffix(".csv")
        for place in places
        if place.startswith(("data/edition/", "data/tables/"))
    }
    csvs = [
        p for p in places if p.endswith(".csv") and p.startswith(("data/", "results")) and "data/documents/" not in p
    ]
    package = data_package(partial, csvs, _package_description(about), tables)
    _write(partial / DATA_PACKAGE, _json(package))
    _write(partial / CRATE, _json(_crate(parts, about, partial, places)))


def _description(parts: _Parts, stated: Stated, authors: tuple[tuple[str, str, str], ...]) -> Description:
    part = [d for d in parts.manifest["documents"] if not d["left_out"]]
    by = heading(parts.manifest["by"])
    years = sorted({str(y) for y in parts.corpus["year"].dropna()} - {""})
    words = {
        "n": len(part),
        "by": by,
        "characters": sum(d["n_chars"] for d in part),
        "years": "–".join(dict.fromkeys([years[0], years[-1]])) if years else tr("unknown years"),
    }
    summary = tr(
        "{n} documents of {years}, {characters:,} characters, compared by {by}: what was read out of them, tables, "
        "figures, and the code that makes these again.",
        **words,
    )
    title = stated.title or tr("{n} documents, compared by {by}", n=len(part), by=by)
    terms = "; ".join(dict.fromkeys(t.rstrip(".。") for t in parts.corpus[source.RIGHTS] if t))
    if parts.kind == "documents":
        rights = tr("The documents are part of this deposit, and may be passed on: {terms}.", terms=terms.rstrip("."))
    elif terms:
        rights = tr(
            "The documents are not part of this deposit. Rights in them, as stated by the authors: {terms}.",
            terms=terms.rstrip("."),
        )
    else:
        rights = tr(
            "The documents are not part of this deposit. The authors have not stated who holds the rights in them."
        )
    return Description(title, summary, authors, stated.date, stated.licence, rights)


def _package_description(about: Description) -> dict[str, Any]:
    from pypinyin import lazy_pinyin

    name = re.sub("[^a-z0-9]+", "-", "-".join(lazy_pinyin(about.title)).lower()).strip("-")
    return {
        "name": name or "deposit",
        "title": about.title,
        "description": about.summary,
        "licenses": [{"name": about.licence, "path": f"https://spdx.org/licenses/{about.licence}"}],
        "contributors": [
            {"title": " ".join(p for p in (given, family) if p), "role": "author"} for family, given, _ in about.authors
        ],
    }


def _crate(parts: _Parts, about: Description, partial: Path, places: list[str]) -> dict[str, Any]:
    inside = f"data/{parts.kind}/"
    made = [p for p in places if p.startswith(("results/", "results-of-text/"))]
    notebooks = {f"code/notebooks/{r['notebook']}.ipynb" for r in parts.manifest["runs"]}
    files = [p for p in places if "/" not in p or p in notebooks or p.startswith(("results", "data/", "study/"))]
    files += ["code/requirements.lock", DATA_PACKAGE]
    sizes = {p: (partial / p).stat().st_size for p in dict.fromkeys(files)}
    folders = {
        inside: tr("The documents.") if parts.kind == "documents" else tr("The edition without text."),
        "code/": tr("The library, the notebooks, the Makefile and the lock."),
    }
    actions = []
    for r in parts.manifest["runs"]:
        results = tuple(p for p in made if p.startswith(f"results/{r['id']}/"))
        name = f"code/notebooks/{r['notebook']}.ipynb"
        told = {"name": r["notebook"], "n": len(results), "seed": parts.manifest["parameters"].get("seed", "")}
        said = tr("The notebook {name}, run by papermill with seed {seed}, made {n} files.", **told)
        entered = (inside, "study/params.yaml")
        actions.append(Action(r["id"], tr("Run of {name}", name=r["id"]), said, name, entered, results))
    return crate(about, parts.manifest, sizes, folders, actions)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode())


def _copy(path: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(path, target)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
