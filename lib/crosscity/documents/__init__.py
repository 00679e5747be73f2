"""Documents: from the bytes of a file to clean, classified paragraphs.

`corpus` reads a folder of documents, described by its `manifest`, into `sources` (`formats` and `decoding` turn bytes
into text; `reader_process` has what a library takes apart read in a process of its own, under `limits`). `cleaning`
restores the text that was written (`byte_slips` repairs bytes read out of step, `boilerplate` and `repetition` find the
lines that are a web page's, `character_forms` has characters that stand for others).
`structure` classifies lines, `headlines`, `metadata`, `dates` and `places` tell whose document it is and of when, and
`spreadsheets` are tables that people fill in, and `workbook_cells` reads those in workbooks.
"""

from .character_forms import normalize_term
from .characters import line_key, simplify
from .cleaning import clean
from .corpus import RawDocument, document_files, iter_documents, raise_problems, read_corpus, read_document
from .decoding import decode
from .formats import UnreadableError
from .headlines import Headline, headline
from .limits import LIMITS, Limits, OverLimitsError
from .manifest import MANIFEST, cell_problems, composed, file_problem, name_problem, read_manifest
from .metadata import describe_document, level_of
from .places import administrative_units, full_name, local_names, place_names, prefectures, short_form
from .repetition import LineChecksums, RepeatedLines, line_checksums, repeated_in_document, repeated_lines
from .similar_names import short_names, similar_name_notes, similar_names
from .sources import METADATA_COLUMNS, RECORD_SUFFIXES, SUFFIXES, Source, read_sources
from .spreadsheets import letter_digest, read_spreadsheet, sheet_names, spreadsheet_text
from .structure import KINDS, Line, classify

__all__ = [
    "KINDS",
    "LIMITS",
    "MANIFEST",
    "METADATA_COLUMNS",
    "RECORD_SUFFIXES",
    "SUFFIXES",
    "Headline",
    "Limits",
    "Line",
    "LineChecksums",
    "OverLimitsError",
    "RawDocument",
    "RepeatedLines",
    "Source",
    "UnreadableError",
    "administrative_units",
    "cell_problems",
    "classify",
    "clean",
    "composed",
    "decode",
    "describe_document",
    "document_files",
    "file_problem",
    "full_name",
    "headline",
    "iter_documents",
    "letter_digest",
    "level_of",
    "line_checksums",
    "line_key",
    "local_names",
    "name_problem",
    "normalize_term",
    "place_names",
    "prefectures",
    "raise_problems",
    "read_corpus",
    "read_document",
    "read_manifest",
    "read_sources",
    "read_spreadsheet",
    "repeated_in_document",
    "repeated_lines",
    "sheet_names",
    "short_form",
    "short_names",
    "similar_name_notes",
    "similar_names",
    "simplify",
    "spreadsheet_text",
]
