"""What cleaning did, summed up from its log; what is odd about the documents of a corpus; and what it leaves out."""

from __future__ import annotations

import functools
import html
import re
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ..chinese import HAN
from ..documents import MANIFEST, line_key, prefectures, read_corpus
from ..files import read_tsv
from ..language import display_name, join_items, tr
from .builder import make_tables

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import numpy.typing as npt

# The rules of the log, gathered under what a reader would call them, in the order of figures.
CLASSES = {
    "furniture": "page furniture removed",
    "pinyin": "pinyin removed",
    "script": "traditional to simplified",
    "entity": "entities and stray marks",
    "backslash": "entities and stray marks",
    "end-mark": "entities and stray marks",
    "join": "lines joined",
    "slip": "slipped bytes repaired",
    "damaged": "damaged, left as it is",
    "line-end": "spaces and empty lines",
    "indent": "spaces and empty lines",
    "blank-line": "spaces and empty lines",
}


def summary(log: pd.DataFrame) -> pd.DataFrame:
    """Changes by document and class.

    Parameters
    ----------
    log : DataFrame
        The table cleaning_log.

    Returns
    -------
    DataFrame
        Columns doc_id, change (a class), changes (their number), characters (that were removed, replaced or, where
        damage was left, concerned); sorted by document and class.
    """
    rule = log["rule"].str.replace(":.*", "", regex=True)
    table = pd.DataFrame(
        {
            "doc_id": log["doc_id"],
            "change": pd.Categorical(rule.map(CLASSES), list(dict.fromkeys(CLASSES.values()))),
            "characters": log["before"].str.len(),
        }
    )
    grouped = table.groupby(["doc_id", "change"], observed=True, sort=True)["characters"]
    return grouped.agg(changes="size", characters="sum").reset_index().astype({"change": "str"})


def dropped_lines(log: pd.DataFrame) -> pd.DataFrame:
    """Lines that were taken for page furniture: doc_id, line, why, text."""
    rows = log[log["rule"].str.startswith("furniture")]
    why = rows["rule"].str.removeprefix("furniture:")
    return pd.DataFrame(
        {"doc_id": rows["doc_id"], "line": rows["line"], "why": why, "text": rows["before"]}
    ).reset_index(drop=True)


_LONGEST = 36  # characters of an example


def examples(log: pd.DataFrame, limit: int = 6) -> pd.DataFrame:
    """What was changed in each document, by class, with the commonest changes before and after.

    Parameters
    ----------
    log : DataFrame
        The table cleaning_log.
    limit : int
        Examples of a class; of repaired and of damaged runs all are given.

    Returns
    -------
    DataFrame
        `summary`, without spaces and empty lines, and a column examples: a list of (before, after, how often), the
        commonest first, then in the order of the text. Of slipped bytes and damage each stands for itself.
    """
    table = summary(log)
    table = table[table["change"] != CLASSES["blank-line"]].reset_index(drop=True)
    changes = log["rule"].str.replace(":.*", "", regex=True).map(CLASSES)
    found = {}
    for key, rows in log.groupby([log["doc_id"], changes], sort=False):
        often = Counter(zip(rows["before"], rows["after"], strict=True))
        whole = key[1] in (CLASSES["slip"], CLASSES["damaged"])
        found[key] = [(before, after, n) for (before, after), n in often.most_common(None if whole else limit)]
    keys = zip(table["doc_id"], table["change"], strict=True)
    return table.assign(examples=pd.Series([found[key] for key in keys], dtype="object"))


