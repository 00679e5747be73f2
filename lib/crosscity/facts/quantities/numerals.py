"""Numbers as Chinese prose writes them: digits, numerals, both mixed, shares, ranges; found and read.

What a number measures is not looked at here. Every expression below reads a character at most a fixed number of times:
runs are bounded, and no repetition stands inside another that could share its characters.
"""

from __future__ import annotations

import functools
import re
from decimal import Decimal
from typing import NamedTuple

from ...chinese import DIGITS

# Full-width forms become their ASCII ones, one character for one, so that positions hold.
FOLDED = {0xFF01 + i: 0x21 + i for i in range(94)} | {0x3000: 0x20, 0xA0: 0x20, 0xFF5E: 0x7E}
del FOLDED[ord("，")]  # never a thousands separator
FOLDED |= {ord(mark): ord("-") for mark in "－‐‑–—―"} | {ord("○"): ord("〇"), ord("Ｏ"): ord("〇")}

POWERS = {"十": 10, "百": 100, "千": 1000, "万": 10**4, "亿": 10**8}
MORE = "多余来几"

_LONGEST = 24  # characters of one numeral: a hundred trillions to the last unit in numerals has 17
_POWER = "(?:[十万亿]|百(?!分[之点])|千(?![瓦米克伏升]))"  # 千 begins units as well
_ARABIC = (
    r"(?:\d{1,3}(?:,\d{3}){1,5}|\d{1,15})(?:\.\d{1,9})?(?!\.?\d)"
    rf"{_POWER}{{0,4}}(?:\d{{1,4}}[千万])?"
)
_NUMERALS = f"(?:[零〇一二两三四五六七八九]|{_POWER})"
_SEVERAL = "(?:(?<![人总户件系指倍天次分点])数|几)(?=[十百千万亿])"  # not the end of 人数, 总数
_HAN = (
    f"(?:{_SEVERAL})?{_NUMERALS}{{1,{_LONGEST}}}几?{_POWER}{{0,2}}(?:点[零〇一二三四五六七八九]{{1,6}}[万亿]{{0,2}})?"
)
_ONE = f"(?:{_ARABIC}|{_HAN})"
_SHARE = (
    f"百分之{_ONE}|千分之{_ONE}|万分之{_ONE}|{_NUMERALS}{{1,5}}分之{_NUMERALS}{{1,5}}|"
    r"(?<![\d/])\d{1,3}/\d{1,4}(?![\d/])"
)
# A number may not begin inside another one, nor inside a word of Latin letters (PM2.5, G20, 1+6, 3.1.2).
NUMBER = re.compile(
    rf"(?<!\d[,.])(?<![\d.+/A-Za-z零〇一二两三四五六七八九十百千万亿])(?:{_SHARE}|{_ONE})(?:[{MORE}](?=[十百千万亿]){_POWER}{{1,3}})?"
)


class Number(NamedTuple):
    """A number read: `value`, `upper` (the second of a range, else None), and `vague`: it is at least the value."""

    value: float
    upper: float | None = None
    vague: bool = False


def _arabic(text: str) -> Decimal:
    """A number in digits, perhaps with multipliers behind it (1.2万亿, 3亿5000万)."""
    total = myriads = section = Decimal(0)
    for digits, powers in re.findall(r"([\d.]+)([十百千万亿]*)", text.replace(",", "")):
        part = Decimal(digits)
        for power in powers:
            if power == "亿":
                total, myriads, section, part = (
                    total + (myriads + part) * 10**8,
                    Decimal(0),
                    Decimal(0),
                    Decimal(0),
                )
            elif power == "万":
                myriads, section, part = myriads + (section + part) * 10**4, Decimal(0), Decimal(0)
            else:
                part *= POWERS[power]
        section += part
    return total + myriads + section


def _numeral(text: str) -> Decimal:
    """A number in numerals: by place (三千二百七十万), or digit by digit (一九八二)."""
    if not any(c in POWERS for c in text):
        return Decimal("".join(str(DIGITS[c]) for c in text))
    total = myriads = section = digit = 0
    given = False
    for c in text:
        if c in DIGITS:
            digit, given = DIGITS[c], True
        elif c == "亿":
            total = (total + myriads + section + digit) * 10**8 or 10**8
            myriads = section = digit = 0
            given = False
        elif c == "万":
            section += digit
            myriads = (myriads + section) * 10**4 or 10**4
            section = digit = 0
            given = False
        else:
            section += (digit if given else 1) * POWERS[c]
            digit, given = 0, False
    return Decimal(total + myriads + section + digit)


def _plain(text: str) -> Decimal:
    """A number without a word for 'more', without a fraction's 'of': exact."""
    if text[0].isdigit():
        return _arabic(text)
    whole, _, part = text.partition("点")
    value = _numeral(whole)
    if part:
        end = len(part.rstrip("万亿"))
        value += Decimal("0." + "".join(str(DIGITS[c]) for c in part[:end]))
        for power in part[end:]:
            value *= POWERS[power]
    return value


_NEIGHBOURS = re.compile("([一二两三四五六七八])([二两三四五六七八九])(?=[十百千万亿]*$)")
_OF = {"百分之": 100, "千分之": 1000, "万分之": 10000}


@functools.lru_cache(maxsize=8192)
def read(text: str) -> Number | None:
    """Read one number as written.

    几十, 数百 and 十几 are read as the least they can be, 10, 100 and 10, and called vague; 三五 and 七八十 are ranges
    (3 to 5, 70 to 80), as are 两三 and 一两; 一九八二 is read digit by digit.

    Parameters
    ----------
    text : str
        As `NUMBER` finds it.

    Returns
    -------
    Number or None
        None where the characters are no number that could be meant: ten powers in a row, for instance.
    """
    if len(text) > 3 * _LONGEST or re.search("[十百千万亿]{5}", text):
        return None
    text = text.translate(FOLDED)
    if (of := _OF.get(text[:3])) is not None:
        part = read(text[3:])
        return part and Number(part.value / of, None if part.upper is None else part.upper / of, part.vague)
    if "分之" in text:
        below, above = (_plain(t) for t in text.split("分之", 1))
        return Number(float(above / below)) if below else None
    if "/" in text:
        above, below = (Decimal(t) for t in text.split("/", 1))
        return Number(float(above / below)) if below else None
    vague = any(c in text for c in MORE + "数")
    exact = re.sub(f"[{MORE}数]", "", text)
    if not exact:
        return None
    if (two := _NEIGHBOURS.search(exact)) and not exact[0].isdigit() and not re.search("[零〇点]", exact):
        low, high = (exact[: two.start()] + c + exact[two.end() :] for c in two.groups())
        near = 1 <= DIGITS[two[2]] - DIGITS[two[1]] <= 2 and (DIGITS[two[2]] - DIGITS[two[1]] == 1 or two[0] == "三五")
        if near and (two.start() == 0 or exact[two.start() - 1] in POWERS):
            return Number(float(_plain(low)), float(_plain(high)), vague)
    try:
        return Number(float(_plain(exact)), None, vague)
    except (ArithmeticError, KeyError, ValueError):
        return None
