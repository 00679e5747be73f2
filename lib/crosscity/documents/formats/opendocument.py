"""OpenDocument texts, slides, electronic books, and OFD, in which Chinese offices fix the layout of documents."""

from __future__ import annotations

import posixpath
from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import unquote

from .extract import Extract, UnreadableError, counted, require_text
from .numbering import written
from .package import Package, attribute, child, descendants, local

if TYPE_CHECKING:
    from pathlib import Path

_AS = {"tab": "\t", "line-break": "\n"}
_SKIPPED = {"tracked-changes", "annotation", "ruby-text", "sequence-decls", "forms", "soft-page-break"}


def read_odt(data: bytes, name: Path | str) -> Extract:
    """The text of an OpenDocument text, with all changes accepted; notes at the end, pictures counted.

    Raises
    ------
    UnreadableError
        If the file is encrypted, broken, too large, or without text.
    """
    package = Package(data, name, "an OpenDocument text")
    tree = package.tree("content.xml")
    if tree is None:
        msg = f"{name} is no OpenDocument text (it has no content.xml): open it and save it again"
        raise UnreadableError(msg)
    if b"encryption-data" in (package.read("META-INF/manifest.xml") or b""):
        msg = f"{name} is encrypted: save it without a password, or leave it out"
        raise UnreadableError(msg)
    reader = _OpenDocument([t for t in (package.tree("styles.xml"), tree) if t is not None])
    lines = reader.blocks(tree)
    lines += reader.notes
    n = reader.left_out["image"]
    notes = (f"holds {counted(n, 'picture')}, whose text is not read",) if n else ()
    return Extract(require_text("\n".join(lines), name, "; ".join(notes) or "it is empty"), "odt", {}, notes)


class _Level(NamedTuple):
    """How a level of a list is numbered."""

    form: str
    prefix: str
    suffix: str
    start: int
    shown: int  # levels that a number shows: two in 1.2


class _OpenDocument:
    """Goes through a document once, counting its lists.

    Parameters
    ----------
    trees : list of element
        That define styles of lists.
    """

    def __init__(self, trees: list[Any]) -> None:
        self.notes: list[str] = []
        self.left_out: Counter[str] = Counter()
        self._levels: dict[str, dict[int, _Level]] = {}
        for tree in trees:
            for style in descendants(tree, "list-style"):
                self._levels[attribute(style, "name") or ""] = _read_levels(style)
            for style in descendants(tree, "outline-style"):
                self._levels[""] = _read_levels(style)
        self._counters: dict[str, dict[int, int]] = {}

    def _list(self, element: Any, style: str = "", level: int = 0) -> list[str]:
        """The lines of a list: each item's first with its number."""
        level += 1
        style = attribute(element, "style-name") or style
        goes_on = attribute(element, "continue-numbering") == "true" or attribute(element, "continue-list")
        if level == 1 and not goes_on:
            self._counters.pop(style, None)
        lines: list[str] = []
        for item in element:
            kind, number = local(item), ""
            if kind == "list-item":
                number = self._number(style, level, attribute(item, "start-value"))
            for part in item:
                if local(part) == "list":
                    lines += self._list(part, style, level)
                    continue
                found = self._block(part)
                if number and found and found[0].strip():
                    found[0], number = number + found[0], ""
                lines += found
        return lines

    def _number(self, style: str, level: int, start: str | None) -> str:
        """The next number of a level, which is counted; "" for a bullet."""
        this = self._levels.get(style, {}).get(level)
        if this is None:
            return ""
        counters = self._counters.setdefault(style, {})
        if start is not None and start.isdigit():
            counters[level] = int(start)
        else:
            counters[level] = counters[level] + 1 if level in counters else this.start
        for deeper in [n for n in counters if n > level]:
            del counters[deeper]
        shown = range(max(1, level - this.shown + 1), level + 1)
        forms = self._levels[style]
        numbers = [written(counters.get(n, 1), forms[n].form if n in forms else "decimal") for n in shown]
        return this.prefix + ".".join(numbers) + this.suffix

    def blocks(self, element: Any) -> list[str]:
        lines: list[str] = []
        for part in element:
            lines += self._block(part)
        return lines

    def _block(self, part: Any) -> list[str]:
        kind = local(part)
        if kind in {"p", "h"}:
            boxes: list[str] = []
            text = self._inline(part, boxes)
            if kind == "h" and text.strip():
                text = self._number("", int(attribute(part, "outline-level") or 1), None) + text
            return [*text.split("\n"), *boxes]
        if kind == "table":
            return self._table(part)
        if kind == "list":
            return self._list(part)
        if kind == "image":
            self.left_out["image"] += 1
        return [] if kind in _SKIPPED else self.blocks(part)

    def _table(self, table: Any) -> list[str]:
        lines: list[str] = []
        for part in table:
            if local(part) == "table-row":
                cells = [e for e in part if local(e) in {"table-cell", "covered-table-cell"}]
                if len(cells) == 1:
                    lines += self.blocks(cells[0])
                else:
                    lines.append("\t".join(" ".join(x for x in self.blocks(cell) if x) for cell in cells))
            elif local(part) in {"table-rows", "table-header-rows", "table-row-group"}:
                lines += self._table(part)
        return lines

    def _inline(self, element: Any, boxes: list[str]) -> str:
        pieces = [element.text or ""]
        for part in element:
            kind = local(part)
            if kind in _AS:
                pieces.append(_AS[kind])
            elif kind == "s":
                pieces.append(" " * min(int(attribute(part, "c") or 1), 1000))
            elif kind == "note":
                body = child(part, "note-body")
                self.notes += [] if body is None else self.blocks(body)
            elif kind == "image":
                self.left_out["image"] += 1
            elif kind == "text-box":
                boxes += self.blocks(part)
            elif kind == "frame":
                # A frame may hold one thing in several forms, of which the first is shown.
                pieces.append(self._inline(part, boxes).strip())
            elif kind and kind not in _SKIPPED:
                pieces.append(self._inline(part, boxes))
            pieces.append(part.tail or "")
        return "".join(pieces)


