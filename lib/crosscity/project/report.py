"""Write the report on the runs of a plan: a site that opens from a folder without a server or a network."""

from __future__ import annotations

import csv
import functools
import itertools
import json
import os
import re
import struct
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .. import CrosscityError
from .. import pages as pages_of
from ..files import (
    CAN_FORK,
    code_inputs,
    inputs_of,
    is_own,
    kept_folder,
    outputs_of,
    step,
    unescape_formula,
    write_output,
)
from ..inference import answer_label, scope_label
from ..language import display_name, heading, tr, use_language
from ..study import read_parameters
from ..study.claims import Claim, best_claims
from ..study.grouped_corpus import GroupedCorpus
from ..study.groups import document_label
from .build import NOTES
from .measured import write_measured
from .pipeline import block_grammar_package, failed_run
from .provenance import methods_paragraphs, run_provenance, write_provenance
from .report_pages import hubs, leads
from .report_search import MOST_ROWS, panel_names, search_script
from .result_tables import column_title, indicator_title, shown_cell, shown_columns, table_forms, table_title

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    Page = dict[str, Any]  # what a template is rendered with

_MOST_ROWS, _MOST_DOCUMENTS, _MOST_GROUPS, _MOST_NOTES, _MOST_LEFT_OUT = 12, 40, 8, 20, 100
_LEFT_OUT = re.compile(r"(?:[^:]+: )?left out: ")
_HEADINGS = {  # by notebook: its heading, and the question that it answers
    "01-corpus": ("The corpus", "What the corpus holds, and what cleaning did to each document."),
    "02-terms": ("The words", "Which words the documents use, and which of them the dictionary lacks."),
    "03-topics": (
        "The topics",
        "What they are about, how many topics the corpus supports, and which of them are stable.",
    ),
    "04-compare": ("What sets them apart", "What sets the groups apart, and what varies with the grouping."),
    "05-profile": ("Profile", "One group on a page: its parts, its own words, its neighbours."),
    "06-pair": ("Two compared", "Two groups against each other."),
    "07-shared-text": ("What they share word for word", "What documents share word for word, and with whom."),
    "08-facts": ("What they state", "Indicators, systems, stances, programmes, and targets against results."),
    "09-robustness": ("How robust it is", "Whether statements hold under other choices, and how often the tests err."),
    "explore": ("First answers", "What you can ask: words in context, two groups, quantities, topics, a document."),
}
_EXPLAINED = {
    "demonstration text": "Demonstration text: the documents restate others in the project's own words. Facts in them "
    "are the originals' facts; words counted in them are not the originals' words.",
    "invented text": "Invented text: documents that were made up to practise on, and so were the figures in them.",
    "one document": "Each stands for itself by one document: what is said here is said of these documents.",
    "differences between documents": "The documents differ in several respects at once (genre, date, speaker): what is "
    "shown are differences between documents, and not attributable to one of these.",
}
# Figures to begin with, where they are there: a notebook and its figure.
_MATRIX = (("08-facts", "matrix"),)
_FEW = 8  # groups whose matrix is drawn with its sentences
_LEADING = (
    ("04-compare", "distinctive-terms"),
    ("08-facts", "indicators-1"),
    ("03-topics", "themes"),
    ("03-topics", "prevalence"),
    ("04-compare", "map"),
    ("01-corpus", "lengths"),
)
_MOST_LEADING = 3
# Pixels an inch in which pictures were drawn, and in which pages show them: letters of 5.7 points are 9 pixels high.
_DRAWN, _PIXELS = 200, 115
_LEAST_SVG, _MOST_SVG = 1_000, 1_500_000  # bytes of a vector picture that a page shows; of others it shows the PNG
_VERSIONS = ("pandas", "numpy", "scipy", "scikit-learn", "jieba", "opencc", "matplotlib", "seaborn", "papermill")
_NUMBER = re.compile(r"[-−+]?[\d.,]+(?:[eE][-+]?\d+)?%?")
# Translates the values of a column, where the catalogue has them under another name than the column's.
_TRANSLATED = {"speaks_of": scope_label, "answer": answer_label, "column": column_title, "by": column_title}
_TRANSLATED["indicator"] = indicator_title
_TRANSLATED["genre"] = functools.partial(display_name, "lane")
_COLUMNS = ("doc_id", "group", "year", "title", "genre", "edition", "n_chars", "guessed")


