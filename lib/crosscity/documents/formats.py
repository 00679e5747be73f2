"""Web pages, Word documents and PDFs as plain text: a line a block, as a crawler would have left it.

Of a web page only the stretch that holds the article is taken, and what stands outside is in no log. Boilerplate within
it is left to cleaning, which logs it.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from .. import CrosscityError
from .characters import line_key
from .decoding import decode
from .structure import is_numbered

_EXTRA = "pip install 'crosscity[formats]', or make, which installs it"


class UnreadableError(CrosscityError):
    """A scan, an encrypted or a broken file: its text cannot be had, and the corpus does without it."""


class Extract(NamedTuple):
    """The text of a file, the name of its format and encoding, and what it says of itself (title)."""

    text: str
    encoding: str
    metadata: dict[str, str]


_DEEP = 200  # levels of elements; trafilatura passes over what lies deeper
_DEEPEST = 1000  # levels that are read; libxml2 takes 2,048 at most
_AHEAD = 12  # lines between a headline and the text
# rt and rp hold the reading that is written above a character.
_NO_TEXT = {
    *("script", "style", "noscript", "template", "head", "iframe", "object", "select", "button", "svg", "textarea"),
    *("rt", "rp"),
}


def read_html(data: bytes, name: Path | str) -> Extract:
    """The article of a web page: all lines from the first to the last that trafilatura takes for its text.

    Lines between that trafilatura leaves out stay, since cleaning removes boilerplate and logs it. The page's headline
    is put first if the text lacks it.

    Parameters
    ----------
    data : bytes
    name : str or Path
        The file, for messages.

    Returns
    -------
    Extract
        Rows of tables have tabs between the cells; encoding is such as "html, utf-8"; metadata has a title if the page
        states one.

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
    page = re.sub(r"^\s*<\?xml[^>]*>", "", page)  # lxml refuses a declaration of an encoding in decoded text
    deep = False
    if "<" in page:
        # Without huge_tree the parser silently drops what lies deeper than 256 elements.
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
    # Trafilatura does not see what lies deep: then every line stays, and cleaning finds the boilerplate.
    article = "" if deep else trafilatura.extract(page, include_comments=False, include_tables=True, favor_recall=True)
    article = line_key(article or "")
    inside = [i for i, line in enumerate(lines) if _is_in_article(line_key(line), article)]
    metadata = trafilatura.extract_metadata(page)
    title = (metadata.title or "").strip() if metadata else ""
    if inside:
        lines = lines[_article_start(lines, inside[0], title) : inside[-1] + 1]
    if title and line_key(title) not in line_key("".join(lines[:4])):
        lines = [title, *lines]
    return Extract("\n".join(lines), f"html, {encoding}", {"title": title} if title else {})


def _is_in_article(key: str, article: str) -> bool:
    """Whether at least half of a line is in the article, by pieces of eight letters: trafilatura may alter it."""
    pieces = [key[i : i + 8] for i in range(0, len(key) - 7, 8)]
    return bool(pieces) and 2 * sum(piece in article for piece in pieces) >= len(pieces)


def _article_start(lines: Sequence[str], first: int, title: str) -> int:
    """The first line of an article: its headline, if that stands shortly before the text, or a numbered heading."""
    for i in range(max(0, first - _AHEAD), first):
        if title and line_key(lines[i]) == line_key(title):
            return i
    while first and is_numbered(lines[first - 1]):
        first -= 1
    return first


def _blocks(tree: Any) -> list[str]:
    """The text of a page, a line a block: what stands between the borders of block elements, or line breaks."""
    from lxml.html import defs

    inline = defs.phrase_tags | defs.font_style_tags | defs.special_inline_tags | {"ruby", "rb", "mark", "wbr"}
    inline -= {"br"}
    lines: list[list[str]] = [[]]  # each of pieces
    todo = [_Visit(tree)]  # a stack and not recursion: pages may be nested deeper than Python's limit
    while todo:
        element, in_row, is_end, has_border = todo.pop()
        tag = element.tag if isinstance(element.tag, str) else ""
        if is_end or not tag or tag in _NO_TEXT:
            if has_border:
                lines.append([])
            lines[-1].append(_single_spaced(element.tail))
            continue
        is_cell = tag in {"td", "th"} and in_row
        has_border = tag not in inline and not is_cell and not (in_row and tag not in {"table", "tr"})
        if has_border:
            lines.append([])
        elif is_cell and any(lines[-1]):
            while not lines[-1][-1].strip():
                lines[-1].pop()
            lines[-1][-1] = lines[-1][-1].rstrip() + "\t"
        lines[-1].append(_single_spaced(element.text))
        # A row of several cells is a line; one that is the frame of a layout is not.
        in_row = in_row or (tag == "tr" and _is_row(element))
        todo.append(_Visit(element, is_end=True, has_border=has_border))
        todo += [_Visit(child, in_row) for child in reversed(element)]
    stripped = ("".join(pieces).strip(" ") for pieces in lines)
    return [line for line in stripped if line.strip()]


