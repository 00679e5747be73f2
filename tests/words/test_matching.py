"""Matches: passages whose offsets are known by hand, in text of characters that never recur by chance."""

import pytest
from crosscity.words import reuse

from tests.helpers.passages import PASSAGE, dated, frame, places, text


def test_an_exact_passage_has_its_offsets():
    documents = {"乙": [text(20, 2), text(7, 3) + PASSAGE + text(9, 4)], "丙": [PASSAGE + text(5, 5)]}
    found = reuse.matches(frame(documents))
    assert places(found) == [("乙", 2, "7-67", "丙", 1, "0-60")]
    assert found[["match", "similarity", "exact"]].to_numpy().tolist() == [[1, 1.0, True]]


def test_a_changed_passage_has_its_offsets_and_its_similarity():
    changed = PASSAGE[:15] + "甲" + PASSAGE[16:30] + PASSAGE[31:45] + "乙" + PASSAGE[45:]
    documents = {"a": [text(20, 2) + PASSAGE + text(30, 3)], "b": [text(7, 4) + changed + text(8, 5)]}
    found = reuse.matches(frame(documents))
    assert places(found) == [("a", 1, "20-80", "b", 1, "7-67")]
    # One replaced, one lost, one added: 58 of 60 and 60 characters are equal.
    assert found[["similarity", "exact"]].to_numpy().tolist() == [[round(2 * 58 / 120, 4), False]]


def test_marks_spaces_width_and_case_do_not_count():
    one = f"{text(9, 2)}。“{PASSAGE[:30]}，ＧＤＰ增长８．５％，{PASSAGE[30:]}。”{text(9, 3)}"
    two = f"{text(4, 4)}：“{PASSAGE[:30]} gdp增长85%；{PASSAGE[30:]}。”{text(5, 5)}"
    found = reuse.matches(frame({"a": [one], "b": [two]}))
    # From the opening mark that both have, to the full stop and the closing mark; not the 。 and ： before.
    assert places(found) == [("a", 1, f"10-{len(one) - 9}", "b", 1, f"5-{len(two) - 5}")]
    assert found["exact"].tolist() == [True]
    assert one[10] == two[5] == "“"


@pytest.mark.parametrize(
    ("before", "behind", "span"),
    [("，", "，", "10-71"), ("《", "》", "9-71"), ("  ", "\n", "11-71"), ("（“", "”）。，", "9-74")],
)
def test_marks_that_both_have_around_a_passage_belong_to_it(before, behind, span):
    documents = {name: [text(9, n) + before + PASSAGE + behind + text(9, n + 1)] for n, name in ((2, "a"), (4, "b"))}
    assert places(reuse.matches(frame(documents))) == [("a", 1, span, "b", 1, span)]


def test_a_mark_of_another_paragraph_belongs_to_no_passage():
    apart, also, together = [PASSAGE, "。" + text(9, 3)], [PASSAGE, "。" + text(9, 4)], [PASSAGE + "。" + text(9, 5)]
    for one, two in ((apart, also), (apart, together), (together, apart)):
        assert places(reuse.matches(frame({"a": one, "b": two}))) == [("a", 1, "0-60", "b", 1, "0-60")]
    opening = frame({"a": [text(9, 2) + "（", PASSAGE], "b": [text(9, 3) + "（" + PASSAGE]})
    assert places(reuse.matches(opening)) == [("a", 2, "0-60", "b", 1, "10-70")]


def test_a_passage_that_runs_over_paragraphs_is_one_match_in_parts():
    one = [text(10, 2) + PASSAGE + text(10, 3)]
    two = [text(5, 4) + PASSAGE[:25] + "。", PASSAGE[25:] + text(8, 5)]
    three = [PASSAGE[:40], "", PASSAGE[40:] + text(8, 6)]
    found = reuse.matches(frame({"a": one, "b": two, "c": three}))
    assert places(found) == [
        ("a", 1, "10-35", "b", 1, "5-31"), ("a", 1, "35-70", "b", 2, "0-35"),
        ("a", 1, "10-50", "c", 1, "0-40"), ("a", 1, "50-70", "c", 3, "0-20"),
        ("b", 1, "5-31", "c", 1, "0-25"), ("b", 2, "0-15", "c", 1, "25-40"), ("b", 2, "15-35", "c", 3, "0-20"),
    ]  # fmt: skip
    assert found["match"].tolist() == [1, 1, 2, 2, 3, 3, 3]
    paragraphs = frame({"a": one, "b": two, "c": three})
    gathered = reuse.passages(found, paragraphs, dated(paragraphs))
    assert gathered[["place", *reuse.PLACE]].to_numpy().tolist() == [
        [1, "a", 1, 10, 70], [2, "b", 1, 5, 31], [2, "b", 2, 0, 35], [3, "c", 1, 0, 40], [3, "c", 3, 0, 20],
    ]  # fmt: skip


