"""The balance of each document: what was read, what was kept, what was removed or changed by which rule.

Characters are counted without white space. The log of cleaning gives the text when it is applied to the source, so that
for each document the characters read, less those removed, plus those put in, are those kept.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from ..chinese import HAN
from ..language import tr
from ..ordering import sort_rows

if TYPE_CHECKING:
    from collections.abc import Iterator

_ENOUGH = 200  # characters of a text of which shares say something
_MUCH = 0.3  # share of the characters read that cleaning removes
_LITTLE = 0.3  # share of the characters kept that are body text
_FOREIGN = 0.5  # share of the letters that are not Chinese
_UNKNOWN = 0.001  # share of the characters kept that are unknown or private
_SPACED = 0.2  # share of the Chinese characters that have a blank behind them
# What \s is to Python, for Arrow's expressions, which are faster by far and know ASCII blanks alone.
_BLANK = "[\\s\v\x1c-\x1f\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+"
_UNREADABLE = {"unknown": "\N{REPLACEMENT CHARACTER}", "private": "[\ue000-\uf8ff]"}
_STOP = re.compile("[。！？.!?．]")
_LETTER = re.compile(r"[^\W\d_]")
_BLANK_BEHIND = re.compile(f"[{HAN}][ \\u3000](?=\\S)")


def texts_by_document(paragraphs: pd.DataFrame) -> dict[str, str]:
    """The text of each document of the table paragraphs, a paragraph a line."""
    texts: dict[str, list[str]] = {}
    for name, text in zip(paragraphs["doc_id"].to_numpy(), paragraphs["text"].to_numpy(), strict=True):
        texts.setdefault(name, []).append(text)
    return {name: "\n".join(lines) for name, lines in texts.items()}


def _without_blanks(texts: pd.Series) -> pa.Array:
    return pc.replace_substring_regex(pa.array(texts, pa.large_string()), _BLANK, "")


def _lengths(texts: pa.Array, index: pd.Index) -> pd.Series:
    return pd.Series(pc.utf8_length(texts).to_numpy(zero_copy_only=False), index).astype("int64")


def by_rule(log: pd.DataFrame) -> pd.DataFrame:
    """How many characters each rule removed, changed and put in, by document.

    Parameters
    ----------
    log : DataFrame
        The table cleaning_log.

    Returns
    -------
    DataFrame
        Columns doc_id, rule, edits, removed (more characters before than after), changed (characters for which others
        stand), added (more after than before); rules that touched blanks alone have 0 in all three.
    """
    before, after = _without_blanks(log["before"]), _without_blanks(log["after"])
    n, m = _lengths(before, log.index), _lengths(after, log.index)
    both = n.where(n < m, m)
    differ = pd.Series(pc.not_equal(before, after).to_numpy(zero_copy_only=False), log.index)
    table = pd.DataFrame(
        {
            "doc_id": log["doc_id"],
            "rule": log["rule"],
            "edits": 1,
            "removed": n - both,
            "changed": both.where(differ, 0),
            "added": m - both,
        }
    )
    summed = table.groupby(["doc_id", "rule"], sort=False).sum().reset_index()
    return sort_rows(summed, ["doc_id", "rule"]).reset_index(drop=True)


def balance(corpus: pd.DataFrame, paragraphs: pd.DataFrame, log: pd.DataFrame) -> pd.DataFrame:
    """The balance of each document, in characters without white space.

    Parameters
    ----------
    corpus, paragraphs, log : DataFrame
        The tables corpus, paragraphs and cleaning_log.

    Returns
    -------
    DataFrame
        Columns doc_id, read (characters of the source), removed, changed, added (by cleaning), remaining (in the
        paragraphs; read - removed + added), unread (what the reader of the format left out, and its notes say), body
        (of these), unknown (U+FFFD) and private (of the private use area) among them; in order of the corpus.
    """
    return _balance(corpus, paragraphs, by_rule(log))


def _balance(corpus: pd.DataFrame, paragraphs: pd.DataFrame, rules: pd.DataFrame) -> pd.DataFrame:
    """As `balance`, by what `by_rule` gives."""
    text = _without_blanks(paragraphs["text"])
    counts = pd.DataFrame({"doc_id": paragraphs["doc_id"], "remaining": _lengths(text, paragraphs.index)})
    counts["body"] = counts["remaining"].where(paragraphs["kind"] == "body", 0)
    for name, pattern in _UNREADABLE.items():
        counts[name] = pc.count_substring_regex(text, pattern).to_numpy(zero_copy_only=False)
    table = counts.groupby("doc_id").sum().reindex(corpus["doc_id"], fill_value=0)
    sums = rules.drop(columns="rule").groupby("doc_id")[["removed", "changed", "added"]].sum()
    table = table.join(sums).fillna(0).astype("int64")
    table["read"] = table["remaining"] + table["removed"] - table["added"]
    table["unread"] = corpus["n_unread"].to_numpy()
    columns = ["read", "removed", "changed", "added", "remaining", "unread", "body", *_UNREADABLE]
    return table[columns].reset_index()


def odd_balances(corpus: pd.DataFrame, paragraphs: pd.DataFrame, log: pd.DataFrame) -> Iterator[tuple[str, str]]:
    """doc_id and what is odd about the balance of a document, a sentence without its subject."""
    if corpus.empty:
        return
    text, rules = texts_by_document(paragraphs), by_rule(log)
    boilerplate = rules[rules["rule"].str.startswith("furniture")].groupby("doc_id")["removed"].sum()
    for row in _balance(corpus, paragraphs, rules).itertuples():
        for problem in _problems(row, text.get(row.doc_id, ""), int(boilerplate.get(row.doc_id, 0))):
            yield row.doc_id, problem


def _problems(row: Any, text: str, boilerplate: int) -> Iterator[str]:
    """What is odd about a document by its balance, its text and how much of it was removed as the page's."""
    if row.unread > row.read:
        yield tr("has {n:,} characters that could not be read or were left out on reading", n=row.unread)
    if row.read >= _ENOUGH and row.removed >= _MUCH * row.read:
        shares = {"share": row.removed / row.read, "page": boilerplate / row.read}
        yield tr("lost {share:.0%} of its characters in cleaning, {page:.0%} as page furniture", **shares)
    if row.unknown and row.unknown >= _UNKNOWN * row.remaining:
        yield tr("has {n:,} unknown characters (U+FFFD)", n=row.unknown)
    if row.private and row.private >= _UNKNOWN * row.remaining:
        yield tr("has {n:,} private-use characters", n=row.private)
    if row.remaining < _ENOUGH:
        return
    if not row.body:
        yield tr("has no body text: all its lines are titles, headings or bylines")
    elif row.body < _LITTLE * row.remaining:
        yield tr("has little body text: {share:.0%} of its characters", share=row.body / row.remaining)
    if not _STOP.search(text):
        yield tr("has no full stop")
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    chinese = int(((codes >= ord(HAN[0])) & (codes <= ord(HAN[-1]))).sum())
    # Most texts are Chinese and without blanks, and need not be searched.
    if chinese < (1 - _FOREIGN) * row.remaining and chinese < (1 - _FOREIGN) * (letters := len(_LETTER.findall(text))):
        yield tr("is not Chinese for the most part: {share:.0%} of its letters are", share=chinese / letters)
    enough = _SPACED * chinese
    if chinese and text.count(" ") + text.count("\u3000") >= enough and len(_BLANK_BEHIND.findall(text)) >= enough:
        yield tr("has blanks between its characters or words")