# The forms of numbers in a list, by how their first is written.
_FORMS = {"1": "decimal", "a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman"}
_FORMS |= {"一": "chineseCounting", "壹": "chineseLegalSimplified", "甲": "ideographTraditional"}
_FORMS |= {"子": "ideographZodiac", "①": "decimalEnclosedCircle", "１": "decimalFullWidth"}


def _read_levels(style: Any) -> dict[int, _Level]:
    """The numbered levels of a style of lists."""
    levels = {}
    for element in style:
        form = _FORMS.get((attribute(element, "num-format") or "")[:1])
        if local(element) in {"list-level-style-number", "outline-level-style"} and form:
            numbers = [attribute(element, name) or "1" for name in ("level", "start-value", "display-levels")]
            level, start, shown = (int(number) if number.isdigit() else 1 for number in numbers)
            prefix, suffix = (attribute(element, name) or "" for name in ("num-prefix", "num-suffix"))
            levels[level] = _Level(form, prefix, suffix, start, shown)
    return levels


def read_pptx(data: bytes, name: Path | str) -> Extract:
    """The text of slides, in order: a line a paragraph, a row of a table with tabs, speaker's notes left out."""
    package = Package(data, name, "a presentation")
    relations = package.relations("ppt/presentation.xml")
    tree = package.tree("ppt/presentation.xml")
    if tree is None:
        msg = f"{name} is no presentation: open it and save it again"
        raise UnreadableError(msg)
    lines: list[str] = []
    pictures = 0
    for reference in descendants(tree, "sldId"):
        identity = next((v for k, v in reference.attrib.items() if k.endswith("}id")), "")
        slide = package.tree(relations[identity].target) if identity in relations else None
        if slide is None:
            continue
        pictures += sum(1 for _ in descendants(slide, "pic"))
        lines += _slide_lines(slide)
    notes = (f"holds {counted(pictures, 'picture')}, whose text is not read",) if pictures else ()
    return Extract(require_text("\n".join(lines), name, "; ".join(notes) or "it is empty"), "pptx", {}, notes)


