"""Documents that are zip archives of XML: Word, PowerPoint, OpenDocument, EPUB and OFD.

Elements and relations are told by their local names, since strict and transitional files differ in namespaces alone.
"""

from __future__ import annotations

import io
import posixpath
import struct
import zipfile
import zlib
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote

from lxml import etree

from .extract import UnreadableError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import Any

LARGEST = 300_000_000  # bytes that an archive may unpack to, with its pictures
_MOST_MEMBERS = 20_000
BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    NotImplementedError,
    EOFError,
    ValueError,
    OSError,
    etree.LxmlError,
)


class Relation(NamedTuple):
    """What a part refers to: the kind by its last word, and the name of the part; external ones have none."""

    kind: str
    target: str


class Package:
    """The parts of an archive, by name.

    Raises
    ------
    UnreadableError
        If it is broken or unpacks to more than `LARGEST` bytes.
    """

    def __init__(self, data: bytes, name: Path | str, kind: str) -> None:
        self.name, self.kind = name, kind
        try:
            self._archive = zipfile.ZipFile(io.BytesIO(data))
            members = self._archive.infolist()
        except BROKEN as error:
            raise self.broken(error) from error
        # zipfile reads no more of a member than it states.
        if (size := sum(member.file_size for member in members)) > LARGEST:
            msg = f"{name} unpacks to {size / 1e6:,.0f} MB, more than {LARGEST / 1e6:,.0f}: save its text alone"
            raise UnreadableError(msg)
        if len(members) > _MOST_MEMBERS:
            msg = f"{name} has {len(members):,} parts, more than {_MOST_MEMBERS:,}: save its text alone"
            raise UnreadableError(msg)
        if any(member.flag_bits & 1 for member in members):
            msg = f"{name} is encrypted: save it without a password, or leave it out"
            raise UnreadableError(msg)
        self.parts = {member.filename.lstrip("/").replace("\\", "/"): member for member in members}
        self._by_folded = {part.casefold(): part for part in self.parts}

    def broken(self, error: Exception) -> UnreadableError:
        """The error that says what is wrong with the archive."""
        reason = str(error).split("\n")[0][:120] or type(error).__name__
        return UnreadableError(f"{self.name} cannot be read as {self.kind} ({reason}): open it and save it again")

    def read(self, part: str) -> bytes | None:
        """The bytes of a part; None if it is not there."""
        found = self._by_folded.get(part.lstrip("/").casefold())
        if found is None:
            return None
        try:
            return self._archive.read(self.parts[found])
        except BROKEN as error:
            raise self.broken(error) from error

    def tree(self, part: str) -> Any | None:
        """The root element of a part; None if the part is not there."""
        data = self.read(part)
        if data is None:
            return None
        try:
            return etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True))
        except BROKEN as error:
            if is_for_memory(error):
                raise MemoryError from error
            raise self.broken(error) from error

    def relations(self, part: str) -> dict[str, Relation]:
        """What a part refers to, by identifier; nothing if its relations are absent or lead nowhere."""
        folder, base = posixpath.split(part)
        tree = self.tree(posixpath.join(folder, "_rels", f"{base}.rels"))
        found = {}
        for element in () if tree is None else tree:
            kind = str(element.get("Type") or "").rsplit("/", 1)[-1]
            target = "" if element.get("TargetMode") == "External" else unquote(element.get("Target") or "")
            target = target.split("#")[0]
            path = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/") if target else ""
            found[str(element.get("Id"))] = Relation(kind, path)
        return found


def is_for_memory(error: BaseException) -> bool:
    """Whether libxml2 gave up for want of memory, which lxml takes for an error of syntax."""
    return isinstance(error, etree.XMLSyntaxError) and error.code == etree.ErrorTypes.ERR_NO_MEMORY


def local(element: Any) -> str:
    """The name of an element without its namespace; "" for a comment."""
    return element.tag.rsplit("}", 1)[-1] if isinstance(element.tag, str) else ""


def attribute(element: Any, name: str) -> str | None:
    """The value of an attribute, in whatever namespace."""
    return next((value for key, value in element.attrib.items() if key.rsplit("}", 1)[-1] == name), None)


def child(element: Any, *path: str) -> Any | None:
    """The first descendant along a path of local names."""
    for name in path:
        element = next((e for e in element if local(e) == name), None)
        if element is None:
            return None
    return element


def descendants(element: Any, name: str) -> Iterator[Any]:
    """All elements below that have a local name, in order."""
    return (e for e in element.iter() if local(e) == name)
