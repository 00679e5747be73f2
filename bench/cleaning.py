"""How fast cleaning is, and whether it stays linear: on a corpus once, ten and fifty times, and on one long document.

    make bench                      the city reports where they are at hand, else the embedded documents
    python bench/cleaning.py FOLDER [TIMES ...]

Copies differ: their paragraphs are shuffled and their digits changed. One process; time of the processor. The
alternative is what one does without this suite (html.unescape, a regular expression for bracketed pinyin, OpenCC on
every text), on the same copies in the same run. Machines differ: compare the ratios.
"""

import html
import random
import re
import sys
import time
from pathlib import Path

from crosscity.characters import PINYIN, simplify
from crosscity.cleaning import clean
from crosscity.corpus import read_corpus
from crosscity.structure import classify

PROJECT = Path(__file__).resolve().parents[1]
REPORTS = PROJECT.parent / "shared" / "corpora" / "city-reports-2024"
_PINYIN = re.compile(f"[(（]{PINYIN}[)）]")


def copies(texts, times):
    """Each text as often as asked, no two alike."""
    rng = random.Random(1)
    for _ in range(times):
        for text in texts:
            lines = text.split("\n")
            rng.shuffle(lines)
            yield re.sub("[0-9]", lambda _: str(rng.randrange(10)), "\n".join(lines))


def suite(text):
    """What the suite does with a document between reading it and cutting it into words."""
    classify([line for line in clean(text).text.split("\n") if line])


def alternative(text):
    """What one does without it."""
    simplify(_PINYIN.sub("", html.unescape(text)))


def measure(texts):
    """Megabytes of UTF-8, and seconds of the processor for the suite and for the alternative."""
    size, spent = 0, {suite: 0.0, alternative: 0.0}
    for text in texts:
        size += len(text.encode())
        for function in spent:
            start = time.process_time()
            function(text)
            spent[function] += time.process_time() - start
    return size / 1e6, spent[suite], spent[alternative]


def main(arguments):
    """Measure, and print a table."""
    folder = Path(arguments[0]) if arguments else REPORTS if REPORTS.is_dir() else PROJECT / "data" / "raw"
    times = [int(n) for n in arguments[1:]] or [1, 10, 50]
    texts = [source.text for source in read_corpus(folder)[0]]
    measure(texts[:2])  # whatever is loaded once is loaded
    print(f"cleaning {folder.name}: {len(texts)} documents")
    print(
        f"{'':<28}{'MB':>8}{'seconds':>9}{'MB/s':>7}{'time per MB, to the first':>27}{'time, to the alternative':>26}"
    )
    first = None
    whole = "\n".join(texts)
    rows = [(f"{n} times", copies(texts, n)) for n in times]
    rows += [(f"one document, {n} times", ["\n".join(copies([whole], n))]) for n in times[:2]]
    for name, made in rows:
        size, ours, others = measure(made)
        first = first or ours / size
        print(
            f"{name:<28}{size:>8.1f}{ours:>9.1f}{size / ours:>7.1f}{ours / size / first:>27.2f}{ours / others:>26.2f}",
            flush=True,
        )


if __name__ == "__main__":
    main(sys.argv[1:])
