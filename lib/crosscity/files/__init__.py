"""Files: written whole, locked, read as safe CSV, TSV and YAML, and stamped so that make knows what is stale.

`atomic` writes, `owned` tells what the suite made from what is a person's, `locks` locks, `safe_csv`, `safe_yaml` and
`tsv` read and write tables and parameters, `workbooks` writes .xlsx, `archives` zips, `code` and `stamps` tell what a
step depends on, `outputs` removes what it made, `memory` gives back what is free, `console` sets the encoding of what
starts on its own, `harmless` has names and messages without what is obeyed or not seen, `shortages` what a machine
lacks. Importing it loads the standard library alone.
"""

from .archives import zip_archive
from .atomic import half_path, write_text, write_whole
from .code import library_files, source_files
from .console import restart_in_utf8, show_missing_characters
from .harmless import CONTROL, check_text, harmless, harmless_lines, printable, without_invisible
from .locks import CAN_FORK, end_with_parent, lock_folder
from .memory import free_memory_given_back, give_back_free_memory
from .outputs import remove_outputs
from .owned import (
    RECORD,
    check_replaceable,
    is_own,
    own_files,
    remove_own,
    replace_file,
    sweep_halves,
    whole_folder,
    write_output,
)
from .safe_csv import escape_formula, frame_to_csv, rows_to_csv, unescape_formula
from .safe_yaml import parse_yaml
from .shortages import describe_error, describe_failed_cell, describe_shortage, limit_notes
from .stamps import MEASUREMENTS, RUNTIME, Input, code_inputs, inputs_of, kept_folder, outputs_of, prune, step
from .tsv import headed_rows, read_records, read_tsv
from .workbooks import Choices, RowsOfFrame, Sheet, workbook

__all__ = [
    "CAN_FORK",
    "CONTROL",
    "MEASUREMENTS",
    "RECORD",
    "RUNTIME",
    "Choices",
    "Input",
    "RowsOfFrame",
    "Sheet",
    "check_replaceable",
    "check_text",
    "code_inputs",
    "describe_error",
    "describe_failed_cell",
    "describe_shortage",
    "end_with_parent",
    "escape_formula",
    "frame_to_csv",
    "free_memory_given_back",
    "give_back_free_memory",
    "half_path",
    "harmless",
    "harmless_lines",
    "headed_rows",
    "inputs_of",
    "is_own",
    "kept_folder",
    "library_files",
    "limit_notes",
    "lock_folder",
    "outputs_of",
    "own_files",
    "parse_yaml",
    "printable",
    "prune",
    "read_records",
    "read_tsv",
    "remove_outputs",
    "remove_own",
    "replace_file",
    "restart_in_utf8",
    "rows_to_csv",
    "show_missing_characters",
    "source_files",
    "step",
    "sweep_halves",
    "unescape_formula",
    "whole_folder",
    "without_invisible",
    "workbook",
    "write_output",
    "write_text",
    "write_whole",
    "zip_archive",
]
