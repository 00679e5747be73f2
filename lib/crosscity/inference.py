"""What raters found (Chang et al. 2009), how sure that is, and how they agree."""

from __future__ import annotations

import itertools
import os
import re
import sys
import time
from collections import Counter
from math import ceil, factorial, isqrt, prod
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd

from . import CrosscityError
from .language import called, tr

FLOOR = 0.001  # shares below count as this in log odds: NMF has zeros, of which there is no logarithm


def wilson(right: float, n: int) -> tuple[float, float]:
    """The 95 % interval of a share, right of n (Wilson 1927); NaN where n is 0."""
    if not n:
        return np.nan, np.nan
    z, share = 1.959964, right / n
    middle, half = share + z * z / (2 * n), z * np.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return max(0.0, (middle - half) / (1 + z * z / n)), min(1.0, (middle + half) / (1 + z * z / n))


def bootstrap(table: pd.DataFrame, draws: int = 2000, seed: int = 1) -> tuple[float, float, float]:
    """The mean over questions of the mean over raters, with a 95 % interval over both.

    Questions and raters are drawn again independently (the pigeonhole bootstrap, Owen 2007); a question of which a draw
    holds no answer is left out of that draw.

    Parameters
    ----------
    table : DataFrame, shape (n_questions, n_raters)
        NaN where a rater gave no answer.
    draws, seed : int

    Returns
    -------
    tuple of float
        Value, low, high; low and high are NaN for a single question.
    """
    values = table.to_numpy(dtype=float)
    given, sums = (~np.isnan(values)).astype(float), np.nan_to_num(values)
    rng, (n, raters) = np.random.default_rng(seed), values.shape
    times = np.vstack([np.ones(raters), rng.multinomial(raters, np.full(raters, 1 / raters), size=draws)])
    often = np.vstack([np.ones(n), rng.multinomial(n, np.full(n, 1 / n), size=draws)])
    of = times @ given.T  # answers of each draw to each question
    often = np.where(of > 0, often, 0)
    means = (times @ sums.T) / np.where(of > 0, of, 1)
    with np.errstate(invalid="ignore"):
        found = (often * means).sum(axis=1) / often.sum(axis=1)
    low, high = np.nanpercentile(found[1:], [2.5, 97.5]) if n > 1 else (np.nan, np.nan)
    return float(found[0]), float(low), float(high)


def krippendorff(table: pd.DataFrame) -> float:
    """Krippendorff's alpha for nominal values (Krippendorff 2019, chapter 12): 1 is agreement, 0 chance.

    1 - observed / expected disagreement of pairs of answers to the same question, and to any. A question with one
    answer says nothing; where all answers are the same value, or none can be paired, alpha is NaN.

    Parameters
    ----------
    table : DataFrame, shape (n_questions, n_raters)
        Values; missing where a rater gave no answer.
    """
    return alpha(table, draws=0)[0]


def alpha(table: pd.DataFrame, draws: int = 2000, seed: int = 1) -> tuple[float, float, float]:
    """Krippendorff's alpha as `krippendorff` gives it, with a 95 % interval that draws questions again.

    Percentiles of the bootstrap over units; a draw without two values has no alpha and is left out.

    Returns
    -------
    tuple of float
        Value, low, high; low and high are NaN for fewer than two questions, or without draws.
    """
    counts = pd.DataFrame([row.value_counts() for _, row in table.iterrows()]).fillna(0).to_numpy(dtype=float)
    counts = counts[counts.sum(axis=1) > 1]
    m, rng = len(counts), np.random.default_rng(seed)
    if not m:
        return np.nan, np.nan, np.nan
    times = np.vstack([np.ones(m), rng.multinomial(m, np.full(m, 1 / m), size=draws)])
    sizes = counts.sum(axis=1)
    n, of = times @ sizes, times @ counts
    expected = n * n - (of**2).sum(axis=1)  # pairs of unlike values, over n (n - 1) below
    observed = times @ ((sizes**2 - (counts**2).sum(axis=1)) / (sizes - 1))
    with np.errstate(invalid="ignore", divide="ignore"):
        found = np.where(expected > 0, 1 - (n - 1) * observed / expected, np.nan)
    kept = found[1:][~np.isnan(found[1:])]
    low, high = np.percentile(kept, [2.5, 97.5]) if m > 1 and len(kept) else (np.nan, np.nan)
    return float(found[0]), float(low), float(high)


