"""Programmes of a corpus: one name for all spellings of each, and how far it reaches."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, NamedTuple

from ..chinese import HAN, NUMERALS
from ..documents import level_of, prefectures, short_form, simplify
from .programme_words import central

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    import pandas as pd

_DIGITS = dict(zip("123456789", NUMERALS, strict=True)) | {"10": "十"}
_MARKS = re.compile("[\\W_]+")
_GENERIC = "活动|工程|行动|计划|模式|机制|制度|体系|平台|品牌|建设|工作|改革|战略"
_ENDING = re.compile(f"(?:的?(?:系列|专项|实践|主题)?(?:{_GENERIC}))+$")
# 四个一, 三大工程, 十大行动, 六化: too little to tell that two cities mean the same
_BARE_COUNT = re.compile(
    "新?[二三四五六七八九十两双]+(?:[个大项种条件]?.|[个大项种条件](?:.{1,2}|活动|重点|工作|专项|关键|标志性|提升|攻坚)*"
    "(?:工程|行动|计划|举措|任务|项目|体系|平台|活动)?)"
)


def spelling_key(name: str) -> str:
    """A key that the spellings of one programme share.

    Characters are simplified, marks removed, digits before what they count written as numerals (4个一批, 四个一批; 1+6
    stays), and a generic ending removed if three characters remain: 板凳夜话活动 and 板凳夜话, but 三大工程 stays.
    """
    text = simplify(unicodedata.normalize("NFKC", name))
    text = re.sub(f"(?<![\\d+])(10|[1-9])(?=[{HAN}])", lambda digit: _DIGITS[digit.group()], text)
    text = _MARKS.sub("", text.replace("+", "加"))
    stem = _ENDING.sub("", text)
    long_enough = len(stem) > 2 or (len(stem) == 2 and not _BARE_COUNT.fullmatch(text))
    return stem if long_enough and not re.search("[个大项种]$", stem) else text


class _BareCount(NamedTuple):
    """Mentions of a bare count (三大工程) that are one programme: its key, the parts that it counts, and their rows."""

    key: str
    parts: frozenset[str]
    rows: list[int]


def link(mentions: pd.DataFrame, documents: pd.DataFrame) -> pd.DataFrame:
    """Mentions with one name for each programme, and how far the programme reaches.

    What is known decides, and not how many documents there are. A programme is `central` if its name is in the shipped
    list of central programmes (resources/central.tsv), or ends with a name of eight characters or more that is, or if a
    document of the state has it; `provincial` if a document of a province has it, and besides only documents of that
    province's places. Then what the sentences say (`reach.claimed_reach`) decides, by most of the mentions that say
    something: `central`; `provincial`, if its documents are of one province; `own`, if they are of one place, as
    is what has the place's name in its own. What documents of two places have is else `shared`; the rest is `unknown`.
    A place is a document's city, else its province, else the document itself. A bare count (四个一, 三大工程) says too
    little: two of them are one programme only if at least half of their parts are the same.

    Parameters
    ----------
    mentions : DataFrame
        Columns doc_id, name, components, and claimed: as `reach.claimed_reach` has it.
    documents : DataFrame
        Rows of `corpus`: doc_id, city, province, and what else `documents.level_of` reads. Duplicates of another
        document count only for its place.

    Returns
    -------
    DataFrame
        The mentions with columns canonical (the most frequent spelling, ties by name) and reach.
    """
    place = _places(documents)
    levels = {row["doc_id"]: level_of(row) for row in documents.to_dict("records")}
    provinces = _provinces(documents)
    names, doc_ids = list(mentions["name"]), list(mentions["doc_id"])
    keys = {name: spelling_key(name) for name in set(names)}
    central_keys = {spelling_key(name) for name in central()}
    claims = _claims(mentions, place)
    rows_by_key: defaultdict[str, list[int]] = defaultdict(list)
    bare_counts: list[_BareCount] = []
    for row, (name, components) in enumerate(zip(names, mentions["components"], strict=True)):
        key = keys[name]
        if key not in central_keys and _BARE_COUNT.fullmatch(key):
            bare_counts.append(_BareCount(key, frozenset(map(spelling_key, components)), [row]))
        else:
            rows_by_key[key].append(row)
    canonical, reach = [""] * len(names), [""] * len(names)

    def set_columns(rows: list[int], is_identified: bool, is_central: bool) -> None:
        spellings = Counter(names[row] for row in rows)
        best = min(spellings, key=lambda name: (-spellings[name], name))
        homes = {place.get(doc_ids[row], doc_ids[row]) for row in rows}
        is_of_one_province = len({provinces.get(doc_ids[row], "") for row in rows}) == 1
        issuers = {levels.get(doc_ids[row], "") for row in rows} if is_identified else set()
        if is_central or "central" in issuers:
            label = "central"
        elif "provincial" in issuers and is_of_one_province:
            label = "provincial"
        else:
            label = _reach([claims[row] for row in rows], len(homes), is_of_one_province, is_identified)
        for row in rows:
            canonical[row], reach[row] = best, label

    for key, rows in rows_by_key.items():
        endings = (key[i:] for i in range(max(1, len(key) - 7)))
        set_columns(rows, True, any(ending in central_keys for ending in endings))
    for count in _merged(bare_counts):
        set_columns(count.rows, bool(count.parts), False)
    return mentions.assign(canonical=canonical, reach=reach)


def _reach(claims: Sequence[str], n_homes: int, is_of_one_province: bool, is_identified: bool) -> str:
    """The reach that most mentions claim, of those that fit what is known of the documents."""
    fitting = {"central": True, "provincial": is_of_one_province, "own": n_homes == 1}
    counts = Counter(claim for claim in claims if fitting.get(claim, False))
    if counts:
        return max(fitting, key=lambda reach: counts[reach])
    return "shared" if is_identified and n_homes > 1 else "unknown"


def _places(documents: pd.DataFrame) -> dict[str, str]:
    """The place of each document; for a duplicate that of its original."""
    rows = {row["doc_id"]: row for row in documents.to_dict("records")}
    places = {}
    for doc_id, row in rows.items():
        row = rows.get(row.get("duplicate_of") or doc_id, row)
        places[doc_id] = row.get("city") or row.get("province") or row["doc_id"]
    return places


def _provinces(documents: pd.DataFrame) -> dict[str, str]:
    """The province of each document, that of its city where none is stated; else the document itself."""
    homes = {city: home for home, below in prefectures().items() for city in below}
    return {
        row["doc_id"]: short_form(row.get("province") or "") or homes.get(row.get("city") or "", row["doc_id"])
        for row in documents.to_dict("records")
    }


def _merged(bare_counts: Iterable[_BareCount]) -> list[_BareCount]:
    """Bare counts of one key, and with parts like those of the first of them; those without parts together."""
    merged: defaultdict[str, list[_BareCount]] = defaultdict(list)
    for count in bare_counts:
        for first in merged[count.key]:
            if count.parts == first.parts or _are_alike(count.parts, first.parts):
                first.rows.extend(count.rows)
                break
        else:
            merged[count.key].append(count)
    return [count for counts in merged.values() for count in counts]


def _are_alike(one: Collection[str], other: Collection[str]) -> bool:
    """Whether two slogans have at least half of their parts in common."""
    return bool(one) and bool(other) and 2 * len(set(one) & set(other)) >= max(len(one), len(other))


def _claims(mentions: pd.DataFrame, place: Mapping[str, str]) -> list[str]:
    """What each mention claims: own, too, where the name contains that of the place."""
    short = {home: re.sub("[省市县区州盟]$", "", home) for home in place.values()}
    claims = []
    for name, doc_id, claimed in zip(*(mentions[c] for c in ("name", "doc_id", "claimed")), strict=True):
        home = short.get(place.get(doc_id, ""), "")
        claims.append("own" if len(home) > 1 and home in name else claimed)
    return claims
