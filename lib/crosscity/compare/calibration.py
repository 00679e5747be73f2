"""How often one would be wrong on one's own documents: words found where nothing is to find, and planted ones missed.

Random splits of the documents differ by chance alone, whatever the documents are: what is called different in them is
an error. Words made more frequent on one side of such a split are there to be found. Beside `keyness` stand what is
usual, G2 on tokens, and Welch's test on root rates. bench/keyness.py has the same for development.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from scipy import sparse

from ..inference import exchangeable_units, group_permutations, parallel_map
from ..language import display_name, tr
from ..words.matrix import group_matrix
from .keyness import keyness

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import numpy.typing as npt

LEVEL = 0.05
SIZES = (20, 10, 5)  # documents on either side, where there are so many
FREQUENCIES = ("rare", "middling", "common")  # in under a third of the documents drawn, in up to two thirds, in more
METHODS = {"ours": "Westfall-Young", "G2": "Benjamini-Hochberg", "Welch on root rates": "Holm"}  # and how p is adjusted


def of_documents(rng: np.random.Generator, n: int, a: int, b: int) -> npt.NDArray[Any]:
    """Labels of a of n documents, drawn at random, against b others; None for the rest."""
    labels = np.full(n, None, dtype=object)
    labels[rng.permutation(n)[: a + b]] = ["here"] * a + ["there"] * b
    return labels


def of_strata(rng: np.random.Generator, strata: npt.ArrayLike) -> npt.NDArray[Any]:
    """Labels where half of the strata, drawn at random, are on one side."""
    names = np.unique(strata)
    here = rng.permutation(names)[: len(names) // 2]
    return np.where(np.isin(strata, here), "here", "there").astype(object)


def within_strata(rng: np.random.Generator, strata: Sequence[Any] | npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Labels where each stratum's documents are split at random."""
    labels = pd.Series(rng.random(len(strata))).groupby(strata).rank() % 2
    return np.where(labels.to_numpy() == rng.integers(2), "here", "there").astype(object)


def compare(
    counts: Any, terms: npt.NDArray[Any], labels: Any, strata: npt.ArrayLike | None = None, **more: Any
) -> pd.DataFrame:
    """The keyness of a split of documents, rows of `counts`, and which of them take part."""
    rows = np.flatnonzero(pd.notna(labels))
    strata = None if strata is None else np.asarray(strata)[rows]
    return keyness(counts[rows], terms, rows, labels[rows], "here", strata=strata, **more), rows


def errors(table: pd.DataFrame) -> dict[str, Any]:
    """Of a split's table of `keyness`: tests; by ours and by G2, the share significant and how many after correction.

    Returns
    -------
    dict
        tests; ours and G2: (share of tests, words). Of ours words are after Westfall and Young's correction, of G2, of
        the same words, after Benjamini and Hochberg's (1995).
    """
    from scipy.stats import chi2, false_discovery_control

    table = table[table["p"].notna()]
    p = chi2.sf(table["g2"], 1)
    ours = (table["p"] <= LEVEL).mean(), (table["p_adjusted"] <= LEVEL).sum()
    return {"tests": len(table), "ours": ours, "G2": ((p <= LEVEL).mean(), (false_discovery_control(p) <= LEVEL).sum())}


