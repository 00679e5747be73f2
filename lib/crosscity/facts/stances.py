"""What each sentence does (report, plan, name a problem or its cause, state a rule), and in whose voice."""

from __future__ import annotations

import functools
import re
from collections import defaultdict
from numbers import Real
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ..chinese import SENTENCE_ENDS
from ..files import read_tsv
from .genres import GENRES, genre_stance, unmended_lacks

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from typing import Any

STANCES = ("achievement", "problem", "cause", "plan", "norm", "other")
VOICES = ("author", "secretary", "citizen", "central")
_CODED = ("body", "note")
_SENTENCE = re.compile(f"[^{SENTENCE_ENDS}]*(?:[{SENTENCE_ENDS}]+[”’」』）)》]*|$)")
_MIN_SENTENCES, _MIN_SHARE = 4, 0.2  # of a section, and of these, that show whether it is a plan
_MIN_ORDERS = 0.5  # of a section's sentences without a subject, 推进…, where some plan and none has been done
_QUOTED, _SAYING = re.compile("“[^“”]{0,500}”"), re.compile("“[^“”]{1,40}”")
_HEADING_YEAR, _SHORT_HEADING = re.compile("(20[0-9]{2})年"), 24
_AHEAD = ("plan", "call", "norm", "by a year", "wish")
_OPENING = 24  # characters of a sentence that say what it is about
_TURNS = re.compile("但|然而|不过")
_POINT = re.compile("(?:第[一二三四五六七八九]，?是?|[一二三四五六七八九]是)[^，。要]{2,8}。")  # 一是认清形势。
_ITEM = re.compile("^[（(]?(?:[一二三四五六七八九十]|\\d{1,2})(?:是|[)）]|、)")


_REPORTS = ("work report", "congress report")  # on a term of office and what is ahead
_SURVEYS = (*_REPORTS, "speech")  # in which the state of the world is a frame
_MEETINGS = ("speech", "congress report")  # which speak of the meeting that they are made at
_ADDRESSES = ("speech", "essay")  # their 要 calls on somebody
_ARGUMENTS = (*_ADDRESSES, "unknown")  # what they claim is a norm


class Stance(NamedTuple):
    """Stance and voice of a sentence.

    Attributes
    ----------
    paragraph : int
    start, end : int
        Code points of the paragraph's text, half-open, without surrounding white space.
    stance : str
        Of `STANCES`.
    voice : str
        Of `VOICES`.
    """

    paragraph: int
    start: int
    end: int
    stance: str
    voice: str


class _Progress(NamedTuple):
    """The stance of a sentence, and what it leaves behind.

    Attributes
    ----------
    stance : str
    turn : str
        Holds to the end of the paragraph.
    state : str
        Holds to the end of the section.
    """

    stance: str
    turn: str
    state: str


class _Voice(NamedTuple):
    """The voice of a sentence, and whether it only frames: says who speaks, or is a short quotation of nobody."""

    voice: str
    is_frame: bool


def sentences(text: str) -> list[tuple[int, int]]:
    """Start and end of each sentence, which ends in 。！？ and any closing quotes and brackets, but not in ； or ……."""
    spans = []
    for match in _SENTENCE.finditer(text):
        inner = match[0].strip()
        if inner:
            start = match.start() + match[0].index(inner)
            spans.append((start, start + len(inner)))
    return spans


