"""Web pages as plain text: a line a block, as a crawler would have left it.

Of a web page only the stretch that holds the article is taken, and what stands outside is in no log. Boilerplate within
it is left to cleaning, which logs it.
"""

from __future__ import annotations

import itertools
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import unquote

import numpy as np

from ...chinese import HAN_CHARACTER
from ..characters import line_key
from ..structure import is_numbered
from .extract import Extract, UnreadableError, decoded
from .numbering import written
from .page_title import page_title, tags

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

_DEEP = 200  # levels of elements; trafilatura passes over what lies deeper
_DEEPEST = 1000  # levels that are read; libxml2 takes 2,048 at most
_LEAST = 60  # Chinese characters of a page that holds an article
_PROSE = 25  # Chinese characters of a line that is more than an entry of a menu
_PIECE = 8  # letters by which a line is looked for in the article
_MULTIPLIER = 0x9E3779B97F4A7C15
_AHEAD = 12  # lines between a headline and the text
# rt and rp hold the reading that is written above a character.
_NO_TEXT = {
    *("script", "style", "noscript", "template", "head", "iframe", "object", "select", "button", "svg", "textarea"),
    *("rt", "rp"),
}

_FRAME = re.compile(r"<i?frame\b", re.IGNORECASE)
_SOURCE = re.compile(r"\bsrc\s*=\s*[\"']?(?:\./)?([^\"'?#>\s]+)", re.IGNORECASE)
_LONG_TAG = re.compile(r"<[A-Za-z][^<>]{20000,}")
_MOST_ATTRIBUTES = 1000  # of an element: libxml2 holds each against all before it
_PAGES = {".html", ".htm", ".xhtml"}  # suffixes of frames

