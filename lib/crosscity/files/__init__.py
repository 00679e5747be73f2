"""Files: written whole, locked, read as safe CSV, TSV and YAML, and stamped so that make knows what is stale.

`atomic` writes, `owned` tells what the suite made from what is a person's, `locks` locks, `safe_csv`, `safe_yaml` and
`tsv` read and write tables and parameters, `workbooks` writes .xlsx, `code` and `stamps` tell what a step depends on,
`outputs` removes what it made, `console` sets the encoding of what starts on its own. Importing it loads the standard
library alone.
"""

from .atomic import half_path, write_text, write_whole
from .code import library_files, source_files
from .console import restart_in_utf8, show_missing_characters
from .locks import describe_error, end_with_parent, lock_folder
from .outputs import remove_outputs
from .owned import (
    RECORD,
    check_replaceable,
    is_own,
    own_files,
    printable,
    remove_own,
    replace_file,
    sweep_halves,
    whole_folder,
    write_output,
)
from .safe_csv import escape_formula, frame_to_csv, rows_to_csv, unescape_formula
from .safe_yaml import parse_yaml
from .stamps import MEASUREMENTS, RUNTIME, Input, code_inputs, inputs_of, kept_folder, outputs_of, step
from .tsv import headed_rows, read_records, read_tsv
from .workbooks import Sheet, workbook

__all__ = [
    "MEASUREMENTS",
    "RECORD",
    "RUNTIME",
    "Input",
    "Sheet",
    "check_replaceable",
    "code_inputs",
    "describe_error",
    "end_with_parent",
    "escape_formula",
    "frame_to_csv",
    "half_path",
    "headed_rows",
    "inputs_of",
    "is_own",
    "kept_folder",
    "library_files",
    "lock_folder",
    "outputs_of",
    "own_files",
    "parse_yaml",
    "printable",
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
    "workbook",
    "write_output",
    "write_text",
    "write_whole",
]
