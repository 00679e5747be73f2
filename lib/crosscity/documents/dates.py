"""Dates as tables and crawlers write them, in ISO 8601: of the Western and the Republic's calendar, and of eras."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from typing import NamedTuple

from ..chinese import DIGITS

_EARLIEST, _LATEST = 1000, 2999
# Years before the first of an era. The Republic's is Taiwan's; Japan's eras stand in documents of twin cities.
_ERAS = {"民国": 1911, "民國": 1911, "令和": 2018, "平成": 1988, "昭和": 1925, "佛历": -543, "佛曆": -543}
_MONTHS = {
    m: n
    for n, m in enumerate(["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], start=1)
}
_MONTH = "(?P<name>" + "|".join(_MONTHS) + ")[a-z]*\\.?"
_NUMERAL = "[〇○零一二两三四五六七八九十百元正冬腊廿卅\\d]"
_CHINESE = re.compile(
    f"(?P<era>中华民国|中華民國|{'|'.join(_ERAS)}|公元|西元|农历|農曆|阴历|陰曆)?\\s*(?P<year>{_NUMERAL}{{1,7}})\\s*年\\s*"
    f"(?:闰?(?P<month>{_NUMERAL}{{1,3}})\\s*月\\s*(?:(?:初)?(?P<day>{_NUMERAL}{{1,3}})\\s*[日号號]?|[上中下]旬|份)?)?"
    "(?:第?[一二三四1-4]季度?|[春夏秋冬]季?|[上下]半年|度|初|末|底)?(?P<rest>.*)"
)
_ISO = re.compile(
    r"(?P<year>[12]\d{3})(?:\.0)?(?:\s*[-/.]\s*(?P<month>\d{1,2})(?!\d)(?:\s*[-/.]\s*(?P<day>\d{1,2})(?!\d))?)?"
    r"(?:[t\s]\s*\d{1,2}[:时点].*|\s*[^\d\s/.年-].*)?"  # a time, or words
)
_PACKED = re.compile(
    r"(?P<year>(?:19|20)\d\d)(?P<month>0[1-9]|1[0-2])(?P<day>0[1-9]|[12]\d|3[01])?(?:\d{4}(?:\d{2})?|[t\s].*)?"
)
_QUARTER = re.compile(r"(?P<year>[12]\d{3})\s*[-/]?\s*(?:q[1-4]|w\d\d?|h[12])", re.IGNORECASE)
_REPUBLIC = re.compile(
    r"(?:民国|民國)\s*(?P<year>\d{1,3})\s*[-/.]\s*(?P<month>\d{1,2})(?:\s*[-/.]\s*(?P<day>\d{1,2}))?"
)
_YEAR_LAST = re.compile(r"(?P<a>\d{1,2})\s*[-/.]\s*(?P<b>\d{1,2})\s*[-/.]\s*(?P<year>[12]\d{3})(?:[t\s].*)?")
_MONTH_YEAR = re.compile(r"(?P<month>\d{1,2})\s*[-/.]\s*(?P<year>[12]\d{3})")
_ENGLISH = (
    re.compile(
        rf"(?:[a-z]{{3,9}}\.?,?\s+)?(?P<day>\d{{1,2}})(?:st|nd|rd|th)?[\s-]+{_MONTH}[\s,-]+(?P<year>[12]\d{{3}})(?:[\s,t].*)?"
    ),
    re.compile(
        rf"(?:[a-z]{{3,9}}\.?,?\s+)?{_MONTH}\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<year>[12]\d{{3}})(?:[\s,].*)?"
    ),
    re.compile(rf"(?P<year>[12]\d{{3}})[\s-]+{_MONTH}(?:[\s-]+(?P<day>\d{{1,2}}))?"),
    re.compile(rf"{_MONTH}[\s,-]+(?P<year>[12]\d{{3}})"),
)
_SHORT_YEAR = re.compile(rf"(?:{_MONTH}[\s-]\d\d|\d{{1,2}}[\s-]{_MONTH.replace('name', 'other')}(?:[\s-]\d\d)?)")
_TWO_DIGITS = re.compile(r"\d{1,2}[-/.]\d{1,2}[-/.]\d{1,2}|\d{3}[-/.]\d{1,2}(?:[-/.]\d{1,2})?")
_TIME = re.compile(r"\s{0,3}(?:星期.|周.)?\s{0,3}\d{1,2}[:时]")
_BEIJING = dt.timezone(dt.timedelta(hours=8))
_FIRST_DAY = dt.date(1899, 12, 30)  # of a spreadsheet's count


class Date(NamedTuple):
    """A date in ISO 8601, as far as it is known (2024, 2024-03, 2024-03-05), or ""; and what is to be said of it."""

    iso: str
    said: str = ""


def read_date(cell: str) -> Date:
    """The date that a cell states; of one that may be two dates the year alone, with what is ambiguous.

    >>> [read_date(cell).iso for cell in ("二〇二四年三月", "民国113年3月5日", "2024/3/5 10:00", "05/03/2024", "soon")]
    ['2024-03', '2024-03-05', '2024-03-05', '2024', '']
    """
    text = unicodedata.normalize("NFKC", cell).strip().lower()
    for pattern in (_ISO, _PACKED, _QUARTER, *_ENGLISH):
        if match := pattern.fullmatch(text):
            parts = match.groupdict()
            month = _MONTHS[parts["name"]] if parts.get("name") else parts.get("month")
            return _dated(int(parts["year"]), month, parts.get("day"))
    if match := _REPUBLIC.fullmatch(text):
        return _dated(int(match["year"]) + _ERAS["民国"], match["month"], match["day"])
    if match := _CHINESE.fullmatch(text):
        return _chinese(match)
    if match := _YEAR_LAST.fullmatch(text):
        return _year_last(int(match["a"]), int(match["b"]), int(match["year"]))
    if match := _MONTH_YEAR.fullmatch(text):
        return _dated(int(match["year"]), match["month"], None)
    return _counted(text) or Date("", _why_not(text))


def _dated(year: int, month: str | int | None, day: str | int | None) -> Date:
    """A date of a year, and of a month and day as far as they are given."""
    parts = [year, *(int(part) for part in (month, day) if part)]
    try:
        dt.date(*[*parts, 1, 1][:3])
    except (ValueError, OverflowError):
        return Date("", "there is no such day")
    if not _EARLIEST <= year <= _LATEST:
        return Date("", "there is no such day")
    return Date("-".join([f"{year:04}", *(f"{part:02}" for part in parts[1:])]))


def _year_last(a: int, b: int, year: int) -> Date:
    """05/03/2024: the day comes first in Britain, the month in America."""
    if a <= 12 and b <= 12 and a != b:
        return Date(
            str(year), f"it may be {year}-{b:02}-{a:02} or {year}-{a:02}-{b:02}, so that the year alone is kept"
        )
    return _dated(year, b, a) if b <= 12 else _dated(year, a, b)


def _chinese(match: re.Match[str]) -> Date:
    """A date with 年, in digits or numerals, of any era."""
    era = (match["era"] or "").replace("中华", "").replace("中華", "")
    year = _number(match["year"])
    if era in _ERAS:
        year = year and year + _ERAS[era]
    elif not re.fullmatch("[〇○零一二三四五六七八九]{4}|\\d{4}", match["year"]):
        return Date("", "its year is not one of four digits, and no era is named")
    if era in ("农历", "農曆", "阴历", "陰曆"):
        return Date(str(year), "it is of the lunar calendar, so that the year alone is kept")
    rest = match["rest"] or ""
    if re.search("\\d", rest) and not _TIME.match(rest):
        return Date("", "more stands behind it")
    month, day = (_number(part) if part else None for part in (match["month"], match["day"]))
    if year is None or (match["month"] and month is None):
        return Date("", "it is no number")
    return _dated(year, month, day)


def _number(numeral: str) -> int | None:
    """The value of a year, month or day in digits or numerals; None if it is no number."""
    if numeral.isdecimal():
        return int(numeral)
    if numeral in ("元", "正"):
        return 1
    special = {"冬": 11, "腊": 12}
    if numeral in special:
        return special[numeral]
    numeral = numeral.replace("廿", "二十").replace("卅", "三十")
    if not set(numeral) & set("十百"):
        return int("".join(str(DIGITS[c]) if c in DIGITS else c for c in numeral)) if _are_digits(numeral) else None
    total, digit = 0, 0
    for c in numeral:
        if c in "十百":
            total += (digit or 1) * (10 if c == "十" else 100)
            digit = 0
        elif c in DIGITS:
            digit = DIGITS[c]
        else:
            return None
    return total + digit


def _are_digits(numeral: str) -> bool:
    return all(c in DIGITS or c.isdecimal() for c in numeral)


def _counted(text: str) -> Date | None:
    """A date that is counted: in seconds since 1970, as crawlers have it, or in days, as a spreadsheet has it."""
    if re.fullmatch(r"\d{10}|\d{13}", text):
        moment = dt.datetime.fromtimestamp(int(text[:10]), _BEIJING)
        return Date(moment.date().isoformat(), "it was taken for seconds since 1970, in Beijing's time")
    if re.fullmatch(r"[2-6]\d{4}(?:\.\d+)?", text):
        day = _FIRST_DAY + dt.timedelta(days=int(text[:5]))
        return Date(day.isoformat(), "it was taken for a spreadsheet's number of the day")
    return None


def _why_not(text: str) -> str:
    """Why a cell states no date, where that can be told."""
    if _SHORT_YEAR.fullmatch(text):
        return "it may be a day and a month, or a month and a year"
    if _TWO_DIGITS.fullmatch(text):
        return "its year is not one of four digits, and no era is named"
    return ""
