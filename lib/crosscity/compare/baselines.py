"""Baselines: the words of large corpora as counts by document, for a few documents to be compared with.

A file of resources/baselines has a line a word: in which documents it stands (by number), and how often, so that
documents, not words, are exchanged here too. The order of words, and with it every sentence, is gone. Only words that
are cut alike can be compared: the file says by which dictionary its own were, and `cut_otherwise` finds those that are
not in the documents at hand. tools/renew_baselines.py writes the files.
"""

from __future__ import annotations

import functools
import hashlib
import importlib.metadata
import lzma
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd
from scipy import sparse

from .. import CrosscityError
from ..documents import local_names, place_names, prefectures
from ..words import Tokenizer, domain_terms, stop_words
from ..words.codes import cut, encode
from ..words.matrix import weighted_rows
from .keyness import keyness

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from typing import Any

    import numpy.typing as npt

FOLDER = Path(__file__).with_name("resources") / "baselines"
SAME = 0.98  # cosine of the counts of two documents from which they are taken for one
_REST = "\0baseline"  # no group's name


class Baseline(NamedTuple):
    """The words of a corpus.

    Attributes
    ----------
    name : str
    dictionary : str
        See `dictionary_version`.
    counts : sparse array, shape (n_documents, n_terms)
    terms : ndarray of str, shape (n_terms,)
        In order of code points; neither stop words nor names of the corpus's own places.
    """

    name: str
    dictionary: str
    counts: sparse.csr_array
    terms: npt.NDArray[Any]


def baseline_names() -> list[str]:
    """The baselines that are shipped."""
    return sorted(path.name.removesuffix(".tsv.xz") for path in FOLDER.glob("*.tsv.xz"))


@functools.cache
def read_baseline(name: str) -> Baseline:
    """A baseline by its name.

    Raises
    ------
    CrosscityError
        If there is none of this name.
    """
    if name not in baseline_names():
        msg = f"there is no baseline {name!r}: there are {', '.join(baseline_names())}"
        raise CrosscityError(msg)
    return parse_baseline(name, lzma.decompress((FOLDER / f"{name}.tsv.xz").read_bytes()).decode())


def parse_baseline(name: str, text: str) -> Baseline:
    """A baseline from the text of its file; see `baseline_text`."""
    first, *lines = text.splitlines()
    documents, dictionary = first.removeprefix("# ").split("\t")
    terms, rows, columns, data = [], [], [], []
    for column, line in enumerate(lines):
        term, cells = line.split("\t")
        row = -1
        for cell in cells.split():
            gap, _, count = cell.partition(":")
            row += int(gap)
            rows.append(row)
            columns.append(column)
            data.append(int(count or 1))
        terms.append(term)
    shape = int(documents), len(terms)
    return Baseline(name, dictionary, sparse.coo_array((data, (rows, columns)), shape).tocsr(), np.array(terms, object))


def baseline_text(counts: sparse.csr_array, terms: Sequence[str], dictionary: str) -> str:
    """The text of a baseline's file: documents and dictionary, then a line a word, with the documents that have it.

    Each stands as how far it is behind the one before, and after a colon how often it has the word, if more than once.

    Parameters
    ----------
    counts : sparse array, shape (n_documents, n_terms)
    terms : sequence of str
    dictionary : str
    """
    by_term, lines = counts.tocsc().sorted_indices(), [f"# {counts.shape[0]}\t{dictionary}"]
    for j, term in enumerate(terms):
        part = slice(by_term.indptr[j], by_term.indptr[j + 1])
        gaps = np.diff(by_term.indices[part], prepend=-1)
        cells = (f"{g}:{n}" if n > 1 else f"{g}" for g, n in zip(gaps, by_term.data[part], strict=True))
        lines.append(f"{term}\t{' '.join(cells)}")
    return "\n".join(lines) + "\n"


def dictionary_version() -> str:
    """A checksum of what decides how text is cut and which words count: jieba, the shipped terms and stop words."""
    digest = hashlib.sha256(importlib.metadata.version("jieba").encode())
    for words in (domain_terms(), place_names(), stop_words()):
        digest.update("\0".join(sorted(words)).encode() + b"\1")
    return digest.hexdigest()[:16]


