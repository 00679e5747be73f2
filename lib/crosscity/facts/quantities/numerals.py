"""Numbers as Chinese prose writes them: in digits, in numerals or both mixed, as shares and as ranges.

What a number measures does not matter here. Every expression below reads a character at most a fixed number of times:
runs are bounded, and no repetition is nested in another that could match the same characters.
"""

from __future__ import annotations

import functools
import re
from decimal import Decimal
from typing import NamedTuple

from ...chinese import DIGITS

# Full-width forms to their ASCII ones, for str.translate; one character for one, so that offsets hold.
HALF_WIDTH = {0xFF01 + i: 0x21 + i for i in range(94)} | {0x3000: 0x20, 0xA0: 0x20, 0xFF5E: 0x7E}
del HALF_WIDTH[ord("，")]  # never a thousands separator
HALF_WIDTH |= {ord(mark): ord("-") for mark in "－‐‑–—―"} | {ord("○"): ord("〇"), ord("Ｏ"): ord("〇")}

_COUNTS = DIGITS | {"双": 2}
POWERS = {"十": 10, "百": 100, "千": 1000, "万": 10**4, "亿": 10**8}
VAGUE = "多余来几"  # a number with one of these is at least what it says

_MAX_LENGTH = 24  # of one numeral; a hundred trillions to the last unit in numerals has 17 characters
_POWER = "(?:[十万亿]|百(?!分[之点])|千(?![瓦米克伏升]))"  # 千 begins units as well
_ARABIC = (
    r"(?:\d{1,3}(?:,\d{3}){1,5}|\d{1,15})(?:\.\d{1,9})?(?!\.?\d)"
    rf"{_POWER}{{0,4}}(?:\d{{1,4}}[千万])?"
)
_NUMERALS = f"(?:[零〇一二两三四五六七八九]|{_POWER})"
_SEVERAL = "(?:(?<![人总户件系指倍天次分点])数|几)(?=[十百千万亿])"  # not the end of 人数, 总数
_DECIMALS = "点[零〇一二三四五六七八九]{1,6}[万亿]{0,2}"
_HAN = f"(?:{_SEVERAL})?{_NUMERALS}{{1,{_MAX_LENGTH}}}几?{_POWER}{{0,2}}(?:{_DECIMALS})?"
_ONE = f"(?:{_ARABIC}|{_HAN})"
HALVES = ("一半", "半数")
_HALF = "半(?=个?(?:年|天|日|小时|月(?!份)|学[期年]))"  # of a span, 半个月
_SHARE = (
    f"{'|'.join(HALVES)}|{_HALF}|百分之{_ONE}|千分之{_ONE}|万分之{_ONE}|{_NUMERALS}{{1,5}}分之{_NUMERALS}{{1,5}}|"
    r"(?<![\d/])\d{1,3}(?:\.\d{1,2})?/\d{1,4}(?:万|(?![\d/万]))"
)
# A number may not begin inside another one, nor inside a word of Latin letters (PM2.5, G20, 1+6, 3.1.2).
NUMBER = re.compile(
    rf"(?<!\d[,.])(?:(?<=APP)|(?<=app)|(?<![\d.+/A-Za-z零〇一二两三四五六七八九十百千万亿]))(?:{_SHARE}|{_ONE})(?:[{VAGUE}](?=[十百千万亿]){_POWER}{{1,3}})?"
)


class Number(NamedTuple):
    """A number.

    Attributes
    ----------
    value : float
        Of a range the lower end.
    upper : float or None
        The upper end of a range.
    vague : bool
        Whether the number is at least the value.
    """

    value: float
    upper: float | None = None
    vague: bool = False


def _arabic(text: str) -> Decimal:
    """A number in digits, with or without powers behind it (1.2万亿, 3亿5000万)."""
    zero = Decimal(0)
    total = myriads = section = zero
    for digits, powers in re.findall(r"([\d.]+)([十百千万亿]*)", text.replace(",", "")):
        part = Decimal(digits)
        for power in powers:
            if power == "亿":
                total += (myriads + part) * 10**8
                myriads = section = part = zero
            elif power == "万":
                myriads += (section + part) * 10**4
                section = part = zero
            else:
                part *= POWERS[power]
        section += part
    return total + myriads + section


