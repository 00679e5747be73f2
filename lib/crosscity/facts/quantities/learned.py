"""Answers chosen by learned weights, where rules alone are right too seldom: what kind a number is, and its year.

A table of weights (resources/kind-weights.tsv, year-weights.tsv) has a row for each feature and a column for each
answer, in hundredths: coefficients of a logistic regression of kinds, and of a conditional logit of years, in which a
year has the weights of all places that state it; bench/weights.py fits them to coded documents. The answer of the rules
is a feature among others: where the rules are sure the weights follow them.
"""

from __future__ import annotations

import functools
import re
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ...files import read_tsv
from .lexicon import word_patterns

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from .dates import Dates
    from .mentions import Quantity, QuantityContext
    from .sections import SectionContext

_RESOURCES = Path(__file__).with_name("resources")
_AROUND = 60  # characters behind a quantity that are looked at
_BEFORE, _OPENING = 120, 16  # and of the paragraph, before a sentence and at its beginning
MARGIN = 30  # hundredths by which another answer has to be ahead of that of the rules
_STOPS = "，。；："
_HEADINGS = ("整改", "目标", "要求", "问题", "成效", "下一步", "标准", "情况", "措施", "保障", "任务", "安排")
_HEADINGS += ("条件", "奖", "附则", "回顾")
_YEARS = ("stated", "earlier", "listed", "term", "previous", "title", "told", "period", "heading", "named", "prior")
_NAMED = ("title", "told", "period", "heading", "named", "prior")
_TIMES = re.compile(
    "年来|过去|这一年|一年|五年|全年|去年|上年|今年|目前|当前|截[至止]|近年|以来|期间|时期|未来|今后|下一步|明年|预计|回顾|年底|年初|"
    "如今|现在|近日|[0-9]日|[0-9]月"
)

# What tells a duty from an aim, and what is spoken of from what is to be done: a day by which it is due, how often it
# is done, for each of whom, and what a number only describes (对撂荒的1.3万亩耕地).
_SHAPES = {
    "due": re.compile(
        "(?:[0-9]{1,2}月(?:[0-9]{1,2}日|[底末]|[上中下]旬)?|年底|年末|月底|季度|学期|汛期|节)[^，。；]{0,3}(?:之?前|内|[底末])|"
        "(?:[0-9两三]|十)(?:天|日|个月|个工作日)内|今年|本月|年内|[一二三四]季度"
    ),
    "every": re.compile("每(?:年|月|周|季度?|日|天|半年|学期|[0-9两三]年)[^，。；]{0,30}$"),
    "each": re.compile("每[个名位户村家镇乡县亩人班校层所项条辆]?[^，。；年月周季日天]{0,14}$"),
    "of": re.compile("(?:对|为|将|把|由|依托|围绕|充分发挥|按照|根据)[^，。；]{0,16}$"),
}


class _Weights(NamedTuple):
    """The answers of a table of weights, and the weight of each by feature."""

    answers: tuple[str, ...]
    by_feature: dict[str, tuple[int, ...]]


@functools.cache
def _weights(name: str) -> _Weights:
    (_, *answers), *rows = read_tsv(_RESOURCES / f"{name}-weights.tsv", header=False)
    return _Weights(tuple(answers), {feature: tuple(map(int, weights)) for feature, *weights in rows})


def _sums(name: str, features: Iterable[str]) -> dict[str, int]:
    """The sum of weights of each answer of a table."""
    answers, by_feature = _weights(name)
    known = [weights for weights in map(by_feature.get, dict.fromkeys(features)) if weights]  # each once
    return dict(zip(answers, map(sum, zip(*known, strict=True)), strict=True)) if known else dict.fromkeys(answers, 0)


def choose(name: str, features: Iterable[str], by_rule: str) -> str:
    """The answer with the greatest sum of weights, or that of the rules.

    Parameters
    ----------
    name : str
        Of the table.
    features : iterable of str
    by_rule : str
        The answer of the rules, which stays unless another is ahead of it by `MARGIN`.
    """
    sums = _sums(name, features)
    best = max(sums, key=lambda answer: sums[answer])
    return best if sums[best] - sums.get(by_rule, 0) >= MARGIN else by_rule


def choose_year(features: Iterable[str], years: Mapping[str, int | None], by_rule: int | None) -> int | None:
    """The year that the places where it is stated make likeliest together, or that of the rules.

    Parameters
    ----------
    features : iterable of str
    years : mapping of str to int or None
        Those to choose from, by where they are stated: a year stated in two places has the weights of both.
    by_rule : int or None
        The year of the rules, which stays unless another is ahead of it by `MARGIN`.
    """
    sums, by_year = _sums("year", features), dict.fromkeys([by_rule], 0)
    for name, year in years.items():
        by_year[year] = by_year.get(year, 0) + sums.get(name, 0)
    best = max(by_year, key=lambda year: by_year[year])
    return best if by_year[best] - by_year[by_rule] >= MARGIN else by_rule


@functools.cache
def _cues() -> dict[str, list[str]]:
    """Words that may be features, by their first character."""
    by_first: dict[str, list[str]] = {}
    for word in word_patterns()["cues"].split("|"):
        by_first.setdefault(word[0], []).append(word)
    return by_first


@functools.lru_cache(maxsize=8)  # the kind and the year of a quantity are read by the same words
def _cues_in(text: str) -> frozenset[str]:
    by_first = _cues()
    found: set[str] = set()
    for i, c in enumerate(text):
        if c in by_first:
            found.update(word for word in by_first[c] if text.startswith(word, i))
    return frozenset(found)


