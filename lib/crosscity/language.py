"""The language of a run's output: titles, labels and captions in English or Chinese, from a catalogue.

In English output Chinese terms carry a gloss, from a glossary.
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
# The column of glosses of each column of terms.
GLOSS_COLUMNS = {"term": "gloss", "collocate": "gloss", "a": "gloss_a", "b": "gloss_b"}
_language = "en"


def use_language(language: str) -> None:
    """Set the language of all output from now on.

    Raises
    ------
    CrosscityError
        If it is not one of LANGUAGES.
    """
    global _language
    if language not in LANGUAGES:
        msg = f"language is {language!r}; the choices are {', '.join(LANGUAGES)}"
        raise CrosscityError(msg)
    _language = language


@contextlib.contextmanager
def in_language(language: str) -> Iterator[None]:
    """Set the language for a block: ``with in_language("en"): ...``."""
    previous = _language
    use_language(language)
    try:
        yield
    finally:
        use_language(previous)


def current_language() -> str:
    """The language that is set: one of LANGUAGES."""
    return _language


def tr(english: str, **values: object) -> str:
    """A text in the run's language, its values filled in: ``tr("{n} documents", n=5)``.

    Parameters
    ----------
    english : str
        The template, with values in braces as of `str.format`. It is the key of the catalogue, and the text itself if
        the language is English or the catalogue lacks it.
    **values
        By name; without any, braces stay as they are.
    """
    template = english if _language == "en" else catalogue(_language).get(english, english)
    return template.format(**values) if values else template


def display_name(kind: str, english: object) -> str:
    """The name of a value of the tables in the run's language: ``display_name("stance", "plan")``.

    Parameters
    ----------
    kind : str
        What it is a value of; as a rule the column's name.
    english : str
        The value itself, which is also its English name. A study's own values have no other.
    """
    return str(english) if _language == "en" else value_names(_language).get((kind, str(english)), str(english))


def heading(column: object) -> str:
    """The heading of a column in the run's language; files keep the column's name."""
    return display_name("column", column)


def join_items(items: Iterable[object]) -> str:
    """Items joined by the commas of the run's language."""
    return tr(", ").join(map(str, items))


def gloss(term: object) -> str:
    """The English gloss of a Chinese term, one to three words; "" in Chinese output or if the glossary lacks it."""
    return glossary().get(str(term), "") if _language == "en" else ""


def with_glosses(table: pd.DataFrame) -> pd.DataFrame:
    """A table with a column of glosses behind each column of terms (`GLOSS_COLUMNS`), in English output.

    A table that people fill in (it has a column accept) stays as it is; a and b are terms only in a table of edges.
    """
    if _language != "en" or "accept" in table:
        return table
    edges = {"a", "b", "weight"} <= set(table.columns)
    for column, glosses in GLOSS_COLUMNS.items():
        if column in table and glosses not in table and (edges or column not in ("a", "b")):
            table = table.copy(deep=False)
            table.insert(table.columns.get_loc(column) + 1, glosses, [gloss(term) for term in table[column]])
    return table


@functools.cache
def catalogue(language: str) -> dict[str, str]:
    """Translations by English template, from resources/LANGUAGE.tsv (two columns; # begins a comment)."""
    return {english.replace("\\n", "\n"): other.replace("\\n", "\n") for english, other in _rows(f"{language}.tsv")}


@functools.cache
def value_names(language: str) -> dict[tuple[str, str], str]:
    """Names of values by kind and English name, from resources/LANGUAGE-names.tsv (three columns)."""
    return {(kind, english): other for kind, english, other in _rows(f"{language}-names.tsv")}


@functools.cache
def glossary() -> dict[str, str]:
    """Glosses by term, from resources/glossary.tsv (two columns)."""
    return dict(_rows("glossary.tsv"))


def _rows(file: str) -> list[list[str]]:
    return read_tsv(Path(__file__).with_name("resources") / file, header=False)


def glosses_in(text: str) -> list[tuple[str, str]]:
    """The terms of a Chinese text that the glossary knows, in order, each with its gloss; none in Chinese output.

    At each place the longest term counts, of two characters at least.
    """
    if _language != "en":
        return []
    known, longest, found, at = glossary(), _longest_term(), [], 0
    while at < len(text):
        ends = range(min(at + longest, len(text)), at + 1, -1)
        end = next((end for end in ends if text[at:end] in known), 0)
        if end:
            found.append((text[at:end], known[text[at:end]]))
        at = end or at + 1
    return found


@functools.cache
def _longest_term() -> int:
    return max(map(len, glossary()))
