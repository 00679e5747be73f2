"""The search of the report: a page that holds its index, packed, and loads nothing."""

from __future__ import annotations

import base64
import gzip
import hashlib
import itertools
import json
import re
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from ..chinese import HAN
from ..language import glossary, tr
from .result_tables import column_title, indicator_titles, table_title

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import pandas as pd

    from ..study.grouped_corpus import GroupedCorpus

MOST_ROWS, LONGEST = 8000, 400  # of each table that is searched; characters of a cell
_MOST_TEXT = 20_000_000  # characters of documents that a page holds: twice as many bytes
_MOST_FACTS = 50_000  # indicators, and programmes
_COMPRESSION = 6  # 9 takes two and a half times as long, and saves a hundredth
_KINDS = (
    "Findings",
    "Figures",
    "Pages",
    "Tables",
    "Indicators",
    "Programmes",
    "Paragraphs",
    "Rows of tables",
    "Documents",
)
_FINDING, _FIGURE, _PAGE, _TABLE, _INDICATOR, _PROGRAMME, _PARAGRAPH, _ROW, _DOCUMENT = range(len(_KINDS))
_NUMBER = re.compile(r"[-−+]?[\d.,]+(?:[eE][-+]?\d+)?%?")
_HAN = re.compile(f"[{HAN}]")


class _Entry(NamedTuple):
    """What can be found besides paragraphs and rows; `at` is its place in the index where it has no address."""

    kind: int
    where: str
    title: str
    text: str
    href: str
    more: str = ""  # is searched, and not shown


def search_script(runs: Iterable[Mapping[str, Any]], corpus: GroupedCorpus) -> dict[str, Any]:
    """The script of the search, its checksum for the page's policy, its data, and what it searches in words.

    Paragraphs are searched where the tables hold text. The readings of characters and the English of terms stand beside
    the index, so that pinyin and English words are looked for in Chinese text.

    Parameters
    ----------
    runs : list of dict
        Of `report`: id, heading, findings, figures, pages, tables (name, columns, rows of all).
    corpus : GroupedCorpus
        Whose documents are searched.

    Returns
    -------
    dict
        text and sum (sha256-...) of the script; data, JSON that no text in it can end; extent and gaps: what is
        searched, and what is not, a sentence each.
    """
    from markupsafe import Markup

    runs = list(runs)
    documents = [_document_names(row) for row in corpus.corpus.astype("object").fillna("").to_dict("records")]
    with_text = corpus.has_text and corpus.corpus["n_chars"].sum() <= _MOST_TEXT
    paragraphs = _paragraphs(corpus) if with_text else []
    entries = [entry for run in runs for entry in _run_entries(run)]
    facts, rarer = _fact_entries(corpus, with_text)
    entries += [
        *facts,
        *(_Entry(_DOCUMENT, d[0], d[1], "", f"#p={i}.0", d[0]) for i, d in enumerate(documents)),
    ]
    tables = [_table(run, table) for run in runs for table in run["tables"]]
    everything = "".join(
        ["".join(text for _, text in part) for part in paragraphs]
        + ["".join(entry) for entry in (e[1:4] + e[5:] for e in entries)]
        + ["".join(map("".join, table["rows"])) for table in tables]
    )
    index = {"documents": documents, "paragraphs": paragraphs, "entries": entries, "tables": tables}
    packed = base64.b64encode(gzip.compress(_json(index).encode("utf-8"), _COMPRESSION, mtime=0)).decode()
    data = {
        "kinds": list(map(tr, _KINDS)),
        "roles": {"finding": _FINDING, "paragraph": _PARAGRAPH, "row": _ROW},
        "words": _words(),
        "readings": _readings(everything),
        "glosses": sorted([term, gloss] for term, gloss in glossary().items() if term in everything),
        "index": packed,
    }
    script = (Path(__file__).with_name("resources") / "search.js").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(script.encode("utf-8")).digest()).decode()
    encoded = _json(data).replace("<", "\\u003c")
    return {
        "text": Markup(script),
        "sum": f"sha256-{digest}",
        "data": Markup(encoded),
        "extent": tr(
            "Searched: {paragraphs:,} paragraphs of {documents:,} documents, {rows:,} rows of {tables:,} tables, "
            "findings, figures and their panels, programmes and indicators. "
            "The index takes {size:.1f} MB of this page.",
            paragraphs=sum(map(len, paragraphs)),
            documents=len(documents),
            rows=sum(len(table["rows"]) for table in tables),
            tables=len(tables),
            size=len(encoded.encode("utf-8")) / 1e6,
        ),
        "gaps": _gaps(runs, corpus, with_text, rarer),
    }


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _document_names(row: Mapping[str, Any]) -> list[str]:
    """The group of a document, and its title (its name where it has none) with the year."""
    title = str(row["title"] or row["doc_id"])
    year = str(row["year"] or "")
    return [str(row["group"]), f"{title} ({year})" if year and year not in title else title]