def stances(paragraphs: Any, speaker: str = "", doc_type: str = "", year: float | None = None) -> list[Stance]:
    """Stance and voice of each sentence of one document's body and notes, in order.

    A sentence takes the stance of its section, which a heading states (存在的问题, 下步打算, 工作回顾), its sentences
    show, or the section before passes on; or that of a turn within the text (总体思路是, 我们也清醒地看到). The
    sentence's own cues, listed in resources/stances.tsv, may override it: modal verbs, aspect, words of lack that no
    verb of mending governs.

    Parameters
    ----------
    paragraphs : mapping of str to sequences
        Columns paragraph, kind, section and text of the table, and unit if there is one; a DataFrame is one.
    speaker : str
        As in `corpus`; an office (书记, 市长) makes a text in the first person a secretary's.
    doc_type : str
        Of `documents.DOCUMENT_TYPES`. Those of `GENRES` (rules, plans, notices, news and others) are read by what such
        a document says (`genres`): an article of a regulation is a norm without 应当, what a plan says a plan without
        将. In a speech or an essay a sentence that calls on nobody and tells of nothing that happened is a norm.
    year : int, optional
        The document's; the heading of a work report that names it or a later one (2024年工作) is one of a plan.
    """
    cues = _cues()
    year = int(year) if isinstance(year, Real) and year == year else None
    genre = doc_type if doc_type in GENRES else ""
    is_report = doc_type in _REPORTS
    names = ("paragraph", "kind", "section", "text")
    rows = [dict(zip(names, row, strict=True)) for row in zip(*(paragraphs[name] for name in names), strict=True)]
    units = list(paragraphs["unit"]) if "unit" in paragraphs else [""] * len(rows)
    base_voices, implicit = _base_voices(rows, units, speaker, cues), _implicit_stances(rows, cues, is_report)
    out: list[Stance] = []
    section = current_unit = None
    state = announced_turn = phase = ""
    is_guessed = False  # whether sentences show, and no heading says, that a section plans
    # Headings over the place where a report turned to its aims: they do not speak of what follows.
    outdated: set[str] = set()
    for row, unit in zip(rows, units, strict=True):
        if unit != current_unit:
            current_unit, state = unit, ""
        if row["section"] != section:
            section, phase = row["section"], ""
            inherited = "" if state in ("problem", "cause") else state
            stated = _heading_stance(section, cues, outdated, year if is_report else None)
            state = stated or (inherited if outdated else implicit.get(section, inherited))
            is_guessed = not stated and not outdated and (section in implicit or is_guessed)
        if row["kind"] not in _CODED:
            continue
        text, spans = row["text"], sentences(row["text"])
        pieces = [text[start:end] for start, end in spans]
        voices = _voices(pieces, "author" if row["kind"] == "note" else base_voices[unit], cues)
        # An enumeration continues what the paragraph before it announced.
        is_ahead, first, loose = False, len(out), []
        phase = phase if genre == "feedback" else ""
        turn = announced_turn if _ITEM.match(text) else ""
        for (start, end), piece, (voice, is_frame) in zip(spans, pieces, voices, strict=True):
            if row["kind"] == "note" or voice == "citizen" or is_frame:
                stance = "other"
            elif genre:
                stance, phase = genre_stance(piece, genre, section or "", cues, phase)
                # What is to be reached by a year is told on after the sentence that names it.
                is_ahead = is_ahead or (stance == "plan" and cues["leading year"].match(piece) is not None)
                told_on = stance == "achievement" or (genre == "notice" and not cues["must"].search(piece))
                stance = "plan" if is_ahead and told_on and stance in ("achievement", "norm") else stance
            else:
                if is_report and cues["aims"].search(piece):
                    over = (section or "").split(" / ") if state != "plan" else []
                    outdated, turn, state, is_guessed = outdated | set(over), "", "plan", False
                stance, turn, state = _progress(piece, turn, state, cues, doc_type, is_guessed)
                if stance == "achievement" and not turn and not state:
                    loose.append(len(out))
            out.append(Stance(int(row["paragraph"]), start, end, stance, voice))
        for i in loose:
            if _is_called_for(pieces, out[first:], i - first, cues):
                out[i] = out[i]._replace(stance="plan")
        announces = text.rstrip().endswith(("：", ":")) or (turn and _ITEM.match(text))
        announced_turn = turn if announces else ""
    return out


