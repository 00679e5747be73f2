"""Measures of how differently two bodies of text use terms, which need no test: log-odds, G2, dispersion."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

if TYPE_CHECKING:
    from typing import Any

    import numpy.typing as npt


def log_odds(
    ours: npt.NDArray[Any], theirs: npt.NDArray[Any], prior: float
) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
    """Log-odds (natural) with an informative Dirichlet prior, and z, of counts of all terms on either side.

    Monroe, Colaresi and Quinn (2008), Fightin' Words, equations 16 and 22: the prior of a term is its share of both
    sides times `prior`; z is the log-odds over its standard deviation, which takes words as independent.
    """
    if len(ours) < 2:  # the odds of the only term are endless
        return np.full(len(ours), np.nan), np.full(len(ours), np.nan)
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
    cells, total = np.array([[ours, theirs], [words - ours, words_rest - theirs]], dtype=float), 0.0
    rows, columns = cells.sum(axis=1), cells.sum(axis=0)
    for i, row in enumerate(rows):
        for j, column in enumerate(columns):
            expected = row * column / (words + words_rest)
            observed = np.where(cells[i, j] > 0, cells[i, j], 1)
            total = total + cells[i, j] * np.log(observed / np.maximum(expected, 1e-12))
    return np.maximum(2 * np.where(ours + theirs > 0, total, 0), 0)


def dispersion(counts: sparse.csr_array, sizes: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Dispersion of each term: from 0 (as the documents' sizes) to 1 (all in the smallest document).

    Gries' (2008) DP, half the sum of differences between a document's share of the term and its share of all words,
    over 1 less the smallest document's share (Lijffijt and Gries 2012).

    Parameters
    ----------
    counts : sparse array, shape (n_documents, n_terms)
    sizes : ndarray, shape (n_documents,)
        Words of each document.

    Returns
    -------
    ndarray, shape (n_terms,)
        NaN for a term that no document has, and for all terms if there is one document.
    """
    shares, cells = sizes / sizes.sum(), sparse.coo_array(counts)
    total = np.asarray(counts.sum(axis=0), dtype=float)
    rows, columns = cells.coords
    expected = shares[rows]
    # Documents without the term have no cell; their differences sum to the rest of 1.
    differences = np.abs(cells.data / total[columns] - expected) - expected
    dp = (1 + np.bincount(columns, differences, minlength=len(total))) / 2
    return np.where((total > 0) & (len(sizes) > 1), dp / max(1 - shares.min(), 1e-12), np.nan)
