"""Promise to result: each target of a report followed into the report that covers its year."""

from __future__ import annotations

import functools
import itertools
import math
import re
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd

from ..chinese import STATEMENT_END
from ..files import read_records
from ..inference import wilson_interval
from .goals import Statement, core, is_quoted, is_target, of_years, statements
from .indicators import read_indicators
from .outcomes import direction, judge

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    import numpy.typing as npt

SAME = 0.70  # likeness of two items from which they are the same
LIKE = 0.50  # from which they may be, which is left open
NAMED = 0.50  # share of an item that a sentence names, from which the report is not silent on it
SHORTEST = 6  # characters of a sentence
_HELD = 20_000  # numbers of the reports that are held at a time: some 50 megabytes
_SCRAMBLED = 4  # characters of an item that is known in another order
_LIST_BEFORE = 80  # characters before a number in which its list may have begun
_NEAR_BY = 24  # characters before a number in which it may be said what it measures
PERIODIC = ("work report",)  # types of documents that a government gives every year, even without a place
SETTING = ("plan", "notice", "regulation", "resolution")  # types that set tasks and report on none
SILENT = ("moved", "renewed", "dropped")  # outcomes of which no result is told
LONG = 20  # years from which decades are compared
OUTCOMES = ("kept", "missed", "moved", "renewed", "dropped", "unsure", "not yet due", "no next report")
_RESULT_PLACE = ("result_doc_id", "result_paragraph", "result_start", "result_end", "result_sentence")
COLUMNS = (
    *("place", "year", "due", "indicator", "item", "form", "unit", "better", "target", "target_upper"),
    *("target_qualifier", "outcome", "why", "result", "result_upper", "result_qualifier", "missed_by", "likeness"),
    *("doc_id", "paragraph", "start", "end", "sentence"),
    *_RESULT_PLACE,
)
_ROUNDING = 1e-9
_UNNAMED = re.compile("[的和与及、等，|]")  # characters that name nothing
_ADDED = re.compile("新增[^。；建改完解减]*$")  # a list that nothing else has begun since


class Chain(NamedTuple):
    """The reports of a place, by year; several of one year are read as one.

    Attributes
    ----------
    place : str
        Empty for the state.
    reports : dict of int to list of str
        doc_ids by year, in its order.
    """

    place: str
    reports: dict[int, list[str]]


def chains(corpus: pd.DataFrame) -> list[Chain]:
    """The places of which there are documents of one type from two years or more.

    Plans, notices, rules and resolutions do not report on what the last one set, and take no part. Documents without a
    place do if they are reports that a government gives every year: they are the state's.
    """
    dated = corpus[pd.to_numeric(corpus["year"], errors="coerce").notna()]
    found = []
    columns = dated[["province", "city", "doc_type"]].fillna("").astype(str)
    for (province, city, doc_type), part in dated.groupby([columns[c] for c in columns], sort=True):
        place = city or province
        if doc_type in SETTING or (not place and doc_type not in PERIODIC):
            continue
        reports: dict[int, list[str]] = {}
        for doc_id, year in part.sort_values("year", kind="stable")[["doc_id", "year"]].itertuples(index=False):
            reports.setdefault(int(year), []).append(doc_id)
        if len(reports) > 1:
            found.append(Chain(place, reports))
    return found


class Likeness:
    """How sure it is that two statements measure the same.

    Characters and pairs of characters of the items are compared, weighted by how rare each is among the items of the
    corpus: 中央财政 says little, 赤字 much.

    Parameters
    ----------
    cores : set of str
        The items of all statements of the corpus.
    """

    def __init__(self, cores: set[str]) -> None:
        counts = Counter(f for item in cores for f in _features(item))
        self._weights = {f: math.log((len(cores) + 1) / (n + 0.5)) for f, n in counts.items()}
        self._none = math.log(2 * (len(cores) + 1))
        self._wholes: dict[str, float] = {}

    def __call__(self, a: Statement, b: Statement) -> float:
        """From 0 to 1: 1 if one indicator claims both, 0 if different ones do.

        Else the mean of the share of a's item that b's item or clause names, and of b's that a's name; halved where
        one names a word that tells things apart (城镇, 中央, 出口) and the other does not.
        """
        if a.indicator or b.indicator:
            return float(a.indicator == b.indicator)
        if not a.core or not b.core:
            return 0.0
        alike = (self.share(a.core, _around(b)) + self.share(b.core, _around(a))) / 2
        if alike < LIKE:
            return alike
        return alike / 2 if _are_apart(a, _words_of(b)) or _are_apart(b, _words_of(a)) else alike

    def share(self, item: str, text: str) -> float:
        """The share of an item that a text names."""
        own = _features(item)
        if item not in self._wholes:
            self._wholes[item] = self._weight(own)
        whole = self._wholes[item]
        return self._weight(own & _features(text)) / whole if whole else 0.0  # an item may be 等 alone

    def weights(self, item: str) -> dict[str, float]:
        """The weights of an item's features."""
        return {f: self._weights.get(f, self._none) for f in _features(item)}

    def _weight(self, features: frozenset[str]) -> float:
        return math.fsum(self._weights.get(f, self._none) for f in features)  # exact: sets have no order


