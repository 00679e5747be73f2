"""The explorer in JupyterLab, and the pages of HTML to browse."""

__all__ = ["answers", "concordance", "fragments", "search", "systems_page", "topics_page", "views"]