def _slide_lines(element: Any) -> list[str]:
    lines: list[str] = []
    for part in element:
        kind = local(part)
        if kind == "p":
            lines += "".join(
                "\n" if local(e) == "br" else e.text or "" for e in part.iter() if local(e) in {"t", "br"}
            ).split("\n")
        elif kind == "tr":
            lines.append("\t".join(" ".join(x for x in _slide_lines(cell) if x) for cell in descendants(part, "tc")))
        else:
            lines += _slide_lines(part)
    return lines


def read_epub(data: bytes, name: Path | str) -> Extract:
    """The text of an electronic book, in the order of its spine."""
    from .html import page_lines

    package = Package(data, name, "an EPUB")
    container = package.tree("META-INF/container.xml")
    root = next(descendants(container, "rootfile"), None) if container is not None else None
    part = "" if root is None else attribute(root, "full-path") or ""
    tree = package.tree(part) if part else None
    if tree is None:
        msg = f"{name} is no EPUB (it names no contents): save its text as a file"
        raise UnreadableError(msg)
    items = {attribute(e, "id"): attribute(e, "href") or "" for e in descendants(tree, "item")}
    lines: list[str] = []
    absent = 0
    for reference in descendants(tree, "itemref"):
        target = posixpath.normpath(
            posixpath.join(posixpath.dirname(part), unquote(items.get(attribute(reference, "idref"), "")))
        )
        page = package.read(target)
        absent += page is None
        lines += [] if page is None else page_lines(page, f"{name} ({target})")
    title = next((e.text.strip() for e in descendants(tree, "title") if e.text), "")
    notes = (f"names {counted(absent, 'chapter')} that it does not hold",) if absent else ()
    return Extract(
        require_text("\n".join(lines), name, "its pages are pictures"), "epub", {"title": title} if title else {}, notes
    )


def read_ofd(data: bytes, name: Path | str) -> Extract:
    """The text of an OFD (GB/T 33190): characters by their place on the page, form feeds between pages."""
    package = Package(data, name, "an OFD")
    root = package.tree("OFD.xml")
    body = next(descendants(root, "DocRoot"), None) if root is not None else None
    part = (body.text or "").strip().lstrip("/") if body is not None else ""
    tree = package.tree(part) if part else None
    if tree is None:
        msg = f"{name} is no OFD (it names no document): save it as PDF with a reader of OFD"
        raise UnreadableError(msg)
    folder = posixpath.dirname(part)
    pages: list[str] = []
    pictures = 0
    for page in descendants(tree, "Page"):
        location = (attribute(page, "BaseLoc") or "").strip()
        content = package.tree(location if location.startswith("/") else posixpath.join(folder, location))
        if content is None:
            continue
        pictures += sum(1 for _ in descendants(content, "ImageObject"))
        pages.append(_placed_text(content))
    notes = (f"holds {counted(pictures, 'picture')}, whose text is not read",) if pictures else ()
    reason = f"its {counted(len(pages), 'page')} hold no characters: save it as PDF and run OCR on it"
    return Extract(require_text("\f".join(pages), name, reason), "ofd", {}, notes)


def _placed_text(content: Any) -> str:
    """The lines of a page: pieces whose height on the page is nearly the same, from left to right."""
    pieces = []
    for item in descendants(content, "TextObject"):
        left, top, _, height = (_floats(attribute(item, "Boundary")) + [0.0] * 4)[:4]
        size = float(attribute(item, "Size") or height or 1)
        for code in descendants(item, "TextCode"):
            x, y = (_floats(attribute(code, "X")) or [0.0])[0], (_floats(attribute(code, "Y")) or [0.0])[0]
            pieces.append((top + y, left + x, size, code.text or ""))
    pieces.sort(key=lambda p: (p[0], p[1]))
    lines: list[list[tuple[float, float, float, str]]] = []
    for piece in pieces:
        if lines and abs(piece[0] - lines[-1][0][0]) < 0.4 * max(piece[2], 0.1):
            lines[-1].append(piece)
        else:
            lines.append([piece])
    return "\n".join("".join(p[3] for p in sorted(line, key=lambda p: p[1])) for line in lines)


def _floats(text: str | None) -> list[float]:
    try:
        return [float(number) for number in (text or "").split()]
    except ValueError:
        return []
