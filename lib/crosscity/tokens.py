"""Words: jieba's segmentation with a domain dictionary, and the stop list."""

import logging
import re
from pathlib import Path

from . import RESOURCES, CrosscityError
from .decoding import decode

_WORD = re.compile("[0-9A-Za-z\u3400-\u9fff]")


class Tokenizer:
    """jieba with the domain dictionary, and a study's own terms where it brings some.

    Parameters
    ----------
    dictionary : str or Path, optional
        A file of further terms: one a line, what follows a tab is ignored, as are lines that begin with #.
    hmm : bool
        Whether jieba may guess words that no dictionary has. Off by default: on public test sets it costs more words
        than it finds.
    """

    def __init__(self, dictionary=None, hmm=False):
        import jieba

        jieba.setLogLevel(logging.WARNING)
        self.hmm = hmm
        self._jieba = jieba.Tokenizer()
        # Built from the dictionary each time: jieba's own cache lies in a temporary folder that others can write to.
        self._jieba.FREQ, self._jieba.total = self._jieba.gen_pfdict(self._jieba.get_dict_file())
        self._jieba.initialized = True
        for term in [*domain_terms(), *(read_terms(dictionary) if dictionary else [])]:
            self._jieba.add_word(term)

    def words(self, text):
        """Words of a text in order, punctuation and spaces left out."""
        return [w for w in self._jieba.cut(text, HMM=self.hmm) if _WORD.search(w)]


def domain_terms():
    """Terms of the shipped domain dictionary, in order."""
    return read_terms(RESOURCES / "dictionary.tsv")[1:]


def read_terms(path):
    """Terms of a file: the first column of each line, unless it is empty or the line begins with #."""
    path = Path(str(path))
    if not path.is_file():
        msg = f"{path} is not there: give the file of terms, one a line"
        raise CrosscityError(msg)
    data = path.read_bytes()
    lines = decode(data, path)[0].splitlines() if data.strip() else []
    terms = [line.split("\t")[0].strip() for line in lines if not line.startswith("#")]
    return [term for term in terms if term]


def stop_words(extra=None):
    """The shipped stop list and a study's own, as a frozenset."""
    return frozenset([*read_terms(RESOURCES / "stopwords.txt"), *(read_terms(extra) if extra else [])])
