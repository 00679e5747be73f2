"""YAML as a Chinese keyboard writes it."""

import pytest
from crosscity import CrosscityError
from crosscity.files import parse_yaml

WRONG = {
    "the first key": ("k：8\ndraws: 5\n", 1, "colon behind 'k'"),
    "a later key": ("k: 8\ndraws：5\n", 2, "colon behind 'draws'"),
    "a key of a mapping": ("groups:\n  roads：roads and bridges\n", 2, "colon behind 'roads'"),
    "a Chinese key": ("groups:\n  道路：路\n  桥：桥\n", 2, "colon behind '道路'"),
    "a key of an item": ("leaves:\n- code：a\n  group: b\n", 2, "colon behind 'code'"),
    "a small colon": ("k﹕8\n", 1, "colon behind 'k'"),
    "a comma in a list": ("k: 8\nplaces: [甲，乙]\n", 2, "the comma in '甲，乙'"),
    "a blank ahead": ("　k: 8\n", 1, "full-width blank"),
}
TEXT = {
    "a value": ("about: 说明：这里\n", {"about": "说明：这里"}),
    "a value over two lines": ("about: 这是一段，\n  注意：换行\n", {"about": "这是一段， 注意：换行"}),
    "prose below its key": ("definition:\n  坚持：甲，乙\n", {"definition": "坚持：甲，乙"}),
    "an item": ("terms:\n- 甲：乙\n- 丙\n", {"terms": ["甲：乙", "丙"]}),
    "quoted": ('q: "k：8"\n', {"q": "k：8"}),
    "a block": ("b: |\n  k：8\n  第二：三\n", {"b": "k：8\n第二：三\n"}),
    "a comment": ("# 说明：k\nk: 8 # 注：这里\n", {"k": 8}),
    "a list of quoted texts": ('k: ["甲，乙", "丙"]\n', {"k": ["甲，乙", "丙"]}),
}


@pytest.mark.parametrize(("text", "line", "said"), WRONG.values(), ids=WRONG)
def test_a_full_width_mark_is_named_with_its_line(text, line, said):
    with pytest.raises(CrosscityError, match=rf"p.yaml, line {line} is not YAML \(the .*") as error:
        parse_yaml(text, "p.yaml")
    assert said in str(error.value)


@pytest.mark.parametrize(("text", "content"), TEXT.values(), ids=TEXT)
def test_full_width_marks_of_a_text_stay(text, content):
    assert parse_yaml(text, "p.yaml") == content
