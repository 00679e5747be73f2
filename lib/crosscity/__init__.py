"""Compare what cities say and do in their documents.

Packages and modules, from the ground up; each imports only from those before it, and a package only through the names
that its `__init__` hands on: `files`, `chinese`, `ordering`, `cluster`, `language`, `inference`, `pages`, `documents`,
`words`, `facts`, `tables`, `topics`, `compare`, `figures`, `browse`, `study`, `explorer`, `project`, `cli`.
"""

from __future__ import annotations

import sys
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

__version__ = "0.1.0"
PROJECT = Path(__file__).resolve().parents[2]


class CrosscityError(Exception):
    """An error to show without a traceback: it names the file or parameter and says what to do."""


class NotEstimableError(CrosscityError):
    """What is asked cannot be computed from these documents: they are too few, too short, or too much alike."""


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


class _Moved:
    """The last finder that Python asks for a module of the library: it says where modules went that are gone."""

    @staticmethod
    def find_spec(name: str, path: object = None, target: object = None) -> None:
        if name.startswith(f"{__name__}.") and name.count(".") == 1:
            msg = (
                f"there is no {name}: modules lie in packages now, and docs/api.md has where each is; a study whose "
                "notebooks ask for it gets those of this version by `crosscity notebooks .`, once they are moved aside"
            )
            raise ModuleNotFoundError(msg, name=name)


sys.meta_path.append(_Moved)


def __getattr__(name: str) -> object:
    if name == "open_study":  # by its name, since it loads pandas and matplotlib, and lies above what imports this
        return import_module(f"{__name__}.study.opening").open_study
    if not name.startswith("_"):
        find_spec(f"{__name__}.{name}")  # raises if there is no such module
    msg = f"module {__name__!r} has no attribute {name!r}"
    raise AttributeError(msg)