def holm(p: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """p adjusted by Holm (1979)."""
    order = np.argsort(p, kind="stable")
    adjusted = np.maximum.accumulate(p[order] * np.arange(len(p), 0, -1))
    return np.minimum(adjusted, 1)[np.argsort(order)]


def welch(counts: Any, here: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """p of Welch's test on root rates of documents, shape (n_documents, n_terms); 1 where a word's rate is constant."""
    from scipy.stats import ttest_ind

    with np.errstate(all="ignore"):
        roots = np.sqrt(counts / counts.sum(axis=1, keepdims=True))
        return np.nan_to_num(ttest_ind(roots[here], roots[~here], equal_var=False).pvalue, nan=1.0)


def planted(
    rng: np.random.Generator,
    counts: Any,
    terms: npt.NDArray[Any],
    here: npt.NDArray[Any],
    columns: npt.NDArray[Any],
    times: npt.ArrayLike,
    **more: Any,
) -> dict[str, tuple[npt.NDArray[Any], npt.NDArray[Any]]]:
    """p and adjusted p of all terms, where some are `times` as frequent on one side; by ours and by Welch.

    Each occurrence is followed by Poisson(times - 1) more, so that the rate is `times` as high and the spread between
    documents grows with it. `times` is one number, or one for each of the columns.

    Parameters
    ----------
    rng : numpy.random.Generator
    counts : ndarray of int, shape (n_documents, n_terms)
    terms : ndarray of str, shape (n_terms,)
    here : ndarray of bool, shape (n_documents,)
    columns : ndarray of int
        The words that are planted.
    times : float, or ndarray of float, shape (n_columns,)
    more
        Of `keyness.keyness`.

    Returns
    -------
    dict of str to (ndarray, ndarray), each of shape (n_terms,)
        Of a term that is not tested, NaN by ours and 1 by Welch.
    """
    counts, at = counts.copy(), np.ix_(here, columns)
    counts[at] += rng.poisson((np.asarray(times) - 1) * counts[at])
    labels = np.where(here, "here", "there").astype(object)
    table, _ = compare(sparse.csr_array(counts), terms, labels, **more)
    table = table.set_index("term").reindex(terms)
    tested = table["p"].notna().to_numpy()
    p, adjusted = np.ones((2, len(terms)))
    p[tested] = welch(counts, here)[tested]
    adjusted[tested] = holm(p[tested])
    ours = table["p"].to_numpy(), table["p_adjusted"].to_numpy()
    return {"ours": ours, "Welch on root rates": (p, adjusted)}


def share(hits: npt.ArrayLike, answers: float | None = None) -> tuple[float, float, float]:
    """A share of yes, over splits, with its interval of 95%: that of Clopper and Pearson (1934).

    Where a split has several answers, which hang together, the number of answers is the one that would vary as much as
    the splits do (Korn and Graubard 1998), but at most as many as there are, and the number of splits if all agree.

    Parameters
    ----------
    hits : ndarray, shape (n_splits,)
        Yes or no; or each split's share of answers that are yes.
    answers : float, optional
        How many answers there are in all.

    Returns
    -------
    (share, low, high)
    """
    from scipy.stats import beta

    hits = np.asarray(hits, dtype=float)
    splits, p = len(hits), hits.mean()
    variance = hits.var() / splits  # of yes and no, p (1 - p) / splits, which gives the exact interval
    n = max(min(p * (1 - p) / variance, answers or splits), 1) if variance > 0 and 0 < p < 1 else splits
    low = beta.ppf(0.025, p * n, n - p * n + 1) if p > 0 else 0.0
    return p, low, beta.ppf(0.975, p * n + 1, n - p * n) if p < 1 else 1.0


def usable(n: int, sizes: Iterable[tuple[int, int]] | None = None) -> list[tuple[int, int]]:
    """Of splits of n documents, the sizes that they allow: of those given, or else of halves and of `SIZES`."""
    most = min(n, 2 * SIZES[0])
    sizes = sizes or [(most // 2, most - most // 2), *((size, size) for size in SIZES if 2 * size < most)]
    return [(int(a), int(b)) for a, b in sizes if min(a, b) > 0 and a + b <= n]


def floor_of(labels: Any, strata: npt.ArrayLike | None = None, permutations: int = 499) -> float:
    """The smallest p that a split allows."""
    rows = np.flatnonzero(pd.notna(labels))
    units = exchangeable_units(labels[rows], None if strata is None else np.asarray(strata)[rows])
    return group_permutations(units, permutations, 1)[1]


def false_positives(
    counts: Any,
    terms: npt.NDArray[Any],
    documents: npt.ArrayLike,
    strata: npt.ArrayLike | None = None,
    sizes: Iterable[tuple[int, int]] | None = None,
    splits: int = 100,
    seed: int = 1,
    permutations: int = 499,
    jobs: int | None = None,
) -> pd.DataFrame:
    """How often ours, and G2, call words different in random splits of the documents.

    Parameters
    ----------
    counts : sparse array, shape (n_paragraphs, n_terms)
    terms : ndarray of str, shape (n_terms,)
    documents : sequence, length n_paragraphs
    strata : sequence, length n_paragraphs, optional
        With them whole strata are split too, half against half, and documents within strata; a split of 110 reports
        takes 0.3 s, one into 10 and 10 of them 0.07 s.
    sizes : list of (int, int), optional
        Documents on either side; see `usable`. Larger ones than there are documents are left out.
    splits, seed, permutations : int
    jobs : int, optional
        See `inference.parallel_map`.

    Returns
    -------
    DataFrame
        A row a split and method (of `METHODS`): split; method; a, b (documents; strata; missing within strata); splits;
        tests (mean); per_test, the share of tests with p of at most 0.05, with per_test_low and per_test_high; any, the
        number of splits with any word after correction, and its share, corrected, with corrected_low and
        corrected_high (see `share`; splits of the same documents hang together, so intervals speak of these documents);
        correction; floor; answer ("tested"; "not testable": nothing was run).
    """
    counts, strata = _documents(counts, documents, strata)
    n, ways = counts.shape[0], list[tuple[str, tuple[Any, Any], Callable[..., Any], Any]]()
    for a, b in usable(n, sizes):
        ways.append((f"{a} v {b} documents", (a, b), lambda rng, a=a, b=b: of_documents(rng, n, a, b), None))
    if strata is not None and 1 < (m := len(set(strata))) < n:
        whole = (m // 2, m - m // 2)
        ways.append((f"{whole[0]} v {whole[1]} whole strata", whole, lambda rng: of_strata(rng, strata), strata))
        ways.append(("documents within strata", (None, None), lambda rng: within_strata(rng, strata), strata))
    rows = []
    for place, (name, (a, b), split, of) in enumerate(ways):
        rng = np.random.default_rng([seed, place])
        drawn = [split(rng) for _ in range(splits)]
        drawn = [labels for labels in drawn if len(set(labels) - {None}) == 2]
        row = {"split": name, "a": a, "b": b, "splits": 0, "floor": floor_of(drawn[0], of, permutations)}
        if row["floor"] > LEVEL:
            rows += [row | {"method": m, "correction": METHODS[m], "answer": "not testable"} for m in ("ours", "G2")]
            continue
        arguments = [(counts, terms, labels, of, permutations, i) for i, labels in enumerate(drawn)]
        found = parallel_map(_errors, arguments, name, jobs)
        for method in ("ours", "G2"):
            per_test, words = np.array([of_one[method] for of_one in found], dtype=float).T
            tests = sum(of_one["tests"] for of_one in found)
            this = {"method": method, "splits": len(found), "tests": tests / len(found)}
            this |= dict(zip(("per_test", "per_test_low", "per_test_high"), share(per_test, tests), strict=True))
            this |= dict(zip(("corrected", "corrected_low", "corrected_high"), share(words > 0), strict=True))
            rows.append(row | this | {"any": (words > 0).sum(), "correction": METHODS[method], "answer": "tested"})
    columns = "split method a b splits tests per_test per_test_low per_test_high any corrected corrected_low"
    return pd.DataFrame(rows, columns=[*columns.split(), "corrected_high", "correction", "floor", "answer"]).round(6)


def _errors(
    counts: Any, terms: npt.NDArray[Any], labels: Any, strata: npt.ArrayLike, permutations: int, seed: int
) -> Any:
    return errors(compare(counts, terms, labels, strata, permutations=permutations, seed=seed)[0])


def power(
    counts: Any,
    terms: npt.NDArray[Any],
    documents: npt.ArrayLike,
    factors: Sequence[float] = (1.25, 1.5, 2, 3),
    sizes: Any | None = None,
    splits: int = 50,
    words: int = 3,
    seed: int = 1,
    permutations: int = 499,
    jobs: int | None = None,
) -> pd.DataFrame:
    """How often words that are `factors` times as frequent on one side of a random split are called different.

    In each split, of each factor and each of `FREQUENCIES`, `words` words that five documents have are planted (fewer,
    if there are no more), all at once: they are a few dozen of all that are tested.

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
        correction), each with _low and _high (see `share`); correction; floor; answer. Where nothing can be
        tested there is one row, without the others.
    """
    counts, _ = _documents(counts, documents)
    rows = []
    for place, (a, b) in enumerate(usable(counts.shape[0], sizes)):
        rng = np.random.default_rng([seed, place])
        drawn = [of_documents(rng, counts.shape[0], a, b) for _ in range(splits)]
        row: dict[str, Any] = {
            "split": f"{a} v {b} documents",
            "a": a,
            "b": b,
            "floor": floor_of(drawn[0], None, permutations),
        }
        if row["floor"] > LEVEL:
            rows.append(row | {"planted": 0, "answer": "not testable"})
            continue
        more = [
            (counts, terms, labels, factors, words, permutations, [seed, place, i]) for i, labels in enumerate(drawn)
        ]
        found = pd.concat(parallel_map(_power, more, row["split"], jobs), ignore_index=True)
        for (frequency, factor, method), part in found.groupby(["frequency", "factor", "method"], sort=False):
            this = {"frequency": frequency, "factor": factor, "method": method, "planted": len(part)}
            for column in ("per_test", "corrected"):
                ends = share(part.groupby("split")[column].mean(), len(part))
                this |= dict(zip((column, f"{column}_low", f"{column}_high"), ends, strict=True))
            rows.append(row | this | {"correction": METHODS[method], "answer": "tested"})
    columns = "split a b frequency factor method planted per_test per_test_low per_test_high corrected corrected_low"
    return pd.DataFrame(rows, columns=[*columns.split(), "corrected_high", "correction", "floor", "answer"]).round(6)


def _power(
    counts: Any,
    terms: npt.NDArray[Any],
    labels: Any,
    factors: Sequence[float],
    words: Any,
    permutations: int,
    seed: list[int],
) -> Any:
    rng, rows = np.random.default_rng(seed), np.flatnonzero(pd.notna(labels))
    part, here = counts[rows].toarray(), labels[rows] == "here"
    held, cells = (part > 0).sum(axis=0), []
    at = np.flatnonzero(held >= 5)
    part, held, names = part[:, at], held[at], np.asarray(terms)[at]
    third = np.minimum(3 * held // (len(rows) + 1), 2)
    for i, frequency in enumerate(FREQUENCIES):
        of = rng.permutation(np.flatnonzero(third == i))
        for j, factor in enumerate(factors):
            cells += [(frequency, factor, column) for column in of[j :: len(factors)][:words]]
    table = pd.DataFrame(cells, columns=["frequency", "factor", "column"]).assign(split=seed[-1])
    columns = table["column"].to_numpy(dtype=int)
    found = planted(rng, part, names, here, columns, table["factor"].to_numpy(dtype=float), permutations=permutations)
    return pd.concat(
        table.assign(method=method, per_test=p[columns] <= LEVEL, corrected=adjusted[columns] <= LEVEL)
        for method, (p, adjusted) in found.items()
    )


def _documents(counts: Any, documents: npt.ArrayLike, strata: npt.ArrayLike | None = None) -> Any:
    """Counts by document, and the stratum of each, documents sorted."""
    members, _ = group_matrix(documents)
    if strata is not None:
        strata = pd.Series(np.asarray(strata).astype(str)).groupby(np.asarray(documents, dtype=object)).first()
    return sparse.csr_array(members @ counts), None if strata is None else strata.to_numpy()


def told(errors: pd.DataFrame | None = None, found: pd.DataFrame | None = None) -> list[str]:
    """Sentences on tables of `false_positives` and `power`."""
    said = []
    tables = [] if errors is None else [errors]
    for name, part in (item for table in tables for item in table.groupby("split", sort=False)):
        by = part.set_index("method")
        if (part["answer"] == "not testable").any():
            said.append(_untestable(name, part["floor"].iloc[0]))
            continue
        ours, usual = by.loc["ours"], by.loc["G2"]
        if " v " in name:
            into = tr(
                "into {split}", split=split_told(name, tr("{a} and {b} documents"), tr("{a} and {b} whole strata"))
            )
        else:
            into = tr("of {split}", split=split_told(name))
        low, high = (round(ours[c] * ours["splits"]) for c in ("corrected_low", "corrected_high"))
        values = {"n": ours["splits"], "into": into, "ours": ours["any"], "low": low, "high": high, "g2": usual["any"]}
        sentence = tr(
            "Of {n} random splits {into}, {ours:.0f} ({low} to {high}) had any word called different by ours, {g2:.0f} "
            "by G2; of single tests ours errs in {error:.1%}, G2 in {usual:.1%}.",
            error=ours["per_test"],
            usual=usual["per_test"],
            **values,
        )
        said.append(sentence)
    for name, part in [] if found is None else found.groupby("split", sort=False):
        if (part["answer"] == "not testable").any():
            said += [s for s in [_untestable(name, part["floor"].iloc[0])] if s not in said]
            continue
        common = part[(part["method"] == "ours") & (part["frequency"] == part["frequency"].iloc[-1])]
        least = common[common["per_test"] >= 0.8]["factor"].min()
        most = common.loc[common["factor"].idxmax()]
        factor, share = (least, 0.8) if least == least else (most["factor"], most["per_test"])
        sentence = tr(
            "{split}: {words} {factor:g} times as frequent are found in {share:.0%} of cases by one test; after "
            "correction for all words, {corrected:.0%} of those {most:g} times as frequent are.",
            split=split_told(name),
            words=display_name("frequency", f"{most['frequency']} words"),
            factor=factor,
            share=share,
            corrected=most["corrected"],
            most=most["factor"],
        )
        said.append(sentence)
    return said


def split_told(name: str, documents: str = "", strata: str = "") -> str:
    """What a split is called in the run's language; by other templates, with a and b, where they are given."""
    if found := re.fullmatch(r"(\d+) v (\d+) (documents|whole strata)\s*", name):
        a, b, what = found.groups()
        if what == "documents":
            return (documents or tr("{a} v {b} documents")).format(a=a, b=b)
        return (strata or tr("{a} v {b} whole strata")).format(a=a, b=b)
    return display_name("split", name)


def _untestable(name: str, floor: float) -> str:
    return tr(
        "{split}: not testable, since the least p that is possible is {p:.2g}. Documents are what is exchanged: "
        "paragraphs of one document are alike, and are not exchangeable.",
        split=split_told(name),
        p=floor,
    )