def digit_string(text: str) -> str:
    """Numerals read digit by digit: 1982 of 一九八二; Arabic digits stay as they are.

    Raises
    ------
    KeyError
        If a character is no digit.
    """
    return "".join(c if c.isdecimal() else str(DIGITS[c]) for c in text)


def small_number(text: str) -> int:
    """A number below 100 in numerals or digits: 12 of 十二, 2 of 双; 0 if it is none, as 三五."""
    if text.isdecimal():
        return int(text)
    tens, ten, ones = text.partition("十")
    if not ten:
        return _COUNTS.get(text, 0)
    return (_COUNTS.get(tens, 0) or 1) * 10 + _COUNTS.get(ones, 0)


def _numeral(text: str) -> Decimal:
    """A number in numerals: by place (三千二百七十万), or digit by digit (一九八二)."""
    if not any(c in POWERS for c in text):
        return Decimal(digit_string(text))
    total = myriads = section = digit = 0
    has_digit = False
    for c in text:
        if c in DIGITS:
            digit, has_digit = DIGITS[c], True
            continue
        if c == "亿":
            total = (total + myriads + section + digit) * 10**8 or 10**8
            myriads = section = 0
        elif c == "万":
            myriads = (myriads + section + digit) * 10**4 or 10**4
            section = 0
        else:
            section += (digit if has_digit else 1) * POWERS[c]
        digit, has_digit = 0, False
    return Decimal(total + myriads + section + digit)


def _exact(text: str) -> Decimal:
    """A number that is neither vague nor a fraction."""
    if text[0].isdigit():
        return _arabic(text)
    integer, _, part = text.partition("点")
    value = _numeral(integer)
    if part:
        end = len(part.rstrip("万亿"))
        value += Decimal("0." + digit_string(part[:end]))
        for power in part[end:]:
            value *= POWERS[power]
    return value


_NEIGHBOURS = re.compile("([一二两三四五六七八])([二两三四五六七八九])(?=[十百千万亿]*$)")
_DENOMINATORS = {"百分之": 100, "千分之": 1000, "万分之": 10000}


@functools.lru_cache(maxsize=8192)
def read_number(text: str) -> Number | None:
    """Read one number as written.

    几十, 数百 and 十几 are read as the least they can be, 10, 100 and 10, and are vague; 三五 and 七八十 are ranges (3
    to 5, 70 to 80), as are 两三 and 一两; 一九八二 is read digit by digit.

    Parameters
    ----------
    text : str
        As `NUMBER` finds it.

    Returns
    -------
    Number or None
        None if the characters cannot be meant as a number, such as ten powers in a row.
    """
    if len(text) > 3 * _MAX_LENGTH or re.search("[十百千万亿]{5}", text):
        return None
    text = text.translate(HALF_WIDTH).replace(" ", "")
    if "半" in text:
        return Number(0.5)
    if (denominator := _DENOMINATORS.get(text[:3])) is not None:
        part = read_number(text[3:])
        if part is None:
            return None
        return Number(part.value / denominator, part.upper and part.upper / denominator, part.vague)
    if "分之" in text:
        below, above = (_exact(t) for t in text.split("分之", 1))
        return Number(float(above / below)) if below else None
    if "/" in text:
        above, below = (_exact(t) for t in text.split("/", 1))
        return Number(float(above / below)) if below else None
    vague = any(c in text for c in VAGUE + "数")
    exact = re.sub(f"[{VAGUE}数]", "", text)
    if not exact:
        return None
    if (pair := _NEIGHBOURS.search(exact)) and not exact[0].isdigit() and not re.search("[零〇点]", exact):
        low, high = (exact[: pair.start()] + c + exact[pair.end() :] for c in pair.groups())
        is_range = DIGITS[pair[2]] - DIGITS[pair[1]] == 1 or pair[0] == "三五"
        if is_range and (pair.start() == 0 or exact[pair.start() - 1] in POWERS):
            return Number(float(_exact(low)), float(_exact(high)), vague)
    try:
        return Number(float(_exact(exact)), None, vague)
    except (ArithmeticError, KeyError, ValueError):
        return None