# Kinds of lists by their attribute.
_LISTS = {"a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman"}
# Elements that begin a line; those of any other name, such as Word's o:p, stand within one.
_BORDERED = {
    *(
        "html",
        "body",
        "div",
        "p",
        "br",
        "hr",
        "pre",
        "blockquote",
        "center",
        "address",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
    ),
    *(
        "ul",
        "ol",
        "li",
        "dl",
        "dt",
        "dd",
        "dir",
        "menu",
        "form",
        "fieldset",
        "legend",
        "option",
        "noframes",
        "frameset",
    ),
    *("table", "caption", "colgroup", "thead", "tbody", "tfoot", "tr", "td", "th"),
    *("article", "section", "header", "footer", "nav", "main", "aside", "figure", "figcaption", "details", "summary"),
    *("hgroup", "search", "dialog", "img", "video", "audio", "isindex", "title"),
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
        states one. Notes say what stands outside of the article, if that reads like text, and what is hidden.

    Raises
    ------
    UnreadableError
        If the page is no text or holds none, or a script fills it when a browser opens it.
    """
    import trafilatura

    page, encoding = _decoded(data, name)
    lines, hidden, depth = _page(page, name)
    frames = _frames(page, lines, name)
    for frame in frames:
        page = _decoded(frame.read_bytes(), frame)[0]
        inner, n, deep = _page(page, frame)
        lines, hidden, depth = [*lines, *inner], hidden + n, max(depth, deep)
    if not lines:
        msg = f"{name} is a web page without text: save the article itself, or remove the file"
        raise UnreadableError(msg)
    # Trafilatura does not see what lies deep: then every line stays, and cleaning finds the boilerplate.
    article = ""
    if depth <= _DEEP:
        found = trafilatura.extract(page, include_comments=False, include_tables=True, favor_recall=True)
        article = line_key(found or "")
    pieces = np.sort(_pieces(article))
    inside = [i for i, line in enumerate(lines) if _is_in_article(line_key(line), pieces)]
    if _is_filled_by_script(page, lines):
        msg = f"{name} is filled by a script when it is opened: open it in a browser, and save the article from there"
        raise UnreadableError(msg)
    metadata = trafilatura.extract_metadata(page)
    title = page_title(page, (metadata.title or "").strip() if metadata else "", lines)
    outside: list[str] = []
    if inside:
        first, last = _article_start(lines, inside[0], title), inside[-1] + 1
        outside = lines[:first] + lines[last:]
        lines = lines[first:last]
    if title and line_key(title) not in line_key("".join(lines[:4])):
        lines = [title, *lines]
    notes = [f"takes its text from its frame {frame.parent.name}/{frame.name}" for frame in frames]
    n_outside = sum(len("".join(line.split())) for line in outside)
    if sentences := sum(len(line) for line in outside if _is_prose(line)):
        notes.append(f"has {sentences:,} characters of sentences outside of its article, which are left out")
    if hidden:
        notes.append(f"has {hidden:,} characters that the page hides, which are left out")
    return Extract(
        "\n".join(lines), f"html, {encoding}", {"title": title} if title else {}, tuple(notes), n_outside + hidden
    )


def page_lines(data: bytes, name: Path | str) -> list[str]:
    """All lines that a page shows, a line a block; those of a chapter of a book, say, that is nothing but text."""
    return _page(_decoded(data, name)[0], name)[0]


def _decoded(data: bytes, name: Path | str) -> tuple[str, str]:
    """A page as one document, and its encoding."""
    page, encoding = decoded(data, name)
    page = re.sub(r"^\s*<\?xml[^>]*>", "", page)  # lxml refuses a declaration of an encoding in decoded text
    # What stands behind the end of a page that ends twice is shown as well.
    page = _LONG_TAG.sub(_with_fewer_attributes, page)
    return re.sub(r"</(?:html|body)\s*>", "", page, flags=re.IGNORECASE), encoding


def _with_fewer_attributes(tag: re.Match[str]) -> str:
    """A tag that is not closed yet, with no more attributes than any page has."""
    ends = (m.end() for m in re.finditer(r"=\s*(?:\"[^\"]*\"|'[^']*'|[^\s\"']*)|\s\S+(?=\s)", tag[0]))
    end = next(itertools.islice(ends, _MOST_ATTRIBUTES, None), None)
    return tag[0][:end]


def _page(page: str, name: Path | str) -> tuple[list[str], int, int]:
    """The lines of a page, how many characters it hides, and how deep its elements lie."""
    from lxml import html

    if "<" not in page:
        return [line for line in page.split("\n") if line.strip()], 0, 0
    # Without huge_tree the parser silently drops what lies deeper than 256 elements.
    parser = html.HTMLParser(huge_tree=True)
    tree = html.document_fromstring(f"<body>{page}" if "<body" not in page.lower() else page, parser=parser)
    if (depth := _depth(tree)) >= _DEEPEST:
        msg = f"{name} nests its elements {depth} deep, or deeper: save the article as text, or remove the file"
        raise UnreadableError(msg)
    hidden = {e: None for e in tree.iter() if isinstance(e.tag, str) and _is_hidden(e)}  # in order
    n = 0
    for element in hidden:
        if any(a in hidden for a in element.iterancestors()):
            continue
        n += len(HAN_CHARACTER.findall("".join(t for t in element.itertext())))
        element.tag = "template"  # as elements are that show nothing
    return _blocks(tree), n, depth


def _is_fact(element: Any) -> bool:
    """Whether an element is one of those that WeChat sets below a headline, author and date, with nothing between."""
    return "rich_media_meta" in (element.get("class") or "")


def _frames(page: str, lines: Sequence[str], name: Path | str) -> list[Path]:
    """The frames of a saved page that hold its text: files of its folder, where the page itself has next to none."""
    if not isinstance(name, Path) or sum(len(HAN_CHARACTER.findall(line)) for line in lines) >= _LEAST:
        return []
    frames = []
    for tag in tags(page, _FRAME):
        if not (match := _SOURCE.search(tag)):
            continue
        path = name.parent / unquote(match[1])
        if ".." not in path.parts and path.parent.parent == name.parent and path.suffix.lower() in _PAGES:
            frames += [path] if path.is_file() and not path.is_symlink() else []
    return frames


def _is_hidden(element: Any) -> bool:
    """Whether a page states of an element that it is not shown; what a script shows later is not hidden for good."""
    if element.tag in _NO_TEXT:
        return False
    style = re.sub(r"\s", "", element.get("style") or "").lower()
    return "display:none" in style or element.get("hidden") is not None


def _is_filled_by_script(page: str, lines: Sequence[str]) -> bool:
    """Whether a page has scripts and next to nothing to read."""
    is_scripted = re.search(r"<script\b", page, re.IGNORECASE) is not None
    return (
        is_scripted
        and sum(len(HAN_CHARACTER.findall(line)) for line in lines) < _LEAST
        and not any(map(_is_prose, lines))
    )


def _is_prose(line: str) -> bool:
    """Whether a line is a sentence rather than an entry of a menu."""
    return len(HAN_CHARACTER.findall(line)) >= _PROSE and any(mark in line for mark in "。！？；")


def _is_in_article(key: str, article: npt.NDArray[np.uint64]) -> bool:
    """Whether at least half of a line is in the article, by pieces of eight letters: trafilatura may alter it.

    Parameters
    ----------
    key : str
        The line's letters.
    article : ndarray
        `_pieces` of the article's, sorted. To look for each piece in its text takes the square of a page's length.
    """
    pieces = _pieces(key)[::_PIECE]
    if not len(pieces) or not len(article):
        return False
    places = np.minimum(np.searchsorted(article, pieces), len(article) - 1)
    return bool(2 * (article[places] == pieces).sum() >= len(pieces))


def _pieces(text: str) -> npt.NDArray[np.uint64]:
    """A number for the eight letters that begin at each place of a text, the same for the same letters."""
    if len(text) < _PIECE:
        return np.zeros(0, dtype=np.uint64)
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32).astype(np.uint64)
    n = len(codes) - _PIECE + 1
    numbers = np.zeros(n, dtype=np.uint64)
    for i in range(_PIECE):
        numbers = numbers * np.uint64(_MULTIPLIER) + codes[i : n + i]
    return numbers


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
    lines: list[list[str]] = [[]]  # each of pieces
    items: dict[Any, int] = {}  # of a numbered list, so far
    todo = [_Visit(tree)]  # a stack and not recursion: pages may be nested deeper than Python's limit
    while todo:
        element, in_row, is_end, has_border = todo.pop()
        tag = element.tag if isinstance(element.tag, str) else ""
        if is_end or not tag or tag in _NO_TEXT or (tag == "sup" and element.find("a[@href]") is not None):
            if has_border:
                lines.append([])
            lines[-1].append(_single_spaced(element.tail))
            continue
        is_cell = tag in {"td", "th"} and in_row
        has_border = (
            (tag in _BORDERED or _is_fact(element)) and not is_cell and not (in_row and tag not in {"table", "tr"})
        )
        if has_border:
            lines.append([])
        elif is_cell:
            lines[-1] = [] if element.getprevious() is None else _with_tab(lines[-1])
        if tag == "li" and (parent := element.getparent()) is not None and parent.tag == "ol":
            items[parent] = items.get(parent, 0) + 1
            lines[-1].append(_item_number(element, parent, items[parent]))
        lines[-1].append(_single_spaced(element.text))
        # A row of several cells is a line; one that is the frame of a layout is not.
        in_row = in_row or (tag == "tr" and _is_row(element))
        todo.append(_Visit(element, is_end=True, has_border=has_border))
        todo += [_Visit(child, in_row) for child in reversed(element)]
    stripped = ("".join(pieces).strip(" ") for pieces in lines)
    return [line for line in stripped if line.strip()]


def _with_tab(pieces: list[str]) -> list[str]:
    """The pieces of a cell without blanks at its end, and a tab."""
    while pieces and not pieces[-1].rstrip(" "):
        pieces.pop()
    if pieces:
        pieces[-1] = pieces[-1].rstrip(" ")
    pieces.append("\t")
    return pieces


def _item_number(element: Any, parent: Any, place: int) -> str:
    """The number that a browser puts before an item of a list, by its place in it."""
    if "none" in (parent.get("style") or ""):
        return ""
    start = parent.get("start") or "1"
    number = element.get("value") or (str(int(start) + place - 1) if start.isdecimal() else str(place))
    form = _LISTS.get(parent.get("type") or "", "decimal")
    return f"{written(int(number), form)}." if number.isdecimal() and len(number) < 6 else ""


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
