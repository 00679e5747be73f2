"""Web pages, Word documents and PDFs as plain text: a line a block, as a crawler would have left it.

The text alone is taken out here; what in it is the page's and not the document's, cleaning decides and logs. Of a web
page only the stretch that holds the article is taken: what stands outside is in no log.
"""

import io
import re
import struct
import zipfile
import zlib

from .. import CrosscityError
from .characters import line_key
from .decoding import decode
from .structure import is_numbered

_EXTRA = "pip install 'crosscity[formats]', or make, which installs it"


class UnreadableError(CrosscityError):
    """A document whose text cannot be had: a scan, an encrypted or a broken file. The corpus goes on without it."""


_DEEP = 200  # elements within one another, more than which parsers of web pages pass over
_DEEPEST = 1000  # less than what libxml2 takes at most, 2,048
_AHEAD = 12  # lines between a headline and the text
# rt and rp: what is written above a character is a reading of it.
_NO_TEXT = {
    *("script", "style", "noscript", "template", "head", "iframe", "object", "select", "button", "svg", "textarea"),
    *("rt", "rp"),
}


def read_html(data, name):
    """The article of a web page: every line from the first to the last that trafilatura takes for its text.

    Trafilatura says where the article is, and leaves out lines within it that it mistrusts; they are kept here, since
    cleaning finds what is furniture among them, and logs it. The page's headline is put ahead where the text lacks it.

    Parameters
    ----------
    data : bytes
    name : str or Path
        The file, for messages.

    Returns
    -------
    text : str
        Rows of tables with tabs between the cells.
    encoding : str
        Such as "html, utf-8".
    metadata : dict of str
        title, where the page states one.

    Raises
    ------
    UnreadableError
        If the page holds no text.
    CrosscityError
        As by `decode`.
    """
    import trafilatura
    from lxml import html

    page, encoding = decode(data, name)
    page = re.sub(r"^\s*<\?xml[^>]*>", "", page)  # lxml takes no declaration of an encoding in what is decoded
    deep = False
    if "<" in page:
        # Without huge_tree the parser passes over what lies deeper than 256 elements, and says nothing.
        parser = html.HTMLParser(huge_tree=True)
        tree = html.document_fromstring(f"<body>{page}" if "<body" not in page.lower() else page, parser=parser)
        if (depth := _depth(tree)) >= _DEEPEST:
            msg = f"{name} nests its elements {depth} deep, or deeper: save the article as text, or remove the file"
            raise UnreadableError(msg)
        deep = depth > _DEEP
        lines = _blocks(tree)
    else:
        lines = [line for line in page.split("\n") if line.strip()]
    if not lines:
        msg = f"{name} is a web page without text: save the article itself, or remove the file"
        raise UnreadableError(msg)
    # Trafilatura knows nothing of what lies deep: then every line stays, and cleaning finds what is furniture.
    article = "" if deep else trafilatura.extract(page, include_comments=False, include_tables=True, favor_recall=True)
    article = line_key(article or "")
    inside = [i for i, line in enumerate(lines) if _stands_in(line_key(line), article)]
    about = trafilatura.extract_metadata(page)
    title = (about.title or "").strip() if about else ""
    kept = lines[_beginning(lines, inside[0], title) : inside[-1] + 1] if inside else lines
    if title and line_key(title) not in line_key("".join(kept[:4])):
        kept = [title, *kept]
    return "\n".join(kept), f"html, {encoding}", {"title": title} if title else {}


def _stands_in(key, article):
    """Whether at least half of a line is in the article, by pieces of eight letters: trafilatura may cut or mend it."""
    pieces = [key[i : i + 8] for i in range(0, len(key) - 7, 8)]
    return bool(pieces) and 2 * sum(piece in article for piece in pieces) >= len(pieces)


def _beginning(lines, first, title):
    """Where an article begins: at its headline, if that stands a little ahead of the text, or at a numbered heading."""
    for i in range(max(0, first - _AHEAD), first):
        if title and line_key(lines[i]) == line_key(title):
            return i
    while first and is_numbered(lines[first - 1]):
        first -= 1
    return first


def _blocks(tree):
    """The text of a page, a line a block: what stands between the borders of block elements, or line breaks."""
    from lxml.html import defs

    inline = defs.phrase_tags | defs.font_style_tags | defs.special_inline_tags | {"ruby", "rb", "mark", "wbr"}
    inline -= {"br"}
    lines: list[list[str]] = [[]]  # each of pieces
    todo = [(tree, False, False)]  # an element, and whether it stands in a row; or, once it is done, had a border
    while todo:
        element, flag, done = todo.pop()
        tag = element.tag if isinstance(element.tag, str) else ""
        if done or not tag or tag in _NO_TEXT:
            if done and flag:
                lines.append([])
            lines[-1].append(_spaced(element.tail))
            continue
        cell = tag in {"td", "th"} and flag
        border = tag not in inline and not cell and not (flag and tag not in {"table", "tr"})
        if border:
            lines.append([])
        elif cell and any(lines[-1]):
            while not lines[-1][-1].strip():
                lines[-1].pop()
            lines[-1][-1] = lines[-1][-1].rstrip() + "\t"
        lines[-1].append(_spaced(element.text))
        # A row of several cells is a line; one that is the frame of a layout is not.
        row = flag or (tag == "tr" and _is_row(element))
        todo.append((element, border, True))
        todo += [(child, row, False) for child in reversed(element)]
    stripped = ("".join(pieces).strip(" ") for pieces in lines)
    return [line for line in stripped if line.strip()]


