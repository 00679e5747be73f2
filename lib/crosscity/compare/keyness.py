"""Words that set a group of documents apart: how much, in how many documents, and whether chance would do the same.

Documents are what is drawn and exchanged, not words: the usual test, G2 on tokens, takes words as independent, and
finds dozens between random halves of one corpus (bench/keyness.py). It stands in the table to be compared with.
"""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy import sparse

from .. import CrosscityError
from ..inference import MIN_PARAGRAPHS, Units, answer_told, answered, draw, exchangeable, max_t, run_length, scope_told
from ..language import called, tr
from ..words.matrix import group_matrix

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Mapping
    from typing import Any

    import numpy.typing as npt

CELLS = 1_000_000  # numbers held at a time by the permutations: 8 MB, what fits a cache


def _log_odds(
    ours: npt.NDArray[Any], theirs: npt.NDArray[Any], prior: float
) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
    """Log-odds (natural) with an informative Dirichlet prior, and z, of counts of all terms on either side.

    Monroe, Colaresi and Quinn (2008), Fightin' Words, equations 16 and 22: the prior of a term is its share of both
    sides times `prior`; z is the log-odds over its standard deviation, which takes words as independent.
    """
    alpha = prior * (ours + theirs) / (ours + theirs).sum()
    a, b = ours + alpha, theirs + alpha
    delta = np.log(a / (ours.sum() + prior - a)) - np.log(b / (theirs.sum() + prior - b))
    return delta, delta / np.sqrt(1 / a + 1 / b)


def g2(ours: npt.NDArray[Any], theirs: npt.NDArray[Any], words: float, words_rest: float) -> npt.NDArray[Any]:
    """G2 of counts of terms in two bodies of text: -2 log λ of Dunning (1993), over the four cells.

    Parameters
    ----------
    ours, theirs : ndarrays, shape (n_terms,)
    words, words_rest : int
        Of each body, all terms together.
    """
    cells, found = np.array([[ours, theirs], [words - ours, words_rest - theirs]], dtype=float), 0.0
    rows, columns = cells.sum(axis=1), cells.sum(axis=0)
    for i, row in enumerate(rows):
        for j, column in enumerate(columns):
            expected = row * column / (words + words_rest)
            found = found + cells[i, j] * np.log(
                np.where(cells[i, j] > 0, cells[i, j], 1) / np.maximum(expected, 1e-12)
            )
    return np.maximum(2 * np.where(ours + theirs > 0, found, 0), 0)