def view(log: pd.DataFrame, names: Mapping[str, str], limit: int = 6) -> str:
    """`examples` as a page to read: what went is struck out, what came instead is marked.

    Parameters
    ----------
    log : DataFrame
        The table cleaning_log.
    names : dict of str to str
        Names of the documents to show, in order, by doc_id.
    limit : int
        See `examples`.

    Returns
    -------
    str
        HTML; whatever stands in the documents is escaped.
    """
    table = examples(log[log["doc_id"].isin(names)], limit)
    parts = []
    for doc_id, name in names.items():
        rows = table[table["doc_id"] == doc_id]
        cells = "".join(
            f"<tr><td>{html.escape(display_name('change', r.change))}</td><td style='text-align:right'>{r.changes:,}</td>"
            f"<td style='text-align:left'>{_shown(r.examples, r.changes)}</td></tr>"
            for r in rows.itertuples()
        )
        cells = cells or f"<tr><td>{tr('nothing but spaces and empty lines, at most')}</td></tr>"
        parts.append(f"<h4>{html.escape(name)}</h4><table>{cells}</table>")
    return "".join(parts)


def _shown(found: Any, changes: Any) -> Any:
    pieces = []
    for before, after, n in found:
        gone = f"<del style='background:#fbdcd8'>{_cut(before)}</del>" if before != after else _cut(before)
        came = f"<ins style='background:#d9f0dd;text-decoration:none'>{_cut(after)}</ins>" if before != after else ""
        pieces.append(gone + came + (f" ×{n}" if n > 1 else ""))
    rest = changes - sum(n for *_, n in found)
    return " · ".join(pieces) + (tr(" · and {n:,} more", n=rest) if rest else "")


def _cut(text: str) -> str:
    shown = text.strip("\n") if text.strip("\n") else "⏎" * min(1, len(text))
    shown = shown if len(shown) <= _LONGEST else f"{shown[: _LONGEST - 1]}…"
    return html.escape("".join(c if c.isprintable() else "·" for c in shown))


_SHINGLE = 8  # characters
_FEW = 8  # shared shingles in the sample below which likeness is chance
_SIMILAR = 0.5  # of the shingles of the longer document
_COARSE = np.uint64(512)  # of the checksums of a fingerprint
_ENOUGH = 5  # documents of a kind, from which on one can be told to be unlike the others
_BEGINNING = 12  # paragraphs
_PART = re.compile("([一二三四五六七八九十]{1,2})、")
_YEAR = re.compile("(?<![0-9])(19[4-9][0-9]|20[0-9]{2})年")


