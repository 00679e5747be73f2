r"""A run's results for a paper: figures and tables for LaTeX and HTML, numbers by name, keys to cite by.

Everything is read from the files of a report, so that what a paper says is what the report shows. A specification, in
YAML, names tables, numbers and figures. Without one all figures are given, and the first rows of the tables, five
columns of each; not those that are empty or speak of the method alone::

    tables:
      first-terms:
        from: 04-compare/keyness          # the CSV file in the report
        where: {group: 合肥, way: more}   # rows whose cells say so
        columns: [term, count, log_ratio, low, high]
        rows: 10
        decimals: 2
        caption: Terms that set Hefei apart
    numbers:
      hefei-first: {from: 04-compare/keyness, where: {group: 合肥, way: more}, column: log_ratio, take: first}
    figures: [04-compare/distinctive-terms]
"""

from __future__ import annotations

import csv
import json
import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from .. import CrosscityError, combined_error
from ..documents import decode
from ..figures.style import WIDTHS
from ..files import frame_to_csv, parse_yaml, unescape_formula, whole_folder
from ..language import display_name, tr, use_language
from .citations import bibtex_as_csl, cited_documents, documents_bibtex, documents_csl
from .paper_tables import column_widths, escaped, fitting_rows, html_table, latex_table, shortened
from .result_tables import column_title, shown_cell, shown_columns, table_forms, table_title

if TYPE_CHECKING:
    from collections.abc import Iterable

ROWS = 20  # of a table, where the specification does not say
AGGREGATES = ("only", "first", "last", "count", "sum", "mean", "min", "max")
_TABLE_KEYS = {"from", "where", "columns", "rows", "decimals", "caption"}
_NUMBER_KEYS = {"from", "where", "column", "take", "decimals"}
_KINDS = {int: "a whole number", dict: "column: value", list: "a list"}
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
_MACROS = r"""% Numbers of a run by name: \crosscity{documents}. An unknown name is an error.
\newcommand{\crosscity}[1]{\ifcsname crosscity-#1\endcsname\csname crosscity-#1\endcsname
  \else\errmessage{crosscity: no number is called #1}\fi}
"""


def write_paper(reports: Path | str, out: Path | str, specification: Path | str | None = None) -> list[Path]:
    """Write a folder for a paper: figures/, tables/, numbers and references; there as a whole or not at all.

    Parameters
    ----------
    reports : str or Path
        The folder of a report, with manifest.json.
    out : str or Path
        A folder that is new, or was written by this function before.
    specification : str or Path, optional
        As the module says.

    Returns
    -------
    list of Path
        figures.tex, numbers.tex, numbers.json, numbers.csv, methods.md; references and documents as .bib and as .json
        (CSL-JSON); figures as PDF,
        SVG and PNG; each table as .tex, .html and .csv.

    Raises
    ------
    CrosscityError
        If the folder holds no report, another folder stands in the way, or the specification names what is not there:
        all of it at once.
    """
    reports, out = Path(reports), Path(out)
    manifest = _read_manifest(reports)
    use_language(manifest["parameters"].get("language", "en"))
    specified, problems = _read_specification(specification) if specification else ({}, [])
    figures = _figures(reports, manifest, specified.get("figures"), problems)
    files = _tables(reports, manifest, specified.get("tables"), problems)
    numbers = _standard_numbers(manifest) | _numbers(reports, specified.get("numbers") or {}, problems)
    if problems:
        raise combined_error([f"{specification or reports}: {p}" for p in problems])
    files["numbers.tex"] = _MACROS + "".join(_macro(name, n["text"]) for name, n in numbers.items())
    files["numbers.json"] = json.dumps(numbers, ensure_ascii=False, indent=1) + "\n"
    files["numbers.csv"] = frame_to_csv(pd.DataFrame([{"name": name, **n} for name, n in numbers.items()]))
    files["figures.tex"] = "\n".join(_figure_environment(reports, name) for name in figures)
    documents = cited_documents(read_result(reports, "01-corpus/documents"))
    files |= {"documents.bib": documents_bibtex(documents), "documents.json": documents_csl(documents)}
    files["references.json"] = bibtex_as_csl((reports / "references.bib").read_text(encoding="utf-8"))
    copies = {name: reports / name for name in ("references.bib", "methods.md")}
    for name in figures:
        for suffix in _suffixes(reports, name):
            copies[f"figures/{name.replace('/', '-')}{suffix}"] = reports / f"{name}{suffix}"
    return _write_folder(out, files, copies)


def _read_manifest(reports: Path) -> dict[str, Any]:
    try:
        manifest = json.loads((reports / "manifest.json").read_text(encoding="utf-8"))
        if {"documents", "parameters", "runs", "outputs"} <= set(manifest):
            return manifest
        raise ValueError
    except (OSError, ValueError, TypeError):
        msg = f"{reports} holds no report (no manifest.json): give reports, or a study's results/reports, after make"
        raise CrosscityError(msg) from None


