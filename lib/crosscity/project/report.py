"""The report: a site that opens from a folder without a server or a network, from what the runs of the plan left."""

import csv
import functools
import itertools
import json
import re
import struct
from pathlib import Path

from .. import pages as pages_of
from ..files import unescape_formula, write_text
from ..inference import answer_label, scope_label
from ..language import display_name, heading, tr, use_language
from ..study import read_parameters
from ..study.run import Run
from . import report_search
from .pipeline import spare_grammar
from .provenance import methods, record, write_record

_SHOWN_ROWS, _SHOWN_DOCUMENTS, _SHOWN_KEYS = 12, 40, 6
_RUNS = {  # by notebook: its heading, and the question that it answers
    "01-corpus": ("The corpus", "What the corpus holds, and what cleaning did to each document."),
    "02-terms": ("The words", "Which words the documents use, and which of them no dictionary has."),
    "03-topics": ("The topics", "What they are about, how many topics the corpus supports, and which hold."),
    "04-compare": ("What sets them apart", "What sets the groups apart, and what goes together with that."),
    "05-profile": ("Profile", "One group on a page: its parts, its own words, its neighbours."),
    "06-pair": ("Two of them", "Two groups against each other."),
    "07-shared-text": ("What they share word for word", "What documents share word for word, and with whom."),
    "08-facts": ("What they state", "Indicators, systems, stances, programmes, and targets against results."),
    "09-robustness": ("How far to believe it", "Whether statements stand under other choices, and how often one errs."),
    "explore": ("First answers", "What one may ask: words in context, two groups, quantities, topics, a document."),
}
_EXPLAINED = {
    "demonstration text": "Demonstration text: the documents restate others in the project's own words. Facts in them "
    "are the originals' facts; words counted in them are not the originals' words.",
    "invented text": "Invented text: documents that were made up to practise on, and so were the figures in them.",
    "one document": "Each stands for itself by one document: what is said here is said of these documents.",
    "differences between documents": "The documents differ in several respects at once (genre, date, speaker): what is "
    "shown are differences between documents, and not attributable to one of these.",
}
# What leads, of what there is: a run and its figure.
_LEADING = (
    ("04-compare", "distinctive-terms"),
    ("08-facts", "indicators-1"),
    ("03-topics", "themes"),
    ("03-topics", "prevalence"),
    ("04-compare", "map"),
    ("01-corpus", "lengths"),
)
_MOST_LEADING = 3
_VERSIONS = ("pandas", "numpy", "scipy", "scikit-learn", "jieba", "opencc", "matplotlib", "seaborn", "papermill")
_NUMBER = re.compile(r"[-−+]?[\d.,]+(?:[eE][-+]?\d+)?%?")
_UNDESCRIBED = re.compile(r'\balt="No description[^"]*"')  # as nbconvert has it
# What tells the values of a column in the run's language, where these are not called by the column's own name.
_TOLD = {"speaks_of": scope_label, "answer": answer_label, "column": heading, "by": heading}
_TOLD["genre"] = functools.partial(display_name, "lane")
_COLUMNS = ("doc_id", "group", "year", "title", "genre", "edition", "n_chars", "guessed")


