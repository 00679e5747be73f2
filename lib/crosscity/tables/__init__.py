"""The tables of a corpus: their contract, the build that makes them, the audit, editions without text."""

from .builder import build, make_tables
from .contract import EDITION, FACTS, OF_TEXT, TABLES, WITHHELD, contract
from .store import read_table

__all__ = [
    "EDITION",
    "FACTS",
    "OF_TEXT",
    "TABLES",
    "WITHHELD",
    "audit",
    "build",
    "contract",
    "edition",
    "make_tables",
    "read_table",
]