def _read_specification(path: Path | str) -> tuple[dict[str, Any], list[str]]:
    """What a specification asks for, and problems of its entries, which are left out.

    Raises
    ------
    CrosscityError
        If it cannot be read, or has other parts than tables, numbers and figures.
    """
    try:
        data = Path(path).read_bytes()
    except OSError as error:
        msg = f"{path} cannot be read ({error.strerror}): give a file with tables, numbers and figures"
        raise CrosscityError(msg) from None
    specified = parse_yaml(decode(data, path)[0], path) if data.strip() else {}
    specified = {} if specified is None else specified
    if not isinstance(specified, dict) or not set(specified) <= {"tables", "numbers", "figures"}:
        msg = f"{path}: give tables, numbers or figures, as docs/papers.md describes them"
        raise CrosscityError(msg)
    problems = []
    for part, known in (("tables", _TABLE_KEYS), ("numbers", _NUMBER_KEYS)):
        entries = specified.get(part) or {}
        if not isinstance(entries, dict):
            problems.append(f"{part} must hold a name and a line for each")
            specified[part] = {}
            continue
        for name, entry in list(entries.items()):
            if problem := _entry_problem(name, entry, known):
                problems.append(f"{part}, {name}: {problem}")
                del entries[name]
    if not isinstance(specified.get("figures") or [], list):
        problems.append("figures must be a list, such as [04-compare/tree]")
        specified["figures"] = []
    return specified, problems


def _entry_problem(name: object, entry: object, known: set[str]) -> str:
    """Why an entry of a specification cannot be used; empty if it can."""
    if not _NAME.fullmatch(str(name)):
        return "give a name of letters, digits and hyphens"
    if not isinstance(entry, dict) or not isinstance(entry.get("from"), str):
        return "give at least from: NOTEBOOK/TABLE"
    if foreign := sorted(set(map(str, entry)) - known):
        return f"there is no {foreign[0]!r}: it takes {', '.join(sorted(known))}"
    for key, kind in (("where", dict), ("columns", list), ("rows", int), ("decimals", int)):
        value = entry.get(key)
        if value is not None and (not isinstance(value, kind) or isinstance(value, bool)):
            return f"{key} is {value!r}: give {_KINDS[kind]}"
    numbers = {"decimals": 0, "rows": 1} | {k: v for k, v in entry.items() if v is not None}
    if not 0 <= numbers["decimals"] <= 12 or numbers["rows"] < 1:
        return "decimals lie between 0 and 12, rows from 1 on"
    if known is _NUMBER_KEYS and entry.get("take", "only") not in AGGREGATES:
        return f"take is {entry['take']!r}; the choices are {', '.join(AGGREGATES)}"
    if known is _NUMBER_KEYS and entry.get("take") != "count" and not isinstance(entry.get("column"), str):
        return "give the column that holds the number (or take: count)"
    return ""


def read_result(reports: Path | str, name: str) -> pd.DataFrame:
    """A table of a report by name, such as 04-compare/keyness: cells as written, numbers where a column has no others.

    Raises
    ------
    CrosscityError
        If there is none, with those that there are.
    """
    path = Path(reports) / f"{name}.csv"
    inside = path.resolve().is_relative_to(Path(reports).resolve())
    if not inside or not path.is_file():
        there = [p.relative_to(reports).with_suffix("").as_posix() for p in sorted(Path(reports).glob("[!.]*/*.csv"))]
        near = [n for n in there if n.split("/")[0] == name.split("/")[0]] or there
        msg = f"there is no table {name}: {'there are ' + ', '.join(near[:12]) if near else 'the report has none'}"
        raise CrosscityError(msg)
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = [list(map(unescape_formula, row)) for row in csv.reader(file)]
    frame = pd.DataFrame(rows[1:], columns=rows[0]).drop(columns="note", errors="ignore")
    for column in frame:
        numbers = pd.to_numeric(frame[column].replace("", None), errors="coerce")
        if numbers.notna().eq(frame[column] != "").all() and numbers.notna().any():
            whole = numbers.dropna().mod(1).eq(0).all()
            frame[column] = numbers.astype("Int64") if whole else numbers
    return frame


def _selected(reports: Path, entry: dict[str, Any]) -> pd.DataFrame:
    """The rows of a result that an entry of a specification is about."""
    frame = read_result(reports, entry["from"])
    known = {column: set(frame[column].astype(str)) for column in frame}
    for column, value in (entry.get("where") or {}).items():
        _require_column(frame, str(column), entry["from"])
        wanted = {str(v) for v in (value if isinstance(value, list) else [value])}
        if absent := sorted(wanted - known[column]):
            there = ", ".join(sorted(known[column])[:12])
            msg = f"{column} is never {absent[0]!r} in {entry['from']}; it is {there}"
            raise CrosscityError(msg)
        frame = frame[frame[column].astype(str).isin(wanted)]
    return frame.reset_index(drop=True)


