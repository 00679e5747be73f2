"""Counterparts: what each other voice says on the same as a sentence.

Sentences are compared by their words, weighted by how rare each is, and by the instruments and indicators that they
name, which match whatever a document calls them. How rare a word is, is known from a large corpus of government
documents (resources/document-frequencies.tsv: counts only), and from the documents at hand.
"""

from __future__ import annotations

import functools
import itertools
import re
from array import array
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd
from scipy import sparse

from ..chinese import HAN, STATEMENT_END
from ..words import stop_words
from ..words.codes import encode, token_starts

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

LEAST = 0.12  # score below which a voice says nothing on the same
UNMARKED = 1.6  # times that, where two sentences share no instrument and no indicator
DAMPED = 12.0  # about the length of a sentence of seven rare words: short ones must share more to score as high
TRIED = 400  # sentences that are tried as the one that most speak of
SHOWN = 6  # words that a row names
PRIOR = 200  # sentences by which the share of a few is held back: a word in two of three is not common
RAREST = 1 / 400  # share below which a word weighs no more
MARK = 1.6  # weight of an instrument or indicator, beside a word as rare
SHORTEST = 8  # Chinese characters of a sentence that is compared
COLUMNS = ["voice", "rank", "score", "shared", "doc_id", "paragraph", "start", "end", "text"]
_READ = ["voice", "doc_id", "paragraph", "text"]
_MARKED = "*"  # before instruments and indicators among the features
_TERM = re.compile(f"[{HAN}]{{2,}}")
_HAN = re.compile(f"[{HAN}]")


class Background(NamedTuple):
    """In how many of n paragraphs of a large corpus each word stands."""

    n: int
    counts: dict[str, int]


@functools.cache
def background() -> Background:
    """The shipped document frequencies."""
    path = Path(__file__).with_name("resources") / "document-frequencies.tsv"
    first, *lines = path.read_text(encoding="utf-8").splitlines()
    pairs = (line.split("\t") for line in lines)
    return Background(int(first.split("\t")[1]), {word: int(n) for word, n in pairs})


@dataclass(frozen=True, eq=False)
class Sentences:
    """Sentences with their weights.

    Attributes
    ----------
    rows : DataFrame
        voice, doc_id, paragraph, start, end, text.
    weights : sparse array, shape (n_sentences, n_features)
        Below length 1 by `DAMPED`, so that products of rows are cosines, smaller for short sentences.
    features : list of str
    """

    rows: pd.DataFrame
    weights: sparse.csr_array
    features: list[str]

    @functools.cached_property
    def marked(self) -> npt.NDArray[np.bool_]:
        """Which features are instruments and indicators."""
        return np.array([f.startswith(_MARKED) for f in self.features], dtype=bool)

    @functools.cached_property
    def of_marks(self) -> sparse.csr_array:
        """The weights of these features."""
        return self.weights[:, self.marked]


def weigh(paragraphs: pd.DataFrame, marks: pd.DataFrame) -> Sentences:
    """The sentences of paragraphs, weighed.

    Parameters
    ----------
    paragraphs : DataFrame
        voice, doc_id, paragraph, text, tokens (in the order of the text).
    marks : DataFrame
        doc_id, paragraph, start, mark: where an instrument or indicator is named.
    """
    marked: defaultdict[tuple[str, int], list[tuple[int, str]]] = defaultdict(list)
    for doc_id, number, place, mark in marks[["doc_id", "paragraph", "start", "mark"]].itertuples(index=False):
        marked[doc_id, number].append((place, _MARKED + mark))
    stop, column = stop_words(), dict[str, int]()
    words, at_word = encode(paragraphs["tokens"]), 0
    names = [w if _TERM.fullmatch(w) and w not in stop else "" for w in words.vocabulary]
    places = token_starts(paragraphs["text"].tolist(), words)
    # Of each sentence its paragraph, its span, its text and where its features end: rows of objects take much room.
    of, starts, stops, ends, features = (array(kind) for kind in "iiiqi")
    texts: list[str] = []
    lengths = words.lengths.tolist()
    for i, (p, length) in enumerate(zip(paragraphs[_READ].itertuples(index=False), lengths, strict=True)):
        own = slice(at_word, at_word := at_word + length)
        pairs = zip(places[own].tolist(), words.codes[own].tolist(), strict=True)
        at = [(place, names[code]) for place, code in pairs if names[code] and place >= 0]
        at += marked[p.doc_id, p.paragraph]
        for start, end in _spans(p.text):
            text = p.text[start:end].strip()
            if len(_HAN.findall(text)) < SHORTEST:
                continue
            of.append(i)
            starts.append(start)
            stops.append(end)
            texts.append(text)
            said = {word for place, word in at if start <= place < end}
            features.extend(column.setdefault(word, len(column)) for word in said)
            ends.append(len(features))
    table = paragraphs[["voice", "doc_id", "paragraph"]].take(np.array(of)).reset_index(drop=True)
    table = table.assign(start=np.array(starts, np.int64), end=np.array(stops, np.int64), text=texts)
    del words, places, texts
    return Sentences(table, *_weights(np.array(features, np.int32), np.array([0, *ends]), list(column)))


