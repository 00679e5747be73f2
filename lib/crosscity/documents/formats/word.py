"""Word documents as plain text: what a reader sees of them, a line a paragraph or a row of a table."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any

from ...chinese import HAN_CHARACTER
from .extract import Extract, UnreadableError, counted, require_text
from .html import page_lines, read_html
from .numbering import Numbering, circled
from .package import Package, attribute, child, descendants, local

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from .package import Relation

_OLE = b"\xd0\xcf\x11\xe0"
_LEAST_HEAD = 10  # Chinese characters; what is shorter in a header is a page number or a name
_DEEPEST = 150  # elements within one another
_GONE = {"del", "moveFrom"}
_SUPERSCRIPTS = str.maketrans("0123456789+-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻")
_UNIT_POWER = re.compile("[A-Za-z米]$")
# Characters of fonts that have signs in the place of letters, by the lower byte of what Word writes for them.
_SIGNS = {0x20: " ", 0x6C: "●", 0x6E: "■", 0x6F: "□", 0x71: "❑", 0x72: "❒", 0x75: "◆", 0x76: "❖", 0xA7: "▪", 0xA8: "◻"}
_SIGNS |= {0xB7: "•", 0xD8: "➢", 0xE0: "→", 0xFB: "✗", 0xFC: "✓", 0xFD: "☒", 0xFE: "☑"}
_SYMBOLS = {code: chr(code) for code in b" *+-/<=>()[]%.,:;"}
_SYMBOLS |= {
    0xA3: "≤",
    0xA5: "∞",
    0xB0: "°",
    0xB1: "±",
    0xB3: "≥",
    0xB4: "×",
    0xB7: "•",
    0xB8: "÷",
    0xB9: "≠",
    0xBB: "≈",
}
_SYMBOLS |= {0xD2: "®", 0xD3: "©", 0xD4: "™", 0xD7: "⋅", 0xE5: "∑"}
_GREEK = dict(zip(b"ABCDEFGHIKLMNOPQRSTUWXYZ", "ΑΒΧΔΕΦΓΗΙΚΛΜΝΟΠΘΡΣΤΥΩΞΨΖ", strict=True))
_GREEK |= dict(zip(b"abcdefghiklmnopqrstuwxyz", "αβχδεφγηικλμνοπθρστυωξψζ", strict=True))


def read_docx(data: bytes, name: Path | str) -> Extract:
    """The text of a Word document as it is shown, with all changes accepted.

    A paragraph is a line, with the number that Word puts before it; a row of a table is a line with tabs between the
    cells. Text boxes come after the paragraph that they stand in, foot- and endnotes at the end. Headers, footers,
    comments and hidden text are left out with a note, and so are pictures, charts and embedded files.

    Raises
    ------
    UnreadableError
        If the file is encrypted, broken, too large, or without text.
    """
    if data.startswith(_OLE):
        encrypted = "EncryptedPackage".encode("utf-16-le") in data
        what = "is encrypted: save it without a password" if encrypted else "is an old .doc: save it as .docx"
        msg = f"{name} {what}, or leave it out"
        raise UnreadableError(msg)
    package = Package(data, name, "a Word document")
    starts = [r.target for r in package.relations("").values() if r.kind == "officeDocument" and r.target]
    part = next((p for p in [*starts, "word/document.xml"] if package.read(p) is not None), None)
    if part is None:
        msg = f"{name} is no Word document (it has no part with a text): open it and save it again"
        raise UnreadableError(msg)
    reader = _Reader(package, part)
    try:
        lines = reader.document()
    except RecursionError:
        msg = f"{name} nests its parts too deep: save its text alone"
        raise UnreadableError(msg) from None
    reason = "; ".join(reader.notes()) or "it is empty"
    return Extract(require_text("\n".join(lines), name, reason), "docx", {}, reader.notes())


class _Reader:
    """Goes through a document once, in the order in which it is read, and counts what it leaves out."""

    def __init__(self, package: Package, part: str) -> None:
        self.package, self.part = package, part
        self.relations = package.relations(part)
        self.numbering = Numbering(self._related("numbering"), self._related("styles"))
        self.left_out: Counter[str] = Counter()
        self.absent: list[str] = []
        self._boxes: list[str] = []  # lines of the paragraph's text boxes
        self._fields: list[_Field] = []
        self._notes: list[tuple[str, str]] = []
        self._joined = ""  # text of a paragraph whose end was deleted
        self._depth = 0

    def document(self) -> list[str]:
        """All lines, notes last."""
        tree = self.package.tree(self.part)
        body = None if tree is None else child(tree, "body")
        lines = [] if body is None else self._blocks(body)
        if self._joined:
            lines.append(self._joined)
            self._joined = ""
        lines += self._note_lines()
        heads = {self._plain(r.target) for r in self.relations.values() if r.kind in {"header", "footer"}}
        self.left_out["character"] += sum(
            len(head) for head in heads if len(HAN_CHARACTER.findall(head)) >= _LEAST_HEAD
        )
        return lines

    def notes(self) -> tuple[str, ...]:
        """What is left out, a sentence each."""
        n = self.left_out
        sentences = [
            (n["picture"], f"holds {counted(n['picture'], 'picture')}, whose text is not read"),
            (n["chart"], f"holds {counted(n['chart'], 'chart')}, whose figures are not read"),
            (n["embedded file"], f"holds {counted(n['embedded file'], 'embedded file')}: save each as a file"),
            (n["character"], f"has {counted(n['character'], 'character')} in headers and footers, which are left out"),
            (n["hidden"], f"has {counted(n['hidden'], 'character')} of hidden text, which is left out"),
            (n["comment"], f"has {counted(n['comment'], 'comment')}, left out"),
            (n["sign"], f"has {counted(n['sign'], 'sign')} of fonts that are not read, shown as \ufffd"),
            (n["field"], f"has {counted(n['field'], 'field')} whose text only Word works out, shown as \ufffd"),
        ]
        return (*(sentence for count, sentence in sentences if count), *dict.fromkeys(self.absent))

    def _related(self, kind: str) -> Any | None:
        """The tree of the part that stands in a relation to the document."""
        relation = next((r for r in self.relations.values() if r.kind == kind and r.target), None)
        return None if relation is None else self.package.tree(relation.target)

    def _plain(self, part: str) -> str:
        tree = self.package.tree(part)
        return "" if tree is None else "".join(e.text or "" for e in descendants(tree, "t")).strip()

    def _blocks(self, element: Any) -> list[str]:
        """Lines of what stands in an element: paragraphs and rows, in whatever wraps them."""
        self._depth += 1
        if self._depth > _DEEPEST:
            raise RecursionError
        lines: list[str] = []
        for part in element:
            kind = local(part)
            if kind == "p":
                lines += self._paragraph(part)
            elif kind == "tbl":
                for row in _rows(part):
                    lines += self._row(row)
            elif kind == "altChunk":
                lines += self._chunk(attribute(part, "id"))
            elif kind == "sdt":
                lines += self._control(part, self._blocks)
            elif kind == "AlternateContent":
                lines += self._blocks(_alternative(part))
            elif kind not in {*_GONE, "sectPr", "sdtPr"}:
                lines += self._blocks(part)
        self._depth -= 1
        return lines

    def _control(self, control: Any, read: Callable[[Any], Any]) -> Any:
        """What a content control holds; a prompt to fill it in is no text of the document."""
        content = child(control, "sdtContent")
        prompts = child(control, "sdtPr", "showingPlcHdr") is not None
        return read([] if content is None or prompts else content)

    def _paragraph(self, paragraph: Any) -> list[str]:
        """The lines of a paragraph, its text boxes after it; none if its end is deleted: it goes on with the next."""
        properties = child(paragraph, "pPr")
        outer, self._boxes = self._boxes, []
        text = self._inline(paragraph)
        boxes, self._boxes = self._boxes, outer
        mark = None if properties is None else child(properties, "rPr")
        if mark is not None and any(local(e) in _GONE for e in mark):
            self._joined += text
            return boxes
        if text.strip() or self._joined:
            text = self.numbering.number_of(properties) + self._joined + text
        self._joined = ""
        return text.split("\n") + boxes

    def _row(self, row: Any) -> list[str]:
        """The lines of a row's only cell, or one line of several cells; a cell that one above spans is empty."""
        cells = _cells(row)
        if len(cells) == 1:
            return self._blocks(cells[0])
        texts = []
        for cell in cells:
            merged = child(cell, "tcPr", "vMerge")
            spanned = merged is not None and attribute(merged, "val") != "restart"
            texts.append("" if spanned else " ".join(line for line in self._blocks(cell) if line))
        return ["\t".join(texts)]

    def _inline(self, element: Any) -> str:
        """The text of a paragraph or of a part of it."""
        self._depth += 1
        if self._depth > _DEEPEST:
            raise RecursionError
        pieces: list[str] = []
        for part in element:
            kind = local(part)
            if kind in _SKIPPED:
                continue
            if kind == "r" and (text := self._run(part)):
                # km2 with a raised 2 is km²; other raised characters are as they stand.
                before = pieces[-1] if pieces else ""
                raised = text in {"2", "3"} and _is_raised(part) and _UNIT_POWER.search(before)
                pieces.append(text.translate(_SUPERSCRIPTS) if raised else text)
            elif kind == "sdt":
                pieces.append(self._control(part, self._inline))
            elif kind == "AlternateContent":
                pieces.append(self._inline(_alternative(part)))
            elif kind == "oMath":
                pieces.append(_formula(part))
            elif kind == "commentReference":
                self.left_out["comment"] += 1
            elif kind != "r":
                pieces.append(self._inline(part))
        self._depth -= 1
        return "".join(pieces)

    def _run(self, run: Any) -> str:
        """The text of a run: characters, signs, and what stands in it."""
        pieces = [self._piece(part) for part in run]
        text = "".join(pieces)
        hidden = child(run, "rPr", "vanish")
        if hidden is not None and attribute(hidden, "val") not in {"0", "false", "off"}:
            self.left_out["hidden"] += len(text.strip())
            return ""
        return text

    def _piece(self, part: Any) -> str:
        """The text of one part of a run; nothing while the code of a field is read."""
        kind = local(part)
        if kind == "fldChar":
            return self._field(part)
        if kind == "instrText":
            if self._fields:
                self._fields[-1].code += part.text or ""
            return ""
        if any(not field.has_result for field in self._fields):
            return ""
        if kind == "t":
            return part.text or ""
        if kind in _AS:
            return _AS[kind]
        if kind == "sym":
            return self._sign(attribute(part, "font") or "", attribute(part, "char") or "")
        if kind in {"footnoteReference", "endnoteReference"}:
            self._notes.append((kind.removesuffix("Reference"), attribute(part, "id") or ""))
            return ""
        if kind == "ruby":
            base = child(part, "rubyBase")
            return "" if base is None else self._inline(base)
        if kind in _DRAWN:
            self._drawing(part)
            return ""
        if kind == "AlternateContent":
            return "".join(map(self._piece, _alternative(part)))
        if kind == "commentReference":
            self.left_out["comment"] += 1
        return ""

    def _drawing(self, drawing: Any) -> None:
        """Put the text boxes of a drawing after the paragraph, and count its pictures."""
        todo = [drawing]
        while todo:
            element = todo.pop()
            kind = local(element)
            if kind == "txbxContent":
                fields, self._fields = self._fields, []
                self._boxes += self._blocks(element)
                self._fields = fields
                continue
            if kind == "AlternateContent":
                todo += reversed(_alternative(element))
                continue
            if kind in {"blip", "imagedata"}:
                self.left_out["picture"] += 1
            elif kind == "chart":
                self.left_out["chart"] += 1
            elif kind == "OLEObject":
                self.left_out["embedded file"] += 1
            elif kind == "relIds":
                self._boxes += self._diagram(attribute(element, "dm"))
            todo += reversed(element)

    def _diagram(self, identity: str | None) -> list[str]:
        """The texts of a diagram's boxes."""
        relation = self.relations.get(identity or "")
        tree = self.package.tree(relation.target) if relation and relation.target else None
        points = [] if tree is None else descendants(tree, "pt")
        texts = ("".join(t.text or "" for t in descendants(point, "t")) for point in points)
        return [text for text in texts if text.strip()]

    def _sign(self, font: str, code: str) -> str:
        """The character that a sign of a font of signs shows."""
        try:
            number = int(code, 16)
        except ValueError:
            number = 0
        if not 0xF000 <= number <= 0xF0FF:  # a character like any other
            return chr(number) if 0x20 <= number < 0xD800 else ""
        low = number & 0xFF
        is_symbol = font.casefold() == "symbol"
        sign = (_SYMBOLS.get(low) or _GREEK.get(low)) if is_symbol else _SIGNS.get(low)
        if sign is None and chr(low).isdigit():
            sign = chr(low)
        self.left_out["sign"] += sign is None
        return sign or "\ufffd"

    def _field(self, mark: Any) -> str:
        """What the mark of a field's begin, middle or end shows: of a field without a result, what its code says."""
        kind = attribute(mark, "fldCharType")
        if kind == "begin":
            self._fields.append(_Field(child(mark, "ffData")))
        elif self._fields and kind == "separate":
            self._fields[-1].has_result = True
        elif self._fields and kind == "end":
            field = self._fields.pop()
            if not field.has_result and all(outer.has_result for outer in self._fields):
                text = field.shown(self._sign)
                self.left_out["field"] += text == "\ufffd"
                return text
        return ""

    def _note_lines(self) -> list[str]:
        """Foot- and endnotes that the text refers to, in order."""
        lines: list[str] = []
        trees = {kind: self._related(f"{kind}s") for kind in ("footnote", "endnote")}
        notes: dict[tuple[str, str | None], Any] = {}
        for kind, tree in trees.items():
            for note in [] if tree is None else descendants(tree, kind):
                notes[kind, attribute(note, "id")] = note
        for key in dict.fromkeys(self._notes):
            if key in notes:
                lines += [line for line in self._blocks(notes[key]) if line.strip()]
        return lines

    def _chunk(self, identity: str | None) -> list[str]:
        """The lines of another document that stands within this one."""
        from . import READERS

        relation: Relation | None = self.relations.get(identity or "")
        data = self.package.read(relation.target) if relation and relation.target else None
        if data is None or relation is None:
            self.absent.append("takes in another file, which is not there: open it in Word and save it again")
            return []
        suffix, name = "." + relation.target.rsplit(".", 1)[-1].lower(), f"{self.package.name} ({relation.target})"
        reader = READERS.get(suffix)
        try:
            if reader is read_html:  # all of it is text, and there is no menu around
                return page_lines(data, name)
            if reader is None:
                raise UnreadableError
            extract = reader(data, name)
        except UnreadableError:
            self.absent.append(f"takes in {relation.target}, which is not read: open it in Word and save it again")
            return []
        self.absent += extract.notes
        return extract.text.split("\n")


