"""What comes back from a program of qualitative analysis: texts, and codes on spans of them."""

from __future__ import annotations

import io
import posixpath
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from lxml import etree

from ... import CrosscityError
from .refi_qda import MACHINE, USER_GUID

if TYPE_CHECKING:
    from collections.abc import Iterator

_LARGEST = 500_000_000  # bytes that a project may unpack to
_UNREAD = {"Notes": "notes", "Links": "links", "Graphs": "graphs"}


class ReturnedText(NamedTuple):
    """A text as it came back.

    Attributes
    ----------
    name : str
        The document's, as the program has it.
    text : str
    paragraph : int
        If the text is a paragraph of the document, its number; else 0.
    """

    name: str
    text: str
    paragraph: int = 0


class ReturnedCoding(NamedTuple):
    """A code on a span of a text.

    Attributes
    ----------
    text : int
        Which of the texts.
    start, end : int
        As the program counts.
    code, identity : str
        The code's name, and its identifier if it has one.
    note, person : str
        What is noted of the span; who coded it, empty if it was the suite.
    """

    text: int
    start: int
    end: int
    code: str
    identity: str = ""
    note: str = ""
    person: str = ""


class Returned(NamedTuple):
    """A file that came back: texts, codings, people whom it names, and what of it was not read."""

    texts: list[ReturnedText]
    codings: list[ReturnedCoding]
    people: list[str]
    notes: list[str]


def read_project(path: Path | str) -> Returned:
    """The texts and codings of a REFI-QDA project (.qdpx), of whichever program wrote it.

    Raises
    ------
    CrosscityError
        If it is no such project.
    """
    path = Path(path)
    try:
        with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as archive:
            if sum(member.file_size for member in archive.infolist()) > _LARGEST:
                msg = f"{path} unpacks to more than {_LARGEST // 10**6} MB: save it without pictures and sound"
                raise CrosscityError(msg)
            members = {posixpath.basename(name).lower(): archive.read(name) for name in archive.namelist()}
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, ValueError) as error:
        msg = f"{path} is no REFI-QDA project ({error}): export it again as .qdpx"
        raise CrosscityError(msg) from None
    except FileNotFoundError:
        msg = f"{path} is not there: give the project that came back"
        raise CrosscityError(msg) from None
    root = _parsed(path, members)
    names = {code.get("guid", "").lower(): code.get("name", "") for code in _all(root, "Code")}
    users = {user.get("guid", "").lower(): user.get("name") or user.get("id") or "" for user in _all(root, "User")}
    people = {identity: "" if (identity, name) == (USER_GUID, MACHINE) else name for identity, name in users.items()}
    notes = [
        f"{len(list(part))} {told} of the project are not read"
        for tag, told in _UNREAD.items()
        for part in _children(root, tag)
        if len(part)
    ]
    texts: list[ReturnedText] = []
    codings: list[ReturnedCoding] = []
    for source in (each for part in _children(root, "Sources") for each in part if isinstance(each.tag, str)):
        name = source.get("name") or source.get("guid") or "a source"
        text, reason = _text(source, members) if _tag(source) == "TextSource" else (None, f"a {_tag(source)}")
        if text is None:
            notes.append(f"{name} is {reason}, and is not read")
            continue
        texts.append(ReturnedText(name, text))
        if whole := len(list(_children(source, "Coding"))):
            notes.append(f"{name}: {whole} codes on the document as a whole are not read: code spans of its text")
        codings += _codings(source, len(texts) - 1, names, people)
    if not texts:
        msg = f"{path} holds no plain text: export it again with its sources"
        raise CrosscityError(msg)
    return Returned(texts, codings, sorted({*people.values()} - {""}), notes)


def _parsed(path: Path, members: dict[str, bytes]) -> etree._Element:
    found = next((data for name, data in sorted(members.items()) if name.endswith(".qde")), None)
    if found is None:
        msg = f"{path} is no REFI-QDA project: it has no project.qde; export it as .qdpx"
        raise CrosscityError(msg)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True)
    try:
        root = etree.fromstring(found, parser)
    except etree.XMLSyntaxError as error:
        msg = f"{path}: project.qde is broken ({error}): export it again"
        raise CrosscityError(msg) from None
    if root.getroottree().docinfo.doctype:
        msg = f"{path}: project.qde has a document type of its own, which no program writes: export it again"
        raise CrosscityError(msg)
    if _tag(root) != "Project" or "QDA-XML:project" not in (etree.QName(root).namespace or ""):
        msg = f"{path}: project.qde is no QDA-XML project (its root is {_tag(root)}): export it again as .qdpx"
        raise CrosscityError(msg)
    return root


def _tag(element: etree._Element) -> str:
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def _children(element: etree._Element, tag: str) -> Iterator[etree._Element]:
    return (child for child in element if _tag(child) == tag)


def _all(element: etree._Element, tag: str) -> Iterator[etree._Element]:
    return element.iter(f"{{*}}{tag}")


def _text(source: etree._Element, members: dict[str, bytes]) -> tuple[str | None, str]:
    """The plain text of a source, or why there is none."""
    for content in _children(source, "PlainTextContent"):
        return content.text or "", ""
    path = source.get("plainTextPath") or ""
    if not path:
        return None, "without a plain text"
    if (data := members.get(posixpath.basename(path.replace("\\", "/")).lower())) is None:
        return None, f"a text that is not in the file ({path})"
    try:
        wide = data[:2] in (b"\xff\xfe", b"\xfe\xff")
        return data.decode("utf-16" if wide else "utf-8-sig"), ""
    except UnicodeDecodeError:
        return None, "a text in another encoding than UTF-8"


def _codings(
    source: etree._Element, number: int, names: dict[str, str], people: dict[str, str]
) -> Iterator[ReturnedCoding]:
    for selection in _children(source, "PlainTextSelection"):
        note = "\n".join(each.text or "" for each in _children(selection, "Description"))
        try:
            start, end = int(selection.get("startPosition", "")), int(selection.get("endPosition", ""))
        except ValueError:
            start, end = -1, -1
        for coding in _children(selection, "Coding"):
            person = (coding.get("creatingUser") or selection.get("creatingUser") or "").lower()
            for reference in _children(coding, "CodeRef"):
                identity = reference.get("targetGUID", "").lower()
                code = names.get(identity.strip("{}"), names.get(identity, ""))
                yield ReturnedCoding(number, start, end, code, identity.strip("{}"), note, people.get(person, ""))
