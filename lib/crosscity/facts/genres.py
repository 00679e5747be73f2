"""What a sentence does in a document whose genre says it: a regulation, a plan, a notice, news, figures, minutes.

In a report or an essay, sentences tell by their own words what they do, and sections by their headings (`stances`). In
these genres most do what the document does, with exceptions that have marks of their own: what only frames the document
(addressees, signatures, headings in the text), the state of things that a plan begins with, what it awards. Minutes,
the feedback of inspectors and news turn within the text: from what was heard to what is called for, from praise to
blame.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

GENRES = ("regulation", "plan", "notice", "news", "communiqué", "resolution", "feedback", "minutes")
_CLAUSE = re.compile("[，,；;。：:！？!?]")
_MENDING_WINDOW = 24  # characters before a word of lack in which a verb of mending governs it
_PURPOSES = ("plan section", "situation section", "norm section", "risk section")
_AIMS = re.compile("目标|下一?步|打算|安排")
_ACHIEVED = re.compile("成就|成效|回顾|成绩|进展|基础")
_TOLD = re.compile("(?<![为除])了(?!解|然)|近年来|期间，")
_SHORT_HEADING = 24  # characters
_HEADING_END = 10  # characters of a longer heading that say what it is about: …工作的主要进展和成效
_TURN = re.compile("(?:^|[，；])(?:但|然而|可是|不过|可近)")
_TAIL = 0.8  # of a sentence: what follows only adds to it (编制…，清单之外不得…)
_TERSE = 40  # characters; a longer line without a full stop was broken off, and is no line of a table
_FOUR = re.compile("[—－-]{1,3}[\u4e00-\u9fff]{4}。")  # a principle's name: ——统筹协调。
# 推进…是…的决策 claims, and orders nothing
_CLAIM = re.compile("[^，。]{4,60}，?(?<![求还别其总于但只特尤或也若凡])(这|也|既|不仅|都)?是(?!否)")
_CALLING = re.compile("强调|要求|希望|指出|表示|提出|建议|号召|呼吁|勉励|叮嘱|嘱咐")
_HAN = re.compile("[\u4e00-\u9fff]")


class Reading(NamedTuple):
    """The stance of a sentence, and what it leaves behind for those that follow.

    Attributes
    ----------
    stance : str
    phase : str
        "", or the stance that sentences without marks of their own take until the text turns.
    """

    stance: str
    phase: str


def genre_stance(piece: str, genre: str, section: str, cues: Mapping[str, re.Pattern[str]], phase: str = "") -> Reading:
    """The stance of a sentence of a document of one of `GENRES`, and the phase of the text after it.

    Parameters
    ----------
    piece : str
        The sentence.
    genre : str
    section : str
        The path of headings above it.
    cues : mapping of str to re.Pattern
        The expressions of resources/stances.tsv.
    phase : str
        What the sentence before left behind; "" at the start of a paragraph, of inspectors' feedback that of a section.
    """
    bare = cues["enumerator"].sub("", cues["attribution"].sub("", piece, count=1), count=1)
    is_short = len(piece) <= _TERSE
    orders = bool(cues["imperative"].match(bare) or (is_short and cues["inner order"].search(bare)))
    orders = orders and not _CLAIM.match(bare) and not cues["concludes"].search(piece)
    is_article = cues["article"].match(piece) is not None
    if genre == "regulation" and cues["purpose"].search(piece):
        return Reading("norm", phase)
    if not is_article and cues["formal"].search(piece):
        return Reading("other", phase)
    if _FOUR.fullmatch(piece) or cues["section name"].fullmatch(bare):
        return Reading("other", phase)
    if cues["question"].search(piece):
        return Reading("other", phase)
    if genre == "feedback":
        return _of_feedback(piece, section, cues, phase)
    if genre == "minutes":
        return _of_minutes(piece, orders, cues, phase)
    if genre == "news":
        return _of_news(piece, orders, cues, phase)
    is_rule = genre == "regulation" and cues["verbal"].search(bare)  # 五、实行县长负责制。
    if not orders and not is_rule and cues["bare heading"].match(piece):
        return Reading("other", phase)
    if not is_article and not orders and _says_nothing(piece, cues):
        return Reading("other", phase)
    if genre == "regulation":
        return Reading(_of_regulation(piece, section, orders or is_article, cues), phase)
    if genre == "plan":
        stance = _of_plan(piece, section, orders, cues)
        # What stands without marks after what is planned goes on with it.
        stance = "plan" if stance == "other" and phase == "plan" and not piece.endswith(("：", ":")) else stance
        return Reading(stance, "plan" if stance == "plan" else phase)
    if genre == "notice":
        return Reading(_of_notice(piece, section, orders, cues), phase)
    if genre == "resolution":
        return Reading("plan" if cues["resolves"].search(piece) else "other", phase)
    if cues["occasion"].search(piece):
        return Reading("other", phase)
    return Reading("problem" if _lacks(piece, cues) else "achievement", phase)


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
    if cues["occasion"].search(piece):
        return "other"
    must = cues["must"].search(piece)
    if cues["turn plan"].search(piece):
        return "plan"
    if cues["by a year"].search(piece):
        return "norm" if _CLAIM.match(piece) and not must else "plan"
    ends_so = must and must.start() > _TAIL * len(piece) and cues["inner order"].search(piece, 0, must.start())
    if must and not orders and not ends_so:
        return "norm"
    if cues["turn problem"].search(piece) and unmended_lacks(piece, cues):
        return "problem"
    if not orders and cues["looks back"].search(piece):
        return "achievement"
    purpose = _purpose(section, cues)
    if not orders and (not section or purpose in ("situation section", "risk section")):
        ahead = cues["plan"].search(piece) or cues["call"].search(piece)
        looks_back = _ACHIEVED.search(section.split(" / ")[-1])
        return "plan" if ahead else _state_of_things(piece, cues, "achievement" if looks_back else "other")
    return "plan"


def _of_notice(piece: str, section: str, orders: bool, cues: Mapping[str, re.Pattern[str]]) -> str:
    purpose = _purpose(section, cues)
    must = cues["must"].search(piece)
    if purpose in ("situation section", "risk section") and not must:
        if cues["event"].search(piece) and cues["done"].search(piece):
            return "other"
        return "problem" if _lacks(piece, cues) else _state_of_things(piece, cues, "achievement")
    if must:
        return "norm"
    past = not cues["asks"].search(piece) and _TOLD.search(piece)
    if cues["by a year"].search(piece):
        return "achievement" if past else "plan"
    if purpose == "plan section" and _AIMS.search(section):
        return "plan"
    if cues["issuer will"].match(piece) and not cues["asks"].search(piece):
        return "plan"
    if not orders and not cues["asks"].search(piece):
        looks_around = not section or any(cues[cue].search(piece) for cue in ("turn problem", "background", "told"))
        if looks_around and unmended_lacks(piece, cues):
            return "problem"
        if piece.endswith(("：", ":")) or (not section and cues["occasioned"].match(piece)):
            return "other"
        if past and unmended_lacks(piece, cues):
            return "problem"
        if cues["so far"].search(piece) or (past and cues["reached"].search(piece)):
            return "achievement"
        if cues["background"].search(piece):
            return "other"
    if cues["event"].search(piece) and cues["done"].search(piece):
        return "other"
    return "norm"


def _purpose(section: str, cues: Mapping[str, re.Pattern[str]]) -> str:
    """What the nearest heading that says so is for: one of `_PURPOSES`; of a long one only the end says it."""
    for title in reversed(section.split(" / ")):
        if len(title) > _SHORT_HEADING and "，" in title:  # a slogan
            continue
        for purpose in _PURPOSES:
            if cues[purpose].search(title if len(title) <= _SHORT_HEADING else title[-_HEADING_END:]):
                return purpose
    return ""


def _of_news(piece: str, orders: bool, cues: Mapping[str, re.Pattern[str]], phase: str) -> Reading:
    """A sentence of news: what took place frames, what is called for is a plan, what a place did an achievement."""
    done = cues["done"].search(piece)
    called = cues["calls"].search(piece)
    # What takes place and what is called for there: the one that fills more of the sentence.
    is_called = called is not None and not done and 2 * _start_of_call(called, piece) < len(piece)
    is_event = cues["event"].search(piece) and not cues["events counted"].search(piece)
    if (is_event and not is_called) or cues["setting"].search(piece):
        return Reading("other", "plan" if called else phase)
    if (cues["meeting holds"].match(piece) and not called and not done) or cues["central says"].search(piece):
        return Reading("norm", phase)
    if cues["forecast"].search(piece):
        return Reading("other", phase)
    # What is called for by a speaker is told on in the sentences that follow, with 要 or as a list.
    if called and (is_called or not done):
        return Reading("plan", "plan")
    if cues["award"].search(piece) and not cues["past"].search(piece):
        return Reading("norm", phase)
    if cues["by a year"].search(piece) and not cues["past"].search(piece):
        return Reading("plan", phase)
    if cues["news plan"].search(piece) and not done:
        return Reading("plan", phase)
    if cues["claim"].search(piece) and not done and not orders:
        return Reading("norm", phase)
    listed = cues["enumerator"].match(piece)
    if orders and (phase == "plan" or (listed and listed[0])) and not done:
        return Reading("plan", phase)
    # Without a subject a sentence goes on with what the place does (推行…。建立…。), or else calls for it.
    told = phase == "achievement" or cues["reached"].search(piece) or cues["numbered"].search(piece)
    if orders and not done and not told:
        return Reading("plan", phase)
    does = phase == "achievement" or cues["deed"].search(piece)
    stance = _state_of_things(piece, cues, "achievement" if does else "other")
    return Reading(stance, stance if stance == "achievement" else "" if cues["past"].search(piece) else phase)


def _start_of_call(called: re.Match[str], piece: str) -> int:
    """Where a sentence begins to say what is called for: behind the name of who calls."""
    verb = _CALLING.search(piece, called.start(), called.end())
    return verb.start() if verb else called.start()


def _of_feedback(piece: str, section: str, cues: Mapping[str, re.Pattern[str]], phase: str) -> Reading:
    """A sentence of what inspectors tell a place: praise, what is amiss, what is to be mended."""
    if not phase:
        phase = _feedback_phase(section, cues)
    found = cues["feedback found"].search(piece)
    called = next((match for cue in ("call", "asks for", "will") if (match := cues[cue].search(piece))), None)
    if called and not (found and found.start() < called.start()) and not _lacks(piece, cues):
        return Reading("plan", "plan")
    if cues["inspectors"].search(piece):
        return Reading("other", phase)
    if cues["minutes hold"].match(piece) and not found:
        phase = "problem" if unmended_lacks(piece, cues) else "achievement"
        return Reading(phase, phase)
    if cues["feedback case"].search(piece) or (
        cues["feedback event"].search(piece) and not cues["feedback lists"].search(piece)
    ):
        return Reading("other", phase)
    if cues["feedback calls"].search(piece):
        return Reading("plan", "plan")
    if found:
        return Reading("problem", "problem")
    if cues["feedback praise"].search(piece):
        return Reading("achievement", "achievement")
    if phase == "problem":
        return Reading("plan" if cues["calls"].match(piece) else "problem", phase)
    if phase == "plan":
        return Reading("norm" if cues["central says"].search(piece) else "plan", phase)
    if phase == "achievement":
        return Reading("problem" if _lacks(piece, cues) else "achievement", phase)
    return Reading(_state_of_things(piece, cues), phase)


def _feedback_phase(section: str, cues: Mapping[str, re.Pattern[str]]) -> str:
    """What the nearest heading of inspectors' feedback says of what stands below it."""
    for title in reversed(section.split(" / ")):
        for phase in ("plan", "problem", "achievement"):
            if cues[f"feedback section {phase}"].search(title):
                return phase
    return ""