class _Visit(NamedTuple):
    """An element to enter, or to leave (`is_end`), and whether it stands in a row and has borders."""

    element: Any
    in_row: bool = False
    is_end: bool = False
    has_border: bool = False


def _single_spaced(text: str | None) -> str:
    return re.sub("[ \t\r\n\f]+", " ", text or "")


def _depth(tree: Any) -> int:
    """The number of levels of elements."""
    level, depth = [tree], 0
    while level:
        level, depth = [child for element in level for child in element], depth + 1
    return depth


def _is_row(row: Any) -> bool:
    cells = [c for c in row if c.tag in {"td", "th"}]
    return len(cells) > 1 and all(len(line_key(c.text_content())) < 60 and c.find(".//table") is None for c in cells)


_LARGEST = 300_000_000  # bytes that a Word document may unpack to, with its pictures
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def read_docx(data: bytes, name: Path | str) -> Extract:
    """Paragraphs and tables of a Word document, in order; a row of a table is a line with tabs between the cells.

    Tracked insertions are in the text; tracked deletions, headers, footers, notes and automatic numbers are not.

    Raises
    ------
    UnreadableError
        If the file is encrypted, broken, too large, or without text.
    CrosscityError
        If python-docx is not installed.
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
    if (size := _unpacked_size(data)) > _LARGEST:
        msg = f"{name} unpacks to {size / 1e6:,.0f} MB, more than {_LARGEST / 1e6:,.0f}: save its text alone"
        raise UnreadableError(msg)
    broken = (PackageNotFoundError, zipfile.BadZipFile, zlib.error, NotImplementedError, AttributeError)
    try:
        lines = _word_lines(docx.Document(io.BytesIO(data)).element.body)
    except (*broken, KeyError, ValueError, OSError, SyntaxError) as error:
        msg = f"{name} cannot be read as a Word document ({type(error).__name__}): open it in Word and save it again"
        raise UnreadableError(msg) from error
    return Extract(_require_text("\n".join(lines), name, "it holds pictures at most"), "docx", {})


def _unpacked_size(data: bytes) -> int:
    """Bytes that a zip archive states for its members, of which zipfile reads no more; 0 if it is no archive."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return sum(member.file_size for member in archive.infolist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError, struct.error):
        return 0  # the error will be python-docx's


def _word_lines(element: Any) -> list[str]:
    """Lines of a part of a Word document: paragraphs and rows of tables, in whatever wraps them."""
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


def _row_lines(row: Any) -> list[str]:
    """The lines of a row's only cell, or one line of several cells; a cell that one above spans is empty."""
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


def _word_text(paragraph: Any) -> str:
    """The text of a paragraph, without deletions, readings above the line and text boxes."""
    if paragraph.tag in _LEFT_OUT:
        return ""
    if paragraph.tag == f"{_W}t":
        return paragraph.text or ""
    if paragraph.tag in {f"{_W}br", f"{_W}cr"}:
        return "\n"
    if paragraph.tag == f"{_W}tab":
        return "\t"
    return "".join(_word_text(child) for child in paragraph)


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
    text = _require_text("\f".join(pages), name, f"its {len(pages)} pages are pictures: run OCR on it first")
    empty = sum(not any(c.isalpha() for c in page) for page in pages)
    return Extract(text, f"pdf, {empty} of {len(pages)} pages without text" if empty else "pdf", {})


def _require_text(text: str, name: Path | str, reason: str) -> str:
    """The text; an UnreadableError with the reason if it has no letter."""
    if not any(c.isalpha() for c in text):
        msg = f"{name} has no text in it ({reason}), or leave it out"
        raise UnreadableError(msg)
    return text


READERS: dict[str, Callable[[bytes, Path | str], Extract]] = {
    ".html": read_html,
    ".htm": read_html,
    ".docx": read_docx,
    ".pdf": read_pdf,
}
