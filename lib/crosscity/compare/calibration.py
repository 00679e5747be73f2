"""Error rates and power of the tests of words, measured on random splits of one's own documents.

Random splits differ by chance alone: whatever is called different in them is a false positive. Words made more frequent
on one side of such a split are there to be found. Compared with `keyness` are the usual test, G2 on tokens, and Welch's
test on root rates. bench/keyness.py has the same for development.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd
from scipy import sparse

from ..inference import exchangeable_units, group_permutations, parallel_map
from ..language import display_name, tr
from ..words.matrix import group_matrix
from .keyness import CountedDocuments

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import numpy.typing as npt

LEVEL = 0.05
SIZES = (20, 10, 5)  # documents on either side, where there are enough
FREQUENCIES = ("rare", "middling", "common")  # in under a third of the documents drawn, in up to two thirds, in more
METHODS = {"ours": "Westfall-Young", "G2": "Benjamini-Hochberg", "Welch on root rates": "Holm"}  # their corrections


def split_documents(rng: np.random.Generator, n: int, a: int, b: int) -> npt.NDArray[Any]:
    """Labels that put a of n documents, drawn at random, against b others; None for the rest."""
    labels = np.full(n, None, dtype=object)
    labels[rng.permutation(n)[: a + b]] = ["here"] * a + ["there"] * b
    return labels


def split_strata(rng: np.random.Generator, strata: npt.ArrayLike) -> npt.NDArray[Any]:
    """Labels that put half of the strata, drawn at random, on one side."""
    names = np.unique(strata)
    here = rng.permutation(names)[: len(names) // 2]
    return np.where(np.isin(strata, here), "here", "there").astype(object)


def split_within_strata(rng: np.random.Generator, strata: Sequence[Any] | npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Labels that split each stratum's documents at random."""
    labels = pd.Series(rng.random(len(strata))).groupby(strata).rank() % 2
    return np.where(labels.to_numpy() == rng.integers(2), "here", "there").astype(object)


def counted_split(
    counts: sparse.csr_array,
    terms: npt.NDArray[Any],
    labels: npt.NDArray[Any],
    strata: npt.ArrayLike | None = None,
) -> CountedDocuments:
    """The documents of a split that take part, which are the rows of `counts`; the groups are here and there."""
    rows = np.flatnonzero(pd.notna(labels))
    strata = None if strata is None else np.asarray(strata)[rows]
    return CountedDocuments(counts[rows], terms, rows, labels[rows], strata)


def error_counts(p: npt.ArrayLike, p_adjusted: npt.ArrayLike, statistic: npt.ArrayLike) -> dict[str, Any]:
    """How many words of a split our test and G2 call different.

    Parameters
    ----------
    p, p_adjusted, statistic : ndarray, shape (n_terms,)
        Of our test, NaN where a word is not tested; and G2.

    Returns
    -------
    dict
        tests; ours and G2: (share of tests with p of at most 0.05, words after correction). Ours is corrected by
        Westfall and Young, G2 of the same words by Benjamini and Hochberg (1995).
    """
    from scipy.stats import chi2, false_discovery_control

    p, adjusted, statistic = (np.asarray(values, dtype=float) for values in (p, p_adjusted, statistic))
    tested = ~np.isnan(p)
    usual = chi2.sf(statistic[tested], 1)
    return {
        "tests": int(tested.sum()),
        "ours": ((p[tested] <= LEVEL).mean(), (adjusted[tested] <= LEVEL).sum()),
        "G2": ((usual <= LEVEL).mean(), (false_discovery_control(usual) <= LEVEL).sum()),
    }


