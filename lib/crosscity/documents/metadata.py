"""Metadata of a document: from the manifest, else guessed from names and headings, and marked as guessed."""

from __future__ import annotations

import functools
import operator
import re
import unicodedata
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ..chinese import HAN, numeral_below_100
from .characters import simplify
from .dated_lines import HEAD, TAIL, numerals_to_digits, year_made, year_published
from .dates import read_date
from .document_types import document_type
from .edits import apply_edits
from .flattened import flattened
from .places import administrative_units, prefectures, short_form
from .sources import METADATA_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from .headlines import Headline
    from .places import AdministrativeUnit
    from .sources import Source

_LEADING_YEAR = re.compile("[12][0-9]{3}(?![0-9])")
_YEAR = re.compile(r"(?<!\d)(19[4-9]\d|20\d\d)(?=年|[^\d]|$)")
_NUMERAL_YEAR = re.compile("[一二][九〇○零][〇○零一二三四五六七八九]{2}(?=年)")
_REPUBLIC_YEAR = re.compile("民国\\s?([1-9]\\d{0,2}|[元一二三四五六七八九十百〇○零]{1,6})\\s?年度?")
_SPAN = re.compile("\\d{4}年?\\s?(?:-|—|–|－|~|～|至|到)+\\s?\\d{2,4}")
_BEGINNING, _END = 1000, 300  # characters at the beginning and end of a file
# The National People's Congress meets once a year, and a new one every five since the sixth in 1983.
_CONGRESS = re.compile("第([一二三四五六七八九十]{1,3})届全国人民代表大会第([一二三四五])次会议")
_FIRST_REGULAR_CONGRESS, _FIRST_YEAR = 6, 1983
_REVIEW = re.compile("(?<!\\d)(20\\d\\d|19\\d\\d)年(?:政府|主要)?工作(?:的?回顾|总结)")
_NOT_A_NAME = re.compile(
    f"{_REPUBLIC_YEAR.pattern.replace('(', '(?:', 1)}|{_NUMERAL_YEAR.pattern}|"
    "政府工作报告|工作报告|施政报告|报告|述职|党建|全文|人民政府|政府|[0-9a-zA-Z_\\-—. ()（）]+|年"
)

# What a document calls its own. 全省 stands in a city's reports as well, and counts only where 我省 and 我市 are not.
_KINDS = {"province": "省", "city": "市", "prefecture": "州盟", "county": "县旗"}
_OWN = {kind: re.compile(f"[我本][{ends}](?!场)") for kind, ends in _KINDS.items()}
_ORGANS = {
    "province": re.compile("全省|省委|省(?:人民)?政府|自治区(?:党委|人民政府|政府)"),
    "city": re.compile("全市(?!场)|市委|市(?:人民)?政府"),
    "prefecture": re.compile("全[州盟]|州委|盟委|州(?:人民)?政府|行署"),
    "county": re.compile("全[县旗]|县委|县(?:人民)?政府"),
}
_REPORTS_FOR = re.compile("代表.{0,8}?([省市州盟县旗])(?:人民)?政府")
_STATE = re.compile("^各省、|我代表国务院|中华人民共和国国务院|全国人民代表大会|^(?:中共中央|国务院|国家)")
_INSPECTION = re.compile("督[察查]组|巡视组|巡察组|考核组")
_ADDRESSED = re.compile("(?<![的在])(?:你|贵(?!州))(?:市|省|县|区|州|校|院|公司|单位|部|局|厅)")
_ASSEMBLY = re.compile("在(.{2,12}?)第[一二三四五六七八九十\\d]+(?:届|次)")
_SPEAKS_FOR = re.compile("代表(.{2,12}?)(?:人民政府|政府|向)")
_ISSUER_LINE = re.compile("(.{2,10}?)(?:人民政府|政府)(?:办公[厅室])?(?:[市省州县]长.{0,8})?$")


_ISSUER = re.compile(f"[{HAN}（）()]{{2,30}}(?:人民政府|委员会|常委会|办公[厅室]|[局厅委]|党组|指挥部)")
_NOT_SMALLER = (
    "(?![村镇乡](?!振兴|域|村|镇)|[路寨屯])"  # behind a city's name, which a village may have as well: 龙南村
)