class _Field:
    """A field while it is read: its code, and whether its result has begun."""

    def __init__(self, form: Any | None) -> None:
        self.code, self.has_result, self._form = "", False, form

    def shown(self, sign: Callable[[str, str], str]) -> str:
        """What a field without a result shows, as far as its code tells; U+FFFD if only Word works it out."""
        code = self.code.strip()
        if self._form is not None and (box := child(self._form, "checkBox")) is not None:
            state = next((e for name in ("checked", "default") if (e := child(box, name)) is not None), None)
            return "☑" if state is not None and attribute(state, "val") not in {"0", "false"} else "☐"
        if self._form is not None and (entries := child(self._form, "ddList")) is not None:
            chosen = child(entries, "result")
            options = [attribute(e, "val") or "" for e in entries if local(e) == "listEntry"]
            number = attribute(chosen, "val") or "" if chosen is not None else "0"
            return options[int(number)] if number.isdigit() and int(number) < len(options) else ""
        if match := re.match(r'SYMBOL\s+(\d+)(?:.*\\f\s*"?(\w+))?', code, re.IGNORECASE):
            return sign(match.group(2) or "", f"{0xF000 + int(match.group(1)) % 256:X}" if match.group(2) else "")
        if match := re.fullmatch(r"eq\s*\\o(?:\\a[clr])?\s*\(\s*[○〇◯]\s*[,;]\s*(\d+)\s*\)", code, re.IGNORECASE):
            return circled(int(match.group(1)))
        if match := re.fullmatch(r"eq\s*\\f\s*\(\s*([^,;()]+)[,;]([^,;()]+)\)", code, re.IGNORECASE):
            return f"{match.group(1).strip()}/{match.group(2).strip()}"
        return "\ufffd" if re.match(r"(?:eq|=)\b|=", code, re.IGNORECASE) else ""


