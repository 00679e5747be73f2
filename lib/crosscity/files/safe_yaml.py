"""YAML that people write, read as plain data: what would run code, grow or nest too deep is refused by name."""

from __future__ import annotations

import functools
import re
from pathlib import Path
from typing import Any

from .. import CrosscityError
from .harmless import harmless_lines

MAX_DEPTH = 20  # lists and mappings within one another; no file of the suite needs more than five
_LARGEST = 10**15  # whole number that is read, so that each can be shown


def parse_yaml(text: str, path: Path | str) -> Any:
    """The content of a YAML file; None if it holds nothing.

    Refused are tags that make objects, duplicate keys, aliases (*name), with which a few lines become gigabytes, and
    more than `MAX_DEPTH` levels, at which the parser in C ends the process. Aliases and levels are checked before
    anything is built from the text. So are full-width marks where YAML has its own, which a Chinese keyboard gives:
    a colon behind a key, a comma in a list, a blank ahead of a line.

    Parameters
    ----------
    text : str
    path : str or Path
        The file, for messages.

    Raises
    ------
    CrosscityError
        Naming the file, the line if it is known, and the problem.
    """
    import yaml

    try:
        _check_marks(text)
        _check_events(text)
        return _harmless(yaml.load(text, _loader()))  # a safe one
    except (yaml.YAMLError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        line = f", line {mark.line + 1}" if mark else ""
        problem = str(getattr(error, "problem", None) or error)
        msg = f"{path}{line} is not YAML ({problem.splitlines()[0]}): correct the line"
        raise CrosscityError(msg) from None


def _harmless(value: Any) -> Any:
    """Plain data whose texts and keys hold nothing that a terminal obeys, that turns the writing or is not seen."""
    if isinstance(value, str):
        return harmless_lines(value)
    if isinstance(value, list):
        return [_harmless(item) for item in value]
    if not isinstance(value, dict):
        return value
    made = {_harmless(key): _harmless(item) for key, item in value.items()}
    if len(made) < len(value):
        msg = "a key stands twice, but for marks that are not seen"
        raise ValueError(msg)
    return made


_KEY = re.compile(r"(?:- *)?([A-Za-z_][\w ]{0,30})[：﹕]")
_CHINESE_KEY = re.compile(r"([^\s：:\"'“\[{#，。-][^：:，。]{0,30})[：﹕][^：，。；]*$")
_WIDE_BLANK = re.compile(r" *\u3000")


def _check_marks(text: str) -> None:
    """Refuse full-width marks in the place of YAML's own, which would make a text of the line, with the line's number.

    The scanner says where plain scalars stand: in quoted ones and in blocks such marks are text, and so they are
    behind a key.
    """
    import yaml

    if not any(mark in text for mark in "：﹕，\u3000"):
        return
    lines = text.split("\n")
    flow, last = 0, 0
    try:
        for token in yaml.scan(text, Loader=yaml.SafeLoader):
            opens = isinstance(token, yaml.FlowSequenceStartToken | yaml.FlowMappingStartToken)
            flow += opens - isinstance(token, yaml.FlowSequenceEndToken | yaml.FlowMappingEndToken)
            last = token.start_mark.line
            if isinstance(token, yaml.ScalarToken) and token.plain:
                if flow and "，" in token.value:
                    msg = f"the comma in {token.value[:20]!r} is a full-width one: write a comma of ASCII"
                    raise _error(msg, token.start_mark)
                ahead = lines[last][: token.start_mark.column]
                if not flow and not ahead.strip(" -"):
                    _check_lines(lines, last, token.end_mark.line, token.start_mark, is_item="-" in ahead)
    except yaml.scanner.ScannerError as error:
        if error.problem_mark is None:
            raise
        # A line that has no key, since its colon is none, ends the scan.
        _check_lines(lines, last, min(error.problem_mark.line, len(lines) - 1), error.problem_mark, is_item=True)
        raise


def _check_lines(lines: list[str], first: int, last: int, mark: Any, is_item: bool) -> None:
    """Refuse lines that begin with a full-width blank, or with a key and a full-width colon."""
    import yaml

    for number, line in enumerate(lines[first : last + 1], start=first):
        at = yaml.Mark(mark.name, mark.index, number, 0, "", 0)
        if _WIDE_BLANK.match(line):
            msg = "the line begins with a full-width blank: write blanks of ASCII"
            raise _error(msg, at)
        match = _KEY.match(line.strip()) or (None if is_item else _CHINESE_KEY.match(line.strip()))
        if match:
            msg = f"the colon behind {match[1]!r} is a full-width one: write '{match[1]}: '"
            raise _error(msg, at)


def _check_events(text: str) -> None:
    """Refuse aliases and deep nesting before anything is built."""
    import yaml

    depth, anchors = 0, set()
    for event in yaml.parse(text, Loader=_loader()):
        if isinstance(event, yaml.AliasEvent):
            reason = "aliases are not taken here: write the value out" if event.anchor in anchors else "undefined alias"
            msg = f"*{event.anchor}: {reason}"
            raise _error(msg, event.start_mark)
        anchors.add(getattr(event, "anchor", None))
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > MAX_DEPTH:
            msg = f"more than {MAX_DEPTH} levels"
            raise _error(msg, event.start_mark)


@functools.cache
def _loader() -> Any:
    """PyYAML's safe loader, which also refuses a duplicate key: one of its values would be lost."""
    import yaml

    class Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
        def construct_mapping(self, node: Any, deep: bool = False) -> Any:
            seen = set()
            for key, _ in node.value:
                if isinstance(key, yaml.ScalarNode) and key.value in seen:
                    msg = f"{key.value} stands twice"
                    raise _error(msg, key.start_mark)
                seen.add(key.value if isinstance(key, yaml.ScalarNode) else None)
            return super().construct_mapping(node, deep)

        def construct_object(self, node: Any, deep: bool = False) -> Any:
            try:
                value = super().construct_object(node, deep)
            except (ValueError, ArithmeticError, LookupError, AttributeError, TypeError) as error:
                # PyYAML reads a scalar by its tag without checking that it can be one: !!bool x, 2014-13-01.
                msg = f"{str(node.value)[:40]!r} cannot be read: {error}"
                raise _error(msg, node.start_mark) from None
            if isinstance(value, int) and abs(value) > _LARGEST:
                msg = "the number is too large"
                raise _error(msg, node.start_mark)
            return value

    return Loader


def _error(problem: str, mark: Any) -> Exception:
    import yaml

    return yaml.constructor.ConstructorError(None, None, problem, mark)
