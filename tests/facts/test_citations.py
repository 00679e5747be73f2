"""Titles in 《》: own sentences with what a reader finds in them, and the gold annotations."""

import pandas as pd
import pytest
from crosscity.facts.citations import Citation, citations
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import SHARED
from tests.helpers.gold import scores, shared
from tests.helpers.growth import grows_with_the_length


def found(*texts):
    return citations([{"paragraph": i, "text": text} for i, text in enumerate(texts, start=1)])


def titles(*texts):
    return [citation.title for citation in found(*texts)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("出台了《村级事务联审办法》和《村账代理细则(试行)》。", ["村级事务联审办法", "村账代理细则(试行)"]),
        ("转发《关于印发〈农村集体资产清查方案〉的通知》。", ["关于印发〈农村集体资产清查方案〉的通知"]),
        ("转发《关于印发《农村集体资产清查方案》的通知》。", ["关于印发《农村集体资产清查方案》的通知"]),
        ("《村规民约范 本》印发到户。", ["村规民约范本"]),
        ("根据《农村社区建设意见,全县投入三百万元。", ["农村社区建设意见"]),
        ("学习《农村社区建设的思考与实践,感触很深。", ["农村社区建设的思考与实践"]),
        ("新编《夜校简明读本》。《", ["夜校简明读本"]),
        ("没有标题的一句话》,到此为止。", []),
        ("制定《红雁方案》《红雁方案》。", ["红雁方案", "红雁方案"]),
    ],
)
def test_titles(text, expected):
    assert titles(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "《江州日报》作了报道。",
        "来源:《红土地》2023年第8期",
        "该文载《乡土》。",
        "《求是》发表文章。",
        "《乡土》杂志刊出经验。",
        "《清溪晚报》记者来访。",
    ],
)
def test_journals_and_newspapers_are_left_out(text):
    assert titles(text) == []


def test_a_report_is_no_newspaper():
    assert titles("审议《财政预算执行情况报告》。") == ["财政预算执行情况报告"]


def test_a_title_that_goes_on_in_the_next_paragraph():
    first, second = "提请审议《江州市发展规划纲要(草案)", "》,请予审查。"
    assert found(first, second) == [Citation(1, 5, len(first), "江州市发展规划纲要(草案)", "", None)]
    assert titles("贯彻《关于加强农村", "公路养护的意见》。") == ["关于加强农村公路养护的意见"]


@pytest.mark.parametrize(
    ("text", "issuer", "year"),
    [
        ("中共中央办公厅、国务院办公厅印发《红雁方案》。", "中共中央办公厅、国务院办公厅", None),
        ("落实国务院《红雁方案》。", "国务院", None),
        ("市委组织部出台了《红雁方案》。", "市委组织部", None),
        ("今年以来,江州市人民政府制定实施《红雁方案》。", "江州市人民政府", None),
        ("深入落实省委、省政府《红雁方案》。", "省委、省政府", None),
        ("2019年3月,县委印发《红雁方案》。", "县委", 2019),
        ("执行《红雁方案》(江办发〔2020〕12号)。", "", 2020),
        ("执行《红雁方案》(2017年修订)。", "", 2017),
        ("执行《红雁方案(2018)》。", "", 2018),
        ("执行《红雁方案(2021—2025年)》。", "", None),
        ("2019年全县认真学习,干部都读过《红雁方案》。", "", None),
        ("我市出台了《红雁方案》。", "", None),
        ("这是我国第一部《红雁方案》。", "", None),
    ],
)
def test_issuer_and_year(text, issuer, year):
    assert [(c.issuer, c.year) for c in found(text)] == [(issuer, year)]


def test_titles_joined_to_one_another_have_one_issuer():
    assert [c.issuer for c in found("县委印发《甲方案》《乙方案》和《丙方案》,另有《丁方案》。")] == ["县委"] * 3 + [""]


def test_span_and_table():
    text = "😀出台《村账代理细则(试行)》。"
    rows = pd.DataFrame({"paragraph": [7], "text": [text]})
    (citation,) = citations(rows)
    assert citation.paragraph == 7
    assert text[citation.start : citation.end] == citation.title


WORDS = ["意见", "2019", "年", "国务院", "印发", "日报", "关于", "市委"]
PIECES = st.sampled_from([*"《》〈〉“”、,。;:()（）〔〕 一九", *WORDS])


@settings(max_examples=300, deadline=None)
@given(st.lists(st.one_of(st.lists(PIECES, max_size=30).map("".join), st.text(max_size=40)), max_size=4))
def test_any_text_gives_spans_in_order(texts):
    last = (0, 0)
    for c in found(*texts):
        assert (c.paragraph, c.start) >= last
        assert 0 < c.start < c.end <= len(texts[c.paragraph - 1])
        assert c.title
        last = (c.paragraph, c.end)


@pytest.mark.parametrize(
    ("piece", "end"),
    [("《", ""), ("《甲》", ""), ("《甲", "》"), ("市委、", "《甲》"), ("市委部《", "")],
    ids=["open", "titles", "nested", "offices", "unclosed"],
)
def test_time_grows_with_the_text_alone(piece, end):
    assert grows_with_the_length(lambda text: found(text + end * (len(text) // 2)), piece)


@pytest.mark.skipif(not (SHARED / "gold").exists(), reason="the gold annotations stand beside the checkout, if at all")
def test_gold():
    """Every title of the coded documents, and no other."""
    score = scores()
    for name, coded in score.load_gold(shared("gold")).items():
        rows = [{"paragraph": r["n"], "text": r["text"]} for r in coded["clean"] if r["kind"] in score.KEPT]
        assert {c.title for c in citations(rows)} == {row["title"] for row in coded["documents"]}, name