@functools.lru_cache(maxsize=1 << 14)
def _features(text: str) -> frozenset[str]:
    named = _UNNAMED.sub("", text)
    return frozenset([*named, *(sys.intern(named[i : i + 2]) for i in range(len(named) - 1))])


def _around(said: Statement) -> str:
    """What may name the item of another statement: the end of the clause, and the own item."""
    return f"{said.clause[-_NEAR_BY:]}|{said.item}"


def _are_apart(a: Statement, there: str) -> bool:
    """Whether a statement has a word that tells things apart in its item or its list, and another's words lack it."""
    own = f"{a.lead}|{a.item}{_listed(a)}"
    return any(has and not found for has, found in zip(_contrasts(own), _contrasts(there), strict=True))


def _words_of(said: Statement) -> str:
    return f"{said.lead}|{said.clause[-_NEAR_BY:]}|{said.item}{_listed(said)}"


def _listed(said: Statement) -> str:
    """新增, if a list begins with it: 新增发电能力…，采煤能力…"""
    return "|新增" if _ADDED.search(said.before[-_LIST_BEFORE:]) else ""


@functools.cache
def _contrast_words() -> tuple[str, ...]:
    rows = read_records(Path(__file__).with_name("resources") / "contrasts.tsv")
    return tuple(row["words"] for row in rows)


@functools.lru_cache(maxsize=100_000)
def _contrasts(text: str) -> tuple[bool, ...]:
    return tuple(bool(re.search(word, text)) for word in _contrast_words())


def _measures_fit(target: Statement, said: Statement) -> bool:
    return target.measure == said.measure or {target.measure, said.measure} == {"growth", "fall"}


class _Report(NamedTuple):
    """What the documents of a year state: targets, and what is not planned; both also by the kind of their number."""

    year: int
    targets: list[Statement]
    aims: dict[tuple[Any, ...], list[Statement]]
    said: list[Statement]
    results: dict[tuple[Any, ...], list[Statement]]
    of_said: _Index
    sentences: list[_Sentence]
    of_sentences: _Index


class _Index:
    """Which of some texts have which features: to find those that name most of an item without reading all."""

    def __init__(self, texts: Iterable[str]) -> None:
        known = [_UNNAMED.sub("", text) for text in texts]
        self._size = len(known)
        codes = np.frombuffer("\n".join(known).encode("utf-32-le"), dtype=np.uint32).astype(np.int64)
        of_text = np.repeat(np.arange(self._size), [len(text) + 1 for text in known])[: len(codes)]
        pairs = (codes[:-1] << 21) + codes[1:]
        both = np.concatenate([codes, pairs]), np.concatenate([of_text, of_text[:-1]])
        order = np.argsort(both[0], kind="stable")
        features, texts_of = both[0][order], both[1][order]
        first = np.ones(len(order), dtype=bool)  # a text that has a feature twice has it
        first[1:] = (features[1:] != features[:-1]) | (texts_of[1:] != texts_of[:-1])
        self._features, self._texts = features[first], texts_of[first]

    def weights(self, weights: Mapping[str, float]) -> npt.NDArray[Any]:
        """The sum of the weights of the features that each text has, to a rounding error."""
        codes = np.array([ord(f) if len(f) == 1 else (ord(f[0]) << 21) + ord(f[1]) for f in weights], dtype=np.int64)
        starts, ends = (np.searchsorted(self._features, codes, side) for side in ("left", "right"))
        own = [self._texts[start:end] for start, end in zip(starts, ends, strict=True)]
        each = np.repeat(np.fromiter(weights.values(), float, len(weights)), ends - starts)
        return np.bincount(np.concatenate([np.zeros(0, dtype=np.int64), *own]), each, self._size)


