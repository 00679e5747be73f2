"""Names of the mainland's provinces, prefectures and counties: as words of the dictionary, and to mask."""

from __future__ import annotations

import functools
import re
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from .. import CrosscityError
from ..files import read_tsv

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

_PEOPLES = (
    "族|蒙古|回|藏|维吾尔|苗|彝|壮|布依|朝鲜|满|侗|瑶|白|土家|哈尼|哈萨克|傣|黎|傈僳|佤|畲|拉祜|水|东乡|纳西|景颇|柯尔克孜|"
    "土|达斡尔|仫佬|羌|布朗|撒拉|毛南|仡佬|锡伯|普米|塔吉克|怒|鄂温克|保安|裕固|独龙|各"
)
_OF_A_PEOPLE = re.compile(f"(?<=..)(?:{_PEOPLES})*(?:自治[区州县旗]|(?<=族)区)$")
_SUFFIX = re.compile("(?:(?<=...)林区|(?<=..)(?:[地矿特新]区|(?:[左右]翼)?[左右前后中]旗)|(?<=.)[省市县区盟旗])$")
_MUNICIPAL = ("110000", "120000", "310000", "500000")


class AdministrativeUnit(NamedTuple):
    """A row of resources/places.tsv, whose header says what the columns are; `until` is 0 where it is empty."""

    code: str
    name: str
    until: int
    words: tuple
    masked: bool


@functools.cache
def administrative_units() -> tuple[AdministrativeUnit, ...]:
    """Every province, prefecture and county since 2005, as a tuple of Unit in order of code and name."""
    rows = read_tsv(Path(__file__).with_name("resources") / "places.tsv")
    return tuple(
        AdministrativeUnit(c, name, int(until or 0), tuple(words.split()), bool(m)) for c, name, until, words, m in rows
    )


@functools.cache
def short_form(name: str) -> str:
    """The name of a unit without what it is: 曾都 of 曾都区, 凉山 of 凉山彝族自治州, 随 of 随县."""
    short = _OF_A_PEOPLE.sub("", name)
    return short if short != name else _SUFFIX.sub("", name)


@functools.cache
def prefectures() -> dict[str, tuple[str, ...]]:
    """Short forms of today's prefectures by that of their province; municipalities, last, stand for themselves."""
    found = {}
    now = [u for u in administrative_units() if u.code.endswith("00") and not u.until]
    for home in sorted((u for u in now if _level(u) == 2), key=lambda u: u.code in _MUNICIPAL):
        below = tuple(short_form(u.name) for u in now if u.code[:2] == home.code[:2] and u != home)
        found[short_form(home.name)] = below or (short_form(home.name),)
    return found


@functools.cache
def place_names() -> tuple[str, ...]:
    """Names of prefectures and counties to add to jieba's dictionary, so that they come out as one word; sorted.

    Which these are, and why others are not, resources/places.tsv says. jieba gives an added name just the weight that
    keeps it whole by itself, and words that overlap it win: 示范县 is not cut for 范县, nor 南昌 for 昌都市.
    """
    return tuple(sorted({word for unit in administrative_units() for word in unit.words}))


def local_names(cities: Iterable[str], provinces: Iterable[str] = ()) -> frozenset[str]:
    """The words by which documents of some cities name their own places: what to mask to compare what else they say.

    They are the names of the city, of its province and of its counties, today's and former; of a county given as a city
    (昆山) its own, its prefecture's and its province's. A county's short form is there only where it is no ordinary
    word, as resources/places.tsv has it (惠民, 新城 and 全州 are). The short form of what is given is always there, for
    its documents name it most; 城区 and 郊区 never, for districts of some cities are words in all.

    Parameters
    ----------
    cities : iterable of str
        As in a manifest: 随州, 随州市, 凉山, 凉山州, 北京. A name in no list gives itself, "" nothing.
    provinces : iterable of str
        Further provinces, 湖北 or 湖北省: their own names only.

    Returns
    -------
    frozenset of str
        Of two characters and more. Names that several cities have, such as 鼓楼区, are there if one of these has them.

    Raises
    ------
    CrosscityError
        If a name is given where a list of names belongs.
    """
    if isinstance(cities, str) or isinstance(provinces, str):
        msg = f"names_of got {cities if isinstance(cities, str) else provinces!r}: give a list of names"
        raise CrosscityError(msg)
    found = {form for name in (*cities, *provinces) for form in (name, short_form(name))}
    for unit in (unit for city in cities if city for unit in _homes(city)):
        found |= _spellings(unit)
        for u in _of_province(unit.code[:2]):
            if u.code in (f"{unit.code[:2]}0000", f"{unit.code[:4]}00"):
                found |= _spellings(u)
            elif u.code.startswith(unit.code[: _level(unit)]) and u != unit:
                found |= {u.name, short_form(u.name)} if u.masked else {u.name}
    for unit in (u for u in administrative_units() if _level(u) == 2):
        found |= _spellings(unit) if _spellings(unit) & set(provinces) else set()
    return frozenset(name for name in found if len(name) > 2 or (len(name) == 2 and name[1] != "区"))


def _level(unit: AdministrativeUnit) -> int:
    """Digits of a code that are the unit's own: 2 of a province, 4 of a prefecture, 6 of a county."""
    return 2 if unit.code.endswith("0000") else 4 if unit.code.endswith("00") else 6


@functools.cache
def _spellings(unit: AdministrativeUnit) -> Any:
    """A unit's name and its short form, and 凉山州 of an autonomous prefecture."""
    short = short_form(unit.name)
    return {unit.name, short, f"{short}州"} if unit.name.endswith("自治州") else {unit.name, short}


@functools.cache
def _by_spelling() -> dict[str, list[AdministrativeUnit]]:
    found: dict[str, list[AdministrativeUnit]] = {}
    for unit in administrative_units():
        for name in _spellings(unit):
            found.setdefault(name, []).append(unit)
    return found


@functools.cache
def _of_province(code: str) -> tuple[AdministrativeUnit, ...]:
    return tuple(u for u in administrative_units() if u.code[:2] == code)


def _homes(city: str) -> list[AdministrativeUnit]:
    """The units that a name means: municipalities and prefectures; if none of these is of today, counties as well."""
    named = [u for u in _by_spelling().get(city, ()) if _level(u) > 2 or u.code in _MUNICIPAL]
    upper = [u for u in named if _level(u) < 6]
    return upper if any(not u.until for u in upper) else named


_KIND_OF_PLACE = re.compile("[省市县区州盟旗国]$")


@functools.cache
def _prefectures() -> dict[str, str]:
    return {short_form(u.name): u.name for u in administrative_units() if u.code.endswith("00") and not u.until}


def full_name(place: str) -> str:
    """A place as a scope: 朝阳 is 朝阳市, as the list of prefectures has it; a name that ends in what it is stays."""
    if not place:
        return ""
    return _prefectures().get(place) or (place if _KIND_OF_PLACE.search(place) else f"{place}市")
