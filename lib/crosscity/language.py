"""The language of what a run shows: titles, labels and captions in English or Chinese, by a catalogue that is data.

In English output Chinese terms carry a gloss, by a glossary that is data as well.
"""

from __future__ import annotations

import contextlib
import functools
from pathlib import Path
from typing import TYPE_CHECKING

from . import CrosscityError
from .files import read_tsv

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import pandas as pd

LANGUAGES = ("en", "zh")
GLOSSED = {"term": "gloss", "collocate": "gloss", "a": "gloss_a", "b": "gloss_b"}  # columns of terms, and of glosses
_now = "en"


def use_language(language: str) -> None:
    """Set the language of what is drawn and written from now on; `study.run.begin` does it by the run's parameter.

    Raises
    ------
    CrosscityError
        If it is not one of LANGUAGES.
    """
    global _now
    if language not in LANGUAGES:
        msg = f"language is {language!r}; the choices are {', '.join(LANGUAGES)}"
        raise CrosscityError(msg)
    _now = language


@contextlib.contextmanager
def speaking(language: str) -> Iterator[None]:
    """Another language for a while: ``with speaking("en"): ...``; errors as of `use_language`."""
    former = _now
    use_language(language)
    try:
        yield
    finally:
        use_language(former)


def current() -> str:
    """The language that is set."""
    return _now


def tr(english: str, **values: object) -> str:
    """A text in the run's language, with its values put in: ``tr("{n} documents", n=5)``.

    Parameters
    ----------
    english : str
        The template as it stands in the catalogue, with values in braces as of `str.format`; the key, and the text
        where the language is English or the catalogue has none.
    **values
        By name. Without any, braces are not read.
    """
    template = english if _now == "en" else catalogue(_now).get(english, english)
    return template.format(**values) if values else template


def called(kind: str, english: object) -> str:
    """What a value of the tables is called in the run's language: ``called("stance", "plan")``.

    Parameters
    ----------
    kind : str
        What it is a value of; as a rule the column's name.
    english : str
        The value, which is also what it is called where the language is English, or the names have none: a study's own.
    """
    return str(english) if _now == "en" else names(_now).get((kind, str(english)), str(english))


def heading(column: object) -> str:
    """The heading of a table's column in the run's language; files keep the column's name."""
    return called("column", column)


def listed(items: Iterable[object]) -> str:
    """Items with commas between, as the language writes them."""
    return tr(", ").join(map(str, items))


def gloss(term: object) -> str:
    """What a Chinese term means, in one to three words, where the language is English; "" if the glossary lacks it."""
    return glossary().get(str(term), "") if _now == "en" else ""


def with_glosses(table: pd.DataFrame) -> pd.DataFrame:
    """A table of terms with a column of glosses behind each column of terms (`GLOSSED`), where the language is English.

    A table that is of no terms, that people fill (`accept`), or has glosses already, stays as it is; a and b are terms
    in a table of edges alone.
    """
    if _now != "en" or "accept" in table:
        return table
    edges = {"a", "b", "weight"} <= set(table.columns)
    for column, beside in GLOSSED.items():
        if column in table and beside not in table and (edges or column not in ("a", "b")):
            table = table.copy(deep=False)
            table.insert(table.columns.get_loc(column) + 1, beside, [gloss(term) for term in table[column]])
    return table


@functools.cache
def catalogue(language: str) -> dict[str, str]:
    """Templates of a language by their English, from resources/LANGUAGE.tsv (two columns; # begins a comment)."""
    return {english.replace("\\n", "\n"): other.replace("\\n", "\n") for english, other in _rows(f"{language}.tsv")}


@functools.cache
def names(language: str) -> dict[tuple[str, str], str]:
    """Names of values by kind and English, from resources/LANGUAGE-names.tsv (three columns)."""
    return {(kind, english): other for kind, english, other in _rows(f"{language}-names.tsv")}


@functools.cache
def glossary() -> dict[str, str]:
    """Glosses by term, from resources/glossary.tsv (two columns)."""
    return dict(_rows("glossary.tsv"))


def _rows(file: str) -> list[list[str]]:
    return read_tsv(Path(__file__).with_name("resources") / file, header=False)