def follow(
    quantities: pd.DataFrame, paragraphs: pd.DataFrame, stances: pd.DataFrame, corpus: pd.DataFrame
) -> pd.DataFrame:
    """Each target of a report, and what became of it by the report that covers its year.

    A target of the report of year Y is for Y, or for a later year that its sentence names (to 2020, the end of a
    five-year plan); the report of the year after covers it. Outcomes:

    kept, missed
        A result is stated, and meets the target or not: see `outcomes.judge`.
    moved
        No result is stated; the target of a later year is stated anew for one later still.
    renewed
        No result is stated; the next report sets a target of the same for its own year.
    dropped
        The covering report says nothing of it.
    unsure
        why says why it is left open: a result may be of another item; it is told in another number (a sum of five
        years, a rate for a level); it is a bound that leaves it open; or the thing is named without such a figure.
    not yet due, no next report
        The corpus ends before, or lacks the report of that year.

    Parameters
    ----------
    quantities, paragraphs, stances, corpus : DataFrame
        Tables of the contract.

    Returns
    -------
    DataFrame
        A row a target, with `COLUMNS`, in the order of places, years and text. year is the report's, due the target's.
    """
    parts = _parts(chains(corpus), quantities)

    @functools.lru_cache(maxsize=1)  # of several parts each is read twice, so that one is held at a time
    def said_in(n: int) -> dict[str, list[Statement]]:
        ids = _documents(parts[n])
        own = (table[table["doc_id"].isin(ids)] for table in (quantities, paragraphs, stances, corpus))
        return statements(*own)

    cores = set[str]()
    for n in range(len(parts)):
        cores.update(s.core for said in said_in(n).values() for s in said)
        if len(parts) > 1:
            said_in.cache_clear()
    alike = Likeness(cores)
    better_of = {rule.indicator: rule.better for rule in read_indicators() if rule.better}
    rows = []
    for n, part in enumerate(parts):
        rows += _rows(part, said_in(n), _sentences(paragraphs, _documents(part)), alike, better_of)
        said_in.cache_clear()
    for known in (_features, _contrasts, core):  # of items and sentences that are not asked about again
        known.cache_clear()
    return pd.DataFrame(rows, columns=COLUMNS)


def _rows(
    part: Iterable[Chain],
    said: dict[str, list[Statement]],
    sentences: dict[str, list[_Sentence]],
    alike: Likeness,
    better_of: dict[str, str],
) -> list[tuple[Any, ...]]:
    """The rows of `follow` of some chains."""
    rows = []
    for chain in part:
        reports = {year: _report(year, ids, said, sentences) for year, ids in chain.reports.items()}
        for report in reports.values():
            found = (_row(t, report.year, reports, chain.place, alike, better_of) for t in report.targets)
            rows += [tuple(row.get(c, np.nan) for c in COLUMNS) for row in found]
    return rows


def _parts(found: Sequence[Chain], quantities: pd.DataFrame) -> list[list[Chain]]:
    """Chains in parts of about so many numbers: one part, unless the corpus is large."""
    of_document = quantities["doc_id"].value_counts()
    parts: list[list[Chain]] = []
    held = _HELD
    for chain in found:
        if held >= _HELD:
            parts.append([])
            held = 0
        parts[-1].append(chain)
        held += int(of_document.reindex(sorted(_documents([chain])), fill_value=0).sum())
    return parts


def _documents(found: Iterable[Chain]) -> set[str]:
    return {d for chain in found for documents in chain.reports.values() for d in documents}


def _report(
    year: int, documents: Sequence[str], said: dict[str, list[Statement]], sentences: dict[str, list[_Sentence]]
) -> _Report:
    stated = [s for doc_id in documents for s in said[doc_id]]
    targets: dict[tuple[Any, ...], Statement] = {}
    for s in stated:
        if is_target(s, year):
            s = of_years(s, year)
            key = (s.indicator or s.core, s.scope, s.unit, s.measure, s.span, s.base, s.year, s.figure.value)
            targets.setdefault(key, s)
    named = Counter((t.unit, t.year, t.figure.value) for t in targets.values() if "目标" not in t.item)
    own = [t for t in targets.values() if "目标" not in t.item or not named[t.unit, t.year, t.figure.value]]
    # 经济增长目标为5% explains a target that is set above
    past = [s for s in stated if not s.plan]
    aims = _by_kind(own, _kind_of_number)
    results = _by_kind(
        (s for s in past if s.kind != "baseline" and not is_quoted(s)), lambda s: (s.year, *_kind_of_number(s))
    )
    past = [s for s in past if s.kind != "target"]
    read = [sentence for doc_id in documents for sentence in sentences[doc_id]]
    indices = _Index(map(_around, past)), _Index(sentence.text for sentence in read)
    return _Report(year, own, aims, past, results, indices[0], read, indices[1])