def kind_features(
    text: str, q: Quantity, context: QuantityContext, section: SectionContext, kind: str, rule: str
) -> list[str]:
    """What may tell the kind of a quantity: the rules' answer, the stance of its sentence, its unit, the words around.

    Parameters
    ----------
    text, q, context, section
        As `kinds.kind_by_rule` takes them.
    kind, rule : str
        What that returns.
    """
    genre, said = section.genre, q.said
    clause = context.clause.rstrip()
    rest = text[q.end : min(q.sentence[1], q.end + _AROUND)]
    stop = min((at for mark in _STOPS if (at := rest.find(mark)) >= 0), default=len(rest))
    previous = context.previous
    dated = _relation(context.stated_year, section.year)
    before = "none" if previous is None else f"{previous.sentence == q.sentence}:{previous.kind}"
    features = [
        "always",
        f"kind={kind}",
        f"rule={rule}:{kind}",
        f"genre={genre}",
        f"genre={genre}&kind={kind}",
        f"said={said}",
        f"said={said}&kind={kind}",
        f"genre={genre}&said={said}",
        f"class={q.unit_class}",
        f"class={q.unit_class}&kind={kind}",
        f"unit={q.unit}",
        f"bound={q.qualifier}",
        f"aim={context.is_aim}",
        f"year={dated}",
        f"year={dated}&said={said}",
        f"mode={section.mode}",
        f"before={before}",
        f"last={clause[-1:]}",
        f"last={clause[-2:]}",
        f"next={rest[:1]}",
        f"next={rest[:2]}",
        f"item={q.item[-1:]}",
        f"item={q.item[-2:]}",
        f"opens={text[q.sentence[0] : q.sentence[0] + 1]}",
        f"clause={text[q.clause[0] : q.clause[0] + 1]}",
    ]
    if context.continues_list:
        features.append(f"list={previous.kind}")
    for name, pattern in _SHAPES.items():
        if pattern.search(context.sentence if name == "due" else clause):
            features += [name, f"{name}&said={said}", f"{name}&genre={genre}", f"{name}&class={q.unit_class}"]
    in_clause, behind = _cues_in(clause), _cues_in(rest[:stop])
    features += [f"in {word}" for word in in_clause]
    features += [f"sentence {word}" for word in _cues_in(context.sentence) - in_clause]
    features += [f"behind {word}" for word in behind]
    features += [f"further {word}" for word in _cues_in(rest) - behind]
    if heading := section.heading:
        features += [f"heading {word}" for word in _HEADINGS if word in heading]
    return features


def year_features(
    text: str,
    q: Quantity,
    context: QuantityContext,
    section: SectionContext,
    years: Mapping[str, int | None],
    rule: str,
    dates: Dates,
) -> list[str]:
    """What may tell the year of a quantity: its kind, the genre, the years that there are, words of time around it.

    Parameters
    ----------
    text, q, context, section
        As `kinds.kind_by_rule` takes them; the kind is set.
    years : mapping of str to int or None
        Those to choose from, by where they are stated.
    rule : str
        By which that of the rules was found.
    dates : dates.Dates
        Around the quantity.
    """
    genre, said, kind = section.genre, q.said, q.kind
    of_document, by_rule = years["document"], years["rule"]
    sentence = context.sentence
    rest = text[q.end : min(q.sentence[1], q.end + _AROUND)]
    features = [
        "always",
        f"kind={kind}",
        f"genre={genre}",
        f"genre={genre}&kind={kind}",
        f"said={said}",
        f"said={said}&kind={kind}",
        f"genre={genre}&said={said}",
        f"rule={rule}",
        f"rule={rule}&kind={kind}",
        f"rule={rule}&genre={genre}",
        f"class={q.unit_class}",
        f"class={q.unit_class}&kind={kind}",
        f"aim={context.is_aim}",
        f"mode={section.mode}",
        f"bound={q.qualifier}",
        f"period={q.period}",
        f"document={of_document is not None}",
        f"document={of_document is not None}&kind={kind}",
        f"by rule={_relation(by_rule, of_document)}",
        f"rule={rule}&several={section.has_years}",
    ]
    if dates.stated is None and dates.earlier is not None:
        features += [
            f"since={min(dates.full_stops, 3)}&goal={dates.is_goal}",
            f"since={min(dates.full_stops, 3)}&kind={kind}",
        ]
    elif dates.stated is None and dates.named is not None:
        features.append(f"named={min(dates.full_stops, 3)}")
    features += [f"{name}={_relation(years[name], of_document)}" for name in _YEARS]
    features += [f"{name}={_relation(years[name], of_document)}&kind={kind}" for name in _NAMED]
    features += [
        f"month={section.month and min(section.month, 4)}",
        f"month={section.month and min(section.month, 4)}&said={said}",
    ]
    if heading := section.heading:
        features += [f"heading {word}" for word in _HEADINGS if word in heading]
    features += [f"sentence {word}" for word in _cues_in(sentence)]
    features += [f"behind {word}" for word in _cues_in(rest)]
    before = text[max(0, q.sentence[0] - _BEFORE) : q.sentence[0]]
    features += [f"before {word}" for word in {*_TIMES.findall(before)}]
    features += [f"time {word}" for word in {*_TIMES.findall(sentence)}]
    features += [f"opens {word}" for word in {*_TIMES.findall(text[:_OPENING])}]
    return features


def _relation(year: int | None, of_document: int | None) -> str:
    """How a year lies to that of the document."""
    if year is None:
        return "none"
    if of_document is None:
        return "stated"
    return "past" if year < of_document else "same" if year == of_document else "future"
