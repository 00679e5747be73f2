"""The numbers that Word puts before paragraphs: 第一条, （二）, 3.1. They are in no paragraph's own text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from ...chinese import NUMERALS
from .package import attribute, child, descendants, local

if TYPE_CHECKING:
    from collections.abc import Callable

_LEVELS = 9
_LEGAL = dict(zip("一二三四五六七八九十百千", "壹贰叁肆伍陆柒捌玖拾佰仟", strict=True))
_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"))
_ROMAN += ((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))
_PUNCTUATION = "、。．.)）:：》】]"


def chinese_numeral(n: int) -> str:
    """A number below 10,000 in Chinese: 十一, 一百零三; in digits otherwise."""
    if not 0 < n < 10_000:
        return "〇" if n == 0 else str(n)
    text, zero = "", False
    for power, unit in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = n // power % 10
        if digit:
            text += ("零" if zero and text else "") + NUMERALS[digit - 1] + unit
        zero = not digit
    return text.removeprefix("一") if 10 <= n < 20 else text


def _digits(n: int) -> str:
    return "".join("〇一二三四五六七八九"[int(c)] for c in str(n))


def _roman(n: int) -> str:
    text = ""
    for value, sign in _ROMAN:
        times, n = divmod(n, value)
        text += sign * times
    return text


def _letter(n: int) -> str:
    return chr(ord("a") + (n - 1) % 26) * ((n - 1) // 26 + 1)


def _from_run(first: str, most: int) -> Callable[[int], str]:
    """A writer of numbers that have characters of their own, in a row from `first`."""
    return lambda n: chr(ord(first) + n - 1) if 1 <= n <= most else str(n)


def _from_list(signs: str) -> Callable[[int], str]:
    return lambda n: signs[(n - 1) % len(signs)]


_CIRCLED = _from_run("①", 20)
_FORMATS: dict[str, Callable[[int], str]] = {
    **dict.fromkeys(("chineseCounting", "chineseCountingThousand", "japaneseCounting"), chinese_numeral),
    **dict.fromkeys(("taiwaneseCounting", "taiwaneseCountingThousand", "koreanCounting"), chinese_numeral),
    **dict.fromkeys(("ideographDigital", "japaneseDigitalTenThousand", "taiwaneseDigital"), _digits),
    "chineseLegalSimplified": lambda n: "".join(_LEGAL.get(c, c) for c in chinese_numeral(n)),
    "ideographLegalTraditional": lambda n: "".join(_LEGAL.get(c, c) for c in chinese_numeral(n)),
    "ideographTraditional": _from_list("甲乙丙丁戊己庚辛壬癸"),
    "ideographZodiac": _from_list("子丑寅卯辰巳午未申酉戌亥"),
    **dict.fromkeys(("decimalEnclosedCircle", "decimalEnclosedCircleChinese"), _CIRCLED),
    "decimalEnclosedParen": _from_run("⑴", 20),
    "decimalEnclosedFullstop": _from_run("⒈", 20),
    "ideographEnclosedCircle": _from_run("㊀", 10),
    "decimalFullWidth": lambda n: str(n).translate({ord(str(d)): chr(ord("０") + d) for d in range(10)}),
    "decimalZero": "{:02}".format,
    "lowerLetter": _letter,
    "upperLetter": lambda n: _letter(n).upper(),
    "lowerRoman": _roman,
    "upperRoman": lambda n: _roman(n).upper(),
    "none": lambda _: "",
}


def written(n: int, form: str) -> str:
    """A number as a list writes it, in one of Word's forms; in digits for a form that is not known."""
    return _FORMATS.get(form, str)(n)


def circled(n: int) -> str:
    """A number in a circle: ① to ⑳, and in digits above."""
    return _CIRCLED(n)


class _Level(NamedTuple):
    form: str
    text: str
    start: int
    in_digits: bool  # legal numbering: the levels above are written in digits
    between: str  # between the number and the text


