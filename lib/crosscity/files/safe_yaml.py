"""YAML that people write, read as plain data: what would run code, grow or nest too deep is refused by name."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any

from .. import CrosscityError

MAX_DEPTH = 20  # lists and mappings within one another; no file of the suite needs more than five
_LARGEST = 10**15  # whole number that is read, so that each can be shown


def parse_yaml(text: str, path: Path | str) -> Any:
    """The content of a YAML file; None if it holds nothing.

    Refused are tags that make objects, duplicate keys, aliases (*name), with which a few lines become gigabytes, and
    more than `MAX_DEPTH` levels, at which the parser in C ends the process. Aliases and levels are checked before
    anything is built from the text.

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
        _check_events(text)
        return yaml.load(text, _loader())  # a safe one
    except (yaml.YAMLError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        line = f", line {mark.line + 1}" if mark else ""
        problem = str(getattr(error, "problem", None) or error)
        msg = f"{path}{line} is not YAML ({problem.splitlines()[0]}): correct the line"
        raise CrosscityError(msg) from None


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