_OF_THE_STATE = "it is of the state"
# How a publisher, genre or level reads that is of the state, in English and Chinese.
_STATE_NAMES = re.compile(
    "\\bcentral\\b|\\bstate council\\b|\\bministry of\\b|\\bof the people's republic|\\bnational\\b|"
    "^中央|中共中央|国务院|国家级?|^[^省市县区]{2,12}部(?:办公厅)?$|总局",
    re.IGNORECASE,
)
_PROVINCE_NAMES = re.compile("\\bprovinc|^省级?$|省(?:委|人民政府|政府)|[省区](?:办公厅|.{2,8}厅)$", re.IGNORECASE)


class _Guess(NamedTuple):
    """A value, or "" and the reason why none is given."""

    value: str
    reason: str = ""


def describe_document(source: Source, text: str, title: Headline) -> dict[str, Any]:
    """Metadata of a document, as complete as they can be.

    What is not stated is guessed only where the document says it of itself: in its file's name, its title, the lines
    that date and sign it, or by calling a place its own (我市). Else it is left empty, with the reason.

    Parameters
    ----------
    source : Source
    text : str
        Cleaned.
    title : Headline
        The headline in the text (see `headlines.headline`): stated if it is sure, else what type, city and year go by.

    Returns
    -------
    dict
        The METADATA_COLUMNS and every further column of the manifest; `year` is an int or None; `doc_type`; `guessed`
        has the names of the guessed columns, separated by spaces; `not_guessed` those that are empty, each with the
        reason, such as "city: the text speaks of its province".
    """
    known: dict[str, Any] = dict(source.metadata)
    # Cells of corpus.csv that `crosscity add` guessed and nobody has confirmed yet.
    guesses = [name for name in known.get("unconfirmed", "").split() if name in METADATA_COLUMNS and known.get(name)]
    reasons = {}

    def guess(column: str, found: _Guess) -> None:
        if not known.get(column) and found.value:
            known[column] = found.value
            guesses.append(column)
        elif not known.get(column):
            reasons[column] = found.reason

    lines = [line for line in text.split("\n") if line.strip()]
    beginning = re.sub("[;:]", " ", title.text)  # which part the reasons of others
    reason = f"its beginning may be “{beginning}”" if title.text else "no line at the beginning reads as a title"
    guess("title", _Guess(title.text if title.is_sure else "", reason))
    stem = simplify(Path(source.file).stem)
    titles = [
        simplify(known.get("title", "")),
        simplify(title.text),
    ]  # a page's own title may say less than its headline
    city, province = _places(stem, titles, lines, text)
    if known.get("city"):
        province = _in_name(stem)[1] or _Guess("", "the file's name has none")
    elif known.get("province") and city.value and not _is_in(city.value, known["province"]):
        city = _Guess("", "its province is stated, and the city that is named lies in none or another")
    guess("province", province)
    guess("city", city)
    # A record has 2024, 2024.0 or 2024年; a cell that does not begin with a year has none.
    stated = [m[0] for m in (_LEADING_YEAR.match(known.get(name) or "") for name in ("year", "date")) if m]
    known["year"] = stated[0] if stated else ""
    known["doc_type"] = known.get("doc_type") or document_type(known.get("title") or title.text or stem, text)
    # Cleaning drops the line by which an office prints what it issues.
    ends = [line.strip() for line in unicodedata.normalize("NFKC", source.text[-_END:]).split("\n")]
    beginning = source.text[:_BEGINNING]
    page = apply_edits(beginning, flattened(beginning)).split("\n")
    sure = titles if title.is_sure else titles[:1]
    guess("year", _year(stem, sure, lines, ends, page, known["doc_type"] == "news"))
    known["year"] = int(known["year"]) if known["year"] else None
    known["guessed"] = " ".join(guesses)
    known["not_guessed"] = "; ".join(f"{column}: {reason}" for column, reason in sorted(reasons.items()))
    return {**dict.fromkeys(METADATA_COLUMNS, ""), **known}