def _paragraphs(corpus: GroupedCorpus) -> list[list[tuple[int, str]]]:
    """Number and text of each paragraph, by document."""
    parts = dict(list(corpus.table("paragraphs").groupby("doc_id", sort=False)))
    rows = (parts.get(doc_id) for doc_id in corpus.corpus["doc_id"])
    return [[] if p is None else list(zip(map(int, p["paragraph"]), p["text"], strict=True)) for p in rows]


def _run_entries(run: Mapping[str, Any]) -> list[_Entry]:
    """Findings, figures with the names in their panels, pages and tables of a run."""
    from jinja2.filters import do_urlencode as quote

    folder, heading = quote(run["id"]), run["heading"]
    page = f"{folder}/index.html"
    entries = [_Entry(_FINDING, heading, "", text, f"{page}#findings") for text in run["findings"]]
    for figure in run["figures"]:
        address = f"{page}#figure-{quote(figure['name'])}"
        entries.append(_Entry(_FIGURE, heading, figure["title"], figure["alt"], address, figure.get("panels", "")))
    entries += [_Entry(_PAGE, heading, p["title"], "", f"{folder}/{quote(p['name'])}.html") for p in run["pages"]]
    for table in run["tables"]:
        columns = ", ".join(map(column_title, table["columns"]))
        name = table["name"]
        entries.append(_Entry(_TABLE, heading, table_title(name), columns, f"{page}#table-{quote(name)}", name))
    return entries


def _fact_entries(corpus: GroupedCorpus, with_text: bool) -> tuple[list[_Entry], int]:
    """What documents report figures of, and the programmes that they name: how often, by whom, and where first.

    Those of most groups; and how many more there are.
    """
    entries, rarer = [], 0
    for kind, name, column in ((_INDICATOR, "quantities", "item"), (_PROGRAMME, "programmes", "canonical")):
        found = _mentions(corpus, name, column, with_text)
        rarer += max(len(found) - _MOST_FACTS, 0)
        for item, (times, groups, at) in itertools.islice(found.items(), _MOST_FACTS):
            many = _times(kind, times)
            text = tr(
                "{said}, in {groups}", said=many, groups=tr(", ").join(groups[:12]) + ("…" if len(groups) > 12 else "")
            )
            entries.append(_Entry(kind, text, item, "", at))
    return entries, rarer


def _times(kind: int, n: int) -> str:
    """How often an indicator or programme stands."""
    if kind == _INDICATOR:
        return tr("1 value") if n == 1 else tr("{n:,} values", n=n)
    return tr("named once") if n == 1 else tr("named {n:,} times", n=n)


def _mentions(corpus: GroupedCorpus, name: str, column: str, with_text: bool) -> dict[str, tuple[int, list[str], str]]:
    """By item: how often it stands, in which groups, and where first; those of most groups first."""
    order = {doc_id: i for i, doc_id in enumerate(corpus.corpus["doc_id"])}
    label = dict(zip(corpus.corpus["doc_id"], map(str, corpus.corpus["group"]), strict=True))
    rows: pd.DataFrame = corpus.table(name)
    rows = rows[(rows[column] != "") & rows["doc_id"].isin(list(order))]
    found: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for item, doc_id, paragraph in rows[[column, "doc_id", "paragraph"]].itertuples(index=False, name=None):
        found[item].append((doc_id, paragraph))
    told = {}
    for item, places in found.items():
        doc_id, paragraph = places[0]
        at = f"#p={order[doc_id]}.{paragraph}" if with_text else "indicators.html"
        told[item] = (len(places), list(dict.fromkeys(label[d] for d, _ in places)), at)
    return dict(sorted(told.items(), key=lambda told: (-len(told[1][1]), -told[1][0], told[0])))


