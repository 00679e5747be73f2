"""Numbers of a proportion: a ratio (按1：5的比例), and the shares of a structure (三次产业结构10.2：45.3：44.5)."""

from __future__ import annotations

import re
from typing import NamedTuple

_PART = r"\d{1,4}(?:\.\d{1,2})?"
_RATIO = re.compile(rf"(?<![\d：.])({_PART})：({_PART})(?![\d：.])")
# A ratio is called one, since times of the day (8：30) and scores look the same.
_CALLED_BEHIND = re.compile("的?(?:比例|比率|配比)")
_CALLED_BY = re.compile("按照?$")  # 按1：2确定
_CALLED_BEFORE = re.compile("(?<![对同环相评])比(?![分赛较照拟选重])[^，。；：0-9]{0,8}$")  # 收入比由2.1：1
_CHANGED = re.compile("[^，。；：0-9]{1,8}")  # between a ratio and what it changes to
_SHARES = re.compile(r"(?<![\d：.])\d{1,2}(?:\.\d{1,2})?(?:：\d{1,2}(?:\.\d{1,2})?){2,5}(?![\d：.])")
_CLOCK = re.compile(r"\d{1,2}：[0-5]\d：[0-5]\d")
_STRUCTURE = re.compile("(?:比|结构|按照?)[^，。；]{0,30}$")  # of shares that look like a time of day
_ROUNDING = 0.5  # by which shares may miss 100


class Proportion(NamedTuple):
    """A ratio, or one of the shares of a structure.

    Attributes
    ----------
    end : int
        Where it ends in the text.
    value : float
    """

    end: int
    value: float


def find_proportions(text: str) -> dict[int, Proportion]:
    """The proportions of a text, by where they begin.

    Parameters
    ----------
    text : str
        Folded, see `mentions.fold`.
    """
    found: dict[int, Proportion] = {}
    if "：" not in text:
        return found
    last = len(text)
    for m in _RATIO.finditer(text):
        first, second = float(m[1]), float(m[2])
        called = (
            _CALLED_BY.search(text, max(0, m.start() - 2), m.start())
            or _CALLED_BEHIND.match(text, m.end())
            or _CALLED_BEFORE.search(text, max(0, m.start() - 12), m.start())
        )
        if (called or _CHANGED.fullmatch(text, last, m.start())) and second:
            last = m.end()
            found[m.start()] = Proportion(m.end(), float(f"{first / second:.12g}"))
    for m in _SHARES.finditer(text):
        if _CLOCK.fullmatch(m.group()) and not _STRUCTURE.search(text, max(0, m.start() - 36), m.start()):
            continue
        parts = list(re.finditer(r"[\d.]+", m.group()))
        if abs(sum(float(part.group()) for part in parts) - 100) <= _ROUNDING:
            for part in parts:
                start, end = (m.start() + at for at in part.span())
                found[start] = Proportion(end, float(f"{float(part.group()) / 100:.12g}"))
    return found
