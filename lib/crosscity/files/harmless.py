"""Names and messages without what a terminal obeys, what turns the direction of writing, and what nobody sees.

Whatever people or strangers name passes one of these functions where it is read: cells and columns of tables, keys of
JSON and YAML, names of files and of files in archives; messages pass `printable`. Standard library alone.
"""

from __future__ import annotations

import re

from .. import CrosscityError

# Characters that are not shown: zero-width ones, marks of direction, fillers, selectors of variants, tags.
_INVISIBLE = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2060-\u2065\u206a-\u206f\u3164\ufe00-\ufe0f"
    "\ufeff\uffa0\ufff9-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
# What ends a line, moves the cursor or turns the direction of writing.
_LINES = "\t\n\v\f\r\x85\u2028\u2029"
_OBEYED = "\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069"
CONTROL = re.compile(f"[{_LINES}{_OBEYED}]+")
_JOINED = "\u200d(?=[\u2600-\u27bf\U0001f000-\U0001faff])"  # two pictures are seen as one
_UNSEEN = re.compile(f"(?:(?!{_JOINED})[{_INVISIBLE}])+")
# What a terminal takes for a command as a whole: colours, the cursor's place, titles of windows and links.
_SEQUENCE = re.compile("(?:\x1b\\[|\x9b)[0-?]{0,64}[ -/]{0,8}[@-~]|\x1b\\][^\x07\x1b]{0,2000}(?:\x07|\x1b\\\\)")
_OF_LINES = re.compile(f"[\v\f{_OBEYED}]+")
_SHOWN_BY_NUMBER = re.compile(f"(?!{_JOINED})[{_INVISIBLE}{_OBEYED}\v\f\r\x85\u2028\u2029]")


def harmless(name: str) -> str:
    r"""A name or a cell on one line, without what is not seen; what a terminal obeys is gone or a space.

    >>> [harmless(name) for name in ("合\u200b肥", "a\u202etxt", "\x1b[31m合肥\x1b[0m", " a\r\nb ")]
    ['合肥', 'a txt', '合肥', 'a b']
    """
    if name.isascii() and name.isprintable():
        return name.strip()
    return _UNSEEN.sub("", CONTROL.sub(" ", _SEQUENCE.sub("", name))).strip()


def harmless_lines(text: str) -> str:
    r"""A text of one or more lines, as `harmless` makes a name; its \n and tabs stay.

    >>> harmless_lines("a\u200b\r\n\tb\x1b[2J\u202ec")
    'a\n\tb c'
    """
    lines = re.sub("\r\n?|[\x85\u2028\u2029]", "\n", _SEQUENCE.sub("", text))
    return _UNSEEN.sub("", _OF_LINES.sub(" ", lines))


def without_invisible(name: str) -> str:
    """A name without what is not seen; all else stays, blanks at its ends too."""
    return _UNSEEN.sub("", name)


def check_text(text: str) -> None:
    """Refuse what is looked for if it has half a surrogate pair, which can be neither compared nor shown.

    Raises
    ------
    CrosscityError
        Saying where it stands.
    """
    try:
        text.encode()
    except UnicodeEncodeError as error:
        half = f"U+{ord(text[error.start]):04X}"
        msg = f"what is searched for has half a character ({half}, place {error.start + 1}): type the character again"
        raise CrosscityError(msg) from None


def printable(text: object) -> str:
    r"""A message in which names of files and cells cannot move the cursor of a terminal, or turn what it shows.

    Such characters, and those that are not seen, are shown by their number.

    >>> print(printable("合\u200b肥\x1b[2J"))
    合\u200b肥\x1b[2J
    """
    return _SHOWN_BY_NUMBER.sub(lambda m: ascii(m[0])[1:-1], str(text))