def _kind_of_number(said: Statement) -> tuple[Any, ...]:
    """What is the same of a target and its result: unit, time, base and scope."""
    return said.unit, said.span, said.base, said.scope


def _by_kind(
    said: Iterable[Statement], kind: Callable[[Statement], tuple[Any, ...]]
) -> dict[tuple[Any, ...], list[Statement]]:
    found: dict[tuple[Any, ...], list[Statement]] = {}
    for s in said:
        found.setdefault(kind(s), []).append(s)
    return found


class _Sentence(NamedTuple):
    doc_id: str
    paragraph: int
    start: int
    end: int
    text: str


def _sentences(paragraphs: pd.DataFrame, ids: set[str]) -> dict[str, list[_Sentence]]:
    """The sentences of each document, and the parts of lists."""
    found: dict[str, list[_Sentence]] = {doc_id: [] for doc_id in ids}
    for doc_id, paragraph, text in paragraphs[["doc_id", "paragraph", "text"]].itertuples(index=False):
        if doc_id in ids:
            cuts = [0, *(m.end() for m in STATEMENT_END.finditer(text)), len(text)]
            for start, end in itertools.pairwise(cuts):
                if len(text[start:end].strip()) > SHORTEST:
                    found[doc_id].append(_Sentence(doc_id, int(paragraph), start, end, text[start:end].strip()))
    return found


def _row(
    target: Statement,
    year: int,
    reports: dict[int, _Report],
    place: str,
    likeness: Likeness,
    better_of: dict[str, str],
) -> dict[str, Any]:
    due = target.year or year
    better = better_of.get(target.indicator) or direction(target.item)
    if target.measure == "fall":
        better = {"higher": "lower", "lower": "higher"}.get(better, better)
    better = "higher" if better == "reduction" else better
    row = {"place": place, "year": year, "due": due, "indicator": target.indicator, "item": target.item}
    row |= {"form": target.measure, "unit": target.unit, "better": better, "target": target.figure.value}
    row |= {"target_upper": target.figure.upper, "target_qualifier": target.figure.qualifier}
    row |= {"doc_id": target.doc_id, "paragraph": target.paragraph, "start": target.start, "end": target.end}
    row |= {"sentence": target.sentence, "why": "", "missed_by": np.nan, "likeness": np.nan}
    if due + 1 not in reports:
        return row | {"outcome": "not yet due" if due + 1 > max(reports) else "no next report"}
    covering = [reports[y] for y in ([due + 1, due] if due > year and due in reports else [due + 1])]
    kind = _kind_of_number(target)
    results = [s for r in covering for s in r.results.get((due, *kind), ()) if _measures_fit(target, s)]
    ranked = sorted(((likeness(target, s), -i) for i, s in enumerate(results)), reverse=True)
    if ranked and ranked[0][0] >= LIKE:
        score, at = ranked[0]
        return row | _met(target, results[-at], score, better)
    weights, unclaimed = likeness.weights(target.core), target._replace(indicator="")
    # Likeness is the mean of two shares, so that less than this of the target's cannot be the same.
    least = (2 * SAME - 1) * math.fsum(weights.values()) - _ROUNDING
    for s in (r.said[i] for r in covering for i in np.flatnonzero(r.of_said.weights(weights) >= least)):
        if s.year == due and likeness(unclaimed, s._replace(indicator="")) >= SAME:
            found = {"outcome": "unsure", "why": "another number", "likeness": np.nan}
            return row | found | _place_of(s)
    for report in (reports[y] for y in sorted(reports) if year < y <= due + 1):
        for s in report.aims.get(kind, ()):
            later = s.year is not None and s.year > due
            if later and _measures_fit(target, s) and likeness(target, s) >= SAME:
                outcome = "moved" if due > year else "renewed"
                return row | {"outcome": outcome, "likeness": round(likeness(target, s), 3)} | _place_of(s)
    share, named = _named(target.core, reports[due + 1], likeness)
    if named is not None and share >= NAMED:
        place = dict(zip(_RESULT_PLACE, named, strict=True))
        return row | {"outcome": "unsure", "why": "named", "likeness": np.nan} | place
    return row | {"outcome": "dropped"}


