"""The tables of a corpus: their contract, and the build that makes them from documents.

`audit` finds what is odd about a corpus, `balance` says what became of each document's characters, `cleaning_summary`
sums up what cleaning did, `edition` has the tables that take the place of documents whose text is withheld,
`kept_results` what notebooks find once for each other; these load pandas or numpy, so that they are handed on as
modules.
"""

from .builder import build, make_tables
from .contract import EDITION, FACTS, TABLES, TEXT_RESULTS_FOLDER, WITHHELD, contract
from .store import read_table

__all__ = [
    "EDITION",
    "FACTS",
    "TABLES",
    "TEXT_RESULTS_FOLDER",
    "WITHHELD",
    "audit",
    "balance",
    "build",
    "cleaning_summary",
    "contract",
    "edition",
    "kept_results",
    "make_tables",
    "read_table",
]