def _require_column(frame: pd.DataFrame, column: str, name: str) -> None:
    if column not in frame:
        msg = f"{name} has no column {column!r}; it has {', '.join(frame.columns)}"
        raise CrosscityError(msg)


def _numbers(reports: Path, specified: dict[str, Any], problems: list[str]) -> dict[str, dict[str, Any]]:
    numbers = {}
    for name, entry in specified.items():
        try:
            numbers[name] = _number(reports, entry)
        except CrosscityError as error:
            problems.append(f"numbers, {name}: {error}")
    return numbers


def _number(reports: Path, entry: dict[str, Any]) -> dict[str, Any]:
    frame, take, where = _selected(reports, entry), entry.get("take", "only"), f"{entry['from']}.csv"
    if take == "count":
        return _formatted(len(frame), entry.get("decimals"), where)
    _require_column(frame, entry["column"], entry["from"])
    values = frame[entry["column"]]
    if values.empty or (take == "only" and len(values) > 1):
        msg = f"{len(values)} rows of {entry['from']} are meant: narrow where, or take one of {', '.join(AGGREGATES)}"
        raise CrosscityError(msg)
    if take in ("only", "first", "last"):
        value = values.iloc[-1 if take == "last" else 0]
    elif pd.api.types.is_numeric_dtype(values):
        value = getattr(values.dropna(), take)()
    else:
        msg = f"{entry['column']} of {entry['from']} holds words, of which there is no {take}"
        raise CrosscityError(msg)
    return _formatted(value, entry.get("decimals"), where, entry["column"] == "year")


def _formatted(value: Any, decimals: int | None, where: str, year: bool = False) -> dict[str, Any]:
    """A number as a paper prints it (an absent one as an en dash), as it is, and the file that it is from."""
    if isinstance(value, str):
        return {"text": value, "value": value, "from": where}
    if pd.isna(value):
        return {"text": "–", "value": None, "from": where}
    plain = int(value) if float(value).is_integer() else float(value)
    if year:
        return {"text": str(plain), "value": plain, "from": where}
    if decimals is not None:
        text = f"{plain:,.{decimals}f}"
    else:
        text = f"{plain:,}" if isinstance(plain, int) else f"{plain:,g}"
    return {"text": text, "value": plain, "from": where}


