"""Lines that several documents of a corpus share: a site's notices and menus, identified by checksums."""

from __future__ import annotations

import functools
import hashlib
import operator
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from ..chinese import HAN_CHARACTER
from .characters import line_key, log_likelihood
from .structure import is_appendix, is_byline, is_genre, is_heading, is_note

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import numpy.typing as npt

ENDS = ("。", "！", "？", "；", "”", "!", "……")
SHORT = 70  # characters: a longer line is judged as prose
_UNLIKELY = -6.0  # mean log-probability of a line's characters in the reports that the character model was made of
_FOREIGN = 0.34  # share of a line's pairs of characters that the rest of the text has: less, and its words are foreign


class RepeatedLines(NamedTuple):
    """Checksums of lines that several documents of a corpus share.

    Attributes
    ----------
    tails : frozenset of int
        Lines that many of them end with: a licence, a site's notice.
    lines : frozenset of int
        Short lines anywhere whose words are foreign to the text.
    """

    tails: frozenset[int] = frozenset()
    lines: frozenset[int] = frozenset()


class LineChecksums(NamedTuple):
    """Checksums of a document's lines, from which `repeated_lines` finds those that documents share.

    Attributes
    ----------
    longest : int
        Of the longest line.
    ends : ndarray of int64
        Of those of the last eight lines that have ten letters or more.
    foreign : ndarray of int64
        Of short lines whose words are foreign to the text.
    short : ndarray of int64
        Of all short lines.
    last : int
        Of the last line.
    """

    longest: int
    ends: npt.NDArray[np.int64]
    foreign: npt.NDArray[np.int64]
    short: npt.NDArray[np.int64]
    last: int

    @classmethod
    def from_lists(cls, values: Mapping[str, Any]) -> LineChecksums:
        """Checksums from what `_asdict` gave, with lists for arrays."""
        arrays: dict[str, Any] = {k: np.array(v, dtype=np.int64) for k, v in values.items() if isinstance(v, list)}
        return cls(**{**values, **arrays})


def line_checksum(line: str) -> int:
    """Checksum of a line's `line_key`: 53 bits, so that any format stores it exactly."""
    return _checksum(line_key(line))


def _checksum(key: str) -> int:
    return int.from_bytes(hashlib.blake2b(key.encode("utf-8", "surrogatepass"), digest_size=8).digest()) >> 11


def line_checksums(text: str) -> LineChecksums:
    """Checksums of a cleaned document, one paragraph a line."""
    lines = text.split("\n")
    prose = "\n".join(line for line in lines if len(line) >= SHORT or line.endswith(ENDS))
    short = [line for line in lines if len(line) < SHORT]
    return LineChecksums(
        longest=_checksum(max(lines, key=len)),
        ends=_unique(_checksum(key) for key in map(line_key, lines[-8:]) if len(key) >= 10),
        foreign=_unique(line_checksum(line) for line in short if is_foreign(line, prose)),
        short=_unique(line_checksum(line) for line in short),
        last=line_checksum(lines[-1]),
    )


def _unique(checksums: Iterable[int]) -> npt.NDArray[np.int64]:
    return np.array(sorted(set(checksums)), dtype=np.int64)


def repeated_lines(documents: Sequence[LineChecksums]) -> RepeatedLines:
    """Lines that documents of a corpus share and that are not their own words.

    Tails are among the last eight lines of at least three documents and a tenth of all, and have ten letters or more,
    which excludes a word of thanks. Lines are short, no sentence and no numbered heading, and stand in at least three
    documents and a twentieth of all whose other text lacks their words. Documents with the same longest line count as
    one, found several times: its own lines are not a site's.
    """
    return RepeatedLines(
        _frequent([(d.longest, d.ends) for d in documents], 10, len(documents)),
        _frequent([(d.longest, d.foreign) for d in documents], 20, len(documents)),
    )


def _frequent(checksums: list[tuple[int, npt.NDArray[np.int64]]], share: int, total: int) -> frozenset[int]:
    """Checksums that occur with three longest lines or more, and with one in `share` of the total."""
    if not checksums:
        return frozenset()
    lines = np.concatenate([lines for _, lines in checksums])
    longest = np.repeat([longest for longest, _ in checksums], [len(lines) for _, lines in checksums])
    sums, n = np.unique(np.unique(np.stack([longest, lines]), axis=1)[1], return_counts=True)
    return frozenset(sums[(n >= 3) & (n * share >= total)].tolist())


def repeated_in_document(repeated: RepeatedLines, document: LineChecksums) -> RepeatedLines | None:
    """The repeated lines that occur in this document, on which its cleaning depends; None if none would go."""
    lines = repeated.lines.intersection(document.short.tolist()) if repeated.lines else frozenset()
    if not lines and document.last not in repeated.tails:
        return None
    return RepeatedLines(repeated.tails.intersection([*document.ends.tolist(), document.last]), lines)


def is_foreign(line: str, text: str) -> bool:
    """Whether a line could be a page's, should other documents have it too.

    Short, no sentence, no numbered heading, no byline; its words are not the text's, and not a report's either.
    """
    return (
        len(line) < SHORT
        and not line.endswith((*ENDS, "：", ":"))
        and len(han := "".join(HAN_CHARACTER.findall(line))) >= 4
        and not (is_heading(line) or is_byline(line) or is_genre(line) or is_appendix(line) or is_note(line))
        and log_likelihood(han) < _UNLIKELY * len(han)
        and share_in_text(line, text) < _FOREIGN
    )


def share_in_text(line: str, text: str) -> float:
    """The share of a line's pairs of Chinese characters that a text has too; 1 for a line without a pair."""
    han = "".join(HAN_CHARACTER.findall(line))
    pairs = [a + b for a, b in pairwise(han)]
    return sum(pair in _pairs(text) for pair in pairs) / len(pairs) if pairs else 1.0


@functools.lru_cache(maxsize=2)
def _pairs(text: str) -> set[str]:
    return set(map(operator.add, text, text[1:]))