def test_ends_of_paragraphs_at_about_the_same_character_are_one_cut():
    # Two characters stand before the end in the one, behind it in the other.
    one = [text(10, 2) + PASSAGE[:30], PASSAGE[30:] + text(9, 3)]
    two = [PASSAGE[:28], PASSAGE[28:] + text(5, 4)]
    assert places(reuse.matches(frame({"a": one, "b": two}))) == [
        ("a", 1, "10-40", "b", 1, "0-28"), ("a", 2, "0-30", "b", 2, "0-32"),
    ]  # fmt: skip


def test_marks_at_an_end_of_a_paragraph_stay_in_theirs():
    one = [text(10, 2) + PASSAGE]
    two = [PASSAGE[:40] + "：", "——", "“" + PASSAGE[40:] + text(8, 6)]
    assert places(reuse.matches(frame({"a": one, "b": two}))) == [
        ("a", 1, "10-50", "b", 1, "0-41"), ("a", 1, "50-70", "b", 3, "1-21"),
    ]  # fmt: skip
    assert places(reuse.matches(frame({"b": two, "c": one}))) == [
        ("b", 1, "0-41", "c", 1, "10-50"), ("b", 3, "1-21", "c", 1, "50-70"),
    ]  # fmt: skip


def test_two_passages_near_each_other_are_two():
    other = text(40, 9)
    documents = {
        n: [text(5, s) + PASSAGE + text(25, s + 1) + other + text(5, s + 2)] for n, s in (("a", 20), ("b", 30))
    }
    assert [r[2] for r in places(reuse.matches(frame(documents)))] == ["5-65", "90-130"]


def test_short_runs_on_several_diagonals_make_a_passage():
    parts = [PASSAGE[i : i + 8] for i in range(0, 48, 8)]
    with_more = "".join(part + more for part, more in zip(parts, "甲乙丙丁戊 ", strict=True)).strip()
    found = reuse.matches(frame({"a": [text(9, 2) + PASSAGE[:48] + text(9, 3)], "b": [with_more]}))
    assert places(found) == [("a", 1, "9-57", "b", 1, "0-53")]
    assert found["similarity"].tolist() == [round(2 * 48 / (48 + 53), 4)]


def test_a_few_seeds_are_enough():
    changed = list(PASSAGE[:43])
    for place in (7, 12, 17, 25, 30, 35):  # equal are 7, 4, 4, 7, 4, 4 and 7 in a row
        changed[place] = "甲"
    found = reuse.matches(frame({"a": [text(9, 2) + PASSAGE[:43] + text(9, 3)], "b": ["".join(changed)]}))
    assert places(found) == [("a", 1, "9-52", "b", 1, "0-43")]


def test_a_passage_is_found_over_a_few_characters_that_only_one_has():
    wider = PASSAGE[:30] + text(5, 9) + PASSAGE[30:]
    found = reuse.matches(frame({"a": [text(9, 2) + PASSAGE + text(9, 3)], "b": [wider + text(9, 4)]}))
    assert places(found) == [("a", 1, "9-69", "b", 1, "0-65")]


def test_a_passage_has_as_many_characters_as_asked():
    for n, length in ((29, 30), (30, 30), (30, 31), (14, 15), (15, 15)):
        found = reuse.matches(frame({"a": [PASSAGE[:n]], "b": [text(5, 2) + PASSAGE[:n]]}), length=length)
        assert len(found) == (n >= length), (n, length)


def test_a_passage_is_as_similar_as_asked():
    changed = "".join("甲" if i % 10 == 5 else c for i, c in enumerate(PASSAGE))  # 54 of 60
    documents = frame({"a": [PASSAGE], "b": [changed]})
    assert reuse.matches(documents, similarity=0.9)["similarity"].tolist() == [0.9]
    assert reuse.matches(documents, similarity=0.91).empty


def test_text_that_repeats_itself_is_one_match_and_not_one_for_each_shift():
    sentence = text(25, 9) + "，"
    found = reuse.matches(frame({"a": [sentence * 20], "b": [sentence * 20]}))
    assert places(found) == [("a", 1, "0-520", "b", 1, "0-520")]
