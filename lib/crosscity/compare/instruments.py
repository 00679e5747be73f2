"""Instruments: the same way of working, found in documents whatever each calls it.

The thesaurus is data (resources/instruments.tsv): a canonical name, the names that documents use for it, and a document
of the centre on it, where one is known.
"""

from __future__ import annotations

import functools
import re
from bisect import bisect_right
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from .. import combined_error
from ..files import headed_rows
from ..ordering import sort_rows

HEADER = ("instrument", "gloss", "field", "year", "document", "variants")
COLUMNS = ("instrument", "doc_id", "paragraph", "start", "end", "variant")
TABLE_COLUMNS = ("instrument", "gloss", "field", "groups", "documents", "mentions", "first", "first_groups", "year")
KINDS = ("body", "heading", "title")  # of paragraphs that are read
_WIDTH = str.maketrans(",;()", "，；（）")
_STOP = "。"  # between paragraphs: no name goes over it


class Instrument(NamedTuple):
    """A line of the thesaurus.

    Attributes
    ----------
    name, gloss : str
        Canonical, and in English.
    field : str
        party, or report of work reports.
    year : int or None
        Of `document`.
    document : str
        Of the centre on it; empty if none is known.
    variants : re.Pattern
        The names by which documents call it.
    """

    name: str
    gloss: str
    field: str
    year: int | None
    document: str
    variants: re.Pattern[str]


def read_instruments(path: Path | str | None = None) -> list[Instrument]:
    """Read a thesaurus of instruments: columns with tabs between; lines that begin with # are comments.

    Parameters
    ----------
    path : str or Path, optional
        The shipped one if left out, which explains its columns.

    Raises
    ------
    CrosscityError
        If the file is absent or has wrong lines, each with the file and line.
    """
    return _read(str(path or Path(__file__).with_name("resources") / "instruments.tsv"))


@functools.cache
def _read(path: str) -> list[Instrument]:
    found: dict[str, Instrument] = {}
    problems = []
    for n, cells in headed_rows(path, HEADER):
        try:
            name, gloss, field, year, document, variants = cells
            if not all((name, gloss, field, variants)) or name in found:
                msg = "instrument, gloss, field and variants must be filled, and each instrument stand once"
                raise ValueError(msg)
            found[name] = Instrument(name, gloss, field, int(year) if year else None, document, re.compile(variants))
        except (ValueError, re.error) as error:
            problems.append(f"{path}, line {n}: {error}")
    if problems:
        raise combined_error(problems)
    return list(found.values())


def find_instruments(
    paragraphs: pd.DataFrame, path: Path | str | None = None, field: str | None = None
) -> pd.DataFrame:
    """Where documents name instruments.

    Parameters
    ----------
    paragraphs : DataFrame
        Of the contract.
    path : str or Path, optional
        Another thesaurus than the shipped one.
    field : str, optional
        Only instruments of this field.

    Returns
    -------
    DataFrame
        A row a mention, with `COLUMNS`, in the order of the text; variant is the name as it stands there.
    """
    instruments = [i for i in read_instruments(path) if field in (None, i.field)]
    read = paragraphs[paragraphs["kind"].isin(KINDS)]
    rows = []
    for doc_id, part in read.groupby("doc_id", sort=False):
        texts = [text.translate(_WIDTH) for text in part["text"]]
        starts = [0]
        for text in texts[:-1]:
            starts.append(starts[-1] + len(text) + len(_STOP))
        whole, numbers = _STOP.join(texts), part["paragraph"].tolist()
        spans = [(m.start(), m.end(), i.name, m.group()) for i in instruments for m in i.variants.finditer(whole)]
        for start, end, name, variant in spans:
            at = bisect_right(starts, start) - 1
            rows.append((name, doc_id, numbers[at], start - starts[at], end - starts[at], variant))
    return sort_rows(pd.DataFrame(rows, columns=COLUMNS), ["doc_id", "paragraph", "start", "end", "instrument"])


def instrument_table(mentions: pd.DataFrame, groups: pd.Series, dates: pd.Series) -> pd.DataFrame:
    """A row an instrument that is named: who has it, since when, and where it is named first.

    Parameters
    ----------
    mentions : DataFrame
        As from `find_instruments`.
    groups : Series
        The group of each mention.
    dates : Series
        The date or year of each document as text, by doc_id; empty where it is not known.

    Returns
    -------
    DataFrame
        instrument, gloss, field; groups, documents (tuples of str); mentions; first: the earliest date of a document
        that names it, and first_groups, whose it is; year of the centre's document; and doc_id, paragraph, start, end,
        variant of the first mention. Ordered by the number of groups, then of mentions, descending.
    """
    known = {i.name: (i, n) for n, i in enumerate(read_instruments())}
    rows = mentions.assign(group=groups.to_numpy(), date=mentions["doc_id"].map(dates).fillna(""))
    table = []
    for name, part in rows.groupby("instrument", sort=False):
        instrument = known.get(str(name), (None, len(known)))[0]
        dated = part[part["date"] != ""]
        first = dated["date"].min() if len(dated) else ""
        earliest = part[part["date"] == first]
        at = earliest.iloc[0]
        table.append(
            {
                "instrument": name,
                "gloss": instrument.gloss if instrument else "",
                "field": instrument.field if instrument else "",
                "groups": tuple(dict.fromkeys(part["group"])),
                "documents": tuple(dict.fromkeys(part["doc_id"])),
                "mentions": len(part),
                "first": first,
                "first_groups": tuple(dict.fromkeys(earliest["group"])) if first else (),
                "year": instrument.year if instrument else None,
                **{c: at[c] for c in ("doc_id", "paragraph", "start", "end", "variant")},
            }
        )
    columns = [*TABLE_COLUMNS, "doc_id", "paragraph", "start", "end", "variant"]
    result = pd.DataFrame(table, columns=columns).astype({"year": "Int64"})
    order = result.assign(n=-result["groups"].map(len), m=-result["mentions"])
    return result.loc[order.sort_values(["n", "m", "instrument"], kind="stable").index].reset_index(drop=True)
