"""What a query may ask of the machine: no expression and no text hangs or ends in a traceback."""

import itertools
import re

import numpy as np
import pandas as pd
import pytest
from crosscity import CrosscityError
from crosscity.explorer import expressions
from crosscity.explorer.search import Search


def search(texts):
    table = pd.DataFrame({"group": "甲", "doc_id": "d", "paragraph": range(1, len(texts) + 1), "text": texts})
    table["tokens"] = [[text[:2]] for text in texts]
    none = pd.DataFrame({"doc_id": [], "paragraph": [], "theme": [], "start": [], "end": [], "stance": []})
    return Search(table, none, none.astype({"start": int, "end": int}), pd.Series({"d": 2024}))


@pytest.mark.parametrize(
    ("pattern", "size"),
    [
        ("发展", 2),
        ("", 0),
        (".{1000}", 1000),
        (".{0,31}", 31),
        ("(.{0,31}){31}", 961),
        ("((a{3}b){2}c){4}", 36),
        ("[]a-z{9}]{3}|x", 4),
        ("[^]]{5}", 5),
        ("[[:alpha:]x]{7}", 7),
        (r"\p{Han}{5}", 5),
        (r"\{9}", 3),
        (r"a\{9}", 4),
        ("a{x}", 4),
        ("(?:ab){10,}", 22),
        ("(?P<name>ab){10}", 20),
        ("(?i)ab", 2),
        (r"\Qa{9}\E", 8),
        ("x*y+z?", 3),
        ("a{0}", 1),
        ("a)b(c", 2),
        ("{5}", 3),
        ("[", 1),
        ("\\", 1),
    ],
)
def test_the_size_of_an_expression(pattern, size):
    found = expressions.expression_size(pattern)
    assert found == size or (pattern in ("a)b(c",) and found >= 1)


def test_matches_are_the_same_in_blocks_of_any_size(monkeypatch):
    texts = [f"第{i}条，甲{'乙' * (i % 7)}丙。" for i in range(50)]
    table = search(texts)
    whole = table.lines("甲乙{2,}丙", "regex")
    assert len(whole) == sum(i % 7 >= 2 for i in range(50))
    monkeypatch.setattr(expressions, "_BLOCK", 1)
    pd.testing.assert_frame_equal(search(texts).lines("甲乙{2,}丙", "regex"), whole)
    monkeypatch.setattr(expressions, "_BLOCK", 10**9)
    pd.testing.assert_frame_equal(search(texts).lines("甲乙{2,}丙", "regex"), whole)


@pytest.mark.parametrize("pattern", ["甲乙*", "乙*", "[甲丙]", "第[0-9]+", "。$", "^第", "😀|丙", "龘"])
def test_matches_are_those_of_pythons_expressions(pattern):
    texts = [f"第{i}条，甲{'乙' * (i % 7)}😀丙。" for i in range(30)] + ["", "甲", "没有"]
    hits = search(texts).find(pattern, "regex")
    wanted = [(i, m.start(), m.end()) for i, text in enumerate(texts) for m in re.finditer(pattern, text) if m[0]]
    assert sorted(zip(hits.row.tolist(), hits.start.tolist(), hits.end.tolist(), strict=True)) == wanted


def test_blocks_of_an_expression_that_is_quickly_found_are_longer(monkeypatch):
    base = np.arange(0, 10_001, 10)
    monkeypatch.setattr(expressions, "_BLOCK", 100)
    clock = iter(np.arange(0, 10, 0.001))
    monkeypatch.setattr(expressions.time, "monotonic", lambda: next(clock))
    sizes = [rows.stop - rows.start for rows in expressions.blocks(base, "x")]
    assert sizes[:4] == [10, 20, 40, 80]
    assert sum(sizes) == 1000
    slow = iter(np.arange(0, 9, 0.05))
    monkeypatch.setattr(expressions.time, "monotonic", lambda: next(slow))
    assert {rows.stop - rows.start for rows in expressions.blocks(base, "x")} == {10}


@pytest.mark.parametrize("pattern", [".{1000}", "(.{0,31}){31}龘", "(?:一|.){999}x"])
def test_an_expression_that_would_take_minutes_is_refused(pattern):
    with pytest.raises(
        CrosscityError, match=r"once its repetitions are written out, too much for a paragraph of 200,00"
    ):
        search(["一" * 200_000]).find(pattern, "regex")
    assert len(search(["一" * 2000]).find(".{1000}", "regex").row) == 2


def test_a_search_that_lasts_is_ended(monkeypatch):
    clock = iter(range(0, 10_000, 7))
    monkeypatch.setattr(expressions.time, "monotonic", lambda: next(clock))
    monkeypatch.setattr(expressions, "_BLOCK", 10)
    table = search(["一二三四五六七八九十"] * 100)
    with pytest.raises(CrosscityError, match=r"'五.' was ended after 10 seconds, at paragraph 2 of 100: repeat less"):
        table.find("五.", "regex")
    assert len(table.find("五", "string").row) == 100


def test_blocks_of_a_long_expression_stay_short_and_of_a_slow_one_shrink(monkeypatch):
    base, clock = np.arange(0, 3_000_001, 1000), iter([0, 0.001, 0.002, 0.003, 1, 2, 3, 3.001, *range(4, 10)])
    monkeypatch.setattr(expressions.time, "monotonic", lambda: next(clock))
    sizes = [rows.stop - rows.start for rows in itertools.islice(expressions.blocks(base, "x"), 8)]
    assert sizes == [20, 40, 80, 160, 80, 40, 20, 40]
    monkeypatch.setattr(expressions.time, "monotonic", lambda: 0.0)
    assert max(rows.stop - rows.start for rows in expressions.blocks(base, "[一二三].{880}癵")) == 23
    assert max(rows.stop - rows.start for rows in expressions.blocks(base, "增长")) == 1000


def test_a_byte_of_a_character_is_no_match():
    with pytest.raises(CrosscityError, match="matches parts of characters"):
        search(["甲乙"]).find("\\C", "regex")


@pytest.mark.parametrize("how", ["words", "string", "regex"])
@pytest.mark.parametrize("query", ["\ud800", "发\udc00展"])
def test_half_a_character_is_one_message(query, how):
    with pytest.raises(CrosscityError, match=r"half a character \(U\+D[8C]"):
        search(["发展"]).find(query, how)


@pytest.mark.parametrize("query", ["\0", "\u202e", "\x1b[2J", "\uffff", "\U0010ffff", "\\", "(", "[", "*", "a{9999}"])
def test_odd_queries_find_nothing(query):
    assert len(search(["发展\u3000a%s{}", "😀"]).find(query, "words").row) == 0
    assert len(search(["发展\u3000a%s{}", "😀"]).find(query, "string").row) == 0
    assert len(search([f"发展{query}", "😀"]).find(query, "string").row) == 1


@pytest.mark.parametrize("query", ["\\", "(", "[", "*", "a{9999}"])
def test_what_is_no_expression_is_one_message(query):
    with pytest.raises(CrosscityError, match=r"is no regular expression of RE2: .{5,200}$"):
        search(["发展"]).find(query, "regex")
