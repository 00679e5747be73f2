"""What a deposit is made of: a finished run whose files are as it made them, and the code that made them."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from .. import PROJECT, CrosscityError, combined_error
from ..documents import MANIFEST as CORPUS_TABLE
from ..documents import iter_documents, read_document
from ..files import kept_folder, library_files
from ..study import FILES, PARAMETERS, SHIPPED, SUMMARIES
from ..tables import EDITION, TEXT_RESULTS_FOLDER, edition, read_table
from .export import without_text
from .pipeline import MANIFEST, NOTEBOOKS_FOLDER
from .provenance import code_version, named_files

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

RIGHTS = "rights"  # a further column of corpus.csv: under what a document may be passed on
_MOST_NAMED = 5
# What `make` needs besides the library and the notebooks.
_CODE = ("Makefile", "pyproject.toml", "requirements.lock", "README.md", "LICENSE", "CITATION.cff", "environment.yml")
_TOOLS = ("tools/environment.py",)


class Run(NamedTuple):
    """A finished run.

    Attributes
    ----------
    tables, reports : Path
        Folders.
    manifest : dict
        Its record.
    """

    tables: Path
    reports: Path
    manifest: dict[str, Any]

    @property
    def summaries(self) -> Path:
        """Where a person's summaries of the matrix are, if there are any."""
        return kept_folder(self.reports) / SUMMARIES


def find_run(folder: Path | str) -> Run:
    """The finished run in a folder: that of a study, of its results, or of its reports.

    Raises
    ------
    CrosscityError
        If there is none, it did not finish, a file of it is not as it was made, or the code is another by now.
    """
    folder = Path(folder)
    places = [folder / "reports", folder / "results" / "reports", folder]
    reports = next((p for p in places if (p / MANIFEST).is_file()), None)
    if reports is None:
        begun = next((p for p in places[:2] if p.is_dir()), None)
        msg = f"{folder} holds no results (no reports/{MANIFEST}): give the folder that make wrote into (OUT)"
        if begun:
            msg = f"{begun} has no {MANIFEST}: its run is not finished; run make to its end first"
        raise CrosscityError(msg)
    try:
        manifest = json.loads((reports / MANIFEST).read_text(encoding="utf-8"))
        needed = {"code", "documents", "outputs", "packages", "parameters", "platform", "runs", "tables", "text"}
        if not needed <= set(manifest):
            raise ValueError
    except (OSError, ValueError, TypeError):
        msg = f"{reports / MANIFEST} is not the record of a run: run make again"
        raise CrosscityError(msg) from None
    tables = next(
        (p for p in (reports.parent / "processed", reports.parent / "data" / "processed") if p.is_dir()), None
    )
    if tables is None:
        msg = f"{reports.parent} holds no tables (processed): give the folder that make wrote into (OUT)"
        raise CrosscityError(msg)
    run = Run(tables, reports, manifest)
    _check(run)
    return run


def _check(run: Run) -> None:
    manifest = run.manifest
    if failed := [r["id"] for r in manifest["runs"] if r.get("failed") or not manifest["outputs"].get(r["id"])]:
        msg = f"{run.reports}: {_names(failed)} did not finish: mend that, and run make to its end first"
        raise CrosscityError(msg)
    places = {
        run.reports / ("" if part == "report" else part) / name: digest
        for part, files in manifest["outputs"].items()
        for name, digest in files.items()
    }
    beside = {EDITION: run.tables / TEXT_RESULTS_FOLDER}
    places |= {beside.get(name, run.tables) / name: digest for name, digest in manifest["tables"].items()}
    stale = [str(path) for path, digest in places.items() if not path.is_file() or _sha256(path) != digest]
    if stale:
        msg = f"{_names(stale)}: not as the run made it, so that the record does not hold: run make again"
        raise CrosscityError(msg)
    code = code_version()
    if changed := [name for name in ("library", "notebooks", "lock") if code[name] != manifest["code"].get(name)]:
        msg = (
            f"{run.reports}: made by another version of crosscity ({', '.join(changed)} changed since): run make again"
        )
        raise CrosscityError(msg)
    if manifest.get("lists", {}) != named_files(manifest["parameters"]):
        names = [n for n in FILES if manifest["parameters"].get(n) and manifest["parameters"][n] not in SHIPPED]
        msg = f"{run.reports}: what the parameters name ({', '.join(names)}) has changed since: run make again"
        raise CrosscityError(msg)
    if manifest["parameters"].get("references"):
        msg = "references names the tables of another corpus, which a deposit cannot take along: run make without it"
        raise CrosscityError(msg)


def code_files() -> dict[str, Path]:
    """The files that a run needs of the suite, by their place in it.

    Raises
    ------
    CrosscityError
        If this library has no Makefile and notebooks with it.
    """
    if not (PROJECT / "Makefile").is_file() or not NOTEBOOKS_FOLDER.is_dir():
        msg = "this crosscity has no Makefile and notebooks with it: call that of a checkout, .venv/bin/crosscity"
        raise CrosscityError(msg)
    files = [PROJECT / name for name in (*_CODE, *_TOOLS)]
    files += [
        *library_files(),
        *sorted(NOTEBOOKS_FOLDER.glob("[!.]*.ipynb")),
        *sorted((PROJECT / "params").glob("*.yaml")),
    ]
    return {path.relative_to(PROJECT).as_posix(): path for path in files if path.is_file()}


