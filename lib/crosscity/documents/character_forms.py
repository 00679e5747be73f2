"""Characters that stand for others: radicals for words, full-width digits, vertical marks, blanks between characters.

What a reader sees is the same; words, numbers and searches are not. The table is resources/character-forms.tsv.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ..chinese import HAN, HAN_CHARACTER
from ..files import check_text, read_records
from .characters import simplify
from .edits import Edit, apply_edits, positioned_lines, substitutions

if TYPE_CHECKING:
    import numpy.typing as npt

_HIGHEST = 0x2FFFF
_WIDTH = 0xFEE0  # from ASCII to its full-width forms
_RADICALS = range(0x2F00, 0x2FD6)
_COMPATIBILITY = (range(0xF900, 0xFB00), range(0x2F800, 0x2FA1E))
_WIDE = "０-９Ａ-Ｚａ-ｚ"
_SELECTORS = "\ufe00-\ufe0f\U000e0001-\U000e007f\U000e0100-\U000e01ef\u180b-\u180d"  # and tags
_OLD_CONTROLS = "\x80-\x84\x86-\x9f"  # C1, but for NEL, which is a line end
_COMBINING = "\u0300-\u036f"
_NUMERALS = "一二三四五六七八九〇零"


@functools.cache
def _forms() -> dict[str, tuple[str, str]]:
    """For each character that stands for another one wherever it is: that one, and the kind of form."""
    forms = {chr(code): (unicodedata.normalize("NFKC", chr(code)), "radical") for code in _RADICALS}
    for code in (code for codes in _COMPATIBILITY for code in codes):
        if (one := unicodedata.normalize("NFC", chr(code))) != chr(code):
            forms[chr(code)] = (one, "compatibility")
    for first, last in ("09", "AZ", "az"):
        for code in range(ord(first), ord(last) + 1):
            forms[chr(code + _WIDTH)] = (chr(code), "full-width")
    for row in read_records(Path(__file__).with_name("resources") / "character-forms.tsv"):
        if row["form"] != "variant":
            forms[chr(int(row["code"], 16))] = (row["character"], row["form"])
    return forms


_OTHERS = frozenset(
    "．﹒－\u180b\u180c\u180d"
    + "".join(
        map(
            chr,
            (
                *range(0xFE00, 0xFE10),
                *range(0xE0001, 0xE0080),
                *range(0xE0100, 0xE01F0),
                *range(0x80, 0x85),
                *range(0x86, 0xA0),
            ),
        )
    )
    + "".join(map(chr, range(0x300, 0x370)))
)
# Forms that depend on what stands beside them.
_IN_CONTEXT = (
    f"(?P<zeros>(?<=[{_NUMERALS}])[０Ｏ]+(?=[{_NUMERALS}年]))"  # 二ＯＯ八年
    "|(?P<grouped>(?<![０-９])[０-９]{1,3}(?:，[０-９]{3})+(?![０-９]))"
    f"|(?P<between>(?<=[0-9A-Za-z{_WIDE}])[．﹒－](?=[0-9A-Za-z{_WIDE}]))"
    "|(?P<item>(?<=^[0-9０-９])[．﹒]|(?<=^[0-9０-９]{2})[．﹒])"
    f"|(?P<composed>(?<=[A-Za-z])[{_COMBINING}]+)"
    f"|(?P<selector>[{_SELECTORS}]+)"
    f"|(?P<control>[{_OLD_CONTROLS}]+)"
)


@functools.cache
def _known() -> frozenset[str]:
    return _OTHERS.union(_forms())


@functools.cache
def _is_suspect() -> npt.NDArray[np.bool_]:
    """Whether a character may be one that `forms` changes, by its code, those from `_HIGHEST` on alike."""
    suspects = np.zeros(_HIGHEST + 1, bool)
    suspects[[min(ord(c), _HIGHEST) for c in _known()]] = True
    return suspects


@functools.lru_cache(maxsize=64)
def _patterns(found: frozenset[str]) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """One of the characters that a text has of those that `forms` may change; and what it changes of them."""
    by_kind: dict[str, str] = {}
    for character in sorted(found):
        if character in _forms():
            kind = _forms()[character][1].replace("-", "_")
            by_kind[kind] = by_kind.get(kind, "") + character
    everywhere = [f"(?P<{kind}>[{re.escape(characters)}]+)" for kind, characters in by_kind.items()]
    one = re.compile(f"[{re.escape(''.join(sorted(found)))}]")
    return one, re.compile("|".join([_IN_CONTEXT, *everywhere]), re.MULTILINE)


def forms(text: str) -> list[Edit]:
    """Replace characters that stand for others; the rule names the form.

    Radicals and compatibility ideographs become the words' own characters, and so do those of GBK's user area that
    have a code point of their own by now; full-width letters, digits and marks of numbers, ligatures and hyphens become
    ASCII; vertical, small and half-width marks become the usual ones. Variation selectors go.
    """
    codes = np.minimum(np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32), _HIGHEST)
    suspects = set(codes[_is_suspect()[codes]].tolist())
    found = frozenset(_known().intersection(text) if _HIGHEST in suspects else map(chr, suspects))
    if not found:
        return []
    one, every = _patterns(found)
    edits: list[Edit] = []
    position = 0
    while first := one.search(text, position):
        position = first.end()
        if not (match := every.match(text, first.start())):
            continue
        position = match.end()
        kind = str(match.lastgroup).replace("_", "-")
        start = match.start() - (kind == "composed")
        if (after := _usual(text[start:position], kind)) != text[start:position]:
            edits.append(Edit(start, position, after, f"form:{kind}"))
    return edits


def normalize_term(term: str) -> str:
    """A term as it stands in cleaned text: simplified, and in the usual characters; half a character is refused."""
    check_text(term)
    composed = unicodedata.normalize("NFC", term)
    return simplify(apply_edits(composed, forms(composed)))


def _usual(found: str, kind: str) -> str:
    """The usual characters for some in another form."""
    if kind == "zeros":
        return "〇" * len(found)
    if kind in ("grouped", "between", "item"):
        return "".join("." if c == "﹒" else chr(ord(c) - _WIDTH) for c in found)
    if kind == "composed":
        return unicodedata.normalize("NFC", found)
    if kind == "selector":
        return ""
    if kind == "control":  # of Windows' code page, where it has a mark there
        return bytes(map(ord, found)).decode("cp1252", "ignore")
    return "".join(_forms()[c][0] for c in found)


_POINT = f"[．.](?<=[{HAN}）”》].)(?![．.])"  # a class comes first, by which the expression is looked for fast
_POINT_AS_STOP = re.compile(f"{_POINT}(?=[{HAN}“”（《）]|\\s|$)")
_POINT_AT_END = re.compile(f"{_POINT}(?=[ \t\u3000]{{0,20}}(?:\n|$))")
_ITEM = re.compile("^[ \t\u3000]{0,20}第?[一二三四五六七八九十]{1,3}[．.]", re.MULTILINE)


def full_stops(text: str) -> list[Edit]:
    """Replace points by Chinese full stops in a text that ends its sentences with points."""
    if text.count("．") + text.count(".") <= 2 * text.count("。"):
        return []
    if not (points := list(_POINT_AS_STOP.finditer(text))):
        return []
    items = {match.end() - 1 for match in _ITEM.finditer(text)}
    points = [point for point in points if point.start() not in items]
    if len(points) <= 2 * text.count("。") or not _POINT_AT_END.search(text):
        return []
    return [Edit(m.start(), m.end(), "。", "form:full-stop") for m in points]


_MARKS = "，。、；：？！"
_BLANKS = "[ \t\u3000\xa0\u2002-\u200a]{1,20}"  # of a longer run nothing is cut
_OF_CHINESE = f"{HAN}〇“”‘’《》（）〈〉【】「」…—％%·{_MARKS}"
_FUNCTION_WORD = re.compile(f"(?<=[^{HAN}])[的了在和与是对等及为以把被将](?=[^{HAN}])")
_MARK, _TOGETHER = re.compile(f"[{_MARKS}]"), re.compile(f"(?<=[{HAN}])(?=[{HAN}])")
_LEAST_SHARE = 0.2  # of neighbouring characters, in a text cut into words; 0.02 in others
_LEAST_OF_LINE = 0.8  # in a line with blanks between its characters; names in a row have at most a half
_LEAST_CHARACTERS = 12
_LONGEST_WORD = 20  # characters of a text for each separation, at most, its gap and marks included


class _Cut(NamedTuple):
    """What stands between words: within Chinese, between two characters, and before a mark."""

    within: re.Pattern[str]
    between: re.Pattern[str]
    before_mark: re.Pattern[str]


def _cut(gap: str, within: str) -> _Cut:
    return _Cut(re.compile(within), re.compile(f"{gap}(?=[{HAN}])"), re.compile(f"{gap}[{_MARKS}]"))


def _beside_chinese(gap: str) -> str:
    return f"(?<=[{_OF_CHINESE}]){gap}(?=[{_OF_CHINESE}0-9A-Za-z])|(?<=[0-9A-Za-z%]){gap}(?=[{_OF_CHINESE}])"


_ANY_BLANK = " \t\u3000\xa0/" + "".join(map(chr, range(0x2002, 0x200B)))
_BY_BLANKS = _cut(_BLANKS, _beside_chinese(_BLANKS))
_BY_TAGS = _cut(f"/[A-Za-z]{{1,4}}{_BLANKS}", f"/[A-Za-z]{{1,4}}(?:{_BLANKS}|(?=\n)|$)")  # 政府/n 工作/v
_BY_SLASHES = _cut("/", _beside_chinese("/"))


def blanks(text: str) -> list[Edit]:
    """Remove what stands between Chinese words: in a text that was cut into words, and in lines set apart by character.

    A list of names has as many blanks, but none before its marks, and no 的 by itself.
    """
    if not any(blank in text for blank in _ANY_BLANK):
        return []
    ways = (_BY_BLANKS, _BY_TAGS, _BY_SLASHES) if text.count("/") * 20 > len(text) else (_BY_BLANKS,)
    separated = [_separations(text, way) for way in ways]
    for way, n in zip(ways, separated, strict=True):
        if _is_segmented(text, way, n):
            return substitutions(way.within, text, "", "blank")
    edits: list[Edit] = []
    if separated[0] < _LEAST_CHARACTERS:
        return edits
    for start, line in positioned_lines(text):
        n = _separations(line, _BY_BLANKS)
        if n >= _LEAST_CHARACTERS and n >= _LEAST_OF_LINE * (n + len(_TOGETHER.findall(line))):
            found = substitutions(_BY_BLANKS.within, line, "", "blank")
            edits += [edit._replace(start=edit.start + start, end=edit.end + start) for edit in found]
    return edits


def _separations(text: str, way: _Cut) -> int:
    """How often a gap stands between two Chinese characters."""
    return sum(bool(HAN_CHARACTER.match(text, m.start() - 1)) for m in way.between.finditer(text) if m.start())


def _is_segmented(text: str, way: _Cut, separated: int) -> bool:
    """Whether a text is cut into words, and is no list of entries."""
    if separated * _LONGEST_WORD < len(text):  # far fewer than there are words: nothing more need be counted
        return False
    if separated < _LEAST_SHARE * (separated + len(_TOGETHER.findall(text))):
        return False
    if (marks := len(_MARK.findall(text))) >= 3:
        return 2 * len(way.before_mark.findall(text)) >= marks
    return separated >= _LEAST_CHARACTERS and 50 * len(_FUNCTION_WORD.findall(text)) >= separated
