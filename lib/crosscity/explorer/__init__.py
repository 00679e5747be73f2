"""The explorer in JupyterLab.

`views` shows its controls, `answers` and `search` what they ask, `displays` and `cleaning_changes` how an answer looks.
"""

__all__ = ["answers", "cleaning_changes", "displays", "search", "views"]