def _standard_numbers(manifest: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Numbers that every paper states: how many documents, how long, how many draws, the seed."""
    part = [d for d in manifest["documents"] if not d["left_out"]]
    parameters = manifest["parameters"]
    values = {
        "documents": len(part),
        "documents-left-out": len(manifest["documents"]) - len(part),
        "characters": sum(d["n_chars"] for d in part),
        "paragraphs": sum(d["n_paragraphs"] for d in part),
    } | {name: parameters[name] for name in ("draws", "permutations", "seed") if name in parameters}
    return {name: _formatted(value, None, "manifest.json") for name, value in values.items()}


def _macro(name: str, text: str) -> str:
    return f"\\expandafter\\def\\csname crosscity-{name}\\endcsname{{{escaped(text)}}}\n"


def _tables(reports: Path, manifest: dict[str, Any], specified: Any, problems: list[str]) -> dict[str, str]:
    if specified is None:
        names = [name for name in _result_names(manifest) if not _is_left_out(reports, name)]
        specified = {name.replace("/", "-"): {"from": name} for name in names}
    files: dict[str, str] = {}
    labels = _labels(reports)
    groups = {run["id"]: run.get("parameters", {}).get("group") for run in manifest["runs"]}
    for name, entry in specified.items():
        try:
            frame = _selected(reports, entry)
            for column in entry.get("columns") or []:
                _require_column(frame, column, entry["from"])
            files |= _table(name, frame, {"group": groups.get(entry["from"].split("/")[0])} | entry, labels)
        except CrosscityError as error:
            problems.append(f"tables, {name}: {error}")
    return files


def _is_left_out(reports: Path, name: str) -> bool:
    """Whether a table is printed only if it is named: it has no rows, or speaks of the method alone."""
    form = table_forms().get(name.split("/")[-1])
    return (form is not None and form.diagnostic) or read_result(reports, name).empty


def _result_names(manifest: dict[str, Any]) -> list[str]:
    """Names of the tables of a report that are no data of a figure, such as 04-compare/keyness."""
    names = []
    for run in manifest["runs"]:
        outputs = manifest["outputs"][run["id"]]
        stems = [name.removesuffix(".csv") for name in outputs if name.endswith(".csv") and "/" not in name]
        names += [f"{run['id']}/{stem}" for stem in stems if f"{stem}.json" not in outputs]
    return names


def _table(name: str, frame: pd.DataFrame, entry: dict[str, Any], labels: dict[str, str]) -> dict[str, str]:
    """A table as LaTeX, HTML and CSV, by file name; without columns in its entry, those that say most."""
    source = entry["from"].split("/")[-1]
    columns = entry.get("columns") or shown_columns(source, list(frame.columns))
    headings = [column_title(column) for column in columns]
    first = frame[columns].head(entry.get("rows") or ROWS)
    cells = [
        [
            shortened(_shown(column, value, entry.get("decimals"), labels))
            for column, value in zip(columns, row, strict=True)
        ]
        for row in first.astype(object).itertuples(index=False, name=None)
    ]
    if not entry.get("rows"):
        cells = cells[: fitting_rows(cells, column_widths(headings, cells))] if cells else cells
    title = table_title(source)
    caption = entry.get("caption") or (
        tr("{name}: {said}", name=entry["group"], said=title) if entry["group"] else title
    )
    if len(cells) < len(frame) and "caption" not in entry:
        more = {"caption": caption, "n": len(cells), "all": len(frame)}
        caption = tr("{caption} (the first {n:,} of {all:,} rows)", **more)
    return {
        f"tables/{name}.tex": latex_table(name, caption, headings, cells),
        f"tables/{name}.html": html_table(caption, headings, cells),
        f"tables/{name}.csv": frame_to_csv(frame[entry.get("columns") or list(frame.columns)], "%.6g"),
    }


def _shown(column: str, value: Any, decimals: int | None, labels: dict[str, str]) -> str:
    """A cell as a paper prints it; an absent one is an en dash, a document goes by its label."""
    if pd.isna(value) or value == "":
        return "–"
    if decimals is not None and isinstance(value, float):
        return f"{value:,.{decimals}f}"
    text = f"{value:.10g}" if isinstance(value, float) else str(value)
    return labels.get(text, text) if column == "doc_id" else shown_cell(column, display_name(column, text))


def _labels(reports: Path) -> dict[str, str]:
    """What the report calls each document."""
    if not (reports / "01-corpus" / "documents.csv").is_file():
        return {}
    frame = read_result(reports, "01-corpus/documents").astype(str)
    return dict(zip(frame["doc_id"], frame["label"], strict=True)) if "label" in frame else {}


def _figures(reports: Path, manifest: dict[str, Any], specified: list[Any] | None, problems: list[str]) -> list[str]:
    """Names of the figures of a report, or those of them that are specified."""
    names = []
    for run in manifest["runs"]:
        summary = json.loads((reports / run["id"] / "findings.json").read_text(encoding="utf-8"))
        names += [f"{run['id']}/{name}" for name in summary["figures"]]
    if specified is None:
        return names
    known = ", ".join(names[:12])
    problems += [f"there is no figure {name}; there are {known} ..." for name in specified if name not in names]
    return [name for name in specified if name in names]


def _suffixes(reports: Path, name: str) -> Iterable[str]:
    return [s for s in (".pdf", ".svg", ".png") if (reports / f"{name}{s}").is_file()]


def _figure_environment(reports: Path, name: str) -> str:
    """The environment of a figure, over one column or two as it was drawn, with caption, label and alt text."""
    from PIL import Image

    caption = json.loads((reports / f"{name}.json").read_text(encoding="utf-8"))
    with Image.open(reports / f"{name}.png") as picture:
        inches = picture.width / picture.info.get("dpi", (200, 200))[0]
    narrow = inches < (WIDTHS["column"] + WIDTHS["page"]) / 2
    float_, wide = ("figure", r"\columnwidth") if narrow else ("figure*", r"\textwidth")
    file = f"figures/{name.replace('/', '-')}{next(iter(_suffixes(reports, name)))}"
    notes = "".join(f" {escaped(note[:1].upper() + note[1:])}." for note in caption["notes"])
    return rf"""\begin{{{float_}}}
  \centering
  \includegraphics[width={wide}, height=0.84\textheight, keepaspectratio, alt={{{escaped(caption["alt"])}}}]{{{file}}}
  \caption{{{escaped(caption["title"])}.{notes}}}
  \label{{fig:{name.replace("/", "-")}}}
\end{{{float_}}}
"""


def _write_folder(out: Path, files: dict[str, str], copies: dict[str, Path]) -> list[Path]:
    with whole_folder(out, "paper") as partial:
        for name in (*files, *copies):
            (partial / name).parent.mkdir(parents=True, exist_ok=True)
        for name, text in files.items():
            (partial / name).write_bytes(text.encode())
        for name, source in copies.items():
            shutil.copyfile(source, partial / name)
    return [out / name for name in sorted([*files, *copies])]