def corpus_files(corpus: Path, run: Run) -> list[Path]:
    """The documents of a folder with its corpus.csv, if they are those of a run.

    Raises
    ------
    CrosscityError
        If one is missing, or is another than the record says.
    """
    raw, _ = iter_documents(corpus)
    paths, sums = dict[Path, None](), dict[str, str]()
    for document in raw:
        result = read_document(document)
        paths[document.path] = None
        if result.source:
            sums[result.source.doc_id] = result.source.sha256
    known = {d["doc_id"]: d["sha256"] for d in run.manifest["documents"]}
    if other := sorted(name for name in known.keys() | sums.keys() if known.get(name) != sums.get(name)):
        msg = f"{corpus} does not hold the documents of this run ({_names(other)}): give the folder it was made of"
        raise CrosscityError(msg)
    table = corpus / CORPUS_TABLE
    return sorted([*paths, *([table] if table.is_file() and table not in paths else [])])


def stated_rights(corpus: pd.DataFrame, rights: str) -> pd.Series:
    """Under what each document may be passed on: its own cell in the column rights, else what is said of all."""
    own = corpus[RIGHTS].fillna("").astype(str).str.strip() if RIGHTS in corpus else corpus["doc_id"].map(lambda _: "")
    return own.where(own != "", rights)


def check_rights(corpus: pd.DataFrame, rights: str) -> None:
    """Raise if the text of a document is to go along and nothing says that it may."""
    without = corpus["doc_id"][stated_rights(corpus, rights) == ""]
    if len(without):
        msg = f"nothing says that the text of {_names(without)} may be passed on: state it in a column {RIGHTS} of "
        msg += "corpus.csv, or for all by --rights; or leave --corpus out, and the deposit goes without text"
        raise CrosscityError(msg)


def edition_texts(run: Run, corpus: Path | None) -> dict[str, str]:
    """The files of the edition without text that a run was made of, by name.

    They are made from its tables, and taken only if they are the edition's to the byte.

    Raises
    ------
    CrosscityError
        If they come out otherwise and the folder given holds no such edition either.
    """
    kept = run.tables / TEXT_RESULTS_FOLDER
    description = json.loads((kept / EDITION).read_text(encoding="utf-8"))
    if corpus:
        texts = {name: _text(corpus / name) for name in description["files"]}
        what = f"{corpus} is not the edition without text that this run was made of"
    else:
        frames = without_text({name: read_table(name, run.tables) for name in edition.TABLES}, numbered=True)
        texts = {f"{name}.csv": edition.csv_text(frame) for name, frame in frames.items()}
        texts |= {path.name: _text(path) for path in kept.glob("*.csv")}
        what = "the edition without text cannot be had from these tables"
    sums = {name: hashlib.sha256(texts.get(name, "").encode()).hexdigest() for name in description["files"]}
    if sums != description["files"]:
        other = [name for name, digest in description["files"].items() if sums[name] != digest]
        msg = f"{what} ({_names(other)}): give its folder, --corpus FOLDER"
        raise CrosscityError(msg)
    return {name: texts[name] for name in description["files"]} | {EDITION: _text(kept / EDITION)}


class Study(NamedTuple):
    """What the parameters of a run say, as a deposit has it.

    Attributes
    ----------
    files : dict of Path
        What they name, by its place in the study folder of the deposit.
    places : dict of str
        By parameter, the place of the file or folder that it names.
    parameters : str
        The file of parameters, with these places.
    """

    files: dict[str, Path]
    places: dict[str, str]
    parameters: str


def study_of(run: Run) -> Study:
    """What the parameters of a run say and name, and a person's summaries of the matrix."""
    given = run.manifest["parameters"]
    files, places, lines = dict[str, Path](), dict[str, str](), list[str]()
    for name, parameter in PARAMETERS.items():
        value = given.get(name, parameter.default)
        if name in FILES and value and value not in SHIPPED:
            path = PROJECT / value
            place = path.name if path.name not in {"answers", *places.values()} else f"{name}-{path.name}"
            inner = [path] if path.is_file() else sorted(p for p in path.rglob("[!.]*") if p.is_file())
            files |= {place if p == path else f"{place}/{p.relative_to(path).as_posix()}": p for p in inner}
            value = places[name] = place
        if value != parameter.default:
            lines.append(f"{name}: {json.dumps(value, ensure_ascii=False)}\n")
    if run.summaries.is_file():
        files[f"answers/{SUMMARIES}"] = run.summaries
    return Study(files, places, "".join(lines))


def checked_author(text: str) -> tuple[str, str, str]:
    """Family name, given name and ORCID of an author; the last two may be empty.

    Parameters
    ----------
    text : str
        Such as "Li, Na" or "Li, Na (0000-0002-1825-0097)".

    Raises
    ------
    CrosscityError
        If the number is no ORCID, or there is no name.
    """
    name, _, number = text.partition("(")
    number = number.rstrip(") ").rpartition("/")[2]
    family, _, given = (part.strip() for part in name.partition(","))
    problems = [] if family else [f"{text!r} names no author: give Family, Given"]
    if number and not _is_orcid(number):
        problems.append(f"{number!r} is no ORCID: give sixteen digits as in 0000-0002-1825-0097")
    if problems:
        raise combined_error(problems)
    return family, given, number


def _is_orcid(number: str) -> bool:
    """Whether the digits are there, with the check digit of ISO 7064 11,2."""
    digits = number.replace("-", "")
    if len(digits) != 16 or not digits[:15].isdecimal() or [len(p) for p in number.split("-")] != [4] * 4:
        return False
    total = 0
    for digit in digits[:15]:
        total = (total + int(digit)) * 2
    return digits[15] == "0123456789X"[(12 - total % 11) % 11]


def _names(names: Iterable[str]) -> str:
    names = list(names)
    more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
    return ", ".join(names[:_MOST_NAMED]) + more


def _text(path: Path) -> str:
    return path.read_bytes().decode() if path.is_file() else ""


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