def _table(run: Mapping[str, Any], table: Mapping[str, Any]) -> dict[str, Any]:
    from jinja2.filters import do_urlencode as quote

    return {
        "run": run["heading"],
        "name": table_title(table["name"]),
        "href": f"{quote(run['id'])}/index.html#table-{quote(table['name'])}",
        "columns": [column_title(c) for c in table["columns"]],
        "rows": [[str(cell)[:LONGEST] for cell in row] for row in table["all"][:MOST_ROWS]],
    }


def panel_names(rows: Sequence[Sequence[str]]) -> str:
    """The names in the data of a figure, which its panels and axes show: cells that are no numbers, each once."""
    names = dict.fromkeys(cell for row in rows for cell in row if len(cell) <= 40 and not _NUMBER.fullmatch(cell))
    titles = {title: name for title, name in indicator_titles() if title in names or name in names}
    return " ".join([*names, *titles, *titles.values()])


def _readings(text: str) -> dict[str, str]:
    """The characters of a text by their readings without tones; a character with several stands with each."""
    from pypinyin import Style, pinyin

    readings: dict[str, list[str]] = defaultdict(list)
    for character in sorted(filter(_HAN.fullmatch, set(text))):
        for reading in dict.fromkeys(pinyin(character, style=Style.NORMAL, heteronym=True)[0]):
            if reading.isascii() and reading.isalpha():
                readings[reading].append(character)
    return {reading: "".join(characters) for reading, characters in sorted(readings.items())}


def _gaps(runs: Sequence[Mapping[str, Any]], corpus: GroupedCorpus, with_text: bool, rarer: int) -> list[str]:
    """What is not searched."""
    gaps = [] if corpus.has_text else [tr("These tables hold no text: paragraphs are not searched.")]
    if corpus.has_text and not with_text:
        n = int(corpus.corpus["n_chars"].sum())
        gaps.append(tr("The documents are too long for a page ({n:,} characters): search them in the explorer.", n=n))
    if rarer:
        gaps.append(tr("Not searched: {n:,} indicators and programmes that fewest groups name.", n=rarer))
    long = [
        f"{table_title(table['name'])} ({table['length']:,})"
        for run in runs
        for table in run["tables"]
        if table["length"] > MOST_ROWS
    ]
    if long:
        names = tr("; ").join(dict.fromkeys(long))
        gaps.append(tr("Of these tables only the first {n:,} rows are searched: {names}.", n=MOST_ROWS, names=names))
    if failed := [run["heading"] for run in runs if run["failed"]]:
        gaps.append(tr("These notebooks failed and have no results: {names}.", names=tr("; ").join(failed)))
    gaps.append(tr("Not searched: what cleaning removed, and the code of notebooks."))
    if len(corpus.left_out):
        gaps.append(tr("Documents left out of the comparison are not searched: {n}.", n=len(corpus.left_out)))
    return gaps


def _words() -> dict[str, str]:
    """What the script says; values in braces are its to fill in."""
    texts = {
        "one": "1 result.",
        "found": "{n} results.",
        "none": "No results.",
        "stands": "Found {times} times in the text of {documents} of {all} documents.",
        "gloss": "“{word}” is also looked for as {terms}.",
        "pinyin": "“{word}” is also read as pinyin.",
        "more": "Show {n} more",
        "row": "row {n}",
        "paragraph": "paragraph {n}",
        "back": "Back to the results",
        "whole": "The table on its page",
        "loading": "The index is being unpacked …",
        "old": "This browser cannot unpack the index: take one of 2023 or later.",
        "rest": "{n} more are not listed: add a word.",
    }
    return {name: tr(text) for name, text in texts.items()}
