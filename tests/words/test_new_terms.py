"""Candidate terms: cohesion and entropy worked by hand, what stands in whose place, and the same whatever the order."""

import numpy as np
import pandas as pd
import pytest
from crosscity.words.new_terms import COLUMNS, border_entropy, candidates


def corpus(*texts):
    """Paragraphs, one a document; a space stands where the segmenter cuts, and is taken out of the text."""
    frame = pd.DataFrame({"doc_id": [f"d{i}" for i in range(len(texts))], "text": [t.replace(" ", "") for t in texts]})
    letters = [["".join(c for c in w if c.isalnum()) for w in t.replace("+", " ").split()] for t in texts]
    return frame.assign(tokens=[[w for w in words if w] for words in letters])


def row(table, term):
    """The row of a candidate."""
    (found,) = table[table["term"] == term].to_dict("records")
    return found


# 春苗 stands three times, 课堂 four times, side by side three times. 很 is a stop word: no candidate ends with it.
SMALL = ("设 春苗 课堂 很 ， 课堂 多", "办 春苗 课堂 很 。", "镇里 春苗 课堂 进 村口 ， 山水 美 哉")


def test_cohesion_by_hand():
    found = row(candidates(corpus(*SMALL)), "春苗课堂")
    assert found["count"] == 3
    assert found["documents"] == 3
    # 6 + 4 + 8 words: log2(N c(ab) / (c(a) c(b))) = log2(18 * 3 / (3 * 4)) = log2(4.5) = 2.1699
    assert found["cohesion"] == 2.1699
    # The words before: 设, 办, 镇里, each once: log2 3 = 1.585. Behind: 很 twice, 进 once:
    # 2/3 log2(3/2) + 1/3 log2 3 = 0.39 + 0.5283 = 0.9183. Sides that are swapped would show.
    assert found["left_entropy"] == 1.585
    assert found["right_entropy"] == 0.9183
    assert found["quoted"] == 0
    # normalised: 2.1699 / log2(18 / 3) = 0.8394; times 1 + 0.9183
    assert found["score"] == 1.6103


def test_cohesion_is_that_of_the_weakest_cut():
    # 甲乙丙 = AA BB CC: N = 11, c(AA) = 2, c(BB) = 2, c(CC) = 5, c(AA BB) = 2, c(BB CC) = 2, c(whole) = 2.
    found = row(candidates(corpus("红甲 红乙 红丙 ， 红丙", "山 红甲 红乙 红丙 ， 红丙 ， 红丙 水")), "红甲红乙红丙")
    # AA | BB CC: log2(11 * 2 / (2 * 2)) = 2.4594; AA BB | CC: log2(11 * 2 / (2 * 5)) = log2(2.2) = 1.1375
    assert found["cohesion"] == 1.1375


def test_entropy_by_hand():
    owner = np.array([0, 0, 0, 0, 1, 1, 2, 2, 2])
    beside = np.array([5, 5, 7, 8, 5, 5, -1, -1, 5])
    # 0: 5, 5, 7, 8: 1/2 * 1 + 2 * 1/4 * 2 = 1.5. 1: always the same word: 0. 2: two borders, which are not the same
    # neighbour, and a word: log2 3.
    assert border_entropy(owner, beside, 3) == pytest.approx([1.5, 0, np.log2(3)])
    assert border_entropy(np.array([0, 0]), np.array([-1, -1]), 1) == pytest.approx([1])


def test_one_side_that_never_changes_is_no_border():
    # 春苗课堂 always follows 红旗, so the longer string is the candidate; likewise where one word always follows.
    assert list(candidates(corpus("设 红旗 春苗 课堂", "再 红旗 春苗 课堂 ，"))["term"]) == ["红旗春苗课堂"]
    assert list(candidates(corpus("设 春苗 课堂 进村", "山 春苗 课堂 进村 ，"))["term"]) == ["春苗课堂进村"]


def test_the_part_that_stands_elsewhere_too_is_kept():
    texts = ("设 春苗 课堂 ， 美 春苗 课堂 好", "山 春苗 课堂 点 ， 水 春苗 课堂 点 。")
    assert "春苗课堂" in set(candidates(corpus(*texts))["term"])


def test_fragments_across_a_better_candidate_are_left_out():
    # 春苗课堂 is quoted, twice; 课堂好事 recurs too, but every one of its occurrences cuts into it.
    texts = ("设 “ 春苗 课堂 ” ， 美 春苗 课堂 好事 ， 是", "山 “ 春苗 课堂 ” 点 ， 水 春苗 课堂 好事 。")
    assert list(candidates(corpus(*texts))["term"]) == ["春苗课堂"]
    free = (*texts, "书屋 课堂 好事 ， 田头 课堂 好事 多")
    assert set(candidates(corpus(*free))["term"]) == {"春苗课堂", "课堂好事"}


