"""Tests by permutation: what can be exchanged, its arrangements, the smallest p they allow, p adjusted for many tests.

Tests go through all arrangements where there are few, else p = (x + 1) / (B + 1) (Phipson and Smyth 2010). "Not
testable" is the answer where the smallest p that the documents allow (floor) is above 1 - level. p_adjusted is by the
step-down max-T of Westfall and Young (1993, algorithm 4.1), which uses that tests hang together and leaves the floor
where it is; Holm would multiply it by their number.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from math import factorial, prod
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from . import CrosscityError
from .language import called, tr
from .resampling import arrangements

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
