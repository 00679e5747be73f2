"""Names of the mainland's provinces, prefectures and counties, for the dictionary and to mask."""

from __future__ import annotations

import functools
import re
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from .. import CrosscityError
from ..files import read_tsv

if TYPE_CHECKING:
    from collections.abc import Iterable

_PEOPLES = (
    "族|蒙古|回|藏|维吾尔|苗|彝|壮|布依|朝鲜|满|侗|瑶|白|土家|哈尼|哈萨克|傣|黎|傈僳|佤|畲|拉祜|水|东乡|纳西|景颇|柯尔克孜|"
    "土|达斡尔|仫佬|羌|布朗|撒拉|毛南|仡佬|锡伯|普米|塔吉克|怒|鄂温克|保安|裕固|独龙|各"
)
_OF_A_PEOPLE = re.compile(f"(?<=..)(?:{_PEOPLES})*(?:自治[区州县旗]|(?<=族)区)$")
_SUFFIX = re.compile("(?:(?<=...)林区|(?<=..)(?:[地矿特新]区|(?:[左右]翼)?[左右前后中]旗)|(?<=.)[省市县区盟旗])$")
_MUNICIPALITIES = ("110000", "120000", "310000", "500000")


class AdministrativeUnit(NamedTuple):
    """A row of resources/places.tsv, whose header explains the columns; an empty `until` is 0."""

    code: str
    name: str
    until: int
    words: tuple[str, ...]
    masked: bool


@functools.cache
def administrative_units() -> tuple[AdministrativeUnit, ...]:
    """Every province, prefecture and county since 2005, in order of code and name."""
    rows = read_tsv(Path(__file__).with_name("resources") / "places.tsv")
    return tuple(
        AdministrativeUnit(c, name, int(until or 0), tuple(words.split()), bool(m)) for c, name, until, words, m in rows
    )


@functools.cache
def short_form(name: str) -> str:
    """The name of a unit without its kind: 曾都 of 曾都区, 凉山 of 凉山彝族自治州, 随 of 随县."""
    short = _OF_A_PEOPLE.sub("", name)
    return short if short != name else _SUFFIX.sub("", name)


@functools.cache
def prefectures() -> dict[str, tuple[str, ...]]:
    """Short forms of today's prefectures by that of their province; municipalities, last, have themselves."""
    by_province = {}
    now = [u for u in administrative_units() if u.code.endswith("00") and not u.until]
    for home in sorted((u for u in now if _own_digits(u) == 2), key=lambda u: u.code in _MUNICIPALITIES):
        below = tuple(short_form(u.name) for u in now if u.code[:2] == home.code[:2] and u != home)
        by_province[short_form(home.name)] = below or (short_form(home.name),)
    return by_province


@functools.cache
def place_names() -> tuple[str, ...]:
    """Names of prefectures and counties to add to jieba's dictionary, sorted.

    resources/places.tsv says which these are, and why others are not. jieba gives an added name just the weight that
    keeps it whole by itself, and words that overlap it win: 示范县 is not cut for 范县, nor 南昌 for 昌都市.
    """
    return tuple(sorted({word for unit in administrative_units() for word in unit.words}))


def local_names(cities: Iterable[str], provinces: Iterable[str] = ()) -> frozenset[str]:
    """Names of the cities' own places, to mask so that documents are compared by what else they say.

    They are the names of the city, its by-names (蓉城; resources/by-names.tsv), the names of its province and of its
    counties, today's and former; of a county given as a city
    (昆山) its own, its prefecture's and its province's. A county's short form is included only if it is no ordinary
    word by resources/places.tsv (惠民, 新城 and 全州 are). The short form of a given name is always included, since its
    documents use it most; 城区 and 郊区 never, since districts of some cities are words in all.

    Parameters
    ----------
    cities : iterable of str
        As in a manifest: 随州, 随州市, 凉山, 凉山州, 北京. An unknown name gives itself, "" nothing.
    provinces : iterable of str
        Further provinces, 湖北 or 湖北省: their own names only.

    Returns
    -------
    frozenset of str
        Of two characters and more. Names that several cities have, such as 鼓楼区, are included if one of these has
        them.

    Raises
    ------
    CrosscityError
        If a string is given in place of a list.
    """
    if isinstance(cities, str) or isinstance(provinces, str):
        msg = f"local_names got {cities if isinstance(cities, str) else provinces!r}: give a list of names"
        raise CrosscityError(msg)
    names = {form for name in (*cities, *provinces) for form in (name, short_form(name))}
    for unit in (unit for city in cities if city for unit in _units_named(city)):
        names |= _spellings(unit)
        for other in _units_of_province(unit.code[:2]):
            if other.code in (f"{unit.code[:2]}0000", f"{unit.code[:4]}00"):
                names |= _spellings(other)
            elif other.code.startswith(unit.code[: _own_digits(unit)]) and other != unit:
                names.add(other.name)
                if other.masked:
                    names.add(short_form(other.name))
    for unit in administrative_units():
        if _own_digits(unit) == 2 and _spellings(unit) & set(provinces):
            names |= _spellings(unit)
    own = {short_form(city) for city in cities}
    for city, other in read_tsv(Path(__file__).with_name("resources") / "by-names.tsv"):
        names |= set(other.split()) if city in own else set()
    return frozenset(name for name in names if len(name) > 2 or (len(name) == 2 and name[1] != "区"))


def _own_digits(unit: AdministrativeUnit) -> int:
    """Digits of the code that are not zeros of a higher level: 2 of a province, 4 of a prefecture, 6 of a county."""
    if unit.code.endswith("0000"):
        return 2
    return 4 if unit.code.endswith("00") else 6


@functools.cache
def _spellings(unit: AdministrativeUnit) -> frozenset[str]:
    """A unit's name and its short form, and 凉山州 of an autonomous prefecture."""
    short = short_form(unit.name)
    return frozenset({unit.name, short, f"{short}州"} if unit.name.endswith("自治州") else {unit.name, short})


@functools.cache
def _units_by_spelling() -> dict[str, list[AdministrativeUnit]]:
    by_spelling: dict[str, list[AdministrativeUnit]] = {}
    for unit in administrative_units():
        for name in _spellings(unit):
            by_spelling.setdefault(name, []).append(unit)
    return by_spelling


@functools.cache
def _units_of_province(code: str) -> tuple[AdministrativeUnit, ...]:
    return tuple(u for u in administrative_units() if u.code[:2] == code)


def _units_named(city: str) -> list[AdministrativeUnit]:
    """The municipalities and prefectures of this name; if none of these is of today, the counties as well."""
    named = [u for u in _units_by_spelling().get(city, ()) if _own_digits(u) > 2 or u.code in _MUNICIPALITIES]
    upper = [u for u in named if _own_digits(u) < 6]
    return upper if any(not u.until for u in upper) else named


_KIND_OF_PLACE = re.compile("[省市县区州盟旗国]$")


@functools.cache
def _prefecture_names() -> dict[str, str]:
    return {short_form(u.name): u.name for u in administrative_units() if u.code.endswith("00") and not u.until}


def full_name(place: str) -> str:
    """A place with its kind: 朝阳市 for 朝阳, by the list of prefectures; a name that ends in its kind stays."""
    if not place:
        return ""
    return _prefecture_names().get(place) or (place if _KIND_OF_PLACE.search(place) else f"{place}市")
