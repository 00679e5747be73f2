"""Files of many formats as plain text: a line a block, as a crawler would have left it.

Each reader takes bytes and a name for messages and gives an `Extract`, or raises an `UnreadableError` that says what
to do. What a reader leaves out it says in the extract's notes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .extract import Extract, UnreadableError
from .html import read_html
from .office import read_with_office
from .opendocument import read_epub, read_odt, read_ofd, read_pptx
from .pdf import read_pdf
from .plain import read_markdown, read_mhtml, read_rtf
from .word import read_docx

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

READERS: dict[str, Callable[[bytes, Path | str], Extract]] = {
    **dict.fromkeys((".html", ".htm", ".xhtml", ".shtml"), read_html),
    **dict.fromkeys((".mht", ".mhtml"), read_mhtml),
    **dict.fromkeys((".docx", ".docm"), read_docx),
    **dict.fromkeys((".doc", ".wps"), read_with_office),
    ".odt": read_odt,
    ".rtf": read_rtf,
    ".pdf": read_pdf,
    ".ofd": read_ofd,
    ".pptx": read_pptx,
    ".epub": read_epub,
    **dict.fromkeys((".md", ".markdown"), read_markdown),
}
# Formats that are not read, each with the way out.
_PICTURE = "is a picture: run OCR on it and give the text"
_ARCHIVE = "is an archive that is not opened here: unpack it, and give the folder"
REFUSED = {
    **dict.fromkeys((".caj", ".kdh", ".nh"), "is in CNKI's own format: open it with CAJViewer and save it as PDF"),
    **dict.fromkeys((".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp", ".gif", ".webp"), _PICTURE),
    **dict.fromkeys((".rar", ".7z", ".tar", ".gz", ".tgz", ".bz2", ".xz"), _ARCHIVE),
    **dict.fromkeys((".ppt", ".dps"), "is an old presentation: save it as .pptx"),
    **dict.fromkeys((".mobi", ".azw", ".azw3"), "is a book that is not read here: save it as .epub"),
    **dict.fromkeys((".xml", ".yaml", ".yml"), "is data and no document: save its text as .txt or .jsonl"),
}

__all__ = ["READERS", "REFUSED", "Extract", "UnreadableError"]