def _met(target: Statement, said: Statement, score: float, better: str) -> dict[str, Any]:
    figure = said.figure
    if said.measure != target.measure:  # a fall where growth was planned, or the other way round
        signs = {">=": "<=", ">": "<", "<=": ">=", "<": ">"}
        figure = figure._replace(
            value=-figure.value, upper=-figure.upper, qualifier=signs.get(figure.qualifier, figure.qualifier)
        )
    verdict = judge(target.figure, figure, target.unit, better)
    found = {"result": figure.value, "result_upper": figure.upper, "result_qualifier": figure.qualifier}
    found |= {"likeness": round(score, 3)} | _place_of(said)
    if score < SAME:
        return found | {"outcome": "unsure", "why": "another item"}
    if verdict.outcome == "unsure":
        return found | {"outcome": "unsure", "why": "a bound"}
    return found | {"outcome": verdict.outcome, "missed_by": round(verdict.by, 6)}


def _place_of(said: Statement) -> dict[str, Any]:
    return dict(zip(_RESULT_PLACE, (said.doc_id, said.paragraph, said.start, said.end, said.sentence), strict=True))


def _named(item: str, report: _Report, likeness: Likeness) -> tuple[float, _Sentence | None]:
    """The first sentence that names most of an item, and the share that it names."""
    weights = likeness.weights(item)
    named = report.of_sentences.weights(weights)
    if not len(named):
        return 0.0, None
    characters = {f: 1.0 for f in weights if len(f) == 1}
    has_all = report.of_sentences.weights(characters) > len(characters) - 0.5
    best, found = 0.0, None
    for i in np.flatnonzero((named >= named.max() - _ROUNDING) | has_all):
        sentence = report.sentences[i]
        share = 1.0 if _is_scrambled(item, sentence.text) else likeness.share(item, sentence.text)
        if share > best:
            best, found = share, sentence
    return best, found


def _is_scrambled(item: str, text: str) -> bool:
    """Whether a text has the characters of an item side by side, in whatever order: 代发地方债, 代地方发债."""
    if len(item) < _SCRAMBLED or not all(c in text for c in item):
        return False
    wanted = Counter(item)
    return any(not wanted - Counter(text[i : i + len(item)]) for i in range(len(text) - len(item) + 1))


def outcome_shares(table: pd.DataFrame, by: str) -> pd.DataFrame:
    """What became of the targets of each group, and the share that was kept of those whose result is told.

    The interval is Wilson's. Targets of one report depend on each other, so that it is rather too narrow.

    Parameters
    ----------
    table : DataFrame
        As from `follow`.
    by : str
        A column of it.

    Returns
    -------
    DataFrame
        `by`, targets, followed (with a covering report), met, missed, share, low, high (NaN where no result is told),
        silent (moved, renewed or dropped), unsure, least (the share if all that are silent were missed).
    """
    rows = []
    for name, part in table.groupby(by, sort=True):
        n = part["outcome"].value_counts()
        kept, missed, unsure = (int(n.get(outcome, 0)) for outcome in ("kept", "missed", "unsure"))
        silent = sum(int(n.get(outcome, 0)) for outcome in SILENT)
        told = kept + missed
        low, high = wilson_interval(kept, told)
        share = kept / told if told else np.nan
        least = kept / (told + silent) if told + silent else np.nan
        followed = told + silent + unsure
        figures = np.round([share, low, high], 6)
        rows.append((name, len(part), followed, kept, missed, *figures, silent, unsure, round(least, 6)))
    columns = [by, "targets", "followed", "met", "missed", "share", "low", "high", "silent", "unsure", "least"]
    return pd.DataFrame(rows, columns=columns)


def periods(years: pd.Series[Any]) -> pd.Series[Any]:
    """The decade of each year (1950: the 1950s), if the years span more than two; else the year."""
    long = len(years) > 0 and years.max() - years.min() > LONG
    return years // 10 * 10 if long else years
