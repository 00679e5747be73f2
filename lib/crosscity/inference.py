"""Intervals, agreement of raters, permutation tests and resampling."""

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

from . import NotEstimableError
from .cluster import call_on_cluster, scheduler_of_draws
from .language import display_name, tr

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    import numpy.typing as npt

MIN_SHARE = 0.001  # shares below count as this in log odds: NMF has zeros, which have no logarithm
TOLERANCE = 1e-9  # statistics this near are equal: the order of a sum changes their last digits
MAX_LISTED_UNITS = 300  # units whose arrangements are enumerated; listing them is recursive
MIN_PARAGRAPHS = 8  # of a single document, below which no interval is given
MIN_DOCUMENTS = 3  # of a group, below which its mean has no interval
FEW_DOCUMENTS = 15  # below which no topic model is stable, and maps show genre, date and length as much as places
_MIN_CLUSTERS = 3  # documents of a corpus that are clusters themselves
_PARTS = 10  # of each document where there are fewer
_SERIAL_SECONDS = 10  # work that takes less is not worth starting processes for


def wilson_interval(successes: float, n: int) -> tuple[float, float]:
    """95 % interval of a share (Wilson 1927); NaN where n is 0."""
    if not n:
        return np.nan, np.nan
    z, share = 1.959964, successes / n
    middle, half = share + z * z / (2 * n), z * np.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return max(0.0, (middle - half) / (1 + z * z / n)), min(1.0, (middle + half) / (1 + z * z / n))


def pigeonhole_bootstrap(table: pd.DataFrame, draws: int = 2000, seed: int = 1) -> tuple[float, float, float]:
    """Mean over questions of the mean over raters, with a 95 % interval over both.

    Questions and raters are resampled independently (the pigeonhole bootstrap, Owen 2007). A draw leaves out a
    question that none of its raters answered.

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
    answered, sums = (~np.isnan(values)).astype(float), np.nan_to_num(values)
    rng, (n, raters) = np.random.default_rng(seed), values.shape
    rater_weights = np.vstack([np.ones(raters), rng.multinomial(raters, np.full(raters, 1 / raters), size=draws)])
    question_weights = np.vstack([np.ones(n), rng.multinomial(n, np.full(n, 1 / n), size=draws)])
    answers = rater_weights @ answered.T  # of each draw to each question
    question_weights = np.where(answers > 0, question_weights, 0)
    means = (rater_weights @ sums.T) / np.where(answers > 0, answers, 1)
    with np.errstate(invalid="ignore"):
        estimates = (question_weights * means).sum(axis=1) / question_weights.sum(axis=1)
    low, high = np.nanpercentile(estimates[1:], [2.5, 97.5]) if n > 1 else (np.nan, np.nan)
    return float(estimates[0]), float(low), float(high)


def krippendorff_alpha(table: pd.DataFrame) -> float:
    """Krippendorff's alpha for nominal values (Krippendorff 2019, chapter 12): 1 is agreement, 0 chance.

    alpha = 1 - observed / expected disagreement, of pairs of answers to the same question and to any. A question with
    one answer does not count; alpha is NaN where all answers are the same or none can be paired.

    Parameters
    ----------
    table : DataFrame, shape (n_questions, n_raters)
        Values; missing where a rater gave no answer.
    """
    return krippendorff_interval(table, draws=0)[0]


def krippendorff_interval(table: pd.DataFrame, draws: int = 2000, seed: int = 1) -> tuple[float, float, float]:
    """`krippendorff_alpha` with a 95 % interval: percentiles of the bootstrap over questions.

    A draw without two different values has no alpha and is left out.

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
    weights = np.vstack([np.ones(m), rng.multinomial(m, np.full(m, 1 / m), size=draws)])
    sizes = counts.sum(axis=1)
    n, totals = weights @ sizes, weights @ counts
    expected = n * n - (totals**2).sum(axis=1)  # pairs of unlike values; n (n - 1) cancels below
    observed = weights @ ((sizes**2 - (counts**2).sum(axis=1)) / (sizes - 1))
    with np.errstate(invalid="ignore", divide="ignore"):
        alphas = np.where(expected > 0, 1 - (n - 1) * observed / expected, np.nan)
    drawn = alphas[1:][~np.isnan(alphas[1:])]
    low, high = np.percentile(drawn, [2.5, 97.5]) if m > 1 and len(drawn) else (np.nan, np.nan)
    return float(alphas[0]), float(low), float(high)


