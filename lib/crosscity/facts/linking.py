"""The same programme under several spellings, over a corpus, and how far it reaches: own, shared, central, unknown."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any

from ..chinese import HAN, NUMERALS
from ..documents import simplify
from .programmes import central

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

ENOUGH = 30  # other places: where none of 30 has a name, less than 10 % of all have it (rule of three, at 95 %)
_DIGITS = dict(zip("123456789", NUMERALS, strict=True)) | {"10": "十"}
_MARKS = re.compile("[\\W_]+")
_GENERIC = "活动|工程|行动|计划|模式|机制|制度|体系|平台|品牌|建设|工作|改革|战略"
_ENDING = re.compile(f"(?:的?(?:系列|专项|实践|主题)?(?:{_GENERIC}))+$")
# 四个一, 三大工程, 十大行动, 六化: too little to tell that two cities mean one thing
_BARE = re.compile(
    "新?[二三四五六七八九十两双]+(?:[个大项种条件]?.|[个大项种条件](?:.{1,2}|活动|重点|工作|专项|关键|标志性|提升|攻坚)*"
    "(?:工程|行动|计划|举措|任务|项目|体系|平台|活动)?)"
)
# words before a name that make it the speaker's own
_OWN = re.compile(
    "(?:首创|独创|原创|率先|创新|创立|打响|擦亮|叫响|创造|[我本](?:市|县|区|省|州|盟))[^,。;:!?，；：！？]{0,12}$"
)


def spelling_key(name: str) -> str:
    """What spellings of one programme have in common.

    Simplified characters, no marks, numerals in Chinese before what they count (4个一批, 四个一批; 1+6 stays), no
    generic ending where three characters remain: 板凳夜话活动 and 板凳夜话, but 三大工程 whole.
    """
    text = simplify(unicodedata.normalize("NFKC", name))
    text = re.sub(f"(?<![\\d+])(10|[1-9])(?=[{HAN}])", lambda digit: _DIGITS[digit.group()], text)
    text = _MARKS.sub("", text.replace("+", "加"))
    stem = _ENDING.sub("", text)
    long_enough = len(stem) > 2 or (len(stem) == 2 and not _BARE.fullmatch(text))
    return stem if long_enough and not re.search("[个大项种]$", stem) else text


def link(
    mentions: pd.DataFrame, documents: Any, central: Any = (), paragraphs: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Mentions of programmes over a corpus with what is one programme under one name, and how far it reaches.

    A name is `central` if the shipped list of central programmes has it (resources/central.tsv), or `central` has it,
    or one of eight characters and more that it ends with;
    `shared` if documents of two places have it; `own` if those of one place do, and its name holds the place's or the
    text says so right before (首创, 率先, 我市 ...), or at least `ENOUGH` other places are in the corpus and have
    it not; otherwise `unknown`. A place is a document's city, else its province, else the document itself. A bare count
    (四个一, 三大工程) says too little: two of them are one programme only if at least half of their parts are the same,
    and without parts they are `unknown`.

    Parameters
    ----------
    mentions : DataFrame
        Columns doc_id, name, components; with `paragraphs` also paragraph and start; or marked, whether `is_own`.
    documents : DataFrame
        Rows of `corpus`: doc_id, city, province. Duplicates of another document count for its place alone.
    central : DataFrame or iterable of str
        Mentions in reference documents (national reports), or names.
    paragraphs : DataFrame, optional
        Rows of `paragraphs`: doc_id, paragraph, text; without it the text marks nothing as a place's own.

    Returns
    -------
    DataFrame
        The mentions with columns canonical (the most frequent spelling, the first by name of equals) and reach.
    """
    place = _places(documents)
    names = list(central["name"]) if hasattr(central, "columns") else list(central)
    parts = list(central["components"]) if hasattr(central, "columns") else [()] * len(names)
    known, models = _reference(names, parts)
    keys = {name: spelling_key(name) for name in set(mentions["name"])}
    groups: defaultdict[Any, list[int]] = defaultdict(list)
    bare = []
    rows = list(zip(mentions["name"], mentions["components"], mentions["doc_id"], strict=True))
    for row, (name, listed, _) in enumerate(rows):
        if keys[name] not in known and _BARE.fullmatch(keys[name]):
            bare.append((keys[name], frozenset(spelling_key(part) for part in listed), row))
        else:
            groups[keys[name]].append(row)
    for key, group_parts, members in _same_parts(bare):
        groups[key, group_parts] = members
    count = len(set(place.values()))
    marked = _marked(mentions, place, paragraphs)
    canonical, reach = [""] * len(rows), [""] * len(rows)
    for key, members in groups.items():
        spellings = Counter(rows[row][0] for row in members)
        best = min(spellings, key=lambda name: (-spellings[name], name))
        homes = {place.get(rows[row][2], rows[row][2]) for row in members}
        if isinstance(key, tuple):
            whole = bool(key[1])
            is_central = any(key[0] == k and _alike(key[1], p) for k, p in models)
        else:
            whole, is_central = True, any(key[i:] in known for i in range(max(1, len(key) - 7)))
        kind = "central" if is_central else _reach(whole, homes, count, any(row in marked for row in members))
        for row in members:
            canonical[row], reach[row] = best, kind
    return mentions.assign(canonical=canonical, reach=reach)


