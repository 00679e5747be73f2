r"""What a paper takes from a run: figures and tables for LaTeX and HTML, numbers by name, keys to cite by.

Everything is read from the files of a report, so that what a paper says is what the report shows. A specification, in
YAML, names tables, numbers and figures; without one all figures, and the first rows of all tables, are given::

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
from ..figures.style import WIDTHS
from ..files import frame_to_csv, parse_yaml, unescape_formula, whole_folder
from ..language import current_language, use_language

if TYPE_CHECKING:
    from collections.abc import Iterable

ROWS = 20  # of a table, where the specification does not say
LONG = 40  # rows from which a table of LaTeX goes over pages
TAKEN = ("only", "first", "last", "count", "sum", "mean", "min", "max")
_TABLE = {"from", "where", "columns", "rows", "decimals", "caption"}
_NUMBER = {"from", "where", "column", "take", "decimals"}
# Names that their characters alone would have read otherwise.
_READ = {"朝阳": "chaoyang", "长治": "changzhi", "陕西": "shaanxi", "乐清": "yueqing", "单县": "shanxian"}
_KINDS = {int: "a whole number", dict: "column: value", list: "a list"}
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
_ESCAPES = {c: rf"\{c}" for c in "&%$#_{}"} | {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "\n": " ",
}
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
        figures.tex, numbers.tex, numbers.json, numbers.csv, references.bib, documents.bib, methods.md; figures as PDF,
        SVG and PNG; each table as .tex, .html and .csv.

    Raises
    ------
    CrosscityError
        If the folder holds no report, another folder stands in the way, or the specification names what is not there:
        all of it at once.
    """
    reports, out = Path(reports), Path(out)
    manifest = _manifest(reports)
    use_language(manifest["parameters"].get("language", "en"))
    asked, problems = _specification(specification) if specification else ({}, [])
    figures = _figures(reports, manifest, asked.get("figures"), problems)
    files = _tables(reports, manifest, asked.get("tables"), problems)
    numbers = _of_run(manifest) | _numbers(reports, asked.get("numbers") or {}, problems)
    if problems:
        raise combined_error([f"{specification or reports}: {p}" for p in problems])
    files |= {"numbers.tex": _MACROS + "".join(_macro(name, n["text"]) for name, n in numbers.items())}
    files["numbers.json"] = json.dumps(numbers, ensure_ascii=False, indent=1) + "\n"
    table = [{"name": name, **{k: n[k] for k in ("text", "value", "from")}} for name, n in numbers.items()]
    files["numbers.csv"] = frame_to_csv(pd.DataFrame(table))
    files["figures.tex"] = "\n".join(_figure(reports, name) for name in figures)
    files["documents.bib"] = _documents(reports)
    copies = {
        f"figures/{name.replace('/', '-')}{s}": reports / f"{name}{s}"
        for name in figures
        for s in _suffixes(reports, name)
    }
    copies |= {name: reports / name for name in ("references.bib", "methods.md")}
    return _put(out, files, copies)


def _manifest(reports: Path) -> dict[str, Any]:
    try:
        found = json.loads((reports / "manifest.json").read_text(encoding="utf-8"))
        if {"documents", "parameters", "runs", "outputs"} <= set(found):
            return found
        raise ValueError
    except (OSError, ValueError, TypeError):
        msg = f"{reports} holds no report (no manifest.json): give reports, or a study's results/reports, after make"
        raise CrosscityError(msg) from None


