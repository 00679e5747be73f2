"""What cleaning did, summed up from its log; and what is odd about the documents of a corpus."""

import re

import numpy as np
import pandas as pd

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


def summary(log):
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


def dropped_lines(log):
    """Lines that were taken for page furniture: doc_id, line, why, text."""
    rows = log[log["rule"].str.startswith("furniture")]
    why = rows["rule"].str.removeprefix("furniture:")
    return pd.DataFrame(
        {"doc_id": rows["doc_id"], "line": rows["line"], "why": why, "text": rows["before"]}
    ).reset_index(drop=True)


_SHINGLE = 8  # characters
_FEW = 8  # shared shingles in the sample below which likeness is chance
_SIMILAR = 0.5  # of the shingles of the longer document
_YEAR = re.compile("(?<![0-9])(19[4-9][0-9]|20[0-9]{2})年")


def oddities(corpus, paragraphs, log):
    """What is odd about a corpus, document by document.

    Parameters
    ----------
    corpus, paragraphs, log : DataFrame
        The tables corpus, paragraphs and cleaning_log.

    Returns
    -------
    DataFrame
        Columns doc_id, kind (duplicate, near-duplicate, length, broken off, year, place, damage), problem (a sentence);
        in order of the corpus.
    """
    text = paragraphs.groupby("doc_id", sort=False)["text"].agg("\n".join)
    damaged = log[log["rule"] == "damaged"].groupby("doc_id").size()
    rows = []
    for d in corpus.itertuples():
        if d.duplicate_of:
            rows.append(
                (d.doc_id, "duplicate", f"has the same text as {d.duplicate_of}: at least one is filed wrongly")
            )
        if d.doc_id in damaged:
            rows.append((d.doc_id, "damage", f"keeps {damaged[d.doc_id]} damaged runs in its text; see cleaning_log"))
        last = text[d.doc_id].rstrip().rpartition("\n")[2]
        if len(last) > 40 and not last.endswith(("。", "！", "？", "”", "）", ")", "…", "!", ".")):
            rows.append((d.doc_id, "broken off", f"ends without a full stop: ...{last[-12:]}"))
        place = d.city or re.sub("(省|市|壮族自治区|回族自治区|维吾尔自治区|自治区)$", "", d.province)
        if place and place not in text[d.doc_id]:
            rows.append((d.doc_id, "place", f"never names {place}, under which it is filed"))
        found = _year_of_report(paragraphs[paragraphs["doc_id"] == d.doc_id], d.doc_type)
        if found and not pd.isna(d.year) and found != d.year:
            rows.append((d.doc_id, "year", f"is filed under {d.year}, but reads like a report of {found}"))
    rows += [(name, "length", problem) for name, problem in _lengths(corpus)]
    rows += [(name, "near-duplicate", problem) for name, problem in _near_duplicates(corpus, text)]
    table = pd.DataFrame(rows, columns=["doc_id", "kind", "problem"])
    order = {name: i for i, name in enumerate(corpus["doc_id"])}
    return table.sort_values("doc_id", key=lambda s: s.map(order), kind="stable", ignore_index=True)


def _year_of_report(paragraphs, doc_type):
    """The year of a work report: the one after the year that its first headings review, or None."""
    if doc_type != "work report":
        return None
    for heading in paragraphs.loc[paragraphs["kind"] == "heading", "text"].head(3):
        match = _YEAR.search(heading)
        if match and re.search("回顾|总结|完成|工作情况|过去", heading):
            return int(match[1]) + 1
    return None


def _lengths(corpus):
    """Documents under half or over twice the median length of their kind, where there are five or more of it."""
    for _, same in corpus.groupby("doc_type"):
        median = same["n_chars"].median()
        for d in same.itertuples() if len(same) >= 5 else ():
            if not median / 2 <= d.n_chars <= median * 2:
                size = "short" if d.n_chars < median else "long"
                yield d.doc_id, f"is {size}: {d.n_chars:,} characters, where the median is {median:,.0f}"


def _near_duplicates(corpus, text):
    """Pairs that share half of their shingles, by a sample of these: those whose checksum is divisible by 16."""
    names = [d.doc_id for d in corpus.itertuples() if not d.duplicate_of]
    shingles = {name: _sampled_shingles(text[name]) for name in names}
    for i, a in enumerate(names):
        for b in names[i + 1 :]:
            shared = len(np.intersect1d(shingles[a], shingles[b], assume_unique=True))
            longer = max(len(shingles[a]), len(shingles[b]))
            if shared >= max(_FEW, _SIMILAR * longer):
                yield b, f"shares {shared / longer:.0%} of its passages with {a}"


def _sampled_shingles(text):
    codes = np.frombuffer(re.sub("[^\u3400-\u9fff]", "", text).encode("utf-32-le"), dtype=np.uint32).astype(np.uint64)
    if len(codes) < _SHINGLE:
        return np.zeros(0, dtype=np.uint64)
    sums = np.zeros(len(codes) - _SHINGLE + 1, dtype=np.uint64)
    for i in range(_SHINGLE):
        sums = sums * np.uint64(1_000_003) + codes[i : len(codes) - _SHINGLE + 1 + i]
    sums ^= sums >> np.uint64(29)
    return np.unique(sums[sums % np.uint64(16) == 0])
