"""Words that say the same as another: read from a table, and counted together where that is asked for."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from .codes import encode

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from .codes import WordCodes

_SHIPPED = Path(__file__).with_name("resources") / "variants.tsv"


@functools.cache
def read_variants() -> dict[str, str]:
    """The canonical term of each variant, of the shipped table."""
    table = pd.read_csv(_SHIPPED, sep="\t", comment="#", dtype=str, keep_default_na=False)
    pairs = zip(table["canonical"], table["variants"].str.split(), strict=True)
    return {variant: canonical for canonical, variants in pairs for variant in variants}


def join_variants(tokens: Collection[Sequence[str]] | WordCodes) -> WordCodes:
    """The words of paragraphs, each variant as its canonical term."""
    canonical, words = read_variants(), encode(tokens)
    return words.renamed([canonical.get(word, word) for word in words.vocabulary])


def variants_among(terms: Iterable[str]) -> dict[str, list[str]]:
    """The variants among some words, by canonical term, in the order of the table."""
    held = set(terms)
    found: dict[str, list[str]] = {}
    for variant, canonical in read_variants().items():
        if variant in held:
            found.setdefault(canonical, []).append(variant)
    return found