def _specification(path: Path | str) -> tuple[dict[str, Any], list[str]]:
    try:
        text = Path(path).read_bytes().decode("utf-8-sig")
    except OSError as error:
        msg = f"{path} cannot be read ({error.strerror}): give a file with tables, numbers and figures"
        raise CrosscityError(msg) from None
    except UnicodeDecodeError:
        msg = f"{path} is not text in UTF-8: save it as UTF-8"
        raise CrosscityError(msg) from None
    asked = parse_yaml(text, path) or {}
    if not isinstance(asked, dict) or not set(asked) <= {"tables", "numbers", "figures"}:
        msg = f"{path}: give tables, numbers or figures, as docs/papers.md describes them"
        raise CrosscityError(msg)
    problems = []
    for part, known in (("tables", _TABLE), ("numbers", _NUMBER)):
        entries = asked.get(part) or {}
        if not isinstance(entries, dict):
            problems.append(f"{part} must hold a name and a line for each")
            asked[part] = {}
            continue
        for name, entry in list(entries.items()):
            problem = _wrong(name, entry, known)
            if problem:
                problems.append(f"{part}, {name}: {problem}")
                del entries[name]
    if not isinstance(asked.get("figures") or [], list):
        problems.append("figures must be a list, such as [04-compare/tree]")
        asked["figures"] = []
    return asked, problems


def _wrong(name: object, entry: object, known: set[str]) -> str:
    """What keeps an entry from being used, or nothing."""
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
    if known is _NUMBER and entry.get("take", "only") not in TAKEN:
        return f"take is {entry['take']!r}; the choices are {', '.join(TAKEN)}"
    if known is _NUMBER and entry.get("take") != "count" and not isinstance(entry.get("column"), str):
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
    with path.open(encoding="utf-8", newline="") as file:
        rows = [list(map(unescape_formula, row)) for row in csv.reader(file)]
    frame = pd.DataFrame(rows[1:], columns=rows[0]).drop(columns="note", errors="ignore")
    for column in frame:
        numbers = pd.to_numeric(frame[column].replace("", None), errors="coerce")
        if numbers.notna().eq(frame[column] != "").all() and numbers.notna().any():
            whole = numbers.dropna().mod(1).eq(0).all()
            frame[column] = numbers.astype("Int64") if whole else numbers
    return frame


def _selected(reports: Path, entry: dict[str, Any]) -> pd.DataFrame:
    frame = read_result(reports, entry["from"])
    known = {column: set(frame[column].astype(str)) for column in frame}
    for column, value in (entry.get("where") or {}).items():
        _has(frame, str(column), entry["from"])
        wanted = {str(v) for v in (value if isinstance(value, list) else [value])}
        if absent := sorted(wanted - known[column]):
            there = ", ".join(sorted(known[column])[:12])
            msg = f"{column} is never {absent[0]!r} in {entry['from']}; it is {there}"
            raise CrosscityError(msg)
        frame = frame[frame[column].astype(str).isin(wanted)]
    return frame.reset_index(drop=True)


def _has(frame: pd.DataFrame, column: str, name: str) -> None:
    if column not in frame:
        msg = f"{name} has no column {column!r}; it has {', '.join(frame.columns)}"
        raise CrosscityError(msg)


def _numbers(reports: Path, asked: dict[str, Any], problems: list[str]) -> dict[str, dict[str, Any]]:
    found = {}
    for name, entry in asked.items():
        try:
            found[name] = _number(reports, entry)
        except CrosscityError as error:
            problems.append(f"numbers, {name}: {error}")
    return found


def _number(reports: Path, entry: dict[str, Any]) -> dict[str, Any]:
    frame, take, where = _selected(reports, entry), entry.get("take", "only"), f"{entry['from']}.csv"
    if take == "count":
        return _shown(len(frame), entry.get("decimals"), where)
    _has(frame, entry["column"], entry["from"])
    values = frame[entry["column"]]
    if values.empty or (take == "only" and len(values) > 1):
        msg = f"{len(values)} rows of {entry['from']} are meant: narrow where, or take one of {', '.join(TAKEN)}"
        raise CrosscityError(msg)
    if take in ("only", "first", "last"):
        value = values.iloc[-1 if take == "last" else 0]
    elif pd.api.types.is_numeric_dtype(values):
        value = getattr(values.dropna(), take)()
    else:
        msg = f"{entry['column']} of {entry['from']} holds words, of which there is no {take}"
        raise CrosscityError(msg)
    return _shown(value, entry.get("decimals"), where, entry["column"] == "year")


