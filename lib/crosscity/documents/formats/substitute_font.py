"""A font for PDFs that do not embed theirs: it has every character, as the same box.

Where a PDF asks for a font of the machine, PDFium looks for one, and leaves out of the text what the font that it finds
cannot show. With this font, which is never drawn, that is nothing, on any machine.
"""

from __future__ import annotations

import ctypes
import functools
import io
import struct
from typing import Any

_SIZE = 1000  # of a character, in units of the font
_GB2312 = 134  # Windows' number of the character set
_FIRST, _LAST = 0x20, 0x10FFFF
_BOX = 1  # the number of the glyph


@functools.cache
def use_substitute_font() -> tuple[Any, ...]:
    """Let PDFium take every font that a PDF does not embed from here; what it calls, which must outlive it."""
    import pypdfium2.raw as raw

    font = _font()

    def font_data(_info: Any, _font: Any, table: int, buffer: Any, size: int) -> int:
        if table:
            return 0  # no tables of their own are asked for once the whole is known
        if buffer and size >= len(font):
            ctypes.memmove(buffer, font, len(font))
        return len(font)

    answers: dict[str, Any] = {
        "Release": lambda _info: None,
        "EnumFonts": lambda _info, _mapper: None,
        "MapFont": lambda *_wanted: _BOX,
        "GetFont": lambda _info, _name: _BOX,
        "GetFontData": font_data,
        "GetFaceName": lambda *_wanted: 0,
        "GetFontCharset": lambda _info, _font: _GB2312,
        "DeleteFont": lambda _info, _font: None,
    }
    types = dict(raw.FPDF_SYSFONTINFO._fields_)
    info = raw.FPDF_SYSFONTINFO()
    info.version = 1
    callbacks = [types[name](answer) for name, answer in answers.items()]
    for name, callback in zip(answers, callbacks, strict=True):
        setattr(info, name, callback)
    raw.FPDF_SetSystemFontInfo(info)
    return info, callbacks


def _font() -> bytes:
    """A TrueType font in which every character is a box."""
    from fontTools.fontBuilder import FontBuilder
    from fontTools.pens.ttGlyphPen import TTGlyphPen
    from fontTools.ttLib.tables.DefaultTable import DefaultTable

    pen = TTGlyphPen(None)
    pen.moveTo((0, 0))
    for corner in ((0, 800), (900, 800), (900, 0)):
        pen.lineTo(corner)
    pen.closePath()
    glyph = pen.glyph()
    names = [".notdef", "box"]
    builder = FontBuilder(_SIZE, isTTF=True)
    builder.setupGlyphOrder(names)
    builder.setupCharacterMap({})
    builder.setupGlyf(dict.fromkeys(names, glyph))
    builder.setupHorizontalMetrics(dict.fromkeys(names, (_SIZE, 0)))
    builder.setupHorizontalHeader(ascent=880, descent=-120)
    builder.setupNameTable({"familyName": "Box", "styleName": "Regular"})
    builder.setupOS2()
    builder.setupPost()
    # Table 13 maps a range of characters to one glyph; fontTools would have it listed character by character.
    subtable = struct.pack(">2H6I", 13, 0, 28, 0, 1, _FIRST, _LAST, _BOX)
    table = DefaultTable("cmap")
    table.data = struct.pack(">4HI", 0, 1, 3, 10, 12) + subtable
    builder.font["cmap"] = table
    builder.font["head"].created = builder.font["head"].modified = 0
    file = io.BytesIO()
    builder.font.save(file)
    return file.getvalue()
