"""What a reader makes of a file: its text, and what the text leaves out; and the error for a file without any."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ... import CrosscityError
from ..decoding import decode

if TYPE_CHECKING:
    from pathlib import Path

EXTRA = "pip install 'crosscity[formats]', or make, which installs it"


class UnreadableError(CrosscityError):
    """A scan, an encrypted or a broken file: its text cannot be had, and the corpus does without it."""


class Extract(NamedTuple):
    """The text of a file, the name of its format and encoding, what it says of itself (title), and what is left out.

    `notes` are sentences without a subject, to which the file's name is put: "holds 3 pictures, whose text is not
    read". `unread` is how many characters of these are known to be lacking.
    """

    text: str
    encoding: str
    metadata: dict[str, str]
    notes: tuple[str, ...] = ()
    unread: int = 0


def decoded(data: bytes, name: Path | str) -> tuple[str, str]:
    """As `decode`, with an UnreadableError for bytes that are no text: a crawled page among many, which is left out."""
    try:
        return decode(data, name)
    except CrosscityError as error:
        raise UnreadableError(str(error)) from None


def require_text(text: str, name: Path | str, reason: str) -> str:
    """The text; an UnreadableError with the reason if it has no letter."""
    if not any(c.isalpha() for c in text):
        msg = f"{name} has no text in it ({reason}), or leave it out"
        raise UnreadableError(msg)
    return text


def counted(n: int, what: str) -> str:
    """A number with its noun in the singular or plural: "1 picture", "3 pictures"."""
    return f"{n:,} {what}" + ("" if n == 1 else "s")
