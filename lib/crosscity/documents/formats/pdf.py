"""PDFs as plain text, by the text layer that they have.

PDFium leaves out a character that no font can show, and so its text depends on the machine's fonts where a PDF does not
embed its own. Here such a PDF is given a font that shows everything (`substitute_font`), on all machines the same.
"""

from __future__ import annotations

import ctypes
import re
from typing import TYPE_CHECKING, Any, NamedTuple

from ... import CrosscityError
from .extract import EXTRA, Extract, UnreadableError, counted, require_text
from .substitute_font import use_substitute_font

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_MOST_FONTS = 3  # that a note names
# Fonts that every reader of PDFs has.
_STANDARD = re.compile("(?:Helvetica|Times|Courier|Arial|Symbol|ZapfDingbats|TimesNewRoman|CourierNew)\\b")
_UNKNOWN = "\N{REPLACEMENT CHARACTER}"
# What PDFium gives for a character of a font that does not say which it is.
_UNMAPPED = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f\uffff\ufffd]")
_HYPHEN = "\ufffe"  # what PDFium gives for a hyphen at the end of a line, with the line end
_BROKEN_WORD = re.compile(f"([a-z]+){_HYPHEN}([a-z]+)")


class _Page(NamedTuple):
    """A page: its text, how many characters are not in it, and how many each font has that is not embedded."""

    text: str
    lost: int
    foreign: dict[str, int]


def read_pdf(data: bytes, name: Path | str) -> Extract:
    """The text layer of a PDF, by PDFium, with form feeds between pages, by which running heads are found.

    Returns
    -------
    Extract
        encoding is "pdf", or "pdf, 3 of 9 pages without text". Characters that the PDF's fonts do not name stand as
        U+FFFD. Notes say how many these are, and which fonts are not embedded.

    Raises
    ------
    UnreadableError
        If the file is encrypted or broken, or has no text layer, or one of which less than half can be read.
    CrosscityError
        If pypdfium2 is not installed.
    """
    try:
        import pypdfium2 as pdfium
    except ImportError as error:
        msg = f"{name} is a PDF, and pypdfium2, which reads it, is not installed: {EXTRA}"
        raise CrosscityError(msg) from error
    use_substitute_font()
    try:
        document = pdfium.PdfDocument(data)
        pages = [_read_page(document, number) for number in range(len(document))]
        document.close()
    except pdfium.PdfiumError as error:
        if "password" in str(error).lower():
            msg = f"{name} is encrypted: save it without a password, or leave it out"
        else:
            msg = f"{name} cannot be read as a PDF ({error}): open and save it again, or leave it out"
        raise UnreadableError(msg) from error
    text, n_hyphens = _whole_words("\f".join(page.text for page in pages))
    n_lost = sum(page.lost for page in pages)
    n_unknown = text.count(_UNKNOWN) + n_lost
    n_known = sum(c.isalnum() for c in text)
    if n_unknown > n_known:
        n = counted(n_unknown, "character")
        msg = f"{name} has fonts that do not name what they show ({n}): run OCR on it first, or leave it out"
        raise UnreadableError(msg)
    text = require_text(text, name, f"its {len(pages)} pages are pictures: run OCR on it first")
    empty = sum(not any(c.isalpha() for c in page.text) for page in pages)
    encoding = f"pdf, {empty} of {len(pages)} pages without text" if empty else "pdf"
    return Extract(text, encoding, {}, tuple(_notes(pages, n_unknown - n_lost, n_lost, n_hyphens)), n_lost)


def _notes(pages: list[_Page], n_unknown: int, n_lost: int, n_hyphens: int) -> Iterator[str]:
    if n_unknown:
        yield f"has {counted(n_unknown, 'character')} that its fonts do not name, which stand as {_UNKNOWN}"
    if n_lost:
        yield f"shows about {counted(n_lost, 'character')} that its fonts do not name, which are left out"
    foreign: dict[str, int] = {}
    for page in pages:
        for font, n in page.foreign.items():
            foreign[font] = foreign.get(font, 0) + n
    if foreign:
        names = sorted(foreign, key=lambda font: (-foreign[font], font))
        said = ", ".join(names[:_MOST_FONTS]) + (" and others" if len(names) > _MOST_FONTS else "")
        n = counted(sum(foreign.values()), "character")
        yield f"does not embed {said}: {n} are read by their codes alone, so compare some with the page"
    if n_hyphens:
        yield f"divides {counted(n_hyphens, 'word')} at ends of lines, whose hyphens are taken out"


def _read_page(document: Any, number: int) -> _Page:
    """A page of a PDF by its number, from 0."""
    page = document[number]
    layer = page.get_textpage()
    text = layer.get_text_range()
    if len(text) != layer.count_chars():
        text = "".join(_characters(layer)).encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    text = text.replace("\r\n", "\n").strip("\n")
    lost, foreign = _fonts(page, layer)
    layer.close()
    page.close()
    return _Page(_UNMAPPED.sub(_UNKNOWN, text), lost, foreign)


def _characters(layer: Any) -> Iterator[str]:
    """The characters of a page one by one, with those that PDFium passes over in a text since no font names them."""
    import pypdfium2.raw as raw

    for i in range(layer.count_chars()):
        code = raw.FPDFText_GetUnicode(layer, i)
        if raw.FPDFText_IsHyphen(layer, i) == 1:
            yield _HYPHEN
        elif code < ord(" ") and raw.FPDFText_HasUnicodeMapError(layer, i) == 1:
            yield _UNKNOWN
        else:
            yield chr(code)


def _fonts(page: Any, layer: Any) -> tuple[int, dict[str, int]]:
    """How many characters of a page its text layer lacks, and how many each font has that is not embedded.

    What the layer lacks are pieces of text without an extent: about a character each.
    """
    import pypdfium2.raw as raw

    lost, foreign = 0, dict[str, int]()
    names: dict[int, str] = {}  # of fonts that are not embedded by their address; "" is one that is
    for piece in page.get_objects(filter=[raw.FPDF_PAGEOBJ_TEXT]):
        font = raw.FPDFTextObj_GetFont(piece)
        address = ctypes.addressof(font.contents) if font else 0
        if address not in names:
            names[address] = "" if not font or raw.FPDFFont_GetIsEmbedded(font) else _font_name(font)
        if not (name := names[address]):
            continue
        n = raw.FPDFTextObj_GetText(piece, layer, None, 0) // 2 - 1  # UTF-16 with an end mark
        if n < 1:
            lost += 1
        elif not _STANDARD.match(name):
            foreign[name] = foreign.get(name, 0) + n
    return lost, foreign


def _font_name(font: Any) -> str:
    import pypdfium2.raw as raw

    buffer = ctypes.create_string_buffer(128)
    raw.FPDFFont_GetBaseFontName(font, buffer, len(buffer))
    return buffer.value.decode("utf-8", "replace") or "a font without a name"


def _whole_words(text: str) -> tuple[str, int]:
    """A text with the words whole that hyphens divide at ends of lines, and how many these are.

    A hyphen stays if it stands between other characters than small letters, or if the text has the word with it.
    """
    n = 0

    def whole(match: re.Match[str]) -> str:
        nonlocal n
        if f"{match[1]}-{match[2]}" in text:
            return f"{match[1]}-{match[2]}"
        n += 1
        return match[1] + match[2]

    return _BROKEN_WORD.sub(whole, text).replace(_HYPHEN, "-"), n
