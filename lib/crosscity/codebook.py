"""Themes of a codebook instead of topics that a model finds: what is measured is fixed before documents are read."""

import functools
import re
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import sparse

from . import RESOURCES, CrosscityError, several
from .decoding import decode
from .matrix import tf_idf
from .topics import TopicModel

FEW = 15  # documents
COLUMNS = ("theme", "gloss", "terms")  # others, such as source and reason, are kept


def read_codebook(path=None):
    """A codebook: columns with tabs between, their names first, a theme a line; lines that begin with # are comments.

    Parameters
    ----------
    path : str or Path, optional
        The shipped one if left out.

    Returns
    -------
    DataFrame, shape (n_themes, n_columns)
        At least `COLUMNS`, in the file's order; terms, with spaces or commas between, are a tuple of str.

    Raises
    ------
    CrosscityError
        If the file is absent or no such table, or a theme lacks a name or terms, or a theme or term stands twice.
    """
    path = Path(str(path or RESOURCES / "themes.tsv"))
    if not path.is_file():
        msg = f"{path} is not there: give a codebook, a table with tabs and the columns {', '.join(COLUMNS)}"
        raise CrosscityError(msg)
    data = path.read_bytes()
    text = decode(data, path)[0] if data.strip() else ""
    lines = [line.rstrip().split("\t") for line in text.splitlines() if line.strip() and not line.startswith("#")]
    names, *rows = [[cell.strip() for cell in line] for line in lines] or [[]]
    missing = [c for c in COLUMNS if c not in names]
    if missing or len(set(names)) < len(names):
        fault = f"lacks the column {', '.join(missing)}" if missing else "names a column twice"
        msg = f"{path} {fault}; its first line must name {', '.join(COLUMNS)}, with tabs between"
        raise CrosscityError(msg)
    problems = [] if rows else ["it holds no theme"]
    problems += [f"{row[0]} has {len(row)} cells, not {len(names)}" for row in rows if len(row) > len(names)]
    rows = [(row + [""] * len(names))[: len(names)] for row in rows]
    table = pd.DataFrame(rows, columns=names, dtype=object)
    table["terms"] = [tuple(re.findall(r"[^\s,;，；、]+", terms)) for terms in table["terms"]]
    owner = {}
    for row, (theme, terms) in enumerate(zip(table["theme"], table["terms"], strict=True), start=1):
        name = theme or f"theme {row}"
        problems += [] if theme else [f"{name} has no name"]
        problems += [] if terms else [f"{name} has no terms"]
        for term in terms:
            problems += [f"{term} stands twice, under {owner[term]} and {name}"] if term in owner else []
            owner.setdefault(term, name)
    problems += [f"{theme} stands twice" for theme in table.loc[table["theme"].duplicated(), "theme"] if theme]
    if problems:
        raise several([f"{path}: {problem}; mend the codebook" for problem in problems])
    return table


def of_run(value, documents):
    """The codebook that a run asks for, or None.

    Parameters
    ----------
    value : str
        A file; "none"; or empty: the shipped one, for fewer than `FEW` documents (no topic model of so few is stable)
        of which none is a work report (they are about other matters).
    documents : DataFrame
        The corpus table.
    """
    few = len(documents) < FEW and not (documents["doc_type"] == "work report").any()
    return read_codebook(value or None) if value != "none" and (value or few) else None


def fitter(codebook, min_tokens=5):
    """`codebook_topics` as a callable of counts, terms and k, for `prevalence.intervals`; k is that of the codebook."""
    return functools.partial(_fit, codebook=codebook, min_tokens=min_tokens)


def _fit(counts, terms, _, codebook, min_tokens):
    return codebook_topics(counts, terms, codebook, min_tokens)


def terms_found(codebook, terms):
    """Which terms of a codebook a corpus has: columns theme, found, missing (tuples of str)."""
    found = [tuple(w for w in words if (terms == w).any()) for words in codebook["terms"]]
    missing = [tuple(w for w in words if w not in has) for words, has in zip(codebook["terms"], found, strict=True)]
    return pd.DataFrame({"theme": codebook["theme"], "found": found, "missing": missing})


def codebook_topics(counts, terms, codebook, min_tokens=5):
    """Shares of a codebook's themes in paragraphs, by the tf-idf of the codebook's terms.

    With x_ij the tf-idf of term j in paragraph i, and j in t where it is a term of theme t:
    share_it = (sum over j in t of x_ij) / (sum over all themes' terms of x_ij), and
    weight_tj = (sum over i of x_ij) / (sum over i and all j in t of x_ij): the part of the theme that the term carries.

    With the shipped codebook and min_tokens=1 the largest share is the first theme of 65% of 62 hand-coded paragraphs,
    one of the themes of 87% (by plain counts 63%, 87%; always the commonest theme 32%, 34%); of 24 of a document whose
    paragraphs played no part in the choice of terms 67%, 88% (62%, 88%; 0%). NMF seeded by the codebook finds 3 or 4
    first themes more of the 86, but no better shares of documents, and in work reports it drifts into other matters.

    Parameters
    ----------
    counts : sparse array, shape (n_paragraphs, n_terms)
    terms : ndarray of str, shape (n_terms,)
    codebook : DataFrame
        Of `read_codebook`.
    min_tokens : int
        Paragraphs with fewer kept words take no part.

    Returns
    -------
    TopicModel
        Topics are the themes in order. A paragraph without any of the terms is all NaN. A theme without a term in the
        paragraphs (see `terms_found`) has weights and shares of 0.

    Raises
    ------
    CrosscityError
        If no paragraph that takes part has any of the codebook's terms.
    """
    used = np.asarray(counts.sum(axis=1)).ravel() >= min_tokens
    column = {term: j for j, term in enumerate(terms)}
    pairs = [(t, column[w]) for t, words in enumerate(codebook["terms"]) for w in words if w in column]
    theme, at = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
    member = sparse.csr_array((np.ones(len(at)), (theme, at)), shape=(len(codebook), len(terms)))
    matrix = tf_idf(counts[used])
    mass = (matrix @ member.T).toarray()
    if not mass.any():
        msg = f"none of the codebook's terms is in the {used.sum()} paragraphs of {min_tokens} words or more"
        raise CrosscityError(msg)
    carried = member.toarray() * matrix.sum(axis=0)
    shares, totals = np.full((counts.shape[0], len(codebook)), np.nan), mass.sum(axis=1, keepdims=True)
    shares[used] = mass / np.where(totals > 0, totals, np.nan)
    return TopicModel(terms, carried / np.maximum(carried.sum(axis=1, keepdims=True), 1e-12), shares)
