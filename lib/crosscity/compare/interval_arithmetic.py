"""Interval arithmetic on rounded numbers: the values that a number in a text may stand for, and what follows of them.

`arithmetic` checks the numbers of a document against each other with these.
"""

from __future__ import annotations

import math
import re
from decimal import Decimal
from itertools import product
from math import inf
from typing import TYPE_CHECKING, NamedTuple

from ..facts import HALF_WIDTH, POWERS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_ABOUT = 0.1  # 近, 约 and 左右 are taken to be up to a tenth off


class Interval(NamedTuple):
    """All values from low to high (Moore 1966); infinite where there is no bound."""

    low: float
    high: float

    def meets(self, other: Interval) -> bool:
        """Whether the two intervals have a value in common."""
        slack = 1e-9 * max((abs(x) for x in (*self, *other) if abs(x) < inf), default=0)
        return self.low <= other.high + slack and other.low <= self.high + slack

    def is_bounded(self) -> bool:
        """Whether both ends are finite."""
        return abs(self.low) < inf and abs(self.high) < inf


def resolution(number: str, unit: str = "") -> float:
    """The value of one unit of the last digit of a written number, in the base unit; 0 for a whole count.

    Examples
    --------
    >>> [resolution(number) for number in ("1864万", "4.89万", "381", "52.5%", "3000多万", "百分之五十五点三")]
    [10000.0, 100.0, 0.0, 0.001, 10000.0, 0.001]
    """
    text = re.sub("[,，多余来几]", "", number.translate(HALF_WIDTH))
    digits = re.findall(r"\d(?:\.(\d+))?([十百千万亿]*)(?!\d)", text)
    decimals, powers = digits[-1] if digits else re.findall("(?:点([^万亿]+))?([万亿]*)$", text)[0]
    value = Decimal(10) ** -len(decimals)
    for power in powers:
        value *= POWERS[power]
    if "‰" in text or text.startswith("千分之"):
        value /= 1000
    elif unit == "比例" or "%" in text or text.startswith("百分之"):
        value /= 100
    return 0.0 if value == 1 and unit != "元" else float(value)


def interval_of(
    value: float, resolution: float, qualifier: str = "", upper: float | None = None, slack: float = 0.5
) -> Interval:
    """The interval of a stated value: plus or minus `slack` times its resolution, unbounded where it is a bound.

    Parameters
    ----------
    value, resolution : float
        See `resolution`.
    qualifier : str
        As in the table of quantities: "<", "<=", ">", ">=", or "~" for up to a tenth off.
    upper : float, optional
        The second value of a range.
    slack : float
        0.5 for a number that is rounded, 1 for one that may be truncated.
    """
    margin = resolution * slack + (_ABOUT * abs(value) if qualifier == "~" else 0)
    low, high = value - margin, (value if upper is None or math.isnan(upper) else upper) + margin
    return Interval(-inf if qualifier[:1] == "<" else low, inf if qualifier[:1] == ">" else high)


def apply(function: Callable[..., float], arguments: Sequence[Interval]) -> Interval | None:
    """The interval of a function's values, if it is monotone in each argument; None where it is not defined."""
    try:
        values = [function(*corner) for corner in product(*(sorted(set(part)) for part in arguments))]
    except ZeroDivisionError:
        return None
    return None if any(map(math.isnan, values)) else Interval(min(values), max(values))


def format_value(value: float, unit: str) -> str:
    """A value and its unit, to four figures, as Chinese texts write it.

    Examples
    --------
    >>> format_value(48923.9, "元"), format_value(0.52, "比例"), format_value(1.0e8, "元")
    ('4.892万元', '52%', '1亿元')
    """
    if unit in ("比例", "百分点", "倍"):
        return f"{value * 100:.4g}%" if unit == "比例" else f"{value:.4g}{unit}"
    powers = (("万亿", 1e12), ("亿", 1e8), ("万", 1e4))
    power, factor = next(((p, f) for p, f in powers if abs(value) >= f), ("", 1))
    value /= factor
    text = f"{value:.{max(0, 3 - int(math.log10(max(1, abs(value)))))}f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text) + power + unit
