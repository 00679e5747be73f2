"""Keyness: the terms that a group of documents uses more or less than others, with intervals and permutation tests.

Documents are resampled and permuted, not words: the usual test, G2 on tokens, takes words as independent, and finds
dozens of differences between random halves of one corpus (bench/keyness.py). It is in the table for comparison.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd
from scipy import sparse

from .. import CrosscityError, NotEstimableError
from ..inference import (
    ExchangeableUnits,
    answer_label,
    exchangeable_units,
    group_permutations,
    is_testable,
    scope_label,
    with_answers,
)
from ..language import display_name, tr
from ..words.matrix import group_matrix
from .rate_intervals import Side, add_interval, rate_variance
from .term_measures import dispersion, g2, log_odds
from .term_tests import TermScores, permutation_p

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping
    from typing import Any

    import numpy.typing as npt


def keyness(
    counts: sparse.csr_array,
    terms: npt.NDArray[Any],
    documents: npt.ArrayLike,
    labels: npt.ArrayLike,
    group: Hashable,
    rest: Hashable | None = None,
    *,
    strata: npt.ArrayLike | None = None,
    sizes: npt.ArrayLike | None = None,
    prior: float = 500.0,
    min_documents: int = 5,
    permutations: int = 1999,
    comparisons: int = 1,
    seed: int = 1,
    level: float = 0.95,
) -> pd.DataFrame:
    """How a group's use of each term differs from the rest's, or from another group's.

    Differences are tested by permuting the units of `inference.exchangeable_units` (documents; strata, where each is on
    one side; documents within strata). The statistic is the difference of mean `scores`, over its standard deviation
    under permutation; p and p_adjusted are by `inference.max_t`. p_adjusted is corrected for all terms tested: those in
    `min_documents` documents of both sides together, so that the choice of terms does not depend on the groups.

    The interval of log_ratio is ± t s. s² is the variance between documents (between strata, if they are permuted and a
    side has several; between runs of paragraphs, if it has one document), by linearisation, and at least that of as
    many words at random, 1 / (count + 1/2), which keeps a term that one side lacks from looking certain; t has the
    degrees of freedom of Welch and Satterthwaite. It errs in 2 to 5% of random splits, the bootstrap's percentiles in 7
    to 16% (bench/keyness.py).

    Parameters
    ----------
    counts : sparse array, shape (n_paragraphs, n_terms)
        Rows may be whole documents; those of one document are in their order.
    terms : ndarray of str, shape (n_terms,)
    documents : sequence, length n_paragraphs
    labels : sequence, length n_paragraphs
        The group of each; rows without one take no part.
    group, rest : labels
        The groups to compare; all others if `rest` is left out.
    strata : sequence, length n_paragraphs, optional
        What makes documents alike whatever their group: provinces; decades, if years are compared.
    sizes : sequence of int, length n_paragraphs, optional
        Words of each paragraph; the sums of counts if left out.
    prior : float
        Weight of the log-odds' prior, in words.
    min_documents, permutations, seed : int; level : float
    comparisons : int
        The number of such tables that are shown together, by which p_adjusted is multiplied (Bonferroni).

    Returns
    -------
    DataFrame, a row for each term that either side has, in the order of terms
        term; count, count_rest; rate, rate_rest (per 10,000 words); log_ratio (of rates, base 2, half a count added),
        low, high, bound (the end nearest 0; 0 if the interval contains 0), speaks_of (what the interval speaks of);
        log_odds, z (Monroe, Colaresi and Quinn 2008); g2; dp, dp_group (`dispersion` over all documents, and the
        group's); documents, documents_rest (that have it); unit, units (permuted), arrangements (gone through), tests
        (terms tested); floor (the smallest p_adjusted there can be), p, p_adjusted; answer: "more", "less", "no
        difference shown", "in fewer than 5 documents", "not testable with 6 documents".

    Raises
    ------
    NotEstimableError
        If a group has no words.
    CrosscityError
        If a document lies in two groups or strata.
    """
    labels = np.asarray(labels, dtype=object)
    if rest is not None:
        labels = np.where((labels == group) | (labels == rest), labels, np.array(None))
    of = CountedDocuments(counts, terms, documents, labels, strata, sizes)
    settings: dict[str, Any] = {"min_documents": min_documents, "permutations": permutations, "seed": seed}
    return of.keyness(group, rest, prior=prior, level=level, comparisons=comparisons, **settings)


class Tests(NamedTuple):
    """Tests of all terms of a group of `CountedDocuments`.

    Attributes
    ----------
    p, p_adjusted, sign : ndarray, shape (n_terms,)
        NaN for a term that is not tested.
    floor : float
        The smallest p_adjusted there can be.
    arrangements, tested : int
        Arrangements of the documents gone through, and terms tested.
    """

    p: npt.NDArray[Any]
    p_adjusted: npt.NDArray[Any]
    sign: npt.NDArray[Any]
    floor: float
    arrangements: int
    tested: int


class CountedDocuments:
    """Counts of terms by document, of which one group after another is compared: what all share is found once.

    Parameters
    ----------
    counts, terms, documents, labels, strata, sizes
        As for `keyness`.

    Attributes
    ----------
    terms : ndarray of str
        Those that any document has.
    """

    def __init__(
        self,
        counts: sparse.csr_array,
        terms: npt.NDArray[Any],
        documents: npt.ArrayLike,
        labels: npt.ArrayLike,
        strata: npt.ArrayLike | None = None,
        sizes: npt.ArrayLike | None = None,
    ) -> None:
        documents, self._labels = np.asarray(documents), np.asarray(labels, dtype=object)
        lengths = np.asarray(counts.sum(axis=1) if sizes is None else sizes, dtype=float)
        words = pd.Series(lengths).groupby(documents).transform("sum").to_numpy()
        self._kept = pd.notna(self._labels) & (words > 0)  # a document without words has no rate
        counts, self._lengths = sparse.csr_array(counts)[self._kept], lengths[self._kept]
        self._documents = documents[self._kept]
        self._strata = None if strata is None else np.asarray(strata)[self._kept]
        either = np.flatnonzero(counts.sum(axis=0))
        self._counts, self.terms = counts[:, either], np.asarray(terms)[either]
        self._members, _ = group_matrix(self._documents, sort=False)
        self._document = pd.factorize(self._documents)[0]  # the number of each paragraph's
        self._by_document = (self._members @ self._counts).tocsr()
        self._sizes = self._members @ self._lengths
        self._scores: dict[tuple[int, str], TermScores] = {}

    def keyness(
        self,
        group: Hashable,
        rest: Hashable | None = None,
        *,
        prior: float = 500.0,
        min_documents: int = 5,
        permutations: int = 1999,
        seed: int = 1,
        level: float = 0.95,
        comparisons: int = 1,
    ) -> pd.DataFrame:
        """The table of `keyness` for one group; `rest` is what messages call the others."""
        sizes, by_document = self._sizes, self._by_document
        ours, strata = self._sides(group, rest)
        table = _describe_terms(by_document, self.terms, sizes, ours, prior)

        units = exchangeable_units(ours, strata)
        strata = strata if strata is not None and units.unit == "stratum" else np.arange(len(sizes))
        paragraphs = self._counts, self._lengths, self._members
        sides = [
            rate_variance(Side(by_document[rows], sizes[rows], rows), *paragraphs, strata[rows], units.unit)
            for rows in (ours, ~ours)
        ]
        add_interval(table, sides[0], sides[1], level)

        tests = self._tested(units, min_documents, permutations, seed, level, comparisons)
        table["unit"], table["units"], table["arrangements"] = units.unit, len(units.codes), tests.arrangements
        table["tests"] = tests.tested
        several = f" and {comparisons} comparisons" if comparisons > 1 else ""
        no = np.where(np.isnan(tests.p), f"in fewer than {min_documents} documents", "no difference shown")
        yes, unit = np.where(tests.sign > 0, "more", "less"), units.describe() + several
        return with_answers(table, tests.p, tests.p_adjusted, tests.floor, level, unit, yes, no)

    def tests(
        self,
        group: Hashable,
        rest: Hashable | None = None,
        *,
        min_documents: int = 5,
        permutations: int = 1999,
        seed: int = 1,
        level: float = 0.95,
        comparisons: int = 1,
    ) -> Tests:
        """The tests of `keyness` alone, for those who ask for no intervals."""
        units = exchangeable_units(*self._sides(group, rest))
        return self._tested(units, min_documents, permutations, seed, level, comparisons)

    def _tested(
        self, units: ExchangeableUnits, min_documents: int, permutations: int, seed: int, level: float, comparisons: int
    ) -> Tests:
        drawn, floor = group_permutations(units, permutations, seed)
        p, adjusted, sign = np.full((3, len(self.terms)), np.nan)
        scores, floor = self._scores_of(min_documents, units), min(floor * comparisons, 1)
        if is_testable(floor, level):  # else no p is given, and none is worth the time
            p, adjusted, sign = permutation_p(scores, len(self.terms), units, drawn)
            adjusted = np.minimum(adjusted * comparisons, 1)
        return Tests(p, adjusted, sign, floor, len(drawn), len(scores.tested))

    def g2(self, group: Hashable) -> npt.NDArray[Any]:
        """`term_measures.g2` of each term of `terms`, of a group and the others."""
        ours, _ = self._sides(group)
        a, b = (np.asarray(self._by_document[rows].sum(axis=0), dtype=float) for rows in (ours, ~ours))
        return g2(a, b, self._sizes[ours].sum(), self._sizes[~ours].sum())

    def _sides(
        self, group: Hashable, rest: Hashable | None = None
    ) -> tuple[npt.NDArray[np.bool_], npt.NDArray[Any] | None]:
        """Whether each document is of the group, and its stratum."""
        ours = self._labels == group
        for name, part in ((group, ours), (rest, ~ours)):
            if not (self._kept & part).any():
                label = "otherwise" if name is None else repr(name)
                msg = f"no document with words is labelled {label}: name another group"
                raise NotEstimableError(msg)
        strata = None if self._strata is None else self._of_documents(self._strata, "stratum")
        return self._of_documents(ours[self._kept], "group"), strata

    def _of_documents(self, values: npt.NDArray[Any], what: str) -> npt.NDArray[Any]:
        """The value that all paragraphs of a document share, for each document, in order of appearance."""
        codes, first = pd.factorize(values)[0], self._members.indices[self._members.indptr[:-1]]
        if (ambiguous := codes != codes[first][self._document]).any():
            name = self._documents[ambiguous].tolist()[0]
            msg = f"document {name!r} lies in more than one {what}: name its parts as documents"
            raise CrosscityError(msg)
        return values[first]

    def _scores_of(self, min_documents: int, units: ExchangeableUnits) -> TermScores:
        """The scores of the terms in so many documents; of groups whose units are of one kind they are the same."""
        key = min_documents, units.unit
        if key not in self._scores:
            self._scores[key] = TermScores(self._by_document, self._sizes, min_documents, units)
        return self._scores[key]


def top_terms(table: pd.DataFrame, by: str = "bound", n: int | None = None, less: bool = False) -> pd.DataFrame:
    """The terms that a group uses more (or less), those that differ most first.

    Where the documents allow a test, only terms that it shows to differ are listed. Where they do not (see `answer`),
    it is those whose interval excludes 0; without intervals, all.

    Parameters
    ----------
    table : DataFrame
        Of `keyness`.
    by : str
        bound, log_ratio, log_odds or z. Ties go by z, then by term.
    n : int, optional
        How many; all if left out.
    less : bool
        Whether to list the terms that the group uses less.
    """
    sign = -1 if less else 1
    keep = sign * table["log_ratio"] > 0
    if table["p_adjusted"].notna().any():
        keep &= table["answer"] == ("less" if less else "more")
    else:
        keep &= table["bound"] != 0
    order = pd.DataFrame({"by": -sign * table[by], "z": -sign * table["z"], "term": table["term"]})[keep]
    return table.loc[order.sort_values(["by", "z", "term"]).index[:n]].reset_index(drop=True)


def sentences(tables: Mapping[Any, pd.DataFrame], n: int = 4) -> list[str]:
    """Sentences: whether the documents allow a test, and which terms each group uses more and less.

    Parameters
    ----------
    tables : dict of str to DataFrame
        By group, of `keyness`.
    n : int
        How many terms are named on either side.

    Returns
    -------
    list of str
        One on the test, then one a group.
    """
    first = {group: table.iloc[0] for group, table in tables.items()}
    not_testable = {group: row["answer"] for group, row in first.items() if row["answer"].startswith("not testable")}
    if len(not_testable) == len(tables):
        answer = tr(" or ").join(dict.fromkeys(map(answer_label, not_testable.values())))
        result = [
            tr(
                "Whether groups differ in single terms is {answer}: the smallest possible p is {floor:.2g}. "
                "We list terms whose interval excludes 0.",
                answer=answer,
                floor=min(row["floor"] for row in first.values()),
            )
        ]
    elif len(tables) > 1:
        result = [tr("Where a term is said to differ, p is below 0.05, corrected for all terms and groups.")]
    else:
        result = [tr("Where a term is said to differ, p is below 0.05, corrected for all terms.")]
    for group, table in tables.items():
        sides = [(way, top_terms(table, n=n, less=way == "less")) for way in ("more", "less")]
        terms = tr("; ").join(
            tr("{name}: {said}", name=display_name("way", way), said="、".join(rows["term"]))
            for way, rows in sides
            if len(rows)
        )
        if table["low"].isna().all():
            terms = tr("no interval ({why}); {named}", why=scope_label(first[group]["speaks_of"]), named=terms)
        if group in not_testable:
            answer = answer_label(not_testable[group])
        else:
            differ = int(table["answer"].isin(("more", "less")).sum())
            answer = tr("{n} of {all} terms tested differ", n=differ, all=first[group]["tests"])
        count = "" if len(not_testable) == len(tables) else tr(" ({said})", said=answer)
        result.append(tr("{group}, {named}{count}.", group=group, named=terms or tr("no term stands out"), count=count))
    return result


def _describe_terms(
    counts: sparse.csr_array, terms: npt.NDArray[Any], sizes: npt.NDArray[Any], ours: npt.NDArray[Any], prior: float
) -> pd.DataFrame:
    """The columns that need no test: counts, rates, effect sizes, dispersion."""
    a, b = (np.asarray(counts[rows].sum(axis=0), dtype=float) for rows in (ours, ~ours))
    here, there = sizes[ours].sum(), sizes[~ours].sum()
    table = pd.DataFrame({"term": terms, "count": a.astype(int), "count_rest": b.astype(int)})
    table["rate"], table["rate_rest"] = 1e4 * a / here, 1e4 * b / there
    table["log_ratio"] = np.log2((a + 0.5) / (here + 0.5)) - np.log2((b + 0.5) / (there + 0.5))
    for column in ("low", "high", "bound", "speaks_of"):
        table[column] = np.nan
    table["log_odds"], table["z"] = log_odds(a, b, prior)
    table["g2"] = g2(a, b, here, there)
    table["dp"], table["dp_group"] = dispersion(counts, sizes), dispersion(counts[ours], sizes[ours])
    for column, rows in (("documents", ours), ("documents_rest", ~ours)):
        table[column] = np.bincount(counts[rows].indices, minlength=len(terms))
    return table
