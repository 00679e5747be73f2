"""What a query may ask of the machine: its text can be written, and a regular expression ends soon.

RE2's time is linear in the length of the text, and also in the number of characters that an expression has once its
counted repetitions are written out: `.{1000}` is a thousand of them, and takes half a minute for a million characters.
So no paragraph is searched whose length times that number is beyond `MOST_STEPS`, and a search that has lasted for
`MOST_SECONDS` is ended between two blocks of paragraphs.
"""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING

import numpy as np

from .. import CrosscityError
from ..files import check_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt

LONGEST = 1_000  # characters of a query
MOST_STEPS = 10**8  # characters of a paragraph times those of the expression: some seconds at the worst
MOST_SECONDS = 10.0
_BLOCK = 20_000  # characters of paragraphs that are searched at once, at first
_MOST_AT_ONCE = 1_000_000  # and at most, of an expression of up to twenty characters; of longer ones as much less
_QUICK = 0.02  # seconds in which a block is searched after which the next is twice as long
_ATOM = re.compile(
    r"\\Q.*?(?:\\E|$)|\\[pP]\{[^}]*\}|\\x\{[^}]*\}|\\.|\[\^?\]?(?:\\.|\[:\^?\w+:\]|[^\]\\])*\]|\(\?[^()]*?[:>)]|[()|]|.",
    re.DOTALL,
)
_TIMES = re.compile(r"\{(\d+)(?:(,)(\d*))?\}")


def check_query(query: str) -> None:
    """Refuse a query that is empty, too long, or no text.

    Raises
    ------
    CrosscityError
        Saying what to give instead.
    """
    if not query.strip() or len(query) > LONGEST:
        msg = f"what is searched for has {len(query.strip())} characters: give 1 to {LONGEST}"
        raise CrosscityError(msg)
    check_text(query)


def expression_size(pattern: str) -> int:
    """The characters and classes of a regular expression once its counted repetitions are written out.

    >>> [expression_size(p) for p in ("发展", ".{1000}", "(ab{2}){10,20}c", "[a-z]{3}|x", r"\\p{Han}{5}.*")]
    [2, 1000, 61, 4, 6]
    """
    sizes: list[list[int]] = [[]]  # of the atoms of each group that is open
    at = 0
    while at < len(pattern):
        times = _TIMES.match(pattern, at)
        if times and sizes[-1]:
            least, open_, most = times.groups()
            sizes[-1][-1] *= max(int(most or least) + bool(open_ and not most), 1)
            at = times.end()
            continue
        atom = _ATOM.match(pattern, at)
        text = atom[0] if atom else pattern[at]
        at += len(text)
        if text.startswith("(") and not text.endswith(")"):
            sizes.append([])
        elif text == ")":
            inner = sum(sizes.pop()) if len(sizes) > 1 else 0
            sizes[-1].append(inner)
        elif text[0] != "(" and text not in ("|", "*", "+", "?"):
            sizes[-1].append(len(text) if text.startswith("\\Q") else 1)
    return sum(map(sum, sizes))


def check_size(pattern: str, longest: int) -> None:
    """Refuse an expression that would take minutes for the longest of some paragraphs.

    Parameters
    ----------
    pattern : str
    longest : int
        Characters of that paragraph.

    Raises
    ------
    CrosscityError
        Saying how long the repetitions may be.
    """
    size = expression_size(pattern)
    if size * longest > MOST_STEPS:
        msg = f"{pattern!r} is {size:,} characters long once its repetitions are written out, too much for a paragraph "
        msg += f"of {longest:,}: repeat less, {max(MOST_STEPS // longest, 1):,} characters in all"
        raise CrosscityError(msg)


def blocks(base: npt.NDArray[np.int64], query: str) -> Iterator[slice]:
    """Rows of a table of paragraphs, some thousand characters at a time, until the time of a search is over.

    The blocks of an expression that is quickly looked for are longer.

    Parameters
    ----------
    base : ndarray of int, shape (n_paragraphs + 1,)
        Where each begins among all.
    query : str

    Raises
    ------
    CrosscityError
        After `MOST_SECONDS`.
    """
    begun = last = time.monotonic()
    first, size, n = 0, _BLOCK, len(base) - 1
    most = max(_BLOCK, min(_MOST_AT_ONCE, 20 * _MOST_AT_ONCE // max(expression_size(query), 1)))
    while first < n:
        if first and last - begun > MOST_SECONDS:
            msg = f"the search for {query!r} was ended after {MOST_SECONDS:.0f} seconds, at paragraph {first:,} of "
            msg += f"{n:,}: repeat less in it, or look for a string"
            raise CrosscityError(msg)
        end = max(first + 1, int(np.searchsorted(base, base[first] + size)))
        yield slice(first, min(end, n))
        first, now = end, time.monotonic()
        size = min(2 * size, most) if now - last < _QUICK else max(size // 2, _BLOCK)
        last = now