def make_report(parameters: Path, tables: Path, reports: Path, state: Path) -> list[Path]:
    """Write the report as `write_report` does, and a stamp for make."""
    results = [path for stamp in sorted((state / "runs").glob("*.done")) for path in outputs_of(stamp)]
    if other := next((path for path in results if not is_own(Path(path))), None):
        msg = f"{other} is not as its notebook made it: make runs the notebook again"
        raise CrosscityError(msg)
    failures = sorted((state / "failed").glob("*.json"))
    inputs = [*inputs_of([parameters, state / "plan.json", state / NOTES, *results, *failures]), *code_inputs()]
    with step(state / "report.done", inputs) as outputs:
        outputs += write_report(parameters, tables, reports, state)
        outputs.append(write_measured(state, reports))
    return outputs


def write_report(parameters: Path | str, tables: Path | str, reports: Path | str, state: Path | str) -> list[Path]:
    """Write reports/index.html, preparation.html, the pages of the navigation, and two a notebook: findings, as run.

    Of a notebook that failed the pages say so, and why; what lies in its folder is an earlier run's, and is not shown.

    Parameters
    ----------
    parameters : str or Path
        The YAML file of the run.
    tables, reports, state : str or Path
        Folders.

    Returns
    -------
    list of Path
        The pages, index.html first, and the files of the run's provenance.
    """
    reports, state = Path(reports), Path(state)
    values = read_parameters(parameters)
    use_language(values["language"])
    corpus = GroupedCorpus(tables, values)
    plan = json.loads((state / "plan.json").read_text(encoding="utf-8"))
    for planned in plan:
        executed = Path(planned["out"]) / "notebook.ipynb"
        if not is_own(executed) and not failed_run(state, planned["id"]).is_file():
            msg = f"{executed} is not there, or not as a run made it: make runs the notebook"
            raise CrosscityError(msg)
    as_run = _notebooks_as_run([_as_made(planned, state) for planned in plan])
    labels = dict(zip(corpus.corpus["doc_id"], document_label(corpus.corpus).astype(str), strict=True))
    runs = [_run(planned, state, labels) for planned in plan]
    sums = (state / "tables.sha256").read_text(encoding="utf-8").splitlines()
    provenance = run_provenance(values, tables, state, plan)
    documents = corpus.corpus.astype("object").fillna("").to_dict("records")
    gathered = hubs(runs)
    claims = _claims(runs)
    first = _first_claims(claims)
    shared = {
        "leads": leads(gathered),
        "title": tr("{n} documents, compared by {by}", n=len(documents), by=heading(corpus.by)),
        "runs": runs,
        "version": provenance["crosscity"],
        "explained": [*map(_explained, corpus.notes), *(c.text for _, c in claims if c.family == "genre")],
        "n_figures": sum(len(run["figures"]) for run in runs),
    }
    index = pages_of.render(
        "report.html",
        here="index",
        question=_question(corpus),
        extent=_extent(corpus),
        claims=first,
        own=[(run, claim) for run, claim in claims if claim.family == "own"],
        leading=_leading_figures(runs, first, corpus.has_text and len(corpus.groups()) <= _FEW),
        documents=_documents_table(documents, corpus.by),
        methods=methods_paragraphs(provenance, "words")[0].split("\n\n"),
        versions={"crosscity": provenance["crosscity"], "Python": provenance["platform"]["python"]}
        | {name: provenance["packages"].get(name, "") for name in _VERSIONS},
        **shared,
    )
    preparation = pages_of.render(
        "preparation.html",
        here="preparation",
        reading=_first_notes(provenance["reading"]),
        left_out=corpus.left_out.astype("object").fillna("").to_dict("records"),
        parameters=_page_table("parameters", [], [[name, str(value)] for name, value in values.items()]),
        sums=_page_table("sums", [], [line.split("  ", 1)[::-1] for line in sums]),
        **shared,
    )
    pages = {reports / "index.html": index}
    pages[reports / "preparation.html"] = preparation
    pages[reports / "gallery.html"] = pages_of.render("gallery.html", here="gallery", **shared)
    pages[reports / "search.html"] = pages_of.render(
        "search.html", here="search", script=search_script(runs, corpus), **shared
    )
    for name, hub in gathered.items():
        pages[reports / f"{name}.html"] = pages_of.render("hub.html", here=name, hub=hub, **shared)
    for i, (run, planned, executed) in enumerate(zip(runs, plan, as_run(), strict=True)):
        before, after = runs[i - 1] if i else None, runs[i + 1] if i + 1 < len(runs) else None
        neighbours: dict[str, Any] = {"before": before, "after": after}
        of_run = {"home": "../", "here": run["id"], "run": run, **shared}
        out = Path(planned["out"])
        pages[out / "index.html"] = pages_of.render("run.html", **of_run, **neighbours)
        pages[out / "notebook.html"] = pages_of.render("page.html", **of_run, **executed)
    for path, text in reversed(pages_of.with_fonts(pages).items()):  # index.html last: what it links to is there
        write_output(path, text, kept_folder(reports, path.parent.name if path.parent != reports else ""))
    return [*pages, *write_provenance(provenance, reports, plan, list(pages))]


