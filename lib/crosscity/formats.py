"""Web pages, Word documents and PDFs as plain text: a line a block, as a crawler would have left it.

The text alone is taken out here; what in it is the page's and not the document's, cleaning decides and logs.
"""

import io
import re
import zipfile

from . import CrosscityError
from .decoding import decode

_EXTRA = "pip install 'crosscity[formats]', or make, which installs it"


_ROW = re.compile(r"^\| (.*?) \| *$", re.MULTILINE)  # as trafilatura writes a row of a table


class UnreadableError(CrosscityError):
    """A document whose text cannot be had: a scan, an encrypted or a broken file. The corpus goes on without it."""


def read_html(data, name):
    """The main text of a web page, by trafilatura, with the page's own title ahead of it where the text lacks it.

    Parameters
    ----------
    data : bytes
    name : str or Path
        The file, for messages.

    Returns
    -------
    text : str
    encoding : str
        Such as "html, utf-8".
    metadata : dict of str
        title and date, where the page states them.

    Raises
    ------
    UnreadableError
        If the page holds no text.
    CrosscityError
        As by `decode`.
    """
    import trafilatura

    page, encoding = decode(data, name)
    # Recall before precision: furniture that comes along is found, and logged, in cleaning.
    text = trafilatura.extract(page, include_comments=False, include_tables=True, favor_recall=True)
    text = _ROW.sub(lambda row: row[1].replace(" | ", "\t"), text or trafilatura.html2txt(page))
    if not text.strip():
        msg = f"{name} is a web page without text: save the article itself, or remove the file"
        raise UnreadableError(msg)
    about = trafilatura.extract_metadata(page)
    metadata = {key: value for key in ("title", "date") if (value := getattr(about, key, None))}
    title = metadata.get("title", "")
    if title and title not in text[: len(title) + 200]:
        text = f"{title}\n{text}"
    return text, f"html, {encoding}", metadata


def read_docx(data, name):
    """Paragraphs and tables of a Word document, in order; a row of a table is a line, its cells with tabs between.

    Returns
    -------
    text, encoding, metadata
        As by `read_html`; encoding is "docx", metadata are empty. Headers, footers, notes and the numbers that Word
        counts itself are not in the text.
    """
    try:
        import docx
        from docx.opc.exceptions import PackageNotFoundError
    except ImportError as error:
        msg = f"{name} is a Word document, and python-docx, which reads it, is not installed: {_EXTRA}"
        raise CrosscityError(msg) from error
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        msg = f"{name} is encrypted, or an old .doc in spite of its name: save it as .docx without a password"
        raise UnreadableError(msg)
    try:
        document = docx.Document(io.BytesIO(data))
        blocks = list(document.iter_inner_content())
    except (PackageNotFoundError, zipfile.BadZipFile, KeyError, ValueError, OSError, SyntaxError) as error:
        msg = f"{name} cannot be read as a Word document ({type(error).__name__}): open it in Word and save it again"
        raise UnreadableError(msg) from error
    lines = []
    for block in blocks:
        rows = [block.text] if hasattr(block, "text") else ["\t".join(_cells(row)) for row in block.rows]
        lines += rows
    return _with_text("\n".join(lines), name, "it holds pictures at most"), "docx", {}


def _cells(row):
    """Texts of a row's cells; one that spans several columns is one."""
    seen = []
    for cell in row.cells:
        if not seen or cell._tc is not seen[-1]._tc:
            seen.append(cell)
    return [" ".join(cell.text.split("\n")) for cell in seen]


def read_pdf(data, name):
    """The text layer of a PDF, by PDFium; pages are set apart by form feeds, so that running heads can be found.

    Returns
    -------
    text, encoding, metadata
        As by `read_html`; encoding is "pdf", metadata are empty.

    Raises
    ------
    UnreadableError
        If the file is encrypted or broken, or has no text layer.
    """
    try:
        import pypdfium2 as pdfium
    except ImportError as error:
        msg = f"{name} is a PDF, and pypdfium2, which reads it, is not installed: {_EXTRA}"
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
    text = "\f".join(pages)
    return _with_text(text, name, f"its {len(pages)} pages are pictures: run OCR on it first"), "pdf", {}


def _with_text(text, name, instead):
    if not any(c.isalnum() for c in text):
        msg = f"{name} has no text in it ({instead}), or leave it out"
        raise UnreadableError(msg)
    return text


READERS = {".html": read_html, ".htm": read_html, ".docx": read_docx, ".pdf": read_pdf}
