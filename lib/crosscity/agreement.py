"""What raters found (Chang et al. 2009), how sure that is, and how they agree."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

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