def score(
    answers: pd.DataFrame, key: pd.DataFrame, draws: int = 2000, seed: int = 1
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """How often raters find the intruder, and how they agree.

    Model precision is the share of raters who chose the intruder, by question (for words: by topic); by chance 1/6 for
    words and 1/4 for topics. Topic log odds of a paragraph: the mean over raters of ln(share of the intruder) less
    ln(share of the topic chosen), 0 at best (Chang et al. 2009, equations 1 and 2); shares below 0.001 count as 0.001;
    by chance the mean over the four options. Intervals of 95 %: by question Wilson's (1927) over raters; overall, for
    the mean of the questions, percentiles of `draws` bootstraps of questions and raters at once (Owen 2007), NaN for a
    single question; with one rater they say nothing about other raters. alpha is Krippendorff's.

    Returns
    -------
    questions : DataFrame
        question, task, topic (of words), doc_id, paragraph (of topics), raters, precision, low, high, chance, log_odds,
        chance_log_odds.
    overall : DataFrame
        task, measure (precision, log_odds), value, low, high, chance, questions, raters, alpha (the task's).
    """
    logs = pd.Series(np.log(key["share"].astype(float).clip(lower=FLOOR)), index=key.index)
    best = logs[key["intruder"]].set_axis(key.loc[key["intruder"], "question"])
    key = key.assign(log_odds=key["question"].map(best) - logs, precision=key["intruder"].astype(float))
    given = answers.merge(key, left_on=["question", "answer"], right_on=["question", "option"], validate="many_to_one")
    rows = []
    for (question, task), part in key[key["question"].isin(given["question"])].groupby(
        ["question", "task"], sort=False
    ):
        mine, intruder = given[given["question"] == question], part[part["intruder"]].iloc[0]
        low, high = wilson(mine["precision"].sum(), len(mine))
        about = {c: intruder[c] if (c == "topic") == (task == "word") else "" for c in ("topic", "doc_id", "paragraph")}
        found = {"raters": len(mine), "precision": mine["precision"].mean(), "low": low, "high": high}
        found |= {
            "chance": 1 / len(part),
            "log_odds": mine["log_odds"].mean(),
            "chance_log_odds": part["log_odds"].mean(),
        }
        rows.append({"question": question, "task": task} | about | found)
    questions, overall = pd.DataFrame(rows), []
    for task, measure in (("word", "precision"), ("topic", "precision"), ("topic", "log_odds")):
        mine, asked = given[given["task"] == task], questions[questions["task"] == task]
        index: dict[str, Any] = {"index": "question", "columns": "rater", "aggfunc": "first"}  # there is one of each
        if len(mine):
            value, low, high = bootstrap(mine.pivot_table(measure, **index), draws, seed)
            chance = asked["chance" if measure == "precision" else "chance_log_odds"].mean()
            found = {"task": task, "measure": measure, "value": value, "low": low, "high": high, "chance": chance}
            alpha = krippendorff(mine.pivot_table("answer", **index))
            overall.append(found | {"questions": len(asked), "raters": mine["rater"].nunique(), "alpha": alpha})
    return questions, pd.DataFrame(overall)


if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    import numpy.typing as npt

EQUAL = 1e-9  # statistics this near are equal: they differ in the last digits by the order of a sum
MOST = 300  # units whose arrangements are counted through; listing them is recursive


class Units(NamedTuple):
    """What is exchanged, in the order of blocks.

    Attributes
    ----------
    unit : str
        "document", "stratum" or "document within stratum".
    of : ndarray of int, shape (n_documents,)
        The unit of each document.
    codes : ndarray of int, shape (n_units,)
        The group of each unit, as its place in `names`.
    blocks : ndarray of int, shape (n_units,)
        Ascending. Only units of one block are exchanged.
    names : list
        Groups, sorted.
    """

    unit: str
    of: np.ndarray
    codes: np.ndarray
    blocks: np.ndarray
    names: list

    def count(self) -> str:  # type: ignore[override]
        """How many there are, in words: 12 documents, 8 strata."""
        return f"{len(self.codes)} {'strata' if self.unit == 'stratum' else 'documents'}"

    def means(self, values: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """Means of documents by unit: of (n_documents, n) values, (n_units, n)."""
        if self.unit != "stratum":
            return values[np.argsort(self.of)]
        return pd.DataFrame(values).groupby(self.of).mean().to_numpy()

    def centred(self, values: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """Values of units, shape (n_units, n), less their block's mean."""
        return values - pd.DataFrame(values).groupby(self.blocks).transform("mean").to_numpy()


def exchangeable(groups: npt.ArrayLike, strata: npt.ArrayLike | None = None) -> Units:
    """What can be exchanged, if groups do not differ.

    The rule: without strata, documents can. Where every stratum (province; city, if it has several documents) lies in
    one group, strata can, each by the mean of its documents: what these have in common would else pass for the
    group's. Otherwise documents within strata can; a stratum in one group then says nothing.

    Parameters
    ----------
    groups, strata : sequences, length n_documents

    Returns
    -------
    Units

    Raises
    ------
    CrosscityError
        If there are fewer than two groups.
    """
    groups, unit, blocks = np.asarray(groups, dtype=object), "document", np.zeros(len(groups), dtype=int)
    of = np.arange(len(groups))
    if strata is not None:
        blocks, unit = pd.factorize(np.asarray(strata).astype(str), sort=True)[0], "document within stratum"
        if all(len(set(groups[blocks == b])) == 1 for b in set(blocks)):
            groups, unit, of = groups[np.unique(blocks, return_index=True)[1]], "stratum", blocks
            blocks = np.zeros(len(groups), dtype=int)
    codes, names = pd.factorize(groups, sort=True)
    if len(names) < 2:
        msg = f"there are {len(names)} groups: two are needed to compare"
        raise CrosscityError(msg)
    order = np.argsort(blocks, kind="stable")
    return Units(unit, np.argsort(order)[of], codes[order], blocks[order], list(names))


def draw(units: Units, permutations: int, seed: int) -> tuple[npt.NDArray[Any], float]:
    """Arrangements of the units' groups: all, if there are at most `permutations`; else the one found and as many.

    Returns
    -------
    drawn : ndarray of int, shape (n_arrangements, n_units)
        Codes of groups.
    floor : float
        The smallest p there can be: arrangements that only rename groups, over all; at least 1 / (permutations + 1)
        where not all are gone through.
    """
    codes, blocks = units.codes, units.blocks
    parts = [codes[blocks == b].tolist() for b in range(blocks[-1] + 1)]
    table = [[part.count(g) for g in range(len(units.names))] for part in parts]
    ways = prod(factorial(sum(row)) // prod(map(factorial, row)) for row in table)
    floor = prod(map(factorial, Counter(zip(*table, strict=True)).values())) / ways
    if ways <= permutations and len(codes) <= MOST:
        return np.array([np.concatenate(x) for x in itertools.product(*(list(arrangements(p)) for p in parts))]), floor
    rng, floor = np.random.default_rng(seed), max(floor, 1 / (permutations + 1))
    return np.array([codes, *(np.concatenate([*map(rng.permutation, parts)]) for _ in range(permutations))]), floor


def max_t(
    found: npt.NDArray[Any], null: Callable[[npt.NDArray[Any]], npt.NDArray[Any]], at_once: int = 4096
) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
    """p of each test, and p adjusted for all of them.

    Parameters
    ----------
    found : ndarray, shape (n_tests,)
        Statistics, the larger the more telling, on a scale that is the same for all tests.
    null : callable
        Of an array of tests' places, giving their statistics in every arrangement (the one found is one of them), as a
        new array, shape (n_places, n_arrangements).
    at_once : int
        How many tests to ask `null` for.

    Returns
    -------
    p, adjusted : ndarrays, shape (n_tests,)
    """
    order, largest = np.argsort(-found, kind="stable"), -np.inf
    p, adjusted = np.empty(len(found)), np.empty(len(found))
    for start in range(len(order), 0, -at_once):  # from the smallest, so that one running maximum will do
        tests = order[max(start - at_once, 0) : start][::-1]
        values, bar = null(tests), found[tests, None] - EQUAL
        p[tests] = np.count_nonzero(values >= bar, axis=1) / values.shape[1]
        np.maximum(values[0], largest, out=values[0])
        np.maximum.accumulate(values, axis=0, out=values)
        adjusted[tests], largest = np.count_nonzero(values >= bar, axis=1) / values.shape[1], values[-1].copy()
    adjusted[order] = np.maximum.accumulate(adjusted[order])
    return p, adjusted


def answer_told(answer: str) -> str:
    """An answer of `answered` in the run's language."""
    if found := re.fullmatch(r"not testable with (\d+) (documents|strata)(?: and (\d+) comparisons)?", answer):
        n, units, several = found.groups()
        said = {"n": n, "units": called("many", units), "several": several}
        if several:
            return tr("not testable with {n} {units} and {several} comparisons", **said)
        return tr("not testable with {n} {units}", **said)
    return called("answer", answer)


def answered(
    table: pd.DataFrame,
    p: npt.NDArray[Any],
    adjusted: npt.NDArray[Any],
    floor: float,
    level: float,
    n: str,
    yes: str | npt.NDArray[Any],
    no: str | npt.NDArray[Any],
) -> pd.DataFrame:
    """The table with floor, p, p_adjusted and answer; `n` says in words how many units there are."""
    level = 1 - level + 1e-12
    ok = floor <= level
    table["floor"], table["p"], table["p_adjusted"] = floor, p if ok else np.nan, adjusted if ok else np.nan
    table["answer"] = np.where(adjusted <= level, yes, no) if ok else f"not testable with {n}"
    return table.round(6)


if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    import numpy.typing as npt

MIN_PARAGRAPHS = 8  # of a single document, below which no interval is given
MIN_DOCUMENTS = 3  # of a group, below which its mean has no interval
FEW_DOCUMENTS = 15  # below which no topic model is stable, and maps show genre, date and length as much as places


def run_length(n: int) -> int:
    """Length of a run of n neighbours: sqrt(n), rounded up.

    The order that is best for a variance is n ** (1/3) (Hall, Horowitz and Jing 1995); with the few dozen paragraphs of
    a document its intervals cover too rarely (bench/coverage.py: 0.90 for 0.95, and 0.94 with the root).
    """
    return isqrt(max(n, 1) - 1) + 1


def runs(n: int, rng: np.random.Generator) -> npt.NDArray[Any]:
    """Of 0 .. n - 1, n, in circular runs, so that each is drawn as often (Politis and Romano 1992)."""
    length = run_length(n)
    return ((rng.integers(n, size=ceil(n / length))[:, None] + np.arange(length)) % n).ravel()[:n]


def resample(documents: Sequence[npt.NDArray[Any]], rng: np.random.Generator) -> npt.NDArray[Any]:
    """Paragraphs of a group, drawn again.

    Parameters
    ----------
    documents : list of ndarray of int
        The paragraphs of each document, in order.
    rng : numpy.random.Generator

    Returns
    -------
    ndarray of int
        Of several documents, as many, drawn with replacement and kept whole; of one, as many paragraphs, in runs.
    """
    if len(documents) == 1:
        return documents[0][runs(len(documents[0]), rng)]
    return np.concatenate([documents[i] for i in rng.integers(len(documents), size=len(documents))])


def arrangements(labels: list[Any]) -> Iterator[list[Any]]:
    """All distinct orders of a list, each once."""
    if not labels:
        yield []
    for i in sorted({x: i for i, x in enumerate(labels)}.values()):
        yield from ([labels[i], *rest] for rest in arrangements(labels[:i] + labels[i + 1 :]))


def clusters(documents: npt.ArrayLike, least: int = 3, parts: int = 10) -> tuple[npt.NDArray[Any], str]:
    """What is drawn as a whole: documents; in a corpus of fewer than `least`, consecutive parts of each.

    Parameters
    ----------
    documents : sequence of str, length n_paragraphs
        A document's paragraphs in their order.
    least, parts : int

    Returns
    -------
    labels : ndarray of str, shape (n_paragraphs,)
    unit : str
        "documents" or "tenths of a document", for sentences.
    """
    documents = np.asarray(documents, dtype=object)
    names = set(documents)
    if len(names) >= least:
        return documents, "documents"
    labels = documents.copy()
    for name in names:
        at = np.flatnonzero(documents == name)
        labels[at] = [f"{name} {i * parts // len(at)}" for i in range(len(at))]
    return labels, "tenths of a document"


def each(
    function: Callable[..., Any], arguments: Sequence[tuple[Any, ...]], what: str, jobs: int | None = None
) -> list[Any]:
    """Results of function(*arguments[i]), in order, with a bar where CROSSCITY_PROGRESS is set.

    Parameters
    ----------
    function : callable
    arguments : list of tuples
    what : str
        The name of the bar.
    jobs : int, optional
        Processes. Left out, it is one if, by the second call, all take less than ten seconds, else one a processor:
        processes take seconds to start. The results are the same.
    """
    from joblib import Parallel, delayed
    from tqdm import tqdm

    quiet = not os.environ.get("CROSSCITY_PROGRESS")
    bar = tqdm(total=len(arguments), desc=what, disable=quiet, leave=False, file=sys.stderr, mininterval=1, ncols=72)
    done: list[Any] = []
    while jobs is None and arguments:  # the first call also loads what it needs
        start, done = time.perf_counter(), [*done, function(*arguments[0])]
        arguments = arguments[1:]
        _ = bar.update()
        if len(done) == 2:
            jobs = 1 if (time.perf_counter() - start) * len(arguments) < 10 else -1
    for result in Parallel(n_jobs=jobs or 1, return_as="generator")(delayed(function)(*a) for a in arguments):
        done.append(result)
        _ = bar.update()
    bar.close()
    return done


def scope_told(scope: str) -> str:
    """What an interval speaks of, or why there is none, in the run's language; of the column speaks_of."""
    one, against, other = scope.partition(", against ")
    if against:
        return tr("{a}, against {b}", a=scope_told(one), b=scope_told(other))
    if found := re.fullmatch(r"(\d+) paragraphs; an interval needs (\d+)", scope):
        return tr("{n} paragraphs; an interval needs {least}", n=found[1], least=found[2])
    return called("speaks_of", scope)
