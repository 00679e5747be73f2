"""Claims: sentences with a size, the extremes and a caveat, made from results, with which a report begins."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd

from ..language import current_language, join_items, tr

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_ELSEWHERE = ("genre", "own")  # families that stand in places of their own
LED = 5  # claims with which a report begins
_OF_FAMILY = 2  # claims of one kind among them
_NAMED, _SINGLE = 2, 6  # groups named at either end; one, if there are fewer than so many
_SKEWED = 20  # ratio of values, beyond which they are compared by their logarithms
_FAR = 3.0  # interquartile ranges beyond the quartiles, from where a value is to be read before it is named
_ENOUGH = 8  # values, from which on quartiles say what is usual
_ENGLISH = {  # units of indicators in English sentences, and what their values are multiplied by
    "%": ("{value}%", 1),
    "元": ("{value} yuan", 1),
    "元/年": ("{value} yuan a year", 1),
    "亿元": ("{value} billion yuan", 0.1),
    "平方米": ("{value} m²", 1),
    **dict.fromkeys(("个", "家", "条", "项", "处", "所", "座", "件"), ("{value}", 1)),  # the name says of what
    "人": ("{value} people", 1),
    "名": ("{value} people", 1),
    "万人": ("{value} people", 10_000),
    "万吨": ("{value} million tonnes", 0.01),
    "次/年": ("{value} times a year", 1),
    "天/年": ("{value} days a year", 1),
}


class Claim(NamedTuple):
    """A sentence on what groups do and how they differ.

    Attributes
    ----------
    family : str
        Its kind: target, indicator, stance, theme, admission, programme, wording, reuse; genre: what the genre does to
        a measure; own: what one group alone reports.
    topic : str
        What it is about: of two claims on one topic a report shows the better.
    text : str
        The sentence, with sizes and extremes.
    caveat : str
        How far to believe it.
    score : float
        How much it says, from 0 to 1: the size of the difference, how many groups report, how comparable they are.
    place : str
        The figure or page of the run that carries it, such as "#figure-targets" or "indicators.html".
    """

    family: str
    topic: str
    text: str
    caveat: str
    score: float
    place: str = ""


def best_claims(claims: Iterable[Claim], most: int = LED) -> list[Claim]:
    """The claims that say most, the best first: one on a topic, two of a family at most.

    Parameters
    ----------
    claims : iterable of Claim
    most : int
    """
    chosen: list[Claim] = []
    families: Counter[str] = Counter()
    for claim in sorted((c for c in claims if c.family not in _ELSEWHERE), key=lambda c: -round(c.score, 6)):
        if claim.score > 0 and claim.topic not in {c.topic for c in chosen} and families[claim.family] < _OF_FAMILY:
            chosen.append(claim)
            families[claim.family] += 1
    return chosen[:most]


def amount(value: float, unit: str, upper: float = np.nan) -> str:
    """A value with its unit, or a range, as a sentence has it.

    Examples
    --------
    >>> amount(37000, "元/年"), amount(5.5, "%"), amount(20, "户", 30)
    ('37,000 yuan a year', '5.5%', '20–30 户')
    """
    template, factor = _ENGLISH.get(unit, ("{value} " + unit, 1))
    if current_language() == "zh":
        template, factor = "{value}" + unit, 1
    ends = [value * factor] if np.isnan(upper) or upper == value else [value * factor, upper * factor]
    return template.format(value="–".join(map(number, ends)))


def number(value: float) -> str:
    """A number as a sentence has it: whole from a hundred on, with two digits behind the point at most."""
    return f"{value:,.0f}" if abs(value) >= 100 or value == round(value) else f"{value:.2f}".rstrip("0").rstrip(".")


def spread(values: pd.Series) -> float:
    """How far apart values lie, from 0 to 1: 1 less the ratio of the tenth to the ninetieth percentile."""
    low, high = np.quantile(values, [0.1, 0.9]) if len(values) >= _ENOUGH else (values.min(), values.max())
    return float(np.clip(1 - low / high, 0, 1)) if high > 0 and low >= 0 else float(high > low)


def extremes(values: pd.Series, say: Callable[[Any], str]) -> tuple[str, str, list[str]]:
    """The groups at either end of a series with their values, and those whose value is to be read before it is named.

    Of equal values all are one end: two are named, and the number of the others.

    Parameters
    ----------
    values : Series
        By group.
    say : function
        A value as a sentence has it.

    Returns
    -------
    (str, str, list of str)
        The least and the greatest; groups that lie three interquartile ranges beyond the quartiles.
    """
    doubtful: list[str] = []
    if len(values) >= _ENOUGH:
        skewed = values.min() > 0 and values.max() > _SKEWED * values.min()
        scale = np.log(values) if skewed else values
        low, high = np.quantile(scale, [0.25, 0.75])
        away = _FAR * (high - low)
        far = (scale < low - away) | (scale > high + away) if away else values != values
        doubtful = [tr("{name} ({said})", name=group, said=say(v)) for group, v in values[far].items()]
        values = values[~far]
    return _end(values, say, least=True), _end(values, say, least=False), doubtful


def _end(values: pd.Series, say: Callable[[Any], str], least: bool) -> str:
    ordered = values.sort_values(ascending=least, kind="stable")
    named = ordered.head(_NAMED if len(ordered) >= _SINGLE else 1)
    said = [tr("{name} ({said})", name=group, said=say(value)) for group, value in named.items()]
    as_far = int((ordered.iloc[len(named) :] == named.iloc[-1]).sum()) if len(ordered) else 0
    return join_items(said) + (tr(" and {n} more", n=as_far) if as_far else "")


def to_read(doubtful: list[str]) -> str:
    """A caveat that names values so far from all others that they are to be read before they are used; or nothing."""
    more = tr(" and {n} more", n=len(doubtful) - _NAMED) if len(doubtful) > _NAMED else ""
    return tr("Too far off to be named unread: {said}.", said=join_items(doubtful[:_NAMED]) + more) if doubtful else ""


def sentences(*parts: str) -> str:
    """Sentences one behind the other, as the language joins them; empty ones fall out."""
    return ("" if current_language() == "zh" else " ").join(part for part in parts if part)


def join_facts(facts: Iterable[str]) -> str:
    """Facts one behind the other."""
    return tr("; ").join(facts)
