"""The language of what a run shows: titles, labels and captions in English or Chinese, by a catalogue that is data."""

from __future__ import annotations

import functools

from . import RESOURCES, CrosscityError

LANGUAGES = ("en", "zh")
_now = "en"


def use_language(language: str) -> None:
    """Set the language of what is drawn and written from now on; `notebook.begin` does it by the run's parameter.

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


@functools.cache
def catalogue(language: str) -> dict[str, str]:
    """Templates of a language by their English, from resources/LANGUAGE.tsv (two columns; # begins a comment)."""
    rows = (RESOURCES / f"{language}.tsv").read_text(encoding="utf-8").splitlines()
    pairs = (row.split("\t") for row in rows if row and not row.startswith("#"))
    return {english.replace("\\n", "\n"): other.replace("\\n", "\n") for english, other in pairs}
