"""Compare what cities say and do in their documents.

Packages and modules, from the ground up; each imports from those before it alone, and a package is entered by what its
`__init__` hands on: `files`, `chinese`, `language`, `inference`, `pages`, `documents`, `words`, `facts`, `tables`,
`topics`, `compare`, `figures`, `study`, `explorer`, `project`, `cli`.
"""

import sys
from importlib.util import find_spec
from pathlib import Path

__version__ = "0.1.0"
PROJECT = Path(__file__).resolve().parents[2]


class CrosscityError(Exception):
    """An error to show without a traceback: it names the file or parameter and says what to do."""


def several(problems):
    """One error for all problems found, so that a user mends them in one go.

    Parameters
    ----------
    problems : list of str
        One sentence each; must not be empty.
    """
    if len(problems) == 1:
        return CrosscityError(problems[0])
    listed = "\n".join(f"  - {p}" for p in problems)
    return CrosscityError(f"{len(problems)} problems:\n{listed}")


class _Moved:
    """Where Python looks last for a module of the library: says what became of those that are not there any more."""

    @staticmethod
    def find_spec(name, path=None, target=None):
        if name.startswith(f"{__name__}.") and name.count(".") == 1:
            msg = (
                f"there is no {name}: since modules lie in packages, docs/api.md has where each is, and "
                "`crosscity notebooks .` in a study (or make lab) copies the notebooks that call them"
            )
            raise ModuleNotFoundError(msg, name=name)


sys.meta_path.append(_Moved)


def __getattr__(name):
    if not name.startswith("_"):
        find_spec(f"{__name__}.{name}")  # says so where there is none
    msg = f"module {__name__!r} has no attribute {name!r}"
    raise AttributeError(msg)