class Numbering:
    """The lists of a document, and how far each has counted.

    Parameters
    ----------
    tree : element or None
        Of numbering.xml.
    styles : element or None
        Of styles.xml: a style may put its paragraphs into a list.
    """

    def __init__(self, tree: Any | None, styles: Any | None) -> None:
        self._abstract: dict[str, dict[int, _Level]] = {}
        self._lists: dict[str, tuple[str, dict[int, int]]] = {}
        self._counters: dict[str, list[int | None]] = {}
        self._begun: set[tuple[str, int]] = set()
        for element in () if tree is None else tree:
            if local(element) == "abstractNum":
                levels = {_number(attribute(e, "ilvl"), 0): _read_level(e) for e in descendants(element, "lvl")}
                self._abstract[attribute(element, "abstractNumId") or ""] = levels
            elif local(element) == "num":
                reference = child(element, "abstractNumId")
                abstract = "" if reference is None else attribute(reference, "val") or ""
                starts = {}
                for override in descendants(element, "lvlOverride"):
                    if (start := child(override, "startOverride")) is not None:
                        starts[_number(attribute(override, "ilvl"), 0)] = _number(attribute(start, "val"), 1)
                self._lists[attribute(element, "numId") or ""] = (abstract, starts)
        self._styles = {} if styles is None else {attribute(s, "styleId"): s for s in descendants(styles, "style")}

    def number_of(self, properties: Any | None) -> str:
        """The number that stands before a paragraph of these properties, which counts it; "" if there is none."""
        place = self._place(properties)
        if place is None:
            return ""
        number, level = place
        abstract, starts = self._lists[number]
        levels = self._abstract.get(abstract, {})
        if level not in levels:
            return ""
        counters = self._counters.setdefault(abstract, [None] * _LEVELS)
        if level in starts and (number, level) not in self._begun:
            counters[level] = None
        self._begun.add((number, level))
        start = starts.get(level, levels[level].start)
        previous = counters[level]
        counters[level] = start if previous is None else previous + 1
        counters[level + 1 :] = [None] * (_LEVELS - level - 1)
        return self._written(levels, level, counters)

    @staticmethod
    def _written(levels: dict[int, _Level], level: int, counters: list[int | None]) -> str:
        this = levels[level]
        if this.form == "bullet":
            return ""

        def in_form(match: re.Match[str]) -> str:
            of = int(match.group(1)) - 1
            form = "decimal" if of not in levels or (this.in_digits and of != level) else levels[of].form
            count = counters[of] if 0 <= of < _LEVELS else None
            if count is None:
                count = levels[of].start if of in levels else 1
            return written(count, form)

        text = re.sub("%([1-9])", in_form, this.text)
        return text + (this.between if text and text[-1] not in _PUNCTUATION else "")

    def _place(self, properties: Any | None) -> tuple[str, int] | None:
        """The list and the level of a paragraph, by its own properties or its styles'."""
        number = level = None
        seen: set[str] = set()
        while properties is not None:
            stated = child(properties, "numPr")
            if stated is not None:
                element, depth = child(stated, "numId"), child(stated, "ilvl")
                number = attribute(element, "val") if number is None and element is not None else number
                level = attribute(depth, "val") if level is None and depth is not None else level
                if number is not None:
                    break
            name = child(properties, "pStyle") if not seen else None
            style = self._styles.get(attribute(name, "val")) if name is not None else self._base(properties)
            identity = "" if style is None else attribute(style, "styleId") or ""
            if style is None or identity in seen:
                break
            seen.add(identity)
            properties = child(style, "pPr")
            while properties is None:  # a style without properties of its own has its base's
                style = self._based_on(style)
                identity = "" if style is None else attribute(style, "styleId") or ""
                if style is None or identity in seen:
                    break
                seen.add(identity)
                properties = child(style, "pPr")
        if number is None or number not in self._lists:  # 0 takes a paragraph out of its style's list
            return None
        return number, min(_number(level, 0), _LEVELS - 1)

    def _base(self, properties: Any) -> Any | None:
        style = properties.getparent()
        return self._based_on(style) if style is not None and local(style) == "style" else None

    def _based_on(self, style: Any) -> Any | None:
        base = child(style, "basedOn")
        return None if base is None else self._styles.get(attribute(base, "val"))


def _read_level(element: Any) -> _Level:
    def value(name: str, default: str) -> str:
        found = child(element, name)
        return default if found is None else attribute(found, "val") or default

    legal = child(element, "isLgl")
    between = "" if value("suff", "tab") == "nothing" else " "
    text = value("lvlText", "")
    start = _number(value("start", "1"), 1)
    return _Level(value("numFmt", "decimal"), text, start, legal is not None, between)


def _number(text: str | None, default: int) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 6 else default