def _reach(whole: bool, homes: Any, count: Any, marked: Any) -> str:
    if whole and len(homes) > 1:
        return "shared"
    if len(homes) == 1 and (marked or (whole and count > ENOUGH)):
        return "own"
    return "unknown"


def _places(documents: Any) -> Any:
    """The place of each document; of a duplicate that of its original."""
    rows = {row["doc_id"]: row for row in documents.to_dict("records")}
    found = {}
    for doc_id, row in rows.items():
        original = row.get("duplicate_of") or doc_id
        row = rows.get(original, row)
        found[doc_id] = row.get("city") or row.get("province") or row["doc_id"]
    return found


def _reference(names: Any, parts: Any) -> Any:
    """Keys of central programmes, and those of reference documents that spell out parts, with these."""
    shipped = {spelling_key(name) for name in central()}
    keys = [spelling_key(name) for name in names]
    models = [
        (key, frozenset(map(spelling_key, listed))) for key, listed in zip(keys, parts, strict=True) if len(listed) > 0
    ]
    return shipped | {key for key in keys if not _BARE.fullmatch(key)}, models


def _alike(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether at least half of the parts of two slogans are the same."""
    return bool(one) and bool(other) and 2 * len(one & other) >= max(len(one), len(other))


def _same_parts(bare: Iterable[tuple[Any, ...]]) -> list[Any]:
    """Bare counts in groups: one key, and parts like those of the first of the group; without parts all together."""
    groups = []
    first: defaultdict[str, list[Any]] = defaultdict(list)
    for key, parts, row in sorted(bare, key=lambda item: item[2]):
        for group in first[key]:
            if parts == group[1] or _alike(parts, group[1]):
                group[2].append(row)
                break
        else:
            group = (key, parts, [row])
            first[key].append(group)
            groups.append(group)
    return groups


def _marked(mentions: pd.DataFrame, place: Any, paragraphs: pd.DataFrame) -> Any:
    """Rows of mentions that are marked as a place's own: by its name in theirs, or by the words before them."""
    short = {home: re.sub("[省市县区州盟]$", "", home) for home in place.values()}
    rows = enumerate(zip(mentions["name"], mentions["doc_id"], strict=True))
    found = {row for row, (name, doc) in rows if len(short.get(place.get(doc), "")) > 1 and short[place[doc]] in name}
    if "marked" in mentions:
        found |= set(mentions["marked"].to_numpy().nonzero()[0].tolist())
    if paragraphs is not None:
        columns = (paragraphs[name] for name in ("doc_id", "paragraph", "text"))
        texts = {(doc, paragraph): text for doc, paragraph, text in zip(*columns, strict=True)}
        where = zip(mentions["doc_id"], mentions["paragraph"], mentions["start"], strict=True)
        for row, (doc, paragraph, start) in enumerate(where):
            if is_own(texts.get((doc, paragraph), ""), start):
                found.add(row)
    return found


def is_own(text: str, start: int) -> bool:
    """Whether the words right before a name mark it as the place's own."""
    return bool(_OWN.search(text[max(0, start - 24) : start].rstrip('“‘"「『')))
