"""What a sentence does in a document whose genre says it: a regulation, a plan, a notice, news, figures, a resolution.

In a report or an essay, sentences tell by their own words what they do, and sections by their headings (`stances`). In
these genres most do what the document does, with exceptions that have marks of their own: what only frames the document
(addressees, signatures, headings in the text), the state of things that a plan begins with, what it awards.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

GENRES = ("regulation", "plan", "notice", "news", "communiqué", "resolution")
_CLAUSE = re.compile("[，,；;。：:！？!?]")
_MENDING_WINDOW = 24  # characters before a word of lack in which a verb of mending governs it
_PURPOSES = ("plan section", "situation section", "norm section", "risk section")
_AIMS = re.compile("目标|下一?步|打算|安排")
_SHORT_HEADING = 24  # characters
_TERSE = 40  # characters; a longer line without a full stop was broken off, and is no line of a table
_FOUR = re.compile("[—－-]{1,3}[\u4e00-\u9fff]{4}。")  # a principle's name: ——统筹协调。
_CLAIM = re.compile("[^，。]{4,40}，这?是")  # 推进…建设，是…的决策 claims rather than orders
_HAN = re.compile("[\u4e00-\u9fff]")


def genre_stance(piece: str, genre: str, section: str, cues: Mapping[str, re.Pattern[str]]) -> str:
    """The stance of a sentence of a document of one of `GENRES`.

    Parameters
    ----------
    piece : str
        The sentence.
    genre : str
    section : str
        The path of headings above it.
    cues : mapping of str to re.Pattern
        The expressions of resources/stances.tsv.
    """
    bare = cues["enumerator"].sub("", cues["attribution"].sub("", piece, count=1), count=1)
    is_short = len(piece) <= _TERSE
    orders = bool(cues["imperative"].match(bare) or (is_short and cues["inner order"].search(bare)))
    orders = orders and not _CLAIM.match(bare)
    is_article = cues["article"].match(piece) is not None
    if not is_article and cues["formal"].search(piece):
        return "other"
    if _FOUR.fullmatch(piece) or (not orders and cues["bare heading"].match(piece)):
        return "other"
    if not is_article and not orders and _says_nothing(piece, cues):
        return "other"
    if genre == "regulation":
        return _of_regulation(piece, section, orders or is_article, cues)
    if genre == "plan":
        return _of_plan(piece, section, orders, cues)
    if genre == "notice":
        return _of_notice(piece, section, cues)
    if genre == "news":
        return _of_news(piece, orders, cues)
    if genre == "resolution":
        return "plan" if cues["resolves"].search(piece) else "other"
    return "problem" if unmended_lacks(piece, cues) and not cues["done"].search(piece) else "achievement"


def _says_nothing(piece: str, cues: Mapping[str, re.Pattern[str]]) -> bool:
    """Whether a line is a cell, a number or a name rather than a sentence: short, without a full stop or a verb."""
    if piece.endswith(("。", "；", "！", "？", ";", "：", ":")) or len(piece) > _TERSE or "，" in piece:
        return not _HAN.search(piece)
    return not cues["must"].search(piece) and not cues["by a year"].search(piece)


def _of_regulation(piece: str, section: str, orders: bool, cues: Mapping[str, re.Pattern[str]]) -> str:
    must, purpose = cues["must"].search(piece), _purpose(section, cues)
    if purpose == "risk section" and not must and not orders and unmended_lacks(piece, cues):
        return "problem"
    if must or cues["article"].match(piece):
        return "norm"
    if cues["by a year"].search(piece) or cues["research"].match(piece):
        return "plan"
    if purpose == "situation section":
        return _state_of_things(piece, cues)
    return "plan" if purpose == "plan section" else "norm"


def _of_plan(piece: str, section: str, orders: bool, cues: Mapping[str, re.Pattern[str]]) -> str:
    if cues["article"].match(piece) or cues["award"].search(piece):
        return "norm"
    if cues["by a year"].search(piece):
        return "plan"
    if cues["must"].search(piece) and not orders:
        return "norm"
    if not orders and cues["looks back"].search(piece):
        return "achievement"
    purpose = _purpose(section, cues)
    if not orders and (not section or purpose in ("situation section", "risk section")):
        return _state_of_things(piece, cues)
    return "plan"


def _of_notice(piece: str, section: str, cues: Mapping[str, re.Pattern[str]]) -> str:
    if cues["must"].search(piece):
        return "norm"
    purpose = _purpose(section, cues)
    if cues["by a year"].search(piece) or (purpose == "plan section" and _AIMS.search(section)):
        return "plan"
    if purpose == "situation section":
        return _state_of_things(piece, cues)
    if cues["event"].search(piece) and cues["done"].search(piece):
        return "other"
    return "norm"


def _purpose(section: str, cues: Mapping[str, re.Pattern[str]]) -> str:
    """What the nearest heading that says so is for: one of `_PURPOSES`; long ones are slogans, which do not say."""
    for title in reversed(section.split(" / ")):
        if len(title) <= _SHORT_HEADING:
            for purpose in _PURPOSES:
                if cues[purpose].search(title):
                    return purpose
    return ""


def _of_news(piece: str, orders: bool, cues: Mapping[str, re.Pattern[str]]) -> str:
    if cues["event"].search(piece):
        return "other"
    if orders or cues["by a year"].search(piece):
        return "plan"
    if cues["award"].search(piece):
        return "norm"
    if cues["news plan"].search(piece) and not cues["done"].search(piece):
        return "plan"
    return _state_of_things(piece, cues)


def _state_of_things(piece: str, cues: Mapping[str, re.Pattern[str]]) -> str:
    """The stance of a sentence that says how things are: reached, lacking, in general, or nothing of these."""
    if unmended_lacks(piece, cues) and not cues["done"].search(piece):
        return "problem"
    if cues["done"].search(piece) or cues["reached"].search(piece):
        return "achievement"
    return "norm" if cues["norm"].search(piece) or cues["must"].search(piece) else "other"


def unmended_lacks(piece: str, cues: Mapping[str, re.Pattern[str]]) -> int:
    """The number of words of lack in a sentence that no verb of mending governs."""
    relieved = {at for match in cues["relief"].finditer(piece) for at in range(*match.span())}
    n = 0
    for match in cues["problem"].finditer(piece):
        before = _CLAUSE.split(piece[max(0, match.start() - _MENDING_WINDOW) : match.start()])[-1]
        n += match.start() not in relieved and not cues["mending"].search(before)
    return n