def _is_called_for(pieces: Sequence[str], read: Sequence[Stance], at: int, cues: dict[str, re.Pattern[str]]) -> bool:
    """Whether a sentence without a subject goes on with what the sentence next to it calls for: 要贯彻…。坚持…。"""
    bare = cues["opening"].sub("", cues["enumerator"].sub("", pieces[at], count=1), count=1)
    if not cues["imperative"].match(bare) or any(cues[name].search(bare) for name in ("done", "past", "reached")):
        return False
    marked = [i for i, piece in enumerate(pieces) if read[i].stance != "achievement" or cues["past"].search(piece)]
    before = [i for i in marked if i < at]
    nearest = before[-1:] or [i for i in marked if i > at][:1]
    return bool(nearest) and read[nearest[0]].stance == "plan"


def _progress(
    piece: str,
    turn: str,
    state: str,
    cues: dict[str, re.Pattern[str]],
    doc_type: str = "",
    is_guessed: bool = False,
) -> _Progress:
    """The stance of a sentence after a turn of its paragraph and the state of its section, stated or guessed."""
    frame = turn or state
    done = cues["done"].search(piece)
    if cues["turn achievement"].search(piece) and frame not in ("problem", "cause", "answer"):
        turn = frame = "achievement"
        state = state or frame
    if frame in ("problem", "cause") or state == "problem":
        # A speaker who names a problem goes on to what is to be done, and need not say so first.
        calls = doc_type in _ADDRESSES and turn and state != "problem" and _calls(piece, doc_type, cues)
        if calls and not unmended_lacks(piece, cues):
            return _Progress("plan", "", state)
        if turn and (
            cues["turn answer"].search(piece) or (turn == "cause" and state != "problem" and cues["plan"].search(piece))
        ):
            return _Progress("plan", "answer", state)
        if cues["turn cause"].search(piece):
            return _Progress("other" if cues["other"].search(piece) else "cause", "cause", state)
        return _Progress(frame, turn, state)
    if turn == "answer":
        return _Progress("plan", turn, state)
    if cues["other"].search(piece) or cues["question"].search(piece) or cues["announces"].search(piece):
        return _Progress("other", turn, state)
    if doc_type in _MEETINGS and frame != "achievement" and cues["meeting"].match(piece):
        # What the meeting is for frames; what it calls for is the plan where it fills more of the sentence.
        called = not cues["meeting is for"].search(piece) and cues["call"].search(piece)
        return _Progress("plan" if called and 2 * called.start() < len(piece) else "other", turn, state)
    if doc_type in _ADDRESSES and _POINT.fullmatch(piece) and not unmended_lacks(piece, cues):
        return _Progress("other", turn, state)
    if doc_type in _SURVEYS and _is_on_the_world(piece, cues):
        return _Progress("problem" if _TURNS.match(piece) and unmended_lacks(piece, cues) else "other", turn, state)
    if cues["occasion"].search(piece):
        return _Progress("other", turn, state)
    if cues["turn problem"].search(piece) and not cues["turn answer"].search(piece) and unmended_lacks(piece, cues):
        return _Progress("problem", "problem", state)
    if doc_type != "essay" and cues["turn plan"].search(piece) and frame != "achievement":
        return _Progress("plan", turn, "plan")
    if doc_type in _ADDRESSES and (not frame or (frame == "plan" and is_guessed)):
        return _Progress(_of_address(piece, doc_type, cues), turn, state)
    if cues["cause"].search(piece):
        return _Progress("cause", turn, state)
    if doc_type in _ARGUMENTS and cues["central says"].search(piece):
        return _Progress("norm", turn, state)
    argues = doc_type in _ARGUMENTS and not done and (frame != "plan" or is_guessed)
    claims = argues and (cues["broad claim"].search(piece) or cues["claim"].search(piece))
    is_told = is_guessed and cues["past"].search(piece) and not any(cues[cue].search(piece) for cue in _AHEAD)
    if frame == "plan" and not (is_told and not turn):
        norm = (claims or cues["norm"].search(piece)) and not cues["plan"].search(piece)
        return _Progress("norm" if norm else "plan", turn, state)
    if cues["norm"].search(piece) and not done:
        return _Progress("norm", turn, state)
    if not done and frame != "achievement" and cues["plan"].search(piece):
        return _Progress("plan", turn, state)
    lacks = unmended_lacks(piece, cues)
    if lacks and (not done or lacks > 1) and not (state == "achievement" and lacks < 2):
        return _Progress("problem", turn, state)
    return _Progress("norm" if claims else "achievement", turn, state)