def dispersion(counts: sparse.csr_array, sizes: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """How unevenly each term is spread: 0, as the documents' sizes are, to 1, all in the smallest document.

    DP of Gries (2008), half the sum of differences between a document's share of the term and its share of all words,
    over 1 less the smallest document's share (Lijffijt and Gries 2012).

    Parameters
    ----------
    counts : sparse array, shape (n_documents, n_terms)
    sizes : ndarray, shape (n_documents,)
        Words of each document.

    Returns
    -------
    ndarray, shape (n_terms,)
        NaN for a term that no document has, and for all where there is one document.
    """
    shares, cells = sizes / sizes.sum(), sparse.coo_array(counts)
    total = np.asarray(counts.sum(axis=0), dtype=float)
    rows, columns = cells.coords
    expected = shares[rows]
    # Documents without the term have no cell: their differences are what is left of 1.
    differences = np.abs(cells.data / total[columns] - expected) - expected
    found = (1 + np.bincount(columns, differences, minlength=len(total))) / 2
    return np.where((total > 0) & (len(sizes) > 1), found / max(1 - shares.min(), 1e-12), np.nan)


def scores(counts: npt.NDArray[Any], sizes: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """What a document says of a term's rate, whatever the document's length: shape (n_documents, n_terms).

    ((c + a) / (m + a)) ** (2/3), with c the count, m what the document's size lets expect, a = 1 / φ, where m + φ m² is
    the variance of counts (by moments, over all documents, whatever their group). (c + a) / (m + a) is the mean of the
    relative rate given c, if rates vary as a gamma distribution; less 1 it is the score of a negative binomial
    regression. A short document, or a rare term, moves it little. The power is that of Anscombe's (1953) residuals:
    with 1, a single document has too much say where many terms are tested. bench/keyness.py has it beside root rates.
    """
    expected = np.outer(sizes, counts.sum(axis=0) / sizes.sum())
    excess = (np.square(counts - expected) - expected).sum(axis=0)
    a = 1 / np.maximum(excess / np.maximum(np.square(expected).sum(axis=0), 1e-12), 0.05)
    return np.cbrt(np.square((counts + a) / (expected + a)))


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
    fewest: int = 5,
    permutations: int = 1999,
    comparisons: int = 1,
    seed: int = 1,
    level: float = 0.95,
) -> pd.DataFrame:
    """How a group's use of each term differs from the rest's, or from another group's.

    Whether it does is tested by permuting what can be exchanged (`inference.exchangeable`: documents; strata, where
    each lies on one side; documents within strata). The statistic is the difference of mean `scores`, over its standard
    deviation under permutation; p_adjusted is for all terms tested: those that `fewest` documents hold, on both sides
    together, so that which they are does not depend on the groups.

    The interval of log_ratio is ± t s. s² is the variance between documents (between strata, if they are exchanged and
    a side has several; between runs of paragraphs, if it has one document), by linearisation, and at least that of as
    many words at random, 1 / (count + 1/2), which keeps a term that one side lacks from looking certain; t has the
    degrees of freedom of Welch and Satterthwaite. It errs in 2 to 5% of random splits, the bootstrap's percentiles in 7
    to 16% (bench/keyness.py).

    Parameters
    ----------
    counts : sparse array, shape (n_paragraphs, n_terms)
        Rows may be whole documents; those of one document stand in their order.
    terms : ndarray of str, shape (n_terms,)
    documents : sequence, length n_paragraphs
    labels : sequence, length n_paragraphs
        The group of each; missing ones take no part.
    group, rest : labels
        What is compared; `rest` left out is all others.
    strata : sequence, length n_paragraphs, optional
        What makes documents alike whatever their group: provinces; decades, where years are compared.
    sizes : sequence of int, length n_paragraphs, optional
        Words of each paragraph; the sums of counts if left out.
    prior : float
        Weight of the log-odds' prior, in words.
    fewest, permutations, seed : int; level : float
    comparisons : int
        How many such tables are shown together: p_adjusted is multiplied by it (Bonferroni).

    Returns
    -------
    DataFrame, a row for each term that either has, in the order of terms
        term; count, count_rest; rate, rate_rest (per 10,000 words); log_ratio (of rates, base 2, half a count added),
        low, high, bound (the end nearest 0; 0 if the interval holds 0), speaks_of (what the interval speaks of);
        log_odds, z (Monroe, Colaresi and Quinn 2008); g2; dp, dp_group (`dispersion` over all documents, and the
        group's); documents, documents_rest (that hold it); unit, units, arrangements (gone through), tests (terms
        tested); floor (the smallest p_adjusted there can be), p, p_adjusted; answer: "more", "less", "no difference
        shown", "in fewer than 5 documents", "not testable with 6 documents".

    Raises
    ------
    CrosscityError
        If a group has no words, or a document lies in two groups or strata.
    """
    labels = np.asarray(labels, dtype=object)
    ours = labels == group
    keep = ours | (pd.notna(labels) if rest is None else labels == rest)
    lengths = np.asarray(counts.sum(axis=1) if sizes is None else sizes, dtype=float)
    words = pd.Series(lengths).groupby(np.asarray(documents)).transform("sum").to_numpy()
    keep &= words > 0  # a document without words has no rate
    for name, part in ((group, ours), (rest, ~ours)):
        if not (keep & part).any():
            label = "otherwise" if name is None else repr(name)
            msg = f"no document with words is labelled {label}: name another group"
            raise CrosscityError(msg)
    counts, lengths, documents = sparse.csr_array(counts)[keep], lengths[keep], np.asarray(documents)[keep]
    strata = None if strata is None else _of_each(documents, np.asarray(strata)[keep], "stratum")
    ours = _of_each(documents, ours[keep], "group")
    either = np.flatnonzero(counts.sum(axis=0))
    counts, terms, (members, _) = counts[:, either], np.asarray(terms)[either], group_matrix(documents)
    held, n = (members @ counts).tocsr(), members @ lengths
    table = _described(held, terms, n, ours, prior)

    units = exchangeable(ours, strata)
    strata = strata if strata is not None and units.unit == "stratum" else np.arange(len(n))
    sides = [_variance(counts, lengths, members[rows], strata[rows], units.unit) for rows in (ours, ~ours)]
    _add_interval(table, sides[0], sides[1], level)

    drawn, floor = draw(units, permutations, seed)
    tested = np.flatnonzero(np.bincount(held.indices, minlength=len(terms)) >= fewest)
    found, null = _statistics(held, n, tested, units, drawn)
    p, adjusted, sign = np.full((3, len(terms)), np.nan)
    p[tested], adjusted[tested] = max_t(np.abs(found), null, max(CELLS // (len(drawn) + len(n)), 1))
    adjusted, sign[tested] = np.minimum(adjusted * comparisons, 1), np.sign(found)
    table["unit"], table["units"], table["arrangements"] = units.unit, len(units.codes), len(drawn)
    table["tests"], several = len(tested), f" and {comparisons} comparisons" if comparisons > 1 else ""
    no = np.where(np.isnan(p), f"in fewer than {fewest} documents", "no difference shown")
    yes = np.where(sign > 0, "more", "less")
    return answered(table, p, adjusted, floor * comparisons, level, units.count() + several, yes, no)


def ranked(table: pd.DataFrame, by: str = "bound", most: int | None = None, less: bool = False) -> pd.DataFrame:
    """The terms that a group has more of (less of), those that differ most first.

    Where the documents allow a test, terms that it does not show to differ are left out, as are those that are too
    rare for it. Where they do not, as `answer` says, those whose interval holds 0 are; without intervals none is.

    Parameters
    ----------
    table : DataFrame
        Of `keyness`.
    by : str
        bound, log_ratio, log_odds or z. Ties go by z, then by term.
    most : int, optional
        How many.
    less : bool
    """
    sign = -1 if less else 1
    keep = sign * table["log_ratio"] > 0
    if table["p_adjusted"].notna().any():
        keep &= table["answer"] == ("less" if less else "more")
    else:
        keep &= table["bound"] != 0
    order = pd.DataFrame({"by": -sign * table[by], "z": -sign * table["z"], "term": table["term"]})[keep]
    return table.loc[order.sort_values(["by", "z", "term"]).index[:most]].reset_index(drop=True)


def told(tables: Mapping[Any, pd.DataFrame], most: int = 4) -> list[str]:
    """Sentences: whether the documents allow a test, and what each group says more and less of.

    Parameters
    ----------
    tables : dict of str to DataFrame
        By group, of `keyness`.
    most : int
        Terms that are named on either side.

    Returns
    -------
    list of str
        One on the test, then one a group.
    """
    first = {group: table.iloc[0] for group, table in tables.items()}
    silent = {group: row["answer"] for group, row in first.items() if row["answer"].startswith("not testable")}
    if len(silent) == len(tables):
        answer = tr(" or ").join(dict.fromkeys(map(answer_told, silent.values())))
        sentences = [
            tr(
                "Whether groups differ in single terms is {answer}: the least p that is possible is {floor:.2g}. "
                "Terms are named whose interval does not hold 0.",
                answer=answer,
                floor=min(row["floor"] for row in first.values()),
            )
        ]
    elif len(tables) > 1:
        sentences = [tr("Where a term is said to differ, p is below 0.05, corrected for all terms and groups.")]
    else:
        sentences = [tr("Where a term is said to differ, p is below 0.05, corrected for all terms.")]
    for group, table in tables.items():
        sides = [(way, ranked(table, most=most, less=way == "less")) for way in ("more", "less")]
        named = tr("; ").join(
            tr("{name}: {said}", name=called("way", way), said="、".join(rows["term"]))
            for way, rows in sides
            if len(rows)
        )
        if table["low"].isna().all():
            named = tr("no interval ({why}); {named}", why=scope_told(first[group]["speaks_of"]), named=named)
        differ = int(table["answer"].isin(("more", "less")).sum())
        tested = tr("{n} of {all} terms tested differ", n=differ, all=first[group]["tests"])
        answer = answer_told(silent[group]) if group in silent else tested
        count = "" if len(silent) == len(tables) else tr(" ({said})", said=answer)
        sentences.append(
            tr("{group}, {named}{count}.", group=group, named=named or tr("no term stands out"), count=count)
        )
    return sentences


def _of_each(documents: npt.NDArray[Any], values: npt.NDArray[Any], what: str) -> npt.NDArray[Any]:
    """The one value that the paragraphs of each document have, documents sorted."""
    pairs = pd.DataFrame({"document": documents, "value": values}).drop_duplicates().sort_values("document")
    if (astray := pairs["document"].duplicated()).any():
        name = pairs["document"][astray].iloc[0]
        msg = f"document {name!r} lies in more than one {what}: name its parts as documents"
        raise CrosscityError(msg)
    return pairs["value"].to_numpy()


def _described(
    held: sparse.csr_array, terms: npt.NDArray[Any], n: npt.NDArray[Any], ours: npt.NDArray[Any], prior: float
) -> pd.DataFrame:
    """What needs no test: counts, rates, effects, spread."""
    a, b = (np.asarray(held[rows].sum(axis=0), dtype=float) for rows in (ours, ~ours))
    here, there = n[ours].sum(), n[~ours].sum()
    table = pd.DataFrame({"term": terms, "count": a.astype(int), "count_rest": b.astype(int)})
    table["rate"], table["rate_rest"] = 1e4 * a / here, 1e4 * b / there
    table["log_ratio"] = np.log2((a + 0.5) / (here + 0.5)) - np.log2((b + 0.5) / (there + 0.5))
    for column in ("low", "high", "bound", "speaks_of"):
        table[column] = np.nan
    table["log_odds"], table["z"] = _log_odds(a, b, prior)
    table["g2"] = g2(a, b, here, there)
    table["dp"], table["dp_group"] = dispersion(held, n), dispersion(held[ours], n[ours])
    for column, rows in (("documents", ours), ("documents_rest", ~ours)):
        table[column] = np.bincount(held[rows].indices, minlength=len(terms))
    return table


def _variance(
    counts: sparse.csr_array, lengths: npt.NDArray[Any], members: sparse.csr_array, strata: npt.NDArray[Any], unit: str
) -> tuple[npt.NDArray[Any], npt.NDArray[Any], int, str]:
    """Of the natural logarithm of each rate of a side: variance between its units; degrees of freedom; what they are.

    members: csr, shape (n_documents, n_paragraphs); strata: what is drawn again, of each document.
    """
    of, documents, words = pd.factorize(strata)[0], members.shape[0], members @ lengths
    total, parts, sizes = (members @ counts).sum(axis=0), members @ counts, words
    if of.max() > 0:
        drawn, _ = group_matrix(of)
        parts, sizes, n = drawn @ parts, drawn @ sizes, of.max() + 1
        factor, what = n / (n - 1), "strata like these" if unit == "stratum" else "documents like these"
    elif documents > 1:
        n, factor, what = documents, documents / (documents - 1), "documents of this stratum"
    else:
        rows = members.indices
        p, run = len(rows), run_length(len(rows))
        n, factor, what = ceil(p / run), p / (p - run) / run if p > run else np.nan, "this document"
        if p < MIN_PARAGRAPHS:
            factor, what = np.nan, f"{p} paragraphs; an interval needs {MIN_PARAGRAPHS}"
        # Every circular run of neighbours: what drawing such runs again and again would vary by.
        near = (np.arange(p)[:, None] + np.arange(run)) % p
        runs = sparse.csr_array((np.ones(near.size), (np.repeat(np.arange(p), run), near.ravel())), shape=(p, p))
        parts, sizes = runs @ counts[rows], runs @ lengths[rows]
    rate = total / words.sum()
    squares = parts.multiply(parts).sum(axis=0) - 2 * rate * (parts.T @ sizes) + rate**2 * (sizes @ sizes)
    return factor * np.maximum(squares, 0) / (total + 0.5) ** 2, 1 / (total + 0.5), max(n - 1, 1), what


def _add_interval(table: pd.DataFrame, ours: tuple[Any, ...], theirs: tuple[Any, ...], level: float) -> None:
    """Fill in low, high, bound and speaks_of."""
    from scipy.special import stdtrit

    (v, least, df, what), (v_rest, least_rest, df_rest, what_rest) = ours, theirs
    s2 = np.maximum(v, least) + np.maximum(v_rest, least_rest)
    freedom = np.minimum(s2**2 / np.maximum(v**2 / df + v_rest**2 / df_rest, 1e-12), 1e9)
    half = stdtrit(freedom, (1 + level) / 2) * np.sqrt(s2) / np.log(2)
    table["low"], table["high"] = table["log_ratio"] - half, table["log_ratio"] + half
    table["bound"] = np.where(table["low"] > 0, table["low"], np.minimum(table["high"], 0))
    table["speaks_of"] = what if what == what_rest else f"{what}, against {what_rest}"


def _statistics(
    held: sparse.csr_array, n: npt.NDArray[Any], tested: npt.NDArray[Any], units: Units, drawn: npt.NDArray[Any]
) -> tuple[npt.NDArray[Any], Callable[[npt.NDArray[Any]], npt.NDArray[Any]]]:
    """Signed statistics of the terms tested, and a function that gives their sizes in all arrangements.

    The sum of a group's scores, less what its blocks let expect, over its standard deviation: in a block of N units, g
    of them the group's, its variance under permutation is g (N - g) / (N (N - 1)) times the sum of squares.
    """
    held, blocks, mine = held.tocsc(), units.blocks, (units.codes == 1).astype(float)
    size, taken = np.bincount(blocks), np.bincount(blocks, mine)
    weights = (taken * (size - taken) / np.maximum(size * (size - 1), 1))[blocks]
    arranged = np.ascontiguousarray((drawn == 1).T, dtype=float)

    def values(columns: npt.NDArray[Any]) -> npt.NDArray[Any]:
        x = scores(held[:, tested[columns]].toarray().astype(float), n)
        x = units.centred(units.means(x))
        return x / np.sqrt(np.maximum(weights @ np.square(x), 1e-12))

    step = max(CELLS // len(n), 1)
    columns = np.arange(len(tested))
    found = [mine @ values(columns[i : i + step]) for i in range(0, len(tested), step)]
    return np.concatenate([*found, []]), lambda at: np.abs(values(at).T @ arranged)
