"""The explorer's controls: a tab for each kind of question, asked as soon as something is typed or chosen."""

from .tabs import explorer, interactive, show

__all__ = ["explorer", "interactive", "show"]
