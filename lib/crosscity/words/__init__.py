"""Words: tokens, the dictionary by which they are cut, counts of terms, new terms, formulas and text reuse.

A `Tokenizer` cuts texts into words, and `matrix` counts them. `new_terms` proposes terms for a study's own
`dictionary`; `formulaic` and `reuse` find the text that documents share; `variants` joins words that say the same;
`codes` has words as numbers. These seven load pandas, so they are imported as modules.
"""

from .tokens import Tokenizer, domain_terms, read_terms, stop_words, unsupported_terms

__all__ = [
    "Tokenizer",
    "codes",
    "dictionary",
    "domain_terms",
    "formulaic",
    "matrix",
    "new_terms",
    "read_terms",
    "reuse",
    "stop_words",
    "unsupported_terms",
    "variants",
]
