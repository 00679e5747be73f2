"""Diffusion: what a higher level says first and lower ones take up, level by level, with dates and local edits."""

from __future__ import annotations

import math
import re
from collections import Counter
from typing import TYPE_CHECKING, Any

import pandas as pd
from rapidfuzz import fuzz

from ..documents import short_form
from ..facts import central
from ..words import Tokenizer, stop_words
from .counterparts import background
from .local_edits import local_edits
from .sources import known_days

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from .local_edits import Edit
    from .sources import Texts

LEVELS = ("state", "province", "city", "county")
USES = ("distinctive", "formula", "everyday")
FORMULA_YEARS = 10  # between a source's first use of a passage and a document's: then it is a formula of the genre
FORMULA_SOURCES = 3  # that must have it
FORMULA_SAID = 6  # years in which sources said it: then it is one, too
ALIKE, ALIKE_LENGTH = 80, 1.5  # percent of characters in which a passage is like a formula of that length at most
HALF = 0.5  # share of a level's documents: what they have is said by everyone
FEW = 5  # documents of a level that can be everyone
COMMON_PASSAGE = (
    25  # paragraphs, of a large corpus, of which one has a word, on the geometric mean of a passage's words
)
COMMON_NAME = 20  # the same of the rarest word of a name
EDITS = 3  # of an item that a table names
_STATED = {
    "state": "中央|国家|全国|中华人民共和国|国务院|central|national|state council|ministry",
    "province": "省|自治区|provinc",
    "city": "市|州|盟|city|municipal|prefect",
    "county": "县|区|旗|county|district",
}
_COLUMNS = ["item", "kind", "text", "use", "first", "year", "known", "sources", "documents", "lag"]
_ORDERS = ["earlier", "not told", "later"]


def levels(corpus: pd.DataFrame) -> pd.Series[str]:
    """The level of each document: state, province, city or county; empty where nothing says.

    By the column level, where it is stated; else by city and province (Beijing, Shanghai, Tianjin and Chongqing are
    provinces); of documents without either, those are the state's whose publisher, speaker, genre or title say so.
    """
    return pd.Series([_level(row) for row in corpus.to_dict("records")], corpus.index, dtype="str")


def _level(row: Mapping[Any, Any]) -> str:
    stated = _text(row, "level").lower()
    for level, words in _STATED.items():
        if stated == level or (stated and re.match(words, stated)):
            return level
    city, province = _text(row, "city"), _text(row, "province")
    if city:
        return "province" if province and short_form(city) == short_form(province) else "city"
    if province:
        return "province"
    said = " ".join(_text(row, c) for c in ("publisher", "speaker", "genre", "title")).lower()
    return "state" if re.search(_STATED["state"], said) else ""


def _text(row: Mapping[Any, Any], column: str) -> str:
    value = row.get(column, "")
    return value if isinstance(value, str) else ""


def with_edits(rows: pd.DataFrame, texts: Texts) -> tuple[pd.DataFrame, list[list[Edit]]]:
    """Take-ups with their wording and the source's, and the words that differ.

    Parameters
    ----------
    rows : DataFrame
        Of `take_up.take_ups`.
    texts : Texts

    Returns
    -------
    DataFrame
        With the columns source_text, document_text, edited (the marks of `local_edits`), changes (how many edits).
    list of list of Edit
        Of each row.
    """
    known = {(d, p): t for d, p, t in texts.paragraphs[["doc_id", "paragraph", "text"]].itertuples(index=False)}
    there = [
        known[d, p][a:b]
        for d, p, a, b in rows[["source", "source_paragraph", "source_start", "source_end"]].itertuples(index=False)
    ]
    here = [known[d, p][a:b] for d, p, a, b in rows[["doc_id", "paragraph", "start", "end"]].itertuples(index=False)]
    is_passage = rows["kind"].eq("passage")
    found = [local_edits(a, b) if p else (b, []) for a, b, p in zip(there, here, is_passage, strict=True)]
    table = rows.assign(source_text=there, document_text=here, edited=[marked for marked, _ in found])
    return table.assign(changes=[len(edits) for _, edits in found]), [edits for _, edits in found]


