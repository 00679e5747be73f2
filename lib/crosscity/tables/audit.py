"""Oddities of the documents of a corpus, and how much of the country a corpus covers."""

from __future__ import annotations

import functools
import os
import re
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ..chinese import HAN
from ..documents import MANIFEST, line_key, prefectures, read_corpus, similar_name_notes
from ..files import read_tsv
from ..language import display_name, join_items, tr
from .balance import odd_balances, texts_by_document
from .builder import make_tables
from .near_duplicates import earlier_alike

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    import numpy.typing as npt

_SHINGLE = 8  # characters
_MIN_SHARED = 8  # shingles of the sample below which likeness is chance
_SIMILAR = 0.5  # share of the shingles of the longer document
_NAMED = 5  # other documents that a sentence names
# Columns of corpus that are read here. It may have thousands of others, which cost time for each document.
_READ = ("doc_id", "doc_type", "city", "province", "year", "n_chars", "n_unread", "duplicate_of")
_COARSE = np.uint64(512)  # divides the checksums of a fingerprint
_MIN_OF_KIND = 5  # documents of a kind, below which none is reported to be unlike the others
_BEGINNING = 12  # paragraphs
_PART = re.compile("([一二三四五六七八九十]{1,2})、")
_LONG_ENDING = 40  # characters of a last line, from which on it should be a sentence
_UNENDED = ("，", "、", "：", "；", ",", ":", ";")
_MOST = 0.9  # of a kind, that do what the others then lack
_ENDS = ("。", "！", "？", "”", "）", ")", "…", "!", ".")
_YEAR = re.compile("(?<![0-9])(19[4-9][0-9]|20[0-9]{2})年")


def oddities(
    corpus: pd.DataFrame,
    paragraphs: pd.DataFrame,
    log: pd.DataFrame,
    against: Mapping[str, npt.NDArray[Any]] | None = None,
) -> pd.DataFrame:
    """Oddities of a corpus, document by document.

    Parameters
    ----------
    corpus, paragraphs, log : DataFrame
        The tables corpus, paragraphs and cleaning_log.
    against : dict of str to array, optional
        `sampled_shingles` of other documents, by name, none of which should be in the corpus.

    Returns
    -------
    DataFrame
        Columns doc_id, kind (duplicate, near-duplicate, known, length, balance, broken off, year, place, damage),
        problem (a sentence); in order of the corpus.
    """
    corpus = corpus[[name for name in _READ if name in corpus]]
    found = texts_by_document(paragraphs)
    text = {name: found.get(name, "") for name in corpus["doc_id"]}
    rows = list(_problems_by_document(corpus, paragraphs, log, text))
    rows += [(name, "balance", problem) for name, problem in odd_balances(corpus, paragraphs, log)]
    rows += [(name, "length", problem) for name, problem in _lengths(corpus)]
    rows += [(name, "broken off", problem) for name, problem in _parts(corpus, paragraphs)]
    shingles = {name: sampled_shingles(own) for name, own in text.items()}
    rows += [(name, "near-duplicate", problem) for name, problem in _near_duplicates(corpus, shingles)]
    rows += [(name, "known", problem) for name, problem in _known_documents(corpus, shingles, against or {})]
    table = pd.DataFrame(rows, columns=["doc_id", "kind", "problem"])
    order = {name: i for i, name in enumerate(corpus["doc_id"])}
    return table.sort_values("doc_id", key=lambda s: s.map(order), kind="stable", ignore_index=True)


