"""One study as a notebook sees it: its parameters, its documents and groups, and the results that it keeps."""

from .parameters import FILES, PARAMETERS, Parameter, check_parameters, named_paths, of_notebook, read_parameters

__all__ = [
    "FILES",
    "PARAMETERS",
    "Parameter",
    "check_parameters",
    "labels",
    "named_paths",
    "of_notebook",
    "read_parameters",
    "run",
]
