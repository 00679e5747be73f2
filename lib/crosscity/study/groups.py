"""Which documents take part, what they are grouped by, and what every figure must say of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from .. import CrosscityError
from ..language import display_name, tr

if TYPE_CHECKING:
    from collections.abc import Mapping

_PLURALS = {
    "city": "cities",
    "province": "provinces",
    "year": "years",
    "unit": "units",
    "voice": "voices",
    "genre": "genres",
    "doc_id": "documents",
}
WITHIN = ("unit", "voice")  # what may be less than a document: a unit's own report, and whoever speaks
_MOST_LABELLED = 0.9  # share of documents that a label must identify, if it does not identify all


def resolve_by(by: str, documents: pd.DataFrame, only: Mapping[str, Any] | None = None) -> str:
    """The column to compare by; auto looks at the documents that take part alone.

    Raises
    ------
    CrosscityError
        If there is no such column, or it is empty throughout.
    """
    if by == "auto":
        part = documents[exclusion_reasons(documents, only or {}, "doc_id") == ""]
        # A column that most documents leave empty would throw them into one group.
        stated = part[["city", "province", "year"]].replace("", pd.NA)
        candidates = [c for c in stated if stated[c].nunique() > 1 and 2 * stated[c].notna().sum() >= len(part)]
        return candidates[0] if candidates else "doc_id"
    if by in WITHIN:
        return by
    if by not in documents.columns:
        msg = f"by is {by!r}, which corpus has no column for; it has voice, unit, {', '.join(documents.columns)}"
        raise CrosscityError(msg)
    if documents[by].replace("", pd.NA).isna().all():
        msg = f"by is {by!r}, but no document states it: fill the column in corpus.csv, or compare by another"
        raise CrosscityError(msg)
    return by


def exclusion_reasons(documents: pd.DataFrame, only: Mapping[str, Any], by: str) -> pd.Series:
    """Why each document takes no part; empty if it does.

    A document is excluded by the manifest, by the parameter `only`, or since its text takes part under another name.

    Raises
    ------
    CrosscityError
        If `only` names a column that the corpus lacks.
    """
    index, documents = documents.index, documents.reset_index(drop=True)
    reasons = documents["exclude"].astype("object").copy()
    for column, wanted in only.items():
        if column not in documents.columns:
            msg = f"only names the column {column!r}, which corpus does not have"
            raise CrosscityError(msg)
        wanted = {str(w) for w in (wanted if isinstance(wanted, list) else [wanted])}
        other = (reasons == "") & ~documents[column].astype("str").isin(wanted)
        words = {"column": display_name("column", column), "said": tr(" or ").join(sorted(wanted))}
        reasons[other] = tr("{column} is not {said}", **words)
    text, stated = documents["duplicate_of"].where(documents["duplicate_of"] != "", documents["doc_id"]), reasons == ""
    if by not in ("doc_id", *WITHIN):
        # One text under several groups is wrong at least once, and nobody can tell where, unless the manifest says it.
        label = documents[by].astype("str").where((documents["exclude"] == "") & (documents[by].astype("str") != ""))
        spread = label.groupby(text).transform("nunique") > 1
        reasons[(reasons == "") & spread] = tr("the same text stands under another {by}", by=display_name("column", by))
        stated = label.notna()
    # Of copies one takes part, one that states its group if there is any: counted twice a text would weigh twice.
    order = pd.DataFrame({"text": text, "stated": ~stated, "doc_id": documents["doc_id"]})[reasons == ""]
    order = order.sort_values("stated", kind="stable")
    copies = order[order["text"].duplicated()]
    original = order.drop_duplicates("text").set_index("text")["doc_id"]
    reasons[copies.index] = [tr("a copy of {name}", name=name) for name in copies["text"].map(original)]
    return reasons.set_axis(index)


def group_labels(documents: pd.DataFrame, by: str) -> pd.Series:
    """The group of each document; of units and voices, the one that text outside any unit belongs to."""
    if by == "voice":  # the document's city, where no other has it
        city = documents["city"].astype("str")
        return document_label(documents).astype("str").where((city == "") | city.duplicated(keep=False), city)
    named = documents["city"].where(documents["city"] != "", documents["doc_id"])
    label = named if by == "unit" else documents[by]
    stated = label.notna() & (label.astype("str") != "")
    return label.astype("str").where(stated, tr("not stated")).astype("str")


def corpus_notes(documents: pd.DataFrame, by: str) -> list[str]:
    """Caveats that every figure of these documents bears, in the run's language.

    Parameters
    ----------
    documents : DataFrame
        Rows of corpus that take part, with the column group.
    by : str
        What is compared.
    """
    notes = []
    if (documents["edition"] == "restated").any():
        notes.append(tr("demonstration text"))
    if (documents["edition"] == "invented").any():
        notes.append(tr("invented text"))
    # One group that rests on one document is enough: what sets it apart may be that document's genre or date.
    if (by in WITHIN and len(documents) == 1) or (by not in WITHIN and documents.groupby("group").size().min() > 1):
        return notes
    mixed = [c for c in ("genre", "speaker", "level", "doc_type", "year") if c != by and documents[c].nunique() > 1]
    if mixed or by == "unit":
        many = display_name("many", _PLURALS[by]) if by in _PLURALS else by
        return [*notes, tr("differences between documents; not attributable to {many}", many=many)]
    if by in _PLURALS and documents.groupby("group").size().max() == 1:
        notes.append(tr("one document a {by}", by=display_name("column", by)))
    return notes


def plural(by: str) -> str:
    """The plural of what is compared, in the run's language: cities, years ..."""
    return display_name("many", _PLURALS[by]) if by in _PLURALS else tr("values of {by}", by=by)


def document_label(documents: pd.DataFrame) -> pd.Series:
    """A short label for each document: city, province or year, whichever first identifies them all.

    If none does, the first that identifies nine of ten, with the doc_id for the others; else the doc_id for all.
    """
    partial, columns = None, ["city", "province", "year", "doc_type"]
    stated = documents[columns].astype("object").fillna("").astype(str)
    stated["type"] = (stated["year"] + " " + stated["doc_type"]).where(stated["year"] != "", "")
    for names in (["city"], ["province"], ["year"], ["city", "year"], ["province", "year"], ["type"]):
        label = stated[names].agg(" ".join, axis=1).str.strip()
        unique = ~label.duplicated(keep=False) & (label != "")
        if unique.all():
            return label
        unique &= (stated[names] != "").all(axis=1)
        if partial is None and unique.mean() > _MOST_LABELLED:
            partial = label.where(unique, documents["doc_id"])
    return documents["doc_id"] if partial is None else partial