def _problems_by_document(
    corpus: pd.DataFrame, paragraphs: pd.DataFrame, log: pd.DataFrame, texts: Mapping[str, str]
) -> Iterator[tuple[str, str, str]]:
    """doc_id, kind and problem of what a document shows on its own or by its copies."""
    damaged = log[log["rule"] == "damaged"].groupby("doc_id").size()
    first = corpus["duplicate_of"].where(corpus["duplicate_of"] != "", corpus["doc_id"])
    same = corpus.groupby(first)["doc_id"].agg(list)
    headings = paragraphs[paragraphs["kind"] == "heading"].groupby("doc_id", sort=False).head(3)
    first_headings = headings.groupby("doc_id", sort=False)["text"].agg(list).to_dict()
    for d in corpus.itertuples():
        copies = same[d.duplicate_of or d.doc_id]
        if len(copies) > 1:
            others = ", ".join([name for name in copies[: _NAMED + 1] if name != d.doc_id][:_NAMED])
            if len(copies) > _NAMED + 1:
                others += tr(" and {n} more", n=len(copies) - _NAMED - 1)
            problem = tr("has the same text as {others}: at most one of them is filed rightly", others=others)
            yield d.doc_id, "duplicate", problem
        if d.doc_id in damaged:
            problem = tr("keeps {n} damaged runs in its text; see cleaning_log", n=damaged[d.doc_id])
            yield d.doc_id, "damage", problem
        if not texts[d.doc_id]:
            yield d.doc_id, "length", tr("holds no text once page furniture is removed")
            continue
        last = texts[d.doc_id].rstrip().rpartition("\n")[2]
        if len(last) > _LONG_ENDING and not last.endswith(_ENDS):
            yield d.doc_id, "broken off", tr("ends without a full stop: ...{end}", end=last[-12:])
        for problem in _misplaced(d, texts[d.doc_id]):
            yield d.doc_id, "place", problem
        year = _year_of_report(first_headings.get(d.doc_id, []), d.doc_type)
        if year and not pd.isna(d.year) and year != d.year:
            problem = tr("is filed under {year}, but reads like a report of {found}", year=d.year, found=year)
            yield d.doc_id, "year", problem


def _misplaced(document: Any, text: str) -> Iterator[str]:
    """What speaks against the place that a document, a row of corpus, is filed under."""
    city, province = document.city, document.province
    place = city or re.sub("(省|市|壮族自治区|回族自治区|维吾尔自治区|自治区)$", "", province)
    if place and place not in text:
        yield tr("never names {place}, under which it is filed", place=place)
    home = _provinces_of_cities().get(city, [])
    if city and province and home and not any(province.startswith(p) for p in home):
        names = {"city": city, "province": province, "home": home[0]}
        yield tr("is filed under {city} in {province}, which lies in {home}", **names)


def _year_of_report(headings: Iterable[str], doc_type: str) -> int | None:
    """The year of a work report: the one after the year that its first headings review, or None."""
    if doc_type != "work report":
        return None
    for heading in headings:
        match = _YEAR.search(heading)
        if match and re.search("回顾|总结|完成|工作情况|过去", heading):
            return int(match[1]) + 1
    return None


def _lengths(corpus: pd.DataFrame) -> Iterator[tuple[str, str]]:
    """Documents under half or over twice the median length of their kind, where there are five or more of it."""
    return ((name, problem) for name, problem, _ in _sizes(corpus))


def _sizes(corpus: pd.DataFrame) -> Iterator[tuple[str, str, bool]]:
    """As `_lengths`, and whether a document is short."""
    for _, same in corpus.groupby("doc_type"):
        if len(same) < _MIN_OF_KIND:
            continue
        median = same["n_chars"].median()
        for d in same[["doc_id", "n_chars"]].itertuples():
            sizes = {"n": d.n_chars, "median": median}
            if d.n_chars < median / 2:
                yield d.doc_id, tr("is short: {n:,} characters, where the median is {median:,.0f}", **sizes), True
            elif d.n_chars > median * 2:
                yield d.doc_id, tr("is long: {n:,} characters, where the median is {median:,.0f}", **sizes), False


def _single_parts(paragraphs: pd.DataFrame) -> Iterator[tuple[str, str]]:
    """Documents with one numbered part alone, and its number."""
    headings = paragraphs[(paragraphs["kind"] == "heading") & (paragraphs["unit"] == "")]
    numbers: dict[str, set[str]] = {}
    for name, line in zip(headings["doc_id"].to_numpy(), headings["text"].to_numpy(), strict=True):
        if match := _PART.match(line):
            numbers.setdefault(name, set()).add(match[1])
    for name in sorted(name for name, found in numbers.items() if len(found) == 1):
        yield name, next(iter(numbers[name]))


