"""Queries that people type otherwise than the documents write: in English, in pinyin, in traditional characters."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING

from ..chinese import HAN_CHARACTER
from ..documents import normalize_term
from ..language import glossary

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

_SEPARATORS = re.compile("[,;，；、]+")
_MOST = 8  # words that a word in English or pinyin may stand for


class Queries:
    """What a query means in the words of some documents.

    Parameters
    ----------
    words : Index of str
        Of the documents.
    """

    def __init__(self, words: pd.Index) -> None:
        self._words = words
        self._known = frozenset(words)

    def understood(self, query: str, how: str) -> str:
        """The query with what is no word of the documents put into such words, where there are any.

        Parameters
        ----------
        query : str
        how : str
            words; or string: the query as a whole is one.
        """
        if how == "string":
            own = self._own(query.strip(), every=True)
            return own[0] if own else query
        parts = [part.strip() for part in _SEPARATORS.split(query) if part.strip()]
        found = [self._part(part) for part in parts]
        return query if found == parts else " ".join(found)

    def _part(self, part: str) -> str:
        """A part between commas: as a whole, or word by word."""
        pieces = part.split()
        if all(piece in self._known for piece in pieces):
            return part
        if whole := self._own(part):
            return " ".join(whole)
        return " ".join(" ".join([piece] if piece in self._known else self._own(piece) or [piece]) for piece in pieces)

    def _own(self, text: str, every: bool = False) -> list[str]:
        """The words that a text stands for, those of the documents before others; empty if it stands for none."""
        usual = normalize_term(text)
        if usual != text or HAN_CHARACTER.search(text):
            return [usual] if usual != text else []
        if same := self._by_letters.get(text.lower()):
            return [same]
        terms = _terms_by_gloss().get(_plain(text), [])
        own = [term for term in terms if every or term in self._known]
        return own[:_MOST] or self._of_pinyin(text) or terms[:1]

    def _of_pinyin(self, text: str) -> list[str]:
        letters = re.sub(r"[\s'’]", "", text).lower()
        return self._by_pinyin.get(letters, [])[:_MOST] if re.fullmatch("[a-zü]+", letters) else []

    @functools.cached_property
    def _by_letters(self) -> dict[str, str]:
        """The words in Latin letters, by these in lower case: GDP is gdp."""
        return {word.lower(): word for word in reversed(self._words) if word.isascii()}

    @functools.cached_property
    def _by_pinyin(self) -> dict[str, list[str]]:
        """The words by their pinyin without tones; made when pinyin is first searched for."""
        found: dict[str, list[str]] = {}
        for word in self._words:
            if len(word) > 1 and (letters := pinyin(word)):
                found.setdefault(letters, []).append(word)
        return found


def pinyin(text: str) -> str:
    """The pinyin of a Chinese text, without tones and spaces; empty if it has other characters."""
    if not text or not all(HAN_CHARACTER.match(c) for c in text):
        return ""
    from pypinyin import lazy_pinyin

    return "".join(lazy_pinyin(text))


@functools.cache
def _terms_by_gloss() -> dict[str, list[str]]:
    """Terms of the glossary by gloss, and by gloss without a plural's s."""
    found: dict[str, list[str]] = {}
    for term, gloss in glossary().items():
        for key in _keys(gloss):
            found.setdefault(key, []).append(term)
    return found


def _keys(gloss: str) -> Iterable[str]:
    return {_plain(gloss), *(_plain(part) for part in re.split("[;/,]", gloss))} - {""}


def _plain(text: str) -> str:
    """English for comparison: lower case, British spelling, hyphens as spaces, no article, no plural's s."""
    text = re.sub("iz(?=e|ation|ing)", "is", text.lower())
    words = re.sub(r"[-\s]+", " ", text).strip().removeprefix("the ").split(" ")
    return " ".join(re.sub("(?<=[a-rt-z])s$", "", word) for word in words)
