"""Search of paragraphs for words, a string or a regular expression: lines in context, and rates by group.

Regular expressions are RE2's, through Arrow: their time is linear in the length of the text, and bounded (see
`expressions`). The price is that there are neither lookarounds nor backreferences. \\w is Latin there; Chinese
characters are [一-龥] or \\p{Han}.
"""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from .. import CrosscityError
from ..ordering import sort_rows
from ..words.codes import encode, first_lacking, token_starts
from .expressions import blocks, check_query, check_size

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from concurrent.futures import Future
    from typing import Any

    import numpy.typing as npt

    from ..words.codes import WordCodes

HOW = ("words", "string", "regex")
ORDERS = ("text", "left", "right")
LINES = ["term", "group", "doc_id", "paragraph", "start", "end", "left", "node", "right"]
RATES = ["group", "count", "documents", "size", "rate"]
PER = 10_000  # words or characters that a rate refers to
_MARKS = [chr(c) for c in range(0xFDD0, 0xFDF0)]  # noncharacters of Unicode: a text may hold some, hardly all


_ROWS_AT_ONCE = 50_000  # paragraphs whose words are counted at a time
_ALONE = 4  # blocks of an expression that are searched one by one


class Hits(NamedTuple):
    """The matches of a query: the term (an index into `terms`), the row of its paragraph, its start and end."""

    terms: list[str]
    term: npt.NDArray[Any]
    row: npt.NDArray[Any]
    start: npt.NDArray[Any]
    end: npt.NDArray[Any]


class Selection(NamedTuple):
    """The paragraphs that a restriction leaves, and the sentences (None: all of theirs), as masks."""

    rows: npt.NDArray[np.bool_]
    sentences: npt.NDArray[np.bool_] | None


