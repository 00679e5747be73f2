"""A study: its parameters, its documents in groups, and the results that can be asked of it.

`opening.open_study` opens one, from a notebook's parameters, a file or a folder, and gives a `study.Study`, whose
questions give a `result.Result`; `results` has these, a module a theme. `grouped_corpus` is a corpus as parameters
select and group it, which commands use as well. These load pandas, so that they are handed on as modules.
"""

from .folder import CORPUS, PARAMS, SUMMARIES, find_study
from .parameters import (
    FILES,
    PARAMETERS,
    SHIPPED,
    Parameter,
    check_parameters,
    default_max_df,
    named_paths,
    notebook_parameters,
    own_values,
    read_parameters,
)

__all__ = [
    "CORPUS",
    "FILES",
    "PARAMETERS",
    "PARAMS",
    "SHIPPED",
    "SUMMARIES",
    "Parameter",
    "check_parameters",
    "claims",
    "default_max_df",
    "find_study",
    "grouped_corpus",
    "groups",
    "named_paths",
    "notebook_parameters",
    "opening",
    "own_values",
    "read_parameters",
    "result",
    "results",
    "study",
]
