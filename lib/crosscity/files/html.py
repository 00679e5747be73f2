"""Pages of the report: their templates, the font that is part of each, and the search that needs no server."""

import base64
import functools
import hashlib
import io
import json
import re
from pathlib import Path

from .. import RESOURCES, language

MOST_ROWS, LONGEST = 400, 160  # of each table that is searched; characters of a cell
_KINDS = ("Findings", "Figures", "Pages", "Tables", "Rows of tables", "Documents")
_FINDING, _FIGURE, _PAGE, _TABLE, _ROW, _DOCUMENT = range(len(_KINDS))
_FONT = "<font>"  # text from documents cannot hold it: there < is escaped
_HAN, _LATIN = re.compile("[\u3400-\u9fff]"), re.compile("[A-Za-z]+")


@functools.cache
def environment():
    """Templates of the resources, which escape what they are given and take an unknown name for an error."""
    from jinja2 import Environment, FunctionLoader, StrictUndefined

    made = Environment(
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
        loader=FunctionLoader(lambda name: (RESOURCES / name).read_text(encoding="utf-8")),
    )
    made.filters["lang"] = lang_attribute
    made.globals |= {"tr": language.tr, "heading": language.heading, "language": language.current}
    return made


def lang_attribute(text):
    """The attribute lang of a text that is not in the language of the page: Chinese, or English; else nothing.

    Chinese is a text with more Chinese characters than Latin words; one without either is of the page's language.
    """
    from markupsafe import Markup

    han, latin = len(_HAN.findall(str(text))), len(_LATIN.findall(str(text)))
    told = "zh" if han > latin else "en" if latin else language.current()
    return Markup("") if told == language.current() else Markup(' lang="{}"').format(told)


def render(template, home="", here="", script=None, **values):
    """A page; `with_fonts` puts its font in.

    Parameters
    ----------
    template : str
        Its name in the resources.
    home : str
        What leads from the page to the folder of the report: "" or "../".
    here : str
        The page's own name in the navigation.
    script : dict, optional
        Of `search_script`.
    **values
        What the template shows.

    Returns
    -------
    str
    """
    from markupsafe import Markup

    frame = {"home": home, "here": here, "script": script, "language": language.current(), "font": Markup(_FONT)}
    return environment().get_template(template).render(**frame, **values)


def with_fonts(pages):
    """Pages of `render`, by whatever, each with the font of the Chinese that it shows.

    The whole font is cut once, to what all pages show: of the whole each page would take half a second.
    """
    small = _cut(FONT_FILE.read_bytes(), "".join(pages.values()), None)
    return {name: text.replace(_FONT, _rule(_cut(small, text)), 1) for name, text in pages.items()}


def font_face(text):
    """A CSS rule with the vendored font, cut to the Chinese characters of a text, so that a page needs no font."""
    return _rule(_cut(FONT_FILE.read_bytes(), text))


def _cut(font, text, flavor="woff"):
    """A font's bytes with the glyphs of a text's Chinese characters alone."""
    from fontTools import subset

    options = subset.Options(flavor=flavor, layout_features=[], recalc_timestamp=False)
    with subset.load_font(io.BytesIO(font), options) as whole:
        cut = subset.Subsetter(options)
        cut.populate(unicodes={ord(c) for c in text if c >= "\u2e80"} | {0x20})
        cut.subset(whole)
        buffer = io.BytesIO()
        subset.save_font(whole, buffer, options)
    return buffer.getvalue()


def _rule(font):
    data = base64.b64encode(font).decode()
    # First in the pages' lists of fonts, for Chinese alone: behind another it comes too late for the first word.
    source = f"url(data:font/woff;base64,{data}) format('woff')"
    return f"@font-face {{ font-family: crosscity; unicode-range: U+2E80-10FFFF; src: {source}; }}\n"


def search_script(runs, documents):
    """The search of the first page: its script, the policy's checksum of it, and what is searched.

    Parameters
    ----------
    runs : list of dict
        Of `report`: id, heading, findings, figures, pages, tables (name, columns, rows of all).
    documents : list of dict
        With doc_id, title and group.

    Returns
    -------
    dict
        text and sum (sha256-...) of the script; data, which no text in it can end: it holds no <.
    """
    from jinja2.filters import do_urlencode as quote
    from markupsafe import Markup

    tr, entries, tables, cut = language.tr, [], [], False
    for run in runs:
        page, heading = f"{quote(run['id'])}/index.html", run["heading"]
        entries += [(_FINDING, heading, "", text, f"{page}#findings") for text in run["findings"]]
        entries += [
            (_FIGURE, heading, f["title"], f["alt"], f"{page}#figure-{quote(f['name'])}") for f in run["figures"]
        ]
        entries += [
            (_PAGE, heading, p["title"], "", f"{quote(run['id'])}/{quote(p['name'])}.html") for p in run["pages"]
        ]
        for table in run["tables"]:
            href = f"{page}#table-{quote(table['name'])}"
            entries.append((_TABLE, heading, table["name"], ", ".join(table["columns"]), href))
            rows = [[cell[:LONGEST] for cell in row] for row in table["all"][:MOST_ROWS]]
            cut |= len(table["all"]) > MOST_ROWS
            tables.append({"run": heading, "name": table["name"], "href": href})
            tables[-1] |= {"columns": table["columns"], "rows": rows}
    entries += [(_DOCUMENT, str(d["group"]), d["doc_id"], str(d["title"]), "index.html#documents") for d in documents]
    words = {
        "found": tr("{n} results."),
        "none": tr("Nothing is found."),
        "more": tr("Show {n} more"),
        "row": tr("row"),
    }
    most = tr("Of longer tables the first {n} rows are searched; their CSV has all.", n=MOST_ROWS) if cut else ""
    data = {"kinds": list(map(tr, _KINDS)), "finding": _FINDING, "row": _ROW, "words": words, "cut": most}
    data |= {"entries": entries, "tables": tables}
    text = (RESOURCES / "search.js").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode()
    told = json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    return {"text": Markup(text), "sum": f"sha256-{digest}", "data": Markup(told)}


FONT_FILE = Path(str(RESOURCES / "fonts" / "NotoSansSC-crosscity.ttf"))