class Search:
    """Paragraphs prepared for search.

    Parameters
    ----------
    paragraphs : DataFrame
        Columns doc_id, paragraph, group, text, tokens.
    themes : DataFrame
        Columns doc_id, paragraph, theme.
    stances : DataFrame
        Columns doc_id, paragraph, start, end, stance.
    years : Series
        The year of each document, by doc_id.
    has_text : bool
        False for an edition without text: its words are counted, but there are no lines.

    Attributes
    ----------
    words : Index
        The vocabulary, in order of code points.
    choices : dict of str to list
        The values of each restriction: themes, stances, groups, years.
    """

    def __init__(
        self,
        paragraphs: pd.DataFrame,
        themes: pd.DataFrame,
        stances: pd.DataFrame,
        years: pd.Series,
        has_text: bool = True,
    ) -> None:
        keys = ["group", "doc_id", "paragraph"]
        self.table = sort_rows(paragraphs, keys)[[*keys, "text", "tokens"]].reset_index(drop=True)
        self.has_text = has_text
        self._last: tuple[tuple[str, str], Any] = (("", ""), None)
        self._texts = self.table["text"].tolist()
        lengths = np.fromiter(map(len, self._texts), np.int64, len(self._texts))
        self._base = np.cumsum(np.r_[0, lengths + 1])  # offset of each paragraph in the concatenated text
        self._group, self._groups = pd.factorize(self.table["group"])
        self._document = pd.factorize(self.table["doc_id"])[0]
        tokens = encode(self.table.pop("tokens"))
        self.token_row = np.repeat(np.arange(len(self.table), dtype=np.int32), tokens.lengths)
        present = np.unique(tokens.codes)
        order = present[np.argsort(tokens.vocabulary[present])]
        self.words = pd.Index(tokens.vocabulary[order], dtype=object)
        number = np.zeros(len(tokens.vocabulary), dtype=np.int32)
        number[order] = np.arange(len(order))
        self.token = number[tokens.codes]
        self._token_start = self._token_starts(tokens) if has_text else np.zeros(len(tokens.codes), dtype=np.int32)
        # From the column: of each str of a list Arrow would leave its bytes beside it.
        arrow = pa.array(self.table["text"].array, pa.large_string())
        self._arrow = arrow.combine_chunks() if isinstance(arrow, pa.ChunkedArray) else arrow
        whole = "".join(self._texts)
        self._open, self._close = ([c for c in _MARKS if c not in whole] + ["", ""])[:2]
        self._years = self.table["doc_id"].map(years)
        index = pd.MultiIndex.from_frame(self.table[["doc_id", "paragraph"]])
        at = index.get_indexer(pd.MultiIndex.from_frame(themes[["doc_id", "paragraph"]]))
        self._themes = pd.DataFrame({"row": at, "theme": themes["theme"].to_numpy()})[at >= 0]
        at = index.get_indexer(pd.MultiIndex.from_frame(stances[["doc_id", "paragraph"]]))
        inside = stances.assign(row=at)[at >= 0]
        first = self._base[inside["row"]] + inside["start"]
        order = np.argsort(first.to_numpy(), kind="stable")
        self._from, self._to = first.to_numpy()[order], (first + inside["end"] - inside["start"]).to_numpy()[order]
        self._stance, self._of = inside["stance"].to_numpy()[order], inside["row"].to_numpy()[order]
        self.choices: dict[str, list[Any]] = {
            "themes": sorted(set(self._themes["theme"])),
            "stances": sorted(set(self._stance)),
            "groups": list(self._groups),
            "years": sorted({int(y) for y in self._years.dropna()}),
        }

    def _token_starts(self, tokens: WordCodes) -> npt.NDArray[Any]:
        """The offset of each word in its paragraph."""
        offsets = token_starts(self._texts, tokens)
        if lacking := first_lacking(offsets, tokens):
            doc_id, number = self.table[["doc_id", "paragraph"]].iloc[lacking[0]]
            msg = f"{doc_id}, paragraph {number}: its words are not those of its text: build the tables again"
            raise CrosscityError(msg)
        return offsets

    def find(self, query: str, how: str = "words") -> Hits:
        """All matches of a query, in the order of group, document, paragraph and place.

        Parameters
        ----------
        query : str
            Words separated by spaces or commas, any of which counts if it is a token; a string, taken literally; or a
            regular expression of RE2. Matches do not overlap; empty ones do not count.
        how : str
            One of `HOW`.

        Raises
        ------
        CrosscityError
            If the query is empty, too long or not an expression, takes too long, or needs text and there is none.
        """
        if how not in HOW:
            msg = f"how is {how!r}: give one of {', '.join(HOW)}"
            raise CrosscityError(msg)
        check_query(query)
        if self._last[0] != (query, how):
            self._last = (query, how), self._word_hits(query) if how == "words" else self._text_hits(query, how)
        return self._last[1]

    def _word_hits(self, query: str) -> Hits:
        terms = list(dict.fromkeys(re.findall(r"[^\s,;，；、]+", query)))
        codes = self.words.get_indexer(pd.Index(terms, dtype=object))
        index = np.full(len(self.words) + 1, -1)
        index[codes[codes >= 0]] = np.flatnonzero(codes >= 0)
        is_term = np.zeros(len(self.token), dtype=bool)
        for code in codes[codes >= 0]:  # to compare is quicker than to look up, unless there are dozens
            is_term |= self.token == code
        at = np.flatnonzero(is_term)
        term, start = index[self.token[at]], self._token_start[at]
        length = np.array([len(t) for t in terms], dtype=np.int64)
        return Hits(terms, term, self.token_row[at], start, start + (length[term] if len(at) else 0))

    def _text_hits(self, query: str, how: str) -> Hits:
        """Matches in the text: Arrow puts a mark on either side of each, and the places of the marks are counted."""
        if not self.has_text:
            msg = "these tables hold no text: search for words, which are counted"
            raise CrosscityError(msg)
        if how == "string":
            return self._string_hits(query)
        if not self._open or not self._close:
            msg = "the text holds all of U+FDD0 to U+FDEF, which mark what is found: search for words"
            raise CrosscityError(msg)
        found = [np.zeros((0, 3), dtype=np.int64), *self._marked(query)]
        row, start, end = np.ascontiguousarray(np.concatenate(found).T)
        return Hits([query], np.zeros(len(row), dtype=np.int64), row, start, end)

    @cached_property
    def _characters(self) -> npt.NDArray[Any]:
        """The concatenated text as code points, in the places of `_base`; made when a string is first looked for."""
        codes = np.frombuffer("\n".join(self._texts).encode("utf-32-le", "surrogatepass"), np.uint32)
        return codes.astype(np.uint16) if codes.max(initial=0) < 1 << 16 else codes

    def _string_hits(self, query: str) -> Hits:
        """Places of a string: those of its first character that the others follow."""
        codes, wanted = self._characters, np.frombuffer(query.encode("utf-32-le", "surrogatepass"), np.uint32)
        n = len(wanted)
        at = np.flatnonzero(codes[: max(len(codes) - n + 1, 0)] == wanted[0])
        for i in range(1, n):
            at = at[codes[at + i] == wanted[i]]
        row = np.searchsorted(self._base, at, side="right") - 1
        inside = at + n < self._base[row + 1]
        at, row = at[inside], row[inside]
        if any(query.startswith(query[i:]) for i in range(1, n)):  # 哈哈 may overlap itself
            free, first = 0, []
            for i, place in enumerate(at.tolist()):
                if place >= free:
                    first.append(i)
                    free = place + n
            at, row = at[first], row[first]
        start = at - self._base[row]
        return Hits([query], np.zeros(len(row), dtype=np.int64), row, start, start + n)

    def _marked(self, query: str) -> Iterator[npt.NDArray[np.int64]]:
        """Row, start and end of matches, some paragraphs at a time: arrays of shape (n_matches, 3)."""
        marked_up, lengths = f"{self._open}\\0{self._close}", np.diff(self._base) - 1

        def in_block(block: slice) -> npt.NDArray[np.int64]:
            part = self._arrow[block]
            matches = pc.match_substring_regex(part, query)
            rows = block.start + np.flatnonzero(matches.to_numpy(zero_copy_only=False))
            if not len(rows):
                return np.zeros((0, 3), dtype=np.int64)
            marked = pc.replace_substring_regex(pc.filter(part, matches), query, marked_up)
            return _between(marked, rows, lengths[rows], (self._open, self._close))

        try:
            pc.match_substring_regex(pa.array([""]), query)  # of one that is none, this tells
            check_size(query, int(lengths.max(initial=0)))
            yield from _by_threads(in_block, blocks(self._base, query))
        except UnicodeDecodeError:
            msg = f"{query!r} matches parts of characters (\\C is a byte): search for characters"
            raise CrosscityError(msg) from None
        except pa.ArrowException as error:
            reason = str(error).removeprefix("Invalid regular expression: ")
            msg = f"{query!r} is no regular expression of RE2: {reason}"
            raise CrosscityError(msg) from None

    def _select(
        self, themes: Iterable[str], stances: Iterable[str], groups: Iterable[str], years: Iterable[int]
    ) -> Selection:
        wanted: dict[str, list[Any]] = {
            "themes": list(themes),
            "stances": list(stances),
            "groups": list(groups),
            "years": list(years),
        }
        for name, values in wanted.items():
            if unknown := [v for v in values if v not in self.choices[name]]:
                some = ", ".join(map(str, self.choices[name][:12])) or "none"
                msg = f"{name} has {unknown[0]!r}, which these tables do not have: there are {some}"
                raise CrosscityError(msg)
        rows = np.ones(len(self.table), dtype=bool)
        if wanted["themes"]:
            of_themes = self._themes.loc[self._themes["theme"].isin(wanted["themes"]), "row"]
            rows &= np.bincount(of_themes, minlength=len(rows)).astype(bool)
        if wanted["groups"]:
            rows &= self.table["group"].isin(wanted["groups"]).to_numpy()
        if wanted["years"]:
            rows &= self._years.isin(wanted["years"]).to_numpy()
        if not wanted["stances"]:
            return Selection(rows, None)
        if not self.has_text:
            msg = "these tables hold no text, and stances are of sentences: restrict to themes, groups or years"
            raise CrosscityError(msg)
        return Selection(rows, np.isin(self._stance, wanted["stances"]))

    def _is_within(self, row: npt.NDArray[Any], start: npt.NDArray[Any], selection: Selection) -> npt.NDArray[np.bool_]:
        """Which places begin in selected sentences of selected paragraphs."""
        rows, sentences = selection
        is_within = rows[row]
        if sentences is None:
            return is_within
        if not len(self._from):
            return np.zeros_like(is_within)
        at = self._base[row] + start
        of = np.searchsorted(self._from, at, side="right") - 1
        return is_within & (of >= 0) & sentences[of] & (at < self._to[of])

    def lines(
        self,
        query: str,
        how: str = "words",
        themes: Sequence[str] = (),
        stances: Sequence[str] = (),
        groups: Sequence[str] = (),
        years: Sequence[int] = (),
        order: str = "text",
        width: int = 24,
        most: int | None = None,
    ) -> pd.DataFrame:
        """Matches in their context (KWIC).

        Parameters
        ----------
        query, how
            As for `find`.
        themes, stances, groups, years : sequences
            Restrict to paragraphs with any of these themes, sentences of these stances, groups, years; empty: all.
        order : str
            text: group, document, paragraph, place; left or right: by the context there, read from the match outward.
        width : int
            Maximal number of characters on either side; no line leaves its paragraph.
        most : int, optional
            Maximal number of lines; documents take turns.

        Returns
        -------
        DataFrame
            Columns `LINES`; start and end are code points of the paragraph's text.

        Raises
        ------
        CrosscityError
            As of `find`; if a restriction has an unknown value, or there is no text.
        """
        if order not in ORDERS or width < 1 or (most is not None and most < 1):
            msg = f"order is {order!r}, width {width}, most {most}: give one of {', '.join(ORDERS)}, and 1 or more"
            raise CrosscityError(msg)
        if not self.has_text:
            msg = "these tables hold no text: there are counts by group, and no lines"
            raise CrosscityError(msg)
        hits, selection = self.find(query, how), self._select(themes, stances, groups, years)
        at = np.flatnonzero(self._is_within(hits.row, hits.start, selection))
        if most is not None and len(at) > most:
            at = at[_take_turns(self._document[hits.row[at]], most)]
        row, start, end = hits.row[at].tolist(), hits.start[at].tolist(), hits.end[at].tolist()
        table = self.table[["group", "doc_id", "paragraph"]].iloc[row].reset_index(drop=True)
        spans = [(self._texts[r], s, e) for r, s, e in zip(row, start, end, strict=True)]
        table = table.assign(
            term=[hits.terms[t] for t in hits.term[at].tolist()],
            start=start,
            end=end,
            left=[t[max(s - width, 0) : s] for t, s, _ in spans],
            node=[t[s:e] for t, s, e in spans],
            right=[t[e : e + width] for t, _, e in spans],
        )[LINES]
        if order == "text":
            return table
        key = table["right"] if order == "right" else table["left"].map(lambda text: text[::-1])
        return table.iloc[np.argsort(key.to_numpy(dtype=object), kind="stable")].reset_index(drop=True)

    def rates(
        self,
        query: str,
        how: str = "words",
        themes: Sequence[str] = (),
        stances: Sequence[str] = (),
        groups: Sequence[str] = (),
        years: Sequence[int] = (),
    ) -> pd.DataFrame:
        """The rate of matches in each group that has text under the restrictions.

        Parameters
        ----------
        query, how, themes, stances, groups, years
            As for `lines`.

        Returns
        -------
        DataFrame
            Columns `RATES`: group, count, documents (with a match), size (in words; of strings and expressions in
            characters), rate (count per 10,000 of these). The highest rate first, ties by group.
        """
        hits, selection = self.find(query, how), self._select(themes, stances, groups, years)
        at = self._is_within(hits.row, hits.start, selection)
        n, row = len(self._groups), hits.row[at]
        size = self._sizes(how, selection)
        all_documents = int(self._document.max(initial=0)) + 1
        pairs = np.unique(self._group[row] * np.int64(all_documents) + self._document[row])
        count = np.bincount(self._group[row], minlength=n)
        documents = np.bincount(pairs // all_documents, minlength=n)
        table = pd.DataFrame({"group": self._groups, "count": count, "documents": documents, "size": size})
        table = table[table["size"] > 0].assign(rate=lambda t: (PER * t["count"] / t["size"]).round(6))
        return table.sort_values(["rate", "group"], ascending=[False, True], ignore_index=True)[RATES]

    def _sizes(self, how: str, selection: Selection) -> npt.NDArray[np.int64]:
        """Words or characters of each group within a selection."""
        rows, sentences = selection
        if sentences is None:
            row = np.flatnonzero(rows)
            weights = self._words_of_rows[row] if how == "words" else np.diff(self._base)[row] - 1
        else:
            is_within = sentences & rows[self._of]
            row = self._of[is_within]
            weights = (self._words_of_sentences if how == "words" else self._to - self._from)[is_within]
        return np.bincount(self._group[row], weights, minlength=len(self._groups)).astype(np.int64)

    @cached_property
    def _words_of_rows(self) -> npt.NDArray[np.int64]:
        """How many words each paragraph has."""
        return np.bincount(self.token_row, minlength=len(self.table))

    @cached_property
    def _words_of_sentences(self) -> npt.NDArray[np.int64]:
        """How many words begin in each sentence."""
        ends = np.cumsum(self._words_of_rows)
        counts = np.zeros(len(self._from), dtype=np.int64)
        for first in range(0, len(self.table), _ROWS_AT_ONCE):
            rows = slice(first, min(first + _ROWS_AT_ONCE, len(self.table)))
            own = slice(ends[first] - self._words_of_rows[first], ends[rows.stop - 1])
            at = self._base[self.token_row[own]] + self._token_start[own]
            inside = slice(*np.searchsorted(self._from, self._base[[rows.start, rows.stop]]))
            counts[inside] = np.searchsorted(at, self._to[inside]) - np.searchsorted(at, self._from[inside])
        return counts

    def words_of_groups(self) -> pd.Series:
        """How many words each group has."""
        sizes = np.bincount(self._group, self._words_of_rows, minlength=len(self._groups))
        return pd.Series(sizes.astype(np.int64), index=self._groups)

    def similar_words(self, text: str, most: int = 6) -> list[str]:
        """Words that contain a text or are part of it, the most frequent first."""
        frequency = np.bincount(self.token, minlength=len(self.words))
        similar = [i for i, w in enumerate(self.words) if w != text and len(w) > 1 and (text in w or w in text)]
        return [str(self.words[i]) for i in sorted(similar, key=lambda i: (-frequency[i], self.words[i]))[:most]]

    def commonest_word(self) -> str:
        """The word of two characters or more that occurs in most groups, and most often in these: a first query."""
        n, group = len(self.words), self._group[self.token_row]
        has = np.zeros((n, len(self._groups)), dtype=bool)
        has[self.token, group] = True
        spread, frequency = has.sum(axis=1), np.bincount(self.token, minlength=n)
        order = np.lexsort([-frequency, -spread])
        return next((str(self.words[i]) for i in order if len(self.words[i]) > 1 and self.words[i].isalpha()), "")


def _by_threads(function: Callable[[slice], Any], found: Iterator[slice]) -> Iterator[Any]:
    """What a function gives for each block, in order: of the first blocks one by one, of the others two at a time.

    How long a block takes decides how long the next are (`blocks`), so that no more than one is taken ahead.
    """
    for n, block in enumerate(found, start=1):
        yield function(block)
        if n == _ALONE:
            break
    pool = ThreadPoolExecutor(2)  # Arrow works without Python's lock
    try:
        ahead: Future[Any] | None = None
        for block in found:
            here = pool.submit(function, block)
            if ahead is not None:
                yield ahead.result()
            ahead = here
        if ahead is not None:
            yield ahead.result()
    finally:
        pool.shutdown(cancel_futures=True)


def _between(
    marked: pa.Array, rows: npt.NDArray[np.int64], lengths: npt.NDArray[np.int64], marks: tuple[str, str]
) -> npt.NDArray[np.int64]:
    """Row, start and end of what stands between two marks in some paragraphs, whose lengths are without marks."""
    codes = np.frombuffer("".join(marked.to_pylist()).encode("utf-32-le"), np.uint32)
    opened, closed = (np.flatnonzero(codes == ord(mark)) for mark in marks)
    before = 2 * np.arange(len(opened))  # marks before each
    start, end = opened - before, closed - before - 1
    base = np.cumsum([0, *lengths])
    of = np.searchsorted(base, start, side="right") - 1
    found = end > start
    return np.column_stack([rows[of[found]], (start - base[of])[found], (end - base[of])[found]])


def _take_turns(document: npt.NDArray[Any], most: int) -> npt.NDArray[np.int64]:
    """Indices of the places that stay: one of each document a turn; in the last turn, documents evenly spaced."""
    turn = pd.Series(document).groupby(document).cumcount().to_numpy()
    last = np.searchsorted(np.cumsum(np.bincount(turn)), most, side="right")
    whole, rest = np.flatnonzero(turn < last), np.flatnonzero(turn == last)
    left = most - len(whole)
    return np.sort(np.r_[whole, rest[np.arange(left) * len(rest) // max(left, 1)]])
