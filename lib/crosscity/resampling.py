"""What is drawn again (paragraphs of a document, documents of a group, orders of labels), and work done many times."""

from __future__ import annotations

import os
import re
import sys
import time
from math import ceil, isqrt
from typing import TYPE_CHECKING, Any

import numpy as np

from .language import called, tr

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    import numpy.typing as npt

FEWEST = 8  # paragraphs of a document that get an interval


def run_length(n: int) -> int:
    """Length of a run of n neighbours: sqrt(n), rounded up.

    The order that is best for a variance is n ** (1/3) (Hall, Horowitz and Jing 1995); with the few dozen paragraphs of
    a document its intervals cover too rarely (bench/coverage.py: 0.90 for 0.95, and 0.94 with the root).
    """
    return isqrt(max(n, 1) - 1) + 1


def runs(n: int, rng: np.random.Generator) -> npt.NDArray[Any]:
    """Of 0 .. n - 1, n, in circular runs, so that each is drawn as often (Politis and Romano 1992)."""
    length = run_length(n)
    return ((rng.integers(n, size=ceil(n / length))[:, None] + np.arange(length)) % n).ravel()[:n]


def resample(documents: Sequence[npt.NDArray[Any]], rng: np.random.Generator) -> npt.NDArray[Any]:
    """Paragraphs of a group, drawn again.

    Parameters
    ----------
    documents : list of ndarray of int
        The paragraphs of each document, in order.
    rng : numpy.random.Generator

    Returns
    -------
    ndarray of int
        Of several documents, as many, drawn with replacement and kept whole; of one, as many paragraphs, in runs.
    """
    if len(documents) == 1:
        return documents[0][runs(len(documents[0]), rng)]
    return np.concatenate([documents[i] for i in rng.integers(len(documents), size=len(documents))])


def arrangements(labels: list[Any]) -> Iterator[list[Any]]:
    """All distinct orders of a list, each once."""
    if not labels:
        yield []
    for i in sorted({x: i for i, x in enumerate(labels)}.values()):
        yield from ([labels[i], *rest] for rest in arrangements(labels[:i] + labels[i + 1 :]))


def clusters(documents: npt.ArrayLike, least: int = 3, parts: int = 10) -> tuple[npt.NDArray[Any], str]:
    """What is drawn as a whole: documents; in a corpus of fewer than `least`, consecutive parts of each.

    Parameters
    ----------
    documents : sequence of str, length n_paragraphs
        A document's paragraphs in their order.
    least, parts : int

    Returns
    -------
    labels : ndarray of str, shape (n_paragraphs,)
    unit : str
        "documents" or "tenths of a document", for sentences.
    """
    documents = np.asarray(documents, dtype=object)
    names = set(documents)
    if len(names) >= least:
        return documents, "documents"
    labels = documents.copy()
    for name in names:
        at = np.flatnonzero(documents == name)
        labels[at] = [f"{name} {i * parts // len(at)}" for i in range(len(at))]
    return labels, "tenths of a document"


def each(
    function: Callable[..., Any], arguments: Sequence[tuple[Any, ...]], what: str, jobs: int | None = None
) -> list[Any]:
    """Results of function(*arguments[i]), in order, with a bar where CROSSCITY_PROGRESS is set.

    Parameters
    ----------
    function : callable
    arguments : list of tuples
    what : str
        The name of the bar.
    jobs : int, optional
        Processes. Left out, it is one if, by the second call, all take less than ten seconds, else one a processor:
        processes take seconds to start. The results are the same.
    """
    from joblib import Parallel, delayed
    from tqdm import tqdm

    quiet = not os.environ.get("CROSSCITY_PROGRESS")
    bar = tqdm(total=len(arguments), desc=what, disable=quiet, leave=False, file=sys.stderr, mininterval=1, ncols=72)
    done: list[Any] = []
    while jobs is None and arguments:  # the first call also loads what it needs
        start, done = time.perf_counter(), [*done, function(*arguments[0])]
        arguments = arguments[1:]
        _ = bar.update()
        if len(done) == 2:
            jobs = 1 if (time.perf_counter() - start) * len(arguments) < 10 else -1
    for result in Parallel(n_jobs=jobs or 1, return_as="generator")(delayed(function)(*a) for a in arguments):
        done.append(result)
        _ = bar.update()
    bar.close()
    return done


def scope_told(scope: str) -> str:
    """What an interval speaks of, or why there is none, in the run's language; of the column speaks_of."""
    one, against, other = scope.partition(", against ")
    if against:
        return tr("{a}, against {b}", a=scope_told(one), b=scope_told(other))
    if found := re.fullmatch(r"(\d+) paragraphs; an interval needs (\d+)", scope):
        return tr("{n} paragraphs; an interval needs {least}", n=found[1], least=found[2])
    return called("speaks_of", scope)
