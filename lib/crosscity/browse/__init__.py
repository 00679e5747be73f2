"""Pages of HTML to browse: what a picture cannot hold.

`topics_page` and `concordance` make fragments of HTML, and `fragments` a page of one; `matrix_page` makes a page.
"""

__all__ = ["concordance", "fragments", "matrix_page", "topics_page"]