def _of_minutes(piece: str, orders: bool, cues: Mapping[str, re.Pattern[str]], phase: str) -> Reading:
    """A sentence of minutes: what was heard and passed frames, what was decided or called for is a plan."""
    if cues["bans"].search(piece) or cues["central says"].search(piece):
        return Reading("norm", phase)
    if any(cues[cue].search(piece) for cue in ("minutes decide", "call", "by a year", "duty")):
        return Reading("plan", "plan")
    holds = cues["minutes hold"].match(piece)  # 会议认为 opens what holds, and no longer what is to be done
    if holds:
        is_past = (cues["past"].search(piece) or cues["done"].search(piece)) and not cues["claim"].search(piece)
        return Reading("problem" if _lacks(piece, cues) else "achievement" if is_past else "norm", "")
    if cues["minutes heard"].search(piece) or cues["event"].search(piece):
        return Reading("other", "")
    if _lacks(piece, cues):
        return Reading("problem", phase)
    done = cues["done"].search(piece)
    is_claim = cues["claim"].search(piece) or cues["broad claim"].search(piece)
    is_claim = is_claim or (phase != "plan" and cues["must"].search(piece))
    if is_claim and not done:
        return Reading("norm", phase)
    if not done and (orders or phase == "plan"):
        return Reading("plan", phase)
    return Reading(_state_of_things(piece, cues, "achievement" if cues["deed"].search(piece) else "norm"), phase)