def level_of(row: Mapping[str, Any]) -> str:
    """Whose a document is: "central" of the state, "provincial" of a province, else "".

    Parameters
    ----------
    row : dict
        Of `corpus`; level, genre, publisher, city, province and not_guessed are read, as far as they are there.
    """
    city, province = row.get("city") or "", row.get("province") or ""
    if city and city not in _MUNICIPALITIES:
        return ""
    if province or city:
        return "provincial"
    for said in (row.get(name) or "" for name in ("level", "genre", "publisher")):
        if _PROVINCE_NAMES.search(said):
            return "provincial"
        if _STATE_NAMES.search(said):
            return "central"
    return "central" if f"city: {_OF_THE_STATE}" in (row.get("not_guessed") or "") else ""


def _places(stem: str, titles: Sequence[str], lines: Sequence[str], text: str) -> tuple[_Guess, _Guess]:
    """City and province of a document, by the first source that says whose it is."""
    city, province = _in_name(stem)
    if city or province:
        none = _Guess("", "the file's name has none")
        return city or none, province or none
    head, tail = [re.sub("[ \u3000]", "", line) for line in lines[:HEAD]], lines[-TAIL:]
    said = [
        *titles,
        *(m[1] for line in head for p in (_ASSEMBLY, _SPEAKS_FOR) for m in p.finditer(line[:80])),
    ]
    said += [m[1] for line in (*head, *tail) if len(line) < 30 and (m := _ISSUER_LINE.match(line.strip()))]
    for words in said:
        if units := _units_at_start(words):
            return _of_units(units)
        if outside := _OUTSIDE_AT_START.match(words):
            city = outside[1] or outside[2] or ""
            return _Guess(city, "it is of a province"), _Guess(outside[3] or "", "only the city is named")
    if any(_STATE.search(line) for line in (*titles, *head)):
        return _Guess("", _OF_THE_STATE), _Guess("", _OF_THE_STATE)
    if any(_INSPECTION.search(line) for line in head):
        reason = "it is of those who inspect a place"
        return _Guess("", reason), _Guess("", reason)
    own = _by_own_words(text, head)
    if own[0].value or own[1].value:
        return own
    issuers = (m[0] for line in head if (m := _ISSUER.fullmatch(line.removeprefix("中共"))))
    return next((_of_units(units) for words in issuers if (units := _units_at_start(words))), own)


def _by_own_words(text: str, head: Sequence[str]) -> tuple[_Guess, _Guess]:
    """City and province by what a text calls its own and the places that it names most."""
    counts: dict[str, int] = {}
    for words, patterns in ((head, {}), ([text], _OWN), ([text], _ORGANS)):
        if not patterns:  # 我代表市人民政府
            spoken = [m[1] for line in words for m in _REPORTS_FOR.finditer(line[:80])]
            counts = {kind: sum(end in ends for end in spoken) for kind, ends in _KINDS.items()}
        else:
            counts = {kind: len(pattern.findall(text)) for kind, pattern in patterns.items()}
        if any(counts.values()):
            break
    kind = max(counts, key=lambda k: counts[k])
    if not counts[kind]:
        return _Guess("", "the text calls no city its own"), _Guess("", "the text calls no province its own")
    if _ADDRESSED.search(text):
        return _Guess("", "it is addressed to a place"), _Guess("", "it is addressed to a place")
    if kind == "province":
        return _Guess("", "the text speaks of its province"), _province_in(text)
    if kind == "county":
        return _Guess("", "the text speaks of its county"), _Guess("", "the text speaks of its county")
    city = _city_in(text, kind)
    if city and any(city in line for line in head if len(line) < 40 and line.endswith(("：", ":"))):
        city = ""  # whom it is addressed to
    reason = "the text speaks of its city and names none often enough"
    return _Guess(city, "" if city else reason), _Guess("", "the text speaks of its city")


@functools.cache
def _units_by_name() -> dict[str, AdministrativeUnit]:
    """Today's units by their names; of several with one name the highest."""
    units = sorted((u for u in administrative_units() if not u.until), key=lambda u: _depth(u), reverse=True)
    return {unit.name: unit for unit in units}


def _depth(unit: AdministrativeUnit) -> int:
    return 1 if unit.code.endswith("0000") else 2 if unit.code.endswith("00") else 3


