"""Local edits: which words a document has in place of those of a source, which it adds, and which it drops."""

from __future__ import annotations

import functools
import re
from typing import NamedTuple

from rapidfuzz.distance import Indel

from ..words import Tokenizer

REPLACED, ADDED, DROPPED = "[{a}→{b}]", "[+{b}]", "[−{a}]"


class Edit(NamedTuple):
    """Words of a source and of a document between which nothing is equal; either may be empty."""

    source: str
    document: str


@functools.cache
def _tokenizer() -> Tokenizer:
    return Tokenizer()


def _segments(text: str) -> list[tuple[str, str]]:
    """Words of a text in order, each with the marks behind it."""
    found, at = [], 0
    plain = re.sub(r"\s", "", text)
    for word in _tokenizer().words(plain):
        at = plain.index(word, at) + len(word)
        marks = re.match(r"[^\w]*", plain[at:])
        found.append((word, marks.group() if marks else ""))
    return found


def local_edits(source: str, document: str) -> tuple[str, list[Edit]]:
    """How the wording of a source was changed: marked text, and the edits.

    Words are compared; punctuation is the document's. What only one of them has at either end is left out: the passage
    is what lies between.

    Parameters
    ----------
    source, document : str

    Returns
    -------
    str
        The document's words: kept ones as they are, [A→B] for B in place of A, [+B] for words added, [−A] for dropped
        ones.
    list of Edit

    Examples
    --------
    >>> local_edits("推进城乡融合发展，完善体制机制", "推进县域融合发展，健全完善体制机制")[0]
    '推进[城乡→县域]融合发展，[+健全]完善体制机制'
    """
    one, two = _segments(source), _segments(document)
    codes = Indel.opcodes([w.lower() for w, _ in one], [w.lower() for w, _ in two])
    blocks: list[list[int]] = []  # begin and end there and here, of what differs; or of what is equal
    same: list[bool] = []
    for code in codes:
        is_same = code.tag == "equal"
        if same and same[-1] == is_same:
            blocks[-1][1], blocks[-1][3] = code.src_end, code.dest_end
        else:
            blocks.append([code.src_start, code.src_end, code.dest_start, code.dest_end])
            same.append(is_same)
    marked, edits = "", []
    for n, ((a, b, c, d), is_same) in enumerate(zip(blocks, same, strict=True)):
        there, here = "".join(w for w, _ in one[a:b]), "".join(w for w, _ in two[c:d])
        tail = two[d - 1][1] if d > c else ""
        if is_same:
            marked += "".join(w + m for w, m in two[c:d])
            continue
        if n in (0, len(blocks) - 1) and not (here and there):
            continue
        edits.append(Edit(there, here))
        form = REPLACED if there and here else ADDED if here else DROPPED
        marked += form.format(a=there, b=here) + tail
    return marked, edits
