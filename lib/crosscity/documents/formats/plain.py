"""Formats that are text with marks: RTF, Markdown, and web pages saved as one file (MHTML)."""

from __future__ import annotations

import contextlib
import email
import email.policy
import re
from typing import TYPE_CHECKING

from ... import CrosscityError
from .extract import EXTRA, Extract, UnreadableError, decoded, require_text
from .html import page_lines, read_html

if TYPE_CHECKING:
    from pathlib import Path


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
    source = data.decode("latin-1")
    # Ends of cells and rows get marks of their own, since a paragraph ends before each.
    source = re.sub(r"\\cell(?![a-z])", r"\\u57344?", re.sub(r"\\row(?![a-z])", r"\\u57345?", source))
    source, footnotes = _without_footnotes(source)
    head = source[: source.find("\\pard")] if "\\pard" in source else "{\\rtf1"
    try:
        text = rtf_to_text(source, errors="replace")
        texts = [rtf_to_text(f"{head}{note}}}", errors="replace") for note in footnotes]
    except (ValueError, IndexError, KeyError, LookupError) as error:
        msg = f"{name} cannot be read as an RTF document ({type(error).__name__}): open it and save it again"
        raise UnreadableError(msg) from error
    text = re.sub("\\s*\ue000[ \n]*", "\t", text)
    text = re.sub("[\t\n]*\ue001\n*", "\n", text)
    text = re.sub(r"(?m)^((?:\d|[一二三四五六七八九十]){1,3}[.、．)）])\t", r"\1", text)  # numbers of lists
    text = "\n".join([text, *(note.strip() for note in texts)])
    n = source.count("{\\pict") + source.count("{\\*\\shppict")
    notes = (f"holds {n:,} picture{'s'[: n > 1]}, whose text is not read",) if n else ()
    return Extract(require_text(text, name, "it is empty"), "rtf", {}, notes)


def _without_footnotes(source: str) -> tuple[str, list[str]]:
    """An RTF document without its footnotes, and the footnotes: striprtf passes over them."""
    notes: list[str] = []
    kept: list[str] = []
    end = 0
    for match in re.finditer(r"\{(?:\\\*)?\s*\\footnote(?![a-z])", source):
        if match.start() < end:
            continue
        depth, i = 0, match.start()
        while i < len(source):
            depth += (source[i] == "{") - (source[i] == "}") if source[i - 1] != "\\" else 0
            i += 1
            if not depth:
                break
        kept.append(source[end : match.start()])
        notes.append("{" + source[match.end() : i])
        end = i
    return "".join([*kept, source[end:]]), notes


def read_markdown(data: bytes, name: Path | str) -> Extract:
    """The text of a Markdown document without its marks, by mistune; a front matter is left out."""
    import mistune

    text, encoding = decoded(data, name)
    front = re.match(r"---\n.*?\n(?:---|\.\.\.)\n", text, re.DOTALL)
    notes = ("has a front matter, which is left out: state its facts in corpus.csv",) if front else ()
    # Two blanks or a backslash at its end break a line, and so does an end of line in Chinese.
    renderer = mistune.create_markdown(escape=False, hard_wrap=True, plugins=["table", "strikethrough", "footnotes"])
    page = str(renderer(text[front.end() :] if front else text))
    # Marks beside Chinese punctuation are none by the letter of the standard, and are meant as such all the same.
    page = re.sub(r"(\*\*|__)(?=\S)([^\n]{1,300}?)(?<=\S)\1", r"\2", page)
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
