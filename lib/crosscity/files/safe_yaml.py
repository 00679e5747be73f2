"""YAML that people write, read as plain data whatever stands in it: what would run, grow or nest too deep is named."""

from __future__ import annotations

import functools
from typing import Any

from .. import CrosscityError

DEPTH = 20  # lists and mappings within one another; no file of the suite needs more than five
_LARGEST = 10**15  # of a whole number, so that one can be shown


def _fault(problem: str, mark: Any) -> Exception:
    import yaml

    return yaml.constructor.ConstructorError(None, None, problem, mark)


@functools.cache
def _loader() -> Any:
    """PyYAML's safe loader, for which a key that stands twice is a fault, since one of the values would be lost."""
    import yaml

    class Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
        def construct_mapping(self, node, deep=False):
            seen = set()
            for key, _ in node.value:
                if isinstance(key, yaml.ScalarNode) and key.value in seen:
                    msg = f"{key.value} stands twice"
                    raise _fault(msg, key.start_mark)
                seen.add(key.value if isinstance(key, yaml.ScalarNode) else None)
            return super().construct_mapping(node, deep)

        def construct_object(self, node, deep=False):
            try:
                value = super().construct_object(node, deep)
            except (ValueError, ArithmeticError, LookupError, AttributeError, TypeError) as error:
                # PyYAML reads a scalar by its tag without asking whether it can be one: !!bool x, 2014-13-01.
                problem = f"{str(node.value)[:40]!r} cannot be read: {error}"
                raise _fault(problem, node.start_mark) from None
            if isinstance(value, int) and abs(value) > _LARGEST:
                msg = "the number is too large"
                raise _fault(msg, node.start_mark)
            return value

    return Loader


def parse_yaml(text, path):
    """The content of a file of YAML; None if it holds nothing.

    Tags that make objects are refused, as is a key that stands twice. So are aliases (*name), with which a few lines
    become gigabytes, and more than `DEPTH` levels, which a parser in C answers by ending the process: both are looked
    for before anything is made of the text.

    Parameters
    ----------
    text : str
    path : str or Path
        The file, for messages.

    Raises
    ------
    CrosscityError
        Naming the file, the line where it is known, and what is wrong there.
    """
    import yaml

    try:
        _check_events(text)
        return yaml.load(text, _loader())  # a safe one
    except (yaml.YAMLError, ValueError) as error:
        where = getattr(error, "problem_mark", None)
        line = f", line {where.line + 1}" if where else ""
        problem = str(getattr(error, "problem", None) or error)
        msg = f"{path}{line} is not YAML ({problem.splitlines()[0]}): correct the line"
        raise CrosscityError(msg) from None


def _check_events(text):
    """Refuse what the text may not hold, before anything is made of it."""
    import yaml

    depth, anchors = 0, set()
    for event in yaml.parse(text, Loader=_loader()):
        if isinstance(event, yaml.AliasEvent):
            known = "aliases are not taken here: write the value out" if event.anchor in anchors else "undefined alias"
            msg = f"*{event.anchor}: {known}"
            raise _fault(msg, event.start_mark)
        anchors.add(getattr(event, "anchor", None))
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEPTH:
            msg = f"more than {DEPTH} levels"
            raise _fault(msg, event.start_mark)
