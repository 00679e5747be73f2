"""How far a programme reaches, by the words around its name."""

import pytest
from crosscity.facts.reach import claimed_reach


def claimed(text, parts=()):
    """Of a text whose name stands in 【】."""
    start, end = text.index("【"), text.index("】") - 1
    return claimed_reach(text.replace("【", "").replace("】", ""), start, end, parts)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("在全省首创“【板凳夜话】”。", "own"),
        ("在全国率先推行“【板凳夜话】”。", "own"),
        ("我县“【板凳夜话】”的做法在全省推广。", "own"),
        ("探索实施“【板凳夜话】”。", "own"),
        ("打造“【东街大集】”、“西街小集”等品牌。", "own"),
        ("打造“东街大集”、“【西街小集】”等品牌。", "own"),
        ("桥头镇推行“【板凳夜话】”。", "own"),
        ("推广石桥区“【板凳夜话】”。", "own"),
        ("“【板凳夜话】”初步形成。", "own"),
        ("按照省委“【六大行动】”部署。", "provincial"),
        ("为全省“【六大行动】”当好试点。", "provincial"),
        ("省委组织部将我县纳入“【六项功能】”试点。", "provincial"),
        ("落实中央“【八个坚持】”要求。", "central"),
        ("入选全国“【最美渔村】”。", "central"),
        ("落实中央部署，探索实施“【板凳夜话】”。", "own"),  # what stands in another clause says nothing
        ("省委按照中央“【八个坚持】”要求。", "central"),  # the nearer one
        ("推行“【板凳夜话】”。", "unknown"),
        ("各社区推行“【板凳夜话】”。", "unknown"),
        ("大力推进乡镇“【大练兵】”。", "unknown"),
        ("在全省推行“【板凳夜话】”。", "provincial"),
    ],
)
def test_words_around_a_name(text, expected):
    assert claimed(text) == expected


def test_who_spells_out_the_parts_explains_a_thing_of_their_own():
    text = "实行“【四个一批】”。"
    assert claimed(text, ["选一批", "派一批", "调一批", "储一批"]) == "own"
    assert claimed(text, ["选一批"]) == "unknown"
    assert claimed("开展“【支部+农场】”。", ["支部", "农场"]) == "unknown"  # the name itself holds them
