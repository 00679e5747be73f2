"""What documents state: quantities, programmes, citations, themes, stances; and the coding of these by people."""

from .codebook import SHIPPED, read_codebook, shipped_codebook, words_of
from .extract import facts_of
from .linking import link
from .quantities.numerals import FOLDED, POWERS

__all__ = [
    "FOLDED",
    "POWERS",
    "SHIPPED",
    "adjudication",
    "coding",
    "facts_of",
    "link",
    "read_codebook",
    "shipped_codebook",
    "words_of",
]