def _state_of_things(piece: str, cues: Mapping[str, re.Pattern[str]], default: str = "other") -> str:
    """The stance of a sentence that says how things are: reached, lacking, in general, or else the default."""
    if _lacks(piece, cues):
        return "problem"
    if cues["done"].search(piece) or cues["reached"].search(piece):
        return "achievement"
    if any(cues[cue].search(piece) for cue in ("norm", "must", "claim", "component")):
        return "norm"
    return default


def _lacks(piece: str, cues: Mapping[str, re.Pattern[str]]) -> bool:
    """Whether a sentence speaks of a lack, and of nothing that was done about it; or of several."""
    lacks = unmended_lacks(piece, cues)
    if (turn := _TURN.search(piece)) and 2 * turn.start() < len(piece) and unmended_lacks(piece[turn.start() :], cues):
        return True  # …取得成效，但…仍不足
    several = lacks > 1 and not cues["imperative"].match(piece)  # 聚焦…问题，整治… mends them
    return several or (lacks > 0 and not cues["done"].search(piece))


def unmended_lacks(piece: str, cues: Mapping[str, re.Pattern[str]]) -> int:
    """The number of words of lack in a sentence that no verb of mending governs."""
    relieved = {at for match in cues["relief"].finditer(piece) for at in range(*match.span())}
    n = 0
    for match in cues["problem"].finditer(piece):
        before = _CLAUSE.split(piece[max(0, match.start() - _MENDING_WINDOW) : match.start()])[-1]
        n += match.start() not in relieved and not cues["mending"].search(before)
    return n