@pytest.mark.parametrize("marks", ["“”", "‘’", "「」", "『』", '""'])
def test_a_name_that_stands_once_in_quotation_marks(marks):
    table = candidates(corpus(f"实施 {marks[0]} 头雁 {marks[1]} 工程", f"叫 {marks[0]} 三 联 十 理 {marks[1]} 。"))
    assert list(table["term"]) == ["三联十理"]  # 头雁 is one word already
    assert row(table, "三联十理")["quoted"] == 1
    # 1 cut of 3 is as weak as any: every part stands once; N = 7: log2(7), over log2(7 / 1): 1; 1 + 2 log2(2) = 3
    assert row(table, "三联十理")["score"] == 3


def test_what_stands_once_and_bare_is_none():
    assert candidates(corpus("叫 三 联 十 理 。")).empty
    assert candidates(corpus("叫 “ 三 联 ， 十 理 ” 。")).empty
    assert candidates(corpus("叫 “ 三 联 十 理 好 。")).empty
    assert candidates(corpus("叫 “ 三 联 十 理 ” 。"), longest=3).empty


def test_plus_and_digits():
    table = candidates(corpus("推行 “ 支部 + 基地 ” ， 用 “ 和谐 1 + 3 ” 。", "“ 2024 + 15 ”"))
    assert set(table["term"]) == {"支部+基地", "和谐1+3"}


def test_words_that_say_nothing_stand_at_no_end():
    texts = ("山 的 春苗 课堂 ， 水 的 春苗 课堂 和 树 ", "云 春苗 课堂 和 花 ， 四 个 一批 ， 四 个 一批 好")
    terms = set(candidates(corpus(*texts))["term"])
    assert "春苗课堂" in terms
    assert not [t for t in terms if t[0] in "的和" or t[-1] in "的和"]


def test_known_words_are_no_candidates():
    table = candidates(corpus(*SMALL), known=["春苗课堂"])
    assert "春苗课堂" not in set(table["term"])
    # One word at one place: the segmenter has it.
    assert "春苗课堂" not in set(candidates(corpus(*SMALL, "春苗课堂"))["term"])


def test_a_string_that_is_cut_in_two_ways_is_one_candidate():
    table = candidates(corpus("设 春苗 课堂 ， 美 春苗 课堂 好", "山 春 苗课堂 点 ， 水 春 苗课堂 树"))
    assert list(table["term"]) == ["春苗课堂"]
    assert (table["count"][0], table["documents"][0]) == (4, 2)


def test_min_count_and_limit():
    assert "春苗课堂" in set(candidates(corpus(*SMALL), min_count=3)["term"])
    assert candidates(corpus(*SMALL), min_count=4).empty
    texts = ("叫 “ 三 联 ” “ 十 理 ” “ 双 评 ”",)
    whole = candidates(corpus(*texts))
    assert list(whole["term"]) == ["三联", "十理", "双评"]  # ties by term
    pd.testing.assert_frame_equal(candidates(corpus(*texts), limit=2), whole.head(2))


def test_examples_come_from_three_documents_at_most():
    texts = [f"{w} 春苗 课堂 ， {w} 春苗 课堂 好" for w in ("山", "水", "云", "花")]
    assert row(candidates(corpus(*texts)), "春苗课堂")["examples"] == " | ".join(
        f"d{i}: {w}春苗课堂，{w}春苗课堂好" for i, w in enumerate(("山", "水", "云"))
    )


def test_only_examples_depend_on_the_order_of_documents():
    rng = np.random.default_rng(1)
    words = np.array(["春苗", "课堂", "联", "十", "理", "好", "山", "，", "“", "”", "的", "四"])
    frame = corpus(*(" ".join(rng.choice(words, 60)) for _ in range(12)))
    table = candidates(frame)
    assert len(table) > 20
    assert table["score"].is_monotonic_decreasing
    for seed in range(3):
        mixed = candidates(frame.sample(frac=1, random_state=seed))
        pd.testing.assert_frame_equal(mixed.drop(columns="examples"), table.drop(columns="examples"))


@pytest.mark.parametrize("texts", [(), ("",), ("，。",), ("春苗",), ("“ 春苗 ”",)])
def test_nothing_to_find(texts):
    table = candidates(corpus(*texts))
    assert tuple(table.columns) == COLUMNS
    assert table.empty


def test_two_words_are_enough():
    assert list(candidates(corpus("“ 春苗 课堂 ”"))["term"]) == ["春苗课堂"]
