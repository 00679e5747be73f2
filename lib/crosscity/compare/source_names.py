"""Programmes and slogans of sources that documents name."""

from __future__ import annotations

import functools
import re
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ..facts import central, is_numbered
from ..files import read_tsv
from .sources import is_recent, order_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping
    from typing import Any

    import pandas as pd

    from .sources import Days, Texts

SHORT_NAME = 4  # characters of a name that is another's as part of a longer one
SHORT = 3  # characters of a name that must stand in quotation marks, unless it is known as the centre's
_MARK = re.compile("[“”‘’「」『』\"'＂„‟、·\\s]|\\[\\d{1,3}\\]")  # [17] is a note's number
_WIDTH = str.maketrans("（），：；！？＋﹢％", "(),:;!?++%")
_OPENS, _CLOSES = tuple("“‘「『\"'＂„"), re.compile("(?:\\[\\d{1,3}\\])?[”’」』\"'＂‟]")
_QUOTED = re.compile('[“‘「『"＂]([^“”‘’「」『』"＂，。；：？！,;:?!]{2,10})[”’」』"＂]')
_ENGINEER = re.compile("(?<=工程)(?:师|技术)|(?<=计划)生育")


class _Name(NamedTuple):
    """A name that is looked for.

    Attributes
    ----------
    written : str
    is_open : bool
        Whether it counts without quotation marks, which short and numbered ones need, as others may have one like it.
    year : int
        Of the central document that it is known from; 0 if none is.
    """

    written: str
    is_open: bool
    year: int


class _Names:
    """Names that are looked for: of sources' programmes, what they put in quotation marks, facts/resources/central.tsv.

    Parameters
    ----------
    programmes : DataFrame
        Column canonical.
    texts : iterable of str
        Of sources.
    """

    def __init__(self, programmes: pd.DataFrame, texts: Iterable[str]) -> None:
        self.known: dict[str, _Name] = {}
        for name, programme in central().items():
            self.known[_plain(name)] = _Name(name, programme.where == "any", int(programme.year or 0))
        for written in sorted(set(programmes["canonical"])):
            name = _plain(written)
            if len(name) > 1 and name not in self.known and not _no_programme().fullmatch(name):
                is_brief = is_numbered(name) or len(name) <= SHORT
                self.known[name] = _Name(written, not is_brief, 0)
        for written in sorted({m.group(1) for text in texts for m in _QUOTED.finditer(text)}):
            name = _plain(written)
            if len(name) > 1 and name not in self.known and not _no_programme().fullmatch(name):
                self.known[name] = _Name(written, False, 0)
        lengths: defaultdict[str, set[int]] = defaultdict(set)
        for name in self.known:
            lengths[name[:2]].add(len(name))
        self.lengths = {head: sorted(sizes, reverse=True) for head, sizes in lengths.items()}

    def mentions(self, text: str) -> Iterator[tuple[str, int, int]]:
        """Names in a text and their places, none within another; of those that begin alike the longest."""
        marks = {i for m in _MARK.finditer(text) for i in range(*m.span())}
        at = [i for i in range(len(text)) if i not in marks]
        plain = "".join(text[i] for i in at).translate(_WIDTH)
        end_of_last = 0
        for i in range(len(plain) - 1):
            sizes = self.lengths.get(plain[i : i + 2], ()) if i >= end_of_last else ()
            for size in sizes:
                name = plain[i : i + size]
                if len(name) < size or name not in self.known or _ENGINEER.match(plain, i + size):
                    continue
                start, end = at[i], at[i + size - 1] + 1
                quoted = text[start - 1 : start] in _OPENS and bool(_CLOSES.match(text, end))
                if self.known[name].is_open or quoted:
                    yield name, start, end
                    end_of_last = i + size
                    break


def _plain(text: str) -> str:
    return _MARK.sub("", text.translate(_WIDTH))


def named_programmes(texts: Texts, dates: Mapping[str, Days | None], copies: Collection[str]) -> list[tuple[Any, ...]]:
    """Rows of programmes that sources name and documents do."""
    sources = set(texts.sources)
    of_sources = texts.paragraphs.loc[texts.paragraphs["doc_id"].isin(sources), "text"]
    names = _Names(texts.programmes[texts.programmes["doc_id"].isin(sources)], of_sources)
    mentions: defaultdict[str, list[tuple[str, int, int, int]]] = defaultdict(list)
    longer = _longer_names(texts.programmes)
    for row in texts.paragraphs[["doc_id", "paragraph", "text"]].itertuples(index=False):
        others = longer.get((row.doc_id, row.paragraph), [])
        for name, start, end in names.mentions(row.text):
            if not any(a <= start and end <= b and _is_another(name, other) for a, b, other in others):
                mentions[name].append((row.doc_id, row.paragraph, start, end))
    rows = []
    for name in sorted(mentions):
        first_of: dict[str, tuple[str, int, int, int]] = {}
        for place in mentions[name]:
            first_of.setdefault(place[0], place)
        have = [d for d in texts.sources if d in first_of]
        dated = sorted((span, d) for d in have if (span := dates[d]))
        if not have:
            continue
        first = dated[0][1] if dated else have[0]
        for doc_id, place in first_of.items():
            if doc_id in sources or doc_id in copies:
                continue
            before = [d for _, d in dated if order_of(dates[d], dates[doc_id]) == "earlier"]
            if before and not is_recent(dates[before[-1]], dates[doc_id], names.known[name].year):
                continue
            source = before[-1] if before else first
            order = order_of(dates[first], dates[doc_id])
            written = names.known[name].written
            rows.append(("n" + name, "programme", written, *place, *first_of[source], first, tuple(have), 1.0, order))
    return rows


def _is_another(name: str, longer: str) -> bool:
    """Whether a longer name is another programme's: 抗震安居工程 is no 安居工程, but 河湖长制+六水共治 is 河湖长制."""
    before, found, behind = longer.partition(name)
    return bool(found) and len(name) <= SHORT_NAME and any(map(str.isalnum, (before[-1:], behind[:1])))


def _longer_names(programmes: pd.DataFrame) -> dict[tuple[str, int], list[tuple[int, int, str]]]:
    """What documents name, by paragraph: the places, with a margin for quotation marks, and the names."""
    found: defaultdict[tuple[str, int], list[tuple[int, int, str]]] = defaultdict(list)
    columns = ["doc_id", "paragraph", "start", "end", "canonical"]
    for row in programmes.reindex(columns=columns).itertuples(index=False):
        found[row.doc_id, row.paragraph].append((row.start - 1, row.end + 1, _plain(row.canonical)))
    return found


@functools.cache
def _no_programme() -> re.Pattern[str]:
    """What is no programme, whatever its form (resources/no-programmes.tsv)."""
    rows = read_tsv(Path(__file__).with_name("resources") / "no-programmes.tsv")
    return re.compile("|".join(f"(?:{expression})" for expression, _ in rows))