def _parts(corpus: pd.DataFrame, paragraphs: pd.DataFrame) -> Iterator[tuple[str, str]]:
    """Documents with a first part and no second; those that do not begin as four fifths of their kind do."""
    for name, number in _single_parts(paragraphs):
        yield name, tr("has a part {number} and no other: it breaks off, or the others have no number", number=number)
    head = paragraphs.groupby("doc_id", sort=False).head(_BEGINNING)
    beginning: dict[str, list[str]] = {}
    for name, line in zip(head["doc_id"].to_numpy(), head["text"].to_numpy(), strict=True):
        beginning.setdefault(name, []).append(line_key(line))
    for _, same in corpus.groupby("doc_type"):
        if len(same) < _MIN_OF_KIND:
            continue
        lines = Counter(line for name in same["doc_id"] for line in set(beginning.get(name, ())))
        line, n = max(lines.items(), key=lambda item: (item[1], item[0]))
        if n * 5 < len(same) * 4:
            continue
        for name in same["doc_id"]:
            if line not in "\n".join(beginning.get(name, ())):
                yield name, tr("does not begin as the others do ({line}): is it the whole document?", line=line[:20])


def incomplete_documents(corpus: pd.DataFrame, paragraphs: pd.DataFrame, stances: pd.DataFrame) -> dict[str, str]:
    """Documents whose text is not the whole of them, and why, by doc_id: what they lack is not to be compared.

    A document ends in mid-sentence if its last line of running text ends with a comma or colon. One that has less than
    half the median length of its kind (of five documents or more) ends too early if it has a first part and no other,
    or plans nothing where nine in ten of its kind do, as a report does that breaks off in its review.

    Parameters
    ----------
    corpus, paragraphs, stances : DataFrame
        Tables of the contract, with the documents' text.
    """
    found = {}
    body = paragraphs[paragraphs["kind"] == "body"]
    last = body.groupby("doc_id", sort=False)["text"].last().str.rstrip()
    for name in last.index[last.str.endswith(_UNENDED)]:
        found[name] = tr("ends in mid-sentence")
    short = {name for name, problem, is_short in _sizes(corpus) if is_short}
    planning = set(stances.loc[stances["stance"] == "plan", "doc_id"])
    one_part = {name for name, _ in _single_parts(paragraphs)}
    for _, same in corpus.groupby("doc_type"):
        plan = same["doc_id"].isin(planning)
        for name in same["doc_id"]:
            if name in short and (name in one_part or (name not in planning and plan.mean() >= _MOST)):
                found.setdefault(str(name), tr("is less than half as long as others of its kind, and breaks off"))
    return found


def _near_duplicates(corpus: pd.DataFrame, shingles: Mapping[str, npt.NDArray[Any]]) -> Iterator[tuple[str, str]]:
    """Documents with the earlier ones that share half of their shingles, by a sample: checksums divisible by 16."""
    names = [d.doc_id for d in corpus.itertuples() if not d.duplicate_of]
    found = earlier_alike([shingles[name] for name in names], _MIN_SHARED, _SIMILAR, _NAMED)
    for name, earlier in zip(names, found, strict=True):
        if len(earlier) > _NAMED:
            first = names[earlier[0][0]]
            yield (
                name,
                tr("shares half or more of its passages with {name} and {n} or more others", name=first, n=_NAMED),
            )
            continue
        for i, share in earlier:
            yield name, tr("shares {share:.0%} of its passages with {name}", share=share, name=names[i])


