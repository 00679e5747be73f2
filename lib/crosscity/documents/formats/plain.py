"""Formats that are text with marks: RTF, Markdown, and web pages saved as one file (MHTML)."""

from __future__ import annotations

import contextlib
import email
import email.policy
import re
from typing import TYPE_CHECKING

from ... import CrosscityError
from ..decoding import decode
from .extract import EXTRA, Extract, UnreadableError, require_text
from .html import page_lines, read_html

if TYPE_CHECKING:
    from pathlib import Path

_PICTURE = re.compile(rb"\\pict\b")


def read_rtf(data: bytes, name: Path | str) -> Extract:
    """The text of an RTF document, by striprtf."""
    try:
        from striprtf.striprtf import rtf_to_text
    except ImportError as error:
        msg = f"{name} is an RTF document, and striprtf, which reads it, is not installed: {EXTRA}"
        raise CrosscityError(msg) from error
    if not data.lstrip().startswith(b"{\\rtf"):
        msg = f"{name} is no RTF document, in spite of its name: give it the suffix of what it is"
        raise UnreadableError(msg)
    try:
        text = rtf_to_text(data.decode("latin-1"), errors="replace")
    except (ValueError, IndexError, KeyError, LookupError) as error:
        msg = f"{name} cannot be read as an RTF document ({type(error).__name__}): open it and save it again"
        raise UnreadableError(msg) from error
    n = len(_PICTURE.findall(data))
    notes = (f"holds {n:,} picture{'s'[: n > 1]}, whose text is not read",) if n else ()
    return Extract(require_text(text.replace("|\n", "\n").replace("|", "\t"), name, "it is empty"), "rtf", {}, notes)


def read_markdown(data: bytes, name: Path | str) -> Extract:
    """The text of a Markdown document without its marks, by mistune; a front matter is left out."""
    import mistune

    text, encoding = decode(data, name)
    front = re.match(r"---\n.*?\n(?:---|\.\.\.)\n", text, re.DOTALL)
    notes = ("has a front matter, which is left out: state its facts in corpus.csv",) if front else ()
    # Two blanks or a backslash at its end break a line, and so does an end of line in Chinese.
    renderer = mistune.create_markdown(escape=False, hard_wrap=True, plugins=["table", "strikethrough", "footnotes"])
    page = renderer(text[front.end() :] if front else text)
    lines = page_lines(f"<body>{page}</body>".encode(), name)
    return Extract(require_text("\n".join(lines), name, "it is empty"), f"markdown, {encoding}", {}, notes)


def read_mhtml(data: bytes, name: Path | str) -> Extract:
    """The article of a web page that a browser saved with its pictures as one file."""
    message = email.message_from_bytes(data, policy=email.policy.default)
    page = next((part for part in message.walk() if part.get_content_type() == "text/html"), None)
    content = None if page is None else page.get_payload(decode=True)
    if page is None or not isinstance(content, bytes):
        msg = f"{name} holds no web page: save the page again, as HTML"
        raise UnreadableError(msg)
    if charset := page.get_content_charset():
        with contextlib.suppress(LookupError, ValueError):  # else as the page itself says
            content = content.decode(charset).encode()
    article = read_html(content, name)
    return article._replace(encoding=f"mhtml, {charset or 'utf-8'}")
