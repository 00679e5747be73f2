"""Pages of HTML to browse: what a picture cannot hold.

`topics_page`, `systems_page` and `concordance` make fragments of HTML, and `fragments` a page of one.
"""

__all__ = ["concordance", "fragments", "systems_page", "topics_page"]
