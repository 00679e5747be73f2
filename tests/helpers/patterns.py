"""The regular expressions of the library, and texts that would make one run away: see test_patterns.py."""

import ast
import functools
import importlib
import inspect
import pkgutil
import re
from pathlib import Path

import crosscity

try:
    from re import _constants as codes
    from re import _parser as parser
except ImportError:  # pragma: no cover -- Python 3.10
    import sre_constants as codes
    import sre_parse as parser

_CALLS = {"compile", "search", "match", "fullmatch", "split", "findall", "finditer", "sub", "subn"}
_END = "\0\0"  # what no pattern takes


def patterns():
    """Every pattern of the library that can be had without a document, by name: where it stands.

    Attributes of modules, whatever holds them; what cached functions without arguments return; and what is written out
    in a call of `re`, with the names of its module put in.
    """
    found = {}
    for info in pkgutil.walk_packages(crosscity.__path__, "crosscity."):
        if info.name.endswith((".cli", ".__main__")):
            continue
        module = importlib.import_module(info.name)
        for name, value in vars(module).items():
            if hasattr(value, "cache_info") and value.__module__ == module.__name__ and not _needed(value):
                value = value()
            _collect(value, f"{info.name}.{name}", found)
        _written(module, info.name, found)
    unique = {}
    for name, pattern in found.items():
        if isinstance(pattern.pattern, bytes):
            pattern = re.compile(pattern.pattern.decode("latin-1"), pattern.flags | re.ASCII)
        unique.setdefault((pattern.pattern, pattern.flags), (name, pattern))
    return dict(unique.values())


def _needed(function):
    parameters = inspect.signature(function).parameters.values()
    return [p for p in parameters if p.default is p.empty and p.kind not in (p.VAR_POSITIONAL, p.VAR_KEYWORD)]


def _collect(value, name, found, depth=4):
    if isinstance(value, re.Pattern):
        if isinstance(value.pattern, str):
            found[name] = value
    elif isinstance(value, functools.partial):
        _collect(getattr(value.func, "__self__", None), name, found, depth - 1)
    elif inspect.ismethod(value) or inspect.isbuiltin(value):
        _collect(value.__self__, name, found, 0)
    elif depth and isinstance(value, dict):
        for key, part in value.items():
            _collect(key, f"{name}[]", found, depth - 1)
            _collect(part, f"{name}[{key!r}]", found, depth - 1)
    elif depth and isinstance(value, list | tuple | set | frozenset):
        for i, part in enumerate(value):
            _collect(part, f"{name}[{i}]", found, depth - 1)


def _written(module, name, found):
    source = Path(module.__file__).read_text(encoding="utf-8")
    for node in ast.walk(ast.parse(source)):
        called = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args
        if called and getattr(node.func.value, "id", "") == "re" and node.func.attr in _CALLS:
            try:
                text = eval(compile(ast.Expression(node.args[0]), "pattern", "eval"), vars(module))
                found[f"{name}:{node.lineno}"] = text if isinstance(text, re.Pattern) else re.compile(text)
            except (NameError, TypeError, AttributeError):
                continue  # made of what a function is given; those that are cached are found as attributes


def texts(pattern, n):
    """Texts of about n characters that are hard for a pattern: what its repetitions take, again and again, and no end.

    Each single character that stands in the pattern or begins one of its classes; pairs of them; an example of each
    repetition, behind an example of all that comes before it; and examples of the whole.
    """
    tree = parser.parse(pattern.pattern, pattern.flags)
    letters, pumps = [], []
    whole = _example(tree, "", pumps, letters)
    letters = list(dict.fromkeys([*letters, "一", "1", "。", " "]))[:16]
    pairs = [a + b for i, a in enumerate(letters[:6]) for b in letters[i + 1 : 6]]
    starts = [("", p) for p in [*letters, *pairs, whole]] + pumps
    seen = {(before[-40:], body): None for before, body in starts if body}
    for before, body in list(seen)[:80]:
        yield before + (body * (n // len(body) + 1))[: max(0, n - len(before))] + _END


def _example(tree, before, pumps, letters):
    """A text that a pattern takes; on the way what is repeated in it, and the characters that stand in it."""
    text = ""
    for op, about in tree:
        if op is codes.LITERAL:
            letters.append(chr(about))
            text += chr(about)
        elif op is codes.NOT_LITERAL:
            text += "一" if chr(about) != "一" else "二"
        elif op is codes.ANY:
            text += "一"
        elif op is codes.IN:
            text += _member(about, letters)
        elif op is codes.BRANCH:
            ways = [_example(way, before + text, pumps, letters) for way in about[1][:40]]
            text += max(ways, key=len)
        elif op in (codes.MAX_REPEAT, codes.MIN_REPEAT, getattr(codes, "POSSESSIVE_REPEAT", None)):
            body = _example(about[2], before + text, pumps, letters)
            if about[1] > 1:
                pumps.append((before + text, body))
            text += body * max(about[0], 1)
        elif op is codes.SUBPATTERN:
            text += _example(about[3], before + text, pumps, letters)
        elif op is getattr(codes, "ATOMIC_GROUP", None):
            text += _example(about, before + text, pumps, letters)
        elif op in (codes.ASSERT, codes.ASSERT_NOT):
            ahead = _example(about[1], before + text, pumps, letters)
            text += ahead if op is codes.ASSERT and about[0] < 0 and not text else ""
    return text


def _member(parts, letters):
    negated = parts[0][0] is codes.NEGATE
    members = []
    for op, about in parts:
        if op is codes.LITERAL:
            members.append(chr(about))
        elif op is codes.RANGE:
            members += [chr(about[0]), chr(about[1])]
        elif op is codes.CATEGORY:
            members += {"DIGIT": "1", "SPACE": " ", "WORD": "a"}.get(str(about).rpartition("_")[2], "一")
    if negated:
        return next(c for c in "一a1 。,\n#" if c not in members)
    letters += members[:3]
    return members[0] if members else ""
