"""What documents state: quantities, programmes, citations, themes and stances; and how people code them.

`facts_of` reads the facts of one document, `link` joins the programmes of a corpus. `coding` samples facts for people
to code, and `adjudication` scores the answers; these two load pandas, so they are imported as modules.
"""

from .codebook import SHIPPED_CODEBOOKS, read_codebook, shipped_codebook_path, split_terms, split_words
from .extract import facts_of, fitted_codebook
from .linking import link
from .programme_words import central
from .programmes import is_numbered
from .quantities import HALF_WIDTH, POWERS

__all__ = [
    "HALF_WIDTH",
    "POWERS",
    "SHIPPED_CODEBOOKS",
    "adjudication",
    "central",
    "coding",
    "facts_of",
    "fitted_codebook",
    "is_numbered",
    "link",
    "read_codebook",
    "shipped_codebook_path",
    "split_terms",
    "split_words",
]