_SKIPPED = {*_GONE, "pPr", "rPr", "sdtPr", "proofErr", "bookmarkStart", "bookmarkEnd", "rt", "delText"}
_DRAWN = {"drawing", "pict", "object", "txbx", "textbox", "shape", "wsp", "wgp", "group"}
_AS = {"br": "\n", "cr": "\n", "tab": "\t", "ptab": "\t", "noBreakHyphen": "\u2011", "softHyphen": ""}


def _is_raised(run: Any) -> bool:
    place = child(run, "rPr", "vertAlign")
    return place is not None and attribute(place, "val") == "superscript"


def _alternative(element: Any) -> Sequence[Any]:
    """The parts of the first alternative that has any: a drawing is there twice, for new and for old readers."""
    choices = [e for e in element if local(e) in {"Choice", "Fallback"}]
    return next((list(choice) for choice in choices if len(choice)), [])


def _rows(table: Any) -> list[Any]:
    """The rows of a table, without deleted ones and those of tables within it."""
    rows: list[Any] = []
    for part in table:
        kind = local(part)
        if kind == "tr":
            if child(part, "trPr", "del") is None:
                rows.append(part)
        elif kind not in {"tblPr", "tblGrid", *_GONE}:
            rows += _rows(part)
    return rows


def _cells(row: Any) -> list[Any]:
    """The cells of a row, in whatever wraps them."""
    cells: list[Any] = []
    for part in row:
        if local(part) == "tc":
            cells.append(part)
        elif local(part) not in {"trPr", "tblPrEx", *_GONE}:
            cells += _cells(part)
    return cells


