"""One study as a notebook sees it: its parameters, its documents and groups, and the results that it keeps."""

from .parameters import FILES, PARAMETERS, Parameter, check_parameters, of_notebook, read_parameters

__all__ = ["FILES", "PARAMETERS", "Parameter", "check_parameters", "labels", "of_notebook", "read_parameters", "run"]