def _known_documents(
    corpus: pd.DataFrame, shingles: Mapping[str, npt.NDArray[Any]], against: Mapping[str, npt.NDArray[Any]]
) -> Iterator[tuple[str, str]]:
    """Documents of which half of the shingles are those of a document known from elsewhere."""
    known, others = _Sums(known_fingerprints()), _Sums(against)
    for d in corpus.itertuples():
        own = shingles[d.doc_id]
        coarse = own[own % _COARSE == 0]
        names = [name for name in known.like(coarse, _MIN_SHARED // 2) if not _is_filed_under(d, name.split()[0])]
        for name in names + others.like(own, _MIN_SHARED):
            yield d.doc_id, tr("is a document known from elsewhere: {name}", name=name)


class _Sums:
    """Checksums of known documents, by which those that share many with another are found."""

    def __init__(self, documents: Mapping[str, npt.NDArray[Any]]) -> None:
        self._names, self._sizes = list(documents), [len(sums) for sums in documents.values()]
        self._with: dict[int, list[int]] = {}
        for n, sums in enumerate(documents.values()):
            for value in sums.tolist():
                self._with.setdefault(value, []).append(n)

    def like(self, sums: npt.NDArray[Any], least: int) -> list[str]:
        """The documents that share so many, and half of those of the longer one."""
        shared = Counter(n for value in sums.tolist() for n in self._with.get(value, ()))
        alike = (n for n in shared if shared[n] >= max(least, _SIMILAR * max(len(sums), self._sizes[n])))
        return [self._names[n] for n in sorted(alike)]


def _is_filed_under(document: Any, place: str) -> bool:
    """Whether a document is filed under a place, with or without the suffix, or under none."""
    names = [name for name in (document.city, document.province) if name]
    return all(place.startswith(name) or name.startswith(place) for name in names)


def fingerprint(text: str) -> npt.NDArray[Any]:
    """Checksums of a text's shingles (eight Chinese characters in a row): those divisible by 512, sorted, unique."""
    sums = sampled_shingles(text)
    return sums[sums % _COARSE == 0]


@functools.cache
def known_fingerprints() -> dict[str, npt.NDArray[Any]]:
    """Fingerprints of national and provincial reports by place and year: they turn up where they do not belong."""
    rows = read_tsv(Path(__file__).with_name("resources") / "known.tsv", header=False)
    return {name: np.array([int(s, 36) for s in sums.split()], dtype=np.uint64) for name, sums in rows}


@functools.cache
def _provinces_of_cities() -> dict[str, list[str]]:
    provinces: dict[str, list[str]] = {}
    for province, cities in prefectures().items():
        for city in cities:
            provinces.setdefault(city, []).append(province)
    return provinces


def sampled_shingles(text: str) -> npt.NDArray[Any]:
    """Checksums of eight Chinese characters in a row: those divisible by 16, sorted, unique."""
    codes = np.frombuffer(re.sub(f"[^{HAN}]", "", text).encode("utf-32-le"), dtype=np.uint32).astype(np.uint64)
    if len(codes) < _SHINGLE:
        return np.zeros(0, dtype=np.uint64)
    sums = np.zeros(len(codes) - _SHINGLE + 1, dtype=np.uint64)
    for i in range(_SHINGLE):
        sums = sums * np.uint64(1_000_003) + codes[i : len(codes) - _SHINGLE + 1 + i]
    sums ^= sums >> np.uint64(29)
    return np.unique(sums[sums % np.uint64(16) == 0])


def coverage(corpus: pd.DataFrame) -> pd.DataFrame:
    """How many documents a corpus has of each province, of each year that it spans, and of each genre.

    Parameters
    ----------
    corpus : DataFrame
        The table corpus; documents with a reason in `exclude` do not count.

    Returns
    -------
    DataFrame
        Columns by (province, year, genre), value, documents, cities (how many are named), of (how many prefecture-level
        units a province has, else <NA>). Provinces and years without a document are there, with 0; provinces only if
        some document has one.
    """
    part = corpus.loc[corpus["exclude"] == "", ["city", "province", "year", "genre"]]
    rows: list[tuple[str, str, int, int, Any]] = []
    provinces: Counter[str] = Counter()
    cities: dict[str, set[str]] = {}
    for d in part.itertuples():
        if home := province_of(d):
            provinces[home] += 1
            cities.setdefault(home, set()).update({d.city} & set(prefectures()[home]))
    if provinces:
        for name, units in prefectures().items():
            rows.append(("province", name, provinces[name], len(cities.get(name, ())), len(units)))
    years = Counter(int(year) for year in part["year"].dropna())
    if years:
        rows += [("year", str(y), years[y], 0, pd.NA) for y in range(min(years), max(years) + 1)]
    genres = Counter(genre for genre in part["genre"] if genre)
    rows += [("genre", genre, n, 0, pd.NA) for genre, n in sorted(genres.items())]
    table = pd.DataFrame(rows, columns=["by", "value", "documents", "cities", "of"])
    return table.astype({"documents": "int64", "cities": "int64", "of": "Int64"})


def province_of(document: Any) -> str | None:
    """The province that a document, a row of corpus, is filed under, or that its city lies in."""
    stated = next((p for p in prefectures() if document.province.startswith(p)), None)
    return stated or next(iter(_provinces_of_cities().get(document.city, [])), None)


def coverage_sentences(corpus: pd.DataFrame) -> list[str]:
    """`coverage` in a few sentences, for a corpus of more than one document."""
    total = int((corpus["exclude"] == "").sum())
    if total < 2:
        return []
    return [_coverage_sentence(by, rows, total) for by, rows in coverage(corpus).groupby("by", sort=False)]


def _coverage_sentence(by: str, rows: pd.DataFrame, total: int) -> str:
    present, absent = rows[rows["documents"] > 0], rows[rows["documents"] == 0]
    most = present.sort_values(["documents", "value"], ascending=[False, True]).head(3)
    names = join_items(
        f"{r.value} {r.documents}" + (tr(" ({n} of its {all} cities)", n=r.cities, all=r.of) if r.cities else "")
        for r in most.itertuples()
    )
    many = display_name("many", f"{by}s") if len(rows) > 1 else display_name("column", by)
    sizes = {"n": len(present), "all": len(rows), "many": many}
    span = tr("{n} of {all} {many}", **sizes) if len(absent) else tr("{all} {many}", **sizes)
    lacking = ""
    if len(absent):
        lacking += tr("; none from {said}", said=join_items(absent["value"].head(12)))
    if len(absent) > 12:
        lacking += tr(" and {n} more", n=len(absent) - 12)
    words = {"by": display_name("column", by), "stated": int(rows["documents"].sum()), "total": total, "span": span}
    words |= {"names": names, "lacking": lacking}
    return tr("by {by}: {stated} of {total} documents, {span}; most: {names}{lacking}", **words)


def check(corpus: Path | str, against: Iterable[Path | str] = ()) -> list[str]:
    """Check a corpus before anything is built from it.

    Parameters
    ----------
    corpus : str or Path
    against : sequence of str or Path
        Further corpora, none of whose documents should be in this one.

    Returns
    -------
    list of str
        Sentences: files that are passed over, `oddities`, metadata that are guessed, `coverage`.

    Raises
    ------
    CrosscityError
        As `read_corpus`, if a corpus cannot be read.
    """
    jobs = os.cpu_count() or 1
    sources, sentences = read_corpus(corpus)
    tables, left_out = ("corpus", "paragraphs", "cleaning_log"), list[str]()
    frames = make_tables(sources, tables, progress=True, jobs=jobs, left_out=left_out)
    sentences += [f"left out: {Path(corpus) / reason}" for reason in left_out]
    others: dict[str, npt.NDArray[Any]] = {}
    for folder in map(Path, against):
        sources = read_corpus(folder)[0]
        made = make_tables(sources, ("corpus", "paragraphs"), progress=True, jobs=jobs, left_out=[])
        texts = texts_by_document(made["paragraphs"])
        others |= {f"{folder / name}": sampled_shingles(text) for name, text in texts.items()}
    table = oddities(frames["corpus"], frames["paragraphs"], frames["cleaning_log"], others)
    sentences += [f"{row.doc_id} {row.problem}" for row in table.itertuples()]
    guesses = frames["corpus"][["doc_id", "guessed"]]
    guessed = guesses[guesses["guessed"] != ""].groupby("guessed", sort=True)["doc_id"].agg(list)
    for columns, names in guessed.items():
        which = ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")
        sentences.append(f"{columns.replace(' ', ', ')} guessed for {which}: state it in {MANIFEST} to be sure")
    sentences += similar_name_notes(frames["corpus"].to_dict("records"), MANIFEST)
    return sentences + coverage_sentences(frames["corpus"])
