"""One stage, in this process, timed: python bench/one.py STAGE FOLDER prints rows as JSON.

What is loaded once is loaded before the watch runs; documents are held one at a time where the suite does so.
"""

import hashlib
import html
import json
import random
import re
import sys
import time
from pathlib import Path

MIN_DF, TOPICS = 3, 8  # as the notebooks have them


class Watch:
    """Wall time and time of the processor of what runs under it, added up."""

    def __init__(self):
        self.wall = self.cpu = 0.0
        self._from = None

    def __enter__(self):
        self._from = time.perf_counter(), time.process_time()

    def __exit__(self, *_):
        self.wall += time.perf_counter() - self._from[0]
        self.cpu += time.process_time() - self._from[1]

    def row(self, **more):
        """What was measured, and more, as a row."""
        return {"wall": self.wall, "cpu": self.cpu, **more}


def copies(texts, times):
    """Each text as often as asked, no two alike: first as it is, then with paragraphs shuffled and digits changed."""
    rng = random.Random(1)
    yield from texts
    for _ in range(times - 1):
        for text in texts:
            lines = text.split("\n")
            rng.shuffle(lines)
            yield re.sub("[0-9]", lambda _: str(rng.randrange(10)), "\n".join(lines))


def copy(folder, out, times):
    """Write copies of a corpus, a file a document; without a manifest, so that documents can be added."""
    from crosscity.documents.corpus import read_corpus

    sources = read_corpus(folder)[0]
    Path(out).mkdir(parents=True)
    for n, text in enumerate(copies([s.text for s in sources], int(times))):
        turn, number = divmod(n, len(sources))
        name = f"{sources[number].doc_id}{f'-{turn}' if turn else ''}.txt"
        (Path(out) / name).write_text(text, encoding="utf-8", newline="")
    return []


def _texts(folder):
    """One document's text after another."""
    from crosscity.documents.corpus import iter_documents, read_document

    return (read_document(found).source.text for found in iter_documents(folder)[0])


def read(folder):
    """Every document decoded."""
    from crosscity.documents.corpus import read_corpus

    with (watch := Watch()):
        read_corpus(folder)
    return [watch.row()]


def _clean(text):
    from crosscity.documents.cleaning import clean
    from crosscity.documents.structure import classify

    cleaned = clean(text).text
    classify([line for line in cleaned.split("\n") if line])
    return cleaned


def _clean_usually(text):
    """html.unescape, a regular expression for bracketed pinyin, OpenCC on every text."""
    from crosscity.documents.characters import PINYIN, simplify

    return simplify(re.sub(f"[(（]{PINYIN}[)）]", "", html.unescape(text)))


def _each(texts, function):
    function("今年修路（lù）2公里。")  # whatever is loaded once is loaded
    watch = Watch()
    for text in texts:
        with watch:
            function(text)
    return [watch.row()]


def cut(folder, engine):
    """The words of every cleaned document, with a checksum of them."""
    from crosscity.documents.cleaning import clean
    from crosscity.words.tokens import Tokenizer

    tokenizer, watch, digest, n = Tokenizer(engine=engine), Watch(), hashlib.sha256(), 0
    texts = [clean(text).text for text in _texts(folder)]
    for text in texts[:20]:  # a processor that has just done something else is slow at first
        tokenizer.cut(text)
    with watch:
        for text in texts:
            tokenizer.cut(text)
    for text in texts:
        words = tokenizer.cut(text)
        digest.update("\0".join([*words, ""]).encode())
        n += len(words)
    return [watch.row(tokens=n, words=digest.hexdigest()[:16])]


def word_lists(folder):
    """What the table of tokens holds, paragraph by paragraph."""
    from crosscity.documents.cleaning import clean
    from crosscity.words.tokens import Tokenizer

    tokenizer, watch = Tokenizer(), Watch()
    for text in _texts(folder):
        lines = [line for line in clean(text).text.split("\n") if line]
        with watch:
            tokenizer.word_lists(lines)
    return [watch.row()]


def vectorize(tables, fit=False):
    """Counts of terms from the table of tokens; or topics from these."""
    from crosscity.tables.store import read_table
    from crosscity.topics.models import fit as fit_topics
    from crosscity.words.matrix import count_matrix

    tokens = read_table("tokens", tables)["tokens"]
    with (watch := Watch()):
        counts, terms = count_matrix(tokens, min_df=MIN_DF)
    if fit:
        del tokens
        with (watch := Watch()):
            fit_topics(counts, terms, TOPICS)
    return [watch.row()]


def floor(folder):
    """The least that has to be done, by the fastest parts there are: what a stage adds to it is its own."""
    import rjieba
    from sklearn.decomposition import NMF
    from sklearn.feature_extraction.text import TfidfVectorizer

    watches = {step: Watch() for step in ("read", "clean", "tokenize", "vectorize", "topics")}
    rjieba.cut("修路", hmm=False)
    with watches["read"]:
        texts = [path.read_text(encoding="utf-8") for path in sorted(Path(folder).glob("*.txt"))]
    with watches["clean"]:
        lines = [line for text in texts for line in map(str.strip, html.unescape(text).split("\n")) if line]
    with watches["tokenize"]:
        words = [rjieba.cut(line, hmm=False) for line in lines]
    with watches["vectorize"]:
        words = [[word for word in line if len(word) > 1] for line in words]
        matrix = TfidfVectorizer(analyzer=list, min_df=MIN_DF).fit_transform(words)
    with watches["topics"]:
        NMF(TOPICS, init="nndsvda", random_state=1).fit(matrix)
    return [watch.row(stage=f"floor: {step}") for step, watch in watches.items()]


STAGES = {
    "copy": copy,
    "read": read,
    "clean": lambda folder: _each(_texts(folder), _clean),
    "clean, usual way": lambda folder: _each(_texts(folder), _clean_usually),
    "clean one document": lambda folder: _each(["\n".join(_texts(folder))], _clean),
    "tokenize": lambda folder: cut(folder, "rjieba"),
    "tokenize, jieba": lambda folder: cut(folder, "jieba"),
    "word lists": word_lists,
    "vectorize": vectorize,
    "topics": lambda tables: vectorize(tables, fit=True),
    "floor": floor,
}


if __name__ == "__main__":
    print(json.dumps(STAGES[sys.argv[1]](*sys.argv[2:])))
