"""What a written number may stand for: an interval, as wide as its last digit and its words for bounds allow."""

from __future__ import annotations

import math
import re
from decimal import Decimal
from math import inf
from typing import TYPE_CHECKING, NamedTuple

from ..facts import HALF_WIDTH, POWERS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_ABOUT = 0.1  # 近, 约 and 左右 are read as up to a tenth off


class Interval(NamedTuple):
    """All values from low to high (Moore 1966)."""

    low: float
    high: float

    def meets(self, other: Interval) -> bool:
        """Whether some value lies in both."""
        slack = 1e-9 * max((abs(x) for x in (*self, *other) if abs(x) < inf), default=0)
        return self.low <= other.high + slack and other.low <= self.high + slack

    def bounded(self) -> bool:
        """Whether it has both ends."""
        return abs(self.low) < inf and abs(self.high) < inf


def step(number: str, unit: str = "") -> float:
    """The worth of the last digit of a number as written, in the base unit; 0 for a whole count.

    Examples
    --------
    >>> step("1864万"), step("4.89万"), step("381"), step("52.5%"), step("3000多万"), step("百分之五十五点三")
    (10000.0, 100.0, 0.0, 0.001, 10000.0, 0.001)
    """
    text = re.sub("[,，多余来几]", "", number.translate(HALF_WIDTH))
    digits = re.findall(r"\d(?:\.(\d+))?([十百千万亿]*)(?!\d)", text)
    decimals, powers = digits[-1] if digits else re.findall("(?:点([^万亿]+))?([万亿]*)$", text)[0]
    worth = Decimal(10) ** -len(decimals)
    for power in powers:
        worth *= POWERS[power]
    if "‰" in text or text.startswith("千分之"):
        worth /= 1000
    elif unit == "比例" or "%" in text or text.startswith("百分之"):
        worth /= 100
    return 0.0 if worth == 1 and unit != "元" else float(worth)


def interval(
    value: float, digit: float, qualifier: str = "", upper: float | None = None, slack: float = 0.5
) -> Interval:
    """The interval of a value: give or take `slack` of its last digit's worth, with no end where a bound is given.

    Parameters
    ----------
    value, digit : float
        digit is what `step` gives.
    qualifier : str
        As in the table of quantities; "~" is read as up to a tenth off.
    upper : float, optional
        The second value of a range.
    slack : float
        0.5 for a number that is rounded, 1 for one that may be cut off.
    """
    about = digit * slack + (_ABOUT * abs(value) if qualifier == "~" else 0)
    low, high = value - about, (value if upper is None or math.isnan(upper) else upper) + about
    return Interval(-inf if qualifier[:1] == "<" else low, inf if qualifier[:1] == ">" else high)


def combine(function: Callable[..., float], parts: Sequence[Interval]) -> Interval | None:
    """The interval of a function that is monotone in each argument, or None where it has none.

    Parameters
    ----------
    function : callable
    parts : sequence of Interval
    """
    corners = [()]
    for part in parts:
        corners = [(*c, x) for c in corners for x in sorted(set(part))]
    try:
        values = [function(*c) for c in corners]
    except ZeroDivisionError:
        return None
    return None if any(map(math.isnan, values)) else Interval(min(values), max(values))


def spell(value: float, unit: str) -> str:
    """A value with its unit, of four figures, as Chinese texts write it.

    Examples
    --------
    >>> spell(48923.9, "元"), spell(0.52, "比例"), spell(1.0e8, "元")
    ('4.892万元', '52%', '1亿元')
    """
    if unit in ("比例", "百分点", "倍"):
        return f"{value * 100:.4g}%" if unit == "比例" else f"{value:.4g}{unit}"
    powers = (("万亿", 1e12), ("亿", 1e8), ("万", 1e4))
    power, worth = next(((p, w) for p, w in powers if abs(value) >= w), ("", 1))
    value /= worth
    text = f"{value:.{max(0, 3 - int(math.log10(max(1, abs(value)))))}f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text) + power + unit
