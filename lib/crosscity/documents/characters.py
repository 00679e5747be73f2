"""Chinese characters: simplified forms, readings, and probabilities of one after another."""

from __future__ import annotations

import functools
import itertools
import math
import re
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ..files import read_records, read_tsv

if TYPE_CHECKING:
    from typing import Any

    import numpy.typing as npt

PINYIN = "[a-zāáǎàēéěèêīíǐìōóǒòūúǔùüǖǘǚǜńňǹḿ]{1,7}"
_TONES = str.maketrans("āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜńňǹḿ", "aaaaeeeeiiiioooouuuuüüüünnnm")


_MARKS = re.compile("\\W+")


def line_key(line: str) -> str:
    """The letters and digits of a line: the same for lines that differ only in marks and spaces."""
    return _MARKS.sub("", line)


@functools.cache
def _converter() -> Any:
    import opencc

    return opencc.OpenCC("t2s")


@functools.cache
def _variants() -> dict[int, str]:
    """Forms of Hong Kong, Taiwan and old print that OpenCC leaves as they are: 衞, 粧, 靑."""
    rows = read_records(Path(__file__).with_name("resources") / "character-forms.tsv")
    return {int(row["code"], 16): row["character"] for row in rows if row["form"] == "variant"}


def simplify(text: str) -> str:
    """Traditional to simplified characters by OpenCC, by phrases too; the aspect particle 著 stays."""
    return _converter().convert(text.translate(_variants()))


_FIRST, _LAST = 0x4E00, 0x9FFF


@functools.cache
def _changes() -> npt.NDArray[Any]:
    """Whether `simplify` changes a character, by its code from 一 on."""
    characters = [chr(code) for code in range(_FIRST, _LAST + 1)]
    simple = simplify("\n".join(characters)).split("\n")
    return np.array([a != b for a, b in zip(characters, simple, strict=True)])


def count_traditional(text: str) -> tuple[int, int]:
    """The number of Chinese characters of a text that `simplify` changes, and the number of all."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    codes = codes[(codes >= _FIRST) & (codes <= _LAST)] - _FIRST
    return int(_changes()[codes].sum()), len(codes)


@functools.lru_cache(maxsize=20_000)
def is_reading(character: str, pinyin: str) -> bool:
    """Whether pypinyin has this reading of a character, with or without tone marks."""
    from pypinyin import Style
    from pypinyin import pinyin as readings

    known = set()
    for form in {character, simplify(character)}:
        known |= set(readings(form, style=Style.TONE, heteronym=True)[0])
    plain = {r.translate(_TONES) for r in known}
    return pinyin in known or pinyin.translate(_TONES) in plain


def log_likelihood(text: str) -> float:
    """Sum of the log-probabilities of each character given the one before it; the first does not count."""
    return math.fsum(log_probability(a, b) for a, b in itertools.pairwise(text))


@functools.cache
def log_frequency(character: str) -> float:
    """Log-probability of a character by the shipped counts, in which traditional forms count as simplified."""
    single, _, total = _model()
    return math.log((single.get(_simple(character), 0) + 0.02) / (total + 200))


@functools.lru_cache(maxsize=200_000)
def log_probability(first: str, second: str) -> float:
    """log P(second | first): the share of the second among followers of the first, mixed with its own frequency.

    The share weighs n / (n + 40) where the first has n occurrences.
    """
    single, pairs, _ = _model()
    a, b = _simple(first) if first else "", _simple(second)
    known = single.get(a, 0)
    if not known:
        return log_frequency(second)
    weight = known / (known + 40)
    share = pairs[a].get(b, 0) / known
    return math.log(weight * share + (1.02 - weight) * math.exp(log_frequency(second)))


@functools.cache
def _model() -> tuple[dict[str, int], dict[str, dict[str, int]], int]:
    """Counts of characters, counts of pairs by first character, and the total of characters."""
    single, pairs = {}, {}
    rows = read_tsv(Path(__file__).with_name("resources") / "characters.tsv", header=False, comment="# ")
    for first, count, following in rows:
        single[first] = int(count)
        pairs[first] = {item[0]: int(item[1:]) for item in following.split(" ") if item}
    return single, pairs, sum(single.values())


@functools.cache
def _simple(character: str) -> str:
    return "着" if character == "著" else simplify(character)
