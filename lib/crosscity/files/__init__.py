"""Files: written whole, locked, read as safe CSV, TSV and YAML, and stamped so that make knows what is stale.

`atomic` writes, `locks` locks, `safe_csv`, `safe_yaml` and `tsv` read and write tables and parameters, `code` and
`stamps` tell what a step depends on, `outputs` what it made, `console` sets the encoding of what starts on its own.
Importing it loads the standard library alone.
"""

from .atomic import replace_folder, whole_folder, write_text, write_whole
from .code import library_files, source_files
from .console import restart_in_utf8
from .locks import describe_error, end_with_parent, lock_folder
from .outputs import keep_foreign_files, remove_outputs
from .safe_csv import escape_formula, frame_to_csv, rows_to_csv, unescape_formula
from .safe_yaml import parse_yaml
from .stamps import RUNTIME, Input, code_inputs, inputs_of, outputs_of, step
from .tsv import numbered_rows, read_records, read_tsv

__all__ = [
    "RUNTIME",
    "Input",
    "code_inputs",
    "describe_error",
    "end_with_parent",
    "escape_formula",
    "frame_to_csv",
    "inputs_of",
    "keep_foreign_files",
    "library_files",
    "lock_folder",
    "numbered_rows",
    "outputs_of",
    "parse_yaml",
    "read_records",
    "read_tsv",
    "remove_outputs",
    "replace_folder",
    "restart_in_utf8",
    "rows_to_csv",
    "source_files",
    "step",
    "unescape_formula",
    "whole_folder",
    "write_text",
    "write_whole",
]