def _units_at_start(words: str) -> list[AdministrativeUnit]:
    """The units whose names, with their kind, begin some words, each within the one before it: 江西省九江市都昌县.

    None of a name that begins another word (全州县).
    """
    words = re.sub("^(?:中共|中国共产党|关于|印发)", "", words)
    words = re.sub("^(?:\\d{4}年)", "", words)
    names = _units_by_name()
    found: list[AdministrativeUnit] = []
    while unit := next((names[words[:n]] for n in range(min(len(words), 15), 2, -1) if words[:n] in names), None):
        if found and not unit.code.startswith(found[-1].code.rstrip("0")):
            break
        found.append(unit)
        words = words[len(unit.name) :]
    return found


def _of_units(units: Sequence[AdministrativeUnit]) -> tuple[_Guess, _Guess]:
    """City and province of a document of a unit, which stands last, behind those that it lies in.

    A county's document is the county's; a district's is its city's, where that is named.
    """
    unit = units[-1]
    if unit.name.endswith("区") and _depth(unit) == 3 and len(units) > 1:
        units = [u for u in units if _depth(u) < 3]
        unit = units[-1]
    is_province = _depth(units[0]) == 1 and short_form(units[0].name) not in _MUNICIPALITIES
    province = _Guess(units[0].name) if is_province else _Guess("", "only the city is named")
    if is_province and len(units) == 1:
        return _Guess("", "it is of a province"), province
    if unit.name.endswith("市") or _depth(unit) < 3:
        return _Guess(short_form(unit.name)), province
    if unit.name in _names_of_several():
        reason = "it is of a district whose name several cities have"
        return _Guess("", reason), _Guess("", reason)
    return _Guess(unit.name), province if is_province else _Guess("", "only the county is named")


@functools.cache
def _names_of_several() -> frozenset[str]:
    """Names that several of today's counties and districts have: 鼓楼区."""
    return frozenset(
        n for n, times in Counter(u.name for u in administrative_units() if not u.until).items() if times > 1
    )


def _in_name(stem: str) -> tuple[_Guess | None, _Guess | None]:
    """City and province that stand in a file's name: words that the gazetteer has, whole or with their kind."""
    city = province = None
    for part in re.split(_NOT_A_NAME, stem):
        if not re.fullmatch(f"[{HAN}]{{2,15}}", part):
            continue
        units = _units_at_start(part)
        name = part if part in _known_names() else units[0].name if units else ""
        if not name:
            continue
        short = re.sub("(?<=..)(?:省|市|特别行政区)$", "", name)
        if (
            name in _known_names()
            and (short in _PROVINCES or name in _PROVINCES)
            and (city or short not in {*_MUNICIPALITIES, *_REGIONS})
        ):
            province = province or _Guess(name)
        elif not city and not province:
            city = _Guess(re.sub("(?<=..)(?:市|特别行政区)$", "", name))
    return city, province


@functools.cache
def _known_names() -> frozenset[str]:
    """Names of places and those short forms that are no words (和平 of 和平区), the mainland's from the gazetteer."""
    units = administrative_units()
    names = {unit.name for unit in units} | {short_form(u.name) for u in units if u.masked or u.code.endswith("00")}
    return frozenset(names | {f"{name}{end}" for name in _OUTSIDE for end in ("", "市", "特别行政区", "省")})


# The gazetteer is of the mainland.
_OUTSIDE = ("香港", "澳门", "台湾", "台北", "新北", "桃园", "台中", "台南", "高雄")
_REGIONS = {"香港", "澳门"}  # which are cities, as municipalities are
_OUTSIDE_AT_START = re.compile(f"({'|'.join(_OUTSIDE[:2])})(?:特别行政区|政府)|({'|'.join(_OUTSIDE[3:])})市|(台湾省)")
_MUNICIPALITIES = {"北京", "天津", "上海", "重庆"}
_PROVINCES = frozenset(
    name for unit in administrative_units() if unit.code.endswith("0000") for name in (unit.name, short_form(unit.name))
) | {"香港", "澳门", "台湾"}


def _is_in(city: str, province: str) -> bool:
    """Whether a city lies in a province and is none itself, by the gazetteer."""
    code = next(
        (u.code[:2] for u in administrative_units() if u.name == province or short_form(u.name) == province), ""
    )
    return any(
        _depth(u) > 1 and u.code.startswith(code) and city in (u.name, short_form(u.name))
        for u in administrative_units()
    )


