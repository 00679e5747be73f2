"""The search of the report's first page."""

from __future__ import annotations

import base64
import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..language import tr

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

MOST_ROWS, LONGEST = 400, 160  # of each table that is searched; characters of a cell
_KINDS = ("Findings", "Figures", "Pages", "Tables", "Rows of tables", "Documents")
_FINDING, _FIGURE, _PAGE, _TABLE, _ROW, _DOCUMENT = range(len(_KINDS))


def search_script(runs: Iterable[Mapping[str, Any]], documents: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """The script of the search, its checksum for the page's policy, and its data.

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

    entries: list[tuple[int, str, str, str, str]] = []  # kind, heading, title, text, address
    tables: list[dict[str, Any]] = []
    cut = False
    for run in runs:
        folder, heading = quote(run["id"]), run["heading"]
        page = f"{folder}/index.html"
        entries += [(_FINDING, heading, "", text, f"{page}#findings") for text in run["findings"]]
        for figure in run["figures"]:
            address = f"{page}#figure-{quote(figure['name'])}"
            entries.append((_FIGURE, heading, figure["title"], figure["alt"], address))
        entries += [(_PAGE, heading, p["title"], "", f"{folder}/{quote(p['name'])}.html") for p in run["pages"]]
        for table in run["tables"]:
            address = f"{page}#table-{quote(table['name'])}"
            entries.append((_TABLE, heading, table["name"], ", ".join(table["columns"]), address))
            rows = [[cell[:LONGEST] for cell in row] for row in table["all"][:MOST_ROWS]]
            cut |= len(table["all"]) > MOST_ROWS
            tables.append(
                {"run": heading, "name": table["name"], "href": address, "columns": table["columns"], "rows": rows}
            )
    entries += [(_DOCUMENT, str(d["group"]), d["doc_id"], str(d["title"]), "index.html#documents") for d in documents]
    data = {
        "kinds": list(map(tr, _KINDS)),
        "finding": _FINDING,
        "row": _ROW,
        "words": {
            "found": tr("{n} results."),
            "none": tr("Nothing is found."),
            "more": tr("Show {n} more"),
            "row": tr("row"),
        },
        "cut": tr("Of longer tables the first {n} rows are searched; their CSV has all.", n=MOST_ROWS) if cut else "",
        "entries": entries,
        "tables": tables,
    }
    script = (Path(__file__).with_name("resources") / "search.js").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(script.encode("utf-8")).digest()).decode()
    encoded = json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    return {"text": Markup(script), "sum": f"sha256-{digest}", "data": Markup(encoded)}