def _explained(note: str) -> str:
    """What a note that stands in figures means, in a sentence; the note itself where none is known."""
    return next((tr(text) for start, text in _EXPLAINED.items() if note.startswith((start, tr(start)))), note)


def _first_notes(notes: Sequence[str]) -> list[str]:
    """Notes on reading the documents, what is left out first; so many as a page has room for, and how many more."""
    left_out = [note for note in notes if _LEFT_OUT.match(note)]
    others = [note for note in notes if not _LEFT_OUT.match(note)]
    shown = [*left_out[:_MOST_LEFT_OUT], *others[:_MOST_NOTES]]
    more = len(notes) - len(shown)
    return [*shown, *([tr("and {n} more, in manifest.json", n=more)] if more > 0 else [])]


def _question(corpus: GroupedCorpus) -> str:
    if len(corpus.groups()) < 2:
        return tr("What do these documents say?")
    return tr("What sets the {many} apart, what do they share, and what do they state?", many=corpus.plural())


def _extent(corpus: GroupedCorpus) -> str:
    """Which groups, when and how much, in a sentence."""
    groups, years = corpus.groups(), sorted({str(y) for y in corpus.corpus["year"].dropna()} - {""})
    names = tr(", ").join(corpus.displayed_groups(_MOST_GROUPS))
    if len(groups) > _MOST_GROUPS:
        names += tr(" and {n} more", n=len(groups) - _MOST_GROUPS)
    parts = [names]
    if years:
        parts.append(years[0] if len(years) == 1 else f"{years[0]}–{years[-1]}")
    return tr("{groups}; {n} characters.", groups=tr("; ").join(parts), n=f"{corpus.corpus['n_chars'].sum():,}")


def _claims(runs: Iterable[Page]) -> list[tuple[Page, Claim]]:
    """All claims, each with the run that makes it; those of a profile are of one group, and not among them."""
    return [(run, claim) for run in runs if not run["group"] for claim in run["claims"]]


def _first_claims(claims: Iterable[tuple[Page, Claim]]) -> list[tuple[Page, Claim]]:
    """The claims to begin with, the best first."""
    run_of = {id(claim): run for run, claim in claims}
    return [(run_of[id(claim)], claim) for claim in best_claims([claim for _, claim in claims])]


