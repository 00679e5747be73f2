"""Files written whole, folders locked, CSV, TSV and YAML that are safe; and what make asks before it decides.

Loading it takes the standard library alone.
"""

from .atomic import put_in_place, whole_folder, write_if_changed, write_text, write_whole
from .code import library_files, source_files
from .locks import describe_error, end_with_parent, lock_folder
from .safe_csv import defused, frame_text, restored, rows_text
from .safe_yaml import parse_yaml
from .stamps import RUNTIME, Input, code_inputs, inputs_of, outputs_of, step
from .tsv import numbered_rows, read_records, read_tsv

__all__ = [
    "RUNTIME",
    "Input",
    "code_inputs",
    "defused",
    "describe_error",
    "end_with_parent",
    "frame_text",
    "inputs_of",
    "library_files",
    "lock_folder",
    "numbered_rows",
    "outputs_of",
    "parse_yaml",
    "put_in_place",
    "read_records",
    "read_tsv",
    "restored",
    "rows_text",
    "source_files",
    "step",
    "whole_folder",
    "write_if_changed",
    "write_text",
    "write_whole",
]
