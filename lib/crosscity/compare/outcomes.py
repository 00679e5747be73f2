"""Whether a target was kept: bounds, directions and tolerances, in one place."""

from __future__ import annotations

import functools
import math
import re
from pathlib import Path
from typing import NamedTuple

from ..files import read_records

TOLERANCE_SHARE = 0.05  # 左右, 约: as a share of the target,
TOLERANCE_POINTS = 0.5  # and of a rate at least so many percentage points
_EXACT = 1e-9


class Figure(NamedTuple):
    """A number as it is stated.

    Attributes
    ----------
    value, upper : float
        upper is NaN but for a range.
    qualifier : str
        As in the table of quantities: "", >=, >, <=, <, ~.
    step : float
        The value of the last digit that is written (1.9亿: 0.1亿), 0 if unknown.
    """

    value: float
    upper: float = math.nan
    qualifier: str = ""
    step: float = 0.0


class Outcome(NamedTuple):
    """Whether a target was kept.

    Attributes
    ----------
    outcome : str
        kept, missed, or unsure, where the result is a bound that leaves it open.
    by : float
        By how much it was missed, in the unit of the target, or the distance from it; 0 if it was kept.
    """

    outcome: str
    by: float


@functools.cache
def _directions() -> tuple[tuple[str, re.Pattern[str]], ...]:
    rows = read_records(Path(__file__).with_name("resources") / "directions.tsv")
    return tuple((row["better"], re.compile(row["words"])) for row in rows)


def direction(item: str) -> str:
    """Which way an item is better: higher, lower, near or reduction; higher if no line of directions.tsv names it."""
    return next((better for better, words in _directions() if words.search(item)), "higher")


@functools.cache
def base_units() -> dict[str, tuple[str, float]]:
    """The unit that each measure word is turned into, and the factor."""
    rows = read_records(Path(__file__).with_name("resources") / "base-units.tsv")
    return {row["unit"]: (row["base"], float(row["factor"])) for row in rows}


def tolerance(target: Figure, unit: str) -> float:
    """What 左右 and 约 allow: a twentieth of the target, of a rate at least half a percentage point."""
    if target.qualifier != "~":
        return 0.0
    return max(TOLERANCE_SHARE * abs(target.value), TOLERANCE_POINTS if unit in ("%", "百分点") else 0.0)


def judge(target: Figure, result: Figure, unit: str, better: str) -> Outcome:
    """Whether a result keeps a target.

    A target is a floor (不低于, 以上, 超过), a ceiling (以内, 不超过), or a number, which is a floor where higher is
    better, a ceiling where lower is, and to be met where neither is. A range is met from its lower end on where higher
    is better, up to its upper end where lower is, and within it otherwise. Around (左右) allows `tolerance`. A target
    that cannot be told from a result with fewer digits (1.93 from 1.9) is met. A result that is a bound (超过, 近)
    keeps or misses a target where each value within it does, and is unsure otherwise.
    """
    low, high = _wanted(target, unit, better)
    least, most = _possible(result)
    slack = max(_EXACT * max(1.0, abs(target.value)), result.step / 2 if result.step > target.step else 0.0)
    fits = [low - slack <= value <= high + slack for value in (least, most)]
    if all(fits):
        return Outcome("kept", 0.0)
    if any(fits) or (least < low and most > high):
        return Outcome("unsure", math.nan)
    allowed = tolerance(target, unit)  # what is missed is told from the number itself
    by = low + allowed - most if most < low else least - (high - allowed)
    return Outcome("missed", by if math.isfinite(by) else math.nan)


def _wanted(target: Figure, unit: str, better: str) -> tuple[float, float]:
    ends = [x for x in (target.value, target.upper) if not math.isnan(x)]
    low, high, slack = min(ends), max(ends), tolerance(target, unit)
    if target.qualifier in (">=", ">"):
        return low, math.inf
    if target.qualifier in ("<=", "<"):
        return -math.inf, high
    if better == "higher":
        return low - slack, math.inf
    return (-math.inf, high + slack) if better == "lower" else (low - slack, high + slack)


def _possible(result: Figure) -> tuple[float, float]:
    """The values that a stated result may have; about (近, 约) is taken at its word."""
    ends = [x for x in (result.value, result.upper) if not math.isnan(x)]
    if result.qualifier in (">=", ">"):
        return min(ends), math.inf
    if result.qualifier in ("<=", "<"):
        return -math.inf, max(ends)
    return min(ends), max(ends)