def _leading_figures(
    runs: Sequence[Page], first: Iterable[tuple[Page, Claim]], has_matrix: bool
) -> list[tuple[Page, Page]]:
    """Runs and figures to begin with: the matrix, where it has sentences, those that carry the claims, then others."""
    figures = {(run["id"], f["name"]): (run, f) for run in runs for f in run["figures"]}
    carrying = [(run["id"], claim.place.removeprefix("#figure-")) for run, claim in first]
    chosen = dict.fromkeys(key for key in [*(_MATRIX if has_matrix else ()), *carrying, *_LEADING] if key in figures)
    return [figures[key] for key in list(chosen or figures)[:_MOST_LEADING]]


def _documents_table(documents: Iterable[Mapping[str, Any]], by: str) -> Page:
    documents = list(documents)
    columns = [c for c in _COLUMNS if any(str(d[c]) for d in documents)]
    rows = [[_translated(c, f"{d[c]:,}" if c == "n_chars" else d[c]) for c in columns] for d in documents]
    return _page_table("documents", [by if c == "group" else c for c in columns], rows, _MOST_DOCUMENTS)


@functools.cache
def _exporter() -> tuple[Any, str]:
    """The exporter of notebooks to HTML, and the style of their code; made once, since its templates take seconds."""
    block_grammar_package()
    from nbconvert import HTMLExporter
    from pygments.formatters import HtmlFormatter

    templates = Path(__file__).with_name("resources") / "nbconvert"
    exporter = HTMLExporter(template_name="report", extra_template_basedirs=[str(templates)])
    return exporter, HtmlFormatter().get_style_defs(".highlight")


def _as_made(planned: Mapping[str, Any], state: Path) -> Path:
    """The notebook of a run of the plan, or, of one that failed, how far it came; it may not be there."""
    if failed_run(state, planned["id"]).is_file():
        return state / "failed" / f"{planned['id']}.ipynb"
    return Path(planned["out"]) / "notebook.ipynb"


def _notebooks_as_run(notebooks: Sequence[Path]) -> Callable[[], list[Page]]:
    """A function that returns the notebooks as HTML, which processes beside this one make in the meantime."""
    if not CAN_FORK or (os.cpu_count() or 1) < 2:
        return lambda: [*map(_executed, notebooks)]
    _exporter()  # what it loads, all have
    pool = ProcessPoolExecutor(min(os.cpu_count() or 1, max(len(notebooks), 1)), get_context("fork"))
    made = pool.map(_executed, notebooks)

    def result() -> list[Page]:
        try:
            with pool:
                return [*made]
        except BrokenProcessPool:  # one was killed, for want of memory: one after the other needs less
            return [*map(_executed, notebooks)]

    return result


def _executed(notebook: Path) -> Page:
    """An executed notebook as HTML that loads nothing from elsewhere, and the style of its code; empty without one.

    Its tables can be scrolled by keyboard; a picture that has no description of its own is said to be one.
    """
    if not notebook.is_file():
        return {"body": "", "style": ""}
    exporter, style = _exporter()  # first, since it keeps nbformat from loading what takes a second
    import nbformat
    from markupsafe import Markup

    node = nbformat.read(notebook, as_version=4)
    outputs = [output for cell in node.cells for output in cell.get("outputs", []) if "data" in output]
    tables = [output for output in outputs if "<table" in output.data.get("text/html", "")]
    for n, output in enumerate(tables, start=1):
        output.metadata["text/html"] = {"label": tr("Table {n}", n=n)}
    for output in outputs:
        if "image/png" in output.data:
            unnamed = {"alt": tr("A figure; the notebook's own page describes it.")}
            output.metadata["image/png"] = unnamed | output.metadata.get("image/png", {})
    body, _ = exporter.from_notebook_node(node)
    return {"body": Markup(body), "style": Markup(style)}