def items(
    rows: pd.DataFrame, edits: Sequence[Sequence[Edit]], corpus: pd.DataFrame, level: pd.Series[str]
) -> pd.DataFrame:
    """A row an item, the most telling first: who said it first, who took it up, when, and how it was changed.

    Parameters
    ----------
    rows : DataFrame
        Of `with_edits`.
    edits : sequence of sequences of Edit
        Of each row.
    corpus : DataFrame
        doc_id, date, year of all documents.
    level : Series
        The level of each document that may take something up, by doc_id.

    Returns
    -------
    DataFrame
        item, kind (passage, programme), text, use (one of `USES`), first (doc_id of the first source that has it),
        year (of that), known (the year of its central document by central.tsv), sources (how many have it),
        documents (that have it), lag (median years from the first source to them), earlier, not_told, later (how many
        of them come after the first source, at a time that is not told apart, before it), reworded (the commonest
        edits), and for each level how many documents have it, their share, and their first year: province,
        province_share, province_year.
    """
    years = _years(corpus)
    present = [name for name in LEVELS if (level == name).any()]
    sizes = level.value_counts()
    words = _Commonness()
    table = []
    for item, part in rows.assign(_edits=list(edits)).groupby("item", sort=False):
        first = str(part["first"].iloc[0])
        single = part.drop_duplicates("doc_id")
        lags = [years[d] - years[first] for d in single["doc_id"] if d in years and first in years]
        changed = Counter(_named(e) for found in part["_edits"] for e in set(found))
        programme = central().get(str(part["text"].iloc[0]).strip("“”"))
        row: dict[str, Any] = {
            "item": item,
            "kind": part["kind"].iloc[0],
            "text": part["text"].iloc[0],
            "first": first,
            "year": years.get(first),
            "known": int(programme.year) if programme and programme.year else None,
            "sources": len(sources := {s for found in part["sources"] for s in found}),
            "said": len({years[s] for s in sources if s in years}),
            "documents": len(single),
            "lag": float(pd.Series(lags).median()) if lags else None,
        }
        row |= {name.replace(" ", "_"): int((single["order"] == name).sum()) for name in _ORDERS}
        row["reworded"] = [said for said, _ in sorted(changed.items(), key=lambda kv: (-kv[1], kv[0]))[:EDITS]]
        of_level = single["doc_id"].map(level)
        for name in present:
            having = single.loc[of_level == name, "doc_id"]
            row[name], row[f"{name}_share"] = len(having), round(len(having) / int(sizes[name]), 4)
            row[f"{name}_year"] = min((years[d] for d in having if d in years), default=None)
        figures = [_figures(r.source_text) != _figures(r.document_text) for r in part.itertuples()]
        row["reports"] = row["kind"] == "passage" and sum(figures) > len(figures) / 2
        row["use"] = _use(row, [name for name in present if sizes[name] >= FEW], words)
        table.append(row)
    _spread_formulas(table)
    columns = [*_COLUMNS, *(o.replace(" ", "_") for o in _ORDERS), "reworded"]
    columns += [name + end for name in present for end in ("", "_share", "_year")]
    result = pd.DataFrame(table, columns=columns)
    result = result.astype({c: "Int64" for c in result if c in ("year", "known") or c.endswith("_year")})
    rank = result.assign(_use=result["use"].map(USES.index), _n=-result["earlier"], _all=-result["documents"])
    order = rank.sort_values(["_use", "_n", "_all", "text"], kind="stable").index
    return result.loc[order].reset_index(drop=True)


def _spread_formulas(table: list[dict[str, Any]]) -> None:
    """Make formulas of passages that consist of one for the most part."""
    formulas = [row["text"] for row in table if row["use"] == "formula"]
    for row in table:
        if row["kind"] == "passage" and row["use"] == "distinctive":
            like = (text for text in formulas if len(text) <= len(row["text"]) * ALIKE_LENGTH)
            if any(fuzz.partial_ratio(text, row["text"], score_cutoff=ALIKE) for text in like):
                row["use"] = "formula"


def _figures(text: str) -> list[str]:
    """The figures in a text: a passage with others is a form in which each reports its own."""
    return sorted(re.findall(r"\d+(?:\.\d+)?", text))


def _named(edit: Edit) -> str:
    if edit.source and edit.document:
        return f"{edit.source}→{edit.document}"
    return f"+{edit.document}" if edit.document else f"−{edit.source}"


def _years(corpus: pd.DataFrame) -> dict[str, int]:
    return {doc_id: int(days[0][:4]) for doc_id, days in known_days(corpus).items() if days}


class _Commonness:
    """How common the words of an item are in government documents: document-frequencies.tsv."""

    def __init__(self) -> None:
        self._words, self._stop, self._background = Tokenizer().words, stop_words(), background()

    def is_common(self, text: str, kind: str) -> bool:
        """Whether an item consists of everyday words."""
        words = {w for w in self._words(text) if len(w) > 1 and w not in self._stop}
        n, counts = self._background
        rare = sorted(math.log(n / counts.get(w, 1)) for w in words)
        if not rare:
            return True
        if kind == "programme":
            return rare[-1] < math.log(COMMON_NAME)
        return math.fsum(rare) / len(rare) < math.log(COMMON_PASSAGE)


def _use(row: Mapping[str, Any], large: Sequence[str], words: _Commonness) -> str:
    """Whether an item tells something of who takes up what, or is a formula of the genre, or said by everyone."""
    is_old = row["sources"] >= FORMULA_SOURCES and (row["lag"] or 0) >= FORMULA_YEARS
    if row["kind"] == "passage" and (is_old or row["said"] >= FORMULA_SAID or row["reports"]):
        return "formula"
    if any(row[f"{name}_share"] >= HALF for name in large) or words.is_common(row["text"], row["kind"]):
        return "everyday"
    return "distinctive"