def cut_otherwise(texts: Sequence[str], tokens: Collection[Sequence[str]]) -> tuple[set[str], float]:
    """Words that stand otherwise in tokens than the shipped dictionary cuts the texts, and their share of all words.

    Parameters
    ----------
    texts : sequence of str, length n_paragraphs
    tokens : sequence of sequences of str, length n_paragraphs
        Their words in the tables.
    """
    ours = Counter(encode(tokens).frequencies())
    shipped = Counter(cut(Tokenizer().word_lists, texts).frequencies())
    differs = {word: abs(ours[word] - shipped[word]) for word in ours.keys() | shipped.keys()}
    differs = {word: n for word, n in differs.items() if n}
    return set(differs), sum(differs.values()) / max(ours.total() + shipped.total(), 1)


def in_baseline(counts: sparse.csr_array, terms: npt.NDArray[Any], baseline: Baseline) -> npt.NDArray[Any]:
    """Whether each document of the baseline is one of these: the counts are alike, but for a few and names of places.

    Parameters
    ----------
    counts : sparse array, shape (n_documents, n_terms)
    terms : ndarray of str, shape (n_terms,)
    baseline : Baseline
    """
    here, there = _joined(counts, terms, baseline)
    compared = ~pd.Index(np.union1d(np.asarray(terms, dtype=object), baseline.terms)).isin(list(_names_of_places()))
    unit = [weighted_rows(part[:, compared], np.ones(compared.sum())) for part in (here, there)]
    alike = sparse.csr_array(unit[1] @ unit[0].T)
    return np.asarray(alike.max(axis=1).todense()).ravel() >= SAME


@functools.cache
def _names_of_places() -> frozenset[str]:
    """Words by which any city or province may be named."""
    provinces = prefectures()
    return local_names(sorted({city for cities in provinces.values() for city in cities}), sorted(provinces))


def against_baseline(
    counts: sparse.csr_array,
    terms: npt.NDArray[Any],
    documents: npt.ArrayLike,
    labels: npt.ArrayLike,
    group: str,
    baseline: Baseline,
    left_out: Collection[str] = (),
    min_df: int = 1,
    **settings: Any,
) -> pd.DataFrame:
    """How a group's use of each term differs from that of a baseline's documents: the table of `keyness.keyness`.

    Parameters
    ----------
    counts : sparse array, shape (n_paragraphs, n_terms)
        Of all words that count, however rare.
    terms : ndarray of str, shape (n_terms,)
    documents, labels : sequence, length n_paragraphs
    group : str
    baseline : Baseline
    left_out : collection of str
        Words that are counted on neither side.
    min_df : int
        Paragraphs of the group that must have a term that the baseline lacks.
    **settings
        Of `keyness.keyness`.

    Returns
    -------
    DataFrame
    """
    mine = np.asarray(labels, dtype=object) == group
    part = sparse.csr_array(counts)[mine]
    here, there = _joined(part, terms, baseline)
    every = np.union1d(np.asarray(terms, dtype=object), baseline.terms)
    held = np.bincount(here.indices, minlength=len(every))
    keep = ~pd.Index(every).isin(list(left_out))
    both = sparse.vstack([here, there]).tocsr()[:, keep]
    shown = np.asarray(there.sum(axis=0)).astype(bool)[keep] | (held >= min_df)[keep]
    names = np.concatenate([np.asarray(documents, dtype=object)[mine], [f"{_REST} {i}" for i in range(there.shape[0])]])
    side = np.array([group] * here.shape[0] + [_REST] * there.shape[0], dtype=object)
    sizes = np.asarray(both.sum(axis=1))
    return keyness(both[:, shown], every[keep][shown], names, side, group, _REST, sizes=sizes, **settings)


def _joined(
    counts: sparse.csr_array, terms: npt.NDArray[Any], baseline: Baseline
) -> tuple[sparse.csr_array, sparse.csr_array]:
    """Counts of both over the terms of either, in order of code points."""
    every = np.union1d(np.asarray(terms, dtype=object), baseline.terms)
    parts = []
    for part, words in ((counts, terms), (baseline.counts, baseline.terms)):
        cells = sparse.coo_array(part)
        rows, columns = cells.coords
        columns = np.searchsorted(every, np.asarray(words, dtype=object))[columns]
        parts.append(sparse.coo_array((cells.data, (rows, columns)), shape=(part.shape[0], len(every))).tocsr())
    return parts[0], parts[1]
