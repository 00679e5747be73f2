import base64
import hashlib
import json
from pathlib import Path

from .. import language

MOST_ROWS, LONGEST = 400, 160  # of each table that is searched; characters of a cell


_KINDS = ("Findings", "Figures", "Pages", "Tables", "Rows of tables", "Documents")


_FINDING, _FIGURE, _PAGE, _TABLE, _ROW, _DOCUMENT = range(len(_KINDS))


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
    text = (Path(__file__).with_name("resources") / "search.js").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode()
    told = json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    return {"text": Markup(text), "sum": f"sha256-{digest}", "data": Markup(told)}
