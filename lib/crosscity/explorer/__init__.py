"""The explorer in JupyterLab, and pages of HTML to browse.

`views` shows the explorer's controls, `answers` and `search` what they ask, `displays` and `cleaning_changes` how an
answer looks. `topics_page`, `systems_page` and `concordance` make fragments of HTML, and `fragments` a page of one.
"""

__all__ = [
    "answers",
    "cleaning_changes",
    "concordance",
    "displays",
    "fragments",
    "search",
    "systems_page",
    "topics_page",
    "views",
]
