"""Tokens, the dictionary they are cut by, counts of terms, and the text that documents reuse."""

from .tokens import Tokenizer, read_terms, stop_words, unusable

__all__ = [
    "Tokenizer",
    "dictionary",
    "formulaic",
    "matrix",
    "new_terms",
    "read_terms",
    "reuse",
    "stop_words",
    "unusable",
]
