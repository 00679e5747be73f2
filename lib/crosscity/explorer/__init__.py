"""The explorer in JupyterLab: `explore` (of `opening`) makes one of a study.

`views` shows its controls, `answers` and `search` what they ask, `queries` reads what people type, `results` has the
first answers as results, `displays` and `cleaning_changes` how an answer looks.
"""

__all__ = ["answers", "cleaning_changes", "displays", "explore", "opening", "queries", "results", "search", "views"]


def __getattr__(name: str) -> object:
    if name == "explore":  # here, since it loads what answers need
        from .opening import explore

        return explore
    msg = f"module {__name__!r} has no attribute {name!r}"
    raise AttributeError(msg)
