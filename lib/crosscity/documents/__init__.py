"""From a file's bytes to clean, classified paragraphs: formats, encodings, byte slips, boilerplate, structure, metadata."""

from .answer_sheets import fingerprint, read_sheet, sheet
from .boilerplate import Repeated, Traces, concerns, repeated_in, traces
from .characters import line_key, simplify
from .cleaning import clean
from .corpus import (
    KNOWN,
    MANIFEST,
    OF_RECORDS,
    SUFFIXES,
    Found,
    Source,
    cell_problems,
    document_files,
    documents,
    no_file,
    raise_problems,
    read,
    read_corpus,
    read_file,
    read_manifest,
    wrong_name,
)
from .decoding import decode
from .places import full_name, names_of, place_names, prefectures, short_form, units
from .structure import KINDS, Line, classify

__all__ = [
    "KINDS",
    "KNOWN",
    "MANIFEST",
    "OF_RECORDS",
    "SUFFIXES",
    "Found",
    "Line",
    "Repeated",
    "Source",
    "Traces",
    "cell_problems",
    "classify",
    "clean",
    "concerns",
    "decode",
    "document_files",
    "documents",
    "fingerprint",
    "full_name",
    "line_key",
    "metadata",
    "names_of",
    "no_file",
    "place_names",
    "prefectures",
    "raise_problems",
    "read",
    "read_corpus",
    "read_file",
    "read_manifest",
    "read_sheet",
    "repeated_in",
    "sheet",
    "short_form",
    "simplify",
    "traces",
    "units",
    "wrong_name",
]