def _spans(text: str) -> list[tuple[int, int]]:
    cuts = [0, *(m.end() for m in STATEMENT_END.finditer(text)), len(text)]
    return [(a, b) for a, b in itertools.pairwise(cuts) if b > a]


def _weights(
    features: npt.NDArray[np.int32], ends: npt.NDArray[np.int64], words: Sequence[str]
) -> tuple[sparse.csr_array, list[str]]:
    """Weights of features, a row a sentence: minus the logarithm of the larger share of texts that have it.

    Parameters
    ----------
    features : ndarray of int
        Numbers of the words of all sentences, each once a sentence.
    ends : ndarray of int, shape (n_sentences + 1,)
        Where those of each sentence begin, and the last end.
    words : sequence of str
        By number.
    """
    names, n, large = sorted(words), len(ends) - 1, background()
    rank = {name: j for j, name in enumerate(names)}
    features = np.array([rank[word] for word in words], np.int32)[features]
    values = []
    for f, count in zip(names, np.bincount(features, minlength=len(names)).tolist(), strict=True):
        share = max((count + 0.5) / (n + PRIOR), large.counts.get(f, 0) / large.n, RAREST)
        values.append(max(-np.log(share) * (MARK if f.startswith(_MARKED) else 1), 0.0))
    ends = ends.astype(np.int32 if ends[-1] < 1 << 31 else np.int64)  # of both kinds, a matrix takes the larger
    matrix = sparse.csr_array((np.zeros(len(features)), features, ends), shape=(n, len(names)))
    matrix.sort_indices()
    matrix.data = np.array(values, dtype=float)[matrix.indices]
    squares = sparse.csr_array((matrix.data**2, matrix.indices, matrix.indptr), shape=matrix.shape).sum(axis=1)
    matrix.data *= np.repeat(1 / np.sqrt(squares + DAMPED**2), np.diff(matrix.indptr))
    return matrix, names


def counterparts(sentences: Sentences, of: Sequence[int], most: int = 3, least: float = LEAST) -> pd.DataFrame:
    """What each other voice says on the same as some sentences of one voice.

    Parameters
    ----------
    sentences : Sentences
    of : list of int
        Rows of the sentences that are asked about.
    most : int
        Sentences of each voice.
    least : float
        Score below which none is given; without a shared instrument or indicator, `UNMARKED` times that.

    Returns
    -------
    DataFrame
        `COLUMNS`, by voice, the one that says most on it first, then by rank; shared: what both name, the weightiest
        first. A voice that says nothing on it has no row.
    """
    rows, weights = sentences.rows, sentences.weights
    asked = sparse.csr_array(weights[list(of)].max(axis=0).toarray().reshape(1, -1))
    asked = asked / max(1.0, float(np.sqrt(asked.multiply(asked).sum())))  # of a paragraph: no longer than a sentence
    scores = _scores(sentences, asked, least).toarray().ravel()
    found = rows.assign(score=scores.round(6), row=range(len(rows)))
    found = found[(found["voice"] != rows["voice"].iloc[of[0]]) & (found["score"] > 0)]
    found = found.sort_values(["score", "row"], ascending=[False, True], kind="stable")
    found["rank"] = found.groupby("voice", sort=False).cumcount() + 1
    found = found[found["rank"] <= most]
    shared = []
    for i in found["row"]:
        product = weights[[i]].multiply(asked).tocoo()
        best = sorted(zip(-product.data, product.coords[-1], strict=True))
        names = (sentences.features[j].removeprefix(_MARKED) for v, j in best if v < 0)
        shared.append(list(dict.fromkeys(names))[:SHOWN])
    order = {voice: k for k, voice in enumerate(dict.fromkeys(found["voice"]))}
    found = found.assign(shared=shared, k=found["voice"].map(order)).sort_values(["k", "rank"], kind="stable")
    return found[COLUMNS].reset_index(drop=True)


def _scores(sentences: Sentences, asked: sparse.csr_array, least: float) -> sparse.csr_array:
    """Scores of all sentences with those asked about, shape (n_sentences, n_asked); 0 where they are too low."""
    marked = sentences.marked
    scores = sparse.csr_array(sentences.weights @ asked.T)
    both = (sentences.of_marks @ asked[:, marked].T) > 0
    low, high = scores >= least, scores >= UNMARKED * least
    return sparse.csr_array(scores.multiply(both.multiply(low).maximum(high)))


def widest(sentences: Sentences, least: float = LEAST) -> int | None:
    """The row of the sentence on which most other voices say something, and among those the most; None if none do.

    Those that name an instrument or indicator are tried, of many some at even distances: the rest may be courtesies.
    """
    named = np.flatnonzero(np.asarray(sentences.of_marks.sum(axis=1)).ravel() > 0)
    n = len(named)
    tried = named[np.unique(np.linspace(0, n - 1, min(n, TRIED)).astype(int))] if n else []
    voices = pd.factorize(sentences.rows["voice"])[0]
    best: tuple[int, float, int] | None = None
    for i in tried:
        scores = _scores(sentences, sentences.weights[[i]], least).toarray().ravel()
        at = np.flatnonzero((scores > 0) & (voices != voices[i]))
        if len(at):
            tops = pd.Series(scores[at]).groupby(voices[at]).max()
            key = (len(tops), round(float(tops.sum()), 9), -int(i))
            best = max(best, key) if best else key
    return None if best is None else -best[2]