def holm(p: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """p adjusted for several tests by Holm's (1979) step-down method."""
    order = np.argsort(p, kind="stable")
    adjusted = np.maximum.accumulate(p[order] * np.arange(len(p), 0, -1))
    return np.minimum(adjusted, 1)[np.argsort(order)]


def welch(counts: npt.NDArray[Any], here: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """p of Welch's test on the root rates of words in documents, shape (n_terms,); 1 where a rate is constant."""
    from scipy.stats import ttest_ind

    with np.errstate(all="ignore"):
        roots = np.sqrt(counts / counts.sum(axis=1, keepdims=True))
        return np.nan_to_num(ttest_ind(roots[here], roots[~here], equal_var=False).pvalue, nan=1.0)


def planted_p_values(
    rng: np.random.Generator,
    counts: npt.NDArray[Any],
    terms: npt.NDArray[Any],
    here: npt.NDArray[Any],
    columns: npt.NDArray[Any],
    times: npt.ArrayLike,
    **options: Any,
) -> dict[str, tuple[npt.NDArray[Any], npt.NDArray[Any]]]:
    """p and adjusted p of all terms, by our test and by Welch's, once some are made more frequent on one side.

    Each occurrence is followed by Poisson(times - 1) more, so that the rate is `times` as high and the spread between
    documents grows with it.

    Parameters
    ----------
    rng : numpy.random.Generator
    counts : ndarray of int, shape (n_documents, n_terms)
    terms : ndarray of str, shape (n_terms,)
    here : ndarray of bool, shape (n_documents,)
    columns : ndarray of int
        The planted words.
    times : float, or ndarray of float, shape (n_columns,)
    **options
        Of `keyness.CountedDocuments.tests`.

    Returns
    -------
    dict of str to (ndarray, ndarray), each of shape (n_terms,)
        By method. For a term that is not tested, NaN by our test and 1 by Welch's.
    """
    counts, at = counts.copy(), np.ix_(here, columns)
    counts[at] += rng.poisson((np.asarray(times) - 1) * counts[at])
    labels = np.where(here, "here", "there").astype(object)
    split = counted_split(sparse.csr_array(counts), terms, labels)
    tests = split.tests("here", **options)
    table = pd.DataFrame({"p": tests.p, "p_adjusted": tests.p_adjusted}, index=split.terms).reindex(terms)
    tested = table["p"].notna().to_numpy()
    p, adjusted = np.ones((2, len(terms)))
    p[tested] = welch(counts, here)[tested]
    adjusted[tested] = holm(p[tested])
    ours = table["p"].to_numpy(), table["p_adjusted"].to_numpy()
    return {"ours": ours, "Welch on root rates": (p, adjusted)}


def share_interval(hits: npt.ArrayLike, answers: float | None = None) -> tuple[float, float, float]:
    """The share of hits over splits, with its Clopper-Pearson (1934) interval of 95%.

    Where a split has several answers, which are dependent, the interval is that of the effective number of answers, the
    one that would vary as much as the splits do (Korn and Graubard 1998): at most as many as there are, and the number
    of splits if all agree.

    Parameters
    ----------
    hits : ndarray, shape (n_splits,)
        Whether a split is a hit; or its share of answers that are.
    answers : float, optional
        How many answers there are in all.

    Returns
    -------
    share, low, high : float
    """
    from scipy.stats import beta

    hits = np.asarray(hits, dtype=float)
    splits, p = len(hits), hits.mean()
    variance = hits.var() / splits  # p (1 - p) / splits if hits are yes or no, which gives the exact interval
    n = max(min(p * (1 - p) / variance, answers or splits), 1) if variance > 0 and 0 < p < 1 else splits
    low = beta.ppf(0.025, p * n, n - p * n + 1) if p > 0 else 0.0
    return p, low, beta.ppf(0.975, p * n + 1, n - p * n) if p < 1 else 1.0


def share_columns(name: str, hits: npt.ArrayLike, answers: float | None = None) -> dict[str, float]:
    """`share_interval` under the names of its columns: name, name_low, name_high."""
    return dict(zip((name, f"{name}_low", f"{name}_high"), share_interval(hits, answers), strict=True))


def split_sizes(n: int, sizes: Iterable[tuple[int, int]] | None = None) -> list[tuple[int, int]]:
    """The sizes of splits that n documents allow: of those given, or else of halves and of `SIZES`."""
    most = min(n, 2 * SIZES[0])
    sizes = sizes or [(most // 2, most - most // 2), *((size, size) for size in SIZES if 2 * size < most)]
    return [(int(a), int(b)) for a, b in sizes if min(a, b) > 0 and a + b <= n]


def smallest_p(labels: npt.NDArray[Any], strata: npt.ArrayLike | None = None, permutations: int = 499) -> float:
    """The smallest p that a permutation test of a split can give."""
    rows = np.flatnonzero(pd.notna(labels))
    units = exchangeable_units(labels[rows], None if strata is None else np.asarray(strata)[rows])
    return group_permutations(units, permutations, 1)[1]


def false_positives(
    counts: sparse.csr_array,
    terms: npt.NDArray[Any],
    documents: npt.ArrayLike,
    strata: npt.ArrayLike | None = None,
    sizes: Iterable[tuple[int, int]] | None = None,
    splits: int = 100,
    seed: int = 1,
    permutations: int = 499,
    jobs: int | None = None,
) -> pd.DataFrame:
    """How often our test, and G2, call words different in random splits of the documents.

    Parameters
    ----------
    counts : sparse array, shape (n_paragraphs, n_terms)
    terms : ndarray of str, shape (n_terms,)
    documents : sequence, length n_paragraphs
    strata : sequence, length n_paragraphs, optional
        If given, whole strata are split too, half against half, and documents within strata. A split of 110 reports
        takes 0.3 s, one into 10 and 10 of them 0.07 s.
    sizes : list of (int, int), optional
        Documents on either side; see `split_sizes`.
    splits, seed, permutations : int
    jobs : int, optional
        See `inference.parallel_map`.

    Returns
    -------
    DataFrame
        A row a split and method (of `METHODS`): split; method; a, b (documents; strata; missing within strata); splits;
        tests (mean); per_test, the share of tests with p of at most 0.05, with per_test_low and per_test_high; any, the
        number of splits with any word after correction, and its share, corrected, with corrected_low and
        corrected_high (see `share_interval`; splits of the same documents are dependent, so intervals speak of these
        documents); correction; floor; answer ("tested"; "not testable": nothing was run).
    """
    counts, strata = _document_counts(counts, documents, strata)
    rows = []
    for place, split in enumerate(_splits(counts.shape[0], strata, sizes)):
        rng = np.random.default_rng([seed, place])
        drawn = [split.draw(rng) for _ in range(splits)]
        drawn = [labels for labels in drawn if len(set(labels) - {None}) == 2]
        row: dict[str, Any] = {"split": split.name, "a": split.a, "b": split.b, "splits": 0}
        row["floor"] = smallest_p(drawn[0], split.strata, permutations)
        if row["floor"] > LEVEL:
            rows += [row | {"method": m, "correction": METHODS[m], "answer": "not testable"} for m in ("ours", "G2")]
            continue
        arguments = [(labels, i) for i, labels in enumerate(drawn)]
        counted = parallel_map(_split_errors, (counts, terms, split.strata, permutations), arguments, split.name, jobs)
        for method in ("ours", "G2"):
            per_test, words = np.array([result[method] for result in counted], dtype=float).T
            tests = sum(result["tests"] for result in counted)
            this: dict[str, Any] = {"method": method, "splits": len(counted), "tests": tests / len(counted)}
            this |= share_columns("per_test", per_test, tests) | share_columns("corrected", words > 0)
            rows.append(row | this | {"any": (words > 0).sum(), "correction": METHODS[method], "answer": "tested"})
    columns = "split method a b splits tests per_test per_test_low per_test_high any corrected corrected_low"
    return pd.DataFrame(rows, columns=[*columns.split(), "corrected_high", "correction", "floor", "answer"]).round(6)


class _Split(NamedTuple):
    """A way to split documents: how many are on either side, a function that draws labels, and their strata."""

    name: str
    a: int | None
    b: int | None
    draw: Callable[[np.random.Generator], npt.NDArray[Any]]
    strata: npt.NDArray[Any] | None = None


def _splits(n: int, strata: npt.NDArray[Any] | None, sizes: Iterable[tuple[int, int]] | None) -> list[_Split]:
    ways = [
        _Split(f"{a} v {b} documents", a, b, functools.partial(split_documents, n=n, a=a, b=b))
        for a, b in split_sizes(n, sizes)
    ]
    if strata is not None and 1 < (m := len(set(strata))) < n:
        a, b = m // 2, m - m // 2
        ways += [
            _Split(f"{a} v {b} whole strata", a, b, functools.partial(split_strata, strata=strata), strata),
            _Split(
                "documents within strata", None, None, functools.partial(split_within_strata, strata=strata), strata
            ),
        ]
    return ways


def _split_errors(
    counts: sparse.csr_array,
    terms: npt.NDArray[Any],
    strata: npt.NDArray[Any] | None,
    permutations: int,
    labels: npt.NDArray[Any],
    seed: int,
) -> dict[str, Any]:
    split = counted_split(counts, terms, labels, strata)
    tests = split.tests("here", permutations=permutations, seed=seed)
    return error_counts(tests.p, tests.p_adjusted, split.g2("here"))


def power(
    counts: sparse.csr_array,
    terms: npt.NDArray[Any],
    documents: npt.ArrayLike,
    factors: Sequence[float] = (1.25, 1.5, 2, 3),
    sizes: Iterable[tuple[int, int]] | None = None,
    splits: int = 50,
    words: int = 3,
    seed: int = 1,
    permutations: int = 499,
    jobs: int | None = None,
) -> pd.DataFrame:
    """How often words that are `factors` times as frequent on one side of a random split are called different.

    In each split `words` words for each factor and each of `FREQUENCIES` are planted at once, chosen from those in five
    documents or more (fewer, if there are no more): a few dozen of all that are tested.

    Parameters
    ----------
    counts, terms, documents, sizes, seed, permutations, jobs
        As for `false_positives`.
    factors : sequence of float
    splits, words : int

    Returns
    -------
    DataFrame
        split, a, b, frequency, factor, method, planted (words), per_test (share found at 0.05), corrected (after
        correction), each with _low and _high (see `share_interval`); correction; floor; answer. Where nothing can be
        tested there is one row, without the others.
    """
    counts, _ = _document_counts(counts, documents)
    rows = []
    for place, (a, b) in enumerate(split_sizes(counts.shape[0], sizes)):
        rng = np.random.default_rng([seed, place])
        drawn = [split_documents(rng, counts.shape[0], a, b) for _ in range(splits)]
        row: dict[str, Any] = {"split": f"{a} v {b} documents", "a": a, "b": b}
        row["floor"] = smallest_p(drawn[0], None, permutations)
        if row["floor"] > LEVEL:
            rows.append(row | {"planted": 0, "answer": "not testable"})
            continue
        shared = counts, terms, factors, words, permutations
        arguments = [(labels, [seed, place, i]) for i, labels in enumerate(drawn)]
        results = pd.concat(parallel_map(_split_power, shared, arguments, row["split"], jobs), ignore_index=True)
        for (frequency, factor, method), part in results.groupby(["frequency", "factor", "method"], sort=False):
            this = {"frequency": frequency, "factor": factor, "method": method, "planted": len(part)}
            for column in ("per_test", "corrected"):
                this |= share_columns(column, part.groupby("split")[column].mean(), len(part))
            rows.append(row | this | {"correction": METHODS[method], "answer": "tested"})
    columns = "split a b frequency factor method planted per_test per_test_low per_test_high corrected corrected_low"
    return pd.DataFrame(rows, columns=[*columns.split(), "corrected_high", "correction", "floor", "answer"]).round(6)


def _split_power(
    counts: sparse.csr_array,
    terms: npt.NDArray[Any],
    factors: Sequence[float],
    words: int,
    permutations: int,
    labels: npt.NDArray[Any],
    seed: list[int],
) -> pd.DataFrame:
    rng, rows = np.random.default_rng(seed), np.flatnonzero(pd.notna(labels))
    of_rows, here, cells = counts[rows], labels[rows] == "here", []
    frequencies = np.bincount(of_rows.indices[of_rows.data > 0], minlength=counts.shape[1])
    at = np.flatnonzero(frequencies >= 5)
    part, frequencies, names = of_rows[:, at].toarray(), frequencies[at], np.asarray(terms)[at]
    third = np.minimum(3 * frequencies // (len(rows) + 1), 2)
    for i, frequency in enumerate(FREQUENCIES):
        pool = rng.permutation(np.flatnonzero(third == i))
        for j, factor in enumerate(factors):
            cells += [(frequency, factor, column) for column in pool[j :: len(factors)][:words]]
    table = pd.DataFrame(cells, columns=["frequency", "factor", "column"]).assign(split=seed[-1])
    columns, times = table["column"].to_numpy(dtype=int), table["factor"].to_numpy(dtype=float)
    tested = planted_p_values(rng, part, names, here, columns, times, permutations=permutations)
    return pd.concat(
        table.assign(method=method, per_test=p[columns] <= LEVEL, corrected=adjusted[columns] <= LEVEL)
        for method, (p, adjusted) in tested.items()
    )


def _document_counts(
    counts: sparse.csr_array, documents: npt.ArrayLike, strata: npt.ArrayLike | None = None
) -> tuple[sparse.csr_array, npt.NDArray[Any] | None]:
    """Counts by document, and the stratum of each, documents in order of appearance."""
    members, _ = group_matrix(documents, sort=False)
    counts = sparse.csr_array(members @ counts)
    if strata is None:
        return counts, None
    by_document = pd.Series(np.asarray(strata).astype(str)).groupby(np.asarray(documents, dtype=object), sort=False)
    return counts, by_document.first().to_numpy()


def sentences(errors: pd.DataFrame | None = None, powers: pd.DataFrame | None = None) -> list[str]:
    """Sentences on the tables of `false_positives` and `power`."""
    result = []
    if errors is not None:
        result += [_error_sentence(name, part) for name, part in errors.groupby("split", sort=False)]
    if powers is not None:
        result += [_power_sentence(name, part) for name, part in powers.groupby("split", sort=False)]
    return list(dict.fromkeys(result))  # a split that is not testable is so in both


def _error_sentence(name: str, part: pd.DataFrame) -> str:
    if (part["answer"] == "not testable").any():
        return _not_testable(name, part["floor"].iloc[0])
    methods = part.set_index("method")
    ours, usual = methods.loc["ours"], methods.loc["G2"]
    if " v " in name:
        into = tr("into {split}", split=split_name(name, tr("{a} and {b} documents"), tr("{a} and {b} whole strata")))
    else:
        into = tr("of {split}", split=split_name(name))
    return tr(
        "Of {n} random splits {into}, {ours:.0f} ({low} to {high}) had any word called different by ours, {g2:.0f} "
        "by G2; of single tests ours errs in {error:.1%}, G2 in {usual:.1%}.",
        n=ours["splits"],
        into=into,
        ours=ours["any"],
        low=round(ours["corrected_low"] * ours["splits"]),
        high=round(ours["corrected_high"] * ours["splits"]),
        g2=usual["any"],
        error=ours["per_test"],
        usual=usual["per_test"],
    )


def _power_sentence(name: str, part: pd.DataFrame) -> str:
    if (part["answer"] == "not testable").any():
        return _not_testable(name, part["floor"].iloc[0])
    common = part[(part["method"] == "ours") & (part["frequency"] == part["frequency"].iloc[-1])]
    smallest = common[common["per_test"] >= 0.8]["factor"].min()
    largest = common.loc[common["factor"].idxmax()]
    reached = pd.notna(smallest)
    return tr(
        "{split}: {words} {factor:g} times as frequent are found in {share:.0%} of cases by one test; after "
        "correction for all words, {corrected:.0%} of those {most:g} times as frequent are.",
        split=split_name(name),
        words=display_name("frequency", f"{largest['frequency']} words"),
        factor=smallest if reached else largest["factor"],
        share=0.8 if reached else largest["per_test"],
        corrected=largest["corrected"],
        most=largest["factor"],
    )


def split_name(name: str, documents: str = "", strata: str = "") -> str:
    """The name of a split in the run's language; by templates with a and b, where they are given."""
    if match := re.fullmatch(r"(\d+) v (\d+) (documents|whole strata)\s*", name):
        a, b, what = match.groups()
        if what == "documents":
            return (documents or tr("{a} v {b} documents")).format(a=a, b=b)
        return (strata or tr("{a} v {b} whole strata")).format(a=a, b=b)
    return display_name("split", name)


def _not_testable(name: str, floor: float) -> str:
    return tr(
        "{split}: not testable, since the smallest possible p is {p:.2g}. Documents are what is exchanged: "
        "paragraphs of one document are alike, and are not exchangeable.",
        split=split_name(name),
        p=floor,
    )