def _formula(element: Any) -> str:
    """A formula in a line: (a+b)/c, x², √(y)."""
    kind = local(element)
    if kind == "t":
        return element.text or ""
    if kind == "f":
        return f"{_argument(element, 'num')}/{_argument(element, 'den')}"
    if kind == "rad":
        return f"√{_argument(element, 'e')}"
    if kind == "sSup":
        power = _plain_argument(element, "sup")
        raised = power.translate(_SUPERSCRIPTS)
        return _plain_argument(element, "e") + (raised if not raised.isascii() else f"^{power}")
    if kind == "d":
        marks = {name: child(element, "dPr", name) for name in ("begChr", "endChr")}
        begin, end = (
            default if marks[name] is None else attribute(marks[name], "val") or ""
            for name, default in (("begChr", "("), ("endChr", ")"))
        )
        return begin + "".join(_formula(e) for e in element if local(e) == "e") + end
    if kind == "nary":
        sign = child(element, "naryPr", "chr")
        return ("∫" if sign is None else attribute(sign, "val") or "") + "".join(map(_formula, element))
    return "".join(map(_formula, element))


def _plain_argument(element: Any, name: str) -> str:
    part = child(element, name)
    return "" if part is None else _formula(part)


def _argument(element: Any, name: str) -> str:
    """A part of a formula, in brackets if it is not one number or word."""
    text = _plain_argument(element, name)
    return text if text.isalnum() else f"({text})"