def oddities(
    corpus: pd.DataFrame,
    paragraphs: pd.DataFrame,
    log: pd.DataFrame,
    against: Mapping[str, npt.NDArray[Any]] | None = None,
) -> pd.DataFrame:
    """What is odd about a corpus, document by document.

    Parameters
    ----------
    corpus, paragraphs, log : DataFrame
        The tables corpus, paragraphs and cleaning_log.
    against : dict of str to array, optional
        Other documents by name, as `sampled_shingles` gives them, that none of these should be.

    Returns
    -------
    DataFrame
        Columns doc_id, kind (duplicate, near-duplicate, known, length, broken off, year, place, damage), problem (a
        sentence); in order of the corpus.
    """
    text = paragraphs.groupby("doc_id", sort=False)["text"].agg("\n".join).reindex(corpus["doc_id"], fill_value="")
    damaged = log[log["rule"] == "damaged"].groupby("doc_id").size()
    first = corpus["duplicate_of"].where(corpus["duplicate_of"] != "", corpus["doc_id"])
    same = corpus.groupby(first)["doc_id"].agg(list)
    rows = []
    for d in corpus.itertuples():
        others = ", ".join(name for name in same[d.duplicate_of or d.doc_id] if name != d.doc_id)
        if others:
            problem = tr("has the same text as {others}: at most one of them is filed rightly", others=others)
            rows.append((d.doc_id, "duplicate", problem))
        if d.doc_id in damaged:
            problem = tr("keeps {n} damaged runs in its text; see cleaning_log", n=damaged[d.doc_id])
            rows.append((d.doc_id, "damage", problem))
        if not text[d.doc_id]:
            rows.append((d.doc_id, "length", tr("holds no text once page furniture is removed")))
            continue
        last = text[d.doc_id].rstrip().rpartition("\n")[2]
        if len(last) > 40 and not last.endswith(("。", "！", "？", "”", "）", ")", "…", "!", ".")):
            rows.append((d.doc_id, "broken off", tr("ends without a full stop: ...{end}", end=last[-12:])))
        place = d.city or re.sub("(省|市|壮族自治区|回族自治区|维吾尔自治区|自治区)$", "", d.province)
        if place and place not in text[d.doc_id]:
            rows.append((d.doc_id, "place", tr("never names {place}, under which it is filed", place=place)))
        home = _homes().get(d.city, [])
        if d.city and d.province and home and not any(d.province.startswith(p) for p in home):
            names = {"city": d.city, "province": d.province, "home": home[0]}
            rows.append((d.doc_id, "place", tr("is filed under {city} in {province}, which lies in {home}", **names)))
        found = _year_of_report(paragraphs[paragraphs["doc_id"] == d.doc_id], d.doc_type)
        if found and not pd.isna(d.year) and found != d.year:
            problem = tr("is filed under {year}, but reads like a report of {found}", year=d.year, found=found)
            rows.append((d.doc_id, "year", problem))
    rows += [(name, "length", problem) for name, problem in _lengths(corpus)]
    rows += [(name, "broken off", problem) for name, problem in _parts(corpus, paragraphs)]
    shingles = {d.doc_id: sampled_shingles(text[d.doc_id]) for d in corpus.itertuples()}
    rows += [(name, "near-duplicate", problem) for name, problem in _near_duplicates(corpus, shingles)]
    rows += [(name, "known", problem) for name, problem in _known(corpus, shingles, against or {})]
    table = pd.DataFrame(rows, columns=["doc_id", "kind", "problem"])
    order = {name: i for i, name in enumerate(corpus["doc_id"])}
    return table.sort_values("doc_id", key=lambda s: s.map(order), kind="stable", ignore_index=True)


def _year_of_report(paragraphs: pd.DataFrame, doc_type: str) -> Any:
    """The year of a work report: the one after the year that its first headings review, or None."""
    if doc_type != "work report":
        return None
    for heading in paragraphs.loc[paragraphs["kind"] == "heading", "text"].head(3):
        match = _YEAR.search(heading)
        if match and re.search("回顾|总结|完成|工作情况|过去", heading):
            return int(match[1]) + 1
    return None


def _lengths(corpus: pd.DataFrame) -> Any:
    """Documents under half or over twice the median length of their kind, where there are five or more of it."""
    for _, same in corpus.groupby("doc_type"):
        median = same["n_chars"].median()
        for d in same.itertuples() if len(same) >= _ENOUGH else ():
            if not median / 2 <= d.n_chars <= median * 2:
                sizes = {"n": d.n_chars, "median": median}
                if d.n_chars < median:
                    yield d.doc_id, tr("is short: {n:,} characters, where the median is {median:,.0f}", **sizes)
                else:
                    yield d.doc_id, tr("is long: {n:,} characters, where the median is {median:,.0f}", **sizes)


def _parts(corpus: pd.DataFrame, paragraphs: pd.DataFrame) -> Any:
    """Documents with a first part and no second; those that do not begin as four fifths of their kind do."""
    headings = paragraphs[(paragraphs["kind"] == "heading") & (paragraphs["unit"] == "")]
    for name, lines in headings.groupby("doc_id")["text"].agg(list).items():
        numbers = [m[1] for m in map(_PART.match, lines) if m]
        if numbers and len(set(numbers)) == 1:
            told = "has a part {number} and no other: it breaks off, or the others have no number"
            yield name, tr(told, number=numbers[0])
    head = paragraphs.groupby("doc_id", sort=False).head(_BEGINNING)
    beginning = head["text"].map(line_key).groupby(head["doc_id"], sort=False).agg(list)
    for _, same in corpus.groupby("doc_type"):
        if len(same) < _ENOUGH:
            continue
        lines = Counter(line for name in same["doc_id"] for line in set(beginning[name]))
        line, n = max(lines.items(), key=lambda item: (item[1], item[0]))
        for name in same["doc_id"] if n * 5 >= len(same) * 4 else ():
            if line not in "\n".join(beginning[name]):
                yield name, tr("does not begin as the others do ({line}): is it the whole document?", line=line[:20])