def _of_address(piece: str, doc_type: str, cues: dict[str, re.Pattern[str]]) -> str:
    """The stance of a sentence of a speech or an essay: what it calls for, what was done, what is amiss, or a claim.

    A claim is what is left where a sentence neither calls on anybody nor tells of anything that happened.
    """
    lacks, told = unmended_lacks(piece, cues), cues["told"].search(piece)
    claims = any(cues[cue].search(piece) for cue in ("states", "claim", "broad claim", "norm"))
    bare = cues["opening"].sub("", cues["enumerator"].sub("", piece, count=1), count=1)
    orders = cues["imperative"].match(bare) is not None and not claims and not told
    if cues["cause"].search(piece):
        return "cause"
    if lacks and not cues["norm"].search(piece) and (_TURNS.match(piece) or cues["persists"].search(piece)):
        return "problem"
    if cues["central says"].search(piece) or cues["concludes"].search(piece):
        return "norm"
    called = _calls(piece, doc_type, cues)
    if called and not cues["past"].search(piece):
        # 组织振兴是第一工程，所以要…: what fills more of the sentence.
        is_tail = cues["opens with a claim"].match(piece) and 2 * called.end() > len(piece)
        return "norm" if cues["bans"].search(piece) or is_tail else "plan"
    if orders:
        return "plan"
    if lacks > (2 if told else 1 if claims else 0):
        return "problem"
    if claims and not told:
        return "norm"
    if told or cues["keeps"].search(piece):
        return "problem" if lacks > 1 else "achievement"
    if doc_type == "speech" and cues["plan"].search(piece):
        return "plan"
    return "achievement" if doc_type == "speech" and cues["own deed"].search(piece) else "norm"


def _calls(piece: str, doc_type: str, cues: dict[str, re.Pattern[str]]) -> re.Match[str] | None:
    """Where a sentence of a speech or an essay calls on somebody; what a third party must do, an essay claims."""
    return cues["call"].search(piece) or (cues["duty"].search(piece) if doc_type == "speech" else None)


def _is_on_the_world(piece: str, cues: dict[str, re.Pattern[str]]) -> bool:
    """Whether a sentence opens with the state of the world, and neither speaks of us nor orders anything."""
    orders = cues["imperative"].match(piece) or cues["must"].match(piece)
    return bool(cues["world"].search(piece, 0, _OPENING)) and not orders and not cues["own"].search(piece)


def _heading_stance(
    section: str, cues: dict[str, re.Pattern[str]], outdated: Collection[str] = (), year: int | None = None
) -> str:
    """The stance that the nearest heading above states, or nothing; in a report of a year, by the year it names.

    Under a heading that names the year ahead a result is one to come: 三、2026年重点工作 / 释放改革成效.
    """
    titles = [title for title in reversed(section.split(" / ")) if title not in outdated]
    is_ahead = any(_dated_stance(title, cues, year) == "plan" for title in titles)
    for title in titles:
        if dated := _dated_stance(title, cues, year):
            return dated
        for name in ("problem", "cause", "plan", "achievement"):
            match = cues[f"heading {name}"].search(title)
            if match and name == "problem" and cues["heading achievement"].search(title):
                return ""  # 总结成绩，正视不足: each sentence says for itself
            if match and not (name == "problem" and cues["mending"].search(title, 0, match.start())):
                return "plan" if is_ahead and name == "achievement" else name
    return ""


def _dated_stance(title: str, cues: dict[str, re.Pattern[str]], year: int | None) -> str:
    """The stance of a heading that names a year and its work or tasks, or nothing."""
    named = _HEADING_YEAR.search(title) if year is not None and len(title) <= _SHORT_HEADING else None
    if named and cues["dated plan"].search(title) and not cues["heading achievement"].search(title):
        return "plan" if int(named[1]) >= (year or 0) else "achievement"
    return ""


