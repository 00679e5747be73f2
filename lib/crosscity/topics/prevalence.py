"""Topic prevalence by group and over time, as far as n documents can support it: intervals, tests, trends.

The tests are the permutation tests of `inference`. Their max-T correction allows for the dependence between topics,
whose shares sum to 1.
"""

from __future__ import annotations

import itertools
from math import ceil, factorial
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from .. import CrosscityError, NotEstimableError
from ..inference import (
    MIN_PARAGRAPHS,
    answer_label,
    block_length,
    circular_blocks,
    exchangeable_units,
    group_permutations,
    max_t,
    parallel_map,
    resample,
    with_answers,
)
from ..language import join_items, tr
from .models import match_topics, prevalence

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    import numpy.typing as npt
    from scipy import sparse

    from .models import TopicModel

MIN_AGREEMENT = 0.2  # of a topic with its match in another model: two or three of ten terms in common


def _angle(shares: npt.NDArray[Any], weights: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Arcsine of the square root (Anscombe 1948) of weighted means of shares.

    shares has shape (n, n_topics), weights (..., n), the result (..., n_topics).
    """
    weights = weights * np.isfinite(shares).all(axis=1)
    with np.errstate(invalid="ignore"):
        return np.arcsin(np.sqrt(np.clip(weights @ np.nan_to_num(shares) / weights.sum(axis=-1)[..., None], 0, 1)))


def intervals(
    fit: Callable[..., Any],
    counts: sparse.csr_array,
    terms: npt.NDArray[Any],
    documents: npt.ArrayLike,
    labels: npt.ArrayLike,
    sizes: npt.ArrayLike,
    k: int,
    draws: int = 200,
    refits: int = 20,
    seed: int = 1,
    level: float = 0.95,
    model: TopicModel | None = None,
    jobs: int | None = None,
) -> pd.DataFrame:
    """Share of each topic in each group, with intervals for the sampling of paragraphs and the fit of the model.

    With a = arcsin(sqrt(share)) the interval is a ± sqrt(t² c v + u² m), transformed back. v: variance of a over
    `draws` samples of the group (`inference.resample`). c: its correction, d / (d - 1) for d documents, n / (n - b) for
    runs of b of n paragraphs. m: the model's part, the mean squared difference of a between the full model and models
    refitted to such samples of all groups, on that sample. t, u: Student's quantiles, with d - 1 (or runs - 1) and as
    many degrees of freedom as refits. A share of 0 has the upper end 1 - ((1 - level) / 2) ** (1 / d) (Clopper and
    Pearson 1934; with the number of runs if d is 1), a share of 1 a lower end likewise.

    Parameters
    ----------
    fit : callable
        fit(counts, terms, k) gives a TopicModel: `models.fit`, or a `functools.partial` of it.
    counts, terms : as for `models.fit`, shapes (n_paragraphs, n_terms) and (n_terms,)
    documents, labels, sizes : sequences, length n_paragraphs
        Document, group and characters of each paragraph; those of a document in their order.
    k, draws, refits, seed : int; level : float
        A group's samples do not depend on other groups. `refits` is at most `draws`.
    model : TopicModel, optional
        What `fit` gives for all paragraphs, if it is known.
    jobs : int, optional
        See `inference.parallel_map`.

    Returns
    -------
    DataFrame, n_groups * n_topics rows
        By group and topic (1-based): share, low, high, whole (the share of all text), documents, paragraphs (that took
        part), cosine (median of the topic with its match in the refits), speaks_of ("this document", "documents like
        these"), reason (why low and high are NaN: a single document of fewer than eight paragraphs).

    Raises
    ------
    NotEstimableError
        If more than half of the refits fail.
    """
    from threadpoolctl import threadpool_limits

    documents, labels, sizes = np.asarray(documents), np.asarray(labels, dtype=object), np.asarray(sizes, dtype=float)
    model = model or fit(counts, terms, k)
    used, members = np.isfinite(model.shares).all(axis=1), {}
    for group in sorted(set(labels)):
        rows = np.flatnonzero(used & (labels == group))
        of_document = np.argsort(pd.factorize(documents[rows])[0], kind="stable")
        cuts = np.flatnonzero(np.diff(pd.factorize(documents[rows])[0][of_document])) + 1
        members[group] = np.split(rows[of_document], cuts)

    def samples(group: str, n: int) -> list[npt.NDArray[Any]]:
        """The first n samples of a group: drawn again when they are needed again, since all take much room."""
        rng, parts = np.random.default_rng([seed, *str(group).encode()]), members[group]
        return [resample(parts, rng) if len(parts[0]) else parts[0] for _ in range(n)]

    of_groups = [samples(group, refits) for group in members]
    drawn = [np.concatenate(of_all) for of_all in zip(*of_groups, strict=True)]
    refitted = parallel_map(_refit, (fit, counts, terms, k, model), [(rows,) for rows in drawn], "refits", jobs)
    fitted = [(rows, result) for rows, result in zip(drawn, refitted, strict=True) if result]
    if 2 * len(fitted) < refits:
        lack = tr("only {n} of {all} refits of the model succeed: choose a smaller k", n=len(fitted), all=refits)
        raise NotEstimableError(lack)
    cosine = np.median([cosines for _, (_, cosines) in fitted], axis=0)
    frames = []
    with threadpool_limits(limits=1):
        whole = np.sin(_angle(model.shares, sizes)) ** 2
        for group, parts in members.items():
            shifts = []  # of the angle, between refitted and full model
            for rows, (shares, _) in fitted:
                here = np.flatnonzero(labels[rows] == group)
                at = rows[here]
                shifts.append(_angle(shares[here], sizes[at]) - _angle(model.shares[at], sizes[at]))
            frame = _group_intervals(model.shares, sizes, parts, samples(group, draws), np.array(shifts), level)
            frames.append(frame.assign(group=group, whole=whole, cosine=cosine))
    columns = ["group", "topic", "share", "low", "high", "whole", "documents", "paragraphs", "cosine"]
    return pd.concat(frames, ignore_index=True)[[*columns, "speaks_of", "reason"]].round(6)


def _group_intervals(
    shares: npt.NDArray[Any],
    sizes: npt.NDArray[Any],
    parts: list[npt.NDArray[Any]],
    samples: list[npt.NDArray[Any]],
    shifts: npt.NDArray[Any],
    level: float,
) -> pd.DataFrame:
    """Shares and intervals of one group; `parts` are the paragraphs of each of its documents."""
    from scipy.stats import t as student

    rows, d = np.concatenate(parts), len(parts)
    n, place = len(rows), np.argsort(rows)
    angle = _angle(shares[rows], sizes[rows])
    frame = pd.DataFrame(
        {"topic": range(1, len(angle) + 1), "share": np.sin(angle) ** 2, "low": np.nan, "high": np.nan}
    )
    frame["documents"], frame["paragraphs"] = min(d, n), n
    frame["speaks_of"], frame["reason"] = "this document" if d == 1 else "documents like these", ""
    if d == 1 and n < MIN_PARAGRAPHS:
        return frame.assign(reason=f"{n} paragraphs; an interval needs {MIN_PARAGRAPHS}")
    times_drawn = np.array([np.bincount(place[np.searchsorted(rows, s, sorter=place)], minlength=n) for s in samples])
    units, correction = (d, d / (d - 1)) if d > 1 else (ceil(n / block_length(n)), n / (n - block_length(n)))
    sampling = correction * _angle(shares[rows], times_drawn * sizes[rows]).var(axis=0, ddof=1)
    fitting = np.nanmean(np.square(shifts), axis=0)
    t, u = student.ppf((1 + level) / 2, [units - 1, len(shifts)])
    half, bound = np.sqrt(t**2 * sampling + u**2 * fitting), ((1 - level) / 2) ** (1 / units)
    low, high = (np.sin(np.clip(angle + x, 0, np.pi / 2)) ** 2 for x in (-half, half))
    frame["low"] = np.where(frame["share"] > 1 - 1e-9, np.minimum(low, bound), low)
    frame["high"] = np.where(frame["share"] < 1e-9, np.maximum(high, 1 - bound), high)
    return frame


def _refit(
    fit: Callable[..., Any],
    counts: sparse.csr_array,
    terms: npt.NDArray[Any],
    k: int,
    model: TopicModel,
    rows: npt.NDArray[Any],
) -> tuple[npt.NDArray[Any], npt.NDArray[Any]] | None:
    """Shares in a model refitted to a sample, topics in the full model's order, and their cosines; None if it fails."""
    try:
        other = fit(counts[rows], terms, k)
    except CrosscityError:
        return None
    pairs, cosine = match_topics(model, other, by="cosine")
    return other.shares[:, pairs[:, 1]], cosine


def sentences(table: pd.DataFrame, what: str, most: int = 0) -> list[str]:
    """The largest topic of each group: "朝阳: 31% (24% to 39%) of the text is 2 村干部·报酬".

    Parameters
    ----------
    table : DataFrame
        Of `intervals`, with the column `name` of names of topics.
    what : str
        What the shares are of: "the text".
    most : int
        How many groups are named at most: those whose largest topic lies farthest from its share of all text, first.
        All, in their order, if there are no more or it is left out.
    """
    table = table.dropna(subset="share")  # a group whose text took no part has no share
    largest = table.loc[table.groupby("group")["share"].idxmax()]
    if most and len(largest) > most:
        far = (largest["share"] - largest["whole"]).abs().round(9)
        largest = largest.loc[far.sort_values(ascending=False, kind="stable").index[:most]]
    rows = largest[["group", "share", "low", "high", "name"]].to_dict("records")
    return [
        tr("{group}: {share:.0%} ({low:.0%} to {high:.0%}) of {what} is {name}.", what=what, **row)
        if row["low"] == row["low"]
        else tr("{group}: {share:.0%} of {what} is {name}.", what=what, **row)
        for row in rows
    ]


def answer_sentence(table: pd.DataFrame, where: str) -> str:
    """A sentence on the answers of `compare_groups` or `trend`.

    Parameters
    ----------
    table : DataFrame
        With the column `name` of names of topics.
    where : str
        What is compared: "between groups by city", "over the years".
    """
    answers, n = table["answer"], len(table)
    if answers.str.startswith("not testable").any():
        return tr(
            "Whether topics differ {where} is {answer}: the smallest possible p is {p:.2g}.",
            where=where,
            answer=answer_label(answers.iloc[0]),
            p=table["floor"][0],
        )
    significant = table.loc[answers.isin(("different", "trend"))].sort_values("p_adjusted", kind="stable")
    values = {"n": len(significant), "all": n, "where": where}
    if "unit" in table:
        sentence = tr("{n} of {all} topics differ {where} (p below 0.05, corrected for {all} topics)", **values)
    else:
        sentence = tr("{n} of {all} topics have a trend {where} (p below 0.05, corrected for {all} topics)", **values)
    if len(significant):
        names = join_items(significant["name"].head(8)) + (" ..." if len(significant) > 8 else "")
        sentence = tr("{name}: {said}", name=sentence, said=names)
    return sentence + tr(".")


def differs_from_whole(table: pd.DataFrame) -> npt.NDArray[Any]:
    """Whether the interval of a share excludes the share of all text: bool, shape (n_groups, n_topics).

    `table` is of `intervals`.
    """
    excluded = (table["low"] > table["whole"]) | (table["high"] < table["whole"])
    return excluded.to_numpy().reshape(-1, table["topic"].max())


def deviations(model: TopicModel, labels: npt.ArrayLike, sizes: npt.ArrayLike) -> pd.DataFrame:
    """Each group's share of each topic less the share of all text: a DataFrame of shape (n_groups, n_topics)."""
    labels = np.asarray(labels, dtype=object)
    return prevalence(model, labels, sizes) - prevalence(model, np.full(len(labels), "all"), sizes).to_numpy()


def yearly_means(shares: pd.DataFrame, years: npt.ArrayLike) -> pd.DataFrame:
    """Mean share of each topic in each year: columns year, name, share.

    `shares` has a row a document and a column a topic, under its name.
    """
    means = shares.groupby(np.asarray(years)).mean().rename_axis("year").reset_index()
    return means.melt("year", var_name="name", value_name="share")


def slopes(
    model: TopicModel, documents: npt.ArrayLike, sizes: npt.NDArray[Any], years: pd.Series[Any]
) -> npt.NDArray[Any]:
    """Slope of each topic's share over years, by least squares of yearly means: an array of shape (1, n_topics).

    `years` is a Series of numbers by document; documents that it lacks, or whose year is NaN, take no part.
    """
    years = years.dropna()
    shares = prevalence(model, documents, sizes).reindex(years.index).dropna()
    means = shares.groupby(years.reindex(shares.index)).mean()
    return np.polyfit(means.index.to_numpy(dtype=float), means.to_numpy(), 1)[:1]


def sign_agreement(
    model: TopicModel, others: Mapping[int, TopicModel], effect: Callable[..., Any], statements: npt.ArrayLike
) -> pd.DataFrame:
    """How many statements on topics keep their sign in models of other numbers of topics.

    Parameters
    ----------
    model : TopicModel
        The model whose topics the statements are about.
    others : dict of int to TopicModel
        By number of topics.
    effect : callable
        effect(model) is an array of shape (n_rows, n_topics), of which a statement gives a sign.
    statements : ndarray of bool, shape (n_rows, n_topics)
        Which statements are made.

    Returns
    -------
    DataFrame
        A row a model: k, statements, kept, turned, lost (no topic agrees by `MIN_AGREEMENT`).
    """
    signs, rows = np.sign(np.asarray(effect(model), dtype=float)), []
    statements = np.asarray(statements, dtype=bool)
    for k, other in sorted(others.items()):
        pairs, agreement = match_topics(model, other)
        pairs = pairs[agreement >= MIN_AGREEMENT]
        other_signs = np.full(signs.shape, np.nan)
        other_signs[:, pairs[:, 0]] = np.sign(np.asarray(effect(other), dtype=float))[:, pairs[:, 1]]
        lost = statements & np.isnan(other_signs)
        kept = statements & (other_signs == signs)
        row = {"k": k, "statements": statements.sum(), "kept": kept.sum()}
        rows.append(row | {"turned": (statements & ~kept & ~lost).sum(), "lost": lost.sum()})
    return pd.DataFrame(rows, columns=["k", "statements", "kept", "turned", "lost"])


def compare_groups(
    shares: pd.DataFrame | npt.NDArray[Any],
    groups: npt.ArrayLike,
    strata: npt.ArrayLike | None = None,
    permutations: int = 9999,
    seed: int = 1,
    level: float = 0.95,
) -> pd.DataFrame:
    """Test whether groups of documents differ in their shares of topics, by permutation.

    The units permuted are those of `inference.exchangeable_units`: documents, whole strata (by the mean of their
    documents), or documents within strata (less their stratum's mean). The statistic is the share of the sum of squares
    that lies between groups (equivalent to F; for two groups, to |t|); the null hypothesis is one distribution whatever
    the group. One document against one is never testable: both orders agree.

    Parameters
    ----------
    shares : DataFrame or ndarray, shape (n_documents, n_topics)
        Rows with NaN, or without a group, are left out.
    groups, strata : sequences of str, length n_documents
    permutations, seed : int; level : float

    Returns
    -------
    DataFrame, n_topics rows
        topic, spread (of groups' means), statistic, unit ("document", "stratum", "document within stratum"), units,
        arrangements (gone through), floor (the smallest p there can be), p, p_adjusted, answer.
    """
    values = np.asarray(shares, dtype=float)
    keep = np.isfinite(values).all(axis=1) & pd.notna(np.asarray(groups, dtype=object))
    units = exchangeable_units(
        np.asarray(groups, dtype=object)[keep], None if strata is None else np.asarray(strata)[keep]
    )
    values, codes = units.means(values[keep]), units.codes
    spread = np.ptp([values[codes == g].mean(axis=0) for g in range(len(units.groups))], axis=0)
    values = units.centred(values)
    drawn, floor = group_permutations(units, permutations, seed)
    values = values / np.sqrt(np.maximum(np.square(values).sum(axis=0), 1e-12))
    null, statistic = (sum(((x == g) @ values) ** 2 / np.sum(codes == g) for g in set(codes)) for x in (drawn, codes))
    result = pd.DataFrame({"topic": range(1, len(statistic) + 1), "spread": spread, "statistic": statistic})
    result["unit"], result["units"], result["arrangements"] = units.unit, len(codes), len(drawn)
    p, adjusted = max_t(statistic, null.T.__getitem__)
    return with_answers(result, p, adjusted, floor, level, units.describe(), "different", "no difference shown")


def trend(
    shares: pd.DataFrame | npt.NDArray[Any],
    years: npt.ArrayLike,
    reports: npt.ArrayLike | None = None,
    draws: int = 999,
    permutations: int = 9999,
    seed: int = 1,
    level: float = 0.95,
) -> pd.DataFrame:
    """Slope of shares over years, with an interval and a block permutation test of no trend.

    Years are the clusters: their documents are averaged. The interval is the least-squares slope ± t s: s from
    samples of the residuals in circular runs of b = sqrt(n) of n years, times n / sqrt((n - b) (n - 2)); t with runs
    - 1 degrees of freedom. The test permutes blocks of b years; the statistic is the slope over its standard deviation
    of Newey and West (1987), b lags: without it a test does not keep its level where years are autocorrelated (Romano
    and Tirlea 2024, arXiv 2404.06238). At an autocorrelation of 0.5 the level is 0.05, at 0.8 it is 0.08 (circular
    shifts: 0.19); intervals of 95% cover in 93% and 84%: bench/coverage.py.

    Parameters
    ----------
    shares : DataFrame or ndarray, shape (n_documents, n_topics)
    years : sequence of numbers, length n_documents
        NaN are left out.
    reports : sequence of bool, length n_documents, optional
        Which documents take part: those of one genre, since a resolution on a report is no later report.
    draws, permutations, seed : int; level : float

    Returns
    -------
    DataFrame, n_topics rows
        topic, slope (a year), low, high (NaN with fewer than three blocks), years, block, floor, p, p_adjusted, answer.

    Raises
    ------
    NotEstimableError
        If there are fewer than three years.
    """
    from scipy.stats import t as student

    values = np.asarray(shares, dtype=float)
    keep = np.isfinite(values).all(axis=1) & (True if reports is None else np.asarray(reports, dtype=bool))
    means = pd.DataFrame(values[keep]).groupby(np.asarray(years)[keep]).mean()
    n = len(means)
    if n < 3:
        raise NotEstimableError(tr("{n} years are too few for a trend", n=n))
    x, y = means.index.to_numpy(dtype=float), means.to_numpy() - means.to_numpy().mean(axis=0)
    x, run, rng = x - x.mean(), block_length(n), np.random.default_rng(seed)
    blocks, m = np.array_split(np.arange(n), n // run), n // run

    def studentised(y: npt.NDArray[Any]) -> npt.NDArray[Any]:
        slope = x @ y / (x @ x)
        scores = x[:, None] * (y - np.outer(x, slope))
        lags = (2 * (1 - i / (run + 1)) * (scores[i:] * scores[:-i]).sum(axis=0) for i in range(1, run + 1))
        s = np.sqrt(np.maximum(np.square(scores).sum(axis=0) + sum(lags), 1e-24)) / (x @ x)
        return np.where(np.abs(slope) > 1e-12, np.abs(slope) / s, 0)

    slope = x @ y / (x @ x)
    s = np.std([x @ (y - np.outer(x, slope))[circular_blocks(n, rng)] / (x @ x) for _ in range(draws)], axis=0, ddof=1)
    half = student.ppf((1 + level) / 2, ceil(n / run) - 1) * s * n / np.sqrt((n - run) * (n - 2)) if m > 2 else np.nan
    result = pd.DataFrame({"topic": range(1, len(slope) + 1), "slope": slope})
    result["low"], result["high"], result["years"], result["block"] = slope - half, slope + half, n, run
    drawn = itertools.chain([range(m)], (rng.permutation(m) for _ in range(permutations)))
    drawn = itertools.permutations(range(m)) if factorial(m) <= permutations else drawn
    null = np.array([studentised(y[np.concatenate([blocks[b] for b in way])]) for way in drawn])
    p, adjusted = max_t(studentised(y), null.T.__getitem__)
    return with_answers(result, p, adjusted, 1 / len(null), level, f"{n} years", "trend", "no trend shown")