def write_report(parameters, tables, reports, state):
    """Write reports/index.html, gallery.html, and two pages a notebook: what it found, and as it was executed.

    Parameters
    ----------
    parameters : str or Path
        The YAML file of the run.
    tables, reports, state : str or Path
        Folders.

    Returns
    -------
    list of Path
        The pages, index.html first, and the record of the run.
    """
    values = read_parameters(parameters)
    use_language(values["language"])
    corpus = Run("report", tables, None, values)
    planned = json.loads((Path(state) / "plan.json").read_text(encoding="utf-8"))
    runs = [_run(about) for about in planned]
    sums = (Path(state) / "tables.sha256").read_text(encoding="utf-8").splitlines()
    about = record(values, tables, state, planned)
    documents = corpus.corpus.astype("object").fillna("").to_dict("records")
    title = tr("{n} documents, compared by {by}", n=len(documents), by=heading(corpus.by))
    shared = {
        "title": title,
        "runs": runs,
        "version": about["crosscity"],
        "explained": [_explained(note) for note in corpus.notes],
        "n_figures": sum(len(run["figures"]) for run in runs),
    }
    index = pages_of.render(
        "report.html",
        here="index",
        script=report_search.search_script(runs, documents),
        question=_question(corpus),
        extent=_extent(corpus),
        keys=_keys(runs, corpus.groups()),
        leading=_leading(runs),
        documents=_documents(documents, corpus.by),
        left_out=corpus.left_out.astype("object").fillna("").to_dict("records"),
        methods=methods(about, "words")[0].split("\n\n"),
        parameters=_shown("parameters", [], [[name, str(value)] for name, value in values.items()]),
        sums=_shown("sums", [], [line.split("  ", 1)[::-1] for line in sums]),
        versions={"crosscity": about["crosscity"], "Python": about["platform"]["python"]}
        | {name: about["packages"].get(name, "") for name in _VERSIONS},
        **shared,
    )
    pages = {Path(reports) / "index.html": index}
    pages[Path(reports) / "gallery.html"] = pages_of.render("gallery.html", here="gallery", **shared)
    for i, (run, plan) in enumerate(zip(runs, planned, strict=True)):
        turn = {"before": runs[i - 1] if i else None, "after": runs[i + 1] if i + 1 < len(runs) else None}
        of_run = {"home": "../", "here": run["id"], "run": run, **shared}
        pages[Path(plan["out"]) / "index.html"] = pages_of.render("run.html", **of_run, **turn)
        executed = _executed(Path(plan["out"]) / "notebook.ipynb", run["figures"])
        pages[Path(plan["out"]) / "notebook.html"] = pages_of.render("page.html", **of_run, **executed)
    for path, text in reversed(pages_of.with_fonts(pages).items()):  # index.html last: what it links to is there
        write_text(path, text)
    return [*pages, *write_record(about, reports, planned, list(pages))]


def _explained(note):
    """What a note that stands in figures means, in a sentence; the note itself where none is known."""
    return next((tr(said) for start, said in _EXPLAINED.items() if note.startswith((start, tr(start)))), note)


def _question(corpus):
    if len(corpus.groups()) < 2:
        return tr("What do these documents say?")
    return tr("What sets the {many} apart, what do they share, and what do they state?", many=corpus.many())


def _extent(corpus):
    """Which groups, when and how much, in a sentence."""
    groups, years = corpus.groups(), sorted({str(y) for y in corpus.corpus["year"].dropna()} - {""})
    named = tr(", ").join(groups[:8]) + (tr(" and {n} more", n=len(groups) - 8) if len(groups) > 8 else "")
    told = [named, *[years[0] if len(years) == 1 else f"{years[0]}–{years[-1]}"] * bool(years)]
    return tr("{groups}; {n} characters.", groups=tr("; ").join(told), n=f"{corpus.corpus['n_chars'].sum():,}")


def _keys(runs, groups):
    """Findings to begin with, by run: of the comparison what begins with a group; of each what names most groups."""
    found = {run["notebook"]: run for run in reversed(runs) if not run["group"]}
    keys = []
    for notebook in ("04-compare", "08-facts", "02-terms"):
        if run := found.get(notebook):
            named = [sum(group in finding for group in groups) for finding in run["findings"]]
            most = max(named, default=0)
            told = [f for f in run["findings"] if notebook == "04-compare" and f.startswith(tuple(groups))]
            told = told[:_SHOWN_KEYS] + ([run["findings"][named.index(most)]] if most > 1 else [])
            keys += [{"run": run, "findings": told}] if told else []
    return keys or [{"run": run, "findings": run["findings"][:2]} for run in runs[:3]]


def _leading(runs):
    """Runs and figures to begin with: those that are known to say most, else the first ones."""
    drawn = {(run["notebook"], f["name"]): (run, f) for run in reversed(runs) for f in run["figures"]}
    chosen = [drawn[key] for key in _LEADING if key in drawn]
    return (chosen or [(run, f) for run in runs for f in run["figures"]])[:_MOST_LEADING]