def _implicit_stances(
    rows: Sequence[Mapping[str, Any]], cues: dict[str, re.Pattern[str]], is_report: bool = False
) -> dict[str, str]:
    """Plan or nothing for sections whose headings do not say, by the shares of sentences that plan and that report.

    In a report on a term of office figures are reached (增长6%, 达到200个) in what is ahead as well: only marks of the
    past tell that it looks back.
    """
    past = cues["past" if is_report else "done"]
    kinds: defaultdict[str, list[str]] = defaultdict(list)
    orders: defaultdict[str, int] = defaultdict(int)
    for row in rows:
        if row["kind"] == "body" and row["section"] and not _heading_stance(row["section"], cues):
            for start, end in sentences(row["text"]):
                piece = row["text"][start:end]
                kind = "done" if past.search(piece) else "plan" if cues["plan"].search(piece) else ""
                kinds[row["section"]].append(kind)
                bare = cues["opening"].sub("", cues["enumerator"].sub("", piece, count=1), count=1)
                orders[row["section"]] += not cues["past"].search(piece) and cues["imperative"].match(bare) is not None
    implicit = {}
    for section, of in kinds.items():
        done, plans = of.count("done"), of.count("plan")
        mostly_orders = plans > 0 and done == 0 and orders[section] >= _MIN_ORDERS * len(of)
        if len(of) >= _MIN_SENTENCES and (mostly_orders or max(done, plans) >= _MIN_SHARE * len(of)) and done != plans:
            implicit[section] = "" if done > plans else "plan"
    return implicit


def _base_voices(
    rows: Sequence[Mapping[str, Any]], units: Sequence[str], speaker: str, cues: dict[str, re.Pattern[str]]
) -> dict[str, str]:
    """The voice of each unit's own text: a secretary's if an official is named and says we or I."""
    named, speaks = set(units if cues["office"].search(speaker) else ()), set()
    for row, unit in zip(rows, units, strict=True):
        if row["kind"] == "byline" and cues["office"].search(row["text"]):
            named.add(unit)
        elif row["kind"] == "body" and unit not in speaks and cues["first_person"].search(_QUOTED.sub("", row["text"])):
            speaks.add(unit)
    return {unit: "secretary" if unit in named and unit in speaks else "author" for unit in units}


def _voices(pieces: Sequence[str], base: str, cues: dict[str, re.Pattern[str]]) -> list[_Voice]:
    """The voice of each sentence of a paragraph."""
    voices: list[_Voice] = []
    quotation: list[int] = []
    speaker, is_inside = "", False
    for i, piece in enumerate(pieces):
        announces = not is_inside and cues["says_before"].search(piece)
        if announces or (not is_inside and piece.startswith("“")):
            quotation, speaker = [], _speaker(piece.split("“")[0], cues) if announces else ""
        elif not is_inside:
            follows = bool(quotation) and quotation[-1] == i - 1
            if follows and not speaker and cues["says"].search(piece):  # it names the speaker afterwards
                for k in quotation:
                    voices[k] = _Voice(_speaker(piece, cues), False)
                voices.append(_Voice("author", True))
            else:
                voices.append(_Voice("central" if cues["central"].search(piece) else base, False))
            continue
        quotation.append(i)
        is_inside = piece.count("“") + is_inside > piece.count("”")
        voices.append(_Voice(speaker or base, not speaker and _SAYING.fullmatch(piece) is not None))
    return voices


def _speaker(tag: str, cues: dict[str, re.Pattern[str]]) -> str:
    """The voice of a quotation, from the words that name its speaker."""
    if cues["central"].search(tag + "，"):
        return "central"
    return "secretary" if cues["office"].search(tag) else "citizen"


@functools.lru_cache(maxsize=1)
def _cues() -> dict[str, re.Pattern[str]]:
    """The expressions of resources/stances.tsv by cue."""
    patterns = defaultdict(list)
    for cue, pattern in read_tsv(Path(__file__).with_name("resources") / "stances.tsv"):
        patterns[cue].append(f"(?:{pattern})")
    return {cue: re.compile("|".join(alternatives)) for cue, alternatives in patterns.items()}