def intrusion_scores(
    answers: pd.DataFrame, key: pd.DataFrame, draws: int = 2000, seed: int = 1
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """How often raters find the intruder, and how they agree (Chang et al. 2009).

    Model precision is the share of raters who chose the intruder, by question (for words: by topic); by chance 1/6 for
    words and 1/4 for topics. Topic log odds of a paragraph are the mean over raters of ln(share of the intruder) less
    ln(share of the topic chosen), 0 at best (equations 1 and 2); shares below 0.001 count as 0.001; by chance the mean
    over the four options. Intervals of 95 %: by question Wilson's over raters; overall the pigeonhole bootstrap of
    questions and raters, which says nothing about other raters if there is one.

    Returns
    -------
    questions : DataFrame
        question, task, topic (of words), doc_id, paragraph (of topics), raters, precision, low, high, chance, log_odds,
        chance_log_odds.
    overall : DataFrame
        task, measure (precision, log_odds), value, low, high, chance, questions, raters, alpha (Krippendorff's, of the
        task).
    """
    log_shares = pd.Series(np.log(key["share"].astype(float).clip(lower=MIN_SHARE)), index=key.index)
    intruder_logs = log_shares[key["intruder"]].set_axis(key.loc[key["intruder"], "question"])
    key = key.assign(log_odds=key["question"].map(intruder_logs) - log_shares, precision=key["intruder"].astype(float))
    scored = answers.merge(key, left_on=["question", "answer"], right_on=["question", "option"], validate="many_to_one")
    options_of = key[key["question"].isin(scored["question"])].groupby(["question", "task"], sort=False)
    questions = pd.DataFrame(
        [
            {"question": question, "task": task}
            | _question_scores(task, options, scored[scored["question"] == question])
            for (question, task), options in options_of
        ]
    )
    overall = []
    for task, measure in (("word", "precision"), ("topic", "precision"), ("topic", "log_odds")):
        of_task, asked = scored[scored["task"] == task], questions[questions["task"] == task]
        if of_task.empty:
            continue
        by_rater: dict[str, Any] = {"index": "question", "columns": "rater", "aggfunc": "first"}  # there is one of each
        value, low, high = pigeonhole_bootstrap(of_task.pivot_table(measure, **by_rater), draws, seed)
        overall.append(
            {
                "task": task,
                "measure": measure,
                "value": value,
                "low": low,
                "high": high,
                "chance": asked["chance" if measure == "precision" else "chance_log_odds"].mean(),
                "questions": len(asked),
                "raters": of_task["rater"].nunique(),
                "alpha": krippendorff_alpha(of_task.pivot_table("answer", **by_rater)),
            }
        )
    return questions, pd.DataFrame(overall)


def _question_scores(task: str, options: pd.DataFrame, answers: pd.DataFrame) -> dict[str, Any]:
    """Scores of one question, of its options in the key and the answers to it."""
    intruder = options[options["intruder"]].iloc[0]
    origin = {c: intruder[c] if (c == "topic") == (task == "word") else "" for c in ("topic", "doc_id", "paragraph")}
    low, high = wilson_interval(answers["precision"].sum(), len(answers))
    return origin | {
        "raters": len(answers),
        "precision": answers["precision"].mean(),
        "low": low,
        "high": high,
        "chance": 1 / len(options),
        "log_odds": answers["log_odds"].mean(),
        "chance_log_odds": options["log_odds"].mean(),
    }


class ExchangeableUnits(NamedTuple):
    """The units that a permutation exchanges, in the order of blocks.

    Attributes
    ----------
    unit : str
        "document", "stratum" or "document within stratum".
    unit_of : ndarray of int, shape (n_documents,)
        The unit of each document.
    codes : ndarray of int, shape (n_units,)
        The group of each unit, as its index in `groups`.
    blocks : ndarray of int, shape (n_units,)
        Ascending. Only units of one block are exchanged.
    groups : list
        Names of the groups, sorted.
    """

    unit: str
    unit_of: npt.NDArray[Any]
    codes: npt.NDArray[Any]
    blocks: npt.NDArray[Any]
    groups: list[Any]

    def describe(self) -> str:
        """The number of units in words: 12 documents, 8 strata."""
        return f"{len(self.codes)} {'strata' if self.unit == 'stratum' else 'documents'}"

    def means(self, values: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """Means by unit, shape (n_units, n), of values of documents, shape (n_documents, n)."""
        if self.unit != "stratum":
            return values[np.argsort(self.unit_of)]
        return pd.DataFrame(values).groupby(self.unit_of).mean().to_numpy()

    def centred(self, values: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """Values of units, shape (n_units, n), less the mean of their block."""
        if self.blocks[-1] == self.blocks[0]:
            return values - values.mean(axis=0)
        return values - pd.DataFrame(values).groupby(self.blocks).transform("mean").to_numpy()


def exchangeable_units(groups: npt.ArrayLike, strata: npt.ArrayLike | None = None) -> ExchangeableUnits:
    """The units that are exchangeable under the hypothesis that groups do not differ.

    Without strata these are documents. Where every stratum (province; city, if it has several documents) lies in one
    group, they are strata, each represented by the mean of its documents: what these have in common would otherwise
    pass for the group's. Otherwise they are documents within strata; a stratum in one group then contributes nothing.

    Parameters
    ----------
    groups, strata : sequence, length n_documents

    Raises
    ------
    NotEstimableError
        If there are fewer than two groups.
    """
    groups, unit, blocks = np.asarray(groups, dtype=object), "document", np.zeros(len(groups), dtype=int)
    unit_of = np.arange(len(groups))
    if strata is not None:
        blocks, unit = pd.factorize(np.asarray(strata).astype(str), sort=True)[0], "document within stratum"
        if all(len(set(groups[blocks == b])) == 1 for b in set(blocks)):
            groups, unit, unit_of = groups[np.unique(blocks, return_index=True)[1]], "stratum", blocks
            blocks = np.zeros(len(groups), dtype=int)
    codes, names = pd.factorize(groups, sort=True)
    if len(names) < 2:
        lack = tr("two groups are needed to compare, not {n}", n=len(names))
        raise NotEstimableError(lack)
    order = np.argsort(blocks, kind="stable")
    return ExchangeableUnits(unit, np.argsort(order)[unit_of], codes[order], blocks[order], list(names))


def group_permutations(units: ExchangeableUnits, permutations: int, seed: int) -> tuple[npt.NDArray[Any], float]:
    """Groups of the units under permutation: every arrangement, or the observed one and `permutations` random ones.

    Arrangements are enumerated where there are at most `permutations` of them.

    Returns
    -------
    arrangements : ndarray of int, shape (n_arrangements, n_units)
        Codes of groups.
    floor : float
        The smallest possible p: the share of arrangements that only rename groups; at least 1 / (permutations + 1)
        where arrangements are drawn.
    """
    codes, blocks = units.codes, units.blocks
    parts = [codes[blocks == b].tolist() for b in range(blocks[-1] + 1)]
    table = [[part.count(g) for g in range(len(units.groups))] for part in parts]
    ways = prod(factorial(sum(row)) // prod(map(factorial, row)) for row in table)
    floor = prod(map(factorial, Counter(zip(*table, strict=True)).values())) / ways
    if ways <= permutations and len(codes) <= MAX_LISTED_UNITS:
        every = itertools.product(*(list(distinct_permutations(part)) for part in parts))
        return np.array([np.concatenate(arrangement) for arrangement in every]), floor
    rng, floor = np.random.default_rng(seed), max(floor, 1 / (permutations + 1))
    drawn = (np.concatenate([*map(rng.permutation, parts)]) for _ in range(permutations))
    return np.array([codes, *drawn]), floor


def distinct_permutations(labels: list[Any]) -> Iterator[list[Any]]:
    """All distinct orders of a list, each once."""
    if not labels:
        yield []
    for i in sorted({x: i for i, x in enumerate(labels)}.values()):
        yield from ([labels[i], *rest] for rest in distinct_permutations(labels[:i] + labels[i + 1 :]))


def max_t(
    observed: npt.NDArray[Any], null: Callable[[npt.NDArray[Any]], npt.NDArray[Any]], batch: int = 4096
) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
    """p of each test, and p adjusted for all of them by step-down maxT (Westfall and Young 1993).

    Parameters
    ----------
    observed : ndarray, shape (n_tests,)
        Statistics; larger is more extreme, on a scale that is the same for all tests.
    null : callable
        From an array of indices of tests to a new array of their statistics in every arrangement, the observed one
        included, shape (n_indices, n_arrangements).
    batch : int
        The number of tests in a call of `null`.

    Returns
    -------
    p, adjusted : ndarray, shape (n_tests,)
    """
    order, largest = np.argsort(-observed, kind="stable"), -np.inf
    p, adjusted = np.empty(len(observed)), np.empty(len(observed))
    for start in range(len(order), 0, -batch):  # from the smallest, so that one running maximum will do
        tests = order[max(start - batch, 0) : start][::-1]
        values, bar = null(tests), observed[tests, None] - TOLERANCE
        p[tests] = np.count_nonzero(values >= bar, axis=1) / values.shape[1]
        np.maximum(values[0], largest, out=values[0])
        for before, row in itertools.pairwise(values):  # seven times as fast as `np.maximum.accumulate` down columns
            np.maximum(row, before, out=row)
        adjusted[tests], largest = np.count_nonzero(values >= bar, axis=1) / values.shape[1], values[-1].copy()
    adjusted[order] = np.maximum.accumulate(adjusted[order])
    return p, adjusted


def is_testable(floor: float, level: float) -> bool:
    """Whether the smallest p that there can be is small enough for a test at this level: 0.95 for p up to 0.05."""
    return floor <= 1 - level + 1e-12


def with_answers(
    table: pd.DataFrame,
    p: npt.NDArray[Any],
    adjusted: npt.NDArray[Any],
    floor: float,
    level: float,
    n: str,
    yes: str | npt.NDArray[Any],
    no: str | npt.NDArray[Any],
) -> pd.DataFrame:
    """The table with the columns floor, p, p_adjusted and answer; `n` is the number of units in words."""
    testable, level = is_testable(floor, level), 1 - level + 1e-12
    table["floor"], table["p"], table["p_adjusted"] = floor, p if testable else np.nan, adjusted if testable else np.nan
    table["answer"] = np.where(adjusted <= level, yes, no) if testable else f"not testable with {n}"
    return table.round(6)


def answer_label(answer: str) -> str:
    """A value of the column answer, in the run's language."""
    if match := re.fullmatch(r"not testable with (\d+) (documents|strata|years)(?: and (\d+) comparisons)?", answer):
        n, units, comparisons = match.groups()
        values = {"n": n, "units": display_name("many", units), "several": comparisons}
        if comparisons:
            return tr("not testable with {n} {units} and {several} comparisons", **values)
        return tr("not testable with {n} {units}", **values)
    return display_name("answer", answer)


def block_length(n: int) -> int:
    """Length of a block of n neighbours: sqrt(n), rounded up.

    The order that is best for a variance is n ** (1/3) (Hall, Horowitz and Jing 1995); with the few dozen paragraphs of
    a document its intervals cover too rarely (bench/coverage.py: 0.90 for 0.95, and 0.94 with the root).
    """
    return isqrt(max(n, 1) - 1) + 1


def circular_blocks(n: int, rng: np.random.Generator) -> npt.NDArray[Any]:
    """n of the indices 0 .. n - 1, drawn in circular blocks (Politis and Romano 1992): all are equally likely."""
    length = block_length(n)
    return ((rng.integers(n, size=ceil(n / length))[:, None] + np.arange(length)) % n).ravel()[:n]


def resample(documents: Sequence[npt.NDArray[Any]], rng: np.random.Generator) -> npt.NDArray[Any]:
    """A bootstrap draw of a group's paragraphs.

    Parameters
    ----------
    documents : list of ndarray of int
        The paragraphs of each document, in order.
    rng : numpy.random.Generator

    Returns
    -------
    ndarray of int
        As many whole documents, drawn with replacement; of a single document as many paragraphs, in blocks.
    """
    if len(documents) == 1:
        return documents[0][circular_blocks(len(documents[0]), rng)]
    return np.concatenate([documents[i] for i in rng.integers(len(documents), size=len(documents))])


def clusters(documents: npt.ArrayLike) -> tuple[npt.NDArray[Any], str]:
    """The cluster of each paragraph: its document; in a corpus of one or two, a tenth of its document.

    Parameters
    ----------
    documents : sequence of str, length n_paragraphs
        The paragraphs of a document in their order.

    Returns
    -------
    labels : ndarray of str, shape (n_paragraphs,)
    unit : str
        "documents" or "tenths of a document", for sentences.
    """
    documents = np.asarray(documents, dtype=object)
    names = set(documents)
    if len(names) >= _MIN_CLUSTERS:
        return documents, "documents"
    labels = documents.copy()
    for name in names:
        at = np.flatnonzero(documents == name)
        labels[at] = [f"{name} {i * _PARTS // len(at)}" for i in range(len(at))]
    return labels, "tenths of a document"


def scope_label(scope: str) -> str:
    """A value of the column speaks_of (what an interval covers, or why there is none), in the run's language."""
    one, against, other = scope.partition(", against ")
    if against:
        return tr("{a}, against {b}", a=scope_label(one), b=scope_label(other))
    if match := re.fullmatch(r"(\d+) paragraphs; an interval needs (\d+)", scope):
        return tr("{n} paragraphs; an interval needs {least}", n=match[1], least=match[2])
    return display_name("speaks_of", scope)


class _Shared:
    """What the calls of a map have in common, as one object."""

    def __init__(self, values: tuple[Any, ...]) -> None:
        self.values = values


def _call(function: Callable[..., Any], shared: _Shared, own: tuple[Any, ...]) -> Any:
    return function(*shared.values, *own)


def parallel_map(
    function: Callable[..., Any],
    shared: tuple[Any, ...],
    arguments: Sequence[tuple[Any, ...]],
    title: str,
    jobs: int | None = None,
) -> list[Any]:
    """Results of function(*shared, *arguments[i]), in order, with a progress bar where CROSSCITY_PROGRESS is set.

    Parameters
    ----------
    function : callable
    shared : tuple
        What all calls have in common: each worker of a cluster is sent it once.
    arguments : list of tuple
        What they have of their own.
    title : str
        Of the progress bar.
    jobs : int, optional
        Processes. By default one if, by the second call, the rest would take less than ten seconds, else one a
        processor: processes take seconds to start. Where CROSSCITY_SCHEDULER has the address of a Dask scheduler,
        its workers in place of processes. The results are the same.
    """
    from joblib import Parallel, delayed
    from tqdm import tqdm

    quiet = not os.environ.get("CROSSCITY_PROGRESS")
    bar = tqdm(total=len(arguments), desc=title, disable=quiet, leave=False, file=sys.stderr, mininterval=1, ncols=72)
    results: list[Any] = []
    while jobs is None and arguments:  # the first call also loads what it needs
        start, results = time.perf_counter(), [*results, function(*shared, *arguments[0])]
        arguments = arguments[1:]
        _ = bar.update()
        if len(results) == 2:
            jobs = 1 if (time.perf_counter() - start) * len(arguments) < _SERIAL_SECONDS else -1
    scheduler, held = scheduler_of_draws() if arguments and jobs != 1 else "", _Shared(shared)
    calls = [delayed(_call)(function, held, own) for own in arguments]
    # A cluster hands its results over together.
    found = call_on_cluster(scheduler, held, calls) if scheduler else Parallel(jobs or 1, return_as="generator")(calls)
    for result in found:
        results.append(result)
        _ = bar.update()
    bar.close()
    return results
