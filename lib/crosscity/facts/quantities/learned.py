"""Answers chosen by learned weights, where rules alone are right too seldom: what kind a number is, and its year.

A table of weights (resources/kind-weights.tsv, year-weights.tsv) has a row for each feature and a column for each
answer, in hundredths of a logistic regression's coefficients; bench/weights.py fits them to coded documents. The answer
of the rules is a feature among others: where the rules are sure the weights follow them.
"""

from __future__ import annotations

import functools
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
MARGIN = 30  # hundredths by which another answer has to be ahead of that of the rules
_STOPS = "，。；："
_HEADINGS = ("整改", "目标", "要求", "问题", "成效", "下一步", "标准", "情况", "措施", "保障", "任务", "安排")
_HEADINGS += ("条件", "奖", "附则", "回顾")


class _Weights(NamedTuple):
    """The answers of a table of weights, and the weight of each by feature."""

    answers: tuple[str, ...]
    by_feature: dict[str, tuple[int, ...]]


@functools.cache
def _weights(name: str) -> _Weights:
    (_, *answers), *rows = read_tsv(_RESOURCES / f"{name}-weights.tsv", header=False)
    return _Weights(tuple(answers), {feature: tuple(map(int, weights)) for feature, *weights in rows})


def choose(name: str, features: Iterable[str], by_rule: str, among: Iterable[str] = (), margin: int = MARGIN) -> str:
    """The answer with the greatest sum of weights, or that of the rules.

    Parameters
    ----------
    name : str
        Of the table: kind or year.
    features : iterable of str
    by_rule : str
        The answer of the rules, which stays unless another is ahead of it.
    among : iterable of str
        The answers to choose from; all of the table if there are none.
    margin : int
        By how much another has to be ahead, in hundredths.
    """
    answers, by_feature = _weights(name)
    known = [weights for weights in map(by_feature.get, features) if weights]
    sums = dict(zip(answers, map(sum, zip(*known, strict=True)), strict=True)) if known else dict.fromkeys(answers, 0)
    best = max(among or answers, key=lambda answer: sums.get(answer, 0))
    return best if sums.get(best, 0) - sums.get(by_rule, 0) >= margin else by_rule


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
    features += [
        f"{name}={_relation(years[name], of_document)}" for name in ("stated", "earlier", "listed", "term", "previous")
    ]
    features += [f"sentence {word}" for word in _cues_in(sentence)]
    features += [f"behind {word}" for word in _cues_in(rest)]
    return features


def _relation(year: int | None, of_document: int | None) -> str:
    """How a year lies to that of the document."""
    if year is None:
        return "none"
    if of_document is None:
        return "stated"
    return "past" if year < of_document else "same" if year == of_document else "future"
