"""Phrases around a number: where they begin and end, and what of them says nothing of what is counted."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING

from .lexicon import words

if TYPE_CHECKING:
    from .mentions import Found

NEAR = 60  # characters that are looked at, on either side of a number
_LONG = 18  # characters of a phrase before a number
_DATE = re.compile("[到至在]?[0-9零〇一二三四五六七八九]{4}年[底末初内]?")
_SINCE_WHEN = re.compile("已?[从由自](?:[^，]{0,6}年)?的?$")
_NAMED = re.compile("^.*[”’](?=[“‘])")
_ROUND = re.compile("(?:以上|以下|左右|以内|上下|余|多|及以上)?的?")
_CLOSING = {"“": "”", "《": "》"}


@functools.cache
def patterns() -> dict[str, re.Pattern[str]]:
    """Expressions made of the lists of words that the phrases go by, by what they find."""
    w = words()
    change = f"{w['rise']}|{w['fall']}"
    bounds = "|".join(w[role] for role in ("above", "about", "atleast", "atmost", "below"))
    return {
        "light": re.compile(f"(?:{w['light']})$"),
        "opener": re.compile(f"(?:{w['opener']})(?=.)"),
        "predicate": re.compile(f"(?:(?<=..)|(?<=[村户人县市镇校区家]))(?:{w['predicate']})"),
        "grown": re.compile(f"(?:同比|[比较]上年(?:同期)?|平均|年均|分别)?(?P<verb>{change})(?:了|幅度|率)?$"),
        "than": re.compile(f"(?:比|较|同比|环比|由|从)[^，。；]*?(?:{change})?$"),
        "given": re.compile(f"[^，。；]{{0,6}}?(?:{w['given']})$"),
        "above": re.compile(f"(?:{bounds}|为|达到?|在|了)$"),
    }


def trim_left(text: str) -> str:
    """Without what opens a clause: 其中, 目前, 全市."""
    opener = patterns()["opener"]
    while (m := opener.match(text)) and len(text) > m.end() + 1:
        text = text[m.end() :].lstrip("，、：")
    return "" if _DATE.fullmatch(text) else text.lstrip("，、：了的”’）")


def trim_right(text: str) -> str:
    """Without the light words at its end: 覆盖率达到, 共有, 分别为."""
    light = patterns()["light"]
    for _ in range(6):
        m = light.search(text)
        if not m or not m.group():
            break
        text = text[: m.start()]
    text = re.sub("(?<![惠普涉波])及$", "", _SINCE_WHEN.sub("", text)).rstrip("，、：“‘（和")
    if "（" in text and "）" not in text[text.rfind("（") :]:
        return text[: text.rfind("（")]
    return text[text.rfind("）") + 1 :] if "）" in text and "（" not in text else text


def phrase(text: str) -> str:
    """What a number's left side says is counted: without examples (等) and, where it is long, its end alone."""
    text = _NAMED.sub("", trim_left(trim_right(text)))
    if (at := text.rfind("等")) > 2 and len(text) - at > 2 and text[at + 1] not in "级次待于额":
        text = text[at + 1 :]
    if len(text) > _LONG:
        text = text[-_LONG:]
        if (at := max(text.find("、"), text.find("的"))) >= 0 and len(text) - at > 6:
            text = text[at + 1 :]
    return text


def behind(text: str, end: int, right: int) -> tuple[str, str, int]:
    """(noun phrase behind a number, what is said of it, where the noun ends), none of it beyond `right`."""
    more = _ROUND.match(text, end, end + 4)
    begin = more.end() if more else end
    piece = re.split("[，。；：！？”]", text[begin:right], maxsplit=1)[0]
    if "）" in piece and "（" not in piece:
        piece = piece[: piece.index("）")]
    if piece[:1] in _CLOSING and (close := text.find(_CLOSING[piece[0]], begin, right + 1)) > 0:
        piece = text[begin : close + 1]
    m = patterns()["predicate"].search(piece)
    noun, said = (piece[: m.start()], piece[m.start() :]) if m else (piece, "")
    ends = begin + len(noun)
    if noun.endswith("中") or said.startswith("全覆盖"):
        said = ""
    return noun.rstrip("、和及与").removesuffix("之一").removesuffix("中"), said, ends


def subject_before(text: str, q: Found) -> str:
    """What the clause before a quantity's own is about, up to what it says of it."""
    clause = text[max(q.sentence[0], q.start - NEAR) : q.clause[0]].rstrip("，").rpartition("，")[2]
    m = patterns()["predicate"].search(clause)
    return phrase(clause[: m.start()] if m else clause)


def clause_between(text: str, begin: int, end: int) -> str:
    """The one clause between two quantities' own, without a number; empty where there is none, or several."""
    clauses = text[max(begin, end - 2 * NEAR) : end].rstrip("，").split("，")[1:]
    return phrase(clauses[0]) if len(clauses) == 1 and 3 < len(clauses[0]) <= 24 else ""
