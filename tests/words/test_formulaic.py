"""Formulas: what many documents share is found whole, and only that is left out."""

import numpy as np
import pytest
from crosscity.words.formulaic import COLUMNS, formulas, remove_masked

NAMES = list("甲乙丙丁戊己庚辛壬癸")


def rows(table):
    return list(table.itertuples(index=False, name=None))


def test_formulas_by_hand():
    # A B C D E is in three documents, A B C D in two more, B C D E Z in none of its own.
    tokens = [[*"xABCDEy"], [*"ABCDE"], [*"uvABCDEw"], [*"pABCDq"], [*"ABCDr"], [*"sBCDt"]]
    table, mask = formulas(tokens, NAMES[:6], share=0, min_documents=3, min_words=4)
    assert tuple(table.columns) == COLUMNS
    assert rows(table) == [("ABCDE", 5, 3, 3, 15), ("ABCD", 4, 5, 5, 8)]
    assert remove_masked(tokens, mask).tolist() == [["x", "y"], [], ["u", "v", "w"], ["p", "q"], ["r"], [*"sBCDt"]]
    # With one document more asked for, only the part that five share is left; with two more, nothing.
    table, mask = formulas(tokens, NAMES[:6], share=0, min_documents=4, min_words=4)
    assert rows(table) == [("ABCD", 4, 5, 5, 20)]
    assert remove_masked(tokens, mask)[0] == ["x", "E", "y"]
    table, mask = formulas(tokens, NAMES[:6], share=0, min_documents=6, min_words=4)
    assert rows(table) == []
    assert not mask.any()


def test_runs_that_overlap_are_both_listed_and_words_counted_once():
    # A B C D and C D E F are shared, the six words together stand once only.
    tokens = [[*"ABCDEF"], [*"xABCDy"], [*"ABCD"], [*"CDEF"], [*"zCDEF"]]
    table, mask = formulas(tokens, NAMES[:5], share=0, min_documents=3, min_words=4)
    # Both cost 12 words: ABCD comes first by text, and of CDEF's words two are its in the first paragraph.
    assert rows(table) == [("ABCD", 4, 3, 3, 12), ("CDEF", 4, 3, 3, 10)]
    assert mask.sum() == 22
    assert remove_masked(tokens, mask).tolist() == [[], ["x", "y"], [], [], ["z"]]


def test_the_same_from_behind():
    tokens = [[*"xABCDEy"], [*"ABCDE"], [*"uvABCDEw"], [*"pBCDEq"], [*"rBCDE"]]
    table, _ = formulas(tokens, NAMES[:5], share=0, min_documents=3, min_words=4)
    assert rows(table) == [("ABCDE", 5, 3, 3, 15), ("BCDE", 4, 5, 5, 8)]


def test_words_go_to_the_formula_that_leaves_out_most():
    # C D E F G H leaves out 18, A B C D, though more frequent, 16: the two words they share are counted for the former.
    tokens = [[*"ABCDEFGH"], [*"CDEFGH"], [*"xCDEFGH"], [*"ABCD"], [*"ABCDy"], [*"zABCD"]]
    table, mask = formulas(tokens, NAMES[:6], share=0, min_documents=3, min_words=4)
    assert rows(table) == [("CDEFGH", 6, 3, 3, 18), ("ABCD", 4, 4, 4, 14)]
    assert mask.sum() == 32


def test_documents_count_and_not_paragraphs():
    tokens = [[*"ABCD"]] * 5
    assert rows(formulas(tokens, list("甲甲甲甲乙"), share=0, min_documents=3, min_words=4)[0]) == []
    assert rows(formulas(tokens, list("甲甲甲丙乙"), share=0, min_documents=3, min_words=4)[0]) == [
        ("ABCD", 4, 3, 5, 20)
    ]


def test_a_formula_does_not_reach_over_paragraphs():
    tokens = [[*"AB"], [*"CD"]] * 5
    assert rows(formulas(tokens, [n for n in NAMES[:5] for _ in range(2)], min_words=4)[0]) == []
    assert rows(formulas(tokens, [n for n in NAMES[:5] for _ in range(2)], min_words=2)[0]) == [
        ("AB", 2, 5, 5, 10),
        ("CD", 2, 5, 5, 10),
    ]


