"""Metadata of a document: from the manifest, else guessed from names and headings, and marked as guessed."""

from __future__ import annotations

import functools
import re
from pathlib import Path
from typing import TYPE_CHECKING

from ..chinese import DIGITS, HAN
from .document_types import document_type
from .places import administrative_units, short_form
from .sources import METADATA_COLUMNS

if TYPE_CHECKING:
    from typing import Any

    from .sources import Source

_YEAR = re.compile(r"(?<!\d)(19[4-9]\d|20\d\d)(?=年|[^\d]|$)")
_LEADING_YEAR = re.compile("[12][0-9]{3}(?![0-9])")
_NUMERAL_YEAR = re.compile("[一二][九〇○零][〇○零一二三四五六七八九]{2}(?=年)")
_DIGITS = str.maketrans({c: str(d) for c, d in DIGITS.items()})
_PROVINCE = re.compile(
    "(北京|天津|上海|重庆|河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|海南|四川|贵州"
    "|云南|陕西|甘肃|青海|台湾|内蒙古|广西|西藏|宁夏|新疆|香港|澳门)(市|省|壮族自治区|回族自治区|维吾尔自治区|自治区)?$"
)
_NOT_A_NAME = re.compile("政府工作报告|工作报告|报告|述职|党建|全文|人民政府|政府|[0-9a-zA-Z_\\-—. ()（）]+|年")


def describe_document(source: Source, text: str, title: str) -> dict[str, Any]:
    """Metadata of a document, as complete as they can be.

    Parameters
    ----------
    source : Source
    text : str
        Cleaned.
    title : str
        The headline in the text, or "".

    Returns
    -------
    dict
        The METADATA_COLUMNS and every further column of the manifest; `year` is an int or None; `doc_type`; `guessed`
        has the names of the guessed columns, separated by spaces.
    """
    known: dict[str, Any] = dict(source.metadata)
    # Cells of corpus.csv that `crosscity add` guessed and nobody has confirmed yet.
    guesses = [name for name in known.get("unconfirmed", "").split() if name in METADATA_COLUMNS and known.get(name)]

    def guess(column: str, value: Any) -> None:
        if not known.get(column) and value:
            known[column] = value
            guesses.append(column)

    guess("title", title)
    stem = Path(source.file).stem
    names = [part for part in re.split(_NOT_A_NAME, stem) if 2 <= len(part) <= 10 and re.fullmatch(f"[{HAN}]+", part)]
    for name in names:
        if (
            not known.get("province")
            and _PROVINCE.fullmatch(name)
            and (known.get("city") or name[:2] not in _MUNICIPALITIES)
        ):
            guess("province", name)
        elif not known.get("city") and not known.get("province"):
            guess("city", re.sub("(?<=..)市$", "", name))
    if not names and not known.get("province"):
        guess("city", _city_in(text))
    # A record has 2024, 2024.0 or 2024年; a cell that does not begin with a year has none.
    stated = [m[0] for m in (_LEADING_YEAR.match(known.get(name) or "") for name in ("year", "date")) if m]
    known["year"] = stated[0] if stated else ""
    guess("year", _year_in(stem) or _year_in(known.get("title", "")) or _year_in(text))
    known["year"] = int(known["year"]) if known["year"] else None
    known["doc_type"] = known.get("doc_type") or document_type(known.get("title", ""), text)
    known["guessed"] = " ".join(guesses)
    return {**dict.fromkeys(METADATA_COLUMNS, ""), **known}


_MUNICIPALITIES = {"北京", "天津", "上海", "重庆"}


def _year_in(text: str) -> str:
    """The first year in a text, in digits or in Chinese numerals; else ""."""
    if match := _YEAR.search(text[:5000]):
        return match[1]
    if match := _NUMERAL_YEAR.search(text[:5000]):
        return match[0].translate(_DIGITS).replace("一", "1")
    return ""


def _city_in(text: str) -> str:
    """The city that a text names three times, once in 1,500 characters, and as often as all others; else ""."""
    counts = {name: n for name in _city_names() if (n := text.count(name))}
    best = max(counts, key=lambda name: (counts[name], name), default="")
    if best and counts[best] >= max(3, len(text) / 1500) and 2 * counts[best] >= sum(counts.values()):
        return best
    return ""


@functools.cache
def _city_names() -> set[str]:
    """Names of today's cities, of prefecture and county level, without 市; not those that are words, such as 合作."""
    cities = (u for u in administrative_units() if u.name.endswith("市") and not u.until)
    return {short_form(u.name) for u in cities if u.masked or u.code.endswith("00")}