def _run(planned: Mapping[str, Any], state: Path, labels: Mapping[str, str]) -> Page:
    """A run of the plan as pages show it: headings, findings, figures, tables; of one that failed, why.

    Documents go by their labels.
    """
    folder, failure = Path(planned["out"]), failed_run(state, planned["id"])
    summary: dict[str, Any] = {"findings": [], "figures": [], "pages": [], "claims": [], "preparation": []}
    failed = json.loads(failure.read_text(encoding="utf-8"))["message"] if failure.is_file() else ""
    if not failed and is_own(folder / "findings.json"):
        summary |= json.loads((folder / "findings.json").read_text(encoding="utf-8"))
    # A table of a person's, of whatever form, is none of the run's.
    tables = [path for path in sorted(folder.glob("*.csv")) if is_own(path)]
    notebook, group = planned["notebook"], planned["parameters"].get("group")
    title, question = _HEADINGS.get(notebook, (notebook, ""))
    return {
        "id": planned["id"],
        "notebook": notebook,
        "group": group,
        "heading": f"{tr(title)}: {group}" if group else tr(title),
        "question": tr(question),
        "findings": summary["findings"],
        "claims": [Claim(**claim) for claim in summary["claims"]],
        "preparation": summary["preparation"],
        "pages": summary["pages"],
        "failed": failed,
        "figures": [_figure(folder, name) for name in summary["figures"]],
        "tables": [] if failed else [_table(path, labels) for path in tables if path.stem not in summary["figures"]],
    }


def _figure(folder: Path, name: str) -> Page:
    """Caption of a figure, the kinds of its files, the size at which it is shown, and what its panels name."""
    with (folder / f"{name}.png").open("rb") as file:
        width, height = struct.unpack(">II", file.read(24)[16:])
    kinds = [kind for kind in ("csv", "svg", "png", "pdf") if (folder / f"{name}.{kind}").is_file()]
    caption = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
    svg = (folder / f"{name}.svg").stat().st_size if "svg" in kinds else 0
    return {
        **caption,
        "across": round(width * _PIXELS / _DRAWN),
        "down": round(height * _PIXELS / _DRAWN),
        "kinds": kinds,
        "shown": "svg" if _LEAST_SVG < svg < _MOST_SVG else "png",
        "panels": panel_names(_csv_rows(folder / f"{name}.csv", None)[1]) if "csv" in kinds else "",
    }


def _table(path: Path, labels: Mapping[str, str] | None = None) -> Page:
    columns, body, length = _csv_rows(path, MOST_ROWS)
    named = labels or {}
    body = [[named.get(cell, cell) for cell in row] for row in body]
    names = shown_columns(path.stem, columns)
    at = [columns.index(name) for name in names]
    shown = [[shown_cell(columns[i], row[i]) for i in at] for row in body[:_MOST_ROWS]]
    form = table_forms().get(path.stem)
    return _page_table(path.stem, names, shown) | {
        "title": table_title(path.stem),
        "headings": [column_title(name) for name in names],
        "columns": columns,
        "all": body,
        "length": length,
        "more": length - len(shown),
        "diagnostic": form is not None and form.diagnostic,
    }


def _csv_rows(path: Path, most: int | None) -> tuple[list[str], list[list[str]], int]:
    """The columns of a result's file but its notes, its first rows in the run's language, and how many there are."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(file)
        rows = [list(map(unescape_formula, row)) for row in itertools.islice(reader, most and 1 + most)]
        length = len(rows) - 1 + sum(1 for _ in reader)
    keep = [i for i, name in enumerate(rows[0]) if name != "note"]
    columns, *body = ([row[i] for i in keep] for row in rows)
    found = [[_translated(column, cell) for column, cell in zip(columns, row, strict=True)] for row in body]
    return columns, found, length


def _translated(column: str, value: Any) -> Any:
    """A value of a column in the run's language."""
    return _TRANSLATED.get(column, functools.partial(display_name, column))(value)


def _page_table(name: str, columns: Sequence[str], rows: Sequence[Sequence[Any]], most: int | None = None) -> Page:
    """A table as pages show it: its first rows, how many more there are, and which columns are of numbers."""
    first = rows[:most]
    cells = [[row[i] for row in first if row[i]] for i in range(len(columns))]
    return {
        "name": name,
        "title": name,
        "headings": [column_title(c) for c in columns],
        "columns": columns,
        "rows": first,
        "all": rows,
        "length": len(rows),
        "more": len(rows) - len(first),
        "numbers": {i for i, column in enumerate(cells) if column and all(map(_NUMBER.fullmatch, column))},
    }