def test_numbers_part_formulas():
    tokens = [[*"ABCD", "2024", *"EFGH"]] * 5
    table, mask = formulas(tokens, NAMES[:5], min_words=4)
    assert table["text"].tolist() == ["ABCD", "EFGH"]
    assert remove_masked(tokens, mask).tolist() == [["2024"]] * 5
    assert rows(formulas(tokens, NAMES[:5], min_words=5)[0]) == []


@pytest.mark.parametrize(("share", "found"), [(0.07, 1), (0.08, 0)])
def test_share_of_documents(share, found):
    # Seven of a hundred; 0.07 * 100 is more than 7 in floating point.
    tokens = [[*"ABCD"] if i < 7 else [f"w{i}"] for i in range(100)]
    assert len(formulas(tokens, [str(i) for i in range(100)], share=share, min_words=4)[0]) == found


def test_fewer_than_five_documents_keep_all_their_words():
    tokens = [[*"ABCDEFGHIJ"]] * 4
    table, mask = formulas(tokens, NAMES[:4])
    assert table.empty
    assert remove_masked(tokens, mask).tolist() == tokens
    assert rows(formulas([*tokens, tokens[0]], NAMES[:5])[0]) == [("ABCDEFGHIJ", 10, 5, 5, 50)]


def test_a_word_said_again_and_again():
    table, mask = formulas([["A"] * 6] * 5, NAMES[:5], min_words=4)
    assert rows(table) == [("AAAAAA", 6, 5, 5, 30)]
    assert mask.all()


@pytest.mark.parametrize("tokens", [[], [[]], [[], ["A"], []], [["A", "B"], []]])
def test_next_to_nothing(tokens):
    table, mask = formulas(tokens, NAMES[: len(tokens)])
    assert table.empty
    assert remove_masked(tokens, mask).tolist() == tokens


def by_counting(tokens, documents, need, length):
    """Which words are left out, by comparing everything with everything."""
    runs = {}
    for words, name in zip(tokens, documents, strict=True):
        for i in range(len(words) - length + 1):
            runs.setdefault(tuple(words[i : i + length]), set()).add(name)
    out = []
    for words in tokens:
        mask = np.zeros(len(words), dtype=bool)
        for i in range(len(words) - length + 1):
            if len(runs[tuple(words[i : i + length])]) >= need:
                mask[i : i + length] = True
        out.append(mask)
    return np.concatenate(out)


@pytest.mark.parametrize("length", [1, 4, 5])
def test_as_by_comparing_everything_whatever_the_order(length):
    rng = np.random.default_rng(5)
    tokens = [["ABCD"[i] for i in rng.integers(0, 4, size=rng.integers(0, 60))] for _ in range(60)]
    documents = [NAMES[i] for i in rng.integers(0, 10, size=60)]
    table, mask = formulas(tokens, documents, share=0.5, min_documents=3, min_words=length)
    assert np.array_equal(mask, by_counting(tokens, documents, 5, length))
    assert mask.any()
    assert length == 1 or not mask.all()
    assert table["left_out"].sum() == mask.sum()
    order = rng.permutation(60)
    again, _ = formulas(
        [tokens[i] for i in order], [documents[i] for i in order], share=0.5, min_documents=3, min_words=length
    )
    assert again.equals(table)


def test_documents_that_are_counted_some_at_a_time_are_those_of_all(monkeypatch):
    rng = np.random.default_rng(3)
    tokens = [[f"w{i}" for i in rng.integers(0, 4, 12)] for _ in range(60)]
    for documents in (np.repeat(range(12), 5), np.tile(range(12), 5)):
        whole, mask = formulas(tokens, documents, 0.3, 2, 3)
        with monkeypatch.context() as patch:
            patch.setattr("crosscity.words.formulaic._AT_ONCE", 7)
            part, same = formulas(tokens, documents, 0.3, 2, 3)
        assert len(whole) > 3
        assert part.equals(whole)
        assert (same == mask).all()