def _year(
    stem: str, titles: Sequence[str], lines: Sequence[str], ends: Sequence[str], page: Sequence[str], is_news: bool
) -> _Guess:
    """The year of a document by its file's name, its title, and the lines that date it; prose names many years.

    `page` are the first lines before cleaning.
    """
    made = year_made(lines, ends, is_news)
    for words in (stem, *titles):
        if (congress := _CONGRESS.search(words)) and (
            term := numeral_below_100(congress[1])
        ) >= _FIRST_REGULAR_CONGRESS:
            return _Guess(str(_FIRST_YEAR + 5 * (term - _FIRST_REGULAR_CONGRESS) + numeral_below_100(congress[2]) - 1))
        if (year := _year_in(words)) and not _SPAN.search(words):
            return _Guess(year)
        if year:  # a plan for several years is of that in which it was made, if that is one of them
            made = made or year_published(page)
            own = made and int(year) <= int(made) <= max(map(int, _YEAR.findall(words)), default=0)
            return _Guess(made) if own else _Guess("", "the title spans several years")
    if made:
        return _Guess(made)
    # A report to a congress that looks back on a year is of the next, unless it is given before the year is over.
    short = (unicodedata.normalize("NFKC", line) for line in lines[: 2 * HEAD] if len(line) < 40)
    review = next((match for line in short if (match := _REVIEW.search(line))), None)
    if review and any("向大会" in line for line in lines[:HEAD]) and not any("即将过去" in line for line in lines[:20]):
        return _Guess(str(int(review[1]) + 1))
    if published := year_published(page):
        return _Guess(published)
    return _Guess("", "no line dates it, and years in its prose may be of anything")


def _year_in(text: str) -> str:
    """The first year in a name or title, in digits or in Chinese numerals; else ""."""
    if match := _YEAR.search(text):
        return match[1]
    if match := _NUMERAL_YEAR.search(text):
        return numerals_to_digits(match[0])
    if match := _REPUBLIC_YEAR.search(text):  # Taiwan's: 民国113年
        return read_date(match[0].removesuffix("度")).iso[:4]
    return ""


def _city_in(text: str, kind: str) -> str:
    """The city that a text names three times, once in 1,500 characters, and as often as all others; else ""."""
    by_pair = _city_names_by_pair(kind)
    pairs = by_pair.keys() & set(map(operator.add, text, text[1:]))  # most names do not stand in a text
    counts = {
        name: n for pair in pairs for name in by_pair[pair] if (n := len(re.findall(f"{name}{_NOT_SMALLER}", text)))
    }
    best = max(counts, key=lambda name: (counts[name], name), default="")
    if best and counts[best] >= max(3, len(text) / 1500) and 2 * counts[best] >= sum(counts.values()):
        return best
    return ""


def _province_in(text: str) -> _Guess:
    """The province that a text names, or whose cities, twice and as often as all others."""
    counts: Counter[str] = Counter()
    pairs = set(map(operator.add, text, text[1:]))
    for home, below in prefectures().items():
        if home not in _MUNICIPALITIES:
            counts[home] = sum(text.count(name) for name in {home, *below} if name[:2] in pairs)
    best = max(counts, key=lambda name: (counts[name], name))
    if counts[best] >= 2 and 2 * counts[best] > sum(counts.values()):
        return _Guess(next(name for name in _PROVINCES if short_form(name) == best and name != best))
    return _Guess("", "the text speaks of its province and names none often enough")


@functools.cache
def _city_names(kind: str) -> set[str]:
    """Names of today's cities, of prefecture and county level, without 市; not those that are words, such as 合作.

    Of autonomous prefectures and leagues with the kind "prefecture".
    """
    ends = ("州", "盟", "地区") if kind == "prefecture" else ("市",)
    units = (u for u in administrative_units() if u.name.endswith(ends) and not u.until)
    return {short_form(u.name).removesuffix("盟") for u in units if u.masked or u.code.endswith("00")}


@functools.cache
def _city_names_by_pair(kind: str) -> dict[str, list[str]]:
    """`_city_names` by their first two characters."""
    by_pair: dict[str, list[str]] = {}
    for name in _city_names(kind):
        by_pair.setdefault(name[:2], []).append(name)
    return by_pair