def _shown(value: Any, decimals: int | None, where: str, year: bool = False) -> dict[str, Any]:
    """A number as it is, as a paper prints it, and where it is from; what is not there is an en dash."""
    if isinstance(value, str):
        return {"text": value, "value": value, "from": where}
    if pd.isna(value):
        return {"text": "–", "value": None, "from": where}
    plain = int(value) if float(value).is_integer() else float(value)
    if year:
        return {"text": str(plain), "value": plain, "from": where}
    text = (
        f"{plain:,.{decimals}f}" if decimals is not None else f"{plain:,}" if isinstance(plain, int) else f"{plain:,g}"
    )
    return {"text": text, "value": plain, "from": where}


def _of_run(manifest: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Numbers that every paper states: how many documents, how long, what was drawn by which seed."""
    part = [d for d in manifest["documents"] if not d["left_out"]]
    parameters = manifest["parameters"]
    said = {
        "documents": len(part),
        "documents-left-out": len(manifest["documents"]) - len(part),
        "characters": sum(d["n_chars"] for d in part),
        "paragraphs": sum(d["n_paragraphs"] for d in part),
    } | {name: parameters[name] for name in ("draws", "permutations", "seed") if name in parameters}
    return {name: _shown(value, None, "manifest.json") for name, value in said.items()}


def escaped(text: object) -> str:
    r"""A text as LaTeX sets it.

    >>> print(escaped("50% & a_b"))
    50\% \& a\_b
    """
    return "".join(_ESCAPES.get(c, c) for c in str(text))


def _macro(name: str, text: str) -> str:
    return f"\\expandafter\\def\\csname crosscity-{name}\\endcsname{{{escaped(text)}}}\n"


def _tables(reports: Path, manifest: dict[str, Any], asked: Any, problems: list[str]) -> dict[str, str]:
    if asked is None:
        names = [
            f"{run['id']}/{name.removesuffix('.csv')}"
            for run in manifest["runs"]
            for name in manifest["outputs"][run["id"]]
            if name.endswith(".csv")
            and "/" not in name
            and f"{name.removesuffix('.csv')}.json" not in manifest["outputs"][run["id"]]
        ]
        asked = {name.replace("/", "-"): {"from": name} for name in names}
    files: dict[str, str] = {}
    for name, entry in asked.items():
        try:
            frame = _selected(reports, entry)
            for column in (columns := entry.get("columns") or list(frame.columns)):
                _has(frame, column, entry["from"])
            files |= _table(name, frame[columns], entry)
        except CrosscityError as error:
            problems.append(f"tables, {name}: {error}")
    return files


def _table(name: str, frame: pd.DataFrame, entry: dict[str, Any]) -> dict[str, str]:
    """A table in three forms, by pandas' Styler; rules as booktabs has them."""
    shown = frame.head(entry.get("rows") or ROWS)
    about = entry.get("caption") or entry["from"]
    about += (
        f" (the first {len(shown):,} of {len(frame):,} rows)"
        if len(shown) < len(frame) and "caption" not in entry
        else ""
    )
    form: dict[str, Any] = {"precision": entry.get("decimals", 3), "na_rep": "–", "thousands": ","}
    years = [column for column in shown if column == "year"]  # 2,024 is no year
    plain = shown.style.hide(axis="index")
    latex = plain.format(escape="latex", **form).format_index(escape="latex", axis=1).format(na_rep="–", subset=years)
    whole = {"hrules": True, "label": f"tab:{name}", "caption": escaped(about)}
    far = len(shown) > LONG
    text = latex.to_latex(
        environment="longtable" if far else "table", **whole, **({} if far else {"position_float": "centering"})
    )
    page = shown.style.hide(axis="index").format(escape="html", **form).format_index(escape="html", axis=1)
    page = page.format(na_rep="–", subset=years)
    page = page.set_caption(_html(about)).set_table_attributes(f'lang="{current_language()}"')
    return {
        f"tables/{name}.tex": text,
        f"tables/{name}.html": page.to_html(table_uuid=name, doctype_html=False),
        f"tables/{name}.csv": frame_to_csv(frame, "%.6g"),
    }


def _html(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _figures(reports: Path, manifest: dict[str, Any], asked: list[Any] | None, problems: list[str]) -> list[str]:
    there = []
    for run in manifest["runs"]:
        about = json.loads((reports / run["id"] / "findings.json").read_text(encoding="utf-8"))
        there += [f"{run['id']}/{name}" for name in about["figures"]]
    known = ", ".join(there[:12])
    problems += [f"there is no figure {name}; there are {known} ..." for name in asked or [] if name not in there]
    return there if asked is None else [n for n in asked if n in there]


def _suffixes(reports: Path, name: str) -> Iterable[str]:
    return [s for s in (".pdf", ".svg", ".png") if (reports / f"{name}{s}").is_file()]


def _figure(reports: Path, name: str) -> str:
    """A figure's environment: over one column or two, as wide as it was drawn; its caption, label and alt text."""
    from PIL import Image

    about = json.loads((reports / f"{name}.json").read_text(encoding="utf-8"))
    with Image.open(reports / f"{name}.png") as picture:
        inches = picture.width / picture.info.get("dpi", (200, 200))[0]
    narrow = inches < (WIDTHS["column"] + WIDTHS["page"]) / 2
    float_, wide = ("figure", r"\columnwidth") if narrow else ("figure*", r"\textwidth")
    file = f"figures/{name.replace('/', '-')}{next(iter(_suffixes(reports, name)))}"
    notes = "".join(f" {escaped(note[:1].upper() + note[1:])}." for note in about["notes"])
    return rf"""\begin{{{float_}}}
  \centering
  \includegraphics[width={wide}, alt={{{escaped(about["alt"])}}}]{{{file}}}
  \caption{{{escaped(about["title"])}.{notes}}}
  \label{{fig:{name.replace("/", "-")}}}
\end{{{float_}}}
"""


def _documents(reports: Path) -> str:
    """An entry of BibTeX for each document; keys are readings of the label and the year, in plain letters."""
    from pypinyin import lazy_pinyin

    frame = read_result(reports, "01-corpus/documents")
    seen: set[str] = set()
    entries = []
    for row in frame.to_dict("records"):
        year = "" if pd.isna(row["year"]) or row["year"] == "" else str(row["year"])
        label = str(row["label"])
        for name, reading in _READ.items():
            label = label.replace(name, reading)
        base = re.sub("[^a-z0-9]", "", "".join(lazy_pinyin(label)).lower()) or "document"
        base += year if not base.endswith(year) else ""
        key = next(k for k in (base, *(f"{base}-{n}" for n in range(2, 10**6))) if k not in seen)
        seen.add(key)
        fields = {"title": row["title"] or row["doc_id"], "year": year, "note": row["genre"]}
        told = ", ".join(f"{k} = {{{escaped(v)}}}" for k, v in fields.items() if str(v))
        entries.append(f"@misc{{{key}, {told}}}\n")
    return "".join(entries)


def _put(out: Path, files: dict[str, str], copies: dict[str, Path]) -> list[Path]:
    if out.exists() and not (out / "numbers.json").is_file() and (not out.is_dir() or any(out.iterdir())):
        msg = f"{out} is there and was not made by this command: give another folder, or remove it"
        raise CrosscityError(msg)
    with whole_folder(out) as partial:
        for name in (*files, *copies):
            (partial / name).parent.mkdir(parents=True, exist_ok=True)
        for name, text in files.items():
            (partial / name).write_bytes(text.encode())
        for name, source in copies.items():
            shutil.copyfile(source, partial / name)
    return [out / name for name in sorted([*files, *copies])]