def _near_duplicates(corpus: pd.DataFrame, shingles: Any) -> Any:
    """Pairs that share half of their shingles, by a sample of these: those whose checksum is divisible by 16."""
    from scipy.sparse import csr_matrix

    names = [d.doc_id for d in corpus.itertuples() if not d.duplicate_of]
    if not names:
        return
    sizes = np.array([len(shingles[name]) for name in names])
    _, columns = np.unique(np.concatenate([shingles[name] for name in names]), return_inverse=True)
    rows = np.repeat(np.arange(len(names)), sizes)
    shape = len(names), columns.max(initial=0) + 1
    held = csr_matrix((np.ones(len(rows), dtype=np.int32), (rows, columns)), shape=shape)
    shared = (held @ held.T).tocoo()
    longer = np.maximum(sizes[shared.row], sizes[shared.col])
    alike = (shared.row < shared.col) & (shared.data >= np.maximum(_FEW, _SIMILAR * longer))
    pairs = zip(shared.row[alike], shared.col[alike], shared.data[alike] / longer[alike], strict=True)
    for i, j, share in sorted(pairs):
        yield names[j], tr("shares {share:.0%} of its passages with {name}", share=share, name=names[i])


def _known(corpus: pd.DataFrame, shingles: Any, against: Any) -> Any:
    """Documents of which half of the shingles are those of a document known from elsewhere."""
    for d in corpus.itertuples():
        mine = shingles[d.doc_id]
        coarse = mine[mine % _COARSE == 0]
        found = [n for n, s in known().items() if _alike(coarse, s, _FEW // 2) and not _belongs(d, n.split()[0])]
        found += [name for name, theirs in against.items() if _alike(mine, theirs, _FEW)]
        for name in found:
            yield d.doc_id, tr("is a document known from elsewhere: {name}", name=name)


def _alike(one: npt.NDArray[Any], two: npt.NDArray[Any], few: int) -> Any:
    shared = len(np.intersect1d(one, two, assume_unique=True))
    return shared >= max(few, _SIMILAR * max(len(one), len(two)))


def _belongs(document: Any, place: str) -> bool:
    """Whether a document is filed under a place, with or without the suffix, or under none."""
    filed = [name for name in (document.city, document.province) if name]
    return all(place.startswith(name) or name.startswith(place) for name in filed)


def fingerprint(text: str) -> npt.NDArray[Any]:
    """Checksums of a text's shingles (eight Chinese characters in a row): those divisible by 512, sorted, unique."""
    sums = sampled_shingles(text)
    return sums[sums % _COARSE == 0]


@functools.cache
def known() -> dict[str, npt.NDArray[Any]]:
    """Fingerprints of national and provincial reports by place and year, which turn up where they do not belong."""
    rows = read_tsv(Path(__file__).with_name("resources") / "known.tsv", header=False)
    return {name: np.array([int(s, 36) for s in sums.split()], dtype=np.uint64) for name, sums in rows}


@functools.cache
def _homes() -> dict[str, list[str]]:
    homes: dict[str, list[str]] = {}
    for province, cities in prefectures().items():
        for city in cities:
            homes.setdefault(city, []).append(province)
    return homes


def coverage(corpus: pd.DataFrame) -> pd.DataFrame:
    """What a corpus holds of the country, of the years it spans and of its genres: how representative it is.

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
    kept = corpus[corpus["exclude"] == ""]
    rows: list[tuple[Any, ...]] = []
    provinces: Counter[str] = Counter()
    cities: dict[str, set[str]] = {}
    for d in kept.itertuples():
        home = next((p for p in prefectures() if d.province.startswith(p)), None) or next(
            iter(_homes().get(d.city, [])), None
        )
        if home:
            provinces[home] += 1
            cities.setdefault(home, set()).update({d.city} & set(prefectures()[home]))
    for name, units in prefectures().items() if provinces else ():
        rows.append(("province", name, provinces[name], len(cities.get(name, ())), len(units)))
    years = Counter(int(year) for year in kept["year"].dropna())
    rows += [("year", str(y), years[y], 0, pd.NA) for y in range(min(years), max(years) + 1)] if years else []
    genres = Counter(genre for genre in kept["genre"] if genre)
    rows += [("genre", genre, n, 0, pd.NA) for genre, n in sorted(genres.items())]
    table = pd.DataFrame(rows, columns=["by", "value", "documents", "cities", "of"])
    return table.astype({"documents": "int64", "cities": "int64", "of": "Int64"})


def coverage_sentences(corpus: pd.DataFrame) -> list[str]:
    """`coverage` in a few sentences, for a corpus of more than one document."""
    table = coverage(corpus)
    said: list[str] = []
    total = int((corpus["exclude"] == "").sum())
    if total < 2:
        return said
    for by, rows in table.groupby("by", sort=False):
        there, absent = rows[rows["documents"] > 0], rows[rows["documents"] == 0]
        stated = int(rows["documents"].sum())
        most = there.sort_values(["documents", "value"], ascending=[False, True]).head(3)
        names = join_items(
            f"{r.value} {r.documents}" + (tr(" ({n} of its {all} cities)", n=r.cities, all=r.of) if r.cities else "")
            for r in most.itertuples()
        )
        many = display_name("many", f"{by}s") if len(rows) > 1 else display_name("column", by)
        sizes = {"n": len(there), "all": len(rows), "many": many}
        span = tr("{n} of {all} {many}", **sizes) if len(absent) else tr("{all} {many}", **sizes)
        lacking = tr("; none from {said}", said=join_items(absent["value"].head(12))) if len(absent) else ""
        lacking += tr(" and {n} more", n=len(absent) - 12) if len(absent) > 12 else ""
        about = {"by": display_name("column", by), "stated": stated, "total": total, "span": span}
        about |= {"names": names, "lacking": lacking}
        said.append(tr("by {by}: {stated} of {total} documents, {span}; most: {names}{lacking}", **about))
    return said


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


def check(corpus: Path | str, against: Iterable[Path | str] = ()) -> list[str]:
    """What there is to say about a corpus before anything is built from it.

    Parameters
    ----------
    corpus : str or Path
    against : sequence of str or Path
        Further corpora, none of whose documents should be in this one.

    Returns
    -------
    list of str
        Sentences: what was passed over, and what `oddities` finds, document by document; then what was guessed,
        and what the corpus holds of the country, of the years and of genres.
        Problems that keep a corpus from being read are raised as by `read_corpus`.
    """
    sources, said = read_corpus(corpus)
    frames = make_tables(sources, tables=("corpus", "paragraphs", "cleaning_log"), progress=True)
    others: dict[str, np.ndarray] = {}
    for folder in map(Path, against):
        paragraphs = make_tables(read_corpus(folder)[0], tables=("corpus", "paragraphs"), progress=True)["paragraphs"]
        text = paragraphs.groupby("doc_id", sort=False)["text"].agg("\n".join)
        others |= {f"{folder / name}": sampled_shingles(t) for name, t in text.items()}
    found = oddities(frames["corpus"], frames["paragraphs"], frames["cleaning_log"], others)
    said += [f"{row.doc_id} {row.problem}" for row in found.itertuples()]
    guessed = frames["corpus"].query("guessed != ''").groupby("guessed", sort=True)["doc_id"].agg(list)
    for columns, names in guessed.items():
        which = ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")
        said.append(f"{columns.replace(' ', ', ')} guessed for {which}: state it in {MANIFEST} to be sure")
    return said + coverage_sentences(frames["corpus"])