def _documents(documents, by):
    columns = [c for c in _COLUMNS if any(str(d[c]) for d in documents)]
    rows = [[_told(c, f"{d[c]:,}" if c == "n_chars" else d[c]) for c in columns] for d in documents]
    return _shown("documents", [by if c == "group" else c for c in columns], rows, _SHOWN_DOCUMENTS)


@functools.cache
def _exporter():
    """What makes a page of a notebook, and the style of its code; made once, since its templates take seconds."""
    spare_grammar()
    from nbconvert import HTMLExporter
    from pygments.formatters import HtmlFormatter

    return HTMLExporter(template_name="basic"), HtmlFormatter().get_style_defs(".highlight")


def _executed(notebook, figures):
    """An executed notebook as HTML that loads nothing from elsewhere, and the style of its code.

    Its pictures have the descriptions of the figures that were saved, where there are as many; its tables can be
    scrolled by keyboard.
    """
    from markupsafe import Markup, escape

    exporter, style = _exporter()
    body, _ = exporter.from_filename(str(notebook))
    # What scripts the template has load mathematics and diagrams from the web; the notebooks have neither.
    body = re.sub(r"<script\b.*?</script>", "", body, flags=re.DOTALL | re.IGNORECASE)
    alts = [f["alt"] for f in figures]
    if len(_UNDESCRIBED.findall(body)) != len(alts):
        alts = [tr("A figure; the notebook's own page describes it.")] * len(_UNDESCRIBED.findall(body))
    described = iter(alts)
    body = _UNDESCRIBED.sub(lambda _: f'alt="{escape(next(described))}"', body)
    number = itertools.count(1)

    def reachable(table):
        label = escape(tr("Table {n}", n=next(number)))
        return f'<div class="scroll" role="region" tabindex="0" aria-label="{label}">{table[0]}</div>'

    body = re.sub(r"<table\b.*?</table>", reachable, body, flags=re.DOTALL)
    return {"body": Markup(body), "style": Markup(style)}


def _run(about):
    folder = Path(about["out"])
    found = folder / "findings.json"
    told = (
        json.loads(found.read_text(encoding="utf-8"))
        if found.is_file()
        else {"findings": [], "figures": [], "pages": []}
    )
    figures = [_figure(folder, name) for name in told["figures"]]
    group = about["parameters"].get("group")
    heading, question = map(tr, _RUNS[about["notebook"]])
    return {
        "id": about["id"],
        "notebook": about["notebook"],
        "group": group,
        "heading": f"{heading}: {group}" if group else heading,
        "question": question,
        "findings": told["findings"],
        "pages": told["pages"],
        "figures": figures,
        "tables": [_table(path) for path in sorted(folder.glob("*.csv")) if path.stem not in told["figures"]],
    }


def _figure(folder, name):
    """What is known of a figure: title, alt, name, the kinds of its files, and the size of its picture in pixels."""
    with (folder / f"{name}.png").open("rb") as file:
        width, height = struct.unpack(">II", file.read(24)[16:])
    kinds = [kind for kind in ("csv", "svg", "png", "pdf") if (folder / f"{name}.{kind}").is_file()]
    about = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
    return {**about, "width": width, "height": height, "kinds": kinds}


def _table(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = [list(map(unescape_formula, row)) for row in csv.reader(file)]
    keep = [i for i, name in enumerate(rows[0]) if name != "note"]
    columns, *body = ([row[i] for i in keep] for row in rows)
    body = [[_told(column, cell) for column, cell in zip(columns, row, strict=True)] for row in body]
    return _shown(path.stem, columns, body, _SHOWN_ROWS)


def _told(column, value):
    """A value of a column in the run's language."""
    return _TOLD.get(column, functools.partial(display_name, column))(value)


def _shown(name, columns, rows, most=None):
    """A table as pages show it: its first rows, how many more there are, and which columns are of numbers."""
    shown = rows[:most]
    cells = [[row[i] for row in shown if row[i]] for i in range(len(columns))]
    numbers = {i for i, column in enumerate(cells) if column and all(map(_NUMBER.fullmatch, column))}
    return {"name": name, "columns": columns, "rows": shown, "all": rows, "more": len(rows) - len(shown)} | {
        "numbers": numbers
    }
