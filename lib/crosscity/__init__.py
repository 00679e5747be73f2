"""Compare what cities say and do in their documents.

Packages and modules, from the ground up; each imports from those before it alone, and a package is entered by what its
`__init__` hands on: `files`, `chinese`, `language`, `inference`, `pages`, `documents`, `words`, `facts`, `tables`,
`topics`, `compare`, `figures`, `study`, `explorer`, `project`, `cli`.
"""

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
