"""The report: one page with every finding and figure, that opens from a folder without a server or a network."""

import base64
import csv
import html
import io
import json
import re
from pathlib import Path

from . import RESOURCES
from .figures import FONT_FILE, write_text
from .notebook import Run
from .parameters import read_parameters
from .pipeline import spare_grammar
from .record import methods, record, write_record
from .spreadsheet import restored

_SHOWN_ROWS = 12
_FONT = "<font>"  # text from documents cannot hold it: there < is escaped
_HEADINGS = {
    "01-corpus": "The corpus",
    "02-terms": "The words",
    "03-topics": "The topics",
    "04-compare": "What sets them apart",
    "05-profile": "Profile",
    "06-pair": "Two of them",
    "07-shared-text": "What they share word for word",
    "08-facts": "What they state",
    "09-robustness": "How far to believe it",
    "explore": "First answers",
}
_EXPLAINED = {
    "demonstration text": "Demonstration text: the documents restate others in the project's own words. Facts in them "
    "are the originals' facts; words counted in them are not the originals' words.",
    "one document": "Each stands for itself by one document: what is said here is said of these documents.",
    "differences between documents": "The documents differ in several respects at once (genre, date, speaker): what is "
    "shown are differences between documents, and not attributable to one of these.",
}
_VERSIONS = ("pandas", "numpy", "scipy", "scikit-learn", "jieba", "opencc", "matplotlib", "seaborn", "papermill")


def write_report(parameters, tables, reports, state):
    """Write reports/index.html, and a page a notebook, from what the runs of the plan left.

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
    from jinja2 import Environment
    from markupsafe import Markup

    values = read_parameters(parameters)
    corpus = Run("report", tables, None, values)
    planned = json.loads((Path(state) / "plan.json").read_text(encoding="utf-8"))
    runs = [_run(about) for about in planned]
    environment = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
    template = environment.from_string((RESOURCES / "report.html").read_text(encoding="utf-8"))
    sums = (Path(state) / "tables.sha256").read_text(encoding="utf-8").splitlines()
    about = record(values, tables, state, planned)
    page = template.render(
        methods=methods(about, "words")[0].split("\n\n"),
        font=Markup(_FONT),
        by=corpus.by,
        documents=corpus.corpus.astype("object").fillna("").to_dict("records"),
        left_out=corpus.left_out.astype("object").fillna("").to_dict("records"),
        notes=corpus.notes,
        explained=[next(t for start, t in _EXPLAINED.items() if note.startswith(start)) for note in corpus.notes],
        runs=runs,
        parameters=values,
        versions={"crosscity": about["crosscity"], "Python": about["platform"]["python"]}
        | {name: about["packages"].get(name, "") for name in _VERSIONS},
        sums=[line.split("  ", 1) for line in sums],
    )
    index = Path(reports) / "index.html"
    pages = {index: page} | _notebook_pages(planned)
    font = font_face("".join(pages.values()))
    for path, text in reversed(pages.items()):  # index.html last: what it links to is there
        write_text(path, text.replace(_FONT, font, 1))
    return [*pages, *write_record(about, reports, planned, list(pages))]


def _notebook_pages(runs):
    """The pages of executed notebooks, by path: each loads nothing from elsewhere; the font is still to be put in."""
    spare_grammar()
    from nbconvert import HTMLExporter
    from pygments.formatters import HtmlFormatter

    exporter = HTMLExporter(template_name="basic")
    frame = (RESOURCES / "page.html").read_text(encoding="utf-8")
    style = HtmlFormatter().get_style_defs(".highlight")
    pages = {}
    for run in runs:
        body, _ = exporter.from_filename(str(Path(run["out"]) / "notebook.ipynb"))
        # What scripts the template has load mathematics and diagrams from the web; the notebooks have neither.
        body = re.sub(r"<script\b.*?</script>", "", body, flags=re.DOTALL | re.IGNORECASE)
        text = frame.replace("{{ title }}", html.escape(run["id"])).replace("{{ style }}", _FONT + style)
        pages[Path(run["out"]) / "notebook.html"] = text.replace("{{ body }}", body)
    return pages


def font_face(text):
    """A CSS rule with the vendored font, cut to the Chinese characters of a text, so that a page needs no font."""
    from fontTools import subset

    options = subset.Options(flavor="woff", layout_features=[], recalc_timestamp=False)
    with subset.load_font(str(FONT_FILE), options) as font:
        cut = subset.Subsetter(options)
        cut.populate(unicodes={ord(c) for c in text if c >= "\u2e80"} | {0x20})
        cut.subset(font)
        buffer = io.BytesIO()
        subset.save_font(font, buffer, options)
    data = base64.b64encode(buffer.getvalue()).decode()
    # First in the pages' lists of fonts, for Chinese alone: behind another it comes too late for the first word.
    source = f"url(data:font/woff;base64,{data}) format('woff')"
    return f"@font-face {{ font-family: crosscity; unicode-range: U+2E80-10FFFF; src: {source}; }}\n"


def _run(about):
    folder = Path(about["out"])
    found = folder / "findings.json"
    told = (
        json.loads(found.read_text(encoding="utf-8"))
        if found.is_file()
        else {"findings": [], "figures": [], "pages": []}
    )
    figures = []
    for path in (folder / f"{name}.json" for name in told["figures"]):
        png = base64.b64encode(path.with_suffix(".png").read_bytes()).decode()
        figures.append({**json.loads(path.read_text(encoding="utf-8")), "png": png})
    drawn = {f["name"] for f in figures}
    group = about["parameters"].get("group")
    return {
        "id": about["id"],
        "heading": _HEADINGS[about["notebook"]] + (f": {group}" if group else ""),
        "findings": told["findings"],
        "pages": told["pages"],
        "figures": figures,
        "tables": [_table(path) for path in sorted(folder.glob("*.csv")) if path.stem not in drawn],
    }


def _table(path):
    with path.open(encoding="utf-8", newline="") as file:
        rows = [list(map(restored, row)) for row in csv.reader(file)]
    keep = [i for i, name in enumerate(rows[0]) if name != "note"]
    body = [[row[i] for i in keep] for row in rows[1 : _SHOWN_ROWS + 1]]
    return {
        "name": path.stem,
        "columns": [rows[0][i] for i in keep],
        "rows": body,
        "more": max(0, len(rows) - 1 - _SHOWN_ROWS),
    }
