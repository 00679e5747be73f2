"""PDFs as plain text, by the text layer that they have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ... import CrosscityError
from .extract import EXTRA, Extract, UnreadableError, require_text

if TYPE_CHECKING:
    from pathlib import Path


def read_pdf(data: bytes, name: Path | str) -> Extract:
    """The text layer of a PDF, by PDFium, with form feeds between pages, by which running heads are found.

    Returns
    -------
    Extract
        encoding is "pdf", or "pdf, 3 of 9 pages without text".

    Raises
    ------
    UnreadableError
        If the file is encrypted or broken, or has no text layer.
    CrosscityError
        If pypdfium2 is not installed.
    """
    try:
        import pypdfium2 as pdfium
    except ImportError as error:
        msg = f"{name} is a PDF, and pypdfium2, which reads it, is not installed: {EXTRA}"
        raise CrosscityError(msg) from error
    try:
        document = pdfium.PdfDocument(data)
        pages = []
        for number in range(len(document)):
            page = document[number]
            pages.append(page.get_textpage().get_text_range().replace("\r\n", "\n").strip("\n"))
            page.close()
        document.close()
    except pdfium.PdfiumError as error:
        if "password" in str(error).lower():
            msg = f"{name} is encrypted: save it without a password, or leave it out"
        else:
            msg = f"{name} cannot be read as a PDF ({error}): open and save it again, or leave it out"
        raise UnreadableError(msg) from error
    text = require_text("\f".join(pages), name, f"its {len(pages)} pages are pictures: run OCR on it first")
    empty = sum(not any(c.isalpha() for c in page) for page in pages)
    return Extract(text, f"pdf, {empty} of {len(pages)} pages without text" if empty else "pdf", {})
