"""Compare what cities say and do in their documents.

Packages and modules, from the ground up; each imports only from those before it, and a package only through the names
that its `__init__` hands on: `files`, `chinese`, `language`, `inference`, `pages`, `documents`, `words`, `facts`,
`tables`, `topics`, `compare`, `figures`, `study`, `explorer`, `project`, `cli`.
"""

from __future__ import annotations

from pathlib import Path

__version__ = "0.1.0"
PROJECT = Path(__file__).resolve().parents[2]


class CrosscityError(Exception):
    """An error to show without a traceback: it names the file or parameter and says what to do."""


def combined_error(problems: list[str]) -> CrosscityError:
    """One error for all problems, so that a user can fix them in one go.

    Parameters
    ----------
    problems : list of str
        One sentence each; must not be empty.
    """
    if len(problems) == 1:
        return CrosscityError(problems[0])
    lines = "\n".join(f"  - {problem}" for problem in problems)
    return CrosscityError(f"{len(problems)} problems:\n{lines}")