def _spaced(text):
    return re.sub("[ \t\r\n\f]+", " ", text or "")


def _depth(tree):
    """How many elements stand within one another at most."""
    level, depth = [tree], 0
    while level:
        level, depth = [child for element in level for child in element], depth + 1
    return depth


def _is_row(row):
    cells = [c for c in row if c.tag in {"td", "th"}]
    return len(cells) > 1 and all(len(line_key(c.text_content())) < 60 and c.find(".//table") is None for c in cells)


_LARGEST = 300_000_000  # bytes that a Word document may unpack to, its pictures included
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def read_docx(data, name):
    """Paragraphs and tables of a Word document, in order; a row of a table is a line, its cells with tabs between.

    Returns
    -------
    text, encoding, metadata
        As by `read_html`; encoding is "docx", metadata are empty. What was inserted with changes tracked is in the
        text, what was deleted is not; nor are headers, footers, notes and the numbers that Word counts itself.
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
    if (size := _unpacked(data)) > _LARGEST:
        msg = f"{name} unpacks to {size / 1e6:,.0f} MB, more than {_LARGEST / 1e6:,.0f}: save its text alone"
        raise UnreadableError(msg)
    broken = (PackageNotFoundError, zipfile.BadZipFile, zlib.error, NotImplementedError, AttributeError)
    try:
        lines = _word_lines(docx.Document(io.BytesIO(data)).element.body)
    except (*broken, KeyError, ValueError, OSError, SyntaxError) as error:
        msg = f"{name} cannot be read as a Word document ({type(error).__name__}): open it in Word and save it again"
        raise UnreadableError(msg) from error
    return _with_text("\n".join(lines), name, "it holds pictures at most"), "docx", {}


def _unpacked(data):
    """Bytes that a zip archive says to hold; zipfile reads no more of a member than it says. 0 if it is none."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return sum(member.file_size for member in archive.infolist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError, struct.error):
        return 0  # python-docx says why


def _word_lines(element):
    """Lines of a part of a Word document: paragraphs, then rows of tables, through whatever wraps them."""
    lines = []
    for child in element:
        if child.tag == f"{_W}p":
            lines += _word_text(child).split("\n")
            for box in child.iter(f"{_W}txbxContent"):
                # A box is there twice, for old and for new readers.
                if not any(a.tag.endswith("}Fallback") for a in box.iterancestors()):
                    lines += _word_lines(box)
        elif child.tag == f"{_W}tbl":
            for row in child.iter(f"{_W}tr"):
                if next(row.iterancestors(f"{_W}tbl")) is child:
                    lines += _row_lines(row)
        elif child.tag not in {f"{_W}del", f"{_W}moveFrom", f"{_W}sectPr"}:
            lines += _word_lines(child)
    return lines


def _row_lines(row):
    """A row with one cell is what stands in it; one with several is one line. What a cell above spans is empty."""
    cells = [c for c in row.iter(f"{_W}tc") if next(c.iterancestors(f"{_W}tr")) is row]
    if len(cells) == 1:
        return _word_lines(cells[0])
    texts = []
    for cell in cells:
        merged = cell.find(f"{_W}tcPr/{_W}vMerge")
        spanned = merged is not None and merged.get(f"{_W}val") != "restart"
        texts.append("" if spanned else " ".join(line for line in _word_lines(cell) if line))
    return ["\t".join(texts)]


_LEFT_OUT = {f"{_W}{name}" for name in ("del", "moveFrom", "rt", "txbxContent", "pPr", "rPr")}


def _word_text(paragraph):
    """The text of a paragraph: what was deleted, annotated above the line, or stands in a box is not of it."""
    if paragraph.tag in _LEFT_OUT:
        return ""
    if paragraph.tag == f"{_W}t":
        return paragraph.text or ""
    if paragraph.tag in {f"{_W}br", f"{_W}cr"}:
        return "\n"
    if paragraph.tag == f"{_W}tab":
        return "\t"
    return "".join(_word_text(child) for child in paragraph)


def read_pdf(data, name):
    """The text layer of a PDF, by PDFium; pages are set apart by form feeds, so that running heads can be found.

    Returns
    -------
    text, encoding, metadata
        As by `read_html`; encoding is "pdf", or "pdf, 3 of 9 pages without text"; metadata are empty.

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
    text = _with_text("\f".join(pages), name, f"its {len(pages)} pages are pictures: run OCR on it first")
    empty = sum(not any(c.isalpha() for c in page) for page in pages)
    return text, f"pdf, {empty} of {len(pages)} pages without text" if empty else "pdf", {}


def _with_text(text, name, instead):
    if not any(c.isalpha() for c in text):
        msg = f"{name} has no text in it ({instead}), or leave it out"
        raise UnreadableError(msg)
    return text


READERS = {".html": read_html, ".htm": read_html, ".docx": read_docx, ".pdf": read_pdf}
