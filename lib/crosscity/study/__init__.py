"""One study as a notebook sees it: its parameters, its documents in groups, and the results that it saves.

`run.begin` starts a notebook and gives its `Run`; `grouped_corpus` is a corpus as parameters select and group it, which
commands use as well. These two load pandas, so that they are handed on as modules.
"""

from .folder import CORPUS, PARAMS, find_study, settings
from .parameters import (
    FILES,
    PARAMETERS,
    Parameter,
    check_parameters,
    default_max_df,
    named_paths,
    notebook_parameters,
    read_parameters,
)

__all__ = [
    "CORPUS",
    "FILES",
    "PARAMETERS",
    "PARAMS",
    "Parameter",
    "check_parameters",
    "default_max_df",
    "find_study",
    "grouped_corpus",
    "groups",
    "named_paths",
    "notebook_parameters",
    "read_parameters",
    "run",
    "settings",
]
